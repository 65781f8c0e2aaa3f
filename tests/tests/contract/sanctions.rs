//! Failed requirements over the wire: one effect for each request, words that stay apart and are read on the record, and
//! lists in pages and by every filter.

use super::{
    cases::{described, tell, told, with},
    pages::{Page, forgeries, pages_make_the_whole},
    support::{Dump, everything, fields, reason, rows_of, send_all, suite, value},
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

/// A conference that opens the way to a referral, with these words.
fn conference(words: &str) -> Value {
    json!({
        "occurred_at": BEFORE,
        "participants": [{"person": "p-1", "role": "ROLE_WORK_COACH"}, {"person": "p-2", "role": "ROLE_SITE_LEADER"}],
        "good_reason": "GOOD_REASON_NOT_SEEN", "requirement": "REQUIREMENT_ASSURANCE_REASONABLE", "account": words,
    })
}

/// A command, who gives it, and what is said beside the header.
type Step = (&'static str, Role, Value);

const CORRECT: &str = "SanctionService/CorrectFact";
const WITHDRAW: &str = "SanctionService/WithdrawSanctionCase";

/// Every other command of a case on its way to its reconsideration, in order.
fn steps() -> [Step; 7] {
    [
        (
            "SanctionService/HoldSanctionConference",
            SiteLeader,
            with(conference("canary2heron said so"), json!({"late_reason": "canary3heron said so"})),
        ),
        (
            CORRECT,
            WorkCoach,
            json!({"fact": 2, "conference": conference("canaryAheron said so"), "reason": "canaryBheron said so"}),
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

/// Everything that is kept, but for what the check of protection notes of its own answers: it is asked before a sanction is
/// decided, dry or not.
async fn kept(suite: &TestSuite) -> Dump {
    let mut kept = everything(suite).await;
    kept.retain(|table, _| !table.starts_with("safeguarding."));
    kept
}

/// A dry run and an older version change nothing; twins have one effect and one reply. The replies.
async fn one_effect(suite: &TestSuite, case: &str, id: &str, (method, role, said): Step) -> BTreeSet<Vec<u8>> {
    let etag = present(suite, case).await["effect"]["etag"].clone();
    let header = |id: &str, etag: &Value| json!({"request_id": id, "case_reference": case, "etag": etag});
    let before = kept(suite).await;
    let dry = with(with(header(&format!("dry-{id}"), &etag), said.clone()), json!({"validate_only": true}));
    let would = told(suite, &tell(method, role, dry)).await;
    let stale = tell(method, role, with(header(&format!("stale-{id}"), &json!("1-stale")), said.clone()));
    assert_eq!(stale.refused(suite).await.code(), Code::Aborted, "{method}");
    assert!(kept(suite).await == before, "{method}: something was left behind");
    let ask = tell(method, role, with(header(id, &etag), said));
    let replies = send_all(suite, &vec![ask.clone(); 5]).await;
    let replies: BTreeSet<_> = replies.into_iter().map(|reply| reply.expect(method)).collect();
    assert_eq!(replies.len(), 1, "{method}");
    assert_eq!(would["case"]["stage"], present(suite, case).await["case"]["stage"], "{method}");
    replies
}

/// Each of these words is kept once, as narrative, and is nowhere else, nor in what was let out.
async fn words_stay_apart(suite: &TestSuite, words: impl Iterator<Item = char>, let_out: &[Vec<u8>]) {
    let mut tables = everything(suite).await;
    let narrative = format!("{:?}", tables.remove("conferencing.narrative").unwrap());
    let (tables, let_out) = (format!("{tables:?}"), String::from_utf8_lossy(&let_out.concat()).into_owned());
    for number in words {
        let word = format!("canary{number}heron");
        let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(narrative.matches(&word).count(), 1, "{word} is kept once");
        assert!(!tables.contains(&word) && !tables.contains(&hex) && !let_out.contains(&word), "{word} got out");
    }
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
    // Every service proves that all its holds have arrived.
    suite.settle().await;
    for (number, step) in steps().into_iter().enumerate() {
        let_out.extend(one_effect(&suite, &case, &format!("s-{number}"), step).await);
    }
    assert_eq!(value(&suite, "SELECT count(*) FROM conferencing.journal").await, "8");
    for method in ["SanctionService/GetSanctionCase", "SanctionService/GetTimeline"] {
        let_out.push(tell(method, Auditor, json!({"case_reference": case})).send(&suite).await.unwrap());
    }
    words_stay_apart(&suite, ('1'..='9').chain(['A', 'B']), &let_out).await;
    suite.stop().await;
}

/// A withdrawal is one effect like any other. It ends the case, is read back, and bars no new one for the same failure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawn_case_has_ended_and_bars_no_other() {
    let suite = suite().await;
    let case = opened(&suite, 0).await;
    let ground = "SANCTION_WITHDRAWAL_GROUND_GOOD_REASON_KNOWN";
    let step = (WITHDRAW, SiteLeader, json!({"ground": ground, "reason": "canary2heron said so"}));
    let mut let_out: Vec<_> = one_effect(&suite, &case, "w-1", step).await.into_iter().collect();
    let_out.push(
        tell("SanctionService/GetTimeline", Auditor, json!({"case_reference": case})).send(&suite).await.unwrap(),
    );
    words_stay_apart(&suite, '1'..='2', &let_out).await;
    let reply = present(&suite, &case).await;
    assert_eq!(
        (&reply["case"]["stage"], &reply["effect"]["tasks"]),
        (&json!("SANCTION_STAGE_ENDED_WITHDRAWN"), &json!([]))
    );
    assert_eq!(reply["case"]["withdrawal"]["ground"], json!(ground));
    let ended = json!({"stage": "SANCTION_STAGE_ENDED_WITHDRAWN"});
    assert_eq!(page(&suite, &ended, 0, "").await.0, ["A-0"]);
    let again = told(&suite, &tell(OPEN, WorkCoach, with(failure(0), json!({"request_id": "again"})))).await;
    assert_eq!(again["case"]["stage"], json!("SANCTION_STAGE_CONFERENCE_DUE"));
    assert_ne!(again["case"]["case_reference"], reply["case"]["case_reference"]);
    suite.stop().await;
}

/// Who records one failure at the same time, with requests of their own, has one case; so has who records it later, be it
/// after it was withdrawn. What each of them said is kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_failure_has_one_case() {
    let suite = suite().await;
    let ask = |id: &str| tell(OPEN, WorkCoach, with(failure(0), json!({"request_id": id})));
    let at_once = async |ids: &[&str]| -> BTreeSet<String> {
        let asked: Vec<_> = ids.iter().map(|id| ask(id)).collect();
        for reply in send_all(&suite, &asked).await {
            reply.expect(OPEN);
        }
        let replies = asked.iter().map(|ask| told(&suite, ask));
        let replies = futures::future::join_all(replies).await;
        replies.iter().map(|reply| reply["case"]["case_reference"].as_str().unwrap().to_owned()).collect()
    };
    let first = at_once(&["a-1", "a-2", "a-3", "a-4", "a-5"]).await;
    assert_eq!(first.len(), 1);
    let case = first.first().unwrap();
    assert_eq!(value(&suite, "SELECT count(*) FROM conferencing.journal WHERE event_name LIKE '%_again'").await, "4");
    assert_eq!(value(&suite, "SELECT count(*) FROM conferencing.narrative").await, "5");
    let etag = present(&suite, case).await["effect"]["etag"].clone();
    let said = json!({"ground": "SANCTION_WITHDRAWAL_GROUND_CLAIM_CLOSED", "reason": "closed"});
    let header = json!({"request_id": "w-1", "case_reference": case, "etag": etag});
    told(&suite, &tell(WITHDRAW, SiteLeader, with(header, said))).await;
    let second = at_once(&["b-1", "b-2", "b-3"]).await;
    assert!(second.len() == 1 && second != first);
    // A request that was carried out before is answered as it was.
    assert_eq!(at_once(&["a-1", "a-2"]).await, first);
    assert_eq!(value(&suite, "SELECT count(*) FROM conferencing.sanction_cases").await, "2");
    suite.stop().await;
}

/// What was wrong is read beside what is right, by number, with the words of both; so is what follows from it.
#[tokio::test]
async fn what_was_wrong_stays_readable() {
    let suite = suite().await;
    let case = opened(&suite, 0).await;
    let ask = async |method, role, said: Value| {
        let etag = present(&suite, &case).await["effect"]["etag"].clone();
        let header = json!({"request_id": said["reason"], "case_reference": case, "etag": etag});
        tell(method, role, with(header, said)).by("w.corrector")
    };
    let [(hold, leader, held), (correct, coach, right), ..] = steps();
    let asked = with(json!({"request_id": "held", "case_reference": case}), held);
    told(&suite, &tell(hold, leader, asked)).await;
    told(&suite, &ask(correct, coach, with(right, json!({"reason": "wrong-1"}))).await).await;
    let moved = with(failure(0), json!({"requirement": "REQUIREMENT_OTHER", "account": "as it was"}));
    let moved = ["award", "place", "requirement", "failed_at", "account"].map(|field| (field, moved[field].clone()));
    let moved: serde_json::Map<_, _> = moved.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
    let reply =
        told(&suite, &ask(CORRECT, SiteLeader, json!({"fact": 1, "failure": moved, "reason": "wrong-2"})).await).await;
    let facts = reply["case"]["facts"].as_array().unwrap();
    let read = |fact: &Value| (fact["counts"].clone(), fact["corrects"].clone(), fact["superseded"]["by_fact"].clone());
    let read: Vec<_> = facts.iter().map(read).collect();
    let of = |counts: bool, corrects: u32, by: Value| (json!(counts), json!(corrects), by);
    let none = Value::Null;
    let expected = [of(false, 0, json!(4)), of(false, 0, json!(3)), of(true, 2, none.clone()), of(true, 1, none)];
    assert_eq!(read, expected);
    assert_eq!(facts[0]["failure"]["requirement"], json!("REQUIREMENT_WORK_RELATED"));
    assert_eq!(facts[1]["conference"]["counts"], json!(false));
    assert_eq!(facts[2]["recorded_by"]["person"], json!("w.corrector"));
    assert_eq!(
        (&reply["case"]["requirement"], &reply["case"]["recorded_by"]["person"]),
        (&json!("REQUIREMENT_OTHER"), &json!("w.one"))
    );
    assert_eq!(reply["case"]["conferences"].as_array().unwrap().len(), 1);
    for (narrative, text) in [
        (&facts[1]["superseded"]["narrative"], "wrong-1"),
        (&facts[0]["failure"]["narrative"], "canary1heron failed it"),
        (&reply["case"]["narrative"], "as it was"),
    ] {
        let asked = json!({"case_reference": case, "narrative": narrative, "purpose": "READ_PURPOSE_NEXT_STEP"});
        assert_eq!(told(&suite, &tell("SanctionService/ReadNarrative", Auditor, asked)).await["text"], text);
    }
    suite.stop().await;
}

/// What a correction may not say is refused with what to do: another award, another kind, that nothing was failed.
#[tokio::test]
async fn a_correction_of_the_failure_keeps_to_its_award() {
    let suite = suite().await;
    let case = opened(&suite, 0).await;
    let etag = present(&suite, &case).await["effect"]["etag"].clone();
    let refused = async |said: Value| {
        let header = json!({"request_id": "c-1", "case_reference": case, "etag": etag, "fact": 1, "reason": "why"});
        tell(CORRECT, WorkCoach, with(header, said)).refused(&suite).await
    };
    let award = json!({"customer": "C-0", "benefit": "BENEFIT_UNIVERSAL_CREDIT", "award": "A-9"});
    let failure = json!({
        "award": award, "place": {"nation": "NATION_WALES", "area": "North"}, "requirement": "REQUIREMENT_OTHER",
        "failed_at": BEFORE, "account": "words",
    });
    let elsewhere = refused(json!({"failure": failure})).await;
    assert_eq!((elsewhere.code(), fields(&elsewhere)), (Code::InvalidArgument, vec!["failure.award".to_owned()]));
    let other = refused(json!({"invitation": {"occurred_at": BEFORE, "channel": "CHANNEL_LETTER"}})).await;
    assert_eq!((other.code(), fields(&other)), (Code::InvalidArgument, vec!["right".to_owned()]));
    let never = refused(json!({"never_happened": true})).await;
    assert_eq!(never.code(), Code::FailedPrecondition);
    assert!(never.message().contains("WithdrawSanctionCase"), "{never}");
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

/// Where the check of protection cannot say whether the award may be sanctioned, no sanction is decided and nothing is
/// recorded; that none is warranted is.
#[tokio::test]
async fn no_sanction_is_decided_while_the_check_cannot_say() {
    let suite = suite().await;
    let case = opened(&suite, 0).await;
    let ask = async |id: &str, (method, role, said): Step| {
        let etag = present(&suite, &case).await["effect"]["etag"].clone();
        tell(method, role, with(json!({"request_id": id, "case_reference": case, "etag": etag}), said))
    };
    let [held, _, referred, invited, explained, decided, _] = steps();
    for (number, step) in [held, referred, invited, explained].into_iter().enumerate() {
        told(&suite, &ask(&format!("s-{number}"), step).await).await;
    }
    suite.settle().await;
    // No service has proved anything for longer than a proof is worth.
    suite.clock.advance(chrono::TimeDelta::minutes(1));
    let before = kept(&suite).await;
    let refused = ask("d-1", decided.clone()).await.refused(&suite).await;
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("could not say whether the award may be sanctioned"), "{refused}");
    assert!(kept(&suite).await == before, "something was left behind");
    let (method, role, said) = decided.clone();
    let none = with(said, json!({"outcome": "SANCTION_OUTCOME_NO_SANCTION"}));
    let dry = ask("d-2", (method, role, with(none, json!({"validate_only": true})))).await;
    told(&suite, &dry).await;
    suite.settle().await;
    let reply = told(&suite, &ask("d-1", decided).await).await;
    assert_eq!(reply["case"]["stage"], json!("SANCTION_STAGE_DECIDED"));
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
