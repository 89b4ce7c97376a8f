"""Whether results are good enough, and in which words they are not. What the command line and the pytest plugin share."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional, Union

from scouter._scouter import nearest_id

if TYPE_CHECKING:
    from scouter._scouter import (
        AlignedEvalResult,
        ComparisonResults,
        EvaluationSummary,
        GenAIEvalResults,
        GenAIEvalTaskResult,
        TaskComparison,
        TaskCounts,
    )

    Results = Union[GenAIEvalResults, EvaluationSummary]

SHOWN = 10
"""How many outcomes that are not as they should be are shown in words; the rest is counted."""

WIDTH = 160
"""The most characters of one value."""


def share(name: str, value: object) -> float:
    """A share from 0 to 1, or a `ValueError` that names it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise ValueError(f"`{name}` must be a number from 0 to 1, not `{value!r}`")
    return float(value)


def no_such(what: str, name: str, known: Iterable[str]) -> str:
    """That there is no such thing, with the nearest name that there is."""
    near = nearest_id(name, list(known))
    return f"no {what} has the id `{name}`" + ("" if near is None else f"; did you mean `{near}`?")


@dataclass(frozen=True)
class Thresholds:
    """How good results must be."""

    pass_rate: Optional[float] = None
    """The least share of verdicts that pass, over all records. Unless it is given, everything must pass that has no threshold of its own."""
    tasks: Mapping[str, float] = field(default_factory=dict)
    """The same for single tasks, by id. A task that is named here counts although it is a gate; with 0 it may be closed for every record, or have nothing to look at."""
    errors: float = 0.0
    """The largest share of records on which a task may error."""

    def __post_init__(self) -> None:
        if self.pass_rate is not None:
            share("pass_rate", self.pass_rate)
        share("errors", self.errors)
        tasks = {name.lower(): share(f"tasks[{name!r}]", least) for name, least in self.tasks.items()}
        object.__setattr__(self, "tasks", tasks)

    def too_many_errors(self, results: Results) -> Optional[str]:
        """That the run ended before its last record, or that tasks error on more records than they may."""
        if results.cancelled:
            return f"stopped before its end: {results.stopped}" if results.stopped else "stopped before its end"
        if (lost := [task for task in over_all(results) if task.status in ("errored", "cancelled")]):
            return "; ".join(f"`{task.task_id}` over all records: {task.message}" for task in lost)
        errored, records = results.failed_count, records_in(results)
        # The share itself, which is the float that was given: 0.29 of 100, as a product, is less than 29.
        if errored == 0 or errored / records <= self.errors:
            return None
        allowed = f"at most {exactly(self.errors)} may" if self.errors else "none may"
        return f"{errored} of {count(records, 'record')} errored ({', '.join(results.errored_tasks)}); {allowed}"

    def missed_by(self, results: Results) -> set[str]:
        """The tasks that miss a threshold of their own."""
        counts = results.task_counts()
        rates = {task: counts[task].pass_rate for task in self.tasks if task in counts}
        return {task for task, rate in rates.items() if (rate or 0) < self.tasks[task]}

    def unmet(self, results: Results) -> list[str]:
        """The thresholds that the results miss, in words; a `KeyError` for a task that is not there."""
        __tracebackhide__ = True  # pytest shows the test that named the task.
        missed = []
        if self.pass_rate is None:
            whose, least, judged = " of the other tasks" if self.tasks else "", 1.0, results._counts_without(list(self.tasks))
        else:
            whose, least, judged = "", self.pass_rate, results._counts()
        if judged.pass_rate is not None and judged.pass_rate < least:
            missed.append(f"pass rate{whose} {rate(judged)}, at least {exactly(least)} is needed")
        if not came_to_a_verdict(results):
            missed.append("no task came to a verdict")
        # What is behind a gate is skipped for every record, what is left would pass for the whole suite.
        missed += self.unless_let(results._blind_tasks())
        for task in over_all(results):
            if task.status == "failed" and not task.condition and task.task_id not in self.tasks:
                missed.append(f"`{task.task_id}` failed over all records: {task.message}")
        counts = results.task_counts()
        for task, least in self.tasks.items():
            if task not in counts:
                raise KeyError(no_such("task", task, counts))
            share_passed = counts[task].pass_rate
            if share_passed is None and least > 0:
                missed.append(f"`{task}` came to no verdict")
            elif share_passed is not None and share_passed < least:
                missed.append(f"pass rate of `{task}` {rate(counts[task])}, at least {exactly(least)} is needed")
        return missed

    def unchecked(self, results: Results) -> list[str]:
        """What was checked for no record, since a gate looks at what is in none, or could judge none: whether it holds the results do not say."""
        return self.unless_let(results._shut_gates())

    def unless_let(self, told: Mapping[str, str]) -> list[str]:
        """What is told of tasks, but of those that may fail for every record."""
        return [line for task, line in told.items() if self.tasks.get(task) != 0]


