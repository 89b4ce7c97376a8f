"""Records from files and tables: what becomes of them, and what is told where they are broken."""

from __future__ import annotations

import datetime as dt
import json
import math
import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from scouter.errors import RecordError
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    TraceAssertion,
    TraceAssertionTask,
)
from scouter.mock import create_simple_trace

RECORDS: list[dict[str, Any]] = [
    {"id": f"r{n}", "n": n, "answer": {"text": f"hello {n}", "tags": ["a", str(n)]}, "other": None if n % 2 else n / 2}
    for n in range(1000)
]


def task(id: str, path: str, operator: str = "Exists", expected: Any = True) -> AssertionTask:
    return AssertionTask(id=id, context_path=path, operator=getattr(ComparisonOperator, operator), expected_value=expected)


TASKS = [
    task("small", "n", "LessThan", 500),
    task("text", "answer.text", "StartsWith", "hello"),
    task("tags", "answer.tags[1]", "IsString"),
    task("null", "other", "IsNull"),
]


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    """The records in the format that the suffix says."""
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(records), path, row_group_size=300)
    elif path.suffix == ".arrow":
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, pa.Table.from_pylist(records).schema) as writer:
            writer.write_table(pa.Table.from_pylist(records), max_chunksize=333)
    elif path.suffix == ".feather":
        pl.DataFrame(records).write_ipc(path, compression="lz4")
    elif path.suffix == ".csv":
        texts = [{key: json.dumps(value) for key, value in record.items()} for record in records]
        pa_csv.write_csv(pa.Table.from_pylist(texts), path)
    return path


def outcome(results: GenAIEvalResults) -> list[Any]:
    return [
        (result.record_id, [(task.status, repr(task.actual), task.message) for task in result.eval_set.records])
        for result in results
    ]


@pytest.fixture(scope="module")
def expected() -> list[Any]:
    records = [GenAIEvalRecord(context=record, id=record["id"]) for record in RECORDS]
    return outcome(GenAIEvalDataset(records=records, tasks=TASKS).evaluate())


def values(make: Callable[..., GenAIEvalDataset], source: Any, *columns: str, **more: Any) -> list[list[Any]]:
    """What tasks see of these columns, record by record."""
    results = make(source, [task(column, column) for column in columns], **more).evaluate()
    return [[each.actual for each in result.eval_set.records] for result in results]


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".arrow", ".feather"])
def test_a_file_comes_to_what_the_same_records_in_memory_come_to(suffix: str, tmp_path: Path, expected: list[Any]) -> None:
    path = write(tmp_path / f"records{suffix}", RECORDS)
    dataset = GenAIEvalDataset.from_path(path, TASKS, id="id")
    assert outcome(dataset.evaluate()) == expected


def test_a_csv_file_whose_cells_are_json_comes_to_the_same(tmp_path: Path, expected: list[Any]) -> None:
    path = write(tmp_path / "records.csv", RECORDS)
    dataset = GenAIEvalDataset.from_path(path, TASKS, id="id", json=["id", "n", "answer", "other"])
    assert outcome(dataset.evaluate()) == expected


def tables() -> list[Any]:
    table = pa.Table.from_pylist(RECORDS)
    return [
        pytest.param(lambda: table, id="pyarrow"),
        pytest.param(lambda: pa.RecordBatchReader.from_batches(table.schema, table.to_batches(100)), id="reader"),
        pytest.param(lambda: pl.DataFrame(RECORDS), id="polars"),
        pytest.param(lambda: pd.DataFrame(RECORDS), id="pandas"),
    ]


@pytest.mark.parametrize("table", tables())
def test_a_table_comes_to_what_the_same_records_as_objects_come_to(table: Callable[[], Any], expected: list[Any]) -> None:
    assert outcome(GenAIEvalDataset.from_table(table(), TASKS, id="id").evaluate()) == expected


