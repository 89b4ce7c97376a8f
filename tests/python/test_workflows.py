"""Agents and workflows: one prompt, or a graph of prompts, over the engine that runs evaluations."""

from __future__ import annotations

import gc
import json
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from typing import Any, Literal, Optional, Union, cast

import pytest
from pydantic import BaseModel

from scouter._schema import same_form
from scouter.errors import ConfigError, ModelError
from scouter.genai import (
    Agent,
    AgentResponse,
    ModelOptions,
    OpenAIChatSettings,
    Prompt,
    Provider,
    Score,
    ScriptedModel,
    Task,
    TaskStatus,
    Workflow,
)
from scouter.mock import LLMTestServer, Reply


class City(BaseModel):
    name: str
    people: int


class Capital(BaseModel):
    """A city by another name."""

    name: str
    people: int


@dataclass
class Town:
    name: str


class Tone(Enum):
    kind = "kind"
    rude = "rude"


@dataclass
class Judged:
    tone: Tone
    towns: list[Town]
    level: Literal[1, 2, 3]
    best: Optional[Town] = None
    by_name: dict[str, Town] = field(default_factory=dict)
    said: list[Union[Tone, Town, str, int]] = field(default_factory=list)


@dataclass
class Visit:
    on: date
    opens: time
    since: datetime
    until: Optional[date] = None
    seen: list[Union[datetime, date, str]] = field(default_factory=list)


def prompt(text: str, provider: Any = "openai", **more: Any) -> Prompt:
    return Prompt(messages=text, model="m", provider=provider, **more)


def said(request: dict[str, Any]) -> str:
    return str(request["messages"][-1]["content"])


def scripted(replies: Any) -> tuple[ScriptedModel, ModelOptions]:
    model = ScriptedModel(replies)
    return model, ModelOptions(model=model)


# Agents.


def test_prompts_and_answers_name_their_type_in_annotations() -> None:
    prompts, answers = cast(Any, Prompt), cast(Any, AgentResponse)
    assert (prompts[Score].__origin__, prompts[Score].__args__) == (Prompt, (Score,))
    assert answers[City, dict[str, Any]].__args__ == (City, dict[str, Any])


def test_an_agent_answers_a_prompt() -> None:
    with LLMTestServer("hello") as server:
        response = Agent(Provider.OpenAI).execute_prompt(prompt("Say hello."))
        assert server.requests[0].text == "Say hello."
    assert (response.response, response.structured_output, response.response_text()) == ("hello", "hello", "hello")
    assert (response.token_usage.output_tokens or 0) > 0 and response.call.attempts == 1


def test_a_prompt_of_an_agent_need_not_name_anything(caplog: pytest.LogCaptureFixture) -> None:
    _, options = scripted(["ok"])
    Agent("openai", models=options).execute_prompt(prompt("Say hello."))
    assert caplog.messages == []


def test_a_bound_name_in_braces_is_told_as_plain_text(caplog: pytest.LogCaptureFixture) -> None:
    _, options = scripted(["ok"])
    Agent("openai", models=options).execute_prompt(prompt("Where is {{ city }}? Answer as {place}.").bind(city="Bern"))
    assert caplog.messages == ["the prompt has names of values as plain text; `{{ city }}` is plain text: write `${city}`"]


def test_an_agents_instructions_go_before_those_of_the_prompt() -> None:
    agent = Agent("anthropic", "Be brief.")
    with LLMTestServer("ok") as server:
        agent.execute_prompt(prompt("Hi.", "undefined", system_instructions="Be kind."))
        (request,) = server.requests
    assert (request.provider, request.system, request.text) == ("anthropic", "Be brief.Be kind.", "Hi.")


@pytest.mark.parametrize("given", [City, Town], ids=["pydantic", "dataclass"])
def test_an_answer_has_the_type_that_is_asked_for(given: Any) -> None:
    _, options = scripted([{"name": "Bern", "people": 134_000} if given is City else {"name": "Bern"}])
    response = Agent("openai", models=options).execute_prompt(prompt("Name a city."), output_type=given)
    assert response.structured_output == (City(name="Bern", people=134_000) if given is City else Town("Bern"))
    assert response.response["name"] == "Bern"


