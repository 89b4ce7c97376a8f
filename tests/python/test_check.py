"""Suites tried on sample records, from Python. What is found when stands in the tests of the crate."""

from __future__ import annotations

import json

import pytest

from scouter.evaluate import AssertionTask, ComparisonOperator, CustomTask, GenAIEvalDataset, GenAIEvalRecord


def dataset(path: str, contexts: list[dict[str, object]]) -> GenAIEvalDataset:
    task = AssertionTask(id="t", context_path=path, operator=ComparisonOperator.IsNotEmpty, expected_value=True)
    return GenAIEvalDataset(records=[GenAIEvalRecord(context=context) for context in contexts], tasks=[task])


def test_a_finding_has_its_parts() -> None:
    checked = dataset("respnse.text", [{"response": {"text": "hi"}}]).check()
    [finding] = checked.findings
    assert (finding.severity, finding.task, finding.field) == ("error", "t", "context_path")
    assert finding.hint == "did you mean `response.text`?"
    assert not checked.ok and checked.sample == 1
    assert str(finding) in repr(finding).replace('\\"', '"')


def test_a_check_is_json_as_well() -> None:
    checked = dataset("text", [{"text": "hi"}]).check()
    assert json.loads(checked.model_dump_json()) == {"sample": 1, "ok": True, "findings": [], "calls": []}
    assert json.loads(str(checked)) == json.loads(checked.model_dump_json())


def test_the_sample_is_spread_over_all_records() -> None:
    # Only the records in the second half have the key.
    contexts = [{"text": "hi"} if number >= 500 else {} for number in range(1000)]
    [finding] = dataset("text", contexts).check(sample=10).findings
    assert (finding.severity, finding.message) == ("note", "`text` is missing in 5 of 10 sample records")


def test_a_value_without_a_form_hides_no_other() -> None:
    checked = dataset("image", [{"image": b"..", "text": "hi"}]).check()
    assert "bytes" in checked.findings[0].message
    assert dataset("text", [{"image": b"..", "text": "hi"}]).check().findings == []


def test_functions_are_counted_and_not_called() -> None:
    def called(context: object) -> bool:
        raise AssertionError("a check calls nothing")

    gate = AssertionTask(id="gate", context_path="n", operator=ComparisonOperator.IsPositive, expected_value=True, condition=True)
    records = [GenAIEvalRecord(context={"n": number}) for number in (1, -1, -2, -3)]
    tasks = [gate, CustomTask("costly", called, depends_on=["gate"]), CustomTask("always", called)]
    checked = GenAIEvalDataset(records=records, tasks=tasks).check()
    [calls] = checked.calls
    assert (calls.kind, calls.tasks, calls.likely, calls.most) == ("Custom", 2, 5, 8)
    assert checked.ok


def test_a_sample_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="`sample` must be from 1 to"):
        dataset("text", [{}]).check(sample=0)


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_the_first_records_of_a_file_are_the_sample(tmp_path, suffix: str) -> None:
    path = tmp_path / f"records.{suffix}"
    rows = ["id,answer", "a,yes", "b,no"] if suffix == "csv" else ['{"id": "a", "answer": "yes"}', '{"id": "b", "answer": "no"}']
    path.write_text("\n".join(rows) + "\n")
    task = AssertionTask(id="t", context_path="anwser", operator=ComparisonOperator.IsNotEmpty, expected_value=True)
    checked = GenAIEvalDataset.from_path(path, [task], id="id").check(sample=1)
    assert checked.sample == 1
    assert checked.findings[0].hint == "did you mean `answer`?"


def test_calls_are_estimated_for_every_line_of_a_file(tmp_path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("".join(f'{{"n": {number}}}\n' for number in range(30)))
    [calls] = GenAIEvalDataset.from_path(path, [CustomTask("costly", lambda context: True)]).check(sample=3).calls
    assert (calls.likely, calls.most) == (30, 30)
