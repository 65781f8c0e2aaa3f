//! Request ids, etags and dry runs in every service: one effect for every request, however often and however many at once
//! ask for it.

use super::{
    cases::{Way, tell, told, with},
    support::{everything, metadata, reason, send_all, suite},
};
use holdfast_contracts::holdfast::access::v1::Role::{
    self, CaseManager, CesTeam, Officer, Operator, Referrer, SafeguardingLeader,
};
use holdfast_procedure::Workload as Service;
use holdfast_tests::pip::Step::{self, Attempt, Conclusion, Decision, Determination, NoLeader};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tonic::Code;

/// A command, the step before which it is tried, and what is said beside the header.
pub(crate) type Row = (&'static str, Role, Option<Step>, Value);

/// When what is told happened: a minute before anything is told.
const BEFORE: &str = "2026-06-01T07:59:00Z";

/// Commands of every service that a case with a concern meets on its way, each where it is carried out.
pub(crate) fn commands() -> Vec<Row> {
    [at_conferencing(), at_safeguarding(), about_customers()].concat()
}

fn at_conferencing() -> Vec<Row> {
    let finding = json!({
        "item": "ASSURANCE_ITEM_OTHER", "result": "FINDING_RESULT_REVIEWED", "occurred_at": BEFORE, "account": "words",
    });
    let held = json!({
        "occurred_at": BEFORE, "account": "words",
        "partnership_manager": "PARTNERSHIP_MANAGER_INVOLVED", "partnership_manager_reason": "words",
        "participants": [{"person": "p-1", "role": "ROLE_CES_TEAM"}, {"person": "p-2", "role": "ROLE_REFERRER"}],
    });
    let heard = json!({
        "occurred_at": BEFORE, "channel": "CHANNEL_LETTER", "by": "CONTACT_BY_CUSTOMER", "conversation": "words",
    });
    let at_lead = Some(Determination);
    let marker = json!({"support_marker": "SUPPORT_MARKER_PUT_ON", "reason": "words"});
    let determined = json!({
        "satisfaction": "SATISFACTION_SATISFIED", "concern": "CONCERN_IDENTIFIED", "reasons": "words",
    });
    let called = json!({"at": "2026-06-10T09:00:00Z", "participants": [{"person": "p-1", "role": "ROLE_CES_TEAM"}]});
    let further = json!({"further_information": "FURTHER_INFORMATION_REQUIRED", "reason": "words"});
    let agreed = json!({"what": "words", "owner": "ROLE_REFERRER"});
    let decided = json!({"outcome": "OUTCOME_DISALLOW", "weighed": "words"});
    vec![
        ("ConferencingService/ConsiderSupportMarker", CesTeam, at_lead, marker),
        ("ConferencingService/RecordAssuranceFinding", Referrer, at_lead, json!({"finding": finding.clone()})),
        (
            "ConferencingService/CorrectFact",
            Referrer,
            at_lead,
            json!({"fact": 1, "finding": finding, "reason": "words"}),
        ),
        ("ConferencingService/RecordConference", Referrer, at_lead, json!({"conference": held})),
        ("ConferencingService/RequireFurtherInformation", CesTeam, at_lead, further),
        ("ConferencingService/ConveneConference", CesTeam, at_lead, called),
        ("ConferencingService/AgreeAction", Referrer, Some(Decision), agreed),
        ("ConferencingService/RecordContact", Officer, at_lead, json!({"contact": heard})),
        ("ConferencingService/RecordDetermination", CesTeam, at_lead, determined),
        ("ConferencingService/RecordDecision", CaseManager, Some(Decision), decided),
        ("ConferencingService/ReopenCase", Referrer, Some(Decision), json!({"reason": "words"})),
    ]
}

fn at_safeguarding() -> Vec<Row> {
    let attempt = json!({
        "occurred_at": BEFORE, "whom": "CONTACT_THROUGH_POLICE", "channel": "ATTEMPT_CHANNEL_EMAIL",
        "outcome": "ATTEMPT_OUTCOME_NO_REPLY",
    });
    let corrected = json!({"fact": 1, "attempt": attempt.clone(), "account": "words", "reason": "words"});
    let attempt = json!({"attempt": attempt, "account": "words"});
    let need = json!({"need": "LEADER_NEED_NEEDED", "reason": "words"});
    let agency = json!({"liaison": {"occurred_at": BEFORE, "agency": "AGENCY_POLICE"}, "account": "words"});
    let shared = json!({"occurred_at": BEFORE, "to": "AGENCY_POLICE", "basis": "DISCLOSURE_BASIS_CONSENT"});
    let shared = json!({"disclosure": shared, "account": "words"});
    let review = json!({"occurred_at": BEFORE, "next_steps": "words", "next_review_on": "2026-06-10"});
    let heard = json!({
        "occurred_at": BEFORE, "channel": "CHANNEL_LETTER", "by": "CONTACT_BY_CUSTOMER", "conversation": "words",
    });
    let at_end = Some(Conclusion);
    vec![
        ("EscalationService/RecordContactAttempt", CesTeam, Some(Attempt), attempt),
        ("EscalationService/ConsiderLeader", CesTeam, Some(NoLeader), need),
        ("EscalationService/ReferToLeader", CesTeam, Some(NoLeader), json!({"asked": "words"})),
        ("EscalationService/RecordLiaison", SafeguardingLeader, at_end, agency),
        ("EscalationService/RecordDisclosure", CesTeam, at_end, shared),
        ("EscalationService/SetReviewDate", CesTeam, at_end, json!({"review_on": "2026-06-10"})),
        ("EscalationService/RecordReview", CesTeam, at_end, review),
        ("EscalationService/RecordContact", Officer, at_end, json!({"contact": heard})),
        ("EscalationService/CorrectFact", CesTeam, at_end, corrected),
        ("EscalationService/ConcludeEscalation", CesTeam, at_end, json!({"steps": "words"})),
    ]
}

fn about_customers() -> Vec<Row> {
    let (at_lead, at_end) = (Some(Determination), Some(Conclusion));
    let died = json!({"source": "DEATH_SOURCE_RELATIVE", "occurred_at": "2026-05-30T09:00:00Z", "account": "words"});
    let moved = json!({"place": {"nation": "NATION_WALES", "area": "West"}, "occurred_at": "2026-05-30T09:00:00Z"});
    vec![
        ("CustomerService/ReportDeath", Officer, at_lead, died.clone()),
        ("CustomerService/ReportDeath", Officer, at_end, died),
        ("CustomerService/ChangeAddress", Officer, at_end, moved),
        ("CustomerService/MergeCustomer", Officer, at_lead, json!({"into": "C-2"})),
    ]
}

/// The service whose case a command is for, at the step before which it is tried.
fn at(method: &str) -> Service {
    if method.starts_with("Visiting") {
        return Service::Visiting;
    }
    if method.starts_with("Escalation") { Service::Safeguarding } else { Service::Conferencing }
}

/// The header of a command about a case, as it is now.
pub(crate) async fn header(way: &Way<'_>, method: &str, id: &str) -> Value {
    way.header(id, &way.standing(at(method)).await.1)
}

fn dry(said: &Value) -> Value {
    with(said.clone(), json!({"validate_only": true}))
}

/// A command is tried dry, with an etag that is stale, for real, again, twenty times at once, and under its id with
/// something else to say.
pub(crate) async fn one_effect(way: &Way<'_>, id: &str, method: &'static str, role: Role, said: Value) {
    let suite = way.suite;
    let said = with(header(way, method, id).await, said);
    let before = everything(suite).await;
    let would = told(suite, &tell(method, role, dry(&said))).await;
    assert_eq!(would["effect"]["validated_only"], json!(true), "{method}");
    let stale = with(said.clone(), json!({"etag": "1-stale"}));
    let status = tell(method, role, stale).refused(suite).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "ETAG_MISMATCH"), "{method}");
    assert_eq!(json!(metadata(&status, "etag")), said["etag"], "{method}");
    let required = super::access::policies()[method].etag_required;
    let blind = tell(method, role, with(dry(&said), json!({"etag": ""}))).send(suite).await;
    assert_eq!(blind.is_err(), required, "{method} without an etag");
    assert!(everything(suite).await == before, "{method}: a dry run or a refusal left something behind");

    let call = tell(method, role, said.clone());
    let twins = send_all(suite, &vec![call.clone(); 20]).await;
    let twins: BTreeSet<_> = twins.into_iter().map(|reply| reply.expect(method)).collect();
    assert_eq!(twins.len(), 1, "{method}: twins have one reply");
    suite.settle().await;
    let after = everything(suite).await;
    assert!(after != before, "{method} had no effect");
    let did = told(suite, &call).await;
    assert_eq!(
        (&did["effect"]["tasks"], &did["effect"]["citations"]),
        (&would["effect"]["tasks"], &would["effect"]["citations"]),
        "{method}: as the dry run said"
    );
    for other in [dry(&said), with(said.clone(), json!({"etag": "another"}))] {
        let status = tell(method, role, other).refused(suite).await;
        assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"), "{method}");
    }
    assert!(everything(suite).await == after, "{method}: a repeat left something behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_has_one_effect_in_every_service() {
    let suite = suite().await;
    for (number, (method, role, step, said)) in commands().into_iter().enumerate() {
        let way = Way::of(&suite, &format!("A-{number}"), true).until(step).await;
        one_effect(&way, &format!("r-{number}"), method, role, said).await;
    }
    suite.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_to_the_directory_has_one_effect() {
    let suite = suite().await;
    let leader = |person: &str| json!({"person": person, "office": "NE-1", "since": "2024-04-01T00:00:00Z"});
    let set = |id: &str, person: &str| json!({"request_id": id, "area": "North", "leader": leader(person)});
    let removed = json!({"request_id": "r-3", "area": "North"});
    let rows = [
        ("DirectoryService/SetLeader", set("r-1", "one")),
        ("DirectoryService/SetLeader", set("r-2", "other")),
        ("DirectoryService/RemoveLeader", removed),
    ];
    for (number, (method, said)) in rows.into_iter().enumerate() {
        let before = everything(&suite).await;
        let would = told(&suite, &tell(method, Operator, dry(&said))).await;
        assert_eq!(would["effect"]["validated_only"], json!(true));
        if number > 0 {
            let status = tell(method, Operator, with(said.clone(), json!({"etag": "1-x"}))).refused(&suite).await;
            assert_eq!(reason(&status), "ETAG_MISMATCH", "{method}");
        }
        assert!(everything(&suite).await == before, "{method} left something behind");
        let call = tell(method, Operator, said.clone());
        let twins = send_all(&suite, &vec![call.clone(); 20]).await;
        let twins: BTreeSet<_> = twins.into_iter().map(|reply| reply.expect(method)).collect();
        assert_eq!(twins.len(), 1, "{method}");
        let after = everything(&suite).await;
        assert_eq!(after["safeguarding.journal"].len(), before["safeguarding.journal"].len() + 1, "{method}");
        told(&suite, &call).await;
        let status = tell(method, Operator, dry(&said)).refused(&suite).await;
        assert_eq!(reason(&status), "REQUEST_ID_REUSED", "{method}");
        assert!(everything(&suite).await == after, "{method}: a repeat left something behind");
    }
    suite.stop().await;
}
