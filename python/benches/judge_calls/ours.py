"""Scouter."""

from __future__ import annotations

import timing
from scouter.evaluate import EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import ModelOptions, Prompt, Score

URL, CALLS, IN_FLIGHT, JUDGES = timing.arguments()


def judge(at: int) -> LLMJudgeTask:
    text = timing.QUESTION.format(query="${query}", response="${response}") + f"\n({at})"
    prompt = Prompt(text, "gpt-4o-mini", "openai", output_type=Score)
    return LLMJudgeTask(f"quality_{at}", prompt, 4, "score", "GreaterThanOrEqual")


dataset = GenAIEvalDataset([GenAIEvalRecord(row) for row in timing.rows(CALLS)], [judge(at) for at in range(JUDGES)])
config = EvaluationConfig(max_concurrency=IN_FLIGHT, progress=False, models=ModelOptions(base_url=URL, concurrency=IN_FLIGHT))


def run() -> int:
    results = dataset.evaluate(config)
    return sum(counts.passed for counts in results.task_counts().values())


timing.measure(run, CALLS * JUDGES)
