"""JSON Schemas for replies of models: of dataclasses, and whether two ask for the same."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from datetime import date, datetime, time
from typing import Any, Literal, Union

NOTES = ("title", "description", "default", "additionalProperties")
"""What two classes of the same form may say differently, where it is no schema itself."""

TEXTS: dict[Any, str] = {date: "date", datetime: "date-time", time: "time"}
"""Types whose values are texts in JSON, with the format of these."""

SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def of_class(cls: type) -> dict[str, Any]:
    """The schema of a dataclass.

    Raises:
        TypeError: Where it is none, or a field has a type that is no JSON.
    """
    if not dataclasses.is_dataclass(cls):
        raise TypeError(f"`output_type` is the class `{cls.__name__}`: expected `Score`, a pydantic model, a dataclass, or a JSON Schema as a dict")
    return _of_dataclass(cls, ())


def _of_dataclass(cls: type, inside: tuple[type, ...]) -> dict[str, Any]:
    if cls in inside:
        raise TypeError(f"`{cls.__name__}` holds itself, which has no schema here: give a JSON Schema instead")
    hints = typing.get_type_hints(cls)
    properties, required = {}, []
    for field in dataclasses.fields(cls):
        try:
            schema = _of_type(hints[field.name], (*inside, cls))
        except TypeError as error:
            raise TypeError(f"`{cls.__name__}.{field.name}`: {error}") from None
        if described := field.metadata.get("description"):
            schema = {**schema, "description": described}
        properties[field.name] = schema
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            required.append(field.name)
    schema = {"title": cls.__name__, "type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return schema


def _of_type(hint: Any, inside: tuple[type, ...]) -> dict[str, Any]:
    if hint in SIMPLE:
        return {"type": SIMPLE[hint]}
    if hint in TEXTS:
        return {"type": "string", "format": TEXTS[hint]}
    if hint is Any:
        return {}
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is Union or origin is types.UnionType:
        return {"anyOf": [_of_type(argument, inside) for argument in arguments]}
    if origin is list or hint is list:
        return {"type": "array", "items": _of_type(arguments[0], inside)} if arguments else {"type": "array"}
    if origin is dict or hint is dict:
        return {"type": "object", "additionalProperties": _of_type(arguments[1], inside)} if arguments else {"type": "object"}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [member.value for member in hint]}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _of_dataclass(hint, inside)
    raise TypeError(f"`{hint}` has no form in JSON")


def same_form(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two schemas ask for the same, whatever their classes are called and how they are described."""
    return bool(_form(one, one.get("$defs", {}), ()) == _form(other, other.get("$defs", {}), ()))


def _form(schema: Any, definitions: dict[str, Any], inside: tuple[str, ...]) -> Any:
    """A schema without notes, and with definitions in the place of their names: what libraries write in two ways is written in one."""
    if isinstance(schema, list):
        return [_form(item, definitions, inside) for item in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref")).removeprefix("#/$defs/")
    if name in inside:
        return {"$ref": len(inside) - inside.index(name)}
    if name in definitions:
        return _form(definitions[name], definitions, (*inside, name))
    members = {key: value for key, value in schema.items() if key != "$defs" and (key not in NOTES or isinstance(value, dict))}
    # What follows is said of a schema alone: a member of that name is a schema itself.
    if isinstance(required := members.get("required"), list):
        members["required"] = sorted(required)
        if not required:
            del members["required"]
    if "const" in members and not isinstance(members["const"], dict):
        members["enum"] = [members.pop("const")]
    if isinstance(members.get("enum"), list):
        members.pop("type", None)
    return {key: _form(value, definitions, inside) for key, value in members.items()}
