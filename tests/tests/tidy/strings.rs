//! Every string of the contracts in which no person's words can be, and what it holds instead.

/// What a string holds instead of words.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Class {
    /// A reference that means something to one system only.
    Reference,
    /// A name out of a set that somebody other than the caller decides.
    Name,
    /// Made by the suite, to be handed back unread.
    Token,
    /// The version of a case.
    Etag,
    /// A sentence or a title that the suite or the guidance wrote.
    Sentence,
    /// A date or a time.
    Date,
    /// A hash, in hexadecimal.
    Hash,
    /// A document that is public.
    Published,
}

use Class::*;

/// Fields that mean the same wherever they are.
pub(crate) const ANYWHERE: &[(&str, Class)] = &[
    ("case_reference", Reference),
    ("etag", Etag),
    ("next_page_token", Token),
    ("page_token", Token),
    ("request_id", Reference),
];

/// Every other field, without the leading `holdfast.`.
pub(crate) const CLASSED: &[(&str, Class)] = &[
    ("common.v1.Actor.person", Reference),
    ("common.v1.Award.award", Reference),
    ("common.v1.Award.customer", Reference),
    ("common.v1.Citation.paragraph", Sentence),
    ("common.v1.Citation.requires", Sentence),
    ("common.v1.Citation.rule", Name),
    ("common.v1.Citation.source", Sentence),
    ("common.v1.Due.calendar_version", Name),
    ("common.v1.Effect.notes", Sentence),
    ("common.v1.Place.area", Name),
    ("common.v1.Task.discharged_by", Name),
    ("common.v1.Task.name", Reference),
    ("common.v1.Task.what", Sentence),
    ("common.v1.TimelineEntry.event", Name),
    ("common.v1.TimelineEntry.guidance_version", Name),
    ("common.v1.TimelineEntry.hash", Hash),
    ("common.v1.TimelineEntry.rules", Name),
    ("common.v1.TimelineEntry.summary", Sentence),
    ("delivery.v1.UndeliveredCall.last_failure", Name),
    ("delivery.v1.UndeliveredCall.method", Name),
    ("guidance.v1.Calendar.division", Name),
    ("guidance.v1.Calendar.horizon", Date),
    ("guidance.v1.Calendar.provenance", Published),
    ("guidance.v1.Calendar.version", Name),
    ("guidance.v1.Day.date", Date),
    ("guidance.v1.Day.skipped", Published),
    ("guidance.v1.GetProcedureResponse.source", Sentence),
    ("guidance.v1.GetProcedureResponse.version", Name),
    ("guidance.v1.Holiday.date", Date),
    ("guidance.v1.Holiday.title", Published),
    ("guidance.v1.ImportCalendarRequest.gov_uk_json", Published),
    ("guidance.v1.ImportCalendarRequest.provenance", Published),
    ("guidance.v1.ImportCalendarRequest.version", Name),
    ("guidance.v1.Rule.proof", Name),
    ("guidance.v1.Rule.service", Name),
    ("guidance.v1.Step.name", Sentence),
    ("guidance.v1.Step.prescribed", Sentence),
    ("safeguarding.v1.Area.area", Name),
    ("safeguarding.v1.Concern.concern", Reference),
    ("safeguarding.v1.Conclusion.narrative", Reference),
    ("safeguarding.v1.EscalationSummary.awaits_leader_of", Name),
    ("safeguarding.v1.EscalationSummary.leader", Reference),
    ("safeguarding.v1.FindLeaderRequest.area", Name),
    ("safeguarding.v1.Leader.office", Name),
    ("safeguarding.v1.Leader.person", Reference),
    ("safeguarding.v1.Leader.telephone", Published),
    ("safeguarding.v1.LeaderReferral.area", Name),
    ("safeguarding.v1.LeaderReferral.narrative", Reference),
    ("safeguarding.v1.ListEscalationsRequest.area", Name),
    ("safeguarding.v1.ListEscalationsRequest.award", Reference),
    ("safeguarding.v1.ListEscalationsRequest.customer", Reference),
    ("safeguarding.v1.ListEscalationsRequest.leader", Reference),
    ("safeguarding.v1.ListLeadersRequest.office", Name),
    ("safeguarding.v1.ListLeadersRequest.person", Reference),
    ("safeguarding.v1.ReadNarrativeRequest.narrative", Reference),
    ("safeguarding.v1.RecordReviewRequest.next_date", Date),
    ("safeguarding.v1.RecordedAttempt.narrative", Reference),
    ("safeguarding.v1.RecordedDisclosure.narrative", Reference),
    ("safeguarding.v1.RecordedIncomingContact.narrative", Reference),
    ("safeguarding.v1.RecordedLiaison.narrative", Reference),
    ("safeguarding.v1.RecordedReview.narrative", Reference),
    ("safeguarding.v1.RemoveLeaderRequest.area", Name),
    ("safeguarding.v1.SetLeaderRequest.area", Name),
    ("safeguarding.v1.SetReviewDateRequest.date", Date),
    ("safeguarding.v1.UncoveredArea.area", Name),
    ("tasks.v1.CompleteTaskRequest.reference", Reference),
    ("tasks.v1.CompleteTaskRequest.system", Name),
    ("tasks.v1.CompleteTaskRequest.task", Reference),
    ("visiting.v1.ContactWindow.guidance_version", Name),
    ("visiting.v1.Handover.original_referrer", Reference),
    ("visiting.v1.JoinedReferral.circumstances", Reference),
    ("visiting.v1.ListReferralsRequest.area", Name),
    ("visiting.v1.ListReferralsRequest.award", Reference),
    ("visiting.v1.ListReferralsRequest.customer", Reference),
    ("visiting.v1.ListReferralsRequest.referred_by", Reference),
    ("visiting.v1.ReadNarrativeRequest.narrative", Reference),
    ("visiting.v1.RecordedFact.narrative", Reference),
    ("visiting.v1.Referral.circumstances", Reference),
    ("visiting.v1.ReferralSummary.referred_by", Reference),
];
