//! Formats of text.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use email_address::{EmailAddress, Options};
use jiter::Jiter;
use url::Url;
use uuid::Uuid;

use super::check::WrongKind;
use super::date;
use crate::value::Value;

#[derive(Clone, Copy, Debug)]
pub(super) enum Format {
    Email,
    Url,
    Uuid,
    Iso8601,
    Date,
    Json,
    IpAddress,
    Hex,
    Base64,
}

impl Format {
    pub(super) fn holds(self, actual: &Value) -> Result<bool, WrongKind> {
        let text = actual.as_text().ok_or(WrongKind { wanted: "text" })?;
        Ok(match self {
            Self::Email => is_email(text),
            Self::Url => is_url(text),
            // The crate also reads `{…}` and `urn:uuid:…`, which are no bare identifiers.
            Self::Uuid => matches!(text.len(), 32 | 36) && Uuid::try_parse(text).is_ok(),
            Self::Iso8601 => date::instant(text).is_some(),
            Self::Date => date::day(text).is_some(),
            Self::Json => is_json(text),
            Self::IpAddress => text.parse::<IpAddr>().is_ok(),
            Self::Hex => {
                let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            Self::Base64 => {
                !text.is_empty() && (STANDARD.decode(text).is_ok() || URL_SAFE.decode(text).is_ok())
            }
        })
    }
}

fn is_email(text: &str) -> bool {
    let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
    EmailAddress::parse_with_options(text, options).is_ok()
}

fn is_url(text: &str) -> bool {
    // The reader of URLs mends what browsers mend: it drops blanks and adds slashes.
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    plain && text.contains("://") && Url::parse(text).is_ok_and(|url| url.has_host())
}

fn is_json(text: &str) -> bool {
    let mut reader = Jiter::new(text.as_bytes());
    reader.next_skip().is_ok() && reader.finish().is_ok()
}

#[cfg(test)]
mod tests {
    use crate::operator::Operator;
    use crate::operator::tests::{cannot_judge, fails, passes};

    fn accepts(operator: Operator, good: &[&str], bad: &[&str]) {
        for text in good {
            passes(operator, &crate::value::quoted(text), "true");
        }
        for text in bad {
            fails(operator, &crate::value::quoted(text), "true");
        }
    }

    #[test]
    fn email_addresses_are_bare_and_have_a_domain_with_a_dot() {
        accepts(
            Operator::IsEmail,
            &["a@example.org", "first.last+tag@mail.example.co.uk", "ü@bücher.example"],
            &[
                "",
                "a",
                "a@",
                "@b.org",
                "a@localhost",
                "A <a@example.org>",
                "a@[127.0.0.1]",
                "a b@example.org",
            ],
        );
    }

    #[test]
    fn urls_are_absolute_with_a_host() {
        accepts(
            Operator::IsUrl,
            &["https://example.org", "http://localhost:8000/x?y=1#z", "s3://bucket/key", "http://[::1]/"],
            &[
                "",
                "example.org",
                "/path",
                "mailto:a@example.org",
                "http://",
                " https://example.org",
                "https:example.org",
            ],
        );
    }

    #[test]
    fn uuids_are_bare() {
        accepts(
            Operator::IsUuid,
            &["0192f0c1-2345-7abc-8def-0123456789ab", "0192F0C123457ABC8DEF0123456789AB"],
            &[
                "",
                "0192f0c1",
                "{0192f0c1-2345-7abc-8def-0123456789ab}",
                "0192f0c1-2345-7abc-8def-0123456789aZ",
            ],
        );
    }

    #[test]
    fn json_is_strict() {
        accepts(
            Operator::IsJson,
            &["{}", "1", " [1, \"x\"] ", "null", r#"{"a": {"b": [true]}}"#],
            &[
                "",
                "NaN",
                "{'a': 1}",
                "[1,]",
                "{} {}",
                "Infinity",
                "01",
                "```json\n{}\n```",
                "{\"a\": \"\u{1}\"}",
            ],
        );
        cannot_judge(Operator::IsJson, "{}", "true");
    }

    #[test]
    fn nested_json_of_any_depth_does_not_crash() {
        fails(Operator::IsJson, &crate::value::quoted(&"[".repeat(100_000)), "true");
    }

    #[test]
    fn addresses_and_encodings_are_told_from_text() {
        accepts(
            Operator::IsIpAddress,
            &["127.0.0.1", "::1", "2001:db8::1"],
            &["256.0.0.1", "1.2.3", "a", ""],
        );
        accepts(Operator::IsHex, &["00ff", "0xDEADbeef"], &["", "0x", "xyz", "12 34"]);
        accepts(Operator::IsBase64, &["aGVsbG8=", "-_-_", "TWFu"], &["", "aGVsbG8", "a b=", "äöü="]);
    }
}
