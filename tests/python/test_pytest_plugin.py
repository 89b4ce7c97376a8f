"""The pytest plugin, by real runs of pytest."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as xml
from pathlib import Path
from types import SimpleNamespace

import pytest

from scouter import _session, _verdict
from scouter.evaluate import GenAIEvalResults
from scouter.mock import LLMTestServer

# Without plugins that only take time to start.
ALONE = [part for name in ("cacheprovider", "schemathesis", "hypothesispytest", "anyio") for part in ("-p", f"no:{name}")]
# Three records: `is_right` holds for two of them, `answered` for all.
DATASET = """
from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset, GenAIEvalRecord
from scouter.testing import per_dataset, per_record
import os
import pytest

WRONG = os.environ.get("WRONG", "two").split(",")

def dataset():
    records = [
        GenAIEvalRecord(id=id, context={"answer": "no" if id in WRONG else "yes", "truth": "yes"})
        for id in ("one", "two", "three")
    ]
    tasks = [
        AssertionTask(id="answered", context_path="answer", operator=ComparisonOperator.IsNotEmpty, expected_value=True),
        AssertionTask(id="is_right", context_path="answer", operator=ComparisonOperator.Equals, expected_value="${truth}"),
    ]
    return GenAIEvalDataset(records=records, tasks=tasks)
"""
PER_RECORD = "\n@per_record(dataset)\ndef test_record(): ...\n"
PER_DATASET = "\n@per_dataset(dataset)\ndef test_dataset(): ...\n"


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Runs pytest on a test module, and its workers in processes of their own."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "CI", "WRONG"):
        monkeypatch.delenv(name, raising=False)
    # Some tests change their module within a second: by its time and its size, what was compiled of it may seem to be right.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def run(tests: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_bot=DATASET + tests)
        start = pytester.runpytest_subprocess if "-n" in options else pytester.runpytest_inprocess
        return start(*ALONE, *options)

    return run


def test_every_record_is_a_test_with_its_id(run) -> None:
    result = run(PER_RECORD, "-v")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*::test_record[[]one[]] PASSED*", "*::test_record[[]two[]] FAILED*", "*::test_record[[]three[]] PASSED*"])


def test_a_failure_shows_task_path_actual_and_expected_and_no_traceback(run) -> None:
    result = run(PER_RECORD)
    result.stdout.fnmatch_lines(
        [
            "1 of 2 verdicts pass",
            "",
            "record `two`, task `is_right`, path `answer`: failed",
            '  expected  Equals "yes"',
            '  actual    "no"',
            '  `answer`: `"no"` does not equal `"yes"`',
        ]
    )
    assert "Traceback" not in result.stdout.str() and "pytest_plugin.py" not in result.stdout.str()


def test_one_record_is_selected_by_its_id(run) -> None:
    run(PER_RECORD, "-k", "one").assert_outcomes(passed=1, deselected=2)


def test_a_case_is_there_to_look_further_into(run) -> None:
    tests = """
@per_record(dataset, ids=["three", "one"])
def test_record(scouter_case):
    assert scouter_case.id in ("one", "three") and scouter_case.passed
    assert scouter_case.tasks["is_right"].actual == scouter_case.record.context["truth"]
"""
    run(tests).assert_outcomes(passed=2)


def test_a_record_may_pass_in_part(run) -> None:
    run("\n@per_record(dataset, threshold=0.5)\ndef test_record(): ...\n").assert_outcomes(passed=3)


def test_a_record_behind_a_closed_gate_is_skipped(run) -> None:
    tests = """
def gated():
    tasks = [
        AssertionTask(id="g", context_path="x", operator=ComparisonOperator.IsPositive, expected_value=True, condition=True),
        AssertionTask(id="t", context_path="x", operator=ComparisonOperator.Exists, expected_value=True, depends_on=["g"]),
    ]
    return GenAIEvalDataset(records=[GenAIEvalRecord(id=str(x), context={"x": x}) for x in (1, -1)], tasks=tasks)

