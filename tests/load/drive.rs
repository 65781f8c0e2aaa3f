//! Callers that ask as fast as they are answered, and hold every answer against what is known.

use crate::{
    Fault,
    awards::{Awards, Chance, Subject},
};
use futures::StreamExt;
use holdfast_chassis::serve::LARGEST_REPLY;
use holdfast_contracts::holdfast::safeguarding::v1::{
    Answer, BatchCheckActionsRequest, CheckActionRequest, StreamCheckActionsRequest,
    protection_service_client::ProtectionServiceClient,
};
use holdfast_tests::mesh::HEADER;
use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, metadata::AsciiMetadataValue, transport::Channel};

/// Callers of single questions at once.
const CALLERS: usize = 64;
/// Callers of batches at once, and questions in each.
const BATCHES: (usize, usize) = (8, 1_000);
/// Questions of a stream that wait for an answer.
const WINDOW: usize = 256;
/// Wrong answers that are told in full.
const TOLD: usize = 5;

/// How questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Mode {
    /// One a call.
    Unary,
    /// A thousand a call.
    Batch,
    /// All in one call, answered in turn.
    Stream,
}

impl Mode {
    pub(crate) const ALL: [Self; 3] = [Self::Unary, Self::Batch, Self::Stream];

    /// What the check is to reach of the echo's cheapness, in percent.
    pub(crate) fn target(self) -> f64 {
        match self {
            Self::Unary => 80.0,
            Self::Batch => 50.0,
            Self::Stream => 40.0,
        }
    }

    /// Questions in one request.
    pub(crate) fn questions(self) -> u64 {
        match self {
            Self::Unary | Self::Stream => 1,
            Self::Batch => BATCHES.1 as u64,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unary => "unary, 64 callers",
            Self::Batch => "batches of 1,000, 8 callers",
            Self::Stream => "one stream, window 256",
        })
    }
}

/// What callers found.
#[derive(Default)]
pub(crate) struct Found {
    /// Questions that were answered.
    pub(crate) answered: AtomicU64,
    /// Bytes of the answers, without what they cite.
    pub(crate) bytes: AtomicU64,
    /// Answers that were wrong, refusals to answer included.
    pub(crate) wrong: AtomicU64,
    told: Mutex<Vec<String>>,
    stop: AtomicBool,
}

impl Found {
    /// Has the callers end once they are answered.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    fn judge(&self, asked: Subject, answer: Option<&Answer>) {
        if let Some(fault) = asked.fault_of(answer) {
            self.wrong(fault);
        }
        self.bytes.fetch_add(answer.map_or(0, prost::Message::encoded_len) as u64, Ordering::Relaxed);
        self.answered.fetch_add(1, Ordering::Relaxed);
    }

    fn wrong(&self, fault: String) {
        self.wrong.fetch_add(1, Ordering::Relaxed);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < TOLD {
            told.push(fault);
        }
    }

    /// The first wrong answers, in full.
    pub(crate) fn told(&self) -> Vec<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A server, as the payers' system reaches it.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) channels: Vec<Channel>,
    pub(crate) tokens: Vec<AsciiMetadataValue>,
}

impl Server {
    fn client(&self, caller: usize) -> ProtectionServiceClient<Channel> {
        ProtectionServiceClient::new(self.channels[caller % self.channels.len()].clone())
            .max_decoding_message_size(LARGEST_REPLY)
    }

    /// A request as it arrives from the mesh's proxy, which has vouched for the payers' system.
    pub(crate) fn request<T>(&self, caller: usize, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert(HEADER, AsciiMetadataValue::from_static("payments.mesh"));
        request.metadata_mut().insert("authorization", self.tokens[caller % self.tokens.len()].clone());
        request
    }
}

/// Asks in one way until stopped.
pub(crate) async fn drive(
    mode: Mode,
    server: Server,
    awards: Arc<Awards>,
    found: Arc<Found>,
    seed: u64,
) -> Result<(), Fault> {
    let mut callers = JoinSet::new();
    let how_many = match mode {
        Mode::Unary => CALLERS,
        Mode::Batch => BATCHES.0,
        Mode::Stream => 1,
    };
    for caller in 0..how_many {
        let (server, awards, found) = (server.clone(), Arc::clone(&awards), Arc::clone(&found));
        let chance = Chance::seeded(seed.wrapping_mul(1_000).wrapping_add(caller as u64));
        callers.spawn(async move {
            let caller = Caller { number: caller, server, awards, found, chance };
            match mode {
                Mode::Unary => caller.one_by_one().await,
                Mode::Batch => caller.in_batches().await,
                Mode::Stream => caller.in_a_stream().await,
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended?;
    }
    Ok(())
}

struct Caller {
    number: usize,
    server: Server,
    awards: Arc<Awards>,
    found: Arc<Found>,
    chance: Chance,
}

impl Caller {
    fn next(&mut self) -> Subject {
        self.awards.any(&mut self.chance)
    }

    async fn one_by_one(mut self) {
        let mut client = self.server.client(self.number);
        while self.found.goes_on() {
            let asked = self.next();
            let request = self.server.request(self.number, CheckActionRequest { question: Some(asked.question()) });
            match client.check_action(request).await {
                Ok(reply) => self.found.judge(asked, reply.get_ref().answer.as_ref()),
                Err(status) => self.found.wrong(status.to_string()),
            }
        }
    }

    async fn in_batches(mut self) {
        let mut client = self.server.client(self.number);
        while self.found.goes_on() {
            let asked: Vec<_> = (0..BATCHES.1).map(|_| self.next()).collect();
            let questions = asked.iter().map(|asked| asked.question()).collect();
            let request = self.server.request(self.number, BatchCheckActionsRequest { questions });
            match client.batch_check_actions(request).await {
                Ok(reply) => {
                    let reply = reply.into_inner();
                    for (place, asked) in asked.iter().enumerate() {
                        self.found.judge(*asked, reply.answers.get(place));
                    }
                }
                Err(status) => self.found.wrong(status.to_string()),
            }
        }
    }

    /// Keeps a window of questions open. Where the stream breaks, that is a wrong answer and the end.
    async fn in_a_stream(mut self) {
        let (ask, asking) = mpsc::channel(WINDOW);
        let mut open = VecDeque::with_capacity(WINDOW);
        let mut client = self.server.client(self.number);
        let mut ask = Some(ask);
        self.fill(&mut open, ask.as_ref());
        let request = self.server.request(self.number, ReceiverStream::new(asking));
        let mut answers = match client.stream_check_actions(request).await {
            Ok(answers) => answers.into_inner(),
            Err(status) => return self.found.wrong(status.to_string()),
        };
        while let Some(answer) = answers.next().await {
            let (Ok(answer), Some(asked)) = (answer, open.pop_front()) else {
                return self.found.wrong("the stream broke".to_owned());
            };
            self.found.judge(asked, answer.answer.as_ref());
            if !self.found.goes_on() {
                ask = None;
            }
            self.fill(&mut open, ask.as_ref());
        }
        if !open.is_empty() {
            self.found.wrong(format!("{} questions were not answered", open.len()));
        }
    }

    fn fill(&mut self, open: &mut VecDeque<Subject>, ask: Option<&mpsc::Sender<StreamCheckActionsRequest>>) {
        let Some(ask) = ask else { return };
        while open.len() < WINDOW {
            let asked = self.next();
            let question = StreamCheckActionsRequest { question: Some(asked.question()) };
            if ask.try_send(question).is_err() {
                return;
            }
            open.push_back(asked);
        }
    }
}
