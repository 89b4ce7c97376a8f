"""Profiles of data: what columns look like.

    from scouter.profile import DataProfiler
"""

from scouter._scouter import (
    CharStats,
    DataProfile,
    DataProfiler,
    DatetimeStats,
    Distinct,
    FeatureProfile,
    Histogram,
    NumericStats,
    Quantiles,
    StringStats,
    WordStats,
)

__all__ = [
    "CharStats",
    "DataProfile",
    "DataProfiler",
    "DatetimeStats",
    "Distinct",
    "FeatureProfile",
    "Histogram",
    "NumericStats",
    "Quantiles",
    "StringStats",
    "WordStats",
]
