"""Many calls of judges over real HTTP: memory, connections and time do not run away. The goals themselves are measured by
`python/benches/judges.py`; here they are held with room for a machine that does other things.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scouter.evaluate import ComparisonOperator, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import ModelOptions, Prompt, Score
from scouter.mock import LLMTestServer, Reply

pytestmark = pytest.mark.timed

JUDGED = """
import json, sys, time
from pathlib import Path
from scouter.evaluate import *
from scouter.genai import *

count, into = int(sys.argv[1]), sys.argv[2]
prompts = [Prompt(f"({at}) Rate ${{response}}.", "gpt-4o-mini", "openai", output_type=Score) for at in range(3)]
judges = [LLMJudgeTask(f"quality_{at}", prompt, 4, "score", "GreaterThanOrEqual") for at, prompt in enumerate(prompts)]
records = [GenAIEvalRecord({"response": f"response {n}"}, id=str(n)) for n in range(count)]
begun = time.process_time()
done = GenAIEvalDataset(records, judges).evaluate_to(into, EvaluationConfig(models=ModelOptions(concurrency=100)))
# Of this program alone: the peak that getrusage tells begins with that of the process that started it.
lines = Path("/proc/self/status").read_text().splitlines()
print(json.dumps(dict(
    passed=sum(task.passed for task in done.task_counts().values()),
    cpu=time.process_time() - begun,
    peak=next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")),
)))
"""


def judged(count: int, into: Path) -> dict[str, Any]:
    """What came of so many records with three judges each, in a process of its own."""
    ran = subprocess.run([sys.executable, "-c", JUDGED, str(count), str(into)], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    assert told["passed"] == 3 * count
    return told


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in another way elsewhere")
def test_ten_times_the_records_with_three_judges_each_hold_about_as_much_memory(tmp_path: Path) -> None:
    with LLMTestServer({"score": 5, "reason": "x" * 10_000}) as server:
        few, many = judged(200, tmp_path / "few.jsonl"), judged(2_000, tmp_path / "many.jsonl")
        assert server.calls == 6_600
    # Up to 1,024 rows of 30 kB wait for their turn, and a piece of the file to be written; with all 2,000 kept, and their text, it was 160 MB.
    assert many["peak"] - few["peak"] < 100_000_000


def test_a_call_takes_little_of_the_clients_cpu(tmp_path: Path) -> None:
    with LLMTestServer({"score": 5, "reason": "good"}):
        short, long = (judged(count, tmp_path / f"{count}.jsonl")["cpu"] for count in (100, 1_100))
    # Clients in Python take 2 ms and more.
    assert (long - short) / 3_000 < 0.001


def test_a_hundred_calls_in_flight_take_the_time_of_one() -> None:
    prompt = Prompt("Rate ${response}.", "gpt-4o-mini", "openai", output_type=Score)
    judge = LLMJudgeTask("quality", prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual)
    dataset = GenAIEvalDataset([GenAIEvalRecord({"response": f"response {n}"}, id=str(n)) for n in range(400)], [judge])
    config = EvaluationConfig(max_concurrency=100, models=ModelOptions(concurrency=100))
    with LLMTestServer(Reply({"score": 5, "reason": "good"}, delay=0.3)) as server:
        begun = time.monotonic()
        assert dataset.evaluate(config).pass_rate == 1.0
        took = time.monotonic() - begun
        assert (server.most_in_flight, server.connections) == (100, 100)
    # Four rounds of 0.3 s.
    assert took < 3 * 1.2
