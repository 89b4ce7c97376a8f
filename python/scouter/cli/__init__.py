"""The command line: suites run, checked and compared without writing Python, and the server.

    scouter eval run suite.yaml --data records.jsonl --min-pass-rate 0.9
    scouter serve

What each command does stands in `docs/guide/cli.md`; how a command ends is its exit code, see `Exit`.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Optional

from scouter.cli import _serve
from scouter.cli._exit import Exit, Misuse, Stop
from scouter.cli._parser import SERVER, parser, read
from scouter.cli._show import Output
from scouter.cli._words import told

__all__ = ["Exit", "main"]


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs a command and gives its exit code, which is 2 where the arguments make no sense, and where there are none: then it is shown what can be said."""
    arguments = sys.argv[1:] if arguments is None else arguments
    output = Output(None, "--json" in arguments)
    try:
        try:
            if arguments and arguments[0] in SERVER:
                return _serve.run(arguments)
            if not arguments:
                parser().print_help(sys.stderr)
                return Exit.BAD_CONFIGURATION
            options = read(arguments)
            output = Output(options.name, options.json)
            with told(output.note):
                code = options.command(options, output)
        except Misuse as misuse:
            code = output.misused(misuse)
        except Stop as stop:
            code = output.stopped(stop)
        except KeyboardInterrupt:
            code = output.interrupted()
        except SystemExit as leaving:  # What argparse wrote, such as help, may still be on its way.
            code = leaving.code if isinstance(leaving.code, int) else Exit.BAD_CONFIGURATION
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads any further. What was to be written into files was, before anything was printed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.BROKEN_PIPE
    except KeyboardInterrupt:  # Once more, while the end was told.
        return Exit.INTERRUPTED
    except BaseException:  # A panic is no `Exception`. The code that Python would end with is that of a failed threshold.
        traceback.print_exc()
        return Exit.INTERNAL_ERROR
    return int(code)
