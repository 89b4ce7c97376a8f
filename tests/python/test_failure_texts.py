"""What is said of outcomes that are not as they should be."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from scouter import _verdict
from scouter.evaluate import AssertionTask, ComparisonOperator, CustomTask, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults, TaskCounts


def raises(context: dict[str, int]) -> bool:
    return 1 // context["divisor"] >= 0


@pytest.fixture
def results() -> GenAIEvalResults:
    """Of twenty records all fail `large` and `small`, and the last one's function raises too."""
    records = [GenAIEvalRecord(id=f"r{at}", context={"n": 5, "divisor": 19 - at}) for at in range(20)]
    tasks = [
        AssertionTask(id="large", context_path="n", operator=ComparisonOperator.GreaterThan, expected_value=9),
        AssertionTask(id="Small", context_path="n", operator=ComparisonOperator.LessThan, expected_value=1),
        CustomTask(id="divides", function=raises),
    ]
    return GenAIEvalDataset(records=records, tasks=tasks).evaluate()


def named(lines: list[str]) -> list[str]:
    return [line.split(":")[0] for line in lines if line.startswith("record")]


def test_what_errored_is_shown_before_what_failed(results: GenAIEvalResults) -> None:
    assert named(_verdict.explain(results, 2)) == ["record `r19`, task `divides`", "record `r0`, task `large`, path `n`"]


def test_a_task_that_misses_its_threshold_is_shown_before_others(results: GenAIEvalResults) -> None:
    missed = _verdict.Thresholds(pass_rate=0, tasks={"SMALL": 0.5}).missed_by(results)
    assert named(_verdict.explain(results, 2, missed)) == ["record `r19`, task `divides`", "record `r0`, task `small`, path `n`"]


def test_what_is_not_shown_is_counted(results: GenAIEvalResults) -> None:
    assert _verdict.explain(results, 2)[-1] == "and 39 more"
    assert "more" not in _verdict.explain(results, 41)[-1]


@pytest.mark.parametrize(
    ("passed", "failed", "told"),
    [
        (99_999, 1, ">99.99% (99,999/100,000)"),
        (1, 99_999, "<0.01% (1/100,000)"),
        (2, 1, "66.67% (2/3)"),
        (3, 0, "100% (3/3)"),
        (0, 3, "0% (0/3)"),
        (0, 0, "-"),
    ],
)  # fmt: skip
def test_a_rate_has_its_denominator_and_is_never_all_where_it_is_nearly_all(passed: int, failed: int, told: str) -> None:
    assert _verdict.rate(TaskCounts.model_validate({"passed": passed, "failed": failed, "errored": 0, "skipped": 0, "not_applicable": 0, "cancelled": 0})) == told


@pytest.mark.parametrize(("least", "told"), [(1.0, "100%"), (0.29, "29%"), (0.99999, "99.999%"), (0.0, "0%")])
def test_what_is_asked_for_keeps_its_digits(least: float, told: str) -> None:
    assert _verdict.exactly(least) == told


@pytest.mark.parametrize("errors", [7, 14, 28, 29, 55, 57, 58])
def test_just_as_many_errors_as_are_allowed_are_not_too_many(errors: int) -> None:
    results = SimpleNamespace(cancelled=False, window=SimpleNamespace(records=[]), records=100, failed_count=errors, errored_tasks=["t"])
    assert _verdict.Thresholds(errors=errors / 100).too_many_errors(results) is None  # type: ignore[arg-type]
    assert _verdict.Thresholds(errors=(errors - 1) / 100).too_many_errors(results) is not None  # type: ignore[arg-type]


SUITE = """
import os
from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset, GenAIEvalRecord
from scouter.testing import per_dataset

def dataset():
    record = GenAIEvalRecord(id="one", context={"n": int(os.environ["N"])})
    return GenAIEvalDataset([record], [AssertionTask(id="large", context_path="n", operator=ComparisonOperator.GreaterThan, expected_value=9)])

@per_dataset(dataset, threshold=0)
def test_first(): ...

@per_dataset(dataset, threshold=0)
def test_second(): ...
"""


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(test_bot=SUITE)

    def run(n: int, *options: str) -> pytest.RunResult:
        monkeypatch.setenv("N", str(n))
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:schemathesis", *options)

    return run


def test_a_session_that_fails_by_its_baseline_alone_says_so(session) -> None:
    assert session(10, "--scouter-save=before.json").ret == pytest.ExitCode.OK
    result = session(1, "--scouter-baseline=before.json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["the session fails: 2 evaluations could not be decided"])


MANY = SUITE.replace('record = GenAIEvalRecord(id="one", context={"n": int(os.environ["N"])})', 'records = [GenAIEvalRecord(id=str(at), context={"n": int(os.environ["N"])}) for at in range(40)]').replace("[record]", "records")


def test_a_session_tells_what_got_worse_from_what_is_undecided(session, pytester: pytest.Pytester) -> None:
    few = "\ndef few():\n    return GenAIEvalDataset(dataset().records[:1], dataset().tasks)\n"
    pytester.makepyfile(test_bot=MANY + few + "\n@per_dataset(few, threshold=0)\ndef test_few(): ...\n")
    assert session(10, "--scouter-save=before.json").ret == pytest.ExitCode.OK
    result = session(1, "--scouter-baseline=before.json")
    result.stdout.fnmatch_lines(["the session fails: 2 evaluations got worse than the baseline, 1 evaluation could not be decided"])


def test_every_report_is_named(session, pytester: pytest.Pytester) -> None:
    result = session(10, "--scouter-report=report.md")
    assert result.ret == pytest.ExitCode.OK
    for name in ("report-test_first.md", "report-test_second.md"):
        result.stdout.fnmatch_lines([f"written: {Path(pytester.path) / name}"])
