//! An action confirmed at the moment of taking it: the sources are asked themselves, in the order of the flow and twice,
//! and a permit is written under the lock that every change of a hold takes. A hold that comes later meets the permit and
//! recalls it; one that came earlier is seen.

mod asking;
pub(super) mod permits;

use super::{
    Protection,
    check::{Known, PATIENCE, read_ledger},
    seal::sealed,
    sources::{self, Locked},
};
use crate::convert::protection::{self as convert, Cited, Path, citations};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use holdfast_procedure::protection::{
    Answer, Arrival, Confirmation, LedgerRead, Permitted, Prohibited, Question, Reason, Reload, Revision, Unconfirmed,
    Verification, Verified, answer,
};
use holdfast_store::{Connection, DbFault, Header, given, wire};
use permits::Written;
use std::sync::Arc;
use tokio::time::{Instant, timeout, timeout_at};
use tonic::{Request, Response, Status};

/// How often it is begun again after the ledger has changed.
const ATTEMPTS: usize = 4;
/// A confirmation is verified by itself, so that it is the first to arrive and the last.
const ARRIVED: Arrival = Arrival(1);

/// A confirmation that is asked for.
struct Asked {
    header: Header,
    /// As it was asked, and as it was understood.
    told: pb::Question,
    question: Question,
}

/// What becomes of it.
enum Outcome {
    Unconfirmed(Unconfirmed),
    /// A source does not answer, or somebody else in its place.
    Unreachable(holdfast_procedure::Workload),
    Confirmed(Permitted, Written),
}

/// `ConfirmAction`.
pub(crate) async fn confirm_action(
    protection: &Arc<Protection>,
    request: Request<pb::ConfirmActionRequest>,
) -> Result<Response<pb::ConfirmActionResponse>, Status> {
    let caller = Caller::of(&request)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let (asked, given) = given!(&request);
    let header = Header::read(&protection.store, &mut fields, &caller, asked, given);
    let header = fields.finish(header)?;
    let (is_asked, told) = (request.question.is_some(), request.question.unwrap_or_default());
    let question = match convert::question(&told) {
        Ok(question) => question,
        unrecognised => {
            let prohibited = answer(&unrecognised, ARRIVED, None, &protection.sources, protection.ticks());
            let answer = convert::answer(told, prohibited, None, (0, Path::Only), &mut Vec::new());
            let answer = if is_asked { answer } else { pb::Answer { question: None, ..answer } };
            let validated_only = header.validate_only;
            return Ok(Response::new(sealed(pb::ConfirmActionResponse {
                answer: Some(answer),
                validated_only,
                ..pb::ConfirmActionResponse::default()
            })));
        }
    };
    let (ledger, asked) = (Arc::clone(protection), Arc::new(Asked { header, told, question }));
    let work = async move {
        let outcome = match ledger.confirm(&asked).await {
            Err(Failure::Unavailable) => not_verified(),
            settled => settled?,
        };
        Ok(reply(&asked, outcome))
    };
    Ok(Response::new(protection.store.in_own_task(work).await?))
}

fn reply(asked: &Asked, outcome: Outcome) -> pb::ConfirmActionResponse {
    let (mut cited, mut permit_expires_at): (Vec<Cited>, _) = (Vec::new(), None);
    let (told, validated_only) = (asked.told.clone(), asked.header.validate_only);
    let answer = match outcome {
        Outcome::Unconfirmed(why) => convert::unconfirmed(told, why, &mut cited),
        Outcome::Unreachable(source) => convert::of_source(told, pb::ReasonKind::SourceUnreachable, source),
        Outcome::Confirmed(permitted, Written { decision, expires_at }) => {
            permit_expires_at = expires_at.map(wire::timestamp);
            let permitted = Answer::Permitted(permitted);
            let answer = convert::answer(told, permitted, Some(decision), (0, Path::Only), &mut cited);
            // What was only tried has no id, so that nobody can act on it; nor does it hold for any time.
            if validated_only { pb::Answer { valid_for: None, ..answer } } else { answer }
        }
    };
    let citations = citations(&cited);
    sealed(pb::ConfirmActionResponse { answer: Some(answer), permit_expires_at, citations, validated_only, seal: 0 })
}

fn not_verified() -> Outcome {
    let reasons = vec![Reason::NotVerified];
    Outcome::Unconfirmed(Unconfirmed::Prohibited(Prohibited { reasons, advisories: Vec::new() }))
}

