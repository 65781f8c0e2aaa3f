//! What one service hands to another: a case's file, by reference. Words stay with the service that keeps them; whoever
//! needs to read them does so there, under their own name.

use crate::{
    Actor, Award, NarrativeRef, NoteIn, Place, Role,
    protection::HeldAt,
    visiting::{Channel, ContactBy, Ground},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A case as DWP Visiting hands it over, and again whenever something about it comes to light.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The award the visits were about.
    pub award: Award,
    /// Where.
    pub place: Place,
    /// The original referral.
    pub referral: ReferralMade,
    /// Later referrals for the same award, which joined the first: the latest of them.
    pub joined: Vec<ReferralMade>,
    /// Who leads from here.
    pub lead: Role,
    /// Where the case is noted, by the reason for the visit; `None` where the benefit's form does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_in: Option<NoteIn>,
    /// Since when two visits have been ineffective, or have counted as such.
    pub since: DateTime<Utc>,
    /// How often the case was taken back before this handover: a file that says more than the one before hands it over
    /// anew.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub times_taken_back: u32,
    /// What happened, in the order it happened: all that counts, and the latest of the rest.
    pub entries: Vec<Entry>,
    /// The holds that go over with the case: from now on only the receiver changes them.
    pub holds: Vec<HeldAt>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_none_yet(times: &u32) -> bool {
    *times == 0
}

/// DWP Visiting takes a case back: what counted as two ineffective visits was recorded in error, as two persons say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Who said so first.
    pub asked_by: Actor,
    /// Who confirmed it: another person.
    pub confirmed_by: Actor,
    /// When it was confirmed.
    pub at: DateTime<Utc>,
    /// What is known of the error, in words kept by DWP Visiting.
    pub narrative: NarrativeRef,
}

/// A referral, by whom and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralMade {
    /// Who made it.
    pub by: Actor,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What prompted it.
    pub circumstances: NarrativeRef,
}

/// Something that happened while the case was with DWP Visiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number among the facts at DWP Visiting.
    pub fact: u32,
    /// What happened.
    #[serde(flatten)]
    pub what: Happened,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// The words recorded with it.
    pub narrative: Option<NarrativeRef>,
    /// It is one of the facts that count as two ineffective visits.
    pub counts: bool,
}

/// What happened while the case was with DWP Visiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Happened {
    /// An officer called; the customer was not seen, or would not cooperate.
    IneffectiveVisit {
        /// Why.
        ground: Ground,
        /// Whether the letter was left.
        letter_left: bool,
    },
    /// An officer called and saw the customer.
    EffectiveVisit,
    /// A visit was broken off or postponed.
    BrokenOffVisit,
    /// The area was deemed unsafe without anybody having called.
    UnsafeArea,
    /// The letter was posted.
    LetterPosted,
    /// Somebody got in touch.
    Contact {
        /// How.
        channel: Channel,
        /// Who.
        by: ContactBy,
    },
    /// A concern about the customer arose.
    Concern,
    /// A visit was considered.
    Consideration,
    /// A concern was triaged.
    Triage,
    /// An address at which the customer lives was traced, or could not be.
    AddressTrace {
        /// Whether one was found.
        found: bool,
    },
    /// The referral was chased.
    FollowUp,
    /// A date and time was agreed or confirmed.
    Booking,
}

impl File {
    /// The days on which somebody called and did not find the customer ready, among those that count, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<DateTime<Utc>> {
        let called = |entry: &&Entry| entry.counts && matches!(entry.what, Happened::IneffectiveVisit { .. });
        self.entries.iter().filter(called).map(|entry| entry.occurred_at).collect()
    }

    /// Whether the area is unsafe, so that the case is treated as if two visits had been made.
    #[must_use]
    pub fn area_is_unsafe(&self) -> bool {
        self.entries.iter().any(|entry| {
            let unsafe_area = match entry.what {
                Happened::UnsafeArea => true,
                Happened::IneffectiveVisit { ground, .. } => ground == Ground::UnsafeArea,
                Happened::EffectiveVisit
                | Happened::BrokenOffVisit
                | Happened::LetterPosted
                | Happened::Contact { .. }
                | Happened::Concern
                | Happened::Consideration
                | Happened::Triage
                | Happened::AddressTrace { .. }
                | Happened::FollowUp
                | Happened::Booking => false,
            };
            entry.counts && unsafe_area
        })
    }

    /// Whether no confident address could be traced, so that the case is treated as if two visits had been made.
    #[must_use]
    pub fn no_address_was_traced(&self) -> bool {
        self.entries.iter().any(|entry| entry.counts && entry.what == Happened::AddressTrace { found: false })
    }

    /// How it differs from a file that was told before it.
    #[must_use]
    pub fn differs_from(&self, before: &Self) -> Differs {
        let only = |of: &Self, other: &Self| {
            let known = |fact: u32| other.entries.iter().any(|entry| entry.fact == fact);
            of.entries.iter().map(|entry| entry.fact).filter(|fact| !known(*fact)).collect()
        };
        Differs { new: only(self, before), gone: only(before, self) }
    }

    /// The referrals that joined, with those told now: a file tells only the latest, and none is forgotten for that.
    #[must_use]
    pub fn with_joined(&self, told: &[ReferralMade]) -> Vec<ReferralMade> {
        let new = told.iter().filter(|made| !self.joined.contains(made));
        self.joined.iter().chain(new).cloned().collect()
    }

    /// Everybody who referred, the original referrer first.
    pub fn referrers(&self) -> impl Iterator<Item = &Actor> {
        [&self.referral].into_iter().chain(&self.joined).map(|referral| &referral.by)
    }
}

/// How a file differs from the one that was told before it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differs {
    /// The facts that it tells of and the other did not, by their numbers at DWP Visiting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new: Vec<u32>,
    /// The facts that the other told of and it does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<u32>,
}

/// What safeguarding did about a concern, as it is handed back to whoever leads the case. It is what
/// `escalation::summary` gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalationOutcome {
    /// When it was concluded.
    pub concluded_at: DateTime<Utc>,
    /// Every step taken, in the order it was taken.
    pub steps: Vec<StepTaken>,
    /// The leader who was asked, by their subject; `None` where none was needed.
    pub leader: Option<String>,
    /// What was done, in words kept by safeguarding.
    pub narrative: NarrativeRef,
}

/// One step taken about a concern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// Which.
    pub step: SafeguardingStep,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Through whom or with whom, by its stable name, for example `SOCIAL_SERVICES`; empty where that does not apply.
    pub with: String,
    /// The words recorded with it, kept by safeguarding.
    pub narrative: Option<NarrativeRef>,
}

/// The kinds of steps taken about a concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SafeguardingStep {
    /// Contact was attempted, without a reply.
    ContactAttempted,
    /// Contact was made.
    ContactMade,
    /// A leader was asked.
    LeaderAsked,
    /// It was decided that no leader is needed.
    LeaderNotNeeded,
    /// An agency was involved.
    Liaison,
    /// Personal data was disclosed in good faith.
    Disclosure,
    /// The next steps were considered.
    Review,
}
