//! Access to Work: concerns, triage, the form, and the visits with CEAST's letter.

use super::benefits::{
    atw_form, concern, contact, decide, given, held, open, owed, refer, refused, task, triage, unopened, visit, when,
};
use super::case::{Case, NO_ANSWER, REFERRED, UNSAFE, cited, london};
use holdfast_procedure::Role::{AtwAdviser, AtwProcessor, AtwSpoc, Ceast, Officer, VisitingOfficer};
use holdfast_procedure::benefit::Benefit::{AccessToWork, Pip};
use holdfast_procedure::protection::HoldGround::{ConcernOnRecord, OpenReferral, TwoIneffectiveVisits};
use holdfast_procedure::protection::{Standing, Why};
use holdfast_procedure::visiting::{
    Eligibility, SecondVisit, Stage, TriageResult, Verdict, VisitingForm, WithdrawalGround, file, open_award,
};
use holdfast_procedure::{NoteIn, Role, Told};

const RAISED: &str = "2026-05-29 09:00";

fn raised() -> Case {
    given(vec![(RAISED, AtwProcessor, open(AccessToWork, concern(RAISED)))])
}

fn triaged(result: TriageResult) -> Case {
    let mut case = raised();
    when(&mut case, vec![("2026-06-01 10:00", AtwSpoc, triage("2026-06-01 10:00", result))]);
    case
}

fn referred() -> Case {
    let mut case = triaged(TriageResult::VisitAppropriate);
    let at = "2026-06-01 11:00";
    when(&mut case, vec![(at, AtwSpoc, refer(AccessToWork, london(at), atw_form()))]);
    case
}

fn called(outcome: holdfast_procedure::visiting::Outcome) -> Case {
    let mut case = referred();
    when(&mut case, vec![("2026-06-02 10:00", VisitingOfficer, visit("2026-06-02 10:00", outcome))]);
    case
}

#[test]
fn a_concern_opens_a_case_that_the_spoc_triages() {
    let case = raised();
    assert_eq!((case.state.stage, open_award(&case.state).is_some()), (Stage::TriageDue, true));
    assert_eq!(owed(&case), [("triage:1".to_owned(), AtwSpoc, "ATW-4", "TriageConcern")]);
    assert_eq!(held(&case), [ConcernOnRecord]);
    assert_eq!(cited(case.last("concern_raised")), ["GEN-2", "R-HOLD-FROM-CONCERN", "ATW-4N", "ATW-4"]);
    assert_eq!(case.last("case_opened").version, "atw/1");
}

/// The same in PIP is a concern on a case that a referral opened.
#[test]
fn a_concern_opens_no_case_where_the_guidance_does_not_say_so() {
    let (rules, why) = refused(&mut unopened(), Officer, &open(Pip, concern(RAISED)));
    assert_eq!(rules, ["R-NOT-PRESCRIBED"]);
    assert!(why.contains("ReferForVisit"), "{why}");
}

#[test]
fn only_the_spoc_triages() {
    for role in [AtwProcessor, AtwAdviser] {
        let refuse = triage(RAISED, TriageResult::VisitAppropriate);
        assert_eq!(refused(&mut raised(), role, &refuse).0, ["ATW-4", "ATW-3", "ATW-5"]);
    }
    let mut pip = Case::referred();
    assert_eq!(refused(&mut pip, AtwSpoc, &triage(RAISED, TriageResult::NoConcern)).0, ["R-NOT-PRESCRIBED"]);
}

