//! What counts as two ineffective visits was recorded in error: one person says so, another confirms it.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, Row, Step, UNSAFE, actor, cited, run, words};
use super::told::Is::Gone;
use super::told::{holds, standing};
use holdfast_procedure::protection::HoldGround::OpenReferral;
use holdfast_procedure::protection::HoldGround::TwoIneffectiveVisits as TwoVisits;
use holdfast_procedure::visiting::ContactBy::Customer;
use holdfast_procedure::visiting::SecondVisit::NotNeeded;
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::Verdict::*;
use holdfast_procedure::visiting::WithdrawalGround::{Abroad, ClaimWithdrawn, RecordedInError};
use holdfast_procedure::visiting::{Command, Correction, Event, Outcome, Retracting, Visiting, file, open_award};
use holdfast_procedure::{Actor, Decider, Refusal, Role, Task, Told};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const THIRD: Step = Visit("2026-06-10 10:00", NO_ANSWER);
pub(super) const SEEN: Step = Visit("2026-06-09 10:00", Outcome::Effective);
pub(super) const IN_ERROR: Step = Withdraw(RecordedInError);
const RANG: Step = Contact("2026-06-03 10:00");

/// The rules and the reason of a refusal, and what would be allowed instead.
fn refused(case: &mut Case, step: &Step) -> (Vec<&'static str>, String, Vec<&'static str>) {
    let before = case.state.clone();
    let Err(Refusal::NotAllowed { rules, why, allowed, .. }) = case.attempt(step) else { panic!("{step:?}") };
    assert_eq!(case.state, before, "nothing is kept of what is refused");
    (rules.iter().map(|rule| rule.id).collect(), why, allowed)
}

pub(super) fn asked(case: &Case) -> Option<Task> {
    Visiting::tasks(&case.state, &case.guidance).into_iter().find(|task| task.key == "retraction")
}

/// The names of the events since, without what is judged.
pub(super) fn names(case: &Case, from: usize) -> Vec<&'static str> {
    let told = case.journal[from..].iter().map(|entry| entry.ruled.event.name());
    told.filter(|name| !["fact_judged", "contact_window_cancelled", "contact_window_derived_again"].contains(name))
        .collect()
}

pub(super) fn never_happened(fact: u32) -> Command {
    Command::Correct(Correction { fact, right: None, narrative: None, reason: words("misread") })
}

#[test]
fn what_is_asked_for_changes_nothing_and_is_owed_to_be_confirmed() {
    #[rustfmt::skip] // one case a row
    let rows: [(Step, Role, &str); 3] = [
        (IN_ERROR, Role::Referrer, "the referral was made in error"),
        (Void(2), Role::VisitingOfficer, "what counts as two ineffective visits was recorded in error"),
        (Correct(2, &SEEN), Role::VisitingOfficer, "what counts as two ineffective visits was recorded in error"),
    ];
    for (step, owner, what) in rows {
        let mut case = Case::given(&[FIRST, SECOND]);
        let (before, told, tasks) = (case.clone(), file(&case.state), case.owed());
        case.when(&[step]);
        assert_eq!(names(&case, before.journal.len()), ["retraction_asked"]);
        assert_eq!(cited(case.last("retraction_asked")), ["R-RECORDED-ALWAYS", "R-WITHDRAWAL", "R-SECOND-PERSON"]);
        assert_eq!((case.state.stage, case.verdicts(), file(&case.state)), (HandedOver, before.verdicts(), told));
        assert_eq!(holds(&case.state.protection), holds(&before.state.protection), "the award stays protected");
        assert!(case.notes[0].contains("stays protected") && case.notes[0].contains("R-SECOND-PERSON"));

        let task = asked(&case).expect("it is owed");
        assert_eq!((task.owner, task.rule.id, task.since), (owner, "R-SECOND-PERSON", case.now));
        assert_eq!((task.discharged_by, task.blocking), ("ConfirmRetraction", false));
        assert_eq!(task.what, format!("Confirm as a second person that {what}, or decline it"));
        let others: Vec<_> = case.owed().into_iter().filter(|key| key != "retraction").collect();
        assert_eq!(others, tasks, "and everything else as before");
    }
    assert_eq!(asked(&Case::given(&[FIRST, SECOND])), None);
}

