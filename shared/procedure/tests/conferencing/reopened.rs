//! A reconsideration: what stays, and what is owed anew.

use super::case::{Case, concluded_later};
use super::step::Step::{self, *};
use super::step::{CES, REFERRER};
use holdfast_procedure::Role;
use holdfast_procedure::conferencing::ActionResult::Taken;
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::conferencing::{Marker as OnCase, Outcome};

/// A case with something of everything in it, at the decision or after it.
fn full(decided: bool) -> Case {
    let mut case = Case::at(DeterminationDue);
    case.when(&[Support(OnCase::PutOn), Agree(Role::Referrer, None), Report(1, Taken, "")]);
    case.when(&[Contact(""), Conference("", &[CES, REFERRER]), Determine(true, true), Concluded("2026-06-12 10:00")]);
    case.when(&[Note(""), Arrival, Return]);
    if decided {
        case.when(&[As(Role::CaseManager, &Complete("contact:1", "")), Decide(Outcome::Disallow)]);
    }
    case
}

#[test]
fn what_was_found_stays_and_what_was_concluded_is_owed_anew() {
    for decided in [false, true] {
        let before = full(decided);
        let case = before.clone().then(&[Now("2026-07-01 09:00"), Reopen]);
        let (was, is) = (&before.state, &case.state);
        assert_eq!((is.stage, is.since), (DeterminationDue, Some(case.now)));
        assert_eq!(case.cited("case_reopened"), ["R-RECONSIDERATION"]);
        assert_eq!(
            (&is.findings, &is.further_information, &is.conferences),
            (&was.findings, &was.further_information, &was.conferences)
        );
        assert_eq!((&is.actions, &is.contacts, &is.outcomes), (&was.actions, &was.contacts, &was.outcomes));
        assert_eq!((&is.markers, &is.desk, &is.received), (&was.markers, &was.desk, &was.received));
        assert_eq!((is.determination.is_none(), is.closing_note.is_none()), (true, true));
        assert_eq!((is.returned_at, is.decision.is_none(), is.reopened.len()), (None, true, 1));
        assert_eq!(case.blocking(), ["determination"]);
    }
}

#[test]
fn a_reopened_case_is_taken_to_a_decision_again() {
    let again = [Determine(true, false), Note(""), Arrival, Return, Decide(Outcome::NotDisallow)];
    let case = full(true).then(&[Now("2026-07-01 09:00"), Reopen]).then(&again);
    assert_eq!(case.state.stage, Decided);
    let twice = case.then(&[Reopen]).then(&again);
    assert_eq!((twice.state.stage, twice.state.reopened.len()), (Decided, 2));
}

#[test]
fn each_must_stands_in_the_way_again() {
    let mut case = full(true).then(&[Reopen]);
    assert_eq!(case.refusal(&Return).0, ["PIP-8", "PIP-12", "R-SATISFIED", "PIP-17"]);
    assert!(case.refusal(&Decide(Outcome::Disallow)).0.contains(&"PIP-18"));
    case.when(&[Note("")]);
    assert!(case.notes[0].contains("not all reasonable steps"), "{:?}", case.notes);
}

#[test]
fn a_concern_after_reopening_goes_to_safeguarding_anew() {
    for step in [Determine(true, true), Determine(false, true)] {
        let mut case = full(true).then(&[Now("2026-07-01 09:00"), Reopen, step]);
        assert_eq!((case.state.stage, case.state.escalated), (Escalated, true));
        // Told once more of the first conclusion, it is still there.
        case.when(&[Concluded("2026-06-12 10:00")]);
        assert_eq!(case.state.stage, Escalated);
        case.apply(Role::Suite, &concluded_later()).expect("the second conclusion");
        assert_eq!(case.state.outcomes.len(), 2);
    }
}

/// What is missing now was not talked about then.
#[test]
fn further_information_required_after_reopening_takes_a_conference_of_its_own() {
    let mut case = Case::at(ConferenceDue).then(&[Conference("", &[CES, REFERRER]), Determine(true, false), Note("")]);
    case.when(&[Arrival, Return, Decide(Outcome::Disallow), Now("2026-07-01 09:00"), Reopen]);
    assert_eq!(case.state.stage, DeterminationDue, "what was required then was talked about");
    case.when(&[Further(true)]);
    assert_eq!(case.state.stage, ConferenceDue);
}

/// The file comes back: it is the lead's again, and nobody else is to act on it meanwhile.
#[test]
fn ownership_and_the_note_are_owed_again_each_time_the_file_comes_back() {
    let arrival = |case: &Case| -> Vec<String> {
        case.owed()
            .into_iter()
            .filter(|key| key.starts_with("ownership") || key.starts_with("prescribed-note"))
            .collect()
    };
    let mut case = full(true);
    assert_eq!(arrival(&case), Vec::<String>::new());
    case.when(&[Reopen]);
    assert_eq!(arrival(&case), ["ownership:again-1", "prescribed-note:2026-06-01:2026-06-09:again-1"]);
    case.when(&[Complete("ownership:again-1", ""), Determine(true, false), Note(""), Arrival, Return]);
    // A concern that is found with the file at whoever decides brings it back, too.
    case.when(&[Determine(true, true)]);
    assert_eq!(arrival(&case), ["ownership:again-2", "prescribed-note:2026-06-01:2026-06-09:again-2"]);
    assert!(case.task("support-marker").is_none(), "the marker was considered");
}

#[test]
fn only_what_went_to_its_decision_is_reopened() {
    for stage in [Assurance, ConferenceDue, DeterminationDue, Escalated, ClosingNoteDue, ReturnDue] {
        let (rules, why, _) = Case::at(stage).refusal(&Reopen);
        assert_eq!((rules, why.as_str()), (vec!["R-RECONSIDERATION"], "the case has not gone to its decision"));
    }
    const BY_LEAD: Step = As(Role::CesTeam, &Reopen);
    assert_eq!(Case::at(EndedDeath).refusal(&BY_LEAD).0, ["GEN-3", "R-DEATH-VERIFIED"]);
    let refused: Vec<_> = [Reopen].into_iter().map(|step| Case::at(EndedDeath).refusal(&step).0).collect();
    assert_eq!(refused, [["GEN-3", "R-DEATH-VERIFIED"]]);
}
