//! What the service that keeps a case knows of its holds: the record from which calls to the ledger follow, and every
//! answer about what is protected here.
//!
//! Whatever changes a hold is one of three: the facts of the case ([`Own::changes`]), a file that hands one over
//! ([`Own::taken_over`]), or a ledger that turned out to be ahead ([`Own::raised`]).

use super::{Hold, HoldGround, HoldKey, Standing, Version, Why, basis, grounds::prohibits};
use crate::{Award, Benefit, Rule, Workload, rule::rulings::R_HOLD_UNTIL};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The holds of one case, as the service that keeps the case has them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Own {
    by_ground: BTreeMap<HoldGround, OwnHold>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnHold {
    /// How often it has changed, wherever it was changed.
    pub version: Version,
    /// Whether it stands.
    pub state: Standing,
    /// The service it was handed over to, which alone may change it since; `None`: it is held here.
    pub handed_to: Option<Workload>,
    /// Since when it is as it is.
    pub since: DateTime<Utc>,
}

/// A hold as it travels with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAt {
    /// Why the award is held.
    pub ground: HoldGround,
    /// The version at which the sender last wrote it. The receiver writes it again above that.
    pub version: Version,
}

/// The ledger knows more of a hold than whoever keeps its case has told it: somebody has lost something. The hold is
/// written again, as it is here, above what the ledger knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raise {
    /// Which hold of the case.
    pub ground: HoldGround,
    /// The version that the ledger knows.
    pub known: Version,
    /// The ledger knows it as released.
    pub known_released: bool,
}

/// What the facts of a case call for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallsFor {
    /// The grounds on which the award is protected here.
    pub(crate) on: Vec<HoldGround>,
    /// The ground on which it is protected by another service from now on, and which.
    pub(crate) hands_over: Option<(HoldGround, Workload)>,
    /// Why it is not protected on any other ground.
    pub(crate) otherwise: Why,
}

impl CallsFor {
    /// Why the award is not protected on this ground any more. Only what prohibits at least as much takes a ground's
    /// place; where nothing does, that ground was taken back, and the journal does not say that the protection went on.
    fn why_over(&self, ground: HoldGround) -> Why {
        let over = prohibits(ground);
        let mut now = self.on.iter().copied().chain(self.hands_over.map(|(ground, _)| ground));
        let replaced = now.any(|successor| prohibits(successor).includes(&over));
        match (self.otherwise, ground) {
            // What a known condition asked for was done, though what protects since then prohibits less.
            (Why::Replaced, HoldGround::ConditionKnown) if !replaced => Why::VisitConsidered,
            (Why::Replaced, _) if !replaced => Why::Withdrawn,
            (otherwise, _) => otherwise,
        }
    }
}

/// A change of a case's holds, as the journal keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Event {
    /// The award is protected on this ground: for the first time, again, under a new version, or taken over from
    /// whoever held it before.
    Placed {
        /// The ground.
        ground: HoldGround,
        /// The version from now on.
        version: Version,
    },
    /// It is not protected on this ground any more.
    Released {
        /// The ground.
        ground: HoldGround,
        /// The version from now on.
        version: Version,
        /// Why.
        why: Why,
    },
    /// The hold went over to another service with the case; its version is that at which it went.
    HandedOver {
        /// The ground.
        ground: HoldGround,
        /// The service that holds it from now on.
        to: Workload,
    },
}

impl Event {
    /// The event's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Placed { .. } => "award_protected",
            Self::Released { .. } => "protection_released",
            Self::HandedOver { .. } => "protection_handed_over",
        }
    }

    /// One sentence for people.
    #[must_use]
    pub fn summary(self) -> String {
        match self {
            Self::Placed { ground: HoldGround::OpenReferral, .. } => {
                "Whoever asks about the award is told that a visiting referral is open.".to_owned()
            }
            Self::Placed { ground, .. } => format!("The award is protected: {}.", because(ground)),
            Self::Released { ground: ground @ HoldGround::OpenReferral, why, .. } => {
                let over = ended(ground, why);
                format!("Whoever asks about the award is not told of an open visiting referral any more, as {over}.")
            }
            Self::Released { ground, why, .. } => {
                let (held, over) = (because(ground), ended(ground, why));
                format!("The award was held because {held}; on this ground it is held no longer, as {over}.")
            }
            Self::HandedOver { ground, to: _ } => {
                format!("The protection went over with the case: {}.", because(ground))
            }
        }
    }

    /// The rules it stands on in a benefit; the ground's own paragraph first.
    #[must_use]
    pub fn rules(self, benefit: Benefit) -> Vec<&'static Rule> {
        let (ground, until): (_, &[&'static Rule]) = match self {
            Self::Placed { ground, .. } | Self::HandedOver { ground, .. } => (ground, &[]),
            Self::Released { ground, why, .. } => match why {
                // The award stays protected; that is no end of it.
                Why::Replaced => (ground, &[]),
                Why::InformedDecision
                | Why::EffectiveVisit
                | Why::ContactInTime
                | Why::VerifiedDeath
                | Why::Withdrawn
                | Why::VisitConsidered => (ground, &[&R_HOLD_UNTIL]),
            },
        };
        [basis(benefit, ground).rules.as_slice(), until].concat()
    }
}

