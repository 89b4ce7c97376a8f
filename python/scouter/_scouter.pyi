"""
The compiled half of the package `scouter`.
"""

from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, Final, final

__all__ = ["__version__", "AggregationType", "AlertCondition", "AlertDispatchType", "AlertThreshold", "AlertZone", "AlignedEvalResult", "AnthropicSettings", "ArgumentMatch", "AssertionResult", "AssertionResults", "AssertionTask", "Attribute", "Auto", "BadRecord", "Bin", "BinType", "BudgetUse", "Calibration", "CaseMean", "CharStats", "ChatMessage", "CheckResult", "CommonCrons", "ComparisonOperator", "ComparisonResults", "ConsoleDispatchConfig", "ContentEmbedding", "CustomDriftMap", "CustomDriftProfile", "CustomMetric", "CustomMetricAlertConfig", "CustomMetricDriftConfig", "CustomTask", "DataProfile", "DataProfiler", "DatetimeStats", "DistanceMap", "Distinct", "Doane", "DriftTask", "DriftType", "Drifter", "Embedder", "EmbeddingObject", "EmbeddingUsage", "Embeddings", "EntityType", "EqualWidthBinning", "Estimate", "EvaluationConfig", "EvaluationSummary", "EvaluationTaskType", "ExpectedCalls", "FeatureDistance", "FeatureMap", "FeatureProfile", "Features", "Finding", "FreedmanDiaconis", "GeminiContent", "GeminiEmbeddingConfig", "GeminiEmbeddingResponse", "GeminiSettings", "GenAIAlertConfig", "GenAIEvalConfig", "GenAIEvalDataset", "GenAIEvalProfile", "GenAIEvalRecord", "GenAIEvalResultSet", "GenAIEvalResults", "GenAIEvalSet", "GenAIEvalTaskResult", "Histogram", "Image", "LLMJudgeTask", "Labels", "LatencyMetrics", "Likeness", "Manual", "Message", "MessageParam", "Metric", "MetricCheck", "Metrics", "MissingTask", "ModelCall", "ModelOptions", "ModelSettings", "ModelUsage", "NumberChange", "NumericStats", "ObservabilityMetrics", "Observer", "OpenAIChatSettings", "OpenAIEmbeddingConfig", "OpenAIEmbeddingResponse", "OpsGenieDispatchConfig", "PredictRequest", "PredictResponse", "Prediction", "Preference", "Prompt", "Provider", "PsiAlertConfig", "PsiChiSquareThreshold", "PsiDriftConfig", "PsiDriftMap", "PsiDriftProfile", "PsiFeatureDrift", "PsiFeatureDriftProfile", "PsiFixedThreshold", "PsiNormalThreshold", "PsiTerm", "QuantileBinning", "Quantiles", "Queue", "QueueFeature", "QueueOptions", "QueueStats", "RateChange", "ResponseType", "ResultIterator", "Rice", "Role", "RouteMetrics", "Rubric", "Score", "Scott", "ScouterDataType", "ScouterQueue", "ScriptedModel", "ServerRecord", "ServerRecords", "SlackDispatchConfig", "SpanEvent", "SpanFilter", "SpanLink", "SpanStatus", "SpcAlert", "SpcAlertConfig", "SpcAlertRule", "SpcAlertType", "SpcDriftConfig", "SpcDriftMap", "SpcDriftProfile", "SpcFeatureDrift", "SpcFeatureDriftProfile", "SquareRoot", "StringStats", "Sturges", "SuiteCheck", "TaskComparison", "TaskCounts", "TaskVerdict", "TasksFile", "TerrellScott", "ToolCall", "TraceAssertion", "TraceAssertionTask", "TraceSpan", "TrajectoryMode", "TrialMean", "Trials", "WordStats", "WorkflowComparison", "_Inbox", "_Server", "_begin_queues_anew", "_end_queues", "_end_with_multiprocessing", "_read_json", "_serve", "_write_json", "execute_trace_assertion_tasks", "nearest_id", "sample_trace", "task_file_schema", "wait_for_functions"]

__version__: Final[str]
"""
The version of the package.
"""

@final
class AggregationType:
    """
    How the values of several spans become one.
    """
    Average: Final[AggregationType]
    Count: Final[AggregationType]
    First: Final[AggregationType]
    Last: Final[AggregationType]
    Max: Final[AggregationType]
    Min: Final[AggregationType]
    Sum: Final[AggregationType]
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class AlertCondition:
    """
    When a value is too far from its baseline: above baseline + delta, below baseline − delta, or either.

    Args:
        baseline_value: What the value should be.
        alert_threshold: Which side is watched.
        delta: How far from the baseline a value may be; nothing where there is none.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, baseline_value: float, alert_threshold: AlertThreshold, delta: float | None = None) -> AlertCondition: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alert_threshold(self, /) -> AlertThreshold:
        """
        Which side is watched.
        """
    @property
    def baseline_value(self, /) -> float:
        """
        What the value should be.
        """
    @property
    def delta(self, /) -> float | None:
        """
        How far from the baseline a value may be.
        """
    def lower_bound(self, /) -> float:
        """
        Below it there is an alert, where that side is watched.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> AlertCondition:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> AlertCondition:
        """
        Reads what `model_dump_json` wrote.
        """
    def should_alert(self, /, value: float) -> bool:
        """
        Whether a value is too far away. What is not a number is.
        """
    def upper_bound(self, /) -> float:
        """
        Above it there is an alert, where that side is watched.
        """

@final
class AlertDispatchType:
    """
    Where alerts go.
    """
    Console: Final[AlertDispatchType]
    OpsGenie: Final[AlertDispatchType]
    Slack: Final[AlertDispatchType]
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """
    def to_string(self, /) -> str:
        """
        The name.
        """

@final
class AlertThreshold:
    """
    Which side of a baseline is watched.
    """
    Above: Final[AlertThreshold]
    """
    More is an alert.
    """
    Below: Final[AlertThreshold]
    """
    Less is an alert.
    """
    Outside: Final[AlertThreshold]
    """
    Either is an alert.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_value(value: str) -> AlertThreshold:
        """
        The side of a text, in upper or lower case.
        """
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class AlertZone:
    """
    How far a point of a control chart is from the centre, in standard deviations.
    """
    NotApplicable: Final[AlertZone]
    """
    Of a rule that watches no zone.
    """
    Zone1: Final[AlertZone]
    """
    Up to one.
    """
    Zone2: Final[AlertZone]
    """
    More than one.
    """
    Zone3: Final[AlertZone]
    """
    More than two.
    """
    Zone4: Final[AlertZone]
    """
    More than three.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class AlignedEvalResult:
    """
    One record and what came of it.
    """
    def __contains__(self, id: Any, /) -> bool:
        """
        Whether there is a task of this id.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, key: Any, /) -> GenAIEvalTaskResult:
        """
        What a task came to, by its id (whatever its case) or its place.
        """
    def __iter__(self, /) -> Iterator[GenAIEvalTaskResult]:
        """
        Goes through the results of the tasks.
        """
    def __len__(self, /) -> int: ...
    def __reduce__(self, /) -> tuple[Any, tuple[GenAIEvalResults]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(results: GenAIEvalResults) -> AlignedEvalResult:
        """
        Makes the result of a pickle again.
        """
    @property
    def case(self, /) -> str | None:
        """
        The case that the record is a trial of, where the dataset was told where it stands.
        """
    @property
    def cluster(self, /) -> str | None:
        """
        The cluster that the record belongs to, where the dataset was told where it stands.
        """
    @property
    def embedding(self, /) -> dict[str, list[float]]:
        """
        The vectors of the record's texts, by the path of the text; empty where none were asked for.
        """
    @property
    def error_message(self, /) -> str | None:
        """
        The first error, with its task.
        """
    @property
    def eval_set(self, /) -> GenAIEvalSet:
        """
        What the tasks came to.
        """
    def failures(self, /) -> list[GenAIEvalTaskResult]:
        """
        Every outcome that is not as it should be: of tasks that failed, gates and tasks that only report aside, and of tasks that
        errored.
        """
    @property
    def mean_embeddings(self, /) -> dict[str, float]:
        """
        The mean of the numbers of each vector, by the path of the text.
        """
    def model_dump_json(self, /) -> str:
        """
        The record as JSON text.
        """
    @property
    def record_id(self, /) -> str | None:
        """
        Your name for the record.
        """
    @property
    def record_uid(self, /) -> str:
        """
        Our name for the record.
        """
    @property
    def similarity_scores(self, /) -> dict[str, float]:
        """
        How alike the texts are, each pair as `one_other`: the cosine of the angle between their vectors, 1 at most. Empty
        unless it was asked for.
        """
    @property
    def success(self, /) -> bool:
        """
        Whether no task errored. A check that failed is none that errored: whether all passed is told by `eval_set.pass_rate` and
        `failures()`.
        """
    @property
    def task_count(self, /) -> int:
        """
        How many tasks the plan has.
        """
    @property
    def trial(self, /) -> int | None:
        """
        Which trial of the record it is, counted from 1; `None` where there is but one.
        """

@final
class AnthropicSettings:
    """
    How a model of Anthropic answers.

    Args:
        temperature: How freely tokens are drawn, from 0.
        top_p: Tokens are drawn from the likeliest that together have this probability.
        top_k: Tokens are drawn from this many likeliest.
        max_tokens: The longest reply, in tokens.
        seed: A seed, where the provider has such a thing.
        stop_sequences: Texts at which the reply ends.
        logprobs: Whether to say how likely each token was, where the provider does.
        api: By which of OpenAI's APIs it is asked: `"completions"`, which compatible servers speak too, or `"responses"`. No
            other provider has a choice.
        reasoning_effort: How much the model thinks, in the provider's words, such as `low`.
        extra: Whatever else the provider knows, merged into the body of the request as it stands.
        base_url: The address of the API, where it is not the provider's own.
        timeout: How many seconds one attempt may take.
        headers: Headers to send. They may hold keys, and are written into no file.
        proxy: The address of a proxy; written into no file.

    What is written as JSON is without headers and proxy.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, *, temperature: float | None = None, top_p: float | None = None, top_k: int | None = None, max_tokens: int | None = None, seed: int | None = None, stop_sequences: Sequence[str] | None = None, logprobs: bool | None = None, api: str | None = None, reasoning_effort: str | None = None, extra: dict | None = None, base_url: str | None = None, timeout: float | None = None, headers: dict[str, str] | None = None, proxy: str | None = None) -> AnthropicSettings: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(json_string: str, headers: dict[str, str], proxy: str | None) -> AnthropicSettings:
        """
        Makes the object of a pickle again.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> AnthropicSettings:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> AnthropicSettings:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class ArgumentMatch:
    """
    How the arguments of a tool call are compared with the expected ones.
    """
    Exact: Final[ArgumentMatch]
    """
    Equal.
    """
    Ignored: Final[ArgumentMatch]
    """
    Not looked at.
    """
    Partial: Final[ArgumentMatch]
    """
    Every expected argument is there and equal.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class AssertionResult:
    """
    How one assertion came out.
    """
    def __bool__(self, /) -> bool:
        """
        It has no truth: see `passed`.

        Raises:
            TypeError: Always, so that `assert results["my_task"]` is no test that cannot fail.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def actual(self, /) -> Any:
        """
        What was measured.
        """
    @property
    def expected(self, /) -> Any:
        """
        What was expected.
        """
    @property
    def message(self, /) -> str:
        """
        Why it came out so.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> AssertionResult:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> AssertionResult:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def passed(self, /) -> bool:
        """
        Whether it holds.
        """
    @property
    def status(self, /) -> str:
        """
        `passed`, `failed`, `errored`, `skipped` or `not_applicable`.
        """

@final
class AssertionResults:
    """
    How assertions came out, by the ids of their tasks.
    """
    def __contains__(self, key: Any, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, key: str, /) -> AssertionResult: ...
    def __iter__(self, /) -> Iterator[str]:
        """
        The ids of the tasks, in their order.
        """
    def __len__(self, /) -> int: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> AssertionResults:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> AssertionResults:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def results(self, /) -> dict[str, AssertionResult]:
        """
        Each result by the id of its task, in the order of the tasks.
        """

@final
class AssertionTask:
    """
    A check of a value in the record's context. Arguments without their names stand in the order in which they are told here:
    what is expected comes before the operator and the path.

    Args:
        id: The task's name, unique in its dataset; kept in lower case.
        expected_value: What is expected of the value. `${path}` is filled in from the record. Left
            out where the operator expects nothing, such as `IsEmail`.
        operator: How the value is judged: a `ComparisonOperator`, or its name.
        context_path: Where the value is, such as `response.items[0].name` or a JSONPath that
            begins with `$`. The whole context where there is none.
        item_context_path: What to pick from each item of an array before it is judged.
        description: What the task is for.
        depends_on: The tasks that run before this one. Their values are seen under their ids.
        condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.
        each: How many items of an array must pass: `"all"` (the default), `"any"`, `"none"` or a
            least number. An empty array passes none of them.

    Raises:
        ConfigError: Where `expected_value` has no form in JSON or `each` is something else.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, id: str, expected_value: Any = ..., operator: ComparisonOperator | str | None = None, context_path: str | None = None, item_context_path: str | None = None, description: str | None = None, depends_on: Sequence[str] | None = None, condition: bool = False, each: Any | None = None) -> AssertionTask: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def condition(self, /) -> bool:
        """
        Whether the task is a gate.
        """
    @condition.setter
    def condition(self, /, condition: bool) -> None: ...
    @property
    def context_path(self, /) -> str | None:
        """
        Where the value is.
        """
    @context_path.setter
    def context_path(self, /, context_path: str | None) -> None: ...
    @property
    def depends_on(self, /) -> list[str]:
        """
        The tasks that run before this one, in lower case.
        """
    @depends_on.setter
    def depends_on(self, /, depends_on: Sequence[str]) -> None: ...
    @property
    def description(self, /) -> str | None:
        """
        What the task is for.
        """
    @description.setter
    def description(self, /, description: str | None) -> None: ...
    @property
    def each(self, /) -> Any:
        """
        How many items of an array must pass: `"all"`, `"any"`, `"none"` or a least number.
        """
    @each.setter
    def each(self, /, each: Any) -> None: ...
    @property
    def expected_value(self, /) -> Any:
        """
        What is expected of the value; `None` also where nothing is.
        """
    @property
    def id(self, /) -> str:
        """
        The task's name, in lower case.
        """
    @id.setter
    def id(self, /, id: str) -> None: ...
    @property
    def item_context_path(self, /) -> str | None:
        """
        What is picked from each item of an array.
        """
    @item_context_path.setter
    def item_context_path(self, /, item_context_path: str | None) -> None: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> AssertionTask:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> AssertionTask:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def operator(self, /) -> ComparisonOperator:
        """
        How the value is judged.
        """
    @operator.setter
    def operator(self, /, operator: ComparisonOperator) -> None: ...
    @property
    def task_type(self, /) -> EvaluationTaskType:
        """
        The kind of the task.
        """

@final
class Attribute:
    """
    A key and its value, on a span, an event or a link.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, key: str, value: Any) -> Attribute: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def key(self, /) -> str:
        """
        The name.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Attribute:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Attribute:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def value(self, /) -> Any:
        """
        The value.
        """

@final
class Auto:
    """
    The more of `Sturges` and `FreedmanDiaconis`, the latter at most 2·√n.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /) -> Auto: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Auto:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Auto:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class BadRecord:
    """
    A record of a file that could not be read and was left out.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def column(self, /) -> int | None:
        """
        Where in its line, in bytes from 1, as far as that is known.
        """
    @property
    def line(self, /) -> int | None:
        """
        The line of the file, from 1; `None` in a table.
        """
    @property
    def message(self, /) -> str:
        """
        What is wrong with it.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> BadRecord:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> BadRecord:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def row(self, /) -> int | None:
        """
        The row of the table, from 1; `None` in a file of lines.
        """

@final
class Bin:
    """
    A bin of a feature.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def category(self, /) -> str | None:
        """
        The category, where it holds one.
        """
    @property
    def count(self, /) -> int:
        """
        The baseline's rows in it.
        """
    @property
    def id(self, /) -> int:
        """
        Its position.
        """
    @property
    def lower_limit(self, /) -> float:
        """
        Numbers in it are greater; −∞ where there is no limit. Of a category, its position.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Bin:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Bin:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def proportion(self, /) -> float:
        """
        The share of the baseline's rows, missing ones included, that is in it.
        """
    @property
    def upper_limit(self, /) -> float | None:
        """
        Numbers in it are not greater; `None` where there is no limit, and of a category.
        """

@final
class BinType:
    """
    What the bins of a feature hold.
    """
    Category: Final[BinType]
    """
    A category each.
    """
    Numeric: Final[BinType]
    """
    Numbers between limits.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class BudgetUse:
    """
    What was used of a budget. It has what `ModelUsage` has not: estimates for calls that were dropped, or whose tokens nobody
    counted.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def calls(self, /) -> int:
        """
        Requests that were sent.
        """
    @property
    def cost(self, /) -> float:
        """
        US dollars, as far as prices are known.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> BudgetUse:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> BudgetUse:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def tokens(self, /) -> int:
        """
        Tokens, read and written; estimated where the provider did not say.
        """
    @property
    def unpriced(self, /) -> int:
        """
        Requests whose cost is unknown, and not in `cost`.
        """

@final
class Calibration:
    """
    What a judge said of records with labels.

    `results.calibration("quality", labels)` counts it; all estimates have intervals of 95 %. As text it shows the counts and the estimates.

    Args:
        true_passes: Good records that it passed.
        false_fails: Good records that it failed.
        false_passes: Bad records that it passed.
        true_fails: Bad records that it failed.
        judge: Which judge it was, as the `fingerprint` of its task; that of results knows it. With it, it holds for that judge alone: one
            whose prompt, model, settings or expectation are others now only reports.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, true_passes: int, false_fails: int, false_passes: int, true_fails: int, *, judge: str | None = None) -> Calibration: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def accuracy(self, /) -> Estimate | None:
        """
        The share of records on which judge and label agree; `None` where there are none.
        """
    def correct(self, /, passed: int, n: int) -> Estimate:
        """
        The pass rate of other records, corrected for the judge's mistakes (Rogan and Gladen): what a judge without
        mistakes would have passed.

        Args:
            passed: How many of them this judge passed.
            n: How many there are.

        Raises:
            ValueError: Where there are no records, no labels of either kind, or the judge is no better than chance.
        """
    @property
    def false_fails(self, /) -> int:
        """
        Good records that it failed.
        """
    @property
    def false_passes(self, /) -> int:
        """
        Bad records that it passed.
        """
    @property
    def judge(self, /) -> str | None:
        """
        Which judge it was: the `fingerprint` of its task; `None` where that is not known.
        """
    @property
    def kappa(self, /) -> Estimate | None:
        """
        Cohen's kappa: how far judge and label agree beyond chance, 1 at most. `None` where there are no records, or judge
        and labels put all of them on one side.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Calibration:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Calibration:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def sensitivity(self, /) -> Estimate | None:
        """
        The share of good records that pass; `None` where there are none.
        """
    @property
    def specificity(self, /) -> Estimate | None:
        """
        The share of bad records that fail; `None` where there are none.
        """
    @property
    def true_fails(self, /) -> int:
        """
        Bad records that it failed.
        """
    @property
    def true_passes(self, /) -> int:
        """
        Good records that the judge passed.
        """
    @property
    def unjudged(self, /) -> int:
        """
        Records with labels on which it came to no verdict; they are in none of the counts.
        """

@final
class CaseMean:
    """
    A mean over cases.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __float__(self, /) -> float: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def cases(self, /) -> int:
        """
        How many cases it is the mean of.
        """
    @property
    def left_out(self, /) -> int:
        """
        How many cases have too few trials for it.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> CaseMean:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> CaseMean:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def standard_error(self, /) -> float | None:
        """
        Its standard error, from how much the cases differ; `None` where there is but one.
        """
    @property
    def value(self, /) -> float:
        """
        The mean, from 0 to 1.
        """

@final
class CharStats:
    """
    Lengths of texts in characters.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def max_length(self, /) -> int | None:
        """
        The greatest.
        """
    @property
    def mean_length(self, /) -> float | None:
        """
        The mean.
        """
    @property
    def median_length(self, /) -> int | None:
        """
        The lower median; of texts longer than 4096 characters to a 2048th.
        """
    @property
    def min_length(self, /) -> int | None:
        """
        The least.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> CharStats:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> CharStats:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class ChatMessage:
    """
    A message as OpenAI writes it.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def content(self, /) -> Any:
        """
        What it says: a text, or a list of parts as dicts.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ChatMessage:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ChatMessage:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def role(self, /) -> str:
        """
        Who says it: `system`, `user` or `assistant`.
        """

@final
class CheckResult:
    """
    What a function may return where a bare value does not say enough.

    Args:
        passed: Whether the check holds; `None` where there was nothing to check.
        value: The value that was looked at, for the result and for tasks that depend on this one.
        message: Why.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, passed: bool | None, value: Any | None = None, message: str | None = None) -> CheckResult: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def message(self, /) -> str | None:
        """
        Why.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> CheckResult:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> CheckResult:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def passed(self, /) -> bool | None:
        """
        Whether the check holds; `None` where there was nothing to check.
        """
    @property
    def value(self, /) -> Any:
        """
        The value that was looked at.
        """

@final
class CommonCrons:
    """
    Schedules that many want, as cron expressions in UTC.
    """
    Every12Hours: Final[CommonCrons]
    Every15Minutes: Final[CommonCrons]
    Every1Minute: Final[CommonCrons]
    Every30Minutes: Final[CommonCrons]
    Every5Minutes: Final[CommonCrons]
    Every6Hours: Final[CommonCrons]
    EveryDay: Final[CommonCrons]
    """
    At midnight.
    """
    EveryHour: Final[CommonCrons]
    EveryWeek: Final[CommonCrons]
    """
    On Sunday at midnight.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def cron(self, /) -> str:
        """
        The cron expression: second, minute, hour, day, month, day of the week.
        """
    def get_next(self, /) -> str:
        """
        The next time of it, as ISO 8601 text in UTC.
        """
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class ComparisonOperator:
    """
    How a value is judged. What each operator means, what it expects and examples stand in
    `docs/reference/operators.md`.
    """
    ApproximatelyEquals: Final[ComparisonOperator]
    """
    A number near the expected one: relative difference up to 1e-9, as Python's `math.isclose`; with `[number, tolerance]`, absolute difference up to the tolerance.
    """
    Contains: Final[ComparisonOperator]
    """
    Text with this text in it, an array with this item, or an object with this key.
    """
    ContainsAll: Final[ComparisonOperator]
    """
    Text, an array or an object that contains every one of the list.
    """
    ContainsAny: Final[ComparisonOperator]
    """
    Text, an array or an object that contains at least one of the list.
    """
    ContainsNone: Final[ComparisonOperator]
    """
    Text, an array or an object that contains not one of the list.
    """
    ContainsWord: Final[ComparisonOperator]
    """
    Text in which the word stands alone, with no letter, digit or `_` next to it. Case counts.
    """
    EndsWith: Final[ComparisonOperator]
    """
    Text that ends so.
    """
    Equals: Final[ComparisonOperator]
    """
    Equal: numbers by what they are worth, objects whatever the order of their keys. NaN equals nothing.
    """
    EqualsIgnoreCase: Final[ComparisonOperator]
    """
    Equal text when upper and lower case are taken for the same.
    """
    Exists: Final[ComparisonOperator]
    """
    The path leads to a value, be it null.
    """
    GreaterThan: Final[ComparisonOperator]
    """
    A larger number, or text that sorts behind by code point.
    """
    GreaterThanOrEqual: Final[ComparisonOperator]
    """
    A number at least as large, or text that does not sort before by code point.
    """
    HasKeys: Final[ComparisonOperator]
    """
    An object with this key, or with all of these.
    """
    HasLengthEqual: Final[ComparisonOperator]
    """
    Exactly so many characters of text, items of an array or entries of an object.
    """
    HasLengthGreaterThan: Final[ComparisonOperator]
    """
    More characters, items or entries than that.
    """
    HasLengthGreaterThanOrEqual: Final[ComparisonOperator]
    """
    At least so many characters, items or entries.
    """
    HasLengthLessThan: Final[ComparisonOperator]
    """
    Fewer characters, items or entries than that.
    """
    HasLengthLessThanOrEqual: Final[ComparisonOperator]
    """
    At most so many characters, items or entries.
    """
    HasUniqueItems: Final[ComparisonOperator]
    """
    An array in which no two items are equal.
    """
    InRange: Final[ComparisonOperator]
    """
    A number within the range, both ends included.
    """
    IsAfter: Final[ComparisonOperator]
    """
    A date or date-time after this one. A date is the start of its day; without an offset it is UTC.
    """
    IsAlphabetic: Final[ComparisonOperator]
    """
    Text of letters of any script, and nothing else.
    """
    IsAlphanumeric: Final[ComparisonOperator]
    """
    Text of letters and digits of any script, and nothing else.
    """
    IsArray: Final[ComparisonOperator]
    """
    An array.
    """
    IsBase64: Final[ComparisonOperator]
    """
    Base64 with padding, of the standard or the URL-safe alphabet (RFC 4648).
    """
    IsBefore: Final[ComparisonOperator]
    """
    A date or date-time before this one. A date is the start of its day; without an offset it is UTC.
    """
    IsBetween: Final[ComparisonOperator]
    """
    A date or date-time from the first to the second, both included.
    """
    IsBoolean: Final[ComparisonOperator]
    """
    `true` or `false`.
    """
    IsDate: Final[ComparisonOperator]
    """
    A calendar date, `YYYY-MM-DD`, without a time.
    """
    IsEmail: Final[ComparisonOperator]
    """
    A bare email address whose domain has a dot.
    """
    IsEmpty: Final[ComparisonOperator]
    """
    Empty text, array or object, or null.
    """
    IsFinite: Final[ComparisonOperator]
    """
    A number that is neither NaN nor infinite.
    """
    IsHex: Final[ComparisonOperator]
    """
    Hexadecimal digits, with or without `0x` before them.
    """
    IsInteger: Final[ComparisonOperator]
    """
    A whole number; `3.0` is one.
    """
    IsIpAddress: Final[ComparisonOperator]
    """
    An address of IPv4 or IPv6.
    """
    IsIso8601: Final[ComparisonOperator]
    """
    An ISO 8601 date, or a date-time with `T`, in the extended form; the offset may be left out.
    """
    IsJson: Final[ComparisonOperator]
    """
    Text that is one JSON document by the letter of RFC 8259, nested at most some 200 levels deep.
    """
    IsLowerCase: Final[ComparisonOperator]
    """
    Text with a lower-case letter and no upper-case one.
    """
    IsNaN: Final[ComparisonOperator]
    """
    The number NaN.
    """
    IsNegative: Final[ComparisonOperator]
    """
    A number below zero.
    """
    IsNotEmpty: Final[ComparisonOperator]
    """
    Text, an array or an object with something in it.
    """
    IsNull: Final[ComparisonOperator]
    """
    Null, which is there: a path that leads nowhere is not null.
    """
    IsNumeric: Final[ComparisonOperator]
    """
    A number other than NaN, or text that is one in decimal digits, with nothing around it.
    """
    IsObject: Final[ComparisonOperator]
    """
    An object.
    """
    IsOneOf: Final[ComparisonOperator]
    """
    Equal to an item of the list.
    """
    IsPositive: Final[ComparisonOperator]
    """
    A number above zero.
    """
    IsSorted: Final[ComparisonOperator]
    """
    An array of numbers or of texts in ascending order; equal neighbours are in order.
    """
    IsString: Final[ComparisonOperator]
    """
    Text.
    """
    IsSubsetOf: Final[ComparisonOperator]
    """
    An array whose items are all in the list. An empty array is a subset of every list.
    """
    IsSupersetOf: Final[ComparisonOperator]
    """
    An array that has every item of the list.
    """
    IsUpperCase: Final[ComparisonOperator]
    """
    Text with an upper-case letter and no lower-case one.
    """
    IsUrl: Final[ComparisonOperator]
    """
    An absolute URL with a host, of any scheme.
    """
    IsUuid: Final[ComparisonOperator]
    """
    A UUID of any version, with hyphens or without.
    """
    IsZero: Final[ComparisonOperator]
    """
    The number zero.
    """
    LessThan: Final[ComparisonOperator]
    """
    A smaller number, or text that sorts before by code point.
    """
    LessThanOrEqual: Final[ComparisonOperator]
    """
    A number at most as large, or text that does not sort behind by code point.
    """
    LevenshteinAtMost: Final[ComparisonOperator]
    """
    Text that becomes the expected one by at most so many insertions, deletions and substitutions of characters.
    """
    Matches: Final[ComparisonOperator]
    """
    Text in which the regular expression is found anywhere; anchor it with `^` and `$` to match all of it.
    """
    MatchesRegex: Final[ComparisonOperator]
    """
    The same as `Matches`.
    """
    MatchesSchema: Final[ComparisonOperator]
    """
    A value that the JSON Schema accepts, formats included; drafts 4 to 2020-12, references within the schema only.
    """
    NotContains: Final[ComparisonOperator]
    """
    Text, an array or an object that lacks it.
    """
    NotEqual: Final[ComparisonOperator]
    """
    The opposite of `Equals`.
    """
    NotExists: Final[ComparisonOperator]
    """
    The path leads nowhere.
    """
    NotInRange: Final[ComparisonOperator]
    """
    A number outside the range. NaN is neither in a range nor outside one.
    """
    NotMatches: Final[ComparisonOperator]
    """
    Text in which the regular expression is found nowhere.
    """
    NotOneOf: Final[ComparisonOperator]
    """
    Equal to no item of the list.
    """
    SequenceMatches: Final[ComparisonOperator]
    """
    As `Equals`, on the array as a whole, for sequences; `true` is accepted where the measured value is a boolean.
    """
    SimilarityAtLeast: Final[ComparisonOperator]
    """
    Text at least so similar: 1 − edit distance / length of the longer text.
    """
    StartsWith: Final[ComparisonOperator]
    """
    Text that begins so.
    """
    WordCountAtLeast: Final[ComparisonOperator]
    """
    Text of at least so many words, apart by white space.
    """
    WordCountAtMost: Final[ComparisonOperator]
    """
    Text of at most so many words, apart by white space.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class ComparisonResults:
    """
    Two runs, record by record and task by task.
    """
    def __bool__(self, /) -> bool:
        """
        It has no truth: see `outcome` and `verdict`.

        Raises:
            TypeError: Always, so that `assert results.compare_to(baseline)` is no test that cannot fail.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[GenAIEvalResults, GenAIEvalResults, tuple[float, float, str, str, float, int | None]]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def as_table(self, /, max_rows: "int" = ..., intervals: bool = False) -> "str":
        """
        Prints the records, the tasks and the summary, and gives them back as text.

        Args:
            max_rows: The most records that are shown; what is left out is counted.
            intervals: Whether each rate shows its own interval (Wilson).
        """
    @property
    def baseline_workflow_count(self, /) -> int:
        """
        How many records the baseline has.
        """
    @property
    def changed_tasks(self, /) -> dict[str, str]:
        """
        The tasks that both runs have by their ids and that are other checks now, with what of each is not as it was. Where
        there is one, a run is never called improved or unchanged. What a function or a prompt says is not compared.
        """
    @property
    def comparison_workflow_count(self, /) -> int:
        """
        How many records the compared run has.
        """
    @property
    def error_share(self, /) -> float:
        """
        The share of records for which something errored or was not come to, in the run in which it is
        larger; records that only the baseline has count as such of the compared run. From 0 to 1.
        """
    @property
    def has_missing_tasks(self, /) -> bool:
        """
        Whether a task is in one of the runs only.
        """
    @property
    def headline(self, /) -> str:
        """
        What the verdict means, in a sentence without its full stop.
        """
    @property
    def improved_workflows(self, /) -> int:
        """
        How many of them got better by more than the threshold.
        """
    @property
    def invalid_reason(self, /) -> str | None:
        """
        Why the comparison is invalid: `too_many_errors`, `disjoint_records` where no record is in both runs,
        `other_trials` where they ran each record another number of times, `nothing_compared` where none came to a verdict in both, or, where records without ids may have moved since
        other records could not be read, `places_unknown`; `None` where it is not.
        """
    @property
    def lost_records(self, /) -> list[str]:
        """
        The records that only the baseline has. Each counts as a regression.
        """
    @property
    def mean_pass_rate_delta(self, /) -> float:
        """
        The mean change of the records' pass rates. What was lost to an error in either run is left out.
        """
    @property
    def missing_tasks(self, /) -> list[MissingTask]:
        """
        The tasks that only one of the runs has.
        """
    @property
    def new_records(self, /) -> list[str]:
        """
        The records that only the compared run has.
        """
    @property
    def outcome(self, /) -> str:
        """
        Whether the run passes beside its baseline: `passed`, `failed`, `too_many_errors` or `inconclusive`, by the one rule of
        the command line and pytest.

        What is lost or softened is never a pass: deleting what fails makes nothing better.
        """
    @property
    def overall(self, /) -> RateChange | None:
        """
        The change of the records' pass rates, gates aside. What was lost to an error in either run is
        left out; `None` where nothing is left.
        """
    def print_missing_tasks(self, /) -> None:
        """
        Prints the tasks that only one of the runs has.
        """
    def print_status_changes_table(self, /, max_rows: int | None = None) -> None:
        """
        Prints each task of each record that came out otherwise than before.
        """
    def print_summary_stats(self, /) -> None:
        """
        Prints the comparison in a few lines.
        """
    def print_summary_table(self, /, max_rows: "int" = ..., intervals: bool = False) -> None:
        """
        Prints each record that both runs have, those that got worse first.

        Args:
            max_rows: The most records that are shown; what is left out is counted.
            intervals: Whether each rate shows its own interval (Wilson).
        """
    def print_task_aggregate_table(self, /, intervals: bool = False) -> None:
        """
        Prints each task over all records that both runs have, and each number that changed.

        Args:
            intervals: Whether each rate shows its own interval (Wilson).
        """
    @property
    def regressed(self, /) -> bool:
        """
        Whether a record got worse by more than the threshold or has a check that errors now, or a
        record or a task is there no more.
        """
    @property
    def regressed_workflows(self, /) -> int:
        """
        How many of them got worse by more than the threshold.
        """
    @property
    def task_status_changes(self, /) -> list[TaskComparison]:
        """
        Every task of every record that came out otherwise than before.
        """
    def task_verdicts(self, /) -> "dict[str, TaskVerdict]":
        """
        Each task that both runs have, gates included, by its id and in the order of the tasks.
        """
    @property
    def total_workflows(self, /) -> int:
        """
        How many records both runs have.
        """
    @property
    def unchanged_workflows(self, /) -> int:
        """
        How many of them did neither.
        """
    @property
    def verdict(self, /) -> str:
        """
        What the comparison says: `improved`, `regressed`, `unchanged`, `inconclusive` or `invalid`.

        Regressed where the records' pass rates or any task's did, more than chance explains, or where
        the baseline has a task that is there no more; otherwise improved where they did; otherwise what
        the records' pass rates say. Invalid where the runs can't be compared, which is never a pass:
        `invalid_reason` says why.
        """
    @property
    def window(self, /) -> ComparisonResults | None:
        """
        The same of the tasks that look at all records at once, such as drift; `None` where neither run has any. What they say is in
        `verdict` and `regressed` already: each has one outcome, so there is no test of chance.
        """
    @property
    def workflow_comparisons(self, /) -> list[WorkflowComparison]:
        """
        The records that both runs have.
        """

@final
class ConsoleDispatchConfig:
    """
    Alerts in the log of the server.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /) -> ConsoleDispatchConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def enabled(self, /) -> bool:
        """
        Whether there are such alerts.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ConsoleDispatchConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ConsoleDispatchConfig:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class ContentEmbedding:
    """
    A vector in the words of Google's replies.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ContentEmbedding:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ContentEmbedding:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def values(self, /) -> list[float]:
        """
        The vector.
        """

