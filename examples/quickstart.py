"""Checks a few replies of a support bot: a gate, checks that depend on it, a plan, two tables. No model is called."""

from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset, GenAIEvalRecord

# What the application said, as it was logged. The id is how a record's result is found again.
records = [
    GenAIEvalRecord(
        id="refund",
        context={"query": "Where is my refund?", "response": "It was issued today.", "sources": ["refunds"], "seconds": 1.2},
    ),
    GenAIEvalRecord(
        id="delivery",
        context={"query": "When does it arrive?", "response": "Tomorrow, before noon.", "sources": [], "seconds": 0.8},
    ),
    GenAIEvalRecord(
        id="silence",
        context={"query": "Hello?", "response": "", "sources": [], "seconds": 4.5},
    ),
]

tasks = [
    # A gate: where it fails, what depends on it is skipped, not failed.
    AssertionTask(
        id="answered",
        context_path="response",
        operator=ComparisonOperator.IsNotEmpty,
        expected_value=True,
        condition=True,
    ),
    AssertionTask(
        id="is_short",
        context_path="response",
        operator=ComparisonOperator.HasLengthLessThan,
        expected_value=200,
        depends_on=["answered"],
    ),
    AssertionTask(
        id="has_source",
        context_path="sources",
        operator=ComparisonOperator.IsNotEmpty,
        expected_value=True,
        depends_on=["answered"],
    ),
    # Depends on nothing, so it is judged for every record.
    AssertionTask(
        id="is_quick",
        context_path="seconds",
        operator=ComparisonOperator.LessThan,
        expected_value=3,
    ),
]

dataset = GenAIEvalDataset(records=records, tasks=tasks)
dataset.print_execution_plan()

results = dataset.evaluate()
results.as_table()
results.as_table(show_tasks=True)

for task_id, counts in results.task_counts().items():
    print(f"{task_id}: {counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped of {counts.total}")
