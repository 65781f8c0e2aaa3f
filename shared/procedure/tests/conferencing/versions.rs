//! GEN-1: guidance changes while cases run.

use super::case::{CHECKED, Case, TODAY, london};
use super::file_samples::{EVERY_BENEFIT, two_visits};
use super::sequences::{any_case, finish, moves, reach};
use super::step::CES;
use super::step::Step::{self, *};
use holdfast_procedure::benefit::{Benefit, Clause, Conference, Conferencing, Decision, Lead, Rules, pip};
use holdfast_procedure::conferencing::AssuranceItem::{self, *};
use holdfast_procedure::conferencing::FindingResult::Reviewed;
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::conferencing::{Outcome, Party};
use holdfast_procedure::guidance::{Guidance, Version};
use holdfast_procedure::rule::Source;
use holdfast_procedure::{Role, Told};
use proptest::prelude::*;

const PAGE: Conferencing = pip::RULES.conferencing;
const MORE: &[AssuranceItem] = &[Circumstances, PreviousInteractions, Documents, ThirdParties, Other];

/// One more item in the assurance check.
const MORE_ITEMS: Rules = Rules {
    conferencing: Conferencing { assurance: Clause { says: MORE, rules: PAGE.assurance.rules }, ..PAGE },
    ..pip::RULES
};
/// Another party leads, and takes part in the conference.
const ANOTHER_LEAD: Rules = Rules {
    conferencing: Conferencing {
        lead: Clause { says: Lead { role: Role::Ceast, ..PAGE.lead.says }, rules: PAGE.lead.rules },
        conference: Clause {
            says: Conference { between: [Role::Ceast, Role::Referrer], ..PAGE.conference.says },
            rules: PAGE.conference.rules,
        },
        ..PAGE
    },
    ..pip::RULES
};
/// Another party decides, and on less.
const ANOTHER_DECISION: Rules = Rules {
    conferencing: Conferencing {
        decision: Clause {
            says: Decision { by: Role::DecisionMaker, outcomes: &[Outcome::NotDisallow] },
            rules: PAGE.decision.rules,
        },
        ..PAGE
    },
    ..pip::RULES
};

fn changed_to(rules: Rules, from: chrono::DateTime<chrono::Utc>) -> Guidance {
    let (name, effective_from) = ("pip/2".to_owned(), Some(from));
    Guidance::published().with(Version { name, source: Source::PipGuidance, effective_from, rules })
}

/// A next version under which another party leads.
pub(crate) fn another_lead_from() -> Rules {
    ANOTHER_LEAD
}

const CHANGE: &str = "2026-06-11 00:00";

/// A case received before the change.
pub(crate) fn given(rules: Rules, steps: &[Step]) -> Case {
    let mut case = Case::unopened(super::case::RECEIVED);
    case.guidance = changed_to(rules, london(CHANGE));
    case.when(&[Receive(two_visits), Now(TODAY)]);
    case.then(steps)
}

#[test]
fn what_is_asked_for_is_judged_by_the_version_in_force_then() {
    let enquiries = [&CHECKED[..], &[Further(false)]].concat();
    let mut case = given(MORE_ITEMS, &enquiries);
    assert_eq!((case.state.stage, case.last("stage_reached").version.as_str()), (DeterminationDue, "pip/1"));
    case.when(&[Now("2026-06-11 09:00")]);
    let (rules, why, _) = case.refusal(&Determine(true, false));
    assert_eq!(rules, ["PIP-10", "R-ASSURANCE-ITEMS"]);
    assert!(why.ends_with("has not looked at something else"), "{why}");
}

/// What is owed is what the version in force asks for, once anything at all is recorded under it.
#[test]
fn a_newer_version_says_what_is_owed_from_then_on() {
    for steps in [&CHECKED[..3], &CHECKED[..]] {
        let mut case = given(MORE_ITEMS, steps);
        let since = case.state.since;
        case.when(&[Now("2026-06-11 09:00"), Find(ThirdParties, Reviewed, "2026-06-10 11:00")]);
        assert_eq!((case.state.stage, case.state.since), (Assurance, since), "it is the stage that it was");
        assert!(case.owed().contains(&"assurance:other".to_owned()), "{:?}", case.owed());
        assert_eq!(case.last("finding_recorded").version, "pip/1");
        let reached = case.last("stage_reached");
        assert_eq!((reached.version.as_str(), reached.event.name()), ("pip/2", "stage_reached"));
        assert_eq!(case.cited("stage_reached").last(), Some(&"GEN-1"));
        let journal = case.journal.len();
        case.when(&[TimePasses]);
        assert_eq!(case.journal.len(), journal, "once is enough");
    }
}