impl Protection {
    /// # Errors
    /// [`Failure::Unavailable`] where the ledger's database does not answer in time, whatever is asked of it; a permit may
    /// have been written then that nobody was given.
    async fn confirm(self: &Arc<Self>, asked: &Arc<Asked>) -> Result<Outcome, Failure> {
        let until = Instant::now() + PATIENCE;
        let earlier = permits::earlier(self.store.pool(), self.store.clock(), &asked.header);
        timeout_at(until, earlier).await.map_err(|_| Failure::Unavailable)??;
        let mut confirmation = match timeout_at(until, self.begin(asked)).await {
            Ok(Ok(Ok(confirmation))) => confirmation,
            Ok(Ok(Err(prohibited))) => return Ok(Outcome::Unconfirmed(prohibited)),
            Ok(Err(_)) | Err(_) => return Err(Failure::Unavailable),
        };
        while let Some(source) = confirmation.next() {
            let Some(says) = asking::ask(self, source, &asked.told, &asked.header.trace_id).await else {
                return Ok(Outcome::Unreachable(source));
            };
            confirmation = match confirmation.heard(says) {
                Ok(confirmation) => confirmation,
                Err(Unconfirmed::AnotherSource(_)) => return Ok(Outcome::Unreachable(source)),
                Err(why) => return Ok(Outcome::Unconfirmed(why)),
            };
        }
        for _ in 0..ATTEMPTS {
            match self.concluded(asked, confirmation.clone()).await {
                Ok(Ok(outcome)) => return Ok(outcome),
                Ok(Err(seen)) => self.check.copy.read_anew(&self.store, seen).await?,
                // A twin of the request was first.
                Err(Failure::Contended) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(not_verified())
    }

    /// Whom to ask, if the check itself permits it; the ledger may be read again for that.
    async fn begin(&self, asked: &Asked) -> Result<Result<Confirmation, Unconfirmed>, Failure> {
        let mut failed = Failure::Unavailable;
        for _ in 0..ATTEMPTS {
            let sent = Verification::send(ARRIVED, &self.proofs());
            let read = {
                let mut connection = self.store.pool().acquire().await.map_err(DbFault::from)?;
                read_ledger(&mut connection, &mut Known::default()).await?
            };
            let begun = self.verified(sent, read, |verified| match self.judge(asked, verified) {
                Answer::Permitted(_) => Ok(Confirmation::of(asked.question.clone(), verified, &self.sources)),
                Answer::Prohibited(prohibited) => Err(Unconfirmed::Prohibited(prohibited)),
            });
            match begun {
                Ok(begun) => return Ok(begun),
                Err(seen) => match self.check.copy.read_anew(&self.store, seen).await {
                    Ok(()) => {}
                    Err(failure) => failed = failure,
                },
            }
        }
        Err(failed)
    }

    /// What somebody makes of the copy once a verification has returned.
    ///
    /// # Errors
    /// The copy's revision, where it is not what the ledger is.
    fn verified<T>(
        &self,
        sent: Verification,
        read: LedgerRead,
        then: impl FnOnce(&Verified<'_>) -> T,
    ) -> Result<T, Option<Revision>> {
        let made = self.check.copy.with(|kept| match sent.returned(read, kept) {
            Ok(verified) => Ok(then(&verified)),
            Err(Reload) => Err(Some(kept.revision)),
        });
        made.unwrap_or(Err(None))
    }

    /// What the check itself says now.
    fn judge(&self, asked: &Asked, verified: &Verified<'_>) -> Answer {
        answer(&Ok(asked.question.clone()), ARRIVED, Some(verified), &self.sources, self.ticks())
    }

    /// Concludes in a task of its own: no transaction is dropped half-way, however long it is waited for.
    async fn concluded(
        self: &Arc<Self>,
        asked: &Arc<Asked>,
        confirmation: Confirmation,
    ) -> Result<Result<Outcome, Option<Revision>>, Failure> {
        let (ledger, asked) = (Arc::clone(self), Arc::clone(asked));
        let concluding = self.store.in_own_task(async move { ledger.conclude(&asked, confirmation).await });
        timeout(PATIENCE, concluding).await.map_err(|_| Failure::Unavailable)?
    }

    /// Concludes and writes the permit, in one transaction.
    ///
    /// # Errors
    /// Inside: the copy's revision, where the copy has to be read again from the beginning.
    async fn conclude(
        &self,
        asked: &Asked,
        confirmation: Confirmation,
    ) -> Result<Result<Outcome, Option<Revision>>, Failure> {
        let _turn = self.writing.lock().await;
        let sent = Verification::send(ARRIVED, &self.proofs());
        let mut transaction = self.store.pool().begin().await.map_err(DbFault::from)?;
        let locked = sources::lock(&mut transaction, self.store.clock()).await?;
        if self.check.copy.revision() != Some(locked.revision) {
            self.check.copy.catch_up(&mut *transaction).await?;
        }
        let read = LedgerRead { revision: locked.revision, identity: locked.identity.clone() };
        let concluded = self.verified(sent, read, |verified| {
            let confirmed = confirmation.conclude(ARRIVED, verified, &self.sources, self.ticks())?;
            let now = answer(&Ok(confirmed.question), ARRIVED, Some(verified), &self.sources, self.ticks());
            match now {
                Answer::Permitted(permitted) => Ok(permitted),
                Answer::Prohibited(prohibited) => Err(Unconfirmed::Prohibited(prohibited)),
            }
        });
        let permitted = match concluded {
            Ok(Ok(permitted)) => permitted,
            unsettled => {
                transaction.rollback().await.map_err(DbFault::from)?;
                return Ok(unsettled.map(|concluded| match concluded {
                    Ok(_) => not_verified(),
                    Err(why) => Outcome::Unconfirmed(why),
                }));
            }
        };
        let written = self.permit(&mut transaction, &locked, asked).await?;
        if asked.header.validate_only {
            transaction.rollback().await.map_err(DbFault::from)?;
        } else {
            transaction.commit().await.map_err(DbFault::from)?;
        }
        Ok(Ok(Outcome::Confirmed(permitted, written)))
    }

    /// The permit: the one that the same request got before, or a new one.
    async fn permit(&self, connection: &mut Connection, locked: &Locked, asked: &Asked) -> Result<Written, Failure> {
        if let Some(earlier) = permits::earlier(&mut *connection, self.store.clock(), &asked.header).await? {
            return Ok(earlier);
        }
        if asked.header.validate_only {
            return Ok(Written { decision: String::new(), expires_at: None });
        }
        Ok(permits::write(connection, locked.now, asked).await?)
    }
}
