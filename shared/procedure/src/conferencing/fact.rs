//! What people record between the handover and the decision.

use crate::{NarrativeRef, Role, visiting::Channel, visiting::ContactBy};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Something that the assurance check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssuranceItem {
    /// The circumstances that prompted the referral for a visit.
    Circumstances,
    /// Previous interactions, attendance at interventions among them.
    PreviousInteractions,
    /// Documents and notes held on systems, for example a medical report.
    Documents,
    /// Information held from third parties, for example a next of kin or social services.
    ThirdParties,
    /// Whether deferring the original intervention or appointment is appropriate until safeguarding enquiries are made.
    Deferral,
    /// Anything else that was looked at.
    Other,
}

impl AssuranceItem {
    /// The item's stable name, as keys of tasks carry it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Circumstances => "circumstances",
            Self::PreviousInteractions => "previous-interactions",
            Self::Documents => "documents",
            Self::ThirdParties => "third-parties",
            Self::Deferral => "deferral",
            Self::Other => "other",
        }
    }

    /// The item as a case worker says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Circumstances => "the circumstances that prompted the referral",
            Self::PreviousInteractions => "previous interactions, attendance at interventions among them",
            Self::Documents => "documents and notes held, for example a medical report",
            Self::ThirdParties => "information held from third parties",
            Self::Deferral => "whether deferring the original intervention or appointment is appropriate",
            Self::Other => "something else",
        }
    }
}

/// What came of looking at one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at.
    pub item: AssuranceItem,
    /// Whether there was anything.
    pub result: FindingResult,
    /// When it was looked at.
    pub occurred_at: DateTime<Utc>,
    /// What was found.
    pub account: NarrativeRef,
}

/// Whether there was anything to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingResult {
    /// It was reviewed.
    Reviewed,
    /// Nothing of the kind is held.
    NothingHeld,
}

/// What was decided about the Additional Support marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    /// It was put on the case.
    PutOn,
    /// It was not.
    NotPutOn,
}

/// A case conference that took place, or is to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConferenceHeld {
    /// When it took place.
    pub occurred_at: DateTime<Utc>,
    /// Who took part.
    pub participants: Vec<Participant>,
    /// The facts as they were determined.
    pub account: NarrativeRef,
    /// Whether to involve the local partnership manager; `None`: the conference did not consider it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partnership_manager: Option<PartnershipManagerConsidered>,
    /// Whether deferring the original intervention or appointment is appropriate; `None`: it was not considered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferral: Option<Deferral>,
}

/// What a conference concluded on the local partnership manager, who may know of organisations that can offer support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnershipManagerConsidered {
    /// The conclusion.
    pub decided: PartnershipManager,
    /// Why.
    pub reason: NarrativeRef,
}

/// Whether the local partnership manager is involved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnershipManager {
    /// They are.
    Involved,
    /// They are not.
    NotInvolved,
}

/// Whether deferring the original intervention or appointment is appropriate until safeguarding enquiries are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferral {
    /// It is.
    Appropriate,
    /// It is not.
    NotAppropriate,
}

/// Somebody at a case conference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// As what they take part.
    pub party: Party,
    /// The person, by an opaque subject or code.
    pub person: String,
}

/// As what somebody takes part in a case conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// For the department, in this role.
    Department(Role),
    /// For health services.
    HealthServices,
    /// For social services.
    SocialServices,
    /// For the customer: an appointee, attorney or next of kin.
    Representative,
    /// For another organisation.
    Other,
}

/// What became of an agreed action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionResult {
    /// It was taken.
    Taken,
    /// It was overtaken by events and is needed no longer.
    Overtaken,
    /// It was not taken: it stays open.
    NotTaken,
}

/// Somebody got in touch while the case was being considered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactHeard {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// How.
    pub channel: Channel,
    /// Who.
    pub by: ContactBy,
    /// What was said.
    pub account: NarrativeRef,
}

/// The documentation that is gathered for whoever decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documentation {
    /// When it was gathered.
    pub occurred_at: DateTime<Utc>,
    /// The safeguarding steps taken.
    pub safeguarding_steps: Documented,
    /// Referrals to other organisations, for example the police.
    pub referrals: Documented,
    /// The outcome of the case conference.
    pub conference_outcome: Documented,
    /// Subsequent actions.
    pub subsequent_actions: Documented,
    /// The system it is kept in.
    pub system: String,
    /// Its reference there.
    pub reference: String,
}

