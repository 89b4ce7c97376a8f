"""Records of evaluations, from `ScouterQueue.insert` to the table of a real server: kept as they were, once, or refused with the reason."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pydantic
import pytest

from scouter.client import DriftRequest, EvalRecordPaginationRequest, GetProfileRequest, ProfileStatusRequest, ScouterClient, TimeInterval
from scouter.drift import Drifter, PsiDriftConfig
from scouter.errors import ProfileError, ServerError
from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalConfig, GenAIEvalProfile, GenAIEvalRecord
from scouter.mock import create_simple_trace
from scouter.queue import Features, HttpConfig, Metrics, QueueOptions, ScouterQueue
from scouter.types import DriftType

Server = Any
Make = Callable[..., GenAIEvalProfile]

NOWHERE = HttpConfig(server_uri="http://127.0.0.1:9")
LARGEST = 1 << 20


@pytest.fixture
def make() -> Make:
    """Makes profiles of evaluations, under a name of the test's own."""
    name = f"agent-{uuid.uuid4()}"

    def make(version: str = "0.1.0", sample_ratio: float = 1.0, alias: str | None = None, expected: Any = Decimal("0.10")) -> GenAIEvalProfile:
        task = AssertionTask(id="cheap", context_path="cost", operator=ComparisonOperator.LessThan, expected_value=expected)
        config = GenAIEvalConfig(space="shop", name=name, version=version, sample_ratio=sample_ratio)
        return GenAIEvalProfile(tasks=[task], config=config, alias=alias)

    return make


@pytest.fixture
def config(server: Server) -> HttpConfig:
    return HttpConfig(server_uri=server.uri)


@pytest.fixture
def profile(make: Make, config: HttpConfig) -> GenAIEvalProfile:
    made = make()
    ScouterClient(config).register_profile(made, set_active=True)
    return made


@pytest.fixture
def queue(make: Make) -> ScouterQueue:
    """A queue whose server is away."""
    made = make()
    made.uid = str(uuid.uuid4())
    return ScouterQueue.from_profile({"agent": made}, NOWHERE)


def sending(profile: GenAIEvalProfile, config: HttpConfig, **options: Any) -> ScouterQueue:
    """A queue with these options, and the entrance `agent`."""
    return ScouterQueue.from_profile({"agent": profile}, config, options=QueueOptions(**options))


def kept(server: Server, profile: GenAIEvalProfile, columns: str = "context") -> list[list[str]]:
    return server.rows(f"SELECT {columns} FROM eval_records WHERE profile = '{profile.uid}' ORDER BY uid")


class Answer(pydantic.BaseModel):
    text: str
    scores: list[float]


def test_a_record_arrives_as_it_was_with_its_own_uid(server: Server, profile: GenAIEvalProfile, config: HttpConfig) -> None:
    record = GenAIEvalRecord(context={"question": "why? ünï 😀", "n": 2**70}, id="7", session_id="s")
    with sending(profile, config) as queue:
        queue["agent"].insert(record)
    assert queue["agent"].stats().accepted == 1
    [[uid, id, session, trace, context]] = kept(server, profile, "uid, id, session, trace, context")
    assert (uid, id, session, trace) == (record.uid, "7", "s", "")
    assert json.loads(context) == record.context


def test_records_come_back_a_page_at_a_time(profile: GenAIEvalProfile, config: HttpConfig) -> None:
    records = [GenAIEvalRecord(context={"n": n, "exact": Decimal("0.10"), "float": 0.5}, id=str(n), session_id="s") for n in range(3)]
    with sending(profile, config) as queue:
        for record in records:
            queue["agent"].insert(record)
    client = ScouterClient(config)
    newest = sorted(records, key=lambda record: record.uid, reverse=True)
    asked = EvalRecordPaginationRequest(profile.uid, limit=2)
    first = client.get_eval_records(asked)
    assert [(item.uid, item.context, item.record_id, item.session_id, item.trace_id) for item in first.items] == [
        (record.uid, record.context, record.record_id, "s", None) for record in newest[:2]
    ]
    assert isinstance(first.items[0].context["exact"], Decimal)
    assert abs(first.items[0].created_at - newest[0].created_at) < timedelta(seconds=1)
    assert (first.has_next, first.next_cursor, first.has_previous) == (False, None, True)
    rest = client.get_eval_records(asked._replace(cursor=first.previous_cursor))
    assert ([item.uid for item in rest.items], rest.has_previous, rest.previous_cursor) == ([newest[2].uid], False, None)
    back = client.get_eval_records(asked._replace(cursor=rest.next_cursor, direction="next"))
    assert [item.uid for item in back.items] == [record.uid for record in newest[:2]]
    later = asked._replace(start_datetime=datetime.now(timezone.utc) + timedelta(hours=1))
    assert client.get_eval_records(later).items == []


