//! What is refused, and what a refusal says.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, REFERRED, Step, UNSAFE, actor, complete, london, refer, words};
use chrono::TimeDelta;
use holdfast_procedure::Award;
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::visiting::ContactBy::Customer;
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::WithdrawalGround::RecordedInError;
use holdfast_procedure::visiting::{Command, Contact, Happening, Outcome, Record, WithdrawalGround};
use holdfast_procedure::{Context, Decider, Fault, Refusal, Role};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const SEEN: Step = Visit("2026-06-01 10:00", Outcome::Effective);
const IN_TIME: Step = super::case::Step::Contact("2026-06-03 10:00");

/// Name, what happened before, what is refused, the rules cited and a part of the reason.
type Refused = (&'static str, &'static [Step], Step, &'static [&'static str], &'static str);

#[rustfmt::skip] // one case a row
const REFUSED: &[Refused] = &[
    ("decided by the officer", &[FIRST, IN_TIME], As(Role::VisitingOfficer, &Decide(NotNeeded)), &["PIP-3"], "CES Team"),
    ("decided by the referrer", &[FIRST, IN_TIME], As(Role::Referrer, &Decide(Needed)), &["PIP-3"], "CES Team"),
    ("settled by the officer with the contact", &[FIRST], As(Role::VisitingOfficer, &ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))),
        &["PIP-3"], "record the contact without it"),
    ("settled by the officer in a correction", &[FIRST, IN_TIME],
        As(Role::VisitingOfficer, &Correct(2, &ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded)))), &["PIP-3"], "CES Team"),
    ("decided without contact", &[FIRST], Decide(NotNeeded), &["PIP-3"], "after contact in time"),
    ("decided after late contact", &[FIRST, super::case::Step::Contact("2026-06-09 10:00")], Decide(NotNeeded), &["PIP-3"], "after contact in time"),
    ("decided after two visits", &[FIRST, IN_TIME, Decide(Needed), SECOND], Decide(NotNeeded), &["PIP-3"], "before the visits are over"),
    ("decided before any visit", &[], Decide(NotNeeded), &["PIP-3"], "after contact in time"),
    ("note completed by the officer", &[FIRST, IN_TIME], As(Role::VisitingOfficer, &Complete("communications-note:2")), &["PIP-3"], "CES Team"),
    ("visit completed as a task", &[], Complete("first-visit"), &["R-NOT-PRESCRIBED"], "RecordVisit"),
    ("outcome returned by the CES Team", &[SEEN], As(Role::CesTeam, &Complete("return-outcome:1")), &["R-NOT-PRESCRIBED"], "Visiting Officer"),
];

#[test]
fn what_is_not_allowed_names_the_rule() {
    for (name, given, step, rules, part) in REFUSED {
        let mut case = Case::given(given);
        let before = case.state.clone();
        let Err(Refusal::NotAllowed { rules: cited, why, stage, .. }) = case.attempt(step) else {
            panic!("{name}: not refused")
        };
        assert_eq!(cited.iter().map(|rule| rule.id).collect::<Vec<_>>(), *rules, "{name}");
        assert!(why.contains(part), "{name}: {why}");
        assert_eq!((stage, &case.state), (before.stage.name(), &before), "{name}");
    }
}

/// What happened, and whether it can be decided then that a second visit is needed.
#[rustfmt::skip]
const DECIDABLE: &[(&[Step], bool)] = &[
    (&[], false),
    (&[FIRST], false),
    (&[FIRST, IN_TIME], true),
    (&[FIRST, IN_TIME, Decide(Needed)], true),
    (&[FIRST, IN_TIME, Decide(NotNeeded)], true),
    (&[FIRST, Now("2026-06-09 10:00")], false),
    (&[FIRST, super::case::Step::Contact("2026-06-09 10:00")], false),
    (&[FIRST, Now("2026-06-09 10:00"), IN_TIME, Decide(Needed)], true),
    (&[FIRST, IN_TIME, Void(2), Now("2026-06-09 10:00")], false),
    (&[FIRST, IN_TIME, Decide(Needed), SECOND], false),
    (&[FIRST, IN_TIME, Decide(NotNeeded), Visit("2026-06-10 10:00", Outcome::Effective)], false),
    (&[FIRST, IN_TIME, Withdraw(WithdrawalGround::Abroad)], false),
];

