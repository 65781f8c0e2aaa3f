//! A known condition that the question itself states (ESA 106).

use crate::check_support::{Payer, hold, kinds, question};
use futures::stream;
use holdfast_contracts::holdfast::{
    common::v1 as common,
    safeguarding::v1::{self as pb, Decision, ReasonKind},
};

const CASE: &str = "HF-7K3M-9QXW-2D4F";

/// Whether an ESA claimant may be sanctioned, of whom a condition is known.
fn knowing() -> pb::Question {
    let asked = question("C-1", "A-1");
    let award = asked.award.map(|award| common::Award { benefit: common::Benefit::Esa.into(), ..award });
    pb::Question { award, action: common::Action::Sanction.into(), ground: 0, condition_known: true }
}

/// The condition as it is on record at DWP Visiting.
fn recorded(version: u64, released: i32) -> common::Hold {
    common::Hold {
        ground: common::HoldGround::ConditionKnown.into(),
        version,
        award: knowing().award,
        released,
        rules: vec!["ESA-106P".to_owned(), "R-HOLD-FROM-CONDITION".to_owned()],
        actions: vec![common::Action::Disallow.into(), common::Action::Sanction.into()],
        ..hold(CASE, "C-1", "A-1")
    }
}

/// The answer says what was stated, and why that prohibits.
fn assert_stated(answer: Option<&pb::Answer>, citations: &[common::Citation]) {
    let answer = answer.expect("an answer");
    assert_eq!((answer.decision(), kinds(answer)), (Decision::Prohibited, vec![ReasonKind::ConditionStated]));
    let reason = &answer.reasons[0];
    assert_eq!((reason.ground(), reason.case_reference.as_str()), (common::HoldGround::ConditionKnown, ""));
    assert_eq!(reason.rules, ["ESA-106P", "R-HOLD-FROM-CONDITION"]);
    assert!(reason.rules.iter().eq(citations.iter().map(|citation| &citation.rule)), "{citations:?}");
    assert_eq!(answer.question, Some(knowing()), "the question as it was asked");
}

#[tokio::test]
async fn a_stated_condition_prohibits_however_it_is_asked() {
    let payer = Payer::new().await;
    let unstated = pb::Question { condition_known: false, ..knowing() };
    assert_eq!(payer.check(&unstated).await.decision(), Decision::Permitted);
    let of_another_benefit = pb::Question { award: question("C-1", "A-1").award, ..knowing() };
    assert_eq!(payer.check(&of_another_benefit).await.decision(), Decision::Permitted);

    let told = payer.asked(Some(knowing())).await;
    assert_stated(told.answer.as_ref(), &told.citations);
    let told = payer.batch(vec![unstated, knowing()]).await.expect("answers");
    assert_eq!(told.answers[0].decision(), Decision::Permitted);
    assert_stated(told.answers.get(1), &told.citations);
    let asked = stream::iter([pb::StreamCheckActionsRequest { question: Some(knowing()) }]);
    let mut told = payer.protection().stream_check_actions(payer.by_payments(asked)).await.expect("a stream");
    let told = told.get_mut().message().await.expect("a message").expect("an answer");
    assert_stated(told.answer.as_ref(), &told.citations);
    let told = payer.confirm("r-1", &knowing()).await.expect("an answer");
    assert_stated(told.answer.as_ref(), &told.citations);
    assert_eq!(payer.count("SELECT count(*) FROM permits").await, 0);
    payer.end().await;
}

#[tokio::test]
async fn once_a_visit_was_considered_the_statement_is_kept_with_what_is_permitted() {
    let payer = Payer::new().await;
    payer.place(recorded(1, 0)).await;
    let both = [ReasonKind::Held, ReasonKind::ConditionStated];
    assert_eq!(kinds(&payer.check(&knowing()).await), both);
    payer.release(recorded(2, common::ReleaseReason::VisitConsidered.into())).await;

    let answer = payer.check(&knowing()).await;
    assert_eq!(answer.decision(), Decision::Permitted, "{answer:?}");
    let decision = payer.decision(&answer.decision_id).await.expect("the decision");
    assert_eq!(decision.question, Some(knowing()));
    let permit = payer.confirm("r-1", &knowing()).await.expect("an answer").answer.expect("an answer");
    assert_eq!(permit.decision(), Decision::Permitted, "{permit:?}");
    let other = payer.confirm("r-1", &pb::Question { condition_known: false, ..knowing() }).await;
    assert_eq!(other.expect_err("another question").code(), tonic::Code::AlreadyExists);

    assert_eq!(payer.place(recorded(3, 0)).await.recalled, 1);
    let decision = payer.decision(&permit.decision_id).await.expect("the decision");
    assert_eq!(decision.question, Some(knowing()));
    assert_eq!(decision.recalls.iter().map(|recall| recall.question.clone()).collect::<Vec<_>>(), [Some(knowing())]);
    payer.end().await;
}
