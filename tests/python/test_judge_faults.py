"""Judges and providers that misbehave: real HTTP on this machine."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from scouter.errors import ModelError
from scouter.evaluate import AssertionTask, ComparisonOperator, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import AnthropicSettings, ModelOptions, OpenAIChatSettings, Prompt, Provider, Score
from scouter.mock import LLMTestServer, Reply, broken_json, cut_off, dropped, every, first, rate_limited, refused, unavailable

GOOD = {"score": 5, "reason": "good"}
PROVIDERS = [(Provider.OpenAI, "gpt-4o-mini"), (Provider.Anthropic, "claude-haiku-4-5"), (Provider.Gemini, "gemini-2.5-flash-lite")]


def judge(provider: Provider = Provider.OpenAI, model: str = "gpt-4o-mini", id: str = "quality", settings: Any = None, **more: Any) -> LLMJudgeTask:
    prompt = Prompt("Rate ${response}.", model, provider, output_type=Score, model_settings=settings)
    return LLMJudgeTask(id, prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual, **more)


def records(count: int = 1) -> list[GenAIEvalRecord]:
    return [GenAIEvalRecord(context={"response": f"response {n}"}, id=str(n)) for n in range(count)]


def run(tasks: list[Any] | None = None, count: int = 1, **options: Any) -> Any:
    config = EvaluationConfig(max_concurrency=100, models=ModelOptions(**options))
    return GenAIEvalDataset(records(count), tasks or [judge()]).evaluate(config)


def only(results: Any) -> Any:
    (task,) = results[0].eval_set.records
    return task


@pytest.mark.parametrize(("provider", "model"), PROVIDERS)
def test_each_provider_is_asked_in_its_own_words(provider: Provider, model: str) -> None:
    with LLMTestServer(GOOD) as server:
        task = only(run([judge(provider, model)]))
    assert (task.status, task.actual, task.call.reply) == ("passed", 5, GOOD)
    assert (task.call.attempts, task.call.origin) == (1, "live")
    assert task.call.input_tokens > 0 and task.call.cost > 0 and task.call.latency_ms > 0
    assert server.requests[0].provider == task.call.provider


@pytest.mark.parametrize(("provider", "model"), PROVIDERS)
def test_a_wrong_key_stops_the_run_with_one_error(provider: Provider, model: str) -> None:
    length = AssertionTask(id="length", context_path="response", operator=ComparisonOperator.IsNotEmpty)
    with LLMTestServer(GOOD, key="right-key-123456") as server:
        with pytest.raises(ModelError, match="the key is not accepted") as caught:
            run([judge(provider, model), length], 1_000, api_keys={provider: "wrong-key-123456"}, concurrency=5)
        assert server.calls <= 5
    done = caught.value.results
    assert len(done) == 1_000 and done.cancelled and "not accepted" in done.stopped
    statuses = [task.status for aligned in done for task in aligned.eval_set.records if task.task_id == "quality"]
    assert (statuses.count("errored"), statuses.count("cancelled")) == (1, 999)
    assert "wrong-key-123456" not in str(caught.value) + done.model_dump_json()


def test_a_429_on_every_tenth_call_loses_nothing() -> None:
    with LLMTestServer(every(10, rate_limited(retry_after=0.01), GOOD)) as server:
        done = run(count=200)
        assert server.calls == 222  # each tenth of them is asked again
    assert done.pass_rate == 1.0 and done.failed_count == 0
    assert done.usage.attempts == 222


def test_a_provider_is_left_alone_as_long_as_it_wants() -> None:
    # Without that the wait would be half a second at most.
    with LLMTestServer(first(1, rate_limited(retry_after=0.7), GOOD)):
        start = time.monotonic()
        assert only(run()).call.attempts == 2
    assert time.monotonic() - start >= 0.7


def test_a_provider_that_wants_to_be_left_alone_for_an_hour_is_asked_no_more() -> None:
    with LLMTestServer(rate_limited(retry_after=3600)) as server:
        done = run(count=50, concurrency=1)
        assert server.calls == 1
    assert done.task_counts()["quality"].errored == 50
    assert "too many requests" in done[49].eval_set.records[0].message


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('{"error": {"code": 403, "message": "flagged", "metadata": {"reasons": ["violence"]}}}', "the model refuses"),
        ('{"error": {"code": "model_not_found", "message": "no access"}}', "no such model"),
        ("<html>Forbidden</html>", "the request is not accepted"),
    ],
)
def test_a_403_that_is_not_about_the_key_does_not_stop_the_run(body: str, why: str) -> None:
    with LLMTestServer(lambda request: Reply(status=403, body=body) if request.model == "other" else GOOD):
        done = run([judge(model="other", id="other"), judge()], 20)
    counts = done.task_counts()
    assert (counts["other"].errored, counts["quality"].passed) == (20, 20)
    assert why in done[0].eval_set.records[0].message


def test_a_403_about_the_key_stops_the_run() -> None:
    body = '{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "Your API key was reported as leaked."}}'
    with LLMTestServer(Reply(status=403, body=body)), pytest.raises(ModelError, match="the key is not accepted"):
        run(count=20)


@pytest.mark.parametrize(("provider", "model"), PROVIDERS)
@pytest.mark.parametrize(("reply", "why"), [(refused("SAFETY"), "the model refuses"), (cut_off("a half"), "cut by the limit on tokens")])
def test_what_is_no_answer_is_not_judged_without_a_schema_either(provider: Provider, model: str, reply: Reply, why: str, tmp_path: Any) -> None:
    task = LLMJudgeTask("clean", Prompt("Sum up ${response}.", model, provider), "toxic", operator=ComparisonOperator.NotContains)
    with LLMTestServer(reply) as server:
        for calls in (1, 2):
            found = only(run([task], cache_dir=tmp_path))
            assert found.status == "errored" and why in found.message, found.message
            assert server.calls == calls  # it is not kept


def test_a_server_that_takes_no_schema_says_what_to_do_and_that_helps() -> None:
    def reply(request: Any) -> Any:
        return Reply("no such response_format", status=400) if request.schema else f"Here it is:\n{json.dumps(GOOD)}"

    with LLMTestServer(reply):
        formed = only(run())
        free = only(run([judge(settings=OpenAIChatSettings(extra={"response_format": None}))]))
    assert formed.status == "errored" and "set `response_format` to null in the `extra`" in formed.message
    assert (free.status, free.actual) == ("passed", 5)


def test_a_429_without_retry_after_is_asked_again() -> None:
    with LLMTestServer(first(1, rate_limited(), GOOD)):
        assert only(run()).call.attempts == 2


def test_500_then_200_is_a_success() -> None:
    with LLMTestServer([unavailable(), GOOD]):
        task = only(run())
    assert (task.status, task.call.attempts) == ("passed", 2)


def test_max_retries_of_a_task_count_and_the_cause_is_told() -> None:
    with LLMTestServer(unavailable(503)) as server:
        task = only(run([judge(max_retries=1)]))
        assert server.calls == 2
    assert task.status == "errored"
    assert "unavailable (HTTP 503, 2 attempts)" in task.message


def test_max_retries_of_a_run_count_where_the_task_has_none() -> None:
    with LLMTestServer(unavailable()) as server:
        run(max_retries=0)
        assert server.calls == 1


def test_a_reply_that_is_late_is_an_error_of_its_record_alone() -> None:
    late = Reply(GOOD, delay=60)
    with LLMTestServer(lambda request: late if "response 0" in request.text else GOOD):
        done = run(count=3, timeout=2.0, max_retries=0)
    assert done[0].eval_set.records[0].status == "errored"
    assert "no answer in time" in done[0].eval_set.records[0].message
    assert [aligned.eval_set.records[0].status for aligned in list(done)[1:]] == ["passed", "passed"]


def test_a_judge_has_a_time_of_its_own() -> None:
    with LLMTestServer(Reply(GOOD, delay=5.0)):
        task = only(run([judge(timeout=0.2)]))
    assert task.status == "errored" and "no answer in time: 200ms have passed" in task.message


def test_a_judges_time_stands_still_while_it_waits_for_its_turn() -> None:
    # One after the other they take longer than each of them may.
    with LLMTestServer(Reply(GOOD, delay=0.1)):
        done = run([judge(timeout=2.0)], count=40, concurrency=1)
    assert done.pass_rate == 1.0


def test_what_waits_for_the_end_of_a_run_is_cancelled_whatever_its_time() -> None:
    with LLMTestServer(Reply(GOOD, delay=1.0)):
        done = run([judge(id="long"), judge(timeout=0.5, id="short")], count=20, budget_calls=1, concurrency=1)
    counts = done.task_counts()
    # One was asked, and one tells why the others were not.
    assert counts["short"].cancelled + counts["long"].cancelled == 38


def test_what_a_failed_call_brought_is_kept_within_a_bound() -> None:
    with LLMTestServer(Reply(body="x" * 1_000_000)):
        task = only(run())
    assert task.status == "errored"
    assert len(task.detail) < 20_000 and task.detail.endswith("[cut: 1000000 bytes in all]")


@pytest.mark.parametrize("after", [0.0, 0.5])
def test_a_connection_that_is_dropped_is_made_again(after: float) -> None:
    with LLMTestServer(first(1, dropped(after), GOOD)):
        assert only(run()).call.attempts == 2


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (broken_json(), "the reply is not JSON"),
        (Reply(body='{"hello": 1}'), "unexpected form"),
        (refused("I would rather not."), "the model refuses"),
        (cut_off(GOOD), "cut by the limit on tokens"),
        ({"score": "five"}, "does not fit the schema"),
        (Reply(status=400), "the request is not accepted"),
    ],
)
def test_a_reply_that_is_no_reply_is_an_error_with_its_cause(reply: Any, why: str) -> None:
    with LLMTestServer(reply):
        task = only(run())
    assert task.status == "errored" and why in task.message, task.message
    assert task.detail


def test_a_reply_of_5_mb_is_read_and_kept_within_a_bound() -> None:
    with LLMTestServer({"score": 5, "reason": "x" * 5_000_000}):
        done = run()
    assert only(done).status == "passed"
    assert len(done.model_dump_json()) < 100_000
    assert "[cut: 5000000 bytes in all]" in only(done).call.reason


def test_a_model_that_is_not_there_is_asked_for_no_more_than_once_at_a_time() -> None:
    with LLMTestServer(lambda request: Reply(status=404) if request.model == "gone" else GOOD) as server:
        done = run([judge(model="gone", id="gone"), judge(id="there")], 200, concurrency=2)
        assert server.calls <= 202
    counts = done.task_counts()
    assert (counts["gone"].errored, counts["there"].passed) == (200, 200)
    assert "no such model" in done[0].eval_set.records[0].message


def test_calls_in_flight_are_limited_and_connections_used_again() -> None:
    with LLMTestServer(Reply(GOOD, delay=0.01)) as server:
        run(count=60, concurrency=4)
        assert server.most_in_flight <= 4
        assert server.connections <= 4


def test_a_prompt_says_where_its_provider_is() -> None:
    settings = AnthropicSettings(max_tokens=100, headers={"x-team": "blue"})
    with LLMTestServer(GOOD) as server, LLMTestServer("never asked"):
        near = AnthropicSettings(base_url=server.base_urls["anthropic"], headers={"x-team": "blue"}, max_tokens=100)
        task = only(run([judge(Provider.Anthropic, "claude-haiku-4-5", settings=near)]))
    assert task.status == "passed" and settings != near
    assert server.requests[0].headers["x-team"] == "blue"
    assert server.requests[0].body["max_tokens"] == 100


def test_settings_reach_the_provider() -> None:
    settings = OpenAIChatSettings(temperature=0, max_completion_tokens=50, seed=7, extra={"logit_bias": {"1": 2}})
    with LLMTestServer(GOOD) as server:
        run([judge(settings=settings)])
    body = server.requests[0].body
    assert (body["temperature"], body["seed"], body["logit_bias"]) == (0, 7, {"1": 2})


CTRL_C = """
import os, signal, sys, threading, time
from scouter.errors import EvaluationInterrupted
from scouter.evaluate import *
from scouter.genai import *
from scouter.mock import LLMTestServer, Reply

