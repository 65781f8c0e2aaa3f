//! ESA 106 to 112: what ends a case without a visit, and what that needs whichever way it is asked for.

use super::benefits::{
    FIVE, concern, considered, contact, esa, given, held, open, owed, record, refused, task, unopened, visit, when,
};
use super::case::{Case, NO_ANSWER, REFERRED, cited, london, words};
use super::told::Is::Released;
use super::told::holds;
use holdfast_procedure::Role::{Officer, Referrer, VisitingOfficer};
use holdfast_procedure::Told;
use holdfast_procedure::benefit::Benefit::Esa;
use holdfast_procedure::protection::HoldGround::{ConcernOnRecord, ConditionKnown, CoreVisitDue};
use holdfast_procedure::protection::{Own, Why};
use holdfast_procedure::visiting::Understanding::{Confident, Doubt};
use holdfast_procedure::visiting::*;

const AT: &str = "2026-05-29 09:00";
const NEXT: &str = "2026-06-01 10:00";

/// A consideration that has everything, from staff who are confident, changed like this.
fn all(change: impl Fn(&mut Consideration)) -> Consideration {
    let mut told = Consideration {
        considered: FIVE.to_vec(),
        understanding: Some(Confident),
        conclusion: Conclusion::NoVisit,
        ..considered(AT)
    };
    change(&mut told);
    told
}

fn opened(told: Consideration) -> Case {
    given(vec![(AT, Referrer, open(Esa, Happening::Consideration(told)))])
}

/// A case that was given this correction of its first consideration.
fn corrected(mut case: Case, right: Option<Consideration>) -> Case {
    let right = right.map(Happening::Consideration);
    let command = Command::Correct(Correction { fact: 1, right, narrative: None, reason: words("misread") });
    case.apply(Referrer, &command).expect("a correction");
    case
}

/// And then considered.
fn again(mut case: Case, told: Consideration) -> Case {
    case.apply(Referrer, &record(Happening::Consideration(told))).expect("a consideration");
    case
}

fn effective_contact() -> Command {
    Command::Withdraw { ground: WithdrawalGround::EffectiveContact, reason: words("they rang") }
}

