"""Cassettes and caches of judges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scouter.evaluate import ComparisonOperator, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import ModelOptions, Prompt, Score
from scouter.mock import LLMTestServer

GOOD = {"score": 5, "reason": "good"}


def dataset(text: str = "Rate ${response}.", count: int = 3) -> GenAIEvalDataset:
    judge = LLMJudgeTask("quality", Prompt(text, "gpt-4o-mini", "openai", output_type=Score), 4, "score", ComparisonOperator.GreaterThanOrEqual)
    return GenAIEvalDataset([GenAIEvalRecord(context={"response": f"response {n}"}, id=str(n)) for n in range(count)], [judge])


def run(of: GenAIEvalDataset, trials: int = 1, **options: Any) -> Any:
    return of.evaluate(EvaluationConfig(models=ModelOptions(**options)), trials=trials)


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_keys")
def test_a_cassette_is_recorded_and_played_without_a_key(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(GOOD) as server:
        first = run(dataset(), cassette=tape)
        assert server.calls == 3
    recorded = tape.read_text()
    assert len(recorded.splitlines()) == 3
    for mode in ("replay", "replay_or_fail"):
        again = run(dataset(), cassette=tape, cassette_mode=mode)
        assert again.pass_rate == first.pass_rate == 1.0
        assert again[0].eval_set.records[0].call.origin == "cassette"
    assert tape.read_text() == recorded


@pytest.mark.usefixtures("no_keys")
def test_a_question_that_is_not_recorded_errs_and_shows_the_difference(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(GOOD):
        run(dataset(), cassette=tape)
    task = run(dataset("Grade ${response}."), cassette=tape, cassette_mode="replay_or_fail")[0].eval_set.records[0]
    assert task.status == "errored" and "no recording" in task.message and "Rate response 0." in task.message


def test_what_is_missing_in_a_cassette_is_asked_and_recorded(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(GOOD) as server:
        run(dataset(count=2), cassette=tape)
        run(dataset(count=3), cassette=tape)
        assert server.calls == 3
        run(dataset(count=3), cassette=tape, cassette_mode="record")
        assert server.calls == 6
    assert len(tape.read_text().splitlines()) == 3


def test_a_cassette_that_is_broken_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "tape.jsonl").write_text("nonsense\n")
    with pytest.raises(ValueError, match="line 1"):
        run(dataset(), cassette=tmp_path / "tape.jsonl")


def test_a_cache_answers_what_was_asked_before_and_each_trial_for_itself(tmp_path: Path) -> None:
    with LLMTestServer(GOOD) as server:
        run(dataset(), trials=2, cache_dir=tmp_path)
        assert server.calls == 6
        again = run(dataset(), trials=2, cache_dir=tmp_path)
        assert server.calls == 6
        run(dataset(), trials=3, cache_dir=tmp_path)
        assert server.calls == 9
    call = again[0].eval_set.records[0].call
    assert (call.origin, call.cost, call.attempts) == ("cache", 0.0, 0)


def test_a_cache_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="open the cache"), LLMTestServer(GOOD):
        run(dataset(), cache_dir=tmp_path / "file")
