"""Documents that are saved: whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scouter import PsiDriftConfig
from scouter.genai import Prompt, Provider

FULL = """
import resource, sys
from scouter import PsiDriftConfig
from scouter.genai import Prompt, Provider

# A file that may not grow is what a full disk looks like to whoever writes it.
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
try:
    {save}(sys.argv[1])
except OSError as error:
    print("told:", error)
"""
PROMPT = 'Prompt("x" * 20_000, "m", Provider.OpenAI).save_prompt'
CONFIG = 'PsiDriftConfig(categorical_features=[f"feature_{at}" for at in range(2_000)]).save_to_json'


@pytest.mark.parametrize("save", [PROMPT, CONFIG], ids=["prompt", "configuration"])
def test_a_disk_that_fills_up_leaves_the_document_that_was_there(save: str, tmp_path: Path) -> None:
    path = tmp_path / "document.json"
    path.write_text("that of yesterday", encoding="utf-8")
    command = [sys.executable, "-c", FULL.replace("{save}", save), str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("told:"), run
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("document.json", "that of yesterday")]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    for save in (Prompt("x", "m", Provider.OpenAI).save_prompt, PsiDriftConfig().save_to_json):
        with pytest.raises(FileNotFoundError, match="there is no folder `.*nowhere`"):
            save(tmp_path / "nowhere" / "document.json")
