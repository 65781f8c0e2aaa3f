//! What whoever leads owes as soon as the case arrives: the prescribed note, ownership, the marker; and that those who
//! referred are told.

use super::case::{Case, NO_ANSWER, file_of, london, two_visits};
use super::file_samples::one_call;
use super::step::Step::{self, *};
use holdfast_procedure::conferencing::{Marker as OnCase, Stage::*};
use holdfast_procedure::handover::{File, Happened};
use holdfast_procedure::visiting::Ground;
use holdfast_procedure::{Refusal, Role, Told};

const UNSAFE_CALL: Happened = Happened::IneffectiveVisit { ground: Ground::UnsafeArea, letter_left: false };

fn unsafe_at_the_door() -> File {
    file_of(&[(1, UNSAFE_CALL, "2026-06-01 10:00", true)])
}

fn nobody_called() -> File {
    file_of(&[(1, Happened::UnsafeArea, "2026-06-01 10:00", true)])
}

/// Two visits were made, the second of which found the area unsafe: that is an ineffective visit like any other.
fn unsafe_at_the_second() -> File {
    file_of(&[(1, NO_ANSWER, "2026-06-01 10:00", true), (2, UNSAFE_CALL, "2026-06-09 10:00", true)])
}

/// Half past midnight in London is the day before in UTC.
fn after_midnight() -> File {
    file_of(&[(1, NO_ANSWER, "2026-06-01 00:30", true), (2, NO_ANSWER, "2026-06-08 23:59:59.999999", true)])
}

/// A visit made too early counts for nothing, and is not named.
fn one_too_early() -> File {
    file_of(&[
        (1, NO_ANSWER, "2026-06-01 10:00", true),
        (2, NO_ANSWER, "2026-06-03 10:00", false),
        (3, NO_ANSWER, "2026-06-09 10:00", true),
    ])
}

const TWO: &str = "Following two ineffective visits on 1 June 2026 and 9 June 2026";
const ONE: &str = "Following an ineffective visit on 1 June 2026, and as DWP Visiting deems the area unsafe, which is \
                   treated as two ineffective visits";
const NONE: &str =
    "As DWP Visiting deems the area unsafe, which is treated as two ineffective visits although nobody called";
const MIDNIGHT: &str = "Following two ineffective visits on 1 June 2026 and 8 June 2026";

/// A file, how the note begins, its key, and whether the ruling on unsafe areas was needed for it.
type Noted = (fn() -> File, &'static str, &'static str, bool);

#[rustfmt::skip] // one case a row
const NOTES: &[Noted] = &[
    (two_visits, TWO, "prescribed-note:2026-06-01:2026-06-09", false),
    (unsafe_at_the_second, TWO, "prescribed-note:2026-06-01:2026-06-09", false),
    (one_too_early, TWO, "prescribed-note:2026-06-01:2026-06-09", false),
    (after_midnight, MIDNIGHT, "prescribed-note:2026-06-01:2026-06-08", false),
    (one_call, ONE, "prescribed-note:2026-06-01", true),
    (unsafe_at_the_door, ONE, "prescribed-note:2026-06-01", true),
    (nobody_called, NONE, "prescribed-note", true),
];

#[test]
fn the_prescribed_note_names_only_days_on_which_somebody_called() {
    for (file, opening, key, by_ruling) in NOTES {
        let case = Case::with(*file);
        let note = case.task(key).unwrap_or_else(|| panic!("{key} is not owed: {:?}", case.owed()));
        let what = format!(
            "Note PIPCS (Person Home page, contact tab, notes section): '{opening}, please do not take any further \
             action whilst the case is with the CES Team for consideration'"
        );
        assert_eq!((note.what.as_str(), note.owner, note.rule.id), (what.as_str(), Role::CesTeam, "PIP-8"));
        let because = if *by_ruling { &["PIP-5", "PIP-7", "R-UNSAFE-AREA-NOTE"][..] } else { &["PIP-5", "PIP-7"] };
        assert_eq!(case.cited("case_received"), because);
        let told = case.last("case_received").event.summary();
        assert_eq!(told.contains("after two ineffective visits"), !by_ruling, "{told}");
        let told = case.task("inform-referrer").expect("the referrer is told").what;
        let why = if *by_ruling { "DWP Visiting deems the area unsafe" } else { "two visits were ineffective and" };
        assert!(told.starts_with(&format!("Take note that {why}")), "{told}");
    }
}

fn corrected() -> File {
    file_of(&[(1, NO_ANSWER, "2026-06-01 10:00", true), (3, NO_ANSWER, "2026-06-08 10:00", true)])
}

