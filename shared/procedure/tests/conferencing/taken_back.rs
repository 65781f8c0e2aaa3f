//! DWP Visiting takes a case back, as what counted as two ineffective visits was recorded in error, and hands it over anew.

use super::always::{allowed, page};
use super::case::{CHECKED, Case, NO_ANSWER, STAGES, TODAY, actor, file_of, ids, london, two_visits, words};
use super::file_samples::{EVERY_BENEFIT, in_benefit};
use super::step::Step::{self, *};
use super::step::{CES, EVERYTHING, REFERRER, complete, taken_back};
use super::told::Is::{self, Gone, Released, Standing};
use super::told::{holds, standing};
use holdfast_procedure::conferencing::Stage::{self, *};
use holdfast_procedure::conferencing::{Command, Conferencing, Event, Marker as OnCase, Outcome};
use holdfast_procedure::handover::{Entry, File, Happened};
use holdfast_procedure::protection::HoldGround::TwoIneffectiveVisits as TwoVisits;
use holdfast_procedure::protection::HoldGround::{self, ConcernDetermined, Reconsideration};
use holdfast_procedure::protection::{HeldAt, Version, Why};
use holdfast_procedure::{Decider, Refusal, Role, Told, Workload};

const BACK: Step = TakeBack(TODAY);
const ANEW: &str = "2026-06-12 12:00";

/// The case as it is handed over anew after other two visits; its hold has not come back to the sender.
fn anew() -> File {
    let mut file = file_of(&[(1, NO_ANSWER, "2026-06-01 10:00", true), (3, NO_ANSWER, "2026-06-12 10:00", true)]);
    file.times_taken_back = 1;
    file
}

/// Its hold had come back to the sender, which released it and placed it again.
fn anew_with_hold() -> File {
    let mut file = anew();
    file.holds[0].version = Version(5);
    file
}

/// The hold came back to the sender after it had handed the case over anew.
fn anew_with_hold_later() -> File {
    let mut file = anew();
    file.holds[0].version = Version(3);
    file
}

fn taken_again() -> File {
    let mut file = file_of(&[(3, NO_ANSWER, "2026-06-12 10:00", true), (4, NO_ANSWER, "2026-06-22 10:00", true)]);
    file.times_taken_back = 2;
    file
}

fn with_concern() -> File {
    with(two_visits(), Happened::Concern)
}

fn with_letter() -> File {
    with(two_visits(), Happened::LetterPosted)
}

fn anew_with_concern() -> File {
    with(anew_with_hold(), Happened::Concern)
}

/// The file with something that came to light after the visits.
fn with(mut file: File, what: Happened) -> File {
    let occurred_at = london("2026-06-09 11:00");
    file.entries.push(Entry { fact: 5, what, occurred_at, narrative: None, counts: false });
    file
}

/// The holds of a case: on which ground, at which version, and how they are.
type Holds = &'static [(HoldGround, u64, Is)];

#[rustfmt::skip] // one case a row
const ROWS: &[(Stage, &[Step], Stage, Holds)] = &[
    (Assurance, &[], EndedTakenBack, &[(TwoVisits, 2, Gone)]),
    (ConferenceDue, &[], EndedTakenBack, &[(TwoVisits, 2, Gone)]),
    (DeterminationDue, &[], EndedTakenBack, &[(TwoVisits, 2, Gone)]),
    (ClosingNoteDue, &[], EndedTakenBack, &[(TwoVisits, 2, Gone)]),
    (ReturnDue, &[], EndedTakenBack, &[(TwoVisits, 2, Gone)]),
    (DecisionDue, &[], EndedTakenBack, &[(TwoVisits, 2, Gone)]),
    (Escalated, &[], Escalated, &[(TwoVisits, 2, Gone), (ConcernDetermined, 1, Standing)]),
    (Escalated, &[Concluded("")], ClosingNoteDue, &[(TwoVisits, 2, Gone), (ConcernDetermined, 1, Standing)]),
    (Escalated, &[Concluded(""), Determine(true, false)], EndedTakenBack,
        &[(TwoVisits, 2, Gone), (ConcernDetermined, 2, Released(Why::Replaced))]),
    (Decided, &[], Decided, &[(TwoVisits, 3, Released(Why::InformedDecision))]),
    (Decided, &[Reopen], DeterminationDue, &[(TwoVisits, 3, Released(Why::InformedDecision)), (Reconsideration, 1, Standing)]),
    (EndedDeath, &[], EndedDeath, &[(TwoVisits, 3, Released(Why::VerifiedDeath))]),
];

