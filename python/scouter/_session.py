"""What the evaluations of a pytest session come to: kept by the tests, merged over workers, compared, saved, reported."""

from __future__ import annotations

import inspect
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import pytest

from scouter import _saved, _verdict
from scouter._scouter import GenAIEvalDataset, GenAIEvalResults
from scouter.errors import ResultsError

if TYPE_CHECKING:
    from scouter._scouter import AlignedEvalResult, ComparisonResults, EvaluationConfig, GenAIEvalRecord

ARGUMENTS = {
    "dataset": ("dataset", "per", "threshold", "tasks", "errors", "config"),
    "record": ("dataset", "per", "threshold", "ids", "config"),
}
FAILS = {"failed": "got worse than the baseline", "inconclusive": "could not be decided", "too_many_errors": "could not be compared"}
"""What is said of evaluations that do not pass beside their baseline, by what their comparison comes to."""
BLIND = "looked for what is in no record, or could judge none"
"""What is said of evaluations, a test a record, of which a task is probably misspelt, or a gate lets none through unjudged. No record by itself can tell."""
REPORTS = (".html", ".md", ".xml", ".json")
LONGEST = 100
"""The most characters of a test's name in that of a file."""


@dataclass(eq=False)
class Marked:
    """What a test is marked with."""

    test: str
    """The test."""
    dataset: GenAIEvalDataset | Callable[[], GenAIEvalDataset]
    per: str
    thresholds: _verdict.Thresholds
    ids: Optional[tuple[str, ...]]
    config: Optional[EvaluationConfig]
    results: dict[int, AlignedEvalResult] = field(default_factory=dict)
    """By the place of their record, until their test takes them."""
    seen: set[int] = field(default_factory=set)
    """The places of all records that were evaluated."""

    @classmethod
    def of(cls, marker: pytest.Mark, test: str) -> Marked:
        """Reads the marker of a test; what is wrong with it fails the test, or its collection."""
        given = marker.kwargs
        try:
            if marker.args or "dataset" not in given:
                raise ValueError("the marker `scouter` takes its arguments by name: `dataset=…`")
            per = given.get("per", "dataset")
            if per not in ARGUMENTS:
                raise ValueError(f"`per` must be `dataset` or `record`, not `{per!r}`")
            for name in given:
                if name not in ARGUMENTS[per]:
                    raise ValueError(f"the marker `scouter` with `per={per!r}` takes no `{name}`: it takes {', '.join(ARGUMENTS[per])}")
            thresholds = _verdict.Thresholds(given.get("threshold"), given.get("tasks") or {}, given.get("errors", 0.0))
            return cls(test, given["dataset"], per, thresholds, texts(given.get("ids")), given.get("config"))
        except ValueError as error:
            why = str(error).replace("`pass_rate`", "`threshold`")
        # Not within `except`: what is raised there shows two errors for one.
        pytest.fail(f"{test}: {why}", pytrace=False)

    def evaluate(self) -> GenAIEvalResults:
        """Evaluates the whole dataset, if it has the tasks that thresholds are of."""
        dataset = self.made()
        known = [task.id for task in dataset.tasks]
        for task in self.thresholds.tasks:
            if task not in known:
                pytest.fail(f"{self.test}: {_verdict.no_such('task', task, known)}", pytrace=False)
        return dataset.evaluate(self.config)

    def made(self) -> GenAIEvalDataset:
        """The dataset; a function that makes it is called once."""
        if not isinstance(self.dataset, GenAIEvalDataset):
            if not callable(self.dataset):
                message = f"`dataset` must be a GenAIEvalDataset or a function that makes one, not `{type(self.dataset).__name__}`"
                pytest.fail(f"{self.test}: {message}", pytrace=False)
            made: object = self.dataset()
            if not isinstance(made, GenAIEvalDataset):
                pytest.fail(f"{self.test}: {no_dataset_of(self.dataset, made)}", pytrace=False)
            self.dataset = made
        return self.dataset

    @cached_property
    def records(self) -> list[GenAIEvalRecord]:
        """The records of the dataset, which makes a new list each time it is asked."""
        return self.made().records

    def places(self) -> list[int]:
        """The places of the records to test."""
        records = self.records
        if self.ids is None:
            return list(range(len(records)))
        known = {record.record_id: place for place, record in enumerate(records) if record.record_id is not None}
        for id in self.ids:
            if id not in known:
                pytest.fail(f"{self.test}: {_verdict.no_such('record', id, known)}", pytrace=False)
        return [known[id] for id in self.ids]

    def record_id(self, place: int) -> str:
        """The id of a record, its place where it has none."""
        return self.records[place].record_id or f"record-{place}"

    def part(self, places: list[int]) -> GenAIEvalDataset:
        """The records at these places, as a dataset. What looks at all records has nothing to look at then."""
        self.seen.update(places)
        dataset = self.made()
        if len(places) == len(dataset) and not dataset.drift_tasks:
            return dataset
        some = [self.records[place] for place in places]
        return GenAIEvalDataset(some, dataset.record_tasks, case_key=dataset.case_key, cluster_key=dataset.cluster_key)


