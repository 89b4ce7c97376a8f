"""What several trials of each case say, as `scouter eval run` shows it."""

from __future__ import annotations

from typing import Any, Optional

from scouter.cli._show import Output
from scouter.evaluate import GenAIEvalResults, Trials

WHOLE = "(whole record)"


def several(results: object) -> Optional[Trials]:
    """The trials, where a case has more than one."""
    trials = results.trials() if isinstance(results, GenAIEvalResults) and len(results) else None
    return trials if trials is not None and len(trials) < len(results) else None  # type: ignore[arg-type]


def show(output: Output, trials: Trials, tasks: list[str]) -> None:
    """Whole records and every task, a line each."""
    head = ["trials of", "cases", "mean", "error", "k", "pass@k", "pass^k", "flaky"]
    rows = []
    for task in (None, *tasks):
        line = content(trials, task)
        shares = [line["mean"], line["standard_error"], line["pass_at_k"], line["pass_hat_k"]]
        mean, error, at, hat = ("-" if share is None else f"{share:.3f}" for share in shares)
        rows.append([task or WHOLE, f"{line['cases']:,}", mean, error, str(line["k"]), at, hat, f"{len(line['flaky']):,}"])
    output.line()
    output.table(head, rows)


def content(trials: Trials, task: Optional[str]) -> dict[str, Any]:
    """What the trials of a task, or of whole records, say as JSON."""
    mean, k = trials.mean(task), trials.usual(task)
    at, hat = trials.pass_at(k, task), trials.pass_hat(k, task)
    return {
        "task": task,
        "cases": 0 if mean is None else mean.cases,
        "mean": None if mean is None else mean.value,
        "standard_error": None if mean is None else mean.standard_error,
        "k": k,
        "pass_at_k": None if at is None else at.value,
        "pass_hat_k": None if hat is None else hat.value,
        "flaky": trials.flaky(task),
    }
