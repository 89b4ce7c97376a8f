"""What holds data pickles, goes through JSON, and comes back equal."""

from __future__ import annotations

import copy
import datetime
import importlib
import json
import math
import pickle
import pkgutil
from decimal import Decimal
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

import scouter
from scouter import mock
from scouter.alert import AlertZone, SpcAlert, SpcAlertType
from scouter.client import (
    Alert,
    AlertCursor,
    AlertDeliveries,
    BinnedMetric,
    BinnedMetrics,
    BinnedMetricStats,
    BinnedPsiFeatureMetrics,
    BinnedPsiMetric,
    BinnedSpcFeatureMetrics,
    DriftAlertPaginationRequest,
    DriftAlertPaginationResponse,
    DriftJob,
    DriftRequest,
    DriftWindow,
    EvalRecordPaginationRequest,
    EvalRecordPaginationResponse,
    GetProfileRequest,
    KeptEvalRecord,
    KeptRecords,
    OpenWindow,
    ProfileStatusRequest,
    RegisteredProfile,
    SpcDriftFeature,
    TimeInterval,
    Traffic,
    WaitingRows,
)
from scouter.errors import ConfigError, EvaluationInterrupted, RecordError
from scouter.evaluate import (
    AggregationType,
    AssertionTask,
    CheckResult,
    ComparisonOperator,
    CustomTask,
    EvaluationConfig,
    EvaluationTaskType,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    SpanFilter,
    SpanStatus,
    TasksFile,
    ToolCall,
    TraceAssertion,
    TraceAssertionTask,
    execute_trace_assertion_tasks,
)
from scouter.genai import (
    Agent,
    AnthropicSettings,
    Embedder,
    GeminiEmbeddingConfig,
    GeminiSettings,
    Image,
    ModelOptions,
    ModelSettings,
    OpenAIChatSettings,
    OpenAIEmbeddingConfig,
    PredictRequest,
    Prompt,
    Score,
    ScriptedModel,
    Task,
    Workflow,
)
from scouter.observe import RouteMetrics
from scouter.types import DriftType


def always(context: dict[str, Any]) -> bool:
    return True


def never(context: dict[str, Any]) -> bool:
    return False


ASSERTION = AssertionTask(
    id="a", context_path="x", operator=ComparisonOperator.IsOneOf, expected_value=[2, None, {"k": 2**70}], each="any", condition=True
)
TRACE_TASK = TraceAssertionTask(
    id="t", assertion=TraceAssertion.trace_span_count(), operator=ComparisonOperator.Equals, expected_value=3, depends_on=["a"]
)
TRACE_TASK_ALONE = TraceAssertionTask(
    id="t", assertion=TraceAssertion.trace_span_count(), operator=ComparisonOperator.Equals, expected_value=3
)
RECORD = GenAIEvalRecord(context={"x": 1, "d": [1.5, "ü", None]}, id="r", session_id="s", trace=mock.create_simple_trace())
DATASET = GenAIEvalDataset(records=[RECORD], tasks=[ASSERTION, TRACE_TASK])
RESULTS = DATASET.evaluate()
MANY = [RECORD, GenAIEvalRecord(context={"x": 2}, id="s", trace=mock.create_nested_trace())]
MORE = AssertionTask(id="more", context_path="x", operator=ComparisonOperator.IsPositive)
COMPARISON = GenAIEvalDataset(MANY, [ASSERTION, TRACE_TASK]).evaluate().compare_to(GenAIEvalDataset(MANY, [ASSERTION, TRACE_TASK, MORE]).evaluate(), 0.1)
# A file without the field that the task looks at has findings, and functions have calls.
CHECK = GenAIEvalDataset(MANY, [AssertionTask("typo", operator=ComparisonOperator.IsPositive, context_path="nowhere"), CustomTask("c", always)]).check()
TRIALS = GenAIEvalDataset([RECORD], [MORE]).evaluate(trials=2).trials()
EXACT = AssertionTask("exact", [Decimal("1.10"), 1.1, Decimal(10) ** 30, -0.0], ComparisonOperator.Equals, "x")
ASSERTED = execute_trace_assertion_tasks([TRACE_TASK_ALONE], mock.create_simple_trace())
RATE = LLMJudgeTask("j", Prompt("Rate ${x}.", "m", "openai", output_type=Score), 3, "score", ComparisonOperator.GreaterThan)
OPTIONS = ModelOptions(model=ScriptedModel(lambda request: Score(4, "ü")), budget_calls=9)
ASKED = GenAIEvalDataset([RECORD], [RATE]).evaluate(EvaluationConfig(models=OPTIONS, progress=False))
OPENAI = OpenAIChatSettings(temperature=0.5, stop=["\n"], extra={"n": [1, None]}, base_url="http://h/v1", timeout=1.5)
AT = datetime.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
ALERT = Alert(AT, "shop/model/1.0.0", {"age": "0.3"}, 1, True, None, AT, AlertDeliveries(2, 1, 0))
KEPT = KeptEvalRecord("u", AT, AT, {"price": Decimal("1.10"), "n": [1, 1.0, None]}, "r", None, None)
ROUTE = RouteMetrics.model_validate(
    {
        "route_name": "/",
        "metrics": {"p5": 0.1, "p25": 0.2, "p50": 0.3, "p95": 0.4, "p99": 0.5},
        "request_count": 3,
        "error_count": 1,
        "error_latency": 0.2,
        "status_codes": {"200": 2, "500": 1},
    }
)
METRIC = BinnedMetric("mae", [AT], [BinnedMetricStats(1.0, 0.5, 1.5)])
PSI = BinnedPsiMetric([AT], [0.1], None, {0: 0.25, 1: 0.75})