@per_record(gated)
def test_record(): ...
"""
    run(tests).assert_outcomes(passed=1, skipped=1)


def test_a_dataset_is_one_test_that_fails_below_its_threshold(run) -> None:
    result = run(PER_DATASET)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["pass rate 83.33% (5/6), at least 100% is needed", "", "record `two`, task `is_right`*"])
    run("\n@per_dataset(dataset, threshold=0.8)\ndef test_dataset(): ...\n").assert_outcomes(passed=1)


def test_a_task_has_a_threshold_of_its_own(run) -> None:
    result = run("\n@per_dataset(dataset, threshold=0, tasks={'Is_Right': 0.9})\ndef test_dataset(): ...\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["pass rate of `is_right` 66.67% (2/3), at least 90% is needed"])


@pytest.mark.parametrize(("named", "outcome"), [("is_right", "passed"), ("answered", "failed")])
def test_a_threshold_of_one_task_lets_no_other_fail(run, named: str, outcome: str) -> None:
    result = run(f"\n@per_dataset(dataset, tasks={{{named!r}: 0.6}})\ndef test_dataset(): ...\n")
    result.assert_outcomes(**{outcome: 1})
    if outcome == "failed":
        result.stdout.fnmatch_lines(["pass rate of the other tasks 66.67% (2/3), at least 100% is needed*"])


def test_a_gate_whose_path_is_misspelt_fails_the_test_of_a_dataset(run) -> None:
    tests = """
from scouter.evaluate import AssertionTask, ComparisonOperator

def misspelt():
    records = [GenAIEvalRecord({"answer": "yes"}, id="one")]
    gate = AssertionTask(id="gate", context_path="anwser", operator=ComparisonOperator.IsNotEmpty, condition=True)
    beside = AssertionTask(id="beside", context_path="answer", operator=ComparisonOperator.IsString)
    return GenAIEvalDataset(records=records, tasks=[gate, beside])

@per_dataset(misspelt)
def test_dataset(): ...
"""
    result = run(tests)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["task `gate`: `anwser` is missing in the one record; did you mean `answer`[?]*"])


MISSPELT = """
def misspelt():
    records = [GenAIEvalRecord({"answer": "yes"}, id=id) for id in ("one", "two")]
    gate = AssertionTask(id="gate", context_path="anwser", operator=ComparisonOperator.IsNotEmpty, condition=True)
    behind = AssertionTask(id="behind", context_path="answer", operator=ComparisonOperator.Equals, expected_value="no", depends_on=["gate"])
    return GenAIEvalDataset(records=records, tasks=[gate, behind, *MORE])

@per_record(misspelt)
def test_record(): ...
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
@pytest.mark.parametrize(
    ("more", "outcomes"),
    [
        ("", {"skipped": 2}),
        ("AssertionTask(id='beside', context_path='answer', operator=ComparisonOperator.IsString)", {"passed": 2}),
    ],
    ids=["all skipped", "the rest passes"],
)  # fmt: skip
def test_a_gate_whose_path_is_misspelt_fails_the_session_of_a_test_a_record(
    run, more: str, outcomes: dict[str, int], workers: tuple[str, ...]
) -> None:
    result = run(f"\nMORE = [{more}]\n{MISSPELT}", *workers)
    result.assert_outcomes(**outcomes)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "test_bot.py::test_record: 2 records, *",
            "  `anwser` is missing in all 2 records: the gate `gate` kept `behind` from running; did you mean `answer`[?]",
            "the session fails: 1 evaluation looked for what is in no record, or could judge none",
        ]
    )


SHUT = MISSPELT.replace("anwser", "tools_called")
TOLD = "`tools_called` is missing in all 2 records, which have `answer`: the gate `gate` kept `behind` from running"


def test_a_gate_that_asks_whether_there_is_something_fails_no_session_and_is_told(run) -> None:
    result = run("\nMORE = []\n" + SHUT.replace("IsNotEmpty", "Exists"))
    result.assert_outcomes(skipped=2)
    assert result.ret == 0
    result.stdout.fnmatch_lines([f"  {TOLD}"])


def test_a_gate_on_what_is_in_no_record_fails_the_session_of_a_test_a_record(run) -> None:
    result = run(f"\nMORE = []\n{SHUT}")
    result.assert_outcomes(skipped=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"  {TOLD}; *", "the session fails: 1 evaluation looked for what is in no record, or could judge none"])


def test_some_of_the_records_do_not_tell_that_none_has_what_a_gate_looks_at(run) -> None:
    result = run(f"\nMORE = []\n{SHUT}", "-k", "one")
    result.assert_outcomes(skipped=1, deselected=1)
    assert result.ret == 0


