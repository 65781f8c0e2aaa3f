//! What the journal of an exception amounts to.

use super::event::{Event, Request};
use crate::{
    Recorded,
    customer::{self, Customer},
    desk::Desk,
    escalation::Said,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An exception, and what was decided about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// What was asked for, and why; `None` before. Under which reference the customer goes is kept up to date.
    pub request: Option<Said<Request>>,
    /// The version of the guidance in force then, or else the exception's own.
    pub version: String,
    /// That a second person approved it.
    pub approved: Option<Said<()>>,
    /// That it was declined; whether the one who had asked for it did, and so withdrew it.
    pub declined: Option<Said<bool>>,
    /// That its approval was taken back.
    pub revoked: Option<Said<()>>,
    /// What is known of the customer: the references that were given up.
    pub customer: Customer,
    /// What was assigned of what is owed.
    pub desk: Desk,
}

/// How far an exception has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A second person has to decide.
    Requested,
    /// In force.
    Approved,
    /// Declined or withdrawn.
    Declined,
    /// Its approval was taken back.
    Revoked,
    /// Its end has passed.
    Expired,
}

impl Stage {
    /// The stage's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Requested => "REQUESTED",
            Self::Approved => "APPROVED",
            Self::Declined => "DECLINED",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
        }
    }

    /// The stage at `at` of an exception for which this one is on record, and which ends at `until`. What its end
    /// overtakes has nothing else to wait for; what was declined or revoked stays so.
    #[must_use]
    pub fn at(self, at: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        match self {
            Self::Requested | Self::Approved if at >= until => Self::Expired,
            Self::Requested | Self::Approved | Self::Declined | Self::Revoked | Self::Expired => self,
        }
    }
}

impl State {
    /// How far it has come by what is on record, whatever the time.
    #[must_use]
    pub fn recorded(&self) -> Stage {
        if self.revoked.is_some() {
            Stage::Revoked
        } else if self.declined.is_some() {
            Stage::Declined
        } else if self.approved.is_some() {
            Stage::Approved
        } else {
            Stage::Requested
        }
    }

    /// How far it has come at `at`.
    #[must_use]
    pub fn stage(&self, at: DateTime<Utc>) -> Stage {
        // What was never asked for has no end, and nothing may be done under it.
        self.request.as_ref().map_or(Stage::Requested, |request| self.recorded().at(at, request.what.until))
    }

    /// Whether something may be done under it at `at`: a second person approved it, nobody revoked it, and its end lies
    /// ahead.
    #[must_use]
    pub fn is_in_force(&self, at: DateTime<Utc>) -> bool {
        self.stage(at) == Stage::Approved
    }

    pub(super) fn evolve(&mut self, recorded: &Recorded<'_, Event>) {
        let (by, at) = (recorded.by.clone(), recorded.at);
        match recorded.event.clone() {
            Event::Requested { request, reason: words } => {
                self.request = Some(Said { what: *request, by, at, words });
                recorded.version.clone_into(&mut self.version);
            }
            Event::Approved { reason: words } => self.approved = Some(Said { what: (), by, at, words }),
            Event::Declined { withdrawn, reason: words } => {
                self.declined = Some(Said { what: withdrawn, by, at, words });
            }
            Event::Revoked { reason: words } => self.revoked = Some(Said { what: (), by, at, words }),
            Event::Customer(event) => self.learn(&event, recorded),
            Event::Task(event) => self.desk.evolve(event),
        }
    }

    /// Takes in under which reference the customer goes now.
    fn learn(&mut self, event: &customer::Event, recorded: &Recorded<'_, Event>) {
        let Some(request) = &mut self.request else { return };
        let known_as = request.what.award.customer.as_str();
        self.customer.evolve(event, (recorded.at, recorded.by), known_as, |_| false);
        if let customer::Fact::Merged { into } = &event.fact {
            request.what.award.customer.clone_from(into);
        }
    }
}
