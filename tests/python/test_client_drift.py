"""`ScouterClient`: drift over time, alerts and kept records of a real server."""

from __future__ import annotations

import json
import math
import pickle
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from scouter.alert import AlertThreshold
from scouter.client import (
    AlertCursor,
    BinnedMetrics,
    BinnedMetricStats,
    BinnedPsiFeatureMetrics,
    BinnedSpcFeatureMetrics,
    DriftAlertPaginationRequest,
    DriftRequest,
    EvalRecordPaginationRequest,
    OpenWindow,
    ScouterClient,
    TimeInterval,
    WaitingRows,
)
from scouter.drift import CustomDriftProfile, CustomMetric, CustomMetricDriftConfig, Drifter, PsiDriftConfig, PsiDriftProfile, SpcDriftConfig
from scouter.errors import ServerError
from scouter.queue import HttpConfig, ScouterQueue
from scouter.types import DriftType

Server = Any
Found = Callable[..., None]

BEGIN = datetime(2026, 3, 1, tzinfo=timezone.utc)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def client(server: Server) -> ScouterClient:
    return ScouterClient(HttpConfig(server_uri=server.uri))


@pytest.fixture
def found(server: Server) -> Found:
    """Writes what a job found whose window of an hour ended so many hours after the beginning."""

    def found(uid: str, hours: int, counts: list[int], means: tuple[float, ...] = (), squares: tuple[float, ...] = ()) -> None:
        arrays = [f"'{{{','.join(map(str, values))}}}'" for values in (counts, means, squares)]
        ended = BEGIN + timedelta(hours=hours)
        server.rows(
            "INSERT INTO drift_results (profile, began, ended, rows, drifted, document, counts, means, squares) "
            f"VALUES ('{uid}', '{ended - HOUR}', '{ended}', 1, '{{}}', '', {', '.join(arrays)})"
        )

    return found


def name() -> str:
    return f"model-{uuid.uuid4()}"


def psi_profile(client: ScouterClient) -> PsiDriftProfile:
    data = {"x": [number / 10 for number in range(200)]}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=name()))
    client.register_profile(profile, set_active=True)
    return profile


def custom_profile(client: ScouterClient) -> CustomDriftProfile:
    metric = CustomMetric("mae", baseline_value=1.0, alert_threshold=AlertThreshold.Above)
    profile = CustomDriftProfile(CustomMetricDriftConfig(space="shop", name=name()), [metric])
    client.register_profile(profile)
    return profile


def two_days(uid: str) -> DriftRequest:
    return DriftRequest(uid, "shop", TimeInterval.Custom, 2, BEGIN, BEGIN + 2 * DAY)


def test_the_index_over_time_is_told_by_feature(client: ScouterClient, found: Found) -> None:
    profile = psi_profile(client)
    # Ten bins of the same share, and three counts beside them: as the baseline, then all in the first bin.
    found(profile.uid, 12, [7] * 10 + [0] * 3)
    found(profile.uid, 36, [70] + [0] * 12)
    drift = client.get_binned_drift(two_days(profile.uid), DriftType.Psi)
    assert isinstance(drift, BinnedPsiFeatureMetrics)
    x = drift.features["x"]
    assert x.created_at == [BEGIN, BEGIN + DAY]
    assert x.psi[0] == pytest.approx(0, abs=1e-12) and x.psi[1] > 1
    assert x.overall_psi is not None and x.overall_psi < x.psi[1]
    assert x.bins == pytest.approx({0: 0.55, **dict.fromkeys(range(1, 10), 0.05)})


def test_metrics_over_time_are_told_by_their_names(client: ScouterClient, found: Found) -> None:
    profile = custom_profile(client)
    # 1 and 3, as `statistics.fmean` and `statistics.pstdev` see them.
    found(profile.uid, 3, [2], (2.0,), (2.0,))
    drift = client.get_binned_drift(two_days(profile.uid), DriftType.Custom)
    assert isinstance(drift, BinnedMetrics)
    mae = drift["mae"]
    assert mae is not None and mae.metric == "mae" and mae.created_at == [BEGIN]
    assert mae.stats == [BinnedMetricStats(avg=2.0, lower_bound=1.0, upper_bound=3.0)]
    assert drift["other"] is None


