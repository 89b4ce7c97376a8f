//! Who is let in, and what they may do.
//!
//! | module | what it holds |
//! |---|---|
//! | `grants` | roles in spaces |
//! | `random` | texts that nobody guesses, and what is kept of them |
//! | `password` | passwords: which can be one, their hashes, how often they are tried |
//! | `attempts` | names for which a wrong password was given |
//! | `key` | API keys |
//! | `secret` | what tokens are signed with, and where that is kept |
//! | `token` | access tokens |
//! | `local` | requests that come from this machine |
//! | `caller` | who a request is from |
//! | `first` | the first administrator |
//! | `login` | from a password to tokens, and on from there |

mod attempts;
mod caller;
mod first;
mod grants;
mod key;
mod local;
mod login;
mod password;
mod random;
mod secret;
mod token;

#[cfg(test)]
mod tests;

pub use caller::{Access, Caller, Denied};
pub use first::{FirstError, FirstUser};
pub use grants::{Grant, Grants, NoGrant, Role};
pub use key::{Key, NoKey, check_key, named};
pub use login::LoginError;
pub use password::{Unfit, check_name, check_password, hash, one_time};
pub use random::NoRandomness;
pub(crate) use secret::FILE as SECRET_FILE;
pub use secret::{SecretError, SecretSource, SigningSecret};
