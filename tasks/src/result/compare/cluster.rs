//! Which pairs hang together.

use std::collections::HashMap;

use scouter_drift::statistics::tango::ClusterPairs;

use super::options::ClusterBy;
use super::pairing::Keyed;
use crate::result::row::Row;

/// The cluster of every pair.
#[derive(Debug)]
pub(super) enum Clusters {
    /// Each pair is alone.
    Alone,
    /// The cluster of each pair, counted from 0, and how many there are.
    Of(Vec<u32>, usize),
}

/// What a record belongs to.
#[derive(PartialEq, Eq, Hash)]
enum Key<'r> {
    Cluster(&'r str),
    Case(&'r str),
    Id(&'r str),
    /// The place of the record in the compared run.
    Record(u32),
}

fn label(row: &Row, by: ClusterBy) -> Option<Key<'_>> {
    let labels = row.labels.as_deref()?;
    let cluster = labels.cluster.as_deref().filter(|_| by == ClusterBy::Label).map(Key::Cluster);
    cluster.or_else(|| labels.case.as_deref().map(Key::Case))
}

impl Clusters {
    /// The clusters of pairs, each the place in the compared run and that in the baseline. Where only one of
    /// them has labels, those count; trials are those of the compared run.
    pub(super) fn of(pairs: &[(u32, u32)], now: &Keyed<'_>, before: &Keyed<'_>, by: ClusterBy) -> Self {
        if by == ClusterBy::Record {
            return Self::Alone;
        }
        let mut known: HashMap<Key<'_>, u32> = HashMap::new();
        let mut count = 0;
        let mut places = Vec::with_capacity(pairs.len());
        for (at, partner) in pairs {
            let row = now.row(*at);
            let trials =
                || row.trial().map(|_| row.id.as_deref().map_or(Key::Record(now.record(*at)), Key::Id));
            let found = label(row, by).or_else(|| label(before.row(*partner), by)).or_else(trials);
            let place = found.map_or(count, |key| *known.entry(key).or_insert(count));
            count += u32::from(place == count);
            places.push(place);
        }
        if count as usize == places.len() { Self::Alone } else { Self::Of(places, count as usize) }
    }

    /// The cluster of a pair.
    pub(super) fn place(&self, pair: usize) -> usize {
        match self {
            Self::Alone => pair,
            Self::Of(places, _) => places[pair] as usize,
        }
    }

    /// How many clusters there are of so many pairs.
    pub(super) fn count(&self, pairs: usize) -> usize {
        match self {
            Self::Alone => pairs,
            Self::Of(_, count) => *count,
        }
    }
}

/// How many pairs went which way, cluster by cluster where there are any.
#[derive(Clone, Debug, Default)]
pub(super) struct Gains {
    pub(super) all: ClusterPairs,
    /// Empty where each pair is alone.
    pub(super) clusters: Vec<ClusterPairs>,
}

impl Gains {
    pub(super) fn new(clusters: &Clusters) -> Self {
        let clusters = match clusters {
            Clusters::Alone => Vec::new(),
            Clusters::Of(_, count) => vec![ClusterPairs::default(); *count],
        };
        Self { all: ClusterPairs::default(), clusters }
    }

    /// Counts a pair that passed or failed on both sides.
    pub(super) fn add(&mut self, clusters: &Clusters, pair: usize, before: bool, now: bool) {
        let count = |of: &mut ClusterPairs| {
            of.n += 1;
            of.gained += u64::from(now && !before);
            of.lost += u64::from(before && !now);
        };
        count(&mut self.all);
        if let Clusters::Of(places, _) = clusters {
            count(&mut self.clusters[places[pair] as usize]);
        }
    }

    /// The clusters that have a pair.
    pub(super) fn told(&self) -> Vec<ClusterPairs> {
        self.clusters.iter().copied().filter(|cluster| cluster.n > 0).collect()
    }
}
