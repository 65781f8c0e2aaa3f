//! GEN-1: guidance changes while cases run.
//!
//! The second version gives seven working days instead of five, from Wednesday 3 June 2026 on.

use super::always::{finish, moves, reach};
use super::case::Step::*;
use super::case::{Case, NO_ANSWER, REFERRED, Step, cited, london};
use super::silent_page::SILENT;
use holdfast_procedure::benefit::{AfterFirstVisit, Benefit, Clause, ContactInTime, Letter, Prescribed, Rules, pip};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::guidance::{Guidance, Version};
use holdfast_procedure::rule::Source;
use holdfast_procedure::term::Term;
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::{Command, Visiting};
use holdfast_procedure::{Decider, Role};
use proptest::prelude::*;

const CHANGE: &str = "2026-06-03 00:00";
const BEFORE: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const AFTER: Step = Visit("2026-06-03 10:00", NO_ANSWER);

const PRESCRIBED: AfterFirstVisit = match pip::RULES.after_first_visit {
    Prescribed::Yes(after) => after,
    Prescribed::No => panic!("PIP prescribes what follows the first visit"),
};
const SEVEN_DAYS: Rules = Rules {
    after_first_visit: Prescribed::Yes(AfterFirstVisit {
        letter: Clause { says: Letter { within: Term::WorkingDays(7), ..PRESCRIBED.letter.says }, ..PRESCRIBED.letter },
        ..PRESCRIBED
    }),
    ..pip::RULES
};
/// Another party tells DWP Visiting.
const ANOTHER_PARTY: Rules = Rules {
    after_first_visit: Prescribed::Yes(AfterFirstVisit {
        contact_in_time: Clause {
            says: ContactInTime { second_visit_decided_by: &[Role::Ceast], ..PRESCRIBED.contact_in_time.says },
            ..PRESCRIBED.contact_in_time
        },
        ..PRESCRIBED
    }),
    ..pip::RULES
};

/// Contact in time cancels the second visit unless somebody says otherwise.
const CANCELLED_BY_CONTACT: Rules = Rules {
    after_first_visit: Prescribed::Yes(AfterFirstVisit {
        contact_in_time: Clause {
            says: ContactInTime { unless_decided: Some(NotNeeded), ..PRESCRIBED.contact_in_time.says },
            ..PRESCRIBED.contact_in_time
        },
        ..PRESCRIBED
    }),
    ..pip::RULES
};

fn changed_to(rules: Rules, from: &str) -> Guidance {
    let (name, effective_from) = ("pip/2".to_owned(), Some(london(from)));
    Guidance::published().with(Version { name, source: Source::PipGuidance, effective_from, rules })
}

fn given(steps: &[Step]) -> Case {
    let mut case = Case::referred_on(REFERRED, Nation::England, changed_to(SEVEN_DAYS, CHANGE));
    case.when(steps);
    case
}

#[test]
fn the_version_in_force_is_the_latest_that_has_begun() {
    let guidance = changed_to(SEVEN_DAYS, CHANGE);
    let name = |at| guidance.in_force(Benefit::Pip, london(at)).unwrap().name.clone();
    assert_eq!((name("2026-06-02 23:59:59.999999"), name(CHANGE)), ("pip/1".to_owned(), "pip/2".to_owned()));
    let of_pip =
        Guidance::of(guidance.versions().filter(|version| version.name.starts_with("pip/")).cloned().collect());
    assert_eq!(of_pip.in_force(Benefit::Esa, london(CHANGE)), None);
}

