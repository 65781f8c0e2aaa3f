//! What has to hold, whatever is done.

/// A law that every step or every state keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Law {
    // Of every decider.
    /// From every state that has not ended some way leads to an end.
    NoDeadEnd,
    /// Whoever owes what the case waits for may do it, and then it is done.
    WhoeverOwesMay,
    /// A case that has not ended waits for somebody, or for an instant.
    SomebodyOwesTheNextStep,
    /// A task is owed by the party that the guidance names.
    OwedByWhomTheGuidanceNames,
    /// Judging again at the same instant adds nothing.
    TimeAddsNothingTwice,
    /// Every event names the version of the guidance that it was judged by.
    NamesItsVersion,
    /// What a case has reached under one version goes on under the next.
    GoesOnUnderNextVersion,
    /// What happened is recorded, as it was told.
    WhatHappenedIsRecorded,
    /// What is decided is decided by the party that the guidance names.
    DecidedByWhomTheGuidanceNames,
    /// Nobody contacts a customer who is said to have died.
    NobodyContactsTheDead,
    /// A death is verified by another person than the one who reported it; that of somebody else verifies nothing.
    DeathTakesASecondPerson,
    /// Nothing protected is released before R-HOLD-UNTIL says so.
    NothingReleasedEarly,
    /// What has to be protected is.
    NeverUnprotected,
    /// A stage rests on what was recorded.
    StageRestsOnFacts,
    /// What rested on something that was recorded wrongly is judged again, and nothing else is.
    CorrectedIsJudgedAgain,

    // Of visiting.
    /// No referral before the concern was triaged, where the guidance asks for that.
    TriagedFirst,
    /// No referral without what its form has to carry.
    FormComplete,
    /// That no visit is required is concluded only once everything was considered.
    ConsideredFirst,
    /// Nothing is handed over before two visits were ineffective, or count as such.
    TwoVisitsFirst,
    /// Two ineffective visits are handed over.
    TwoVisitsAreHandedOver,
    /// And undone only as a second person confirms that they were recorded in error.
    RetractionTakesTwo,
    /// What was handed over stays handed over, unless it is undone.
    TwoVisitsStay,
    /// The customer has the days that the letter gives.
    WindowAsPrescribed,

    // Of conferencing.
    /// Nobody is satisfied before everything was looked at.
    AssuranceFirst,
    /// Nor before it was decided whether further information is required.
    InformationFirst,
    /// Nor before the conference, between the two parties and as two persons.
    ConferenceFirst,
    /// Nor before the conference has considered the local partnership manager.
    PartnershipManagerFirst,
    /// Nor while an agreed action is open.
    ActionsFirst,
    /// Nor before the participants in the conference say so, where the guidance asks them.
    ParticipantsSatisfiedFirst,
    /// What was considered and agreed at the conference is noted before the return.
    ReviewNoteFirst,
    /// A concern is ruled out, and a case returned, by whoever is satisfied.
    SatisfiedFirst,
    /// A concern goes to safeguarding, and comes back before anything goes on.
    EscalationFirst,
    /// The closing note, or the documentation for whoever decides, comes before the return.
    ClosingRecordFirst,
    /// And so does the note that keeps others from acting.
    PrescribedNoteFirst,
    /// And so does the Additional Support marker, considered.
    MarkerFirst,
    /// Whoever was in touch is heard before anything is taken from them.
    HeardFirst,
    /// A concern that came to light is somebody's to consider until it was considered.
    NoConcernForgotten,
    /// A death that was reported is verified, or found to be a mistake, before anything is taken away.
    DeathSettledFirst,
    /// The return comes before the decision.
    ReturnFirst,
    /// What is decided is what may be decided.
    OutcomeAsPrescribed,

    // Of what is done about a concern.
    /// Contact is attempted before the conclusion.
    ContactFirst,
    /// The call that a text promised is made before it.
    CallFirst,
    /// Within the time that the guidance gives.
    CallInTime,
    /// Whether a leader is needed is decided before it, and one who is needed is asked.
    LeaderFirst,
    /// The next steps are considered on a day set for it, after a leader was asked.
    ReviewFirst,

    // Of an exception to the protection.
    /// It is approved by another person than the one who asked for it.
    ExceptionTakesTwo,
    /// It lies ahead when it is approved, and is over after 28 days at the latest.
    OverInTime,
    /// What was decided is not decided once more.
    DecidedOnce,
    /// It is in force from its approval to its end or its revocation, and nothing but an approval puts it in force.
    NothingElseOpensIt,

    // Of what comes before a sanction.
    /// No referral, and no sanction, before a conference of the two parties, as two persons, that saw no good reason.
    SanctionConferenceFirst,
    /// No sanction before the claimant was invited and has explained, or no answer came.
    ClaimantHeardFirst,
    /// A reason that somebody told of is weighed.
    ReasonsWeighed,
    /// No sanction is decided while the award is held, or while nobody can say.
    NotWhileHeld,
    /// Nobody decides who recorded the failure, conferred about the claimant or referred them.
    NoSidesTaken,
    /// Nothing is asked for or decided once the case has ended, and nothing is decided twice.
    NothingAfterTheEnd,

    // Of the directory of leaders.
    /// An area has one leader or none: whoever was named last.
    OneLeaderAtATime,
    /// Whoever leads does so until somebody else does, or they are removed.
    LeadsUntilHandedOver,
    /// Nobody leads from a day on that has not come.
    NobodyLeadsAheadOfTime,
}
