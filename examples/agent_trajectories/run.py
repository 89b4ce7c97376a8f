"""An agent's recorded trajectories as traces: did it solve the task, and did it work the way it should?

    python examples/agent_trajectories/run.py gpt-4o-airline.json
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from scouter.client import TraceSpan
from scouter.evaluate import (
    ArgumentMatch,
    AssertionTask,
    ComparisonOperator,
    GenAIEvalDataset,
    GenAIEvalRecord,
    SpanFilter,
    TraceAssertion,
    TraceAssertionTask,
    TrajectoryMode,
)

# The tools that change a booking. The others only look something up.
WRITES = {
    "book_reservation",
    "cancel_reservation",
    "send_certificate",
    "update_reservation_baggages",
    "update_reservation_flights",
    "update_reservation_passengers",
}
# The data has no times: messages are laid one second apart, and each lasts a millisecond.
START = datetime(2024, 5, 15, 15, tzinfo=timezone.utc)
STEP, LENGTH = timedelta(seconds=1), timedelta(milliseconds=1)


def tool_span(tool: str) -> str:
    """The name of a tool call's span, by OpenTelemetry's convention."""
    return f"execute_tool {tool}"


def spans(number: int, trajectory: dict[str, Any]) -> list[TraceSpan]:
    """The span tree of one trajectory: `agent_run`, below it the messages, below a message the tool calls it made."""
    messages = trajectory["traj"]
    answers = {message["tool_call_id"]: message["content"] for message in messages if message["role"] == "tool"}
    trace_id = f"{number + 1:032x}"
    tree: list[TraceSpan] = []

    def add(name: str, start: datetime, end: datetime, parent: TraceSpan | None = None, **more: Any) -> TraceSpan:
        span = TraceSpan(
            trace_id=trace_id,
            span_id=f"{len(tree) + 1:016x}",
            parent_span_id=parent.span_id if parent else None,
            span_name=name,
            start_time=start,
            end_time=end,
            service_name="airline_agent",
            **more,
        )
        tree.append(span)
        return span

    root = add("agent_run", START, START + STEP * len(messages))
    for turn, message in enumerate(messages):
        if message["role"] == "tool":
            continue  # the answer to a call: the output of that call's span
        start = START + STEP * turn
        # A message that calls a tool lasts until the answer, the next message, is there.
        calls = message.get("tool_calls") or []
        end = start + (STEP if calls else LENGTH)
        parent = add(f"{message['role']}_message", start, end, root, output=message["content"])
        for call in calls:
            tool, arguments = call["function"]["name"], json.loads(call["function"]["arguments"])
            add(
                tool_span(tool),
                start + LENGTH,
                end,
                parent,
                attributes={"gen_ai.tool.name": tool, "gen_ai.tool.call.arguments": arguments},
                input=arguments,
                output=answers.get(call["id"]),
            )
    return tree


def record(number: int, trajectory: dict[str, Any]) -> GenAIEvalRecord:
    task_id, trial = trajectory["task_id"], trajectory["trial"]
    return GenAIEvalRecord(
        id=f"task-{task_id}-trial-{trial}",
        context={"task_id": task_id, "reward": trajectory["reward"]},
        trace=spans(number, trajectory),
    )


# What holds for every trajectory, whatever the task was.
RULES: list[AssertionTask | TraceAssertionTask] = [
    AssertionTask(
        id="solved",
        context_path="reward",
        operator=ComparisonOperator.Equals,
        expected_value=1,
        description="The simulated airline ended in the right state",
    ),
    TraceAssertionTask(
        id="few_tool_calls",
        assertion=TraceAssertion.span_count(SpanFilter.with_attribute("gen_ai.tool.name")),
        operator=ComparisonOperator.LessThanOrEqual,
        expected_value=12,
    ),
    TraceAssertionTask(
        id="one_handover",
        assertion=TraceAssertion.span_count(SpanFilter.by_name(tool_span("transfer_to_human_agents"))),
        operator=ComparisonOperator.LessThanOrEqual,
        expected_value=1,
    ),
    # Only where the agent cancelled something (the gate) is the order worth a look.
    TraceAssertionTask(
        id="cancels",
        assertion=TraceAssertion.span_exists(SpanFilter.by_name(tool_span("cancel_reservation"))),
        operator=ComparisonOperator.Equals,
        expected_value=True,
        condition=True,
    ),
    TraceAssertionTask(
        id="reads_before_cancelling",
        assertion=TraceAssertion.span_sequence([tool_span("get_reservation_details"), tool_span("cancel_reservation")]),
        operator=ComparisonOperator.Equals,
        expected_value=True,
        depends_on=["cancels"],
    ),
]


def right_writes(actions: list[dict[str, Any]]) -> TraceAssertionTask:
    """Among the agent's calls is each change the task asks for, with these arguments."""
    return TraceAssertionTask(
        id="right_writes",
        assertion=TraceAssertion.tool_calls(
            expected=[{"name": action["name"], "arguments": action["kwargs"]} for action in actions],
            mode=TrajectoryMode.Superset,
            arguments=ArgumentMatch.Partial,
        ),
        operator=ComparisonOperator.Equals,
        expected_value=True,
    )


def check_rules(trajectories: list[dict[str, Any]]) -> None:
    dataset = GenAIEvalDataset(records=[record(n, t) for n, t in enumerate(trajectories)], tasks=RULES)
    dataset.print_execution_plan()
    results = dataset.evaluate()
    print(f"{len(results)} records")
    for task_id, counts in results.task_counts().items():
        rate = "-" if counts.pass_rate is None else f"{counts.pass_rate:.3f}"
        print(f"{task_id:<24} {counts.passed:>4} of {counts.total} passed, {counts.skipped} skipped, pass rate {rate}")


def check_writes(trajectories: Iterable[dict[str, Any]]) -> None:
    """What to book or cancel differs from task to task: so does the plan, one for the trials of each task."""
    trials: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for trajectory in trajectories:
        trials[trajectory["task_id"]].append(trajectory)
    passed = total = 0
    for attempts in trials.values():
        actions = [action for action in attempts[0]["info"]["task"]["actions"] if action["name"] in WRITES]
        if not actions:
            continue
        dataset = GenAIEvalDataset(records=[record(n, t) for n, t in enumerate(attempts)], tasks=[right_writes(actions)])
        counts = dataset.evaluate().task_counts()["right_writes"]
        passed, total = passed + counts.passed, total + counts.total
    print(f"{'right_writes':<24} {passed:>4} of {total} passed, for the tasks that ask for a change")


def main(path: Path) -> None:
    trajectories = json.loads(path.read_text(encoding="utf-8"))
    check_rules(trajectories)
    check_writes(trajectories)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} gpt-4o-airline.json (see README.md beside it for the source)")
    main(Path(sys.argv[1]))