@final
class CustomDriftMap:
    """
    What a window of values says of metrics.

    `drift_map["mae"]` is what it says of one.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> MetricCheck: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _repr_html_(self, /) -> str:
        """
        The table and drawings as a notebook shows them.
        """
    @property
    def absent(self, /) -> dict[str, str]:
        """
        What nothing can be said of, and why.
        """
    @property
    def alerts(self, /) -> list[str]:
        """
        The metrics that are too far from their baselines.
        """
    def as_table(self, /) -> "str":
        """
        Prints a line for every feature, and what is left out with the reason, and gives it back as text.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> CustomDriftMap:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @property
    def lost(self, /) -> list[str]:
        """
        What is watched, has a baseline, and could not be compared with it, or has too few rows. While there is any, nothing is known to be well.
        """
    @property
    def metrics(self, /) -> dict[str, MetricCheck]:
        """
        What the window says of every metric.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> CustomDriftMap:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> CustomDriftMap:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        The model or service.
        """
    def report(self, /, path: str | PathLike[str], title: str | None = None) -> None:
        """
        Writes the page of `to_html` into a file, whole or not at all.

        Args:
            path: The file, which ends in `.html`. The folder must be there.
            title: The heading.

        Raises:
            ValueError: Where the file does not end in `.html`.
            OSError: Where it cannot be written.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `custom_drift_map.json` by default.
        """
    @property
    def space(self, /) -> str:
        """
        What the name belongs to.
        """
    def to_dataframe(self, /, polars: bool = False) -> Any:
        """
        A line for every feature, as a pandas or a polars data frame. Moments are microseconds since 1970 in UTC.

        Args:
            polars: A polars frame instead of a pandas one.
        """
    def to_html(self, /, title: str | None = None) -> str:
        """
        A page with the table and a drawing of every feature that has one, as text of HTML. It needs nothing beside itself.

        Args:
            title: The heading.
        """
    @property
    def version(self, /) -> str:
        """
        Its version.
        """

@final
class CustomDriftProfile:
    """
    Metrics with their baselines.

    Args:
        config: What becomes of the profile.
        metrics: The metrics, each under a name of its own.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, config: CustomMetricDriftConfig, metrics: Sequence[CustomMetric]) -> CustomDriftProfile: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _repr_html_(self, /) -> str:
        """
        The table and drawings as a notebook shows them.
        """
    def as_table(self, /) -> "str":
        """
        Prints a line for every feature, and what is left out with the reason, and gives it back as text.
        """
    @property
    def config(self, /) -> CustomMetricDriftConfig:
        """
        What becomes of it. Its `alert_conditions` are those of the metrics.
        """
    @property
    def custom_metrics(self, /) -> list[CustomMetric]:
        """
        The metrics.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> CustomDriftProfile:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @property
    def metrics(self, /) -> dict[str, float]:
        """
        The baseline of every metric.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> CustomDriftProfile:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> CustomDriftProfile:
        """
        Reads what `model_dump_json` wrote.
        """
    def report(self, /, path: str | PathLike[str], title: str | None = None) -> None:
        """
        Writes the page of `to_html` into a file, whole or not at all.

        Args:
            path: The file, which ends in `.html`. The folder must be there.
            title: The heading.

        Raises:
            ValueError: Where the file does not end in `.html`.
            OSError: Where it cannot be written.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `custom_drift_profile.json` by default.
        """
    @property
    def scouter_version(self, /) -> str:
        """
        The version of the package that made it.
        """
    def to_dataframe(self, /, polars: bool = False) -> Any:
        """
        A line for every feature, as a pandas or a polars data frame. Moments are microseconds since 1970 in UTC.

        Args:
            polars: A polars frame instead of a pandas one.
        """
    def to_html(self, /, title: str | None = None) -> str:
        """
        A page with the table and a drawing of every feature that has one, as text of HTML. It needs nothing beside itself.

        Args:
            title: The heading.
        """
    @property
    def uid(self, /) -> str:
        """
        What records refer to it by; the same as of its configuration.
        """
    @uid.setter
    def uid(self, /, uid: str) -> None: ...
    def update_config_args(self, /, space: str | None = None, name: str | None = None, version: str | None = None, alert_config: CustomMetricAlertConfig | None = None) -> None:
        """
        Changes what is given of the configuration.
        """

@final
class CustomMetric:
    """
    A metric with its baseline.

    Args:
        name: Its name.
        baseline_value: What it should be.
        alert_threshold: Which side of the baseline is watched.
        delta: How far from the baseline it may be; nothing where there is none.
        aggregation: How the values of a window become one: `"mean"`, `"last"`, `"min"`, `"max"`, `"count"`, or a
            number from 0 to 1, the quantile of this probability.
        minimum_count: With fewer values a window says nothing, unless it is their count that is watched.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, name: str, baseline_value: float, alert_threshold: AlertThreshold, delta: float | None = None, *, aggregation: str | float | None = None, minimum_count: int = 1) -> CustomMetric: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def aggregation(self, /) -> str | float:
        """
        How the values of a window become one: a name, or the probability of a quantile.
        """
    @property
    def alert_condition(self, /) -> AlertCondition:
        """
        When it is too far from its baseline.
        """
    @alert_condition.setter
    def alert_condition(self, /, alert_condition: AlertCondition) -> None: ...
    @property
    def alert_threshold(self, /) -> AlertThreshold:
        """
        Which side of the baseline is watched.
        """
    @property
    def baseline_value(self, /) -> float:
        """
        What it should be.
        """
    @baseline_value.setter
    def baseline_value(self, /, baseline_value: float) -> None: ...
    @property
    def delta(self, /) -> float | None:
        """
        How far from the baseline it may be.
        """
    @property
    def minimum_count(self, /) -> int:
        """
        With fewer values a window says nothing, unless it is their count that is watched.
        """
    @minimum_count.setter
    def minimum_count(self, /, value: int) -> None:
        """
        With fewer values a window says nothing, unless it is their count that is watched.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> CustomMetric:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> CustomMetric:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @name.setter
    def name(self, /, name: str) -> None: ...

@final
class CustomMetricAlertConfig:
    """
    When and to whom it is told that metrics are too far from their baselines.

    Args:
        dispatch_config: Where alerts go; the server's log by default.
        schedule: When is looked: a `CommonCrons`, or a cron expression in UTC with five fields, or six with
            seconds. Every day by default.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, dispatch_config: ConsoleDispatchConfig | SlackDispatchConfig | OpsGenieDispatchConfig | None = None, schedule: CommonCrons | str | None = None) -> CustomMetricAlertConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alert_conditions(self, /) -> dict[str, AlertCondition] | None:
        """
        When a metric is too far from its baseline, by metric; `None` before there is a profile. A profile takes those
        that are here instead of its metrics' own, and has a configuration of its own from then on.
        """
    @alert_conditions.setter
    def alert_conditions(self, /, conditions: dict | None) -> None: ...
    @property
    def dispatch_config(self, /) -> ConsoleDispatchConfig | SlackDispatchConfig | OpsGenieDispatchConfig:
        """
        Where alerts go.
        """
    @property
    def dispatch_type(self, /) -> AlertDispatchType:
        """
        The kind of place that alerts go to.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> CustomMetricAlertConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> CustomMetricAlertConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def schedule(self, /) -> str:
        """
        When is looked, as a cron expression in UTC.
        """
    @schedule.setter
    def schedule(self, /, schedule: CommonCrons | str) -> None: ...

@final
class CustomMetricDriftConfig:
    """
    What becomes of a profile of metrics.

    Args:
        space: What the name belongs to, such as a team. To be given before a profile is registered, as the name is; `"__missing__"` until then. Both
            have 1 to 128 letters (a to z, A to Z), digits, `_`, `-` and `.`, and begin with neither of the last two.
        name: The model or service.
        version: Its version, a semantic one such as 1.2.3. `"0.1.0"` by default.
        sample_size: How many values a client sends at a time.
        alert_config: When is looked, and who is told.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, space: str | None = None, name: str | None = None, version: str | None = None, sample_size: int = 25, alert_config: CustomMetricAlertConfig | None = None) -> CustomMetricDriftConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alert_config(self, /) -> CustomMetricAlertConfig:
        """
        When is looked, and who is told.
        """
    @alert_config.setter
    def alert_config(self, /, value: CustomMetricAlertConfig) -> None:
        """
        When is looked, and who is told.
        """
    @property
    def drift_type(self, /) -> DriftType:
        """
        Always `DriftType.Custom`.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> CustomMetricDriftConfig:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @staticmethod
    def load_from_json_file(path: str | PathLike[str]) -> CustomMetricDriftConfig:
        """
        Reads a configuration that was saved.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> CustomMetricDriftConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> CustomMetricDriftConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        The model or service.
        """
    @name.setter
    def name(self, /, name: str) -> None: ...
    @property
    def sample_size(self, /) -> int:
        """
        How many values a client sends at a time.
        """
    @sample_size.setter
    def sample_size(self, /, value: int) -> None:
        """
        How many values a client sends at a time.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `custom_drift_config.json` by default.
        """
    @property
    def space(self, /) -> str:
        """
        What the name belongs to, such as a team.
        """
    @space.setter
    def space(self, /, space: str) -> None: ...
    @property
    def uid(self, /) -> str:
        """
        What records refer to the profile by. Given by us.
        """
    @uid.setter
    def uid(self, /, uid: str) -> None: ...
    def update_config_args(self, /, space: str | None = None, name: str | None = None, version: str | None = None, alert_config: CustomMetricAlertConfig | None = None) -> None:
        """
        Changes what is given.
        """
    @property
    def version(self, /) -> str:
        """
        Its version.
        """
    @version.setter
    def version(self, /, version: str) -> None: ...

@final
class CustomTask:
    """
    A function of yours as a task: in the same graph, with dependencies and gates like any other.

    The function is called with the record's context: a dict, with the values of the tasks it
    depends on under their ids. The dict is the function's own; what stands in it is the record's, and is not to be
    changed. It may be `async`, or an object that can be called. What it returns
    is judged:

    - a `CheckResult` says everything itself;
    - with an `operator`, any other value is judged by it;
    - without one, a `bool` (or NumPy's) passes or fails;
    - any other value is kept for tasks that depend on this one, without a verdict;
    - `None` is an error, for a forgotten `return` must not pass.

    A function that raises makes its task *errored*, with the traceback; nothing else is lost.

    Args:
        id: The task's name, unique in its dataset; kept in lower case.
        function: What is called.
        expected_value: What is expected of the value, where there is an operator.
        operator: How the value is judged.
        description: What the task is for.
        depends_on: The tasks that run before this one.
        condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.
        each: How many items of an array must pass.
        timeout: How many seconds the function may take.
        version: What tells whether the function has changed, instead of its code: a run that goes on
            in its directory, and one that reuses another, ask it again where this is another.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[str, Any], dict]:
        """
        Pickles where its function does.
        """
    def __new__(cls, /, id: str, function: Callable[..., Any], expected_value: Any = ..., operator: ComparisonOperator | str | None = None, description: str | None = None, depends_on: Sequence[str] | None = None, condition: bool = False, each: Any | None = None, timeout: float | None = None, version: str | None = None) -> CustomTask: ...
    def __repr__(self, /) -> str: ...
    @property
    def condition(self, /) -> bool:
        """
        Whether the task is a gate.
        """
    @condition.setter
    def condition(self, /, condition: bool) -> None: ...
    @property
    def depends_on(self, /) -> list[str]:
        """
        The tasks that run before this one, in lower case.
        """
    @depends_on.setter
    def depends_on(self, /, depends_on: Sequence[str]) -> None: ...
    @property
    def description(self, /) -> str | None:
        """
        What the task is for.
        """
    @description.setter
    def description(self, /, description: str | None) -> None: ...
    @property
    def expected_value(self, /) -> Any:
        """
        What is expected of the value; `None` also where nothing is.
        """
    @property
    def function(self, /) -> Any:
        """
        What is called.
        """
    @property
    def id(self, /) -> str:
        """
        The task's name, in lower case.
        """
    @id.setter
    def id(self, /, id: str) -> None: ...
    @property
    def operator(self, /) -> ComparisonOperator | None:
        """
        How the value is judged.
        """
    @property
    def task_type(self, /) -> EvaluationTaskType:
        """
        The kind of the task.
        """
    @property
    def version(self, /) -> str | None:
        """
        What tells whether the function has changed.
        """

@final
class DataProfile:
    """
    What data look like.

    `profile["x"]` is a column.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> FeatureProfile: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _repr_html_(self, /) -> str:
        """
        The table and drawings as a notebook shows them.
        """
    def as_table(self, /) -> "str":
        """
        Prints a line for every feature, and what is left out with the reason, and gives it back as text.
        """
    @property
    def features(self, /) -> dict[str, FeatureProfile]:
        """
        The columns.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> DataProfile:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    def merge(self, /, other: DataProfile) -> DataProfile:
        """
        The profile of the rows of both, as if they had been read one after the other: of parts of a file, or of what several machines have
        read. Both are made with `create_data_profile(…, mergeable=True)`, and the outcome can be put together with others. A column
        that one of them lacks has no value in its rows; where each of them has a column that the other lacks, as one that was renamed, the log
        names both, and it says so where both are the same profile. Correlations are those of the whole where both were made with
        `compute_correlations=True`.

        Args:
            other: The profile of other rows.

        Raises:
            ValueError: Where one of them was not made for that, where their `bin_size` differs, where one of them alone has correlations or
                both have too many columns for them, and where a column holds different things.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> DataProfile:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> DataProfile:
        """
        Reads what `model_dump_json` wrote.
        """
    def report(self, /, path: str | PathLike[str], title: str | None = None) -> None:
        """
        Writes the page of `to_html` into a file, whole or not at all.

        Args:
            path: The file, which ends in `.html`. The folder must be there.
            title: The heading.

        Raises:
            ValueError: Where the file does not end in `.html`.
            OSError: Where it cannot be written.
        """
    @property
    def rows(self, /) -> int:
        """
        How many rows there are.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `data_profile.json` by default.
        """
    def to_dataframe(self, /, polars: bool = False) -> Any:
        """
        A line for every feature, as a pandas or a polars data frame. Moments are microseconds since 1970 in UTC.

        Args:
            polars: A polars frame instead of a pandas one.
        """
    def to_html(self, /, title: str | None = None) -> str:
        """
        A page with the table and a drawing of every feature that has one, as text of HTML. It needs nothing beside itself.

        Args:
            title: The heading.
        """

@final
class DataProfiler:
    """
    Describes data, column by column: counts, missing values, moments, quantiles, distinct values, histograms, texts, words.

    Data is all that `Drifter` reads. In memory it is described exactly, but for the number of distinct values where there
    are many; files, streams and iterators are read a part at a time, and quantiles and histograms then come from a sketch with a
    stated error where there are more than some thousand rows.
    """
    def __new__(cls, /) -> DataProfiler: ...
    def create_data_profile(self, /, data: Any, data_type: ScouterDataType | None = None, bin_size: int = 20, compute_correlations: bool = False, *, mergeable: bool = False) -> DataProfile:
        """
        Describes data.

        Args:
            data: The data.
            data_type: In which library the data stands; told by its look.
            bin_size: How many bins a histogram has, from 1 to 10,000.
            compute_correlations: Whether to tell how columns hang together: Pearson's and Spearman's correlation of
                numbers, Cramér's V of texts. Ranks are kept of up to 2,097,152 rows, and 33,554,432 numbers.
            mergeable: Whether to keep what `DataProfile.merge` puts parts together with, also in what is saved: up to half a megabyte of
                a column, and more of texts with long words. Data in memory are then described as those of a file are. With
                `compute_correlations` also what these are made of: 11 bytes of every number whose rank is kept, 22 of every pair of
                categories that stand in the same row, up to 16,777,216 different ones, and 64 of every pair of columns of numbers.

        Raises:
            DataError: Where the data cannot be read, with column and row; where it has no rows.
            ValueError: Where `bin_size` is out of range.
        """
    def create_data_profiles(self, /, data: Any, *, by: str | None = None, time: str | None = None, every: str | None = None, bin_size: int = 20) -> dict[str, DataProfile]:
        """
        Describes the rows of each segment, or of each window of time, apart.

        Args:
            data: The data.
            by: A column: the rows of each of its values are described. Rows in which it is missing are in none.
            time: A column of moments: the rows of each window of time are described.
            every: How wide windows are: `"hour"`, `"day"`, `"week"`, `"month"`, `"quarter"` or `"year"`, in UTC. They go
                by their first day.
            bin_size: How many bins a histogram has, from 1 to 10,000.

        Raises:
            DataError: Where the data cannot be read, with column and row; where it has no rows.
            ValueError: Where neither `by` is given, nor `time` and `every`.
        """

@final
class DatetimeStats:
    """
    A column of moments, in UTC.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def distinct(self, /) -> Distinct:
        """
        How many different values there are.
        """
    @property
    def histogram(self, /) -> Histogram | None:
        """
        How many moments lie where, by microseconds since 1970.
        """
    @property
    def max(self, /) -> datetime | None:
        """
        The last moment.
        """
    @property
    def median(self, /) -> datetime | None:
        """
        The median.
        """
    @property
    def min(self, /) -> datetime | None:
        """
        The first moment.
        """
    @property
    def missing(self, /) -> int:
        """
        Rows without a value.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> DatetimeStats:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> DatetimeStats:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def rows(self, /) -> int:
        """
        All rows.
        """

@final
class DistanceMap:
    """
    How far the features of one sample are from those of another.

    `distances["x"]` is what is known of a feature.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> FeatureDistance: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _repr_html_(self, /) -> str:
        """
        The table and drawings as a notebook shows them.
        """
    @property
    def absent(self, /) -> dict[str, str]:
        """
        What nothing can be said of, and why.
        """
    def as_table(self, /) -> "str":
        """
        Prints a line for every feature, and what is left out with the reason, and gives it back as text.
        """
    @property
    def details(self, /) -> dict[str, FeatureDistance]:
        """
        All that is known of every feature.
        """
    @property
    def drifted(self, /) -> list[str]:
        """
        The features that drifted, of those that are watched.
        """
    @property
    def features(self, /) -> dict[str, float]:
        """
        The number that every feature comes to: its index, or the statistic of the method.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> DistanceMap:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @property
    def method(self, /) -> str:
        """
        By what features were compared.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> DistanceMap:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> DistanceMap:
        """
        Reads what `model_dump_json` wrote.
        """
    def report(self, /, path: str | PathLike[str], title: str | None = None) -> None:
        """
        Writes the page of `to_html` into a file, whole or not at all.

        Args:
            path: The file, which ends in `.html`. The folder must be there.
            title: The heading.

        Raises:
            ValueError: Where the file does not end in `.html`.
            OSError: Where it cannot be written.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `distance_map.json` by default.
        """
    def to_dataframe(self, /, polars: bool = False) -> Any:
        """
        A line for every feature, as a pandas or a polars data frame. Moments are microseconds since 1970 in UTC.

        Args:
            polars: A polars frame instead of a pandas one.
        """
    def to_html(self, /, title: str | None = None) -> str:
        """
        A page with the table and a drawing of every feature that has one, as text of HTML. It needs nothing beside itself.

        Args:
            title: The heading.
        """

@final
class Distinct:
    """
    How many different values there are.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def count(self, /) -> int:
        """
        How many.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Distinct:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Distinct:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def percent(self, /) -> float:
        """
        Their share of the rows that have a value, from 0 to 1; of a word, its share of all words.
        """
    @property
    def standard_error(self, /) -> float:
        """
        The standard error of the count, as a share of it; 0 where it is exact.
        """

