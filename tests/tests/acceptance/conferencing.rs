//! What whoever leads, the other party to the conference and whoever decides do between the handover and the decision.

use crate::{
    handed_over,
    parties::{Party, party, party_of},
    world::World,
};
use cucumber::{given, when};
use holdfast_contracts::holdfast::{
    common::v1::Task,
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

/// The etag of the case at conferencing, for those who decide on what they have read.
async fn etag(world: &mut World) -> String {
    world.conferencing_case().await.1.etag
}

/// Whoever leads the case.
async fn lead(world: &mut World) -> Party {
    party_of(world.conferencing_case().await.0.lead())
}

#[given(
    regex = r"^(an?|another) (PIP|ESA|UC|AtW) case was handed over(?: to the CES Team)?(?:, noted in (DISC|ATWIS|both),)? after visits on (\S+ \S+) and (\S+ \S+)$"
)]
async fn case(world: &mut World, which: String, benefit: String, note_in: String, first: String, second: String) {
    let award = if which == "another" { "A-3" } else { "A-1" };
    handed_over::after_two_visits(world, (&benefit, award, &note_in), [first, second]).await;
}

#[when(regex = r#"^(?:the )?([\w ]+?) (reviewed|found nothing on) "([^"]+)"$"#)]
async fn finding(world: &mut World, who: String, how: String, item: String) {
    look_at(world, party(&who), &how, &item).await;
}

async fn look_at(world: &mut World, who: Party, how: &str, item: &str) {
    let item = format!("ASSURANCE_ITEM_{}", item.to_uppercase().replace(' ', "_"));
    let item = pb::AssuranceItem::from_str_name(&item).expect("an item of the assurance check");
    let result = if how == "reviewed" { pb::FindingResult::Reviewed } else { pb::FindingResult::NothingHeld };
    let occurred_at = Some(timestamp(london(&world.now)));
    let account = world.words();
    let finding = pb::Finding { item: item.into(), result: result.into(), occurred_at, account };
    conferencing!(world, who, record_assurance_finding, RecordAssuranceFindingRequest { finding: Some(finding) });
}

/// The first task at conferencing of which this is so.
async fn owed(world: &mut World, is: impl Fn(&Task) -> bool) -> Option<Task> {
    world.conferencing_case().await.1.tasks.into_iter().find(is)
}

#[when("the assurance check is complete")]
async fn assurance(world: &mut World) {
    let lead = lead(world).await;
    while let Some(task) = owed(world, |task| task.discharged_by == "RecordAssuranceFinding").await {
        let item = task.name.rsplit_once("assurance:").expect("the task names its item").1.replace('-', " ");
        look_at(world, lead, "reviewed", &item).await;
        world.effect();
    }
}

/// What the benefit asks for until the determination is due, done as its tasks say.
#[given("enquiries are complete")]
#[when("enquiries are complete")]
async fn enquiries(world: &mut World) {
    let lead = lead(world).await;
    if let Some(note) = owed(world, |task| task.name.contains("/prescribed-note")).await {
        let now = world.now.clone();
        complete(world, party_of(note.owner()), note.name, now, "PIPCS".to_owned()).await;
        world.effect();
    }
    if owed(world, |task| task.discharged_by == "ConsiderSupportMarker").await.is_some() {
        consider_marker(world, lead, pb::SupportMarker::NotPutOn).await;
        world.effect();
    }
    assurance(world).await;
    if owed(world, |task| task.discharged_by == "RequireFurtherInformation").await.is_some() {
        require(world, lead, pb::FurtherInformation::NotRequired).await;
    } else {
        let (now, with) = (world.now.clone(), both_parties(lead));
        hold(world, lead, &now, &with, pb::PartnershipManager::NotInvolved).await;
    }
    world.effect();
}

#[when(regex = r"^(?:the )?([\w ]+?) decides that further information is (not )?required$")]
async fn further_information(world: &mut World, who: String, not: String) {
    let decided = if not.is_empty() { pb::FurtherInformation::Required } else { pb::FurtherInformation::NotRequired };
    require(world, party(&who), decided).await;
}

async fn require(world: &mut World, who: Party, decided: pb::FurtherInformation) {
    conferencing!(
        world,
        who,
        require_further_information,
        RequireFurtherInformationRequest { further_information: decided.into(), reason: world.words() }
    );
}

#[when(regex = r"^(?:the )?([\w ]+?) decides that the Additional Support marker is (not )?put on$")]
async fn support_marker(world: &mut World, who: String, not: String) {
    let marker = if not.is_empty() { pb::SupportMarker::PutOn } else { pb::SupportMarker::NotPutOn };
    consider_marker(world, party(&who), marker).await;
}

