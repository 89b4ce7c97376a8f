"""Every statement that the server sends stands up to the schema that its migrations make."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

Server = Any

# A literal of Rust that begins as a statement that can be prepared. One that is put together by `concat!` or `read_by!` is not looked at here: what lists
# alerts and records of evaluations, and what jobs look at, which the tests of these run.
STATEMENT = re.compile(r'(concat!\(\s*|read_by!\(\s*[\w.]+,\s*)?"((?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s(?:[^"\\]|\\.)*)"', re.DOTALL)
# A call that sends a statement, up to its first argument.
CALL = re.compile(r"(?<![.\w])(?:sqlx::)?(?:query(?:_as|_scalar)?|raw_sql)(?:::<[^\"]*?>)?\(\s*|\.(?:execute|fetch\w*)\(\s*(?=\")")
# How an argument begins: the first words of a literal, or a name.
ARGUMENT = re.compile(r'"[A-Z ]*[A-Z]|[\w.]+!?')
# Calls whose statement is not prepared here as it stands in them, by file.
APART = {
    # What Postgres does not prepare.
    "postgres/cluster.rs": ['"CREATE DATABASE'],
    "store/database.rs": ['"SET'],
    "store/rollups.rs": ['"LOCK TABLE'],
    "store/visit.rs": ["first"],
    # What is put together.
    "store/alerts.rs": ["listed!"] * 4,
    "store/evals.rs": ["match"],
    "store/windows.rs": ["rows"],
    # What stands as a literal where it is handed over; making the table for what is staged is no statement that can be prepared.
    "store/incoming.rs": ["statements.stage", "statements.take"],
    "store/retention.rs": ["statement"],
}
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


def present(root: Path) -> str:
    """The version of the sources."""
    version = re.search(r'^version = "(.+)"$', (root / "Cargo.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    return version[1]


def kept(root: Path) -> dict[str, list[str]]:
    """The statements that the server of each version sent; see `tests/golden/statements.py`."""
    return dict(json.loads((root / "tests/golden/statements.json").read_text(encoding="utf-8")))


def wrong(server: Server, statement: str) -> str:
    """Why a statement cannot be prepared; empty where it can be."""
    staged = STAGED.match(statement)
    before = f"CREATE TEMPORARY TABLE staged (LIKE {staged[1]} INCLUDING DEFAULTS); " if staged else ""
    try:
        server.rows(f"{before}PREPARE statement AS {statement}")
    except AssertionError as error:
        return f"{statement}\n{error}"
    return ""


def test_every_statement_can_be_prepared(root: Path, server: Server) -> None:
    statements = written(root)
    assert statements
    for path, statement in statements:
        error = wrong(server, statement)
        assert not error, f"{path.relative_to(root)}:\n{error}"


def test_every_statement_that_a_version_sent_can_be_prepared_on_the_newest_tables(root: Path, server: Server) -> None:
    now = {statement for _, statement in written(root)}
    for version, statements in kept(root).items():
        # The others are prepared above.
        for statement in sorted({*statements} - now):
            error = wrong(server, statement)
            assert not error, f"version {version}:\n{error}"


def test_the_statements_of_this_version_are_kept_for_those_after_it(root: Path) -> None:
    missing = {statement for _, statement in written(root)}.difference(kept(root).get(present(root), []))
    assert not missing, f"run `python tests/golden/statements.py`: {missing}"


def test_no_statement_is_left_out_of_these_unseen(root: Path) -> None:
    sources = root / "server" / "src"
    apart: dict[str, list[str]] = {}
    for path in sorted(sources.rglob("*.rs")):
        source = path.read_text(encoding="utf-8")
        prepared = {found.start(2) - 1 for found in STATEMENT.finditer(source) if not found[1]}
        for call in CALL.finditer(source):
            argument = ARGUMENT.match(source, call.end())
            assert argument is not None, f"{path}: {source[call.start() : call.end() + 80]}"
            # The literal of a constant stands somewhere before.
            constants = re.finditer(rf"\bconst {re.escape(argument[0])}: &str =\s*", source[: call.start()])
            if prepared.isdisjoint({call.end(), *(constant.end() for constant in constants)}):
                apart.setdefault(path.relative_to(sources).as_posix(), []).append(argument[0])
    assert apart == APART
