use axum::http::{HeaderMap, HeaderName, Uri};

use crate::access::local::{NotLocal, check};

fn checked(uri: &str, headers: &[(&'static str, &str)]) -> Result<(), NotLocal> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    check(&uri.parse::<Uri>().unwrap(), &map)
}

#[test]
fn this_machine_is_known_by_its_names() {
    for host in ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "127.9.9.9"] {
        assert_eq!(checked("/", &[("host", host)]), Ok(()), "{host}");
        assert_eq!(checked(&format!("http://{host}/"), &[]), Ok(()), "{host}");
    }
}

#[test]
fn a_name_that_only_leads_here_is_not_this_machine() {
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0", "10.0.0.1"] {
        assert_eq!(checked("/", &[("host", host)]), Err(NotLocal::Name), "{host}");
    }
    assert_eq!(checked("/", &[]), Err(NotLocal::Name));
}

#[test]
fn pages_of_other_hosts_are_not_let_in() {
    for (origin, expected) in [
        ("http://localhost:3000", Ok(())),
        ("https://evil.example", Err(NotLocal::Name)),
        ("null", Err(NotLocal::Name)),
    ] {
        assert_eq!(checked("/", &[("host", "127.0.0.1:8000"), ("origin", origin)]), expected, "{origin}");
    }
}

#[test]
fn what_came_through_a_proxy_is_not_let_in() {
    for name in ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"] {
        assert_eq!(
            checked("/", &[("host", "localhost"), (name, "10.0.0.1")]),
            Err(NotLocal::Proxy),
            "{name}"
        );
    }
}
