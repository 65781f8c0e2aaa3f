//! What the CES Team, the referrer and the Case Manager do between the handover and the decision.

use crate::{given_when, world::World};
use cucumber::{given, when};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    conferencing::v1 as pb,
    tasks::v1::CompleteTaskRequest,
    visiting::v1::{Channel, ContactBy},
};
use holdfast_tests::suite::{london, timestamp};

/// Sends a command about the scenario's case to conferencing, in the name of a person in a role.
macro_rules! conferencing {
    ($world:ident, $who:expr, $method:ident, $request:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let (person, role) = $who;
        let request = pb::$request {
            request_id: $world.request_id(),
            case_reference: $world.case.clone(),
            $($field: $value,)*
            ..Default::default()
        };
        let suite = $world.suite().await;
        let answer = suite.conferencing().$method(suite.request(person, role, request)).await;
        $world.replied(answer, |reply| reply.effect).await;
    }};
}

/// The CES Team's caseworker.
const CES_TEAM: (&str, Role) = ("c.morgan", Role::CesTeam);
/// The original referrer.
const REFERRER: (&str, Role) = ("r.patel", Role::Referrer);
/// The Case Manager.
const CASE_MANAGER: (&str, Role) = ("m.lee", Role::CaseManager);

/// The etag of the case at conferencing, for those who decide on what they have read.
async fn etag(world: &mut World) -> String {
    world.conferencing_case().await.1.etag
}

#[given(regex = r"^(a|another) PIP case was handed over to the CES Team after visits on (\S+ \S+) and (\S+ \S+)$")]
async fn handed_over(world: &mut World, which: String, first: String, second: String) {
    let award = if which == "a" { "A-1" } else { "A-3" };
    let before = london(&first) - chrono::TimeDelta::days(3);
    given_when::refer(world, "r.patel", "England", award, before).await;
    for at in [first, second] {
        given_when::calls(world, at, "nobody answers".to_owned(), ", leaving the letter".to_owned(), String::new())
            .await;
    }
    world.effect();
}

#[when(regex = r#"^the CES Team (reviewed|found nothing on) "([^"]+)"$"#)]
async fn finding(world: &mut World, how: String, item: String) {
    let item = format!("ASSURANCE_ITEM_{}", item.to_uppercase().replace(' ', "_"));
    let item = pb::AssuranceItem::from_str_name(&item).expect("an item of the assurance check");
    let result = if how == "reviewed" { pb::FindingResult::Reviewed } else { pb::FindingResult::NothingHeld };
    let occurred_at = Some(timestamp(london(&world.now)));
    let account = world.words();
    let finding = pb::Finding { item: item.into(), result: result.into(), occurred_at, account };
    conferencing!(world, CES_TEAM, record_assurance_finding, RecordAssuranceFindingRequest { finding: Some(finding) });
}

/// The CES Team makes the prescribed note and considers the marker, as soon as it has the case.
async fn on_arrival(world: &mut World) {
    let now = world.now.clone();
    done(world, "CES Team".to_owned(), "Note PIPCS".to_owned(), now, "PIPCS".to_owned()).await;
    world.effect();
    support_marker(world, "not ".to_owned()).await;
    world.effect();
}

#[when("the assurance check is complete")]
async fn assurance(world: &mut World) {
    for item in ["circumstances", "previous interactions", "documents", "third parties"] {
        finding(world, "reviewed".to_owned(), item.to_owned()).await;
    }
}

#[given("enquiries are complete")]
#[when("enquiries are complete")]
async fn enquiries(world: &mut World) {
    on_arrival(world).await;
    assurance(world).await;
    further_information(world, "the CES Team".to_owned(), "not ".to_owned()).await;
}

#[when(regex = r"^(the CES Team|CEAST) decides that further information is (not )?required$")]
async fn further_information(world: &mut World, who: String, not: String) {
    let who = if who == "CEAST" { ("s.west", Role::Ceast) } else { CES_TEAM };
    let decided = if not.is_empty() { pb::FurtherInformation::Required } else { pb::FurtherInformation::NotRequired };
    conferencing!(
        world,
        who,
        require_further_information,
        RequireFurtherInformationRequest { further_information: decided.into(), reason: world.words() }
    );
}

#[when(regex = r"^the CES Team decides that the Additional Support marker is (not )?put on$")]
async fn support_marker(world: &mut World, not: String) {
    let marker = if not.is_empty() { pb::SupportMarker::PutOn } else { pb::SupportMarker::NotPutOn };
    conferencing!(
        world,
        CES_TEAM,
        consider_support_marker,
        ConsiderSupportMarkerRequest { support_marker: marker.into(), reason: world.words() }
    );
}

fn participants(list: &str) -> Vec<pb::Participant> {
    use pb::participant::AttendsFor;
    let participant = |party: &str| {
        let organisation = |of: pb::Organisation| AttendsFor::Organisation(of.into());
        let (person, attends_for) = match party {
            "the CES Team" => ("c.morgan", AttendsFor::Role(Role::CesTeam.into())),
            "the referrer" => ("r.patel", AttendsFor::Role(Role::Referrer.into())),
            "health services" => ("gp-17", organisation(pb::Organisation::HealthServices)),
            "social services" => ("sw-4", organisation(pb::Organisation::SocialServices)),
            other => panic!("{other} takes part in no conference"),
        };
        pb::Participant { person: person.to_owned(), attends_for: Some(attends_for) }
    };
    list.replace(" and ", ", ").split(", ").map(participant).collect()
}