#[test]
fn a_case_that_is_taken_back_ends_unless_a_concern_or_a_decision_keeps_it() {
    for (stage, steps, reached, held) in ROWS {
        let case = Case::at(*stage).then(steps).then(&[BACK]);
        assert_eq!((case.state.stage, holds(&case.state.protection)), (*reached, held.to_vec()), "{stage:?} {steps:?}");
        assert_eq!(case.state.taken_back, Some(taken_back(london(TODAY))));
        let released = case.state.protection.get(TwoVisits).is_some_and(|hold| !hold.state.protects());
        assert!(!released || matches!(stage, Decided | EndedDeath), "its hold is never released here");
    }
}

#[test]
fn every_page_takes_a_case_back() {
    for file in EVERY_BENEFIT {
        let case = Case::with(file).then(&[BACK]);
        assert_eq!((case.state.stage, holds(&case.state.protection)), (EndedTakenBack, vec![(TwoVisits, 2, Gone)]));
        assert_eq!(case.cited("stage_reached"), ["R-WITHDRAWAL", "R-SECOND-PERSON"]);
        let task = case.task("taken-back:1").expect("whoever leads is told");
        assert_eq!((task.owner, task.rule.id), (page(&case).conferencing.lead.says.role, "R-SECOND-PERSON"));
        // The concern keeps it, and only its own hold stands here.
        let case = Case::with(file).then(&[Determine(false, true), BACK]);
        assert_eq!((case.state.stage, standing(&case.state.protection)), (Escalated, vec![ConcernDetermined]));
        assert!(case.notes[0].contains("as a concern is followed up"), "{:?}", case.notes);
    }
}

#[test]
fn the_journal_says_who_took_it_back_and_the_hold_goes_with_it() {
    let mut case = Case::at(Assurance);
    let from = case.journal.len();
    case.when(&[BACK]);
    let names: Vec<_> = case.journal[from..].iter().map(|kept| kept.ruled.event.name()).collect();
    assert_eq!(names, ["case_taken_back", "stage_reached", "protection_handed_over"]);
    assert_eq!(case.cited("case_taken_back"), ["R-WITHDRAWAL", "R-SECOND-PERSON"]);
    let event = &case.last("case_taken_back").event;
    assert_eq!(event.occurred_at(), Some(london(TODAY)));
    assert!(event.summary().contains("as two persons say"), "{}", event.summary());
    let held = HeldAt { ground: TwoVisits, version: Version(2) };
    assert_eq!(case.state.protection.handed_to(Workload::Visiting), [held]);
    assert_eq!(case.state.protection.handed_to(Workload::Conferencing), []);
}

#[test]
fn told_twice_it_changes_nothing_and_a_case_that_was_never_handed_over_is_not_taken_back() {
    for stage in STAGES {
        let mut case = Case::at(stage).then(&[BACK]);
        let (journal, state) = (case.journal.len(), case.state.clone());
        case.when(&[BACK]);
        assert_eq!((case.journal.len(), &case.state), (journal, &state), "{stage:?}");
    }
    assert!(matches!(Case::unopened(TODAY).attempt(&BACK), Err(Refusal::NoSuchPart(_))));
}

#[test]
fn what_was_owed_is_over_and_the_lead_takes_note() {
    let mut case = Case::at(ConferenceDue).then(&[Agree(Role::Referrer, None), BACK]);
    assert_eq!(case.owed(), ["taken-back:1"]);
    case.when(&[Complete("taken-back:1", "")]);
    assert_eq!(case.owed(), Vec::<String>::new());
    // Nobody takes note of it for somebody who has died.
    assert_eq!(Case::at(EndedDeath).then(&[BACK]).task("taken-back:1"), None);
}