fn other_hour() -> File {
    file_of(&[(1, NO_ANSWER, "2026-06-01 10:00", true), (3, NO_ANSWER, "2026-06-09 15:00", true)])
}

#[test]
fn the_note_is_owed_anew_where_its_days_turn_out_to_be_others() {
    let note = |case: &Case| case.owed().into_iter().find(|key| key.starts_with("prescribed-note"));
    let mut case = Case::given(&[Complete("prescribed-note:2026-06-01:2026-06-09", "")]);
    assert_eq!(note(&case), None);
    case.when(&[Receive(other_hour)]);
    assert_eq!(note(&case), None, "the day is the same");
    assert_eq!(case.cited("file_updated"), ["R-LATER-CONTACT"]);
    case.when(&[Receive(corrected)]);
    assert_eq!(note(&case).as_deref(), Some("prescribed-note:2026-06-01:2026-06-08"));
    assert_eq!(case.cited("file_updated"), ["R-LATER-CONTACT", "PIP-8"]);
    case.when(&[Receive(nobody_called)]);
    assert_eq!(case.cited("file_updated"), ["R-LATER-CONTACT", "PIP-8", "R-UNSAFE-AREA-NOTE"]);
}

#[test]
fn the_lead_owns_the_tasks_and_considers_the_marker_while_it_has_the_case() {
    let with_lead = [Assurance, ConferenceDue, DeterminationDue, Escalated, ClosingNoteDue, ReturnDue];
    for stage in with_lead.into_iter().chain([DecisionDue, Decided, EndedDeath]) {
        let case = Case::at(stage);
        for (key, rule) in [("ownership", "PIP-7"), ("support-marker", "PIP-9")] {
            let task = case.task(key);
            assert_eq!(task.is_some(), with_lead.contains(&stage), "{key} at {stage:?}");
            if let Some(task) = task {
                let blocks = key == "support-marker" && stage == ReturnDue;
                assert_eq!((task.owner, task.rule.id, task.blocking), (Role::CesTeam, rule, blocks));
                assert_eq!(task.since, london(super::case::RECEIVED));
            }
        }
    }
    let done = Complete("ownership", "");
    assert_eq!(Case::given(&[done]).task("ownership"), None);
}

#[test]
fn the_marker_is_decided_on_either_way_and_again() {
    for marker in [OnCase::PutOn, OnCase::NotPutOn] {
        let case = Case::given(&[Support(marker)]);
        assert_eq!((case.task("support-marker"), case.cited("support_marker_considered")), (None, vec!["PIP-9"]));
        let again = case.then(&[Support(OnCase::PutOn)]);
        assert_eq!(again.state.markers.last().map(|stated| stated.what), Some(OnCase::PutOn));
    }
    let (rules, ..) = Case::at(EndedDeath).refusal(&Support(OnCase::PutOn));
    assert_eq!(rules, ["GEN-3", "R-DEATH-VERIFIED"]);
}

fn joined() -> File {
    let mut file = two_visits();
    file.joined = vec![file.referral.clone(), file.referral.clone()];
    file.joined[0].by.person = "s.khan".to_owned();
    file.joined[1].by.person = "t.jones".to_owned();
    file
}

#[test]
fn everybody_who_referred_is_told_in_person() {
    let mut case = Case::with(joined);
    let told = |case: &Case| -> Vec<_> {
        let tasks = case.tasks().into_iter().filter(|task| task.key.starts_with("inform-referrer"));
        tasks.map(|task| (task.key, task.owner, task.person.unwrap_or_default(), task.rule.id)).collect()
    };
    let owes = |key: &str, person: &str| (key.to_owned(), Role::Referrer, person.to_owned(), "PIP-5");
    let (first, second, third) = (
        owes("inform-referrer", "referrer"),
        owes("inform-referrer:1", "s.khan"),
        owes("inform-referrer:2", "t.jones"),
    );
    assert_eq!(told(&case), [first.clone(), second, third.clone()]);
    case.when(&[As(Role::Referrer, &Complete("inform-referrer:1", ""))]);
    assert_eq!(told(&case), [first, third]);
    const OTHERS: Step = Complete("inform-referrer:2", "");
    assert!(matches!(case.attempt(&OTHERS), Err(Refusal::NotAllowed { .. })), "it is not the lead's to take note");
    // Somebody who joins later is told too, whoever has the case by then.
    let case = Case::at(DecisionDue).then(&[Receive(joined)]);
    assert_eq!(told(&case).len(), 3);
}
