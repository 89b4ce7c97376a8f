//! Checks as data: what a user writes down (a *spec*), what it compiles to (a *node* of
//! [`scouter_engine`]) and what comes out (an *outcome*).
//!
//! | module | what it holds |
//! |---|---|
//! | [`trace`] | spans, the tree they form, filters, and what trace assertions measure |
//! | [`value`] | JSON values with exact numbers, and how they compare |

pub mod trace;
pub mod value;
