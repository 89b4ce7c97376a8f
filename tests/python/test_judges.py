"""Judges in the graph: what they are asked, how their replies are judged, and what a result keeps of them."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from scouter.errors import ConfigError
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    TasksFile,
)
from scouter.genai import Image, Message, ModelOptions, Prompt, Provider, Score, ScriptedModel
from scouter.mock import LLMTestServer

AT_LEAST = ComparisonOperator.GreaterThanOrEqual
QUESTION = "Rate the response from 1 to 5.\n\nQuery: ${query}\nResponse: ${response}"


def prompt(text: Any = QUESTION, **more: Any) -> Prompt:
    given = {"model": "gemini-2.5-flash-lite", "provider": Provider.Gemini, "output_type": Score, **more}
    return Prompt(messages=text, **given)


def judge(id: str = "quality", text: str = QUESTION, **more: Any) -> LLMJudgeTask:
    given: dict[str, Any] = {"expected_value": 4, "context_path": "score", "operator": AT_LEAST, **more}
    return LLMJudgeTask(id=id, prompt=prompt(text), **given)


def records(count: int = 1) -> list[GenAIEvalRecord]:
    return [GenAIEvalRecord(context={"query": f"q{n}", "response": f"a long response {n}"}, id=str(n)) for n in range(count)]


def run(tasks: list[Any], model: Any, of: list[GenAIEvalRecord] | None = None, **more: Any) -> GenAIEvalResults:
    model = model if isinstance(model, ScriptedModel) else ScriptedModel(model)
    config = EvaluationConfig(models=ModelOptions(model=model))
    return GenAIEvalDataset(records=of or records(), tasks=tasks).evaluate(config, **more)


def results(of: GenAIEvalResults, record: str = "0") -> dict[str, Any]:
    return {task.task_id: task for task in of[record].eval_set.records}


def test_a_judge_that_asks_every_record_the_same_is_told_before_anything_is_spent(caplog: pytest.LogCaptureFixture) -> None:
    run([judge(text="Rate {response}.")], [Score(5, "good")])
    told = "the prompt of `quality` names nothing of the record, so that every record is asked the same"
    assert caplog.messages == [f"{told}; `{{response}}` is plain text: write `${{response}}`"]
    caplog.clear()
    run([judge()], [Score(5, "good")])
    assert caplog.messages == []


def test_a_gate_that_is_closed_costs_no_call() -> None:
    gate = AssertionTask(
        id="not_empty", context_path="response", operator=ComparisonOperator.HasLengthGreaterThan, expected_value=10, condition=True
    )
    of = [
        GenAIEvalRecord(context={"query": "q", "response": ""}, id="empty"),
        GenAIEvalRecord(context={"query": "q", "response": "a long response"}, id="long"),
    ]
    with LLMTestServer(Score(5, "good").model_dump()) as server:
        done = GenAIEvalDataset(of, [gate, judge(depends_on=["not_empty"])]).evaluate()
        assert server.calls == 1
    assert results(done, "empty")["quality"].status == "skipped"
    assert results(done, "long")["quality"].status == "passed"
    assert "Query: q\nResponse: a long response" in server.requests[0].text


def test_the_value_at_the_path_of_the_reply_is_judged_and_all_of_it_kept() -> None:
    task = results(run([judge()], [Score(3, "too short")]))["quality"]
    assert (task.status, task.actual, task.expected) == ("failed", 3, 4)
    assert task.call is not None
    assert (task.call.reply, task.call.reason) == ({"score": 3, "reason": "too short"}, "too short")
    assert "too short" in task.message


def test_tasks_that_depend_on_a_judge_see_its_whole_reply() -> None:
    seen: list[Any] = []

    def look(context: dict[str, Any]) -> bool:
        seen.append(context["quality"])
        return True

    tasks = [
        judge(),
        AssertionTask(id="why", context_path="quality.reason", operator=ComparisonOperator.Contains, expected_value="short", depends_on=["quality"]),
        CustomTask("look", look, depends_on=["quality"]),
    ]
    done = results(run(tasks, [Score(5, "it is short")]))
    assert (done["why"].status, done["look"].status) == ("passed", "passed")
    assert seen == [{"score": 5, "reason": "it is short"}]


def test_a_judge_may_depend_on_a_judge() -> None:
    tasks = [judge("first"), judge("second", "Was it fair to give ${first.score} because `${first.reason}`?", depends_on=["first"])]
    with LLMTestServer([Score(2, "vague").model_dump(), Score(5, "fair").model_dump()]) as server:
        done = results(GenAIEvalDataset(records(), tasks).evaluate())
        assert server.calls == 2
    assert done["second"].status == "passed"
    assert server.requests[1].text == "Was it fair to give 2 because `vague`?"


def test_what_a_record_or_a_reply_says_is_never_filled_in_again() -> None:
    of = [GenAIEvalRecord(context={"query": "${secret}", "response": "${% if true %}x${% endif %}", "secret": "gold"}, id="0")]
    model = ScriptedModel([Score(1, "${secret}"), Score(5, "")])
    run([judge("first"), judge("second", "${first.reason}", depends_on=["first"])], model, of)
    asked = [request["messages"][0]["content"] for request in model.asked]
    assert asked == ["Rate the response from 1 to 5.\n\nQuery: ${secret}\nResponse: ${% if true %}x${% endif %}", "${secret}"]


def test_texts_are_filled_in_as_they_are_and_anything_else_as_json() -> None:
    of = [GenAIEvalRecord(context={"text": 'say "hi"\n', "thing": {"a": [1, None, 2.5]}}, id="0")]
    model = ScriptedModel(["5"])
    task = LLMJudgeTask(id="j", prompt=prompt("${text}|${thing}|${thing.a[2]}", output_type=None), operator="Equals", expected_value="5")
    assert results(run([task], model, of))["j"].status == "passed"
    assert model.asked[0]["messages"][0]["content"] == 'say "hi"\n|{"a":[1,null,2.5]}|2.5'


def test_a_judge_that_errs_keeps_its_cause_its_raw_reply_and_every_other_outcome() -> None:
    length = AssertionTask(id="long", context_path="response", operator=ComparisonOperator.IsNotEmpty)
    done = results(run([length, judge()], ["no idea", "still none"]))
    assert done["long"].status == "passed"
    assert done["quality"].status == "errored"
    assert "does not fit the schema" in done["quality"].message
    assert done["quality"].detail == "still none"


def test_a_reply_that_does_not_fit_is_asked_for_once_more_with_the_mistake() -> None:
    model = ScriptedModel(["{}", Score(4, "")])
    assert results(run([judge()], model))["quality"].status == "passed"
    assert "does not fit" in model.asked[1]["messages"][-1]["content"]


def test_a_name_that_a_record_lacks_is_an_error_of_that_record_alone_and_no_call() -> None:
    of = [*records(3), GenAIEvalRecord(context={"query": "q"}, id="bare")]
    with LLMTestServer(Score(5, "").model_dump()) as server:
        done = GenAIEvalDataset(of, [judge()]).evaluate()
        assert server.calls == 3
    assert results(done, "bare")["quality"].status == "errored"
    assert "there is no `response`" in results(done, "bare")["quality"].message
    assert done.task_counts()["quality"].passed == 3


def test_a_name_that_no_record_has_is_a_configuration_error_before_the_first_call() -> None:
    with LLMTestServer() as server:
        with pytest.raises(ConfigError, match="did you mean `response`") as caught:
            GenAIEvalDataset(records(3), [judge(text="${query} ${respons}")]).evaluate()
        assert server.calls == 0
    assert [(problem.task, problem.field) for problem in caught.value.problems] == [("quality", "prompt")]


def test_a_name_that_only_records_have_which_a_judge_never_sees_is_one_that_no_record_has() -> None:
    gate = AssertionTask(id="wanted", context_path="wanted", operator=ComparisonOperator.Equals, expected_value=True, condition=True)
    of = [GenAIEvalRecord(context={"wanted": False, "query": "q", "response": "r"}, id="whole")]
    of += [GenAIEvalRecord(context={"wanted": True, "query": "q"}, id=f"bare_{n}") for n in range(2)]
    with LLMTestServer() as server:
        with pytest.raises(ConfigError, match="`response` is missing in all 2 sample records that it reaches"):
            GenAIEvalDataset(of, [gate, judge(depends_on=["wanted"])]).evaluate()
        assert server.calls == 0


@pytest.mark.parametrize("reply", ["5", {"score": 5}, Score(5, "")], ids=["text", "dict", "score"])
def test_one_reply_alone_is_no_list_of_replies(reply: Any) -> None:
    with pytest.raises(TypeError, match="for one reply give a list of one"):
        ScriptedModel(reply)


def test_a_name_that_the_first_records_lack_is_no_configuration_error_where_a_later_one_has_it() -> None:
    of = [*(GenAIEvalRecord(context={"query": "q"}, id=f"bare_{n}") for n in range(2)), *records(1)]
    done = run([judge()], [Score(5, "good")], of)
    assert [results(done, id)["quality"].status for id in ("bare_0", "bare_1", "0")] == ["errored", "errored", "passed"]


IN_EACH_API: dict[str, Any] = {
    "openai": [
        {"type": "text", "text": "What is the logo?"},
        {"type": "image_url", "image_url": {"url": "https://example.com/logo.png"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
    ],
    "anthropic": [
        {"type": "text", "text": "What is the logo?"},
        {"type": "image", "source": {"type": "url", "url": "https://example.com/logo.png"}},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}},
    ],
    "gemini": [
        {"text": "What is the logo?"},
        {"fileData": {"fileUri": "https://example.com/logo.png", "mimeType": "image/png"}},
        {"inlineData": {"mimeType": "image/png", "data": "iVBORw=="}},
    ],
}


@pytest.mark.parametrize(("provider", "parts"), IN_EACH_API.items(), ids=list(IN_EACH_API))
def test_images_by_url_and_by_bytes_reach_each_provider_in_its_own_form(provider: str, parts: Any) -> None:
    shown = Message(["What is the ${thing}?", Image("https://example.com/${thing}.png"), Image(b"\x89PNG", "image/png")])
    task = LLMJudgeTask("seen", prompt([shown], model="m", provider=provider), 4, "score", AT_LEAST)
    with LLMTestServer(Score(5, "").model_dump()) as server:
        done = GenAIEvalDataset([GenAIEvalRecord(context={"thing": "logo"}, id="0")], [task]).evaluate()
        assert server.calls == 1
    assert results(done)["seen"].status == "passed"
    body = server.requests[0].body
    assert parts == (body["contents"][0]["parts"] if provider == "gemini" else body["messages"][0]["content"])


def test_a_template_may_say_what_to_do_without_a_name() -> None:
    model = ScriptedModel([Score(5, "")])
    assert results(run([judge(text="${query} ${tone | default('none')}")], model))["quality"].status == "passed"
    assert model.asked[0]["messages"][0]["content"] == "q0 none"


def test_a_template_may_say_what_to_do_without_a_member() -> None:
    model = ScriptedModel(lambda request: Score(5, request["messages"][0]["content"]))
    of = [GenAIEvalRecord(context={"query": "q", "meta": meta}, id=str(n)) for n, meta in enumerate([{}, {"tone": "kind"}])]
    done = run([judge(text="${query}: ${meta.tone | default('no tone')}")], model, of)
    assert [results(done, str(n))["quality"].call.reason for n in range(2)] == ["q: no tone", "q: kind"]
    text = "${% if meta is defined %}${meta.tone}${% else %}nothing${% endif %}"
    done = run([judge(text=text)], model, [GenAIEvalRecord(context={"query": "q"}, id="0"), *of[1:]])
    assert results(done, "0")["quality"].call.reason == "nothing"


def test_everything_that_is_wrong_with_judges_is_told_at_once() -> None:
    tasks = [
        judge("a", context_path="scor"),
        LLMJudgeTask(id="b", prompt=prompt(output_type=None), context_path="score", expected_value=1, operator=AT_LEAST),
        LLMJudgeTask(id="c", prompt=prompt(provider="undefined"), context_path="score", expected_value=1, operator=AT_LEAST),
        judge("d", operator=ComparisonOperator.Matches, expected_value="("),
    ]
    with pytest.raises(ConfigError) as caught:
        GenAIEvalDataset(records(), tasks)
    fields = [(problem.task, problem.field) for problem in caught.value.problems]
    assert fields == [("a", "context_path"), ("b", "context_path"), ("c", "prompt"), ("d", "expected_value")]
    assert "did you mean `score`" in caught.value.problems[0].message


def test_a_key_that_is_missing_is_told_with_every_task_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GEMINI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError, match="GEMINI_API_KEY") as caught:
        GenAIEvalDataset(records(), [judge("a"), judge("b")]).evaluate()
    assert [problem.task for problem in caught.value.problems] == ["a", "b"]


def test_results_with_judges_go_through_json_and_pickle() -> None:
    done = run([judge()], [Score(3, "why")])
    for again in (GenAIEvalResults.model_validate_json(done.model_dump_json()), pickle.loads(pickle.dumps(done))):
        assert again == done
        assert results(again)["quality"].call == results(done)["quality"].call
    assert json.loads(done.model_dump_json())["records"][0]["outcomes"][0]["call"]["reply"] == {"score": 3, "reason": "why"}


def test_rows_of_results_have_the_call(tmp_path: Path) -> None:
    import polars

    length = AssertionTask(id="long", context_path="response", operator=ComparisonOperator.IsNotEmpty)
    done = run([judge(), length], [Score(3, "why")])
    calls = list(done.to_dataframe()["call"])
    assert calls[0]["reply"]["score"] == 3 and calls[1] is None
    done.write(tmp_path / "rows.parquet")
    kept = polars.read_parquet(tmp_path / "rows.parquet")["call"].to_list()
    assert json.loads(kept[0])["reply"]["reason"] == "why" and kept[1] is None
    done.write(tmp_path / "rows.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert lines[0]["call"]["model"] == "gemini-2.5-flash-lite" and lines[1]["call"] is None


def test_a_run_goes_on_without_asking_again(tmp_path: Path) -> None:
    model = ScriptedModel([Score(3, "why")] * 2)
    first = run([judge()], model, records(2), run_dir=tmp_path)
    again = run([judge()], ScriptedModel([]), records(2), run_dir=tmp_path)
    assert results(again)["quality"].call == results(first)["quality"].call


def test_a_threshold_is_changed_without_asking_again(tmp_path: Path) -> None:
    run([judge()], [Score(3, "why")], run_dir=tmp_path / "one")
    again = run([judge(expected_value=3)], ScriptedModel([]), reuse=tmp_path / "one")
    task = results(again)["quality"]
    assert (task.status, task.call.origin, task.call.cost, task.call.attempts) == ("passed", "memory", 0.0, 0)
    assert task.call.reply == {"score": 3, "reason": "why"}


def test_another_question_is_asked_again(tmp_path: Path) -> None:
    run([judge()], [Score(3, "why")], run_dir=tmp_path / "one")
    again = run([judge(text="Is ${response} good?")], [Score(5, "new")], reuse=tmp_path / "one")
    assert results(again)["quality"].call.origin == "live"


def test_each_trial_asks_for_itself() -> None:
    model = ScriptedModel([Score(n, "") for n in (1, 5, 5)])
    done = run([judge()], model, trials=3)
    assert sorted(done["0", trial].eval_set.records[0].actual for trial in (1, 2, 3)) == [1, 5, 5]


def test_a_check_counts_calls_and_makes_none() -> None:
    dataset = GenAIEvalDataset(records(10), [judge(), judge("other")])
    (calls,) = dataset.check().calls
    assert (calls.kind, calls.tasks, calls.most) == ("LLMJudge", 2, 20)


def test_the_plan_and_the_dataset_know_judges(capsys: pytest.CaptureFixture[str]) -> None:
    dataset = GenAIEvalDataset(records(), [judge()])
    dataset.print_execution_plan()
    assert "quality (LLMJudge)" in capsys.readouterr().out
    assert [task.id for task in dataset.llm_judge_tasks] == ["quality"]


class Verdict(BaseModel):
    polite: bool
    reason: str


def test_judges_stand_in_task_files_with_prompts_beside_them(tmp_path: Path) -> None:
    prompt("Is ${response} polite?", output_type=Verdict).save_prompt(tmp_path / "polite.json")
    (tmp_path / "suite.yaml").write_text("""
