"""Cassettes and caches of judges."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scouter.errors import ModelError, RunDirError
from scouter.evaluate import ComparisonOperator, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import Labels, ModelOptions, OpenAIChatSettings, Prompt, Score, ScriptedModel
from scouter.mock import LLMTestServer, refused, unavailable

GOOD = {"score": 5, "reason": "good"}


def dataset(text: str = "Rate ${response}.", count: int = 3) -> GenAIEvalDataset:
    judge = LLMJudgeTask("quality", Prompt(text, "gpt-4o-mini", "openai", output_type=Score), 4, "score", ComparisonOperator.GreaterThanOrEqual)
    return GenAIEvalDataset([GenAIEvalRecord(context={"response": f"response {n}"}, id=str(n)) for n in range(count)], [judge])


def run(of: GenAIEvalDataset, trials: int = 1, **options: Any) -> Any:
    return of.evaluate(EvaluationConfig(models=ModelOptions(**options)), trials=trials)


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_keys")
def test_a_cassette_is_recorded_and_played_without_a_key(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(GOOD) as server:
        first = run(dataset(), cassette=tape)
        assert server.calls == 3
    recorded = tape.read_text()
    assert len(recorded.splitlines()) == 3
    for mode in ("replay", "replay_or_fail"):
        again = run(dataset(), cassette=tape, cassette_mode=mode)
        assert again.pass_rate == first.pass_rate == 1.0
        assert again[0].eval_set.records[0].call.origin == "cassette"
    assert tape.read_text() == recorded


@pytest.mark.usefixtures("no_keys")
def test_a_question_that_is_not_recorded_errs_and_shows_the_difference(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(GOOD):
        run(dataset(), cassette=tape)
    task = run(dataset("Grade ${response}."), cassette=tape, cassette_mode="replay_or_fail")[0].eval_set.records[0]
    assert task.status == "errored" and "no recording" in task.message and "Rate response 0." in task.message


def test_what_is_missing_in_a_cassette_is_asked_and_recorded(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(GOOD) as server:
        run(dataset(count=2), cassette=tape)
        run(dataset(count=3), cassette=tape)
        assert server.calls == 3
        run(dataset(count=3), cassette=tape, cassette_mode="record")
        assert server.calls == 6
    assert len(tape.read_text().splitlines()) == 3


def test_a_cassette_that_cannot_be_written_costs_no_result(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"

    def reply(request: Any) -> Any:
        # A folder of the same name: nothing can be written there any more.
        tape.mkdir(exist_ok=True)
        return GOOD

    with LLMTestServer(reply) as server:
        with pytest.raises(ModelError, match="tape.jsonl") as caught:
            run(dataset(), cassette=tape)
        assert server.calls == 3
    assert caught.value.results.pass_rate == 1.0


@pytest.mark.usefixtures("no_keys")
def test_a_cassette_in_which_nothing_is_missing_is_not_touched(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(GOOD):
        run(dataset(), cassette=tape)
    before = tape.stat()
    run(dataset(), cassette=tape)
    assert (tape.stat().st_ino, tape.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_recording_while_nobody_answers_keeps_what_there_is(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(GOOD):
        run(dataset(), cassette=tape)
    before = tape.read_text()
    with LLMTestServer(unavailable()):
        run(dataset(), cassette=tape, cassette_mode="record", max_retries=0)
    with LLMTestServer(GOOD, key="right-key-123456"), pytest.raises(ModelError):
        run(dataset(), cassette=tape, cassette_mode="record", api_keys={"openai": "wrong-key-123456"})
    assert tape.read_text() == before


RECORD = """
import sys
from scouter.evaluate import *
from scouter.genai import *

name, tape = sys.argv[1:]
task = LLMJudgeTask("quality", Prompt("Rate ${response}.", "gpt-4o-mini", "openai", output_type=Score), 4, "score", "GreaterThanOrEqual")
for round in range(5):
    records = [GenAIEvalRecord(context={"response": f"{name} {round} {n}"}) for n in range(10)]
    options = ModelOptions(cassette=tape, cassette_mode=["record", "replay"][round % 2])
    assert GenAIEvalDataset(records, [task]).evaluate(EvaluationConfig(models=options)).pass_rate == 1.0
