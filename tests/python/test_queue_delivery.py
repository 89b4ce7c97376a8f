"""Records from `ScouterQueue.insert` to the tables of a real server."""

from __future__ import annotations

import asyncio
import math
import re
import signal
import subprocess
import sys
import threading
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Optional

import numpy as np
import pandas as pd
import pydantic
import pytest

from scouter.alert import AlertThreshold
from scouter.client import ScouterClient
from scouter.drift import (
    CustomDriftProfile,
    CustomMetric,
    CustomMetricDriftConfig,
    Drifter,
    PsiDriftConfig,
    PsiDriftProfile,
    SpcDriftConfig,
)
from scouter.queue import Feature, Features, HttpConfig, Metric, Metrics, QueueOptions, ScouterQueue
from scouter.util import FeatureMixin

Server = Any


@pytest.fixture
def config(server: Server) -> HttpConfig:
    return HttpConfig(server_uri=server.uri)


@pytest.fixture
def profile(config: HttpConfig) -> PsiDriftProfile:
    """A registered profile of two numbers and a text, under a name of the test's own."""
    data = {"x": [float(number) for number in range(100)], "city": ["Rome", "Oslo"] * 50, "n": list(range(100))}
    made = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"model-{uuid.uuid4()}"))
    ScouterClient(config).register_profile(made, set_active=True)
    return made


@pytest.fixture
def queue(profile: PsiDriftProfile, config: HttpConfig) -> ScouterQueue:
    return ScouterQueue.from_profile({"model": profile}, config)


def kept(server: Server, profile: PsiDriftProfile | CustomDriftProfile) -> list[list[str]]:
    """The rows of a profile, in the order in which they were inserted."""
    return server.rows(f"SELECT numbers, texts FROM records WHERE profile = '{profile.uid}' ORDER BY uid")


class Request(pydantic.BaseModel, FeatureMixin):
    x: float
    city: Optional[str] = None
    n: int = 7
    tags: list[str] = []


class Plain(pydantic.BaseModel):
    x: float
    city: str
    n: int


@dataclass
class Row:
    x: float
    city: str
    n: int


ITEMS = [
    {"x": 1.5, "city": "Rome", "n": 7},
    Features({"x": 1.5, "city": "Rome", "n": 7}),
    Features([Feature.float("x", 1.5), Feature.categorical("city", "Rome"), Feature.int("n", 7)]),
    Request(x=1.5, city="Rome"),
    Request(x=1.5, city="Rome").to_features(),
    Plain(x=1.5, city="Rome", n=7),
    Row(1.5, "Rome", 7),
    {"x": np.float32(1.5), "city": np.str_("Rome"), "n": np.int64(7)},
    {"x": Decimal("1.5"), "city": "Rome", "n": 7.0},
    {"n": 7, "city": "Rome", "x": 1.5},
]


@pytest.mark.parametrize("item", ITEMS, ids=[f"{type(item).__name__}-{at}" for at, item in enumerate(ITEMS)])
def test_a_record_arrives_as_it_was_whatever_it_was_given_as(server: Server, profile: PsiDriftProfile, queue: ScouterQueue, item: Any) -> None:
    queue["model"].insert(item)
    assert queue.shutdown()
    assert kept(server, profile) == [["{1.5,7}", "{Rome}"]]


def test_keyword_arguments_are_features(server: Server, profile: PsiDriftProfile, queue: ScouterQueue) -> None:
    queue["model"].insert(x=1.5, city="Rome", n=True)
    assert queue.shutdown()
    assert kept(server, profile) == [["{1.5,1}", "{Rome}"]]


@pytest.mark.parametrize("missing", [{}, {"x": None, "city": None, "n": math.nan}, {"x": pd.NA, "city": pd.NaT, "n": np.nan}], ids=str)
def test_what_is_not_there_is_missing(server: Server, profile: PsiDriftProfile, queue: ScouterQueue, missing: dict[str, Any]) -> None:
    queue["model"].insert(missing)
    assert queue.shutdown()
    assert kept(server, profile) == [["{NaN,NaN}", "{NULL}"]]


