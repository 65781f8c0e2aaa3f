//! What ESA's considerations and visits leave owed, and what is told of facts that do less than somebody may expect.

use super::benefits::{
    FIVE, concern, considered, esa, esa_form, follow_up, given, open, record, refer, refused, task, trace, visit, when,
};
use super::case::{Case, NO_ANSWER, REFERRED, cited, complete, london, words};
use super::esa_visits::seen;
use holdfast_procedure::Role::{LineManager, Officer, Referrer, VisitingOfficer};
use holdfast_procedure::benefit::Benefit::Esa;
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource};
use holdfast_procedure::visiting::*;

const AT: &str = "2026-06-01 10:00";
const NEXT: &str = "2026-06-02 10:00";
const LAST: &str = "2026-06-09 10:00";

/// What stands of a consideration, whatever becomes of the visits.
const STAND: [&str; 3] = ["indicators", "hardship-contacts", "representative-responsibilities"];

fn told(change: impl Fn(&mut Consideration)) -> Command {
    let mut told = Consideration { indicator: None, ..considered(AT) };
    change(&mut told);
    record(Happening::Consideration(told))
}

/// Referred after a consideration that leaves all of that.
fn referred() -> Case {
    let first = Consideration {
        indicator: None,
        safeguarding_concern: true,
        has_representative: true,
        conclusion: Conclusion::Refer,
        ..considered(REFERRED)
    };
    given(vec![
        (REFERRED, Referrer, open(Esa, Happening::Consideration(first))),
        (REFERRED, Referrer, refer(Esa, london(REFERRED), esa_form())),
    ])
}

fn owes(case: &Case) -> Vec<&'static str> {
    STAND.into_iter().filter(|key| task(case, key).is_some()).collect()
}

fn withdraw(ground: WithdrawalGround) -> Command {
    Command::Withdraw { ground, reason: words("so") }
}

fn of_customer(fact: customer::Fact) -> Command {
    Command::Customer(customer::Command { fact, passed_on: None })
}

#[test]
fn what_was_to_be_considered_stands_until_it_is_done() {
    type Steps = Vec<(&'static str, holdfast_procedure::Role, Command)>;
    let effective = || vec![(AT, VisitingOfficer, visit(AT, Outcome::Effective))];
    let returned = || (AT, VisitingOfficer, complete("return-outcome:2", london(AT)));
    let two: Steps = vec![(AT, VisitingOfficer, visit(AT, NO_ANSWER)), (LAST, VisitingOfficer, visit(LAST, NO_ANSWER))];
    let ends: Vec<(Steps, Stage)> = vec![
        (effective(), Stage::EndedVisitEffective),
        ([effective(), vec![returned()]].concat(), Stage::EndedVisitEffective),
        (two, Stage::HandedOver),
        (vec![(AT, Referrer, withdraw(WithdrawalGround::Abroad))], Stage::EndedWithdrawn),
    ];
    for (steps, stage) in ends {
        let mut case = referred();
        when(&mut case, steps);
        assert_eq!((case.state.stage, owes(&case)), (stage, STAND.to_vec()));
        let concluding = told(|told| told.conclusion = Conclusion::Refer);
        if stage.has_ended() {
            let (rules, why) = refused(&mut case, Referrer, &concluding);
            assert_eq!((rules[0], why.contains("leave the conclusion OPEN")), ("ESA-106", true), "{why}");
        }
        let done = told(|told| {
            told.indicator = Some(Indicator::NoneFound);
            told.considered = vec![ConsideredItem::HardshipContacts, ConsideredItem::RepresentativeResponsibilities];
        });
        case.apply(Referrer, &done).expect("a consideration");
        assert_eq!((case.state.stage, owes(&case)), (stage, vec![]));
        let noted = case.notes.iter().any(|note| note.contains("does not protect the award"));
        assert_eq!(noted, stage.has_ended(), "{:?}", case.notes);
        if stage.has_ended() {
            assert_eq!(refused(&mut case, Referrer, &done).0[0], "ESA-106", "nothing is owed any more");
        }
    }
}

#[test]
fn nobody_is_to_be_contacted_after_a_death_or_where_there_should_be_no_case() {
    let mut in_error = referred();
    when(&mut in_error, vec![(AT, Referrer, withdraw(WithdrawalGround::RecordedInError))]);
    let died = customer::Fact::DeathReported { occurred_at: london(AT), source: DeathSource::Relative, account: None };
    let evidence = DeathEvidence::Certificate;
    let confirmed = customer::Fact::DeathConfirmed { evidence, reference: "D-1".to_owned() };
    let mut dead = referred();
    when(&mut dead, vec![(AT, Officer, of_customer(died)), (AT, LineManager, of_customer(confirmed))]);
    for (case, stage) in [(in_error, Stage::EndedWithdrawn), (dead, Stage::EndedDeath)] {
        assert_eq!((case.state.stage, owes(&case)), (stage, vec![]));
    }
}

/// A row: what was established, whom the form says acts for the claimant, what the record stands on, what is named as owed.
type Row = (Option<Seen>, Option<Answer>, &'static [&'static str], &'static [&'static str]);

