"""Prompts, settings and options: what they take, what they refuse, and what they keep."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Optional

import pytest
from pydantic import BaseModel

from scouter.errors import ConfigError
from scouter.evaluate import EvaluationConfig
from scouter.genai import (
    AnthropicSettings,
    ChatMessage,
    GeminiContent,
    GeminiSettings,
    Image,
    Message,
    MessageParam,
    ModelOptions,
    ModelSettings,
    OpenAIChatSettings,
    Prompt,
    Provider,
    ResponseType,
    Role,
    Score,
    ScriptedModel,
)


def prompt(messages: Any = "Is ${text} polite?", **more: Any) -> Prompt:
    return Prompt(**{"messages": messages, "model": "gpt-4o-mini", "provider": "openai", **more})


def test_messages_are_texts_messages_dicts_or_a_list_of_them() -> None:
    said = prompt(["Hi", Message("Hello", Role.Assistant), {"role": "user", "content": "Well?"}], system_instructions="Be brief.")
    shown = [(message.role.as_str(), message.text) for message in said.all_messages]
    assert shown == [("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello"), ("user", "Well?")]
    assert (len(said.messages), said.message.text, said.system_instructions[0].role) == (3, "Well?", Role.System)


def test_a_tuple_is_as_good_as_a_list() -> None:
    said = prompt((Message(("What is ${this}?", Image("https://example.com/a.png"))), "Well?"), system_instructions=("Be brief.", "Be kind."))
    assert said == prompt([Message(["What is ${this}?", Image("https://example.com/a.png")]), "Well?"], system_instructions=["Be brief.", "Be kind."])


@pytest.mark.parametrize("words", ["openai_messages", "anthropic_messages", "gemini_messages"])
def test_messages_in_a_providers_words_are_messages_of_a_prompt(words: str) -> None:
    images = [Image("https://example.com/${file}.png"), Image(b"\x89PNG", "image/png")]
    said = prompt([Message(["What is ${this}?", *images]), Message("A cat.", Role.Assistant), "Why?"])
    assert prompt(getattr(said, words)).messages == said.messages
    assert prompt(getattr(said, words)[-1]).messages == said.messages[-1:]


def test_instructions_in_a_providers_words_are_instructions() -> None:
    (instruction,) = prompt([Message("Be brief.", Role.System)]).openai_messages
    assert prompt(system_instructions=instruction).system_instructions == [Message("Be brief.", Role.System)]


def test_what_no_prompt_can_say_is_refused_in_a_providers_words() -> None:
    sound = ChatMessage.model_validate_json('{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": ""}}]}')
    with pytest.raises(ValueError, match="neither text nor image"):
        prompt([sound])


CACHED, FOUND = {"cache_control": {"type": "ephemeral"}}, {"type": "url", "url": "https://example.com/a.png"}


@pytest.mark.parametrize(
    ("words", "part", "named"),
    [
        (ChatMessage, {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}}, "image_url.detail"),
        (ChatMessage, {"type": "text", "text": "Hi", "prediction": 1}, "prediction"),
        (MessageParam, {"type": "text", "text": "Hi", **CACHED}, "cache_control"),
        (MessageParam, {"type": "image", "source": FOUND, **CACHED}, "cache_control"),
        (GeminiContent, {"text": "Hi", "thought": True}, "thought"),
        (GeminiContent, {"inlineData": {"mimeType": "image/png", "data": "", "displayName": "a"}}, "inlineData.displayName"),
    ],
)
def test_what_a_prompt_has_no_place_for_is_refused_by_its_name(words: Any, part: dict[str, Any], named: str) -> None:
    content = "parts" if words is GeminiContent else "content"
    message = words.model_validate_json(json.dumps({"role": "user", content: [part]}))
    with pytest.raises(ValueError, match=f"no place for `{named}` of a part: leave it out"):
        prompt([message])


def test_the_kind_of_a_file_that_its_address_does_not_tell_is_refused() -> None:
    def said(uri: str) -> Prompt:
        part = {"fileData": {"fileUri": uri, "mimeType": "image/png"}}
        return prompt([GeminiContent.model_validate_json(json.dumps({"role": "user", "parts": [part]}))])

    assert said("gs://bucket/a.png").messages == [Message(Image("gs://bucket/a.png"))]
    with pytest.raises(ValueError, match="no place for `fileData.mimeType` of `gs://bucket/a`"):
        said("gs://bucket/a")


def test_what_is_null_in_a_providers_words_says_nothing() -> None:
    message = MessageParam.model_validate_json(json.dumps({"role": "user", "content": [{"type": "text", "text": "Hi", "cache_control": None}]}))
    assert prompt([message]).messages == [Message("Hi")]


def test_a_document_is_no_image() -> None:
    document = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": ""}}
    message = MessageParam.model_validate_json(json.dumps({"role": "user", "content": [document]}))
    with pytest.raises(ValueError, match="neither text nor image"):
        prompt([message])


def test_images_are_given_by_url_or_as_bytes() -> None:
    said = prompt([Message(["What is ${this}?", Image("https://example.com/${file}"), Image(b"\x89PNG", "image/png")])])
    again = Prompt.model_validate_json(said.model_dump_json())
    text, by_url, by_bytes = again.messages[0].content
    assert (text, by_url.url, by_bytes.data) == ("What is ${this}?", "https://example.com/${file}", b"\x89PNG")
    assert again.parameters == ["file", "this"]


def test_names_are_bound_on_a_copy_or_in_place() -> None:
    said = prompt("${a} ${b.c} ${d}")
    bound = said.bind("a", 1).bind(b={"c": [1, 2]}, d=None)
    assert (said.parameters, bound.parameters) == (["a", "b", "d"], [])
    said.bind_mut(a="x")
    assert said.parameters == ["b", "d"]
    for wrong in [{}, {"name": "a"}, {"value": 1}]:
        with pytest.raises(ValueError):
            said.bind(**wrong)


class Verdict(BaseModel):
    polite: bool
    reason: str


class Tone(Enum):
    kind = "kind"
    rude = "rude"


@dataclass
class Part:
    name: str


@dataclass
class Judged:
    tone: Tone
    parts: list[Part]
    level: Literal[1, 2, 3]
    note: Optional[str] = None
    extra: dict[str, float] = field(default_factory=dict)


@dataclass
class Meeting:
    on: date
    begins: datetime
    opens: time


class SameMeeting(BaseModel):
    on: date
    begins: datetime
    opens: time


def test_the_form_of_an_answer_is_a_score_a_class_or_a_schema() -> None:
    forms: list[tuple[Any, ResponseType]] = [
        (None, ResponseType.Null), (Score, ResponseType.Score), (Verdict, ResponseType.Pydantic), (Judged, ResponseType.Pydantic),
        ({"type": "array", "items": {"type": "integer"}}, ResponseType.Pydantic),
    ]  # fmt: skip
    for form, kind in forms:
        said = prompt(output_type=form)
        assert said.response_type == kind
        assert (said.response_json_schema is None) == (form is None)
    assert json.loads(prompt(output_type=Verdict).response_json_schema or "") == Verdict.model_json_schema()


def test_a_dataclass_has_the_schema_of_its_fields() -> None:
    schema = json.loads(prompt(output_type=Judged).response_json_schema or "")
    assert schema["required"] == ["tone", "parts", "level"]
    assert schema["properties"]["tone"] == {"enum": ["kind", "rude"]}
    assert schema["properties"]["parts"]["items"]["properties"] == {"name": {"type": "string"}}
    assert schema["properties"]["level"] == {"enum": [1, 2, 3]}
    assert schema["properties"]["note"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_dates_and_times_of_a_dataclass_are_texts_as_those_of_a_model_are() -> None:
    schemas = [json.loads(prompt(output_type=form).response_json_schema or "") for form in (Meeting, SameMeeting)]
    formats = [{name: (field["type"], field["format"]) for name, field in schema["properties"].items()} for schema in schemas]
    assert formats[0] == formats[1] == {"on": ("string", "date"), "begins": ("string", "date-time"), "opens": ("string", "time")}


@pytest.mark.parametrize("form", [int, "Score", {"type": "strng"}, [Score], Score(1, "")])
def test_what_is_no_form_is_refused(form: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        prompt(output_type=form)


def test_everything_that_is_wrong_with_a_prompt_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        prompt(["${a", Message("${% if %}")], model="a model", output_type={"type": "strng"})
    assert [problem.field for problem in caught.value.problems] == ["model", "output_type", "messages[0]", "messages[1]"]


@pytest.mark.parametrize(
    "wrong",
    [{"provider": "opnai"}, {"messages": 5}, {"messages": [["nested"]]}, {"messages": []}, {"model_settings": {"temperature": 1}}, {"messages": Role.User}],
)
def test_arguments_that_are_something_else_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        prompt(**wrong)


def test_a_prompt_is_saved_and_read_again(tmp_path: Path) -> None:
    settings = AnthropicSettings(max_tokens=10, base_url="http://localhost:1", headers={"x-key": "secret-header"}, proxy="http://me:pw@proxy")
    said = prompt(provider=Provider.Anthropic, model_settings=settings, output_type=Score).bind(text="hi")
    path = said.save_prompt(tmp_path / "prompt.json")
    assert "secret-header" not in path.read_text() and "pw@proxy" not in path.read_text()
    read = Prompt.from_path(path)
    assert (read.parameters, read.provider, read.model_settings.settings) == ([], Provider.Anthropic, AnthropicSettings(max_tokens=10, base_url="http://localhost:1"))
    (tmp_path / "prompt.yaml").write_text("model: m\nprovider: Gemini\nmessages: Is ${x} so?\noutput_type: Score\n")
    assert Prompt.from_path(tmp_path / "prompt.yaml").parameters == ["x"]


@pytest.mark.parametrize(("name", "text"), [("gone.json", None), ("a.json", "{"), ("a.txt", "{}"), ("a.yaml", "model: m\nmesages: x"), ("a.json", '{"model": "m", "messages": "${"}')])
def test_a_file_that_is_no_prompt_is_told(tmp_path: Path, name: str, text: str | None) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError):
        Prompt.from_path(tmp_path / name)


def test_pickles_keep_headers_and_proxy() -> None:
    settings = OpenAIChatSettings(temperature=0.5, stop=["\n"], extra={"n": 1}, headers={"x": "y" * 8}, proxy="http://p")
    for kept in (settings, ModelSettings(settings), prompt(model_settings=settings), prompt(output_type=Score), Message("x", "system"), Score(1, "x")):
        assert pickle.loads(pickle.dumps(kept)) == kept
    assert pickle.loads(pickle.dumps(prompt(model_settings=settings))).model_settings.settings == settings


def test_settings_have_the_names_of_their_provider() -> None:
    assert OpenAIChatSettings(max_completion_tokens=5).model_dump() == {"max_tokens": 5}
    assert GeminiSettings(max_output_tokens=5, stop_sequences=["a"]).model_dump() == {"max_tokens": 5, "stop": ["a"]}
    wrapped = ModelSettings(AnthropicSettings(top_k=3))
    assert (wrapped.settings_type(), wrapped.settings) == (AnthropicSettings, AnthropicSettings(top_k=3))
    with pytest.raises(TypeError):
        OpenAIChatSettings(temprature=1)  # type: ignore[call-arg]


@pytest.mark.parametrize("wrong", [{"base_url": "localhost"}, {"timeout": 0}, {"timeout": float("nan")}, {"temperature": float("nan")}, {"top_p": float("inf")}])
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        OpenAIChatSettings(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget_usd": 0}, {"budget_usd": float("nan")}, {"budget_calls": 0}, {"budget_seconds": -1}, {"concurrency": 0}, {"cassette_mode": "play"},
        {"cassette_mode": "replay_or_fail"}, {"cassette_mode": "record"},
        {"base_url": "x"}, {"prices": {"models": 1}}, {"prices": {"as_of": "2026-01-01", "models": {"openai/m": {"input": -1.0}}}}, {"prices": "gone.json"}, {"requests_per_minute": 0}, {"timeout": 0},
    ],
)  # fmt: skip
def test_options_that_mean_nothing_are_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ModelOptions(**wrong)


def test_prices_are_a_dict_or_a_file(tmp_path: Path) -> None:
    table = {"as_of": "2026-01-01", "models": {"openai/m": {"input": 1.0, "cached": 0.5, "output": 2.0}}}
    (tmp_path / "prices.json").write_text(json.dumps(table))
    assert ModelOptions(prices=tmp_path / "prices.json") == ModelOptions(prices=table) != ModelOptions()


def test_options_pickle_with_their_configuration_and_show_no_key() -> None:
    given = ModelOptions(
        api_keys={"openai": "sk-123456789", Provider.Gemini: "g-123456789"}, base_url="http://h", timeout=1.5, headers={"x": "y"}, proxy="http://p",
        max_retries=2, concurrency=7, requests_per_minute=5, cache_dir="c", cassette="k.jsonl", cassette_mode="record", budget_usd=1.5, budget_seconds=2,
        prices={"as_of": "2026-01-01", "models": {"openai/m": {"input": 1.0}}},
    )  # fmt: skip
    config = EvaluationConfig(models=given)
    assert pickle.loads(pickle.dumps(config)) == config and config.models == given
    assert "123456789" not in repr(config) + repr(given)
    with pytest.raises(TypeError):
        pickle.dumps(ModelOptions(model=ScriptedModel([])))


def test_a_score_is_read_from_json() -> None:
    score = Score.model_validate_json('{"score": 4, "reason": "ok"}')
    assert (score.score, score.reason) == (4, "ok")
    with pytest.raises(ValueError):
        Score.model_validate_json('{"score": "four"}')


def test_messages_are_shown_in_the_words_of_each_provider() -> None:
    said = [Message("Be kind.", "system"), Message(["Is this ${what}?", Image(b"abc", "image/png")]), Message("No.", "assistant")]
    asked = Prompt(said, "m", "openai")
    png = {"media_type": "image/png", "data": "YWJj"}
    assert [message.model_dump() for message in asked.openai_messages] == [
        {"role": "system", "content": "Be kind."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "Is this ${what}?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,YWJj"}}],
        },
        {"role": "assistant", "content": "No."},
    ]
    assert [message.model_dump() for message in asked.anthropic_messages] == [
        {"role": "user", "content": [{"type": "text", "text": "Is this ${what}?"}, {"type": "image", "source": {"type": "base64", **png}}]},
        {"role": "assistant", "content": "No."},
    ]
    assert [message.model_dump() for message in asked.gemini_messages] == [
        {"role": "user", "parts": [{"text": "Is this ${what}?"}, {"inlineData": {"mimeType": "image/png", "data": "YWJj"}}]},
        {"role": "model", "parts": [{"text": "No."}]},
    ]
    assert (asked.openai_message.role, asked.openai_message.content) == ("assistant", "No.")
    assert (asked.anthropic_message.role, asked.anthropic_message.content) == ("assistant", "No.")
    assert (asked.gemini_message.role, asked.gemini_message.parts) == ("model", [{"text": "No."}])


def test_messages_in_a_providers_words_pickle_and_go_through_json() -> None:
    asked = Prompt("Hi.", "m", "openai")
    for message in (asked.openai_message, asked.anthropic_message, asked.gemini_message):
        assert pickle.loads(pickle.dumps(message)) == message == type(message).model_validate_json(message.model_dump_json())
