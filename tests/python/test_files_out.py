"""Results in files and data frames: what stands in them, and what is left of them where something goes wrong."""

from __future__ import annotations

import errno
import json
import pickle
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any, Optional

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scouter.errors import EvaluationInterrupted, RecordError
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    EvaluationSummary,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
)

COLUMNS = [
    "record_id", "record_uid", "case", "trial", "cluster", "created_at", "task_id", "task_type", "status", "passed", "value", "condition", "advisory", "stage",
    "context_path", "operator", "message", "expected", "actual", "detail", "record_ms", "call",
]  # fmt: skip


def task(id: str, path: str, operator: str, expected: Any, **more: Any) -> AssertionTask:
    operator_ = getattr(ComparisonOperator, operator)
    return AssertionTask(id=id, context_path=path, operator=operator_, expected_value=expected, **more)


def divide(context: dict[str, Any]) -> bool:
    return bool(1 / context["n"])


TASKS = [
    task("even", "even", "Equals", True, condition=True),
    task("same", "text", "Equals", "${copy}", depends_on=["even"]),
    task("list", "list", "HasLengthEqual", 2),
    CustomTask(id="divides", function=divide),
]


def records(count: int = 10) -> list[GenAIEvalRecord]:
    def context(n: int) -> dict[str, Any]:
        return {"n": n, "even": n % 2 == 0, "text": f"\u00fc\n{n}", "copy": f"\u00fc\n{n // 4 * 4}", "list": [n, {"a": None}]}

    return [GenAIEvalRecord(context=context(n), id=None if n == 3 else f"r{n}") for n in range(count)]


@pytest.fixture(scope="module")
def results() -> GenAIEvalResults:
    return GenAIEvalDataset(records=records(), tasks=TASKS).evaluate()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def plain(results: GenAIEvalResults) -> list[dict[str, Any]]:
    """What the rows should say, by way of the objects."""
    rows = []
    for result in results:
        for each in result.eval_set.records:
            labels = {"case": result.case, "trial": result.trial, "cluster": result.cluster}
            row = {"advisory": False, **json.loads(each.model_dump_json()), **labels}
            rows.append({name: row[name] for name in COLUMNS if name in row})
    return rows


