//! Universal Credit and ESA: the referrer gathers the documentation and sends the case to the Decision Maker.

use super::case::{Case, ids};
use super::step::Step::{self, *};
use super::step::{EVERYTHING, Gathered};
use super::together::PAGES;
use holdfast_procedure::conferencing::ActionResult::Taken;
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::conferencing::{Command, Outcome};
use holdfast_procedure::handover::{SafeguardingStep, StepTaken};
use holdfast_procedure::{Refusal, Role};

fn with_step(case: &mut Case, step: SafeguardingStep) {
    let Command::RecordEscalationOutcome(mut outcome) = Concluded("").command(case.now) else {
        unreachable!("an outcome")
    };
    let (occurred_at, with) = (case.now, "POLICE".to_owned());
    outcome.steps.push(StepTaken { step, occurred_at, with, narrative: None });
    let command = Command::RecordEscalationOutcome(outcome);
    case.apply(Role::Suite, &command).expect("safeguarding concludes");
}

#[test]
fn documentation_tells_of_all_that_is_on_record() {
    let left_out = |gathered: Gathered| {
        let names = [
            "safeguarding steps",
            "referrals to other organisations",
            "the outcome of the case conference",
            "subsequent actions",
        ];
        names.into_iter().zip(gathered).filter(|(_, held)| !held).map(|(name, _)| name).collect::<Vec<_>>()
    };
    for page in PAGES {
        // Nothing but a conference is on record: that alone has to be told.
        let mut bare = page.ready();
        bare.when(&[Gather("", [false, false, false, false])]);
        assert_eq!(
            (bare.state.stage, bare.cited("documentation_assembled")),
            (DocumentationDue, vec![page.closing, "R-RECORDED-ALWAYS"])
        );
        assert!(bare.notes[0].contains("the outcome of the case conference"), "{:?}", bare.notes);
        bare.when(&[Gather("", [false, false, true, false])]);
        assert_eq!(bare.state.stage, ReturnDue);

        let acted: [Step; 2] = [Agree(Role::Referrer, None), Report(1, Taken, "")];
        let mut full =
            page.considered().then(&acted).then(&[Complete("review-note", ""), Assented(true, page.between)]);
        with_step(&mut full, SafeguardingStep::Liaison);
        assert_eq!(full.state.stage, DocumentationDue);
        for row in 0..15_u8 {
            let gathered = [0, 1, 2, 3].map(|bit| row & (1 << bit) != 0);
            let case = full.clone().then(&[Gather("", gathered)]);
            assert_eq!(case.state.stage, DocumentationDue, "{gathered:?}");
            let told = left_out(gathered).join(", ");
            assert!(case.notes[0].contains(&told) && case.notes[0].contains(page.closing), "{:?}", case.notes);
        }
        assert_eq!(full.then(&[Gather("", EVERYTHING)]).state.stage, ReturnDue);

        // Data disclosed to the police in good faith is a referral to another organisation, too.
        let mut disclosed = page.considered().then(&[Complete("review-note", ""), Assented(true, page.between)]);
        with_step(&mut disclosed, SafeguardingStep::Disclosure);
        disclosed.when(&[Gather("", [true, false, true, false])]);
        assert!(disclosed.notes[0].contains("referrals to other organisations"), "{:?}", disclosed.notes);
        assert_eq!(disclosed.then(&[Gather("", [true, true, true, false])]).state.stage, ReturnDue);
    }
}

#[test]
fn the_referrer_gathers_the_documentation_and_sends_the_case_on() {
    for page in PAGES {
        for role in [page.role(), Role::DecisionMaker, Role::CesTeam, Role::AtwSpoc] {
            let mut case = page.ready();
            assert_eq!(
                case.task("documentation").map(|task| (task.owner, task.rule.id)),
                Some((Role::Referrer, page.closing))
            );
            let gathered = case.apply(role, &Gather("", EVERYTHING).command(case.now));
            let Err(Refusal::NotAllowed { rules, why, .. }) = gathered else { panic!("{role:?}: {gathered:?}") };
            assert_eq!(ids(&rules), [page.closing]);
            assert!(why.contains("referrer"), "{why}");
            case.when(&[Gather("", EVERYTHING)]);
            assert_eq!(
                case.task("return").map(|task| (task.owner, task.rule.id)),
                Some((Role::Referrer, page.closing))
            );
            let Err(Refusal::NotAllowed { rules, .. }) = case.apply(role, &Return.command(case.now)) else {
                panic!("{role:?} sends the case on")
            };
            assert_eq!(ids(&rules), [page.closing]);
        }
        let case = page.ready().then(&[Gather("", EVERYTHING), Return]);
        assert_eq!((case.state.stage, case.cited("returned_to_decision_maker")), (DecisionDue, vec![page.closing]));
    }
}

#[test]
fn the_decision_maker_decides_what_the_text_names() {
    let every = [
        Outcome::Disallow,
        Outcome::NotDisallow,
        Outcome::Sanction,
        Outcome::Neither,
        Outcome::TakeDecision,
        Outcome::NotTakeDecision,
        Outcome::AwardGrant,
        Outcome::NotAwardGrant,
    ];
    for page in PAGES {
        let case = page.ready().then(&[Gather("", EVERYTHING), Return]);
        assert_eq!(
            case.task("decision").map(|task| (task.owner, task.rule.id)),
            Some((Role::DecisionMaker, page.decision))
        );
        for outcome in every {
            let mine = outcome == page.taken || outcome == page.not_taken;
            let may = mine || (outcome == Outcome::Disallow && page.decision == "ESA-126");
            let mut case = case.clone();
            match case.attempt(&Decide(outcome)) {
                Ok(()) => assert!(may && case.state.stage == Decided, "{outcome:?}"),
                Err(Refusal::NotAllowed { rules, .. }) => {
                    assert!(!may, "{outcome:?}");
                    assert_eq!(ids(&rules), [page.decision, "R-DECISIONS", "R-WEIGHED"]);
                }
                Err(refusal) => panic!("{refusal:?}"),
            }
        }
        // What takes something from the customer waits until they were listened to; what does not, does not.
        let mut case = case.then(&[As(Role::Officer, &Contact(""))]);
        assert_eq!(case.refusal(&Decide(page.taken)).0, [page.decision, "R-LATER-CONTACT"]);
        case.when(&[Decide(page.not_taken)]);
        assert!(page.taken.is_adverse() && !page.not_taken.is_adverse());
        for role in [page.role(), Role::DecisionMaker, Role::Referrer] {
            let mut case = case.clone();
            case.apply(role, &Reopen.command(case.now)).expect("a reconsideration");
            assert_eq!((case.state.stage, &case.state.documentation), (DeterminationDue, &None));
        }
    }
}
