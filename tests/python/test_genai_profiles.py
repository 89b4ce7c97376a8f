"""Profiles of evaluations: tasks that are tested as a dataset's, kept as a document, and run over the records of an application."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scouter import AlertCondition, AlertThreshold, CommonCrons, Drifter, DriftType, GenAIAlertConfig, PsiDriftConfig, SlackDispatchConfig
from scouter.errors import ConfigError, ModelError, ProfileError, RecordError, ResultsError
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    DriftTask,
    GenAIEvalConfig,
    GenAIEvalDataset,
    GenAIEvalProfile,
    GenAIEvalRecord,
    GenAIEvalResultSet,
    LLMJudgeTask,
    SpanFilter,
    TasksFile,
    TraceAssertion,
    TraceAssertionTask,
)
from scouter.genai import OpenAIChatSettings, Prompt, Provider, Score
from scouter.mock import LLMTestServer, create_simple_trace

GOLDEN = Path(__file__).parents[1] / "golden" / "genai_profile_1.json"


def answered(**more: Any) -> AssertionTask:
    given: dict[str, Any] = {"context_path": "reply", "operator": ComparisonOperator.IsNotEmpty, "condition": True, **more}
    return AssertionTask(id="answered", expected_value=None, **given)


def short(**more: Any) -> AssertionTask:
    given: dict[str, Any] = {"context_path": "reply", "depends_on": ["answered"], **more}
    return AssertionTask(id="short", operator=ComparisonOperator.HasLengthLessThan, expected_value=10, **given)


def judge(**more: Any) -> LLMJudgeTask:
    prompt = Prompt("Rate ${reply}.", "gpt-4o-mini", Provider.OpenAI, output_type=Score, **more)
    return LLMJudgeTask(
        id="quality", prompt=prompt, expected_value=0, context_path="score", operator=ComparisonOperator.GreaterThanOrEqual
    )


def traced() -> TraceAssertionTask:
    assertion = TraceAssertion.span_count(SpanFilter.by_name("root"))
    return TraceAssertionTask(id="one_root", assertion=assertion, expected_value=1, operator=ComparisonOperator.Equals)


def config(**more: Any) -> GenAIEvalConfig:
    alert_config = GenAIAlertConfig(
        dispatch_config=SlackDispatchConfig(channel="#ml-alerts"),
        schedule="0 */6 * * *",
        alert_condition=AlertCondition(baseline_value=0.80, alert_threshold=AlertThreshold.Below, delta=0.05),
    )
    given = {"space": "production", "name": "agent", "version": "1.0.0", "sample_ratio": 0.1, "alert_config": alert_config, **more}
    return GenAIEvalConfig(**given)


def records() -> list[GenAIEvalRecord]:
    replies = {"good": "yes", "empty": "", "long": "much too long a reply"}
    return [GenAIEvalRecord(context={"reply": reply}, id=id) for id, reply in replies.items()]


# --- what it is made of


def test_a_profile_is_made_of_the_tasks_of_a_dataset() -> None:
    profile = GenAIEvalProfile(config=config(), tasks=[judge(), short(), traced(), answered()], alias="agent")
    assert (profile.config.space, profile.config.name, profile.config.version) == ("production", "agent", "1.0.0")
    assert (profile.config.sample_ratio, profile.config.drift_type, profile.alias) == (0.1, DriftType.GenAI, "agent")
    assert [task.id for task in profile.tasks] == ["quality", "short", "one_root", "answered"]
    assert [task.id for task in profile.assertion_tasks] == ["short", "answered"]
    assert [task.id for task in profile.llm_judge_tasks] == ["quality"]
    assert [task.id for task in profile.trace_assertion_tasks] == ["one_root"]


@pytest.mark.parametrize(
    ("task", "has"),
    [(answered, (True, False, False)), (judge, (False, True, False)), (traced, (False, False, True))],
    ids=["assertion", "judge", "trace"],
)
def test_a_profile_says_what_kinds_of_task_it_has(task: Callable[[], Any], has: tuple[bool, bool, bool]) -> None:
    profile = GenAIEvalProfile([task()])
    assert (profile.has_assertions(), profile.has_llm_tasks(), profile.has_trace_assertions()) == has


def test_a_configuration_has_its_defaults() -> None:
    usual = GenAIEvalConfig()
    assert (usual.space, usual.name, usual.version, usual.sample_ratio) == ("__missing__", "__missing__", "0.1.0", 1.0)
    assert (usual.alert_config.schedule, usual.alert_config.alert_condition) == (CommonCrons.EveryDay.cron, None)
    assert usual.uid and usual.uid != GenAIEvalConfig().uid
    profile = GenAIEvalProfile([answered()])
    assert profile.config.name == "__missing__" and profile.uid == profile.config.uid != ""


def test_a_configuration_can_be_set() -> None:
    made = GenAIEvalConfig()
    made.space, made.name, made.version, made.uid, made.sample_ratio = "s", "n", "2.0.0", "u", 0.25
    made.alert_config = GenAIAlertConfig(schedule=CommonCrons.EveryHour)
    made.alert_config.schedule = "0 7 * * *"
    kept = GenAIEvalConfig.model_validate_json(made.model_dump_json())
    assert kept == made and (kept.space, kept.uid, kept.sample_ratio, kept.alert_config.schedule) == ("s", "u", 0.25, "0 7 * * *")


def test_update_config_args_changes_what_is_given() -> None:
    made = config()
    made.update_config_args(name="other", alert_config=GenAIAlertConfig())
    assert (made.space, made.name, made.alert_config.alert_condition) == ("production", "other", None)
    profile = GenAIEvalProfile([answered()], config())
    profile.update_config_args(version="1.1.0", uid="u")
    assert (profile.config.name, profile.config.version, profile.uid) == ("agent", "1.1.0", "u")


def test_a_profile_has_a_configuration_of_its_own() -> None:
    made = config()
    profile = GenAIEvalProfile([answered()], made)
    made.name = "other"
    assert profile.config.name == "agent" and profile.uid == made.uid


def test_a_task_that_is_changed_later_does_not_change_what_is_stored() -> None:
    task = answered()
    profile = GenAIEvalProfile([task])
    before = profile.model_dump_json()
    task.context_path = "elsewhere"
    assert profile.model_dump_json() == before


def test_drifter_makes_profiles_by_either_name() -> None:
    tasks, made = [answered(), short()], config()
    named = Drifter().create_genai_drift_profile(made, tasks, alias="a")
    assert isinstance(named, GenAIEvalProfile) and named.alias == "a"
    chosen = Drifter().create_drift_profile(tasks, made)
    assert isinstance(chosen, GenAIEvalProfile)
    assert chosen == GenAIEvalProfile(tasks, made) == Drifter().create_genai_drift_profile(made, tasks)


def test_a_profile_has_the_plan_of_a_dataset(capsys: pytest.CaptureFixture[str]) -> None:
    tasks = [short(), answered(), judge()]
    dataset, profile = GenAIEvalDataset(records=records(), tasks=tasks), GenAIEvalProfile(tasks)
    assert profile.get_execution_plan() == dataset.get_execution_plan() == [["answered", "quality"], ["short"]]
    dataset.print_execution_plan()
    of_dataset = capsys.readouterr().out
    profile.print_execution_plan()
    assert capsys.readouterr().out == of_dataset and "answered (Assertion) [gate]" in of_dataset


# --- what it is kept as


def documents() -> list[Any]:
    exact = AssertionTask(id="exact", context_path="n", operator=ComparisonOperator.LessThan, expected_value=2**70)
    tenth = AssertionTask(id="tenth", context_path="n", operator=ComparisonOperator.LessThan, expected_value=Decimal("0.10"))
    profile = GenAIEvalProfile([judge(), short(), traced(), answered(), exact, tenth], config(), "ünï")
    return [config(), profile, GenAIEvalProfile.from_file(GOLDEN)]


DOCUMENTS = documents()
NAMES = ["configuration", "profile", "golden"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_a_document_comes_back_exactly(document: Any, tmp_path: Path) -> None:
    kind = type(document)
    assert kind.model_validate_json(document.model_dump_json()) == document
    assert kind.model_validate(document.model_dump()) == document
    assert pickle.loads(pickle.dumps(document)) == copy.deepcopy(document) == document
    path = document.save_to_json(tmp_path / "document")
    assert path == tmp_path / "document.json" and kind.from_file(path) == document
    assert kind.from_file(path).model_dump_json() == document.model_dump_json()
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == 1


def test_a_configuration_is_read_by_its_own_name(tmp_path: Path) -> None:
    made = config()
    assert GenAIEvalConfig.load_from_json_file(made.save_to_json(tmp_path / "config.json")) == made


def test_documents_are_saved_under_their_own_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert GenAIEvalProfile([answered()]).save_to_json().name == "genai_eval_profile.json"
    assert GenAIEvalConfig().save_to_json().name == "genai_eval_config.json"


def test_a_profile_that_was_kept_is_read_as_it_was() -> None:
    profile = GenAIEvalProfile.from_file(GOLDEN)
    assert (profile.uid, profile.alias, profile.config.sample_ratio) == ("0195a5c0-0000-7000-8000-000000000001", "agent", 0.1)
    assert profile.config.alert_config.alert_condition == AlertCondition(0.8, AlertThreshold.Below, 0.05)
    expected = {task.id: task.expected_value for task in profile.tasks}
    assert expected == {"not_empty": 10, "quality": 4, "few_queries": 3, "large": 2**70, "cheap": Decimal("0.10")}
    assert profile.llm_judge_tasks[0].description == "ünï: at least 4 of 5"
    assert profile.model_dump() == {**json.loads(GOLDEN.read_text(encoding="utf-8")), "tasks": profile.model_dump()["tasks"]}


def test_the_tasks_stand_in_it_as_in_a_task_file(tmp_path: Path) -> None:
    tasks = [short(), answered(), traced(), judge()]
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps({"tasks": GenAIEvalProfile(tasks).model_dump()["tasks"]}), encoding="utf-8")
    assert list(TasksFile.from_path(path)) == tasks
    assert GenAIEvalProfile(TasksFile.from_path(path)).tasks == tasks


def test_prompts_are_stored_and_keys_never_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    settings = OpenAIChatSettings(temperature=0.5, headers={"x-key": "also-secret"}, proxy="http://me:secret-too@proxy:1")
    profile = GenAIEvalProfile([judge(model_settings=settings)])
    text = profile.save_to_json(tmp_path / "p.json").read_text(encoding="utf-8")
    assert "Rate ${reply}." in text and '"temperature": 0.5' in text
    assert "secret" not in text + profile.model_dump_json() + repr(profile) + str(profile)


# --- what records come to


def test_records_come_to_what_they_come_to_in_a_dataset() -> None:
    tasks = [answered(), short()]
    found = Drifter().compute_drift(records(), GenAIEvalProfile(tasks))
    results = GenAIEvalDataset(records=records(), tasks=tasks).evaluate()
    assert isinstance(found, GenAIEvalResultSet) and len(found) == 3
    assert found.pass_rate == results.pass_rate == 0.5
    assert [[task.passed for task in of.records] for of in found.records] == [[task.passed for task in row] for row in results]
    assert found["long"].records[1].message == results["long"]["short"].message
    assert found.results.task_counts()["short"].failed == 1
    assert found.as_table() == found.results.as_table()


def test_traces_are_evaluated_too() -> None:
    record = GenAIEvalRecord(context={}, trace=create_simple_trace())
    assert Drifter().compute_drift([record], GenAIEvalProfile([traced()])).pass_rate == 1.0


def test_judges_of_a_profile_that_was_kept_ask_their_model() -> None:
    profile = GenAIEvalProfile.model_validate_json(GenAIEvalProfile([judge()]).model_dump_json())
    with LLMTestServer() as server:
        found = Drifter().compute_drift(records()[:1], profile)
    assert server.calls == 1 and found["good"]["quality"].passed
    assert found["good"]["quality"].actual == found.results["good"]["quality"].actual


def test_a_judge_without_a_key_is_told_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises((ConfigError, ModelError), match="OPENAI_API_KEY"):
        Drifter().compute_drift(records(), GenAIEvalProfile([judge()]))


def test_a_result_set_is_looked_up_and_gone_through() -> None:
    found = Drifter().compute_drift(records(), GenAIEvalProfile([answered(), short()]))
    assert found[0] == found["good"] == found.records[0] and found[-1] == found["long"]
    assert "good" in found and "bad" not in found
    assert [of.record_uid for of in found] == [of.record_uid for of in found.records]
    assert found[found[1].record_uid] == found["empty"]
    with pytest.raises(KeyError, match="no record has the id `god`; did you mean `good`"):
        found["god"]
    with pytest.raises(IndexError, match="there is no record 3"):
        found[3]


def test_a_result_set_comes_back_exactly() -> None:
    found = Drifter().compute_drift(records(), GenAIEvalProfile([answered(), short()]))
    again = GenAIEvalResultSet.model_validate_json(found.model_dump_json())
    assert again == found == pickle.loads(pickle.dumps(found))
    assert again["long"] == found["long"] and again.results == found.results
    assert repr(found) == "GenAIEvalResultSet(3 records, pass_rate=50.0% (1/2))"
    assert found.model_dump_json() == found.results.model_dump_json()
    with pytest.raises(ResultsError):
        GenAIEvalResultSet.model_validate_json("{}")


# --- what is refused


@pytest.mark.parametrize("ratio", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_sample_ratio_is_a_share(ratio: float) -> None:
    with pytest.raises(ValueError, match="`sample_ratio` is `.*`: it must be from 0 to 1"):
        GenAIEvalConfig(sample_ratio=ratio)
    made = GenAIEvalConfig(sample_ratio=0.5)
    with pytest.raises(ValueError, match="`sample_ratio`"):
        made.sample_ratio = ratio
    assert made.sample_ratio == 0.5


@pytest.mark.parametrize("ratio", [0, 0.0, 1])
def test_all_records_and_none_are_shares(ratio: float) -> None:
    assert GenAIEvalConfig(sample_ratio=ratio).sample_ratio == ratio


@pytest.mark.parametrize(
    ("baseline", "delta", "part"),
    [(80, 0.05, "`baseline_value` is `80`"), (-0.1, None, "`baseline_value` is `-0.1`"), (0.8, 5, "`delta` is `5`")],
)
def test_a_condition_of_a_pass_rate_is_a_share(baseline: float, delta: float | None, part: str) -> None:
    condition = AlertCondition(baseline, AlertThreshold.Below, delta)
    with pytest.raises(ValueError, match=f"{part}: a pass rate is from 0 to 1"):
        GenAIAlertConfig(alert_condition=condition)


def test_a_function_cannot_be_stored() -> None:
    function = CustomTask("Mine", lambda context: True)
    GenAIEvalDataset(records=records(), tasks=[function])
    with pytest.raises(ConfigError, match="task `mine`: it lives in code alone, and a profile is stored") as caught:
        GenAIEvalProfile([answered(), function])
    assert [problem[0] for problem in caught.value.problems] == ["mine"]


def test_a_task_of_all_records_is_refused() -> None:
    baseline = Drifter().create_drift_profile({"n": [float(n) for n in range(100)]}, PsiDriftConfig())
    with pytest.raises(ConfigError, match="task `moved`: it looks at all records at once"):
        GenAIEvalProfile([answered(), DriftTask(id="moved", baseline=baseline, column="n")])


def test_all_problems_are_told_at_once() -> None:
    broken = [short(depends_on=["anwered"]), answered(context_path="a..b"), CustomTask("mine", len)]
    with pytest.raises(ConfigError) as caught:
        GenAIEvalProfile(broken)
    told = {(task, field) for task, field, _ in caught.value.problems}
    assert told == {("mine", None), ("short", "depends_on"), ("answered", "context_path")}


@pytest.mark.parametrize(
    ("tasks", "error", "part"),
    [
        ([], ConfigError, "there are no tasks"),
        (None, TypeError, "`tasks` is a `NoneType`"),
        ([{"id": "a"}], TypeError, "`dict` is not a task"),
    ],
    ids=["none", "None", "a dict"],
)
def test_what_are_no_tasks_is_refused(tasks: Any, error: type[Exception], part: str) -> None:
    for make in (GenAIEvalProfile, lambda tasks: Drifter().create_drift_profile(tasks, GenAIEvalConfig())):
        with pytest.raises(error, match=part):
            make(tasks)


def test_a_configuration_of_something_else_is_refused() -> None:
    other: Any = PsiDriftConfig()
    with pytest.raises(TypeError, match="PsiDriftConfig"):
        GenAIEvalProfile([answered()], other)
    with pytest.raises(TypeError, match="a `CustomMetricDriftConfig` or a `GenAIEvalConfig`"):
        Drifter().create_drift_profile([answered()], "config")


@pytest.mark.parametrize(
    ("data", "error", "part"),
    [
        ([], RecordError, "there are no records"),
        ([{"reply": "yes"}], TypeError, "record 0 is not a GenAIEvalRecord, but a `dict`"),
        (GenAIEvalRecord(context={}), TypeError, "put it in a list"),
    ],
    ids=["none", "a dict", "one alone"],
)
def test_what_are_no_records_is_refused(data: Any, error: type[Exception], part: str) -> None:
    with pytest.raises(error, match=part):
        Drifter().compute_drift(data, GenAIEvalProfile([answered()]))


def test_records_and_tasks_are_not_split() -> None:
    with pytest.raises(ValueError, match="records are not split"):
        Drifter().compute_drift(records(), GenAIEvalProfile([answered()]), by="reply")
    with pytest.raises(ValueError, match="tasks are not split"):
        Drifter().create_drift_profile([answered()], GenAIEvalConfig(), by="reply")


def golden_with(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda of: of.update(format=99), "written in format `99`.*install a newer version"),
        (lambda of: of.pop("format"), "it has no `format`"),
        (lambda of: of.update(kind="genai_eval_config"), "it is a `genai_eval_config`, not a `genai_eval_profile`"),
        (lambda of: of.pop("config"), "missing field `config`"),
        (lambda of: of.pop("tasks"), "missing field `tasks`"),
        (lambda of: of.pop("scouter_version"), "missing field `scouter_version`"),
        (lambda of: of["config"].update(sample_ratio=2), "`sample_ratio` is `2`"),
        (lambda of: of["config"].update(space=1), "expected a string"),
        (lambda of: of["config"]["alert_config"].update(schedule="daily"), "read `daily` as a cron expression"),
        (lambda of: of["config"]["alert_config"]["alert_condition"].update(baseline_value=80), "a pass rate is from 0 to 1"),
        (lambda of: of["tasks"][0].update(operator="HasLenght"), "task `not_empty`, field `operator`"),
        (lambda of: of["tasks"][0].update(pathh="x"), "task `not_empty`, field `pathh`: unknown field"),
        (lambda of: of["tasks"][1].update(depends_on=["nobody"]), "task `quality`, field `depends_on`"),
        (lambda of: of["tasks"][1].pop("prompt"), "task `quality`, field `prompt`"),
        (lambda of: of["tasks"].clear(), "there are no tasks"),
    ],
)
def test_a_damaged_profile_says_what_is_wrong(change: Callable[[dict[str, Any]], Any], part: str) -> None:
    document = golden_with(change)
    with pytest.raises(ProfileError, match=part):
        GenAIEvalProfile.model_validate(document)
    with pytest.raises(ProfileError, match=part):
        GenAIEvalProfile.model_validate_json(json.dumps(document))


def test_a_file_that_is_cut_off_says_which(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_bytes(GOLDEN.read_bytes()[:300])
    with pytest.raises(ProfileError, match="cut.json"):
        GenAIEvalProfile.from_file(path)
