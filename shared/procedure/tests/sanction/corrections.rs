//! What was recorded wrongly is superseded and stays readable, and what follows from it is judged anew.

use super::case::{
    COACH, Case, DECIDER, LEADER, NO_GOOD_REASON, actor, conferred, correct, decided, failure, held, hour, reconsider,
    refer, sanction, told, words,
};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::Fact;
use holdfast_procedure::sanction::{
    Answer, Assurance, Command, Conference, Explanation, Failure, GoodReason, Happening, Invitation, Outcome,
    Requirement, Sanction, Stage, Weighed,
};
use holdfast_procedure::visiting::Channel;
use holdfast_procedure::{Award, Benefit, Decider, Fault, Place, Refusal, Role};

const SEEN: (GoodReason, Assurance) = (GoodReason::Seen, Assurance::Reasonable);

fn none_warranted() -> Command {
    decided(Outcome::NoSanction, Weighed::TakenIntoAccount)
}

fn conference(at: i64, there: &[(&str, Role)], found: (GoodReason, Assurance)) -> Option<Happening> {
    Some(Happening::Conference(held(hour(at), there, found)))
}

fn failed(change: impl FnOnce(&mut Failure)) -> Option<Happening> {
    let mut failure = failure(Benefit::UniversalCredit);
    change(&mut failure);
    Some(Happening::Failure(Box::new(failure)))
}

fn invited(at: i64) -> Option<Happening> {
    Some(Happening::Invitation(Invitation { occurred_at: hour(at), channel: Channel::Journal }))
}

fn explained(at: i64, answer: Answer) -> Option<Happening> {
    Some(Happening::Explanation(Explanation { occurred_at: hour(at), answer, account: words("n-4") }))
}

fn notes(case: &Case, by: (&str, Role), command: &Command) -> String {
    case.decide(hour(9), &actor(by), command).unwrap().notes.join(" ")
}

/// By number, whether each fact counts and what it corrects.
fn facts(case: &Case) -> Vec<(u32, bool, Option<u32>)> {
    case.state.facts.all().map(|(number, kept)| (number, case.state.fact_counts(kept), kept.corrects)).collect()
}

#[test]
fn facts_are_numbered_as_they_are_recorded_and_what_was_wrong_stays_readable() {
    let case = Case::answered(Answer::Explained);
    assert_eq!(facts(&case), [(1, true, None), (2, true, None), (3, true, None), (4, true, None)]);
    let case = case.then(hour(6), DECIDER, &correct(4, explained(5, Answer::NoAnswer)));
    let (_, wrong) = case.state.facts.all().nth(3).unwrap();
    let superseded = wrong.superseded.as_ref().unwrap();
    assert_eq!((superseded.by_fact, superseded.at, superseded.by.person.as_str()), (Some(5), hour(6), "p-decider"));
    assert_eq!(superseded.reason, words("n-8"));
    assert_eq!(facts(&case)[3..], [(4, false, None), (5, true, Some(4))]);
    let stands: Vec<_> = case.state.explanations.iter().map(|told| (told.what.answer, told.at)).collect();
    assert_eq!(stands, [(Answer::NoAnswer, hour(6))]);
    assert!(!case.state.reason_was_told(), "nobody explained");
    let (corrected, _, _) = case.journal.last().unwrap();
    let rules: Vec<_> = corrected.rules.iter().map(|rule| rule.id).collect();
    assert_eq!(rules, ["UC-SAN", "R-RECORDED-ALWAYS"]);
}

/// What a correction makes of a case before any referral.
#[test]
fn a_conference_that_was_otherwise_is_judged_anew() {
    let table = [
        (conference(1, &[COACH], NO_GOOD_REASON), Stage::ConferenceDue, "does not count"),
        (conference(1, &[COACH, LEADER], SEEN), Stage::NoReferral, ""),
        (conference(2, &[COACH, LEADER], NO_GOOD_REASON), Stage::ReferralOpen, ""),
        (None, Stage::ConferenceDue, ""),
    ];
    for (right, stage, noted) in table {
        let command = correct(2, right);
        assert!(notes(&Case::conferred(), LEADER, &command).contains(noted), "{command:?}");
        let case = Case::conferred().then(hour(3), LEADER, &command);
        assert_eq!(case.state.stage(), stage, "{command:?}");
    }
    let undone = Case::conferred().then(hour(3), LEADER, &correct(2, None));
    assert_eq!(undone.owes(), "conference:again-1 by work coach through HoldSanctionConference");
    assert_eq!(undone.came_of(hour(4), COACH, &refer()), "UC-SAN at CONFERENCE_DUE");
}

