#!/usr/bin/env python3
"""Model calls with Scouter and with its peers, side by side in one run: prints the tables of `docs/benchmarks.md`.

    python python/benches/judges.py                 Scouter as installed in this environment
    python python/benches/judges.py --wheel W       Scouter from a wheel, in an environment of its own
    python python/benches/judges.py --only ours     without peers
    python python/benches/judges.py --records 10000 the memory of 10,000 records with three judges each, too

A server in a process of its own answers every call after 50 ms in OpenAI's format, and counts connections; calls that nobody measures warm
it first. Scouter and the bare sockets are measured three times in turn, and the middle one by time is told. Client CPU is that of
the process that asks, user and system, less what it takes to start. Each peer gets a virtual environment in the user's cache
folder, made at the first run. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from compare import CACHE, environment, table

HERE = Path(__file__).resolve().parent
CALLS, DELAY = 1_000, 0.05
# How often what is fast is measured.
ROUNDS = 3
QUICK = ("ours", "bare")

# What each tool needs, and whether it can be told how many calls may be in flight.
TOOLS: dict[str, tuple[list[str], bool]] = {
    "ours": ([], True),
    "bare": ([], True),
    "openai": (["openai==3.57.0"], True),
    "scouter_ml": (["scouter-ml==0.20.0"], False),
    "pydantic_evals": (["pydantic-evals==2.62.0", "openai==3.57.0"], True),
    "deepeval": (["deepeval==4.3.1"], True),
}
NAMES = {
    "ours": "scouter",
    "bare": "bare sockets",
    "openai": "openai client",
    "scouter_ml": "scouter-ml",
    "pydantic_evals": "pydantic-evals",
    "deepeval": "DeepEval",
}

Measured = dict[str, Any]


def python_of(tool: str, wheel: Path | None) -> Path | None:
    """The Python that has the tool; `None` where it cannot be installed."""
    if tool == "bare":
        return Path(sys.executable)
    if tool == "ours":
        return Path(sys.executable) if wheel is None else environment("scouter", str(wheel))
    needs = TOOLS[tool][0]
    CACHE.mkdir(parents=True, exist_ok=True)
    file = CACHE / f"requirements-judges-{tool}.txt"
    file.write_text("\n".join(needs) + "\n")
    try:
        return environment(f"judges-{tool}", "--requirement", str(file))
    except subprocess.CalledProcessError as error:
        print(f"{tool} cannot be installed: {error}", file=sys.stderr)
        return None


class Server:
    """The server's process."""

    def __init__(self) -> None:
        command = [sys.executable, str(HERE / "judge_calls" / "server.py"), str(DELAY)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self._line()}/v1"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def counts(self) -> Measured:
        """Calls, connections, and the most calls open at once, since it was asked last."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        counts: Measured = json.loads(self._line())
        return counts

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def measure(tool: str, python: Path | None, server: Server, calls: int, in_flight: int, judges: int = 1) -> Measured | None:
    """One process of a tool; `None` where it does not finish what it was asked for."""
    if python is None:
        return None
    server.counts()
    command = [str(python), str(HERE / "judge_calls" / f"{tool}.py"), server.url, str(calls), str(in_flight), str(judges)]
    addresses = {"OPENAI_BASE_URL": server.url, "OPENAI_API_URL": server.url.removesuffix("/v1")}
    variables = os.environ | addresses | {"OPENAI_API_KEY": "sk-bench", "DEEPEVAL_TELEMETRY_OPT_OUT": "YES"}
    print(f"{tool}: {calls:,} calls, {in_flight} in flight", file=sys.stderr)
    # DeepEval leaves files where it runs.
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables, cwd=CACHE)
    if done.returncode != 0:
        print(f"{tool} did not finish:\n{done.stderr[-2000:]}", file=sys.stderr)
        return None
    # Some tools have a last word.
    measured: Measured = json.loads(next(said for said in reversed(done.stdout.splitlines()) if said.startswith('{"seconds"')))
    counts = server.counts()
    if counts["calls"] != calls * judges:
        print(f"{tool} made {counts['calls']} calls, and {calls * judges} were wanted", file=sys.stderr)
        return None
    return measured | counts | {"tool": tool, "wanted": in_flight}


def rounds(tools: list[str], pythons: dict[str, Path | None], server: Server, calls: int, in_flight: int) -> list[list[str]]:
    """The lines of these tools, the quick ones measured in turn."""
    rows: dict[str, list[Measured | None]] = {tool: [] for tool in tools}
    for turn in range(ROUNDS):
        for tool in tools:
            if turn == 0 or tool in QUICK:
                rows[tool].append(measure(tool, pythons[tool], server, calls, in_flight))
    return [line(middle(rows[tool]), tool, calls) for tool in tools]


def middle(rows: list[Measured | None]) -> Measured | None:
    """The one in the middle by time; `None` where one of them did not finish."""
    done = sorted((row for row in rows if row is not None), key=lambda row: row["seconds"])
    return done[len(done) // 2] if len(done) == len(rows) else None


def line(row: Measured | None, tool: str, calls: int, judges: int = 1) -> list[str]:
    if row is None:
        return [NAMES[tool], "did not finish", "", "", "", ""]
    ideal = calls * judges * DELAY / row["wanted"]
    return [
        NAMES[tool],
        str(row["wanted"]) if TOOLS[tool][1] else "all",
        f"{row['seconds']:.2f} s",
        f"{row['seconds'] / ideal:.2f} ×",
        f"{1e3 * row['cpu'] / (calls * judges):.2f} ms",
        f"{row['connections']:,} ({row['most_in_flight']:,} at once)",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="a wheel of Scouter; without it, the one installed here")
    parser.add_argument("--only", choices=list(TOOLS), action="append", help="this tool alone; may be given more than once")
    parser.add_argument("--records", type=int, default=0, help="also the peak of memory over this many records with three judges each")
    options = parser.parse_args()
    tools = options.only or list(TOOLS)
    pythons = {tool: python_of(tool, options.wheel) for tool in tools}
    # Some tools open a connection for every call.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    server = Server()
    try:
        head = ["tool", "in flight", "time", "to the ideal", "client CPU a call", "connections"]
        measure("bare", Path(sys.executable), server, CALLS, 100)
        print(f"{CALLS:,} calls of {DELAY * 1e3:.0f} ms, 100 in flight:\n\n{table(head, rounds(tools, pythons, server, CALLS, 100))}\n")
        if many := [tool for tool in QUICK if tool in tools]:
            # Of 1,000 calls every second one waits for a connection to be opened; 5,000 show what calls take.
            for calls in (CALLS, 5_000):
                print(f"{calls:,} calls, 500 in flight:\n\n{table(head, rounds(many, pythons, server, calls, 500))}\n")
        if "ours" in tools and options.records:
            row = measure("ours", pythons["ours"], server, options.records, 500, judges=3)
            if row is not None:
                print(f"{options.records:,} records with 3 judges each: {row['seconds']:.1f} s, {row['grown'] / 1e6:,.0f} MB")
    finally:
        server.end()


if __name__ == "__main__":
    main()
