//! Who puts right what was recorded at DWP Visiting: whoever may record a fact may correct it, and what only some may say
//! is put right by them alone.

use super::support::{Ask, ask, at, contact, ineffective, metadata, open, present, reason, referral, suite, visit};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Award, Benefit},
    visiting::v1::{self as pb, correct_fact_request::Right},
};
use holdfast_tests::suite::TestSuite;
use tonic::Code;

const WHEN: &str = "2026-06-01 08:40";

/// The correction of a fact of the case as it is now.
async fn correction(suite: &TestSuite, case: &str, role: Role, fact: u32, right: Right) -> Ask {
    let etag = present(suite, case).await.effect.unwrap().etag;
    let request = pb::CorrectFactRequest {
        request_id: format!("correct-{fact}-{}", role as i32),
        etag,
        case_reference: case.to_owned(),
        fact,
        right: Some(right),
        reason: "misheard".to_owned(),
        ..Default::default()
    };
    ask("VisitingService/CorrectFact", role, &request)
}

/// A correction that is recorded: another fact, told by this role, stands in its place. Gives its number.
async fn corrects(suite: &TestSuite, case: &str, role: Role, fact: u32, right: Right) -> u32 {
    let call = correction(suite, case, role, fact, right).await;
    let reply: pb::CorrectFactResponse = call.reply(suite).await;
    let facts = reply.referral.unwrap().facts;
    let wrong = facts.iter().find(|kept| kept.fact == fact).unwrap();
    assert_eq!(wrong.verdict(), pb::Verdict::Superseded, "{role:?}");
    let right = facts.iter().find(|kept| kept.corrects == fact).unwrap();
    assert_eq!(right.recorded_by.as_ref().unwrap().role(), role);
    right.fact
}

/// A correction that is somebody else's to make, by these rules; nothing of the case changes.
async fn refused(suite: &TestSuite, case: &str, (role, rule): (Role, &str), fact: u32, right: Right) {
    let before = present(suite, case).await;
    let status = correction(suite, case, role, fact, right).await.refused(suite).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"), "{role:?}");
    assert!(metadata(&status, "rules").split(", ").any(|named| named == rule), "{role:?}: {status:?}");
    assert_eq!(present(suite, case).await, before, "{role:?}");
}

/// A case opened by what comes before a referral, for an award of the benefit.
fn award(benefit: Benefit) -> Option<Award> {
    Some(Award { customer: "C-1".to_owned(), benefit: benefit.into(), award: "A-before".to_owned() })
}

fn concern(specifics: &str) -> pb::Concern {
    pb::Concern { occurred_at: at(WHEN), specifics: specifics.to_owned() }
}

async fn raises(suite: &TestSuite, id: &str, case: &str, role: Role) -> String {
    let known = !case.is_empty();
    let request = pb::RaiseConcernRequest {
        request_id: id.to_owned(),
        case_reference: case.to_owned(),
        concern: Some(concern("said on the telephone")),
        award: award(Benefit::AccessToWork).filter(|_| !known),
        place: referral(id).place.filter(|_| !known),
        ..Default::default()
    };
    let reply: pb::RaiseConcernResponse = ask("VisitingService/RaiseConcern", role, &request).reply(suite).await;
    reply.referral.unwrap().case_reference
}

fn triage(reason: &str) -> pb::Triage {
    let result = pb::TriageResult::VisitAppropriate.into();
    pb::Triage { occurred_at: at("2026-06-01 08:45"), result, reason: reason.to_owned() }
}

fn told(conversation: &str, second_visit: pb::SecondVisit) -> pb::Contact {
    let told = contact("told", "", "2026-06-01 08:50").contact.unwrap();
    pb::Contact { conversation: conversation.to_owned(), second_visit: second_visit.into(), ..told }
}

async fn got_in_touch(suite: &TestSuite, id: &str, case: &str, role: Role) {
    let request = contact(id, case, "2026-06-01 08:50");
    ask("VisitingService/RecordContact", role, &request).send(suite).await.unwrap();
}

async fn triages(suite: &TestSuite, case: &str) {
    let request = pb::TriageConcernRequest {
        request_id: "triage".to_owned(),
        case_reference: case.to_owned(),
        triage: Some(triage("a visit is right")),
        ..Default::default()
    };
    ask("VisitingService/TriageConcern", Role::AtwSpoc, &request).send(suite).await.unwrap();
}

#[tokio::test]
async fn each_role_of_access_to_work_corrects_what_it_may_record() {
    let suite = suite().await;
    let case = raises(&suite, "one", "", Role::AtwAdviser).await;
    let first = corrects(&suite, &case, Role::AtwAdviser, 1, Right::Concern(concern("and more"))).await;
    raises(&suite, "two", &case, Role::AtwProcessor).await;
    corrects(&suite, &case, Role::AtwProcessor, first + 1, Right::Concern(concern("of another day"))).await;
    triages(&suite, &case).await;
    let found = first + 3;
    for role in [Role::AtwAdviser, Role::AtwProcessor, Role::Ceast, Role::VisitingOfficer, Role::Referrer] {
        refused(&suite, &case, (role, "ATW-4"), found, Right::Triage(triage("it is not"))).await;
        refused(&suite, &case, (role, "ATW-4"), found, Right::NeverHappened(true)).await;
    }
    corrects(&suite, &case, Role::AtwSpoc, found, Right::Triage(triage("as was said"))).await;
    suite.stop().await;
}