def test_charts_over_time_are_told_by_feature(client: ScouterClient, found: Found) -> None:
    data = {"x": [float(number % 7) for number in range(200)]}
    profile = Drifter().create_drift_profile(data, SpcDriftConfig(space="shop", name=name()))
    client.register_profile(profile)
    found(profile.uid, 3, [4], (2.5,))
    drift = client.get_binned_drift(two_days(profile.uid), DriftType.Spc)
    assert isinstance(drift, BinnedSpcFeatureMetrics)
    assert (drift.features["x"].created_at, drift.features["x"].values) == ([BEGIN], [2.5])


@pytest.mark.parametrize("kind", ["psi", "custom"])
def test_drift_over_time_is_kept_as_json_and_pickled(client: ScouterClient, found: Found, kind: str) -> None:
    uid = (psi_profile if kind == "psi" else custom_profile)(client).uid
    found(uid, 12, [7] * 13 if kind == "psi" else [3], () if kind == "psi" else (1 / 3,), () if kind == "psi" else (0.1,))
    drift = client.get_binned_drift(two_days(uid), DriftType.from_value(kind))
    assert type(drift).model_validate_json(drift.model_dump_json()) == drift
    assert json.loads(str(drift)) == json.loads(drift.model_dump_json())
    assert pickle.loads(pickle.dumps(drift)) == drift


def test_drift_of_another_kind_is_told(client: ScouterClient) -> None:
    profile = custom_profile(client)
    with pytest.raises(ValueError, match="is one of custom, and drift of psi was asked for"):
        client.get_binned_drift(two_days(profile.uid), DriftType.Psi)
    with pytest.raises(ValueError, match="this is no `BinnedMetrics`"):
        BinnedMetrics.model_validate_json('{"kind": "psi", "features": {}}')


def test_questions_that_are_none_are_told(client: ScouterClient) -> None:
    uid = custom_profile(client).uid
    with pytest.raises(ValueError, match="`TimeInterval.Custom` goes from a `start_datetime`, which is not given"):
        client.get_binned_drift(DriftRequest(uid, "shop", TimeInterval.Custom, 2), DriftType.Custom)
    with pytest.raises(ServerError, match="is in the space `shop`, and `sho` was asked for"):
        client.get_binned_drift(two_days(uid)._replace(space="sho"), DriftType.Custom)
    assert isinstance(client.get_binned_drift(two_days(uid)._replace(space=""), DriftType.Custom), BinnedMetrics)
    with pytest.raises(ServerError, match="`max_data_points` is 0"):
        client.get_binned_drift(DriftRequest(uid, "shop", TimeInterval.OneHour, 0), DriftType.Custom)
    with pytest.raises(ValueError, match="`start_datetime` is 2026-03-01 00:00:00, which has no time zone"):
        client.get_binned_drift(two_days(uid)._replace(start_datetime=datetime(2026, 3, 1)), DriftType.Custom)
    with pytest.raises(ServerError, match="there is no profile"):
        client.get_binned_drift(two_days(str(uuid.UUID(int=7))), DriftType.Custom)
    with pytest.raises(ValueError, match="the uid of the profile is empty"):
        client.get_binned_drift(two_days(""), DriftType.Custom)


def test_a_job_runs_when_it_is_asked_for(client: ScouterClient, server: Server) -> None:
    data = {"x": [number / 10 for number in range(200)]}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=name()))
    client.register_profile(profile)
    with pytest.raises(ServerError, match="the profile is not active"):
        client.run_job(profile.uid)
    client.register_profile(profile, set_active=True)
    queue = ScouterQueue.from_profile({"m": profile}, HttpConfig(server_uri=server.uri))
    for number in range(40):
        queue["m"].insert(x=100.0 + number)
    assert queue.shutdown()
    client.run_job(profile.uid)
    deadline = time.monotonic() + 30
    while not (alerts := client.get_alerts(DriftAlertPaginationRequest(profile.uid)).items):
        assert time.monotonic() < deadline
    assert list(alerts[0].alert) == ["x"]
    today = DriftRequest(profile.uid, "shop", TimeInterval.SevenDays, 7)
    drift = [client.get_binned_drift(today, DriftType.Psi) for _ in range(2)]
    assert drift[0] == drift[1]
    [moment] = drift[0].features["x"].created_at
    assert (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    assert moment <= datetime.now(timezone.utc) < moment + 2 * DAY


def sent(client: ScouterClient, server: Server, values: dict[str, Any], times: int = 40) -> PsiDriftProfile:
    """An active profile, with so many rows of this."""
    data = {"x": [number / 10 for number in range(200)], "city": ["Rome", "Oslo"] * 100}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=name()))
    client.register_profile(profile, set_active=True)
    with ScouterQueue.from_profile({"m": profile}, HttpConfig(server_uri=server.uri)) as queue:
        for _ in range(times):
            queue["m"].insert(values)
    return profile