@final
class Doane:
    """
    Sturges' rule, with more bins the more skewed the data are (Doane 1976).
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /) -> Doane: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Doane:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Doane:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class DriftTask:
    """
    Columns over all records against how they were: fields of records, what tasks judged, or whether they passed.

    It runs when all records are done. What it measures is an object with `method`, `drifted`, `drifted_features`, `records`,
    `values` (the fewest that a column has) and `features`; of a `PsiDriftProfile` and of an earlier run also `psi` and `p_value`
    with their `min`, `mean` and `max`, of a `SpcDriftProfile` `alerts` and `p_value`. It passes unless something `drifted`, or as `operator` and
    `expected_value` judge the value at `context_path`. A column with too few values, none at all or others than its baseline is an
    error, never a pass.

    Of the tasks in `depends_on`, those of single records say which records are in the columns: those on which a task would run that
    depends on them, now and in an earlier run. Tasks that depend on this one see all that it measured.

    Args:
        id: The task's name, unique in its dataset; kept in lower case.
        baseline: How the columns were: a `PsiDriftProfile`, a `SpcDriftProfile`, a `CustomDriftProfile`, the `GenAIEvalResults` of an
            earlier run, or the path of a JSON file with one of these.
        column: The column: the path of a field, or `{"value_of": task}` or `{"pass_rate_of": task}`. With an earlier run, one of
            the latter.
        columns: Several columns, by the features of the baseline that they are compared with. Where neither is given, all features
            that the baseline watches are fields of the same names.
        context_path: Where in what is measured the value is that is judged, such as `psi.max`. `drifted` by default; with
            control charts it must be said, for these alert by chance too.
        operator: How the value is judged: a `ComparisonOperator`, or its name. `Equals` by default.
        expected_value: What is expected of the value; `False` where nothing else is given.
        min_values: With fewer values in a column the task errors, and with fewer in the bins of its baseline it is refused. By default
            what its `PsiAlertConfig` says for bins (30), a subgroup for a control chart, the metric's own `minimum_count` for a metric.
        description: What the task is for.
        depends_on: The tasks that run before this one.
        condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.

    Raises:
        ConfigError: Where the baseline does not have the columns, or a column is none; where an earlier run was cancelled, or does not
            have a task of `depends_on`.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, id: str, baseline: PsiDriftProfile | SpcDriftProfile | CustomDriftProfile | GenAIEvalResults | str | PathLike[str], column: Any | None = None, columns: Any | None = None, context_path: str | None = None, operator: ComparisonOperator | str | None = None, expected_value: Any = ..., min_values: int | None = None, description: str | None = None, depends_on: Sequence[str] | None = None, condition: bool = False) -> DriftTask: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def baseline(self, /) -> Any:
        """
        How the columns were: a profile.
        """
    @property
    def columns(self, /) -> Any:
        """
        The columns, by the features of the baseline that they are compared with. None where all features that it watches are fields
        of the same names.
        """
    @property
    def condition(self, /) -> bool:
        """
        Whether the task is a gate.
        """
    @condition.setter
    def condition(self, /, condition: bool) -> None: ...
    @property
    def context_path(self, /) -> str:
        """
        Where in what is measured the value is that is judged.
        """
    @property
    def depends_on(self, /) -> list[str]:
        """
        The tasks that run before this one, in lower case.
        """
    @depends_on.setter
    def depends_on(self, /, depends_on: Sequence[str]) -> None: ...
    @property
    def description(self, /) -> str | None:
        """
        What the task is for.
        """
    @description.setter
    def description(self, /, description: str | None) -> None: ...
    @property
    def expected_value(self, /) -> Any:
        """
        What is expected of the value; `None` also where nothing is.
        """
    @property
    def id(self, /) -> str:
        """
        The task's name, in lower case.
        """
    @id.setter
    def id(self, /, id: str) -> None: ...
    @property
    def min_values(self, /) -> int | None:
        """
        With fewer values in a column the task errors; `None` where that is left to the method.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> DriftTask:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> DriftTask:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def operator(self, /) -> ComparisonOperator:
        """
        How the value is judged.
        """
    @property
    def task_type(self, /) -> EvaluationTaskType:
        """
        The kind of the task.
        """

@final
class DriftType:
    """
    What a profile watches.
    """
    Custom: Final[DriftType]
    """
    Metrics that an application measures itself.
    """
    GenAI: Final[DriftType]
    """
    Evaluations.
    """
    Psi: Final[DriftType]
    """
    The population stability index.
    """
    Spc: Final[DriftType]
    """
    Control charts.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_value(value: str) -> DriftType:
        """
        The type of a text, in upper or lower case.
        """
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """
    def value(self, /) -> str:
        """
        The type as text: `"spc"`, `"psi"`, `"custom"` or `"genai"`.
        """

@final
class Drifter:
    """
    Makes profiles of data, and tells how far later data are from them.

    Data is a data frame of pandas or polars, an Arrow table (or anything with `__arrow_c_stream__`), an array of NumPy
    with two dimensions (its features are `feature_0` and so on), a list of dicts or pydantic models, a dict of columns, an
    iterator of any of these, or the path of a Parquet, Arrow or CSV file. Iterators, streams and files are read a part at a
    time, in bounded memory: bins and quantiles then come from a sketch where there are more than some thousand rows. What is bounded is
    each column, and with `by` or `time` each column of each group; `compare` holds both of its samples.
    Work is spread over all cores, and Ctrl-C ends it.
    """
    def __new__(cls, /) -> Drifter: ...
    def compare(self, /, baseline: Any, data: Any, method: str = "kolmogorov_smirnov", *, threshold: float | None = None, alpha: float = 0.05, correction: str | None = ..., binning_strategy: QuantileBinning | EqualWidthBinning | None = None, categorical_features: Sequence[str] = ..., max_categories: int = 100, text_lengths: dict[str, str] | None = None) -> DistanceMap:
        """
        Compares two samples of the same features without a profile, by one of many methods.

        Of whole distributions of numbers: `"kolmogorov_smirnov"`, `"cramer_von_mises"`, `"wasserstein"` (in standard deviations of the
        baseline). Of counts in bins of the baseline, or of categories: `"psi"`, `"chi_square"`, `"jensen_shannon"`, `"hellinger"`,
        `"total_variation"` (the share of rows in other bins). Of whole rows of numbers, such as embeddings: `"mmd"`, the maximum mean
        discrepancy, and `"domain_classifier"`, how well a classifier tells the rows of one side from those of the other (the area under its ROC
        curve); their one result stands under `"all columns"`.

        Args:
            baseline: How it was.
            data: How it is, with the columns of the baseline in any order; others are not looked at.
            method: The method.
            threshold: Beyond which a `"wasserstein"` distance or a `"total_variation"` matters; a tenth by default.
            alpha: The share of false alarms.
            correction: What is done about many features being tested at once: `"holm"`, `"benjamini_hochberg"` or `None`.
            binning_strategy: How numbers are cut into bins for methods that count; ten quantiles by default.
            categorical_features: Columns of numbers that are categories. Columns of text always are.
            max_categories: How many categories of a feature have a bin of their own; the rarer ones share one.
            text_lengths: Columns of text that are compared by their lengths, with what is counted: `"characters"` or `"words"`.

        Raises:
            ValueError: Where there is no such method, or it takes no threshold.
            DataError: Where the data cannot be read, with column and row; where it has no rows, or not the columns of the baseline.
        """
    def compute_drift(self, /, data: Any, drift_profile: "PsiDriftProfile | SpcDriftProfile | CustomDriftProfile | GenAIEvalProfile | dict[str, PsiDriftProfile] | dict[str, SpcDriftProfile]", data_type: ScouterDataType | None = None, *, by: str | None = None, time: str | None = None, every: str | None = None) -> Any:
        """
        Tells how far data are from a profile. Of fewer rows than the profile's `PsiAlertConfig(min_values=30)`, or on a baseline of fewer than that and
        than 30, there is an index, and nothing is said of drift. With a `GenAIEvalProfile`, evaluates records by its tasks as a dataset does, and gives back a
        `GenAIEvalResultSet`.

        Args:
            data: The data, with the columns of the profile in any order; others are not looked at. With a
                `CustomDriftProfile`, its columns are the metrics, and one without values is an empty column; with a `GenAIEvalProfile`, it is a list of records.
            drift_profile: The profile; or a dict of them, as `by` makes it: each value is compared with its own. Values
                that have no profile are in `new`, profiles without rows in `gone`.
            data_type: In which library the data stands; told by its look.
            by: A column: the rows of each of its values are compared apart, in a dict.
            time: A column of moments: the rows of each window of time are compared apart.
            every: How wide windows are: `"hour"`, `"day"`, `"week"`, `"month"`, `"quarter"` or `"year"`, in UTC. They go
                by their first day.

        Raises:
            DataError: Where the data cannot be read, with column and row; where it has no rows, or not the columns of
                the profile.
        """
    def create_drift_profile(self, /, data: Any, config: "SpcDriftConfig | PsiDriftConfig | CustomMetricDriftConfig | GenAIEvalConfig | None" = None, data_type: ScouterDataType | None = None, *, by: str | None = None, time: str | None = None, every: str | None = None, mergeable: bool = False) -> Any:
        """
        Makes a profile of data. Of baselines with so few values that little follows from them the logger `scouter` warns.

        Args:
            data: The data; with a `CustomMetricDriftConfig`, one metric or a list of them; with a `GenAIEvalConfig`, tasks.
            config: What kind of profile, and how it is made: control charts by default, of which one has drifted where it breaks any rule, so that in long
                windows some do though nothing has changed; `SpcAlertConfig(alpha=…)` is for those.
            data_type: In which library the data stands; told by its look.
            by: A column: each of its values gets a profile of its own, in a dict. Rows in which it is missing are in
                none.
            time: A column of moments: each window of time gets a profile of its own.
            every: How wide windows are: `"hour"`, `"day"`, `"week"`, `"month"`, `"quarter"` or `"year"`, in UTC. They go
                by their first day.
            mergeable: Whether to keep what `merge` of the profile puts parts together by, also in what is saved: of bins up to half a
                megabyte of a column of numbers, and all categories of one of texts. Bins of data in memory are then made as those of an
                iterator are, and nobody is warned of few values. Texts are put together in bins, and on no charts.

        Raises:
            DataError: Where the data cannot be read, with column and row; where it has no rows; where charts that are to be put together
                would be of texts, or have a `sample_size` that fits the rows.
            ValueError: Where `mergeable` is given with metrics or tasks.
        """
    def create_genai_drift_profile(self, /, config: GenAIEvalConfig, tasks: Iterable[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask], alias: str | None = None) -> GenAIEvalProfile:
        """
        Makes a profile of evaluations: tasks that the records of an application go through.

        Args:
            config: What becomes of the profile.
            tasks: The tasks.
            alias: What it is called where an application holds several.

        Raises:
            ConfigError: Where the tasks are not sound, or one cannot be stored.
        """

@final
class Embedder:
    """
    What turns texts into vectors: a model of a provider, or a function.

    Args:
        provider: Whose model it is: a `Provider`, or its name. Or a function that takes a list of texts and gives a vector for
            each.
        config: Which model, and how it is reached: `OpenAIEmbeddingConfig`, also for servers that speak OpenAI's API, or
            `GeminiEmbeddingConfig`, for Gemini and Vertex AI.
        models: How it is asked, as for judges: keys, addresses, timeout, retries, limits, cache, cassette, budget, prices. The budget
            is for all that this embedder ever does. There is no script: give a function instead.

    Raises:
        ValueError: Where the provider has no embeddings, the configuration is another's, or `models` has a script.
    """
    def __new__(cls, /, provider: Any, config: Any | None = None, *, models: ModelOptions | None = None) -> Embedder: ...
    def __repr__(self, /) -> str: ...
    def _likeness(self, /, one: str, other: str) -> "float | Likeness":
        """
        The same for a check, whose result has what it took.
        """
    def embed(self, /, input: Any) -> Embeddings:
        """
        The vectors of a text or of several, in their order. They have the words of their provider's reply, too.

        Args:
            input: A text, a list of texts, or a `PredictRequest`.

        Raises:
            ModelError: Where no answer came.
            ValueError: Where a text is empty: no provider makes a vector of nothing.
        """
    def similarity(self, /, one: str, other: str) -> float:
        """
        How alike two texts are: the cosine of the angle between their vectors, 1 at most.

        Raises:
            ModelError: Where no answer came.
            ValueError: Where a text is empty, a vector is all zeros, or they differ in length.
        """
    @property
    def used(self, /) -> BudgetUse | None:
        """
        What was used of the budget: requests, tokens, dollars. `None` where a function embeds.
        """

@final
class EmbeddingObject:
    """
    A vector in the words of OpenAI's reply.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def embedding(self, /) -> list[float]:
        """
        The vector.
        """
    @property
    def index(self, /) -> int:
        """
        The place of its text, from 0.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> EmbeddingObject:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> EmbeddingObject:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class EmbeddingUsage:
    """
    Tokens in the words of OpenAI's reply.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> EmbeddingUsage:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> EmbeddingUsage:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def prompt_tokens(self, /) -> int:
        """
        Tokens read.
        """
    @property
    def total_tokens(self, /) -> int:
        """
        All tokens, which are the same.
        """

class Embeddings:
    """
    Vectors of texts.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, at: int, /) -> Any:
        """
        The vector of a text, by its place.
        """
    def __len__(self, /) -> int:
        """
        How many texts there are.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def call(self, /) -> ModelCall | None:
        """
        What it took to make them: tokens, cost, attempts, where they come from; `None` where a function made them.
        """
    @property
    def input_tokens(self, /) -> int | None:
        """
        The tokens it took; `None` where the provider does not say.
        """
    @property
    def model(self, /) -> str:
        """
        The model that made them.
        """
    def model_dump(self, /) -> Any:
        """
        The same as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The vectors as JSON text, with what it took to make them.
        """
    @classmethod
    def model_validate(cls, /, data: Any) -> Embeddings:
        """
        Reads what `model_dump` gave.
        """
    @classmethod
    def model_validate_json(cls, /, json_string: str) -> Embeddings:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def vectors(self, /) -> list[list[float]]:
        """
        One vector for each text, in their order.
        """

@final
class EntityType:
    """
    What kind of thing is handed over.
    """
    Feature: Final[EntityType]
    """
    Features of a prediction.
    """
    GenAI: Final[EntityType]
    """
    Something to evaluate.
    """
    Metric: Final[EntityType]
    """
    Metrics of an application's own.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class EqualWidthBinning:
    """
    Bins of the same width between the least and the greatest value.

    Args:
        method: The rule for their number; `Doane()` by default.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, method: Manual | SquareRoot | Sturges | Rice | Doane | Scott | TerrellScott | FreedmanDiaconis | Auto | None = None) -> EqualWidthBinning: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def method(self, /) -> Manual | SquareRoot | Sturges | Rice | Doane | Scott | TerrellScott | FreedmanDiaconis | Auto:
        """
        The rule for their number.
        """
    @method.setter
    def method(self, /, method: Manual | SquareRoot | Sturges | Rice | Doane | Scott | TerrellScott | FreedmanDiaconis | Auto) -> None: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> EqualWidthBinning:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> EqualWidthBinning:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class Estimate:
    """
    A number that was estimated, and how sure it is.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def high(self, /) -> float:
        """
        The upper end.
        """
    @property
    def low(self, /) -> float:
        """
        The lower end of its interval.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Estimate:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Estimate:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def n(self, /) -> int | None:
        """
        Of how many it is a share.
        """
    @property
    def standard_error(self, /) -> float | None:
        """
        Its standard error; `None` of a share.
        """
    @property
    def value(self, /) -> float:
        """
        The number.
        """

@final
class EvaluationConfig:
    """
    How an evaluation runs.

    Args:
        embedder: What turns texts into vectors, once the run is over.
        embedding_targets: The paths of the texts that are embedded. Each record's vectors are in its `embedding`.
        compute_similarity: Whether the texts of a record are compared with each other, for its `similarity_scores`.
        compute_histograms: Whether means and similarities are counted over all records, for `histograms`.
        max_concurrency: How many records may be under way at once where tasks wait for something,
            such as a function that is `async`. 64 by default.
        task_timeout: How many seconds a task that waits may take; no limit by default. For a judge that has no `timeout` of its own, the
            time in which it waits for its turn does not count.
        run_timeout: How many seconds a run may take; no limit by default. Then it ends with what was done, marked as cancelled, and
            `stopped` says why. What is under way is broken off; functions have a second to come to their end. Embedding comes after it and is not counted.
        progress: Whether to show a progress bar. By default one is shown on a terminal once a run
            takes longer than a second.
        workers: How many threads judge; one for every core by default.
        models: How models are asked, where tasks ask any.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple, dict]:
        """
        Pickles by its arguments, which are given by name.
        """
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, embedder: Any | None = None, embedding_targets: Sequence[str] | None = None, compute_similarity: bool = False, compute_histograms: bool = False, *, max_concurrency: "int" = 64, task_timeout: float | None = None, run_timeout: float | None = None, progress: bool | None = None, workers: "int | None" = None, models: ModelOptions | None = None) -> EvaluationConfig: ...
    def __repr__(self, /) -> str: ...
    @property
    def max_concurrency(self, /) -> int:
        """
        How many records may be under way at once where tasks wait for something.
        """
    @property
    def models(self, /) -> ModelOptions | None:
        """
        How models are asked.
        """
    @property
    def progress(self, /) -> bool | None:
        """
        Whether to show a progress bar; `None` where a terminal decides.
        """
    @property
    def run_timeout(self, /) -> float | None:
        """
        How many seconds a run may take.
        """
    @property
    def task_timeout(self, /) -> float | None:
        """
        How many seconds a task that waits may take.
        """
    @property
    def workers(self, /) -> int | None:
        """
        How many threads judge; `None` for one on every core.
        """

@final
class EvaluationSummary:
    """
    What an evaluation came to whose results went into a file.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Path, str, bool, str | None, GenAIEvalResults | None]]: ...
    def __repr__(self, /) -> str: ...
    def _blind_tasks(self, /) -> dict[str, str]:
        """
        That a task did nothing since what it looks for is in no record and probably misspelt, by its id.
        """
    def _counts(self, /) -> TaskCounts:
        """
        How all tasks that count came out over all records: what `pass_rate` is of.
        """
    def _counts_without(self, /, ids: Sequence[str]) -> TaskCounts:
        """
        The same, tasks of these ids aside.
        """
    def _remarks(self, /) -> list[str]:
        """
        The same in sentences that name the task.
        """
    def _shut_gates(self, /) -> dict[str, str]:
        """
        That a gate closed for every record since what it looks at is in none, or since it could judge none of it, by its id.
        """
    @staticmethod
    def _unpickled(path: str | PathLike[str], counted: str, cancelled: bool, stopped: str | None, window: GenAIEvalResults | None) -> EvaluationSummary:
        """
        Makes the summary of a pickle again.
        """
    @property
    def bad_record_count(self, /) -> int:
        """
        How many records could not be read and were left out.
        """
    @property
    def bad_records(self, /) -> list[BadRecord]:
        """
        The first 100 of them.
        """
    @property
    def cancelled(self, /) -> bool:
        """
        Whether the run was stopped before its end.
        """
    @property
    def errored_tasks(self, /) -> list[str]:
        """
        The ids of the tasks that errored for some record.
        """
    @property
    def failed_count(self, /) -> int:
        """
        For how many records some task errored, or the run was stopped before. Records of which a check failed are not counted
        here: `failures()` and `pass_rate` tell of them.
        """
    def hints(self, /) -> "dict[str, str]":
        """
        What there is to say of tasks beside how they came out, by their ids: what was probably meant by paths that lead nowhere
        in any record (rows were written before that could be known), which tasks were never checked since a gate looks at what is
        in no record or could judge none of it, and which function gave values that nobody looks at or that stand beside verdicts.
        """
    @property
    def pass_rate(self, /) -> float | None:
        """
        The share that passed of all tasks that came to a verdict, gates aside, over all records:
        from 0 to 1, `None` where none did.
        """
    @property
    def path(self, /) -> Path:
        """
        Where the results are.
        """
    @property
    def records(self, /) -> int:
        """
        How many records were evaluated.
        """
    @property
    def stopped(self, /) -> str | None:
        """
        Why it was, where a budget was used up, its time was over or a key was not accepted.
        """
    @property
    def successful_count(self, /) -> int:
        """
        For how many records no task errored, whether or not all passed.
        """
    def task_counts(self, /) -> "dict[str, TaskCounts]":
        """
        How each task came out over all records, by its id and in the order of the tasks.
        """
    @property
    def usage(self, /) -> ModelUsage:
        """
        What the calls of models came to: tokens, and dollars.
        """
    @property
    def used(self, /) -> BudgetUse | None:
        """
        What the run used of its budget, whether it had one or not; `None` where no model could be asked.
        """
    @property
    def window(self, /) -> GenAIEvalSet:
        """
        What the tasks came to that look at all records at once; empty where there are none.
        """

@final
class EvaluationTaskType:
    """
    The kind of a task.
    """
    Assertion: Final[EvaluationTaskType]
    """
    A check of a value in the context.
    """
    Custom: Final[EvaluationTaskType]
    """
    A check by a function of the user's.
    """
    Drift: Final[EvaluationTaskType]
    """
    A check of columns over all records.
    """
    HumanValidation: Final[EvaluationTaskType]
    """
    A check by a person.
    """
    LLMJudge: Final[EvaluationTaskType]
    """
    A check by a model.
    """
    TraceAssertion: Final[EvaluationTaskType]
    """
    A check of something measured of the trace.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class ExpectedCalls:
    """
    How often tasks of one kind would be called.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def kind(self, /) -> str:
        """
        The kind of task, such as `"Custom"`.
        """
    @property
    def likely(self, /) -> int:
        """
        The calls to expect, as gates stand on the sample. Gates that would have to be called
        themselves are taken as open.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ExpectedCalls:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ExpectedCalls:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def most(self, /) -> int:
        """
        The most calls: every task on every record.
        """
    @property
    def tasks(self, /) -> int:
        """
        How many tasks of it there are.
        """

@final
class FeatureDistance:
    """
    How far a feature of one sample is from the same of another.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __float__(self, /) -> float: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def adjusted_p_value(self, /) -> float:
        """
        The p-value after the correction for many features.
        """
    @property
    def baseline_rows(self, /) -> int:
        """
        Rows of the baseline.
        """
    @property
    def current_rows(self, /) -> int:
        """
        Rows that were compared with it.
        """
    @property
    def drifted(self, /) -> bool:
        """
        Whether it counts as drift: by the corrected p-value, and beyond the threshold where there is one.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> FeatureDistance:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> FeatureDistance:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def p_value(self, /) -> float:
        """
        How likely a statistic of at least this size is where nothing drifts.
        """
    @property
    def statistic(self, /) -> float:
        """
        The statistic of the method.
        """
    @property
    def threshold(self, /) -> float | None:
        """
        Beyond which the statistic matters, of methods that say how much has changed; `None` of others.
        """

@final
class FeatureMap:
    """
    Which number stands for which text, by feature.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def features(self, /) -> dict[str, dict[str, int]]:
        """
        Texts with their numbers, by feature.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> FeatureMap:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> FeatureMap:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class FeatureProfile:
    """
    What a column looks like. Which of its statistics are there says what it holds.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def absent_correlations(self, /) -> dict[str, str]:
        """
        Columns with which there is none of `correlations`, and why.
        """
    @property
    def absent_spearman(self, /) -> dict[str, str]:
        """
        Columns with which there is none of `spearman`, and why.
        """
    @property
    def correlations(self, /) -> dict[str, float] | None:
        """
        Pearson's correlation with other columns of numbers, or Cramér's V with other columns of texts, where there is one;
        `None` where it was not asked for.
        """
    @property
    def datetime_stats(self, /) -> DatetimeStats | None:
        """
        Of moments.
        """
    @property
    def id(self, /) -> str:
        """
        Its name.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> FeatureProfile:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> FeatureProfile:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def numeric_stats(self, /) -> NumericStats | None:
        """
        Of numbers and booleans.
        """
    @property
    def spearman(self, /) -> dict[str, float] | None:
        """
        Spearman's correlation with other columns of numbers, where there is one; `None` where it was not asked for.
        """
    @property
    def string_stats(self, /) -> StringStats | None:
        """
        Of texts and categories.
        """
    @property
    def timestamp(self, /) -> str:
        """
        When it was looked at, as ISO 8601 text in UTC.
        """

@final
class Features:
    """
    The features of one prediction.

    Args:
        features: A dict of values by name, or a list of `Feature`.

    Raises:
        ValueError: Where a list names a feature twice.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __len__(self, /) -> int: ...
    def __new__(cls, /, features: dict | Sequence[QueueFeature]) -> Features: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def entity_type(self, /) -> EntityType:
        """
        What kind of thing it is.
        """
    @property
    def features(self, /) -> list[QueueFeature]:
        """
        The features.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Features:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Features:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class Finding:
    """
    Something that a suite and its records do not agree on.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def field(self, /) -> str | None:
        """
        The field of the task, where it is about one.
        """
    @property
    def hint(self, /) -> str | None:
        """
        What may have been meant, or what to do.
        """
    @property
    def message(self, /) -> str:
        """
        What was found.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Finding:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Finding:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def severity(self, /) -> str:
        """
        `"error"` where the task can do its work on no sample record, `"warning"` where it probably
        does not do what was meant, `"note"` for what is worth knowing.
        """
    @property
    def task(self, /) -> str:
        """
        The id of the task.
        """

@final
class FreedmanDiaconis:
    """
    Bins whose width follows the distance of the quartiles (Freedman and Diaconis 1981).
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /) -> FreedmanDiaconis: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> FreedmanDiaconis:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> FreedmanDiaconis:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class GeminiContent:
    """
    A message as Gemini and Vertex write it.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> GeminiContent:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> GeminiContent:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def parts(self, /) -> Any:
        """
        What it says, as a list of dicts.
        """
    @property
    def role(self, /) -> str:
        """
        Who says it: `user` or `model`.
        """

@final
class GeminiEmbeddingConfig:
    """
    A model for embeddings of Google, by Gemini or by Vertex AI.

    Args:
        model: The model, as the provider calls it.
        output_dimensionality: How many numbers each vector is to have, where the model can shorten them.
        task_type: What the vectors are for, in the provider's word, such as `SEMANTIC_SIMILARITY`.
        base_url: The address of the API, where it is not the provider's own.
        timeout: How many seconds one attempt may take.
        headers: Headers to send.
        proxy: The address of a proxy.

    What is written as JSON is without headers and proxy.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, model: str = ..., output_dimensionality: int | None = None, task_type: str | None = None, *, base_url: str | None = None, timeout: float | None = None, headers: dict[str, str] | None = None, proxy: str | None = None) -> GeminiEmbeddingConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(json_string: str, headers: dict[str, str], proxy: str | None) -> GeminiEmbeddingConfig:
        """
        Makes the object of a pickle again.
        """
    @property
    def model(self, /) -> str:
        """
        The model, as the provider calls it.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> GeminiEmbeddingConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> GeminiEmbeddingConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def output_dimensionality(self, /) -> int | None:
        """
        How many numbers each vector is to have.
        """
    @property
    def task_type(self, /) -> str | None:
        """
        What the vectors are for.
        """

@final
class GeminiEmbeddingResponse(Embeddings):
    """
    Vectors, also in the words of Gemini's reply.
    """
    @property
    def embeddings(self, /) -> list[ContentEmbedding]:
        """
        One entry for each text, in their order.
        """

@final
class GeminiSettings:
    """
    How a model of Google answers.

    Args:
        temperature: How freely tokens are drawn, from 0.
        top_p: Tokens are drawn from the likeliest that together have this probability.
        top_k: Tokens are drawn from this many likeliest.
        max_output_tokens: The longest reply, in tokens.
        seed: A seed, where the provider has such a thing.
        stop_sequences: Texts at which the reply ends.
        logprobs: Whether to say how likely each token was, where the provider does.
        api: By which of OpenAI's APIs it is asked: `"completions"`, which compatible servers speak too, or `"responses"`. No
            other provider has a choice.
        reasoning_effort: How much the model thinks, in the provider's words, such as `low`.
        extra: Whatever else the provider knows, merged into the body of the request as it stands.
        base_url: The address of the API, where it is not the provider's own.
        timeout: How many seconds one attempt may take.
        headers: Headers to send. They may hold keys, and are written into no file.
        proxy: The address of a proxy; written into no file.

    What is written as JSON is without headers and proxy.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, *, temperature: float | None = None, top_p: float | None = None, top_k: int | None = None, max_output_tokens: int | None = None, seed: int | None = None, stop_sequences: Sequence[str] | None = None, logprobs: bool | None = None, api: str | None = None, reasoning_effort: str | None = None, extra: dict | None = None, base_url: str | None = None, timeout: float | None = None, headers: dict[str, str] | None = None, proxy: str | None = None) -> GeminiSettings: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(json_string: str, headers: dict[str, str], proxy: str | None) -> GeminiSettings:
        """
        Makes the object of a pickle again.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> GeminiSettings:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> GeminiSettings:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class GenAIAlertConfig:
    """
    When and to whom it is told that the pass rate of evaluations is too far from its baseline.

    Args:
        dispatch_config: Where alerts go; the server's log by default.
        schedule: When is looked: a `CommonCrons`, or a cron expression in UTC with five fields, or six with
            seconds. Every day by default.
        alert_condition: When the pass rate is too far away: its baseline and its delta are from 0 to 1. Nobody is told where there is
            none.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, dispatch_config: ConsoleDispatchConfig | SlackDispatchConfig | OpsGenieDispatchConfig | None = None, schedule: CommonCrons | str | None = None, alert_condition: AlertCondition | None = None) -> GenAIAlertConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alert_condition(self, /) -> AlertCondition | None:
        """
        When the pass rate is too far away.
        """
    @property
    def alert_conditions(self, /) -> AlertCondition | None:
        """
        The same as `alert_condition`.
        """
    @property
    def dispatch_config(self, /) -> ConsoleDispatchConfig | SlackDispatchConfig | OpsGenieDispatchConfig:
        """
        Where alerts go.
        """
    @property
    def dispatch_type(self, /) -> AlertDispatchType:
        """
        The kind of place that alerts go to.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> GenAIAlertConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> GenAIAlertConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def schedule(self, /) -> str:
        """
        When is looked, as a cron expression in UTC.
        """
    @schedule.setter
    def schedule(self, /, schedule: CommonCrons | str) -> None: ...

@final
class GenAIEvalConfig:
    """
    What becomes of a profile of evaluations.

    Args:
        space: What the name belongs to, such as a team. `"__missing__"` by default.
        name: The model or service. `"__missing__"` by default.
        version: Its version. `"0.1.0"` by default.
        sample_ratio: The share of records that are evaluated, from 0 to 1: all of them by default, about one in ten with `0.1`.
        alert_config: When is looked at the pass rate, and who is told.

    Raises:
        ValueError: Where `sample_ratio` is not from 0 to 1.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, space: str | None = None, name: str | None = None, version: str | None = None, sample_ratio: float = 1.0, alert_config: GenAIAlertConfig | None = None) -> GenAIEvalConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alert_config(self, /) -> GenAIAlertConfig:
        """
        When is looked, and who is told.
        """
    @alert_config.setter
    def alert_config(self, /, value: GenAIAlertConfig) -> None:
        """
        When is looked, and who is told.
        """
    @property
    def drift_type(self, /) -> DriftType:
        """
        Always `DriftType.GenAI`.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> GenAIEvalConfig:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @staticmethod
    def load_from_json_file(path: str | PathLike[str]) -> GenAIEvalConfig:
        """
        Reads a configuration that was saved.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> GenAIEvalConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> GenAIEvalConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        The model or service.
        """
    @name.setter
    def name(self, /, name: str) -> None: ...
    @property
    def sample_ratio(self, /) -> float:
        """
        The share of records that are evaluated, from 0 to 1.
        """
    @sample_ratio.setter
    def sample_ratio(self, /, sample_ratio: float) -> None: ...
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `genai_eval_config.json` by default.
        """
    @property
    def space(self, /) -> str:
        """
        What the name belongs to, such as a team.
        """
    @space.setter
    def space(self, /, space: str) -> None: ...
    @property
    def uid(self, /) -> str:
        """
        What records refer to the profile by. Given by us.
        """
    @uid.setter
    def uid(self, /, uid: str) -> None: ...
    def update_config_args(self, /, space: str | None = None, name: str | None = None, version: str | None = None, alert_config: GenAIAlertConfig | None = None) -> None:
        """
        Changes what is given.
        """
    @property
    def version(self, /) -> str:
        """
        Its version.
        """
    @version.setter
    def version(self, /, version: str) -> None: ...

