"""Objects of dataclasses out of replies of models: the way back from the schemas that they were asked for by."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from datetime import date, datetime, time
from typing import Any, Literal, Union

from scouter._moment import in_iso, moment
from scouter._schema import SIMPLE, TEXTS


def of_hint(hint: Any, value: Any) -> Any:
    """A value of a reply as an object of this type; as it is where the type has no objects of its own.

    Raises:
        TypeError: Where a dataclass has no such field, or lacks one.
        ValueError: Where an enum has no such value, or a text is no date or time.
    """
    if hint in TEXTS and isinstance(value, str):
        return _read(hint, value)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Union or origin is types.UnionType:
        fitting = next((argument for argument in arguments if _fits(argument, value)), Any)
        return of_hint(fitting, value)
    if origin is list and arguments and isinstance(value, list):
        return [of_hint(arguments[0], item) for item in value]
    if origin is dict and arguments and isinstance(value, dict):
        return {key: of_hint(arguments[1], item) for key, item in value.items()}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return hint(value)
    if _is_dataclass(hint) and isinstance(value, dict):
        hints = typing.get_type_hints(hint)
        return hint(**{name: of_hint(hints.get(name, Any), item) for name, item in value.items()})
    return value


def _fits(hint: Any, value: Any) -> bool:
    """Whether a value is of this type, of several that it may have."""
    if hint in SIMPLE:
        return _is_simple(hint, value)
    if hint in TEXTS:
        return isinstance(value, str) and _reads(hint, value)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return any(type(value) is type(one) and value == one for one in arguments)
    if origin is Union or origin is types.UnionType:
        return any(_fits(argument, value) for argument in arguments)
    if origin is list or hint is list:
        return isinstance(value, list) and (not arguments or all(_fits(arguments[0], item) for item in value))
    if origin is dict or hint is dict:
        return isinstance(value, dict) and (not arguments or all(_fits(arguments[1], item) for item in value.values()))
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return any(value == member.value for member in hint)
    if _is_dataclass(hint):
        return isinstance(value, dict) and _has_fields(hint, value)
    return hint is Any


def _read(hint: Any, text: str) -> Any:
    """A date or a time of a text in ISO 8601."""
    try:
        if hint is datetime:
            return moment(text)
        return time.fromisoformat(in_iso(text)) if hint is time else date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"the answer has the text `{text}` in the place of a `{hint.__name__}`") from None


def _reads(hint: Any, text: str) -> bool:
    """Whether a text is a date or a time of this type. One without a time is a date, and digits alone are neither, though some versions of Python read them."""
    if ("-" if hint is date else ":") not in text:
        return False
    try:
        _read(hint, text)
    except ValueError:
        return False
    return True


def _is_simple(hint: type, value: Any) -> bool:
    """Whether a value is of a simple type: what is true or false is no number, and a whole number is a number too."""
    if isinstance(value, bool):
        return hint is bool
    return isinstance(value, (int, float) if hint is float else hint)


def _has_fields(cls: Any, value: dict[str, Any]) -> bool:
    hints, fields = typing.get_type_hints(cls), {field.name: field for field in dataclasses.fields(cls)}
    required = {name for name, field in fields.items() if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING}
    return required <= value.keys() <= fields.keys() and all(_fits(hints[name], item) for name, item in value.items())


def _is_dataclass(hint: Any) -> bool:
    return isinstance(hint, type) and dataclasses.is_dataclass(hint)