fn because(ground: HoldGround) -> &'static str {
    match ground {
        HoldGround::OpenReferral => "a visiting referral is open",
        HoldGround::ConcernOnRecord => "a concern is on record",
        HoldGround::TwoIneffectiveVisits => "two visits were ineffective or count as such",
        HoldGround::ConcernDetermined => "a safeguarding concern was determined",
        HoldGround::Reconsideration => "the decision is reconsidered",
        HoldGround::ConditionKnown => "a condition or an indicator is known",
        HoldGround::CoreVisitDue => "a Core Visit is due",
        HoldGround::Other(_) => "of something that this build has no name for",
    }
}

fn ended(ground: HoldGround, why: Why) -> &'static str {
    match why {
        Why::InformedDecision => "the informed decision is recorded",
        Why::EffectiveVisit => "the outcome of an effective visit is back with the referrer",
        Why::ContactInTime => "contact in time made a second visit unnecessary",
        Why::VerifiedDeath => "the customer's death is verified",
        // Which of the two it was, the entry before says.
        Why::Withdrawn if ground == HoldGround::ConcernOnRecord => {
            "the concern was recorded in error, or the referral was withdrawn"
        }
        Why::Withdrawn if ground == HoldGround::TwoIneffectiveVisits => "what counted as such was recorded in error",
        Why::Withdrawn => "the referral was withdrawn",
        Why::Replaced => "another ground has taken its place",
        // Here, too, the entry before says which.
        Why::VisitConsidered if ground == HoldGround::ConcernOnRecord => {
            "the triage found no concern, or it was recorded in error"
        }
        Why::VisitConsidered => "a Core Visit was considered, or its outcome is known",
    }
}

impl Own {
    /// Takes a change in.
    pub fn evolve(&mut self, event: Event, at: DateTime<Utc>) {
        match event {
            Event::Placed { ground, version } => {
                let hold = OwnHold { version, state: Standing::Standing, handed_to: None, since: at };
                self.by_ground.insert(ground, hold);
            }
            Event::Released { ground, version, why } => {
                let hold = OwnHold { version, state: Standing::Released { why }, handed_to: None, since: at };
                self.by_ground.insert(ground, hold);
            }
            Event::HandedOver { ground, to } => {
                if let Some(hold) = self.by_ground.get_mut(&ground) {
                    (hold.handed_to, hold.since) = (Some(to), at);
                }
            }
        }
    }

    /// The hold on a ground, released or not.
    #[must_use]
    pub fn get(&self, ground: HoldGround) -> Option<&OwnHold> {
        self.by_ground.get(&ground)
    }

    /// Every hold, released ones included, by ground.
    pub fn iter(&self) -> impl Iterator<Item = (HoldGround, &OwnHold)> {
        self.by_ground.iter().map(|(ground, hold)| (*ground, hold))
    }

    /// The holds that went over to a service, as its file tells them.
    #[must_use]
    pub fn handed_to(&self, to: Workload) -> Vec<HeldAt> {
        let gone = self.iter().filter(|(_, hold)| hold.handed_to == Some(to));
        gone.map(|(ground, hold)| HeldAt { ground, version: hold.version }).collect()
    }

    /// What the ledger is to be told since `before`, in order: each hold as it was after a change. A release fits only
    /// what stands one version before it, so that what a command both placed and released is told as two.
    #[must_use]
    pub fn told_since(&self, before: &Self) -> Vec<(HoldGround, OwnHold)> {
        let mut placed = Vec::new();
        let mut released = Vec::new();
        for (ground, now) in self.iter() {
            let known = before.get(ground);
            if known.is_some_and(|known| known.version >= now.version) {
                continue;
            }
            if now.state.protects() {
                placed.push((ground, *now));
                continue;
            }
            let fits = known.is_some_and(|known| known.state.protects() && known.version.next() == now.version);
            if !fits {
                let version = Version(now.version.0.saturating_sub(1));
                placed.push((ground, OwnHold { version, state: Standing::Standing, ..*now }));
            }
            released.push((ground, *now));
        }
        [placed, released].concat()
    }