@final
class GenAIEvalDataset:
    """
    Records, and the tasks that each of them goes through.

    Everything that can be wrong with the tasks is found here, all of it at once.

    Args:
        records: `GenAIEvalRecord`s, from any iterable.
        tasks: The tasks, in any order.
        case_key: Where a record's context says which case it is a trial of, as a path.
        cluster_key: Where it says which cluster it comes from, such as a document or a user, as a path.
            Comparisons take records of one cluster to hang together.

    Raises:
        ConfigError: Where the tasks are not sound; `problems` lists every problem with its task
            and field.
        RecordError: Where there are no records, or two have one id.
        ValueError: Where a key is no path.
    """
    def __bool__(self, /) -> bool:
        """
        There is a record at least.
        """
    def __len__(self, /) -> int:
        """
        How many records there are. Those of a file of lines are not counted before they are read.
        """
    def __new__(cls, /, records: Iterable[GenAIEvalRecord], tasks: Iterable[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask], case_key: str | None = None, cluster_key: str | None = None) -> GenAIEvalDataset: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def _evaluate(self, /, config: EvaluationConfig | None, trials: int, folders: tuple[str | PathLike[str] | None, str | PathLike[str] | None], events: Any, stop: Any) -> GenAIEvalResults:
        """
        What `evaluate_async` runs in a thread: on this event loop, until `stop` is set.
        """
    @property
    def _id_column(self, /) -> str | None:
        """
        A column of the file or the table that is called as one of ids is, where none was named to hold them.
        """
    @staticmethod
    def _unpickled(path: str | PathLike[str], tasks: Iterable[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask], format: str, mapping: str, keys: tuple[str | None, str | None], skip_bad: bool) -> GenAIEvalDataset:
        """
        Makes the dataset of a pickle again.
        """
    @property
    def assertion_tasks(self, /) -> list[AssertionTask]:
        """
        The tasks that are assertions.
        """
    @property
    def case_key(self, /) -> str | None:
        """
        Where a record's context says which case it is a trial of.
        """
    def check(self, /, sample: "int" = 100) -> SuiteCheck:
        """
        Tries the tasks on some of the records before anything is spent: paths that never resolve,
        operators that fit no value, gates that never open, and how many calls a run would make.

        Functions and models are not called; what they would come to is taken as unknown.

        Args:
            sample: How many records to look at, spread evenly over all of them; the first ones of a file or a
                table.
        """
    @property
    def cluster_key(self, /) -> str | None:
        """
        Where a record's context says which cluster it comes from.
        """
    @property
    def custom_tasks(self, /) -> list[CustomTask]:
        """
        The tasks that are functions.
        """
    @property
    def drift_tasks(self, /) -> list[DriftTask]:
        """
        The tasks that look at columns over all records.
        """
    def evaluate(self, /, config: EvaluationConfig | None = None, *, trials: "int" = 1, run_dir: str | PathLike[str] | None = None, reuse: str | PathLike[str] | None = None) -> GenAIEvalResults:
        """
        Runs all tasks over all records.

        The interpreter is free for other threads while it runs. Ctrl-C stops it: what was done by
        then is in the `results` of the `EvaluationInterrupted` that it raises.

        With a `run_dir`, outcomes are written there as they come, and the same call after a crash goes on
        where it was: records that were complete are not run again.

        Args:
            config: How it runs.
            trials: How often each record is run: for tasks that may come out otherwise the next time.
            run_dir: A folder that the run is kept in; made where there is none.
            reuse: The `run_dir` of an earlier run. Functions that have not changed since are not called
                again for what they were asked then.

        Returns:
            A result for every record, in their order; where there are several trials, one for each,
            those of a record one after the other.

        Raises:
            ValueError: Where there is to be no trial.
            RunDirError: Where a folder cannot be used.
            OSError: Where a file cannot be read or written, as on a full disk.
        """
    def evaluate_async(self, /, config: EvaluationConfig | None = None, *, trials: "int" = 1, run_dir: str | PathLike[str] | None = None, reuse: str | PathLike[str] | None = None) -> Coroutine[Any, Any, GenAIEvalResults]:
        """
        `evaluate`, to be awaited. `async` functions run on the event loop that awaits it; when it
        is cancelled, the run stops.
        """
    def evaluate_to(self, /, path: str | PathLike[str], config: EvaluationConfig | None = None, *, trials: "int" = 1, run_dir: str | PathLike[str] | None = None, reuse: str | PathLike[str] | None = None) -> EvaluationSummary:
        """
        Runs all tasks over all records, and writes the results into a file instead of keeping them: a row for
        every task of every record, as in a data frame. So the memory that a run takes does not grow with the
        number of records.

        The file is written beside its place, as `….partial`, and takes it once it is whole. Where a run ends
        early, what was done stays there.

        With a `run_dir`, the same call after a crash goes on where it was; the rows of records that were complete
        are put into the new file again.

        Args:
            path: The file: `.jsonl`, `.parquet`, or `.arrow`. One that is there is replaced.
            config: How it runs.
            trials: How often each record is run. The rows of its trials stand one after the other.
            run_dir: A folder that the run is kept in; made where there is none.
            reuse: The `run_dir` of an earlier run, as in `evaluate`.

        Returns:
            How the tasks came out.

        Raises:
            ValueError: Where there is to be no trial, the suffix says another format, or the file holds the records.
            RecordError: Where a record cannot be read; its `results` is the summary of what was done.
            RunDirError: Where a folder cannot be used.
            OSError: Where a file cannot be read or written, as on a full disk.
        """
    @staticmethod
    def from_path(path: str | PathLike[str], tasks: Iterable[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask], *, format: str | None = None, id: str | None = None, columns: Mapping[str, str] | Sequence[str] | None = None, json: Sequence[str] | None = None, trace: str | None = None, case_key: str | None = None, cluster_key: str | None = None, skip_bad: bool = False) -> GenAIEvalDataset:
        """
        The dataset of a file: JSON Lines (`.jsonl`, `.ndjson`), CSV, Parquet, or Arrow (`.arrow`, `.feather`).

        The file is read while a run goes on, a piece at a time, and anew for every run: it may be larger than
        the memory. Only the columns that tasks look at are read. In a CSV file every cell is text.

        Args:
            path: The file.
            tasks: The tasks, in any order.
            format: `"jsonl"`, `"csv"`, `"parquet"` or `"arrow"`, where the suffix does not say it.
            id: The column that holds the ids of the records: text or whole numbers, each there once.
            columns: The columns that become the context, and no others; all by default. A dict gives them other
                names: `{"question": "query"}`.
            json: The columns whose text is JSON.
            trace: The column that holds the spans of the record's trace.
            case_key: As of the class.
            cluster_key: As of the class.
            skip_bad: Leaves out records that cannot be read, and counts them, instead of ending the run at
                the first.

        Raises:
            ConfigError: Where the tasks are not sound.
            RecordError: Where there are no records, or not the columns that are asked for.
            OSError: Where the file cannot be read.
        """
    @staticmethod
    def from_table(table: Any, tasks: Iterable[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask], *, id: str | None = None, columns: Mapping[str, str] | Sequence[str] | None = None, json: Sequence[str] | None = None, trace: str | None = None, case_key: str | None = None, cluster_key: str | None = None, skip_bad: bool = False) -> GenAIEvalDataset:
        """
        The dataset of a table in memory: anything with `__arrow_c_stream__`, such as a table of pyarrow, a data
        frame of polars or of pandas (2.2 and later), or a result of DuckDB. Nothing is copied.

        Args:
            table: The table, a record a row.
            tasks: The tasks, in any order.
            id: The column that holds the ids of the records: text or whole numbers, each there once.
            columns: The columns that become the context, and no others; all by default. A dict gives them other
                names: `{"question": "query"}`.
            json: The columns whose text is JSON.
            trace: The column that holds the spans of the record's trace.
            case_key: As of the class.
            cluster_key: As of the class.
            skip_bad: Leaves out records that cannot be read, and counts them, instead of ending the run at
                the first.

        Raises:
            ConfigError: Where the tasks are not sound.
            RecordError: Where there are no records, or not the columns that are asked for.
        """
    def get_execution_plan(self, /) -> list[list[str]]:
        """
        The ids of the tasks, stage by stage. A task runs when those it depends on are done,
        whatever the rest of their stage does. Tasks that look at all records come last.
        """
    @property
    def llm_judge_tasks(self, /) -> list[LLMJudgeTask]:
        """
        The tasks that are judged by a model.
        """
    def print_execution_plan(self, /) -> None:
        """
        Prints the plan: the tasks stage by stage, their gates and the longest chain.
        """
    @property
    def record_tasks(self, /) -> list[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask]:
        """
        The tasks that look at single records: all but drift tasks, and assertions that depend on these.
        """
    @property
    def records(self, /) -> list[GenAIEvalRecord]:
        """
        The records.

        Raises:
            RecordError: Where they stand in a file or a table and never become objects.
        """
    @property
    def tasks(self, /) -> list[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask]:
        """
        The tasks.
        """
    @property
    def trace_assertion_tasks(self, /) -> list[TraceAssertionTask]:
        """
        The tasks that are trace assertions.
        """
    def with_updated_contexts_by_id(self, /, updated_contexts: dict) -> GenAIEvalDataset:
        """
        The same dataset with keys of some records' contexts replaced.

        Args:
            updated_contexts: For each record's id, the keys to set: a dict, or a pydantic model.

        Raises:
            KeyError: Where there is no record of an id.
        """

@final
class GenAIEvalProfile:
    """
    Tasks that the records of an application go through: those that a dataset was tested with, to be run on a server as records come.

    A task that is changed later does not change what the profile runs and stores. What tasks hold is stored, the prompts of judges among it;
    keys, headers and proxies never are.

    Args:
        tasks: Assertions, judges and trace assertions, in any order.
        config: What becomes of the profile: whose it is, how many of the records are evaluated, who is told.
        alias: What it is called where an application holds several.

    Raises:
        ConfigError: Where the tasks are not sound, or one cannot be stored (a `CustomTask`) or looks at all records at once (a
            `DriftTask`); `problems` lists every problem with its task and field.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, tasks: Iterable[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask], config: GenAIEvalConfig | None = None, alias: str | None = None) -> GenAIEvalProfile: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alias(self, /) -> str | None:
        """
        What it is called where an application holds several.
        """
    @property
    def assertion_tasks(self, /) -> list[AssertionTask]:
        """
        The tasks that are assertions.
        """
    @property
    def config(self, /) -> GenAIEvalConfig:
        """
        What becomes of it.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> GenAIEvalProfile:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    def get_execution_plan(self, /) -> list[list[str]]:
        """
        The ids of the tasks, stage by stage. A task runs when those it depends on are done,
        whatever the rest of their stage does.
        """
    def has_assertions(self, /) -> bool:
        """
        Whether a task is an assertion.
        """
    def has_llm_tasks(self, /) -> bool:
        """
        Whether a task asks a model.
        """
    def has_trace_assertions(self, /) -> bool:
        """
        Whether a task is a trace assertion.
        """
    @property
    def llm_judge_tasks(self, /) -> list[LLMJudgeTask]:
        """
        The tasks that are judged by a model.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> GenAIEvalProfile:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> GenAIEvalProfile:
        """
        Reads what `model_dump_json` wrote.
        """
    def print_execution_plan(self, /) -> None:
        """
        Prints the plan: the tasks stage by stage, their gates and the longest chain.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `genai_eval_profile.json` by default.
        """
    @property
    def scouter_version(self, /) -> str:
        """
        The version of the package that made it.
        """
    @property
    def tasks(self, /) -> list[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask]:
        """
        The tasks.
        """
    @property
    def trace_assertion_tasks(self, /) -> list[TraceAssertionTask]:
        """
        The tasks that are trace assertions.
        """
    @property
    def uid(self, /) -> str:
        """
        What records refer to it by; the same as of its configuration.
        """
    @uid.setter
    def uid(self, /, uid: str) -> None: ...
    def update_config_args(self, /, space: str | None = None, name: str | None = None, version: str | None = None, uid: str | None = None, alert_config: GenAIAlertConfig | None = None) -> None:
        """
        Changes what is given of the configuration.
        """

@final
class GenAIEvalRecord:
    """
    One thing to evaluate: what an application was given and what it answered, and, where there is
    one, the trace of how it got there.

    The record holds its own dict of the context: keys set in yours later are not seen. What the
    values hold is read when the record is evaluated.

    Args:
        context: A dict, or a pydantic model.
        id: Your name for the record, unique in its dataset: results are found by it, and two runs
            are compared by it.
        session_id: The session that the record belongs to; its `uid` where there is none.
        trace: The spans of how the application got there, as `TraceSpan`s.

    Raises:
        TypeError: Where the context is neither a dict nor a model.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, context: Any, id: str | None = None, session_id: str | None = None, trace: Sequence[TraceSpan] | None = None) -> GenAIEvalRecord: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(context: dict, rest: str) -> GenAIEvalRecord:
        """
        Makes the record of a pickle again.
        """
    @property
    def context(self, /) -> dict[str, Any]:
        """
        The context.
        """
    @property
    def created_at(self, /) -> datetime:
        """
        When the record was made.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> GenAIEvalRecord:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> GenAIEvalRecord:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def record_id(self, /) -> str | None:
        """
        Your name for the record. It can be set until a dataset has the record, which knows it by its id.

        Raises:
            RecordError: Where a dataset has it when it is set.
        """
    @record_id.setter
    def record_id(self, /, record_id: str | None) -> None: ...
    @property
    def session_id(self, /) -> str:
        """
        The session that the record belongs to.
        """
    @session_id.setter
    def session_id(self, /, session_id: str) -> None: ...
    @property
    def trace(self, /) -> list[TraceSpan] | None:
        """
        The spans; `None` for a record without a trace.
        """
    @property
    def uid(self, /) -> str:
        """
        Our name for the record: a UUID of version 7.
        """
    def update_context_field(self, /, key: str, value: Any) -> None:
        """
        Sets a key of the context.
        """

@final
class GenAIEvalResultSet:
    """
    What records came to on a profile: what the tasks came to for each of them, in their order.

    `found["my_id"]` is that of the record of that id (or `uid`), `found[0]` that of the first record. What else can be asked of results, such as a
    comparison with earlier ones, stands in `results`.
    """
    def __contains__(self, id: Any, /) -> bool:
        """
        Whether there is a record of this id.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, key: Any, /) -> GenAIEvalSet: ...
    def __iter__(self, /) -> Iterator[GenAIEvalSet]: ...
    def __len__(self, /) -> int: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str:
        """
        The results as JSON over many lines: of the first 100 records, where there are more.
        """
    def as_table(self, /, show_tasks: bool = False, max_records: "int" = ..., intervals: bool = False) -> "str":
        """
        Prints the results as a table, and gives it back as text.

        Args:
            show_tasks: A row for every task of every record, instead of one for every record and
                one for every task.
            max_records: The most records that are shown; what is left out is counted.
            intervals: Whether each rate shows where it lies with 95 % confidence (Wilson).
        """
    def model_dump_json(self, /) -> str:
        """
        The results as JSON text, in the form of `GenAIEvalResults`. Nothing is lost.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> GenAIEvalResultSet:
        """
        Reads what `model_dump_json` wrote.

        Raises:
            ResultsError: Where the text is something else.
        """
    @property
    def pass_rate(self, /) -> float | None:
        """
        The share that passed of all tasks that came to a verdict, gates aside, over all records: from 0 to 1, `None` where none did. It is
        what the `alert_condition` of a profile is about.
        """
    @property
    def records(self, /) -> list[GenAIEvalSet]:
        """
        What the tasks came to, record by record.
        """
    @property
    def results(self, /) -> GenAIEvalResults:
        """
        The same as the results of a dataset.
        """

@final
class GenAIEvalResults:
    """
    What an evaluation came to: a result for every record, in their order.

    `results["my_id"]` is the result of the record of that id (or `uid`), `results[0]` that of the
    first record, and `results["my_id"]["my_task"]` what a task came to for it. Where records ran several
    times, that is the first trial, and `results["my_id", 2]` the second.
    """
    def __arrow_c_stream__(self, /, requested_schema: Any | None = None) -> "object":
        """
        The same rows as a stream of Arrow, for any library that reads one: `polars.DataFrame(results)`,
        `pyarrow.table(results)`, a query of DuckDB.
        """
    def __contains__(self, id: Any, /) -> bool:
        """
        Whether there is a record of this id.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, key: Any, /) -> AlignedEvalResult: ...
    def __iter__(self, /) -> ResultIterator: ...
    def __len__(self, /) -> int: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str:
        """
        The results as JSON over many lines: of the first 100 records, where there are more.
        """
    def _blind_tasks(self, /) -> dict[str, str]:
        """
        That a task did nothing since what it looks for is in no record and probably misspelt, by its id.
        """
    @staticmethod
    def _compared(compared: GenAIEvalResults, baseline: GenAIEvalResults, asked: tuple[float, float, str, str, float, int | None]) -> ComparisonResults:
        """
        Makes the comparison of a pickle again.
        """
    def _counts(self, /) -> TaskCounts:
        """
        How all tasks that count came out over all records: what `pass_rate` is of.
        """
    def _counts_without(self, /, ids: Sequence[str]) -> TaskCounts:
        """
        The same, tasks of these ids aside.
        """
    @staticmethod
    def _merge(records: Sequence[tuple[GenAIEvalResults, int]]) -> GenAIEvalResults:
        """
        The results of one suite over records that were run apart: each record as its results and its place in them.
        """
    def _of_tasks(self, /, ids: Sequence[str]) -> GenAIEvalResults:
        """
        The same run as if there had been these tasks alone, by their ids in lower case.
        """
    def _only(self, /, names: Sequence[str]) -> GenAIEvalResults:
        """
        The results of the records of these names alone: their ids, or their uids where they have none.
        """
    @staticmethod
    def _read_all(text: str) -> dict[str, GenAIEvalResults]:
        """
        The results in a file by the name of their test; those of one run have the name ``.

        Raises:
            ResultsError: Where the text is something else.
        """
    def _remarks(self, /) -> list[str]:
        """
        The same in sentences that name the task.
        """
    def _repr_html_(self, /) -> str:
        """
        The results as a notebook shows them: the table.
        """
    def _shut_gates(self, /) -> dict[str, str]:
        """
        That a gate closed for every record since what it looks at is in none, or since it could judge none of it, by its id.
        """
    @staticmethod
    def _write_all(path: str | PathLike[str], runs: Sequence[tuple[str, GenAIEvalResults]]) -> None:
        """
        Writes the results of tests by their names into one file, whole or not at all.

        Raises:
            OSError: Where the file cannot be written.
        """
    def as_table(self, /, show_tasks: bool = False, max_records: "int" = ..., intervals: bool = False) -> "str":
        """
        Prints the results as a table, and gives it back as text.

        Args:
            show_tasks: A row for every task of every record, instead of one for every record and
                one for every task.
            max_records: The most records that are shown; what is left out is counted.
            intervals: Whether each rate shows where it lies with 95 % confidence (Wilson).
        """
    @property
    def bad_record_count(self, /) -> int:
        """
        How many records could not be read and were left out.
        """
    @property
    def bad_records(self, /) -> list[BadRecord]:
        """
        The first 100 of them.
        """
    def calibration(self, /, task: str, labels: Mapping) -> Calibration:
        """
        Compares the verdicts of a task with labels.

        Args:
            task: The task, by id.
            labels: Whether each record is good, by the record's id: as somebody says who knows. Records without a label
                are left out. A record counts once, as most of its trials say.

        Raises:
            KeyError: Where there is no such task, or no such record.
            TypeError: Where labels are something else.
        """
    @property
    def cancelled(self, /) -> bool:
        """
        Whether the run was stopped before its end.
        """
    def compare_to(self, /, baseline: GenAIEvalResults, regression_threshold: float = 0.0, *, alpha: float = 0.05, correction: str = "holm", cluster_by: str = "label", max_error_share: float = 0.05, seed: "int | None" = None) -> ComparisonResults:
        """
        Compares these results with earlier ones. Records are paired by id and trial, or by place and
        trial where they have no id.

        Args:
            baseline: The earlier results.
            regression_threshold: The largest difference that does not matter, from 0 to 1: a record
                whose pass rate falls by more has regressed, and rates are unchanged where their
                difference is sure to be no larger.
            alpha: The chance of a false alarm that is put up with.
            correction: How it is kept though there are many tasks: `holm` (the chance of any false
                alarm), `bh` (the share of false alarms among alarms) or `none`.
            cluster_by: Which records hang together: those of one cluster or else one case (`label`),
                those of one `case`, or none (`record`).
            max_error_share: The largest share of records that may be errored in either run, or lost; the
                comparison is invalid beyond it.
            seed: Where given, intervals of numbers are bootstrapped from random draws that start here,
                instead of taken from Student's t.

        Raises:
            ValueError: Where one of them means nothing.
        """
    def corrected_pass_rate(self, /, task: str, calibration: Calibration) -> Estimate:
        """
        The pass rate of a task, corrected for the mistakes of its judge: what a judge without mistakes would have passed. A record
        counts once, as most of its trials say.

        Args:
            task: The task, by id.
            calibration: How good the judge is, on records with labels.

        Raises:
            KeyError: Where there is no such task.
            ValueError: Where no record was judged, there are no labels of either kind, the judge is no better than chance, or the
                calibration is of another judge.
        """
    @property
    def errored_tasks(self, /) -> list[str]:
        """
        The ids of the tasks that errored for some record.
        """
    @property
    def failed_count(self, /) -> int:
        """
        For how many records some task errored, or the run was stopped before. Records of which a check failed are not counted
        here: `failures()` and `pass_rate` tell of them.
        """
    def failures(self, /) -> list[GenAIEvalTaskResult]:
        """
        Every outcome that is not as it should be: of tasks that failed, gates and tasks that only report aside, and of tasks that
        errored. Those over all records come first, then those of each record, in the order of the records.
        """
    def hints(self, /) -> "dict[str, str]":
        """
        What there is to say of tasks beside how they came out, by their ids: what was probably meant by paths that lead nowhere
        in any record, which tasks were never checked since a gate looks at what is in no record or could judge none of it, and
        which function gave values that nobody looks at or that stand beside verdicts.
        """
    @property
    def histograms(self, /) -> dict[str, Histogram] | None:
        """
        Where the means of vectors and the similarities of texts lie over all records, by the names that records have them
        under; `None` unless they were asked for.
        """
    def model_dump_json(self, /) -> str:
        """
        The results as JSON text. Nothing is lost: `model_validate_json` reads them back. Into a file `report`
        writes the same with less memory.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> GenAIEvalResults:
        """
        Reads what `model_dump_json` wrote.

        Raises:
            ResultsError: Where the text is something else.
        """
    @property
    def pass_rate(self, /) -> float | None:
        """
        The share that passed of all tasks that came to a verdict, gates aside, over all records:
        from 0 to 1, `None` where none did.
        """
    def report(self, /, path: str | PathLike[str], baseline: GenAIEvalResults | ComparisonResults | None = None, title: str | None = None) -> None:
        """
        Writes a report of the results. The file's suffix says which: `.html` is a page that needs
        nothing beside itself, `.md` Markdown for a pull request, `.xml` JUnit XML for CI, and `.json`
        the results themselves, which `model_validate_json` reads back.

        The file is written whole or not at all; JSON goes there record by record, so that large results are not
        in memory twice.

        Args:
            path: Where to write to. The folder must be there.
            baseline: Earlier results, for what changed since; or what `compare_to` made of these
                results and earlier ones, where it was given a threshold. JSON holds these results alone.
            title: The heading.

        Raises:
            ValueError: Where the suffix is of no report, or `baseline` a comparison of other results.
            OSError: Where the file cannot be written.
        """
    @property
    def stopped(self, /) -> str | None:
        """
        Why the run was stopped, where a budget was used up, its time was over or a key was not accepted.
        """
    @property
    def successful_count(self, /) -> int:
        """
        For how many records no task errored, whether or not all passed.
        """
    def task_counts(self, /) -> "dict[str, TaskCounts]":
        """
        How each task came out over all records, by its id (whatever its case) and in the order of the tasks. One that looks at all
        records at once comes out once.
        """
    def to_dataframe(self, /, polars: bool = False) -> Any:
        """
        A row for every task of every record, as a pandas or a polars data frame. In polars,
        `expected` and `actual` are JSON text, for a column there has one type.

        Args:
            polars: A polars frame instead of a pandas one.
        """
    def to_html(self, /, baseline: GenAIEvalResults | ComparisonResults | None = None, title: str | None = None) -> str:
        """
        The page that `report` writes into an `.html` file, as text.
        """
    def to_junit(self, /, baseline: GenAIEvalResults | ComparisonResults | None = None, title: str | None = None) -> str:
        """
        What `report` writes into an `.xml` file, as text.
        """
    def to_markdown(self, /, baseline: GenAIEvalResults | ComparisonResults | None = None, title: str | None = None) -> str:
        """
        What `report` writes into an `.md` file, as text: at most 60,000 bytes, so that it fits into a
        comment on GitHub.
        """
    def trials(self, /) -> Trials:
        """
        The results by case, each with its trials.
        """
    @property
    def usage(self, /) -> ModelUsage:
        """
        What the calls of models came to: tokens, and dollars. Embeddings that the run made are in it.
        """
    @property
    def used(self, /) -> BudgetUse | None:
        """
        What the run used of its budget, whether it had one or not; `None` where no model could be asked. Calls that were dropped, such
        as by Ctrl-C, are in it by an estimate.
        """
    @property
    def window(self, /) -> GenAIEvalSet:
        """
        What the tasks came to that look at all records at once, such as drift tasks; empty where there are none. Each is found by its id:
        `results.window["delay"]`.
        """
    def write(self, /, path: str | PathLike[str]) -> None:
        """
        Writes a row for every task of every record into a file, as `to_dataframe` has them: JSON Lines
        (`.jsonl`), Parquet (`.parquet`) or Arrow (`.arrow`). The file takes its place once it is whole.

        Args:
            path: The file. One that is there is replaced.

        Raises:
            ValueError: Where its suffix says another format.
            OSError: Where it cannot be written.
        """

@final
class GenAIEvalSet:
    """
    What the tasks came to for one record.
    """
    def __contains__(self, id: Any, /) -> bool:
        """
        Whether there is a task of this id.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, key: Any, /) -> GenAIEvalTaskResult:
        """
        What a task came to, by its id (whatever its case) or its place.
        """
    def __iter__(self, /) -> Iterator[GenAIEvalTaskResult]:
        """
        Goes through the results of the tasks.
        """
    def __len__(self, /) -> int: ...
    def __reduce__(self, /) -> tuple[Any, tuple[GenAIEvalResults]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(results: GenAIEvalResults) -> GenAIEvalSet:
        """
        Makes the set of a pickle again.
        """
    def as_table(self, /, show_tasks: bool = False, intervals: bool = False) -> "str":
        """
        Prints the record as a table, and gives it back as text.

        Args:
            show_tasks: A row for every task instead of one for the record.
            intervals: Whether each rate shows where it lies with 95 % confidence (Wilson).
        """
    @property
    def cancelled_tasks(self, /) -> int:
        """
        For how many tasks, gates aside, the run was stopped before.
        """
    @property
    def created_at(self, /) -> datetime:
        """
        When the record was evaluated.
        """
    @property
    def duration_ms(self, /) -> int:
        """
        How long it took, in whole milliseconds.
        """
    @property
    def errored_tasks(self, /) -> int:
        """
        How many tasks, gates aside, could not be made.
        """
    @property
    def failed_tasks(self, /) -> int:
        """
        How many of them failed.
        """
    def model_dump(self, /) -> Any:
        """
        The results as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The results as JSON text.
        """
    @property
    def not_applicable_tasks(self, /) -> int:
        """
        How many tasks, gates aside, had nothing to check.
        """
    @property
    def pass_rate(self, /) -> float | None:
        """
        The share that passed of the tasks that came to a verdict, from 0 to 1; `None` where none
        did.
        """
    @property
    def passed_tasks(self, /) -> int:
        """
        How many of them passed.
        """
    @property
    def record_uid(self, /) -> str:
        """
        Our name for the record.
        """
    @property
    def records(self, /) -> list[GenAIEvalTaskResult]:
        """
        The result of every task of the plan, in the order of the tasks; skipped ones too.
        """
    @property
    def skipped_tasks(self, /) -> int:
        """
        How many tasks, gates aside, did not run because of what happened upstream.
        """
    @property
    def total_tasks(self, /) -> int:
        """
        How many tasks came to a verdict: the denominator of `pass_rate`. Gates are not among them.
        """

@final
class GenAIEvalTaskResult:
    """
    How one task came out for one record.
    """
    def __bool__(self, /) -> bool:
        """
        It has no truth: see `passed`.

        Raises:
            TypeError: Always, so that `assert results["my_id"]["my_task"]` is no test that cannot fail.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[GenAIEvalResults, int]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(results: GenAIEvalResults, task: int) -> GenAIEvalTaskResult:
        """
        Makes the result of a pickle again.
        """
    @property
    def actual(self, /) -> Any:
        """
        What was looked at. Large values are cut, and say so.
        """
    @property
    def advisory(self, /) -> str | None:
        """
        Why the task only reports, so that it counts nowhere and is no gate; `None` where it counts.
        """
    @property
    def call(self, /) -> ModelCall | None:
        """
        What asking a model came to, also where it brought no answer; `None` where none was asked.
        """
    @property
    def condition(self, /) -> bool:
        """
        Whether the task is a gate.
        """
    @property
    def context_path(self, /) -> str | None:
        """
        The path that was looked at.
        """
    @property
    def created_at(self, /) -> datetime:
        """
        When the record was evaluated.
        """
    @property
    def detail(self, /) -> str | None:
        """
        More about an error, such as the traceback of a function.
        """
    @property
    def expected(self, /) -> Any:
        """
        What was expected, filled in for this record. Large values are cut, and say so.
        """
    @property
    def found(self, /) -> Any | None:
        """
        All that was measured, of which `actual` is the value that was judged, where the task looks at all records at once; `None` of
        others.
        """
    @property
    def message(self, /) -> str:
        """
        Why it came out so.
        """
    def model_dump(self, /) -> Any:
        """
        The result as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The result as JSON text.
        """
    @property
    def operator(self, /) -> ComparisonOperator | None:
        """
        How the value was judged; `None` where a function did.
        """
    @property
    def passed(self, /) -> bool:
        """
        Whether the check holds. `False` does not mean that it failed: see `status`.
        """
    @property
    def record_id(self, /) -> str | None:
        """
        Your name for the record.
        """
    @property
    def record_uid(self, /) -> str:
        """
        Our name for the record.
        """
    @property
    def stage(self, /) -> int:
        """
        The stage of the plan that the task stands in, from 1.
        """
    @property
    def status(self, /) -> str:
        """
        `passed`, `failed`, `errored`, `skipped`, `not_applicable` or `cancelled`.
        """
    @property
    def task_id(self, /) -> str:
        """
        The task.
        """
    @property
    def task_type(self, /) -> EvaluationTaskType:
        """
        The kind of the task.
        """
    @property
    def trial(self, /) -> int | None:
        """
        Which trial of the record it is of, counted from 1; `None` where there is but one.
        """
    @property
    def value(self, /) -> float:
        """
        1.0 where the check holds, else 0.0.
        """

@final
class Histogram:
    """
    How many finite values lie where.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def bin_counts(self, /) -> list[int]:
        """
        Values in each bin: greater than its lower edge, not greater than its upper one. The first has its lower edge too.
        """
    @property
    def bins(self, /) -> list[float]:
        """
        The edges of the bins, evenly spaced from the least to the greatest value; one more than there are bins.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Histogram:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Histogram:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class Image:
    """
    An image in a message.

    Args:
        source: Where it is, as an URL (a template, like all texts of a prompt), or the file's bytes.
        media_type: What bytes are, such as `image/png`.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, source: str | bytes, media_type: str = "image/png") -> Image: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def data(self, /) -> bytes | None:
        """
        The file's bytes; `None` where it is given by its URL.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Image:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Image:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def url(self, /) -> str | None:
        """
        Where it is; `None` where it is given as bytes.
        """

@final
class LLMJudgeTask:
    """
    A check by a model: it is asked about the record, and its reply is judged as assertions judge a value.

    The prompt sees the record's context and the outputs of the tasks it depends on, by the names in it. Tasks that depend on
    this one see its whole reply.

    Args:
        id: The task's name, unique in its dataset; kept in lower case.
        prompt: What the model is asked.
        expected_value: What is expected of the value. `${path}` is filled in from the record.
        context_path: Where in the reply the value is, such as `score`. The whole reply where there is none.
        operator: How the value is judged: a `ComparisonOperator`, or its name.
        description: What the task is for.
        depends_on: The tasks that run before this one.
        max_retries: How often a call that failed is made again, where that helps; the run's own number where there is
            none.
        condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.
        each: How many items of an array must pass.
        timeout: How many seconds asking may take in all, retries included, but for the time in which it waits for its turn.
        jury: Further models that are asked the same, as `provider/model` or dicts with `provider`, `model`, `settings`
            and `base_url`.
        combine: What the votes of a jury come to: `"majority"`, more than half of which must pass, or `"mean"`, the mean
            of whose values is judged.
        pair: Two values to compare, as a dict of names and paths. The prompt shows them as `${first}` and `${second}`,
            in an order that is drawn for each record; the `winner` of the reply is one of the names, or `tie`.
        seed: What the orders of a pair are drawn from.
        calibration: How good the judge is against labels. One of results holds for the judge that was calibrated: where prompt, model,
            settings or expectation are others now, the judge only reports.
        least_kappa: The least that Cohen's kappa of the calibration must be, by the lower end of its interval, with at
            least 10 labels of either kind. Below that the judge reports, but is no gate and counts in no rate.

    Raises:
        ConfigError: Where an argument is not what it should be; `problems` names it.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, id: str, prompt: Prompt, expected_value: Any = ..., context_path: str | None = None, operator: ComparisonOperator | str | None = None, description: str | None = None, depends_on: Sequence[str] | None = None, max_retries: "int | None" = None, condition: bool = False, each: Any | None = None, timeout: float | None = None, *, jury: Any | None = None, combine: Any | None = None, pair: Any | None = None, seed: "int | None" = None, calibration: Calibration | None = None, least_kappa: float | None = None) -> LLMJudgeTask: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(json_string: str, prompt: Prompt) -> LLMJudgeTask:
        """
        Makes the task of a pickle again.
        """
    @property
    def advisory(self, /) -> str | None:
        """
        Why the judge only reports; `None` where it counts.
        """
    @property
    def calibration(self, /) -> Calibration | None:
        """
        How good the judge is against labels.
        """
    @property
    def combine(self, /) -> Any:
        """
        What the votes of a jury come to: `majority` or `mean`.
        """
    @property
    def condition(self, /) -> bool:
        """
        Whether the task is a gate.
        """
    @condition.setter
    def condition(self, /, condition: bool) -> None: ...
    @property
    def context_path(self, /) -> str | None:
        """
        Where in the reply the value is.
        """
    @context_path.setter
    def context_path(self, /, context_path: str | None) -> None: ...
    @property
    def depends_on(self, /) -> list[str]:
        """
        The tasks that run before this one, in lower case.
        """
    @depends_on.setter
    def depends_on(self, /, depends_on: Sequence[str]) -> None: ...
    @property
    def description(self, /) -> str | None:
        """
        What the task is for.
        """
    @description.setter
    def description(self, /, description: str | None) -> None: ...
    @property
    def each(self, /) -> Any:
        """
        How many items of an array must pass: `"all"`, `"any"`, `"none"` or a least number.
        """
    @each.setter
    def each(self, /, each: Any) -> None: ...
    @property
    def expected_value(self, /) -> Any:
        """
        What is expected of the value; `None` also where nothing is.
        """
    @property
    def fingerprint(self, /) -> str:
        """
        What its verdicts depend on, as 32 hexadecimal digits: prompt, models, settings, and how replies are judged. Another one is
        another judge, of which a calibration of this one says nothing.
        """
    @property
    def id(self, /) -> str:
        """
        The task's name, in lower case.
        """
    @id.setter
    def id(self, /, id: str) -> None: ...
    @property
    def jury(self, /) -> Any:
        """
        Further models that are asked the same.
        """
    @property
    def least_kappa(self, /) -> float | None:
        """
        The least that Cohen's kappa of the calibration must be.
        """
    @property
    def max_retries(self, /) -> int | None:
        """
        How often a call that failed is made again; the run's own number where it is `None`.
        """
    @max_retries.setter
    def max_retries(self, /, max_retries: int | None) -> None: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> LLMJudgeTask:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> LLMJudgeTask:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def operator(self, /) -> ComparisonOperator:
        """
        How the value is judged.
        """
    @operator.setter
    def operator(self, /, operator: ComparisonOperator) -> None: ...
    @property
    def pair(self, /) -> dict[str, str] | None:
        """
        Two values to compare, as names and paths.
        """
    @property
    def prompt(self, /) -> Prompt:
        """
        What the model is asked.
        """
    @property
    def seed(self, /) -> int | None:
        """
        What the orders of a pair are drawn from.
        """
    @property
    def task_type(self, /) -> EvaluationTaskType:
        """
        The kind of the task.
        """
    @property
    def timeout(self, /) -> float | None:
        """
        How many seconds asking may take in all.
        """

