"""Drift over time, as the server put it together."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, Callable, ClassVar, NamedTuple, Optional, TypeVar, Union

from scouter._arguments import checked_tuple
from scouter._data import Data, data
from scouter._moment import moment, written

T = TypeVar("T")


class TimeInterval(Enum):
    """How long a stretch of time is."""

    FifteenMinutes = "fifteen_minutes"
    ThirtyMinutes = "thirty_minutes"
    OneHour = "one_hour"
    FourHours = "four_hours"
    SixHours = "six_hours"
    TwelveHours = "twelve_hours"
    TwentyFourHours = "twenty_four_hours"
    SevenDays = "seven_days"
    Custom = "custom"
    """From `start_datetime` to `end_datetime`."""


@data
@checked_tuple
class DriftRequest(NamedTuple):
    """Which stretch of time of a profile, in how many points."""

    uid: str
    """The profile: `profile.uid`."""
    space: str
    """What the profile's name belongs to: `profile.config.space`. Where the profile is in another one, that is an error; an empty text leaves it open."""
    time_interval: TimeInterval
    max_data_points: int
    """In how many points the time is cut, at most 10,000; fewer of a profile with very many features."""
    start_datetime: Optional[datetime] = None
    """When it begins: with `TimeInterval.Custom`, and only there."""
    end_datetime: Optional[datetime] = None
    """When it ends; now by default."""

    def query(self) -> dict[str, str]:
        """What the server is asked.

        Raises:
            ValueError: Where a time has no zone, or `TimeInterval.Custom` no beginning.
        """
        if self.time_interval is TimeInterval.Custom and self.start_datetime is None:
            raise ValueError("`TimeInterval.Custom` goes from a `start_datetime`, which is not given, to an `end_datetime`, or until now")
        asked = {
            "space": self.space or None,
            "time_interval": self.time_interval.value,
            "max_data_points": str(self.max_data_points),
            "start_datetime": written("start_datetime", self.start_datetime),
            "end_datetime": written("end_datetime", self.end_datetime),
        }
        return {key: value for key, value in asked.items() if value is not None}


@data
class OpenWindow(NamedTuple):
    """What came since the last window of a drift job ended, and that no job has looked at yet."""

    created_at: datetime
    """The moment of the point that has it: the last one. That point is provisional: it changes with what comes, and no alert follows from it."""
    began: datetime
    """What arrived after this"""
    until: datetime
    """and up to this is in it."""
    rows: int
    """How many rows that are, however few."""

    def model_dump(self) -> dict[str, Any]:
        """The data as a dict, in the form in which the server tells it."""
        times = dict(zip(("created_at", "began", "until"), _texts([self.created_at, self.began, self.until])))
        return {**times, "rows": self.rows}

    @classmethod
    def model_validate(cls, told: Any) -> OpenWindow:
        """Reads what `model_dump` gave."""
        return cls(moment(told["created_at"]), moment(told["began"]), moment(told["until"]), told["rows"])


class _Binned(Data):
    """Features or metrics over time, in the form in which the server tells them."""

    _kind: ClassVar[str]
    _parts: ClassVar[str]

    open: Optional[OpenWindow] = None
    """What no job has looked at yet; `None` where nothing of it is told."""

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return vars(self) == vars(other)

    def __repr__(self) -> str:
        open_window = "" if self.open is None else f", open={self.open!r}"
        return f"{type(self).__name__}({self._parts}={getattr(self, self._parts)!r}{open_window})"

    def model_dump(self) -> dict[str, Any]:
        """The whole as a dict, in the form in which the server tells it."""
        parts = {name: part.model_dump() for name, part in getattr(self, self._parts).items()}
        open_window = {} if self.open is None else {"open": self.open.model_dump()}
        return {"kind": self._kind, self._parts: parts, **open_window}

    @classmethod
    def _read(cls, told: Any, part: Callable[[Any], T]) -> tuple[dict[str, T], Optional[OpenWindow]]:
        if not isinstance(told, dict) or told.get("kind") != cls._kind or not isinstance(told.get(cls._parts), dict):
            raise ValueError(f"this is no `{cls.__name__}`: expected a JSON object with `kind` {cls._kind} and `{cls._parts}`")
        # A server of an earlier version does not say.
        open_window = told.get("open")
        parts = {name: part(value) for name, value in told[cls._parts].items()}
        return parts, None if open_window is None else OpenWindow.model_validate(open_window)


def _times(told: Any) -> list[datetime]:
    return [moment(at) for at in told["created_at"]]


def _floats(told: Any) -> list[float]:
    """Numbers; JSON has no word for those without end."""
    return [float("nan") if value is None else value for value in told]


