//! A piece of a window is bounded, however large its records are.

use super::super::columns::Columns;
use crate::registry::Layout;

/// How many records of a number and a text make a piece.
fn rows_of_a_piece(text: &str) -> usize {
    let mut columns = Columns::of(&Layout { numbers: 1, texts: 1, ..Layout::default() });
    while !columns.is_full() {
        assert!(columns.add((vec![1.0], Some(vec![Some(text.to_owned())]))));
    }
    columns.rows()
}

#[test]
fn a_piece_has_so_many_rows_or_so_many_bytes() {
    assert_eq!(rows_of_a_piece("AA"), 4096);
    // What an earlier version let in.
    assert_eq!(rows_of_a_piece(&"x".repeat(1 << 20)), 8);
    assert_eq!(rows_of_a_piece(&"x".repeat(100 << 20)), 1);
}
