//! Holds kept as simply as can be, and matched by looking at every one of them: what the shipped ones have to agree with.

use holdfast_procedure::Workload;
use holdfast_procedure::protection::{
    Advisory, AdvisoryReason, Hold, HoldGround, HoldKey, Matched, Prohibition, Question,
};
use holdfast_procedure::rule::rulings::{R_OPEN_REFERRAL, R_OTHER_AWARDS};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Default)]
pub(crate) struct Reference(pub(crate) BTreeMap<HoldKey, Hold>);

impl Reference {
    pub(crate) fn put(&mut self, hold: &Hold) {
        self.0.insert(hold.key.clone(), hold.clone());
    }
}

/// Every reference of the customer's that a chain of holds leads to, whatever list they are in.
fn names<'a>(question: &'a Question, everywhere: &[(Option<Workload>, &'a Reference)]) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::from([question.customer()]);
    loop {
        let before = names.len();
        for hold in everywhere.iter().flat_map(|(_, holds)| holds.0.values()) {
            if hold.names().any(|name| names.contains(name)) {
                names.extend(hold.names());
            }
        }
        if names.len() == before {
            return names;
        }
    }
}

pub(crate) fn matched(question: &Question, ledger: &Reference, undelivered: &[(Workload, &Reference)]) -> Matched {
    let listed = undelivered.iter().map(|(source, holds)| (Some(*source), *holds));
    let everywhere: Vec<_> = [(None, ledger)].into_iter().chain(listed).collect();
    let names = names(question, &everywhere);
    let mut matched = Matched::default();
    for (source, holds) in everywhere {
        for hold in holds.0.values().filter(|hold| hold.state.protects()) {
            meet(question, &names, hold, source, &mut matched);
        }
    }
    matched
}

fn meet(question: &Question, names: &BTreeSet<&str>, hold: &Hold, source: Option<Workload>, matched: &mut Matched) {
    let same_award = hold.award.award == question.award();
    let same_customer = hold.names().any(|name| names.contains(name));
    let same_subject = names.iter().any(|name| question.subject_as(name) == hold.subject());
    if !same_award && !same_customer {
        return;
    }
    let (case, ground): (_, HoldGround) = (hold.key.case.clone(), hold.key.ground);
    let advisory = |reason, rules| Advisory { reason, case: case.clone(), rules };
    if hold.prohibits.actions.is_empty() {
        let told = advisory(AdvisoryReason::OpenReferral, vec![&R_OPEN_REFERRAL]);
        matched.advisories.extend((same_award || same_subject).then_some(told));
    } else if !same_award && !same_subject {
        matched.advisories.push(advisory(AdvisoryReason::AnotherAwardHeld, vec![&R_OTHER_AWARDS]));
    } else if hold.prohibits.covers(question.action(), question.ground()) {
        let rules = hold.rules.clone();
        matched.prohibited_by.push(Prohibition { case, ground, rules, undelivered_at: source });
    } else {
        matched.advisories.push(advisory(AdvisoryReason::OtherActionsHeld, hold.rules.clone()));
    }
}
