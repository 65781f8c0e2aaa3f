//! The closing note, the return, the decision.

use super::case::Case;
use super::step::Step::{self, *};
use holdfast_procedure::Role;
use holdfast_procedure::conferencing::ActionResult::*;
use holdfast_procedure::conferencing::Marker as OnCase;
use holdfast_procedure::conferencing::Outcome::*;
use holdfast_procedure::conferencing::Stage::{self, *};
use holdfast_procedure::handover::File;
use holdfast_procedure::{Refusal, Told};

const CLOSING: Step = Note("");
const NOT_ALL: &str = "not all reasonable steps had been taken (PIP-17)";
const ELSEWHERE: &str = "the file is not with the CES Team (PIP-17)";

/// A note at each stage: why it does not count, if it does not.
const NOTED: &[(Stage, Option<&str>)] = &[
    (Assurance, Some(NOT_ALL)),
    (ConferenceDue, Some(NOT_ALL)),
    (DeterminationDue, Some(NOT_ALL)),
    (Escalated, Some(NOT_ALL)),
    (ClosingNoteDue, None),
    (ReturnDue, None),
    (DecisionDue, Some(ELSEWHERE)),
    (Decided, Some(ELSEWHERE)),
    (EndedDeath, Some(ELSEWHERE)),
];

#[test]
fn a_closing_note_is_kept_and_counts_once_all_reasonable_steps_were_taken() {
    for (stage, missed) in NOTED {
        let before = Case::at(*stage);
        let case = before.clone().then(&[CLOSING]);
        let kept = case.cited("closing_note_recorded");
        match missed {
            None => {
                assert_eq!((case.state.stage, kept, case.notes.len()), (ReturnDue, vec!["PIP-17"], 0));
            }
            Some(why) => {
                assert_eq!(kept, ["PIP-17", "R-RECORDED-ALWAYS"], "{stage:?}");
                let note = &case.notes[0];
                assert!(note.contains("does not count as the closing note") && note.contains(why), "{note}");
                assert_eq!((case.state.stage, case.state.closing_note.clone()), (*stage, before.state.closing_note));
            }
        }
        assert_eq!(case.last("closing_note_recorded").event.summary().contains("does not count"), missed.is_some());
    }
}

/// It is recorded by the minute, and not always at once; but a note of another day was of other steps.
#[test]
fn a_note_dated_before_the_day_on_which_the_steps_were_taken_does_not_count() {
    for (at, counts) in [
        ("2026-06-09 23:59:59.999999", false),
        ("2026-06-10 00:00", true),
        ("2026-06-10 11:59", true),
        ("2026-06-10 12:00", true),
    ] {
        let case = Case::at(ClosingNoteDue).then(&[Note(at)]);
        assert_eq!(case.state.closing_note.is_some(), counts, "{at}");
    }
    // Where the concern was at safeguarding, the steps were taken when it had concluded; an outcome that nobody waited
    // for changes nothing.
    for (concern, at, counts) in
        [(true, "2026-06-11 23:00", false), (true, "2026-06-12 00:01", true), (false, "2026-06-11 23:00", true)]
    {
        let back = [Determine(true, concern), Concluded("2026-06-12 10:00"), Note(at)];
        let case = Case::at(DeterminationDue).then(&back);
        assert_eq!(case.state.closing_note.is_some(), counts, "{at}");
    }
}

#[test]
fn the_case_is_returned_once_the_closing_note_was_made() {
    let mut case = Case::at(ClosingNoteDue).then(&[Arrival]);
    let (rules, why, allowed) = case.refusal(&Return);
    assert_eq!(
        (rules, why.as_str()),
        (vec!["PIP-17"], "the return is not possible yet: the closing note has not been made")
    );
    assert!(allowed.contains(&"RecordClosingNote"));
    case.when(&[CLOSING]);
    assert_eq!(case.task("return").map(|task| task.what).as_deref(), Some("Return the case to the Case Manager"));
    case.when(&[Return]);
    assert_eq!((case.state.stage, case.cited("returned_to_decision_maker")), (DecisionDue, vec!["PIP-18"]));
    let task = case.task("decision").expect("a decision is owed");
    let what = "Decide on the full circumstances: to disallow entitlement or not to disallow entitlement";
    assert_eq!((task.what.as_str(), task.owner, task.rule.id), (what, Role::CaseManager, "PIP-18"));
    let (rules, why, _) = case.refusal(&Return);
    assert_eq!((rules, why.as_str()), (vec!["PIP-18"], "the file is with the Case Manager already"));
}

#[test]
fn the_decision_is_made_only_on_a_file_that_was_returned() {
    for outcome in [Disallow, NotDisallow] {
        for stage in super::case::STAGES {
            let mut case = Case::at(stage);
            let rules = match case.attempt(&Decide(outcome)) {
                Ok(()) => {
                    assert_eq!((stage, case.state.stage), (DecisionDue, Decided));
                    assert_eq!(case.cited("decision_recorded"), ["PIP-18", "R-DECISIONS", "R-WEIGHED"]);
                    continue;
                }
                Err(Refusal::NotAllowed { rules, .. }) => super::case::ids(&rules),
                Err(refusal) => panic!("{refusal:?}"),
            };
            match stage {
                Decided => assert_eq!(rules, ["R-RECONSIDERATION"]),
                EndedDeath => assert_eq!(rules, ["GEN-3", "R-DEATH-VERIFIED"]),
                EndedTakenBack => assert_eq!(rules, ["R-WITHDRAWAL", "R-SECOND-PERSON"]),
                DecisionDue => panic!("refused after the return: {rules:?}"),
                DocumentationDue => panic!("a PIP case has no documentation"),
                Assurance | ConferenceDue | DeterminationDue | Escalated | ClosingNoteDue | ReturnDue => {
                    assert_eq!(rules, ["PIP-17", "PIP-18", "R-DECISIONS", "R-WEIGHED"]);
                }
            }
        }
    }
}

