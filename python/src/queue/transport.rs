//! How records and calls get to the server, as Python says it.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use scouter_client::{Auth, Inbox, Server};

use super::inbox::PyInbox;
use crate::errors;

/// Where a `MockConfig` keeps what it is given; `None` of anything else.
fn kept_by(config: &Bound<'_, PyAny>) -> Option<Inbox> {
    let inbox = config.getattr("_inbox").ok()?;
    let inbox = inbox.cast::<PyInbox>().ok()?;
    Some(inbox.get().0.clone())
}

/// The transport that is used, `HttpConfig()` where none is given, and the server that it names.
pub(super) fn transport<'py>(
    py: Python<'py>,
    given: Option<Bound<'py, PyAny>>,
) -> PyResult<(Bound<'py, PyAny>, Server)> {
    if let Some(config) = &given
        && let Some(inbox) = kept_by(config)
    {
        let nobody = Server::new("http://localhost", Auth::None).map_err(errors::value)?;
        return Ok((config.clone(), nobody.replaced_by(inbox)));
    }
    let http = py.import("scouter.transport")?.getattr("HttpConfig")?;
    let config = match given {
        Some(config) if config.is_instance(&http)? => config,
        None => http.call0()?,
        Some(other) => {
            let class = other.get_type().fully_qualified_name()?;
            return Err(PyTypeError::new_err(format!(
                "`transport_config` is a `{class}`: records are sent over HTTP, by an `HttpConfig`"
            )));
        }
    };
    // What it holds may have been set since.
    config.call_method0("_check")?;
    let text = |name: &str| -> PyResult<Option<String>> {
        let text: Option<String> = config.getattr(name)?.extract()?;
        Ok(text.filter(|text| !text.is_empty()))
    };
    let auth = match (text("auth_token")?, text("username")?) {
        (Some(token), _) => Auth::Token(token),
        (None, Some(user)) => Auth::Password { user, password: text("password")?.unwrap_or_default() },
        (None, None) => Auth::None,
    };
    let address: String = config.getattr("server_uri")?.extract()?;
    let server = Server::new(&address, auth).map_err(errors::value)?;
    Ok((config, server))
}
