//! May this be stopped? What permits, what prohibits, and what an answer says.

use crate::{
    check_support::{BEGINNING, Payer, hold, kinds, pip, question, sources},
    support::{fields, refusal},
};
use futures::future::join_all;
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    common::v1 as common,
    safeguarding::v1::{self as pb, AdvisoryKind, Decision, ReasonKind},
};
use holdfast_tests::suite::{london, timestamp};
use tonic::Code;

const CASE: &str = "HF-7K3M-9QXW-2D4F";

#[tokio::test]
async fn what_nothing_stands_against_is_permitted_and_journalled() {
    let payer = Payer::new().await;
    let asked = question("C-1", "A-1");
    let answer = payer.check(&asked).await;
    assert_eq!(answer.decision(), Decision::Permitted, "{answer:?}");
    assert_eq!(answer.valid_for, Some(prost_types::Duration { seconds: 5, nanos: 0 }), "the clock stands still");
    let decision = payer.decision(&answer.decision_id).await.expect("the decision");
    assert_eq!(decision.question, Some(asked));
    assert_eq!(decision.decided_at, Some(timestamp(london(BEGINNING))));
    let by = decision.asked_by.expect("who asked");
    assert_eq!((by.person.as_str(), by.workload()), ("", Workload::Payments));
    assert_eq!((decision.permit_expires_at, decision.recalls.len()), (None, 0));
    assert_eq!(payer.decision("").await.expect_err("no id").code(), Code::InvalidArgument);
    for unknown in ["x", &answer.decision_id.replace("-0", "-1"), &answer.decision_id.to_uppercase()] {
        assert_eq!(payer.decision(unknown).await.expect_err(unknown).code(), Code::NotFound);
    }
    payer.end().await;
}

#[tokio::test]
async fn an_unknown_payers_ground_is_judged_as_any() {
    let payer = Payer::new().await;
    let ground = common::HoldGround::CoreVisitDue.into();
    let held = common::Hold { ground, only_on: vec![1], ..hold(CASE, "C-1", "A-1") };
    payer.place(held).await;
    for (ground, decision) in [(0, Decision::Prohibited), (1, Decision::Prohibited), (3, Decision::Prohibited)]
        .into_iter()
        .chain([(77, Decision::Prohibited), (-1, Decision::Prohibited), (2, Decision::Permitted)])
    {
        let answer = payer.check(&pb::Question { ground, ..question("C-1", "A-1") }).await;
        assert_eq!(answer.decision(), decision, "{ground}");
    }
    payer.end().await;
}

/// Questions that are not recognised, and the fields that are at fault.
fn malformed() -> Vec<(Option<pb::Question>, &'static [&'static str])> {
    let of = |award: common::Award| Some(pb::Question { award: Some(award), ..question("C-1", "A-1") });
    let doing = |action: i32| Some(pb::Question { action, ..question("C-1", "A-1") });
    let (customer, benefit, award, action) = ("award.customer", "award.benefit", "award.award", "action");
    let all: &[_] = Box::leak(Box::new([customer, benefit, award, action]));
    vec![
        (None, all),
        (Some(pb::Question::default()), all),
        (
            Some(pb::Question { award: None, ..question("C-1", "A-1") }),
            &["award.customer", "award.benefit", "award.award"],
        ),
        (of(common::Award { benefit: 0, ..pip("C-1", "A-1") }), &["award.benefit"]),
        (of(common::Award { benefit: 99, ..pip("C-1", "A-1") }), &["award.benefit"]),
        (of(pip("", "A-1")), &["award.customer"]),
        (of(pip("C-1", "")), &["award.award"]),
        (of(pip("C 1", "A-1")), &["award.customer"]),
        (of(pip("QQ123456C", &"x".repeat(65))), &["award.customer", "award.award"]),
        (doing(0), &["action"]),
        (doing(99), &["action"]),
        (doing(-1), &["action"]),
    ]
}