/// A failure that came later than it was recorded came after what preceded it.
#[test]
fn what_precedes_the_failure_as_it_was_does_not_count() {
    let later = correct(1, failed(|failure| failure.occurred_at = hour(2)));
    let noted = notes(&Case::conferred(), COACH, &later);
    assert!(noted.contains("Fact 2, a case conference, does not count"), "{noted}");
    let case = Case::conferred().then(hour(3), COACH, &later);
    assert_eq!((case.state.stage(), facts(&case)[1].1), (Stage::ConferenceDue, false));
    let held = case.then(hour(4), LEADER, &conferred(hour(3)));
    assert_eq!(held.state.stage(), Stage::ReferralOpen);
    let after = correct(1, failed(|failure| failure.occurred_at = hour(4)));
    let case = Case::invited().then(hour(5), COACH, &after);
    assert_eq!(facts(&case).iter().map(|fact| fact.1).collect::<Vec<_>>(), [false, false, false, true]);
}

/// The referral stays on record; a sanction takes a conference that opens the way to it.
#[test]
fn a_referral_whose_conference_did_not_open_it_bears_no_sanction() {
    let seen = correct(2, conference(1, &[COACH, LEADER], SEEN));
    let alone = correct(2, conference(1, &[LEADER], NO_GOOD_REASON));
    for (wrong, owes) in [
        (correct(2, None), "conference:again-1 by work coach through HoldSanctionConference"),
        (alone, "conference:again-1 by work coach through HoldSanctionConference"),
        (seen, "decision by Decision Maker through DecideSanction"),
    ] {
        assert!(notes(&Case::referred(), COACH, &wrong).contains("The referral stays on record"), "{wrong:?}");
        let case = Case::answered(Answer::NoAnswer).then(hour(5), COACH, &wrong);
        assert_eq!((case.state.stage().name(), case.owes().as_str()), ("REFERRAL_UNSUPPORTED", owes), "{wrong:?}");
        assert_eq!(case.tasks()[0].since, hour(5));
        assert!(case.state.referral.is_some());
        assert_eq!(case.came_of(hour(6), DECIDER, &sanction()), "UC-SAN at REFERRAL_UNSUPPORTED");
        assert_eq!(case.came_of(hour(6), COACH, &refer()), "UC-SAN at REFERRAL_UNSUPPORTED");
        assert_eq!(case.came_of(hour(6), DECIDER, &none_warranted()), "sanction_decided");
        let outlook = Sanction::outlook(&case.state).join(" ");
        assert!(outlook.contains("no sanction can be decided"), "{outlook}");
        let conferred = case.then(hour(7), LEADER, &conferred(hour(7)));
        assert_eq!(conferred.state.stage(), Stage::DecisionDue);
        assert_eq!(conferred.state.unsupported_since, None);
        assert_eq!(conferred.came_of(hour(8), DECIDER, &sanction()), "sanction_decided");
    }
}

/// All that is missing is named at once.
#[test]
fn a_refusal_names_the_conference_and_the_explanation_alike() {
    let case = Case::referred().then(hour(3), COACH, &correct(2, None));
    let refused = case.decide(hour(4), &actor(DECIDER), &sanction());
    let Err(Refusal::NotAllowed { why, allowed, .. }) = refused else { panic!("{refused:?}") };
    assert!(why.contains("no conference opened the way") && why.contains("not invited to explain"), "{why}");
    assert!(allowed.contains(&"HoldSanctionConference") && allowed.contains(&"CorrectFact"), "{allowed:?}");
}

/// What counts for a referral is what was on record when it was made, as it stands corrected, or was found later.
#[test]
fn a_referral_rests_on_the_finding_of_its_time() {
    let at = |number: i64, found| super::case::conference(hour(number), &[COACH, LEADER], found);
    // The first conference saw a good reason, the second none; without the second nothing opened the way.
    let two = Case::failed().then(hour(1), COACH, &at(1, SEEN)).then(hour(2), COACH, &at(2, NO_GOOD_REASON)).then(
        hour(3),
        COACH,
        &refer(),
    );
    assert_eq!(two.state.stage(), Stage::InvitationDue);
    assert_eq!(two.clone().then(hour(4), COACH, &correct(3, None)).state.stage(), Stage::ReferralUnsupported);
    assert_eq!(two.clone().then(hour(4), COACH, &correct(2, None)).state.stage(), Stage::InvitationDue);
    // A conference after the referral is for the Decision Maker to weigh, and takes nothing back.
    let after = Case::referred().then(hour(3), COACH, &at(3, SEEN));
    let after = after.then(hour(4), COACH, &correct(3, conference(2, &[COACH, LEADER], SEEN)));
    assert_eq!(after.state.stage(), Stage::InvitationDue);
    // One that is corrected to have found otherwise than the referral says does.
    let otherwise = two.then(hour(4), COACH, &correct(3, conference(2, &[COACH, LEADER], SEEN)));
    assert_eq!(otherwise.state.stage(), Stage::ReferralUnsupported);
}

