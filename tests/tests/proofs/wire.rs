//! Holds as contracts carry them: what is said arrives, and what is not understood prohibits everything.

use holdfast_chassis::{Failure, Fields};
use holdfast_contracts::holdfast::{access::v1::Workload, common::v1 as pb};
use holdfast_procedure::{
    Award, Benefit, Workload as Ours,
    protection::{
        Action, ActionGround, DatabaseIdentity, Hold, HoldGround, HoldKey, Prohibits, Standing, Version, Why,
    },
};
use holdfast_store::wire::holds;

const GROUNDS: [HoldGround; 8] = [
    HoldGround::OpenReferral,
    HoldGround::ConcernOnRecord,
    HoldGround::TwoIneffectiveVisits,
    HoldGround::ConcernDetermined,
    HoldGround::Reconsideration,
    HoldGround::ConditionKnown,
    HoldGround::CoreVisitDue,
    HoldGround::Other(99),
];
const WHYS: [Why; 7] = [
    Why::InformedDecision,
    Why::EffectiveVisit,
    Why::ContactInTime,
    Why::VerifiedDeath,
    Why::Withdrawn,
    Why::Replaced,
    Why::VisitConsidered,
];

fn placed(benefit: Benefit, ground: HoldGround) -> Hold {
    let key = HoldKey { case: "HF-1".to_owned(), ground };
    let award = Award { customer: "C-1".to_owned(), benefit, award: "A-1".to_owned() };
    Hold::placed(key, award, vec!["C-0".to_owned()], Ours::Visiting)
}

fn read(hold: &pb::Hold) -> Result<Hold, Failure> {
    let mut fields = Fields::default();
    let read = holds::hold_from(&mut fields, "hold", Some(hold));
    fields.finish(read)
}

fn told() -> pb::Hold {
    holds::hold(&placed(Benefit::Esa, HoldGround::CoreVisitDue))
}

#[test]
fn what_is_told_of_a_hold_is_read_again() {
    for benefit in [Benefit::Pip, Benefit::Esa, Benefit::UniversalCredit, Benefit::AccessToWork] {
        for ground in GROUNDS {
            let placed = placed(benefit, ground);
            assert_eq!(read(&holds::hold(&placed)).unwrap(), placed);
            for why in WHYS {
                let released = placed.released(why);
                assert_eq!(read(&holds::hold(&released)).unwrap(), released);
            }
        }
    }
}

#[test]
fn what_is_not_understood_prohibits_everything() {
    let known = told();
    assert_ne!(read(&known).unwrap().prohibits, Prohibits::everything());
    for hold in [
        pb::Hold { ground: 99, actions: vec![], only_on: vec![], ..known.clone() },
        pb::Hold { actions: vec![1, 99], ..known.clone() },
        pb::Hold { actions: vec![0], ..known.clone() },
        pb::Hold { only_on: vec![1, 99], ..known.clone() },
        pb::Hold { only_on: vec![0], ..known.clone() },
        pb::Hold { only_on: vec![pb::ActionGround::Other.into()], ..known.clone() },
    ] {
        assert_eq!(read(&hold).unwrap().prohibits, Prohibits::everything(), "{hold:?}");
    }
}

#[test]
fn only_an_open_referral_prohibits_nothing_and_only_a_core_visit_that_is_due_narrows_what_it_prohibits() {
    let narrowed = [pb::ActionGround::NonAttendance.into()];
    let on = |only_on: Option<Vec<ActionGround>>| Prohibits { actions: vec![Action::Stop], only_on };
    for ground in GROUNDS {
        let nothing = holds::prohibits_numbered(ground, &[], &[]);
        let nothing_on = holds::prohibits_numbered(ground, &[], &narrowed);
        let one_on = holds::prohibits_numbered(ground, &[pb::Action::Stop.into()], &narrowed);
        let everything = Prohibits::everything();
        let (nothing_is, one_is) = match ground {
            HoldGround::OpenReferral => (Prohibits { actions: vec![], only_on: None }, on(None)),
            HoldGround::CoreVisitDue => (everything, on(Some(vec![ActionGround::NonAttendance]))),
            HoldGround::Other(_) => (everything.clone(), everything),
            HoldGround::ConcernOnRecord
            | HoldGround::TwoIneffectiveVisits
            | HoldGround::ConcernDetermined
            | HoldGround::Reconsideration
            | HoldGround::ConditionKnown => (everything, on(None)),
        };
        assert_eq!((&nothing, &nothing_on, &one_on), (&nothing_is, &nothing_is, &one_is), "{ground:?}");
    }
}

