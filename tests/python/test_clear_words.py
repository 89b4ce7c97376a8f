"""What is said of arguments, files and names that are not what was meant, and of results in a line."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pandas as pd
import polars as pl
import pytest

from scouter import Drifter, PsiAlertConfig, PsiDriftConfig, PsiFixedThreshold, SpcAlertConfig, SpcAlertRule, SpcDriftConfig, _verdict
from scouter.errors import ConfigError, DataError, EvaluationInterrupted, RunDirError
from scouter.evaluate import (
    AlignedEvalResult,
    AssertionTask,
    Calibration,
    ComparisonOperator,
    CustomTask,
    DriftTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    TasksFile,
    TraceAssertion,
)
from scouter.genai import Labels, ModelOptions, Prompt, Rubric, Score, ScriptedModel

REPLY = AssertionTask(id="reply", context_path="reply", operator=ComparisonOperator.Equals, expected_value="yes")


def dataset(*tasks: Any, replies: tuple[str, ...] = ("yes", "no")) -> GenAIEvalDataset:
    return GenAIEvalDataset([GenAIEvalRecord(context={"reply": reply, "n": 1}, id=f"q{at}") for at, reply in enumerate(replies)], tasks or (REPLY,))


@pytest.fixture
def results() -> GenAIEvalResults:
    return dataset().evaluate()


def test_a_path_that_is_no_text_names_the_order_of_arguments() -> None:
    with pytest.raises(TypeError, match="`context_path` is text, not a `int`: .* id, expected_value, operator, context_path, in this order"):
        AssertionTask("a", "x", ComparisonOperator.Equals, 1)  # type: ignore[arg-type]


def test_a_path_and_an_expected_value_that_are_exchanged_are_told() -> None:
    failed = dataset(AssertionTask("a", "reply", ComparisonOperator.Contains, "Order")).evaluate()["q0"]["a"]
    assert failed.message == "`Order` is missing; `reply`, which is what is expected, is in the records: are path and expected value exchanged?"


def test_a_time_in_words_or_as_an_object_is_told_in_seconds() -> None:
    words: Any = "5s"
    delta: Any = timedelta(seconds=5)
    for make in (
        lambda time: EvaluationConfig(run_timeout=time),
        lambda time: EvaluationConfig(task_timeout=time),
        lambda time: CustomTask("c", len, timeout=time),
        lambda time: ModelOptions(timeout=time),
        lambda time: ModelOptions(budget_seconds=time),
    ):
        with pytest.raises(TypeError, match="expected float, and this is a `str`: give seconds as a number, such as `5` or `0.5`"):
            make(words)
        with pytest.raises(TypeError, match=r"and this is a `datetime.timedelta`: give seconds as a number, its `\.total_seconds\(\)`"):
            make(delta)


def test_words_where_a_prompt_rules_or_results_are_wanted_are_told_with_what_to_write(results: GenAIEvalResults) -> None:
    words: Any = "nelson"
    with pytest.raises(TypeError, match="expected Prompt, and this is a `str`: write `Prompt\\(messages=…, model=…, provider=…\\)` around it"):
        LLMJudgeTask("j", words, operator="Equals", expected_value=1)
    with pytest.raises(TypeError, match='expected SpcAlertRule, and this is a `str`: write `SpcAlertRule\\("nelson"\\)`'):
        SpcAlertConfig(rule=words)
    with pytest.raises(TypeError, match=r"expected GenAIEvalResults, and this is a `str`: read it first, by `GenAIEvalResults\.model_validate_json"):
        results.compare_to(words)


def test_a_rule_is_set_as_it_is_given() -> None:
    config, words = SpcAlertConfig(), cast(Any, "nelson")
    config.rule = SpcAlertRule("nelson")
    assert config.rule.rule == "nelson"
    with pytest.raises(TypeError, match="write `SpcAlertRule"):
        config.rule = words


def test_names_in_two_braces_are_told_by_a_check_and_by_what_fails() -> None:
    braced = dataset(AssertionTask(id="a", context_path="reply", operator=ComparisonOperator.Equals, expected_value="{{ reply }}"))
    [finding] = braced.check().findings
    assert (finding.severity, finding.field, finding.hint) == ("warning", "expected_value", "`{{ reply }}` is plain text: write `${reply}`")
    assert braced.evaluate()["q0"]["a"].message == '`reply`: `"yes"` does not equal `"{{ reply }}"`; `{{ reply }}` is plain text: write `${reply}`'


@pytest.mark.parametrize("expected", ["{{ other }}", "{reply}", "{{1}}"])
def test_braces_that_name_nothing_of_the_records_are_no_finding(expected: str) -> None:
    task = AssertionTask(id="a", context_path="reply", operator=ComparisonOperator.NotEqual, expected_value=expected)
    assert dataset(task).check().findings == []
    assert "plain text" not in dataset(task).evaluate()["q0"]["a"].message


def test_braces_of_what_a_record_says_are_its_own() -> None:
    record = GenAIEvalRecord(context={"reply": "yes", "wanted": "{{ reply }}"}, id="q0")
    task = AssertionTask(id="a", context_path="reply", operator=ComparisonOperator.Equals, expected_value="${wanted}")
    assert GenAIEvalDataset([record], [task]).evaluate()["q0"]["a"].message == '`reply`: `"yes"` does not equal `"{{ reply }}"`'


def test_a_trial_that_is_not_there_is_told_beside_those_that_are() -> None:
    results = dataset().evaluate(trials=2)
    with pytest.raises(KeyError, match="there is no trial 3 of record `q0`, which has 2 trials"):
        results["q0", 3]
    with pytest.raises(KeyError, match="no record has the id `q9`; did you mean `q0`?"):
        results["q9", 1]


def test_a_table_of_trials_tells_them_apart_and_sums_them_up() -> None:
    turns = iter([True, True, False, True, False, False])
    results = dataset(CustomTask("turns", lambda context: next(turns)), replies=("a", "b", "c")).evaluate(EvaluationConfig(max_concurrency=1), trials=2)
    assert [(result.record_id, result.trial) for result in results] == [("q0", 1), ("q0", 2), ("q1", 1), ("q1", 2), ("q2", 1), ("q2", 2)]
    table = results.as_table()
    assert "trials of 3 records: 1 passed in every trial, 1 in some, 1 in none" in table
    for text in (table, results.as_table(show_tasks=True)):
        rows = [[cell.strip() for cell in line.replace("│", "┆").strip("┆").split("┆")] for line in text.splitlines() if "q1" in line]
        assert "trial" in text and [row[:2] for row in rows] == [["q1", "1"], ["q1", "2"]]


def test_a_failure_names_its_trial(results: GenAIEvalResults) -> None:
    told = [line for line in _verdict.explain(dataset().evaluate(trials=2)) if line.startswith("record")]
    assert told == [f"record `q1`, trial {trial}, task `reply`, path `reply`: failed" for trial in (1, 2)]
    assert _verdict.explain(results)[1] == "record `q1`, task `reply`, path `reply`: failed"


def test_a_table_without_trials_has_no_column_for_them(results: GenAIEvalResults) -> None:
    assert "trial" not in results.as_table() + results.as_table(show_tasks=True)


def test_results_without_tasks_over_all_records_have_an_empty_window(results: GenAIEvalResults, tmp_path: Path) -> None:
    for window in (results.window, dataset().evaluate_to(tmp_path / "rows.jsonl").window):
        assert len(window) == 0 and list(window) == [] and "drift" not in window and window.pass_rate is None
        with pytest.raises(KeyError, match="no task has the id `drift`"):
            window["drift"]


def test_failures_are_what_failed_and_counts_or_errored() -> None:
    def fails(context: dict[str, Any]) -> bool:
        raise LookupError("no such thing")

    gate = AssertionTask(id="gate", context_path="reply", operator=ComparisonOperator.Equals, expected_value="no", condition=True)
    results = dataset(REPLY, gate, CustomTask("broken", fails, depends_on=["gate"])).evaluate()
    found = [(task.record_id, task.task_id, task.status) for task in results.failures()]
    assert found == [("q1", "reply", "failed"), ("q1", "broken", "errored")]
    assert [task.task_id for task in results["q1"].failures()] == ["reply", "broken"]
    assert results["q0"].failures() == []


def test_failures_over_all_records_come_first() -> None:
    baseline = Drifter().create_drift_profile(pd.DataFrame({"n": range(100)}), PsiDriftConfig())
    records = [GenAIEvalRecord(context={"n": 1_000, "reply": "no"}, id=str(at)) for at in range(40)]
    drift = DriftTask("drift", baseline, column="n", context_path="drifted", operator="Equals", expected_value=False)
    failures = GenAIEvalDataset(records, [REPLY, drift]).evaluate().failures()
    assert [task.task_id for task in failures[:2]] == ["drift", "reply"] and len(failures) == 41


def test_success_is_that_no_task_errored_and_is_shown_beside_the_pass_rate(results: GenAIEvalResults) -> None:
    assert results["q1"].success and results.failed_count == 0
    assert repr(results["q1"]) == 'AlignedEvalResult(record="q1", success=True, pass_rate=0.0% (0/1))'
    for told in (AlignedEvalResult.success, GenAIEvalResults.failed_count, GenAIEvalResults.successful_count):
        assert "errored" in (told.__doc__ or "")


def test_results_are_a_line_to_look_at(results: GenAIEvalResults) -> None:
    assert repr(results) == "GenAIEvalResults(2 records, 1 task, pass_rate=50.0% (1/2))"
    assert results.as_table().endswith("2 records, 1 task, pass rate 50.0% (1/2)")
    assert json.loads(str(results))["version"] == 1


def test_an_interval_that_leaves_out_nothing_beside_an_open_verdict_is_explained() -> None:
    before, after = (dataset(replies=("yes",) * right + ("no",) * (30 - right)).evaluate() for right in (30, 25))
    comparison = after.compare_to(before)
    assert comparison.overall is not None and comparison.overall.interval[1] < 0 and comparison.verdict == "inconclusive"
    for text in (str(comparison), after.to_markdown(baseline=before), after.to_html(baseline=before)):
        assert "it leaves out 0, and the p value decides" in text.replace("It leaves", "it leaves")
    surely = dataset(replies=("no",) * 30).evaluate().compare_to(before)
    assert surely.verdict == "regressed" and "the p value decides" not in str(surely)


def test_a_calibration_shows_its_counts_and_its_estimates() -> None:
    calibration = Calibration(true_passes=90, false_fails=10, false_passes=20, true_fails=80)
    shown = json.loads(str(calibration))
    assert shown["true_passes"] == 90 and shown["sensitivity"]["value"] == 0.9 and shown["specificity"]["value"] == 0.8
    assert shown["accuracy"]["value"] == 0.85 and shown["kappa"]["low"] < shown["kappa"]["value"] < shown["kappa"]["high"]
    assert Calibration.model_validate_json(calibration.model_dump_json()) == calibration


def test_estimates_that_cannot_be_are_shown_as_null() -> None:
    shown = json.loads(str(Calibration(0, 0, 0, 0)))
    assert [shown[name] for name in ("accuracy", "kappa", "sensitivity", "specificity")] == [None] * 4


def test_labels_in_a_list_are_refused_with_what_to_write(results: GenAIEvalResults) -> None:
    with pytest.raises(TypeError, match=r"`labels` says `True` or `False` by the ids of records, and is a `list`: give a dict, .*zip"):
        results.calibration("reply", [True, False])  # type: ignore[arg-type]


def test_what_is_none_of_several_types_is_told_in_a_line(results: GenAIEvalResults, tmp_path: Path) -> None:
    with pytest.raises(TypeError) as caught:
        PsiAlertConfig(threshold=0.2)  # type: ignore[arg-type]
    told = "expected PsiNormalThreshold or PsiChiSquareThreshold or PsiFixedThreshold, and this is a `float`: write `PsiFixedThreshold(0.2)` for"
    assert str(caught.value).startswith(told)
    assert PsiAlertConfig(threshold=PsiFixedThreshold(0.2)).threshold.threshold == 0.2
    with pytest.raises(TypeError) as caught:
        TraceAssertion.tool_calls([5])  # type: ignore[list-item]
    assert str(caught.value) == "expected ToolCall or dict, and this is a `int`"
    with pytest.raises(TypeError) as caught:
        SpcDriftConfig(sample_size=2.5)  # type: ignore[arg-type]
    assert str(caught.value) == "expected int or str, and this is a `float`"
    for size in (-1, 10**40):
        with pytest.raises(ValueError, match=f'^`sample_size` is `{size}`: it must be from 1 to 1,000,000, or `"auto"`$'):
            SpcDriftConfig(sample_size=size)
    with pytest.raises(TypeError, match="expected CommonCrons or str, and this is a `float`"):
        PsiAlertConfig(schedule=0.2)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"and this is a `str`: read it first, by `GenAIEvalResults.model_validate_json\(Path\(\"base.json\"\)"):
        results.report(tmp_path / "report.md", baseline="base.json")  # type: ignore[arg-type]


@pytest.mark.parametrize("column", [pd.Series([1.0, 2.0], name="amt"), pl.Series("amt", [1.0, 2.0])], ids=["pandas", "polars"])
def test_a_single_column_is_no_table(column: Any) -> None:
    with pytest.raises(DataError, match=r"data is a `(pandas|polars)\..*Series`, a single column: give a table, such as `series.to_frame\(\)`"):
        Drifter().create_drift_profile(column, PsiDriftConfig())
    with pytest.raises(TypeError, match="`table` must be an Arrow table or what gives one"):
        GenAIEvalDataset.from_table(column, [REPLY])


@pytest.mark.parametrize(
    ("criteria", "words"),
    [
        ({"a": {"description": "x", "weigth": 2}}, "failed to use the rubric: the criterion `a`: unknown field `weigth`, expected `description` or `weight`"),
        ({"a": {"weight": 2}}, "failed to use the rubric: the criterion `a`: missing field `description`"),
        ({"a": 5}, "the criterion `a`: invalid type: integer `5`, expected a description, or `description` and `weight`"),
        (5, "failed to use the rubric: invalid type: integer `5`, expected criteria by their names"),
    ],
)
def test_a_criterion_that_cannot_be_read_is_named(criteria: Any, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        Rubric(criteria)
    assert words in str(caught.value)


@pytest.mark.parametrize("labels", [5, {"a": 5}, ["a", 3]])
def test_labels_that_cannot_be_read_are_told_with_what_they_are(labels: Any) -> None:
    with pytest.raises(ValueError, match="failed to use the labels: give a list of texts, or texts with their descriptions"):
        Labels(labels)


def test_a_juror_that_cannot_be_read_is_told_with_what_it_is() -> None:
    prompt = Prompt("Rate ${reply}.", "m", "openai", output_type=Score)
    with pytest.raises(ConfigError, match="task `rated`, field `jury`: a juror is `provider/model`, or has `provider` and `model`"):
        LLMJudgeTask("rated", prompt, 4, "score", ComparisonOperator.GreaterThan, jury=[{"modle": "m"}])  # type: ignore[list-item]


def test_a_script_that_ends_after_a_reply_that_does_not_fit_tells_of_the_reply() -> None:
    judge = LLMJudgeTask("rated", Prompt("Rate ${reply}.", "m", "openai", output_type=Score), 4, "score", ComparisonOperator.GreaterThan)
    config = EvaluationConfig(models=ModelOptions(model=ScriptedModel(["hello"])))
    [errored] = dataset(judge, replies=("yes",)).evaluate(config).failures()
    assert "the script has no further reply (2 attempts): the reply before does not fit the schema: " in errored.message


@pytest.mark.parametrize("name", ["rows.html", "rows.json", "rows.md"])
def test_a_file_of_rows_with_the_suffix_of_a_report_names_report(results: GenAIEvalResults, tmp_path: Path, name: str) -> None:
    for write in (results.write, dataset().evaluate_to):
        with pytest.raises(ValueError, match="`.json`, `.html`, `.md` and `.xml` are written by `results.report`"):
            write(tmp_path / name)


def test_a_report_with_the_suffix_of_rows_names_write(results: GenAIEvalResults, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`.jsonl`, `.parquet` and `.arrow` are written by `write`"):
        results.report(tmp_path / "report.jsonl")


def test_a_folder_that_is_not_there_is_told_as_one(results: GenAIEvalResults, tmp_path: Path) -> None:
    for write in (results.write, dataset().evaluate_to, results.report):
        with pytest.raises(FileNotFoundError, match="there is no folder `.*/none` to write `.*/rows"):
            write(tmp_path / "none" / ("rows.html" if write == results.report else "rows.jsonl"))


def test_a_file_that_is_not_there_has_its_name_as_text() -> None:
    with pytest.raises(FileNotFoundError, match=r"\[Errno 2\] No such file or directory: 'none.yaml'"):
        TasksFile.from_path(Path("none.yaml"))


@pytest.mark.parametrize("argument", ["run_dir", "reuse"])
def test_a_file_is_no_run_directory(tmp_path: Path, argument: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RunDirError, match="file` is no run directory: it is a file: give a folder"):
        dataset().evaluate(**{argument: tmp_path / "file"})
    assert (tmp_path / "file").read_text() == "mine"


def test_an_interrupted_run_says_how_it_goes_on(results: GenAIEvalResults) -> None:
    assert "with a `run_dir` the same call goes on from there" in str(EvaluationInterrupted(results))


FLIGHTS = pd.DataFrame({"delay": [float(at) for at in range(40)], "carrier": ["AA", "UA"] * 20})


def test_a_feature_that_is_not_there_is_told_with_those_that_are() -> None:
    profile = Drifter().create_drift_profile(FLIGHTS, PsiDriftConfig())
    drift = Drifter().compute_drift(FLIGHTS, profile)
    with pytest.raises(KeyError, match="there is no feature `delya`; did you mean `delay`?"):
        drift["delya"]
    with pytest.raises(KeyError, match="there is no feature `minutes`; there are `(delay|carrier)`, `(delay|carrier)`"):
        drift["minutes"]
    for config in (PsiDriftConfig(categorical_features=["minutes"]), PsiDriftConfig(alert_config=PsiAlertConfig(features_to_monitor=["minutes"]))):
        with pytest.raises(DataError, match="`minutes`: there is no such feature; there are `"):
            Drifter().create_drift_profile(FLIGHTS, config)
    with pytest.raises(DataError, match="the data have no column `delay`, which the profile has; is `delay` what they call `delays`?"):
        Drifter().compute_drift(FLIGHTS.rename(columns={"delay": "delays"}), profile)


def test_a_baseline_of_few_values_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    Drifter().create_drift_profile(FLIGHTS, PsiDriftConfig())
    Drifter().create_drift_profile(FLIGHTS, SpcDriftConfig(sample_size=10))
    assert caplog.messages == []
    Drifter().create_drift_profile(FLIGHTS[:29], PsiDriftConfig())
    Drifter().create_drift_profile(FLIGHTS[["delay"]], SpcDriftConfig(sample_size=1000))
    assert [(of.name, of.levelno) for of in caplog.records] == [("scouter", logging.WARNING)] * 2
    few, chart = caplog.messages
    assert few.endswith("has 29 values: with fewer than 30 hardly any change is seen (and so of 1 other)")
    assert chart == "there is no control chart of `delay`, which has 40 values: at least 1000 are needed"
