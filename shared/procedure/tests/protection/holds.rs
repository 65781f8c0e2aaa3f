//! How holds are kept: as simple ones would be, in little memory.

use super::reference::{Reference, matched};
use super::samples::{asked, award, placed};
use holdfast_procedure::protection::{
    Action, ActionGround, Applied, Change, DatabaseIdentity, Event, Hold, HoldGround, HoldKey, Holds, Prohibits,
    Question, Version, Why, match_holds,
};
use holdfast_procedure::{Award, Benefit, Workload};
use proptest::prelude::*;

const HOME: DatabaseIdentity = super::samples::HOME;
const GROUNDS: [HoldGround; 5] = [
    HoldGround::OpenReferral,
    HoldGround::TwoIneffectiveVisits,
    HoldGround::ConditionKnown,
    HoldGround::CoreVisitDue,
    HoldGround::Other(8),
];
const BENEFITS: [Benefit; 2] = [Benefit::Pip, Benefit::Esa];

/// References are few, so that they meet; some are another's beginning, one has letters of several bytes, and a customer
/// may bear the reference of an award.
fn reference() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["X", "XX", "Ærø", "C-1", "C-10", "A-1", "A-2"]).prop_map(str::to_owned)
}

fn an_award() -> impl Strategy<Value = Award> {
    let benefit = prop::sample::select(BENEFITS.to_vec());
    (reference(), benefit, reference()).prop_map(|(customer, benefit, award)| Award { customer, benefit, award })
}

/// A hold at some version, by whatever benefit's table, now and then saying something of its own.
fn hold() -> impl Strategy<Value = Hold> {
    let key = (0..5_u8, prop::sample::select(GROUNDS.to_vec()));
    let formerly = prop::collection::vec(reference(), 0..4);
    (key, 1..9_u64, an_award(), formerly, any::<bool>(), any::<bool>(), 0..8_u8).prop_map(
        |((case, ground), version, award, formerly, stands, theirs, own)| {
            let key = HoldKey { case: format!("V-{case}"), ground };
            let holder = if theirs { Workload::Conferencing } else { Workload::Visiting };
            let placed = Hold { version: Version(version), ..Hold::placed(key, award, formerly, holder) };
            let placed =
                Hold { state: if stands { placed.state } else { placed.released(Why::Withdrawn).state }, ..placed };
            match own {
                0 => Hold { prohibits: Prohibits { actions: vec![Action::End], only_on: None }, ..placed },
                1 => Hold { rules: placed.rules.iter().rev().copied().collect(), ..placed },
                _ => placed,
            }
        },
    )
}

fn a_question() -> impl Strategy<Value = Question> {
    let action = prop::sample::select(Action::ALL.to_vec());
    let ground = prop::sample::select(vec![ActionGround::NonAttendance, ActionGround::Any]);
    (an_award(), action, ground).prop_map(|(award, action, ground)| asked(&award, action, ground).unwrap())
}

/// The same changes, applied to both.
fn both(holds: &[Hold]) -> (Holds, Reference) {
    let (mut shipped, mut reference) = (Holds::default(), Reference::default());
    for hold in holds {
        let change = Change { hold: hold.clone(), from: hold.holder, sent_from: HOME };
        let expected = change.judge(reference.0.get(&hold.key), Some(&HOME));
        assert_eq!(shipped.apply(&change, Some(&HOME)), expected);
        if expected == Applied::Applied {
            reference.put(hold);
        }
    }
    (shipped, reference)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn they_are_found_as_if_every_one_were_looked_at(
        ledger in prop::collection::vec(hold(), 0..40),
        listed in prop::collection::vec(hold(), 0..4),
        questions in prop::collection::vec(a_question(), 1..8),
    ) {
        let (ledger, expected) = both(&ledger);
        let (listed, expected_listed) = both(&listed);
        for question in questions {
            let found = match_holds(&question, &ledger, &[(Workload::Visiting, &listed), (Workload::Conferencing, &Holds::default())]);
            let expected_of = [(Workload::Visiting, &expected_listed), (Workload::Conferencing, &Reference::default())];
            prop_assert_eq!(found, matched(&question, &expected, &expected_of));
        }
    }

    #[test]
    fn they_are_what_was_put_in_by_key_and_equal_whatever_came_before(holds in prop::collection::vec(hold(), 0..60)) {
        let (shipped, expected) = both(&holds);
        let expected: Vec<_> = expected.0.into_values().collect();
        prop_assert_eq!(shipped.iter().collect::<Vec<_>>(), &expected[..]);
        prop_assert_eq!(shipped.len(), expected.len());
        prop_assert_eq!(shipped.standing(), expected.iter().filter(|hold| hold.state.protects()).count());
        prop_assert!(expected.iter().all(|hold| shipped.get(&hold.key).as_ref() == Some(hold)));
        let at_once: Holds = expected.iter().rev().cloned().collect();
        prop_assert_eq!(&at_once, &shipped);
        if let Some(first) = expected.first() {
            let other = Hold { formerly: vec!["C-99".into()], ..first.clone() };
            let changed: Holds = expected.iter().cloned().chain([other]).collect();
            prop_assert_ne!(changed, shipped);
        }
    }
}

