//! Checks as data: what a user writes down (a *spec*), what it compiles to (a *node* of
//! [`scouter_engine`]) and what comes out (an *outcome*).
//!
//! | module | what it holds |
//! |---|---|
//! | [`operator`] | what an assertion can say about a value |
//! | [`value`] | JSON values with exact numbers, and how they compare |

pub mod operator;
pub mod value;
pub mod trace;
