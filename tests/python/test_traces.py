"""Traces: spans, filters, what is measured, tool calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from scouter import mock
from scouter._verdict import Thresholds
from scouter.client import Attribute, SpanEvent, SpanLink, TraceSpan
from scouter.evaluate import (
    AggregationType,
    ArgumentMatch,
    ComparisonOperator,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    SpanFilter,
    SpanStatus,
    ToolCall,
    TraceAssertion,
    TraceAssertionTask,
    TrajectoryMode,
    execute_trace_assertion_tasks,
)

START = datetime(2025, 1, 1, tzinfo=timezone.utc)


def span(number: int, name: str, parent: int | None = None, **more: Any) -> TraceSpan:
    return TraceSpan(
        trace_id="t",
        span_id=str(number),
        parent_span_id=None if parent is None else str(parent),
        span_name=name,
        start_time=START + timedelta(seconds=number),
        end_time=START + timedelta(seconds=number + 1),
        **more,
    )


def measured(assertion: TraceAssertion, spans: list[TraceSpan]) -> Any:
    task = TraceAssertionTask(id="m", assertion=assertion, operator=ComparisonOperator.Exists, expected_value=True)
    return execute_trace_assertion_tasks([task], spans)["m"].actual


def test_attributes_are_a_dict_or_a_list() -> None:
    as_dict = span(1, "a", attributes={"model": "m", "tokens": 5})
    as_list = span(1, "a", attributes=[Attribute("model", "m"), Attribute("tokens", 5)])
    assert as_dict == as_list and [a.value for a in as_dict.attributes] == ["m", 5]


def test_a_time_without_a_zone_is_utc() -> None:
    naive = TraceSpan(trace_id="t", span_id="1", span_name="a", start_time=datetime(2025, 1, 1))
    assert naive.start_time == START
    assert SpanEvent(datetime(2025, 1, 1), "e", {"k": 1}).timestamp == START


def test_a_time_of_any_zone_is_kept_as_a_moment() -> None:
    zoned = datetime(2025, 1, 1, 5, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert TraceSpan(trace_id="t", span_id="1", span_name="a", start_time=zoned).start_time == START


@pytest.mark.parametrize("time", ["2025-01-01", 5, None])
def test_a_time_that_is_none_is_a_type_error(time: Any) -> None:
    with pytest.raises(TypeError, match="a time must be a datetime"):
        TraceSpan(trace_id="t", span_id="1", span_name="a", start_time=time)


@pytest.mark.parametrize(("attributes", "why"), [(5, "a dict, or a list"), ({1: 2}, "must be text, not `1`")])
def test_attributes_of_another_kind_are_a_type_error(attributes: Any, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        span(1, "a", attributes=attributes)


def test_a_bad_attribute_is_named() -> None:
    with pytest.raises(ValueError, match="attribute `raw`: at `deep`: bytes have no form"):
        span(1, "a", attributes={"raw": {"deep": b""}})


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"end_time": START}, r"span `a` \(`1`\) ends before it starts"),
        ({"end_time": None, "duration_ms": -1}, r"span `a` \(`1`\) ends before it starts"),
        ({"status_code": 7}, r"`status_code` is 7: it is 0 \(unset\), 1 \(ok\) or 2 \(error\)"),
    ],
)
def test_a_span_that_cannot_be_is_refused_when_it_is_made(more: dict[str, Any], why: str) -> None:
    fields = {"start_time": START + timedelta(seconds=1), "end_time": START + timedelta(seconds=2), **more}
    with pytest.raises(ValueError, match=why):
        TraceSpan(trace_id="t", span_id="1", span_name="a", **fields)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: SpanFilter.by_name_pattern("("), r"^`pattern`: `\(` is not a regular expression"),
        (lambda: SpanFilter.by_name_pattern("(?=a)"), "^`pattern`: .* looks ahead or behind.*; combine two patterns"),
        (lambda: SpanFilter.with_duration(min_ms=2, max_ms=1), "^`min_ms`: `2` is above the maximum `1`"),
        (lambda: SpanFilter.with_duration(max_ms=float("nan")), "^`max_ms`: `NaN` is not a duration"),
        (lambda: SpanFilter.sequence([]), "^`names`: the list is empty"),
        (lambda: SpanFilter.child_count(min=2, max=1), "^`min`: `2` is above the maximum `1`"),
        (lambda: SpanFilter.depth_between(min=2, max=1), "^`min`: `2` is above the maximum `1`"),
    ],
)
def test_a_filter_that_could_not_be_run_is_refused_when_it_is_made(make: Callable[[], SpanFilter], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        make()


def test_a_span_tells_its_parts() -> None:
    made = span(2, "a", 1, span_kind="client", status_code=2, status_message="no", service_name="s", input=[1], output={"x": 1})
    assert (made.span_kind, made.status_code, made.status_message, made.service_name) == ("client", 2, "no", "s")
    assert (made.parent_span_id, made.duration_ms, made.input, made.output) == ("1", 1000, [1], {"x": 1})


@pytest.mark.parametrize(
    ("trace", "spans", "duration", "services", "depth", "errors"),
    [
        (mock.create_simple_trace(), 3, 150, 1, 1, 0),
        (mock.create_nested_trace(), 4, 300, 1, 2, 0),
        (mock.create_trace_with_attributes(), 2, 150, 1, 1, 0),
        (mock.create_multi_service_trace(), 3, 300, 3, 1, 0),
        (mock.create_trace_with_errors(), 3, 200, 1, 1, 1),
    ],
)
def test_sample_traces_measure_as_documented(
    trace: list[TraceSpan], spans: int, duration: int, services: int, depth: int, errors: int
) -> None:
    assert measured(TraceAssertion.trace_span_count(), trace) == spans
    assert measured(TraceAssertion.trace_service_count(), trace) == services
    assert measured(TraceAssertion.trace_max_depth(), trace) == depth
    assert measured(TraceAssertion.trace_error_count(), trace) == errors
    assert measured(TraceAssertion.trace_duration(), trace) >= duration


def test_a_sequence_may_have_others_between() -> None:
    trace = mock.create_sequence_pattern_trace()
    assert measured(TraceAssertion.span_sequence(["start", "call_tool", "finish"]), trace) is True
    assert measured(TraceAssertion.span_sequence(["finish", "start"]), trace) is False
    assert measured(TraceAssertion.span_set(["finish", "start"]), trace) is True


def test_spans_are_counted_and_summed_up() -> None:
    trace = mock.create_trace_with_attributes()
    call = SpanFilter.by_name("api_call")
    assert measured(TraceAssertion.span_count(call), trace) == 1
    assert measured(TraceAssertion.span_attribute(call, "model"), trace) == "gpt-4"
    assert measured(TraceAssertion.span_aggregation(call, "tokens.output", AggregationType.Sum), trace) == 300
    assert measured(TraceAssertion.span_duration(call), trace) == 100


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (SpanFilter.by_name_pattern("^child_"), 2),
        (SpanFilter.with_attribute("http.method"), 1),
        (SpanFilter.with_attribute_value("http.status_code", 200), 1),
        (SpanFilter.with_status(SpanStatus.Ok), 3),
        (SpanFilter.with_duration(min_ms=40, max_ms=60), 1),
        (SpanFilter.sequence(["root", "child_1"]), 2),
        (SpanFilter.by_name("root").or_(SpanFilter.by_name("child_1")), 2),
        (SpanFilter.by_name("root").and_(SpanFilter.by_name("child_1")), 0),
        (SpanFilter.not_(SpanFilter.by_name("root")), 2),
        (SpanFilter.has_ancestor(SpanFilter.by_name("root")), 2),
        (SpanFilter.has_descendant(SpanFilter.by_name("child_2")), 1),
        (SpanFilter.child_count(min=2, max=2), 1),
        (SpanFilter.depth_between(min=1), 2),
    ],
    ids=repr,
)
def test_a_filter_selects(chosen: SpanFilter, count: int) -> None:
    assert measured(TraceAssertion.span_count(chosen), mock.create_simple_trace()) == count


def test_variants_are_classes_with_their_fields() -> None:
    chosen = SpanFilter.by_name("a")
    counted = TraceAssertion.span_count(chosen)
    assert isinstance(counted, TraceAssertion.SpanCount) and isinstance(counted, TraceAssertion)
    assert not isinstance(counted, TraceAssertion.SpanExists)
    assert counted.filter == chosen and isinstance(chosen, SpanFilter.ByName) and chosen.name == "a"
    assert isinstance(TraceAssertion.trace_duration(), TraceAssertion.TraceDuration)
    value = SpanFilter.with_attribute_value("k", {"x": [1]})
    assert isinstance(value, SpanFilter.WithAttributeValue) and (value.key, value.value) == ("k", {"x": [1]})
    both = chosen.and_(value)
    assert isinstance(both, SpanFilter.And) and both.filters == [chosen, value]
    summed = TraceAssertion.span_aggregation(chosen, "k", AggregationType.Max)
    assert isinstance(summed, TraceAssertion.SpanAggregation) and summed.aggregation == AggregationType.Max


def test_variants_are_made_by_their_classes_too() -> None:
    assert SpanFilter.ByName(name="a") == SpanFilter.by_name("a")
    assert TraceAssertion.SpanCount(filter=SpanFilter.ByName("a")) == TraceAssertion.span_count(SpanFilter.by_name("a"))
    assert SpanFilter.Not(filter=SpanFilter.by_name("a")) == SpanFilter.not_(SpanFilter.by_name("a"))
    assert TraceAssertion.TraceDuration() == TraceAssertion.trace_duration()


def test_filters_and_assertions_show_their_variant() -> None:
    assert repr(SpanFilter.by_name("a")) == 'SpanFilter.ByName(name="a")'
    assert repr(TraceAssertion.trace_duration()) == "TraceAssertion.TraceDuration()"


def test_a_chain_of_a_hundred_stays_flat() -> None:
    chosen = SpanFilter.by_name("root")
    for _ in range(100):
        chosen = chosen.and_(SpanFilter.by_name("root"))
    assert measured(TraceAssertion.span_count(chosen), mock.create_simple_trace()) == 1


@pytest.mark.parametrize(
    "wrap",
    [
        lambda inner: SpanFilter.not_(inner),
        lambda inner: SpanFilter.Not(filter=inner),
        lambda inner: SpanFilter.HasAncestor(filter=inner),
        lambda inner: SpanFilter.And(filters=[inner]),
        lambda inner: SpanFilter.Or(filters=[SpanFilter.by_name("x"), inner]),
        lambda inner: SpanFilter.by_name("x").or_(SpanFilter.not_(inner)),
    ],
    ids=["not_", "Not", "HasAncestor", "And", "Or", "or_"],
)
def test_filters_nested_too_deep_are_refused(wrap: Any) -> None:
    chosen = SpanFilter.by_name("x")
    depth = 0
    with pytest.raises(ValueError, match="filters are nested deeper than 64"):
        for depth in range(200):  # noqa: B007
            chosen = wrap(chosen)
    assert depth < 65


def calls(*names: str) -> list[TraceSpan]:
    spans = [span(0, "agent")]
    for number, name in enumerate(names, start=1):
        attributes = {"gen_ai.tool.name": name, "gen_ai.tool.call.arguments": {"id": number, "more": "x"}}
        spans.append(span(number, "tool", 0, attributes=attributes))
    return spans


@pytest.mark.parametrize(
    ("mode", "names", "holds"),
    [
        (TrajectoryMode.Strict, ["find", "book"], True),
        (TrajectoryMode.Strict, ["book", "find"], False),
        (TrajectoryMode.Unordered, ["book", "find"], True),
        (TrajectoryMode.Unordered, ["book", "find", "find"], False),
        (TrajectoryMode.Subset, ["find"], True),
        (TrajectoryMode.Subset, ["pay"], False),
        (TrajectoryMode.Superset, ["find", "pay", "book"], True),
        (TrajectoryMode.Superset, ["book"], False),
    ],
)
def test_tool_calls_are_compared_by_mode(mode: TrajectoryMode, names: list[str], holds: bool) -> None:
    expected = [ToolCall("find"), {"name": "book"}]
    assert measured(TraceAssertion.tool_calls(expected, mode=mode), calls(*names)) is holds


@pytest.mark.parametrize(
    ("match", "arguments", "holds"),
    [
        (ArgumentMatch.Exact, {"id": 1, "more": "x"}, True),
        (ArgumentMatch.Exact, {"id": 1}, False),
        (ArgumentMatch.Partial, {"id": 1.0}, True),
        (ArgumentMatch.Partial, {"id": 2}, False),
        (ArgumentMatch.Ignored, {"id": 2}, True),
    ],
)
def test_arguments_of_tool_calls_are_compared(match: ArgumentMatch, arguments: Any, holds: bool) -> None:
    assertion = TraceAssertion.tool_calls([ToolCall("find", arguments)], arguments=match)
    assert measured(assertion, calls("find")) is holds


def test_a_wrong_tool_call_is_refused() -> None:
    with pytest.raises(ValueError, match="not a `ToolCall`"):
        TraceAssertion.tool_calls([{"tool": "find"}])


COUNT = TraceAssertionTask(
    id="count", assertion=TraceAssertion.trace_span_count(), operator=ComparisonOperator.Equals, expected_value=3
)


def outcome(trace: list[TraceSpan] | None) -> Any:
    record = GenAIEvalRecord(context={}, id="r", trace=trace)
    return GenAIEvalDataset(records=[record], tasks=[COUNT]).evaluate()["r"].eval_set.records[0]


def test_a_trace_of_a_record_is_judged() -> None:
    assert outcome(mock.create_simple_trace()).status == "passed"


@pytest.mark.parametrize(
    ("steps", "outcomes"),
    [
        (["search", "model.draft", "sort", "model.answer"], [("passed", True), ("passed", 40 * 3 + 40 * 5), ("passed", 5_000.0)]),
        (["sort", "model.draft", "search", "model.answer"], [("failed", False), ("skipped", None), ("skipped", None)]),
    ],
    ids=["in order", "out of order"],
)
def test_tokens_and_time_are_judged_behind_the_order_of_steps(steps: list[str], outcomes: list[tuple[str, Any]]) -> None:
    trace = [span(1, "agent")]
    trace += [span(at, name, 1, attributes={"tokens": 40 * at} if name.startswith("model.") else {}) for at, name in enumerate(steps, 2)]
    tokens = TraceAssertion.span_aggregation(
        filter=SpanFilter.by_name_pattern(r"model\..*"), attribute_key="tokens", aggregation=AggregationType.Sum
    )
    tasks = [
        TraceAssertionTask(
            id="order",
            assertion=TraceAssertion.span_sequence(["search", "sort", "model.answer"]),
            operator=ComparisonOperator.Equals,
            expected_value=True,
            condition=True,
            description="Found first, then sorted, then answered",
        ),
        TraceAssertionTask(
            id="tokens", assertion=tokens, operator=ComparisonOperator.LessThan, expected_value=1_000, depends_on=["order"]
        ),
        TraceAssertionTask(
            id="time",
            assertion=TraceAssertion.trace_duration(),
            operator=ComparisonOperator.LessThan,
            expected_value=7_000.0,
            depends_on=["order"],
        ),
    ]
    results = GenAIEvalDataset(records=[GenAIEvalRecord(context={}, trace=trace)], tasks=tasks).evaluate()
    assert [(task.status, task.actual) for task in results[0].eval_set.records] == outcomes


def test_a_record_without_a_trace_is_an_error() -> None:
    result = outcome(None)
    assert result.status == "errored" and result.message == "failed to read the trace: the record has none"


def test_an_invalid_trace_is_an_error_with_its_reason() -> None:
    result = outcome([span(1, "a"), span(1, "b")])
    assert result.status == "errored" and "`1`" in result.message


SPAN = {"trace_id": "t", "span_id": "1", "span_name": "a", "start_time": "2025-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("trace", "words"),
    [
        ([SPAN], "span 0 is not a TraceSpan, but a `dict`: write `TraceSpan.model_validate(span)` for each"),
        ([span(1, "a"), SPAN], "span 1 is not a TraceSpan, but a `dict`: write `TraceSpan.model_validate(span)`"),
        ([span(1, "a"), 7], "span 1 is not a TraceSpan, but a `int`"),
        (SPAN, "a list of TraceSpans is expected, and this is a `dict`"),
        (span(1, "a"), "a list of TraceSpans is expected, and this is a `scouter.client.TraceSpan`"),
        (7, "a list of TraceSpans is expected, and this is a `int`"),
    ],
    ids=["dict", "among others", "number", "one dict", "one span", "no list"],
)
def test_a_trace_in_another_form_is_refused_with_what_to_write(trace: Any, words: str) -> None:
    with pytest.raises(TypeError) as of_record:
        GenAIEvalRecord(context={}, trace=trace)
    with pytest.raises(TypeError) as of_call:
        execute_trace_assertion_tasks([COUNT], trace)
    assert words in str(of_record.value) and words in str(of_call.value)


def test_a_span_is_made_of_a_dict() -> None:
    assert TraceSpan.model_validate(SPAN).start_time == START


def test_nothing_selected_is_no_pass() -> None:
    task = TraceAssertionTask(
        id="t",
        assertion=TraceAssertion.span_attribute(SpanFilter.by_name("nobody"), "k"),
        operator=ComparisonOperator.NotEqual,
        expected_value=1,
    )
    result = execute_trace_assertion_tasks([task], mock.create_simple_trace())["t"]
    assert not result.passed and result.message


def test_a_record_and_its_tree_hold_the_spans_that_were_given_and_no_copies(held: Callable[[], int]) -> None:
    keys = [f"key_{at}" for at in range(20)]
    spans = [span(number, "step", attributes=dict.fromkeys(keys, number)) for number in range(50_000)]
    task = TraceAssertionTask(
        id="t",
        assertion=TraceAssertion.span_count(SpanFilter.by_name("step")),
        operator=ComparisonOperator.Equals,
        expected_value=50_000,
    )
    before = held()
    record = GenAIEvalRecord(context={}, id="r", trace=spans)
    assert GenAIEvalDataset([record], [task]).evaluate().pass_rate == 1.0
    assert held() - before < 1_000 * len(spans), "a copy of these takes some 1,500 bytes a span"


def test_results_without_a_record_are_found_by_id() -> None:
    results = execute_trace_assertion_tasks([COUNT], mock.create_simple_trace())
    assert results["COUNT"].passed and "count" in results and list(results) == ["count"] and len(results) == 1
    assert (results["count"].actual, results["count"].expected, results["count"].status) == (3, 3, "passed")
    assert repr(results["count"]) == 'AssertionResult(status="passed", actual=3, expected=3)'
    with pytest.raises(TypeError, match="write `.passed`, which is `True` here"):
        bool(results["count"])
    with pytest.raises(KeyError, match="did you mean `count`?"):
        results["cuont"]


def test_links_and_events_are_kept() -> None:
    made = span(1, "a", events=[SpanEvent(START, "e", {"k": 1})], links=[SpanLink("t2", "s2", attributes={"k": 2})])
    again = TraceSpan.model_validate_json(made.model_dump_json())
    assert again == made and again.events[0].attributes[0].value == 1 and again.links[0].span_id == "s2"


def misspelt(operator: ComparisonOperator, expected: int, assertion: Callable[[SpanFilter], TraceAssertion]) -> GenAIEvalDataset:
    """Two records with spans called `tool`, and a task that looks for `tol`."""
    task = TraceAssertionTask(id="t", assertion=assertion(SpanFilter.by_name("tol")), operator=operator, expected_value=expected)
    records = [GenAIEvalRecord({"n": n}, id=f"r{n}", trace=[span(1, "agent"), span(2, "tool", 1)]) for n in range(2)]
    beside = TraceAssertionTask(
        id="beside", assertion=TraceAssertion.trace_span_count(), operator=ComparisonOperator.Equals, expected_value=2
    )
    return GenAIEvalDataset(records=records, tasks=[task, beside])


def test_a_span_name_that_is_in_no_trace_is_hinted_at_under_the_table() -> None:
    results = misspelt(ComparisonOperator.LessThan, 5, TraceAssertion.span_count).evaluate()
    told = "`0` is less than `5`; no span is called `tol`; did you mean `tool`?"
    assert (results["r0"]["t"].status, results["r1"]["t"].message) == ("passed", told)
    assert f"hint: `t`, wherever it ran: {told}" in str(results.as_table())


def test_a_task_that_had_nothing_to_check_in_any_trace_fails_the_run_where_its_name_is_misspelt() -> None:
    results = misspelt(ComparisonOperator.LessThan, 5, TraceAssertion.span_duration).evaluate()
    assert results["r0"]["t"].status == "not_applicable"
    told = "task `t` found nothing to look at in any record; did you mean `tool`?"
    assert Thresholds().unmet(results) == [told]


def test_a_task_that_may_have_nothing_to_check_in_any_trace_has_a_rate_of_0() -> None:
    results = misspelt(ComparisonOperator.LessThan, 5, TraceAssertion.span_duration).evaluate()
    assert Thresholds(tasks={"t": 0}).unmet(results) == []
    assert "`t` came to no verdict" in Thresholds(tasks={"t": 0.1}).unmet(results)


def test_a_limit_that_nothing_comes_near_is_no_fault() -> None:
    results = misspelt(ComparisonOperator.LessThan, 5, TraceAssertion.span_count).evaluate()
    assert Thresholds().unmet(results) == []


def quick(*before: TraceAssertionTask) -> GenAIEvalResults:
    """Two records whose traces have no span `answer`, with a gate on how long that took, one task behind it and one beside it."""
    answer = SpanFilter.by_name("answer")
    gate = TraceAssertionTask(
        id="quick",
        assertion=TraceAssertion.span_duration(answer),
        operator=ComparisonOperator.LessThan,
        expected_value=5,
        depends_on=[task.id for task in before],
        condition=True,
    )
    spans = TraceAssertion.trace_span_count()
    one = TraceAssertionTask(id="one", assertion=spans, operator=ComparisonOperator.Equals, expected_value=1, depends_on=["quick"])
    two = TraceAssertionTask(id="two", assertion=spans, operator=ComparisonOperator.Equals, expected_value=2)
    records = [GenAIEvalRecord({"n": n}, id=f"r{n}", trace=[span(1, "agent"), span(2, "tool", 1)]) for n in range(2)]
    return GenAIEvalDataset(records=records, tasks=[*before, gate, one, two]).evaluate()


def test_a_gate_that_had_nothing_to_judge_in_any_trace_leaves_open_whether_the_run_passes() -> None:
    results = quick()
    [told] = Thresholds().unchecked(results)
    assert told.startswith("the gate `quick` had nothing to judge in all 2 records, and kept `one` from running: ") and "`SpanExists`" in told
    assert Thresholds().unmet(results) == []
    assert Thresholds(tasks={"quick": 0}).unchecked(results) == []


@pytest.mark.parametrize(
    ("assertion", "operator", "expected"),
    [
        (TraceAssertion.span_sequence(["lookup", "generate"]), ComparisonOperator.Equals, True),
        (TraceAssertion.span_set(["agent", "lookup"]), ComparisonOperator.Equals, True),
        (TraceAssertion.span_count(SpanFilter.by_name("lookup")), ComparisonOperator.GreaterThanOrEqual, 1),
    ],
    ids=["sequence", "set", "count"],
)
def test_a_gate_on_spans_that_no_trace_has_leaves_open_whether_the_run_passes(
    assertion: TraceAssertion, operator: ComparisonOperator, expected: object, tmp_path: Path
) -> None:
    gate = TraceAssertionTask(id="gate", assertion=assertion, operator=operator, expected_value=expected, condition=True)
    spans = TraceAssertion.trace_span_count()
    behind = TraceAssertionTask(id="behind", assertion=spans, operator=ComparisonOperator.Equals, expected_value=1, depends_on=["gate"])
    beside = TraceAssertionTask(id="beside", assertion=spans, operator=ComparisonOperator.Equals, expected_value=2)
    records = [GenAIEvalRecord({"n": n}, id=f"r{n}", trace=[span(1, "agent"), span(2, "tool", 1)]) for n in range(2)]
    dataset = GenAIEvalDataset(records=records, tasks=[gate, behind, beside])
    results = dataset.evaluate()
    [told] = Thresholds().unchecked(results)
    assert told.startswith(
        "the gate `gate` closed for all 2 records, and kept `behind` from running: the traces have the spans `agent`, `tool`, not `lookup`; "
    )
    assert "`SpanExists`" in told and results.hints()["gate"] == told
    assert Thresholds().unmet(results) == [] and Thresholds(tasks={"gate": 0}).unchecked(results) == []
    assert Thresholds().unchecked(dataset.evaluate_to(tmp_path / "out.jsonl")) == [told]


def test_a_gate_that_asks_first_whether_there_is_such_a_span_has_its_answer() -> None:
    answers = TraceAssertion.span_exists(SpanFilter.by_name("answer"))
    asks = TraceAssertionTask(id="answers", assertion=answers, operator=ComparisonOperator.Equals, expected_value=True, condition=True)
    results = quick(asks)
    assert (Thresholds().unmet(results), Thresholds().unchecked(results)) == ([], [])
