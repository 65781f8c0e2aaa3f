//! What the journal of a case at DWP Visiting keeps: facts as people recorded them, and judgements as they were made.

use super::{
    command::{GoodCauseDecision, Retracting},
    fact::{Happening, SecondVisit, Understanding, Verdict, WithdrawalGround},
    form::VisitingForm,
    narratives,
    state::{FollowUpDue, OpenedBy, Stage, Window},
    summary,
};
use crate::{
    Role, Told,
    case::{Award, Late, NarrativeRef, Place},
    customer, desk,
    protection::{self, HoldGround},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The case was opened before any referral.
    CaseOpened {
        /// The award it is about.
        award: Award,
        /// Where the customer lives.
        place: Place,
        /// When what opened it happened.
        occurred_at: DateTime<Utc>,
        /// What opened it.
        by: OpenedBy,
    },
    /// The referral was made. It opens the case, where nothing did before.
    Referred {
        /// The award the visit is about.
        award: Award,
        /// Where.
        place: Place,
        /// When the referral was made.
        occurred_at: DateTime<Utc>,
        /// What prompted it.
        circumstances: NarrativeRef,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
        /// What else the referrer tells DWP Visiting.
        #[serde(default, skip_serializing_if = "is_blank")]
        form: Box<VisitingForm>,
    },
    /// Somebody else referred for the same award; their referral joined the case.
    ReferralJoined {
        /// When they made it.
        occurred_at: DateTime<Utc>,
        /// What prompted it.
        circumstances: NarrativeRef,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
        /// What their form says; that of the first referral stands.
        #[serde(default, skip_serializing_if = "is_blank")]
        form: Box<VisitingForm>,
    },
    /// Something happened.
    FactRecorded {
        /// Its number within the case.
        fact: u32,
        /// What happened.
        happening: Happening,
        /// The words recorded with it.
        narrative: Option<NarrativeRef>,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// A fact was superseded.
    FactCorrected {
        /// The fact that was wrong.
        fact: u32,
        /// The number of the fact that takes its place, with what is right; `None`: it never happened.
        right: Option<(u32, Happening)>,
        /// The words recorded with what is right.
        narrative: Option<NarrativeRef>,
        /// Why it was wrong.
        reason: NarrativeRef,
    },
    /// Whether a second visit is needed was decided.
    SecondVisitDecided {
        /// The decision.
        second_visit: SecondVisit,
        /// What whoever spoke with the customer makes of their understanding, where that is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        understanding: Option<Understanding>,
        /// Why.
        reason: NarrativeRef,
    },
    /// The referrer decided on good cause.
    GoodCauseDecided {
        /// The decision.
        #[serde(flatten)]
        decision: GoodCauseDecision,
        /// The number of the visit it is about; `None`: the effective visit that stood then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<u32>,
        /// Why.
        reason: NarrativeRef,
    },
    /// The referral was withdrawn.
    Withdrawn {
        /// On which ground.
        ground: WithdrawalGround,
        /// What is known of it.
        reason: NarrativeRef,
        /// A second person has confirmed that it was made in error: two ineffective visits do not stand against that.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        confirmed: bool,
    },
    /// Somebody says that what counts as two ineffective visits was recorded in error. Nothing follows from that before
    /// a second person has confirmed it.
    RetractionAsked {
        /// What was recorded in error.
        retracting: Retracting,
    },
    /// A second person has confirmed it.
    RetractionConfirmed {
        /// How they know.
        reason: NarrativeRef,
        /// There are no two ineffective visits any more, or there should never have been a referral; whoever was handed
        /// the case is told.
        takes_back: bool,
    },
    /// It was not recorded in error, or whoever said so has taken that back.
    RetractionDeclined {
        /// Why.
        reason: NarrativeRef,
    },
    /// The decision maker has decided, or the case was opened again.
    DecisionNoted {
        /// Whether it is decided.
        decided: bool,
    },
    /// Something became known of the customer.
    Customer(customer::Event),
    /// Something was done about a task.
    Task(desk::Event),
    /// A hold of the case changed.
    Protection(protection::Event),
    /// A fact was judged, or judged anew.
    FactJudged {
        /// The fact.
        fact: u32,
        /// What the guidance makes of it.
        verdict: Verdict,
    },
    /// The window for contact opened.
    ContactWindowOpened {
        /// The window.
        window: Window,
    },
    /// The window was derived again. A newer calendar or an earlier visit that came to light never brings its end
    /// nearer; a correction of the visit that it ran from may.
    ContactWindowDerivedAgain {
        /// The window.
        window: Window,
    },
    /// What had opened the window turned out to be wrong.
    ContactWindowCancelled,
    /// A follow-up of the referral was set: for the first time, or for another date.
    FollowUpSet {
        /// The follow-up.
        follow_up: FollowUpDue,
    },
    /// The follow-up has matured with nothing back.
    FollowUpMatured {
        /// When.
        since: DateTime<Utc>,
    },
    /// No further follow-up is set.
    FollowUpEnded,
    /// The case reached a stage.
    StageReached {
        /// The stage.
        stage: Stage,
        /// Since when it holds.
        since: DateTime<Utc>,
        /// The facts it rests on.
        facts: Vec<u32>,
        /// To whom the case goes, where the stage is that of the handover.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        handover_to: Vec<Role>,
        /// What protects the award at this stage beside an open referral, where the benefit's guidance says more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        holds: Vec<HoldGround>,
    },
}

fn is_blank(form: &VisitingForm) -> bool {
    *form == VisitingForm::default()
}

impl Told for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::CaseOpened { .. } => "case_opened",
            Self::Referred { .. } => "referred",
            Self::ReferralJoined { .. } => "referral_joined",
            Self::FactRecorded { happening, .. } => recorded_name(happening),
            Self::FactCorrected { .. } => "fact_corrected",
            Self::SecondVisitDecided { .. } => "second_visit_decided",
            Self::GoodCauseDecided { .. } => "good_cause_decided",
            Self::Withdrawn { .. } => "withdrawn",
            Self::RetractionAsked { .. } => "retraction_asked",
            Self::RetractionConfirmed { .. } => "retraction_confirmed",
            Self::RetractionDeclined { .. } => "retraction_declined",
            Self::DecisionNoted { .. } => "decision_noted",
            Self::Customer(event) => event.name(),
            Self::Task(event) => event.name(),
            Self::Protection(event) => event.name(),
            Self::FactJudged { .. } => "fact_judged",
            Self::ContactWindowOpened { .. } => "contact_window_opened",
            Self::ContactWindowDerivedAgain { .. } => "contact_window_derived_again",
            Self::ContactWindowCancelled => "contact_window_cancelled",
            Self::FollowUpSet { .. } => "follow_up_set",
            Self::FollowUpMatured { .. } => "follow_up_matured",
            Self::FollowUpEnded => "follow_up_ended",
            Self::StageReached { .. } => "stage_reached",
        }
    }

    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::CaseOpened { occurred_at, .. }
            | Self::Referred { occurred_at, .. }
            | Self::ReferralJoined { occurred_at, .. } => Some(*occurred_at),
            Self::Customer(event) => event.occurred_at(),
            Self::Task(event) => event.occurred_at(),
            Self::FactRecorded { happening, .. } => Some(happening.occurred_at()),
            Self::StageReached { since, .. } | Self::FollowUpMatured { since } => Some(*since),
            Self::FactCorrected { right, .. } => right.as_ref().map(|(_, happening)| happening.occurred_at()),
            Self::SecondVisitDecided { .. }
            | Self::GoodCauseDecided { .. }
            | Self::Withdrawn { .. }
            | Self::RetractionAsked { .. }
            | Self::RetractionConfirmed { .. }
            | Self::RetractionDeclined { .. }
            | Self::DecisionNoted { .. }
            | Self::FollowUpSet { .. }
            | Self::FollowUpEnded
            | Self::Protection(_)
            | Self::FactJudged { .. }
            | Self::ContactWindowOpened { .. }
            | Self::ContactWindowDerivedAgain { .. }
            | Self::ContactWindowCancelled => None,
        }
    }

    fn summary(&self) -> String {
        summary::of(self)
    }

    fn narratives(&self) -> Vec<&NarrativeRef> {
        narratives::of(self)
    }
}

fn recorded_name(happening: &Happening) -> &'static str {
    match happening {
        Happening::Visit(_) => "visit_recorded",
        Happening::UnsafeArea(_) => "unsafe_area_recorded",
        Happening::Letter(_) => "letter_recorded",
        Happening::Contact(_) => "contact_recorded",
        Happening::Concern(_) => "concern_raised",
        Happening::Consideration(_) => "visit_considered",
        Happening::Triage(_) => "concern_triaged",
        Happening::AddressTrace(_) => "address_trace_recorded",
        Happening::FollowUp(_) => "follow_up_recorded",
        Happening::Booking(_) => "booking_recorded",
    }
}
