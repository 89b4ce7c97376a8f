"""Configurations, alerts and profiles: what they check, and that they come back from JSON as they were."""

from __future__ import annotations

import datetime
import json
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scouter
from scouter.alert import (
    AlertCondition,
    AlertDispatchType,
    AlertThreshold,
    AlertZone,
    ConsoleDispatchConfig,
    CustomMetricAlertConfig,
    GenAIAlertConfig,
    OpsGenieDispatchConfig,
    PsiAlertConfig,
    PsiChiSquareThreshold,
    PsiFixedThreshold,
    PsiNormalThreshold,
    SlackDispatchConfig,
    SpcAlertConfig,
    SpcAlertRule,
)
from scouter.drift import (
    Auto,
    CustomDriftProfile,
    CustomMetric,
    CustomMetricDriftConfig,
    Drifter,
    EqualWidthBinning,
    Manual,
    PsiDriftConfig,
    PsiDriftMap,
    PsiDriftProfile,
    QuantileBinning,
    SpcDriftConfig,
    SpcDriftMap,
    SpcDriftProfile,
    SquareRoot,
)
from scouter.errors import ProfileError
from scouter.profile import DataProfile, DataProfiler
from scouter.types import CommonCrons, DriftType

FRAME = pd.DataFrame({"x": np.random.default_rng(3).normal(size=400), "s": ["a", "ünï", "b", None] * 100})


def documents() -> list[Any]:
    drifter = Drifter()
    psi_config = PsiDriftConfig(
        space="s",
        name="n",
        version="1.2.3",
        categorical_features=[],
        binning_strategy=EqualWidthBinning(Manual(7)),
        zero_bins=("fill", 1e-4),
        max_categories=3,
        alert_config=PsiAlertConfig(
            dispatch_config=SlackDispatchConfig("#a"),
            schedule="0 */6 * * *",
            features_to_monitor=["x"],
            threshold=PsiNormalThreshold(0.01),
            correction="benjamini_hochberg",
            min_values=12,
        ),
    )
    spc_config = SpcDriftConfig(
        sample_size=5,
        limits="individual",
        alert_config=SpcAlertConfig(rule=SpcAlertRule("nelson"), dispatch_config=OpsGenieDispatchConfig("t")),
    )
    psi, spc = drifter.create_drift_profile(FRAME, psi_config), drifter.create_drift_profile(FRAME, spc_config)
    metrics = [
        CustomMetric("mae", 0.1 + 0.2, AlertThreshold.Above, 0.5, aggregation=0.9, minimum_count=2),
        CustomMetric("n", 3, AlertThreshold.Outside, aggregation="count"),
    ]
    custom = drifter.create_drift_profile(metrics, CustomMetricDriftConfig(name="m"))
    return [
        psi_config,
        spc_config,
        CustomMetricDriftConfig(alert_config=CustomMetricAlertConfig(schedule=CommonCrons.EveryHour)),
        psi,
        spc,
        custom,
        drifter.create_drift_profile(FRAME, psi_config, mergeable=True),
        drifter.create_drift_profile(FRAME[["x"]], spc_config, mergeable=True),
        drifter.compute_drift(FRAME, psi),
        drifter.compute_drift(FRAME, spc),
        drifter.compute_drift({"mae": [1.0, 2.0], "n": []}, custom),
        DataProfiler().create_data_profile(FRAME, compute_correlations=True),
        DataProfiler().create_data_profile(FRAME, mergeable=True),
        DataProfiler().create_data_profile(FRAME, compute_correlations=True, mergeable=True),
    ]


DOCUMENTS = documents()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: type(document).__name__)
def test_a_document_comes_back_exactly(document: Any, tmp_path: Path) -> None:
    kind = type(document)
    assert kind.model_validate_json(document.model_dump_json()) == document
    assert kind.model_validate(document.model_dump()) == document
    assert pickle.loads(pickle.dumps(document)) == document
    path = document.save_to_json(tmp_path / "document")
    assert path == tmp_path / "document.json"
    assert kind.from_file(path) == document
    # Profiles are compared by what they say, and come back with all else too.
    assert kind.from_file(path).model_dump_json() == document.model_dump_json()
    assert json.loads(path.read_text())["format"] == 1


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: type(document).__name__)
def test_a_document_of_a_later_version_says_so(document: Any) -> None:
    newer = {**document.model_dump(), "format": 99}
    with pytest.raises(ProfileError, match="written in format `99`.*install a newer version"):
        type(document).model_validate(newer)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: type(document).__name__)
