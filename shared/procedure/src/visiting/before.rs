//! Before the referral: what considerations, concerns and triages together amount to.
//!
//! As in [`judge`](super::judge), nothing depends on the order of recording: what was considered adds up, and of what
//! replaces something said before the latest counts.

mod considered;
mod tasks;
mod triaged;

pub(super) use considered::Considered;
pub(super) use tasks::tasks;
pub(super) use triaged::Triaged;

use super::{
    fact::{Conclusion, TriageResult, Understanding},
    form::VisitingForm,
    gate::unmet,
    judge::{Judgement, Settled},
    state::{Opened, Stage, State},
};
use crate::{
    Context,
    benefit::{Considering, Rules, Triaging},
    draft::{Because, Footing},
    protection::HoldGround,
    rule::rulings::{R_DEATH_VERIFIED, R_RECORDED_ALWAYS, R_WITHDRAWAL},
};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// How far a case without a referral has come, since when, on which fact and which rules.
struct Reached {
    stage: Stage,
    since: DateTime<Utc>,
    basis: Vec<u32>,
    because: Because,
}

/// The pages that a case without a referral is judged by: the one in force now, and, where that is silent, the one that
/// was when the case was opened, so that nothing that protects the award is lost with a new version.
fn pages<'a>(opened: &Opened, context: &Context<'a>) -> Vec<&'a Rules> {
    let in_force = |at| context.guidance.in_force(opened.award.benefit, at);
    [context.now, opened.occurred_at].into_iter().filter_map(in_force).map(|version| &version.rules).collect()
}

/// Judges a case that has no referral yet.
pub(super) fn judge(state: &State, opened: &Opened, context: &Context<'_>) -> Judgement {
    let (pages, considered) = (pages(opened, context), Considered::of(state));
    let reached = from_outside(state).unwrap_or_else(|| from_facts(state, opened, &considered, &pages, context));
    let holds = holds(&considered, &pages, reached.stage);
    Judgement {
        stage: reached.stage,
        since: reached.since.max(opened.occurred_at),
        basis: reached.basis,
        handover_to: Vec::new(),
        because: Footing::from(reached.because),
        window: None,
        verdicts: BTreeMap::new(),
        settled: Settled::default(),
        holds,
    }
}

/// What a case comes to whose visits are judged already: where the customer was seen and a concern has come since, it goes
/// back to triage, and from there on as before the referral (Access to Work 4, 5). Until whoever triages finds that there
/// is none, or the case is withdrawn, the visit does not end it.
pub(super) fn judge_since_visit(state: &State, opened: &Opened, judged: Judgement, context: &Context<'_>) -> Judgement {
    let visit = judged.basis.first().filter(|_| judged.stage == Stage::EndedVisitEffective);
    let page = pages(opened, context).into_iter().find_map(|page| page.triage.as_option());
    let since_visit = |visit: &u32| triaged(Triaged::of(state, Some(*visit))?, state, page?);
    match visit.and_then(since_visit).filter(|reached| reached.stage != Stage::WithAdviser) {
        Some(Reached { stage, since, basis, because }) => {
            let since = since.max(judged.since);
            Judgement { stage, since, basis, because: Footing::from(because), ..judged }
        }
        None => judged,
    }
}

/// What ends a case whatever its facts are.
fn from_outside(state: &State) -> Option<Reached> {
    let death = state.customer.death.as_ref().and_then(|death| death.confirmed_at);
    let died = death.map(|at| (Stage::EndedDeath, at, vec![&R_DEATH_VERIFIED]));
    let withdrawn = state.withdrawn.map(|withdrawn| (Stage::EndedWithdrawn, withdrawn.at, vec![&R_WITHDRAWAL]));
    let (stage, since, because) = died.or(withdrawn)?;
    Some(Reached { stage, since, basis: Vec::new(), because })
}

