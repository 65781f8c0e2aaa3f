//! Facts that were recorded wrongly.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, Row, Step, UNSAFE, cited, london, run};
use holdfast_procedure::Refusal;
use holdfast_procedure::Role::{CesTeam, VisitingOfficer};
use holdfast_procedure::visiting::ContactBy::{Customer, ThirdParty};
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::Verdict::*;
use holdfast_procedure::visiting::{Outcome, Stage};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const SEEN: Step = Visit("2026-06-01 10:00", Outcome::Effective);

#[rustfmt::skip] // one case a row
const CORRECTED: &[Row] = &[
    Row("the first visit was later", &[FIRST, Now("2026-06-09 10:00"), Correct(1, &Visit("2026-06-02 10:00", NO_ANSWER))],
        AwaitingContact, &[(2, FirstIneffective)]),
    Row("the first visit was earlier", &[Visit("2026-06-02 10:00", NO_ANSWER), Now("2026-06-09 10:00"), Correct(1, &FIRST)],
        SecondVisitDue, &[(2, FirstIneffective)]),
    Row("the visit was effective", &[FIRST, Correct(1, &SEEN)], EndedVisitEffective, &[(2, Effective)]),
    Row("the visit was not effective", &[SEEN, Correct(1, &FIRST)], AwaitingContact, &[(2, FirstIneffective)]),
    Row("the visit never happened", &[FIRST, Void(1)], FirstVisitDue, &[]),
    Row("the visit never happened, and the window had ended", &[FIRST, Now("2026-06-09 10:00"), Void(1)], FirstVisitDue, &[]),
    Row("the visit was broken off", &[FIRST, Correct(1, &Visit("2026-06-01 10:00", Outcome::BrokenOff))], FirstVisitDue, &[(2, Neither)]),
    Row("the area was unsafe", &[FIRST, Correct(1, &Visit("2026-06-01 10:00", UNSAFE))], HandedOver, &[(2, CountsAsTwo)]),
    Row("the contact never was", &[FIRST, Contact("2026-06-03 10:00"), Void(2)], AwaitingContact, &[(1, FirstIneffective)]),
    Row("the contact never was, and it ended the case", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded)), Now("2026-06-09 10:00"),
        As(CesTeam, &Void(2))],
        SecondVisitDue, &[(1, FirstIneffective)]),
    Row("the contact was late", &[FIRST, Contact("2026-06-03 10:00"), Now("2026-06-10 10:00"), Correct(2, &Contact("2026-06-09 10:00"))],
        SecondVisitDue, &[(1, FirstIneffective), (3, NotInTime)]),
    Row("the contact was in time", &[FIRST, Contact("2026-06-09 10:00"), Correct(2, &Contact("2026-06-08 10:00"))],
        SecondVisitUndecided, &[(1, FirstIneffective), (3, InTime)]),
    Row("the contact was a neighbour's", &[FIRST, Contact("2026-06-03 10:00"), Correct(2, &ContactBy("2026-06-03 10:00", ThirdParty, None))],
        AwaitingContact, &[(1, FirstIneffective), (3, NotTheCustomer)]),
    Row("the contact settled nothing after all", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded)), Correct(2, &Contact("2026-06-03 10:00"))],
        SecondVisitUndecided, &[(1, FirstIneffective), (3, InTime)]),
    Row("a decision outlives a correction of its contact", &[FIRST, Contact("2026-06-03 10:00"), Now("2026-06-04 10:00"), Decide(Needed),
        Correct(2, &Contact("2026-06-03 11:00"))], SecondVisitDue, &[(1, FirstIneffective), (3, InTime)]),
    Row("a decision falls with the contact it was about", &[FIRST, Contact("2026-06-03 10:00"), Now("2026-06-04 10:00"), Decide(NotNeeded),
        Now("2026-06-04 11:00"), As(CesTeam, &Void(2))], AwaitingContact, &[(1, FirstIneffective)]),
    Row("and is not about another that comes to light", &[FIRST, Contact("2026-06-03 10:00"), Now("2026-06-04 10:00"), Decide(NotNeeded),
        Now("2026-06-04 11:00"), As(CesTeam, &Void(2)), Contact("2026-06-03 15:00")], SecondVisitUndecided, &[(1, FirstIneffective), (3, InTime)]),
    Row("two visits, the first a day later", &[FIRST, Visit("2026-06-12 10:00", NO_ANSWER), Correct(1, &Visit("2026-06-02 10:00", NO_ANSWER))],
        HandedOver, &[(2, SecondIneffective), (3, FirstIneffective)]),
    Row("contact in time that settles nothing undoes nothing", &[FIRST, Contact("2026-06-09 09:00"), SECOND, Correct(2, &Contact("2026-06-08 09:00"))],
        HandedOver, &[(1, FirstIneffective), (3, SecondIneffective), (4, InTime)]),
    Row("two visits, the second void, but the area unsafe", &[FIRST, SECOND, Unsafe("2026-06-10 10:00"), Void(2)],
        HandedOver, &[(1, FirstIneffective), (3, CountsAsTwo)]),
    Row("a correction of a correction", &[FIRST, Correct(1, &SEEN), Correct(2, &FIRST)], AwaitingContact, &[(3, FirstIneffective)]),
];

