//! Answers drafted before a verification returns: what is journalled, and what is given out afterwards.

use super::answers::{READ, REVISION, draft, held, kept, sources, verified};
use super::fresh::{proof, proofs};
use super::samples::{HOME, LEDGER, award, on, placed, question};
use holdfast_procedure::protection::{
    Advisory, AdvisoryReason, Answer, Arrival, Asked, DatabaseIdentity, Draft, Hold, HoldGround, HoldKey, Kept,
    LedgerRead, Permitted, Proof, Proofs, Question, Reason, Reload, Revision, Span, Statement, Ticks, Unrecognised,
    answer,
};
use holdfast_procedure::{Workload, benefit::Benefit};

type Batch = Vec<(Arrival, Result<Question, Unrecognised>)>;

fn at(now: u64) -> Ticks {
    Ticks::from_millis(now)
}

/// Free; held; told of another award; not understood; too late for the verification.
fn batch() -> Batch {
    let nothing =
        Asked { customer: None, benefit: None, award: None, action: None, ground: None, condition_known: false };
    let asked = |customer, benefit, award| Ok(question(customer, benefit, award));
    vec![
        (Arrival(1), asked("C-2", Benefit::Pip, "A-2")),
        (Arrival(2), asked("C-1", Benefit::Pip, "A-1")),
        (Arrival(3), asked("C-1", Benefit::Esa, "A-3")),
        (Arrival(4), Question::of(nothing)),
        (Arrival(6), asked("C-2", Benefit::Pip, "A-2")),
    ]
}

/// Drafted when the proofs, asked for at 1000, were one second old.
fn drafted() -> Draft {
    draft(&held(), &kept(&[placed(HoldGround::TwoIneffectiveVisits)]), &batch(), 2_000)
}

fn reasons(answer: &Answer) -> &[Reason] {
    match answer {
        Answer::Prohibited(prohibited) => &prohibited.reasons,
        Answer::Permitted(_) => &[],
    }
}

fn places_permitted(answers: &[Answer]) -> Vec<usize> {
    let permitted = |answer: &Answer| matches!(answer, Answer::Permitted(_));
    answers.iter().enumerate().filter(|(_, answer)| permitted(answer)).map(|(place, _)| place).collect()
}

#[test]
fn a_batch_is_answered_in_its_order_and_what_it_permits_was_to_be_journalled() {
    let draft = drafted();
    assert_eq!((draft.revision(), draft.most()), (REVISION, Some(Span::from_millis(4_000))));
    assert_eq!(draft.to_journal().collect::<Vec<_>>(), [0, 2]);
    let answers = draft.returned(&READ, at(2_500)).unwrap();
    let valid_for = Span::from_millis(3_500);
    let told = Advisory {
        reason: AdvisoryReason::AnotherAwardHeld,
        case: "V-1".into(),
        rules: vec![&holdfast_procedure::rule::rulings::R_OTHER_AWARDS],
    };
    assert_eq!(answers[0], Answer::Permitted(Permitted { valid_for, advisories: vec![] }));
    assert!(matches!(reasons(&answers[1]), [Reason::Held(_)]));
    assert_eq!(answers[2], Answer::Permitted(Permitted { valid_for, advisories: vec![told] }));
    assert!(matches!(reasons(&answers[3]), [Reason::NotRecognised(_)]));
    assert_eq!(reasons(&answers[4]), [Reason::NotVerified]);
    assert_eq!(answers.len(), 5);
}

#[test]
fn nothing_counts_that_was_drafted_from_another_revision() {
    for revision in [Revision { counter: 5, ..REVISION }, Revision { id: 78, ..REVISION }] {
        assert_eq!(drafted().returned(&LedgerRead { revision, ..READ }, at(2_000)), Err(Reload));
    }
}

#[test]
fn what_was_fresh_when_it_was_drafted_is_prohibited_once_it_is_stale() {
    let answers = drafted().returned(&READ, at(6_000)).unwrap();
    assert!(places_permitted(&answers).is_empty());
    let stale = [Workload::Visiting, Workload::Conferencing, Workload::Safeguarding].map(Reason::Stale);
    assert_eq!(reasons(&answers[0]), stale);
    // A hold is named beside that.
    assert_eq!(reasons(&answers[1]).len(), 4);
}

#[test]
fn a_ledger_that_turns_out_to_be_another_permits_nothing() {
    let read = LedgerRead { identity: DatabaseIdentity { timeline: 2, ..LEDGER }, ..READ };
    let answers = drafted().returned(&read, at(2_000)).unwrap();
    assert!(places_permitted(&answers).is_empty());
    assert_eq!(reasons(&answers[0])[0], Reason::NotReconciled(Workload::Visiting));
}

