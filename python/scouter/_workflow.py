"""Workflows: a graph of prompts, over the engine that runs evaluations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from scouter._agent import Agent, AgentResponse, Part, Run, Task, TaskEvent, TaskStatus, as_written, judge, refused
from scouter._data import Data
from scouter._schema import same_form
from scouter._scouter import GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults, ModelOptions, Prompt, nearest_id
from scouter.errors import ConfigError, ModelError, Problem


@dataclass(frozen=True)
class WorkflowTask(Data):
    """What a task of a workflow came to."""

    id: str
    status: TaskStatus
    prompt: Prompt
    dependencies: list[str]
    result: Optional[AgentResponse[Any, Any]] = None
    error: Optional[str] = None
    """Why it failed, or why it did not run."""


@dataclass(frozen=True)
class WorkflowResult(Data):
    """What a workflow came to."""

    tasks: dict[str, WorkflowTask]
    events: list[TaskEvent]
    """In the order in which they happened: that a task runs, and that it was answered; what failed is told at the end."""
    results: GenAIEvalResults = field(repr=False)
    """The run itself, with cost and tokens in `usage`."""
    result: Optional[Any] = None
    """The answer of the last task, in the order in which they were added; `None` where it failed."""


def _no_such(what: str, id: str, known: Iterable[str]) -> str:
    """That there is none of this id, with the nearest that there is."""
    near = nearest_id(id, list(known))
    return f"there is no {what} `{id}`" + (f" (did you mean `{near}`?)" if near else "")


def _called(prompt: Prompt) -> str:
    """What the form of the answers of a prompt is called."""
    form = prompt.model_dump()["output_type"]
    return str(form if isinstance(form, str) else form.get("name") or next(iter(form)))


def _agree(task_id: str, prompt: Prompt, output_type: Any) -> None:
    """Refuses a type of answers that is none, or of another form than the prompt asks for."""
    given = Prompt("-", "-", "openai", output_type=output_type)
    asked, own = prompt.response_json_schema, given.response_json_schema
    if asked is not None and own is not None and not same_form(json.loads(asked), json.loads(own)):
        message = f"its answers have the form of `{_called(prompt)}`, and `{_called(given)}` has another: give a type of the same form, or none"
        raise refused([Problem(task_id, "output_type", message)])


class TaskList(dict[str, Task]):
    """The tasks of a workflow by their ids."""

    def is_complete(self) -> bool:
        """Whether every task was answered."""
        return all(task.status is TaskStatus.Completed for task in self.values())

    def pending_count(self) -> int:
        """How many tasks are still to be answered."""
        return sum(task.status is TaskStatus.Pending for task in self.values())


class Workflow:
    """A graph of prompts: each is asked once those it depends on are answered, at the same time as all others.

    Args:
        name: What it is called.
        models: How models are asked; as the agents say by default, who must then agree.

    Connections are kept open from one run to the next: its own where it has `models`, or else those of an agent.
    """

    def __init__(self, name: str, *, models: Optional[ModelOptions] = None) -> None:
        self.name = name
        self.models = models
        self.task_list = TaskList()
        self.agents: dict[str, Agent] = {}
        self._output_types: dict[str, Any] = {}

    is_workflow = True

    @property
    def models(self) -> Optional[ModelOptions]:
        """How models are asked, where the agents do not say it."""
        return self._models

    @models.setter
    def models(self, models: Optional[ModelOptions]) -> None:
        self._models = models and models._connected()

    def __workflow__(self) -> str:
        """The workflow as text."""
        return f"Workflow({self.name!r}: {', '.join(self.task_list)})"

    __repr__ = __workflow__

    def add_task(self, task: Task, output_type: Optional[Any] = None) -> None:
        """Adds a task, and the class of its answer where there is one.

        Raises:
            ValueError: Where there is a task of this id, which is not told apart by case.
            TypeError: Where there is no form of answers for the class, such as for `list[str]`.
            ConfigError: Where its prompt has an output type of another form.
        """
        if (there := next((id for id in self.task_list if id.lower() == task.id.lower()), None)) is not None:
            raise ValueError(f"there is a task `{there}` already")
        if output_type is not None:
            _agree(task.id, task.prompt, output_type)
            self._output_types[task.id] = output_type
        self.task_list[task.id] = task

    def add_tasks(self, tasks: Iterable[Task]) -> None:
        """Adds tasks."""
        for task in tasks:
            self.add_task(task)

    def add_task_output_types(self, task_output_types: Mapping[str, Any]) -> None:
        """Says of which classes answers are, by the ids of their tasks.

        Raises:
            KeyError: Where there is no such task.
            TypeError: Where there is no form of answers for a class, such as for `list[str]`.
            ConfigError: Where a task has an output type of another form already.
        """
        for task_id, output_type in task_output_types.items():
            task = self._task(task_id)
            _agree(task.id, task.prompt._under(task.prompt.provider, [], self._output_types.get(task.id)), output_type)
        self._output_types.update(task_output_types)

    def add_agent(self, agent: Agent) -> None:
        """Adds somebody who answers."""
        self.agents[agent.id] = agent

    def add_agents(self, agents: Iterable[Agent]) -> None:
        """Adds several."""
        for agent in agents:
            self.add_agent(agent)

    def is_complete(self) -> bool:
        """Whether every task was answered."""
        return self.task_list.is_complete()

    def pending_count(self) -> int:
        """How many tasks are still to be answered."""
        return self.task_list.pending_count()

    def execution_plan(self) -> dict[str, list[str]]:
        """The ids of the tasks by stage, from `"1"`.

        Raises:
            ConfigError: Where a task depends on one that is not there, on itself, or has no agent.
        """
        parts = self._parts()
        names = {task_id.lower(): task_id for task_id in self.task_list}
        with as_written(parts):
            asked = [judge(*part, needs=part[0].dependencies) for part in parts]
            stages = GenAIEvalDataset([GenAIEvalRecord(context={})], asked).get_execution_plan()
        return {str(at): [names[task_id] for task_id in stage] for at, stage in enumerate(stages, 1)}

    def run(self, global_context: Optional[Mapping[str, Any]] = None) -> WorkflowResult:
        """Asks all of it. An answer that does not come raises nothing: its task has status `Failed` and an `error`, as has all that depends on
        it, and `result` is `None` where that is so of the last task. `is_complete()` says afterwards whether every task was answered.

        Args:
            global_context: What all prompts see by name. The names of tasks are taken: their answers stand there.

        Raises:
            ConfigError: Where tasks do not fit together, a prompt needs what nobody has, or agents have different `models`.
            ValueError: Where the context has the name of a task.
            TypeError: Where the context is no mapping, such as a text.
            ModelError: Where a provider accepts no call at all, such as for a wrong key.
        """
        parts = self._parts()
        for task in self.task_list.values():
            task.status = TaskStatus.Pending
        try:
            run = Run(parts, self._asking(), {} if global_context is None else global_context)
        except BaseException:
            for task in self.task_list.values():
                task.status = TaskStatus.Failed
            raise
        done = {}
        for task, _, _ in parts:
            outcome = run.outcomes[task.id]
            failed = isinstance(outcome, str)
            task.status = TaskStatus.Failed if failed else TaskStatus.Completed
            result, error = (None, outcome) if isinstance(outcome, str) else (outcome, None)
            done[task.id] = WorkflowTask(task.id, task.status, task.prompt, list(task.dependencies), result, error)
        last = done[parts[-1][0].id].result
        return WorkflowResult(done, run.events, run.results, last.structured_output if last else None)

    def execute_task(self, task_id: str, global_context: Optional[Mapping[str, Any]] = None) -> Any:
        """Asks one task for itself: what it needs of others stands in the context.

        Returns:
            Its answer, of its output type where there is one.

        Raises:
            ModelError: Where no answer came.
            ValueError: Where the context has the name of this task.
            TypeError: Where the context is no mapping, such as a text.
        """
        task = self._task(task_id)
        part = (task, self._agent(task), self._output_types.get(task.id))
        run = Run([part], self._asking(), {} if global_context is None else global_context, alone=True)
        outcome = run.outcomes[task.id]
        task.status = TaskStatus.Failed if isinstance(outcome, str) else TaskStatus.Completed
        if isinstance(outcome, str):
            raise ModelError(outcome, run.results)
        return outcome.structured_output

    def _task(self, task_id: str) -> Task:
        if task_id in self.task_list:
            return self.task_list[task_id]
        raise KeyError(_no_such("task", task_id, self.task_list))

    def _agent(self, task: Task) -> Agent:
        agent = self.agents.get(task.agent_id)
        if agent is None:
            message = f"{_no_such('agent', task.agent_id, self.agents)}: give the `id` of one that was added to the workflow"
        elif self.models is None and agent.models not in (None, self._asking()):
            message = f"agent `{task.agent_id}` has other `models` than another one, and all of a workflow is one run: give the `Workflow` the models of all"
        else:
            return agent
        raise refused([Problem(task.id, "agent_id", message)])

    def _asking(self) -> Optional[ModelOptions]:
        """How models are asked: as the workflow says, or else as its agents do, those first who say it."""
        agents = sorted(self.agents.values(), key=lambda agent: agent.models is None)
        return self.models or next((agent._asking for agent in agents), None)

    def _parts(self) -> list[Part]:
        if not self.task_list:
            raise ConfigError("the workflow has no tasks: add one")
        ids = {id.lower() for id in self.task_list}
        lost = [(task.id, need) for task in self.task_list.values() for need in task.dependencies if need.lower() not in ids]
        if lost:
            raise refused([Problem(id, "dependencies", _no_such("task", need, self.task_list)) for id, need in lost])
        return [(task, self._agent(task), self._output_types.get(task.id)) for task in self.task_list.values()]

    def _told(self, task: Task) -> dict[str, Any]:
        """A task as JSON, with the form of its answer where its prompt leaves that to the output type."""
        prompt, output_type = task.prompt.model_dump(), self._output_types.get(task.id)
        told = {
            "id": task.id,
            "agent_id": task.agent_id,
            "prompt": prompt,
            "dependencies": task.dependencies,
            "max_retries": task.max_retries,
        }
        if output_type is not None and "output_type" not in prompt:
            # As a prompt writes it: a class is its name and its JSON Schema.
            told["output_type"] = task.prompt._under(task.prompt.provider, [], output_type).model_dump()["output_type"]
        return told

    def model_dump_json(self) -> str:
        """The workflow as JSON text, with the names and JSON Schemas of its output types, without the settings by which models are asked."""
        agents = [
            {"id": agent.id, "provider": agent.provider.name, "system_instruction": [message.model_dump() for message in agent.system_instruction]}
            for agent in self.agents.values()
        ]
        tasks = [self._told(task) for task in self.task_list.values()]
        return json.dumps({"name": self.name, "agents": agents, "tasks": tasks}, ensure_ascii=False)

    @staticmethod
    def model_validate_json(json_string: str, output_types: Optional[Mapping[str, Any]] = None) -> Workflow:
        """Reads what `model_dump_json` wrote.

        Args:
            json_string: The text.
            output_types: Of which classes answers are, by the ids of their tasks. An answer whose class is not given still has the form
                that was written, and is what JSON has for it, such as a dict.

        Raises:
            ValueError: Where it is something else.
            TypeError: Where `output_types` is no mapping, such as a class by itself, or there is no form of answers for a class, such as for
                `list[str]`.
            KeyError: Where an output type is of a task that is not there.
            ConfigError: Where a class has another form than what was written. What it is called does not matter.
        """
        if output_types is not None and not isinstance(output_types, Mapping):
            what = f"the class `{output_types.__name__}`" if isinstance(output_types, type) else f"a `{type(output_types).__name__}`"
            raise TypeError(f"`output_types` is {what}: give a dict of classes by the ids of their tasks, such as `{{'city': City}}`")
        given = output_types or {}
        asked: dict[str, Prompt] = {}
        try:
            data = json.loads(json_string)
            workflow = Workflow(data["name"])
            for told in data["agents"]:
                agent = Agent(told["provider"], told["system_instruction"] or None)
                agent.id = told["id"]
                workflow.add_agent(agent)
            for told in data["tasks"]:
                form = {"output_type": told["output_type"]} if "output_type" in told else {}
                asked[told["id"]] = Prompt.model_validate({**told["prompt"], **form})
                # A class that is given says the form itself.
                prompt = Prompt.model_validate(told["prompt"]) if told["id"] in given else asked[told["id"]]
                workflow.add_task(Task(told["agent_id"], prompt, told["id"], told["dependencies"], told["max_retries"]))
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"not the JSON of a `Workflow`: {error!r}") from error
        for task_id, output_type in given.items():
            if task_id in asked:
                _agree(task_id, asked[task_id], output_type)
        workflow.add_task_output_types(given)
        return workflow