#[test]
fn what_the_triage_finds_settles_who_goes_on() {
    for (result, stage, tasks, holds) in [
        (TriageResult::VisitAppropriate, Stage::ReferralDue, 1, vec![ConcernOnRecord]),
        (TriageResult::ConcernWithoutVisit, Stage::ConcernWithSpoc, 0, vec![ConcernOnRecord]),
        (TriageResult::NoConcern, Stage::WithAdviser, 0, vec![]),
    ] {
        let case = triaged(result);
        assert_eq!((case.state.stage, owed(&case).len(), held(&case)), (stage, tasks, holds), "{result:?}");
    }
    let case = triaged(TriageResult::VisitAppropriate);
    assert_eq!(owed(&case), [("referral".to_owned(), AtwSpoc, "ATW-4", "ReferForVisit")]);
    assert_eq!(cited(triaged(TriageResult::ConcernWithoutVisit).last("stage_reached"))[0], "R-NO-VISIT");
    let released = triaged(TriageResult::NoConcern);
    let hold = released.state.protection.get(ConcernOnRecord).expect("a hold");
    assert_eq!(hold.state, Standing::Released { why: Why::VisitConsidered });
    let told = released.last("protection_released").event.summary();
    assert!(told.contains("the triage found no concern"), "{told}");
}

/// The adviser who finds one goes back to the SPOC (5).
#[test]
fn a_further_concern_is_triaged_anew_whoever_has_the_case() {
    for result in [TriageResult::NoConcern, TriageResult::ConcernWithoutVisit, TriageResult::VisitAppropriate] {
        let mut case = triaged(result);
        let again = super::benefits::record(concern("2026-06-03 10:00"));
        when(&mut case, vec![("2026-06-03 10:00", AtwAdviser, again)]);
        assert_eq!((case.state.stage, held(&case)), (Stage::TriageDue, vec![ConcernOnRecord]), "{result:?}");
        assert_eq!(owed(&case)[0].0, "triage:3");
        let refer = refer(AccessToWork, case.now, atw_form());
        assert_eq!(refused(&mut case, AtwSpoc, &refer).0, ["ATW-3", "ATW-4", "ATW-5"], "{result:?}");
    }
}

/// A concern that was raised by mistake was none; a triage that was recorded wrongly is the SPOC's to correct.
#[test]
fn concerns_and_triages_are_corrected() {
    let mut case = raised();
    let void = |fact| {
        holdfast_procedure::visiting::Command::Correct(holdfast_procedure::visiting::Correction {
            fact,
            right: None,
            narrative: None,
            reason: super::case::words("mistaken"),
        })
    };
    // Whoever says that it was none, it is for the SPOC to dispose of.
    case.apply(AtwProcessor, &void(1)).expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::TriageDue, vec![ConcernOnRecord]));
    assert_eq!(owed(&case), [("triage:1".to_owned(), AtwSpoc, "ATW-4", "TriageConcern")]);
    assert!(case.notes.iter().any(|note| note.contains("TriageConcern")), "{:?}", case.notes);
    let mut found = case.clone();
    let at = "2026-06-01 10:00";
    when(&mut found, vec![(at, AtwSpoc, triage(at, TriageResult::VisitAppropriate))]);
    assert_eq!((found.state.stage, held(&found)), (Stage::ReferralDue, vec![ConcernOnRecord]));
    when(&mut case, vec![(at, AtwSpoc, triage(at, TriageResult::NoConcern))]);
    assert_eq!((case.state.stage, held(&case)), (Stage::WithAdviser, vec![]));
    // One that was triaged before stays triaged; a further one does not go away by itself, nor by another date.
    let mut case = triaged(TriageResult::NoConcern);
    case.apply(AtwAdviser, &void(1)).expect("a correction");
    assert_eq!(case.state.stage, Stage::WithAdviser);
    let again = super::benefits::record(concern("2026-06-03 10:00"));
    when(&mut case, vec![("2026-06-03 10:00", AtwAdviser, again)]);
    case.apply(AtwAdviser, &void(3)).expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::TriageDue, vec![ConcernOnRecord]));
    let refer = refer(AccessToWork, case.now, atw_form());
    assert_eq!(refused(&mut case, AtwSpoc, &refer).0, ["ATW-3", "ATW-4", "ATW-5"]);
    let mut case = triaged(TriageResult::NoConcern);
    assert_eq!(refused(&mut case, VisitingOfficer, &void(2)).0, ["ATW-4", "ATW-3", "ATW-5"]);
    case.apply(AtwSpoc, &void(2)).expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::TriageDue, vec![ConcernOnRecord]));
}

