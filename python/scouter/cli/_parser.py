"""What can be said on the command line."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from scouter import _verdict
from scouter._scouter import __version__
from scouter.cli import _check, _compare, _plan, _report, _run, _watched
from scouter.cli._command import command as declared
from scouter.cli._exit import Misuse

SERVER = {
    "serve": "run the server",
    "check": "look whether the server would start as it is set",
    "health": "ask the server whether it can work",
    "migrate": "bring the tables of the server's database up to date",
    "users": "make, list, change and revoke users of the server",
    "keys": "make, list, change and revoke API keys of the server",
    "audit": "show who did what at the server",
}
"""The areas whose arguments the server reads itself."""

EPILOG = """\
exit codes:
  0 passed   1 failed   2 bad configuration   3 too many errors   4 inconclusive   70 internal error   130 interrupted

examples:
  scouter eval plan suite.yaml
  scouter eval check suite.yaml --data records.jsonl
  scouter eval run suite.yaml --data records.jsonl --min-pass-rate 0.9 -o results.json
  scouter eval run suite.yaml --data records.jsonl --baseline results.json --report report.html
  scouter eval compare results.json --baseline before.json --json
  scouter profiles list --active
  scouter serve --help
"""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong, and where the rest stands."""

    def error(self, message: str) -> NoReturn:
        raise Misuse(self.get_default("name"), self.prog, message)


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """What is said; arguments that make no sense are a `Misuse`."""
    options, unknown = parser().parse_known_args(arguments)
    if unknown:
        made: argparse.ArgumentParser = options.parser
        known = [name for action in made._actions for name in action.option_strings]
        wrong = [name.partition("=")[0] for name in unknown if name.startswith("-")]
        near = [match for name in wrong for match in difflib.get_close_matches(name, known, n=1)]
        hint = "; did you mean " + ", ".join(f"`{name}`" for name in near) + "?" if near else ""
        made.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
    return options


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    raw = argparse.RawDescriptionHelpFormatter
    top: argparse.ArgumentParser = Parser("scouter", description="Evaluates and monitors models and agents.", epilog=EPILOG, formatter_class=raw)
    top.add_argument("--version", action="version", version=f"scouter {__version__}")
    top.set_defaults(parser=top)
    areas = top.add_subparsers(title="areas", metavar="AREA", required=True)
    for name, told in SERVER.items():
        areas.add_parser(name, help=told, add_help=False)
    area = areas.add_parser("eval", help="run, check and compare suites of tasks", epilog=EPILOG, formatter_class=raw)
    commands = area.add_subparsers(title="commands", metavar="COMMAND", required=True)

    command = partial(declared, commands)
    _watched.declare(areas)

    run = command("run", _run.run, "run a suite over the records of a file")
    suite(run)
    data(run, required=True)
    gate = run.add_argument_group("when it passes")
    gate.add_argument(
        "--min-pass-rate", type=rate, metavar="SHARE",
        help="the least share of verdicts that pass, from 0 to 1 (default: all of the tasks without a rate of their own, or none with --baseline)",
    )  # fmt: skip
    gate.add_argument(
        "--min-task-rate", type=task_rate, action="append", default=[], metavar="TASK=SHARE", help="the same for one task; may be repeated"
    )
    gate.add_argument(
        "--max-errors", type=rate, default=0.0, metavar="SHARE", help="the largest share of records on which a task may error (default: 0)"
    )
    baseline(gate, required=False)
    out = run.add_argument_group("what is kept")
    out.add_argument(
        "-o", "--output", type=Path, action="append", default=[], metavar="FILE",
        help="write the results: .json for all of them, to compare with later; .jsonl, .parquet or .arrow for a row a task",
    )  # fmt: skip
    out.add_argument(
        "--report", type=Path, action="append", default=[], metavar="FILE", help="write a report: .html, .md or .xml (JUnit); may be repeated"
    )
    out.add_argument("--run-dir", type=Path, metavar="DIR", help="keep the run here as it goes; after a crash the same command goes on")
    out.add_argument("--reuse", type=Path, metavar="DIR", help="take what has not changed from this run directory of an earlier run")
    how = run.add_argument_group("how it runs")
    how.add_argument("--trials", type=positive, default=1, metavar="N", help="run every record so often, for tasks that come out otherwise each time")
    how.add_argument("--concurrency", type=positive, metavar="N", help="records under way at once where tasks wait (default: 64)")
    how.add_argument("--timeout", type=float, metavar="SECONDS", help="how long a task that waits may take")
    how.add_argument("--run-timeout", type=float, metavar="SECONDS", help="stop the run when it has taken this long")
    how.add_argument("--workers", type=positive, metavar="N", help="threads that judge (default: one for every core)")
    how.add_argument("-q", "--quiet", action="store_true", help="no progress, and nothing but the verdict")
    show(how)
    how.add_argument("--intervals", action="store_true", help="show between which bounds each pass rate may lie (95 %%, Wilson)")
    models = run.add_argument_group("models, where tasks ask any")
    models.add_argument("--cassette", type=Path, metavar="FILE", help="recorded replies: what is recorded is played, the rest is asked and recorded")
    playing = models.add_mutually_exclusive_group()
    playing.add_argument("--replay", action="store_true", help="ask nobody: what is not in the cassette is an error")
    playing.add_argument("--record", action="store_true", help="ask everything anew, and record it")
    models.add_argument("--budget-usd", type=float, metavar="DOLLARS", help="stop the run when it has cost this much")
    models.add_argument("--cache-dir", type=Path, metavar="DIR", help="keep replies here, and do not ask again what was asked before")

    plan = command("plan", _plan.run, "show the order in which the tasks of a suite run")
    suite(plan)

    check = command("check", _check.run, "try a suite on sample records before anything is spent")
    suite(check)
    data(check, required=False)
    check.add_argument("--sample", type=positive, default=100, metavar="N", help="how many records to look at (default: 100)")
    check.add_argument("--strict", action="store_true", help="take warnings for errors")

    compare = command("compare", _compare.run, "compare results with earlier ones")
    compare.add_argument("results", type=Path, metavar="RESULTS", help="results that `run -o FILE.json` wrote")
    baseline(compare, required=True)
    show(compare)

    report = command("report", _report.run, "write reports of results")
    report.add_argument("results", type=Path, metavar="RESULTS", help="results that `run -o FILE.json` wrote")
    report.add_argument(
        "-o", "--output", type=Path, action="append", required=True, metavar="FILE", help=".html, .md, .xml (JUnit) or .json; may be repeated"
    )
    baseline(report, required=False)
    report.add_argument("--title", help="the heading")
    return top


