//! Asking, and asking again.

use crate::{
    boot::BootTime,
    judge::{judge, judge_all, judge_confirmed},
    question::Question,
    verdict::{Cause, Verdict, Why},
    wire::Wire,
};
use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use prost::{Message, bytes::Bytes};
use std::{
    error::Error,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tonic::{
    Code, Request, Status,
    client::Grpc,
    codegen::{InterceptedService, http::uri::PathAndQuery},
    service::Interceptor,
    transport::Channel,
};

/// Questions that are asked at a time, at most.
pub const MOST: usize = 1_000;
/// How long asking takes at most, with all its repeats.
const DEADLINE: Duration = Duration::from_secs(2);
/// How long an attempt lasts at least, where the deadline leaves time beside it: a server whose database does not answer says so
/// after a second and a quarter, and who has given up by then never hears it.
const HEARD_WITHIN: Duration = Duration::from_millis(1_500);
/// How often something is asked at most.
const ATTEMPTS: u32 = 4;
/// The pause before the first repeat, at most; it doubles with each.
const PAUSE: Duration = Duration::from_millis(50);

/// Asks the protection check. Clones share their connection and what they may repeat.
#[derive(Debug, Clone)]
pub struct Client<I> {
    channel: Channel,
    introduce: I,
    deadline: Duration,
    budget: Arc<Budget>,
}

impl<I: Interceptor + Clone> Client<I> {
    /// A client that asks over `channel`. `introduce` sees every attempt before it is sent and says who asks: it puts
    /// the workload's token into the metadata, or nothing where a mesh names the caller. An error of its own prohibits.
    #[must_use]
    pub fn new(channel: Channel, introduce: I) -> Self {
        Self { channel, introduce, deadline: DEADLINE, budget: Arc::default() }
    }

    /// The same client, with another deadline for each question, batch or confirmation, repeats included.
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Whether an action may be taken now.
    pub async fn check(&self, question: &Question) -> Verdict {
        let request = pb::CheckActionRequest { question: Some(question.to_wire()) };
        let path = PathAndQuery::from_static("/holdfast.safeguarding.v1.ProtectionService/CheckAction");
        match self.ask(&path, &request).await {
            Ok(Answered { reply, last: asked, .. }) => judge(question, &reply, asked, BootTime::now()),
            Err(code) => unanswered(code),
        }
    }

    /// Whether each of these may be taken now: one verdict for each question, in their order. More than [`MOST`] are
    /// asked in batches, one after the other and each with the whole deadline, so that the first permissions may have
    /// expired when the last come. A batch that fails prohibits its own questions only.
    #[must_use = "an action that is prohibited must not be taken"]
    pub async fn check_all(&self, questions: &[Question]) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(questions.len());
        for batch in questions.chunks(MOST) {
            verdicts.extend(self.check_batch(batch).await);
        }
        verdicts
    }

    async fn check_batch(&self, batch: &[Question]) -> Vec<Verdict> {
        let request = pb::BatchCheckActionsRequest { questions: batch.iter().map(Question::to_wire).collect() };
        let path = PathAndQuery::from_static("/holdfast.safeguarding.v1.ProtectionService/BatchCheckActions");
        match self.ask(&path, &request).await {
            Ok(Answered { reply, last: asked, .. }) => judge_all(batch, &reply, asked, BootTime::now()),
            Err(code) => batch.iter().map(|_| unanswered(code)).collect(),
        }
    }

    /// Whether an action may be taken, by asking every service that can protect the award at this moment; a permit is
    /// written that a hold can still recall. `request_id` is the caller's name for this one act, 1 to 64 letters,
    /// digits and `. _ -`: every repeat, of the client's or the caller's own, goes under the same one. Act on a
    /// confirmation only, where it is about stopping a payment.
    pub async fn confirm(&self, request_id: &str, question: &Question) -> Verdict {
        let request = pb::ConfirmActionRequest {
            request_id: request_id.to_owned(),
            question: Some(question.to_wire()),
            ..pb::ConfirmActionRequest::default()
        };
        let path = PathAndQuery::from_static("/holdfast.safeguarding.v1.ProtectionService/ConfirmAction");
        match self.ask(&path, &request).await {
            // A repeat may be given the permit of the first attempt: it is no younger than that.
            Ok(Answered { reply, first: asked, .. }) => judge_confirmed(question, &reply, asked, BootTime::now()),
            Err(code) => unanswered(code),
        }
    }

    /// Asks until there is a reply, or an error that asking again does not help, or the time or the budget is used up.
    async fn ask(&self, path: &PathAndQuery, request: &impl Message) -> Result<Answered, Code> {
        let request = Bytes::from(request.encode_to_vec());
        self.budget.called();
        let first = BootTime::now();
        let left = || self.deadline.saturating_sub(BootTime::now().since(first).unwrap_or(Duration::MAX));
        let within = if self.deadline > HEARD_WITHIN { HEARD_WITHIN.max(self.deadline / 2) } else { self.deadline / 2 };
        let (mut attempt, mut last) = (1, first);
        loop {
            let refused = match self.attempt(path, request.clone(), within.min(left())).await {
                Ok(reply) => return Ok(Answered { reply, first, last }),
                Err(refused) => refused,
            };
            let pause = pause(attempt);
            let may_repeat = refused.passes && attempt < ATTEMPTS && pause < left() && self.budget.takes_repeat();
            if !may_repeat {
                return Err(refused.code);
            }
            tokio::time::sleep(pause).await;
            (attempt, last) = (attempt + 1, BootTime::now());
        }
    }

    /// Asks once. An attempt that hangs leaves time for another.
    async fn attempt(&self, path: &PathAndQuery, request: Bytes, within: Duration) -> Result<Bytes, Refused> {
        let mut request = Request::new(request);
        request.set_timeout(within);
        let mut grpc = Grpc::new(InterceptedService::new(self.channel.clone(), self.introduce.clone()));
        let called = async {
            grpc.ready().await.map_err(|_| Refused { code: Code::Unavailable, passes: true })?;
            let reply = grpc.unary(request, path.clone(), Wire).await;
            reply.map(tonic::Response::into_inner).map_err(|status| Refused::of(&status))
        };
        let timed_out = Refused { code: Code::DeadlineExceeded, passes: true };
        tokio::time::timeout(within, called).await.unwrap_or(Err(timed_out))
    }
}

