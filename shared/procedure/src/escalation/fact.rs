//! What people record while a concern is looked into.

use crate::{
    Actor, Deadline, NarrativeRef, Role,
    case::{Award, Place},
    visiting::{Channel, ContactBy},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A determined concern, as whoever leads the case hands it over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// The award the case is about.
    pub award: Award,
    /// Where the customer lives.
    pub place: Place,
    /// Who leads the case.
    pub lead: Role,
    /// What gives rise to the concern: words kept by conferencing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<NarrativeRef>,
    /// Who determined it.
    pub determined_by: Actor,
    /// When it was determined.
    pub occurred_at: DateTime<Utc>,
}

/// One attempt at contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it was made.
    pub occurred_at: DateTime<Utc>,
    /// Through whom.
    pub whom: Whom,
    /// How.
    pub channel: AttemptChannel,
    /// What came of it. No reply is an answer.
    pub outcome: AttemptOutcome,
    /// The customer was sent a text that says who is calling and that another call follows.
    pub text_sent: bool,
}

/// Through whom contact is attempted. None is compulsory, and others may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// The customer.
    Customer,
    /// An appointee or attorney.
    Representative,
    /// The next of kin.
    NextOfKin,
    /// A community psychiatric nurse or similar support.
    CommunityNurse,
    /// Social services.
    SocialServices,
    /// The police.
    Police,
    /// Somebody else.
    Other,
}

impl Whom {
    /// The party's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER",
            Self::Representative => "REPRESENTATIVE",
            Self::NextOfKin => "NEXT_OF_KIN",
            Self::CommunityNurse => "COMMUNITY_NURSE",
            Self::SocialServices => "SOCIAL_SERVICES",
            Self::Police => "POLICE",
            Self::Other => "OTHER",
        }
    }
}

/// How contact is attempted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptChannel {
    /// By telephone.
    Telephone,
    /// By text message.
    TextMessage,
    /// By letter.
    Letter,
    /// By e-mail.
    Email,
    /// In an online journal.
    Journal,
    /// In person.
    InPerson,
}

/// What came of an attempt at contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// They were reached.
    Reached,
    /// Nobody replied.
    NoReply,
    /// A message was left.
    MessageLeft,
    /// They were reached and would not speak.
    Refused,
    /// It led nowhere: a dead line, a wrong number, a returned letter.
    NotDelivered,
}

/// Whom the leader and the lead work with, and to whom personal data may be disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agency {
    /// Social services.
    SocialServices,
    /// The local authority.
    LocalAuthority,
    /// The police.
    Police,
    /// A health service.
    HealthService,
    /// A local support network.
    SupportNetwork,
    /// Another body.
    Other,
}

impl Agency {
    /// The agency's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SocialServices => "SOCIAL_SERVICES",
            Self::LocalAuthority => "LOCAL_AUTHORITY",
            Self::Police => "POLICE",
            Self::HealthService => "HEALTH_SERVICE",
            Self::SupportNetwork => "SUPPORT_NETWORK",
            Self::Other => "OTHER",
        }
    }
}

/// Dealings with an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Liaison {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// With whom.
    pub agency: Agency,
    /// They have received what the department shared. What they find in enquiries of their own is no part of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub received: bool,
}

/// Personal data given to an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// To whom.
    pub to: Agency,
    /// On what basis.
    pub basis: Basis,
    /// They have received it. What they find in enquiries of their own is no part of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub received: bool,
}

/// On what basis personal data is disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// In good faith about a genuine safeguarding concern, which data protection law does not stand in the way of.
    GoodFaithSafeguarding,
    /// The customer consents.
    Consent,
    /// A law or a court requires it.
    LegalObligation,
}

/// The next steps were considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// It is the review that the guidance asks for: held after the leader was asked and a date was set for it, on that date
    /// or before it.
    pub counts: bool,
}

/// Somebody got in touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// How.
    pub channel: Channel,
    /// Who.
    pub by: ContactBy,
}

/// Something that people recorded, and that can have been recorded wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    /// Contact was attempted.
    ContactAttempt(Attempt),
    /// Somebody dealt with an agency.
    Liaison(Liaison),
    /// Personal data was disclosed.
    Disclosure(Disclosure),
    /// The next steps were considered.
    Review {
        /// When.
        occurred_at: DateTime<Utc>,
    },
    /// Somebody got in touch.
    Contact(Contact),
}

impl Happening {
    /// When it happened, and the field of a correction that says so.
    #[must_use]
    pub fn occurred_at(&self) -> (&'static str, DateTime<Utc>) {
        match self {
            Self::ContactAttempt(attempt) => ("attempt.occurred_at", attempt.occurred_at),
            Self::Liaison(liaison) => ("liaison.occurred_at", liaison.occurred_at),
            Self::Disclosure(disclosure) => ("disclosure.occurred_at", disclosure.occurred_at),
            Self::Review { occurred_at } => ("review.occurred_at", *occurred_at),
            Self::Contact(contact) => ("contact.occurred_at", contact.occurred_at),
        }
    }
}

/// A fact of the case, with what was made of it when it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What happened.
    pub happening: Happening,
    /// The words recorded with it.
    pub account: NarrativeRef,
    /// An attempt or a review is what the guidance asks for; true of any other fact.
    pub counts: bool,
    /// By when the customer is to be called back, where a text promised it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_back: Option<Deadline>,
}
