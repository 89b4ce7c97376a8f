"""Fixtures for all Python tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

# A shell that starts the tests in the background has them ignore Ctrl-C, and Python then leaves it at that.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
# Real inputs are not part of the repository: a folder beside it, or the one this variable names.
DATA = Path(os.environ.get("SCOUTER_DATA", ROOT.parent / "shared" / "data"))
SOURCES = {
    "gsm8k_solutions/example_model_solutions.jsonl": "openai/grade-school-math",
    "tau_bench_airline/gpt-4o-airline.json": "sierra-research/tau-bench",
}


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real_input() -> Callable[[str], Path]:
    """Finds a file of real data; where it is missing the test is skipped (in CI it fails) and says where the file comes from."""

    def find(name: str) -> Path:
        path = DATA / name
        if not path.is_file():
            missing = pytest.fail if os.environ.get("CI") else pytest.skip
            missing(f"no `{path}`; get it from the public repository {SOURCES[name]}, or set SCOUTER_DATA")
        return path

    return find
