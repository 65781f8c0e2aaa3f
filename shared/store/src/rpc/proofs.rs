//! What the ledger of holds asks the services that keep cases: see the comments of `DeliveryService`.

use crate::{
    Header, Store,
    kind::{Kinds, OfAnyKind},
    reading,
    wire::{self, holds},
};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::delivery::v1 as pb;
use holdfast_procedure::{Workload, protection::Raise};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Messages that a slow reader may leave waiting.
const WAITING: usize = 2;

/// Everything that a source protects.
pub(super) type Stream = ReceiverStream<Result<pb::ListOpenProtectionsResponse, Status>>;

/// The store of a source, where it is served here.
fn store(kinds: &Kinds, source: Workload) -> Result<Store, Failure> {
    let of_source = kinds.stores().into_iter().find(|store| store.workload() == source).cloned();
    of_source.ok_or_else(|| Failure::PartNotFound("this server does not hold the facts of that source".to_owned()))
}

fn source(fields: &mut Fields, source: i32) -> Option<Workload> {
    fields.choice("source", source, wire::workload_from)
}

pub(super) async fn delivery(
    kinds: &Kinds,
    request: &pb::ProveDeliveryRequest,
) -> Result<pb::ProveDeliveryResponse, Failure> {
    let mut fields = Fields::default();
    let source = source(&mut fields, request.source);
    store(kinds, fields.finish(source)?)?.prove_delivery().await
}

pub(super) async fn award(kinds: &Kinds, request: &pb::ProveAwardRequest) -> Result<pb::ProveAwardResponse, Failure> {
    let mut fields = Fields::default();
    let source = source(&mut fields, request.source);
    let award = reading::award(&mut fields, "award", request.award.as_ref());
    let (source, award) = fields.finish(source.zip(award))?;
    store(kinds, source)?.prove_award(award).await
}

pub(super) fn everything(kinds: &Kinds, request: &pb::ListOpenProtectionsRequest) -> Result<Stream, Failure> {
    let mut fields = Fields::default();
    let source = source(&mut fields, request.source);
    let store = store(kinds, fields.finish(source)?)?;
    let (reader, told) = mpsc::channel(WAITING);
    store.list_protections(reader)?;
    Ok(ReceiverStream::new(told))
}

pub(super) async fn raise(
    kinds: &Kinds,
    caller: &Caller,
    request: &pb::RaiseHoldRequest,
) -> Result<pb::RaiseHoldResponse, Failure> {
    let mut fields = Fields::default();
    let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
    let header = Header::read(kinds.any_store()?, &mut fields, caller, request, given);
    let case = fields.reference("case_reference", &request.case_reference);
    let ground = holds::ground_from(&mut fields, "ground", request.ground);
    let known = holds::version_from(&mut fields, "known_version", request.known_version);
    let holder = fields.choice("holder", request.holder, wire::workload_from);
    let command = ground.zip(known);
    let command = command.map(|(ground, known)| Raise { ground, known, known_released: request.known_released });
    let read = header.zip(case).zip(command).zip(holder).map(|(((h, c), r), w)| (h, c, r, w));
    let (header, case, command, holder) = fields.finish(read)?;
    let kind = kinds.of(holder, &case)?;
    let effect = kind.raise_hold(OfAnyKind { case, command, narratives: vec![], header }).await?;
    Ok(pb::RaiseHoldResponse { effect: Some(effect) })
}
