"""Two runs whose tasks look at all records at once: what passed before and does not now is a regression."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scouter.cli import main
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.evaluate import AssertionTask, ComparisonOperator, DriftTask, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults

RANDOM = np.random.default_rng(23)
BEFORE = RANDOM.normal(size=2000)
LIKE = RANDOM.normal(size=400)
MOVED = LIKE + 1.0
THERE = AssertionTask("there", operator="Exists", context_path="delay")


@pytest.fixture(scope="module")
def profile() -> PsiDriftProfile:
    return Drifter().create_drift_profile(pd.DataFrame({"delay": BEFORE}), PsiDriftConfig())


def evaluate(values: Sequence[object], *tasks: Any) -> GenAIEvalResults:
    records = [GenAIEvalRecord(id=f"r{at}", context={"delay": value}) for at, value in enumerate(values)]
    return GenAIEvalDataset(records, tasks).evaluate()


@pytest.mark.parametrize("beside", [[], [THERE]], ids=["alone", "beside a task of single records"])
def test_drift_that_came_up_is_a_regression(profile: PsiDriftProfile, beside: list[Any]) -> None:
    task = DriftTask("drift", profile, "delay")
    before, now = evaluate(list(LIKE), *beside, task), evaluate(list(MOVED), *beside, task)
    comparison = now.compare_to(before)
    assert (comparison.verdict, comparison.regressed) == ("regressed", True)
    assert "worse over all records: `drift` (passed before, failed now)" in comparison.headline
    assert comparison.window is not None and [change.task_id for change in comparison.window.task_status_changes] == ["drift"]
    assert pickle.loads(pickle.dumps(comparison)) == comparison
    back = before.compare_to(now)
    assert (back.verdict, back.regressed) == ("improved", False)
    assert back.headline == "better over all records: `drift` (failed before, passed now)"
    assert not before.compare_to(before).regressed


def test_tasks_over_all_records_alone_can_be_compared(profile: PsiDriftProfile) -> None:
    run = evaluate(list(LIKE), DriftTask("drift", profile, "delay"))
    comparison = run.compare_to(run)
    assert (comparison.verdict, comparison.invalid_reason) == ("unchanged", None)
    assert comparison.headline == "as good as the baseline over all records"


def test_drift_that_cannot_be_told_any_more_is_a_regression(profile: PsiDriftProfile) -> None:
    task = DriftTask("drift", profile, "delay")
    now = evaluate([None] * 380 + list(LIKE[:20]), THERE, task)
    comparison = now.compare_to(evaluate(list(LIKE), THERE, task))
    assert (comparison.verdict, comparison.regressed) == ("regressed", True)
    assert "`drift` (passed before, errored now)" in comparison.headline


def test_a_drift_task_that_is_deleted_is_a_regression(profile: PsiDriftProfile) -> None:
    before = evaluate(list(MOVED), THERE, DriftTask("drift", profile, "delay"))
    comparison = evaluate(list(MOVED), THERE).compare_to(before)
    assert [(task.task_id, task.present_in) for task in comparison.missing_tasks] == [("drift", "baseline")]
    assert (comparison.verdict, comparison.regressed) == ("regressed", True)
    assert comparison.headline == "no longer checked: `drift`"


def test_a_drift_task_that_is_softened_is_another_check(profile: PsiDriftProfile) -> None:
    def limit(most: float) -> DriftTask:
        return DriftTask("drift", profile, "delay", context_path="psi.max", operator=ComparisonOperator.LessThan, expected_value=most)

    comparison = evaluate(list(MOVED), THERE, limit(9.0)).compare_to(evaluate(list(LIKE), THERE, limit(0.2)))
    assert comparison.changed_tasks == {"drift": "`expected_value` was 0.2, is 9.0"}
    assert (comparison.verdict, comparison.regressed) == ("inconclusive", False)


def test_the_command_line_ends_with_it(profile: PsiDriftProfile, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    task = DriftTask("drift", profile, "delay")
    for name, values in (("before", LIKE), ("now", MOVED)):
        (tmp_path / f"{name}.json").write_text(evaluate(list(values), THERE, task).model_dump_json())
    assert main(["eval", "compare", str(tmp_path / "now.json"), "--baseline", str(tmp_path / "before.json")]) == 1
    assert "Worse over all records" in capsys.readouterr().out
