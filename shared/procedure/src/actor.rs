//! Who acts: the guidance's own parties, and the programs through which they act.

use serde::{Deserialize, Serialize};

/// The parties of the guidance and the people who run the suite. A person acts in one role at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Visiting Officer of DWP Visiting.
    VisitingOfficer,
    /// Whoever asked for the visit.
    Referrer,
    /// Disability Service Customer Experience and Safeguarding Team.
    CesTeam,
    /// Customer Experience Advanced Support Team.
    Ceast,
    /// Access to Work Single Point of Contact.
    AtwSpoc,
    /// Access to Work adviser.
    AtwAdviser,
    /// Access to Work processor.
    AtwProcessor,
    /// Higher Executive Officer of the ESA referrer.
    Heo,
    /// Team leader of the Universal Credit referrer.
    TeamLeader,
    /// Case Manager (PIP).
    CaseManager,
    /// Decision Maker (ESA, Universal Credit).
    DecisionMaker,
    /// Senior Safeguarding Leader or Advanced Customer Support Senior Leader.
    SafeguardingLeader,
    /// A member of staff's line manager.
    LineManager,
    /// Any officer of the department.
    Officer,
    /// Investigator of an Internal Process Review.
    Investigator,
    /// Member of the Internal Process Review Group.
    GroupMember,
    /// Owner of a service line.
    ServiceLineOwner,
    /// Member of the Serious Case Panel.
    PanelMember,
    /// Publisher of the yearly edition.
    Publisher,
    /// Owner of payments policy.
    PolicyOwner,
    /// Work coach of a Universal Credit claimant.
    WorkCoach,
    /// Site leader of the claimant's jobcentre.
    SiteLeader,
    /// Reads everything, changes nothing.
    Auditor,
    /// Runs the suite.
    Operator,
    /// The suite itself, when time passes or a calendar changes.
    Suite,
}

impl Role {
    /// The role's name as a case worker says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::VisitingOfficer => "Visiting Officer",
            Self::Referrer => "referrer",
            Self::CesTeam => "CES Team",
            Self::Ceast => "CEAST",
            Self::AtwSpoc => "AtW SPOC",
            Self::AtwAdviser => "AtW adviser",
            Self::AtwProcessor => "AtW processor",
            Self::Heo => "HEO",
            Self::TeamLeader => "team leader",
            Self::CaseManager => "Case Manager",
            Self::DecisionMaker => "Decision Maker",
            Self::SafeguardingLeader => "Senior Safeguarding Leader",
            Self::LineManager => "line manager",
            Self::Officer => "officer",
            Self::Investigator => "investigator",
            Self::GroupMember => "member of the Internal Process Review Group",
            Self::ServiceLineOwner => "service line owner",
            Self::PanelMember => "member of the Serious Case Panel",
            Self::Publisher => "publisher",
            Self::PolicyOwner => "owner of payments policy",
            Self::WorkCoach => "work coach",
            Self::SiteLeader => "site leader",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
            Self::Suite => "Holdfast",
        }
    }

    /// The role within a sentence: "the referrer", but "CEAST".
    #[must_use]
    pub fn in_sentence(self) -> String {
        match self {
            Self::Ceast | Self::Suite => self.title().to_owned(),
            Self::VisitingOfficer
            | Self::Referrer
            | Self::CesTeam
            | Self::AtwSpoc
            | Self::AtwAdviser
            | Self::AtwProcessor
            | Self::Heo
            | Self::TeamLeader
            | Self::CaseManager
            | Self::DecisionMaker
            | Self::SafeguardingLeader
            | Self::LineManager
            | Self::Officer
            | Self::Investigator
            | Self::GroupMember
            | Self::ServiceLineOwner
            | Self::PanelMember
            | Self::Publisher
            | Self::PolicyOwner
            | Self::WorkCoach
            | Self::SiteLeader
            | Self::Auditor
            | Self::Operator => format!("the {}", self.title()),
        }
    }

    /// These roles within a sentence, as in "CEAST or the AtW SPOC".
    #[must_use]
    pub fn any_of<'a>(roles: impl IntoIterator<Item = &'a Self>) -> String {
        roles.into_iter().map(|role| role.in_sentence()).collect::<Vec<_>>().join(" or ")
    }

    /// Whether those in this role are officers of the department, who do what any officer does.
    #[must_use]
    pub fn is_officer(self) -> bool {
        match self {
            Self::VisitingOfficer
            | Self::Referrer
            | Self::CesTeam
            | Self::Ceast
            | Self::AtwSpoc
            | Self::AtwAdviser
            | Self::AtwProcessor
            | Self::Heo
            | Self::TeamLeader
            | Self::CaseManager
            | Self::DecisionMaker
            | Self::SafeguardingLeader
            | Self::LineManager
            | Self::Officer
            | Self::Investigator
            | Self::GroupMember
            | Self::ServiceLineOwner
            | Self::PanelMember
            | Self::Publisher
            | Self::PolicyOwner
            | Self::WorkCoach
            | Self::SiteLeader => true,
            Self::Auditor | Self::Operator | Self::Suite => false,
        }
    }

    /// Whether those in this role do what is owed by `owner`: their own, and what any officer may do.
    #[must_use]
    pub fn acts_as(self, owner: Self) -> bool {
        self == owner || (owner == Self::Officer && self.is_officer())
    }
}

/// The programs through which people act, and the services themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Workload {
    /// The desktop or portal of case workers.
    Casework,
    /// A payment system.
    Payments,
    /// The visiting service.
    Visiting,
    /// The conferencing service.
    Conferencing,
    /// The safeguarding service.
    Safeguarding,
    /// The learning service.
    Learning,
    /// Tools of those who run the suite.
    Operations,
}

/// Who did something: the person, in which role, through which program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person's opaque subject; empty where the suite acts by itself.
    pub person: String,
    /// The role they act in.
    pub role: Role,
    /// The program through which they act.
    pub workload: Workload,
}

impl Actor {
    /// The suite acting by itself, in the service `workload`.
    #[must_use]
    pub fn suite(workload: Workload) -> Self {
        Self { person: String::new(), role: Role::Suite, workload }
    }
}
