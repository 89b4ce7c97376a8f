"""Examples for schemas, checked by pydantic, which made the schemas."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, Literal, Optional, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter

from scouter.mock._example import example


DEFINED = {"$defs": {"a/b": {"properties": {"x": {"const": 1}}}}}


class Colour(Enum):
    red = "red"
    green = "green"


class Node(BaseModel):
    name: str
    children: list[Node]
    parent: Optional[Node] = None


class Base(BaseModel):
    kind: Literal["base"]
    size: int = Field(ge=3, le=4)


class Whole(BaseModel):
    colour: Colour
    tags: Annotated[list[str], Field(min_length=2, max_length=3)]
    part: Union[Base, None]
    either: Union[int, str]
    pair: tuple[int, str]
    score: Annotated[int, Field(ge=1, le=3)]
    share: Annotated[float, Field(gt=0, lt=1)]
    short: Annotated[str, Field(max_length=3)]
    long: Annotated[str, Field(min_length=100)]
    yes: bool
    nothing: None
    open: dict[str, int]


@pytest.mark.parametrize(
    "form",
    [
        Colour,
        Node,
        Base,
        Whole,
        list[Whole],
        Optional[int],
        Annotated[int, Field(gt=10, multiple_of=7)],
        Annotated[int, Field(lt=-10)],
        Annotated[float, Field(gt=10)],
        Annotated[float, Field(le=-2.5)],
        Annotated[list[Node], Field(max_length=0)],
    ],
)
def test_an_example_fits_its_schema(form: Any) -> None:
    adapter = TypeAdapter(form)
    made = example(adapter.json_schema())
    assert adapter.dump_python(adapter.validate_python(made), mode="json", exclude_unset=True) == made


@given(st.integers(-50, 50), st.integers(0, 50), st.booleans(), st.booleans(), st.booleans())
def test_a_number_is_within_its_bounds(low: int, width: int, whole: bool, above: bool, below: bool) -> None:
    high = low + width + 2  # there is a number between
    schema = {
        "type": "integer" if whole else "number",
        "exclusiveMinimum" if above else "minimum": low,
        "exclusiveMaximum" if below else "maximum": high,
    }
    number = example(schema)
    assert (low < number if above else low <= number) and (number < high if below else number <= high)
    assert not whole or isinstance(number, int)


@pytest.mark.parametrize(
    ("schema", "fits"),
    [
        ({"type": "OBJECT", "properties": {"a": {"type": "INTEGER"}}}, {"a": 1}),
        ({"type": ["null", "boolean"]}, True),
        ({"const": 0, "type": "integer"}, 0),
        ({"enum": [None, 1]}, None),
        ({"allOf": [{"$ref": "#/$defs/a~1b"}, {"properties": {"y": {"const": 2}}}], **DEFINED}, {"x": 1, "y": 2}),
        ({"oneOf": [{"type": "null"}, {"const": 3}]}, 3),
        ({"$ref": "#"}, None),
        ({"type": "array", "items": {"const": 1}, "minItems": 3}, [1, 1, 1]),
        ({}, "An example made by the test server."),
    ],
)
def test_words_of_schemas_are_understood(schema: dict[str, Any], fits: object) -> None:
    assert example(schema) == fits
