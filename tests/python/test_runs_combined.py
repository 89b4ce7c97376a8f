"""Files, trials, keys and run directories in one run: each does its part whatever else is asked for."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow
import pytest

from scouter.errors import EvaluationInterrupted, RunDirError
from scouter.evaluate import AssertionTask, ComparisonOperator, CustomTask, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults

POSITIVE = AssertionTask(id="positive", context_path="n", operator=ComparisonOperator.GreaterThan, expected_value=0)


@pytest.fixture
def called() -> list[int]:
    return []


def counting(called: list[int], fails_at: int = -1) -> CustomTask:
    def look(context: dict[str, Any]) -> bool:
        called.append(context["n"])
        if context["n"] == fails_at:
            raise RuntimeError("not now")
        return True

    return CustomTask("look", look, version="1")


def lines(path: Path, count: int) -> Path:
    rows = ({"id": str(n), "n": n, "task": {"id": n // 2}, "user": f"u{n % 2}"} for n in range(count))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def records(count: int) -> list[GenAIEvalRecord]:
    return [GenAIEvalRecord(context={"n": n}, id=str(n)) for n in range(count)]


def test_records_of_a_file_have_cases_and_clusters(tmp_path: Path) -> None:
    path = lines(tmp_path / "d.jsonl", 6)
    dataset = GenAIEvalDataset.from_path(path, [POSITIVE], id="id", case_key="task.id", cluster_key="user")
    results = dataset.evaluate()
    # Of three cases of two trials one has a failure: n = 0.
    assert results.trials().pass_hat(2, "positive").value == pytest.approx(2 / 3)
    assert results.compare_to(results, regression_threshold=0.5).overall.clusters == 2


def test_records_of_a_file_run_as_often_as_asked(tmp_path: Path, called: list[int]) -> None:
    dataset = GenAIEvalDataset.from_path(lines(tmp_path / "d.jsonl", 3), [counting(called)], id="id")
    results = dataset.evaluate(trials=2)
    assert [result.record_id for result in results] == ["0", "0", "1", "1", "2", "2"]
    assert sorted(called) == [0, 0, 1, 1, 2, 2]


def test_a_run_over_a_file_goes_on_in_its_directory(tmp_path: Path, called: list[int]) -> None:
    path = lines(tmp_path / "d.jsonl", 5)
    first = GenAIEvalDataset.from_path(path, [counting(called, fails_at=3)], id="id").evaluate(run_dir=tmp_path / "run")
    assert first.failed_count == 1
    called.clear()
    again = GenAIEvalDataset.from_path(path, [counting(called)], id="id").evaluate(run_dir=tmp_path / "run")
    assert (called, again.failed_count, len(again)) == ([3], 0, 5)


def test_the_directory_of_another_file_is_refused(tmp_path: Path) -> None:
    GenAIEvalDataset.from_path(lines(tmp_path / "a.jsonl", 2), [POSITIVE]).evaluate(run_dir=tmp_path / "run")
    other = GenAIEvalDataset.from_path(lines(tmp_path / "b.jsonl", 2), [POSITIVE])
    with pytest.raises(RunDirError, match='`file` is "a.jsonl" there, "b.jsonl" here'):
        other.evaluate(run_dir=tmp_path / "run")


@pytest.mark.parametrize("earlier", ["run_dir", "reuse"])
def test_every_trial_asks_once_and_is_remembered_by_itself(tmp_path: Path, called: list[int], earlier: str) -> None:
    dataset = GenAIEvalDataset(records(4), [counting(called)])
    first = dataset.evaluate(trials=3, run_dir=tmp_path / "run")
    assert sorted(called) == sorted([*range(4)] * 3)
    called.clear()
    again = dataset.evaluate(trials=3, **{earlier: tmp_path / "run"})
    assert called == [] and len(again) == len(first) == 12
    assert again["2", 3].record_id == "2"


@pytest.mark.parametrize("named", [True, False], ids=["with ids", "without ids"])
def test_trials_of_a_record_belong_together_whichever_process_ran_them(tmp_path: Path, named: bool) -> None:
    def evaluate(fails_at: tuple[int, int]) -> GenAIEvalResults:
        """Runs new objects of the same three records, as another process does; a trial of one of them errors."""
        calls: Counter[int] = Counter()

        def look(context: dict[str, Any]) -> bool:
            calls[context["n"]] += 1
            if (context["n"], calls[context["n"]]) == fails_at:
                raise RuntimeError("not now")
            return context["n"] > 0

        made = [GenAIEvalRecord(context={"n": n}, id=f"q{n}" if named else None) for n in range(3)]
        config = EvaluationConfig(max_concurrency=1)
        return GenAIEvalDataset(made, [CustomTask("look", look, version="1")]).evaluate(config, trials=3, run_dir=tmp_path)

    assert evaluate(fails_at=(1, 2)).failed_count == 1
    results = evaluate(fails_at=(-1, 0))
    assert [[result.trial for result in case] for case in map(results.trials().__getitem__, results.trials().cases)] == [[1, 2, 3]] * 3
    for name in (results[3].record_id or results[3].record_uid, results[4].record_id or results[4].record_uid):
        assert [results[name, trial].eval_set.records[0].passed for trial in (1, 2, 3)] == [True, True, True]
    assert results.compare_to(results, regression_threshold=0.5).overall.clusters == 3


def test_another_number_of_trials_is_another_run(tmp_path: Path) -> None:
    GenAIEvalDataset(records(4), [POSITIVE]).evaluate(trials=3, run_dir=tmp_path / "run")
    with pytest.raises(RunDirError, match="was made with trials=3, and this one asks for trials=2: ask for as many"):
        GenAIEvalDataset(records(4), [POSITIVE]).evaluate(trials=2, run_dir=tmp_path / "run")


def test_a_run_that_goes_on_keeps_its_cases_and_clusters(tmp_path: Path) -> None:
    path = lines(tmp_path / "d.jsonl", 6)
    dataset = GenAIEvalDataset.from_path(path, [POSITIVE], id="id", case_key="task.id")
    first = dataset.evaluate(run_dir=tmp_path / "run")
    again = dataset.evaluate(run_dir=tmp_path / "run")
    assert again.trials().pass_hat(2, "positive").value == first.trials().pass_hat(2, "positive").value


def test_a_record_whose_case_changed_is_run_again(tmp_path: Path) -> None:
    path = lines(tmp_path / "d.jsonl", 6)
    GenAIEvalDataset.from_path(path, [POSITIVE], id="id", case_key="task.id").evaluate(run_dir=tmp_path / "run")
    again = GenAIEvalDataset.from_path(path, [POSITIVE], id="id", case_key="user").evaluate(run_dir=tmp_path / "run")
    assert len(again.trials().cases) == 2


def rows(path: Path) -> list[tuple[str, str, str]]:
    """What a file of results says, without what differs from one run to the next."""
    return [(row["record_id"], row["task_id"], row["status"]) for row in map(json.loads, path.read_text().splitlines())]


def test_a_run_into_a_file_goes_on_in_its_directory_and_fills_a_new_file(tmp_path: Path, called: list[int]) -> None:
    run, path = tmp_path / "run", tmp_path / "out.jsonl"
    first = GenAIEvalDataset(records(5), [POSITIVE, counting(called, fails_at=3)]).evaluate_to(path, run_dir=run)
    assert (first.records, first.failed_count) == (5, 1)
    called.clear()
    again = GenAIEvalDataset(records(5), [POSITIVE, counting(called)]).evaluate_to(path, run_dir=run)
    assert (called, again.records, again.failed_count) == ([3], 5, 0)
    whole = GenAIEvalDataset(records(5), [POSITIVE, counting(called)])
    whole.evaluate_to(tmp_path / "whole.jsonl")
    assert rows(path) == rows(tmp_path / "whole.jsonl")


def test_a_run_into_a_file_runs_every_record_as_often_as_asked(tmp_path: Path, called: list[int]) -> None:
    path = tmp_path / "out.jsonl"
    summary = GenAIEvalDataset(records(2), [counting(called)]).evaluate_to(path, trials=3)
    assert (summary.records, sorted(called)) == (6, [0, 0, 0, 1, 1, 1])
    assert [id for id, _, _ in rows(path)] == ["0", "0", "0", "1", "1", "1"]


def test_a_run_into_a_file_takes_over_from_an_earlier_run(tmp_path: Path, called: list[int]) -> None:
    dataset = GenAIEvalDataset(records(3), [counting(called)])
    dataset.evaluate(run_dir=tmp_path / "run")
    called.clear()
    dataset.evaluate_to(tmp_path / "out.jsonl", reuse=tmp_path / "run")
    assert called == []


def test_a_directory_that_is_refused_leaves_no_file(tmp_path: Path, called: list[int]) -> None:
    GenAIEvalDataset(records(3), [POSITIVE]).evaluate(run_dir=tmp_path / "run")
    with pytest.raises(RunDirError, match="other tasks"):
        GenAIEvalDataset(records(3), [counting(called)]).evaluate_to(tmp_path / "out.jsonl", run_dir=tmp_path / "run")
    with pytest.raises(ValueError, match="`trials` must be from 1 to 4294967295"):
        GenAIEvalDataset(records(3), [POSITIVE]).evaluate_to(tmp_path / "out.jsonl", trials=0)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("trials", [1, 2])
def test_ctrl_c_on_a_run_that_goes_on_shows_what_was_complete_behind_it(tmp_path: Path, trials: int) -> None:
    broken = [2, 5]
    interrupting = False

    def look(context: dict[str, Any]) -> bool:
        if interrupting:
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(5)
        if context["n"] in broken:
            raise RuntimeError("not now")
        return True

    def dataset() -> GenAIEvalDataset:
        changed = GenAIEvalRecord(context={"n": 100 if interrupting else 7}, id="7")
        return GenAIEvalDataset([*records(7), changed, *records(9)[8:]], [CustomTask("look", look, version="1")])

    config = EvaluationConfig(max_concurrency=1)
    dataset().evaluate(config, trials=trials, run_dir=tmp_path)
    interrupting = True
    with pytest.raises(EvaluationInterrupted) as stopped:
        dataset().evaluate(config, trials=trials, run_dir=tmp_path)
    cancelled = [result.record_id for result in stopped.value.results if result.eval_set.records[0].status == "cancelled"]
    # What failed before and what has changed since is to be run; everything else is complete.
    assert cancelled == [id for id in ("2", "5", "7") for _ in range(trials)]


def test_the_directory_of_another_table_in_memory_is_refused(tmp_path: Path) -> None:
    def table(ids: list[Any]) -> GenAIEvalDataset:
        columns = pyarrow.table({"id": ids, "n": [1] * len(ids)})
        return GenAIEvalDataset.from_table(columns, [POSITIVE], id="id")

    table([1, 2, 3]).evaluate(run_dir=tmp_path)
    with pytest.raises(RunDirError, match="other records: they have other ids"):
        table([1, 2, 4]).evaluate(run_dir=tmp_path)
    with pytest.raises(RunDirError, match="other records: `count` is 3 there, 2 here"):
        table([1, 2]).evaluate(run_dir=tmp_path)
    assert len(table([1, 2, 3]).evaluate(run_dir=tmp_path)) == 3
