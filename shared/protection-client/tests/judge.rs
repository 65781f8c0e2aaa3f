//! What is made of a reply that arrived as it was sent.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests fail by panicking")]

#[path = "support/replies.rs"]
mod replies;
#[path = "support/seal.rs"]
mod seal;

use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use holdfast_protection_client::{
    Action, ActionGround, Benefit, BootTime, Cause, Doubt, Question, Reason, Verdict, judge, judge_all, judge_confirmed,
};
use proptest::prelude::*;
use replies::{
    ASKED, NOW, asked, batch, confirmation, doubt, permits, permitted, prohibited, question, questions, reply,
};
use seal::sealed;
use std::time::Duration;

#[test]
fn an_answer_that_is_as_it_has_to_be_permits_until_it_expires() {
    let Verdict::Permitted(permission) = asked(&reply(permitted(&question()))) else { panic!("is permitted") };
    assert_eq!(permission.decision_id(), "0198-ab");
    assert_eq!(permission.expires(), BootTime::since_boot(Duration::from_millis(1_004_250)));
    assert!(permission.holds_at(BootTime::since_boot(Duration::from_millis(1_004_249))));
    assert!(!permission.holds_at(BootTime::since_boot(Duration::from_millis(1_004_250))));
    assert_eq!(permission.advisories().len(), 1);
    let cited: Vec<_> = permission.citations().iter().map(|citation| citation.rule.as_str()).collect();
    assert_eq!(cited, ["GEN-2"]);
}

#[test]
fn a_prohibition_tells_its_reasons_and_what_their_rules_say() {
    let Verdict::Prohibited(why) = asked(&reply(prohibited(&question()))) else { panic!("is prohibited") };
    assert_eq!(why.cause, Cause::Told(prohibited(&question()).reasons));
    let cited: Vec<_> = why.citations.iter().map(|citation| citation.rule.as_str()).collect();
    assert_eq!(cited, ["PIP-6"]);
}

/// A change to an answer that would have permitted, and what is then wrong with it.
type Change = (fn(&mut pb::Answer), Doubt);

#[test]
fn every_witness_of_a_permission_is_needed() {
    let changes: &[Change] = &[
        (|answer| answer.decision = 0, Doubt::Undecided),
        (|answer| answer.decision = 3, Doubt::Undecided),
        (|answer| answer.decision = -2, Doubt::Undecided),
        (|answer| answer.decision_id.clear(), Doubt::NoDecisionId),
        (|answer| answer.reasons = vec![Reason::default()], Doubt::PermittedWithReasons),
        (|answer| answer.valid_for = None, Doubt::ValidityOutOfBounds),
        (|answer| answer.valid_for = lasting(0, 0), Doubt::ValidityOutOfBounds),
        (|answer| answer.valid_for = lasting(5, 1), Doubt::ValidityOutOfBounds),
        (|answer| answer.valid_for = lasting(-1, 0), Doubt::ValidityOutOfBounds),
        (|answer| answer.valid_for = lasting(1, -1), Doubt::ValidityOutOfBounds),
        (|answer| answer.valid_for = lasting(0, 1_000_000_000), Doubt::ValidityOutOfBounds),
        (|answer| answer.valid_for = lasting(i64::MAX, i32::MAX), Doubt::ValidityOutOfBounds),
        (|answer| answer.valid_for = lasting(0, 1), Doubt::TooLate),
        (|answer| answer.valid_for = lasting(0, 500_000), Doubt::TooLate),
        (|answer| answer.question = None, Doubt::AnotherQuestion),
        (|answer| part(answer).award = None, Doubt::AnotherQuestion),
        (|answer| award(answer).customer = "C-2002".to_owned(), Doubt::AnotherQuestion),
        (|answer| award(answer).customer.clear(), Doubt::AnotherQuestion),
        (|answer| award(answer).award = "a-2001".to_owned(), Doubt::AnotherQuestion),
        (|answer| award(answer).benefit = Benefit::Esa.into(), Doubt::AnotherQuestion),
        (|answer| part(answer).action = Action::Suspend.into(), Doubt::AnotherQuestion),
        (|answer| part(answer).ground = ActionGround::Unspecified.into(), Doubt::AnotherQuestion),
        (|answer| part(answer).condition_known = true, Doubt::AnotherQuestion),
    ];
    for (at, (change, expected)) in changes.iter().enumerate() {
        let mut answer = permitted(&question());
        change(&mut answer);
        assert_eq!(doubt(&asked(&reply(answer))), Some(*expected), "change {at}");
    }
    let mut longest = permitted(&question());
    longest.valid_for = lasting(5, 0);
    assert!(permits(&reply(longest)));
}

