//! What can be tried on a case, in caseworkers' words.

use chrono::{DateTime, Utc};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource};
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Award, NarrativeRef, Place, Role};

/// Everything that can be tried on a case at one instant.
pub(crate) struct Act {
    /// In caseworkers' words, without what makes no difference.
    pub(crate) what: String,
    /// What tells it from others of the same words.
    pub(crate) variant: String,
    pub(crate) role: Role,
    pub(crate) command: Command,
}

/// What is told of a death.
pub(crate) fn told(occurred_at: DateTime<Utc>) -> [Act; 3] {
    let (source, evidence) = (DeathSource::Relative, DeathEvidence::Certificate);
    let reported = customer::Fact::DeathReported { occurred_at, source, account: None };
    let confirmed = customer::Fact::DeathConfirmed { evidence, reference: "D-1".to_owned() };
    let told = |what, role, fact| {
        let command = customer::Command { fact, passed_on: None };
        act(what, "", role, Command::Customer(command))
    };
    [
        told("death reported", Role::Officer, reported),
        told("death verified by a second person", Role::LineManager, confirmed),
        told("report of the death was mistaken", Role::Officer, customer::Fact::DeathReportMistaken { reason: None }),
    ]
}

pub(crate) fn act(what: &str, variant: &str, role: Role, command: Command) -> Act {
    Act { what: what.to_owned(), variant: variant.to_owned(), role, command }
}

pub(crate) fn reported(what: &str, variant: &str, role: Role, happening: Happening) -> Act {
    act(what, variant, role, Command::Record(Record { happening, narrative: None, late_reason: None }))
}

pub(crate) fn words() -> NarrativeRef {
    NarrativeRef("words".to_owned())
}

pub(crate) fn referral(occurred_at: DateTime<Utc>) -> Act {
    let award = Award { customer: "C-1".to_owned(), benefit: Benefit::Pip, award: "A-1".to_owned() };
    let place = Place { nation: Nation::England, area: "North".to_owned() };
    let command = Command::Refer { award, place, occurred_at, circumstances: words(), late_reason: None };
    act("referral", "", Role::Referrer, command)
}

pub(crate) fn visits(grounds: &[Ground], occurred_at: DateTime<Utc>) -> Vec<Act> {
    let visit = |what, variant: &str, outcome| {
        let happening = Happening::Visit(Visit { occurred_at, outcome });
        reported(what, variant, Role::VisitingOfficer, happening)
    };
    let mut visits =
        vec![visit("visit effective", "", Outcome::Effective), visit("visit broken off", "", Outcome::BrokenOff)];
    for &ground in grounds {
        let what = if ground == Ground::UnsafeArea { "area found unsafe" } else { "visit ineffective" };
        for (letter_left, letter) in [(true, "letter left"), (false, "letter not left")] {
            let variant = format!("{}, {letter}", ground.title());
            visits.push(visit(what, &variant, Outcome::Ineffective { ground, letter_left }));
        }
    }
    visits
}

pub(crate) fn contacts(occurred_at: DateTime<Utc>) -> Vec<Act> {
    let mut contacts = Vec::new();
    let mut contact = |what: &str, variant: &str, role, by, second_visit| {
        let contact = Contact { occurred_at, channel: Channel::Telephone, by, second_visit };
        contacts.push(reported(what, variant, role, Happening::Contact(contact)));
    };
    for (by, who, whose) in [
        (ContactBy::Customer, "contact", "customer"),
        (ContactBy::Representative, "contact", "representative"),
        (ContactBy::ThirdParty, "contact by a third party", "third party"),
    ] {
        for (second_visit, settled) in [
            (None, "nothing settled"),
            (Some(SecondVisit::Needed), "second visit needed"),
            (Some(SecondVisit::NotNeeded), "no second visit needed"),
        ] {
            contact(&format!("{who}, {settled}"), whose, Role::CesTeam, by, second_visit);
        }
        // Only the team settles anything; others pass on that somebody got in touch.
        let told = format!("{whose}, to the Visiting Officer");
        contact(&format!("{who}, nothing settled"), &told, Role::VisitingOfficer, by, None);
    }
    contacts
}
