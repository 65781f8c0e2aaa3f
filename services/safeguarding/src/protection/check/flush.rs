//! One flush: the requests that were taken together, from their questions to their answers.

use super::{
    Told, Waiting,
    lane::{Flushing, Lane, Taken, Verdict, options},
    statement::{Keeping, keep, keep_if_current, read_ledger},
};
use crate::{
    convert::protection::{self as convert, Path},
    protection::{Protection, journal},
};
use holdfast_chassis::Failure;
use holdfast_procedure::protection::{
    Answer, Arrival, Draft, LedgerRead, Question, Reload, Revision, Unrecognised, Verification, answer as unverified,
};
use holdfast_store::DbFault;
use sqlx::{Connection, PgConnection};
use std::sync::Arc;
use tokio::time::Instant;
use uuid::Uuid;

/// How often a flush begins again after the ledger turned out to have changed. It changes seldom: more than this means
/// that something is wrong, and what is wrong must not keep a lane busy.
const ATTEMPTS: usize = 4;

/// A question with the place of its request in the order of arrival.
type Questions = Vec<(Arrival, Result<Question, Unrecognised>)>;

/// The answers to the questions of a flush, in their order, and where those that are permitted are journalled.
struct Answered {
    answers: Vec<Answer>,
    journalled: Journalled,
}

/// The answers, or else the revision of a copy that is not what the ledger is.
type Verified = Result<Answered, Option<Revision>>;

/// Where decisions are journalled: the rows, each with how many it holds, and the places of the questions among those of
/// the flush, in their order.
#[derive(Default)]
struct Journalled {
    rows: Vec<(Uuid, usize)>,
    places: Vec<usize>,
}

impl Journalled {
    /// The ids of the decisions, in their order.
    fn ids(&self) -> impl Iterator<Item = String> {
        self.rows.iter().flat_map(|(row, permitted)| {
            let row = row.simple().to_string();
            (0..*permitted).map(move |place| journal::decision_id(&row, place))
        })
    }
}

impl Lane {
    /// Answers requests. Whoever has gone meanwhile is answered in vain.
    pub(super) async fn flush(&mut self, protection: &Protection, taken: Taken) -> Verdict {
        let patience = taken.patience(Instant::now());
        let Taken { last, requests, questions: _, flushing } = taken;
        let questions: Questions = requests
            .iter()
            .flat_map(|(arrived, request)| request.questions.iter().map(|asked| (*arrived, convert::question(asked))))
            .collect();
        let verified = self.verified(protection, last, &requests, &questions);
        let (answered, verdict) = match tokio::time::timeout(patience, verified).await {
            Ok(Some(answered)) => (answered, Verdict::Verified),
            Ok(None) | Err(_) => {
                tracing::warn!("the ledger's database does not answer in time: everything is prohibited");
                (not_verified(protection, &questions), Verdict::Unverified)
            }
        };
        if let Some(Flushing(under_way)) = &flushing {
            let queue = protection.check.queue();
            under_way.answers(requests.len(), queue.max_capacity() - queue.capacity());
        }
        reply(requests, answered);
        // Those who have their answers may ask again at once, and are served together by the next one.
        drop(flushing);
        verdict
    }

