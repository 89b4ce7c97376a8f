"""Juries: several models that are asked the same, and what their votes come to."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from scouter.errors import ConfigError
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    TasksFile,
)
from scouter.genai import ModelOptions, OpenAIChatSettings, Prompt, Score, ScriptedModel
from scouter.mock import LLMTestServer, Reply, unavailable

AT_LEAST = ComparisonOperator.GreaterThanOrEqual
JURY = ["anthropic/claude", "gemini/flash"]


def judge(**more: Any) -> LLMJudgeTask:
    prompt = Prompt(messages="Rate ${response}.", model="gpt", provider="openai", output_type=Score)
    given: dict[str, Any] = {"expected_value": 4, "context_path": "score", "operator": AT_LEAST, "jury": JURY, **more}
    return LLMJudgeTask(id="quality", prompt=prompt, **given)


def run(task: Any, scores: dict[str, Any], **more: Any) -> tuple[GenAIEvalResults, ScriptedModel]:
    """A run over one record, in which each model gives its own score."""

    def reply(request: dict[str, Any]) -> Any:
        score = scores[request["model"]]
        return Score(score, f"{request['model']} says so") if isinstance(score, int) else score

    model = ScriptedModel(reply)
    tasks = task if isinstance(task, list) else [task]
    config = EvaluationConfig(models=ModelOptions(model=model, **more.pop("options", {})))
    dataset = GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"}, id="0")], tasks)
    return dataset.evaluate(config, **more), model


@pytest.mark.parametrize(
    ("scores", "status", "agreement"),
    [((5, 5, 5), "passed", 1.0), ((5, 5, 1), "passed", 2 / 3), ((5, 1, 1), "failed", 2 / 3), ((1, 1, 1), "failed", 1.0)],
)
def test_more_than_half_of_a_jury_must_pass(scores: tuple[int, ...], status: str, agreement: float) -> None:
    results, _ = run(judge(), dict(zip(["gpt", "claude", "flash"], scores)))
    task = results["0"]["quality"]
    assert (task.status, task.actual) == (status, list(scores))
    assert task.call.reply["agreement"] == pytest.approx(agreement)


def test_half_of_a_jury_is_not_more_than_half() -> None:
    results, _ = run(judge(jury=JURY[:1]), {"gpt": 5, "claude": 1})
    assert results["0"]["quality"].status == "failed"


def test_a_message_says_how_the_votes_came_out_and_why() -> None:
    results, _ = run(judge(), {"gpt": 1, "claude": 5, "flash": 5})
    assert results["0"]["quality"].message == (
        "`score`: 2 of 3 models pass it, 2 must pass it; the reason: anthropic/claude: claude says so"
    )


def test_the_mean_of_a_jury_is_judged() -> None:
    results, _ = run(judge(combine="mean"), {"gpt": 5, "claude": 5, "flash": 3})
    task = results["0"]["quality"]
    assert (task.status, task.actual) == ("passed", pytest.approx(13 / 3))
    assert (task.call.reply["mean"], task.call.reply["agreement"]) == (pytest.approx(13 / 3), pytest.approx(2 / 3))
    assert "the mean of 3 models" in task.message


def test_a_mean_of_what_is_no_number_errs_and_names_who_said_it() -> None:
    task = judge(combine="mean", context_path="reason", operator="Exists", expected_value=None)
    results, _ = run(task, {"gpt": 5, "claude": 5, "flash": 3})
    assert results["0"]["quality"].status == "errored"
    assert "`reason` in the reply of `openai/gpt` is no number" in results["0"]["quality"].message


def test_each_vote_is_kept_with_its_reply_and_what_it_took() -> None:
    results, _ = run(judge(), {"gpt": 5, "claude": 4, "flash": 1})
    call = results["0"]["quality"].call
    votes = call.reply["votes"]
    assert [(vote["juror"], vote["passed"], vote["reply"]["score"]) for vote in votes] == [
        ("openai/gpt", True, 5),
        ("anthropic/claude", True, 4),
        ("gemini/flash", False, 1),
    ]
    assert (call.answered, call.attempts, results.usage.calls) == (3, 3, 3)
    assert call.model == "openai/gpt, anthropic/claude, gemini/flash"


def test_dependents_see_how_a_jury_voted() -> None:
    agrees = AssertionTask("agrees", 1.0, "Equals", context_path="quality.agreement", depends_on=["quality"])
    results, _ = run([judge(), agrees], {"gpt": 5, "claude": 5, "flash": 5})
    assert results["0"]["agrees"].status == "passed"


@pytest.mark.parametrize(("claude", "status"), [(5, "passed"), (1, "errored")])
def test_a_vote_that_is_missing_counts_only_where_the_others_do_not_decide(claude: int, status: str) -> None:
    results, _ = run(judge(), {"gpt": 5, "claude": claude, "flash": "no idea"})
    task = results["0"]["quality"]
    assert task.status == status
    if status == "passed":
        assert "does not fit the schema" in task.call.reply["votes"][2]["error"]
        assert (task.call.reply["passed"], task.call.reply["errored"]) == (2, 1)
    else:
        assert "hear 1 of 3 of the jury, first `gemini/flash`" in task.message
        assert task.detail == "no idea"


def test_what_the_others_took_is_counted_where_a_jury_errs() -> None:
    results, _ = run(judge(), {"gpt": 5, "claude": 1, "flash": "no idea"})
    call = results["0"]["quality"].call
    assert (call.answered, call.unanswered, call.attempts) == (2, 1, 4)  # the misfit was asked for twice
    assert (results.usage.calls, results.usage.failed, results.usage.attempts) == (2, 1, 4)


def test_what_a_jury_took_is_counted_where_results_go_into_a_file(tmp_path: Path) -> None:
    scores: dict[str, Any] = {"gpt": Score(5, ""), "claude": Score(1, ""), "flash": "no idea"}
    config = EvaluationConfig(models=ModelOptions(model=ScriptedModel(lambda request: scores[request["model"]])))
    dataset = GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"}, id="0")], [judge()])
    usage = dataset.evaluate_to(tmp_path / "rows.jsonl", config).usage
    assert (usage.calls, usage.failed, usage.attempts) == (2, 1, 4)
    assert usage == dataset.evaluate(config).usage


def test_a_vote_without_a_price_and_one_that_is_missing_hide_nothing_of_the_others() -> None:
    prompt = Prompt(messages="Rate ${response}.", model="my-own-model", provider="openai", output_type=Score)
    jury = ["anthropic/claude-haiku-4-5", "gemini/gemini-2.5-flash"]
    task = LLMJudgeTask(id="quality", prompt=prompt, context_path="score", operator=AT_LEAST, expected_value=4, jury=jury)
    good = Reply(Score(5, "good").model_dump(), tokens=(1_000, 100))
    with LLMTestServer(lambda request: unavailable() if request.provider == "gemini" else good):
        dataset = GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"}, id="0")], [task])
        results = dataset.evaluate(EvaluationConfig(models=ModelOptions(max_retries=0)))
    call, usage = results["0"]["quality"].call, results.usage
    (priced,) = [vote["cost"] for vote in call.reply["votes"] if vote.get("cost")]
    assert (call.cost, call.unpriced, call.input_tokens) == (priced, 1, 2_000)
    assert (usage.cost, usage.unpriced, usage.input_tokens, usage.output_tokens) == (priced, 1, 2_000, 200)


def test_one_of_a_jury_that_is_late_is_missing_alone() -> None:
    good = Score(5, "good").model_dump()
    with LLMTestServer(lambda request: Reply(good, delay=60) if request.provider == "gemini" else good):
        results = GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"}, id="0")], [judge(timeout=3.0)]).evaluate()
    task = results["0"]["quality"]
    assert task.status == "passed"
    assert "no answer in time: 3s have passed" in task.call.reply["votes"][2]["error"]


def test_an_address_that_a_jury_names_gets_no_key_of_the_user() -> None:
    good = Score(5, "good").model_dump()
    with LLMTestServer(good) as elsewhere, LLMTestServer(good) as usual:
        task = judge(jury=[{"provider": "openai", "model": "other", "base_url": elsewhere.base_urls["openai"]}])
        results = GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"}, id="0")], [task]).evaluate()
        (known,), (unknown,) = usual.requests, elsewhere.requests
    assert results["0"]["quality"].status == "passed"
    assert "authorization" in known.headers and "authorization" not in unknown.headers


def test_a_juror_whose_provider_cannot_say_how_likely_tokens_were_votes_all_the_same() -> None:
    prompt = Prompt("Rate ${response}.", "gpt", "openai", output_type=Score, model_settings=OpenAIChatSettings(logprobs=True))
    task = LLMJudgeTask("quality", prompt, 4, "score", AT_LEAST, jury=JURY)
    content = json.dumps(Score(5, "good").model_dump())
    tokens = {"content": [{"token": "{", "logprob": -0.25, "top_logprobs": []}]}
    choice = {"message": {"role": "assistant", "content": content}, "finish_reason": "stop", "logprobs": tokens}
    likely = Reply(body=json.dumps({"choices": [choice]}))
    with LLMTestServer(lambda request: likely if request.provider == "openai" else json.loads(content)) as server:
        results = GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"}, id="0")], [task]).evaluate()
        asked = {request.provider: request.body for request in server.requests}
    judged = results["0"]["quality"]
    assert judged.status == "passed"
    assert [vote["log_probs"] for vote in judged.call.reply["votes"]] == [[["{", -0.25]], [], []]
    assert asked["openai"]["logprobs"] is True and asked["gemini"]["generationConfig"]["responseLogprobs"] is True
    assert "logprobs" not in asked["anthropic"]


def test_votes_say_nothing_of_tokens_where_nobody_asks() -> None:
    results, _ = run(judge(), {"gpt": 5, "claude": 5, "flash": 5})
    assert all("log_probs" not in vote for vote in results["0"]["quality"].call.reply["votes"])


def test_a_juror_whose_own_settings_ask_for_what_its_provider_has_not_is_refused() -> None:
    own = {"provider": "anthropic", "model": "claude", "settings": {"logprobs": True}}
    with LLMTestServer(), pytest.raises(ConfigError, match="anthropic has no setting `logprobs`"):
        GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"})], [judge(jury=[own])]).evaluate()


def test_what_was_known_of_one_provider_is_not_sent_to_another() -> None:
    settings = OpenAIChatSettings(temperature=0.5, extra={"logit_bias": {"1": 2}})
    prompt = Prompt(messages="Rate ${response}.", model="gpt", provider="openai", model_settings=settings, output_type=Score)
    own = {"provider": "gemini", "model": "flash", "settings": {"temperature": 1}}
    task = LLMJudgeTask(id="quality", prompt=prompt, context_path="score", operator=AT_LEAST, expected_value=4, jury=["openai/mini", "anthropic/claude", own])
    _, model = run(task, {"gpt": 5, "mini": 5, "claude": 5, "flash": 5})
    settings_of = {request["model"]: request.get("settings", {}) for request in model.asked}
    assert settings_of["mini"] == settings_of["gpt"] == {"temperature": 0.5, "extra": {"logit_bias": {"1": 2}}}
    assert (settings_of["claude"], settings_of["flash"]) == ({"temperature": 0.5}, {"temperature": 1})


def test_a_jury_is_asked_at_the_same_time_over_real_http() -> None:
    with LLMTestServer(Reply(Score(5, "good").model_dump(), delay=2.0)) as server:
        results = GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"}, id="0")], [judge()]).evaluate()
        assert (server.calls, server.most_in_flight) == (3, 3)
        assert {request.provider for request in server.requests} == {"openai", "anthropic", "gemini"}
    assert results["0"]["quality"].status == "passed"


def test_one_that_is_new_on_a_jury_is_asked_alone(tmp_path: Path) -> None:
    run(judge(jury=JURY[:1]), {"gpt": 5, "claude": 1}, run_dir=tmp_path / "one")
    results, model = run(judge(), {"flash": 5}, reuse=tmp_path / "one")
    assert [request["model"] for request in model.asked] == ["flash"]
    call = results["0"]["quality"].call
    assert (results["0"]["quality"].status, call.origin, call.attempts) == ("passed", "live", 1)


def test_how_votes_are_combined_is_changed_without_asking_again(tmp_path: Path) -> None:
    run(judge(), {"gpt": 5, "claude": 5, "flash": 1}, run_dir=tmp_path / "one")
    results, model = run(judge(combine="mean"), {}, reuse=tmp_path / "one")
    assert model.asked == []
    task = results["0"]["quality"]
    assert (task.status, task.call.origin, task.call.cost) == ("failed", "memory", 0.0)


def test_a_check_counts_a_call_for_each_of_a_jury() -> None:
    dataset = GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"})] * 1, [judge()])
    (calls,) = dataset.check().calls
    assert (calls.tasks, calls.most) == (1, 3)


def test_a_budget_counts_each_of_a_jury() -> None:
    results, model = run(judge(), {"gpt": 5, "claude": 5, "flash": 5}, options={"budget_calls": 2})
    assert results.cancelled and "the budget of calls is used up" in results.stopped
    # Two of three decide, and what they took is not lost.
    assert results["0"]["quality"].status == "passed"
    assert (len(model.asked), results.usage.calls, results.usage.attempts) == (2, 2, 2)


def test_results_of_a_jury_go_through_json_reports_and_pickles(tmp_path: Path) -> None:
    results, _ = run(judge(), {"gpt": 1, "claude": 1, "flash": "no idea"})
    for again in (GenAIEvalResults.model_validate_json(results.model_dump_json()), pickle.loads(pickle.dumps(results))):
        assert again == results
        assert again["0"]["quality"].call == results["0"]["quality"].call
    assert "2 of 3 models fail it" in results.to_html()


def test_a_jury_stands_in_task_files_and_goes_through_json(tmp_path: Path) -> None:
    task = judge(combine="mean", jury=[*JURY, {"provider": "openai", "model": "local", "base_url": "http://localhost:1/v1"}])
    again = LLMJudgeTask.model_validate_json(task.model_dump_json())
    assert (again, again.jury, again.combine) == (task, task.jury, "mean")
    path = tmp_path / "suite.json"
    path.write_text(json.dumps({"tasks": [{"task_type": "LLMJudge", **task.model_dump()}]}))
    assert list(TasksFile.from_path(path)) == [task]


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"jury": ["claude"]}, "jury", "write `provider/model`, such as `openai/claude`"),
        ({"jury": ["antropic/claude"]}, "jury", "antropic"),
        ({"jury": "anthropic/claude"}, "jury", "sequence"),
        ({"jury": ["openai/gpt"]}, "jury", "`openai/gpt` is asked twice"),
        ({"jury": [*JURY, JURY[0]]}, "jury", "`anthropic/claude` is asked twice"),
        ({"jury": None, "combine": "mean"}, "combine", "one vote alone"),
        ({"combine": "median"}, "combine", "median"),
    ],
)
def test_a_jury_that_cannot_be_says_why(given: dict[str, Any], field: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"})], [judge(**given)])
    (problem,) = caught.value.problems
    assert (problem.task, problem.field) == ("quality", field)
    assert why in problem.message