def test_records_of_a_profile_that_evaluates_nothing_or_is_not_there_are_refused(config: HttpConfig) -> None:
    client = ScouterClient(config)
    drift = Drifter().create_drift_profile({"x": [float(n) for n in range(100)]}, PsiDriftConfig(space="shop", name=f"m-{uuid.uuid4()}"))
    client.register_profile(drift)
    with pytest.raises(ServerError, match="nothing is evaluated of the profile"):
        client.get_eval_records(EvalRecordPaginationRequest(drift.uid))
    with pytest.raises(ServerError, match="there is no profile"):
        client.get_eval_records(EvalRecordPaginationRequest(str(uuid.uuid4())))
    with pytest.raises(ServerError, match="query"):
        client.get_eval_records(EvalRecordPaginationRequest(drift.uid, cursor="none"))
    with pytest.raises(ValueError, match="the uid of the profile is empty"):
        client.get_eval_records(EvalRecordPaginationRequest(""))


CONTEXTS = [
    ({}, {}),
    ({"a": [1, [2, {}], []], "b": {"c": {}}}, {"a": [1, [2, {}], []], "b": {"c": {}}}),
    ({"t": True, "f": False, "n": None, "x": -0.5, "big": 1e300, "whole": 3.0}, None),
    ({"quoted": 'a"b\\c\n\t\x01', "": ""}, None),
    ({1: "a", "2": "b"}, {"1": "a", "2": "b"}),
    ({"model": Answer(text="x", scores=[0.5])}, {"model": {"text": "x", "scores": [0.5]}}),
    ({"array": np.arange(3), "scalar": np.float64(0.25)}, {"array": [0, 1, 2], "scalar": 0.25}),
    ({"set": {3, 1, 2}, "pair": (1, "x")}, {"set": [1, 2, 3], "pair": [1, "x"]}),
    ({"when": datetime(2026, 1, 31, tzinfo=timezone.utc)}, {"when": "2026-01-31T00:00:00+00:00"}),
]


@pytest.mark.parametrize(("context", "wanted"), CONTEXTS, ids=range(len(CONTEXTS)))
def test_whatever_a_context_holds_arrives_as_json(
    server: Server, profile: GenAIEvalProfile, config: HttpConfig, context: dict[Any, Any], wanted: Any
) -> None:
    with sending(profile, config) as queue:
        queue["agent"].insert(GenAIEvalRecord(context=context))
    [[text]] = kept(server, profile)
    assert json.loads(text) == (context if wanted is None else wanted)
    assert list(json.loads(text)) == [str(key) for key in context]


def test_exact_numbers_are_marked_as_such(server: Server, profile: GenAIEvalProfile, config: HttpConfig) -> None:
    with sending(profile, config) as queue:
        queue["agent"].insert(GenAIEvalRecord(context={"exact": Decimal("0.10"), "float": 0.1}))
    assert kept(server, profile) == [['{"exact":0.10e0,"float":0.1}']]


def test_a_record_is_sent_as_it_was_when_it_was_inserted(server: Server, profile: GenAIEvalProfile, config: HttpConfig) -> None:
    inner: list[int] = [1]
    record = GenAIEvalRecord(context={"a": inner})
    queue = sending(profile, config, linger=600.0)
    queue["agent"].insert(record)
    inner.append(2)
    record.update_context_field("b", 3)
    assert queue.shutdown()
    assert kept(server, profile) == [['{"a":[1]}']]


