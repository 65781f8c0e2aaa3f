//! How long an exception may last, and what its end does.

use super::case::{Case, approve, asked_at, decline, owner, revoke, wanted, words};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::exception::{Command, LONGEST, Stage};
use holdfast_procedure::{Benefit, Fault, Refusal};

fn asked_until(until: DateTime<Utc>) -> Result<(), Vec<Fault>> {
    let request = holdfast_procedure::exception::Request { until, ..wanted(Benefit::Pip) };
    let asked = Command::Request { request, reason: words("n-1") };
    match Case::default().decide(asked_at(), &owner("p-1"), &asked) {
        Ok(_) => Ok(()),
        Err(Refusal::Invalid(faults)) => Err(faults),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn an_end_lies_ahead_and_at_most_28_days() {
    let instant = TimeDelta::microseconds(1);
    assert_eq!(LONGEST, TimeDelta::days(28));
    for (until, faulty) in [
        (asked_at() - instant, Some("ahead")),
        (asked_at(), Some("ahead")),
        (asked_at() + instant, None),
        (asked_at() + LONGEST, None),
        (asked_at() + LONGEST + instant, Some("28 days")),
    ] {
        match (asked_until(until), faulty) {
            (Ok(()), None) => {}
            (Err(faults), Some(why)) => {
                assert_eq!((faults.len(), faults[0].field), (1, "until"), "{until}");
                assert!(faults[0].why.contains(why) && faults[0].why.contains("R-EXCEPTION"), "{until}: {faults:?}");
            }
            (found, _) => panic!("{until}: {found:?}"),
        }
    }
}

#[test]
fn it_is_in_force_from_its_approval_to_its_end_unless_it_is_revoked() {
    let (instant, end) = (TimeDelta::microseconds(1), asked_at() + TimeDelta::days(7));
    let declined = Case::asked().then("p-2", &decline());
    let revoked = Case::approved().then("p-3", &revoke());
    let (asked, approved) = (Case::asked(), Case::approved());
    for (case, at, stage) in [
        (&asked, end - instant, Stage::Requested),
        (&asked, end, Stage::Expired),
        (&approved, asked_at(), Stage::Approved),
        (&approved, end - instant, Stage::Approved),
        (&approved, end, Stage::Expired),
        (&approved, end + TimeDelta::days(365), Stage::Expired),
        (&declined, end, Stage::Declined),
        (&revoked, asked_at(), Stage::Revoked),
        (&revoked, end, Stage::Revoked),
    ] {
        assert_eq!(case.state.stage(at), stage, "{at}");
        assert_eq!(case.state.is_in_force(at), stage == Stage::Approved, "{at}: {stage:?}");
    }
    assert!(!Case::default().state.is_in_force(asked_at()), "what nobody asked for is in force never");
}

#[test]
fn after_its_end_it_can_be_ended_but_not_approved() {
    let (before, end) = (asked_at() + TimeDelta::days(7) - TimeDelta::microseconds(1), asked_at() + TimeDelta::days(7));
    let (asked, approved) = (Case::asked(), Case::approved());
    let refused = "R-EXCEPTION at EXPIRED, but DeclineOverride AssignTask";
    for (case, at, command, came_of) in [
        (&asked, before, approve(), r#"["override_approved"]"#),
        (&asked, end, approve(), refused),
        (&asked, end, decline(), r#"["override_declined"]"#),
        (&approved, end, revoke(), r#"["override_revoked"]"#),
    ] {
        assert_eq!(case.came_of(at, &owner("p-2"), &command), came_of, "{at}");
    }
    assert_eq!(Case::asked().then_at(end, "p-2", &decline()).tasks(), []);
}
