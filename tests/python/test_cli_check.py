"""`scouter eval check`: what a suite would stumble over, and what it would ask, before anything is spent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scouter.cli import Exit, main

SUITE = """\
tasks:
  - {task_type: Assertion, id: never_opens, context_path: answer, operator: Equals, expected_value: nowhere, condition: true}
  - {task_type: Assertion, id: unreachable, context_path: answer, operator: IsNotEmpty, depends_on: [never_opens]}
  - {task_type: Assertion, id: leads_nowhere, context_path: answre, operator: IsNotEmpty}
  - {task_type: Assertion, id: cannot_fit, context_path: answer, operator: GreaterThan, expected_value: 5}
  - {task_type: Assertion, id: without_source, context_path: answer, operator: Equals, expected_value: "${trtuh}"}
  - {task_type: Assertion, id: short, context_path: answer, operator: HasLengthLessThan, expected_value: 4, condition: true}
  - task_type: LLMJudge
    id: asks
    depends_on: [short]
    prompt: {model: gpt-4o-mini, provider: openai, messages: "Rate ${answer}.", output_type: Score}
    context_path: score
    operator: GreaterThanOrEqual
    expected_value: 4
"""
CHECK = ["eval", "check", "suite.yaml", "--data", "records.jsonl"]


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the command finds, as JSON; without a key of the provider, so that nobody can have been asked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    Path("suite.yaml").write_text(SUITE)
    Path("records.jsonl").write_text("".join(json.dumps({"answer": answer, "truth": "yes"}) + "\n" for answer in ("yes", "no", "perhaps")))
    assert main([*CHECK, "--json"]) == Exit.BAD_CONFIGURATION
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("task", "severity", "field", "words"),
    [
        ("never_opens", "warning", "condition", "what depends on it never runs: `unreachable`"),
        ("unreachable", "warning", None, "it runs on none of the 3 sample records"),
        ("leads_nowhere", "error", "context_path", "`answre` is missing in all 3 sample records"),
        ("cannot_fit", "error", "operator", "`GreaterThan` cannot judge text"),
        ("without_source", "error", "expected_value", "`${trtuh}` has no source"),
    ],
)
def test_what_a_suite_would_stumble_over_is_found(checked: dict[str, Any], task: str, severity: str, field: str | None, words: str) -> None:
    [finding] = [finding for finding in checked["findings"] if finding["task"] == task]
    assert (finding["severity"], finding["field"]) == (severity, field) and words in finding["message"]


def test_calls_are_estimated_and_not_made(checked: dict[str, Any]) -> None:
    assert checked["calls"] == [{"kind": "LLMJudge", "tasks": 1, "likely": 2, "most": 3}]


def test_findings_are_lines_that_people_read(checked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    main(CHECK)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:5]] == [finding["severity"] for finding in checked["findings"]]
    assert "calls: LLMJudge: likely 2, at most 3, of 1 task" in lines
    assert lines[-1] == "bad configuration: 3 errors, 2 warnings, 0 notes; 7 tasks tried on 3 records"
