"""What each provider is asked, read by the types of its own SDK, and answers that become objects of a class.

What OpenAI is asked is read by the types of the crate `async-openai`, in the tests of `providers`; here by its rules for strict schemas.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal, Optional

import pytest
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming
from google.genai import types
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from scouter.genai import Agent, AnthropicSettings, GeminiSettings, Image, Message, OpenAIChatSettings, Prompt, Score
from scouter.mock import LLMTestServer

ASKED = [
    Message(["What is this?", Image(b"\x89PNG", "image/png"), Image("https://example.com/cat.png")]),
    Message("A cat.", "assistant"),
    "How sure are you?",
]


# By the types of the SDKs.


@cache
def anthropics() -> Any:
    """Reads what is sent to Anthropic; made once, since that takes a second."""
    return TypeAdapter(MessageCreateParamsNonStreaming)


def whole(value: Any) -> Any:
    """The same with lists in the place of what is only checked as it is read."""
    if isinstance(value, dict):
        return {name: whole(member) for name, member in value.items()}
    return value if isinstance(value, str) or not hasattr(value, "__iter__") else [whole(item) for item in value]


def read_by_anthropic(body: dict[str, Any]) -> Any:
    """A body as the SDK's type knows it, which drops what it does not know."""
    return whole(anthropics().validate_python(body))


def read_by_google(body: dict[str, Any]) -> tuple[list[types.Content], types.GenerationConfig]:
    """What is said, the system's instruction first, and how to answer. The SDK's types refuse what they do not know."""
    assert {*body} <= {"contents", "systemInstruction", "generationConfig"}
    said = [body.get("systemInstruction", {}), *body["contents"]]
    return [types.Content.model_validate(content) for content in said], types.GenerationConfig.model_validate(body.get("generationConfig", {}))


def sent(provider: str, model: str, settings: Any, form: Any) -> Any:
    """What a server gets for a question with everything in it."""
    prompt = Prompt(ASKED, model, provider, system_instructions="You judge pictures.", model_settings=settings, output_type=form)
    with LLMTestServer(None if form else "Very.") as server:
        Agent(provider).execute_prompt(prompt)
    (request,) = server.requests
    return request.body


@pytest.mark.parametrize("form", [None, Score], ids=["text", "form"])
@pytest.mark.parametrize("model", ["claude-haiku-4-5", "claude-opus-5-5"], ids=["forced", "free"])
def test_what_anthropic_is_asked_is_read_by_its_own_sdk(model: str, form: Any) -> None:
    # The SDK has no words for `temperature`, `top_p` and `top_k`, which only older models take.
    settings = AnthropicSettings(max_tokens=300, stop_sequences=["END"], extra={"metadata": {"user_id": "me"}})
    body = sent("anthropic", model, settings, form)
    assert read_by_anthropic(body) == body


@pytest.mark.parametrize("form", [None, Score], ids=["text", "form"])
@pytest.mark.parametrize("model", ["gemini-2.5-flash", "gemini-3-pro"], ids=["tokens", "words"])
@pytest.mark.parametrize("provider", ["gemini", "vertex"])
def test_what_google_is_asked_is_read_by_its_own_sdk(provider: str, model: str, form: Any) -> None:
    settings = GeminiSettings(
        temperature=0.2,
        top_p=0.9,
        top_k=40,
        max_output_tokens=300,
        seed=7,
        stop_sequences=["END"],
        logprobs=True,
        reasoning_effort="low",
    )
    said, config = read_by_google(sent(provider, model, settings, form))
    assert [content.role for content in said] == [None, "user", "model", "user"]
    assert (config.max_output_tokens, config.seed, config.response_mime_type) == (300, 7, "application/json" if form else None)


def test_the_types_of_the_sdks_know_a_member_that_is_not_theirs() -> None:
    said = {"role": "user", "content": [{"type": "text", "text": "Is it so?", "mood": "curious"}]}
    body = {"model": "m", "max_tokens": 1, "messages": [said]}
    assert read_by_anthropic(body) != body
    with pytest.raises(ValidationError, match="mood"):
        read_by_google({"contents": [{"role": "user", "parts": [{"text": "Is it so?", "mood": "curious"}]}]})


