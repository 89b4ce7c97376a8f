"""Run directories of versions before: what is on users' disks is gone on with, or refused with the reason."""

from __future__ import annotations

import json
import runpy
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scouter.errors import RunDirError
from scouter.genai import ScriptedModel


@pytest.fixture
def kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The script that wrote the directory: whose run it is."""
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    return runpy.run_path(str(root / "tests/golden/run_3.py"))


class Words:
    """Counts words, and keeps what it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, context: dict[str, Any]) -> int:
        self.asked.append(context["text"])
        return len(context["text"].split())


STATUSES = {
    "whole": ["passed", "passed", "passed", "passed", "passed", "passed"],
    "short": ["passed", "failed", "passed", "failed", "failed", "failed"],
    "empty": ["failed", "skipped", "passed", "failed", "failed", "skipped"],
    "broken": ["passed", "passed", "passed", "failed", "passed", "failed"],
}


def test_a_run_of_format_3_goes_on_where_it_was(kept: dict[str, Any], tmp_path: Path) -> None:
    folder = shutil.copytree(kept["FOLDER"], tmp_path / "run")
    words, nobody = Words(), ScriptedModel([])
    results = kept["dataset"](words).evaluate(kept["config"](nobody), run_dir=folder)
    # The function had raised for this one. The model had answered.
    assert (words.asked, nobody.asked) == (["wait for me"], [])
    assert {id: [task.status for task in results[id]] for id in STATUSES} == STATUSES
    assert results["whole"]["exact"].actual == results["whole"]["exact"].expected == 2**70
    assert results["whole"]["price"].actual == Decimal("1.10")
    assert results["whole"]["deep"].actual == {"é": [None, True, -0.5, 1e300]}
    assert "3000" in str(results["short"]["deep"].actual) and results["empty"]["deep"].actual == []
    assert results["empty"]["words"].message == "the gate `answered` did not pass"
    call = results["whole"]["quality"].call
    assert (call.reply, call.model, call.origin) == ({"score": 5, "reason": "said on purpose"}, "gpt-4o-mini", "live")


def test_answers_of_a_run_of_format_3_are_taken_over(kept: dict[str, Any]) -> None:
    words, nobody = Words(), ScriptedModel([])
    results = kept["dataset"](words, least=1).evaluate(kept["config"](nobody), reuse=kept["FOLDER"])
    assert (words.asked, nobody.asked) == (["wait for me"], [])
    assert results.task_counts()["words"].passed == 3
    assert results["short"]["quality"].call.origin == "memory"
    assert sorted(file.name for file in kept["FOLDER"].iterdir()) == ["run.json", "run.log"]


@pytest.mark.parametrize("use", ["run_dir", "reuse"])
def test_a_run_of_a_later_format_is_refused_and_left_as_it_is(use: str, kept: dict[str, Any], tmp_path: Path) -> None:
    folder = shutil.copytree(kept["FOLDER"], tmp_path / "run")
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps({**manifest, "format": 5}), encoding="utf-8")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(RunDirError, match="`run.json` has format 5, of a later version of Scouter: this one knows 3 to 4"):
        kept["dataset"](Words()).evaluate(kept["config"](ScriptedModel([])), **{use: folder})
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "run.lock"} == before