/// As references are in practice.
fn realistic(number: usize) -> Hold {
    let letters: Vec<char> = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().collect();
    let code: String = (0..12).map(|place| letters[((number * 2_654_435_761) >> (place * 5)) % 32]).collect();
    let case = format!("HF-{}-{}-{}", &code[..4], &code[4..8], &code[8..]);
    let award = award(&format!("cust-{number:010}"), BENEFITS[number % 2], &format!("award-{number:010}"));
    Hold::placed(HoldKey { case, ground: GROUNDS[number % 4] }, award, Vec::new(), Workload::Visiting)
}

#[test]
fn two_hundred_thousand_take_less_than_140_bytes_each() {
    const MANY: usize = 200_000;
    let mut holds: Holds = (0..MANY).map(realistic).collect();
    assert_eq!((holds.len(), holds.standing()), (MANY, MANY));
    let bytes = holds.bytes();
    assert!(bytes <= 140 * MANY, "{} bytes a hold", bytes / MANY);
    // A change of the standing alone takes nothing more.
    for number in 0..100 {
        let released = realistic(number).released(Why::EffectiveVisit);
        let change = Change { from: released.holder, hold: released, sent_from: HOME };
        assert_eq!(holds.apply(&change, Some(&HOME)), Applied::Applied);
    }
    assert_eq!((holds.bytes(), holds.standing()), (bytes, MANY - 100));
}

#[test]
fn a_ground_without_a_name_prohibits_everything_and_is_written_by_its_number() {
    let hold = placed(HoldGround::Other(8));
    assert_eq!((hold.rules[0].id, &hold.prohibits), ("GEN-2", &Prohibits::everything()));
    let holds = Holds::from_iter([hold.clone(), placed(HoldGround::Other(-1)), placed(HoldGround::CoreVisitDue)]);
    assert_eq!((holds.len(), holds.get(&hold.key).as_ref()), (3, Some(&hold)));
    for (action, ground) in
        Action::ALL.into_iter().zip([ActionGround::NonAttendance, ActionGround::Any].into_iter().cycle())
    {
        let question = asked(&hold.award, action, ground).unwrap();
        assert_eq!(match_holds(&question, &Holds::from_iter([hold.clone()]), &[]).prohibited_by.len(), 1);
    }
    let written = serde_json::to_value(&hold).unwrap();
    assert_eq!(written["key"]["ground"], serde_json::json!({ "other": 8 }));
    assert_eq!(serde_json::from_value::<Hold>(written).unwrap(), hold);
    let placed = Event::Placed { ground: HoldGround::Other(8), version: Version(1) };
    let written = serde_json::to_string(&placed).unwrap();
    assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), placed);
    assert_eq!(serde_json::to_value(HoldGround::CoreVisitDue).unwrap(), "core_visit_due");
}

#[test]
fn words_that_are_out_of_use_are_given_up() {
    let mut hold = placed(HoldGround::TwoIneffectiveVisits);
    let beside = Hold { formerly: vec!["C-a".into(), "C-b".into()], ..placed(HoldGround::ConcernDetermined) };
    let mut holds = Holds::from_iter([hold.clone(), beside.clone(), placed(HoldGround::Reconsideration)]);
    for number in 0..20_000 {
        hold = hold.placed_again();
        hold.award.customer = format!("C-{number}");
        hold.formerly = vec![format!("B-{number}"), format!("D-{number}")];
        let change = Change { hold: hold.clone(), from: hold.holder, sent_from: HOME };
        assert_eq!(holds.apply(&change, None), Applied::Applied);
    }
    assert!(holds.bytes() < 16_384, "{} bytes", holds.bytes());
    for known in [&hold, &beside, &placed(HoldGround::Reconsideration)] {
        assert_eq!(holds.get(&known.key).as_ref(), Some(known));
    }
    let of = |customer: &str| super::samples::question(customer, Benefit::Pip, "A-9");
    for (customer, found) in
        [("C-19999", 1), ("B-19999", 1), ("D-19999", 1), ("C-19998", 0), ("B-19998", 0), ("C-b", 2)]
    {
        assert_eq!(match_holds(&of(customer), &holds, &[]).prohibited_by.len(), found, "{customer}");
    }
}