#[test]
fn a_visit_is_judged_by_the_version_in_force_when_it_was_made() {
    for (steps, version, ends) in [
        (&[BEFORE][..], "pip/1", "2026-06-08 23:59:59.999999"),
        (&[AFTER], "pip/2", "2026-06-12 23:59:59.999999"),
        // What happened before the change, however late it is recorded.
        (&[Now("2026-06-04 10:00"), BEFORE], "pip/1", "2026-06-08 23:59:59.999999"),
        (&[Visit("2026-06-02 23:59:59.999999", NO_ANSWER)], "pip/1", "2026-06-09 23:59:59.999999"),
        (&[Visit(CHANGE, NO_ANSWER)], "pip/2", "2026-06-12 23:59:59.999999"),
    ] {
        let case = given(steps);
        assert_eq!(case.window_ends(), london(ends), "{steps:?}");
        assert_eq!(case.state.window.as_ref().unwrap().version, version);
        for name in ["visit_recorded", "fact_judged", "contact_window_opened", "stage_reached"] {
            let event = case.last(name);
            assert_eq!(event.version, version, "{name} after {steps:?}");
            assert_eq!(cited(event).contains(&"GEN-1"), version == "pip/2", "{name} after {steps:?}");
        }
    }
}

#[test]
fn a_running_window_keeps_the_version_that_started_it() {
    let case = given(&[BEFORE, Contact("2026-06-09 10:00")]);
    assert_eq!(case.state.stage, SecondVisitDue);
    assert_eq!(case.window_ends(), london("2026-06-08 23:59:59.999999"));
    let case = given(&[BEFORE, Contact("2026-06-08 10:00")]);
    assert_eq!(case.state.stage, SecondVisitUndecided);
}

/// What follows from the window is recorded under the version that opened it; what is decided, under the one in force.
#[test]
fn what_follows_from_a_running_window_is_judged_by_the_version_that_opened_it() {
    for (step, names) in [
        (Contact("2026-06-04 10:00"), &["fact_judged", "stage_reached"][..]),
        (Contact("2026-06-09 10:00"), &["fact_judged", "stage_reached"]),
        (Now("2026-06-09 10:00"), &["stage_reached"]),
    ] {
        let case = given(&[BEFORE, step]);
        for name in names {
            assert_eq!(case.last(name).version, "pip/1", "{name} after {step:?}");
            assert!(!cited(case.last(name)).contains(&"GEN-1"), "{name} after {step:?}");
        }
    }
    let case = given(&[BEFORE, Contact("2026-06-04 10:00"), Decide(Needed)]);
    assert_eq!(
        (case.last("stage_reached").version.as_str(), case.last("fact_judged").version.as_str()),
        ("pip/2", "pip/1")
    );
    // A window opened after the change is the second version's, and a visit is judged by the one in force.
    assert_eq!(given(&[AFTER, Contact("2026-06-04 10:00")]).last("stage_reached").version, "pip/2");
    assert_eq!(given(&[BEFORE, Visit("2026-06-09 10:00", NO_ANSWER)]).last("stage_reached").version, "pip/2");
}

/// A page may say what holds unless somebody decides; that is not said again of further contact.
#[test]
fn further_contact_leaves_a_decision_where_the_page_has_a_default() {
    let mut case = Case::referred_on(REFERRED, Nation::England, changed_to(CANCELLED_BY_CONTACT, REFERRED));
    case.when(&[BEFORE, Contact("2026-06-02 10:00")]);
    assert_eq!(case.state.stage, EndedNoSecondVisit);
    case.when(&[Now("2026-06-02 11:00"), Decide(Needed), Contact("2026-06-03 10:00")]);
    assert_eq!(case.state.stage, SecondVisitDue);
}

/// Not even one that is published later with effect from before the visit.
#[test]
fn a_window_that_has_opened_is_not_touched_by_a_version_published_later() {
    for rules in [SEVEN_DAYS, SILENT] {
        let mut case = Case::given(&[BEFORE]);
        let before = case.state.clone();
        case.guidance = changed_to(rules, "2026-05-30 00:00");
        case.when(&[Now("2026-06-03 10:00")]);
        assert_eq!(case.state, before);
        case.when(&[Contact("2026-06-04 10:00")]);
        assert_eq!(case.state.stage, SecondVisitUndecided);
    }
}

#[test]
fn where_versions_differ_the_later_date_holds() {
    let case = given(&[AFTER, BEFORE]);
    assert_eq!(case.window_ends(), london("2026-06-12 23:59:59.999999"));
}