#[test]
fn nobody_but_the_spoc_refers_and_not_before_triage() {
    let at = london("2026-06-01 11:00");
    for role in [AtwAdviser, AtwProcessor, Role::Referrer] {
        let mut case = triaged(TriageResult::VisitAppropriate);
        case.now = at;
        assert_eq!(refused(&mut case, role, &refer(AccessToWork, at, atw_form())).0, ["ATW-3", "ATW-4"]);
    }
    let mut none = unopened();
    let early = refer(AccessToWork, london(REFERRED), atw_form());
    let (rules, why) = refused(&mut none, AtwSpoc, &early);
    assert_eq!(rules, ["ATW-3", "ATW-4", "ATW-5"]);
    assert!(why.contains("RaiseConcern") && why.contains("TriageConcern"), "{why}");
    for result in [TriageResult::ConcernWithoutVisit, TriageResult::NoConcern] {
        let mut case = triaged(result);
        case.now = at;
        assert_eq!(refused(&mut case, AtwSpoc, &refer(AccessToWork, at, atw_form())).0, ["ATW-3", "ATW-4", "ATW-5"]);
    }
}

/// Every item that is missing is named at once.
#[test]
fn the_form_needs_a_concern_exhausted_support_and_a_place_for_notes() {
    let form = |change: fn(&mut VisitingForm)| {
        let mut form = atw_form();
        change(&mut form);
        let mut case = triaged(TriageResult::VisitAppropriate);
        case.now = london("2026-06-01 11:00");
        let refer = refer(AccessToWork, case.now, form);
        refused(&mut case, AtwSpoc, &refer).0
    };
    let stands_in = form(|form| form.eligibility = vec![Eligibility::Vulnerable, Eligibility::ComplexNeeds]);
    assert_eq!(stands_in, ["R-FORM-NEEDS-CONCERN", "ATW-2"]);
    assert_eq!(form(|form| form.support_exhausted = false), ["ATW-2", "R-SUPPORT-EXHAUSTED", "ATW-1"]);
    assert_eq!(form(|form| form.note_in = None), ["ATW-8"]);
    assert_eq!(
        form(|form| *form = VisitingForm::default()),
        ["R-FORM-NEEDS-CONCERN", "ATW-2", "R-SUPPORT-EXHAUSTED", "ATW-1", "ATW-8"]
    );
}

#[test]
fn the_letter_asks_to_contact_ceast_within_five_working_days() {
    let case = called(NO_ANSWER);
    let window = case.state.window.clone().expect("a window");
    assert_eq!((case.state.stage, window.contact), (Stage::AwaitingContact, Ceast));
    assert_eq!(window.ends.due.ends_at, london("2026-06-09 23:59:59.999999"));
    assert_eq!(cited(case.last("contact_window_opened")), ["ATW-7", "R-WORKING-DAYS"]);
    assert_eq!(cited(case.last("fact_judged")), ["ATW-6"]);
}

#[test]
fn contact_in_time_is_written_up_by_the_spoc_and_either_party_tells_dwp_visiting() {
    for (at, in_time) in [("2026-06-09 23:59", true), ("2026-06-10 00:00", false)] {
        let mut case = called(NO_ANSWER);
        when(&mut case, vec![(at, Ceast, contact(at, None, None))]);
        assert_eq!(case.state.stage == Stage::SecondVisitUndecided, in_time, "{at}");
        assert_eq!(task(&case, "communications-note:4").is_some(), in_time, "{at}");
    }
    for by in [Ceast, AtwSpoc] {
        let mut case = called(NO_ANSWER);
        when(&mut case, vec![("2026-06-03 10:00", Ceast, contact("2026-06-03 10:00", None, None))]);
        let note = task(&case, "communications-note:4").expect("a note");
        assert_eq!((note.owner, note.rule.id), (AtwSpoc, "ATW-8"));
        assert!(note.what.ends_with("DISC and ATWIS"), "{}", note.what);
        when(&mut case, vec![("2026-06-03 11:00", by, decide(SecondVisit::NotNeeded, None))]);
        assert_eq!((case.state.stage, held(&case)), (Stage::EndedNoSecondVisit, vec![]));
        assert_eq!(case.state.decisions[0].by.role, by, "who told DWP Visiting is on record");
    }
    let mut case = called(NO_ANSWER);
    when(&mut case, vec![("2026-06-03 10:00", Ceast, contact("2026-06-03 10:00", None, None))]);
    assert_eq!(
        refused(&mut case, VisitingOfficer, &decide(SecondVisit::Needed, None)).0,
        ["ATW-8", "R-CONTACT-TOLD-BY"]
    );
}