async fn consider_marker(world: &mut World, who: Party, marker: pb::SupportMarker) {
    conferencing!(
        world,
        who,
        consider_support_marker,
        ConsiderSupportMarkerRequest { support_marker: marker.into(), reason: world.words() }
    );
}

/// The lead and the party that the conference takes place with.
fn both_parties(lead: Party) -> String {
    let pairs = [
        ("CES Team", "the CES Team and the referrer"),
        ("CEAST", "CEAST and the SPOC"),
        ("team leader", "the team leader and the referrer"),
        ("HEO", "the HEO and the referrer"),
    ];
    let (_, both) = pairs.into_iter().find(|(name, _)| party(name) == lead).expect("a lead");
    both.to_owned()
}

/// Who is named in a list such as "the HEO, a deputy as the referrer and social services".
pub(crate) fn participants(list: &str) -> Vec<pb::Participant> {
    use pb::participant::AttendsFor;
    let participant = |named: &str| {
        let organisation = |of: pb::Organisation| AttendsFor::Organisation(of.into());
        let (named, deputy) = named.strip_prefix("a deputy as ").map_or((named, false), |named| (named, true));
        let (person, attends_for) = match named {
            "health services" => ("gp-17", organisation(pb::Organisation::HealthServices)),
            "social services" => ("sw-4", organisation(pb::Organisation::SocialServices)),
            named => {
                let (person, role) = party(named.trim_start_matches("the "));
                (person, AttendsFor::Role(role.into()))
            }
        };
        let person = if deputy { "d.puty" } else { person };
        pb::Participant { person: person.to_owned(), attends_for: Some(attends_for) }
    };
    list.replace(" and ", ", ").split(", ").map(participant).collect()
}

#[when(regex = r"^(?:the )?([\w ]+?) calls a case conference for (\S+ \S+)$")]
async fn convene(world: &mut World, who: String, at: String) {
    let who = party(&who);
    let participants = participants(&both_parties(who));
    conferencing!(
        world,
        who,
        convene_conference,
        ConveneConferenceRequest { at: Some(timestamp(london(&at))), participants: participants }
    );
}

#[when(
    regex = r"^a case conference took place on (\S+ \S+) with (.+?)(; the partnership manager is (?:not )?involved)?$"
)]
async fn conference(world: &mut World, at: String, with: String, manager: String) {
    let manager = match manager.as_str() {
        "" => pb::PartnershipManager::Unspecified,
        manager if manager.contains("not") => pb::PartnershipManager::NotInvolved,
        _ => pb::PartnershipManager::Involved,
    };
    let lead = lead(world).await;
    hold(world, lead, &at, &with, manager).await;
}

async fn hold(world: &mut World, who: Party, at: &str, with: &str, manager: pb::PartnershipManager) {
    let considered = manager != pb::PartnershipManager::Unspecified;
    let reason = if considered { world.words() } else { String::new() };
    let conference = pb::Conference {
        occurred_at: Some(timestamp(london(at))),
        participants: participants(with),
        account: world.words(),
        partnership_manager: manager.into(),
        partnership_manager_reason: reason,
        deferral: pb::Deferral::NotAppropriate.into(),
    };
    conferencing!(world, who, record_conference, RecordConferenceRequest { conference: Some(conference) });
}

#[when(regex = r"^it is agreed that (?:the )?([\w ]+?) takes an action by (\S+)$")]
async fn agree(world: &mut World, owner: String, due_on: String) {
    let lead = lead(world).await;
    let owner = party(&owner).1.into();
    conferencing!(world, lead, agree_action, AgreeActionRequest { what: world.words(), owner: owner, due_on: due_on });
}

#[when(regex = r"^(?:the )?([\w ]+?) reports that action (\d+) was (not )?taken$")]
async fn report(world: &mut World, who: String, action: u32, not: String) {
    let result = if not.is_empty() { pb::ActionResult::Taken } else { pb::ActionResult::NotTaken };
    let occurred_at = Some(timestamp(london(&world.now)));
    conferencing!(
        world,
        party(&who),
        report_action,
        ReportActionRequest { action: action, result: result.into(), occurred_at: occurred_at, account: world.words() }
    );
}

