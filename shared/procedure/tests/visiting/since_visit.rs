//! Access to Work 4 and 5: a concern that comes after the customer was seen goes back to triage, and what follows then.

use super::benefits::{
    atw_form, concern, contact, given, held, open, owed, record, refer, refused, task, triage, visit, when,
};
use super::case::{Case, NO_ANSWER, NO_LETTER, cited, complete, london, words};
use holdfast_procedure::Role::{AtwAdviser, AtwProcessor, AtwSpoc, VisitingOfficer};
use holdfast_procedure::benefit::Benefit::AccessToWork;
use holdfast_procedure::protection::HoldGround::{ConcernOnRecord, OpenReferral, TwoIneffectiveVisits};
use holdfast_procedure::visiting::TriageResult::{ConcernWithoutVisit, NoConcern, VisitAppropriate};
use holdfast_procedure::visiting::*;

const SEEN: &str = "2026-06-02 10:00";
const AGAIN: &str = "2026-06-03 10:00";
const LOOKED: &str = "2026-06-03 11:00";
const ANEW: &str = "2026-06-03 12:00";

/// Referred, and then visited like this.
fn referred(visits: Vec<(&str, Outcome)>) -> Case {
    let (raised, triaged, made) = ("2026-05-29 09:00", "2026-06-01 10:00", "2026-06-01 11:00");
    let mut case = given(vec![
        (raised, AtwProcessor, open(AccessToWork, concern(raised))),
        (triaged, AtwSpoc, triage(triaged, VisitAppropriate)),
        (made, AtwSpoc, refer(AccessToWork, london(made), atw_form())),
    ]);
    for (at, outcome) in visits {
        when(&mut case, vec![(at, VisitingOfficer, visit(at, outcome))]);
    }
    case
}

fn seen() -> Case {
    referred(vec![(SEEN, Outcome::Effective)])
}

/// Seen, and a concern after it.
fn concerned() -> Case {
    let mut case = seen();
    when(&mut case, vec![(AGAIN, AtwAdviser, record(concern(AGAIN)))]);
    case
}

fn returned(mut case: Case, visit: u32) -> Case {
    case.apply(VisitingOfficer, &complete(&format!("return-outcome:{visit}"), case.now)).expect("a return");
    case
}

fn void(fact: u32) -> Command {
    Command::Correct(Correction { fact, right: None, narrative: None, reason: words("another customer") })
}

/// It protects from that moment, whether or not the outcome is back by then, and is owed a triage.
#[test]
fn a_concern_after_the_visit_goes_back_to_triage_and_protects() {
    for mut case in [seen(), returned(seen(), 3)] {
        let back = case.state.desk.completed.len();
        when(&mut case, vec![(AGAIN, AtwAdviser, record(concern(AGAIN)))]);
        assert_eq!((case.state.stage, held(&case)), (Stage::TriageDue, vec![ConcernOnRecord]), "{back}");
        assert_eq!(cited(case.last("concern_raised")), ["GEN-2", "R-HOLD-FROM-CONCERN", "ATW-4N", "ATW-4"]);
        assert_eq!(task(&case, "triage:4").map(|task| (task.owner, task.blocking)), Some((AtwSpoc, true)));
        assert!(case.notes.iter().all(|note| !note.contains("anew")), "{:?}", case.notes);
        if back == 0 {
            case = returned(case, 3);
        }
        assert_eq!((case.state.stage, held(&case)), (Stage::TriageDue, vec![ConcernOnRecord]), "{back}");
        assert_eq!(case.replayed(), case.state);
    }
}

#[test]
fn the_triage_settles_whether_the_visit_ends_the_case() {
    for (found, back, stage, protects) in [
        (NoConcern, false, Stage::EndedVisitEffective, true),
        (NoConcern, true, Stage::EndedVisitEffective, false),
        (ConcernWithoutVisit, true, Stage::ConcernWithSpoc, true),
        (VisitAppropriate, true, Stage::ReferralDue, true),
    ] {
        let mut case = if back { returned(concerned(), 3) } else { concerned() };
        when(&mut case, vec![(LOOKED, AtwSpoc, triage(LOOKED, found))]);
        let expected = if protects { vec![ConcernOnRecord] } else { vec![] };
        assert_eq!((case.state.stage, held(&case)), (stage, expected), "{found:?} {back}");
        assert_eq!(task(&case, "return-outcome:3").is_none(), back, "{found:?}");
        assert_eq!(case.state.referral.is_some(), found == NoConcern, "{found:?}");
    }
    // Nor does whoever triages otherwise dispose of one that comes after that.
    let mut case = returned(concerned(), 3);
    when(&mut case, vec![(LOOKED, AtwSpoc, triage(LOOKED, NoConcern)), (ANEW, AtwAdviser, record(concern(ANEW)))]);
    assert_eq!((case.state.stage, held(&case)), (Stage::TriageDue, vec![ConcernOnRecord]));
}

