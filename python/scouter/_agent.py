"""Agents: prompts that are answered over the engine that runs evaluations, and the run that they share with workflows."""

from __future__ import annotations

import dataclasses
import json
import logging
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any, Generic, NamedTuple, Optional, TypeVar, Union, overload

from scouter._data import Data, data
from scouter._objects import of_hint
from scouter._scouter import (
    ChatMessage,
    CustomTask,
    EvaluationConfig,
    GeminiContent,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    LLMJudgeTask,
    Message,
    MessageParam,
    ModelCall,
    ModelOptions,
    Prompt,
    Provider,
)
from scouter.errors import ConfigError, EvaluationInterrupted, ModelError, Problem

LOG = logging.getLogger("scouter")

_One = Union[str, Message, ChatMessage, MessageParam, GeminiContent, dict[str, Any]]
Said = Union[_One, Sequence[_One]]
"""Messages of a prompt: a text, a message, or a list of them."""

OutT = TypeVar("OutT")
"""The type of an answer as an object."""
RespT = TypeVar("RespT")
"""The type of an answer in the form that was asked for, or as text."""


class TaskStatus(Enum):
    """How far a task of a workflow is."""

    Pending = "pending"
    Running = "running"
    Completed = "completed"
    Failed = "failed"


@data
class TokenUsage(NamedTuple):
    """Tokens of an answer; `None` where the provider does not say."""

    input_tokens: Optional[int]
    output_tokens: Optional[int]
    cached_tokens: Optional[int]


@data
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
        if not isinstance(agent_id, str):
            raise TypeError(f"`agent_id` is a `{type(agent_id).__name__}`: give the id of the agent, such as `agent.id`")
        if not isinstance(prompt, Prompt):
            raise TypeError(f"`prompt` is a `{type(prompt).__name__}`: give a `Prompt`, which says what is asked and of which model")
        if isinstance(dependencies, str):
            raise TypeError(f"`dependencies` is a list of ids: write `[{dependencies!r}]`")
        if max_retries < 0:
            raise ValueError(f"`max_retries` must be at least 0, and is {max_retries}")
        self.agent_id = agent_id
        self.prompt = prompt
        self.id = id if id is not None else f"task_{uuid.uuid4().hex}"
        self._is_named = id is not None
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
class AgentResponse(Data, Generic[OutT, RespT]):
    """What an agent answered."""

    id: str
    """The id of the task; of a prompt alone, of this answer."""
    response: RespT
    """The whole answer: in the form that was asked for, or its text."""
    structured_output: OutT
    """The answer as an object of the output type, where one was given; otherwise as it is. JSON has no classes: read from there, it is as it is."""
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

    Connections are kept open from one prompt to the next, by a thread that begins with the first prompt and ends with the agent.
    Those that nobody used for a minute and a half are not used again. A child of a fork opens its own.
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
        self._asking = (models or ModelOptions())._lasting()
        self._models = models and self._asking

    @overload
    def execute_task(self, task: Task, output_type: None = None) -> AgentResponse[Any, Any]: ...
    @overload
    def execute_task(self, task: Task, output_type: type[OutT]) -> AgentResponse[OutT, Any]: ...
    def execute_task(self, task: Task, output_type: Optional[type] = None) -> AgentResponse[Any, Any]:
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

    @overload
    def execute_prompt(self, prompt: Prompt, output_type: None = None) -> AgentResponse[Any, Any]: ...
    @overload
    def execute_prompt(self, prompt: Prompt, output_type: type[OutT]) -> AgentResponse[OutT, Any]: ...
    def execute_prompt(self, prompt: Prompt, output_type: Optional[type] = None) -> AgentResponse[Any, Any]:
        """Answers a prompt.

        Args:
            prompt: What is asked; all that it needs is bound.
            output_type: The form of the answer, where the prompt has none, and the class of `structured_output`.

        Raises:
            ModelError: Where no answer came.
            ConfigError: Where the prompt needs what is not bound.
        """
        return self._answer(Task(self.id, prompt), output_type)

    def _answer(self, task: Task, output_type: Optional[type]) -> AgentResponse[Any, Any]:
        run = Run([(task, self, output_type)], self._asking, {}, alone=True)
        outcome = run.outcomes[task.id]
        if isinstance(outcome, str):
            raise ModelError(outcome, run.results)
        return outcome

    def __repr__(self) -> str:
        return f"Agent(provider={self.provider}, id={self.id!r})"


@dataclass(frozen=True)
class TaskEvent(Data):
    """Something that happened to a task of a workflow."""

    task_id: str
    status: TaskStatus
    timestamp: datetime
    details: Optional[str] = None
    """Why it failed."""


Part = tuple[Task, Agent, Optional[type]]
"""A task, who answers it, and the class of the answer."""


def refused(problems: Sequence[Problem]) -> ConfigError:
    """An error that lists these problems."""

    def told(problem: Problem) -> str:
        about = [f"{what} `{name}`" for what, name in (("task", problem.task), ("field", problem.field)) if name is not None]
        return f"{', '.join(about)}: {problem.message}" if about else problem.message

    lines = [told(problem) for problem in problems]
    return ConfigError(lines[0] if len(lines) == 1 else "\n  - ".join([f"{len(lines)} problems:", *lines]), problems)


@contextmanager
def as_written(parts: list[Part], alone: bool = False) -> Iterator[None]:
    """Meanwhile errors call tasks and their fields as they were written here, and not as the run underneath does."""
    names = {task.id.lower(): task.id if task._is_named or not alone else None for task, _, _ in parts}
    fields = {"depends_on": "dependencies"}
    try:
        yield
    except ConfigError as error:
        problems = [
            Problem(names.get(task or "", task), fields.get(field or "", field), _worded(message, names, alone)) for task, field, message in error.problems
        ]
        if not problems:
            raise
        raise refused(problems) from None


