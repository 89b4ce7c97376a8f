//! Records and receipts as JSON.
//!
//! ```json
//! {"groups": [{"profile": "0195a5c0-0000-7000-8000-000000000001", "records": [
//!     {"uid": "…", "features": {"age": 41.5, "city": "Rome", "income": null}},
//!     {"uid": "…", "bins": {"age": {"bins": [3, 7], "other": 0, "unseen": 0, "missing": 1}}},
//!     {"uid": "…", "metrics": {"mae": 0.2}},
//!     {"uid": "…", "eval": {"context": {"question": "…"}, "id": "7", "session": "s", "trace": "…"}},
//!     {"uid": "…", "requests": {"/predict": {"count": 3, "errors": 1, "latency": {"p5": 0.1, …},
//!                                            "error_latency": 0.2, "statuses": {"200": 2, "500": 1}}}}
//! ]}]}
//! ```
//!
//! A feature is a number, a text, `null` where it is missing, or `true` and `false` for 1 and 0. What is not known is passed over.
//!
//! | module | what it holds |
//! |---|---|
//! | `read`, `write` | from JSON to records and back |
//! | `pairs` | objects as pairs, in their order, with each name once |
//! | `cell` | the value of a feature |
//! | `form` | what a record looks like in JSON |
//! | `schema` | what the description of the API says of it (feature `openapi`) |

mod cell;
mod form;
mod pairs;
mod read;
#[cfg(feature = "openapi")]
mod schema;
mod write;

pub use read::read_batch;
pub use write::write_batch;
