//! A drawing for every feature.

use scouter_drift::{column::Unit, psi::Part, spc::Alert};

use super::about::About;
use super::cell::Cell;
use crate::counted::counted;
use crate::profile::{PsiFeature, PsiFeatureDrift, SpcFeatureDrift, bin_label};
use crate::report::chart::{Share, control, histogram, says, shares, spread};

/// How many alerts are told in words.
const MOST_ALERTS: usize = 12;

/// A feature drawn, and what is to be said beside it.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub(super) svg: Option<String>,
    pub(super) notes: Vec<String>,
}

/// The drawing of a feature.
pub(super) fn drawn(about: About<'_>, name: &str) -> Drawn {
    match about {
        About::Psi(map) => map.features.get(name).map(|drift| psi(name, drift)),
        About::Spc(map) => map.features.get(name).map(|chart| charts(name, chart)),
        About::PsiProfile(profile) => profile.features.get(name).map(|feature| bins(name, feature)),
        About::SpcProfile(profile) => profile
            .features
            .get(name)
            .map(|feature| Drawn { svg: Some(control(name, &feature.baseline, None)), notes: Vec::new() }),
        About::Data(profile) => profile.features.get(name).map(|feature| {
            let times = feature.datetime_stats.as_ref().map(|times| (&times.0, Unit::Moment));
            let stats = feature.numeric_stats.as_ref().map(|stats| (stats, Unit::Number)).or(times);
            let bars = stats.and_then(|(stats, unit)| Some((stats.histogram.as_ref()?, unit)));
            let words = feature.string_stats.iter().flat_map(|stats| &stats.words).take(8);
            let words: Vec<String> = words.map(|word| format!("{} ({})", word.word, word.count)).collect();
            let notes =
                if words.is_empty() { words } else { vec![format!("frequent: {}", words.join(", "))] };
            Drawn { svg: bars.map(|(bars, unit)| histogram(name, unit, &bars.edges, &bars.counts)), notes }
        }),
        About::Custom(_) | About::CustomProfile(_) | About::Distance(_) => None,
    }
    .unwrap_or_default()
}

/// The control chart, and the S chart where something is beyond its limits.
fn charts(name: &str, chart: &SpcFeatureDrift) -> Drawn {
    let drift = &chart.drift;
    let out = drift.deviations_out.len();
    let mut notes = told(drift.alerts.iter().cloned(), drift.alert_count(), "more alert");
    notes.extend(told(drift.spread_alerts(), out as u64, "more spread alert"));
    let svg = chart.baseline.as_ref().map(|baseline| {
        let shown = |apart: f64| Cell::apart(baseline.unit, apart).shown();
        let means = control(name, baseline, Some(drift));
        if out > 0 { means + &spread(name, baseline, drift, shown) } else { means }
    });
    Drawn { svg, notes }
}

/// The first of so many alerts in words, and how many more there are.
fn told(alerts: impl Iterator<Item = Alert>, count: u64, more: &str) -> Vec<String> {
    let in_words = |alert: Alert| {
        let seen = alert.points.last().map(|point| format!(", seen at point {point}"));
        format!("{}{}", says(&alert), seen.unwrap_or_default())
    };
    let mut notes: Vec<String> = alerts.take(MOST_ALERTS).map(in_words).collect();
    let left = count.saturating_sub(notes.len() as u64);
    if left > 0 {
        notes.push(format!("and {}", counted(left, more)));
    }
    notes
}

fn psi(name: &str, drift: &PsiFeatureDrift) -> Drawn {
    let bins = drift.drift.terms.iter().map(|term| Share {
        label: drift.label(term.part),
        baseline: term.baseline,
        current: Some((term.current, term.term)),
    });
    let merged = (drift.merged_bins > 0).then(|| {
        format!("merged, since values of the baseline repeat: {}", counted(drift.merged_bins, "bin"))
    });
    let svg = Some(shares(name, &bins.collect::<Vec<_>>()));
    Drawn { svg, notes: merged.into_iter().collect() }
}

fn bins(name: &str, feature: &PsiFeature) -> Drawn {
    let counts = &feature.baseline.counts;
    let rows = counts.rows().max(1) as f64;
    let bins = feature.baseline.bin_forms().into_iter().map(|bin| (bin_label(&bin), bin.count));
    let apart = counts.parts().filter_map(|(part, count)| match part {
        Part::Other => Some(("other categories".to_owned(), count)),
        Part::Missing => Some(("missing".to_owned(), count)),
        Part::Bin(_) | Part::Unseen => None,
    });
    let bins = bins.chain(apart.filter(|(_, count)| *count > 0));
    let bins = bins.map(|(label, count)| Share { label, baseline: count as f64 / rows, current: None });
    Drawn { svg: Some(shares(name, &bins.collect::<Vec<_>>())), notes: Vec::new() }
}