def test_what_is_inside_of_a_dataclass_has_its_type_too() -> None:
    bern = {"name": "Bern"}
    answer = {
        "tone": "kind",
        "towns": [bern],
        "level": 2,
        "best": bern,
        "by_name": {"capital": bern},
        "said": ["rude", bern, "other", 7],
    }
    _, options = scripted([answer])
    judged = Agent("openai", models=options).execute_prompt(prompt("Judge."), output_type=Judged).structured_output
    assert judged == Judged(Tone.kind, [Town("Bern")], 2, Town("Bern"), {"capital": Town("Bern")}, [Tone.rude, Town("Bern"), "other", 7])


def visit(**said: Any) -> Visit:
    """What is made of an answer that says this, and what is true of every visit."""
    _, options = scripted([{"on": "2026-01-31", "opens": "09:30:00Z", "since": "2026-01-31T12:00:00.5-05:00", **said}])
    return Agent("openai", models=options).execute_prompt(prompt("When?"), output_type=Visit).structured_output


def test_dates_and_times_inside_of_a_dataclass_are_objects() -> None:
    since = datetime(2026, 1, 31, 12, 0, 0, 500_000, timezone(timedelta(hours=-5)))
    opens = time(9, 30, tzinfo=timezone.utc)
    seen = [datetime(2026, 1, 31, 12, tzinfo=timezone.utc), date(2026, 1, 31), "in May", "20260131"]
    expected = Visit(date(2026, 1, 31), opens, since, date(2026, 2, 1), seen)
    assert visit(until="2026-02-01", seen=["2026-01-31T12:00:00Z", "2026-01-31", "in May", "20260131"]) == expected
    assert visit(until=None).until is None


def test_a_text_that_is_no_date_is_told() -> None:
    with pytest.raises(ValueError, match="the answer has the text `soon` in the place of a `date`"):
        visit(on="soon")


def test_what_a_dataclass_may_go_without_is_its_default() -> None:
    _, options = scripted([{"tone": "rude", "towns": [], "level": 1, "best": None}])
    judged = Agent("openai", models=options).execute_prompt(prompt("Judge."), output_type=Judged).structured_output
    assert judged == Judged(Tone.rude, [], 1)


def test_a_long_answer_is_whole() -> None:
    _, options = scripted(["x" * 100_000])
    assert Agent("openai", models=options).execute_prompt(prompt("Go on.")).response == "x" * 100_000


def test_an_agent_that_gets_no_answer_raises_the_cause() -> None:
    with LLMTestServer(Reply(status=400, answer="no such thing")):
        with pytest.raises(ModelError, match="no such thing") as caught:
            Agent("openai").execute_prompt(prompt("Hi."))
    assert caught.value.results.usage.failed == 1


def test_a_prompt_that_is_not_bound_says_what_it_needs() -> None:
    model, options = scripted(["ok"])
    with pytest.raises(ConfigError, match="city"):
        Agent("openai", models=options).execute_prompt(prompt("Where is ${city}?"))
    assert Agent("openai", models=options).execute_prompt(prompt("Where is ${city}?").bind(city="Bern")).response == "ok"
    assert said(model.asked[0]) == "Where is Bern?"


def test_a_misspelt_path_into_what_is_bound_is_told_with_the_nearest() -> None:
    _, options = scripted(["ok"])
    bound = prompt("Where is ${place.ctiy}?").bind(place={"city": "Bern"})
    with pytest.raises(ModelError, match="there is no `place.ctiy`; did you mean `place.city`[?]"):
        Agent("openai", models=options).execute_prompt(bound)


class Place(City, extra="allow"):
    pass


def test_a_misspelt_path_into_an_answer_is_told_with_the_nearest() -> None:
    _, options = scripted([{"name": "Bern", "people": 134_000}, "ok"])
    agent = Agent("openai", models=options)
    flow = Workflow("cities")
    flow.add_agent(agent)
    flow.add_task(Task(agent.id, prompt("Name a city."), id="city"), Place)
    flow.add_task(Task(agent.id, prompt("Where is ${city.nmae}?"), id="where", dependencies=["city"]))
    told = "failed to fill in the prompt, `messages[0]`: there is no `city.nmae`; did you mean `city.name`?"
    assert flow.run().tasks["where"].error == told


