"""The command line says the names of its own options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scouter.cli import Exit, main
from scouter.cli._words import refused, spoken

SUITE = "tasks: [{task_type: Assertion, id: right, context_path: answer, operator: Equals, expected_value: yes}]"
RUN = ("eval", "run", "suite.yaml", "--data", "records.jsonl")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a suite and two records."""
    monkeypatch.chdir(tmp_path)
    Path("suite.yaml").write_text(SUITE)
    Path("records.jsonl").write_text('{"id": "a", "answer": "yes"}\n{"id": "b", "answer": "yes"}\n')
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """How a command ends, and what it wrote."""
    code = main([*arguments])
    written = capsys.readouterr()
    return code, written.out + written.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--budget-usd", "-1"], "`--budget-usd` must be more than 0"),
        (["--timeout", "-1"], "`--timeout`: it must be a positive number of seconds"),
        (["--run-timeout", "0"], "`--run-timeout`: it must be a positive number of seconds"),
        (["--concurrency", "100000"], "`--concurrency` must be from 1 to 65536"),
        (["--workers", "5000"], "`--workers` must be from 1 to 1024"),
        (["--cluster-key", "["], "`--cluster-key`: invalid path"),
        (["--data", "suite.yaml"], "give `--format`, or use `.jsonl`"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_arguments_are_called_as_on_the_command_line(here: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str) -> None:
    code, text = told(capsys, *RUN, *options)
    assert code == Exit.BAD_CONFIGURATION and words in text


def test_a_run_directory_of_other_tasks_names_the_option_to_take_from_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([*RUN, "--run-dir", "kept"])
    Path("suite.yaml").write_text(SUITE.replace("right", "correct"))
    code, text = told(capsys, *RUN, "--run-dir", "kept")
    assert code == Exit.BAD_CONFIGURATION and "with `--reuse` to take from this one" in text


def test_a_broken_line_names_the_option_that_leaves_it_out(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("records.jsonl").write_text('{"id": "a", "answer": "yes"}\n{"id": "b" "answer": "yes"}\n')
    code, text = told(capsys, *RUN)
    assert code == Exit.BAD_CONFIGURATION
    assert "`records.jsonl`: line 2, column 12: " in text and "; `--skip-bad` leaves out what cannot be read, and counts it" in text
    assert told(capsys, *RUN, "--skip-bad")[0] == Exit.PASSED


def test_records_in_an_array_are_told_how_to_be_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("records.json").write_text('[{"id": "a", "answer": "yes"}]')
    code, text = told(capsys, "eval", "run", "suite.yaml", "--data", "records.json")
    assert code == Exit.BAD_CONFIGURATION
    assert "`records.json`: records stand one object a line (JSON Lines), not in an array" in text and "give `--format jsonl`" in text
    code, text = told(capsys, "eval", "run", "suite.yaml", "--data", "records.json", "--format", "jsonl")
    assert code == Exit.BAD_CONFIGURATION and "`records.json`: line 1, column 1: a JSON array begins here: write one object a line (JSON Lines)" in text


def test_an_id_that_was_forgotten_is_hinted_at(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hint = "the records have no ids, and a column `id`: `--id id` takes them from it"
    main([*RUN])
    assert hint in capsys.readouterr().err
    for named in (["--id", "id"], ["--quiet"]):
        main([*RUN, *named])
        assert "no ids" not in capsys.readouterr().err
    Path("records.jsonl").write_text('{"answer": "yes"}\n')
    main([*RUN])
    assert "no ids" not in capsys.readouterr().err


def test_a_comparison_that_needs_a_threshold_names_the_option(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([*RUN, "--id", "id", "-o", "before.json"])
    capsys.readouterr()
    code, text = told(capsys, *RUN, "--id", "id", "--baseline", "before.json", "-o", "now.json")
    assert code == Exit.PASSED and "set `--regression-threshold`" in text
    main(["eval", "compare", "now.json", "--baseline", "before.json", "--json"])
    assert json.loads(capsys.readouterr().out)["comparison"]["headline"].endswith("set `--regression-threshold`")


def test_a_comparison_of_other_trials_names_the_option(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([*RUN, "--id", "id", "--trials", "3", "-o", "before.json"])
    capsys.readouterr()
    code, text = told(capsys, *RUN, "--id", "id", "--baseline", "before.json")
    assert code == Exit.INCONCLUSIVE
    assert "the baseline 3 times: run it with `--trials 3`, or make a new baseline with `--trials 1`" in text


def test_a_renamed_task_ends_it_with_1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([*RUN, "--id", "id", "-o", "before.json"])
    capsys.readouterr()
    Path("suite.yaml").write_text(SUITE.replace("right", "correct"))
    code, text = told(capsys, *RUN, "--id", "id", "--baseline", "before.json")
    assert code == Exit.FAILED and "no longer checked: `right` (new: `correct`" in text


def test_a_report_with_the_suffix_of_rows_names_the_command_that_writes_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([*RUN, "-o", "now.json"])
    code, text = told(capsys, "eval", "report", "now.json", "-o", "rows.jsonl")
    assert code == Exit.BAD_CONFIGURATION and "are written by `scouter eval run -o`" in text


@pytest.mark.parametrize("options", [["-o", "records.jsonl"], ["-o", "now.json", "-o", "./records.jsonl"]], ids=["alone", "beside another"])
def test_results_never_take_the_place_of_their_records(here: Path, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    before = Path("records.jsonl").read_text()
    code, text = told(capsys, *RUN, *options)
    assert code == Exit.BAD_CONFIGURATION and "records.jsonl` holds the records: it would be replaced; name another file" in text
    assert Path("records.jsonl").read_text() == before


def test_what_records_say_is_shown_as_it_is(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "run it with `trials=3`; leave `reuse` out; `skip_bad=True` leaves out what cannot be read"
    Path("records.jsonl").write_text(json.dumps({"id": "a", "answer": f": {said}"}) + "\n")
    code, text = told(capsys, *RUN)
    assert code == Exit.FAILED and f"actual    {json.dumps(': ' + said)}" in text


def test_a_column_that_cannot_be_read_names_the_option(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table({"answer": ["yes"], "image": [b"1"]}), "records.parquet")
    Path("suite.yaml").write_text(SUITE.replace("answer", "image"))
    code, text = told(capsys, "eval", "run", "suite.yaml", "--data", "records.parquet")
    assert code == Exit.BAD_CONFIGURATION and "leave it out of `--column`" in text


def test_a_trace_that_is_text_names_the_option_that_reads_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("records.csv").write_text('answer,spans\nyes,"[{""span_id"": ""1""}]"\n')
    code, text = told(capsys, "eval", "run", "suite.yaml", "--data", "records.csv", "--trace", "spans")
    assert code == Exit.BAD_CONFIGURATION and "not a list of spans: `--json-column spans` reads the column `spans` as JSON" in text


@pytest.mark.parametrize(
    "text",
    [
        "task `trials`, path `seed`: failed",
        "`seed`: `1` does not equal `2`",
        "no task has the id `run_dir`; did you mean `write`?",
        "no longer checked: `trials=3`, `skip_bad=True`, `columns`",
    ],
)
def test_what_users_call_so_stays_as_it_is(text: str) -> None:
    assert spoken(text) == text


def test_an_argument_is_known_by_where_it_stands() -> None:
    assert refused("`max_error_share` must be from 0 to 1") == "`--max-error-share` must be from 0 to 1"
    assert refused("`sample` must be from 1 to 9") == "`--sample` must be from 1 to 9"
    assert refused("`trials.json`: No such file") == "`trials.json`: No such file"
    assert spoken("it has no recordings; run once with `record`") == "it has no recordings; run once with `--record`"


def test_a_warning_is_in_the_words_of_the_command_line_and_told_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = "`--column` leaves out `answer`, which tasks look at: name it too"
    main([*RUN, "--column", "id=key"])
    assert capsys.readouterr().err.splitlines().count(told) == 1
    main([*RUN])
    assert told not in capsys.readouterr().err


def test_the_command_alone_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == Exit.BAD_CONFIGURATION
    written = capsys.readouterr()
    assert written.out == "" and "usage: scouter" in written.err and "scouter eval run suite.yaml --data records.jsonl" in written.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([*RUN, "--min-pass-rate", "2"], "scouter eval run: error: argument --min-pass-rate: `2` is not a number from 0 to 1; see `scouter eval run --help`"),
        (["eval", "run", "suite.yaml"], "scouter eval run: error: the following arguments are required: --data; see `scouter eval run --help`"),
        ([*RUN, "--min-pas-rate", "1"], "scouter eval run: error: unrecognized arguments: --min-pas-rate 1; did you mean `--min-pass-rate`?; see `scouter eval run --help`"),
    ],
    ids=["value", "missing", "misspelt"],
)
def test_an_argument_that_is_wrong_is_told_in_a_line(here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert main(arguments) == Exit.BAD_CONFIGURATION
    assert capsys.readouterr().err == f"{told}\n"
