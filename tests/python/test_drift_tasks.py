"""Drift as a task of a plan: what it measures, what it depends on, and where its outcome is told."""

from __future__ import annotations

import json
import os
import pickle
import signal
import threading
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from scouter.alert import AlertThreshold, SpcAlertConfig
from scouter.cli import main
from scouter.drift import CustomMetric, CustomMetricDriftConfig, Drifter, PsiDriftConfig, PsiDriftProfile, SpcDriftConfig
from scouter.errors import ConfigError, EvaluationInterrupted
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    DriftTask,
    EvaluationConfig,
    EvaluationTaskType,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    TasksFile,
)
from scouter.genai import ModelOptions, Prompt, Provider, Score, ScriptedModel

pytest_plugins = ["pytester"]

RANDOM = np.random.default_rng(11)
BEFORE = RANDOM.normal(size=2000)
LIKE = RANDOM.normal(size=1000)
MOVED = RANDOM.normal(loc=1.0, size=1000)


@pytest.fixture(scope="module")
def profile() -> PsiDriftProfile:
    return Drifter().create_drift_profile(pd.DataFrame({"delay": BEFORE}), PsiDriftConfig())


def evaluate(values: Any, *tasks: Any, **more: Any) -> GenAIEvalResults:
    records = [GenAIEvalRecord(id=f"r{at}", context={"flight": {"delay": value}}) for at, value in enumerate(values)]
    return GenAIEvalDataset(records, tasks).evaluate(**more)


def psi(profile: PsiDriftProfile, values: np.ndarray) -> float:
    """The index by the edges and counts of a profile, worked out again."""
    bins = profile.features["delay"].bins
    edges = [bin.upper_limit for bin in bins[:-1]]
    now = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(bins))
    p, q = np.array([bin.proportion for bin in bins]), now / now.sum()
    assert (now > 0).all()
    return float(((p - q) * np.log(p / q)).sum())


def test_it_measures_what_numpy_does(profile: PsiDriftProfile) -> None:
    results = evaluate(LIKE, DriftTask("drift", profile, "flight.delay"))
    drift = results.window["drift"]
    assert (drift.status, drift.actual, drift.task_type) == ("passed", False, EvaluationTaskType.Drift)
    assert drift.found["psi"]["max"] == pytest.approx(psi(profile, LIKE), rel=1e-9)
    assert (drift.found["values"], drift.found["records"]) == (1000, 1000)
    assert drift.message == "`drifted`: `false` equals `false`; 1,000 values of 1,000 records"


def test_it_is_what_the_drifter_says(profile: PsiDriftProfile) -> None:
    drift = evaluate(MOVED, DriftTask("drift", profile, "flight.delay")).window["drift"]
    alone = Drifter().compute_drift(pd.DataFrame({"delay": MOVED}), profile)["delay"]
    assert drift.status == "failed"
    told = drift.found["features"]["delay"]
    assert (told["psi"], told["p_value"], told["threshold"]) == (alone.psi, alone.adjusted_p_value, alone.threshold)


def test_assertions_judge_what_it_measured(profile: PsiDriftProfile) -> None:
    tasks = [
        DriftTask("drift", profile, "flight.delay", condition=True),
        AssertionTask("little", 0.2, ComparisonOperator.LessThan, "drift.psi.max", depends_on=["drift"]),
    ]
    assert evaluate(LIKE, *tasks).window["little"].status == "passed"
    closed = evaluate(MOVED, *tasks).window["little"]
    assert (closed.status, closed.message) == ("skipped", "the gate `drift` did not pass")


def scored(scores: list[int], *more: Any) -> GenAIEvalResults:
    """What a judge gave to records, and what other tasks made of it."""
    prompt = Prompt(messages="Rate ${n}", model="m", provider=Provider.OpenAI, output_type=Score)
    judge = LLMJudgeTask("quality", prompt, 3, "score", ComparisonOperator.GreaterThanOrEqual)
    model = ScriptedModel(lambda request: Score(score=scores[int(request["messages"][0]["content"].split()[1])], reason="so"))
    records = [GenAIEvalRecord(context={"n": n}) for n in range(len(scores))]
    return GenAIEvalDataset(records, [judge, *more]).evaluate(EvaluationConfig(models=ModelOptions(model=model)))


