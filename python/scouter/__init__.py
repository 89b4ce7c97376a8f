"""Scouter evaluates and monitors models and agents.

Checks are described once, as tasks in a graph, and run over records. See `scouter.evaluate`.
"""

from scouter._scouter import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    GenAIEvalSet,
    GenAIEvalTaskResult,
    LLMJudgeTask,
    SpanFilter,
    TraceAssertion,
    TraceAssertionTask,
    __version__,
)
from scouter.errors import ConfigError, EvaluationInterrupted, ModelError, RecordError, ResultsError, RunDirError, ScouterError

EvalDataset = GenAIEvalDataset
EvalRecord = GenAIEvalRecord

__all__ = [
    "AssertionTask",
    "ComparisonOperator",
    "ConfigError",
    "CustomTask",
    "EvalDataset",
    "EvalRecord",
    "EvaluationConfig",
    "EvaluationInterrupted",
    "GenAIEvalDataset",
    "GenAIEvalRecord",
    "GenAIEvalResults",
    "GenAIEvalSet",
    "GenAIEvalTaskResult",
    "LLMJudgeTask",
    "ModelError",
    "RecordError",
    "ResultsError",
    "RunDirError",
    "ScouterError",
    "SpanFilter",
    "TraceAssertion",
    "TraceAssertionTask",
    "__version__",
]
