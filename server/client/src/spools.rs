//! The spools of all lanes.

use std::io;

use bytes::Bytes;

use crate::lane::Origin;
use crate::options::SpoolOptions;
use crate::parcel::Parcel;
use crate::queue::Shared;
use crate::spool::{Piece, Spool};

/// The spools of all lanes; none where the queue has no spool.
#[derive(Debug)]
pub(crate) struct Spools(Vec<Spool>);

/// A batch from a spool.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) lane: usize,
    pub(crate) origin: Origin,
    pub(crate) parcel: Parcel,
}

impl Spools {
    pub(crate) fn of(shared: &Shared) -> Self {
        let spool = |options: &SpoolOptions| {
            shared.lanes.iter().map(|lane| Spool::new(options.clone(), lane.to.profile())).collect()
        };
        Self(shared.options.spool.as_ref().map(spool).unwrap_or_default())
    }

    /// Takes over what processes left that are gone.
    pub(crate) fn adopt(&mut self, shared: &Shared) {
        for (lane, spool) in self.0.iter_mut().enumerate() {
            if let Err(error) = spool.adopt() {
                failed(shared, lane, &error);
            }
        }
    }

    /// Whether there is a spool at all.
    pub(crate) fn are_there(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether there is something in them.
    pub(crate) fn have_some(&self) -> bool {
        self.0.iter().any(Spool::has_some)
    }

    /// Puts a parcel into the spools of its lanes. What they do not take.
    pub(crate) fn keep(&mut self, shared: &Shared, parcel: Parcel) -> Vec<Parcel> {
        if !self.are_there() {
            return vec![parcel];
        }
        let mut left = Vec::new();
        for parcel in parcel.by_lane() {
            let [part] = &parcel.parts[..] else {
                left.push(parcel);
                continue;
            };
            match self.0[part.lane].keep(&parcel.body) {
                Ok(()) => shared.lanes[part.lane].spooled(part),
                Err(error) => {
                    failed(shared, part.lane, &error);
                    left.push(parcel);
                }
            }
        }
        left
    }

    /// A batch that is to be sent.
    pub(crate) fn first(&mut self, shared: &Shared) -> Option<Kept> {
        for (lane, spool) in self.0.iter_mut().enumerate() {
            loop {
                let (piece, unreadable) = spool.first();
                if unreadable > 0 {
                    shared.lanes[lane].unreadable(unreadable, shared.clock.now());
                }
                let Some(Piece { body, own }) = piece else { break };
                if let Some(parcel) = Parcel::read(lane, body.clone()) {
                    let origin = if own { Origin::Spool } else { Origin::Earlier };
                    return Some(Kept { lane, origin, parcel });
                }
                shared.lanes[lane].unreadable(1, shared.clock.now());
                spool.settled(&body);
            }
        }
        None
    }

    /// The first batch of a lane is settled.
    pub(crate) fn settled(&mut self, lane: usize, body: &Bytes) {
        self.0[lane].settled(body);
    }

    /// Puts two batches in the place of the first of a lane.
    ///
    /// # Errors
    /// They cannot be written; the first is there still.
    pub(crate) fn divide(&mut self, lane: usize, body: &Bytes, halves: &[Parcel; 2]) -> io::Result<()> {
        self.0[lane].divide(body, halves.each_ref().map(|half| &half.body[..]))
    }
}

fn failed(shared: &Shared, lane: usize, error: &io::Error) {
    shared.lanes[lane].failed(&format!("the spool: {error}"), shared.clock.now());
}
