"""Records that the server keeps, as columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Union

from scouter._data import Data
from scouter._moment import moment


class KeptRecords(Data):
    """Records as they were sent, in the order in which they were made: column by column, by row."""

    uid: list[str]
    """What the client called each record."""
    created_at: list[datetime]
    """When each was made, by the clock of whoever made it."""
    arrived_at: list[datetime]
    """When the server's database took it; drift jobs go by this."""
    columns: dict[str, list[Union[float, str, None]]]
    """Features or metrics, in the order of the profile. A number that is missing is NaN, a text `None`."""

    def __init__(
        self, uid: list[str], created_at: list[datetime], arrived_at: list[datetime], columns: dict[str, list[Union[float, str, None]]]
    ) -> None:
        self.uid, self.created_at, self.arrived_at, self.columns = uid, created_at, arrived_at, columns

    def __len__(self) -> int:
        return len(self.uid)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, KeptRecords):
            return NotImplemented
        return vars(self) == vars(other)

    def __repr__(self) -> str:
        return f"KeptRecords(rows={len(self)}, columns={list(self.columns)})"

    def to_dataframe(self, polars: bool = False) -> Any:
        """The features or metrics as a pandas data frame whose index is `created_at`, or as a polars one that has it as its first column (unless a
        feature has that name).

        So that they can be compared with a profile: `Drifter().compute_drift(records.to_dataframe(), profile)`.
        """
        if polars:
            import polars as pl

            return pl.DataFrame({"created_at": self.created_at, **self.columns})
        import pandas as pd

        index = pd.DatetimeIndex(self.created_at, name="created_at", tz="UTC")
        return pd.DataFrame(self.columns, index=index)


def gather(pages: Iterable[Any]) -> KeptRecords:
    """Records of all pages."""
    kept = KeptRecords([], [], [], {})
    for page in pages:
        kept.uid.extend(page["uid"])
        kept.created_at.extend(map(moment, page["created_at"]))
        kept.arrived_at.extend(map(moment, page["arrived_at"]))
        for column in page["columns"]:
            values = kept.columns.setdefault(column["name"], [])
            values.extend(column["texts"] if "texts" in column else map(_number, column["numbers"]))
    return kept


def _number(told: Union[float, str, None]) -> float:
    """A number as the server writes it: `null` is missing, and what is without end is a text."""
    return float("nan" if told is None else told)
