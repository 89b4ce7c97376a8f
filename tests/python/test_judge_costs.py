"""What calls took stands in the results, also of those that brought no answer: real HTTP on this machine."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from scouter.errors import ModelError
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
)
from scouter.genai import ModelOptions, OpenAIChatSettings, Prompt, Score
from scouter.mock import LLMTestServer, Reply, first

GOOD = {"score": 5, "reason": "good"}
MISFIT = Reply({"score": "five"}, tokens=(100, 20))


def judge(provider: str = "openai", model: str = "gpt-4o-mini", timeout: float | None = None) -> LLMJudgeTask:
    prompt = Prompt("Rate ${response}.", model, provider, output_type=Score)
    return LLMJudgeTask(provider, prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual, timeout=timeout)


def dataset(*tasks: LLMJudgeTask, count: int = 1) -> GenAIEvalDataset:
    return GenAIEvalDataset([GenAIEvalRecord(context={"response": f"response {n}"}, id=str(n)) for n in range(count)], list(tasks))


def run(of: GenAIEvalDataset, **options: object) -> GenAIEvalResults:
    return of.evaluate(EvaluationConfig(models=ModelOptions(**options)))  # type: ignore[arg-type]


@pytest.mark.parametrize(("own", "of_the_run"), [(2.0, None), (None, 2.0), (2.0, 30)])
def test_a_call_that_its_task_gave_up_may_cost_something(own: float | None, of_the_run: float | None) -> None:
    with LLMTestServer(Reply(GOOD, delay=60)):
        results = dataset(judge(timeout=own)).evaluate(EvaluationConfig(task_timeout=of_the_run))
    call = results["0"]["openai"].call
    assert (call.attempts, call.cost, call.unpriced) == (1, None, 1)
    assert (results.usage.failed, results.usage.attempts, results.usage.unpriced) == (1, 1, 1)


@pytest.mark.parametrize(("own", "of_the_run"), [(3.0, None), (None, 3.0)])
def test_what_was_answered_before_a_task_gave_up_is_counted(own: float | None, of_the_run: float | None) -> None:
    with LLMTestServer([MISFIT, Reply(GOOD, delay=60)]):
        results = dataset(judge(timeout=own)).evaluate(EvaluationConfig(task_timeout=of_the_run))
    call = results["0"]["openai"].call
    assert (call.attempts, call.input_tokens, call.output_tokens, call.unpriced) == (2, 100, 20, 1)
    assert call.cost > 0 and results.usage.cost == call.cost


def test_results_say_what_was_used_of_the_budget(tmp_path: Path) -> None:
    with LLMTestServer(Reply(GOOD, tokens=(100, 20))):
        results = run(dataset(judge(), count=3), budget_calls=10)
        summary = dataset(judge(), count=3).evaluate_to(tmp_path / "rows.jsonl")
    read = GenAIEvalResults.model_validate_json(results.model_dump_json())
    for used in (results.used, read.used, summary.used, pickle.loads(pickle.dumps(summary)).used):
        assert used is not None and (used.calls, used.tokens, used.unpriced) == (3, 360, 0)
        assert used.cost == pytest.approx(results.usage.cost)
    there = AssertionTask("there", None, "Exists", context_path="response")
    assert GenAIEvalDataset([GenAIEvalRecord(context={"response": "r"})], [there]).evaluate().used is None


def test_calls_that_the_end_of_the_time_broke_off_are_used_by_an_estimate() -> None:
    with LLMTestServer(Reply(GOOD, delay=60)):
        results = run(dataset(judge(), count=3), budget_seconds=3.0, concurrency=3)
    assert results.used is not None and results.used.calls == 3 and results.used.tokens > 0
    assert results.usage.input_tokens == 0


def test_attempts_that_timed_out_before_an_answer_may_cost_something() -> None:
    with LLMTestServer(first(2, Reply(GOOD, delay=60), GOOD)):
        results = run(dataset(judge()), timeout=2.0, max_retries=2)
    call = results["0"]["openai"].call
    assert (results["0"]["openai"].status, call.attempts, call.unpriced) == ("passed", 3, 2)
    assert call.cost > 0 and results.usage.unpriced == 2


def test_misfits_whose_second_asking_meets_the_end_of_the_budget_are_counted() -> None:
    with LLMTestServer(MISFIT) as server:
        results = run(dataset(judge(), count=2), budget_calls=2, concurrency=2)
        assert server.calls == 2
    assert results.cancelled
    assert (results.usage.attempts, results.usage.input_tokens, results.usage.failed) == (2, 200, 2)


def test_calls_that_are_open_when_the_time_ends_may_cost_something() -> None:
    with LLMTestServer(Reply(GOOD, delay=60)) as server:
        results = run(dataset(judge(), count=3), budget_seconds=3.0, concurrency=3)
        assert server.calls == 3
    assert results.cancelled and "budget of time" in (results.stopped or "")
    assert (results.usage.attempts, results.usage.unpriced) == (3, 3)


def test_a_wrong_key_of_one_provider_loses_no_answer_of_another() -> None:
    def reply(request: object) -> Reply:
        if request.provider == "openai":  # type: ignore[attr-defined]
            return Reply(GOOD, delay=1.0)
        return Reply("wrong key", status=401, delay=0.3)

    with LLMTestServer(reply) as server:
        with pytest.raises(ModelError, match="the key is not accepted") as caught:
            run(dataset(judge(), judge("anthropic", "claude-haiku-4-5"), count=200), concurrency=4)
        asked = sum(request.provider == "openai" for request in server.requests)
    counts = caught.value.results.task_counts()["openai"]
    assert 0 < counts.passed == asked < 200
    assert caught.value.results.usage.calls == asked


def test_who_asks_as_somebody_else_is_not_told_what_another_one_learnt() -> None:
    def of(team: str) -> LLMJudgeTask:
        prompt = Prompt("Rate ${response}.", "m", "openai", output_type=Score, model_settings=OpenAIChatSettings(headers={"x-team": team}))
        return LLMJudgeTask(team, prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual)

    forbidden = Reply("not for you", status=403)
    with LLMTestServer(lambda request: forbidden if request.headers["x-team"] == "red" else GOOD):
        results = run(dataset(of("red"), of("blue"), count=20), concurrency=1)
    counts = results.task_counts()
    assert (counts["red"].errored, counts["blue"].passed) == (20, 20)
