//! What a benefit's guidance prescribes before a visit and at one: who considers it, who triages, what the form carries,
//! what is established and arranged where the customer is seen.

use super::{Clause, Prescribed};
use crate::{
    actor::Role,
    protection::HoldGround,
    term::Term,
    visiting::{ConsideredItem, Gate},
};

/// A visit is considered before a sanction or a disallowance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Considering {
    /// Who considers it.
    pub by: Clause<&'static [Role]>,
    /// What is to be considered.
    pub items: Clause<&'static [ConsideredItem]>,
    /// The records are checked for indicators.
    pub indicators: Clause<()>,
    /// Where there is a safeguarding concern, whom to contact to mitigate hardship is considered.
    pub hardship: Clause<()>,
    /// Where there is an appointee or attorney, whether they fulfil their responsibilities is considered.
    pub representative: Clause<()>,
    /// A known condition protects the award on this ground until a visit was considered.
    pub condition_known: Clause<HoldGround>,
    /// No response to correspondence, from somebody of whom a condition is known: the visit is due.
    pub no_response: Clause<()>,
    /// Before it can be concluded that no visit is required.
    pub no_visit: &'static [Clause<Gate>],
    /// That no visit is required is noted.
    pub noted: Clause<&'static str>,
    /// The same, where nobody has spoken with the customer.
    pub noted_unspoken: Clause<&'static str>,
    /// A visit is right: the referral is made as soon as possible.
    pub refer: Clause<()>,
}

/// A concern is triaged before any referral.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triaging {
    /// Who triages, and what that is owed for.
    pub by: Clause<&'static [Role]>,
    /// A concern, and a visit is appropriate: whoever triages makes the referral.
    pub refer: Clause<()>,
    /// A concern, and no visit is appropriate: it stays with whoever triages.
    pub stays: Clause<()>,
    /// No concern: the case goes to an adviser.
    pub adviser: Clause<()>,
    /// Anybody may identify a concern at any stage.
    pub concern: Clause<()>,
}

/// Somebody looks again, where nothing has come back of a referral.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FollowingUp {
    /// How long after the referral.
    pub within: Term,
    /// Who.
    pub owner: Role,
}

/// What is established and arranged where the customer is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoreVisit {
    /// What the officer explains.
    pub explains: Clause<()>,
    /// What the officer establishes.
    pub establishes: Clause<()>,
    /// The appointee or attorney is included.
    pub representative: Clause<()>,
    /// The officer finds out, where it is not known, whether the customer is a lone parent with a child under one.
    pub lone_parent: Clause<()>,
    /// A date and time is agreed with the customer and the referrer.
    pub booking: Clause<()>,
    /// The referrer is contacted at once where deferral looks appropriate.
    pub deferral: Clause<()>,
    /// A letter is completed for an appointment that the referrer has confirmed.
    pub letter: Clause<()>,
    /// Who decides on good cause and deferral, once the outcome is back.
    pub good_cause: Clause<&'static [Role]>,
    /// Who does not decide them.
    pub decides_nothing: Clause<Role>,
}

/// Whether whoever spoke with the customer is confident of their understanding has to be known before the protection
/// ends; in doubt the second visit is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    /// Who says so.
    pub owner: Role,
}

impl<T> Prescribed<Clause<T>> {
    /// What is prescribed, if anything is, without the rules behind it.
    #[must_use]
    pub fn says(&self) -> Option<&T> {
        self.as_option().map(|clause| &clause.says)
    }
}
