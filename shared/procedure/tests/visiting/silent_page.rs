//! A page that prescribes nothing between the two visits, as Universal Credit's does, goes through the same decider.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, NO_LETTER, REFERRED, Step, cited, london};
use holdfast_procedure::Decider;
use holdfast_procedure::Refusal;
use holdfast_procedure::benefit::{Prescribed, Rules, pip};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::guidance::{Guidance, Version};
use holdfast_procedure::rule::Source;
use holdfast_procedure::visiting::ContactBy::Customer;
use holdfast_procedure::visiting::SecondVisit::NotNeeded;
use holdfast_procedure::visiting::Stage::{EndedVisitEffective, HandedOver, SecondVisitDue};
use holdfast_procedure::visiting::{Outcome, Verdict, Visiting};

pub(super) const SILENT: Rules = Rules { after_first_visit: Prescribed::No, ..pip::RULES };

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);

fn given(steps: &[Step]) -> Case {
    let version =
        Version { name: "silent/1".to_owned(), source: Source::PipGuidance, effective_from: None, rules: SILENT };
    let mut case = Case::referred_on(REFERRED, Nation::England, Guidance::of(vec![version]));
    case.when(steps);
    case
}

#[test]
fn the_second_visit_is_due_at_once() {
    let case = given(&[FIRST]);
    assert_eq!((case.state.stage, case.state.since), (SecondVisitDue, Some(london("2026-06-01 10:00"))));
    assert_eq!((case.state.window.clone(), Visiting::timers(&case.state)), (None, vec![]));
    assert_eq!(cited(case.last("stage_reached")), ["PIP-1"]);
    let tasks = Visiting::tasks(&case.state, &case.guidance);
    let owed: Vec<_> = tasks.iter().map(|task| (task.key.as_str(), task.rule.id)).collect();
    assert_eq!(owed, [("second-visit", "R-NOT-PRESCRIBED")]);
}

#[test]
fn no_letter_is_owed_where_none_is_prescribed() {
    assert_eq!(given(&[Visit("2026-06-01 10:00", NO_LETTER)]).owed(), ["second-visit"]);
}

#[test]
fn two_visits_on_one_day_are_two() {
    let case = given(&[FIRST, Visit("2026-06-01 15:00", NO_ANSWER)]);
    assert_eq!((case.state.stage, case.state.basis.clone()), (HandedOver, vec![1, 2]));
    assert_eq!(case.owed(), Vec::<String>::new());
    let case = given(&[FIRST, Visit("2026-06-01 15:00", Outcome::Effective)]);
    assert_eq!(case.state.stage, EndedVisitEffective);
}

#[test]
fn contact_changes_nothing_and_says_why() {
    let case = given(&[FIRST, Contact("2026-06-01 12:00")]);
    assert_eq!(case.state.stage, SecondVisitDue);
    assert_eq!(case.verdicts()[1], (2, Verdict::NotInTime));
    assert_eq!(cited(case.last("fact_judged")), ["R-NOT-PRESCRIBED"]);
    assert_eq!(case.owed(), ["second-visit"]);
}

#[test]
fn there_is_nothing_to_decide() {
    let mut case = given(&[FIRST, Contact("2026-06-01 12:00")]);
    for step in [Decide(NotNeeded), ContactBy("2026-06-01 12:00", Customer, Some(NotNeeded))] {
        let Err(Refusal::NotAllowed { rules, .. }) = case.attempt(&step) else { panic!("{step:?}: not refused") };
        assert_eq!(rules[0].id, "R-NOT-PRESCRIBED");
    }
}
