//! Who may decide what, at every stage.

use super::case::{Case, approve, ask, asked_at, assign, decline, owner, revoke};
use holdfast_procedure::exception::Command;
use holdfast_procedure::exception::Stage;
use holdfast_procedure::protection::{Action, ActionGround};
use holdfast_procedure::{Benefit, Decider, Refusal, Role, Told, exception::Exception};

/// Each command at each stage, by the one who asked, another owner of payments policy, and the second of them again.
#[test]
fn every_command_at_every_stage_goes_through_or_says_why_not() {
    let stages = [
        ("asked", Case::asked()),
        ("approved", Case::approved()),
        ("declined", Case::asked().then("p-2", &decline())),
        ("withdrawn", Case::asked().then("p-1", &decline())),
        ("revoked", Case::approved().then("p-3", &revoke())),
    ];
    let expected = [
        ("asked", "p-1", "approve", "R-EXCEPTION R-DIFFERENT-PERSONS at REQUESTED, but DeclineOverride AssignTask"),
        ("asked", "p-2", "approve", r#"["override_approved"]"#),
        ("asked", "p-1", "decline", r#"["override_withdrawn"]"#),
        ("asked", "p-2", "decline", r#"["override_declined"]"#),
        ("asked", "p-1", "revoke", "R-EXCEPTION at REQUESTED, but ApproveOverride DeclineOverride AssignTask"),
        ("asked", "p-2", "ask", "R-EXCEPTION at REQUESTED, but ApproveOverride DeclineOverride AssignTask"),
        ("approved", "p-1", "approve", "R-EXCEPTION at APPROVED, but RevokeOverride"),
        ("approved", "p-3", "approve", "R-EXCEPTION at APPROVED, but RevokeOverride"),
        ("approved", "p-2", "decline", "R-EXCEPTION at APPROVED, but RevokeOverride"),
        ("approved", "p-1", "revoke", r#"["override_revoked"]"#),
        ("approved", "p-2", "revoke", r#"["override_revoked"]"#),
        ("approved", "p-3", "revoke", r#"["override_revoked"]"#),
        ("declined", "p-2", "approve", "R-EXCEPTION at DECLINED, but "),
        ("declined", "p-2", "decline", "R-EXCEPTION at DECLINED, but "),
        ("declined", "p-2", "revoke", "R-EXCEPTION at DECLINED, but "),
        ("withdrawn", "p-2", "approve", "R-EXCEPTION at DECLINED, but "),
        ("revoked", "p-2", "approve", "R-EXCEPTION at REVOKED, but "),
        ("revoked", "p-2", "decline", "R-EXCEPTION at REVOKED, but "),
        ("revoked", "p-2", "revoke", "R-EXCEPTION at REVOKED, but "),
    ];
    for (stage, person, command, came_of) in expected {
        let (_, case) = stages.iter().find(|(name, _)| *name == stage).unwrap();
        let asked = match command {
            "approve" => approve(),
            "decline" => decline(),
            "revoke" => revoke(),
            _ => ask(),
        };
        assert_eq!(case.came_of(asked_at(), &owner(person), &asked), came_of, "{stage}: {person}: {command}");
    }
}

#[test]
fn no_other_role_decides_anything_about_it() {
    let (new, asked, approved) = (Case::default(), Case::asked(), Case::approved());
    for role in [Role::DecisionMaker, Role::CaseManager, Role::Operator, Role::Auditor, Role::Officer, Role::Suite] {
        let mut by = owner("p-2");
        by.role = role;
        for (case, command) in [(&new, ask()), (&asked, approve()), (&asked, decline()), (&approved, revoke())] {
            let came_of = case.came_of(asked_at(), &by, &command);
            assert!(came_of.starts_with("R-EXCEPTION at "), "{role:?}: {came_of}");
        }
    }
}

#[test]
fn nothing_is_decided_that_was_not_asked_for() {
    let refused = Case::default().decide(asked_at(), &owner("p-2"), &approve());
    assert!(matches!(refused, Err(Refusal::NoSuchPart(_))), "{refused:?}");
}

#[test]
fn what_is_asked_for_is_kept_as_it_was_and_stands_on_the_ruling() {
    for (benefit, version) in [(Benefit::Pip, "pip/"), (Benefit::UniversalCredit, "uc/")] {
        let request = super::case::wanted(benefit);
        let asked = Command::Request { request: request.clone(), reason: super::case::words("n-1") };
        let case = Case::default().then("p-1", &asked).then("p-2", &approve());
        assert_eq!(case.state.request.as_ref().unwrap().what, request);
        assert_eq!(case.state.request.as_ref().unwrap().by, owner("p-1"));
        assert_eq!(case.state.approved.as_ref().unwrap().by, owner("p-2"));
        for (ruled, _, _) in &case.journal {
            assert!(ruled.version.starts_with(version), "{benefit:?}: {}", ruled.version);
            assert_eq!(ruled.rules[0].id, "R-EXCEPTION");
        }
        let approval: Vec<_> = case.journal[1].0.rules.iter().map(|rule| rule.id).collect();
        assert_eq!(approval, ["R-EXCEPTION", "R-DIFFERENT-PERSONS"]);
    }
}

#[test]
fn a_decision_is_owed_until_there_is_one() {
    let case = Case::asked();
    let [task] = case.tasks().try_into().unwrap();
    assert_eq!((task.key.as_str(), task.owner, task.since), ("decision", Role::PolicyOwner, asked_at()));
    assert_eq!((task.discharged_by, task.rule.id, task.blocking), ("ApproveOverride", "R-EXCEPTION", false));
    let given = Case::asked().then("p-1", &assign("decision", "p-2"));
    assert_eq!(given.tasks()[0].person.as_deref(), Some("p-2"));
    assert!(given.state.recorded() == Stage::Requested && !given.state.is_in_force(asked_at()));
    for over in [approve(), decline()] {
        assert_eq!(Case::asked().then("p-2", &over).tasks(), []);
    }
    let done_elsewhere = holdfast_procedure::desk::Command::Complete {
        key: "decision".to_owned(),
        occurred_at: asked_at(),
        system: "PAYMENTS".to_owned(),
        reference: "R-1".to_owned(),
        late_reason: None,
    };
    let came_of = case.came_of(asked_at(), &owner("p-2"), &Command::Desk(done_elsewhere));
    assert!(came_of.starts_with("R-EXCEPTION at REQUESTED"), "a decision is made here: {came_of}");
}

#[test]
fn a_reader_is_told_what_it_means() {
    for (case, told) in [
        (Case::asked(), "until another owner of payments policy has approved it"),
        (Case::approved(), "ends on 2026-06-08"),
        (Case::asked().then("p-1", &decline()), "Nothing may be done"),
        (Case::approved().then("p-1", &revoke()), "Nothing may be done"),
    ] {
        let outlook = Exception::outlook(&case.state);
        assert!(outlook.len() == 1 && outlook[0].contains(told), "{outlook:?}");
    }
    assert!(Exception::outlook(&Case::default().state).is_empty());
    assert!(Exception::timers(&Case::approved().state).is_empty());
}

#[test]
fn the_journal_says_what_was_asked_for() {
    let on = [
        (Action::Suspend, ActionGround::NonAttendance, "to suspend the payment for non-attendance, until 2026-06-08"),
        (Action::Reduce, ActionGround::MissingEvidence, "to reduce the payment for missing evidence"),
        (Action::Sanction, ActionGround::Any, "to sanction on another ground"),
    ];
    for (action, ground, told) in on {
        let mut request = super::case::wanted(Benefit::Pip);
        (request.action, request.ground) = (action, ground);
        let case = Case::default().then("p-1", &Command::Request { request, reason: super::case::words("n-1") });
        let summary = case.journal[0].0.event.summary();
        assert!(summary.contains(told), "{summary}");
    }
}
