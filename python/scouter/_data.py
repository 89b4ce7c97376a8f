"""What classes in Python can do that hold data: be shown as JSON, be written as it, and be read again, by the annotations of their fields."""

from __future__ import annotations

import sys
import typing
from datetime import datetime
from typing import Any, TypeVar

from scouter._arguments import UNIONS, check
from scouter._moment import moment, written
from scouter._scouter import _read_json, _write_json

T = TypeVar("T", bound=type)
D = TypeVar("D", bound="Data")

_WRITTEN_IN: dict[type, dict[str, Any]] = {}
"""The names beside each class, which its annotations use. Later it may be named by where it is imported from."""


class Data:
    """A class whose annotated fields are the arguments of its constructor."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        _WRITTEN_IN[cls] = vars(sys.modules[cls.__module__])

    def model_dump(self) -> dict[str, Any]:
        """The data as a dict, in the values that JSON has; moments are texts in UTC."""
        return {name: _plain(getattr(self, name)) for name in _fields(type(self))}

    def model_dump_json(self) -> str:
        """The data as JSON text. `NaN` and infinities are written as Python's `json` writes them."""
        return _write_json(self.model_dump())

    def __str__(self) -> str:
        return _write_json(self.model_dump(), pretty=True)

    @classmethod
    def model_validate(cls: type[D], data: dict[str, Any]) -> D:
        """Reads what `model_dump` gave.

        Raises:
            ValueError: Where it is something else.
        """
        try:
            fields = _fields(cls)
            unknown = next((name for name in data if name not in fields), None)
            if unknown is not None:
                raise TypeError(f"it has no field `{unknown}`")
            read = {name: _read(value, fields[name]) for name, value in data.items()}
            for name, value in read.items():
                check(name, value, fields[name])
            return typing.cast(D, typing.cast(Any, cls)(**read))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a `{cls.__name__}`: {error}") from error

    @classmethod
    def model_validate_json(cls: type[D], json_string: str) -> D:
        """Reads what `model_dump_json` wrote.

        Raises:
            ValueError: Where it is something else.
        """
        return cls.model_validate(_read_json(json_string))


def data(cls: T) -> T:
    """A `NamedTuple`, which can have no other base, with the methods of `Data` that it has not itself."""
    _WRITTEN_IN[cls] = vars(sys.modules[cls.__module__])
    for name, method in vars(Data).items():
        if (name == "__str__" or name.startswith("model_")) and name not in vars(cls):
            setattr(cls, name, method)
    return cls


def _fields(cls: type) -> dict[str, Any]:
    """The types of the fields by their names, in order."""
    names = next(_WRITTEN_IN[base] for base in cls.__mro__ if base in _WRITTEN_IN)
    return typing.get_type_hints(cls, globalns=names)


def _plain(value: Any) -> Any:
    """A value in those that JSON has."""
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo is None else written("", value)
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if hasattr(value, "model_dump_json"):
        return _read_json(value.model_dump_json())
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    name = getattr(value, "name", None)
    return name if isinstance(name, str) and getattr(type(value), name, None) == value else value


def _read(value: Any, hint: Any) -> Any:
    """A value of a type, from those that JSON has."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in UNIONS:
        types = [part for part in parts if part is not type(None)]
        return value if value is None or len(types) > 1 else _read(value, types[0])
    if origin is list:
        return [_read(item, parts[0]) for item in value]
    if origin is dict:
        return {(int(key) if parts[0] is int else key): _read(item, parts[1]) for key, item in value.items()}
    if hint is datetime:
        return moment(value)
    cls = origin or hint
    if cls in (Any, str) or not isinstance(cls, type):
        return value
    if hasattr(cls, "model_validate"):
        return cls.model_validate(value)
    if hasattr(cls, "model_validate_json"):
        return cls.model_validate_json(_write_json(value))
    variant = getattr(cls, value, None) if isinstance(value, str) else None
    return variant if isinstance(variant, cls) else value
