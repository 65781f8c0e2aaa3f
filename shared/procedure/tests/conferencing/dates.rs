//! When things happened: late, ahead, before the referral; and the days of London.

use super::case::{CHECKED, Case, concluded_later, london};
use super::step::Step::{self, *};
use super::step::{CES, REFERRER};
use holdfast_procedure::conferencing::ActionResult::Taken;
use holdfast_procedure::conferencing::AssuranceItem::Documents;
use holdfast_procedure::conferencing::FindingResult::Reviewed;
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::term::Term;
use holdfast_procedure::{Role, Told};

/// What happened, told with its date: the field that names it, the event that keeps it, and the step at an instant.
type Dated = (&'static str, &'static str, fn(&'static str) -> Step);

#[rustfmt::skip] // one fact a row
const FACTS: &[Dated] = &[
    ("finding.occurred_at", "finding_recorded", |at| Find(Documents, Reviewed, at)),
    ("conference.occurred_at", "conference_recorded", |at| Conference(at, &[CES, REFERRER])),
    ("occurred_at", "action_reported", |at| Report(1, Taken, at)),
    ("contact.occurred_at", "contact_recorded", |at| Contact(at)),
    ("occurred_at", "closing_note_recorded", |at| Note(at)),
];

/// A case with an action to report on.
fn case() -> Case {
    Case::given(&[Agree(Role::CesTeam, None)])
}

/// Tells a step with the clock left where it is.
fn faults(case: &Case, step: Step) -> Vec<&'static str> {
    let refused = case.clone().apply(Role::CesTeam, &step.command(case.now));
    match refused {
        Ok(()) => vec![],
        Err(holdfast_procedure::Refusal::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
        Err(refusal) => panic!("{refusal:?}"),
    }
}

#[test]
fn nothing_happened_before_the_referral_or_lies_ahead() {
    for (field, _, step) in FACTS {
        for (at, wrong) in [
            ("2026-05-29 08:59:59.999999", true),
            ("2026-05-29 09:00", false),
            ("2026-06-10 12:01", false), // a caller's clock may run a minute ahead
            ("2026-06-10 12:01:00.000001", true),
        ] {
            // Somebody may have been in touch before; nothing else was done.
            let wrong = wrong && !(*field == "contact.occurred_at" && at.starts_with("2026-05"));
            let expected: &[&str] = if wrong { &[field] } else { &[] };
            assert_eq!(faults(&case(), step(at)), expected, "{field} at {at}");
        }
    }
}

#[test]
fn what_is_recorded_late_says_why() {
    let mut case = case();
    case.now = london("2026-06-23 23:59:59.999999");
    for (_, _, step) in FACTS {
        assert_eq!(faults(&case, step("2026-06-09 10:00")), Vec::<&str>::new(), "ten working days are not late");
    }
    case.now = london("2026-06-24 00:00");
    for (_, event, step) in FACTS {
        assert_eq!(faults(&case, step("2026-06-09 10:00")), ["late_reason"]);
        let late: &'static Step = Box::leak(Box::new(step("2026-06-09 10:00")));
        let case = case.clone().then(&[Late(late)]);
        let rules = case.cited(event);
        assert!(rules.contains(&"R-LATE-REASON"), "{event}: {rules:?}");
        assert_eq!(case.last(event).event.occurred_at(), Some(london("2026-06-09 10:00")));
    }
    let passed_on = PassedOn(Role::SafeguardingLeader, "2026-06-01 10:00");
    case.when(&[passed_on]);
}

/// The day that was agreed, the last instant of it, and whether it may be agreed at half past midnight on 25 October,
/// which in UTC is still the 24th.
const DAYS: &[(&str, Option<&str>)] = &[
    ("2026-10-24", None),
    ("2026-10-25", Some("2026-10-25 23:59:59.999999")),
    ("2026-10-26", Some("2026-10-26 23:59:59.999999")),
    ("2027-03-28", Some("2027-03-28 23:59:59.999999")),
    ("2206-04-03", None),
    ("9999-12-31", None),
    ("+262142-12-31", None),
    ("-262143-01-01", None),
];

#[test]
fn an_agreed_day_ends_at_its_last_instant_in_london() {
    for (day, due) in DAYS {
        let mut case = Case::given(&[Now("2026-10-25 00:30")]);
        let agree = Agree(Role::Referrer, Some(day));
        let Some(due) = due else {
            assert_eq!(case.faults(&agree), ["due_on"], "{day}");
            continue;
        };
        case.when(&[agree]);
        let task = case.task("action:1").expect("it is owed");
        let deadline = task.due.expect("it has a day");
        assert_eq!((deadline.due.ends_at, deadline.from, deadline.due.provisional), (london(due), case.now, false));
        assert_eq!((task.owner, task.rule.id, task.since), (Role::Referrer, "PIP-12", case.now));
        assert!(matches!(deadline.term, Term::CalendarDays(_)));
    }
    let case = Case::given(&[Agree(Role::CesTeam, None)]);
    assert_eq!(case.task("action:1").map(|task| task.due), Some(None), "no day was agreed");
}

#[test]
fn a_stage_holds_since_it_was_reached() {
    let mut case = Case::given(&CHECKED);
    assert_eq!(case.state.since, Some(london(super::case::RECEIVED)));
    case.when(&[Now("2026-06-11 00:30"), Further(false), Now("2026-06-12 09:00"), Contact("")]);
    assert_eq!((case.state.stage, case.state.since), (DeterminationDue, Some(london("2026-06-11 00:30"))));
    assert_eq!(case.task("determination").map(|task| task.since), case.state.since);
    let mut case = Case::at(Escalated);
    case.now = london("2026-06-21 09:00");
    case.apply(Role::Suite, &concluded_later()).expect("a conclusion");
    let event = case.last("escalation_outcome_recorded");
    assert_eq!((event.event.occurred_at(), case.state.since), (Some(london("2026-06-20 10:00")), Some(case.now)));
}
