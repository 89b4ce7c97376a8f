#!/usr/bin/env python3
"""Runs the same checks with Scouter and with its peers, side by side, and prints the tables of `docs/benchmarks.md`.

    python python/benches/compare.py                 Scouter as installed in this environment
    python python/benches/compare.py --wheel W       Scouter from a wheel, in an environment of its own
    python python/benches/compare.py --json out.json every measurement as well

Each peer gets a virtual environment in the user's cache folder, made at the first run; each measurement is a process.
Linux only: memory is read from `/proc`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "scouter" / "benches"

OURS, LOOP, ML, EVALS = "scouter", "plain loop", "scouter-ml", "pydantic-evals"
ADAPTER = {OURS: "ours", LOOP: "plain_loop", ML: "scouter_ml", EVALS: "pydantic_evals"}
# What each tool is given. The slowest gets a tenth: its speed does not grow with more.
SIZES = {OURS: (10_000, 100_000), LOOP: (10_000, 100_000), ML: (10_000, 100_000), EVALS: (1_000, 10_000)}
REPEATS = {OURS: 5, LOOP: 5, ML: 1, EVALS: 1}
# How often everything is measured, in turn, so that a slow minute of the machine falls on no tool alone.
ROUNDS = 3
MODULE = {OURS: "scouter.evaluate", ML: "scouter.evaluate", EVALS: "pydantic_evals"}

Measured = dict[str, Any]


def environment(name: str, *install: str) -> Path:
    """The Python of a virtual environment holding `install`, made once for the same contents."""
    content = "".join(Path(item).read_bytes().hex() for item in install if Path(item).is_file())
    place = CACHE / f"{name}-{hashlib.sha256(f'{sys.version}{content}'.encode()).hexdigest()[:12]}"
    if not (place / "ready").exists():
        print(f"making {place}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        subprocess.run([place / "bin/pip", "install", "--quiet", *install], check=True)
        (place / "ready").touch()
    return place / "bin/python"


def pythons(tools: list[str], wheel: Path | None) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for tool in tools:
        if tool == OURS and wheel is not None:
            found[tool] = environment("scouter", str(wheel))
        elif tool in (ML, EVALS):
            found[tool] = environment(tool, "--requirement", str(HERE / f"requirements-{tool}.txt"))
        else:
            found[tool] = Path(sys.executable)
    return found


def run(python: Path, tool: str, shape: str, records: int) -> Measured:
    command = [str(python), str(HERE / "measure.py"), ADAPTER[tool], shape, str(records), str(REPEATS[tool])]
    print(f"{tool}: {shape}, {records:,} records", file=sys.stderr)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{tool} did not finish `{shape}` over {records} records:\n{done.stderr}")
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    return measured | {"tool": tool}


def best(rounds: list[Measured]) -> Measured:
    """The least of every figure, for whatever else the machine does only adds to them."""
    figures = ("evaluate_seconds", "whole_seconds", "peak", "kept")
    return rounds[0] | {figure: min(measured[figure] for measured in rounds) for figure in figures}


def import_time(python: Path, module: str) -> float:
    """Milliseconds that `import module` takes in a new process; the best of seven."""
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    times = [float(subprocess.check_output([python, "-c", code], text=True)) for _ in range(7)]
    return min(times) * 1e3


def check_agreement(rows: list[Measured]) -> None:
    """Every tool must count the same passes for the same shape and number of records; else the speeds mean nothing."""
    seen: dict[tuple[str, int], tuple[str, dict[str, int]]] = {}
    for row in rows:
        counts = {id: count for id, count in row["passes"].items() if count}
        tool, expected = seen.setdefault((row["shape"], row["records"]), (row["tool"], counts))
        if counts != expected:
            raise SystemExit(f"{row['tool']} and {tool} disagree on `{row['shape']}`:\n{counts}\n{expected}")


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def speed(row: Measured, part: str) -> float:
    return float(row["evaluations"] / row[f"{part}_seconds"])


def thousands(per_second: float) -> str:
    return f"{per_second / 1e3:,.0f} k/s"


def compared(rows: list[Measured]) -> str:
    """One line a tool and size; ratios are to our line of as many records, or the last one, or the first tool's without ours."""
    ours = {row["records"]: row for row in rows if row["tool"] == OURS}
    last = max(ours.values(), key=lambda row: int(row["records"]), default=rows[0])
    body = []
    for row in rows:
        base = ours.get(row["records"], last)
        body.append([
            row["tool"],
            f"{row['records']:,}",
            thousands(speed(row, "evaluate")),
            f"{speed(base, 'evaluate') / speed(row, 'evaluate'):,.1f} ×",
            thousands(speed(row, "whole")),
            f"{speed(base, 'whole') / speed(row, 'whole'):,.1f} ×",
            f"{row['peak'] / 1e6:,.0f} MB",
            f"{row['kept'] / row['evaluations']:,.0f} B",
        ])
    slower = f"{last['tool']} is faster"
    return table(["tool", "records", "evaluate()", slower, "end to end", slower, "peak memory", "kept a result"], body)