def test_a_table_in_memory_is_not_copied(held: Callable[[], int]) -> None:
    table = pa.table({"n": pa.array(np.arange(8_000_000)), "m": pa.array(np.arange(8_000_000))})
    before = held()
    datasets = [GenAIEvalDataset.from_table(table, [task("n", "n"), task("m", "m")]) for _ in range(4)]
    assert held() - before < table.nbytes / 4, f"{table.nbytes >> 20} MiB in {len(datasets)} datasets"


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_a_file_is_read_anew_for_every_run(suffix: str, tmp_path: Path) -> None:
    dataset = GenAIEvalDataset.from_path(write(tmp_path / f"r{suffix}", RECORDS), TASKS, id="id")
    assert outcome(dataset.evaluate()) == outcome(dataset.evaluate())
    write(tmp_path / f"r{suffix}", RECORDS[:10])
    assert len(dataset.evaluate()) == 10


def test_a_table_can_be_evaluated_more_than_once_even_where_its_stream_cannot() -> None:
    table = pa.Table.from_pylist(RECORDS)
    dataset = GenAIEvalDataset.from_table(pa.RecordBatchReader.from_batches(table.schema, table.to_batches()), TASKS)
    assert len(dataset.evaluate()) == len(dataset.evaluate()) == len(dataset) == 1000


def test_a_function_is_given_the_whole_record_as_a_dict_of_its_own(tmp_path: Path) -> None:
    def check(context: dict[str, Any]) -> bool:
        expected = dict(RECORDS[context["n"]])
        return context.pop("answer") == expected.pop("answer") and context == expected

    path = write(tmp_path / "r.jsonl", RECORDS)
    tasks = [CustomTask(id="first", function=check), CustomTask(id="second", function=check)]
    assert GenAIEvalDataset.from_path(path, tasks).evaluate().pass_rate == 1.0


def test_a_judging_function_sees_only_the_columns_that_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", RECORDS)
    tasks = [CustomTask(id="keys", function=lambda context: sorted(context) == ["count", "id"])]
    dataset = GenAIEvalDataset.from_path(path, tasks, id="id", columns={"n": "count", "id": "id"})
    assert dataset.evaluate().pass_rate == 1.0


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".csv"])
def test_columns_stand_under_the_names_they_are_given(suffix: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"r{suffix}", RECORDS[:3])
    more: dict[str, Any] = {"json": ["n"]} if suffix == ".csv" else {}
    rows = values(GenAIEvalDataset.from_path, path, "count", "n", columns={"n": "count"}, **more)
    assert rows == [[0, None], [1, None], [2, None]]


def test_a_column_that_is_left_out_and_looked_at_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path / "r.jsonl", RECORDS[:3])
    GenAIEvalDataset.from_path(path, [task("t", "answer.text"), task("u", "count")], columns={"n": "count"})
    assert caplog.messages == ["`columns` leaves out `answer`, which tasks look at: name it too"]
    caplog.clear()
    GenAIEvalDataset.from_path(path, [task("t", "answer.text")], columns={"other": "answer"})
    GenAIEvalDataset.from_path(path, [task("t", "count"), task("n", "count")], columns={"n": "count"})
    assert caplog.messages == []


def test_numbers_of_a_csv_file_that_are_text_are_told_once_a_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "r.csv"
    path.write_text("latency,wait\n120,1\n130,2\n", encoding="utf-8")
    tasks = [task("quick", "ms", "LessThan", 500), task("patient", "wait", "LessThan", 5)]
    columns = {"latency": "ms", "wait": "wait"}
    GenAIEvalDataset.from_path(path, tasks, columns=columns).evaluate()
    told = 'what a CSV file holds is text: `json=["latency"]` reads the column `latency` as JSON, which has numbers'
    assert caplog.messages == [told]
    caplog.clear()
    assert GenAIEvalDataset.from_path(path, tasks, columns=columns, json=["latency", "wait"]).evaluate().pass_rate == 1.0
    assert caplog.messages == []


