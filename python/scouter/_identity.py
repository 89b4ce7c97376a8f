"""What tells whether the function of a task has changed since an earlier run.

Looked at: the function's code, its defaults, the plain values that it closes over or finds in its module, and, in the same
way, the functions of its own module that it calls, the methods and plain attributes of its own class, and what a decorator or
a cache wraps. Not looked at: what other modules hold, and anything that can change in place, such as lists; for these a task
has its `version`. A variable that the function sets itself is its memory and no part of what it is.
"""

from __future__ import annotations

import dis
import functools
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any, Optional

SETS = {"STORE_DEREF", "DELETE_DEREF", "STORE_GLOBAL", "DELETE_GLOBAL"}
GLOBALS = {"LOAD_GLOBAL", "LOAD_NAME"}
ATTRIBUTES = {"LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"}
BUILDS = {"__init__", "__new__", "__post_init__", "__setstate__"}
PLAIN = (type(None), bool, int, float, complex, str, bytes)


def identity(function: Any) -> dict[str, str]:
    """The parts of a function with the digest of each, by the way that leads to it: no two parts have one name."""
    parts = Parts()
    parts.add(function, "", _module(_innermost(function)))
    return parts.digests


@dataclass
class Parts:
    """What was found on the way."""

    digests: dict[str, str] = field(default_factory=dict)
    seen: dict[int, tuple[str, Any]] = field(default_factory=dict)
    """Functions and objects by their `id`: where they were found first, and themselves, so that no `id` is used again."""

    def is_new(self, found: Any, way: str) -> bool:
        """Whether this was not met before. Where it was, the part is the place where that was."""
        first, _ = self.seen.setdefault(id(found), (way, found))
        if first != way:
            self.digests[f"{way}is"] = first
        return first == way

    def add(self, function: Any, way: str, module: Optional[str]) -> None:
        """What can be called, and by which way it was come to."""
        wrapped = _wrapped(function)
        is_object = isinstance(function, MethodType) or _calls(function)
        if not is_object and not self.is_new(function, way):
            return
        if isinstance(function, functools.partial):
            self.add_values(enumerate(function.args), f"{way}argument ", module)
            self.add_values(function.keywords.items(), f"{way}keyword ", module)
            self.add(function.func, f"{way}function: ", module)
        elif isinstance(function, MethodType):
            owner = function.__self__
            self.add_object(owner, f"{way}self: ", module)
            self.add_method(function.__func__, f"{way}method: ", owner if isinstance(owner, type) else type(owner))
        elif isinstance(function, FunctionType):
            # A wrapper is of the module of its decorator, and what other modules hold is theirs: it counts by what it closes over.
            self.add_function(function, way, is_ours=wrapped is None or _module(wrapped) == _module(function))
        elif is_object:
            self.add_object(function, f"{way}self: ", module)
            self.add_method(type(function).__call__, f"{way}method: ", type(function))
        elif wrapped is None:
            self.digests[f"{way}name"] = f"{_module(function)}.{getattr(function, '__qualname__', type(function).__qualname__)}"
        if wrapped is not None:
            self.add(wrapped, f"{way}wrapped: ", _module(wrapped))

    def add_method(self, method: Any, way: str, owner: type) -> None:
        """A method with what it uses of its class: of every base that has it, for it may call that of the base too."""
        function = _innermost(method)
        if isinstance(function, FunctionType) and self.is_new(function, way):
            self.add_function(function, way, is_ours=True)
            ours = {owner.__module__, _module(function)}
            for name in sorted(set(_names(function.__code__, ATTRIBUTES))):
                for base in owner.__mro__:
                    if base.__module__ in ours and name in vars(base):
                        self.add_member(vars(base)[name], f"{way}{base.__qualname__}.{name} ", owner)
        if function is not method:
            self.add(method, f"{way}wrapper: ", owner.__module__)

    def add_member(self, member: Any, way: str, owner: type) -> None:
        """What a class holds under a name."""
        for place, value in enumerate(_functions(member)):
            if isinstance(_innermost(value), FunctionType):
                self.add_method(value, f"{way}{place}: ", owner)
            else:
                self.add_values([(place, value)], way, owner.__module__)

    def add_function(self, function: FunctionType, way: str, is_ours: bool) -> None:
        """A function: its code and what it finds in its module where it is ours, and what it was made with."""
        code, module = function.__code__, _module(function)
        self.add_values(enumerate(function.__defaults__ or ()), f"{way}default ", module)
        self.add_values((function.__kwdefaults__ or {}).items(), f"{way}default ", module)
        sets = set(_names(code, SETS))
        for name, cell in zip(code.co_freevars, function.__closure__ or ()):
            if name not in sets:
                try:
                    self.add_values([(name, cell.cell_contents)], f"{way}closure ", module)
                except ValueError:  # It is not filled yet.
                    pass
        if not is_ours:
            return
        self.digests[f"{way}code"] = _digest(_code(code))
        for name in sorted(set(_names(code, GLOBALS)) - sets):
            if name in function.__globals__:
                value = function.__globals__[name]
                # What other modules hold is theirs: a new version of a library is no change of the function.
                if _is_plain(value) or _module(_innermost(value)) == module:
                    self.add_values([(name, value)], f"{way}global ", module)

    def add_object(self, target: Any, way: str, module: Optional[str]) -> None:
        """The class of an object, and those of its attributes that it does not set itself once it is built."""
        if not self.is_new(target, way):
            return
        kind = target if isinstance(target, type) else type(target)
        self.digests[f"{way}class"] = f"{kind.__module__}.{kind.__qualname__}"
        members = [item for base in kind.__mro__ for item in vars(base).items()]
        methods = [value for name, value in members if isinstance(value, FunctionType) and name not in BUILDS]
        sets = {name for method in methods for name in _names(method.__code__, {"STORE_ATTR", "DELETE_ATTR"})}
        held = {} if isinstance(target, type) else getattr(target, "__dict__", {})
        self.add_values(((name, value) for name, value in sorted(held.items()) if name not in sets), f"{way}attribute ", module)

    def add_values(self, named: Iterable[tuple[Any, Any]], above: str, module: Optional[str]) -> None:
        """Plain values, and what can be called; of objects those alone whose class stands in the module."""
        for name, value in named:
            if _is_plain(value):
                self.digests[f"{above}{name}"] = _digest(_text(value))
            elif _is_function(value) or (_calls(value) and type(value).__module__ == module):
                self.add(value, f"{above}{name}: ", module)


