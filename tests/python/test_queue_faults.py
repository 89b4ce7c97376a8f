"""Servers that are away, come back, or are killed: inserting goes on, memory is bounded, and what was acknowledged is there once."""

from __future__ import annotations

import os
import re
import signal
import statistics
import threading
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue

Server = Any

LEAST_BYTES = 1_114_112
"""The least `capacity_bytes`: room for some 7,000 records of one number."""


def made(name: str = "model") -> PsiDriftProfile:
    return Drifter().create_drift_profile({"x": [float(number) for number in range(100)]}, PsiDriftConfig(space="shop", name=name))


def to(server: Server) -> HttpConfig:
    return HttpConfig(server_uri=server.uri)


def values(server: Server) -> list[int]:
    """The values of all rows."""
    return sorted(int(float(value)) for [value] in server.rows("SELECT numbers[1] FROM records"))


def wait_for(queue: ScouterQueue, what: str, count: int) -> None:
    """Waits until so much was counted; each look waits for the queue's thread."""
    deadline = time.monotonic() + 60
    while getattr(queue["model"].stats(), what) < count:
        assert time.monotonic() < deadline, queue["model"].stats()
        queue.flush(0.01)


def test_a_server_that_comes_later_gets_what_waited(absent_server: Server, tmp_path: Path) -> None:
    # Registered at a first life of the server.
    absent_server.start()
    profile = made()
    ScouterClient(to(absent_server)).register_profile(profile, set_active=True)
    assert absent_server.end(signal.SIGTERM) == 0

    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server))
    for number in range(1_000):
        queue["model"].insert(x=float(number))
    wait_for(queue, "failures", 1)
    stats = queue["model"].stats()
    assert (stats.waiting, stats.accepted) == (1_000, 0) and "onnect" in (stats.last_error or "")
    absent_server.start()
    assert queue.shutdown(60.0)
    assert values(absent_server) == list(range(1_000))


def test_what_was_acknowledged_is_there_once_however_often_the_server_is_killed(absent_server: Server) -> None:
    absent_server.start()
    profile = made()
    ScouterClient(to(absent_server)).register_profile(profile, set_active=True)
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(batch_size=50, linger=0.001))
    stop = threading.Event()
    inserted = [0]

    def insert() -> None:
        while not stop.wait(0.001):
            for _ in range(20):
                queue["model"].insert(x=float(inserted[0]))
                inserted[0] += 1

    thread = threading.Thread(target=insert)
    thread.start()
    try:
        for _ in range(3):
            wait_for(queue, "accepted", queue["model"].stats().accepted + 500)
            absent_server.end(signal.SIGKILL)
            absent_server.start()
    finally:
        stop.set()
        thread.join()
    assert queue.shutdown(60.0)
    stats = queue["model"].stats()
    assert stats.accepted == stats.inserted == inserted[0] and stats.failures > 0
    assert values(absent_server) == list(range(inserted[0]))