def workflow() -> Any:
    flow, agent = Workflow("w", models=ModelOptions(model=ScriptedModel(lambda request: "so"))), Agent("openai")
    flow.add_agent(agent)
    flow.add_tasks([Task(agent.id, Prompt("Is it?", "m", "openai"), "one"), Task(agent.id, Prompt("${one}?", "m", "openai"), "two", ["one"])])
    return flow.run()


def embedded() -> list[Any]:
    with mock.LLMTestServer(mock.Reply([[1.0, 0.1], [0.25, -1.0]], tokens=(7, 0))):
        return [Embedder(provider).embed(["a", "b"]) for provider in ("openai", "gemini")]


FLOW = workflow()
OPENAI_VECTORS, GEMINI_VECTORS = embedded()
OBJECTS = [
    ALERT,
    AlertCursor(AT, 1),
    DriftAlertPaginationRequest("u", limit=5, start_datetime=AT, direction="next"),
    DriftAlertPaginationResponse([ALERT], True, None, False, AlertCursor(AT, 2)),
    DriftRequest("u", "shop", TimeInterval.TwelveHours, 5),
    GetProfileRequest("model", "shop", "1.0.0", DriftType.Psi),
    ProfileStatusRequest("model", "shop", "1.0.0", DriftType.GenAI, False),
    RegisteredProfile("u", "shop", "model", "1.0.0", DriftType.Spc, True, AT),
    DriftJob(True, AT, None, DriftWindow(AT, AT, 3, ["age"]), WaitingRows(12, 30), 7),
    KeptRecords(["u"], [AT], [AT], {"age": [1.5], "city": [None]}),
    KEPT,
    EvalRecordPaginationRequest("u", cursor="c"),
    EvalRecordPaginationResponse([KEPT], False, None, True, "c"),
    Traffic({"/": ROUTE}, 0),
    METRIC,
    METRIC.stats[0],
    BinnedMetrics({"mae": METRIC}),
    OpenWindow(AT, AT, AT, 3),
    PSI,
    BinnedPsiFeatureMetrics({"age": PSI}),
    SpcDriftFeature([AT], [1.5]),
    BinnedSpcFeatureMetrics({"age": SpcDriftFeature([AT], [1.5])}),
    FLOW,
    FLOW.tasks["two"],
    FLOW.tasks["two"].result,
    FLOW.tasks["two"].result.token_usage,
    FLOW.events[0],
    OPENAI_VECTORS,
    OPENAI_VECTORS.data[1],
    OPENAI_VECTORS.usage,
    GEMINI_VECTORS,
    GEMINI_VECTORS.embeddings[0],
    ASSERTION,
    TRACE_TASK,
    RECORD,
    RESULTS,
    RESULTS[0],
    RESULTS[0].eval_set,
    RESULTS[0].eval_set.records[1],
    RESULTS.task_counts()["a"],
    COMPARISON,
    COMPARISON.overall,
    COMPARISON.task_verdicts()["t"],
    COMPARISON.task_verdicts()["t"].numbers,
    COMPARISON.workflow_comparisons[1],
    COMPARISON.workflow_comparisons[1].task_comparisons[1],
    COMPARISON.missing_tasks[0],
    CHECK,
    CHECK.findings[0],
    CHECK.calls[0],
    TRIALS.mean(),
    TRIALS.pass_at(2),
    EXACT,
    ASSERTED,
    ASSERTED["t"],
    CustomTask("c", always, timeout=2, depends_on=["a"], operator=ComparisonOperator.Equals, expected_value=[1], version="2"),
    mock.create_trace_with_attributes()[1],
    SpanFilter.by_name("x").and_(SpanFilter.not_(SpanFilter.with_status(SpanStatus.Error))),
    TraceAssertion.tool_calls([ToolCall("f", {"a": 1})]),
    TraceAssertion.span_aggregation(SpanFilter.by_name("x"), "k", AggregationType.Max),
    ToolCall("f", {"a": 1}),
    CheckResult(None, [1], "why"),
    ASKED["r"]["j"].call,
    ASKED.usage,
    ASKED.used,
    OPENAI,
    ModelSettings(OPENAI),
    GeminiSettings(max_output_tokens=5, stop_sequences=["a"]),
    ModelSettings(GeminiSettings(top_k=3)),
    AnthropicSettings(max_tokens=5),
    ModelSettings(AnthropicSettings()),
    OpenAIEmbeddingConfig(dimensions=8, base_url="http://h"),
    GeminiEmbeddingConfig(output_dimensionality=8, task_type="SEMANTIC_SIMILARITY", timeout=2),
    PredictRequest([{"content": "a"}, {"content": "b"}], {"outputDimensionality": 8}),
    Image("https://h/${name}.png"),
    Image(b"\x00\xff", "image/gif"),
    SpcAlert(SpcAlertType.Trend, AlertZone.NotApplicable, rule="a trend of 7", points=[3, 9]),
    EvaluationConfig(max_concurrency=3, task_timeout=1.5, run_timeout=60, workers=2, progress=False),
    ComparisonOperator.HasKeys,
    EvaluationTaskType.Custom,
]


