//! ESA 106 to 112: what ends a case without a visit, and what that needs whichever way it is asked for.

use super::benefits::{
    FIVE, concern, considered, contact, esa, given, held, open, owed, record, refused, task, unopened, visit, when,
};
use super::case::{Case, NO_ANSWER, REFERRED, cited, london, words};
use holdfast_procedure::Role::{Officer, Referrer, VisitingOfficer};
use holdfast_procedure::Told;
use holdfast_procedure::benefit::Benefit::Esa;
use holdfast_procedure::protection::HoldGround::{ConcernOnRecord, CoreVisitDue};
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
    let released = told.iter().find(|told| told.contains("No longer held because a concern is on record"));
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
