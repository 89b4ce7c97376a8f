"""`scouter eval compare`, and comparisons as other commands show them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scouter import _verdict
from scouter.cli import _load
from scouter.cli._exit import Exit, stopping
from scouter.cli._show import Output
from scouter.evaluate import ComparisonResults, GenAIEvalResults


def run(options: argparse.Namespace, output: Output) -> Exit:
    """Compares the results of a file with those of another."""
    results, baseline = _load.results(options.results), _load.results(options.baseline)
    with stopping():
        comparison = results.compare_to(baseline, regression_threshold=options.regression_threshold)
    code = verdict(comparison)
    show(output, comparison, options.show)
    return output.end(code, {"results": str(options.results), "comparison": content(comparison, options.baseline)}, says(comparison))


def verdict(comparison: ComparisonResults) -> Exit:
    """How a comparison ends a command. Where nothing changed, there is nothing to be sure of."""
    if not comparison.total_workflows:
        return Exit.INCONCLUSIVE
    if comparison.verdict == "invalid":
        return Exit.TOO_MANY_ERRORS
    if comparison.verdict == "inconclusive":
        changed = comparison.task_status_changes or comparison.lost_records or comparison.missing_tasks
        return Exit.INCONCLUSIVE if changed else Exit.PASSED
    return Exit.FAILED if comparison.verdict == "regressed" else Exit.PASSED


def says(comparison: ComparisonResults) -> str:
    """A comparison in a line."""
    lost, new = len(comparison.lost_records), len(comparison.new_records)
    parts = [
        f"{comparison.verdict}: of {_verdict.count(comparison.total_workflows, 'record')} {comparison.regressed_workflows:,} are worse and "
        f"{comparison.improved_workflows:,} better than in the baseline"
    ]
    parts += [f"{lost:,} of its records are there no more"] if lost else []
    parts += [f"{new:,} are new"] if new else []
    return "; ".join(parts)


def show(output: Output, comparison: ComparisonResults, most: int) -> None:
    """What changed: every task in a line, then the records whose checks do not pass any more."""
    rows: dict[str, list[int]] = {}
    for record in comparison.workflow_comparisons:
        for task in record.task_comparisons:
            before, now, lost, gained = task.baseline_passed, task.comparison_passed, 0, 0
            lost, gained = int(before and not now), int(now and not before)
            row = rows.setdefault(task.task_id, [0, 0, 0, 0])
            for at, number in enumerate((int(before), int(now), lost, gained)):
                row[at] += number
    if rows:
        output.table(["task", "passed before", "passed now", "lost", "gained"], [[task, *map(str, row)] for task, row in rows.items()])
    lost = [change for change in comparison.task_status_changes if change.baseline_passed and not change.comparison_passed]
    for change in lost[:most]:
        output.line(f"record `{change.record_id}`, task `{change.task_id}`: {change.baseline_status} before, {change.comparison_status} now")
    if len(lost) > most:
        output.line(f"and {len(lost) - most:,} more")
    for task in comparison.missing_tasks:
        output.line(f"task `{task.task_id}`: only in the {task.present_in}")


def content(comparison: ComparisonResults, baseline: Path) -> dict[str, Any]:
    """A comparison as JSON."""
    return {
        "baseline": str(baseline),
        "verdict": comparison.verdict,
        "invalid_reason": comparison.invalid_reason,
        "regressed": comparison.regressed,
        "records": comparison.total_workflows,
        "improved_records": comparison.improved_workflows,
        "regressed_records": comparison.regressed_workflows,
        "unchanged_records": comparison.unchanged_workflows,
        "mean_pass_rate_delta": comparison.mean_pass_rate_delta,
        "lost_records": comparison.lost_records,
        "new_records": comparison.new_records,
        "missing_tasks": [{"task": task.task_id, "present_in": task.present_in} for task in comparison.missing_tasks],
        "changes": [
            {"record": change.record_id, "task": change.task_id, "before": change.baseline_status, "now": change.comparison_status}
            for change in comparison.task_status_changes
        ],
    }


def against(results: GenAIEvalResults, options: argparse.Namespace, baseline: GenAIEvalResults) -> ComparisonResults:
    """The comparison that the options ask for."""
    with stopping():
        return results.compare_to(baseline, regression_threshold=options.regression_threshold)
