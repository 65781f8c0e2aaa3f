//! Who was given what, and who stands in for them.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, Step, cited, london};
use holdfast_procedure::desk::{self, Assignment};
use holdfast_procedure::visiting::{Command, Visiting};
use holdfast_procedure::{Cover, Decider, Fault, Refusal, Role, Task};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);

fn assign(key: &str, to: Assignment) -> Command {
    Command::Desk(desk::Command::Assign { key: key.to_owned(), to })
}

fn to(person: &str) -> Assignment {
    Assignment { team: Some("north-1".to_owned()), person: Some(person.to_owned()), cover: None }
}

fn cover(person: &str, until: &str) -> Option<Cover> {
    Some(Cover { person: person.to_owned(), until: london(until) })
}

fn first_visit(case: &Case) -> Task {
    Visiting::tasks(&case.state, &case.guidance).into_iter().find(|task| task.key == "first-visit").expect("it is owed")
}

#[test]
fn a_task_is_given_to_somebody_with_cover_and_given_back() {
    let mut case = Case::referred();
    let with_cover = Assignment { cover: cover("p-2", "2026-06-20 23:59"), ..to("p-1") };
    case.apply(Role::VisitingOfficer, &assign("first-visit", with_cover.clone())).expect("a colleague");
    let task = first_visit(&case);
    assert_eq!((task.team.as_deref(), task.person.as_deref()), (Some("north-1"), Some("p-1")));
    assert_eq!((task.cover, task.owner), (with_cover.cover.clone(), Role::VisitingOfficer), "the role still owes it");
    assert_eq!(cited(case.last("task_assigned")), ["R-NOT-PRESCRIBED"]);
    let journal = case.journal.len();
    case.apply(Role::VisitingOfficer, &assign("first-visit", with_cover)).expect("again");
    assert_eq!(case.journal.len(), journal, "it is theirs already");
    case.apply(Role::VisitingOfficer, &assign("first-visit", Assignment::default())).expect("given back");
    let task = first_visit(&case);
    assert_eq!((task.team, task.person, task.cover), (None, None, None));
    assert!(case.state.desk.assigned.is_empty());
}

#[test]
fn whoever_owes_a_task_or_leads_people_gives_it() {
    use Role::*;
    for (role, may) in [
        (VisitingOfficer, true),
        (LineManager, true),
        (TeamLeader, true),
        (Heo, true),
        (SafeguardingLeader, true),
        (Referrer, false),
        (CesTeam, false),
        (Officer, false),
        (Auditor, false),
    ] {
        let mut case = Case::referred();
        match case.apply(role, &assign("first-visit", to("p-1"))) {
            Ok(()) => assert!(may, "{role:?}"),
            Err(Refusal::NotAllowed { allowed, .. }) => {
                assert!(!may && !allowed.contains(&"AssignTask"), "{role:?}: {allowed:?}");
            }
            Err(refusal) => panic!("{role:?}: {refusal:?}"),
        }
    }
}

#[test]
fn cover_stands_in_for_a_person_and_ends_ahead() {
    let alone = Assignment { person: None, cover: cover("p-2", "2026-06-20 10:00"), ..to("p-1") };
    let oneself = Assignment { cover: cover("p-1", "2026-06-20 10:00"), ..to("p-1") };
    let over = Assignment { cover: cover("p-2", "2026-05-29 09:00"), ..to("p-1") };
    let neither = Assignment { person: None, cover: cover("p-2", "2026-05-28 09:00"), ..to("p-1") };
    for (to, fields) in [
        (alone, &["cover.person"][..]),
        (oneself, &["cover.person"]),
        (over, &["cover.until"]),
        (neither, &["cover.person", "cover.until"]),
    ] {
        let mut case = Case::referred();
        let Err(Refusal::Invalid(faults)) = case.apply(Role::LineManager, &assign("first-visit", to.clone())) else {
            panic!("{to:?}: not refused")
        };
        assert_eq!(faults.into_iter().map(|Fault { field, .. }| field).collect::<Vec<_>>(), fields);
    }
}

#[test]
fn only_what_is_owed_is_given() {
    let mut case = Case::given(&[FIRST]);
    for key in ["first-visit", "no-such-task"] {
        let refused = case.apply(Role::LineManager, &assign(key, to("p-1")));
        assert!(matches!(refused, Err(Refusal::NoSuchPart(_))), "{key}: {refused:?}");
    }
}

/// A task that comes back comes back to whoever had it.
#[test]
fn what_was_given_outlasts_a_mistaken_death() {
    let mut case = Case::referred();
    case.apply(Role::LineManager, &assign("first-visit", to("p-1"))).expect("given");
    case.when(&[Died("2026-06-01 10:00"), ConfirmDeath, DeathMistaken]);
    assert_eq!(first_visit(&case).person.as_deref(), Some("p-1"));
}