#[given(
    regex = r"^(?:the )?([\w ]+?) determined(, without being satisfied,)? that there is (no|a) concern(?:, with the assent of (.+))?$"
)]
#[when(
    regex = r"^(?:the )?([\w ]+?) determines(, without being satisfied,)? that there is (no|a) concern(?:, with the assent of (.+))?$"
)]
async fn determine(world: &mut World, who: String, without: String, concern: String, assents: String) {
    let satisfaction = if without.is_empty() { pb::Satisfaction::Satisfied } else { pb::Satisfaction::NotYet };
    let concern = if concern == "a" { pb::Concern::Identified } else { pb::Concern::NotIdentified };
    let assents = if assents.is_empty() { Vec::new() } else { participants(&assents) };
    conferencing!(
        world,
        party(&who),
        record_determination,
        RecordDeterminationRequest {
            etag: etag(world).await,
            satisfaction: satisfaction.into(),
            concern: concern.into(),
            reasons: world.words(),
            assents: assents,
        }
    );
}

#[when(regex = r"^(?:the )?([\w ]+?) made the closing note on (\S+ \S+)(?: in (\S+))?$")]
async fn closing_note(world: &mut World, who: String, at: String, system: String) {
    let system = if system.is_empty() { "PIPCS".to_owned() } else { system };
    conferencing!(
        world,
        party(&who),
        record_closing_note,
        RecordClosingNoteRequest {
            occurred_at: Some(timestamp(london(&at))),
            system: system,
            reference: "NOTE-17".to_owned(),
        }
    );
}

#[when(regex = r"^(?:the )?([\w ]+?) gathers the documentation$")]
async fn documentation(world: &mut World, who: String) {
    let (included, none) = (pb::Documented::Included.into(), pb::Documented::None.into());
    let documentation = pb::Documentation {
        occurred_at: Some(timestamp(london(&world.now))),
        safeguarding_steps: included,
        referrals: none,
        conference_outcome: included,
        subsequent_actions: none,
        system: "CASE-FILES".to_owned(),
        reference: "BUNDLE-1".to_owned(),
    };
    conferencing!(
        world,
        party(&who),
        assemble_documentation,
        AssembleDocumentationRequest { documentation: Some(documentation) }
    );
}

#[when(regex = r"^(?:the )?([\w ]+?) returns the case$")]
async fn give_back(world: &mut World, who: String) {
    conferencing!(
        world,
        party(&who),
        return_to_decision_maker,
        ReturnToDecisionMakerRequest { etag: etag(world).await }
    );
}

#[when(
    regex = r"^(?:the )?([\w ]+?) decides (to disallow|not to disallow|to sanction|neither to disallow nor to sanction|to take the decision|not to take the decision|to award the grant|not to award the grant)(, without saying what was weighed)?$"
)]
async fn decide(world: &mut World, who: String, what: String, silent: String) {
    let outcome = match what.as_str() {
        "to disallow" => pb::Outcome::Disallow,
        "not to disallow" => pb::Outcome::NotDisallow,
        "to sanction" => pb::Outcome::Sanction,
        "neither to disallow nor to sanction" => pb::Outcome::Neither,
        "to take the decision" => pb::Outcome::TakeDecision,
        "not to take the decision" => pb::Outcome::NotTakeDecision,
        "to award the grant" => pb::Outcome::AwardGrant,
        _ => pb::Outcome::NotAwardGrant,
    };
    let weighed = if silent.is_empty() { world.words() } else { String::new() };
    conferencing!(
        world,
        party(&who),
        record_decision,
        RecordDecisionRequest { etag: etag(world).await, outcome: outcome.into(), weighed: weighed }
    );
}

#[when(regex = r"^(?:the )?([\w ]+?) reopens the case$")]
async fn reopen(world: &mut World, who: String) {
    conferencing!(
        world,
        party(&who),
        reopen_case,
        ReopenCaseRequest { etag: etag(world).await, reason: world.words() }
    );
}

#[when(regex = r"^the claimant rings (?:the )?([\w ]+?) at conferencing on (\S+ \S+)$")]
async fn rings(world: &mut World, whom: String, at: String) {
    let contact = pb::Contact {
        occurred_at: Some(timestamp(london(&at))),
        channel: Channel::Telephone.into(),
        by: ContactBy::Customer.into(),
        conversation: world.words(),
    };
    conferencing!(world, party(&whom), record_contact, RecordContactRequest { contact: Some(contact) });
}

#[given(regex = r#"^at conferencing (?:the )?([\w ]+?) has done "([^"]+)" on (\S+ \S+) in (\S+)$"#)]
#[when(regex = r#"^at conferencing (?:the )?([\w ]+?) has done "([^"]+)" on (\S+ \S+) in (\S+)$"#)]
async fn done(world: &mut World, who: String, what: String, at: String, system: String) {
    let task = owed(world, |task| task.what.starts_with(&what)).await.expect("the task is owed").name;
    complete(world, party(&who), task, at, system).await;
}

async fn complete(world: &mut World, who: Party, task: String, at: String, system: String) {
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
