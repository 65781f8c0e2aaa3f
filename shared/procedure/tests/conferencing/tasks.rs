//! Tasks done in other systems, and tasks given to people.

use super::case::{Case, london, two_visits, words};
use super::step::Step::{self, *};
use super::step::complete;
use holdfast_procedure::conferencing::ActionResult::Taken;
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::conferencing::{Command, Stage};
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::{Fault, Refusal, Role, Told, desk};

/// Everything owed at each stage, besides what is owed on arrival.
const OWED: &[(Stage, &[&str])] = &[
    (
        Assurance,
        &[
            "assurance:circumstances",
            "assurance:previous-interactions",
            "assurance:documents",
            "assurance:third-parties",
            "further-information",
        ],
    ),
    (ConferenceDue, &["conference"]),
    (DeterminationDue, &["determination"]),
    (Escalated, &[]),
    (ClosingNoteDue, &["closing-note"]),
    (ReturnDue, &["return"]),
];

#[test]
fn every_stage_owes_its_step() {
    for (stage, step) in OWED {
        let arrival = ["inform-referrer", "ownership", "prescribed-note:2026-06-01:2026-06-09", "support-marker"];
        assert_eq!(Case::at(*stage).owed(), [&arrival[..], step].concat(), "{stage:?}");
    }
    assert_eq!(Case::at(DecisionDue).owed(), ["inform-referrer", "decision"]);
    assert_eq!(Case::at(Decided).owed(), ["inform-referrer"]);
    assert_eq!(Case::at(EndedDeath).owed(), ["consider-review"]);
}

#[test]
fn what_is_done_elsewhere_is_completed_by_whoever_owes_it_and_nothing_else_is() {
    for stage in super::case::STAGES {
        let mut case = Case::at(stage).then(&[Agree(Role::Referrer, None), As(Role::Officer, &Contact(""))]);
        for task in case.tasks() {
            let done = Command::Desk(complete(&task.key, case.now));
            let other = if task.owner == Role::Auditor { Role::CesTeam } else { Role::Auditor };
            assert!(matches!(case.apply(other, &done), Err(Refusal::NotAllowed { .. })), "{}", task.key);
            match case.apply(task.owner, &done) {
                Ok(()) => assert!(task.discharged_by == COMPLETE_TASK && case.task(&task.key).is_none()),
                Err(Refusal::NotAllowed { rules, why, .. }) => {
                    assert!(task.discharged_by != COMPLETE_TASK && why.contains(task.discharged_by), "{why}");
                    assert_eq!(rules, [task.rule]);
                }
                Err(refusal) => panic!("{}: {refusal:?}", task.key),
            }
            assert!(matches!(
                case.apply(task.owner, &Command::Desk(complete("none", case.now))),
                Err(Refusal::NoSuchPart(_))
            ));
        }
    }
}

#[test]
fn what_the_visits_give_rise_to_is_done_since_the_second_of_them_however_late_the_case_arrives() {
    let mut case = Case::unopened("2026-11-22 12:00").then(&[Receive(two_visits)]);
    // Clocks differ, and callers cut off seconds.
    for (at, fields) in [("2026-06-09 09:58:59.999", &["occurred_at"][..]), ("2026-11-23 12:00", &["occurred_at"])] {
        let mut done = complete("ownership", london(at));
        if let desk::Command::Complete { late_reason, .. } = &mut done {
            *late_reason = Some(words("secret: away"));
        }
        let done = Command::Desk(done);
        let Err(Refusal::Invalid(faults)) = case.apply(Role::CesTeam, &done) else { panic!("{at}: not refused") };
        assert_eq!(faults.into_iter().map(|Fault { field, .. }| field).collect::<Vec<_>>(), fields);
    }
    for (key, owner) in [
        ("ownership", Role::CesTeam),
        ("prescribed-note:2026-06-01:2026-06-09", Role::CesTeam),
        ("inform-referrer", Role::Referrer),
    ] {
        let task = case.task(key).expect("it is owed");
        assert_eq!((task.owner, task.since), (owner, case.now), "what runs from when it is owed runs from the arrival");
        let desk::Command::Complete { key, occurred_at, system, reference, .. } =
            complete(key, london("2026-06-09 09:59"))
        else {
            panic!("it completes")
        };
        let done = |late_reason| {
            let (key, system, reference) = (key.clone(), system.clone(), reference.clone());
            Command::Desk(desk::Command::Complete { key, occurred_at, system, reference, late_reason })
        };
        assert!(matches!(case.apply(owner, &done(None)), Err(Refusal::Invalid(_))), "why so late is to be said");
        case.apply(owner, &done(Some(words("secret: away")))).expect("it was done then");
        let told = case.last("task_completed").event.summary();
        assert_eq!(told, format!("Done in PIPCS, reference note 1: {}.", task.what));
    }
}

