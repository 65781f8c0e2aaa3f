//! The journal in sentences for people. Never anything that somebody said.

use super::{
    event::Event,
    fact::{
        ActionResult, ConferenceHeld, ContactHeard, Deferral, Documentation, Fact, Finding, FindingResult, Happening,
        Marker, PartnershipManager, Party,
    },
    stage::Stage,
    tasks::{Grounds, grounds, what_came},
};
use crate::{
    escalation::{by_whom, through},
    facts::{numbered, on, put_right},
    handover::{Differs, EscalationOutcome, File},
    term::london_date,
};

/// One sentence about an event.
pub(super) fn of(event: &Event) -> String {
    match event {
        Event::Received { file } => received(file),
        Event::FileUpdated { file, differs } => updated(file, differs.as_ref()),
        Event::TakenBack { .. } => {
            let why = "what counted as two ineffective visits was recorded in error, as two persons say";
            format!("DWP Visiting took the case back: {why}.")
        }
        Event::SupportMarkerConsidered { marker, .. } => match marker {
            Marker::PutOn => "The Additional Support marker was put on the case.".to_owned(),
            Marker::NotPutOn => "The Additional Support marker was considered and not put on the case.".to_owned(),
        },
        Event::FindingRecorded { fact, finding, .. } => numbered(*fact, &found(finding)),
        Event::FurtherInformationDecided { required: true, .. } => "Further information is required.".to_owned(),
        Event::FurtherInformationDecided { required: false, .. } => "No further information is required.".to_owned(),
        Event::ConferenceConvened { at, .. } => {
            format!("A case conference was called for {}.", london_date(*at).format("%-d %B %Y"))
        }
        Event::ConferenceRecorded { fact, conference, counts, .. } => {
            numbered(*fact, &conference_held(conference, *counts))
        }
        Event::ActionAgreed { action, owner, .. } => format!("Action {action} was agreed, for the {}.", owner.title()),
        Event::ActionReported { fact, action, result, .. } => numbered(*fact, &reported(*action, *result)),
        Event::ContactRecorded { fact, contact, passed_on_from, .. } => {
            numbered(*fact, &heard(contact, passed_on_from.is_some()))
        }
        Event::FactCorrected { .. } => corrected(event),
        Event::Determined { satisfied, concern, escalates, .. } => determined(*satisfied, *concern, *escalates),
        Event::EscalationConcluded { outcome } => concluded(outcome),
        Event::ClosingNoteRecorded { fact, system, reference, counts, .. } => {
            numbered(*fact, &noted(system, reference, *counts))
        }
        Event::DocumentationAssembled { fact, documentation, counts, .. } => {
            numbered(*fact, &gathered(documentation, *counts))
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
    format!("a case conference took place ({}){manager}{deferral}{}", parties.join(", "), not_counted(counts))
}

fn not_counted(counts: bool) -> &'static str {
    if counts { "" } else { "; it does not count as the one the guidance asks for" }
}

fn found(finding: &Finding) -> String {
    let item = finding.item.title();
    match finding.result {
        FindingResult::Reviewed => format!("{item} reviewed in the assurance check"),
        FindingResult::NothingHeld => format!("nothing held on {item}, as the assurance check found"),
    }
}

fn reported(action: u32, result: ActionResult) -> String {
    let became = match result {
        ActionResult::Taken => "was taken",
        ActionResult::Overtaken => "was overtaken by events",
        ActionResult::NotTaken => "was not taken and stays open",
    };
    format!("action {action} {became}")
}

fn heard(contact: &ContactHeard, passed_on: bool) -> String {
    let at = if passed_on { " with safeguarding, which passed it on" } else { "" };
    format!("{} got in touch {}{at}", by_whom(contact.by), through(contact.channel))
}

fn noted(system: &str, reference: &str, counts: bool) -> String {
    format!("the closing note was made in {system}, reference {reference}{}", not_counted(counts))
}

fn gathered(documentation: &Documentation, counts: bool) -> String {
    let (system, reference) = (&documentation.system, &documentation.reference);
    format!("the documentation was gathered in {system}, reference {reference}{}", not_counted(counts))
}

fn happened(Fact { happening, counts, passed_on }: &Fact) -> String {
    let told = match happening {
        Happening::Finding(finding) => found(finding),
        Happening::Conference(conference) => conference_held(conference, *counts),
        Happening::ActionReport(report) => reported(report.action, report.result),
        Happening::Contact(contact) => heard(contact, *passed_on),
        Happening::ClosingNote(note) => noted(&note.system, &note.reference, *counts),
        Happening::Documentation(documentation) => gathered(documentation, *counts),
    };
    format!("{told}, {}", on(happening.occurred_at().1))
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

fn corrected(event: &Event) -> String {
    let Event::FactCorrected { fact, wrong, right, determined_again, comes_back, .. } = event else {
        return String::new();
    };
    let right = right.as_ref().map(|(number, right)| (*number, happened(right)));
    let instead = put_right(*fact, wrong.as_deref().map(happened), right);
    let again = if *determined_again { "; the determination has to be made once more" } else { "" };
    let back = if *comes_back { "; the file is with the lead again" } else { "" };
    format!("{instead}{again}{back}.")
}

/// Something came to light at DWP Visiting, or was put right there.
fn updated(file: &File, differs: Option<&Differs>) -> String {
    let Some(Differs { new, gone }) = differs else {
        return "Something came to light at DWP Visiting and was added to the file.".to_owned();
    };
    let told = |fact: &u32| {
        let entry = file.entries.iter().find(|entry| entry.fact == *fact);
        let what = entry.map(|entry| format!(", a {} {}", what_came(entry.what), on(entry.occurred_at)));
        format!("its fact {fact}{}", what.unwrap_or_default())
    };
    let new = new.iter().map(told).collect::<Vec<_>>().join("; ");
    let gone = gone.iter().map(|fact| format!("its fact {fact}")).collect::<Vec<_>>().join(", ");
    match (gone.is_empty(), new.is_empty()) {
        (false, false) => format!("DWP Visiting put right what it had told: instead of {gone} the file has {new}."),
        (false, true) => format!("DWP Visiting put right what it had told: {gone} is in the file no more."),
        (true, false) => format!("Something came to light at DWP Visiting and was added to the file: {new}."),
        (true, true) => "DWP Visiting told of another referral for the same award, or judges what it told before \
                         otherwise."
            .to_owned(),
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
