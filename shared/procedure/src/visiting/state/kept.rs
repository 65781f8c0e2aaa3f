//! The parts of a case, as they are kept.

use crate::{
    Actor, Award, Deadline, NarrativeRef, Place, Role,
    handover::ReferralMade,
    visiting::{
        command::{GoodCauseDecision, Retracting},
        fact::{Happening, SecondVisit, Understanding, Verdict, WithdrawalGround},
        form::VisitingForm,
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How the case was opened, and what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The award the visit is about.
    pub award: Award,
    /// Where the customer lives, as far as is known now.
    pub place: Place,
    /// Where they lived before each move, and since when they have lived elsewhere; in the order of the moves.
    pub lived: Vec<(Place, DateTime<Utc>)>,
    /// Where the case was opened.
    pub(super) first: Place,
    /// Moves that were told rather than traced.
    pub(super) moves: Vec<Move>,
    /// When what opened it happened.
    pub occurred_at: DateTime<Utc>,
    /// What opened it.
    pub how: OpenedBy,
    /// Who opened it.
    pub by: Actor,
    /// The version of the guidance it was opened under.
    pub version: String,
}

/// The customer lives elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Move {
    /// Where.
    pub(super) place: Place,
    /// Since when.
    pub(super) since: DateTime<Utc>,
    /// When it was recorded.
    pub(super) recorded_at: DateTime<Utc>,
}

/// What opened a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenedBy {
    /// A referral.
    Referral,
    /// A visit was considered.
    Consideration,
    /// A concern arose.
    Concern,
}

impl OpenedBy {
    /// What began the case, as in "lies before the referral".
    pub(in crate::visiting) fn title(self) -> &'static str {
        match self {
            Self::Referral => "referral",
            Self::Consideration => "first consideration of a visit",
            Self::Concern => "concern that opened the case",
        }
    }
}

impl Opened {
    /// Where the customer lived at an instant, as far as is known now.
    #[must_use]
    pub fn place_at(&self, at: DateTime<Utc>) -> &Place {
        self.lived.iter().find(|(_, moved)| at < *moved).map_or(&self.place, |(place, _)| place)
    }

    /// Tells anew where the customer lives and lived: from where the case was opened, by what was told and traced, in
    /// the order in which they moved, whatever the order in which that became known.
    pub(super) fn lives_by(&mut self, traced: impl Iterator<Item = Move>) {
        let mut moves: Vec<_> = self.moves.iter().cloned().chain(traced).collect();
        moves.sort_by_key(|moved| (moved.since, moved.recorded_at));
        self.place = self.first.clone();
        self.lived.clear();
        for Move { place, since, recorded_at: _ } in moves {
            self.lived.push((std::mem::replace(&mut self.place, place), since));
        }
    }
}

/// The referral, as it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Referral {
    /// When it was made.
    pub occurred_at: DateTime<Utc>,
    /// What prompted it.
    pub circumstances: NarrativeRef,
    /// What else the referrer tells DWP Visiting.
    pub form: VisitingForm,
    /// The original referrer.
    pub by: Actor,
    /// The version of the guidance it was made under.
    pub version: String,
    /// The last fact on record when it was made, where an earlier referral of the case had led to a visit: what happened
    /// at the visits before it is not what comes of this one. 0: there was no earlier one.
    pub after: u32,
}

/// A later referral for the same award, as it joined the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// Who made it, when, and what prompted it.
    pub made: ReferralMade,
    /// What their form says; that of the first referral stands.
    pub form: VisitingForm,
}

/// Two ineffective visits, and who leads the case since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Since when two visits have been ineffective, or have counted as such.
    pub since: DateTime<Utc>,
    /// The facts that count as two ineffective visits.
    pub facts: Vec<u32>,
    /// To whom the case goes; the first of them leads.
    pub to: Vec<Role>,
    /// How often it was taken back before.
    pub times_taken_back: u32,
}

/// One recorded fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What happened.
    pub happening: Happening,
    /// The words recorded with it.
    pub narrative: Option<NarrativeRef>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub by: Actor,
    /// What the guidance makes of it; `None` where it needs no judgement.
    pub verdict: Option<Verdict>,
    /// The fact it corrects.
    pub corrects: Option<u32>,
    /// A correction took its place, or it never happened.
    pub superseded: bool,
}

/// The withdrawal of the referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawal {
    /// On which ground.
    pub ground: WithdrawalGround,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// A second person has confirmed that the referral was made in error.
    pub confirmed: bool,
}

/// What somebody says was recorded in error, while nobody has confirmed or declined it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retraction {
    /// What.
    pub retracting: Retracting,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// By whom: it takes another person to confirm it.
    pub by: Actor,
}

/// Whether a second visit is needed, as somebody decided it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The decision.
    pub what: SecondVisit,
    /// What whoever spoke with the customer makes of their understanding, where that was said.
    pub understanding: Option<Understanding>,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who said so.
    pub by: Actor,
}

/// What the referrer decided on good cause.
#[derive(Debug, Clone, PartialEq)]
pub struct GoodCauseDecided {
    /// The decision.
    pub what: GoodCauseDecision,
    /// The number of the visit that it is about.
    pub visit: Option<u32>,
    /// Why.
    pub reason: NarrativeRef,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who decided.
    pub by: Actor,
}

/// The time in which the customer may get in touch after the first ineffective visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The visit that opened it.
    pub fact: u32,
    /// When it ends.
    pub ends: Deadline,
    /// Whom the letter asks the customer to contact.
    pub contact: Role,
    /// The version of the guidance that opened it: a running term keeps the version that started it.
    pub version: String,
}

/// A follow-up that is set while nothing is back of a referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpDue {
    /// The follow-up before it, which set it; `None`: the referral did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// It matures when this has passed.
    pub ends: Deadline,
    /// Who follows up.
    pub owner: Role,
}

/// The follow-up of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUpState {
    /// When it is due.
    pub due: FollowUpDue,
    /// Since when it has matured; `None`: it runs.
    pub matured: Option<DateTime<Utc>>,
}
