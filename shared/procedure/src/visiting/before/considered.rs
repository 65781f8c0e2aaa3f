//! What was considered of a visit, all in all.

use crate::visiting::{
    fact::{Conclusion, Consideration, ConsideredItem, ContactBy, Happening, Indicator, Situation, Understanding},
    form::Answer,
    state::{Stage, State},
};
use std::collections::BTreeSet;

/// Everything that the considerations of a case say together.
#[derive(Debug, Clone, Default)]
pub(in crate::visiting) struct Considered {
    /// Whether there is a consideration at all.
    pub(in crate::visiting) any: bool,
    /// What went before.
    pub(in crate::visiting) situations: BTreeSet<Situation>,
    /// What was considered.
    pub(in crate::visiting) items: BTreeSet<ConsideredItem>,
    /// What the records show.
    pub(in crate::visiting) indicators: BTreeSet<Indicator>,
    /// The customer has not responded to any correspondence.
    pub(in crate::visiting) no_response: bool,
    /// There is a safeguarding concern.
    pub(in crate::visiting) safeguarding_concern: bool,
    /// There is an appointee or attorney.
    pub(in crate::visiting) has_representative: bool,
    /// What whoever last spoke with the customer made of their understanding.
    pub(in crate::visiting) understanding: Option<Understanding>,
    /// The last that is known of the address is that none could be traced with confidence (ESA 107).
    pub(in crate::visiting) untraced: bool,
    /// The consideration that says so.
    understood_by: Option<u32>,
    /// The last that concludes anything.
    concluded: Option<(u32, Conclusion)>,
    /// The first consideration.
    first: Option<u32>,
}

impl Considered {
    /// What the considerations of a case say together; what its form and its facts say of the same counts too.
    pub(in crate::visiting) fn of(state: &State) -> Self {
        let mut considered = Self::default();
        for (number, fact) in state.in_order() {
            match &fact.happening {
                Happening::Consideration(told) => considered.take(number, told),
                Happening::Concern(_) => considered.safeguarding_concern = true,
                // Somebody else's contact says nothing of what the customer understands.
                Happening::Contact(contact) if contact.by != ContactBy::ThirdParty => {
                    considered.understood(number, contact.understanding);
                }
                Happening::AddressTrace(trace) => considered.untraced = trace.found.is_none(),
                Happening::Contact(_)
                | Happening::Visit(_)
                | Happening::UnsafeArea(_)
                | Happening::Letter(_)
                | Happening::Triage(_)
                | Happening::FollowUp(_)
                | Happening::Booking(_) => {}
            }
        }
        let told = state.referral.as_ref().and_then(|referral| referral.form.has_representative);
        considered.has_representative |= told == Some(Answer::Yes);
        considered
    }

    fn take(&mut self, number: u32, told: &Consideration) {
        self.any = true;
        self.first = self.first.or(Some(number));
        self.situations.extend(&told.situations);
        self.items.extend(&told.considered);
        self.indicators.extend(&told.indicator);
        self.no_response |= told.no_response;
        self.safeguarding_concern |= told.safeguarding_concern;
        self.has_representative |= told.has_representative;
        self.understood(number, told.understanding);
        match told.conclusion {
            Conclusion::Open => {}
            Conclusion::Refer | Conclusion::NoVisit => self.concluded = Some((number, told.conclusion)),
        }
    }

    /// Whoever last spoke with the customer knows best.
    fn understood(&mut self, number: u32, understanding: Option<Understanding>) {
        if understanding.is_some() {
            (self.understanding, self.understood_by) = (understanding, Some(number));
        }
    }

    /// What is left of these to be considered.
    pub(in crate::visiting) fn left_of(&self, items: &[ConsideredItem]) -> Vec<ConsideredItem> {
        items.iter().filter(|item| !self.items.contains(item)).copied().collect()
    }

    /// A condition that could affect understanding or compliance is known, or somebody who spoke with the customer is in
    /// doubt.
    pub(in crate::visiting) fn condition_is_known(&self) -> bool {
        self.indicators.iter().any(|indicator| indicator.is_found()) || self.understanding == Some(Understanding::Doubt)
    }

    /// No response to any correspondence, from somebody of whom a condition is known: a visit is to be made (ESA 111).
    pub(in crate::visiting) fn visit_applies(&self) -> bool {
        self.no_response && self.condition_is_known()
    }

    /// The records were checked, and there is nothing.
    pub(in crate::visiting) fn nothing_found(&self) -> bool {
        !self.indicators.is_empty() && !self.condition_is_known()
    }

    /// Something was considered, and nobody has said what the records show (ESA 107).
    pub(in crate::visiting) fn records_unchecked(&self) -> bool {
        self.any && self.indicators.is_empty()
    }

    /// There is a concern, and nobody has considered whom to contact to mitigate hardship (ESA 106).
    pub(in crate::visiting) fn hardship_unconsidered(&self) -> bool {
        self.safeguarding_concern && !self.items.contains(&ConsideredItem::HardshipContacts)
    }

    /// Somebody acts for the customer, and nobody has considered whether they fulfil their responsibilities (ESA 110).
    pub(in crate::visiting) fn responsibilities_unconsidered(&self) -> bool {
        self.has_representative && !self.items.contains(&ConsideredItem::RepresentativeResponsibilities)
    }

    /// Whether any of that is left.
    pub(in crate::visiting) fn leaves_anything(&self) -> bool {
        self.records_unchecked() || self.hardship_unconsidered() || self.responsibilities_unconsidered()
    }

    /// What was concluded last.
    pub(super) fn conclusion(&self) -> Conclusion {
        self.concluded.map_or(Conclusion::Open, |(_, conclusion)| conclusion)
    }

    /// The consideration that concluded it.
    pub(super) fn concluded_by(&self) -> Option<u32> {
        self.concluded.map(|(number, _)| number)
    }

    /// The consideration that a stage rests on.
    pub(super) fn settled_by(&self, stage: Stage) -> Option<u32> {
        let in_doubt = self.understood_by.filter(|_| self.understanding == Some(Understanding::Doubt));
        let concluded = self.concluded_by();
        if stage == Stage::ConsiderationDue { self.first } else { in_doubt.or(concluded) }
    }
}
