"""Reports as their readers see them: in a browser, in a parser, in a file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from scouter.evaluate import AssertionTask, ComparisonOperator, CustomTask, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults

HOSTILE = "<script>document.title = 'pwned'; alert(1)</script><img src=x onerror=alert(2)>|`x`\n]]>\x00\x1b\u202e"

TASKS = [
    AssertionTask(id="answered", context_path="reply", operator=ComparisonOperator.IsNotEmpty, expected_value=True, condition=True),
    AssertionTask(
        id="right",
        context_path="reply",
        operator=ComparisonOperator.Equals,
        expected_value="${truth}",
        depends_on=["answered"],
    ),
    AssertionTask(
        id="scored",
        description="The score is more than a coin's",
        context_path="score",
        operator=ComparisonOperator.GreaterThan,
        expected_value=0.5,
    ),
]


def evaluate(*rows: tuple[str, object, object], tasks: list[Any] = TASKS) -> GenAIEvalResults:
    records = [GenAIEvalRecord(id=id, context={"reply": reply, "truth": "yes", "score": score}) for id, reply, score in rows]
    return GenAIEvalDataset(records=records, tasks=tasks).evaluate()


BEFORE = evaluate(("fine", "yes", 0.9), ("wrong", "yes", 0.9), ("fixed", "no", 0.9), ("errs", "yes", 0.9), ("lost", "yes", 0.9))
RESULTS = evaluate(
    ("fine", "yes", 0.9),
    ("wrong", "no", 0.9),
    ("fixed", "yes", 0.9),
    ("errs", "yes", b"no form"),
    ("closed", "", 0.9),
)


def longest_pause(work: Callable[[], object]) -> float:
    """The longest time during which another thread did not run while this was done."""
    longest, stop = 0.0, threading.Event()

    def tick() -> None:
        nonlocal longest
        last = time.perf_counter()
        while not stop.is_set():
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    thread = threading.Thread(target=tick)
    thread.start()
    work()
    stop.set()
    thread.join()
    return longest


def test_other_threads_go_on_while_a_report_compares() -> None:
    many = evaluate(*((f"r{n}", "yes", n / 200_000) for n in range(200_000)))
    started = time.perf_counter()
    many.compare_to(many)
    took = time.perf_counter() - started
    assert min(longest_pause(lambda: many.to_markdown(baseline=many)) for _ in range(5)) < took / 2


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    RESULTS.report(tmp_path / "report.html", baseline=BEFORE, title="Nightly")
    return tmp_path / "report.html"


# The page


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_essentials_can_be_seen(open_page: Callable[..., Any], page_file: Path, script: bool) -> None:
    page = open_page(page_file, script=script)
    text = page.text()
    for part in ["Nightly", "87.5%", "7/8", "52.9–97.8%", "1 of 8 checks failed, 1 errored", "invalid", "regressed", "answered", "In both runs"]:
        assert part in text, part
    assert text.index("wrong") < text.index("1 where everything passed")
    assert page.js("document.querySelectorAll('svg.plan a.node').length") == 3
    assert ("Open all" in text) == script


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_record_opens_with_what_was_expected(open_page: Callable[..., Any], page_file: Path, script: bool) -> None:
    page = open_page(page_file, script=script)
    assert "Expected" not in page.text()
    page.click("#r1 > summary")
    opened = page.js("document.querySelector('#r1').innerText")
    for part in ["failed", "was passed", 'Equals "yes"', '"no"', "reply", "Before"]:
        assert part in opened, part


def test_the_page_is_quiet_and_asks_for_nothing(open_page: Callable[..., Any], page_file: Path) -> None:
    page = open_page(page_file)
    page.click("#r1 > summary")
    assert page.complaints() == []
    assert [address for address in page.requests() if not address.startswith("data:")] == [page_file.as_uri()]


@pytest.mark.timed
def test_a_page_of_ten_thousand_records_opens_at_once(open_page: Callable[..., Any], tmp_path: Path) -> None:
    evaluate(*((f"r{n}", "no", 0.9) for n in range(10_000))).report(tmp_path / "large.html")
    assert (tmp_path / "large.html").stat().st_size < 10_000_000
    pages = [open_page(tmp_path / "large.html") for _ in range(3)]
    # In milliseconds; the best of a few, for the machine does other things as well.
    seen = [page.js("performance.getEntriesByName('first-contentful-paint')[0].startTime") for page in pages]
    whole = [page.js("performance.getEntriesByType('navigation')[0].loadEventEnd") for page in pages]
    assert 0 < min(seen) < 1_000 and 0 < min(whole) < 5_000, (seen, whole)


def test_values_of_users_run_nothing(open_page: Callable[..., Any], tmp_path: Path) -> None:
    tasks = [AssertionTask(id=HOSTILE, context_path="reply", operator=ComparisonOperator.Equals, expected_value=HOSTILE)]
    evaluate((HOSTILE, HOSTILE, 1), ("b", HOSTILE + "!", 1), tasks=tasks).report(tmp_path / "a.html", title=HOSTILE)
    page = open_page(tmp_path / "a.html")
    page.click("details.record > summary")
    assert page.complaints() == []
    assert page.js("[document.scripts.length, document.images.length, document.title.includes('<script>')]") == [1, 0, True]


def visible(page: Any) -> list[str]:
    names: list[str] = page.js(
        "[...document.querySelectorAll('#records .record, #records li')].filter((e) => e.checkVisibility())"
        ".map((e) => e.querySelector('code').innerText)"
    )
    return names


def test_search_and_filters_leave_what_fits(open_page: Callable[..., Any], page_file: Path) -> None:
    page = open_page(page_file)
    everything = ["wrong", "errs", "fixed", "closed"]
    assert visible(page) == everything
    page.press("/")
    page.type("wro")
    assert (visible(page), page.js("document.querySelector('output').innerText")) == (["wrong"], "1 of 5 listed")
    page.js("document.querySelector('[name=q]').select()")
    page.type("fine")
    assert visible(page) == ["fine"]
    choose = "((name, value) => {{ const e = document.querySelector(`[name=${{name}}]`); e.value = value; e.dispatchEvent(new Event('input', {{bubbles: true}})) }})({}, {})"
    page.js("document.querySelector('#find').reset()")
    for name, value, left in [
        ("s", "errored", ["errs"]),
        ("s", "improved", ["fixed"]),
        ("s", "passed", ["fine"]),
        ("s", "", everything),
        ("t", "0", ["closed"]),
        ("t", "2", ["errs"]),
    ]:
        page.js(choose.format(json.dumps(name), json.dumps(value)))
        page.settle()
        assert visible(page) == left, (name, value)
    assert page.complaints() == []


def test_all_records_open_and_close_at_once(open_page: Callable[..., Any], page_file: Path) -> None:
    page = open_page(page_file)
    opened = "document.querySelectorAll('.record[open]').length"
    page.click("[name=open]")
    assert page.js(opened) == 4
    page.click("[name=open]")
    assert page.js(opened) == 0


def test_a_link_opens_what_is_folded_away(open_page: Callable[..., Any], page_file: Path) -> None:
    page = open_page(page_file)
    page.js("location.hash = '#r0'")
    page.settle()
    assert "fine" in visible(page)
    page.js("location.hash = '#t1'")
    page.settle()
    assert "Expects" in page.js("document.querySelector('#t1').innerText")


@pytest.mark.parametrize("width", [360, 1200])
def test_trials_and_changes_do_not_run_out_of_the_page(open_page: Callable[..., Any], tmp_path: Path, width: int) -> None:
    long = "x" * 300
    now, then = repeated((long, "pf" * 40), ("b", "pp"), scores=1e-9), repeated((long, "fp" * 40), ("b", "fp"), scores=12_345_678.9)
    now.report(tmp_path / "a.html", baseline=then)
    page = open_page(tmp_path / "a.html", width=width)
    assert page.js("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_runs_out_of_the_page(open_page: Callable[..., Any], tmp_path: Path, width: int, dark: bool) -> None:
    long = "x" * 300
    evaluate((long, long, 1), ("b" * 80, "", 0)).report(tmp_path / "a.html", title=long)
    page = open_page(tmp_path / "a.html", width=width, dark=dark)
    page.click("[name=open]")
    assert page.js("document.documentElement.scrollWidth") <= width


CONTRASTS = """(() => {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const hex = style.getPropertyValue("--" + name).trim();
    const part = (at) => parseInt(hex.slice(at, at + 2), 16) / 255;
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5));
  };
  const texts = ["ink", "soft", "link", "passed", "failed", "errored", "skipped", "not_applicable", "cancelled"];
  const pairs = texts.flatMap((text) => ["paper", "panel"].map((ground) => [text, ground]));
  for (const status of ["passed", "failed", "errored", "skipped"]) pairs.push([status, status + "-tint"]);
  pairs.push(["not_applicable", "other-tint"], ["cancelled", "other-tint"]);
  return pairs.map(([a, b]) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return [a + " on " + b, (high + 0.05) / (low + 0.05)];
  });
})()"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_stands_out(open_page: Callable[..., Any], page_file: Path, dark: bool) -> None:
    page = open_page(page_file, dark=dark)
    faint = [(pair, ratio) for pair, ratio in page.js(CONTRASTS) if not ratio >= 4.5]  # WCAG 2.2, AA
    assert faint == []
    ground = page.js("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") != dark


