//! One failure has one case: what is recorded again is kept with it and changes nothing, and other failures of the award
//! are named.

use super::case::{
    COACH, Case, DECIDER, LEADER, actor, conference, decided, failure, hour, reconsider, recorded, sanction, told,
    withdraw, words,
};
use holdfast_procedure::customer::Fact;
use holdfast_procedure::sanction::{
    Answer, Assurance, Command, Correction, Failure, GoodReason, Happening, Other, Outcome, Requirement, Stage,
    Weighed, WithdrawalGround,
};
use holdfast_procedure::{Benefit, Refusal, Role, Told};

fn the_same() -> Failure {
    Failure { account: words("n-9"), ..failure(Benefit::UniversalCredit) }
}

fn no_referral() -> Case {
    let seen = conference(hour(1), &[COACH, LEADER], (GoodReason::Seen, Assurance::Reasonable));
    Case::failed().then(hour(1), COACH, &seen)
}

/// Whatever was found or decided, it stays as it is.
#[test]
fn a_failure_that_is_recorded_again_keeps_its_case_as_it_is() {
    let none = Case::referred().then(hour(3), DECIDER, &decided(Outcome::NoSanction, Weighed::TakenIntoAccount));
    for (case, also) in [
        (Case::failed(), None),
        (no_referral(), Some("Only another conference")),
        (Case::answered(Answer::NoAnswer), None),
        (Case::decided(), None),
        (none, None),
    ] {
        let (stage, owes) = (case.state.stage(), case.owes());
        let decision = case.decide(hour(6), &actor(LEADER), &recorded(the_same(), &[])).unwrap();
        let [said, more @ ..] = decision.notes.as_slice() else { panic!("{:?}", decision.notes) };
        assert!(said.contains("on record already") && said.contains("no other is opened"), "{said}");
        assert_eq!(more.first().map(|note| note.starts_with(also.unwrap_or("?"))), also.map(|_| true), "{more:?}");
        let cited: Vec<_> = decision.events[0].rules.iter().map(|rule| rule.id).collect();
        assert_eq!(cited, ["UC-SAN", "R-RECORDED-ALWAYS"]);
        let after = case.then(hour(6), LEADER, &recorded(the_same(), &[]));
        assert_eq!((after.state.stage(), after.owes()), (stage, owes), "{stage:?}");
        assert_eq!(after.journal.last().unwrap().0.event.narratives(), [&words("n-9")], "its words are kept");
    }
}

/// It is known under every reference of the customer; what it says otherwise is for a correction.
#[test]
fn it_is_the_same_under_a_former_reference_and_as_another_kind() {
    let case = Case::failed().then(hour(1), COACH, &told(Fact::Merged { into: "C-2".to_owned() }));
    let other = Failure { requirement: Requirement::Other, ..the_same() };
    let notes = case.decide(hour(2), &actor(COACH), &recorded(other, &[])).unwrap().notes;
    assert!(notes.iter().any(|note| note.contains("CorrectFact")), "{notes:?}");
    let later = Failure { occurred_at: hour(1), ..the_same() };
    assert_eq!(case.came_of(hour(2), COACH, &recorded(later, &[])), "UC-SAN at CONFERENCE_DUE");
    assert_eq!(
        case.came_of(hour(2), ("p-9", Role::DecisionMaker), &recorded(the_same(), &[])),
        "UC-SAN at CONFERENCE_DUE"
    );
}

/// Whoever recorded it again has made up their mind as much as whoever recorded it first.
#[test]
fn whoever_recorded_it_again_does_not_decide() {
    let case = Case::answered(Answer::Explained).then(hour(5), ("p-9", Role::SiteLeader), &recorded(the_same(), &[]));
    let came_of = case.came_of(hour(6), ("p-9", Role::DecisionMaker), &sanction());
    assert_eq!(came_of, "UC-SAN R-DIFFERENT-PERSONS at DECISION_DUE");
    assert_eq!(case.came_of(hour(6), DECIDER, &sanction()), "sanction_decided");
}

/// Nobody overlooks what was found or decided about another failure, or about this one before it was withdrawn.
#[test]
fn a_new_case_names_the_others_of_the_award() {
    let other = |case: &str, at, stage| Other { case: case.to_owned(), failed_at: hour(at), stage };
    let others = [other("SC-1", -24, Stage::NoReferral), other("SC-2", 0, Stage::EndedWithdrawn)];
    let decision = Case::default().decide(hour(1), &actor(COACH), &recorded(the_same(), &others)).unwrap();
    let [note] = decision.notes.as_slice() else { panic!("{:?}", decision.notes) };
    assert!(note.contains("SC-1 of 2026-05-31 (NO_REFERRAL), SC-2 of 2026-06-01 (ENDED_WITHDRAWN)"), "{note}");
}

/// A failure is not moved to where another case is about it already, unless either was withdrawn.
#[test]
fn a_correction_makes_no_second_case_of_a_failure() {
    let correct = |at, stage| {
        let right = Some(Happening::Failure(Box::new(Failure { occurred_at: hour(at), ..the_same() })));
        let others = vec![Other { case: "SC-7".to_owned(), failed_at: hour(at), stage }];
        Command::Correct(Correction { fact: 1, right, reason: words("n-8"), others })
    };
    let refused = Case::failed().decide(hour(2), &actor(COACH), &correct(1, Stage::NoReferral));
    let Err(Refusal::Invalid(faults)) = refused else { panic!("{refused:?}") };
    assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["failure.failed_at"]);
    assert!(faults[0].why.contains("SC-7") && faults[0].why.contains("WithdrawSanctionCase"), "{faults:?}");
    let withdrawn = Case::failed().then(hour(1), COACH, &withdraw(WithdrawalGround::RecordedInError));
    for (case, at, stage) in [
        (Case::failed(), 1, Stage::EndedWithdrawn),
        (Case::failed(), 0, Stage::NoReferral),
        (withdrawn, 1, Stage::NoReferral),
    ] {
        assert_eq!(case.came_of(hour(2), COACH, &correct(at, stage)), "fact_corrected", "{at} {stage:?}");
    }
}

/// That none is warranted stands, and there is nothing to apply; a sanction is reconsidered where the claimant disagrees.
#[test]
fn a_decision_not_to_sanction_stands() {
    let none = || decided(Outcome::NoSanction, Weighed::TakenIntoAccount);
    let spared = Case::answered(Answer::Explained).then(hour(5), DECIDER, &none());
    let overturned = Case::decided().then(hour(6), COACH, &reconsider()).then(hour(7), DECIDER, &none());
    for case in [spared, overturned] {
        let refused = case.decide(hour(8), &actor(COACH), &reconsider());
        let Err(Refusal::NotAllowed { rules, why, allowed, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), ["UC-SAN"]);
        assert!(why.contains("no sanction is warranted, and that stands"), "{why}");
        let refused = case.decide(hour(8), &actor(DECIDER), &sanction());
        let Err(Refusal::NotAllowed { why, allowed: then, .. }) = refused else { panic!("{refused:?}") };
        assert!(why.contains("that stands") && !why.contains("opens the case again"), "{why}");
        assert!(!allowed.contains(&"ReconsiderSanction") && !then.contains(&"ReconsiderSanction"), "{allowed:?}");
        let told = case.outlook();
        assert!(told.contains("none to apply") && !told.contains("CheckAction") && !told.contains("appeal"), "{told}");
        // What comes to light later changes nothing, and is for nobody to reconsider.
        let corrected = case.then(hour(8), COACH, &super::case::correct(2, None));
        assert_eq!((corrected.state.stage(), corrected.owes()), (Stage::Decided, String::new()));
    }
}
