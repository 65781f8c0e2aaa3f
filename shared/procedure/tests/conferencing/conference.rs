//! Further information, and the conference that is due where it is required.

use super::case::{CHECKED, Case, london};
use super::step::Step::{self, *};
use super::step::{CES, REFERRER, There};
use holdfast_procedure::conferencing::Party::{self, *};
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::{Decider, Role, Told, conferencing::Conferencing};

const HELD: Step = Conference("2026-06-10 11:00", &[CES, REFERRER]);
const INFORMATION: [&str; 2] = ["PIP-11", "R-FURTHER-INFORMATION"];

#[test]
fn whether_further_information_is_required_is_decided_either_way() {
    let mut case = Case::given(&CHECKED);
    assert_eq!((case.state.stage, case.blocking()), (Assurance, vec!["further-information".to_owned()]));
    let (rules, why, _) = case.refusal(&Determine(true, false));
    assert_eq!(rules, INFORMATION);
    assert!(why.ends_with("whether further information is required is not decided"), "{why}");
    case.when(&[Further(false)]);
    assert_eq!((case.state.stage, case.blocking()), (DeterminationDue, vec!["determination".to_owned()]));
    assert_eq!(case.cited("further_information_decided"), INFORMATION);
    case.when(&[Further(true)]);
    assert_eq!((case.state.stage, case.blocking()), (ConferenceDue, vec!["conference".to_owned()]));
    let what = case.task("conference").expect("a conference is due").what;
    assert_eq!(what, "Hold a case conference between the CES Team and the referrer");
    let (rules, why, _) = case.refusal(&Determine(true, false));
    assert_eq!(rules, INFORMATION);
    assert!(why.contains("no case conference between the CES Team and the referrer has taken place"), "{why}");
    case.when(&[HELD]);
    assert_eq!((case.state.stage, case.blocking()), (DeterminationDue, vec!["determination".to_owned()]));
}

const HEALTH: There = (HealthServices, "n.patel");
const SOCIAL: There = (SocialServices, "w.green");
const SAME: There = (Department(Role::Referrer), "c.morgan");
const CEAST: There = (Department(Role::Ceast), "d.reed");

/// Who took part, when, whether it counts, the rules beside those of the conference, and what the reply says of it.
type Held = (&'static [There], &'static str, bool, &'static [&'static str], &'static str);

#[rustfmt::skip] // one conference a row
const HOLDINGS: &[Held] = &[
    (&[CES, REFERRER], "2026-06-10 11:00", true, &[], ""),
    (&[REFERRER, CES, (Other, "x"), (Representative, "y")], "2026-06-10 11:00", true, &[], ""),
    (&[CES, REFERRER, HEALTH], "2026-06-10 11:00", true, &["GEN-4"], ""),
    (&[CES, REFERRER, SOCIAL, HEALTH], "2026-06-10 11:00", true, &["GEN-4"], ""),
    (&[CES, SAME, REFERRER], "2026-06-10 11:00", true, &[], ""),
    (&[CES], "2026-06-10 11:00", false, &["R-RECORDED-ALWAYS"], "between the CES Team and the referrer (PIP-11)"),
    (&[REFERRER], "2026-06-10 11:00", false, &["R-RECORDED-ALWAYS"], "between the CES Team and the referrer (PIP-11)"),
    (&[CEAST, REFERRER], "2026-06-10 11:00", false, &["R-RECORDED-ALWAYS"], "(PIP-11)"),
    (&[SOCIAL], "2026-06-10 11:00", false, &["R-RECORDED-ALWAYS", "GEN-4"], "(PIP-11)"),
    (&[], "2026-06-10 11:00", false, &["R-RECORDED-ALWAYS"], "(PIP-11)"),
    (&[CES, SAME], "2026-06-10 11:00", false, &["R-DIFFERENT-PERSONS"], "as two persons (PIP-11, R-DIFFERENT-PERSONS)"),
    (&[CES, REFERRER], "2026-06-09 09:59", false, &["R-RECORDED-ALWAYS"], "before the visits counted as two"),
    (&[CES, REFERRER], "2026-06-09 23:59:59.999999", false, &["R-RECORDED-ALWAYS"], "before the day on which further"),
    (&[CES, REFERRER], "2026-06-10 00:00", true, &[], ""),
];

