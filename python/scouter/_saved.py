"""Results in files: those of one run, or of every test of a session by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Union

from scouter._scouter import GenAIEvalResults
from scouter.errors import ResultsError


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
    """Writes the results of tests by their names, whole or not at all."""
    GenAIEvalResults._write_all(path, list(runs.items()))