def test_of_a_trace_the_identifier_goes_along(server: Server, profile: GenAIEvalProfile, config: HttpConfig) -> None:
    spans = create_simple_trace()
    with sending(profile, config) as queue:
        queue["agent"].insert(GenAIEvalRecord(context={}, trace=spans))
    assert kept(server, profile, "encode(trace, 'hex')") == [[spans[0].trace_id]]


def test_a_record_that_is_inserted_again_is_kept_once(server: Server, profile: GenAIEvalProfile, config: HttpConfig) -> None:
    record = GenAIEvalRecord(context={"a": 1})
    with sending(profile, config) as queue:
        for _ in range(3):
            queue["agent"].insert(record)
    assert queue["agent"].stats().accepted == 3
    assert len(kept(server, profile)) == 1


def test_the_share_of_the_profile_is_drawn_by_the_uid_and_always_alike(server: Server, make: Make, config: HttpConfig) -> None:
    profile = make(sample_ratio=0.25)
    ScouterClient(config).register_profile(profile, set_active=True)
    records = [GenAIEvalRecord(context={"n": number}) for number in range(2_000)]
    seen = []
    for _ in range(2):
        with sending(profile, config) as queue:
            for record in records:
                queue["agent"].insert(record)
        stats = queue["agent"].stats()
        assert stats.accepted + stats.sampled_out == stats.inserted == 2_000
        seen.append(stats.accepted)
    assert seen[0] == seen[1] == len(kept(server, profile))
    assert 360 < seen[0] < 640  # seven standard deviations
    # Of a queue with a share of its own, the smaller one counts.
    with sending(profile, config, sample_ratio=0.5) as queue:
        for record in records:
            queue["agent"].insert(record)
    assert queue["agent"].stats().accepted == seen[0]


def deep() -> Any:
    value: Any = 1
    for _ in range(400):
        value = [value]
    return value


def itself() -> Any:
    value: list[Any] = []
    value.append(value)
    return value


class Raises(pydantic.BaseModel):
    def model_dump(self, **_: Any) -> dict[str, Any]:
        raise RuntimeError("not today")


