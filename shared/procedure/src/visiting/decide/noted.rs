//! What a caller is told of a fact that does not do what they may expect of it, and of what it leaves owed.

use crate::{
    Rule,
    draft::Draft,
    facts::on,
    term::london_date,
    visiting::{
        Visiting,
        before::Considered,
        fact::{Happening, Outcome, Seen, Understood, UnderstoodAnswer},
        state::{Fact, Stage},
    },
};

impl Draft<'_, Visiting> {
    /// What is told of a fact as it was recorded just now, and judged.
    pub(super) fn noted(&self, number: u32) -> Option<String> {
        let fact = self.state.facts.get(&number)?;
        match &fact.happening {
            Happening::UnsafeArea(_) => self.unsafe_before_referral(fact),
            Happening::AddressTrace(trace) if trace.found.is_none() => self.untraced_before_referral(fact),
            Happening::Consideration(_) => self.considered_too_late(),
            Happening::Triage(_) => self.triage_too_early(number),
            Happening::FollowUp(_) => self.followed_up_too_early(number),
            Happening::Visit(visit) if visit.outcome == Outcome::Effective => self.left_of_visit(number, fact),
            Happening::Visit(_)
            | Happening::AddressTrace(_)
            | Happening::Letter(_)
            | Happening::Contact(_)
            | Happening::Concern(_)
            | Happening::Booking(_) => None,
        }
    }

    fn unsafe_before_referral(&self, fact: &Fact) -> Option<String> {
        if !self.state.stage.is_before_referral() {
            return None;
        }
        let rules = self.version(fact.happening.occurred_at())?.rules.unsafe_area.rules;
        Some(format!(
            "Recorded. No referral is open: the area counts as two ineffective visits from the referral on, and protects \
             nothing before it. Where a visit is right, ReferForVisit comes next ({}).",
            ids(rules)
        ))
    }

    fn untraced_before_referral(&self, fact: &Fact) -> Option<String> {
        if !self.state.stage.is_before_referral() {
            return None;
        }
        let rules = self.version(fact.happening.occurred_at())?.rules.untraceable.as_option()?.rules;
        Some(format!(
            "Recorded. No referral is open: that no address could be traced counts as two ineffective visits from the \
             referral on, unless that names an address of which the referrer is confident, and protects nothing before it. \
             While it stands it cannot be concluded that no visit is required: conclude REFER, then ReferForVisit ({}).",
            ids(rules)
        ))
    }

    /// What is considered of a case that has ended is there for whoever deals with the customer next.
    fn considered_too_late(&self) -> Option<String> {
        let page = self.version(self.context.now)?.rules.consideration.as_option()?;
        let ended = self.state.stage.has_ended() && self.state.stage != Stage::EndedVisitNotRequired;
        ended.then(|| {
            format!(
                "Recorded for whoever deals with the claimant next. The case has ended, so that this does not protect the \
                 award; where a visit is to be considered again, ConsiderVisit anew, with the award and the place in place \
                 of the case's reference ({}).",
                ids(page.by.rules)
            )
        })
    }

    /// A triage that covers no concern on record, as it is dated before that arose.
    fn triage_too_early(&self, number: u32) -> Option<String> {
        let concern = self.state.basis.first().filter(|_| self.state.stage == Stage::TriageDue)?;
        let (arose, triaged) = (self.state.facts.get(concern)?, self.state.facts.get(&number)?);
        let rules = self.version(self.context.now)?.rules.triage.as_option()?.by.rules;
        Some(format!(
            "Recorded. The concern is to be triaged still: a triage {} says nothing of fact {concern}, a concern that arose \
             {}. TriageConcern again, or CorrectFact where a date is wrong ({}).",
            on(triaged.happening.occurred_at()),
            on(arose.happening.occurred_at()),
            ids(rules)
        ))
    }

    /// A follow-up made before one was due, which sets no other day.
    fn followed_up_too_early(&self, number: u32) -> Option<String> {
        let Happening::FollowUp(told) = &self.state.facts.get(&number)?.happening else { return None };
        let set = self.state.follow_up.as_ref().filter(|_| told.review_on.is_none() && self.state.nothing_is_back())?;
        let made = self.state.referral.as_ref()?.occurred_at;
        let rules = self.version(made)?.rules.follow_up.as_option()?.rules;
        Some(format!(
            "Recorded. The follow-up was not due yet and no other day is set, so that it stays due after {}; \
             RecordFollowUp with review_on sets another day ({}).",
            london_date(set.due.ends.due.ends_at),
            ids(rules)
        ))
    }

    /// What the guidance asks for of a visit at which the customer was seen, and nobody has said was done.
    fn left_of_visit(&self, number: u32, fact: &Fact) -> Option<String> {
        let Happening::Visit(visit) = &fact.happening else { return None };
        if self.state.effective_visit() != Some(number) {
            return None;
        }
        let core = self.version(visit.occurred_at)?.rules.core_visit.as_option()?;
        let seen = visit.seen.clone().unwrap_or_default();
        let represented = Considered::of(&self.state).has_representative;
        let left: Vec<_> = [
            (!seen.explained, "explain why the claimant has to take part, and what follows", core.explains.rules),
            (!says_what_is_understood(&seen), "establish what the claimant understands", core.establishes.rules),
            (
                represented && !seen.representative_present,
                "include the appointee or attorney",
                core.representative.rules,
            ),
        ]
        .into_iter()
        .filter(|(left, ..)| *left)
        .map(|(_, what, rules)| format!("{what} ({})", ids(rules)))
        .collect();
        (!left.is_empty()).then(|| {
            format!(
                "Recorded. Nothing says that the visit did all that it is for, which is still owed: {}. Where it was done, \
                 CorrectFact adds it to the visit.",
                left.join("; ")
            )
        })
    }
}

/// Whether anything is said of what the customer understands; what was not discussed says nothing.
pub(super) fn says_what_is_understood(seen: &Seen) -> bool {
    let Understood { attendance, work_related_activity, evidence } = seen.understood;
    let said = |answer: Option<UnderstoodAnswer>| answer.is_some_and(|answer| answer != UnderstoodAnswer::NotDiscussed);
    [attendance, work_related_activity, evidence].into_iter().any(said)
}

fn ids(rules: &[&'static Rule]) -> String {
    let ids: Vec<_> = rules.iter().map(|rule| rule.id).collect();
    ids.join(", ")
}
