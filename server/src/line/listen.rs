//! Where to listen, as it is said.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The port where none is said.
const PORT: u16 = 8000;

/// Reads an address: `127.0.0.1:8000`, `[::1]:8000` or `localhost:8000`, with the usual port where none is said. Other names are not looked up: who
/// could reach the server would depend on what answers.
///
/// # Errors
/// It is none, with what to say.
pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let ip = text.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')).unwrap_or(text);
    if let Ok(ip) = ip.parse::<IpAddr>() {
        return Ok((ip, PORT).into());
    }
    let (name, port) = text.split_once(':').unwrap_or((text, ""));
    let port = if port.is_empty() { Some(PORT) } else { port.parse().ok() };
    if let (true, Some(port)) = (name.eq_ignore_ascii_case("localhost"), port) {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let alone = text.strip_prefix(':').unwrap_or(text);
    Err(match alone.parse::<u16>() {
        Ok(port) => format!(
            "which address is not said: `127.0.0.1:{port}` is this machine alone, `0.0.0.0:{port}` all that others reach it by"
        ),
        Err(_) => {
            "it has the form `127.0.0.1:8000`, `[::1]:8000` or `localhost:8000`; other names are not looked up".to_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_a_port() {
        for (text, address) in [
            ("127.0.0.1:9000", "127.0.0.1:9000"),
            ("127.0.0.1", "127.0.0.1:8000"),
            ("[::1]:9000", "[::1]:9000"),
            ("[::1]", "[::1]:8000"),
            ("::1", "[::1]:8000"),
            ("localhost", "127.0.0.1:8000"),
            ("Localhost:9000", "127.0.0.1:9000"),
            ("localhost:0", "127.0.0.1:0"),
        ] {
            assert_eq!(listen(text), Ok(address.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_port_alone_does_not_say_who_may_come() {
        for text in ["8000", ":8000"] {
            let why = listen(text).unwrap_err();
            assert!(why.contains("`127.0.0.1:8000`") && why.contains("`0.0.0.0:8000`"), "{text}: {why}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_with_one_that_is() {
        for text in
            ["", "nowhere", "example.org:80", "localhost:many", "127.0.0.1:99999", "http://127.0.0.1:8000"]
        {
            let why = listen(text).unwrap_err();
            assert!(why.contains("`127.0.0.1:8000`") && why.contains("not looked up"), "{text}: {why}");
        }
    }
}
