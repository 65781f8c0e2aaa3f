//! A source, asked itself about one award.

use crate::protection::{Protection, check::PATIENCE, holds};
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::{
    delivery::v1::{ProveAwardRequest, ProveAwardResponse},
    safeguarding::v1 as pb,
};
use holdfast_procedure::{Workload, protection::SourceSays};
use holdfast_store::wire;
use prost::Message;

/// Where a source says what it protects of an award.
const PROVE_AWARD: &str = "/holdfast.delivery.v1.DeliveryService/ProveAward";

/// What a source says of the award that a question is about; `None` where it does not answer in time, or nothing that
/// can be understood.
pub(super) async fn ask(
    protection: &Protection,
    source: Workload,
    question: &pb::Question,
    trace_id: &str,
) -> Option<SourceSays> {
    let to = wire::workload(source);
    let request = ProveAwardRequest { source: to.into(), award: question.award.clone() }.encode_to_vec();
    let asked = protection.peers.call(to, PROVE_AWARD, request, trace_id);
    let reply = match tokio::time::timeout(PATIENCE, asked).await.ok()? {
        Ok(reply) => ProveAwardResponse::decode(reply.as_slice()).ok()?,
        Err(refused) => {
            tracing::warn!(source = wire::stored(&source), reason = refused.reason, "a source does not answer");
            return None;
        }
    };
    says(&reply)
}

fn says(reply: &ProveAwardResponse) -> Option<SourceSays> {
    Some(SourceSays {
        source: wire::workload_from(reply.source())?,
        identity: wire::holds::database_from(&mut Fields::default(), "database", reply.database.as_ref())?,
        protects: reply.protects.iter().map(holds::understood).collect::<Option<_>>()?,
        changes: reply.changes,
    })
}
