//! The half of a judge that asks: from a record to the replies of models.

use std::collections::BTreeMap;
use std::time::Duration;

use scouter_engine::{ErrorKind, NodeError};
use scouter_providers::chat::ChatRequest;
use scouter_providers::prompt::{CompiledPrompt, Prompt};
use scouter_providers::{CallError, ErrorKind as CallKind, Provider, Question as _};
use serde::Serialize;

use super::jury::Juror;
use super::pair::{Order, PLACES, Pair};
use crate::call::{Call, KEPT_REPLY};
use crate::memory::{self, Answer};
use crate::models::{Asked, Unanswered};
use crate::path::{Path, Read};
use crate::source::{Cx, Source};
use crate::task::build::{Build, Purpose};
use crate::value::{Value, to_value};

/// A question to one model or to several, compiled.
#[derive(Debug)]
pub(super) struct Question {
    /// The task that asks, by id.
    task: String,
    /// Who is asked, in the order in which the run knows them.
    voices: Vec<Voice>,
    /// What the prompt needs, and where it is read.
    needs: Vec<(Path, Need)>,
    /// What is bound to the prompt, by name.
    bound: Value,
    /// Where a pair is compared: what its order is drawn by.
    seed: Option<u64>,
}

/// A model that is asked.
#[derive(Debug)]
struct Voice {
    provider: Provider,
    prompt: CompiledPrompt,
}

/// Where something is read that a prompt needs.
#[derive(Debug)]
enum Need {
    /// There.
    At(Source),
    /// From one of a pair: where that stands in the order given, and where if the order is swapped.
    OfPair(Box<[(Path, Source); 2]>),
}

/// The questions about one record.
pub(super) struct Filled {
    pub(super) requests: Vec<ChatRequest>,
    /// The order in which a pair is shown, where one is.
    pub(super) order: Option<Order>,
}

/// A reply, or what will bring it.
pub(super) enum Awaited<'a> {
    /// It was given before.
    Given(Call),
    /// It is asked for now.
    Asked { asked: Asked<'a>, request: Box<ChatRequest>, question: Option<memory::Question> },
}

impl Question {
    /// Compiles the prompt of a task.
    pub(super) fn build(
        cx: &mut Build<'_>,
        task: &str,
        prompt: &Prompt,
        jury: &[Juror],
        pair: Option<(&Pair, u64)>,
    ) -> Option<Self> {
        let first = compile(cx, "prompt", prompt);
        if prompt.provider == Provider::Undefined {
            cx.problem("prompt", "`provider` is missing: say whose model it is");
            return None;
        }
        let first = first?;
        let mut needs = Vec::with_capacity(first.needs().len());
        for need in first.needs() {
            let required = first.requires(need);
            needs.push(read(cx, need, required, pair.map(|(pair, _)| pair))?);
        }
        if pair.is_some() {
            let shown = |place: &&str| needs.iter().any(|(path, _)| path.first_key() == Some(place));
            if let Some(place) = PLACES.iter().find(|place| !shown(place)) {
                cx.problem("prompt", format!("it compares a pair, and shows no `${{{place}}}`"));
                return None;
            }
        }
        let mut voices = vec![Voice { provider: prompt.provider, prompt: first }];
        for (at, juror) in jury.iter().enumerate() {
            let own = juror.prompt(prompt);
            // The same model would say the same, or is asked again by trials.
            let before = jury[..at].iter().map(|other| other.prompt(prompt)).chain([prompt.clone()]);
            if before.into_iter().any(|other| other == own) {
                cx.problem("jury", format!("`{}/{}` is asked twice", own.provider, own.model));
                return None;
            }
            if own.provider == Provider::Undefined {
                cx.problem("jury", format!("`{}`: say whose model it is", own.model));
                return None;
            }
            voices.push(Voice { provider: own.provider, prompt: compile(cx, "jury", &own)? });
        }
        let seed = pair.map(|(_, seed)| seed);
        let bound = to_value(&prompt.bound).unwrap_or_default();
        Some(Self { task: task.to_lowercase(), voices, needs, bound, seed })
    }

