//! What people record, and what can be made of it.

mod before;
mod seen;

pub use before::{
    AddressTrace, Conclusion, Consideration, ConsideredItem, Indicator, Situation, Triage, TriageResult, Understanding,
};
pub use seen::{Booked, Booking, BookingMade, FollowUp, Seen, Understood, UnderstoodAnswer};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    /// A visit.
    Visit(Visit),
    /// An area deemed unsafe without anybody having called.
    UnsafeArea(UnsafeArea),
    /// The letter was posted.
    Letter(Letter),
    /// Somebody got in touch.
    Contact(Contact),
    /// A concern about the customer arose.
    Concern(Concern),
    /// A visit is considered.
    Consideration(Consideration),
    /// A concern was triaged.
    Triage(Triage),
    /// An address was traced, or could not be.
    AddressTrace(AddressTrace),
    /// The referral was chased.
    FollowUp(FollowUp),
    /// A date and time was agreed or confirmed.
    Booking(BookingMade),
}

impl Happening {
    /// When it happened.
    #[must_use]
    pub fn occurred_at(&self) -> DateTime<Utc> {
        match self {
            Self::Visit(visit) => visit.occurred_at,
            Self::UnsafeArea(area) => area.occurred_at,
            Self::Letter(letter) => letter.occurred_at,
            Self::Contact(contact) => contact.occurred_at,
            Self::Concern(concern) => concern.occurred_at,
            Self::Consideration(consideration) => consideration.occurred_at,
            Self::Triage(triage) => triage.occurred_at,
            Self::AddressTrace(trace) => trace.occurred_at,
            Self::FollowUp(follow_up) => follow_up.occurred_at,
            Self::Booking(booking) => booking.occurred_at,
        }
    }

    /// The request field that says when it happened.
    #[must_use]
    pub fn occurred_at_field(&self) -> &'static str {
        match self {
            Self::Visit(_) => "visit.occurred_at",
            Self::UnsafeArea(_) => "unsafe_area.occurred_at",
            Self::Letter(_) => "letter.occurred_at",
            Self::Contact(_) => "contact.occurred_at",
            Self::Concern(_) => "concern.occurred_at",
            Self::Consideration(_) => "consideration.occurred_at",
            Self::Triage(_) => "triage.occurred_at",
            Self::AddressTrace(_) => "address_trace.occurred_at",
            Self::FollowUp(_) => "follow_up.occurred_at",
            Self::Booking(_) => "booking.occurred_at",
        }
    }

    /// Whether a second visit is needed, where that was settled with it.
    #[must_use]
    pub fn second_visit(&self) -> Option<SecondVisit> {
        match self {
            Self::Contact(contact) => contact.second_visit,
            Self::Visit(_)
            | Self::UnsafeArea(_)
            | Self::Letter(_)
            | Self::Concern(_)
            | Self::Consideration(_)
            | Self::Triage(_)
            | Self::AddressTrace(_)
            | Self::FollowUp(_)
            | Self::Booking(_) => None,
        }
    }

    /// What whoever spoke with the customer makes of their understanding, where that is said.
    #[must_use]
    pub fn understanding(&self) -> Option<Understanding> {
        match self {
            Self::Contact(contact) => contact.understanding,
            Self::Consideration(consideration) => consideration.understanding,
            Self::Visit(_)
            | Self::UnsafeArea(_)
            | Self::Letter(_)
            | Self::Concern(_)
            | Self::Triage(_)
            | Self::AddressTrace(_)
            | Self::FollowUp(_)
            | Self::Booking(_) => None,
        }
    }

    /// Whether it says something about the visits; everything else leaves them as they are.
    #[must_use]
    pub fn is_about_visits(&self) -> bool {
        match self {
            Self::Visit(_) | Self::UnsafeArea(_) | Self::Letter(_) | Self::Contact(_) => true,
            // An address that was found is where the visit is due; none found counts as two visits.
            Self::AddressTrace(trace) => trace.found.is_none(),
            Self::Concern(_) | Self::Consideration(_) | Self::Triage(_) | Self::FollowUp(_) | Self::Booking(_) => false,
        }
    }
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// When the officer called.
    pub occurred_at: DateTime<Utc>,
    /// How it went.
    pub outcome: Outcome,
    /// What was established where the customer was seen, as far as anything is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// How a visit went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The customer was seen.
    Effective,
    /// The customer was not seen, or would not cooperate.
    Ineffective {
        /// Why.
        ground: Ground,
        /// Whether the letter was left; without meaning on the ground of an unsafe area.
        letter_left: bool,
    },
    /// Broken off for the officer's safety, or postponed.
    BrokenOff,
}

/// Why a visit was ineffective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Nobody was at home.
    NotAtHome,
    /// Nobody answered.
    NoAnswer,
    /// The customer refused to cooperate.
    RefusedToCooperate,
    /// DWP Visiting deems the area unsafe.
    UnsafeArea,
}

impl Ground {
    /// The ground as a case worker says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::NotAtHome => "not at home",
            Self::NoAnswer => "no answer",
            Self::RefusedToCooperate => "refused to cooperate",
            Self::UnsafeArea => "area deemed unsafe",
        }
    }
}

/// An area deemed unsafe without a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsafeArea {
    /// When DWP Visiting came to that view.
    pub occurred_at: DateTime<Utc>,
}

/// The letter that could not be left was posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// When it was posted.
    pub occurred_at: DateTime<Utc>,
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
    /// Whether a second visit is needed, where that was settled at once.
    pub second_visit: Option<SecondVisit>,
    /// What whoever spoke with the customer makes of their understanding, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub understanding: Option<Understanding>,
}

/// A concern about the customer; its specifics are kept as narrative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// When it arose.
    pub occurred_at: DateTime<Utc>,
}

/// How somebody got in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By telephone.
    Telephone,
    /// By letter.
    Letter,
    /// By e-mail.
    Email,
    /// In an online journal.
    Journal,
    /// In person.
    InPerson,
}

/// Who got in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactBy {
    /// The customer.
    Customer,
    /// An appointee or attorney, who acts for the customer.
    Representative,
    /// Somebody else.
    ThirdParty,
}

/// Whether a second visit is needed after contact in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondVisit {
    /// It is needed.
    Needed,
    /// It is not needed.
    NotNeeded,
}

/// Why a referral is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalGround {
    /// Effective contact was made another way.
    EffectiveContact,
    /// The customer is abroad.
    Abroad,
    /// The customer withdrew the claim.
    ClaimWithdrawn,
    /// The referral was recorded in error.
    RecordedInError,
}

/// What the guidance makes of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The customer was seen.
    Effective,
    /// The first ineffective visit.
    FirstIneffective,
    /// The second ineffective visit.
    SecondIneffective,
    /// Counts as two ineffective visits.
    CountsAsTwo,
    /// Made before the window for contact had ended, with no contact in time: does not count.
    TooEarly,
    /// Neither effective nor ineffective.
    Neither,
    /// Contact within the window.
    InTime,
    /// Contact outside the window.
    NotInTime,
    /// Neither the customer nor a representative got in touch.
    NotTheCustomer,
    /// After the case had ended or two visits had been ineffective: kept, changes nothing.
    Afterwards,
}
