//! Requests into commands. Every field is read, every fault is named, nothing is decided.

use crate::{Conferences, view};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::conferencing::v1 as pb;
use holdfast_procedure::conferencing::{
    Command, ConferenceHeld, ContactHeard, Documentation, Finding, Participant, PartnershipManagerConsidered, Party,
};
use holdfast_store::{
    Asked, For, Narrative, Order, Store, given,
    reading::{REASON, account, actor, channel_from, contact_by_from, late_reason, reason, reference},
    wire,
};

pub(crate) mod correction;
mod file;
pub(crate) mod reply;

use reply::{
    action_result_from, assurance_item_from, concern_from, deferral_from, documented_from, finding_result_from,
    further_information_from, organisation_from, outcome_from, partnership_manager_from, render, satisfaction_from,
    support_marker_from,
};

/// The most participants that a conference is recorded with.
const PARTICIPANTS: usize = 50;

/// What is asked without any words.
fn plain(command: Command) -> Asked<Conferences> {
    Asked { command, narratives: Vec::new() }
}

/// One function a command: `name: Request => Reply, whether it hands a case over; how the rest is read`.
macro_rules! commands {
    ($($name:ident: $request:ident => $reply:ident, $case:ident, |$fields:ident, $asked:ident| $read:expr;)+) => {
        $(pub(crate) fn $name(
            store: &Store,
            caller: &Caller,
            $asked: &pb::$request,
        ) -> Result<Order<Conferences>, Failure> {
            let case = For::$case(&$asked.case_reference);
            Order::read(store, caller, given!($asked), &case, render::<pb::$reply>, |$fields| $read)
        })+
    };
}

