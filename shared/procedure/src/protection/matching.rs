//! Which holds a question meets.

use super::{HoldGround, Holds, Question, Standing, Why, basis, holds::Known, paragraph};
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
/// in any hold: a wrong or outdated reference protects rather than permits. Most questions meet nothing, which two
/// look-ups show for each list that is not empty, without anything being allocated.
#[must_use]
pub fn match_holds(question: &Question, ledger: &Holds, undelivered: &[(Workload, &Holds)]) -> Matched {
    let mut matched = Matched::default();
    if !everywhere(ledger, undelivered).any(|(_, holds)| concerns(holds, question)) {
        return matched;
    }
    let names = names(question, ledger, undelivered);
    for (source, holds) in everywhere(ledger, undelivered) {
        let by_name = names.iter().flat_map(|name| holds.of_name(name));
        let mut met: Vec<_> = holds.of_award(question.award()).chain(by_name).collect();
        met.sort_unstable_by_key(Known::order);
        met.dedup_by_key(|known| known.order());
        for known in met.iter().filter(|known| known.protects()) {
            meet(question, &names, known, source, &mut matched);
        }
    }
    matched
}

/// The rules that prohibit what was asked because the question states a known condition, and the ledger does not know that
/// a Core Visit was considered for the award (ESA 106, R-HOLD-FROM-CONDITION); `None` where nothing is stated, where the
/// benefit's text does not speak of conditions, or where it lets the action be taken.
///
/// Only what the ledger knows counts, and only of the very award: what permits has to be exact in every part, as what
/// prohibits need not be.
#[must_use]
pub(super) fn stated_condition(question: &Question, ledger: &Holds) -> Option<Vec<&'static Rule>> {
    let (benefit, ground) = (question.subject().benefit, HoldGround::ConditionKnown);
    if !question.condition_known() || paragraph(benefit, ground).is_none() {
        return None;
    }
    let basis = basis(benefit, ground);
    let is_covered = basis.prohibits.covers(question.action(), question.ground());
    (is_covered && !is_visit_considered(question, ledger)).then_some(basis.rules)
}

/// Whether the ledger knows that a Core Visit was considered for the award.
fn is_visit_considered(question: &Question, ledger: &Holds) -> bool {
    let names = names(question, ledger, &[]);
    ledger.of_award(question.award()).any(|known| {
        let same_subject = known.benefit() == question.subject().benefit && names.contains(known.customer());
        same_subject && tells_of_a_visit(known.ground(), known.state())
    })
}

/// Whether a hold shows that a Core Visit was considered: one is due, or what protected until it was considered went over
/// into what came of it. One that was taken back, or ended with the customer's death, shows nothing.
fn tells_of_a_visit(ground: HoldGround, state: Standing) -> bool {
    match (ground, state) {
        (HoldGround::CoreVisitDue, Standing::Standing) => true,
        (HoldGround::ConditionKnown | HoldGround::CoreVisitDue, Standing::Released { why }) => match why {
            Why::VisitConsidered | Why::EffectiveVisit | Why::ContactInTime | Why::Replaced | Why::InformedDecision => {
                true
            }
            Why::VerifiedDeath | Why::Withdrawn => false,
        },
        (
            HoldGround::ConditionKnown
            | HoldGround::OpenReferral
            | HoldGround::ConcernOnRecord
            | HoldGround::TwoIneffectiveVisits
            | HoldGround::ConcernDetermined
            | HoldGround::Reconsideration
            | HoldGround::Other(_),
            Standing::Standing | Standing::Released { .. },
        ) => false,
    }
}

/// The ledger's holds, and those that a source has not delivered.
fn everywhere<'a>(
    ledger: &'a Holds,
    undelivered: &[(Workload, &'a Holds)],
) -> impl Iterator<Item = (Option<Workload>, &'a Holds)> {
    let listed = undelivered.iter().map(|(source, holds)| (Some(*source), *holds));
    [(None, ledger)].into_iter().chain(listed)
}

/// Whether any hold knows the award or the customer as asked. Where none does, no other reference leads to one either.
fn concerns(holds: &Holds, question: &Question) -> bool {
    holds.of_award(question.award()).next().is_some() || holds.of_name(question.customer()).next().is_some()
}

/// Every reference of the customer's that a question names.
fn names<'a>(question: &'a Question, ledger: &'a Holds, undelivered: &[(Workload, &'a Holds)]) -> BTreeSet<&'a str> {
    let known: Vec<_> = everywhere(ledger, undelivered).map(|(_, holds)| holds).collect();
    references([question.customer()], &known)
}

/// Every reference to which these lead: those of any hold that knows one of them, and so on. Released holds count: who
/// somebody is does not end with a case.
#[must_use]
pub fn references<'a>(of: impl IntoIterator<Item = &'a str>, known: &[&'a Holds]) -> BTreeSet<&'a str> {
    let mut names: BTreeSet<_> = of.into_iter().collect();
    let mut ahead: Vec<_> = names.iter().copied().collect();
    while let Some(name) = ahead.pop() {
        for holds in known {
            let others = holds.of_name(name).flat_map(|known| known.names());
            ahead.extend(others.filter(|name| names.insert(name)));
        }
    }
    names
}

fn meet(
    question: &Question,
    names: &BTreeSet<&str>,
    known: &Known<'_>,
    source: Option<Workload>,
    matched: &mut Matched,
) {
    let same_award = known.award() == question.award();
    let same_subject = known.benefit() == question.subject().benefit && names.contains(known.customer());
    let (case, prohibits) = (known.case().to_owned(), known.prohibits());
    if prohibits.actions.is_empty() {
        let told = Advisory { reason: AdvisoryReason::OpenReferral, case, rules: vec![&R_OPEN_REFERRAL] };
        matched.advisories.extend((same_award || same_subject).then_some(told));
    } else if !same_award && !same_subject {
        let rules = vec![&R_OTHER_AWARDS];
        matched.advisories.push(Advisory { reason: AdvisoryReason::AnotherAwardHeld, case, rules });
    } else if prohibits.covers(question.action(), question.ground()) {
        let (ground, rules) = (known.ground(), known.rules().to_vec());
        matched.prohibited_by.push(Prohibition { case, ground, rules, undelivered_at: source });
    } else {
        let rules = known.rules().to_vec();
        matched.advisories.push(Advisory { reason: AdvisoryReason::OtherActionsHeld, case, rules });
    }
}
