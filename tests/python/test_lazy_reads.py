"""Python objects are copied as bytes, and looked into no sooner than a check has to; records of files are values from the beginning. Both come to the same."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scouter.errors import ConfigError
from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults

OPERATORS = [getattr(ComparisonOperator, name) for name in dir(ComparisonOperator) if name[0].isupper()]
EXPECTED: list[dict[str, Any]] = [{}, *({"expected_value": value} for value in (False, 0, 2, "a", [1, 2], ["a"], [], {"type": "array"}))]


def tasks() -> Iterator[AssertionTask]:
    """Every operator with all that it can work with, for items and for the whole."""
    number = 0
    for operator in OPERATORS:
        for expected in EXPECTED:
            for each in ("all", "any", "none", 2):
                for item in (None, "a"):
                    task = AssertionTask(f"t{number}", context_path="v", operator=operator, each=each, item_context_path=item, **expected)
                    try:
                        GenAIEvalDataset([GenAIEvalRecord(context={})], [task])
                    except ConfigError:
                        continue
                    number += 1
                    yield task


def value(chance: random.Random, depth: int = 0) -> Any:
    """Something that may stand in JSON; arrays and objects of it are kept whole or cut."""
    kind = chance.random() if depth < 4 else 1.0
    if kind < 0.3:
        return [value(chance, depth + 1) for _ in range(chance.randrange(6))]
    if kind < 0.5:
        return {chance.choice("abc"): value(chance, depth + 1) for _ in range(chance.randrange(4))}
    if kind < 0.6:
        # 170 numbers are kept.
        return [chance.randrange(-5, 5) for _ in range(chance.randrange(160, 180))]
    return chance.choice([None, True, 0, 1, 2, -1, 1e300, float("nan"), float("inf"), 10**25, "", "a", "1", "é x", "x" * chance.randrange(900, 2300)])


def told(results: GenAIEvalResults, ids: list[str]) -> list[tuple[str, ...]]:
    """How every task came out, why, and what is kept of what it looked at."""
    judged = [[record[id] for id in ids] for record in results]
    return [(one.task_id, one.status, one.message, repr(one.actual), repr(one.expected)) for record in judged for one in record]


@pytest.mark.parametrize("seed", range(3))
def test_records_in_memory_and_in_a_file_come_to_the_same(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    contexts = [{"v": value(chance)} for _ in range(8)]
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(context) + "\n" for context in contexts))
    checks = [
        *tasks(),
        AssertionTask("filled", context_path="v", operator=ComparisonOperator.Equals, expected_value="${v}"),
        AssertionTask("whole", context_path="$", operator=ComparisonOperator.HasLengthEqual, expected_value=1),
        AssertionTask("later", context_path="t0", operator=ComparisonOperator.HasLengthGreaterThan, expected_value=1, depends_on=["t0"]),
        AssertionTask("later_item", context_path="t0[0]", operator=ComparisonOperator.Exists, depends_on=["t0"]),
        AssertionTask("later_whole", context_path="$", operator=ComparisonOperator.HasKeys, expected_value=["v", "t0"], depends_on=["t0"]),
    ]
    ids = [task.id for task in checks]
    in_memory = GenAIEvalDataset([GenAIEvalRecord(context=context) for context in contexts], checks).evaluate()
    expected = told(GenAIEvalDataset.from_path(path, checks).evaluate(), ids)
    assert len(expected) > 8 * 5 * len(OPERATORS)
    assert told(in_memory, ids) == expected
    assert told(GenAIEvalResults.model_validate_json(in_memory.model_dump_json()), ids) == expected
