//! What is known of profiles has a bound in features.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use super::super::watched::{Cache, Kept, Watched};
use crate::registry::{Kind, Layout};

#[test]
fn profiles_that_were_found_longest_ago_make_room_for_others() {
    let begin = Instant::now();
    let profile = |features: usize, second: u64| {
        let absent: HashSet<_> = (1..features).map(|at| at.to_string()).collect();
        let read = Ok(Arc::new(Watched {
            space: String::new(),
            kind: Kind::Psi,
            layout: Layout::default(),
            bins: Vec::new(),
            absent,
        }));
        Kept { uid: Uuid::nil(), read, active: true, found: begin + Duration::from_secs(second) }
    };
    let mut cache = Cache::default();
    let there = |cache: &Cache| -> Vec<u128> {
        let mut uids: Vec<_> = cache.kept.keys().map(Uuid::as_u128).collect();
        uids.sort_unstable();
        uids
    };
    for at in 0..4 {
        cache.keep(Uuid::from_u128(at), profile(25, 10 - u64::try_from(at).unwrap()), 100);
    }
    assert_eq!(there(&cache), [0, 1, 2, 3]);
    // One that is found again takes no more room than before.
    cache.keep(Uuid::from_u128(3), profile(25, 20), 100);
    assert_eq!(there(&cache), [0, 1, 2, 3]);
    cache.keep(Uuid::from_u128(9), profile(30, 30), 100);
    assert_eq!(there(&cache), [0, 3, 9]);
    // One that is wider than all may be together is not kept.
    cache.keep(Uuid::from_u128(7), profile(200, 40), 100);
    assert_eq!(there(&cache), [0_u128; 0]);
}
