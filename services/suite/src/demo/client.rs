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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum As {
    Referrer,
    Processor,
    Spoc,
    VisitingOfficer,
    CesTeam,
    Ceast,
    Heo,
    TeamLeader,
    Leader,
    CaseManager,
    DecisionMaker,
    Adviser,
    Operator,
}

impl As {
    /// The person who plays the party, and the role they act in.
    pub(super) fn who(self) -> (&'static str, Role) {
        match self {
            Self::Referrer => ("r.patel", Role::Referrer),
            Self::Processor => ("p.ahmed", Role::AtwProcessor),
            Self::Spoc => ("s.wood", Role::AtwSpoc),
            Self::VisitingOfficer => ("v.jones", Role::VisitingOfficer),
            Self::CesTeam => ("c.morgan", Role::CesTeam),
            Self::Ceast => ("c.byrne", Role::Ceast),
            Self::Heo => ("h.clarke", Role::Heo),
            Self::TeamLeader => ("t.okafor", Role::TeamLeader),
            Self::Leader => (LEADER, Role::SafeguardingLeader),
            Self::CaseManager => ("m.lee", Role::CaseManager),
            Self::DecisionMaker => ("d.king", Role::DecisionMaker),
            Self::Adviser => ("a.reid", Role::AtwAdviser),
            Self::Operator => ("o.admin", Role::Operator),
        }
    }

    /// The party as the story calls them.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Referrer => "referrer",
            Self::Processor => "processor",
            Self::Spoc => "SPOC",
            Self::VisitingOfficer => "Visiting Officer",
            Self::CesTeam => "CES Team",
            Self::Ceast => "CEAST",
            Self::Heo => "HEO",
            Self::TeamLeader => "team leader",
            Self::Leader => "leader",
            Self::CaseManager => "Case Manager",
            Self::DecisionMaker => "Decision Maker",
            Self::Adviser => "Access to Work adviser",
            Self::Operator => "operator",
        }
    }
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
        let (person, role) = party.who();
        let workload = if party == As::Operator { Workload::Operations } else { Workload::Casework };
        let token = self.issuer.token(person, Some(role), workload, 60)?;
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", MetadataValue::try_from(format!("Bearer {token}"))?);
        request.set_timeout(Duration::from_secs(10));
        Ok(request)
    }
}
