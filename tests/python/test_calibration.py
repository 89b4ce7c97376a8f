"""Judges against labels: how good they are, what follows for pass rates, and the bar below which they only report."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from scouter.errors import ConfigError
from scouter.evaluate import (
    AssertionTask,
    Calibration,
    ComparisonOperator,
    Estimate,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    TasksFile,
)
from scouter.genai import ModelOptions, OpenAIChatSettings, Prompt, Score, ScriptedModel

GOOD = Calibration(true_passes=90, false_fails=10, false_passes=20, true_fails=80)
WEAK = Calibration(true_passes=30, false_fails=20, false_passes=20, true_fails=30)


def judge(**more: Any) -> LLMJudgeTask:
    prompt = Prompt(messages="Rate ${response}.", model="m", provider="openai", output_type=Score)
    given: dict[str, Any] = {
        "prompt": prompt, "expected_value": 4, "context_path": "score", "operator": ComparisonOperator.GreaterThanOrEqual, **more
    }  # fmt: skip
    return LLMJudgeTask(id="quality", **given)


def run(tasks: list[Any], scores: list[Any]) -> GenAIEvalResults:
    """A run over a record for each score, in whose text it stands."""

    def reply(request: dict[str, Any]) -> Any:
        said = request["messages"][0]["content"].removeprefix("Rate ").removesuffix(".")
        return Score(int(said), "") if said.isdigit() else "no idea"

    of = [GenAIEvalRecord(context={"response": str(score)}, id=str(at)) for at, score in enumerate(scores)]
    config = EvaluationConfig(models=ModelOptions(model=ScriptedModel(reply)))
    return GenAIEvalDataset(of, tasks).evaluate(config)


def test_verdicts_are_counted_against_labels() -> None:
    results = run([judge()], [5, 5, 1, 4, 2, "x", 5])
    labels = {"0": True, "1": False, "2": True, "3": True, "4": False, "5": True}
    calibration = results.calibration("Quality", labels)
    assert calibration.model_dump() == {
        "true_passes": 2,
        "false_fails": 1,
        "false_passes": 1,
        "true_fails": 1,
        "unjudged": 1,
        "judge": judge().fingerprint,
    }


def trials(count: int) -> GenAIEvalResults:
    scores = [5, 5, 1, 1, 5, 1]
    of = [GenAIEvalRecord(context={"response": str(score)}, id=str(at)) for at, score in enumerate(scores)]
    model = ScriptedModel(lambda request: Score(int(request["messages"][0]["content"].removeprefix("Rate ").removesuffix(".")), ""))
    return GenAIEvalDataset(of, [judge()]).evaluate(EvaluationConfig(models=ModelOptions(model=model)), trials=count)


def test_trials_of_a_record_are_not_counted_as_labels_of_their_own() -> None:
    labels = {str(at): at in {0, 1, 2} for at in range(6)}
    once, often = (trials(count).calibration("quality", labels) for count in (1, 5))
    assert (once.true_passes, once.false_fails, once.false_passes, once.true_fails) == (2, 1, 1, 2)
    assert often == once


def test_trials_of_a_record_do_not_narrow_a_corrected_rate() -> None:
    once, often = (trials(count).corrected_pass_rate("quality", GOOD) for count in (1, 10))
    assert often == once


def test_a_record_counts_as_most_of_its_trials_say_and_a_tie_as_unjudged() -> None:
    said = iter([5, 5, 1, 1, 1, 5, 5, "?", "?", 1])
    model = ScriptedModel(lambda request: Score(score, "") if isinstance(score := next(said), int) else "no idea")
    of = [GenAIEvalRecord(context={"response": "r"}, id=str(at)) for at in range(3)]
    config = EvaluationConfig(models=ModelOptions(model=model), max_concurrency=1)
    results = GenAIEvalDataset(of, [judge(max_retries=0)]).evaluate(config, trials=3)
    calibration = results.calibration("quality", {"0": True, "1": True, "2": True})
    assert (calibration.true_passes, calibration.false_fails, calibration.unjudged) == (1, 1, 1)


def test_a_judge_without_a_mistake_on_a_few_labels_clears_no_high_bar() -> None:
    kappa = Calibration(10, 0, 0, 10).kappa
    assert (kappa.value, kappa.low, kappa.high) == (1.0, pytest.approx(0.612, abs=0.001), 1.0)
    assert "kappa lies between 0.61 and 1.00" in str(judge(calibration=Calibration(10, 0, 0, 10), least_kappa=0.9).advisory)


def test_estimates_have_intervals() -> None:
    # 0.4 with this table: Cohen (1960); the interval by statsmodels' `cohens_kappa` on [[21, 6], [11, 16]].
    table = Calibration(true_passes=20, false_fails=5, false_passes=10, true_fails=15)
    assert (table.kappa.value, table.kappa.low, table.kappa.high) == (pytest.approx(0.4), pytest.approx(0.127, abs=0.001), pytest.approx(0.614, abs=0.001))
    assert (table.accuracy.value, table.accuracy.n) == (0.7, 50)
    assert (table.sensitivity.value, table.sensitivity.n) == (0.8, 25)
    assert (table.specificity.value, table.specificity.n) == (0.6, 25)
    # 8 of 10 by Wilson.
    small = Calibration(8, 2, 0, 0).sensitivity
    assert (small.low, small.high) == (pytest.approx(0.490, abs=0.001), pytest.approx(0.943, abs=0.001))


def test_what_labels_do_not_tell_is_none() -> None:
    only_good = Calibration(8, 2, 0, 0)
    assert only_good.specificity is None and only_good.kappa is not None
    assert Calibration(8, 0, 0, 0).kappa is None
    assert Calibration(0, 0, 0, 0).accuracy is None


def test_a_pass_rate_is_corrected_for_the_mistakes_of_its_judge() -> None:
    # 620 of 1,000 pass where 600 are good: 0.9 of these, and 0.2 of the 400 others.
    corrected = GOOD.correct(620, 1_000)
    assert corrected.value == pytest.approx(0.6)
    assert corrected.standard_error == pytest.approx(0.041, abs=0.0005)
    assert corrected.low < 0.6 < corrected.high


def test_the_pass_rate_of_results_is_corrected() -> None:
    results = run([judge()], [5] * 62 + [1] * 38)
    assert results.corrected_pass_rate("quality", GOOD).value == pytest.approx(0.6)


def test_a_rate_that_cannot_be_corrected_says_why() -> None:
    with pytest.raises(ValueError, match="no better than chance"):
        Calibration(50, 50, 50, 50).correct(1, 2)
    with pytest.raises(ValueError, match="one of them is missing"):
        Calibration(50, 50, 0, 0).correct(1, 2)
    with pytest.raises(ValueError, match="3 of 2 records"):
        GOOD.correct(3, 2)


def test_labels_that_fit_no_record_say_so() -> None:
    results = run([judge()], [5, 1])
    with pytest.raises(KeyError, match="`10`"):
        results.calibration("quality", {"0": True, "10": False})
    with pytest.raises(KeyError, match="did you mean `quality`"):
        results.calibration("qualit", {"0": True})
    for wrong in ({"0": "yes"}, {"0": 1}, {0: True}):
        with pytest.raises(TypeError, match="by the ids of records"):
            results.calibration("quality", wrong)  # type: ignore[arg-type]


def test_a_judge_below_the_bar_reports_but_counts_nowhere() -> None:
    long = AssertionTask("there", None, "Exists", context_path="response")
    results = run([long, judge(calibration=WEAK, least_kappa=0.6)], [5, 1, 1])
    task = results["1"]["quality"]
    assert (task.status, task.actual) == ("failed", 1)
    assert task.advisory == "kappa lies between 0.00 and 0.38, and 0.6 at least is wanted"
    assert results["1"].eval_set.pass_rate == 1.0
    assert results["1"].eval_set.failed_tasks == 0


def test_rates_of_a_frame_and_of_files_are_those_of_the_results(tmp_path: Path) -> None:
    there = AssertionTask("there", None, "Exists", context_path="response")
    results = run([there, judge(calibration=WEAK, least_kappa=0.6)], [5, 1, 1])
    frame = results.to_dataframe()
    assert dict(zip(frame["task_id"], frame["advisory"])) == {"there": False, "quality": True}
    assert frame[~frame["condition"] & ~frame["advisory"]]["value"].mean() == results.pass_rate == 1.0
    results.write(tmp_path / "rows.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert [row["advisory"] for row in rows] == frame["advisory"].tolist()
    results.write(tmp_path / "rows.parquet")
    assert pyarrow.parquet.read_table(tmp_path / "rows.parquet").column("advisory").to_pylist() == frame["advisory"].tolist()
    assert results.to_dataframe(polars=True)["advisory"].to_list() == frame["advisory"].tolist()


def test_a_judge_below_the_bar_is_no_gate() -> None:
    after = AssertionTask("after", None, "Exists", context_path="response", depends_on=["quality"])
    for calibration, status in [(WEAK, "passed"), (GOOD, "skipped")]:
        gate = judge(condition=True, calibration=calibration, least_kappa=0.5)
        assert run([gate, after], [1])["0"]["after"].status == status


def test_a_judge_above_the_bar_counts() -> None:
    task = judge(calibration=GOOD, least_kappa=0.5)
    assert task.advisory is None
    results = run([task], [1])
    assert results["0"]["quality"].advisory is None
    assert results["0"].eval_set.pass_rate == 0.0


def test_few_labels_clear_no_bar() -> None:
    assert "10 at least of either" in str(judge(calibration=Calibration(9, 0, 0, 50), least_kappa=0.0).advisory)


def test_a_judge_that_only_reports_regresses_nothing() -> None:
    there = AssertionTask("there", None, "Exists", context_path="response")
    tasks = [there, judge(calibration=WEAK, least_kappa=0.6)]
    before, now = run(tasks, [5] * 40), run(tasks, [1] * 40)
    compared = now.compare_to(before, regression_threshold=0.05)
    assert not compared.regressed and compared.verdict != "regressed"


def calibrated(**more: Any) -> Calibration:
    """Of a judge that is right on 100 records."""
    results = run([judge(**more)], [5] * 50 + [1] * 50)
    return results.calibration("quality", {str(at): at < 50 for at in range(100)})


@pytest.mark.parametrize(
    "other",
    [
        {"prompt": Prompt(messages="Rate it: ${response}.", model="m", provider="openai", output_type=Score)},
        {"prompt": Prompt(messages="Rate ${response}.", model="m2", provider="openai", output_type=Score)},
        {"prompt": Prompt(messages="Rate ${response}.", model="m", provider="gemini", output_type=Score)},
        {"prompt": Prompt(messages="Rate ${response}.", model="m", provider="openai", output_type=Score, model_settings=OpenAIChatSettings(temperature=1))},
        {"expected_value": 3},
        {"jury": ["gemini/flash"]},
    ],
    ids=["prompt", "model", "provider", "settings", "expected", "jury"],
)
def test_a_calibration_says_nothing_of_a_judge_that_is_another_one_now(other: dict[str, Any]) -> None:
    calibration = calibrated()
    task = judge(**{**other, "calibration": calibration, "least_kappa": 0.5})
    assert "its calibration is stale" in (task.advisory or "")
    assert judge(calibration=calibration, least_kappa=0.5).advisory is None


def test_what_does_not_change_a_judge_leaves_its_calibration_as_it_is() -> None:
    task = judge(calibration=calibrated(), least_kappa=0.5, description="why", condition=True, depends_on=["x"], max_retries=7, timeout=3.0)
    task.id = "another"
    assert task.advisory is None
    settings = OpenAIChatSettings(timeout=9)
    patient = Prompt(messages="Rate ${response}.", model="m", provider="openai", output_type=Score, model_settings=settings)
    assert judge(prompt=patient).fingerprint == judge().fingerprint


def test_a_calibration_knows_its_judge_wherever_it_is_kept(tmp_path: Path) -> None:
    calibration = calibrated()
    assert calibration.judge == judge().fingerprint
    for again in (Calibration.model_validate_json(calibration.model_dump_json()), pickle.loads(pickle.dumps(calibration))):
        assert again == calibration
    path = tmp_path / "suite.json"
    stale = judge(expected_value=2, calibration=calibration, least_kappa=0.5)
    path.write_text('{"tasks": [' + stale.model_dump_json().replace("{", '{"task_type": "LLMJudge", ', 1) + "]}")
    (again,) = list(TasksFile.from_path(path))
    assert "its calibration is stale" in (again.advisory or "")
    results = run([judge()], [5, 1])
    kept = GenAIEvalResults.model_validate_json(results.model_dump_json())
    assert kept.calibration("quality", {"0": True, "1": False}).judge == judge().fingerprint


def test_a_pass_rate_is_not_corrected_by_what_is_known_of_another_judge() -> None:
    results = run([judge(expected_value=3)], [5] * 62 + [1] * 38)
    with pytest.raises(ValueError, match="of another judge than `quality`"):
        results.corrected_pass_rate("quality", calibrated())
    assert results.corrected_pass_rate("quality", Calibration(90, 10, 20, 80)).value == pytest.approx(0.6)


def test_labels_that_somebody_counted_are_of_the_judge_that_is_named() -> None:
    counted = Calibration(90, 10, 20, 80, judge=judge().fingerprint)
    assert judge(calibration=counted, least_kappa=0.5).advisory is None
    assert "stale" in (judge(expected_value=2, calibration=counted, least_kappa=0.5).advisory or "")
    with pytest.raises(ValueError, match="`judge` is no `fingerprint` of a judge"):
        Calibration(90, 10, 20, 80, judge="quality")


def test_a_check_and_reports_say_who_only_reports() -> None:
    task = judge(calibration=WEAK, least_kappa=0.6)
    dataset = GenAIEvalDataset([GenAIEvalRecord(context={"response": "5"})], [task])
    (finding,) = dataset.check().findings
    assert (finding.severity, finding.field) == ("warning", "calibration")
    assert "it only reports: kappa lies between" in finding.message
    results = run([task], [1])
    assert "quality (advisory)" in results.as_table() and "quality only reports: kappa" in results.as_table()
    assert "advisory" in results.to_html() and "(advisory)" in results.to_markdown()
    assert "<failure" not in results.to_junit()
    again = GenAIEvalResults.model_validate_json(results.model_dump_json())
    assert again["0"]["quality"].advisory == results["0"]["quality"].advisory


def test_a_bar_stands_in_task_files(tmp_path: Path) -> None:
    task = judge(calibration=GOOD, least_kappa=0.9)
    path = tmp_path / "suite.json"
    path.write_text('{"tasks": [' + task.model_dump_json().replace("{", '{"task_type": "LLMJudge", ', 1) + "]}")
    (again,) = list(TasksFile.from_path(path))
    assert again == task == pickle.loads(pickle.dumps(task))
    assert (again.calibration, again.least_kappa, again.advisory) == (GOOD, 0.9, task.advisory)


def test_a_calibration_and_its_bar_belong_together() -> None:
    for given, field in [({"calibration": GOOD}, "least_kappa"), ({"least_kappa": 0.5}, "calibration")]:
        with pytest.raises(ConfigError) as caught:
            judge(**given)
        assert [problem.field for problem in caught.value.problems] == [field]
    with pytest.raises(ConfigError, match="from -1 to 1"):
        GenAIEvalDataset([GenAIEvalRecord(context={"response": "5"})], [judge(calibration=GOOD, least_kappa=1.5)])


def test_calibrations_pickle_and_go_through_json() -> None:
    for data in (GOOD, GOOD.kappa, GOOD.accuracy):
        assert pickle.loads(pickle.dumps(data)) == data == type(data).model_validate_json(data.model_dump_json())
    assert isinstance(GOOD.kappa, Estimate)
