//! Why there was no answer, in words.

use std::error::Error;
use std::{io, iter};

use scouter_engine::causes;

/// An error with its causes, and what is probably behind it where that does not say so.
pub(crate) fn why(error: &(dyn Error + 'static)) -> String {
    let mut told = causes(error);
    if any(error, speaks_plainly) {
        told.push_str("; what answers there does not encrypt: its address begins with `http://`");
    } else if any(error, speaks_no_http) {
        told.push_str(
            "; what answers there speaks no HTTP: where it encrypts, its address begins with `https://`",
        );
    }
    told
}

fn any(error: &(dyn Error + 'static), is_so: fn(&(dyn Error + 'static)) -> bool) -> bool {
    iter::successors(Some(error), |error| error.source()).any(is_so)
}

fn speaks_plainly(error: &(dyn Error + 'static)) -> bool {
    // What an error of the system holds is passed over among its causes.
    let held = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let tls = held.map_or_else(|| error.downcast_ref(), |held| held.downcast_ref());
    matches!(tls, Some(rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType)))
}

fn speaks_no_http(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse)
}