#[test]
fn what_is_asked_for_is_over_and_what_happened_is_recorded() {
    let asks = [
        Support(OnCase::PutOn),
        Further(true),
        Convene(""),
        Determine(true, false),
        Determine(false, false),
        Return,
        Decide(Outcome::NotDisallow),
        Reopen,
    ];
    for stage in [Assurance, DeterminationDue, DecisionDue] {
        for step in asks {
            let (rules, why, allowed) = Case::at(stage).then(&[BACK]).refusal(&step);
            assert_eq!(rules, ["R-WITHDRAWAL", "R-SECOND-PERSON"], "{step:?}");
            assert!(why.contains("DWP Visiting has taken it back"), "{step:?}: {why}");
            assert!(allowed.contains(&"RecordContact") && !allowed.contains(&"ReopenCase"), "{allowed:?}");
        }
        let case = Case::at(stage).then(&[BACK]);
        assert!(allowed(&case).contains("RecordDetermination"), "a concern");
        for step in [Contact(""), CHECKED[0], Conference("", &[CES, REFERRER]), Agree(Role::Referrer, None)] {
            let case = case.clone().then(&[step]);
            assert_eq!((case.state.stage, standing(&case.state.protection)), (EndedTakenBack, vec![]), "{step:?}");
        }
    }
}

#[test]
fn a_concern_that_is_determined_opens_it_again() {
    for stage in [Assurance, DeterminationDue, ReturnDue, DecisionDue] {
        let mut case = Case::at(stage).then(&[BACK, Determine(false, true)]);
        assert_eq!(
            (case.state.stage, standing(&case.state.protection)),
            (Escalated, vec![ConcernDetermined]),
            "{stage:?}"
        );
        assert!(matches!(case.last("determination_recorded").event, Event::Determined { escalates: true, .. }));
        case.when(&[Concluded("")]);
        assert!(case.state.stage.is_with_lead(), "{stage:?}");
        // Where there turns out to be none, nothing keeps it any more.
        case.when(&CHECKED);
        case.when(&[Further(false), Determine(true, false)]);
        assert_eq!((case.state.stage, standing(&case.state.protection)), (EndedTakenBack, vec![]), "{stage:?}");
    }
}

/// A case that is ready to be decided, but that DWP Visiting took it back.
fn to_decide(file: fn() -> File) -> Case {
    let mut case = Case::with(file).then(&[Determine(false, true), Concluded("2026-06-10 13:00"), BACK]);
    // Whoever leads and safeguarding do what is owed; a concern is found once more.
    for _ in 0..40 {
        case.now += chrono::TimeDelta::minutes(1);
        if case.state.stage == DecisionDue {
            return case;
        }
        super::sequences::do_next(&mut case, true);
    }
    panic!("still {:?}", case.state.stage)
}

#[test]
fn nothing_adverse_is_decided_on_it_on_any_page() {
    for file in EVERY_BENEFIT {
        let case = to_decide(file);
        let says = page(&case).conferencing.decision.says;
        assert!(case.state.taken_back.is_some());
        for outcome in says.outcomes {
            let mut case = case.clone();
            let command = Command::Decide { outcome: *outcome, weighed: words("secret: weighed") };
            let decided = case.apply(says.by, &command);
            if !outcome.is_adverse() {
                decided.expect("what leaves the award as it is can be decided");
                assert_eq!((case.state.stage, standing(&case.state.protection)), (Decided, vec![]));
                continue;
            }
            let Err(Refusal::NotAllowed { rules, why, .. }) = decided else { panic!("{outcome:?}: {decided:?}") };
            assert_eq!(ids(&rules), ["R-WITHDRAWAL", "R-SECOND-PERSON"], "{why}");
            assert!(why.contains("recorded in error") && why.contains("can be decided"), "{why}");
            assert_eq!(case.state.stage, DecisionDue);
        }
        assert!(says.outcomes.iter().any(|outcome| outcome.is_adverse()));
        assert!(says.outcomes.iter().any(|outcome| !outcome.is_adverse()));
    }
}