    /// Drafts, verifies and journals until the copy turns out to be the ledger; `None` where it never does.
    async fn verified(
        &mut self,
        protection: &Protection,
        last: Arrival,
        requests: &[(Arrival, Waiting)],
        questions: &Questions,
    ) -> Option<Answered> {
        let copy = &protection.check.copy;
        for _ in 0..ATTEMPTS {
            let sent = Verification::send(last, &protection.proofs());
            let is_connected = self.connection.is_some();
            let verified = match draft(protection, sent, questions) {
                Some(draft) => self.verify(protection, draft, requests).await,
                None => Ok(Err(None)),
            };
            let verified = match verified {
                // The ledger has moved on.
                Ok(Err(Some(seen))) if copy.revision() == Some(seen) => {
                    self.verify_anew(protection, last, requests, questions).await
                }
                verified => verified,
            };
            match verified {
                Ok(Ok(answered)) => return Some(answered),
                Ok(Err(seen)) if copy.revision() == seen => read_anew(protection, seen).await.ok()?,
                // Somebody else has brought the copy on.
                Ok(Err(_)) => {}
                // A connection that nobody used for a while may be gone, and the database be there.
                Err(DbFault::Unavailable) if is_connected => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// Sends the statement that verifies a draft and journals what it would permit. A row that was written though its
    /// answers are not given out in the end says more than was permitted, never less.
    async fn verify(
        &mut self,
        protection: &Protection,
        draft: Draft,
        requests: &[(Arrival, Waiting)],
    ) -> Result<Verified, DbFault> {
        let (journalled, keeping) = keeping(protection, &draft, requests);
        let mut connection = self.connection(protection).await?;
        let read = match &keeping {
            Some(keeping) => keep_if_current(&mut connection, &mut self.known, keeping).await?,
            None => Some(read_ledger(&mut connection, &mut self.known).await?),
        };
        self.connection = Some(connection);
        let Some(read) = read else { return Ok(Err(Some(draft.revision()))) };
        Ok(returned(protection, draft, &read, journalled))
    }

    /// Brings the copy on, which verifies it, and journals afterwards: a ledger that changes all the time would never
    /// be the one that was drafted from by the time that a statement reaches it.
    async fn verify_anew(
        &mut self,
        protection: &Protection,
        last: Arrival,
        requests: &[(Arrival, Waiting)],
        questions: &Questions,
    ) -> Result<Verified, DbFault> {
        let copy = &protection.check.copy;
        let mut connection = self.connection(protection).await?;
        let (read, draft) = {
            let _alone = copy.catching_up.lock().await;
            let sent = Verification::send(last, &protection.proofs());
            let read = copy.catch_up(&mut connection).await?;
            (read, draft(protection, sent, questions))
        };
        let (Some(read), Some(draft)) = (read, draft) else {
            self.connection = Some(connection);
            return Ok(Err(copy.revision()));
        };
        let (journalled, keeping) = keeping(protection, &draft, requests);
        if let Some(keeping) = &keeping {
            keep(&mut connection, keeping).await?;
        }
        self.connection = Some(connection);
        Ok(returned(protection, draft, &read, journalled))
    }

    /// The lane's connection. What is dropped half-way, or fails, takes it along.
    async fn connection(&mut self, protection: &Protection) -> Result<PgConnection, DbFault> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => Ok(PgConnection::connect_with(&options(protection)).await?),
        }
    }
}

/// The answers as far as they can be told before the ledger is asked; `None` where there is no copy. What is proved after
/// `sent` may speak of holds that the ledger was given after it is read.
fn draft(protection: &Protection, sent: Verification, questions: &Questions) -> Option<Draft> {
    let asked = questions.iter().map(|(arrived, asked)| (*arrived, asked));
    protection.check.copy.with(|kept| sent.draft(kept, &protection.sources, asked, protection.ticks()))
}

/// What is to be journalled of a draft, and where it will be found.
fn keeping(protection: &Protection, draft: &Draft, requests: &[(Arrival, Waiting)]) -> (Journalled, Option<Keeping>) {
    let places: Vec<usize> = draft.to_journal().collect();
    let asked = requests.iter().map(|(_, request)| (&request.caller, request.questions.as_slice()));
    let rows = journal::rows(asked, &places);
    let journalled = Journalled { rows: rows.iter().map(|row| (row.id, row.permitted)).collect(), places };
    let (revision, at) = (draft.revision(), protection.store.clock().instead_of_database());
    let keeping = (!rows.is_empty()).then_some(Keeping { rows, revision, at });
    (journalled, keeping)
}

fn returned(protection: &Protection, draft: Draft, read: &LedgerRead, journalled: Journalled) -> Verified {
    let seen = draft.revision();
    let answers = draft.returned(read, protection.ticks()).map_err(|Reload| Some(seen))?;
    Ok(Answered { answers, journalled })
}

/// Reads the ledger as a whole, unless somebody else has brought the copy on from `seen` meanwhile. This may take longer
/// than any flush waits, and comes to its end all the same.
async fn read_anew(protection: &Protection, seen: Option<Revision>) -> Result<(), Failure> {
    let (copy, store) = (Arc::clone(&protection.check.copy), protection.store.clone());
    protection.store.in_own_task(async move { copy.read_anew(&store, seen).await }).await
}

/// The answers where the ledger's database did not answer.
fn not_verified(protection: &Protection, questions: &Questions) -> Answered {
    let now = protection.ticks();
    let given = |(arrived, asked): &(_, _)| unverified(asked, *arrived, None, &protection.sources, now);
    Answered { answers: questions.iter().map(given).collect(), journalled: Journalled::default() }
}

/// Gives each request its answers, which hold its questions as they were asked.
fn reply(requests: Vec<(Arrival, Waiting)>, answered: Answered) {
    let Answered { answers, journalled } = answered;
    let (mut answers, mut ids) = (answers.into_iter(), journalled.ids());
    let (mut all, mut kept) = (0.., journalled.places.iter().peekable());
    for (_, Waiting { questions, is_batch, since: _, caller: _, reply }) in requests {
        let mut cited = Vec::new();
        // As many answers as questions: zip asks for the former only once there is another of the latter.
        let told = questions.into_iter().enumerate().zip(answers.by_ref().zip(all.by_ref()));
        let told = told.map(|((place, question), (answer, in_flush))| {
            let path = if is_batch { Path::InBatch(place) } else { Path::Only };
            let decision = kept.next_if(|place| **place == in_flush).and_then(|_| ids.next());
            convert::answer(question, answer, decision, (place, path), &mut cited)
        });
        let answers = told.collect();
        // Whoever has given up needs no answer.
        let _ = reply.send(Told { answers, cited });
    }
}
