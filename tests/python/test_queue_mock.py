"""`MockConfig`: what an application hands over is tested without a server."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from scouter.alert import AlertThreshold
from scouter.client import ScouterClient
from scouter.drift import CustomDriftProfile, CustomMetric, CustomMetricDriftConfig, Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalConfig, GenAIEvalProfile
from scouter.mock import MockConfig
from scouter.queue import GenAIEvalRecord, Metrics, QueueOptions, ScouterQueue


@pytest.fixture
def profile() -> PsiDriftProfile:
    data = {"x": [float(number) for number in range(100)], "city": ["Rome", "Oslo"] * 50}
    return Drifter().create_drift_profile(data, PsiDriftConfig(name="model"))


def kept(profile: Any, *items: Any) -> list[dict[str, Any]]:
    """What is handed over of these items."""
    transport = MockConfig()
    with ScouterQueue.from_profile({"it": profile}, transport) as queue:
        for item in items:
            queue["it"].insert(item)
    assert queue["it"].stats().accepted == len(items)
    return transport.records


def test_records_of_features_are_kept_in_their_order(profile: PsiDriftProfile) -> None:
    records = kept(profile, {"x": 1.5, "city": "Rome"}, {"x": 2})
    assert [record["features"] for record in records] == [{"x": 1.5, "city": "Rome"}, {"x": 2.0, "city": None}]
    assert {record["profile"] for record in records} == {profile.uid}
    assert len({uuid.UUID(record["uid"]) for record in records}) == 2


def test_metrics_are_kept() -> None:
    metric = CustomMetric("mae", baseline_value=1.0, alert_threshold=AlertThreshold.Above)
    profile = CustomDriftProfile(CustomMetricDriftConfig(name="metrics"), [metric])
    assert [record["metrics"] for record in kept(profile, Metrics({"mae": 0.5}))] == [{"mae": 0.5}]


def test_what_is_to_be_evaluated_is_kept() -> None:
    task = AssertionTask(id="short", context_path="said", operator=ComparisonOperator.HasLengthLessThan, expected_value=10)
    profile = GenAIEvalProfile(tasks=[task], config=GenAIEvalConfig(name="agent"))
    profile.uid = str(uuid.uuid4())
    record = GenAIEvalRecord(context={"said": "hi", "tokens": 3}, id="7")
    (sent,) = kept(profile, record)
    assert (sent["uid"], sent["eval"]["context"], sent["eval"]["id"]) == (record.uid, {"said": "hi", "tokens": 3}, "7")


def test_what_is_no_record_is_refused_as_ever_and_not_kept(profile: PsiDriftProfile) -> None:
    transport = MockConfig()
    with ScouterQueue.from_profile({"it": profile}, transport) as queue:
        queue["it"].insert({"y": 1.0})
    assert queue["it"].stats().refused == {"unknown_name": 1} and transport.records == []


def test_a_flush_hands_over_what_waits_and_what_was_kept_is_forgotten_on_demand(profile: PsiDriftProfile) -> None:
    transport = MockConfig()
    with ScouterQueue.from_profile({"it": profile}, transport) as queue:
        queue["it"].insert({"x": 1.0})
        assert queue.flush() and len(transport.records) == 1
        transport.clear()
        queue["it"].insert({"x": 2.0})
        assert queue.flush() and [record["features"]["x"] for record in transport.records] == [2.0]


def test_a_flush_tells_of_a_refused_record_once_and_the_next_speaks_of_what_came_after(profile: PsiDriftProfile) -> None:
    with ScouterQueue.from_profile({"it": profile, "other": profile}, MockConfig()) as queue:
        queue["it"].insert({"y": 1.0})
        queue["other"].insert({"y": 1.0})
        assert queue.flush() is False
        queue["it"].insert({"x": 1.0})
        assert queue.flush() is True
        queue["other"].insert({"y": 1.0})
        assert queue.flush() is False
    assert queue["it"].stats().refused == {"unknown_name": 1} and queue["other"].stats().refused == {"unknown_name": 2}


def test_there_is_no_server_to_wait_for(profile: PsiDriftProfile) -> None:
    transport = MockConfig()
    with ScouterQueue.from_profile(profile, transport, wait_for_startup=True) as queue:
        assert queue.transport_config is transport


def test_settings_of_another_transport_are_kept_and_shown() -> None:
    transport = MockConfig(brokers="localhost:9092", max_retries=3)
    assert transport.settings == {"brokers": "localhost:9092", "max_retries": 3}
    assert repr(transport) == "MockConfig(brokers='localhost:9092', max_retries=3)"


def test_what_waits_on_the_disk_for_a_server_is_not_taken(profile: PsiDriftProfile, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`spool_dir` with a `MockConfig`: it sends nothing"):
        ScouterQueue.from_profile(profile, MockConfig(), options=QueueOptions(spool_dir=tmp_path / "spool"))
    assert not (tmp_path / "spool").exists()


def test_a_client_needs_somebody_who_answers() -> None:
    with pytest.raises(TypeError, match="`config` is a `MockConfig`: give a `HttpConfig` or `None`"):
        ScouterClient(MockConfig())  # type: ignore[arg-type]
