//! The journal in sentences for people. Never anything that somebody said.

use super::{
    event::Event,
    fact::{ActionResult, ConferenceHeld, Deferral, Fact, FindingResult, Happening, Marker, PartnershipManager, Party},
    stage::Stage,
    tasks::{Grounds, grounds},
};
use crate::{
    handover::{EscalationOutcome, File},
    term::london_date,
};

/// One sentence about an event.
pub(super) fn of(event: &Event) -> String {
    match event {
        Event::Received { file } => received(file),
        Event::FileUpdated { .. } => "Something came to light at DWP Visiting and was added to the file.".to_owned(),
        Event::TakenBack { .. } => {
            let why = "what counted as two ineffective visits was recorded in error, as two persons say";
            format!("DWP Visiting took the case back: {why}.")
        }
        Event::SupportMarkerConsidered { marker, .. } => match marker {
            Marker::PutOn => "The Additional Support marker was put on the case.".to_owned(),
            Marker::NotPutOn => "The Additional Support marker was considered and not put on the case.".to_owned(),
        },
        Event::FindingRecorded { finding, .. } => match finding.result {
            FindingResult::Reviewed => format!("Assurance check: {} reviewed.", finding.item.title()),
            FindingResult::NothingHeld => format!("Assurance check: nothing held on {}.", finding.item.title()),
        },
        Event::FurtherInformationDecided { required: true, .. } => "Further information is required.".to_owned(),
        Event::FurtherInformationDecided { required: false, .. } => "No further information is required.".to_owned(),
        Event::ConferenceConvened { at, .. } => {
            format!("A case conference was called for {}.", london_date(*at).format("%-d %B %Y"))
        }
        Event::ConferenceRecorded { conference, counts, .. } => conference_held(conference, *counts),
        Event::ActionAgreed { action, owner, .. } => format!("Action {action} was agreed, for the {}.", owner.title()),
        Event::ActionReported { action, result, .. } => {
            let became = match result {
                ActionResult::Taken => "was taken",
                ActionResult::Overtaken => "was overtaken by events",
                ActionResult::NotTaken => "was not taken and stays open",
            };
            format!("Action {action} {became}.")
        }
        Event::ContactRecorded { passed_on_from: None, .. } => "Somebody got in touch.".to_owned(),
        Event::ContactRecorded { .. } => "Somebody got in touch with safeguarding, which passed it on.".to_owned(),
        Event::FactCorrected { fact, right, determined_again, comes_back, .. } => {
            corrected(*fact, right.as_ref(), *determined_again, *comes_back)
        }
        Event::Determined { satisfied, concern, escalates, .. } => determined(*satisfied, *concern, *escalates),
        Event::EscalationConcluded { outcome } => concluded(outcome),
        Event::ClosingNoteRecorded { system, reference, counts, .. } => {
            let not = if *counts { "" } else { "; it does not count as the one the guidance asks for" };
            format!("The closing note was made in {system}, reference {reference}{not}.")
        }
        Event::DocumentationAssembled { documentation, counts, .. } => {
            let not = if *counts { "" } else { "; it does not count as the one the guidance asks for" };
            let (system, reference) = (&documentation.system, &documentation.reference);
            format!("The documentation was gathered in {system}, reference {reference}{not}.")
        }
        Event::Returned => "The file went back to whoever decides.".to_owned(),
        Event::Decided { outcome, .. } => format!("It was decided {}.", outcome.title()),
        Event::Reopened { .. } => "A reconsideration opened the case again.".to_owned(),
        Event::Customer(event) => event.summary(),
        Event::Task(event) => event.summary(),
        Event::Protection(event) => event.summary(),
        Event::LeadTakenOver { lead } => format!("The {} leads from now on.", lead.title()),
        Event::StageReached { stage } => format!("{}.", reached(*stage)),
    }
}

