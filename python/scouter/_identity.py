"""What tells whether the function of a task has changed since an earlier run.

Looked at: the function's code, its defaults, the plain values that it closes over or finds in its module, and, in the same
way, the functions of its own module that it calls. Not looked at: what other modules hold, and anything that can change
in place, such as lists; for these a task has its `version`. A variable that the function sets itself is its memory and no
part of what it is.
"""

from __future__ import annotations

import dis
import functools
import hashlib
import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType, MethodType
from typing import Any

SETS = {"STORE_DEREF", "DELETE_DEREF", "STORE_GLOBAL", "DELETE_GLOBAL"}
BUILDS = {"__init__", "__new__", "__post_init__", "__setstate__"}
PLAIN = (type(None), bool, int, float, complex, str, bytes)


def identity(function: Any) -> dict[str, str]:
    """The parts of a function with the digest of each."""
    parts: dict[str, str] = {}
    _add(function, "", parts, set())
    return parts


def _add(function: Any, above: str, parts: dict[str, str], seen: set[int]) -> None:
    if id(function) in seen:
        return
    seen.add(id(function))
    if isinstance(function, functools.partial):
        _add_values(enumerate(function.args), f"{above}argument ", parts, seen)
        _add_values(function.keywords.items(), f"{above}argument ", parts, seen)
        _add(function.func, above, parts, seen)
    elif isinstance(function, MethodType):
        _add_object(function.__self__, above, parts, seen)
        _add(function.__func__, above, parts, seen)
    elif isinstance(function, FunctionType):
        _add_function(function, above, parts, seen)
    elif inspect.isbuiltin(function) or isinstance(function, type):
        parts[f"{above}name"] = f"{function.__module__}.{function.__qualname__}"
    else:
        _add_object(function, above, parts, seen)
        _add(getattr(type(function), "__call__"), above, parts, seen)


def _add_function(function: FunctionType, above: str, parts: dict[str, str], seen: set[int]) -> None:
    code = function.__code__
    parts[f"{above}{function.__qualname__}"] = _digest(_code(code))
    _add_values(enumerate(function.__defaults__ or ()), f"{above}default ", parts, seen)
    _add_values((function.__kwdefaults__ or {}).items(), f"{above}default ", parts, seen)
    sets = set(_names(code, SETS))
    for name, cell in zip(code.co_freevars, function.__closure__ or ()):
        if name not in sets:
            try:
                _add_values([(name, cell.cell_contents)], above, parts, seen)
            except ValueError:  # It is not filled yet.
                pass
    for name in sorted(set(_names(code, {"LOAD_GLOBAL", "LOAD_NAME"})) - sets):
        if name in function.__globals__:
            value = function.__globals__[name]
            # What other modules hold is theirs: a new version of a library is no change of the function.
            if not isinstance(value, FunctionType) or value.__globals__ is function.__globals__:
                _add_values([(name, value)], above, parts, seen)


def _add_object(target: Any, above: str, parts: dict[str, str], seen: set[int]) -> None:
    """The class of an object, and those of its attributes that it does not set itself once it is built."""
    kind = target if isinstance(target, type) else type(target)
    parts[f"{above}class"] = f"{kind.__module__}.{kind.__qualname__}"
    methods = [value for name, value in vars(kind).items() if isinstance(value, FunctionType) and name not in BUILDS]
    sets = {name for method in methods for name in _names(method.__code__, {"STORE_ATTR", "DELETE_ATTR"})}
    held = {} if isinstance(target, type) else getattr(target, "__dict__", {})
    _add_values(((name, value) for name, value in sorted(held.items()) if name not in sets), above, parts, seen)


def _add_values(named: Any, above: str, parts: dict[str, str], seen: set[int]) -> None:
    for name, value in named:
        if isinstance(value, FunctionType):
            _add(value, above, parts, seen)
        elif _is_plain(value):
            parts[f"{above}{name}"] = _digest(_text(value))


def _is_plain(value: Any) -> bool:
    if type(value) in (tuple, frozenset):
        return all(_is_plain(item) for item in value)
    return type(value) in PLAIN


def _code(code: CodeType) -> str:
    """The code as text: what it does, without where it stands."""
    shape = (code.co_names, code.co_freevars, code.co_argcount, code.co_kwonlyargcount, code.co_flags)
    return f"{code.co_code.hex()} {_text(code.co_consts)} {shape!r}"


def _text(value: Any) -> str:
    """The same text for the same value in every process: a set has another order in each."""
    if isinstance(value, CodeType):
        return _code(value)
    if isinstance(value, (tuple, list)):
        return f"({', '.join(_text(item) for item in value)})"
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(_text(item) for item in value))}}}"
    return repr(value)


def _names(code: CodeType, operations: set[str]) -> Iterator[str]:
    """The names that operations of these kinds are about, in the code and in the functions inside it."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in operations:
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant, operations)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()