#[test]
fn an_invitation_or_an_explanation_that_was_otherwise_is_owed_again() {
    let case = Case::answered(Answer::NoAnswer);
    let early = case.clone().then(hour(5), DECIDER, &correct(3, invited(1)));
    assert_eq!(early.owes(), "invitation:again-1 by Decision Maker through InviteExplanation");
    assert!(notes(&case, DECIDER, &correct(3, invited(1))).contains("Fact 4, what came of an invitation"));
    let never = case.clone().then(hour(5), DECIDER, &correct(3, None));
    assert_eq!((never.state.stage(), never.state.invitations.len()), (Stage::InvitationDue, 0));
    let unheard = case.then(hour(5), DECIDER, &correct(4, None));
    assert_eq!(unheard.owes(), "explanation:again-1 by Decision Maker through RecordExplanation");
    assert_eq!(unheard.came_of(hour(6), DECIDER, &sanction()), "UC-SAN at EXPLANATION_DUE");
}

/// The failure is corrected whole, under its own award; whoever recorded it still does not decide.
#[test]
fn a_failure_is_corrected_under_its_own_award_alone() {
    let right = correct(
        1,
        failed(|failure| {
            failure.requirement = Requirement::Other;
            failure.place = Place { nation: Nation::Wales, area: "Gwent".to_owned() };
        }),
    );
    let case = Case::answered(Answer::NoAnswer).then(hour(5), LEADER, &right);
    let stands = case.state.failure.clone().unwrap();
    assert_eq!((stands.what.requirement, stands.what.place.area.as_str()), (Requirement::Other, "Gwent"));
    assert_eq!((stands.at, stands.by.person.as_str()), (hour(0), "p-coach"), "it was opened when it was opened");
    for person in ["p-coach", "p-leader"] {
        let came_of = case.came_of(hour(6), (person, Role::DecisionMaker), &sanction());
        assert_eq!(came_of, "UC-SAN R-DIFFERENT-PERSONS at DECISION_DUE", "{person}");
    }
    let other = |change: fn(&mut Award)| correct(1, failed(|failure| change(&mut failure.award)));
    for elsewhere in [
        other(|award| award.customer = "C-9".to_owned()),
        other(|award| award.award = "A-9".to_owned()),
        other(|award| award.benefit = Benefit::Pip),
    ] {
        let refused = Case::failed().decide(hour(1), &actor(COACH), &elsewhere);
        let Err(Refusal::Invalid(faults)) = refused else { panic!("{refused:?}") };
        let [Fault { field, why, .. }] = faults.as_slice() else { panic!("{faults:?}") };
        assert_eq!(*field, "failure.award");
        assert!(why.contains("RecordFailedRequirement") && why.contains("UC-SAN"), "{why}");
    }
    let both = correct(
        1,
        failed(|failure| {
            failure.award.award = "A-9".to_owned();
            failure.occurred_at = hour(8);
        }),
    );
    let refused = Case::failed().decide(hour(1), &actor(COACH), &both);
    let Err(Refusal::Invalid(faults)) = refused else { panic!("{refused:?}") };
    assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["failure.award", "failure.failed_at"]);
}

/// What was told of the customer since is kept: their new address, and the reference that they go by now.
#[test]
fn a_corrected_failure_follows_the_customer() {
    let moved =
        Fact::Moved { place: Place { nation: Nation::Scotland, area: "Lothian".to_owned() }, occurred_at: hour(1) };
    let merged = told(Fact::Merged { into: "C-2".to_owned() });
    let case = Case::failed().then(hour(1), COACH, &told(moved)).then(hour(1), COACH, &merged);
    let right = correct(1, failed(|failure| failure.requirement = Requirement::Other));
    let case = case.then(hour(2), COACH, &right);
    let failure = &case.state.failure.as_ref().unwrap().what;
    assert_eq!((failure.award.customer.as_str(), failure.place.area.as_str()), ("C-2", "Lothian"));
    assert_eq!(failure.requirement, Requirement::Other);
}

#[test]
fn a_failure_that_never_happened_is_withdrawn() {
    let refused = Case::failed().decide(hour(1), &actor(COACH), &correct(1, None));
    let Err(Refusal::NotAllowed { rules, why, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), ["UC-SAN"]);
    assert!(why.contains("WithdrawSanctionCase"), "{why}");
}

