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

/// Tells the demonstration to a suite whose clock and handovers keep up with it.
async fn demonstration(suite: &TestSuite) -> String {
    let running = Running { url: format!("http://{}", suite.address), issuer: suite.issuer.clone() };
    let mut story = Vec::new();
    let keep_up = async {
        loop {
            suite.clock.set(holdfast_chassis::Clock::System.now());
            suite.settle().await;
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        told = demo::tell(&running, &mut story) => told.unwrap(),
        () = keep_up => {}
    }
    String::from_utf8(story).unwrap()
}

#[tokio::test]
async fn the_demonstration_tells_a_case_from_referral_to_decision() {
    let suite = suite_of_today().await;
    let story = demonstration(&suite).await;
    for told in [
        "stage: first visit due",
        "the claimant has until the end of",
        "Post the letter that could not be left at the address (PIP-2; RecordLetter)",
        "does not count as the second ineffective visit",
        "Attempt a second visit to see the customer face to face (PIP-4; RecordVisit)",
        "stage: handed over",
        "because PIP-5 (paragraph 5)",
        "refused: a determination is not possible yet",
        "stage: conference due",
        "stage: escalated",
        "because PIP-16 (paragraph 16)",
        "stage: concluded",
        "owed next by the case manager: Decide on the full circumstances",
        "stage: decided",
        "It was decided not to disallow entitlement.",
    ] {
        assert!(story.contains(told), "the story does not tell {told:?}:\n{story}");
    }
    // It can be told again: nothing in it collides with the telling before.
    demonstration(&suite).await;
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

/// A line of the README's walk.
enum Line {
    /// The present instant is noted, with its seconds cut off, for the calls that follow.
    Now,
    /// A call: workload, role, method, body as the shell is given it.
    Call(String, String, String, String),
}

/// The lines of the README's walk that do something, in order.
fn walk() -> Vec<Line> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let walk = between(&readme, "<!-- walk: ", "<!-- end of walk -->");
    let is_call = |line: &str| line.contains("call ") && line.contains(" '{") && !line.contains("() {");
    let read = |line: &str| {
        if line == "NOW=$(date -u +%FT%TZ)" {
            return Line::Now;
        }
        let workload = if line.starts_with("WORKLOAD=operations") { "operations" } else { "casework" };
        let (named, body) = line.split_once(" '").unwrap();
        let (body, _) = body.rsplit_once('\'').unwrap();
        let mut words = named.rsplit(' ');
        let method = format!("holdfast.{}", words.next().unwrap());
        Line::Call(workload.to_owned(), words.next().unwrap().to_owned(), method, body.to_owned())
    };
    walk.lines().filter(|line| line.starts_with("NOW=") || is_call(line)).map(read).collect()
}

/// What a call within the body asks for: the name of a task that is owed, by a part of it.
async fn named(suite: &TestSuite, pool: &DescriptorPool, token: &str, case: &str, mut body: String) -> String {
    while body.contains("'$(task ") {
        let part = between(&body, "'$(task ", ")'");
        let request = format!("{{\"case_reference\":\"{case}\"}}");
        let listed = answer(suite, pool, token, "holdfast.tasks.v1.TaskService/ListTasks", &request).await;
        let names = listed["tasks"].as_array().unwrap().iter().filter_map(|task| task["name"].as_str());
        let found: Vec<_> = names.filter(|name| name.contains(&part)).collect();
        assert_eq!(found.len(), 1, "{part} names one task: {listed}");
        body = body.replace(&format!("'$(task {part})'"), found[0]);
    }
    body
}

#[tokio::test]
async fn the_walk_in_the_readme_goes_from_referral_to_decision_as_it_is_printed() {
    let suite = suite_of_today().await;
    let pool = descriptor_pool().unwrap();
    let (mut case, mut etags) = (String::new(), HashMap::<String, String>::new());
    let lines = walk();
    assert!(lines.len() >= 25, "only {} lines are found", lines.len());
    let (mut last, mut noted) = (serde_json::Value::Null, String::new());
    // It is half past a second, so that an instant with its seconds cut off lies before what was done just then.
    suite.clock.set(suite.clock.now() + chrono::TimeDelta::milliseconds(500));
    for line in lines {
        let now = suite.clock.now() + chrono::TimeDelta::milliseconds(10);
        suite.clock.set(now);
        let Line::Call(workload, role, method, body) = line else {
            noted = now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            continue;
        };
        let workload = holdfast_chassis::access::workload_named(&workload).unwrap();
        let token = suite.issuer.token(&role, holdfast_chassis::access::role_named(&role), workload, 600).unwrap();
        let mut body =
            named(&suite, &pool, &token, &case, body).await.replace("'$CASE'", &case).replace("'$NOW'", &noted);
        let next_week = (now + chrono::TimeDelta::days(7)).format("%Y-%m-%d").to_string();
        body = body.replace("'$(date -d \"next week\" +%F)'", &next_week);
        for (service, etag) in &etags {
            let reader = if service.contains("Escalation") { "GetEscalation" } else { "GetCase" };
            body = body.replace(&format!("'$(etag {service}/{reader})'"), etag);
        }
        last = answer(&suite, &pool, &token, &method, &body).await;
        if let Some(opened) = last["referral"]["caseReference"].as_str() {
            case = opened.to_owned();
        }
        suite.settle().await;
        for (service, reader) in
            [("conferencing.v1.ConferencingService", "GetCase"), ("safeguarding.v1.EscalationService", "GetEscalation")]
        {
            let read = format!("{{\"case_reference\":\"{case}\"}}");
            let method = format!("holdfast.{service}/{reader}");
            if let Ok(reply) = ask(&suite, &pool, &token, &method, &read).await
                && let Some(etag) = reply["effect"]["etag"].as_str()
            {
                etags.insert(service.to_owned(), etag.to_owned());
            }
        }
    }
    assert_eq!(last["case"]["stage"], "STAGE_DECIDED");
    let running = Running { url: format!("http://{}", suite.address), issuer: suite.issuer.clone() };
    let mut told = Vec::new();
    holdfast::story::tell(&running, &case, &mut told).await.unwrap();
    let told = String::from_utf8(told).unwrap();
    let order = [
        "Referred for a visit",
        "The case was handed over",
        "The leader of the area Leeds was asked",
        "handed back",
        "It was decided",
    ];
    let places: Vec<_> =
        order.iter().map(|part| told.find(part).unwrap_or_else(|| panic!("{part:?}:\n{told}"))).collect();
    assert!(places.is_sorted(), "{told}");
    suite.stop().await;
}

fn between(text: &str, from: &str, to: &str) -> String {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("{from:?} in {text}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("{to:?} in {text}")).0.to_owned()
}

/// Calls a method by name, with a JSON body, as grpcurl does; it has to succeed.
async fn answer(suite: &TestSuite, pool: &DescriptorPool, token: &str, method: &str, body: &str) -> serde_json::Value {
    let reply = ask(suite, pool, token, method, body).await;
    reply.unwrap_or_else(|status| panic!("{method} {body}: {status:?}"))
}

/// Calls a method by name, with a JSON body, as grpcurl does.
async fn ask(
    suite: &TestSuite,
    pool: &DescriptorPool,
    token: &str,
    method: &str,
    body: &str,
) -> Result<serde_json::Value, tonic::Status> {
    let (service, name) = method.split_once('/').unwrap();
    let descriptor = pool.get_service_by_name(service).unwrap().methods().find(|known| known.name() == name).unwrap();
    let mut json = serde_json::Deserializer::from_str(body);
    let message = DynamicMessage::deserialize(descriptor.input(), &mut json).expect("the body is a request");
    let mut request = Request::new(message.encode_to_vec());
    request.metadata_mut().insert("authorization", MetadataValue::try_from(format!("Bearer {token}")).unwrap());
    let reply = call(&suite.channel, &format!("/{method}"), request).await?;
    let reply = DynamicMessage::decode(descriptor.output(), reply.as_slice()).unwrap();
    Ok(serde_json::to_value(reply).unwrap())
}