commands! {
    receive: ReceiveCaseRequest => ReceiveCaseResponse, Handed, |fields, asked| {
        let file = fields.message("file", asked.file.as_ref()).and_then(|given| file::file(fields, given));
        Some(plain(Command::Receive(Box::new(file?))))
    };
    take_back: TakeBackCaseRequest => TakeBackCaseResponse, Known, |fields, asked| {
        let taken = fields.message("taken_back", asked.taken_back.as_ref());
        Some(plain(Command::TakeBack(taken.and_then(|given| file::taken_back(fields, given))?)))
    };
    support_marker: ConsiderSupportMarkerRequest => ConsiderSupportMarkerResponse, Known, |fields, asked| {
        let marker = fields.choice("support_marker", asked.support_marker, support_marker_from);
        let why = reason(fields, "reason", &asked.reason);
        let (marker, why) = marker.zip(why)?;
        let command = Command::ConsiderSupportMarker { marker, reason: why.reference() };
        Some(Asked { command, narratives: vec![why] })
    };
    finding: RecordAssuranceFindingRequest => RecordAssuranceFindingResponse, Known, |fields, asked| {
        let found = fields.message("finding", asked.finding.as_ref()).and_then(|found| read_finding(fields, found));
        let late = late_reason(fields, &asked.late_reason);
        let ((finding, words), late) = found.zip(late)?;
        let command = Command::RecordFinding { finding, late_reason: reference(late.as_ref()) };
        Some(Asked { command, narratives: [words].into_iter().chain(late).collect() })
    };
    further_information: RequireFurtherInformationRequest => RequireFurtherInformationResponse, Known, |fields, asked| {
        let required = fields.choice("further_information", asked.further_information, further_information_from);
        let why = reason(fields, "reason", &asked.reason);
        let (required, why) = required.zip(why)?;
        let command = Command::DecideFurtherInformation { required, reason: why.reference() };
        Some(Asked { command, narratives: vec![why] })
    };
    convene: ConveneConferenceRequest => ConveneConferenceResponse, Known, |fields, asked| {
        let at = fields.instant("at", asked.at);
        let participants = read_participants(fields, "participants", &asked.participants);
        Some(plain(Command::ConveneConference { at: at?, participants: participants? }))
    };
    conference: RecordConferenceRequest => RecordConferenceResponse, Known, |fields, asked| {
        let held = fields.message("conference", asked.conference.as_ref());
        let held = held.and_then(|held| read_conference(fields, held));
        let late = late_reason(fields, &asked.late_reason);
        let ((conference, words), late) = held.zip(late)?;
        let command = Command::RecordConference { conference, late_reason: reference(late.as_ref()) };
        Some(Asked { command, narratives: words.into_iter().chain(late).collect() })
    };
    agree_action: AgreeActionRequest => AgreeActionResponse, Known, |fields, asked| {
        let what = reason(fields, "what", &asked.what);
        let owner = fields.choice("owner", asked.owner, wire::role_from);
        let by = fields.optional_day("due_on", &asked.due_on);
        let what = what?;
        let command = Command::AgreeAction { what: what.reference(), owner: owner?, by: by? };
        Some(Asked { command, narratives: vec![what] })
    };
    report_action: ReportActionRequest => ReportActionResponse, Known, |fields, asked| {
        if asked.action == 0 {
            fields.fault("action", "is required: the number of the action, from 1");
        }
        let result = fields.choice("result", asked.result, action_result_from);
        let occurred_at = fields.instant("occurred_at", asked.occurred_at);
        let words = account(fields, "account", &asked.account);
        let late = late_reason(fields, &asked.late_reason);
        let (words, late) = words.zip(late)?;
        let command = Command::ReportAction {
            action: asked.action,
            result: result?,
            occurred_at: occurred_at?,
            account: words.reference(),
            late_reason: reference(late.as_ref()),
        };
        Some(Asked { command, narratives: [words].into_iter().chain(late).collect() })
    };
    contact: RecordContactRequest => RecordContactResponse, Known, |fields, asked| {
        let contact = fields.message("contact", asked.contact.as_ref());
        let contact = contact.and_then(|contact| read_contact(fields, contact));
        let late = late_reason(fields, &asked.late_reason);
        let ((contact, words), late) = contact.zip(late)?;
        let late_reason = reference(late.as_ref());
        let command = Command::RecordContact { contact, passed_on_from: None, late_reason };
        Some(Asked { command, narratives: [words].into_iter().chain(late).collect() })
    };
    passed_on_contact: ReceiveContactRequest => ReceiveContactResponse, Known, |fields, asked| {
        let given = pb::PassedOnContact {
            occurred_at: asked.occurred_at,
            channel: asked.channel,
            by: asked.by,
            narrative: asked.narrative.clone(),
        };
        let contact = read_passed_on(fields, "", &given);
        let heard_by = actor(fields, "recorded_by", asked.recorded_by.as_ref());
        let (contact, passed_on_from) = (contact?, Some(heard_by?));
        Some(plain(Command::RecordContact { contact, passed_on_from, late_reason: None }))
    };
    passed_on_correction: ReceiveContactCorrectionRequest => ReceiveContactCorrectionResponse, Known, |fields, asked| {
        Some(plain(correction::passed_on(fields, asked)?))
    };
    correction: CorrectFactRequest => CorrectFactResponse, Known, |fields, asked| correction::read(fields, asked);
    determination: RecordDeterminationRequest => RecordDeterminationResponse, Known, |fields, asked| {
        let satisfied = fields.choice("satisfaction", asked.satisfaction, satisfaction_from);
        let concern = fields.choice("concern", asked.concern, concern_from);
        let assents = read_assents(fields, &asked.assents);
        let words = account(fields, "reasons", &asked.reasons)?;
        let (satisfied, concern, assents) = (satisfied?, concern?, assents?);
        let command = Command::Determine { satisfied, concern, assents, reasons: words.reference() };
        Some(Asked { command, narratives: vec![words] })
    };
    escalation_outcome: RecordEscalationOutcomeRequest => RecordEscalationOutcomeResponse, Known, |fields, asked| {
        let outcome = fields.message("outcome", asked.outcome.as_ref()).and_then(|told| file::outcome(fields, told));
        Some(plain(Command::RecordEscalationOutcome(outcome?)))
    };
    closing_note: RecordClosingNoteRequest => RecordClosingNoteResponse, Known, |fields, asked| {
        let occurred_at = fields.instant("occurred_at", asked.occurred_at);
        let system = fields.reference("system", &asked.system);
        let note = fields.reference("reference", &asked.reference);
        let late = late_reason(fields, &asked.late_reason)?;
        let command = Command::RecordClosingNote {
            occurred_at: occurred_at?,
            system: system?,
            reference: note?,
            late_reason: reference(late.as_ref()),
        };
        Some(Asked { command, narratives: late.into_iter().collect() })
    };
    documentation: AssembleDocumentationRequest => AssembleDocumentationResponse, Known, |fields, asked| {
        let gathered = fields.message("documentation", asked.documentation.as_ref());
        let gathered = gathered.and_then(|gathered| read_documentation(fields, gathered));
        let late = late_reason(fields, &asked.late_reason)?;
        let command =
            Command::AssembleDocumentation { documentation: gathered?, late_reason: reference(late.as_ref()) };
        Some(Asked { command, narratives: late.into_iter().collect() })
    };
    give_back: ReturnToDecisionMakerRequest => ReturnToDecisionMakerResponse, Known, |_fields, asked| {
        Some(plain(Command::Return))
    };
    decision: RecordDecisionRequest => RecordDecisionResponse, Known, |fields, asked| {
        let outcome = fields.choice("outcome", asked.outcome, outcome_from);
        let words = account(fields, "weighed", &asked.weighed)?;
        let command = Command::Decide { outcome: outcome?, weighed: words.reference() };
        Some(Asked { command, narratives: vec![words] })
    };
    reopen: ReopenCaseRequest => ReopenCaseResponse, Known, |fields, asked| {
        let why = reason(fields, "reason", &asked.reason)?;
        let command = Command::Reopen { reason: why.reference() };
        Some(Asked { command, narratives: vec![why] })
    };
}