def test_the_scores_of_a_judge_are_held_against_an_earlier_run() -> None:
    earlier = scored([1, 2, 3, 4, 5] * 40)
    drift = DriftTask("drift", earlier, {"value_of": "quality"})
    rate = DriftTask("rate", earlier, {"pass_rate_of": "quality"})
    same = scored([5, 4, 3, 2, 1] * 20, drift, rate).window
    worse = scored([1, 2, 1, 2, 3] * 20, drift, rate).window
    assert [task.status for task in same.records] == ["passed", "passed"]
    assert [task.status for task in worse.records] == ["failed", "failed"]


def test_pass_rates_have_bounds() -> None:
    metric = CustomMetric("rate", baseline_value=0.9, alert_threshold=AlertThreshold.Below, delta=0.05)
    bounds = Drifter().create_drift_profile(metric, CustomMetricDriftConfig())
    quick = AssertionTask("quick", 80, ComparisonOperator.LessThan, "flight.delay")
    results = evaluate(range(100), quick, DriftTask("rate", bounds, {"pass_rate_of": "quick"}))
    assert results.window["rate"].found["features"]["rate"]["value"] == 0.8
    assert results.window["rate"].status == "failed"
    assert results.pass_rate == 0.8 and list(results.task_counts()) == ["quick", "rate"]


def test_a_chart_takes_records_in_their_order() -> None:
    chart = Drifter().create_drift_profile(pd.DataFrame({"delay": BEFORE}), SpcDriftConfig(sample_size=25))
    ramp = np.concatenate([LIKE[:500], LIKE[500:] + np.linspace(0, 3, 500)])
    drift = evaluate(ramp, DriftTask("chart", chart, "flight.delay", context_path="alerts.max", operator="LessThan", expected_value=1)).window["chart"]
    alone = Drifter().compute_drift(pd.DataFrame({"delay": ramp}), chart)["delay"]
    told = drift.found["features"]["delay"]
    assert drift.status == "failed" and told["alert_count"] == len(alone.alerts)
    assert told["alerts"][0]["points"] == alone.alerts[0].points


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (LIKE[:29], "`delay` (`flight.delay`) has 29 values in 29 records, at least 30 are needed"),
        ([None] * 50, "`delay` (`flight.delay`) is missing in all 50 records"),
        (["late"] * 50, "`delay` (`flight.delay`) is one of numbers, and 50 of 50 records have something else, first `r0`: text"),
        ([float("nan")] * 50, "`delay` (`flight.delay`) is missing in all 50 records"),
    ],
)
def test_a_column_that_says_nothing_errors(profile: PsiDriftProfile, values: Any, says: str) -> None:
    drift = evaluate(values, DriftTask("drift", profile, "flight.delay")).window["drift"]
    assert (drift.status, drift.message) == ("errored", f"failed to compare with the baseline: {says}")


def test_a_misspelt_field_errors_with_what_was_meant(profile: PsiDriftProfile, tmp_path: Path) -> None:
    task = DriftTask("drift", profile, "flight.dellay")
    drift = evaluate(LIKE[:100], task).window["drift"]
    told = "`delay` (`flight.dellay`) is missing in all 100 records; did you mean `flight.delay`?"
    assert (drift.status, drift.message) == ("errored", f"failed to compare with the baseline: {told}")
    records = [GenAIEvalRecord(context={"flight": {"delay": 1.0}})]
    summary = GenAIEvalDataset(records, [task]).evaluate_to(tmp_path / "out.jsonl")
    assert summary.hints() == {"drift": "did you mean `flight.delay`?"} and pickle.loads(pickle.dumps(summary)) == summary
    assert [finding.severity for finding in GenAIEvalDataset(records, [task]).check().findings] == ["error"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"column": "a", "columns": {"delay": "a"}}, "task `drift`, field `columns`: give either `column` or `columns`"),
        ({"column": {"of": "x"}}, "task `drift`, field `column`: a column is the path of a field"),
        ({"column": "flight.delay", "min_values": 0}, "task `drift`, field `min_values`: it must be at least 1"),
    ],
)
def test_arguments_that_contradict_are_refused(profile: PsiDriftProfile, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError) as error:
        DriftTask("drift", profile, **arguments)
    assert str(error.value).startswith(says)