def test_a_gate_that_can_judge_no_record_fails_the_session_of_a_test_a_record(run) -> None:
    result = run("\nMORE = []\n" + MISSPELT.replace("anwser", "answer").replace("IsNotEmpty", "IsPositive"))
    result.assert_outcomes(skipped=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["  the gate `gate` could judge nothing at `answer` in all 2 records, and kept `behind` from running: *"])


@pytest.mark.parametrize(("tasks", "outcome"), [("", "failed"), (", tasks={'gate': 0}", "passed")], ids=["as it is", "let"])
def test_a_gate_on_what_is_in_no_record_fails_the_test_of_a_dataset_unless_it_may(run, tasks: str, outcome: str) -> None:
    more = "AssertionTask(id='beside', context_path='answer', operator=ComparisonOperator.IsString)"
    result = run(f"\nMORE = [{more}]\n{SHUT}\n@per_dataset(misspelt{tasks})\ndef test_dataset(): ...\n", "-k", "test_dataset")
    result.assert_outcomes(**{outcome: 1}, deselected=2)
    result.stdout.fnmatch_lines([f"*{TOLD}*"])


def test_results_are_there_to_look_further_into(run) -> None:
    tests = """
@pytest.mark.scouter(dataset=dataset, threshold=0.5)
def test_dataset(scouter_results):
    assert scouter_results.task_counts()["is_right"].failed == 1
"""
    run(tests).assert_outcomes(passed=1)


def test_an_error_is_a_failure_whatever_the_threshold(run) -> None:
    tests = """
from scouter.evaluate import CustomTask

def broken(context):
    raise LookupError("no such thing")

def errs():
    return GenAIEvalDataset(records=dataset().records, tasks=[*dataset().tasks, CustomTask("broken", broken)])

@per_dataset(errs, threshold=0)
def test_dataset(): ...

@per_record(errs, threshold=0)
def test_record(): ...

@per_dataset(errs, threshold=0, errors=1)
def test_all_may_error(): ...
"""
    result = run(tests)
    result.assert_outcomes(failed=4, passed=1)
    result.stdout.fnmatch_lines(["3 of 3 records errored (broken); none may*"])
    result.stdout.fnmatch_lines(["*task `broken`: errored", "*no such thing*"])


def test_a_run_over_a_file_that_its_budget_stopped_fails_however_good_it_was(run) -> None:
    tests = """
from pathlib import Path
from scouter.evaluate import EvaluationConfig, LLMJudgeTask
from scouter.genai import ModelOptions, Prompt, Provider, Score, ScriptedModel

def lines():
    Path("lines.jsonl").write_text('{"answer": "yes"}\\n' * 100)
    prompt = Prompt("Rate ${answer}.", "gpt-4o-mini", Provider.OpenAI, output_type=Score)
    return GenAIEvalDataset.from_path("lines.jsonl", [LLMJudgeTask("rated", prompt, 4, "score", ComparisonOperator.GreaterThan)])

def config(calls):
    model = ScriptedModel(lambda request: Score(score=5, reason="good"))
    return EvaluationConfig(max_concurrency=1, models=ModelOptions(model=model, budget_calls=calls))

@per_dataset(lines, errors=0.05, config=config(50))
def test_stopped(): ...

@per_dataset(lines, errors=0.05, config=config(100))
def test_whole(): ...
"""
    result = run(tests)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["stopped before its end: *the budget of calls is used up*"])


def test_a_cassette_is_recorded_by_one_session_and_played_by_the_next(run, tmp_path: Path) -> None:
    tests = f"""
from scouter.evaluate import EvaluationConfig, LLMJudgeTask
from scouter.genai import ModelOptions, Prompt, Score

def judged():
    prompt = Prompt("Rate ${{answer}}.", "m", "openai", output_type=Score)
    return GenAIEvalDataset(dataset().records, [LLMJudgeTask("quality", prompt, 4, "score", "GreaterThanOrEqual")])

@per_dataset(judged, config=EvaluationConfig(models=ModelOptions(cassette={str(tmp_path / "tape.jsonl")!r})))
def test_quality(scouter_results):
    assert {{row["quality"].call.reply["score"] for row in scouter_results}} == {{5}}
"""
    with LLMTestServer({"score": 5, "reason": "good"}) as server:
        run(tests).assert_outcomes(passed=1)
        # Two of the three records ask the same.
        assert server.calls == 2
    # Nobody answers any more.
    run(tests).assert_outcomes(passed=1)