def postmaster(server: Server) -> int:
    """The process of the server's database; none while it is not there."""
    try:
        return int((server.data / "postgres" / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0


def test_what_was_acknowledged_is_there_once_however_often_the_database_is_killed(absent_server: Server) -> None:
    absent_server.start()
    profile = made()
    ScouterClient(to(absent_server)).register_profile(profile, set_active=True)
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(batch_size=50, linger=0.001))
    stop = threading.Event()
    inserted = [0]

    def insert() -> None:
        while not stop.wait(0.001):
            queue["model"].insert(x=float(inserted[0]))
            inserted[0] += 1

    thread = threading.Thread(target=insert)
    thread.start()
    try:
        for _ in range(3):
            wait_for(queue, "accepted", queue["model"].stats().accepted + 200)
            victim = postmaster(absent_server)
            os.kill(victim, signal.SIGKILL)
            deadline = time.monotonic() + 60
            while postmaster(absent_server) in (0, victim):
                assert time.monotonic() < deadline, "the database did not come back"
                queue.flush(0.01)
        wait_for(queue, "accepted", queue["model"].stats().accepted + 200)
    finally:
        stop.set()
        thread.join()
    assert queue.shutdown(60.0)
    stats = queue["model"].stats()
    assert stats.accepted == stats.inserted == inserted[0]
    assert values(absent_server) == list(range(inserted[0]))
    # It is the same server all along.
    assert absent_server.end(signal.SIGTERM) == 0


def test_a_full_queue_drops_what_comes_and_counts_it(absent_server: Server) -> None:
    queue = ScouterQueue.from_profile({"model": made()}, to(absent_server), options=QueueOptions(capacity=10))
    for number in range(25):
        queue["model"].insert(x=float(number))
    stats = queue["model"].stats()
    assert (stats.inserted, stats.waiting, stats.dropped) == (25, 10, 15)
    assert queue.shutdown(0.0) is False
    stats = queue["model"].stats()
    assert (stats.waiting, stats.dropped, stats.undelivered) == (0, 15, 10)


def test_a_full_queue_drops_the_oldest_where_that_is_asked_for(absent_server: Server) -> None:
    absent_server.start()
    profile = made()
    ScouterClient(to(absent_server)).register_profile(profile, set_active=True)
    absent_server.end(signal.SIGTERM)
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(capacity=12_000, when_full="drop_oldest"))
    for number in range(30_000):
        queue["model"].insert(x=float(number))
    assert queue["model"].stats().waiting == 12_000
    absent_server.start()
    assert queue.shutdown(60.0)
    assert queue["model"].stats().dropped == 18_000
    # What was under way when the queue was full, 10,000 at most, is not dropped.
    arrived = values(absent_server)
    assert len(arrived) == 12_000 and arrived[10_000:] == list(range(28_000, 30_000))


def test_a_full_queue_blocks_where_that_is_asked_for(absent_server: Server) -> None:
    absent_server.start()
    profile = made()
    ScouterClient(to(absent_server)).register_profile(profile, set_active=True)
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(capacity=10, when_full="block", batch_size=5))
    for number in range(200):
        queue["model"].insert(x=float(number))
    assert queue.shutdown(60.0)
    assert queue["model"].stats().dropped == 0 and values(absent_server) == list(range(200))


def test_each_profile_holds_no_more_bytes_than_it_is_said(absent_server: Server) -> None:
    profiles = {"model": made(), "other": made("other")}
    queue = ScouterQueue.from_profile(profiles, to(absent_server), options=QueueOptions(capacity_bytes=LEAST_BYTES))
    for number in range(20_000):
        for entrance in profiles:
            queue[entrance].insert(x=float(number))
    for entrance in profiles:
        stats = queue[entrance].stats()
        assert 5_000 < stats.waiting < 10_000 and stats.waiting + stats.dropped == 20_000
    assert queue.shutdown(0.0) is False


def test_half_of_the_bytes_are_sent_though_they_are_no_batch_yet(absent_server: Server) -> None:
    absent_server.start()
    profile = made()
    ScouterClient(to(absent_server)).register_profile(profile, set_active=True)
    # There is no room for a batch, and nobody waits for ten minutes.
    options = QueueOptions(capacity_bytes=LEAST_BYTES, batch_size=10_000, linger=600.0, when_full="block")
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=options)
    for number in range(20_000):
        queue["model"].insert(x=float(number))
    assert queue.shutdown(60.0)
    assert queue["model"].stats().dropped == 0 and values(absent_server) == list(range(20_000))


def test_who_waits_for_room_is_let_go_when_the_queue_is_shut_down(absent_server: Server) -> None:
    queue = ScouterQueue.from_profile({"model": made()}, to(absent_server), options=QueueOptions(capacity=1, when_full="block"))
    queue["model"].insert(x=1.0)
    waiting = threading.Thread(target=lambda: queue["model"].insert(x=2.0))
    waiting.start()
    assert queue.shutdown(0.0) is False
    waiting.join(30)
    assert not waiting.is_alive()
    stats = queue["model"].stats()
    assert (stats.dropped, stats.undelivered) == (1, 1)


CALLS, FULL = 500_000, 50_000
"""How often is inserted, and how often of that at the end, where nothing has room any more."""
HELD = 64 << 20
"""What records of a profile that wait may take, in bytes as the queue counts them."""


def quietest(took: array[int]) -> float:
    """The median of some thousand calls in a row, of those in which the machine did least besides."""
    return min(statistics.median(took[at : at + 5_000]) for at in range(0, len(took), 5_000))