def test_a_path_that_the_form_of_an_answer_does_not_have_is_told_before_anything_is_asked() -> None:
    model, options = scripted([])
    agent = Agent("openai", models=options)
    flow = Workflow("cities")
    flow.add_agent(agent)
    flow.add_task(Task(agent.id, prompt("Name a city."), id="City"), City)
    flow.add_task(Task(agent.id, prompt("Where is ${city.nmae}?"), id="where", dependencies=["City"]))
    with pytest.raises(ConfigError, match="the reply has no `nmae`; did you mean `name`[?]") as caught:
        flow.run()
    assert [(problem.task, problem.field) for problem in caught.value.problems] == [("where", "prompt")]
    assert model.asked == []


def test_a_task_has_a_status() -> None:
    _, options = scripted(["ok"])
    agent = Agent("openai", models=options)
    task = Task(agent.id, prompt("Hi."), id="hi")
    assert task.status is TaskStatus.Pending
    assert agent.execute_task(task).id == "hi" and task.status is TaskStatus.Completed
    with pytest.raises(ModelError):
        agent.execute_task(task)  # the script has ended
    assert task.status is TaskStatus.Failed


def test_an_agents_budget_is_for_all_that_it_is_asked() -> None:
    agent = Agent("openai", models=ModelOptions(budget_calls=2))
    flow = Workflow("more")
    flow.add_agent(agent)
    flow.add_task(Task(agent.id, prompt("Hi."), id="hi"))
    with LLMTestServer("ok") as server:
        assert agent.execute_prompt(prompt("Hi.")).response == "ok"
        assert flow.run().result == "ok"
        with pytest.raises(ModelError, match="the budget of calls is used up: 2 of 2 calls were made"):
            agent.execute_prompt(prompt("Hi."))
        agent.models = ModelOptions(budget_calls=1)
        assert agent.execute_prompt(prompt("Hi.")).response == "ok"
        assert server.calls == 3


def test_an_agent_keeps_its_connections_between_prompts() -> None:
    with LLMTestServer("ok") as server:
        agent = Agent("openai")
        for _ in range(10):
            agent.execute_prompt(prompt("Hi."))
        # Another one may be opened while the first is on its way back.
        assert (server.calls, server.connections <= 3) == (10, True)


@pytest.mark.parametrize("models", [None, ModelOptions()], ids=["its agent's", "its own"])
def test_a_workflow_keeps_its_connections_between_runs(models: Any) -> None:
    with LLMTestServer("ok") as server:
        flow = Workflow("again", models=models)
        agent = Agent("openai")
        flow.add_agent(agent)
        flow.add_task(Task(agent.id, prompt("Hi."), id="hi"))
        for _ in range(5):
            assert flow.run().result == flow.execute_task("hi") == "ok"
        assert (server.calls, server.connections <= 3) == (10, True)


def test_an_agent_goes_where_the_environment_says_now() -> None:
    agent = Agent("openai")
    for answer in ("one", "other"):
        with LLMTestServer(answer):
            assert agent.execute_prompt(prompt("Hi.")).response == answer
    with LLMTestServer("by a proxy") as proxy, pytest.MonkeyPatch.context() as environment:
        environment.setenv("HTTP_PROXY", proxy.url)
        environment.setenv("OPENAI_BASE_URL", "http://provider.invalid/v1")
        assert agent.execute_prompt(prompt("Hi.")).response == "by a proxy"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_child_opens_connections_of_its_own() -> None:
    with LLMTestServer("ok") as server:
        agent = Agent("openai")
        agent.execute_prompt(prompt("Hi."))
        before = server.connections
        child = os.fork()
        if child == 0:
            right = False
            try:
                right = agent.execute_prompt(prompt("Hi.")).response == "ok"
            finally:
                os._exit(0 if right else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert (server.calls, server.connections) == (2, before + 1)
        # What the child did with its copy is nothing to the parent.
        assert agent.execute_prompt(prompt("Hi.")).response == "ok"
        assert (server.calls, server.connections) == (3, before + 1)


def test_an_agents_connections_end_with_it() -> None:
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}]}).encode()
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        agent = Agent("openai", models=ModelOptions(base_url=f"http://127.0.0.1:{server.getsockname()[1]}/v1"))
        answered = pool.submit(agent.execute_prompt, prompt("Hi."))
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as received:
            head = iter(received.readline, b"\r\n")
            length = next(int(line.split(b":")[1]) for line in head if line.lower().startswith(b"content-length:"))
            for _ in head:
                pass
            received.read(length)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
            assert answered.result(timeout=30).response == "ok"
            del agent, answered
            gc.collect()
            connection.settimeout(30)
            assert received.read(1) == b""