/// What is changed of a consideration that has everything, and which rules then speak against no visit.
type Row = (&'static str, fn(&mut Consideration), &'static [&'static str]);

const NOT_YET: &[Row] = &[
    ("the records were not checked", |told| told.indicator = None, &["ESA-107"]),
    ("a safeguarding concern", |told| told.safeguarding_concern = true, &["ESA-106H", "R-HOLD-UNTIL"]),
    (
        "a safeguarding concern, hardship considered",
        |told| {
            told.safeguarding_concern = true;
            told.considered.push(ConsideredItem::HardshipContacts);
        },
        &["ESA-106H", "R-HOLD-UNTIL"],
    ),
    ("a representative", |told| told.has_representative = true, &["ESA-110"]),
    ("nobody is confident", |told| told.understanding = None, &["ESA-111"]),
    (
        "all of that",
        |told| {
            *told = Consideration { safeguarding_concern: true, has_representative: true, ..told.clone() };
            (told.understanding, told.considered) = (Some(Doubt), vec![]);
            told.indicator = None;
        },
        &["ESA-106", "ESA-107", "ESA-106H", "R-HOLD-UNTIL", "ESA-110", "ESA-111"],
    ),
];

#[test]
fn no_visit_waits_for_the_records_the_concern_and_the_representative() {
    for (name, change, rules) in NOT_YET {
        let told = Happening::Consideration(all(change));
        let (named, why) = refused(&mut unopened(), Referrer, &open(Esa, told));
        assert_eq!(named, *rules, "{name}: {why}");
        assert!(!rules.contains(&"ESA-106H") || why.contains("REFER"), "{name}: {why}");
    }
    let considered = all(|told| {
        told.has_representative = true;
        told.considered.push(ConsideredItem::RepresentativeResponsibilities);
    });
    assert_eq!(opened(considered).state.stage, Stage::EndedVisitNotRequired);
}

/// A payer that knows of the condition may go on once a visit was considered; the ledger has to hear of it where what is
/// known and what is concluded are told in one go too.
#[test]
fn the_ledger_hears_that_a_visit_was_considered_where_nothing_protected_before() {
    let case = opened(all(|_| {}));
    assert_eq!(case.state.stage, Stage::EndedVisitNotRequired);
    let told = case.state.protection.told_since(&Own::default());
    let told: Vec<_> = told.iter().map(|(ground, hold)| (*ground, hold.version.0, hold.state.protects())).collect();
    assert_eq!(told, [(ConditionKnown, 1, true), (ConditionKnown, 2, false)]);
    let names: Vec<_> = case.journal.iter().map(|entry| entry.ruled.event.name()).collect();
    let [.., placed, stage, released] = names[..] else { panic!("{names:?}") };
    assert_eq!([placed, stage, released], ["award_protected", "stage_reached", "protection_released"]);
    assert_eq!(cited(case.last("award_protected")), ["ESA-106P", "R-HOLD-FROM-CONDITION"]);
    assert_eq!(cited(case.last("protection_released")), ["ESA-106P", "R-HOLD-FROM-CONDITION", "R-HOLD-UNTIL"]);
}

/// However it comes to be concluded, it is known once, and of a condition that nobody has found nothing is.
#[test]
fn that_a_visit_was_considered_is_told_once_and_only_of_a_condition_that_is_known() {
    let none = || all(|told| told.indicator = Some(Indicator::NoneFound));
    let open = || all(|told| told.conclusion = Conclusion::Open);
    let refer = || all(|told| told.conclusion = Conclusion::Refer);
    let taken_back = corrected(opened(open()), None);
    assert_eq!(holds(&taken_back.state.protection), [(ConditionKnown, 2, Released(Why::Withdrawn))]);
    let mut withdrawn = opened(all(|told| (told.indicator, told.conclusion) = (None, Conclusion::Refer)));
    let abroad = Command::Withdraw { ground: WithdrawalGround::Abroad, reason: words("so") };
    withdrawn.apply(Referrer, &abroad).expect("a withdrawal");
    let considered = Released(Why::VisitConsidered);
    for (name, case, expected) in [
        ("nothing was found", opened(none()), vec![]),
        ("found by a correction", corrected(opened(none()), Some(all(|_| {}))), vec![(ConditionKnown, 2, considered)]),
        (
            "corrected once more",
            corrected(opened(all(|_| {})), Some(all(|_| {}))),
            vec![(ConditionKnown, 2, considered)],
        ),
        ("protected before", again(opened(open()), all(|_| {})), vec![(ConditionKnown, 2, considered)]),
        ("taken back before", again(taken_back, all(|_| {})), vec![(ConditionKnown, 4, considered)]),
        (
            "a visit was right",
            again(opened(refer()), all(|_| {})),
            vec![(ConditionKnown, 2, considered), (CoreVisitDue, 2, considered)],
        ),
        (
            "withdrawn before",
            corrected(withdrawn, Some(all(|_| {}))),
            vec![(CoreVisitDue, 2, Released(Why::Withdrawn))],
        ),
    ] {
        assert_eq!(holds(&case.state.protection), expected, "{name}");
    }
}

/// A concern keeps its hold however the visit is concluded, and one that arises afterwards opens the question again.
#[test]
fn a_concern_keeps_its_hold_whatever_is_concluded() {
    let mut case = opened(all(|_| {}));
    assert_eq!((case.state.stage, held(&case)), (Stage::EndedVisitNotRequired, vec![]));
    when(&mut case, vec![(NEXT, Officer, record(concern(NEXT)))]);
    assert_eq!(case.state.stage, Stage::ConsiderationDue);
    assert!(held(&case).contains(&ConcernOnRecord), "{:?}", held(&case));
    assert!(task(&case, "hardship-contacts").is_some());
    let void =
        Command::Correct(Correction { fact: 2, right: None, narrative: None, reason: words("another customer") });
    case.apply(Referrer, &void).expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::EndedVisitNotRequired, vec![]));
    let told: Vec<_> = case.journal.iter().map(|entry| entry.ruled.event.summary()).collect();
    let released = told.iter().find(|told| told.contains("was held because a concern is on record"));
    assert!(released.is_some_and(|told| told.contains("recorded in error")), "{released:?}");
}

