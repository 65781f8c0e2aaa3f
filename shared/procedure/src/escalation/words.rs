//! The journal in sentences.

use super::{
    event::Event,
    fact::{Agency, AttemptChannel, AttemptOutcome, Basis, Happening, Whom},
    stage::Stage,
};
use crate::{
    term::london_date,
    visiting::{Channel, ContactBy},
};

/// One sentence for people about an event; never anything that somebody said.
pub(super) fn of(event: &Event) -> String {
    match event {
        Event::Opened { concern } => {
            format!("A safeguarding concern was determined; the {} leads.", concern.lead.title())
        }
        Event::ContactAttempted { attempt, made, .. } => {
            let text = if made.text_sent { "; a text says that another call follows" } else { "" };
            let (whom, how, outcome) = (through(made.whom), by_what(made.channel), came_of(made.outcome));
            format!("Attempt {attempt} at contact, through {whom} {how}: {outcome}{text}.")
        }
        Event::LeaderConsidered { needed: true, .. } => "Decided: a Senior Safeguarding Leader is needed.".to_owned(),
        Event::LeaderConsidered { needed: false, .. } => "Decided: no Senior Safeguarding Leader is needed.".to_owned(),
        Event::LeaderAsked { area, leader: Some(leader), .. } => {
            format!("The leader of the area {area} was asked: {}, {}.", leader.person, leader.office)
        }
        Event::LeaderAsked { area, leader: None, .. } => {
            format!("A leader was asked for, but the area {area} has none; the referral waits.")
        }
        Event::LeaderNamed { area, leader } => {
            format!("The area {area} has a leader now, who was asked: {}, {}.", leader.person, leader.office)
        }
        Event::LiaisonRecorded { liaison, .. } => {
            let received = if liaison.received { ", who have received what was shared" } else { "" };
            format!("Liaison with {}{received}.", agency(liaison.agency))
        }
        Event::DisclosureRecorded { disclosure, .. } => {
            let received = if disclosure.received { "; they have received it" } else { "" };
            format!(
                "Personal data was disclosed to {}, {}{received}.",
                agency(disclosure.to),
                on_basis(disclosure.basis)
            )
        }
        Event::ReviewDateSet { review } => format!("The next steps are to be considered on {}.", review.date),
        Event::ReviewOverdue { date } => {
            format!("The next steps were not considered by the end of {date}; the review is overdue.")
        }
        Event::Reviewed { review, next, .. } => {
            let counts = if review.counts { "" } else { "; this does not count as the review after the referral" };
            let next = next.as_ref().map(|next| format!("; again on {}", next.date)).unwrap_or_default();
            format!("The next steps were considered{counts}{next}.")
        }
        Event::ContactRecorded { contact, .. } => {
            format!("{} got in touch {}.", who(contact.by), heard(contact.channel))
        }
        Event::FactCorrected { fact, right: Some((number, right)), .. } => {
            format!("Fact {fact} was wrong; fact {number}, {}, takes its place.", kind(&right.happening))
        }
        Event::FactCorrected { fact, right: None, .. } => format!("Fact {fact} never happened."),
        Event::Concluded { .. } => "All reasonable steps were taken; the outcome goes back.".to_owned(),
        Event::Customer(event) => event.summary(),
        Event::Task(event) => event.summary(),
        Event::StageReached { stage, since } => format!("{}, since {}.", reached(*stage), london_date(*since)),
    }
}

fn kind(happening: &Happening) -> &'static str {
    match happening {
        Happening::ContactAttempt(_) => "an attempt at contact",
        Happening::Liaison(_) => "dealings with an agency",
        Happening::Disclosure(_) => "a disclosure",
        Happening::Review { .. } => "a review",
        Happening::Contact(_) => "somebody's contact",
    }
}

fn through(whom: Whom) -> &'static str {
    match whom {
        Whom::Customer => "the customer",
        Whom::Representative => "an appointee or attorney",
        Whom::NextOfKin => "the next of kin",
        Whom::CommunityNurse => "a community psychiatric nurse or similar support",
        Whom::SocialServices => "social services",
        Whom::Police => "the police",
        Whom::Other => "somebody else",
    }
}

fn by_what(channel: AttemptChannel) -> &'static str {
    match channel {
        AttemptChannel::Telephone => "by telephone",
        AttemptChannel::TextMessage => "by text message",
        AttemptChannel::Letter => "by letter",
        AttemptChannel::Email => "by e-mail",
        AttemptChannel::Journal => "in an online journal",
        AttemptChannel::InPerson => "in person",
    }
}

fn came_of(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Reached => "reached",
        AttemptOutcome::NoReply => "no reply",
        AttemptOutcome::MessageLeft => "a message was left",
        AttemptOutcome::Refused => "would not speak",
        AttemptOutcome::NotDelivered => "could not be reached that way",
    }
}

fn agency(agency: Agency) -> &'static str {
    match agency {
        Agency::SocialServices => "social services",
        Agency::LocalAuthority => "the local authority",
        Agency::Police => "the police",
        Agency::HealthService => "a health service",
        Agency::SupportNetwork => "a local support network",
        Agency::Other => "another body",
    }
}

fn on_basis(basis: Basis) -> &'static str {
    match basis {
        Basis::GoodFaithSafeguarding => "in good faith about a safeguarding concern",
        Basis::Consent => "with the customer's consent",
        Basis::LegalObligation => "as a law or a court requires",
    }
}

fn who(by: ContactBy) -> &'static str {
    match by {
        ContactBy::Customer => "The customer",
        ContactBy::Representative => "A representative",
        ContactBy::ThirdParty => "A third party",
    }
}

fn heard(channel: Channel) -> &'static str {
    match channel {
        Channel::Telephone => "by telephone",
        Channel::Letter => "by letter",
        Channel::Email => "by e-mail",
        Channel::Journal => "in an online journal",
        Channel::InPerson => "in person",
    }
}

fn reached(stage: Stage) -> &'static str {
    match stage {
        Stage::ContactDue => "An attempt at contact is due",
        Stage::LeaderUndecided => "Whether a leader is needed is to be decided",
        Stage::ReferralDue => "A leader has to be asked",
        Stage::AwaitingLeader => "The area has no leader; the referral waits",
        Stage::ReviewDateDue => "A review date has to be set",
        Stage::ReviewDue => "The next steps are to be considered",
        Stage::ConclusionDue => "Everything was done; the conclusion is due",
        Stage::Concluded => "Concluded",
        Stage::EndedDeath => "Ended, as the customer's death is verified",
    }
}
