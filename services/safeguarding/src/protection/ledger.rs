//! Changes of holds, as the ledger takes them in: one transaction for each, in which everybody else who changes the
//! ledger waits. What becomes of a change is judged by the pure code alone.

mod load;
mod recall;
mod write;

pub(crate) use load::{All, Loaded, all, read, revision, snapshot, was};
pub(super) use write::{Came, put};

use super::{
    Protection, holds,
    raises::{self, Raise},
    seen,
    sources::{self, Locked},
};
use holdfast_chassis::{Caller, Failure, Fields, access::workload_name, peers::LEDGER_SEEN};
use holdfast_contracts::holdfast::{common::v1 as common, safeguarding::v1 as pb};
use holdfast_procedure::{
    Workload,
    protection::{Applied, Change, DatabaseIdentity, Hold, OnRecord, Refused, Revision, Standing},
};
use holdfast_store::{Connection, DbFault, Header, given, ledger_seen, sent_from, wire};
use sqlx::Row;
use std::sync::Arc;
use tonic::{Request, metadata::MetadataMap};

/// A change on its way in.
struct Arrived {
    change: Change,
    /// Whether its sender said which database it was sent from.
    says_database: bool,
    /// What its sender was told of the ledger before.
    ledger_seen: Option<Revision>,
    hold: common::Hold,
    header: Header,
}

/// What a call says of where it comes from.
struct Sender {
    sent_from: Option<DatabaseIdentity>,
    ledger_seen: Option<Revision>,
}

impl Sender {
    fn of(fields: &mut Fields, metadata: &MetadataMap) -> Option<Self> {
        let ledger_seen = fields.message(LEDGER_SEEN, ledger_seen(metadata));
        Some(Self { sent_from: sent_from(metadata), ledger_seen: ledger_seen? })
    }
}

/// What became of a change that was acknowledged.
struct Taken {
    already_known: bool,
    recalled: u32,
    /// The state of the ledger that holds it; `None` where that was only tried.
    revision: Option<Revision>,
}

/// `PlaceHold`.
pub(crate) async fn place(
    protection: &Arc<Protection>,
    request: Request<pb::PlaceHoldRequest>,
) -> Result<pb::PlaceHoldResponse, Failure> {
    let caller = Caller::of(&request)?;
    let mut fields = Fields::default();
    let sender = Sender::of(&mut fields, request.metadata());
    let request = request.into_inner();
    let (asked, given) = given!(&request);
    let header = Header::read(&protection.store, &mut fields, &caller, asked, given);
    let hold = wire::holds::hold_from(&mut fields, "hold", request.hold.as_ref());
    if request.hold.as_ref().is_some_and(|hold| hold.released != 0) {
        fields.fault("hold.released", "is not for a hold that is placed");
    }
    let ((header, hold), sender) = fields.finish(header.zip(hold).zip(sender))?;
    let validated_only = header.validate_only;
    let taken = take_in(protection, hold, request.hold, sender, header).await?;
    let Taken { already_known, recalled, revision } = taken;
    let revision = revision.as_ref().map(wire::holds::revision);
    Ok(pb::PlaceHoldResponse { already_known, recalled, validated_only, revision })
}

/// `ReleaseHold`.
pub(crate) async fn release(
    protection: &Arc<Protection>,
    request: Request<pb::ReleaseHoldRequest>,
) -> Result<pb::ReleaseHoldResponse, Failure> {
    let caller = Caller::of(&request)?;
    let mut fields = Fields::default();
    let sender = Sender::of(&mut fields, request.metadata());
    let request = request.into_inner();
    let (asked, given) = given!(&request);
    let header = Header::read(&protection.store, &mut fields, &caller, asked, given);
    let hold = wire::holds::hold_from(&mut fields, "hold", request.hold.as_ref());
    if hold.as_ref().is_some_and(|hold| hold.state.protects()) {
        fields.fault("hold.released", "is required, with a reason that this server knows");
    }
    let ((header, hold), sender) = fields.finish(header.zip(hold).zip(sender))?;
    let validated_only = header.validate_only;
    let taken = take_in(protection, hold, request.hold, sender, header).await?;
    let Taken { already_known, recalled: _, revision } = taken;
    let revision = revision.as_ref().map(wire::holds::revision);
    Ok(pb::ReleaseHoldResponse { already_known, validated_only, revision })
}

/// Takes a change in, in a task that its sender's giving up does not end.
async fn take_in(
    protection: &Arc<Protection>,
    hold: Hold,
    came: Option<common::Hold>,
    sender: Sender,
    header: Header,
) -> Result<Taken, Failure> {
    let Sender { sent_from, ledger_seen } = sender;
    let says_database = sent_from.is_some();
    let sent_from = sent_from.unwrap_or(DatabaseIdentity { system: 0, timeline: 0 });
    let change = Change { hold, from: header.actor.workload, sent_from };
    let arrived = Arrived { change, says_database, ledger_seen, hold: came.unwrap_or_default(), header };
    let ledger = Arc::clone(protection);
    protection
        .store
        .in_own_task(async move {
            // One at a time needs no more than one of the connections that the check shares.
            let _turn = ledger.writing.lock().await;
            ledger.take_in(&arrived).await
        })
        .await
}

