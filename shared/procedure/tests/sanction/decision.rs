//! What the decision waits for, who takes it, and what it has to weigh.

use super::case::{
    COACH, Case, DECIDER, LEADER, actor, checked, conference, decided, explain, hour, invite, reconsider, sanction,
    told, while_held,
};
use holdfast_procedure::customer::{DeathSource, Fact};
use holdfast_procedure::protection::{HoldGround, Standing, Why};
use holdfast_procedure::rule::general::GEN_2;
use holdfast_procedure::rule::universal_credit::UC_2;
use holdfast_procedure::sanction::{Answer, Assurance, Check, Command, GoodReason, Outcome, Stage, Weighed};
use holdfast_procedure::{Benefit, Refusal, Role};

/// An invitation counts once the claimant was referred, an answer once they were invited, by when each happened.
#[test]
fn the_claimant_is_invited_after_the_referral_and_answers_after_that() {
    let (early, late) = (invite(hour(1)), invite(hour(3)));
    let (at_once, none_at_once) = (explain(hour(3), Answer::Explained), explain(hour(3), Answer::NoAnswer));
    let (soon, none) = (explain(hour(2), Answer::Explained), explain(hour(4), Answer::NoAnswer));
    let table = [
        (vec![&early], Stage::InvitationDue),
        (vec![&soon], Stage::InvitationDue),
        (vec![&soon, &late], Stage::ExplanationDue),
        (vec![&early, &none], Stage::InvitationDue),
        (vec![&late, &none], Stage::DecisionDue),
        (vec![&none, &late], Stage::DecisionDue),
        (vec![&late, &late, &none], Stage::DecisionDue),
        // An answer may come in the instant of the invitation; that none came cannot be known then.
        (vec![&late, &at_once], Stage::DecisionDue),
        (vec![&late, &none_at_once], Stage::ExplanationDue),
    ];
    for (told, stage) in table {
        let case = told.iter().fold(Case::referred(), |case, told| case.then(hour(5), DECIDER, told));
        assert_eq!(case.state.stage(), stage, "{told:?}");
    }
}

#[test]
fn what_does_not_count_is_recorded_and_the_reply_says_so() {
    for (case, told) in [
        (Case::failed(), invite(hour(1))),
        (Case::failed(), explain(hour(1), Answer::Explained)),
        (Case::referred(), explain(hour(2), Answer::Explained)),
    ] {
        let decision = case.decide(hour(5), &actor(DECIDER), &told).unwrap();
        let cited: Vec<_> = decision.events[0].rules.iter().map(|rule| rule.id).collect();
        assert_eq!(cited, ["UC-SAN", "R-RECORDED-ALWAYS"], "{told:?}");
        assert!(decision.notes[0].starts_with("Recorded. This "), "{:?}", decision.notes);
    }
    let after = Case::decided().decide(hour(6), &actor(DECIDER), &explain(hour(6), Answer::Explained)).unwrap();
    assert!(after.notes[0].contains("reconsideration"), "{:?}", after.notes);
}

#[test]
fn who_conferred_or_referred_does_not_decide() {
    let case = Case::answered(Answer::Explained);
    for person in [COACH.0, LEADER.0] {
        let came_of = case.came_of(hour(5), (person, Role::DecisionMaker), &sanction());
        assert_eq!(came_of, "UC-SAN R-DIFFERENT-PERSONS at DECISION_DUE", "{person}");
    }
    // Whoever recorded the failure has made up their mind too, wherever others conferred and referred.
    let others = [("p-7", Role::WorkCoach), ("p-8", Role::SiteLeader)];
    let case = Case::default().then(hour(0), ("p-6", Role::WorkCoach), &super::case::fail(Benefit::UniversalCredit));
    let case = case.then(hour(1), others[0], &conference(hour(1), &others, super::case::NO_GOOD_REASON));
    let case = case.then(hour(2), others[0], &super::case::refer()).then(hour(3), DECIDER, &invite(hour(3)));
    let case = case.then(hour(4), DECIDER, &explain(hour(4), Answer::Explained));
    let came_of = case.came_of(hour(5), ("p-6", Role::DecisionMaker), &sanction());
    assert_eq!(came_of, "UC-SAN R-DIFFERENT-PERSONS at DECISION_DUE");
    // So has whoever took part in a conference, be it one that does not count, or one that was recorded wrongly.
    for there in [[COACH, ("p-6", Role::SiteLeader)], [LEADER, ("p-6", Role::DecisionMaker)]] {
        let case = Case::answered(Answer::Explained);
        let apart = conference(hour(4), &there, super::case::NO_GOOD_REASON);
        let all = conference(hour(4), &[COACH, LEADER, there[1]], super::case::NO_GOOD_REASON);
        for held in [apart, all] {
            let case = case.clone().then(hour(4), COACH, &held).then(hour(5), COACH, &super::case::correct(5, None));
            let came_of = case.came_of(hour(5), ("p-6", Role::DecisionMaker), &sanction());
            assert_eq!(came_of, "UC-SAN R-DIFFERENT-PERSONS at DECISION_DUE", "{held:?}");
        }
    }
    let case = Case::answered(Answer::Explained);
    let reopened = Case::decided().then(hour(6), COACH, &reconsider());
    for (case, by) in [(&case, "p-9"), (&case, DECIDER.0), (&reopened, DECIDER.0)] {
        assert_eq!(case.came_of(hour(7), (by, Role::DecisionMaker), &sanction()), "sanction_decided", "{by}");
    }
}

