//! What becomes known of the customer at any stage: a death, a move, a second record of the same person.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, NO_LETTER, Step, UNSAFE, actor, cited, london, words};
use super::passed_on::passed_on;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer;
use holdfast_procedure::visiting::ContactBy::Customer;
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::Stage::{self, *};
use holdfast_procedure::visiting::{Command, Event, Outcome, Verdict, Visiting, WithdrawalGround, file};
use holdfast_procedure::{Decider, Refusal, Role};

pub(super) const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
pub(super) const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const SEEN: Step = Visit("2026-06-01 10:00", Outcome::Effective);
const IN_TIME: Step = Contact("2026-06-03 10:00");
pub(super) const DIED: Step = Died("2026-06-10 10:00");

/// A case at every stage that does not itself come of a death, on 10 June, and what is owed there without contacting
/// the customer.
#[rustfmt::skip] // one stage a row
const STAGES: &[(Stage, &[Step], &[&str])] = &[
    (FirstVisitDue, &[], &[]),
    (AwaitingContact, &[Visit("2026-06-09 10:00", NO_LETTER)], &[]),
    (SecondVisitUndecided, &[FIRST, IN_TIME], &["second-visit-decision", "communications-note:2"]),
    (SecondVisitDue, &[Visit("2026-06-01 10:00", NO_LETTER)], &[]),
    (HandedOver, &[FIRST, SECOND], &[]),
    (HandedOver, &[Visit("2026-06-01 10:00", UNSAFE)], &[]),
    (EndedVisitEffective, &[SEEN], &["return-outcome:1"]),
    (EndedNoSecondVisit, &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))], &["communications-note:2"]),
    (EndedWithdrawn, &[FIRST, Withdraw(WithdrawalGround::Abroad)], &[]),
    (EndedDecided, &[FIRST, SECOND, NoteDecision(true)], &[]),
];

/// A case at a stage, at the instant at which the death is reported.
fn at(stage: Stage, steps: &[Step]) -> Case {
    let mut case = Case::given(steps);
    case.when(&[Now("2026-06-10 10:00")]);
    assert_eq!(case.state.stage, stage);
    case
}

/// Whoever leads the case is asked to consider a review: not DWP Visiting once it was handed over.
fn review(case: &Case) -> &'static [&'static str] {
    if case.state.handover.is_some() { &[] } else { &["consider-review"] }
}

#[test]
fn a_reported_death_stops_what_would_contact_the_customer_and_nothing_else() {
    for (stage, steps, others) in STAGES {
        let mut case = at(*stage, steps);
        let window = case.state.window.clone();
        case.when(&[DIED]);
        assert_eq!(case.owed(), [others, &["confirm-death"][..], review(&case)].concat(), "{stage:?}");
        assert_eq!((case.state.stage, case.state.window.clone()), (*stage, window), "the case itself goes on");
        assert_eq!(cited(case.last("death_reported")), ["GEN-3", "R-DEATH"]);
    }
}

#[test]
fn a_death_is_verified_by_a_second_person_at_any_stage() {
    for (stage, steps, others) in STAGES {
        let mut case = at(*stage, steps);
        case.when(&[DIED]);
        let Err(Refusal::NotAllowed { rules, allowed, .. }) = case.attempt(&As(Role::Officer, &ConfirmDeath)) else {
            panic!("{stage:?}: whoever reported the death verified it")
        };
        assert_eq!(rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), ["R-DEATH-VERIFIED", "R-DIFFERENT-PERSONS"]);
        assert!(!allowed.contains(&"ConfirmDeath") && allowed.contains(&"CorrectDeathReport"), "{allowed:?}");
        case.when(&[Now("2026-06-11 09:00"), ConfirmDeath]);
        assert_eq!((case.state.stage, case.state.since), (EndedDeath, Some(case.now)), "{stage:?}");
        assert_eq!(cited(case.last("stage_reached")), ["R-DEATH-VERIFIED"]);
        // What is written up or returned is so whatever became of the customer; a second visit is not decided on.
        let still = others.iter().filter(|key| **key != "second-visit-decision").copied();
        assert_eq!(case.owed(), still.chain(review(&case).iter().copied()).collect::<Vec<_>>(), "{stage:?}");
        assert_eq!(Visiting::timers(&case.state), []);
    }
}

/// Everything but the customer's record, and but for what was recorded meanwhile.
fn standing(case: &Case) -> impl PartialEq + std::fmt::Debug + use<> {
    let state = &case.state;
    let visits = (state.stage, state.since, state.basis.clone(), state.handover.clone(), state.window.clone());
    (visits, case.verdicts(), case.owed(), state.desk.clone(), state.decided, file(state))
}

