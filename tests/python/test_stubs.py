"""What editors and type checkers are told of the compiled module is complete. `.ci/test` holds the stubs to the module itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scouter

STUBS = Path(scouter.__file__).with_name("_scouter.pyi")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(body: list[ast.stmt], *inside: str) -> Iterator[tuple[list[str], Function]]:
    """Functions with the names of the classes that they stand in."""
    for item in body:
        if isinstance(item, ast.ClassDef):
            yield from functions(item.body, *inside, item.name)
        elif isinstance(item, Function):
            yield [*inside, item.name], item


@pytest.fixture(scope="module")
def module() -> ast.Module:
    return ast.parse(STUBS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def all_functions(module: ast.Module) -> list[tuple[list[str], Function]]:
    found = list(functions(module.body))
    assert len(found) > 1_000
    return found


def test_every_argument_and_answer_has_a_type(all_functions: list[tuple[list[str], Function]]) -> None:
    untyped = []
    for name, function in all_functions:
        given = function.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        types = [argument.annotation for argument in named if argument and argument.arg not in ("self", "cls")]
        if None in [function.returns, *types]:
            untyped.append(".".join(name))
    assert untyped == []


def test_every_public_function_and_property_says_what_it_is(all_functions: list[tuple[list[str], Function]]) -> None:
    silent = []
    for name, function in all_functions:
        sets = any(isinstance(decorator, ast.Attribute) and decorator.attr == "setter" for decorator in function.decorator_list)
        # What the fields of a variant are is told with the variant.
        public = not name[-1].startswith("_") and not sets and len(name) < 3
        if public and not ast.get_docstring(function):
            silent.append(".".join(name))
    assert silent == []


def test_every_public_class_says_what_it_is(module: ast.Module) -> None:
    classes = [item for item in ast.walk(module) if isinstance(item, ast.ClassDef) and not item.name.startswith("_")]
    assert [item.name for item in classes if not ast.get_docstring(item)] == []


def test_what_is_gone_through_says_what_it_holds(all_functions: list[tuple[list[str], Function]]) -> None:
    bare = []
    for name, function in all_functions:
        public = not name[-1].startswith("_") or name[-1] in ("__iter__", "__next__", "__getitem__")
        held = [node.value for node in ast.walk(function.returns or ast.Pass()) if isinstance(node, ast.Subscript)]
        names = [node for node in ast.walk(function.returns or ast.Pass()) if isinstance(node, ast.Name)]
        if public and any(node.id in ("Iterator", "list", "dict") and node not in held for node in names):
            bare.append(".".join(name))
    assert bare == []
