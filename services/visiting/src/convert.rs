//! Requests into commands. Every field is read, every fault is named, nothing is decided.

use crate::{CASE_PREFIX, Referrals, view};
use chrono::{DateTime, Utc};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::visiting::v1 as pb;
use holdfast_procedure::visiting::{
    Command, Concern, Contact, Correction, Ground, Happening, Letter, Outcome, Record, UnsafeArea, Visit,
};
use holdfast_store::{
    Asked, For, Narrative, Order, Store, given,
    handing::{ground_from, letter_from},
    reading::{ACCOUNT, account, award, channel_from, contact_by_from, late_reason, place, reason, reference},
    wire,
};

pub(crate) mod reply;

use reply::{decided_from, render, second_visit_from, withdrawal_from};

/// A fact as a request tells it.
struct Told {
    happening: Happening,
    account: Option<Narrative>,
}

/// Which case a request is for: a new one, or one that is known.
macro_rules! case {
    (New, $asked:ident) => {
        For::New(CASE_PREFIX)
    };
    (Known, $asked:ident) => {
        For::Known(&$asked.case_reference)
    };
}

/// One function a command: `name: Request => Reply, for which case; how the rest is read`.
macro_rules! commands {
    ($($name:ident: $request:ident => $reply:ident, $case:ident, |$fields:ident, $asked:ident| $read:expr;)+) => {
        $(pub(crate) fn $name(
            store: &Store,
            caller: &Caller,
            $asked: &pb::$request,
        ) -> Result<Order<Referrals>, Failure> {
            Order::read(store, caller, given!($asked), &case!($case, $asked), render::<pb::$reply>, |$fields| $read)
        })+
    };
}

commands! {
    refer: ReferForVisitRequest => ReferForVisitResponse, New, |fields, asked| {
        let award = award(fields, "award", asked.award.as_ref());
        let place = place(fields, "place", asked.place.as_ref());
        let occurred_at = fields.instant("occurred_at", asked.occurred_at);
        let circumstances = account(fields, "circumstances", &asked.circumstances);
        let late = late_reason(fields, &asked.late_reason);
        let (circumstances, late) = (circumstances?, late?);
        let command = Command::Refer {
            award: award?,
            place: place?,
            occurred_at: occurred_at?,
            circumstances: circumstances.reference(),
            late_reason: reference(late.as_ref()),
        };
        Some(Asked { command, narratives: [circumstances].into_iter().chain(late).collect() })
    };
    visit: RecordVisitRequest => RecordVisitResponse, Known, |fields, asked| {
        let told = fields.message("visit", asked.visit.as_ref()).and_then(|visit| read_visit(fields, visit));
        recorded(fields, told, &asked.late_reason)
    };
    unsafe_area: RecordUnsafeAreaRequest => RecordUnsafeAreaResponse, Known, |fields, asked| {
        let area = fields.message("unsafe_area", asked.unsafe_area.as_ref());
        let told = area.and_then(|area| read_unsafe_area(fields, area));
        recorded(fields, told, &asked.late_reason)
    };
    letter: RecordLetterRequest => RecordLetterResponse, Known, |fields, asked| {
        let told = fields.message("letter", asked.letter.as_ref()).and_then(|letter| read_letter(fields, letter));
        recorded(fields, told, &asked.late_reason)
    };
    contact: RecordContactRequest => RecordContactResponse, Known, |fields, asked| {
        let told = fields.message("contact", asked.contact.as_ref()).and_then(|contact| read_contact(fields, contact));
        recorded(fields, told, &asked.late_reason)
    };
    concern: RaiseConcernRequest => RaiseConcernResponse, Known, |fields, asked| {
        let told = fields.message("concern", asked.concern.as_ref()).and_then(|concern| read_concern(fields, concern));
        recorded(fields, told, &asked.late_reason)
    };
    decide_second_visit: DecideSecondVisitRequest => DecideSecondVisitResponse, Known, |fields, asked| {
        let second_visit = fields.choice("second_visit", asked.second_visit, second_visit_from);
        let reason = reason(fields, "reason", &asked.reason);
        let (second_visit, reason) = second_visit.zip(reason)?;
        let command = Command::DecideSecondVisit { second_visit, reason: reason.reference() };
        Some(Asked { command, narratives: vec![reason] })
    };
    withdraw: WithdrawReferralRequest => WithdrawReferralResponse, Known, |fields, asked| {
        let ground = fields.choice("ground", asked.ground, withdrawal_from);
        let reason = reason(fields, "reason", &asked.reason);
        let (ground, reason) = ground.zip(reason)?;
        let command = Command::Withdraw { ground, reason: reason.reference() };
        Some(Asked { command, narratives: vec![reason] })
    };
    correct: CorrectFactRequest => CorrectFactResponse, Known, |fields, asked| {
        if asked.fact == 0 {
            fields.fault("fact", "is required");
        }
        let right = read_right(fields, asked.right.as_ref());
        let reason = reason(fields, "reason", &asked.reason);
        let (right, reason) = right.zip(reason)?;
        let (happening, account) = right.map_or((None, None), |told| (Some(told.happening), told.account));
        let correction = Correction {
            fact: asked.fact,
            right: happening,
            narrative: reference(account.as_ref()),
            reason: reason.reference(),
        };
        let narratives = [reason].into_iter().chain(account).collect();
        Some(Asked { command: Command::Correct(correction), narratives })
    };
    note_decision: NoteDecisionRequest => NoteDecisionResponse, Known, |fields, asked| {
        let decided = fields.choice("decision", asked.decision, decided_from)?;
        Some(Asked { command: Command::NoteDecision { decided }, narratives: vec![] })
    };
}