#[when(regex = r"^the CES Team calls a case conference for (\S+ \S+)$")]
async fn convene(world: &mut World, at: String) {
    conferencing!(
        world,
        CES_TEAM,
        convene_conference,
        ConveneConferenceRequest {
            at: Some(timestamp(london(&at))),
            participants: participants("the CES Team and the referrer"),
        }
    );
}

#[when(regex = r"^a case conference took place on (\S+ \S+) with (.+)$")]
async fn conference(world: &mut World, at: String, with: String) {
    let (occurred_at, account) = (Some(timestamp(london(&at))), world.words());
    let conference = pb::Conference { occurred_at, participants: participants(&with), account };
    conferencing!(world, CES_TEAM, record_conference, RecordConferenceRequest { conference: Some(conference) });
}

#[when(regex = r"^it is agreed that the referrer takes an action by (\S+)$")]
async fn agree(world: &mut World, due_on: String) {
    conferencing!(
        world,
        CES_TEAM,
        agree_action,
        AgreeActionRequest { what: world.words(), owner: Role::Referrer.into(), due_on: due_on }
    );
}

#[when(regex = r"^the referrer reports that action (\d+) was (not )?taken$")]
async fn report(world: &mut World, action: u32, not: String) {
    let result = if not.is_empty() { pb::ActionResult::Taken } else { pb::ActionResult::NotTaken };
    let occurred_at = Some(timestamp(london(&world.now)));
    conferencing!(
        world,
        REFERRER,
        report_action,
        ReportActionRequest { action: action, result: result.into(), occurred_at: occurred_at, account: world.words() }
    );
}

#[given(regex = r"^the CES Team determined(, without being satisfied,)? that there is (no|a) concern$")]
#[when(regex = r"^the CES Team determines(, without being satisfied,)? that there is (no|a) concern$")]
async fn determine(world: &mut World, without: String, concern: String) {
    let satisfaction = if without.is_empty() { pb::Satisfaction::Satisfied } else { pb::Satisfaction::NotYet };
    let concern = if concern == "a" { pb::Concern::Identified } else { pb::Concern::NotIdentified };
    conferencing!(
        world,
        CES_TEAM,
        record_determination,
        RecordDeterminationRequest {
            etag: etag(world).await,
            satisfaction: satisfaction.into(),
            concern: concern.into(),
            reasons: world.words(),
        }
    );
}

#[when(regex = r"^the CES Team made the closing note on (\S+ \S+)$")]
async fn closing_note(world: &mut World, at: String) {
    conferencing!(
        world,
        CES_TEAM,
        record_closing_note,
        RecordClosingNoteRequest {
            occurred_at: Some(timestamp(london(&at))),
            system: "PIPCS".to_owned(),
            reference: "NOTE-17".to_owned(),
        }
    );
}

#[when("the CES Team returns the case")]
async fn give_back(world: &mut World) {
    conferencing!(world, CES_TEAM, return_to_decision_maker, ReturnToDecisionMakerRequest { etag: etag(world).await });
}

#[when(regex = r"^the Case Manager decides (not )?to disallow$")]
async fn decide(world: &mut World, not: String) {
    let outcome = if not.is_empty() { pb::Outcome::Disallow } else { pb::Outcome::NotDisallow };
    conferencing!(
        world,
        CASE_MANAGER,
        record_decision,
        RecordDecisionRequest { etag: etag(world).await, outcome: outcome.into(), weighed: world.words() }
    );
}

#[when("the Case Manager reopens the case")]
async fn reopen(world: &mut World) {
    conferencing!(
        world,
        CASE_MANAGER,
        reopen_case,
        ReopenCaseRequest { etag: etag(world).await, reason: world.words() }
    );
}

#[when(regex = r"^the claimant rings the CES Team at conferencing on (\S+ \S+)$")]
async fn rings(world: &mut World, at: String) {
    let contact = pb::Contact {
        occurred_at: Some(timestamp(london(&at))),
        channel: Channel::Telephone.into(),
        by: ContactBy::Customer.into(),
        conversation: world.words(),
    };
    conferencing!(world, CES_TEAM, record_contact, RecordContactRequest { contact: Some(contact) });
}

#[when(regex = r#"^at conferencing the (CES Team|Case Manager) has done "([^"]+)" on (\S+ \S+) in (\S+)$"#)]
async fn done(world: &mut World, who: String, what: String, at: String, system: String) {
    let who = if who == "CES Team" { CES_TEAM } else { CASE_MANAGER };
    let owed = world.conferencing_case().await.1.tasks;
    let task = owed.into_iter().find(|task| task.what.starts_with(&what)).expect("the task is owed").name;
    let request = CompleteTaskRequest {
        request_id: world.request_id(),
        task,
        occurred_at: Some(timestamp(london(&at))),
        system,
        reference: "NOTE-8".to_owned(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.tasks().complete_task(suite.request(who.0, who.1, request)).await;
    world.replied(answer, |reply| reply.effect).await;
}
