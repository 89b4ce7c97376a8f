//! Results in long form as Arrow columns: a row for every task of every record.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use scouter_tasks::result::{Judged, Results, Row, Status};
use scouter_tasks::suite::TaskInfo;
use scouter_tasks::value::to_json;

const UTC: &str = "UTC";

/// How many rows of Arrow one batch of a stream has, or a few more.
const BATCH: usize = 16_384;

/// The columns. `expected` and `actual` are JSON text, for a column has one type.
pub(crate) fn schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
        let time = DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into()));
        Arc::new(Schema::new(vec![
            text("record_id", true),
            text("record_uid", false),
            text("case", true),
            Field::new("trial", DataType::Int64, true),
            text("cluster", true),
            Field::new("created_at", time, false),
            text("task_id", false),
            text("task_type", false),
            text("status", false),
            Field::new("passed", DataType::Boolean, false),
            Field::new("value", DataType::Float64, false),
            Field::new("condition", DataType::Boolean, false),
            Field::new("advisory", DataType::Boolean, false),
            Field::new("stage", DataType::Int64, false),
            text("context_path", true),
            text("operator", true),
            text("message", false),
            text("expected", false),
            text("actual", false),
            text("detail", true),
            Field::new("record_ms", DataType::Float64, false),
            text("call", true),
        ]))
    });
    SCHEMA.clone()
}

#[derive(Default)]
struct Columns {
    record_id: StringBuilder,
    record_uid: StringBuilder,
    case: StringBuilder,
    trial: Int64Builder,
    cluster: StringBuilder,
    created_at: TimestampMicrosecondBuilder,
    task_id: StringBuilder,
    task_type: StringBuilder,
    status: StringBuilder,
    passed: BooleanBuilder,
    value: Float64Builder,
    condition: BooleanBuilder,
    advisory: BooleanBuilder,
    stage: Int64Builder,
    context_path: StringBuilder,
    operator: StringBuilder,
    message: StringBuilder,
    expected: StringBuilder,
    actual: StringBuilder,
    detail: StringBuilder,
    record_ms: Float64Builder,
    call: StringBuilder,
    /// Room to write a value as JSON.
    json: String,
}

impl Columns {
    fn add(&mut self, row: &Row, tasks: &[TaskInfo], common: &[Common]) {
        let uid = row.uid.hyphenated();
        let mut buffer = uuid::Uuid::encode_buffer();
        let uid: &str = uid.encode_lower(&mut buffer);
        let labels = row.labels.as_deref();
        let created_at = row.created_at.timestamp_micros();
        let took = 1e3 * row.took.as_secs_f64();
        for judged in Judged::all(row, tasks) {
            let info = judged.info();
            let status = judged.status();
            let passed = status == Status::Passed;
            self.record_id.append_option(row.id.as_deref());
            self.record_uid.append_value(uid);
            self.case.append_option(labels.and_then(|labels| labels.case.as_deref()));
            self.trial.append_option(labels.and_then(|labels| labels.trial).map(|trial| trial.get().into()));
            self.cluster.append_option(labels.and_then(|labels| labels.cluster.as_deref()));
            self.created_at.append_value(created_at);
            self.task_id.append_value(&info.id);
            self.task_type.append_value(&info.kind);
            self.status.append_value(status.as_str());
            self.passed.append_value(passed);
            self.value.append_value(f64::from(u8::from(passed)));
            self.condition.append_value(info.gate);
            self.advisory.append_value(info.advisory.is_some());
            self.stage.append_value(i64::try_from(info.stage).unwrap_or(i64::MAX));
            self.context_path.append_option(info.context_path.as_deref());
            self.operator.append_option(common[judged.task].operator.as_deref());
            self.message.append_value(judged.message());
            match judged.own_expected() {
                Some(expected) => self.expected.append_value(to_json(expected)),
                None => self.expected.append_value(&common[judged.task].expected),
            }
            self.json.clear();
            judged.write_actual(&mut self.json);
            self.actual.append_value(&self.json);
            self.detail.append_option(judged.detail());
            self.record_ms.append_value(took);
            self.call.append_option(judged.call().map(|call| to_json(&call.to_value())));
        }
    }

    fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.record_id.finish()),
            Arc::new(self.record_uid.finish()),
            Arc::new(self.case.finish()),
            Arc::new(self.trial.finish()),
            Arc::new(self.cluster.finish()),
            Arc::new(self.created_at.finish().with_timezone(UTC)),
            Arc::new(self.task_id.finish()),
            Arc::new(self.task_type.finish()),
            Arc::new(self.status.finish()),
            Arc::new(self.passed.finish()),
            Arc::new(self.value.finish()),
            Arc::new(self.condition.finish()),
            Arc::new(self.advisory.finish()),
            Arc::new(self.stage.finish()),
            Arc::new(self.context_path.finish()),
            Arc::new(self.operator.finish()),
            Arc::new(self.message.finish()),
            Arc::new(self.expected.finish()),
            Arc::new(self.actual.finish()),
            Arc::new(self.detail.finish()),
            Arc::new(self.record_ms.finish()),
            Arc::new(self.call.finish()),
        ];
        RecordBatch::try_new(schema(), columns)
    }
}

/// What the rows of a task have in common, as text.
struct Common {
    operator: Option<String>,
    expected: String,
}

/// These rows as a batch.
///
/// # Errors
/// Where they hold more text than a column can.
pub(super) fn batch(rows: &[Row], tasks: &[TaskInfo]) -> Result<RecordBatch, ArrowError> {
    let common = |task: &TaskInfo| Common {
        operator: task.operator.map(|operator| operator.to_string()),
        expected: task.expected_text(),
    };
    let common: Vec<Common> = tasks.iter().map(common).collect();
    let mut columns = Columns::default();
    for row in rows {
        columns.add(row, tasks, &common);
    }
    columns.finish()
}

/// How many records make a batch.
pub(super) fn records(tasks: &[TaskInfo]) -> usize {
    (BATCH / tasks.len().max(1)).max(1)
}

/// Results, batch by batch; each is made when it is asked for.
pub(crate) fn frame_batches(
    results: Arc<Results>,
) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> + Send + 'static {
    let step = records(results.tasks());
    let places = (0..results.rows().len()).step_by(step);
    places.map(move |from| {
        let rows = results.rows();
        batch(&rows[from..rows.len().min(from + step)], results.tasks())
    })
}
