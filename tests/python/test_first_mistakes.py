"""What people get wrong at first: each is told, with what to write instead."""

from __future__ import annotations

import gc
import pickle
import weakref
from typing import Any

import pandas as pd
import pytest

from scouter.errors import ConfigError
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    SpanFilter,
    TasksFile,
    TraceAssertion,
    TraceAssertionTask,
)

RECORD = GenAIEvalRecord(context={"reply": "Hello", "score": 0.9, "sources": [{"year": 2024}]}, id="q1")


def task(id: str = "t", path: str | None = "reply", operator: Any = ComparisonOperator.IsNotEmpty, expected: Any = None, **more: Any) -> AssertionTask:
    return AssertionTask(id=id, context_path=path, operator=operator, expected_value=expected, **more)


def evaluate(*tasks: Any, records: Any = None) -> GenAIEvalResults:
    return GenAIEvalDataset(records=records or [RECORD], tasks=tasks).evaluate()


def message(*tasks: Any, records: Any = None) -> str:
    """What is said of the first task for the first record."""
    return evaluate(*tasks, records=records)[0][0].message


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        ("Equals", "`Equals` expects any value, and none is given; where null is meant, write it: `null` in a file, `None` in Python"),
        ("NotContains", "`NotContains` expects any value, and none is given; where null"),
        ("GreaterThan", "`GreaterThan` expects a number or text, and none is given"),
    ],
)
def test_an_expected_value_that_was_forgotten_is_refused(operator: str, words: str) -> None:
    forgetful = AssertionTask("assertion", operator=operator)
    traced = TraceAssertionTask("traced", TraceAssertion.trace_duration(), operator=operator)
    called = CustomTask("called", len, operator=operator)
    with pytest.raises(ConfigError) as caught:
        GenAIEvalDataset(records=[RECORD], tasks=[forgetful, traced, called])
    problems = [(problem.task, problem.field) for problem in caught.value.problems]
    assert problems == [(id, "expected_value") for id in ["assertion", "traced", "called"]]
    assert all(words in problem.message for problem in caught.value.problems)


def test_none_is_an_expected_value_like_any_other() -> None:
    record = GenAIEvalRecord(context={"there": 1, "null": None}, id="q1")
    tasks = [
        AssertionTask("null", None, ComparisonOperator.Equals, "null"),
        AssertionTask("there", operator="Equals", context_path="there", expected_value=None),
        CustomTask("called", len, operator="NotEqual", expected_value=None),
    ]
    assert [result.status for result in evaluate(*tasks, records=[record])[0]] == ["passed", "failed", "passed"]


@pytest.mark.parametrize("given", [{}, {"expected_value": None}, {"expected_value": True}], ids=str)
def test_an_operator_that_expects_nothing_needs_no_expected_value(given: dict[str, Any]) -> None:
    assert evaluate(AssertionTask("t", operator="IsNotEmpty", context_path="reply", **given))[0][0].status == "passed"


