//! A concern from its handover to the outcome that goes back.

use crate::support::{CASE, World, concern, fields, owed, refusal};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    conferencing::v1 as conferencing,
    safeguarding::v1 as pb,
    visiting::v1 as visiting,
};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::{Command, Fact};
use holdfast_safeguarding::Escalations;
use holdfast_store::{Case, Header, Order};
use tonic::Code;

fn attempt(world: &World, text_sent: bool) -> pb::RecordContactAttemptRequest {
    pb::RecordContactAttemptRequest {
        request_id: world.id(),
        case_reference: CASE.to_owned(),
        attempt: Some(pb::ContactAttempt {
            occurred_at: Some(world.now()),
            whom: pb::ContactThrough::Customer.into(),
            channel: pb::AttemptChannel::Telephone.into(),
            outcome: pb::AttemptOutcome::NoReply.into(),
            text_sent,
        }),
        account: "the line was dead".to_owned(),
        ..pb::RecordContactAttemptRequest::default()
    }
}

fn conclude(world: &World, etag: &str) -> pb::ConcludeEscalationRequest {
    pb::ConcludeEscalationRequest {
        request_id: world.id(),
        etag: etag.to_owned(),
        case_reference: CASE.to_owned(),
        steps: "the leader spoke to the police".to_owned(),
        ..pb::ConcludeEscalationRequest::default()
    }
}