def no_dataset_of(function: object, made: object) -> str:
    """That what a function made is no dataset, and what is wanted of it."""
    name = getattr(function, "__name__", type(function).__name__)
    if inspect.iscoroutine(made):
        # Nobody waits for it: Python would warn of that beside what is told here.
        made.close()
        return f"`{name}` is an `async def`, and nobody waits for it: a plain function makes the dataset"
    return f"`{name}` made a `{type(made).__name__}`: it must make a GenAIEvalDataset, such as `GenAIEvalDataset(records=…, tasks=…)`"


def must_be_dataset(given: object) -> None:
    """Refuses what is no dataset, such as the function that makes one."""
    __tracebackhide__ = True
    if isinstance(given, GenAIEvalDataset):
        return
    hint = f": call it, `evaluate({getattr(given, '__name__', '…')}())`" if callable(given) else ""
    raise TypeError(f"`evaluate` takes a GenAIEvalDataset, not a `{type(given).__name__}`{hint}")


def texts(ids: Optional[Iterable[str]]) -> Optional[tuple[str, ...]]:
    """The ids of records, as a test may be given them; a `ValueError` where they are none."""
    if isinstance(ids, str):
        raise ValueError(f"`ids` is one text: write `[{ids!r}]`")
    ids = None if ids is None else tuple(ids)
    for id in ids or ():
        if not isinstance(id, str):
            raise ValueError(f"`ids` are texts, as the ids of records are: write `{str(id)!r}` instead of `{id!r}`")
    return ids


@dataclass
class Run:
    """The results of one test, as they come: each part with the places of its records."""

    size: int
    """How many records there are, evaluated or not."""
    apart: bool
    """Whether every record is a test of its own, so that no test judges all of them."""
    parts: list[tuple[list[int], GenAIEvalResults]] = field(default_factory=list)

    def whole(self) -> GenAIEvalResults:
        """All parts together, in the order of the records. Of a record that was tested again the last counts."""
        by_place = {place: (results, at) for places, results in self.parts for at, place in enumerate(places)}
        if len(self.parts) == 1:
            return self.parts[0][1]
        return GenAIEvalResults._merge([by_place[place] for place in sorted(by_place)])