#[test]
fn after_a_decision_whoever_decided_considers_a_reconsideration() {
    let mut case = Case::at(Decided).then(&[BACK]);
    assert!(case.notes[0].contains("R-RECONSIDERATION") && case.notes[0].contains("Case Manager"), "{:?}", case.notes);
    let task = case.task("taken-back:1").expect("it is owed");
    assert_eq!((task.owner, task.rule.id, task.blocking), (Role::CaseManager, "R-RECONSIDERATION", false));
    assert!(task.what.contains("ReopenCase"));
    assert_eq!(holds(&case.state.protection), [(TwoVisits, 3, Released(Why::InformedDecision))], "nothing goes back");

    case.when(&[Reopen]);
    assert_eq!((case.state.stage, standing(&case.state.protection)), (DeterminationDue, vec![Reconsideration]));
    case.when(&[Determine(true, false), Note(""), Arrival, Return]);
    assert_eq!(case.refusal(&Decide(Outcome::Disallow)).0, ["R-WITHDRAWAL", "R-SECOND-PERSON"]);
    case.when(&[Decide(Outcome::NotDisallow)]);
    assert_eq!((case.state.stage, standing(&case.state.protection)), (Decided, vec![]));
    // Nobody is asked to reconsider what was decided in full knowledge of it.
    let task = case.task("taken-back:1").expect("the lead has not taken note");
    assert_eq!((task.owner, task.rule.id), (Role::CesTeam, "R-SECOND-PERSON"));
}

#[test]
fn a_concern_that_nobody_has_considered_keeps_it_until_somebody_has() {
    for (stage, owner) in [(Assurance, Role::CesTeam), (ReturnDue, Role::CesTeam), (DecisionDue, Role::CaseManager)] {
        let mut case = Case::at(stage).then(&[Receive(with_concern), BACK]);
        assert!(!case.state.stage.has_ended(), "{stage:?}");
        assert!(case.notes[0].contains("R-LATER-CONTACT"), "{:?}", case.notes);
        assert_eq!(holds(&case.state.protection), [(TwoVisits, 2, Gone)], "what the visits called for goes back");
        let task = case.task("came-to-light:5").expect("it is owed");
        assert_eq!((task.owner, task.rule.id), (owner, "R-LATER-CONTACT"), "{stage:?}");

        let anew = case.clone().then(&[Now(ANEW), Receive(anew_with_concern)]);
        assert!(anew.task("came-to-light:5").is_some(), "it is owed on the case that is handed over anew, too");

        case.apply(owner, &Command::Desk(complete("came-to-light:5", case.now))).expect("it is theirs to do");
        assert_eq!((case.state.stage, case.owed()), (EndedTakenBack, vec!["taken-back:1".to_owned()]), "{stage:?}");
    }
    // Nothing else that comes to light keeps it.
    let case = Case::at(Assurance).then(&[Receive(with_letter), BACK]);
    assert_eq!((case.state.stage, case.owed()), (EndedTakenBack, vec!["taken-back:1".to_owned()]));
}

#[test]
fn nobody_is_told_that_payment_goes_on_after_a_death() {
    let mut case = Case::at(Escalated).then(&[Died(""), ConfirmDeath]);
    let says = Conferencing::outlook(&case.state);
    assert!(says.len() == 1 && says[0].contains("death is verified") && !says[0].contains("Payment"), "{says:?}");
    case.when(&[BACK]);
    assert_eq!(case.notes, Vec::<String>::new(), "no case goes on");
}