GOOD = {"score": 5, "reason": ""}
sent = []
def reply(request):
    if "response 0." in request.text:
        return GOOD
    return Reply(GOOD, delay=30)
def interrupt(server):
    while server.most_in_flight < 99:
        time.sleep(0.01)
    time.sleep(0.1)
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
prompt = Prompt("Rate ${response}.", "gpt-4o-mini", "openai", output_type=Score)
task = LLMJudgeTask("quality", prompt, 4, "score", "GreaterThanOrEqual")
for attempt in range(5):
    with LLMTestServer(reply) as server:
        records = [GenAIEvalRecord(context={"response": f"response {n}"}, id=str(n)) for n in range(100)]
        threading.Thread(target=interrupt, args=(server,), daemon=True).start()
        try:
            models = ModelOptions(concurrency=100, **(dict(cassette=sys.argv[1], cassette_mode="record") if len(sys.argv) > 1 else {}))
            GenAIEvalDataset(records, [task]).evaluate(EvaluationConfig(max_concurrency=100, models=models))
        except EvaluationInterrupted as stopped:
            took = time.monotonic() - sent[-1]
            counts = stopped.results.task_counts()["quality"]
            print(counts.passed, counts.cancelled, took)
os._exit(0)
"""


def ctrl_c(*arguments: str) -> float:
    """How long the middle one of five runs took to return."""
    ran = subprocess.run([sys.executable, "-c", CTRL_C, *arguments], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    runs = [line.split() for line in ran.stdout.splitlines()]
    assert [(passed, cancelled) for passed, cancelled, _ in runs] == [("1", "99")] * 5, ran.stdout
    return statistics.median(float(took) for _, _, took in runs)


@pytest.mark.timed
def test_ctrl_c_with_100_open_calls_returns_within_200_ms_and_keeps_what_was_done() -> None:
    assert ctrl_c() < 0.2


@pytest.mark.timed
def test_ctrl_c_does_not_wait_for_a_large_cassette_to_be_sorted(tmp_path: Any) -> None:
    tape = tmp_path / "tape.jsonl"
    line = {"request": {"model": "m", "messages": []}, "reply": {"text": "x" * 20_000, "finish": "stop", "model": "m"}}
    with tape.open("w") as file:
        for number in range(1_000):
            file.write(json.dumps({**line, "trial": number + 1}) + "\n")
    assert tape.stat().st_size > 20_000_000
    assert ctrl_c(str(tape)) < 0.2
    # The answer that came is at its end; a run that comes to its end sorts it.
    assert "Rate response 0." in tape.read_text().splitlines()[-1]


def test_a_server_in_this_process_and_other_threads_go_on_while_it_is_asked() -> None:
    ticks: list[float] = []
    stop = threading.Event()

    def tick() -> None:
        while not stop.wait(0.005):
            ticks.append(time.monotonic())

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        with LLMTestServer(Reply(GOOD, delay=1.0)):
            run(count=4)
    finally:
        stop.set()
        thread.join()
    assert len(ticks) > 10


CANARY = "sk-canary-0123456789abcdef"


def test_a_key_is_in_nothing_that_comes_out(tmp_path: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    def reply(request: Any) -> Any:
        # A provider that repeats what it was sent.
        if "response 0" in request.text:
            return Reply(status=400, body='{"error": {"message": "' + " ".join(request.headers.values()).replace('"', "") + '"}}')
        return {"score": 1, "reason": "your key is " + request.headers.get("authorization", "")}

    options = ModelOptions(
        api_keys={"openai": CANARY}, headers={"x-key": CANARY[::-1]}, cassette=tmp_path / "c.jsonl", cache_dir=tmp_path / "cache", cassette_mode="record"
    )
    settings = OpenAIChatSettings(headers={"x-other": CANARY.upper()})
    task = judge(settings=settings)
    dataset = GenAIEvalDataset(records(3), [task])
    with LLMTestServer(reply) as server:
        done = dataset.evaluate(EvaluationConfig(models=options), run_dir=tmp_path / "run")
    sent = server.requests[0].headers
    assert (sent["authorization"], sent["x-key"], sent["x-other"]) == (f"Bearer {CANARY}", CANARY[::-1], CANARY.upper())
    done.write(tmp_path / "rows.jsonl")
    done.report(tmp_path / "report.html")
    task.prompt.save_prompt(tmp_path / "prompt.json")
    said = [str(done), done.model_dump_json(), repr(options), repr(settings), repr(task), str(task), repr(dataset), caplog.text, *capfd.readouterr()]
    files = [path.read_bytes().decode(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 6
    # It did come back, both as an answer and as an error.
    assert done[1].eval_set.records[0].call.reply["reason"] == "your key is Bearer ***"
    assert "***" in done[0].eval_set.records[0].message
    for text in said + files:
        assert not any(key in text for key in (CANARY, CANARY[::-1], CANARY.upper()))
