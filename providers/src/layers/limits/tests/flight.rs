use super::*;

/// Fills all places and gives them back.
async fn round(flight: &Flight, load: Load) {
    let mut taken = Vec::new();
    for _ in 0..flight.size() {
        taken.push(flight.place().await);
    }
    for place in taken {
        place.went(load);
    }
}

/// The same while others wait for every place that is given back.
async fn busy_round(flight: &Flight, load: Load) {
    let mut taken = Vec::new();
    for _ in 0..flight.size() {
        taken.push(flight.place().await);
    }
    let mut next = Vec::new();
    for place in taken {
        place.went(load);
        while let Some(place) = futures_util::FutureExt::now_or_never(flight.place()) {
            next.push(place);
        }
    }
}

#[tokio::test]
async fn it_doubles_with_every_round_until_it_is_too_much() {
    let flight = Flight::new(4, 100);
    for size in [8, 16, 32] {
        busy_round(&flight, Load::Answered).await;
        assert_eq!(flight.size(), size);
    }
}

#[tokio::test]
async fn it_halves_once_for_all_calls_that_were_too_much_together() {
    let flight = Flight::new(16, 100);
    round(&flight, Load::Refused(None)).await;
    assert_eq!(flight.size(), 8);
    round(&flight, Load::Refused(None)).await;
    assert_eq!(flight.size(), 4);
}

#[tokio::test]
async fn it_never_falls_below_one() {
    let flight = Flight::new(1, 100);
    round(&flight, Load::Refused(None)).await;
    assert_eq!(flight.size(), 1);
    round(&flight, Load::Answered).await;
}

#[tokio::test]
async fn it_never_grows_above_the_most() {
    let flight = Flight::new(2, 3);
    for _ in 0..20 {
        round(&flight, Load::Answered).await;
    }
    assert_eq!(flight.size(), 3);
}

#[tokio::test]
async fn after_it_was_too_much_it_grows_slowly() {
    let flight = Flight::new(16, 100);
    round(&flight, Load::Refused(None)).await;
    round(&flight, Load::Answered).await;
    assert!(flight.size() <= 9, "{}", flight.size());
}

#[tokio::test]
async fn places_that_are_owed_are_not_given_out_again() {
    let flight = Flight::new(8, 100);
    let mut taken = Vec::new();
    for _ in 0..8 {
        taken.push(flight.place().await);
    }
    taken.pop().unwrap().went(Load::Refused(None));
    taken.truncate(4);
    // Four are still in flight and four are allowed: the next has to wait.
    assert!(futures_util::FutureExt::now_or_never(flight.place()).is_none());
    taken.pop();
    assert!(futures_util::FutureExt::now_or_never(flight.place()).is_some());
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_wants_to_be_left_alone_is_left_alone() {
    let flight = Flight::new(4, 4);
    let start = Instant::now();
    flight.place().await.went(Load::Refused(Some(Duration::from_secs(7))));
    flight.place().await.went(Load::Answered);
    assert_eq!(start.elapsed().as_secs(), 7);
}

#[tokio::test]
async fn a_call_that_is_abandoned_gives_its_place_back() {
    let flight = Flight::new(1, 1);
    drop(flight.place().await);
    assert!(futures_util::FutureExt::now_or_never(flight.place()).is_some());
}
