"""`.ci/copy.py`: the copy of a checkout that is tested is the same as the checkout, and what did not change keeps its time."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

LONG_AGO = 1_000_000_000.0
Update = Callable[[Path, Path], None]


@pytest.fixture(scope="session")
def update(root: Path) -> Update:
    function: Update = runpy.run_path(str(root / ".ci" / "copy.py"))["update"]
    return function


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of git, with a program, a link, and what git leaves out."""
    # A hook of git runs the tests with variables that name another repository.
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    made = tmp_path / "made here"
    (made / "src").mkdir(parents=True)
    (made / "target").mkdir()
    (made / ".gitignore").write_text("/target/\n")
    (made / "src" / "lib.rs").write_text("one\n")
    (made / "src" / "naïve\n.rs").write_text("two\n")
    (made / "run").write_text("#!/bin/sh\n")
    (made / "run").chmod(0o755)
    (made / "link").symlink_to("src")
    (made / "target" / "built").write_text("")
    subprocess.run(["git", "init", "--quiet"], cwd=made, check=True)
    subprocess.run(["git", "add", "src"], cwd=made, check=True)
    return made


@pytest.fixture
def copy(tmp_path: Path, update: Update, checkout: Path) -> Path:
    """A copy that was made long ago."""
    place = tmp_path / "kept" / "copy"
    update(checkout, place)
    for path in files(place):
        os.utime(place / path, (LONG_AGO, LONG_AGO), follow_symlinks=False)
    return place


def files(folder: Path) -> dict[str, tuple[str, bool]]:
    """What is in a folder but for what is git's own: what each file says or a link leads to, and whether it can be run."""
    found = {}
    for where, folders, names in os.walk(folder):
        for path in [Path(where, name) for name in [*folders, *names]]:
            name = str(path.relative_to(folder))
            if path.is_symlink():
                found[name] = (os.readlink(path), False)
            elif path.is_file() and not name.startswith(".git/"):
                found[name] = (path.read_text(), os.access(path, os.X_OK))
    return found


def newer(folder: Path) -> set[str]:
    """The files that were written since long ago."""
    return {name for name in files(folder) if os.lstat(folder / name).st_mtime > LONG_AGO}


def test_a_copy_has_all_but_what_git_leaves_out(checkout: Path, copy: Path) -> None:
    shutil.rmtree(checkout / "target")
    assert files(copy) == files(checkout)


def test_nothing_is_written_where_nothing_changed(update: Update, checkout: Path, copy: Path) -> None:
    before = files(copy)
    (checkout / "src" / "lib.rs").write_text("one\n")
    update(checkout, copy)
    assert (newer(copy), files(copy)) == (set(), before)


def test_what_changed_is_newer_than_the_last_copy_whatever_its_time_in_the_checkout(update: Update, checkout: Path, copy: Path) -> None:
    (checkout / "src" / "lib.rs").write_text("six\n")
    os.utime(checkout / "src" / "lib.rs", (LONG_AGO, LONG_AGO))
    update(checkout, copy)
    assert (newer(copy), files(copy)["src/lib.rs"]) == ({"src/lib.rs"}, ("six\n", False))


def test_what_is_gone_or_named_anew_is_so_in_the_copy(update: Update, checkout: Path, copy: Path) -> None:
    (checkout / "src" / "lib.rs").rename(checkout / "src" / "main.rs")
    (checkout / "run").unlink()
    update(checkout, copy)
    assert set(files(copy)) == {".gitignore", "link", "src/main.rs", "src/naïve\n.rs"}


def test_a_file_in_the_place_of_a_folder_and_the_other_way_round(update: Update, checkout: Path, copy: Path) -> None:
    shutil.rmtree(checkout / "src")
    (checkout / "src").write_text("a file\n")
    (checkout / "link").unlink()
    (checkout / "link").mkdir()
    (checkout / "link" / "deep").write_text("in a folder\n")
    shutil.rmtree(checkout / "target")
    update(checkout, copy)
    assert files(copy) == files(checkout)


def test_a_link_that_leads_elsewhere_now(update: Update, checkout: Path, copy: Path) -> None:
    (checkout / "link").unlink()
    (checkout / "link").symlink_to("nowhere")
    update(checkout, copy)
    assert files(copy)["link"] == ("nowhere", False)


def test_a_file_that_can_be_run_now_keeps_its_time(update: Update, checkout: Path, copy: Path) -> None:
    (checkout / "src" / "lib.rs").chmod(0o755)
    update(checkout, copy)
    assert (newer(copy), files(copy)["src/lib.rs"]) == (set(), ("one\n", True))


def test_what_tests_left_in_the_copy_is_taken_away(update: Update, checkout: Path, copy: Path) -> None:
    (copy / "src" / "__pycache__").mkdir()
    (copy / "src" / "__pycache__" / "lib.pyc").write_text("")
    update(checkout, copy)
    assert not (copy / "src" / "__pycache__").exists()


def test_a_checkout_without_git_is_copied_but_for_what_is_built(update: Update, checkout: Path, copy: Path) -> None:
    before = files(copy)
    shutil.rmtree(checkout / ".git")
    update(checkout, copy)
    assert (newer(copy), files(copy)) == (set(), before)


def test_a_copy_in_the_checkout_has_not_itself(update: Update, checkout: Path) -> None:
    for _ in range(2):
        update(checkout, checkout / "kept" / "copy")
    assert set(files(checkout / "kept" / "copy")) == {".gitignore", "link", "run", "src/lib.rs", "src/naïve\n.rs"}
