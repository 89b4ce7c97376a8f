//! What a status and the body with it mean.

use serde_json::Value;

use crate::ErrorKind;

/// The kind of an answer that is no success.
pub(super) fn kind(status: u16, body: Option<&Value>) -> ErrorKind {
    let error = body.map(inner);
    let word =
        |name: &str| error.and_then(|error| error.get(name)).and_then(Value::as_str).unwrap_or_default();
    let (code, r#type) = (word("code"), word("type"));
    let text = message(body).unwrap_or_default().to_lowercase();
    match status {
        // Google answers a wrong key with 400.
        400 if text.contains("api key not valid") || text.contains("api key expired") => {
            ErrorKind::Unauthorized
        }
        // Anthropic tells of used-up credit with 400, others with 402.
        400 if text.contains("credit balance") => ErrorKind::Quota,
        402 => ErrorKind::Quota,
        401 | 403 => ErrorKind::Unauthorized,
        429 if code == "insufficient_quota" || r#type == "insufficient_quota" => ErrorKind::Quota,
        429 => ErrorKind::RateLimited,
        400 | 404 if code == "model_not_found" || code == "DeploymentNotFound" => ErrorKind::UnknownModel,
        404 if text.contains("model") => ErrorKind::UnknownModel,
        408 | 409 | 425 | 500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::BadRequest,
    }
}

/// What the provider says, in the few forms that there are: `{"error": {"message"}}`,
/// `{"error": "…"}`, `{"message"}`, `{"detail"}`, and Gemini's list of one of the first.
pub(super) fn message(body: Option<&Value>) -> Option<String> {
    let inner = inner(body?);
    let text =
        inner.as_str().or_else(|| ["message", "detail"].iter().find_map(|name| inner.get(name)?.as_str()));
    text.map(str::to_owned)
}

/// The status of an error in the body of a success, as routers in front of several providers send
/// it: `{"error": {"code": 429, …}}`.
pub(super) fn hidden(body: &Value) -> Option<u16> {
    let code = body.get("error")?.get("code")?.as_u64()?;
    u16::try_from(code).ok().filter(|code| (400..600).contains(code))
}

fn inner(body: &Value) -> &Value {
    let body = body.as_array().and_then(|list| list.first()).unwrap_or(body);
    body.get("error").filter(|error| !error.is_null()).unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn used_up_quota_is_not_a_rate_limit() {
        let body =
            json!({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}});
        assert_eq!(kind(429, Some(&body)), ErrorKind::Quota);
        assert_eq!(kind(429, None), ErrorKind::RateLimited);
    }

    #[test]
    fn a_wrong_key_is_known_in_the_form_of_each_provider() {
        let gemini =
            json!({"error": {"code": 400, "message": "API key not valid. Please pass a valid API key."}});
        assert_eq!(kind(400, Some(&gemini)), ErrorKind::Unauthorized);
        assert_eq!(kind(401, None), ErrorKind::Unauthorized);
    }

    #[test]
    fn an_unknown_model_is_told_from_an_unknown_page() {
        let openai = json!({"error": {"message": "The model `x` does not exist", "code": "model_not_found"}});
        let anthropic = json!({"type": "error", "error": {"type": "not_found_error", "message": "model: x"}});
        let ollama = json!({"error": {"message": "model \"x\" not found, try pulling it first"}});
        for body in [openai, anthropic, ollama] {
            assert_eq!(kind(404, Some(&body)), ErrorKind::UnknownModel, "{body}");
        }
        assert_eq!(kind(404, Some(&json!({"detail": "Not Found"}))), ErrorKind::BadRequest);
    }

    #[test]
    fn messages_are_found_in_every_form() {
        let told = "no";
        for body in [
            json!({"error": {"message": told}}),
            json!({"error": told}),
            json!({"message": told}),
            json!({"detail": told}),
            json!([{"error": {"message": told}}]),
        ] {
            assert_eq!(message(Some(&body)).as_deref(), Some(told), "{body}");
        }
    }

    #[test]
    fn an_overloaded_provider_may_be_asked_again() {
        assert_eq!(kind(529, None), ErrorKind::Unavailable);
        assert_eq!(kind(503, None), ErrorKind::Unavailable);
    }
}