"""


def test_processes_that_record_into_one_cassette_lose_nothing(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(GOOD):
        running = [subprocess.Popen([sys.executable, "-c", RECORD, name, str(tape)]) for name in ("one", "other")]
        assert [process.wait(60) for process in running] == [0, 0]
    assert len(tape.read_text().splitlines()) == 100
    assert [file.name for file in tmp_path.iterdir()] == ["tape.jsonl"]


SORTED = """
import fcntl, json, os, signal, sys, threading, time
from scouter.errors import EvaluationInterrupted
from scouter.evaluate import *
from scouter.genai import *

tape = open(sys.argv[1], "w")
fcntl.flock(tape, fcntl.LOCK_EX)  # the run would wait for this for ten seconds before it sorts the file
pressed = []

def press():
    pressed.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)

task = LLMJudgeTask("quality", Prompt("Rate ${response}.", "m", "openai", output_type=Score), 4, "score", "GreaterThanOrEqual")
dataset = GenAIEvalDataset([GenAIEvalRecord(context={"response": "r"})], [task])
model = ScriptedModel(lambda request: Score(score=5, reason="good"))
threading.Timer(2.0, press).start()
try:
    dataset.evaluate(EvaluationConfig(models=ModelOptions(model=model, cassette=sys.argv[1], cassette_mode="record")))
except EvaluationInterrupted as error:
    print(json.dumps([time.monotonic() - pressed[0], error.results.pass_rate]))