fn conference_held(conference: &ConferenceHeld, counts: bool) -> String {
    let mut parties = Vec::new();
    for there in conference.participants.iter().map(|there| party(there.party)) {
        if !parties.contains(&there) {
            parties.push(there);
        }
    }
    let manager = conference.partnership_manager.as_ref().map(|considered| match considered.decided {
        PartnershipManager::Involved => "; the local partnership manager is involved",
        PartnershipManager::NotInvolved => "; the local partnership manager is not involved",
    });
    let deferral = conference.deferral.map(|deferral| match deferral {
        Deferral::Appropriate => "; deferring the original appointment is appropriate",
        Deferral::NotAppropriate => "; deferring the original appointment is not appropriate",
    });
    let (manager, deferral) = (manager.unwrap_or_default(), deferral.unwrap_or_default());
    let not = if counts { "" } else { "; it does not count as the one the guidance asks for" };
    format!("A case conference took place: {}{manager}{deferral}{not}.", parties.join(", "))
}

fn party(party: Party) -> &'static str {
    match party {
        Party::Department(role) => role.title(),
        Party::HealthServices => "health services",
        Party::SocialServices => "social services",
        Party::Representative => "the customer's representative",
        Party::Other => "another organisation",
    }
}

fn corrected(fact: u32, right: Option<&(u32, Fact)>, determined_again: bool, comes_back: bool) -> String {
    let instead = match right {
        Some((number, right)) => {
            format!("Fact {fact} was wrong; fact {number}, {}, takes its place", kind(&right.happening))
        }
        None => format!("Fact {fact} never happened"),
    };
    let again = if determined_again { "; the determination has to be made once more" } else { "" };
    let back = if comes_back { "; the file is with the lead again" } else { "" };
    format!("{instead}{again}{back}.")
}

/// What a fact tells of, as a case worker says it.
fn kind(happening: &Happening) -> &'static str {
    match happening {
        Happening::Finding(_) => "a finding of the assurance check",
        Happening::Conference(_) => "a case conference",
        Happening::ActionReport(_) => "a report on an agreed action",
        Happening::Contact(_) => "somebody's contact",
        Happening::ClosingNote(_) => "the closing note",
        Happening::Documentation(_) => "the documentation",
    }
}

fn received(file: &File) -> String {
    let why = match grounds(file) {
        Grounds::TwoVisits => "after two ineffective visits",
        Grounds::UnsafeArea => "as the area is unsafe, which counts as two ineffective visits",
        Grounds::NoAddress => "as no confident address was traced, which counts as two ineffective visits",
    };
    format!("The case was handed over to the {} {why}.", file.lead.title())
}

fn determined(satisfied: bool, concern: bool, escalates: bool) -> String {
    let found =
        if concern { "a safeguarding concern was identified" } else { "no safeguarding concern was identified" };
    let on = if escalates { " and goes to safeguarding" } else { "" };
    let before =
        if satisfied { "All relevant information was considered" } else { "Before all information was considered" };
    format!("{before}; {found}{on}.")
}

fn concluded(outcome: &EscalationOutcome) -> String {
    format!("Safeguarding handed back what was done about the concern: {} steps.", outcome.steps.len())
}

fn reached(stage: Stage) -> &'static str {
    match stage {
        Stage::Assurance => "The assurance check is due",
        Stage::ConferenceDue => "A case conference is due",
        Stage::DeterminationDue => "Whether there is a safeguarding concern is to be determined",
        Stage::Escalated => "The concern is with safeguarding",
        Stage::ClosingNoteDue => "The closing note is due",
        Stage::DocumentationDue => "The documentation is due",
        Stage::ReturnDue => "The file is to go back to whoever decides",
        Stage::DecisionDue => "The informed decision is due",
        Stage::Decided => "The informed decision was made",
        Stage::EndedDeath => "Ended, as the customer has died",
        Stage::EndedTakenBack => "Ended, as DWP Visiting has taken the case back",
    }
}