def test_a_job_that_was_asked_for_is_waited_for(client: ScouterClient, server: Server) -> None:
    uid = sent(client, server, {"x": 100.0, "city": "Rome"}).uid
    found = client.run_job(uid, wait=60.0)
    assert found is not None and (found.rows, set(found.drifted), found.lost) == (40, {"x", "city"}, [])
    job = client.get_job(uid)
    assert (job.under_way, job.failure, job.last) == (False, None, found)
    assert job.due_at is not None and job.due_at > found.ended > found.began
    # Nothing came since, and the alert of what was found is open still.
    assert client.run_job(uid, wait=60.0) is None
    job = client.get_job(uid)
    [alert] = client.get_alerts(DriftAlertPaginationRequest(uid)).items
    assert job.last is not None and (job.last.rows, job.last.began, job.alert) == (0, found.ended, alert.id)


def test_what_no_job_has_looked_at_is_told_as_it_then_finds_it(client: ScouterClient, server: Server) -> None:
    uid = sent(client, server, {"x": 100.0, "city": "Rome"}).uid
    asked = DriftRequest(uid, "shop", TimeInterval.SevenDays, 7)
    deadline = time.monotonic() + 60
    # Its job is planned soon, and nothing is told where Postgres takes too long for once; it is not looked at again then before the job has run.
    while (drift := client.get_binned_drift(asked, DriftType.Psi)).open is None:
        assert time.monotonic() < deadline
        server.rows(f"UPDATE drift_jobs SET seen = seen - interval '1 second' WHERE profile = '{uid}'")
    assert isinstance(drift, BinnedPsiFeatureMetrics) and drift.open is not None
    assert drift.open.rows == 40 and drift.open.began < drift.open.until
    assert drift.features["x"].created_at == drift.features["city"].created_at == [drift.open.created_at]
    assert drift.features["x"].psi[0] > 1 and "open=OpenWindow(" in repr(drift)
    assert client.get_alerts(DriftAlertPaginationRequest(uid)).items == []
    client.run_job(uid, wait=60.0)
    after = client.get_binned_drift(asked, DriftType.Psi)
    assert isinstance(after, BinnedPsiFeatureMetrics)
    assert (after.features, after.open) == (drift.features, None)


def test_what_no_job_has_looked_at_is_kept_as_json_and_pickled() -> None:
    drift = BinnedMetrics({}, OpenWindow(BEGIN, BEGIN + HOUR, BEGIN + 2 * HOUR, 7))
    assert BinnedMetrics.model_validate_json(drift.model_dump_json()) == drift
    assert pickle.loads(pickle.dumps(drift)) == drift != BinnedMetrics({})


def test_a_job_with_too_few_rows_found_nothing(client: ScouterClient, server: Server) -> None:
    uid = sent(client, server, {"x": 100.0}, times=3).uid
    assert client.run_job(uid, wait=60.0) is None
    job = client.get_job(uid)
    assert (job.waiting, job.alert) == (WaitingRows(3, 30), None)