@final
class Labels:
    """
    Labels that something is classified by, for a prompt's `output_type`.

    A reply has a `reason` and one of the labels as its `label`. The prompt shows them where it says `${labels}`.

    Args:
        labels: The labels as a list, or as a dict with a description of each.

    Raises:
        ValueError: Where there are fewer than two, or one is empty or given twice.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, labels: Any) -> Labels: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def labels(self, /) -> dict[str, str | None]:
        """
        The labels with their descriptions.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Labels:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Labels:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class LatencyMetrics:
    """
    How long requests took, in seconds: percentiles.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> LatencyMetrics:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> LatencyMetrics:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def p25(self, /) -> float:
        """
        The 25th.
        """
    @property
    def p5(self, /) -> float:
        """
        The 5th percentile.
        """
    @property
    def p50(self, /) -> float:
        """
        The median.
        """
    @property
    def p95(self, /) -> float:
        """
        The 95th.
        """
    @property
    def p99(self, /) -> float:
        """
        The 99th.
        """

@final
class Likeness:
    """
    How alike two texts are, with what it took to find out: what a check gives back, for its result to have both.
    """

@final
class Manual:
    """
    As many bins as said.

    Args:
        num_bins: How many, from 2 to 10,000.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, num_bins: int) -> Manual: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Manual:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Manual:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def num_bins(self, /) -> int:
        """
        How many.
        """
    @num_bins.setter
    def num_bins(self, /, num_bins: int) -> None: ...

@final
class Message:
    """
    What somebody says in a prompt: text, images, or both.

    Args:
        content: A text, an `Image`, or a list of them. Texts are templates: `${path}` is filled in.
        role: Who says it: a `Role`, or its name.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, content: Any, role: Role | str | None = None) -> Message: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def content(self, /) -> list[str | Image]:
        """
        What it says, in order: texts and images.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Message:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Message:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def role(self, /) -> Role:
        """
        Who says it.
        """
    @property
    def text(self, /) -> str | None:
        """
        Its text; `None` where it is more than one text.
        """

@final
class MessageParam:
    """
    A message as Anthropic writes it.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def content(self, /) -> Any:
        """
        What it says: a text, or a list of blocks as dicts.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> MessageParam:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> MessageParam:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def role(self, /) -> str:
        """
        Who says it: `user` or `assistant`.
        """

@final
class Metric:
    """
    A number that an application measured itself.

    Args:
        name: Its name in the profile.
        value: The number.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, name: str, value: float) -> Metric: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Metric:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Metric:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        Its name in the profile.
        """
    @property
    def value(self, /) -> float:
        """
        The number.
        """

@final
class MetricCheck:
    """
    What a window says of a metric.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alert(self, /) -> bool:
        """
        Whether it is too far from the baseline.
        """
    @property
    def count(self, /) -> int:
        """
        How many values there are; missing and infinite ones do not count.
        """
    @property
    def difference(self, /) -> float:
        """
        The value less the baseline.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> MetricCheck:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> MetricCheck:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def value(self, /) -> float:
        """
        What its values come to.
        """

@final
class Metrics:
    """
    Numbers that an application measured itself, at one time.

    Args:
        metrics: A dict of numbers by name, or a list of `Metric`.

    Raises:
        ValueError: Where a list names a metric twice.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __len__(self, /) -> int: ...
    def __new__(cls, /, metrics: dict[str, float] | Sequence[Metric]) -> Metrics: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def entity_type(self, /) -> EntityType:
        """
        What kind of thing it is.
        """
    @property
    def metrics(self, /) -> list[Metric]:
        """
        The metrics.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Metrics:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Metrics:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class MissingTask:
    """
    A task that only one of the runs has.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str, bool]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _unpickled(task_id: str, in_baseline: bool) -> MissingTask:
        """
        Makes the task of a pickle again.
        """
    @property
    def present_in(self, /) -> str:
        """
        `baseline` or `comparison`.
        """
    @property
    def task_id(self, /) -> str:
        """
        The task.
        """

@final
class ModelCall:
    """
    What asking a model, or a jury of several, for one task of one record came to.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def answered(self, /) -> int:
        """
        Calls that were answered: 1, but for those of a jury, and 0 where it failed.
        """
    @property
    def attempts(self, /) -> int:
        """
        Requests that were sent, also those that failed.
        """
    @property
    def cached_tokens(self, /) -> int | None:
        """
        Those of the tokens read that the provider had in its cache.
        """
    @property
    def cost(self, /) -> float | None:
        """
        What it cost in this run, in US dollars, as far as that is known: nothing where the reply was kept; `None` where no price or
        no tokens are known.
        """
    @property
    def input_tokens(self, /) -> int | None:
        """
        Tokens read, those from the provider's cache included; `None` where the provider does not say.
        """
    @property
    def latency_ms(self, /) -> float:
        """
        How long the provider took, in milliseconds.
        """
    @property
    def log_probs(self, /) -> list[tuple[str, float]]:
        """
        How likely the first 1,000 tokens of the reply were, as pairs of a token and the natural logarithm of its probability; empty
        unless the prompt's settings have `logprobs=True`.
        """
    @property
    def model(self, /) -> str:
        """
        The model that answered, as the provider calls it.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ModelCall:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ModelCall:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def origin(self, /) -> str:
        """
        Where the reply comes from: `live`, `cache`, `cassette` or `memory` (an earlier run).
        """
    @property
    def output_tokens(self, /) -> int | None:
        """
        Tokens written, those of thinking included.
        """
    @property
    def provider(self, /) -> str:
        """
        Whose model was asked.
        """
    @property
    def reason(self, /) -> str | None:
        """
        Why the model answered so, where its reply has a member for that (`reason`, `reasoning`, `explanation` or
        `rationale`).
        """
    @property
    def reply(self, /) -> Any:
        """
        The whole reply: in the form that was asked for, or its text. Beyond 16 KB it is cut, and says so. That of a jury
        says how its votes came out, and has what each of them took in `votes`; that of a call that failed is `None`.
        """
    @property
    def unanswered(self, /) -> int:
        """
        Calls that brought no answer.
        """
    @property
    def unpriced(self, /) -> int:
        """
        Requests that may cost what nobody knows, and which is not in `cost`: there is no price, or no answer came.
        """

@final
class ModelOptions:
    """
    How models are asked in a run, where prompts do not say otherwise.

    Keys and addresses come from the environment under the providers' own names (`OPENAI_API_KEY`, …).

    Args:
        model: A `ScriptedModel` that answers instead of all providers, for tests.
        api_keys: Keys by provider, which go before those of the environment. Neither is sent to an address that a prompt
            names, unless it is the provider's own or the run's. In the place of a key, a function that gives one is called
            before every request, from any thread, but once at a time: for tokens that expire, as those of Vertex do.
        base_url: The address of the API, where it is not the provider's own.
        timeout: How many seconds one attempt may take; 180 by default.
        headers: Headers to send with every request.
        proxy: The address of a proxy for everything.
        max_retries: How often a call that failed is made again, where that helps; 3 by default.
        concurrency: The most calls in flight to one provider. By default a run begins with 20 and finds out how
            many the provider takes, 200 at most.
        requests_per_minute: The most requests to one provider in any minute.
        tokens_per_minute: The most tokens to and from one provider in any minute.
        cache_dir: A folder that keeps replies: what was asked before is not asked again.
        cassette: A file of recorded replies, made for version control (JSON Lines).
        cassette_mode: `"replay"` plays what is recorded, and asks and records the rest; `"replay_or_fail"` never
            asks; `"record"` asks everything, and its answers replace what was recorded of the same questions.
        budget_usd: The dollars after which the run ends. What is asked by then is still answered and paid for, so it may
            cost more by that. Models without a price are then not asked.
        budget_tokens: The tokens after which it ends, in the same way.
        budget_calls: The most requests it may send.
        budget_seconds: How long it may ask, from the first call on.
        prices: A table of prices, as a dict or as the path of a file, instead of the one that comes with Scouter.

    A run whose budget is used up stops; its results are marked as `cancelled`, and say why in `stopped`.

    Raises:
        ValueError: Where one of them means nothing.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple, dict]:
        """
        Pickles by its arguments, keys among them; a scripted model does not.
        """
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, model: ScriptedModel | None = None, api_keys: dict | None = None, base_url: str | None = None, timeout: float | None = None, headers: dict[str, str] | None = None, proxy: str | None = None, max_retries: "int | None" = None, concurrency: "int | None" = None, requests_per_minute: "int | None" = None, tokens_per_minute: "int | None" = None, cache_dir: str | PathLike[str] | None = None, cassette: str | PathLike[str] | None = None, cassette_mode: str = "replay", budget_usd: float | None = None, budget_tokens: "int | None" = None, budget_calls: "int | None" = None, budget_seconds: float | None = None, prices: Any | None = None) -> ModelOptions: ...
    def __repr__(self, /) -> str: ...
    def _connected(self, /) -> ModelOptions:
        """
        The same, whose connections are one for all runs that are given it.
        """
    def _lasting(self, /) -> ModelOptions:
        """
        The same, whose budget, limits and connections are one for all runs that are given it.
        """

@final
class ModelSettings:
    """
    How a model answers, whoever's it is.

    Args:
        settings: The settings of a provider.

    What is written as JSON is without headers and proxy, and names the class of the settings (`settings_type`).
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, settings: Any) -> ModelSettings: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ModelSettings:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ModelSettings:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def settings(self, /) -> Any:
        """
        The settings of the provider.
        """
    def settings_type(self, /) -> type:
        """
        The class of the settings.
        """

@final
class ModelUsage:
    """
    What the calls of a run came to.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def attempts(self, /) -> int:
        """
        Requests that were sent for either.
        """
    @property
    def calls(self, /) -> int:
        """
        Calls that were answered, from wherever.
        """
    @property
    def cost(self, /) -> float:
        """
        What they cost in US dollars, as far as prices are known: 0.0 where none is, and `unpriced` then counts all of the requests.
        """
    @property
    def failed(self, /) -> int:
        """
        Calls that brought no answer; what they took is counted all the same.
        """
    @property
    def input_tokens(self, /) -> int:
        """
        Tokens read, as far as providers say.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ModelUsage:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ModelUsage:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def output_tokens(self, /) -> int:
        """
        Tokens written, as far as providers say.
        """
    @property
    def unpriced(self, /) -> int:
        """
        Requests whose cost is unknown, and not in `cost`: there is no price, or no answer came to what may be paid for.
        """

@final
class NumberChange:
    """
    By how much the mean of a number changed between two runs, over the records that have it in both.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def baseline_mean(self, /) -> float:
        """
        Its mean before.
        """
    @property
    def comparison_mean(self, /) -> float:
        """
        Its mean now.
        """
    @property
    def difference(self, /) -> float:
        """
        The mean of the records' differences.
        """
    @property
    def direction(self, /) -> str:
        """
        Which way it went: `higher` or `lower` where the whole interval lies on one side of 0, `same` where
        no record changed, otherwise `unclear`.
        """
    @property
    def interval(self, /) -> tuple[float, float] | None:
        """
        Where the difference lies, with a confidence of 1 - alpha; `None` where there are fewer than
        two records or clusters.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> NumberChange:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> NumberChange:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def p_value(self, /) -> float | None:
        """
        How likely chance alone makes such a difference, by the paired t test.
        """
    @property
    def records(self, /) -> int:
        """
        How many records have it in both.
        """
    @property
    def smallest_difference(self, /) -> float | None:
        """
        The smallest difference that so many records find in 8 of 10 comparisons.
        """

@final
class NumericStats:
    """
    A column of numbers or booleans.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def absent(self, /) -> dict[str, str]:
        """
        Statistics that the data cannot give, and why.
        """
    @property
    def distinct(self, /) -> Distinct:
        """
        How many different values there are.
        """
    @property
    def histogram(self, /) -> Histogram | None:
        """
        How many values lie where; `None` where there is no finite value.
        """
    @property
    def infinite(self, /) -> int:
        """
        Rows with an infinity of either sign, which the other statistics leave out.
        """
    @property
    def max(self, /) -> float | None:
        """
        The greatest value.
        """
    @property
    def mean(self, /) -> float | None:
        """
        The mean.
        """
    @property
    def min(self, /) -> float | None:
        """
        The least value.
        """
    @property
    def missing(self, /) -> int:
        """
        Rows without a value.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> NumericStats:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> NumericStats:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def quantiles(self, /) -> Quantiles:
        """
        Quantiles.
        """
    @property
    def rows(self, /) -> int:
        """
        All rows.
        """
    @property
    def stddev(self, /) -> float | None:
        """
        The standard deviation, by n − 1.
        """

@final
class ObservabilityMetrics:
    """
    Requests to an application, by route: what an `Observer` counted. `queue["my_model"].insert(metrics)` sends them.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def error_count(self, /) -> int:
        """
        How many of them ended in an error.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ObservabilityMetrics:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ObservabilityMetrics:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name; `None` likewise.
        """
    @property
    def request_count(self, /) -> int:
        """
        How many requests there were, to all routes.
        """
    @property
    def route_metrics(self, /) -> list[RouteMetrics]:
        """
        By route, in the order in which routes came first.
        """
    @property
    def space(self, /) -> str | None:
        """
        The space of the profile; `None` where it is known by its uid alone, as an `Observer` knows it.
        """
    @property
    def uid(self, /) -> str:
        """
        The profile that they belong to.
        """
    @property
    def version(self, /) -> str | None:
        """
        Its version; `None` likewise.
        """

@final
class Observer:
    """
    Counts requests to an application by hand: how many there were to each route, how they ended and how long they took. Threads may share one.

    It takes the same room however many requests there are: 255 routes are told apart, all others are `(other)`, and percentiles are exact up to 1,024
    requests to a route and off by 0.3 % in rank beyond.

    A service needs none: the middleware of `scouter.integrations` counts for it, and the queue sends what was counted.

    Args:
        uid: The profile that the requests belong to: `profile.uid`.
    """
    def __new__(cls, /, uid: str) -> Observer: ...
    def __repr__(self, /) -> str: ...
    def collect_metrics(self, /) -> ServerRecords | None:
        """
        What was counted, as a record for the server (`records[0].record` is an `ObservabilityMetrics`); counting begins anew. `None` where there was no
        request.
        """
    def increment(self, /, route: str, latency: float, status_code: int) -> None:
        """
        Counts a request.

        Args:
            route: The route as the application declares it, such as `/items/{id}`; not the path that was asked for.
            latency: How many seconds it took.
            status_code: The status of HTTP. From 500 on it is an error.

        Raises:
            ValueError: Where it took less than no time, or the status is none.
        """
    def reset_metrics(self, /) -> None:
        """
        Forgets what was counted.
        """
    @property
    def uid(self, /) -> str:
        """
        The profile that the requests belong to.
        """

@final
class OpenAIChatSettings:
    """
    How a model of OpenAI, or of a server that speaks its API, answers.

    Args:
        temperature: How freely tokens are drawn, from 0.
        top_p: Tokens are drawn from the likeliest that together have this probability.
        top_k: Tokens are drawn from this many likeliest.
        max_completion_tokens: The longest reply, in tokens.
        seed: A seed, where the provider has such a thing.
        stop: Texts at which the reply ends.
        logprobs: Whether to say how likely each token was, where the provider does.
        api: By which of OpenAI's APIs it is asked: `"completions"`, which compatible servers speak too, or `"responses"`. No
            other provider has a choice.
        reasoning_effort: How much the model thinks, in the provider's words, such as `low`.
        extra: Whatever else the provider knows, merged into the body of the request as it stands.
        base_url: The address of the API, where it is not the provider's own.
        timeout: How many seconds one attempt may take.
        headers: Headers to send. They may hold keys, and are written into no file.
        proxy: The address of a proxy; written into no file.

    What is written as JSON is without headers and proxy.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, *, temperature: float | None = None, top_p: float | None = None, top_k: int | None = None, max_completion_tokens: int | None = None, seed: int | None = None, stop: Sequence[str] | None = None, logprobs: bool | None = None, api: str | None = None, reasoning_effort: str | None = None, extra: dict | None = None, base_url: str | None = None, timeout: float | None = None, headers: dict[str, str] | None = None, proxy: str | None = None) -> OpenAIChatSettings: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(json_string: str, headers: dict[str, str], proxy: str | None) -> OpenAIChatSettings:
        """
        Makes the object of a pickle again.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> OpenAIChatSettings:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> OpenAIChatSettings:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class OpenAIEmbeddingConfig:
    """
    A model for embeddings of OpenAI, or of a server that speaks its API.

    Args:
        model: The model, as the provider calls it.
        dimensions: How many numbers each vector is to have, where the model can shorten them.
        base_url: The address of the API, where it is not the provider's own.
        timeout: How many seconds one attempt may take.
        headers: Headers to send.
        proxy: The address of a proxy.

    What is written as JSON is without headers and proxy.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, model: str = ..., dimensions: int | None = None, *, base_url: str | None = None, timeout: float | None = None, headers: dict[str, str] | None = None, proxy: str | None = None) -> OpenAIEmbeddingConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def _unpickled(json_string: str, headers: dict[str, str], proxy: str | None) -> OpenAIEmbeddingConfig:
        """
        Makes the object of a pickle again.
        """
    @property
    def dimensions(self, /) -> int | None:
        """
        How many numbers each vector is to have.
        """
    @property
    def model(self, /) -> str:
        """
        The model, as the provider calls it.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> OpenAIEmbeddingConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> OpenAIEmbeddingConfig:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class OpenAIEmbeddingResponse(Embeddings):
    """
    Vectors, also in the words of OpenAI's reply.
    """
    @property
    def data(self, /) -> list[EmbeddingObject]:
        """
        One entry for each text, in their order.
        """
    @property
    def object(self, /) -> str:
        """
        What it is: `list`.
        """
    @property
    def usage(self, /) -> EmbeddingUsage | None:
        """
        Tokens; `None` where the server does not say.
        """

@final
class OpsGenieDispatchConfig:
    """
    Alerts for a team of Opsgenie.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, team: str) -> OpsGenieDispatchConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> OpsGenieDispatchConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> OpsGenieDispatchConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def team(self, /) -> str:
        """
        The name of the team.
        """
    @team.setter
    def team(self, /, value: str) -> None:
        """
        The name of the team.
        """

@final
class PredictRequest:
    """
    Texts to embed, in the words of Vertex AI's `predict`. Other providers are asked for the same in theirs.

    Args:
        instances: A dict for each text: the text is its `content`. A `task_type`, such as `SEMANTIC_SIMILARITY`, is the same in all of
            them.
        parameters: `outputDimensionality`: how many numbers each vector is to have.

    What is said here goes before what the embedder's configuration says.

    Raises:
        ValueError: Where there is no instance, one has no `content`, they differ in `task_type`, or anything else is said.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __len__(self, /) -> int: ...
    def __new__(cls, /, instances: Sequence[dict[str, str]], parameters: dict[str, int] | None = None) -> PredictRequest: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def instances(self, /) -> list[dict[str, str]]:
        """
        A dict for each text.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PredictRequest:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PredictRequest:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def parameters(self, /) -> dict[str, int]:
        """
        What is said of all of them.
        """

@final
class PredictResponse(Embeddings):
    """
    Vectors, also in the words of Vertex AI's reply.
    """
    @property
    def predictions(self, /) -> list[Prediction]:
        """
        One entry for each text, in their order.
        """

@final
class Prediction:
    """
    A vector in the words of Vertex AI's reply.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def embeddings(self, /) -> ContentEmbedding:
        """
        The vector.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Prediction:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Prediction:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class Preference:
    """
    The form of a comparison, for a prompt's `output_type`: which of two is better, and the reason for it.

    Args:
        winner: `first`, `second` or `tie`; of a judge with a `pair`, the name of one of the two, or `tie`.
        reason: Why.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, winner: str, reason: str) -> Preference: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_json_schema() -> Any:
        """
        The JSON Schema that a model is given.
        """
    @staticmethod
    def model_validate(data: Any) -> Preference:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Preference:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def reason(self, /) -> str:
        """
        Why.
        """
    @property
    def winner(self, /) -> str:
        """
        Which is better.
        """

@final
class Prompt:
    """
    A question to a model, with places to fill in.

    All texts, and the URLs of images, are templates: `${query}` and `${response.text}` are filled in with values, texts
    as they are and anything else as JSON; what is filled in is not looked at again. `$${` stands for a plain `${`.

    Args:
        messages: A text, which the user says, a `Message`, a message in a provider's words, such as a `ChatMessage`, or a list
            of them.
        model: The model, as the provider calls it.
        provider: Whose model it is: a `Provider`, or its name.
        system_instructions: Instructions that go before the messages.
        model_settings: How to answer, and how to reach the provider.
        output_type: The form of the answer: `Score`, a `Rubric`, `Labels`, `Preference`, a pydantic model, a dataclass,
            or a JSON Schema as a dict. Free text where there is none. Templates show what a rubric or labels ask for as
            `${rubric}` and `${labels}`.

    `Prompt[Score]` is for annotations, and says what its replies are made into. It checks nothing: `output_type` does.

    Raises:
        ConfigError: Where a template or the schema is wrong; `problems` lists all that is.
    """
    @classmethod
    def __class_getitem__(cls, /, key: Any) -> Any:
        """
        The class with the type of its answers, for annotations: `Prompt[Score]`.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, messages: Any, model: str, provider: Provider | str, system_instructions: Any | None = None, model_settings: Any | None = None, output_type: Any | None = None) -> Prompt: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _in_braces(self, /, names: Sequence[str]) -> str | None:
        """
        What to write for names that stand in its texts in braces, as plain text: those that are bound, and these.
        """
    def _under(self, /, provider: Provider, instructions: Sequence[Message], output_type: Any | None) -> Prompt:
        """
        The prompt as somebody answers it: of the provider where the prompt names none, with instructions that go before
        its own, in the form where it has none.
        """
    @staticmethod
    def _unpickled(json_string: str, settings: ModelSettings) -> Prompt:
        """
        Makes the prompt of a pickle again.
        """
    @property
    def all_messages(self, /) -> list[Message]:
        """
        All that is said, the instructions first.
        """
    @property
    def anthropic_message(self, /) -> MessageParam | None:
        """
        The last of them.
        """
    @property
    def anthropic_messages(self, /) -> list[MessageParam]:
        """
        The messages as Anthropic writes them, templates as they stand. Instructions have a place of their own there, and are not among
        them.
        """
    def bind(self, /, name: str | None = None, value: Any | None = None, **kwargs: "object") -> Prompt:
        """
        The same prompt with values given: one by its name, or several by keyword.
        """
    def bind_mut(self, /, name: str | None = None, value: Any | None = None, **kwargs: "object") -> None:
        """
        Gives values to this prompt: one by its name, or several by keyword.
        """
    @staticmethod
    def from_path(path: str | PathLike[str]) -> Prompt:
        """
        Reads a prompt from a file: JSON, YAML or TOML, as its suffix says.

        Raises:
            ConfigError: Where it cannot be read or is no prompt.
        """
    @property
    def gemini_message(self, /) -> GeminiContent | None:
        """
        The last of them.
        """
    @property
    def gemini_messages(self, /) -> list[GeminiContent]:
        """
        The messages as Gemini and Vertex write them, templates as they stand. Instructions have a place of their own there, and are not
        among them.
        """
    @property
    def message(self, /) -> Message | None:
        """
        The last of the messages.
        """
    @property
    def messages(self, /) -> list[Message]:
        """
        What is said, without the instructions.
        """
    @property
    def model(self, /) -> str:
        """
        The model, as the provider calls it.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @property
    def model_identifier(self, /) -> str:
        """
        Provider and model in one, such as `gemini/gemini-2.5-flash-lite`: the name in tables of prices.
        """
    @property
    def model_settings(self, /) -> ModelSettings:
        """
        How to answer.
        """
    @staticmethod
    def model_validate(data: Any) -> Prompt:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Prompt:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def openai_message(self, /) -> ChatMessage | None:
        """
        The last of them.
        """
    @property
    def openai_messages(self, /) -> list[ChatMessage]:
        """
        The messages as OpenAI writes them, templates as they stand.
        """
    @property
    def parameters(self, /) -> list[str]:
        """
        The names that must be given, sorted. What is bound is not among them.
        """
    @property
    def provider(self, /) -> Provider:
        """
        Whose model it is.
        """
    @property
    def response_json_schema(self, /) -> str | None:
        """
        The JSON Schema of the answer, as text.
        """
    @property
    def response_json_schema_pretty(self, /) -> str | None:
        """
        The same over many lines.
        """
    @property
    def response_type(self, /) -> ResponseType:
        """
        What the form of the answer is.
        """
    def save_prompt(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes the prompt as JSON, without headers and proxy, and says where.

        Args:
            path: The file; `prompt.json` where there is none.
        """
    @property
    def system_instructions(self, /) -> list[Message]:
        """
        The instructions that go before the messages.
        """

@final
class Provider:
    """
    Whose model is asked.
    """
    Anthropic: Final[Provider]
    """
    Anthropic.
    """
    Gemini: Final[Provider]
    """
    Gemini, by the Gemini API.
    """
    Google: Final[Provider]
    """
    Another name for `Gemini`.
    """
    OpenAI: Final[Provider]
    """
    OpenAI, and everything that speaks its API at another address.
    """
    Undefined: Final[Provider]
    """
    Not said.
    """
    Vertex: Final[Provider]
    """
    Gemini, by Google Cloud's Vertex AI.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class PsiAlertConfig:
    """
    When and to whom drift is told that the population stability index finds.

    Args:
        dispatch_config: Where alerts go; the server's log by default.
        schedule: When is looked: a `CommonCrons`, or a cron expression in UTC with five fields, or six with
            seconds. Every day by default.
        features_to_monitor: The features that are watched; all where none is named.
        threshold: Beyond which index a feature has drifted.
        correction: What is done about many features being tested at once: `"holm"` keeps the chance of any
            false alarm to the threshold's `alpha`, `"benjamini_hochberg"` the share of false ones among all
            alarms; `None` judges every feature as if it were alone. No matter for a fixed threshold.
        min_values: With fewer rows, or a baseline of fewer and fewer than 30, a window of the server, and `Drifter.compute_drift`, say nothing, neither
            drift nor that it is gone; with fewer values a `DriftTask` errors that asks for no other number. 1 at least.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, dispatch_config: ConsoleDispatchConfig | SlackDispatchConfig | OpsGenieDispatchConfig | None = None, schedule: CommonCrons | str | None = None, features_to_monitor: Sequence[str] = ..., threshold: PsiNormalThreshold | PsiChiSquareThreshold | PsiFixedThreshold | None = None, *, correction: str | None = ..., min_values: int = 30) -> PsiAlertConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def correction(self, /) -> str | None:
        """
        What is done about many features being tested at once.
        """
    @correction.setter
    def correction(self, /, correction: str | None) -> None: ...
    @property
    def dispatch_config(self, /) -> ConsoleDispatchConfig | SlackDispatchConfig | OpsGenieDispatchConfig:
        """
        Where alerts go.
        """
    @property
    def dispatch_type(self, /) -> AlertDispatchType:
        """
        The kind of place that alerts go to.
        """
    @property
    def features_to_monitor(self, /) -> list[str]:
        """
        The features that are watched; all where none is named.
        """
    @features_to_monitor.setter
    def features_to_monitor(self, /, value: Sequence[str]) -> None:
        """
        The features that are watched; all where none is named.
        """
    @property
    def min_values(self, /) -> int:
        """
        With fewer rows a window of the server says nothing, nor with a baseline of fewer and fewer than 30.
        """
    @min_values.setter
    def min_values(self, /, min_values: int) -> None: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiAlertConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiAlertConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def schedule(self, /) -> str:
        """
        When is looked, as a cron expression in UTC.
        """
    @schedule.setter
    def schedule(self, /, schedule: CommonCrons | str) -> None: ...
    @property
    def threshold(self, /) -> PsiNormalThreshold | PsiChiSquareThreshold | PsiFixedThreshold:
        """
        Beyond which index a feature has drifted.
        """

@final
class PsiChiSquareThreshold:
    """
    Drift by Pearson's test of the counts, χ² by both sample sizes, of which the index is a multiple where every bin has many
    rows.

    Args:
        alpha: The share of false alarms.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, alpha: float = 0.05) -> PsiChiSquareThreshold: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alpha(self, /) -> float:
        """
        The share of false alarms, above 0 and below 1.
        """
    @alpha.setter
    def alpha(self, /, alpha: float) -> None: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiChiSquareThreshold:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiChiSquareThreshold:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class PsiDriftConfig:
    """
    How a profile of the population stability index is made.

    Args:
        space: What the name belongs to, such as a team. To be given before a profile is registered, as the name is; `"__missing__"` until then. Both
            have 1 to 128 letters (a to z, A to Z), digits, `_`, `-` and `.`, and begin with neither of the last two.
        name: The model or service.
        version: Its version, a semantic one such as 1.2.3. `"0.1.0"` by default.
        alert_config: When is looked, what counts as drift, and who is told.
        config_path: A file that `save_to_json` of a configuration wrote, from which everything is taken that is
            not given here.
        categorical_features: Columns of numbers that are categories. Columns of text always are.
        binning_strategy: How numbers are cut into bins; ten quantiles by default.
        zero_bins: What is done about bins that are empty on one side: `"jeffreys"` gives every bin half a row
            where any is empty, `("add", 1e-10)` adds to every proportion, `("fill", 1e-4)` puts a proportion in
            the place of zero, `("floor", 0.01)` lets no proportion be less.
        max_categories: How many categories of a feature have a bin of their own; the rarer ones share one.
        text_lengths: Columns of text that are watched by their lengths rather than as categories, with what is counted:
            `{"answer": "words"}`, or `"characters"`.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, space: str | None = None, name: str | None = None, version: str | None = None, alert_config: PsiAlertConfig | None = None, config_path: str | PathLike[str] | None = None, categorical_features: Sequence[str] | None = None, binning_strategy: QuantileBinning | EqualWidthBinning | None = None, *, zero_bins: str | tuple[str, float] | None = None, max_categories: int | None = None, text_lengths: dict[str, str] | None = None) -> PsiDriftConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alert_config(self, /) -> PsiAlertConfig:
        """
        When is looked, what counts as drift, and who is told.
        """
    @alert_config.setter
    def alert_config(self, /, value: PsiAlertConfig) -> None:
        """
        When is looked, what counts as drift, and who is told.
        """
    @property
    def binning_strategy(self, /) -> QuantileBinning | EqualWidthBinning:
        """
        How numbers are cut into bins.
        """
    @binning_strategy.setter
    def binning_strategy(self, /, binning_strategy: QuantileBinning | EqualWidthBinning) -> None: ...
    @property
    def categorical_features(self, /) -> list[str]:
        """
        Columns of numbers that are categories.
        """
    @categorical_features.setter
    def categorical_features(self, /, value: Sequence[str]) -> None:
        """
        Columns of numbers that are categories.
        """
    @property
    def drift_type(self, /) -> DriftType:
        """
        Always `DriftType.Psi`.
        """
    @property
    def feature_map(self, /) -> FeatureMap | None:
        """
        The bins of categories by their texts; `None` before there is a profile.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> PsiDriftConfig:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @staticmethod
    def load_from_json_file(path: str | PathLike[str]) -> PsiDriftConfig:
        """
        Reads a configuration that was saved.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @property
    def max_categories(self, /) -> int:
        """
        How many categories of a feature have a bin of their own.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiDriftConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiDriftConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        The model or service.
        """
    @name.setter
    def name(self, /, name: str) -> None: ...
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `psi_drift_config.json` by default.
        """
    @property
    def space(self, /) -> str:
        """
        What the name belongs to, such as a team.
        """
    @space.setter
    def space(self, /, space: str) -> None: ...
    @property
    def text_lengths(self, /) -> dict[str, str]:
        """
        Columns of text that are watched by their lengths, with what is counted: `"words"` or `"characters"`.
        """
    @text_lengths.setter
    def text_lengths(self, /, text_lengths: dict[str, str]) -> None: ...
    @property
    def uid(self, /) -> str:
        """
        What records refer to the profile by. Given by us.
        """
    @uid.setter
    def uid(self, /, uid: str) -> None: ...
    def update_config_args(self, /, space: str | None = None, name: str | None = None, version: str | None = None, alert_config: PsiAlertConfig | None = None, categorical_features: Sequence[str] | None = None, binning_strategy: QuantileBinning | EqualWidthBinning | None = None, *, zero_bins: str | tuple[str, float] | None = None, max_categories: int | None = None, text_lengths: dict[str, str] | None = None) -> None:
        """
        Changes what is given.
        """
    @property
    def version(self, /) -> str:
        """
        Its version.
        """
    @version.setter
    def version(self, /, version: str) -> None: ...
    @property
    def zero_bins(self, /) -> str | tuple[str, float]:
        """
        What is done about bins that are empty on one side: a name, or a name and a number.
        """

