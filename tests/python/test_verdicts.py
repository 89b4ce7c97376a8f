"""Whether a difference between two results is more than chance, on made-up and on real results."""

from __future__ import annotations

import json
import pickle
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scouter import _verdict
from scouter.evaluate import AssertionTask, ComparisonOperator, ComparisonResults, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults

RIGHT = AssertionTask(id="right", context_path="right", operator=ComparisonOperator.Equals, expected_value=True)
SCORE = AssertionTask(id="score", context_path="score", operator=ComparisonOperator.GreaterThan, expected_value=0.5)


def results(outcomes: str, per_document: int = 0, scores: list[float] | None = None) -> GenAIEvalResults:
    """One record for each letter: `p` passes, `f` fails, `e` errors."""
    contexts: list[dict[str, Any]] = [{"right": {"p": True, "f": False, "e": b""}[letter]} for letter in outcomes]
    for at, context in enumerate(contexts):
        if per_document:
            context["document"] = at // per_document
        if scores:
            context["score"] = scores[at]
    records = [GenAIEvalRecord(context=context, id=f"r{at}") for at, context in enumerate(contexts)]
    tasks = [RIGHT, SCORE] if scores else [RIGHT]
    return GenAIEvalDataset(records=records, tasks=tasks, cluster_key="document").evaluate()


def test_a_change_that_is_more_than_chance_has_a_direction() -> None:
    before, after = results("f" * 20 + "p" * 20), results("p" * 40)
    compared = after.compare_to(before, 0.05)
    assert (compared.verdict, before.compare_to(after, 0.05).verdict) == ("improved", "regressed")
    assert compared.overall is not None and compared.overall.p_value == pytest.approx(2 * 0.5**20)


def test_few_records_are_inconclusive_and_say_how_many_would_do() -> None:
    compared = results("p" * 10).compare_to(results("p" * 10), 0.05)
    right = compared.task_verdicts()["right"]
    assert (compared.verdict, right.verdict) == ("inconclusive", "inconclusive")
    assert right.rate is not None and right.rate.records_needed == 73
    assert results("p" * 73).compare_to(results("p" * 73), 0.05).verdict == "unchanged"


def test_what_came_to_no_verdict_is_counted_on_either_side() -> None:
    compared = results("ppe").compare_to(results("epp"), 0.05, max_error_share=1.0)
    right = compared.task_verdicts()["right"]
    assert (right.baseline_counts.errored, right.comparison_counts.errored) == (1, 1)
    assert right.rate is not None and right.rate.records == 1


def test_a_run_of_too_many_errors_is_invalid() -> None:
    compared = results("p" * 9 + "e").compare_to(results("f" * 10), 0.05)
    assert (compared.verdict, compared.invalid_reason) == ("invalid", "too_many_errors")
    assert compared.error_share == pytest.approx(0.1)
    assert results("p" * 9 + "e").compare_to(results("f" * 10), max_error_share=0.1).verdict == "improved"


def test_records_of_one_cluster_are_no_independent_evidence() -> None:
    before, after = results("f" * 40, per_document=10), results("p" * 40, per_document=10)
    assert after["r11"].cluster == "1"
    clustered, single = after.compare_to(before).overall, after.compare_to(before, cluster_by="record").overall
    assert clustered is not None and single is not None
    assert clustered.p_value == pytest.approx(0.125)
    assert (clustered.clusters, clustered.verdict) == (4, "inconclusive")
    assert (single.clusters, single.verdict) == (40, "improved")