def test_a_job_that_does_not_end_in_time_is_told(client: ScouterClient, server: Server) -> None:
    uid = psi_profile(client).uid
    client.run_job(uid, wait=60.0)
    server.rows(f"UPDATE drift_jobs SET lease = gen_random_uuid(), leased_until = now() + interval '1 hour' WHERE profile = '{uid}'")
    with pytest.raises(TimeoutError, match=f"the drift job of `{uid}` has not come to its end within 0.1 s; it goes on at the server, and `get_job`"):
        client.run_job(uid, wait=0.1)
    assert client.get_job(uid).under_way
    with pytest.raises(ValueError, match="`wait` is -1, which is no time in seconds"):
        client.run_job(uid, wait=-1)


def test_a_job_that_failed_is_told(client: ScouterClient, server: Server) -> None:
    uid = sent(client, server, {"x": 100.0}).uid
    server.rows(f"UPDATE profiles SET document = '{{}}' WHERE uid = '{uid}'")
    with pytest.raises(ServerError, match=f"the drift job of `{uid}` failed, and is tried again: "):
        client.run_job(uid, wait=60.0)
    assert client.get_job(uid).failure is not None


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"city": "Rome"}, {"x": "most of it by rows without a value: 0 % of the baseline, 100 % now"}),
        ({"city": "Atlantis"}, {"city": "most of it by rows of categories that the baseline does not know: 0 % of the baseline, 100 % now"}),
    ],
)
def test_an_alert_says_that_missing_or_unseen_values_drifted(client: ScouterClient, server: Server, values: dict[str, Any], told: dict[str, str]) -> None:
    uid = sent(client, server, values).uid
    client.run_job(uid, wait=60.0)
    [alert] = client.get_alerts(DriftAlertPaginationRequest(uid)).items
    for feature, says in told.items():
        assert says in alert.alert[feature]


def test_an_alert_is_acknowledged(client: ScouterClient, server: Server) -> None:
    uid = custom_profile(client).uid
    server.rows(f"INSERT INTO alerts (profile, drifted) VALUES ('{uid}', '{{\"mae\": \"too large\"}}')")
    [alert] = client.get_alerts(DriftAlertPaginationRequest(uid)).items
    assert alert.acknowledged_at is None
    known = client.acknowledge_alert(alert.id)
    assert known.acknowledged_at is not None and known._replace(acknowledged_at=None) == alert
    assert client.get_alerts(DriftAlertPaginationRequest(uid)).items == [known]
    assert known in client.list_alerts(space=known.entity_name.split("/")[0], active=True, limit=500)
    assert client.list_alerts(space="nowhere") == []
    with pytest.raises(ServerError, match="there is no alert `0`"):
        client.acknowledge_alert(0)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda client: DriftRequest("uid", "shop", "7d", 7), "`time_interval` is '7d', a `str`: give a `TimeInterval`, such as `TimeInterval.FifteenMinutes`"),
        (lambda client: DriftRequest("uid", "shop", TimeInterval.OneHour, points=7), "`DriftRequest` has no field `points`: it has `uid`, `space`"),
        (lambda client: DriftAlertPaginationRequest("uid", direction="up"), "`direction` is 'up', a `str`: give 'next' or 'previous' or `None`"),
        (lambda client: EvalRecordPaginationRequest("uid", cursor=7), "`cursor` is 7, a `int`: give a text or `None`"),
        (lambda client: client.get_alerts(uid="uid"), "has no argument `uid`: it takes `request`, a `DriftAlertPaginationRequest`"),
        (lambda client: client.get_alerts("uid"), "`request` is 'uid', a `str`: give a `DriftAlertPaginationRequest`"),
        (lambda client: client.run_job(7), "`uid` is 7, a `int`: give a text"),
        (lambda client: client.list_profiles(drift_type="psi"), "`drift_type` is 'psi', a `str`: give a `DriftType` or `None`"),
        (lambda client: client.register_profile({}), "`profile` is a `dict`: give a `PsiDriftProfile` or a `SpcDriftProfile`"),
        (lambda client: client.get_records("uid", "today"), "`start_datetime` is 'today', a `str`: give a `datetime`"),
        (lambda client: HttpConfig(auth_token=7), "`auth_token` is a `int`: give a text or `None`"),
    ],
)
def test_arguments_of_another_type_are_told_by_name(client: ScouterClient, ask: Callable[[Any], object], told: str) -> None:
    with pytest.raises(TypeError) as raised:
        ask(client)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda client, uid: client.run_job(uid),
        lambda client, uid: client.get_job(uid),
        lambda client, uid: client.get_binned_drift(DriftRequest(uid, "shop", TimeInterval.OneHour, 7), DriftType.Psi),
        lambda client, uid: client.get_alerts(DriftAlertPaginationRequest(uid)),
        lambda client, uid: client.get_records(uid, BEGIN),
        lambda client, uid: client.get_eval_records(EvalRecordPaginationRequest(uid)),
        lambda client, uid: client.get_requests(uid, BEGIN),
    ],
    ids=["run_job", "get_job", "get_binned_drift", "get_alerts", "get_records", "get_eval_records", "get_requests"],
)
def test_a_name_in_place_of_a_uid_is_told(client: ScouterClient, ask: Callable[[ScouterClient, str], object]) -> None:
    with pytest.raises(ValueError, match="^`uid` is 'shop/rec', which is no UUID: give `profile.uid`; `list_profiles` has those of the server$"):
        ask(client, "shop/rec")


