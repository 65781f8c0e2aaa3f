//! The client against a protection check that answers in every way it can.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests fail by panicking")]

#[path = "client/fake.rs"]
mod fake;
#[path = "support/seal.rs"]
mod seal;

use fake::{Call, Does, Fake};
use holdfast_contracts::holdfast::safeguarding::v1::{self as pb, protection_service_server as served};
use holdfast_protection_client::{Action, ActionGround, Benefit, Cause, Client, Doubt, MOST, Question, Verdict, Why};
use prost::Message;
use seal::sealed;
use std::time::Duration;
use tonic::{Code, Request, Status, service::Interceptor, transport::Channel};

/// A deadline that a test that expects an answer never reaches.
const AMPLE: Duration = Duration::from_secs(20);
/// A deadline that a test waits for.
const BRIEF: Duration = Duration::from_millis(120);
const OF_ONE: &str = "/holdfast.safeguarding.v1.ProtectionService/CheckAction";
const OF_MANY: &str = "/holdfast.safeguarding.v1.ProtectionService/BatchCheckActions";
const TO_CONFIRM: &str = "/holdfast.safeguarding.v1.ProtectionService/ConfirmAction";

fn question(award: &str) -> Question {
    Question {
        customer: "C-2001".to_owned(),
        benefit: Benefit::Pip,
        award: award.to_owned(),
        action: Action::Stop,
        ground: ActionGround::Unspecified,
        condition_known: false,
    }
}

fn client(channel: Channel) -> Client<impl Interceptor + Clone> {
    Client::new(channel, |request: Request<()>| Ok(request)).within(AMPLE)
}

fn permitted(question: Option<pb::Question>) -> pb::Answer {
    pb::Answer {
        decision: pb::Decision::Permitted.into(),
        decision_id: "0198-ab".to_owned(),
        valid_for: Some(prost_types::Duration { seconds: 5, nanos: 0 }),
        question,
        ..pb::Answer::default()
    }
}

fn replies(reply: &impl Message) -> Does {
    Does::Replies(sealed(&reply.encode_to_vec()))
}

/// Permits whatever is asked, as the contract says.
fn permits(call: &Call) -> Does {
    let message = call.message.as_slice();
    match call.path.as_str() {
        OF_ONE => {
            let answer = permitted(pb::CheckActionRequest::decode(message).unwrap().question);
            replies(&pb::CheckActionResponse { answer: Some(answer), ..pb::CheckActionResponse::default() })
        }
        OF_MANY => {
            let questions = pb::BatchCheckActionsRequest::decode(message).unwrap().questions;
            let answers = questions.into_iter().map(Some).map(permitted).collect();
            replies(&pb::BatchCheckActionsResponse { answers, ..pb::BatchCheckActionsResponse::default() })
        }
        TO_CONFIRM => {
            let answer = Some(permitted(pb::ConfirmActionRequest::decode(message).unwrap().question));
            let permit_expires_at = Some(prost_types::Timestamp::default());
            replies(&pb::ConfirmActionResponse { answer, permit_expires_at, ..pb::ConfirmActionResponse::default() })
        }
        other => panic!("{other} is not asked"),
    }
}

/// Does this to as many calls, then permits.
fn at_first(times: usize, does: impl Fn() -> Does + Send) -> impl FnMut(&Call) -> Does + Send {
    let mut done = 0;
    move |call| {
        done += 1;
        if done > times { permits(call) } else { does() }
    }
}

fn cause(verdict: Verdict) -> Cause {
    match verdict {
        Verdict::Prohibited(Why { cause, .. }) => cause,
        Verdict::Permitted(permission) => panic!("is permitted: {permission:?}"),
    }
}

#[tokio::test]
async fn each_way_of_asking_is_permitted_what_the_check_permits() {
    let (fake, channel) = Fake::start(permits).await;
    let client = client(channel);
    assert!(client.check(&question("A-1")).await.may_act());
    assert!(client.check_all(&[question("A-1"), question("A-2")]).await.iter().all(Verdict::may_act));
    assert!(client.confirm("run-1", &question("A-1")).await.may_act());
    let asked: Vec<_> = fake.calls().into_iter().map(|call| call.path).collect();
    assert_eq!(asked, [OF_ONE, OF_MANY, TO_CONFIRM]);
    assert!(asked.iter().all(|path| path[1..].starts_with(served::SERVICE_NAME)));
}

