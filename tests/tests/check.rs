//! `holdfast check` tells the engineer of a payment system what that system would be told, and why.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests fail by panicking")]

use clap::Parser;
use holdfast::{
    address::Running,
    check::{self, Asked},
};
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    common::v1::{Action, Award, Benefit},
    safeguarding::v1 as pb,
};
use holdfast_tests::{
    pip::{Pip, Step, opened},
    raw::call,
    suite::{TestSuite, london},
};
use prost::Message;

const KEEPER: &str = env!("CARGO_BIN_EXE_cluster-keeper");

/// The arguments behind `holdfast check`.
#[derive(Parser)]
struct Line {
    #[command(flatten)]
    asked: Asked,
}

fn typed(line: &str) -> Result<Asked, clap::Error> {
    Line::try_parse_from(["check"].into_iter().chain(line.split_whitespace())).map(|line| line.asked)
}

/// What is told, and whether the action is permitted.
async fn told(suite: &TestSuite, line: &str) -> (String, bool) {
    let running = Running { url: format!("http://{}", suite.address), issuer: suite.issuer.clone() };
    let mut told = Vec::new();
    let permitted = check::tell(&running, &typed(line).unwrap(), &mut told).await.unwrap();
    (String::from_utf8(told).unwrap(), permitted)
}

async fn step(suite: &TestSuite, pip: &Pip, step: Step, case: &str) -> Vec<u8> {
    let step = pip.call(step, case, "", suite.clock.now());
    let reply = call(&suite.channel, step.path, step.request(&suite.issuer)).await.unwrap();
    suite.settle().await;
    reply
}

#[tokio::test]
async fn a_payments_engineer_is_told_what_a_payment_system_would_be_told_and_why() {
    let suite = TestSuite::start(KEEPER, "2026-06-24 10:00").await;
    let of = "--customer C-A-1 --benefit pip --award A-1";
    let stop = format!("{of} --action stop");
    suite.settle().await;
    let (text, permitted) = told(&suite, &stop).await;
    assert!(permitted && text.starts_with("PERMITTED for "), "{text}");
    assert!(text.contains("s: stop award A-1 of customer C-A-1 (PIP), under decision "), "{text}");

    let [referred, first, second] = ["2026-06-01 09:00", "2026-06-02 10:00", "2026-06-11 10:00"].map(london);
    let pip = Pip { award: "A-1".to_owned(), concern: true, referred, first, second };
    let case = opened(&step(&suite, &pip, Step::Referral, "").await);
    let (text, permitted) = told(&suite, &format!("{stop} --confirm")).await;
    assert!(permitted && text.contains("confirmed, under permit "), "{text}");
    assert!(text.contains("beside it: a visiting referral is open for the award"), "{text}");

    step(&suite, &pip, Step::FirstVisit, &case).await;
    step(&suite, &pip, Step::SecondVisit, &case).await;
    for line in [stop.clone(), format!("{stop} --confirm"), format!("{of} --action reduce --ground missing-evidence")] {
        let (text, permitted) = told(&suite, &line).await;
        assert!(!permitted && text.starts_with("PROHIBITED: do not "), "{text}");
        for part in ["the award is held: two visits were ineffective", &case, "PIP-6 (paragraph 6): "] {
            assert!(text.contains(part), "{part:?} is not told: {text}");
        }
    }
    let stated = "--customer C-A-2 --benefit esa --award A-2 --action sanction --condition-known";
    let (text, permitted) = told(&suite, stated).await;
    assert!(!permitted && text.contains("no Core Visit is known to have been considered"), "{text}");
    assert!(text.contains("ESA-106P (paragraph 106): "), "{text}");
    let (text, permitted) = told(&suite, "--customer C/1 --benefit uc --award A-1 --action end").await;
    assert!(!permitted && text.contains("the question is not recognised in "), "{text}");
    suite.stop().await;
}

/// CRC-32, a bit at a time.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}

#[tokio::test]
async fn every_reply_that_can_permit_is_sealed() {
    macro_rules! is_sealed {
        ($reply:expr) => {{
            let mut reply = $reply;
            let seal = std::mem::take(&mut reply.seal);
            assert_eq!(seal, crc(&reply.encode_to_vec()), "{reply:?}");
        }};
    }
    assert_eq!(crc(b"123456789"), 0xcbf4_3926);
    let suite = TestSuite::start(KEEPER, "2026-06-24 10:00").await;
    suite.settle().await;
    let award = |customer: &str| pb::Question {
        award: Some(Award { customer: customer.to_owned(), benefit: Benefit::Pip.into(), award: "A-1".to_owned() }),
        action: Action::Stop.into(),
        ground: 0,
        condition_known: false,
    };
    let mut asks = suite.protection();
    for (id, question) in [("stop-1", award("C-1")), ("stop-2", award("C/1"))] {
        let by_payments = || suite.request_through("payments", None, Workload::Payments, ());
        let question = Some(question);
        let asked = by_payments().map(|()| pb::CheckActionRequest { question: question.clone() });
        is_sealed!(asks.check_action(asked).await.unwrap().into_inner());
        let questions = question.iter().cloned().cycle().take(3).collect();
        let asked = by_payments().map(|()| pb::BatchCheckActionsRequest { questions });
        is_sealed!(asks.batch_check_actions(asked).await.unwrap().into_inner());
        let streamed = pb::StreamCheckActionsRequest { question: question.clone() };
        let asked = by_payments().map(|()| tokio_stream::iter([streamed.clone(), streamed]));
        let mut answers = asks.stream_check_actions(asked).await.unwrap().into_inner();
        for _ in 0..2 {
            is_sealed!(answers.message().await.unwrap().unwrap());
        }
        for validate_only in [true, false] {
            let (request_id, question) = (id.to_owned(), question.clone());
            let request = pb::ConfirmActionRequest { request_id, question, validate_only, ..Default::default() };
            is_sealed!(asks.confirm_action(by_payments().map(|()| request)).await.unwrap().into_inner());
        }
    }
    suite.stop().await;
}

#[tokio::test]
async fn a_check_that_has_proved_nothing_says_so() {
    let suite = TestSuite::start(KEEPER, "2026-06-24 10:00").await;
    let (text, permitted) = told(&suite, "--customer C-1 --benefit atw --award A-1 --action disallow").await;
    assert!(!permitted && text.contains("visiting has proved nothing since the check began"), "{text}");
    suite.stop().await;
}

#[tokio::test]
async fn nobody_there_is_no_verdict() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let issuer = holdfast_chassis::issuer::Issuer::generate(holdfast_chassis::Clock::System);
    let running = Running { url: format!("http://{gone}"), issuer };
    let asked = typed("--customer C-1 --benefit pip --award A-1 --action stop").unwrap();
    let fault = check::tell(&running, &asked, &mut Vec::new()).await.unwrap_err();
    assert!(fault.to_string().starts_with("no suite answers at "), "{fault}");
}

#[test]
fn what_is_typed_wrongly_is_not_asked() {
    let rest = "--customer C-1 --award A-1";
    for right in ["--benefit UC --action Suspend", "--benefit access-to-work --action end --ground non-attendance"] {
        assert!(typed(&format!("{rest} {right}")).is_ok(), "{right}");
    }
    for wrong in [
        "--benefit pip",
        "--benefit pip --action unspecified",
        "--benefit dla --action stop",
        "--benefit unspecified --action stop",
        "--benefit pip --action stop --ground because",
    ] {
        assert!(typed(&format!("{rest} {wrong}")).is_err(), "{wrong}");
    }
}