def test_numbers_of_a_csv_file_that_are_compared_as_texts_are_told_before_and_after_a_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "r.csv"
    path.write_text("ms\n1000\n", encoding="utf-8")
    dataset = GenAIEvalDataset.from_path(path, [task("quick", "ms", "LessThan", "200")])
    [finding] = dataset.check().findings
    assert (finding.task, finding.field) == ("quick", "expected_value")
    assert "compares numbers as texts" in finding.message
    results = dataset.evaluate()
    assert results.pass_rate == 1.0
    assert results.hints()["quick"].startswith("task `quick` compares numbers as texts")
    assert caplog.messages == ['what a CSV file holds is text: `json=["ms"]` reads the column `ms` as JSON, which has numbers']


def test_a_trace_in_a_column_is_the_trace_of_its_record(tmp_path: Path) -> None:
    record = GenAIEvalRecord(context={}, trace=create_simple_trace())
    spans = record.model_dump()["trace"]
    path = write(tmp_path / "r.jsonl", [{"spans": spans}, {"spans": None}])
    count = TraceAssertionTask(
        id="spans",
        assertion=TraceAssertion.trace_span_count(),
        operator=ComparisonOperator.Equals,
        expected_value=len(spans),
    )
    results = GenAIEvalDataset.from_path(path, [count], trace="spans").evaluate()
    assert [result.eval_set.records[0].passed for result in results] == [True, False]


def test_a_trace_in_a_csv_file_is_read_where_its_column_is_json(tmp_path: Path) -> None:
    spans = GenAIEvalRecord(context={}, trace=create_simple_trace()).model_dump()["trace"]
    path = tmp_path / "r.csv"
    pd.DataFrame({"spans": [json.dumps(spans)]}).to_csv(path, index=False)
    count = TraceAssertionTask(
        id="count",
        assertion=TraceAssertion.trace_span_count(),
        operator=ComparisonOperator.Equals,
        expected_value=len(spans),
    )
    assert GenAIEvalDataset.from_path(path, [count], trace="spans", json=["spans"]).evaluate().pass_rate == 1.0
    with pytest.raises(RecordError, match=r'its trace is text, not a list of spans: `json=\["spans"\]` reads'):
        GenAIEvalDataset.from_path(path, [count], trace="spans").evaluate()


def test_numbers_and_nesting_of_json_lines_stay_exact(tmp_path: Path) -> None:
    given = {"big": 2**70, "precise": 9007199254740993, "nan": math.nan, "inf": -math.inf, "deep": {"a": [{"b": None}]}}
    path = write(tmp_path / "r.jsonl", [given])
    assert repr(values(GenAIEvalDataset.from_path, path, *given)[0]) == repr(list(given.values()))


def test_every_type_of_arrow_becomes_the_value_that_python_makes_of_it() -> None:
    moment = dt.datetime(2026, 1, 31, 12, 0, 59, 500000)
    cells: dict[str, tuple[pa.Array, Any]] = {
        "u64": (pa.array([2**64 - 1], pa.uint64()), 2**64 - 1),
        "i8": (pa.array([-128], pa.int8()), -128),
        "f32": (pa.array([0.5], pa.float32()), 0.5),
        "f16": (pa.array([1.5], pa.float16()), 1.5),
        "nan": (pa.array([math.nan]), math.nan),
        "decimal": (pa.array([Decimal("12345678901234567890.50")], pa.decimal128(30, 2)), Decimal("12345678901234567890.50")),
        "decimal256": (pa.array([Decimal(10**50)], pa.decimal256(60, 0)), 10**50),
        "bool": (pa.array([True]), True),
        "null": (pa.nulls(1), None),
        "large": (pa.array(["ü"], pa.large_string()), "ü"),
        "view": (pa.array(["a longer text than fits"], pa.string_view()), "a longer text than fits"),
        "dictionary": (pa.array(["x"]).dictionary_encode(), "x"),
        "date32": (pa.array([moment.date()], pa.date32()), "2026-01-31"),
        "date64": (pa.array([moment.date()], pa.date64()), "2026-01-31"),
        "time": (pa.array([moment.time()], pa.time64("us")), "12:00:59.500"),
        "time32": (pa.array([dt.time(1, 2, 3)], pa.time32("s")), "01:02:03"),
        "timestamp": (pa.array([moment], pa.timestamp("us")), "2026-01-31T12:00:59.500"),
        "zoned": (pa.array([moment], pa.timestamp("ns", "Europe/Paris")), "2026-01-31T12:00:59.500+00:00"),
        "list": (pa.array([[1, None]]), [1, None]),
        "fixed": (pa.array([[1, 2]], pa.list_(pa.int64(), 2)), [1, 2]),
        "large_list": (pa.array([[[1]]], pa.large_list(pa.list_(pa.int8()))), [[1]]),
        "struct": (pa.array([{"a": {"b": [1.0]}}]), {"a": {"b": [1.0]}}),
        "map": (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), {"k": 1}),
    }
    table = pa.table({name: array for name, (array, _) in cells.items()})
    found = values(GenAIEvalDataset.from_table, table, *cells)[0]
    assert {name: repr(value) for name, value in zip(cells, found)} == {name: repr(value) for name, (_, value) in cells.items()}


