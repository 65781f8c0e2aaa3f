//! A second referral for an award that is being visited about joins the first.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, Step, cited, london, refer, words};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::visiting::ContactBy::Customer;
use holdfast_procedure::visiting::SecondVisit::NotNeeded;
use holdfast_procedure::visiting::{Command, Outcome, WithdrawalGround, file, open_award};
use holdfast_procedure::{Fault, Refusal, Role};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);

#[test]
fn a_second_referral_joins_at_every_open_stage_and_changes_nothing_else() {
    let open: [&[Step]; 5] =
        [&[], &[FIRST], &[FIRST, Contact("2026-06-03 10:00")], &[FIRST, Now("2026-06-09 10:00")], &[FIRST, SECOND]];
    for steps in open {
        let mut case = Case::given(steps);
        let before = case.state.clone();
        assert!(open_award(&case.state).is_some());
        case.when(&[Join("2026-06-10 10:00")]);
        let joined = case.state.joined.last().expect("it joined").made.clone();
        assert_eq!((joined.by.role, joined.occurred_at), (Role::Referrer, london("2026-06-10 10:00")));
        assert_eq!(joined.circumstances, words("letters came back"));
        assert_eq!(case.state.referral, before.referral, "the case stays the first referrer's");
        assert_eq!(cited(case.last("referral_joined")), ["R-RECORDED-ALWAYS"]);
        let note = "This award is being visited about already; your referral joined the case that has been open since \
                    2026-05-29.";
        assert_eq!(case.notes, [note]);
    }
}

#[test]
fn a_referral_that_names_another_address_is_told_which_one_holds() {
    let mut case = Case::given(&[FIRST]);
    case.apply(Role::Referrer, &refer(case.now, Nation::Wales)).expect("it joins");
    assert!(case.notes[1].contains("ChangeAddress"), "{:?}", case.notes);
    assert_eq!(case.state.opened.as_ref().unwrap().place.nation, Nation::England);
}

/// It may be the older one, recorded later.
#[test]
fn a_referral_that_joins_is_dated_like_any_other() {
    let mut case = Case::given(&[Join("2026-05-28 09:00")]);
    assert_eq!(case.state.joined[0].made.occurred_at, london("2026-05-28 09:00"));
    assert_eq!(case.state.referral.as_ref().unwrap().occurred_at, london(super::case::REFERRED));
    let fields = |refused: Result<(), Refusal>| {
        let Err(Refusal::Invalid(faults)) = refused else { panic!("{refused:?}") };
        faults.into_iter().map(|Fault { field, .. }| field).collect::<Vec<_>>()
    };
    let ahead = refer(london("2026-05-30 09:00"), Nation::England);
    assert_eq!(fields(case.apply(Role::Referrer, &ahead)), ["occurred_at"]);
    let mut long_ago = refer(london("2026-05-01 09:00"), Nation::England);
    assert_eq!(fields(case.apply(Role::Referrer, &long_ago)), ["late_reason"]);
    let Command::Refer { late_reason, .. } = &mut long_ago else { unreachable!() };
    *late_reason = Some(words("it was mislaid"));
    case.apply(Role::Referrer, &long_ago).expect("late, with its reason");
    assert_eq!(cited(case.last("referral_joined")), ["R-RECORDED-ALWAYS", "R-LATE-REASON"]);
}

#[test]
fn whoever_may_refer_may_join_and_nobody_else() {
    let mut case = Case::given(&[FIRST]);
    let Err(Refusal::NotAllowed { why, .. }) = case.attempt(&As(Role::CesTeam, &Join("2026-06-02 10:00"))) else {
        panic!("not refused")
    };
    assert!(why.contains("for the referrer to make, and not for the CES Team"), "{why}");
}

#[test]
fn a_referral_for_another_award_does_not_join() {
    type Change = fn(&mut holdfast_procedure::Award);
    let others: [Change; 2] = [|award| award.award = "A-2".to_owned(), |award| award.customer = "C-2".to_owned()];
    for other in others {
        let mut case = Case::given(&[FIRST]);
        let mut command = refer(case.now, Nation::England);
        let Command::Refer { award, .. } = &mut command else { unreachable!() };
        other(award);
        let Err(Refusal::Invalid(faults)) = case.apply(Role::Referrer, &command) else { panic!("not refused") };
        assert_eq!(faults[0].field, "award");
    }
}

#[test]
fn nothing_joins_a_case_that_has_ended() {
    #[rustfmt::skip]
    let ended: [&[Step]; 5] = [
        &[Visit("2026-06-01 10:00", Outcome::Effective)],
        &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))],
        &[Withdraw(WithdrawalGround::Abroad)],
        &[FIRST, SECOND, NoteDecision(true)],
        &[FIRST, SECOND, Died("2026-06-10 10:00"), ConfirmDeath],
    ];
    for steps in ended {
        let mut case = Case::given(steps);
        assert_eq!(open_award(&case.state), None);
        let Err(Refusal::NotAllowed { why, allowed, .. }) = case.attempt(&Join("2026-06-11 10:00")) else {
            panic!("{steps:?}: joined")
        };
        assert!(why.contains("ended") && !allowed.contains(&"ReferForVisit"), "{why}: {allowed:?}");
    }
}

#[test]
fn whoever_leads_is_told_of_every_referrer() {
    let case = Case::given(&[FIRST, Join("2026-06-02 10:00"), SECOND, Join("2026-06-10 10:00")]);
    let file = file(&case.state).expect("a file");
    assert_eq!(
        file.joined.iter().map(|joined| joined.occurred_at).collect::<Vec<_>>(),
        [london("2026-06-02 10:00"), london("2026-06-10 10:00")]
    );
    assert_eq!(file.referrers().count(), 3);
}
