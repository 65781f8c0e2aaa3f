//! ESA-106P and R-HOLD-FROM-CONDITION where the question itself states a known condition.

use super::answers::{READ, draft, held, kept, sources, verified};
use super::samples::{HOME, asked, award, on};
use chrono::DateTime;
use holdfast_procedure::protection::{
    Action, ActionGround, Answer, Arrival, Asked, Confirmation, Confirmed, Hold, HoldGround, Holds, Permit, Question,
    Reason, SourceSays, Ticks, Unconfirmed, Why, answer, recalls,
};
use holdfast_procedure::{Award, benefit::Benefit};
use std::collections::BTreeSet;

const NOW: Ticks = Ticks::from_millis(1_000);
const EVERY: [Why; 7] = [
    Why::InformedDecision,
    Why::EffectiveVisit,
    Why::ContactInTime,
    Why::VerifiedDeath,
    Why::Withdrawn,
    Why::Replaced,
    Why::VisitConsidered,
];

fn esa() -> Award {
    award("C-1", Benefit::Esa, "A-1")
}

/// Whoever asks knows of a condition.
fn knowing(award: &Award, action: Action) -> Question {
    knowing_on(award, action, ActionGround::Any)
}

fn knowing_on(award: &Award, action: Action, ground: ActionGround) -> Question {
    let asked = Asked {
        customer: Some(award.customer.clone()),
        benefit: Some(award.benefit),
        award: Some(award.award.clone()),
        action: Some(action),
        ground: Some(ground),
        condition_known: true,
    };
    Question::of(asked).unwrap()
}

/// Why the question is prohibited; answered at once, and drafted and given out, it is the same.
fn reasons(question: &Question, holds: &[Hold]) -> Vec<Reason> {
    let (proofs, kept, asked) = (held(), kept(holds), Ok(question.clone()));
    let at_once = answer(&asked, Arrival(5), Some(&verified(&proofs, &kept)), &sources(), NOW);
    let drafted = draft(&proofs, &kept, &[(Arrival(5), asked)], 1_000);
    let may_be_permitted = drafted.to_journal().count() == 1;
    assert_eq!(drafted.returned(&READ, NOW).unwrap(), std::slice::from_ref(&at_once));
    assert_eq!(may_be_permitted, matches!(at_once, Answer::Permitted(_)), "nothing else is journalled");
    match at_once {
        Answer::Prohibited(prohibited) => prohibited.reasons,
        Answer::Permitted(_) => vec![],
    }
}

/// What is stated prohibits, alone.
fn is_prohibited(question: &Question, holds: &[Hold]) -> bool {
    match reasons(question, holds).as_slice() {
        [] => false,
        [Reason::ConditionStated(rules)] => {
            let rules: Vec<_> = rules.iter().map(|rule| rule.id).collect();
            assert_eq!(rules, ["ESA-106P", "R-HOLD-FROM-CONDITION"]);
            true
        }
        others => panic!("{others:?}"),
    }
}

#[test]
fn a_stated_condition_prohibits_sanction_and_disallowance_where_the_text_speaks_of_conditions() {
    for action in Action::ALL {
        let prohibits = is_prohibited(&knowing(&esa(), action), &[]);
        assert_eq!(prohibits, action == Action::Sanction || action == Action::Disallow, "{action:?}");
        for benefit in [Benefit::Pip, Benefit::UniversalCredit, Benefit::AccessToWork] {
            assert!(!is_prohibited(&knowing(&award("C-1", benefit, "A-1"), action), &[]), "{benefit:?} {action:?}");
        }
    }
    let nothing = asked(&esa(), Action::Sanction, ActionGround::Any).unwrap();
    assert!(!is_prohibited(&nothing, &[]), "nothing is stated");
}

