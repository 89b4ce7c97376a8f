"""scouter-ml: it cannot be told how many calls may be in flight."""

from __future__ import annotations

import timing
from scouter.evaluate import ComparisonOperator, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import Prompt, Provider, Score

URL, CALLS, IN_FLIGHT, _ = timing.arguments()

prompt = Prompt(
    messages=timing.QUESTION.format(query="${query}", response="${response}"),
    model="gpt-4o-mini",
    provider=Provider.OpenAI,
    output_type=Score,
)
task = LLMJudgeTask(
    id="quality", prompt=prompt, expected_value=4, context_path="score", operator=ComparisonOperator.GreaterThanOrEqual
)
dataset = GenAIEvalDataset([GenAIEvalRecord(context=row, id=str(at)) for at, row in enumerate(timing.rows(CALLS))], [task])


def run() -> int:
    results = dataset.evaluate()
    return sum(results[str(at)].eval_set.records[0].passed for at in range(CALLS))


timing.measure(run, CALLS)
