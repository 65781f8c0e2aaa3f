//! Requests into commands. Every field is read, every fault is named, nothing is decided.

use crate::{Escalations, view::escalations};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use holdfast_procedure::{
    directory::Leaders,
    escalation::{Attempt, Command, Concern, Contact, Disclosure, Liaison},
};
use holdfast_store::{
    Asked, For, Narrative, Order, Store, given,
    reading::{
        account, actor, award, channel_from, contact_by_from, kept_elsewhere, late_reason, place, reason, reference,
    },
    wire,
};

mod correction;
pub(crate) mod directory;
pub(crate) mod overrides;
pub(crate) mod protection;
pub(crate) mod reply;

use reply::{agency_from, attempt_channel_from, attempt_outcome_from, basis_from, need_from, render, whom_from};

/// What is told, with an account of it and perhaps why it comes late.
fn told(
    fields: &mut Fields,
    (text, late): (&str, &str),
    command: impl FnOnce(&Narrative, Option<&Narrative>) -> Option<Command>,
) -> Option<Asked<Escalations>> {
    let words = account(fields, "account", text);
    let late = late_reason(fields, late);
    let (words, late) = words.zip(late)?;
    let command = command(&words, late.as_ref())?;
    Some(Asked { command, narratives: [words].into_iter().chain(late).collect() })
}

/// What is asked with words of its own.
fn with_words(words: Narrative, command: impl FnOnce(&Narrative) -> Command) -> Asked<Escalations> {
    Asked { command: command(&words), narratives: vec![words] }
}

/// One function a command: `name: Request => Reply, whether it hands a case over; how the rest is read`.
macro_rules! commands {
    ($($name:ident: $request:ident => $reply:ident, $case:ident, |$fields:ident, $asked:ident| $read:expr;)+) => {
        $(pub(crate) fn $name(
            store: &Store,
            caller: &Caller,
            $asked: &pb::$request,
        ) -> Result<Order<Escalations>, Failure> {
            let case = For::$case(&$asked.case_reference);
            Order::read(store, caller, given!($asked), &case, render::<pb::$reply>, |$fields| $read)
        })+
    };
}

commands! {
    open: OpenEscalationRequest => OpenEscalationResponse, Handed, |fields, asked| {
        let concern = fields.message("concern", asked.concern.as_ref());
        let concern = concern.and_then(|concern| read_concern(fields, concern));
        Some(Asked { command: Command::Open(Box::new(concern?)), narratives: Vec::new() })
    };
    attempt: RecordContactAttemptRequest => RecordContactAttemptResponse, Known, |fields, asked| {
        let attempt = fields.message("attempt", asked.attempt.as_ref());
        let attempt = attempt.and_then(|attempt| read_attempt(fields, attempt));
        told(fields, (&asked.account, &asked.late_reason), |words, late| {
            let (account, late_reason) = (words.reference(), reference(late));
            Some(Command::RecordContactAttempt { attempt: attempt?, account, late_reason })
        })
    };
    consider_leader: ConsiderLeaderRequest => ConsiderLeaderResponse, Known, |fields, asked| {
        let needed = fields.choice("need", asked.need, need_from);
        let why = reason(fields, "reason", &asked.reason);
        let (needed, why) = needed.zip(why)?;
        Some(with_words(why, |why| Command::ConsiderLeader { needed, reason: why.reference() }))
    };
    liaison: RecordLiaisonRequest => RecordLiaisonResponse, Known, |fields, asked| {
        let liaison = fields.message("liaison", asked.liaison.as_ref());
        let liaison = liaison.and_then(|liaison| read_liaison(fields, liaison));
        told(fields, (&asked.account, &asked.late_reason), |words, late| {
            let (account, late_reason) = (words.reference(), reference(late));
            Some(Command::RecordLiaison { liaison: liaison?, account, late_reason })
        })
    };
    disclosure: RecordDisclosureRequest => RecordDisclosureResponse, Known, |fields, asked| {
        let disclosure = fields.message("disclosure", asked.disclosure.as_ref());
        let disclosure = disclosure.and_then(|disclosure| read_disclosure(fields, disclosure));
        told(fields, (&asked.account, &asked.late_reason), |words, late| {
            let (account, late_reason) = (words.reference(), reference(late));
            Some(Command::RecordDisclosure { disclosure: disclosure?, account, late_reason })
        })
    };
    review_date: SetReviewDateRequest => SetReviewDateResponse, Known, |fields, asked| {
        let date = fields.day("review_on", &asked.review_on)?;
        Some(Asked { command: Command::SetReviewDate { date }, narratives: Vec::new() })
    };
    review: RecordReviewRequest => RecordReviewResponse, Known, |fields, asked| {
        let occurred_at = fields.instant("occurred_at", asked.occurred_at);
        let words = account(fields, "next_steps", &asked.next_steps);
        let next_date = fields.optional_day("next_review_on", &asked.next_review_on);
        let late = late_reason(fields, &asked.late_reason);
        let (words, late) = words.zip(late)?;
        let (next_steps, late_reason) = (words.reference(), reference(late.as_ref()));
        let command =
            Command::RecordReview { occurred_at: occurred_at?, next_steps, next_date: next_date?, late_reason };
        Some(Asked { command, narratives: [words].into_iter().chain(late).collect() })
    };
    contact: RecordContactRequest => RecordContactResponse, Known, |fields, asked| {
        let contact = fields.message("contact", asked.contact.as_ref());
        let contact = contact.and_then(|contact| read_contact(fields, contact));
        let late = late_reason(fields, &asked.late_reason);
        let ((contact, words), late) = contact.zip(late)?;
        let (account, late_reason) = (words.reference(), reference(late.as_ref()));
        let command = Command::RecordContact { contact, account, late_reason };
        Some(Asked { command, narratives: [words].into_iter().chain(late).collect() })
    };
    correction: CorrectFactRequest => CorrectFactResponse, Known, |fields, asked| correction::read(fields, asked);
    conclude: ConcludeEscalationRequest => ConcludeEscalationResponse, Known, |fields, asked| {
        let words = account(fields, "steps", &asked.steps)?;
        Some(with_words(words, |words| Command::Conclude { steps: words.reference() }))
    };
}