def test_a_column_that_has_no_form_in_json_is_refused_only_where_a_task_needs_it() -> None:
    table = pa.table({"picture": [b"\x00"], "n": [1]})
    assert values(GenAIEvalDataset.from_table, table, "n") == [[1]]
    with pytest.raises(RecordError, match="the table: column `picture` holds bytes, which have no form in JSON"):
        GenAIEvalDataset.from_table(table, [task("t", "picture")])
    everything = [CustomTask(id="f", function=lambda context: list(context) == ["n"])]
    assert GenAIEvalDataset.from_table(table, everything, columns=["n"]).evaluate().pass_rate == 1.0


def broken(tmp_path: Path) -> Path:
    lines = [json.dumps(record) for record in RECORDS]
    lines[16] = '{"id": "r16", "n": 16,'
    path = tmp_path / "broken.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_broken_line_is_named_and_what_was_done_before_is_kept(tmp_path: Path) -> None:
    dataset = GenAIEvalDataset.from_path(broken(tmp_path), TASKS, id="id")
    with pytest.raises(RecordError, match=r"broken\.jsonl`: line 17, column \d+: ") as caught:
        dataset.evaluate()
    assert isinstance(caught.value.results, GenAIEvalResults)
    assert [result.record_id for result in caught.value.results] == [f"r{n}" for n in range(16)]


def test_bad_lines_are_left_out_and_counted_where_that_is_asked_for(tmp_path: Path) -> None:
    results = GenAIEvalDataset.from_path(broken(tmp_path), TASKS, id="id", skip_bad=True).evaluate()
    assert len(results) == 999 and results.bad_record_count == 1 and "1 bad record left out" in repr(results)
    bad = results.bad_records[0]
    assert (bad.line, bad.row) == (17, None) and bad.column and str(bad).startswith("line 17, column ")
    again = pickle.loads(pickle.dumps(results))
    assert again == results and again.bad_records == results.bad_records and pickle.loads(pickle.dumps(bad)) == bad


@pytest.mark.parametrize("breaks", ["\n", "\r\n"], ids=["LF", "CR LF"])
def test_a_broken_row_of_csv_is_named_by_its_line(breaks: str, tmp_path: Path) -> None:
    rows = ["id,text", "1,a", "", '2,"b', 'c"', "3", "4,d", ""]
    (tmp_path / "r.csv").write_bytes(breaks.join(rows).encode())
    with pytest.raises(RecordError, match=r"r\.csv`: line 6: 1 cells in a table of 2 columns") as caught:
        GenAIEvalDataset.from_path(tmp_path / "r.csv", [task("t", "text")], id="id").evaluate()
    assert [result.record_id for result in caught.value.results or ()] == ["1", "2"]


def test_an_error_with_results_pickles(tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        GenAIEvalDataset.from_path(broken(tmp_path), TASKS, id="id").evaluate()
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value) and again.results == caught.value.results


def test_an_id_that_two_records_have_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "r.jsonl", [*RECORDS, RECORDS[3]])
    with pytest.raises(RecordError, match="line 1001: the id `r3` was there before"):
        GenAIEvalDataset.from_path(path, TASKS, id="id").evaluate()


