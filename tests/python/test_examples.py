"""Runs each example as its readers do, as a script, and checks the numbers that must come out."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

RealInput = Callable[[str], Path]


def output(root: Path, example: str, *arguments: Path) -> str:
    """What an example prints; its error, if it has one, fails the test."""
    done = subprocess.run(
        [sys.executable, root / "examples" / example, *arguments], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def words(text: str, first: str) -> list[str]:
    """The words of the line that starts with `first`, without it."""
    lines = [line.split() for line in text.splitlines() if line.split()[:1] == [first]]
    assert len(lines) == 1, f"{len(lines)} lines start with `{first}`:\n{text}"
    return lines[0][1:]


def test_quickstart_counts_what_its_gate_skips(root: Path) -> None:
    text = output(root, "quickstart.py")
    assert "answered: 2 passed, 1 failed, 0 skipped of 3" in text
    assert "is_short: 2 passed, 0 failed, 1 skipped of 3" in text
    assert "has_source: 1 passed, 1 failed, 1 skipped of 3" in text
    assert "is_quick: 2 passed, 1 failed, 0 skipped of 3" in text


def test_quickstart_prints_no_colour_into_a_pipe(root: Path) -> None:
    assert "\x1b" not in output(root, "quickstart.py")


@pytest.fixture(scope="module")
def gsm8k(root: Path, real_input: RealInput) -> str:
    path = real_input("gsm8k_solutions/example_model_solutions.jsonl")
    return output(root, "gsm8k_regression/run.py", path)


@pytest.mark.parametrize(
    ("model", "row"),
    [  # records, right, wrong, no answer, concise, negative: each counted from the data by other means
        ("6b_finetuning", "1319 286 1027 6 1279 30"),
        ("6b_verification", "1319 515 803 1 1290 0"),
        ("175b_finetuning", "1319 458 854 7 1266 30"),
        ("175b_verification", "1319 742 576 1 1274 0"),
    ],
)
def test_gsm8k_counts_each_model_exactly(gsm8k: str, model: str, row: str) -> None:
    assert " ".join(words(gsm8k.split("\n\n175b_verification against")[0], model)) == row


def test_gsm8k_comparison_shows_each_changed_record(gsm8k: str) -> None:
    rows = re.findall(r"^│ (question-\d+) +┆ answer_is_right +┆ (\w+) +┆ (\w+) +│$", gsm8k, re.M)
    gained = {record for record, before, now in rows if before != "passed" and now == "passed"}
    lost = {record for record, before, now in rows if before == "passed" and now != "passed"}
    assert (len(gained), len(lost)) == (360, 76)
    assert "Verdict: improved" in gsm8k
    assert "answer_is_right: 436 records changed" in gsm8k
    assert "answer_is_right: 360 gained, 76 lost, +284 in all" in gsm8k


@pytest.fixture(scope="module")
def trajectories(root: Path, real_input: RealInput) -> str:
    text = output(root, "agent_trajectories/run.py", real_input("tau_bench_airline/gpt-4o-airline.json"))
    plan, heading, counts = text.partition("200 records\n")
    assert heading, f"not 200 records:\n{text}"
    return counts


def test_trajectories_give_the_published_pass_rate(trajectories: str) -> None:
    assert re.search(r"^solved +84 of 200 passed, 0 skipped, pass rate 0\.420$", trajectories, re.M)


@pytest.mark.parametrize(
    ("task", "counts"),
    [
        ("few_tool_calls", "181 of 200 passed, 0 skipped"),
        ("one_handover", "200 of 200 passed, 0 skipped"),
        ("reads_before_cancelling", "44 of 200 passed, 154 skipped"),
        ("right_writes", "37 of 120 passed"),
    ],
)
def test_trajectories_are_judged_by_order_count_and_arguments(trajectories: str, task: str, counts: str) -> None:
    assert " ".join(words(trajectories, task)).startswith(counts)


def test_a_service_that_is_watched_hands_its_features_over(root: Path, server: Any, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, root / "examples" / "model_monitoring" / "app.py", str(port)]
    environment = {**os.environ, "SCOUTER_SERVER_URI": server.uri}
    app = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    assert app.stderr is not None
    try:
        for line in app.stderr:
            if "Uvicorn running" in line:
                break
        for number in range(50):
            body = json.dumps({f"feature_{at}": at + number / 100 for at in (1, 2, 3)}).encode()
            headers = {"content-type": "application/json"}
            asked = urllib.request.Request(f"http://127.0.0.1:{port}/predict", data=body, headers=headers)
            with urllib.request.urlopen(asked) as answer:
                assert json.load(answer) == {"message": "success"}
    finally:
        app.send_signal(signal.SIGTERM)
        app.stderr.read()
        app.stderr.close()
        app.wait(60)
    rows = server.rows("SELECT numbers FROM records ORDER BY uid")
    assert len(rows) == 50 and rows[1] == ["{1.01,2.01,3.01}"]
