"""The progress bar: on a terminal, for runs that last."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CODE = """
import time
from scouter.evaluate import CustomTask, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord

def slow(context):
    time.sleep(SECONDS)
    return True

records = [GenAIEvalRecord(context={}) for _ in range(4)]
GenAIEvalDataset(records, [CustomTask("slow", slow)]).evaluate(EvaluationConfig(max_concurrency=1))
"""


def shown(seconds: float) -> str:
    """What a run of four calls shows on a terminal."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    code = CODE.replace("SECONDS", str(seconds))
    with subprocess.Popen([sys.executable, "-c", code], stderr=theirs, stdout=theirs) as process:
        os.close(theirs)
        out = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # Linux says so where the other end is closed.
                break
            if not piece:
                break
            out += piece
    os.close(ours)
    assert process.returncode == 0
    return out.decode()


def test_a_terminal_shows_how_far_a_long_run_is() -> None:
    assert "/4 records" in shown(0.6)


@pytest.mark.timed
@pytest.mark.parametrize("seconds", [0, 0.1])
def test_a_terminal_shows_nothing_of_a_run_of_less_than_a_second(seconds: float) -> None:
    assert shown(seconds) == ""


def test_a_pipe_shows_nothing_of_a_long_run() -> None:
    code = CODE.replace("SECONDS", "0.4")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("", "")
