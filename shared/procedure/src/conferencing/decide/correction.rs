//! Something recorded wrongly is corrected by a superseding fact, and what rested on it is judged again.

use super::{Making, closing::too_early, conference::missed, decision_stands, only, only_owner_of_action};
use crate::{
    Actor, Fault, NarrativeRef, Recorded, Refusal,
    benefit::Rules,
    conferencing::{
        advice::verb,
        command::{Command, Correction},
        event::Event,
        fact::{Fact, Happening},
        gates::{self, Before, Gate},
        stage::Stage,
        state::State,
    },
    draft::Because,
    facts::{Kept, not_standing, of_the_same_kind},
    rule::rulings::{R_LATER_CONTACT, R_RECONSIDERATION, R_RECORDED_ALWAYS},
};
use chrono::{DateTime, Utc};

/// Whoever may record a fact of the kind may correct it; the wrong one stays readable.
pub(super) fn correct(draft: &mut Making<'_>, page: &Rules, correction: &Correction) -> Result<(), Refusal> {
    let number = correction.fact;
    let Some(wrong) = draft.state.facts.get(number).cloned() else {
        return Err(not_standing(number));
    };
    if wrong.what.passed_on {
        let why =
            "this contact was heard at safeguarding; CorrectFact of the EscalationService corrects it there and here";
        return Err(draft.refused(verb::CORRECT_FACT, vec![&R_LATER_CONTACT], why));
    }
    may_tell(draft, page, &wrong.what.happening)?;
    let mut because = vec![&R_RECORDED_ALWAYS];
    if let Some(right) = &correction.right {
        of_the_same_kind(number, right, &wrong.what.happening)?;
        may_tell(draft, page, right)?;
        // The reason for the correction is the reason for its lateness too.
        let (field, at) = right.occurred_at();
        because.extend(match right {
            Happening::Contact(_) => draft.dated(field, at, DateTime::<Utc>::MIN_UTC, Some(&correction.reason))?,
            Happening::Finding(_)
            | Happening::Conference(_)
            | Happening::ActionReport(_)
            | Happening::ClosingNote(_)
            | Happening::Documentation(_) => draft.happened(field, at, Some(&correction.reason))?,
        });
    }
    let right = correction.right.clone().map(|happening| judged(draft, page, number, happening));
    supersede(draft, page, Superseding { number, wrong: &wrong, right, reason: &correction.reason, by: None }, because);
    Ok(())
}

/// Safeguarding corrected contact that it had passed on.
pub(super) fn correct_passed_on(draft: &mut Making<'_>, page: &Rules, command: &Command) -> Result<(), Refusal> {
    let Command::CorrectPassedOn { wrong, right, reason, by } = command else { return Ok(()) };
    let passed_on = |kept: &Kept<Fact>| {
        let told = matches!(&kept.what.happening, Happening::Contact(contact) if contact.account == *wrong);
        told && kept.what.passed_on && kept.superseded.is_none()
    };
    let found = draft.state.facts.all().find(|(_, kept)| passed_on(kept));
    let Some((number, wrong)) = found.map(|(number, kept)| (number, kept.clone())) else {
        return Err(Refusal::NoSuchPart("no such contact was passed on".to_owned()));
    };
    let right = right.clone().map(|right| Fact { happening: Happening::Contact(right), counts: true, passed_on: true });
    let because = vec![&R_RECORDED_ALWAYS, &R_LATER_CONTACT];
    supersede(draft, page, Superseding { number, wrong: &wrong, right, reason, by: Some(by) }, because);
    Ok(())
}

/// Some facts are one party's to tell.
fn may_tell(draft: &Making<'_>, page: &Rules, happening: &Happening) -> Result<(), Refusal> {
    match happening {
        Happening::ClosingNote(_) | Happening::Documentation(_) => {
            let clause = page.conferencing.closing;
            only(draft, clause.says.owner, verb::CORRECT_FACT, clause.rules)
        }
        Happening::ActionReport(report) => {
            let Some(agreed) = draft.state.actions.get(&report.action) else {
                let why = format!("no action {} was agreed on this case", report.action);
                return Err(Refusal::Invalid(vec![Fault::new("action_report.action", why)]));
            };
            only_owner_of_action(draft, page, agreed.owner, verb::CORRECT_FACT)
        }
        Happening::Finding(_) | Happening::Conference(_) | Happening::Contact(_) => Ok(()),
    }
}

