//! State into replies, and the words that both directions share.

use holdfast_contracts::holdfast::{common::v1 as common, conferencing::v1 as pb};
use holdfast_procedure::{
    Workload,
    conferencing::{
        Action, ActionReport, ActionResult, AssuranceItem, ClosingNote, ConferenceHeld, ContactHeard, Deferral,
        Documentation, Documented, Fact, Finding, FindingResult, Happening, Marker, Outcome, Participant,
        PartnershipManager, Party, Signed, Stage, State,
    },
    facts::Kept,
};
use holdfast_store::{
    Outcome as Brought,
    customers::standing,
    handing::{case_file, escalation_outcome, taken_back},
    names,
    reading::{channel, contact_by},
    wire,
};
use prost::Message;

names! {
    /// How far a case has come.
    pub(crate) stage, stage_from: Stage <=> pb::Stage {
        Assurance, ConferenceDue, DeterminationDue, Escalated, ClosingNoteDue, DocumentationDue, ReturnDue, DecisionDue,
        Decided, EndedDeath, EndedTakenBack,
    }
}
names! {
    /// Something that the assurance check looks at.
    pub(crate) assurance_item, assurance_item_from: AssuranceItem <=> pb::AssuranceItem {
        Circumstances, PreviousInteractions, Documents, ThirdParties, Deferral, Other,
    }
}
names! {
    /// Whether there was anything to look at.
    pub(crate) finding_result, finding_result_from: FindingResult <=> pb::FindingResult { Reviewed, NothingHeld }
}
names! {
    /// What was decided about the Additional Support marker.
    pub(crate) support_marker, support_marker_from: Marker <=> pb::SupportMarker { PutOn, NotPutOn }
}
names! {
    /// What became of an agreed action.
    pub(crate) action_result, action_result_from: ActionResult <=> pb::ActionResult { Taken, Overtaken, NotTaken }
}
names! {
    /// What a decision maker decides.
    pub(crate) outcome, outcome_from: Outcome <=> pb::Outcome {
        Disallow, NotDisallow, Sanction, Neither, TakeDecision, NotTakeDecision, AwardGrant, NotAwardGrant,
    }
}
names! {
    /// Whether the local partnership manager is involved.
    pub(crate) partnership_manager, partnership_manager_from: PartnershipManager <=> pb::PartnershipManager {
        Involved, NotInvolved,
    }
}
names! {
    /// Whether a deferral is appropriate.
    pub(crate) deferral, deferral_from: Deferral <=> pb::Deferral { Appropriate, NotAppropriate }
}
names! {
    /// Whether the documentation holds something.
    pub(crate) documented, documented_from: Documented <=> pb::Documented { Included, None }
}

/// Whether further information is required.
pub(crate) fn further_information_from(required: pb::FurtherInformation) -> Option<bool> {
    match required {
        pb::FurtherInformation::Required => Some(true),
        pb::FurtherInformation::NotRequired => Some(false),
        pb::FurtherInformation::Unspecified => None,
    }
}

fn further_information(required: Option<bool>) -> pb::FurtherInformation {
    match required {
        Some(true) => pb::FurtherInformation::Required,
        Some(false) => pb::FurtherInformation::NotRequired,
        None => pb::FurtherInformation::Unspecified,
    }
}

/// Whether there is a concern.
pub(crate) fn concern_from(concern: pb::Concern) -> Option<bool> {
    match concern {
        pb::Concern::Identified => Some(true),
        pb::Concern::NotIdentified => Some(false),
        pb::Concern::Unspecified => None,
    }
}

/// Whether whoever leads is satisfied.
pub(crate) fn satisfaction_from(satisfaction: pb::Satisfaction) -> Option<bool> {
    match satisfaction {
        pb::Satisfaction::Satisfied => Some(true),
        pb::Satisfaction::NotYet => Some(false),
        pb::Satisfaction::Unspecified => None,
    }
}

/// For whom from outside the department somebody takes part.
pub(crate) fn organisation_from(from: pb::Organisation) -> Option<Party> {
    match from {
        pb::Organisation::HealthServices => Some(Party::HealthServices),
        pb::Organisation::SocialServices => Some(Party::SocialServices),
        pb::Organisation::Representative => Some(Party::Representative),
        pb::Organisation::Other => Some(Party::Other),
        pb::Organisation::Unspecified => None,
    }
}

/// The reply of a command: the case, and what was brought about.
pub(crate) trait Reply: Message {
    /// The reply with these parts.
    fn of(case: Option<pb::Case>, effect: Option<common::Effect>) -> Self;
}

macro_rules! replies {
    ($($reply:ident),+ $(,)?) => {
        $(impl Reply for pb::$reply {
            fn of(case: Option<pb::Case>, effect: Option<common::Effect>) -> Self {
                Self { case, effect }
            }
        })+
    };
}

