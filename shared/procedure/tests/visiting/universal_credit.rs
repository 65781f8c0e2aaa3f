//! Universal Credit: of the visits its text says only what follows two of them.

use super::benefits::{contact, decide, given, held, owed, refer, refused, visit};
use super::case::{Case, NO_ANSWER, NO_LETTER, REFERRED, UNSAFE, cited, london};
use holdfast_procedure::Role::{self, Referrer, TeamLeader, VisitingOfficer};
use holdfast_procedure::benefit::Benefit::UniversalCredit;
use holdfast_procedure::protection::HoldGround;
use holdfast_procedure::visiting::{Ground, Outcome, SecondVisit, Stage, Verdict, VisitingForm, file};

fn referred() -> Case {
    given(vec![(REFERRED, Referrer, refer(UniversalCredit, london(REFERRED), VisitingForm::default()))])
}

fn after(steps: Vec<(&str, Role, holdfast_procedure::visiting::Command)>) -> Case {
    let mut case = referred();
    super::benefits::when(&mut case, steps);
    case
}

#[test]
fn nothing_is_prescribed_between_the_visits_and_the_reply_says_so() {
    let case = after(vec![("2026-06-01 10:00", VisitingOfficer, visit("2026-06-01 10:00", NO_LETTER))]);
    assert_eq!((case.state.stage, case.state.window.clone()), (Stage::SecondVisitDue, None));
    assert_eq!(owed(&case), [("second-visit".to_owned(), VisitingOfficer, "R-NOT-PRESCRIBED", "RecordVisit")]);
    assert!(case.notes[0].contains("R-NOT-PRESCRIBED"), "{:?}", case.notes);
    assert_eq!(cited(case.last("fact_judged")), ["R-UC-GROUNDS"]);
    assert_eq!(case.last("fact_judged").version, "uc/1");
}

#[test]
fn every_ground_of_the_sister_texts_makes_a_visit_ineffective() {
    for ground in [Ground::NotAtHome, Ground::NoAnswer, Ground::RefusedToCooperate] {
        let outcome = Outcome::Ineffective { ground, letter_left: false };
        let case = after(vec![("2026-06-01 10:00", VisitingOfficer, visit("2026-06-01 10:00", outcome))]);
        assert_eq!(case.verdicts(), [(1, Verdict::FirstIneffective)], "{ground:?}");
    }
    let case = after(vec![("2026-06-01 10:00", VisitingOfficer, visit("2026-06-01 10:00", UNSAFE))]);
    assert_eq!((case.state.stage, case.verdicts()), (Stage::HandedOver, vec![(1, Verdict::CountsAsTwo)]));
    assert_eq!(cited(case.last("stage_reached")), ["R-UC-GROUNDS", "UC-1"]);
}

#[test]
fn two_visits_without_contact_go_back_for_a_conference_with_the_team_leader() {
    let case = after(vec![
        ("2026-06-01 10:00", VisitingOfficer, visit("2026-06-01 10:00", NO_ANSWER)),
        ("2026-06-02 10:00", VisitingOfficer, visit("2026-06-02 10:00", NO_ANSWER)),
    ]);
    let to = case.state.handover.as_ref().map(|handover| handover.to.clone());
    assert_eq!((case.state.stage, to), (Stage::HandedOver, Some(vec![TeamLeader, Referrer])));
    assert_eq!(cited(case.last("stage_reached")), ["UC-1"]);
    assert_eq!(file(&case.state).map(|file| (file.lead, file.note_in)), Some((TeamLeader, None)));
    assert_eq!(held(&case), [], "the hold went over");
    assert!(case.state.protection.get(HoldGround::TwoIneffectiveVisits).is_some());
}

#[test]
fn contact_between_the_visits_changes_nothing_and_nobody_decides_a_second_visit() {
    let mut case = after(vec![
        ("2026-06-01 10:00", VisitingOfficer, visit("2026-06-01 10:00", NO_ANSWER)),
        ("2026-06-02 10:00", Referrer, contact("2026-06-02 10:00", None, None)),
    ]);
    assert_eq!(case.state.stage, Stage::SecondVisitDue);
    let (rules, _) = refused(&mut case, Referrer, &decide(SecondVisit::NotNeeded, None));
    assert_eq!(rules, ["R-NOT-PRESCRIBED"]);
}

#[test]
fn an_effective_visit_is_returned_and_nothing_else_of_it_is_prescribed() {
    let case = after(vec![("2026-06-01 10:00", VisitingOfficer, visit("2026-06-01 10:00", Outcome::Effective))]);
    assert_eq!(owed(&case), [("return-outcome:1".to_owned(), VisitingOfficer, "R-NOT-PRESCRIBED", "CompleteTask")]);
    assert_eq!(held(&case), [HoldGround::OpenReferral]);
}
