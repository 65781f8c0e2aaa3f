//! Facts as requests tell them.

use super::words::{
    answer_from, booked_from, conclusion_from, considered_item_from, indicator_from, second_visit_from, situation_from,
    trace_found_from, triage_result_from, understanding_from, understood_from,
};
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::visiting::v1 as pb;
use holdfast_procedure::visiting::{
    AddressTrace, Booking, BookingMade, Concern, Consideration, Contact, FollowUp, Ground, Happening, Letter, Outcome,
    Seen, Triage, Understood, UnsafeArea, Visit,
};
use holdfast_store::{
    Narrative,
    handing::{ground_from, letter_from},
    reading::{ACCOUNT, account, channel_from, contact_by_from, place, reference},
};

/// The most of anything that a fact lists.
const LISTED: usize = 10;

/// A fact as a request tells it.
pub(super) struct Told {
    pub(super) happening: Happening,
    /// The words recorded with it.
    pub(super) account: Option<Narrative>,
    /// Words that the fact itself refers to.
    pub(super) others: Vec<Narrative>,
}

impl Told {
    fn with(happening: Happening, account: Narrative) -> Self {
        Self { happening, account: Some(account), others: Vec::new() }
    }
}

/// A list of names of which none may be unknown or unstated.
pub(super) fn choices<E: TryFrom<i32>, T>(
    fields: &mut Fields,
    field: &str,
    given: &[i32],
    read: fn(E) -> Option<T>,
) -> Option<Vec<T>> {
    if given.len() > LISTED {
        fields.fault(field, format!("has to name at most {LISTED}"));
        return None;
    }
    let mut all = Vec::new();
    for (at, given) in given.iter().enumerate() {
        all.push(fields.choice(&format!("{field}[{at}]"), *given, read));
    }
    all.into_iter().collect()
}

pub(super) fn visit(fields: &mut Fields, visit: &pb::Visit) -> Option<Told> {
    use pb::visit::Outcome as Went;
    let occurred_at = fields.instant("visit.occurred_at", visit.occurred_at);
    let (mut seen, mut others) = (None, Vec::new());
    let (outcome, account) = match &visit.outcome {
        Some(Went::Effective(given)) => {
            let words = account(fields, "visit.effective.account", &given.account).map(Some);
            let told = read_seen(fields, given, &mut others);
            let outcome = told.as_ref().map(|_| Outcome::Effective);
            seen = told.filter(|told| *told != Seen::default());
            (outcome, words)
        }
        Some(Went::BrokenOff(broken)) => {
            (Some(Outcome::BrokenOff), account(fields, "visit.broken_off.account", &broken.account).map(Some))
        }
        Some(Went::Ineffective(nobody)) => ineffective(fields, nobody),
        None => {
            fields.fault("visit.outcome", "is required: effective, ineffective or broken_off");
            (None, None)
        }
    };
    let happening = Happening::Visit(Visit { occurred_at: occurred_at?, outcome: outcome?, seen });
    Some(Told { happening, account: account?, others })
}

/// What was established where the customer was seen.
fn read_seen(fields: &mut Fields, seen: &pb::EffectiveVisit, others: &mut Vec<Narrative>) -> Option<Seen> {
    let reasons = fields.optional_text("visit.effective.good_cause_reasons", &seen.good_cause_reasons, ACCOUNT);
    let given = seen.understood.unwrap_or_default();
    let mut understands =
        |name: &str, said| fields.optional_choice(&format!("visit.effective.understood.{name}"), said, understood_from);
    let attendance = understands("attendance", given.attendance);
    let work_related_activity = understands("work_related_activity", given.work_related_activity);
    let evidence = understands("evidence", given.evidence);
    let lone_parent = fields.optional_choice(
        "visit.effective.lone_parent_with_child_under_one",
        seen.lone_parent_with_child_under_one,
        answer_from,
    );
    let bookings = bookings(fields, &seen.bookings);
    let reasons = reasons?.map(Narrative::new);
    let good_cause = reference(reasons.as_ref());
    others.extend(reasons);
    Some(Seen {
        understood: Understood {
            attendance: attendance?,
            work_related_activity: work_related_activity?,
            evidence: evidence?,
        },
        explained: seen.explained,
        representative_present: seen.representative_present,
        good_cause,
        deferral_appropriate: seen.deferral_appropriate,
        lone_parent_with_child_under_one: lone_parent?,
        bookings: bookings?,
    })
}

fn bookings(fields: &mut Fields, given: &[pb::Booking]) -> Option<Vec<Booking>> {
    let field = "visit.effective.bookings";
    if given.len() > LISTED {
        fields.fault(field, format!("has to name at most {LISTED}"));
        return None;
    }
    let mut all = Vec::new();
    for (at, given) in given.iter().enumerate() {
        all.push(booking(fields, &format!("{field}[{at}]"), given));
    }
    all.into_iter().collect()
}

fn booking(fields: &mut Fields, field: &str, given: &pb::Booking) -> Option<Booking> {
    let what = fields.choice(&format!("{field}.what"), given.what, booked_from);
    let agreed_for = fields.instant(&format!("{field}.agreed_for"), given.agreed_for);
    Some(Booking { what: what?, agreed_for: agreed_for?, confirmed: given.confirmed_by_referrer })
}

