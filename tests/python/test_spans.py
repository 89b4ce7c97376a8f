"""Spans of calls to models, as the tracer of OpenTelemetry gets them that the application has set up."""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, Sampler
from opentelemetry.trace import SpanKind, StatusCode

from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    LLMJudgeTask,
    SemanticSimilarityAtLeast,
)
from scouter.genai import Agent, Embedder, ModelOptions, OpenAIChatSettings, OpenAIEmbeddingConfig, Prompt, Provider, Score, ScriptedModel
from scouter.mock import LLMTestServer, Reply, first, rate_limited

GOOD = {"score": 5, "reason": "well said"}
MILLISECOND = 1_000_000


@dataclass
class Told:
    """What the application's tracer was told."""

    exporter: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)
    provider: TracerProvider = field(default_factory=TracerProvider)

    def __post_init__(self) -> None:
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self.exporter.get_finished_spans())

    def only(self) -> ReadableSpan:
        (span,) = self.spans
        return span


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """An application's tracer, for one test: what is set for good, as `set_tracer_provider` does, all tests after it would see."""
    told = Told()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: told.provider)
    yield told
    told.provider.shutdown()


def judge(provider: Provider = Provider.OpenAI, model: str = "gpt-4o-mini", settings: Any = None, **more: Any) -> LLMJudgeTask:
    prompt = Prompt("Rate ${response}.", model, provider, output_type=Score, model_settings=settings)
    return LLMJudgeTask("quality", prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual, **more)


def dataset(task: Any = None, count: int = 1) -> GenAIEvalDataset:
    records = [GenAIEvalRecord(context={"response": f"a private text {n}", "reference": "a text"}, id=str(n)) for n in range(count)]
    return GenAIEvalDataset(records, [task or judge()])


def run(task: Any = None, count: int = 1, **options: Any) -> Any:
    return dataset(task, count).evaluate(EvaluationConfig(models=ModelOptions(**options)))


def output(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# What a span says.


def test_a_judge_is_a_span_as_the_conventions_have_it(told: Told) -> None:
    with LLMTestServer(GOOD) as server:
        done = run(judge(settings=OpenAIChatSettings(temperature=0.5, top_p=0.9, max_completion_tokens=100, seed=7)))
        port = urlsplit(server.url).port
    span, call = told.only(), done[0]["quality"].call
    assert (span.name, span.kind) == ("chat gpt-4o-mini", SpanKind.CLIENT)
    assert span.instrumentation_scope is not None and span.instrumentation_scope.name == "scouter"
    assert dict(span.attributes or {}) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.max_tokens": 100,
        "gen_ai.request.seed": 7,
        "gen_ai.output.type": "json",
        "server.address": "127.0.0.1",
        "server.port": port,
        "gen_ai.response.model": "gpt-4o-mini",
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": call.input_tokens,
        "gen_ai.usage.output_tokens": call.output_tokens,
        "scouter.attempts": 1,
        "scouter.cost": call.cost,
    }
    assert span.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize(
    ("provider", "model", "name", "id"),
    [
        (Provider.Anthropic, "claude-haiku-4-5", "anthropic", "msg_1"),
        (Provider.Gemini, "gemini-2.5-flash-lite", "gcp.gemini", "response-1"),
        (Provider.Vertex, "gemini-2.5-flash-lite", "gcp.vertex_ai", "response-1"),
    ],
)
def test_each_provider_has_its_name_in_the_conventions(told: Told, provider: Provider, model: str, name: str, id: str) -> None:
    with LLMTestServer(GOOD):
        run(judge(provider, model))
    said = told.only().attributes or {}
    assert (said["gen_ai.provider.name"], said["gen_ai.response.id"]) == (name, id)


def test_an_embedder_is_a_span_of_its_own_kind(told: Told) -> None:
    with LLMTestServer():
        Embedder("openai", OpenAIEmbeddingConfig("text-embedding-3-small", dimensions=3)).embed(["one", "two"])
    span = told.only()
    said = span.attributes or {}
    assert (span.name, said["gen_ai.operation.name"]) == ("embeddings text-embedding-3-small", "embeddings")
    assert said["gen_ai.embeddings.dimension.count"] == 3
    assert "gen_ai.response.finish_reasons" not in said


def test_a_span_lasts_as_long_as_the_call(told: Told) -> None:
    before = time.time_ns()
    with LLMTestServer(Reply(GOOD, delay=0.1)):
        run()
    span = told.only()
    assert span.start_time is not None and span.end_time is not None
    assert span.end_time - span.start_time >= 100 * MILLISECOND
    # The call is timed by another clock than `time_ns`.
    assert before - 500 * MILLISECOND <= span.start_time <= span.end_time <= time.time_ns() + 500 * MILLISECOND


