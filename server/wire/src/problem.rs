//! Errors of the API: problem details (RFC 9457) with a code that does not change.

use serde::{Deserialize, Serialize};

use crate::words::words;

/// Why a request was not carried out.
///
/// ```
/// use scouter_wire::problem::{Problem, ProblemCode};
///
/// let problem = Problem::new(ProblemCode::Overloaded, "the queue is full").after(2);
/// let json = r#"{"title":"Overloaded","status":429,"detail":"the queue is full","code":"overloaded","retry_after":2}"#;
/// assert_eq!(serde_json::to_string(&problem)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// The kind of problem, for people.
    #[serde(default)]
    pub title: String,
    /// The status of HTTP.
    pub status: u16,
    /// This one, for people.
    #[serde(default)]
    pub detail: String,
    /// The kind of problem, for programs.
    pub code: ProblemCode,
    /// After how many seconds it is worth trying again; none where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The number of the request, by which the server's log tells of it: that of the header `X-Request-Id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

words! {
    /// Why a request was not carried out.
    ProblemCode {
        /// The body cannot be read.
        Malformed = "malformed",
        /// The body is well formed and says what cannot be, such as a profile that is none.
        Invalid = "invalid",
        /// Who asks has not said who it is.
        Unauthenticated = "unauthenticated",
        /// Who asks may not do that.
        Forbidden = "forbidden",
        /// It is not there.
        NotFound = "not_found",
        /// It does not work that way.
        MethodNotAllowed = "method_not_allowed",
        /// It took too long to arrive.
        Timeout = "timeout",
        /// It is there already, and differs.
        Conflict = "conflict",
        /// The body is too large, or has too many records.
        TooLarge = "too_large",
        /// The body is of a type, or packed in a way, that is not read here.
        Unsupported = "unsupported",
        /// More arrives than can be kept. Nothing of the request was.
        Overloaded = "overloaded",
        /// Something went wrong here.
        Internal = "internal",
        /// The database cannot be reached, or the server is about to stop.
        Unavailable = "unavailable",
    }
}

impl ProblemCode {
    /// The status of HTTP that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Timeout => 408,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Unsupported => 415,
            Self::Invalid => 422,
            Self::Overloaded => 429,
            Self::Internal | Self::Other(_) => 500,
            Self::Unavailable => 503,
        }
    }

    fn title(&self) -> &str {
        match self {
            Self::Malformed => "Malformed",
            Self::Invalid => "Invalid",
            Self::Unauthenticated => "Not authenticated",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::Timeout => "Timeout",
            Self::Conflict => "Conflict",
            Self::TooLarge => "Too large",
            Self::Unsupported => "Unsupported type",
            Self::Overloaded => "Overloaded",
            Self::Internal => "Internal error",
            Self::Unavailable => "Unavailable",
            Self::Other(word) => word,
        }
    }
}

impl Problem {
    /// A problem that trying again does not solve.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        let (title, status) = (code.title().to_owned(), code.status());
        Self { title, status, detail: detail.into(), code, retry_after: None, request_id: None }
    }

    /// The same, worth trying again after so many seconds.
    #[must_use]
    pub fn after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }
}
