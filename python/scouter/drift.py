"""Drift: how data were, and how far later data are from that.

    from scouter.drift import Drifter, PsiDriftConfig
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from scouter._scouter import (
    Auto,
    Bin,
    BinType,
    CustomDriftMap,
    CustomDriftProfile,
    CustomMetric,
    CustomMetricDriftConfig,
    DistanceMap,
    Doane,
    Drifter,
    EqualWidthBinning,
    FeatureDistance,
    FeatureMap,
    FreedmanDiaconis,
    Manual,
    MetricCheck,
    PsiDriftConfig,
    PsiDriftMap,
    PsiDriftProfile,
    PsiFeatureDrift,
    PsiFeatureDriftProfile,
    PsiTerm,
    QuantileBinning,
    Rice,
    Scott,
    SpcDriftConfig,
    SpcDriftMap,
    SpcDriftProfile,
    SpcFeatureDrift,
    SpcFeatureDriftProfile,
    SquareRoot,
    Sturges,
    TerrellScott,
)

Map = TypeVar("Map")


class Segments(dict[str, Map]):
    """Drift of rows that are told apart, by the value or the window that they have in common."""

    new: list[str]
    """Values of the data that have no profile to be compared with."""
    gone: list[str]
    """Profiles of values that no row has."""

    def __init__(self, maps: Mapping[str, Map], new: Iterable[str] = (), gone: Iterable[str] = ()) -> None:
        super().__init__(maps)
        self.new = list(new)
        self.gone = list(gone)

    def __reduce__(self) -> tuple[type[Segments[Map]], tuple[dict[str, Map], list[str], list[str]]]:
        return type(self), (dict(self), self.new, self.gone)


__all__ = [
    "Auto",
    "Bin",
    "BinType",
    "CustomDriftMap",
    "CustomDriftProfile",
    "CustomMetric",
    "CustomMetricDriftConfig",
    "DistanceMap",
    "Doane",
    "Drifter",
    "EqualWidthBinning",
    "FeatureDistance",
    "FeatureMap",
    "FreedmanDiaconis",
    "Manual",
    "MetricCheck",
    "PsiDriftConfig",
    "PsiDriftMap",
    "PsiDriftProfile",
    "PsiFeatureDrift",
    "PsiFeatureDriftProfile",
    "PsiTerm",
    "QuantileBinning",
    "Rice",
    "Scott",
    "Segments",
    "SpcDriftConfig",
    "SpcDriftMap",
    "SpcDriftProfile",
    "SpcFeatureDrift",
    "SpcFeatureDriftProfile",
    "SquareRoot",
    "Sturges",
    "TerrellScott",
]