/// What is right, and whether it is what the guidance asks for.
fn judged(draft: &Making<'_>, page: &Rules, wrong: u32, happening: Happening) -> Fact {
    let state = &draft.state;
    // A record that stands is judged by what there was to put on record, wherever the file is now.
    let closes =
        |at| (state.closes_the_case(wrong) || state.stage.is_with_lead()) && too_early(state, page, at).is_none();
    let counts = match &happening {
        Happening::Conference(conference) => missed(draft, page, conference).is_none(),
        Happening::ClosingNote(note) => closes(note.occurred_at),
        Happening::Documentation(gathered) => {
            closes(gathered.occurred_at) && gates::left_out(state, gathered).is_empty()
        }
        Happening::Finding(finding) => state.is_after_visits(finding.occurred_at),
        Happening::ActionReport(_) | Happening::Contact(_) => true,
    };
    Fact { happening, counts, passed_on: false }
}

/// What takes the place of what.
struct Superseding<'a> {
    number: u32,
    wrong: &'a Kept<Fact>,
    right: Option<Fact>,
    reason: &'a NarrativeRef,
    /// Who corrected it at safeguarding.
    by: Option<&'a Actor>,
}

/// Adds the correction, with what it makes of a determination that rested on the wrong fact and of a file that had gone
/// on. A decision stands: it was made, and only a reconsideration opens it again.
fn supersede(draft: &mut Making<'_>, page: &Rules, superseding: Superseding<'_>, mut because: Because) {
    let Superseding { number, wrong, right, reason, by } = superseding;
    let judged_at = right.as_ref().map_or(draft.context.now, |right| right.happening.occurred_at().1);
    let does_not_count = right.as_ref().is_some_and(|right| !right.counts);
    let event = |determined_again, comes_back| Event::FactCorrected {
        fact: number,
        wrong: Some(Box::new(wrong.what.clone())),
        right: right.clone().map(|right| (draft.state.facts.next(), right)),
        reason: reason.clone(),
        passed_on_from: by.cloned(),
        determined_again,
        comes_back,
    };
    let (rested, comes_back) = undone(draft, page, wrong, &event(false, false));
    let event = event(rested, comes_back);
    let mut notes = Vec::new();
    if draft.state.stage == Stage::Decided {
        because.push(&R_RECONSIDERATION);
        draft.notes.push(decision_stands(page));
    }
    if rested {
        because.extend(page.conferencing.satisfied.rules);
        let rule = page.conferencing.satisfied.rules[0].id;
        notes.push(format!("The determination rested on what was wrong, and has to be made once more ({rule})."));
    }
    if comes_back {
        because.extend(page.conferencing.returning.rules);
        let (lead, rule) = (page.conferencing.lead.says.role.title(), page.conferencing.returning.rules[0].id);
        notes.push(format!("What the return rested on is no longer met: the file is with the {lead} again ({rule})."));
    }
    // Nothing is owed any more once the customer's death is verified.
    draft.notes.extend(notes.into_iter().filter(|_| draft.state.stage != Stage::EndedDeath));
    if does_not_count {
        draft.notes.push(
            "Recorded. What is right does not count as what the guidance asks for (R-RECORDED-ALWAYS).".to_owned(),
        );
    }
    draft.add(event, because, judged_at);
}

/// Whether the determination has to be made once more, and whether a file that had gone on is with the lead again.
fn undone(draft: &Making<'_>, page: &Rules, wrong: &Kept<Fact>, event: &Event) -> (bool, bool) {
    let before = &draft.state;
    let mut after = before.clone();
    let (at, by) = (draft.context.now, draft.context.actor);
    after.correct(&Recorded { event, at, by, version: &before.judged_by });
    if before.decision.is_some() {
        return (false, false);
    }
    let determination = before.determination.as_ref().filter(|determined| determined.satisfied);
    let told_before = |determined: &crate::conferencing::state::Determination| wrong.first_at() <= determined.at;
    let rests = wrong.what.happening.is_enquiry() && wrong.what.counts;
    // With whoever decides, what was said otherwise is theirs to consider.
    let rested_on = |gate: &&Gate| **gate != Gate::LaterConsidered || before.returned_at.is_none();
    let gates: Vec<_> = page.conferencing.gates.determination.iter().filter(rested_on).copied().collect();
    let missing = |state: &State| -> Vec<String> {
        let unmet = Before::of(state, page).unmet(&gates);
        unmet.into_iter().map(|unmet| unmet.what).collect()
    };
    let known = missing(before);
    let less = || missing(&after).into_iter().any(|what| !known.contains(&what));
    let again = determination.is_some_and(|determined| (rests && told_before(determined)) || less());
    let owed = |state: &State| gates::closing_is_owed(state, &page.conferencing);
    let closes_no_more = !owed(before) && owed(&after);
    (again, before.returned_at.is_some() && (again || closes_no_more))
}