def test_the_fixture_evaluates_within_a_test(run) -> None:
    tests = """
def test_bot(scouter):
    results = scouter.evaluate(dataset())
    scouter.assert_passed(results, threshold=0.8)
    scouter.assert_not_worse(results, results)
    scouter.assert_passed(results, tasks={"is_right": 1})
"""
    result = run(tests)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["pass rate of `is_right` 66.67% (2/3), at least 100% is needed"])
    result.stdout.fnmatch_lines(["test_bot.py::test_bot: 3 records, pass rate 83.33% (5/6)"])


def test_a_failure_of_the_body_is_shown_as_ever(run) -> None:
    result = run("\n@per_record(dataset, ids=['one'])\ndef test_record(scouter_case):\n    assert scouter_case.id == 'two'\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([">   *assert scouter_case.id == 'two'", "E*"])


def test_scores_are_properties_in_junit_xml(run, pytester: pytest.Pytester) -> None:
    run(PER_RECORD + PER_DATASET, "--junit-xml", "junit.xml")
    cases = {case.get("name"): case for case in xml.parse(pytester.path / "junit.xml").iter("testcase")}

    def properties(case: str) -> dict[str | None, str | None]:
        return {each.get("name"): each.get("value") for each in cases[case].iter("property")}

    rate = {"scouter.pass_rate": "0.5", "scouter.passed": "1", "scouter.counted": "2"}
    assert properties("test_record[two]") == {**rate, "scouter.answered": "passed", "scouter.is_right": "failed"}
    of_dataset = properties("test_dataset")
    assert (of_dataset["scouter.passed"], of_dataset["scouter.counted"]) == ("5", "6")
    assert (of_dataset["scouter.is_right.passed"], of_dataset["scouter.is_right.counted"]) == ("2", "3")
    assert (of_dataset["scouter.is_right.pass_rate"] or "").startswith("0.666")
    assert "record `two`, task `is_right`" in (cases["test_record[two]"].find("failure").text or "")


def test_results_are_saved_by_test(run, pytester: pytest.Pytester) -> None:
    run(PER_RECORD + PER_DATASET, "--scouter-save", "saved.json")
    saved = json.loads((pytester.path / "saved.json").read_text())
    assert sorted(saved["tests"]) == ["test_bot.py::test_dataset", "test_bot.py::test_record"]
    record = GenAIEvalResults.model_validate_json(json.dumps(saved["tests"]["test_bot.py::test_record"]))
    assert [result.record_id for result in record] == ["one", "two", "three"]


@pytest.mark.parametrize(("name", "holds"), [("r.html", "<html"), ("r.md", "1 of 6 checks failed"), ("r.xml", "<testsuite"), ("r.json", '"records"')])
def test_a_report_is_written_at_the_end(run, pytester: pytest.Pytester, name: str, holds: str) -> None:
    run(PER_RECORD, "--scouter-report", name)
    assert holds in (pytester.path / name).read_text()


def test_reports_of_several_tests_are_called_by_their_tests(run, pytester: pytest.Pytester) -> None:
    result = run(PER_RECORD + PER_DATASET, "--scouter-report", "r.md")
    assert sorted(path.name for path in pytester.path.glob("*.md")) == ["r-test_dataset.md", "r-test_record.md"]
    assert (pytester.path / "r-test_record.md").read_text().startswith("### test\\_bot.py::test\\_record")
    result.stdout.fnmatch_lines(["written: *r-test_dataset.md", "written: *r-test_record.md"])


@pytest.mark.parametrize(
    ("tests", "names"),
    [
        (["a.py::test", "a.py::Class::test#after"], ["test", "Class-test-after"]),
        (["a.py::test", "tests/b.py::test"], ["a.py-test", "tests-b.py-test"]),
        (["a.py::test#x", "a.py::test-x", "a.py::TEST x"], ["test-x", "test-x-2", "TEST-x-3"]),
    ],
    ids=["unlike", "of two files", "alike"],
)
def test_files_are_told_apart_by_the_names_of_tests(tests: list[str], names: list[str]) -> None:
    assert _session.file_names(tests) == names


def test_a_report_shows_what_changed_since_the_baseline(run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    tests = "\n@per_dataset(dataset, threshold=0)\ndef test_dataset(): ...\n"
    run(tests, "--scouter-save", "baseline.json")
    monkeypatch.setenv("WRONG", "two,three")
    run(tests, "--scouter-baseline", "baseline.json", "--scouter-report", "r.md")
    assert "| `three` | `is_right` | failed (was passed) |" in (pytester.path / "r.md").read_text()


def test_workers_give_what_they_evaluated_to_the_one_who_saves(run, pytester: pytest.Pytester) -> None:
    result = run(PER_RECORD + PER_DATASET, "-n", "2", "--scouter-save", "saved.json")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["record `two`, task `is_right`, path `answer`: failed"])
    result.stdout.fnmatch_lines(["test_bot.py::test_record: 3 records, pass rate 83.33% (5/6)"])
    saved = json.loads((pytester.path / "saved.json").read_text())
    assert [record["id"] for record in saved["tests"]["test_bot.py::test_record"]["records"]] == ["one", "two", "three"]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_numbers_that_python_would_round_keep_their_digits(run, pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    tests = """
from decimal import Decimal

def dataset():
    records = [GenAIEvalRecord(id=id, context={"n": n}) for id, n in (("big", 2**200 + 1), ("exact", Decimal("0.1000000000000000000000000000001")))]
    return GenAIEvalDataset(records, [AssertionTask(id="is_there", context_path="n", operator=ComparisonOperator.GreaterThan, expected_value=0)])

@per_record(dataset)
def test_record(): ...
"""
    run(tests, "--scouter-save", "saved.json", *workers).assert_outcomes(passed=2)
    saved = (pytester.path / "saved.json").read_text()
    assert f'"actual":{2**200 + 1}' in saved
    assert '"actual":0.1000000000000000000000000000001e0' in saved


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_session_fails_where_it_is_worse_than_its_baseline(run, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]) -> None:
    tests = "\n@per_record(dataset, threshold=0)\ndef test_record(): ...\n"
    run(tests, "--scouter-save", "baseline.json").assert_outcomes(passed=3)
    same = run(tests, "--scouter-baseline", "baseline.json", *workers)
    assert same.ret == 0
    monkeypatch.setenv("WRONG", "two,three")
    worse = run(tests, "--scouter-baseline", "baseline.json", *workers)
    worse.assert_outcomes(passed=3)
    assert worse.ret == 1
    worse.stdout.fnmatch_lines(["  against the baseline: inconclusive*", "  *record `three`, task `is_right`: passed before, failed now"])
    forgiving = run(tests, "--scouter-baseline", "baseline.json", "--scouter-regression-threshold", "0.5", *workers)
    assert forgiving.ret == 0


def test_records_that_were_not_selected_are_not_lost(run) -> None:
    run(PER_RECORD, "--scouter-save", "baseline.json")
    assert run(PER_RECORD, "--scouter-baseline", "baseline.json", "-k", "one").ret == 0


def test_results_of_one_run_are_a_baseline_too(run, pytester: pytest.Pytester) -> None:
    tests = "\n@per_dataset(dataset, threshold=0)\ndef test_dataset(): ...\n"
    run(tests, "--scouter-save", "saved.json")
    saved = json.loads((pytester.path / "saved.json").read_text())
    Path(pytester.path / "one.json").write_text(json.dumps(saved["tests"]["test_bot.py::test_dataset"]))
    assert run(tests, "--scouter-baseline", "one.json").ret == 0


def test_a_baseline_of_other_records_fails_and_says_so(run, pytester: pytest.Pytester) -> None:
    run(PER_RECORD, "--scouter-save", "baseline.json", "-k", "one or two")
    result = run("\n@per_record(dataset, ids=['three'])\ndef test_record(): ...\n", "--scouter-baseline", "baseline.json")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*no record in common; were the ids changed?"])


def test_a_baseline_of_other_tests_fails_and_says_so(run) -> None:
    run(PER_DATASET, "--scouter-save", "baseline.json")
    result = run("\n@per_record(dataset, ids=['one'])\ndef test_record(): ...\n", "--scouter-baseline", "baseline.json")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["  new: the baseline has no results of it", "nothing was compared with the baseline"])