#[test]
fn another_lead_takes_over_what_is_owed() {
    let mut case = given(ANOTHER_LEAD, &CHECKED).then(&[Now("2026-06-11 09:00"), TimePasses]);
    assert_eq!(case.task("further-information").map(|task| task.owner), Some(Role::Ceast));
    assert_eq!(
        (case.state.received.as_ref().expect("a file").file.lead, case.cited("lead_taken_over")),
        (Role::Ceast, vec!["PIP-7", "GEN-1"])
    );
    let (rules, ..) = case.refusal(&As(Role::CesTeam, &Further(true)));
    assert_eq!(rules, ["PIP-7", "PIP-11", "R-FURTHER-INFORMATION"]);
    const BY_CEAST: Step = As(Role::Ceast, &Further(true));
    case.when(&[BY_CEAST, Conference("", &[CES])]);
    assert_eq!(case.state.stage, ConferenceDue);
    case.when(&[Conference("", &[(Party::Department(Role::Ceast), "d.reed"), super::step::REFERRER])]);
    assert_eq!(
        (case.state.stage, case.cited("further_information_decided").last()),
        (DeterminationDue, Some(&"GEN-1"))
    );
}

#[test]
fn only_outcomes_that_the_page_knows_are_decided_on() {
    let mut case = given(ANOTHER_DECISION, &[&CHECKED[..], &[Further(false), Determine(true, false)]].concat());
    case.when(&[Note(""), Arrival, Return, Now("2026-06-11 09:00")]);
    assert_eq!(
        case.refusal(&As(Role::CaseManager, &Decide(Outcome::NotDisallow))).0,
        ["PIP-18", "R-DECISIONS", "R-WEIGHED"]
    );
    const DISALLOW: Step = As(Role::DecisionMaker, &Decide(Outcome::Disallow));
    const NOT: Step = As(Role::DecisionMaker, &Decide(Outcome::NotDisallow));
    let (rules, why, _) = case.refusal(&DISALLOW);
    assert_eq!(rules, ["PIP-18", "R-DECISIONS", "R-WEIGHED"]);
    assert_eq!(why, "what may be decided here is not to disallow entitlement");
    case.when(&[NOT]);
    assert_eq!((case.state.stage, case.last("decision_recorded").version.as_str()), (Decided, "pip/2"));
    assert_eq!(case.cited("decision_recorded").last(), Some(&"GEN-1"));
}

/// What has ended is not judged again.
#[test]
fn a_newer_version_leaves_what_has_ended_alone() {
    for stage in [Decided, EndedDeath] {
        let mut case = Case::at(stage);
        case.guidance = changed_to(MORE_ITEMS, london(CHANGE));
        let journal = case.journal.len();
        case.when(&[Now("2026-06-11 09:00"), TimePasses]);
        assert_eq!((case.journal.len(), case.state.stage), (journal, stage));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever state a case has reached under the first version, it can be taken to its end under the next.
    #[test]
    fn every_state_can_be_continued_under_the_next_version(
        before in moves(Benefit::Pip, 30), after in moves(Benefit::Pip, 6), next in 0..3_usize,
    ) {
        let mut case = Case::with(two_visits);
        reach(&mut case, &before);
        let from = case.now + chrono::TimeDelta::minutes(2);
        case.guidance = changed_to([MORE_ITEMS, ANOTHER_LEAD, ANOTHER_DECISION][next], from);
        let journal = case.journal.len();
        case.apply(Role::Suite, &TimePasses.command(case.now)).expect("time passes");
        prop_assert_eq!(case.journal.len(), journal, "a version that is not in force yet changes nothing");
        case.now = from;
        reach(&mut case, &after);
        finish(&mut case);
        if case.state.stage == Decided && case.journal.len() > journal {
            prop_assert_eq!(&case.journal.last().expect("a decision").ruled.version, "pip/2");
        }
    }

    /// Whatever state a case of any benefit has reached, it can be taken to its end under a next version, be that as
    /// unlike its own as another benefit's page.
    #[test]
    fn every_state_of_every_page_can_be_continued_under_any_other(
        (file, before) in any_case(30), next in 0..4_usize, after in 0..3_usize,
    ) {
        let mut case = Case::with(file);
        reach(&mut case, &before);
        let own = file().award.benefit;
        let page = case.guidance.in_force(EVERY_BENEFIT[next]().award.benefit, case.now).expect("a version").rules;
        let rules = Rules { benefit: own, ..page };
        let from = case.now + chrono::TimeDelta::minutes(2);
        let (name, source) = ("next/2".to_owned(), Source::PipGuidance);
        case.guidance = case.guidance.with(Version { name, source, effective_from: Some(from), rules });
        case.now = from;
        // What is done next is done by those who did it before.
        reach(&mut case, &before[..after.min(before.len())]);
        finish(&mut case);
        prop_assert!(matches!(case.state.stage, Decided | EndedDeath | EndedTakenBack));
    }
}