def test_a_failed_call_says_why_in_words_that_quote_nobody(told: Told) -> None:
    with LLMTestServer(lambda request: Reply(f"bad: {request.text}", status=400)):
        run()
    span = told.only()
    said = span.attributes or {}
    assert (said["error.type"], said["http.response.status_code"]) == ("bad_request", 400)
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "the request is not accepted")
    assert "gen_ai.response.model" not in said and not span.events


def test_what_is_asked_and_answered_is_in_no_span(told: Told) -> None:
    with LLMTestServer(GOOD):
        run()
    told_all = told.only().to_json()
    assert "private" not in told_all and "Rate" not in told_all and "well said" not in told_all


# Which calls are spans.


def test_a_call_that_is_made_again_is_one_span(told: Told) -> None:
    with LLMTestServer(first(1, rate_limited(retry_after=0.01), GOOD)):
        run()
    assert (told.only().attributes or {})["scouter.attempts"] == 2


def test_no_span_is_lost_where_there_are_many(told: Told) -> None:
    run(count=3_000, model=ScriptedModel(lambda _: GOOD))
    assert len(told.spans) == 3_000


def test_every_juror_is_a_span(told: Told) -> None:
    with LLMTestServer(GOOD):
        run(judge(jury=["openai/gpt-4o", "anthropic/claude-haiku-4-5"]))
    assert sorted(span.name for span in told.spans) == ["chat claude-haiku-4-5", "chat gpt-4o", "chat gpt-4o-mini"]


@pytest.mark.parametrize("keeps", [lambda at: {"cache_dir": at / "cache"}, lambda at: {"cassette": at / "cassette.jsonl"}], ids=["cache", "cassette"])
def test_what_was_answered_before_is_no_span(told: Told, tmp_path: Path, keeps: Callable[[Path], dict[str, Path]]) -> None:
    with LLMTestServer(GOOD) as server:
        for _ in range(2):
            run(**keeps(tmp_path))
        assert server.calls == 1
    assert len(told.spans) == 1


def test_tasks_that_ask_nobody_are_no_spans(told: Told) -> None:
    run(AssertionTask("there", None, "Exists", context_path="response"))
    assert told.spans == []


def test_a_call_that_is_given_up_is_told_as_cancelled(told: Told) -> None:
    async def cancelled() -> None:
        loop = asyncio.get_running_loop()

        def hang(_: Any) -> Reply:
            loop.call_soon_threadsafe(work.cancel)
            return Reply(GOOD, delay=60)

        with LLMTestServer(hang):
            work = asyncio.ensure_future(dataset().evaluate_async())
            with pytest.raises(asyncio.CancelledError):
                await work

    asyncio.run(cancelled())
    span = told.only()
    assert (span.attributes or {})["error.type"] == "cancelled"
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "given up before it was answered")


# Where spans belong.


async def _liken(context: dict[str, Any]) -> float:
    return Embedder("openai").similarity(context["response"], context["reference"])


WAYS: dict[str, Callable[[], Any]] = {
    "evaluate": run,
    "evaluate_async": lambda: asyncio.run(_awaited()),
    "agent": lambda: Agent(Provider.OpenAI).execute_prompt(Prompt("Say it.", "gpt-4o-mini", Provider.OpenAI)),
    "embedder": lambda: Embedder("openai").embed("a"),
    "similarity": lambda: run(SemanticSimilarityAtLeast("alike", Embedder("openai"), -1.0)),
    "async function": lambda: run(CustomTask("alike", _liken)),
    "targets": lambda: dataset(AssertionTask("there", None, "Exists", context_path="response")).evaluate(
        EvaluationConfig(Embedder("openai"), embedding_targets=["response"])
    ),
}


async def _awaited() -> Any:
    return await dataset().evaluate_async()


@pytest.mark.parametrize("way", WAYS)
def test_a_call_is_below_the_span_that_was_current(told: Told, way: str) -> None:
    with LLMTestServer(), told.provider.get_tracer("app").start_as_current_span("request") as request:
        WAYS[way]()
    (ours,) = [span for span in told.spans if span.name != "request"]
    assert ours.parent is not None and ours.parent.span_id == request.get_span_context().span_id
    assert ours.context.trace_id == request.get_span_context().trace_id


# Applications whose tracer is not there, or not well.


