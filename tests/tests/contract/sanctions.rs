//! Failed requirements over the wire: one effect for each request, words that stay apart and are read on the record, and
//! lists in pages and by every filter.

use super::{
    cases::{described, tell, told, with},
    pages::{Page, forgeries, pages_make_the_whole},
    support::{everything, fields, reason, rows_of, send_all, suite, value},
};
use holdfast_contracts::holdfast::access::v1::Role::{self, Auditor, DecisionMaker, SiteLeader, WorkCoach};
use holdfast_tests::suite::TestSuite;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tonic::Code;

const OPEN: &str = "SanctionService/RecordFailedRequirement";
const LIST: &str = "SanctionService/ListSanctionCases";
/// When what is told happened: a minute before anything is told.
const BEFORE: &str = "2026-06-01T07:59:00Z";

/// The failure of a claimant, with words that can be found again.
fn failure(number: usize) -> Value {
    json!({
        "request_id": format!("f-{number}"),
        "award": {"customer": format!("C-{}", number % 3), "benefit": "BENEFIT_UNIVERSAL_CREDIT", "award": format!("A-{number}")},
        "place": {"nation": "NATION_WALES", "area": (["North", "South"][number % 2])},
        "requirement": "REQUIREMENT_WORK_RELATED", "failed_at": BEFORE, "account": "canary1heron failed it",
    })
}

async fn opened(suite: &TestSuite, number: usize) -> String {
    let coach = ["w.one", "w.other"][usize::from(number > 3)];
    let reply = told(suite, &tell(OPEN, WorkCoach, failure(number)).by(coach)).await;
    reply["case"]["case_reference"].as_str().unwrap().to_owned()
}

/// Every other command of a case on its way to its reconsideration, in order.
fn steps() -> [(&'static str, Role, Value); 6] {
    let there = json!([{"person": "p-1", "role": "ROLE_WORK_COACH"}, {"person": "p-2", "role": "ROLE_SITE_LEADER"}]);
    [
        (
            "SanctionService/HoldSanctionConference",
            SiteLeader,
            json!({
                "occurred_at": BEFORE, "participants": there, "good_reason": "GOOD_REASON_NOT_SEEN",
                "requirement": "REQUIREMENT_ASSURANCE_REASONABLE", "account": "canary2heron said so",
                "late_reason": "canary3heron said so",
            }),
        ),
        ("SanctionService/ReferForSanction", WorkCoach, json!({"reason": "canary4heron said so"})),
        (
            "SanctionService/InviteExplanation",
            DecisionMaker,
            json!({
                "occurred_at": "2026-06-01T07:59:30Z", "channel": "CHANNEL_JOURNAL",
                "late_reason": "canary5heron said so",
            }),
        ),
        (
            "SanctionService/RecordExplanation",
            DecisionMaker,
            json!({
                "occurred_at": "2026-06-01T08:00:00Z", "answer": "ANSWER_NO_ANSWER",
                "account": "canary6heron said so", "late_reason": "canary7heron said so",
            }),
        ),
        (
            "SanctionService/DecideSanction",
            DecisionMaker,
            json!({
                "outcome": "SANCTION_OUTCOME_SANCTION", "circumstances": "WEIGHED_TAKEN_INTO_ACCOUNT",
                "health": "WEIGHED_NOTHING_KNOWN", "good_reason": "WEIGHED_NOTHING_KNOWN",
                "weighed": "canary8heron said so",
            }),
        ),
        ("SanctionService/ReconsiderSanction", SiteLeader, json!({"reason": "canary9heron said so"})),
    ]
}

async fn present(suite: &TestSuite, case: &str) -> Value {
    told(suite, &tell("SanctionService/GetSanctionCase", Auditor, json!({"case_reference": case}))).await
}

/// Twins have one effect and one reply, a dry run has none, and who has read an older version changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_has_one_effect_and_keeps_its_words_apart() {
    let suite = suite().await;
    let twins = send_all(&suite, &vec![tell(OPEN, WorkCoach, failure(0)).by("w.one"); 5]).await;
    let replies: BTreeSet<_> = twins.into_iter().map(|reply| reply.expect(OPEN)).collect();
    assert_eq!(replies.len(), 1);
    let case = opened(&suite, 0).await;
    let mut let_out: Vec<Vec<u8>> = replies.into_iter().collect();
    for (number, (method, role, said)) in steps().into_iter().enumerate() {
        let etag = present(&suite, &case).await["effect"]["etag"].clone();
        let header = |id: &str, etag: &Value| json!({"request_id": id, "case_reference": case, "etag": etag});
        let id = format!("s-{number}");
        let before = everything(&suite).await;
        let dry = with(with(header(&format!("dry-{number}"), &etag), said.clone()), json!({"validate_only": true}));
        let would = told(&suite, &tell(method, role, dry)).await;
        let stale = tell(method, role, with(header(&format!("stale-{number}"), &json!("1-stale")), said.clone()));
        assert_eq!(stale.refused(&suite).await.code(), Code::Aborted, "{method}");
        assert!(everything(&suite).await == before, "{method}: something was left behind");
        let ask = tell(method, role, with(header(&id, &etag), said));
        let replies = send_all(&suite, &vec![ask.clone(); 5]).await;
        let replies: BTreeSet<_> = replies.into_iter().map(|reply| reply.expect(method)).collect();
        assert_eq!(replies.len(), 1, "{method}");
        assert_eq!(would["case"]["stage"], present(&suite, &case).await["case"]["stage"], "{method}");
        let_out.extend(replies);
    }
    assert_eq!(value(&suite, "SELECT count(*) FROM conferencing.journal").await, "7");
    for method in ["SanctionService/GetSanctionCase", "SanctionService/GetTimeline"] {
        let_out.push(tell(method, Auditor, json!({"case_reference": case})).send(&suite).await.unwrap());
    }
    let mut tables = everything(&suite).await;
    let narrative = format!("{:?}", tables.remove("conferencing.narrative").unwrap());
    let (tables, let_out) = (format!("{tables:?}"), String::from_utf8_lossy(&let_out.concat()).into_owned());
    for number in 1..=9 {
        let word = format!("canary{number}heron");
        let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(narrative.matches(&word).count(), 1, "{word} is kept once");
        assert!(!tables.contains(&word) && !tables.contains(&hex) && !let_out.contains(&word), "{word} got out");
    }
    suite.stop().await;
}

