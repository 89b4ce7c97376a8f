"""Rows that the queue counts by the bins of their profile: what arrives is as many rows in the same bins, however they were sent."""

from __future__ import annotations

import signal
import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile, SpcDriftConfig
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue

Server = Any

random = Random(7)
DAYS = [datetime(2026, 1, 1) + timedelta(hours=number) for number in range(1_000)]
DATA: dict[str, list[Any]] = {
    "x": [random.gauss(0, 1) for _ in range(1_000)],
    "n": [random.choice([None, 1, 2, 3]) for _ in range(1_000)],
    "city": [random.choice(["Rome", "Oslo", "Lima", None]) for _ in range(1_000)],
    "t": DAYS,
}


def to(server: Server) -> HttpConfig:
    return HttpConfig(server_uri=server.uri)


def registered(server: Server, data: dict[str, list[Any]] = DATA) -> PsiDriftProfile:
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"model-{uuid.uuid4()}"))
    ScouterClient(to(server)).register_profile(profile, set_active=True)
    return profile


def counted(server: Server, profile: PsiDriftProfile) -> list[int]:
    """All counters of a profile, added up over its messages."""
    select = f"""SELECT sum(counter) FROM bin_counts, unnest(counts) WITH ORDINALITY AS part (counter, place)
                 WHERE profile = '{profile.uid}' GROUP BY place ORDER BY place"""
    return [int(counter) for [counter] in server.rows(select)]


def messages(server: Server, profile: PsiDriftProfile) -> int:
    return int(server.rows(f"SELECT count(*) FROM bin_counts WHERE profile = '{profile.uid}'")[0][0])


def baseline(profile: PsiDriftProfile) -> list[int]:
    """The counters of the data that a profile was made of, as the profile has them."""
    counters = []
    for feature in profile.model_dump()["features"].values():
        counters += [bin["count"] for bin in feature["bins"]]
        counters += [feature.get("other") or 0, 0, feature.get("missing") or 0]
    return counters


def test_rows_fall_into_the_bins_that_their_profile_was_made_with(server: Server) -> None:
    profile = registered(server)
    with ScouterQueue.from_profile({"model": profile}, to(server), options=QueueOptions(aggregate=True)) as queue:
        for row in zip(*DATA.values()):
            queue["model"].insert(dict(zip(DATA, row)))
    stats = queue["model"].stats()
    assert (stats.inserted, stats.accepted, stats.waiting) == (1_000, 1_000, 0)
    assert counted(server, profile) == baseline(profile)
    assert server.rows(f"SELECT count(*) FROM records WHERE profile = '{profile.uid}'") == [["0"]]


def test_a_hundred_thousand_rows_are_a_few_messages(server: Server) -> None:
    profile = registered(server, {"x": DATA["x"]})
    with ScouterQueue.from_profile({"model": profile}, to(server), options=QueueOptions(capacity=1, aggregate=True)) as queue:
        for number in range(100_000):
            queue["model"].insert(x=float(number))
    assert queue["model"].stats().accepted == sum(counted(server, profile)) == 100_000
    assert messages(server, profile) < 10


def test_what_is_flushed_is_there(server: Server) -> None:
    profile = registered(server)
    queue = ScouterQueue.from_profile({"model": profile}, to(server), options=QueueOptions(aggregate=True))
    for rows in (1, 2):
        queue["model"].insert(x=0.0)
        assert queue.flush(30.0)
        assert (messages(server, profile), queue["model"].stats().accepted) == (rows, rows)


def test_rows_are_counted_on_while_the_server_is_away(absent_server: Server) -> None:
    absent_server.start()
    profile = registered(absent_server, {"x": DATA["x"]})
    absent_server.end(signal.SIGTERM)
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(capacity=1, aggregate=True))
    for number in range(10_000):
        queue["model"].insert(x=float(number))
        if number == 5_000:
            assert queue.flush(0.01) is False
    stats = queue["model"].stats()
    assert (stats.waiting, stats.dropped) == (10_000, 0)
    absent_server.start()
    assert queue.shutdown(60.0)
    assert sum(counted(absent_server, profile)) == 10_000


def test_rows_are_counted_once_however_often_the_server_is_killed(absent_server: Server) -> None:
    absent_server.start()
    profile = registered(absent_server, {"x": DATA["x"]})
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(aggregate=True))
    inserted = [0]

    def insert() -> None:
        queue["model"].insert(x=float(inserted[0]))
        inserted[0] += 1

    absent_server.killed_while(insert, queue, "model", times=3, more=100)
    assert queue.shutdown(60.0)
    assert queue["model"].stats().accepted == sum(counted(absent_server, profile)) == inserted[0]


def test_rows_that_do_not_fit_are_refused_one_by_one(server: Server) -> None:
    profile = registered(server)
    with ScouterQueue.from_profile({"model": profile}, to(server), options=QueueOptions(aggregate=True)) as queue:
        queue["model"].insert(x=1.0)
        queue["model"].insert(x="one")
        queue["model"].insert(y=1.0)
        queue["model"].insert(t=1.0)
        queue["model"].insert(city="a" * 5_000)
    stats = queue["model"].stats()
    assert (stats.accepted, stats.refused) == (1, {"type": 2, "unknown_name": 1, "too_large": 1})
    assert sum(counted(server, profile)) == 4  # one row of four features


def test_rows_that_the_server_refuses_are_counted_as_rows(server: Server) -> None:
    profile = Drifter().create_drift_profile(DATA, PsiDriftConfig(space="shop", name=f"model-{uuid.uuid4()}"))
    with ScouterQueue.from_profile({"model": profile}, to(server), options=QueueOptions(aggregate=True)) as queue:
        for _ in range(7):
            queue["model"].insert(x=1.0)
    assert queue["model"].stats().refused == {"unknown_profile": 7}


def test_rows_after_the_end_are_dropped(absent_server: Server) -> None:
    profile = Drifter().create_drift_profile(DATA, PsiDriftConfig(name="model"))
    queue = ScouterQueue.from_profile({"model": profile}, to(absent_server), options=QueueOptions(aggregate=True))
    queue["model"].insert(x=1.0)
    assert queue.shutdown(0.0) is False
    queue["model"].insert(x=1.0)
    stats = queue["model"].stats()
    assert (stats.undelivered, stats.dropped, stats.waiting) == (1, 1, 0)


def test_profiles_of_other_kinds_beside_it_are_sent_as_they_are(server: Server) -> None:
    psi = registered(server)
    charts = Drifter().create_drift_profile({"x": DATA["x"]}, SpcDriftConfig(space="shop", name=f"charts-{uuid.uuid4()}"))
    ScouterClient(to(server)).register_profile(charts, set_active=True)
    with ScouterQueue.from_profile({"psi": psi, "charts": charts}, to(server), options=QueueOptions(aggregate=True)) as queue:
        for alias in ("psi", "charts"):
            queue[alias].insert(x=1.0)
    assert messages(server, psi) == 1
    assert server.rows(f"SELECT numbers FROM records WHERE profile = '{charts.uid}'") == [["{1}"]]


def test_to_count_where_no_profile_has_bins_is_told() -> None:
    charts = Drifter().create_drift_profile({"x": DATA["x"]}, SpcDriftConfig(name="charts"))
    with pytest.raises(ValueError, match="`aggregate` counts rows by the bins of a profile of the stability index, and there is none"):
        ScouterQueue.from_profile(charts, HttpConfig(server_uri="http://127.0.0.1:9"), options=QueueOptions(aggregate=True))
