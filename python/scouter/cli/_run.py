"""`scouter eval run`"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional, Union

from scouter import _verdict
from scouter.cli import _compare, _load, _trials
from scouter.cli._exit import Exit, Stop, stopping
from scouter.cli._show import Output, numbers
from scouter.cli._words import spoken
from scouter.errors import EvaluationInterrupted, ModelError, RecordError
from scouter.evaluate import ComparisonResults, EvaluationConfig, EvaluationSummary, GenAIEvalResults, TaskCounts
from scouter.genai import ModelOptions

WHOLE = ".json"
ROWS = (".jsonl", ".parquet", ".arrow")
REPORTS = (".html", ".md", ".xml")
Done = Union[GenAIEvalResults, EvaluationSummary]


@dataclass
class Ended:
    """How a run ended."""

    done: Done
    stopped: Optional[str] = None
    """Why it did not come to its end."""
    interrupted: bool = False
    ran_out: bool = False
    written: list[str] = field(default_factory=list)
    unwritten: list[str] = field(default_factory=list)


def run(options: argparse.Namespace, output: Output) -> Exit:
    """Runs a suite over a file. Files are written before anything is printed."""
    tasks = _load.tasks(options.suite)
    thresholds = asked(options, {task.id for task in tasks})
    baseline = _load.results(options.baseline) if options.baseline is not None else None
    dataset = _load.dataset(options, tasks)
    if (column := dataset._id_column) is not None and not options.quiet:
        output.note(f"the records have no ids, and a column `{column}`: `--id {column}` takes them from it")
    straight = straight_to(options)
    ended = evaluate(dataset, options, straight)
    comparison = None
    if baseline is not None and isinstance(ended.done, GenAIEvalResults) and ended.stopped is None:
        comparison = _compare.against(ended.done, options, baseline)
    write(ended, options, straight, baseline if comparison is None else comparison)
    return tell(options, output, ended, thresholds, comparison)


def asked(options: argparse.Namespace, ids: set[str]) -> _verdict.Thresholds:
    """The thresholds and outputs that are asked for, found wrong before anything is spent."""
    for name, _ in options.min_task_rate:
        if name not in ids:
            raise Stop(f"--min-task-rate: {_verdict.no_such('task', name, ids)}")
    for option, paths, suffixes in (("--output", options.output, (WHOLE, *ROWS)), ("--report", options.report, REPORTS)):
        for path in paths:
            if path.suffix.lower() not in suffixes:
                raise Stop(f"{option}: `{path}` must end with one of {', '.join(suffixes)}")
            if not path.absolute().parent.is_dir():
                raise Stop(f"{option}: there is no folder `{path.parent}`")
            for read, what in ((options.data, "the records"), (options.suite, "the tasks")):
                if path.exists() and read.exists() and path.samefile(read):
                    raise Stop(f"{option}: `{path}` holds {what}: it would be replaced; name another file")
    least = options.min_pass_rate
    if least is None and options.baseline is not None:
        least = 0.0
    return _verdict.Thresholds(least, dict(options.min_task_rate), options.max_errors)


def straight_to(options: argparse.Namespace) -> Optional[Path]:
    """The file that results go to as they come, where nothing asks for all of them together: memory then does not grow
    with the number of records."""
    needed = options.baseline or options.report or options.trials > 1 or options.case_key
    if needed or len(options.output) != 1 or options.output[0].suffix.lower() == WHOLE:
        return None
    path: Path = options.output[0]
    return path


def evaluate(dataset: Any, options: argparse.Namespace, straight: Optional[Path]) -> Ended:
    """Runs it, to its end or not."""
    given = {
        "max_concurrency": options.concurrency,
        "task_timeout": options.timeout,
        "run_timeout": options.run_timeout,
        "workers": options.workers,
    }
    with stopping():
        config = EvaluationConfig(models=models(options), progress=False if options.quiet else None, **{k: v for k, v in given.items() if v is not None})
        try:
            kept = {"run_dir": options.run_dir, "reuse": options.reuse}
            if straight is not None:
                return ended(dataset.evaluate_to(straight, config, **kept))
            return ended(dataset.evaluate(config, trials=options.trials, **kept))
        except EvaluationInterrupted as stopped:
            return Ended(stopped.results, "the run was interrupted", interrupted=True)
        except ModelError as error:
            return Ended(error.results, spoken(str(error)))
        except RecordError as error:
            if error.results is None:
                raise
            return Ended(error.results, spoken(str(error)))


def ended(done: Done) -> Ended:
    """How a run ended that raised nothing: at its end, or with its budget or its time."""
    return Ended(done, done.stopped, ran_out=done.stopped is not None)


def models(options: argparse.Namespace) -> ModelOptions:
    """How models are asked."""
    if options.cassette is None and (options.replay or options.record):
        raise Stop(f"--{'replay' if options.replay else 'record'} needs --cassette FILE")
    mode = "replay_or_fail" if options.replay else "record" if options.record else "replay"
    return ModelOptions(cassette=options.cassette, cassette_mode=mode, budget_usd=options.budget_usd, cache_dir=options.cache_dir)


def write(ended: Ended, options: argparse.Namespace, straight: Optional[Path], earlier: Any) -> None:
    """Writes what was asked for; one file that can't be written keeps no other from it."""
    done = ended.done
    if straight is not None:
        (ended.written if ended.stopped is None else ended.unwritten).append(str(straight))
    if not isinstance(done, GenAIEvalResults):
        return
    writers: list[tuple[Path, Callable[[Path], None]]] = []
    for path in options.output:
        writers.append((path, done.report if path.suffix.lower() == WHOLE else done.write))
    writers += [(path, lambda path: done.report(path, baseline=earlier)) for path in options.report]
    for path, writer in writers:
        try:
            writer(path)
            ended.written.append(str(path))
        except (OSError, ValueError) as error:
            ended.unwritten.append(str(path))
            ended.stopped = ended.stopped or f"failed to write `{path}`: {error}"


