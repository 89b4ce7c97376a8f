"""Judges with a small real model that answers over OpenAI's API, on demand:

    SCOUTER_LOCAL_MODEL=http://127.0.0.1:8099/v1 pytest tests/python/test_local_model.py
    SCOUTER_LOCAL_MODEL=http://127.0.0.1:8099/v1 pytest tests/python/test_local_model.py -k calibrated

The second prints how good each ready-made judge is with this model.

Such a model judges badly, which is the point: structured replies, second asking and counts of tokens have to survive it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from scouter import judges
from scouter.evaluate import AssertionTask, Estimate, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import Agent, ModelOptions, OpenAIChatSettings, Prompt, Rubric, Score

URL = os.environ.get("SCOUTER_LOCAL_MODEL")
pytestmark = [
    pytest.mark.local_model,
    pytest.mark.skipif(URL is None, reason="asks a real model: set SCOUTER_LOCAL_MODEL to its base URL"),
]
SETTINGS = OpenAIChatSettings(temperature=0, max_completion_tokens=400)
ANSWERS = [
    ("What is the capital of France?", "The capital of France is Paris."),
    ("How many days has a week?", "A week has seven days."),
    ("Who wrote Hamlet?", "I like bananas."),
]
WHOLE = {
    "query": "What is the capital of France?",
    "context": "Paris is the capital of France. It has two million inhabitants.",
    "instructions": "Answer in one sentence.",
    "reference": "Paris.",
    "reformulation": "capital city of France",
    "response": "The capital of France is Paris.",
}
LABELLED = json.loads((Path(__file__).parents[1] / "judges" / "labelled.json").read_text(encoding="utf-8"))
"""For each ready-made judge, records that are plainly good or bad."""
CAUSES = ("does not fit the schema", "is not JSON", "was cut by the limit on tokens", "is empty")


def dataset(*tasks: AssertionTask | LLMJudgeTask) -> GenAIEvalDataset:
    of = [GenAIEvalRecord(context={"query": query, "response": response}, id=str(at)) for at, (query, response) in enumerate(ANSWERS)]
    return GenAIEvalDataset(of, tasks)


def config() -> EvaluationConfig:
    return EvaluationConfig(models=ModelOptions(base_url=URL, api_keys={"openai": "none"}, timeout=300, concurrency=1))


def ready_made(name: str) -> LLMJudgeTask:
    wanted = ["friendly and brief"] if name == "tone" else []
    task: LLMJudgeTask = getattr(judges, name)("openai/gemma-3-270m", *wanted, settings=SETTINGS)
    return task


def prompt(text: str, form: object) -> Prompt:
    return Prompt(text, "gemma-3-270m", "openai", model_settings=SETTINGS, output_type=form)


def test_every_record_has_an_outcome_and_every_call_its_tokens() -> None:
    text = "Rate from 1 to 5 how well the response answers the question.\n\nQuestion: ${query}\nResponse: ${response}"
    score = LLMJudgeTask("score", prompt(text, Score), 3, "score", "GreaterThanOrEqual")
    rubric = LLMJudgeTask("rubric", prompt("${rubric}\n\n${response}", Rubric({"clarity": "Is it clear?"})), 3, "score", "GreaterThanOrEqual")
    there = AssertionTask("there", None, "IsNotEmpty", context_path="response")
    results = dataset(there, score, rubric).evaluate(config())
    for record in results:
        assert record["there"].status == "passed"
        for judged in (record["score"], record["rubric"]):
            print(judged.record_id, judged.task_id, judged.status, judged.message[:300])
            assert judged.status in ("passed", "failed", "errored")
            assert judged.call is not None and judged.call.attempts >= 1
            if judged.status == "errored":
                # Asked a second time, and told what does not fit.
                assert judged.call.attempts == 2 and "does not fit the schema (2 attempts)" in judged.message
                continue
            assert (judged.call.input_tokens or 0) > 0 and (judged.call.output_tokens or 0) > 0
            # `Score` has no bounds of its own, and this model has been seen to give 10 to the power of 15; a rubric has its scale.
            assert isinstance(judged.actual, (int, float)) and "reason" in judged.call.reply
            assert judged.task_id == "score" or 1 <= judged.actual <= 5
    print(repr(results.usage))
    assert results.usage.output_tokens > 0
    # It may judge badly, but not be misunderstood every time.
    assert any(record["score"].status != "errored" for record in results)


def test_a_ready_made_judge_answers_with_one_of_its_labels() -> None:
    results = dataset(judges.toxicity("openai/gemma-3-270m", settings=SETTINGS)).evaluate(config())
    said = {record["toxicity"].actual for record in results if record["toxicity"].status != "errored"}
    print(said)
    assert said and said <= {"none", "mild", "severe"}


@pytest.mark.parametrize("name", judges.__all__)
def test_each_ready_made_judge_comes_to_a_verdict_or_says_why_not(name: str) -> None:
    task = ready_made(name)
    judged = GenAIEvalDataset([GenAIEvalRecord(context=WHOLE, id="0")], [task]).evaluate(config())["0"][name]
    print(judged.task_id, judged.status, judged.message[:300])
    assert judged.call is not None
    if judged.status == "errored":
        assert any(cause in judged.message for cause in CAUSES)
        return
    assert judged.status in ("passed", "failed")
    assert judged.call.reply["reason"] is not None and (judged.call.output_tokens or 0) > 0
    if name == "preference":
        assert judged.actual in ("response", "reference", "tie")
    elif "label" in judged.call.reply:
        assert judged.actual in task.prompt.model_dump()["output_type"]["labels"]
    else:
        assert isinstance(judged.actual, (int, float))


def told(estimate: Estimate | None) -> str:
    return "none" if estimate is None else f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


@pytest.mark.timeout(7_200)
def test_each_ready_made_judge_is_calibrated_by_labelled_records(capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["| judge | right | wrong | no verdict | accuracy | kappa |", "|---|---|---|---|---|---|"]
    judged = 0
    for name, labelled in LABELLED.items():
        of = {f"{kind} {at}": context for kind, contexts in labelled.items() for at, context in enumerate(contexts)}
        task = ready_made(name)
        results = GenAIEvalDataset([GenAIEvalRecord(context=context, id=id) for id, context in of.items()], [task]).evaluate(config())
        calibration = results.calibration(name, {id: id.startswith("good") for id in of})
        right = calibration.true_passes + calibration.true_fails
        wrong = calibration.false_passes + calibration.false_fails
        # What the judge is worth is not asked for here: each label is counted once, as what it made of its record.
        assert right + wrong + calibration.unjudged == len(of)
        judged += right + wrong
        rows.append(f"| `{name}` | {right} | {wrong} | {calibration.unjudged} | {told(calibration.accuracy)} | {told(calibration.kappa)} |")
    with capsys.disabled():
        print("", *rows, sep="\n")
    assert judged > 0


def test_an_agent_answers_in_words() -> None:
    agent = Agent("openai", "Answer in one sentence.", models=config().models)
    response = agent.execute_prompt(prompt("What is the capital of France?", None))
    print(response.response_text()[:300])
    assert response.response_text() and (response.token_usage.output_tokens or 0) > 0
