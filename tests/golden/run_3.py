"""Writes a run directory of the format 3, as it is left when one record errored.

    python tests/golden/run_3.py

writes `run_3/`. What is in it is not written again: it is what users have on their disks, and `tests/python/test_kept_runs.py` goes on
with it. A later format gets a script and a directory of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from scouter.evaluate import AssertionTask, ComparisonOperator, CustomTask, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import ModelOptions, Prompt, Score, ScriptedModel

FOLDER = Path(__file__).with_suffix("")
CONTEXTS: dict[str, dict[str, Any]] = {
    "whole": {"text": "wait a minute, please", "n": 2**70, "price": Decimal("1.10"), "deep": {"é": [None, True, -0.5, 1e300]}},
    "short": {"text": "wait", "n": 7, "price": 2, "deep": "x" * 3_000},
    "empty": {"text": "", "n": 0, "price": None, "deep": []},
    "broken": {"text": "wait for me", "n": -1, "price": 1.1, "deep": {}},
}


def dataset(words: Callable[[dict[str, Any]], int], least: int = 3) -> GenAIEvalDataset:
    prompt = Prompt("Rate ${text}.", "gpt-4o-mini", "openai", output_type=Score)
    tasks = [
        AssertionTask("answered", operator=ComparisonOperator.IsNotEmpty, context_path="text", condition=True),
        CustomTask("words", words, least, ComparisonOperator.GreaterThanOrEqual, depends_on=["answered"], version="1"),
        AssertionTask("exact", "${n}", ComparisonOperator.Equals, "n"),
        AssertionTask("price", Decimal("1.10"), ComparisonOperator.Equals, "price"),
        AssertionTask("deep", operator=ComparisonOperator.IsObject, context_path="deep"),
        LLMJudgeTask("quality", prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual, depends_on=["answered"]),
    ]
    return GenAIEvalDataset([GenAIEvalRecord(context=context, id=id) for id, context in CONTEXTS.items()], tasks)


def config(model: ScriptedModel) -> EvaluationConfig:
    return EvaluationConfig(models=ModelOptions(model=model))


def words(context: dict[str, Any]) -> int:
    if context["n"] < 0:
        raise ValueError("broken on purpose")
    return len(context["text"].split())


def judged(request: dict[str, Any]) -> Score:
    return Score(5 if "please" in request["messages"][0]["content"] else 2, "said on purpose")


if __name__ == "__main__":
    dataset(words).evaluate(config(ScriptedModel(judged)), run_dir=FOLDER)
    (FOLDER / "run.lock").unlink()
