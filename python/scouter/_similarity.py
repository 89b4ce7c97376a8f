"""Likeness of texts by their vectors, as a check."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from scouter._scouter import ComparisonOperator, CustomTask, Embedder


def SemanticSimilarityAtLeast(  # noqa: N802 - the name of a kind of check
    id: str,
    embedder: Embedder,
    threshold: float,
    context_path: str = "response",
    expected_path: str = "reference",
    description: Optional[str] = None,
    depends_on: Optional[Sequence[str]] = None,
    condition: bool = False,
    timeout: Optional[float] = None,
) -> CustomTask:
    """A check that two texts of the record mean the same: the cosine of the angle between their vectors is at least so much.

    Args:
        id: The task's name.
        embedder: What makes the vectors.
        threshold: The least cosine, from -1 to 1. What is alike depends on the model: look at a few pairs first.
        context_path: Where the text is, such as `response.text` or `answers.0`.
        expected_path: Where the text is that it is compared with.
        description: What the task is for.
        depends_on: The tasks that run before this one.
        condition: Whether the task is a gate.
        timeout: How many seconds it may take.

    Raises:
        ValueError: Where the threshold is no cosine.
    """
    if not -1 <= threshold <= 1:
        raise ValueError(f"`threshold` must be from -1 to 1, and is {threshold}")

    def similarity(context: dict[str, Any]) -> object:
        return embedder._likeness(_text(context, context_path), _text(context, expected_path))

    return CustomTask(
        id,
        similarity,
        expected_value=threshold,
        operator=ComparisonOperator.GreaterThanOrEqual,
        description=description,
        depends_on=list(depends_on or ()),
        condition=condition,
        timeout=timeout,
    )


def _text(context: Any, path: str) -> str:
    """The text at a path of keys and places; anything else as JSON."""
    value = context
    for key in path.split("."):
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, Sequence) and not isinstance(value, str) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            raise LookupError(f"there is no `{key}` of `{path}` in the record")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
