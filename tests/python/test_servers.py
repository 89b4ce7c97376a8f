"""Two servers, each a process of its own, on one database."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from scouter.alert import AlertThreshold, CustomMetricAlertConfig
from scouter.client import ScouterClient
from scouter.drift import CustomDriftProfile, CustomMetric, CustomMetricDriftConfig
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue

Server = Any


@pytest.fixture
def other(server: Server) -> Iterator[Server]:
    """A second server on the database of the first."""
    sockets = (server.data / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    second = type(server)("--database-url", f"postgres://scouter@localhost/scouter?host={quote(sockets, safe='')}")
    try:
        second.start()
        yield second
    finally:
        second.close()


def registered(server: Server, schedule: str | None = None) -> CustomDriftProfile:
    """An active profile of one metric."""
    metric = CustomMetric("mae", baseline_value=1.0, alert_threshold=AlertThreshold.Above)
    alerts = CustomMetricAlertConfig(schedule=schedule)
    profile = CustomDriftProfile(CustomMetricDriftConfig(space="shop", name=f"m-{uuid.uuid4()}", alert_config=alerts), [metric])
    ScouterClient(HttpConfig(server_uri=server.uri)).register_profile(profile, set_active=True)
    return profile


def test_two_servers_do_each_job_once(server: Server, other: Server) -> None:
    profile = registered(server)
    clients = [ScouterClient(HttpConfig(server_uri=uri)) for uri in (server.uri, other.uri)]
    queues = [ScouterQueue.from_profile({"m": profile}, HttpConfig(server_uri=uri), options=QueueOptions(linger=0.01)) for uri in (server.uri, other.uri)]
    for round in range(1, 6):
        for queue in queues:
            queue["m"].insert(mae=3.0)
            assert queue.flush(30.0)
        # Both are asked for the same job at once.
        for client in clients:
            client.run_job(profile.uid)
        wait_until_looked_at(server, profile.uid, 2 * round)
    assert all(queue.shutdown(30.0) for queue in queues)
    assert looked_at(server, profile.uid) == 10
    # Of one alert that goes on it is told once.
    assert overlapping(server, profile.uid) == 0
    told = f"SELECT count(*) FROM deliveries JOIN alerts ON alert = alerts.id WHERE profile = '{profile.uid}'"
    assert server.rows(told) == [["1"]]


def test_jobs_that_come_due_look_at_every_row_once_while_one_of_two_servers_is_killed(server: Server, other: Server) -> None:
    profile = registered(server, schedule="* * * * * *")
    queue = ScouterQueue.from_profile({"m": profile}, HttpConfig(server_uri=server.uri), options=QueueOptions(linger=0.01))
    # Whether it has the job then or not: it comes due every second, and both are after it.
    other.killed_while(lambda: queue["m"].insert(mae=3.0), queue, "m", times=4, more=800)
    assert queue.shutdown(60.0)
    inserted = queue["m"].stats().accepted
    assert inserted == queue["m"].stats().inserted
    wait_until_looked_at(server, profile.uid, inserted)
    assert looked_at(server, profile.uid) == inserted
    assert overlapping(server, profile.uid) == 0
    [[windows]] = server.rows(f"SELECT count(*) FROM drift_results WHERE profile = '{profile.uid}'")
    assert int(windows) > 1


def wait_until_looked_at(server: Server, uid: str, many: int) -> None:
    """Waits until the jobs have looked at so many values. What a job that was killed had is looked at once its lease is over."""
    deadline = time.monotonic() + 180
    while looked_at(server, uid) < many:
        assert time.monotonic() < deadline, server.rows("SELECT * FROM drift_jobs")


def overlapping(server: Server, uid: str) -> int:
    """How many windows begin before the one before them ended."""
    windows = f"SELECT began, lag(ended) OVER (ORDER BY ended) AS before FROM drift_results WHERE profile = '{uid}'"
    [[many]] = server.rows(f"SELECT count(*) FROM ({windows}) AS windows WHERE began < before")
    return int(many)


def looked_at(server: Server, uid: str) -> int:
    """How many values the jobs have looked at."""
    [[rows]] = server.rows(f"SELECT coalesce(sum(rows), 0) FROM drift_results WHERE profile = '{uid}'")
    return int(rows)
