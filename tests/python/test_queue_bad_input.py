"""What cannot be a record: `insert` raises nothing, counts it with the reason, and warns of it once a minute."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scouter.alert import AlertThreshold
from scouter.drift import CustomDriftProfile, CustomMetric, CustomMetricDriftConfig, Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.errors import ProfileError
from scouter.queue import Feature, Features, GenAIEvalRecord, HttpConfig, Metric, Metrics, QueueOptions, QueueStats, ScouterQueue

NOWHERE = HttpConfig(server_uri="http://127.0.0.1:9")


@pytest.fixture
def profile() -> PsiDriftProfile:
    days = [datetime.datetime(2026, 1, 1) + datetime.timedelta(days=number) for number in range(100)]
    data = {"x": [float(number) for number in range(100)], "city": ["Rome", "Oslo"] * 50, "empty": [None] * 100, "t": days}
    return Drifter().create_drift_profile(data, PsiDriftConfig(name="model"))


@pytest.fixture
def queue(profile: PsiDriftProfile) -> ScouterQueue:
    return ScouterQueue.from_profile(profile, NOWHERE)


class Raises:
    def to_features(self) -> Features:
        raise RuntimeError("not today")


class NoFeatures:
    def to_features(self) -> int:
        return 7


BAD = [
    ({"x": 1.0, "y": 2.0}, "unknown_name", "the profile has no feature `y`"),
    ({"X": 1.0}, "unknown_name", "did you mean `x`?"),
    ({1: 1.0}, "type", "a name is a `int`, and no text"),
    ({"x": "one"}, "type", "feature `x` is a number in the profile, and a text here"),
    ({"x": [1.0]}, "type", "feature `x` is a `list`, and no number or text"),
    ({"x": datetime.date(2026, 1, 1)}, "type", "feature `x` is a `datetime.date`, and no number or text"),
    ({"x": 10**400}, "type", "feature `x` is larger than a float can be"),
    ({"city": "\ud800"}, "type", "feature `city` holds a lone surrogate"),
    ({"city": "a" * 4097}, "too_large", "the value of feature `city` has 4097 bytes: 4096 are the most"),
    ({"t": 1_790_000_000.0}, "type", "feature `t` is a moment in the profile, and a `float` here: give a datetime"),
    ({"t": True}, "type", "feature `t` is a moment in the profile, and a `bool` here"),
    ({"t": np.float64(1.79e9)}, "type", "feature `t` is a moment in the profile, and a `numpy.float64` here"),
    ({"t": datetime.time(12)}, "type", "feature `t` is a moment in the profile, and a `datetime.time` here"),
    ({"t": "noon"}, "type", "feature `t` is a moment in the profile, and a text here that is none"),
    ({"t": "\ud800"}, "type", "feature `t` is a moment in the profile, and a text here that is none"),
    ({"city": datetime.date(2026, 1, 1)}, "type", "feature `city` is a `datetime.date`, and no number or text"),
    (Metrics({"x": 1.0}), "kind", "the profile takes features, not metrics"),
    (GenAIEvalRecord(context={}), "kind", "the profile takes features, not something to evaluate"),
    (7, "type", "a `int` is no record: give `Features`, `Metrics`, a dict, a model, keyword arguments, or a `GenAIEvalRecord`"),
    (None, "shape", "nothing was given"),
    (Raises(), "type", "reading it raised RuntimeError: not today"),
    (NoFeatures(), "type", "a `int` is no record"),
]


@pytest.mark.parametrize(("item", "code", "why"), BAD, ids=[f"{code}-{at}" for at, (_, code, _) in enumerate(BAD)])
def test_what_is_no_record_is_refused_with_the_reason(queue: ScouterQueue, item: Any, code: str, why: str) -> None:
    queue["model"].insert(item)
    stats = queue["model"].stats()
    assert stats.refused == {code: 1} and why in (stats.last_refusal or "")
    assert (stats.inserted, stats.waiting) == (1, 0)


def test_an_item_and_names_at_once_are_refused(queue: ScouterQueue) -> None:
    queue["model"].insert({"x": 1.0}, city="Rome")
    assert queue["model"].stats().refused == {"shape": 1}


def test_a_feature_without_a_baseline_is_passed_over(queue: ScouterQueue) -> None:
    queue["model"].insert({"x": 1.0, "empty": 3.0})
    assert queue["model"].stats().waiting == 1


@pytest.mark.parametrize(
    ("item", "code", "why"),
    [
        ({"mae": float("nan")}, "not_finite", "metric `mae` is no finite number"),
        ({"mae": float("inf")}, "not_finite", "metric `mae` is no finite number"),
        ({"mae": None}, "not_finite", "metric `mae` is no finite number"),
        ({"mae": "small"}, "type", "metric `mae` is a text, and no number"),
        ({"mea": 1.0}, "unknown_name", "the profile has no metric `mea`; did you mean `mae`?"),
        (Metrics([Metric("mae", 1.0), Metric("mea", 1.0)]), "unknown_name", "the profile has no metric `mea`; did you mean `mae`?"),
        ({}, "shape", "there is no metric in it"),
        (Features({"mae": 1.0}), "kind", "the profile takes metrics, not features"),
    ],
)
def test_what_is_no_metric_is_refused_with_the_reason(item: Any, code: str, why: str) -> None:
    metric = CustomMetric("mae", baseline_value=1.0, alert_threshold=AlertThreshold.Above)
    profile = CustomDriftProfile(CustomMetricDriftConfig(name="metrics"), [metric])
    queue = ScouterQueue.from_profile(profile, NOWHERE)
    queue["metrics"].insert(item)
    stats = queue["metrics"].stats()
    assert stats.refused == {code: 1} and why in (stats.last_refusal or "")


def test_what_is_refused_is_warned_of_once_a_minute(queue: ScouterQueue, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(100):
        queue["model"].insert({"y": number})
    [told] = [record for record in caplog.records if record.name == "scouter.queue"]
    assert told.levelname == "WARNING"
    assert told.getMessage() == (
        "`model`: of 1 record, 0 wait, 1 refused (unknown_name); the last was refused since the profile has no feature `y`"
    )
    queue.shutdown()
    assert "100 refused (unknown_name)" in caplog.records[-1].getMessage()


def test_values_as_the_baseline_has_none_are_counted_and_warned_of(queue: ScouterQueue, caplog: pytest.LogCaptureFixture) -> None:
    day = datetime.datetime(2026, 1, 1)
    for values in [{}, {"x": 1.0, "city": "Atlantis", "t": day}, {"x": float("nan"), "city": "Rome", "t": day}, {"x": 1.0, "city": 7, "t": day}]:
        queue["model"].insert(values)
    stats = queue["model"].stats()
    assert (stats.missing, stats.unseen) == ({"city": 1, "t": 1, "x": 2}, {"city": 2})
    assert (stats.waiting, stats.refused) == (4, {})
    assert QueueStats.model_validate_json(stats.model_dump_json()) == stats
    queue.shutdown(0.0)
    told = [record.getMessage() for record in caplog.records if record.name == "scouter.queue"]
    assert told[0].endswith("values that are missing, as they are not in the baseline: 1 of `city`, 1 of `t`, 1 of `x`")
    assert "of categories that the baseline does not know: 2 of `city`" in told[-1]


def test_values_that_are_missing_in_the_baseline_too_say_nothing(caplog: pytest.LogCaptureFixture) -> None:
    data = {"x": [None, *map(float, range(100))], "y": [float(number) for number in range(101)]}
    queue = ScouterQueue.from_profile(Drifter().create_drift_profile(data, PsiDriftConfig(name="model")), NOWHERE)
    queue["model"].insert(y=1.0)
    assert queue["model"].stats().missing == {} and caplog.records == []


def test_an_end_that_may_take_for_ever_is_one(queue: ScouterQueue) -> None:
    assert queue.shutdown(timeout=1e15)


def test_stats_go_through_json(queue: ScouterQueue) -> None:
    queue["model"].insert(7)
    stats = queue["model"].stats()
    assert QueueStats.model_validate_json(stats.model_dump_json()) == stats


def test_a_queue_that_is_not_there_is_told(queue: ScouterQueue) -> None:
    with pytest.raises(KeyError, match="there is no queue `modle`; did you mean `model`?"):
        queue["modle"]
    with pytest.raises(KeyError, match="there is no queue `c`; there are `model`"):
        queue["c"]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: ScouterQueue.from_profile("x", NOWHERE), "and this is a `str`"),
        (lambda: ScouterQueue.from_profile(["x"], NOWHERE), "and this is a `list`: what it holds is of the types `str`"),
        (lambda: Features("x"), "expected dict or list, and this is a `str`"),
        (lambda: Features([1]), "expected dict or list, and this is a `list`: what it holds is of the types `int`"),
        (lambda: Metrics({"mae": "small"}), "expected dict or list, and this is a `dict`: what it holds is of the types `str`"),
    ],
)
def test_arguments_of_another_type_are_told_in_a_line(make: Callable[[], object], told: str) -> None:
    with pytest.raises(TypeError) as raised:
        make()
    assert told in str(raised.value) and "\n" not in str(raised.value) and "variant" not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"capacity": 0}, "`capacity` is 0: 1 is the least"),
        ({"capacity_bytes": 1_000_000}, "`capacity_bytes` is 1000000: 1114112 are the least, for a single record may take as many"),
        ({"batch_size": 0}, "`batch_size` is 0: 1 is the least"),
        ({"batch_size": 20_000}, "a server takes 10000 records at once"),
        ({"when_full": "drop_oldst"}, "did you mean `drop_oldest`?"),
        ({"when_full": "explode"}, "`drop_newest`, `drop_oldest` or `block`"),
        ({"linger": -1.0}, "`linger` is -1, which is no time in seconds"),
        ({"linger": float("nan")}, "`linger` is NaN"),
        ({"sample_ratio": 1.5}, "`sample_ratio`: 1.5 is not a number from 0 to 1"),
    ],
)
def test_an_option_that_cannot_be_is_told(options: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError) as raised:
        QueueOptions(**options)
    assert why in str(raised.value)


def test_another_transport_is_told(profile: PsiDriftProfile) -> None:
    with pytest.raises(TypeError, match="`transport_config` is a `dict`: records are sent over HTTP"):
        ScouterQueue.from_profile(profile, {"server_uri": "http://127.0.0.1"})


def test_two_profiles_of_one_name_are_told(profile: PsiDriftProfile) -> None:
    with pytest.raises(ValueError, match="two profiles are called `model`"):
        ScouterQueue.from_profile([profile, profile], NOWHERE)
    assert len(ScouterQueue.from_profile({"a": profile, "b": profile}, NOWHERE)) == 2


def test_no_profile_at_all_is_told() -> None:
    with pytest.raises(ValueError, match="there is no profile"):
        ScouterQueue.from_path({}, NOWHERE)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "profile.json`: this is no profile, which is the JSON that its `save_to_json` wrote"),
        ("print(1)", "this is no profile"),
        ("{}", "it has no `format`"),
        ('{"format": 1, "kind": "psi_drift_config"}', "it is a `psi_drift_config`, and no profile"),
        ('{"format": 99, "kind": "psi_drift_profile"}', "install a newer version"),
        ('{"format": 1, "kind": "psi_drift_profile"}', "it is damaged"),
    ],
)
def test_a_file_that_holds_no_profile_is_told(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "profile.json"
    path.write_text(text)
    with pytest.raises(ProfileError) as raised:
        ScouterQueue.from_path({"model": path}, NOWHERE)
    assert why in str(raised.value) and str(path) in str(raised.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ScouterQueue.from_path({"model": tmp_path / "nothing.json"}, NOWHERE)


def test_names_stand_once_in_lists() -> None:
    with pytest.raises(ValueError, match="`x` stands there twice"):
        Features([Feature("x", 1), Feature("x", 2)])
    with pytest.raises(ValueError, match="`x` stands there twice"):
        Metrics([Metric("x", 1), Metric("x", 2)])


def test_items_go_through_json_and_are_what_they_were() -> None:
    features = Features([Feature.int("n", 7), Feature.float("x", 7), Feature.string("city", "Rome")])
    again = Features.model_validate_json(features.model_dump_json())
    assert again == features and [feature.value for feature in again.features] == [7, 7.0, "Rome"]
    metrics = Metrics({"mae": 1})
    assert Metrics.model_validate_json(metrics.model_dump_json()) == metrics
    assert [(metric.name, metric.value) for metric in metrics.metrics] == [("mae", 1.0)]
