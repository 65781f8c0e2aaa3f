//! What is owed before the referral, and of what is considered at any time.

use super::Considered;
use crate::{
    Role, Rule, Task,
    benefit::{Clause, Considering, Rules, Triaging},
    guidance::Guidance,
    visiting::{
        advice::{CONSIDER_VISIT, REFER_FOR_VISIT, TRIAGE_CONCERN},
        fact::{ConsideredItem, Understanding},
        state::{Opened, Stage, State},
    },
};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Everything that is owed before a visit is due.
///
/// Who owes it, the version says that was in force when the case was last added to, or else an earlier one that is not
/// silent. What is to be considered is listed by every version since the case was opened, so that nothing is missing
/// that a refusal asks for.
pub(in crate::visiting) fn tasks(state: &State, opened: &Opened, guidance: &Guidance) -> Vec<Task> {
    let since = state.since.unwrap_or(opened.occurred_at);
    let benefit = opened.award.benefit;
    let last = state.facts.values().map(|fact| fact.recorded_at).fold(opened.occurred_at, DateTime::max);
    let in_force = |at| guidance.in_force(benefit, at).map(|version| &version.rules);
    let pages: Vec<_> = [last, opened.occurred_at].into_iter().filter_map(in_force).collect();
    let since_opened = guidance.in_force_since(benefit, opened.occurred_at);
    let asking: Vec<_> = since_opened.map(|version| &version.rules).collect();
    let considered = Considered::of(state);
    let mut owed = Vec::new();
    if let Some(triaging) = pages.iter().find_map(|page| page.triage.as_option()) {
        owed.extend(triage(state, triaging, since));
    }
    if let Some(considering) = pages.iter().find_map(|page| page.consideration.as_option()) {
        let asked = asking.iter().filter_map(|page| page.consideration.as_option());
        let mut items: Vec<_> = asked.flat_map(|considering| considering.items.says).copied().collect();
        let mut seen = BTreeSet::new();
        items.retain(|item| seen.insert(*item));
        owed.extend(conclusion(state, (considering, &items), &considered, since));
        if !state.ended_in_death_or_error() {
            owed.extend(still_to_consider(opened, considering, &considered));
        }
    }
    owed.extend(referral(state, &considered, &pages, since));
    owed
}

fn first(rules: &[&'static Rule]) -> Option<&'static Rule> {
    rules.first().copied()
}

fn triage(state: &State, triaging: &Triaging, since: DateTime<Utc>) -> Option<Task> {
    if state.stage != Stage::TriageDue {
        return None;
    }
    let key = state.basis.first().map_or_else(|| "triage".to_owned(), |fact| format!("triage:{fact}"));
    let what = "Check whether there is a concern, and whether a visit is appropriate";
    let owed = Task::new(&key, what, *triaging.by.says.first()?, since, first(triaging.by.rules)?);
    Some(Task { blocking: true, discharged_by: TRIAGE_CONCERN, ..owed })
}

/// The referral that a visit is right for, as soon as possible. Where somebody of whom a condition is known has not
/// responded it is right before that is concluded, unless whoever spoke with them since is confident (ESA 111, 112).
fn referral(state: &State, considered: &Considered, pages: &[&Rules], since: DateTime<Utc>) -> Option<Task> {
    let confident = considered.understanding == Some(Understanding::Confident);
    let applies = state.stage == Stage::ConsiderationDue && considered.visit_applies() && !confident;
    if state.stage != Stage::ReferralDue && !applies {
        return None;
    }
    let considered = pages.iter().find_map(|page| page.consideration.as_option()).map(|page| page.refer.rules);
    let triaged = pages.iter().find_map(|page| page.triage.as_option()).map(|page| page.refer.rules);
    let what = "Refer the customer for a visit, as soon as possible";
    let owed =
        Task::new("referral", what, *pages.first()?.referral.says.first()?, since, first(considered.or(triaged)?)?);
    Some(Task { blocking: true, discharged_by: REFER_FOR_VISIT, ..owed })
}

/// What is noted where no visit is required: that the customer understands, where somebody who spoke with them says so.
pub(super) fn noted<'a>(considering: &'a Considering, considered: &Considered) -> &'a Clause<&'static str> {
    match considered.understanding {
        Some(_) => &considering.noted,
        None => &considering.noted_unspoken,
    }
}

/// What a consideration is to come to, and the note that no visit is required.
fn conclusion(
    state: &State,
    (considering, items): (&Considering, &[ConsideredItem]),
    considered: &Considered,
    since: DateTime<Utc>,
) -> Option<Task> {
    let owner = *considering.by.says.first()?;
    if state.stage == Stage::EndedVisitNotRequired {
        let key = state.basis.first().map_or_else(|| "no-visit".to_owned(), |fact| format!("no-visit:{fact}"));
        let noted = noted(considering, considered);
        return Some(Task::new(&key, noted.says, owner, since, first(noted.rules)?));
    }
    if state.stage != Stage::ConsiderationDue {
        return None;
    }
    let left = considered.left_of(items);
    let titles: Vec<_> = left.iter().map(|item| item.title()).collect();
    let what = if left.is_empty() {
        "Conclude whether a visit is required".to_owned()
    } else {
        format!("Consider {}; and conclude whether a visit is required", titles.join("; "))
    };
    let owed = Task::new("consideration", &what, owner, since, first(considering.items.rules)?);
    Some(Task { blocking: true, discharged_by: CONSIDER_VISIT, ..owed })
}

/// What is owed of a consideration by itself, whatever it comes to and whatever becomes of the visits: that the records are
/// checked, and, where there is a safeguarding concern or a representative, what goes with that.
fn still_to_consider(opened: &Opened, considering: &Considering, considered: &Considered) -> Vec<Task> {
    let rows: [(_, _, _, &'static [&'static Rule]); 3] = [
        (
            considered.records_unchecked(),
            "indicators",
            "Check for indicators, such as a mental health marker, and consider whether further action is required",
            considering.indicators.rules,
        ),
        (
            considered.hardship_unconsidered(),
            "hardship-contacts",
            "Consider contacting the appointee, attorney or next of kin, the Community Psychiatric Nurse, social services \
             or the police, where relevant and appropriate, to mitigate the risk of hardship",
            considering.hardship.rules,
        ),
        (
            considered.responsibilities_unconsidered(),
            "representative-responsibilities",
            "Consider whether the appointee or attorney fulfils their responsibilities, and take the action that calls \
             for",
            considering.representative.rules,
        ),
    ];
    let owner = considering.by.says.first().copied().unwrap_or(Role::Referrer);
    let owed = rows.into_iter().filter(|(owed, ..)| *owed);
    owed.filter_map(|(_, key, what, rules)| {
        let owed = Task::new(key, what, owner, opened.occurred_at, first(rules)?);
        Some(Task { discharged_by: CONSIDER_VISIT, ..owed })
    })
    .collect()
}