#[tokio::test]
async fn what_contact_settled_in_access_to_work_is_put_right_by_either_party() {
    let suite = suite().await;
    let case = raises(&suite, "one", "", Role::AtwAdviser).await;
    triages(&suite, &case).await;
    let form = pb::VisitingForm {
        eligibility: vec![pb::Eligibility::Concern.into()],
        support_exhausted: true,
        note_in: pb::NoteIn::Both.into(),
        ..Default::default()
    };
    let (award, occurred_at) = (award(Benefit::AccessToWork), at("2026-06-01 08:46"));
    let refer = pb::ReferForVisitRequest { award, occurred_at, form: Some(form), ..referral("refer") };
    ask("VisitingService/ReferForVisit", Role::AtwSpoc, &refer).send(&suite).await.unwrap();
    let first = visit("visit", &case, ineffective("2026-06-01 08:47"));
    ask("VisitingService/RecordVisit", Role::VisitingOfficer, &first).send(&suite).await.unwrap();
    got_in_touch(&suite, "rang", &case, Role::Ceast).await;
    let settled = || Right::Contact(told("no need to come", pb::SecondVisit::NotNeeded));
    let fact = corrects(&suite, &case, Role::Ceast, 4, settled()).await;
    for role in [Role::AtwAdviser, Role::AtwProcessor, Role::VisitingOfficer] {
        refused(&suite, &case, (role, "ATW-8"), fact, Right::NeverHappened(true)).await;
    }
    let needed = Right::Contact(told("come again", pb::SecondVisit::Needed));
    corrects(&suite, &case, Role::AtwSpoc, fact, needed).await;
    suite.stop().await;
}

#[tokio::test]
async fn only_whoever_considers_a_visit_corrects_what_was_considered() {
    let suite = suite().await;
    let considered = |account: &str| pb::Consideration {
        occurred_at: at(WHEN),
        situations: vec![pb::Situation::FailedToAttendInterview.into()],
        indicator: pb::Indicator::Found.into(),
        conclusion: pb::Conclusion::Open.into(),
        account: account.to_owned(),
        ..Default::default()
    };
    let request = pb::ConsiderVisitRequest {
        request_id: "consider".to_owned(),
        consideration: Some(considered("nothing done yet")),
        award: award(Benefit::Esa),
        place: referral("consider").place,
        ..Default::default()
    };
    let opened: pb::ConsiderVisitResponse =
        ask("VisitingService/ConsiderVisit", Role::Referrer, &request).reply(&suite).await;
    let case = opened.referral.unwrap().case_reference;
    for role in [Role::VisitingOfficer, Role::CesTeam, Role::Ceast, Role::AtwSpoc, Role::AtwProcessor, Role::AtwAdviser]
    {
        refused(&suite, &case, (role, "ESA-106"), 1, Right::Consideration(considered("said by another"))).await;
        refused(&suite, &case, (role, "ESA-106"), 1, Right::NeverHappened(true)).await;
    }
    corrects(&suite, &case, Role::Referrer, 1, Right::Consideration(considered("a letter was sent"))).await;
    suite.stop().await;
}

/// What was said can be put right by whoever takes calls; what it settled, only by the party that the letter names.
#[tokio::test]
async fn what_contact_settled_is_put_right_by_whom_the_letter_names() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let first = visit("visit", &case, ineffective("2026-06-01 08:30"));
    ask("VisitingService/RecordVisit", Role::VisitingOfficer, &first).send(&suite).await.unwrap();
    got_in_touch(&suite, "rang", &case, Role::Referrer).await;
    let said = |words: &str| Right::Contact(told(words, pb::SecondVisit::Unspecified));
    let fact = corrects(&suite, &case, Role::Referrer, 2, said("at greater length")).await;
    for role in [Role::Referrer, Role::VisitingOfficer, Role::AtwProcessor] {
        let settled = Right::Contact(told("no need to come", pb::SecondVisit::NotNeeded));
        refused(&suite, &case, (role, "PIP-3"), fact, settled).await;
    }
    let settled = Right::Contact(told("no need to come", pb::SecondVisit::NotNeeded));
    let fact = corrects(&suite, &case, Role::CesTeam, fact, settled).await;
    refused(&suite, &case, (Role::Referrer, "PIP-3"), fact, said("nothing settled")).await;
    refused(&suite, &case, (Role::Referrer, "PIP-3"), fact, Right::NeverHappened(true)).await;
    corrects(&suite, &case, Role::CesTeam, fact, said("nothing settled")).await;
    suite.stop().await;
}

/// Whoever only hears of a case corrects nothing of it.
#[tokio::test]
async fn no_other_role_corrects_anything() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let first = visit("visit", &case, ineffective("2026-06-01 08:30"));
    ask("VisitingService/RecordVisit", Role::VisitingOfficer, &first).send(&suite).await.unwrap();
    for role in
        [Role::Officer, Role::Heo, Role::TeamLeader, Role::DecisionMaker, Role::SafeguardingLeader, Role::Auditor]
    {
        let call = correction(&suite, &case, role, 1, Right::NeverHappened(true)).await;
        let status = call.refused(&suite).await;
        assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "NOT_PERMITTED"), "{role:?}");
    }
    corrects(&suite, &case, Role::VisitingOfficer, 1, Right::Visit(ineffective("2026-06-01 08:31"))).await;
    suite.stop().await;
}