fn read_finding(fields: &mut Fields, found: &pb::Finding) -> Option<(Finding, Narrative)> {
    let item = fields.choice("finding.item", found.item, assurance_item_from);
    let result = fields.choice("finding.result", found.result, finding_result_from);
    let occurred_at = fields.instant("finding.occurred_at", found.occurred_at);
    let words = account(fields, "finding.account", &found.account)?;
    let finding = Finding { item: item?, result: result?, occurred_at: occurred_at?, account: words.reference() };
    Some((finding, words))
}

/// Contact whose words safeguarding keeps.
fn read_passed_on(fields: &mut Fields, within: &str, given: &pb::PassedOnContact) -> Option<ContactHeard> {
    let field = |name: &str| format!("{within}{name}");
    let occurred_at = fields.instant(&field("occurred_at"), given.occurred_at);
    let channel = fields.choice(&field("channel"), given.channel, channel_from);
    let by = fields.choice(&field("by"), given.by, contact_by_from);
    let kept = fields.reference(&field("narrative"), &given.narrative).map(holdfast_procedure::NarrativeRef);
    Some(ContactHeard { occurred_at: occurred_at?, channel: channel?, by: by?, account: kept? })
}

fn read_contact(fields: &mut Fields, contact: &pb::Contact) -> Option<(ContactHeard, Narrative)> {
    let occurred_at = fields.instant("contact.occurred_at", contact.occurred_at);
    let channel = fields.choice("contact.channel", contact.channel, channel_from);
    let by = fields.choice("contact.by", contact.by, contact_by_from);
    let words = account(fields, "contact.conversation", &contact.conversation)?;
    let heard = ContactHeard { occurred_at: occurred_at?, channel: channel?, by: by?, account: words.reference() };
    Some((heard, words))
}

fn read_conference(fields: &mut Fields, held: &pb::Conference) -> Option<(ConferenceHeld, Vec<Narrative>)> {
    let occurred_at = fields.instant("conference.occurred_at", held.occurred_at);
    let participants = read_participants(fields, "conference.participants", &held.participants);
    let manager = read_partnership_manager(fields, held);
    let deferral = fields.optional_choice("conference.deferral", held.deferral, deferral_from);
    let words = account(fields, "conference.account", &held.account)?;
    let (manager, why) = manager?.unzip();
    let conference = ConferenceHeld {
        occurred_at: occurred_at?,
        participants: participants?,
        account: words.reference(),
        partnership_manager: manager,
        deferral: deferral?,
    };
    Some((conference, [words].into_iter().chain(why).collect()))
}

/// What the conference concluded on the partnership manager, and why; `Some(None)` where it did not consider it.
#[expect(clippy::option_option, reason = "a fault is one thing, a conference that did not consider it another")]
fn read_partnership_manager(
    fields: &mut Fields,
    held: &pb::Conference,
) -> Option<Option<(PartnershipManagerConsidered, Narrative)>> {
    let (what, why) = ("conference.partnership_manager", "conference.partnership_manager_reason");
    let decided = fields.optional_choice(what, held.partnership_manager, partnership_manager_from);
    let said = fields.optional_text(why, &held.partnership_manager_reason, REASON);
    match (decided?, said?.map(Narrative::new)) {
        (None, None) => Some(None),
        (Some(decided), Some(said)) => {
            Some(Some((PartnershipManagerConsidered { decided, reason: said.reference() }, said)))
        }
        (Some(_), None) => {
            fields.fault(why, format!("is required with {what}: 1 to {REASON} characters"));
            None
        }
        (None, Some(_)) => {
            fields.fault(what, format!("is required with {why}"));
            None
        }
    }
}