def tell(
    options: argparse.Namespace, output: Output, ended: Ended, thresholds: _verdict.Thresholds, comparison: Optional[ComparisonResults]
) -> Exit:
    """Shows what the run came to, and gives the verdict."""
    done = ended.done
    records = len(done) if isinstance(done, GenAIEvalResults) else done.records
    code, reasons = judge(ended, thresholds, comparison)
    counts = done.task_counts()
    trials = _trials.several(done)
    if not options.quiet:
        head = ["task", *numbers(next(iter(counts.values()))), "pass rate", *(["95% interval"] if options.intervals else [])]
        output.table(head, [task_row(task, count, options.intervals) for task, count in counts.items()])
        if isinstance(done, GenAIEvalResults) and not output.json:
            for line in _verdict.explain(done, options.show, thresholds.missed_by(done), spoken):
                output.line(line)
        for remark in done._remarks():
            output.line(f"hint: {remark}")
        if trials is not None:
            _trials.show(output, trials, list(counts))
        if comparison is not None:
            output.line()
            _compare.show(output, comparison, options.show)
        for bad in done.bad_records[: options.show]:
            output.note(f"left out: {bad}")
        output.line()
    all_told = done._counts()
    whole = f"{_verdict.count(records, 'record')}, pass rate {_verdict.rate(all_told)}"
    left = [f"{_verdict.count(done.bad_record_count, 'bad record')} left out"] if done.bad_record_count else []
    content: dict[str, Any] = {
        "suite": str(options.suite),
        "data": str(options.data),
        "reasons": reasons,
        "records": records,
        "errored_records": done.failed_count,
        "bad_records": done.bad_record_count,
        "passed": all_told.passed,
        "counted": all_told.counted,
        "pass_rate": all_told.pass_rate,
        "usage": usage(done),
        "tasks": [{"id": task, **numbers(count), "pass_rate": count.pass_rate, "interval": count.interval()} for task, count in counts.items()],
        "failures": failures(done, options.show),
        "hints": done.hints(),
        "trials": None if trials is None else [_trials.content(trials, task) for task in (None, *counts)],
        "comparison": None if comparison is None else _compare.content(comparison, options.baseline),
        "written": ended.written,
    }
    for path in ended.unwritten:
        partial = Path(f"{path}.partial")
        kept = f"; what was done by then is in {partial}" if partial.is_file() else ""
        output.note(f"not written whole: {path}{kept}")
    used = content["usage"]
    asked = [spent(used)] if used else []
    word = None
    if comparison is not None and code == Exit.TOO_MANY_ERRORS and thresholds.too_many_errors(done) is None:
        word = _compare.word(comparison)
    return output.end(code, content, "; ".join([whole, *asked, *left, *reasons]), word)


def task_row(task: str, counts: TaskCounts, intervals: bool) -> list[str]:
    """How often a task came out how, and its pass rate, with its interval where that is asked for."""
    cells = [task, *(f"{number:,}" for number in numbers(counts).values()), _verdict.rate(counts)]
    return [*cells, _verdict.interval(counts)] if intervals else cells


def judge(ended: Ended, thresholds: _verdict.Thresholds, comparison: Optional[ComparisonResults]) -> tuple[Exit, list[str]]:
    """The verdict, and its reasons."""
    done = ended.done
    if ended.interrupted:
        return Exit.INTERRUPTED, [ended.stopped or ""]
    if ended.ran_out:
        return Exit.INCONCLUSIVE, [ended.stopped or ""]
    if ended.stopped is not None:
        return Exit.BAD_CONFIGURATION, [ended.stopped]
    if (errors := thresholds.too_many_errors(done)) is not None:
        return Exit.TOO_MANY_ERRORS, [errors]
    if not _verdict.came_to_a_verdict(done):
        return Exit.INCONCLUSIVE, ["no task came to a verdict", *done._blind_tasks().values(), *done._shut_gates().values()]
    reasons, unchecked = thresholds.unmet(done), thresholds.unchecked(done)
    code = Exit.FAILED if reasons else Exit.PASSED
    reasons += unchecked
    if comparison is not None:
        reasons.append(spoken(_verdict.compared(comparison)))
        code = code or _compare.verdict(comparison)
    if code == Exit.PASSED and unchecked:
        code = Exit.INCONCLUSIVE
    return code, reasons


def usage(done: Done) -> Optional[dict[str, Any]]:
    """What was asked of models, where that is known."""
    if not done.usage.calls:
        return None
    names = ("calls", "attempts", "input_tokens", "output_tokens", "cost", "unpriced")
    return {name: getattr(done.usage, name) for name in names}


def spent(used: dict[str, Any]) -> str:
    """What was asked of models, in words. What is not known is not nothing."""
    calls, unknown = _verdict.count(used["calls"], "call"), used["unpriced"]
    if unknown and not used["cost"]:
        return f"{calls} of unknown cost"
    return f"{calls} for ${used['cost']:.4f}" + (f", and {_verdict.count(unknown, 'request')} of unknown cost" if unknown else "")


def failures(done: Done, most: int) -> list[dict[str, Any]]:
    """The first outcomes that are not as they should be."""
    if not isinstance(done, GenAIEvalResults):
        return []
    found = []
    for task in done.failures()[:most]:
        shown = {
            "record": task.record_id or task.record_uid, "trial": task.trial, "task": task.task_id, "status": task.status, "path": task.context_path
        }
        found.append({**shown, "expected": task.expected, "actual": task.actual, "message": task.message})
    return found