def compared(comparison: ComparisonResults) -> str:
    """A comparison in a line. Where nothing got worse that is said first: `inconclusive` alone reads like a failure."""
    if comparison.outcome == "passed" and comparison.verdict == "inconclusive":
        return f"nothing got worse; whether anything got better is {comparison.verdict}: {comparison.headline}"
    return f"{comparison.verdict}: {comparison.headline}"


def lost_checks(comparison: ComparisonResults) -> list[TaskComparison]:
    """The checks that passed and do not pass any more."""
    return [change for change in comparison.task_status_changes if change.baseline_passed and not change.comparison_passed]


def explain_change(change: TaskComparison) -> str:
    """What a check came to before and what it comes to now, in a line."""
    trial = f", trial {change.trial}" if change.trial is not None else ""
    return f"record `{change.record_id}`{trial}, task `{change.task_id}`: {change.baseline_status} before, {change.comparison_status} now"


def lost_tasks(comparison: ComparisonResults) -> list[str]:
    """The tasks that the baseline alone has."""
    return [task.task_id for task in comparison.missing_tasks if task.present_in == "baseline"]


def over_all(results: Results) -> list[GenAIEvalTaskResult]:
    """The outcomes of the tasks that look at all records at once."""
    return results.window.records


def came_to_a_verdict(results: Results) -> bool:
    """Whether some task did, of single records or of all of them."""
    return results.pass_rate is not None or any(task.status in ("passed", "failed") for task in over_all(results))


def records_in(results: Results) -> int:
    """How many records were evaluated."""
    return results.records if hasattr(results, "records") else len(results)


def rate(counts: TaskCounts) -> str:
    """A pass rate with its denominator; a dash where nothing counted."""
    return "-" if counts.pass_rate is None else f"{percent(counts.pass_rate)} ({counts.passed:,}/{counts.counted:,})"


def interval(counts: TaskCounts) -> str:
    """Where a pass rate lies (95 %, Wilson); a dash where there is none."""
    bounds = counts.interval()
    return "-" if bounds is None else f"{percent(bounds[0])} to {percent(bounds[1])}"


def percent(share: float) -> str:
    """A share with no more digits than it needs to be told from a round one. What is not all never reads 100 %, nor what is not none 0 %."""
    if share == round(share, 2):
        return f"{share:.0%}"
    text = f"{share:.2%}"
    return {"100.00%": ">99.99%", "0.00%": "<0.01%"}.get(text, text)


def exactly(share: float) -> str:
    """A share that was asked for, with all its digits."""
    return f"{100 * share:.10g}%"


def count(number: int, what: str) -> str:
    """`1 record`, `2 records`."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def name_of(result: AlignedEvalResult) -> str:
    """The id of a record, ours where it has none of its own."""
    return result.record_id or result.record_uid


def explain(
    results: GenAIEvalResults | AlignedEvalResult, most: int = SHOWN, missed: Collection[str] = (), said: Callable[[str], str] = str
) -> list[str]:
    """The outcomes that are not as they should be, in words: task, path, actual, expected.

    What errored comes first, then what tasks came to that `missed` their threshold: few of many are shown, and those are the reason. How the message of
    an error is `said` depends on where it is shown.
    """

    def weight(task: GenAIEvalTaskResult) -> tuple[bool, bool]:
        return task.status == "failed", task.task_id.lower() not in missed

    tasks = sorted(results.failures(), key=weight)
    lines = [line for task in tasks[:most] for line in ("", *explain_task(task, said))]
    left = len(tasks) - most
    return [*lines, "", f"and {left} more"] if left > 0 else lines


def explain_task(task: GenAIEvalTaskResult, said: Callable[[str], str] = str) -> list[str]:
    """One outcome, in words."""
    path = f", path `{task.context_path}`" if task.context_path else ""
    trial = f", trial {task.trial}" if task.trial is not None else ""
    lines = [f"record `{task.record_id or task.record_uid}`{trial}, task `{task.task_id}`{path}: {task.status}"]
    if task.status == "failed":
        lines += [f"  expected  {operator(task)}{shown(task.expected)}", f"  actual    {shown(task.actual)}"]
    message = said(task.message) if task.message and task.status == "errored" else task.message
    return [*lines, f"  {message}"] if message else lines


def operator(task: GenAIEvalTaskResult) -> str:
    return f"{task.operator.name} " if task.operator is not None else ""


def shown(value: Any) -> str:
    """A value as JSON, cut."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