@pytest.mark.parametrize("thing", OBJECTS, ids=lambda thing: type(thing).__name__)
def test_it_pickles_and_copies(thing: Any) -> None:
    assert pickle.loads(pickle.dumps(thing)) == thing and copy.deepcopy(thing) == thing


@pytest.mark.parametrize("thing", [thing for thing in OBJECTS if hasattr(thing, "model_validate_json")], ids=lambda thing: type(thing).__name__)
def test_it_goes_through_json(thing: Any) -> None:
    assert type(thing).model_validate_json(thing.model_dump_json()) == thing


@pytest.mark.parametrize("kind", [kind for kind in vars(SpcAlertType).values() if isinstance(kind, SpcAlertType)], ids=lambda kind: kind.name)
def test_an_alert_of_every_kind_goes_through_json(kind: SpcAlertType) -> None:
    alert = SpcAlert(kind, AlertZone.NotApplicable)
    assert SpcAlert.model_validate_json(alert.model_dump_json()) == alert


WITHOUT_JSON = {
    "shows results that are kept themselves, or what two of them come to": [
        "AlignedEvalResult", "ComparisonResults", "EvaluationSummary", "GenAIEvalSet", "GenAIEvalTaskResult", "MissingTask", "TaskComparison", "Trials",
        "WorkflowComparison",
    ],
    "holds functions, keys, connections or what is in a file": [
        "Case", "CustomTask", "EvaluationConfig", "GenAIEvalDataset", "HttpConfig", "ModelOptions", "ScriptedModel", "TasksFile",
    ],
    "does something": [
        "Agent", "DataProfiler", "Drifter", "Embedder", "FeatureMixin", "LLMTestServer", "MockConfig", "Observer", "Queue", "Reply", "Request", "ScouterClient",
        "ScouterQueue", "Task",
    ],
    "is a dict": ["Segments", "TaskList"],
}  # fmt: skip
"""The public classes that do not go through JSON, by the reason."""