def test_a_feature_that_the_profile_does_not_have_is_refused(profile: PsiDriftProfile) -> None:
    with pytest.raises(ConfigError, match="the baseline has no feature `dellay`; did you mean `delay`"):
        evaluate([1.0], DriftTask("drift", profile, columns={"dellay": "flight.delay"}))


def test_tasks_of_records_cannot_wait_for_it(profile: PsiDriftProfile) -> None:
    with pytest.raises(ConfigError, match="`later` looks at single records, and `drift` at all of them"):
        evaluate([1.0], DriftTask("drift", profile, "flight.delay"), CustomTask("later", bool, depends_on=["drift"]))


def test_it_survives_pickles_and_json(profile: PsiDriftProfile) -> None:
    task = DriftTask("drift", profile, "flight.delay", context_path="psi.max", operator="LessThan", expected_value=0.2)
    assert pickle.loads(pickle.dumps(task)) == task
    assert DriftTask.model_validate_json(task.model_dump_json()) == task
    assert task.baseline == profile and task.columns == {"delay": "flight.delay"}
    results = evaluate(MOVED, task)
    again = pickle.loads(pickle.dumps(results))
    assert again == results and again.window["drift"].found == results.window["drift"].found


def test_a_run_that_goes_on_has_the_whole_column_in_its_order(tmp_path: Path) -> None:
    chart = Drifter().create_drift_profile(pd.DataFrame({"delay": BEFORE}), SpcDriftConfig(sample_size=7))
    stop, called = threading.Event(), list[float]()

    def delay(context: dict[str, Any]) -> float:
        called.append(context["flight"]["delay"])
        if len(called) == 300 and not stop.is_set():
            stop.set()
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(5)
        return context["flight"]["delay"]

    tasks = [
        CustomTask("seen", delay, operator=ComparisonOperator.LessThan, expected_value=1e9),
        DriftTask("drift", chart, {"value_of": "seen"}, context_path="alerts.max", operator="LessThan", expected_value=1e9),
    ]
    values = LIKE + np.linspace(0, 2, len(LIKE))
    with pytest.raises(EvaluationInterrupted):
        evaluate(values, *tasks, config=EvaluationConfig(max_concurrency=1), run_dir=tmp_path / "run")
    again = evaluate(values, *tasks, config=EvaluationConfig(max_concurrency=1), run_dir=tmp_path / "run").window
    assert again is not None and len(called) == len(values) + 1
    alone = Drifter().compute_drift(pd.DataFrame({"delay": values}), chart)["delay"]
    told = again["drift"].found["features"]["delay"]
    assert (told["values"], told["points"], told["alert_count"]) == (len(values), len(alone.samples), len(alone.alerts))
    assert [alert["points"] for alert in told["alerts"]] == [alert.points for alert in alone.alerts[:20]]


def test_results_that_go_into_a_file_are_judged_too(profile: PsiDriftProfile, tmp_path: Path) -> None:
    records = [GenAIEvalRecord(context={"flight": {"delay": value}}) for value in MOVED]
    summary = GenAIEvalDataset(records, [DriftTask("drift", profile, "flight.delay")]).evaluate_to(tmp_path / "rows.jsonl")
    assert summary.window["drift"].status == "failed"
    assert pickle.loads(pickle.dumps(summary)) == summary


def test_the_plan_shows_it_last(profile: PsiDriftProfile, capsys: pytest.CaptureFixture[str]) -> None:
    tasks = [DriftTask("drift", profile, "flight.delay"), AssertionTask("there", operator="Exists", context_path="flight")]
    dataset = GenAIEvalDataset([GenAIEvalRecord(context={})], tasks)
    assert dataset.get_execution_plan() == [["there"], ["drift"]]
    assert [task.id for task in dataset.drift_tasks] == ["drift"] and [task.id for task in dataset.record_tasks] == ["there"]
    dataset.print_execution_plan()
    assert "Over all records, when these are done:\n\nStage 2\n└─ drift (Drift)" in capsys.readouterr().out