#[test]
fn a_mistaken_report_leaves_everything_where_it_was() {
    for (stage, steps, _) in STAGES {
        for verified in [false, true] {
            let mut case = at(*stage, steps);
            let before = standing(&case);
            case.when(&[DIED]);
            if verified {
                case.when(&[ConfirmDeath]);
            }
            case.when(&[DeathMistaken]);
            assert_eq!(standing(&case), before, "{stage:?}, verified: {verified}");
            assert_eq!(case.state.customer.death, None);
            assert_eq!(cited(case.last("death_report_corrected")), ["R-DEATH-MISTAKEN"]);
            // Where the case goes on, it says why; one that was decided is decided still.
            let goes_on = verified && *stage != EndedDecided;
            assert_eq!(cited(case.last("stage_reached")).contains(&"R-DEATH-MISTAKEN"), goes_on, "{stage:?}");
            let Err(Refusal::NotAllowed { .. }) = case.attempt(&DeathMistaken) else { panic!("there is none now") };
        }
    }
}

#[test]
fn time_goes_on_while_a_death_is_not_verified_and_is_made_up_for_once_it_was_mistaken() {
    let mut case = Case::given(&[FIRST, Died("2026-06-02 10:00"), Now("2026-06-09 00:00")]);
    assert_eq!(
        (case.state.stage, case.owed()),
        (SecondVisitDue, vec!["confirm-death".into(), "consider-review".into()])
    );
    let mut ended = Case::given(&[FIRST, Died("2026-06-02 10:00"), ConfirmDeath, Now("2026-06-20 00:00")]);
    assert_eq!((ended.state.stage, ended.state.since), (EndedDeath, Some(london("2026-06-02 10:00"))));
    case.when(&[DeathMistaken]);
    ended.when(&[DeathMistaken]);
    for case in [case, ended] {
        assert_eq!(case.state.since, Some(london("2026-06-08 23:59:59.999999")));
        assert_eq!((case.state.stage, case.owed()), (SecondVisitDue, vec!["second-visit".to_owned()]));
    }
}

/// Nobody calls on the dead; who did all the same is on record, and it counts once the report was mistaken.
#[test]
fn what_happens_after_a_verified_death_counts_only_once_it_was_mistaken() {
    let mut case =
        Case::given(&[FIRST, Now("2026-06-09 09:00"), DIED, ConfirmDeath, Visit("2026-06-10 12:00", NO_ANSWER)]);
    assert_eq!(case.state.facts[&2].verdict, Some(Verdict::Afterwards));
    assert_eq!((case.state.stage, file(&case.state)), (EndedDeath, None));
    case.when(&[DeathMistaken]);
    assert_eq!((case.state.stage, case.state.basis.clone()), (HandedOver, vec![1, 2]));
}

/// Two visits that had been made by then come to light: they are handed over, and the case stays ended.
#[test]
fn two_visits_before_a_verified_death_are_handed_over_all_the_same() {
    let mut case = Case::given(&[FIRST, DIED, ConfirmDeath, Now("2026-06-11 10:00"), SECOND]);
    assert_eq!((case.state.stage, case.state.since), (EndedDeath, Some(london("2026-06-10 10:00"))));
    assert_eq!(file(&case.state).map(|file| file.since), Some(london("2026-06-09 10:00")));
    case.when(&[DeathMistaken]);
    assert_eq!((case.state.stage, case.state.since), (HandedOver, Some(london("2026-06-09 10:00"))));
}

#[test]
fn a_death_is_reported_once() {
    let mut case = Case::given(&[DIED]);
    let journal = case.journal.len();
    case.when(&[As(Role::Referrer, &Died("2026-06-11 10:00"))]);
    assert_eq!(case.journal.len(), journal);
    assert!(case.notes[0].contains("GEN-3"), "{:?}", case.notes);
    // The second to report it is a second person, but has verified nothing.
    assert_eq!(case.state.stage, FirstVisitDue);
    case.when(&[As(Role::Referrer, &ConfirmDeath)]);
    let journal = case.journal.len();
    case.when(&[ConfirmDeath]);
    assert_eq!((case.state.stage, case.journal.len()), (EndedDeath, journal), "nor is it verified twice");
}