def test_how_likely_tokens_were_is_told_where_it_is_asked_for() -> None:
    tokens = [{"token": "o", "logprob": -0.25, "top_logprobs": []}, {"token": "k", "logprob": 0.0, "top_logprobs": []}]
    choice = {"message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop", "logprobs": {"content": tokens}}
    with LLMTestServer([Reply(body=json.dumps({"choices": [choice]})), "ok"]) as server:
        agent = Agent("openai")
        told = agent.execute_prompt(prompt("Hi.", model_settings=OpenAIChatSettings(logprobs=True)))
        assert server.requests[0].body["logprobs"] is True
        assert agent.execute_prompt(prompt("Hi.")).log_probs == []
    assert told.log_probs == [("o", -0.25), ("k", 0.0)]
    assert (told.log_probs[0].token, told.log_probs[0].logprob) == ("o", -0.25)


# Workflows.


def workflow(replies: Any) -> tuple[Workflow, ScriptedModel]:
    model, options = scripted(replies)
    flow = Workflow("travel", models=options)
    agent = Agent("openai")
    flow.add_agent(agent)
    flow.add_task(Task(agent.id, prompt("Name a city in ${country}."), id="City"), City)
    flow.add_tasks(
        [
            Task(agent.id, prompt("Rate ${city.name}.", output_type=Score), id="rate", dependencies=["City"]),
            Task(agent.id, prompt("${city.people} people, score ${rate.score}: go?"), id="go", dependencies=["City", "rate"]),
        ]
    )
    return flow, model


def answers(request: dict[str, Any]) -> Any:
    asked = said(request)
    if asked.startswith("Name"):
        return City(name="Bern", people=134_000)
    return Score(5, "fine") if asked.startswith("Rate") else "yes"


def test_tasks_see_the_answers_of_those_they_depend_on() -> None:
    flow, model = workflow(answers)
    result = flow.run({"country": "Switzerland"})
    assert [said(request) for request in model.asked] == ["Name a city in Switzerland.", "Rate Bern.", "134000 people, score 5: go?"]
    assert result.result == "yes"
    assert result.tasks["City"].result is not None and result.tasks["City"].result.structured_output == City(name="Bern", people=134_000)
    assert {task.status for task in result.tasks.values()} == {TaskStatus.Completed}
    assert flow.is_complete() and flow.pending_count() == 0


def test_events_tell_when_a_task_runs_and_when_it_was_answered() -> None:
    flow, _ = workflow(answers)
    happened = flow.run({"country": "Switzerland"}).events
    of_each = (TaskStatus.Running, TaskStatus.Completed)
    assert [(event.task_id, event.status) for event in happened] == [(id, status) for id in ("City", "rate", "go") for status in of_each]
    assert sorted(event.timestamp for event in happened) == [event.timestamp for event in happened]


def test_events_tell_what_ran_and_failed_and_what_never_ran() -> None:
    flow, _ = workflow(lambda request: "no city")
    happened = flow.run({"country": "Switzerland"}).events
    assert [(event.task_id, event.status.name) for event in happened] == [("City", "Running"), ("City", "Failed"), ("rate", "Failed"), ("go", "Failed")]
    assert happened[-1].details == "`City` errored"


def test_a_task_is_pending_until_it_runs() -> None:
    seen: list[list[str]] = []

    def look(request: dict[str, Any]) -> Any:
        seen.append([task.status.name for task in flow.task_list.values()])
        return answers(request)

    flow, _ = workflow(look)
    flow.run({"country": "Switzerland"})
    assert seen == [["Running", "Pending", "Pending"], ["Completed", "Running", "Pending"], ["Completed", "Completed", "Running"]]


