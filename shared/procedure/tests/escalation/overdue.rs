//! A review that is not held on its day is an alert, once: for the leader who was asked, or else for a line manager. It ends
//! with a review that counts, or once they have seen to it.

use super::case::Step::*;
use super::case::{Case, Step, cited, london};
use chrono::{DateTime, Utc};
use holdfast_procedure::escalation::{Command, Escalation, Stage};
use holdfast_procedure::{Decider, Role, Timer, Told, desk};

/// A review is set for Monday 15 June 2026.
const ASKED: [Step; 3] = [Call("2026-06-01 10:00"), Refer, ReviewOn("2026-06-15")];
const ALERT: &str = "review-overdue:2026-06-15";

/// Whoever is alerted says that they have seen to it.
fn seen_to(occurred_at: DateTime<Utc>) -> Command {
    let (system, reference) = ("PIPCS".to_owned(), "R-1".to_owned());
    Command::Desk(desk::Command::Complete { key: ALERT.to_owned(), occurred_at, system, reference, late_reason: None })
}

impl Case {
    fn alerts(&self) -> usize {
        self.journal.iter().filter(|entry| entry.ruled.event.name() == "review_overdue").count()
    }

    fn timer(&self) -> Option<Timer> {
        Escalation::timers(&self.state).pop()
    }
}

#[test]
fn a_review_is_overdue_when_its_day_has_passed_and_the_timer_fires_just_then() {
    let mut case = Case::given(&ASKED);
    let timer = case.timer().expect("a timer");
    assert_eq!((timer.key.as_str(), timer.at), ("review-overdue:1:2026-06-15", london("2026-06-16 00:00")));
    case.when(&[Pass("2026-06-15 23:59:59.999999")]);
    assert_eq!((case.alerts(), case.owed().contains(&ALERT.to_owned())), (0, false));
    case.when(&[Pass("2026-06-16 00:00")]);
    assert_eq!((case.alerts(), case.timer()), (1, None));
    assert_eq!(cited(case.last("review_overdue")), ["PIP-16R"]);
    assert_eq!(case.state.stage, Stage::ReviewDue, "it stays due");
}

#[test]
fn the_alert_is_raised_once_however_often_time_passes() {
    let mut case = Case::given(&ASKED);
    case.when(&[Pass("2026-06-16 00:00"), Pass("2026-06-16 00:00"), Pass("2026-06-30 09:00")]);
    assert_eq!(case.alerts(), 1);
}

#[test]
fn the_leader_who_was_asked_is_alerted_in_person_and_the_review_ends_it() {
    let mut case = Case::given(&ASKED);
    case.when(&[Pass("2026-06-16 09:00")]);
    let alert = case.task(ALERT);
    assert_eq!((alert.owner, alert.person.as_deref()), (Role::SafeguardingLeader, Some("leader-n")));
    assert_eq!((alert.since, alert.rule.id), (london("2026-06-15 23:59:59.999999"), "PIP-16R"));
    assert_eq!((alert.discharged_by, alert.blocking), ("CompleteTask", false));
    assert!(case.owed().contains(&"review:2026-06-15".to_owned()), "the lead owes the review as before");
    case.when(&[As(Role::SafeguardingLeader, &Review("2026-06-16 10:00"))]);
    assert_eq!(case.owed(), ["conclusion:1"]);
}

#[test]
fn without_a_leader_the_line_manager_is_alerted() {
    let mut case = Case::given(&[Call("2026-06-01 10:00"), Consider(false), ReviewOn("2026-06-15")]);
    case.when(&[Pass("2026-06-16 09:00")]);
    let alert = case.task(ALERT);
    assert_eq!((alert.owner, alert.person), (Role::LineManager, None));
    case.when(&[Refer]);
    assert_eq!(case.task(ALERT).owner, Role::SafeguardingLeader, "asking a leader does not silence it");
    assert_eq!(case.owed().first().map(String::as_str), Some("review-date:1:1"));
}

/// Whoever is alerted can say that they saw to it, which leaves the review owed as it was.
#[test]
fn whoever_is_alerted_can_discharge_the_alert() {
    let none_asked = [Call("2026-06-01 10:00"), Consider(false), ReviewOn("2026-06-15")];
    for (steps, by, other) in [
        (&ASKED, Role::SafeguardingLeader, Role::LineManager),
        (&none_asked, Role::LineManager, Role::SafeguardingLeader),
    ] {
        let mut case = Case::given(steps);
        case.when(&[Pass("2026-06-16 09:00")]);
        assert!(case.apply(other, &seen_to(case.now)).is_err(), "it is for whoever is alerted");
        case.apply(by, &seen_to(case.now)).expect("the alert is seen to");
        assert_eq!(case.owed(), ["review:2026-06-15"], "{by:?}");
        case.when(&[Pass("2026-06-17 09:00")]);
        assert_eq!((case.alerts(), case.owed().len()), (1, 1), "it is not raised again");
    }
}

#[test]
fn what_is_recorded_before_a_timer_ran_finds_the_review_overdue_all_the_same() {
    let mut case = Case::given(&ASKED);
    case.when(&[Now("2026-06-16 08:00"), Review("2026-06-16 08:00")]);
    let names: Vec<_> = case.journal.iter().rev().take(3).map(|entry| entry.ruled.event.name()).collect();
    assert_eq!(names, ["stage_reached", "review_recorded", "review_overdue"]);
}

#[test]
fn another_day_does_not_silence_the_alert_and_can_pass_in_its_turn() {
    let mut case = Case::given(&ASKED);
    case.when(&[Pass("2026-06-16 00:00"), ReviewOn("2026-06-22")]);
    assert!(case.owed().contains(&ALERT.to_owned()));
    // Nor does a review that does not count, as it was held before the leader was asked.
    case.when(&[Late(&Review("2026-05-29 10:00")), Pass("2026-06-22 12:00")]);
    assert_eq!((case.alerts(), case.owed().contains(&ALERT.to_owned())), (1, true));
    case.when(&[Pass("2026-06-23 00:00")]);
    assert_eq!(
        (case.alerts(), case.task("review-overdue:2026-06-22").since),
        (2, london("2026-06-22 23:59:59.999999"))
    );
    assert!(!case.owed().contains(&ALERT.to_owned()), "one alert stands, about the latest day");
    // A review that counts ends it, and sets the next day.
    case.when(&[ReviewThen("2026-06-23 10:00", "2026-06-30")]);
    assert_eq!(case.owed(), ["review:2026-06-30"]);
    case.when(&[Pass("2026-07-01 00:00")]);
    assert_eq!(case.alerts(), 3);
}

#[test]
fn nobody_is_alerted_once_the_death_is_verified_and_somebody_is_where_that_was_a_mistake() {
    let mut case = Case::given(&ASKED);
    case.when(&[Died, DeathVerified, Pass("2026-06-16 00:00")]);
    assert_eq!((case.alerts(), case.timer()), (0, None));
    case.when(&[DeathMistaken]);
    assert!(case.timer().is_some_and(|timer| timer.at <= case.now), "it fires at once");
    case.when(&[Pass("2026-06-16 00:00")]);
    assert_eq!(case.alerts(), 1);
}
