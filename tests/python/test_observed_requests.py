"""Requests that are counted: by a queue, which sends them to a real server, and by hand."""

from __future__ import annotations

import json
import math
import pickle
import signal
import subprocess
import sys
import threading
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.errors import ServerError
from scouter.observe import LatencyMetrics, ObservabilityMetrics, Observer, RouteMetrics
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue, ServerRecord, ServerRecords

Server = Any


@pytest.fixture
def config(server: Server) -> HttpConfig:
    return HttpConfig(server_uri=server.uri)


@pytest.fixture
def profile(config: HttpConfig) -> PsiDriftProfile:
    """A registered profile, under a name of the test's own."""
    data = {"x": [float(number) for number in range(100)]}
    made = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"model-{uuid.uuid4()}"))
    ScouterClient(config).register_profile(made, set_active=True)
    return made


def requests(server: Server, profile: PsiDriftProfile) -> dict[str, RouteMetrics]:
    """What the server tells of requests, by route."""
    since = datetime.now(timezone.utc) - timedelta(hours=1)
    traffic = ScouterClient(HttpConfig(server_uri=server.uri)).get_requests(profile.uid, since)
    assert traffic.left_out == 0
    return traffic.routes


def records(server: Server, profile: PsiDriftProfile) -> int:
    [[count]] = server.rows(f"SELECT count(*) FROM requests WHERE profile = '{profile.uid}'")
    return int(count)


def counts(server: Server, profile: PsiDriftProfile) -> dict[str, int]:
    return {route: told.request_count for route, told in requests(server, profile).items()}


def test_requests_are_sent_as_one_record_by_route(server: Server, config: HttpConfig, profile: PsiDriftProfile) -> None:
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        entrance = queue["model"]
        for number in range(1, 101):
            entrance.observe("/items/{id}", number / 100, 200)
        entrance.observe("/items/{id}", 2.0, 503)
        entrance.observe("/", 0.5, 404)
        entrance.insert(x=1.0)
        assert queue.flush()
        stats = entrance.stats()
        assert (stats.inserted, stats.accepted, stats.waiting) == (2, 2, 0)
    told = requests(server, profile)
    items = told["/items/{id}"]
    assert (items.request_count, items.error_count, items.error_latency) == (101, 1, pytest.approx(2.0))
    assert items.status_codes == {200: 100, 503: 1}
    latency = items.metrics
    found = [latency.p5, latency.p25, latency.p50, latency.p95, latency.p99]
    assert found == pytest.approx([0.06, 0.26, 0.51, 0.96, 1.0])
    assert (told["/"].request_count, told["/"].error_count) == (1, 0)
    assert records(server, profile) == 1


def test_requests_are_told_of_a_stretch_of_time(server: Server, config: HttpConfig, profile: PsiDriftProfile) -> None:
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        queue["model"].observe("/", 0.1, 200)
    client, now = ScouterClient(config), datetime.now(timezone.utc)
    hour = timedelta(hours=1)
    assert list(client.get_requests(profile.uid, now - hour, now + hour).routes) == ["/"]
    assert client.get_requests(profile.uid, now - 2 * hour, now - hour).routes == {}
    with pytest.raises(ServerError):
        client.get_requests(str(uuid.uuid4()), now)
    with pytest.raises(ValueError, match="the uid of the profile is empty"):
        client.get_requests("", now)


def test_requests_of_several_times_add_up(server: Server, config: HttpConfig, profile: PsiDriftProfile) -> None:
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        for _ in range(3):
            queue["model"].observe("/", 0.1, 200)
            assert queue.flush()
    assert records(server, profile) == 3 and counts(server, profile) == {"/": 3}


def test_the_end_of_a_queue_sends_them(server: Server, config: HttpConfig, profile: PsiDriftProfile) -> None:
    queue = ScouterQueue.from_profile({"model": profile}, config)
    queue["model"].observe("/", 0.1, 200)
    assert queue["model"].stats().waiting == 1
    assert queue.shutdown()
    queue["model"].observe("/", 0.1, 200)
    stats = queue["model"].stats()
    assert (stats.accepted, stats.dropped) == (1, 1)
    assert counts(server, profile) == {"/": 1}


