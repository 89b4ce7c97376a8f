//! What stands around a provider: each layer is a model around a model and knows of no other.

mod budget;
mod cache;
mod cassette;
mod cost;
mod fuse;
mod jitter;
mod limits;
mod outlook;
mod retry;
mod stack;
mod timeout;
mod trace;
mod turns;

pub use budget::{Budget, Budgeted, Ledger, Used};
pub use cache::{Cached, DiskCache};
pub use cassette::{Cassette, CassetteError, CassetteMode, Recorded};
pub use cost::{Dollars, Long, Price, Priced, Prices};
pub use fuse::{Fuse, Fused};
pub use jitter::Jitter;
pub use limits::{LimitSettings, Limited, Limits};
pub use outlook::Outlook;
pub use retry::{Backoff, Retry};
pub use stack::Stack;
pub use timeout::Timed;
pub use trace::Traced;
