//! The next version of the guidance: another text in force while cases run (GEN-1).

use super::asks::{Asks, BetweenVisits, Closing};
use chrono::{DateTime, Utc};
use holdfast_procedure::Role;
use holdfast_procedure::benefit::{AfterFirstVisit, Benefit, Clause, ContactInTime, Letter, Prescribed, Rules};
use holdfast_procedure::guidance::{Guidance, Version};
use holdfast_procedure::term::Term;

/// The page that is published for a benefit.
pub(crate) fn page(benefit: Benefit) -> (Rules, Version) {
    let published = Guidance::published();
    let version = published.versions().find(|version| version.rules.benefit == benefit);
    let version = version.expect("guidance of this benefit is published").clone();
    (version.rules, version)
}

/// The guidance with another page in place of the published one.
pub(crate) fn instead(rules: Rules) -> Guidance {
    let published = Guidance::published();
    let other = |version: &Version| {
        if version.rules.benefit == rules.benefit { Version { rules, ..version.clone() } } else { version.clone() }
    };
    Guidance::of(published.versions().map(other).collect())
}

/// The page with another text between the visits, where there is one.
pub(crate) fn between(rules: Rules, change: impl Fn(AfterFirstVisit) -> AfterFirstVisit) -> Rules {
    let after_first_visit = match rules.after_first_visit {
        Prescribed::Yes(after) => Prescribed::Yes(change(after)),
        Prescribed::No => Prescribed::No,
    };
    Rules { after_first_visit, ..rules }
}

/// The same page with a letter that gives this long.
pub(crate) fn letter_within(rules: Rules, within: Term) -> Rules {
    between(rules, |after| AfterFirstVisit {
        letter: Clause { says: Letter { within, ..after.letter.says }, ..after.letter },
        ..after
    })
}

/// The same page, on which another party says whether a second visit is needed.
pub(crate) fn second_visit_by(rules: Rules, by: &'static [Role]) -> Rules {
    between(rules, |after| AfterFirstVisit {
        contact_in_time: Clause {
            says: ContactInTime { second_visit_decided_by: by, ..after.contact_in_time.says },
            ..after.contact_in_time
        },
        ..after
    })
}

/// How many next versions there are.
const CHANGES: usize = 4;

/// The published guidance of a benefit and a next version, in force from an instant on: another term, another party,
/// no word at all on what lies between the visits, another lead, by turns.
pub(crate) fn next(benefit: Benefit, from: DateTime<Utc>, turn: usize) -> Guidance {
    let (rules, version) = page(benefit);
    let changed: [Rules; CHANGES] = [
        letter_within(rules, Term::WorkingDays(7)),
        second_visit_by(rules, &[Role::LineManager]),
        Rules { after_first_visit: Prescribed::No, ..rules },
        led_by(rules, Role::LineManager),
    ];
    let (name, effective_from) = (format!("{}-next", version.name), Some(from));
    Guidance::published().with(Version { name, effective_from, rules: changed[turn % CHANGES], ..version })
}

/// What the version of a turn asks for: the same change once more, in what is held against it.
pub(crate) fn asked_next(asks: Asks, turn: usize) -> Asks {
    const BY: &[Role] = &[Role::LineManager];
    let between =
        |change: fn(BetweenVisits) -> BetweenVisits| Asks { between_visits: asks.between_visits.map(change), ..asks };
    match turn % CHANGES {
        0 => between(|between| BetweenVisits { working_days: 7, ..between }),
        1 => between(|between| BetweenVisits { decided_by: BY, ..between }),
        2 => Asks { between_visits: None, ..asks },
        _ => {
            let (lead, closing) = (Role::LineManager, Closing { by: Role::LineManager, ..asks.closing });
            Asks { lead, closing, decided_by: lead, ..asks }
        }
    }
}

/// The same page with another party that leads and decides.
fn led_by(rules: Rules, role: Role) -> Rules {
    let mut changed = rules;
    changed.conferencing.lead.says.role = role;
    changed.conferencing.closing.says.owner = role;
    changed.conferencing.decision.says.by = role;
    changed
}