fn lasting(seconds: i64, nanos: i32) -> Option<prost_types::Duration> {
    Some(prost_types::Duration { seconds, nanos })
}

fn part(answer: &mut pb::Answer) -> &mut pb::Question {
    answer.question.as_mut().unwrap()
}

fn award(answer: &mut pb::Answer) -> &mut holdfast_contracts::holdfast::common::v1::Award {
    part(answer).award.as_mut().unwrap()
}

#[test]
fn a_clock_that_runs_back_permits_nothing() {
    let verdict = judge(&question(), &reply(permitted(&question())), NOW, ASKED);
    assert_eq!(doubt(&verdict), Some(Doubt::TooLate));
}

#[test]
fn a_question_that_lacks_a_part_is_permitted_nothing_even_where_it_comes_back_as_it_was() {
    let lacking: [fn(&mut Question); 4] = [
        |question| question.customer.clear(),
        |question| question.award.clear(),
        |question| question.benefit = Benefit::Unspecified,
        |question| question.action = Action::Unspecified,
    ];
    for lack in lacking {
        let mut question = question();
        lack(&mut question);
        let verdict = judge(&question, &reply(permitted(&question)), ASKED, NOW);
        assert_eq!(doubt(&verdict), Some(Doubt::QuestionIncomplete));
    }
    let any_ground = Question { ground: ActionGround::Unspecified, ..question() };
    let verdict = judge(&any_ground, &reply(permitted(&any_ground)), ASKED, NOW);
    assert!(matches!(verdict, Verdict::Permitted(_)));
}

#[test]
fn a_confirmation_permits_only_with_a_permit() {
    let confirmed = |permit_expires_at, validated_only| {
        judge_confirmed(&question(), &confirmation(permit_expires_at, validated_only), ASKED, NOW)
    };
    let expires = Some(prost_types::Timestamp::default());
    assert!(matches!(confirmed(expires, false), Verdict::Permitted(permission) if permission.citations().len() == 1));
    assert_eq!(doubt(&confirmed(None, false)), Some(Doubt::NoPermit));
    assert_eq!(doubt(&confirmed(expires, true)), Some(Doubt::NoPermit));
    // The reply of a check is none to a confirmation.
    let checked = judge_confirmed(&question(), &reply(permitted(&question())), ASKED, NOW);
    assert!(matches!(checked, Verdict::Prohibited(_)));
}

#[test]
fn a_batch_with_an_answer_out_of_place_is_believed_in_nothing() {
    let other = Question { award: "A-2002".to_owned(), ..question() };
    let third = Question { award: "A-2003".to_owned(), ..question() };
    let questions = [question(), other.clone(), third.clone()];
    let answers = || vec![permitted(&question()), permitted(&other), prohibited(&third)];
    let verdicts = |answers| judge_all(&questions, &batch(answers), ASKED, NOW);
    let in_order: Vec<_> = verdicts(answers()).iter().map(|verdict| matches!(verdict, Verdict::Permitted(_))).collect();
    assert_eq!(in_order, [true, true, false]);
    let rearranged: [fn(&mut Vec<pb::Answer>); 7] = [
        |answers| answers.swap(0, 1),
        |answers| answers.swap(1, 2),
        |answers| drop(answers.pop()),
        |answers| drop(answers.remove(0)),
        |answers| answers.insert(0, answers[0].clone()),
        |answers| answers[1] = answers[0].clone(),
        Vec::clear,
    ];
    for (at, rearrange) in rearranged.iter().enumerate() {
        let mut answers = answers();
        rearrange(&mut answers);
        let verdicts = verdicts(answers);
        assert_eq!(verdicts.len(), 3);
        assert!(verdicts.iter().all(|verdict| doubt(verdict).is_some()), "rearrangement {at}: {verdicts:?}");
    }
}

#[test]
fn what_is_no_reply_at_all_permits_nothing() {
    let page = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>";
    for garbage in [&b""[..], page, &[0], &[0x0a], &[0x0a, 0], &[0xff; 64], b"{\"decision\":\"DECISION_PERMITTED\"}"] {
        assert!(!permits(garbage) && !permits(&sealed(garbage)), "{garbage:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_permission_to_one_question_is_none_to_another(one in questions(), other in questions()) {
        prop_assume!(one != other);
        let verdict = judge(&other, &reply(permitted(&one)), ASKED, NOW);
        prop_assert_eq!(doubt(&verdict), Some(Doubt::AnotherQuestion));
    }
}
