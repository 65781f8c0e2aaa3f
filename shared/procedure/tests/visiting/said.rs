//! What replies and the journal say is so.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, NO_LETTER, REFERRED, Step, actor, cited, london, refer};
use super::told::standing;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource, PassedOn};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::Visiting;
use holdfast_procedure::{Decider, Refusal, Role, Told, Workload};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);

fn summary(case: &Case, name: &str) -> String {
    case.last(name).event.summary()
}

/// A report of a death, and perhaps its verification, as they were told of another case.
fn told_elsewhere(verified: bool) -> Vec<customer::Command> {
    let occurred_at = london("2026-05-28 10:00");
    let report = customer::Fact::DeathReported { occurred_at, source: DeathSource::Relative, account: None };
    let (evidence, reference) = (DeathEvidence::Certificate, "D-1".to_owned());
    let verification = verified.then_some(customer::Fact::DeathConfirmed { evidence, reference });
    let first = PassedOn {
        service: Workload::Visiting,
        case: "HF-2".to_owned(),
        by: actor(Role::Officer),
        at: london("2026-05-28 10:00"),
        known_as: "C-1".to_owned(),
        taken_in: false,
    };
    let told = [report].into_iter().chain(verification);
    told.map(|fact| customer::Command { fact, passed_on: Some(first.clone()) }).collect()
}

fn referred_knowing(verified: bool) -> Case {
    let mut case = Case::unopened(REFERRED, Guidance::published());
    let command = refer(london(REFERRED), Nation::England).knowing(told_elsewhere(verified));
    case.apply(Role::Referrer, &command).expect("a referral");
    case
}

/// Nobody is sent to somebody of whose death the service knows, not even until that reaches the case (GEN-3).
#[test]
fn a_referral_knows_of_a_death_that_was_told_of_another_case() {
    let verified = referred_knowing(true);
    assert_eq!((verified.state.stage, standing(&verified.state.protection)), (EndedDeath, vec![]));
    assert!(verified.state.customer.death_is_confirmed());
    assert_eq!(verified.state.referral.as_ref().map(|referral| &referral.by), Some(&actor(Role::Referrer)));
    let tasks = Visiting::tasks(&verified.state, &verified.guidance);
    assert!(tasks.iter().all(|task| !task.contacts_customer), "{tasks:?}");
    assert!(verified.notes[0].contains("verified") && verified.notes[0].contains("GEN-3"), "{:?}", verified.notes);
    let told = verified.state.customer.death.as_ref().map(|death| death.told.len());
    assert_eq!(told, Some(2), "a case that this one goes on to learns both");

    let mut reported = referred_knowing(false);
    assert_eq!((reported.state.stage, reported.owed().contains(&"first-visit".to_owned())), (FirstVisitDue, false));
    assert!(reported.notes[0].contains("said to have died") && reported.notes[0].contains("ConfirmDeath"));
    // Told again, of another referral that joins, it is known already.
    let (journal, later) = (reported.journal.len(), london("2026-05-29 12:00"));
    reported.now = later;
    let joins = refer(later, Nation::England).knowing(told_elsewhere(false));
    reported.apply(Role::Referrer, &joins).expect("a referral that joins");
    assert_eq!((reported.journal.len(), reported.state.joined.len()), (journal + 1, 1));
    reported.when(&[DeathMistaken]);
    assert_eq!(reported.owed(), ["first-visit"]);
    // What is refused opens nothing, whatever is known.
    let mut case = Case::unopened(REFERRED, Guidance::published());
    let by_nobody = refer(london(REFERRED), Nation::England).knowing(told_elsewhere(true));
    let Err(Refusal::NotAllowed { stage, allowed, .. }) = case.apply(Role::Auditor, &by_nobody) else { panic!() };
    assert_eq!((stage, allowed), ("NOT_OPENED", vec![]), "there is no case that it could be at a stage of");
}

/// While somebody is said to have died nobody waits for them to get in touch.
#[test]
fn what_is_awaited_of_somebody_who_is_said_to_have_died() {
    let mut case = Case::given(&[FIRST]);
    assert!(Visiting::outlook(&case.state)[0].contains("has until the end of 2026-06-08 to contact"));
    case.when(&[Died("2026-06-02 10:00")]);
    let outlook = Visiting::outlook(&case.state);
    assert!(outlook[0].contains("said to have died") && outlook[0].contains("GEN-3"), "{outlook:?}");
    assert!(!outlook[0].contains("has until"), "{outlook:?}");
    case.when(&[DeathMistaken]);
    assert!(Visiting::outlook(&case.state)[0].contains("has until"));
}

#[test]
fn a_letter_posted_before_its_visit_is_recorded_and_still_owed() {
    let mut case = Case::given(&[Visit("2026-06-02 10:00", NO_LETTER), Posted("2026-06-01 10:00")]);
    assert!(case.notes[0].contains("still owed") && case.notes[0].contains("R-LETTER-BY-POST"), "{:?}", case.notes);
    assert_eq!(case.owed(), ["letter:1"]);
    case.when(&[Correct(2, &Posted("2026-06-02 12:00"))]);
    assert_eq!((case.owed(), case.notes.clone()), (vec![], vec![]));
}

/// The date may be all that was wrong.
#[test]
fn a_correction_says_when_what_is_right_happened() {
    let mut case = Case::given(&[FIRST, Now("2026-06-02 12:00"), Correct(1, &Visit("2026-06-02 00:30", NO_ANSWER))]);
    let right = "visit, ineffective (no answer), letter left, on 2 June 2026 at 00:30";
    assert_eq!(summary(&case, "fact_corrected"), format!("Fact 1 was wrong; fact 2 takes its place: {right}."));
    case.when(&[SECOND, Visit("2026-06-10 10:00", NO_ANSWER), Correct(4, &Visit("2026-06-09 09:00", NO_ANSWER))]);
    let asked = summary(&case, "retraction_asked");
    assert!(asked.contains("on 9 June 2026 at 09:00; a second person is to confirm it"), "{asked}");
}

/// A case that is opened again after what it rested on was retracted is not said to rest on it.
#[test]
fn what_the_journal_says_of_the_handover_stays_so() {
    let mut case = Case::given(&[FIRST, SECOND, NoteDecision(true), Void(2), ConfirmRetraction, NoteDecision(false)]);
    let reached = summary(&case, "stage_reached");
    assert_eq!(reached, "Handed over: the case is with whoever leads it after the visits, since 2026-06-09.");
    assert_eq!(cited(case.last("stage_reached")), ["R-RECONSIDERATION"]);
    // Contact that was on record before the second visit was did not come to light after it.
    case = Case::given(&[FIRST, Contact("2026-06-12 10:00"), SECOND]);
    let judged: Vec<_> = case.journal.iter().map(|entry| entry.ruled.event.summary()).collect();
    let afterwards = "Fact 2 happened, or was recorded, when the visits were over; it changes nothing about them.";
    assert!(judged.iter().any(|said| said == afterwards), "{judged:?}");
}
