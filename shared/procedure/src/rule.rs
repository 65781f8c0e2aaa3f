//! The rules of the guidance as data: what each paragraph requires, how strongly, and how the suite shows it.
//!
//! A rule is written once, here, in the project's own words; everything else points at it. What the texts leave
//! open is settled by a *ruling*, which is a rule like any other with [`Source::Ruling`], so that a policy owner
//! finds it beside the paragraphs it completes.

use crate::benefit::Benefit;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub mod access_to_work;
pub mod esa;
pub mod general;
pub mod learning;
pub mod pip;
pub mod rulings;
pub mod six_point_plan;
pub mod universal_credit;

/// One rule of the guidance, or one ruling.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable id, for example `PIP-4`. It is what journals, replies and scenarios name.
    pub id: &'static str,
    /// The benefit it governs, or `None` where it governs all.
    pub benefit: Option<Benefit>,
    /// The text it was drawn from.
    pub source: Source,
    /// Paragraph or passage within the source.
    pub paragraph: &'static str,
    /// How strongly it binds.
    pub strength: Strength,
    /// The service that answers for it.
    pub service: Service,
    /// How it shows itself to a caller.
    pub proof: Proof,
    /// Whether this build enforces it already.
    pub standing: Standing,
    /// What is required, in the project's words.
    pub requires: &'static str,
}

/// The texts that the rules were drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// PIP guidance on ineffective visits.
    PipGuidance,
    /// Core Visits guidance for ESA (Annex A of the 2020 letter, revision 140920F).
    EsaCoreVisits,
    /// Universal Credit guidance on case conferencing after two visits.
    UniversalCreditConferencing,
    /// Access to Work guidance on visiting referrals, as modified on 20 October 2022.
    AccessToWorkVisiting,
    /// The Secretary of State's letter to the Work and Pensions Committee, September 2020.
    CommitteeLetter,
    /// The Six Point Plan (Annex B of the 2020 letter).
    SixPointPlan,
    /// The Senior Safeguarding Leader's job description (Annex C of the 2020 letter).
    SafeguardingLeader,
    /// Learning and improving from serious cases, 2022/23.
    SeriousCases2022To23,
    /// A ruling of the project where the texts are silent or can be read two ways.
    Ruling,
}

impl Source {
    /// The source's title as a reader would look it up.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::PipGuidance => "PIP guidance: ineffective visits",
            Self::EsaCoreVisits => "ESA guidance: Core Visits (revision 140920F)",
            Self::UniversalCreditConferencing => "Universal Credit guidance: case conference",
            Self::AccessToWorkVisiting => "Access to Work guidance: visiting referrals (20 October 2022)",
            Self::CommitteeLetter => "Letter to the Work and Pensions Committee (September 2020)",
            Self::SixPointPlan => "Six Point Plan (letter of September 2020, Annex B)",
            Self::SafeguardingLeader => "Senior Safeguarding Leader (letter of September 2020, Annex C)",
            Self::SeriousCases2022To23 => "Learning and improving from serious cases (2022/23)",
            Self::Ruling => "Holdfast ruling",
        }
    }
}

/// How strongly a rule binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Has to be done.
    Must,
    /// Has not to be done.
    MustNot,
    /// Is allowed.
    May,
    /// Says what a term means.
    Definition,
    /// Settles what the texts leave open.
    Ruling,
}

/// The service that answers for a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Every service.
    All,
    /// Referrals, visits, letters, contact.
    Visiting,
    /// Conference and decision.
    Conferencing,
    /// Escalation, declarations, directory and the protection check.
    Safeguarding,
    /// Internal Process Reviews and their learning.
    Learning,
}

impl Service {
    /// The service's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Visiting => "visiting",
            Self::Conferencing => "conferencing",
            Self::Safeguarding => "safeguarding",
            Self::Learning => "learning",
        }
    }
}

/// How a rule shows itself to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Something asked for is refused until the rule is met.
    RefusedStep,
    /// A task stands until it is done.
    TaskOwed,
    /// The protection check answers prohibited.
    CheckProhibited,
    /// The suite brings it about by itself.
    Derived,
    /// It can be recorded and read back.
    Recorded,
    /// Replies and the guidance service tell it.
    Guided,
    /// A publication shows it.
    Published,
}

impl Proof {
    /// The proof's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RefusedStep => "refused-step",
            Self::TaskOwed => "task-owed",
            Self::CheckProhibited => "check-prohibited",
            Self::Derived => "derived",
            Self::Recorded => "recorded",
            Self::Guided => "guided",
            Self::Published => "published",
        }
    }
}

/// Whether this build enforces a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Enforced, and proved by a scenario.
    InForce,
    /// Known, served by the guidance service, and not enforced yet.
    NotYet,
}

/// Every rule and ruling, in the order of the sources.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        general::RULES,
        pip::RULES,
        access_to_work::RULES,
        universal_credit::RULES,
        esa::RULES,
        six_point_plan::RULES,
        learning::RULES,
        rulings::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule with this id, if there is one.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// A rule is stored by its id alone: the journal cites, it does not copy.
impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

impl<'de> Deserialize<'de> for &'static Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        find(&id).ok_or_else(|| D::Error::custom(format!("no rule has the id {id}")))
    }
}
