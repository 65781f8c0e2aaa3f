//! ESA 108 to 125: what a Core Visit establishes and arranges, contact and the second visit.

use super::benefits::{contact, day, decide, esa, held, owed, record, refused, task, visit, when};
use super::case::{Case, NO_ANSWER, UNSAFE, cited, complete, london, words};
use holdfast_procedure::Role::{CesTeam, Heo, Referrer, VisitingOfficer};
use holdfast_procedure::protection::HoldGround::{CoreVisitDue, OpenReferral};
use holdfast_procedure::protection::{Standing, Why};
use holdfast_procedure::visiting::*;

const AT: &str = "2026-06-01 10:00";

/// A visit at which this was established.
pub(crate) fn seen(at: &str, seen: Seen) -> Command {
    record(Happening::Visit(Visit { occurred_at: london(at), outcome: Outcome::Effective, seen: Some(seen) }))
}

fn after(told: Seen) -> Case {
    let mut case = esa();
    when(&mut case, vec![(AT, VisitingOfficer, seen(AT, told))]);
    case
}

fn booking(confirmed: bool) -> Booking {
    Booking { what: Booked::Assessment, agreed_for: london("2026-06-15 10:00"), confirmed }
}

fn booked(at: &str, confirmed: bool) -> Command {
    record(Happening::Booking(BookingMade { occurred_at: london(at), booking: booking(confirmed) }))
}

fn keys(case: &Case) -> Vec<String> {
    owed(case).into_iter().map(|(key, ..)| key).collect()
}

fn called(outcome: Outcome) -> Case {
    let mut case = esa();
    when(&mut case, vec![(AT, VisitingOfficer, visit(AT, outcome))]);
    case
}

#[test]
fn a_core_visit_establishes_and_the_outcome_goes_back() {
    let understood = Understood { attendance: Some(UnderstoodAnswer::Yes), ..Understood::default() };
    let told = Seen { understood, explained: true, good_cause: Some(words("ill")), ..Seen::default() };
    let case = after(told.clone());
    assert_eq!((case.state.stage, held(&case)), (Stage::EndedVisitEffective, vec![OpenReferral, CoreVisitDue]));
    assert_eq!(cited(case.last("visit_recorded")), ["ESA-108", "ESA-113"]);
    let with = after(Seen { representative_present: true, ..told });
    assert_eq!(cited(with.last("visit_recorded")), ["ESA-108", "ESA-113", "ESA-109"]);
    assert_eq!(
        owed(&case),
        [
            ("return-outcome:1".to_owned(), VisitingOfficer, "ESA-117", "CompleteTask"),
            ("booking:1".to_owned(), VisitingOfficer, "ESA-114", "RecordBooking"),
        ]
    );
}

#[test]
fn the_protection_ends_when_the_outcome_is_back_and_good_cause_is_considered() {
    let mut case = after(Seen::default());
    when(&mut case, vec![(AT, VisitingOfficer, complete("return-outcome:1", london(AT)))]);
    assert_eq!(held(&case), []);
    let hold = case.state.protection.get(CoreVisitDue).expect("a hold");
    assert_eq!(hold.state, Standing::Released { why: Why::EffectiveVisit });
    assert_eq!(owed(&case)[1], ("good-cause:1".to_owned(), Referrer, "ESA-117", "DecideGoodCause"));
    case.apply(Referrer, &good_cause()).expect("a decision");
    assert_eq!(keys(&case), ["booking:1"]);
    assert_eq!(case.state.good_cause.as_ref().map(|decided| decided.what.good_cause), Some(GoodCause::Accepted));
}

fn good_cause() -> Command {
    let decision = GoodCauseDecision { good_cause: GoodCause::Accepted, deferral: Some(DeferralDecision::Granted) };
    Command::DecideGoodCause { decision, reason: words("in hospital") }
}

/// What was decided of a visit says nothing of the one that takes its place.
#[test]
fn good_cause_is_decided_of_the_visit_that_stands() {
    let decided = |case: &Case| case.state.good_cause_that_stands().and_then(|decided| decided.visit);
    let right = |outcome| Some(Happening::Visit(Visit { occurred_at: london(AT), outcome, seen: None }));
    let correct = |fact, right| Command::Correct(Correction { fact, right, narrative: None, reason: words("misread") });
    let mut case = after(Seen::default());
    when(
        &mut case,
        vec![(AT, VisitingOfficer, complete("return-outcome:1", london(AT))), (AT, Referrer, good_cause())],
    );
    assert_eq!(decided(&case), Some(1));
    assert_eq!(case.replayed(), case.state);
    when(&mut case, vec![(AT, VisitingOfficer, correct(1, right(NO_ANSWER)))]);
    assert_eq!((case.state.stage, decided(&case)), (Stage::AwaitingContact, None));
    when(&mut case, vec![(AT, VisitingOfficer, correct(2, right(Outcome::Effective)))]);
    assert_eq!((decided(&case), task(&case, "good-cause:3")), (None, None), "the outcome is to be returned anew");
    when(&mut case, vec![(AT, VisitingOfficer, complete("return-outcome:3", london(AT)))]);
    assert!(task(&case, "good-cause:3").is_some());
    case.apply(Referrer, &good_cause()).expect("a decision");
    assert_eq!((decided(&case), task(&case, "good-cause:3")), (Some(3), None));
}

