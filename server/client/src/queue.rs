//! The queue.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use scouter_engine::Clock;
use scouter_wire::receipt::RefusalCode;
use scouter_wire::records::{Record, Uid};
use tokio::runtime;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::buffer::size;
use crate::destination::Destination;
use crate::lane::{Lane, Mark};
use crate::options::{LARGEST_RECORD, LONGEST, Options};
use crate::server::Server;
use crate::spools::Spools;
use crate::stats::{Odd, Stats};
use crate::teller::Teller;
use crate::worker;

/// Records on their way to the server: a lane for each profile, and a thread that empties them. It is started by the first record.
///
/// Dropped, it takes nothing in any more, and its thread sends what it holds for ten seconds at most.
#[derive(Debug)]
pub struct Queue(Arc<Shared>);

/// What became of a record that was pushed.
#[derive(Debug)]
pub enum Pushed {
    /// It was taken in, or dropped, and is counted.
    Done,
    /// There is no room, and it is to wait for some: it is not counted yet.
    NoRoom(Record),
}

/// What the queue and its thread share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) lanes: Vec<Lane>,
    pub(crate) options: Options,
    pub(crate) server: Server,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) teller: Teller,
    pub(crate) spools: Spools,
    /// Something waits to be sent, or it is urgent now.
    pub(crate) wake: Notify,
    /// A pause after a failure is to end.
    pub(crate) hurry: Notify,
    /// How many wait for everything to be sent.
    pub(crate) urgent: AtomicUsize,
    /// By when everything is to be sent, once the queue is closed.
    pub(crate) closing: watch::Sender<Option<Instant>>,
    started: AtomicBool,
    /// The thread, once it runs.
    thread: OnceLock<ThreadId>,
    /// Something left its lane, or the thread has ended; and whether that is so.
    moved: Condvar,
    ended: Mutex<bool>,
}

/// For how long a queue that is dropped is emptied.
const LAST: Duration = Duration::from_secs(10);

impl Queue {
    /// A queue with a lane for each of these places. Its thread tells `teller` what a lane has to tell that nobody asked for by [`Queue::news`].
    pub fn new(
        to: Vec<Destination>,
        options: Options,
        server: Server,
        clock: Arc<dyn Clock>,
        teller: Teller,
    ) -> Self {
        let lanes: Vec<Lane> = to.into_iter().map(|to| Lane::new(to, &options)).collect();
        Self(Arc::new(Shared {
            spools: Spools::of(&options, &lanes),
            lanes,
            options,
            server,
            clock,
            teller,
            wake: Notify::new(),
            hurry: Notify::new(),
            urgent: AtomicUsize::new(0),
            closing: watch::Sender::new(None),
            started: AtomicBool::new(false),
            thread: OnceLock::new(),
            moved: Condvar::new(),
            ended: Mutex::new(false),
        }))
    }

    /// Counts a record, and gives it its identifier; none where sampling leaves it out, which ends it.
    pub fn begin(&self, lane: usize) -> Option<Uid> {
        self.0.lanes[lane].begin(self.0.clock.now())
    }

    /// Counts a record that has an identifier already, such as one that was given out before; none where sampling leaves it out, which ends it.
    pub fn begin_as(&self, lane: usize, uid: Uid) -> Option<Uid> {
        self.0.lanes[lane].begin_as(uid)
    }

    /// Counts a record that sampling never leaves out, and gives it its identifier: one of requests, a share of which would be taken for all of them.
    pub fn begin_whole(&self, lane: usize) -> Option<Uid> {
        self.0.lanes[lane].begin_whole(self.0.clock.now())
    }

    /// Takes in a record that was begun.
    pub fn push(&self, lane: usize, record: Record) -> Pushed {
        let bytes = size(&record.body);
        if bytes > LARGEST_RECORD {
            let reason = format!("it takes {bytes} bytes: {LARGEST_RECORD} are the most");
            self.refuse(lane, &RefusalCode::TooLarge, reason);
            return Pushed::Done;
        }
        let (pushed, wakes) = self.0.lanes[lane].push(record, &*self.0.clock);
        if wakes {
            self.wake(lane);
        }
        pushed
    }

    /// Counts a request to the application, which took so many seconds. Those of thirty seconds leave as one record.
    pub fn observe(&self, lane: usize, route: &str, seconds: f64, status: i64) {
        if self.0.lanes[lane].observe(route, seconds, status, self.0.clock.now()) {
            self.wake(lane);
        }
    }

    /// Counts a record that was begun, and is none of its profile.
    pub fn refuse(&self, lane: usize, code: &RefusalCode, reason: String) {
        if self.0.lanes[lane].refuse(code, reason, self.0.clock.now()) {
            self.wake(lane);
        }
    }

    /// Counts values of a record, by the names of their features, that the baseline of the profile has none like. They are told as what is lost is.
    pub fn remark(&self, lane: usize, odd: &[(&str, Odd)]) {
        if self.0.lanes[lane].remark(odd, self.0.clock.now()) {
            self.wake(lane);
        }
    }

    /// Waits until there is room for a record in its lane, for so long at most.
    pub fn wait_for_room(&self, lane: usize, record: &Record, most: Duration) {
        self.0.lanes[lane].wait_for_room(record, most);
    }

    /// Counts a record for which there was no room for too long.
    pub fn give_up(&self, lane: usize) {
        self.0.lanes[lane].give_up(self.0.clock.now());
    }

