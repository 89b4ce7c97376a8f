"""The golden values that the Rust tests read are those that their script works out."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest


def near(ours: object, theirs: object) -> bool:
    """Whether two JSON values agree, numbers up to rounding."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(near(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(near, ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, float):
        return ours == pytest.approx(theirs, rel=1e-7, abs=1e-14)
    return ours == theirs


@pytest.mark.parametrize(("script", "golden"), [("write_statistics.py", "statistics.json"), ("drift.py", "drift.json"), ("fingerprints.py", "fingerprints.json"), ("rows.py", "rows.json"), ("wire_1_0.py", "wire_1_0.json")])
def test_golden_values_are_those_of_the_script(root: Path, script: str, golden: str) -> None:
    values = runpy.run_path(str(root / "tests/golden" / script))["values"]()
    kept = json.loads((root / "tests/golden" / golden).read_text(encoding="utf-8"))
    assert kept.keys() == values.keys()
    different = [name for name in values if not near(kept[name], json.loads(json.dumps(values[name], default=float)))]
    assert different == []
