"""Plain types that profiles and their alerts share."""

from scouter._scouter import CommonCrons, DriftType, ScouterDataType

__all__ = ["CommonCrons", "DriftType", "ScouterDataType"]