/// Every reference leads to its words, for those who may read them, and each reading is on record.
#[tokio::test]
async fn words_are_read_on_the_record() {
    let suite = suite().await;
    let case = opened(&suite, 0).await;
    let reference = present(&suite, &case).await["case"]["narrative"].as_str().unwrap().to_owned();
    let read = |method, role, case: &str| {
        let asked = json!({"case_reference": case, "narrative": reference, "purpose": "READ_PURPOSE_NEXT_STEP"});
        tell(method, role, asked).by("the-reader")
    };
    let own = "SanctionService/ReadNarrative";
    let other = opened(&suite, 1).await;
    for (ask, code) in [
        (read("ConferencingService/ReadNarrative", Auditor, &case), Code::NotFound),
        (read(own, Auditor, &other), Code::NotFound),
        (read(own, Role::Publisher, &case), Code::PermissionDenied),
    ] {
        assert_eq!(ask.refused(&suite).await.code(), code, "{}", ask.method);
    }
    let text = told(&suite, &read(own, DecisionMaker, &case)).await;
    assert_eq!(text["text"], "canary1heron failed it");
    let rows = rows_of(&suite, &["conferencing.narrative_reads"]).await.remove("conferencing.narrative_reads").unwrap();
    assert!(rows.len() == 1 && rows.first().unwrap().contains("the-reader,decision_maker,casework"), "{rows:?}");
    suite.stop().await;
}

async fn page(suite: &TestSuite, filter: &Value, size: u32, token: &str) -> Page {
    let asked = with(filter.clone(), json!({"page_size": size, "page_token": token}));
    let reply = told(suite, &tell(LIST, Auditor, asked)).await;
    let awards = reply["cases"].as_array().unwrap().iter();
    let awards = awards.map(|case| case["award"]["award"].as_str().unwrap().to_owned()).collect();
    (awards, reply["next_page_token"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn they_are_listed_in_pages_and_by_every_filter() {
    let suite = suite().await;
    for number in 0..7 {
        opened(&suite, number).await;
        suite.clock.advance(chrono::TimeDelta::hours(1));
    }
    pages_make_the_whole(LIST, async |size, token| page(&suite, &json!({}), size, &token).await).await;
    let filters: [(Value, &[usize]); 7] = [
        (json!({"customer": "C-1"}), &[1, 4]),
        (json!({"award": "A-5"}), &[5]),
        (json!({"area": "South", "customer": "C-0"}), &[3]),
        (json!({"stage": "SANCTION_STAGE_CONFERENCE_DUE"}), &[0, 1, 2, 3, 4, 5, 6]),
        (json!({"stage": "SANCTION_STAGE_DECIDED"}), &[]),
        (json!({"opened_by": "w.other"}), &[4, 5, 6]),
        (json!({"opened_until": "2026-06-01T10:00:00Z"}), &[0, 1, 2]),
    ];
    let mut tried: BTreeSet<String> = ["page_size", "page_token"].map(str::to_owned).into();
    for (filter, left) in &filters {
        let expected: Vec<_> = left.iter().map(|number| format!("A-{number}")).collect();
        assert_eq!(page(&suite, filter, 0, "").await.0, expected, "{filter}");
        tried.extend(filter.as_object().unwrap().keys().cloned());
    }
    let known = described(LIST).input().fields().map(|field| field.name().to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(tried, known, "every filter was tried");
    let token = page(&suite, &json!({}), 2, "").await.1;
    let elsewhere = filters.iter().map(|(filter, _)| with(filter.clone(), json!({"page_token": token})));
    let forged = forgeries(&token).into_iter().map(|token| json!({"page_token": token}));
    for asked in elsewhere.chain(forged) {
        let status = tell(LIST, Auditor, asked).refused(&suite).await;
        assert_eq!((reason(&status).as_str(), fields(&status)), ("INVALID_REQUEST", vec!["page_token".to_owned()]));
    }
    suite.stop().await;
}
