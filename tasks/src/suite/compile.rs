//! From tasks to a graph: every error of configuration is found here, all at once.

use std::sync::Arc;

use scouter_engine::{Declaration, Graph, GraphBuilder, GraphProblem, Outcome, Plan, Position, Report};

use crate::fingerprint::Fingerprint;
use crate::measured::{Measured, Packer};
use crate::operator::Operator;
use crate::subject::{Reads, Subject};
use crate::suite::scope::{Member, Scoped, scoped};
use crate::task::{Build, Built, ConfigError, Explain, Problem, Purpose, Task, Terms, Use};
use crate::value::{Value, cut, to_json};
use crate::window::{Columns, WindowPlan};

/// Tasks that are known to be sound, ready to run over any number of records.
#[derive(Clone, Debug)]
pub struct Suite {
    /// What runs.
    pub graph: Arc<Graph<Subject, Measured>>,
    /// What it reads from each record.
    pub reads: Arc<Reads>,
    /// The paths that each task reads, in the order of the graph's nodes.
    pub uses: Arc<[Vec<Use>]>,
    /// What people are told of each task, in the order of the graph's nodes.
    pub tasks: Arc<[TaskInfo]>,
    /// The graph as people look at it.
    pub plan: Arc<Plan>,
    /// The tasks as they were written, in the same order.
    pub specs: Arc<[Arc<dyn Task>]>,
    /// Whether a task asked for records as their owner holds them.
    pub wants_origin: bool,
    /// The tasks that look at all records at once, where there are any.
    pub window: Option<Arc<WindowPlan>>,
}

/// What people are told of a task.
#[derive(Clone, Debug)]
pub struct TaskInfo {
    /// Its id.
    pub id: String,
    /// What it is for, in a sentence.
    pub description: Option<String>,
    /// The name of its kind.
    pub kind: String,
    /// Whether it is a gate.
    pub gate: bool,
    /// Why it only reports; `None` where its verdicts count.
    pub advisory: Option<String>,
    /// Which judge it is, for what is known of it to be told from what was known of another.
    pub judge: Option<Fingerprint>,
    /// Its stage, from 1.
    pub stage: usize,
    /// The tasks it depends on, in the order declared.
    pub depends_on: Vec<Position>,
    /// The path it looks at.
    pub context_path: Option<String>,
    /// How it judges.
    pub operator: Option<Operator>,
    /// What it expects, as it was written.
    pub expected: Value,
    /// What else decides how it comes out; `None` in results of a version that did not write it down.
    pub terms: Option<Terms>,
    /// What a path of it that leads nowhere in any record probably means, or of a gate what the records have instead, in words.
    pub hint: Option<String>,
    /// What explains its outcomes; `None` for results that were read back, which bring their
    /// messages along.
    pub explain: Option<Arc<dyn Explain>>,
}

/// Compiles tasks.
///
/// # Errors
/// With every problem of every task: paths, operators, patterns, templates, duplicate ids, unknown
/// dependencies, cycles, gates without a verdict, and no tasks at all.
pub fn compile(tasks: &[Arc<dyn Task>]) -> Result<Suite, ConfigError> {
    if tasks.is_empty() {
        return Err(ConfigError::general("there are no tasks: give at least one"));
    }
    let Scoped { record, window, mut problems } = scoped(tasks);
    let gates = record.iter().map(|member| (member.id.clone(), member.task.head().condition));
    let mut columns = Columns::new(gates.collect());
    let mut reads = Reads::default();
    let suite = part(&record, &mut reads, &mut columns, &mut problems);
    // What columns are made of is read from records, and read with the rest.
    columns.reads = reads;
    let first_stage = suite.as_ref().map_or(0, |suite| suite.plan.stages.len());
    let mut reads = Reads::default();
    let window = if window.is_empty() {
        None
    } else {
        let windowed = part(&window, &mut reads, &mut columns, &mut problems);
        let uses = windowed.iter().flat_map(|suite| suite.uses.iter());
        problems.extend(window.iter().zip(uses).flat_map(|(member, uses)| sourceless(member, uses)));
        windowed.map(|suite| suite.reading(reads).after(first_stage))
    };
    let reads = std::mem::take(&mut columns.reads);
    let window = window.map(|window| Arc::new(WindowPlan::new(window, columns)));
    let suite = suite.map(|suite| Suite { window, ..suite.reading(reads) });
    match suite {
        Some(suite) if problems.is_empty() => Ok(suite),
        _ => {
            let ids: Vec<String> = tasks.iter().map(|task| task.head().id.to_lowercase()).collect();
            problems.sort_by_key(|problem| ids.iter().position(|id| problem.task.as_ref() == Some(id)));
            Err(ConfigError { problems })
        }
    }
}