replies! {
    ReceiveCaseResponse, ConsiderSupportMarkerResponse, RecordAssuranceFindingResponse,
    RequireFurtherInformationResponse, ConveneConferenceResponse, RecordConferenceResponse, AgreeActionResponse,
    ReportActionResponse, RecordContactResponse, ReceiveContactResponse, RecordDeterminationResponse,
    CorrectFactResponse, ReceiveContactCorrectionResponse, RecordEscalationOutcomeResponse, RecordClosingNoteResponse,
    AssembleDocumentationResponse, ReturnToDecisionMakerResponse, RecordDecisionResponse, ReopenCaseResponse,
    GetCaseResponse, TakeBackCaseResponse,
}

/// The encoded reply of a command.
pub(crate) fn render<R: Reply>(brought: &Brought<State>) -> Vec<u8> {
    reply::<R>(brought).encode_to_vec()
}

/// The reply of a command.
pub(crate) fn reply<R: Reply>(brought: &Brought<State>) -> R {
    let about = brought.state.received.as_ref().map(|received| &received.file.award);
    R::of(told(&brought.case, &brought.state), Some(wire::effect(brought, about)))
}

fn told(case: &str, state: &State) -> Option<pb::Case> {
    let received = state.received.as_ref()?;
    let file = &received.file;
    let determination = state.determination.as_ref().map(|determined| pb::Determination {
        satisfaction: if determined.satisfied { pb::Satisfaction::Satisfied } else { pb::Satisfaction::NotYet }.into(),
        concern: if determined.concern { pb::Concern::Identified } else { pb::Concern::NotIdentified }.into(),
        narrative: determined.reasons.0.clone(),
        recorded_at: Some(wire::timestamp(determined.at)),
        recorded_by: Some(wire::actor(&determined.by)),
        assents: determined.assents.iter().map(participant).collect(),
    });
    let decision = state.decision.as_ref().map(|decided| pb::Decision {
        outcome: outcome(decided.what.0).into(),
        weighed: decided.what.1.0.clone(),
        recorded_at: Some(wire::timestamp(decided.at)),
        recorded_by: Some(wire::actor(&decided.by)),
    });
    let review_note = state.review_note().map(|note| pb::ReviewNote {
        occurred_at: Some(wire::timestamp(note.occurred_at)),
        system: note.system.clone(),
        reference: note.reference.clone(),
    });
    Some(pb::Case {
        case_reference: case.to_owned(),
        award: Some(wire::award(&file.award)),
        place: Some(wire::place(&file.place)),
        stage: stage(state.stage).into(),
        stage_since: state.since.map(wire::timestamp),
        lead: wire::role(file.lead).into(),
        file: Some(case_file(file)),
        received_at: Some(wire::timestamp(received.at)),
        support_marker: state.markers.last().map(|stated| support_marker(stated.what)).unwrap_or_default().into(),
        findings: state.findings.iter().map(finding).collect(),
        further_information: further_information(state.further_information_required()).into(),
        conference_called_for: state.convened.last().map(|called| wire::timestamp(called.at)),
        conferences: state.conferences.iter().map(|(held, counts)| conference(held, *counts)).collect(),
        actions: state.actions.iter().map(|(number, agreed)| action(*number, agreed)).collect(),
        contacts: state.contacts.iter().map(contact).collect(),
        determination,
        escalation_outcomes: state.outcomes.iter().map(escalation_outcome).collect(),
        closing_note: state.closing_note.as_ref().map(closing_note),
        returned_at: state.returned_at.map(wire::timestamp),
        decision,
        times_reopened: u32::try_from(state.reopened.len()).unwrap_or(u32::MAX),
        customer: Some(standing((Workload::Conferencing, case), &file.award.customer, &state.customer)),
        review_note,
        documentation: state.documentation.as_ref().map(documentation),
        conference_due: state.conference_by.as_ref().map(wire::due),
        facts: state.facts.all().map(|(number, kept)| fact(number, kept)).collect(),
        taken_back: state.taken_back.as_ref().map(taken_back),
    })
}

