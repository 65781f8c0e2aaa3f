//! The file that goes to whoever leads after two ineffective visits.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, Step, UNSAFE, actor, london, words};
use holdfast_procedure::Role;
use holdfast_procedure::handover::{File, Happened};
use holdfast_procedure::visiting::ContactBy::{Customer, ThirdParty};
use holdfast_procedure::visiting::SecondVisit::Needed;
use holdfast_procedure::visiting::{Channel, Command, Ground, Outcome, Record, file};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const CALLED: Happened = Happened::IneffectiveVisit { ground: Ground::NoAnswer, letter_left: true };
const FOUND_UNSAFE: Happened = Happened::IneffectiveVisit { ground: Ground::UnsafeArea, letter_left: true };
const RANG: Happened = Happened::Contact { channel: Channel::Telephone, by: Customer };

/// What happened, and the file that comes of it: number, what, whether it counts; and since when.
type Filed = (&'static str, &'static [Step], &'static [(u32, Happened, bool)], &'static str);

#[rustfmt::skip] // one case a row
const FILED: &[Filed] = &[
    ("two visits", &[FIRST, SECOND], &[(1, CALLED, true), (2, CALLED, true)], "2026-06-09 10:00"),
    ("the area unsafe before any visit", &[Unsafe("2026-06-01 10:00")], &[(1, Happened::UnsafeArea, true)], "2026-06-01 10:00"),
    ("the area found unsafe at the first visit", &[Visit("2026-06-01 10:00", UNSAFE)], &[(1, FOUND_UNSAFE, true)], "2026-06-01 10:00"),
    ("the area unsafe after a visit", &[FIRST, Unsafe("2026-06-03 10:00")],
        &[(1, CALLED, true), (2, Happened::UnsafeArea, true)], "2026-06-03 10:00"),
    ("contact in time that asked for the visit", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed)), Visit("2026-06-04 10:00", NO_ANSWER)],
        &[(1, CALLED, true), (2, RANG, false), (3, CALLED, true)], "2026-06-04 10:00"),
    ("a visit too early and one broken off", &[FIRST, Visit("2026-06-04 10:00", NO_ANSWER), Visit("2026-06-05 10:00", Outcome::BrokenOff), SECOND],
        &[(1, CALLED, true), (2, CALLED, false), (3, Happened::BrokenOffVisit, false), (4, CALLED, true)], "2026-06-09 10:00"),
    ("late contact", &[FIRST, SECOND, Contact("2026-06-10 10:00")],
        &[(1, CALLED, true), (2, CALLED, true), (3, RANG, false)], "2026-06-09 10:00"),
    ("seen after all", &[FIRST, SECOND, Visit("2026-06-10 10:00", Outcome::Effective)],
        &[(1, CALLED, true), (2, CALLED, true), (3, Happened::EffectiveVisit, false)], "2026-06-09 10:00"),
    ("what comes to light is in its place", &[FIRST, SECOND, Posted("2026-06-02 10:00"), ContactBy("2026-06-03 10:00", ThirdParty, None)],
        &[(1, CALLED, true), (3, Happened::LetterPosted, false),
          (4, Happened::Contact { channel: Channel::Telephone, by: ThirdParty }, false), (2, CALLED, true)], "2026-06-09 10:00"),
    ("a corrected visit", &[FIRST, SECOND, Correct(2, &Visit("2026-06-09 12:00", NO_ANSWER))],
        &[(1, CALLED, true), (3, CALLED, true)], "2026-06-09 12:00"),
    ("a fact that never happened", &[FIRST, SECOND, Contact("2026-06-10 10:00"), Void(3)],
        &[(1, CALLED, true), (2, CALLED, true)], "2026-06-09 10:00"),
    ("after a verified death", &[FIRST, SECOND, Died("2026-06-10 10:00"), ConfirmDeath],
        &[(1, CALLED, true), (2, CALLED, true)], "2026-06-09 10:00"),
    ("after the decision", &[FIRST, SECOND, NoteDecision(true), Contact("2026-06-10 10:00")],
        &[(1, CALLED, true), (2, CALLED, true), (3, RANG, false)], "2026-06-09 10:00"),
];

