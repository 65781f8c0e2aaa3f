//! What is told of another case of the same customer, in whichever order it arrives and under whichever reference.

use super::case::Step::*;
use super::case::{Case, actor, london};
use super::customer::{DIED, FIRST, SECOND, named};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer;
use holdfast_procedure::visiting::Command;
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::{Place, Role, Workload};

/// Something told of another case at an instant, as it is passed on.
pub(super) fn passed_on(fact: customer::Fact, at: &str) -> Command {
    let (service, case, by) = (Workload::Conferencing, "HF-2".to_owned(), actor(Role::Heo));
    Command::Customer(customer::Command {
        fact,
        passed_on: Some(customer::PassedOn {
            service,
            case,
            by,
            at: london(at),
            known_as: "C-1".to_owned(),
            taken_in: false,
        }),
    })
}

fn reported() -> customer::Fact {
    let occurred_at = london("2026-06-09 09:00");
    customer::Fact::DeathReported { occurred_at, source: customer::DeathSource::Relative, account: None }
}

fn confirmed() -> customer::Fact {
    let (evidence, reference) = (customer::DeathEvidence::Register, "D-2".to_owned());
    customer::Fact::DeathConfirmed { evidence, reference }
}

fn mistaken() -> customer::Fact {
    customer::Fact::DeathReportMistaken { reason: None }
}

