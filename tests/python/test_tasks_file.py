"""Tasks from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scouter.errors import ConfigError
from scouter.evaluate import AssertionTask, ComparisonOperator, TasksFile, TraceAssertion, TraceAssertionTask, task_file_schema

YAML = """\
tasks:
  - task_type: Assertion
    id: Answered
    context_path: response
    operator: IsNotEmpty
    expected_value: true
    condition: true
  - task_type: TraceAssertion
    id: retries
    assertion:
      SpanCount:
        filter:
          ByName:
            name: retry_operation
    operator: LessThanOrEqual
    expected_value: 3
    depends_on: [ANSWERED]
"""
JSON = json.dumps(
    {
        "tasks": [
            {"task_type": "Assertion", "id": "Answered", "context_path": "response", "operator": "IsNotEmpty",
             "expected_value": True, "condition": True},
            {"task_type": "TraceAssertion", "id": "retries", "operator": "LessThanOrEqual", "expected_value": 3,
             "assertion": {"SpanCount": {"filter": {"ByName": {"name": "retry_operation"}}}}, "depends_on": ["ANSWERED"]},
        ]
    },
    indent=1,
)  # fmt: skip
TOML = """\
[[tasks]]
task_type = "Assertion"
id = "Answered"
context_path = "response"
operator = "IsNotEmpty"
expected_value = true
condition = true

[[tasks]]
task_type = "TraceAssertion"
id = "retries"
operator = "LessThanOrEqual"
expected_value = 3
depends_on = ["ANSWERED"]
assertion = { SpanCount = { filter = { ByName = { name = "retry_operation" } } } }
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def tasks(tmp_path: Path) -> TasksFile:
    return TasksFile.from_path(written(tmp_path / "tasks.yaml", YAML))


@pytest.mark.parametrize(("name", "text"), [("t.yaml", YAML), ("t.yml", YAML), ("t.json", JSON), ("t.toml", TOML)])
def test_every_form_gives_the_same_tasks(name: str, text: str, tmp_path: Path, tasks: TasksFile) -> None:
    assert list(TasksFile.from_path(written(tmp_path / name, text))) == list(tasks)


def test_tasks_have_their_classes(tasks: TasksFile) -> None:
    first, second = tasks
    assert isinstance(first, AssertionTask) and isinstance(second, TraceAssertionTask)
    assert (first.id, first.condition, second.depends_on) == ("answered", True, ["answered"])
    assert second.operator == ComparisonOperator.LessThanOrEqual
    assert isinstance(second.assertion, TraceAssertion.SpanCount)


def test_tasks_are_reached_by_place_and_slice(tasks: TasksFile) -> None:
    assert len(tasks) == 2 and tasks[0] == tasks[-2] and tasks[:1] == [tasks[0]] and tasks[::-1] == [tasks[1], tasks[0]]
    with pytest.raises(IndexError):
        tasks[2]


def test_next_goes_through_the_tasks(tasks: TasksFile) -> None:
    assert [next(tasks).id, next(tasks).id, next(tasks, None)] == ["answered", "retries", None]


def test_tasks_can_be_iterated_again(tasks: TasksFile) -> None:
    assert list(tasks) == list(tasks)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("t.yaml", "tasks:\n  - id: a\n   operator: x\n", "line 3"),
        ("t.json", '{"tasks": [\n  {"id": }\n]}', "line 2, column 10"),
        ("t.toml", '[[tasks]]\nid = "a\n', "line 2"),
    ],
)
def test_malformed_files_are_told_with_line_and_column(name: str, text: str, place: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        TasksFile.from_path(written(tmp_path / name, text))
    assert place in str(caught.value) and "column" in str(caught.value)


def test_every_wrong_task_is_told(tmp_path: Path) -> None:
    text = JSON.replace('"IsNotEmpty"', '"IsNotEmty"').replace('"LessThanOrEqual"', "5")
    with pytest.raises(ConfigError) as caught:
        TasksFile.from_path(written(tmp_path / "t.json", text))
    assert len(caught.value.problems) == 2 and "IsNotEmty" in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="none.yaml"):
        TasksFile.from_path(tmp_path / "none.yaml")


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="yaml"):
        TasksFile.from_path(written(tmp_path / "tasks.ini", "x"))


def test_the_schema_is_json_schema_of_these_files() -> None:
    schema = task_file_schema()
    assert "$schema" in schema and "tasks" in schema["properties"]
