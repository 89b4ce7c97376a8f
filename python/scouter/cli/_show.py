"""What is written: tables and colours for people, plain lines into pipes, one JSON object for programs."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Optional

from scouter import _table
from scouter.cli._exit import Exit, Misuse, Stop
from scouter.errors import Problem

if TYPE_CHECKING:
    from scouter.evaluate import TaskCounts

VERSION = 1
"""The version of the JSON that is written."""

COLOURS = {"bold": "1", "red": "31", "green": "32", "yellow": "33"}
TONES = {Exit.PASSED: "green", Exit.INCONCLUSIVE: "yellow"}


class Output:
    """Where a command writes to."""

    def __init__(self, command: Optional[str], json: bool) -> None:
        self.command, self.json = command, json
        self.terminal = sys.stdout.isatty()
        self.colours = self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def line(self, text: str = "") -> None:
        """A line for people."""
        if not self.json:
            _table.show(text)

    def note(self, text: str) -> None:
        """A line beside the output: what is going on, and what went wrong."""
        print(text, file=sys.stderr)

    def tint(self, text: str, tone: Optional[str]) -> str:
        """The text in a colour, where colours are seen."""
        return f"\x1b[{COLOURS[tone]}m{text}\x1b[0m" if self.colours and tone else text

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Columns in line on a terminal; in a pipe a line a row, with tabs between."""
        rows = [[clean(cell) for cell in row] for row in rows]
        if not self.terminal:
            for row in [head, *rows]:
                self.line("\t".join(row))
            return
        widths = [max(map(len, column)) for column in zip(head, *rows)]
        for at, row in enumerate([head, *rows]):
            cells = [cell.ljust(width) if not place else cell.rjust(width) for place, (cell, width) in enumerate(zip(row, widths))]
            self.line(self.tint("  ".join(cells).rstrip(), None if at else "bold"))

    def end(self, code: Exit, content: dict[str, Any], says: str, word: Optional[str] = None) -> Exit:
        """The verdict, in a line, in another word where people are better told so, or with all that is known as JSON."""
        if self.json:
            head = {"version": VERSION, "command": self.command, "verdict": code.word, "exit_code": int(code)}
            print(as_json({**head, **content}, 2 if self.terminal else None))
        else:
            word = word or code.word.replace("_", " ")
            self.line(f"{self.tint(word, TONES.get(code, 'red'))}: {says}" if says else self.tint(word, TONES.get(code, "red")))
        return code

    def stopped(self, stop: Stop) -> Exit:
        """That the command could not go on, and why."""
        return self._unfinished(Exit.BAD_CONFIGURATION, f"scouter: {stop}", stop.problems)

    def misused(self, misuse: Misuse) -> Exit:
        """That the arguments make no sense, and why."""
        self.command = misuse.command
        return self._unfinished(Exit.BAD_CONFIGURATION, str(misuse), [misuse.problem])

    def interrupted(self) -> Exit:
        """That the command was stopped by Ctrl-C."""
        return self._unfinished(Exit.INTERRUPTED, "interrupted", [Problem(None, None, "interrupted")])

    def _unfinished(self, code: Exit, text: str, problems: list[Problem]) -> Exit:
        if self.json:
            return self.end(code, {"problems": [problem._asdict() for problem in problems]}, "")
        self.note(text)
        return code


def numbers(counts: TaskCounts) -> dict[str, int]:
    """How often a task came out how."""
    names = ("passed", "failed", "errored", "skipped", "not_applicable", "cancelled")
    return {name: getattr(counts, name) for name in names}


def as_json(content: dict[str, Any], indent: Optional[int]) -> str:
    """Content as JSON that every program reads and the output can show: what JSON has no number for is text."""
    content = readable(content)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(content, allow_nan=False, indent=indent)
    return text


def readable(value: Any) -> Any:
    """The value with text for decimal numbers, whose digits a reader may round, and for `NaN` and infinities."""
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [readable(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    return value


def clean(cell: str) -> str:
    """Text that stays in its line and its column."""
    return cell.replace("\t", " ").replace("\n", " ").replace("\r", " ")