#[test]
fn a_task_that_was_given_to_somebody_stays_theirs() {
    let mut case =
        Case::at(DeterminationDue).then(&[Assign("determination", "c.morgan"), Assign("inform-referrer", "s.khan")]);
    assert_eq!(case.cited("task_assigned"), ["PIP-5"]);
    let person = |case: &Case, key| case.task(key).and_then(|task| task.person);
    assert_eq!(person(&case, "determination").as_deref(), Some("c.morgan"));
    assert_eq!(person(&case, "inform-referrer").as_deref(), Some("s.khan"), "a colleague takes note instead");
    let journal = case.journal.len();
    case.when(&[Assign("determination", "c.morgan")]);
    assert_eq!(case.journal.len(), journal);
    case.when(&[Died(""), ConfirmDeath]);
    assert!(matches!(case.attempt(&Assign("determination", "c.morgan")), Err(Refusal::NoSuchPart(_))));
    case.when(&[DeathMistaken]);
    assert_eq!(person(&case, "determination").as_deref(), Some("c.morgan"));
}

/// Whatever is agreed is somebody's to do, with the file at whoever decides and after the decision, too.
#[test]
fn an_agreed_action_is_owed_at_every_stage_until_it_was_taken() {
    for stage in super::case::STAGES {
        let case = Case::at(stage).then(&[Agree(Role::VisitingOfficer, None)]);
        let task = case.task("action:1");
        if matches!(stage, EndedDeath | EndedTakenBack) {
            assert_eq!(task, None);
            continue;
        }
        let task = task.expect("it is owed");
        assert_eq!((task.owner, task.blocking, task.rule.id), (Role::VisitingOfficer, stage != Decided, "PIP-12"));
        assert_eq!(case.then(&[Report(1, Taken, "")]).task("action:1"), None);
    }
}

#[test]
fn a_completed_task_does_not_come_back() {
    const TAKEN_NOTE: Step = As(Role::Referrer, &Complete("inform-referrer", ""));
    let note = "prescribed-note:2026-06-01:2026-06-09";
    let done = [TAKEN_NOTE, Complete("ownership", ""), Complete(note, "")];
    let mut case = Case::at(DeterminationDue).then(&done);
    case.when(&[Receive(two_visits), Determine(true, true), Concluded("2026-06-12 10:00"), Died(""), ConfirmDeath]);
    case.when(&[DeathMistaken, Note(""), Arrival, Return, Reopen]);
    assert_eq!(case.owed(), ["ownership:again-1", "prescribed-note:2026-06-01:2026-06-09:again-1", "determination"]);
}

/// What was done about a mistaken report is not done about a later one.
#[test]
fn a_later_report_of_a_death_is_considered_anew() {
    let mut case = Case::given(&[Died(""), Complete("consider-review", "")]);
    assert_eq!(case.task("consider-review"), None);
    case.when(&[DeathMistaken, Now("2026-06-12 09:00"), Died("")]);
    let owed = case.owed();
    assert!(["confirm-death:again-1", "consider-review:again-1"].iter().all(|key| owed.contains(&(*key).to_owned())));
}

/// What any officer may do is done by whoever it falls to; those who read or run the suite are no officers.
#[test]
fn what_any_officer_owes_is_done_by_any_of_the_departments_roles() {
    for role in [Role::CesTeam, Role::CaseManager, Role::Referrer, Role::VisitingOfficer, Role::LineManager] {
        let mut case = Case::given(&[Died("")]);
        case.apply(role, &Command::Desk(complete("consider-review", case.now))).expect("any officer may");
        assert_eq!(case.task("consider-review"), None);
    }
    for role in [Role::Auditor, Role::Operator, Role::Suite] {
        let mut case = Case::given(&[Died("")]);
        let refused = case.apply(role, &Command::Desk(complete("consider-review", case.now)));
        assert!(matches!(refused, Err(Refusal::NotAllowed { .. })), "{role:?}: {refused:?}");
    }
}

/// What one party gave to a colleague is not that colleague's once another party owes it.
#[test]
fn an_assignment_does_not_outlive_a_change_of_owner() {
    const CONTACT: Step = As(Role::Officer, &Contact(""));
    let person = |case: &Case| case.task("contact:1").expect("it is owed").person;
    let mut case = Case::at(DecisionDue).then(&[CONTACT, Assign("contact:1", "m.lee")]);
    assert_eq!(person(&case).as_deref(), Some("m.lee"));
    case.when(&[Reopen]);
    assert_eq!((case.task("contact:1").map(|task| task.owner), person(&case)), (Some(Role::CesTeam), None));
    case.when(&[Assign("contact:1", "m.lee")]);
    assert_eq!(person(&case).as_deref(), Some("m.lee"), "it can be given to anybody again");
}