def test_tables_and_reports_tell_it(profile: PsiDriftProfile, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = AssertionTask("there", operator="Exists", context_path="flight")
    results = evaluate(MOVED, there, DriftTask("drift", profile, "flight.delay"))
    results.as_table(max_records=1)
    assert "all records together" in capsys.readouterr().out
    results.report(tmp_path / "report.xml")
    suites = ElementTree.parse(tmp_path / "report.xml").getroot()
    assert (suites.get("tests"), suites.get("failures")) == ("1001", "1")
    assert "1 failed of 1 check of all records together" in results.to_html()


SUITE = """
tasks:
  - {task_type: Drift, id: drift, baseline: {path: profile.json}, column: delay}
"""


@pytest.fixture
def folder(profile: PsiDriftProfile, tmp_path: Path) -> Path:
    profile.save_to_json(tmp_path / "profile.json")
    (tmp_path / "suite.yaml").write_text(SUITE)
    for name, values in (("like", LIKE), ("moved", MOVED), ("few", LIKE[:10])):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps({"delay": value}) + "\n" for value in values))
    return tmp_path


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        ("like", 0, "passed: 1,000 records, pass rate -"),
        ("moved", 1, "`drift` failed over all records: `drifted`: `true` does not equal `false`; 1,000 values of 1,000 records"),
        ("few", 3, "`drift` over all records: failed to compare with the baseline: `delay` has 10 values in 10 records"),
    ],
)
def test_the_command_line_ends_with_its_verdict(
    folder: Path, data: str, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "run", str(folder / "suite.yaml"), "--data", str(folder / f"{data}.jsonl")]) == code
    assert says in capsys.readouterr().out


def test_a_task_file_holds_it(folder: Path, profile: PsiDriftProfile) -> None:
    task = TasksFile.from_path(folder / "suite.yaml")[0]
    assert isinstance(task, DriftTask) and task.baseline == profile


def test_pytest_fails_with_it(pytester: pytest.Pytester, folder: Path) -> None:
    pytester.makepyfile(
        f"""
        from scouter import testing
        from scouter.evaluate import GenAIEvalDataset, TasksFile

        tasks = TasksFile.from_path({str(folder / "suite.yaml")!r})

        @testing.per_dataset(lambda: GenAIEvalDataset.from_path({str(folder / "like.jsonl")!r}, tasks))
        def test_like(scouter_results):
            pass

        @testing.per_dataset(lambda: GenAIEvalDataset.from_path({str(folder / "moved.jsonl")!r}, tasks))
        def test_moved(scouter_results):
            pass
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:schemathesis")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*`drift` failed over all records: *drifted: `delay`*"])


@pytest.mark.parametrize(("aggregation", "least", "status"), [("count", None, "failed"), ("count", 1, "errored"), ("mean", None, "errored")])
def test_that_there_is_nothing_is_a_count_and_no_other_metric(aggregation: str, least: int | None, status: str) -> None:
    metric = CustomMetric("calls", baseline_value=5.0, alert_threshold=AlertThreshold.Below, aggregation=aggregation)
    bounds = Drifter().create_drift_profile(metric, CustomMetricDriftConfig())
    few = evaluate([None] * 40, DriftTask("few", bounds, column="flight.delay", min_values=least)).window["few"]
    assert few.status == status
    if status == "failed":
        assert few.found["features"]["calls"] == {
            "values": 0, "missing": 40, "left_out": 0, "value": 0.0, "baseline": 5.0, "difference": -5.0, "drifted": True
        }
        assert evaluate([1.0] * 7, DriftTask("few", bounds, column="flight.delay")).window["few"].status == "passed"


def test_a_chart_with_a_share_of_false_alarms_need_not_say_what_is_judged() -> None:
    data, one = pd.DataFrame({"delay": BEFORE}), {"column": "flight.delay"}
    plain = Drifter().create_drift_profile(data, SpcDriftConfig(sample_size=5))
    with pytest.raises(ConfigError, match=r"say what is judged.*`SpcAlertConfig\(alpha=0.05\)`"):
        evaluate([1.0], DriftTask("chart", plain, **one))
    config = SpcDriftConfig(sample_size=5, alert_config=SpcAlertConfig(alpha=0.05))
    charts = Drifter().create_drift_profile(data, config)
    # One of the hundred points of the first is beyond three standard deviations, as may be by chance.
    for values, status in [(LIKE[500:], "passed"), (MOVED, "failed")]:
        outcome = evaluate(values, DriftTask("chart", charts, **one)).window["chart"]
        drift = Drifter().compute_drift(pd.DataFrame({"delay": values}), charts)
        assert outcome.status == status and outcome.found["drifted_features"] == drift.drifted
        assert outcome.found["features"]["delay"]["p_value"] == drift["delay"].p_value
