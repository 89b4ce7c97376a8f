"""Features of models."""

from __future__ import annotations

import datetime
import types
import typing
from typing import Any, Union
from weakref import WeakKeyDictionary

from scouter._scouter import Features

__all__ = ["FeatureMixin"]


class FeatureMixin:
    """Gives a pydantic model, or any class with annotations, `to_features`.

        class PredictRequest(BaseModel, FeatureMixin):
            age: float
            city: Optional[str] = None
    """

    def to_features(self) -> Features:
        """The fields that are numbers, bools, texts, dates and datetimes by their annotation, also where they may be `None`. Others are left out."""
        return Features({name: getattr(self, name) for name in _names(type(self))})


_KNOWN: WeakKeyDictionary[type, tuple[str, ...]] = WeakKeyDictionary()


def _names(model: type) -> tuple[str, ...]:
    """The fields of a class that are features."""
    known = _KNOWN.get(model)
    if known is None:
        fields: Any = getattr(model, "model_fields", None)
        hints = typing.get_type_hints(model) if fields is None else {name: field.annotation for name, field in fields.items()}
        known = _KNOWN[model] = tuple(name for name, hint in hints.items() if _is_value(hint))
    return known


def _is_value(hint: Any) -> bool:
    """Whether an annotation is that of a number, a bool, a text or a moment."""
    origin = typing.get_origin(hint)
    if origin is Union or origin is types.UnionType:
        inner = [part for part in typing.get_args(hint) if part is not type(None)]
        return bool(inner) and all(map(_is_value, inner))
    if origin is typing.Literal:
        return all(isinstance(value, (int, float, str)) for value in typing.get_args(hint))
    return isinstance(hint, type) and issubclass(hint, (int, float, str, datetime.date))