    /// The changes that bring the holds in line with the facts: whatever is placed before whatever is released, so that
    /// the award is never without. `says_other`: what holds say of the customer has changed, so that those which stand
    /// are written again.
    pub(crate) fn changes(&self, calls_for: &CallsFor, says_other: bool) -> Vec<Event> {
        let stays = |ground| calls_for.on.contains(&ground);
        let goes = calls_for.hands_over.filter(|(ground, _)| !self.is_gone(*ground));
        let wanted = calls_for.on.iter().copied().chain(goes.map(|(ground, _)| ground));
        let unprotected = |ground: &HoldGround| !self.is_gone(*ground) && (says_other || !self.stands_here(*ground));
        let placed = wanted.filter(unprotected).map(|ground| self.placed(ground));
        let handed_over = goes.map(|(ground, to)| Event::HandedOver { ground, to });
        let over = self
            .iter()
            .filter(|(ground, hold)| hold.stands_here() && !stays(*ground))
            .filter(|(ground, _)| goes.is_none_or(|(goes, _)| goes != *ground));
        let released = over.map(|(ground, hold)| Event::Released {
            ground,
            version: hold.version.next(),
            why: calls_for.why_over(ground),
        });
        placed.chain(handed_over).chain(released).collect()
    }

    /// What follows where a file hands a hold over: it stands here, one version on. Where it has come to more than what
    /// is told, that is what counts; told at that version or above, the sender had to write it again, and so has the
    /// receiver, as it is here by now.
    pub(crate) fn taken_over(&self, told: &HeldAt) -> Vec<Event> {
        let (ground, version) = (told.ground, told.version.next());
        let placed = Event::Placed { ground, version };
        match self.get(ground) {
            Some(own) if own.version > told.version => vec![],
            Some(OwnHold { state: Standing::Released { why }, .. }) => {
                vec![placed, Event::Released { ground, version: version.next(), why: *why }]
            }
            Some(OwnHold { state: Standing::Standing, .. }) | None => vec![placed],
        }
    }

    /// What follows where the ledger is ahead; `None` where the case has no such hold. A hold that is further on, or is
    /// the same there, stays as it is. Where it was handed over the facts hand it over again, so that the receiver,
    /// too, writes it above what the ledger knows.
    pub(crate) fn raised(&self, raise: &Raise) -> Option<Vec<Event>> {
        let own = self.get(raise.ground)?;
        let same = own.version == raise.known && own.state.protects() != raise.known_released;
        if own.version > raise.known || same {
            return Some(vec![]);
        }
        let (ground, version) = (raise.ground, raise.known.next());
        let placed = Event::Placed { ground, version };
        Some(match own.state {
            Standing::Standing => vec![placed],
            // The ledger takes a release only of what stands.
            Standing::Released { why } if raise.known_released => {
                vec![placed, Event::Released { ground, version: version.next(), why }]
            }
            Standing::Released { why } => vec![Event::Released { ground, version, why }],
        })
    }

    /// What follows where a command calls for a hold and does in one go what it asks for: the hold is placed, and where
    /// the facts do not call for it once the command is decided they release it. `None` where it stands or went over, and
    /// where it was released for this reason before.
    pub(crate) fn placed_once(&self, ground: HoldGround, why: Why) -> Option<Event> {
        let known = self.get(ground).map(|hold| hold.state);
        let is_told = known.is_some_and(|state| state.protects() || state == Standing::Released { why });
        (!is_told).then(|| self.placed(ground))
    }

    fn placed(&self, ground: HoldGround) -> Event {
        let version = self.get(ground).map_or(Version::FIRST, |hold| hold.version.next());
        Event::Placed { ground, version }
    }

    fn stands_here(&self, ground: HoldGround) -> bool {
        self.get(ground).is_some_and(OwnHold::stands_here)
    }

    fn is_gone(&self, ground: HoldGround) -> bool {
        self.get(ground).is_some_and(|hold| hold.handed_to.is_some())
    }
}

impl OwnHold {
    /// Whether it protects the award from here.
    #[must_use]
    pub fn stands_here(&self) -> bool {
        self.state.protects() && self.handed_to.is_none()
    }

    /// The hold as the ledger and other services are told of it. `here` is the service that keeps the case.
    #[must_use]
    pub fn told(&self, case: &str, ground: HoldGround, award: &Award, formerly: &[String], here: Workload) -> Hold {
        let basis = basis(award.benefit, ground);
        Hold {
            key: HoldKey { case: case.to_owned(), ground },
            version: self.version,
            award: award.clone(),
            formerly: formerly.to_vec(),
            holder: self.handed_to.unwrap_or(here),
            state: self.state,
            rules: basis.rules,
            prohibits: basis.prohibits,
        }
    }
}