/// What was to be done about the customer and was not stands in the way of deciding, too.
#[test]
fn nothing_is_decided_while_an_agreed_action_is_open() {
    let opens: [&[Step]; 2] = [&[Agree(Role::Referrer, None)], &[Report(1, NotTaken, "")]];
    for steps in opens {
        let mut case = Case::at(DeterminationDue).then(&[Agree(Role::Referrer, None), Report(1, Taken, "")]);
        case.when(&[Determine(true, false), CLOSING, Arrival, Return]);
        case.when(steps);
        assert_eq!(case.state.stage, DecisionDue);
        let (number, _) = case.state.open_actions().next().expect("an action is open");
        assert_eq!(case.blocking(), [format!("action:{number}"), "decision".to_owned()]);
        let (rules, why, allowed) = case.refusal(&Decide(NotDisallow));
        assert_eq!(rules, ["PIP-12", "R-SATISFIED", "R-OPEN-ACTION"]);
        assert!(why.contains(&format!("open: {number}")) && allowed.contains(&"ReportAction"), "{why}");
        case.when(&[Report(number, Overtaken, ""), Decide(NotDisallow)]);
        assert_eq!(case.state.stage, Decided);
    }
}

fn with_contact() -> File {
    super::file_samples::with_contact()
}

const NOTE: &str = "prescribed-note:2026-06-01:2026-06-09";

/// What the lead owes since the case arrived does not vanish with the return: the return waits for it.
#[test]
fn the_return_waits_for_the_prescribed_note_and_the_marker() {
    const NO_MARKER: Step = Support(OnCase::NotPutOn);
    const HEARD: Step = Complete("came-to-light:3", "");
    let rows: [(&[Step], &[&str], &[&str]); 4] = [
        (&[], &["PIP-8", "PIP-9"], &["the note for PIPCS", "Additional Support marker was not considered"]),
        (&[NO_MARKER], &["PIP-8"], &["the note for PIPCS"]),
        (&[Complete(NOTE, "")], &["PIP-9"], &["Additional Support marker was not considered"]),
        (
            &[Complete(NOTE, ""), Receive(corrected), NO_MARKER, HEARD, Determine(true, false), CLOSING],
            &["PIP-8"],
            &["the note for PIPCS"],
        ),
    ];
    for (steps, rules, words) in rows {
        let mut case = Case::at(ReturnDue).then(steps);
        let (cited, why, _) = case.refusal(&Return);
        assert_eq!(cited, rules);
        assert!(words.iter().all(|word| why.contains(word)), "{why}");
        let owed: Vec<_> = case.tasks().into_iter().filter(|task| task.blocking).map(|task| task.rule.id).collect();
        assert!(rules.iter().all(|rule| owed.contains(rule)), "each is owed, and stands in the way: {owed:?}");
    }
    // Ownership stands in nobody's way, and ends with the return.
    let mut case = Case::at(ReturnDue).then(&[Arrival]);
    assert!(case.task("ownership").is_some_and(|task| !task.blocking));
    case.when(&[Return]);
    assert_eq!(case.task("ownership"), None);
}

fn corrected() -> File {
    let mut file = with_contact();
    file.entries[1].occurred_at += chrono::TimeDelta::days(1);
    file
}

/// Nothing is taken from a customer whom nobody has listened to.
#[test]
fn the_return_and_a_disallowance_wait_until_later_contact_was_considered() {
    const HEARD: Step = As(Role::Referrer, &Contact(""));
    for (step, key) in [(HEARD, "contact:1"), (Receive(with_contact), "came-to-light:3")] {
        let mut case = Case::at(ReturnDue).then(&[Arrival, step]);
        let (rules, why, _) = case.refusal(&Return);
        assert_eq!(rules, ["PIP-12", "R-LATER-CONTACT", "R-SATISFIED", "PIP-17"]);
        assert!(why.contains(key), "{why}");
        assert!(case.task(key).is_some_and(|task| task.blocking && task.owner == Role::CesTeam));
        case.when(&[Complete(key, ""), Determine(true, false), CLOSING, Return]);
        // What the lead has considered, the decision maker may rely on.
        case.when(&[Decide(Disallow)]);

        let mut case = Case::at(DecisionDue).then(&[step]);
        let (rules, why, allowed) = case.refusal(&Decide(Disallow));
        assert_eq!(rules, ["PIP-18", "R-LATER-CONTACT"]);
        assert!(why.contains(key) && allowed.contains(&"CompleteTask"), "{why}: {allowed:?}");
        case.clone().when(&[Decide(NotDisallow)]);
        let done = Complete(key, "").command(case.now);
        case.apply(Role::CaseManager, &done).expect("whoever has the case considers it");
        case.when(&[Decide(Disallow)]);
    }
}

#[test]
fn a_decision_is_told_in_words_and_waits_for_nothing() {
    for (outcome, told) in [(Disallow, "to disallow entitlement"), (NotDisallow, "not to disallow entitlement")] {
        let case = Case::at(DecisionDue).then(&[Decide(outcome)]);
        assert_eq!(case.last("decision_recorded").event.summary(), format!("It was decided {told}."));
        assert_eq!((case.blocking(), case.state.decision.clone().map(|signed| signed.what.0)), (vec![], Some(outcome)));
        assert!(case.state.decision.as_ref().is_some_and(|signed| signed.by.role == Role::CaseManager));
    }
}
