//! Which pairs hang together.

use std::collections::HashMap;

use scouter_drift::statistics::tango::ClusterPairs;
use uuid::Uuid;

use super::options::ClusterBy;
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
    Uid(Uuid),
}

fn key(row: &Row, by: ClusterBy) -> Option<Key<'_>> {
    let labels = row.labels.as_deref()?;
    let cluster = labels.cluster.as_deref().filter(|_| by == ClusterBy::Label).map(Key::Cluster);
    let case = || labels.case.as_deref().map(Key::Case);
    let record = || labels.trial.map(|_| row.id.as_deref().map_or(Key::Uid(row.uid), Key::Id));
    cluster.or_else(case).or_else(record)
}

impl Clusters {
    /// The clusters of pairs of rows, each the row of the compared run and that of the baseline. Where
    /// only one of them has labels, those count.
    pub(super) fn of<'r>(pairs: impl Iterator<Item = (&'r Row, &'r Row)>, by: ClusterBy) -> Self {
        if by == ClusterBy::Record {
            return Self::Alone;
        }
        let mut known: HashMap<Key<'_>, u32> = HashMap::new();
        let mut count = 0;
        let mut places = Vec::new();
        for (now, before) in pairs {
            let found = key(now, by).or_else(|| key(before, by));
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
