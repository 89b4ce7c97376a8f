"""Arguments that are not what their annotations say: told by name, with what came and what is wanted, before anything is done with them.

The annotations are all there is to write: whatever takes arguments in Python and is public is `checked`.
"""

from __future__ import annotations

import functools
import os
import sys
import types
import typing
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypeVar, Union

C = TypeVar("C", bound=Callable[..., Any])
T = TypeVar("T", bound=type)

SECRET = ("password", "auth_token")
"""What is not shown."""
LONGEST = 60
UNIONS = (Union, getattr(types, "UnionType", Union))


def checked(function: C) -> C:
    """The function, which refuses arguments that are none of it and those of other types.

    Raises:
        TypeError: Of what is returned.
    """
    code = typing.cast(types.FunctionType, function).__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    @functools.wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        hints = _hints(function)
        for name in named:
            if name not in names:
                takes = ", ".join(f"`{known}`, {wanted(hints[known])}" for known in names if known in hints) or "none"
                raise TypeError(f"`{function.__qualname__}` has no argument `{name}`: it takes {takes}")
        for name, value in (*zip(names, given), *named.items()):
            if name in hints:
                check(name, value, hints[name])
        return function(*given, **named)

    return typing.cast(C, call)


def checked_tuple(cls: T) -> T:
    """A `NamedTuple` whose fields are checked as arguments are."""
    new = cls.__new__
    hints: dict[str, Any] = {}
    # Where it is written: later it may be named by where it is imported from.
    names_there = vars(sys.modules[cls.__module__])
    code: types.CodeType = new.__code__  # type: ignore[attr-defined]
    names = code.co_varnames[1 : code.co_argcount]

    @functools.wraps(new)
    def made(_cls: T, *given: Any, **named: Any) -> Any:
        if not hints:
            hints.update(typing.get_type_hints(cls, globalns=names_there))
        for name in named:
            if name not in names:
                raise TypeError(f"`{cls.__name__}` has no field `{name}`: it has {', '.join(f'`{known}`' for known in names)}")
        for name, value in (*zip(names, given), *named.items()):
            check(name, value, hints[name])
        return new(_cls, *given, **named)

    setattr(cls, "__new__", made)  # noqa: B010  # mypy takes it for a method otherwise
    return cls


def checked_class(cls: T) -> T:
    """A class whose public methods are checked."""
    for name, method in list(vars(cls).items()):
        if isinstance(method, types.FunctionType) and (name == "__init__" or not name.startswith("_")):
            setattr(cls, name, checked(method))
    return cls


@functools.lru_cache(maxsize=None)
def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    # What is imported for annotations alone is looked up here.
    names = {**vars(sys.modules[function.__module__]), "Path": Path}
    hints = typing.get_type_hints(function, globalns=names)
    hints.pop("return", None)
    return hints


def check(name: str, value: Any, hint: Any) -> None:
    """Refuses a value that is not of a type.

    Raises:
        TypeError: It is not.
    """
    if not fits(value, hint):
        came = f"a `{type(value).__name__}`"
        if isinstance(value, (str, int, float, bool)) and name not in SECRET:
            shown = repr(value)
            came = f"{shown if len(shown) <= LONGEST else shown[:LONGEST] + '…'}, {came}"
        raise TypeError(f"`{name}` is {came}: give {wanted(hint)}")


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type, as far as it can be told without looking into it."""
    origin = typing.get_origin(hint)
    if hint is Any or isinstance(hint, (str, TypeVar)):
        return True
    if hint is None or hint is type(None):
        return value is None
    if origin in UNIONS:
        return any(fits(value, part) for part in typing.get_args(hint))
    if origin is Literal:
        return isinstance(value, str) and value in typing.get_args(hint)
    if hint is bool:
        return isinstance(value, bool)
    if hint is int:
        return not isinstance(value, bool) and hasattr(type(value), "__index__")
    if hint is float:
        # Those of NumPy too.
        return not isinstance(value, (bool, str)) and hasattr(type(value), "__float__")
    if hint is Path:
        return isinstance(value, (str, os.PathLike))
    return isinstance(value, origin or hint)


WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "`True` or `False`", Path: "a path", None: "`None`", type(None): "`None`"}


def wanted(hint: Any) -> str:
    """A type in words."""
    origin = typing.get_origin(hint)
    if origin in UNIONS:
        return " or ".join(wanted(part) for part in typing.get_args(hint))
    if origin is Literal:
        return " or ".join(repr(value) for value in typing.get_args(hint))
    if hint in WORDS:
        return WORDS[hint]
    of = origin or hint
    name = getattr(of, "__name__", str(of))
    if isinstance(of, type) and issubclass(of, Enum):
        return f"a `{name}`, such as `{name}.{next(iter(of)).name}`"
    return f"{'an' if name[0] in 'AEIOU' else 'a'} `{name}`"