#[tokio::test]
async fn every_attempt_says_who_asks_and_how_long_it_may_take() {
    let (fake, channel) = Fake::start(at_first(1, || Does::Refuses(Code::Unavailable))).await;
    let introduce = |mut request: Request<()>| {
        request.metadata_mut().insert("authorization", "Bearer payments".parse().unwrap());
        Ok(request)
    };
    assert!(Client::new(channel, introduce).within(AMPLE).check(&question("A-1")).await.may_act());
    let calls = fake.calls();
    assert_eq!(calls.len(), 2);
    for call in calls {
        assert_eq!(call.metadata.get("authorization").unwrap(), "Bearer payments");
        // Half of the whole, so that an attempt that hangs leaves time for another.
        assert_eq!(call.metadata.get("grpc-timeout").unwrap(), "10000000u");
    }
}

/// A server whose database does not answer says so after a second and a quarter at most.
#[tokio::test]
async fn an_attempt_lasts_until_a_server_has_said_that_it_cannot_verify() {
    for (deadline, attempt) in [(None, "1500000u"), (Some(Duration::from_secs(1)), "500000u")] {
        let (fake, channel) = Fake::start(permits).await;
        let asks = Client::new(channel, |request: Request<()>| Ok(request));
        let asks = deadline.map_or(asks.clone(), |deadline| asks.within(deadline));
        assert!(asks.check(&question("A-1")).await.may_act());
        assert_eq!(fake.calls()[0].metadata.get("grpc-timeout").unwrap(), attempt);
    }
}

