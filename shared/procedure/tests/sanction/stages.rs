//! What goes through at which stage, what is owed there, and who may do it.

use super::case::{
    COACH, Case, DECIDER, LEADER, actor, conference, conferred, explain, fail, failure, hour, invite, reconsider,
    refer, sanction, words,
};
use chrono::TimeDelta;
use holdfast_procedure::calendar::Calendars;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::sanction::{Answer, Assurance, Command, GoodReason, Sanction, Stage, State};
use holdfast_procedure::{Benefit, Context, Decider, Fault, Refusal, Role};

fn good_reason_seen() -> Case {
    let seen = conference(hour(1), &[COACH, LEADER], (GoodReason::Seen, Assurance::Reasonable));
    Case::failed().then(hour(1), COACH, &seen)
}

fn reopened() -> Case {
    Case::decided().then(hour(6), COACH, &reconsider())
}

/// Each step that is asked for, at each stage.
#[test]
fn every_step_at_every_stage_goes_through_or_says_why_not() {
    let table = [
        (Case::failed(), "CONFERENCE_DUE", ["UC-SAN", "UC-SAN", "UC-SAN"]),
        (good_reason_seen(), "NO_REFERRAL", ["UC-SAN", "UC-SAN R-WEIGHED", "UC-SAN"]),
        (Case::conferred(), "REFERRAL_OPEN", ["sanction_referred", "UC-SAN", "UC-SAN"]),
        (Case::referred(), "INVITATION_DUE", ["UC-SAN", "sanction_decided", "UC-SAN"]),
        (Case::invited(), "EXPLANATION_DUE", ["UC-SAN", "sanction_decided", "UC-SAN"]),
        (Case::answered(Answer::NoAnswer), "DECISION_DUE", ["UC-SAN", "sanction_decided", "UC-SAN"]),
        (Case::answered(Answer::Explained), "DECISION_DUE", ["UC-SAN", "UC-SAN R-WEIGHED", "UC-SAN"]),
        (Case::decided(), "DECIDED", ["UC-SAN", "UC-SAN R-WEIGHED", "sanction_reconsidered"]),
        (reopened(), "DECISION_DUE", ["UC-SAN", "UC-SAN R-WEIGHED", "UC-SAN"]),
    ];
    let unheard = super::case::decided(
        holdfast_procedure::sanction::Outcome::NoSanction,
        holdfast_procedure::sanction::Weighed::NothingKnown,
    );
    for (case, stage, came_of) in table {
        assert_eq!(case.state.stage().name(), stage);
        let steps = [(COACH, refer()), (DECIDER, unheard.clone()), (COACH, reconsider())];
        for ((by, command), expected) in steps.into_iter().zip(came_of) {
            let expected =
                if expected.starts_with("UC-") { format!("{expected} at {stage}") } else { expected.to_owned() };
            assert_eq!(case.came_of(hour(9), by, &command), expected, "{stage}: {command:?}");
        }
    }
}

#[test]
fn each_stage_owes_what_brings_the_case_on() {
    let table = [
        (Case::failed(), "conference by work coach through HoldSanctionConference"),
        (good_reason_seen(), ""),
        (Case::conferred(), ""),
        (Case::referred(), "invitation by Decision Maker through InviteExplanation"),
        (Case::invited(), "explanation by Decision Maker through RecordExplanation"),
        (Case::answered(Answer::NoAnswer), "decision by Decision Maker through DecideSanction"),
        (Case::decided(), ""),
        (reopened(), "decision:again-1 by Decision Maker through DecideSanction"),
    ];
    for (case, owed) in table {
        let stage = case.state.stage();
        assert_eq!(case.owes(), owed, "{stage:?}");
        for task in case.tasks() {
            assert_eq!((task.rule.id, task.blocking, task.due), ("UC-SAN", true, None), "{stage:?}");
            assert_eq!(task.contacts_customer, stage == Stage::InvitationDue);
        }
    }
}

/// What is owed has been owed since the case came to its stage.
#[test]
fn what_is_owed_has_been_owed_since_it_was_recorded() {
    let since = |case: &Case| case.tasks().first().map(|task| task.since);
    assert_eq!(since(&Case::failed()), Some(hour(0)));
    assert_eq!(since(&Case::referred()), Some(hour(2)));
    assert_eq!(since(&Case::invited()), Some(hour(3)));
    assert_eq!(since(&Case::answered(Answer::NoAnswer)), Some(hour(4)));
    assert_eq!(since(&reopened()), Some(hour(6)));
}

