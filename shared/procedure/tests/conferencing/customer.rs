//! What becomes known of the customer at any stage: a death, a move, a second record of the same person.

use super::case::{CHECKED, Case, two_visits};
use super::file_samples::access_to_work;
use super::step::EVERYTHING;
use super::step::Step::{self, *};
use super::together::PAGES;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::conferencing::Stage;
use holdfast_procedure::handover::File;
use holdfast_procedure::{Place, Role};

/// Everything but the customer's record.
fn standing(case: &Case) -> impl PartialEq + std::fmt::Debug + use<> {
    let state = &case.state;
    (state.stage, case.owed(), state.determination.clone(), state.closing_note.clone(), state.decision.clone())
}

fn others() -> impl Iterator<Item = Stage> {
    super::case::STAGES.into_iter().filter(|stage| *stage != Stage::EndedDeath)
}

#[test]
fn a_reported_death_is_to_be_verified_and_the_case_goes_on() {
    for stage in others() {
        let mut case = Case::at(stage);
        let before = case.owed();
        case.when(&[Died("")]);
        assert_eq!(case.state.stage, stage);
        // Once a case was taken back, DWP Visiting leads it and is prompted.
        let review = Some("consider-review".to_owned()).filter(|_| stage != Stage::EndedTakenBack);
        let of_death = ["confirm-death".to_owned()].into_iter().chain(review);
        assert_eq!(case.owed(), [before, of_death.collect()].concat(), "nothing here contacts the customer");
        assert_eq!(case.cited("death_reported"), ["GEN-3", "R-DEATH"]);
        let prompted = case.task("consider-review").map(|task| task.rule.id);
        assert_eq!(prompted, Some("R-DEATH-REVIEW").filter(|_| stage != Stage::EndedTakenBack));
        let journal = case.journal.len();
        case.when(&[As(Role::Referrer, &Died(""))]);
        assert_eq!((case.journal.len(), case.notes.len()), (journal, 1), "it is reported once");
    }
}

#[test]
fn a_verified_death_ends_the_case_at_any_stage_and_a_mistake_brings_it_back() {
    const SAME_PERSON: Step = As(Role::Officer, &ConfirmDeath);
    for stage in others() {
        let mut case = Case::at(stage);
        let before = standing(&case);
        case.when(&[Died("")]);
        let (rules, _, allowed) = case.refusal(&SAME_PERSON);
        assert_eq!(rules, ["R-DEATH-VERIFIED", "R-DIFFERENT-PERSONS"]);
        assert!(allowed.contains(&"CorrectDeathReport") && !allowed.contains(&"ConfirmDeath"), "{allowed:?}");
        case.when(&[Now("2026-06-13 09:00"), ConfirmDeath]);
        assert_eq!((case.state.stage, case.state.since), (Stage::EndedDeath, Some(case.now)), "{stage:?}");
        assert_eq!(case.cited("stage_reached"), ["GEN-3", "R-DEATH-VERIFIED"]);
        let ended: &[&str] = if stage == Stage::EndedTakenBack { &[] } else { &["consider-review"] };
        assert_eq!(case.owed(), ended);
        case.when(&[DeathMistaken]);
        assert_eq!(standing(&case), before, "{stage:?}");
        assert_eq!(case.cited("death_report_corrected"), ["R-DEATH-MISTAKEN"]);
    }
}

/// Every page's case with whoever decides.
fn to_decide() -> Vec<Case> {
    let by_participants = PAGES.map(|page| page.ready().then(&[Gather("", EVERYTHING), Return]));
    let access_to_work = Case::with(access_to_work).then(&CHECKED);
    let straight_back = access_to_work.then(&[Further(false), Determine(true, false), Arrival, Return]);
    [Case::at(Stage::DecisionDue), straight_back].into_iter().chain(by_participants).collect()
}

/// Nothing is taken from somebody of whom nobody knows whether they live; what takes nothing is decided.
#[test]
fn an_adverse_decision_waits_until_a_reported_death_is_settled() {
    for mut case in to_decide() {
        let outcomes = super::always::page(&case).conferencing.decision.says.outcomes;
        let holds = case.state.protection.clone();
        case.when(&[Died("")]);
        for outcome in outcomes {
            let mut case = case.clone();
            if !outcome.is_adverse() {
                case.when(&[Decide(*outcome)]);
                continue;
            }
            let (rules, why, allowed) = case.refusal(&Decide(*outcome));
            assert_eq!(rules, ["GEN-3", "R-DEATH-VERIFIED"], "{outcome:?}");
            assert!(why.contains("the customer is said to have died"), "{why}");
            assert!(allowed.contains(&"ConfirmDeath") || allowed.contains(&"CorrectDeathReport"), "{allowed:?}");
            assert_eq!(case.state.protection, holds, "{outcome:?}: the holds stand");
            case.when(&[DeathMistaken, Decide(*outcome)]);
            assert_eq!(case.state.stage, Stage::Decided);
        }
    }
}

/// What happens meanwhile is kept, and counts once the report was mistaken.
#[test]
fn what_is_recorded_after_a_verified_death_is_not_lost() {
    let mut case = Case::at(Stage::Escalated).then(&[Died(""), ConfirmDeath, Concluded("2026-06-12 10:00")]);
    assert_eq!(case.state.stage, Stage::EndedDeath);
    case.when(&[As(Role::Officer, &Contact("")), Agree(Role::Referrer, None)]);
    assert_eq!(case.owed(), ["consider-review"]);
    case.when(&[DeathMistaken]);
    assert_eq!(
        (case.state.stage, case.blocking()),
        (Stage::DeterminationDue, vec!["action:1".into(), "contact:1".into(), "determination".into()])
    );
}

fn elsewhere() -> File {
    let mut file = two_visits();
    file.entries[1].narrative = None;
    file.place = Place { nation: Nation::Wales, area: "West".to_owned() };
    file.award.customer = "C-9".to_owned();
    file
}

/// What became known here is not undone by a file from elsewhere.
#[test]
fn a_move_and_a_merger_are_kept_up_at_every_stage() {
    for stage in super::case::STAGES {
        let mut case = Case::at(stage).then(&[Moved(Nation::Scotland), Merged("C-2")]);
        let file = |case: &Case| case.state.received.as_ref().expect("a file").file.clone();
        let journal = case.journal.len();
        case.when(&[Moved(Nation::Scotland)]);
        assert_eq!((case.journal.len(), case.state.stage), (journal, stage), "they live there already");
        assert_eq!(case.faults(&Merged("C-2")), ["into"]);
        case.when(&[Receive(elsewhere)]);
        let known = (file(&case).place.nation, file(&case).award.customer);
        assert_eq!(known, (Nation::Scotland, "C-2".to_owned()), "{stage:?}");
        assert_eq!(case.state.customer.formerly, ["C-1"]);
    }
}

/// Scotland works on the last Monday of August, England does not: lateness follows the address.
#[test]
fn working_days_are_those_of_where_the_customer_lives_now() {
    let find = Find(
        holdfast_procedure::conferencing::AssuranceItem::Documents,
        holdfast_procedure::conferencing::FindingResult::Reviewed,
        "2026-08-26 10:00",
    );
    let today = Now("2026-09-10 10:00");
    Case::given(&[today, find]);
    let mut moved = Case::given(&[Moved(Nation::Scotland), today]);
    assert_eq!(moved.faults(&find), ["late_reason"]);
}