#[test]
fn what_was_not_to_be_journalled_is_never_permitted() {
    let two = proofs(&[(Workload::Visiting, 1_000), (Workload::Conferencing, 1_000)]);
    let mut one_not_come_yet = two.clone();
    one_not_come_yet.take_in(proof(Workload::Safeguarding, 2_001));
    for proofs in [two, one_not_come_yet] {
        let draft = draft(&proofs, &kept(&[]), &batch(), 2_000);
        assert_eq!((draft.to_journal().count(), draft.most()), (0, None));
        let answers = draft.returned(&READ, at(2_500)).unwrap();
        assert!(places_permitted(&answers).is_empty());
        assert!(answers.iter().all(|answer| !reasons(answer).is_empty()));
    }
    // Nor for longer than was said then, whatever the clock does.
    let answers = drafted().returned(&READ, at(1_000)).unwrap();
    let Answer::Permitted(permitted) = &answers[0] else { panic!("{answers:?}") };
    assert_eq!(permitted.valid_for, Span::from_millis(4_000));
}

#[test]
fn where_the_ledger_did_not_answer_nothing_is_permitted() {
    let answers = drafted().not_returned();
    assert_eq!((answers.len(), places_permitted(&answers).len()), (5, 0));
    assert!(matches!(reasons(&answers[3]), [Reason::NotRecognised(_)]));
    for place in [0, 1, 2, 4] {
        assert_eq!(reasons(&answers[place]), [Reason::NotVerified]);
    }
}

/// The answers to a batch; the same as each question gets by itself.
fn answers(proofs: &Proofs, kept: &Kept, asked: &[(Arrival, Result<Question, Unrecognised>)]) -> Vec<Answer> {
    let together = draft(proofs, kept, asked, 2_000).returned(&READ, at(2_000)).unwrap();
    for ((arrived, asked), together) in asked.iter().zip(&together) {
        let alone = answer(asked, *arrived, Some(&verified(proofs, kept)), &sources(), at(2_000));
        assert_eq!(alone, *together, "{asked:?}");
    }
    together
}

/// How many customers have a hold on an award.
const MANY: usize = 3_000;

#[test]
fn among_many_holds_each_is_met_by_its_award_and_by_its_customer_and_others_by_neither() {
    let hold = |number: usize, customer: &str| Hold {
        key: HoldKey { case: format!("V-{number}"), ground: HoldGround::TwoIneffectiveVisits },
        ..on(HoldGround::TwoIneffectiveVisits, award(customer, Benefit::Pip, &format!("A-{number}")))
    };
    let mut kept = kept(&(0..MANY).map(|number| hold(number, &format!("C-{number}"))).collect::<Vec<_>>());
    // Some are known by another reference by now, which was not among the words before.
    kept.holds.extend((0..MANY).step_by(3).map(|number| hold(number, &format!("D-{number}"))));
    let customer = |number: usize| format!("{}-{number}", if number.is_multiple_of(3) { "D" } else { "C" });
    let by_award = |number: usize| question("C-other", Benefit::Pip, &format!("A-{number}"));
    let by_customer = |number: usize| question(&customer(number), Benefit::Pip, &format!("B-{number}"));
    let free = |number: usize| question(&format!("E-{number}"), Benefit::Pip, &format!("B-{number}"));
    for (asked, is_held) in [(&by_award as &dyn Fn(usize) -> Question, true), (&by_customer, true), (&free, false)] {
        let asked: Batch = (0..MANY).map(|number| (Arrival(1), Ok(asked(number)))).collect();
        let answers = answers(&held(), &kept, &asked);
        assert_eq!(places_permitted(&answers).len(), if is_held { 0 } else { MANY });
    }
}

#[test]
fn a_hold_of_the_ledger_is_met_by_a_reference_that_only_an_undelivered_one_leads_from() {
    let formerly = vec!["C-1".to_owned()];
    let listed = Hold { formerly, ..on(HoldGround::OpenReferral, award("C-9", Benefit::Pip, "A-9")) };
    let statement = Statement { source: Workload::Visiting, identity: HOME, undelivered: Some(vec![listed]) };
    let mut proofs = held();
    assert!(proofs.take_in(Proof::of(Workload::Visiting, at(1_500), statement).unwrap()));
    let asked = [(Arrival(1), Ok(question("C-9", Benefit::Pip, "A-8")))];
    let answers = answers(&proofs, &kept(&[placed(HoldGround::TwoIneffectiveVisits)]), &asked);
    assert!(matches!(reasons(&answers[0]), [Reason::Held(hold)] if hold.undelivered_at.is_none()), "{answers:?}");
}