fn ineffective(
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

pub(super) fn unsafe_area(fields: &mut Fields, area: &pb::UnsafeArea) -> Option<Told> {
    let occurred_at = fields.instant("unsafe_area.occurred_at", area.occurred_at);
    let words = account(fields, "unsafe_area.account", &area.account);
    Some(Told::with(Happening::UnsafeArea(UnsafeArea { occurred_at: occurred_at? }), words?))
}

pub(super) fn letter(fields: &mut Fields, letter: &pb::Letter) -> Option<Told> {
    let occurred_at = fields.instant("letter.occurred_at", letter.occurred_at)?;
    Some(Told { happening: Happening::Letter(Letter { occurred_at }), account: None, others: Vec::new() })
}

pub(super) fn concern(fields: &mut Fields, concern: &pb::Concern) -> Option<Told> {
    let occurred_at = fields.instant("concern.occurred_at", concern.occurred_at);
    let specifics = account(fields, "concern.specifics", &concern.specifics);
    Some(Told::with(Happening::Concern(Concern { occurred_at: occurred_at? }), specifics?))
}

pub(super) fn contact(fields: &mut Fields, contact: &pb::Contact) -> Option<Told> {
    let occurred_at = fields.instant("contact.occurred_at", contact.occurred_at);
    let channel = fields.choice("contact.channel", contact.channel, channel_from);
    let by = fields.choice("contact.by", contact.by, contact_by_from);
    let words = account(fields, "contact.conversation", &contact.conversation);
    let second_visit = fields.optional_choice("contact.second_visit", contact.second_visit, second_visit_from);
    let understanding = fields.optional_choice("contact.understanding", contact.understanding, understanding_from);
    let happening = Happening::Contact(Contact {
        occurred_at: occurred_at?,
        channel: channel?,
        by: by?,
        second_visit: second_visit?,
        understanding: understanding?,
    });
    Some(Told::with(happening, words?))
}

pub(super) fn consideration(fields: &mut Fields, given: &pb::Consideration) -> Option<Told> {
    let occurred_at = fields.instant("consideration.occurred_at", given.occurred_at);
    let situations = choices(fields, "consideration.situations", &given.situations, situation_from);
    let indicator = fields.optional_choice("consideration.indicator", given.indicator, indicator_from);
    let considered = choices(fields, "consideration.considered", &given.considered, considered_item_from);
    let understanding = fields.optional_choice("consideration.understanding", given.understanding, understanding_from);
    let conclusion = fields.choice("consideration.conclusion", given.conclusion, conclusion_from);
    let words = account(fields, "consideration.account", &given.account);
    let happening = Happening::Consideration(Consideration {
        occurred_at: occurred_at?,
        situations: situations?,
        indicator: indicator?,
        no_response: given.no_response,
        safeguarding_concern: given.safeguarding_concern,
        has_representative: given.has_representative,
        considered: considered?,
        understanding: understanding?,
        conclusion: conclusion?,
    });
    Some(Told::with(happening, words?))
}

pub(super) fn triage(fields: &mut Fields, given: &pb::Triage) -> Option<Told> {
    let occurred_at = fields.instant("triage.occurred_at", given.occurred_at);
    let result = fields.choice("triage.result", given.result, triage_result_from);
    let words = account(fields, "triage.reason", &given.reason);
    Some(Told::with(Happening::Triage(Triage { occurred_at: occurred_at?, result: result? }), words?))
}

pub(super) fn address_trace(fields: &mut Fields, given: &pb::AddressTrace) -> Option<Told> {
    let occurred_at = fields.instant("address_trace.occurred_at", given.occurred_at);
    let words = account(fields, "address_trace.account", &given.account);
    let is_found = fields.choice("address_trace.result", given.result, trace_found_from);
    // Where the result is not known, a place that was given is still read for its faults.
    let reads = is_found == Some(true) || given.place.is_some();
    let found = reads.then(|| place(fields, "address_trace.place", given.place.as_ref()));
    if is_found == Some(false) && given.place.is_some() {
        fields.fault("address_trace.place", "has to be left out where no address was found");
    }
    let found = found.map_or(Some(None), |place| place.map(Some))?;
    is_found?;
    Some(Told::with(Happening::AddressTrace(AddressTrace { occurred_at: occurred_at?, found }), words?))
}

pub(super) fn follow_up(fields: &mut Fields, given: &pb::FollowUp) -> Option<Told> {
    let occurred_at = fields.instant("follow_up.occurred_at", given.occurred_at);
    let review_on = fields.optional_day("follow_up.review_on", &given.review_on);
    let words = account(fields, "follow_up.account", &given.account);
    Some(Told::with(Happening::FollowUp(FollowUp { occurred_at: occurred_at?, review_on: review_on? }), words?))
}

pub(super) fn booking_made(fields: &mut Fields, given: &pb::BookingMade) -> Option<Told> {
    let occurred_at = fields.instant("booking.occurred_at", given.occurred_at);
    let booked = fields.message("booking.booking", given.booking.as_ref());
    let booked = booked.and_then(|booked| booking(fields, "booking.booking", booked));
    let happening = Happening::Booking(BookingMade { occurred_at: occurred_at?, booking: booked? });
    Some(Told { happening, account: None, others: Vec::new() })
}