/// A referral to a leader, with the directory as it stands.
pub(crate) fn refer(
    store: &Store,
    caller: &Caller,
    asked: &pb::ReferToLeaderRequest,
    leaders: Leaders,
) -> Result<Order<Escalations>, Failure> {
    let (case, render) = (For::Known(&asked.case_reference), render::<pb::ReferToLeaderResponse>);
    Order::read(store, caller, given!(asked), &case, render, |fields| {
        let words = account(fields, "asked", &asked.asked)?;
        Some(with_words(words, |words| Command::ReferToLeader { asked: words.reference(), leaders }))
    })
}

fn read_attempt(fields: &mut Fields, attempt: &pb::ContactAttempt) -> Option<Attempt> {
    let occurred_at = fields.instant("attempt.occurred_at", attempt.occurred_at);
    let whom = fields.choice("attempt.whom", attempt.whom, whom_from);
    let channel = fields.choice("attempt.channel", attempt.channel, attempt_channel_from);
    let outcome = fields.choice("attempt.outcome", attempt.outcome, attempt_outcome_from);
    let text_sent = attempt.text_sent;
    Some(Attempt { occurred_at: occurred_at?, whom: whom?, channel: channel?, outcome: outcome?, text_sent })
}

fn read_liaison(fields: &mut Fields, liaison: &pb::Liaison) -> Option<Liaison> {
    let occurred_at = fields.instant("liaison.occurred_at", liaison.occurred_at);
    let agency = fields.choice("liaison.agency", liaison.agency, agency_from);
    Some(Liaison { occurred_at: occurred_at?, agency: agency?, received: liaison.received })
}

fn read_disclosure(fields: &mut Fields, disclosure: &pb::Disclosure) -> Option<Disclosure> {
    let occurred_at = fields.instant("disclosure.occurred_at", disclosure.occurred_at);
    let to = fields.choice("disclosure.to", disclosure.to, agency_from);
    let basis = fields.choice("disclosure.basis", disclosure.basis, basis_from);
    Some(Disclosure { occurred_at: occurred_at?, to: to?, basis: basis?, received: disclosure.received })
}

fn read_concern(fields: &mut Fields, concern: &pb::Concern) -> Option<Concern> {
    let about = award(fields, "concern.award", concern.award.as_ref());
    let whereabouts = place(fields, "concern.place", concern.place.as_ref());
    let lead = fields.choice("concern.lead", concern.lead, wire::role_from);
    let reasons = kept_elsewhere(fields, "concern.concern", &concern.concern);
    let determined_by = actor(fields, "concern.determined_by", concern.determined_by.as_ref());
    let occurred_at = fields.instant("concern.occurred_at", concern.occurred_at);
    Some(Concern {
        award: about?,
        place: whereabouts?,
        lead: lead?,
        account: reasons?,
        determined_by: determined_by?,
        occurred_at: occurred_at?,
    })
}

fn read_contact(fields: &mut Fields, contact: &pb::Contact) -> Option<(Contact, Narrative)> {
    let occurred_at = fields.instant("contact.occurred_at", contact.occurred_at);
    let channel = fields.choice("contact.channel", contact.channel, channel_from);
    let by = fields.choice("contact.by", contact.by, contact_by_from);
    let words = account(fields, "contact.conversation", &contact.conversation)?;
    Some((Contact { occurred_at: occurred_at?, channel: channel?, by: by? }, words))
}

/// A filter and where to begin, from a request for a list.
pub(crate) fn list(
    fields: &mut Fields,
    request: &pb::ListEscalationsRequest,
) -> Option<(escalations::Filter, Option<escalations::After>, u32)> {
    let customer = fields.optional_reference("customer", &request.customer);
    let award = fields.optional_reference("award", &request.award);
    let area = fields.optional_reference("area", &request.area);
    let leader = optional_person(fields, "leader", &request.leader);
    let benefit = fields.optional_choice("benefit", request.benefit, wire::benefit_from);
    let stage = fields.optional_choice("stage", request.stage, reply::stage_from);
    let lead = fields.optional_choice("lead", request.lead, wire::role_from);
    let until = fields.optional_instant("opened_until", request.opened_until);
    let limit = fields.page_size("page_size", request.page_size, 50, 200);
    let filter = escalations::Filter {
        customer: customer?,
        award: award?,
        benefit: benefit?,
        stage: stage?,
        area: area?,
        leader: leader?,
        lead: lead?,
        opened_until: until?,
    };
    let after = holdfast_chassis::page::after(fields, &filter, &request.page_token);
    Some((filter, after?, limit?))
}

/// A person that may be missing: `Some(None)` where they are.
fn optional_person(fields: &mut Fields, field: &str, person: &str) -> Option<Option<String>> {
    if person.is_empty() { Some(None) } else { fields.person(field, person).map(Some) }
}
