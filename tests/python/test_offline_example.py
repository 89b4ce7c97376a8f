"""An offline evaluation as the documentation of others shows it: these imports, arguments and calls, over real HTTP."""

from __future__ import annotations

import pytest

from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset, LLMJudgeTask
from scouter.genai import Prompt, Provider, Score
from scouter.mock import LLMTestServer
from scouter.queue import GenAIEvalRecord


def test_a_gated_judge_with_a_score_is_planned_run_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    prompt = Prompt(
        messages=("How good is it, from 1 to 5?\n\nAsked: ${query}\nSaid: ${response}"),
        model="gemini-2.5-flash-lite",
        provider=Provider.Gemini,
        output_type=Score,
    )
    tasks = [
        AssertionTask(
            id="not_empty",
            context_path="response",
            operator=ComparisonOperator.HasLengthGreaterThan,
            expected_value=10,
            condition=True,
        ),
        LLMJudgeTask(
            id="quality_check",
            prompt=prompt,
            expected_value=4,
            context_path="score",
            operator=ComparisonOperator.GreaterThanOrEqual,
            depends_on=["not_empty"],
            description="At least 4 of 5",
        ),
    ]
    pairs = [("Where is it?", "On the second shelf."), ("And now?", ""), ("Why?", "Because of ${query}, and so on.")]
    dataset = GenAIEvalDataset(records=[GenAIEvalRecord(context={"query": q, "response": r}) for q, r in pairs], tasks=tasks)
    dataset.print_execution_plan()
    assert "quality_check" in capsys.readouterr().out

    with LLMTestServer(lambda request: {"score": 2 if "Why?" in request.text else 5, "reason": "so it is"}) as server:
        results = dataset.evaluate()
    assert (server.calls, {request.provider for request in server.requests}) == (2, {"gemini"})
    assert any("Asked: Why?\nSaid: Because of ${query}, and so on." in request.text for request in server.requests)

    judged = [aligned.eval_set.records[1] for aligned in results]
    assert [(task.status, task.actual) for task in judged] == [("passed", 5), ("skipped", None), ("failed", 2)]
    assert (judged[0].call.reply, judged[0].call.reason) == ({"score": 5, "reason": "so it is"}, "so it is")
    results.as_table()
    results.as_table(show_tasks=True)
    assert "quality_check" in capsys.readouterr().out