@pytest.mark.parametrize("module", ["scouter", "scouter.genai", "scouter.evaluate", "scouter.pytest_plugin"])
def test_opentelemetry_is_not_imported_with_scouter(module: str) -> None:
    assert output(f"import sys, {module}; print([name for name in sys.modules if name.startswith('opentelemetry')])") == "[]"


RUN = """
import json, sys
from scouter.evaluate import *
from scouter.genai import *
from scouter.mock import LLMTestServer

def run():
    task = LLMJudgeTask("quality", Prompt("Rate ${a}.", "gpt-4o-mini", "openai", output_type=Score), 4, "score", "GreaterThanOrEqual")
    with LLMTestServer({"score": 5, "reason": "good"}):
        assert GenAIEvalDataset([GenAIEvalRecord(context={"a": 1})], [task]).evaluate().pass_rate == 1.0
        Embedder("openai").embed("a")
"""


def test_nothing_is_imported_where_the_application_has_not_done_so() -> None:
    code = f"{RUN}\nrun()\nprint([name for name in sys.modules if name.startswith('opentelemetry')])"
    assert output(code) == "[]"


def test_a_program_that_has_the_api_and_no_tracer_has_no_spans() -> None:
    code = f"""{RUN}
from opentelemetry import trace
run()
print([name for name in sys.modules if name.startswith("opentelemetry.sdk")])
"""
    assert output(code) == "[]"


def test_the_tracer_that_is_set_for_all_of_a_program_is_used() -> None:
    code = f"""{RUN}
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter = InMemorySpanExporter()
trace.set_tracer_provider(TracerProvider())
trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(exporter))
run()
print(json.dumps([span.name for span in exporter.get_finished_spans()]))
"""
    assert json.loads(output(code)) == ["chat gpt-4o-mini", "embeddings text-embedding-3-small"]


class Broken(Sampler):
    def should_sample(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("no disk")

    def get_description(self) -> str:
        return "Broken"


def test_a_tracer_that_fails_ends_no_run_and_is_told_once(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    told.provider.sampler = Broken()
    with LLMTestServer(GOOD):
        assert run(count=3).pass_rate == 1.0
    assert [message for message in caplog.messages if "span" in message] == ["3 spans of calls could not be written: RuntimeError: no disk"]


def test_a_tracer_that_cannot_be_had_ends_no_run(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def missing() -> Any:
        raise RuntimeError("no such provider")

    monkeypatch.setattr(trace, "get_tracer_provider", missing)
    with LLMTestServer(GOOD):
        assert run().pass_rate == 1.0
    assert "spans of calls are not written, for there is no tracer: RuntimeError: no such provider" in caplog.messages


def test_a_run_that_is_given_up_does_not_wait_for_a_tracer_that_takes_long(told: Told) -> None:
    calls = 8
    # All of them are under way before any ends, so that there is a span of each soon after the first.
    together = threading.Barrier(calls, timeout=60)
    answers: list[Any] = []

    def answer(_: Any) -> Any:
        together.wait()
        answers.append(GOOD)
        return GOOD

    async def cancelled() -> None:
        loop = asyncio.get_running_loop()

        class Slow(SpanProcessor):
            def on_end(self, span: ReadableSpan) -> None:
                # Works for much longer than signals may wait, once all have answered: there is a span of each by then.
                while len(answers) < calls:
                    pass
                started = time.perf_counter()
                while time.perf_counter() - started < 0.2:
                    pass
                loop.call_soon_threadsafe(work.cancel)

        told.provider.add_span_processor(Slow())
        config = EvaluationConfig(max_concurrency=calls, models=ModelOptions(model=ScriptedModel(answer)))
        work = asyncio.ensure_future(dataset(count=calls).evaluate_async(config))
        with pytest.raises(asyncio.CancelledError):
            await work

    # It is told by the thread of the run, which ends after whoever gave it up goes on.
    left: queue.Queue[str] = queue.Queue()

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.getMessage().endswith("spans of calls had no time left to be written"):
                left.put(record.getMessage())

    listening = Listening()
    logging.getLogger().addHandler(listening)
    try:
        asyncio.run(cancelled())
        assert 0 < int(left.get(timeout=60).split()[0]) < calls
    finally:
        logging.getLogger().removeHandler(listening)


def test_a_tracer_that_samples_nothing_gets_nothing(told: Told) -> None:
    told.provider.sampler = ALWAYS_OFF
    with LLMTestServer(GOOD):
        assert run().pass_rate == 1.0
    assert told.spans == []
