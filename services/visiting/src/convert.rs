//! Requests into commands. Every field is read, every fault is named, nothing is decided.

use crate::{CASE_PREFIX, Referrals, view};
use facts::Told;
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::{common::v1 as common, visiting::v1 as pb};
use holdfast_procedure::{
    Award, Place,
    visiting::{Command, Correction, GoodCauseDecision, Opening, Record},
};
use holdfast_store::{
    Asked, For, Narrative, Order, Store, given,
    handing::held_from,
    reading::{account, award, late_reason, place, reason, reference},
    wire,
};
use reply::render;
use words::{
    decided_from, deferral_from, good_cause_from, second_visit_from, stage_from, understanding_from, withdrawal_from,
};

mod facts;
mod form;
pub(crate) mod reply;
mod shown;
pub(crate) mod words;

/// Which case a request is for: a new one, one that is known, or either.
macro_rules! case {
    (New, $asked:ident) => {
        For::New(CASE_PREFIX)
    };
    (Known, $asked:ident) => {
        For::Known(&$asked.case_reference)
    };
    (Either, $asked:ident) => {
        if $asked.case_reference.is_empty() { For::New(CASE_PREFIX) } else { For::Known(&$asked.case_reference) }
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
    consider: ConsiderVisitRequest => ConsiderVisitResponse, Either, |fields, asked| {
        let told = fields.message("consideration", asked.consideration.as_ref());
        let told = told.and_then(|given| facts::consideration(fields, given));
        let given = (asked.case_reference.as_str(), asked.award.as_ref(), asked.place.as_ref());
        opening(fields, given, told, &asked.late_reason)
    };
    triage: TriageConcernRequest => TriageConcernResponse, Known, |fields, asked| {
        let told = fields.message("triage", asked.triage.as_ref()).and_then(|given| facts::triage(fields, given));
        recorded(fields, told, &asked.late_reason)
    };
    refer: ReferForVisitRequest => ReferForVisitResponse, New, |fields, asked| {
        let award = award(fields, "award", asked.award.as_ref());
        let place = place(fields, "place", asked.place.as_ref());
        let occurred_at = fields.instant("occurred_at", asked.occurred_at);
        let circumstances = account(fields, "circumstances", &asked.circumstances);
        let form = form::read(fields, asked.form.as_ref().unwrap_or(&pb::VisitingForm::default()));
        let late = late_reason(fields, &asked.late_reason);
        let (circumstances, late, (form, words)) = (circumstances?, late?, form?);
        let command = Command::Refer {
            award: award?,
            place: place?,
            occurred_at: occurred_at?,
            circumstances: circumstances.reference(),
            late_reason: reference(late.as_ref()),
            form: Box::new(form),
            of_death: vec![],
        };
        Some(Asked { command, narratives: [circumstances].into_iter().chain(late).chain(words).collect() })
    };
    address_trace: RecordAddressTraceRequest => RecordAddressTraceResponse, Known, |fields, asked| {
        let told = fields.message("address_trace", asked.address_trace.as_ref());
        let told = told.and_then(|given| facts::address_trace(fields, given));
        recorded(fields, told, &asked.late_reason)
    };
    follow_up: RecordFollowUpRequest => RecordFollowUpResponse, Known, |fields, asked| {
        let told = fields.message("follow_up", asked.follow_up.as_ref());
        let told = told.and_then(|given| facts::follow_up(fields, given));
        recorded(fields, told, &asked.late_reason)
    };
    visit: RecordVisitRequest => RecordVisitResponse, Known, |fields, asked| {
        let told = fields.message("visit", asked.visit.as_ref()).and_then(|visit| facts::visit(fields, visit));
        recorded(fields, told, &asked.late_reason)
    };
    unsafe_area: RecordUnsafeAreaRequest => RecordUnsafeAreaResponse, Known, |fields, asked| {
        let area = fields.message("unsafe_area", asked.unsafe_area.as_ref());
        let told = area.and_then(|area| facts::unsafe_area(fields, area));
        recorded(fields, told, &asked.late_reason)
    };
    letter: RecordLetterRequest => RecordLetterResponse, Known, |fields, asked| {
        let told = fields.message("letter", asked.letter.as_ref()).and_then(|letter| facts::letter(fields, letter));
        recorded(fields, told, &asked.late_reason)
    };
    contact: RecordContactRequest => RecordContactResponse, Known, |fields, asked| {
        let told = fields.message("contact", asked.contact.as_ref()).and_then(|contact| facts::contact(fields, contact));
        recorded(fields, told, &asked.late_reason)
    };
    concern: RaiseConcernRequest => RaiseConcernResponse, Either, |fields, asked| {
        let told = fields.message("concern", asked.concern.as_ref()).and_then(|concern| facts::concern(fields, concern));
        let given = (asked.case_reference.as_str(), asked.award.as_ref(), asked.place.as_ref());
        opening(fields, given, told, &asked.late_reason)
    };
    booking: RecordBookingRequest => RecordBookingResponse, Known, |fields, asked| {
        let told = fields.message("booking", asked.booking.as_ref());
        let told = told.and_then(|given| facts::booking_made(fields, given));
        recorded(fields, told, &asked.late_reason)
    };
    decide_good_cause: DecideGoodCauseRequest => DecideGoodCauseResponse, Known, |fields, asked| {
        let good_cause = fields.choice("good_cause", asked.good_cause, good_cause_from);
        let deferral = fields.optional_choice("deferral", asked.deferral, deferral_from);
        let reason = reason(fields, "reason", &asked.reason)?;
        let decision = GoodCauseDecision { good_cause: good_cause?, deferral: deferral? };
        let command = Command::DecideGoodCause { decision, reason: reason.reference() };
        Some(Asked { command, narratives: vec![reason] })
    };
    decide_second_visit: DecideSecondVisitRequest => DecideSecondVisitResponse, Known, |fields, asked| {
        let second_visit = fields.choice("second_visit", asked.second_visit, second_visit_from);
        let understanding = fields.optional_choice("understanding", asked.understanding, understanding_from);
        let reason = reason(fields, "reason", &asked.reason);
        let (second_visit, reason) = second_visit.zip(reason)?;
        let command =
            Command::DecideSecondVisit { second_visit, understanding: understanding?, reason: reason.reference() };
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
        let narrative = right.as_ref().and_then(|told| reference(told.account.as_ref()));
        let mut narratives = vec![reason];
        let correction = Correction {
            fact: asked.fact,
            reason: narratives[0].reference(),
            narrative,
            right: right.map(|told| {
                narratives.extend(told.account.into_iter().chain(told.others));
                told.happening
            }),
        };
        Some(Asked { command: Command::Correct(correction), narratives })
    };
    confirm_retraction: ConfirmRetractionRequest => ConfirmRetractionResponse, Known, |fields, asked| {
        let reason = reason(fields, "reason", &asked.reason)?;
        let command = Command::ConfirmRetraction { reason: reason.reference() };
        Some(Asked { command, narratives: vec![reason] })
    };
    decline_retraction: DeclineRetractionRequest => DeclineRetractionResponse, Known, |fields, asked| {
        let reason = reason(fields, "reason", &asked.reason)?;
        let command = Command::DeclineRetraction { reason: reason.reference() };
        Some(Asked { command, narratives: vec![reason] })
    };
    receive_back: ReceiveCaseBackRequest => ReceiveCaseBackResponse, Known, |fields, asked| {
        if asked.holds.is_empty() {
            fields.fault("holds", "is required: at least one");
        }
        let holds = held_from(fields, "holds", &asked.holds)?;
        Some(Asked { command: Command::ReceiveBack { holds }, narratives: vec![] })
    };
    note_decision: NoteDecisionRequest => NoteDecisionResponse, Known, |fields, asked| {
        let (decided, times_taken_back) =
            (fields.choice("decision", asked.decision, decided_from)?, asked.times_taken_back);
        Some(Asked { command: Command::NoteDecision { decided, times_taken_back }, narratives: vec![] })
    };
}

/// A fact that was recorded, and why it is late, if it is.
fn recorded(fields: &mut Fields, told: Option<Told>, late: &str) -> Option<Asked<Referrals>> {
    let (record, narratives) = record(fields, told, late)?;
    Some(Asked { command: Command::Record(record), narratives })
}

/// The report of a fact, and the words with it.
fn record(fields: &mut Fields, told: Option<Told>, late: &str) -> Option<(Record, Vec<Narrative>)> {
    let late = late_reason(fields, late);
    let (Told { happening, account, others }, late) = told.zip(late)?;
    let (narrative, late_reason) = (reference(account.as_ref()), reference(late.as_ref()));
    let narratives = account.into_iter().chain(others).chain(late).collect();
    Some((Record { happening, narrative, late_reason }, narratives))
}

/// A fact of a case that is known, or one that opens a case for an award.
fn opening(
    fields: &mut Fields,
    (case, about, lives): (&str, Option<&common::Award>, Option<&common::Place>),
    told: Option<Told>,
    late: &str,
) -> Option<Asked<Referrals>> {
    if case.is_empty() {
        let (award, place): (Option<Award>, Option<Place>) =
            (award(fields, "award", about), place(fields, "place", lives));
        let (record, narratives) = record(fields, told, late)?;
        let command = Command::Open(Opening { award: award?, place: place?, record, of_death: vec![] });
        return Some(Asked { command, narratives });
    }
    let given = [("award", about.is_some()), ("place", lives.is_some())];
    for (field, _) in given.into_iter().filter(|(_, given)| *given) {
        fields.fault(field, "has to be left out where case_reference is given");
    }
    recorded(fields, told, late)
}

/// What is right instead of a fact that was wrong; `Some(None)`: it never happened.
fn read_right(fields: &mut Fields, right: Option<&pb::correct_fact_request::Right>) -> Option<Option<Told>> {
    use pb::correct_fact_request::Right;
    match right {
        Some(Right::Visit(visit)) => facts::visit(fields, visit).map(Some),
        Some(Right::Contact(contact)) => facts::contact(fields, contact).map(Some),
        Some(Right::UnsafeArea(area)) => facts::unsafe_area(fields, area).map(Some),
        Some(Right::Letter(letter)) => facts::letter(fields, letter).map(Some),
        Some(Right::Concern(concern)) => facts::concern(fields, concern).map(Some),
        Some(Right::Consideration(consideration)) => facts::consideration(fields, consideration).map(Some),
        Some(Right::Triage(triage)) => facts::triage(fields, triage).map(Some),
        Some(Right::AddressTrace(trace)) => facts::address_trace(fields, trace).map(Some),
        Some(Right::FollowUp(follow_up)) => facts::follow_up(fields, follow_up).map(Some),
        Some(Right::Booking(booking)) => facts::booking_made(fields, booking).map(Some),
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
    let stage = fields.optional_choice("stage", request.stage, stage_from);
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
