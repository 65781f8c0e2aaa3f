//! The questions of payers, answered: one path for one question, for a batch and for a stream of them.
//!
//! ```text
//! requests ──► queue ──► lane: everything that waits ──► draft ──► one statement ──► answers ──► replies
//!                        lane: everything that waits by then ──► …
//! ```
//!
//! Requests wait in a queue for one of a few lanes. A lane takes everything that waits, drafts the answers from the copy
//! in memory, and sends one statement, which verifies the copy and journals what the draft would permit. While it is
//! on its way the next requests gather for the other lane: the more there is to do, the more is done at once, and nobody
//! waits for a timer. A statement can only serve requests that were taken before it was sent, as nobody else is in hand.
//!
//! Where the ledger has moved on, a second statement brings the copy on, and verifies it by that; what is permitted then
//! is journalled by a third, before it is answered. So a flush comes to its end however often holds are placed.

mod flush;
mod lane;
mod statement;
mod stream;

pub(crate) use lane::Check;
pub(super) use lane::PATIENCE;
pub(super) use statement::{Known, read_ledger};
pub(crate) use stream::{Answers, stream_check_actions};

use super::{Protection, seal::sealed};
use crate::convert::protection::{Cited, citations};
use holdfast_chassis::{Caller, Failure, Violation};
use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};
use tonic::{Request, Response, Status};

/// The most questions of a batch.
const MOST: usize = 1_000;

/// A request in the queue: its questions, who asks, and where its answers go.
pub(super) struct Waiting {
    questions: Vec<pb::Question>,
    is_batch: bool,
    /// When it came.
    since: Instant,
    /// With the room that the request takes up, which is given back once it has been answered.
    caller: Caller,
    reply: oneshot::Sender<Told>,
}

/// The answers to a request's questions, in their order, and the rules that they name.
pub(super) struct Told {
    answers: Vec<pb::Answer>,
    cited: Vec<Cited>,
}

/// The queue's end for requests.
pub(super) type Queue = mpsc::Sender<Waiting>;

/// Has questions answered.
async fn ask(queue: &Queue, caller: Caller, is_batch: bool, questions: Vec<pb::Question>) -> Result<Told, Failure> {
    let (reply, told) = oneshot::channel();
    queue.try_send(Waiting { questions, is_batch, since: Instant::now(), caller, reply }).map_err(|refused| {
        match refused {
            mpsc::error::TrySendError::Full(_) => Failure::Overloaded,
            mpsc::error::TrySendError::Closed(_) => Failure::Unavailable,
        }
    })?;
    told.await.map_err(|_| Failure::Unavailable)
}

/// `CheckAction`.
pub(crate) async fn check_action(
    protection: &Protection,
    request: Request<pb::CheckActionRequest>,
) -> Result<Response<pb::CheckActionResponse>, Status> {
    let caller = Caller::of(&request)?;
    let question = request.into_inner().question;
    let is_asked = question.is_some();
    let Told { mut answers, cited } =
        ask(protection.check.queue(), caller, false, vec![question.unwrap_or_default()]).await?;
    let answer = answers.pop().map(|answer| echoed(answer, is_asked));
    Ok(Response::new(sealed(pb::CheckActionResponse { answer, citations: citations(&cited), seal: 0 })))
}

/// An answer with the question as it was asked: where none was, none.
fn echoed(answer: pb::Answer, is_asked: bool) -> pb::Answer {
    if is_asked { answer } else { pb::Answer { question: None, ..answer } }
}

/// `BatchCheckActions`.
pub(crate) async fn batch_check_actions(
    protection: &Protection,
    request: Request<pb::BatchCheckActionsRequest>,
) -> Result<Response<pb::BatchCheckActionsResponse>, Status> {
    let caller = Caller::of(&request)?;
    let questions = request.into_inner().questions;
    if questions.is_empty() || questions.len() > MOST {
        let why = format!("has to be 1 to {MOST} questions");
        return Err(Failure::Invalid(vec![Violation { field: "questions".to_owned(), why }]).into());
    }
    let Told { answers, cited } = ask(protection.check.queue(), caller, true, questions).await?;
    Ok(Response::new(sealed(pb::BatchCheckActionsResponse { answers, citations: citations(&cited), seal: 0 })))
}
