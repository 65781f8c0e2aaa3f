//! What of a case at DWP Visiting makes a difference.

use super::sketch::Sketch;
use holdfast_procedure::protection::Standing;
use holdfast_procedure::visiting::*;

/// What of a state makes a difference, beside what was heard.
pub(crate) fn sketch(state: &State, into: &mut Sketch) {
    into.number(state.stage as i64);
    into.flag(state.spent.is_some()).count(state.withdrawn_after as usize);
    into.count(state.referral.as_ref().map_or(0, |referral| referral.after as usize));
    for (number, fact) in &state.facts {
        into.count(*number as usize).flag(fact.superseded).count(fact.corrects.unwrap_or_default() as usize);
        into.count(fact.verdict.map_or(0, |verdict| 1 + verdict as usize)).at(fact.happening.occurred_at());
        sketch_fact(fact, into);
    }
    for decision in &state.decisions {
        into.flag(decision.what == SecondVisit::Needed).at(decision.at);
        into.count(decision.understanding.map_or(0, |said| 1 + said as usize));
    }
    into.maybe_at(state.withdrawn.map(|withdrawn| withdrawn.at)).count(state.joined.len());
    into.flag(state.decided.is_some()).count(state.customer.formerly.len()).count(state.customer.mistaken_reports);
    let death = state.customer.death.as_ref();
    into.text(death.map_or("", |death| &death.reported_by.person));
    into.maybe_at(death.and_then(|death| death.confirmed_at));
    let lived = state.opened.iter().flat_map(|opened| &opened.lived);
    for (_, moved) in lived {
        into.at(*moved);
    }
    for key in state.desk.completed.keys() {
        into.text(key);
    }
    if let Some(window) = &state.window {
        into.count(window.fact as usize).at(window.ends.from).at(window.ends.due.ends_at).text(&window.version);
    }
    into.flag(state.opened.is_some()).flag(state.referral.is_some()).flag(state.good_cause_that_stands().is_some());
    into.flag(state.good_cause.is_some());
    if let Some(form) = state.referral.as_ref().map(|referral| &referral.form) {
        into.flag(form.lone_parent_with_child_under_one == Some(Answer::NotKnown)).flag(form.care_of);
        into.flag(form.has_representative == Some(Answer::Yes)).count(form.note_in.map_or(0, |note| 1 + note as usize));
    }
    if let Some(set) = &state.follow_up {
        into.at(set.due.ends.due.ends_at).flag(set.matured.is_some());
    }
    into.count(state.times_taken_back as usize);
    into.text(
        &state.retraction.as_ref().map(|asked| format!("{:?} {:?}", asked.by, asked.retracting)).unwrap_or_default(),
    );
    into.count(state.basis.len()).count(state.holds.len());
    for fact in &state.basis {
        into.count(*fact as usize);
    }
    if let Some(handover) = &state.handover {
        into.count(handover.to.len());
        for fact in &handover.facts {
            into.count(*fact as usize);
        }
    }
    for (ground, hold) in state.protection.iter() {
        into.text(&format!("{ground:?}")).count(usize::try_from(hold.version.0).unwrap_or_default());
        into.flag(hold.handed_to.is_some()).flag(hold.state == Standing::Standing);
    }
}

/// What of a visit at which the customer was seen makes a difference: what is still to be found out and arranged.
fn made_of(seen: &Seen) -> (bool, bool, Vec<(Booked, bool)>) {
    let booked = seen.bookings.iter().map(|booking| (booking.what, booking.confirmed)).collect();
    (seen.lone_parent_with_child_under_one.is_some(), seen.deferral_appropriate, booked)
}

/// What a fact says.
fn sketch_fact(fact: &Fact, into: &mut Sketch) {
    match &fact.happening {
        Happening::Visit(visit) => match visit.outcome {
            Outcome::Effective => into.number(1).text(&format!("{:?}", visit.seen.as_ref().map(made_of))),
            Outcome::BrokenOff => into.number(2),
            Outcome::Ineffective { ground: Ground::UnsafeArea, .. } => into.number(3),
            Outcome::Ineffective { letter_left, .. } => into.number(4).flag(letter_left),
        },
        Happening::UnsafeArea(_) => into.number(5),
        Happening::Letter(_) => into.number(6),
        Happening::Contact(contact) => {
            into.number(7).flag(contact.by == ContactBy::ThirdParty).at(fact.recorded_at);
            into.count(contact.understanding.map_or(0, |said| 1 + said as usize));
            into.count(contact.second_visit.map_or(0, |settled| 1 + settled as usize))
        }
        Happening::Concern(_) => into.number(8),
        // What these say is kept in mind by whoever hears it.
        Happening::Consideration(_) => into.number(9),
        Happening::Triage(_) => into.number(10),
        Happening::AddressTrace(trace) => into.number(11).flag(trace.found.is_some()),
        Happening::FollowUp(told) => into.number(12).flag(told.review_on.is_some()),
        Happening::Booking(made) => into.number(13).count(made.booking.what as usize).flag(made.booking.confirmed),
    };
}