@pytest.mark.parametrize("given", [{}, {"expected_value": None}, {"expected_value": 1}], ids=str)
def test_a_task_that_is_saved_and_pickled_knows_whether_an_expected_value_was_given(given: dict[str, Any]) -> None:
    made = AssertionTask("t", operator="Equals", **given)
    called = CustomTask("t", len, operator="Equals", **given)
    saved = AssertionTask.model_validate_json(made.model_dump_json())
    for copy in (saved, pickle.loads(pickle.dumps(made))):
        assert copy == made
    assert pickle.loads(pickle.dumps(called)) == called
    others = [{}, {"expected_value": None}, {"expected_value": 1}]
    assert [AssertionTask("t", operator="Equals", **other) for other in others].count(saved) == 1


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (RECORD, "`records` is one `scouter.queue.GenAIEvalRecord`: put it in a list"),
        ({"q1": RECORD}, "`records` is a `dict`: give a list of GenAIEvalRecords, such as its values"),
        ("records.jsonl", "`records` is text: give a list of GenAIEvalRecords; those of a file are read by `GenAIEvalDataset.from_path`"),
        (None, "`records` is a `NoneType`: give a list of GenAIEvalRecords"),
        (pd.DataFrame({"reply": ["x"]}), "make the dataset by `GenAIEvalDataset.from_table`"),
        ([{"reply": "x"}], "record 0 is not a GenAIEvalRecord, but a `dict`: write `GenAIEvalRecord(context=…)` around it"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_records_in_another_form_are_refused_with_what_to_write(records: Any, words: str) -> None:
    with pytest.raises(TypeError) as caught:
        GenAIEvalDataset(records=records, tasks=[task()])
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("tasks", "words"),
    [
        (task(), "`tasks` is one `scouter.evaluate.AssertionTask`: put it in a list"),
        ({"t": task()}, "`tasks` is a `dict`: give a list of tasks, such as its values"),
        ("tasks.yaml", "those of a file are read by `TasksFile.from_path`"),
        (None, "`tasks` is a `NoneType`: give a list of tasks"),
        ([{"id": "t", "operator": "Exists"}], "`dict` is not a task: expected AssertionTask, LLMJudgeTask, TraceAssertionTask, DriftTask or CustomTask, such as `AssertionTask(**fields)`"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_tasks_in_another_form_are_refused_with_what_to_write(tasks: Any, words: str) -> None:
    with pytest.raises(TypeError) as caught:
        GenAIEvalDataset(records=[RECORD], tasks=tasks)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("depends_on", "words"),
    [
        ("answered", 'a list is expected, not one text: write `["answered"]`'),
        (task("a"), "a list of ids is expected, not a task: write `[task.id]`"),
        ([task("a")], "write the id of the task, `task.id`"),
        (5, "a list of texts is expected, and this is a `int`"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_dependencies_in_another_form_are_refused_with_what_to_write(depends_on: Any, words: str) -> None:
    with pytest.raises(TypeError) as caught:
        task("b", depends_on=depends_on)
    assert words in str(caught.value)
    made = task("b")
    with pytest.raises(TypeError):
        made.depends_on = depends_on


def test_one_name_where_a_list_of_names_is_meant_is_refused() -> None:
    for make in (TraceAssertion.span_sequence, TraceAssertion.span_set, SpanFilter.sequence):
        with pytest.raises(TypeError, match=r"write `\[\"plan\"\]`"):
            make("plan")


def test_a_number_as_the_id_of_a_record_is_refused_with_what_to_write() -> None:
    with pytest.raises(TypeError, match=r"the id of a record is text, not a `int`: write `id=str\(…\)`"):
        GenAIEvalRecord(context={}, id=7)


@pytest.mark.parametrize(("operator", "words"), [(str.upper, "an operator is a ComparisonOperator"), (">=", "did you mean `GreaterThanOrEqual`?")])
def test_an_operator_of_another_kind_is_told(operator: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match="operator") as caught:
        task(operator=operator)
    assert words in str(caught.value)


def test_a_function_takes_its_operator_by_name_too() -> None:
    assert CustomTask("c", len, operator="Equals", expected_value=3).operator == ComparisonOperator.Equals


def test_a_path_that_is_in_no_record_offers_the_nearest_in_messages_and_tables() -> None:
    records = [GenAIEvalRecord(context={"response": text}, id=text) for text in "abc"]
    results = evaluate(task(path="respnose", condition=True), task("behind", path="response", depends_on=["t"]), records=records)
    assert results["b"]["t"].message == "`respnose` is missing; did you mean `response`?"
    assert "hint: `t`, wherever it ran: `respnose` is missing; did you mean `response`?" in str(results.as_table())
    assert list(results.to_dataframe()["message"])[0].endswith("did you mean `response`?")


def test_a_path_that_some_record_has_offers_nothing() -> None:
    records = [GenAIEvalRecord(context={"response": "a"}), GenAIEvalRecord(context={"respnose": "a"})]
    assert message(task(path="respnose"), records=records) == "`respnose` is missing"


def test_a_path_into_the_records_of_a_file_offers_the_nearest(tmp_path: Any) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"response": "a"}\n{"response": "b"}\n')
    results = GenAIEvalDataset.from_path(path, tasks=[task(path="respnose")]).evaluate()
    assert results[1][0].message.endswith("did you mean `response`?")


@pytest.mark.parametrize(
    ("path", "near"),
    [("sources.0.year", "sources[0].year"), ("sources/0/year", "sources[0].year"), ("context.reply", "reply"), ("year", "sources[*].year")],
)
def test_a_path_as_other_tools_write_it_offers_ours(path: str, near: str) -> None:
    assert message(task(path=path)).endswith(f"did you mean `{near}`?")


def test_a_template_that_no_record_fills_in_offers_the_nearest() -> None:
    assert message(task(operator="Contains", expected="${scoer}")).endswith("the record has no `scoer`; did you mean `score`?")


def test_a_key_that_no_item_has_offers_the_nearest() -> None:
    wrong = task(path="sources", operator="IsPositive", item_context_path="yaer")
    assert message(wrong).endswith("`yaer` is missing; did you mean `year`?")


def test_a_template_as_a_path_is_refused_with_what_to_write() -> None:
    with pytest.raises(ValueError, match="a path stands by itself"):
        evaluate(task(path="${reply}"))


def test_values_of_two_kinds_say_so() -> None:
    said = message(task(path="score", operator="Equals", expected="0.9"))
    assert said == '`score`: `0.9` does not equal `"0.9"`: a number never equals text'


def misspelt(context: dict[str, Any]) -> bool:
    return bool(context["replly"])


def by_attribute(context: Any) -> bool:
    return bool(context.reply)


def test_a_function_that_misspells_a_key_is_offered_the_nearest() -> None:
    assert message(CustomTask("c", misspelt)).endswith("KeyError: 'replly'; did you mean `reply`?")


def test_a_function_that_takes_the_context_for_an_object_is_told() -> None:
    assert message(CustomTask("c", by_attribute)).endswith('the context is a dict: write `context["reply"]`')


@pytest.mark.parametrize("waits", [False, True], ids=["plain", "async"])
@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("answered", "KeyError: 'answered'; `answered` is a task: name it in `depends_on` to read what it made"),
        ("Answered", "KeyError: 'Answered'; `answered` is a task: name it in `depends_on` to read what it made"),
        ("anwsered", "KeyError: 'anwsered'; did you mean `answered`? It is a task: name it in `depends_on` to read what it made"),
        ("gaet", "KeyError: 'gaet'; did you mean `gate`?"),
        ("Gate", "KeyError: 'Gate'; ids of tasks are kept in lower case: this one is `gate`"),
        ("reader", "KeyError: 'reader'"),
    ],
)
def test_a_function_that_reads_a_task_by_another_name_or_without_depending_on_it_is_told(waits: bool, key: str, words: str) -> None:
    def reads(context: dict[str, Any]) -> bool:
        return bool(context[key])

    async def awaits(context: dict[str, Any]) -> bool:
        return bool(context[key])

    reader = CustomTask("reader", awaits if waits else reads, depends_on=["gate"])
    assert evaluate(task("answered"), task("gate"), reader)["q1"]["reader"].message.endswith(words)


def test_a_task_is_found_by_its_id_whatever_its_case() -> None:
    results = evaluate(task("Answered"))
    assert results["q1"]["answered"] == results["q1"]["ANSWERED"] == results[0].eval_set["Answered"] == results[0][0] == results[0][-1]
    assert "ANSWERED" in results["q1"] and "answered" in results[0].eval_set and "other" not in results["q1"]


def test_a_task_that_is_not_there_offers_the_nearest() -> None:
    results = evaluate(task("answered"))
    for found in (results["q1"], results["q1"].eval_set, results.task_counts()):
        with pytest.raises(KeyError, match="no task has the id `anwsered`; did you mean `answered`?"):
            found["anwsered"]
    with pytest.raises(IndexError, match="there is no task 1: there are 1"):
        results["q1"][1]


def test_the_tasks_of_a_record_can_be_gone_through() -> None:
    row = evaluate(task("a"), task("b"))["q1"]
    assert [result.task_id for result in row] == [result.task_id for result in row.eval_set] == ["a", "b"]
    assert len(row) == len(row.eval_set) == 2


def test_counts_are_found_whatever_the_case_and_are_a_dict_like_any_other() -> None:
    counts = evaluate(task("Answered")).task_counts()
    assert counts["ANSWERED"] is counts["answered"] is counts.get("Answered")
    assert "Answered" in counts and "other" not in counts and counts.get("other") is None
    assert pickle.loads(pickle.dumps(counts)) == dict(counts)


def test_verdicts_of_a_comparison_are_found_whatever_the_case() -> None:
    results = evaluate(task("Answered"))
    assert results.compare_to(results).task_verdicts()["ANSWERED"].task_id == "answered"


def test_results_of_many_records_are_printed_in_part_and_say_so() -> None:
    results = evaluate(task(), records=[GenAIEvalRecord(context={"reply": "x"}) for _ in range(150)])
    printed = str(results)
    assert printed.count('"outcomes"') == 100 and '"records_left_out": 50' in printed


def test_results_say_in_one_line_what_their_rate_does_not_count() -> None:
    results = evaluate(task(operator="Contains", expected="${none}"), task("b"))
    assert repr(results) == "GenAIEvalResults(1 record, 2 tasks, pass_rate=100.0% (1/1); not counted: 1 errored)"


def test_a_notebook_shows_results_as_a_table() -> None:
    html = evaluate(task("a", description="<b>it answers</b>"))._repr_html_()
    assert html.startswith("<pre") and "100.0% (1/1)" in html and "&lt;b&gt;it answers" in html


def test_descriptions_stand_in_tables_and_plans(capsys: pytest.CaptureFixture[str]) -> None:
    dataset = GenAIEvalDataset(records=[RECORD], tasks=[task(description="It answers")])
    dataset.print_execution_plan()
    assert "It answers" in capsys.readouterr().out
    assert "t: It answers" in str(dataset.evaluate().as_table(show_tasks=True))


def test_a_dataset_is_evaluated_as_often_as_wanted() -> None:
    dataset = GenAIEvalDataset(records=[RECORD], tasks=[task()])
    assert [row.status for row in dataset.evaluate()[0]] == [row.status for row in dataset.evaluate()[0]]


def test_a_task_file_says_how_it_is_read() -> None:
    with pytest.raises(TypeError, match=r"TasksFile.from_path\(path\)"):
        TasksFile("tasks.yaml")


def test_a_dataset_that_its_own_function_holds_is_collected() -> None:
    held: dict[str, Any] = {}
    function = lambda context: bool(held)  # noqa: E731
    made = CustomTask("c", function)
    held["dataset"] = GenAIEvalDataset(records=[RECORD], tasks=[made])
    assert held["dataset"].evaluate().pass_rate == 1.0
    gone = weakref.ref(made)
    del held, function, made
    gc.collect()
    assert gone() is None


class Held:
    """Something whose end can be seen."""


@pytest.mark.parametrize("in_dataset", [False, True], ids=["record", "dataset"])
def test_a_record_that_its_own_context_leads_back_to_is_collected(in_dataset: bool) -> None:
    held = Held()
    record = GenAIEvalRecord(context={"held": held, "reply": "Hello"})
    owner = GenAIEvalDataset(records=[record], tasks=[task()]) if in_dataset else record
    record.update_context_field("owner", [owner])
    gone = weakref.ref(held)
    del held, record, owner
    gc.collect()
    assert gone() is None


def test_a_task_that_nobody_holds_but_its_dataset_still_runs() -> None:
    dataset = GenAIEvalDataset(records=[RECORD], tasks=[CustomTask("c", lambda context: context["reply"] == "Hello")])
    gc.collect()
    assert dataset.evaluate().pass_rate == 1.0
