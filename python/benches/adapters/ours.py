"""Scouter."""

from __future__ import annotations

from typing import Any

from workload import Check, Record


def setup() -> None:
    import scouter.evaluate  # noqa: F401


def plan(checks: list[Check]) -> Any:
    from scouter.evaluate import AssertionTask, ComparisonOperator

    return [
        AssertionTask(
            id=check.id,
            context_path=check.path,
            operator=getattr(ComparisonOperator, check.operator),
            expected_value=check.expected,
            depends_on=list(check.depends_on),
            condition=check.gate,
        )
        for check in checks
    ]


def build(records: list[Record], plan: Any) -> Any:
    from scouter.evaluate import GenAIEvalDataset, GenAIEvalRecord

    made = [GenAIEvalRecord(context=record, id=record["request_id"]) for record in records]
    return GenAIEvalDataset(records=made, tasks=plan)


def evaluate(built: Any) -> Any:
    return built.evaluate()


def passes(result: Any) -> dict[str, int]:
    return {id: counts.passed for id, counts in result.task_counts().items()}