#[test]
fn what_was_wrong_is_judged_anew() {
    run(CORRECTED);
}

#[test]
fn a_void_first_visit_cancels_the_window_and_what_was_owed_for_it() {
    let mut case = Case::given(&[Visit("2026-06-01 10:00", super::case::NO_LETTER)]);
    assert_eq!(case.owed(), ["letter:1"]);
    case.when(&[Void(1)]);
    assert_eq!(cited(case.last("contact_window_cancelled")), ["R-RECORDED-ALWAYS"]);
    assert_eq!((case.state.window.clone(), case.owed()), (None, vec!["first-visit".to_owned()]));
}

#[rustfmt::skip]
const WOULD_UNDO: &[(&str, &[Step], Step)] = &[
    ("the first visit never happened", &[FIRST, SECOND], Void(1)),
    ("the second visit never happened", &[FIRST, SECOND], Void(2)),
    ("the second visit was effective", &[FIRST, SECOND], Correct(2, &Visit("2026-06-09 10:00", Outcome::Effective))),
    ("the second visit was in the window", &[FIRST, SECOND], Correct(2, &Visit("2026-06-08 10:00", NO_ANSWER))),
    ("the first visit was later", &[FIRST, SECOND], Correct(1, &Visit("2026-06-03 10:00", NO_ANSWER))),
    ("the late contact was in time and made the visit unnecessary", &[FIRST, Contact("2026-06-09 09:00"), SECOND],
        Correct(2, &ContactBy("2026-06-08 09:00", Customer, Some(NotNeeded)))),
    ("the area was not unsafe", &[Unsafe("2026-06-01 10:00")], Void(1)),
    ("the visit did not find the area unsafe", &[Visit("2026-06-01 10:00", UNSAFE)], Correct(1, &FIRST)),
    ("nor where contact in time is kept", &[FIRST, SECOND, Contact("2026-06-03 10:00")], Void(2)),
    ("nor where the customer was seen between them", &[FIRST, SECOND, Visit("2026-06-04 10:00", Outcome::Effective)],
        Correct(1, &Visit("2026-06-01 11:00", NO_ANSWER))),
];

#[test]
fn a_correction_that_would_undo_two_ineffective_visits_needs_a_second_person() {
    for (name, given, step) in WOULD_UNDO {
        let mut case = Case::given(given);
        let (before, journal) = (case.clone(), case.journal.len());
        case.when(std::slice::from_ref(step));
        assert_eq!(case.journal.len(), journal + 1, "{name}");
        let asked = case.last("retraction_asked");
        assert_eq!(cited(asked), ["R-RECORDED-ALWAYS", "R-WITHDRAWAL", "R-SECOND-PERSON"], "{name}");
        assert!(case.notes[0].contains("nothing changes") && case.notes[0].contains("ConfirmRetraction"), "{name}");
        assert_eq!((case.state.stage, case.verdicts()), (HandedOver, before.verdicts()), "{name}");
        assert_eq!((&case.state.facts, &case.state.handover), (&before.state.facts, &before.state.handover), "{name}");
    }
}