def of_json_text(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a table, where values are JSON text."""
    texts = ("expected", "actual")
    return [{name: json.loads(cell) if name in texts else cell for name, cell in row.items()} for row in rows]


def compared(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what differs in form or from run to run."""
    return [{name: cell for name, cell in row.items() if name not in ("created_at", "record_ms", "record_uid")} for row in rows]


def test_lines_say_what_the_objects_say(results: GenAIEvalResults, tmp_path: Path) -> None:
    results.write(tmp_path / "out.jsonl")
    written = lines(tmp_path / "out.jsonl")
    assert [list(row) for row in written] == [COLUMNS] * 40
    assert [{name: row[name] for name in COLUMNS if name != "record_ms"} for row in written] == plain(results)
    assert all(row["record_ms"] >= 0 for row in written)


@pytest.mark.parametrize("suffix", [".parquet", ".arrow"])
def test_tables_say_what_the_objects_say(suffix: str, results: GenAIEvalResults, tmp_path: Path) -> None:
    path = tmp_path / f"out{suffix}"
    results.write(path)
    table = pq.read_table(path) if suffix == ".parquet" else pa.ipc.open_file(path).read_all()
    assert table.schema.names == COLUMNS and compared(of_json_text(table.to_pylist())) == compared(plain(results))


def test_a_large_expected_value_is_cut_in_every_row() -> None:
    data = GenAIEvalDataset(records=records(2), tasks=[task("long", "text", "Equals", "x" * 50_000)])
    cells = pa.table(data.evaluate()).column("expected").to_pylist()
    assert [len(cell) < 4096 and "[cut: 50000 bytes in all]" in cell for cell in cells] == [True, True]


def test_any_library_that_reads_arrow_reads_results(results: GenAIEvalResults) -> None:
    table = pa.table(results)
    assert {field.name: str(field.type) for field in table.schema if str(field.type) != "string"} == {
        "trial": "int64", "created_at": "timestamp[us, tz=UTC]", "passed": "bool", "value": "double", "condition": "bool", "advisory": "bool", "stage": "int64",
        "record_ms": "double",
    }  # fmt: skip
    assert compared(of_json_text(table.to_pylist())) == compared(plain(results))
    assert pl.DataFrame(results).equals(results.to_dataframe(polars=True))
    created = results[0].eval_set.created_at
    assert table["created_at"][0].as_py() == created and str(table["record_uid"][0]) == results[0].record_uid


def test_a_polars_frame_has_typed_columns(results: GenAIEvalResults) -> None:
    schema = results.to_dataframe(polars=True).schema
    assert list(schema) == COLUMNS and schema["created_at"] == pl.Datetime("us", "UTC")
    assert (schema["passed"], schema["value"], schema["stage"], schema["actual"]) == (pl.Boolean, pl.Float64, pl.Int64, pl.String)


def test_a_pandas_frame_has_typed_columns_and_values_as_objects(results: GenAIEvalResults) -> None:
    frame = results.to_dataframe()
    assert list(frame.columns) == COLUMNS and frame.record_id.isna().sum() == 4
    kinds = {name: str(frame[name].dtype) for name in ("passed", "value", "condition", "advisory", "stage")}
    assert kinds == {"passed": "bool", "value": "float64", "condition": "bool", "advisory": "bool", "stage": "int64"}
    assert isinstance(frame.created_at.dtype, pd.DatetimeTZDtype) and frame.created_at[0] == results[0].eval_set.created_at
    assert list(frame[frame.task_id == "list"].actual)[1] == [1, {"a": None}]
    cells = frame.astype(object).where(frame.notna(), None).to_dict("records")
    assert compared(cells) == compared(plain(results))


def test_results_of_no_records_that_were_reached_have_the_columns_too() -> None:
    results = GenAIEvalResults.model_validate_json('{"version": 1, "cancelled": false, "tasks": [], "records": []}')
    assert list(results.to_dataframe().columns) == list(results.to_dataframe(polars=True).columns) == COLUMNS


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".arrow"])
def test_the_rows_of_trials_say_which_they_are_and_of_what(suffix: str, tmp_path: Path) -> None:
    some = [GenAIEvalRecord({"n": n, "case": f"c{n // 2}", "from": None if n else "a"}, id=f"r{n}") for n in range(3)]
    dataset = GenAIEvalDataset(some, [task("n", "n", "IsNumeric", True)], case_key="case", cluster_key="from")
    path = tmp_path / f"out{suffix}"
    dataset.evaluate_to(path, trials=2)
    rows = lines(path) if suffix == ".jsonl" else (pl.read_parquet(path) if suffix == ".parquet" else pl.read_ipc(path)).to_dicts()
    labels = [(f"r{n}", f"c{n // 2}", trial, None if n else "a") for n in range(3) for trial in (1, 2)]
    assert [(row["record_id"], row["case"], row["trial"], row["cluster"]) for row in rows] == labels
    frame = dataset.evaluate(trials=2).to_dataframe()
    cells = frame[["record_id", "case", "trial", "cluster"]].astype(object).where(frame.notna(), None)
    assert list(cells.itertuples(index=False, name=None)) == labels


