"""What pytest-xdist asks of these tests: every process collects the same, in the same order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_every_process_collects_the_same_tests(root: Path) -> None:
    command = [sys.executable, "-m", "pytest", "tests/python", "--collect-only", "-q", "-p", "no:cacheprovider"]
    collect = [
        subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, text=True) for seed in ("1", "2")
    ]
    one, other = (process.communicate()[0].splitlines()[:-1] for process in collect)
    assert len(one) > 1_000 and one == other