/// The visits of the referral before are over: those of the next are counted by themselves.
#[test]
fn a_second_referral_has_visits_of_its_own() {
    let mut case = referred(vec![("2026-06-02 09:00", NO_ANSWER), (SEEN, Outcome::Effective)]);
    when(
        &mut case,
        vec![(AGAIN, AtwAdviser, record(concern(AGAIN))), (LOOKED, AtwSpoc, triage(LOOKED, VisitAppropriate))],
    );
    let early = refer(AccessToWork, london(AGAIN), atw_form());
    assert_eq!(refused(&mut case, AtwSpoc, &early).0, ["ATW-3", "ATW-4", "ATW-5"]);
    when(&mut case, vec![(ANEW, AtwSpoc, refer(AccessToWork, london(ANEW), atw_form()))]);
    assert_eq!((case.state.stage, held(&case)), (Stage::FirstVisitDue, vec![ConcernOnRecord]));
    assert_eq!(case.state.window, None);
    let called = "2026-06-04 10:00";
    when(&mut case, vec![(called, VisitingOfficer, visit(called, NO_LETTER))]);
    assert_eq!(case.state.stage, Stage::AwaitingContact);
    assert!(task(&case, "letter:7").is_some(), "{:?}", owed(&case));
    let last = "2026-06-12 10:00";
    when(&mut case, vec![(last, VisitingOfficer, visit(last, NO_ANSWER))]);
    let two = case.state.handover.clone().expect("a handover");
    assert_eq!((case.state.stage, two.facts), (Stage::HandedOver, vec![7, 8]));
    assert!(case.state.protection.get(TwoIneffectiveVisits).is_some());
    assert_eq!(case.replayed(), case.state);
}

/// What was recorded of the visit in error does not leave the first referral's visit unmade.
#[test]
fn a_visit_that_never_was_is_due_again() {
    let mut case = concerned();
    case.apply(VisitingOfficer, &void(3)).expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::FirstVisitDue, vec![ConcernOnRecord]));
    assert!(case.state.referral.is_some());
}

/// Only those who triage dispose of it: no contact does, and a withdrawal ends no more than the triage.
#[test]
fn it_is_withdrawn_as_before_the_referral() {
    let withdraw = |ground| Command::Withdraw { ground, reason: words("so") };
    let mut case = concerned();
    let (rules, _) = refused(&mut case, AtwSpoc, &withdraw(WithdrawalGround::EffectiveContact));
    assert_eq!(rules, ["R-WITHDRAWAL", "ATW-4", "ATW-3", "ATW-5"]);
    case.apply(AtwSpoc, &withdraw(WithdrawalGround::Abroad)).expect("a withdrawal");
    assert_eq!((case.state.stage, held(&case)), (Stage::EndedVisitEffective, vec![ConcernOnRecord]), "still awaited");
    let mut back = returned(case, 3);
    assert_eq!(held(&back), []);
    when(
        &mut back,
        vec![(LOOKED, AtwAdviser, record(concern(LOOKED))), (ANEW, AtwSpoc, triage(ANEW, VisitAppropriate))],
    );
    let next = "2026-06-03 13:00";
    when(&mut back, vec![(next, AtwSpoc, refer(AccessToWork, london(next), atw_form()))]);
    assert_eq!((back.state.stage, held(&back)), (Stage::FirstVisitDue, vec![ConcernOnRecord]));
}

/// The officer could look at what was on record when they called, and at nothing else.
#[test]
fn a_visit_covers_only_what_had_arisen_and_was_on_record() {
    let before = "2026-06-01 15:00";
    let late = |arose: &'static str| {
        let mut case = seen();
        when(&mut case, vec![(AGAIN, AtwAdviser, record(concern(arose)))]);
        case.state.stage
    };
    assert_eq!(late(before), Stage::TriageDue, "not on record");
    let mut case = referred(vec![]);
    when(
        &mut case,
        vec![(before, AtwAdviser, record(concern(before))), (SEEN, VisitingOfficer, visit(SEEN, Outcome::Effective))],
    );
    assert_eq!(case.state.stage, Stage::EndedVisitEffective);
    let mut case = referred(vec![]);
    when(
        &mut case,
        vec![(AGAIN, AtwAdviser, record(concern(AGAIN))), (LOOKED, VisitingOfficer, visit(SEEN, Outcome::Effective))],
    );
    assert_eq!(case.state.stage, Stage::TriageDue, "arose since");
}

/// Nothing that was said of an area is lost, and what contact meant between the first visits stays.
#[test]
fn what_happens_meanwhile_is_kept() {
    let mut case = referred(vec![("2026-06-02 09:00", NO_ANSWER)]);
    let rang = "2026-06-02 09:30";
    when(
        &mut case,
        vec![
            (rang, AtwSpoc, contact(rang, None, None)),
            (SEEN, VisitingOfficer, visit(SEEN, Outcome::Effective)),
            (AGAIN, AtwAdviser, record(concern(AGAIN))),
            (AGAIN, VisitingOfficer, record(Happening::UnsafeArea(UnsafeArea { occurred_at: london(AGAIN) }))),
        ],
    );
    assert!(case.notes.iter().any(|note| note.contains("from the referral on")), "{:?}", case.notes);
    when(
        &mut case,
        vec![
            (LOOKED, AtwSpoc, triage(LOOKED, VisitAppropriate)),
            (ANEW, AtwSpoc, refer(AccessToWork, london(ANEW), atw_form())),
        ],
    );
    assert_eq!(case.state.stage, Stage::HandedOver);
    assert!(task(&case, "communications-note:4").is_some(), "{:?}", owed(&case));
    assert!(case.state.protection.get(OpenReferral).is_none());
}