def test_ids_of_a_table_are_text_or_whole_numbers() -> None:
    frame = pl.DataFrame({"id": [7, None, 9], "n": [1, 2, 3]})
    results = GenAIEvalDataset.from_table(frame, [task("t", "n")], id="id", skip_bad=True).evaluate()
    assert [result.record_id for result in results] == ["7", "9"]
    assert (results.bad_records[0].row, results.bad_records[0].message) == (2, "the id (`id`) is null")


@pytest.mark.parametrize("more", [{"columns": ["n", "refund"]}, {"columns": {"refund": "refund", "n": "n"}}, {"json": ["refund"]}])
def test_a_field_that_only_a_late_line_has_is_a_column(more: Any, tmp_path: Path) -> None:
    records = [{"n": n} | ({"refund": "5"} if n == 999 else {}) for n in range(1000)]
    dataset = GenAIEvalDataset.from_path(write(tmp_path / "r.jsonl", records), [task("refund", "refund"), task("n", "n")], **more)
    counts = dataset.evaluate().task_counts()
    assert (counts["refund"].passed, counts["n"].passed) == (1, 1000)


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".arrow", ".csv"])
@pytest.mark.parametrize("more", [{"id": "idd"}, {"columns": ["idd"]}, {"columns": {"idd": "x"}}, {"json": ["idd"]}, {"trace": "idd"}])
def test_a_column_that_is_not_there_is_told_before_anything_runs(suffix: str, more: Any, tmp_path: Path) -> None:
    path = write(tmp_path / f"r{suffix}", RECORDS[:5])
    with pytest.raises(RecordError, match=r"there is no column `idd` \(did you mean `id`\?\); there are "):
        GenAIEvalDataset.from_path(path, TASKS, **more)


def test_columns_of_one_name_are_told() -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["n", "n"])
    with pytest.raises(RecordError, match="the table: there is more than one column `n`"):
        GenAIEvalDataset.from_table(table, [task("t", "n")])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.jsonl", b"", "there are no records"),
        ("blank.jsonl", b"\n \n", "there are no records"),
        ("array.jsonl", b'[{"n": 1},\n {"n": 2}]', "line 1, column 1: a JSON array begins here: write one object a line"),
        ("indented.jsonl", b'{\n "n": 1\n}', "line 1, column 1: an object over several lines begins here: write one object a line"),
        ("empty.csv", b"", "there are no records"),
        ("header.csv", b"a,b\n", "there are no records"),
        ("empty.parquet", b"", "it is no Parquet file, or not a whole one"),
        ("text.parquet", b"not a table at all", "it is no Parquet file, or not a whole one"),
        ("text.arrow", b"not a table at all", "it is no Arrow file, or not a whole one"),
        ("wide.jsonl", '{"a": 1}'.encode("utf-16"), "the text is UTF-16: save it as UTF-8"),
        ("wide.csv", "a\n1".encode("utf-16"), "the text is UTF-16: save it as UTF-8"),
        ("twice.csv", b"a,a\n1,2\n", "there is more than one column `a`"),
    ],
)
def test_a_file_without_records_says_what_is_wrong_with_it(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordError, match=f"{name}`: {told}"):
        GenAIEvalDataset.from_path(tmp_path / name, TASKS)


@pytest.mark.parametrize("id", [None, "id"])
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{'id': 'a', 'n': 1}", "line 1, column 2: JSON strings need double quotes; this looks like Python's `repr`: write it with `json.dumps`"),
        ('{"id": "a", "n": None}', "line 1, column 18: `None` is Python's word, and JSON's is `null`: write it with `json.dumps`"),
    ],
    ids=["quotes", "word"],
)
def test_what_python_prints_is_told_from_json(line: str, told: str, id: str | None, tmp_path: Path) -> None:
    (tmp_path / "printed.jsonl").write_text(f"{line}\n{line}\n")
    with pytest.raises(RecordError, match=told):
        GenAIEvalDataset.from_path(tmp_path / "printed.jsonl", TASKS, id=id).evaluate()


