"""The pytest plugin: evaluations as tests. It is found by pytest itself once the package is installed.

    def test_bot(scouter):
        results = scouter.evaluate(dataset)
        scouter.assert_passed(results, threshold=0.9)

Tests for whole datasets and for single records are made by the decorators of `scouter.testing`, or by the marker `scouter`
with the same arguments. Options: `--scouter-save`, `--scouter-baseline`, `--scouter-regression-threshold`,
`--scouter-report`.
"""

from __future__ import annotations

import itertools
import unittest
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import pytest

from scouter import _session, _verdict
from scouter._session import Marked, State
from scouter.testing import Case, EvaluationFailed

if TYPE_CHECKING:
    from scouter._scouter import EvaluationConfig, GenAIEvalDataset, GenAIEvalResults

STATE = pytest.StashKey[State]()
RECORD = "_scouter_record"
RESULTS = pytest.StashKey[tuple[Marked, "GenAIEvalResults"]]()
CASE = pytest.StashKey[tuple[Marked, Case]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("scouter", "evaluations")
    group.addoption("--scouter-save", metavar="FILE", help="write the results of every evaluation to this file")
    group.addoption("--scouter-baseline", metavar="FILE", help="fail where results are worse than these, which were saved before")
    group.addoption(
        "--scouter-regression-threshold",
        metavar="SHARE",
        type=float,
        default=0.0,
        help="by how much the pass rate of a record may fall, from 0 (the default) to 1",
    )
    group.addoption("--scouter-report", metavar="FILE", help="write a report: .html, .md, .xml or .json")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "scouter(*, dataset, per='dataset', threshold=None, tasks=None, errors=0.0, ids=None, config=None): "
        "a test of an evaluation; see scouter.testing",
    )
    config.stash[STATE] = _session.state(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("scouter")
    if marker is None:
        return
    if sum(own.name == marker.name for own in metafunc.definition.own_markers) > 1:
        message = f"{metafunc.definition.nodeid}: two decorators of evaluations stand above it, and it would be a test of one: write a test for each"
        pytest.fail(message, pytrace=False)
    marked = Marked.of(marker, metafunc.definition.nodeid)
    if marked.per == "record":
        places = marked.places()
        metafunc.fixturenames.append(RECORD)
        ids = [marked.record_id(place) for place in places]
        metafunc.parametrize(RECORD, [(marked, place) for place in places], ids=ids)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """What is not to run is not missed in a comparison. It is known by its own name, and by that of its records."""
    for item in items:
        item.config.stash[STATE].deselected.update((item.nodeid, _session.name_of(item)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Evaluates what the test is about, before its fixtures are made."""
    marker = item.get_closest_marker("scouter")
    if marker is None or not isinstance(item, pytest.Function):
        return
    if isinstance(item.cls, type) and issubclass(item.cls, unittest.TestCase):
        message = f"{item.nodeid}: evaluations are tests by functions, or by methods of plain classes: `unittest.TestCase` runs its own by itself"
        pytest.fail(message, pytrace=False)
    if (param := record_of(item)) is not None:
        evaluate_record(item, *param)
        return
    marked = Marked.of(marker, item.nodeid)
    results = marked.evaluate()
    keep(item, item.config.stash[STATE], item.nodeid, results)
    item.stash[RESULTS] = marked, results


@pytest.fixture
def scouter(request: pytest.FixtureRequest) -> Evaluations:
    """Evaluates datasets within a test; what comes of them is part of the session's report, baseline and properties."""
    return Evaluations(request.node, request.config.stash[STATE])


@pytest.fixture
def scouter_results(request: pytest.FixtureRequest) -> GenAIEvalResults:
    """The results of the dataset that the test is marked with."""
    if RESULTS not in request.node.stash:
        pytest.fail("`scouter_results` is for tests marked with a dataset: see `scouter.testing.per_dataset`", pytrace=False)
    return request.node.stash[RESULTS][1]


@pytest.fixture
def scouter_case(request: pytest.FixtureRequest) -> Case:
    """The record that the test is about, and what came of it."""
    if CASE not in request.node.stash:
        pytest.fail("`scouter_case` is for tests of single records: see `scouter.testing.per_record`", pytrace=False)
    return request.node.stash[CASE][1]


def record_of(item: pytest.Item) -> Optional[tuple[Marked, int]]:
    """The record that a test is about: the mark, and the place of the record."""
    param = item.callspec.params.get(RECORD) if hasattr(item, "callspec") else None
    # Of a test of no record pytest makes a skipped one, with a mark of its own instead.
    return param if isinstance(param, tuple) else None


def evaluate_record(item: pytest.Function, marked: Marked, place: int) -> None:
    """Has the result of one record at hand for its test."""
    state = item.config.stash[STATE]
    if (result := marked.results.pop(place, None)) is None:
        places = sorted({place, *selected(item.session, marked, state)})
        results = marked.part(places).evaluate(marked.config)
        marked.results.update(zip(places, results))
        state.keep(_session.name_of(item), results, places, len(marked.made()), apart=True)
        result = marked.results.pop(place)
    case = Case(marked.record_id(place), marked.records[place], result)
    of = result.eval_set
    item.user_properties.extend(rated("scouter", of.pass_rate, of.passed_tasks, of.total_tasks))
    item.user_properties.extend((f"scouter.{task.task_id}", task.status) for task in case.tasks.values())
    item.stash[CASE] = marked, case


def selected(session: pytest.Session, marked: Marked, state: State) -> Generator[int, None, None]:
    """The places of the records that are still to be tested in this process. Under xdist each is evaluated by itself, by
    the worker that tests it."""
    if state.is_worker:
        return
    for item in session.items:
        param = record_of(item)
        if param is not None and param[0] is marked and param[1] not in marked.seen:
            yield param[1]


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    returned = yield
    if RESULTS in pyfuncitem.stash:
        marked, results = pyfuncitem.stash[RESULTS]
        check(results, marked.thresholds)
    if CASE in pyfuncitem.stash:
        marked, case = pyfuncitem.stash[CASE]
        check_case(case, marked.thresholds)
    return returned


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, EvaluationFailed) and report.failed:
        report.longrepr = str(call.excinfo.value)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of xdist has ended: what it evaluated is ours now."""
    node.config.stash[STATE].take(getattr(node, "workeroutput", {}).get("scouter"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    state = session.config.stash.get(STATE, None)
    if state is None:
        return
    if state.is_worker:
        session.config.workeroutput["scouter"] = state.given()  # type: ignore[attr-defined]
        return
    if state.finish(session.exitstatus) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash[STATE].lines:
        terminalreporter.section("scouter")
        for line in lines:
            terminalreporter.write_line(line)


class Evaluations:
    """Evaluates datasets within a test."""

    def __init__(self, item: pytest.Item, state: State) -> None:
        self._item, self._state = item, state
        self._names = {item.nodeid} if RESULTS in item.stash else set()

    def evaluate(
        self, dataset: GenAIEvalDataset, config: Optional[EvaluationConfig] = None, *, name: Optional[str] = None
    ) -> GenAIEvalResults:
        """Evaluates a dataset. What comes of it is recorded.

        Args:
            dataset: The dataset.
            config: How the evaluation runs.
            name: What tells this evaluation from others of the same test; without it they are numbered.

        Raises:
            TypeError: Where it is no dataset, such as the function that makes one.
        """
        __tracebackhide__ = True
        _session.must_be_dataset(dataset)
        results = dataset.evaluate(config)
        self.record(results, name=name)
        return results

    def record(self, results: GenAIEvalResults, *, name: Optional[str] = None) -> None:
        """Records results that were come by in another way."""
        first = self._item.nodeid + (f"#{name}" if name else "")
        numbered = (first if at == 1 else f"{first}#{at}" for at in itertools.count(1))
        free = next(name for name in numbered if name not in self._names)
        self._names.add(free)
        keep(self._item, self._state, free, results)

    def assert_passed(
        self,
        results: GenAIEvalResults,
        *,
        threshold: Optional[float] = None,
        tasks: Optional[Mapping[str, float]] = None,
        errors: float = 0.0,
    ) -> None:
        """Fails the test where the results are not good enough, and says which records and tasks are to blame.

        Args:
            results: The results.
            threshold: The least pass rate over all records, from 0 to 1. Unless it is given, everything must pass that is not in `tasks`.
            tasks: The least pass rates of single tasks, by their ids.
            errors: The largest share of records on which a task may error.

        Raises:
            KeyError: Where there is no such task.
        """
        __tracebackhide__ = True
        check(results, _verdict.Thresholds(threshold, tasks or {}, errors))

    def assert_not_worse(self, results: GenAIEvalResults, baseline: GenAIEvalResults | str | Path, threshold: float = 0.0) -> None:
        """Fails the test where the results are worse than earlier ones.

        Args:
            results: The results.
            baseline: Earlier results, or the file that they were saved to.
            threshold: By how much the pass rate of a record may fall, from 0 to 1.
        """
        from scouter import _saved

        __tracebackhide__ = True
        earlier = _saved.read(baseline) if isinstance(baseline, (str, Path)) else baseline
        outcome, text = _session.judged(results.compare_to(earlier, regression_threshold=threshold), "threshold")
        if outcome in _session.FAILS:
            raise EvaluationFailed(text)


def keep(item: pytest.Item, state: State, name: str, results: GenAIEvalResults) -> None:
    """Records results under a name, and as properties of the test."""
    state.keep(name, results, range(len(results)), len(results), apart=False)
    properties = item.user_properties
    whole = results._counts()
    properties.extend(rated("scouter", whole.pass_rate, whole.passed, whole.counted))
    properties.append(("scouter.records", len(results)))
    properties.append(("scouter.errored_records", results.failed_count))
    for task, counts in results.task_counts().items():
        properties.extend(rated(f"scouter.{task}", counts.pass_rate, counts.passed, counts.counted))


def rated(of: str, rate: Optional[float], passed: int, counted: int) -> list[tuple[str, object]]:
    """A pass rate with its denominator as properties; none where nothing counted."""
    return [] if rate is None else [(f"{of}.pass_rate", rate), (f"{of}.passed", passed), (f"{of}.counted", counted)]


def check(results: GenAIEvalResults, thresholds: _verdict.Thresholds) -> None:
    """Fails the test where results are not good enough."""
    __tracebackhide__ = True
    missed = [*thresholds.unmet(results), *thresholds.unchecked(results)]
    if (errors := thresholds.too_many_errors(results)) is not None:
        missed.insert(0, errors)
    if missed:
        raise EvaluationFailed("\n".join(["; ".join(missed), *_verdict.explain(results, missed=thresholds.missed_by(results))]))


def check_case(case: Case, thresholds: _verdict.Thresholds) -> None:
    """Fails or skips the test of one record where it is not good enough or has nothing to show."""
    __tracebackhide__ = True
    errored = not case.result.success
    if case.pass_rate is None and not errored:
        pytest.skip("no task came to a verdict: a gate is closed, or there was nothing to check")
    least = 1.0 if thresholds.pass_rate is None else thresholds.pass_rate
    if errored or (case.pass_rate is not None and case.pass_rate < least):
        of = case.result.eval_set
        failed = f"{of.passed_tasks} of {_verdict.count(of.total_tasks, 'verdict')} pass"
        lines = [f"{case.result.error_message or failed}", *_verdict.explain(case.result)]
        raise EvaluationFailed("\n".join(lines))
