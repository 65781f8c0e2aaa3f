//! Who does what: whoever leads, whoever decides, whoever owns an action.

use super::case::{Case, actor};
use super::step::Step::{self, *};
use holdfast_procedure::Role::{self, *};
use holdfast_procedure::conferencing::Stage::{self, *};
use holdfast_procedure::conferencing::{ActionResult, Marker as OnCase, Outcome};
use holdfast_procedure::{Decider, Refusal, conferencing::Conferencing};

/// A step at a stage, the roles that may take it, and the rules that a refusal of anybody else's names.
type Mine = (Stage, Step, &'static [Role], &'static [&'static str]);

const CES: &[Role] = &[CesTeam];
const INFORMATION: &[&str] = &["PIP-7", "PIP-11", "R-FURTHER-INFORMATION"];

#[rustfmt::skip] // one step a row
const WHOSE: &[Mine] = &[
    (Assurance, Support(OnCase::PutOn), CES, &["PIP-7", "PIP-9"]),
    (Assurance, Further(true), CES, INFORMATION),
    (Assurance, Convene("2026-06-11 10:00"), CES, INFORMATION),
    (Assurance, Determine(false, true), CES, &["PIP-7", "PIP-14"]),
    (DeterminationDue, Determine(true, false), CES, &["PIP-7", "PIP-13"]),
    (ClosingNoteDue, Note(""), CES, &["PIP-17"]),
    (ReturnDue, Return, CES, &["PIP-7", "PIP-18"]),
    (DecisionDue, Decide(Outcome::Disallow), &[CaseManager], &["PIP-18", "R-DECISIONS", "R-WEIGHED"]),
    (Decided, Reopen, &[CesTeam, CaseManager, Referrer], &["R-RECONSIDERATION"]),
    (DecisionDue, Reopen, &[CesTeam, CaseManager, Referrer], &["R-RECONSIDERATION"]),
];

const ROLES: [Role; 9] =
    [VisitingOfficer, Referrer, CesTeam, Ceast, CaseManager, DecisionMaker, SafeguardingLeader, Officer, Auditor];

#[test]
fn only_whose_step_it_is_takes_it() {
    for (stage, step, whose, rules) in WHOSE {
        for role in ROLES {
            let mut case = Case::at(*stage).then(&[Arrival]);
            match case.apply(role, &step.command(case.now)) {
                Ok(()) => assert!(whose.contains(&role), "{step:?} by {role:?}"),
                Err(Refusal::NotAllowed { rules: cited, why, .. }) => {
                    assert!(!whose.contains(&role), "{step:?} by {role:?}: {why}");
                    assert_eq!(super::case::ids(&cited), *rules, "{step:?}");
                    assert!(whose.iter().all(|role| why.contains(role.title())), "{why}");
                }
                Err(refusal) => panic!("{step:?} by {role:?}: {refusal:?}"),
            }
        }
    }
}

/// What happened is recorded, whoever records it.
#[test]
fn anybody_records_what_happened() {
    for role in ROLES {
        let mut case = Case::at(Assurance);
        for step in super::case::CHECKED {
            case.apply(role, &step.command(case.now)).expect("a finding");
        }
        case.apply(role, &Contact("").command(case.now)).expect("contact");
        case.apply(role, &Agree(Referrer, None).command(case.now)).expect("an action");
    }
}

#[test]
fn an_action_is_reported_by_its_owner_or_the_lead() {
    for role in ROLES {
        let mut case = Case::at(DeterminationDue).then(&[Agree(Referrer, None)]);
        let may = matches!(role, CesTeam | Referrer);
        let report = Report(1, ActionResult::Taken, "").command(case.now);
        match case.apply(role, &report) {
            Ok(()) => assert!(may && case.state.actions[&1].reports[0].by == actor(role)),
            Err(Refusal::NotAllowed { rules, why, .. }) => {
                assert!(!may && why.contains("referrer"), "{role:?}: {why}");
                assert_eq!(super::case::ids(&rules), ["PIP-12", "R-SATISFIED", "R-OPEN-ACTION"]);
            }
            Err(refusal) => panic!("{refusal:?}"),
        }
    }
    let none = Case::at(DeterminationDue).attempt(&Report(1, ActionResult::Taken, ""));
    assert!(matches!(none, Err(Refusal::NoSuchPart(_))), "{none:?}");
}

/// Further information is decided on while the lead has the file; afterwards it would hold up nothing.
#[test]
fn enquiries_are_the_leads_while_it_has_the_file() {
    for step in [Further(true), Convene("2026-06-11 10:00")] {
        let (rules, why, allowed) = Case::at(DecisionDue).refusal(&step);
        assert_eq!(rules, ["PIP-11", "R-FURTHER-INFORMATION"]);
        assert!(why.contains("reopening") && allowed.contains(&"ReopenCase"), "{why}: {allowed:?}");
        assert_eq!(Case::at(Decided).refusal(&step).0, ["R-RECONSIDERATION"]);
        assert_eq!(Case::at(EndedDeath).refusal(&step).0, ["GEN-3", "R-DEATH-VERIFIED"]);
    }
}

#[test]
fn a_case_that_was_never_handed_over_takes_nothing_else() {
    for step in [TimePasses, Return, Died(""), Contact(""), Complete("ownership", ""), Further(true)] {
        let mut case = Case::unopened(super::case::TODAY);
        let refused = case.apply(step.role(), &step.command(case.now));
        assert!(matches!(refused, Err(Refusal::NoSuchPart(_))), "{step:?}: {refused:?}");
        assert!(case.tasks().is_empty() && Conferencing::timers(&case.state).is_empty());
    }
}
