"""What every tool is measured by: `python TOOL.py URL CALLS IN_FLIGHT JUDGES` prints one line of JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

QUESTION = "Rate from 1 to 5 how well the response answers the question.\n\nQuestion: {query}\nResponse: {response}"
SCHEMA = {
    "title": "Score",
    "type": "object",
    "properties": {"reason": {"type": "string"}, "score": {"type": "integer"}},
    "required": ["reason", "score"],
    "additionalProperties": False,
}


def arguments() -> tuple[str, int, int, int]:
    url, calls, in_flight, judges = sys.argv[1:]
    return url, int(calls), int(in_flight), int(judges)


def rows(calls: int) -> list[dict[str, str]]:
    return [{"query": f"What is the capital of country {n}?", "response": f"It is city {n}."} for n in range(calls)]


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def resident() -> int:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def measure(run: Callable[[], int], passed: int) -> None:
    """Runs it once, and prints what that took; all calls must have passed."""
    before, used, start = resident(), cpu(), time.perf_counter()
    found = run()
    seconds, used = time.perf_counter() - start, cpu() - used
    if found != passed:
        raise SystemExit(f"{found} of {passed} passed")
    print(json.dumps({"seconds": seconds, "cpu": used, "grown": resident() - before}))