#[test]
fn an_effective_visit_stands_on_what_was_done_and_names_what_is_owed() {
    let understood = Understood { evidence: Some(UnderstoodAnswer::No), ..Understood::default() };
    let discussed = Understood { evidence: Some(UnderstoodAnswer::NotDiscussed), ..Understood::default() };
    let all = Seen { understood, explained: true, representative_present: true, ..Seen::default() };
    let rows: [Row; 5] = [
        (None, None, &[], &["ESA-108", "ESA-113"]),
        (Some(Seen::default()), Some(Answer::Yes), &[], &["ESA-108", "ESA-113", "ESA-109"]),
        (Some(Seen { understood: discussed, explained: true, ..Seen::default() }), None, &["ESA-108"], &["ESA-113"]),
        (Some(Seen { explained: false, ..all.clone() }), Some(Answer::Yes), &["ESA-113", "ESA-109"], &["ESA-108"]),
        (Some(all), Some(Answer::Yes), &["ESA-108", "ESA-113", "ESA-109"], &[]),
    ];
    for (established, has_representative, stands, owed) in rows {
        let form = VisitingForm { has_representative, ..esa_form() };
        let mut case = given(vec![(REFERRED, Referrer, refer(Esa, london(REFERRED), form))]);
        let command = established.map_or_else(|| visit(AT, Outcome::Effective), |told| seen(AT, told));
        when(&mut case, vec![(AT, VisitingOfficer, command)]);
        assert_eq!(cited(case.last("visit_recorded")), stands);
        let note = case.notes.last().cloned().unwrap_or_default();
        let named: Vec<_> = ["ESA-108", "ESA-113", "ESA-109"].into_iter().filter(|rule| note.contains(rule)).collect();
        assert_eq!((named, note.contains("CorrectFact")), (owed.to_vec(), !owed.is_empty()), "{note}");
    }
}

/// It counts from the referral on, and both replies say so; while it stands nobody concludes that no visit is required.
#[test]
fn what_makes_a_visit_impossible_counts_from_the_referral_on() {
    let first =
        Consideration { considered: FIVE.to_vec(), indicator: Some(Indicator::NoneFound), ..considered(REFERRED) };
    let mut case = given(vec![(REFERRED, Referrer, open(Esa, Happening::Consideration(first)))]);
    when(&mut case, vec![(AT, Officer, trace(AT, None))]);
    let told = case.notes.last().cloned().unwrap_or_default();
    assert!(told.contains("from the referral on") && told.contains("ESA-107U"), "{told}");
    case.now = london(NEXT);
    let no_visit = || told_at(NEXT, Conclusion::NoVisit);
    let (rules, why) = refused(&mut case, Referrer, &no_visit());
    assert_eq!((rules, why.contains("conclude REFER")), (vec!["ESA-107U", "R-CARE-OF"], true), "{why}");
    let contact = withdraw(WithdrawalGround::EffectiveContact);
    assert_eq!(refused(&mut case, Referrer, &contact).0, ["R-WITHDRAWAL", "ESA-107U", "R-CARE-OF"]);
    let area = Happening::UnsafeArea(UnsafeArea { occurred_at: london(AT) });
    let mut found = case.clone();
    when(&mut found, vec![(NEXT, Officer, trace(NEXT, Some("South"))), (NEXT, VisitingOfficer, record(area))]);
    let told = found.notes.last().cloned().unwrap_or_default();
    assert!(told.contains("from the referral on") && told.contains("ESA-124"), "{told}");
    found.apply(Referrer, &no_visit()).expect("a conclusion");
    assert_eq!(found.state.stage, Stage::EndedVisitNotRequired);
    // None that is found later opens the question again.
    when(&mut found, vec![(LAST, Officer, trace(LAST, None))]);
    assert_eq!(found.state.stage, Stage::ConsiderationDue);
    // Nor is it told of an open referral, where it counts at once.
    when(&mut case, vec![(NEXT, Referrer, refer(Esa, london(NEXT), VisitingForm { care_of: true, ..esa_form() }))]);
    assert_eq!(case.state.stage, Stage::HandedOver);
}

fn told_at(at: &str, conclusion: Conclusion) -> Command {
    record(Happening::Consideration(Consideration { indicator: None, conclusion, ..considered(at) }))
}

#[test]
fn a_follow_up_before_it_is_due_changes_nothing_and_says_so() {
    let mut case = esa();
    let due = case.state.follow_up.clone();
    when(&mut case, vec![(AT, Referrer, follow_up(AT, None))]);
    assert_eq!(case.state.follow_up, due);
    let told = case.notes.last().cloned().unwrap_or_default();
    assert!(told.contains("was not due yet") && told.contains("2026-06-12") && told.contains("ESA-112F"), "{told}");
    for (at, review_on) in [(AT, Some("2026-06-20")), ("2026-06-15 10:00", None)] {
        let mut case = esa();
        when(&mut case, vec![(at, Referrer, follow_up(at, review_on))]);
        assert!(case.notes.iter().all(|note| !note.contains("not due yet")), "{:?}", case.notes);
    }
}

/// A concern on an ESA case after its visit is not triaged: nothing of it is said to be.
#[test]
fn a_concern_after_the_visit_is_triaged_only_where_the_guidance_says_so() {
    let mut case = esa();
    when(&mut case, vec![(AT, VisitingOfficer, visit(AT, Outcome::Effective)), (NEXT, Officer, record(concern(NEXT)))]);
    assert_eq!(case.state.stage, Stage::EndedVisitEffective);
    assert!(task(&case, "hardship-contacts").is_some());
}
