//! A referral that is withdrawn, at every stage.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, Row, Step, cited, run};
use holdfast_procedure::visiting::ContactBy::Customer;
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::Verdict::*;
use holdfast_procedure::visiting::WithdrawalGround::{self, *};
use holdfast_procedure::visiting::{Command, Outcome, Record, Withdrawal};
use holdfast_procedure::{Refusal, Role};

pub(super) const GROUNDS: [WithdrawalGround; 4] = [EffectiveContact, Abroad, ClaimWithdrawn, RecordedInError];

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);

#[rustfmt::skip] // one case a row
const OPEN: &[&[Step]] = &[
    &[],
    &[FIRST],
    &[FIRST, Contact("2026-06-03 10:00")],
    &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed))],
    &[FIRST, Now("2026-06-09 10:00")],
];

#[test]
fn before_two_ineffective_visits_any_ground_withdraws() {
    for steps in OPEN {
        for ground in GROUNDS {
            let mut case = Case::given(steps);
            case.when(&[Withdraw(ground)]);
            assert_eq!((case.state.stage, case.state.since), (EndedWithdrawn, Some(case.now)), "{steps:?}");
            assert_eq!(case.state.withdrawn, Some(Withdrawal { ground, at: case.now, confirmed: false }));
            assert_eq!(cited(case.last("withdrawn")), ["R-WITHDRAWAL"]);
        }
    }
}

#[test]
fn a_case_that_has_ended_is_not_withdrawn() {
    let seen: &[Step] = &[Visit("2026-06-01 10:00", Outcome::Effective)];
    let settled: &[Step] = &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))];
    for steps in [seen, settled, &[Withdraw(Abroad)]] {
        let mut case = Case::given(steps);
        assert!(matches!(case.attempt(&Withdraw(Abroad)), Err(Refusal::NotAllowed { .. })), "{steps:?}");
    }
}

#[rustfmt::skip]
const AFTERWARDS: &[Row] = &[
    Row("a visit after it changes nothing", &[Withdraw(Abroad), FIRST], EndedWithdrawn, &[(1, Afterwards)]),
    Row("an unsafe area after it changes nothing", &[Withdraw(Abroad), Unsafe("2026-06-01 10:00")], EndedWithdrawn, &[(1, Afterwards)]),
    Row("contact after it changes nothing", &[FIRST, Withdraw(Abroad), Contact("2026-06-03 10:00")],
        EndedWithdrawn, &[(1, FirstIneffective), (2, Afterwards)]),
    Row("one visit before it comes to light", &[Now("2026-06-03 10:00"), Withdraw(Abroad), FIRST], EndedWithdrawn, &[(1, FirstIneffective)]),
    Row("two visits before it come to light", &[Now("2026-06-10 10:00"), Withdraw(Abroad), FIRST, SECOND],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective)]),
    Row("an unsafe area before it comes to light", &[Now("2026-06-10 10:00"), Withdraw(Abroad), Unsafe("2026-06-01 10:00")],
        HandedOver, &[(1, CountsAsTwo)]),
    Row("an effective visit before it comes to light", &[Now("2026-06-10 10:00"), Withdraw(Abroad), Visit("2026-06-01 10:00", Outcome::Effective)],
        EndedVisitEffective, &[(1, Effective)]),
    Row("contact that made a second visit unnecessary comes to light", &[FIRST, Now("2026-06-04 10:00"), Withdraw(Abroad),
        ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))], EndedWithdrawn, &[(1, FirstIneffective), (2, InTime)]),
    Row("its window ends unheeded", &[FIRST, Withdraw(Abroad), Now("2026-06-20 10:00")], EndedWithdrawn, &[(1, FirstIneffective)]),
];

#[test]
fn what_is_recorded_after_a_withdrawal() {
    run(AFTERWARDS);
}

#[test]
fn a_withdrawal_ends_what_visiting_owes_but_not_the_note_of_a_conversation() {
    let mut case = Case::given(&[FIRST, Contact("2026-06-03 10:00")]);
    case.when(&[Withdraw(ClaimWithdrawn)]);
    assert_eq!(case.owed(), ["communications-note:2"]);
}

/// A caller's clock may run ahead of ours; what is settled meanwhile is still about what was on record.
#[test]
fn what_is_settled_within_the_skew_of_clocks_is_not_lost() {
    let mut case = Case::given(&[FIRST, Now("2026-06-03 10:00:30")]);
    let happening = Contact("2026-06-03 10:01").happening().unwrap();
    let record = Record { happening, narrative: None, late_reason: None };
    case.apply(Role::CesTeam, &Command::Record(record)).unwrap();
    case.when(&[Decide(NotNeeded)]);
    assert_eq!(case.state.stage, EndedNoSecondVisit);
}
