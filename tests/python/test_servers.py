"""Two servers, each a process of its own, on one database."""

from __future__ import annotations

import time
import uuid
from typing import Any
from urllib.parse import quote

from scouter.alert import AlertThreshold
from scouter.client import ScouterClient
from scouter.drift import CustomDriftProfile, CustomMetric, CustomMetricDriftConfig
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue

Server = Any


def test_two_servers_do_each_job_once(server: Server) -> None:
    sockets = (server.data / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    other = type(server)("--database-url", f"postgres://scouter@localhost/scouter?host={quote(sockets, safe='')}")
    other.start()
    try:
        metric = CustomMetric("mae", baseline_value=1.0, alert_threshold=AlertThreshold.Above)
        config = CustomMetricDriftConfig(space="shop", name=f"m-{uuid.uuid4()}")
        profile = CustomDriftProfile(config, [metric])
        clients = [ScouterClient(HttpConfig(server_uri=uri)) for uri in (server.uri, other.uri)]
        clients[0].register_profile(profile, set_active=True)
        queues = [
            ScouterQueue.from_profile({"m": profile}, HttpConfig(server_uri=uri), options=QueueOptions(linger=0.01)) for uri in (server.uri, other.uri)
        ]
        for round in range(1, 6):
            for queue in queues:
                queue["m"].insert(mae=3.0)
                assert queue.flush(30.0)
            # Both are asked for the same job at once.
            for client in clients:
                client.run_job(profile.uid)
            deadline = time.monotonic() + 60
            while looked_at(server, profile.uid) < 2 * round:
                assert time.monotonic() < deadline, server.rows("SELECT * FROM drift_jobs")
        assert all(queue.shutdown(30.0) for queue in queues)
        assert looked_at(server, profile.uid) == 10
        # No window begins before the one before it ended, and of one alert that goes on it is told once.
        windows = f"SELECT began, lag(ended) OVER (ORDER BY ended) AS before FROM drift_results WHERE profile = '{profile.uid}'"
        assert server.rows(f"SELECT count(*) FROM ({windows}) AS windows WHERE began < before") == [["0"]]
        told = f"SELECT count(*) FROM deliveries JOIN alerts ON alert = alerts.id WHERE profile = '{profile.uid}'"
        assert server.rows(told) == [["1"]]
    finally:
        other.close()


def looked_at(server: Server, uid: str) -> int:
    """How many values the jobs have looked at."""
    [[rows]] = server.rows(f"SELECT coalesce(sum(rows), 0) FROM drift_results WHERE profile = '{uid}'")
    return int(rows)