BAD = [
    ({"a": {"b": [1.0, math.nan]}}, "not_finite", "its context has no form in JSON: at `a.b[1]`: JSON has no word for NaN: give None or a text"),
    ({"a": -math.inf}, "not_finite", "at `a`: JSON has no word for -inf"),
    ({"a": Decimal("NaN")}, "not_finite", "at `a`: JSON has no word for NaN"),
    ({"a": {math.nan}}, "type", "its context has no form in JSON: "),
    ({"a": "\ud800"}, "type", "at `a`: the text holds a lone surrogate, which is not Unicode"),
    ({"\ud800": 1}, "type", "its context has no form in JSON: the text holds a lone surrogate"),
    ({"a": b"bytes"}, "type", "at `a`: bytes have no form in JSON"),
    ({"a": object()}, "type", "at `a`: a `object` has no form in JSON"),
    ({(1, 2): 1}, "type", "the key `(1, 2)` is neither text nor a whole number"),
    ({1: "a", "1": "b"}, "type", "it has two keys with the same text"),
    ({"a": deep()}, "type", "it is nested deeper than 248 levels"),
    ({"a": itself()}, "type", "it contains itself"),
    ({"a": Raises()}, "type", "its `model_dump` raised RuntimeError: not today"),
    ({"a" * (10 << 20): 1}, "too_large", "its context takes more than 1048576 bytes as JSON: leave out what no task reads"),
    ({"a": "x" * LARGEST}, "too_large", "its context takes more than 1048576 bytes as JSON"),
    ({"a": ["x" * 1000] * 2_000}, "too_large", "its context takes more than 1048576 bytes as JSON"),
    ({"a": "\x00" * (LARGEST // 2)}, "too_large", "its context takes more than 1048576 bytes as JSON"),
]


@pytest.mark.parametrize(("context", "code", "why"), BAD, ids=[f"{code}-{at}" for at, (_, code, _) in enumerate(BAD)])
def test_a_context_that_is_none_is_refused_with_the_reason(queue: ScouterQueue, context: dict[Any, Any], code: str, why: str) -> None:
    queue["agent"].insert(GenAIEvalRecord(context=context))
    stats = queue["agent"].stats()
    assert stats.refused == {code: 1} and why in (stats.last_refusal or "")
    assert len(stats.last_refusal or "") < 1_000
    assert (stats.inserted, stats.waiting) == (1, 0)


def test_a_context_of_the_largest_size_is_taken_by_the_server(server: Server, profile: GenAIEvalProfile, config: HttpConfig) -> None:
    text = "x" * (LARGEST - len('{"a":""}'))
    with sending(profile, config) as queue:
        for _ in range(5):  # more than are sent at once
            queue["agent"].insert(GenAIEvalRecord(context={"a": text}))
    assert queue["agent"].stats().accepted == 5
    assert kept(server, profile, "length(context)") == [[str(LARGEST)]] * 5


@pytest.mark.parametrize(
    ("item", "code", "why"),
    [
        (Features({"x": 1.0}), "kind", "the profile takes a `GenAIEvalRecord`, not features"),
        (Metrics({"x": 1.0}), "kind", "the profile takes a `GenAIEvalRecord`, not metrics"),
        ({"question": "why?"}, "kind", "not values by name: make one of them, `GenAIEvalRecord(context=…)`"),
        (7, "type", "a `int` is no record: give "),
        (None, "shape", "nothing was given"),
    ],
)
def test_what_is_no_record_of_evaluations_is_refused_with_the_reason(queue: ScouterQueue, item: Any, code: str, why: str) -> None:
    queue["agent"].insert(item)
    stats = queue["agent"].stats()
    assert stats.refused == {code: 1} and why in (stats.last_refusal or "")


def test_a_uid_that_no_record_can_have_is_refused(queue: ScouterQueue) -> None:
    record = json.loads(GenAIEvalRecord(context={}).model_dump_json())
    queue["agent"].insert(GenAIEvalRecord.model_validate_json(json.dumps({**record, "uid": str(uuid.uuid4())})))
    stats = queue["agent"].stats()
    assert stats.refused == {"uid": 1} and stats.last_refusal == "`uid` is no UUID of version 7"


def test_a_profile_of_drift_takes_no_records_of_evaluations() -> None:
    drift = Drifter().create_drift_profile({"x": [float(number) for number in range(100)]}, PsiDriftConfig(name=f"m-{uuid.uuid4()}"))
    queue = ScouterQueue.from_profile({"model": drift}, NOWHERE)
    queue["model"].insert(GenAIEvalRecord(context={}))
    assert queue["model"].stats().last_refusal == "the profile takes features, not something to evaluate"


def test_a_profile_without_a_uid_is_told(make: Make) -> None:
    made = make()
    made.uid = ""
    with pytest.raises(ProfileError, match="has no uid that is a UUID: register it with `ScouterClient` first"):
        ScouterQueue.from_profile(made, NOWHERE)


def test_an_entrance_is_called_by_the_alias(make: Make) -> None:
    made = make(alias="agent")
    made.uid = str(uuid.uuid4())
    queue = ScouterQueue.from_profile([made], NOWHERE)
    assert queue["agent"].identifier == "agent"


def test_a_profile_of_evaluations_is_registered_found_and_switched(
    server: Server, make: Make, config: HttpConfig, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client, first, again = ScouterClient(config), make(), make()
    assert client.register_profile(first, set_active=True) is True
    assert client.register_profile(again) is False and again.uid == first.uid
    told = [record.getMessage() for record in caplog.records if record.name == "scouter.client"]
    assert told and all(line.endswith("its records are kept, and not evaluated yet: this server has no evaluation") for line in told)
    with pytest.raises(ServerError, match=r"0\.1\.1"):
        client.register_profile(make(expected=Decimal("0.2")))
    [found] = client.list_profiles(name=first.config.name, drift_type=DriftType.GenAI)
    assert found.uid == first.uid and found.active
    asked = GetProfileRequest(first.config.name, "shop", "0.1.0", DriftType.GenAI)
    # Exact numbers too.
    assert client.get_profile(asked) == first
    path = client.download_profile(asked, tmp_path / "profile.json")
    assert GenAIEvalProfile.from_file(Path(path)) == first
    assert client.update_profile_status(ProfileStatusRequest(*asked, active=False)) is False


def test_that_nothing_was_evaluated_yet_is_told_where_drift_is_asked_for(profile: GenAIEvalProfile, config: HttpConfig) -> None:
    client = ScouterClient(config)
    with pytest.raises(ValueError, match="profiles of genai have no drift over time yet"):
        client.get_binned_drift(DriftRequest(profile.uid, "shop", TimeInterval.OneHour, 1), DriftType.GenAI)
    with pytest.raises(ServerError, match="its records are kept, and not evaluated yet"):
        client.get_records(profile.uid, datetime(2026, 1, 1, tzinfo=timezone.utc))


def test_a_profile_is_read_from_its_file(server: Server, profile: GenAIEvalProfile, config: HttpConfig, tmp_path: Path) -> None:
    path = profile.save_to_json(tmp_path / "profile.json")
    with ScouterQueue.from_path({"agent": path}, config) as queue:
        queue["agent"].insert(GenAIEvalRecord(context={"a": 1}))
    assert kept(server, profile) == [['{"a":1}']]


def test_what_cannot_be_sent_waits_on_the_disk(server: Server, profile: GenAIEvalProfile, config: HttpConfig, tmp_path: Path) -> None:
    away = sending(profile, NOWHERE, spool_dir=str(tmp_path))
    record = GenAIEvalRecord(context={"a": "ünï"}, id="7")
    away["agent"].insert(record)
    assert away.shutdown()
    assert away["agent"].stats().spooled == 1
    with sending(profile, config, spool_dir=str(tmp_path)) as back:
        back["agent"].insert(GenAIEvalRecord(context={}))
    assert back["agent"].stats().recovered == 1
    assert kept(server, profile, "uid, id, context")[0] == [record.uid, "7", '{"a":"ünï"}']


CHILDREN = """
import os, sys
from scouter.evaluate import GenAIEvalRecord
GenAIEvalRecord(context={})
for _ in range(4):
    read, write = os.pipe()
    if not (child := os.fork()):
        os.write(write, "".join(GenAIEvalRecord(context={}).uid[14:] for _ in range(20)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    print(os.read(read, 10_000).decode())
"""


def test_children_of_a_fork_make_other_uids() -> None:
    said = subprocess.run([sys.executable, "-c", CHILDREN], capture_output=True, text=True, check=True, timeout=60).stdout
    lines = said.split()
    assert len(lines) == 4
    # All but their time: what is random in each.
    drawn = [line[at : at + 22][5:] for line in lines for at in range(0, len(line), 22)]
    assert len(drawn) == len(set(drawn)) == 80


def test_what_was_acknowledged_is_there_once_though_the_server_is_killed(absent_server: Server, make: Make) -> None:
    absent_server.start()
    to, profile = HttpConfig(server_uri=absent_server.uri), make()
    ScouterClient(to).register_profile(profile, set_active=True)
    queue = sending(profile, to, batch_size=50, linger=0.001)
    inserted: list[str] = []

    def insert() -> None:
        record = GenAIEvalRecord(context={"n": len(inserted)})
        inserted.append(record.uid)
        queue["agent"].insert(record)

    absent_server.killed_while(insert, queue, "agent", times=2, more=200)
    assert queue.shutdown(60.0)
    stats = queue["agent"].stats()
    assert stats.accepted == stats.inserted == len(inserted) and stats.failures > 0
    assert sorted(uid for [uid] in kept(absent_server, profile, "uid")) == sorted(inserted)


def test_inserting_does_not_wait_for_a_server_that_is_away(queue: ScouterQueue) -> None:
    record = GenAIEvalRecord(context={"question": "why?" * 50, "answer": "since" * 100, "scores": [0.5] * 10})
    took = []
    for _ in range(5_000):
        before = time.perf_counter()
        queue["agent"].insert(record)
        took.append(time.perf_counter() - before)
    # A few microseconds; a network is a thousand times slower.
    assert sorted(took)[2_500] < 200e-6
    assert queue.shutdown(0.0) is False
