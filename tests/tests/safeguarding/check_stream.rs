//! Questions that come as a stream.

use crate::check_support::{Payer, hold, question};
use futures::{StreamExt, TryStreamExt, stream};
use holdfast_contracts::holdfast::safeguarding::v1::{
    Decision, Question, ReasonKind, StreamCheckActionsRequest, StreamCheckActionsResponse,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Streaming};

async fn answers(
    payer: &Payer,
    questions: impl futures::Stream<Item = StreamCheckActionsRequest> + Send + 'static,
) -> Streaming<StreamCheckActionsResponse> {
    let asked = payer.protection().stream_check_actions(payer.by_payments(questions)).await;
    asked.expect("a stream").into_inner()
}

fn asks(question: Question) -> StreamCheckActionsRequest {
    StreamCheckActionsRequest { question: Some(question) }
}

#[tokio::test]
async fn a_stream_is_answered_in_its_order_and_tells_what_a_rule_says_once() {
    const QUESTIONS: usize = 2_000;
    let payer = Payer::new().await;
    payer.place(hold("HF-7K3M-9QXW-2D4F", "C-0", "A-0")).await;
    let asked: Vec<_> = (0..QUESTIONS).map(|n| question(&format!("C-{}", n % 3), &format!("A-{}", n % 3))).collect();
    let told = answers(&payer, stream::iter(asked.clone()).map(asks)).await;
    let told: Vec<_> = told.try_collect().await.expect("answers");
    assert_eq!(told.len(), QUESTIONS);
    for (place, (told, question)) in told.iter().zip(&asked).enumerate() {
        let answer = told.answer.as_ref().expect("an answer");
        assert_eq!(answer.question.as_ref(), Some(question));
        let held = place % 3 == 0;
        assert_eq!(answer.decision() == Decision::Prohibited, held, "{answer:?}");
        assert_eq!(told.citations.is_empty(), place != 0, "only the first answer tells what its rules say");
    }
    let cited: Vec<_> = told[0].citations.iter().map(|citation| citation.rule.as_str()).collect();
    assert_eq!(cited, ["PIP-6", "R-HOLD-FROM"]);
    payer.end().await;
}

#[tokio::test]
async fn each_question_of_a_stream_is_answered_by_the_ledger_as_it_is_by_then() {
    let payer = Payer::new().await;
    let (ask, questions) = mpsc::channel(1);
    let mut told = answers(&payer, ReceiverStream::new(questions)).await;
    let mut next = async |question: Option<Question>| {
        ask.send(StreamCheckActionsRequest { question }).await.expect("it is asked");
        told.message().await.expect("a message").expect("an answer").answer.expect("an answer")
    };
    let asked = question("C-1", "A-1");
    assert_eq!(next(Some(asked.clone())).await.decision(), Decision::Permitted);
    payer.place(hold("HF-7K3M-9QXW-2D4F", "C-1", "A-1")).await;
    assert_eq!(next(Some(asked)).await.decision(), Decision::Prohibited);
    let unasked = next(None).await;
    assert_eq!((unasked.question, unasked.reasons[0].kind()), (None, ReasonKind::NotRecognised));
    assert_eq!(unasked.reasons[0].fields[0], "question.award.customer");
    drop(ask);
    assert!(told.message().await.expect("no fault").is_none(), "it ends when its caller ends it");
    payer.end().await;
}

#[tokio::test]
async fn a_stream_ends_with_the_server() {
    let payer = Payer::new().await;
    let (ask, questions) = mpsc::channel(1);
    let mut told = answers(&payer, ReceiverStream::new(questions)).await;
    ask.send(asks(question("C-1", "A-1"))).await.expect("it is asked");
    assert!(told.message().await.expect("a message").is_some());
    let ends = async { told.message().await };
    let ((), ended) = tokio::join!(payer.end(), ends);
    assert!(ended.as_ref().map_or_else(|status| status.code() == Code::Unknown, Option::is_none), "{ended:?}");
    drop(ask);
}