#[tokio::test]
async fn what_is_not_recognised_is_prohibited_and_named() {
    let payer = Payer::new().await;
    let named = |answer: &pb::Answer, form: &str| {
        assert_eq!(answer.decision(), Decision::Prohibited);
        let [reason] = answer.reasons.as_slice() else { panic!("one reason: {answer:?}") };
        assert_eq!(reason.kind(), ReasonKind::NotRecognised, "{answer:?}");
        let strip = |field: &String| field.strip_prefix(form).unwrap_or_else(|| panic!("{field}")).to_owned();
        reason.fields.iter().map(strip).collect::<Vec<_>>()
    };
    for (asked, at_fault) in malformed() {
        let answer = payer.asked(asked.clone()).await.answer.expect("an answer");
        assert_eq!(answer.question, asked, "as it was asked");
        assert_eq!(named(&answer, "question."), at_fault, "{asked:?}");
    }
    let questions: Vec<_> = malformed().into_iter().filter_map(|(asked, _)| asked).collect();
    let told = payer.batch(questions.clone()).await.expect("answers");
    assert_eq!(told.answers.len(), questions.len());
    for (place, (answer, (_, at_fault))) in told.answers.iter().zip(malformed().into_iter().skip(1)).enumerate() {
        assert_eq!(named(answer, &format!("questions[{place}].")), at_fault);
    }
    assert_eq!(payer.count("SELECT count(*) FROM answers").await, 0, "nothing was permitted");
    payer.end().await;
}

#[tokio::test]
async fn a_batch_is_answered_in_its_order_within_its_bounds() {
    let payer = Payer::new().await;
    payer.place(hold(CASE, "C-7", "A-7")).await;
    let questions: Vec<_> = (0..1_000).map(|place| question(&format!("C-{place}"), &format!("A-{place}"))).collect();
    let told = payer.batch(questions.clone()).await.expect("answers");
    let echoes: Vec<_> = told.answers.iter().filter_map(|answer| answer.question.clone()).collect();
    assert_eq!(echoes, questions);
    let prohibited =
        |(place, answer): (usize, &pb::Answer)| (answer.decision() == Decision::Prohibited).then_some(place);
    assert_eq!(told.answers.iter().enumerate().filter_map(prohibited).collect::<Vec<_>>(), [7]);
    // Each decision is its own, and tells its own question, whichever row it is in.
    for place in [0, 6, 8].into_iter().chain((9..1_000).step_by(30)) {
        let decision = payer.decision(&told.answers[place].decision_id).await.expect("a decision");
        assert_eq!(decision.question.as_ref(), Some(&questions[place]));
    }
    assert_eq!(payer.count("SELECT sum(permitted) FROM answers").await, 999);
    let apart = "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'answers'";
    assert_eq!(payer.count(apart).await, 0, "every row fits into a page");
    for beyond in [vec![], vec![question("C-1", "A-1"); 1_001]] {
        let refused = payer.batch(beyond).await.expect_err("beyond the bounds");
        assert_eq!((refusal(&refused).0, fields(&refused)), (Code::InvalidArgument, vec!["questions".to_owned()]));
    }
    payer.end().await;
}

#[tokio::test]
async fn a_hold_is_seen_by_the_next_question_and_its_rules_are_cited_once() {
    let payer = Payer::new().await;
    let asked = question("C-1", "A-1");
    assert_eq!(payer.check(&asked).await.decision(), Decision::Permitted);
    payer.place(hold(CASE, "C-1", "A-1")).await;
    let answer = payer.check(&asked).await;
    let [reason] = answer.reasons.as_slice() else { panic!("one reason: {answer:?}") };
    assert_eq!((reason.kind(), reason.ground()), (ReasonKind::Held, common::HoldGround::TwoIneffectiveVisits));
    assert_eq!((reason.case_reference.as_str(), reason.source()), (CASE, Workload::Unspecified));
    assert_eq!(reason.rules, ["PIP-6", "R-HOLD-FROM"]);

    let of_another = pb::Question { award: Some(common::Award { benefit: 3, ..pip("C-1", "A-2") }), ..asked.clone() };
    let told = payer.batch(vec![asked.clone(), of_another, asked]).await.expect("answers");
    let decisions: Vec<_> = told.answers.iter().map(pb::Answer::decision).collect();
    assert_eq!(decisions, [Decision::Prohibited, Decision::Permitted, Decision::Prohibited]);
    assert_eq!(told.answers[1].advisories[0].kind(), AdvisoryKind::AnotherAwardHeld);
    let cited: Vec<_> = told.citations.iter().map(|citation| citation.rule.as_str()).collect();
    assert_eq!(cited, ["PIP-6", "R-HOLD-FROM", "R-OTHER-AWARDS"]);
    payer.end().await;
}

