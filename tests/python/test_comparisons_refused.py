"""What cannot be compared, and which of a task's changes make another check of it: told, with what to do."""

from __future__ import annotations

from typing import Any

import pytest

from scouter import _session
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    ComparisonResults,
    CustomTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
)
from scouter.genai import ModelOptions, Prompt, Score, ScriptedModel

RIGHT = AssertionTask(id="right", context_path="right", operator=ComparisonOperator.Equals, expected_value=True)


def run(trials: int = 1, ids: tuple[str | None, ...] = ("a", "b"), task: Any = RIGHT) -> GenAIEvalResults:
    return GenAIEvalDataset([GenAIEvalRecord(context={"right": True}, id=id) for id in ids], [task]).evaluate(trials=trials)


@pytest.mark.parametrize("ids", [("a", "b"), (None, None)], ids=["named", "unnamed"])
@pytest.mark.parametrize(
    ("now", "before", "headline"),
    [
        (1, 4, "this run ran each record once, the baseline 4 times: run it with `trials=4`, or make a new baseline with `trials=1`"),
        (4, 1, "this run ran each record 4 times, the baseline once: run it with `trials=1`, or make a new baseline with `trials=4`"),
        (2, 3, "this run ran each record 2 times, the baseline 3 times: run it with `trials=3`, or make a new baseline with `trials=2`"),
    ],
)
def test_runs_of_other_numbers_of_trials_are_told_as_such(now: int, before: int, headline: str, ids: tuple[str | None, ...]) -> None:
    compared = run(now, ids).compare_to(run(before, ids))
    assert (compared.verdict, compared.invalid_reason, compared.outcome) == ("invalid", "other_trials", "inconclusive")
    assert compared.headline == headline
    assert (compared.lost_records, compared.new_records) == ([], [])
    assert "Records lost" not in str(compared) and "is there no more" not in _session.judged(compared, "threshold")[1]


def test_a_record_that_is_lost_beside_other_trials_is_told_too() -> None:
    compared = run(1, ("a",)).compare_to(run(3))
    assert (compared.invalid_reason, compared.lost_records) == ("other_trials", ["b"])


@pytest.mark.parametrize("errs", ["now", "before"])
def test_too_many_errors_beside_other_trials_are_told_first(errs: str) -> None:
    def of(when: str, trials: int) -> GenAIEvalResults:
        return run(trials, task=CustomTask("look", lambda context: context["right" if when != errs else "none"], version="1"))

    compared = of("now", 1).compare_to(of("before", 3))
    assert (compared.invalid_reason, compared.outcome) == ("too_many_errors", "too_many_errors")
    assert "this run ran each record once, the baseline 3 times: run it with `trials=3`" in compared.headline


def test_as_many_trials_are_compared() -> None:
    assert run(3).compare_to(run(3), 0.5).invalid_reason is None


def turns(outcomes: str) -> GenAIEvalResults:
    """Three trials of each of two records, which come out as these letters say."""
    left = iter(outcomes)
    task = CustomTask("turns", lambda context: next(left) == "p", version="1")
    records = [GenAIEvalRecord(context={}, id=id) for id in "ab"]
    return GenAIEvalDataset(records, [task]).evaluate(EvaluationConfig(max_concurrency=1), trials=3)


@pytest.fixture
def changed() -> ComparisonResults:
    return turns("pfpppp").compare_to(turns("pppppf"))


def test_tables_of_trials_tell_them_apart(changed: ComparisonResults) -> None:
    rows = [[cell.strip() for cell in line.replace("│", "┆").strip("┆").split("┆")] for line in changed.as_table().splitlines() if "egressed" in line]
    assert rows[0][:2] == ["a", "2"] and "trial" in changed.as_table()


def test_changes_of_trials_name_them(changed: ComparisonResults, capsys: pytest.CaptureFixture[str]) -> None:
    assert [(change.record_id, change.trial) for change in changed.task_status_changes] == [("a", 2), ("b", 3)]
    assert repr(changed.task_status_changes[0]) == 'TaskComparison(task_id="turns", record_id="a", trial=2, passed → failed)'
    assert "record `a`, trial 2, task `turns`: passed before, failed now" in _session.judged(changed, "threshold")[1]
    changed.print_status_changes_table()
    assert "trial" in capsys.readouterr().out


def test_tables_of_records_that_ran_once_have_no_trial() -> None:
    compared = run().compare_to(run())
    assert "trial" not in compared.as_table() and compared.workflow_comparisons[0].trial is None


@pytest.mark.parametrize(
    ("ids", "headline"),
    [
        (["correct"], "no longer checked: `right` (new: `correct`; a task that was renamed needs its old id, or a new baseline)"),
        (["correct", "short"], "no longer checked: `right` (new: `correct`, `short`; a task that was renamed needs its old id, or a new baseline)"),
    ],
)
def test_a_renamed_task_is_lost_and_the_new_ones_are_named(ids: list[str], headline: str) -> None:
    tasks = [AssertionTask(id=id, context_path="right", operator=ComparisonOperator.Equals, expected_value=True) for id in ids]
    records = [GenAIEvalRecord(context={"right": True}, id=id) for id in "ab"]
    compared = GenAIEvalDataset(records, tasks).evaluate().compare_to(run())
    assert (compared.verdict, compared.outcome, compared.invalid_reason) == ("regressed", "failed", None)
    assert compared.headline == headline


def test_a_verdict_that_needs_a_threshold_names_the_argument() -> None:
    compared = run().compare_to(run())
    assert compared.headline.endswith("which change is too small to matter: set `regression_threshold`")
    assert "set `--scouter-regression-threshold`" in _session.judged(compared, "--scouter-regression-threshold")[1]


def judged(question: str = "Rate ${response}.", model: str = "m", **more: Any) -> GenAIEvalResults:
    prompt = Prompt(messages=question, model=model, provider="openai", output_type=Score)
    judge = LLMJudgeTask("rated", prompt, 3, "score", ComparisonOperator.GreaterThan, **more)
    config = EvaluationConfig(models=ModelOptions(model=ScriptedModel(lambda request: Score(5, "good"))))
    return GenAIEvalDataset([GenAIEvalRecord(context={"response": "yes"}, id="a")], [judge]).evaluate(config)


@pytest.mark.parametrize("other", [{"question": "Rate ${response} well."}, {"model": "m2"}], ids=["prompt", "model"])
def test_a_judge_that_asks_something_else_is_another_check(other: dict[str, str]) -> None:
    earlier = GenAIEvalResults.model_validate_json(judged().model_dump_json())
    compared = judged(**other).compare_to(earlier)
    assert compared.changed_tasks == {"rated": "its prompt, its models or their settings are others"}
    assert compared.outcome == "inconclusive"


def test_a_judge_that_asks_the_same_is_the_same_check() -> None:
    earlier = GenAIEvalResults.model_validate_json(judged().model_dump_json())
    assert judged(max_retries=1, description="how good it is").compare_to(earlier).changed_tasks == {}


def called(version: str | None) -> GenAIEvalResults:
    return run(task=CustomTask("right", lambda context: True, version=version))


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [("1", "2", {"right": '`version` was "1", is "2"'}), ("1", "1", {}), (None, "1", {}), ("1", None, {}), (None, None, {})],
)
def test_a_function_of_another_version_is_another_check(before: str | None, now: str | None, changed: dict[str, str]) -> None:
    earlier = GenAIEvalResults.model_validate_json(called(before).model_dump_json())
    assert called(now).compare_to(earlier).changed_tasks == changed
