"""Runs what the documentation shows: every Python block of the README and of docs/, in order, one namespace a file.

A block after the comment `<!-- no-run -->` is shown only.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_RUN = "<!-- no-run -->"


@dataclass(frozen=True)
class Block:
    line: int  # of the first line of code, counted from 1
    code: str


def blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text that are to run; a fence that is never closed is an error."""
    found: list[Block] = []
    fence, run, start, code, before = "", False, 0, list[str](), ""
    for number, line in enumerate(text.splitlines(), start=1):
        mark = line.strip()
        if not fence and mark.startswith("```"):
            fence = mark[: len(mark) - len(mark.lstrip("`"))]
            run = mark.lstrip("`").split(",")[0].strip() == "python" and before != NO_RUN
            start, indent, code = number + 1, len(line) - len(line.lstrip()), []
        elif fence and mark == fence:
            fence = ""
            if run:
                found.append(Block(start, "\n".join(code)))
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
        try:
            # Empty lines before the code make its line numbers those of the file.
            exec(compile("\n" * (block.line - 1) + block.code, name, "exec"), namespace)
        except Exception as error:
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
            line = frames[0].lineno if frames else getattr(error, "lineno", block.line)
            return f"{name}:{line}: {type(error).__name__}: {error}"
    return None


PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if blocks(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("page", PAGES)
def test_blocks_of_a_page_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    failure = run(ROOT / page, page)
    assert failure is None, failure


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


def test_an_open_fence_is_an_error() -> None:
    with pytest.raises(ValueError, match="line 2 is never closed"):
        blocks("```python\nx = 1\n")