def test_a_screen_reader_finds_its_way(open_page: Callable[..., Any], page_file: Path) -> None:
    page = open_page(page_file)
    assert page.js("document.documentElement.lang") == "en"
    assert page.js("[...document.querySelectorAll('h1, h2')].map((e) => e.tagName)") == ["H1"] + 5 * ["H2"]
    assert page.js("['header', 'nav', 'main', 'footer'].map((e) => document.querySelectorAll(e).length)") == [1, 1, 1, 1]
    assert page.js("[...document.querySelectorAll('input, select')].every((e) => e.ariaLabel)")
    assert page.js("[...document.querySelectorAll('svg a')].every((e) => e.ariaLabel.includes('passed'))")
    assert page.js("[...document.querySelectorAll('a')].every((e) => document.getElementById(e.getAttribute('href').slice(1)))")
    assert page.js("new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size === document.querySelectorAll('[id]').length")


def test_the_page_runs_its_own_script_and_no_other() -> None:
    page = RESULTS.to_html()
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page, f"SCRIPT_HASH must be sha256-{digest}"


# Trials, numbers and descriptions on the page


def repeated(*cases: tuple[str, str], scores: float = 0.9) -> GenAIEvalResults:
    """Records that are trials of cases: a letter for each, `p` passes and `f` fails."""
    contexts = [{"case": case, "reply": {"p": "yes", "f": "no"}[letter], "truth": "yes", "score": scores} for case, turns in cases for letter in turns]
    records = [GenAIEvalRecord(id=f"{context['case']}-{at}", context=context) for at, context in enumerate(contexts)]
    return GenAIEvalDataset(records=records, tasks=TASKS, case_key="case").evaluate()


