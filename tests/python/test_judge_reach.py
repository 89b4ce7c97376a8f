"""How judges reach their providers, and who gets which key: real HTTP on this machine."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scouter.errors import ConfigError, ModelError
from scouter.evaluate import ComparisonOperator, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import AnthropicSettings, GeminiSettings, ModelOptions, OpenAIChatSettings, Prompt, Provider, Score, ScriptedModel
from scouter.mock import LLMTestServer, Reply

GOOD = {"score": 5, "reason": "good"}
KEY = "sk-of-the-user-0123456789"


def judge(settings: Any = None, provider: Provider = Provider.OpenAI, model: str = "gpt-4o-mini") -> LLMJudgeTask:
    prompt = Prompt("Rate ${response}.", model, provider, output_type=Score, model_settings=settings)
    return LLMJudgeTask("quality", prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual)


def dataset(task: LLMJudgeTask | None = None, count: int = 1) -> GenAIEvalDataset:
    return GenAIEvalDataset([GenAIEvalRecord(context={"response": f"response {n}"}, id=str(n)) for n in range(count)], [task or judge()])


def run(of: GenAIEvalDataset, **options: Any) -> Any:
    return of.evaluate(EvaluationConfig(models=ModelOptions(**options)))


def only(results: Any) -> Any:
    (task,) = results[0].eval_set.records
    return task


def test_a_run_says_where_its_providers_are_and_which_headers_they_get() -> None:
    with LLMTestServer(GOOD) as server, LLMTestServer("never asked") as usual:
        task = only(run(dataset(), base_url=server.base_urls["openai"], headers={"x-team": "blue"}))
        assert usual.calls == 0
    assert task.status == "passed"
    assert server.requests[0].headers["x-team"] == "blue"


def test_headers_of_a_prompt_go_before_those_of_the_run_whatever_their_case() -> None:
    with LLMTestServer(GOOD) as server:
        run(dataset(judge(OpenAIChatSettings(headers={"X-Team": "near"}))), headers={"x-team": "usual", "x-other": "kept"})
    assert (server.requests[0].headers["x-team"], server.requests[0].headers["x-other"]) == ("near", "kept")


@contextmanager
def proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that answers in the place of whoever is asked."""
    asked: list[str] = []
    completion = {"choices": [{"message": {"role": "assistant", "content": json.dumps(GOOD)}, "finish_reason": "stop"}]}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["content-length"]))
            body = json.dumps(completion).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_run_goes_through_its_proxy() -> None:
    with proxy() as (address, asked):
        task = only(run(dataset(), base_url="http://provider.example/v1", proxy=address))
    assert task.status == "passed"
    assert asked == ["http://provider.example/v1/chat/completions"]


def test_a_prompt_goes_through_a_proxy_of_its_own() -> None:
    with proxy() as (address, asked), LLMTestServer(GOOD) as server:
        settings = OpenAIChatSettings(base_url="http://provider.example/v1", proxy=address)
        done = run(dataset(judge(settings)))
        run(dataset())
        assert (only(done).status, len(asked), server.calls) == ("passed", 1, 1)


