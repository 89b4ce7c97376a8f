"""Results in files: those of one run, or of every test of a session by its name."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Union

from scouter._scouter import GenAIEvalResults
from scouter.errors import ResultsError


def write_text(path: Union[str, Path], text: str) -> None:
    """Writes a file whole or not at all."""
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        if not path.exists() or path.is_file():
            os.chmod(name, 0o666 & ~umask())
            os.replace(name, path)
        else:  # A device, such as /dev/null.
            path.write_text(text, encoding="utf-8")
            os.unlink(name)
    except BaseException:
        if os.path.exists(name):
            os.unlink(name)
        raise


def umask() -> int:
    """The mask of the process. It can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def read(path: Union[str, Path]) -> GenAIEvalResults:
    """The results of one run.

    Raises:
        OSError: Where the file cannot be read.
        ResultsError: Where it holds something else, or the results of several tests.
    """
    runs = read_all(path)
    if len(runs) != 1:
        names = ", ".join(f"`{name}`" for name in runs)
        raise ResultsError(f"`{path}` holds the results of {len(runs)} tests, not of one run: {names}")
    return next(iter(runs.values()))


def read_all(path: Union[str, Path]) -> dict[str, GenAIEvalResults]:
    """The results in a file by the name of their test; those of one run have the name ``.

    Raises:
        OSError: Where the file cannot be read.
        ResultsError: Where it holds something else.
    """
    text = Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    try:
        content = json.loads(text)
        if isinstance(content, dict) and isinstance(content.get("tests"), dict):
            return {name: load(results) for name, results in content["tests"].items()}
        return {"": GenAIEvalResults.model_validate_json(text)}
    except (ValueError, RecursionError) as error:
        raise ResultsError(f"`{path}` holds no results: {error}") from None


def write_all(path: Union[str, Path], runs: dict[str, GenAIEvalResults]) -> None:
    """Writes the results of tests by their names."""
    tests = {name: json.loads(results.model_dump_json()) for name, results in runs.items()}
    write_text(path, json.dumps({"version": 1, "tests": tests}, ensure_ascii=False))


def merge(rows: Iterable[tuple[GenAIEvalResults, int]]) -> GenAIEvalResults:
    """The results of one suite over records that were run apart: each record as its results and its place in them."""
    contents: dict[int, Any] = {}
    records = []
    for results, place in rows:
        if id(results) not in contents:
            contents[id(results)] = json.loads(results.model_dump_json())
        records.append(contents[id(results)]["records"][place])
    whole = dict(next(iter(contents.values())))
    whole["records"] = records
    whole["cancelled"] = any(content["cancelled"] for content in contents.values())
    return load(whole)


def only(results: GenAIEvalResults, ids: Iterable[str]) -> GenAIEvalResults:
    """The results of the records of these ids alone."""
    wanted = set(ids)
    content = json.loads(results.model_dump_json())
    content["records"] = [record for record in content["records"] if (record["id"] or record["uid"]) in wanted]
    return load(content)


def load(content: Any) -> GenAIEvalResults:
    return GenAIEvalResults.model_validate_json(json.dumps(content))