/// Contact in time that came to light after two ineffective visits is kept from undoing them; it must not keep
/// anything else from being put right.
#[test]
fn what_two_ineffective_visits_do_not_rest_on_can_still_be_corrected() {
    let given = [FIRST, SECOND, Contact("2026-06-03 10:00"), Posted("2026-06-02 10:00")];
    let mut case = Case::given(&given);
    case.when(&[Correct(4, &Posted("2026-06-03 10:00")), Correct(3, &Contact("2026-06-03 11:00"))]);
    assert_eq!(case.state.stage, HandedOver);
    assert_eq!(case.verdicts(), [(1, FirstIneffective), (2, SecondIneffective), (6, Afterwards)]);
    case.when(&[Void(6)]);
    assert_eq!((case.state.stage, case.state.basis.clone()), (HandedOver, vec![1, 2]));
}

/// What came to light after two visits stays that, whatever else is put right.
#[test]
fn a_correction_of_something_else_leaves_what_came_to_light_as_it_is() {
    let mut case = Case::given(&[FIRST, Contact("2026-06-09 09:00"), SECOND]);
    case.when(&[As(VisitingOfficer, &Contact("2026-06-03 10:00")), Correct(2, &Contact("2026-06-09 09:30"))]);
    assert_eq!(case.verdicts(), [(1, FirstIneffective), (3, SecondIneffective), (4, Afterwards), (5, NotInTime)]);
    assert_eq!(case.owed(), ["communications-note:4"]);
    // What the two visits turn out to rest on is judged as such.
    case.when(&[Visit("2026-06-01 09:00", NO_ANSWER), Correct(1, &Visit("2026-06-01 10:30", NO_ANSWER))]);
    assert_eq!(case.state.basis, [6, 3]);
    assert_eq!(case.state.facts[&6].verdict, Some(FirstIneffective));
}

const SETTLED: &[Step] = &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))];

/// Whoever may not decide whether a second visit is needed does not undo that decision by way of a correction either.
#[test]
fn a_correction_leaves_what_was_settled_to_those_who_may_decide_it() {
    #[rustfmt::skip]
    let changes: &[Step] = &[
        Correct(2, &Contact("2026-06-03 10:00")),
        Correct(2, &ContactBy("2026-06-03 10:00", Customer, Some(Needed))),
        Void(2),
    ];
    for change in changes {
        let mut case = Case::given(SETTLED);
        let by = |role| As(role, change);
        let Err(Refusal::NotAllowed { rules, why, allowed, .. }) = case.attempt(&by(VisitingOfficer)) else {
            panic!("{change:?}: not refused")
        };
        // It is the settling that is refused; the fact can be corrected otherwise.
        assert!(allowed.contains(&"CorrectFact") && !allowed.contains(&"DecideSecondVisit"), "{allowed:?}");
        assert_eq!(rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), ["PIP-3"], "{change:?}");
        assert!(why.contains("CES Team") && why.contains("leave what was settled"), "{why}");
        case.when(&[by(CesTeam)]);
        assert_ne!(case.state.stage, EndedNoSecondVisit, "{change:?}");
    }
    // Everything else about the contact anybody can put right.
    let mut case = Case::given(SETTLED);
    let later = ContactBy("2026-06-03 11:00", Customer, Some(NotNeeded)).happening();
    case.when(&[As(VisitingOfficer, &Correct(2, &ContactBy("2026-06-03 11:00", Customer, Some(NotNeeded))))]);
    assert_eq!((case.state.stage, Some(&case.state.facts[&3].happening)), (EndedNoSecondVisit, later.as_ref()));
}

/// A correction of something else does not take days away that the customer was told of.
#[test]
fn a_window_is_not_shortened_by_a_correction_of_something_else() {
    let mut case = Case::given(&[Visit("2026-06-03 10:00", NO_ANSWER), FIRST, Posted("2026-06-03 12:00")]);
    case.when(&[Correct(3, &Posted("2026-06-03 13:00"))]);
    assert_eq!(case.window_ends(), london("2026-06-10 23:59:59.999999"));
    // Once the visit that it ran from turns out wrong, it does.
    case.when(&[Void(1)]);
    assert_eq!(case.window_ends(), london("2026-06-08 23:59:59.999999"));
}