@pytest.fixture
def trials_file(tmp_path: Path) -> Path:
    now, then = repeated(("sure", "pppp"), ("moody", "ppfp"), ("never", "ffff"), scores=0.75), repeated(("sure", "pppp"), ("moody", "ffff"), ("never", "ffff"))
    now.report(tmp_path / "trials.html", baseline=then)
    return tmp_path / "trials.html"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_trials_numbers_and_descriptions_can_be_seen(open_page: Callable[..., Any], trials_file: Path, script: bool) -> None:
    page = open_page(trials_file, script=script)
    trials = page.js("document.querySelector('#trials').innerText")
    for part in ["12 trials of 3 cases", "58.3%", "±30.0 points", "66.7%", "33.3%", "more cases would make it surer, more trials hardly", "moody 3/4 passed"]:
        assert part in trials, part
    numbers = page.js("[...document.querySelectorAll('#numbers tbody tr')].map((row) => row.innerText.split('\\t'))")
    assert numbers == [["scored", "12", "0.9000", "0.7500", "−0.1500", "−0.1500 to −0.1500", "lower"]]
    assert "The score is more than a coin's" in page.js("document.querySelector('#tasks').innerText")


def test_a_trial_of_a_flaky_case_leads_to_its_record(open_page: Callable[..., Any], trials_file: Path) -> None:
    page = open_page(trials_file)
    turns = "[...document.querySelectorAll('.flaky .turn')]"
    assert page.js(f"{turns}.map((turn) => turn.className)") == ["turn passed", "turn passed", "turn failed", "turn passed"]
    page.click(".flaky .turn.failed")
    assert page.js("document.querySelector('.record:target').open") is True
    assert "moody-6" in page.js("document.querySelector('.record:target').innerText")
    assert page.complaints() == []