    /// What became of a lane's records.
    pub fn stats(&self, lane: usize) -> Stats {
        self.0.lanes[lane].stats()
    }

    /// What a lane has to tell of what is lost or fails: once a minute at most, or, in the end, whatever was not told.
    pub fn news(&self, lane: usize, end: bool) -> Option<Stats> {
        let lane = &self.0.lanes[lane];
        // Asked for at each record, so no clock is looked at where there is nothing.
        if end || lane.has_news() { lane.news(end, self.0.clock.now()) } else { None }
    }

    /// In the child of a fork, before the queue is forgotten there: lets go of the files of the spool, which are the parent's. Those are left as they
    /// are where the parent was reading or writing one at that moment; they can be taken over once this process has ended, too.
    pub fn leave(&self) {
        self.0.spools.leave();
    }

    /// Asks for everything that waits to be sent at once.
    pub fn flush(&self) -> Flush {
        let until = self.0.lanes.iter().map(Lane::mark).collect();
        self.0.urgent.fetch_add(1, Ordering::Relaxed);
        self.0.wake.notify_one();
        self.0.hurry.notify_one();
        Flush { shared: Arc::clone(&self.0), until }
    }

    /// Takes nothing in any more, and sends what is held: for so long at most, then it is given up. Only the first time counts.
    pub fn close(&self, most: Duration) {
        self.0.close(most);
    }

    /// Waits until the thread has ended after [`Queue::close`], for so long at most; whether it has.
    pub fn wait_for_end(&self, most: Duration) -> bool {
        self.0.wait(most, || false)
    }

    /// Whether the queue's own thread asks, as where its teller does: its end is not to be waited for there.
    pub fn is_own_thread(&self) -> bool {
        self.0.thread.get() == Some(&thread::current().id())
    }

    /// The same queue for someone who only ends it.
    pub fn ender(&self) -> Ender {
        Ender(Arc::clone(&self.0))
    }

    fn wake(&self, lane: usize) {
        if self.0.started.swap(true, Ordering::AcqRel) {
            self.0.wake.notify_one();
        } else if let Err(error) = start(&self.0) {
            // The next record that is the first to wait tries again.
            self.0.started.store(false, Ordering::Release);
            let why = format!("start a thread: {error}");
            self.0.lanes[lane].failed(&why, self.0.clock.now());
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.0.close(LAST);
    }
}

/// Ends a queue that somebody else holds, or has dropped.
#[derive(Debug, Clone)]
pub struct Ender(Arc<Shared>);

impl Ender {
    /// As [`Queue::close`].
    pub fn close(&self, most: Duration) {
        self.0.close(most);
    }

    /// As [`Queue::wait_for_end`].
    pub fn wait_for_end(&self, most: Duration) -> bool {
        self.0.wait(most, || false)
    }

    /// Whether the queue is closed and its thread has ended.
    pub fn has_ended(&self) -> bool {
        *self.0.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for everything to be sent that waited when it was made.
#[derive(Debug)]
pub struct Flush {
    shared: Arc<Shared>,
    until: Vec<Mark>,
}

impl Flush {
    /// Waits for so long at most; whether nothing of it waits any more.
    pub fn wait(&self, most: Duration) -> bool {
        let done = || {
            let lanes = self.shared.lanes.iter().zip(&self.until);
            lanes.into_iter().all(|(lane, until)| lane.has_left(until))
        };
        self.shared.wait(most, done);
        done()
    }

    /// Ends it once nothing of it waits any more. Whether the server has all that came since the one before was ended: nothing of it is lost. What is lost is
    /// told once, to all who wait then, so that the next one speaks of what comes after it. One that is dropped tells of nothing.
    pub fn end(self) -> bool {
        let lanes = self.shared.lanes.iter().zip(&self.until);
        // Every lane is asked: what it has lost by now is told.
        lanes.filter(|(lane, until)| lane.tell_lost(until)).count() == 0
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        self.shared.urgent.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    fn close(&self, most: Duration) {
        // Before the thread hears of the end: it takes what there is then for all that will ever be.
        self.lanes.iter().for_each(Lane::close);
        let first = self.closing.send_if_modified(|closing| {
            let first = closing.is_none();
            closing.get_or_insert_with(|| Instant::now() + most.min(LONGEST));
            first
        });
        if !first {
            return;
        }
        self.wake.notify_one();
        if !self.started.swap(true, Ordering::AcqRel) {
            // There is no thread: nothing came, or it could not be started.
            worker::give_up(self);
            self.end();
        }
    }

    /// Tells whoever waits that something has moved.
    pub(crate) fn moved(&self) {
        let _ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        self.moved.notify_all();
    }

    fn end(&self) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.moved.notify_all();
    }

    /// Waits until the thread has ended or something is so, for so long at most; whether the thread has ended.
    fn wait(&self, most: Duration, is_so: impl Fn() -> bool) -> bool {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.moved.wait_timeout_while(ended, most, |ended| !*ended && !is_so());
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Tells that the thread has ended, however it did.
struct End(Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.end();
    }
}

fn start(shared: &Arc<Shared>) -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let end = End(Arc::clone(shared));
    let run = move || {
        let _ = end.0.thread.set(thread::current().id());
        runtime.block_on(worker::work(&end.0));
        end.0.spools.end();
        // Connections are closed before anybody hears of the end.
        drop(runtime);
        drop(end);
    };
    thread::Builder::new().name("scouter-queue".to_owned()).spawn(run).map(drop)
}
