//! What opens a provider's door.

use std::fmt::Debug;
use std::sync::Arc;

use crate::Answer;
use crate::Secret;

/// A key, or something that makes tokens.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A key or a token that lasts as long as it is needed.
    Key(Secret),
    /// Tokens that expire, such as Google Cloud's, which last an hour.
    Tokens(Arc<dyn TokenSource>),
}

/// Something that makes tokens.
pub trait TokenSource: Send + Sync + Debug {
    /// A token that is good now. It is asked before every request, so it keeps what it has.
    ///
    /// # Errors
    /// Where none can be had.
    fn token(&self) -> Answer<'_, Secret>;
}
