//! What differs between the stories: who acts, in which systems, and what the paragraphs are called. One page a benefit.

use super::client::As;
use holdfast_contracts::holdfast::{common::v1::Benefit, conferencing::v1::Outcome};

/// How a case comes to DWP Visiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginning {
    /// The referrer refers.
    Referral,
    /// Whether a visit is to be made is considered first.
    Consideration,
    /// A concern is raised, and triaged.
    Concern,
}

/// What goes to the decision maker with the case.
#[derive(Debug, Clone, Copy)]
pub(super) enum Closing {
    /// A note, by whom and in which system.
    Note(As, &'static str),
    /// The documentation, gathered by the referrer.
    Documentation,
}

/// Who plays in the story of a benefit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cast {
    pub(super) benefit: Benefit,
    pub(super) title: &'static str,
    pub(super) beginning: Beginning,
    /// Who refers for the visit.
    pub(super) refers: As,
    /// A letter gives the customer time to get in touch after the first visit.
    pub(super) letter: bool,
    /// Who leads after two visits.
    pub(super) lead: As,
    /// With whom the lead confers.
    pub(super) confers_with: As,
    /// Who makes the note that nobody acts meanwhile, and where.
    pub(super) prescribed_note: Option<(As, &'static str)>,
    /// Whether a conference is due is decided, rather than always so.
    pub(super) conference_where_required: bool,
    /// Who notes what the conference agreed, and where.
    pub(super) review_note: Option<&'static str>,
    /// Contact is attempted about a concern.
    pub(super) contact_attempt: bool,
    pub(super) closing: Closing,
    pub(super) decides: As,
    pub(super) outcome: Outcome,
    /// The rules that payments are told: while the visit is due, after two visits, once a concern is determined.
    pub(super) told: [&'static str; 3],
}

/// Every story's page.
static CASTS: [&Cast; 4] = [&PIP, &ESA, &UC, &ATW];

/// The page of a benefit's story.
pub(super) fn of(benefit: Benefit) -> Option<&'static Cast> {
    CASTS.into_iter().find(|cast| cast.benefit == benefit)
}

static PIP: Cast = Cast {
    benefit: Benefit::Pip,
    title: "A PIP customer has not answered two letters.",
    beginning: Beginning::Referral,
    refers: As::Referrer,
    letter: true,
    lead: As::CesTeam,
    confers_with: As::Referrer,
    prescribed_note: Some((As::CesTeam, "PIPCS")),
    conference_where_required: true,
    review_note: None,
    contact_attempt: true,
    closing: Closing::Note(As::CesTeam, "PIPCS"),
    decides: As::CaseManager,
    outcome: Outcome::NotDisallow,
    told: ["R-OPEN-REFERRAL", "PIP-6", "PIP-14"],
};

static ESA: Cast = Cast {
    benefit: Benefit::Esa,
    title: "An ESA claimant with a mental health condition has missed an interview and answers nothing.",
    beginning: Beginning::Consideration,
    refers: As::Referrer,
    letter: true,
    lead: As::Heo,
    confers_with: As::Referrer,
    prescribed_note: None,
    conference_where_required: false,
    review_note: Some("JSAPS"),
    contact_attempt: false,
    closing: Closing::Documentation,
    decides: As::DecisionMaker,
    outcome: Outcome::Neither,
    told: ["ESA-112", "ESA-125P", "ESA-125H"],
};

static UC: Cast = Cast {
    benefit: Benefit::UniversalCredit,
    title: "A Universal Credit claimant cannot be reached.",
    beginning: Beginning::Referral,
    refers: As::Referrer,
    letter: false,
    lead: As::TeamLeader,
    confers_with: As::Referrer,
    prescribed_note: None,
    conference_where_required: false,
    review_note: Some("UC-HISTORY"),
    contact_attempt: false,
    closing: Closing::Documentation,
    decides: As::DecisionMaker,
    outcome: Outcome::NotTakeDecision,
    told: ["R-OPEN-REFERRAL", "UC-2", "UC-8"],
};

static ATW: Cast = Cast {
    benefit: Benefit::AccessToWork,
    title: "A processor is worried about somebody who has applied to Access to Work.",
    beginning: Beginning::Concern,
    refers: As::Spoc,
    letter: true,
    lead: As::Ceast,
    confers_with: As::Spoc,
    prescribed_note: Some((As::Spoc, "DISC")),
    conference_where_required: true,
    review_note: None,
    contact_attempt: true,
    closing: Closing::Note(As::Spoc, "DISC"),
    decides: As::Adviser,
    outcome: Outcome::AwardGrant,
    told: ["GEN-2", "ATW-11", "ATW-19"],
};
