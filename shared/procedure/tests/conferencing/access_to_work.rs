//! Access to Work: CEAST leads, the SPOC notes where the reason for the visit says, a conference takes place within three
//! days, and where there is no concern the case goes straight back.

use super::case::{CHECKED, Case, ids, london};
use super::file_samples::{access_to_work, in_benefit, one_call, two_visits};
use super::step::Step::{self, *};
use super::step::{CEAST, EVERYTHING, REFERRER, SPOC};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::conferencing::{Marker as OnCase, Outcome};
use holdfast_procedure::handover::File;
use holdfast_procedure::{NoteIn, Refusal, Role};

const HELD: Step = Conference("", &[CEAST, SPOC]);

fn given(steps: &[Step]) -> Case {
    Case::with(access_to_work).then(steps)
}

/// Everything was looked at; whether further information is required is decided.
fn checked(required: bool) -> Case {
    given(&CHECKED).then(&[Further(required)])
}

#[test]
fn what_is_owed_when_the_case_arrives() {
    let case = given(&[]);
    assert_eq!(
        (case.state.stage, case.cited("stage_reached")),
        (Assurance, vec!["ATW-12", "ATW-15", "R-ASSURANCE-ITEMS"])
    );
    let owed: Vec<_> = case.tasks().into_iter().map(|task| (task.key, task.owner, task.rule.id)).collect();
    let ours = |key: &str, rule| (key.to_owned(), Role::Ceast, rule);
    let items = ["circumstances", "previous-interactions", "documents", "third-parties"];
    let mut wanted = vec![
        ("inform-referrer".to_owned(), Role::AtwSpoc, "ATW-10"),
        ours("ownership", "ATW-12"),
        ("prescribed-note:2026-06-01:2026-06-09".to_owned(), Role::AtwSpoc, "ATW-13"),
        ours("support-marker", "ATW-14"),
    ];
    wanted.extend(items.map(|item| ours(&format!("assurance:{item}"), "ATW-15")));
    wanted.push(ours("further-information", "ATW-16"));
    assert_eq!(owed, wanted);
    let ownership = case.task("ownership").expect("ownership").what;
    assert_eq!(ownership, "Take ownership of the associated visiting referral until investigations are complete");
}

