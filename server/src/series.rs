//! Drift over time: what jobs found, put together into some points, and what they have yet to look at.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use scouter_drift::psi::psi;
use scouter_tasks::profile::{CustomProfile, PsiProfile, SpcProfile};
use scouter_wire::drift::{BinnedDrift, BinnedMetric, BinnedMetricStats, BinnedPsi, BinnedSpc, OpenWindow};
use uuid::Uuid;

use crate::jobs::{Open, OpenWindows};
use crate::registry::{Layout, Profile};
use crate::store::{Measures, Rollup, Store, StoreError, Window};

/// A stretch of time that is cut into parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The stretch. It is not empty.
    pub window: Window,
    /// How many parts it has: one or more.
    pub parts: u32,
}

impl Span {
    fn micros(&self, until: DateTime<Utc>) -> i128 {
        i128::from(until.timestamp_micros()) - i128::from(self.window.began.timestamp_micros())
    }

    /// In which part a window is: where its middle is, so that what arrived in a day is in that day, though a job looks at it on the next.
    /// As a window does, a part holds its end and not its beginning. One that began long before the whole stretch is in the first.
    fn part(&self, Window { began, ended }: Window) -> u32 {
        let whole = self.micros(self.window.ended).max(1);
        let middle = (self.micros(began) + self.micros(ended)).div_euclid(2);
        let part = (middle - 1) * i128::from(self.parts) / whole;
        u32::try_from(part).unwrap_or(0).min(self.parts.saturating_sub(1))
    }

    /// Whether all windows of a roll-up are in it, and in one part.
    fn holds(&self, Rollup { first, last, .. }: &Rollup) -> bool {
        first.ended > self.window.began
            && last.ended <= self.window.ended
            && self.part(*first) == self.part(*last)
    }

    /// When a part begins.
    fn begins(&self, part: u32) -> DateTime<Utc> {
        let into = self.micros(self.window.ended) * i128::from(part) / i128::from(self.parts.max(1));
        self.window.began + TimeDelta::microseconds(i64::try_from(into).unwrap_or(0))
    }

    /// The time of the point that has a window.
    fn point(&self, window: Window) -> DateTime<Utc> {
        self.begins(self.part(window))
    }
}

/// How many points of features an answer has at most, and how many numbers are held for it.
const POINTS: usize = 500_000;
const NUMBERS: usize = 8_000_000;

/// How many parts a stretch of time may have: fewer where a profile has very many features.
pub fn most_parts(profile: &Profile) -> u32 {
    let layout = Layout::of(profile);
    let most = (POINTS / layout.places.len().max(1)).min(NUMBERS / width(&layout).max(1));
    u32::try_from(most.clamp(1, 10_000)).unwrap_or(1)
}

/// How many counts a window has.
fn width(layout: &Layout) -> usize {
    layout.counts.values().last().map_or(layout.places.len(), |last| last.end)
}

type Points = BTreeMap<DateTime<Utc>, Measures>;

/// Windows that are put together as they come, so that memory is bounded by the number of parts.
struct Sum {
    uid: Uuid,
    span: Span,
    /// How many counts a window has.
    len: usize,
    points: Points,
    /// When the newest of them ended.
    newest: Option<DateTime<Utc>>,
}

impl Sum {
    fn add(&mut self, window: Window, measures: Measures) -> Result<(), StoreError> {
        let at = self.span.point(window);
        self.newest = self.newest.max(Some(window.ended));
        let fits = measures.counts.len() == self.len
            && match self.points.get_mut(&at) {
                Some(point) => point.merge(&measures),
                None => self.points.insert(at, measures).is_none(),
            };
        if fits {
            return Ok(());
        }
        let why = format!("what ended at {} has other features than its profile", window.ended);
        Err(StoreError::Damaged { what: format!("the drift of `{}`", self.uid), why })
    }

    /// Adds the window that is open, unless its job has come to an end meanwhile: what it found is there then.
    fn add_open(&mut self, open: Open) -> Result<Option<OpenWindow>, StoreError> {
        let Open { window, rows, measures } = open;
        if self.newest > Some(window.began) {
            return Ok(None);
        }
        self.add(window, measures)?;
        let Window { began, ended: until } = window;
        Ok(Some(OpenWindow { created_at: self.span.point(window), began, until, rows }))
    }
}

/// What jobs found of a profile over time, and what has come since the last window ended, where the time reaches until now.
///
/// # Errors
/// As [`series`].
pub async fn series_until_now(
    store: &Store,
    windows: &OpenWindows,
    uid: Uuid,
    profile: &Profile,
    span: Span,
) -> Result<BinnedDrift, StoreError> {
    // Before what was found: a job that comes to its end in between is seen by that.
    let open = windows.look(store, uid, profile).await?;
    put_together(store, uid, profile, span, open).await
}

