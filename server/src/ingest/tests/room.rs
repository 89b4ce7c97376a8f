//! Room that rows did not get is there for others.

use uuid::Uuid;

use super::super::room::{NoRoom, Place, Room};
use crate::store::BinCountsRow;

/// A row of a little less than so many units of room.
fn row(units: usize) -> BinCountsRow {
    let counts = vec![0; units * 1024 / 8 - 16];
    BinCountsRow { profile: Uuid::nil(), uid: Uuid::nil(), counts }
}

/// How many rows of a unit there is room for.
fn left(room: &Room) -> usize {
    let mut place: Place<BinCountsRow> = room.place();
    (0..1_000).take_while(|_| place.push(row(1)).is_ok()).count()
}

#[test]
fn rows_that_were_refused_give_back_what_they_held() {
    let room = Room::of(8 << 10);
    assert_eq!(left(&room), 8);
    let mut held: Place<BinCountsRow> = room.place();
    held.push(row(5)).unwrap();
    for units in [4, 9] {
        let mut place: Place<BinCountsRow> = room.place();
        place.push(row(1)).unwrap();
        let refused = place.push(row(units)).unwrap_err();
        assert_eq!(refused, if units == 9 { NoRoom::TooLarge } else { NoRoom::Full });
        // What it held before is its own until it is dropped.
        assert_eq!(left(&room), 2);
        drop(place);
        assert_eq!(left(&room), 3);
    }
    drop(held);
    assert_eq!(left(&room), 8);
}
