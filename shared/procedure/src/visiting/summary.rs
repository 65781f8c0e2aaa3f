//! The journal in sentences.

use super::{
    command::{Correction, Retracting},
    event::Event,
    fact::{Channel, Contact, ContactBy, Ground, Happening, Outcome, SecondVisit, Verdict, WithdrawalGround},
    state::{OpenedBy, Stage, Window},
};
use crate::term::london_date;

mod words;

/// One sentence for people about an event; never anything that somebody said.
pub(super) fn of(event: &Event) -> String {
    match event {
        Event::CaseOpened { place, by: OpenedBy::Consideration, .. } => {
            format!("A visit in {} is considered.", place.area)
        }
        Event::CaseOpened { place, .. } => format!("A concern arose, in {}, and a case was opened.", place.area),
        Event::Referred { place, .. } => format!("Referred for a visit in {}.", place.area),
        Event::ReferralJoined { occurred_at, .. } => {
            format!("Another referral for the same award, made on {}, joined the case.", london_date(*occurred_at))
        }
        Event::FactRecorded { fact, happening, .. } => format!("Fact {fact}: {}.", happened(happening)),
        Event::FactCorrected { fact, right: Some((number, happening)), .. } => {
            format!("Fact {fact} was wrong; fact {number} takes its place: {}.", dated(happening))
        }
        Event::FactCorrected { fact, right: None, .. } => format!("Fact {fact} never happened."),
        Event::SecondVisitDecided { second_visit, understanding, .. } => {
            format!("Decided: {}{}.", second(*second_visit), words::understood(*understanding))
        }
        Event::GoodCauseDecided { decision, .. } => format!("Decided: {}.", words::good_cause(*decision)),
        Event::Withdrawn { ground, .. } => format!("Withdrawn: {}.", withdrawal(*ground)),
        Event::RetractionAsked { retracting } => {
            let instead = match retracting {
                Retracting::Referral { .. } | Retracting::Fact(Correction { right: None, .. }) => String::new(),
                Retracting::Fact(Correction { right: Some(right), .. }) => {
                    format!(", and that it is: {}", dated(right))
                }
            };
            format!("{}{instead}; a second person is to confirm it.", words::retracting(retracting))
        }
        Event::RetractionConfirmed { .. } => "A second person confirmed that it was recorded in error.".to_owned(),
        Event::RetractionDeclined { .. } => {
            "What was said to have been recorded in error is not confirmed; nothing changes.".to_owned()
        }
        Event::DecisionNoted { decided: true } => "The decision maker has decided.".to_owned(),
        Event::DecisionNoted { decided: false } => "The case was opened again for a reconsideration.".to_owned(),
        Event::Customer(event) => event.summary(),
        Event::Task(event) => event.summary(),
        Event::Protection(event) => event.summary(),
        Event::FactJudged { fact, verdict } => format!("Fact {fact} {}.", judged(*verdict)),
        Event::ContactWindowOpened { window } => format!("The window for contact opened; it {}.", ends(window)),
        Event::ContactWindowDerivedAgain { window } => {
            format!("The window for contact was derived again; it {}.", ends(window))
        }
        Event::ContactWindowCancelled => "What had opened the window for contact was wrong.".to_owned(),
        Event::FollowUpSet { follow_up } => {
            format!("The referral is to be followed up after {}.", london_date(follow_up.ends.due.ends_at))
        }
        Event::FollowUpMatured { since } => {
            format!("Nothing has come back of the referral by the end of {}.", london_date(*since))
        }
        Event::FollowUpEnded => "No further follow-up is set.".to_owned(),
        Event::StageReached { stage, since, .. } => format!("{}, since {}.", reached(*stage), london_date(*since)),
    }
}

/// What is right instead, with its date, which may be all that was wrong.
fn dated(happening: &Happening) -> String {
    format!("{}, on {}", happened(happening), words::when(happening.occurred_at()))
}