    /// Who is asked, such as `openai/gpt-4o-mini`.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.voices.iter().map(|voice| format!("{}/{}", voice.provider, voice.prompt.model()))
    }

    /// The questions about the record, filled in.
    pub(super) fn fill(&self, cx: &Cx<'_, '_>) -> Result<Filled, NodeError> {
        let order = self.seed.map(|seed| self.order(seed, cx)).transpose()?;
        let mut given = BTreeMap::new();
        for (path, need) in &self.needs {
            match need.read(path, order.unwrap_or(Order::AsGiven), cx)? {
                Some(value) => put(&mut given, path.to_string().split('.'), value),
                // A template may say what to do without it; where it does not, it says so itself.
                None if self.asks_only_for_members(path) => {
                    lead(&mut given, path.to_string().split('.'));
                }
                None => {}
            }
        }
        let trial = cx.input.trial.map_or(0, |trial| trial.get() - 1);
        let fill = |voice: &Voice| match voice.prompt.fill(&given) {
            Ok(filled) => Ok(ChatRequest { trial, ..filled }),
            Err(error) => {
                let near = error.missing.iter().find_map(|missing| self.near(missing, cx));
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                Err(NodeError::new(format!("{error}{hint}")))
            }
        };
        Ok(Filled { requests: self.voices.iter().map(fill).collect::<Result<_, _>>()?, order })
    }

    /// What was probably meant by a path that leads nowhere, as far as it begins with a dependency or with what is bound.
    fn near(&self, missing: &str, cx: &Cx<'_, '_>) -> Option<String> {
        let path = Path::parse(missing).ok()?;
        let made = self.needs.iter().find_map(|(need, read)| match read {
            Need::At(source) if need.to_string() == missing => source.near(&path, cx),
            Need::At(_) | Need::OfPair(_) => None,
        });
        made.or_else(|| path.near(&self.bound))
    }

    /// Whether the prompt looks at nothing that leads to the path: then it cannot tell whether there is that.
    fn asks_only_for_members(&self, path: &Path) -> bool {
        let path = path.to_string();
        let leads =
            |other: &Path| path.strip_prefix(&other.to_string()).is_some_and(|rest| rest.starts_with('.'));
        !self.needs.iter().any(|(other, _)| leads(other))
    }

    fn order(&self, seed: u64, cx: &Cx<'_, '_>) -> Result<Order, NodeError> {
        let read = |(path, need): &(Path, Need)| need.read(path, Order::AsGiven, cx);
        let values: Vec<_> = self.needs.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Order::drawn(&self.task, seed, cx.input.trial, values.iter().flatten()))
    }

    /// The reply of one of those asked: as it was given before, or to be asked for.
    pub(super) fn reply<'a>(
        &self,
        at: usize,
        request: ChatRequest,
        cx: &Cx<'a, '_>,
    ) -> Result<Awaited<'a>, NodeError> {
        let asked = cx.input.models.as_ref().and_then(|models| models.of(&self.task, at));
        let asked = asked.ok_or_else(|| NodeError::new("ask a model: this run has none"))?;
        let question = self.remembered(at, &request, asked, cx);
        if let Some(Answer::Replied(call)) = question.as_ref().and_then(memory::Question::recall) {
            return Ok(Awaited::Given(*call));
        }
        let request = Box::new(ChatRequest { spans: asked.spans(), ..request });
        Ok(Awaited::Asked { asked, request, question })
    }

    /// The same question to the memory of the run.
    fn remembered(
        &self,
        at: usize,
        request: &ChatRequest,
        asked: Asked<'_>,
        cx: &Cx<'_, '_>,
    ) -> Option<memory::Question> {
        let recall = cx.input.recall.as_ref()?;
        let voice = self.voices.get(at)?;
        recall.question(&self.task, cx.input.trial, |printer| {
            printer.text(Some(&request.canonical(voice.provider.as_str()).to_string()));
            printer.text(Some(asked.address()));
        })
    }
}

impl Need {
    /// What is read; `None` where it is missing.
    fn read(&self, path: &Path, order: Order, cx: &Cx<'_, '_>) -> Result<Option<Value>, NodeError> {
        let (path, source, of_pair) = match self {
            Self::At(source) => (path, source, false),
            Self::OfPair(either) => {
                let (path, source) = &either[order.shown(0)];
                (path, source, true)
            }
        };
        match &*source.read(cx) {
            Read::Found(value) => Ok(Some(value.clone())),
            // The prompt knows it under another name.
            Read::Missing { .. } if of_pair => {
                Err(NodeError::new(format!("fill in the prompt: there is no `{path}`")))
            }
            Read::Missing { .. } => Ok(None),
            Read::Unreadable(why) => Err(NodeError::new(format!("read `{path}`: {why}"))),
        }
    }
}

/// What was heard of a model that was asked.
pub(super) struct Heard {
    /// The reply, or why there is none.
    pub(super) reply: Result<Call, NodeError>,
    /// Whether it was in vain to ask: the run ends, as another call has told, and nothing is to be paid for this one.
    pub(super) in_vain: bool,
}

