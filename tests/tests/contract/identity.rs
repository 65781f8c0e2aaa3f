//! Who is calling: only tokens that verify in every respect are believed, and only one of them.

use super::support::{call, path, reason, suite};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use holdfast_chassis::{
    Clock, Failure,
    clock::ManualClock,
    identity::{AUDIENCE, ISSUER, Identity, Verifier, WorkloadSource},
    issuer::Issuer,
};
use holdfast_contracts::holdfast::access::v1::{Role, Workload};
use holdfast_tests::suite::{TestSuite, london};
use http::{HeaderMap, HeaderName, HeaderValue};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::collections::HashMap;
use tonic::{Code, Request};

const KID: &str = "development";

fn claims(suite: &TestSuite) -> Value {
    let exp = suite.clock.now().timestamp() + 600;
    json!({"sub": "p-1", "iss": ISSUER, "aud": AUDIENCE, "exp": exp, "role": "AUDITOR", "workload": "CASEWORK"})
}

/// The claims with one of them changed, or left out.
fn with(suite: &TestSuite, claim: &str, value: Option<Value>) -> Value {
    let mut claims = claims(suite);
    let map = claims.as_object_mut().unwrap();
    match value {
        Some(value) => map.insert(claim.to_owned(), value),
        None => map.remove(claim),
    };
    claims
}

/// A token signed with the suite's own key, under any name of it.
fn signed_as(suite: &TestSuite, kid: Option<&str>) -> String {
    let pem = suite.issuer.to_pem().unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let key = EncodingKey::from_ec_der(&STANDARD.decode(base64).unwrap());
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::ES256) };
    encode(&header, &claims(suite), &key).unwrap()
}

/// A token whose signature is made with what everybody knows.
fn signed_with_the_public_key(suite: &TestSuite, secret: &[u8]) -> String {
    let header = Header { kid: Some(KID.to_owned()), ..Header::new(Algorithm::HS256) };
    encode(&header, &claims(suite), &EncodingKey::from_secret(secret)).unwrap()
}

fn unsigned(suite: &TestSuite, algorithm: &str) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(json!({"alg": algorithm, "typ": "JWT", "kid": KID})), part(claims(suite)))
}

/// A token whose claims were changed after it was signed.
fn tampered(token: &str) -> String {
    let parts: Vec<_> = token.split('.').collect();
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let claims = URL_SAFE_NO_PAD.encode(claims.replace("AUDITOR", "OPERATOR"));
    format!("{}.{claims}.{}", parts[0], parts[2])
}

async fn outcome(suite: &TestSuite, authorization: &[String]) -> Code {
    let mut request = Request::new(Vec::new());
    for value in authorization {
        request.metadata_mut().append("authorization", value.parse().unwrap());
    }
    let status =
        call(&suite.channel, path("VisitingService/GetReferral"), request).await.expect_err("an empty request");
    if status.code() == Code::Unauthenticated {
        assert_eq!(reason(&status), "UNAUTHENTICATED");
    }
    status.code()
}

