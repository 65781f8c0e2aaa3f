//! How far each search goes: small scopes that together reach everything, and wide ones for whoever has the time.

use super::asks::{self, Asks};
use super::conferencing::{self, ConferencingSubject, Wrongly};
use super::coverage;
use super::escalation::{self, EscalationSubject};
use super::graph::{Found, Limits, search};
use super::subject::{Run, Subject};
use super::visiting::{self, VisitingSubject};
use holdfast_procedure::guidance::Guidance;
use std::time::Instant;

/// Visits, contact and decisions, and nothing else.
pub(crate) const VISITS: visiting::Scope = visiting::Scope {
    name: "visits",
    facts: 2,
    decisions: 1,
    corrections: 0,
    earlier: false,
    rarities: false,
    told: false,
    holds: false,
    concerns: false,
    before: false,
};

pub(crate) fn visiting(asks: &Asks, wide: bool) -> Vec<visiting::Scope> {
    let (more, triaged) = (usize::from(wide), usize::from(asks.triaged_by.is_some()));
    // A concern and its triage are two facts.
    let own = 2 * triaged;
    // A form that asks for more is tried with less beside it.
    let facts = if asks.considered { 1 } else { 2 } + more;
    vec![
        visiting::Scope { facts: own + 2 + more, ..VISITS },
        visiting::Scope { name: "rarities", rarities: true, facts: 1 + more, ..VISITS },
        visiting::Scope { name: "late", earlier: true, decisions: more, facts, ..VISITS },
        visiting::Scope { name: "corrected", corrections: 1, decisions: 0, facts: 1 + more, ..VISITS },
        visiting::Scope { name: "told", told: true, decisions: more, facts: more, ..VISITS },
        visiting::Scope { name: "holds", holds: true, facts: 1, decisions: more, ..VISITS },
        visiting::Scope { name: "concerns", concerns: true, decisions: more, facts: own + 1 + more, ..VISITS },
        visiting::Scope { name: "before", before: true, decisions: 0, facts: 1 + more.max(triaged), ..VISITS },
    ]
}

/// The assurance check, further information and the conference.
pub(crate) const ENQUIRIES: conferencing::Scope = conferencing::Scope {
    name: "enquiries",
    checked: false,
    conferences: 1,
    actions: 0,
    contacts: 0,
    concerns: 0,
    reopenings: 0,
    wrongly: Wrongly::Nothing,
    told: false,
    holds: false,
    wrong: false,
};

pub(crate) fn conferencing(wide: bool) -> Vec<conferencing::Scope> {
    let more = usize::from(wide);
    let checked = conferencing::Scope { checked: true, conferences: 0, ..ENQUIRIES };
    vec![
        ENQUIRIES,
        conferencing::Scope { name: "concerns", concerns: 2 + more, ..checked },
        conferencing::Scope { name: "actions", actions: 1 + more, conferences: more, ..checked },
        conferencing::Scope { name: "contacts", contacts: 1 + more, ..checked },
        conferencing::Scope { name: "reopened", reopenings: 1 + more, concerns: 1, contacts: more, ..checked },
        conferencing::Scope { name: "corrected", wrongly: Wrongly::Checked, reopenings: more, ..checked },
        conferencing::Scope { name: "reported", wrongly: Wrongly::Reported, actions: 1, conferences: more, ..checked },
        conferencing::Scope { name: "passed on", wrongly: Wrongly::Heard, contacts: 1 + more, ..checked },
        conferencing::Scope { name: "concluded", wrongly: Wrongly::Concluded, concerns: 1 + more, ..checked },
        conferencing::Scope { name: "told", told: true, ..checked },
        conferencing::Scope { name: "holds", holds: true, concerns: more, ..checked },
        conferencing::Scope { name: "wrong", wrong: true, ..checked },
    ]
}

/// Contact, a leader, a review, the conclusion.
pub(crate) const STEPS: escalation::Scope = escalation::Scope {
    name: "steps",
    attempts: 1,
    leaders: true,
    referrals: 1,
    reviews: 0,
    rounds: 1,
    corrections: 0,
    told: false,
    moves: false,
    wrong: false,
};

