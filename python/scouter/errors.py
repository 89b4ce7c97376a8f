"""The exceptions of Scouter: a tree under `ScouterError`, and `EvaluationInterrupted`.

Where Python has an exception that says the same, ours is one of its kind too: a `ConfigError` is
a `ValueError`, an `EvaluationInterrupted` is a `KeyboardInterrupt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Optional

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scouter._scouter import EvaluationSummary, GenAIEvalResults


class ScouterError(Exception):
    """The root of the tree."""


class Problem(NamedTuple):
    """One thing that is wrong with a configuration."""

    task: Optional[str]
    """The task that it is about, by id."""
    field: Optional[str]
    """The field of the task."""
    message: str
    """What is wrong, and what to do about it."""


class ConfigError(ScouterError, ValueError):
    """Tasks that are not sound. `problems` lists everything that is wrong."""

    problems: list[Problem]

    def __init__(self, message: str, problems: Iterable[tuple[Optional[str], Optional[str], str]] = ()) -> None:
        super().__init__(message)
        self.problems = [Problem(*problem) for problem in problems]

    def __reduce__(self) -> tuple[type[ConfigError], tuple[str, list[Problem]]]:
        return type(self), (str(self), self.problems)


class RecordError(ScouterError, ValueError):
    """Records that are not what they should be: none at all, two of one id, or a line of a file that is broken.

    Where a run ended at it, `results` holds what was done before: the results themselves, or, where they went into a
    file, their summary.
    """

    results: Optional[GenAIEvalResults | EvaluationSummary]

    def __init__(self, message: str, results: Optional[GenAIEvalResults | EvaluationSummary] = None) -> None:
        super().__init__(message)
        self.results = results

    def __reduce__(self) -> tuple[type[RecordError], tuple[str, Optional[GenAIEvalResults | EvaluationSummary]]]:
        return type(self), (str(self), self.results)


class DataError(ScouterError, ValueError):
    """Data of which no profile and no drift can be had: the message names the column and the row."""


class ProfileError(ScouterError, ValueError):
    """A document that holds no profile: damaged, of another kind, or of a later version."""


class ModelError(ScouterError):
    """A provider of models accepts no call of the run: a key is not accepted, or a quota is used up. The run ended at the
    first such answer; `results` holds what was done before, and the rest is `cancelled`. Or the run came to its end, and the
    replies could not be written into its cassette: they are in `results`. Also where a single prompt or text brought no
    answer; `results` is `None` where there was no run."""

    results: Optional[GenAIEvalResults | EvaluationSummary]

    def __init__(self, message: str, results: Optional[GenAIEvalResults | EvaluationSummary] = None) -> None:
        super().__init__(message)
        self.results = results

    def __reduce__(self) -> tuple[type[ModelError], tuple[str, Optional[GenAIEvalResults | EvaluationSummary]]]:
        return type(self), (str(self), self.results)


class ServerError(ScouterError):
    """The server says no, or cannot be reached. `status` is that of HTTP and `code` the word for the problem (`"conflict"`,
    `"not_found"`, …); both are `None` where there was no answer."""

    status: Optional[int]
    code: Optional[str]

    def __init__(self, message: str, status: Optional[int] = None, code: Optional[str] = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def __reduce__(self) -> tuple[type[ServerError], tuple[str, Optional[int], Optional[str]]]:
        return type(self), (str(self), self.status, self.code)


class ResultsError(ScouterError, ValueError):
    """Text that holds no results."""


class RunDirError(ScouterError, ValueError):
    """A run directory that cannot be used: another process has it, it holds another run, or its log is damaged.
    Nothing in it was changed."""


class EvaluationInterrupted(KeyboardInterrupt):
    """Ctrl-C stopped an evaluation. `results` holds what was done; the rest is `cancelled`. Where results went into a
    file, it is their summary.

    The one exception that is not under `ScouterError`: `except Exception` must not swallow Ctrl-C.
    """

    results: GenAIEvalResults | EvaluationSummary

    def __init__(self, results: GenAIEvalResults | EvaluationSummary) -> None:
        super().__init__("the evaluation was interrupted; what was done is in `results`, and with a `run_dir` the same call goes on from there")
        self.results = results

    def __reduce__(self) -> tuple[type[EvaluationInterrupted], tuple[GenAIEvalResults | EvaluationSummary]]:
        return type(self), (self.results,)
