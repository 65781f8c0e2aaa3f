//! What a case that is taken back protects, and how it is handed over anew, on every page.

use super::benefits::{atw_form, concern, esa_form, given, open, refer, triage, visit};
use super::case::Step::*;
use super::case::{Case, Entry, NO_ANSWER, REFERRED, Step, cited, london};
use super::retraction::{IN_ERROR, SEEN, asked, names, never_happened};
use super::told::Is::{self, Gone, Released, Standing};
use super::told::{holds, standing};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::protection::HoldGround::TwoIneffectiveVisits as TwoVisits;
use holdfast_procedure::protection::HoldGround::{self, ConcernOnRecord, CoreVisitDue, OpenReferral};
use holdfast_procedure::protection::{HeldAt, Version, Why};
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::WithdrawalGround::Abroad;
use holdfast_procedure::visiting::{Command, Event, Outcome, State, TriageResult, file};
use holdfast_procedure::{Refusal, Role, Told};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const THIRD: Step = Visit("2026-06-10 10:00", NO_ANSWER);

/// Two ineffective visits are undone once, by another person than the one who asked, and nobody asks any more.
pub(crate) fn check(before: &State, case: &Case) {
    let (asked, state) = (before.retraction.as_ref().expect("somebody asked"), &case.state);
    assert_eq!((state.times_taken_back, &state.retraction), (before.times_taken_back + 1, &None));
    let takes_back = |entry: &&Entry| entry.ruled.event.name() == "retraction_confirmed";
    let confirmed = case.journal.iter().rev().find(takes_back).expect("somebody confirmed");
    assert!(matches!(confirmed.ruled.event, Event::RetractionConfirmed { takes_back: true, .. }));
    assert_ne!(confirmed.by.person, asked.by.person);
    assert!(state.handover.is_none() && !state.stage.is_before_referral(), "at {:?}", state.stage);
}