impl Heard {
    /// Whether anything is to be paid for it in this run.
    pub(super) fn is_paid(&self) -> bool {
        match &self.reply {
            Ok(call) => call.attempts > 0,
            Err(error) => Call::of_error(error).is_some_and(|call| call.usage.is_some() || call.unpriced > 0),
        }
    }
}

impl Awaited<'_> {
    /// The reply, once it is there. To ask for it takes no longer than `limit`.
    pub(super) async fn reply(self, limit: Option<Duration>) -> Heard {
        let reply = match self {
            Self::Given(call) => Ok(call),
            Self::Asked { asked, request, question } => match asked.chat(&request, limit).await {
                Ok(reply) => {
                    let call = Call::new(asked.provider(), reply);
                    if let Some(question) = question {
                        question.remember(&Answer::Replied(Box::new(call.clone())));
                    }
                    Ok(call)
                }
                Err(Unanswered::Failed(error)) => Err(failed(&error, &asked, &request)),
                Err(Unanswered::InVain(error)) => {
                    return Heard { reply: Err(failed(&error, &asked, &request)), in_vain: true };
                }
            },
        };
        Heard { reply, in_vain: false }
    }

    /// The reply, where it was given before.
    pub(super) fn given(self) -> Option<Call> {
        match self {
            Self::Given(call) => Some(call),
            Self::Asked { .. } => None,
        }
    }
}

fn compile(cx: &mut Build<'_>, field: &str, prompt: &Prompt) -> Option<CompiledPrompt> {
    let compiled = prompt.compile().map_err(|errors| {
        for problem in errors.problems() {
            cx.problem(field, format!("`{}`: {}", problem.place, problem.why));
        }
    });
    compiled.ok()
}

/// Where the prompt reads what it needs.
fn read(cx: &mut Build<'_>, need: &str, required: bool, pair: Option<&Pair>) -> Option<(Path, Need)> {
    // Names in templates are plain, so that they are paths as they stand.
    let path = cx.path("prompt", need)?;
    let place =
        pair.and_then(|pair| Some((pair, PLACES.iter().position(|place| path.first_key() == Some(place))?)));
    let Some((pair, place)) = place else {
        let purpose = if required { Purpose::Filled } else { Purpose::Offered };
        let source = cx.read("prompt", path.clone(), purpose);
        return Some((path, Need::At(source)));
    };
    let within = need.strip_prefix(PLACES[place]).unwrap_or_default();
    let mut of = |at: usize| {
        let path = cx.path("pair", &format!("{}{within}", pair.all()[at].1))?;
        let source = cx.read("pair", path.clone(), Purpose::Filled);
        Some((path, source))
    };
    let either = [of(place)?, of(1 - place)?];
    Some((path, Need::OfPair(Box::new(either))))
}

/// A call that brought no answer, with what came back and what it took.
fn failed(error: &CallError, asked: &Asked<'_>, request: &ChatRequest) -> NodeError {
    let kind = if error.kind() == CallKind::Timeout { ErrorKind::TimedOut } else { ErrorKind::Failed };
    let node = NodeError::of(kind, error.to_string());
    let node = match Call::failed(asked.provider(), &request.model, error.details()) {
        Some(call) => call.beside(node),
        None => node,
    };
    let Some(raw) = &error.details().raw else { return node };
    let kept = &raw.text[..raw.text.floor_char_boundary(KEPT_REPLY)];
    node.with_detail(if kept.len() < raw.bytes {
        format!("{kept}… [cut: {} bytes in all]", raw.bytes)
    } else {
        kept.to_owned()
    })
}

/// What a prompt is given: as much of the context as it names.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Given {
    Value(Value),
    Part(BTreeMap<String, Given>),
}

/// Puts what leads to a value that is missing.
fn lead(given: &mut BTreeMap<String, Given>, mut names: std::str::Split<'_, char>) {
    let Some(name) = names.next() else { return };
    if names.clone().next().is_none() {
        return;
    }
    let part = given.entry(name.to_owned()).or_insert_with(|| Given::Part(BTreeMap::new()));
    if let Given::Part(part) = part {
        lead(part, names);
    }
}

/// Puts a value under its names.
fn put(given: &mut BTreeMap<String, Given>, mut names: std::str::Split<'_, char>, value: Value) {
    let Some(name) = names.next() else { return };
    if names.clone().next().is_none() {
        given.insert(name.to_owned(), Given::Value(value));
        return;
    }
    let part = given.entry(name.to_owned()).or_insert_with(|| Given::Part(BTreeMap::new()));
    // Where the whole is there already, it holds the part.
    if let Given::Part(part) = part {
        put(part, names, value);
    }
}
