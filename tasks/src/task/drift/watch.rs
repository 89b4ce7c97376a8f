//! All that a profile watches, over states that were made where the records are: what a drift job of a server runs.
//!
//! A [`DriftSpec`](super::DriftSpec) judges one thing and errors where a column says nothing. Here each feature speaks for itself: what has too few
//! rows, now or in its baseline, says nothing, and the others are judged all the same.

use std::sync::Arc;

use indexmap::IndexMap;
use scouter_drift::Absent;
use scouter_engine::{Node, NodeError, NodeResult, Output, Step, Verdict};

use super::baseline::Baseline;
use crate::measured::Measured;
use crate::profile::{
    CustomMap, CustomProfile, Document, Judged, JudgedFeatures, PsiMap, PsiProfile, SpcMap, SpcProfile,
    is_watched, write,
};
use crate::source::Cx;
use crate::subject::Subject;
use crate::task::build::{Build, Built, Explain};
use crate::task::head::Head;
use crate::task::spec::{Scope, Subtitle, Task};
use crate::value::{Map, Value, from_value};
use crate::window::{State, Window};

/// All that a profile watches. It lives in code alone: its input is a [`Window`] of states, by feature.
#[derive(Clone, Debug)]
pub struct WatchSpec {
    head: Head,
    baseline: Arc<Baseline>,
}

/// What a window says of all features of a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Those that drifted, in the order of the profile.
    pub drifted: Vec<String>,
    /// Those that could be judged, and what is said of each.
    pub judged: JudgedFeatures,
    /// Those that have values, and too few for anything to be said.
    pub few: Vec<String>,
    /// Those that are watched and could not be judged, whatever the reason: of them nothing is said.
    pub lost: Vec<String>,
    /// Where nothing is said of anything that is watched, since there are too few values: those of what is nearest to enough of them.
    pub too_few: Option<Few>,
    /// The map of the profile, as a document.
    pub document: Value,
}

/// Values that are too few for anything to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Few {
    /// How many there are: one or more.
    pub found: u64,
    /// How many are enough.
    pub needed: u64,
}

impl Few {
    /// How many more are enough.
    fn more(self) -> u64 {
        self.needed.saturating_sub(self.found)
    }

    fn write(self) -> Value {
        let count = |count: u64| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
        Value::list([count(self.found), count(self.needed)])
    }

    fn read(written: &Value) -> Option<Self> {
        let [found, needed]: [u64; 2] = from_value(written).ok()?;
        Some(Self { found, needed })
    }
}

impl WatchSpec {
    /// The name of the kind.
    pub const KIND: &'static str = "Watch";

    /// A task of this name.
    pub fn new(id: &str, baseline: Baseline) -> Self {
        Self { head: Head::new(id), baseline: Arc::new(baseline) }
    }
}

impl Task for WatchSpec {
    fn head(&self) -> &Head {
        &self.head
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn scope(&self) -> Scope {
        Scope::Window
    }

    fn subtitle(&self) -> Subtitle {
        Subtitle::default()
    }

    fn build(&self, _cx: &mut Build<'_>) -> Option<Built> {
        let watch = Watch(self.baseline.clone());
        Some(Built { node: Box::new(watch.clone()), explain: Arc::new(watch) })
    }

    fn to_value(&self) -> Option<Value> {
        None
    }
}

/// The node, and what explains its outcome.
#[derive(Clone, Debug)]
struct Watch(Arc<Baseline>);

impl Node<Subject, Measured> for Watch {
    fn kind(&self) -> &'static str {
        WatchSpec::KIND
    }

    fn waits(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, cx: Cx<'a, '_>) -> Step<'a, Measured> {
        Step::Ready(self.look(&cx))
    }
}

impl Explain for Watch {
    fn message(&self, _verdict: Option<Verdict>, measured: &Measured) -> String {
        let Some(seen) = measured.found().and_then(Seen::read) else { return String::new() };
        let (judged, drifted) = (seen.judged.len(), seen.drifted.len());
        match seen.too_few {
            Some(Few { found, needed }) => format!("too few values: {found} of {needed}"),
            None => format!("{drifted} of {judged} features drifted"),
        }
    }
}

impl Watch {
    fn look(&self, cx: &Cx<'_, '_>) -> NodeResult<Measured> {
        let window = cx.input.window.as_ref();
        let window = window.ok_or_else(|| NodeError::new("look at a window: this is but one record"))?;
        let seen = match &*self.0 {
            Baseline::Psi(profile) => {
                let map = psi(profile, window)?;
                self.seen(map.drifted(), map.judged(), &map.absent, &map)
            }
            Baseline::Spc(profile) => {
                let map = spc(profile, window)?;
                self.seen(map.drifted(), map.judged(), &map.absent, &map)
            }
            Baseline::Custom(profile) => {
                let map = metrics(profile, window)?;
                self.seen(map.alerts(), map.judged(), &map.absent, &map)
            }
        }?;
        let has_drifted = !seen.drifted.is_empty();
        let verdict = match (has_drifted, seen.judged.is_empty()) {
            (true, _) => Verdict::Failed,
            (false, false) => Verdict::Passed,
            (false, true) => Verdict::NotApplicable,
        };
        let value = Measured::of(Value::Bool(has_drifted)).with_found(seen.write());
        Ok(Output { value, verdict: Some(verdict) })
    }