BOTH = "\n@per_dataset(dataset, threshold=0)\ndef test_first(): ...\n\n@per_dataset(dataset, threshold=0)\ndef test_second(): ...\n"


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
@pytest.mark.parametrize(
    "now",
    [
        BOTH.replace("test_first", "test_renamed"),
        BOTH.replace("\n@per_dataset", "\n@pytest.mark.skip\n@per_dataset", 1),
        BOTH[BOTH.index("\n@", 1) :],
    ],
    ids=["renamed", "skipped", "deleted"],
)
def test_an_evaluation_that_is_there_no_more_fails_the_session(run, now: str, workers: tuple[str, ...]) -> None:
    run(BOTH, "--scouter-save", "baseline.json")
    result = run(now, "--scouter-baseline", "baseline.json", *workers)
    assert (result.ret, result.parseoutcomes().get("failed")) == (1, None)
    result.stdout.fnmatch_lines(["not evaluated: the baseline has results of test_bot.py::test_first"])


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
@pytest.mark.parametrize("selected", [("-k", "second"), ("--deselect", "test_bot.py::test_first"), ("test_bot.py::test_second",)], ids=lambda of: of[0])
def test_an_evaluation_that_is_not_to_run_is_not_missed(run, selected: tuple[str, ...], workers: tuple[str, ...]) -> None:
    run(BOTH, "--scouter-save", "baseline.json")
    result = run(BOTH, "--scouter-baseline", "baseline.json", *selected, *workers)
    assert (result.ret, "not evaluated" in result.stdout.str()) == (0, False)


