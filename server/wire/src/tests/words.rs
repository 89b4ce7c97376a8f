//! Words that stand for something, and those of a later version.

use serde_json::json;

use crate::problem::{Problem, ProblemCode};
use crate::profiles::{Profile, Register, Registered};
use crate::receipt::{Receipt, RefusalCode};

#[test]
fn every_code_is_found_by_its_word() {
    for code in RefusalCode::ALL {
        assert_eq!(RefusalCode::from(code.as_str().to_owned()), *code);
    }
    for code in ProblemCode::ALL {
        assert_eq!(ProblemCode::from(code.as_str().to_owned()), *code);
        assert!((400..=503).contains(&code.status()), "{code:?}");
    }
}

#[test]
fn a_word_of_a_later_version_is_kept() {
    let sent = json!({"accepted": 0, "later": 1, "refused": [{"code": "later", "reason": "so", "more": []}]});
    let receipt: Receipt = serde_json::from_value(sent).unwrap();
    assert_eq!(receipt.refused[0].code, RefusalCode::Other("later".to_owned()));
    assert_eq!(serde_json::to_value(&receipt.refused[0].code).unwrap(), json!("later"));
}

#[test]
fn a_problem_needs_no_more_than_its_code_and_status() {
    let problem: Problem = serde_json::from_value(json!({"status": 418, "code": "teapot"})).unwrap();
    assert_eq!(problem.code, ProblemCode::Other("teapot".to_owned()));
    assert_eq!((problem.status, problem.retry_after), (418, None));
}

#[test]
fn the_document_of_a_profile_is_passed_on_as_it_was_written() {
    let body = r#"{"profile": {"b": 1.50, "a": 12345678901234567890123}, "later": 1}"#;
    let register: Register = serde_json::from_str(body).unwrap();
    assert_eq!(register.profile.get(), r#"{"b": 1.50, "a": 12345678901234567890123}"#);
    assert!(!register.activate && !register.deactivate_others);
}

#[test]
fn a_profile_is_told_in_json() {
    let sent = json!({
        "uid": "0195a5c0-0000-7000-8000-000000000001", "space": "s", "name": "n", "version": "1.0.0",
        "kind": "psi", "active": true, "created": "2025-01-01T00:00:00Z",
    });
    let profile: Profile = serde_json::from_value(sent.clone()).unwrap();
    assert_eq!(serde_json::to_value(&profile).unwrap(), sent);
}

#[test]
fn a_remark_is_there_where_a_server_makes_one() {
    let plain = json!({"uid": "0195a5c0-0000-7000-8000-000000000001", "version": "1.0.0", "new": true});
    let mut with = plain.clone();
    with["remark"] = json!("its records are kept");
    for (sent, remark) in [(plain, None), (with, Some("its records are kept"))] {
        let registered: Registered = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(registered.remark.as_deref(), remark);
        assert_eq!(serde_json::to_value(&registered).unwrap(), sent);
    }
}

#[test]
fn every_code_has_a_row_in_the_reference() {
    let page = include_str!("../../../../docs/reference/records-api.md");
    let refusals = RefusalCode::ALL.iter().map(|code| format!("| `{}` | ", code.as_str()));
    let problems = ProblemCode::ALL.iter().map(|code| format!("`{}`", code.as_str()));
    for wanted in refusals.chain(problems) {
        assert!(page.contains(&wanted), "{wanted}");
    }
}
