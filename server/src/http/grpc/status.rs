//! Problems as statuses.

use scouter_wire::problem::{Problem, ProblemCode};
use tonic::metadata::MetadataValue;
use tonic::{Code, Status};

use crate::http::body::Size;
use crate::http::problem::Failure;

/// Where it stands after how many milliseconds a client may try again: the name is one that clients of gRPC know.
const PUSHBACK: &str = "grpc-retry-pushback-ms";
/// The longest text, in bytes: it is a header, in which few kilobytes have room, and what it quotes of a message may be long.
const LONGEST: usize = 2000;

/// The status of what is a problem over HTTP, in the same words.
pub(super) fn status(failure: impl Into<Failure>) -> Status {
    let Failure(Problem { code, mut detail, retry_after, .. }) = failure.into();
    let code = match code {
        ProblemCode::Malformed | ProblemCode::Invalid => Code::InvalidArgument,
        ProblemCode::Unauthenticated => Code::Unauthenticated,
        ProblemCode::Forbidden => Code::PermissionDenied,
        ProblemCode::NotFound => Code::NotFound,
        ProblemCode::MethodNotAllowed | ProblemCode::Unsupported => Code::Unimplemented,
        ProblemCode::Conflict => Code::AlreadyExists,
        ProblemCode::TooLarge => Code::OutOfRange,
        ProblemCode::Overloaded => Code::ResourceExhausted,
        ProblemCode::Timeout | ProblemCode::Unavailable => Code::Unavailable,
        ProblemCode::Internal | ProblemCode::Other(_) => Code::Internal,
    };
    if detail.len() > LONGEST {
        detail.truncate(detail.floor_char_boundary(LONGEST));
        detail.push('…');
    }
    let mut status = Status::new(code, detail);
    if let Some(seconds) = retry_after {
        status.metadata_mut().insert(PUSHBACK, MetadataValue::from(seconds * 1000));
    }
    status
}

/// What the library says of a message that is too large once it is unpacked is what clients take for a full queue.
pub(super) fn unread(status: Status, size: Size) -> Status {
    if status.code() == Code::ResourceExhausted { Status::out_of_range(size.told) } else { status }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_status_quotes_is_cut_where_a_header_has_no_room_for_it() {
        let told = status(Problem::new(ProblemCode::Invalid, "é".repeat(LONGEST)));
        assert_eq!(told.message().len(), LONGEST + '…'.len_utf8());
        assert!(told.message().ends_with("é…"));
    }
}
