//! Questions that come as a stream.

use super::{Queue, Told, ask, echoed};
use crate::{
    convert::protection::Cited,
    protection::{Protection, seal::sealed},
};
use futures::{
    FutureExt, StreamExt,
    stream::{self, BoxStream, ReadyChunks},
};
use holdfast_chassis::{Caller, gate::tonics_own_refusal};
use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use holdfast_procedure::Rule;
use holdfast_store::{Store, wire};
use std::time::Duration;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until, timeout},
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

/// How many questions of a stream are answered together, at most: what has come by then.
const TOGETHER: usize = 512;
/// How long questions are waited for that are expected.
const A_MOMENT: Duration = Duration::from_millis(1);
/// How many times that may wait for a slow reader before nothing more is read from it.
const AHEAD: usize = 2;
/// How long a stream lasts, so that servers that come back get their share.
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// For how long, once that is over or the server stops, what has been asked already is still answered: whoever asks on with
/// every answer does not keep the server from stopping.
const LAST: Duration = Duration::from_secs(1);
/// How long a reader may take no answer before the stream is ended: it holds room that others wait for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The answers of a stream, in the order of its questions.
pub(crate) type Answers = BoxStream<'static, Answer>;

type Answer = Result<pb::StreamCheckActionsResponse, Status>;
type Asked = Result<pb::StreamCheckActionsRequest, Status>;
type Chunks = ReadyChunks<Streaming<pb::StreamCheckActionsRequest>>;

/// `StreamCheckActions`.
pub(crate) fn stream_check_actions(
    protection: &Protection,
    request: Request<Streaming<pb::StreamCheckActionsRequest>>,
) -> Result<Response<Answers>, Status> {
    let caller = Caller::of(&request)?;
    let (answers, told) = mpsc::channel(AHEAD);
    let stream = Stream { queue: protection.check.queue().clone(), caller, answers, named: Vec::new() };
    tokio::spawn(stream.go(protection.store.clone(), request.into_inner()));
    Ok(Response::new(ReceiverStream::new(told).flat_map(stream::iter).boxed()))
}

/// Adds what comes while fewer are there than are expected, a moment long: those that were answered last are asked again
/// by whoever keeps so many under way.
async fn gather(questions: &mut Chunks, asked: &mut Vec<Asked>, expected: usize) {
    let coming = async {
        while asked.len() < expected
            && let Some(more) = questions.next().await
        {
            asked.extend(more);
        }
    };
    // What has not come by then is asked with the next.
    let _ = timeout(A_MOMENT, coming).await;
}

/// A stream under way.
struct Stream {
    queue: Queue,
    caller: Caller,
    /// Takes all the answers of one go at once.
    answers: mpsc::Sender<Vec<Answer>>,
    /// The rules that an answer of the stream has named.
    named: Vec<&'static Rule>,
}

impl Stream {
    /// Answers until the caller ends, or the server, or the time is up. What has come by then is answered.
    async fn go(mut self, store: Store, questions: Streaming<pb::StreamCheckActionsRequest>) {
        let until = Instant::now() + LONGEST;
        let mut questions = questions.ready_chunks(TOGETHER);
        let (mut asked, mut expected, mut over) = (Vec::new(), 0, None);
        loop {
            if asked.is_empty() {
                asked = tokio::select! {
                    biased;
                    // What is there already goes before the end.
                    asked = questions.next() => match asked {
                        Some(asked) => asked,
                        None => return,
                    },
                    () = store.stopping() => return,
                    () = sleep_until(until) => return,
                    () = self.answers.closed() => return,
                };
            }
            if asked.len() < expected {
                gather(&mut questions, &mut asked, expected).await;
            }
            let (answers, is_broken) = self.answer(std::mem::take(&mut asked)).await;
            // Whoever keeps so many questions under way has asked some of them meanwhile, and asks as many again as are
            // answered now. Nearly all of them are waited for: a statement's price hardly depends on how many it serves.
            asked = questions.next().now_or_never().flatten().unwrap_or_default();
            expected = ((answers.len() + asked.len()) * 15 / 16).min(TOGETHER);
            let taken = timeout(PATIENCE, self.answers.send(answers)).await;
            if over.is_none() && (Instant::now() > until || store.stopping().now_or_never().is_some()) {
                over = Some(Instant::now());
            }
            let is_done = over.is_some_and(|over| asked.is_empty() || over.elapsed() > LAST);
            if is_broken || is_done || !matches!(taken, Ok(Ok(()))) {
                return;
            }
        }
    }

    /// The answers to what has come, and whether nothing more is to follow.
    async fn answer(&mut self, asked: Vec<Asked>) -> (Vec<Answer>, bool) {
        let (mut questions, mut is_asked, mut broken) = (Vec::with_capacity(asked.len()), Vec::new(), None);
        for question in asked {
            match question {
                Ok(request) => {
                    is_asked.push(request.question.is_some());
                    questions.push(request.question.unwrap_or_default());
                }
                Err(status) => broken = Some(tonics_own_refusal(&status, true).map_or(status, Status::from)),
            }
        }
        let mut answers = Vec::new();
        if !questions.is_empty() {
            match ask(&self.queue, self.caller.clone(), false, questions).await {
                Ok(told) => answers = self.tell(told, &is_asked),
                Err(failure) => broken = Some(failure.into()),
            }
        }
        let is_broken = broken.is_some();
        answers.extend(broken.map(Err));
        (answers, is_broken)
    }

    /// Each answer with those of its rules that no answer of the stream has named before.
    fn tell(&mut self, told: Told, is_asked: &[bool]) -> Vec<Answer> {
        let Told { answers, cited } = told;
        let is_new = |(_, rule): &Cited| !self.named.iter().any(|named| std::ptr::eq(*named, *rule));
        let new: Vec<Cited> = cited.into_iter().filter(is_new).collect();
        self.named.extend(new.iter().map(|(_, rule)| *rule));
        let mut new = new.into_iter().peekable();
        let told = answers.into_iter().zip(is_asked).enumerate().map(|(place, (answer, is_asked))| {
            let mut citations = Vec::new();
            while let Some((_, rule)) = new.next_if(|(first, _)| *first == place) {
                citations.push(wire::citation(rule));
            }
            let answer = Some(echoed(answer, *is_asked));
            Ok(sealed(pb::StreamCheckActionsResponse { answer, citations, seal: 0 }))
        });
        told.collect()
    }
}
