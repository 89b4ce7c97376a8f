//! Which addresses may be reached.

use crate::alerts::reach::{Reach, Unreachable};

fn reach(allowed: &[&str]) -> Reach {
    Reach::new(allowed.iter().map(|network| network.parse().unwrap()).collect())
}

#[test]
fn addresses_that_are_not_public_may_not_be_reached() {
    for address in [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "198.19.255.255",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "64:ff9b::7f00:1",
        "3fff::1",
        "::127.0.0.1",
    ] {
        assert!(!reach(&[]).may(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn public_addresses_may_be_reached() {
    for address in [
        "1.1.1.1",
        "100.63.0.1",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "198.17.0.1",
        "2606:4700::1111",
        "2001:4860:4860::8888",
    ] {
        assert!(reach(&[]).may(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn networks_that_are_allowed_may_be_reached_and_no_others() {
    let reach = reach(&["10.1.0.0/16", "fd00::/8"]);
    for (address, may) in [
        ("10.1.255.1", true),
        ("::ffff:10.1.0.1", true),
        ("10.2.0.1", false),
        ("fd01::1", true),
        ("127.0.0.1", false),
    ] {
        assert_eq!(reach.may(address.parse().unwrap()), may, "{address}");
    }
}

#[tokio::test]
async fn a_name_is_judged_by_where_it_leads() {
    let refused = reach(&[]).addresses("localhost", 80).await.unwrap_err();
    assert!(
        matches!(&refused, Unreachable::NotPublic { host, address } if host == "localhost" && address.is_loopback()),
        "{refused}"
    );
    let found = reach(&["127.0.0.0/8", "::1/128"]).addresses("localhost", 80).await.unwrap();
    assert!(found.iter().all(|address| address.ip().is_loopback() && address.port() == 80));
    assert!(matches!(reach(&[]).addresses("[::1]", 80).await, Err(Unreachable::NotPublic { .. })));
}

#[test]
fn an_address_in_a_url_is_judged_before_anything_is_sent_and_a_name_is_not() {
    for (url, away) in [
        ("http://127.0.0.1:18999/h", true),
        ("http://10.1.0.1/h", false),
        ("https://[::1]/h", true),
        ("https://1.1.1.1", false),
        ("smtp+plain://192.168.1.1:25", true),
        ("smtp://[fd00::1]", true),
        ("smtp://10.1.0.1", false),
        ("https://localhost/h", false),
        ("smtps://mail.example", false),
    ] {
        let looked = reach(&["10.1.0.0/16"]).check(&url.parse().unwrap());
        assert_eq!(matches!(looked, Err(Unreachable::NotPublic { .. })), away, "{url}");
    }
}