#[test]
fn a_correction_keeps_what_was_recorded_before() {
    let case = Case::given(&[FIRST, Correct(1, &SEEN)]);
    let (wrong, right) = (&case.state.facts[&1], &case.state.facts[&2]);
    assert!(wrong.superseded && wrong.happening == FIRST.happening().unwrap());
    assert_eq!((right.corrects, right.superseded), (Some(1), false));
    assert_eq!(cited(case.last("fact_corrected")), ["R-RECORDED-ALWAYS"]);
}

/// The outcome that was returned was not that of the visit that takes its place.
#[test]
fn another_effective_visit_has_an_outcome_of_its_own() {
    let mut case = Case::given(&[SEEN, Complete("return-outcome:1")]);
    assert_eq!(case.owed(), Vec::<String>::new());
    case.when(&[Correct(1, &FIRST), Visit("2026-06-09 10:00", Outcome::Effective)]);
    assert_eq!(case.owed(), ["return-outcome:3"]);
}

#[rustfmt::skip] // one case a row: what was recorded, the correction, what it comes to
const WHETHER_IT_COUNTS: &[(&str, &[Step], Step, Stage)] = &[
    ("a neighbour's call was the claimant's", &[FIRST, ContactBy("2026-06-03 10:00", ThirdParty, Some(NotNeeded))],
        Correct(2, &ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))), EndedNoSecondVisit),
    ("a late call was in time", &[FIRST, ContactBy("2026-06-12 10:00", Customer, Some(NotNeeded))],
        Correct(2, &ContactBy("2026-06-04 10:00", Customer, Some(NotNeeded))), EndedNoSecondVisit),
    ("a late call was in time, as the visit was later", &[FIRST, ContactBy("2026-06-09 10:00", Customer, Some(NotNeeded))],
        Correct(1, &Visit("2026-06-02 10:00", NO_ANSWER)), EndedNoSecondVisit),
    ("a call in time was late", &[FIRST, ContactBy("2026-06-04 10:00", Customer, Some(NotNeeded)), Now("2026-06-12 12:00")],
        Correct(2, &ContactBy("2026-06-12 10:00", Customer, Some(NotNeeded))), SecondVisitDue),
    ("a call in time was a neighbour's", &[FIRST, ContactBy("2026-06-04 10:00", Customer, Some(Needed))],
        Correct(2, &ContactBy("2026-06-04 10:00", ThirdParty, Some(Needed))), AwaitingContact),
    ("the call that was decided on was a neighbour's", &[FIRST, Contact("2026-06-03 10:00"), Now("2026-06-04 10:00"), Decide(NotNeeded)],
        Correct(2, &ContactBy("2026-06-03 10:00", ThirdParty, None)), AwaitingContact),
];

/// Nor by way of who was in touch, or when: whoever may settle it corrects what makes it count, or count no more.
#[test]
fn whether_what_was_settled_counts_is_left_to_those_who_may_settle_it() {
    for (name, given, change, stage) in WHETHER_IT_COUNTS {
        let mut case = Case::given(given);
        let before = case.state.clone();
        let by = |role| As(role, change);
        let Err(Refusal::NotAllowed { rules, why, .. }) = case.attempt(&by(VisitingOfficer)) else { panic!("{name}") };
        assert_eq!(rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), ["PIP-3"], "{name}");
        assert!(why.contains("CES Team") && why.contains("theirs to make"), "{name}: {why}");
        assert_eq!(case.state, before, "{name}");
        case.when(&[by(CesTeam)]);
        assert_eq!(case.state.stage, *stage, "{name}");
    }
    // A visit is put right by whoever made it, though what was settled rests on it: the customer was seen after all.
    let mut case = Case::given(&[FIRST, Contact("2026-06-03 10:00"), Now("2026-06-04 10:00"), Decide(NotNeeded)]);
    case.when(&[As(VisitingOfficer, &Correct(1, &Visit("2026-06-01 10:00", Outcome::Effective)))]);
    assert_eq!(case.state.stage, EndedVisitEffective);
    // Where another call in time carries the decision, what is said of this one changes nothing of it.
    let calls = [Contact("2026-06-03 10:00"), Contact("2026-06-03 11:00")];
    let mut case = Case::given(&[FIRST, calls[0], calls[1], Now("2026-06-04 10:00"), Decide(NotNeeded)]);
    case.when(&[As(VisitingOfficer, &Void(3))]);
    assert_eq!(case.state.stage, EndedNoSecondVisit);
}