/// What happened, and the holds that come of it.
type Held = (&'static str, &'static [Step], &'static [(HoldGround, u64, Is)]);

#[rustfmt::skip] // one case a row
const HELD: &[Held] = &[
    ("confirmed", &[FIRST, SECOND, Void(2), ConfirmRetraction], &[(OpenReferral, 3, Standing), (TwoVisits, 1, Gone)]),
    ("confirmed after a concern", &[FIRST, Concern("2026-06-02 10:00"), SECOND, Void(3), ConfirmRetraction],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 3, Standing), (TwoVisits, 1, Gone)]),
    ("confirmed, with a concern since", &[FIRST, SECOND, Concern("2026-06-09 11:00"), Void(2), ConfirmRetraction],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 1, Standing), (TwoVisits, 1, Gone)]),
    ("and its hold is back", &[FIRST, SECOND, Void(2), ConfirmRetraction, ReceiveBack(2)],
        &[(OpenReferral, 3, Standing), (TwoVisits, 4, Released(Why::Withdrawn))]),
    ("told twice", &[FIRST, SECOND, Void(2), ConfirmRetraction, ReceiveBack(2), ReceiveBack(2)],
        &[(OpenReferral, 3, Standing), (TwoVisits, 4, Released(Why::Withdrawn))]),
    ("told late of what was before", &[FIRST, SECOND, Void(2), ConfirmRetraction, ReceiveBack(5), ReceiveBack(2)],
        &[(OpenReferral, 3, Standing), (TwoVisits, 7, Released(Why::Withdrawn))]),
    ("told again, as the receiver had to write it again", &[FIRST, SECOND, Void(2), ConfirmRetraction, ReceiveBack(2), ReceiveBack(4)],
        &[(OpenReferral, 3, Standing), (TwoVisits, 6, Released(Why::Withdrawn))]),
    ("the referral, and its hold is back", &[FIRST, SECOND, IN_ERROR, ConfirmRetraction, ReceiveBack(2)],
        &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 4, Released(Why::Withdrawn))]),
    ("the customer was seen, and its hold is back", &[FIRST, SECOND, Correct(2, &SEEN), ConfirmRetraction, ReceiveBack(2)],
        &[(OpenReferral, 3, Standing), (TwoVisits, 4, Released(Why::Withdrawn))]),
    ("it is back after a death", &[FIRST, SECOND, Void(2), ConfirmRetraction, Died("2026-06-09 11:00"), ConfirmDeath, ReceiveBack(2)],
        &[(OpenReferral, 4, Released(Why::VerifiedDeath)), (TwoVisits, 4, Released(Why::VerifiedDeath))]),
    ("handed over anew before it is back", &[FIRST, SECOND, Void(2), ConfirmRetraction, THIRD],
        &[(OpenReferral, 4, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("which then goes over with it", &[FIRST, SECOND, Void(2), ConfirmRetraction, THIRD, ReceiveBack(2)],
        &[(OpenReferral, 4, Released(Why::Replaced)), (TwoVisits, 3, Gone)]),
    ("once", &[FIRST, SECOND, Void(2), ConfirmRetraction, THIRD, ReceiveBack(2), ReceiveBack(2)],
        &[(OpenReferral, 4, Released(Why::Replaced)), (TwoVisits, 3, Gone)]),
    ("handed over anew after it was back", &[FIRST, SECOND, Void(2), ConfirmRetraction, ReceiveBack(2), THIRD],
        &[(OpenReferral, 4, Released(Why::Replaced)), (TwoVisits, 5, Gone)]),
];

#[test]
fn an_award_stays_protected_until_nothing_calls_for_it() {
    for (name, steps, expected) in HELD {
        assert_eq!(holds(&Case::given(steps).state.protection), *expected, "{name}");
    }
}

#[test]
fn what_came_back_is_released_as_recorded_in_error() {
    let mut case = Case::given(&[FIRST, SECOND, Void(2), ConfirmRetraction]);
    let from = case.journal.len();
    case.when(&[ReceiveBack(2)]);
    assert_eq!(names(&case, from), ["award_protected", "protection_released"]);
    let two = "two visits were ineffective or count as such";
    let released = case.last("protection_released");
    assert_eq!(
        released.event.summary(),
        format!(
            "The award was held because {two}; on this ground it is held no longer, as what counted as such was recorded \
             in error."
        )
    );
    assert_eq!(cited(released), ["PIP-6", "R-HOLD-FROM", "R-HOLD-UNTIL"]);
}

#[test]
fn a_hold_comes_back_only_of_a_case_that_was_handed_over() {
    for steps in [&[][..], &[FIRST], &[Withdraw(Abroad)]] {
        let mut case = Case::given(steps);
        assert!(matches!(case.attempt(&ReceiveBack(2)), Err(Refusal::NoSuchPart(_))));
        assert!(matches!(case.attempt(&NoteDecision(true)), Err(Refusal::NoSuchPart(_))));
    }
}

#[rustfmt::skip] // one case a row
const ANEW: &[(&str, &[Step], u64)] = &[
    ("before the hold is back", &[THIRD], 1),
    ("the hold comes back later", &[THIRD, ReceiveBack(2)], 3),
    ("after the hold came back", &[ReceiveBack(2), THIRD], 5),
    ("the area is found unsafe", &[ReceiveBack(2), Unsafe("2026-06-10 10:00")], 5),
    ("by a correction", &[Visit("2026-06-10 10:00", Outcome::BrokenOff), Correct(3, &THIRD)], 1),
];

#[test]
fn two_visits_hand_a_case_over_anew() {
    for (name, steps, version) in ANEW {
        let mut case = Case::given(&[FIRST, SECOND, Void(2), ConfirmRetraction]);
        case.when(steps);
        let handover = case.state.handover.clone().unwrap_or_else(|| panic!("{name}"));
        assert_eq!(
            (case.state.stage, handover.times_taken_back, handover.since),
            (HandedOver, 1, london("2026-06-10 10:00"))
        );
        let told = file(&case.state).expect("a file");
        assert_eq!((told.times_taken_back, told.since, told.lead), (1, handover.since, Role::CesTeam), "{name}");
        assert_eq!(told.holds, [HeldAt { ground: TwoVisits, version: Version(*version) }], "{name}");
        let counted: Vec<_> = told.entries.iter().filter(|entry| entry.counts).map(|entry| entry.fact).collect();
        assert_eq!(counted, handover.facts, "{name}");
        // And can be taken back once more.
        let last = *handover.facts.last().expect("a fact");
        case.apply(Role::VisitingOfficer, &never_happened(last)).expect("asked for");
        case.when(&[ConfirmRetraction]);
        assert_eq!((case.state.times_taken_back, &case.state.handover), (2, &None), "{name}");
    }
    // The first handover says nothing of that.
    assert_eq!(file(&Case::given(&[FIRST, SECOND]).state).expect("a file").times_taken_back, 0);
}

#[test]
fn what_was_decided_on_visits_that_were_taken_back_ends_no_others() {
    const TAKEN_BACK: &[Step] = &[FIRST, SECOND, Void(2), ConfirmRetraction];
    let mut case = Case::given(TAKEN_BACK);
    let before = case.clone();
    case.when(&[NoteDecision(true)]);
    assert_eq!((case.state.stage, case.verdicts(), case.owed()), (SecondVisitDue, before.verdicts(), before.owed()));
    assert_eq!(holds(&case.state.protection), holds(&before.state.protection));
    case.when(&[THIRD]);
    assert_eq!((case.state.stage, case.state.decided), (HandedOver, None), "it is forgotten");
    // What arrives only now is still about the others.
    let journal = case.journal.len();
    case.when(&[NoteDecision(true)]);
    assert_eq!((case.state.stage, case.journal.len()), (HandedOver, journal));
    let noted = |decided| Command::NoteDecision { decided, times_taken_back: 1 };
    case.apply(Role::Suite, &noted(true)).expect("a decision on these");
    case.when(&[NoteDecision(false)]);
    assert_eq!(case.state.stage, EndedDecided, "a decision on these ends the case");
    case.apply(Role::Suite, &noted(false)).expect("a reconsideration of it");
    assert_eq!(case.state.stage, HandedOver);
    let mut case = Case::given(TAKEN_BACK);
    case.when(&[NoteDecision(true), NoteDecision(false)]);
    assert_eq!((case.state.stage, case.state.decided), (SecondVisitDue, None));
}

/// A case of each benefit after two ineffective visits, who may refer and who knows of the visits.
fn after_two_visits(benefit: Benefit) -> (Case, Role) {
    let no_answer = |at| (at, Role::VisitingOfficer, visit(at, NO_ANSWER));
    let (referrer, form) = match benefit {
        Benefit::AccessToWork => (Role::AtwSpoc, atw_form()),
        Benefit::Esa => (Role::Referrer, esa_form()),
        Benefit::Pip | Benefit::UniversalCredit => (Role::Referrer, Default::default()),
    };
    let mut steps = Vec::new();
    if benefit == Benefit::AccessToWork {
        steps.push((REFERRED, Role::AtwProcessor, open(benefit, concern(REFERRED))));
        steps.push((REFERRED, Role::AtwSpoc, triage(REFERRED, TriageResult::VisitAppropriate)));
    }
    steps.push((REFERRED, referrer, refer(benefit, london(REFERRED), form)));
    steps.extend([no_answer("2026-06-01 10:00"), no_answer("2026-06-09 10:00")]);
    (given(steps), referrer)
}

/// Every benefit's page, the holds that stand once the second visit never was, and once the referral never was.
#[test]
fn a_retraction_is_the_same_on_every_page_and_protects_as_each_asks_for() {
    #[rustfmt::skip] // one case a row
    let rows: [(Benefit, &[HoldGround]); 4] = [
        (Benefit::Pip, &[OpenReferral]),
        (Benefit::UniversalCredit, &[OpenReferral]),
        (Benefit::Esa, &[OpenReferral, CoreVisitDue]),
        (Benefit::AccessToWork, &[ConcernOnRecord]),
    ];
    for (benefit, grounds) in rows {
        let (mut case, referrer) = after_two_visits(benefit);
        assert_eq!(case.state.stage, HandedOver, "{benefit:?}");
        let second = *case.state.basis.last().expect("a visit");
        case.apply(Role::VisitingOfficer, &never_happened(second)).expect("asked for");
        assert_eq!(asked(&case).map(|task| task.owner), Some(Role::VisitingOfficer));
        case.when(&[ConfirmRetraction]);
        assert_eq!(
            (case.state.stage, standing(&case.state.protection)),
            (SecondVisitDue, grounds.to_vec()),
            "{benefit:?}"
        );
        case.when(&[ReceiveBack(2)]);
        let two = case.state.protection.get(TwoVisits).expect("it is back");
        assert!(!two.state.protects() && two.handed_to.is_none(), "{benefit:?}");
        case.when(&[THIRD]);
        assert_eq!(file(&case.state).map(|file| file.times_taken_back), Some(1), "{benefit:?}");

        let (mut case, _) = after_two_visits(benefit);
        case.apply(referrer, &IN_ERROR.command(case.now)).expect("asked for");
        assert_eq!(asked(&case).map(|task| task.owner), Some(referrer), "{benefit:?}");
        case.when(&[ConfirmRetraction]);
        assert_eq!((case.state.stage, standing(&case.state.protection)), (EndedWithdrawn, vec![]), "{benefit:?}");
        case.when(&[ReceiveBack(2)]);
        assert!(case.state.protection.iter().all(|(_, hold)| !hold.state.protects()), "{benefit:?}");
    }
}
