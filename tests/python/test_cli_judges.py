"""Judges on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scouter.cli import Exit, main
from scouter.mock import LLMTestServer, Reply

SUITE = """\
tasks:
  - task_type: LLMJudge
    id: quality
    prompt: {model: gpt-4o-mini, provider: openai, messages: "Rate ${answer}.", output_type: Score}
    context_path: score
    operator: GreaterThanOrEqual
    expected_value: 4
"""
GOOD = {"score": 5, "reason": "good"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a suite and ten records, and no key in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    Path("suite.yaml").write_text(SUITE)
    Path("records.jsonl").write_text("".join(json.dumps({"answer": f"answer {n}"}) + "\n" for n in range(10)))
    return tmp_path


def run(*options: str) -> int:
    return main(["eval", "run", "suite.yaml", "--data", "records.jsonl", *options])


def test_a_cassette_is_recorded_and_then_played_without_a_key(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LLMTestServer(GOOD) as server:
        assert run("--cassette", "tape.jsonl") == Exit.PASSED
        assert server.calls == 10
    assert "10 calls for $0." in capsys.readouterr().out
    assert run("--cassette", "tape.jsonl", "--replay", "--json") == Exit.PASSED
    assert json.loads(capsys.readouterr().out)["usage"]["cost"] == 0.0


def test_what_is_not_known_to_cost_anything_is_not_told_as_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("suite.yaml").write_text(SUITE.replace("gpt-4o-mini", "my-own-model"))
    with LLMTestServer(GOOD):
        assert run("-o", "rows.jsonl") == Exit.PASSED
    out = capsys.readouterr().out
    assert "10 calls of unknown cost" in out and "$0" not in out


def test_without_a_key_nothing_is_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == Exit.BAD_CONFIGURATION
    assert "OPENAI_API_KEY" in "".join(capsys.readouterr())


def test_a_wrong_key_ends_the_run_as_bad_configuration(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with LLMTestServer(GOOD, key="right-key"):
        monkeypatch.setenv("OPENAI_API_KEY", "wrong-key")
        assert run() == Exit.BAD_CONFIGURATION
    assert "the key is not accepted" in capsys.readouterr().out


def test_a_budget_that_ends_the_run_makes_it_inconclusive(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LLMTestServer(GOOD):
        assert run("--budget-usd", "0.000001", "--concurrency", "1") == Exit.INCONCLUSIVE
    assert "the budget of dollars is used up" in capsys.readouterr().out


def test_a_run_whose_time_is_over_is_inconclusive(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LLMTestServer(Reply(GOOD, delay=30)):
        assert run("--run-timeout", "0.5") == Exit.INCONCLUSIVE
    assert "the time of the run is over: 500ms have passed" in capsys.readouterr().out


def test_playing_needs_a_cassette(here: Path) -> None:
    assert run("--replay") == Exit.BAD_CONFIGURATION


def test_the_check_counts_calls(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "check", "suite.yaml", "--data", "records.jsonl"]) == Exit.PASSED
    assert "calls: LLMJudge: likely 10, at most 10" in capsys.readouterr().out