#[test]
fn a_refusal_names_the_decision_exactly_where_it_is_allowed() {
    for (given, decidable) in DECIDABLE {
        let mut case = Case::given(given);
        // Nobody has died, so this is refused at every stage.
        let Err(Refusal::NotAllowed { allowed, .. }) = case.attempt(&DeathMistaken) else { panic!("not refused") };
        assert_eq!(allowed.contains(&"DecideSecondVisit"), *decidable, "after {given:?}");
        assert_eq!(case.attempt(&Decide(Needed)).is_ok(), *decidable, "after {given:?}");
    }
}

#[test]
fn a_refusal_names_what_is_allowed_instead() {
    let mut case = Case::given(&[FIRST, IN_TIME]);
    let Err(Refusal::NotAllowed { allowed, .. }) = case.attempt(&As(Role::Referrer, &Decide(Needed))) else {
        panic!("not refused")
    };
    assert!(!allowed.contains(&"DecideSecondVisit"), "what was refused is not among it");
    for command in ["RecordVisit", "RecordUnsafeArea", "RecordLetter", "RecordContact", "CorrectFact", "CompleteTask"] {
        assert!(allowed.contains(&command), "what happened can always be recorded: {allowed:?}");
    }
    assert!(allowed.contains(&"WithdrawReferral"));
}

fn faults(refusal: Refusal) -> Vec<&'static str> {
    let Refusal::Invalid(faults) = refusal else { panic!("{refusal:?}") };
    faults.into_iter().map(|Fault { field, .. }| field).collect()
}

fn contact_at(case: &mut Case, minutes_ahead: i64, seconds: i64) -> Result<(), Refusal> {
    let occurred_at = case.now + TimeDelta::minutes(minutes_ahead) + TimeDelta::seconds(seconds);
    let Some(Happening::Contact(contact)) = IN_TIME.happening() else { unreachable!() };
    let happening = Happening::Contact(Contact { occurred_at, ..contact });
    case.apply(Role::CesTeam, &Command::Record(Record { happening, narrative: None, late_reason: None }))
}

#[test]
fn the_future_is_refused_but_for_a_minute_of_skew() {
    let mut case = Case::given(&[FIRST]);
    contact_at(&mut case, 1, 0).expect("clocks differ by a minute");
    assert_eq!(faults(contact_at(&mut case, 1, 1).unwrap_err()), ["contact.occurred_at"]);
}

#[test]
fn nobody_calls_or_writes_before_the_referral() {
    for (before, at) in [
        (Visit("2026-05-29 08:59:59.999999", NO_ANSWER), Visit(REFERRED, NO_ANSWER)),
        (Visit("2026-05-29 08:59:59.999999", UNSAFE), Visit(REFERRED, UNSAFE)),
        (Posted("2026-05-29 08:59:59.999999"), Posted(REFERRED)),
    ] {
        let mut case = Case::referred();
        let field = before.happening().unwrap().occurred_at_field();
        assert_eq!(faults(case.attempt(&before).unwrap_err()), [field]);
        case.attempt(&at).expect("at the instant of the referral");
    }
}

#[test]
fn every_fault_is_named() {
    let mut case = Case::given(&[Now("2026-06-20 10:00")]);
    for (step, fields) in [
        (Visit("2026-05-20 10:00", NO_ANSWER), ["visit.occurred_at", "late_reason"]),
        (Posted("2026-05-20 10:00"), ["letter.occurred_at", "late_reason"]),
    ] {
        assert_eq!(faults(case.attempt(&step).unwrap_err()), fields);
    }
    for step in [Unsafe("2026-05-20 10:00"), super::case::Step::Contact("2026-05-20 10:00")] {
        assert_eq!(faults(case.attempt(&step).unwrap_err()), ["late_reason"]);
    }
}

#[test]
fn a_correction_is_of_a_fact_that_stands_and_of_its_kind() {
    let mut case = Case::given(&[FIRST, Correct(1, &Visit("2026-06-01 11:00", Outcome::BrokenOff))]);
    for missing in [0, 1, 3] {
        assert!(matches!(case.attempt(&Void(missing)), Err(Refusal::NoSuchPart(_))), "fact {missing}");
    }
    assert_eq!(faults(case.attempt(&Correct(2, &Posted("2026-06-01 11:00"))).unwrap_err()), ["right"]);
    let before_the_referral = Correct(2, &Visit("2026-05-20 10:00", NO_ANSWER));
    assert_eq!(faults(case.attempt(&before_the_referral).unwrap_err()), ["visit.occurred_at"]);
}