def test_an_evaluation_of_a_folder_that_was_named_is_missed_and_one_of_another_is_not(run, pytester: pytest.Pytester) -> None:
    for folder in ("some", "other"):
        (pytester.mkdir(folder) / f"test_{folder}.py").write_text(DATASET + PER_DATASET.replace("(dataset)", "(dataset, threshold=0)"))
    run(BOTH, "--scouter-save", "baseline.json", "some", "other", "test_bot.py")
    (pytester.path / "some" / "test_some.py").write_text("def test_nothing(): ...\n")
    result = run(BOTH, "--scouter-baseline", "baseline.json", "some", "test_bot.py")
    assert result.ret == 1
    missed = [line for line in result.stdout.lines if line.startswith("not evaluated")]
    assert missed == ["not evaluated: the baseline has results of some/test_some.py::test_dataset"]


def test_a_session_that_compares_nothing_with_its_baseline_fails(run) -> None:
    run(BOTH, "--scouter-save", "baseline.json")
    result = run(BOTH + "\ndef test_unit(): ...\n", "--scouter-baseline", "baseline.json", "-k", "unit")
    result.assert_outcomes(passed=1, deselected=2)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["nothing was compared with the baseline"])


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--scouter-baseline", "nowhere.json"), "*No such file*nowhere.json*"),
        (("--scouter-baseline", "test_bot.py"), "*`test_bot.py` holds no results*"),
        (("--scouter-save", "nowhere/saved.json"), "*--scouter-save: there is no folder `nowhere`*"),
        (("--scouter-report", "report.docx"), "*--scouter-report: `report.docx` must end with one of*"),
        (("--scouter-regression-threshold", "2"), "*--scouter-regression-threshold` must be a number from 0 to 1*"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_an_option_that_cannot_be_served_ends_the_session_at_once(run, option: tuple[str, ...], message: str) -> None:
    result = run(PER_DATASET, *option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("per_record(dataset, ids=['won'])", "*test_it: no record has the id `won`*"),
        ("per_record(dataset, ids='one')", "*test_it: `ids` is one text: write `[[]'one']`*"),
        ("per_record(dataset, ids=[1])", "*test_it: `ids` are texts, as the ids of records are: write `'1'` instead of `1`*"),
        ("per_dataset(dataset, threshold=1.5)", "*`threshold` must be a number from 0 to 1, not `1.5`*"),
        ("per_dataset(dataset, errors=-1)", "*`errors` must be a number from 0 to 1, not `-1`*"),
        ("pytest.mark.scouter(threshold=1)", "*takes its arguments by name: `dataset=*"),
        ("pytest.mark.scouter(dataset=dataset, per='task')", "*`per` must be `dataset` or `record`*"),
        ("pytest.mark.scouter(dataset=dataset, thresold=1)", "*takes no `thresold`*"),
        ("per_dataset(17)", "*must be a GenAIEvalDataset or a function that makes one, not `int`*"),
        ("per_dataset(dataset, tasks={'is_rihgt': 1})", "*test_it: no task has the id `is_rihgt`; did you mean `is_right`?*"),
    ],
)
def test_a_mark_that_cannot_be_is_told(run, mark: str, message: str) -> None:
    result = run(f"\n@{mark}\ndef test_it(): ...\n")
    assert result.ret != 0
    result.stdout.fnmatch_lines([message])