#[tokio::test]
async fn without_fresh_proofs_everything_is_prohibited() {
    let payer = Payer::before_any_proof().await;
    let asked = question("C-1", "A-1");
    let both = vec![Workload::Visiting, Workload::Conferencing];
    let answer = payer.check(&asked).await;
    assert_eq!(kinds(&answer), [ReasonKind::SourceMissing; 2], "{answer:?}");
    assert_eq!(sources(&answer), both);
    payer.prove().await;
    assert_eq!(payer.check(&asked).await.decision(), Decision::Permitted);
    payer.suite.clock.advance(chrono::TimeDelta::milliseconds(4_999));
    let answer = payer.check(&asked).await;
    assert_eq!(answer.valid_for, Some(prost_types::Duration { seconds: 0, nanos: 1_000_000 }), "{answer:?}");
    payer.suite.clock.advance(chrono::TimeDelta::milliseconds(1));
    let answer = payer.check(&asked).await;
    assert_eq!((kinds(&answer), sources(&answer)), (vec![ReasonKind::SourceStale; 2], both), "{answer:?}");
    payer.prove().await;
    assert_eq!(payer.check(&asked).await.decision(), Decision::Permitted);
    payer.end().await;
}

#[tokio::test]
async fn without_the_ledger_everything_is_prohibited() {
    let payer = Payer::new().await;
    let asked = question("C-1", "A-1");
    assert_eq!(payer.check(&asked).await.decision(), Decision::Permitted);
    let locked = payer.behind("BEGIN; LOCK TABLE safeguarding.ledger IN ACCESS EXCLUSIVE MODE").await;
    let answer = payer.check(&asked).await;
    assert_eq!(kinds(&answer), [ReasonKind::NotVerified], "{answer:?}");
    sqlx::Connection::close(locked).await.expect("the lock is gone");
    assert_eq!(payer.check(&asked).await.decision(), Decision::Permitted, "it answers again");
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE usename = 'safeguarding' AND datname = current_database()";
    payer.behind(cut).await;
    assert_eq!(payer.check(&asked).await.decision(), Decision::Permitted, "over a connection that is there");
    payer.behind("ALTER TABLE safeguarding.ledger RENAME TO gone").await;
    let answer = payer.check(&asked).await;
    assert_eq!(kinds(&answer), [ReasonKind::NotVerified], "{answer:?}");
    payer.behind("ALTER TABLE safeguarding.gone RENAME TO ledger").await;
    payer.end().await;
}

#[tokio::test]
async fn only_what_has_changed_is_read_again() {
    let payer = Payer::new().await;
    payer.place(hold(CASE, "C-1", "A-1")).await;
    let (held, free) = (question("C-1", "A-1"), question("C-3", "A-3"));
    assert_eq!(kinds(&payer.check(&held).await), [ReasonKind::Held]);
    // What is changed behind the ledger's back leaves no count, so whoever reads everything again would see it.
    payer.behind("UPDATE safeguarding.holds SET customer = 'C-3', award = 'A-3'").await;
    payer.place(hold("HF-2222-2222-2222", "C-2", "A-2")).await;
    assert_eq!(kinds(&payer.check(&question("C-2", "A-2")).await), [ReasonKind::Held]);
    assert_eq!(kinds(&payer.check(&held).await), [ReasonKind::Held]);
    assert_eq!(payer.check(&free).await.decision(), Decision::Permitted);
    payer.end().await;
}