#[test]
fn what_was_considered_permits_and_what_was_taken_back_does_not() {
    let asked = knowing(&esa(), Action::Sanction);
    for ground in [HoldGround::ConditionKnown, HoldGround::CoreVisitDue] {
        for why in EVERY {
            let released = on(ground, esa()).released(why);
            let shows_nothing = matches!(why, Why::VerifiedDeath | Why::Withdrawn);
            assert_eq!(is_prohibited(&asked, &[released]), shows_nothing, "{ground:?} {why:?}");
        }
    }
    let others = [HoldGround::OpenReferral, HoldGround::ConcernOnRecord, HoldGround::Other(99)];
    for (ground, why) in others.into_iter().flat_map(|ground| EVERY.map(|why| (ground, why))) {
        assert!(is_prohibited(&asked, &[on(ground, esa()).released(why)]), "{ground:?} {why:?}");
    }
}

#[test]
fn what_stands_prohibits_by_itself_but_for_a_visit_that_is_due() {
    let known = on(HoldGround::ConditionKnown, esa());
    let met = reasons(&knowing(&esa(), Action::Disallow), &[known]);
    assert!(matches!(met.as_slice(), [Reason::Held(_), Reason::ConditionStated(_)]), "{met:?}");
    let due = [on(HoldGround::CoreVisitDue, esa())];
    let met = reasons(&knowing_on(&esa(), Action::Disallow, ActionGround::NonAttendance), &due);
    assert!(matches!(met.as_slice(), [Reason::Held(_)]), "considered, and its outcome not known: {met:?}");
}

#[test]
fn only_what_was_considered_for_the_very_award_permits() {
    let considered = |award: Award| on(HoldGround::ConditionKnown, award).released(Why::VisitConsidered);
    let asked = knowing(&esa(), Action::Disallow);
    for other in
        [award("C-1", Benefit::Esa, "A-2"), award("C-2", Benefit::Esa, "A-1"), award("C-1", Benefit::Pip, "A-1")]
    {
        assert!(is_prohibited(&asked, &[considered(other.clone())]), "{other:?}");
    }
    let merged = Hold { formerly: vec!["C-1".to_owned()], ..considered(award("C-9", Benefit::Esa, "A-1")) };
    assert!(!is_prohibited(&asked, &[merged]), "the same customer, under another reference");
}

/// A confirmation of it, where every source says that it protects nothing.
fn confirmed(question: &Question, holds: &[Hold]) -> Result<Confirmed, Unconfirmed> {
    let (proofs, kept) = (held(), kept(holds));
    let verified = verified(&proofs, &kept);
    let mut confirmation = Confirmation::of(question.clone(), &verified, &sources());
    while let Some(source) = confirmation.next() {
        confirmation = confirmation.heard(SourceSays { source, identity: HOME, protects: vec![], changes: 0 })?;
    }
    confirmation.conclude(Arrival(5), &verified, &sources(), NOW)
}

/// What is stated is judged by the whole ledger: no source need know of the visit that was considered at another.
#[test]
fn a_confirmation_is_prohibited_by_what_is_stated_and_by_no_source_for_it() {
    let asked = knowing(&esa(), Action::Sanction);
    let Err(Unconfirmed::Prohibited(why)) = confirmed(&asked, &[]) else { panic!("is prohibited") };
    assert!(matches!(why.reasons.as_slice(), [Reason::ConditionStated(_)]), "{why:?}");
    let considered = on(HoldGround::ConditionKnown, esa()).released(Why::VisitConsidered);
    assert_eq!(confirmed(&asked, &[considered]), Ok(Confirmed { question: asked }));
}

#[test]
fn a_permit_is_recalled_by_the_holds_that_meet_it_and_by_no_other() {
    let (decision, question) = ("d".to_owned(), knowing(&esa(), Action::Sanction));
    let permit = Permit { decision, question, expires: DateTime::UNIX_EPOCH };
    let met = |hold: &Hold| {
        let (changed, ledger) = (BTreeSet::from([&hold.key]), Holds::from_iter([hold.clone()]));
        recalls(std::slice::from_ref(&permit), &changed, &ledger, &[], DateTime::UNIX_EPOCH).len()
    };
    assert_eq!(met(&on(HoldGround::Reconsideration, award("C-5", Benefit::Pip, "A-5"))), 0);
    assert_eq!(met(&on(HoldGround::ConditionKnown, esa()).placed_again()), 1);
}