def test_of_a_text_that_is_watched_by_its_length_the_length_is_sent(server: Server, config: HttpConfig) -> None:
    made = PsiDriftConfig(space="shop", name=f"lengths-{uuid.uuid4()}", text_lengths={"answer": "words"})
    profile = Drifter().create_drift_profile({"answer": ["one", "two words"] * 50}, made)
    ScouterClient(config).register_profile(profile, set_active=True)
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        queue["model"].insert(answer="it has four words")
        queue["model"].insert(answer=None)
        queue["model"].insert(answer=3)
    assert kept(server, profile) == [["{4}", ""], ["{NaN}", ""], ["{3}", ""]]


MOMENTS = [
    datetime(2026, 1, 31, 12, 0, 59, 123456),
    datetime(2026, 1, 31, 12, 0, 59, 123456, tzinfo=timezone.utc),
    datetime(2026, 1, 31, 14, 0, 59, 123456, tzinfo=timezone(timedelta(hours=2))),
    pd.Timestamp("2026-01-31 07:00:59.123456", tz="America/New_York"),
    np.datetime64("2026-01-31T12:00:59.123456789"),
    "2026-01-31T12:00:59.123456Z",
    "2026-01-31T14:00:59.123456+02:00",
]


@pytest.mark.parametrize("moment", MOMENTS, ids=repr)
def test_a_moment_arrives_in_microseconds_of_utc_whatever_it_was_given_as(server: Server, config: HttpConfig, moment: Any) -> None:
    days = [datetime(2026, 1, 1) + timedelta(days=number) for number in range(100)]
    profile = Drifter().create_drift_profile({"t": days, "d": days}, PsiDriftConfig(space="shop", name=f"moments-{uuid.uuid4()}"))
    ScouterClient(config).register_profile(profile, set_active=True)
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        queue["model"].insert(t=moment, d=date(2026, 1, 31))
        queue["model"].insert(t=np.datetime64("NaT"), d=pd.NaT)
        queue["model"].insert(t=math.nan, d=None)
    assert queue["model"].stats().accepted == 3
    select = f"SELECT numbers[1]::bigint, numbers[2]::bigint FROM records WHERE profile = '{profile.uid}' AND numbers[1] != 'NaN'"
    assert server.rows(select) == [["1769860859123456", "1769817600000000"]]


def test_charts_take_moments_too(server: Server, config: HttpConfig) -> None:
    days = [datetime(2026, 1, 1) + timedelta(days=number) for number in range(100)]
    charts = Drifter().create_drift_profile({"t": days}, SpcDriftConfig(space="shop", name=f"charts-{uuid.uuid4()}", sample_size=5))
    ScouterClient(config).register_profile(charts, set_active=True)
    with ScouterQueue.from_profile({"charts": charts}, config) as queue:
        queue["charts"].insert(t=datetime(2026, 1, 31))
        queue["charts"].insert(t=7.0)
    assert queue["charts"].stats().refused == {"type": 1}
    assert server.rows(f"SELECT numbers[1]::bigint FROM records WHERE profile = '{charts.uid}'") == [["1769817600000000"]]


def test_metrics_arrive(server: Server, config: HttpConfig) -> None:
    metrics = [CustomMetric(name, baseline_value=1.0, alert_threshold=AlertThreshold.Above) for name in ("mae", "bias")]
    profile = CustomDriftProfile(CustomMetricDriftConfig(space="shop", name=f"metrics-{uuid.uuid4()}"), metrics)
    ScouterClient(config).register_profile(profile, set_active=True)
    with ScouterQueue.from_profile({"metrics": profile}, config) as queue:
        queue["metrics"].insert(Metrics({"mae": 0.5, "bias": 2}))
        queue["metrics"].insert(Metrics([Metric("mae", 0.25)]))
        queue["metrics"].insert(bias=1)
    assert [numbers for numbers, _ in kept(server, profile)] == ["{0.5,2}", "{0.25,NaN}", "{NaN,1}"]


