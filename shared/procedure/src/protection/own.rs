//! What the service that keeps a case knows of its holds: the record from which calls to the ledger follow, and every
//! answer about what is protected here.

use super::{Hold, HoldGround, HoldKey, Standing, Version, Why, basis};
use crate::{Award, Workload};
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
}

impl OwnHold {
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