def test_tables_without_rows_are_no_records(tmp_path: Path) -> None:
    nothing = pa.table({"n": pa.array([], pa.int64())})
    pq.write_table(nothing, tmp_path / "r.parquet")
    with pytest.raises(RecordError, match=r"r\.parquet`: there are no records"):
        GenAIEvalDataset.from_path(tmp_path / "r.parquet", TASKS)
    with pytest.raises(RecordError, match="the table: there are no records"):
        GenAIEvalDataset.from_table(nothing, TASKS)


def test_a_parquet_file_that_was_cut_off_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", RECORDS)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(RecordError, match="not a whole one"):
        GenAIEvalDataset.from_path(path, TASKS)


def test_a_row_group_that_cannot_be_read_ends_the_run_and_keeps_what_was_done(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", RECORDS)
    content = bytearray(path.read_bytes())
    third = pq.ParquetFile(path).metadata.row_group(2)
    for column in range(third.num_columns):
        start = third.column(column).dictionary_page_offset or third.column(column).data_page_offset
        content[start : start + 20] = b"\xff" * 20
    path.write_bytes(content)
    with pytest.raises(RecordError, match=r"r\.parquet`: .*, after row \d+") as caught:
        GenAIEvalDataset.from_path(path, TASKS, id="id").evaluate()
    done = [result.record_id for result in caught.value.results or ()]
    assert done == [f"r{n}" for n in range(len(done))] and 0 < len(done) <= 600


def test_what_the_system_says_of_a_file_is_raised_as_python_would(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        GenAIEvalDataset.from_path(tmp_path / "none.jsonl", TASKS)
    assert str(caught.value.filename) == str(tmp_path / "none.jsonl")
    with pytest.raises(IsADirectoryError):
        GenAIEvalDataset.from_path(tmp_path, TASKS, format="parquet")


def test_a_suffix_that_says_nothing_wants_a_format(tmp_path: Path) -> None:
    path = write(tmp_path / "r.jsonl", RECORDS[:3]).rename(tmp_path / "r.log")
    with pytest.raises(ValueError, match="does not say by its suffix what it is: give `format`"):
        GenAIEvalDataset.from_path(path, TASKS)
    assert len(GenAIEvalDataset.from_path(path, TASKS, format="jsonl").evaluate()) == 3


@pytest.mark.parametrize("columns", ["n", {"n": 1}, 5])
def test_columns_of_another_kind_are_refused(columns: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="`columns` must be a list of names, or a dict of names and new names"):
        GenAIEvalDataset.from_path(write(tmp_path / "r.jsonl", RECORDS[:1]), TASKS, columns=columns)


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(TypeError, match=r"`table` must be an Arrow table .*, not `builtins\.list`|not `list`"):
        GenAIEvalDataset.from_table([1], TASKS)


def test_a_dataset_of_a_file_says_what_it_knows(tmp_path: Path) -> None:
    lines = GenAIEvalDataset.from_path(write(tmp_path / "r.jsonl", RECORDS[:3]), TASKS)
    table = GenAIEvalDataset.from_path(write(tmp_path / "r.parquet", RECORDS[:3]), TASKS)
    assert len(table) == 3 and repr(table) == "GenAIEvalDataset(3 records, 4 tasks)"
    assert lines and repr(lines) == f"GenAIEvalDataset(records of `{tmp_path / 'r.jsonl'}`, 4 tasks)"
    with pytest.raises(TypeError, match="not known before they are read"):
        len(lines)
    with pytest.raises(RecordError, match="never become objects"):
        lines.records
    with pytest.raises(RecordError, match="never become objects"):
        lines.with_updated_contexts_by_id({"r1": {"n": 2}})


def test_a_dataset_of_a_file_pickles(tmp_path: Path) -> None:
    path = write(tmp_path / "r.jsonl", RECORDS[:3])
    dataset = GenAIEvalDataset.from_path(path, [task("t", "k")], id="id", columns={"n": "k"}, skip_bad=True)
    assert outcome(pickle.loads(pickle.dumps(dataset)).evaluate()) == outcome(dataset.evaluate())
    with pytest.raises(TypeError, match="pickle the table"):
        pickle.dumps(GenAIEvalDataset.from_table(pl.DataFrame(RECORDS[:2]), TASKS))