def test_a_queue_of_files_has_an_entrance_for_each(
    server: Server, profile: PsiDriftProfile, config: HttpConfig, tmp_path: Path
) -> None:
    path = profile.save_to_json(tmp_path / "profile.json")
    queue = ScouterQueue.from_path(path={"one": path, "two": path}, transport_config=config)
    assert queue["one"].identifier == "one" and len(queue) == 2 and "two" in queue
    queue["one"].insert(x=1.0)
    queue["two"].insert(x=2.0)
    assert queue.shutdown()
    assert {alias: stats.accepted for alias, stats in queue.stats().items()} == {"one": 1, "two": 1}
    assert len(kept(server, profile)) == 2


def test_flush_waits_until_the_server_has_everything(server: Server, profile: PsiDriftProfile, queue: ScouterQueue) -> None:
    for number in range(100):
        queue["model"].insert(x=float(number))
    assert queue.flush(timeout=30.0)
    assert len(kept(server, profile)) == 100
    stats = queue["model"].stats()
    assert (stats.inserted, stats.accepted, stats.waiting) == (100, 100, 0)


def test_what_is_inserted_from_many_threads_is_there_once(server: Server, profile: PsiDriftProfile, config: HttpConfig) -> None:
    queue = ScouterQueue.from_profile({"model": profile}, config, options=QueueOptions(batch_size=100, linger=0.01))
    threads = [threading.Thread(target=lambda: [queue["model"].insert(x=float(at)) for at in range(2_500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queue.shutdown(60.0)
    [[rows, uids]] = server.rows(f"SELECT count(*), count(DISTINCT uid) FROM records WHERE profile = '{profile.uid}'")
    assert (rows, uids) == ("10000", "10000")


def test_a_loop_of_asyncio_goes_on(server: Server, profile: PsiDriftProfile, queue: ScouterQueue) -> None:
    async def insert() -> None:
        for number in range(50):
            queue["model"].insert(x=float(number))
            await asyncio.sleep(0)

    async def all() -> None:
        await asyncio.gather(*(insert() for _ in range(4)))

    asyncio.run(all())
    assert queue.shutdown()
    assert len(kept(server, profile)) == 200


SCRIPT = """
import os, sys, gc
from scouter.queue import HttpConfig, QueueOptions, ScouterQueue
queue = ScouterQueue.from_path({"model": sys.argv[1]}, HttpConfig(server_uri=sys.argv[2]), options=QueueOptions(linger=600.0))
"""


def script(profile: PsiDriftProfile, server: Server, folder: Path, body: str) -> str:
    path = profile.save_to_json(folder / "profile.json")
    command = [sys.executable, "-c", SCRIPT + body, str(path), server.uri]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_process_that_ends_without_shutdown_sends_what_waits(server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    script(profile, server, tmp_path, "for at in range(10): queue['model'].insert(x=float(at))")
    assert len(kept(server, profile)) == 10


def test_a_queue_that_was_collected_is_sent_before_the_process_ends(server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    script(profile, server, tmp_path, "queue['model'].insert(x=1.0)\ndel queue\ngc.collect()")
    assert len(kept(server, profile)) == 1


INTERRUPTED = """
import signal
for at in range(10):
    queue["model"].insert(x=1.0)
signal.raise_signal(signal.SIGINT)
"""


def test_a_process_that_is_interrupted_sends_what_waits(server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    path = profile.save_to_json(tmp_path / "profile.json")
    command = [sys.executable, "-c", SCRIPT + INTERRUPTED, str(path), server.uri]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode != 0 and "KeyboardInterrupt" in done.stderr
    assert len(kept(server, profile)) == 10


TERMINATED = """
import signal
for at in range(10):
    queue["model"].insert(x=1.0)
signal.raise_signal(signal.SIGTERM)
"""


@pytest.mark.parametrize(("handled", "code", "arrived"), [(False, -signal.SIGTERM, 0), (True, 0, 10)], ids=["plain", "as the guide has it"])
def test_a_process_that_is_told_to_end_sends_what_waits_where_it_hears_of_it(
    root: Path, server: Server, profile: PsiDriftProfile, tmp_path: Path, handled: bool, code: int, arrived: int
) -> None:
    guide = (root / "docs" / "guide" / "monitoring.md").read_text(encoding="utf-8")
    handler = re.search(r"```python\n(import signal\n.*?)```", guide, re.DOTALL)
    assert handler is not None
    body = SCRIPT + (handler[1] if handled else "") + TERMINATED
    path = profile.save_to_json(tmp_path / "profile.json")
    done = subprocess.run([sys.executable, "-c", body, str(path), server.uri], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == code, done.stderr
    assert len(kept(server, profile)) == arrived


BLOCKED = """
import signal, threading
full = ScouterQueue.from_path({"model": sys.argv[1]}, HttpConfig(server_uri="http://127.0.0.1:9"), options=QueueOptions(capacity=1, when_full="block"))
full["model"].insert(x=1.0)
threading.Timer(0.5, signal.raise_signal, [signal.SIGINT]).start()
try:
    full["model"].insert(x=2.0)
except KeyboardInterrupt:
    print("interrupted", full["model"].stats().waiting)
full.shutdown(0.0)
"""


def test_who_waits_for_room_can_be_interrupted(server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    assert script(profile, server, tmp_path, BLOCKED) == "interrupted 1\n"


def test_an_entrance_works_on_without_its_queue(server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    script(profile, server, tmp_path, "model = queue['model']\ndel queue\ngc.collect()\nmodel.insert(x=1.0)")
    assert len(kept(server, profile)) == 1


FORKED = """
for at in range(10):
    queue["model"].insert(x=1.0)
if not (child := os.fork()):
    for at in range(5):
        queue["model"].insert(x=2.0)
    print(queue["model"].stats().inserted, flush=True)
    sys.exit(0)
os.waitpid(child, 0)
queue["model"].insert(x=1.0)
print(queue["model"].stats().inserted, flush=True)
"""


def test_a_child_of_a_fork_sends_its_own_records_and_the_parent_its_own(server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    said = script(profile, server, tmp_path, FORKED)
    assert said.split() == ["5", "11"]
    counts = server.rows(f"SELECT numbers[1], count(*) FROM records WHERE profile = '{profile.uid}' GROUP BY 1 ORDER BY 1")
    assert counts == [["1", "11"], ["2", "5"]]


SENDING = """
queue["model"].insert(x=1.0)
assert queue.flush(60.0)
children = []
for _ in range(8):
    queue["model"].insert(x=1.0)
    if not (child := os.fork()):
        queue["model"].insert(x=2.0)
        sys.exit(0)
    children.append(child)
for child in children:
    assert os.waitpid(child, 0)[1] == 0
"""


def test_forks_while_records_are_sent_do_no_harm(server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    script(profile, server, tmp_path, SENDING)
    counts = server.rows(f"SELECT numbers[1], count(*) FROM records WHERE profile = '{profile.uid}' GROUP BY 1 ORDER BY 1")
    assert counts == [["1", "9"], ["2", "8"]]


WORKERS = """
import multiprocessing
queue["model"].insert(x=1.0)

def work(number):
    queue["model"].insert(x=float(number))

context = multiprocessing.get_context("fork")
workers = [context.Process(target=work, args=(2,)) for _ in range(3)]
for worker in workers: worker.start()
for worker in workers: worker.join()
assert all(worker.exitcode == 0 for worker in workers)
"""


def test_children_of_multiprocessing_send_before_they_end(server: Server, profile: PsiDriftProfile, tmp_path: Path) -> None:
    script(profile, server, tmp_path, WORKERS)
    counts = server.rows(f"SELECT numbers[1], count(*) FROM records WHERE profile = '{profile.uid}' GROUP BY 1 ORDER BY 1")
    assert counts == [["1", "1"], ["2", "3"]]


def test_a_share_of_the_records_is_sent_and_the_rest_is_counted(server: Server, profile: PsiDriftProfile, config: HttpConfig) -> None:
    with ScouterQueue.from_profile({"model": profile}, config, options=QueueOptions(sample_ratio=0.25)) as queue:
        for number in range(4_000):
            queue["model"].insert(x=float(number))
    stats = queue["model"].stats()
    assert stats.accepted + stats.sampled_out == stats.inserted == 4_000
    assert 800 < stats.accepted < 1_200  # seven standard deviations
    assert len(kept(server, profile)) == stats.accepted


def test_records_of_a_profile_that_is_not_there_or_off_are_refused_by_the_server(server: Server, config: HttpConfig) -> None:
    profile = Drifter().create_drift_profile({"x": [float(number) for number in range(100)]}, PsiDriftConfig(space="shop", name=f"m-{uuid.uuid4()}"))
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        queue["model"].insert(x=1.0)
        assert queue.flush(30.0) is False  # what was refused is not there
        stats = queue["model"].stats()
        assert stats.refused == {"unknown_profile": 1} and f"`{profile.uid}`" in (stats.last_refusal or "")
        ScouterClient(config).register_profile(profile)
    off = ScouterQueue.from_profile(profile, config)
    off[profile.config.name].insert(x=1.0)
    assert off.shutdown()
    assert off[profile.config.name].stats().refused == {"inactive_profile": 1}


def test_infinities_arrive_as_they_were(server: Server, profile: PsiDriftProfile, queue: ScouterQueue) -> None:
    queue["model"].insert(x=math.inf, n=-math.inf, city="Rome")
    assert queue.shutdown() and queue["model"].stats().accepted == 1
    assert kept(server, profile) == [["{Infinity,-Infinity}", "{Rome}"]]


def test_a_row_of_ten_thousand_features_arrives(server: Server, config: HttpConfig) -> None:
    names = [f"feature_{at}" for at in range(10_000)]
    data = {name: [float(at) for at in range(30)] for name in names}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"m-{uuid.uuid4()}"))
    ScouterClient(config).register_profile(profile, set_active=True)
    with ScouterQueue.from_profile({"model": profile}, config) as queue:
        queue["model"].insert({name: float(at) for at, name in enumerate(names)})
    stats = queue["model"].stats()
    assert (stats.accepted, stats.refused) == (1, {})
    sums = f"SELECT cardinality(numbers), (SELECT sum(number) FROM unnest(numbers) number) FROM records WHERE profile = '{profile.uid}'"
    assert server.rows(sums) == [["10000", "49995000"]]


SQL = "x'); DROP TABLE records; -- \" \\ $1 %s"


def test_sql_is_a_text_wherever_it_stands(server: Server, config: HttpConfig) -> None:
    client = ScouterClient(config)
    data = {"x": [float(number) for number in range(100)], SQL: [SQL, "Oslo"] * 50}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"m-{uuid.uuid4()}"))
    client.register_profile(profile, set_active=True)
    with ScouterQueue.from_profile({SQL: profile}, config) as queue:
        for _ in range(40):
            queue[SQL].insert({"x": 1.0, SQL: SQL})
        queue[SQL].insert({SQL * 2: 1.0})
        queue[SQL].observe(SQL, 0.1, 200)
        assert queue.flush(30.0) is False
        assert queue[SQL].stats().accepted >= 40
    found = client.run_job(profile.uid, wait=60.0)
    assert found is not None and found.rows == 40
    begun = datetime.now(timezone.utc) - timedelta(hours=1)
    assert list(client.get_requests(profile.uid, begun).routes) == [SQL]
    assert client.list_profiles(space=SQL) == [] and client.list_alerts(space=SQL) == []
    texts = f"SELECT texts[1], count(*) FROM records WHERE profile = '{profile.uid}' GROUP BY 1"
    assert server.rows(texts) == [[SQL, "40"]]


class Annotated(FeatureMixin):
    number: float
    maybe: Optional[int]
    kind: Literal["a", "b"]
    several: int | str
    when: Optional[datetime]
    left_out: list[int]

    def __init__(self) -> None:
        self.number, self.maybe, self.kind, self.several, self.when, self.left_out = 1.0, None, "a", 3, None, []


def test_features_are_the_fields_that_are_numbers_bools_texts_and_moments() -> None:
    made = Annotated().to_features()
    assert {feature.name: feature.value for feature in made.features} == {"number": 1.0, "maybe": None, "kind": "a", "several": 3, "when": None}