/// The SPOC notes the case where the reason for the visit says.
#[test]
fn the_note_goes_where_the_reason_for_the_visit_says() {
    fn disc() -> File {
        File { note_in: Some(NoteIn::Disc), ..access_to_work() }
    }
    fn atwis() -> File {
        File { note_in: Some(NoteIn::Atwis), ..access_to_work() }
    }
    fn not_said() -> File {
        File { note_in: None, ..access_to_work() }
    }
    type Row = (fn() -> File, &'static str);
    let rows: [Row; 4] = [
        (disc, "DISC"),
        (atwis, "ATWIS"),
        (access_to_work, "DISC and ATWIS"),
        (not_said, "DISC and/or ATWIS, depending on the visiting reason"),
    ];
    for (file, place) in rows {
        let mut case = Case::with(file);
        let note = case.task("prescribed-note:2026-06-01:2026-06-09").expect("a note");
        let wanted = format!(
            "Note {place}: 'Following two ineffective visits on 1 June 2026 and 9 June 2026, please do not take any \
             further action whilst the case is with CEAST for consideration'"
        );
        assert_eq!((note.what, note.owner), (wanted, Role::AtwSpoc));
        let (_, why, _) = case.refusal(&Return);
        assert!(why.contains(&format!("the note for {place} has not been made")), "{why}");
    }
    fn unsafe_area() -> File {
        in_benefit(one_call(), Benefit::AccessToWork)
    }
    let note = Case::with(unsafe_area).tasks().into_iter().find(|task| task.rule.id == "ATW-13").expect("a note");
    assert!(
        note.what.contains("Following an ineffective visit on 1 June 2026, and as DWP Visiting deems"),
        "{}",
        note.what
    );
}

#[test]
fn a_conference_is_due_by_the_end_of_the_third_day() {
    // Found on a Wednesday in June: Thursday, Friday, Saturday.
    let mut case = checked(true);
    assert_eq!(case.cited("further_information_decided"), ["ATW-16", "R-FURTHER-INFORMATION", "R-CALENDAR-DAYS"]);
    let due = |case: &Case| case.task("conference").expect("a conference").due.expect("a date").due.ends_at;
    assert_eq!(due(&case), london("2026-06-13 23:59:59.999999"));
    assert_eq!(case.task("conference").map(|task| (task.owner, task.rule.id)), Some((Role::Ceast, "ATW-16")));
    // Saying so once more gives no more time, and another finding after a conference does.
    case.when(&[Now("2026-06-12 09:00"), Further(true)]);
    assert_eq!(due(&case), london("2026-06-13 23:59:59.999999"));
    case.when(&[HELD, Now("2026-06-15 09:00"), Further(true)]);
    assert_eq!(due(&case), london("2026-06-18 23:59:59.999999"));
    // None is due where none is required.
    case.when(&[Further(false)]);
    assert_eq!((case.task("conference"), &case.state.conference_by), (None, &None));
}

#[test]
fn a_conference_held_later_counts_and_the_reply_says_so() {
    let rows = [("2026-06-13 23:59:59.999999", false), ("2026-06-14 00:00", true), ("2026-06-20 10:00", true)];
    for (at, late) in rows {
        let case = checked(true).then(&[Conference(at, &[CEAST, SPOC])]);
        assert_eq!((case.state.stage, case.state.conferences[0].1), (DeterminationDue, true), "{at}");
        assert_eq!(case.cited("conference_recorded").contains(&"R-CALENDAR-DAYS"), late, "{at}");
        let told = case.notes.iter().any(|note| note.contains("3 days") && note.contains("ATW-16, R-CALENDAR-DAYS"));
        assert_eq!(told, late, "{at}: {:?}", case.notes);
    }
    // Nor is one late where nobody gave it a term.
    assert_eq!(Case::with(two_visits).then(&[Further(true), Now("2026-06-29 09:00")]).state.conference_by, None);
}

#[test]
fn the_conference_is_between_ceast_and_the_spoc() {
    for (there, counts) in [(&[CEAST, SPOC][..], true), (&[CEAST, REFERRER], false), (&[CEAST], false)] {
        let case = checked(true).then(&[Conference("", there)]);
        assert_eq!(case.state.stage, if counts { DeterminationDue } else { ConferenceDue }, "{there:?}");
    }
}

#[test]
fn without_a_concern_the_case_goes_straight_back() {
    let mut case = checked(false).then(&[Determine(true, false)]);
    assert_eq!((case.state.stage, case.cited("stage_reached")), (ReturnDue, vec!["ATW-18", "ATW-23"]));
    assert_eq!(case.task("closing-note"), None);
    assert_eq!(case.refusal(&Return).0, ["ATW-13", "ATW-14"]);
    case.when(&[Arrival, Return]);
    assert_eq!((case.state.stage, case.cited("returned_to_decision_maker")), (DecisionDue, vec!["ATW-23"]));
    assert_eq!(case.task("decision").map(|task| (task.owner, task.rule.id)), Some((Role::AtwAdviser, "ATW-23")));
}

#[test]
fn after_a_concern_the_spoc_notes_what_was_done() {
    // A concern that stands, and one that was found early and ruled out after it came back.
    let early = [Determine(false, true), Concluded(""), Determine(true, false)];
    for steps in [&[Determine(true, true), Concluded("")][..], &early] {
        let mut case = checked(false).then(&[Arrival]).then(steps);
        assert_eq!(case.state.stage, ClosingNoteDue, "{steps:?}");
        let note = case.task("closing-note").expect("a note");
        assert_eq!((note.owner, note.rule.id, note.discharged_by), (Role::AtwSpoc, "ATW-22", "RecordClosingNote"));
        assert_eq!(case.refusal(&Return).0, ["ATW-22"]);
        let by_ceast = case.apply(Role::Ceast, &Note("").command(case.now));
        let Err(Refusal::NotAllowed { rules, why, .. }) = by_ceast else { panic!("{by_ceast:?}") };
        assert!(ids(&rules) == ["ATW-22"] && why.contains("AtW SPOC"), "{why}");
        case.when(&[Note(""), Return]);
        assert_eq!(case.state.stage, DecisionDue);
    }
    // What was found before a decision was noted before it: a reconsideration begins anew.
    let mut case = checked(false).then(&[Arrival, Determine(true, true), Concluded(""), Note(""), Return]);
    case.when(&[Decide(Outcome::AwardGrant), Reopen, Determine(true, false)]);
    assert_eq!(case.state.stage, ReturnDue);
}

#[test]
fn the_adviser_decides_whether_to_award_the_grant() {
    let mut case = checked(false).then(&[Determine(true, false), Arrival, Return, As(Role::Officer, &Contact(""))]);
    for outcome in [Outcome::Disallow, Outcome::NotDisallow, Outcome::TakeDecision, Outcome::Neither] {
        assert_eq!(case.refusal(&Decide(outcome)).0, ["ATW-23", "R-DECISIONS", "R-WEIGHED"]);
    }
    assert_eq!(case.refusal(&Decide(Outcome::NotAwardGrant)).0, ["ATW-23", "R-LATER-CONTACT"]);
    assert_eq!(case.refusal(&As(Role::CaseManager, &Decide(Outcome::AwardGrant))).0[0], "ATW-23");
    let mut heard = case.clone().then(&[As(Role::AtwAdviser, &Complete("contact:1", ""))]);
    heard.when(&[Decide(Outcome::NotAwardGrant)]);
    case.when(&[Decide(Outcome::AwardGrant)]);
    assert_eq!((case.state.stage, heard.state.stage), (Decided, Decided));
    for role in [Role::Ceast, Role::AtwAdviser, Role::AtwSpoc] {
        let mut case = case.clone();
        case.apply(role, &Reopen.command(case.now)).expect("a reconsideration");
        assert_eq!(case.state.stage, DeterminationDue);
    }
    assert_eq!(case.refusal(&As(Role::Referrer, &Reopen)).0, ["R-RECONSIDERATION"]);
}

#[test]
fn the_marker_is_considered_and_documentation_is_not_prescribed() {
    let mut case = given(&[Support(OnCase::NotPutOn)]);
    assert_eq!(case.cited("support_marker_considered"), ["ATW-14"]);
    let (rules, why, _) = case.refusal(&Gather("", EVERYTHING));
    assert_eq!(rules, ["R-NOT-PRESCRIBED", "ATW-22"]);
    assert!(why.contains("RecordClosingNote"), "{why}");
    assert_eq!(case.refusal(&As(Role::AtwSpoc, &Determine(false, true))).0, ["ATW-12", "ATW-19"]);
}