def test_a_plan_has_the_tasks_stage_by_stage() -> None:
    flow, _ = workflow(answers)
    assert flow.execution_plan() == {"1": ["City"], "2": ["rate"], "3": ["go"]}
    assert flow.pending_count() == 3 and not flow.is_complete()


def test_tasks_that_do_not_wait_for_each_other_are_asked_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=10)

    def meet(request: dict[str, Any]) -> str:
        both.wait()
        return said(request)

    _, options = scripted(meet)
    flow = Workflow("two", models=options)
    agent = Agent("openai")
    flow.add_agents([agent])
    flow.add_tasks([Task(agent.id, prompt("a"), id="a"), Task(agent.id, prompt("b"), id="b")])
    assert {task.result.response for task in flow.run().tasks.values() if task.result} == {"a", "b"}


def test_what_depends_on_a_task_that_failed_says_so() -> None:
    flow, _ = workflow(lambda request: "no city" if said(request).startswith("Name") else answers(request))
    result = flow.run({"country": "Switzerland"})
    assert [task.status for task in result.tasks.values()] == [TaskStatus.Failed] * 3
    assert "does not fit the schema" in str(result.tasks["City"].error)
    assert result.tasks["go"].error == "`City` errored"
    assert result.result is None and not flow.is_complete()  # and nothing is raised


def test_names_of_the_context_and_of_answers_in_braces_are_told_as_plain_text(caplog: pytest.LogCaptureFixture) -> None:
    agent = Agent("openai")
    flow = Workflow("braces", models=scripted(["Bern.", "Yes."])[1])
    flow.add_agent(agent)
    flow.add_task(Task(agent.id, prompt("Name a city in {{country}}, as {name}."), id="City"))
    flow.add_task(Task(agent.id, prompt("Is {city} nice?"), id="nice", dependencies=["City"]))
    flow.run({"country": "Switzerland"})
    assert caplog.messages == [
        "the prompt of `City` has names of values as plain text; `{{country}}` is plain text: write `${country}`",
        "the prompt of `nice` has names of values as plain text; `{city}` is plain text: write `${city}`",
    ]


def test_one_task_is_asked_for_itself() -> None:
    flow, model = workflow(answers)
    assert flow.execute_task("rate", {"city": {"name": "Bern"}}) == {"score": 5, "reason": "fine"}
    assert len(model.asked) == 1


def test_a_context_that_is_no_dict_is_told_before_anything_is_asked() -> None:
    flow, model = workflow(answers)
    with pytest.raises(TypeError, match="the context is a `str`: give a dict of what prompts see by name"):
        flow.run("Switzerland")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="the context is a `list`: give a dict"):
        flow.run([])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="the context is a `list`: give a dict"):
        flow.execute_task("rate", ["Bern"])  # type: ignore[arg-type]
    assert model.asked == []


def test_an_agent_in_place_of_its_id_is_told() -> None:
    with pytest.raises(TypeError, match="^`agent_id` is a `Agent`: give the id of the agent, such as `agent.id`$"):
        Task(Agent("openai"), prompt("Hi."), id="hi")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["city", "City"])
def test_a_context_with_the_name_of_a_task_is_refused_before_anything_is_asked(name: str) -> None:
    flow, model = workflow(answers)
    with pytest.raises(ValueError, match=f"the context has `{name}`, which is the name of a task"):
        flow.run({"country": "CH", name: {"name": "old"}})
    with pytest.raises(ValueError, match="the context has `rate`"):
        flow.execute_task("rate", {"city": {"name": "Bern"}, "rate": 1})
    assert model.asked == []


def test_what_was_answered_before_a_run_ends_is_kept() -> None:
    flow = Workflow("two", models=ModelOptions(model=ScriptedModel(["Bern."]), budget_calls=1))
    agent = Agent("openai")
    flow.add_agent(agent)
    flow.add_tasks([Task(agent.id, prompt("a"), id="A"), Task(agent.id, prompt("b ${a}"), id="B", dependencies=["A"])])
    result = flow.run()
    assert result.tasks["A"].result is not None and result.tasks["A"].result.response == "Bern."
    assert result.tasks["B"].status is TaskStatus.Failed and result.results.cancelled