def _texts(times: list[datetime]) -> list[Optional[str]]:
    return [written("created_at", at) for at in times]


@data
class BinnedPsiMetric(NamedTuple):
    """The population stability index of a feature over time."""

    created_at: list[datetime]
    """When each point begins."""
    psi: list[float]
    """The index of each point, of the counts of its windows taken together."""
    overall_psi: Optional[float]
    """That of the whole time; `None` where there were no rows."""
    bins: dict[int, float]
    """Which share of the rows of the whole time is in each bin, by its place in the profile."""

    def model_dump(self) -> dict[str, Any]:
        """The data as a dict, in the form in which the server tells it."""
        bins = list(self.bins.values())
        return {"created_at": _texts(self.created_at), "psi": self.psi, "overall_psi": self.overall_psi, "bins": bins}

    @classmethod
    def model_validate(cls, told: Any) -> BinnedPsiMetric:
        """Reads what `model_dump` gave."""
        return cls(_times(told), told["psi"], told["overall_psi"], dict(enumerate(told["bins"])))


class BinnedPsiFeatureMetrics(_Binned):
    """The population stability index over time, by feature."""

    _kind = "psi"
    _parts = "features"

    def __init__(self, features: dict[str, BinnedPsiMetric], open: Optional[OpenWindow] = None) -> None:
        self.features = features
        self.open = open

    @classmethod
    def model_validate(cls, data: Any) -> BinnedPsiFeatureMetrics:
        """Reads what `model_dump` gave."""
        return cls(*cls._read(data, BinnedPsiMetric.model_validate))


@data
class SpcDriftFeature(NamedTuple):
    """A feature on its control chart over time."""

    created_at: list[datetime]
    """When each point begins."""
    values: list[float]
    """The mean of the feature, of the points of the chart in this time."""

    def model_dump(self) -> dict[str, Any]:
        """The data as a dict, in the form in which the server tells it."""
        return {"created_at": _texts(self.created_at), "values": self.values}

    @classmethod
    def model_validate(cls, told: Any) -> SpcDriftFeature:
        """Reads what `model_dump` gave."""
        return cls(_times(told), _floats(told["values"]))


class BinnedSpcFeatureMetrics(_Binned):
    """Control charts over time, by feature."""

    _kind = "spc"
    _parts = "features"

    def __init__(self, features: dict[str, SpcDriftFeature], open: Optional[OpenWindow] = None) -> None:
        self.features = features
        self.open = open

    @classmethod
    def model_validate(cls, data: Any) -> BinnedSpcFeatureMetrics:
        """Reads what `model_dump` gave."""
        return cls(*cls._read(data, SpcDriftFeature.model_validate))


@data
class BinnedMetricStats(NamedTuple):
    """What values of a metric come to."""

    avg: float
    """Their mean."""
    lower_bound: float
    """A standard deviation of the values below it."""
    upper_bound: float
    """A standard deviation above it."""


def _stats(told: Any) -> BinnedMetricStats:
    return BinnedMetricStats(*_floats(told[name] for name in ("avg", "lower_bound", "upper_bound")))


@data
class BinnedMetric(NamedTuple):
    """A metric over time."""

    metric: str
    created_at: list[datetime]
    """When each point begins."""
    stats: list[BinnedMetricStats]

    def model_dump(self) -> dict[str, Any]:
        """The data as a dict, in the form in which the server tells it."""
        stats = [values._asdict() for values in self.stats]
        return {"metric": self.metric, "created_at": _texts(self.created_at), "stats": stats}

    @classmethod
    def model_validate(cls, told: Any) -> BinnedMetric:
        """Reads what `model_dump` gave."""
        return cls(told["metric"], _times(told), [_stats(values) for values in told["stats"]])


class BinnedMetrics(_Binned):
    """Metrics over time, by their names."""

    _kind = "custom"
    _parts = "metrics"

    def __init__(self, metrics: dict[str, BinnedMetric], open: Optional[OpenWindow] = None) -> None:
        self.metrics = metrics
        self.open = open

    def __getitem__(self, key: str) -> Optional[BinnedMetric]:
        return self.metrics.get(key)

    @classmethod
    def model_validate(cls, data: Any) -> BinnedMetrics:
        """Reads what `model_dump` gave."""
        return cls(*cls._read(data, BinnedMetric.model_validate))


BinnedDrift = Union[BinnedPsiFeatureMetrics, BinnedSpcFeatureMetrics, BinnedMetrics]

BINNED: dict[str, type[BinnedDrift]] = {"psi": BinnedPsiFeatureMetrics, "spc": BinnedSpcFeatureMetrics, "custom": BinnedMetrics}
"""The class of drift over time, by the kind of a profile."""