/// Tokens that are wrong in one respect each.
fn wrong(suite: &TestSuite) -> Vec<(String, String)> {
    let now = suite.clock.now().timestamp();
    let mut tokens = Vec::new();
    for (claim, value) in [
        ("aud", Some(json!("another"))),
        ("aud", Some(json!(["another", "others"]))),
        ("iss", Some(json!("somebody"))),
        ("exp", Some(json!(now - 5))),
        ("exp", Some(json!(0))),
        ("exp", Some(json!(i64::MIN))),
        ("exp", Some(json!("tomorrow"))),
        ("nbf", Some(json!(now + 6))),
        ("nbf", Some(json!(i64::MAX))),
        ("role", Some(json!("CHIEF"))),
        ("role", Some(json!("UNSPECIFIED"))),
        ("role", Some(json!(""))),
        ("role", None),
        ("workload", Some(json!("TOASTER"))),
        ("sub", Some(json!(""))),
        ("sub", Some(json!("a b"))),
        ("sub", Some(json!("x\u{0}"))),
        ("sub", Some(json!("s".repeat(65)))),
        ("sub", None),
        ("aud", None),
        ("iss", None),
        ("exp", None),
    ] {
        let token = suite.issuer.sign(&with(suite, claim, value.clone())).unwrap();
        tokens.push((format!("{claim} {value:?}"), token));
    }
    let good = suite.issuer.sign(&claims(suite)).unwrap();
    let another = Issuer::generate(Clock::Manual(suite.clock.clone()));
    let keys: Value = serde_json::from_str(&suite.issuer.key_set()).unwrap();
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(keys["keys"][0][name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let forged = [
        ("another key of the same name", another.sign(&claims(suite)).unwrap()),
        ("a key of an unknown name", signed_as(suite, Some("another"))),
        ("a key without a name", signed_as(suite, None)),
        ("alg none", unsigned(suite, "none")),
        ("alg None", unsigned(suite, "None")),
        ("alg ES256 without a signature", unsigned(suite, "ES256")),
        ("HS256 with the key set", signed_with_the_public_key(suite, suite.issuer.key_set().as_bytes())),
        ("HS256 with the public point", signed_with_the_public_key(suite, &point)),
        ("HS256 with nothing", signed_with_the_public_key(suite, b"")),
        ("tampered", tampered(&good)),
        ("cut short", good[..good.len() - 4].to_owned()),
        ("too long", suite.issuer.sign(&with(suite, "more", Some(json!("x".repeat(4_096))))).unwrap()),
        ("garbage", "garbage".to_owned()),
        ("nothing", String::new()),
    ];
    tokens.extend(forged.into_iter().map(|(what, token)| (what.to_owned(), token)));
    tokens
}

#[tokio::test]
async fn only_a_token_that_is_right_in_every_respect_is_believed() {
    let suite = suite().await;
    let bearer = |token: &str| format!("Bearer {token}");
    let good = suite.issuer.sign(&claims(&suite)).unwrap();
    let now = suite.clock.now().timestamp();
    for believed in [
        good.clone(),
        signed_as(&suite, Some(KID)),
        suite.issuer.sign(&with(&suite, "exp", Some(json!(now - 4)))).unwrap(),
        suite.issuer.sign(&with(&suite, "exp", Some(json!(i64::MAX)))).unwrap(),
        suite.issuer.sign(&with(&suite, "role", Some(json!("ces-team")))).unwrap(),
        suite.issuer.sign(&with(&suite, "nbf", Some(json!(now + 4)))).unwrap(),
        suite.issuer.sign(&with(&suite, "aud", Some(json!(["another", AUDIENCE])))).unwrap(),
    ] {
        assert_eq!(outcome(&suite, &[bearer(&believed)]).await, Code::InvalidArgument, "{believed}");
    }
    for (what, token) in wrong(&suite) {
        assert_eq!(outcome(&suite, &[bearer(&token)]).await, Code::Unauthenticated, "{what}");
    }
    for headers in [
        vec![],
        vec![good.clone()],
        vec![format!("Basic {good}")],
        vec!["Bearer".to_owned()],
        vec![bearer(&good), bearer(&good)],
        vec![bearer(&good), "Basic eA==".to_owned()],
    ] {
        assert_eq!(outcome(&suite, &headers).await, Code::Unauthenticated, "{headers:?}");
    }
    suite.clock.advance(chrono::TimeDelta::seconds(606));
    assert_eq!(outcome(&suite, &[bearer(&good)]).await, Code::Unauthenticated);
    suite.stop().await;
}

const FROM_MESH: HeaderName = HeaderName::from_static("l5d-client-id");

fn meshed() -> (Verifier, Issuer) {
    let (verifier, issuer, _) = meshed_by();
    (verifier, issuer)
}

fn meshed_by() -> (Verifier, Issuer, ManualClock) {
    let moved = ManualClock::at(london("2026-06-01 09:00"));
    let clock = Clock::Manual(moved.clone());
    let issuer = Issuer::generate(clock.clone());
    let identities = HashMap::from([
        ("desk.casework".to_owned(), Workload::Casework),
        ("pay.payments".to_owned(), Workload::Payments),
    ]);
    let source = WorkloadSource::Header { name: FROM_MESH, identities };
    (Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, source, clock).unwrap(), issuer, moved)
}

#[test]
fn behind_a_mesh_the_workload_is_what_its_proxy_says() {
    let (verifier, issuer) = meshed();
    // What the token says of its workload is not believed.
    let token = issuer.token("p-1", Some(Role::Auditor), Workload::Operations, 60).unwrap();
    let authorization = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    let identify = |identities: &[&'static str], authorized: bool| {
        let mut headers = HeaderMap::new();
        for identity in identities {
            headers.append(FROM_MESH, HeaderValue::from_str(identity).unwrap());
        }
        if authorized {
            headers.insert(http::header::AUTHORIZATION, authorization.clone());
        }
        verifier.identify(&headers)
    };
    let person = |workload| Identity { person: "p-1".to_owned(), role: Some(Role::Auditor), workload };
    assert_eq!(identify(&["desk.casework"], true), Ok(person(Workload::Casework)));
    assert_eq!(identify(&["pay.payments"], true), Ok(person(Workload::Payments)));
    let alone = Identity { person: String::new(), role: None, workload: Workload::Payments };
    assert_eq!(identify(&["pay.payments"], false), Ok(alone));
    for refused in [
        vec![],
        vec!["somebody.else"],
        vec![""],
        vec!["DESK.CASEWORK"],
        vec!["desk.casework", "pay.payments"],
        vec!["desk.casework", "desk.casework"],
        vec!["desk.casework,pay.payments"],
        vec!["desk.caf\u{e9}"],
    ] {
        let outcome = identify(&refused, true).map_err(|failure| failure.reason().as_str_name());
        assert_eq!(outcome, Err("ERROR_REASON_UNAUTHENTICATED"), "{refused:?}");
    }
}

/// Who a verifier says sends a token through the desk, or why it does not believe it.
fn sends(verifier: &Verifier, token: &str) -> Result<Identity, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(FROM_MESH, HeaderValue::from_static("desk.casework"));
    headers.insert(http::header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
    verifier.identify(&headers)
}

#[test]
fn a_token_that_was_believed_before_is_believed_for_as_long_as_it_is_valid() {
    let (verifier, issuer, clock) = meshed_by();
    let now = clock.now().timestamp();
    let claims = json!({
        "sub": "p-1", "iss": ISSUER, "aud": AUDIENCE, "role": "AUDITOR", "nbf": now - 60, "exp": now + 60
    });
    let token = issuer.sign(&claims).unwrap();
    let person = Identity { person: "p-1".to_owned(), role: Some(Role::Auditor), workload: Workload::Casework };
    for (second, believed) in
        [(0, true), (64, true), (65, false), (60, true), (-65, true), (-66, false), (3_600, false)]
    {
        clock.set(chrono::DateTime::from_timestamp(now + second, 0).unwrap());
        // Twice, as it may be remembered from the first time.
        for _ in 0..2 {
            assert_eq!(sends(&verifier, &token).ok(), believed.then(|| person.clone()), "{second} seconds later");
        }
    }
}

#[test]
fn a_token_that_resembles_a_believed_one_is_judged_by_itself() {
    let (verifier, issuer, _) = meshed_by();
    let token = |person: &str, role| issuer.token(person, Some(role), Workload::Casework, 60).unwrap();
    let tokens =
        [("p-1", Role::Auditor), ("p-2", Role::Auditor), ("p-1", Role::Operator), ("p-3", Role::DecisionMaker)]
            .map(|(person, role)| (person, role, token(person, role)));
    // In turn, so that each is asked about when the others are remembered.
    for _ in 0..3 {
        for (person, role, token) in &tokens {
            let said = sends(&verifier, token).unwrap();
            assert_eq!((said.person.as_str(), said.role), (*person, Some(*role)));
            let (signed, signature) = token.rsplit_once('.').unwrap();
            let others = tokens.iter().filter(|other| other.2 != *token);
            let spliced = others.map(|other| format!("{signed}.{}", other.2.rsplit_once('.').unwrap().1));
            let altered = [
                tampered(token),
                token[..token.len() - 1].to_owned(),
                format!("{token}A"),
                format!("{signed}."),
                format!("{signed}.{}", signature.chars().rev().collect::<String>()),
            ];
            for forged in altered.into_iter().filter(|forged| forged != token).chain(spliced) {
                assert!(sends(&verifier, &forged).is_err(), "{forged} resembles {token}");
            }
        }
    }
}

#[test]
fn keys_that_cannot_be_used_are_refused_at_once() {
    let clock = Clock::System;
    for keys in ["", "{}", r#"{"keys": []}"#, r#"{"keys": [{"kty": "EC"}]}"#, "[1]"] {
        assert!(Verifier::new(keys, ISSUER, AUDIENCE, WorkloadSource::Token, clock.clone()).is_err(), "{keys}");
    }
}