def linear(rows: list[Measured]) -> str:
    first = rows[0]
    return table(
        ["records", "checks", "work", "time", "kept a result"],
        [
            [
                f"{row['records']:,}",
                f"{row['evaluations'] // row['records']:,}",
                f"{row['evaluations'] / first['evaluations']:,.0f} ×",
                f"{row['evaluate_seconds'] / first['evaluate_seconds']:,.1f} × ({row['evaluate_seconds'] * 1e3:,.2f} ms)",
                f"{row['kept'] / row['evaluations']:,.0f} B",
            ]
            for row in rows
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="a wheel of Scouter; without it, the one installed here")
    parser.add_argument("--json", type=Path, help="where to write every measurement")
    parser.add_argument("--only", nargs="+", choices=list(ADAPTER), default=list(ADAPTER), help="run some tools alone")
    options = parser.parse_args()
    tools: list[str] = options.only
    python = pythons(tools, options.wheel)

    of_ten = [(tool, "ten", size) for tool in tools for size in SIZES[tool]]
    of_graph = [(tool, "graph", 10_000) for tool in tools if tool != EVALS]
    of_scale: list[tuple[str, str, int]] = []
    if OURS in tools:
        of_graph.append((OURS, "graph_nodes", 10_000))
        of_scale = [(OURS, "10", records) for records in (1_000, 10_000, 100_000)]
        of_scale += [(OURS, str(checks), 1_000) for checks in (100, 1_000)]
    asked = of_ten + of_graph + of_scale
    rounds = [[run(python[tool], tool, shape, records) for tool, shape, records in asked] for _ in range(ROUNDS)]
    everything = [best(list(turns)) for turns in zip(*rounds, strict=True)]
    imports = {tool: import_time(python[tool], MODULE[tool]) for tool in tools if tool in MODULE}
    check_agreement(everything)
    measured = iter(everything)
    ten, graph, scale = ([next(measured) for _ in part] for part in (of_ten, of_graph, of_scale))

    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("## Ten checks a record\n\n" + compared(ten) + "\n")
    per_record = [
        [row["tool"], "no" if row["shape"] == "graph_nodes" else "yes", f"{row['evaluate_seconds'] / row['records'] * 1e6:,.2f} µs"]
        for row in graph
    ]
    print("## Ten nodes in three levels, one gate that never opens\n")
    print(table(["tool", "edges and gates", "evaluate() a record"], per_record) + "\n")
    if scale:
        print("## Linear in records and in checks\n\n" + linear(scale) + "\n")
    print("## Import\n\n" + table(["tool", "time"], [[tool, f"{ms:,.0f} ms"] for tool, ms in imports.items()]))
    if options.json:
        options.json.write_text(json.dumps({"import_ms": imports, "measured": everything}, indent=1) + "\n")


if __name__ == "__main__":
    main()