impl Protection {
    async fn take_in(&self, arrived: &Arrived) -> Result<Taken, Failure> {
        let mut transaction = self.store.pool().begin().await.map_err(DbFault::from)?;
        let locked = sources::lock(&mut transaction, self.store.clock()).await?;
        let Arrived { change, says_database, ledger_seen, .. } = arrived;
        let is_restored = match ledger_seen {
            Some(seen) => seen::found_lost(&mut transaction, &locked, *seen).await?,
            None => false,
        };
        let (known, on_record) = known(&mut transaction, change).await?;
        let reconciled = on_record.as_ref().and_then(|on_record| on_record.source_under(&locked.identity));
        let applied = change.judge(known.as_ref(), reconciled.filter(|_| *says_database));
        if arrived.header.validate_only {
            transaction.rollback().await.map_err(DbFault::from)?;
            return answered(&applied, 0, None);
        }
        let recalled = match &applied {
            Applied::Applied => self.write(&mut transaction, &locked, arrived).await?,
            Applied::AlreadyKnown => 0,
            Applied::Refused(refused) => {
                let raise = raise(change, known.as_ref(), refused);
                if let Some(raise) = &raise {
                    raises::note(&mut transaction, raise, locked.now).await?;
                }
                0
            }
        };
        let now = revision(&mut *transaction).await?;
        transaction.commit().await.map_err(DbFault::from)?;
        if now != locked.revision {
            self.told();
        }
        if is_restored {
            self.owed.notify_one();
        }
        if let Applied::Refused(_) = applied {
            // Somebody may have to be asked. Where a comparison is owed, whoever owes it has said so.
            self.raised.notify_one();
        }
        answered(&applied, recalled, Some(now))
    }

    /// Writes a change down, with the permits that it meets.
    async fn write(&self, connection: &mut Connection, locked: &Locked, arrived: &Arrived) -> Result<u32, DbFault> {
        let Arrived { change, hold, header, .. } = arrived;
        let came = Came {
            sender: change.from,
            request_id: header.request.as_ref().map(|request| request.id.as_str()),
            trace_id: &header.trace_id,
        };
        put(connection, locked, &[(&change.hold, hold)], &came, &self.proofs()).await
    }
}

/// What the ledger knows under a change's key, and what is on record of its sender.
async fn known(connection: &mut Connection, change: &Change) -> Result<(Option<Hold>, Option<OnRecord>), DbFault> {
    const KNOWN: &str = concat!(
        "SELECT ",
        holds::columns!(),
        ", ",
        sources::record!(),
        " FROM (SELECT) AS one LEFT JOIN holds ON case_reference = $1 AND ground = $2
          LEFT JOIN sources ON source = $3"
    );
    let row = sqlx::query(KNOWN)
        .bind(&change.hold.key.case)
        .bind(wire::holds::ground(change.hold.key.ground))
        .bind(wire::stored(&change.from))
        .fetch_one(connection)
        .await?;
    let is_known = row.try_get::<Option<i64>, _>("version")?.is_some();
    let known = is_known.then(|| holds::known(&row)).transpose()?;
    Ok((known, sources::recorded(&row)?))
}

/// Who has to write the hold again after a refusal: its holder, where the ledger knows more of it than was sent. A hold
/// that somebody else holds by now is theirs to speak of.
fn raise<'a>(change: &'a Change, known: Option<&Hold>, refused: &Refused) -> Option<Raise<'a>> {
    let asked = match refused {
        Refused::BehindRelease { holder, .. } | Refused::Overtaken { holder, .. } => *holder == change.from,
        Refused::Gap { .. } | Refused::NotHolder { .. } | Refused::NotReconciled => false,
    };
    let known = known.filter(|_| asked)?;
    let released = match known.state {
        Standing::Standing => false,
        Standing::Released { .. } => true,
    };
    Some(Raise { key: &change.hold.key, holder: change.from, known: known.version, released })
}

/// What the sender is told.
fn answered(applied: &Applied, recalled: u32, revision: Option<Revision>) -> Result<Taken, Failure> {
    match applied {
        Applied::Applied => Ok(Taken { already_known: false, recalled, revision }),
        // A release that was overtaken has nothing left to end: what overtook it is its holder's own later word.
        Applied::AlreadyKnown | Applied::Refused(Refused::Overtaken { .. }) => {
            Ok(Taken { already_known: true, recalled, revision })
        }
        Applied::Refused(Refused::BehindRelease { known, holder }) => {
            Err(Failure::HoldBehindRelease { known: known.0, holder: name(*holder) })
        }
        Applied::Refused(Refused::Gap { .. }) => Err(Failure::HoldNotPlaced),
        Applied::Refused(Refused::NotHolder { holder }) => Err(Failure::NotHolder { holder: name(*holder) }),
        Applied::Refused(Refused::NotReconciled) => Err(Failure::NotReconciled),
    }
}

fn name(workload: Workload) -> &'static str {
    workload_name(wire::workload(workload))
}
