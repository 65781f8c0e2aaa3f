//! The references that a customer is known by after any merges: each once, and never more than a hold may tell.

use super::case::{Case, actor};
use holdfast_procedure::customer::{self, Fact, MOST_FORMER_NAMES, PassedOn};
use holdfast_procedure::visiting::Command;
use holdfast_procedure::{Refusal, Role, Workload};
use proptest::prelude::*;

/// The customer goes by this reference from now on, as a person says or as another case tells.
fn merge(case: &mut Case, into: &str, is_passed_on: bool) -> Result<(), Refusal> {
    let (from, by) = ("HF-9".to_owned(), actor(Role::Officer));
    let passed_on = PassedOn {
        service: Workload::Conferencing,
        case: from,
        by,
        at: case.now,
        known_as: String::new(),
        taken_in: false,
    };
    let fact = Fact::Merged { into: into.to_owned() };
    let passed_on = is_passed_on.then_some(passed_on);
    case.apply(Role::Officer, &Command::Customer(customer::Command { fact, passed_on }))
}

fn known_as(case: &Case) -> (String, Vec<String>) {
    let present = case.state.opened.as_ref().expect("a referral").award.customer.clone();
    (present, case.state.customer.formerly.clone())
}

/// A customer who has given up as many references as are kept: C-1 first, C-100 last, and goes by C-101.
fn renamed_often() -> Case {
    let mut case = Case::referred();
    (2..=101).for_each(|number| merge(&mut case, &format!("C-{number}"), false).expect("a merge"));
    case
}

#[test]
fn a_reference_that_comes_back_is_given_up_no_more() {
    let mut case = Case::referred();
    for (into, formerly) in [
        ("C-2", &["C-1"][..]),
        ("C-1", &["C-2"]),
        ("C-2", &["C-1"]),
        ("C-3", &["C-1", "C-2"]),
        ("C-1", &["C-2", "C-3"]),
        ("C-2", &["C-3", "C-1"]),
    ] {
        merge(&mut case, into, false).expect("a merge");
        assert_eq!(known_as(&case), (into.to_owned(), formerly.iter().map(|&name| name.to_owned()).collect()));
    }
}

#[test]
fn a_person_cannot_have_a_reference_forgotten() {
    let mut case = renamed_often();
    let before = known_as(&case);
    assert_eq!(before.1.len(), MOST_FORMER_NAMES);
    let Err(Refusal::Invalid(faults)) = merge(&mut case, "C-102", false) else { panic!("not refused") };
    assert_eq!((faults.len(), faults[0].field.to_string().as_str()), (1, "into"));
    assert_eq!(faults[0].why, "makes more than 100 references that this customer went by before");
    assert_eq!(known_as(&case), before);
    // One that was given up before is no more than there were.
    merge(&mut case, "C-50", false).expect("a merge");
    assert_eq!(known_as(&case).1.len(), MOST_FORMER_NAMES);
}

#[test]
fn what_was_passed_on_is_taken_in_and_the_oldest_reference_goes() {
    let mut case = renamed_often();
    merge(&mut case, "C-102", true).expect("a fact");
    let expected: Vec<_> = (2..=101).map(|number| format!("C-{number}")).collect();
    assert_eq!(known_as(&case), ("C-102".to_owned(), expected));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_is_merged_each_reference_is_kept_once_and_the_present_one_is_not_among_them(
        few in any::<bool>(), merges in prop::collection::vec((0..400_u16, any::<bool>()), 0..220),
    ) {
        let mut case = Case::referred();
        for (number, is_passed_on) in merges {
            let into = format!("C-{}", if few { number % 4 } else { number });
            let (present, before) = known_as(&case);
            let taken = merge(&mut case, &into, is_passed_on);
            let makes_too_many = before.len() == MOST_FORMER_NAMES && !before.contains(&into);
            prop_assert_eq!(taken.is_ok(), is_passed_on || (into != present && !makes_too_many));
            let (now, formerly) = known_as(&case);
            prop_assert_eq!(&now, if taken.is_ok() { &into } else { &present });
            prop_assert!(formerly.len() <= MOST_FORMER_NAMES && !formerly.contains(&now));
            let once: std::collections::BTreeSet<_> = formerly.iter().collect();
            prop_assert_eq!(once.len(), formerly.len());
            prop_assert!(now == present || formerly.last() == Some(&present), "it was given up last");
        }
    }
}
