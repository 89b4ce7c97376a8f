//! The thread that sends.

use std::convert::Infallible;
use std::future::pending;
use std::mem;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::Client;
use scouter_engine::causes;
use scouter_wire::MAX_RECORDS;
use scouter_wire::receipt::{Receipt, RefusalCode, Refused};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use crate::backoff;
use crate::lane::{Lane, Origin, Waiting};
use crate::meant::Meant;
use crate::options::LONGEST;
use crate::parcel::{LARGEST, Parcel};
use crate::post::{Answer, post};
use crate::queue::Shared;
use crate::spools::Kept;

/// How often is looked for what processes left that are gone.
const LOOK: Duration = Duration::from_mins(1);
/// For how long the spool is emptied before what waits in memory has its turn.
const TURN: Duration = Duration::from_secs(1);
/// From when on a server that does not answer is taken to hang, and how often is looked then whether memory fills.
const HANGS: Duration = Duration::from_secs(2);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The way to the server, as it was found last.
struct Road {
    client: Option<Client>,
    /// How many attempts failed in a row, and how often in a row one was not let in.
    failures: u32,
    kept_out: u32,
    /// When what is in the spool may be sent again; all of it, where one was not let in.
    again: Instant,
}

/// Sends what waits, until the queue is closed and empty.
pub(crate) async fn work(shared: &Shared) {
    let mut road = Road { client: None, failures: 0, kept_out: 0, again: Instant::now() };
    let spools = &shared.spools;
    let mut look = Instant::now();
    let mut meant = Meant::default();
    let mut turn = 0;
    // Whether the server is to be asked about uids, once it has answered.
    let mut ask = false;
    // What left the memory and found no room on the disk.
    let mut aside = Vec::new();
    loop {
        tell(shared);
        if Instant::now() >= look {
            spools.adopt(shared);
            look = Instant::now() + LOOK;
            ask = spools.are_there();
        }
        let again = spools.have_some().then_some(road.again);
        let hurried = aside.is_empty() && wait(shared, again).await;
        let closing = shared.closing.borrow().is_some();
        let mut parcels: Vec<Parcel> =
            collect(shared, turn).into_iter().chain(mem::take(&mut aside)).collect();
        let last = closing && parcels.is_empty();
        if parcels.is_empty() {
            // What was refused instead of being sent has left too.
            shared.moved();
        }
        // Where the server was away a moment ago, memory is free sooner by way of the disk.
        if road.failures > 0 {
            parcels = parcels.into_iter().flat_map(|parcel| spools.keep(shared, parcel)).collect();
        }
        deliver(shared, &mut road, parcels).await;
        if ask && let Some(client) = road.open() {
            ask = false;
            learn(shared, client, &mut meant, &mut aside).await;
        }
        let due = Instant::now() >= road.again;
        if spools.have_some() && (due || road.closed_until().is_none() && (last || hurried)) {
            empty(shared, &mut road, &mut aside).await;
        }
        if last && aside.is_empty() {
            return;
        }
        turn += 1;
    }
}

/// Tells what is to be told. At the end whoever ends the queue does that, who may have what telling takes.
fn tell(shared: &Shared) {
    let now = shared.clock.now();
    for (at, lane) in shared.lanes.iter().enumerate() {
        if shared.closing.borrow().is_some() {
            return;
        }
        if lane.untold(now).is_some_and(|left| left.is_zero())
            && let Some(stats) = lane.news(true, now)
        {
            shared.teller.tell(at, &stats);
        }
    }
}

/// Gives up what waits.
pub(crate) fn give_up(shared: &Shared) {
    while let Some(parcel) = collect(shared, 0) {
        undelivered(shared, &parcel);
    }
}

/// Waits until there is something to send or to tell, or the queue is closed; whether somebody is in a hurry. What is in the spool may be sent `again` at
/// that time.
async fn wait(shared: &Shared, again: Option<Instant>) -> bool {
    let mut linger = None;
    loop {
        let waiting: Vec<Waiting> = shared.lanes.iter().map(Lane::waiting).collect();
        let most = waiting.iter().map(|waiting| waiting.records).max().unwrap_or_default();
        let counts = waiting.iter().filter_map(|waiting| waiting.counts).min();
        let closing = shared.closing.borrow().is_some();
        let urgent = shared.urgent.load(Ordering::Relaxed) > 0 && (most > 0 || counts.is_some());
        if closing || urgent || waiting.iter().any(|waiting| waiting.enough) {
            return false;
        }
        if most == 0 {
            linger = None;
        } else {
            linger.get_or_insert_with(|| Instant::now() + shared.options.linger.min(LONGEST));
        }
        let now = shared.clock.now();
        let told = shared.lanes.iter().filter_map(|lane| lane.untold(now)).min();
        let told = told.map(|left| Instant::now() + left);
        let until = [linger, counts, again, told].into_iter().flatten().min();
        tokio::select! {
            () = shared.wake.notified() => {}
            () = shared.hurry.notified(), if again.is_some() => return true,
            () = at(until) => return false,
        }
    }
}

