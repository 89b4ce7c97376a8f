use std::time::Duration;

use tokio::time::Instant;

use crate::access::attempts::Attempts;

fn failed(attempts: &Attempts, name: &str, many: u32, now: Instant) {
    for _ in 0..many {
        attempts.failed(name, now);
    }
}

#[test]
fn pauses_begin_after_a_few_failures_and_double_up_to_a_minute() {
    let now = Instant::now();
    for (many, seconds) in
        [(4, None), (5, Some(1)), (6, Some(2)), (10, Some(32)), (11, Some(60)), (90, Some(60))]
    {
        let attempts = Attempts::default();
        failed(&attempts, "ada", many, now);
        assert_eq!(attempts.wait("ada", now), seconds.map(Duration::from_secs), "{many}");
    }
}

#[test]
fn a_pause_is_of_one_name_and_ends() {
    let (attempts, now) = (Attempts::default(), Instant::now());
    failed(&attempts, "ada", 5, now);
    assert_eq!(attempts.wait("bob", now), None);
    assert_eq!(attempts.wait("ada", now + Duration::from_secs(1)), None);
}

#[test]
fn a_right_password_and_time_make_failures_forgotten() {
    let (attempts, now) = (Attempts::default(), Instant::now());
    failed(&attempts, "ada", 5, now);
    attempts.succeeded("ada");
    failed(&attempts, "ada", 4, now);
    let later = now + Duration::from_mins(15);
    attempts.failed("ada", later);
    assert_eq!(attempts.wait("ada", later), None);
}

#[test]
fn names_without_end_do_not_fill_the_memory() {
    let (attempts, now) = (Attempts::default(), Instant::now());
    for name in 0..25_000 {
        attempts.failed(&name.to_string(), now);
    }
    assert!(attempts.names() <= 10_000);
}