#[test]
fn a_death_and_its_mistake_leave_it_taken_back() {
    let mut case = Case::at(Assurance).then(&[BACK, Died(""), ConfirmDeath]);
    assert_eq!((case.state.stage, holds(&case.state.protection)), (EndedDeath, vec![(TwoVisits, 2, Gone)]));
    case.when(&[DeathMistaken]);
    assert_eq!((case.state.stage, holds(&case.state.protection)), (EndedTakenBack, vec![(TwoVisits, 2, Gone)]));
    // Taken back after the death, it ends as taken back once that was a mistake, and its hold goes back, placed anew.
    let case = Case::at(EndedDeath).then(&[BACK, DeathMistaken]);
    assert_eq!((case.state.stage, holds(&case.state.protection)), (EndedTakenBack, vec![(TwoVisits, 4, Gone)]));
}

#[test]
fn a_ledger_that_is_ahead_is_written_above_and_the_hold_goes_back_again() {
    let case = Case::at(Assurance).then(&[BACK, RaiseHold(TwoVisits, 4, true)]);
    assert_eq!(holds(&case.state.protection), [(TwoVisits, 5, Gone)]);
    assert_eq!(case.last("protection_handed_over").event.name(), "protection_handed_over");
}

/// How a case that is handed over anew protects the award: by whom the hold is held, and its version.
#[rustfmt::skip] // one case a row
const HELD_ANEW: &[(Stage, &[Step], Holds)] = &[
    // The sender places it again as soon as it comes back, and tells so with its file.
    (Assurance, &[Receive(anew)], &[(TwoVisits, 2, Gone)]),
    (Assurance, &[Receive(anew), Receive(anew_with_hold_later)], &[(TwoVisits, 4, Standing)]),
    (Assurance, &[Receive(anew), Receive(anew_with_hold_later), Receive(anew_with_hold_later)], &[(TwoVisits, 4, Standing)]),
    (Assurance, &[Receive(anew_with_hold)], &[(TwoVisits, 6, Standing)]),
    (Assurance, &[Receive(anew_with_hold), Receive(anew)], &[(TwoVisits, 6, Standing)]),
    (Escalated, &[Receive(anew_with_hold)], &[(TwoVisits, 6, Standing), (ConcernDetermined, 1, Standing)]),
    (Decided, &[Receive(anew)], &[(TwoVisits, 4, Standing)]),
    (Decided, &[Reopen, Receive(anew)], &[(TwoVisits, 4, Standing), (Reconsideration, 2, Released(Why::Replaced))]),
];

#[test]
fn a_case_that_is_handed_over_anew_protects_the_award_anew() {
    for (stage, steps, held) in HELD_ANEW {
        let case = Case::at(*stage).then(&[BACK, Now(ANEW)]).then(steps);
        assert_eq!(holds(&case.state.protection), *held, "{stage:?} {steps:?}");
        assert_eq!((&case.state.taken_back, case.state.decided_once), (&None, false), "{stage:?} {steps:?}");
    }
}

#[test]
fn everything_that_rested_on_the_visits_is_looked_at_again() {
    for stage in [Assurance, ConferenceDue, DeterminationDue, ClosingNoteDue, ReturnDue, DecisionDue, Decided] {
        let mut case =
            Case::at(stage).then(&[Conference("", &[CES, REFERRER]), BACK, Now(ANEW), Receive(anew_with_hold)]);
        let state = &case.state;
        assert_eq!((state.stage, &state.taken_back, &state.determination), (Assurance, &None, &None), "{stage:?}");
        assert_eq!((state.further_information_required(), state.conference_held()), (None, false), "{stage:?}");
        assert_eq!((&state.closing_note, &state.returned_at, &state.decision), (&None, &None, &None), "{stage:?}");
        assert_eq!((state.decided_once, state.concern_stands), (false, false), "{stage:?}");
        assert_eq!(case.cited("case_received"), ["PIP-5", "PIP-7"]);
        let checked: Vec<_> = case.owed().into_iter().filter(|key| key.starts_with("assurance:")).collect();
        assert_eq!(checked.len(), CHECKED.len(), "{stage:?}: what was looked at before the visits does not count");
        let received = case.state.received.as_ref().expect("a case");
        assert_eq!((received.at, received.file.since), (london(ANEW), london("2026-06-12 10:00")));
        // And the whole way is gone again, adverse decisions included.
        case.when(&CHECKED);
        case.when(&[Further(false), Determine(true, false), Note(""), Arrival, Return, Decide(Outcome::Disallow)]);
        assert_eq!((case.state.stage, standing(&case.state.protection)), (Decided, vec![]), "{stage:?}");
    }
}

