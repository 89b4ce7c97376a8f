"""What messages call by its name in Python, in the words of the command line. They are translated where they come from, beside nothing that users wrote."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ARGUMENTS = (
    "alpha", "budget_usd", "cache_dir", "case_key", "cassette", "cluster_by", "cluster_key", "correction", "max_error_share",
    "regression_threshold", "reuse", "run_dir", "run_timeout", "sample", "seed", "trials", "workers",
)  # fmt: skip
OPTIONS = {"task_timeout": "--timeout", "max_concurrency": "--concurrency", **{name: f"--{name.replace('_', '-')}" for name in ARGUMENTS}}
BEGINNING = re.compile(rf"^`({'|'.join(OPTIONS)})`(?=:| must )")
"""A message about an argument. Elsewhere in a message such a word may be what the user called a task or a path."""

PHRASES = {
    re.compile(r"(?<=give )`format`"): "`--format`",
    re.compile(r'(?<=give )`format="(\w+)"`'): r"`--format \1`",
    re.compile(r"(?<=with )`reuse`(?= to take)|(?<=leave )`reuse`(?= out)"): "`--reuse`",
    re.compile(r"(?<=are written by )`write`"): "`scouter eval run -o`",
    re.compile(r"(?<=; run once with )`record`"): "`--record`",
    re.compile(r"(?<=set )`regression_threshold`"): "`--regression-threshold`",
    re.compile(r"(?<=: run it with )`trials=(\d+)`"): r"`--trials \1`",
    re.compile(r"(?<=make a new baseline with )`trials=(\d+)`"): r"`--trials \1`",
    re.compile(r"(?<=; )`skip_bad=True`(?= leaves out )"): "`--skip-bad`",
    re.compile(r"(?<=: leave it out of )`columns`|^`columns`(?= leaves out )"): "`--column`",
    re.compile(r'(?<=its trace is text, not a list of spans: )`json=\["(.*)"\]`(?= reads )'): r"`--json-column \1`",
    re.compile(r'(?<=file holds is text: )`json=\["(.*)"\]`(?= reads )'): r"`--json-column \1`",
}
"""Words of ours, by what stands around them."""


def spoken(text: str) -> str:
    """The text with the options' names for what Python calls otherwise."""
    for pattern, option in PHRASES.items():
        text = pattern.sub(option, text)
    return text


def refused(text: str) -> str:
    """The same of why something cannot be done, which may begin with the argument that it is about."""
    return spoken(BEGINNING.sub(lambda found: f"`{OPTIONS[found[1]]}`", text))


class _Told(logging.Handler):
    """Warnings in the words of the command line."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__()
        self.note = note

    def emit(self, record: logging.LogRecord) -> None:
        self.note(spoken(record.getMessage()))


@contextmanager
def told(note: Callable[[str], None]) -> Iterator[None]:
    """Meanwhile a `note` is taken of whatever is warned of."""
    logger, handler = logging.getLogger("scouter"), _Told(note)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