fn happened(happening: &Happening) -> String {
    match happening {
        Happening::Visit(visit) => match visit.outcome {
            Outcome::Effective => words::seen(visit.seen.as_ref()),
            Outcome::BrokenOff => "visit, broken off or postponed".to_owned(),
            // A letter is without meaning here.
            Outcome::Ineffective { ground: Ground::UnsafeArea, .. } => {
                format!("visit, ineffective ({})", Ground::UnsafeArea.title())
            }
            Outcome::Ineffective { ground, letter_left } => {
                let letter = if letter_left { "letter left" } else { "letter not left" };
                format!("visit, ineffective ({}), {letter}", ground.title())
            }
        },
        Happening::UnsafeArea(_) => "area deemed unsafe without a visit".to_owned(),
        Happening::Letter(_) => "letter posted".to_owned(),
        Happening::Contact(contact) => contacted(contact),
        Happening::Concern(_) => "a concern about the customer".to_owned(),
        Happening::Consideration(consideration) => words::considered(consideration),
        Happening::Triage(triage) => words::triaged(triage.result).to_owned(),
        Happening::AddressTrace(trace) => match &trace.found {
            Some(place) => format!("an address was traced, in {}", place.area),
            None => "no address could be traced with confidence".to_owned(),
        },
        Happening::FollowUp(follow_up) => match follow_up.review_on {
            Some(day) => format!("the referral was chased; to be looked at again on {day}"),
            None => "the referral was chased; no further date is set".to_owned(),
        },
        Happening::Booking(made) => words::booked(&made.booking),
    }
}

fn contacted(contact: &Contact) -> String {
    let by = match contact.by {
        ContactBy::Customer => "the customer",
        ContactBy::Representative => "a representative",
        ContactBy::ThirdParty => "a third party",
    };
    let how = match contact.channel {
        Channel::Telephone => "by telephone",
        Channel::Letter => "by letter",
        Channel::Email => "by e-mail",
        Channel::Journal => "in an online journal",
        Channel::InPerson => "in person",
    };
    let decided = contact.second_visit.map(|decided| format!("; {}", second(decided))).unwrap_or_default();
    format!("{by} got in touch {how}{decided}{}", words::understood(contact.understanding))
}

fn second(decided: SecondVisit) -> &'static str {
    match decided {
        SecondVisit::Needed => "a second visit is needed",
        SecondVisit::NotNeeded => "no second visit is needed",
    }
}

fn withdrawal(ground: WithdrawalGround) -> &'static str {
    match ground {
        WithdrawalGround::EffectiveContact => "effective contact was made another way",
        WithdrawalGround::Abroad => "the customer is abroad",
        WithdrawalGround::ClaimWithdrawn => "the customer withdrew the claim",
        WithdrawalGround::RecordedInError => "recorded in error",
    }
}

fn judged(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Effective => "is an effective visit",
        Verdict::FirstIneffective => "is the first ineffective visit",
        Verdict::SecondIneffective => "is the second ineffective visit",
        Verdict::CountsAsTwo => "counts as two ineffective visits",
        Verdict::TooEarly => "was too early to count as the second ineffective visit",
        Verdict::Neither => "is neither an effective nor an ineffective visit",
        Verdict::InTime => "is contact in time",
        Verdict::NotInTime => "is contact for which the guidance prescribes nothing",
        Verdict::NotTheCustomer => "is not contact by the customer",
        Verdict::Afterwards => "happened, or was recorded, when the visits were over; it changes nothing about them",
    }
}

fn ends(window: &Window) -> String {
    let provisional = if window.ends.due.provisional { " (provisional)" } else { "" };
    format!("ends with {}{provisional}, {}", london_date(window.ends.due.ends_at), window.ends.term)
}

fn reached(stage: Stage) -> &'static str {
    match stage {
        Stage::ConsiderationDue => "Whether a visit is to be made is being considered",
        Stage::TriageDue => "The concern is to be triaged",
        Stage::ConcernWithSpoc => "The concern stays where it was triaged, as no visit is appropriate",
        Stage::WithAdviser => "There is no concern; the case is with an adviser",
        Stage::ReferralDue => "The referral for a visit is due",
        Stage::FirstVisitDue => "The first visit is due",
        Stage::AwaitingContact => "The customer has time to get in touch",
        Stage::SecondVisitUndecided => "Whether a second visit is needed is to be decided",
        Stage::SecondVisitDue => "A second visit is due",
        Stage::HandedOver => "Handed over: the case is with whoever leads it after the visits",
        Stage::EndedVisitNotRequired => "Ended, as a visit was considered and is not required",
        Stage::EndedVisitEffective => "Ended, as the customer was seen",
        Stage::EndedNoSecondVisit => "Ended, as contact in time made a second visit unnecessary",
        Stage::EndedWithdrawn => "Ended, as the referral was withdrawn",
        Stage::EndedDeath => "Ended, as the customer has died",
        Stage::EndedDecided => "Ended, as the decision maker has decided",
    }
}