def test_rows_that_are_counted_by_bins_go_beside_them(server: Server, config: HttpConfig, profile: PsiDriftProfile) -> None:
    with ScouterQueue.from_profile({"model": profile}, config, options=QueueOptions(aggregate=True)) as queue:
        queue["model"].insert(x=1.0)
        queue["model"].observe("/", 0.1, 200)
        assert queue.flush()
        stats = queue["model"].stats()
    assert (stats.inserted, stats.accepted, stats.waiting) == (2, 2, 0)
    assert counts(server, profile) == {"/": 1}
    assert server.rows(f"SELECT count(*) FROM bin_counts WHERE profile = '{profile.uid}'") == [["1"]]


def test_threads_count_together(server: Server, config: HttpConfig, profile: PsiDriftProfile) -> None:
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        entrance = queue["model"]

        def work() -> None:
            for _ in range(1_000):
                entrance.observe("/", 0.1, 200)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counts(server, profile) == {"/": 8_000}


FORKED = """
import os, sys
from scouter.queue import HttpConfig, ScouterQueue
path, uri = sys.argv[1:]
queue = ScouterQueue.from_path({"model": path}, HttpConfig(server_uri=uri))
queue["model"].observe("/parent", 0.1, 200)
if not (child := os.fork()):
    queue["model"].observe("/child", 0.1, 200)
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
"""