def _is_function(value: Any) -> bool:
    """Whether it is a function, or something made of one that can be looked into."""
    if isinstance(value, MethodType):
        return isinstance(_innermost(value.__func__), FunctionType)
    return isinstance(value, (FunctionType, functools.partial)) or _wrapped(value) is not None


def _calls(value: Any) -> bool:
    """Whether it is an object whose class says in Python how it is called."""
    return not isinstance(value, type) and isinstance(_innermost(getattr(type(value), "__call__", None)), FunctionType)


def _wrapped(value: Any) -> Any:
    """What a decorator or a cache was put around."""
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return None
    return held.get("__wrapped__") if isinstance(held, dict) else None


def _innermost(value: Any) -> Any:
    """What is left without decorators, caches and arguments."""
    passed: list[Any] = []
    while not any(value is one for one in passed):
        passed.append(value)
        inner = value.func if isinstance(value, functools.partial) else _wrapped(value)
        value = value if inner is None else inner
    return value


def _functions(member: Any) -> tuple[Any, ...]:
    """What stands behind a member of a class."""
    if isinstance(member, property):
        return member.fget, member.fset, member.fdel
    if isinstance(member, (staticmethod, classmethod)):
        return (member.__func__,)
    return (member.func,) if isinstance(member, functools.cached_property) else (member,)


def _module(value: Any) -> Optional[str]:
    """The name of the module that it stands in; of an object, that of its class. A wrapper says that it is of the module of
    what it wraps, so a function is asked for its globals."""
    if isinstance(value, MethodType):
        return _module(value.__func__)
    if isinstance(value, FunctionType):
        return value.__globals__.get("__name__")
    return getattr(value if isinstance(value, (type, BuiltinFunctionType)) else type(value), "__module__", None)


def _is_plain(value: Any) -> bool:
    if type(value) in (tuple, frozenset):
        return all(_is_plain(item) for item in value)
    return type(value) in PLAIN


def _code(code: CodeType) -> str:
    """The code as text: what it does, without where it stands."""
    # A call may name what it gives, so the names of parameters count. Since Python 3.11 the reach of `try` stands beside the code.
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    handlers = getattr(code, "co_exceptiontable", b"").hex()
    shape = (code.co_names, code.co_freevars, parameters, code.co_argcount, code.co_kwonlyargcount, code.co_flags, handlers)
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
