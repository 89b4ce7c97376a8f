"""The providers' own clients as readers of the test server's replies: what they accept is the real format.

They find the server by the environment that it sets.
"""

from __future__ import annotations

import math
from typing import Any

import anthropic
import openai
import pytest
from google import genai
from google.genai import errors as genai_errors
from pydantic import BaseModel

from scouter.mock import LLMTestServer, Reply, cut_off, rate_limited, refused

ASKED: list[Any] = [{"role": "user", "content": "How good is this?"}]


class Judgement(BaseModel):
    reason: str
    score: int
    tags: list[str]


GIVEN: dict[str, Any] = {"reason": "short", "score": 3, "tags": ["a"]}
TOOL: Any = {"name": "judge", "input_schema": Judgement.model_json_schema()}


def test_openais_client_reads_completions() -> None:
    with LLMTestServer(Reply("Good.", tokens=(7, 2))) as server, openai.OpenAI(max_retries=0) as client:
        reply = client.chat.completions.create(model="gpt-4o-mini", messages=ASKED)
    assert (reply.choices[0].message.content, reply.choices[0].finish_reason, reply.model) == ("Good.", "stop", "gpt-4o-mini")
    assert reply.usage and (reply.usage.prompt_tokens, reply.usage.completion_tokens, reply.usage.total_tokens) == (7, 2, 9)
    assert server.requests[0].headers["authorization"] == "Bearer test-key"


def test_openais_client_reads_completions_in_a_form() -> None:
    with LLMTestServer([GIVEN, None, refused("no")]), openai.OpenAI(max_retries=0) as client:
        replies = [client.chat.completions.parse(model="m", messages=ASKED, response_format=Judgement) for _ in range(3)]
    said = [reply.choices[0].message for reply in replies]
    assert said[0].parsed == Judgement(**GIVEN)
    assert said[1].parsed is not None and said[1].parsed.score == 5
    assert (said[2].parsed, said[2].refusal) == (None, "no")


def test_openais_client_knows_a_completion_that_is_cut() -> None:
    with LLMTestServer(cut_off(GIVEN)), openai.OpenAI(max_retries=0) as client, pytest.raises(openai.LengthFinishReasonError):
        client.chat.completions.parse(model="m", messages=ASKED, response_format=Judgement)


def test_openais_client_reads_responses() -> None:
    with LLMTestServer([Reply("Good.", tokens=(7, 2)), GIVEN, cut_off("Good.")]) as server, openai.OpenAI(max_retries=0) as client:
        plain = client.responses.create(model="m", input="How good?", instructions="Be kind.")
        formed = client.responses.parse(model="m", input=ASKED, text_format=Judgement)
        cut = client.responses.create(model="m", input="How good?")
    assert plain.output_text == "Good."
    assert plain.usage and (plain.usage.input_tokens, plain.usage.output_tokens) == (7, 2)
    assert formed.output_parsed == Judgement(**GIVEN)
    assert cut.incomplete_details and (cut.status, cut.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert [request.system for request in server.requests] == ["Be kind.", "", ""]


def test_openais_client_reads_embeddings() -> None:
    texts = ["the cat sat", "the cat ran", "nothing like it"]
    with LLMTestServer(), openai.OpenAI(max_retries=0) as client:
        vectors = [row.embedding for row in client.embeddings.create(model="m", input=texts).data]
        short = client.embeddings.create(model="m", input="the cat", dimensions=8, encoding_format="float").data[0].embedding

    def near(a: list[float], b: list[float]) -> float:
        return sum(x * y for x, y in zip(a, b))

    assert math.isclose(near(vectors[0], vectors[0]), 1, abs_tol=1e-6)
    assert near(vectors[0], vectors[1]) > 0.5 > near(vectors[0], vectors[2])
    assert len(short) == 8


def test_openais_client_reads_given_vectors() -> None:
    with LLMTestServer([[[0.5, 0.25]]]), openai.OpenAI(max_retries=0) as client:
        assert client.embeddings.create(model="m", input="x").data[0].embedding == [0.5, 0.25]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, openai.AuthenticationError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
    ],
)
def test_openais_client_knows_the_errors(status: int, error: type[openai.APIStatusError]) -> None:
    with LLMTestServer(Reply("told", status=status)), openai.OpenAI(max_retries=0) as client, pytest.raises(error, match="told"):
        client.chat.completions.create(model="m", messages=ASKED)


def test_openais_client_asks_again_after_a_limit() -> None:
    with LLMTestServer([rate_limited(retry_after=0.01), "yes"]) as server, openai.OpenAI(max_retries=1) as client:
        reply = client.chat.completions.create(model="m", messages=ASKED)
        assert (reply.choices[0].message.content, server.calls) == ("yes", 2)


def test_openais_client_for_azure_finds_the_server() -> None:
    with LLMTestServer("yes") as server, openai.AzureOpenAI(api_version="2024-10-21", max_retries=0) as client:
        reply = client.chat.completions.create(model="m", messages=ASKED)
        assert reply.choices[0].message.content == "yes"
        assert server.requests[0].path == "/openai/deployments/m/chat/completions"


