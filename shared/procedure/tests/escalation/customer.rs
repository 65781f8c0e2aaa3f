//! What becomes known of the customer meanwhile: a death, a mistaken report, a second record of the same person.

use super::case::Step::*;
use super::case::{Case, Step};
use holdfast_procedure::Role;
use holdfast_procedure::customer::{self, Fact};
use holdfast_procedure::desk;
use holdfast_procedure::escalation::{Command, Stage};

#[test]
fn nobody_contacts_a_customer_who_is_said_to_have_died_until_the_report_proves_mistaken() {
    let mut case = Case::given(&[CallAndText("2026-06-01 10:00")]);
    let before = case.owed();
    assert_eq!(before, ["call-back:1", "leader-need:1"]);
    case.when(&[Died]);
    assert_eq!(case.owed(), ["leader-need:1", "confirm-death"]);
    assert_eq!(case.state.stage, Stage::LeaderUndecided);
    case.when(&[DeathMistaken]);
    assert_eq!(case.owed(), before);
}

#[test]
fn an_attempt_that_was_made_all_the_same_is_kept() {
    let mut case = Case::given(&[Died, Call("2026-06-01 10:00")]);
    assert_eq!(case.round().attempts.len(), 1);
    assert!(case.notes[0].contains("GEN-3"));
    case.when(&[Try(
        "2026-06-01 11:00",
        holdfast_procedure::escalation::Whom::NextOfKin,
        holdfast_procedure::escalation::AttemptChannel::Telephone,
        holdfast_procedure::escalation::AttemptOutcome::Reached,
        false,
    )]);
    assert!(case.notes.is_empty());
}

#[test]
fn a_verified_death_ends_the_case_and_a_correction_resumes_it() {
    const VERIFIED: &[Step] = &[CallAndText("2026-06-01 10:00"), Consider(true), Died, DeathVerified];
    let mut case = Case::given(VERIFIED);
    assert_eq!(case.state.stage, Stage::EndedDeath);
    assert_eq!(case.owed(), Vec::<String>::new(), "whoever leads the case considers a review");
    for step in [Consider(false), Refer, ReviewOn("2026-06-15"), Conclude] {
        assert_eq!(case.refused(&step).1, "the case has ended, as the customer's death is verified");
    }
    case.when(&[Liaise("2026-06-02 10:00", holdfast_procedure::escalation::Agency::Police)]);
    case.when(&[DeathMistaken]);
    assert_eq!(
        (case.state.stage, case.owed()),
        (Stage::ReferralDue, vec!["call-back:1".to_owned(), "leader:1".to_owned()])
    );
}

#[test]
fn a_death_after_the_conclusion_leaves_it_concluded() {
    let case = Case::given(&[Call("2026-06-01 10:00"), Consider(false), Conclude, Died, DeathVerified]);
    assert_eq!(case.state.stage, Stage::Concluded);
}

#[test]
fn a_merged_customer_goes_by_the_other_reference() {
    let mut case = Case::opened();
    let command = customer::Command { fact: Fact::Merged { into: "C-2".to_owned() }, passed_on: None };
    case.apply(Role::Officer, &Command::Customer(command)).expect("a merger");
    assert_eq!(case.round().concern.award.customer, "C-2");
    assert_eq!(case.state.customer.formerly, ["C-1"]);
}

#[test]
fn a_task_is_given_to_somebody_and_not_completed_where_a_verb_discharges_it() {
    let mut case = Case::opened();
    let to = desk::Assignment { person: Some("p-9".to_owned()), ..desk::Assignment::default() };
    let assign = desk::Command::Assign { key: "contact:1".to_owned(), to };
    case.apply(Role::CesTeam, &Command::Desk(assign)).expect("their own task");
    assert_eq!(case.task("contact:1").person.as_deref(), Some("p-9"));
    let complete = desk::Command::Complete {
        key: "contact:1".to_owned(),
        occurred_at: case.now,
        system: "PIPCS".to_owned(),
        reference: "note".to_owned(),
        late_reason: None,
    };
    assert!(case.apply(Role::CesTeam, &Command::Desk(complete)).is_err());
}
