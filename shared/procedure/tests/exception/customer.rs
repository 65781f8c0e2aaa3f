//! What becomes known of the customer of an exception.

use super::case::{Case, approve, asked_at, decline, heard};
use holdfast_procedure::customer::{DeathEvidence, DeathSource, Fact};
use holdfast_procedure::exception::Stage;

#[test]
fn it_follows_the_customer_to_the_reference_that_they_go_by() {
    let merged = heard(Fact::Merged { into: "C-2".to_owned() });
    for before in [Case::asked(), Case::approved(), Case::asked().then("p-2", &decline())] {
        let stage = before.state.recorded();
        let case = before.then("p-9", &merged);
        let request = case.state.request.as_ref().unwrap();
        assert_eq!((request.what.award.customer.as_str(), request.by.person.as_str()), ("C-2", "p-1"));
        assert_eq!((case.state.customer.formerly.clone(), case.state.recorded()), (vec!["C-1".to_owned()], stage));
        let entries = case.journal.len();
        assert_eq!(case.then("p-9", &merged).journal.len(), entries, "the same again changes nothing");
    }
}

#[test]
fn a_death_changes_nothing_of_it_and_owes_nothing_on_it() {
    let (occurred_at, source) = (asked_at(), DeathSource::Relative);
    let reported = heard(Fact::DeathReported { occurred_at, source, account: None });
    let confirmed = heard(Fact::DeathConfirmed { evidence: DeathEvidence::Register, reference: "GRO-1".to_owned() });
    let before = Case::asked();
    let (tasks, entries) = (before.tasks(), before.journal.len());
    let case = before.then("p-9", &reported).then("p-9", &confirmed);
    assert_eq!((case.tasks(), case.journal.len()), (tasks, entries));
    assert_eq!(case.then("p-2", &approve()).state.recorded(), Stage::Approved);
}
