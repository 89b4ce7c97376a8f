"""Runs what the documentation shows: every Python block of the README and of docs/, in order, one namespace a file.

A block after the comment `<!-- no-run -->` is shown only. A block of any language after `<!-- file: NAME -->` is written
to that file. A `console` block after `<!-- run -->` is run: each line that begins with `$ ` by a shell, and the lines below
it are what it prints, where `…` stands for anything.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_RUN = "<!-- no-run -->"
RUN = "<!-- run -->"
FILE = re.compile(r"<!-- file: (\S+) -->")


@dataclass(frozen=True)
class Block:
    line: int  # of the first line of code, counted from 1
    code: str
    to: str = "python"
    """What is done with it: `python` and `console` are run, anything else is the file that it is written to."""


def purpose(language: str, before: str) -> str | None:
    """What a block is for, by its language and the line before it."""
    if file := FILE.fullmatch(before):
        return file[1]
    if language == "python" and before != NO_RUN:
        return "python"
    return "console" if language == "console" and before == RUN else None


def blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text that are to run; a fence that is never closed is an error."""
    found: list[Block] = []
    fence, to, start, code, before = "", None, 0, list[str](), ""
    for number, line in enumerate(text.splitlines(), start=1):
        mark = line.strip()
        if not fence and mark.startswith("```"):
            fence = mark[: len(mark) - len(mark.lstrip("`"))]
            to = purpose(mark.lstrip("`").split(",")[0].strip(), before)
            start, indent, code = number + 1, len(line) - len(line.lstrip()), []
        elif fence and mark == fence:
            fence = ""
            if to is not None:
                found.append(Block(start, "\n".join(code), to))
        elif fence:
            code.append(line[indent:] if not line[:indent].strip() else line)
        if mark:
            before = mark
    if fence:
        raise ValueError(f"the block that starts at line {start} is never closed")
    return found


def run(path: Path, name: str) -> str | None:
    """Runs the blocks of a file; what went wrong as `file:line: error`, or `None`."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(path.read_text(encoding="utf-8")):
        if block.to == "console":
            if failure := type_in(block, name):
                return failure
            continue
        if block.to != "python":
            Path(block.to).write_text(block.code + "\n", encoding="utf-8")
            continue
        try:
            # Empty lines before the code make its line numbers those of the file.
            exec(compile("\n" * (block.line - 1) + block.code, name, "exec"), namespace)
        except Exception as error:
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
            line = frames[0].lineno if frames else getattr(error, "lineno", block.line)
            return f"{name}:{line}: {type(error).__name__}: {error}"
    return None


def type_in(block: Block, name: str) -> str | None:
    """Types the commands of a block into a shell; where it prints something else than the page says, that."""
    commands: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(block.code.splitlines(), start=block.line):
        if line.startswith("$ "):
            commands.append((number, line[2:], []))
        elif commands:
            commands[-1][2].append(line)
    # What a command prints is told from the next one's by a character that none prints; the status is kept for `$?`.
    script = "".join(f"{command}\nstatus=$?; printf '\\0'; (exit $status)\n" for _, command, _ in commands)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shell = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{script}"], env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, check=False, timeout=120
    )
    for (number, command, shown), printed in zip(commands, shell.stdout.decode().split("\0")):
        wanted = ".*".join(map(re.escape, "\n".join(shown).strip().split("…")))
        if not re.fullmatch(wanted, printed.strip(), re.DOTALL):
            return f"{name}:{number}: `{command}` prints:\n{printed}"
    return None


PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if blocks(path.read_text(encoding="utf-8"))
]


WITH_A_SERVER = {"docs/guide/integrations.md", "docs/guide/monitoring.md"}


@pytest.mark.parametrize("page", PAGES)
def test_blocks_of_a_page_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.chdir(tmp_path)
    if page in WITH_A_SERVER:
        monkeypatch.setenv("SCOUTER_SERVER_URI", request.getfixturevalue("server").uri)
    failure = run(ROOT / page, page)
    assert failure is None, failure


def test_the_page_on_monitoring_runs_beside_other_profiles_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    from scouter import Drifter, PsiDriftConfig, ScouterClient

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCOUTER_SERVER_URI", request.getfixturevalue("server").uri)
    other = Drifter().create_drift_profile({"x": [float(number) for number in range(100)]}, PsiDriftConfig(space="shop", name="other"))
    ScouterClient().register_profile(other, set_active=True)
    page = "docs/guide/monitoring.md"
    assert [run(ROOT / page, page) for _ in range(2)] == [None, None]


def test_the_readme_has_blocks_to_run() -> None:
    assert "README.md" in PAGES


def test_an_error_names_file_and_line(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Text.\n\n```python\nx = 1\n```\n\n```python\ny = x\nz = y / 0\n```\n", encoding="utf-8")
    assert run(page, "page.md") == "page.md:9: ZeroDivisionError: division by zero"


def test_a_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nx = (\n```\n", encoding="utf-8")
    assert (run(page, "page.md") or "").startswith("page.md:2: SyntaxError")


def test_marked_and_other_blocks_are_not_run() -> None:
    text = f"{NO_RUN}\n```python\n1 / 0\n```\n```console\n$ ls\n```\n````md\n```python\n1 / 0\n```\n````\n"
    assert blocks(text) == []


def test_a_file_is_written_and_a_console_is_typed_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"
    text = "<!-- file: a.txt -->\n```text\nhello world\n```\n\n<!-- run -->\n```console\n$ cat a.txt\nhello…\n$ false\n$ echo $?\n1\n```\n"
    page.write_text(text, encoding="utf-8")
    assert run(page, "page.md") is None
    page.write_text(text.replace("hello…", "goodbye"), encoding="utf-8")
    assert run(page, "page.md") == "page.md:8: `cat a.txt` prints:\nhello world\n"


def test_an_open_fence_is_an_error() -> None:
    with pytest.raises(ValueError, match="line 2 is never closed"):
        blocks("```python\nx = 1\n")