@pytest.mark.parametrize("decorator", ["per_record", "per_dataset"])
@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("async def made(): return dataset()", "*test_it: `made` is an `async def`, and nobody waits for it: a plain function makes the dataset*"),
        ("def made(): return [dataset()]", "*test_it: `made` made a `list`: it must make a GenAIEvalDataset*"),
    ],
)
def test_a_function_that_makes_no_dataset_is_told(run, decorator: str, function: str, message: str) -> None:
    result = run(f"\n{function}\n@{decorator}(made)\ndef test_it(): ...\n")
    assert result.ret != 0
    result.stdout.fnmatch_lines([message])
    assert not any(word in result.stdout.str() for word in ("AttributeError", "pytest_plugin.py", "never awaited"))


def test_the_function_of_a_dataset_in_place_of_the_dataset_is_told(run) -> None:
    result = run("\ndef test_it(scouter): scouter.evaluate(dataset)\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*TypeError: `evaluate` takes a GenAIEvalDataset, not a `function`: call it, `evaluate(dataset())`"])
    assert "pytest_plugin.py" not in result.stdout.str()


def test_a_test_of_no_record_is_skipped_and_keeps_none_from_running(run) -> None:
    run("\n@per_record(dataset, ids=[])\ndef test_none(): ...\n" + PER_RECORD).assert_outcomes(skipped=1, passed=2, failed=1)


def test_tests_of_records_may_have_further_parameters(run) -> None:
    more = "\n@pytest.mark.parametrize('at', [1, 2])\n@per_record(dataset, ids=['one', 'three'])\ndef test_more(scouter_case, at): ...\n"
    run(more).assert_outcomes(passed=4)


@pytest.mark.parametrize("test", ["def test_it(): ...", "def test_it(scouter_case): ...", "class TestIt:\n    @{}\n    def test_it(self): ..."])
@pytest.mark.parametrize("decorator", ["per_record", "per_dataset"])
def test_a_decorator_without_its_dataset_fails_where_it_stands(run, decorator: str, test: str) -> None:
    above = "" if "{}" in test else f"@{decorator}\n"
    result = run(f"\ndef test_other(): ...\n\n{above}{test.format(decorator)}\n")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines([f"E   TypeError: `@{decorator}` stands above `test_it` without a dataset: write `@{decorator}(dataset)`"])


@pytest.mark.parametrize("decorator", ["per_record", "per_dataset"])
def test_methods_of_unittest_are_refused_rather_than_passed(run, decorator: str) -> None:
    result = run(f"\nimport unittest\n\nclass TestIt(unittest.TestCase):\n    @{decorator}(dataset)\n    def test_it(self): ...\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_bot.py::TestIt::test_it: evaluations are tests by functions, or by methods of plain classes:*"])


def test_two_decorators_above_one_test_are_refused(run) -> None:
    result = run("\n@per_dataset(dataset)\n@per_record(dataset, threshold=0)\ndef test_it(): ...\n")
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*test_bot.py::test_it: two decorators of evaluations stand above it,*"])


def test_what_makes_a_dataset_may_be_called_as_a_test_is(run) -> None:
    tests = "\ndef test_set(times=1):\n    return dataset()\n\n@per_record(test_set, threshold=0)\ndef test_record(): ...\n\ntest_set.__test__ = False\n"
    run(tests).assert_outcomes(passed=3)


def test_a_threshold_that_cannot_be_names_its_test_alone(run) -> None:
    result = run("\n@per_dataset(dataset, threshold=90)\ndef test_it(): ...\n")
    result.stdout.fnmatch_lines(["*test_bot.py::test_it: `threshold` must be a number from 0 to 1, not `90`"])
    assert "During handling" not in result.stdout.str()


def test_a_threshold_of_no_task_is_told_before_anything_is_evaluated_and_without_a_traceback(run) -> None:
    tests = """
from scouter.evaluate import CustomTask

def told():
    return GenAIEvalDataset(dataset().records, [CustomTask("good", lambda context: print("it ran") or True)])

@per_dataset(told, tasks={"goood": 0.5})
def test_it(): ...
"""
    result = run(tests)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_it: no task has the id `goood`; did you mean `good`?"])
    assert "it ran" not in result.stdout.str() and "_session.py" not in result.stdout.str()


def test_a_threshold_of_no_task_within_a_test_shows_the_test(run) -> None:
    result = run('\ndef test_it(scouter):\n    scouter.assert_passed(scouter.evaluate(dataset()), tasks={"is_rihgt": 1})\n')
    result.assert_outcomes(failed=1)
    assert "no task has the id `is_rihgt`; did you mean `is_right`?" in result.stdout.str()
    assert "_verdict.py" not in result.stdout.str()


