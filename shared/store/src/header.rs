//! What every command carries beside its content: request id, etag, dry run.

use crate::{Store, wire};
use hmac::{Hmac, Mac};
use holdfast_chassis::{Caller, Fields, access::Room, telemetry};
use holdfast_procedure::{Actor, Role, Workload};
use prost::Message;
use sha2::Sha256;

/// What a command carries beside its content.
#[derive(Debug, Clone)]
pub struct Header {
    /// Who asks or reports.
    pub actor: Actor,
    /// The method's name, as the journal keeps it.
    pub method: String,
    /// The request; `None` where the suite acts by itself.
    pub request: Option<RequestKey>,
    /// The version of the case that the caller has read.
    pub etag: Option<String>,
    /// Decide, but record nothing.
    pub validate_only: bool,
    /// The trace that the request belongs to.
    pub trace_id: String,
    /// What the call takes up of the server, until the work is done, whether or not the caller still waits.
    pub room: Option<Room>,
}

/// A request id, and by what the same request is known again.
#[derive(Debug, Clone)]
pub struct RequestKey {
    /// The id that the caller chose.
    pub id: String,
    /// A keyed digest of the method and the whole request.
    pub fingerprint: Vec<u8>,
}

impl Header {
    /// Reads the header of a request, naming its faults.
    pub fn read(
        store: &Store,
        fields: &mut Fields,
        caller: &Caller,
        request: &impl Message,
        (id, etag, validate_only): (&str, &str, bool),
    ) -> Option<Self> {
        let policy = &caller.policy;
        let id = fields.reference("request_id", id);
        let etag = (!etag.is_empty()).then(|| etag.to_owned());
        if policy.etag_required && etag.is_none() {
            fields.fault("etag", "is required: you decide on what you have read, so send back its etag");
        }
        if etag.as_ref().is_some_and(|etag| etag.len() > 64) {
            fields.fault("etag", "is not an etag");
        }
        let mut digest = Hmac::<Sha256>::new_from_slice(&store.inner.fingerprint_key).ok()?;
        digest.update(policy.path.as_bytes());
        digest.update(&[0]);
        digest.update(&request.encode_to_vec());
        let fingerprint = digest.finalize().into_bytes().to_vec();
        let role = wire::role_from(caller.role).unwrap_or(Role::Suite);
        let workload = wire::workload_from(caller.workload)?;
        let method = policy.path.rsplit('/').next().unwrap_or_default().to_owned();
        Some(Self {
            actor: Actor { person: caller.person.clone(), role, workload },
            method,
            request: Some(RequestKey { id: id?, fingerprint }),
            etag,
            validate_only,
            trace_id: telemetry::trace_id(),
            room: caller.room.clone(),
        })
    }

    /// The header of a command that the suite gives itself.
    pub(crate) fn of_suite(workload: Workload, method: &str) -> Self {
        Self {
            actor: Actor::suite(workload),
            method: method.to_owned(),
            request: None,
            etag: None,
            validate_only: false,
            trace_id: telemetry::trace_id(),
            room: None,
        }
    }
}