"""


@pytest.mark.timed
@pytest.mark.skipif(sys.platform == "win32", reason="locks of another kind")
def test_ctrl_c_is_heard_while_a_cassette_is_put_in_order(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SORTED, str(tmp_path / "tape.jsonl")], capture_output=True, text=True, timeout=60)
    took, pass_rate = json.loads(done.stdout)
    # A loaded machine may take more than the 200 ms that are promised.
    assert took < 1.0 and pass_rate == 1.0
    # What could not be written is told.
    assert "tape.jsonl" in done.stderr and "another process holds its lock" in done.stderr


def test_two_tasks_that_ask_the_same_get_the_same_when_recorded_and_when_played(tmp_path: Path) -> None:
    def task(id: str) -> LLMJudgeTask:
        return LLMJudgeTask(id, Prompt("Rate ${response}.", "gpt-4o-mini", "openai", output_type=Score), 4, "score", ComparisonOperator.GreaterThanOrEqual)

    both = GenAIEvalDataset([GenAIEvalRecord(context={"response": "r"})], [task("one"), task("other")])
    with LLMTestServer(lambda request: {"score": 6 - request.number, "reason": ""}) as server:
        recorded = run(both, cassette=tmp_path / "tape.jsonl", cassette_mode="record")
        assert server.calls == 1
    played = run(both, cassette=tmp_path / "tape.jsonl", cassette_mode="replay_or_fail")
    for done in (recorded, played):
        assert [task.actual for task in done[0].eval_set.records] == [5, 5]


def test_a_password_of_something_else_in_the_environment_changes_no_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_PASSWORD", "response")
    with LLMTestServer(GOOD):
        run(dataset(), cassette=tmp_path / "tape.jsonl")
    assert "response 1" in (tmp_path / "tape.jsonl").read_text()


def test_a_cassette_that_is_broken_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "tape.jsonl").write_text("nonsense\n")
    with pytest.raises(ValueError, match="line 1"):
        run(dataset(), cassette=tmp_path / "tape.jsonl")


@pytest.mark.usefixtures("no_keys")
def test_headers_that_are_no_keys_are_cut_out_of_nothing(tmp_path: Path) -> None:
    labels = Labels(["support", "billing"])
    judge = LLMJudgeTask("topic", Prompt("Of ${labels}: ${response}.", "gpt-4o-mini", "openai", output_type=labels), "support", "label", "Equals")
    of = GenAIEvalDataset([GenAIEvalRecord(context={"response": "the support is slow"})], [judge])
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer({"reason": "support", "label": "support"}):
        assert run(of, cassette=tape, headers={"x-team": "support", "x-title": "the support is slow"}).pass_rate == 1.0
    assert "***" not in tape.read_text()
    played = run(of, cassette=tape, cassette_mode="replay_or_fail")[0]["topic"]
    assert (played.status, played.call.origin) == ("passed", "cassette")


@pytest.mark.usefixtures("no_keys")
@pytest.mark.parametrize(("reply", "why"), [(refused("I would rather not."), "the model refuses"), ({"score": "five"}, "does not fit the schema")])
def test_a_reply_that_is_no_answer_is_played_as_it_was(reply: Any, why: str, tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with LLMTestServer(reply):
        live = run(dataset(count=1), cassette=tape, cassette_mode="record")[0]["quality"]
    played = run(dataset(count=1), cassette=tape, cassette_mode="replay_or_fail")
    task = played[0]["quality"]
    assert why in task.message and task.status == live.status == "errored"
    assert (played.usage.attempts, played.usage.cost) == (0, 0.0)


BAD = ScriptedModel(lambda request: Score(score=1, reason="scripted"))


def test_what_a_script_says_is_not_recorded_as_the_providers_answer(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    run(dataset(), cassette=tape, model=BAD)
    with LLMTestServer(GOOD) as server:
        assert run(dataset(), cassette=tape).pass_rate == 1.0
        assert server.calls == 3
    assert run(dataset(), cassette=tape, cassette_mode="replay_or_fail", model=ScriptedModel([])).pass_rate == 0.0


def test_what_a_script_says_is_not_taken_over_by_a_later_run(tmp_path: Path) -> None:
    dataset().evaluate(EvaluationConfig(models=ModelOptions(model=BAD)), run_dir=tmp_path)
    with LLMTestServer(GOOD) as server:
        again = dataset().evaluate(reuse=tmp_path)
        assert (again.pass_rate, server.calls) == (1.0, 3)


def at(url: str, id: str = "quality") -> LLMJudgeTask:
    prompt = Prompt("Rate ${response}.", "m", "openai", output_type=Score, model_settings=OpenAIChatSettings(base_url=url))
    return LLMJudgeTask(id, prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual)


def test_a_script_answers_for_no_address_that_a_prompt_names(tmp_path: Path) -> None:
    with LLMTestServer(GOOD) as server:
        of = GenAIEvalDataset([GenAIEvalRecord(context={"response": "r"})], [at(server.base_urls["openai"])])
        run(of, cache_dir=tmp_path, model=BAD)
        assert run(of, cache_dir=tmp_path)[0]["quality"].call.origin == "live"


@pytest.mark.parametrize("mode", ["record", "replay"])
def test_two_addresses_that_a_prompt_names_answer_each_for_itself(mode: str, tmp_path: Path) -> None:
    with LLMTestServer(GOOD) as one, LLMTestServer({"score": 1, "reason": ""}) as other:
        tasks = [at(one.base_urls["openai"], "one"), at(other.base_urls["openai"], "other")]
        of = GenAIEvalDataset([GenAIEvalRecord(context={"response": "r"})], tasks)
        asked = run(of, cassette=tmp_path / "tape.jsonl", cassette_mode=mode)
        assert (one.calls, other.calls) == (1, 1)
    played = run(of, cassette=tmp_path / "tape.jsonl", cassette_mode="replay_or_fail")
    for done in (asked, played):
        assert [task.status for task in done[0].eval_set.records] == ["passed", "failed"]


def test_a_cache_answers_what_was_asked_before_and_each_trial_for_itself(tmp_path: Path) -> None:
    with LLMTestServer(GOOD) as server:
        run(dataset(), trials=2, cache_dir=tmp_path)
        assert server.calls == 6
        again = run(dataset(), trials=2, cache_dir=tmp_path)
        assert server.calls == 6
        run(dataset(), trials=3, cache_dir=tmp_path)
        assert server.calls == 9
    call = again[0].eval_set.records[0].call
    assert (call.origin, call.cost, call.attempts) == ("cache", 0.0, 0)


def test_a_cache_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="open the cache"), LLMTestServer(GOOD):
        run(dataset(), cache_dir=tmp_path / "file")


def test_answers_of_an_earlier_run_need_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def of(count: int) -> GenAIEvalDataset:
        prompt = Prompt("Rate ${response}.", "claude-haiku-4-5", "anthropic", output_type=Score)
        judge = LLMJudgeTask("quality", prompt, 4, "score", ComparisonOperator.GreaterThanOrEqual)
        return GenAIEvalDataset([GenAIEvalRecord(context={"response": f"response {n}"}, id=str(n)) for n in range(count)], [judge])

    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with LLMTestServer(GOOD):
        address = os.environ["ANTHROPIC_BASE_URL"]
        first = of(3).evaluate(run_dir=tmp_path / "run")
    # The same address, where nobody answers any more, and no key for it.
    monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
    config = EvaluationConfig(models=ModelOptions(max_retries=0))
    assert {row["quality"].status for row in of(3).evaluate(config)} == {"errored"}
    again = of(3).evaluate(config, reuse=tmp_path / "run")
    assert [row["quality"].call.reply for row in again] == [row["quality"].call.reply for row in first]
    assert {row["quality"].call.origin for row in again} == {"memory"}
    more = of(4).evaluate(config, reuse=tmp_path / "run")
    assert [row["quality"].status for row in more] == [*[row["quality"].status for row in first], "errored"]


def test_a_run_that_goes_on_knows_what_it_paid_before(tmp_path: Path) -> None:
    def task(id: str, model: str) -> LLMJudgeTask:
        return LLMJudgeTask(id, Prompt("Rate ${response}.", model, "openai", output_type=Score), 4, "score", ComparisonOperator.GreaterThanOrEqual)

    both = GenAIEvalDataset([GenAIEvalRecord(context={"response": "r"}, id="0")], [task("sound", "gpt-4o-mini"), task("broken", "gpt-4o")])
    config = EvaluationConfig(models=ModelOptions(max_retries=0))
    down = {"gpt-4o"}
    with LLMTestServer(lambda request: unavailable() if request.model in down else GOOD) as server:
        first = both.evaluate(config, run_dir=tmp_path)
        down.clear()
        again = both.evaluate(config, run_dir=tmp_path)
        assert server.calls == 2 + 1
    before, after = first["0"]["sound"].call, again["0"]["sound"].call
    assert after == before and (after.origin, after.cost) == ("live", before.cost) and after.cost > 0


def test_an_answer_from_another_address_is_not_taken_over(tmp_path: Path) -> None:
    with LLMTestServer(GOOD):
        dataset().evaluate(run_dir=tmp_path)
    with LLMTestServer(GOOD) as server:
        again = dataset().evaluate(reuse=tmp_path)
        assert server.calls == 3
    assert again[0].eval_set.records[0].call.origin == "live"


def test_a_run_does_not_go_on_with_models_at_another_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LLMTestServer(GOOD) as there:
        dataset().evaluate(run_dir=tmp_path)
        first = there.base_urls["openai"]
    with LLMTestServer(GOOD) as server:
        here = server.base_urls["openai"]
        with pytest.raises(RunDirError, match=f"other tasks: `quality` asked `{first}`, and asks `{here}`; give another directory"):
            dataset().evaluate(run_dir=tmp_path)
        assert server.calls == 0
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    with pytest.raises(RunDirError, match="and asks its provider's own address"):
        dataset().evaluate(run_dir=tmp_path)


def test_a_run_directory_of_a_version_that_did_not_write_addresses_down_goes_on(tmp_path: Path) -> None:
    with LLMTestServer(GOOD):
        dataset().evaluate(run_dir=tmp_path)
    manifest = json.loads((tmp_path / "run.json").read_text())
    assert list(manifest.pop("asked")) == ["quality"]
    (tmp_path / "run.json").write_text(json.dumps(manifest))
    with LLMTestServer(GOOD) as server:
        assert dataset().evaluate(run_dir=tmp_path).pass_rate == 1.0
        assert server.calls == 0


def test_a_run_directory_shows_no_password_of_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://me:secret@127.0.0.1:1/v1")
    with pytest.raises(ValueError, match="has a user or a password in it") as caught:
        dataset().evaluate(run_dir=tmp_path)
    assert "secret" not in str(caught.value) + "".join(path.read_text() for path in tmp_path.iterdir())