@final
class PsiDriftMap:
    """
    How far features are from their baselines.

    `drift_map["x"]` is what is known of a feature.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> PsiFeatureDrift: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _repr_html_(self, /) -> str:
        """
        The table and drawings as a notebook shows them.
        """
    @property
    def absent(self, /) -> dict[str, str]:
        """
        What nothing can be said of, and why.
        """
    def as_table(self, /) -> "str":
        """
        Prints a line for every feature, and what is left out with the reason, and gives it back as text.
        """
    @property
    def details(self, /) -> dict[str, PsiFeatureDrift]:
        """
        All that is known of every feature.
        """
    @property
    def drifted(self, /) -> list[str]:
        """
        The features that drifted, of those that are watched.
        """
    @property
    def features(self, /) -> dict[str, float]:
        """
        The number that every feature comes to: its index, or the statistic of the method.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> PsiDriftMap:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @property
    def lost(self, /) -> list[str]:
        """
        What is watched, has a baseline, and could not be compared with it, or has too few rows. While there is any, nothing is known to be well.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiDriftMap:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiDriftMap:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        The model or service.
        """
    def report(self, /, path: str | PathLike[str], title: str | None = None) -> None:
        """
        Writes the page of `to_html` into a file, whole or not at all.

        Args:
            path: The file, which ends in `.html`. The folder must be there.
            title: The heading.

        Raises:
            ValueError: Where the file does not end in `.html`.
            OSError: Where it cannot be written.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `psi_drift_map.json` by default.
        """
    @property
    def space(self, /) -> str:
        """
        What the name belongs to.
        """
    def to_dataframe(self, /, polars: bool = False) -> Any:
        """
        A line for every feature, as a pandas or a polars data frame. Moments are microseconds since 1970 in UTC.

        Args:
            polars: A polars frame instead of a pandas one.
        """
    def to_html(self, /, title: str | None = None) -> str:
        """
        A page with the table and a drawing of every feature that has one, as text of HTML. It needs nothing beside itself.

        Args:
            title: The heading.
        """
    @property
    def version(self, /) -> str:
        """
        Its version.
        """

@final
class PsiDriftProfile:
    """
    How the features of some data were, to compare later data with.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _registered_json(self, /) -> str:
        """
        The document as a server keeps it, without what parts are put together by.
        """
    def _repr_html_(self, /) -> str:
        """
        The table and drawings as a notebook shows them.
        """
    @property
    def absent(self, /) -> dict[str, str]:
        """
        Columns of which there is no baseline, and why.
        """
    def as_table(self, /) -> "str":
        """
        Prints a line for every feature, and what is left out with the reason, and gives it back as text.
        """
    @property
    def config(self, /) -> PsiDriftConfig:
        """
        How it was made.
        """
    @property
    def features(self, /) -> dict[str, PsiFeatureDriftProfile]:
        """
        The features.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> PsiDriftProfile:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    def merge(self, /, other: PsiDriftProfile) -> PsiDriftProfile:
        """
        The profile of the rows of both, as if they had been read one after the other: of parts of a file, or of what several machines have
        read. Both are made with `create_drift_profile(…, mergeable=True)`, and the outcome can be put together with others. A column that
        one of them lacks has no value in its rows: the log names it, and it says so where both are the same profile. Categories
        are counted exactly; the bins and counts of numbers are exact up to 16,384 values of a column in all parts together, and come from a
        sketch beyond, as those of an iterator do. `recount` makes the counts exact.

        Args:
            other: The profile of other rows. Its configuration must make the same bins; all else is as in that of the first.

        Raises:
            ValueError: Where one of them was not made for that, where their configurations make other bins, and where a column holds
                different things.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiDriftProfile:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiDriftProfile:
        """
        Reads what `model_dump_json` wrote.
        """
    def recount(self, /, maps: Sequence[PsiDriftMap]) -> PsiDriftProfile:
        """
        The profile with the same bins, and exact counts: those of the same rows, read once more. The outcome is final: it is not put
        together with others.

        Args:
            maps: What `compute_drift` with this profile made of each part.

        Raises:
            ValueError: Where there are no maps, where one is of another profile or lacks a feature, and where they have counted other rows:
                categories that the profile does not know, more rows or fewer, or others of a category, without a value, or of up to 16,384
                numbers in a bin, of which the profile's counts are exact.
        """
    def report(self, /, path: str | PathLike[str], title: str | None = None) -> None:
        """
        Writes the page of `to_html` into a file, whole or not at all.

        Args:
            path: The file, which ends in `.html`. The folder must be there.
            title: The heading.

        Raises:
            ValueError: Where the file does not end in `.html`.
            OSError: Where it cannot be written.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `psi_drift_profile.json` by default.
        """
    @property
    def scouter_version(self, /) -> str:
        """
        The version of the package that made it.
        """
    def to_dataframe(self, /, polars: bool = False) -> Any:
        """
        A line for every feature, as a pandas or a polars data frame. Moments are microseconds since 1970 in UTC.

        Args:
            polars: A polars frame instead of a pandas one.
        """
    def to_html(self, /, title: str | None = None) -> str:
        """
        A page with the table and a drawing of every feature that has one, as text of HTML. It needs nothing beside itself.

        Args:
            title: The heading.
        """
    @property
    def uid(self, /) -> str:
        """
        What records refer to it by; the same as of its configuration.
        """
    @uid.setter
    def uid(self, /, uid: str) -> None: ...
    def update_config_args(self, /, space: str | None = None, name: str | None = None, version: str | None = None, alert_config: PsiAlertConfig | None = None, categorical_features: Sequence[str] | None = None, binning_strategy: QuantileBinning | EqualWidthBinning | None = None) -> None:
        """
        Changes what is given of the configuration. Bins stay as they are: a new `binning_strategy` counts for the next
        profile.
        """

@final
class PsiFeatureDrift:
    """
    How far a feature is from its baseline.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __float__(self, /) -> float: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def adjusted_p_value(self, /) -> float | None:
        """
        The p-value after the correction for many features; `None` of features that are not watched.
        """
    @property
    def baseline_rows(self, /) -> int:
        """
        Rows of the baseline.
        """
    @property
    def beyond_threshold(self, /) -> bool:
        """
        Whether there would be drift if this were the only feature: by the p-value, or, where the threshold is a number, by the index.
        """
    @property
    def current_rows(self, /) -> int:
        """
        Rows that were compared with it.
        """
    @property
    def drifted(self, /) -> bool:
        """
        Whether it counts as drift: by the corrected p-value, or, where the threshold is a number, by the index. Never of
        features that are not watched, nor of those with too few rows.
        """
    @property
    def merged_bins(self, /) -> int:
        """
        Bins that were wanted and that there are none of, since the baseline's values repeat too often.
        """
    @property
    def missing(self, /) -> int:
        """
        Rows now without a value.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiFeatureDrift:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiFeatureDrift:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def p_value(self, /) -> float:
        """
        How likely sides that are at least as far apart are where nothing drifts, by Pearson's test of the same counts.
        """
    @property
    def psi(self, /) -> float:
        """
        The index.
        """
    @property
    def terms(self, /) -> list[PsiTerm]:
        """
        What every bin adds to the index, of those that have rows on at least one side.
        """
    @property
    def threshold(self, /) -> float:
        """
        The index beyond which there would be drift if this were the only feature and every bin had many rows.
        """
    @property
    def too_few(self, /) -> str | None:
        """
        Why nothing is said of drift, neither that there is any nor that there is none: fewer rows than `min_values` of the alerts, or a
        baseline of fewer and fewer than 30; `None` where there are enough. The index stands, and the feature is among `lost` of its map, where it is watched.
        """
    @property
    def unseen(self, /) -> int:
        """
        Rows now whose category the baseline does not know.
        """

@final
class PsiFeatureDriftProfile:
    """
    A feature as it was: its bins and how many rows fell into each.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def bin_type(self, /) -> BinType:
        """
        What the bins hold.
        """
    @property
    def bins(self, /) -> list[Bin]:
        """
        The bins, in their order.
        """
    @property
    def id(self, /) -> str:
        """
        Its name.
        """
    @property
    def merged_bins(self, /) -> int:
        """
        Bins that were wanted and that there are none of, since values repeat so often that edges coincided.
        """
    @property
    def missing(self, /) -> int:
        """
        Rows of the baseline without a value. They are a bin of their own.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiFeatureDriftProfile:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiFeatureDriftProfile:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def other(self, /) -> int:
        """
        Rows of the baseline whose category was too rare for a bin of its own.
        """
    @property
    def rows(self, /) -> int:
        """
        All rows of the baseline.
        """
    @property
    def timestamp(self, /) -> str:
        """
        When it was looked at, as ISO 8601 text in UTC.
        """

@final
class PsiFixedThreshold:
    """
    Drift beyond a number, whatever the sample sizes.

    Args:
        threshold: The number. 0.1 and 0.25 are customary.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, threshold: float = 0.25) -> PsiFixedThreshold: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiFixedThreshold:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiFixedThreshold:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def threshold(self, /) -> float:
        """
        The index beyond which there is drift.
        """
    @threshold.setter
    def threshold(self, /, threshold: float) -> None: ...

@final
class PsiNormalThreshold:
    """
    Drift beyond a quantile of the normal distribution that the index has nearly where nothing drifts and many bins have many
    rows each, by both sample sizes.

    Args:
        alpha: The share of false alarms.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, alpha: float = 0.05) -> PsiNormalThreshold: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alpha(self, /) -> float:
        """
        The share of false alarms, above 0 and below 1.
        """
    @alpha.setter
    def alpha(self, /, alpha: float) -> None: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiNormalThreshold:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiNormalThreshold:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class PsiTerm:
    """
    What one bin adds to the index of a feature.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def baseline(self, /) -> float:
        """
        Its share of the baseline, after the policy for empty bins.
        """
    @property
    def bin(self, /) -> int | str:
        """
        The bin, by its position; or `"other"` (categories too rare for a bin), `"unseen"` (categories that the baseline
        does not know) or `"missing"`.
        """
    @property
    def current(self, /) -> float:
        """
        Its share now, after the policy for empty bins.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> PsiTerm:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> PsiTerm:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def term(self, /) -> float:
        """
        What it adds to the index.
        """

@final
class QuantileBinning:
    """
    Bins with the same number of rows, by quantiles of type 7. Where values repeat so often that no row lies between two
    edges, bins are merged.

    Args:
        num_bins: How many are wanted, from 2 to 10,000.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, num_bins: int = 10) -> QuantileBinning: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> QuantileBinning:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> QuantileBinning:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def num_bins(self, /) -> int:
        """
        How many.
        """
    @num_bins.setter
    def num_bins(self, /, num_bins: int) -> None: ...

@final
class Quantiles:
    """
    Quantiles of the finite values, of type 7.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Quantiles:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Quantiles:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def q25(self, /) -> float | None:
        """
        A quarter of the values is not greater.
        """
    @property
    def q50(self, /) -> float | None:
        """
        The median.
        """
    @property
    def q75(self, /) -> float | None:
        """
        Three quarters are not greater.
        """
    @property
    def q99(self, /) -> float | None:
        """
        99 of 100 are not greater.
        """
    @property
    def rank_error(self, /) -> float:
        """
        By how much the share of values that are not greater may differ from that, with 99 % confidence; 0 where quantiles are
        exact, as they are of data in memory.
        """

@final
class Queue:
    """
    The entrance for records of one profile.
    """
    def __repr__(self, /) -> str: ...
    @property
    def identifier(self, /) -> str:
        """
        What it is called in its `ScouterQueue`.
        """
    def insert(self, /, item: Any | None = None, **named: "object") -> None:
        """
        Hands a record over, and returns at once: it is sent later, with others.

        A record that is none of the profile (a feature that the profile does not have, a text where a number is due) is refused as a whole, counted in
        `stats()` and warned of in the log `scouter.queue`, once a minute at most. Nothing is raised, whatever is given. Values that the baseline has none
        like are taken, counted there too (`missing`, `unseen`) and warned of.

        Of a profile of evaluations, a `GenAIEvalRecord` is taken as it is now; it keeps its `uid`, by which it is sampled and kept once however often it is
        inserted. Its context has a form in JSON, of 1 MB at most. Of its trace the identifier goes along, and no spans.

        Args:
            item: `Features` or `Metrics`, a dict, a `FeatureMixin`, a pydantic model or a dataclass. What it does not have is missing, and so
                are `None` and NaN. Of a profile of evaluations, a `GenAIEvalRecord`; of any profile
                `ObservabilityMetrics`, which `sample_ratio` never leaves out (where rows are counted, `observe` is for requests).
            named: In place of an item, its values by name. One that is called `item` is given in a dict.
        """
    def observe(self, /, route: str, latency: float, status_code: int) -> None:
        """
        Counts a request to the application, and returns at once: those of thirty seconds are sent as one record, also by `flush()` and `shutdown()`.

        What is no request is not counted as one, but as a record that is refused; nothing is raised of it. 255 routes are told apart, all others are
        `(other)`.

        Args:
            route: The route as the application declares it, such as `/items/{id}`; not the path that was asked for.
            latency: How many seconds the request took.
            status_code: The status of HTTP. From 500 on it is an error.
        """
    def stats(self, /) -> QueueStats:
        """
        What became of the records so far.
        """

@final
class QueueFeature:
    """
    The value of one feature.

    Args:
        name: Its name in the profile.
        value: A number, a text, a bool, a datetime or a date, or `None` where it is missing.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, name: str, value: Any) -> QueueFeature: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def categorical(name: str, value: str) -> QueueFeature:
        """
        A category: a text too.
        """
    @staticmethod
    def float(name: str, value: float) -> QueueFeature:
        """
        A number.
        """
    @staticmethod
    def int(name: str, value: int) -> QueueFeature:
        """
        A whole number.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> QueueFeature:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> QueueFeature:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        Its name in the profile.
        """
    @staticmethod
    def string(name: str, value: str) -> QueueFeature:
        """
        A text.
        """
    @property
    def value(self, /) -> Any:
        """
        Its value.
        """

@final
class QueueOptions:
    """
    How a queue behaves: how much waits, for how long, and what becomes of what finds no room.

    Args:
        capacity: How many records of each profile wait at most, those under way included.
        capacity_bytes: How many bytes these take at most, about, of each profile too.
        when_full: What becomes of a record that finds no room: it is dropped (`"drop_newest"`), the oldest is dropped for it
            (`"drop_oldest"`), or `insert` waits for a minute at most (`"block"`).
        batch_size: As soon as so many records of a profile wait, they are sent; half of `capacity` or of `capacity_bytes` is enough.
        linger: How many seconds a record waits for others to be sent with.
        sample_ratio: Which share of the records is kept, drawn for each by its identifier. Of a profile of evaluations that has a share of its own, it is
            the smaller one.
        aggregate: Counts the rows of profiles of the stability index (`PsiDriftProfile`) by the bins of their features, and sends the counts every ten
            seconds: a million rows take the room of one. Drift is found as before; the values themselves are nowhere any more.
        spool_dir: A folder for what cannot be sent: it leaves the memory, survives the process and the machine however they end, and is sent by this
            one or by the next one that has a queue for the same profile and folder. Any number of processes may use one folder.
        spool_bytes: How many bytes all files in that folder take at most, about. Where it is full, records wait in memory.
        startup_timeout: How many seconds `wait_for_startup` waits at most.

    Raises:
        ValueError: Where an option cannot be what it is.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, *, capacity: int = 100000, capacity_bytes: int = 67108864, when_full: str = "drop_newest", batch_size: int = 1000, linger: float = 1.0, sample_ratio: float = 1.0, aggregate: bool = False, spool_dir: str | PathLike[str] | None = None, spool_bytes: int = 268435456, startup_timeout: float = 30.0) -> QueueOptions: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def aggregate(self, /) -> bool:
        """
        Whether rows are counted rather than sent.
        """
    @property
    def batch_size(self, /) -> int:
        """
        How many records are sent as soon as they wait.
        """
    @property
    def capacity(self, /) -> int:
        """
        How many records of each profile wait at most.
        """
    @property
    def capacity_bytes(self, /) -> int:
        """
        How many bytes these take at most, about.
        """
    @property
    def linger(self, /) -> float:
        """
        How many seconds a record waits for others.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> QueueOptions:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> QueueOptions:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def sample_ratio(self, /) -> float:
        """
        Which share of the records is kept.
        """
    @property
    def spool_bytes(self, /) -> int:
        """
        How many bytes all files in it take at most.
        """
    @property
    def spool_dir(self, /) -> Path | None:
        """
        The folder for what cannot be sent.
        """
    @property
    def startup_timeout(self, /) -> float:
        """
        How many seconds `wait_for_startup` waits at most.
        """
    @property
    def when_full(self, /) -> str:
        """
        What becomes of a record that finds no room.
        """

@final
class QueueStats:
    """
    What became of the records of one profile. Each is counted in one place: `inserted` is the sum of `sampled_out`, `waiting`, `accepted`,
    `refused`, `dropped`, `spooled` and `undelivered`.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def accepted(self, /) -> int:
        """
        Acknowledged by the server, which has committed them.
        """
    @property
    def dropped(self, /) -> int:
        """
        Dropped, since there was no room or the queue was shut down.
        """
    @property
    def failures(self, /) -> int:
        """
        Attempts to send that failed, and were made again.
        """
    @property
    def inserted(self, /) -> int:
        """
        How often `insert` was called, and how many records `observe` counted requests into.
        """
    @property
    def last_error(self, /) -> str | None:
        """
        Why the last of them failed.
        """
    @property
    def last_refusal(self, /) -> str | None:
        """
        Why the last record was refused.
        """
    @property
    def missing(self, /) -> dict[str, int]:
        """
        By feature, values that were missing of features which always have one in the baseline, or in rows that had none at all. They are sent like all
        others, and drift may be found in them.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> QueueStats:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> QueueStats:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def recovered(self, /) -> int:
        """
        Left on the disk by processes that are gone, and acknowledged by the server now. They are not among `inserted`.
        """
    @property
    def refused(self, /) -> dict[str, int]:
        """
        Not what a record of the profile is, by the code of the reason: found here, or by the server.
        """
    @property
    def sampled_out(self, /) -> int:
        """
        Left out by `sample_ratio`.
        """
    @property
    def spooled(self, /) -> int:
        """
        On the disk, in `spool_dir`, since the server could not be reached.
        """
    @property
    def undelivered(self, /) -> int:
        """
        Given up, since the time of `shutdown` was over, or since what was left on the disk cannot be read any more. The server may have some of them.
        """
    @property
    def unrecovered(self, /) -> int:
        """
        Left on the disk by processes that are gone, and lost: records that the server refused, and pieces of files that cannot be read, as where a
        process was killed while it wrote one.
        """
    @property
    def unseen(self, /) -> dict[str, int]:
        """
        By feature, values of categories that the baseline does not know. They are sent like all others, and drift may be found in them.
        """
    @property
    def waiting(self, /) -> int:
        """
        Held here: not sent yet, or sent and not acknowledged yet.
        """

@final
class RateChange:
    """
    By how much a pass rate changed between two runs, and how sure that is. Only records count that
    came to a verdict in both.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def adjusted_p_value(self, /) -> float:
        """
        The same, with all that was tested beside it taken into account: what is compared with alpha.
        """
    @property
    def clusters(self, /) -> int:
        """
        In how many clusters; as many as records where each is on its own.
        """
    @property
    def difference(self, /) -> float:
        """
        By how much the rate went up or down, from -1 to 1.
        """
    @property
    def gained(self, /) -> int:
        """
        How many of the records came out better than before.
        """
    @property
    def interval(self, /) -> tuple[float, float]:
        """
        Where the difference lies, with a confidence of 1 - alpha.
        """
    @property
    def lost(self, /) -> int:
        """
        How many of the records came out worse than before.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> RateChange:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> RateChange:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def p_value(self, /) -> float:
        """
        How likely chance alone makes such a difference.
        """
    @property
    def records(self, /) -> int:
        """
        How many records tell.
        """
    @property
    def records_needed(self, /) -> int | None:
        """
        Where it is inconclusive: about how many records would decide, if what was seen goes on.
        `None` where no number would.
        """
    @property
    def smallest_difference(self, /) -> float | None:
        """
        The smallest difference that so many records find in 8 of 10 comparisons; `None` where there
        are too few to find any.
        """
    @property
    def verdict(self, /) -> str:
        """
        `improved`, `regressed`, `unchanged` or `inconclusive`.
        """

@final
class ResponseType:
    """
    What the form of a prompt's answer is.
    """
    Null: Final[ResponseType]
    """
    Free text.
    """
    Pydantic: Final[ResponseType]
    """
    Another form: a rubric, labels, a preference, a pydantic model, a dataclass or a JSON Schema.
    """
    Score: Final[ResponseType]
    """
    A `Score`.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class ResultIterator:
    """
    Goes through the results record by record.
    """
    def __iter__(self, /) -> ResultIterator: ...
    def __next__(self, /) -> AlignedEvalResult: ...

@final
class Rice:
    """
    2·n^⅓ bins.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /) -> Rice: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Rice:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Rice:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class Role:
    """
    Who says a message.
    """
    Assistant: Final[Role]
    """
    The model.
    """
    Developer: Final[Role]
    """
    Instructions, as OpenAI calls them now.
    """
    Model: Final[Role]
    """
    The model, as Google calls it.
    """
    System: Final[Role]
    """
    Instructions.
    """
    Tool: Final[Role]
    """
    A tool; not part of prompts.
    """
    User: Final[Role]
    """
    The user.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    def as_str(self, /) -> str:
        """
        The role as providers write it.
        """
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class RouteMetrics:
    """
    Requests to one route.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def error_count(self, /) -> int:
        """
        How many of them ended in an error: with a status of 500 or more.
        """
    @property
    def error_latency(self, /) -> float:
        """
        How many seconds those took on average; 0 where there is none.
        """
    @property
    def metrics(self, /) -> LatencyMetrics:
        """
        How long requests took.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> RouteMetrics:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> RouteMetrics:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def request_count(self, /) -> int:
        """
        How many there were.
        """
    @property
    def route_name(self, /) -> str:
        """
        The route, as the application declares it.
        """
    @property
    def status_codes(self, /) -> dict[int, int]:
        """
        How many there were of each status.
        """

@final
class Rubric:
    """
    Criteria that something is scored by one by one, for a prompt's `output_type`.

    A reply has a `score` and a `reason` for each criterion, under its name. Worked out from them, it has the weighted mean as its own `score`
    and the reason of the weakest criterion as its own `reason`. The prompt shows the criteria where it says `${rubric}`.

    Args:
        criteria: What is asked, by the name of the criterion: a text, or a dict with `description` and `weight`.
        scale: The lowest and the highest score.

    Raises:
        ValueError: Where there is no criterion, one lacks a description or has a name or weight that cannot be, or the
            scale does not rise.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, criteria: Any, scale: tuple[int, int] = ...) -> Rubric: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def criteria(self, /) -> dict[str, str]:
        """
        What is asked, by the name of the criterion.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Rubric:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Rubric:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def scale(self, /) -> tuple[int, int]:
        """
        The lowest and the highest score.
        """
    @property
    def weights(self, /) -> dict[str, float]:
        """
        How much each criterion counts.
        """

@final
class Score:
    """
    The form of a score, for a prompt's `output_type`: a whole number and the reason for it.

    Args:
        score: The number.
        reason: Why.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, score: int, reason: str) -> Score: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_json_schema() -> Any:
        """
        The JSON Schema that a model is given.
        """
    @staticmethod
    def model_validate(data: Any) -> Score:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Score:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def reason(self, /) -> str:
        """
        Why.
        """
    @property
    def score(self, /) -> int:
        """
        The number.
        """