#[tokio::test]
async fn who_cannot_say_who_they_are_is_permitted_nothing() {
    let (fake, channel) = Fake::start(permits).await;
    let unknown = http::HeaderMap::from_iter([("grpc-status".parse().unwrap(), "16".parse().unwrap())]);
    let client = Client::new(channel, move |_: Request<()>| {
        Err::<Request<()>, _>(Status::from_header_map(&unknown).expect("a status"))
    });
    assert_eq!(cause(client.check(&question("A-1")).await), Cause::NoAnswer(Code::Unauthenticated));
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn what_may_pass_is_asked_again_and_what_will_not_is_not() {
    let passes = [Code::Unavailable, Code::ResourceExhausted, Code::Aborted, Code::DeadlineExceeded, Code::Cancelled];
    for code in (1..=16).map(Code::from_i32) {
        let (fake, channel) = Fake::start(at_first(2, move || Does::Refuses(code))).await;
        let verdict = client(channel).check(&question("A-1")).await;
        if passes.contains(&code) {
            assert!(verdict.may_act(), "{code:?}");
            assert_eq!(fake.calls().len(), 3, "{code:?}");
        } else {
            assert_eq!(cause(verdict), Cause::NoAnswer(code));
            assert_eq!(fake.calls().len(), 1, "{code:?}");
        }
    }
}

#[tokio::test]
async fn asking_again_ends() {
    let (fake, channel) = Fake::start(|_: &Call| Does::Refuses(Code::Unavailable)).await;
    let client = client(channel);
    assert_eq!(cause(client.check(&question("A-1")).await), Cause::NoAnswer(Code::Unavailable));
    assert_eq!(fake.calls().len(), 4);
    // Where everything fails, calls soon go out once each.
    for _ in 0..6 {
        assert!(!client.clone().check(&question("A-1")).await.may_act());
    }
    assert_eq!(fake.calls().len(), 7 + 10, "7 calls, and the repeats there are to begin with");
}

#[tokio::test]
async fn an_attempt_that_hangs_leaves_time_for_another() {
    let (fake, channel) = Fake::start(at_first(1, || Does::Hangs)).await;
    let verdict = client(channel).within(Duration::from_secs(1)).check(&question("A-1")).await;
    assert!(verdict.may_act());
    assert_eq!(fake.calls().len(), 2);
}

#[tokio::test]
async fn a_check_that_never_answers_prohibits_when_the_time_is_up() {
    let (_fake, channel) = Fake::start(|_: &Call| Does::Hangs).await;
    let client = client(channel).within(BRIEF);
    let mut verdicts = client.check_all(&[question("A-1"), question("A-2")]).await;
    verdicts.push(client.check(&question("A-1")).await);
    assert_eq!(verdicts.len(), 3);
    for verdict in verdicts {
        // The client, its transport and the server all watch the time; the transport says it in its own way.
        let cause = cause(verdict);
        assert!(matches!(cause, Cause::NoAnswer(Code::DeadlineExceeded | Code::Cancelled)), "{cause:?}");
    }
}

#[tokio::test]
async fn nobody_there_prohibits() {
    // A port that was free a moment ago, and that nobody listens on.
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let channel = Channel::from_shared(format!("http://{gone}")).unwrap().connect_lazy();
    assert_eq!(cause(client(channel).check(&question("A-1")).await), Cause::NoAnswer(Code::Unavailable));
}

#[tokio::test]
async fn an_answer_that_was_long_on_its_way_prohibits() {
    let (_fake, channel) = Fake::start(|call: &Call| {
        let asked = pb::CheckActionRequest::decode(call.message.as_slice()).unwrap().question;
        let valid_for = Some(prost_types::Duration { seconds: 0, nanos: 1 });
        let answer = Some(pb::Answer { valid_for, ..permitted(asked) });
        replies(&pb::CheckActionResponse { answer, ..pb::CheckActionResponse::default() })
    })
    .await;
    assert_eq!(cause(client(channel).check(&question("A-1")).await), Cause::Doubted(Doubt::TooLate));
}

/// Lets so much time pass on the real clock: an attempt that hangs until its time is up.
const HALF: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_check_counts_from_the_attempt_that_was_answered_and_a_confirmation_from_the_first() {
    let (_fake, channel) = Fake::start(at_first(1, || Does::Hangs)).await;
    let Verdict::Permitted(checked) = client(channel).within(2 * HALF).check(&question("A-1")).await else {
        panic!("is permitted")
    };
    let (_fake, channel) = Fake::start(at_first(1, || Does::Hangs)).await;
    let began = holdfast_protection_client::BootTime::now();
    let confirmed = client(channel).within(2 * HALF).confirm("run-1", &question("A-1")).await;
    let Verdict::Permitted(confirmed) = confirmed else { panic!("is permitted") };
    let whole = Duration::from_secs(5);
    assert!(confirmed.expires().since(began).unwrap() < whole + HALF);
    assert!(confirmed.expires().since(checked.expires()).unwrap() < HALF, "the check's second attempt came before");
}

#[tokio::test]
async fn a_confirmation_is_repeated_under_its_request_id() {
    let (fake, channel) = Fake::start(at_first(2, || Does::Refuses(Code::Unavailable))).await;
    assert!(client(channel).confirm("run-7", &question("A-1")).await.may_act());
    let calls = fake.calls();
    assert_eq!(calls.len(), 3);
    for call in calls {
        let request = pb::ConfirmActionRequest::decode(call.message.as_slice()).unwrap();
        assert_eq!((request.request_id.as_str(), request.validate_only), ("run-7", false));
    }
}

#[tokio::test]
async fn many_questions_are_asked_in_batches_and_a_batch_that_fails_prohibits_its_own() {
    let mut seen = 0;
    let (fake, channel) = Fake::start(move |call: &Call| {
        seen += 1;
        if seen == 2 { Does::Refuses(Code::Internal) } else { permits(call) }
    })
    .await;
    let questions: Vec<_> = (0..2 * MOST + 1).map(|number| question(&format!("A-{number}"))).collect();
    let may_act: Vec<_> = client(channel).check_all(&questions).await.iter().map(Verdict::may_act).collect();
    let expected = [vec![true; MOST], vec![false; MOST], vec![true]].concat();
    assert_eq!(may_act, expected);
    let of_call = |call: &Call| pb::BatchCheckActionsRequest::decode(call.message.as_slice()).unwrap().questions.len();
    assert_eq!(fake.calls().iter().map(of_call).collect::<Vec<_>>(), [MOST, MOST, 1]);
}

#[tokio::test]
async fn nothing_asked_is_nothing_sent() {
    let (fake, channel) = Fake::start(permits).await;
    assert!(client(channel).check_all(&[]).await.is_empty());
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn a_batch_with_answers_missing_too_many_or_out_of_place_prohibits_everything() {
    let rearranged: [fn(&mut Vec<pb::Answer>); 4] = [
        |answers| answers.truncate(2),
        |answers| answers.push(answers[0].clone()),
        Vec::clear,
        |answers| answers.swap(0, 2),
    ];
    for rearrange in rearranged {
        let (_fake, channel) = Fake::start(move |call: &Call| {
            let questions = pb::BatchCheckActionsRequest::decode(call.message.as_slice()).unwrap().questions;
            let mut answers = questions.into_iter().map(Some).map(permitted).collect();
            rearrange(&mut answers);
            replies(&pb::BatchCheckActionsResponse { answers, ..pb::BatchCheckActionsResponse::default() })
        })
        .await;
        let verdicts = client(channel).check_all(&[question("A-1"), question("A-2"), question("A-3")]).await;
        assert_eq!(verdicts.len(), 3);
        for verdict in verdicts {
            assert!(matches!(cause(verdict), Cause::Doubted(Doubt::AnswersMiscounted | Doubt::AnotherQuestion)));
        }
    }
}

#[tokio::test]
async fn an_answer_to_somebody_elses_question_prohibits() {
    let (_fake, channel) = Fake::start(|_: &Call| {
        let echo = pb::Question { action: 2, ..pb::Question::default() };
        let answer = Some(permitted(Some(echo)));
        replies(&pb::CheckActionResponse { answer, ..pb::CheckActionResponse::default() })
    })
    .await;
    assert_eq!(cause(client(channel).check(&question("A-1")).await), Cause::Doubted(Doubt::AnotherQuestion));
}

#[tokio::test]
async fn what_is_damaged_on_its_way_prohibits() {
    let damages: [fn(&mut Vec<u8>); 4] = [
        |reply| reply.truncate(reply.len() - 5),
        |reply| reply.truncate(reply.len() - 1),
        |reply| reply[8] ^= 1,
        |reply| reply.extend(reply.clone()),
    ];
    for damage in damages {
        let (_fake, channel) = Fake::start(move |call: &Call| {
            let Does::Replies(mut reply) = permits(call) else { panic!("it replies") };
            damage(&mut reply);
            Does::Replies(reply)
        })
        .await;
        let client = client(channel);
        let mut verdicts = client.check_all(&[question("A-1")]).await;
        verdicts.extend([client.check(&question("A-1")).await, client.confirm("run-1", &question("A-1")).await]);
        for verdict in verdicts {
            assert_eq!(cause(verdict), Cause::Doubted(Doubt::SealBroken));
        }
    }
}

#[tokio::test]
async fn whatever_else_answers_prohibits() {
    let sent: [fn() -> Does; 6] = [
        || Does::Replies(Vec::new()),
        || Does::Replies(b"<html>Sorry.</html>".to_vec()),
        || Does::Replies(vec![0xff; 40]),
        || Does::SendsPage(200),
        || Does::SendsPage(404),
        || Does::SendsPage(503),
    ];
    for (at, send) in sent.iter().enumerate() {
        let send = *send;
        let (_fake, channel) = Fake::start(move |_: &Call| send()).await;
        let client = client(channel);
        let mut verdicts = client.check_all(&[question("A-1")]).await;
        verdicts.extend([client.check(&question("A-1")).await, client.confirm("run-1", &question("A-1")).await]);
        assert!(!verdicts.iter().any(Verdict::may_act), "{at}: {verdicts:?}");
    }
}
