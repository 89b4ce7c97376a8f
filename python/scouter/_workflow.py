"""Agents and workflows: one prompt, or a graph of prompts, over the engine that runs evaluations."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Any, NamedTuple, Optional, Union

from scouter._scouter import (
    CustomTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    Message,
    ModelCall,
    ModelOptions,
    Prompt,
    Provider,
    nearest_id,
)
from scouter.errors import ConfigError, ModelError, Problem

Said = Union[str, Message, dict[str, Any], Sequence[Union[str, Message, dict[str, Any]]]]
"""Messages of a prompt: a text, a message, or a list of them."""


class TaskStatus(Enum):
    """How far a task of a workflow is."""

    Pending = "pending"
    Running = "running"
    Completed = "completed"
    Failed = "failed"


class TokenUsage(NamedTuple):
    """Tokens of an answer; `None` where the provider does not say."""

    input_tokens: Optional[int]
    output_tokens: Optional[int]
    cached_tokens: Optional[int]


class TokenLogProb(NamedTuple):
    """How likely a token of an answer was."""

    token: str
    logprob: float
    """The natural logarithm of its probability."""


class Task:
    """A prompt that an agent answers, in a workflow or alone.

    Args:
        agent_id: The agent that answers it.
        prompt: What is asked. In a workflow it sees the answers of the tasks it depends on under their ids: `${id}`,
            `${id.member}`.
        id: The task's name, not told apart by case; made up where there is none.
        dependencies: The tasks that run before this one.
        max_retries: How often a call that failed is made again.
    """

    def __init__(
        self, agent_id: str, prompt: Prompt, id: Optional[str] = None, dependencies: Sequence[str] = (), max_retries: int = 3
    ) -> None:
        if isinstance(dependencies, str):
            raise TypeError(f"`dependencies` is a list of ids: write `[{dependencies!r}]`")
        if max_retries < 0:
            raise ValueError(f"`max_retries` must be at least 0, and is {max_retries}")
        self.agent_id = agent_id
        self.prompt = prompt
        self.id = id if id is not None else f"task_{uuid.uuid4().hex}"
        self.dependencies = list(dependencies)
        self.max_retries = max_retries
        self.status = TaskStatus.Pending

    def add_dependency(self, task_id: str) -> None:
        """Lets another task run before this one."""
        if task_id not in self.dependencies:
            self.dependencies.append(task_id)

    def __repr__(self) -> str:
        return f"Task(id={self.id!r}, agent_id={self.agent_id!r}, dependencies={self.dependencies}, status={self.status.name})"


@dataclass(frozen=True)
class AgentResponse:
    """What an agent answered."""

    id: str
    """The id of the task; of a prompt alone, of this answer."""
    response: Any
    """The whole answer: in the form that was asked for, or its text."""
    structured_output: Any
    """The answer as an object of the output type, where one was given; otherwise as it is."""
    call: ModelCall
    """Model, tokens, cost, latency, attempts. Its own reply is cut beyond 16 KB."""

    @property
    def token_usage(self) -> TokenUsage:
        """The tokens it took."""
        return TokenUsage(self.call.input_tokens, self.call.output_tokens, self.call.cached_tokens)

    @property
    def log_probs(self) -> list[TokenLogProb]:
        """How likely its first 1,000 tokens were; empty unless the settings of the prompt have `logprobs=True`."""
        return [TokenLogProb(token, logprob) for token, logprob in self.call.log_probs]

    def response_text(self) -> str:
        """The answer as text."""
        return self.response if isinstance(self.response, str) else json.dumps(self.response, ensure_ascii=False)


class Agent:
    """Somebody who answers prompts: a provider, with instructions that go before those of each prompt.

    Args:
        provider: Whose models answer where a prompt does not say.
        system_instruction: What goes before the instructions of each prompt.
        models: How models are asked. Budget and limits of a minute are for all that this agent is ever asked, in workflows too,
            unless a workflow has some of its own.
    """

    def __init__(self, provider: Union[Provider, str], system_instruction: Optional[Said] = None, *, models: Optional[ModelOptions] = None) -> None:
        # A prompt reads both, and says what is wrong with them.
        shown = Prompt("-", "-", provider, system_instructions=system_instruction)
        self.provider = shown.provider
        self.system_instruction = shown.system_instructions
        self.models = models
        self.id = f"agent_{uuid.uuid4().hex}"

    @property
    def models(self) -> Optional[ModelOptions]:
        """How models are asked."""
        return self._models

    @models.setter
    def models(self, models: Optional[ModelOptions]) -> None:
        self._models = models and models._lasting()

    def execute_task(self, task: Task, output_type: Optional[type] = None) -> AgentResponse:
        """Answers a task for itself, whatever it depends on.

        Raises:
            ModelError: Where no answer came.
            ConfigError: Where the prompt needs what is not bound.
        """
        task.status = TaskStatus.Running
        try:
            response = self._answer(task, output_type)
        except BaseException:
            task.status = TaskStatus.Failed
            raise
        task.status = TaskStatus.Completed
        return response

    def execute_prompt(self, prompt: Prompt, output_type: Optional[type] = None) -> AgentResponse:
        """Answers a prompt.

        Args:
            prompt: What is asked; all that it needs is bound.
            output_type: The form of the answer, where the prompt has none, and the class of `structured_output`.

        Raises:
            ModelError: Where no answer came.
            ConfigError: Where the prompt needs what is not bound.
        """
        return self._answer(Task(self.id, prompt), output_type)

    def _answer(self, task: Task, output_type: Optional[type]) -> AgentResponse:
        run = _Run([(task, self, output_type)], self.models, {}, alone=True)
        outcome = run.outcomes[task.id]
        if isinstance(outcome, str):
            raise ModelError(outcome, run.results)
        return outcome

    def __repr__(self) -> str:
        return f"Agent(provider={self.provider}, id={self.id!r})"


@dataclass(frozen=True)
class TaskEvent:
    """Something that happened to a task of a workflow."""

    task_id: str
    status: TaskStatus
    timestamp: datetime
    details: Optional[str] = None
    """Why it failed."""


@dataclass(frozen=True)
class WorkflowTask:
    """What a task of a workflow came to."""

    id: str
    status: TaskStatus
    prompt: Prompt
    dependencies: list[str]
    result: Optional[AgentResponse] = None
    error: Optional[str] = None
    """Why it failed, or why it did not run."""


@dataclass(frozen=True)
class WorkflowResult:
    """What a workflow came to."""

    tasks: dict[str, WorkflowTask]
    events: list[TaskEvent]
    """In the order in which they happened."""
    results: GenAIEvalResults = field(repr=False)
    """The run itself, with cost and tokens in `usage`."""
    result: Optional[Any] = None
    """The answer of the last task, in the order in which they were added; `None` where it failed."""


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
    """

    def __init__(self, name: str, *, models: Optional[ModelOptions] = None) -> None:
        self.name = name
        self.models = models
        self.task_list = TaskList()
        self.agents: dict[str, Agent] = {}
        self._output_types: dict[str, Any] = {}

    is_workflow = True

    def __workflow__(self) -> str:
        """The workflow as text."""
        return f"Workflow({self.name!r}: {', '.join(self.task_list)})"

    __repr__ = __workflow__

    def add_task(self, task: Task, output_type: Optional[Any] = None) -> None:
        """Adds a task, and the class of its answer where there is one.

        Raises:
            ValueError: Where there is a task of this id.
        """
        if task.id in self.task_list:
            raise ValueError(f"there is a task `{task.id}` already")
        self.task_list[task.id] = task
        if output_type is not None:
            self._output_types[task.id] = output_type

    def add_tasks(self, tasks: Iterable[Task]) -> None:
        """Adds tasks."""
        for task in tasks:
            self.add_task(task)

    def add_task_output_types(self, task_output_types: Mapping[str, Any]) -> None:
        """Says of which classes answers are, by the ids of their tasks."""
        for task_id in task_output_types:
            self._task(task_id)
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
        asked = [_judge(*part, needs=part[0].dependencies) for part in self._parts()]
        names = {task_id.lower(): task_id for task_id in self.task_list}
        stages = GenAIEvalDataset([GenAIEvalRecord(context={})], asked).get_execution_plan()
        return {str(at): [names[task_id] for task_id in stage] for at, stage in enumerate(stages, 1)}

    def run(self, global_context: Optional[Mapping[str, Any]] = None) -> WorkflowResult:
        """Asks all of it.

        Args:
            global_context: What all prompts see by name. The names of tasks are taken: their answers stand there.

        Raises:
            ConfigError: Where tasks do not fit together, a prompt needs what nobody has, or agents have different `models`.
            ValueError: Where the context has the name of a task.
            ModelError: Where a provider accepts no call at all, such as for a wrong key.
        """
        parts = self._parts()
        for task in self.task_list.values():
            task.status = TaskStatus.Running
        try:
            run = _Run(parts, self._models(), global_context or {})
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
        """
        task = self._task(task_id)
        part = (task, self._agent(task), self._output_types.get(task.id))
        run = _Run([part], self._models(), global_context or {}, alone=True)
        outcome = run.outcomes[task.id]
        task.status = TaskStatus.Failed if isinstance(outcome, str) else TaskStatus.Completed
        if isinstance(outcome, str):
            raise ModelError(outcome, run.results)
        return outcome.structured_output

    def _task(self, task_id: str) -> Task:
        if task_id in self.task_list:
            return self.task_list[task_id]
        near = nearest_id(task_id, list(self.task_list))
        raise KeyError(f"there is no task `{task_id}`" + (f"; did you mean `{near}`?" if near else ""))

    def _agent(self, task: Task) -> Agent:
        agent = self.agents.get(task.agent_id)
        if agent is None:
            message = f"there is no agent `{task.agent_id}`: add it to the workflow"
        elif self.models is None and agent.models not in (None, self._models()):
            message = f"agent `{task.agent_id}` has other `models` than another one, and all of a workflow is one run: give the `Workflow` the models of all"
        else:
            return agent
        raise ConfigError(f"task `{task.id}`, field `agent_id`: {message}", [Problem(task.id, "agent_id", message)])

    def _models(self) -> Optional[ModelOptions]:
        """How models are asked: as the workflow says, or else as its agents do."""
        return self.models or next((agent.models for agent in self.agents.values() if agent.models), None)

    def _parts(self) -> list[_Part]:
        if not self.task_list:
            raise ConfigError("the workflow has no tasks: add one")
        return [(task, self._agent(task), self._output_types.get(task.id)) for task in self.task_list.values()]

    def model_dump_json(self) -> str:
        """The workflow as JSON text, without the settings by which models are asked."""
        agents = [
            {"id": agent.id, "provider": agent.provider.name, "system_instruction": [message.model_dump() for message in agent.system_instruction]}
            for agent in self.agents.values()
        ]
        tasks = [
            {
                "id": task.id,
                "agent_id": task.agent_id,
                "prompt": task.prompt.model_dump(),
                "dependencies": task.dependencies,
                "max_retries": task.max_retries,
            }
            for task in self.task_list.values()
        ]
        return json.dumps({"name": self.name, "agents": agents, "tasks": tasks}, ensure_ascii=False)

    @staticmethod
    def model_validate_json(json_string: str, output_types: Optional[Mapping[str, Any]] = None) -> Workflow:
        """Reads what `model_dump_json` wrote.

        Raises:
            ValueError: Where it is something else.
        """
        try:
            data = json.loads(json_string)
            workflow = Workflow(data["name"])
            for told in data["agents"]:
                agent = Agent(told["provider"], told["system_instruction"] or None)
                agent.id = told["id"]
                workflow.add_agent(agent)
            for told in data["tasks"]:
                prompt = Prompt.model_validate(told["prompt"])
                workflow.add_task(Task(told["agent_id"], prompt, told["id"], told["dependencies"], told["max_retries"]))
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"not the JSON of a `Workflow`: {error!r}") from error
        workflow.add_task_output_types(output_types or {})
        return workflow


_Part = tuple[Task, Agent, Optional[type]]
"""A task, who answers it, and the class of the answer."""


def _judge(task: Task, agent: Agent, output_type: Optional[type], needs: list[str]) -> LLMJudgeTask:
    prompt = task.prompt._under(agent.provider, agent.system_instruction, output_type)
    return LLMJudgeTask(id=task.id, prompt=prompt, operator="Exists", depends_on=needs, max_retries=task.max_retries)


def _answered(task_id: str) -> str:
    """The task that takes the answer of this one."""
    return f"{task_id} answered"


class _Run:
    """A run over the engine, on one record: the context."""

    def __init__(self, parts: list[_Part], models: Optional[ModelOptions], context: Mapping[str, Any], alone: bool = False) -> None:
        ids = {task.id.lower() for task, _, _ in parts}
        if taken := next((key for key in context if key.lower() in ids), None):
            raise ValueError(f"the context has `{taken}`, which is the name of a task: its answer stands there; leave it out or rename it")
        self.events: list[TaskEvent] = []
        self._answers: dict[str, Any] = {}
        # What a task waits for was taken, and is told, before it begins.
        needs = {task.id: [] if alone else [need for id in task.dependencies for need in (id, _answered(id))] for task, _, _ in parts}
        tasks: list[Union[LLMJudgeTask, CustomTask]] = [_judge(*part, needs=needs[part[0].id]) for part in parts]
        # Results cut what is long, dependents see all of it.
        tasks += [CustomTask(_answered(task.id), self._take(task.id), depends_on=[task.id]) for task, _, _ in parts]
        dataset = GenAIEvalDataset([GenAIEvalRecord(context=dict(context))], tasks)
        self.results = dataset.evaluate(EvaluationConfig(models=models, progress=False))
        self.outcomes: dict[str, Union[AgentResponse, str]] = {task.id: self._outcome(task, output) for task, _, output in parts}

    def _take(self, task_id: str) -> Any:
        def take(context: dict[str, Any]) -> bool:
            self._answers[task_id] = context[task_id.lower()]
            self.events.append(TaskEvent(task_id, TaskStatus.Completed, datetime.now(timezone.utc)))
            return True

        return take

    def _outcome(self, task: Task, output_type: Optional[type]) -> Union[AgentResponse, str]:
        """The answer, or why there is none."""
        done = self.results[0][task.id]
        if done.status != "passed" or done.call is None:
            self.events.append(TaskEvent(task.id, TaskStatus.Failed, datetime.now(timezone.utc), done.message))
            return done.message
        # Where the run was stopped before it could be taken, there is what results keep of it.
        answer = self._answers.get(task.id, done.call.reply)
        return AgentResponse(task.id, answer, _as(output_type, answer), done.call)


def _as(output_type: Optional[type], answer: Any) -> Any:
    """The answer as an object of a class."""
    if output_type is None or not isinstance(output_type, type):
        return answer
    if hasattr(output_type, "model_validate"):
        return output_type.model_validate(answer)
    if dataclasses.is_dataclass(output_type) and isinstance(answer, dict):
        return output_type(**answer)
    return answer