/// Compiles tasks that look at the same. What they read of it goes into `reads`.
fn part(
    members: &[Member],
    reads: &mut Reads,
    columns: &mut Columns,
    problems: &mut Vec<Problem>,
) -> Option<Suite> {
    let tasks: Arc<[String]> = members.iter().map(|member| member.id.clone()).collect();
    let mut wants_origin = false;
    let mut uses = Vec::with_capacity(members.len());
    let mut builder = GraphBuilder::default();
    let mut explains = Vec::with_capacity(members.len());
    for Member { task, id, after, over } in members {
        if id.trim().is_empty() {
            let (task, field) = (Some(id.clone()), Some("id".to_owned()));
            problems.push(Problem { task, field, message: "the id is empty".to_owned() });
        }
        let mut own = Vec::new();
        let mut cx = Build {
            id,
            tasks: &tasks,
            depends_on: after,
            over,
            reads,
            problems,
            uses: &mut own,
            wants_origin: &mut wants_origin,
            columns,
        };
        let (node, explain): (Box<dyn scouter_engine::Node<_, _>>, _) = match task.build(&mut cx) {
            Some(Built { node, explain }) => (node, Some(explain)),
            // The graph is still built, for what else may be wrong with it.
            None => (Box::new(Broken), None),
        };
        explains.push(explain);
        uses.push(own);
        let declared = Declaration::boxed(id.clone(), node).after(after.clone());
        let gates = task.head().condition && task.advisory().is_none();
        builder.add(if gates { declared.gate() } else { declared });
    }
    for problem in members.iter().zip(&uses).flat_map(|(member, uses)| outputless(member, uses, members)) {
        // One path may stand in a template several times.
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    let graph = match builder.build() {
        Ok(graph) => graph,
        Err(errors) => {
            problems.extend(errors.0.iter().map(problem));
            return None;
        }
    };
    let plan = graph.plan();
    let infos =
        members.iter().zip(&plan.nodes).zip(explains).map(|((Member { task, .. }, node), explain)| {
            let subtitle = task.subtitle();
            TaskInfo {
                id: node.id.clone(),
                description: task.head().description.clone(),
                kind: node.kind.to_owned(),
                gate: node.gate,
                advisory: task.advisory(),
                judge: task.judge(),
                stage: node.stage + 1,
                depends_on: node.parents.clone(),
                context_path: subtitle.context_path,
                operator: subtitle.operator,
                expected: subtitle.expected,
                terms: Some(subtitle.terms),
                hint: None,
                explain,
            }
        });
    Some(Suite {
        tasks: infos.collect(),
        graph: Arc::new(graph),
        reads: Arc::default(),
        uses: uses.into(),
        plan: Arc::new(plan),
        specs: members.iter().map(|member| member.task.clone()).collect(),
        wants_origin,
        window: None,
    })
}

/// What a task of all records reads that no task before it makes: it sees no record.
fn sourceless<'m>(member: &'m Member, uses: &'m [Use]) -> impl Iterator<Item = Problem> + 'm {
    uses.iter().filter_map(|used| {
        let key = used.path.first_key()?;
        let known = member.after.iter().any(|id| *id == key.to_lowercase());
        let message = format!(
            "`{}` leads nowhere: `{}` looks at all records, and sees only what the tasks made that it depends on",
            used.path, member.id
        );
        (!known).then(|| Problem { task: Some(member.id.clone()), field: Some(used.field.clone()), message })
    })
}

/// What a task reads of one before it that this can never make. A record's own key of that name would be read instead, but no
/// record is known yet: who means that key gives the task another id.
fn outputless<'m>(
    member: &'m Member,
    uses: &'m [Use],
    members: &'m [Member],
) -> impl Iterator<Item = Problem> + 'm {
    uses.iter().filter(|used| used.purpose != Purpose::Offered).filter_map(|used| {
        let first = used.path.first_key()?.to_lowercase();
        let id = member.after.iter().find(|id| **id == first)?;
        let maker = members.iter().find(|maker| maker.id == *id)?;
        let why = maker.task.lacks(&used.path.after_first()?)?;
        let message = format!("`{}` leads nowhere in what `{id}` makes: {why}", used.path);
        Some(Problem { task: Some(member.id.clone()), field: Some(used.field.clone()), message })
    })
}

fn problem(problem: &GraphProblem) -> Problem {
    let field = match problem {
        GraphProblem::DuplicateId { .. } => "id",
        GraphProblem::UnknownDependency { .. } | GraphProblem::Cycle { .. } => "depends_on",
        GraphProblem::GateWithoutVerdict { .. } => "condition",
    };
    Problem {
        task: Some(problem.id().to_owned()),
        field: Some(field.to_owned()),
        message: problem.to_string(),
    }
}

