"""What the server and its clients exchange: profiles, traces and their parts."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union
from urllib.parse import urlencode
from uuid import UUID

from scouter._alerts import Alert, AlertCursor, AlertDeliveries, DriftAlertPaginationRequest, DriftAlertPaginationResponse, alert_of, page_of
from scouter._arguments import checked_class, checked_tuple
from scouter._binned import (
    BINNED,
    BinnedDrift,
    BinnedMetric,
    BinnedMetrics,
    BinnedMetricStats,
    BinnedPsiFeatureMetrics,
    BinnedPsiMetric,
    BinnedSpcFeatureMetrics,
    DriftRequest,
    OpenWindow,
    SpcDriftFeature,
    TimeInterval,
)
from scouter._data import data
from scouter._evals import EvalRecordPaginationRequest, EvalRecordPaginationResponse, KeptEvalRecord
from scouter._evals import page_of as evals_of
from scouter._job import DriftJob, DriftWindow, WaitingRows, job_of
from scouter._kept import KeptRecords, gather
from scouter._moment import moment, written
from scouter._scouter import (
    Attribute,
    CustomDriftProfile,
    DriftType,
    GenAIEvalProfile,
    PsiDriftProfile,
    SpanEvent,
    SpanLink,
    SpcDriftProfile,
    TraceSpan,
    _Server,
)
from scouter._traffic import Traffic, traffic_of
from scouter.errors import ServerError
from scouter.transport import HttpConfig

if TYPE_CHECKING:
    from pathlib import Path

Profile = Union[PsiDriftProfile, SpcDriftProfile, CustomDriftProfile, GenAIEvalProfile]

__all__ = [
    "Alert",
    "AlertCursor",
    "AlertDeliveries",
    "Attribute",
    "BinnedMetric",
    "BinnedMetricStats",
    "BinnedMetrics",
    "BinnedPsiFeatureMetrics",
    "BinnedPsiMetric",
    "BinnedSpcFeatureMetrics",
    "DriftAlertPaginationRequest",
    "DriftAlertPaginationResponse",
    "DriftJob",
    "DriftRequest",
    "DriftWindow",
    "EvalRecordPaginationRequest",
    "EvalRecordPaginationResponse",
    "GetProfileRequest",
    "HttpConfig",
    "KeptEvalRecord",
    "KeptRecords",
    "OpenWindow",
    "ProfileStatusRequest",
    "RegisteredProfile",
    "ScouterClient",
    "SpanEvent",
    "SpanLink",
    "SpcDriftFeature",
    "TimeInterval",
    "TraceSpan",
    "Traffic",
    "WaitingRows",
]

# They are named, and pickled, by where they are imported from.
for _told in (
    Alert,
    AlertCursor,
    AlertDeliveries,
    BinnedMetric,
    BinnedMetricStats,
    BinnedMetrics,
    BinnedPsiFeatureMetrics,
    BinnedPsiMetric,
    BinnedSpcFeatureMetrics,
    DriftAlertPaginationRequest,
    DriftAlertPaginationResponse,
    DriftJob,
    DriftRequest,
    DriftWindow,
    EvalRecordPaginationRequest,
    EvalRecordPaginationResponse,
    KeptEvalRecord,
    KeptRecords,
    OpenWindow,
    SpcDriftFeature,
    TimeInterval,
    Traffic,
    WaitingRows,
):
    _told.__module__ = __name__


@data
@checked_tuple
class GetProfileRequest(NamedTuple):
    """Which profile."""

    name: str
    space: str
    version: str
    drift_type: DriftType


@data
@checked_tuple
class ProfileStatusRequest(NamedTuple):
    """Which profile, and whether it is to be active."""

    name: str
    space: str
    version: str
    drift_type: DriftType
    active: bool


@data
class RegisteredProfile(NamedTuple):
    """What the server knows of a profile."""

    uid: str
    """What records refer to it by."""
    space: str
    name: str
    version: str
    drift_type: DriftType
    active: bool
    """Whether it takes records, and drift is looked for in them where the server does that for its kind."""
    created_at: datetime
    """When it was registered."""


@checked_class
class ScouterClient:
    """Registers profiles at a server, switches them, and asks what became of their records: drift over time, alerts, the records themselves.

    Args:
        config: Where the server is; `HttpConfig()` by default.

    Every method raises `ServerError` where the server says no or cannot be reached, and `TypeError` where an argument is of another type than it has.
    """

    def __init__(self, config: Optional[HttpConfig] = None) -> None:
        self._server = _Server(config)

    def register_profile(self, profile: Profile, set_active: bool = False, deactivate_others: bool = False) -> bool:
        """Registers a profile. One of the same space, name, kind and version that says the same is the same profile.

        The server decides what records refer to it by: `profile.uid` and its version are set to that, so save it afterwards. What the server does not do
        with such a profile is told as a warning in the log `scouter.client`: records of a `GenAIEvalProfile` are kept, and not evaluated yet; nothing is said
        of features whose baseline has too few rows; nobody hears of alerts where `dispatch_config` names Slack or Opsgenie and the server has none configured.

        Args:
            set_active: Whether it takes records from now on. Where it is not set, a profile that is there stays as it is, and a new one is off.
            deactivate_others: Whether other versions of it take none any more; only together with `set_active`, a `ServerError` otherwise.

        Returns:
            `True` where it is new; `False` where the server had it already.

        Raises:
            ValueError: Where its configuration has no space or no name.
        """
        for part in ("space", "name"):
            if getattr(profile.config, part) == "__missing__":
                raise ValueError(f"the profile has no {part}, by which it is found at the server: set `profile.config.{part}`, or give it to the configuration")
        head = json.dumps({"activate": set_active, "deactivate_others": deactivate_others})
        # What parts are put together by is large, and nothing to the server.
        document = profile._registered_json() if isinstance(profile, (PsiDriftProfile, SpcDriftProfile)) else profile.model_dump_json()
        answer = self._call("POST", "v1/profiles", f'{head[:-1]}, "profile": {document}}}')
        profile.uid = answer["uid"]
        profile.config.version = answer["version"]
        if answer.get("remark"):
            import logging  # slow, and seldom needed

            logging.getLogger("scouter.client").warning("`%s`: %s", profile.config.name, answer["remark"])
        return bool(answer["new"])

    def list_profiles(
        self,
        *,
        space: Optional[str] = None,
        name: Optional[str] = None,
        version: Optional[str] = None,
        drift_type: Optional[DriftType] = None,
        active: Optional[bool] = None,
    ) -> list[RegisteredProfile]:
        """The profiles that are registered, newest first: all, or those of a space, a name and so on."""
        kind = None if drift_type is None else drift_type.value()
        switched = None if active is None else str(active).lower()
        asked = {"space": space, "name": name, "version": version, "kind": kind, "active": switched, "limit": "500"}
        query = {key: value for key, value in asked.items() if value is not None}
        found: list[RegisteredProfile] = []
        while True:
            page = self._call("GET", f"v1/profiles?{urlencode(query)}")
            found.extend(_profile_of(item) for item in page["items"])
            if page.get("next") is None:
                return found
            query["after"] = page["next"]

    def get_profile(self, request: GetProfileRequest) -> Profile:
        """The profile that is registered."""
        classes: dict[DriftType, type[Profile]] = {
            DriftType.Psi: PsiDriftProfile,
            DriftType.Spc: SpcDriftProfile,
            DriftType.Custom: CustomDriftProfile,
            DriftType.GenAI: GenAIEvalProfile,
        }
        document = self._server.document(f"v1/profiles/{self._uid(request)}")
        return classes[request.drift_type].model_validate_json(document)

    def download_profile(self, request: GetProfileRequest, path: Optional[Path] = None) -> str:
        """Writes the profile that is registered to a JSON file, and tells which."""
        profile = self.get_profile(request)
        return str(profile.save_to_json() if path is None else profile.save_to_json(path))

    def update_profile_status(self, request: ProfileStatusRequest, deactivate_others: bool = False) -> bool:
        """Switches a profile on or off.

        Args:
            deactivate_others: Whether other versions of it are switched off; only where it is switched on, a `ServerError` otherwise.

        Returns:
            Whether it is on now: `True` after it was switched on, `False` after it was switched off. A profile that is not there is a `ServerError`.
        """
        uid = self._uid(GetProfileRequest(*request[:4]))
        body = json.dumps({"active": request.active, "deactivate_others": deactivate_others})
        return bool(self._call("PUT", f"v1/profiles/{uid}/status", body)["active"])

    def run_job(self, uid: str, wait: Optional[float] = None) -> Optional[DriftWindow]:
        """Has drift looked for in a profile at once, whatever its schedule says. It comes back before that is done, unless it is to wait.

        The job looks at what arrived since the last one, as it would by the schedule; where one is under way, it looks once more after that. A profile
        that is not active is a `ServerError`.

        Args:
            uid: The profile: `profile.uid`.
            wait: For how many seconds at most the end of the job is waited for; not at all where nothing is said.

        Returns:
            What was found, with `wait`. `None` where nothing came since the last job or too few rows for anything to be said, and without `wait`:
            `get_job` tells how many rows wait, and whether an alert is open.

        Raises:
            TimeoutError: The job has not come to its end by then. It goes on at the server: `get_job` tells how things stand.
            ServerError: The job failed, too; the server tries again by itself.
        """
        if wait is not None:
            return self._ended_job(uid, wait)[0]
        self._call("POST", f"v1/profiles/{_part(uid)}/run")
        return None

    def _ended_job(self, uid: str, wait: float) -> tuple[Optional[DriftWindow], DriftJob]:
        """What `run_job` found, and how things stand since."""
        if not 0 <= wait < float("inf"):
            raise ValueError(f"`wait` is {wait}, which is no time in seconds")
        asked = self._call("POST", f"v1/profiles/{_part(uid)}/run").get("asked_at")
        until, pause = time.monotonic() + wait, 0.02
        while (job := self.get_job(uid)).under_way:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"the drift job of `{uid}` has not come to its end within {wait:g} s; it goes on at the server, and `get_job` tells of it")
            time.sleep(min(pause, left))
            pause = min(2 * pause, 0.5)
        if job.failure is not None:
            raise ServerError(f"the drift job of `{uid}` failed, and is tried again: {job.failure}")
        # Another window may have ended before this one was asked for.
        found = job.last
        is_new = found is not None and asked is not None and found.ended >= moment(asked) and found.rows
        return found if is_new else None, job

    def get_job(self, uid: str) -> DriftJob:
        """How things stand with the drift job of a profile: whether it is under way, when it is due, what it found last, how many rows wait since they are too
        few for anything to be said, and which alert is open."""
        return job_of(self._call("GET", f"v1/profiles/{_part(uid)}/job"))

    def get_binned_drift(self, drift_request: DriftRequest, drift_type: DriftType) -> BinnedDrift:
        """Drift over time: what drift jobs found about a profile, put together into points.

        A point holds what was found by all jobs whose windows lie in its part of the time, and its moment is when that part begins. Parts
        in which there is no window have none. Where the request names no end, parts begin at multiples of their length, so that a point stays
        where it is whenever you ask, and the last part is the one that goes on.

        Where the time reaches until now, what came since the last job is told too, as the job would find it: `open` of the answer says in which point it
        is, and how many rows that are. That point is provisional. `open` is `None` where nothing came, and where there is too much to be waited
        for: more than 100,000 rows that are not counted, more than as many rows of counts, more than a million points of control charts, or more than
        Postgres reads in half a second.

        Args:
            drift_type: The kind of the profile, which says what is told: `BinnedPsiFeatureMetrics`, `BinnedSpcFeatureMetrics` or
                `BinnedMetrics`.
        """
        kind = drift_type.value()
        if kind not in BINNED:
            raise ValueError(f"profiles of {kind} have no drift over time yet")
        path = f"v1/profiles/{_part(drift_request.uid)}/drift?{urlencode(drift_request.query())}"
        answer = self._server.call("GET", path, None)
        found = json.loads(answer)["kind"]
        if found != kind:
            raise ValueError(f"the profile `{drift_request.uid}` is one of {found}, and drift of {kind} was asked for")
        return BINNED[kind].model_validate_json(answer)

    def get_alerts(self, request: DriftAlertPaginationRequest) -> DriftAlertPaginationResponse:
        """A page of the alerts of a profile, newest first."""
        return page_of(self._call("GET", f"v1/profiles/{_part(request.uid)}/alerts?{urlencode(request.query())}"))

    def list_alerts(self, *, space: Optional[str] = None, active: bool = False, limit: int = 50) -> list[Alert]:
        """The newest alerts of all profiles, newest first.

        Args:
            space: Only of the profiles of this space.
            active: Only those that are not gone.
            limit: How many at most: up to 500.
        """
        asked = {"space": space, "active": "true" if active else None, "limit": str(limit)}
        query = {key: value for key, value in asked.items() if value is not None}
        return [alert_of(item) for item in self._call("GET", f"v1/alerts?{urlencode(query)}")["items"]]

    def acknowledge_alert(self, id: int) -> Alert:
        """Says that an alert is known: of what was told of it by then nothing more is told but its end. Once is enough.

        What drifts beside that is told, and the alert is open again: also what it names already and nobody heard of yet.

        Args:
            id: Which: `alert.id`.

        Returns:
            The alert as it is now.
        """
        return alert_of(self._call("POST", f"v1/alerts/{id}/acknowledge"))

    def get_records(self, uid: str, start_datetime: datetime, end_datetime: Optional[datetime] = None) -> KeptRecords:
        """The records of a profile as they were sent, as columns and as a data frame (`to_dataframe`).

        All of them are in memory: ask for a stretch of time that fits. What clients sent as counts per bin is not among them.

        Args:
            uid: The profile: `profile.uid`.
            start_datetime: Those that were made at this time or later, by the clock of whoever made them.
            end_datetime: Those that were made before this time; now by default.
        """
        # One end for all pages.
        end = datetime.now(timezone.utc) if end_datetime is None else end_datetime
        query = {"start_datetime": written("start_datetime", start_datetime), "end_datetime": written("end_datetime", end)}
        return gather(self._pages(f"v1/profiles/{_part(uid)}/records", query))

    def get_eval_records(self, request: EvalRecordPaginationRequest) -> EvalRecordPaginationResponse:
        """A page of the records of a profile of evaluations as they were inserted, newest first. One of another profile is a `ServerError`."""
        path = f"v1/profiles/{_part(request.uid)}/evals?{urlencode(request.query())}"
        return evals_of(self._server.call("GET", path, None))

    def get_requests(self, uid: str, start_datetime: datetime, end_datetime: Optional[datetime] = None) -> Traffic:
        """Requests to an application, by route: how many there were, how they ended and how long they took, as clients counted them.

        Args:
            uid: The profile that they belong to: `profile.uid`.
            start_datetime: Of records that were begun at this time or later, by the clock of whoever counted. A record is of thirty seconds.
            end_datetime: Of those that were begun before this time; now by default.
        """
        query = {"start_datetime": written("start_datetime", start_datetime)}
        if end_datetime is not None:
            query["end_datetime"] = written("end_datetime", end_datetime)
        return traffic_of(self._call("GET", f"v1/profiles/{_part(uid)}/requests?{urlencode(query)}"))

    def _pages(self, path: str, query: dict[str, Optional[str]]) -> Iterator[Any]:
        while True:
            page = self._call("GET", f"{path}?{urlencode(query)}")
            yield page
            if page.get("next") is None:
                return
            query = {**query, "after": page["next"]}

    def _known(self, uid: str) -> RegisteredProfile:
        return _profile_of(self._call("GET", f"v1/profiles/{_part(uid)}")["profile"])

    def _uid(self, request: GetProfileRequest) -> str:
        name, space, version, drift_type = request
        found = self.list_profiles(space=space, name=name, version=version, drift_type=drift_type)
        if not found:
            wanted = f"`{name}` of the space `{space}` in version `{version}`"
            raise ServerError(f"there is no profile of {drift_type.value()} {wanted}", 404, "not_found")
        return found[0].uid

    def _call(self, method: str, path: str, body: Optional[str] = None) -> Any:
        return json.loads(self._server.call(method, path, body))


def _profile_of(told: Any) -> RegisteredProfile:
    """A profile as the server tells it."""
    fields = {field: told[field] for field in ("uid", "space", "name", "version", "active")}
    return RegisteredProfile(**fields, drift_type=DriftType.from_value(told["kind"]), created_at=moment(told["created"]))


def _part(uid: str) -> str:
    """A uid as one part of a path."""
    if not uid:
        raise ValueError("the uid of the profile is empty: register it, which sets `profile.uid`")
    try:
        return str(UUID(uid))
    except ValueError:
        raise ValueError(f"`uid` is {uid!r}, which is no UUID: give `profile.uid`; `list_profiles` has those of the server") from None
