//! How far each search goes: small scopes that together reach everything, and wide ones for whoever has the time.

use super::asks::{self, Asks};
use super::conferencing::{self, ConferencingSubject, Wrongly};
use super::coverage;
use super::directory::DirectorySubject;
use super::escalation::{self, EscalationSubject};
use super::exception::ExceptionSubject;
use super::graph::{Found, Limits, search};
use super::sanction::{self, SanctionSubject};
use super::subject::{Run, Subject};
use super::visiting::{self, VisitingSubject};
use super::visiting_before;
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
    seen: false,
    deep: false,
    traced: false,
    since_visit: false,
    retractions: 0,
};

pub(crate) fn visiting(asks: &Asks, wide: bool) -> Vec<visiting::Scope> {
    let (more, triaged) = (usize::from(wide), usize::from(asks.triaged_by.is_some()));
    // A concern and its triage are two facts.
    let own = 2 * triaged;
    // A form that asks for more is tried with less beside it.
    let facts = if asks.considered { 1 } else { 2 } + more;
    let mut scopes = vec![
        visiting::Scope { facts: own + 2 + more, ..VISITS },
        visiting::Scope { name: "deep", deep: true, facts: own + 3 + more, decisions: 0, ..VISITS },
        visiting::Scope {
            name: "righted",
            rarities: true,
            corrections: 1,
            decisions: 0,
            facts: own + 1 + more,
            ..VISITS
        },
        visiting::Scope { name: "rarities", rarities: true, facts: 1 + more, ..VISITS },
        visiting::Scope { name: "late", earlier: true, decisions: more, facts, ..VISITS },
        visiting::Scope { name: "corrected", corrections: 1, decisions: 0, facts: 1 + more, ..VISITS },
        visiting::Scope { name: "told", told: true, decisions: more, facts: more, ..VISITS },
        visiting::Scope { name: "holds", holds: true, facts: 1, decisions: more, ..VISITS },
        visiting::Scope { name: "concerns", concerns: true, decisions: more, facts: own + 1 + more, ..VISITS },
        visiting::Scope { name: "before", before: true, decisions: 0, facts: 1 + more.max(triaged), ..VISITS },
    ];
    scopes.push(visiting::Scope { name: "retracted", retractions: 2 + more, facts: 2 + more, decisions: 0, ..VISITS });
    if triaged > 0 {
        let facts = visiting_before::SINCE_VISIT + 2 + more;
        let since = visiting::Scope { since_visit: true, before: true, concerns: true, facts, decisions: 0, ..VISITS };
        scopes.push(visiting::Scope { name: "since visit", ..since });
    }
    if asks.considered {
        scopes.push(visiting::Scope { name: "seen", seen: true, facts: 1 + more, decisions: more, ..VISITS });
        scopes.push(visiting::Scope { name: "traced", traced: true, facts: 3 + more, decisions: 0, ..VISITS });
    }
    scopes
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
    retracted: false,
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
        conferencing::Scope { name: "retracted", retracted: true, concerns: 1 + more, reopenings: more, ..checked },
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

/// A failure, conferences, the referral, the explanation and the decision.
pub(crate) const FAILED: sanction::Scope = sanction::Scope {
    name: "failed",
    facts: 2,
    reconsiderations: 0,
    corrections: 0,
    heard: false,
    told: false,
    wrong: false,
    without_guidance: false,
};

fn sanction(wide: bool) -> Vec<sanction::Scope> {
    let more = usize::from(wide);
    let heard = sanction::Scope { heard: true, facts: 3 + more, ..FAILED };
    vec![
        sanction::Scope { facts: 1 + more, ..FAILED },
        sanction::Scope { name: "unguided", without_guidance: true, facts: 1 + more, ..FAILED },
        sanction::Scope { name: "heard", reconsiderations: 1 + more, facts: 4 + more, ..heard },
        sanction::Scope { name: "conferred", corrections: 1 + more, facts: more, ..FAILED },
        sanction::Scope { name: "corrected", corrections: 1 + more, reconsiderations: 1, ..heard },
        sanction::Scope { name: "told", told: true, facts: 3 + more, ..heard },
        sanction::Scope { name: "wrong", wrong: true, facts: more, ..FAILED },
    ]
}

/// What no ordinary search comes near, and what a wide one may come to.
fn limits(wide: bool) -> Limits {
    if wide {
        Limits { states: 5_000_000, continued: true, first: false }
    } else {
        Limits { states: 40_000, continued: true, first: false }
    }
}

/// Searches the shipped decider, says how far that went, and how each law was broken that was.
fn searched<S: Subject>(decider: &str, scope: &str, asks: &Asks, wide: bool, subject: &S) -> Found {
    searched_of(decider, scope, &format!("{:?}", asks.benefit), wide, subject)
}

/// The same, of a benefit or of none.
fn searched_of<S: Subject>(decider: &str, scope: &str, benefit: &str, wide: bool, subject: &S) -> Found {
    let begun = Instant::now();
    let found = search(subject, &Run::shipped(subject.guidance()), limits(wide));
    let (states, steps, continued, seconds) =
        (found.states, found.steps, found.continued, begun.elapsed().as_secs_f32());
    println!(
        "{decider:12} {benefit:15} {scope:10} {states:>8} states, {steps:>9} steps, {continued:>8} continued, {seconds:>6.1} s"
    );
    let broken: Vec<_> = found.broken.iter().map(|(law, way)| format!("{law:?}:{way}")).collect();
    assert!(broken.is_empty(), "{decider}, {benefit}, {scope}: broken are\n{}", broken.join("\n"));
    found
}

/// Every benefit by itself, and at the same time.
fn search_each(search: impl Fn(&Asks) -> Found + Sync) -> Found {
    std::thread::scope(|threads| {
        let running: Vec<_> = asks::ALL.iter().map(|asks| threads.spawn(|| search(asks))).collect();
        let found = running.into_iter().map(|one| one.join().expect("a search that broke no law"));
        found.reduce(Found::and).unwrap_or_default()
    })
}

/// Visiting, for every benefit.
fn search_visiting(wide: bool) -> Found {
    search_each(|asks| {
        let scopes = visiting(asks, wide).into_iter();
        let found =
            scopes.map(|scope| searched("visiting", scope.name, asks, wide, &VisitingSubject { asks: *asks, scope }));
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

/// The exception to the protection, for every benefit, with its guidance in force and without.
fn search_exception(wide: bool) -> Found {
    search_each(|asks| {
        let scopes = [("guided", false), ("unguided", true)].into_iter();
        let found = scopes.map(|(scope, without_guidance)| {
            let subject = ExceptionSubject { benefit: asks.benefit, without_guidance };
            searched("exception", scope, asks, wide, &subject)
        });
        found.reduce(Found::and).unwrap_or_default()
    })
}

/// The directory of leaders, which is the same for every benefit.
fn search_directory(wide: bool) -> Found {
    let subject = DirectorySubject { changes: if wide { 4 } else { 3 } };
    searched_of("directory", "an area", "every benefit", wide, &subject)
}

/// What comes before a sanction, which the letter asks for in Universal Credit.
fn search_sanction(wide: bool) -> Found {
    let each = sanction(wide).into_iter();
    let found =
        each.map(|scope| searched("sanction", scope.name, &asks::UNIVERSAL_CREDIT, wide, &SanctionSubject { scope }));
    found.reduce(Found::and).unwrap_or_default()
}

#[test]
fn nothing_before_a_sanction_goes_astray() {
    coverage::sanction(&search_sanction(false));
}

#[test]
fn exceptions_never_go_astray() {
    coverage::exception(&search_exception(false));
}

#[test]
fn the_directory_never_goes_astray() {
    coverage::directory(&search_directory(false));
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
fn before_a_sanction_widely() {
    search_sanction(true);
}

#[test]
#[ignore = "takes minutes to hours: cargo test --release -p holdfast-procedure --test search -- --ignored --nocapture"]
fn the_directory_widely() {
    search_directory(true);
}

#[test]
#[ignore = "takes minutes to hours: cargo test --release -p holdfast-procedure --test search -- --ignored --nocapture"]
fn escalation_widely() {
    search_escalation(true);
}