#[test]
fn a_conference_is_kept_and_counts_between_the_parties_as_two_persons() {
    for (there, at, counts, also, note) in HOLDINGS {
        let case = Case::at(ConferenceDue).then(&[Conference(at, there)]);
        assert_eq!(case.state.conferences.last().map(|(_, counts)| *counts), Some(*counts), "{there:?} {at}");
        assert_eq!(case.state.stage, if *counts { DeterminationDue } else { ConferenceDue }, "{there:?}");
        assert_eq!(case.cited("conference_recorded"), [&INFORMATION[..], also].concat(), "{there:?}");
        match case.notes.as_slice() {
            [] => assert!(*counts, "{there:?}"),
            [told] => assert!(!counts && told.contains("does not count") && told.contains(note), "{told}"),
            notes => panic!("{notes:?}"),
        }
    }
}

#[test]
fn a_summary_names_each_party_once_and_no_person() {
    let there: &[There] = &[CES, REFERRER, (CES.0, "e.hall"), SOCIAL];
    let case = Case::at(ConferenceDue).then(&[Conference("", there)]);
    let told = case.last("conference_recorded").event.summary();
    assert_eq!(told, "Fact 5: a case conference took place (CES Team, referrer, social services).");
    let case = Case::at(ConferenceDue).then(&[Conference("", &[(Party::Other, "x")])]);
    assert!(case.last("conference_recorded").event.summary().contains("does not count"));
}

/// What is recorded in another order than it happened makes no difference where it was decided on once.
#[test]
fn a_conference_may_be_recorded_before_it_is_said_to_be_required() {
    let case = Case::given(&[HELD]).then(&CHECKED).then(&[Now("2026-06-10 13:00"), Further(true)]);
    assert_eq!(case.state.stage, DeterminationDue);
}

/// But what is found to be missing after a conference was not talked about there.
#[test]
fn further_information_required_again_takes_another_conference() {
    let later = [Now("2026-06-11 09:00"), Further(true)];
    for first in [&[Further(true), HELD][..], &[Further(true), HELD, Further(false)], &[HELD, Further(false)]] {
        let mut case = Case::given(&CHECKED).then(first);
        assert_eq!(case.state.stage, DeterminationDue, "{first:?}");
        case.when(&later);
        assert_eq!(case.state.stage, ConferenceDue, "{first:?}");
        assert_eq!(case.refusal(&Determine(true, false)).0, INFORMATION);
        case.when(&[Conference("2026-06-11 10:00", &[CES, REFERRER])]);
        assert_eq!(case.state.stage, DeterminationDue);
    }
}

/// Nor does it help to record the old one again.
#[test]
fn a_conference_of_before_answers_no_later_need_however_often_it_is_recorded() {
    let mut case = Case::given(&CHECKED).then(&[Further(true), HELD, Further(false), Now("2026-06-11 00:30")]);
    case.when(&[Further(true), Further(false), Further(true), HELD]);
    assert_eq!((case.state.stage, case.state.conferences.len()), (ConferenceDue, 2));
    assert!(case.notes[0].contains("before the day on which further information was found"), "{:?}", case.notes);
    assert_eq!(case.refusal(&Determine(true, false)).0, INFORMATION);
    // Half past midnight in London is the day before in UTC.
    case.when(&[Conference("2026-06-11 00:10", &[CES, REFERRER])]);
    assert_eq!(case.state.stage, DeterminationDue);
}

#[test]
fn a_conference_is_called_for_an_instant_ahead_and_waited_for() {
    let mut case = Case::at(ConferenceDue);
    assert_eq!(case.faults(&Convene("2026-06-10 11:59")), ["at"]);
    assert_eq!(Conferencing::outlook(&case.state), Vec::<String>::new());
    case.when(&[Convene("2026-06-12 00:30")]);
    assert_eq!(case.cited("conference_convened"), INFORMATION);
    let waits = ["A case conference is called for Friday 12 June 2026 at 00:30."];
    assert_eq!(
        (Conferencing::outlook(&case.state), case.state.stage),
        (waits.map(str::to_owned).into(), ConferenceDue)
    );
    assert_eq!(case.last("conference_convened").event.summary(), "A case conference was called for 12 June 2026.");
    let called = Case::given(&[Further(true), Convene("2026-06-12 00:30")]);
    assert_eq!(Conferencing::outlook(&called.state), waits, "whatever of the check is still to be done");
    let held = case.clone().then(&[Now("2026-06-12 01:00"), Conference("2026-06-12 00:30", &[CES, REFERRER])]);
    assert_eq!(Conferencing::outlook(&held.state), Vec::<String>::new());
    let early = case.then(&[Conference("2026-06-11 10:00", &[CES, REFERRER])]);
    assert_eq!(Conferencing::outlook(&early.state), Vec::<String>::new());
    assert_eq!(london("2026-06-12 00:30"), early.state.convened[0].at);
}
