//! A case that is not pursued ends before a decision; what was decided is revised by a reconsideration.

use super::case::{
    COACH, Case, DECIDER, LEADER, actor, conferred, correct, explain, hour, invite, reconsider, refer, sanction, told,
    withdraw,
};
use holdfast_procedure::customer::{DeathEvidence, DeathSource, Fact};
use holdfast_procedure::sanction::WithdrawalGround::{ClaimClosed, GoodReasonKnown, RecordedInError};
use holdfast_procedure::sanction::{Answer, Sanction, Stage};
use holdfast_procedure::{Decider, Refusal, Role};

/// Every stage before a decision.
fn undecided() -> [Case; 6] {
    [
        Case::failed(),
        Case::conferred(),
        Case::referred(),
        Case::referred().then(hour(3), COACH, &correct(2, None)),
        Case::invited(),
        Case::answered(Answer::NoAnswer),
    ]
}

#[test]
fn it_ends_at_every_stage_before_a_decision_on_every_ground() {
    for (ground, by) in [(RecordedInError, COACH), (GoodReasonKnown, LEADER), (ClaimClosed, COACH)] {
        for before in undecided() {
            let case = before.then(hour(6), by, &withdraw(ground));
            assert_eq!((case.state.stage().name(), case.owes().as_str()), ("ENDED_WITHDRAWN", ""));
            let withdrawn = case.state.withdrawn.as_ref().unwrap();
            assert_eq!((withdrawn.what.ground, withdrawn.at, withdrawn.by.person.as_str()), (ground, hour(6), by.0));
            let (withdrawn, _, _) = case.journal.last().unwrap();
            assert_eq!(withdrawn.rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), ["UC-SAN"]);
            assert!(Sanction::outlook(&case.state).join(" ").contains("bars no new one"));
        }
    }
}

/// What is asked for is refused and what to do is said; what happened is recorded all the same.
#[test]
fn a_withdrawn_case_goes_nowhere_and_still_takes_what_happened() {
    let case = Case::answered(Answer::NoAnswer).then(hour(5), COACH, &withdraw(RecordedInError));
    for (by, asked) in
        [(COACH, refer()), (DECIDER, sanction()), (COACH, reconsider()), (COACH, withdraw(GoodReasonKnown))]
    {
        let refused = case.decide(hour(6), &actor(by), &asked);
        let Err(Refusal::NotAllowed { rules, why, stage, allowed }) = refused else { panic!("{refused:?}") };
        assert_eq!((rules[0].id, rules.len(), stage), ("UC-SAN", 1, "ENDED_WITHDRAWN"), "{asked:?}");
        assert!(why.contains("withdrawn") && why.contains("RecordFailedRequirement"), "{why}");
        assert!(!allowed.contains(&"WithdrawSanctionCase") && allowed.contains(&"CorrectFact"), "{allowed:?}");
    }
    for (by, happened) in [
        (LEADER, conferred(hour(1))),
        (DECIDER, invite(hour(4))),
        (COACH, explain(hour(5), Answer::Explained)),
        (COACH, correct(2, None)),
    ] {
        let recorded = case.clone().then(hour(6), by, &happened);
        assert_eq!((recorded.state.stage(), recorded.owes().as_str()), (Stage::EndedWithdrawn, ""), "{happened:?}");
    }
}

/// Decided, and reopened: what was decided is never withdrawn.
#[test]
fn after_a_decision_it_is_refused() {
    let reopened = Case::decided().then(hour(6), COACH, &reconsider());
    for (case, stage) in [(Case::decided(), "DECIDED"), (reopened, "DECISION_DUE")] {
        let refused = case.decide(hour(7), &actor(COACH), &withdraw(GoodReasonKnown));
        let Err(Refusal::NotAllowed { rules, why, stage: at, allowed }) = refused else { panic!("{refused:?}") };
        assert_eq!((rules[0].id, at), ("UC-SAN", stage));
        assert!(why.contains("ReconsiderSanction"), "{why}");
        assert!(!allowed.contains(&"WithdrawSanctionCase"), "{allowed:?}");
    }
}

#[test]
fn it_is_for_the_work_coach_and_the_site_leader() {
    for role in [Role::WorkCoach, Role::SiteLeader, Role::DecisionMaker, Role::Officer] {
        let may = matches!(role, Role::WorkCoach | Role::SiteLeader);
        let expected = if may { "sanction_case_withdrawn" } else { "UC-SAN at CONFERENCE_DUE" };
        assert_eq!(Case::failed().came_of(hour(1), ("p-9", role), &withdraw(ClaimClosed)), expected, "{role:?}");
    }
}

/// A verified death ends what was not withdrawn, and is known of what was.
#[test]
fn a_verified_death_comes_first() {
    let report = Fact::DeathReported { occurred_at: hour(1), source: DeathSource::Relative, account: None };
    let confirmed = Fact::DeathConfirmed { evidence: DeathEvidence::Register, reference: "GRO-1".to_owned() };
    let died = |case: Case| {
        case.then(hour(2), COACH, &told(report.clone())).then(hour(3), ("p-9", Role::Officer), &told(confirmed.clone()))
    };
    let case = died(Case::failed());
    assert_eq!(case.came_of(hour(4), COACH, &withdraw(ClaimClosed)), "GEN-3 R-DEATH-VERIFIED at ENDED_DEATH");
    let case = died(Case::failed().then(hour(1), COACH, &withdraw(ClaimClosed)));
    assert_eq!(case.state.stage(), Stage::EndedDeath);
}