#[test]
fn the_file_is_whole_in_the_order_it_happened() {
    for (name, steps, expected, since) in FILED {
        let case = Case::given(steps);
        let File { entries, since: filed, lead, referral, award, .. } = file(&case.state).expect(name);
        let told: Vec<_> = entries.iter().map(|entry| (entry.fact, entry.what, entry.counts)).collect();
        assert_eq!((told.as_slice(), filed), (*expected, london(since)), "{name}");
        assert_eq!((lead, referral.by, award.award.as_str()), (Role::CesTeam, actor(Role::Referrer), "A-1"), "{name}");
        assert_eq!(
            (referral.circumstances, referral.occurred_at),
            (words("letters came back"), london(super::case::REFERRED))
        );
        assert!(entries.iter().all(|entry| case.state.facts[&entry.fact].happening.occurred_at() == entry.occurred_at));
    }
}

#[test]
fn there_is_no_file_before_two_visits_count() {
    let none: [&[Step]; 6] = [
        &[],
        &[FIRST],
        &[FIRST, Visit("2026-06-04 10:00", NO_ANSWER)],
        &[FIRST, Contact("2026-06-03 10:00")],
        &[Visit("2026-06-01 10:00", Outcome::Effective)],
        &[FIRST, Died("2026-06-02 10:00"), ConfirmDeath],
    ];
    for steps in none {
        assert_eq!(file(&Case::given(steps).state), None, "{steps:?}");
    }
}

/// Words stay with DWP Visiting; whoever leads can find them.
#[test]
fn the_file_refers_to_the_words_recorded_with_a_fact() {
    let mut case = Case::given(&[FIRST, Now("2026-06-09 10:00")]);
    let (happening, narrative) = (SECOND.happening().unwrap(), Some(words("n-7")));
    let record = Record { happening, narrative: narrative.clone(), late_reason: None };
    case.apply(Role::VisitingOfficer, &Command::Record(record)).expect("a visit");
    let words: Vec<_> = file(&case.state).unwrap().entries.into_iter().map(|entry| entry.narrative).collect();
    assert_eq!(words, [None, narrative]);
}

/// Only days on which somebody called are named in what the file is used for.
#[test]
fn the_file_knows_the_calls_that_count_and_why_there_may_be_fewer_than_two() {
    let calls = |steps: &[Step]| {
        let file = file(&Case::given(steps).state).unwrap();
        (file.calls(), file.area_is_unsafe())
    };
    let (first, second) = (london("2026-06-01 10:00"), london("2026-06-09 10:00"));
    assert_eq!(calls(&[FIRST, SECOND]), (vec![first, second], false));
    assert_eq!(calls(&[FIRST, SECOND, Unsafe("2026-06-10 10:00")]), (vec![first, second], false));
    assert_eq!(calls(&[Unsafe("2026-06-01 10:00")]), (vec![], true));
    assert_eq!(calls(&[Visit("2026-06-01 10:00", UNSAFE)]), (vec![first], true));
    assert_eq!(calls(&[FIRST, Unsafe("2026-06-03 10:00")]), (vec![first], true));
    assert_eq!(calls(&[FIRST, Visit("2026-06-04 10:00", NO_ANSWER), SECOND]), (vec![first, second], false));
}

/// However long a case has become, its file can be read by whoever it goes to.
#[test]
fn a_long_case_has_a_file_of_what_counts_and_of_what_came_last() {
    let mut case = Case::given(&[Contact("2026-05-31 10:00"), FIRST, SECOND, Now("2026-06-10 10:00")]);
    for _ in 0..405 {
        case.when(&[Contact("2026-06-10 10:00")]);
    }
    case.when(&[Contact("2026-05-30 10:00")]);
    for _ in 0..105 {
        case.when(&[Join("2026-06-10 10:00")]);
    }
    let File { entries, joined, .. } = file(&case.state).unwrap();
    let counts: Vec<_> = entries.iter().filter(|entry| entry.counts).map(|entry| entry.fact).collect();
    assert_eq!((entries.len(), counts), (402, vec![2, 3]), "what counts is there, however early it was recorded");
    let others = || entries.iter().filter(|entry| !entry.counts).map(|entry| entry.fact);
    assert_eq!((others().min(), others().max()), (Some(10), Some(409)), "what was recorded last, whenever it happened");
    assert_eq!(entries.first().map(|entry| entry.fact), Some(409), "in the order it happened");
    let latest: Vec<_> = case.state.joined[5..].iter().map(|joined| joined.made.clone()).collect();
    assert!(joined.len() == 100 && joined == latest);
}
