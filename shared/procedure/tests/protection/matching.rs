//! R-ACTIONS, R-GROUND-NAMED, R-HOLD-ON, R-OTHER-AWARDS, R-OPEN-REFERRAL, and the rules that prohibit.

use super::samples::{asked, award, on, placed, question};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::protection::{
    Action, ActionGround, AdvisoryReason, Asked, Hold, HoldGround, Holds, Matched, Question, Why, match_holds,
};
use holdfast_procedure::{Workload, rule};

fn met(question: &Question, hold: &Hold) -> Matched {
    match_holds(question, &Holds::from_iter([hold.clone()]), &[])
}

/// What takes the place of another ground prohibits whatever that did, on any ground of the payer's.
#[test]
fn a_ground_includes_another_where_it_prohibits_all_that_the_other_does() {
    let of = award("C-1", Benefit::Esa, "A-1");
    let grounds = [
        HoldGround::OpenReferral,
        HoldGround::ConcernOnRecord,
        HoldGround::TwoIneffectiveVisits,
        HoldGround::ConcernDetermined,
        HoldGround::Reconsideration,
        HoldGround::ConditionKnown,
        HoldGround::CoreVisitDue,
    ];
    let mut met = Vec::new();
    for (one, other) in grounds.into_iter().flat_map(|one| grounds.map(|other| (one, other))) {
        let (these, those) = (on(one, of.clone()).prohibits, on(other, of.clone()).prohibits);
        if !these.includes(&those) {
            continue;
        }
        for ground in [ActionGround::NonAttendance, ActionGround::MissingEvidence, ActionGround::Any] {
            let covers = |action| these.covers(action, ground) || !those.covers(action, ground);
            assert!(Action::ALL.into_iter().all(covers), "{one:?} in the place of {other:?}");
        }
        met.push((one, other));
    }
    let less = [HoldGround::OpenReferral, HoldGround::ConditionKnown, HoldGround::CoreVisitDue];
    let by_less: Vec<_> = met.iter().filter(|(one, _)| less.contains(one)).copied().collect();
    let itself_and_a_referral =
        [(less[0], less[0]), (less[1], less[0]), (less[1], less[1]), (less[2], less[0]), (less[2], less[2])];
    assert_eq!(by_less, itself_and_a_referral);
    assert_eq!(met.len() - by_less.len(), 4 * grounds.len(), "the others prohibit everything");
}

#[test]
fn every_benefit_cites_its_own_paragraph() {
    let expected = [
        (Benefit::Pip, "PIP-6", "PIP-14"),
        (Benefit::Esa, "ESA-125P", "ESA-125H"),
        (Benefit::UniversalCredit, "UC-2", "UC-8"),
        (Benefit::AccessToWork, "ATW-11", "ATW-19"),
    ];
    for (benefit, visits, concern) in expected {
        let of = award("C-1", benefit, "A-1");
        for (ground, rule) in [(HoldGround::TwoIneffectiveVisits, visits), (HoldGround::ConcernDetermined, concern)] {
            for action in Action::ALL {
                let question = asked(&of, action, ActionGround::MissingEvidence).unwrap();
                let matched = met(&question, &on(ground, of.clone()));
                assert_eq!(matched.prohibited_by[0].rules[0].id, rule);
                assert_eq!((matched.prohibited_by[0].case.as_str(), matched.prohibited_by.len()), ("V-1", 1));
            }
        }
    }
}

#[test]
fn every_rule_that_the_check_proves_prohibits_somewhere() {
    let grounds = [
        HoldGround::ConcernOnRecord,
        HoldGround::TwoIneffectiveVisits,
        HoldGround::ConcernDetermined,
        HoldGround::ConditionKnown,
        HoldGround::CoreVisitDue,
    ];
    let benefits = [Benefit::Pip, Benefit::Esa, Benefit::UniversalCredit, Benefit::AccessToWork];
    let cited: Vec<_> = benefits
        .into_iter()
        .flat_map(|benefit| grounds.map(|ground| holdfast_procedure::protection::basis(benefit, ground)))
        .flat_map(|basis| basis.rules)
        .collect();
    for rule in rule::all().filter(|rule| rule.proof == rule::Proof::CheckProhibited) {
        assert!(cited.contains(&rule), "{} prohibits nothing", rule.id);
    }
}

#[test]
fn gen_2_prohibits_while_a_concern_is_on_record_in_every_benefit() {
    for benefit in [Benefit::Pip, Benefit::Esa, Benefit::UniversalCredit, Benefit::AccessToWork] {
        let matched =
            met(&question("C-1", benefit, "A-1"), &on(HoldGround::ConcernOnRecord, award("C-1", benefit, "A-1")));
        assert_eq!(matched.prohibited_by[0].rules[0].id, "GEN-2");
    }
}

