"""What one writes without a tool: a list of functions and two loops. The bar for bulk speed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from workload import Check, Record

Test = Callable[[Any], bool]


def setup() -> None:
    pass


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _test(check: Check) -> Test:
    expected = check.expected
    match check.operator:
        case "Equals":
            return lambda value: bool(value == expected)
        case "Contains":
            return lambda value: expected in value
        case "MatchesRegex":
            search = re.compile(expected).search
            return lambda value: search(value) is not None
        case "HasLengthLessThan":
            return lambda value: len(value) < expected
        case "GreaterThanOrEqual":
            return lambda value: bool(value >= expected)
        case "InRange":
            low, high = expected
            return lambda value: bool(low <= value <= high)
        case "IsJson":
            return _is_json
        case "IsNotEmpty":
            return lambda value: len(value) > 0
    raise ValueError(f"no function for operator `{check.operator}`")


def _function(check: Check) -> Test:
    """A function of the record, written as by hand for paths of one, two and three keys."""
    test = _test(check)
    match check.path.split("."):
        case [a]:
            return lambda record: test(record[a])
        case [a, b]:
            return lambda record: test(record[a][b])
        case [a, b, c]:
            return lambda record: test(record[a][b][c])
    raise ValueError(f"path `{check.path}` is too deep")


def plan(checks: list[Check]) -> Any:
    return [(check, _function(check)) for check in checks]


def build(records: list[Record], plan: Any) -> Any:
    return records, plan


def evaluate(built: Any) -> Any:
    records, plan = built
    functions = [function for _, function in plan]
    if not any(check.depends_on for check, _ in plan):
        rows = [[function(record) for function in functions] for record in records]
    else:
        rows = [_walk(record, plan) for record in records]
    return plan, rows


def _walk(record: Record, plan: Any) -> list[bool | None]:
    """One record through the graph, in order of declaration; `None` for what a closed gate left out."""
    closed: set[str] = set()
    row: list[bool | None] = []
    for check, function in plan:
        if not closed.isdisjoint(check.depends_on):
            closed.add(check.id)
            row.append(None)
            continue
        passed = function(record)
        if check.gate and not passed:
            closed.add(check.id)
        row.append(passed)
    return row


def passes(result: Any) -> dict[str, int]:
    plan, rows = result
    return {check.id: sum(1 for row in rows if row[i]) for i, (check, _) in enumerate(plan)}
