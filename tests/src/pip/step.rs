//! The steps of a case, in order, and what comes before each.

use holdfast_contracts::holdfast::conferencing::v1::AssuranceItem;
use holdfast_procedure::Workload;

/// A step on the way of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The referrer asks for a visit.
    Referral,
    /// The first visit is ineffective; the letter is left.
    FirstVisit,
    /// The second visit is ineffective: the case is handed over.
    SecondVisit,
    /// An item of the assurance check is looked at.
    Finding(AssuranceItem),
    /// The note that the guidance prescribes is made.
    PrescribedNote,
    /// The Additional Support marker is considered.
    Marker,
    /// No further information is required.
    NoFurtherInformation,
    /// Whether there is a concern is determined.
    Determination,
    /// Contact is attempted.
    Attempt,
    /// No leader is needed.
    NoLeader,
    /// The escalation is concluded.
    Conclusion,
    /// The closing note is made.
    ClosingNote,
    /// The case goes back.
    Return,
    /// The decision.
    Decision,
    /// Somebody says that the second visit was recorded in error.
    Mistake,
    /// Another confirms it: the case is taken back.
    Retraction,
    /// A visit that was made after all is ineffective: the case is handed over anew.
    VisitAgain,
}

/// What has to be so before a step: a stage at a service, which gives the etag, too.
pub type Before = Option<(Workload, &'static str)>;

impl Step {
    /// The steps of a case, with or without a concern.
    #[must_use]
    pub fn all(concern: bool) -> Vec<Self> {
        use AssuranceItem::{Circumstances, Documents, PreviousInteractions, ThirdParties};
        let items = [Circumstances, PreviousInteractions, Documents, ThirdParties].map(Self::Finding);
        let mut steps = vec![Self::Referral, Self::FirstVisit, Self::SecondVisit];
        steps.extend(items);
        steps.extend([Self::PrescribedNote, Self::Marker, Self::NoFurtherInformation, Self::Determination]);
        if concern {
            steps.extend([Self::Attempt, Self::NoLeader, Self::Conclusion]);
        }
        steps.extend([Self::ClosingNote, Self::Return, Self::Decision]);
        steps
    }

    /// The steps of a case that is taken back, and handed over anew.
    #[must_use]
    pub fn retracted() -> Vec<Self> {
        vec![Self::Referral, Self::FirstVisit, Self::SecondVisit, Self::Mistake, Self::Retraction, Self::VisitAgain]
    }

    /// What has to be so before it.
    #[must_use]
    pub fn before(self) -> Before {
        match self {
            Self::Finding(AssuranceItem::Circumstances) => Some((Workload::Conferencing, "ASSURANCE")),
            Self::Determination => Some((Workload::Conferencing, "DETERMINATION_DUE")),
            Self::Attempt => Some((Workload::Safeguarding, "CONTACT_DUE")),
            Self::Conclusion => Some((Workload::Safeguarding, "CONCLUSION_DUE")),
            Self::ClosingNote => Some((Workload::Conferencing, "CLOSING_NOTE_DUE")),
            Self::Return => Some((Workload::Conferencing, "RETURN_DUE")),
            Self::Decision => Some((Workload::Conferencing, "DECISION_DUE")),
            Self::Mistake | Self::Retraction => Some((Workload::Visiting, "HANDED_OVER")),
            Self::VisitAgain => Some((Workload::Visiting, "SECOND_VISIT_DUE")),
            Self::Referral
            | Self::FirstVisit
            | Self::SecondVisit
            | Self::Finding(_)
            | Self::PrescribedNote
            | Self::Marker
            | Self::NoFurtherInformation
            | Self::NoLeader => None,
        }
    }

    /// The service that it is for.
    #[must_use]
    pub fn service(self) -> Workload {
        match self {
            Self::Referral
            | Self::FirstVisit
            | Self::SecondVisit
            | Self::Mistake
            | Self::Retraction
            | Self::VisitAgain => Workload::Visiting,
            Self::Attempt | Self::NoLeader | Self::Conclusion => Workload::Safeguarding,
            Self::Finding(_)
            | Self::PrescribedNote
            | Self::Marker
            | Self::NoFurtherInformation
            | Self::Determination
            | Self::ClosingNote
            | Self::Return
            | Self::Decision => Workload::Conferencing,
        }
    }
}
