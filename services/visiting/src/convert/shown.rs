//! Facts as replies show them: what was recorded, without the words, which are told by reference.

use super::words::{
    answer, booked, conclusion, considered_item, indicator, second_visit, situation, trace_result, triage_result,
    understanding, understood,
};
use holdfast_contracts::holdfast::visiting::v1 as pb;
use holdfast_procedure::visiting::{
    Booking, Consideration, Contact, Fact, Happening, Outcome, Seen, UnderstoodAnswer, Verdict, Visit,
};
use holdfast_store::{
    handing::ground,
    reading::{channel, contact_by},
    wire,
};
use prost_types::Timestamp;

/// What the guidance makes of a fact. Superseded facts are told apart by the case, not by a judgement.
fn verdict(verdict: Verdict) -> pb::Verdict {
    match verdict {
        Verdict::Effective => pb::Verdict::Effective,
        Verdict::FirstIneffective => pb::Verdict::FirstIneffective,
        Verdict::SecondIneffective => pb::Verdict::SecondIneffective,
        Verdict::CountsAsTwo => pb::Verdict::CountsAsTwo,
        Verdict::TooEarly => pb::Verdict::TooEarly,
        Verdict::Neither => pb::Verdict::Neither,
        Verdict::InTime => pb::Verdict::InTime,
        Verdict::NotInTime => pb::Verdict::NotInTime,
        Verdict::NotTheCustomer => pb::Verdict::NotTheCustomer,
        Verdict::Afterwards => pb::Verdict::Afterwards,
    }
}

/// One fact of a case.
pub(super) fn recorded(number: u32, fact: &Fact) -> pb::RecordedFact {
    let judged = if fact.superseded { pb::Verdict::Superseded } else { fact.verdict.map(verdict).unwrap_or_default() };
    pb::RecordedFact {
        fact: number,
        recorded_at: Some(wire::timestamp(fact.recorded_at)),
        recorded_by: Some(wire::actor(&fact.by)),
        verdict: judged.into(),
        kind: Some(kind(&fact.happening)),
        narrative: fact.narrative.as_ref().map(|words| words.0.clone()).unwrap_or_default(),
        corrects: fact.corrects.unwrap_or_default(),
        good_cause_reasons: good_cause_reasons(&fact.happening),
    }
}

/// Where a customer's reasons are kept; empty where none were given.
fn good_cause_reasons(happening: &Happening) -> String {
    let Happening::Visit(visit) = happening else { return String::new() };
    let reasons = visit.seen.as_ref().and_then(|seen| seen.good_cause.as_ref());
    reasons.map(|words| words.0.clone()).unwrap_or_default()
}

fn kind(happening: &Happening) -> pb::recorded_fact::Kind {
    use pb::recorded_fact::Kind;
    let at = Some(wire::timestamp(happening.occurred_at()));
    let account = String::new();
    match happening {
        Happening::Visit(visit) => Kind::Visit(pb::Visit { occurred_at: at, outcome: Some(outcome(visit)) }),
        Happening::UnsafeArea(_) => Kind::UnsafeArea(pb::UnsafeArea { occurred_at: at, account }),
        Happening::Letter(_) => Kind::Letter(pb::Letter { occurred_at: at }),
        Happening::Contact(told) => Kind::Contact(contact(told, at)),
        Happening::Concern(_) => Kind::Concern(pb::Concern { occurred_at: at, specifics: account }),
        Happening::Consideration(told) => Kind::Consideration(consideration(told, at)),
        Happening::Triage(triage) => {
            Kind::Triage(pb::Triage { occurred_at: at, result: triage_result(triage.result).into(), reason: account })
        }
        Happening::AddressTrace(trace) => Kind::AddressTrace(pb::AddressTrace {
            occurred_at: at,
            result: trace_result(trace.found.is_some()).into(),
            place: trace.found.as_ref().map(wire::place),
            account,
        }),
        Happening::FollowUp(follow_up) => Kind::FollowUp(pb::FollowUp {
            occurred_at: at,
            review_on: follow_up.review_on.map(|day| day.to_string()).unwrap_or_default(),
            account,
        }),
        Happening::Booking(made) => {
            Kind::Booking(pb::BookingMade { occurred_at: at, booking: Some(booking(&made.booking)) })
        }
    }
}

fn outcome(visit: &Visit) -> pb::visit::Outcome {
    let account = String::new();
    match visit.outcome {
        Outcome::Effective => pb::visit::Outcome::Effective(visit.seen.as_ref().map(seen).unwrap_or_default()),
        Outcome::BrokenOff => pb::visit::Outcome::BrokenOff(pb::BrokenOffVisit { account }),
        Outcome::Ineffective { ground: why, letter_left } => {
            let letter = if letter_left { pb::LetterLeft::Left } else { pb::LetterLeft::NotLeft };
            let (ground, letter) = (ground(why).into(), letter.into());
            pb::visit::Outcome::Ineffective(pb::IneffectiveVisit { ground, letter, account })
        }
    }
}

fn seen(seen: &Seen) -> pb::EffectiveVisit {
    let said = |answer: Option<UnderstoodAnswer>| answer.map(understood).unwrap_or_default().into();
    pb::EffectiveVisit {
        account: String::new(),
        understood: Some(pb::Understood {
            attendance: said(seen.understood.attendance),
            work_related_activity: said(seen.understood.work_related_activity),
            evidence: said(seen.understood.evidence),
        }),
        explained: seen.explained,
        representative_present: seen.representative_present,
        good_cause_reasons: String::new(),
        deferral_appropriate: seen.deferral_appropriate,
        lone_parent_with_child_under_one: seen.lone_parent_with_child_under_one.map(answer).unwrap_or_default().into(),
        bookings: seen.bookings.iter().map(booking).collect(),
    }
}

fn booking(made: &Booking) -> pb::Booking {
    pb::Booking {
        what: booked(made.what).into(),
        agreed_for: Some(wire::timestamp(made.agreed_for)),
        confirmed_by_referrer: made.confirmed,
    }
}

fn contact(contact: &Contact, occurred_at: Option<Timestamp>) -> pb::Contact {
    pb::Contact {
        occurred_at,
        channel: channel(contact.channel).into(),
        by: contact_by(contact.by).into(),
        conversation: String::new(),
        second_visit: contact.second_visit.map(second_visit).unwrap_or_default().into(),
        understanding: contact.understanding.map(understanding).unwrap_or_default().into(),
    }
}

fn consideration(told: &Consideration, occurred_at: Option<Timestamp>) -> pb::Consideration {
    pb::Consideration {
        occurred_at,
        situations: told.situations.iter().map(|said| situation(*said).into()).collect(),
        indicator: told.indicator.map(indicator).unwrap_or_default().into(),
        no_response: told.no_response,
        safeguarding_concern: told.safeguarding_concern,
        has_representative: told.has_representative,
        considered: told.considered.iter().map(|said| considered_item(*said).into()).collect(),
        understanding: told.understanding.map(understanding).unwrap_or_default().into(),
        conclusion: conclusion(told.conclusion).into(),
        account: String::new(),
    }
}