    fn seen<'m, D: Document>(
        &self,
        drifted: impl Iterator<Item = &'m str>,
        judged: JudgedFeatures,
        absent: &IndexMap<String, Absent>,
        map: &D,
    ) -> Result<Seen, NodeError> {
        let few_of = |name: &str| match absent.get(name) {
            Some(Absent::TooFew { needed, found }) if *found > 0 => {
                Some(Few { found: *found, needed: *needed })
            }
            _ => None,
        };
        let watched = self.0.watched();
        let nearest = watched.iter().filter_map(|name| few_of(name)).min_by_key(|few| few.more());
        let too_few = nearest.filter(|_| !watched.iter().any(|name| judged.contains_key(*name)));
        let few = self.0.features().into_iter().filter(|name| few_of(name).is_some());
        let few = few.map(str::to_owned).collect();
        let lost = watched.iter().filter(|name| !judged.contains_key(**name));
        let lost = lost.map(|name| (*name).to_owned()).collect();
        let document =
            write(map).map_err(|error| NodeError::new(format!("write down what was found: {error}")))?;
        Ok(Seen { drifted: drifted.map(str::to_owned).collect(), judged, few, lost, too_few, document })
    }
}

fn psi(profile: &PsiProfile, window: &Window) -> Result<PsiMap, NodeError> {
    let alerts = &profile.config.alert_config;
    let (mut enough, mut few) = (Vec::new(), Vec::new());
    for (name, feature) in &profile.features {
        let Some(State::Counts(counts)) = window.state(name) else { return Err(no_state(name)) };
        // A row without a value is one of these: that values are missing is drift too.
        let rows = counts.rows();
        // Where the baseline has too few, no rows that come make up for it, and none are waited for.
        let is_known = feature.baseline.counts.rows() >= profile.fewest_before();
        if is_known && (1..alerts.min_values).contains(&rows) {
            few.push((name, Absent::TooFew { needed: alerts.min_values, found: rows }));
        } else {
            enough.push((name.clone(), counts.clone()));
        }
    }
    let mut map = profile.compare_enough(enough);
    for (name, absent) in few {
        if is_watched(&alerts.features_to_monitor, name) {
            map.lost.push(name.clone());
        }
        map.absent.insert(name.clone(), absent);
    }
    Ok(map)
}

fn spc(profile: &SpcProfile, window: &Window) -> Result<SpcMap, NodeError> {
    let rules = &profile.config.alert_config.rule;
    let charts = profile.features.iter().map(|(name, feature)| match window.state(name) {
        Some(State::Points(points)) => Ok((name.clone(), feature.baseline.judge(points.clone(), rules))),
        _ => Err(no_state(name)),
    });
    Ok(profile.compare(charts.collect::<Result<Vec<_>, _>>()?))
}

fn metrics(profile: &CustomProfile, window: &Window) -> Result<CustomMap, NodeError> {
    let windows = profile.custom_metrics.iter().map(|metric| match window.state(&metric.name) {
        Some(State::Metric(values)) => Ok((metric.name.clone(), (**values).clone())),
        _ => Err(no_state(&metric.name)),
    });
    Ok(profile.compare(&windows.collect::<Result<_, _>>()?))
}

fn no_state(name: &str) -> NodeError {
    NodeError::new(format!("compare with the baseline: there is no state of `{name}` of its method"))
}

const DRIFTED: &str = "drifted";
const JUDGED: &str = "judged";
const FEW: &str = "few";
const LOST: &str = "lost";
const TOO_FEW: &str = "too_few";
const DOCUMENT: &str = "document";

impl Seen {
    /// As the node shows it to others.
    fn write(self) -> Value {
        let names = |names: Vec<String>| Value::list(names.into_iter().map(Value::from));
        let judged = self.judged.into_iter().map(|(name, Judged { drifted, said })| {
            (name, Value::list([Value::Bool(drifted), Value::from(said)]))
        });
        Value::map([
            (DRIFTED, names(self.drifted)),
            (FEW, names(self.few)),
            (LOST, names(self.lost)),
            (JUDGED, Value::map(judged)),
            (TOO_FEW, self.too_few.map_or(Value::Null, Few::write)),
            (DOCUMENT, self.document),
        ])
    }

    /// What the [node](WatchSpec) found; `None` of anything else.
    pub fn read(found: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_text().map(str::to_owned);
        let names = |key| -> Option<Vec<String>> { found.get(key)?.as_list()?.iter().map(text).collect() };
        let judged = found.get(JUDGED)?.as_map().into_iter().flat_map(Map::iter).map(|(name, value)| {
            let [drifted, said] = value.as_list()? else { return None };
            Some((name.to_string(), Judged { drifted: drifted.as_bool()?, said: text(said)? }))
        });
        Some(Self {
            drifted: names(DRIFTED)?,
            few: names(FEW)?,
            lost: names(LOST)?,
            judged: judged.collect::<Option<_>>()?,
            too_few: match found.get(TOO_FEW)? {
                Value::Null => None,
                few => Some(Few::read(few)?),
            },
            document: found.get(DOCUMENT)?.clone(),
        })
    }
}