fn read_documentation(fields: &mut Fields, gathered: &pb::Documentation) -> Option<Documentation> {
    let occurred_at = fields.instant("documentation.occurred_at", gathered.occurred_at);
    let [steps, referrals, conference, actions] = [
        ("documentation.safeguarding_steps", gathered.safeguarding_steps),
        ("documentation.referrals", gathered.referrals),
        ("documentation.conference_outcome", gathered.conference_outcome),
        ("documentation.subsequent_actions", gathered.subsequent_actions),
    ]
    .map(|(field, given)| fields.choice(field, given, documented_from));
    let system = fields.reference("documentation.system", &gathered.system);
    let kept = fields.reference("documentation.reference", &gathered.reference);
    Some(Documentation {
        occurred_at: occurred_at?,
        safeguarding_steps: steps?,
        referrals: referrals?,
        conference_outcome: conference?,
        subsequent_actions: actions?,
        system: system?,
        reference: kept?,
    })
}

/// Who is satisfied; nobody has to be named.
fn read_assents(fields: &mut Fields, given: &[pb::Participant]) -> Option<Vec<Participant>> {
    if given.is_empty() { Some(Vec::new()) } else { read_participants(fields, "assents", given) }
}

pub(crate) fn read_participants(
    fields: &mut Fields,
    field: &str,
    given: &[pb::Participant],
) -> Option<Vec<Participant>> {
    if given.is_empty() || given.len() > PARTICIPANTS {
        fields.fault(field, format!("has to name 1 to {PARTICIPANTS} participants"));
        return None;
    }
    // Every one is read, so that every fault is named.
    let read: Vec<_> = given.iter().enumerate().map(|(at, given)| read_participant(fields, field, at, given)).collect();
    read.into_iter().collect()
}

fn read_participant(fields: &mut Fields, field: &str, at: usize, given: &pb::Participant) -> Option<Participant> {
    use pb::participant::AttendsFor;
    let person = fields.person(&format!("{field}[{at}].person"), &given.person);
    let party = match given.attends_for {
        Some(AttendsFor::Role(role)) => {
            fields.choice(&format!("{field}[{at}].role"), role, wire::role_from).map(Party::Department)
        }
        Some(AttendsFor::Organisation(from)) => {
            fields.choice(&format!("{field}[{at}].organisation"), from, organisation_from)
        }
        None => {
            fields.fault(
                &format!("{field}[{at}].attends_for"),
                "has to say for whom they take part: role or organisation",
            );
            None
        }
    };
    Some(Participant { person: person?, party: party? })
}

/// A filter and where to begin, from a request for a list.
pub(crate) fn list(
    fields: &mut Fields,
    request: &pb::ListCasesRequest,
) -> Option<(view::Filter, Option<view::After>, u32)> {
    let customer = fields.optional_reference("customer", &request.customer);
    let award = fields.optional_reference("award", &request.award);
    let area = fields.optional_reference("area", &request.area);
    let referred_by = if request.referred_by.is_empty() {
        Some(None)
    } else {
        fields.person("referred_by", &request.referred_by).map(Some)
    };
    let benefit = fields.optional_choice("benefit", request.benefit, wire::benefit_from);
    let stage = fields.optional_choice("stage", request.stage, reply::stage_from);
    let lead = fields.optional_choice("lead", request.lead, wire::role_from);
    let until = fields.optional_instant("received_until", request.received_until);
    let team = fields.optional_reference("team", &request.team);
    let limit = fields.page_size("page_size", request.page_size, 50, 200);
    let filter = view::Filter {
        customer: customer?,
        award: award?,
        benefit: benefit?,
        stage: stage?,
        area: area?,
        lead: lead?,
        referred_by: referred_by?,
        received_until: until?,
        team: team?,
    };
    let after = holdfast_chassis::page::after(fields, &filter, &request.page_token);
    Some((filter, after?, limit?))
}