/// Comes at a time, or never.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}

/// What has waited longest in each lane, beginning with another one each time.
fn collect(shared: &Shared, turn: usize) -> Option<Parcel> {
    let (mut records, mut bytes) = (MAX_RECORDS, LARGEST);
    let mut groups = Vec::new();
    let many = shared.lanes.len();
    let all = shared.urgent.load(Ordering::Relaxed) > 0 || shared.closing.borrow().is_some();
    for at in (0..many).map(|at| (at + turn) % many) {
        if records == 0 {
            break;
        }
        let lane = &shared.lanes[at];
        let taken = lane.take(records, bytes, all, shared.clock.now());
        if taken.is_empty() {
            continue;
        }
        let mut group = lane.to.group();
        group.reserve(taken.len());
        for record in taken {
            bytes = bytes.saturating_sub(crate::buffer::size(&record.body));
            records = records.saturating_sub(1);
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

/// Sends parcels until they are settled, lie in the spool, or their time is over. The last is the first.
async fn deliver(shared: &Shared, road: &mut Road, mut parcels: Vec<Parcel>) {
    let spools = &shared.spools;
    let mut closing = shared.closing.subscribe();
    while let Some(parcel) = parcels.pop() {
        let answer = tokio::select! {
            biased;
            () = overdue(shared.closing.subscribe(), road.closed_until()) => {
                for left in spools.keep(shared, parcel) {
                    undelivered(shared, &left);
                }
                continue;
            }
            answer = road.attempt(shared, &parcel) => answer,
            never = relieve(shared, &mut parcels) => match never {},
        };
        match answer {
            Answer::Kept(receipt) => {
                settle(shared, &parcel, &parcel.refusals(&receipt), Origin::Memory);
            }
            Answer::TooLarge(why) => match parcel.halves() {
                Ok([first, second]) => parcels.extend([second, first]),
                Err(parcel) => refuse(shared, &parcel, RefusalCode::TooLarge, &why, Origin::Memory),
            },
            Answer::Refused(code, why) => refuse(shared, &parcel, code, &why, Origin::Memory),
            Answer::Again { why, after, soon } => {
                let ending = closing.borrow_and_update().is_some();
                let pause = road.failed(shared, &parcel, &why, after, soon, ending);
                parcels.push(parcel);
                if spools.are_there() {
                    parcels = parcels.into_iter().flat_map(|parcel| spools.keep(shared, parcel)).collect();
                    shared.moved();
                    if parcels.is_empty() {
                        return;
                    }
                }
                tell(shared);
                // Who was not let in waits in any case, before the next attempt.
                if soon {
                    tokio::select! {
                        () = sleep(pause) => {}
                        () = shared.hurry.notified() => {}
                        _ = closing.changed() => {}
                        () = overdue(shared.closing.subscribe(), None) => {}
                    }
                }
            }
        }
    }
}

/// Has memory go to the disk as it fills, while an attempt waits for a server that hangs, or until it may be made. What finds no room there goes before all
/// `others`, of which the last is the first. It does not come to an end.
async fn relieve(shared: &Shared, others: &mut Vec<Parcel>) -> Infallible {
    if !shared.spools.are_there() {
        return pending().await;
    }
    sleep(HANGS).await;
    loop {
        while shared.lanes.iter().any(|lane| lane.waiting().enough) {
            let Some(parcel) = collect(shared, 0) else { break };
            let left = shared.spools.keep(shared, parcel);
            shared.moved();
            if !left.is_empty() {
                others.splice(0..0, left);
                return pending().await;
            }
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// Takes over what lies in the folder under other uids of the lanes' profiles, as far as the server says which. Where it cannot be asked, it is the next time.
/// What leaves the memory meanwhile and finds no room on the disk is put `aside`.
async fn learn(shared: &Shared, client: &Client, meant: &mut Meant, aside: &mut Vec<Parcel>) {
    let learnt = tokio::select! {
        biased;
        () = overdue(shared.closing.subscribe(), None) => return,
        learnt = meant.learn(shared, client) => learnt,
        never = relieve(shared, aside) => match never {},
    };
    if matches!(learnt, Ok(true)) {
        shared.spools.adopt(shared);
    }
}

/// Sends what is in the spools, until they are empty, the server cannot be reached, or the turn is over. What leaves the memory meanwhile and finds no
/// room on the disk is put `aside`.
async fn empty(shared: &Shared, road: &mut Road, aside: &mut Vec<Parcel>) {
    let spools = &shared.spools;
    let until = Instant::now() + TURN;
    while let Some(Kept { lane, origin, parcel }) = spools.first(shared) {
        let answer = tokio::select! {
            biased;
            () = overdue(shared.closing.subscribe(), road.closed_until()) => return,
            answer = road.attempt(shared, &parcel) => answer,
            never = relieve(shared, aside) => match never {},
        };
        let body = parcel.body.clone();
        match answer {
            Answer::Kept(receipt) => {
                spools.settled(lane, &body);
                settle(shared, &parcel, &parcel.refusals(&receipt), origin);
            }
            Answer::TooLarge(why) => match parcel.halves() {
                Ok(halves) => {
                    if let Err(error) = spools.divide(lane, &body, &halves) {
                        let [parcel, _] = halves;
                        road.failed(shared, &parcel, &format!("the spool: {error}"), None, true, false);
                        return;
                    }
                }
                Err(parcel) => {
                    spools.settled(lane, &body);
                    refuse(shared, &parcel, RefusalCode::TooLarge, &why, origin);
                }
            },
            Answer::Refused(code, why) => {
                spools.settled(lane, &body);
                refuse(shared, &parcel, code, &why, origin);
            }
            Answer::Again { why, after, soon } => {
                let ending = shared.closing.borrow().is_some();
                road.failed(shared, &parcel, &why, after, soon, ending);
                return;
            }
        }
        // At the end there are no other turns.
        if Instant::now() >= until && shared.closing.borrow().is_none() {
            return;
        }
    }
}

impl Road {
    /// The connections to a server that answered last.
    fn open(&self) -> Option<&Client> {
        self.client.as_ref().filter(|_| self.failures == 0)
    }

    /// Until when nothing is sent, whoever waits for it: who was not let in looks like somebody who guesses.
    fn closed_until(&self) -> Option<Instant> {
        (self.kept_out > 0).then_some(self.again)
    }

    /// Sends a parcel, as soon as that may be.
    async fn attempt(&mut self, shared: &Shared, parcel: &Parcel) -> Answer {
        if let Some(inbox) = shared.server.inbox() {
            inbox.take(parcel.body.clone());
            // What is not refused there is kept.
            return Answer::Kept(Receipt::default());
        }
        if let Some(until) = self.closed_until() {
            sleep_until(until).await;
        }
        let made = match self.client.take() {
            Some(made) => Ok(made),
            None => shared.server.client(),
        };
        let answer = match made {
            Ok(made) => post(self.client.insert(made), &shared.server, parcel.body.clone()).await,
            Err(error) => return Answer::Again { why: causes(&error), after: None, soon: true },
        };
        if !matches!(answer, Answer::Again { .. }) {
            (self.failures, self.kept_out) = (0, 0);
        }
        answer
    }

    /// Counts an attempt that failed; how long is to be waited now.
    fn failed(
        &mut self,
        shared: &Shared,
        parcel: &Parcel,
        why: &str,
        after: Option<Duration>,
        soon: bool,
        ending: bool,
    ) -> Duration {
        for part in &parcel.parts {
            shared.lanes[part.lane].failed(why, shared.clock.now());
        }
        let pause = if soon {
            self.kept_out = 0;
            backoff::pause(self.failures, backoff::drawn(), after, ending)
        } else {
            self.kept_out += 1;
            backoff::kept_out(self.kept_out - 1, backoff::drawn())
        };
        self.failures += 1;
        self.again = Instant::now() + pause;
        pause
    }
}

/// Comes when the time of a queue that is closed is over; at once where it will be before anything may be sent.
async fn overdue(mut closing: watch::Receiver<Option<Instant>>, not_before: Option<Instant>) {
    loop {
        let until = *closing.borrow_and_update();
        if let Some(until) = until {
            if not_before.is_none_or(|not_before| not_before < until) {
                sleep_until(until).await;
            }
            return;
        }
        if closing.changed().await.is_err() {
            return;
        }
    }
}

fn settle(shared: &Shared, parcel: &Parcel, refusals: &[Vec<(&Refused, u64)>], origin: Origin) {
    for (part, refusals) in parcel.parts.iter().zip(refusals) {
        shared.lanes[part.lane].settle(part, refusals, origin, shared.clock.now());
    }
    shared.moved();
}

fn refuse(shared: &Shared, parcel: &Parcel, code: RefusalCode, why: &str, origin: Origin) {
    let refused = Refused::new(None, code, why.to_owned());
    let all: Vec<Vec<(&Refused, u64)>> =
        parcel.parts.iter().map(|part| vec![(&refused, part.rows())]).collect();
    settle(shared, parcel, &all, origin);
}

fn undelivered(shared: &Shared, parcel: &Parcel) {
    for part in &parcel.parts {
        shared.lanes[part.lane].undelivered(part, shared.clock.now());
    }
    shared.moved();
}