/// Who may record a fact of a kind, and nobody else, corrects it.
#[test]
fn whoever_may_record_it_corrects_it() {
    let table = [
        (1, failed(|_| {}), vec![Role::WorkCoach, Role::SiteLeader]),
        (2, conference(1, &[COACH, LEADER], SEEN), vec![Role::WorkCoach, Role::SiteLeader]),
        (3, invited(3), vec![Role::DecisionMaker]),
        (4, explained(4, Answer::Explained), vec![Role::DecisionMaker, Role::WorkCoach]),
    ];
    let roles = [Role::WorkCoach, Role::SiteLeader, Role::DecisionMaker, Role::Officer];
    for (fact, right, may) in table {
        for role in roles {
            let came_of =
                Case::answered(Answer::NoAnswer).came_of(hour(9), ("p-9", role), &correct(fact, right.clone()));
            let expected = if may.contains(&role) { "fact_corrected" } else { "UC-SAN at DECISION_DUE" };
            assert_eq!(came_of, expected, "fact {fact} by {role:?}");
        }
    }
}

#[test]
fn what_cannot_be_corrected_is_refused() {
    let case = Case::answered(Answer::NoAnswer).then(hour(5), COACH, &correct(2, None));
    for fact in [2, 9] {
        let refused = case.decide(hour(6), &actor(COACH), &correct(fact, None));
        assert!(matches!(refused, Err(Refusal::NoSuchPart(_))), "{refused:?}");
    }
    let fault =
        |fact, by, right| match Case::answered(Answer::NoAnswer).decide(hour(6), &actor(by), &correct(fact, right)) {
            Err(Refusal::Invalid(faults)) => faults.iter().map(|fault| fault.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
    assert_eq!(fault(2, COACH, invited(1)), ["right"]);
    assert_eq!(fault(2, COACH, conference(-1, &[COACH, LEADER], SEEN)), ["conference.occurred_at"]);
    assert_eq!(fault(3, DECIDER, invited(7)), ["invitation.occurred_at"]);
    assert_eq!(fault(4, DECIDER, explained(-1, Answer::Explained)), ["explanation.occurred_at"]);
}

/// The reason for a correction is the reason for its lateness too.
#[test]
fn a_correction_is_never_too_late() {
    let month = hour(24 * 30);
    let case = Case::conferred();
    let decision = case.decide(month, &actor(COACH), &correct(2, conference(2, &[COACH, LEADER], SEEN))).unwrap();
    let rules: Vec<_> = decision.events[0].rules.iter().map(|rule| rule.id).collect();
    assert_eq!(rules, ["UC-SAN", "R-RECORDED-ALWAYS", "R-LATE-REASON"]);
}

/// The decision stands; whoever decided is asked to consider a reconsideration, until they have or it is taken anew.
#[test]
fn after_the_decision_it_is_recorded_and_the_decision_maker_is_asked_to_reconsider() {
    let wrong = correct(2, None);
    assert!(notes(&Case::decided(), COACH, &wrong).contains("The decision stands"));
    let case = Case::decided().then(hour(6), COACH, &wrong);
    assert_eq!((case.state.stage(), case.state.decisions.len()), (Stage::Decided, 1));
    assert_eq!(case.owes(), "corrected:2 by Decision Maker through CompleteTask");
    let task = &case.tasks()[0];
    assert_eq!((task.rule.id, task.blocking, task.since), ("UC-SAN", false, hour(6)));
    assert!(task.what.contains("ReconsiderSanction"), "{}", task.what);
    let reopened = case.then(hour(7), COACH, &reconsider());
    assert_eq!(reopened.state.stage(), Stage::ReferralUnsupported);
    assert_eq!(reopened.tasks()[0].since, hour(7));
    assert_eq!(reopened.came_of(hour(8), DECIDER, &sanction()), "UC-SAN at REFERRAL_UNSUPPORTED");
    let settled = reopened.then(hour(8), DECIDER, &none_warranted());
    assert_eq!(settled.owes(), "");
}

/// A fact that turned out otherwise more than once is corrected more than once.
#[test]
fn what_corrects_can_be_corrected() {
    let case = Case::referred().then(hour(3), COACH, &correct(2, None)).then(hour(4), COACH, &conferred(hour(3))).then(
        hour(5),
        COACH,
        &correct(3, conference(2, &[COACH, LEADER], NO_GOOD_REASON)),
    );
    assert_eq!(facts(&case), [(1, true, None), (2, false, None), (3, false, None), (4, true, Some(3))]);
    assert_eq!(case.state.stage(), Stage::InvitationDue);
    let again = case.then(hour(6), COACH, &correct(4, None));
    assert_eq!(again.owes(), "conference:again-3 by work coach through HoldSanctionConference");
    let standing: &[Conference] = &again.state.conferences.iter().map(|held| held.what.clone()).collect::<Vec<_>>();
    assert_eq!(standing, []);
}
