"""The command line, called as a function and as a process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from scouter.cli import Exit, _load, main
from scouter.errors import EvaluationInterrupted
from scouter.evaluate import GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults

SUITE = """\
tasks:
  - {task_type: Assertion, id: answered, context_path: answer, operator: IsNotEmpty, condition: true, description: There is one}
  - {task_type: Assertion, id: is_right, context_path: answer, operator: Equals, expected_value: "${truth}", depends_on: [answered]}
  - {task_type: Assertion, id: is_short, context_path: answer, operator: HasLengthLessThanOrEqual, expected_value: 5}
"""


def line(id: str, answer: object, truth: str = "yes") -> str:
    return json.dumps({"id": id, "answer": answer, "truth": truth}) + "\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a suite and four records, of which one is wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    Path("suite.yaml").write_text(SUITE)
    Path("records.jsonl").write_text(line("a", "yes") + line("b", "no") + line("c", "yes") + line("d", "yes"))
    return tmp_path


RUN = ("eval", "run", "suite.yaml", "--data", "records.jsonl", "--id", "id")


def run(*options: str) -> int:
    return main([*RUN, *options])


def written(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The one JSON object of a command."""
    return json.loads(capsys.readouterr().out)


def test_a_run_below_its_least_pass_rate_fails(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == Exit.FAILED
    out = capsys.readouterr().out
    assert "failed: 4 records, pass rate 87.50% (7/8); pass rate 87.50% (7/8), at least 100% is needed" in out
    assert 'record `b`, task `is_right`, path `answer`: failed\n  expected  Equals "yes"\n  actual    "no"\n' in out
    assert run("--min-pass-rate", "0.8") == Exit.PASSED


def test_a_task_has_a_least_rate_of_its_own(here: Path) -> None:
    assert run("--min-task-rate", "is_right=0.8") == Exit.FAILED
    assert run("--min-task-rate", "is_right=0.75", "--min-task-rate", "is_short=1") == Exit.PASSED


def test_a_rate_of_one_task_lets_no_other_fail(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--min-task-rate", "is_right=0.75") == Exit.PASSED
    assert run("--min-task-rate", "is_short=1") == Exit.FAILED
    assert "pass rate of the other tasks 75% (3/4), at least 100% is needed" in capsys.readouterr().out
    assert run("--min-task-rate", "is_short=1", "--min-pass-rate", "0.8") == Exit.PASSED


def test_an_option_that_is_misspelt_is_told_with_the_one_that_was_meant(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--basline", "before.json") == Exit.BAD_CONFIGURATION
    assert "unrecognized arguments: --basline before.json; did you mean `--baseline`?" in capsys.readouterr().err
    assert main(["--listen", "serve"]) == Exit.BAD_CONFIGURATION
    assert "unrecognized arguments: --listen" in capsys.readouterr().err


def test_a_pipe_gets_plain_lines_without_colour(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run()
    out = capsys.readouterr().out
    assert "is_right\t3\t1\t0\t0\t0\t0\t75% (3/4)" in out.splitlines()
    assert "\x1b" not in out


def test_intervals_of_rates_are_shown_where_they_are_asked_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("records.jsonl").open("a") as file:
        file.write(line("e", ""))
    run("--intervals")
    # statsmodels: proportion_confint(3, 4, method="wilson") = 0.3006, 0.9544
    assert "is_right\t3\t1\t0\t1\t0\t0\t75% (3/4)\t30.06% to 95.44%" in capsys.readouterr().out.splitlines()
    Path("records.jsonl").write_text(line("a", ""))
    run("--intervals")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("\tpass rate\t95% interval") and "is_right\t0\t0\t0\t1\t0\t0\t-\t-" in lines


def test_json_is_the_whole_output(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 1
    content = written(capsys)
    assert (content["version"], content["command"], content["verdict"], content["exit_code"]) == (1, "run", "failed", 1)
    assert (content["records"], content["bad_records"]) == (4, 0)
    assert (content["passed"], content["counted"], content["pass_rate"]) == (7, 8, 0.875)
    assert content["tasks"][1] == {
        "id": "is_right", "passed": 3, "failed": 1, "errored": 0, "skipped": 0, "not_applicable": 0, "cancelled": 0, "pass_rate": 0.75,
        "interval": pytest.approx([0.300642, 0.954413], abs=1e-6),
    }  # fmt: skip
    assert [(failure["record"], failure["task"], failure["actual"]) for failure in content["failures"]] == [("b", "is_right", "no")]


def test_too_many_errors_are_no_failure(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("records.jsonl").open("a") as file:
        file.write('{"id": "e", "answer": "yes"}\n')
    assert run("--min-pass-rate", "0") == Exit.TOO_MANY_ERRORS
    assert "too many errors: 5 records" in capsys.readouterr().out
    assert run("--min-pass-rate", "0", "--max-errors", "0.2") == Exit.PASSED


def test_a_run_without_a_verdict_is_inconclusive(here: Path) -> None:
    Path("suite.yaml").write_text(SUITE[: SUITE.index("  - {task_type: Assertion, id: is_short")])
    Path("records.jsonl").write_text(line("a", ""))
    assert run() == Exit.INCONCLUSIVE


def test_results_are_written_and_are_a_baseline(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-o", "before.json")
    assert GenAIEvalResults.model_validate_json(Path("before.json").read_text())["b"].record_id == "b"
    assert run("--baseline", "before.json") == Exit.PASSED
    Path("records.jsonl").write_text(line("a", "yes") + line("b", "no") + line("c", "no") + line("d", "yes"))
    capsys.readouterr()
    assert run("--baseline", "before.json") == Exit.INCONCLUSIVE
    out = capsys.readouterr().out
    assert "record `c`, task `is_right`: passed before, failed now" in out

@pytest.mark.parametrize("before, now, code", [("no", "yes", Exit.PASSED), ("yes", "no", Exit.FAILED)])
def test_a_change_of_many_records_passes_or_fails_by_its_direction(here: Path, before: str, now: str, code: Exit) -> None:
    Path("records.jsonl").write_text("".join(line(f"r{n}", before if n < 30 else "yes") for n in range(60)))
    run("-o", "before.json")
    Path("records.jsonl").write_text("".join(line(f"r{n}", now if n < 30 else "yes") for n in range(60)))
    assert run("--baseline", "before.json") == code


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet", "rows.arrow"])
def test_rows_are_written_as_they_come(here: Path, name: str) -> None:
    assert run("-o", name) == Exit.FAILED
    assert Path(name).stat().st_size > 0
    assert not list(here.glob("*.partial"))


def test_several_files_are_written_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-o", "a.json", "-o", "b.jsonl", "--json")
    assert written(capsys)["written"] == ["a.json", "b.jsonl"]


def test_one_file_that_cannot_be_written_keeps_no_other_from_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("folder.json").mkdir()
    assert run("-o", "folder.json", "-o", "b.json") == Exit.BAD_CONFIGURATION
    assert Path("b.json").is_file()
    assert "not written whole: folder.json" in capsys.readouterr().err


def test_a_broken_line_is_named_and_what_was_done_is_kept(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line(f"r{number}", "yes") for number in range(1, 31)]
    lines[16] = '{"id": "r17", "answer": \n'
    Path("records.jsonl").write_text("".join(lines))
    assert run("-o", "results.json") == Exit.BAD_CONFIGURATION
    assert "line 17" in capsys.readouterr().out
    assert run("--skip-bad") == Exit.PASSED
    captured = capsys.readouterr()
    assert "passed: 29 records, pass rate 100% (58/58); 1 bad record left out" in captured.out
    assert "line 17" in captured.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["eval", "run", "nowhere.yaml", "--data", "records.jsonl"], "`nowhere.yaml`: No such file or directory"),
        (["eval", "run", "suite.yaml", "--data", "nowhere.jsonl"], "`nowhere.jsonl`: No such file or directory"),
        (["eval", "run", "suite.yaml", "--data", "suite.yaml"], "does not say by its suffix what it is"),
        ([*RUN, "--column", "anser"], "anser"),
        ([*RUN, "--baseline", "suite.yaml"], "`suite.yaml` holds no results"),
        ([*RUN, "--min-task-rate", "is_rihgt=1"], "no task has the id `is_rihgt`; did you mean `is_right`?"),
        ([*RUN, "-o", "nowhere/a.json"], "--output: there is no folder `nowhere`"),
        ([*RUN, "-o", "a.txt"], "--output: `a.txt` must end with one of"),
        ([*RUN, "--report", "a.pdf"], "--report: `a.pdf` must end with one of"),
        (["eval", "compare", "records.jsonl", "--baseline", "suite.yaml"], "`records.jsonl` holds no results"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_told_before_anything_is(
    here: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(options) == Exit.BAD_CONFIGURATION
    assert message in capsys.readouterr().err
    assert main([*options, "--json"]) == Exit.BAD_CONFIGURATION
    content = written(capsys)
    assert content["verdict"] == "bad_configuration" and message in content["problems"][0]["message"]


@pytest.mark.parametrize(
    ("arguments", "command", "message"),
    [
        ([*RUN, "--basline", "x", "--json"], "run", "unrecognized arguments: --basline x; did you mean `--baseline`?"),
        ([*RUN, "--json", "--trials", "0"], "run", "argument --trials: `0` is not a whole number from 1"),
        (["eval", "run", "suite.yaml", "--json"], "run", "the following arguments are required: --data"),
        (["profiles", "show", "--json"], "profiles show", "the following arguments are required: PROFILE"),
        (["eval", "--json"], None, "the following arguments are required: COMMAND"),
        (["--json"], None, "the following arguments are required: AREA"),
    ],
    ids=lambda of: " ".join(of[-2:]) if isinstance(of, list) else "",
)  # fmt: skip
def test_arguments_that_make_no_sense_are_json_for_programs(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], command: str | None, message: str
) -> None:
    assert main(arguments) == Exit.BAD_CONFIGURATION
    told = capsys.readouterr()
    assert json.loads(told.out) == {
        "version": 1, "command": command, "verdict": "bad_configuration", "exit_code": 2,
        "problems": [{"task": None, "field": None, "message": message}],
    }  # fmt: skip
    assert told.err == ""


@pytest.mark.parametrize(
    "options",
    [["--trials", "0"], ["--concurrency", "-1"], ["--workers", "-1"], ["--min-pass-rate", "1.5"], ["--min-pass-rate", "nan"], ["--min-task-rate", "is_right"], ["--max-errors", "-1"], ["--show", "-1"], ["--unknown"]],
    ids=" ".join,
)
def test_an_argument_that_makes_no_sense_is_bad_configuration(here: Path, options: list[str]) -> None:
    assert run(*options) == Exit.BAD_CONFIGURATION


def test_every_problem_of_a_suite_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("suite.yaml").write_text(SUITE.replace("IsNotEmpty", "IsNotEmtpy").replace("[answered]", "[anwsered]"))
    assert main(["eval", "check", "suite.yaml", "--json"]) == Exit.BAD_CONFIGURATION
    assert [problem["task"] for problem in written(capsys)["problems"]] == ["answered"]
    Path("suite.yaml").write_text(SUITE.replace("[answered]", "[anwsered]"))
    assert main(["eval", "plan", "suite.yaml"]) == Exit.BAD_CONFIGURATION
    assert "did you mean `answered`?" in capsys.readouterr().err


def test_a_cycle_and_an_unknown_dependency_are_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("suite.yaml").write_text(SUITE.replace("condition: true", "condition: true, depends_on: [is_right]"))
    assert main(["eval", "check", "suite.yaml", "--data", "records.jsonl"]) == Exit.BAD_CONFIGURATION
    assert "answered → is_right → answered" in capsys.readouterr().err
    Path("suite.yaml").write_text(SUITE.replace("[answered]", "[anwsered]"))
    assert main(["eval", "check", "suite.yaml", "--data", "records.jsonl"]) == Exit.BAD_CONFIGURATION
    assert "`anwsered`" in capsys.readouterr().err


def test_the_plan_is_shown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "plan", "suite.yaml"]) == Exit.PASSED
    assert "1\tanswered\tAssertion\tgate\t\tThere is one" in capsys.readouterr().out.splitlines()
    assert main(["eval", "plan", "suite.yaml", "--json"]) == Exit.PASSED
    content = written(capsys)
    assert content["stages"] == [["answered", "is_short"], ["is_right"]]
    assert content["tasks"][1] == {
        "id": "is_right", "kind": "Assertion", "description": None, "depends_on": ["answered"], "condition": False, "stage": 2,
    }  # fmt: skip


def test_a_suite_that_does_not_fit_its_records_is_bad_configuration(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("suite.yaml").write_text(SUITE.replace("context_path: answer", "context_path: anwser"))
    check = ["eval", "check", "suite.yaml", "--data", "records.jsonl"]
    assert main(check) == Exit.BAD_CONFIGURATION
    out = capsys.readouterr().out
    assert "error: task `is_short`, field `context_path`: `anwser` is missing" in out and "did you mean `answer`?" in out
    assert main([*check, "--json"]) == Exit.BAD_CONFIGURATION
    assert written(capsys)["findings"][-1]["hint"] == "did you mean `answer`?"


def test_warnings_are_errors_where_that_is_asked_for(here: Path) -> None:
    Path("suite.yaml").write_text(SUITE.replace('"${truth}"', "5"))
    check = ["eval", "check", "suite.yaml", "--data", "records.jsonl"]
    assert main(check) == Exit.PASSED
    assert main([*check, "--strict"]) == Exit.BAD_CONFIGURATION


def test_results_are_compared(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-o", "before.json")
    Path("records.jsonl").write_text(line("a", "no") + line("b", "yes") + line("c", "yes") + line("d", "yes"))
    run("-o", "now.json")
    capsys.readouterr()
    assert main(["eval", "compare", "now.json", "--baseline", "before.json"]) == Exit.INCONCLUSIVE
    out = capsys.readouterr().out
    assert "is_right\t3\t3\t1\t1\t+0.0\t" in out
    assert out.splitlines()[-1].startswith("inconclusive: what got better and what got worse cancel out")
    main(["eval", "compare", "now.json", "--baseline", "before.json", "--json"])
    comparison = written(capsys)["comparison"]
    assert (comparison["regressed_records"], comparison["improved_records"]) == (1, 1)
    assert {"record": "a", "trial": None, "task": "is_right", "before": "passed", "now": "failed"} in comparison["changes"]
    assert comparison["overall"]["records"] == 4 and comparison["headline"].startswith("what got better")
    assert [(task["id"], task["verdict"], task["rate"]["lost"]) for task in comparison["tasks"]][1] == ("is_right", "inconclusive", 1)


def test_what_came_to_no_verdict_in_either_run_is_shown_beside_a_comparison(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-o", "before.json")
    # One is behind the gate now, and of one the truth is gone, so that the check errors.
    Path("records.jsonl").write_text(line("a", "") + line("b", "no") + line("c", "yes") + '{"id": "d", "answer": "yes"}\n')
    run("-o", "now.json", "--max-errors", "1")
    capsys.readouterr()
    compare = ["eval", "compare", "now.json", "--baseline", "before.json", "--max-error-share", "1"]
    main(compare)
    rows = [row.split("\t") for row in capsys.readouterr().out.splitlines()]
    assert rows[0][-1] == "no verdict"
    assert [(row[0], row[-1]) for row in rows[1:4]] == [("answered", "-"), ("is_right", "0 → 1 errored, 0 → 1 skipped"), ("is_short", "-")]
    main([*compare, "--json"])
    is_right = written(capsys)["comparison"]["tasks"][1]
    none = {"errored": 0, "skipped": 0, "not_applicable": 0, "cancelled": 0}
    assert is_right["baseline_counts"] == {**none, "passed": 3, "failed": 1}
    assert is_right["comparison_counts"] == {**none, "passed": 1, "failed": 1, "errored": 1, "skipped": 1}


def test_a_comparison_draws_its_intervals_from_a_seed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("suite.yaml").write_text("tasks: [{task_type: Assertion, id: score, context_path: answer, operator: GreaterThan, expected_value: -1}]")
    for name, more in (("before", 0.0), ("now", 0.3)):
        Path("records.jsonl").write_text("".join(line(f"r{n}", n / 7 + more * n % 2) for n in range(20)))
        assert run("-o", f"{name}.json") == Exit.PASSED
    intervals = []
    for seed in ([], ["--seed", "7"], ["--seed", "7"], ["--seed", "8"]):
        capsys.readouterr()
        main(["eval", "compare", "now.json", "--baseline", "before.json", "--json", *seed])
        intervals.append(written(capsys)["comparison"]["tasks"][0]["numbers"]["interval"])
    assert intervals[0] != intervals[1] == intervals[2] != intervals[3]
    capsys.readouterr()
    run("--baseline", "before.json", "--seed", "7", "--json")
    assert written(capsys)["comparison"]["tasks"][0]["numbers"]["interval"] == intervals[1]


@pytest.mark.parametrize("seed", ["-1", "1.5", str(2**64), "x"])
def test_a_seed_that_is_none_is_told(here: Path, capsys: pytest.CaptureFixture[str], seed: str) -> None:
    assert main(["eval", "compare", "now.json", "--baseline", "before.json", f"--seed={seed}"]) == Exit.BAD_CONFIGURATION
    assert f"`{seed}` is not a whole number from 0 to {2**64 - 1}" in capsys.readouterr().err


def test_more_trials_than_can_be_are_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--trials", "5000000000") == Exit.BAD_CONFIGURATION
    assert "`--trials` must be from 1 to 4294967295" in capsys.readouterr().err


def test_a_run_into_rows_says_what_paths_that_lead_nowhere_mean(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("suite.yaml").write_text("tasks: [{task_type: Assertion, id: typo, context_path: anwser, operator: Exists}]")
    run("-o", "out.jsonl")
    assert "hint: task `typo`: `anwser` is missing in all 4 records; did you mean `answer`?" in capsys.readouterr().out.splitlines()
    run("-o", "out.jsonl", "--json")
    assert written(capsys)["hints"] == {"typo": "did you mean `answer`?"}


def test_numbers_of_a_csv_file_that_are_text_are_told_with_the_way_out(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("suite.yaml").write_text("tasks: [{task_type: Assertion, id: quick, context_path: ms, operator: LessThan, expected_value: 500}]")
    Path("records.csv").write_text("id,ms\na,120\n")
    csv = ["eval", "run", "suite.yaml", "--data", "records.csv", "--id", "id"]
    assert main(csv) == Exit.FAILED
    assert "`--json-column ms` reads the column `ms` as JSON" in "".join(capsys.readouterr())
    assert main([*csv, "--json-column", "ms"]) == Exit.PASSED
    assert "--json-column" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("into", [[], ["-o", "out.jsonl"]], ids=["kept", "straight"])
def test_a_gate_whose_path_is_misspelt_fails_the_run_that_it_empties(here: Path, capsys: pytest.CaptureFixture[str], into: list[str]) -> None:
    gate = "{task_type: Assertion, id: gate, context_path: anwser, operator: IsNotEmpty, condition: true}"
    behind = "{task_type: Assertion, id: behind, context_path: answer, operator: IsString, depends_on: [gate]}"
    beside = "{task_type: Assertion, id: beside, context_path: answer, operator: IsString}"
    reason = "`anwser` is missing in all 4 records: the gate `gate` kept `behind` from running; did you mean `answer`?"
    Path("suite.yaml").write_text(f"tasks: [{gate}, {behind}, {beside}]")
    assert run(*into) == Exit.FAILED
    assert reason in capsys.readouterr().out
    Path("suite.yaml").write_text(f"tasks: [{gate}, {behind}]")
    assert run(*into) == Exit.INCONCLUSIVE
    assert f"no task came to a verdict; {reason}" in capsys.readouterr().out


def test_a_gate_that_closes_for_every_record_is_no_fault(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gate = "{task_type: Assertion, id: gate, context_path: answer, operator: Equals, expected_value: never, condition: true}"
    absent = "{task_type: Assertion, id: absent, context_path: tools_called, operator: IsNotEmpty, condition: true}"
    beside = "{task_type: Assertion, id: beside, context_path: answer, operator: IsString}"
    Path("suite.yaml").write_text(f"tasks: [{gate}, {absent}, {beside}]")
    assert run() == Exit.PASSED
    assert "is missing in all" not in capsys.readouterr().out


def shut(operator: str) -> str:
    """A suite with a gate on what no record has, nor anything near to it, a task behind it and one beside it."""
    gate = f"{{task_type: Assertion, id: gate, context_path: generated, operator: {operator}, condition: true}}"
    behind = "{task_type: Assertion, id: behind, context_path: generated, operator: IsString, depends_on: [gate]}"
    beside = "{task_type: Assertion, id: beside, context_path: answer, operator: IsString}"
    return f"tasks: [{gate}, {behind}, {beside}]"


SHUT = re.compile(r"`generated` is missing in all 4 records, which have [^:]*`answer`[^:]*: the gate `gate` kept `behind` from running")


@pytest.mark.parametrize("into", [[], ["-o", "out.jsonl"]], ids=["kept", "straight"])
def test_a_gate_on_what_is_in_no_record_leaves_open_whether_the_run_passes(here: Path, capsys: pytest.CaptureFixture[str], into: list[str]) -> None:
    Path("suite.yaml").write_text(shut("IsNotEmpty"))
    assert run(*into) == Exit.INCONCLUSIVE
    assert SHUT.search(capsys.readouterr().out.splitlines()[-1])
    assert run(*into, "--json") == Exit.INCONCLUSIVE
    assert SHUT.search(written(capsys)["hints"]["gate"])  # type: ignore[index]


@pytest.mark.parametrize("into", [[], ["-o", "out.jsonl"]], ids=["kept", "straight"])
def test_a_gate_that_can_judge_no_record_leaves_open_whether_the_run_passes(here: Path, capsys: pytest.CaptureFixture[str], into: list[str]) -> None:
    Path("suite.yaml").write_text(shut("GreaterThan, expected_value: 0").replace("generated", "answer"))
    assert run(*into) == Exit.INCONCLUSIVE
    assert "the gate `gate` could judge nothing at `answer` in all 4 records" in capsys.readouterr().out.splitlines()[-1]
    assert run(*into, "--min-task-rate", "gate=0") == Exit.PASSED


def test_a_gate_that_may_be_closed_for_every_record_has_a_rate_of_0(here: Path) -> None:
    Path("suite.yaml").write_text(shut("IsNotEmpty"))
    assert run("--min-task-rate", "gate=0") == Exit.PASSED


def test_a_gate_that_asks_whether_there_is_something_may_find_it_nowhere_and_says_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("suite.yaml").write_text(shut("Exists"))
    assert run() == Exit.PASSED
    assert any(line.startswith("hint: ") and SHUT.search(line) for line in capsys.readouterr().out.splitlines())


def test_an_inconclusive_comparison_says_how_many_records_would_decide(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-o", "before.json")
    Path("records.jsonl").write_text(line("a", "yes") + line("b", "yes") + line("c", "yes") + line("d", "yes"))
    run("-o", "now.json")
    compare = ["eval", "compare", "now.json", "--baseline", "before.json"]
    capsys.readouterr()
    assert main([*compare, "--json"]) == Exit.PASSED, "nothing got worse"
    overall = written(capsys)["comparison"]["overall"]
    main(compare)
    assert f"passed: nothing got worse; whether anything got better is inconclusive: too few records to tell better from worse; about {overall['records_needed']} like these would decide" in capsys.readouterr().out


def test_a_comparison_takes_the_options_that_python_has(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = "".join(json.dumps({"id": f"r{n}", "answer": "yes", "truth": "yes", "user": n % 2}) + "\n" for n in range(40))
    Path("records.jsonl").write_text(lines)
    run("--cluster-key", "user", "-o", "before.json")
    Path("records.jsonl").write_text(lines.replace('"answer": "yes"', '"answer": "no"'))
    run("--cluster-key", "user", "-o", "now.json")
    compare = ["eval", "compare", "now.json", "--baseline", "before.json"]
    assert main(compare) == Exit.INCONCLUSIVE
    assert main([*compare, "--cluster-by", "record", "--correction", "bh", "--alpha", "0.01"]) == Exit.FAILED
    assert main([*compare, "--alpha", "0"]) == Exit.BAD_CONFIGURATION


def test_trials_are_run_and_shown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--trials", "3", "-o", "now.json") == Exit.FAILED
    assert "(whole record)\t4\t0.750\t0.250\t3\t0.750\t0.750\t0" in capsys.readouterr().out.splitlines()
    assert len(GenAIEvalResults.model_validate_json(Path("now.json").read_text())) == 12
    run("--trials", "3", "--json")
    assert written(capsys)["trials"][0] == {
        "task": None, "cases": 4, "mean": 0.75, "standard_error": 0.25, "k": 3, "pass_at_k": 0.75, "pass_hat_k": 0.75, "flaky": [],
    }  # fmt: skip


def test_records_that_are_trials_say_of_which_case(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("--case-key", "truth")
    assert "(whole record)\t1\t0.750\t-\t4\t1.000\t0.000\t1" in capsys.readouterr().out.splitlines()
    run()
    assert "(whole record)" not in capsys.readouterr().out


def test_a_baseline_of_other_records_is_no_pass(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-o", "before.json")
    Path("records.jsonl").write_text(line("x", "yes"))
    run("-o", "now.json")
    capsys.readouterr()
    compare = ["eval", "compare", "now.json", "--baseline", "before.json"]
    assert main(compare) == Exit.TOO_MANY_ERRORS
    out = capsys.readouterr().out
    assert "not comparable: invalid: the runs have no record in common" in out and "too many errors" not in out
    assert "Records lost   4, `a` first, only in the baseline" in out and "Records new    `x`, only in this run" in out
    # However much may be missing: there is nothing to compare.
    assert main([*compare, "--max-error-share", "1"]) == Exit.TOO_MANY_ERRORS
    capsys.readouterr()
    assert run("--baseline", "before.json") == Exit.TOO_MANY_ERRORS
    assert "\nnot comparable: 1 record, " in capsys.readouterr().out


def test_deleting_the_task_that_fails_is_no_pass(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-o", "before.json")
    Path("suite.yaml").write_text("".join(text for text in SUITE.splitlines(keepends=True) if "is_right" not in text))
    run("-o", "now.json")
    capsys.readouterr()
    assert main(["eval", "compare", "now.json", "--baseline", "before.json"]) == Exit.FAILED
    assert "no longer checked: `is_right`" in capsys.readouterr().out


COMMAND = [sys.executable, "-c", "import sys; from scouter.cli import main; sys.exit(main())"]


def process(*options: str) -> subprocess.Popen[bytes]:
    """The command as a process of its own."""
    return subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_help_and_version_are_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"scouter \d+\.\d+\.\d+\n", capsys.readouterr().out)
    assert main(["eval", "--help"]) == 0
    assert "scouter eval run suite.yaml --data records.jsonl" in capsys.readouterr().out
    assert main([]) == Exit.BAD_CONFIGURATION


def test_a_reader_that_goes_away_is_no_traceback(here: Path) -> None:
    # More output than a pipe holds, and nobody who reads it.
    Path("records.jsonl").write_text("".join(line(f"r{number}", "no") for number in range(5_000)))
    with process(*RUN, "--show", "5000", "-o", "results.json") as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        errors = running.stderr.read()
    assert running.returncode == Exit.BROKEN_PIPE
    assert b"Traceback" not in errors and Path("results.json").is_file()


def test_ctrl_c_ends_with_130_and_keeps_what_was_done(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped:
        """A dataset whose evaluation is stopped when it is done."""

        _id_column = None

        def __init__(self, dataset: GenAIEvalDataset) -> None:
            self.dataset = dataset

        def __getattr__(self, name: str) -> object:
            return getattr(self.dataset, name)

        def evaluate(self, *_: object, **__: object) -> None:
            raise EvaluationInterrupted(self.dataset.evaluate())

    whole = _load.dataset
    monkeypatch.setattr(_load, "dataset", lambda *arguments: Stopped(whole(*arguments)))
    assert run("-o", "partial.json") == Exit.INTERRUPTED
    assert len(GenAIEvalResults.model_validate_json(Path("partial.json").read_text())) == 4
    assert "interrupted: 4 records" in capsys.readouterr().out


INTERRUPTED = """
import os, signal, sys, threading
from scouter.cli import _load, main
from scouter.evaluate import CustomTask

def look(context):
    if context["id"] == "c":
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(2)
    return True

_load.tasks = lambda path: [CustomTask("look", look)]
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("name", ["partial.json", "partial.jsonl"])
def test_a_run_that_is_interrupted_ends_with_130_and_what_was_done(here: Path, name: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED, *RUN, "--concurrency", "1", "-o", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (Exit.INTERRUPTED, False), done.stderr
    assert "interrupted: " in done.stdout and "the run was interrupted" in done.stdout
    if name == "partial.json":
        results = GenAIEvalResults.model_validate_json(Path(name).read_text())
        assert results.cancelled and results.task_counts()["look"].passed == 2
    else:
        rows = [json.loads(row) for row in Path(f"{name}.partial").read_text().splitlines()]
        assert [row["record_id"] for row in rows if row["status"] == "passed"] == ["a", "b"] and not Path(name).exists()


def test_ctrl_c_elsewhere_is_no_traceback(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_load, "tasks", stop)
    assert run() == Exit.INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"
    assert run("--json") == Exit.INTERRUPTED
    content = written(capsys)
    assert (content["command"], content["verdict"], content["problems"][0]["message"]) == ("run", "interrupted", "interrupted")


def on_terminal(stream: str, command: list[str], **environment: str) -> str:
    """What a process writes to one of its streams, where that is a terminal."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    settings = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: theirs}
    with subprocess.Popen(command, env={**settings, "TERM": "xterm", **environment}, **streams):
        os.close(theirs)
        text = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # The other end is closed.
                break
            if not more:
                break
            text += more
    os.close(ours)
    return text.decode()


def test_colours_are_for_terminals_that_want_them(here: Path) -> None:
    wanted, unwanted = on_terminal("stdout", [*COMMAND, *RUN]), on_terminal("stdout", [*COMMAND, *RUN], NO_COLOR="1")
    assert "\x1b[31mfailed\x1b[0m" in wanted and "\x1b" not in unwanted
    assert re.search(r"is_right +3 +1 ", wanted)


SLOW = """
import sys, time
from scouter.cli import _load, main
from scouter.evaluate import CustomTask

_load.tasks = lambda path: [CustomTask("slow", lambda context: time.sleep(0.7) or True)]
sys.exit(main(sys.argv[1:]))
"""


def test_a_run_that_takes_long_shows_its_progress_on_a_terminal_alone(here: Path) -> None:
    command = [sys.executable, "-c", SLOW, *RUN, "--concurrency", "1"]
    assert re.search(r"[123]/4 records|[123] records, ", on_terminal("stderr", command))
    assert subprocess.run(command, capture_output=True, check=True).stderr == b""


def test_every_command_writes_one_json_object(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("-o", "now.json")
    for name, options in {
        "plan": ["suite.yaml"],
        "check": ["suite.yaml", "--data", "records.jsonl"],
        "run": ["suite.yaml", "--data", "records.jsonl", "--baseline", "now.json"],
        "compare": ["now.json", "--baseline", "now.json"],
        "report": ["now.json", "-o", "now.html"],
    }.items():
        capsys.readouterr()
        code = main(["eval", name, *options, "--json"])
        content = written(capsys)
        assert (content["version"], content["command"], content["exit_code"]) == (1, name, code), name
        assert content["verdict"] == Exit(code).word


def test_a_check_without_records_names_its_suite_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "check", "suite.yaml", "--json"]) == Exit.PASSED
    content = written(capsys)
    assert (content["suite"], content["sample"], content["ok"]) == ("suite.yaml", 0, True)


def test_a_run_writes_reports(here: Path) -> None:
    reports = {"r.html": "<html", "r.md": "1 of 8 checks failed", "r.xml": "<testsuite"}
    run(*(part for name in reports for part in ("--report", name)))
    assert [name for name, holds in reports.items() if holds not in Path(name).read_text()] == []


def test_a_run_goes_on_in_its_directory_and_takes_over_from_another(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def uids(name: str, *options: str) -> list[str]:
        assert run("-o", name, *options) == Exit.FAILED
        return [result.record_uid for result in GenAIEvalResults.model_validate_json(Path(name).read_text())]

    # A record that is run has a new uid; one that is not has that of the log.
    assert uids("first.json", "--run-dir", "kept") == uids("again.json", "--run-dir", "kept") != uids("apart.json", "--run-dir", "other")
    assert run("--run-dir", "kept", "--reuse", "kept") == Exit.BAD_CONFIGURATION
    assert "kept" in capsys.readouterr().err
    Path("suite.yaml").write_text(SUITE.replace("expected_value: 5", "expected_value: 6"))
    assert run("--run-dir", "kept") == Exit.BAD_CONFIGURATION
    assert "`is_short` has another `expected_value`" in capsys.readouterr().err


def test_a_report_is_written_of_results_that_are_there(here: Path) -> None:
    run("-o", "now.json")
    assert main(["eval", "report", "now.json", "-o", "now.html", "--baseline", "now.json"]) == Exit.PASSED
    assert "<html" in Path("now.html").read_text()


def test_a_record_that_is_gone_is_no_pass(here: Path) -> None:
    Path("records.jsonl").write_text("".join(line(f"r{n}", "no") for n in range(60)))
    run("-o", "before.json")
    Path("records.jsonl").write_text("".join(line(f"r{n}", "yes") for n in range(59)))
    assert run("--baseline", "before.json") == Exit.INCONCLUSIVE


def test_values_that_json_has_no_number_for_are_text(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    records = [GenAIEvalRecord({"answer": value, "truth": 1}) for value in (Decimal("1.10"), float("nan"), [float("-inf"), 0.5])]
    monkeypatch.setattr(_load, "dataset", lambda options, tasks: GenAIEvalDataset(records=records, tasks=tasks[1:2]))
    Path("suite.yaml").write_text(SUITE.replace(", depends_on: [answered]", ""))
    assert run("--json") == Exit.FAILED
    content = json.loads(capsys.readouterr().out, parse_constant=lambda name: pytest.fail(f"bare {name}"))
    assert [failure["actual"] for failure in content["failures"]] == ["1.10", "NaN", ["-Infinity", 0.5]]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_written_whatever_the_output_can_show(here: Path, encoding: str) -> None:
    Path("records.jsonl").write_text(line("a", "\N{SNOWMAN} "))
    command = [*COMMAND, *RUN, "--json"]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}, check=False)
    assert done.returncode == Exit.FAILED, done.stderr
    assert json.loads(done.stdout)["failures"][0]["actual"].startswith("\N{SNOWMAN} ")


@pytest.mark.parametrize("broken", [RuntimeError("a mistake"), BaseException("a panic")], ids=lambda error: type(error).__name__)
def test_a_mistake_of_our_own_is_neither_a_pass_nor_a_failure(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, broken: BaseException
) -> None:
    def breaks(*given: object) -> None:
        raise broken

    monkeypatch.setattr(_load, "tasks", breaks)
    assert run() == Exit.INTERNAL_ERROR == 70
    assert str(broken) in capsys.readouterr().err


def test_where_the_rows_of_a_run_that_ended_early_are_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("records.jsonl").write_text("".join(line(f"r{number}", "yes") for number in range(30)) + '{"id": \n')
    assert run("-o", "rows.jsonl") == Exit.BAD_CONFIGURATION
    assert "not written whole: rows.jsonl; what was done by then is in rows.jsonl.partial" in capsys.readouterr().err
    assert Path("rows.jsonl.partial").is_file()
