"""Evaluations as pytest tests: one for a dataset, or one for each of its records.

    from scouter.testing import per_dataset, per_record

    @per_dataset(dataset, threshold=0.9, tasks={"is_right": 0.95})
    def test_bot(scouter_results): ...

    @per_record(dataset)
    def test_record(scouter_case): ...

The plugin that runs them comes with the package: see `scouter.pytest_plugin`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional, Union

if TYPE_CHECKING:
    import pytest

    from scouter._scouter import AlignedEvalResult, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalTaskResult

    Dataset = Union[GenAIEvalDataset, Callable[[], GenAIEvalDataset]]

__all__ = ["Case", "EvaluationFailed", "per_dataset", "per_record"]


class EvaluationFailed(AssertionError):
    """Results that are not good enough. pytest shows its text alone, without a traceback."""


@dataclass(frozen=True)
class Case:
    """One record of a dataset, and what came of it."""

    id: str
    """The record's id."""
    record: GenAIEvalRecord
    """The record."""
    result: AlignedEvalResult
    """What came of it."""

    @property
    def tasks(self) -> dict[str, GenAIEvalTaskResult]:
        """What each task came to, by its id."""
        return {task.task_id: task for task in self.result.eval_set.records}

    @property
    def pass_rate(self) -> Optional[float]:
        """The share of verdicts that pass, gates aside; `None` where no task came to one."""
        return self.result.eval_set.pass_rate

    @property
    def passed(self) -> bool:
        """Whether no task failed, gates aside, and none errored."""
        return not self.result.failures()


def per_dataset(
    dataset: Dataset,
    *,
    threshold: Optional[float] = None,
    tasks: Optional[Mapping[str, float]] = None,
    errors: float = 0.0,
    config: Optional[EvaluationConfig] = None,
) -> pytest.MarkDecorator:
    """The test function becomes one test of a whole dataset, which fails where the results are not good enough.

    It may take `scouter_results`, the results, to look further into them.

    Args:
        dataset: The dataset, or a function that makes it when the test runs.
        threshold: The least pass rate over all records, from 0 to 1. Unless it is given, everything must pass that is not in `tasks`.
        tasks: The least pass rates of single tasks, by their ids.
        errors: The largest share of records on which a task may error.
        config: How the evaluation runs.

    Raises:
        TypeError: Where it stands above a test without its dataset.
    """
    import pytest

    has_a_dataset("per_dataset", dataset)
    options = {"threshold": threshold, "tasks": tasks, "errors": errors, "config": config}
    return pytest.mark.scouter(dataset=dataset, per="dataset", **options)


def per_record(
    dataset: Dataset,
    *,
    ids: Optional[Iterable[str]] = None,
    threshold: float = 1.0,
    config: Optional[EvaluationConfig] = None,
) -> pytest.MarkDecorator:
    """The test function becomes a test for every record, with the record's id as the id of the test.

    It may take `scouter_case`, a `Case`, to look further into the record. A record on which no task comes to a verdict,
    since a gate keeps them all from running, is a skipped test.

    Args:
        dataset: The dataset, or a function that makes it when tests are collected.
        ids: The records to test; all of them unless given.
        threshold: The least pass rate of each record, from 0 to 1.
        config: How the evaluation runs.

    Raises:
        TypeError: Where it stands above a test without its dataset.
    """
    import pytest

    has_a_dataset("per_record", dataset)
    options: dict[str, Any] = {"threshold": threshold, "config": config}
    if ids is not None:
        options["ids"] = ids if isinstance(ids, str) else tuple(ids)
    return pytest.mark.scouter(dataset=dataset, per="record", **options)


def has_a_dataset(decorator: str, given: object) -> None:
    """Refuses a test where its dataset should be: pytest would leave it out with no more than a warning.

    What makes a dataset takes no arguments, and a function that is being decorated has no name in its module yet.
    """
    if not inspect.isfunction(given):
        return
    parameters = inspect.signature(given).parameters.values()
    needs = any(of.default is of.empty and of.kind not in (of.VAR_POSITIONAL, of.VAR_KEYWORD) for of in parameters)
    is_new = given.__globals__.get(given.__name__) is not given
    if needs or (is_new and given.__name__.startswith("test")):
        raise TypeError(f"`@{decorator}` stands above `{given.__name__}` without a dataset: write `@{decorator}(dataset)`")