#[test]
fn only_a_record_made_in_error_is_asked_for_and_only_by_those_who_may() {
    for ground in [Abroad, ClaimWithdrawn] {
        let (rules, why, _) = refused(&mut Case::given(&[FIRST, SECOND]), &Withdraw(ground));
        assert_eq!(rules, ["R-WITHDRAWAL", "R-SECOND-PERSON"]);
        assert!(why.contains("RecordContact"), "{why}");
    }
    let by_an_officer = As(Role::VisitingOfficer, &IN_ERROR);
    assert_eq!(refused(&mut Case::given(&[FIRST, SECOND]), &by_an_officer).0, ["R-WITHDRAWAL"]);
    // What anybody may not correct they cannot ask to be corrected either.
    let mut case = Case::given(&[FIRST, Contact("2026-06-09 09:00"), SECOND]);
    let settled = Correct(2, &ContactBy("2026-06-08 09:00", Customer, Some(NotNeeded)));
    let (rules, why, _) = refused(&mut case, &As(Role::VisitingOfficer, Box::leak(Box::new(settled))));
    assert!(rules == ["PIP-3"] && why.contains("CES Team"), "{rules:?}: {why}");
}

/// What only some may tell only some may confirm, and it is owed by them.
#[test]
fn what_was_settled_is_confirmed_by_a_colleague_of_whoever_may_settle_it() {
    const IN_TIME: Step = Correct(2, &ContactBy("2026-06-08 09:00", Customer, Some(NotNeeded)));
    let mut case = Case::given(&[FIRST, Contact("2026-06-09 09:00"), SECOND, IN_TIME]);
    assert_eq!(asked(&case).map(|task| task.owner), Some(Role::CesTeam));
    assert_eq!(refused(&mut case, &ConfirmRetraction).0, ["PIP-3"], "a line manager settles nothing");
    let colleague = Actor { person: "somebody else".to_owned(), ..actor(Role::CesTeam) };
    let confirm = ConfirmRetraction.command(case.now);
    case.apply_by(&colleague, &confirm).expect("a colleague confirms it");
    assert_eq!((case.state.stage, case.state.times_taken_back), (EndedNoSecondVisit, 1));
}

#[test]
fn one_retraction_is_asked_for_at_a_time() {
    for first in [IN_ERROR, Void(1)] {
        for second in [IN_ERROR, Void(2), first] {
            let mut case = Case::given(&[FIRST, SECOND, first]);
            let (rules, why, allowed) = refused(&mut case, &second);
            assert_eq!(rules, ["R-SECOND-PERSON"]);
            assert!(why.contains("ConfirmRetraction") && why.contains("DeclineRetraction"), "{why}");
            assert!(allowed.contains(&"ConfirmRetraction") && allowed.contains(&"DeclineRetraction"), "{allowed:?}");
            assert!(!allowed.contains(&"WithdrawReferral"), "{allowed:?}");
        }
    }
    let (_, _, allowed) = refused(&mut Case::given(&[FIRST, SECOND]), &ConfirmRetraction);
    assert!(!allowed.contains(&"DeclineRetraction") && allowed.contains(&"WithdrawReferral"), "{allowed:?}");
}

#[test]
fn whoever_asked_does_not_confirm_it_in_whatever_role() {
    let asker = actor(Role::Referrer).person;
    for role in [Role::Referrer, Role::VisitingOfficer, Role::LineManager, Role::CesTeam] {
        let mut case = Case::given(&[FIRST, SECOND, IN_ERROR]);
        let before = case.state.clone();
        let same = Actor { person: asker.clone(), ..actor(role) };
        let confirm = ConfirmRetraction.command(case.now);
        let Err(Refusal::NotAllowed { rules, why, .. }) = case.apply_by(&same, &confirm) else { panic!("{role:?}") };
        assert_eq!(rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), ["R-SECOND-PERSON"]);
        assert!(why.contains("another person") && case.state == before, "{why}");
        // Another person of the same role does.
        let other = Actor { person: "somebody else".to_owned(), ..actor(role) };
        case.apply_by(&other, &confirm).expect("another person confirms it");
        assert_eq!((case.state.stage, &case.state.retraction), (EndedWithdrawn, &None));
    }
}

