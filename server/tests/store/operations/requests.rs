//! A request has a number.

use uuid::Uuid;

use crate::ingest::running::{call, running};

#[tokio::test]
async fn a_request_has_a_number_that_goes_back_with_the_answer() {
    let server = running().await;
    for path in ["/healthz", "/v1/profiles", "/v1/profiles/none", "/nowhere"] {
        let answer = call(server.address, "GET", path, &[], "").await.unwrap();
        let id: Uuid = answer.headers["x-request-id"].to_str().unwrap().parse().unwrap();
        assert_eq!(id.get_version_num(), 7, "{path}");
        let own = [("x-request-id", "front-17")];
        let answer = call(server.address, "GET", path, &own, "").await.unwrap();
        assert_eq!(answer.headers["x-request-id"], "front-17", "{path}");
    }
}

#[tokio::test]
async fn a_problem_has_the_number_in_its_body_too() {
    let server = running().await;
    let own = [("x-request-id", "front-17")];
    for (method, path) in
        [("GET", "/v1/profiles/none"), ("GET", "/nowhere"), ("PUT", "/v1/profiles"), ("POST", "/v1/records")]
    {
        let answer = call(server.address, method, path, &own, "").await.unwrap();
        assert_eq!(answer.json()["request_id"], "front-17", "{method} {path}");
        let answer = call(server.address, method, path, &[], "").await.unwrap();
        assert_eq!(
            answer.json()["request_id"],
            answer.headers["x-request-id"].to_str().unwrap(),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_number_that_is_none_is_replaced() {
    let server = running().await;
    let wrong = [("x-request-id", "a number with spaces")];
    let answer = call(server.address, "GET", "/healthz", &wrong, "").await.unwrap();
    assert!(answer.headers["x-request-id"].to_str().unwrap().parse::<Uuid>().is_ok());
}
