//! GEN-1: guidance changes while a concern is being looked into.
//!
//! The second version promises another call within an hour instead of half an hour and has CEAST lead, from Wednesday
//! 3 June 2026 on.

use super::always::{benefits, finish, moves, reach};
use super::case::Step::*;
use super::case::{Case, Step, cited, london};
use holdfast_procedure::Role;
use holdfast_procedure::benefit::{Clause, Conferencing, ContactAttempt, Escalation, Lead, Prescribed, Rules, pip};
use holdfast_procedure::guidance::{Guidance, Version};
use holdfast_procedure::rule::Source;
use holdfast_procedure::rule::{pip::PIP_15, rulings::R_CONTACT_ATTEMPT};
use holdfast_procedure::term::Term;
use proptest::prelude::*;

const AN_HOUR: Rules = Rules {
    escalation: Escalation {
        contact: Prescribed::Yes(Clause {
            says: ContactAttempt { call_back: Term::Minutes(60) },
            rules: &[&PIP_15, &R_CONTACT_ATTEMPT],
        }),
        ..pip::RULES.escalation
    },
    conferencing: Conferencing {
        lead: Clause {
            says: Lead { role: Role::Ceast, ..pip::RULES.conferencing.lead.says },
            ..pip::RULES.conferencing.lead
        },
        ..pip::RULES.conferencing
    },
    ..pip::RULES
};

fn changed() -> Guidance {
    let (name, effective_from) = ("pip/2".to_owned(), Some(london("2026-06-03 00:00")));
    Guidance::published().with(Version { name, source: Source::PipGuidance, effective_from, rules: AN_HOUR })
}

/// A case under changing guidance, after these steps.
fn given(steps: &[Step]) -> Case {
    let mut case = Case::opened();
    case.guidance = changed();
    case.when(steps);
    case
}

#[test]
fn a_promise_keeps_the_version_under_which_it_was_given() {
    let ends = |case: &Case, key: &str| case.task(key).due.expect("a date").due.ends_at;
    let mut case = given(&[CallAndText("2026-06-02 23:59")]);
    assert_eq!(case.last("contact_attempted").version, "pip/1");
    case.when(&[Now("2026-06-03 09:00"), CallAndText("2026-06-03 09:00")]);
    assert_eq!(ends(&case, "call-back:2"), london("2026-06-03 10:00"));
    let event = case.last("contact_attempted");
    assert_eq!(event.version, "pip/2");
    assert!(cited(event).contains(&"GEN-1"));
    // Recorded under the new version, sent under the old one.
    let mut late = given(&[Now("2026-06-03 09:00")]);
    late.when(&[CallAndText("2026-06-02 09:00")]);
    assert_eq!(ends(&late, "call-back:1"), london("2026-06-02 09:30"));
}

#[test]
fn whoever_led_when_the_concern_was_handed_over_may_go_on_and_so_may_the_party_named_now() {
    const CALLED: Step = Call("2026-06-03 09:00");
    for step in [CALLED, As(Role::Ceast, &CALLED)] {
        given(&[step]);
    }
    let mut before = given(&[]);
    assert_eq!(before.refused(&As(Role::Ceast, &Call("2026-06-02 09:00"))).1, "this is for the CES Team to do");
    let mut after = given(&[Now("2026-06-03 09:00")]);
    assert_eq!(after.refused(&As(Role::Referrer, &CALLED)).1, "this is for the CEAST or the CES Team to do");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_state_can_be_continued_under_the_next_version(
        before in prop::collection::vec(moves(), 0..15), after in prop::collection::vec(moves(), 0..10),
    ) {
        let mut case = Case::opened();
        reach(&mut case, &before);
        case.guidance = changed();
        case.now = case.now.max(london("2026-06-03 00:00"));
        reach(&mut case, &after);
        finish(&mut case);
    }

    /// Be the next version as unlike the first as another benefit's page.
    #[test]
    fn every_state_of_every_page_can_be_continued_under_any_other(
        benefit in benefits(), next in benefits(),
        before in prop::collection::vec(moves(), 0..15), after in prop::collection::vec(moves(), 0..10),
    ) {
        let mut case = Case::opened_in(benefit);
        reach(&mut case, &before);
        let page = case.guidance.in_force(next, case.now).expect("a version").rules;
        let (name, from) = ("next/2".to_owned(), case.now + chrono::TimeDelta::minutes(2));
        let rules = Rules { benefit, ..page };
        case.guidance =
            case.guidance.with(Version { name, source: Source::PipGuidance, effective_from: Some(from), rules });
        case.now = from;
        reach(&mut case, &after);
        finish(&mut case);
    }
}