def test_numbers_have_means_and_intervals_of_either_kind() -> None:
    scores = [0.1 * at for at in range(20)]
    before, after = results("p" * 20, scores=scores), results("p" * 20, scores=[score + 0.3 + score / 10 for score in scores])
    by_t = after.compare_to(before).task_verdicts()["score"].numbers
    drawn = after.compare_to(before, seed=1).task_verdicts()["score"].numbers
    again = after.compare_to(before, seed=1).task_verdicts()["score"].numbers
    assert by_t is not None and drawn is not None and again is not None
    assert by_t.difference == pytest.approx(0.3 + 0.95 / 10)
    assert by_t.interval is not None and by_t.interval[0] < by_t.difference < by_t.interval[1]
    assert drawn.interval == again.interval != by_t.interval


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"alpha": 0.0}, "`alpha` must be above 0 and below 1, not `0`"),
        ({"correction": "sidak"}, "`correction` must be `holm`, `bh` or `none`, not `sidak`"),
        ({"cluster_by": "user"}, "`cluster_by` must be `label`, `case` or `record`, not `user`"),
        ({"max_error_share": 2.0}, "`max_error_share` must be from 0 to 1, not `2`"),
    ],
)
def test_options_that_mean_nothing_are_refused(option: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        results("p").compare_to(results("p"), **option)


def test_a_pickled_comparison_was_made_with_the_same_options() -> None:
    compared = results("pfpf").compare_to(results("ffff"), 0.1, alpha=0.2, correction="bh", seed=3)
    again = pickle.loads(pickle.dumps(compared))
    assert again == compared and str(again) == str(compared)


def test_tables_show_verdicts_and_where_rates_lie(capsys: pytest.CaptureFixture[str]) -> None:
    before, after = results("f" * 20 + "p" * 20), results("p" * 40)
    text = after.compare_to(before, 0.05).as_table(intervals=True)
    assert "Verdict: improved" in text and "50.0% (20/40) [35.2 to 64.8]" in text
    assert "35.2 to 64.8%" in before.as_table(intervals=True)
    assert before.task_counts()["right"].interval() == pytest.approx((0.352, 0.648), abs=1e-3)
    capsys.readouterr()


ANSWER = AssertionTask(
    id="answer_is_right", context_path="answer", operator=ComparisonOperator.Equals, expected_value="${truth}"
)


@pytest.fixture(scope="module")
def models(real_input: Callable[[str], Path]) -> Callable[[str], GenAIEvalResults]:
    path = real_input("gsm8k_solutions/example_model_solutions.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def answer(text: str) -> str:
        found = re.findall(r"A: (-?[\d,.]*\d)", text)
        return found[-1].replace(",", "") if found else ""

    def evaluate(model: str) -> GenAIEvalResults:
        records = [
            GenAIEvalRecord(context={"answer": answer(row[model]["solution"]), "truth": answer(row["ground_truth"])}, id=str(at))
            for at, row in enumerate(rows)
        ]
        return GenAIEvalDataset(records=records, tasks=[ANSWER]).evaluate()

    return evaluate


def rate(compared: ComparisonResults) -> Any:
    return compared.task_verdicts()["answer_is_right"].rate


def test_the_larger_verified_model_is_better_beyond_doubt(models: Callable[[str], GenAIEvalResults]) -> None:
    compared = models("175b_verification").compare_to(models("175b_finetuning"), 0.05)
    assert (rate(compared).gained, rate(compared).lost, rate(compared).records) == (360, 76, 1319)
    assert rate(compared).p_value < 1e-40
    assert compared.verdict == "improved"


def test_verification_beats_size_by_a_few_points(models: Callable[[str], GenAIEvalResults]) -> None:
    large, small = models("175b_finetuning"), models("6b_verification")
    compared = large.compare_to(small, 0.05)
    assert (rate(compared).gained, rate(compared).lost) == (152, 209)
    assert rate(compared).p_value == pytest.approx(0.00315, abs=5e-6)
    assert (compared.verdict, small.compare_to(large, 0.05).verdict) == ("regressed", "improved")


def test_two_halves_of_one_models_records_differ_no_more_often_than_the_level_says(real_input: Callable[[str], Path]) -> None:
    path = real_input("gsm8k_solutions/example_model_solutions.jsonl")
    rows = [json.loads(line)["175b_finetuning"]["is_correct"] for line in path.read_text(encoding="utf-8").splitlines()]
    # Without ids, so that records are paired by their place in their half.
    records = [GenAIEvalRecord(context={"right": right}) for right in rows]
    whole = GenAIEvalDataset(records=records, tasks=[RIGHT]).evaluate()
    draw = random.Random(2026)
    verdicts: Counter[str] = Counter()
    draws, half = 2_000, len(rows) // 2
    for _ in range(draws):
        places = draw.sample(range(len(rows)), 2 * half)
        now, before = (GenAIEvalResults._merge([(whole, at) for at in side]) for side in (places[:half], places[half:]))  # type: ignore[attr-defined]
        verdicts[now.compare_to(before).verdict] += 1
    improved, regressed = (verdicts[verdict] / draws for verdict in ("improved", "regressed"))
    # 5 % in all at most, half of it on either side; three standard errors of these shares are 1.5 and 1.05 %.
    assert improved <= 0.025 + 0.0105 and regressed <= 0.025 + 0.0105, verdicts
    assert 0.01 <= improved + regressed <= 0.05 + 0.015, verdicts


def of(outcomes: dict[str, str], tasks: int = 2) -> GenAIEvalResults:
    """A record for each id, a letter for each of its tasks."""
    records = [GenAIEvalRecord({f"t{at}": letter == "p" for at, letter in enumerate(letters)}, id=id) for id, letters in outcomes.items()]
    equals = ComparisonOperator.Equals
    suite = [AssertionTask(id=f"t{at}", context_path=f"t{at}", operator=equals, expected_value=True) for at in range(tasks)]
    return GenAIEvalDataset(records, suite).evaluate()


FIVE = {f"r{at}": "pp" for at in range(5)}
THIRTY = {f"r{at}": "ff" for at in range(30)}
BETTER = {id: "pp" for id in THIRTY}


@pytest.mark.parametrize(
    ("before", "after", "threshold", "outcome"),
    [
        (FIVE, FIVE, 0.0, "passed"),
        ({**FIVE, "r0": "pf"}, FIVE, 0.0, "passed"),
        (FIVE, {**FIVE, "r0": "pf"}, 0.0, "inconclusive"),
        (FIVE, {**FIVE, "r0": "pf"}, 0.5, "passed"),
        ({**FIVE, "r0": "fp"}, {**FIVE, "r0": "pf"}, 0.0, "inconclusive"),
        (THIRTY, BETTER, 0.0, "passed"),
        (BETTER, THIRTY, 0.0, "failed"),
        (THIRTY, {id: "pp" for id in list(THIRTY)[1:]}, 0.0, "inconclusive"),
        ({**BETTER, "new": "pp"}, BETTER, 0.5, "inconclusive"),
        (FIVE, {"other": "pp"}, 0.0, "too_many_errors"),
        (FIVE, {**FIVE, "new": "ff"}, 0.0, "passed"),
    ],
    ids=["same", "better", "worse", "forgiven", "swapped", "much better", "much worse", "lost", "lost within", "other", "new"],
)
def test_there_is_one_rule_for_what_passes(before: dict[str, str], after: dict[str, str], threshold: float, outcome: str) -> None:
    compared = of(after).compare_to(of(before), threshold)
    assert compared.outcome == outcome


@pytest.mark.parametrize(("before", "after", "outcome"), [(2, 1, "failed"), (1, 2, "passed")])
def test_a_task_that_is_gone_is_never_a_pass(before: int, after: int, outcome: str) -> None:
    compared = of(FIVE, after).compare_to(of(FIVE, before))
    assert compared.outcome == outcome


def test_the_nearest_name_is_the_one_that_the_engine_offers() -> None:
    assert _verdict.no_such("task", "polte", ["polite", "short"]) == "no task has the id `polte`; did you mean `polite`?"
    assert _verdict.no_such("task", "right", ["is_right"]) == "no task has the id `right`"