#[test]
fn a_decision_is_judged_by_the_version_in_force_when_it_is_recorded() {
    let case = given(&[BEFORE, Contact("2026-06-02 10:00"), Now("2026-06-02 11:00"), Decide(Needed)]);
    assert_eq!(case.last("second_visit_decided").version, "pip/1");
    let case = given(&[BEFORE, Contact("2026-06-02 10:00"), Now("2026-06-03 11:00"), Decide(Needed)]);
    assert_eq!(case.last("second_visit_decided").version, "pip/2");
    assert_eq!(cited(case.last("second_visit_decided")), ["PIP-3", "GEN-1"]);
}

#[test]
fn the_referral_keeps_the_version_it_was_made_under() {
    let case = given(&[AFTER]);
    assert_eq!(case.state.referral.as_ref().unwrap().version, "pip/1");
    assert_eq!(case.last("referred").version, "pip/1");
    let case = Case::referred_on("2026-06-03 09:00", Nation::England, changed_to(SEVEN_DAYS, CHANGE));
    assert_eq!(case.last("referred").version, "pip/2");
    // Nothing of another version, so nothing to point out.
    assert!(!cited(case.last("referred")).contains(&"GEN-1"));
}

/// Whoever was asked to decide may do so after the change, and so may whoever would be asked now.
#[test]
fn a_decision_owed_before_a_change_can_be_made_after_it() {
    for (rules, roles) in [(SILENT, &[Role::CesTeam][..]), (ANOTHER_PARTY, &[Role::CesTeam, Role::Ceast])] {
        for role in roles {
            let mut case = Case::referred_on(REFERRED, Nation::England, changed_to(rules, CHANGE));
            case.when(&[BEFORE, Contact("2026-06-02 10:00"), Now("2026-06-04 10:00")]);
            assert_eq!(case.owed(), ["second-visit-decision", "communications-note:2"]);
            case.attempt(&As(*role, &Decide(Needed))).expect("a decision that is owed");
            assert_eq!(case.state.stage, SecondVisitDue);
        }
    }
}

/// A second visit is owed under the page that opened the window, whatever the one in force says by then.
#[test]
fn a_second_visit_is_owed_under_the_version_that_opened_the_window() {
    for (steps, rule) in [
        (&[BEFORE, Now("2026-06-09 10:00")][..], "PIP-4"),
        (&[BEFORE, Contact("2026-06-02 10:00"), Now("2026-06-04 10:00"), Decide(Needed)], "PIP-3"),
        (&[AFTER], "R-NOT-PRESCRIBED"),
    ] {
        let mut case = Case::referred_on(REFERRED, Nation::England, changed_to(SILENT, CHANGE));
        case.when(steps);
        let tasks = Visiting::tasks(&case.state, &case.guidance);
        assert_eq!((tasks[0].key.as_str(), tasks[0].rule.id), ("second-visit", rule), "{steps:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever state a case has reached under the first version, it can be taken to the end of the visits under the
    /// next, be that another term, another party or no word at all on what lies between the visits.
    #[test]
    fn every_state_can_be_continued_under_the_next_version(
        before in prop::collection::vec(moves(), 0..12),
        after in prop::collection::vec(moves(), 0..6),
        next in 0..3_usize,
    ) {
        let mut case = Case::referred();
        reach(&mut case, &before);
        // What time has brought about by now is still the first version's.
        case.apply(Role::Suite, &Command::LetTimePass).expect("time passes");
        let facts = case.state.facts.len();
        case.guidance = Guidance::published().with(Version {
            name: "pip/2".to_owned(),
            source: Source::PipGuidance,
            effective_from: Some(case.now + chrono::TimeDelta::minutes(2)),
            rules: [SEVEN_DAYS, ANOTHER_PARTY, SILENT][next],
        });
        let reached = case.state.clone();
        let until = case.time_alone();
        prop_assert!(until.is_empty(), "a version that is not in force yet changes nothing: {until:?}");
        case.now += chrono::TimeDelta::minutes(2);
        prop_assert_eq!(case.replayed(), reached);
        reach(&mut case, &after);
        case.now += chrono::TimeDelta::minutes(2);
        finish(&mut case);
        prop_assert!(case.state.facts.len() >= facts);
    }
}
