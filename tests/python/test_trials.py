"""Several trials of each case: run so, or told so by a key of the record."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    Trials,
)

SOLVED = AssertionTask(id="solved", context_path="solved", operator=ComparisonOperator.Equals, expected_value=True)


def evaluate(cases: dict[Any, str]) -> GenAIEvalResults:
    """A record for each letter of each case: `p` passes, `f` fails."""
    records = [
        GenAIEvalRecord(context={"task": {"id": case}, "solved": letter == "p"}, id=f"{case}/{at}")
        for case, letters in cases.items()
        for at, letter in enumerate(letters)
    ]
    return GenAIEvalDataset(records=records, tasks=[SOLVED], case_key="task.id").evaluate()


@pytest.fixture
def trials() -> Trials:
    return evaluate({"easy": "pppp", "hard": "ffpf", "even": "ppff"}).trials()


def counting() -> CustomTask:
    """Passes every second time it is asked."""
    calls = iter(range(1_000_000))
    return CustomTask(id="turns", function=lambda context: next(calls) % 2 == 0)


def test_records_of_one_key_are_trials_of_one_case(trials: Trials) -> None:
    assert (trials.cases, len(trials), trials.without_case) == (["easy", "hard", "even"], 3, 0)
    assert [result.record_id for result in trials["hard"]] == ["hard/0", "hard/1", "hard/2", "hard/3"]
    assert "hard" in trials and "soft" not in trials
    with pytest.raises(KeyError, match="no case has the id `hart`; did you mean `hard`?"):
        trials["hart"]


def test_estimators_are_means_over_cases(trials: Trials) -> None:
    mean, any_of_two, both, most = trials.mean(), trials.pass_at(2), trials.pass_hat(2), trials.at_least(3)
    assert mean and any_of_two and both and most
    assert mean.value == pytest.approx((1 + 1 / 4 + 1 / 2) / 3)
    assert float(any_of_two) == pytest.approx((1 + 1 / 2 + 5 / 6) / 3)
    assert float(both) == pytest.approx((1 + 0 + 1 / 6) / 3)
    assert float(most) == pytest.approx(1 / 3)


@pytest.mark.parametrize("most", [Trials.pass_at, Trials.pass_hat, Trials.at_least])
@pytest.mark.parametrize("k", [0, 5])
def test_more_trials_than_any_case_has_are_refused_with_the_most_there_are(trials: Trials, most: Callable[..., Any], k: int) -> None:
    with pytest.raises(ValueError, match=f"`k` must be from 1 to 4, the most trials of a case that came to a verdict, and is {k}"):
        most(trials, k)


def test_votes_of_more_trials_than_there_are_or_than_are_counted_are_refused(trials: Trials) -> None:
    with pytest.raises(ValueError, match="`of` must be from 1 to 4, the most trials of a case"):
        trials.at_least(2, of=5)
    with pytest.raises(ValueError, match="`k` is 3, of 2 trials no more pass"):
        trials.at_least(3, of=2)
    never = trials.at_least(4)
    assert never and repr(never) == "CaseMean(0.3333, standard_error=0.3333, cases=3)"
    assert repr(evaluate({"hard": "ff"}).trials().at_least(1)) == "CaseMean(0.0000, standard_error=None, cases=1)"


def test_trials_of_which_none_came_to_a_verdict_tell_nothing() -> None:
    records = [GenAIEvalRecord(context={"solved": b"unreadable"}, id="a")]
    trials = GenAIEvalDataset(records=records, tasks=[SOLVED]).evaluate(trials=2).trials()
    assert (trials.pass_at(2), trials.pass_hat(9), trials.at_least(1), trials.mean()) == (None, None, None, None)


def test_the_error_has_two_parts(trials: Trials) -> None:
    mean = trials.mean("solved")
    assert mean and mean.standard_error and mean.between_cases and mean.within_cases
    assert mean.standard_error**2 == pytest.approx(mean.between_cases**2 + mean.within_cases**2)


def test_modes_and_flaky_cases(trials: Trials) -> None:
    assert trials.mode() == {"easy": "passed", "hard": "failed", "even": None}
    assert trials.flaky("solved") == ["hard", "even"]


def test_tasks_are_found_whatever_the_case_of_their_ids(trials: Trials) -> None:
    mean = trials.mean("solved")
    assert mean is not None and trials.mean("Solved") == mean and trials.flaky("SOLVED") == trials.flaky("solved")


def test_an_unknown_task_is_told(trials: Trials) -> None:
    with pytest.raises(KeyError, match="no task has the id `solve`; did you mean `solved`?"):
        trials.mean("solve")


def test_a_record_without_the_key_is_its_own_case() -> None:
    records = [GenAIEvalRecord(context={"solved": True}, id="a"), GenAIEvalRecord(context={"solved": True, "case": 1}, id="b")]
    trials = GenAIEvalDataset(records=records, tasks=[SOLVED], case_key="case").evaluate().trials()
    assert (trials.cases, trials.without_case) == (["a", "1"], 1)


def test_each_record_runs_as_often_as_asked_one_trial_after_the_other() -> None:
    records = [GenAIEvalRecord(context={}, id=id) for id in ("a", "b")]
    results = GenAIEvalDataset(records=records, tasks=[counting()]).evaluate(EvaluationConfig(max_concurrency=1), trials=4)
    assert [(result.record_id, result.trial) for result in results] == [(id, at) for id in "ab" for at in (1, 2, 3, 4)]
    passed = [result.eval_set.records[0].passed for result in results]
    assert passed.count(True) == 4
    assert float(results.trials().mean("turns") or 0) == pytest.approx(0.5)


def test_a_record_is_found_by_its_first_trial_and_each_trial_by_its_number() -> None:
    records = [GenAIEvalRecord(context={}, id=id) for id in ("a", "b")]
    results = GenAIEvalDataset(records=records, tasks=[counting()]).evaluate(trials=3)
    assert (results["b"].trial, results["b", 1].trial, results["b", 3].trial) == (1, 1, 3)
    assert results["b", 3].record_id == "b"
    with pytest.raises(KeyError, match="there is no trial 4 of record `b`, which has 3 trials"):
        results["b", 4]


def test_trials_can_be_awaited() -> None:
    dataset = GenAIEvalDataset(records=[GenAIEvalRecord(context={}, id="a")], tasks=[counting()])
    assert len(asyncio.run(dataset.evaluate_async(trials=3))) == 3


def test_one_trial_has_no_number_and_none_is_refused() -> None:
    dataset = GenAIEvalDataset(records=[GenAIEvalRecord(context={}, id="a")], tasks=[counting()])
    assert dataset.evaluate()[0].trial is None
    with pytest.raises(ValueError, match="`trials` must be from 1 to 4294967295"):
        dataset.evaluate(trials=0)


def test_a_key_that_is_no_path_is_refused() -> None:
    with pytest.raises(ValueError, match="`case_key`: "):
        GenAIEvalDataset(records=[GenAIEvalRecord(context={})], tasks=[SOLVED], case_key="a[")


def test_labels_survive_json_and_pickles() -> None:
    results = evaluate({"easy": "pp", "hard": "fp"})
    for again in (GenAIEvalResults.model_validate_json(results.model_dump_json()), pickle.loads(pickle.dumps(results))):
        assert [result.case for result in again] == ["easy", "easy", "hard", "hard"]
    assert pickle.loads(pickle.dumps(results.trials())).cases == ["easy", "hard"]


def test_a_pickled_dataset_keeps_its_keys() -> None:
    dataset = GenAIEvalDataset([GenAIEvalRecord(context={"c": 1})], [SOLVED], case_key="c", cluster_key="d")
    again = pickle.loads(pickle.dumps(dataset))
    assert (again.case_key, again.cluster_key) == ("c", "d")
    assert again.evaluate()[0].case == "1"


def test_trials_of_two_runs_are_paired_by_number_and_clustered_by_record() -> None:
    records = [GenAIEvalRecord(context={"solved": True}, id=id) for id in ("a", "b")]
    runs = [GenAIEvalDataset(records=records, tasks=[SOLVED]).evaluate(trials=5) for _ in range(2)]
    overall = runs[1].compare_to(runs[0], 0.05).overall
    assert overall is not None and (overall.records, overall.clusters) == (10, 2)


def test_the_table_has_a_row_for_every_task_and_one_for_records(trials: Trials, capsys: pytest.CaptureFixture[str]) -> None:
    text = trials.as_table()
    assert "solved" in text and "(whole record)" in text and text.endswith("3 cases, 12 records")
    assert capsys.readouterr().out.strip() == text


def test_tau_bench_gives_the_published_pass_hat(real_input: Callable[[str], Path]) -> None:
    rows = json.loads(real_input("tau_bench_airline/gpt-4o-airline.json").read_text(encoding="utf-8"))
    records = [
        GenAIEvalRecord(context={"task": row["task_id"], "reward": row["reward"]}, id=f"{row['task_id']}-{row['trial']}")
        for row in rows
    ]
    solved = AssertionTask(id="solved", context_path="reward", operator=ComparisonOperator.Equals, expected_value=1)
    trials = GenAIEvalDataset(records=records, tasks=[solved], case_key="task").evaluate().trials()
    assert (len(trials), trials.without_case) == (50, 0)
    assert [round(float(trials.pass_hat(k) or 0), 3) for k in (1, 2, 3, 4)] == [0.420, 0.273, 0.220, 0.200]
