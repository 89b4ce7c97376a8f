"""Results in files: those of one run, or of every test of a session by its name."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Union

from scouter._scouter import GenAIEvalResults
from scouter.errors import ResultsError


def write_texts(path: Union[str, Path], texts: Iterable[str]) -> None:
    """Writes a file of texts one behind the other, whole or not at all."""
    path = Path(path)
    if path.exists() and not path.is_file():  # A device, such as /dev/null.
        with path.open("w", encoding="utf-8") as file:
            file.writelines(texts)
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(texts)
        os.chmod(name, 0o666 & ~umask())
        os.replace(name, path)
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
        return GenAIEvalResults._read_all(text)
    except ValueError as error:
        raise ResultsError(f"`{path}` holds no results: {error}") from None


def write_all(path: Union[str, Path], runs: dict[str, GenAIEvalResults]) -> None:
    """Writes the results of tests by their names."""
    write_texts(path, texts(runs))


def texts(runs: dict[str, GenAIEvalResults]) -> Iterator[str]:
    """The text of the file, test by test. Nothing is read back: Python has no numbers as exact as those of results."""
    yield '{"version": 1, "tests": {'
    for place, (name, results) in enumerate(runs.items()):
        yield f"{', ' if place else ''}{json.dumps(name, ensure_ascii=False)}: "
        yield results.model_dump_json()
    yield "}}"