def test_a_child_of_a_fork_counts_for_itself_and_the_end_of_each_sends(server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    path = profile.save_to_json(tmp_path / "profile.json")
    done = subprocess.run([sys.executable, "-c", FORKED, str(path), server.uri], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert counts(server, profile) == {"/parent": 1, "/child": 1}
    assert records(server, profile) == 2


def test_requests_survive_in_the_spool(absent_server: Server, tmp_path: Path) -> None:
    absent_server.start()
    config = HttpConfig(server_uri=absent_server.uri)
    made = Drifter().create_drift_profile({"x": [float(number) for number in range(100)]}, PsiDriftConfig("shop", "model"))
    ScouterClient(config).register_profile(made, set_active=True)
    assert absent_server.end(signal.SIGTERM) == 0
    queue = ScouterQueue.from_profile({"model": made}, config, options=QueueOptions(spool_dir=tmp_path))
    queue["model"].observe("/", 0.1, 200)
    queue.shutdown(2.0)
    assert queue["model"].stats().spooled == 1
    absent_server.start()
    with ScouterQueue.from_profile({"model": made}, config, options=QueueOptions(spool_dir=tmp_path)) as later:
        later["model"].observe("/", 0.2, 200)
    assert counts(absent_server, made) == {"/": 2}


@pytest.mark.parametrize(("latency", "status"), [(-1.0, 200), (math.nan, 200), (math.inf, 200), (0.1, 0), (0.1, 600), (0.1, -1), (0.1, 65736), (0.1, 2**80)])
def test_what_is_no_request_is_refused_and_counted(
    config: HttpConfig, profile: PsiDriftProfile, latency: float, status: int
) -> None:
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        queue["model"].observe("/", latency, status)
        stats = queue["model"].stats()
    assert (stats.inserted, stats.refused) == (1, {"type": 1})
    assert stats.last_refusal is not None and ("seconds" in stats.last_refusal or "no status of HTTP" in stats.last_refusal)


def test_an_observer_counts_until_it_is_asked() -> None:
    observer = Observer("a-uid")
    assert observer.collect_metrics() is None
    for latency, status in [(0.1, 200), (0.2, 200), (0.3, 500)]:
        observer.increment("/items/{id}", latency, status)
    observer.increment(route="/", latency=1.0, status_code=404)
    collected = observer.collect_metrics()
    assert isinstance(collected, ServerRecords) and len(collected) == 1
    metrics = collected.records[0].record
    assert isinstance(metrics, ObservabilityMetrics)
    assert (metrics.uid, metrics.space, metrics.name, metrics.version) == ("a-uid", None, None, None)
    assert (metrics.request_count, metrics.error_count) == (4, 1)
    [items, root] = metrics.route_metrics
    assert isinstance(items, RouteMetrics) and isinstance(items.metrics, LatencyMetrics)
    assert (items.route_name, items.request_count, items.error_count, items.error_latency) == ("/items/{id}", 3, 1, 0.3)
    assert items.status_codes == {200: 2, 500: 1}
    latency = items.metrics
    assert (latency.p5, latency.p25, latency.p50, latency.p95, latency.p99) == (0.1, 0.1, 0.2, 0.3, 0.3)
    assert root.status_codes == {404: 1}
    assert observer.collect_metrics() is None


def test_an_observer_forgets() -> None:
    observer = Observer("a-uid")
    observer.increment("/", 0.1, 200)
    observer.reset_metrics()
    assert observer.collect_metrics() is None


def test_an_observer_keeps_its_bounds() -> None:
    observer = Observer("a-uid")
    for number in range(10_000):
        observer.increment(f"/items/{number}", 0.1, 200)
    collected = observer.collect_metrics()
    assert collected is not None
    routes = {route.route_name: route.request_count for route in collected.records[0].record.route_metrics}
    assert len(routes) == 256 and routes["(other)"] == 10_000 - 255


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("/", -0.1, 200), "`-0.1` is no number of seconds that a request can take"),
        (("/", math.nan, 200), "`NaN` is no number of seconds"),
        (("/", 0.1, 99), "`99` is no status of HTTP: they are from 100 to 599"),
        (("/", 0.1, -1), "`-1` is no status of HTTP"),
        (("/", 0.1, 65736), "`65736` is no status of HTTP"),
        (("/", 0.1, -(2**80)), "is no status of HTTP"),
        (("/\0", 0.1, 200), r"the name of the route has the character U\+0000 in it"),
    ],
)
def test_an_observer_says_what_is_no_request(arguments: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Observer("a-uid").increment(*arguments)


def collected() -> ServerRecords:
    observer = Observer("a-uid")
    observer.increment("/", 0.1, 200)
    found = observer.collect_metrics()
    assert found is not None
    return found


def test_what_was_counted_goes_through_json_and_pickle() -> None:
    whole = collected()
    record = whole.records[0]
    metrics = record.record
    for thing in [whole, record, metrics, metrics.route_metrics[0], metrics.route_metrics[0].metrics]:
        assert type(thing).model_validate_json(thing.model_dump_json()) == thing
        assert pickle.loads(pickle.dumps(thing)) == thing
    assert ServerRecords([ServerRecord(metrics)]) == whole
    assert json.loads(metrics.model_dump_json())["route_metrics"][0]["status_codes"] == {"200": 1}


def test_what_was_counted_by_hand_is_sent_by_a_queue(server: Server, config: HttpConfig, profile: PsiDriftProfile) -> None:
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        queue["model"].insert(collected().records[0].record)
    assert counts(server, profile) == {"/": 1}


def test_requests_are_whole_where_a_share_of_the_records_is_kept(server: Server, config: HttpConfig, profile: PsiDriftProfile) -> None:
    with ScouterQueue.from_profile({"model": profile}, config, options=QueueOptions(sample_ratio=0.0)) as queue:
        queue["model"].insert(x=1.0)
        queue["model"].insert(collected().records[0].record)
        queue["model"].observe("/", 0.1, 200)
    stats = queue["model"].stats()
    assert (stats.inserted, stats.sampled_out, stats.accepted) == (3, 1, 2)
    assert counts(server, profile) == {"/": 2}


def test_what_was_counted_by_hand_has_no_place_where_rows_are_counted(config: HttpConfig, profile: PsiDriftProfile) -> None:
    queue = ScouterQueue.from_profile({"model": profile}, config, options=QueueOptions(aggregate=True))
    queue["model"].insert(collected().records[0].record)
    stats = queue["model"].stats()
    assert stats.refused == {"kind": 1} and "by `observe`" in (stats.last_refusal or "")
