//! What a newcomer meets first: the welcome's calls work as they are printed, and the demonstration tells its story.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests fail by panicking")]

use holdfast::{address::Running, demo, welcome::welcome};
use holdfast_contracts::{
    descriptor_pool,
    holdfast::{
        access::v1::{Role, Workload},
        common::v1::Benefit,
    },
};
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
async fn demonstration(suite: &TestSuite, benefit: Benefit) -> String {
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
        told = demo::tell(&running, benefit, &mut story) => told.unwrap(),
        () = keep_up => {}
    }
    String::from_utf8(story).unwrap()
}

/// What the story of each benefit tells, beside what all of them do.
const TOLD: [(Benefit, &[&str]); 4] = [
    (
        Benefit::Pip,
        &[
            "stage: first visit due",
            "the customer has until the end of",
            "Post the letter that could not be left at the address (PIP-2; RecordLetter)",
            "does not count as the second ineffective visit",
            "Attempt a second visit to see the customer face to face (PIP-4; RecordVisit)",
            "PIP-6 (paragraph 6)",
            "PIP-14 (paragraph 14)",
            "because PIP-5 (paragraph 5)",
            "stage: conference due",
            "because PIP-16 (paragraph 16)",
            "owed next by the case manager: Decide on the full circumstances",
            "It was decided not to disallow entitlement.",
        ],
    ),
    (
        Benefit::Esa,
        &[
            "stage: referral due",
            "ESA-112 (paragraph 112)",
            "because ESA-120 (paragraph 120)",
            "ESA-125P (paragraph 125)",
            "because ESA-125C (paragraph 125)",
            "ESA-125H (paragraph 125)",
            "because ESA-125R (paragraph 125)",
            "because ESA-126 (paragraph 126)",
        ],
    ),
    (
        Benefit::UniversalCredit,
        &[
            "not prescribed",
            "because UC-1 (paragraph 1)",
            "UC-2 (paragraph 1)",
            "because UC-3 (paragraph 2)",
            "UC-8 (paragraph 7)",
            "because UC-9 (paragraph 7)",
            "because UC-11 (paragraph 10)",
        ],
    ),
    (
        Benefit::AccessToWork,
        &[
            "stage: triage due",
            "stage: referral due",
            "because ATW-10 (paragraph 10)",
            "ATW-11 (paragraph 11)",
            "because ATW-16 (paragraph 16)",
            "ATW-19 (paragraph 19)",
            "because ATW-22 (paragraph 22)",
            "because ATW-23 (paragraph 23)",
        ],
    ),
];

#[tokio::test]
async fn the_demonstration_tells_a_case_of_each_benefit_from_its_beginning_to_the_decision() {
    let suite = suite_of_today().await;
    let alike = [
        "stage: handed over",
        "PROHIBITED: do not stop award",
        "PERMITTED for",
        "refused: a determination is not possible yet",
        "stage: escalated",
        "stage: concluded",
        "stage: decided",
    ];
    for (benefit, told) in TOLD {
        let story = demonstration(&suite, benefit).await;
        for told in alike.iter().chain(told) {
            assert!(story.contains(told), "the story does not tell {told:?}:\n{story}");
        }
    }
    // It can be told again: nothing in it collides with the telling before.
    demonstration(&suite, Benefit::Pip).await;
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
    /// What payments ask: whether they may take an action, and what they are told according to the README.
    Check(String, String),
}

/// The lines of the README's walk that do something, in order.
fn walk() -> Vec<Line> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let walk = between(&readme, "<!-- walk: ", "<!-- end of walk -->");
    let is_call = |line: &str| line.contains("call ") && line.contains(" '{") && !line.contains("() {");
    let is_check = |line: &str| line.starts_with("check ");
    let read = |line: &str| {
        if line == "NOW=$(date -u +%FT%TZ)" {
            return Line::Now;
        }
        if let Some(asked) = line.strip_prefix("check ") {
            let (action, told) = asked.split_once('#').unwrap();
            return Line::Check(action.trim().to_owned(), told.trim().to_owned());
        }
        let workload = if line.starts_with("WORKLOAD=operations") { "operations" } else { "casework" };
        let (named, body) = line.split_once(" '").unwrap();
        let (body, _) = body.rsplit_once('\'').unwrap();
        let mut words = named.rsplit(' ');
        let method = format!("holdfast.{}", words.next().unwrap());
        Line::Call(workload.to_owned(), words.next().unwrap().to_owned(), method, body.to_owned())
    };
    walk.lines().filter(|line| line.starts_with("NOW=") || is_check(line) || is_call(line)).map(read).collect()
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

/// A reader of the README, who goes its walk.
struct Walker {
    suite: TestSuite,
    pool: DescriptorPool,
    /// The present instant, as it was noted last.
    noted: String,
    /// The case that was opened, and its etags by service.
    case: String,
    etags: HashMap<String, String>,
    /// The reply to the last call.
    last: serde_json::Value,
}

impl Walker {
    async fn go(&mut self, line: Line) {
        let now = self.suite.clock.now() + chrono::TimeDelta::milliseconds(10);
        self.suite.clock.set(now);
        match line {
            Line::Now => self.noted = now.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Line::Check(action, told) => check(&self.suite, &self.pool, &action, &told).await,
            Line::Call(workload, role, method, body) => {
                let workload = holdfast_chassis::access::workload_named(&workload).unwrap();
                let role_of = holdfast_chassis::access::role_named(&role);
                let token = self.suite.issuer.token(&role, role_of, workload, 600).unwrap();
                let body = self.filled(&token, body).await;
                self.last = answer(&self.suite, &self.pool, &token, &method, &body).await;
                if let Some(opened) = self.last["referral"]["caseReference"].as_str() {
                    self.case = opened.to_owned();
                }
                self.suite.settle().await;
                self.read_etags(&token).await;
            }
        }
    }

