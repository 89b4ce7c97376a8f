"""How a command is declared."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scouter.cli._exit import Exit
    from scouter.cli._show import Output

    Run = Callable[[argparse.Namespace, Output], Exit]
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def command(commands: Commands, name: str, run: Run, help: str, area: str = "") -> argparse.ArgumentParser:
    """A command of an area, which is called with it where JSON names it."""
    made = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.", allow_abbrev=False)
    made.add_argument("--json", action="store_true", help="write one JSON object and nothing else")
    made.set_defaults(command=run, name=f"{area} {name}".strip(), parser=made)
    return made