def test_results_without_trials_or_numbers_have_no_sections_of_them(open_page: Callable[..., Any], tmp_path: Path) -> None:
    text = evaluate(("a", "yes", True), ("b", "no", True), tasks=TASKS[:2])
    text.report(tmp_path / "plain.html", baseline=text)
    page = open_page(tmp_path / "plain.html")
    assert page.js("['#trials', '#numbers', 'a[href=\"#trials\"]'].map((part) => document.querySelector(part))") == [None, None, None]


# JUnit


def test_junit_is_xml_whatever_the_values_hold() -> None:
    odd = "".join(map(chr, range(32))) + "\ud800\ufffe\uffff]]><&\"'\u202e"
    checks = [*TASKS, CustomTask("broken", lambda context: 1 / 0)]
    results = evaluate((odd.replace("\ud800", ""), odd, 0.9), ("b", odd.replace("\ud800", ""), 0.1), ("c", "", 0.9), tasks=checks)
    root = ElementTree.fromstring(results.to_junit(title=odd.replace("\ud800", "")))
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["answered", "right", "scored", "broken"]
    for suite in suites.values():
        cases = suite.findall("testcase")
        found = [str(len(cases)), *(str(len(suite.findall(f"testcase/{kind}"))) for kind in ["failure", "error", "skipped"])]
        assert found == [suite.get(name) for name in ["tests", "failures", "errors", "skipped"]]
    for name, kind in [("tests", None), ("failures", "failure"), ("errors", "error")]:
        assert int(root.get(name) or -1) == len(root.findall(".//testcase" if kind is None else f".//{kind}"))
    assert [error.get("type") for error in suites["broken"].iter("error")] == 3 * ["errored"]
    assert "ZeroDivisionError" in (suites["broken"].find(".//error").text or "")  # type: ignore[union-attr]


PARTS = {  # What the schema of Jenkins allows: the attributes of each element, and what stands in it.
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "file"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "classname", "time", "group"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "skipped": ({"message", "type"}, set()),
}


def test_junit_has_only_what_consumers_know() -> None:
    now, then = repeated(("sure", "pppp"), ("moody", "ppfp")), repeated(("sure", "pppp"), ("moody", "fffp"))
    for text in [RESULTS.to_junit(baseline=BEFORE), now.to_junit(baseline=then)]:
        for element in ElementTree.fromstring(text).iter():
            attributes, inside = PARTS[element.tag]
            assert set(element.attrib) <= attributes and {part.tag for part in element} <= inside, element.tag
            if element.tag == "testsuite":
                names = [case.get("name") for case in element.iter("testcase")]
                assert len(set(names)) == len(names)


def test_junit_tells_rates_and_what_failed() -> None:
    root = ElementTree.fromstring(RESULTS.to_junit(baseline=BEFORE))
    right = next(suite for suite in root if suite.get("name") == "right")
    properties = {item.get("name"): item.get("value") for item in right.iter("property")}
    assert (properties["passed"], properties["counted"], properties["pass_rate"]) == ("3", "4", "0.75")
    assert (properties["baseline_passed"], properties["counted_in_both"], properties["baseline_pass_rate"]) == ("3", "4", "0.75")
    assert properties["changed_records"] == "2"
    [failure] = right.iter("failure")
    assert failure.get("message") == 'right: `reply`: `"no"` does not equal `"yes"`'
    assert (failure.text or "").splitlines()[:5] == ["task: right", "path: reply", "operator: Equals", 'expected: "yes"', 'actual: "no"']
    [skipped] = right.iter("skipped")
    assert skipped.get("message") == "the gate `answered` did not pass"


