"""The pages of tests/specs, run through the Python package; Rust runs the same pages (tasks/tests/specs).

The format is told in tests/specs/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from scouter import ScouterError
from scouter.client import TraceSpan
from scouter.evaluate import GenAIEvalDataset, GenAIEvalRecord, TasksFile

SPECS = Path(__file__).resolve().parents[1] / "specs"
BLOCKS = ("json context", "json spans", "yaml tasks")
COLUMNS = {
    "operators": {"actual", "operator", "expected", "each", "outcome", "message"},
    "tasks": {"task", "outcome", "message"},
    "problems": {"task", "field", "problem"},
}


@dataclass(frozen=True)
class Row:
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Case:
    name: str  # of the page
    kind: str  # a key of COLUMNS
    rows: list[Row]
    blocks: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name}.md:{self.rows[0].line}"


def cells(line: str) -> list[str]:
    """The cells of a line of a table, without the backticks around them."""
    found = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
    return [re.sub(r"^`([^`]*)`$", r"\1", cell) for cell in found]


def table(name: str, lines: list[str], first: int, blocks: dict[str, str]) -> Case | None:
    header = cells(lines[0])
    if "outcome" not in header and "problem" not in header:
        return None
    kind = "problems" if "outcome" not in header else "operators" if "operator" in header else "tasks"
    assert set(header) <= COLUMNS[kind], f"{name}.md:{first}: unknown columns {set(header) - COLUMNS[kind]}"
    rows = [Row(first + at, dict(zip(header, cells(line), strict=True))) for at, line in enumerate(lines) if at > 1]
    return Case(name, kind, rows, blocks)


def read(name: str, text: str) -> Iterator[Case]:
    """The cases of a page."""
    lines = text.splitlines()
    page: dict[str, str] = {}
    own = page
    at = 0
    while at < len(lines):
        line, start = lines[at], at
        if line.startswith("## "):
            own = {}
        elif line.startswith("```"):
            at = lines.index("```", at + 1)
            if line[3:] in BLOCKS:
                own[line[3:]] = "\n".join(lines[start + 1 : at])
        elif line.startswith("|"):
            while at + 1 < len(lines) and lines[at + 1].startswith("|"):
                at += 1
            case = table(name, lines[start : at + 1], start + 1, {**page, **own})
            if case:
                yield case
        at += 1


CASES = [
    case
    for path in sorted(SPECS.glob("*.md"))
    if path.stem != "README"
    for case in read(path.stem, path.read_text(encoding="utf-8"))
]


def evaluate(tasks: Path, context: dict[str, Any], spans: str | None) -> dict[str, tuple[str, str]]:
    """The status and the message of each task of a file over one record."""
    trace = [TraceSpan.model_validate_json(json.dumps(span)) for span in json.loads(spans)] if spans else None
    record = GenAIEvalRecord(context=context, trace=trace)
    results = GenAIEvalDataset(records=[record], tasks=list(TasksFile.from_path(tasks))).evaluate()
    return {task.task_id: (task.status, task.message) for task in results[0].eval_set.records}


def differences(case: Case, rows: dict[str, Row], told: dict[str, tuple[str, str]]) -> Iterator[str]:
    for task, row in rows.items():
        status, message = told.get(task, ("absent", ""))
        if status != row["outcome"]:
            yield f"{case.name}.md:{row.line}: task `{task}`: expected {row['outcome']}, got {status}: {message}"
        elif row["message"] not in message:
            yield f"{case.name}.md:{row.line}: task `{task}`: the message is: {message}"
    for task in told.keys() - rows.keys():
        yield f"{case}: task `{task}` has no row"


def literal(cell: str) -> Any:
    try:
        return json.loads(cell)
    except ValueError:
        return cell


def task_file(case: Case, folder: Path) -> Path:
    """The task file of a case; for a table of operators one that has a task for each row."""
    if case.kind != "operators":
        path = folder / "tasks.yaml"
        path.write_text(case.blocks["yaml tasks"], encoding="utf-8")
        return path
    tasks = []
    for row in case.rows:
        name = f"line-{row.line}"
        task = {"task_type": "Assertion", "id": name, "context_path": name, "operator": row["operator"]}
        fields = {"expected_value": row["expected"], "each": row["each"]}
        tasks.append({**task, **{key: literal(cell) for key, cell in fields.items() if cell}})
    path = folder / "tasks.json"
    path.write_text(json.dumps({"tasks": tasks}), encoding="utf-8")
    return path


@pytest.mark.parametrize("case", [case for case in CASES if case.kind != "problems"], ids=str)
def test_outcomes_are_as_the_page_says(case: Case, tmp_path: Path) -> None:
    if case.kind == "operators":
        rows = {f"line-{row.line}": row for row in case.rows}
        context = {task: json.loads(row["actual"]) for task, row in rows.items() if row["actual"] != "missing"}
    else:
        rows = {row["task"]: row for row in case.rows}
        context = json.loads(case.blocks.get("json context", "{}"))
    told = evaluate(task_file(case, tmp_path), context, case.blocks.get("json spans"))
    assert list(differences(case, rows, told)) == []


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "problems"], ids=str)
def test_problems_are_told_as_the_page_says(case: Case, tmp_path: Path) -> None:
    with pytest.raises(ScouterError) as raised:
        evaluate(task_file(case, tmp_path), {}, None)
    text = str(raised.value)
    missing = [row for row in case.rows if not all(row[column] in text for column in ("task", "field", "problem"))]
    assert missing == [], text


def test_every_page_has_cases() -> None:
    pages = {path.stem for path in SPECS.glob("*.md")} - {"README"}
    assert {case.name for case in CASES} == pages


def test_a_false_row_is_told_with_file_and_line() -> None:
    case = Case("page", "tasks", [Row(7, {"task": "a", "outcome": "failed"})])
    rows = {"a": case.rows[0]}
    assert list(differences(case, rows, {"a": ("passed", "fine"), "b": ("passed", "")})) == [
        "page.md:7: task `a`: expected failed, got passed: fine",
        "page.md:7: task `b` has no row",
    ]