#[test]
fn a_reason_that_was_told_is_weighed_whatever_is_decided() {
    for outcome in [Outcome::Sanction, Outcome::NoSanction] {
        let table = [
            (Answer::Explained, Weighed::NothingKnown, "UC-SAN R-WEIGHED at DECISION_DUE"),
            (Answer::Explained, Weighed::TakenIntoAccount, "sanction_decided"),
            (Answer::NoAnswer, Weighed::NothingKnown, "sanction_decided"),
        ];
        for (answer, weighed, came_of) in table {
            let case = Case::answered(answer);
            assert_eq!(case.came_of(hour(5), DECIDER, &decided(outcome, weighed)), came_of, "{answer:?}");
        }
    }
}

/// What a conference finds in the claimant's favour after the referral is weighed as what they tell themselves.
#[test]
fn a_requirement_out_of_reach_is_weighed_as_a_reason() {
    let unreasonable = conference(hour(4), &[COACH, LEADER], (GoodReason::NotSeen, Assurance::NotReasonable));
    let case = Case::answered(Answer::NoAnswer).then(hour(5), COACH, &unreasonable);
    let unheard = decided(Outcome::Sanction, Weighed::NothingKnown);
    assert_eq!(case.came_of(hour(6), DECIDER, &unheard), "UC-SAN R-WEIGHED at DECISION_DUE");
    assert_eq!(case.came_of(hour(6), DECIDER, &sanction()), "sanction_decided");
}

/// The claimant is heard before they are sanctioned; nobody has to be heard to be left alone.
#[test]
fn that_no_sanction_is_warranted_can_be_decided_since_the_referral() {
    let seen = conference(hour(4), &[COACH, LEADER], (GoodReason::Seen, Assurance::Reasonable));
    for (case, stage) in [(Case::referred(), "INVITATION_DUE"), (Case::invited(), "EXPLANATION_DUE")] {
        let case = case.then(hour(4), LEADER, &seen);
        assert_eq!(case.came_of(hour(5), DECIDER, &sanction()), format!("UC-SAN at {stage}"));
        let ended = case.then(hour(5), DECIDER, &decided(Outcome::NoSanction, Weighed::TakenIntoAccount));
        assert_eq!((ended.state.stage(), ended.owes()), (Stage::Decided, String::new()), "{stage}");
    }
}

/// Taken anew, a decision is owed since then; an invitation that turned out not to have been sent, too.
#[test]
fn what_is_owed_anew_is_owed_since_the_reconsideration() {
    for (wrong, stage) in [(3, "INVITATION_DUE"), (4, "EXPLANATION_DUE")] {
        let case = Case::decided().then(hour(6), DECIDER, &super::case::correct(wrong, None));
        let reopened = case.then(hour(7), COACH, &reconsider());
        assert_eq!(reopened.state.stage().name(), stage);
        assert_eq!(reopened.tasks().first().map(|task| task.since), Some(hour(7)), "{stage}");
    }
}

