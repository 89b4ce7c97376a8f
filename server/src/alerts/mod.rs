//! People and programs are told of alerts: at least once, by one of any number of servers.
//!
//! | module | what it holds |
//! |---|---|
//! | `options` | who is told besides those whom profiles name, and the secrets for it |
//! | `target` | who is told, without any secret |
//! | `words` | what is told, in words |
//! | `reach` | which addresses may be reached |
//! | `slack`, `opsgenie`, `pager_duty`, `webhook`, `mail`, `console` | each way of telling |
//! | `sender` | all of them |
//! | `dispatcher` | who sends what is due, and when it is tried again |

mod console;
mod dispatcher;
mod mail;
mod opsgenie;
mod options;
mod pager_duty;
mod reach;
mod sender;
mod slack;
mod target;
mod webhook;
mod words;

#[cfg(test)]
mod tests;

pub use dispatcher::Dispatcher;
pub use options::AlertOptions;
pub use reach::Unreachable;
pub use sender::{SendError, Sender, SetupError};
pub use target::{Routes, Target};
