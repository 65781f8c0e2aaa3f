//! What contact after the first ineffective visit comes to.

use super::{took_effect, walk::Walk};
use crate::{
    Role,
    benefit::{Confidence, ContactInTime},
    draft::Footing,
    rule::rulings::R_NOT_PRESCRIBED,
    visiting::{
        fact::{Contact, ContactBy, Happening, SecondVisit, Understanding, Verdict},
        state::{Decided, Fact, Stage, State},
    },
};
use chrono::{DateTime, Utc};

/// Whose confidence in the customer's understanding the page asks for, if it asks for any.
fn asked(rules: &ContactInTime) -> Option<Confidence> {
    rules.confidence.as_option().map(|clause| clause.says)
}

/// What counts of an understanding: anybody's doubt, and the confidence of the party that the page names.
fn counting(said: Option<Understanding>, by_named: bool) -> Option<Understanding> {
    said.filter(|said| *said == Understanding::Doubt || by_named)
}

/// What counts of what a fact says of the customer's understanding. What was recorded of a third party says nothing of
/// it. A correction repeats the confidence of whoever recorded what it corrects.
fn heard(state: &State, fact: &Fact, named: Role) -> Option<Understanding> {
    if matches!(&fact.happening, Happening::Contact(contact) if contact.by == ContactBy::ThirdParty) {
        return None;
    }
    let said = fact.happening.understanding();
    let mut recorded = Some(fact);
    while let Some(known) = recorded.filter(|known| known.by.role != named || known.happening.understanding() != said) {
        recorded = known.corrects.and_then(|number| state.facts.get(&number));
    }
    counting(said, recorded.is_some())
}

/// What is known last of the customer's understanding, and since when: before the referral and since, without one fact where it is
/// about to be corrected. `named`: whose confidence counts.
pub(in crate::visiting) fn understood(
    state: &State,
    named: Role,
    without: Option<u32>,
) -> Option<(DateTime<Utc>, Understanding)> {
    let facts = state.standing_facts().filter(|(number, _)| Some(*number) != without);
    let recorded = facts.filter_map(|(_, fact)| Some((fact.happening.occurred_at(), heard(state, fact, named)?)));
    let decided = state.decisions.iter().filter_map(|decision| {
        let said = counting(decision.understanding, decision.by.role == named)?;
        Some((took_effect(state, decision.at), said))
    });
    recorded.chain(decided).max_by_key(|(at, _)| *at)
}

impl Walk<'_> {
    /// Whether whoever spoke with the customer is confident, where that is asked for.
    pub(super) fn is_confident(&self) -> bool {
        let since = self.judgement.since;
        let asks = self.contact_rules(since).is_some_and(|(rules, _)| asked(&rules).is_some());
        !asks || self.judgement.settled.understanding == Some(Understanding::Confident)
    }

    /// `recorded`: the contact as it is on record, `known_since` an instant.
    pub(super) fn take_contact(
        &mut self,
        fact: u32,
        contact: &Contact,
        (recorded, known_since): (&Fact, DateTime<Utc>),
    ) {
        let (at, stage) = (contact.occurred_at, self.judgement.stage);
        let third_party = contact.by == ContactBy::ThirdParty;
        let in_time = self.judgement.window.as_ref().is_some_and(|(window, _)| at <= window.ends.due.ends_at);
        // That no second visit is needed can be taken back, so further contact in time still counts.
        let counts = in_time && !third_party && stage == Stage::EndedNoSecondVisit;
        if stage.visits_are_over() && !counts {
            return self.give_afterwards(fact);
        }
        let Some((rules, because)) = self.contact_rules(at) else {
            return self.give(fact, Verdict::NotInTime, vec![&R_NOT_PRESCRIBED]);
        };
        if third_party {
            return self.give(fact, Verdict::NotTheCustomer, because);
        }
        if !in_time {
            return self.give(fact, Verdict::NotInTime, because);
        }
        if let Some(said) = asked(&rules).and_then(|asks| heard(self.state, recorded, asks.owner)) {
            self.judgement.settled.understanding = Some(said);
        }
        self.contact_on_record = self.contact_on_record.into_iter().chain([known_since]).min();
        self.give(fact, Verdict::InTime, because.clone());
        let settled = &mut self.judgement.settled.second_visit;
        *settled = contact.second_visit.or(*settled);
        // A decision already made stays until it is made anew; but in doubt the visit is due.
        let undecided = stage == Stage::AwaitingContact;
        let in_doubt = contact.understanding == Some(Understanding::Doubt) && asked(&rules).is_some();
        let by_doubt = in_doubt.then_some(SecondVisit::Needed);
        match by_doubt.or(contact.second_visit).or(rules.unless_decided.filter(|_| undecided)) {
            Some(second_visit) => self.settle(second_visit, at, vec![fact], because),
            None if undecided => self.reach(Stage::SecondVisitUndecided, at, vec![fact], because),
            None => {}
        }
    }

    /// A decision is about contact on record when it was made, not about another that comes to light later.
    pub(super) fn decide(&mut self, decision: &Decided, at: DateTime<Utc>) {
        let about = self.contact_on_record.is_some_and(|on_record| on_record <= decision.at);
        if about && self.judgement.stage.second_visit_is_open() {
            // A decision is judged by the version in force when it is recorded.
            let (asks, because) =
                self.contact_rules(at).map_or_else(Default::default, |(rules, because)| (asked(&rules), because.rules));
            let said = asks.and_then(|asks| counting(decision.understanding, decision.by.role == asks.owner));
            let settled = &mut self.judgement.settled;
            (settled.second_visit, settled.understanding) = (Some(decision.what), said.or(settled.understanding));
            let basis = self.judgement.basis.clone();
            self.settle(decision.what, at, basis, because);
        }
    }

    /// In doubt the visit stays due, whatever is said of it, until somebody says that they are confident.
    fn settle(&mut self, second_visit: SecondVisit, at: DateTime<Utc>, basis: Vec<u32>, because: impl Into<Footing>) {
        let stage = match second_visit {
            SecondVisit::Needed => Stage::SecondVisitDue,
            SecondVisit::NotNeeded if self.judgement.settled.understanding == Some(Understanding::Doubt) => {
                Stage::SecondVisitDue
            }
            SecondVisit::NotNeeded => Stage::EndedNoSecondVisit,
        };
        self.reach(stage, at, basis, because);
    }
}
