//! What the descriptions of operations have in common: the problems that they answer with, how bodies are packed, and what layers answer
//! before an operation does.

use std::collections::BTreeMap;

use scouter_wire::problem::{Problem, ProblemCode};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::problem::PROBLEM;
use super::router::Api;

/// What the way to say who one is is called.
pub(super) const BEARER: &str = "bearer";

macro_rules! answers {
    ($($(#[$about:meta])* $name:ident: $($code:ident)+;)+) => {$(
        $(#[$about])*
        pub(super) enum $name {}

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                problems(&[$(ProblemCode::$code),+])
            }
        }
    )+};
}

answers! {
    /// To a body that is not read.
    Unread: Malformed Timeout TooLarge Unsupported;
    /// To what is read and says what cannot be.
    Unfit: Invalid;
    /// To a path that leads to nothing.
    Absent: NotFound;
    /// To what is there already and differs.
    Taken: Conflict;
    /// To who is not let in.
    Unknown: Unauthenticated Forbidden;
    /// Where the database is away.
    Away: Unavailable;
}

/// What the layer answers that asks who calls.
const GUARD: &[ProblemCode] =
    &[ProblemCode::Unauthenticated, ProblemCode::Forbidden, ProblemCode::Internal, ProblemCode::Unavailable];
/// What the layer answers that looks at the parameters of a query.
const PARAMETERS: &[ProblemCode] = &[ProblemCode::Invalid];
/// What the layer answers that bounds how much is under way.
const GATE: &[ProblemCode] = &[ProblemCode::Overloaded, ProblemCode::Internal, ProblemCode::Unavailable];

/// Says of all operations so far that they ask who calls.
pub(super) fn guarded(mut router: OpenApiRouter<Api>) -> OpenApiRouter<Api> {
    for operation in operations(router.get_openapi_mut()) {
        add(operation, GUARD);
        operation.security = Some(vec![SecurityRequirement::new(BEARER, Vec::<String>::new())]);
    }
    router
}

/// Says of all operations so far that they take no parameters but those that they name.
pub(super) fn asked(mut router: OpenApiRouter<Api>) -> OpenApiRouter<Api> {
    for operation in operations(router.get_openapi_mut()) {
        add(operation, PARAMETERS);
    }
    router
}

/// Says of all operations so far that there may be too many of them.
pub(super) fn bounded(mut router: OpenApiRouter<Api>) -> OpenApiRouter<Api> {
    for operation in operations(router.get_openapi_mut()) {
        add(operation, GATE);
    }
    router
}

fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().flat_map(|path| {
        [&mut path.get, &mut path.put, &mut path.post, &mut path.delete, &mut path.patch]
            .into_iter()
            .flatten()
    })
}

/// Adds problems that an operation does not tell of itself.
fn add(operation: &mut Operation, codes: &[ProblemCode]) {
    for (status, problem) in problems(codes) {
        operation.responses.responses.entry(status).or_insert(problem);
    }
}

fn problems(codes: &[ProblemCode]) -> BTreeMap<String, RefOr<Response>> {
    codes.iter().map(|code| (code.status().to_string(), RefOr::T(problem(code)))).collect()
}

fn problem(code: &ProblemCode) -> Response {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    let answer = ResponseBuilder::new()
        .description(format!("`{}`: {}", code.as_str(), code.about()))
        .content(PROBLEM, problem);
    match code {
        ProblemCode::Unauthenticated => answer.header("WWW-Authenticate", told(Type::String, "`Bearer`.")),
        ProblemCode::Overloaded | ProblemCode::Unavailable => answer
            .header("Retry-After", told(Type::Integer, "After how many seconds it is worth trying again.")),
        _ => answer,
    }
    .build()
}

fn told(type_: Type, about: &str) -> Header {
    let schema = ObjectBuilder::new().schema_type(type_);
    HeaderBuilder::new().schema(Some(schema)).description(Some(about)).build()
}

/// How a body may be packed.
pub(super) enum Packed {}

impl IntoParams for Packed {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let ways = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["identity", "zstd"]));
        let packed = ParameterBuilder::new()
            .name("Content-Encoding")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("How the body is packed: by zstd, or not at all."))
            .schema(Some(ways));
        vec![packed.build()]
    }
}