def public_classes() -> set[type]:
    names = [module.name for module in pkgutil.iter_modules(scouter.__path__) if not module.name.startswith("_")]
    modules = [scouter, *(importlib.import_module(f"scouter.{name}") for name in names if name not in ("cli", "integrations", "pytest_plugin"))]
    things = [getattr(module, name) for module in modules for name in getattr(module, "__all__", [])]
    return {thing for thing in things if isinstance(thing, type) and not issubclass(thing, BaseException)}


def is_enumeration(cls: type) -> bool:
    return issubclass(cls, Enum) or any(isinstance(value, cls) for value in vars(cls).values())


def test_all_public_data_goes_through_json() -> None:
    methods = ("model_dump", "model_dump_json", "model_validate_json")
    whole = ("GenAIEvalResults", "GenAIEvalResultSet", "Workflow")
    lacking = {
        cls.__name__
        for cls in public_classes()
        if not is_enumeration(cls) and not all(hasattr(cls, method) for method in (methods[1:] if cls.__name__ in whole else methods))
    }
    assert lacking == set(chain(*WITHOUT_JSON.values()))


@pytest.mark.parametrize("thing", OBJECTS, ids=lambda thing: type(thing).__name__)
def test_it_shows_itself_in_one_line_with_its_class(thing: Any) -> None:
    shown = repr(thing)
    assert type(thing).__name__ in shown.split("(")[0] and "\n" not in shown
    assert "Some(" not in shown and "=true" not in shown and "=null" not in shown


def test_decimal_fractions_stay_what_they_are_through_json_and_pickles() -> None:
    value = {"price": Decimal("0.1"), "prices": [Decimal("-1.10"), 0.1, 10**30]}
    record = GenAIEvalRecord({"x": value}, id="r")
    task = AssertionTask("x", expected_value=value, operator=ComparisonOperator.Equals, context_path="x")
    for kept in (pickle.loads(pickle.dumps(task)), AssertionTask.model_validate_json(task.model_dump_json())):
        results = GenAIEvalDataset([record], [kept]).evaluate()
        assert (kept.expected_value, results.pass_rate) == (value, 1.0)
        for again in (pickle.loads(pickle.dumps(results)), GenAIEvalResults.model_validate_json(results.model_dump_json())):
            assert again["r"]["x"].actual == value and [type(one) for one in again["r"]["x"].actual["prices"]] == [Decimal, float, int]
    assert GenAIEvalRecord.model_validate_json(record.model_dump_json()).context == {"x": value}


def test_decimal_fractions_are_numbers_to_every_reader_of_json() -> None:
    text = AssertionTask("x", expected_value=Decimal("0.10"), operator=ComparisonOperator.Equals).model_dump_json()
    assert json.loads(text)["expected_value"] == 0.1 and '"expected_value":0.10e0' in text


def test_what_holds_nan_equals_itself() -> None:
    record = GenAIEvalRecord({"x": [math.nan, {"y": math.nan}]}, id="r")
    results = GenAIEvalDataset([record], [AssertionTask("x", operator=ComparisonOperator.IsArray, context_path="x")]).evaluate()
    for thing in (record, results, results["r"], results["r"].eval_set, results["r"]["x"], CheckResult(True, math.nan)):
        assert thing == thing and pickle.loads(pickle.dumps(thing)) == thing
    assert record != GenAIEvalRecord({"x": [0, {"y": math.nan}]}, id="r")