/// Whether the documentation holds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Documented {
    /// It does.
    Included,
    /// There is nothing of the kind.
    None,
}

/// What a decision maker decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Entitlement is disallowed.
    Disallow,
    /// Entitlement is not disallowed.
    NotDisallow,
    /// A sanction is applied.
    Sanction,
    /// Entitlement is not disallowed and no sanction is applied.
    Neither,
    /// The decision in question is taken against the customer.
    TakeDecision,
    /// The decision in question is not taken.
    NotTakeDecision,
    /// The grant is awarded.
    AwardGrant,
    /// The grant is not awarded.
    NotAwardGrant,
}

impl Outcome {
    /// The outcome as a case worker says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Disallow => "to disallow entitlement",
            Self::NotDisallow => "not to disallow entitlement",
            Self::Sanction => "to apply a sanction",
            Self::Neither => "neither to disallow entitlement nor to apply a sanction",
            Self::TakeDecision => "to take the decision in question",
            Self::NotTakeDecision => "not to take the decision in question",
            Self::AwardGrant => "to award the grant",
            Self::NotAwardGrant => "not to award the grant",
        }
    }

    /// It takes something from the customer, or refuses it.
    #[must_use]
    pub fn is_adverse(self) -> bool {
        match self {
            Self::Disallow | Self::Sanction | Self::TakeDecision | Self::NotAwardGrant => true,
            Self::NotDisallow | Self::Neither | Self::NotTakeDecision | Self::AwardGrant => false,
        }
    }
}

/// The closing note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingNote {
    /// When it was made.
    pub occurred_at: DateTime<Utc>,
    /// In which system.
    pub system: String,
    /// Under which reference there.
    pub reference: String,
}

/// What became of an agreed action, as somebody reported it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionReport {
    /// The action's number.
    pub action: u32,
    /// What became of it.
    pub result: ActionResult,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// How.
    pub account: NarrativeRef,
}

/// Something that people recorded, and that can have been recorded wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    /// One item of the assurance check was looked at.
    Finding(Finding),
    /// A conference took place.
    Conference(ConferenceHeld),
    /// It was reported what became of an action.
    ActionReport(ActionReport),
    /// Somebody got in touch.
    Contact(ContactHeard),
    /// The closing note was made.
    ClosingNote(ClosingNote),
    /// The documentation was gathered.
    Documentation(Documentation),
}

impl Happening {
    /// When it happened, and the field of a correction that says so.
    #[must_use]
    pub fn occurred_at(&self) -> (&'static str, DateTime<Utc>) {
        match self {
            Self::Finding(finding) => ("finding.occurred_at", finding.occurred_at),
            Self::Conference(conference) => ("conference.occurred_at", conference.occurred_at),
            Self::ActionReport(report) => ("action_report.occurred_at", report.occurred_at),
            Self::Contact(contact) => ("contact.occurred_at", contact.occurred_at),
            Self::ClosingNote(note) => ("closing_note.occurred_at", note.occurred_at),
            Self::Documentation(documentation) => ("documentation.occurred_at", documentation.occurred_at),
        }
    }

    /// It is one of what a determination rests on.
    pub(super) fn is_enquiry(&self) -> bool {
        match self {
            Self::Finding(_) | Self::Conference(_) | Self::ActionReport(_) => true,
            Self::Contact(_) | Self::ClosingNote(_) | Self::Documentation(_) => false,
        }
    }

    /// It puts on record which steps were taken.
    pub(super) fn is_closing_record(&self) -> bool {
        match self {
            Self::ClosingNote(_) | Self::Documentation(_) => true,
            Self::Finding(_) | Self::Conference(_) | Self::ActionReport(_) | Self::Contact(_) => false,
        }
    }
}

/// A fact of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What happened.
    pub happening: Happening,
    /// A conference, a closing note or documentation is the one that the guidance asks for; true of any other fact.
    pub counts: bool,
    /// It was heard at safeguarding, which passed it on and corrects it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passed_on: bool,
}