def suite(to: argparse.ArgumentParser) -> None:
    to.add_argument("suite", type=Path, metavar="SUITE", help="the tasks: a .yaml, .json or .toml file")


def show(to: argparse._ActionsContainer) -> None:
    to.add_argument("--show", type=whole, default=_verdict.SHOWN, metavar="N", help=f"the most outcomes told in words (default: {_verdict.SHOWN})")


def data(to: argparse.ArgumentParser, *, required: bool) -> None:
    group = to.add_argument_group("data")
    group.add_argument("--data", type=Path, required=required, metavar="FILE", help="the records: .jsonl, .csv, .parquet or .arrow")
    group.add_argument("--format", choices=["jsonl", "csv", "parquet", "arrow"], help="what the file is, where its suffix does not say")
    group.add_argument("--id", metavar="COLUMN", help="the column with the ids of the records")
    group.add_argument(
        "--column", type=column, action="append", metavar="NAME[=KEY]",
        help="a column that becomes part of the context, as KEY; may be repeated, and others are then left out (default: all)",
    )  # fmt: skip
    group.add_argument("--json-column", action="append", metavar="COLUMN", help="a column whose text is JSON; may be repeated")
    group.add_argument("--trace", metavar="COLUMN", help="the column with the spans of the record's trace")
    group.add_argument("--case-key", metavar="PATH", help="where a record says which case it is a trial of")
    group.add_argument("--cluster-key", metavar="PATH", help="where a record says what it hangs together by, such as a document or a user")
    group.add_argument("--skip-bad", action="store_true", help="leave records out that can't be read, and count them")


def baseline(to: argparse._ActionsContainer, *, required: bool) -> None:
    to.add_argument("--baseline", type=Path, required=required, metavar="FILE", help="earlier results (.json): fail where these are worse")
    to.add_argument(
        "--regression-threshold", type=rate, default=0.0, metavar="SHARE", help="the largest change of a pass rate that does not matter (default: 0)"
    )
    to.add_argument("--alpha", type=rate, default=0.05, metavar="SHARE", help="the chance of a false alarm that is put up with (default: 0.05)")
    to.add_argument(
        "--correction", choices=["holm", "bh", "none"], default="holm",
        help="what keeps that chance though there are many tasks: of any false alarm (holm), of alarms that are false (bh) (default: holm)",
    )  # fmt: skip
    to.add_argument(
        "--cluster-by", choices=["label", "case", "record"], default="label",
        help="which records hang together: by cluster or else case (label), by case, or none (record) (default: label)",
    )  # fmt: skip
    to.add_argument(
        "--max-error-share", type=rate, default=0.05, metavar="SHARE", help="how many records may be lost or errored before a comparison is invalid (default: 0.05)"
    )
    to.add_argument(
        "--seed", type=seed, metavar="N", help="take intervals of numbers from random draws that start here (a bootstrap), not from Student's t"
    )


def rate(text: str) -> float:
    """A share from 0 to 1."""
    try:
        return _verdict.share("a share", float(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number from 0 to 1") from None


def task_rate(text: str) -> tuple[str, float]:
    """The id of a task, and a share."""
    task, equals, least = text.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"`{text}` is not TASK=SHARE, such as is_right=0.95")
    return task.lower(), rate(least)


def column(text: str) -> tuple[str, str]:
    """A column, and the key that it becomes."""
    name, equals, key = text.partition("=")
    return name, key if equals else name


def seed(text: str) -> int:
    """A whole number of 64 bits, from 0."""
    if not text.isdecimal() or int(text) >= 2**64:
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 0 to {2**64 - 1}")
    return int(text)


def whole(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 0")
    return int(text)


def positive(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 1")
    return int(text)
