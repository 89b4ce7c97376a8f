"""What a run may use of models: calls, tokens, dollars and time."""

from __future__ import annotations

import time
from typing import Any

import pytest

from scouter.evaluate import ComparisonOperator, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import ModelOptions, Prompt, Score
from scouter.mock import LLMTestServer, Reply, broken_json, rate_limited

GOOD = {"score": 5, "reason": "good"}


def run(model: str = "gpt-4o-mini", count: int = 1, **options: Any) -> Any:
    prompt = Prompt("Rate ${response}.", model, "openai", output_type=Score)
    judge = LLMJudgeTask("quality", prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual)
    records = [GenAIEvalRecord(context={"response": f"response {n}"}, id=str(n)) for n in range(count)]
    config = EvaluationConfig(max_concurrency=100, models=ModelOptions(**options))
    return GenAIEvalDataset(records, [judge]).evaluate(config)


def test_a_budget_of_calls_ends_the_run_with_its_results_marked() -> None:
    with LLMTestServer(GOOD) as server:
        done = run(count=100, budget_calls=10)
        assert server.calls == 10
    assert done.cancelled and "budget of calls" in done.stopped
    counts = done.task_counts()["quality"]
    assert (counts.passed, counts.errored, counts.cancelled) == (10, 1, 89)


def test_a_budget_that_is_used_up_ends_what_waits_for_its_turn() -> None:
    with LLMTestServer(GOOD) as server:
        start = time.monotonic()
        done = run(count=100, budget_calls=3, requests_per_minute=3)
        assert (server.calls, done.task_counts()["quality"].passed) == (3, 3)
    assert done.cancelled and time.monotonic() - start < 20


@pytest.mark.parametrize("limit", [{"requests_per_minute": 2}, {"tokens_per_minute": 1}])
def test_a_budget_of_time_ends_what_waits_for_the_next_minute(limit: dict[str, int]) -> None:
    with LLMTestServer(GOOD) as server:
        start = time.monotonic()
        done = run(count=10, budget_seconds=3.0, **limit)
        assert server.calls == limit.get("requests_per_minute", 1)
    assert done.cancelled and "budget of time" in done.stopped
    assert time.monotonic() - start < 20


def test_a_budget_of_time_ends_the_wait_that_a_provider_wants() -> None:
    with LLMTestServer(rate_limited(retry_after=60)):
        start = time.monotonic()
        done = run(count=3, budget_seconds=0.5)
    assert done.cancelled and "budget of time" in done.stopped
    assert time.monotonic() - start < 20


def test_a_budget_of_tokens_ends_the_run() -> None:
    with LLMTestServer(Reply(GOOD, tokens=(100, 20))) as server:
        done = run(count=50, budget_tokens=300, concurrency=1)
        assert server.calls == 3
    assert done.cancelled and "360 of 300 tokens were used" in done.stopped


def test_calls_that_brought_nothing_count_in_a_budget() -> None:
    with LLMTestServer(broken_json()) as server:
        done = run(count=50, budget_tokens=20, concurrency=1)
        assert server.calls < 50
    assert done.cancelled and "budget of tokens" in done.stopped


def test_a_budget_of_dollars_ends_the_run_with_its_results_marked() -> None:
    # Two dollars a call: the third one is the last.
    prices = {"as_of": "2026-01-01", "models": {"openai/my-own-model": {"input": 1_000_000, "output": 0}}}
    with LLMTestServer(Reply(GOOD, tokens=(2, 1))) as server:
        done = run("my-own-model", count=50, budget_usd=5.0, prices=prices, concurrency=1)
        assert server.calls == 3
    assert done.cancelled and "the budget of dollars is used up" in done.stopped
    counts = done.task_counts()["quality"]
    assert (counts.passed, counts.errored, counts.cancelled) == (3, 1, 46)
    assert (done.usage.cost, done.usage.unpriced) == (6.0, 0)


def test_a_budget_of_dollars_asks_no_model_without_a_price() -> None:
    with LLMTestServer(GOOD) as server:
        task = run("my-own-model", budget_usd=1.0)["0"]["quality"]
        assert server.calls == 0
    assert "the price of the model is unknown" in task.message


def test_a_price_of_ones_own_counts() -> None:
    prices = {"as_of": "2026-01-01", "models": {"openai/my-own-model": {"input": 1_000_000, "output": 0}}}
    with LLMTestServer(Reply(GOOD, tokens=(3, 1))):
        done = run("my-own-model", prices=prices)
    assert done["0"]["quality"].call.cost == 3.0
    assert (done.usage.cost, done.usage.calls, done.usage.unpriced) == (3.0, 1, 0)