#[test]
fn a_death_is_verified_only_where_it_was_reported_here_or_passed_on() {
    let Err(Refusal::NotAllowed { why, .. }) = Case::referred().attempt(&ConfirmDeath) else { panic!("not refused") };
    assert!(why.contains("no report"), "{why}");
    let (evidence, reference) = (customer::DeathEvidence::Register, "D-2".to_owned());
    let fact = customer::Fact::DeathConfirmed { evidence, reference };
    let mut case = Case::given(&[FIRST, SECOND]);
    case.apply(Role::Suite, &passed_on(fact, "2026-06-10 11:00")).expect("verified by two where it was told");
    assert_eq!(case.state.stage, EndedDeath);
    assert_eq!(case.state.customer.death.as_ref().map(|death| death.reported_by.role), Some(Role::Heo));
}

/// A correction may change which facts a handover rests on while the case has ended; that they were two stays.
#[test]
fn a_fact_is_corrected_after_the_case_ended_without_bringing_it_back() {
    for (end, ended) in [(&[DIED, ConfirmDeath][..], EndedDeath), (&[NoteDecision(true)], EndedDecided)] {
        let mut case = Case::given(&[FIRST, SECOND]);
        case.when(end);
        case.when(&[Correct(2, &Visit("2026-06-09 11:00", NO_ANSWER))]);
        assert_eq!(case.state.stage, ended);
        let handover = case.state.handover.as_ref().expect("it stays handed over");
        assert_eq!((&handover.facts[..], handover.since), (&[1, 3][..], london("2026-06-09 11:00")));
        // That they were not takes a second person, and does not bring the case back either. With the customer's death
        // nobody confirms it any more.
        let handed_over = case.state.handover.clone();
        case.when(&[Void(3)]);
        assert_eq!(cited(case.last("retraction_asked")), ["R-RECORDED-ALWAYS", "R-WITHDRAWAL", "R-SECOND-PERSON"]);
        assert!(!case.state.facts[&3].superseded, "{ended:?}: undone");
        let confirmed = case.attempt(&ConfirmRetraction).is_ok();
        assert_eq!((confirmed, case.state.facts[&3].superseded), (ended == EndedDecided, ended == EndedDecided));
        assert_eq!(case.state.stage, ended);
        assert_eq!((case.state.handover, case.state.times_taken_back), (handed_over, 0));
    }
}

#[test]
fn a_correction_of_something_else_leaves_an_end_as_it_is() {
    const TOO_EARLY: Step = Visit("2026-06-04 10:00", NO_ANSWER);
    let mut case = Case::given(&[FIRST, TOO_EARLY, SECOND, DIED, ConfirmDeath]);
    let stages = |case: &Case| case.journal.iter().filter(|entry| named(entry, "stage_reached")).count();
    let before = stages(&case);
    case.when(&[Correct(2, &Visit("2026-06-04 10:00", Outcome::BrokenOff))]);
    assert_eq!((case.state.facts[&4].verdict, stages(&case)), (Some(Verdict::Neither), before));
}

pub(super) fn named(entry: &super::case::Entry, name: &str) -> bool {
    holdfast_procedure::Told::name(&entry.ruled.event) == name
}

/// The last Monday of August is a holiday in England and not in Scotland.
#[test]
fn a_move_leaves_a_running_window_and_changes_the_next() {
    const MOVED: Step = Moved("2026-08-26 12:00", Nation::Scotland);
    let first = Visit("2026-08-26 10:00", NO_ANSWER);
    let english = london("2026-09-03 23:59:59.999999");
    let mut case = Case::given(&[first, MOVED]);
    assert_eq!((case.window_ends(), case.state.opened.as_ref().unwrap().place.nation), (english, Nation::Scotland));
    assert_eq!(cited(case.last("customer_moved")), ["R-RECORDED-ALWAYS"]);
    // Neither a newer calendar nor a correction of the visit makes it another nation's.
    let by = actor(Role::Suite);
    case.apply(by.role, &Command::DeriveTermsAgain).expect("a calendar");
    case.when(&[Correct(1, &Visit("2026-08-26 11:00", NO_ANSWER))]);
    assert_eq!(case.window_ends(), english);
    let later = Case::given(&[MOVED, Visit("2026-08-26 13:00", NO_ANSWER)]);
    let scottish = london("2026-09-02 23:59:59.999999");
    assert_eq!(later.window_ends(), scottish);
    // Nor is a Scottish window lengthened by a move to England.
    let back = Moved("2026-08-27 12:00", Nation::England);
    let mut case = Case::given(&[MOVED, Visit("2026-08-26 13:00", NO_ANSWER), back]);
    case.apply(by.role, &Command::DeriveTermsAgain).expect("a calendar");
    assert_eq!(case.window_ends(), scottish);
}

