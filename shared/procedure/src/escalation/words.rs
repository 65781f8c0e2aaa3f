//! The journal in sentences.

use super::{
    event::Event,
    fact::{
        Agency, Attempt, AttemptChannel, AttemptOutcome, Basis, Contact, Disclosure, Fact, Happening, Liaison, Whom,
    },
    stage::Stage,
};
use crate::{
    facts::{numbered, on, put_right},
    term::london_date,
    visiting::{Channel, ContactBy},
};

/// One sentence for people about an event; never anything that somebody said.
pub(super) fn of(event: &Event) -> String {
    match event {
        Event::Opened { concern } => {
            format!("A safeguarding concern was determined; the {} leads.", concern.lead.title())
        }
        Event::ContactAttempted { fact, attempt, made, .. } => {
            numbered(*fact, &format!("attempt {attempt} at contact, {}", attempted(made)))
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
        Event::LiaisonRecorded { fact, liaison, .. } => numbered(*fact, &liaised(liaison)),
        Event::DisclosureRecorded { fact, disclosure, .. } => numbered(*fact, &disclosed(disclosure)),
        Event::ReviewDateSet { review } => format!("The next steps are to be considered on {}.", review.date),
        Event::ReviewOverdue { date } => {
            format!("The next steps were not considered by the end of {date}; the review is overdue.")
        }
        Event::Reviewed { fact, review, next, .. } => {
            let next = next.as_ref().map(|next| format!("; again on {}", next.date)).unwrap_or_default();
            numbered(*fact, &format!("{}{next}", reviewed(review.counts)))
        }
        Event::ContactRecorded { fact, contact, .. } => numbered(*fact, &in_touch(contact)),
        Event::FactCorrected { fact, wrong, right, .. } => {
            let right = right.as_ref().map(|(number, right)| (*number, happened(right)));
            format!("{}.", put_right(*fact, wrong.as_deref().map(happened), right))
        }
        Event::Concluded { .. } => "All reasonable steps were taken; the outcome goes back.".to_owned(),
        Event::Customer(event) => event.summary(),
        Event::Task(event) => event.summary(),
        Event::StageReached { stage, since } => format!("{}, since {}.", reached(*stage), london_date(*since)),
    }
}

fn attempted(made: &Attempt) -> String {
    let text = if made.text_sent { "; a text says that another call follows" } else { "" };
    format!("through {} {}: {}{text}", by_way_of(made.whom), by_what(made.channel), came_of(made.outcome))
}

fn liaised(liaison: &Liaison) -> String {
    let received = if liaison.received { ", who have received what was shared" } else { "" };
    format!("liaison with {}{received}", agency(liaison.agency))
}

fn disclosed(disclosure: &Disclosure) -> String {
    let received = if disclosure.received { "; they have received it" } else { "" };
    format!("personal data was disclosed to {}, {}{received}", agency(disclosure.to), on_basis(disclosure.basis))
}

fn reviewed(counts: bool) -> String {
    let counts = if counts { "" } else { "; this does not count as the review after the referral" };
    format!("the next steps were considered{counts}")
}

fn in_touch(contact: &Contact) -> String {
    format!("{} got in touch {}", by_whom(contact.by), through(contact.channel))
}

fn happened(fact: &Fact) -> String {
    let told = match &fact.happening {
        Happening::ContactAttempt(made) => format!("an attempt at contact {}", attempted(made)),
        Happening::Liaison(liaison) => liaised(liaison),
        Happening::Disclosure(disclosure) => disclosed(disclosure),
        Happening::Review { .. } => reviewed(fact.counts),
        Happening::Contact(contact) => in_touch(contact),
    };
    format!("{told}, {}", on(fact.happening.occurred_at().1))
}

fn by_way_of(whom: Whom) -> &'static str {
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

/// Who got in touch.
pub(crate) fn by_whom(by: ContactBy) -> &'static str {
    match by {
        ContactBy::Customer => "the customer",
        ContactBy::Representative => "a representative",
        ContactBy::ThirdParty => "a third party",
    }
}

/// How somebody got in touch.
pub(crate) fn through(channel: Channel) -> &'static str {
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