#[test]
fn what_is_asked_for_is_for_those_whom_the_letter_names() {
    let steps = [
        (Case::default(), fail(Benefit::UniversalCredit), vec![Role::WorkCoach, Role::SiteLeader]),
        (Case::conferred(), refer(), vec![Role::WorkCoach, Role::SiteLeader]),
        (Case::answered(Answer::NoAnswer), sanction(), vec![Role::DecisionMaker]),
        (Case::decided(), reconsider(), vec![Role::DecisionMaker, Role::WorkCoach, Role::SiteLeader]),
    ];
    let roles = [Role::WorkCoach, Role::SiteLeader, Role::DecisionMaker, Role::Officer, Role::CaseManager, Role::Suite];
    for (case, command, may) in steps {
        for role in roles {
            let came_of = case.came_of(hour(9), ("p-9", role), &command);
            let expected = if may.contains(&role) { "" } else { "UC-SAN at " };
            assert_eq!(came_of.starts_with("UC-SAN at "), !expected.is_empty(), "{role:?}: {command:?}: {came_of}");
        }
    }
}

#[test]
fn it_is_a_procedure_of_universal_credit_alone() {
    for benefit in [Benefit::Pip, Benefit::Esa, Benefit::AccessToWork] {
        let came_of = Case::default().came_of(hour(0), COACH, &fail(benefit));
        assert_eq!(came_of, "UC-SAN R-SANCTION-CONFERENCE R-NOT-PRESCRIBED at CONFERENCE_DUE", "{benefit:?}");
    }
    let opened = Case::failed();
    assert_eq!(opened.state.failure.as_ref().unwrap().what, failure(Benefit::UniversalCredit));
    let rules: Vec<_> = opened.journal.iter().flat_map(|(ruled, _, _)| &ruled.rules).map(|rule| rule.id).collect();
    assert_eq!(rules, ["UC-SAN", "R-SANCTION-CONFERENCE"]);
}

#[test]
fn nothing_is_recorded_of_a_failure_that_nobody_recorded() {
    for command in [conferred(hour(1)), refer(), invite(hour(1)), explain(hour(1), Answer::NoAnswer), sanction()] {
        let refused = Case::default().decide(hour(2), &super::case::actor(COACH), &command);
        assert!(matches!(refused, Err(Refusal::NoSuchPart(_))), "{refused:?}");
    }
}

/// Where no version of the benefit's guidance is in force a case stands on the letter.
#[test]
fn without_guidance_it_stands_on_the_letter() {
    let (calendars, by) = (Calendars::embedded(), actor(COACH));
    let version = |guidance: &Guidance| {
        let context = Context { now: hour(0), actor: &by, calendars: &calendars, guidance };
        let opened = Sanction::decide(&State::default(), &fail(Benefit::UniversalCredit), &context).unwrap();
        opened.events[0].version.clone()
    };
    assert_eq!(
        (version(&Guidance::of(Vec::new())), version(&Guidance::published())),
        ("sanction/1".to_owned(), "uc/1".to_owned())
    );
}

/// A date that cannot be right is named, and so is a reason that is missing.
#[test]
fn dates_are_those_of_what_happened() {
    let faults = |now, by, command: &Command| match Case::referred().decide(now, &super::case::actor(by), command) {
        Err(Refusal::Invalid(faults)) => faults.iter().map(|Fault { field, .. }| *field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let before = hour(0) - TimeDelta::minutes(1);
    for (by, command) in [
        (COACH, conferred(before)),
        (DECIDER, invite(before)),
        (DECIDER, explain(before, Answer::Explained)),
        (COACH, conferred(hour(10))),
    ] {
        assert_eq!(faults(hour(9), by, &command), ["occurred_at"], "{command:?}");
    }
    let much_later = hour(24 * 30);
    assert_eq!(faults(much_later, DECIDER, &invite(hour(3))), ["late_reason"]);
    let Command::Invite { invitation, .. } = invite(hour(3)) else { panic!("an invitation") };
    let late = Command::Invite { invitation, late_reason: Some(words("n-7")) };
    assert_eq!(Case::referred().came_of(much_later, DECIDER, &late), "explanation_invited");
}

#[test]
fn what_the_letter_leaves_open_is_said_to_be_open() {
    let outlook = |case: &Case| Sanction::outlook(&case.state).join(" ");
    assert!(outlook(&Case::invited()).contains("not prescribed (R-NOT-PRESCRIBED)"));
    assert!(outlook(&Case::conferred()).contains("R-NOT-PRESCRIBED"));
    assert!(outlook(&good_reason_seen()).contains("may not be referred"));
    assert!(outlook(&Case::decided()).contains("appeal to an independent tribunal"));
    for case in [Case::referred(), Case::invited()] {
        assert!(outlook(&case).contains("no sanction is warranted can be decided before the claimant was heard"));
    }
    for case in [Case::answered(Answer::NoAnswer), Case::decided()] {
        assert!(outlook(&case).contains("CheckAction has to be asked"), "{}", outlook(&case));
    }
    for case in [Case::default(), Case::failed()] {
        assert_eq!(outlook(&case), "");
    }
    assert_eq!(Sanction::tasks(&Case::default().state, &Guidance::published()), []);
    assert_eq!(Sanction::timers(&Case::decided().state), []);
}
