//! A drawing for every feature.

use scouter_drift::{column::Unit, psi::Part};

use super::about::About;
use crate::counted::counted;
use crate::profile::{PsiFeature, PsiFeatureDrift, bin_label};
use crate::report::chart::{Share, control, histogram, says, shares};

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
        About::Spc(map) => map.features.get(name).map(|chart| {
            let alerts = &chart.drift.alerts;
            let mut notes: Vec<String> = alerts
                .iter()
                .take(MOST_ALERTS)
                .map(|alert| {
                    let seen = alert.points.last().map(|point| format!(", seen at point {point}"));
                    format!("{}{}", says(alert), seen.unwrap_or_default())
                })
                .collect();
            let more = chart.drift.alert_count() - notes.len() as u64;
            if more > 0 {
                notes.push(format!("and {}", counted(more, "more alert")));
            }
            let svg = chart.baseline.as_ref().map(|baseline| control(name, baseline, Some(&chart.drift)));
            Drawn { svg, notes }
        }),
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
