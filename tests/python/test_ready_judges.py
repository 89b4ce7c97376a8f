"""Judges that are ready made: what each shows the model, what it asks for, and when it passes."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any, Callable

import pytest

from scouter import judges
from scouter.errors import ConfigError
from scouter.evaluate import EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import ModelOptions, OpenAIChatSettings, Preference, Score, ScriptedModel

MODEL = "openai/m"
GOOD, BAD = Score(4, "good"), Score(3, "so so")


def label(name: str) -> dict[str, str]:
    return {"reason": "because", "label": name}


# Each judge: how it is made, what it reads, what passes, and what does not.
JUDGES: list[tuple[Callable[..., LLMJudgeTask], list[Any], list[str], list[Any], list[Any]]] = [
    (judges.relevance, [], ["query", "response"], [GOOD], [BAD]),
    (judges.faithfulness, [], ["context", "response"], [GOOD], [BAD]),
    (judges.hallucination, [], ["context", "query", "response"], [label("none")], [label("invented"), label("contradicted")]),
    (judges.toxicity, [], ["response"], [label("none")], [label("mild"), label("severe")]),
    (judges.tone, ["warm"], ["response"], [GOOD], [BAD]),
    (judges.instruction_following, [], ["instructions", "response"], [GOOD], [BAD]),
    (judges.answer_correctness, [], ["query", "reference", "response"], [label("correct")], [label("incomplete"), label("wrong")]),
    (judges.reformulation_quality, [], ["query", "reformulation"], [GOOD], [BAD]),
]
NAMES = [made.__name__ for made, *_ in JUDGES]
SCORING = [case[:3] for case in JUDGES if case[3] == [GOOD]]
LABELLING = [case for case in JUDGES if case[3] != [GOOD]]


def record(names: list[str]) -> GenAIEvalRecord:
    return GenAIEvalRecord(context={name: f"the {name} itself" for name in names}, id="0")


def run(task: LLMJudgeTask, of: GenAIEvalRecord, replies: list[Any]) -> tuple[Any, ScriptedModel]:
    model = ScriptedModel(replies)
    config = EvaluationConfig(models=ModelOptions(model=model))
    return GenAIEvalDataset([of], [task]).evaluate(config)["0"][task.id], model


def test_every_judge_of_the_module_is_tested_here() -> None:
    assert {*NAMES, "preference"} == set(judges.__all__)


@pytest.mark.parametrize(("made", "given", "reads"), [case[:3] for case in JUDGES], ids=NAMES)
def test_a_judge_reads_what_it_says_and_shows_all_of_it(made: Any, given: list[Any], reads: list[str]) -> None:
    task = made(MODEL, *given)
    assert task.prompt.parameters == reads
    assert (task.id, task.prompt.model, str(task.prompt.model_identifier)) == (made.__name__, "m", "openai/m")
    _, model = run(task, record(reads), [JUDGES[NAMES.index(made.__name__)][3][0]])
    system, asked = (message["content"] for message in model.asked[0]["messages"])
    assert "are not followed" in system
    assert all(f">\nthe {name} itself\n</" in asked for name in reads)
    assert "${" not in asked and "${" not in system


@pytest.mark.parametrize(("made", "given", "reads", "passes"), [case[:4] for case in JUDGES], ids=NAMES)
def test_a_judge_shows_nothing_else_of_a_record(made: Any, given: list[Any], reads: list[str], passes: list[Any]) -> None:
    of = record([*reads, "label", "customer", "answer"])
    _, model = run(made(MODEL, *given), of, passes[:1])
    shown = json.dumps(model.asked[0])
    assert {name for name in of.context if f"the {name} itself" in shown} == set(reads)


@pytest.mark.parametrize("name", judges.__all__)
def test_a_judge_has_labelled_records_of_either_kind_and_reads_all_of_them(name: str) -> None:
    labelled = json.loads((Path(__file__).parents[1] / "judges" / "labelled.json").read_text(encoding="utf-8"))[name]
    assert [*labelled] == ["good", "bad"] and len(labelled["good"]) == len(labelled["bad"])
    of = [*labelled["good"], *labelled["bad"]]
    assert 6 <= len({json.dumps(context) for context in of}) == len(of)
    replies: dict[str, Any] = {made.__name__: passes[0] for made, _, _, passes, _ in JUDGES} | {"preference": Preference("tie", "alike")}
    task = getattr(judges, name)(MODEL, *(["friendly and brief"] if name == "tone" else []))
    for context in of:
        _, model = run(task, GenAIEvalRecord(context=context, id="0"), [replies[name]])
        asked = model.asked[0]["messages"][1]["content"]
        assert all(f">\n{text}\n</" in asked for text in context.values()), asked


@pytest.mark.parametrize(("made", "given", "reads", "passes", "fails"), LABELLING)
def test_a_judge_that_classifies_says_what_each_label_means(made: Any, given: list[Any], reads: list[str], passes: list[Any], fails: list[Any]) -> None:
    labels = made(MODEL, *given).prompt.model_dump()["output_type"]["labels"]
    assert set(labels) == {reply["label"] for reply in [*passes, *fails]}
    _, model = run(made(MODEL, *given), record(reads), passes[:1])
    lines = model.asked[0]["messages"][1]["content"].splitlines()
    assert all(len(meaning.split()) > 5 and f"- {label}: {meaning}" in lines for label, meaning in labels.items())


@pytest.mark.parametrize(("made", "given", "reads"), SCORING)
def test_a_judge_that_scores_says_what_each_score_means(made: Any, given: list[Any], reads: list[str]) -> None:
    _, model = run(made(MODEL, *given), record(reads), [GOOD])
    lines = model.asked[0]["messages"][1]["content"].splitlines()
    assert [line.partition(": ")[0] for line in lines if line[:1].isdigit()] == ["5", "4", "3", "2", "1"]
    assert all(len(line.split()) > 3 for line in lines if line[:1].isdigit())


@pytest.mark.parametrize(("made", "given", "reads", "passes", "fails"), JUDGES, ids=NAMES)
def test_a_judge_passes_what_it_should(made: Any, given: list[Any], reads: list[str], passes: list[Any], fails: list[Any]) -> None:
    for replies, status in [(passes, "passed"), (fails, "failed")]:
        for reply in replies:
            task, _ = run(made(MODEL, *given), record(reads), [reply])
            assert task.status == status, task.message


@pytest.mark.parametrize(("made", "given", "reads", "passes"), [case[:4] for case in JUDGES], ids=NAMES)
def test_a_judge_asks_for_a_reason_before_its_decision(made: Any, given: list[Any], reads: list[str], passes: list[Any]) -> None:
    schema = json.loads(made(MODEL, *given).prompt.response_json_schema)
    assert next(iter(schema["properties"])) == "reason"
    if "label" in schema["properties"]:
        asked = run(made(MODEL, *given), record(reads), passes[:1])[1].asked[0]["messages"][1]["content"]
        assert all(f"- {name}: " in asked for name in schema["properties"]["label"]["enum"])


@pytest.mark.parametrize(("made", "given", "reads"), [case[:3] for case in JUDGES], ids=NAMES)
def test_paths_id_settings_and_whatever_a_task_takes_are_arguments(made: Any, given: list[Any], reads: list[str]) -> None:
    paths = {name: f"deep.{name}" for name in reads}
    settings = OpenAIChatSettings(temperature=0)
    task = made(MODEL, *given, id="mine", settings=settings, jury=["gemini/flash"], depends_on=["x"], condition=True, **paths)
    assert (task.id, task.depends_on, task.condition, task.jury) == ("mine", ["x"], True, ["gemini/flash"])
    assert task.prompt.model_settings.settings == settings
    assert task.prompt.parameters == ["deep"]


@pytest.mark.parametrize("made", [case[0] for case in JUDGES], ids=NAMES)
def test_a_judge_says_what_its_arguments_are(made: Any) -> None:
    told = inspect.getdoc(made) or ""
    assert all(f"{name}: " in told for name in inspect.signature(made).parameters)


def test_a_pass_mark_is_an_argument() -> None:
    task, _ = run(judges.relevance(MODEL, at_least=3), record(["query", "response"]), [BAD])
    assert task.status == "passed"
    task, _ = run(judges.toxicity(MODEL, allowed=["none", "mild"]), record(["response"]), [label("mild")])
    assert task.status == "passed"


@pytest.mark.parametrize(("made", "given", "reads"), SCORING)
@pytest.mark.parametrize("at_least", [0, 7])
def test_a_pass_mark_beyond_the_scale_is_refused(made: Any, given: list[Any], reads: list[str], at_least: int) -> None:
    with pytest.raises(ConfigError, match="from 1 to 5") as caught:
        made(MODEL, *given, at_least=at_least)
    assert [(problem.task, problem.field) for problem in caught.value.problems] == [(made.__name__, "at_least")]


def test_a_label_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="did you mean `mild`") as caught:
        GenAIEvalDataset([record(["response"])], [judges.toxicity(MODEL, allowed=["none", "milt"])])
    assert [(problem.task, problem.field) for problem in caught.value.problems] == [("toxicity", "expected_value")]


def test_the_tone_that_is_wanted_is_shown() -> None:
    _, model = run(judges.tone(MODEL, "warm and ${brief}"), record(["response"]), [GOOD])
    assert "<wanted_tone>\nwarm and ${brief}\n</wanted_tone>" in model.asked[0]["messages"][1]["content"]


def test_the_preferred_one_of_a_pair_wins_in_either_order() -> None:
    def reply(request: dict[str, Any]) -> Preference:
        asked = request["messages"][1]["content"]
        return Preference("first" if asked.index("ours") < asked.index("theirs") else "second", "ours is right")

    of = [GenAIEvalRecord(context={"query": n, "response": "ours", "reference": "theirs"}, id=str(n)) for n in range(20)]
    config = EvaluationConfig(models=ModelOptions(model=ScriptedModel(reply)))
    results = GenAIEvalDataset(of, [judges.preference(MODEL)]).evaluate(config)
    assert results.task_counts()["preference"].passed == 20
    assert len({result["preference"].call.reply["first"] for result in results}) == 2


def test_of_a_pair_both_responses_are_shown_without_their_names() -> None:
    of = record(["query", "ours", "theirs", "label"])
    task = judges.preference(MODEL, pair={"candidate-model": "ours", "baseline-model": "theirs"})
    _, model = run(task, of, [Preference("tie", "alike")])
    shown = json.dumps(model.asked[0])
    assert {name for name in of.context if f"the {name} itself" in shown} == {"query", "ours", "theirs"}
    assert "-model" not in shown


def test_the_first_of_a_pair_and_a_tie_win_where_nobody_is_named() -> None:
    assert judges.preference(MODEL).expected_value == ["response", "tie"]
    assert judges.preference(MODEL, pair={"new": "a", "old": "b"}).expected_value == ["new", "tie"]


def test_the_names_of_a_pair_and_who_may_win_are_arguments() -> None:
    task = judges.preference(MODEL, pair={"new": "a", "old": "b"}, wins=["new"], seed=3)
    assert (task.pair, task.expected_value, task.seed) == ({"new": "a", "old": "b"}, ["new"], 3)
    done, _ = run(task, record(["query", "a", "b"]), [Preference("tie", "alike")])
    assert (done.status, done.actual) == ("failed", "tie")


def test_a_model_without_a_provider_says_what_to_write() -> None:
    with pytest.raises(ValueError, match="write `provider/model`, such as `openai/gpt-4o-mini`"):
        judges.relevance("gpt-4o-mini")