pub(crate) fn escalation(wide: bool) -> Vec<escalation::Scope> {
    let more = usize::from(wide);
    let alone = escalation::Scope { attempts: more, referrals: more, ..STEPS };
    // Where calls are searched, or what was recorded wrongly, leaders are asked only as it is owed.
    let owed = escalation::Scope { leaders: wide, ..alone };
    vec![
        escalation::Scope { attempts: more, ..STEPS },
        escalation::Scope { name: "calls", attempts: 2, ..owed },
        escalation::Scope { name: "reviews", reviews: 1, ..alone },
        escalation::Scope { name: "rounds", rounds: 2, ..alone },
        escalation::Scope { name: "corrected", corrections: 1, attempts: 1, ..owed },
        escalation::Scope { name: "reviewed", corrections: 1, reviews: 1, ..owed },
        escalation::Scope { name: "told", told: true, ..alone },
        escalation::Scope { name: "moves", moves: true, referrals: 1, ..alone },
        escalation::Scope { name: "wrong", wrong: true, ..alone },
    ]
}

/// What no ordinary search comes near, and what a wide one may come to.
fn limits(wide: bool) -> Limits {
    if wide {
        Limits { states: 5_000_000, continued: 1, first: false }
    } else {
        Limits { states: 40_000, continued: 25, first: false }
    }
}

/// Searches the shipped decider, says how far that went, and how each law was broken that was.
fn searched<S: Subject>(decider: &str, scope: &str, asks: &Asks, wide: bool, subject: &S) -> Found {
    let begun = Instant::now();
    let found = search(subject, &Run::shipped(Guidance::published()), limits(wide));
    let (states, steps, continued, seconds) =
        (found.states, found.steps, found.continued, begun.elapsed().as_secs_f32());
    let benefit = format!("{:?}", asks.benefit);
    println!(
        "{decider:12} {benefit:15} {scope:10} {states:>8} states, {steps:>9} steps, {continued:>8} continued, {seconds:>6.1} s"
    );
    let broken: Vec<_> = found.broken.iter().map(|(law, way)| format!("{law:?}:{way}")).collect();
    assert!(broken.is_empty(), "{decider}, {benefit}, {scope}: broken are\n{}", broken.join("\n"));
    found
}

/// Visiting, for every benefit.
fn search_visiting(wide: bool) -> Found {
    let each = asks::ALL.iter().flat_map(|asks| visiting(asks, wide).into_iter().map(move |scope| (asks, scope)));
    let found =
        each.map(|(asks, scope)| searched("visiting", scope.name, asks, wide, &VisitingSubject { asks: *asks, scope }));
    found.reduce(Found::and).unwrap_or_default()
}

/// Every benefit by itself, and at the same time.
fn search_each(search: impl Fn(&Asks) -> Found + Sync) -> Found {
    std::thread::scope(|threads| {
        let running: Vec<_> = asks::ALL.iter().map(|asks| threads.spawn(|| search(asks))).collect();
        let found = running.into_iter().map(|one| one.join().expect("a search that broke no law"));
        found.reduce(Found::and).unwrap_or_default()
    })
}

/// Conferencing, for every benefit.
fn search_conferencing(wide: bool) -> Found {
    search_each(|asks| {
        let scopes = conferencing(wide).into_iter();
        let found = scopes
            .map(|scope| searched("conferencing", scope.name, asks, wide, &ConferencingSubject { asks: *asks, scope }));
        found.reduce(Found::and).unwrap_or_default()
    })
}

/// What is done about a concern, for every benefit.
fn search_escalation(wide: bool) -> Found {
    search_each(|asks| {
        let scopes = escalation(wide).into_iter();
        let found = scopes
            .map(|scope| searched("escalation", scope.name, asks, wide, &EscalationSubject { asks: *asks, scope }));
        found.reduce(Found::and).unwrap_or_default()
    })
}

#[test]
fn visiting_never_goes_astray() {
    coverage::visiting(&search_visiting(false));
}

#[test]
fn conferencing_never_goes_astray() {
    coverage::conferencing(&search_conferencing(false));
}

#[test]
fn what_is_done_about_a_concern_never_goes_astray() {
    coverage::escalation(&search_escalation(false));
}

#[test]
fn every_benefit_in_force_is_searched() {
    for version in Guidance::published().versions() {
        let benefit = version.rules.benefit;
        assert!(asks::ALL.iter().any(|asks| asks.benefit == benefit), "{benefit:?} is in force and not searched");
    }
}

#[test]
#[ignore = "takes minutes to hours: cargo test --release -p holdfast-procedure --test search -- --ignored --nocapture"]
fn visiting_widely() {
    search_visiting(true);
}

#[test]
#[ignore = "takes minutes to hours: cargo test --release -p holdfast-procedure --test search -- --ignored --nocapture"]
fn conferencing_widely() {
    search_conferencing(true);
}

#[test]
#[ignore = "takes minutes to hours: cargo test --release -p holdfast-procedure --test search -- --ignored --nocapture"]
fn escalation_widely() {
    search_escalation(true);
}