tasks:
  - task_type: LLMJudge
    id: polite
    prompt: {path: polite.json}
    context_path: polite
    operator: Equals
    expected_value: true
    max_retries: 1
  - task_type: LLMJudge
    id: quality
    prompt:
      model: gpt-4o-mini
      provider: openai
      messages: Rate ${response}.
      settings: {temperature: 0}
      output_type: Score
    context_path: score
    operator: GreaterThanOrEqual
    expected_value: 4
""")
    tasks = list(TasksFile.from_path(tmp_path / "suite.yaml"))
    assert [type(task) for task in tasks] == [LLMJudgeTask, LLMJudgeTask]
    assert (tasks[0].max_retries, tasks[1].prompt.model) == (1, "gpt-4o-mini")

    def reply(request: dict[str, Any]) -> Any:
        return Verdict(polite=True, reason="") if request["model"] != "gpt-4o-mini" else Score(4, "")

    done = results(run(tasks, reply))
    assert (done["polite"].status, done["quality"].status) == ("passed", "passed")


def test_a_prompt_of_a_file_that_is_wrong_is_told_with_its_task(tmp_path: Path) -> None:
    suite = tmp_path / "suite.yaml"
    for prompt, why in [("{path: gone.json}", "gone.json"), ("{model: m, provider: opnai, messages: hi}", "opnai"), ("{provider: openai}", "model")]:
        suite.write_text(f"tasks: [{{task_type: LLMJudge, id: j, prompt: {prompt}, operator: Equals, expected_value: 1}}]")
        with pytest.raises(ConfigError, match=why) as caught:
            TasksFile.from_path(suite)
        assert {(problem.task, problem.field) for problem in caught.value.problems} == {("j", "prompt")}


def test_judges_pickle_and_go_through_json() -> None:
    task = judge(description="why", depends_on=["x"], max_retries=2, timeout=1.5, condition=True)
    for again in (pickle.loads(pickle.dumps(task)), LLMJudgeTask.model_validate_json(task.model_dump_json())):
        assert again == task
        assert (again.max_retries, again.timeout, again.condition) == (2, 1.5, True)