# Markdown and JSON


def test_markdown_tells_verdict_rates_and_first_failures() -> None:
    text = RESULTS.to_markdown(baseline=BEFORE, title="Nightly")
    assert text.startswith("### Nightly\n\n**❌ invalid comparison: 1 of 8 checks failed, 1 errored**\n")
    assert "| `right` | 3 | 1 | 0 | 1 | 75.0% (3/4) | 30.1–95.4% | 75.0% (3/4) → 75.0% (3/4) | ±0.0 | inconclusive |" in text
    assert "| 4 | 0 | 1 | 0 | 100.0% (4/4) | 51.0–100.0% | 100.0% (3/3) → 100.0% (3/3)<br>no verdict: 0 → 1 errored | ±0.0 |" in text
    assert '| `wrong` | `right` | failed (was passed) | `reply` Equals | `"yes"` | `"no"` |' in text
    assert "1 record only in the baseline: `lost`" in text


def test_the_json_report_is_read_back(tmp_path: Path) -> None:
    RESULTS.report(tmp_path / "results.json")
    assert GenAIEvalResults.model_validate_json((tmp_path / "results.json").read_text(encoding="utf-8")) == RESULTS


# Files


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.html", RESULTS.to_html), ("a.HTM", RESULTS.to_html), ("a.md", RESULTS.to_markdown), ("a.xml", RESULTS.to_junit)],
)
def test_the_suffix_says_which_report(tmp_path: Path, name: str, text: Callable[..., str]) -> None:
    RESULTS.report(str(tmp_path / name), baseline=BEFORE, title="T")
    assert (tmp_path / name).read_text(encoding="utf-8") == text(baseline=BEFORE, title="T")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["report.pdf", "report", "html"])
def test_an_unknown_suffix_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"`\.html`.*`\.md`.*`\.xml`.*`\.json`"):
        RESULTS.report(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no folder `.*/nowhere`"):
        RESULTS.report(tmp_path / "nowhere" / "report.html")


FULL = """
import resource, sys
from scouter.evaluate import GenAIEvalResults

results = GenAIEvalResults.model_validate_json(sys.stdin.read())
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, resource.RLIM_INFINITY))
try:
    results.report(sys.argv[1])
except OSError as error:
    print("told:", error)
"""


def test_a_disk_that_fills_up_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("the report of yesterday", encoding="utf-8")
    assert len(RESULTS.to_html()) > 5_000
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], input=RESULTS.model_dump_json(), capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("told:"), run
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("report.html", "the report of yesterday")]


# Baselines


def test_a_comparison_with_a_threshold_is_taken_as_it_is() -> None:
    now, then = evaluate(("a", "no", 0.9)), evaluate(("a", "yes", 0.9))
    assert "1 regressed, 0 improved" in now.to_markdown(baseline=then)
    assert "1 regressed, 0 improved" in now.to_markdown(baseline=now.compare_to(then, regression_threshold=0.4))
    assert "0 regressed, 0 improved" in now.to_markdown(baseline=now.compare_to(then, regression_threshold=0.6))


def test_the_verdict_of_a_comparison_is_that_of_the_report() -> None:
    rows = [(str(at), "yes", 0.9) for at in range(20)]
    worse = [(id, "no", 0.9) for id, _, _ in rows]
    assert "**❌ regressed: " in evaluate(*worse).to_markdown(baseline=evaluate(*rows))
    assert "**✅ improved: " in evaluate(*rows).to_markdown(baseline=evaluate(*worse))
    assert "**❔ inconclusive: " in evaluate(*rows).to_markdown(baseline=evaluate(*rows))


def test_a_comparison_of_other_results_is_refused() -> None:
    with pytest.raises(ValueError, match="comparison of other results"):
        BEFORE.to_html(baseline=RESULTS.compare_to(BEFORE))


def test_a_baseline_of_another_kind_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        RESULTS.to_html(baseline="baseline.json")  # type: ignore[arg-type]
