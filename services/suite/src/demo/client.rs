//! The demonstration's side of the wire: the parties, their tokens, their requests.

use super::Fault;
use crate::address::Running;
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    visiting::v1::visiting_service_client::VisitingServiceClient,
};
use std::time::Duration;
use tonic::{Request, metadata::MetadataValue, transport::Channel};

/// A party of the story.
#[derive(Debug, Clone, Copy)]
pub(super) enum As {
    Referrer,
    VisitingOfficer,
}

/// Calls in the name of the parties.
pub(super) struct Client {
    pub(super) visiting: VisitingServiceClient<Channel>,
    issuer: holdfast_chassis::issuer::Issuer,
    /// Tells this telling of the story from others.
    telling: String,
    requests: u32,
}

impl Client {
    pub(super) async fn connect(running: &Running) -> Result<Self, Fault> {
        let channel = Channel::from_shared(running.url.clone())?
            .connect_timeout(Duration::from_secs(5))
            .connect()
            .await
            .map_err(|_| format!("no suite answers at {}; start one with `cargo run --release`", running.url))?;
        let telling = uuid::Uuid::new_v4().simple().to_string().chars().take(8).collect();
        let issuer = running.issuer.clone();
        Ok(Self { visiting: VisitingServiceClient::new(channel), issuer, telling, requests: 0 })
    }

    /// An id that no other request has.
    pub(super) fn request_id(&mut self, what: &str) -> String {
        self.requests += 1;
        format!("demo-{what}-{}-{}", self.telling, self.requests)
    }

    /// A request in the name of a party, with a deadline.
    pub(super) fn request<T>(&self, party: As, message: T) -> Result<Request<T>, Fault> {
        let (person, role) = match party {
            As::Referrer => ("r.patel", Role::Referrer),
            As::VisitingOfficer => ("v.jones", Role::VisitingOfficer),
        };
        let token = self.issuer.token(person, Some(role), Workload::Casework, 60)?;
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", MetadataValue::try_from(format!("Bearer {token}"))?);
        request.set_timeout(Duration::from_secs(10));
        Ok(request)
    }
}
