"""Writes a profile of evaluations of the format 1, by Python's `json` and nothing of Scouter.

    python tests/golden/genai_profile_1.py

writes `genai_profile_1.json`, which tests in Rust and in Python read. It is what users have in their repositories and servers in their
databases: it is read for ever. A later format gets a script and a file of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")
PROFILE = {
    "format": 1,
    "kind": "genai_eval_profile",
    "scouter_version": "0.1.0",
    "config": {
        "space": "production",
        "name": "support_agent",
        "version": "1.0.0",
        "uid": "0195a5c0-0000-7000-8000-000000000001",
        "sample_ratio": 0.1,
        "alert_config": {
            "dispatch_config": {"Slack": {"channel": "#ml-alerts"}},
            "schedule": "0 */6 * * *",
            "alert_condition": {"baseline_value": 0.8, "alert_threshold": "Below", "delta": 0.05},
        },
    },
    "alias": "agent",
    "tasks": [
        {
            "task_type": "Assertion",
            "id": "not_empty",
            "condition": True,
            "context_path": "response",
            "operator": "HasLengthGreaterThan",
            "expected_value": 10,
            "each": "all",
        },
        {
            "task_type": "LLMJudge",
            "id": "quality",
            "description": "ünï: at least 4 of 5",
            "depends_on": ["not_empty"],
            "prompt": {
                "model": "gpt-4o-mini",
                "provider": "openai",
                "messages": [{"role": "user", "content": "Rate ${response}."}],
                "output_type": "Score",
            },
            "context_path": "score",
            "operator": "GreaterThanOrEqual",
            "expected_value": 4,
            "each": "all",
            "max_retries": 2,
        },
        {
            "task_type": "TraceAssertion",
            "id": "few_queries",
            "assertion": {"SpanCount": {"filter": {"ByName": {"name": "db"}}}},
            "operator": "LessThanOrEqual",
            "expected_value": 3,
            "each": "all",
        },
        {
            "task_type": "Assertion",
            "id": "large",
            "context_path": "n",
            "operator": "LessThan",
            "expected_value": 2**70,
            "each": "all",
        },
        {
            "task_type": "Assertion",
            "id": "cheap",
            "context_path": "cost",
            "operator": "LessThan",
            # A decimal fraction is told from a float by its exponent.
            "expected_value": "DECIMAL",
            "each": "all",
        },
    ],
}


def text() -> str:
    return json.dumps(PROFILE, indent=2, ensure_ascii=False).replace('"DECIMAL"', "0.10e0") + "\n"


def values() -> dict[str, Any]:
    return dict(json.loads(text()))


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