# Answers of a class.


class Level(Enum):
    high = "high"
    low = "low"


class Quote(BaseModel):
    text: str
    level: Level


class Verdict(BaseModel):
    reason: str
    kind: Literal["praise", "blame"]
    quotes: list[Quote]
    score: int = Field(ge=1, le=5)
    best: Optional[Quote] = None


@dataclass
class Passage:
    text: str
    level: Level


@dataclass
class Opinion:
    reason: str
    kind: Literal["praise", "blame"]
    quotes: list[Passage]
    score: int
    best: Optional[Passage] = None


SAID: dict[str, Any] = {"reason": "It purrs.", "kind": "praise", "quotes": [{"text": "Purr.", "level": "high"}], "score": 4, "best": None}
OBJECTS = [
    Verdict(reason="It purrs.", kind="praise", quotes=[Quote(text="Purr.", level=Level.high)], score=4),
    Opinion("It purrs.", "praise", [Passage("Purr.", Level.high)], 4),
]
APIS: list[tuple[str, str, Any]] = [
    ("openai", "gpt-4o-mini", OpenAIChatSettings()),
    ("openai", "gpt-4o-mini", OpenAIChatSettings(api="responses")),
    ("anthropic", "claude-haiku-4-5", AnthropicSettings()),
    ("gemini", "gemini-2.5-flash", GeminiSettings()),
    ("vertex", "gemini-2.5-flash", GeminiSettings()),
]
in_each_api = pytest.mark.parametrize(("provider", "model", "settings"), APIS, ids=["completions", "responses", "anthropic", "gemini", "vertex"])
of_each_class = pytest.mark.parametrize("expected", OBJECTS, ids=["pydantic", "dataclass"])


def assert_strict(schema: dict[str, Any]) -> None:
    """A reference stands alone, whatever else there is has a type, and objects are closed and require all of their members."""
    if "$ref" in schema:
        assert [*schema] == ["$ref"]
        return
    assert "type" in schema or "anyOf" in schema, schema
    if schema.get("type") == "object":
        assert (schema["additionalProperties"], schema["required"]) == (False, [*schema["properties"]])
    inner = [*schema.get("anyOf", []), *schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    for one in [*inner, schema["items"]] if "items" in schema else inner:
        assert_strict(one)


def assert_taken(request: Any, schema: dict[str, Any]) -> None:
    """The form that is asked for is one that the provider takes."""
    body = request.body
    if request.provider == "openai":
        form = body["text"]["format"] if request.api == "responses" else body["response_format"]["json_schema"]
        assert form["strict"] is True
        assert_strict(form["schema"])
    elif request.provider == "anthropic":
        assert read_by_anthropic(body) == body
        assert body["tools"][0]["input_schema"] == schema
    else:
        _, config = read_by_google(body)
        assert config.response_schema is not None and config.response_schema.required == schema["required"]


@of_each_class
@in_each_api
def test_an_answer_is_asked_for_in_a_form_that_the_provider_takes_and_is_an_object_of_its_class(
    provider: str, model: str, settings: Any, expected: Any
) -> None:
    prompt = Prompt("Judge.", model, provider, model_settings=settings, output_type=type(expected))
    with LLMTestServer(SAID) as server:
        answer = Agent(provider).execute_prompt(prompt, output_type=type(expected))
    assert answer.structured_output == expected
    (request,) = server.requests
    assert_taken(request, json.loads(prompt.response_json_schema or ""))


@in_each_api
def test_an_answer_of_another_form_is_asked_for_once_more_with_the_mistake(provider: str, model: str, settings: Any) -> None:
    prompt = Prompt("Judge.", model, provider, model_settings=settings)
    with LLMTestServer([{**SAID, "score": 9}, SAID]) as server:
        answer = Agent(provider).execute_prompt(prompt, output_type=Verdict)
    assert (answer.structured_output, answer.call.attempts) == (OBJECTS[0], 2)
    assert "/score" in server.requests[1].text