#[test]
fn a_task_that_is_not_owed_cannot_be_completed() {
    let mut case = Case::given(&[SEEN, Complete("return-outcome:1")]);
    for key in ["return-outcome:1", "communications-note:1", ""] {
        assert!(matches!(case.attempt(&Complete(key)), Err(Refusal::NoSuchPart(_))), "{key}");
    }
}

#[test]
fn nothing_is_done_before_it_was_owed() {
    for (given, role, key, since) in [
        (&[SEEN][..], Role::VisitingOfficer, "return-outcome:1", "2026-06-01 10:00"),
        (&[FIRST, IN_TIME, Now("2026-06-05 10:00")], Role::CesTeam, "communications-note:2", "2026-06-03 10:00"),
    ] {
        let mut case = Case::given(given);
        let mut complete = |occurred_at| case.apply(role, &complete(key, occurred_at));
        // Clocks differ by up to a minute.
        let before = complete(london(since) - TimeDelta::minutes(1) - TimeDelta::microseconds(1));
        assert_eq!(faults(before.unwrap_err()), ["occurred_at"], "{key}");
        complete(london(since) - TimeDelta::minutes(1)).expect("done at once");
    }
}

#[test]
fn only_a_referrer_refers() {
    let command = refer(london(REFERRED), Nation::England);
    let mut case = Case::unopened(REFERRED, Guidance::published());
    let Err(Refusal::NotAllowed { why, .. }) = case.apply(Role::VisitingOfficer, &command) else {
        panic!("not refused")
    };
    assert!(why.contains("Visiting Officer"));
    case.apply(Role::Referrer, &command).expect("a referral");
}

#[test]
fn a_referral_is_dated_like_any_fact() {
    let mut case = Case::unopened(REFERRED, Guidance::published());
    let tomorrow = refer(london("2026-05-30 09:00"), Nation::England);
    assert_eq!(faults(case.apply(Role::Referrer, &tomorrow).unwrap_err()), ["occurred_at"]);
    let long_ago = refer(london("2026-05-01 09:00"), Nation::England);
    assert_eq!(faults(case.apply(Role::Referrer, &long_ago).unwrap_err()), ["late_reason"]);
}

#[test]
fn a_benefit_without_guidance_is_refused() {
    let published = Guidance::published();
    let of_pip = published.versions().filter(|version| version.rules.benefit == Benefit::Pip).cloned().collect();
    let case = Case::unopened(REFERRED, Guidance::of(of_pip));
    let Command::Refer { place, occurred_at, form, .. } = refer(case.now, Nation::England) else { unreachable!() };
    let award = Award { customer: "C-1".to_owned(), benefit: Benefit::Esa, award: "A-2".to_owned() };
    let command = Command::Refer {
        award,
        place,
        occurred_at,
        circumstances: words("none"),
        late_reason: None,
        form,
        of_death: vec![],
    };
    let by = actor(Role::Referrer);
    let context = Context { now: case.now, actor: &by, calendars: &case.calendars, guidance: &case.guidance };
    let refusal = holdfast_procedure::visiting::Visiting::decide(&case.state, &command, &context).unwrap_err();
    assert_eq!(refusal, Refusal::NotInForce(Benefit::Esa));
}

#[test]
fn after_two_ineffective_visits_only_a_record_made_in_error_withdraws() {
    for ground in super::withdrawal::GROUNDS.into_iter().filter(|ground| *ground != RecordedInError) {
        for given in [&[FIRST, SECOND][..], &[Unsafe("2026-06-01 10:00")]] {
            let mut case = Case::given(given);
            let Err(Refusal::NotAllowed { rules, allowed, .. }) = case.attempt(&Withdraw(ground)) else {
                panic!("{ground:?}: not refused")
            };
            assert_eq!(rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), ["R-WITHDRAWAL", "R-SECOND-PERSON"]);
            assert!(!allowed.contains(&"WithdrawReferral"));
        }
    }
}
