"""`scouter eval plan`"""

from __future__ import annotations

import argparse
from typing import Any

from scouter.cli import _load
from scouter.cli._exit import Exit
from scouter.cli._show import Output


def run(options: argparse.Namespace, output: Output) -> Exit:
    """Shows the plan of a suite."""
    tasks = _load.tasks(options.suite)
    dataset = _load.alone(tasks)
    stages = dataset.get_execution_plan()
    if output.json:
        return output.end(Exit.PASSED, {"suite": str(options.suite), "stages": stages, "tasks": [entry(task, stages) for task in tasks]}, "")
    if output.terminal:
        dataset.print_execution_plan()
        return Exit.PASSED
    rows = []
    for task in sorted((entry(task, stages) for task in tasks), key=lambda task: task["stage"]):
        gate = "gate" if task["condition"] else ""
        rows.append([str(task["stage"]), task["id"], task["kind"], gate, ",".join(task["depends_on"]), task["description"] or ""])
    output.table(["stage", "task", "kind", "gate", "depends_on", "description"], rows)
    return Exit.PASSED


def entry(task: Any, stages: list[list[str]]) -> dict[str, Any]:
    """A task as the plan shows it."""
    return {
        "id": task.id,
        "kind": task.task_type.name,
        "description": task.description,
        "depends_on": task.depends_on,
        "condition": task.condition,
        "stage": next(at for at, stage in enumerate(stages, 1) if task.id in stage),
    }
