//! What the journal of an exception keeps.

use crate::{
    Award, NarrativeRef, Told, customer, desk,
    protection::{Action, ActionGround},
    term::london_date,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An exception, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The award that is to be acted on.
    #[serde(flatten)]
    pub award: Award,
    /// What is to be done to it.
    pub action: Action,
    /// On what ground.
    pub ground: ActionGround,
    /// From when on nothing may be done under it any more.
    pub until: DateTime<Utc>,
    /// On what legal basis.
    pub legal_basis: NarrativeRef,
}

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Somebody asked for an exception.
    Requested {
        /// What they asked for.
        #[serde(flatten)]
        request: Box<Request>,
        /// Why.
        reason: NarrativeRef,
    },
    /// A second person approved it.
    Approved {
        /// Why.
        reason: NarrativeRef,
    },
    /// It was declined.
    Declined {
        /// By the one who had asked for it.
        withdrawn: bool,
        /// Why.
        reason: NarrativeRef,
    },
    /// Its approval was taken back.
    Revoked {
        /// Why.
        reason: NarrativeRef,
    },
    /// Something became known of the customer.
    Customer(customer::Event),
    /// Something was done about a task.
    Task(desk::Event),
}

impl Told for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "override_requested",
            Self::Approved { .. } => "override_approved",
            Self::Declined { withdrawn: false, .. } => "override_declined",
            Self::Declined { withdrawn: true, .. } => "override_withdrawn",
            Self::Revoked { .. } => "override_revoked",
            Self::Customer(event) => event.name(),
            Self::Task(event) => event.name(),
        }
    }

    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Requested { .. } | Self::Approved { .. } | Self::Declined { .. } | Self::Revoked { .. } => None,
            Self::Customer(event) => event.occurred_at(),
            Self::Task(event) => event.occurred_at(),
        }
    }

    fn summary(&self) -> String {
        match self {
            Self::Requested { request, .. } => format!(
                "An exception to the protection was asked for: to {} {}, until {}.",
                to_do(request.action),
                on(request.ground),
                london_date(request.until)
            ),
            Self::Approved { .. } => "A second person approved the exception.".to_owned(),
            Self::Declined { withdrawn: false, .. } => "A second person declined the exception.".to_owned(),
            Self::Declined { withdrawn: true, .. } => "The one who had asked for the exception withdrew it.".to_owned(),
            Self::Revoked { .. } => "The exception was revoked; nothing may be done under it any more.".to_owned(),
            Self::Customer(event) => event.summary(),
            Self::Task(event) => event.summary(),
        }
    }

    fn narratives(&self) -> Vec<&NarrativeRef> {
        match self {
            Self::Requested { request, reason } => {
                let Request { award: _, action: _, ground: _, until: _, legal_basis } = request.as_ref();
                vec![reason, legal_basis]
            }
            Self::Approved { reason } | Self::Declined { withdrawn: _, reason } | Self::Revoked { reason } => {
                vec![reason]
            }
            Self::Customer(event) => event.narratives(),
            Self::Task(event) => event.narratives(),
        }
    }
}

fn to_do(action: Action) -> &'static str {
    match action {
        Action::Suspend => "suspend the payment",
        Action::Stop => "stop the payment",
        Action::End => "end the award",
        Action::Disallow => "disallow the award",
        Action::Sanction => "sanction",
        Action::Reduce => "reduce the payment",
    }
}

fn on(ground: ActionGround) -> &'static str {
    match ground {
        ActionGround::NonAttendance => "for non-attendance",
        ActionGround::MissingEvidence => "for missing evidence",
        ActionGround::Any => "on another ground",
    }
}
