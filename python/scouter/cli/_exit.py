"""How commands end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Optional

from scouter.cli._words import refused
from scouter.errors import ConfigError, Problem, ScouterError


class Exit(IntEnum):
    """The exit codes."""

    PASSED = 0
    """Everything is as it should be."""
    FAILED = 1
    """Results miss a threshold, or are worse than their baseline."""
    BAD_CONFIGURATION = 2
    """The command, the suite or a file is not what it should be; nothing, or not everything, was run."""
    TOO_MANY_ERRORS = 3
    """Tasks error on more records than they may: the results say nothing."""
    INCONCLUSIVE = 4
    """No verdict, or too few records to tell."""
    INTERNAL_ERROR = 70
    """A mistake in Scouter itself, with a traceback."""
    INTERRUPTED = 130
    """Ctrl-C."""
    BROKEN_PIPE = 141
    """Whoever read the output went away."""

    @property
    def word(self) -> str:
        """The code in a word, as it stands in JSON."""
        return self.name.lower()


class Stop(Exception):
    """A command that can't go on, with the problems to tell."""

    def __init__(self, message: str, problems: Optional[list[Problem]] = None) -> None:
        super().__init__(message)
        self.problems = problems or [Problem(None, None, message)]


class Misuse(Exception):
    """Arguments that make no sense."""

    def __init__(self, command: Optional[str], called: str, message: str) -> None:
        super().__init__(f"{called}: error: {message}; see `{called} --help`")
        self.command = command
        """The command that they are for, where one is named."""
        self.problem = Problem(None, None, message)


@contextmanager
def stopping() -> Iterator[None]:
    """What is wrong with suites, data and files stops the command."""
    try:
        yield
    except ConfigError as error:
        raise Stop(refused(str(error)), error.problems) from error
    except (ScouterError, ValueError) as error:
        raise Stop(refused(str(error))) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise Stop(f"`{error.filename}`: {reason}" if error.filename else reason) from error