@pytest.mark.timed
def test_while_a_server_is_away_inserting_takes_2_microseconds_and_memory_within_its_bound(absent_server: Server, held: Callable[[], int]) -> None:
    numbers = [float(number) for number in range(100)]
    profile = Drifter().create_drift_profile(dict.fromkeys("xyz", numbers), PsiDriftConfig(space="shop", name="model"))
    # By their number all have room, by what they take some four fifths.
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(capacity=CALLS))
    model, rows = queue["model"], [dict.fromkeys("xyz", number) for number in numbers]
    took = array("q", bytes(8 * CALLS))
    before = held()
    for at in range(CALLS):
        row = rows[at % 100]
        began = time.perf_counter_ns()
        model.insert(row)
        took[at] = time.perf_counter_ns() - began
    grown = held() - before
    stats = model.stats()
    assert stats.inserted == CALLS == stats.waiting + stats.spooled + stats.dropped
    # Or the calls at the end were not what they are taken for, nor those at the beginning.
    assert FULL <= stats.dropped <= CALLS // 2
    medians = [quietest(part) for part in (took[: CALLS // 2], took[-FULL:])]
    assert max(medians) <= 2_000, f"nanoseconds with room, and without: {medians}"
    # Beside the records: the room that their list has grown to, and what the allocator keeps of what was sent in vain.
    assert grown < HELD + (48 << 20)
    assert queue.shutdown(0.0) is False


def test_a_queue_that_was_shut_down_drops_and_says_so(absent_server: Server) -> None:
    queue = ScouterQueue.from_profile({"model": made()}, to(absent_server))
    assert queue.shutdown() is True
    queue["model"].insert(x=1.0)
    assert queue["model"].stats().dropped == 1 and queue.shutdown() is True


def test_shutdown_ends_in_its_time_though_nobody_answers(absent_server: Server) -> None:
    queue = ScouterQueue.from_profile({"model": made()}, to(absent_server))
    queue["model"].insert(x=1.0)
    before = time.monotonic()
    assert queue.shutdown(0.5) is False
    assert time.monotonic() - before < 10
    assert queue["model"].stats().undelivered == 1


@pytest.mark.timed
@pytest.mark.parametrize("wait", ["flush", "shutdown"])
def test_other_threads_go_on_while_a_queue_waits_for_a_server_that_is_away(absent_server: Server, wait: str) -> None:
    queue = ScouterQueue.from_profile({"model": made()}, to(absent_server))
    queue["model"].insert(x=1.0)
    counting, ended = threading.Event(), threading.Event()
    longest = [0.0]

    def count() -> None:
        last = time.monotonic()
        counting.set()
        while not ended.is_set():
            now = time.monotonic()
            longest[0], last = max(longest[0], now - last), now

    thread = threading.Thread(target=count)
    thread.start()
    try:
        assert counting.wait(60)
        assert getattr(queue, wait)(3.0) is False
    finally:
        ended.set()
        thread.join()
    queue.shutdown(0.0)
    # One that has to wait for the interpreter does nothing for all of the time.
    assert longest[0] < 1.5


def test_a_flush_whose_time_is_over_leaves_what_is_lost_to_the_next(absent_server: Server) -> None:
    absent_server.start()
    profile = made()
    ScouterClient(to(absent_server)).register_profile(profile, set_active=True)
    assert absent_server.end(signal.SIGTERM) == 0
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server))
    queue["model"].insert(y=1.0)
    queue["model"].insert(x=1.0)
    assert queue.flush(0.1) is False
    absent_server.start()
    assert queue.flush(60.0) is False
    assert queue.flush(60.0) is True
    assert queue.shutdown() and values(absent_server) == [1]


def test_what_fails_is_told_in_the_log(absent_server: Server, caplog: pytest.LogCaptureFixture) -> None:
    queue = ScouterQueue.from_profile({"model": made()}, to(absent_server), options=QueueOptions(capacity=2))
    for number in range(5):
        queue["model"].insert(x=float(number))
    wait_for(queue, "failures", 1)
    queue.shutdown(0.0)
    told = [record.getMessage() for record in caplog.records if record.name == "scouter.queue"]
    assert 1 <= len(told) <= 2
    assert "3 dropped since there was no room" in told[-1] and re.search(r"[0-9] attempts? to send failed, the last: ", told[-1])
