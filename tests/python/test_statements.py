"""Every statement that the server sends stands up to the schema that its migrations make."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

Server = Any

# A literal of Rust that begins as a statement that can be prepared. One that is put together by `concat!` is not looked at here: what lists alerts and
# records of evaluations, which the tests of these lists run.
STATEMENT = re.compile(r'(concat!\(\s*)?"((?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s(?:[^"\\]|\\.)*)"', re.DOTALL)
# What is staged has the columns of the table that it is taken into.
STAGED = re.compile(r"INSERT INTO (\w+) SELECT \* FROM staged ")


def written(root: Path) -> list[tuple[Path, str]]:
    """The statements of the server's sources, and where each stands."""
    found = []
    for path in sorted((root / "server" / "src").rglob("*.rs")):
        for part, literal in STATEMENT.findall(path.read_text(encoding="utf-8")):
            if part:
                continue
            # A line that goes on, and what stands behind a backslash.
            statement = re.sub(r"\\\n\s*", "", literal)
            found.append((path, re.sub(r"\\(.)", r"\1", statement)))
    return found


def test_every_statement_can_be_prepared(root: Path, server: Server) -> None:
    statements = written(root)
    assert len(statements) > 60
    for path, statement in statements:
        staged = STAGED.match(statement)
        before = f"CREATE TEMPORARY TABLE staged (LIKE {staged[1]} INCLUDING DEFAULTS); " if staged else ""
        try:
            server.rows(f"{before}PREPARE statement AS {statement}")
        except AssertionError as error:
            raise AssertionError(f"{path.relative_to(root)}:\n{statement}\n{error}") from None