/// What was told, and when; whether the customer then counts as dead, and whether that is verified.
type ToldOfDeath = (&'static [fn() -> customer::Fact], &'static [&'static str], bool, bool);

/// What was told of a death, with the instants at which it was told, ends alike in whichever order it arrives.
#[test]
fn what_was_told_of_a_death_ends_alike_in_whichever_order_it_arrives() {
    let told: [ToldOfDeath; 5] = [
        (&[reported], &["2026-06-10 09:00"], true, false),
        (&[reported, mistaken], &["2026-06-10 09:00", "2026-06-10 10:00"], false, false),
        (&[reported, confirmed], &["2026-06-10 09:00", "2026-06-10 10:00"], true, true),
        (&[mistaken, confirmed], &["2026-06-10 10:00", "2026-06-10 11:00"], true, true),
        (&[confirmed, mistaken], &["2026-06-10 10:00", "2026-06-10 11:00"], false, false),
    ];
    for (facts, instants, dead, verified) in told {
        for backwards in [false, true] {
            let mut told: Vec<_> = facts.iter().map(|fact| fact()).zip(instants.iter().copied()).collect();
            if backwards {
                told.reverse();
            }
            let mut case = Case::given(&[FIRST, SECOND]);
            for (fact, at) in &told {
                case.apply(Role::Suite, &passed_on(fact.clone(), at)).expect("what is passed on is taken");
            }
            let customer = &case.state.customer;
            assert_eq!(customer.death.is_some(), dead, "{told:?}");
            assert_eq!(customer.death_is_confirmed(), verified, "{told:?}");
        }
    }
}

#[test]
fn an_address_that_was_left_before_the_present_one_became_known_changes_nothing() {
    let moved = |area: &str, at| {
        let place = Place { nation: Nation::Wales, area: area.to_owned() };
        passed_on(customer::Fact::Moved { place, occurred_at: london(at) }, at)
    };
    let mut case = Case::given(&[FIRST]);
    for (area, at) in [("Newer", "2026-06-03 10:00"), ("Older", "2026-06-02 10:00")] {
        case.apply(Role::Suite, &moved(area, at)).expect("what is passed on is taken");
    }
    let place = case.state.opened.as_ref().map(|opened| opened.place.area.as_str());
    assert_eq!(place, Some("Newer"));
    assert!(case.notes.iter().any(|note| note.contains("later address")), "{:?}", case.notes);
}

/// Something told of a customer who goes by this reference, as it is passed on.
fn told_as(known_as: &str, fact: customer::Fact, at: &str, by: &str) -> Command {
    let Command::Customer(customer::Command { fact, passed_on }) = passed_on(fact, at) else { panic!("of a customer") };
    let by = holdfast_procedure::Actor { person: by.to_owned(), ..actor(Role::Heo) };
    let passed_on = passed_on.map(|from| customer::PassedOn { by, known_as: known_as.to_owned(), ..from });
    Command::Customer(customer::Command { fact, passed_on })
}

fn merged(into: &str) -> customer::Fact {
    customer::Fact::Merged { into: into.to_owned() }
}

/// A case of C-1, held after two visits, and the death of C-2, verified by two persons before somebody says that the two
/// are one: of this case, of the other as the one given up, or of the other as the one taken.
#[test]
fn a_verification_counts_for_the_reference_under_which_it_was_told() {
    let told = [("C-1", merged("C-2")), ("C-2", merged("C-1"))];
    for (former, merge) in told {
        let present = if former == "C-1" { "C-2" } else { "C-1" };
        let mut case = Case::given(&[FIRST, SECOND, Now("2026-06-10 12:00")]);
        let hear =
            |case: &mut Case, command: &Command| case.apply(Role::Suite, command).expect("what is passed on is taken");
        hear(&mut case, &told_as(former, merge, "2026-06-10 11:00", "p-carl"));
        hear(&mut case, &told_as("C-2", reported(), "2026-06-10 09:00", "p-ann"));
        hear(&mut case, &told_as("C-2", confirmed(), "2026-06-10 10:00", "p-bob"));
        assert_eq!((case.state.stage, case.state.customer.death_is_confirmed()), (HandedOver, false), "{former}");
        assert!(case.owed().contains(&"confirm-death".to_owned()), "{:?}", case.owed());
        assert_eq!(case.state.customer.formerly, [former], "{former}");
        // Whoever said that they are one is no second person, wherever they verify it.
        hear(&mut case, &told_as(present, confirmed(), "2026-06-10 11:30", "p-carl"));
        assert!(!case.state.customer.death_is_confirmed(), "{former}");
        hear(&mut case, &told_as(present, confirmed(), "2026-06-10 11:40", "p-bob"));
        assert_eq!((case.state.stage, case.state.customer.death_is_confirmed()), (EndedDeath, true), "{former}");
        // The correction reaches it as it reaches every other.
        hear(&mut case, &told_as(present, mistaken(), "2026-06-10 11:50", "p-ann"));
        assert_eq!((case.state.stage, case.state.customer.death.is_some()), (HandedOver, false), "{former}");
    }
}

/// What this very case has taken in counts wherever it goes, whatever it was called then.
#[test]
fn a_case_that_is_handed_over_keeps_what_it_has_accepted() {
    let mut case = Case::given(&[FIRST, SECOND, Now("2026-06-10 12:00")]);
    let Command::Customer(customer::Command { fact, passed_on }) =
        told_as("C-0", confirmed(), "2026-06-10 10:00", "p-bob")
    else {
        panic!("of a customer")
    };
    let passed_on = passed_on.map(|from| customer::PassedOn { taken_in: true, ..from });
    case.apply(Role::Suite, &Command::Customer(customer::Command { fact, passed_on }))
        .expect("what is passed on is taken");
    assert_eq!(case.state.stage, EndedDeath);
    // Under which reference it was told is known still, for whoever else is told of it.
    assert_eq!(case.state.customer.death.as_ref().map(|death| death.told[0].known_as.as_str()), Some("C-0"));
}

/// The case of the dead customer, too, may have it verified again: it counts for the others by then.
#[test]
fn a_death_that_was_verified_before_a_merge_is_verified_again_for_the_others() {
    let mut case = Case::given(&[FIRST, SECOND, DIED, Now("2026-06-11 09:00"), ConfirmDeath, Now("2026-06-12 09:00")]);
    let journal = case.journal.len();
    case.when(&[ConfirmDeath]);
    assert_eq!(case.journal.len(), journal);
    let since = case.state.since;
    case.apply(Role::Suite, &told_as("C-2", merged("C-1"), "2026-06-12 08:00", "p-carl")).expect("a fact");
    case.when(&[Now("2026-06-12 10:00"), ConfirmDeath]);
    let verified = case.journal.iter().filter(|entry| named(entry, "death_confirmed")).count();
    assert_eq!((verified, case.state.stage, case.state.since), (2, EndedDeath, since));
}

/// Whoever protects somebody learns of their other record, and tells the ledger.
#[test]
fn a_case_that_goes_by_the_reference_already_learns_the_other() {
    let mut case = Case::given(&[FIRST]);
    let version = |case: &Case| case.state.protection.iter().map(|(_, hold)| hold.version).max();
    let before = version(&case);
    let told = told_as("C-9", merged("C-1"), "2026-06-01 11:00", "p-carl");
    case.apply(Role::Suite, &told).expect("a fact");
    assert_eq!(case.state.customer.formerly, ["C-9"]);
    assert_eq!(version(&case), before.map(|version| version.next()));
    let journal = case.journal.len();
    case.apply(Role::Suite, &told).expect("a fact");
    assert_eq!(case.journal.len(), journal, "once told, nothing is new");
}
