//! The words that requests and replies share.

use holdfast_contracts::holdfast::visiting::v1 as pb;
use holdfast_procedure::visiting::{
    Answer, Booked, Conclusion, ConsideredItem, DeferralDecision, Eligibility, GoodCause, Indicator, OpenedBy,
    SecondVisit, Situation, Stage, TriageResult, Understanding, UnderstoodAnswer, WithdrawalGround,
};
use holdfast_store::names;

names! {
    /// How far a case has come.
    pub(crate) stage, stage_from: Stage <=> pb::Stage {
        FirstVisitDue, AwaitingContact, SecondVisitUndecided, SecondVisitDue, HandedOver, EndedVisitEffective,
        EndedNoSecondVisit, EndedWithdrawn, EndedDeath, EndedDecided, ConsiderationDue, ReferralDue, TriageDue,
        ConcernWithSpoc, WithAdviser, EndedVisitNotRequired,
    }
}
names! {
    /// Whether a second visit is needed.
    pub(crate) second_visit, second_visit_from: SecondVisit <=> pb::SecondVisit { Needed, NotNeeded }
}
names! {
    /// Whether staff are confident that the customer understands and is able to comply.
    pub(crate) understanding, understanding_from: Understanding <=> pb::Understanding { Confident, Doubt }
}
names! {
    /// An answer that staff may not know.
    pub(crate) answer, answer_from: Answer <=> pb::Answer { Yes, No, NotKnown }
}
names! {
    /// What went before a visit is thought of.
    pub(crate) situation, situation_from: Situation <=> pb::Situation {
        FailedToAttendInterview, FailedToAttendAssessment, EvidenceNotProvided, ContributoryBenefitExhausting,
        WorkRelatedActivityNotUndertaken, Other,
    }
}
names! {
    /// What the records show.
    pub(crate) indicator, indicator_from: Indicator <=> pb::Indicator {
        Found, NoneFound,
    }
}
names! {
    /// What is to be considered.
    pub(crate) considered_item, considered_item_from: ConsideredItem <=> pb::ConsideredItem {
        Deferral, Notification, Advocacy, AttendanceIssues, Reminder, HardshipContacts, RepresentativeResponsibilities,
    }
}
names! {
    /// What a consideration comes to.
    pub(crate) conclusion, conclusion_from: Conclusion <=> pb::Conclusion { Open, Refer, NoVisit }
}
names! {
    /// What triage finds.
    pub(crate) triage_result, triage_result_from: TriageResult <=> pb::TriageResult {
        VisitAppropriate, ConcernWithoutVisit, NoConcern,
    }
}
names! {
    /// What an appointment is for.
    pub(crate) booked, booked_from: Booked <=> pb::Booked {
        Interview, Assessment, WorkRelatedActivityReview, EvidenceNextSteps,
    }
}
names! {
    /// Whether the customer understands a requirement.
    pub(crate) understood, understood_from: UnderstoodAnswer <=> pb::Understands { Yes, No, NotDiscussed }
}
names! {
    /// Why a customer is eligible for a visit.
    pub(crate) eligibility, eligibility_from: Eligibility <=> pb::Eligibility { Vulnerable, ComplexNeeds, Concern }
}
names! {
    /// Whether the customer had good cause.
    pub(crate) good_cause, good_cause_from: GoodCause <=> pb::GoodCause { Accepted, NotAccepted }
}
names! {
    /// Whether an interview or assessment is deferred.
    pub(crate) deferral, deferral_from: DeferralDecision <=> pb::Deferral { Granted, NotGranted }
}

/// Why a referral is withdrawn.
pub(crate) fn withdrawal_from(ground: pb::WithdrawalGround) -> Option<WithdrawalGround> {
    match ground {
        pb::WithdrawalGround::EffectiveContact => Some(WithdrawalGround::EffectiveContact),
        pb::WithdrawalGround::Abroad => Some(WithdrawalGround::Abroad),
        pb::WithdrawalGround::ClaimWithdrawn => Some(WithdrawalGround::ClaimWithdrawn),
        pb::WithdrawalGround::RecordedInError => Some(WithdrawalGround::RecordedInError),
        pb::WithdrawalGround::Unspecified => None,
    }
}

/// Whether the decision maker has decided, or the case was opened again.
pub(crate) fn decided_from(noted: pb::DecisionNoted) -> Option<bool> {
    match noted {
        pb::DecisionNoted::Decided => Some(true),
        pb::DecisionNoted::Reopened => Some(false),
        pb::DecisionNoted::Unspecified => None,
    }
}

/// Whether an address was found.
pub(crate) fn trace_found_from(result: pb::TraceResult) -> Option<bool> {
    match result {
        pb::TraceResult::Found => Some(true),
        pb::TraceResult::NotFound => Some(false),
        pb::TraceResult::Unspecified => None,
    }
}

/// Whether an address was found.
pub(crate) fn trace_result(found: bool) -> pb::TraceResult {
    if found { pb::TraceResult::Found } else { pb::TraceResult::NotFound }
}

/// What opened a case.
pub(crate) fn opening(how: OpenedBy) -> pb::Opening {
    match how {
        OpenedBy::Referral => pb::Opening::Referral,
        OpenedBy::Consideration => pb::Opening::Consideration,
        OpenedBy::Concern => pb::Opening::Concern,
    }
}