@pytest.mark.parametrize("thing", [thing for thing in OBJECTS if not isinstance(thing, (ComparisonOperator, EvaluationTaskType))], ids=lambda thing: type(thing).__name__)
def test_what_is_of_another_type_is_asked_too_whether_it_is_equal(thing: Any) -> None:
    assert thing == ANY and ANY == thing and thing != 5 and not thing == 5


def test_a_dataset_pickles_with_its_functions() -> None:
    dataset = GenAIEvalDataset(records=[RECORD], tasks=[ASSERTION, CustomTask("c", always, timeout=2, depends_on=["a"])])
    again = pickle.loads(pickle.dumps(dataset))
    assert again.records == dataset.records and again.get_execution_plan() == [["a"], ["c"]]
    assert [row.status for row in again.evaluate()[0].eval_set.records] == ["failed", "skipped"]


def test_a_task_file_pickles(tmp_path: Path) -> None:
    path = tmp_path / "tasks.yaml"
    path.write_text("tasks: [{task_type: Assertion, id: a, operator: Exists}]")
    tasks = TasksFile.from_path(path)
    assert pickle.loads(pickle.dumps(tasks)) == tasks and len(pickle.loads(pickle.dumps(tasks))) == 1


@pytest.mark.parametrize("cls", [OpenAIChatSettings, GeminiSettings, AnthropicSettings, OpenAIEmbeddingConfig, GeminiEmbeddingConfig])
def test_headers_and_proxy_are_pickled_and_neither_shown_nor_written(cls: Any) -> None:
    kept = cls(headers={"x-key": "secret-header"}, proxy="http://me:secret-word@proxy")
    assert pickle.loads(pickle.dumps(kept)) == kept != cls()
    assert "secret" not in repr(kept) + str(kept) + kept.model_dump_json() + repr(kept.model_dump())
    assert cls.model_validate_json(kept.model_dump_json()) == cls()


def test_functions_make_tasks_different() -> None:
    assert CustomTask("c", always) == CustomTask("c", always) != CustomTask("c", never)
    assert CustomTask("c", always) != CustomTask("c", always, timeout=1)


def test_a_pickled_record_keeps_python_objects() -> None:
    context = {"when": datetime.datetime(2025, 1, 1), "raw": b"x", "pair": (1, 2), 5: {"set": {1}}}
    record = GenAIEvalRecord(context=context, id="r")
    again = pickle.loads(pickle.dumps(record))
    assert (again.context, again.uid, again.created_at, again.record_id) == (context, record.uid, record.created_at, "r")


def test_exceptions_pickle() -> None:
    with pytest.raises(ConfigError) as caught:
        GenAIEvalDataset(records=[RECORD], tasks=[TRACE_TASK])
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)
    assert str(pickle.loads(pickle.dumps(RecordError("none")))) == "none"
    assert pickle.loads(pickle.dumps(EvaluationInterrupted(RESULTS))).results == RESULTS


def test_a_record_without_a_form_in_json_says_so() -> None:
    record = GenAIEvalRecord(context={"raw": b"x"}, id="r")
    with pytest.raises(RecordError, match="record `r`: its context has no form in JSON: at `raw`: bytes"):
        record.model_dump_json()
    assert "at `raw`" in repr(record) and "at `raw`" in str(record)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "5", '{"id": 5}'])
@pytest.mark.parametrize("cls", [AssertionTask, TraceAssertionTask, GenAIEvalRecord, SpanFilter, TraceAssertion, ToolCall], ids=lambda c: c.__name__)
def test_json_of_something_else_is_refused_by_name(cls: Any, text: str) -> None:
    with pytest.raises(ValueError, match=cls.__name__):
        cls.model_validate_json(text)


def test_enumerations_are_compared_and_hashed() -> None:
    assert len({ComparisonOperator.Equals, ComparisonOperator.Equals, ComparisonOperator.NotEqual}) == 2
    assert ComparisonOperator.Equals != SpanStatus.Ok and ASSERTION.operator == ComparisonOperator.IsOneOf