/// The officer decides nothing of the kind (114), nobody else but the referrer does, and not before the outcome is back.
#[test]
fn good_cause_is_for_the_referrer_once_the_outcome_is_back() {
    let mut case = after(Seen::default());
    assert_eq!(refused(&mut case, Referrer, &good_cause()).0, ["ESA-117"]);
    when(&mut case, vec![(AT, VisitingOfficer, complete("return-outcome:1", london(AT)))]);
    assert_eq!(refused(&mut case, VisitingOfficer, &good_cause()).0, ["ESA-114N"]);
    assert_eq!(refused(&mut case, CesTeam, &good_cause()).0, ["ESA-117"]);
    assert_eq!(refused(&mut Case::referred(), Referrer, &good_cause()).0, ["R-NOT-PRESCRIBED"]);
    assert_eq!(refused(&mut called(NO_ANSWER), Referrer, &good_cause()).0, ["ESA-117"]);
}

#[test]
fn a_booking_is_owed_until_one_is_agreed_and_a_letter_for_each_that_is_confirmed() {
    let mut case = after(Seen::default());
    when(&mut case, vec![("2026-06-02 10:00", VisitingOfficer, booked("2026-06-02 10:00", false))]);
    assert_eq!(keys(&case), ["return-outcome:1"]);
    when(&mut case, vec![("2026-06-03 10:00", Referrer, booked("2026-06-03 10:00", true))]);
    let letter = task(&case, "appointment-letter:3").expect("a letter");
    assert_eq!((letter.owner, letter.rule.id), (VisitingOfficer, "ESA-116"));
    let done = complete("appointment-letter:3", case.now);
    case.apply(VisitingOfficer, &done).expect("the letter is done");
    assert_eq!(keys(&case), ["return-outcome:1"]);
    let at_once = after(Seen { bookings: vec![booking(true), booking(false)], ..Seen::default() });
    assert_eq!(keys(&at_once), ["return-outcome:1", "appointment-letter:1-1"]);
}

#[test]
fn where_deferral_looks_appropriate_the_referrer_is_contacted_at_once() {
    let case = after(Seen { deferral_appropriate: true, ..Seen::default() });
    let owed = task(&case, "deferral:1").expect("a task");
    assert_eq!((owed.owner, owed.rule.id, owed.since), (VisitingOfficer, "ESA-115", london(AT)));
}

#[test]
fn not_answering_is_not_being_at_home() {
    for ground in [Ground::NotAtHome, Ground::NoAnswer, Ground::RefusedToCooperate] {
        let case = called(Outcome::Ineffective { ground, letter_left: true });
        assert_eq!(case.verdicts(), [(1, Verdict::FirstIneffective)], "{ground:?}");
        assert_eq!(cited(case.last("fact_judged")), ["ESA-119", "R-ESA-GROUNDS"]);
    }
    let case = called(UNSAFE);
    assert_eq!((case.state.stage, case.verdicts()), (Stage::HandedOver, vec![(1, Verdict::CountsAsTwo)]));
    assert_eq!(cited(case.last("stage_reached")), ["ESA-124", "ESA-125"]);
}

#[test]
fn the_letter_asks_to_contact_the_referrer_and_without_contact_the_second_visit_is_due() {
    let case = called(Outcome::Ineffective { ground: Ground::NotAtHome, letter_left: false });
    assert_eq!(case.state.window.as_ref().map(|window| window.contact), Some(Referrer));
    assert_eq!(task(&case, "letter:1").map(|letter| letter.rule.id), Some("ESA-120"));
    for (at, stage) in [("2026-06-08 23:59", Stage::AwaitingContact), ("2026-06-09 00:00", Stage::SecondVisitDue)] {
        let mut case = called(NO_ANSWER);
        when(&mut case, vec![(at, Referrer, Command::LetTimePass)]);
        assert_eq!(case.state.stage, stage, "{at}");
    }
    let mut two = called(NO_ANSWER);
    when(&mut two, vec![("2026-06-09 10:00", VisitingOfficer, visit("2026-06-09 10:00", NO_ANSWER))]);
    assert_eq!(cited(two.last("stage_reached")), ["ESA-125"]);
    assert_eq!(two.state.handover.as_ref().map(|handover| handover.to.clone()), Some(vec![Heo]));
}

