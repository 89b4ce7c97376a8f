"""Records as applications hand them over."""

from scouter._scouter import GenAIEvalRecord

EvalRecord = GenAIEvalRecord

__all__ = ["EvalRecord", "GenAIEvalRecord"]