def test_a_run_into_a_file_says_what_paths_that_lead_nowhere_mean(tmp_path: Path) -> None:
    tasks = [task("typo", "txet", "Exists", True), task("fine", "text", "Exists", True)]
    summary = GenAIEvalDataset(records(30), tasks).evaluate_to(tmp_path / "out.jsonl")
    assert summary.hints() == {"typo": "did you mean `text`?"} and summary.hints()["Typo"]
    assert pickle.loads(pickle.dumps(summary)) == summary
    data(tmp_path / "in.jsonl", 30)
    summary = GenAIEvalDataset.from_path(tmp_path / "in.jsonl", tasks).evaluate_to(tmp_path / "out.jsonl")
    assert summary.hints() == {"typo": "did you mean `text`?"}


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".arrow"])
def test_a_run_into_a_file_writes_what_its_results_would(suffix: str, tmp_path: Path) -> None:
    dataset = GenAIEvalDataset(records=records(2_000), tasks=TASKS)
    results = dataset.evaluate()
    summary = dataset.evaluate_to(tmp_path / f"straight{suffix}")
    assert summary.records == 2_000 and not summary.cancelled and summary.path == tmp_path / f"straight{suffix}"
    assert summary.pass_rate == results.pass_rate
    assert {id: repr(counts) for id, counts in summary.task_counts().items()} == {
        id: repr(counts) for id, counts in results.task_counts().items()
    }
    assert (summary.failed_count, summary.errored_tasks) == (results.failed_count, results.errored_tasks) == (1, ["divides"])
    again = GenAIEvalDataset.from_path(summary.path, [task("known", "task_id", "IsString", True)]).evaluate()
    assert len(again) == 8_000 and again.pass_rate == 1.0
    if suffix == ".jsonl":
        results.write(tmp_path / "kept.jsonl")
        assert compared(lines(summary.path)) == compared(lines(tmp_path / "kept.jsonl"))


def test_a_file_takes_its_place_only_once_it_is_whole(results: GenAIEvalResults, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("what was there", encoding="utf-8")
    seen: list[str] = []
    tasks = [CustomTask(id="look", function=lambda context: bool(seen.append(path.read_text(encoding="utf-8")) or True))]
    GenAIEvalDataset(records=records(3), tasks=tasks).evaluate_to(path)
    assert set(seen) == {"what was there"} and len(lines(path)) == 3
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl"]


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out", "out.xlsx"])
def test_a_suffix_of_another_format_is_refused_before_anything_runs(name: str, results: GenAIEvalResults, tmp_path: Path) -> None:
    for write in (results.write, GenAIEvalDataset(records=records(), tasks=TASKS).evaluate_to):
        with pytest.raises(ValueError, match=r"use `\.jsonl`, `\.parquet` or `\.arrow`"):
            write(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_what_the_system_says_of_a_place_is_raised_as_python_would(results: GenAIEvalResults, tmp_path: Path) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(IsADirectoryError):
        results.write(tmp_path / "folder.jsonl")
    with pytest.raises(FileNotFoundError) as caught:
        results.write(tmp_path / "none" / "out.jsonl")
    assert str(caught.value.filename) == str(tmp_path / "none" / "out.jsonl")


def data(path: Path, count: int, broken: Optional[int] = None) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for n in range(1, count + 1):
            file.write("oops\n" if n == broken else json.dumps({"id": n, "text": f"text {n}", "n": n}) + "\n")
    return path


CHECKS = [task("small", "n", "LessThan", 500), task("text", "text", "StartsWith", "text")]


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".arrow"])
def test_what_was_done_before_a_broken_line_stays_beside_the_file(suffix: str, tmp_path: Path) -> None:
    dataset = GenAIEvalDataset.from_path(data(tmp_path / "in.jsonl", 5_000, broken=4_017), CHECKS, id="id")
    path = tmp_path / f"out{suffix}"
    with pytest.raises(RecordError, match=r"in\.jsonl`: line 4017, column 1: .*; what was done before is in `.*\.partial`") as caught:
        dataset.evaluate_to(path)
    summary = caught.value.results
    assert isinstance(summary, EvaluationSummary) and summary.records == 4_016 and not path.exists()
    assert pickle.loads(pickle.dumps(summary)) == summary == pickle.loads(pickle.dumps(caught.value)).results
    kind = {".jsonl": "jsonl", ".parquet": "parquet", ".arrow": "arrow"}[suffix]
    kept = GenAIEvalDataset.from_path(summary.path, [task("id", "record_id", "IsString", True)], format=kind).evaluate()
    assert len(kept) == 2 * 4_016


