"""Migrations leave what servers of versions before read, write and call."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

Server = Any

COMMENT = re.compile(r"--[^\n]*")
# What a function does when it is called; what `DO` does is done by the migration.
BODY = re.compile(r"\bAS \$\$.*?\$\$", re.DOTALL)
# What takes something away, gives it another name or form, or wants of rows what versions before do not write.
TAKES = re.compile(
    r"\b(?:DROP|RENAME)\b[^;]*|\bSET NOT NULL\b|\bALTER COLUMN \w+ (?:SET DATA )?TYPE\b[^,;]*"
    r"|\bADD (?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b[^;]*"
)
UNIQUE = re.compile(r"\bCREATE UNIQUE INDEX \w+ ON (\w+)")
ADDS = re.compile(r"\bADD COLUMN [^,;]*")
FUNCTION = re.compile(r"\bCREATE (?:OR REPLACE )?FUNCTION (\w+)\(([^)]*)\)")
TABLE = re.compile(r"\bCREATE TABLE (\w+)")
# What a migration may take away since a later one makes it again.
MADE_AGAIN = {"0007_days.sql": ["DROP FUNCTION drop_days(text, date)"]}


def migrations(root: Path) -> dict[str, str]:
    """What each migration does, by its name."""
    found = {path.name: COMMENT.sub("", path.read_text(encoding="utf-8")) for path in sorted((root / "server/migrations").glob("*.sql"))}
    assert found
    return found


def unsafe(migration: str) -> list[str]:
    """What a version before would stumble over."""
    does = BODY.sub("", migration)
    adds = [add for add in ADDS.findall(does) if "NOT NULL" in add and "DEFAULT" not in add]
    unique = [f"CREATE UNIQUE INDEX ON {table}" for table in UNIQUE.findall(does) if table not in TABLE.findall(does)]
    return [" ".join(words.split()) for words in TAKES.findall(does) + adds + unique]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE alerts",
        "ALTER TABLE alerts\n    DROP COLUMN held",
        "ALTER TABLE alerts RENAME held TO kept",
        "ALTER TABLE alerts ALTER COLUMN held SET NOT NULL",
        "ALTER TABLE alerts ALTER COLUMN id TYPE integer",
        "ALTER TABLE alerts ADD COLUMN more text, ADD COLUMN most text NOT NULL",
        "ALTER TABLE alerts ADD CONSTRAINT known CHECK (held)",
        "CREATE UNIQUE INDEX alerts_known ON alerts (profile, created)",
        "DO $$ BEGIN DROP TABLE alerts; END $$",
    ],
)
def test_what_is_not_safe_is_seen(statement: str) -> None:
    assert len(unsafe(f"{statement};")) == 1


def test_no_migration_takes_away_what_versions_before_use(root: Path) -> None:
    found = {name: unsafe(migration) for name, migration in migrations(root).items()}
    assert {name: taken for name, taken in found.items() if taken} == MADE_AGAIN


def test_all_that_a_migration_made_is_there_after_the_newest(root: Path, server: Server) -> None:
    made = "".join(BODY.sub("", migration) for migration in migrations(root).values())
    tables = set(TABLE.findall(made))
    functions = set()
    for name, arguments in FUNCTION.findall(made):
        # By the types of what goes in, as a call finds it.
        given = [argument.split(maxsplit=1)[1] for argument in re.split(r",\s*", arguments) if not argument.startswith("OUT ")]
        functions.add(f"{name}({', '.join(given)})")
    for kind, names in [("regclass", tables), ("regprocedure", functions)]:
        assert names
        for name in sorted(names):
            assert server.rows(f"SELECT to_{kind}('{name}') IS NOT NULL") == [["t"]], name