/// What jobs found of a profile over time. Of windows that were put together already, those that lie in one part are read as one.
///
/// # Errors
/// The database cannot be reached, or holds what does not fit the profile.
pub async fn series(
    store: &Store,
    uid: Uuid,
    profile: &Profile,
    span: Span,
) -> Result<BinnedDrift, StoreError> {
    put_together(store, uid, profile, span, None).await
}

async fn put_together(
    store: &Store,
    uid: Uuid,
    profile: &Profile,
    span: Span,
    open: Option<Open>,
) -> Result<BinnedDrift, StoreError> {
    let layout = Layout::of(profile);
    let mut sum = Sum { uid, span, len: width(&layout), points: Points::new(), newest: None };
    let mut singly = Singly { until: span.window.began, stretches: Vec::new() };
    let add = |rollup: Rollup| {
        if span.holds(&rollup) {
            singly.until = rollup.last.ended;
            sum.add(rollup.last, rollup.measures)
        } else {
            singly.read_until(rollup.last.ended.min(span.window.ended));
            Ok(())
        }
    };
    store.rollups(uid, span.window, add).await?;
    singly.read_until(span.window.ended);
    store.measures(uid, &singly.stretches, |window, measures| sum.add(window, measures)).await?;
    let open = match open {
        Some(open) => sum.add_open(open)?,
        None => None,
    };
    let points = sum.points;
    Ok(match profile {
        Profile::Psi(profile) => BinnedDrift::Psi { features: indices(profile, &layout, &points), open },
        Profile::Spc(profile) => BinnedDrift::Spc { features: charts(profile, &points), open },
        Profile::Custom(profile) => BinnedDrift::Custom { metrics: metrics(profile, &points), open },
        // No job looks at what came for it, so nothing was found.
        Profile::GenAI(_) => BinnedDrift::Custom { metrics: BTreeMap::new(), open },
    })
}

/// The stretches of time whose windows are read one by one: about one for each part, since those that touch are one.
struct Singly {
    /// Up to here windows are read, or will be.
    until: DateTime<Utc>,
    stretches: Vec<Window>,
}

impl Singly {
    fn read_until(&mut self, ended: DateTime<Utc>) {
        let began = std::mem::replace(&mut self.until, ended);
        match self.stretches.last_mut() {
            Some(last) if last.ended == began => last.ended = ended,
            _ if began < ended => self.stretches.push(Window { began, ended }),
            _ => {}
        }
    }
}

fn indices(profile: &PsiProfile, layout: &Layout, points: &Points) -> BTreeMap<String, BinnedPsi> {
    let mut whole: Option<Measures> = None;
    for point in points.values() {
        match &mut whole {
            // They have one form: they were merged.
            Some(whole) => {
                let _ = whole.merge(point);
            }
            None => whole = Some(point.clone()),
        }
    }
    let features = profile.features.iter().map(|(name, feature)| {
        let index = |measures: &Measures| {
            let counts = layout.counts_of(name, &measures.counts);
            let index = psi(&feature.baseline.counts, &counts, feature.baseline.zero_bins).ok()?;
            Some((index.psi, counts))
        };
        let mut binned = BinnedPsi::default();
        for (at, point) in points {
            if let Some((psi, _)) = index(point) {
                binned.created_at.push(*at);
                binned.psi.push(psi);
            }
        }
        if let Some((psi, counts)) = whole.as_ref().and_then(index) {
            let rows = counts.rows() as f64;
            binned.overall_psi = Some(psi);
            binned.bins = counts.bins.iter().map(|count| *count as f64 / rows).collect();
        }
        (name.clone(), binned)
    });
    features.collect()
}

fn charts(profile: &SpcProfile, points: &Points) -> BTreeMap<String, BinnedSpc> {
    let features = profile.features.keys().enumerate().map(|(place, name)| {
        let mut binned = BinnedSpc::default();
        for (at, mean, _) in of(points, place) {
            binned.created_at.push(at);
            binned.values.push(mean);
        }
        (name.clone(), binned)
    });
    features.collect()
}

fn metrics(profile: &CustomProfile, points: &Points) -> BTreeMap<String, BinnedMetric> {
    let metrics = profile.custom_metrics.iter().enumerate().map(|(place, metric)| {
        let mut binned = BinnedMetric { metric: metric.name.clone(), ..BinnedMetric::default() };
        for (at, avg, variance) in of(points, place) {
            let deviation = variance.sqrt();
            binned.created_at.push(at);
            binned.stats.push(BinnedMetricStats {
                avg,
                lower_bound: avg - deviation,
                upper_bound: avg + deviation,
            });
        }
        (metric.name.clone(), binned)
    });
    metrics.collect()
}

/// When, the mean, and the variance, where there are values.
fn of(points: &Points, place: usize) -> impl Iterator<Item = (DateTime<Utc>, f64, f64)> + '_ {
    points.iter().filter_map(move |(at, point)| {
        let count = *point.counts.get(place)?;
        let squares = point.squares.get(place).copied().unwrap_or(0.0);
        (count > 0)
            .then(|| (*at, point.means.get(place).copied().unwrap_or(f64::NAN), squares / count as f64))
    })
}
