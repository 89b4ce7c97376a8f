"""The names that code written for Scouter uses: arguments in their places, what can be read, and what can be set."""

from __future__ import annotations

import datetime
import pkgutil
from importlib import import_module
from typing import Any

import pytest

import scouter
import scouter.queue
from scouter import errors, evaluate
from scouter.evaluate import (
    AggregationType,
    AlignedEvalResult,
    AssertionResult,
    AssertionTask,
    ComparisonOperator,
    ComparisonResults,
    EvaluationTaskType,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    SpanFilter,
    SpanStatus,
    TraceAssertion,
    TraceAssertionTask,
    execute_trace_assertion_tasks,
)
from scouter.genai import Prompt, Provider, Score
from scouter.mock import create_simple_trace

MEMBERS = {
    EvaluationTaskType: "Assertion LLMJudge HumanValidation TraceAssertion",
    SpanStatus: "Ok Error Unset",
    AggregationType: "Count Sum Average Min Max First Last",
    ComparisonOperator: """
        Equals NotEqual GreaterThan GreaterThanOrEqual LessThan LessThanOrEqual Contains NotContains StartsWith EndsWith Matches
        HasLengthGreaterThan HasLengthLessThan HasLengthEqual HasLengthGreaterThanOrEqual HasLengthLessThanOrEqual IsNumeric
        IsString IsBoolean IsNull IsArray IsObject IsEmail IsUrl IsUuid IsIso8601 IsJson MatchesRegex InRange NotInRange IsPositive
        IsNegative IsZero ContainsAll ContainsAny ContainsNone IsEmpty IsNotEmpty HasUniqueItems IsAlphabetic IsAlphanumeric
        IsLowerCase IsUpperCase ContainsWord ApproximatelyEquals SequenceMatches
        Exists NotExists IsBefore IsAfter IsBetween EqualsIgnoreCase NotMatches IsInteger IsDate IsIpAddress IsHex IsBase64
        MatchesSchema IsSubsetOf IsSupersetOf IsSorted LevenshteinAtMost SimilarityAtLeast WordCountAtMost WordCountAtLeast HasKeys
        IsOneOf
    """,
}


@pytest.mark.parametrize(("cls", "names"), MEMBERS.items(), ids=lambda of: getattr(of, "__name__", ""))
def test_every_member_has_its_name(cls: Any, names: str) -> None:
    assert [getattr(cls, name).name for name in names.split()] == names.split()


def test_every_config_and_profile_is_a_name_of_the_package_itself() -> None:
    public = [module.name for module in pkgutil.iter_modules(scouter.__path__) if not module.name.startswith("_")]
    # What plays a part in tests stays where it is.
    modules = [import_module(f"scouter.{name}") for name in public if name != "mock"]
    named = {name: getattr(module, name) for module in modules for name in getattr(module, "__all__", ()) if name.endswith(("Config", "Profile"))}
    assert {name: getattr(scouter, name, None) for name in named} == named
    assert {"EvaluationConfig", "HttpConfig", "PsiFeatureDriftProfile"} <= named.keys() <= set(scouter.__all__)


def reads(thing: Any, **expected: Any) -> None:
    assert {name: getattr(thing, name) for name in expected} == expected