/// To decide on a sanction is guarded against as much as to apply it (R-ACTIONS).
#[test]
fn nobody_is_sanctioned_while_the_award_is_held() {
    let case = Case::answered(Answer::NoAnswer);
    let none = decided(Outcome::NoSanction, Weighed::NothingKnown);
    for (grounds, rules) in [
        (&[HoldGround::TwoIneffectiveVisits][..], "UC-2 R-HOLD-FROM R-ACTIONS"),
        (&[HoldGround::ConcernDetermined], "UC-8 GEN-2 R-ACTIONS"),
        (&[HoldGround::Reconsideration], "R-RECONSIDERATION R-ACTIONS"),
        (&[HoldGround::TwoIneffectiveVisits, HoldGround::ConcernDetermined], "UC-2 R-HOLD-FROM UC-8 GEN-2 R-ACTIONS"),
    ] {
        let refused = case.came_of(hour(5), DECIDER, &while_held(sanction(), grounds));
        assert_eq!(refused, format!("{rules} at DECISION_DUE"));
        let spared = case.came_of(hour(5), DECIDER, &while_held(none.clone(), grounds));
        assert_eq!(spared, "sanction_decided", "{grounds:?}");
    }
    // What is only told prohibits nothing, and what was released no more.
    let told = while_held(sanction(), &[HoldGround::OpenReferral]);
    assert_eq!(case.came_of(hour(5), DECIDER, &told), "sanction_decided");
    let mut released = while_held(sanction(), &[HoldGround::TwoIneffectiveVisits]);
    if let Command::Decide { holds, .. } = &mut released {
        holds[0].state = Standing::Released { why: Why::InformedDecision };
    }
    assert_eq!(case.came_of(hour(5), DECIDER, &released), "sanction_decided");
}

/// The check of protection knows what other services hold. Where it cannot say, no sanction is decided; that none is
/// warranted never waits for it.
#[test]
fn nobody_is_sanctioned_whom_the_check_does_not_release() {
    let case = Case::answered(Answer::NoAnswer);
    let held = Check::Held(vec![("HF-7".to_owned(), vec![&GEN_2]), ("HF-1".to_owned(), vec![&UC_2])]);
    let none = decided(Outcome::NoSanction, Weighed::NothingKnown);
    for (check, rules) in [(held.clone(), "GEN-2 UC-2 R-ACTIONS"), (Check::CannotSay, "R-ACTIONS")] {
        let refused = case.came_of(hour(5), DECIDER, &checked(sanction(), check.clone()));
        assert_eq!(refused, format!("{rules} at DECISION_DUE"), "{check:?}");
        assert_eq!(case.came_of(hour(5), DECIDER, &checked(none.clone(), check)), "sanction_decided");
    }
    // What conferencing holds itself is named once.
    let both = checked(while_held(sanction(), &[HoldGround::TwoIneffectiveVisits]), held);
    let refused = case.decide(hour(5), &actor(DECIDER), &both);
    let Err(Refusal::NotAllowed { why, .. }) = refused else { panic!("{refused:?}") };
    assert!(why.contains("held by HF-1 and HF-7,"), "{why}");
}

/// A refusal names everything that is missing at once.
#[test]
fn every_must_that_is_not_met_is_named() {
    let case = Case::referred();
    let explained = case.then(hour(2), COACH, &explain(hour(2), Answer::Explained));
    let both = (COACH.0, Role::DecisionMaker);
    let refused = explained.decide(hour(3), &actor(both), &decided(Outcome::Sanction, Weighed::NothingKnown));
    let Err(Refusal::NotAllowed { rules, why, stage, allowed }) = refused else { panic!("{refused:?}") };
    let rules: Vec<_> = rules.iter().map(|rule| rule.id).collect();
    assert_eq!((rules, stage), (vec!["UC-SAN", "R-DIFFERENT-PERSONS", "R-WEIGHED"], "INVITATION_DUE"));
    for part in ["not invited to explain", "another person", "weigh it"] {
        assert!(why.contains(part), "{why}");
    }
    assert!(allowed.contains(&"InviteExplanation") && !allowed.contains(&"ReferForSanction"), "{allowed:?}");
}

#[test]
fn nobody_is_sanctioned_who_is_said_to_have_died() {
    let report = Fact::DeathReported { occurred_at: hour(4), source: DeathSource::Relative, account: None };
    let case = Case::answered(Answer::NoAnswer).then(hour(5), COACH, &told(report));
    assert_eq!(case.came_of(hour(6), DECIDER, &sanction()), "GEN-3 R-DEATH at DECISION_DUE");
    let none = decided(Outcome::NoSanction, Weighed::NothingKnown);
    assert_eq!(case.came_of(hour(6), DECIDER, &none), "sanction_decided");
}

#[test]
fn a_reconsideration_takes_the_decision_anew_and_keeps_the_one_before() {
    let reopened = Case::decided().then(hour(6), COACH, &reconsider());
    let no = decided(Outcome::NoSanction, Weighed::TakenIntoAccount);
    let case = reopened.then(hour(7), ("p-other", Role::DecisionMaker), &no);
    assert_eq!(case.state.stage(), Stage::Decided);
    let outcomes: Vec<_> = case.state.decisions.iter().map(|decided| decided.what.outcome).collect();
    assert_eq!(outcomes, [Outcome::Sanction, Outcome::NoSanction]);
}