/// A fact that was recorded, and why it is late, if it is.
fn recorded(fields: &mut Fields, told: Option<Told>, late: &str) -> Option<Asked<Referrals>> {
    let late = late_reason(fields, late);
    let (Told { happening, account }, late) = told.zip(late)?;
    let (narrative, late_reason) = (reference(account.as_ref()), reference(late.as_ref()));
    let command = Command::Record(Record { happening, narrative, late_reason });
    Some(Asked { command, narratives: account.into_iter().chain(late).collect() })
}

/// What is right instead of a fact that was wrong; `Some(None)`: it never happened.
fn read_right(fields: &mut Fields, right: Option<&pb::correct_fact_request::Right>) -> Option<Option<Told>> {
    use pb::correct_fact_request::Right;
    match right {
        Some(Right::Visit(visit)) => read_visit(fields, visit).map(Some),
        Some(Right::Contact(contact)) => read_contact(fields, contact).map(Some),
        Some(Right::UnsafeArea(area)) => read_unsafe_area(fields, area).map(Some),
        Some(Right::Letter(letter)) => read_letter(fields, letter).map(Some),
        Some(Right::Concern(concern)) => read_concern(fields, concern).map(Some),
        Some(Right::NeverHappened(true)) => Some(None),
        Some(Right::NeverHappened(false)) | None => {
            fields.fault("right", "is required: what is right, or never_happened");
            None
        }
    }
}

/// A filter and where to begin, from a request for a list.
pub(crate) fn list(
    fields: &mut Fields,
    request: &pb::ListReferralsRequest,
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
    let until = fields.optional_instant("referred_until", request.referred_until);
    let limit = fields.page_size("page_size", request.page_size, 50, 200);
    let filter = view::Filter {
        customer: customer?,
        award: award?,
        benefit: benefit?,
        stage: stage?,
        area: area?,
        referred_by: referred_by?,
        referred_until: until?,
    };
    let after = holdfast_chassis::page::after(fields, &filter, &request.page_token);
    Some((filter, after?, limit?))
}

fn read_visit(fields: &mut Fields, visit: &pb::Visit) -> Option<Told> {
    use pb::visit::Outcome as Went;
    let occurred_at = fields.instant("visit.occurred_at", visit.occurred_at);
    let mut told = |field: &str, text: &str| account(fields, field, text).map(Some);
    let (outcome, account) = match &visit.outcome {
        Some(Went::Effective(seen)) => (Some(Outcome::Effective), told("visit.effective.account", &seen.account)),
        Some(Went::BrokenOff(broken)) => (Some(Outcome::BrokenOff), told("visit.broken_off.account", &broken.account)),
        Some(Went::Ineffective(ineffective)) => read_ineffective(fields, ineffective),
        None => {
            fields.fault("visit.outcome", "is required: effective, ineffective or broken_off");
            (None, None)
        }
    };
    let happening = Happening::Visit(Visit { occurred_at: occurred_at?, outcome: outcome? });
    Some(Told { happening, account: account? })
}

fn read_ineffective(
    fields: &mut Fields,
    ineffective: &pb::IneffectiveVisit,
) -> (Option<Outcome>, Option<Option<Narrative>>) {
    let ground = fields.choice("visit.ineffective.ground", ineffective.ground, ground_from);
    let letter = fields.optional_choice("visit.ineffective.letter", ineffective.letter, letter_from);
    if letter == Some(None) && ground.is_some_and(|ground| ground != Ground::UnsafeArea) {
        fields.fault("visit.ineffective.letter", "is required: whether the letter was left");
    }
    let account = fields.optional_text("visit.ineffective.account", &ineffective.account, ACCOUNT);
    let outcome = ground.zip(letter).map(|(ground, left)| {
        let letter_left = left.unwrap_or(false);
        Outcome::Ineffective { ground, letter_left }
    });
    (outcome, account.map(|text| text.map(Narrative::new)))
}

fn read_unsafe_area(fields: &mut Fields, area: &pb::UnsafeArea) -> Option<Told> {
    let occurred_at = fields.instant("unsafe_area.occurred_at", area.occurred_at);
    let account = account(fields, "unsafe_area.account", &area.account);
    let happening = Happening::UnsafeArea(UnsafeArea { occurred_at: occurred_at? });
    Some(Told { happening, account: Some(account?) })
}

fn read_letter(fields: &mut Fields, letter: &pb::Letter) -> Option<Told> {
    let occurred_at: DateTime<Utc> = fields.instant("letter.occurred_at", letter.occurred_at)?;
    Some(Told { happening: Happening::Letter(Letter { occurred_at }), account: None })
}

fn read_concern(fields: &mut Fields, concern: &pb::Concern) -> Option<Told> {
    let occurred_at = fields.instant("concern.occurred_at", concern.occurred_at);
    let specifics = account(fields, "concern.specifics", &concern.specifics);
    let happening = Happening::Concern(Concern { occurred_at: occurred_at? });
    Some(Told { happening, account: Some(specifics?) })
}

fn read_contact(fields: &mut Fields, contact: &pb::Contact) -> Option<Told> {
    let occurred_at = fields.instant("contact.occurred_at", contact.occurred_at);
    let channel = fields.choice("contact.channel", contact.channel, channel_from);
    let by = fields.choice("contact.by", contact.by, contact_by_from);
    let account = account(fields, "contact.conversation", &contact.conversation);
    let second_visit = fields.optional_choice("contact.second_visit", contact.second_visit, second_visit_from);
    let happening = Happening::Contact(Contact {
        occurred_at: occurred_at?,
        channel: channel?,
        by: by?,
        second_visit: second_visit?,
    });
    Some(Told { happening, account: Some(account?) })
}