#[test]
fn nothing_is_confirmed_or_declined_that_nobody_asked_for() {
    let settled: [&[Step]; 5] = [
        &[],
        &[FIRST],
        &[FIRST, SECOND],
        &[FIRST, SECOND, Void(2), DeclineRetraction],
        &[FIRST, SECOND, Void(2), ConfirmRetraction],
    ];
    for steps in settled {
        for step in [ConfirmRetraction, DeclineRetraction] {
            let (rules, why, _) = refused(&mut Case::given(steps), &step);
            assert_eq!(rules, ["R-SECOND-PERSON"], "{steps:?}");
            assert!(why.starts_with("nobody has said"), "{why}");
        }
    }
}

#[test]
fn anybody_declines_and_then_another_retraction_can_be_asked_for() {
    for role in [Role::Referrer, Role::VisitingOfficer, Role::CesTeam] {
        for step in [IN_ERROR, Void(2)] {
            let mut case = Case::given(&[FIRST, SECOND]);
            let before = case.state.clone();
            case.when(&[step, As(role, &DeclineRetraction)]);
            assert_eq!(case.state, before, "the two visits stand as they did");
            assert_eq!(cited(case.last("retraction_declined")), ["R-SECOND-PERSON"]);
            assert_eq!(asked(&case), None);
            case.when(&[Void(1), ConfirmRetraction]);
            assert_eq!((case.state.times_taken_back, &case.state.handover), (1, &None));
        }
    }
}