impl Suite {
    /// The same, which reads this of its input.
    fn reading(self, reads: Reads) -> Self {
        Self { reads: Arc::new(reads), ..self }
    }

    /// The same behind so many stages.
    fn after(self, stages: usize) -> Self {
        let later = |task: &TaskInfo| TaskInfo { stage: task.stage + stages, ..task.clone() };
        Self { tasks: self.tasks.iter().map(later).collect(), ..self }
    }

    /// All tasks as they were written: those of single records, then those of all records.
    pub fn all_specs(&self) -> impl Iterator<Item = &Arc<dyn Task>> {
        self.specs.iter().chain(self.window.iter().flat_map(|window| window.suite.specs.iter()))
    }

    /// Makes a report small enough to keep: values that are too large are cut, and what they
    /// would have explained is said in words; arrays and objects are packed.
    pub fn trim(&self, report: &mut Report<Measured>) {
        let mut packer = Packer::default();
        for (outcome, task) in report.outcomes.iter_mut().zip(self.tasks.iter()) {
            if let Outcome::Done(output) = outcome {
                let verdict = output.verdict;
                output.value.trim(&mut packer, |measured| task.message(verdict, measured));
            }
        }
    }
}

impl TaskInfo {
    /// What it is beside a check that counts, in a word.
    pub fn mark(&self) -> Option<&'static str> {
        match (self.gate, &self.advisory) {
            (true, _) => Some("gate"),
            (false, Some(_)) => Some("advisory"),
            (false, None) => None,
        }
    }

    /// Whether its verdicts count in pass rates: gates decide what runs, and tasks that only report decide nothing.
    pub fn counts(&self) -> bool {
        !self.gate && self.advisory.is_none()
    }

    /// What it expects as JSON, to stand beside every record: cut as the values are that results keep.
    pub fn expected_text(&self) -> String {
        to_json(cut(&self.expected).as_ref().unwrap_or(&self.expected))
    }

    /// Why the task passed or failed, in a line.
    pub fn message(&self, verdict: Option<scouter_engine::Verdict>, measured: &Measured) -> String {
        match (measured.note(), &self.explain) {
            (Some(note), _) => note.to_owned(),
            (None, Some(explain)) => explain.message(verdict, measured),
            (None, None) => String::new(),
        }
    }
}

/// Stands in the graph for a task that could not be built, so that the graph can still be checked.
#[derive(Debug)]
struct Broken;

impl scouter_engine::Node<Subject, Measured> for Broken {
    fn kind(&self) -> &'static str {
        "broken"
    }

    fn run<'a>(&'a self, _cx: crate::source::Cx<'a, '_>) -> scouter_engine::Step<'a, Measured> {
        scouter_engine::Step::Ready(Err(scouter_engine::NodeError::new("build the task")))
    }
}

#[cfg(test)]
mod tests {
    use scouter_engine::{RunCx, run};

    use super::*;
    use crate::task::{AssertionSpec, Each, Head};
    use crate::value::from_json;

    #[tokio::test]
    async fn messages_of_a_trimmed_report_are_those_of_the_whole_one() {
        let items = Value::list((0..500).map(Value::Int));
        let context = Value::map([("long", items), ("short", from_json(r#"[{"a": 1}, 2]"#).unwrap())]);
        let checks = [
            ("long", Operator::Contains, Value::Int(-1)),
            ("long", Operator::GreaterThan, Value::Int(250)),
            ("short", Operator::Contains, Value::Int(2)),
            ("short", Operator::ContainsAll, from_json("[2, 3]").unwrap()),
            ("short", Operator::Equals, from_json("\"${short}\"").unwrap()),
        ];
        let tasks = checks.into_iter().enumerate().map(|(at, (path, operator, expected_value))| {
            Arc::new(AssertionSpec {
                head: Head::new(&at.to_string()),
                context_path: Some(path.to_owned()),
                item_context_path: None,
                operator,
                expected_value: Some(expected_value),
                each: Each::All,
            }) as Arc<dyn Task>
        });
        let suite = compile(&tasks.collect::<Vec<_>>()).unwrap();
        let mut report = run(&suite.graph, &Subject::new(&suite.reads, &context), &RunCx::default()).await;
        let messages = |report: &Report<Measured>| -> Vec<String> {
            let outcomes = report.outcomes.iter().zip(suite.tasks.iter());
            outcomes
                .map(|(outcome, task)| task.message(outcome.verdict(), &outcome.output().unwrap().value))
                .collect()
        };
        let whole = messages(&report);
        suite.trim(&mut report);
        assert_eq!(messages(&report), whole);
    }
}
