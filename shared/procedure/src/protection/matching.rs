//! Which holds a question meets.

use super::{Hold, HoldGround, HoldKey, Holds, Question};
use crate::{
    Rule, Workload,
    rule::rulings::{R_OPEN_REFERRAL, R_OTHER_AWARDS},
};
use std::collections::BTreeSet;

/// A hold that prohibits what was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Prohibition {
    /// The case.
    pub case: String,
    /// The ground on which its award is held.
    pub ground: HoldGround,
    /// The rules behind it; the first is the one that answers cite.
    pub rules: Vec<&'static Rule>,
    /// The source that has not delivered it to the ledger yet; `None`: the ledger has it.
    pub undelivered_at: Option<Workload>,
}

/// Why something is told beside an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdvisoryReason {
    /// A visiting referral is open for the award, and no concern is on record (R-OPEN-REFERRAL).
    OpenReferral,
    /// Another award of the customer's is held (R-OTHER-AWARDS).
    AnotherAwardHeld,
    /// The award is held, but not against this action on this ground.
    OtherActionsHeld,
}

/// Something told beside an answer; it prohibits nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Advisory {
    /// Why it is told.
    pub reason: AdvisoryReason,
    /// The case it is about.
    pub case: String,
    /// The rules behind it.
    pub rules: Vec<&'static Rule>,
}

/// What a question meets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matched {
    /// What prohibits the action, by case and ground.
    pub prohibited_by: Vec<Prohibition>,
    /// What is told beside the answer, by case and ground.
    pub advisories: Vec<Advisory>,
}

/// What a question meets among the holds of the ledger and those that sources have not delivered yet. A hold is met by
/// its award, whoever is said to have it, and by customer and benefit, under whatever reference the customer was known
/// in any hold: a wrong or outdated reference protects rather than permits.
#[must_use]
pub fn match_holds(question: &Question, ledger: &Holds, undelivered: &[(Workload, &Holds)]) -> Matched {
    let listed = undelivered.iter().map(|(source, holds)| (Some(*source), *holds));
    let everywhere: Vec<_> = [(None, ledger)].into_iter().chain(listed).collect();
    let names = names(question, &everywhere);
    let mut matched = Matched::default();
    for (source, holds) in everywhere {
        let by_name = names.iter().flat_map(|name| holds.of_name(name));
        let keys: BTreeSet<&HoldKey> = holds.of_award(question.award()).chain(by_name).collect();
        for hold in keys.into_iter().filter_map(|key| holds.get(key)).filter(|hold| hold.state.protects()) {
            meet(question, &names, hold, source, &mut matched);
        }
    }
    matched
}

/// Every reference of the customer's: those of any hold that knows one of them, and so on. Released holds count: who
/// somebody is does not end with a case.
fn names<'a>(question: &'a Question, everywhere: &[(Option<Workload>, &'a Holds)]) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::from([question.customer()]);
    let mut ahead = vec![question.customer()];
    while let Some(name) = ahead.pop() {
        for (_, holds) in everywhere {
            let known = holds.of_name(name).filter_map(|key| holds.get(key)).flat_map(Hold::names);
            ahead.extend(known.filter(|name| names.insert(name)));
        }
    }
    names
}

fn meet(question: &Question, names: &BTreeSet<&str>, hold: &Hold, source: Option<Workload>, matched: &mut Matched) {
    let same_award = hold.award.award == question.award();
    let same_subject = names.iter().any(|name| question.subject_as(name) == hold.subject());
    let (case, ground) = (hold.key.case.clone(), hold.key.ground);
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