/// Something that people recorded, whether or not it stands.
fn fact(number: u32, kept: &Kept<Fact>) -> pb::CaseFact {
    use pb::case_fact::Kind;
    let (at, by) = (kept.at, kept.by.clone());
    let kind = match kept.what.happening.clone() {
        Happening::Finding(what) => Kind::Finding(finding(&Signed { what, at, by })),
        Happening::Conference(what) => Kind::Conference(conference(&Signed { what, at, by }, kept.what.counts)),
        Happening::ActionReport(report) => Kind::ActionReport(action_report(&report)),
        Happening::Contact(what) => Kind::Contact(contact(&Signed { what, at, by })),
        Happening::ClosingNote(note) => Kind::ClosingNote(closing_note(&note)),
        Happening::Documentation(gathered) => Kind::Documentation(documentation(&gathered)),
    };
    pb::CaseFact {
        fact: number,
        counts: kept.what.counts,
        corrects: kept.corrects.unwrap_or_default(),
        superseded: kept.superseded.as_ref().map(wire::superseded),
        recorded_at: Some(wire::timestamp(kept.at)),
        recorded_by: Some(wire::actor(&kept.by)),
        kind: Some(kind),
    }
}

fn action_report(report: &ActionReport) -> pb::RecordedActionReport {
    pb::RecordedActionReport {
        action: report.action,
        result: action_result(report.result).into(),
        occurred_at: Some(wire::timestamp(report.occurred_at)),
        narrative: report.account.0.clone(),
    }
}

fn closing_note(note: &ClosingNote) -> pb::ClosingNote {
    pb::ClosingNote {
        occurred_at: Some(wire::timestamp(note.occurred_at)),
        system: note.system.clone(),
        reference: note.reference.clone(),
    }
}

fn documentation(gathered: &Documentation) -> pb::Documentation {
    pb::Documentation {
        occurred_at: Some(wire::timestamp(gathered.occurred_at)),
        safeguarding_steps: documented(gathered.safeguarding_steps).into(),
        referrals: documented(gathered.referrals).into(),
        conference_outcome: documented(gathered.conference_outcome).into(),
        subsequent_actions: documented(gathered.subsequent_actions).into(),
        system: gathered.system.clone(),
        reference: gathered.reference.clone(),
    }
}

fn finding(signed: &Signed<Finding>) -> pb::RecordedFinding {
    let Signed { what, at, by } = signed;
    pb::RecordedFinding {
        item: assurance_item(what.item).into(),
        result: finding_result(what.result).into(),
        occurred_at: Some(wire::timestamp(what.occurred_at)),
        narrative: what.account.0.clone(),
        recorded_at: Some(wire::timestamp(*at)),
        recorded_by: Some(wire::actor(by)),
    }
}

fn conference(signed: &Signed<ConferenceHeld>, counts: bool) -> pb::RecordedConference {
    let Signed { what, at, by } = signed;
    let manager = what.partnership_manager.as_ref();
    pb::RecordedConference {
        occurred_at: Some(wire::timestamp(what.occurred_at)),
        participants: what.participants.iter().map(participant).collect(),
        narrative: what.account.0.clone(),
        counts,
        recorded_at: Some(wire::timestamp(*at)),
        recorded_by: Some(wire::actor(by)),
        partnership_manager: manager.map(|manager| partnership_manager(manager.decided)).unwrap_or_default().into(),
        partnership_manager_narrative: manager.map(|manager| manager.reason.0.clone()).unwrap_or_default(),
        deferral: what.deferral.map(deferral).unwrap_or_default().into(),
    }
}

/// Somebody at a case conference.
pub(crate) fn participant(there: &Participant) -> pb::Participant {
    use pb::participant::AttendsFor;
    let organisation = |of: pb::Organisation| AttendsFor::Organisation(of.into());
    let attends_for = match there.party {
        Party::Department(role) => AttendsFor::Role(wire::role(role).into()),
        Party::HealthServices => organisation(pb::Organisation::HealthServices),
        Party::SocialServices => organisation(pb::Organisation::SocialServices),
        Party::Representative => organisation(pb::Organisation::Representative),
        Party::Other => organisation(pb::Organisation::Other),
    };
    pb::Participant { person: there.person.clone(), attends_for: Some(attends_for) }
}

fn action(number: u32, agreed: &Action) -> pb::Action {
    pb::Action {
        action: number,
        narrative: agreed.what.0.clone(),
        owner: wire::role(agreed.owner).into(),
        due_on: agreed.by.map(|day| day.to_string()).unwrap_or_default(),
        agreed_at: Some(wire::timestamp(agreed.agreed_at)),
        result: agreed.reports.last().map(|report| action_result(report.what.0)).unwrap_or_default().into(),
        open: agreed.is_open(),
    }
}

fn contact(signed: &Signed<ContactHeard>) -> pb::RecordedContact {
    let Signed { what, at, by } = signed;
    pb::RecordedContact {
        occurred_at: Some(wire::timestamp(what.occurred_at)),
        channel: channel(what.channel).into(),
        by: contact_by(what.by).into(),
        narrative: what.account.0.clone(),
        recorded_at: Some(wire::timestamp(*at)),
        recorded_by: Some(wire::actor(by)),
    }
}