def test_models_of_agents_count_where_a_workflow_has_none() -> None:
    model, options = scripted(["ok", "ok"])
    flow = Workflow("one")
    agent = Agent("openai", models=options)
    flow.add_agent(agent)
    flow.add_task(Task(agent.id, prompt("Hi."), id="hi"))
    assert (flow.run().result, flow.execute_task("hi")) == ("ok", "ok")


def test_agents_of_a_workflow_that_ask_in_different_ways_are_refused() -> None:
    (one, first), (_, second), (_, of_all) = scripted(["a"]), scripted(["b"]), scripted(["c", "c"])
    flow = Workflow("two")
    agents = [Agent("openai", models=first), Agent("openai", models=second)]
    flow.add_agents(agents)
    flow.add_tasks([Task(agent.id, prompt("Hi."), id=f"hi {at}") for at, agent in enumerate(agents)])
    for ask in (flow.run, flow.execution_plan):
        with pytest.raises(ConfigError, match="other `models` than another one"):
            ask()
    assert one.asked == []
    flow.models = of_all
    assert flow.run().result == "c"


def test_what_a_workflow_took_is_in_its_results() -> None:
    flow, _ = workflow(answers)
    assert flow.run({"country": "Switzerland"}).results.usage.calls == 3


def test_the_results_of_a_workflow_are_of_its_own_tasks() -> None:
    flow, _ = workflow(answers)
    results = flow.run({"country": "Switzerland"}).results
    assert [task.task_id for task in results[0]] == ["city", "rate", "go"]
    assert (list(results.task_counts()), results[0].eval_set.total_tasks) == (["city", "rate", "go"], 3)
    assert [task.stage for task in results[0]] == [1, 2, 3]


def test_the_results_of_a_prompt_that_got_no_answer_are_of_it_alone() -> None:
    _, options = scripted([])
    with pytest.raises(ModelError) as caught:
        Agent("openai", models=options).execute_task(Task("x", prompt("Hi."), id="hi"))
    assert [task.task_id for task in caught.value.results[0]] == ["hi"]


def test_what_a_workflow_was_refused_with_is_of_its_own_tasks() -> None:
    with LLMTestServer(Reply(status=401, answer="no such key")):
        flow = Workflow("refused")
        agent = Agent("openai")
        flow.add_agent(agent)
        flow.add_task(Task(agent.id, prompt("Hi."), id="hi"))
        with pytest.raises(ModelError) as caught:
            flow.run()
    assert [task.task_id for task in caught.value.results[0]] == ["hi"]


def test_a_workflow_goes_through_json() -> None:
    flow, _ = workflow(answers)
    again = Workflow.model_validate_json(flow.model_dump_json(), {"City": City})
    assert again.model_dump_json() == flow.model_dump_json()
    assert again.execution_plan() == flow.execution_plan()
    with pytest.raises(ValueError, match="not the JSON of a `Workflow`"):
        Workflow.model_validate_json("{}")


def test_the_json_of_a_workflow_has_the_name_and_the_schema_of_an_output_type() -> None:
    flow, _ = workflow(answers)
    written = {task["id"]: task for task in json.loads(flow.model_dump_json())["tasks"]}
    assert written["City"]["output_type"] == {"name": "City", "schema": City.model_json_schema()}
    assert "output_type" not in written["rate"] and written["rate"]["prompt"]["output_type"] == "Score"


def read_without_its_types(replies: Any) -> Workflow:
    again = Workflow.model_validate_json(workflow(answers)[0].model_dump_json())
    again.models = scripted(replies)[1]
    return again


def test_a_workflow_that_is_read_without_its_types_answers_in_dicts() -> None:
    result = read_without_its_types(answers).run({"country": "Switzerland"})
    assert result.tasks["City"].result is not None and result.tasks["City"].result.structured_output == {"name": "Bern", "people": 134_000}
    assert result.result == "yes"


def test_a_workflow_that_is_read_without_its_types_still_checks_answers() -> None:
    result = read_without_its_types(lambda request: {"name": "Bern"}).run({"country": "Switzerland"})
    assert "does not fit the schema" in str(result.tasks["City"].error)


def test_a_class_that_is_given_at_reading_says_the_form_itself() -> None:
    again = Workflow.model_validate_json(workflow(answers)[0].model_dump_json(), {"City": Capital})
    assert json.loads(again.model_dump_json())["tasks"][0]["output_type"]["name"] == "Capital"
    with pytest.raises(KeyError, match="did you mean `City`"):
        Workflow.model_validate_json(again.model_dump_json(), {"Cty": City})


