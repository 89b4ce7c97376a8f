//! What a status and the body with it mean.

use serde_json::Value;

use crate::ErrorKind;
use crate::wire::at;

/// The kind of an answer that is no success.
pub(super) fn kind(status: u16, body: Option<&Value>) -> ErrorKind {
    let error = body.map(inner);
    let word =
        |name: &str| error.and_then(|error| error.get(name)).and_then(Value::as_str).unwrap_or_default();
    let (code, r#type) = (word("code"), word("type"));
    let text = message(body).unwrap_or_default().to_lowercase();
    // What the code says is more exact than the status.
    match code {
        "model_not_found" | "DeploymentNotFound" if status < 500 => return ErrorKind::UnknownModel,
        "content_filter" | "content_policy_violation" if status < 500 => return ErrorKind::Refused,
        _ => {}
    }
    match status {
        // Google answers a wrong key with 400.
        400 if text.contains("api key not valid") || text.contains("api key expired") => {
            ErrorKind::Unauthorized
        }
        // Anthropic tells of used-up credit with 400, others with 402.
        400 if text.contains("credit balance") => ErrorKind::Quota,
        402 => ErrorKind::Quota,
        401 => ErrorKind::Unauthorized,
        403 if error.is_some_and(is_flagged) => ErrorKind::Refused,
        403 if r#type == "permission_error" => ErrorKind::Forbidden,
        403 if KEYS.iter().any(|word| text.contains(word))
            || code == "unsupported_country_region_territory" =>
        {
            ErrorKind::Unauthorized
        }
        403 if word("status") == "PERMISSION_DENIED" => ErrorKind::Forbidden,
        429 if code == "insufficient_quota" || r#type == "insufficient_quota" => ErrorKind::Quota,
        429 => ErrorKind::RateLimited,
        404 if text.contains("model") => ErrorKind::UnknownModel,
        408 | 409 | 425 | 500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::BadRequest,
    }
}

/// Words of messages that are about the key.
const KEYS: [&str; 6] = ["api key", "api-key", "api_key", "subscription key", "credential", "authenticat"];

/// Whether a filter in front of the model took offence at the question, as `OpenRouter` tells it.
fn is_flagged(error: &Value) -> bool {
    let metadata = error.get("metadata");
    ["reasons", "flagged_input"].iter().any(|name| metadata.and_then(|data| data.get(name)).is_some())
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
    let code = error(body)?.get("code")?.as_u64()?;
    u16::try_from(code).ok().filter(|code| (400..600).contains(code))
}

fn inner(body: &Value) -> &Value {
    let body = body.as_array().and_then(|list| list.first()).unwrap_or(body);
    error(body).unwrap_or(body)
}

/// The error that a body has, or the answer in it: `OpenRouter` tells there of an answer that broke half-way.
fn error(body: &Value) -> Option<&Value> {
    let places = [body.get("error"), at(body, "/choices/0/error")];
    places.into_iter().flatten().find(|error| !error.is_null())
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
    fn what_is_forbidden_for_one_model_or_one_question_says_nothing_of_the_key() {
        let model = json!({"error": {"message": "Project `p` does not have access to model `m`", "code": "model_not_found"}});
        let flagged = json!({"error": {"code": 403, "message": "Input was flagged",
            "metadata": {"reasons": ["violence"], "flagged_input": "…", "provider_name": "x", "model_slug": "y"}}});
        let anthropic = json!({"type": "error", "error": {"type": "permission_error",
            "message": "Your API key does not have permission to use the specified resource."}});
        let google = json!({"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "Permission denied on resource m"}});
        for (body, expected) in [
            (Some(&model), ErrorKind::UnknownModel),
            (Some(&flagged), ErrorKind::Refused),
            (Some(&anthropic), ErrorKind::Forbidden),
            (Some(&google), ErrorKind::Forbidden),
            (None, ErrorKind::BadRequest),
        ] {
            assert_eq!(kind(403, body), expected, "{body:?}");
        }
    }

    #[test]
    fn a_403_about_the_key_is_one() {
        let leaked = json!({"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "Your API key was reported as leaked."}});
        let scopes = json!({"error": {"message": "Missing scopes: model.request. If you use a restricted API key, …"}});
        for body in [leaked, scopes] {
            assert_eq!(kind(403, Some(&body)), ErrorKind::Unauthorized, "{body}");
        }
    }

    #[test]
    fn what_a_filter_stops_is_a_refusal() {
        let azure = json!({"error": {"code": "content_filter", "message": "The response was filtered"}});
        assert_eq!(kind(400, Some(&azure)), ErrorKind::Refused);
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