def _worded(message: str, names: Mapping[str, Optional[str]], alone: bool = False) -> str:
    """A message about tasks, with their names as they were written."""
    message = re.sub("`([^`]+)`", lambda found: f"`{names.get(found[1]) or found[1]}`", message).replace("`depends_on`", "`dependencies`")
    message = message.replace("is missing in the one sample record that it reaches", "is not bound" if alone else "is neither in the context nor bound")
    if " depends on itself: " in message:
        said, chain = message.split(": ", 1)
        message = f"{said}: {' → '.join(names.get(name) or name for name in chain.split(' → '))}"
    return message


def judge(task: Task, agent: Agent, output_type: Optional[type], needs: list[str]) -> LLMJudgeTask:
    prompt = task.prompt._under(agent.provider, agent.system_instruction, output_type)
    return LLMJudgeTask(id=task.id, prompt=prompt, operator="Exists", depends_on=needs, max_retries=task.max_retries)


def _warn_of_braces(task: Task, prompt: Prompt, names: list[str], alone: bool) -> None:
    """Warns of names that have a value and stand in braces, as other tools write them: they are sent as they are."""
    if meant := prompt._in_braces(names):
        whose = f"the prompt of `{task.id}`" if task._is_named or not alone else "the prompt"
        LOG.warning("%s has names of values as plain text; %s", whose, meant)


def _begun(task_id: str) -> str:
    """The task that tells that this one begins."""
    return f"{task_id} begun"


def _answered(task_id: str) -> str:
    """The task that takes the answer of this one."""
    return f"{task_id} answered"


class Run:
    """A run over the engine, on one record: the context."""

    def __init__(self, parts: list[Part], models: Optional[ModelOptions], context: Mapping[str, Any], alone: bool = False) -> None:
        if not isinstance(context, Mapping):
            raise TypeError(f"the context is a `{type(context).__name__}`: give a dict of what prompts see by name, such as `{{'question': …}}`")
        self._names = {task.id.lower(): task.id for task, _, _ in parts}
        if taken := next((key for key in context if key.lower() in self._names), None):
            raise ValueError(f"the context has `{taken}`, which is the name of a task: its answer stands there; leave it out or rename it")
        self.events: list[TaskEvent] = []
        self._answers: dict[str, Any] = {}
        # What a task waits for was taken, and is told, before it begins.
        needs = {task.id: [] if alone else [need for id in task.dependencies for need in (id, _answered(id))] for task, _, _ in parts}
        with as_written(parts, alone and not context):
            tasks: list[Union[LLMJudgeTask, CustomTask]] = []
            for task, agent, output_type in parts:
                # Why a task is skipped is told by what it names first. How far a task alone is, nobody is told.
                begun = [] if alone else [_begun(task.id)]
                asked = judge(task, agent, output_type, needs=[*needs[task.id], *begun])
                _warn_of_braces(task, asked.prompt, [*context, *needs[task.id], *(id.lower() for id in needs[task.id])], alone)
                tasks.append(asked)
                tasks += [CustomTask(id, self._begin(task), depends_on=needs[task.id]) for id in begun]
            # Results cut what is long, dependents see all of it.
            tasks += [CustomTask(_answered(task.id), self._take(task), depends_on=[task.id]) for task, _, _ in parts]
            dataset = GenAIEvalDataset([GenAIEvalRecord(context=dict(context))], tasks)
            self.results = self._evaluated(dataset, EvaluationConfig(models=models, progress=False))
        self.outcomes: dict[str, Union[AgentResponse[Any, Any], str]] = {task.id: self._outcome(task, output) for task, _, output in parts}

    def _evaluated(self, dataset: GenAIEvalDataset, config: EvaluationConfig) -> GenAIEvalResults:
        """Runs it. What comes of it, or is told with an error, has the tasks that were asked alone, without those that watch them."""
        ids = list(self._names)
        try:
            return dataset.evaluate(config)._of_tasks(ids)
        except (EvaluationInterrupted, ModelError) as error:
            if isinstance(error.results, GenAIEvalResults):
                error.results = error.results._of_tasks(ids)
            raise

    def _begin(self, task: Task) -> Any:
        def begin(context: dict[str, Any]) -> bool:
            self._tell(task, TaskStatus.Running)
            return True

        return begin

    def _take(self, task: Task) -> Any:
        def take(context: dict[str, Any]) -> bool:
            self._answers[task.id] = context[task.id.lower()]
            self._tell(task, TaskStatus.Completed)
            return True

        return take

    def _tell(self, task: Task, status: TaskStatus, details: Optional[str] = None) -> None:
        task.status = status
        self.events.append(TaskEvent(task.id, status, datetime.now(timezone.utc), details))

    def _outcome(self, task: Task, output_type: Optional[type]) -> Union[AgentResponse[Any, Any], str]:
        """The answer, or why there is none."""
        done = self.results[0][task.id]
        if done.status != "passed" or done.call is None:
            message = _worded(done.message, self._names) if done.status == "skipped" else done.message
            self._tell(task, TaskStatus.Failed, message)
            return message
        # Where the run was stopped before it could be taken, there is what results keep of it.
        answer = self._answers.get(task.id, done.call.reply)
        return AgentResponse(task.id, answer, _as(output_type, answer), done.call)


def _as(output_type: Optional[type], answer: Any) -> Any:
    """The answer as an object of a class."""
    if output_type is None or not isinstance(output_type, type):
        return answer
    if hasattr(output_type, "model_validate"):
        return output_type.model_validate(answer)
    return of_hint(output_type, answer) if dataclasses.is_dataclass(output_type) else answer
