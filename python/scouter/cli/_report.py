"""`scouter eval report`"""

from __future__ import annotations

import argparse

from scouter.cli import _compare, _load
from scouter.cli._exit import Exit, stopping
from scouter.cli._show import Output


def run(options: argparse.Namespace, output: Output) -> Exit:
    """Writes reports of the results of a file."""
    results = _load.results(options.results)
    earlier = None
    if options.baseline is not None:
        earlier = _compare.against(results, options, _load.results(options.baseline))
    for path in options.output:
        with stopping():
            results.report(path, baseline=earlier, title=options.title)
    written = [str(path) for path in options.output]
    return output.end(Exit.PASSED, {"written": written}, f"wrote {', '.join(written)}")