/// A reply, and from when on it counts.
struct Answered {
    reply: Bytes,
    /// Before the first attempt.
    first: BootTime,
    /// Before the attempt that was answered.
    last: BootTime,
}

/// Why an attempt failed, and whether another may not.
struct Refused {
    code: Code,
    passes: bool,
}

impl Refused {
    fn of(status: &Status) -> Self {
        // A status that has a source was made on this side: the connection failed. `Cancelled` is what a
        // transport says when time is up, and what is left of a call that a server dropped when it stopped.
        let passes = match status.code() {
            Code::Unavailable | Code::ResourceExhausted | Code::Aborted | Code::DeadlineExceeded | Code::Cancelled => {
                true
            }
            Code::Ok
            | Code::Unknown
            | Code::InvalidArgument
            | Code::NotFound
            | Code::AlreadyExists
            | Code::PermissionDenied
            | Code::FailedPrecondition
            | Code::OutOfRange
            | Code::Unimplemented
            | Code::Internal
            | Code::DataLoss
            | Code::Unauthenticated => status.source().is_some(),
        };
        Self { code: status.code(), passes }
    }
}

/// How many repeats the client may still make. Where most calls fail, repeats would only be load: for every ten calls
/// there is one, beside ten to begin with.
#[derive(Debug)]
struct Budget(AtomicU32);

impl Budget {
    /// What a repeat takes out; a call puts in one.
    const REPEAT: u32 = 10;
    /// What it holds at most.
    const FULL: u32 = 100;

    fn called(&self) {
        self.change(|left| Some((left + 1).min(Self::FULL)));
    }

    fn takes_repeat(&self) -> bool {
        self.change(|left| left.checked_sub(Self::REPEAT))
    }

    fn change(&self, to: impl Fn(u32) -> Option<u32>) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, to).is_ok()
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }
}

/// A random pause after the failure of this attempt, so that many clients do not come back at once.
fn pause(attempt: u32) -> Duration {
    let most = PAUSE.saturating_mul(1 << attempt.min(ATTEMPTS));
    // The keys of a hasher are the standard library's chance.
    let chance = u32::try_from(RandomState::new().hash_one(attempt) >> 32).unwrap_or_default();
    most.mul_f64(f64::from(chance) / f64::from(u32::MAX))
}

fn unanswered(code: Code) -> Verdict {
    Verdict::Prohibited(Why::of(Cause::NoAnswer(code)))
}