def test_a_damaged_document_says_so(document: Any, tmp_path: Path) -> None:
    kind, text = type(document), document.model_dump_json()
    for damaged in [text[: len(text) // 2], "", "[]", "{}", text.replace('"kind"', '"kin"', 1)]:
        with pytest.raises(ProfileError):
            kind.model_validate_json(damaged)
    path = tmp_path / "damaged.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ProfileError, match="damaged.json"):
        kind.from_file(path)


@pytest.mark.parametrize("binning", [QuantileBinning(2), EqualWidthBinning(Manual(2))], ids=["quantile", "manual"])
def test_a_document_of_a_single_bin_is_read_and_no_profile_is_made_by_it(binning: Any) -> None:
    config = PsiDriftConfig(binning_strategy=binning)
    for document in (config, Drifter().create_drift_profile(FRAME, config)):
        single = re.sub(r'"num_bins":(\s*)2', r'"num_bins":\g<1>1', document.model_dump_json())
        read = type(document).model_validate_json(single)
        assert read != document and type(document).model_validate_json(read.model_dump_json()) == read
        if isinstance(read, PsiDriftConfig):
            with pytest.raises(ValueError, match="`num_bins` is `1`: it must be 2 or more, since no number drifts out of a single bin"):
                Drifter().create_drift_profile(FRAME, read)


def test_a_document_of_another_kind_says_so() -> None:
    with pytest.raises(ProfileError, match="it is a `spc_drift_config`, not a `psi_drift_profile`"):
        PsiDriftProfile.model_validate(SpcDriftConfig().model_dump())


def test_documents_are_saved_under_their_own_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = {type(document): document.save_to_json().name for document in DOCUMENTS}
    assert names[PsiDriftProfile] == "psi_drift_profile.json"
    assert names[SpcDriftProfile] == "spc_drift_profile.json"
    assert names[CustomDriftProfile] == "custom_drift_profile.json"
    assert {names[PsiDriftMap], names[SpcDriftMap], names[DataProfile]} == {
        "psi_drift_map.json",
        "spc_drift_map.json",
        "data_profile.json",
    }


@pytest.mark.parametrize("cron", ["", "daily", "61 * * * *", "0 0 31 2 *", "* * * *", "0 0 0 0 0 0 0 0"])
def test_a_wrong_cron_expression_is_told_when_it_is_set(cron: str) -> None:
    for make in [PsiAlertConfig, SpcAlertConfig, CustomMetricAlertConfig, GenAIAlertConfig]:
        with pytest.raises(ValueError, match="as a cron expression"):
            make(schedule=cron)
        config = make()
        with pytest.raises(ValueError, match="as a cron expression"):
            config.schedule = cron
        assert config.schedule == CommonCrons.EveryDay.cron


def test_common_crons_come_next() -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    every_minute = datetime.datetime.fromisoformat(CommonCrons.Every1Minute.get_next().replace("Z", "+00:00"))
    assert now < every_minute <= now + datetime.timedelta(minutes=2)
    assert PsiAlertConfig(schedule=CommonCrons.Every6Hours).schedule == "0 0 */6 * * *"


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("Every1Minute", 1),
        ("Every5Minutes", 5),
        ("Every15Minutes", 15),
        ("Every30Minutes", 30),
        ("EveryHour", 60),
        ("Every6Hours", 6 * 60),
        ("Every12Hours", 12 * 60),
        ("EveryDay", 24 * 60),
        ("EveryWeek", 7 * 24 * 60),
    ],
)
def test_a_common_cron_comes_as_often_as_it_says(name: str, minutes: int) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    found = datetime.datetime.fromisoformat(getattr(CommonCrons, name).get_next().replace("Z", "+00:00"))
    # A Sunday at midnight, from which all of them are counted.
    began = datetime.datetime(2023, 1, 1, tzinfo=datetime.timezone.utc)
    every = datetime.timedelta(minutes=minutes)
    assert (found - began) % every == datetime.timedelta(0)
    assert now < found <= now + every + datetime.timedelta(minutes=1)


