//! What can be tried on a case, in caseworkers' words.

use chrono::{DateTime, Utc};
use holdfast_procedure::benefit::{Benefit, Rules};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource};
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Award, NarrativeRef, NoteIn, Place, Role};

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

fn award(benefit: Benefit) -> Award {
    Award { customer: "C-1".to_owned(), benefit, award: "A-1".to_owned() }
}

fn place() -> Place {
    Place { nation: Nation::England, area: "North".to_owned() }
}

/// A form that lacks nothing that the benefit's has to have.
fn form(page: &Rules) -> VisitingForm {
    let asks = page.before_referral.iter().any(|gate| gate.says == Gate::Form(FormItem::NoteIn));
    VisitingForm {
        condition: Some(FormText::Known(words())),
        representative: Some(FormText::NotKnown),
        contact_attempts: Some(FormText::NotKnown),
        previous_visit: Some(Answer::No),
        good_cause_considered: Some(Answer::NotKnown),
        lone_parent_with_child_under_one: Some(Answer::NotKnown),
        telephone: Some("0191 496 0000".to_owned()),
        telephone_staffed: true,
        eligibility: vec![Eligibility::Concern],
        support_exhausted: true,
        note_in: asks.then_some(NoteIn::Disc),
        ..VisitingForm::default()
    }
}

pub(crate) fn referral(page: &Rules, occurred_at: DateTime<Utc>) -> Act {
    let (award, place, form) = (award(page.benefit), place(), Box::new(form(page)));
    let command =
        Command::Refer { award, place, occurred_at, circumstances: words(), late_reason: None, form, of_death: vec![] };
    act("referral", "", page.referral.says[0], command)
}

/// What may open a case before any referral.
pub(crate) fn openings(page: &Rules, occurred_at: DateTime<Utc>) -> Vec<Act> {
    let (considered, concern) = (considerations(page, occurred_at), reported_concern(occurred_at));
    let opened = |reported: Act| {
        let Command::Record(record) = reported.command else { panic!("a report") };
        let opening = Opening { award: award(page.benefit), place: place(), record, of_death: vec![] };
        Act { command: Command::Open(opening), ..reported }
    };
    considered.into_iter().chain([concern]).map(opened).collect()
}

pub(crate) fn reported_concern(occurred_at: DateTime<Utc>) -> Act {
    reported("concern raised", "", Role::Officer, Happening::Concern(Concern { occurred_at }))
}

/// What is made of the question whether a visit is right.
pub(crate) fn considerations(page: &Rules, occurred_at: DateTime<Utc>) -> Vec<Act> {
    let by = page.consideration.as_option().map_or(Role::Referrer, |considering| considering.by.says[0]);
    let everything = page.consideration.as_option().map_or(&[][..], |considering| considering.items.says);
    let told = |what: &str, considered: &[ConsideredItem], understanding, conclusion| {
        let happening = Happening::Consideration(Consideration {
            occurred_at,
            situations: vec![Situation::FailedToAttendInterview],
            indicator: Some(Indicator::Found),
            no_response: false,
            safeguarding_concern: false,
            has_representative: false,
            considered: considered.to_vec(),
            understanding,
            conclusion,
        });
        reported(what, "", by, happening)
    };
    let confident = Some(Understanding::Confident);
    vec![
        told("a visit is considered", &[], None, Conclusion::Open),
        told("a visit is found right", &[], None, Conclusion::Refer),
        told("doubt of the customer's understanding", &[], Some(Understanding::Doubt), Conclusion::Open),
        told("no visit is found required, with everything considered", everything, confident, Conclusion::NoVisit),
    ]
}

pub(crate) fn triages(page: &Rules, occurred_at: DateTime<Utc>) -> Vec<Act> {
    let by = page.triage.as_option().map_or(Role::AtwSpoc, |triaging| triaging.by.says[0]);
    let told = |what, result| reported(what, "", by, Happening::Triage(Triage { occurred_at, result }));
    vec![
        told("triage finds a visit appropriate", TriageResult::VisitAppropriate),
        told("triage finds a concern and no visit appropriate", TriageResult::ConcernWithoutVisit),
        told("triage finds no concern", TriageResult::NoConcern),
    ]
}

pub(crate) fn visits(grounds: &[Ground], occurred_at: DateTime<Utc>) -> Vec<Act> {
    let visit = |what, variant: &str, outcome| {
        let happening = Happening::Visit(Visit { occurred_at, outcome, seen: None });
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

/// What is known of the customer's understanding makes a difference where the guidance asks for confidence.
pub(crate) fn contacts(page: &Rules, occurred_at: DateTime<Utc>) -> Vec<Act> {
    let after = page.after_first_visit.as_option().map(|after| &after.contact_in_time.says);
    let team = after.map_or(Role::Officer, |contact| contact.second_visit_decided_by[0]);
    let asks = after.is_some_and(|contact| contact.confidence.as_option().is_some());
    let confident = asks.then_some(Understanding::Confident);
    let mut contacts = Vec::new();
    let mut contact = |what: &str, variant: &str, role, by, second_visit, understanding| {
        let contact = Contact { occurred_at, channel: Channel::Telephone, by, second_visit, understanding };
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
            contact(&format!("{who}, {settled}"), whose, team, by, second_visit, confident);
        }
        if asks {
            contact(&format!("{who}, with doubt"), whose, team, by, None, Some(Understanding::Doubt));
        }
        // Only the team settles anything; others pass on that somebody got in touch.
        let told = format!("{whose}, to the Visiting Officer");
        contact(&format!("{who}, nothing settled"), &told, Role::VisitingOfficer, by, None, None);
    }
    contacts
}

/// What else happens between the referral and the outcome, where a benefit knows it.
pub(crate) fn others(occurred_at: DateTime<Utc>) -> Vec<Act> {
    let trace = |what, found| {
        let happening = Happening::AddressTrace(AddressTrace { occurred_at, found });
        reported(what, "", Role::Referrer, happening)
    };
    let chased = Happening::FollowUp(FollowUp { occurred_at, review_on: None });
    vec![
        trace("address traced", Some(place())),
        trace("no address could be traced", None),
        reported("referral chased", "", Role::Referrer, chased),
    ]
}
