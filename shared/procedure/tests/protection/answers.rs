//! What is answered: prohibited for every reason there is, permitted for no longer than the stalest proof allows.

use super::fresh::proofs;
use super::samples::{HOME, LEDGER, placed, question};
use holdfast_procedure::protection::{
    Answer, Arrival, Asked, DatabaseIdentity, Draft, Hold, HoldGround, Kept, LedgerRead, OnRecord, Permitted, Proof,
    Proofs, Question, Reason, Reconciled, Reload, Revision, Sources, Span, Statement, Ticks, Unrecognised,
    Verification, Verified, answer,
};
use holdfast_procedure::{Workload, benefit::Benefit};

const ALL: [Workload; 3] = [Workload::Visiting, Workload::Conferencing, Workload::Safeguarding];
pub(crate) const REVISION: Revision = Revision { counter: 4, id: 77 };
pub(crate) const READ: LedgerRead = LedgerRead { revision: REVISION, identity: LEDGER };

pub(crate) fn sources() -> Sources {
    Sources::named(&ALL)
}

pub(crate) fn kept(holds: &[Hold]) -> Kept {
    let on_record = OnRecord::Reconciled(Reconciled { source: HOME, ledger: LEDGER });
    Kept {
        revision: REVISION,
        holds: holds.iter().cloned().collect(),
        on_record: ALL.map(|source| (source, on_record.clone())).into(),
    }
}

pub(crate) fn held() -> Proofs {
    proofs(&ALL.map(|source| (source, 1_000)))
}

pub(crate) fn verified<'a>(proofs: &Proofs, kept: &'a Kept) -> Verified<'a> {
    Verification::send(Arrival(5), proofs).returned(READ, kept).unwrap()
}

/// Answered at once, and drafted and given out in the same instant: it is the same.
fn of(proofs: &Proofs, kept: &Kept, now: u64) -> Answer {
    let asked = Ok(question("C-1", Benefit::Pip, "A-1"));
    let at_once = answer(&asked, Arrival(5), Some(&verified(proofs, kept)), &sources(), Ticks::from_millis(now));
    let drafted = draft(proofs, kept, &[(Arrival(5), asked)], now).returned(&READ, Ticks::from_millis(now)).unwrap();
    assert_eq!(drafted, std::slice::from_ref(&at_once));
    at_once
}

/// Drafted at an instant, as a verification is sent after the fifth request.
pub(crate) fn draft(
    proofs: &Proofs,
    kept: &Kept,
    asked: &[(Arrival, Result<Question, Unrecognised>)],
    now: u64,
) -> Draft {
    let asked = asked.iter().map(|(arrived, asked)| (*arrived, asked));
    Verification::send(Arrival(5), proofs).draft(kept, &sources(), asked, Ticks::from_millis(now))
}

fn reasons(answer: Answer) -> Vec<Reason> {
    match answer {
        Answer::Prohibited(prohibited) => prohibited.reasons,
        Answer::Permitted(permitted) => panic!("permitted: {permitted:?}"),
    }
}

#[test]
fn what_nothing_prohibits_is_permitted_until_the_stalest_proof_ends() {
    let mut proofs = held();
    proofs.take_in(super::fresh::proof(Workload::Visiting, 2_500));
    let permitted = Permitted { valid_for: Span::from_millis(3_000), advisories: vec![] };
    assert_eq!(of(&proofs, &kept(&[]), 3_000), Answer::Permitted(permitted));
}

#[test]
fn a_hold_prohibits_and_names_its_rule_and_case() {
    let reasons = reasons(of(&held(), &kept(&[placed(HoldGround::TwoIneffectiveVisits)]), 1_000));
    let [Reason::Held(hold)] = reasons.as_slice() else { panic!("{reasons:?}") };
    assert_eq!((hold.case.as_str(), hold.rules[0].id), ("V-1", "PIP-6"));
}

#[test]
fn a_question_that_was_not_understood_is_prohibited_whatever_else_holds() {
    let asked = Question::of(Asked {
        customer: None,
        benefit: None,
        award: None,
        action: None,
        ground: None,
        condition_known: false,
    });
    let answer =
        answer(&asked, Arrival(1), Some(&verified(&held(), &kept(&[]))), &sources(), Ticks::from_millis(1_000));
    assert!(matches!(reasons(answer).as_slice(), [Reason::NotRecognised(_)]));
}

#[test]
fn a_verification_serves_only_what_had_arrived_before_it_was_sent() {
    let (kept, asked) = (kept(&[]), Ok(question("C-1", Benefit::Pip, "A-1")));
    let verified = verified(&held(), &kept);
    let at = |arrival, verified| answer(&asked, arrival, verified, &sources(), Ticks::from_millis(1_000));
    assert!(matches!(at(Arrival(5), Some(&verified)), Answer::Permitted(_)));
    assert_eq!(reasons(at(Arrival(6), Some(&verified))), [Reason::NotVerified]);
    assert_eq!(reasons(at(Arrival(1), None)), [Reason::NotVerified]);
}

#[test]
fn a_copy_of_another_revision_is_read_again_even_where_the_number_is_the_same() {
    for revision in [Revision { counter: 5, ..REVISION }, Revision { id: 78, ..REVISION }] {
        let read = LedgerRead { revision, ..READ };
        assert_eq!(Verification::send(Arrival(1), &held()).returned(read, &kept(&[])).unwrap_err(), Reload);
    }
}

#[test]
fn nothing_is_permitted_while_a_source_is_missing_stale_or_another_than_was_compared() {
    let two = proofs(&[(Workload::Visiting, 1_000), (Workload::Conferencing, 1_000)]);
    assert_eq!(reasons(of(&two, &kept(&[]), 1_000)), [Reason::Missing(Workload::Safeguarding)]);
    assert_eq!(reasons(of(&held(), &kept(&[]), 6_000)), ALL.map(Reason::Stale));
    let promoted = Statement {
        source: Workload::Visiting,
        identity: DatabaseIdentity { timeline: 2, ..HOME },
        undelivered: Some(vec![]),
    };
    let mut other = held();
    other.take_in(Proof::of(Workload::Visiting, Ticks::from_millis(2_000), promoted).unwrap());
    assert_eq!(reasons(of(&other, &kept(&[]), 2_000)), [Reason::NotReconciled(Workload::Visiting)]);
    let mut never = kept(&[]);
    never.on_record.insert(Workload::Conferencing, OnRecord::Owed { id: 1 });
    assert_eq!(reasons(of(&held(), &never, 1_000)), [Reason::NotReconciled(Workload::Conferencing)]);
}

#[test]
fn a_restored_ledger_permits_nothing_before_every_source_was_compared_with_it() {
    let (kept, asked) = (kept(&[]), Ok(question("C-1", Benefit::Pip, "A-1")));
    let read = LedgerRead { identity: DatabaseIdentity { timeline: 2, ..LEDGER }, ..READ };
    let verified = Verification::send(Arrival(1), &held()).returned(read, &kept).unwrap();
    let answer = answer(&asked, Arrival(1), Some(&verified), &sources(), Ticks::from_millis(1_000));
    assert_eq!(reasons(answer), ALL.map(Reason::NotReconciled));
}

#[test]
fn without_sources_nothing_is_permitted() {
    let (mut kept, asked) = (kept(&[]), Ok(question("C-1", Benefit::Pip, "A-1")));
    kept.on_record.clear();
    let verified = verified(&held(), &kept);
    let answer = answer(&asked, Arrival(1), Some(&verified), &Sources::named(&[]), Ticks::from_millis(1_000));
    assert_eq!(reasons(answer), [Reason::NoSources]);
}