#[test]
fn a_move_to_where_the_customer_lives_changes_nothing() {
    let mut case = Case::given(&[Moved("2026-06-01 10:00", Nation::Wales)]);
    let journal = case.journal.len();
    case.when(&[Moved("2026-06-02 10:00", Nation::Wales)]);
    assert_eq!(case.journal.len(), journal);
    let place = file(&Case::given(&[FIRST, SECOND, Moved("2026-06-10 10:00", Nation::Wales)]).state).unwrap().place;
    assert_eq!((place.nation, place.area.as_str()), (Nation::Wales, "South"), "whoever leads is told the new address");
}

#[test]
fn a_merged_customer_goes_by_the_other_reference() {
    let mut case = Case::given(&[Merged("C-2"), FIRST]);
    let customer = |case: &Case| case.state.opened.as_ref().unwrap().award.customer.clone();
    assert_eq!((customer(&case), &case.state.customer.formerly[..]), ("C-2".to_owned(), &["C-1".to_owned()][..]));
    let Err(Refusal::Invalid(faults)) = case.attempt(&Merged("C-2")) else { panic!("not refused") };
    assert_eq!(faults[0].field, "into");
    case.when(&[Merged("C-3")]);
    assert_eq!((customer(&case), case.state.customer.formerly.len()), ("C-3".to_owned(), 2));
    // A referral that knows the customer by a reference given up joins all the same.
    case.when(&[Join("2026-06-02 10:00")]);
    assert_eq!(case.state.joined.len(), 1);
}

#[test]
fn what_was_said_of_the_customer_stays_out_of_the_summaries() {
    let account = words("she said so").0;
    let case = Case::given(&[
        FIRST,
        DIED,
        ConfirmDeath,
        DeathMistaken,
        Moved("2026-06-11 10:00", Nation::Wales),
        Merged("C-9"),
    ]);
    let told = case.journal.iter().filter(|entry| matches!(entry.ruled.event, Event::Customer(_)));
    let told: Vec<_> = told.map(|entry| holdfast_procedure::Told::summary(&entry.ruled.event)).collect();
    assert_eq!(told.len(), 5);
    assert!(told.iter().all(|told| !told.contains(&account) && told.ends_with('.')), "{told:?}");
}

/// A decision can be taken back, and then the case goes on under whoever leads it.
#[test]
fn the_decision_ends_the_case_until_it_is_opened_again() {
    let mut case = Case::given(&[FIRST, SECOND]);
    let before = standing(&case);
    case.when(&[Now("2026-06-20 10:00"), NoteDecision(true)]);
    assert_eq!((case.state.stage, case.state.since), (EndedDecided, Some(case.now)));
    assert_eq!(cited(case.last("decision_noted")), ["R-HOLD-UNTIL"]);
    assert_eq!(cited(case.last("stage_reached")), ["R-HOLD-UNTIL"]);
    let journal = case.journal.len();
    case.when(&[NoteDecision(true)]);
    assert_eq!(case.journal.len(), journal, "once told, nothing is new");
    case.when(&[Contact("2026-06-21 10:00")]);
    assert_eq!(case.state.facts[&3].verdict, Some(Verdict::Afterwards));
    assert!(case.notes[0].contains("passed to whoever leads"), "{:?}", case.notes);
    case.when(&[Void(3), NoteDecision(false)]);
    assert_eq!(standing(&case), before);
    assert_eq!(cited(case.last("stage_reached")), ["R-RECONSIDERATION"]);
    let journal = case.journal.len();
    case.when(&[NoteDecision(false)]);
    assert_eq!(case.journal.len(), journal);
}

#[test]
fn nothing_is_decided_before_a_handover() {
    for steps in [&[][..], &[FIRST], &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed))], &[SEEN]] {
        for decided in [true, false] {
            let refused = Case::given(steps).attempt(&NoteDecision(decided));
            assert!(matches!(refused, Err(Refusal::NoSuchPart(_))), "{steps:?}: {refused:?}");
        }
    }
}

/// A death after the decision, found to be a mistake, leaves the case decided.
#[test]
fn a_decision_outlives_a_mistaken_death() {
    let mut case = Case::given(&[FIRST, SECOND, NoteDecision(true), DIED, ConfirmDeath]);
    assert_eq!(case.state.stage, EndedDeath);
    case.when(&[NoteDecision(false)]);
    assert_eq!(case.state.stage, EndedDeath, "nobody reconsiders about the dead");
    case.when(&[NoteDecision(true), DeathMistaken]);
    assert_eq!(case.state.stage, EndedDecided);
}
