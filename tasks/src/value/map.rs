//! Objects that keep the order of their entries.

use smol_str::SmolStr;

use super::data::Value;

/// Beyond this many entries a lookup goes through the sorted index.
const SCAN: usize = 16;

/// An object: entries in the order in which they were written, keys unique.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Box<[(SmolStr, Value)]>,
    /// Positions in `entries`, by key; empty where a scan is as fast.
    sorted: Box<[u32]>,
}

impl Map {
    /// An object of entries whose keys are known to differ: the check for it is left out.
    pub fn of_unique(entries: Vec<(SmolStr, Value)>) -> Self {
        let sorted = if entries.len() > SCAN { positions(&entries) } else { Vec::new() };
        Self { entries: entries.into(), sorted: sorted.into() }
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let at = if self.sorted.is_empty() {
            self.entries.iter().position(|(name, _)| name == key)?
        } else {
            let found = self.sorted.binary_search_by(|&at| self.key(at).cmp(key)).ok()?;
            self.sorted[found] as usize
        };
        Some(&self.entries[at].1)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, in the order in which they were written.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&SmolStr, &Value)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    fn key(&self, at: u32) -> &str {
        &self.entries[at as usize].0
    }
}

impl FromIterator<(SmolStr, Value)> for Map {
    /// Of two entries with one key the later counts, as in every JSON reader users know.
    fn from_iter<T: IntoIterator<Item = (SmolStr, Value)>>(entries: T) -> Self {
        let mut entries: Vec<(SmolStr, Value)> = entries.into_iter().collect();
        if entries.len() <= SCAN {
            let mut at = 0;
            while at < entries.len() {
                if entries[at + 1..].iter().any(|(key, _)| *key == entries[at].0) {
                    entries.remove(at);
                } else {
                    at += 1;
                }
            }
            return Self { entries: entries.into(), sorted: Box::default() };
        }
        let mut sorted = positions(&entries);
        let unique = sorted.windows(2).all(|two| entries[two[0] as usize].0 != entries[two[1] as usize].0);
        if !unique {
            // The sort is stable: of equal keys the last position is the one that counts.
            let mut keep = vec![true; entries.len()];
            for two in sorted.windows(2) {
                keep[two[0] as usize] = entries[two[0] as usize].0 != entries[two[1] as usize].0;
            }
            let mut kept = keep.iter();
            entries.retain(|_| kept.next().copied().unwrap_or(true));
            sorted = if entries.len() > SCAN { positions(&entries) } else { Vec::new() };
        }
        Self { entries: entries.into(), sorted: sorted.into() }
    }
}

fn positions(entries: &[(SmolStr, Value)]) -> Vec<u32> {
    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let mut sorted: Vec<u32> = (0..count).collect();
    sorted.sort_by(|&a, &b| entries[a as usize].0.cmp(&entries[b as usize].0));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: impl IntoIterator<Item = (String, i64)>) -> Map {
        entries.into_iter().map(|(key, n)| (SmolStr::from(key), Value::Int(n))).collect()
    }

    #[test]
    fn large_and_small_maps_find_every_key_and_nothing_else() {
        for size in [0, 1, SCAN, SCAN + 1, 100] {
            let entries = (0..size).map(|n| (format!("key {n}"), i64::try_from(n).unwrap()));
            let map = map(entries.clone());
            for (key, n) in entries {
                assert_eq!(map.get(&key), Some(&Value::Int(n)));
            }
            assert_eq!(map.get("absent"), None);
        }
    }

    #[test]
    fn the_later_of_two_equal_keys_counts() {
        for size in [2, 40] {
            let doubled = (0..size).chain(0..size).map(|n| (format!("{n}"), n + 1000 * i64::from(n == 1)));
            let map = map(doubled.chain([("1".to_owned(), 7)]));
            assert_eq!(map.len(), usize::try_from(size).unwrap());
            assert_eq!(map.get("1"), Some(&Value::Int(7)));
            assert_eq!(map.get("0"), Some(&Value::Int(0)));
        }
    }

    #[test]
    fn entries_come_back_in_the_order_written() {
        let map = map((0..50).rev().map(|n| (format!("{n}"), n)));
        let keys: Vec<_> = map.iter().map(|(key, _)| key.to_string()).collect();
        assert_eq!(keys, (0..50).rev().map(|n| n.to_string()).collect::<Vec<_>>());
    }
}
