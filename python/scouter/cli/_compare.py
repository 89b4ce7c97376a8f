"""`scouter eval compare`, and comparisons as other commands show them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

from scouter import _verdict
from scouter.cli import _load
from scouter.cli._exit import Exit, stopping
from scouter.cli._show import Output, numbers
from scouter.cli._words import spoken
from scouter.evaluate import ComparisonResults, GenAIEvalResults, NumberChange, RateChange, TaskVerdict


def run(options: argparse.Namespace, output: Output) -> Exit:
    """Compares the results of a file with those of another."""
    results, baseline = _load.results(options.results), _load.results(options.baseline)
    comparison = against(results, options, baseline)
    code = verdict(comparison)
    show(output, comparison, options.show)
    output.line()
    told = comparison.headline if code.word == comparison.verdict else _verdict.compared(comparison)
    compared = {"results": str(options.results), "comparison": content(comparison, options.baseline)}
    return output.end(code, compared, spoken(told), word(comparison))


def word(comparison: ComparisonResults) -> Optional[str]:
    """The verdict of a comparison for people, where its own says what did not happen: of runs without a record in common none may have errored."""
    return "not comparable" if comparison.invalid_reason == "disjoint_records" else None


def verdict(comparison: ComparisonResults) -> Exit:
    """How a comparison ends a command."""
    return Exit[comparison.outcome.upper()]


def show(output: Output, comparison: ComparisonResults, most: int) -> None:
    """What changed: every task and every number in a line, the records whose checks do not pass any more, and what the verdict rests on."""
    verdicts = comparison.task_verdicts().values()
    if verdicts:
        head = ["task", "passed before", "passed now", "lost", "gained", "change, points", "interval", "verdict", "needs records", "no verdict"]
        output.table(head, [task_row(task) for task in verdicts])
    if any(task.numbers for task in verdicts):
        output.line()
        head = ["measured by", "records", "mean before", "mean now", "change", "interval", "now"]
        output.table(head, [number_row(task) for task in verdicts if task.numbers])
    lost = _verdict.lost_checks(comparison)
    if lost or comparison.missing_tasks or comparison.changed_tasks:
        output.line()
    for change in lost[:most]:
        output.line(_verdict.explain_change(change))
    if len(lost) > most:
        output.line(f"and {len(lost) - most:,} more")
    for task in comparison.missing_tasks:
        output.line(f"task `{task.task_id}`: only in the {task.present_in}")
    for task, what in comparison.changed_tasks.items():
        output.line(f"task `{task}`: another check now: {what}")
    for line in str(comparison).splitlines()[1:]:
        output.line(line)


def task_row(task: TaskVerdict) -> list[str]:
    """How the pass rate of a task changed."""
    cells = [task.task_id, f"{task.baseline_counts.passed:,}", f"{task.comparison_counts.passed:,}"]
    rate = task.rate
    if rate is None:
        return [*cells, "0", "0", "-", "-", task.verdict, "-", not_judged(task)]
    needed = "-" if rate.records_needed is None else f"{rate.records_needed:,}"
    change = [f"{rate.lost:,}", f"{rate.gained:,}", points(rate.difference), interval(rate.interval, points)]
    return [*cells, *change, task.verdict, needed, not_judged(task)]


def not_judged(task: TaskVerdict) -> str:
    """Over how many records a task came to no verdict, before and now."""
    before, now = numbers(task.baseline_counts), numbers(task.comparison_counts)
    told = [status for status in before if status not in ("passed", "failed") and (before[status] or now[status])]
    return ", ".join(f"{before[status]:,} → {now[status]:,} {status}" for status in told) or "-"


def number_row(task: TaskVerdict) -> list[str]:
    """How the mean of what a task measured changed."""
    numbers = task.numbers
    assert numbers is not None, "asked for tasks with numbers alone"
    means = [number(mean) for mean in (numbers.baseline_mean, numbers.comparison_mean, numbers.difference)]
    bounds = "-" if numbers.interval is None else interval(numbers.interval, number)
    return [task.task_id, f"{numbers.records:,}", *means, bounds, numbers.direction]


def interval(bounds: tuple[float, float], shown: Callable[[float], str]) -> str:
    return f"{shown(bounds[0])} to {shown(bounds[1])}"


def points(share: float) -> str:
    return f"{100 * share:+.1f}"


def number(value: float) -> str:
    return f"{value:.4g}"


def content(comparison: ComparisonResults, baseline: Path) -> dict[str, Any]:
    """A comparison as JSON."""
    return {
        "baseline": str(baseline),
        "verdict": comparison.verdict,
        "outcome": comparison.outcome,
        "headline": spoken(comparison.headline),
        "invalid_reason": comparison.invalid_reason,
        "regressed": comparison.regressed,
        "records": comparison.total_workflows,
        "improved_records": comparison.improved_workflows,
        "regressed_records": comparison.regressed_workflows,
        "unchanged_records": comparison.unchanged_workflows,
        "mean_pass_rate_delta": comparison.mean_pass_rate_delta,
        "error_share": comparison.error_share,
        "overall": rate_content(comparison.overall),
        "tasks": [task_content(task) for task in comparison.task_verdicts().values()],
        "lost_records": comparison.lost_records,
        "new_records": comparison.new_records,
        "changed_tasks": comparison.changed_tasks,
        "missing_tasks": [{"task": task.task_id, "present_in": task.present_in} for task in comparison.missing_tasks],
        "changes": [
            {
                "record": change.record_id,
                "trial": change.trial,
                "task": change.task_id,
                "before": change.baseline_status,
                "now": change.comparison_status,
            }
            for change in comparison.task_status_changes
        ],
    }


def task_content(task: TaskVerdict) -> dict[str, Any]:
    """What a comparison says of a task as JSON."""
    return {
        "id": task.task_id,
        "verdict": task.verdict,
        "baseline_counts": numbers(task.baseline_counts),
        "comparison_counts": numbers(task.comparison_counts),
        "rate": rate_content(task.rate),
        "numbers": number_content(task.numbers),
    }


def rate_content(rate: Optional[RateChange]) -> Optional[dict[str, Any]]:
    """The change of a rate as JSON."""
    if rate is None:
        return None
    names = ("verdict", "records", "clusters", "gained", "lost", "difference", "interval", "p_value", "adjusted_p_value")
    return {name: getattr(rate, name) for name in (*names, "smallest_difference", "records_needed")}


def number_content(numbers: Optional[NumberChange]) -> Optional[dict[str, Any]]:
    """The change of a number as JSON."""
    if numbers is None:
        return None
    names = ("records", "baseline_mean", "comparison_mean", "difference", "interval", "p_value", "smallest_difference", "direction")
    return {name: getattr(numbers, name) for name in names}


def against(results: GenAIEvalResults, options: argparse.Namespace, baseline: GenAIEvalResults) -> ComparisonResults:
    """The comparison that the options ask for."""
    with stopping():
        return results.compare_to(
            baseline,
            regression_threshold=options.regression_threshold,
            alpha=options.alpha,
            correction=options.correction,
            cluster_by=options.cluster_by,
            max_error_share=options.max_error_share,
            seed=options.seed,
        )