@final
class Scott:
    """
    Bins whose width follows the standard deviation (Scott 1979).
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /) -> Scott: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Scott:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Scott:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class ScouterDataType:
    """
    In which library data stands. It is told by its look; the argument is there for code that gives it.
    """
    Arrow: Final[ScouterDataType]
    LLM: Final[ScouterDataType]
    Numpy: Final[ScouterDataType]
    Pandas: Final[ScouterDataType]
    Polars: Final[ScouterDataType]
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class ScouterQueue:
    """
    Records on their way to the server: an entrance for each profile (`queue["my_model"].insert(…)`), and a thread that sends what waits, begun
    by the first record.

    Nothing that is inserted is waited for. Records wait in memory, within bounds, and are sent together; where the server cannot be reached or
    has no room, they are sent again later. `stats()` says what became of them. In a process that is forked, the child's queue begins anew. At the end
    of the process, and where nothing refers to the queue any more, what waits is sent for ten seconds at most; nothing is where the process is
    killed.
    """
    def __contains__(self, key: str, /) -> bool: ...
    def __enter__(self, /) -> ScouterQueue: ...
    def __exit__(self, /, *_exception: "object") -> None: ...
    def __getitem__(self, key: str, /) -> Queue: ...
    def __len__(self, /) -> int: ...
    def flush(self, /, timeout: float = 10.0) -> bool:
        """
        Sends all that waits now, and waits until the server has it.

        Args:
            timeout: For how many seconds at most.

        Returns:
            Whether the server has all that was inserted since the last call that came to its end, but for what `sample_ratio` left out. It has not where
            something waits still when the time is over, nor where a record was refused, dropped or given up: `stats()` counts these, and says why. They are
            told by one call; the next one speaks of what came after it. A call whose time is over leaves them to the next.
        """
    @staticmethod
    def from_path(path: dict[str, str | PathLike[str]], transport_config: Any | None = None, wait_for_startup: bool = False, *, options: QueueOptions | None = None) -> ScouterQueue:
        """
        A queue for profiles in files.

        Args:
            path: The file of each profile, by the name of its entrance.
            transport_config: Where the server is; `HttpConfig()` by default.
            wait_for_startup: Waits until the server answers and knows every profile, for `startup_timeout` of the options at most. Without it a queue takes
                records in at once, and they wait until the server is there.
            options: How it behaves; `QueueOptions()` by default.

        Raises:
            ProfileError: Where a file holds no profile.
            OSError: Where a file cannot be read, or the folder of the spool cannot be written to.
            ValueError: Where an option cannot be what it is.
            ServerError: With `wait_for_startup`, where the server does not answer in time or does not know a profile, or lets nobody in of who one says
                one is.
        """
    @staticmethod
    def from_profile(profile: dict[str, PsiDriftProfile | SpcDriftProfile | CustomDriftProfile | GenAIEvalProfile] | Sequence[PsiDriftProfile | SpcDriftProfile | CustomDriftProfile | GenAIEvalProfile] | PsiDriftProfile | SpcDriftProfile | CustomDriftProfile | GenAIEvalProfile, transport_config: Any | None = None, wait_for_startup: bool = False, *, options: QueueOptions | None = None) -> ScouterQueue:
        """
        A queue for profiles: a dict of them by the names of their entrances; or one or a list, whose own names are taken, or the `alias`
        of one of evaluations that has one. The other arguments, and what is raised, are those of `from_path`.

        Raises:
            ValueError: Where two profiles of a list have one name, too.
        """
    def shutdown(self, /, timeout: float = 10.0) -> bool:
        """
        Takes no records any more, sends all that waits, and ends. What is inserted later is dropped and counted.

        A handler of the log `scouter.queue` that keeps the queue's thread is waited for ten seconds longer and no more. Where such a handler calls this itself, it
        returns at once, and the thread ends when the handler has returned.

        Args:
            timeout: For how many seconds at most; what is not sent by then is left in the spool, or where there is none given up, counted and warned
                of.

        Returns:
            Whether nothing was given up, and nothing waits. What was refused is not among that: `stats()` tells.
        """
    def stats(self, /) -> dict[str, QueueStats]:
        """
        What became of the records of each profile so far, by the name of its entrance.
        """
    @property
    def transport_config(self, /) -> Any:
        """
        How records are sent.
        """

@final
class ScriptedModel:
    """
    A model that answers from a list or by a function, for tests: no provider is asked, no key is needed.

    Args:
        replies: The replies in their order, or a function that is called with each request (a dict with `model` and
            `messages`, and with `settings` and `schema` where there are any) and returns the reply. A reply is a
            text, or anything that has a form in JSON, such as a `Score`, a dict or a pydantic model. A function
            that raises makes the call fail.

    Pass it as `ModelOptions(model=…)`.
    """
    def __new__(cls, /, replies: Any) -> ScriptedModel: ...
    def __repr__(self, /) -> str: ...
    @property
    def asked(self, /) -> list[Any]:
        """
        The requests so far, as a function gets them.
        """

@final
class ServerRecord:
    """
    A record as the server takes it.

    Args:
        record: What it holds.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, record: ObservabilityMetrics) -> ServerRecord: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ServerRecord:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ServerRecord:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def record(self, /) -> ObservabilityMetrics:
        """
        What it holds.
        """

@final
class ServerRecords:
    """
    Records as the server takes them.

    Args:
        records: The records.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __len__(self, /) -> int: ...
    def __new__(cls, /, records: Sequence[ServerRecord]) -> ServerRecords: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ServerRecords:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ServerRecords:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def records(self, /) -> list[ServerRecord]:
        """
        The records.
        """

@final
class SlackDispatchConfig:
    """
    Alerts in a channel of Slack.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, channel: str) -> SlackDispatchConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def channel(self, /) -> str:
        """
        The name of the channel.
        """
    @channel.setter
    def channel(self, /, value: str) -> None:
        """
        The name of the channel.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SlackDispatchConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SlackDispatchConfig:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class SpanEvent:
    """
    Something that happened at one moment of a span.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, timestamp: datetime, name: str, attributes: dict | Sequence[Attribute] = ..., dropped_attributes_count: "int" = 0) -> SpanEvent: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def attributes(self, /) -> list[Attribute]:
        """
        What was recorded about it.
        """
    @property
    def dropped_attributes_count(self, /) -> int:
        """
        How many attributes the sender left out.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpanEvent:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpanEvent:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        What happened.
        """
    @property
    def timestamp(self, /) -> datetime:
        """
        When it happened.
        """

class SpanFilter:
    """
    Which spans of a trace to look at.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def and_(self, /, other: SpanFilter) -> SpanFilter:
        """
        Spans that both filters select.
        """
    @staticmethod
    def by_name(name: str) -> SpanFilter:
        """
        Spans of this name.
        """
    @staticmethod
    def by_name_pattern(pattern: str) -> SpanFilter:
        """
        Spans whose name matches this regular expression anywhere.

        Raises:
            ValueError: Where it is none.
        """
    @staticmethod
    def child_count(min: "int | None" = None, max: "int | None" = None) -> SpanFilter:
        """
        Spans with at least `min` and at most `max` children.

        Raises:
            ValueError: Where nothing lies between.
        """
    @staticmethod
    def depth_between(min: "int | None" = None, max: "int | None" = None) -> SpanFilter:
        """
        Spans at least `min` and at most `max` levels below their root.

        Raises:
            ValueError: Where nothing lies between.
        """
    @staticmethod
    def has_ancestor(filter: SpanFilter) -> SpanFilter:
        """
        Spans below one that the filter selects.
        """
    @staticmethod
    def has_descendant(filter: SpanFilter) -> SpanFilter:
        """
        Spans above one that the filter selects.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpanFilter:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpanFilter:
        """
        Reads what `model_dump_json` wrote.
        """
    @staticmethod
    def not_(filter: SpanFilter) -> SpanFilter:
        """
        Spans that the filter does not select.
        """
    def or_(self, /, other: SpanFilter) -> SpanFilter:
        """
        Spans that one of the filters selects.
        """
    @staticmethod
    def sequence(names: Sequence[str]) -> SpanFilter:
        """
        The spans of the first occurrence of these names in this order.

        Raises:
            ValueError: Where there are no names.
        """
    @staticmethod
    def with_attribute(key: str) -> SpanFilter:
        """
        Spans that have this attribute.
        """
    @staticmethod
    def with_attribute_value(key: str, value: Any) -> SpanFilter:
        """
        Spans whose attribute has this value.
        """
    @staticmethod
    def with_duration(min_ms: float | None = None, max_ms: float | None = None) -> SpanFilter:
        """
        Spans that took at least `min_ms` and at most `max_ms` milliseconds.

        Raises:
            ValueError: Where nothing lies between.
        """
    @staticmethod
    def with_status(status: SpanStatus) -> SpanFilter:
        """
        Spans that ended so.
        """
    @final
    class And(SpanFilter):
        """
        Spans that every filter selects.
        """
        __match_args__: Final = ("filters",)
        def __new__(cls, /, filters: Sequence[SpanFilter]) -> SpanFilter.And: ...
        @property
        def filters(self, /) -> list[SpanFilter]: ...
    @final
    class ByName(SpanFilter):
        """
        Spans of this name.
        """
        __match_args__: Final = ("name",)
        def __new__(cls, /, name: str) -> SpanFilter.ByName: ...
        @property
        def name(self, /) -> str: ...
    @final
    class ByNamePattern(SpanFilter):
        """
        Spans whose name matches this regular expression.
        """
        __match_args__: Final = ("pattern",)
        def __new__(cls, /, pattern: str) -> SpanFilter.ByNamePattern: ...
        @property
        def pattern(self, /) -> str: ...
    @final
    class ChildCount(SpanFilter):
        """
        Spans with so many children.
        """
        __match_args__: Final = ("min", "max")
        def __new__(cls, /, min: int | None, max: int | None) -> SpanFilter.ChildCount: ...
        @property
        def max(self, /) -> int | None: ...
        @property
        def min(self, /) -> int | None: ...
    @final
    class Depth(SpanFilter):
        """
        Spans so far below the root, which is at 0.
        """
        __match_args__: Final = ("min", "max")
        def __new__(cls, /, min: int | None, max: int | None) -> SpanFilter.Depth: ...
        @property
        def max(self, /) -> int | None: ...
        @property
        def min(self, /) -> int | None: ...
    @final
    class HasAncestor(SpanFilter):
        """
        Spans below one that the filter selects.
        """
        __match_args__: Final = ("filter",)
        def __new__(cls, /, filter: SpanFilter) -> SpanFilter.HasAncestor: ...
        @property
        def filter(self, /) -> SpanFilter: ...
    @final
    class HasDescendant(SpanFilter):
        """
        Spans above one that the filter selects.
        """
        __match_args__: Final = ("filter",)
        def __new__(cls, /, filter: SpanFilter) -> SpanFilter.HasDescendant: ...
        @property
        def filter(self, /) -> SpanFilter: ...
    @final
    class Not(SpanFilter):
        """
        Spans that the filter does not select.
        """
        __match_args__: Final = ("filter",)
        def __new__(cls, /, filter: SpanFilter) -> SpanFilter.Not: ...
        @property
        def filter(self, /) -> SpanFilter: ...
    @final
    class Or(SpanFilter):
        """
        Spans that one of the filters selects.
        """
        __match_args__: Final = ("filters",)
        def __new__(cls, /, filters: Sequence[SpanFilter]) -> SpanFilter.Or: ...
        @property
        def filters(self, /) -> list[SpanFilter]: ...
    @final
    class Sequence(SpanFilter):
        """
        The spans of the first occurrence of these names in this order.
        """
        __match_args__: Final = ("names",)
        def __new__(cls, /, names: Sequence[str]) -> SpanFilter.Sequence: ...
        @property
        def names(self, /) -> list[str]: ...
    @final
    class WithAttribute(SpanFilter):
        """
        Spans that have this attribute.
        """
        __match_args__: Final = ("key",)
        def __new__(cls, /, key: str) -> SpanFilter.WithAttribute: ...
        @property
        def key(self, /) -> str: ...
    @final
    class WithAttributeValue(SpanFilter):
        """
        Spans whose attribute has this value.
        """
        __match_args__: Final = ("key", "value")
        def __new__(cls, /, key: str, value: Any) -> SpanFilter.WithAttributeValue: ...
        @property
        def key(self, /) -> str: ...
        @property
        def value(self, /) -> Any: ...
    @final
    class WithDuration(SpanFilter):
        """
        Spans that took so long, in milliseconds.
        """
        __match_args__: Final = ("min_ms", "max_ms")
        def __new__(cls, /, min_ms: float | None, max_ms: float | None) -> SpanFilter.WithDuration: ...
        @property
        def max_ms(self, /) -> float | None: ...
        @property
        def min_ms(self, /) -> float | None: ...
    @final
    class WithStatus(SpanFilter):
        """
        Spans that ended so.
        """
        __match_args__: Final = ("status",)
        def __new__(cls, /, status: SpanStatus) -> SpanFilter.WithStatus: ...
        @property
        def status(self, /) -> SpanStatus: ...

@final
class SpanLink:
    """
    A pointer to a span of any trace.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, trace_id: str, span_id: str, trace_state: str = "", attributes: dict | Sequence[Attribute] = ..., dropped_attributes_count: "int" = 0) -> SpanLink: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def attributes(self, /) -> list[Attribute]:
        """
        What was recorded about the link.
        """
    @property
    def dropped_attributes_count(self, /) -> int:
        """
        How many attributes the sender left out.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpanLink:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpanLink:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def span_id(self, /) -> str:
        """
        The other span.
        """
    @property
    def trace_id(self, /) -> str:
        """
        The trace of the other span.
        """
    @property
    def trace_state(self, /) -> str:
        """
        The `tracestate` that came with it.
        """

@final
class SpanStatus:
    """
    How a span ended.
    """
    Error: Final[SpanStatus]
    Ok: Final[SpanStatus]
    Unset: Final[SpanStatus]
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class SpcAlert:
    """
    A rule of a control chart that was broken.

    Args:
        kind: In what way.
        zone: The zone that the rule watches.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, kind: SpcAlertType, zone: AlertZone, *, rule: str = "", points: Sequence[int] = ...) -> SpcAlert: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def kind(self, /) -> SpcAlertType:
        """
        In what way.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpcAlert:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpcAlert:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def points(self, /) -> list[int]:
        """
        The points that broke it: positions of subgroups, from 0. The last is the one at which it was seen.
        """
    @property
    def rule(self, /) -> str:
        """
        Which rule, in words.
        """
    @property
    def zone(self, /) -> AlertZone:
        """
        The zone that the rule watches.
        """

@final
class SpcAlertConfig:
    """
    When and to whom drift is told that control charts find.

    Args:
        rule: What is out of control.
        dispatch_config: Where alerts go; the server's log by default.
        schedule: When is looked: a `CommonCrons`, or a cron expression in UTC with five fields, or six with
            seconds. Every day by default.
        features_to_monitor: The features that are watched; all where none is named.
        alpha: The share of false alarms, whatever the number of points: with it, a feature counts as drifted where more points are
            beyond three standard deviations than that allows, by a p-value that is corrected for many features. Without, where any rule is
            broken.
        spread: Whether a feature counts as drifted by any point of its S chart too: where the values of a subgroup are spread more, or
            less, than they were. Not together with `alpha`, for which such points do not count.

    Raises:
        ValueError: Where a schedule or a share is none; where `alpha` and `spread` are both given.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, rule: SpcAlertRule | None = None, dispatch_config: ConsoleDispatchConfig | SlackDispatchConfig | OpsGenieDispatchConfig | None = None, schedule: CommonCrons | str | None = None, features_to_monitor: Sequence[str] = ..., *, alpha: float | None = None, spread: bool = False) -> SpcAlertConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alpha(self, /) -> float | None:
        """
        The share of false alarms; `None` where any broken rule counts as drift.
        """
    @alpha.setter
    def alpha(self, /, alpha: float | None) -> None: ...
    @property
    def dispatch_config(self, /) -> ConsoleDispatchConfig | SlackDispatchConfig | OpsGenieDispatchConfig:
        """
        Where alerts go.
        """
    @property
    def dispatch_type(self, /) -> AlertDispatchType:
        """
        The kind of place that alerts go to.
        """
    @property
    def features_to_monitor(self, /) -> list[str]:
        """
        The features that are watched; all where none is named.
        """
    @features_to_monitor.setter
    def features_to_monitor(self, /, value: Sequence[str]) -> None:
        """
        The features that are watched; all where none is named.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpcAlertConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpcAlertConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def rule(self, /) -> SpcAlertRule:
        """
        What is out of control.
        """
    @rule.setter
    def rule(self, /, rule: SpcAlertRule) -> None: ...
    @property
    def schedule(self, /) -> str:
        """
        When is looked, as a cron expression in UTC.
        """
    @schedule.setter
    def schedule(self, /, schedule: CommonCrons | str) -> None: ...
    @property
    def spread(self, /) -> bool:
        """
        Whether a feature counts as drifted by any point of its S chart too.
        """
    @spread.setter
    def spread(self, /, spread: bool) -> None: ...

@final
class SpcAlertRule:
    """
    What is out of control on a chart.

    Args:
        rule: Eight numbers, two for each zone from the centre out: how many points in a row in that zone or
            beyond on one side, and how many on changing sides, are an alert; 0 switches a test off. With them
            goes a trend of seven points. Or `"western_electric"`, the four rules of the handbook, `"nelson"`, Nelson's
            eight, `"cusum"`, the cumulative sum, or `"ewma"`, the weighted average, which both find small changes that last.
        zones_to_monitor: The zones that the eight numbers are applied to. The rules with a name have zones of
            their own.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, rule: str = "8 16 4 8 2 4 1 1", zones_to_monitor: Sequence[AlertZone] | None = None) -> SpcAlertRule: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def cusum(reference: float = 0.5, decision: float = 5.0) -> SpcAlertRule:
        """
        The cumulative sum chart: alerts at every point at which what points are beyond `reference` sums up to more than `decision`.
        With these numbers it alerts once in 465 points where nothing changes, and finds a change of one standard deviation after 10.

        Args:
            reference: k, half the change to find, in standard deviations of points: 0 or more.
            decision: h, the sum that is too much, in the same.

        Raises:
            ValueError: Where a number is none that a chart can have.
        """
    @staticmethod
    def ewma(weight: float = 0.1, width: float = 2.814) -> SpcAlertRule:
        """
        The chart of exponentially weighted averages: alerts at every point at which the average is beyond its limit. With these numbers
        it alerts once in 500 points where nothing changes.

        Args:
            weight: λ, the weight of the newest point: above 0, and 1 at most.
            width: L, how far the limits are from the centre, in standard deviations of the average.

        Raises:
            ValueError: Where a number is none that a chart can have.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpcAlertRule:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpcAlertRule:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def rule(self, /) -> str:
        """
        The eight numbers, or the name of the rules.
        """
    @rule.setter
    def rule(self, /, rule: str) -> None: ...
    @property
    def zones_to_monitor(self, /) -> list[AlertZone]:
        """
        The zones that are watched.
        """
    @zones_to_monitor.setter
    def zones_to_monitor(self, /, zones_to_monitor: Sequence[AlertZone]) -> None: ...

@final
class SpcAlertType:
    """
    What sort of pattern broke a rule of a control chart.
    """
    AllGood: Final[SpcAlertType]
    """
    No rule was broken.
    """
    Alternating: Final[SpcAlertType]
    """
    Points that change sides, or direction, too regularly.
    """
    Consecutive: Final[SpcAlertType]
    """
    Too many points in one place.
    """
    OutOfBounds: Final[SpcAlertType]
    """
    A point beyond three standard deviations.
    """
    Spread: Final[SpcAlertType]
    """
    Values that are spread more, or less, than they were.
    """
    Trend: Final[SpcAlertType]
    """
    Points that go one way.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class SpcDriftConfig:
    """
    How control charts are made.

    Args:
        space: What the name belongs to, such as a team. To be given before a profile is registered, as the name is; `"__missing__"` until then. Both
            have 1 to 128 letters (a to z, A to Z), digits, `_`, `-` and `.`, and begin with neither of the last two.
        name: The model or service.
        version: Its version, a semantic one such as 1.2.3. `"0.1.0"` by default.
        sample_size: How many consecutive rows are one subgroup, whose mean is a point of the chart: 25 by
            default. 1 charts single values by their moving ranges. `"auto"` is as many as leave 25 subgroups of the
            baseline, from 1 to 25; for data in memory.
        alert_config: When is looked, what is out of control, and who is told.
        config_path: A file that `save_to_json` of a configuration wrote, from which everything is taken that is
            not given here.
        limits: `"subgroup_means"`, the textbook's: centre ± k·σ̂/√n. Or `"individual"`, centre ± k·σ̂: limits for
            single values, √n times as wide, within which means stay even where the process has moved far.
        text_lengths: Columns of text that stand on charts by their lengths, with what is counted: `{"answer": "words"}`, or
            `"characters"`.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, space: str | None = None, name: str | None = None, version: str | None = None, sample_size: int | str | None = None, alert_config: SpcAlertConfig | None = None, config_path: str | PathLike[str] | None = None, *, limits: str | None = None, text_lengths: dict[str, str] | None = None) -> SpcDriftConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alert_config(self, /) -> SpcAlertConfig:
        """
        When is looked, what is out of control, and who is told.
        """
    @alert_config.setter
    def alert_config(self, /, value: SpcAlertConfig) -> None:
        """
        When is looked, what is out of control, and who is told.
        """
    @property
    def drift_type(self, /) -> DriftType:
        """
        Always `DriftType.Spc`.
        """
    @property
    def feature_map(self, /) -> FeatureMap | None:
        """
        The numbers that stand for texts; `None` before there is a profile, and where there are no texts.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> SpcDriftConfig:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @property
    def limits(self, /) -> str:
        """
        What the limits are limits of: `"subgroup_means"` or `"individual"`.
        """
    @limits.setter
    def limits(self, /, limits: str) -> None: ...
    @staticmethod
    def load_from_json_file(path: str | PathLike[str]) -> SpcDriftConfig:
        """
        Reads a configuration that was saved.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpcDriftConfig:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpcDriftConfig:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        The model or service.
        """
    @name.setter
    def name(self, /, name: str) -> None: ...
    @property
    def sample_size(self, /) -> int | str:
        """
        How many consecutive rows are one subgroup; `"auto"` where that is to fit the rows of the baseline.
        """
    @sample_size.setter
    def sample_size(self, /, sample_size: int | str) -> None: ...
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `spc_drift_config.json` by default.
        """
    @property
    def space(self, /) -> str:
        """
        What the name belongs to, such as a team.
        """
    @space.setter
    def space(self, /, space: str) -> None: ...
    @property
    def text_lengths(self, /) -> dict[str, str]:
        """
        Columns of text that are watched by their lengths, with what is counted: `"words"` or `"characters"`.
        """
    @text_lengths.setter
    def text_lengths(self, /, text_lengths: dict[str, str]) -> None: ...
    @property
    def uid(self, /) -> str:
        """
        What records refer to the profile by. Given by us.
        """
    @uid.setter
    def uid(self, /, uid: str) -> None: ...
    def update_config_args(self, /, space: str | None = None, name: str | None = None, version: str | None = None, sample_size: int | str | None = None, alert_config: SpcAlertConfig | None = None, *, limits: str | None = None, text_lengths: dict[str, str] | None = None) -> None:
        """
        Changes what is given.
        """
    @property
    def version(self, /) -> str:
        """
        Its version.
        """
    @version.setter
    def version(self, /, version: str) -> None: ...

@final
class SpcDriftMap:
    """
    Later rows on the control charts of a profile.

    `drift_map["x"]` is the chart of a feature.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> SpcFeatureDrift: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _repr_html_(self, /) -> str:
        """
        The table and drawings as a notebook shows them.
        """
    @property
    def absent(self, /) -> dict[str, str]:
        """
        What nothing can be said of, and why.
        """
    def as_table(self, /) -> "str":
        """
        Prints a line for every feature, and what is left out with the reason, and gives it back as text.
        """
    @property
    def drifted(self, /) -> list[str]:
        """
        The features that have drifted, of those that are watched: by any alert, with `SpcAlertConfig(spread=True)` those of the S chart
        too, or, with `SpcAlertConfig(alpha=…)`, by their p-value.
        """
    @property
    def features(self, /) -> dict[str, SpcFeatureDrift]:
        """
        The features.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> SpcDriftMap:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    @property
    def lost(self, /) -> list[str]:
        """
        What is watched, has a baseline, and could not be compared with it, or has too few rows. While there is any, nothing is known to be well.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpcDriftMap:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpcDriftMap:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        The model or service.
        """
    def report(self, /, path: str | PathLike[str], title: str | None = None) -> None:
        """
        Writes the page of `to_html` into a file, whole or not at all.

        Args:
            path: The file, which ends in `.html`. The folder must be there.
            title: The heading.

        Raises:
            ValueError: Where the file does not end in `.html`.
            OSError: Where it cannot be written.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `spc_drift_map.json` by default.
        """
    @property
    def space(self, /) -> str:
        """
        What the name belongs to.
        """
    def to_dataframe(self, /, polars: bool = False) -> Any:
        """
        A line for every feature, as a pandas or a polars data frame. Moments are microseconds since 1970 in UTC.

        Args:
            polars: A polars frame instead of a pandas one.
        """
    def to_html(self, /, title: str | None = None) -> str:
        """
        A page with the table and a drawing of every feature that has one, as text of HTML. It needs nothing beside itself.

        Args:
            title: The heading.
        """
    def to_numpy(self, /) -> "tuple[object, object, list[str]]":
        """
        Two arrays of NumPy with a row for each subgroup and a column for each feature, the means and the zones, and the
        names of the features. Where features have fewer subgroups than others, since rows were missing, the arrays end in NaN.
        """
    @property
    def version(self, /) -> str:
        """
        Its version.
        """

@final
class SpcDriftProfile:
    """
    How the features of some data were, as control charts to put later rows on.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def _registered_json(self, /) -> str:
        """
        The document as a server keeps it, without what parts are put together by.
        """
    def _repr_html_(self, /) -> str:
        """
        The table and drawings as a notebook shows them.
        """
    @property
    def absent(self, /) -> dict[str, str]:
        """
        Columns of which there is no baseline, and why.
        """
    def as_table(self, /) -> "str":
        """
        Prints a line for every feature, and what is left out with the reason, and gives it back as text.
        """
    @property
    def config(self, /) -> SpcDriftConfig:
        """
        How it was made.
        """
    @property
    def features(self, /) -> dict[str, SpcFeatureDriftProfile]:
        """
        The features.
        """
    @staticmethod
    def from_file(path: str | PathLike[str]) -> SpcDriftProfile:
        """
        Reads what `save_to_json` wrote.

        Raises:
            ProfileError: Where the file is damaged, of another kind, or of a later version.
        """
    def merge(self, /, other: SpcDriftProfile) -> SpcDriftProfile:
        """
        The profile of the rows of both, those of this one first: of parts of a file, or of what several machines have read. Both are made with
        `create_drift_profile(…, mergeable=True)`, and the outcome can be put together with others. Each part is cut into subgroups by
        itself, and what is left over at its end, less than a subgroup of a column, is in none. Centre and limits are those of all
        subgroups, to rounding. The log names a column that one of them lacks, and it says so where both are the same profile.

        Args:
            other: The profile of the rows that follow. Its configuration must make the same charts; all else is as in that of the first.

        Raises:
            ValueError: Where one of them was not made for that, where their configurations make other charts, and where a column holds
                different things.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpcDriftProfile:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpcDriftProfile:
        """
        Reads what `model_dump_json` wrote.
        """
    def report(self, /, path: str | PathLike[str], title: str | None = None) -> None:
        """
        Writes the page of `to_html` into a file, whole or not at all.

        Args:
            path: The file, which ends in `.html`. The folder must be there.
            title: The heading.

        Raises:
            ValueError: Where the file does not end in `.html`.
            OSError: Where it cannot be written.
        """
    def save_to_json(self, /, path: str | PathLike[str] | None = None) -> Path:
        """
        Writes it to a JSON file, and tells which.

        Args:
            path: The file; a name without suffix gets `.json`. `spc_drift_profile.json` by default.
        """
    @property
    def scouter_version(self, /) -> str:
        """
        The version of the package that made it.
        """
    def to_dataframe(self, /, polars: bool = False) -> Any:
        """
        A line for every feature, as a pandas or a polars data frame. Moments are microseconds since 1970 in UTC.

        Args:
            polars: A polars frame instead of a pandas one.
        """
    def to_html(self, /, title: str | None = None) -> str:
        """
        A page with the table and a drawing of every feature that has one, as text of HTML. It needs nothing beside itself.

        Args:
            title: The heading.
        """
    @property
    def uid(self, /) -> str:
        """
        What records refer to it by; the same as of its configuration.
        """
    @uid.setter
    def uid(self, /, uid: str) -> None: ...
    def update_config_args(self, /, space: str | None = None, name: str | None = None, version: str | None = None, sample_size: int | str | None = None, alert_config: SpcAlertConfig | None = None) -> None:
        """
        Changes what is given of the configuration. Charts stay as they are: a new `sample_size` counts for the next
        profile.
        """

@final
class SpcFeatureDrift:
    """
    Later rows of a feature on its control chart.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def alerts(self, /) -> list[SpcAlert]:
        """
        The rules that were broken, in the order in which it was seen: the first 1,000.
        """
    def cusum(self, /, reference: float = 0.5) -> tuple[list[float], list[float]]:
        """
        The lines of the cumulative sum chart, above and below the centre: at every point, by how much points are beyond `reference` since
        there was nothing to sum up.

        Args:
            reference: k, half the change to find, in standard deviations of points: 0 or more.
        """
    @property
    def deviations(self, /) -> list[float]:
        """
        The standard deviation of each subgroup, the points of the S chart.
        """
    @property
    def deviations_out(self, /) -> list[int]:
        """
        Subgroups whose standard deviation is beyond the limits of the S chart, by position.
        """
    @property
    def drift(self, /) -> list[float]:
        """
        The zone of each subgroup's mean, from −4 to 4: negative below the centre, 0 on it.
        """
    def ewma(self, /, weight: float = 0.1, width: float = 2.814) -> tuple[list[float], list[float]]:
        """
        The line of the chart of weighted averages, and its limit: at every point, the average in standard deviations from the centre, and
        how far it may be.

        Args:
            weight: λ, the weight of the newest point: above 0, and 1 at most.
            width: L, how far the limits are from the centre, in standard deviations of the average.
        """
    @property
    def left_out(self, /) -> int:
        """
        Rows without a finite value, which are in no subgroup.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpcFeatureDrift:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpcFeatureDrift:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def monitored(self, /) -> bool:
        """
        Whether the feature is watched.
        """
    @property
    def more_alerts(self, /) -> int:
        """
        How many more there were.
        """
    @property
    def p_value(self, /) -> float | None:
        """
        How likely so many points beyond three standard deviations are where nothing changes, with what the baseline may be off by, and
        corrected for many features (Holm). `None` of features that are not watched, and of maps that were saved before there was one.
        """
    @property
    def samples(self, /) -> list[float]:
        """
        The mean of each subgroup.
        """
    @property
    def scores(self, /) -> list[float]:
        """
        How many standard deviations each mean is from the centre.
        """
    @property
    def spread_alerts(self, /) -> list[SpcAlert]:
        """
        The alerts of the S chart: one for every subgroup whose values are spread more, or less, than its limits allow; on a chart of
        single values, for every two of which the second is too far from the first. They are none of `alerts`, and make a feature drift with
        `SpcAlertConfig(spread=True)` alone.
        """
    @property
    def unused(self, /) -> int:
        """
        Rows at the end that are too few for a subgroup.
        """