def test_alerts_are_read_page_by_page(client: ScouterClient, server: Server) -> None:
    profile = custom_profile(client)
    server.rows(
        "INSERT INTO alerts (profile, drifted, created, resolved) "
        f"SELECT '{profile.uid}', '{{\"mae\": \"too large\"}}', '2026-03-01T00:00:00Z'::timestamptz + day * interval '1 day', "
        "CASE WHEN day < 2 THEN now() END FROM generate_series(0, 2) AS day"
    )
    asked = DriftAlertPaginationRequest(profile.uid, limit=2)
    first = client.get_alerts(asked)
    assert [alert.created_at for alert in first.items] == [BEGIN + 2 * DAY, BEGIN + DAY]
    assert (first.has_next, first.next_cursor, first.has_previous) == (False, None, True)
    assert first.items[0].active and first.items[0].alert == {"mae": "too large"}
    assert first.items[0].entity_name == f"shop/{profile.config.name}/{profile.config.version}"
    cursor = first.previous_cursor
    assert cursor == AlertCursor(first.items[1].created_at, first.items[1].id)
    rest = client.get_alerts(asked._replace(cursor_created_at=cursor.created_at, cursor_id=cursor.id))
    assert ([alert.created_at for alert in rest.items], rest.has_previous) == ([BEGIN], False)
    [active] = client.get_alerts(asked._replace(active=True)).items
    assert active == first.items[0]


def test_kept_records_come_back_as_a_data_frame(client: ScouterClient, server: Server) -> None:
    data = {"x": [number / 10 for number in range(200)], "city": ["Rome", "Oslo"] * 100}
    profile = Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=name()))
    client.register_profile(profile, set_active=True)
    begin = datetime.now(timezone.utc)
    queue = ScouterQueue.from_profile({"m": profile}, HttpConfig(server_uri=server.uri))
    # More than a page.
    for number in range(5000):
        queue["m"].insert(x=number / 2, city="Rome")
    for values in [{"city": "Oslo"}, {"x": math.inf}]:
        queue["m"].insert(values)
    assert queue.shutdown() and queue["m"].stats().accepted == 5002
    kept = client.get_records(profile.uid, begin - DAY, begin + DAY)
    assert len(kept) == 5002 and len(set(kept.uid)) == 5002
    frame = kept.to_dataframe()
    assert list(frame.columns) == ["x", "city"]
    assert sorted(frame["x"].dropna()) == [*(number / 2 for number in range(5000)), math.inf]
    assert frame["city"][frame["x"].isna()].tolist() == ["Oslo"]
    assert frame["city"].isna().tolist() == (frame["x"] == math.inf).tolist()
    assert frame.index.is_monotonic_increasing and frame.index[0] >= begin - timedelta(milliseconds=1)
    assert kept.to_dataframe(polars=True).columns == ["created_at", "x", "city"]
    assert client.get_records(profile.uid, begin + DAY, begin + 2 * DAY).columns == {"x": [], "city": []}


def test_records_of_no_time_are_told(client: ScouterClient) -> None:
    uid = custom_profile(client).uid
    with pytest.raises(ServerError, match="which is not later"):
        client.get_records(uid, BEGIN, BEGIN)
