//! The demonstration's side of the wire: the parties, their tokens, their requests.

use super::Fault;
use crate::address::Running;
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    conferencing::v1::conferencing_service_client::ConferencingServiceClient,
    safeguarding::v1::{
        directory_service_client::DirectoryServiceClient, escalation_service_client::EscalationServiceClient,
    },
    tasks::v1::task_service_client::TaskServiceClient,
    visiting::v1::visiting_service_client::VisitingServiceClient,
};
use std::time::Duration;
use tonic::{Request, metadata::MetadataValue, transport::Channel};

/// A party of the story.
#[derive(Debug, Clone, Copy)]
pub(super) enum As {
    Referrer,
    VisitingOfficer,
    CesTeam,
    Leader,
    CaseManager,
    Operator,
}

/// The Senior Safeguarding Leader of the story.
pub(super) const LEADER: &str = "l.evans";

/// Calls in the name of the parties.
pub(super) struct Client {
    pub(super) visiting: VisitingServiceClient<Channel>,
    pub(super) conferencing: ConferencingServiceClient<Channel>,
    pub(super) escalations: EscalationServiceClient<Channel>,
    pub(super) directory: DirectoryServiceClient<Channel>,
    pub(super) tasks: TaskServiceClient<Channel>,
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
        Ok(Self {
            visiting: VisitingServiceClient::new(channel.clone()),
            conferencing: ConferencingServiceClient::new(channel.clone()),
            escalations: EscalationServiceClient::new(channel.clone()),
            directory: DirectoryServiceClient::new(channel.clone()),
            tasks: TaskServiceClient::new(channel),
            issuer: running.issuer.clone(),
            telling,
            requests: 0,
        })
    }

    /// An id that no other request has.
    pub(super) fn request_id(&mut self, what: &str) -> String {
        self.requests += 1;
        format!("demo-{what}-{}-{}", self.telling, self.requests)
    }

    /// A request in the name of a party, with a deadline.
    pub(super) fn request<T>(&self, party: As, message: T) -> Result<Request<T>, Fault> {
        let (person, role, workload) = match party {
            As::Referrer => ("r.patel", Role::Referrer, Workload::Casework),
            As::VisitingOfficer => ("v.jones", Role::VisitingOfficer, Workload::Casework),
            As::CesTeam => ("c.morgan", Role::CesTeam, Workload::Casework),
            As::Leader => (LEADER, Role::SafeguardingLeader, Workload::Casework),
            As::CaseManager => ("m.lee", Role::CaseManager, Workload::Casework),
            As::Operator => ("o.admin", Role::Operator, Workload::Operations),
        };
        let token = self.issuer.token(person, Some(role), workload, 60)?;
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", MetadataValue::try_from(format!("Bearer {token}"))?);
        request.set_timeout(Duration::from_secs(10));
        Ok(request)
    }
}
