"""What judges are asked for beside a score: rubrics, labels, and which of a pair is better."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest

from scouter.cli import Exit, main
from scouter.errors import ConfigError
from scouter.evaluate import (
    AssertionTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    TasksFile,
)
from scouter.genai import Labels, ModelOptions, Preference, Prompt, ResponseType, Rubric, ScriptedModel
from scouter.mock import LLMTestServer

RUBRIC = Rubric({"clarity": "Is it clear?", "depth": {"description": "Is it deep?", "weight": 3}})
LABELS = Labels({"billing": "about money", "other": None})


def prompt(text: str, form: Any) -> Prompt:
    return Prompt(messages=text, model="m", provider="openai", output_type=form)


def judge(text: str, form: Any, path: str, operator: str, expected: Any, **more: Any) -> LLMJudgeTask:
    return LLMJudgeTask(id="judge", prompt=prompt(text, form), context_path=path, operator=operator, expected_value=expected, **more)


def run(tasks: Any, model: ScriptedModel, of: list[GenAIEvalRecord] | None = None, **more: Any) -> GenAIEvalResults:
    tasks = tasks if isinstance(tasks, list) else [tasks]
    of = of or [GenAIEvalRecord(context={"response": "yes", "reference": "no"}, id="0")]
    return GenAIEvalDataset(of, tasks).evaluate(EvaluationConfig(models=ModelOptions(model=model)), **more)


def scores(clarity: int, depth: int) -> dict[str, Any]:
    return {"clarity": {"reason": "plain", "score": clarity}, "depth": {"reason": "thin", "score": depth}}


# Rubrics.


def test_a_rubric_is_scored_by_criterion_and_weighed_here() -> None:
    task = judge("${rubric}\n${response}", RUBRIC, "score", "GreaterThanOrEqual", 3)
    one = AssertionTask("clear", 5, "Equals", context_path="judge.clarity.score", depends_on=["judge"])
    model = ScriptedModel([scores(5, 2)])
    results = run([task, one], model)
    done = results["0"]["judge"]
    assert (done.status, done.actual, results["0"]["clear"].status) == ("failed", 2.75, "passed")
    assert done.call.reason == "depth 2: thin"
    asked = model.asked[0]["messages"][0]["content"]
    assert asked == (
        "Score each criterion on its own with a whole number from 1 (worst) to 5 (best):\n"
        "- clarity: Is it clear?\n- depth: Is it deep?\nyes"
    )


def test_a_score_beyond_the_scale_is_asked_for_again() -> None:
    model = ScriptedModel([scores(5, 6), scores(5, 5)])
    task = judge("${rubric}\n${response}", RUBRIC, "score", "GreaterThanOrEqual", 3)
    assert run(task, model)["0"]["judge"].actual == 5
    assert "depth/score" in model.asked[1]["messages"][-1]["content"]


def test_weights_are_changed_without_asking_again(tmp_path: Path) -> None:
    task = judge("${response}", RUBRIC, "score", "GreaterThanOrEqual", 3)
    run(task, ScriptedModel([scores(5, 2)]), run_dir=tmp_path / "one")
    even = Rubric({"clarity": "Is it clear?", "depth": "Is it deep?"})
    again = run(judge("${response}", even, "score", "GreaterThanOrEqual", 3), ScriptedModel([]), reuse=tmp_path / "one")
    assert again["0"]["judge"].actual == 3.5


def test_a_server_is_sent_the_schema_of_a_rubric_and_answers_it() -> None:
    task = judge("${rubric}\n${response}", RUBRIC, "score", "InRange", [1, 5])
    with LLMTestServer() as server:
        results = GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"}, id="0")], [task]).evaluate()
        assert list(server.requests[0].schema["properties"]) == ["clarity", "depth"]
    assert results["0"]["judge"].status == "passed"


@pytest.mark.parametrize(
    ("criteria", "scale", "why"),
    [
        ({}, (1, 5), "at least one criterion"),
        ({"score": "x"}, (1, 5), "called `score`"),
        ({"a": ""}, (1, 5), "needs a description"),
        ({"a": {"description": "x", "weight": -1}}, (1, 5), "more than 0"),
        ({"a": "x"}, (3, 3), "must rise"),
    ],
)
def test_a_rubric_that_makes_no_sense_says_why(criteria: dict[str, Any], scale: tuple[int, int], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Rubric(criteria, scale)


# Labels.


def test_a_label_is_one_of_those_that_were_shown() -> None:
    model = ScriptedModel([{"reason": "money", "label": "refund"}, {"reason": "money", "label": "billing"}])
    task = judge("${labels}\n${response}", LABELS, "label", "IsOneOf", ["billing"])
    done = run(task, model)["0"]["judge"]
    assert (done.status, done.actual, done.call.reason) == ("passed", "billing", "money")
    assert model.asked[0]["messages"][0]["content"] == "- billing: about money\n- other\nyes"
    assert "does not fit" in model.asked[1]["messages"][-1]["content"]


@pytest.mark.parametrize(("labels", "why"), [(["a"], "at least two"), (["a", "a"], "given twice"), (["a", ""], "empty")])
def test_labels_that_make_no_sense_say_why(labels: list[str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Labels(labels)


# All of them.


@pytest.mark.parametrize("form", [RUBRIC, LABELS, Preference], ids=["rubric", "labels", "preference"])
def test_forms_are_kept_with_their_prompt(form: Any, tmp_path: Path) -> None:
    first = prompt("${response}", form)
    for again in (pickle.loads(pickle.dumps(first)), Prompt.from_path(first.save_prompt(tmp_path / "prompt.json"))):
        assert again == first
        assert again.response_json_schema == first.response_json_schema
    assert first.response_type == ResponseType.Pydantic


def test_forms_pickle_and_go_through_json() -> None:
    for form in (RUBRIC, LABELS, Preference("tie", "none")):
        assert pickle.loads(pickle.dumps(form)) == form == type(form).model_validate_json(form.model_dump_json())


def test_a_path_that_the_form_does_not_have_is_told_before_anything_runs() -> None:
    for form, path, near in [(RUBRIC, "clarty", "clarity"), (RUBRIC, "scor", "score"), (LABELS, "lable", "label")]:
        with pytest.raises(ConfigError, match=f"did you mean `{near}`"):
            GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"})], [judge("${response}", form, path, "Exists", None)])


class Tone(Enum):
    kind = "kind"
    rude = "rude"


@dataclass
class Toned:
    tone: Tone
    level: Literal[1, 2, 3]


@pytest.mark.parametrize(
    ("form", "path", "operator", "expected", "why"),
    [
        (LABELS, "label", "Equals", "biling", "did you mean `billing`"),
        (RUBRIC, "depth.score", "GreaterThanOrEqual", 7, "a whole number from 1 to 5"),
        (RUBRIC, "score", "GreaterThanOrEqual", 7, "a number from 1 to 5"),
        (Toned, "tone", "NotEqual", "rud", "did you mean `rude`"),
        (Toned, "level", "GreaterThan", 3, "one of `1`, `2`, `3`"),
    ],
)
def test_an_expectation_that_no_reply_can_meet_is_told_before_anything_runs(form: Any, path: str, operator: str, expected: Any, why: str) -> None:
    also = AssertionTask("also", 1, "HasLengthEqual", depends_on=["nobody"])
    with pytest.raises(ConfigError, match=why) as caught:
        GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"})], [judge("${response}", form, path, operator, expected), also])
    assert {(problem.task, problem.field) for problem in caught.value.problems} == {("judge", "expected_value"), ("also", "depends_on")}


def test_an_expectation_that_no_reply_can_meet_is_found_in_a_task_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "suite.yaml").write_text("""
tasks:
  - task_type: LLMJudge
    id: topic
    prompt: {model: m, provider: openai, messages: "${labels} ${response}", output_type: {labels: [billing, other]}}
    context_path: label
    operator: Equals
    expected_value: biling
