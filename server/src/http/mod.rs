//! The API over HTTP and gRPC, on one port.
//!
//! | module | what it holds |
//! |---|---|
//! | `serve` | the port, and how it is closed |
//! | `encryption` | what it is encrypted by, and that it goes by its files |
//! | `tls` | these: a certificate and its key |
//! | `router` | which operation is where |
//! | `guard` | who may do what |
//! | `parameters` | which parameters queries have |
//! | `auth` | `/v1/auth` |
//! | `keys` | `/v1/keys` |
//! | `records` | `POST /v1/records` |
//! | `profiles` | `/v1/profiles` |
//! | `grpc` | both over gRPC |
//! | `alerts` | `/v1/profiles/{uid}/alerts`, `/v1/alerts` |
//! | `drift` | `/v1/profiles/{uid}/drift` |
//! | `table` | `/v1/profiles/{uid}/records` |
//! | `evals` | `/v1/profiles/{uid}/evals` |
//! | `requests` | `/v1/profiles/{uid}/requests` |
//! | `jobs` | `/v1/profiles/{uid}/{run,job}` |
//! | `metrics` | `/metrics`, and what is counted of requests |
//! | `openapi` | `/openapi.json`: what all of them are, for programs |
//! | `answers` | what descriptions of operations have in common |
//! | `trace` | the number of a request, its span and its line in the log |
//! | `health` | `/healthz`, `/readyz` |
//! | `bounds` | what all of it is bounded by |
//! | `gate` | how many requests are under way at once |
//! | `body` | bodies that are read: bounded, unpacked, in time |
//! | `form` | the forms that batches and receipts have |
//! | `problem` | errors as answers |

mod alerts;
mod answers;
mod auth;
mod body;
mod bounds;
mod drift;
mod encryption;
mod evals;
mod form;
mod gate;
mod grpc;
mod guard;
mod health;
mod jobs;
mod keys;
mod metrics;
mod openapi;
mod parameters;
mod problem;
mod profiles;
mod records;
mod requests;
mod router;
mod serve;
mod table;
mod tls;
mod trace;

pub use bounds::Bounds;
pub use encryption::Encryption;
pub use openapi::openapi;
pub use router::{Api, router};
pub use serve::serve;
pub use tls::{Term, TlsError, TlsFiles};
