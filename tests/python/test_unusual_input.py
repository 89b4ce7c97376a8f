"""Text that is not Unicode, numbers of thousands of digits, files that break off: told, and nothing beside them is lost."""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scouter.errors import ConfigError, RecordError
from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults

ONE = AssertionTask(id="one", context_path="n", operator=ComparisonOperator.Equals, expected_value=1)
LONE = "a\ud800"


def evaluate(*contexts: dict[Any, Any], task: AssertionTask = ONE) -> GenAIEvalResults:
    records = [GenAIEvalRecord(context=context, id=f"r{at}") for at, context in enumerate(contexts)]
    return GenAIEvalDataset(records, [task]).evaluate()


@pytest.mark.parametrize(
    "value",
    [
        10**4300 - 1, 1 - 10**4300, 2**14_283, decimal.Decimal("1E+4299"), decimal.Decimal("1E-9000"),
        decimal.Decimal("9" * 4200 + "." + "9" * 4200), decimal.Decimal("0E+5000"),
    ],
    ids=["largest", "negative", "bits", "exponent", "small", "both sides", "zero"],
)
def test_results_with_numbers_of_thousands_of_digits_can_be_read_back(value: Any) -> None:
    with decimal.localcontext(decimal.Context(prec=10_000)):
        equal = AssertionTask(id="one", context_path="n", operator=ComparisonOperator.Equals, expected_value=value)
        results = evaluate({"n": value}, {"n": 1}, task=equal)
        again = GenAIEvalResults.model_validate_json(results.model_dump_json())
        assert [again[id]["one"].status for id in ("r0", "r1")] == ["passed", "failed"]
        assert equal.expected_value == value


def test_a_number_that_could_not_be_read_back_errors_its_record_alone() -> None:
    results = evaluate({"n": 10**4300}, {"n": 1})
    assert [result["one"].status for result in results] == ["errored", "passed"]
    assert "a whole number of more than 4300 digits" in results["r0"]["one"].message
    with pytest.raises(ConfigError, match="task `one`, field `expected_value`: a whole number of more than 4300 digits"):
        AssertionTask(id="one", context_path="n", operator=ComparisonOperator.Equals, expected_value=10**4300)


def test_names_that_are_not_unicode_are_told_as_such() -> None:
    with pytest.raises(ValueError, match="the id of a record holds a lone surrogate, which is not Unicode"):
        GenAIEvalRecord(context={}, id=LONE)
    with pytest.raises(ValueError, match="`context_path` holds a lone surrogate, which is not Unicode"):
        AssertionTask(id="one", context_path=LONE, operator=ComparisonOperator.Equals, expected_value=1)
    results = evaluate({"n": 1})
    with pytest.raises(KeyError, match="no record has this id: it holds a lone surrogate"):
        results[LONE]
    with pytest.raises(KeyError, match="no task has this id: it holds a lone surrogate"):
        results["r0"][LONE]
    assert LONE not in results


def test_a_place_beyond_all_numbers_is_no_place() -> None:
    for place in (10**30, -(10**30), 1, -2):
        with pytest.raises(IndexError, match=f"there is no record {place}: there are 1"):
            evaluate({"n": 1})[place]


def test_a_value_that_is_not_unicode_errors_what_reads_it_and_nothing_else() -> None:
    results = evaluate({"n": LONE}, {"n": 1, "other": LONE}, {"n": 1, LONE: 2})
    assert [result["one"].status for result in results] == ["errored", "passed", "passed"]


@pytest.mark.parametrize("raised", [ValueError("boom"), KeyboardInterrupt(), SystemExit(3), MemoryError()], ids=lambda raised: type(raised).__name__)
def test_what_a_generator_of_records_raises_is_raised_as_it_is(raised: BaseException) -> None:
    def records() -> Iterator[GenAIEvalRecord]:
        yield GenAIEvalRecord(context={"n": 1})
        raise raised

    with pytest.raises(type(raised)) as caught:
        GenAIEvalDataset(records(), [ONE])
    assert caught.value is raised


def test_an_id_that_comes_again_in_a_later_part_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "ré cords 😀.jsonl"
    path.write_text("".join(f'{{"id": "q{at}", "n": 1}}\n' for at in range(5_000)) + '{"id": "q3", "n": 1}\n')
    with pytest.raises(RecordError, match="line 5001: the id `q3` was there before: ids are unique") as caught:
        GenAIEvalDataset.from_path(path, [ONE], id="id").evaluate()
    assert len(caught.value.results) == 5_000
    results = GenAIEvalDataset.from_path(path, [ONE], id="id", skip_bad=True).evaluate()
    assert (len(results), results.bad_record_count) == (5_000, 1)


def test_a_csv_that_breaks_off_within_a_quote_is_told_and_not_taken_for_one_row(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text('id,n\na,1\nb,"1\nc,1\nd,1\n')
    with pytest.raises(RecordError, match="line 3: a quote is never closed, so that the rest of the file is in this row"):
        GenAIEvalDataset.from_path(path, [ONE], id="id").evaluate()
    results = GenAIEvalDataset.from_path(path, [ONE], id="id", skip_bad=True, json=["n"]).evaluate()
    assert (len(results), results.bad_record_count, results.pass_rate) == (1, 1, 1.0)


@pytest.mark.parametrize("name", ["records.jsonl", "../folder/records.jsonl", "link.jsonl", "twin.jsonl"])
def test_results_are_not_written_in_the_place_of_their_records(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "records.jsonl"
    path.write_text('{"n": 1}\n')
    (folder / "link.jsonl").symlink_to(path)
    (folder / "twin.jsonl").hardlink_to(path)
    with pytest.raises(ValueError, match="holds the records: results would take their place; name another file"):
        GenAIEvalDataset.from_path(path, [ONE]).evaluate_to(folder / name)
    assert path.read_text() == '{"n": 1}\n'
    GenAIEvalDataset.from_path(path, [ONE]).evaluate_to(folder / "results.jsonl")
    assert sorted(file.name for file in folder.iterdir()) == ["link.jsonl", "records.jsonl", "results.jsonl", "twin.jsonl"]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", "x\ny\n"], ids=["empty", "lines", "mark", "broken"])
def test_a_file_of_which_no_record_is_left_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(text)
    if text == "x\ny\n":
        results = GenAIEvalDataset.from_path(path, [ONE], skip_bad=True).evaluate()
        assert (len(results), results.pass_rate, results.bad_record_count) == (0, None, 2)
        return
    with pytest.raises(RecordError, match="there are no records"):
        GenAIEvalDataset.from_path(path, [ONE], skip_bad=True).evaluate()
