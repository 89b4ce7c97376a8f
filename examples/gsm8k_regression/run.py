"""Four models, one suite: which model got better, and at which questions?

    python examples/gsm8k_regression/run.py example_model_solutions.jsonl
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scouter.evaluate import GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults, TasksFile

MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")
BASELINE, CANDIDATE = "175b_finetuning", "175b_verification"
SUITE = Path(__file__).with_name("suite.yaml")
FINAL_LINE = re.compile(r"(?:^|\n)A: (-?[0-9][0-9,]*(?:\.[0-9]+)?)$")


def final_number(text: str) -> int | float | None:
    """The number of the last line, `A: 1,234`; `None` where the text was cut off or answers in other words."""
    found = FINAL_LINE.search(text)
    if found is None:
        return None
    digits = found[1].replace(",", "")
    return float(digits) if "." in digits else int(digits)


def record_id(number: int) -> str:
    return f"question-{number:04}"


def records(lines: list[str], model: str) -> Iterator[GenAIEvalRecord]:
    """One record a question. Ids are the same for every model: that is what makes two results comparable."""
    for number, line in enumerate(lines, start=1):
        row = json.loads(line)
        solution = row[model]["solution"]
        yield GenAIEvalRecord(
            id=record_id(number),
            context={
                "question": row["question"],
                "solution": solution,
                "answer": final_number(solution),
                "truth": final_number(row["ground_truth"]),
            },
        )


def statuses(results: GenAIEvalResults, ids: list[str], task_id: str) -> dict[str, str]:
    """The status of one task by record id: `passed`, `failed`, `skipped`, …"""
    return {id: task.status for id in ids for task in results[id].eval_set.records if task.task_id == task_id}


def main(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    tasks = list(TasksFile.from_path(SUITE))
    evaluated: dict[str, GenAIEvalResults] = {}

    for model in MODELS:
        dataset = GenAIEvalDataset(records=list(records(lines, model)), tasks=tasks)
        if model == MODELS[0]:
            dataset.print_execution_plan()
        evaluated[model] = dataset.evaluate()

    print(f"{'model':<18} {'records':>7} {'right':>6} {'wrong':>6} {'no answer':>9} {'concise':>8} {'negative':>8}")
    for model, results in evaluated.items():
        counts = results.task_counts()
        right = counts["answer_is_right"]
        print(
            f"{model:<18} {len(results):>7} {right.passed:>6} {right.failed:>6} {right.skipped:>9}"
            f" {counts['is_concise'].passed:>8} {counts['answer_is_not_negative'].failed:>8}"
        )

    comparison = evaluated[CANDIDATE].compare_to(baseline=evaluated[BASELINE], regression_threshold=0.05)
    print(f"\n{CANDIDATE} against {BASELINE}")
    comparison.print_summary_stats()
    comparison.print_task_aggregate_table()
    comparison.print_status_changes_table()

    changes = [change for change in comparison.task_status_changes if change.task_id == "answer_is_right"]
    changes = [change for change in changes if change.baseline_passed != change.comparison_passed]
    print(f"answer_is_right: {len(changes)} records changed")

    # The same by hand, to show where each verdict can be read.
    ids = [record_id(number) for number in range(1, len(lines) + 1)]
    before, after = (statuses(evaluated[model], ids, "answer_is_right") for model in (BASELINE, CANDIDATE))
    gained = [id for id in ids if after[id] == "passed" and before[id] != "passed"]
    lost = [id for id in ids if after[id] != "passed" and before[id] == "passed"]
    print(f"answer_is_right: {len(gained)} gained, {len(lost)} lost, {len(gained) - len(lost):+} in all")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} example_model_solutions.jsonl (see README.md beside it for the source)")
    main(Path(sys.argv[1]))
