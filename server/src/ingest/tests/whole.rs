//! What is kept as it was sent: contexts to evaluate, and requests by route.

use scouter_wire::receipt::RefusalCode;
use scouter_wire::{MAX_CONTEXT, MAX_ROUTES, MAX_TEXT};

use super::super::watched::Watched;
use super::fit::{Made, custom, fitted, psi, why};
use crate::registry::Profile;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const LATENCY: &str = r#""latency": {"p5": 0.1, "p25": 0.2, "p50": 0.3, "p95": 0.4, "p99": 0.5}"#;

fn genai() -> Watched {
    let golden = include_str!("../../../../tests/golden/genai_profile_1.json");
    Watched::of(&Profile::read(golden).unwrap())
}

fn kept(body: &str, watched: &Watched) -> Made {
    let (made, refused) = fitted(body, watched);
    assert_eq!(refused, [], "{body}");
    made
}

/// Requests to a route with these members beside its latency.
fn route(more: &str) -> String {
    format!(r#""requests": {{"/a": {{{more}, {LATENCY}}}}}"#)
}

#[test]
fn a_context_is_kept_as_it_was_written() {
    let context = r#"{"b": 18446744073709551617, "a": "\u0000 é", "deep": [[{"x": 1.50}]], "": null}"#;
    let body = format!(r#""eval": {{"context": {context}, "id": "7", "session": "s", "trace": "{TRACE}"}}"#);
    let made = kept(&body, &genai());
    let [row] = &made.evals[..] else { panic!("{made:?}") };
    assert_eq!(row.context, context);
    assert_eq!((row.id.as_deref(), row.session.as_deref()), (Some("7"), Some("s")));
    assert_eq!(row.trace.map(|trace| (trace[0], trace[15])), Some((0x4b, 0x36)));
    let made = kept(r#""eval": {"context": {}}"#, &genai());
    let [row] = &made.evals[..] else { panic!("{made:?}") };
    assert_eq!((&row.id, &row.session, row.trace), (&None, &None, None));
}

#[test]
fn what_cannot_be_evaluated_is_refused_with_the_reason() {
    use RefusalCode::{Kind, NotStorable, TooLarge, Type, Unreadable};
    let (deep, long) = (format!("{}{}", "[".repeat(300), "]".repeat(300)), "x".repeat(MAX_TEXT + 1));
    for (eval, code, reason) in [
        (r#"{"context": [1]}"#.to_owned(), Type, "its `context` is no object: it is an array"),
        (r#"{"context": null}"#.to_owned(), Type, "its `context` is no object: it is null"),
        (r#"{"context": "{}"}"#.to_owned(), Type, "its `context` is no object: it is text"),
        (format!(r#"{{"context": {{"a": {deep}}}}}"#), Unreadable, "nested deeper than 256 levels"),
        (r#"{"context": {"a": "\ud800"}}"#.to_owned(), Unreadable, "its `context` cannot be read: "),
        (
            format!(r#"{{"context": {{}}, "id": "{long}"}}"#),
            TooLarge,
            "its `id` has 4097 bytes: 4096 are the most",
        ),
        (
            r#"{"context": {}, "session": "a\u0000"}"#.to_owned(),
            NotStorable,
            "its `session` has the character U+0000 in it",
        ),
        (
            r#"{"context": {}, "trace": "4bf9"}"#.to_owned(),
            Type,
            "its `trace` is `4bf9`: a trace has 32 hexadecimal",
        ),
        (
            r#"{"context": {}, "trace": "{4bf92f3577b34da6a3ce929d0e0e47}"}"#.to_owned(),
            Type,
            "a trace has 32 hexadecimal digits",
        ),
    ] {
        let (told, why) = why(&format!(r#""eval": {eval}"#), &genai());
        assert!(told == code && why.contains(reason), "{eval}: {told:?} {why}");
    }
    let (told, why) = why(r#""features": {"x": 1}"#, &genai());
    assert_eq!((told, why.as_str()), (Kind, "the profile takes `eval`, not `features`"));
}

#[test]
fn a_context_is_no_larger_than_one_may_be() {
    // As long as that with its braces, quotes and colon.
    let fits = "x".repeat(MAX_CONTEXT - r#"{"a":""}"#.len());
    let eval = |text: &str| format!(r#""eval": {{"context": {{"a":"{text}"}}}}"#);
    assert_eq!(kept_within(&eval(&fits)), Ok(MAX_CONTEXT));
    let (code, why) = kept_within(&eval(&format!("{fits}x"))).unwrap_err();
    assert_eq!(code, RefusalCode::TooLarge);
    assert_eq!(why, format!("its `context` has {} bytes: {MAX_CONTEXT} are the most", MAX_CONTEXT + 1));
}

/// The size of the context that is kept, in more room than the other tests have.
fn kept_within(body: &str) -> Result<usize, (RefusalCode, String)> {
    let (made, refused) = super::fit::fitted_within(4 << 20, body, &genai());
    match refused.into_iter().next() {
        Some(refused) => Err((refused.code, refused.reason)),
        None => Ok(made.evals[0].context.len()),
    }
}

#[test]
fn requests_are_kept_for_profiles_of_every_kind() {
    let body = route(r#""count": 3, "errors": 1, "error_latency": 0.2, "statuses": {"200": 2, "500": 1}"#);
    for watched in [psi(), custom(), genai()] {
        let made = kept(&body, &watched);
        let [row] = &made.requests[..] else { panic!("{made:?}") };
        assert_eq!(
            row.routes,
            r#"[{"route":"/a","count":3,"errors":1,"latency":{"p5":0.1,"p25":0.2,"p50":0.3,"p95":0.4,"p99":0.5},"error_latency":0.2,"statuses":[{"status":200,"count":2},{"status":500,"count":1}]}]"#
        );
    }
}

#[test]
fn requests_that_cannot_be_are_refused_with_the_reason() {
    use RefusalCode::{Shape, TooLarge};
    for (body, code, reason) in [
        (r#""requests": {}"#.to_owned(), Shape, "there is no route in it"),
        (route(r#""count": 1, "errors": 2"#), Shape, "route `/a`: 2 of 1 requests ended in an error"),
        (route(r#""count": 1, "statuses": {"99": 1}"#), Shape, "route `/a`: `99` is no status of HTTP"),
        (
            route(r#""count": 1, "statuses": {"200": 1, "404": 1}"#),
            Shape,
            "route `/a`: 2 answers to 1 requests",
        ),
        (
            route(r#""count": 1, "error_latency": -0.5"#),
            Shape,
            "route `/a`: `error_latency` is -0.5 seconds, which is below zero",
        ),
        (
            route(r#""count": 1"#).replace("/a", &"a".repeat(MAX_TEXT + 1)),
            TooLarge,
            "the name of a route has 4097 bytes: 4096 are the most",
        ),
    ] {
        assert_eq!(why(&body, &psi()), (code, reason.to_owned()));
    }
    let many: Vec<_> = (0..=MAX_ROUTES).map(|at| format!(r#""/{at}": {{"count": 1, {LATENCY}}}"#)).collect();
    let (code, why) = why(&format!(r#""requests": {{{}}}"#, many.join(",")), &psi());
    assert_eq!((code, why.as_str()), (TooLarge, "it has 1001 routes: 1000 are the most"));
}

/// JSON has no word for these, and protobuf names a route as often as it likes.
#[test]
fn times_that_are_none_and_routes_that_stand_there_twice_are_refused() {
    use scouter_wire::records::{Body, Group, Latency, Record, Route, StatusCount, Uid};
    let uid = Uid::try_from("0195a5c0-1111-7000-8000-000000000002".parse::<uuid::Uuid>().unwrap()).unwrap();
    let plain = || Route { route: "/a".to_owned(), count: 2, ..Route::default() };
    let endless = Latency { p99: f64::INFINITY, ..Latency::default() };
    let status = StatusCount { status: 200, count: 1 };
    for (routes, code, reason) in [
        (
            vec![Route { latency: endless, ..plain() }],
            RefusalCode::NotFinite,
            "route `/a`: `p99` is inf, which is no time in seconds",
        ),
        (
            vec![Route { error_latency: f64::NAN, ..plain() }],
            RefusalCode::NotFinite,
            "route `/a`: `error_latency` is NaN, which is no time in seconds",
        ),
        (vec![plain(), plain()], RefusalCode::Shape, "`/a` has two values"),
        (
            vec![Route { statuses: vec![status, status], ..plain() }],
            RefusalCode::Shape,
            "route `/a`: status `200` has two values",
        ),
    ] {
        let mut group = Group::without_names(uid.get());
        group.push(Record { uid, body: Body::Requests(routes) }).unwrap();
        let mut refused = Vec::new();
        let mut rows = super::fit::rows_within(1 << 20);
        super::super::fit::fit(group, &genai(), &mut rows, &mut refused).unwrap();
        assert_eq!((&refused[0].code, refused[0].reason.as_str()), (&code, reason));
        assert_eq!(rows.requests.rows, []);
    }
}