def sets(thing: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(thing, name, value)
    reads(thing, **values)


SET = {"operator": ComparisonOperator.IsString, "description": "another", "depends_on": ["c"], "condition": False}


def test_an_assertion_has_its_arguments() -> None:
    task = AssertionTask("A", 1, ComparisonOperator.Equals, "x", "y", "what for", ["B"], True)
    assert task == AssertionTask(
        id="a",
        expected_value=1,
        operator=ComparisonOperator.Equals,
        context_path="x",
        item_context_path="y",
        description="what for",
        depends_on=("b",),
        condition=True,
    )
    reads(task, id="a", context_path="x", item_context_path="y", operator=ComparisonOperator.Equals, expected_value=1)
    reads(task, description="what for", depends_on=["b"], condition=True, task_type=EvaluationTaskType.Assertion)
    sets(task, id="d", context_path="v", item_context_path="w", **SET)


def test_a_judge_has_its_arguments() -> None:
    prompt = Prompt("Rate ${reply}.", "gpt-4o-mini", Provider.OpenAI, output_type=Score)
    task = LLMJudgeTask("J", prompt, 4, "score", ComparisonOperator.GreaterThan, "what for", ["B"], 3, True)
    reads(task, id="j", context_path="score", operator=ComparisonOperator.GreaterThan, expected_value=4)
    reads(task, depends_on=["b"], max_retries=3, condition=True, task_type=EvaluationTaskType.LLMJudge)
    assert task.prompt.model == "gpt-4o-mini"
    sets(task, id="d", operator=ComparisonOperator.IsNumeric, depends_on=["c"], max_retries=1, condition=False)


def test_a_trace_assertion_has_its_arguments() -> None:
    task = TraceAssertionTask("T", TraceAssertion.trace_duration(), 100, ComparisonOperator.LessThan, "what for", ["B"], True)
    reads(task, id="t", operator=ComparisonOperator.LessThan, expected_value=100, description="what for", depends_on=["b"])
    reads(task, condition=True, task_type=EvaluationTaskType.TraceAssertion)
    assert isinstance(task.assertion, TraceAssertion.TraceDuration)
    sets(task, id="d", assertion=TraceAssertion.trace_span_count(), **SET)


def test_every_trace_assertion_and_filter_is_made_by_its_name() -> None:
    made = [
        SpanFilter.by_name("a"),
        SpanFilter.by_name_pattern("a"),
        SpanFilter.with_attribute("k"),
        SpanFilter.with_attribute_value("k", 1),
        SpanFilter.with_status(SpanStatus.Ok),
        SpanFilter.with_duration(1.0, 2.0),
        SpanFilter.with_duration(min_ms=1.0),
        SpanFilter.sequence(["a"]),
        SpanFilter.by_name("a").and_(SpanFilter.by_name("b")),
        SpanFilter.by_name("a").or_(SpanFilter.by_name("b")),
    ]
    some = made[0]
    assertions = [
        TraceAssertion.span_sequence(["a"]),
        TraceAssertion.span_set(["a"]),
        TraceAssertion.span_count(some),
        TraceAssertion.span_exists(some),
        TraceAssertion.span_attribute(some, "k"),
        TraceAssertion.span_duration(some),
        TraceAssertion.span_aggregation(some, "k", AggregationType.Sum),
        TraceAssertion.trace_duration(),
        TraceAssertion.trace_span_count(),
        TraceAssertion.trace_error_count(),
        TraceAssertion.trace_service_count(),
        TraceAssertion.trace_max_depth(),
        TraceAssertion.trace_attribute("k"),
    ]
    assert len({type(assertion).__name__ for assertion in assertions}) == 13 and len({repr(filter) for filter in made}) == 10


def test_trace_assertions_run_without_a_record() -> None:
    task = TraceAssertionTask("spans", TraceAssertion.trace_span_count(), 3, ComparisonOperator.Equals)
    results = execute_trace_assertion_tasks(tasks=[task], spans=create_simple_trace())
    assert list(results.results) == ["spans"] and isinstance(results["spans"], AssertionResult)
    reads(results["spans"], passed=True, actual=3, expected=3)
    assert results["spans"].message


def test_a_record_has_its_arguments() -> None:
    record = GenAIEvalRecord({"a": 1}, "r", "s")
    reads(record, record_id="r", session_id="s", context={"a": 1})
    assert isinstance(record.created_at, datetime.datetime) and len(record.uid) == 36
    sets(record, session_id="t")
    sets(record, record_id=None)
    sets(record, record_id="q")
    record.update_context_field("b", 2)
    assert record.context == {"a": 1, "b": 2}
    assert GenAIEvalRecord.model_validate_json(record.model_dump_json()) == record


def test_a_record_that_is_in_a_dataset_keeps_its_id() -> None:
    records = [GenAIEvalRecord({"a": 1}, id) for id in ("r", "r")]
    tasks = [AssertionTask(id="a", context_path="a", operator=ComparisonOperator.Equals, expected_value=1)]
    with pytest.raises(errors.RecordError, match="ids that more than one record has: `r`"):
        GenAIEvalDataset(records=records, tasks=tasks)
    records[1].record_id = "s"
    assert GenAIEvalDataset(records=records, tasks=tasks).evaluate()["s"].record_id == "s"
    with pytest.raises(errors.RecordError, match="record `s`: a dataset has it, which knows it by its id; set `record_id` before"):
        records[1].record_id = "t"
    assert records[1].record_id == "s"


@pytest.fixture(scope="module")
def results() -> GenAIEvalResults:
    tasks = [AssertionTask(id=id, context_path=id, operator=ComparisonOperator.Equals, expected_value=1) for id in ("a", "b")]
    records = [GenAIEvalRecord(context={"a": 1, "b": n}, id=f"r{n}") for n in (1, 2)]
    return GenAIEvalDataset(records=records, tasks=tasks).evaluate(config=evaluate.EvaluationConfig())


def test_results_have_what_is_read_of_them(results: GenAIEvalResults, capsys: pytest.CaptureFixture[str]) -> None:
    reads(results, errored_tasks=[], histograms=None, successful_count=2, failed_count=0)
    one = results["r2"]
    assert isinstance(one, AlignedEvalResult) and GenAIEvalResults.model_validate_json(results.model_dump_json())["r2"] == one
    reads(one, embedding={}, mean_embeddings={}, similarity_scores={}, success=True, error_message=None, task_count=2)
    assert one.record_uid == one.eval_set.record_uid
    reads(one.eval_set, total_tasks=2, passed_tasks=1, failed_tasks=1, pass_rate=0.5)
    assert one.eval_set.duration_ms >= 0 and isinstance(one.eval_set.created_at, datetime.datetime)
    assert isinstance(one.eval_set.as_table(show_tasks=True), str) and isinstance(results.as_table(show_tasks=True), str)
    task = one.eval_set.records[1]
    reads(task, task_id="b", task_type=EvaluationTaskType.Assertion, passed=False, value=0.0, context_path="b")
    reads(task, operator=ComparisonOperator.Equals, expected=1, actual=2, record_uid=one.record_uid)
    assert task.message and task.model_dump_json() and isinstance(task.created_at, datetime.datetime)
    assert len(results.to_dataframe()) == len(results.to_dataframe(polars=True)) == 4
    capsys.readouterr()


def test_a_comparison_has_what_is_read_of_it(results: GenAIEvalResults, capsys: pytest.CaptureFixture[str]) -> None:
    compared = results.compare_to(baseline=results, regression_threshold=0.05)
    assert isinstance(compared, ComparisonResults)
    reads(compared, total_workflows=2, improved_workflows=0, regressed_workflows=0, unchanged_workflows=2, mean_pass_rate_delta=0.0)
    reads(compared, task_status_changes=[], missing_tasks=[], baseline_workflow_count=2, comparison_workflow_count=2)
    reads(compared, has_missing_tasks=False, regressed=False)
    pair = compared.workflow_comparisons[1]
    reads(pair, baseline_pass_rate=0.5, comparison_pass_rate=0.5, pass_rate_delta=0.0, is_regression=False)
    assert pair.baseline_uid == pair.comparison_uid == results["r2"].record_uid
    reads(pair.task_comparisons[0], task_id="a", baseline_passed=True, comparison_passed=True, status_changed=False)
    assert pair.task_comparisons[0].record_uid == pair.comparison_uid
    for show in ("missing_tasks", "task_aggregate_table", "summary_table", "status_changes_table", "summary_stats"):
        getattr(compared, f"print_{show}")()
    assert isinstance(compared.as_table(), str)
    capsys.readouterr()


def test_a_dataset_has_what_is_read_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    task = AssertionTask(id="a", context_path="a", operator=ComparisonOperator.Equals, expected_value=1)
    dataset = GenAIEvalDataset([GenAIEvalRecord(context={"a": 0}, id="r")], [task])
    reads(dataset, assertion_tasks=[task], llm_judge_tasks=[])
    assert [record.record_id for record in dataset.records] == ["r"]
    dataset.print_execution_plan()
    assert "a" in capsys.readouterr().out
    assert dataset.with_updated_contexts_by_id(updated_contexts={"r": {"a": 1}}).evaluate().pass_rate == 1.0


def test_both_spellings_are_one_class() -> None:
    assert evaluate.EvalRecord is scouter.queue.GenAIEvalRecord is scouter.GenAIEvalRecord is GenAIEvalRecord
    assert evaluate.EvalDataset is GenAIEvalDataset


def test_every_exception_is_of_one_tree() -> None:
    found = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, BaseException)}
    assert {error for error in found if not issubclass(error, errors.ScouterError)} == {errors.EvaluationInterrupted}
    assert all(error.__module__ == "scouter.errors" and error.__doc__ for error in found)