/// What is said of the customer's understanding, what that comes to, and whether the award stays protected.
type Row = (Option<SecondVisit>, Option<Understanding>, Stage, bool);

const CONTACT: &[Row] = &[
    (None, None, Stage::EndedNoSecondVisit, true),
    (None, Some(Understanding::Confident), Stage::EndedNoSecondVisit, false),
    (None, Some(Understanding::Doubt), Stage::SecondVisitDue, true),
    (Some(SecondVisit::NotNeeded), Some(Understanding::Confident), Stage::EndedNoSecondVisit, false),
    (Some(SecondVisit::NotNeeded), None, Stage::EndedNoSecondVisit, true),
    (Some(SecondVisit::Needed), Some(Understanding::Confident), Stage::SecondVisitDue, true),
];

#[test]
fn contact_in_time_cancels_the_second_visit_and_only_confidence_ends_the_protection() {
    let at = "2026-06-08 23:59";
    for (second_visit, understanding, stage, protected) in CONTACT {
        let mut case = called(NO_ANSWER);
        when(&mut case, vec![(at, Referrer, contact(at, *second_visit, *understanding))]);
        assert_eq!(case.state.stage, *stage, "{second_visit:?}, {understanding:?}");
        let stands = if *protected { vec![OpenReferral, CoreVisitDue] } else { vec![] };
        assert_eq!(held(&case), stands, "{second_visit:?}, {understanding:?}");
        let asked = task(&case, "confidence");
        assert_eq!(asked.is_some(), *protected && *stage == Stage::EndedNoSecondVisit);
    }
    let mut late = called(NO_ANSWER);
    when(
        &mut late,
        vec![("2026-06-09 00:00", Referrer, contact("2026-06-09 00:00", None, Some(Understanding::Confident)))],
    );
    assert_eq!((late.state.stage, held(&late)), (Stage::SecondVisitDue, vec![OpenReferral, CoreVisitDue]));
}

#[test]
fn confidence_is_said_afterwards_and_doubt_makes_the_visit_due() {
    let rang = || {
        let mut case = called(NO_ANSWER);
        when(&mut case, vec![("2026-06-03 10:00", Referrer, contact("2026-06-03 10:00", None, None))]);
        case
    };
    let mut case = rang();
    assert_eq!(owed(&case), [("confidence".to_owned(), Referrer, "ESA-121", "DecideSecondVisit")]);
    case.apply(Referrer, &decide(SecondVisit::NotNeeded, Some(Understanding::Confident))).expect("a decision");
    assert_eq!((case.state.stage, held(&case)), (Stage::EndedNoSecondVisit, vec![]));
    assert_eq!(
        case.state.protection.get(CoreVisitDue).expect("a hold").state,
        Standing::Released { why: Why::ContactInTime }
    );
    assert!(owed(&case).is_empty());

    let doubt = decide(SecondVisit::NotNeeded, Some(Understanding::Doubt));
    assert_eq!(refused(&mut rang(), Referrer, &doubt).0, ["ESA-121", "ESA-111", "R-CONTACT-IN-TIME"]);
    let at = "2026-06-03 11:00";
    let says_both = contact(at, Some(SecondVisit::NotNeeded), Some(Understanding::Doubt));
    let mut case = rang();
    case.now = london(at);
    assert_eq!(refused(&mut case, Referrer, &says_both).0, ["ESA-121", "ESA-111", "R-CONTACT-IN-TIME"]);
    case.apply(Referrer, &decide(SecondVisit::Needed, Some(Understanding::Doubt))).expect("a decision");
    assert_eq!((case.state.stage, held(&case)), (Stage::SecondVisitDue, vec![OpenReferral, CoreVisitDue]));
    assert_eq!(
        refused(&mut rang(), VisitingOfficer, &decide(SecondVisit::Needed, None)).0,
        ["ESA-121", "R-CONTACT-IN-TIME"]
    );
}

#[test]
fn a_correction_of_what_was_understood_counts() {
    let mut case = called(NO_ANSWER);
    when(
        &mut case,
        vec![("2026-06-03 10:00", Referrer, contact("2026-06-03 10:00", None, Some(Understanding::Confident)))],
    );
    assert_eq!(held(&case), []);
    let Command::Record(right) = contact("2026-06-03 10:00", None, None) else { unreachable!() };
    let (right, reason) = (Some(right.happening), words("they were not asked"));
    case.apply(Referrer, &Command::Correct(Correction { fact: 2, right, narrative: None, reason }))
        .expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::EndedNoSecondVisit, vec![OpenReferral, CoreVisitDue]));
    assert_eq!(day("2026-06-03"), london("2026-06-03 10:00").date_naive());
}