fn from_facts(
    state: &State,
    opened: &Opened,
    considered: &Considered,
    pages: &[&Rules],
    context: &Context<'_>,
) -> Reached {
    let triaging = pages.iter().find_map(|page| page.triage.as_option());
    let considering = pages.iter().find_map(|page| page.consideration.as_option());
    let triaged = triaging.and_then(|triaging| triaged(Triaged::of(state, None)?, state, triaging));
    let concluded = || considering.map(|considering| concluded(state, opened, (considering, considered), context));
    // What opened the case turned out never to have happened.
    let nothing = || Reached {
        stage: Stage::ConsiderationDue,
        since: opened.occurred_at,
        basis: Vec::new(),
        because: vec![&R_RECORDED_ALWAYS],
    };
    triaged.or_else(concluded).unwrap_or_else(nothing)
}

/// What the latest concern, or the triage since then, comes to.
fn triaged(Triaged { fact, found }: Triaged, state: &State, triaging: &Triaging) -> Option<Reached> {
    let (stage, rules) = match found {
        Some(TriageResult::VisitAppropriate) => (Stage::ReferralDue, triaging.refer.rules),
        Some(TriageResult::ConcernWithoutVisit) => (Stage::ConcernWithSpoc, triaging.stays.rules),
        Some(TriageResult::NoConcern) => (Stage::WithAdviser, triaging.adviser.rules),
        None => (Stage::TriageDue, triaging.by.rules),
    };
    let since = state.facts.get(&fact)?.happening.occurred_at();
    Some(Reached { stage, since, basis: vec![fact], because: rules.to_vec() })
}

/// What the considerations come to. Doubt refers, whatever else is concluded; that no visit is required counts only once
/// everything was considered that has to be, by the version in force when it was concluded.
fn concluded(
    state: &State,
    opened: &Opened,
    (considering, considered): (&Considering, &Considered),
    context: &Context<'_>,
) -> Reached {
    let concluded_at = considered.concluded_by().and_then(|fact| Some(state.facts.get(&fact)?.happening.occurred_at()));
    let own = concluded_at.and_then(|at| context.guidance.in_force(opened.award.benefit, at));
    let own = own.and_then(|version| version.rules.consideration.as_option()).unwrap_or(considering);
    let form = VisitingForm::default();
    let open = (Stage::ConsiderationDue, considering.items.rules);
    let (stage, rules) = match (considered.understanding, considered.conclusion()) {
        (Some(Understanding::Doubt), _) => (Stage::ReferralDue, considering.refer.rules),
        (_, Conclusion::Refer) => (Stage::ReferralDue, considering.refer.rules),
        (_, Conclusion::NoVisit) if unmet(own.no_visit, state, &form).is_none() => {
            (Stage::EndedVisitNotRequired, tasks::noted(own, considered).rules)
        }
        (_, Conclusion::NoVisit | Conclusion::Open) => open,
    };
    let basis: Vec<_> = considered.settled_by(stage).into_iter().collect();
    let since = basis.iter().filter_map(|fact| Some(state.facts.get(fact)?.happening.occurred_at())).next_back();
    let applies = stage == Stage::ConsiderationDue && considered.visit_applies();
    let because = if applies { [rules, considering.no_response.rules].concat() } else { rules.to_vec() };
    Reached { stage, since: since.unwrap_or(opened.occurred_at), basis, because }
}

/// What protects the award, where a visit is considered: a known condition until it is concluded, and from when the
/// visit is due the visit itself.
fn holds(considered: &Considered, pages: &[&Rules], stage: Stage) -> Vec<HoldGround> {
    let Some(considering) = pages.iter().find_map(|page| page.consideration.as_option()) else { return Vec::new() };
    let known = stage == Stage::ConsiderationDue && considered.condition_is_known();
    let is_due = stage == Stage::ReferralDue || (known && considered.visit_applies());
    let due = || pages.iter().find_map(|page| page.visit_due.says().copied());
    let known = known.then_some(considering.condition_known.says);
    known.into_iter().chain(is_due.then(due).flatten()).collect()
}