/// What happened after the new visits counts, though it was recorded while the case was taken back.
#[test]
fn what_happened_after_the_new_visits_counts() {
    let mut case = Case::at(Assurance).then(&[BACK, Now("2026-06-12 11:00")]).then(&CHECKED);
    case.when(&[Now(ANEW), Receive(anew_with_hold)]);
    assert!(case.owed().iter().all(|key| !key.starts_with("assurance:")), "{:?}", case.owed());
}

#[test]
fn a_concern_that_stands_is_followed_up_on_the_case_that_is_handed_over_anew() {
    let mut case = Case::at(Escalated).then(&[BACK, Now(ANEW), Receive(anew_with_hold)]);
    assert_eq!((case.state.stage, case.state.concern_stands), (Escalated, true));
    assert_eq!(standing(&case.state.protection), [TwoVisits, ConcernDetermined]);
    case.when(&[Concluded("")]);
    assert_eq!((case.state.stage, standing(&case.state.protection)), (Assurance, vec![TwoVisits, ConcernDetermined]));
    assert!(case.state.concern_found, "what closes the case says what was done about it");
    // A concern that was determined after it was taken back stays, too.
    let case = Case::at(Assurance).then(&[BACK, Determine(false, true), Now(ANEW), Receive(anew_with_hold)]);
    assert_eq!((case.state.stage, standing(&case.state.protection)), (Escalated, vec![TwoVisits, ConcernDetermined]));
}

#[test]
fn a_case_is_handed_over_anew_once_and_an_older_file_changes_nothing() {
    let case = Case::at(Assurance).then(&[BACK, Now(ANEW), Receive(anew_with_hold)]).then(&CHECKED);
    for file in [anew_with_hold as fn() -> File, anew, two_visits] {
        let told = case.clone().then(&[Receive(file)]);
        assert_eq!((told.journal.len(), &told.state), (case.journal.len(), &case.state));
    }
    // Taken back and handed over once more, it begins once more.
    let mut case = case.then(&[TakeBack("2026-06-12 13:00")]);
    assert_eq!((case.state.stage, case.owed()), (EndedTakenBack, vec!["taken-back:2".to_owned()]));
    case.when(&[Now("2026-06-22 12:00"), Receive(taken_again)]);
    assert_eq!(
        (case.state.stage, case.state.received.as_ref().map(|received| received.file.times_taken_back)),
        (Assurance, Some(2))
    );
    assert_eq!(case.owed().iter().filter(|key| key.starts_with("assurance:")).count(), CHECKED.len());
}

/// What became known of the customer here is not undone by a file from elsewhere, and a first file may tell of anything.
#[test]
fn what_is_known_of_the_customer_and_of_who_referred_stays() {
    let case = Case::at(Assurance).then(&[Merged("C-2"), BACK, Now(ANEW), Receive(anew_with_hold)]);
    assert_eq!(case.state.received.as_ref().expect("a case").file.award.customer, "C-2");
    assert_eq!(standing(&case.state.protection), [TwoVisits]);
    let mut first = Case::unopened(ANEW);
    let file = Box::new(in_benefit(anew(), holdfast_procedure::benefit::Benefit::Esa));
    first.apply(Role::Suite, &Command::Receive(file)).expect("a first file");
    assert_eq!((first.state.stage, standing(&first.state.protection)), (ConferenceDue, vec![TwoVisits]));
    assert_eq!(first.journal[0].by, actor(Role::Suite));
    assert!(matches!(first.attempt(&Gather("", EVERYTHING)), Ok(())), "what happened is recorded");
}
