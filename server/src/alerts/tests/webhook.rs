//! Signatures of webhooks.

use scouter_providers::Secret;

use crate::alerts::SetupError;
use crate::alerts::webhook::Webhook;

fn webhook(secret: &str) -> Result<Webhook, SetupError> {
    Webhook::new("https://example.com".parse().unwrap(), &Secret::new(secret))
}

/// The example of Standard Webhooks, worked out by Python's `hmac` too.
#[test]
fn a_signature_is_that_of_standard_webhooks() {
    let webhook = webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signature =
        webhook.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn a_secret_that_is_none_is_told_without_saying_it() {
    for secret in ["password", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
        let error = webhook(secret).err().unwrap().to_string();
        assert!(error.starts_with("`SCOUTER_WEBHOOK_SECRET` is no secret of a webhook"), "{error}");
        assert!(secret == "whsec_" || !error.contains(secret), "{error}");
    }
}