/// Nobody notes that somebody understands with whom nobody has spoken.
#[test]
fn the_note_says_whether_anybody_spoke_with_the_claimant() {
    for (said, indicator, rule, understands) in [
        (Some(Confident), Some(Indicator::Found), "ESA-111", true),
        (Some(Confident), Some(Indicator::NoneFound), "ESA-111", true),
        (None, Some(Indicator::NoneFound), "ESA-106N", false),
    ] {
        let case = opened(all(|told| (told.understanding, told.indicator) = (said, indicator)));
        let note = task(&case, "no-visit:1").expect("a note");
        assert_eq!((note.rule.id, note.what.contains("claimant understands")), (rule, understands), "{}", note.what);
        assert_eq!(note.what.contains("nobody has spoken"), !understands, "{}", note.what);
        assert_eq!(cited(case.last("stage_reached"))[0], rule);
        assert_eq!(owed(&case).len(), 1);
    }
}

#[test]
fn effective_contact_walks_round_nothing_before_the_referral() {
    for (name, change, rules) in NOT_YET {
        let mut case = opened(all(|told| {
            change(told);
            told.conclusion = Conclusion::Refer;
        }));
        let (named, why) = refused(&mut case, Referrer, &effective_contact());
        assert_eq!(named[0], "R-WITHDRAWAL", "{name}");
        let others: Vec<_> = rules.iter().copied().filter(|rule| *rule != "R-WITHDRAWAL").collect();
        assert_eq!(named[1..], others, "{name}: {why}");
    }
    let mut case = opened(all(|told| told.conclusion = Conclusion::Refer));
    case.apply(Referrer, &effective_contact()).expect("a withdrawal");
    assert_eq!((case.state.stage, held(&case)), (Stage::EndedWithdrawn, vec![]));
}

/// Who is recorded to have spoken with the claimant, when, what they say of it, and whether that withdraws.
const SPOKE: &[(&str, holdfast_procedure::Role, Option<Understanding>, bool)] = &[
    (NEXT, Referrer, Some(Confident), true),
    (NEXT, Referrer, Some(Doubt), false),
    (NEXT, Referrer, None, false),
    (NEXT, VisitingOfficer, Some(Confident), false),
    ("2026-05-28 10:00", Referrer, Some(Confident), false),
];

#[test]
fn effective_contact_withdraws_a_referral_only_with_confidence() {
    assert_eq!(
        refused(&mut esa(), Referrer, &effective_contact()).0,
        ["R-WITHDRAWAL", "ESA-121", "ESA-111", "R-CONTACT-IN-TIME"]
    );
    for (at, by, said, withdraws) in SPOKE {
        let mut case = esa();
        when(&mut case, vec![(NEXT, *by, contact(at, None, *said))]);
        if *withdraws {
            case.apply(Referrer, &effective_contact()).expect("a withdrawal");
            assert_eq!((case.state.stage, held(&case)), (Stage::EndedWithdrawn, vec![]));
        } else {
            let (rules, why) = refused(&mut case, Referrer, &effective_contact());
            assert_eq!(rules[0], "R-WITHDRAWAL", "{at} {by:?} {said:?}");
            assert!(why.contains("RecordContact with CONFIDENT"), "{why}");
            assert!(held(&case).contains(&CoreVisitDue));
        }
    }
    let mut due = esa();
    when(
        &mut due,
        vec![
            (REFERRED, VisitingOfficer, visit(REFERRED, NO_ANSWER)),
            (NEXT, Referrer, contact(NEXT, Some(SecondVisit::Needed), None)),
        ],
    );
    assert_eq!(refused(&mut due, Referrer, &effective_contact()).0[0], "R-WITHDRAWAL", "in the window too");
    // What else withdraws says nothing of the claimant's understanding.
    for ground in [WithdrawalGround::Abroad, WithdrawalGround::ClaimWithdrawn, WithdrawalGround::RecordedInError] {
        let mut case = esa();
        case.now = london(NEXT);
        case.apply(Referrer, &Command::Withdraw { ground, reason: words("so") }).expect("a withdrawal");
    }
}