def test_a_class_in_place_of_the_classes_by_task_is_told() -> None:
    with pytest.raises(TypeError, match="^`output_types` is the class `City`: give a dict of classes by the ids of their tasks"):
        Workflow.model_validate_json(workflow(answers)[0].model_dump_json(), City)  # type: ignore[arg-type]


def test_a_class_of_another_form_than_was_written_is_refused_at_reading() -> None:
    text = workflow(answers)[0].model_dump_json()
    told = "task `{}`, field `output_type`: its answers have the form of `{}`, and `Town` has another: give a type of the same form, or none"
    for id, form in (("City", "City"), ("rate", "Score")):
        with pytest.raises(ConfigError) as caught:
            Workflow.model_validate_json(text, {id: Town})
        assert str(caught.value) == told.format(id, form)


def test_a_task_has_one_output_type() -> None:
    flow, _ = workflow(answers)
    with pytest.raises(ConfigError, match="the form of `Score`, and `City` has another"):
        flow.add_task(Task("x", prompt("Rate it.", output_type=Score), id="other"), City)
    with pytest.raises(ConfigError, match="the form of `City`, and `Town` has another"):
        flow.add_task_output_types({"City": Town})
    assert "other" not in flow.task_list
    flow.add_task(Task("x", prompt("Rate it.", output_type=Score), id="other"), Score)
    flow.add_task_output_types({"City": Capital})


def test_an_output_type_that_has_no_form_is_refused_as_a_task_is_added() -> None:
    flow, _ = workflow(answers)
    with pytest.raises(TypeError, match="`output_type` is list"):
        flow.add_task(Task("x", prompt("Name cities."), id="other"), list[str])
    assert "other" not in flow.task_list


@dataclass
class Tree:
    title: str
    towns: list[Town]


@dataclass
class Wood:
    towns: list[Town]
    title: str


@dataclass
class Shrub:
    title: int
    towns: list[Town]


class Hamlet(BaseModel):
    name: str


class Region(BaseModel):
    title: str
    towns: list[Hamlet]


@pytest.mark.parametrize(("other", "same"), [(Tree, True), (Wood, True), (Region, True), (Shrub, False), (Town, False)])
def test_classes_are_of_one_form_whatever_they_are_called(other: Any, same: bool) -> None:
    one, two = (json.loads(str(prompt("?", output_type=given).response_json_schema)) for given in (Tree, other))
    assert same_form(one, two) is same


@dataclass
class Ticket:
    kind: Literal["bug", "wish"] = "bug"
    state: Literal["open"] = "open"


class Issue(BaseModel):
    kind: Literal["bug", "wish"] = "bug"
    state: Literal["open"] = "open"


def test_choices_and_members_that_may_be_left_out_are_of_one_form_in_a_dataclass_and_in_a_model() -> None:
    one, two = (json.loads(str(prompt("?", output_type=given).response_json_schema)) for given in (Ticket, Issue))
    assert same_form(one, two)


def test_a_prompt_that_went_through_json_asks_for_the_same_form() -> None:
    again = Prompt.model_validate_json(prompt("Name a city.", output_type=City).model_dump_json())
    _, options = scripted([{"name": "Bern", "people": 134_000}])
    answer = Agent("openai", models=options).execute_prompt(again).structured_output
    assert (again.response_json_schema, answer) == (prompt("?", output_type=City).response_json_schema, {"name": "Bern", "people": 134_000})


def test_what_does_not_fit_together_says_why() -> None:
    flow, _ = workflow(answers)
    with pytest.raises(ValueError, match="a task `City` already"):
        flow.add_task(Task("x", prompt("a"), id="City"))
    with pytest.raises(KeyError, match="did you mean `rate`"):
        flow.execute_task("rat")
    with pytest.raises(ConfigError, match="has no tasks"):
        Workflow("empty").run()
    flow.add_task(Task("nobody", prompt("a"), id="lost"))
    with pytest.raises(ConfigError, match="there is no agent `nobody`"):
        flow.run({"country": "Switzerland"})
    with pytest.raises(TypeError, match=r"write `\['a'\]`"):
        Task("x", prompt("a"), dependencies="a")