#[test]
fn two_visits_or_an_unsafe_area_go_back_to_ceast_and_the_spoc() {
    let mut two = called(NO_ANSWER);
    when(&mut two, vec![("2026-06-10 10:00", VisitingOfficer, visit("2026-06-10 10:00", NO_ANSWER))]);
    for (case, rules) in [(two, vec!["ATW-10"]), (called(UNSAFE), vec!["ATW-6U", "ATW-10"])] {
        let to = case.state.handover.as_ref().expect("a handover").to.clone();
        assert_eq!((case.state.stage, to), (Stage::HandedOver, vec![Ceast, AtwSpoc]));
        assert_eq!(cited(case.last("stage_reached")), rules);
        let told = file(&case.state).expect("a file");
        assert_eq!((told.lead, told.note_in), (Ceast, Some(NoteIn::Both)));
        assert!(case.state.protection.get(TwoIneffectiveVisits).is_some());
        assert_eq!(case.verdicts().len(), told.entries.iter().filter(|entry| entry.counts).count());
    }
    assert_eq!(called(UNSAFE).verdicts(), [(3, Verdict::CountsAsTwo)]);
}

/// The second visit comes without anybody asking (9), and not before.
#[test]
fn without_contact_the_second_visit_is_due_when_the_five_days_are_over() {
    for (at, stage) in [("2026-06-09 23:59", Stage::AwaitingContact), ("2026-06-10 00:00", Stage::SecondVisitDue)] {
        let mut case = called(NO_ANSWER);
        when(&mut case, vec![(at, Role::Suite, holdfast_procedure::visiting::Command::LetTimePass)]);
        assert_eq!(case.state.stage, stage, "{at}");
    }
}

#[test]
fn those_who_refer_withdraw_a_case_without_a_referral_too() {
    let withdraw = holdfast_procedure::visiting::Command::Withdraw {
        ground: WithdrawalGround::RecordedInError,
        reason: super::case::words("another customer"),
    };
    let mut case = raised();
    assert_eq!(refused(&mut case, Role::Referrer, &withdraw).0, ["R-WITHDRAWAL"]);
    case.apply(AtwSpoc, &withdraw).expect("a withdrawal");
    assert_eq!((case.state.stage, held(&case), open_award(&case.state)), (Stage::EndedWithdrawn, vec![], None));
}

#[test]
fn a_referral_on_a_triaged_case_keeps_what_the_case_is_about() {
    let case = referred();
    assert_eq!((case.state.stage, held(&case)), (Stage::FirstVisitDue, vec![ConcernOnRecord]));
    assert_eq!(case.state.protection.get(OpenReferral), None);
    let made = case.state.referral.as_ref().expect("a referral");
    assert_eq!((made.by.role, made.form.note_in), (AtwSpoc, Some(NoteIn::Both)));
    assert_eq!(case.state.opened.as_ref().map(|opened| opened.by.role), Some(AtwProcessor));
}

