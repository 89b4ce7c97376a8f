"""`.ci/test`: what a run that was killed left in memory is gone with the next one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
PROGRAMS = ("bash", "cksum", "cut", "dirname", "flock", "mkdir", "mktemp", "rm")
"""What it needs before it looks for tools. It finds none of these then, and comes to its end."""

pytestmark = pytest.mark.skipif(not os.access(MEMORY, os.W_OK), reason="there is no memory to write files into")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in PROGRAMS:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where a run keeps its builds and its lock."""
    return tmp_path / "target" / "scouter-tests"


def number_of(lock: Path) -> str:
    return subprocess.run(["cksum"], input=f"{lock}\n", capture_output=True, text=True, check=True).stdout.split()[0]


@pytest.fixture
def left(kept: Path) -> Iterator[dict[str, Path]]:
    """The folders of a run that was killed, and of one that has another lock."""
    folders = {name: MEMORY / f"scouter-{number_of(lock)}-Ab12Cd" for name, lock in (("own", kept), ("other", kept / "x"))}
    for folder in folders.values():
        (folder / "postgres").mkdir(parents=True, exist_ok=True)
    yield folders
    for folder in folders.values():
        shutil.rmtree(folder, ignore_errors=True)


def test_the_folder_of_a_run_that_was_killed_is_deleted_and_that_of_another_lock_is_not(
    root: Path, tmp_path: Path, kept: Path, programs: Path, left: dict[str, Path]
) -> None:
    places = dict.fromkeys(["HOME", "CARGO_HOME", "TMPDIR"], str(tmp_path))
    environment = {"PATH": str(programs), "CARGO_TARGET_DIR": str(kept.parent), **places}
    run = subprocess.run([str(programs / "bash"), str(root / ".ci" / "test")], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and "cannot run the tests: install " in run.stderr, run.stderr
    assert {name: folder.exists() for name, folder in left.items()} == {"own": False, "other": True}