#[test]
fn esa_106_prohibits_sanction_and_disallowance_and_nothing_else() {
    let of = award("C-1", Benefit::Esa, "A-1");
    let hold = on(HoldGround::ConditionKnown, of.clone());
    for action in Action::ALL {
        let matched = met(&asked(&of, action, ActionGround::Any).unwrap(), &hold);
        let prohibits = action == Action::Sanction || action == Action::Disallow;
        assert_eq!(!matched.prohibited_by.is_empty(), prohibits, "{action:?}");
        let told = matched.advisories.iter().any(|told| told.reason == AdvisoryReason::OtherActionsHeld);
        assert_eq!(told, !prohibits);
    }
}

#[test]
fn esa_112_prohibits_action_on_what_was_missed_and_on_a_ground_not_named() {
    let of = award("C-1", Benefit::Esa, "A-1");
    let hold = on(HoldGround::CoreVisitDue, of.clone());
    for ground in [ActionGround::NonAttendance, ActionGround::MissingEvidence, ActionGround::Any] {
        let matched = met(&asked(&of, Action::Reduce, ground).unwrap(), &hold);
        assert_eq!(matched.prohibited_by[0].rules[0].id, "ESA-112");
    }
}

#[test]
fn no_ground_is_any_ground() {
    let asked = Asked {
        customer: Some("C-1".into()),
        benefit: Some(Benefit::Esa),
        award: Some("A-1".into()),
        action: Some(Action::End),
        ground: None,
        condition_known: false,
    };
    assert_eq!(Question::of(asked).unwrap().ground(), ActionGround::Any);
}

#[test]
fn an_open_referral_is_told_and_prohibits_nothing() {
    let matched = met(&question("C-1", Benefit::Pip, "A-1"), &placed(HoldGround::OpenReferral));
    assert!(matched.prohibited_by.is_empty());
    assert_eq!(matched.advisories[0].reason, AdvisoryReason::OpenReferral);
    assert_eq!(matched.advisories[0].rules[0].id, "R-OPEN-REFERRAL");
}

#[test]
fn another_award_of_the_customers_is_told_of_the_hold() {
    let matched = met(&question("C-1", Benefit::UniversalCredit, "A-2"), &placed(HoldGround::TwoIneffectiveVisits));
    assert!(matched.prohibited_by.is_empty());
    assert_eq!(matched.advisories[0].reason, AdvisoryReason::AnotherAwardHeld);
    assert_eq!(matched.advisories[0].rules[0].id, "R-OTHER-AWARDS");
}

#[test]
fn a_hold_is_met_by_its_award_whoever_is_named_and_by_customer_and_benefit_whatever_award_is() {
    let hold = placed(HoldGround::TwoIneffectiveVisits);
    for question in [question("C-9", Benefit::Esa, "A-1"), question("C-1", Benefit::Pip, "A-9")] {
        assert_eq!(met(&question, &hold).prohibited_by.len(), 1, "{question:?}");
    }
    assert_eq!(met(&question("C-9", Benefit::Pip, "A-9"), &hold), Matched::default());
}

#[test]
fn whoever_was_merged_is_found_under_every_reference_through_every_hold() {
    let merged = Hold { formerly: vec!["C-0".into()], ..placed(HoldGround::TwoIneffectiveVisits) };
    assert_eq!(met(&question("C-0", Benefit::Pip, "A-9"), &merged).prohibited_by.len(), 1);
    // A released hold still says who is who.
    let mut elsewhere = merged.released(Why::InformedDecision);
    elsewhere.key.case = "V-0".into();
    let holds = Holds::from_iter([elsewhere, placed(HoldGround::ConcernDetermined)]);
    let matched = match_holds(&question("C-0", Benefit::Pip, "A-9"), &holds, &[]);
    assert_eq!(matched.prohibited_by.len(), 1);
    assert_eq!(matched.prohibited_by[0].ground, HoldGround::ConcernDetermined);
}

#[test]
fn what_is_undelivered_prohibits_as_if_it_were_in_the_ledger_and_says_where_it_is() {
    let listed = Holds::from_iter([placed(HoldGround::TwoIneffectiveVisits)]);
    let undelivered = [(Workload::Visiting, &listed)];
    let matched = match_holds(&question("C-1", Benefit::Pip, "A-1"), &Holds::default(), &undelivered);
    assert_eq!(matched.prohibited_by[0].undelivered_at, Some(Workload::Visiting));
    let other = match_holds(&question("C-2", Benefit::Pip, "A-2"), &Holds::default(), &undelivered);
    assert_eq!(other, Matched::default(), "one stuck case closes itself and no other");
}

#[test]
fn a_released_hold_prohibits_nothing() {
    let released = placed(HoldGround::TwoIneffectiveVisits).released(Why::InformedDecision);
    assert_eq!(met(&question("C-1", Benefit::Pip, "A-1"), &released), Matched::default());
}

#[test]
fn what_is_not_recognised_is_named() {
    let nothing = Asked {
        customer: Some(String::new()),
        benefit: None,
        award: None,
        action: None,
        ground: None,
        condition_known: false,
    };
    assert_eq!(Question::of(nothing).unwrap_err().fields(), ["customer", "benefit", "award", "action"]);
}