/// Whoever triages cannot have looked at a concern that nobody had recorded, whenever it is said to have arisen.
#[test]
fn a_triage_covers_only_what_was_on_record() {
    for (arose, result) in [
        ("2026-05-29 12:00", TriageResult::NoConcern),
        ("2026-05-29 12:00", TriageResult::VisitAppropriate),
        ("2026-06-01 10:00", TriageResult::ConcernWithoutVisit),
        ("2026-06-02 09:00", TriageResult::NoConcern),
    ] {
        let mut case = triaged(result);
        when(&mut case, vec![("2026-06-02 10:00", AtwAdviser, super::benefits::record(concern(arose)))]);
        assert_eq!((case.state.stage, held(&case)), (Stage::TriageDue, vec![ConcernOnRecord]), "{arose} {result:?}");
        assert_eq!(owed(&case), [("triage:3".to_owned(), AtwSpoc, "ATW-4", "TriageConcern")], "{arose} {result:?}");
        let refer = refer(AccessToWork, case.now, atw_form());
        assert_eq!(refused(&mut case, AtwSpoc, &refer).0, ["ATW-3", "ATW-4", "ATW-5"], "{arose} {result:?}");
        when(&mut case, vec![("2026-06-02 11:00", AtwSpoc, triage("2026-06-02 11:00", TriageResult::NoConcern))]);
        assert_eq!((case.state.stage, held(&case)), (Stage::WithAdviser, vec![]), "{arose} {result:?}");
    }
}

/// A correction takes the place of what it corrects, in the order of recording too.
#[test]
fn a_corrected_concern_or_triage_keeps_its_place() {
    use holdfast_procedure::visiting::{Command, Correction, Happening, Triage};
    let correct = |fact, right| {
        let reason = super::case::words("another hour");
        Command::Correct(Correction { fact, right: Some(right), narrative: None, reason })
    };
    let mut case = triaged(TriageResult::NoConcern);
    case.apply(AtwSpoc, &correct(1, concern("2026-05-29 08:00"))).expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::WithAdviser, vec![]), "the triage covers the same concern");
    when(&mut case, vec![("2026-06-02 10:00", AtwAdviser, super::benefits::record(concern("2026-05-29 12:00")))]);
    let other_hour =
        Happening::Triage(Triage { occurred_at: london("2026-06-01 11:00"), result: TriageResult::NoConcern });
    case.apply(AtwSpoc, &correct(2, other_hour)).expect("a correction");
    assert_eq!(case.state.stage, Stage::TriageDue, "no correction of a triage covers what came after it");
}

#[test]
fn effective_contact_does_not_withdraw_before_the_triage() {
    use holdfast_procedure::visiting::Command;
    let rang = || Command::Withdraw { ground: WithdrawalGround::EffectiveContact, reason: super::case::words("rang") };
    let (rules, why) = refused(&mut raised(), AtwSpoc, &rang());
    assert_eq!(rules, ["R-WITHDRAWAL", "ATW-4", "ATW-3", "ATW-5"]);
    assert!(why.contains("TriageConcern"), "{why}");
    for result in [TriageResult::NoConcern, TriageResult::ConcernWithoutVisit, TriageResult::VisitAppropriate] {
        let mut case = triaged(result);
        case.apply(AtwSpoc, &rang()).expect("a withdrawal");
        assert_eq!(case.state.stage, Stage::EndedWithdrawn, "{result:?}");
    }
    let mut case = referred();
    case.apply(AtwSpoc, &rang()).expect("Access to Work asks for no confidence");
}

/// Recorded, and whoever raised it is told how it gets to somebody.
#[test]
fn a_concern_on_a_case_that_has_ended_is_raised_anew() {
    let withdraw = holdfast_procedure::visiting::Command::Withdraw {
        ground: WithdrawalGround::Abroad,
        reason: super::case::words("abroad"),
    };
    for mut case in [raised(), referred()] {
        case.apply(AtwSpoc, &withdraw).expect("a withdrawal");
        let facts = case.state.facts.len();
        when(&mut case, vec![("2026-06-03 10:00", AtwAdviser, super::benefits::record(concern("2026-06-03 10:00")))]);
        assert_eq!((case.state.stage, case.state.facts.len()), (Stage::EndedWithdrawn, facts + 1));
        let told = case.notes.last().expect("a note");
        for part in ["Recorded.", "RaiseConcern anew", "the award and the place", "ATW-4N"] {
            assert!(told.contains(part), "{told}");
        }
    }
    let mut open = triaged(TriageResult::NoConcern);
    when(&mut open, vec![("2026-06-03 10:00", AtwAdviser, super::benefits::record(concern("2026-06-03 10:00")))]);
    assert!(open.notes.iter().all(|note| !note.contains("anew")), "{:?}", open.notes);
}