#[test]
fn a_hold_that_cannot_be_read_is_read_so_that_it_protects_the_most() {
    let told = pb::Hold { ground: pb::HoldGround::OpenReferral.into(), actions: vec![], ..told() };
    let mended = |hold: pb::Hold| holds::mended(&hold, Ours::Visiting).map(|mended| read(&mended).unwrap());
    let formerly = (0..101).map(|number| format!("C-0{number}")).collect();
    let read = mended(pb::Hold { formerly, ..told.clone() }).unwrap();
    assert_eq!((read.formerly.len(), read.formerly[99].as_str()), (100, "C-099"));
    assert!(read.prohibits.actions.is_empty(), "what it prohibits could be read");
    for unreadable in [
        pb::Hold { version: 0, ..told.clone() },
        pb::Hold { version: u64::MAX, ..told.clone() },
        pb::Hold { rules: vec!["PIP-6".to_owned(); 21], ..told.clone() },
        pb::Hold { ground: 0, ..told.clone() },
    ] {
        assert_eq!(mended(unreadable.clone()).unwrap().prohibits, Prohibits::everything(), "{unreadable:?}");
    }
    let strange = pb::Hold { case_reference: "?!".to_owned(), holder: 99, released: 99, ..told.clone() };
    let read = mended(strange).unwrap();
    assert_eq!((read.key.case.as_str(), read.holder, read.state), ("A-1", Ours::Visiting, Standing::Standing));
    assert_eq!(mended(pb::Hold { award: None, ..told }), None);
}

#[test]
fn rules_that_are_not_known_are_dropped_and_the_first_known_one_is_cited() {
    for (rules, expected) in [
        (&["NEW-1", "PIP-6", "NEW-2", "GEN-2"][..], &["PIP-6", "GEN-2"][..]),
        (&["NEW-1"], &["GEN-2"]),
        (&[], &["GEN-2"]),
    ] {
        let rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
        let read = read(&pb::Hold { rules, ..told() }).unwrap();
        assert_eq!(read.rules.iter().map(|rule| rule.id).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn every_fault_of_a_hold_is_named() {
    let none = pb::Hold { formerly: vec!["C-0".to_owned(), String::new()], released: 99, ..Default::default() };
    let Err(Failure::Invalid(faults)) = read(&none) else { panic!("there are faults") };
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    let expected = [
        "hold.case_reference",
        "hold.ground",
        "hold.version",
        "hold.award",
        "hold.formerly[1]",
        "hold.holder",
        "hold.released",
    ];
    assert_eq!(fields, expected);
    for hold in [
        pb::Hold { formerly: vec!["C-0".to_owned(); 101], ..told() },
        pb::Hold { rules: vec!["PIP-6".to_owned(); 21], ..told() },
        pb::Hold { holder: 99, ..told() },
        pb::Hold { version: u64::MAX, ..told() },
        pb::Hold { award: Some(pb::Award { benefit: 99, ..told().award.unwrap() }), ..told() },
    ] {
        assert!(matches!(read(&hold), Err(Failure::Invalid(faults)) if faults.len() == 1), "{hold:?}");
    }
    let most = pb::Hold { formerly: vec!["C-0".to_owned(); 100], rules: vec!["PIP-6".to_owned(); 20], ..told() };
    let read = read(&pb::Hold { holder: Workload::Conferencing.into(), ..most }).unwrap();
    assert_eq!((read.formerly.len(), read.rules.len(), read.holder), (100, 20, Ours::Conferencing));
    assert_eq!((read.state, read.version), (Standing::Standing, Version::FIRST));
}

#[test]
fn a_database_is_named_as_a_whole_or_not_at_all() {
    let known = DatabaseIdentity { system: 7, timeline: 2 };
    for (system, timeline, expected) in [(7, 2, Some(&known)), (0, 2, None), (7, 0, None)] {
        let mut fields = Fields::default();
        let told = pb::DatabaseIdentity { system, timeline };
        assert_eq!(holds::database_from(&mut fields, "database", Some(&told)).as_ref(), expected);
    }
    assert_eq!(holds::database(&known), pb::DatabaseIdentity { system: 7, timeline: 2 });
}
