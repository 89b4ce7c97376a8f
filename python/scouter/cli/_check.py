"""`scouter eval check`"""

from __future__ import annotations

import argparse
import json

from scouter import _verdict
from scouter.cli import _load
from scouter.cli._exit import Exit, stopping
from scouter.cli._show import Output

TONES = {"error": "red", "warning": "yellow", "note": None}


def run(options: argparse.Namespace, output: Output) -> Exit:
    """Tries a suite on sample records, or for itself where there are none."""
    tasks = _load.tasks(options.suite)
    if options.data is None:
        content = {"suite": str(options.suite), "sample": 0, "ok": True, "findings": [], "calls": []}
        return output.end(Exit.PASSED, content, f"{_verdict.count(len(tasks), 'task')}; with --data they are tried on records too")
    dataset = _load.dataset(options, tasks)
    with stopping():
        checked = dataset.check(sample=options.sample)
    counts = dict.fromkeys(TONES, 0)
    for finding in checked.findings:
        counts[finding.severity] += 1
        field = f", field `{finding.field}`" if finding.field else ""
        hint = f"; {finding.hint}" if finding.hint else ""
        severity = output.tint(finding.severity, TONES[finding.severity])
        output.line(f"{severity}: task `{finding.task}`{field}: {finding.message}{hint}")
    for calls in checked.calls:
        output.line(f"calls: {calls.kind}: likely {calls.likely:,}, at most {calls.most:,}, of {_verdict.count(calls.tasks, 'task')}")
    bad = counts["error"] or (options.strict and counts["warning"])
    code = Exit.BAD_CONFIGURATION if bad else Exit.PASSED
    found = ", ".join(_verdict.count(number, severity) for severity, number in counts.items())
    says = f"{found}; {_verdict.count(len(tasks), 'task')} tried on {_verdict.count(checked.sample, 'record')}"
    return output.end(code, {"suite": str(options.suite), **json.loads(checked.model_dump_json())}, says)
