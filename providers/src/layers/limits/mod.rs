//! Limits: calls in flight, requests and tokens a minute.

mod flight;
mod layer;
mod minute;

pub use layer::{LimitSettings, Limited, Limits};
