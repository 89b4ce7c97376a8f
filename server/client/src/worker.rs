//! The thread that sends.

use std::sync::atomic::Ordering;

use reqwest::Client;
use ring::rand::{SecureRandom, SystemRandom};
use scouter_wire::MAX_RECORDS;
use scouter_wire::receipt::{RefusalCode, Refused};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use crate::backoff;
use crate::parcel::Parcel;
use crate::post::{Answer, post};
use crate::queue::Shared;
use crate::server::causes;

/// The most bytes that are sent at once, as records are counted here: less than a server takes, since some are larger there.
const LARGEST: usize = 3 << 20;

/// Sends what waits, until the queue is closed and empty.
pub(crate) async fn work(shared: &Shared) {
    let mut client = None;
    let mut turn = 0;
    loop {
        wait(shared).await;
        match collect(shared, turn) {
            Some(parcel) => deliver(shared, &mut client, parcel).await,
            None if shared.closing.borrow().is_some() => return,
            None => {}
        }
        turn += 1;
    }
}

/// Gives up what waits.
pub(crate) fn give_up(shared: &Shared) {
    while let Some(parcel) = collect(shared, 0) {
        undelivered(shared, &parcel);
    }
}

/// Waits until there is something to send, or the queue is closed.
async fn wait(shared: &Shared) {
    let mut until = None;
    loop {
        let waiting = || shared.lanes.iter().map(crate::lane::Lane::waiting);
        let most = waiting().max().unwrap_or_default();
        let urgent = shared.urgent.load(Ordering::Relaxed) > 0 || shared.closing.borrow().is_some();
        if most >= shared.options.enough() || urgent && (most > 0 || shared.closing.borrow().is_some()) {
            return;
        }
        if most == 0 {
            until = None;
            shared.wake.notified().await;
            continue;
        }
        let until = *until.get_or_insert_with(|| Instant::now() + shared.options.linger);
        tokio::select! {
            () = shared.wake.notified() => {}
            () = sleep_until(until) => return,
        }
    }
}

/// What has waited longest in each lane, beginning with another one each time.
fn collect(shared: &Shared, turn: usize) -> Option<Parcel> {
    let (mut records, mut bytes) = (MAX_RECORDS, LARGEST);
    let mut groups = Vec::new();
    let many = shared.lanes.len();
    for at in (0..many).map(|at| (at + turn) % many) {
        let lane = &shared.lanes[at];
        let taken = lane.take(records, bytes);
        if taken.is_empty() {
            continue;
        }
        let mut group = lane.to.group();
        group.reserve(taken.len());
        for record in taken {
            bytes = bytes.saturating_sub(crate::buffer::size(&record.body));
            records -= 1;
            let uid = record.uid;
            if let Err(Refused { code, reason, .. }) = group.push(record) {
                debug_assert!(false, "record {uid:?} does not fit its lane: {reason}");
                lane.refuse(&code, reason, shared.clock.now());
            }
        }
        groups.push((at, group));
    }
    (!groups.is_empty()).then(|| Parcel::of(groups))
}

/// Sends a parcel until it is settled, or its time is over.
async fn deliver(shared: &Shared, client: &mut Option<Client>, parcel: Parcel) {
    let mut closing = shared.closing.subscribe();
    let mut failures = 0;
    let mut parcels = vec![parcel];
    while let Some(parcel) = parcels.pop() {
        let answer = tokio::select! {
            biased;
            () = overdue(shared.closing.subscribe()) => {
                undelivered(shared, &parcel);
                continue;
            }
            answer = attempt(shared, client, &parcel) => answer,
        };
        match answer {
            Answer::Kept(receipt) => {
                failures = 0;
                settle(shared, &parcel, &parcel.refusals(&receipt));
            }
            Answer::TooLarge(why) => match parcel.halves() {
                Ok([first, second]) => parcels.extend([second, first]),
                Err(parcel) => refuse(shared, &parcel, RefusalCode::TooLarge, &why),
            },
            Answer::Refused(code, why) => refuse(shared, &parcel, code, &why),
            Answer::Again { why, after } => {
                for part in &parcel.parts {
                    shared.lanes[part.lane].failed(&why, shared.clock.now());
                }
                parcels.push(parcel);
                let ending = closing.borrow_and_update().is_some();
                let pause = backoff::pause(failures, drawn(), after, ending);
                failures += 1;
                tokio::select! {
                    () = sleep(pause) => {}
                    () = shared.hurry.notified() => {}
                    _ = closing.changed() => {}
                    () = overdue(shared.closing.subscribe()) => {}
                }
            }
        }
    }
}

async fn attempt(shared: &Shared, client: &mut Option<Client>, parcel: &Parcel) -> Answer {
    let made = match client.take() {
        Some(made) => Ok(made),
        None => shared.server.client(),
    };
    match made {
        Ok(made) => post(client.insert(made), &shared.server, parcel.body.clone()).await,
        Err(error) => Answer::Again { why: causes(&error), after: None },
    }
}

/// Comes when the time of a queue that is closed is over.
async fn overdue(mut closing: watch::Receiver<Option<Instant>>) {
    loop {
        let until = *closing.borrow_and_update();
        if let Some(until) = until {
            return sleep_until(until).await;
        }
        if closing.changed().await.is_err() {
            return;
        }
    }
}

fn settle(shared: &Shared, parcel: &Parcel, refusals: &[Vec<&Refused>]) {
    for (part, refusals) in parcel.parts.iter().zip(refusals) {
        shared.lanes[part.lane].settle(part.uids.len(), part.bytes, refusals, shared.clock.now());
    }
    shared.moved();
}

fn refuse(shared: &Shared, parcel: &Parcel, code: RefusalCode, why: &str) {
    let refused = Refused::new(None, code, why.to_owned());
    let all: Vec<Vec<&Refused>> = parcel.parts.iter().map(|part| vec![&refused; part.uids.len()]).collect();
    settle(shared, parcel, &all);
}

fn undelivered(shared: &Shared, parcel: &Parcel) {
    for part in &parcel.parts {
        shared.lanes[part.lane].undelivered(part.uids.len(), part.bytes, shared.clock.now());
    }
    shared.moved();
}

/// A random number from 0 to 1; where the system has none, the middle.
fn drawn() -> f64 {
    let mut random = [0; 4];
    match SystemRandom::new().fill(&mut random) {
        Ok(()) => f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}