def test_what_is_inside_a_configuration_can_be_changed_where_it_is() -> None:
    config = PsiDriftConfig(alert_config=PsiAlertConfig(dispatch_config=SlackDispatchConfig("#a")))
    config.alert_config.schedule = CommonCrons.EveryWeek
    config.alert_config.dispatch_config.channel = "#b"
    config.alert_config.threshold.alpha = 0.01
    config.binning_strategy.num_bins = 20
    kept = PsiDriftConfig.model_validate_json(config.model_dump_json())
    assert kept.alert_config.schedule == CommonCrons.EveryWeek.cron
    assert kept.alert_config.dispatch_config == SlackDispatchConfig("#b")
    assert kept.alert_config.threshold == PsiChiSquareThreshold(0.01)
    assert kept.binning_strategy == QuantileBinning(20)


def test_update_config_args_changes_what_is_given() -> None:
    for document in DOCUMENTS[:6]:
        kind = type(document)
        changed = kind.model_validate_json(document.model_dump_json())
        changed.update_config_args(space="new", version="9.9.9")
        config = getattr(changed, "config", changed)
        before = getattr(document, "config", document)
        assert (config.space, config.name, config.version) == ("new", before.name, "9.9.9")
        assert config.alert_config == before.alert_config
        assert config.uid == before.uid


def test_a_configuration_is_taken_from_a_file_but_for_what_is_given(tmp_path: Path) -> None:
    path = PsiDriftConfig(name="a", version="1.0.0", binning_strategy=EqualWidthBinning(SquareRoot())).save_to_json(tmp_path / "c")
    config = PsiDriftConfig(name="b", config_path=path)
    assert (config.name, config.version) == ("b", "1.0.0")
    assert config.binning_strategy == EqualWidthBinning(SquareRoot())
    assert PsiDriftConfig.load_from_json_file(path).name == "a"


def test_defaults_are_those_of_the_documentation() -> None:
    config = PsiDriftConfig()
    assert (config.space, config.name, config.version) == ("__missing__", "__missing__", "0.1.0")
    assert config.drift_type == DriftType.Psi == DriftType.from_value("psi")
    assert config.binning_strategy == QuantileBinning(num_bins=10)
    assert config.alert_config.threshold == PsiChiSquareThreshold(0.05)
    assert config.alert_config.dispatch_type == AlertDispatchType.Console
    assert config.alert_config.dispatch_config == ConsoleDispatchConfig()
    assert config.uid != PsiDriftConfig().uid
    assert SpcDriftConfig().sample_size == 25
    assert SpcAlertRule().rule == "8 16 4 8 2 4 1 1"
    assert SpcAlertRule().zones_to_monitor == [AlertZone.Zone1, AlertZone.Zone2, AlertZone.Zone3, AlertZone.Zone4]
    assert PsiFixedThreshold().threshold == 0.25


def test_a_profile_has_the_uid_of_its_configuration() -> None:
    config = PsiDriftConfig()
    profile = Drifter().create_drift_profile(FRAME, config)
    assert profile.uid == profile.config.uid == config.uid
    profile.uid = "mine"
    assert profile.config.uid == "mine"


@pytest.mark.parametrize(
    ("make", "other"),
    [
        (lambda: Drifter().create_drift_profile(FRAME, PsiDriftConfig(name="m")), lambda: Drifter().create_drift_profile(FRAME[1:], PsiDriftConfig(name="m"))),
        (lambda: Drifter().create_drift_profile(FRAME, SpcDriftConfig(name="m")), lambda: Drifter().create_drift_profile(FRAME[1:], SpcDriftConfig(name="m"))),
        (lambda: _metrics("m", 1.0), lambda: _metrics("m", 2.0)),
        (lambda: _metrics("m", 1.0), lambda: _metrics("n", 1.0)),
    ],
    ids=["psi", "spc", "custom", "another name"],
)
def test_profiles_are_equal_that_say_the_same(make: Any, other: Any) -> None:
    first, again = make(), make()
    assert first.uid != again.uid and first == again
    assert first != other()


