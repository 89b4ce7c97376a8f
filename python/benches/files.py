"""Files in, results out: how fast, and in how much memory. `python files.py [--records N] [--work FOLDER]`.

Every measurement is a process of its own, over records of `workload.py` (some 1.3 KB each) with its ten checks:
JSON Lines into results, and JSON Lines and Parquet straight into Parquet and JSON Lines. Wants pandas, polars and pyarrow.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import workload
from adapters import ours
from measure import memory


def write(path: Path, records: int) -> None:
    """The records as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(workload.record(i)) + "\n" for i in range(records))


def measure(source: Path, target: str) -> dict[str, Any]:
    """One run in this process; into results where there is no target."""
    from scouter.evaluate import GenAIEvalDataset

    tasks = ours.plan(workload.checks("ten"))
    start = time.perf_counter()
    dataset = GenAIEvalDataset.from_path(source, tasks, id="request_id")
    came = dataset.evaluate_to(target) if target else dataset.evaluate()
    seconds = time.perf_counter() - start
    evaluations = sum(counts.total for counts in came.task_counts().values())
    return {"evaluations": evaluations, "seconds": seconds, "peak": memory("VmHWM")}


def frames(source: Path) -> dict[str, float]:
    """How long data frames of the results take."""
    from scouter.evaluate import GenAIEvalDataset

    results = GenAIEvalDataset.from_path(source, ours.plan(workload.checks("ten")), id="request_id").evaluate()
    seconds = {}
    for name, polars in (("pandas", False), ("polars", True)):
        start = time.perf_counter()
        rows = len(results.to_dataframe(polars=polars))
        seconds[name] = 1e6 * (time.perf_counter() - start) / rows
    return seconds


def apart(*arguments: str) -> Any:
    run = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def main(records: int, work: Path) -> None:
    lines, parquet = work / "records.jsonl", work / "records.parquet"
    write(lines, records)
    import pyarrow.json
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.json.read_json(lines), parquet)
    print(f"{records:,} records, {lines.stat().st_size / 1e6:,.0f} MB of JSON Lines\n")
    print("| from | into | evaluations a second | time | peak memory |\n| --- | --- | ---: | ---: | ---: |")
    for source, target in [(lines, ""), (lines, "out.parquet"), (lines, "out.jsonl"), (parquet, ""), (parquet, "out.parquet")]:
        got = apart("--measure", str(source), str(work / target) if target else "")
        speed = got["evaluations"] / got["seconds"] / 1e3
        print(
            f"| {source.suffix} | {target or 'results'} | {speed:,.0f} k/s | {got['seconds']:.1f} s | {got['peak'] / 1e6:,.0f} MB |",
            flush=True,
        )
    few = work / "few.jsonl"
    write(few, min(records, 100_000))
    for name, seconds in apart("--frames", str(few)).items():
        print(f"\n{name}: {seconds:.2f} µs a row of a data frame", end="")
    print()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--measure", nargs=2, metavar=("SOURCE", "TARGET"))
    parser.add_argument("--frames", type=Path)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(Path(given.measure[0]), given.measure[1])))
    elif given.frames:
        print(json.dumps(frames(given.frames)))
    elif given.work:
        main(given.records, given.work)
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(given.records, Path(folder))
