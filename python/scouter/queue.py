"""Records as applications hand them over, and the queue that sends them."""

from scouter._scouter import (
    EntityType,
    Features,
    GenAIEvalRecord,
    Metric,
    Metrics,
    Queue,
    QueueFeature,
    QueueOptions,
    QueueStats,
    ScouterQueue,
    ServerRecord,
    ServerRecords,
)
from scouter.transport import HttpConfig

EvalRecord = GenAIEvalRecord
Feature = QueueFeature

__all__ = [
    "EntityType",
    "EvalRecord",
    "Feature",
    "Features",
    "GenAIEvalRecord",
    "HttpConfig",
    "Metric",
    "Metrics",
    "Queue",
    "QueueFeature",
    "QueueOptions",
    "QueueStats",
    "ScouterQueue",
    "ServerRecord",
    "ServerRecords",
]