def test_a_task_that_depends_on_nobody_known_is_told_before_anything_is_asked() -> None:
    flow, model = workflow(answers)
    flow.task_list["rate"].add_dependency("cty")
    with pytest.raises(ConfigError) as caught:
        flow.run({"country": "Switzerland"})
    assert str(caught.value) == "task `rate`, field `dependencies`: there is no task `cty` (did you mean `City`?)"
    assert model.asked == []


def refusal(*tasks: Task) -> str:
    """Why a workflow of these tasks is not run."""
    flow = Workflow("refused", models=scripted([])[1])
    agent = Agent("openai")
    agent.id = "somebody"
    flow.add_agent(agent)
    flow.add_tasks(tasks)
    with pytest.raises(ConfigError) as caught:
        flow.run({"country": "CH"})
    return str(caught.value)


def test_errors_of_a_workflow_call_tasks_and_fields_as_they_were_written() -> None:
    city = Task("somebody", prompt("Name a city."), id="City")
    one, two = (Task("somebody", prompt("Hi."), id=id, dependencies=[need]) for id, need in (("One", "Two"), ("Two", "One")))
    assert refusal(one, two) == "task `One`, field `dependencies`: `One` depends on itself: One → Two → One"
    near = Task("somebody", prompt("Where is ${cty.name}?"), id="Where", dependencies=["City"])
    told = "task `Where`, field `prompt`: `${cty.name}` has no source: `cty.name` is neither in the context nor bound; did you mean `city.name`?"
    assert refusal(city, near) == told
    apart = Task("somebody", prompt("Where is ${city.name}?"), id="Where")
    assert refusal(city, apart).endswith("nor bound; `City` is a task: name it in `dependencies` to read what it made")
    strange = Task("sombody", prompt("Hi."), id="Hi")
    told = "task `Hi`, field `agent_id`: there is no agent `sombody` (did you mean `somebody`?): give the `id` of one that was added to the workflow"
    assert refusal(strange) == told


def test_a_cycle_of_a_workflow_is_told_by_its_own_tasks() -> None:
    needs = {"A": "B", "B": "C", "C": "A", "Self": "Self"}
    tasks = [Task("somebody", prompt("Hi."), id=id, dependencies=[need]) for id, need in needs.items()]
    told = ["`A` depends on itself: A → B → C → A", "`Self` depends on itself: Self → Self"]
    assert [line for line in told if line not in refusal(*tasks)] == []
    flow = Workflow("planned")
    agent = Agent("openai")
    agent.id = "somebody"
    flow.add_agent(agent)
    flow.add_tasks(tasks)
    with pytest.raises(ConfigError) as caught:
        flow.execution_plan()
    assert [(problem.task, problem.field, problem.message) for problem in caught.value.problems] == [
        ("A", "dependencies", told[0]),
        ("Self", "dependencies", told[1]),
    ]


def test_ids_of_tasks_that_differ_in_case_are_one() -> None:
    flow, _ = workflow(answers)
    with pytest.raises(ValueError, match="^there is a task `City` already$"):
        flow.add_task(Task("x", prompt("a"), id="city"))


def test_a_prompt_alone_is_refused_without_a_name_that_nobody_gave() -> None:
    _, options = scripted(["ok"])
    with pytest.raises(ConfigError) as caught:
        Agent("openai", models=options).execute_prompt(prompt("Where is ${place.city}?"))
    assert str(caught.value) == "field `prompt`: `${place.city}` has no source: `place.city` is not bound"
    assert caught.value.problems[0].task is None


def test_settings_of_a_prompt_are_kept() -> None:
    model, options = scripted(["ok"])
    own = prompt("Hi.", model_settings=OpenAIChatSettings(temperature=0.5))
    Agent("openai", models=options).execute_prompt(own)
    assert model.asked[0]["settings"] == {"temperature": 0.5}


def test_a_text_in_place_of_a_prompt_is_told() -> None:
    with pytest.raises(TypeError, match="^`prompt` is a `str`: give a `Prompt`, which says what is asked and of which model$"):
        Agent("openai").execute_prompt("Hi")  # type: ignore[arg-type]