#[tokio::test]
async fn more_changes_than_a_question_waits_for_are_all_known_to_the_next_answer() {
    let payer = Payer::new().await;
    payer.place(hold(CASE, "C-1", "A-1")).await;
    assert_eq!(kinds(&payer.check(&question("C-1", "A-1")).await), [ReasonKind::Held]);
    payer
        .behind(
            "WITH next AS (UPDATE safeguarding.ledger SET counter = counter + 1, id = gen_random_uuid()
                 RETURNING counter, id),
             noted AS (INSERT INTO safeguarding.revisions (counter, id, recorded_at)
                 SELECT counter, id, clock_timestamp() FROM next)
             INSERT INTO safeguarding.holds (case_reference, ground, version, customer, benefit, award, formerly,
                 holder, released, rules, actions, only_on, counter, recorded_at)
             SELECT 'V-' || number, ground, version, 'C-' || number, benefit, 'A-' || number, formerly, holder,
                 released, rules, actions, only_on, next.counter, clock_timestamp()
             FROM safeguarding.holds, next, generate_series(2, 1200) AS number",
        )
        .await;
    let questions = (2..=1_001).map(|number| question(&format!("C-{number}"), &format!("A-{number}"))).collect();
    let told = payer.batch(questions).await.expect("answers");
    assert!(told.answers.iter().all(|answer| kinds(answer) == [ReasonKind::Held]));
    assert_eq!(kinds(&payer.check(&question("C-1200", "A-1200")).await), [ReasonKind::Held]);
    payer.end().await;
}

#[tokio::test]
async fn a_ledger_of_another_history_is_read_anew() {
    let payer = Payer::new().await;
    payer.place(hold(CASE, "C-1", "A-1")).await;
    let (held, free) = (question("C-1", "A-1"), question("C-2", "A-2"));
    assert_eq!(kinds(&payer.check(&held).await), [ReasonKind::Held]);
    // As after a restore: the same count, drawn anew, and a hold that the ledger never told of.
    payer
        .behind(
            "UPDATE safeguarding.holds SET customer = 'C-2', award = 'A-2';
             UPDATE safeguarding.ledger SET id = gen_random_uuid();
             UPDATE safeguarding.revisions SET id = ledger.id FROM safeguarding.ledger
                 WHERE ledger.counter = revisions.counter",
        )
        .await;
    let closed = [ReasonKind::SourceNotReconciled, ReasonKind::SourceNotReconciled, ReasonKind::Held];
    assert_eq!(kinds(&payer.check(&free).await), closed, "what it lacks is not known before it is compared");
    payer.prove().await;
    assert_eq!(kinds(&payer.check(&free).await), [ReasonKind::Held]);
    assert_eq!(payer.check(&held).await.decision(), Decision::Permitted);
    payer.end().await;
}

#[tokio::test]
async fn after_a_hold_was_acknowledged_nothing_is_permitted_any_more() {
    const TASKS: usize = 16;
    const ROUNDS: usize = 8;
    let payer = Payer::new().await;
    let hammer = async |task: usize| {
        for round in 0..ROUNDS {
            let (customer, award) = (format!("C-{task}-{round}"), format!("A-{task}-{round}"));
            let asked = question(&customer, &award);
            let case = format!("HF-{task:04}-{round:04}-0000");
            let (before, _) = tokio::join!(payer.check(&asked), payer.place(hold(&case, &customer, &award)));
            // Whichever of the two was first.
            assert!([Decision::Permitted, Decision::Prohibited].contains(&before.decision()));
            let batch = payer.batch(vec![asked.clone(), question("C-free", "A-free")]).await.expect("answers").answers;
            assert_eq!(kinds(&batch[0]), [ReasonKind::Held], "{batch:?}");
            assert_eq!(batch[1].decision(), Decision::Permitted, "{batch:?}");
            assert_eq!(kinds(&payer.check(&asked).await), [ReasonKind::Held]);
        }
    };
    join_all((0..TASKS).map(hammer)).await;
    payer.end().await;
}