@pytest.mark.parametrize("given", ["environment", "run"])
def test_an_address_that_a_prompt_names_gets_no_key_of_the_user(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with LLMTestServer("never asked"), LLMTestServer(GOOD) as elsewhere:
        for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("OPENAI_API_KEY", KEY if given == "environment" else "sk-another-one")
        options = {"api_keys": {"openai": KEY}} if given == "run" else {}
        settings = OpenAIChatSettings(base_url=elsewhere.base_urls["openai"], headers={"x-own": "1"})
        task = only(run(dataset(judge(settings)), headers={"x-tenant": "a-secret"}, **options))
        (request,) = elsewhere.requests
    assert task.status == "passed"
    assert "authorization" not in request.headers and "x-tenant" not in request.headers
    assert request.headers["x-own"] == "1"


def test_who_refuses_for_want_of_that_key_is_told_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    with LLMTestServer(GOOD, key="right-key-123456") as elsewhere:
        monkeypatch.delenv("OPENAI_BASE_URL")
        monkeypatch.delenv("OPENAI_API_BASE")
        with pytest.raises(ModelError, match="no key was sent, since the address stands in the prompt"):
            run(dataset(judge(OpenAIChatSettings(base_url=elsewhere.base_urls["openai"]))))


def test_a_key_that_is_given_beside_azures_address_is_azures(monkeypatch: pytest.MonkeyPatch) -> None:
    with LLMTestServer(GOOD) as server:
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_API_KEY"):
            monkeypatch.delenv(name)
        assert only(run(dataset(), api_keys={"openai": KEY})).status == "passed"
        assert server.requests[0].headers["api-key"] == KEY


@pytest.mark.parametrize(
    ("task", "options", "why"),
    [
        (judge(AnthropicSettings(seed=1), Provider.Anthropic, "claude-haiku-4-5"), {}, "anthropic has no setting `seed`"),
        (judge(GeminiSettings(reasoning_effort="much"), Provider.Gemini, "gemini-2.5-pro"), {}, "and not `much`"),
        (judge(OpenAIChatSettings(headers={"x team": "blue"})), {}, "`x team` cannot be sent as a header"),
        (judge(), {"headers": {"x-team": "blue\nred"}}, "`x-team` cannot be sent as a header"),
        (judge(), {"proxy": "no proxy"}, "cannot open connections"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is(task: LLMJudgeTask, options: dict[str, Any], why: str) -> None:
    with LLMTestServer(GOOD) as server:
        with pytest.raises(ConfigError, match=why) as caught:
            run(dataset(task, 3), **options)
        assert server.calls == 0
    assert [(problem.task, problem.field) for problem in caught.value.problems] == [("quality", "prompt")]


def test_a_cache_needs_no_key_until_somebody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModelError, match="set `OPENAI_API_KEY`"):
        run(dataset(), cache_dir=tmp_path)


def test_what_a_script_says_is_not_kept_as_the_providers_answer(tmp_path: Path) -> None:
    run(dataset(), cache_dir=tmp_path, model=ScriptedModel([Score(score=1, reason="scripted")]))
    with LLMTestServer(GOOD) as server:
        assert only(run(dataset(), cache_dir=tmp_path)).call.reply == GOOD
        assert server.calls == 1


def test_options_go_through_a_pickle() -> None:
    for options in (
        ModelOptions(),
        ModelOptions(concurrency=200),
        ModelOptions(concurrency=3, api_keys={"google": KEY, "vertex": "v"}, base_url="http://localhost:1/v1", headers={"x": "1"}, budget_usd=2.0),
    ):
        assert pickle.loads(pickle.dumps(options)) == options
    assert pickle.loads(pickle.dumps(ModelOptions())) != ModelOptions(concurrency=200)


@pytest.mark.parametrize("address", ["https://me:pa55@example.com/v1", "https://pa55@example.com/v1", "https://me:pa55@example.com:99999/v1"])
def test_a_password_in_an_address_is_refused_and_not_shown(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for give in (ModelOptions, OpenAIChatSettings):
        with pytest.raises(ValueError, match="`base_url`") as caught:
            give(base_url=address)
        assert "pa55" not in str(caught.value)
    saved = json.dumps({"messages": "Hi.", "model": "m", "provider": "openai", "connection": {"base_url": address}})
    with pytest.raises(ValueError, match="`base_url`") as caught:
        Prompt.model_validate_json(saved)
    assert "pa55" not in str(caught.value)
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    with pytest.raises(ConfigError, match="the address") as refused:
        run(dataset())
    assert "pa55" not in str(refused.value)


def test_times_that_no_clock_reaches_do_no_harm() -> None:
    with LLMTestServer(GOOD):
        assert only(run(dataset(), budget_seconds=1e19)).status == "passed"
    with LLMTestServer(Reply(status=429, headers={"retry-after": "10000000000000000000"})):
        task = only(run(dataset(), max_retries=0))
    assert task.status == "errored" and "too many requests" in task.message


@pytest.mark.skipif(not os.supports_bytes_environ, reason="variables are text there")
def test_a_variable_that_is_no_text_does_no_harm() -> None:
    os.environb[b"SCOUTER_TEST_ODD"] = b"\xff\xfe"
    try:
        with LLMTestServer(GOOD):
            assert only(run(dataset())).status == "passed"
    finally:
        del os.environb[b"SCOUTER_TEST_ODD"]


def test_a_name_that_only_a_late_record_of_a_file_has_stops_nothing(tmp_path: Path) -> None:
    lines = [json.dumps({"query": "q"} if n < 150 else {"response": "r"}) for n in range(151)]
    (tmp_path / "records.jsonl").write_text("\n".join(lines))
    of = GenAIEvalDataset.from_path(tmp_path / "records.jsonl", [judge()])
    with LLMTestServer(GOOD) as server:
        done = run(of)
        assert server.calls == 1
    counts = done.task_counts()["quality"]
    assert (counts.errored, counts.passed) == (150, 1)


def test_an_awaited_run_and_a_server_on_the_same_loop_go_on_together() -> None:
    body = json.dumps({"choices": [{"message": {"content": json.dumps(GOOD)}, "finish_reason": "stop"}]})

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            writer.write(f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n{body}".encode())
            await writer.drain()
            break
        writer.close()

    async def main() -> Any:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            options = ModelOptions(base_url=f"http://127.0.0.1:{port}/v1")
            return await dataset(count=20).evaluate_async(EvaluationConfig(models=options))

    assert asyncio.run(asyncio.wait_for(main(), timeout=30)).pass_rate == 1.0


def test_a_function_gives_a_new_key_for_every_request() -> None:
    given: list[str] = []

    def token() -> str:
        given.append(f"token-{len(given)}")
        return given[-1]

    with LLMTestServer(GOOD) as server:
        done = run(dataset(judge(provider=Provider.Vertex, model="gemini-2.5-flash"), count=3), api_keys={"vertex": token})
        shown = sorted(request.headers["authorization"] for request in server.requests)
    assert shown == [f"Bearer token-{n}" for n in range(3)]
    assert [result["quality"].status for result in done] == ["passed"] * 3


@pytest.mark.parametrize(
    ("gives", "why"), [(lambda: 1 / 0, "raised ZeroDivisionError"), (lambda: 7, "it gave <class 'int'>, and a text is wanted")]
)
def test_a_function_that_gives_no_key_ends_the_run_and_says_why(gives: Any, why: str) -> None:
    with LLMTestServer(GOOD) as server:
        with pytest.raises(ModelError, match=why):
            run(dataset(), api_keys={"openai": gives})
        assert server.calls == 0


def test_a_key_is_a_text_or_a_function() -> None:
    with pytest.raises(TypeError, match="the key of `openai` is a text, or a function that gives one"):
        ModelOptions(api_keys={"openai": 7})  # type: ignore[dict-item]
    assert ModelOptions(api_keys={"openai": key}) == pickle.loads(pickle.dumps(ModelOptions(api_keys={"openai": key})))
    assert ModelOptions(api_keys={"openai": key}) != ModelOptions(api_keys={"openai": KEY})


def key() -> str:
    return KEY


def test_a_prompt_says_by_which_api_openai_is_asked(tmp_path: Path) -> None:
    task = judge(OpenAIChatSettings(api="responses", max_completion_tokens=50))
    path = tmp_path / "prompt.yaml"
    task.prompt.save_prompt(path)
    for prompt in (task.prompt, Prompt.from_path(path), pickle.loads(pickle.dumps(task.prompt))):
        asked = LLMJudgeTask("quality", prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual)
        with LLMTestServer(GOOD) as server:
            assert only(run(dataset(asked))).status == "passed"
            (request,) = server.requests
        assert (request.api, request.body["max_output_tokens"], request.body["store"]) == ("responses", 50, False)


def test_a_juror_of_another_provider_has_no_choice_of_apis() -> None:
    prompt = judge(OpenAIChatSettings(api="responses")).prompt
    task = LLMJudgeTask("quality", prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual, jury=["gemini/gemini-2.5-flash", "openai/gpt-4o"])
    with LLMTestServer(GOOD) as server:
        assert only(run(dataset(task))).status == "passed"
        assert sorted(request.api for request in server.requests) == ["generateContent", "responses", "responses"]


def test_an_api_that_is_none_or_of_another_provider_says_so() -> None:
    with pytest.raises(ValueError, match="`api` must be `completions` or `responses`, and is `chat`"):
        OpenAIChatSettings(api="chat")
    with LLMTestServer(GOOD), pytest.raises(ConfigError, match="gemini has no setting `api`"):
        run(dataset(judge(GeminiSettings(api="responses"), Provider.Gemini, "gemini-2.5-flash")))
    with LLMTestServer(GOOD), pytest.raises(ConfigError, match="anthropic has no setting `logprobs`"):
        run(dataset(judge(AnthropicSettings(logprobs=True), Provider.Anthropic, "claude-haiku-4-5")))
