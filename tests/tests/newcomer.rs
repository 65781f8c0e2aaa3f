//! What a newcomer meets first: the welcome's calls work as they are printed, and the demonstration tells its story.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests fail by panicking")]

use holdfast::{address::Running, demo, welcome::welcome};
use holdfast_contracts::descriptor_pool;
use holdfast_tests::{raw::call, suite::TestSuite};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};
use std::{collections::HashMap, path::Path};
use tonic::{Request, metadata::MetadataValue};

const KEEPER: &str = env!("CARGO_BIN_EXE_cluster-keeper");

/// The demonstration's facts lie some weeks before the present.
async fn suite_of_today() -> TestSuite {
    let now = holdfast_chassis::Clock::System.now();
    TestSuite::start(KEEPER, &now.with_timezone(&chrono_tz::Europe::London).format("%Y-%m-%d %H:%M").to_string()).await
}

#[tokio::test]
async fn the_demonstration_tells_a_case_from_referral_to_handover() {
    let suite = suite_of_today().await;
    let running = Running { url: format!("http://{}", suite.address), issuer: suite.issuer.clone() };
    let mut story = Vec::new();
    demo::tell(&running, &mut story).await.unwrap();
    let story = String::from_utf8(story).unwrap();
    for told in [
        "stage: first visit due",
        "the claimant has until the end of",
        "Post the letter that could not be left at the address (PIP-2; RecordLetter)",
        "does not count as the second ineffective visit",
        "Attempt a second visit to see the customer face to face (PIP-4; RecordVisit)",
        "stage: handed over",
        "because PIP-5 (paragraph 5)",
        "Two visits were ineffective or count as such; the case is handed over",
        "The CES Team leads the case from here",
    ] {
        assert!(story.contains(told), "the story does not tell {told:?}:\n{story}");
    }
    // It can be told again: nothing in it collides with the telling before.
    demo::tell(&running, &mut Vec::new()).await.unwrap();
    suite.stop().await;
}

#[tokio::test]
async fn every_call_of_the_welcome_works_as_it_is_printed() {
    let suite = suite_of_today().await;
    let text = welcome(suite.address, Path::new("/somewhere"), &suite.issuer).unwrap();
    let tokens: HashMap<_, _> = text
        .lines()
        .filter_map(|line| line.split_once("='"))
        .map(|(name, token)| (name.to_owned(), token.trim_end_matches('\'').to_owned()))
        .collect();
    assert_eq!(tokens.len(), 2, "{text}");
    let calls: Vec<_> = text.lines().filter(|line| line.starts_with("grpcurl ")).collect();
    assert!(calls.len() >= 4, "{text}");
    let yesterday = (suite.clock.now() - chrono::TimeDelta::days(1)).format("%Y-%m-%dT10:00:00Z").to_string();
    let pool = descriptor_pool().unwrap();
    for call in calls {
        let who = between(call, "Bearer $", "\"");
        let body =
            between(call, "-d '", "' 127.0.0.1").replace("'$(date -u -d yesterday +%Y-%m-%dT10:00:00Z)'", &yesterday);
        let method = call.rsplit(' ').next().unwrap();
        answer(&suite, &pool, &tokens[&who], method, &body).await;
    }
    suite.stop().await;
}

fn between(text: &str, from: &str, to: &str) -> String {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("{from:?} in {text}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("{to:?} in {text}")).0.to_owned()
}

/// Calls a method by name, with a JSON body, as grpcurl does.
async fn answer(suite: &TestSuite, pool: &DescriptorPool, token: &str, method: &str, body: &str) {
    let (service, name) = method.split_once('/').unwrap();
    let descriptor = pool.get_service_by_name(service).unwrap().methods().find(|known| known.name() == name).unwrap();
    let mut json = serde_json::Deserializer::from_str(body);
    let message = DynamicMessage::deserialize(descriptor.input(), &mut json).expect("the body is a request");
    let mut request = Request::new(message.encode_to_vec());
    request.metadata_mut().insert("authorization", MetadataValue::try_from(format!("Bearer {token}")).unwrap());
    let reply = call(&suite.channel, &format!("/{method}"), request).await;
    assert!(reply.is_ok(), "{method} {body}: {:?}", reply.err());
}