#[tokio::test]
async fn a_concern_goes_its_whole_way_and_its_outcome_back() {
    let world = World::new().await;
    world.directory().set_leader(world.set_leader("North", "leader-n")).await.expect("a leader");
    let opened = world.opened(CASE, "North").await;
    assert_eq!(opened.escalation.as_ref().unwrap().stage(), pb::EscalationStage::ContactDue);
    assert_eq!(owed(opened.effect.as_ref()), ["contact:1", "leader-need:1"]);
    let etag = opened.effect.unwrap().etag;

    let refused = world.escalations().conclude_escalation(world.by(Role::CesTeam, conclude(&world, &etag))).await;
    let (code, reason, rules) = refusal(&refused.unwrap_err());
    assert_eq!((code, reason.as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"));
    assert_eq!(rules, ["PIP-15", "R-CONTACT-ATTEMPT", "PIP-16", "R-LEADER-NEED"]);

    let called = world.escalations().record_contact_attempt(world.by(Role::CesTeam, attempt(&world, true))).await;
    assert_eq!(owed(called.unwrap().into_inner().effect.as_ref()), ["call-back:1", "leader-need:1"]);
    world.clock.set(holdfast_tests::suite::london("2026-06-01 09:30"));
    let called = world.escalations().record_contact_attempt(world.by(Role::CesTeam, attempt(&world, false))).await;
    assert_eq!(owed(called.unwrap().into_inner().effect.as_ref()), ["leader-need:1"]);

    let referred = world.referred(CASE).await;
    assert_eq!(referred.escalation.unwrap().round.unwrap().leader.unwrap().person, "leader-n");
    let date = pb::SetReviewDateRequest {
        request_id: world.id(),
        case_reference: CASE.to_owned(),
        review_on: "2026-06-08".to_owned(),
        ..pb::SetReviewDateRequest::default()
    };
    world.escalations().set_review_date(world.by(Role::SafeguardingLeader, date)).await.expect("a date");
    let review = pb::RecordReviewRequest {
        request_id: world.id(),
        case_reference: CASE.to_owned(),
        occurred_at: Some(world.now()),
        next_steps: "nothing more to do".to_owned(),
        ..pb::RecordReviewRequest::default()
    };
    let reviewed = world.escalations().record_review(world.by(Role::CesTeam, review)).await.expect("a review");
    let etag = reviewed.into_inner().effect.unwrap().etag;
    let concluded = world.escalations().conclude_escalation(world.by(Role::CesTeam, conclude(&world, &etag))).await;
    let concluded = concluded.expect("everything was done").into_inner().escalation.unwrap();
    assert_eq!(concluded.stage(), pb::EscalationStage::Concluded);

    let told: Vec<conferencing::RecordEscalationOutcomeRequest> = world.delivered("RecordEscalationOutcome").await;
    let outcome = told[0].outcome.as_ref().expect("an outcome");
    assert_eq!((told.len(), told[0].case_reference.as_str(), outcome.leader.as_str()), (1, CASE, "leader-n"));
    let steps: Vec<_> =
        outcome.steps.iter().map(|step| step.step().as_str_name().replace("SAFEGUARDING_STEP_", "")).collect();
    assert_eq!(steps, ["CONTACT_ATTEMPTED", "CONTACT_ATTEMPTED", "LEADER_ASKED", "REVIEW"]);
    assert_eq!(outcome.narrative, concluded.round.unwrap().conclusion.unwrap().narrative);

    let again = world.opened(CASE, "North").await.escalation.unwrap();
    assert_eq!((again.stage(), again.earlier_rounds.len()), (pb::EscalationStage::ContactDue, 1));
    world.end().await;
}

#[tokio::test]
async fn contact_is_passed_on_by_reference_and_its_words_stay() {
    let world = World::new().await;
    world.opened(CASE, "North").await;
    let request = pb::RecordContactRequest {
        request_id: world.id(),
        case_reference: CASE.to_owned(),
        contact: Some(pb::Contact {
            occurred_at: Some(world.now()),
            channel: visiting::Channel::Telephone.into(),
            by: visiting::ContactBy::Representative.into(),
            conversation: "she is in hospital".to_owned(),
        }),
        ..pb::RecordContactRequest::default()
    };
    let reply = world.escalations().record_contact(world.by(Role::Officer, request)).await.expect("contact");
    let narrative = reply.into_inner().escalation.unwrap().round.unwrap().contacts[0].narrative.clone();
    let told: Vec<conferencing::ReceiveContactRequest> = world.delivered("ReceiveContact").await;
    assert_eq!((told.len(), told[0].narrative.as_str()), (1, narrative.as_str()));
    assert_eq!(told[0].recorded_by.as_ref().unwrap().person, "p-1");
    let read = pb::ReadNarrativeRequest {
        case_reference: CASE.to_owned(),
        narrative,
        purpose: visiting::ReadPurpose::Safeguarding.into(),
    };
    let words = world.escalations().read_narrative(world.by(Role::SafeguardingLeader, read)).await.expect("words");
    assert_eq!(words.into_inner().text, "she is in hospital");
    world.end().await;
}

#[tokio::test]
async fn only_conferencing_hands_over_and_only_the_lead_acts() {
    let world = World::new().await;
    let open = pb::OpenEscalationRequest {
        request_id: world.id(),
        case_reference: CASE.to_owned(),
        concern: Some(concern("North", world.now())),
        ..pb::OpenEscalationRequest::default()
    };
    for request in [
        world.by(Role::CesTeam, open.clone()),
        world.through(None, Workload::Visiting, open.clone()),
        world.through(Some(Role::CesTeam), Workload::Conferencing, open),
    ] {
        let status = world.escalations().open_escalation(request).await.unwrap_err();
        assert_eq!(refusal(&status).1, "NOT_PERMITTED");
    }
    world.opened(CASE, "North").await;
    let request = world.by(Role::SafeguardingLeader, attempt(&world, false));
    let status = world.escalations().record_contact_attempt(request).await.unwrap_err();
    assert_eq!(refusal(&status).1, "NOT_PERMITTED");
    // CEAST leads elsewhere: allowed by the contract, refused by the rule.
    let request = world.by(Role::Ceast, attempt(&world, false));
    let status = world.escalations().record_contact_attempt(request).await.unwrap_err();
    assert_eq!(refusal(&status).2, ["PIP-7", "PIP-15", "R-CONTACT-ATTEMPT"]);
    world.end().await;
}

#[tokio::test]
async fn every_fault_of_a_request_is_named_and_nothing_kept() {
    let world = World::new().await;
    let opened = world.opened(CASE, "North").await;
    let request = pb::RecordContactAttemptRequest {
        attempt: Some(pb::ContactAttempt::default()),
        account: String::new(),
        ..attempt(&world, false)
    };
    let status = world.escalations().record_contact_attempt(world.by(Role::CesTeam, request)).await.unwrap_err();
    let named = ["attempt.occurred_at", "attempt.whom", "attempt.channel", "attempt.outcome", "account"];
    assert_eq!(fields(&status), named);
    let request = pb::SetReviewDateRequest {
        request_id: world.id(),
        case_reference: CASE.to_owned(),
        review_on: "8 June".to_owned(),
        ..pb::SetReviewDateRequest::default()
    };
    let status = world.escalations().set_review_date(world.by(Role::CesTeam, request)).await.unwrap_err();
    assert_eq!(fields(&status), ["review_on"]);
    let status =
        world.escalations().conclude_escalation(world.by(Role::CesTeam, conclude(&world, ""))).await.unwrap_err();
    assert_eq!(fields(&status), ["etag"]);
    let dry = pb::RecordContactAttemptRequest { validate_only: true, ..attempt(&world, false) };
    let dry = world.escalations().record_contact_attempt(world.by(Role::CesTeam, dry)).await.expect("a dry run");
    assert_eq!(owed(dry.into_inner().effect.as_ref()), ["leader-need:1"]);
    assert_eq!(world.case(CASE).await.effect.unwrap().etag, opened.effect.unwrap().etag);
    world.end().await;
}

#[tokio::test]
async fn cases_are_listed_by_what_they_are_and_page_by_page() {
    let world = World::new().await;
    world.directory().set_leader(world.set_leader("North", "leader-n")).await.expect("a leader");
    let cases = ["HF-1", "HF-2", "HF-3", "HF-4", "HF-5"];
    for case in cases {
        world.opened(case, if case == "HF-5" { "South" } else { "North" }).await;
    }
    world.referred("HF-2").await;
    let list = async |request: pb::ListEscalationsRequest| {
        let reply = world.escalations().list_escalations(world.by(Role::Auditor, request)).await;
        let reply = reply.expect("a list").into_inner();
        let cases: Vec<_> = reply.escalations.into_iter().map(|case| case.case_reference).collect();
        (cases, reply.next_page_token)
    };
    let (first, token) = list(pb::ListEscalationsRequest { page_size: 3, ..Default::default() }).await;
    assert_eq!(first, cases[..3]);
    let rest = pb::ListEscalationsRequest { page_size: 3, page_token: token, ..Default::default() };
    assert_eq!(list(rest).await, (cases[3..].iter().map(|case| (*case).to_owned()).collect(), String::new()));
    let of = |request| async { list(request).await.0 };
    assert_eq!(of(pb::ListEscalationsRequest { area: "South".to_owned(), ..Default::default() }).await, ["HF-5"]);
    assert_eq!(of(pb::ListEscalationsRequest { leader: "leader-n".to_owned(), ..Default::default() }).await, ["HF-2"]);
    assert_eq!(of(pb::ListEscalationsRequest { customer: "C-9".to_owned(), ..Default::default() }).await, [""; 0]);
    assert_eq!(of(pb::ListEscalationsRequest { lead: Role::Ceast.into(), ..Default::default() }).await, [""; 0]);
    let until = holdfast_tests::suite::timestamp(holdfast_tests::suite::london("2026-06-01 08:59"));
    assert_eq!(of(pb::ListEscalationsRequest { opened_until: Some(until), ..Default::default() }).await, [""; 0]);
    world.end().await;
}

#[tokio::test]
async fn what_follows_from_the_journal_is_made_anew_as_it_was() {
    let world = World::new().await;
    world.directory().set_leader(world.set_leader("North", "leader-n")).await.expect("a leader");
    world.opened(CASE, "North").await;
    world.referred(CASE).await;
    let tables = async || {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT to_jsonb(row)::text FROM escalations AS row UNION ALL SELECT to_jsonb(row)::text FROM areas AS row
             UNION ALL SELECT to_jsonb(row)::text FROM tasks AS row ORDER BY 1",
        )
        .fetch_all(world.store.pool())
        .await
        .expect("the read tables");
        rows
    };
    let before = tables().await;
    sqlx::raw_sql("DELETE FROM escalations; DELETE FROM areas; DELETE FROM tasks")
        .execute(world.store.pool())
        .await
        .expect("emptied");
    let mut made = 0;
    for kind in world.kinds.iter() {
        made += kind.rebuild().await.expect("made anew");
        assert_eq!(kind.audit().await.expect("looked at").findings, [""; 0]);
    }
    assert_eq!(made, 2, "one case and one area");
    assert_eq!(tables().await, before);
    world.end().await;
}

#[tokio::test]
async fn on_a_move_the_new_leader_is_owed_and_the_old_one_stays() {
    let world = World::new().await;
    world.directory().set_leader(world.set_leader("North", "leader-n")).await.expect("a leader");
    world.directory().set_leader(world.set_leader("South", "leader-s")).await.expect("a leader");
    world.opened(CASE, "North").await;
    world.referred(CASE).await;
    let place = holdfast_procedure::Place { nation: Nation::England, area: "South".to_owned() };
    let fact = Fact::Moved { place, occurred_at: holdfast_tests::suite::london("2026-06-01 09:00") };
    let command = holdfast_procedure::escalation::Command::Customer(Command { fact, passed_on: None });
    let header = Header {
        actor: holdfast_procedure::Actor::suite(holdfast_procedure::Workload::Safeguarding),
        method: "ChangeAddress".to_owned(),
        request: None,
        etag: None,
        validate_only: false,
        trace_id: String::new(),
        room: None,
    };
    let case = Case::Known(CASE.to_owned());
    let moved = Order::<Escalations> { case, command, narratives: vec![], notes: vec![], header, render: |_| vec![] };
    world.store.execute(vec![moved]).await.pop().unwrap().expect("a move");
    let told = world.case(CASE).await;
    assert!(owed(told.effect.as_ref()).contains(&"new-leader:South".to_owned()));
    assert_eq!(told.escalation.unwrap().round.unwrap().leader.unwrap().person, "leader-n");
    let round = world.referred(CASE).await.escalation.unwrap().round.unwrap();
    assert_eq!(round.leader.unwrap().person, "leader-s");
    world.end().await;
}
