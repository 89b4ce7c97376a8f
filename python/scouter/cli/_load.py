"""Suites and data from files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scouter import _saved
from scouter.cli._exit import stopping
from scouter.evaluate import GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults, TasksFile


def tasks(path: Path) -> list[Any]:
    """The tasks of a suite that is known to be sound."""
    with stopping():
        read = list(TasksFile.from_path(path))
        alone(read)
        return read


def alone(tasks: list[Any]) -> GenAIEvalDataset:
    """A dataset to ask for the plan of tasks, where there are no records."""
    return GenAIEvalDataset(records=[GenAIEvalRecord(context={})], tasks=tasks)


def dataset(options: argparse.Namespace, tasks: list[Any]) -> GenAIEvalDataset:
    """The records of the file with the tasks."""
    with stopping():
        return GenAIEvalDataset.from_path(
            options.data,
            tasks,
            format=options.format,
            id=options.id,
            columns=dict(options.column) if options.column else None,
            json=options.json_column,
            trace=options.trace,
            case_key=options.case_key,
            cluster_key=options.cluster_key,
            skip_bad=options.skip_bad,
        )


def results(path: Path) -> GenAIEvalResults:
    """The results of a file."""
    with stopping():
        return _saved.read(path)