#[rustfmt::skip] // one case a row
const CONFIRMED: &[Row] = &[
    Row("the referral", &[FIRST, SECOND, IN_ERROR, ConfirmRetraction], EndedWithdrawn, &[(1, FirstIneffective), (2, SecondIneffective)]),
    Row("the referral, where the area was unsafe", &[Unsafe("2026-06-01 10:00"), IN_ERROR, ConfirmRetraction], EndedWithdrawn, &[(1, CountsAsTwo)]),
    Row("the referral, and visits after it change nothing", &[FIRST, SECOND, IN_ERROR, ConfirmRetraction, THIRD],
        EndedWithdrawn, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("the referral, and a visit before it comes to light", &[FIRST, SECOND, Now("2026-06-11 10:00"), IN_ERROR, ConfirmRetraction, THIRD],
        EndedWithdrawn, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("the first visit", &[FIRST, SECOND, Void(1), ConfirmRetraction], AwaitingContact, &[(2, FirstIneffective)]),
    Row("the second visit", &[FIRST, SECOND, Void(2), ConfirmRetraction], SecondVisitDue, &[(1, FirstIneffective)]),
    Row("the customer was seen", &[FIRST, SECOND, Correct(2, &SEEN), ConfirmRetraction], EndedVisitEffective, &[(1, FirstIneffective), (3, Effective)]),
    Row("the second visit was in the window", &[FIRST, SECOND, Correct(2, &Visit("2026-06-08 10:00", NO_ANSWER)), ConfirmRetraction],
        SecondVisitDue, &[(1, FirstIneffective), (3, TooEarly)]),
    Row("the area was not unsafe", &[Unsafe("2026-06-01 10:00"), Void(1), ConfirmRetraction], FirstVisitDue, &[]),
    Row("the visit did not find the area unsafe", &[Visit("2026-06-01 10:00", UNSAFE), Correct(1, &FIRST), ConfirmRetraction],
        AwaitingContact, &[(2, FirstIneffective)]),
    Row("what was judged afterwards is judged as it happened", &[FIRST, SECOND, RANG, Void(2), ConfirmRetraction],
        SecondVisitUndecided, &[(1, FirstIneffective), (3, InTime)]),
    Row("and so is what came to light while it was asked for", &[FIRST, SECOND, Void(2), RANG, ConfirmRetraction],
        SecondVisitUndecided, &[(1, FirstIneffective), (3, InTime)]),
    Row("the customer was seen afterwards", &[FIRST, SECOND, Visit("2026-06-10 10:00", Outcome::Effective), Void(2), ConfirmRetraction],
        EndedVisitEffective, &[(1, FirstIneffective), (3, Effective)]),
    Row("an area found unsafe while it was asked for counts", &[FIRST, SECOND, Void(2), Unsafe("2026-06-10 10:00"), ConfirmRetraction],
        HandedOver, &[(1, FirstIneffective), (3, CountsAsTwo)]),
    Row("a third visit while it was asked for is the second", &[FIRST, SECOND, Void(2), THIRD, ConfirmRetraction],
        HandedOver, &[(1, FirstIneffective), (3, SecondIneffective)]),
    Row("a withdrawal before the visits came to light holds", &[Now("2026-06-10 10:00"), Withdraw(Abroad), FIRST, SECOND, Void(2), ConfirmRetraction],
        EndedWithdrawn, &[(1, FirstIneffective)]),
    Row("a reported death keeps nobody from confirming", &[FIRST, SECOND, Void(2), Died("2026-06-09 11:00"), ConfirmRetraction],
        SecondVisitDue, &[(1, FirstIneffective)]),
    Row("declined, the visits stand", &[FIRST, SECOND, Void(2), DeclineRetraction], HandedOver, &[(1, FirstIneffective), (2, SecondIneffective)]),
];

#[test]
fn what_is_confirmed_takes_effect_and_the_case_is_judged_anew() {
    run(CONFIRMED);
}

#[test]
fn the_journal_says_who_confirmed_and_places_before_anything_else_is_released() {
    let mut case = Case::given(&[FIRST, SECOND, Void(2)]);
    let from = case.journal.len();
    case.when(&[ConfirmRetraction]);
    assert_eq!(names(&case, from), ["retraction_confirmed", "fact_corrected", "stage_reached", "award_protected"]);
    assert_eq!(cited(case.last("retraction_confirmed")), ["R-WITHDRAWAL", "R-SECOND-PERSON"]);
    let confirmed = &case.journal[from];
    assert!(matches!(confirmed.ruled.event, Event::RetractionConfirmed { takes_back: true, .. }));
    assert_eq!(confirmed.by, actor(Role::LineManager));
    assert_eq!((&case.state.handover, case.state.times_taken_back, file(&case.state)), (&None, 1, None));
    assert!(case.notes.iter().any(|note| note.contains("taken back from whoever led it")), "{:?}", case.notes);
    assert!(open_award(&case.state).is_some(), "another referral joins again");

    let mut case = Case::given(&[FIRST, SECOND, IN_ERROR]);
    let from = case.journal.len();
    case.when(&[ConfirmRetraction]);
    assert_eq!(names(&case, from), ["retraction_confirmed", "withdrawn", "stage_reached"]);
    assert_eq!(cited(case.last("stage_reached")), ["R-WITHDRAWAL", "R-SECOND-PERSON"]);
    let withdrawn = case.state.withdrawn.expect("withdrawn");
    assert_eq!((withdrawn.ground, withdrawn.at, withdrawn.confirmed), (RecordedInError, case.now, true));
    assert_eq!(open_award(&case.state), None);
}

/// A correction that others have overtaken by the time it is confirmed undoes nothing, or cannot be made.
#[test]
fn what_is_confirmed_is_what_it_comes_to_by_then() {
    // A third visit has been recorded: without the second there are two all the same.
    let mut case = Case::given(&[FIRST, SECOND, Void(2), THIRD, ConfirmRetraction]);
    let takes_back = |case: &Case| {
        let confirmed = &case.last("retraction_confirmed").event;
        matches!(confirmed, Event::RetractionConfirmed { takes_back: true, .. })
    };
    assert!(!takes_back(&case));
    assert_eq!((case.state.times_taken_back, case.state.basis.clone()), (0, vec![1, 3]));
    assert_eq!(holds(&case.state.protection)[1], (TwoVisits, 1, Gone));
    case.when(&[Void(3), ConfirmRetraction]);
    assert!(takes_back(&case));

    // The fact has been put right meanwhile: there is nothing left to confirm, and declining settles it.
    let mut case = Case::given(&[FIRST, SECOND, Void(2), Correct(2, &Visit("2026-06-09 11:00", NO_ANSWER))]);
    let (rules, why, _) = refused(&mut case, &ConfirmRetraction);
    assert!(rules == ["R-SECOND-PERSON"] && why.contains("DeclineRetraction"), "{rules:?} {why}");
    assert_eq!(asked(&case).map(|task| task.discharged_by), Some("DeclineRetraction"));
    case.when(&[DeclineRetraction, Void(3), ConfirmRetraction]);
    assert_eq!(case.state.stage, SecondVisitDue);
}

/// Verified, a death ends the case first; taken back, it is as it was.
#[test]
fn a_death_between_asking_and_confirming() {
    const DIED: &[Step] = &[Died("2026-06-09 11:00"), ConfirmDeath];
    let mut case = Case::given(&[FIRST, SECOND, IN_ERROR]);
    case.when(DIED);
    let (rules, why, allowed) = refused(&mut case, &ConfirmRetraction);
    assert_eq!(rules, ["GEN-3", "R-SECOND-PERSON"]);
    assert!(why.contains("DeclineRetraction") && allowed.contains(&"DeclineRetraction"), "{why}");
    case.when(&[DeathMistaken, ConfirmRetraction]);
    assert_eq!((case.state.stage, case.state.times_taken_back), (EndedWithdrawn, 1));

    // After it was confirmed a death ends the case as it ends any other, and a mistake brings that back.
    let mut case = Case::given(&[FIRST, SECOND, Void(2), ConfirmRetraction]);
    case.when(DIED);
    assert_eq!((case.state.stage, standing(&case.state.protection)), (EndedDeath, vec![]));
    case.when(&[DeathMistaken]);
    assert_eq!((case.state.stage, standing(&case.state.protection)), (SecondVisitDue, vec![OpenReferral]));
    assert_eq!((case.state.times_taken_back, &case.state.handover), (1, &None));
}

#[test]
fn after_a_decision_a_correction_is_recorded_and_the_case_stays_ended() {
    for step in [Void(2), Correct(2, &SEEN)] {
        let mut case = Case::given(&[FIRST, SECOND, NoteDecision(true)]);
        let handover = case.state.handover.clone();
        case.when(&[step]);
        assert!(asked(&case).is_some() && case.state.stage == EndedDecided);
        case.when(&[ConfirmRetraction]);
        assert_eq!((case.state.stage, case.state.facts[&2].superseded), (EndedDecided, true));
        assert_eq!((&case.state.handover, case.state.times_taken_back), (&handover, 0));
        let confirmed = &case.last("retraction_confirmed").event;
        assert!(matches!(confirmed, Event::RetractionConfirmed { takes_back: true, .. }), "whoever decided is told");
        assert!(case.notes.iter().any(|note| note.contains("R-RECONSIDERATION")), "{:?}", case.notes);
        assert_eq!(holds(&case.state.protection)[1], (TwoVisits, 1, Gone));
        let told = file(&case.state).expect("the file tells what stands");
        assert!(told.entries.iter().all(|entry| entry.fact != 2));
    }
    // A decision that comes between asking and confirming ends it too.
    let mut case = Case::given(&[FIRST, SECOND, Void(2), NoteDecision(true), ConfirmRetraction]);
    assert_eq!(case.state.stage, EndedDecided);
    case.when(&[NoteDecision(false)]);
    assert_eq!(case.state.stage, HandedOver);
    assert_eq!(refused(&mut Case::given(&[FIRST, SECOND, NoteDecision(true)]), &IN_ERROR).0, ["R-WITHDRAWAL"]);
}

/// A referral that was decided on meanwhile was made in error all the same, and whoever decided is told.
#[test]
fn a_referral_that_was_decided_on_is_retracted_as_a_fact_is() {
    let mut case = Case::given(&[FIRST, SECOND, IN_ERROR, NoteDecision(true)]);
    assert_eq!(asked(&case).map(|task| task.discharged_by), Some("ConfirmRetraction"));
    let handover = case.state.handover.clone();
    case.when(&[ConfirmRetraction]);
    assert_eq!((case.state.stage, &case.state.handover, asked(&case)), (EndedDecided, &handover, None));
    let confirmed = &case.last("retraction_confirmed").event;
    assert!(matches!(confirmed, Event::RetractionConfirmed { takes_back: true, .. }), "whoever decided is told");
    let notes = case.notes.join(" ");
    assert!(notes.contains("what was decided stands") && notes.contains("R-RECONSIDERATION"), "{notes}");
    // Opened again, the case is decided on by whoever leads it, and DWP Visiting calls on nobody.
    case.when(&[NoteDecision(false)]);
    assert_eq!((case.state.stage, case.owed()), (HandedOver, vec![]));
    case.when(&[NoteDecision(true)]);
    assert_eq!(case.state.stage, EndedDecided);
}

/// What is told to whoever asks, and to whoever confirms, is so.
#[test]
fn what_is_noted_of_a_retraction_fits_the_case() {
    let notes = |steps: &[Step]| Case::given(steps).notes.join(" ");
    assert!(notes(&[FIRST, SECOND, Void(2)]).contains("The award stays protected"));
    let decided = notes(&[FIRST, SECOND, NoteDecision(true), Void(2)]);
    assert!(decided.contains("not protected") && decided.contains("R-RECONSIDERATION"), "{decided}");
    let died = notes(&[FIRST, SECOND, Died("2026-06-09 11:00"), ConfirmDeath, Void(2)]);
    assert!(died.contains("GEN-3") && !died.contains("stays protected"), "{died}");
    let back = notes(&[FIRST, SECOND, Void(2), ConfirmRetraction]);
    assert!(back.contains("released once it is back here, unless they go on"), "{back}");
}

/// Whoever confirms what another corrected has not recorded it.
#[test]
fn what_was_corrected_was_recorded_by_whoever_asked_for_it() {
    let mut case = Case::given(&[FIRST, SECOND, Correct(2, &SEEN), ConfirmRetraction]);
    assert_eq!(case.state.facts[&3].by, actor(Role::VisitingOfficer));
    assert_eq!(case.state.facts[&3].recorded_at, case.now);
    let confirmed = case.journal.iter().find(|entry| entry.ruled.event.name() == "retraction_confirmed");
    assert_eq!(confirmed.map(|entry| &entry.by), Some(&actor(Role::LineManager)));
    // The next one is recorded by whoever corrects it.
    case.when(&[As(Role::Referrer, &Correct(3, &Visit("2026-06-09 11:00", Outcome::Effective)))]);
    assert_eq!(case.state.facts[&4].by, actor(Role::Referrer));
}

#[test]
fn what_is_said_of_a_retraction_names_nothing_that_anybody_said() {
    let case = Case::given(&[FIRST, SECOND, IN_ERROR, DeclineRetraction, Void(2), ConfirmRetraction]);
    let told: Vec<_> = case.journal.iter().filter(|entry| entry.ruled.event.name().starts_with("retraction")).collect();
    let summaries: Vec<_> = told.iter().map(|entry| entry.ruled.event.summary()).collect();
    assert_eq!(
        summaries,
        [
            "Somebody says that the referral was made in error; a second person is to confirm it.",
            "What was said to have been recorded in error is not confirmed; nothing changes.",
            "Somebody says that fact 2 was recorded in error and never happened; a second person is to confirm it.",
            "A second person confirmed that it was recorded in error.",
        ]
    );
    for entry in told {
        let written = serde_json::to_string(&entry.ruled.event).expect("an event can be written");
        assert_eq!(serde_json::from_str::<Event>(&written).expect(&written), entry.ruled.event);
        assert_eq!(entry.ruled.event.occurred_at(), None);
    }
    let asked = Case::given(&[FIRST, SECOND, IN_ERROR]).state.retraction.expect("asked for");
    assert_eq!(asked.retracting, Retracting::Referral { reason: words("withdrawn") });
    assert_eq!((asked.retracting.reason(), asked.by), (&words("withdrawn"), actor(Role::Referrer)));
}
