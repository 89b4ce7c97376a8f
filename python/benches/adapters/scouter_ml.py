"""scouter-ml: the same interface as ours, but for reading: it has no counts, so every record's results are walked."""

from __future__ import annotations

from collections import Counter
from typing import Any

from adapters.ours import evaluate, plan
from workload import Record

__all__ = ["build", "evaluate", "passes", "plan", "setup"]

_ids: list[str] = []


def setup() -> None:
    import scouter.evaluate  # noqa: F401


def build(records: list[Record], plan: Any) -> Any:
    from scouter.evaluate import GenAIEvalDataset
    from scouter.queue import GenAIEvalRecord

    _ids[:] = [record["request_id"] for record in records]
    made = [GenAIEvalRecord(context=record, id=record["request_id"]) for record in records]
    return GenAIEvalDataset(records=made, tasks=plan)


def passes(result: Any) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for id in _ids:
        counts.update(task.task_id for task in result[id].eval_set.records if task.passed)
    return dict(counts)