    /// A body with what the shell puts into it.
    async fn filled(&self, token: &str, body: String) -> String {
        let body = named(&self.suite, &self.pool, token, &self.case, body).await;
        let next_week = (self.suite.clock.now() + chrono::TimeDelta::days(7)).format("%Y-%m-%d").to_string();
        let body = body.replace("'$CASE'", &self.case).replace("'$NOW'", &self.noted);
        let body = body.replace("'$(date -d \"next week\" +%F)'", &next_week);
        self.etags.iter().fold(body, |body, (service, etag)| {
            let reader = if service.contains("Escalation") { "GetEscalation" } else { "GetCase" };
            body.replace(&format!("'$(etag {service}/{reader})'"), etag)
        })
    }

    async fn read_etags(&mut self, token: &str) {
        let readers = [
            ("conferencing.v1.ConferencingService", "GetCase"),
            ("safeguarding.v1.EscalationService", "GetEscalation"),
        ];
        for (service, reader) in readers {
            let read = format!("{{\"case_reference\":\"{}\"}}", self.case);
            let method = format!("holdfast.{service}/{reader}");
            if let Ok(reply) = ask(&self.suite, &self.pool, token, &method, &read).await
                && let Some(etag) = reply["effect"]["etag"].as_str()
            {
                self.etags.insert(service.to_owned(), etag.to_owned());
            }
        }
    }
}

#[tokio::test]
async fn the_walk_in_the_readme_goes_from_referral_to_decision_as_it_is_printed() {
    let lines = walk();
    assert!(lines.len() >= 25, "only {} lines are found", lines.len());
    let mut walker = Walker {
        suite: suite_of_today().await,
        pool: descriptor_pool().unwrap(),
        noted: String::new(),
        case: String::new(),
        etags: HashMap::new(),
        last: serde_json::Value::Null,
    };
    // It is half past a second, so that an instant with its seconds cut off lies before what was done just then.
    walker.suite.clock.set(walker.suite.clock.now() + chrono::TimeDelta::milliseconds(500));
    for line in lines {
        walker.go(line).await;
    }
    let Walker { suite, case, last, .. } = walker;
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

/// A case's story is evidence: it is told in one time, the one that its dates are in, and says where its words are.
#[tokio::test]
async fn a_story_is_told_in_london_time_and_says_where_its_words_are() {
    let suite = TestSuite::start(KEEPER, "2026-06-01 09:00").await;
    let token = suite.issuer.token("r", Some(Role::Referrer), Workload::Casework, 600).unwrap();
    let pool = descriptor_pool().unwrap();
    let referral = r#"{"request_id":"one","award":{"customer":"C-1","benefit":"BENEFIT_PIP","award":"A-1"},
        "place":{"nation":"NATION_ENGLAND","area":"Leeds"},"occurred_at":"2026-05-31T23:30:00Z","circumstances":"No reply."}"#;
    let method = "holdfast.visiting.v1.VisitingService/ReferForVisit";
    let opened = answer(&suite, &pool, &token, method, referral).await;
    let case = opened["referral"]["caseReference"].as_str().unwrap();
    let words = opened["referral"]["circumstances"].as_str().unwrap();
    let running = Running { url: format!("http://{}", suite.address), issuer: suite.issuer.clone() };
    let mut told = Vec::new();
    holdfast::story::tell(&running, case, &mut told).await.unwrap();
    let told = String::from_utf8(told).unwrap();
    let says = [
        "the time is London's".to_owned(),
        "Mon 01 Jun 2026 09:00:00  visiting      Referred for a visit in Leeds.".to_owned(),
        format!("; happened Mon 01 Jun 2026 00:30; words {words}\n"),
        format!(
            "/ReadNarrative {{\"case_reference\":\"{case}\",\"narrative\":\"N-…\",\"purpose\":\"READ_PURPOSE_NEXT_STEP\"}}"
        ),
    ];
    for part in says {
        assert!(told.contains(&part), "{part:?}:\n{told}");
    }
    suite.stop().await;
}

/// Payments ask as the README has them ask, and are told what it says.
async fn check(suite: &TestSuite, pool: &DescriptorPool, action: &str, told: &str) {
    suite.settle().await;
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let body = between(&readme, "token --workload payments)\" -d '", "' 127.0.0.1").replace("'$1'", action);
    let payments = holdfast_contracts::holdfast::access::v1::Workload::Payments;
    let token = suite.issuer.token("somebody", None, payments, 600).unwrap();
    let method = "holdfast.safeguarding.v1.ProtectionService/CheckAction";
    let reply = answer(suite, pool, &token, method, &body).await;
    let (decision, because) = told.split_once([':', ',']).unwrap();
    assert_eq!(reply["answer"]["decision"], format!("DECISION_{decision}"), "{action}: {reply}");
    if let Some(rule) = because.split(' ').find(|word| word.contains('-')) {
        let cited = reply["citations"].as_array().unwrap().iter().any(|citation| citation["rule"] == rule);
        assert!(cited, "{action}: {rule} is not cited: {reply}");
    }
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