def _metrics(name: str, baseline: float) -> CustomDriftProfile:
    return CustomDriftProfile(CustomMetricDriftConfig(name=name), [CustomMetric("mae", baseline, AlertThreshold.Above)])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: PsiChiSquareThreshold(0.0), "as a level"),
        (lambda: PsiNormalThreshold(1.5), "as a level"),
        (lambda: PsiFixedThreshold(-1), "must be a number above 0"),
        (lambda: QuantileBinning(0), "from 2 to 10000"),
        (lambda: QuantileBinning(1), "`num_bins` is `1`: it must be from 2 to 10000, since no number drifts out of a single bin"),
        (lambda: setattr(Manual(2), "num_bins", 1), "since no number drifts out of a single bin"),
        (lambda: Manual(10**6), "from 2 to 10000"),
        (lambda: SpcDriftConfig(sample_size=0), "`sample_size` is `0`"),
        (lambda: SpcDriftConfig(limits="wide"), "`limits` is `wide`"),
        (lambda: SpcAlertRule("8 16 4"), "`3` numbers where there are eight"),
        (lambda: SpcAlertRule("8 16 4 8 2 4 1 x"), "`x` in a rule"),
        (lambda: SpcAlertRule(zones_to_monitor=[AlertZone.NotApplicable]), "no zone to monitor"),
        (lambda: PsiAlertConfig(correction="bonferroni"), "`correction` is `bonferroni`"),
        (lambda: PsiAlertConfig(min_values=0), "`min_values` is `0`: it must be 1 or more"),
        (lambda: setattr(PsiAlertConfig(), "min_values", -1), "`min_values` is `-1`"),
        (lambda: PsiDriftConfig(zero_bins="zero"), "`zero_bins` must be"),
        (lambda: PsiDriftConfig(max_categories=0), "`max_categories` must be 1 or more"),
        (lambda: AlertCondition(float("nan"), AlertThreshold.Above), "must be a finite number"),
        (lambda: AlertCondition(1.0, AlertThreshold.Above, -1.0), "must be 0 or more"),
        (lambda: CustomMetric("m", 1.0, AlertThreshold.Above, float("inf")), "must be 0 or more, and finite"),
        (lambda: CustomMetric("", 1.0, AlertThreshold.Above), "has no name"),
        (lambda: CustomMetric("m", 1.0, AlertThreshold.Above, aggregation="median"), "`aggregation` is `median`"),
        (lambda: CustomMetric("m", 1.0, AlertThreshold.Above, aggregation=2.0), "`aggregation` is `2`"),
        (lambda: CustomDriftProfile(CustomMetricDriftConfig(), []), "`metrics` is empty"),
        (lambda: DriftType.from_value("x"), "`x` is no type of drift"),
        (lambda: PsiDriftConfig(name="my shop"), "`name` cannot be `my shop`: it has 1 to 128 letters"),
        (lambda: SpcDriftConfig(space="a/b"), "`space` cannot be `a/b`"),
        (lambda: CustomMetricDriftConfig(name=""), "`name` cannot be ``"),
        (lambda: PsiDriftConfig(version="1"), "`version` cannot be `1`: it is a semantic version such as 1.2.3"),
        (lambda: setattr(SpcDriftConfig(), "name", "-x"), "`name` cannot be `-x`"),
        (lambda: PsiDriftConfig().update_config_args(version="v1.0.0"), "`version` cannot be `v1.0.0`"),
    ],
)
def test_settings_that_cannot_be_are_told(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_the_policy_for_empty_bins_decides_the_index() -> None:
    before = pd.DataFrame({"s": ["a"] * 500 + ["b"] * 500})
    after = pd.DataFrame({"s": ["a"] * 490 + ["b"] * 490 + ["c"] * 20})

    def index(zero_bins: Any) -> float:
        drifter = Drifter()
        profile = drifter.create_drift_profile(before, PsiDriftConfig(zero_bins=zero_bins))
        return float(drifter.compute_drift(after, profile)["s"])

    assert index("jeffreys") == pytest.approx(0.074563242865, rel=1e-9)
    assert index(("fill", 1e-4)) == pytest.approx(0.105840569741, rel=1e-9)
    assert index(("add", 1e-10)) == pytest.approx(0.382680612737, rel=1e-9)
    assert index(("floor", 0.01)) == pytest.approx(0.007335525952, rel=1e-9)


def test_twenty_features_are_tested_as_one() -> None:
    random = np.random.default_rng(11)
    names = [f"f{at}" for at in range(20)]
    before = pd.DataFrame(random.normal(size=(2000, 20)), columns=names)
    after = pd.DataFrame(random.normal(size=(2000, 20)), columns=names)
    after["f0"] += 0.3
    drifter = Drifter()
    found = {}
    for correction in ["holm", "benjamini_hochberg", None]:
        config = PsiDriftConfig(alert_config=PsiAlertConfig(correction=correction))
        drift_map = drifter.compute_drift(after, drifter.create_drift_profile(before, config))
        p_values = np.array([drift.p_value for drift in drift_map.details.values()])
        order = np.argsort(p_values)
        m = len(p_values)
        steps = {
            "holm": np.minimum(1, np.maximum.accumulate((m - np.arange(m)) * p_values[order])),
            "benjamini_hochberg": np.minimum(1, np.minimum.accumulate((m / np.arange(1, m + 1) * p_values[order])[::-1])[::-1]),
            None: p_values[order],
        }
        adjusted = np.array([drift.adjusted_p_value for drift in drift_map.details.values()])
        np.testing.assert_allclose(adjusted[order], steps[correction], rtol=1e-12)
        found[correction] = drift_map.drifted
    assert found["holm"] == ["f0"] and set(found["holm"]) <= set(found["benjamini_hochberg"]) <= set(found[None])


def test_metrics_are_judged_by_their_windows() -> None:
    metrics = [
        CustomMetric("mae", 12.0, AlertThreshold.Above, 0.5),
        CustomMetric("accuracy", 0.9, AlertThreshold.Below, 0.1, aggregation="min"),
        CustomMetric("calls", 100, AlertThreshold.Outside, 10, aggregation="count", minimum_count=1),
        CustomMetric("rare", 1.0, AlertThreshold.Above, minimum_count=5),
    ]
    profile = Drifter().create_drift_profile(metrics, CustomMetricDriftConfig())
    assert profile.metrics == {"mae": 12.0, "accuracy": 0.9, "calls": 100.0, "rare": 1.0}
    window = {"mae": [12.0, 14.0], "accuracy": [0.95, 0.85], "calls": [1.0, 1.0], "rare": [9.0, 9.0]}
    drift_map = Drifter().compute_drift(window, profile)
    assert drift_map.alerts == ["mae", "calls"]
    assert (drift_map["mae"].value, drift_map["mae"].difference, drift_map["mae"].count) == (13.0, 1.0, 2)
    assert drift_map.absent == {"rare": "`2` values are too few: at least `5` are needed"}
    assert profile.config.alert_config.alert_conditions["mae"].upper_bound() == 12.5


def test_conditions_of_a_configuration_take_the_place_of_those_of_metrics() -> None:
    alert_config = CustomMetricAlertConfig()
    alert_config.alert_conditions = {"mae": AlertCondition(1.0, AlertThreshold.Above, 2.0)}
    config = CustomMetricDriftConfig(alert_config=alert_config)
    profile = CustomDriftProfile(config, [CustomMetric("mae", 12.0, AlertThreshold.Below)])
    assert profile.custom_metrics[0].alert_condition == AlertCondition(1.0, AlertThreshold.Above, 2.0)


def test_profiles_of_one_configuration_keep_their_own_conditions() -> None:
    config = CustomMetricDriftConfig(name="shared")
    first = CustomDriftProfile(config, [CustomMetric("mae", 12.0, AlertThreshold.Above, 0.5)])
    second = CustomDriftProfile(config, [CustomMetric("mae", 1.0, AlertThreshold.Below), CustomMetric("rmse", 2.0, AlertThreshold.Above)])
    assert config.alert_config.alert_conditions is None
    assert first.custom_metrics[0].alert_condition == AlertCondition(12.0, AlertThreshold.Above, 0.5)
    assert second.custom_metrics[0].alert_condition == AlertCondition(1.0, AlertThreshold.Below)
    assert list(first.config.alert_config.alert_conditions) == ["mae"]
    assert list(second.config.alert_config.alert_conditions) == ["mae", "rmse"]


def test_a_metric_that_was_changed_comes_back_from_json_as_it_is_now() -> None:
    profile = CustomDriftProfile(CustomMetricDriftConfig(), [CustomMetric("mae", 12.0, AlertThreshold.Above, aggregation="last")])
    profile.custom_metrics[0].baseline_value = 7.0
    profile.custom_metrics[0].name = "mean_error"
    kept = CustomDriftProfile.model_validate_json(profile.model_dump_json())
    assert kept == profile and kept.metrics == {"mean_error": 7.0}
    assert kept.config.alert_config.alert_conditions["mean_error"].baseline_value == 7.0


@pytest.mark.parametrize("change", [{"name": " "}, {"name": ""}])
def test_a_metric_cannot_be_changed_to_none(change: dict[str, Any]) -> None:
    metric = CustomMetric("mae", 1.0, AlertThreshold.Above)
    for name, value in change.items():
        with pytest.raises(ValueError, match="has no name"):
            setattr(metric, name, value)
    assert metric.name == "mae"


def test_windows_of_metrics_may_be_of_any_length() -> None:
    metrics = [
        CustomMetric("slow", 1.0, AlertThreshold.Above, aggregation=0.9),
        CustomMetric("newest", 1.0, AlertThreshold.Above, aggregation="last"),
        CustomMetric("calls", 10.0, AlertThreshold.Below, aggregation="count"),
        CustomMetric("none", 1.0, AlertThreshold.Above),
    ]
    profile = Drifter().create_drift_profile(metrics, CustomMetricDriftConfig())
    found = Drifter().compute_drift({"slow": [1.0, 2.0, 3.0], "newest": [5.0, 0.5], "calls": [], "none": []}, profile)
    assert found["slow"].value == pytest.approx(2.8) and found["newest"].value == 0.5
    assert (found["calls"].value, found.alerts) == (0.0, ["slow", "calls"])
    assert found.absent == {"none": "there are no rows"}


def test_wide_limits_are_those_of_single_values() -> None:
    frame = pd.DataFrame({"x": np.random.default_rng(5).normal(size=1000)})
    means, single = (
        Drifter().create_drift_profile(frame, SpcDriftConfig(sample_size=25, limits=limits)).features["x"]
        for limits in ["subgroup_means", "individual"]
    )
    assert single.center == means.center
    for line in ["one_ucl", "two_lcl", "three_ucl"]:
        assert getattr(single, line) - single.center == pytest.approx(5 * (getattr(means, line) - means.center), rel=1e-12)


def test_a_chart_goes_into_numpy() -> None:
    frame = pd.DataFrame({"x": np.arange(100.0), "y": [*np.arange(50.0), *[np.nan] * 50]})
    drifter = Drifter()
    profile = drifter.create_drift_profile(frame, SpcDriftConfig(sample_size=10))
    means, zones, names = drifter.compute_drift(frame, profile).to_numpy()
    assert names == ["x", "y"] and means.shape == zones.shape == (10, 2)
    np.testing.assert_allclose(means[:, 0], np.arange(4.5, 100, 10))
    assert np.isnan(means[5:, 1]).all() and set(zones[:, 0]) <= {-4, -3, -2, -1, 0, 1, 2, 3, 4}
    assert zones[0, 0] == -4 and zones[-1, 0] == 4


def test_the_names_stand_in_the_package_itself() -> None:
    for name in ["Drifter", "PsiDriftConfig", "PsiAlertConfig", "CommonCrons", "DataProfiler", "CustomMetric", "Manual"]:
        assert getattr(scouter, name).__name__ == name
    assert isinstance(EqualWidthBinning(Auto()).method, Auto)
