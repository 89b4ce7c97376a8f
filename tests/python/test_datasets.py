"""Datasets: what is refused and how it is told, the plan, changed contexts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from scouter.errors import ConfigError, Problem, RecordError, ScouterError
from scouter.evaluate import AssertionTask, ComparisonOperator, CustomTask, GenAIEvalDataset, GenAIEvalRecord

RECORD = GenAIEvalRecord(context={"a": 1}, id="r")


def task(id: str, *depends_on: str, operator: str = "Exists", expected: Any = True, **more: Any) -> AssertionTask:
    return AssertionTask(
        id=id,
        context_path=more.pop("path", "a"),
        operator=getattr(ComparisonOperator, operator),
        expected_value=expected,
        depends_on=list(depends_on),
        **more,
    )


def problems(*tasks: Any) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        GenAIEvalDataset(records=[RECORD], tasks=tasks)
    return caught.value.problems


def test_every_problem_is_told_at_once_with_its_task_and_field() -> None:
    found = problems(
        task("lost", "tpyo"),
        task("typo"),
        task("Typo"),
        task("path", path="a["),
        task("pattern", operator="MatchesRegex", expected="("),
        task("length", operator="HasLengthEqual", expected="long"),
        task("template", operator="Equals", expected="${a"),
    )
    assert [(problem.task, problem.field) for problem in found] == [
        ("lost", "depends_on"),
        ("typo", "id"),
        ("path", "context_path"),
        ("pattern", "expected_value"),
        ("length", "expected_value"),
        ("template", "expected_value"),
    ]


def test_the_message_lists_every_problem() -> None:
    with pytest.raises(ConfigError) as caught:
        GenAIEvalDataset(records=[RECORD], tasks=[task("a", "x"), task("b", "y")])
    text = str(caught.value)
    assert text.startswith("2 problems:") and "task `a`, field `depends_on`" in text and "task `b`" in text


def test_a_cycle_shows_its_path() -> None:
    [problem] = problems(task("a", "c"), task("b", "a"), task("c", "b"))
    assert "a → c → b → a" in problem.message


def test_a_task_that_depends_on_itself_is_told() -> None:
    [problem] = problems(task("a", "A"))
    assert (problem.task, problem.field) == ("a", "depends_on") and "a → a" in problem.message


def test_an_unknown_dependency_offers_the_nearest_id() -> None:
    [problem] = problems(task("answered"), task("b", "anwsered"))
    assert problem.message == "`b` depends on `anwsered`, which does not exist; did you mean `answered`?"


def test_ids_that_differ_by_case_alone_are_one_id() -> None:
    assert [problem.message for problem in problems(task("One"), task("oNE"))] == ["the id `one` is used more than once"]


def test_dependencies_ignore_case_as_ids_do() -> None:
    dataset = GenAIEvalDataset(records=[RECORD], tasks=[task("First"), task("second", "FIRST")])
    assert dataset.get_execution_plan() == [["first"], ["second"]]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("(", "unclosed group"), ("(?=x)y", "look-ahead"), (r"(a)\1", "back-references"), ("(a{1000}){1000}", "more than 10485760 bytes")],
)
def test_a_pattern_that_cannot_be_used_says_why(pattern: str, why: str) -> None:
    [problem] = problems(task("p", operator="MatchesRegex", expected=pattern))
    assert (problem.task, problem.field) == ("p", "expected_value") and why in problem.message


def test_no_tasks_are_refused() -> None:
    assert [problem.message for problem in problems()] == ["there are no tasks: give at least one"]


def test_no_records_are_refused() -> None:
    with pytest.raises(RecordError, match="there are no records"):
        GenAIEvalDataset(records=[], tasks=[task("a")])


def test_ids_that_two_records_have_are_told() -> None:
    records = [GenAIEvalRecord(context={}, id=id) for id in ["q1", "q2", "q1", "q3", "q2", "q1"]]
    with pytest.raises(RecordError, match="^ids that more than one record has: `q1`, `q2`$"):
        GenAIEvalDataset(records=records, tasks=[task("a")])


def test_many_ids_that_two_records_have_are_counted() -> None:
    records = [GenAIEvalRecord(context={}, id=f"q{n % 50}") for n in range(100)]
    with pytest.raises(RecordError, match="`q9` and 40 more$"):
        GenAIEvalDataset(records=records, tasks=[task("a")])


def test_records_without_ids_may_be_many() -> None:
    records = [GenAIEvalRecord(context={"a": n}) for n in range(5)]
    assert len(GenAIEvalDataset(records=records, tasks=[task("a")]).evaluate()) == 5


@pytest.mark.parametrize("wrong", [{"context": {}}, None, 5, task("x")], ids=lambda value: type(value).__name__)
def test_something_else_among_the_records_is_told_by_its_place(wrong: Any) -> None:
    with pytest.raises(TypeError, match="record 1 is not a GenAIEvalRecord"):
        GenAIEvalDataset(records=[RECORD, wrong], tasks=[task("a")])


@pytest.mark.parametrize("wrong", [{"id": "x"}, None, RECORD, AssertionTask], ids=lambda value: type(value).__name__)
def test_something_else_among_the_tasks_is_told(wrong: Any) -> None:
    with pytest.raises(TypeError, match="is not a task: expected AssertionTask, LLMJudgeTask, TraceAssertionTask, DriftTask or CustomTask"):
        GenAIEvalDataset(records=[RECORD], tasks=[task("a"), wrong])


def test_records_and_tasks_come_from_generators() -> None:
    def records() -> Iterator[GenAIEvalRecord]:
        for number in range(1_000):
            yield GenAIEvalRecord(context={"a": number}, id=f"r{number}")

    dataset = GenAIEvalDataset(records=records(), tasks=(task(id) for id in "xyz"))
    assert (len(dataset), len(dataset.evaluate()), len(dataset.tasks)) == (1_000, 1_000, 3)


def test_what_a_generator_raises_comes_through() -> None:
    def records() -> Iterator[GenAIEvalRecord]:
        yield RECORD
        raise OSError("the file ended")

    with pytest.raises(OSError, match="the file ended"):
        GenAIEvalDataset(records=records(), tasks=[task("a")])


def test_config_errors_are_value_errors_of_the_tree() -> None:
    assert issubclass(ConfigError, ScouterError) and issubclass(ConfigError, ValueError)


def test_tasks_are_listed_by_kind() -> None:
    custom = CustomTask("c", lambda context: True)
    dataset = GenAIEvalDataset(records=[RECORD], tasks=[task("a"), custom])
    assert [task.id for task in dataset.assertion_tasks] == ["a"] and dataset.custom_tasks == [custom]
    assert dataset.trace_assertion_tasks == []


def test_the_plan_is_printed_through_python(capsys: pytest.CaptureFixture[str]) -> None:
    tasks = [task("gate", condition=True), task("b", "gate"), task("c", "b")]
    GenAIEvalDataset(records=[RECORD], tasks=tasks).print_execution_plan()
    printed = capsys.readouterr().out
    assert "3 tasks in 3 stages" in printed and "gate (Assertion) [gate]" in printed
    assert "Longest chain: gate → b → c" in printed and "\x1b" not in printed


def test_updated_contexts_are_merged_into_those_records_alone() -> None:
    records = [GenAIEvalRecord(context={"a": 1, "b": 1}, id="x"), GenAIEvalRecord(context={"a": 1}, id="y")]
    dataset = GenAIEvalDataset(records=records, tasks=[task("a", operator="Equals", expected=1)])
    updated = dataset.with_updated_contexts_by_id({"x": {"a": 2}})
    assert [record.context for record in updated.records] == [{"a": 2, "b": 1}, {"a": 1}]
    assert [record.context for record in dataset.records] == [{"a": 1, "b": 1}, {"a": 1}]
    assert [row.eval_set.pass_rate for row in updated.evaluate()] == [0.0, 1.0]


def test_an_updated_context_may_be_a_model() -> None:
    class Update(BaseModel):
        a: int

    dataset = GenAIEvalDataset(records=[RECORD], tasks=[task("a")])
    assert dataset.with_updated_contexts_by_id({"r": Update(a=5)}).records[0].context == {"a": 5}


def test_an_update_of_an_unknown_record_offers_the_nearest_id() -> None:
    dataset = GenAIEvalDataset(records=[GenAIEvalRecord(context={}, id="refund")], tasks=[task("a")])
    with pytest.raises(KeyError, match="no record has the id `refnud`; did you mean `refund`?"):
        dataset.with_updated_contexts_by_id({"refnud": {}})


def test_a_task_keeps_what_it_was_given() -> None:
    made = task("A", "B", operator="InRange", expected=[1, 2], description="why", condition=True, each="any")
    fields = (made.id, made.depends_on, made.operator, made.expected_value, made.description, made.condition, made.each)
    assert fields == ("a", ["b"], ComparisonOperator.InRange, [1, 2], "why", True, "any")


def test_the_fields_of_a_task_can_be_set() -> None:
    made = task("a")
    made.id, made.depends_on, made.condition, made.each = "B", ["C"], True, 2
    made.description, made.context_path, made.operator = "d", "p", ComparisonOperator.Equals
    assert (made.id, made.depends_on, made.condition, made.each, made.description) == ("b", ["c"], True, 2, "d")
    assert (made.context_path, made.operator) == ("p", ComparisonOperator.Equals)


@pytest.mark.parametrize("each", ["most", 0, -1, 1.5, [1]])
def test_a_wrong_each_names_the_task_and_field(each: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        task("e", each=each)
    assert [(problem.task, problem.field) for problem in caught.value.problems] == [("e", "each")]


def test_an_operator_may_be_given_by_its_name() -> None:
    task = AssertionTask(id="mail", context_path="mail", operator="IsEmail")
    assert (task.operator, task.expected_value) == (ComparisonOperator.IsEmail, None)


def test_an_operator_of_no_such_name_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="Contains") as raised:
        AssertionTask(id="has", expected_value="x", operator="Contain")
    assert raised.value.problems[0][:2] == ("has", "operator")


def test_an_operator_left_out_is_told() -> None:
    with pytest.raises(ConfigError, match="operator"):
        AssertionTask(id="has", expected_value="x")