def test_anthropics_client_reads_messages() -> None:
    with LLMTestServer(Reply("Good.", tokens=(7, 2))) as server, anthropic.Anthropic(max_retries=0) as client:
        reply = client.messages.create(model="claude", max_tokens=99, system="Be kind.", messages=ASKED)
    assert reply.content[0].type == "text" and reply.content[0].text == "Good."
    assert (reply.stop_reason, reply.usage.input_tokens, reply.usage.output_tokens) == ("end_turn", 7, 2)
    assert server.requests[0].system == "Be kind."


@pytest.mark.parametrize("given", [GIVEN, '{"reason": "short", "score": 3, "tags": ["a"]}'])
def test_anthropics_client_reads_the_use_of_a_tool(given: Any) -> None:
    choice: Any = {"type": "tool", "name": "judge"}
    with LLMTestServer(given), anthropic.Anthropic(max_retries=0) as client:
        reply = client.messages.create(model="m", max_tokens=99, messages=ASKED, tools=[TOOL], tool_choice=choice)
    assert reply.content[0].type == "tool_use" and reply.stop_reason == "tool_use"
    assert (reply.content[0].name, reply.content[0].input) == ("judge", GIVEN)


def test_anthropics_client_knows_refusals_and_cuts() -> None:
    with LLMTestServer([refused(), cut_off()]), anthropic.Anthropic(max_retries=0) as client:
        reasons = [client.messages.create(model="m", max_tokens=99, messages=ASKED).stop_reason for _ in range(2)]
    assert reasons == ["refusal", "max_tokens"]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, anthropic.BadRequestError),
        (401, anthropic.AuthenticationError),
        (429, anthropic.RateLimitError),
        (529, anthropic.InternalServerError),
    ],
)
def test_anthropics_client_knows_the_errors(status: int, error: type[anthropic.APIStatusError]) -> None:
    failing = Reply("told", status=status)
    with LLMTestServer(failing), anthropic.Anthropic(max_retries=0) as client, pytest.raises(error, match="told"):
        client.messages.create(model="m", max_tokens=99, messages=ASKED)


def test_googles_client_reads_what_is_generated() -> None:
    with LLMTestServer(Reply("Good.", tokens=(7, 2))) as server, genai.Client() as client:
        config: Any = {"system_instruction": "Be kind."}
        reply = client.models.generate_content(model="gemini-2.5-flash", contents="?", config=config)
    assert (reply.text, reply.model_version) == ("Good.", "gemini-2.5-flash")
    usage = reply.usage_metadata
    assert usage and (usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count) == (7, 2, 9)
    assert (server.requests[0].system, server.requests[0].headers["x-goog-api-key"]) == ("Be kind.", "test-key")


@pytest.mark.parametrize(
    "form", [{"response_schema": Judgement}, {"response_json_schema": Judgement.model_json_schema()}], ids=lambda form: [*form][0]
)
def test_googles_client_reads_a_form(form: Any) -> None:
    config: Any = {"response_mime_type": "application/json", **form}
    with LLMTestServer(), genai.Client() as client:
        reply = client.models.generate_content(model="m", contents="How good?", config=config)
    assert Judgement.model_validate_json(reply.text or "").score == 5


def test_googles_client_knows_refusals_and_cuts() -> None:
    with LLMTestServer([refused(), cut_off()]), genai.Client() as client:
        replies = [client.models.generate_content(model="m", contents="?") for _ in range(2)]
    assert [(reply.candidates or [])[0].finish_reason for reply in replies] == ["SAFETY", "MAX_TOKENS"]


def test_googles_client_reads_embeddings() -> None:
    with LLMTestServer() as server, genai.Client() as client:
        reply = client.models.embed_content(model="m", contents=["a b", "c"], config={"output_dimensionality": 16})
    assert [len(embedding.values or []) for embedding in reply.embeddings or []] == [16, 16]
    assert server.requests[0].messages == ("a b", "c")


def test_googles_client_reads_from_vertex() -> None:
    with LLMTestServer("Good.") as server:
        options: Any = {"base_url": server.url, "headers": {"authorization": "Bearer test-key"}}
        with genai.Client(vertexai=True, api_key="test-key", http_options=options) as client:
            assert client.models.generate_content(model="m", contents="?").text == "Good."
        assert (server.requests[0].provider, server.requests[0].model) == ("vertex", "m")


@pytest.mark.parametrize(
    ("status", "error"), [(400, genai_errors.ClientError), (429, genai_errors.ClientError), (503, genai_errors.ServerError)]
)
def test_googles_client_knows_the_errors(status: int, error: type[genai_errors.APIError]) -> None:
    with LLMTestServer(Reply("told", status=status)), genai.Client() as client, pytest.raises(error, match="told") as told:
        client.models.generate_content(model="m", contents="?")
    assert told.value.code == status