@dataclass
class State:
    """The evaluations of a session."""

    is_worker: bool
    save: Optional[Path]
    report: Optional[Path]
    baseline: Optional[dict[str, GenAIEvalResults]]
    regression_threshold: float
    asked: tuple[str, ...]
    """What pytest was to collect, as node ids begin."""
    deselected: set[str] = field(default_factory=set)
    """The names of tests that were collected and are not to run."""
    runs: dict[str, Run] = field(default_factory=dict)
    comparisons: dict[str, ComparisonResults] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    """What is told at the end."""
    lost_workers: int = 0
    """How many workers ended without giving what they had evaluated, as one that crashes does."""

    def keep(self, name: str, results: GenAIEvalResults, places: Iterable[int], size: int, *, apart: bool) -> None:
        """Keeps the results of a test."""
        part = (list(places), results)
        if len(part[0]) == size:  # All of them: of a test that is run again the last run counts.
            self.runs[name] = Run(size, apart, [part])
        else:
            self.runs.setdefault(name, Run(size, apart)).parts.append(part)

    def given(self) -> str:
        """What a worker gives to the controller."""
        runs = {
            name: {"size": run.size, "apart": run.apart, "parts": [[places, results.model_dump_json()] for places, results in run.parts]}
            for name, run in self.runs.items()
        }
        return json.dumps({"runs": runs, "deselected": sorted(self.deselected)})

    def take(self, given: Optional[str]) -> None:
        """Takes what a worker gave."""
        if given is None:
            self.lost_workers += 1
            return
        told = json.loads(given)
        self.deselected.update(told["deselected"])
        for name, run in told["runs"].items():
            for places, text in run["parts"]:
                self.keep(name, GenAIEvalResults.model_validate_json(text), places, run["size"], apart=run["apart"])

    def finish(self, exitstatus: int) -> bool:
        """Saves, reports and compares; says whether that fails the session."""
        runs, failed = {}, False
        fails: Counter[str] = Counter()
        for name, run in sorted(self.runs.items()):
            try:
                runs[name] = run.whole()
            except ValueError as error:
                self.lines.append(f"{name}: {error}")
                failed = True
        for name, results in runs.items():
            rate = "no verdict" if results.pass_rate is None else f"pass rate {_verdict.rate(results._counts())}"
            errored = f", {results.failed_count:,} errored" if results.failed_count else ""
            stopped = ", stopped before its end" if results.cancelled else ""
            self.lines.append(f"{name}: {_verdict.count(len(results), 'record')}, {rate}{errored}{stopped}")
            self.lines += [f"  {told}" for told in results._remarks()]
            if self.runs[name].apart and looked_in_vain(results, self.runs[name].size):
                fails[BLIND] += 1
            if self.baseline is not None and exitstatus != pytest.ExitCode.INTERRUPTED:
                fails.update(FAILS[outcome] for outcome in self.compare(name, results, alone=len(runs) == 1))
        if self.baseline is not None and exitstatus != pytest.ExitCode.INTERRUPTED:
            failed |= self.miss(self.baseline.keys() - runs.keys())
        is_whole = exitstatus not in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR) and not self.lost_workers
        if self.lost_workers:
            self.lines.append(f"what {_verdict.count(self.lost_workers, 'worker')} evaluated is missing: no results came back")
            failed = True
        if self.save is not None and runs and not is_whole:
            why = "for results are missing" if self.lost_workers else "for the session was interrupted"
            self.lines.append(f"not written, {why}: {self.save}")
        for path, write in ((self.save if is_whole else None, self.write_results), (self.report, self.write_report)):
            if path is not None and runs:
                try:
                    self.lines += [f"written: {written}" for written in write(path, runs)]
                except (OSError, ValueError) as error:
                    self.lines.append(f"failed to write `{path}`: {error}")
                    failed = True
        if fails:
            told = ", ".join(f"{_verdict.count(fails[what], 'evaluation')} {what}" for what in (BLIND, *FAILS.values()) if fails[what])
            self.lines.append(f"the session fails: {told}")
        return failed or bool(fails)

    def compare(self, name: str, results: GenAIEvalResults, alone: bool) -> list[str]:
        """Compares with the baseline; gives what the comparison comes to, where that fails the session."""
        assert self.baseline is not None
        earlier = self.baseline.get(name)
        if earlier is None and "" in self.baseline:
            if not alone:
                self.lines.append("  not compared: the baseline is of one run, and there are several tests; save one with --scouter-save")
                return ["too_many_errors"]
            earlier = self.baseline[""]
        if earlier is None:
            self.lines.append("  new: the baseline has no results of it")
            return []
        run = self.runs[name]
        if len(results) < run.size:
            # Records that were not selected are not lost.
            earlier = earlier._only([_verdict.name_of(result) for result in results])
        comparison = results.compare_to(earlier, regression_threshold=self.regression_threshold)
        self.comparisons[name] = comparison
        outcome, text = judged(comparison, "--scouter-regression-threshold")
        self.lines.extend(f"  {line}" if line else "" for line in text.splitlines())
        return [outcome] if outcome in FAILS else []

    def miss(self, names: Iterable[str]) -> bool:
        """Tells of what the baseline has results of and this session has none; says whether that fails the session."""
        missed = sorted(name for name in names if name and self.expects(name))
        self.lines += [f"not evaluated: the baseline has results of {name}" for name in missed]
        if not self.comparisons:
            self.lines.append("nothing was compared with the baseline")
        return bool(missed) or not self.comparisons

    def expects(self, name: str) -> bool:
        """Whether an evaluation of this name was to run: its test is among what was to be collected, and was not deselected."""
        collected = any(begins(name, start) for start in self.asked)
        return collected and not any(name == other or name.startswith(f"{other}#") for other in self.deselected)

    def write_results(self, path: Path, runs: dict[str, GenAIEvalResults]) -> list[Path]:
        """Writes the results of all tests into one file."""
        _saved.write_all(path, runs)
        return [path]

    def write_report(self, path: Path, runs: dict[str, GenAIEvalResults]) -> list[Path]:
        """Writes a report of each test with what changed since the baseline; of several tests, each to a file that is called by its test."""
        written = [path] if len(runs) == 1 else [path.with_name(f"{path.stem}-{own}{path.suffix}") for own in file_names(list(runs))]
        for file, (name, results) in zip(written, runs.items()):
            results.report(file, baseline=self.comparisons.get(name), title=name)
        return written