def test_a_session_without_evaluations_says_nothing(run) -> None:
    assert "scouter" not in run("\ndef test_nothing(): ...\n", "-q").stdout.str()


@pytest.mark.parametrize("options", [("-n", "2"), ("-k", "one or two")], ids=["workers", "selected"])
def test_records_that_are_tested_apart_keep_their_case_and_their_cluster(run, pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    tests = """
def grouped():
    whole = dataset()
    return GenAIEvalDataset(records=whole.records, tasks=whole.tasks, case_key="truth", cluster_key="answer")

@per_record(grouped, threshold=0)
def test_record(): ...
"""
    run(tests, "--scouter-save", "saved.json", *options)
    [saved] = json.loads((pytester.path / "saved.json").read_text())["tests"].values()
    assert [(record["case"], record["cluster"]) for record in saved["records"]][:2] == [("yes", "yes"), ("yes", "no")]


def test_evaluations_of_one_test_are_told_apart_without_names(run, pytester: pytest.Pytester) -> None:
    tests = """
@per_dataset(dataset, threshold=0)
def test_three(scouter):
    whole = dataset()
    scouter.evaluate(GenAIEvalDataset(whole.records[:1], whole.tasks))
    scouter.evaluate(GenAIEvalDataset(whole.records[:2], whole.tasks[:1]))
"""
    run(tests, "--scouter-save", "saved.json").assert_outcomes(passed=1)
    saved = json.loads((pytester.path / "saved.json").read_text())["tests"]
    sizes = {name.partition("::")[2]: (len(of["records"]), len(of["tasks"])) for name, of in saved.items()}
    assert sizes == {"test_three": (3, 2), "test_three#2": (1, 2), "test_three#3": (2, 1)}


def test_records_are_taken_from_their_dataset_once(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    class Dataset:
        """A dataset that counts how often all records are made anew."""

        @property
        def records(self) -> list[SimpleNamespace]:
            taken.append(self)
            return [SimpleNamespace(record_id=f"r{at}") for at in range(3)]

    monkeypatch.setattr(_session, "GenAIEvalDataset", Dataset)
    marked = _session.Marked("test_it", Dataset(), "record", _verdict.Thresholds(), None, None)  # type: ignore[arg-type]
    assert [marked.record_id(place) for place in marked.places()] == ["r0", "r1", "r2"]
    assert len(taken) == 1


def test_a_session_that_is_interrupted_keeps_the_saved_results_of_an_earlier_one(run, pytester: pytest.Pytester) -> None:
    run(PER_DATASET, "--scouter-save", "saved.json")
    before = (pytester.path / "saved.json").read_text()
    result = run(PER_DATASET + "\ndef test_then(): raise KeyboardInterrupt\n", "--scouter-save", "saved.json", "-n", "0")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["not written, for the session was interrupted: *saved.json"])
    assert (pytester.path / "saved.json").read_text() == before


def test_a_task_that_is_gone_fails_a_session_that_is_better(run) -> None:
    tests = "\n@per_dataset(dataset, threshold=0)\ndef test_dataset(): ...\n"
    run(tests, "--scouter-save", "baseline.json")
    fewer = "\ndef fewer():\n    return GenAIEvalDataset(records=dataset().records, tasks=dataset().tasks[:1])\n"
    result = run(fewer + tests.replace("(dataset,", "(fewer,"), "--scouter-baseline", "baseline.json")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["  *task `is_right` is there no more"])


def test_a_worker_that_crashes_is_told_and_nothing_is_saved_as_if_it_were_whole(run, monkeypatch: pytest.MonkeyPatch) -> None:
    crash = "\n@per_record(dataset)\ndef test_record(scouter_case):\n    if scouter_case.id == 'three' and 'CRASH' in os.environ: os._exit(3)\n"
    monkeypatch.setenv("WRONG", "")
    assert run(crash, "--scouter-save", "before.json", "-n", "2").ret == 0
    monkeypatch.setenv("CRASH", "1")
    result = run(crash, "--scouter-save", "saved.json", "--scouter-baseline", "before.json", "-n", "2")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["what 1 worker evaluated is missing: no results came back", "not written, for results are missing: *saved.json"])
    assert not Path("saved.json").exists()