def test_bad_lines_are_counted_in_the_summary(tmp_path: Path) -> None:
    dataset = GenAIEvalDataset.from_path(data(tmp_path / "in.jsonl", 50, broken=17), CHECKS, id="id", skip_bad=True)
    summary = dataset.evaluate_to(tmp_path / "out.parquet")
    assert (summary.records, summary.bad_record_count, summary.bad_records[0].line) == (49, 1, 17)
    assert "49 records, 2 tasks, pass_rate=100.0% (98/98), 1 bad record left out" in repr(summary)


def test_ctrl_c_keeps_what_was_done_beside_the_file(tmp_path: Path) -> None:
    def check(context: dict[str, Any]) -> bool:
        if context["n"] == 300:
            signal.raise_signal(signal.SIGINT)
        return True

    dataset = GenAIEvalDataset(records=records(100_000), tasks=[CustomTask(id="stop", function=check)])
    with pytest.raises(EvaluationInterrupted) as caught:
        dataset.evaluate_to(tmp_path / "out.jsonl")
    summary = caught.value.results
    assert isinstance(summary, EvaluationSummary) and summary.cancelled and 0 < summary.records < 100_000
    assert summary.path.name == "out.jsonl.partial" and len(lines(summary.path)) == summary.records


FULL = """
    import resource, signal, sys
    from pathlib import Path
    from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset

    # A file that may not grow is what a full disk looks like to whoever writes it.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    source, target, keep = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "keep"
    task = AssertionTask(id="t", context_path="n", operator=ComparisonOperator.LessThan, expected_value=500)
    dataset = GenAIEvalDataset.from_path(source, [task], id="id")
    results = dataset.evaluate() if keep else None
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    try:
        results.write(target) if results is not None else dataset.evaluate_to(target)
    except OSError as error:
        print(error.errno, len(results) if results is not None else 0)
"""


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".arrow"])
@pytest.mark.parametrize("how", ["keep", "straight"])
def test_a_full_disk_is_an_os_error_that_takes_nothing_else_along(suffix: str, how: str, tmp_path: Path) -> None:
    source, target = data(tmp_path / "in.jsonl", 60_000), tmp_path / f"out{suffix}"
    target.write_text("what was there", encoding="utf-8")
    arguments = [sys.executable, "-c", textwrap.dedent(FULL), str(source), str(target), how]
    run = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.split() == [str(errno.EFBIG), "60000" if how == "keep" else "0"], run.stderr
    assert target.read_text(encoding="utf-8") == "what was there"
    left = {entry.name for entry in tmp_path.iterdir()} - {"in.jsonl", target.name}
    # Lines can be used as far as they go; of a table without its end nothing can.
    assert left == ({f"{target.name}.partial"} if (suffix, how) == (".jsonl", "straight") else set())


GROWS = """
    import sys
    from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset

    tasks = [
        AssertionTask(id=f"t{n}", context_path="text", operator=ComparisonOperator.StartsWith, expected_value="text")
        for n in range(3)
    ]
    GenAIEvalDataset.from_path(sys.argv[1], tasks).evaluate_to(sys.argv[2])
    print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def peak(source: Path, target: Path) -> int:
    """The most memory that a run takes, in KiB; of its own, where `getrusage` counts the parent's too."""
    arguments = [sys.executable, "-c", textwrap.dedent(GROWS), str(source), str(target)]
    return int(subprocess.run(arguments, capture_output=True, text=True, timeout=300, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_the_memory_of_a_run_into_a_file_does_not_grow_with_the_records(suffix: str, tmp_path: Path) -> None:
    few = peak(data(tmp_path / "few.jsonl", 100_000), tmp_path / f"few_results{suffix}")
    many = peak(data(tmp_path / "many.jsonl", 600_000), tmp_path / f"many_results{suffix}")
    # Kept, 1.5 million more outcomes would take some 150 MB. What an allocator holds back differs from run to run.
    assert many < few + 75_000, f"{few} KiB for 100,000 records, {many} KiB for 600,000"
    assert many < 1_000_000