@final
class SpcFeatureDriftProfile:
    """
    A feature as it was: the centre and the limits of its control chart.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def center(self, /) -> float:
        """
        The grand mean.
        """
    @property
    def deviation_lcl(self, /) -> float:
        """
        The lower limit of the S chart.
        """
    @property
    def deviation_ucl(self, /) -> float:
        """
        The upper limit of the S chart.
        """
    @property
    def id(self, /) -> str:
        """
        Its name.
        """
    @property
    def mean_deviation(self, /) -> float:
        """
        The mean standard deviation of subgroups, the centre of the S chart.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SpcFeatureDriftProfile:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SpcFeatureDriftProfile:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def one_lcl(self, /) -> float:
        """
        One standard deviation below the centre.
        """
    @property
    def one_ucl(self, /) -> float:
        """
        One standard deviation above the centre.
        """
    @property
    def subgroups(self, /) -> int:
        """
        Subgroups that it was taken from.
        """
    @property
    def three_lcl(self, /) -> float:
        """
        Three standard deviations below the centre.
        """
    @property
    def three_ucl(self, /) -> float:
        """
        Three standard deviations above the centre.
        """
    @property
    def timestamp(self, /) -> str:
        """
        When it was looked at, as ISO 8601 text in UTC.
        """
    @property
    def two_lcl(self, /) -> float:
        """
        Two standard deviations below the centre.
        """
    @property
    def two_ucl(self, /) -> float:
        """
        Two standard deviations above the centre.
        """

@final
class SquareRoot:
    """
    √n bins.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /) -> SquareRoot: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SquareRoot:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SquareRoot:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class StringStats:
    """
    A column of texts or categories.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def char_stats(self, /) -> CharStats:
        """
        How long they are.
        """
    @property
    def distinct(self, /) -> Distinct:
        """
        How many different values there are.
        """
    @property
    def missing(self, /) -> int:
        """
        Rows without a value.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> StringStats:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> StringStats:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def rows(self, /) -> int:
        """
        All rows.
        """
    @property
    def word_stats(self, /) -> WordStats:
        """
        Their words.
        """

@final
class Sturges:
    """
    1 + log₂ n bins, for data much like a normal distribution (Sturges 1926).
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /) -> Sturges: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> Sturges:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> Sturges:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class SuiteCheck:
    """
    What trying a suite on sample records came to, before anything is spent.
    """
    def __bool__(self, /) -> bool:
        """
        It has no truth: see `ok`.

        Raises:
            TypeError: Always, so that `assert dataset.check()` is no test that cannot fail.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def calls(self, /) -> list[ExpectedCalls]:
        """
        How often tasks that take time or money would be called, by kind.
        """
    @property
    def findings(self, /) -> list[Finding]:
        """
        What was found, in the order of the tasks.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> SuiteCheck:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> SuiteCheck:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def ok(self, /) -> bool:
        """
        Whether nothing was found that is an error.
        """
    @property
    def sample(self, /) -> int:
        """
        How many records were looked at.
        """

@final
class TaskComparison:
    """
    How a task came out on both sides for one record.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[ComparisonResults, int]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _unpickled(comparison: ComparisonResults, task: int) -> TaskComparison:
        """
        Makes the comparison of a pickle again.
        """
    @property
    def baseline_passed(self, /) -> bool:
        """
        Whether it passed before.
        """
    @property
    def baseline_status(self, /) -> str:
        """
        How it came out before.
        """
    @property
    def comparison_passed(self, /) -> bool:
        """
        Whether it passes now.
        """
    @property
    def comparison_status(self, /) -> str:
        """
        How it comes out now.
        """
    @property
    def record_id(self, /) -> str:
        """
        Your name for the record, or ours where it has none.
        """
    @property
    def record_uid(self, /) -> str:
        """
        Our name for the record in the compared run.
        """
    @property
    def status_changed(self, /) -> bool:
        """
        Whether it comes out otherwise than before.
        """
    @property
    def task_id(self, /) -> str:
        """
        The task.
        """
    @property
    def trial(self, /) -> int | None:
        """
        Which trial of the record it is, from 1; `None` where there is but one.
        """

@final
class TaskCounts:
    """
    How a task came out over all records.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str:
        """
        The pass rate with its denominator.
        """
    @property
    def cancelled(self, /) -> int:
        """
        For how many the run was stopped before.
        """
    @property
    def counted(self, /) -> int:
        """
        How many came to a verdict: the denominator of the pass rate.
        """
    @property
    def errored(self, /) -> int:
        """
        For how many the check could not be made.
        """
    @property
    def failed(self, /) -> int:
        """
        How many failed.
        """
    def interval(self, /, alpha: float = 0.05) -> tuple[float, float] | None:
        """
        Where the pass rate lies with a confidence of 1 - alpha (Wilson), taking records to be independent;
        `None` where there is none.

        Raises:
            ValueError: Where alpha is not above 0 and below 1.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> TaskCounts:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> TaskCounts:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def not_applicable(self, /) -> int:
        """
        For how many there was nothing to check.
        """
    @property
    def pass_rate(self, /) -> float | None:
        """
        The share that passed of those that came to a verdict, from 0 to 1; `None` where none did.
        """
    @property
    def passed(self, /) -> int:
        """
        How many passed.
        """
    @property
    def skipped(self, /) -> int:
        """
        How many did not run because of what happened upstream.
        """
    @property
    def total(self, /) -> int:
        """
        How many records there are.
        """

@final
class TaskVerdict:
    """
    One task over all records that both runs have.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def baseline_counts(self, /) -> TaskCounts:
        """
        How it came out before, over all records that both runs have.
        """
    @property
    def comparison_counts(self, /) -> TaskCounts:
        """
        How it comes out now.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> TaskVerdict:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> TaskVerdict:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def numbers(self, /) -> NumberChange | None:
        """
        By how much the number changed that it looked at, where it looked at one in both runs.
        """
    @property
    def rate(self, /) -> RateChange | None:
        """
        By how much its pass rate changed; `None` where no record came to a verdict in both runs.
        """
    @property
    def task_id(self, /) -> str:
        """
        The task.
        """
    @property
    def verdict(self, /) -> str:
        """
        `improved`, `regressed`, `unchanged` or `inconclusive`.
        """

@final
class TasksFile:
    """
    The tasks of a file: YAML, JSON or TOML, with a list `tasks` at its top.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __getitem__(self, index: Any, /) -> AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask | list[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask]: ...
    def __iter__(self, /) -> Iterator[AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask]: ...
    def __len__(self, /) -> int: ...
    def __new__(cls, /, *_args: "object", **_kwargs: "object") -> TasksFile: ...
    def __next__(self, /) -> AssertionTask | LLMJudgeTask | TraceAssertionTask | DriftTask | CustomTask: ...
    def __reduce__(self, /) -> tuple[Any, tuple[list]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _unpickled(tasks: list) -> TasksFile:
        """
        Makes the file of a pickle again.
        """
    @staticmethod
    def from_path(path: str | PathLike[str]) -> TasksFile:
        """
        Reads a file. Its name says how it is written: `.yaml`, `.yml`, `.json` or `.toml`.

        Raises:
            OSError: Where the file cannot be read, such as `FileNotFoundError`.
            ConfigError: Where the file does not parse (with line and column) or its tasks are not
                what they should be: with every problem.
        """

@final
class TerrellScott:
    """
    (2n)^⅓ bins, the least number that could be best (Terrell and Scott 1985).
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /) -> TerrellScott: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> TerrellScott:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> TerrellScott:
        """
        Reads what `model_dump_json` wrote.
        """

@final
class ToolCall:
    """
    A call of a tool that is expected.

    Args:
        name: The tool.
        arguments: Its arguments by name; `None` for any.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, name: str, arguments: Any | None = None) -> ToolCall: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def arguments(self, /) -> Any | None:
        """
        Its arguments by name; `None` for any.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> ToolCall:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> ToolCall:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def name(self, /) -> str:
        """
        The tool.
        """

class TraceAssertion:
    """
    What is measured of a trace.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> TraceAssertion:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> TraceAssertion:
        """
        Reads what `model_dump_json` wrote.
        """
    @staticmethod
    def span_aggregation(filter: SpanFilter, attribute_key: str, aggregation: AggregationType) -> TraceAssertion:
        """
        The attribute of the selected spans, as one value.
        """
    @staticmethod
    def span_attribute(filter: SpanFilter, attribute_key: str) -> TraceAssertion:
        """
        The attribute of the selected spans: its value for one span, an array for several.
        """
    @staticmethod
    def span_count(filter: SpanFilter) -> TraceAssertion:
        """
        How many spans the filter selects.
        """
    @staticmethod
    def span_duration(filter: SpanFilter) -> TraceAssertion:
        """
        How long the selected spans took, in milliseconds: a number for one span, an array for
        several.
        """
    @staticmethod
    def span_exists(filter: SpanFilter) -> TraceAssertion:
        """
        Whether the filter selects a span: a boolean.
        """
    @staticmethod
    def span_sequence(span_names: Sequence[str]) -> TraceAssertion:
        """
        Whether spans of these names occur in this order, with any others between: a boolean.
        """
    @staticmethod
    def span_set(span_names: Sequence[str]) -> TraceAssertion:
        """
        Whether there is a span of each of these names: a boolean.
        """
    @staticmethod
    def tool_calls(expected: Sequence[ToolCall | dict], mode: TrajectoryMode = ..., arguments: ArgumentMatch = ..., filter: SpanFilter | None = None, name_key: str = ..., arguments_key: str = ...) -> TraceAssertion:
        """
        Whether the calls of tools are the expected ones: a boolean.

        Args:
            expected: The calls: `ToolCall`s, or dicts with `name` and `arguments`.
            mode: How the calls are compared.
            arguments: How their arguments are compared.
            filter: Which spans are calls of tools; those with the attribute `name_key` by default.
            name_key: The attribute that names the tool.
            arguments_key: The attribute that holds the arguments, as an object or as JSON text.
        """
    @staticmethod
    def trace_attribute(attribute_key: str) -> TraceAssertion:
        """
        The attribute of the root, or of the first span that has it.
        """
    @staticmethod
    def trace_duration() -> TraceAssertion:
        """
        From the first start to the last end, in milliseconds.
        """
    @staticmethod
    def trace_error_count() -> TraceAssertion:
        """
        How many spans ended in an error.
        """
    @staticmethod
    def trace_max_depth() -> TraceAssertion:
        """
        How many levels lie below the root.
        """
    @staticmethod
    def trace_service_count() -> TraceAssertion:
        """
        How many services took part.
        """
    @staticmethod
    def trace_span_count() -> TraceAssertion:
        """
        How many spans there are.
        """
    @final
    class SpanAggregation(TraceAssertion):
        """
        The attribute of the selected spans, as one value.
        """
        __match_args__: Final = ("filter", "attribute_key", "aggregation")
        def __new__(cls, /, filter: SpanFilter, attribute_key: str, aggregation: AggregationType) -> TraceAssertion.SpanAggregation: ...
        @property
        def aggregation(self, /) -> AggregationType: ...
        @property
        def attribute_key(self, /) -> str: ...
        @property
        def filter(self, /) -> SpanFilter: ...
    @final
    class SpanAttribute(TraceAssertion):
        """
        The attribute of the selected spans.
        """
        __match_args__: Final = ("filter", "attribute_key")
        def __new__(cls, /, filter: SpanFilter, attribute_key: str) -> TraceAssertion.SpanAttribute: ...
        @property
        def attribute_key(self, /) -> str: ...
        @property
        def filter(self, /) -> SpanFilter: ...
    @final
    class SpanCount(TraceAssertion):
        """
        How many spans the filter selects.
        """
        __match_args__: Final = ("filter",)
        def __new__(cls, /, filter: SpanFilter) -> TraceAssertion.SpanCount: ...
        @property
        def filter(self, /) -> SpanFilter: ...
    @final
    class SpanDuration(TraceAssertion):
        """
        How long the selected spans took, in milliseconds.
        """
        __match_args__: Final = ("filter",)
        def __new__(cls, /, filter: SpanFilter) -> TraceAssertion.SpanDuration: ...
        @property
        def filter(self, /) -> SpanFilter: ...
    @final
    class SpanExists(TraceAssertion):
        """
        Whether the filter selects a span.
        """
        __match_args__: Final = ("filter",)
        def __new__(cls, /, filter: SpanFilter) -> TraceAssertion.SpanExists: ...
        @property
        def filter(self, /) -> SpanFilter: ...
    @final
    class SpanSequence(TraceAssertion):
        """
        Whether spans of these names occur in this order, with any others between.
        """
        __match_args__: Final = ("span_names",)
        def __new__(cls, /, span_names: Sequence[str]) -> TraceAssertion.SpanSequence: ...
        @property
        def span_names(self, /) -> list[str]: ...
    @final
    class SpanSet(TraceAssertion):
        """
        Whether there is a span of each of these names.
        """
        __match_args__: Final = ("span_names",)
        def __new__(cls, /, span_names: Sequence[str]) -> TraceAssertion.SpanSet: ...
        @property
        def span_names(self, /) -> list[str]: ...
    @final
    class ToolCalls(TraceAssertion):
        """
        Whether the calls of tools are the expected ones.
        """
        __match_args__: Final = ("expected", "mode", "arguments", "filter", "name_key", "arguments_key")
        def __new__(cls, /, expected: Sequence[ToolCall], mode: TrajectoryMode, arguments: ArgumentMatch, filter: SpanFilter | None, name_key: str, arguments_key: str) -> TraceAssertion.ToolCalls: ...
        @property
        def arguments(self, /) -> ArgumentMatch: ...
        @property
        def arguments_key(self, /) -> str: ...
        @property
        def expected(self, /) -> list[ToolCall]: ...
        @property
        def filter(self, /) -> SpanFilter | None: ...
        @property
        def mode(self, /) -> TrajectoryMode: ...
        @property
        def name_key(self, /) -> str: ...
    @final
    class TraceAttribute(TraceAssertion):
        """
        The attribute of the root, or of the first span that has it.
        """
        __match_args__: Final = ("attribute_key",)
        def __new__(cls, /, attribute_key: str) -> TraceAssertion.TraceAttribute: ...
        @property
        def attribute_key(self, /) -> str: ...
    @final
    class TraceDuration(TraceAssertion):
        """
        From the first start to the last end, in milliseconds.
        """
        __match_args__: Final = ()
        def __new__(cls, /) -> TraceAssertion.TraceDuration: ...
    @final
    class TraceErrorCount(TraceAssertion):
        """
        How many spans ended in an error.
        """
        __match_args__: Final = ()
        def __new__(cls, /) -> TraceAssertion.TraceErrorCount: ...
    @final
    class TraceMaxDepth(TraceAssertion):
        """
        How many levels lie below the root.
        """
        __match_args__: Final = ()
        def __new__(cls, /) -> TraceAssertion.TraceMaxDepth: ...
    @final
    class TraceServiceCount(TraceAssertion):
        """
        How many services took part.
        """
        __match_args__: Final = ()
        def __new__(cls, /) -> TraceAssertion.TraceServiceCount: ...
    @final
    class TraceSpanCount(TraceAssertion):
        """
        How many spans there are.
        """
        __match_args__: Final = ()
        def __new__(cls, /) -> TraceAssertion.TraceSpanCount: ...

@final
class TraceAssertionTask:
    """
    A check of something measured of the record's trace.

    Args:
        id: The task's name, unique in its dataset; kept in lower case.
        assertion: What is measured.
        expected_value: What is expected of it. `${path}` is filled in from the record.
        operator: How it is judged.
        description: What the task is for.
        depends_on: The tasks that run before this one.
        condition: Whether the task is a gate: unless it passes, nothing that depends on it runs.
        each: How many must pass where several values are measured: `"all"` (the default),
            `"any"`, `"none"` or a least number.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, id: str, assertion: TraceAssertion, expected_value: Any = ..., operator: ComparisonOperator | str | None = None, description: str | None = None, depends_on: Sequence[str] | None = None, condition: bool = False, each: Any | None = None) -> TraceAssertionTask: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def assertion(self, /) -> TraceAssertion:
        """
        What is measured.
        """
    @assertion.setter
    def assertion(self, /, assertion: TraceAssertion) -> None: ...
    @property
    def condition(self, /) -> bool:
        """
        Whether the task is a gate.
        """
    @condition.setter
    def condition(self, /, condition: bool) -> None: ...
    @property
    def depends_on(self, /) -> list[str]:
        """
        The tasks that run before this one, in lower case.
        """
    @depends_on.setter
    def depends_on(self, /, depends_on: Sequence[str]) -> None: ...
    @property
    def description(self, /) -> str | None:
        """
        What the task is for.
        """
    @description.setter
    def description(self, /, description: str | None) -> None: ...
    @property
    def each(self, /) -> Any:
        """
        How many items of an array must pass: `"all"`, `"any"`, `"none"` or a least number.
        """
    @each.setter
    def each(self, /, each: Any) -> None: ...
    @property
    def expected_value(self, /) -> Any:
        """
        What is expected of the value; `None` also where nothing is.
        """
    @property
    def id(self, /) -> str:
        """
        The task's name, in lower case.
        """
    @id.setter
    def id(self, /, id: str) -> None: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> TraceAssertionTask:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> TraceAssertionTask:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def operator(self, /) -> ComparisonOperator:
        """
        How the value is judged.
        """
    @operator.setter
    def operator(self, /, operator: ComparisonOperator) -> None: ...
    @property
    def task_type(self, /) -> EvaluationTaskType:
        """
        The kind of the task.
        """

@final
class TraceSpan:
    """
    One operation of a trace: what ran, when, for how long and with what result.

    Args:
        trace_id: The trace that the span belongs to.
        span_id: The span itself, unique in its trace.
        span_name: What ran.
        start_time: When it began; without a time zone, UTC.
        end_time: When it ended.
        parent_span_id: The span that caused this one; `None` for a root.
        span_kind: Such as `internal`, `server` or `client`.
        duration_ms: How long it took, where the end is not known.
        status_code: 0 unset, 1 ok, 2 error.
        status_message: What went wrong.
        service_name: The service that ran it; where absent, the attribute `service.name` counts.
        attributes: What was recorded about it: a dict, or a list of `Attribute`s.
        events: What happened while it ran.
        links: Spans of other traces that have to do with it.
        input: What it was given.
        output: What it gave back.

    Raises:
        ValueError: Where it ends before it starts, or the status is none of these.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __new__(cls, /, *, trace_id: str, span_id: str, span_name: str, start_time: datetime, end_time: datetime | None = None, parent_span_id: str | None = None, span_kind: str | None = None, duration_ms: int | None = None, status_code: int = 0, status_message: str | None = None, service_name: str | None = None, attributes: dict | Sequence[Attribute] | None = None, events: Sequence[SpanEvent] = ..., links: Sequence[SpanLink] = ..., input: Any | None = None, output: Any | None = None) -> TraceSpan: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def attributes(self, /) -> list[Attribute]:
        """
        What was recorded about it.
        """
    @property
    def depth(self, /) -> int:
        """
        The number of ancestors, as the sender counted them.
        """
    @property
    def duration_ms(self, /) -> int | None:
        """
        How long it took, in whole milliseconds.
        """
    @property
    def end_time(self, /) -> datetime | None:
        """
        When it ended.
        """
    @property
    def events(self, /) -> list[SpanEvent]:
        """
        What happened while it ran.
        """
    @property
    def input(self, /) -> Any:
        """
        What it was given.
        """
    @property
    def links(self, /) -> list[SpanLink]:
        """
        Spans of other traces that have to do with it.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> TraceSpan:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> TraceSpan:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def output(self, /) -> Any:
        """
        What it gave back.
        """
    @property
    def parent_span_id(self, /) -> str | None:
        """
        The span that caused this one; `None` for a root.
        """
    @property
    def path(self, /) -> list[str]:
        """
        The ids from the root to this span, as the sender wrote them.
        """
    @property
    def root_span_id(self, /) -> str:
        """
        The root above this span, as the sender wrote it.
        """
    @property
    def service_name(self, /) -> str | None:
        """
        The service that ran it.
        """
    @property
    def span_id(self, /) -> str:
        """
        The span itself.
        """
    @property
    def span_kind(self, /) -> str | None:
        """
        The role in a call.
        """
    @property
    def span_name(self, /) -> str:
        """
        What ran.
        """
    @property
    def span_order(self, /) -> int:
        """
        The place among the spans of the trace, as the sender counted it.
        """
    @property
    def start_time(self, /) -> datetime:
        """
        When it began.
        """
    @property
    def status_code(self, /) -> int:
        """
        0 unset, 1 ok, 2 error.
        """
    @property
    def status_message(self, /) -> str | None:
        """
        What went wrong.
        """
    @property
    def trace_id(self, /) -> str:
        """
        The trace that the span belongs to.
        """

@final
class TrajectoryMode:
    """
    How a run's tool calls are compared with the expected ones.
    """
    Strict: Final[TrajectoryMode]
    """
    The same calls in the same order.
    """
    Subset: Final[TrajectoryMode]
    """
    No call but expected ones.
    """
    Superset: Final[TrajectoryMode]
    """
    Every expected call, and any others.
    """
    Unordered: Final[TrajectoryMode]
    """
    The same calls in any order.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[Any, str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The name of the variant.
        """

@final
class TrialMean:
    """
    The mean pass rate of cases, and where its error comes from.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __float__(self, /) -> float: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def between_cases(self, /) -> float | None:
        """
        The part of it that the choice of cases makes: only more cases reduce it.
        """
    @property
    def cases(self, /) -> int:
        """
        How many cases it is the mean of.
        """
    @property
    def left_out(self, /) -> int:
        """
        How many cases have no trial that came to a verdict.
        """
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> TrialMean:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> TrialMean:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def standard_error(self, /) -> float | None:
        """
        Its standard error; `None` where there is but one case.
        """
    @property
    def value(self, /) -> float:
        """
        The mean of the cases' pass rates, from 0 to 1: each case counts alike.
        """
    @property
    def within_cases(self, /) -> float | None:
        """
        The part of it that luck in the trials makes: more trials reduce it. `None` where no case has
        two.
        """

@final
class Trials:
    """
    The results of a run, by case: records with the same case label, or else the same id, are trials
    of one case.

    Where no `task` is named, a trial is a whole record: it passes where every task passed that came to
    a verdict, gates aside. What errored, was skipped or had nothing to check is no trial.

    `trials["my_case"]` are the results of the case's records, in their order.
    """
    def __contains__(self, case: str, /) -> bool:
        """
        Whether there is a case of this name.
        """
    def __getitem__(self, case: str, /) -> list[AlignedEvalResult]: ...
    def __len__(self, /) -> int: ...
    def __reduce__(self, /) -> tuple[Any, tuple[GenAIEvalResults]]: ...
    def __repr__(self, /) -> str: ...
    def as_table(self, /) -> "str":
        """
        Prints a row for every task and one for whole records, and gives the table back as text.
        """
    def at_least(self, /, k: "int", of: "int | None" = None, task: str | None = None) -> CaseMean | None:
        """
        The chance that at least k of some trials of a case pass, without bias, as a mean over cases.
        `None` where no trial came to a verdict.

        Args:
            k: How many must pass.
            of: Of how many trials; of all that a case has by default.
            task: The task that is asked; the whole record by default.

        Raises:
            ValueError: Where no case has so many trials that came to a verdict.
        """
    @property
    def cases(self, /) -> list[str]:
        """
        What the cases are called, in the order in which they first occur.
        """
    def flaky(self, /, task: str | None = None) -> list[str]:
        """
        The cases of which some trials passed and some failed.

        Args:
            task: The task that is asked; the whole record by default.
        """
    def mean(self, /, task: str | None = None) -> TrialMean | None:
        """
        The mean pass rate with its error; `None` where no trial came to a verdict.

        Args:
            task: The task that is asked; the whole record by default.
        """
    def mode(self, /, task: str | None = None) -> "dict[str, str | None]":
        """
        How each case comes out most often, as a status; `None` where two are as frequent.

        Args:
            task: The task that is asked; the whole record by default.
        """
    def pass_at(self, /, k: "int", task: str | None = None) -> CaseMean | None:
        """
        pass@k: the chance that at least one of k trials of a case passes, without bias, as a mean over
        the cases that have k trials. `None` where no trial came to a verdict.

        Args:
            k: How many trials.
            task: The task that is asked; the whole record by default.

        Raises:
            ValueError: Where no case has so many trials that came to a verdict.
        """
    def pass_hat(self, /, k: "int", task: str | None = None) -> CaseMean | None:
        """
        pass^k: the chance that all of k trials of a case pass, without bias, as a mean over the cases
        that have k trials. `None` where no trial came to a verdict.

        Args:
            k: How many trials.
            task: The task that is asked; the whole record by default.

        Raises:
            ValueError: Where no case has so many trials that came to a verdict.
        """
    def usual(self, /, task: str | None = None) -> int:
        """
        The number of trials that most cases have, the larger of two that are as frequent; 0 where no trial
        came to a verdict.

        Args:
            task: The task that is asked; the whole record by default.
        """
    @property
    def without_case(self, /) -> int:
        """
        How many records have no label that tells their case: each is a case by its id.
        """

@final
class WordStats:
    """
    The most frequent words of a column of texts; what stands between white space is a word.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def model_dump(self, /) -> Any:
        """
        The data as a dict.
        """
    def model_dump_json(self, /) -> str:
        """
        The data as JSON text. `NaN` and infinities are written as Python's `json` writes
        them.
        """
    @staticmethod
    def model_validate(data: Any) -> WordStats:
        """
        Reads what `model_dump` gave.
        """
    @staticmethod
    def model_validate_json(json_string: str) -> WordStats:
        """
        Reads what `model_dump_json` wrote.
        """
    @property
    def undercount(self, /) -> int:
        """
        By how much a count may be too small: 0 up to some thousand different words.
        """
    @property
    def words(self, /) -> dict[str, Distinct]:
        """
        How often each word occurs, and its share of all words; the most frequent first, at most 100.
        """

@final
class WorkflowComparison:
    """
    One record in both runs.

    Rates are compared over the tasks that came to a verdict on either side: a task that errored,
    was skipped or had nothing to check on one side has not passed there.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[ComparisonResults]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _unpickled(comparison: ComparisonResults) -> WorkflowComparison:
        """
        Makes the comparison of a pickle again.
        """
    @property
    def baseline_pass_rate(self, /) -> float:
        """
        The share that passed before, from 0 to 1.
        """
    @property
    def baseline_uid(self, /) -> str:
        """
        Our name for the record in the baseline.
        """
    @property
    def compared_tasks(self, /) -> int:
        """
        How many tasks were compared: the denominator of both rates.
        """
    @property
    def comparison_pass_rate(self, /) -> float:
        """
        The share that passes now, from 0 to 1.
        """
    @property
    def comparison_uid(self, /) -> str:
        """
        Our name for the record in the compared run.
        """
    @property
    def is_regression(self, /) -> bool:
        """
        Whether it fell by more than the threshold.
        """
    @property
    def pass_rate_delta(self, /) -> float:
        """
        By how much the share went up or down.
        """
    @property
    def record_id(self, /) -> str:
        """
        Your name for the record, or ours where it has none.
        """
    @property
    def task_comparisons(self, /) -> list[TaskComparison]:
        """
        Each task that both runs have, gates included.
        """
    @property
    def trial(self, /) -> int | None:
        """
        Which trial of the record it is, from 1; `None` where there is but one.
        """

@final
class _Inbox:
    """
    Where a `MockConfig` keeps what it is given.
    """
    def __new__(cls, /) -> _Inbox: ...
    def bodies(self, /) -> list[str]:
        """
        What came so far, as it would stand in requests in JSON.
        """
    def clear(self, /) -> None:
        """
        Forgets all of it.
        """

@final
class _Server:
    """
    The server's API, for the classes in `scouter.client`.
    """
    def __new__(cls, /, config: Any | None = None) -> _Server: ...
    def call(self, /, method: str, path: str, body: str | None = None) -> str:
        """
        Calls an operation, with and for JSON. Ctrl-C is heard.
        """
    def document(self, /, path: str) -> str:
        """
        The document of a profile as it is kept: to `json`, exact numbers would be floats.
        """

def _begin_queues_anew() -> None:
    """
    Called in the child of a fork.
    """

def _end_queues() -> None:
    """
    Called at the end of the process: sends what waits, for ten seconds at most.
    """

def _end_with_multiprocessing(_module: Any) -> None:
    """
    Called by `multiprocessing` in its children, before what they run.
    """

def _read_json(text: str) -> Any:
    """
    The value of JSON text, for classes in Python.
    """

def _serve(arguments: Sequence[str], bundled: str | PathLike[str] | None) -> int:
    """
    Runs the server's command line: the exit code of the process.
    """

def _write_json(value: Any, pretty: bool = False) -> str:
    """
    A value as JSON text, for classes in Python; over many lines where people read it.
    """

def execute_trace_assertion_tasks(tasks: Sequence[TraceAssertionTask], spans: Sequence[TraceSpan]) -> AssertionResults:
    """
    Runs trace assertions over the spans of one trace, without a record around them.

    Args:
        tasks: The tasks.
        spans: The spans of the trace.

    Returns:
        The result of each task, by its id.

    Raises:
        ConfigError: Where a task is not sound.
    """

def nearest_id(id: str, ids: Sequence[str]) -> str | None:
    """
    The nearest of these ids, where one is near.
    """

def sample_trace(name: str) -> list[TraceSpan]:
    """
    One of the small traces that tests can use; `scouter.mock` has a function for each.
    """

def task_file_schema() -> "dict[str, object]":
    """
    The JSON Schema of task files, for editors and for programs that write such files.
    """

def wait_for_functions(seconds: float) -> None:
    """
    Waits until no function of a task is running any more, `seconds` at most.
    """