""")
    assert main(["eval", "check", str(tmp_path / "suite.yaml"), "--json"]) == Exit.BAD_CONFIGURATION
    [problem] = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["task"], problem["field"]) == ("topic", "expected_value") and "did you mean `billing`?" in problem["message"]


def test_forms_stand_in_task_files(tmp_path: Path) -> None:
    (tmp_path / "suite.yaml").write_text("""
tasks:
  - task_type: LLMJudge
    id: rubric
    prompt:
      model: m
      provider: openai
      messages: "${rubric} ${response}"
      output_type: {rubric: {clarity: Is it clear?, depth: {description: Is it deep?, weight: 3}}, scale: [1, 5]}
    context_path: score
    operator: GreaterThanOrEqual
    expected_value: 3
  - task_type: LLMJudge
    id: label
    prompt: {model: m, provider: openai, messages: "${labels} ${response}", output_type: {labels: [a, b]}}
    context_path: label
    operator: Equals
    expected_value: a
  - task_type: LLMJudge
    id: pair
    prompt: {model: m, provider: openai, messages: "${first} or ${second}?", output_type: Preference}
    pair: {new: response, old: reference}
    seed: 1
    context_path: winner
    operator: Equals
    expected_value: new
""")

    def reply(request: dict[str, Any]) -> Any:
        said = request["messages"][0]["content"]
        if said.startswith("Score"):
            return scores(4, 4)
        return {"reason": "", "label": "a"} if said.startswith("- a") else Preference("first" if said.startswith("yes") else "second", "")

    results = run(list(TasksFile.from_path(tmp_path / "suite.yaml")), ScriptedModel(reply))
    assert {task.task_id: task.status for task in results["0"]} == {"rubric": "passed", "label": "passed", "pair": "passed"}


# Pairs.


def pair(**more: Any) -> LLMJudgeTask:
    given: dict[str, Any] = {"pair": {"new": "response", "old": "reference.text"}, **more}
    return judge("${query} A: ${first} B: ${second}", Preference, "winner", "Equals", "new", **given)


def pairs(count: int) -> list[GenAIEvalRecord]:
    return [GenAIEvalRecord(context={"query": "?", "response": f"new{n}", "reference": {"text": f"old{n}"}}, id=str(n)) for n in range(count)]


def prefers_new(request: dict[str, Any]) -> Preference:
    return Preference("first" if "A: new" in request["messages"][0]["content"] else "second", "it is new")


def prefers_first(request: dict[str, Any]) -> Preference:
    return Preference("first", "it stands first")


def test_a_winner_is_named_wherever_it_was_shown() -> None:
    results = run(pair(), ScriptedModel(prefers_new), pairs(40))
    assert results.task_counts()["judge"].passed == 40
    assert Counter(result["judge"].call.reply["first"] for result in results).keys() == {"new", "old"}


def test_a_judge_that_prefers_what_stands_first_gains_nothing() -> None:
    results = run(pair(), ScriptedModel(prefers_first), pairs(1_000))
    # Five standard deviations of a fair coin.
    assert abs(results.task_counts()["judge"].passed - 500) < 80


def test_a_prompt_that_shows_a_pair_alone_is_not_the_same_for_every_record(caplog: pytest.LogCaptureFixture) -> None:
    alone = judge("A: ${first} B: ${second}", Preference, "winner", "Equals", "new", pair={"new": "response", "old": "reference.text"})
    run(alone, ScriptedModel(prefers_first), pairs(1))
    assert caplog.messages == []


def test_the_order_of_a_pair_is_the_same_again_and_another_with_another_seed() -> None:
    def order(**more: Any) -> list[str]:
        results = run(pair(**more), ScriptedModel(prefers_first), pairs(64))
        return [result["judge"].actual for result in results]

    assert order() == order() == order(seed=0)
    assert order(seed=1) != order()


def test_trials_of_a_pair_are_shown_in_either_order() -> None:
    results = run(pair(), ScriptedModel(prefers_first), pairs(1), trials=32)
    assert {result["judge"].actual for result in results} == {"new", "old"}


def test_a_tie_stays_a_tie() -> None:
    task = judge("${first} ${second}", Preference, "winner", "IsOneOf", ["new", "tie"], pair={"new": "response", "old": "reference"})
    assert run(task, ScriptedModel([Preference("tie", "alike")]))["0"]["judge"].status == "passed"


def test_one_of_a_pair_that_is_missing_is_named_by_its_own_path() -> None:
    of = [*pairs(1), GenAIEvalRecord(context={"query": "?", "response": "new"}, id="bare")]
    task = run(pair(), ScriptedModel(prefers_new), of)["bare"]["judge"]
    assert task.status == "errored" and "there is no `reference.text`" in task.message


def test_the_names_of_a_pair_are_changed_without_asking_again(tmp_path: Path) -> None:
    run(pair(), ScriptedModel(prefers_new), pairs(8), run_dir=tmp_path / "one")
    of = {"ours": "response", "theirs": "reference.text"}
    renamed = judge("${query} A: ${first} B: ${second}", Preference, "winner", "Equals", "ours", pair=of)
    again = run(renamed, ScriptedModel([]), pairs(8), reuse=tmp_path / "one")
    assert {result["judge"].actual for result in again} == {"ours"}


def test_a_jury_compares_a_pair_in_one_order() -> None:
    task = pair(jury=["anthropic/claude"])
    model = ScriptedModel(prefers_new)
    assert run(task, model, pairs(1))["0"]["judge"].status == "passed"
    assert model.asked[0]["messages"] == model.asked[1]["messages"]


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"pair": {"new": "response"}}, "pair", "these are 1"),
        ({"pair": {"first": "response", "old": "reference"}}, "pair", "called `first`"),
        ({"pair": {"new": "response", "old": "a["}}, "pair", "is not a position"),
        ({"pair": None, "seed": 1}, "seed", "give a `pair`"),
        ({"pair": {"news": "response", "old": "reference"}}, "expected_value", "did you mean `news`?"),
    ],
)
def test_a_pair_that_cannot_be_says_why(given: dict[str, Any], field: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        GenAIEvalDataset(pairs(1), [pair(**given)])
    assert ("judge", field) in [(problem.task, problem.field) for problem in caught.value.problems]
    assert why in str(caught.value)


def test_a_prompt_that_shows_no_pair_says_so() -> None:
    both = {"new": "response", "old": "reference"}
    for text, form, why in [("${first}", Preference, r"shows no `\$\{second\}`"), ("${first} ${second}", LABELS, "`Preference`")]:
        with pytest.raises(ConfigError, match=why):
            GenAIEvalDataset(pairs(1), [judge(text, form, "reason", "Exists", None, pair=both)])