def looked_in_vain(results: GenAIEvalResults, size: int) -> bool:
    """Whether a task is probably misspelt, or a gate looks at what none of all records has, or judged none: some say nothing of the others."""
    return bool(results._blind_tasks()) or (len(results) == size and bool(results._shut_gates()))


def file_names(tests: list[str]) -> list[str]:
    """What files of these tests are called by: the name within its file, or all of it where another file has one of that name."""
    within = [name.partition("::")[2] or name for name in tests]
    unlike = within if len(set(within)) == len(within) else tests
    names = [re.sub(r"[^\w.]+", "-", name).strip("-")[:LONGEST] for name in unlike]
    # What cannot be told apart then, as by case where files are not, is numbered.
    before = Counter[str]()
    for at, name in enumerate(names):
        before[name.lower()] += 1
        if (number := before[name.lower()]) > 1:
            names[at] = f"{name}-{number}"
    return names


def begins(name: str, start: str) -> bool:
    """Whether the name of an evaluation is one of what this node id, or its beginning, stands for."""
    return start == "." or name == start or name.startswith(tuple(start + mark for mark in "/:[#"))


def asked(config: pytest.Config) -> tuple[str, ...]:
    """What pytest is to collect: its arguments as node ids begin, which are paths from the root and names within a file.

    Nothing where whole files may be left out without a word: nobody knows then what is missing.
    """
    if any(config.getoption(option, None) for option in ("lf", "ignore", "ignore_glob")):
        return ()
    split = [argument.partition("::") for argument in config.args]
    paths = [os.path.relpath(config.invocation_params.dir / path, config.rootpath) for path, _, _ in split]
    return tuple(path.replace(os.sep, "/") + mark + names for path, (_, mark, names) in zip(paths, split))


def name_of(item: pytest.Item) -> str:
    """What the evaluation of all records of a test is called."""
    parent = item.parent.nodeid if item.parent is not None else ""
    return f"{parent}::{getattr(item, 'originalname', None) or item.name}"


def state(config: pytest.Config) -> State:
    """The state of a session that begins. Options that cannot be served end it at once."""
    is_worker = hasattr(config, "workerinput")
    threshold = config.getoption("scouter_regression_threshold")
    paths = {}
    try:
        _verdict.share("--scouter-regression-threshold", threshold)
        for option in ("save", "report"):
            name = config.getoption(f"scouter_{option}")
            paths[option] = Path(name).absolute() if name else None
            if name and not Path(name).absolute().parent.is_dir():
                raise ValueError(f"--scouter-{option}: there is no folder `{Path(name).parent}`")
        report = paths["report"]
        if report is not None and report.suffix.lower() not in REPORTS:
            raise ValueError(f"--scouter-report: `{report.name}` must end with one of {', '.join(REPORTS)}")
        baseline = config.getoption("scouter_baseline")
        earlier = _saved.read_all(baseline) if baseline and not is_worker else None
    except (OSError, ResultsError, ValueError) as error:
        raise pytest.UsageError(f"scouter: {error}") from None
    return State(is_worker, paths["save"], report, earlier, threshold, asked(config))


def judged(comparison: ComparisonResults, threshold: str) -> tuple[str, str]:
    """What a comparison with earlier results comes to, and in which words; `threshold` is what its threshold is set by."""
    if not comparison.total_workflows:
        return "too_many_errors", "against the baseline: no record in common; were the ids changed?"
    lines = [
        f"against the baseline: {_verdict.compared(comparison)}; of {_verdict.count(comparison.total_workflows, 'record')} "
        f"{comparison.regressed_workflows:,} got worse, {comparison.improved_workflows:,} better"
    ]
    if comparison.outcome in FAILS:
        changes = _verdict.lost_checks(comparison)
        lines += [f"  {_verdict.explain_change(change)}" for change in changes[: _verdict.SHOWN]]
        if len(changes) > _verdict.SHOWN:
            lines.append(f"  and {len(changes) - _verdict.SHOWN:,} more")
        lines += [f"  record `{id}` is there no more" for id in comparison.lost_records[: _verdict.SHOWN]]
        lines += [f"  task `{id}` is there no more" for id in _verdict.lost_tasks(comparison)]
        lines += [f"  task `{id}` is another check now: {what}" for id, what in comparison.changed_tasks.items()]
    return comparison.outcome, "\n".join(lines).replace("set `regression_threshold`", f"set `{threshold}`")
