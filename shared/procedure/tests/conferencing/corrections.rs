//! What was recorded wrongly is superseded, stays readable, and what rested on it is judged again.

use super::case::{Case, actor, london, words};
use super::step::Step::{self, *};
use super::step::{CES, REFERRER};
use holdfast_procedure::conferencing::ActionResult::{NotTaken, Taken};
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::conferencing::{
    ActionReport, ActionResult, AssuranceItem, ClosingNote, Command, ConferenceHeld, ContactHeard, Correction, Finding,
    FindingResult, Happening, Outcome, Participant,
};
use holdfast_procedure::handover::EscalationOutcome;
use holdfast_procedure::protection::HoldGround;
use holdfast_procedure::visiting::{Channel, ContactBy};
use holdfast_procedure::{Refusal, Role, Told};

fn correction(fact: u32, right: Option<Happening>) -> Command {
    Command::Correct(Correction { fact, right, reason: words("secret: mistaken") })
}

/// Corrects a fact, which is not refused.
fn correct(case: &mut Case, by: Role, fact: u32, right: Option<Happening>) {
    case.apply(by, &correction(fact, right)).unwrap_or_else(|refusal| panic!("fact {fact}: {refusal:?}"));
}

fn refused(case: &mut Case, by: Role, fact: u32, right: Option<Happening>) -> (Vec<&'static str>, String) {
    match case.apply(by, &correction(fact, right)) {
        Err(Refusal::NotAllowed { rules, why, .. }) => (rules.iter().map(|rule| rule.id).collect(), why),
        other => panic!("fact {fact}: {other:?}"),
    }
}

fn finding(case: &Case, item: AssuranceItem) -> Happening {
    let (occurred_at, account) = (case.now, words("secret: right"));
    Happening::Finding(Finding { item, result: FindingResult::Reviewed, occurred_at, account })
}

fn report(case: &Case, action: u32, result: ActionResult) -> Happening {
    Happening::ActionReport(ActionReport { action, result, occurred_at: case.now, account: words("secret: right") })
}

fn held(case: &Case, there: &[super::step::There]) -> Happening {
    let participant = |there: &super::step::There| Participant { party: there.0, person: there.1.to_owned() };
    Happening::Conference(ConferenceHeld {
        occurred_at: case.now,
        participants: there.iter().map(participant).collect(),
        account: words("secret: right"),
        partnership_manager: None,
        deferral: None,
    })
}

/// The number of the last fact that stands.
fn last(case: &Case) -> u32 {
    case.state.facts.all().filter(|(_, kept)| kept.superseded.is_none()).map(|(number, _)| number).last().unwrap()
}

fn held_by(case: &Case, ground: HoldGround) -> bool {
    case.state.protection.get(ground).is_some_and(|hold| hold.stands_here())
}

const TO_DECISION: [Step; 5] = [Conference("", &[CES, REFERRER]), Determine(true, false), Note(""), Arrival, Return];

/// A case that is with the Case Manager after a conference, which is fact 5; its note is fact 6.
fn with_case_manager() -> Case {
    let case = Case::at(ConferenceDue).then(&TO_DECISION);
    assert_eq!((case.state.stage, last(&case)), (DecisionDue, 6));
    case
}

#[test]
fn facts_are_numbered_in_the_order_they_were_recorded_and_a_wrong_one_stays_readable() {
    let mut case = Case::at(DeterminationDue).then(&[Contact(""), Conference("", &[CES, REFERRER])]);
    let numbers: Vec<_> = case.state.facts.all().map(|(number, _)| number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    let wrong = case.state.facts.get(2).expect("fact 2").what.clone();
    let right = finding(&case, AssuranceItem::PreviousInteractions);
    correct(&mut case, Role::CesTeam, 2, Some(right.clone()));
    let kept: Vec<_> = case.state.facts.all().collect();
    let superseded = kept[1].1.superseded.as_ref().expect("fact 2 is superseded");
    assert_eq!((&kept[1].1.what, superseded.by_fact, &superseded.by), (&wrong, Some(7), &actor(Role::CesTeam)));
    assert_eq!((kept[6].0, kept[6].1.corrects, &kept[6].1.what.happening), (7, Some(2), &right));
    assert_eq!(case.state.findings.len(), 4, "the right one stands in its place");
    assert_eq!(case.cited("fact_corrected"), ["R-RECORDED-ALWAYS"]);
    assert!(case.apply(Role::CesTeam, &correction(2, None)).is_err(), "what is superseded stands no more");
}

#[test]
fn the_journal_tells_a_facts_number_and_what_a_correction_changed() {
    let mut case = Case::at(DeterminationDue);
    let told = |case: &Case, name| case.last(name).event.summary();
    let documents = "documents and notes held, for example a medical report";
    let nothing = format!("nothing held on {documents}, as the assurance check found");
    let Happening::Finding(first) = case.state.facts.get(3).expect("fact 3").what.happening.clone() else {
        panic!("a finding")
    };
    let summaries: Vec<_> = case.journal.iter().map(|kept| kept.ruled.event.summary()).collect();
    assert!(summaries.contains(&format!("Fact 3: {nothing}.")), "{summaries:?}");
    let reviewed = Finding { result: FindingResult::Reviewed, occurred_at: london("2026-06-10 11:00"), ..first };
    correct(&mut case, Role::CesTeam, 3, Some(Happening::Finding(reviewed)));
    assert_eq!(
        told(&case, "fact_corrected"),
        format!(
            "Fact 3, {nothing}, on 10 June 2026 at 12:00, was wrong; fact 5 takes its place: {documents} reviewed in the \
             assurance check, on 10 June 2026 at 11:00."
        )
    );
    case.when(&[Contact("2026-06-09 23:30")]);
    assert_eq!(told(&case, "contact_recorded"), "Fact 6: the customer got in touch by telephone.");
    correct(&mut case, Role::CesTeam, 6, None);
    let never = "Fact 6, the customer got in touch by telephone, on 9 June 2026 at 23:30, never happened.";
    assert_eq!(told(&case, "fact_corrected"), never);
}

#[test]
fn an_item_that_was_not_looked_at_is_owed_again() {
    let mut case = Case::at(DeterminationDue);
    correct(&mut case, Role::Referrer, 3, None);
    assert_eq!(case.state.stage, Assurance);
    assert_eq!(case.blocking(), ["assurance:documents"]);
    // What was told of one item was another.
    let right = finding(&case, AssuranceItem::Documents);
    correct(&mut case, Role::CesTeam, 4, Some(right));
    assert_eq!(case.blocking(), ["assurance:third-parties"]);
}

#[test]
fn a_conference_that_never_happened_counts_no_more_and_the_file_comes_back() {
    let mut case = with_case_manager();
    correct(&mut case, Role::CesTeam, 5, None);
    assert_eq!(case.state.stage, ConferenceDue);
    assert_eq!((case.state.returned_at, case.state.closing_note.is_none()), (None, true));
    assert_eq!(case.cited("fact_corrected"), ["R-RECORDED-ALWAYS", "PIP-12", "R-SATISFIED", "PIP-18"]);
    assert!(case.blocking().contains(&"conference".to_owned()), "{:?}", case.blocking());
    assert!(case.owed().iter().any(|key| key.starts_with("ownership:again-1")), "it is the lead's again");
    assert!(held_by(&case, HoldGround::TwoIneffectiveVisits), "the award stays protected");
    assert!(case.notes.iter().any(|note| note.contains("is with the CES Team again")), "{:?}", case.notes);
    // And it goes the whole way again.
    case.when(&TO_DECISION);
    case.when(&[Decide(Outcome::NotDisallow)]);
    assert_eq!(case.state.stage, Decided);
}

#[test]
fn a_conference_without_the_parties_does_not_count_and_one_with_them_counts_after_all() {
    let mut case = Case::at(ConferenceDue).then(&[Conference("", &[CES, REFERRER])]);
    let alone = held(&case, &[CES]);
    correct(&mut case, Role::CesTeam, 5, Some(alone));
    assert_eq!((case.state.stage, case.state.conferences[0].1), (ConferenceDue, false));
    assert!(case.notes.iter().any(|note| note.contains("does not count")), "{:?}", case.notes);
    let both = held(&case, &[CES, REFERRER]);
    correct(&mut case, Role::CesTeam, 6, Some(both));
    assert_eq!((case.state.stage, case.state.conferences[0].1), (DeterminationDue, true));
}

#[test]
fn a_determination_that_rested_on_it_is_to_be_made_again() {
    for stage in [ClosingNoteDue, ReturnDue] {
        let mut case = Case::at(stage);
        let right = finding(&case, AssuranceItem::Circumstances);
        correct(&mut case, Role::CesTeam, 1, Some(right));
        assert_eq!((case.state.stage, case.state.closing_note.is_none()), (DeterminationDue, true), "{stage:?}");
    }
    // What nobody had looked at when it was determined is nothing that it rested on.
    let mut case = Case::at(DecisionDue);
    case.now += chrono::TimeDelta::minutes(1);
    case.when(&[Find(AssuranceItem::Other, FindingResult::Reviewed, "")]);
    let later = last(&case);
    correct(&mut case, Role::CesTeam, later, None);
    assert_eq!((case.state.stage, case.owed().iter().any(|key| key.starts_with("enquiry"))), (DecisionDue, false));
}

#[test]
fn an_action_that_was_not_taken_after_all_is_open_again() {
    let mut case = Case::at(DeterminationDue).then(&[Agree(Role::Referrer, None), Report(1, Taken, "")]);
    case.when(&[Determine(true, false), Note(""), Arrival, Return]);
    let not_taken = report(&case, 1, NotTaken);
    assert_eq!(
        refused(&mut case, Role::AtwSpoc, 5, Some(not_taken.clone())).0,
        ["PIP-12", "R-SATISFIED", "R-OPEN-ACTION"]
    );
    correct(&mut case, Role::Referrer, 5, Some(not_taken));
    assert_eq!(case.state.stage, DeterminationDue);
    assert_eq!(case.state.open_actions().count(), 1);
    assert_eq!(case.refusal(&Determine(true, false)).0, ["PIP-12", "R-SATISFIED", "R-OPEN-ACTION"]);
    let another = report(&case, 9, Taken);
    assert!(matches!(case.apply(Role::CesTeam, &correction(last(&case), Some(another))), Err(Refusal::Invalid(_))));
}

#[test]
fn a_closing_note_that_was_not_made_is_owed_again() {
    let mut case = with_case_manager();
    assert_eq!(refused(&mut case, Role::Referrer, 6, None).0, ["PIP-17"]);
    let right = ClosingNote { occurred_at: case.now, system: "PIPCS".to_owned(), reference: "note 8".to_owned() };
    correct(&mut case, Role::CesTeam, 6, Some(Happening::ClosingNote(right.clone())));
    assert_eq!((case.state.stage, case.state.closing_note.as_ref()), (DecisionDue, Some(&right)), "the file stays");
    correct(&mut case, Role::CesTeam, 7, None);
    assert_eq!(case.state.stage, ClosingNoteDue);
    assert!(case.state.determination.as_ref().is_some_and(|determination| determination.satisfied));
}

#[test]
fn after_the_decision_it_is_recorded_and_whoever_decided_is_asked_to_reconsider() {
    let mut case = with_case_manager().then(&[Decide(Outcome::Disallow)]);
    correct(&mut case, Role::CesTeam, 5, None);
    assert_eq!((case.state.stage, case.state.decision.is_some()), (Decided, true));
    let task = case.task("corrected:5").expect("a task");
    assert_eq!((task.owner, task.rule.id), (Role::CaseManager, "R-RECONSIDERATION"));
    assert!(case.cited("fact_corrected").contains(&"R-RECONSIDERATION"));
    let considered = case.clone().then(&[As(Role::CaseManager, &Complete("corrected:5", ""))]);
    assert!(considered.task("corrected:5").is_none());
    case.when(&[Reopen]);
    assert_eq!((case.state.stage, case.task("corrected:5")), (ConferenceDue, None));
}

#[test]
fn contact_that_was_otherwise_is_considered_anew() {
    let mut case = Case::at(ReturnDue).then(&[As(Role::Referrer, &Contact("")), Complete("contact:1", "")]);
    assert!(case.task("contact:1").is_none());
    let fact = last(&case);
    let (occurred_at, account) = (case.now, words("secret: right"));
    let right = ContactHeard { occurred_at, channel: Channel::Letter, by: ContactBy::Representative, account };
    correct(&mut case, Role::Referrer, fact, Some(Happening::Contact(right)));
    assert!(case.blocking().contains(&"contact:2".to_owned()), "{:?}", case.blocking());
    correct(&mut case, Role::Referrer, fact + 1, None);
    assert!(case.task("contact:2").is_none() && case.state.contacts.is_empty());
}

#[test]
fn contact_passed_on_by_safeguarding_is_corrected_there() {
    let mut case = Case::at(ReturnDue).then(&[PassedOn(Role::SafeguardingLeader, "")]);
    let fact = last(&case);
    let (rules, why) = refused(&mut case, Role::CesTeam, fact, None);
    assert!(rules == ["R-LATER-CONTACT"] && why.contains("EscalationService"), "{why}");
    let told = |wrong: &str| Command::CorrectPassedOn {
        wrong: words(wrong),
        right: None,
        reason: words("secret: mistaken"),
        by: actor(Role::SafeguardingLeader),
    };
    assert!(matches!(case.apply(Role::Suite, &told("secret: another")), Err(Refusal::NoSuchPart(_))));
    case.apply(Role::Suite, &told("secret: said")).expect("a correction");
    assert!(case.state.contacts.is_empty() && case.task("contact:1").is_none());
}

#[test]
fn the_note_of_a_conference_that_never_happened_is_owed_anew_after_another() {
    let mut case = super::together::PAGES[0].ready();
    assert!(case.state.review_note().is_some());
    let conference = case.state.facts.all().find(|(_, kept)| matches!(kept.what.happening, Happening::Conference(_)));
    let fact = conference.map(|(number, _)| number).expect("a conference");
    correct(&mut case, Role::Referrer, fact, None);
    assert!(case.state.review_note().is_none(), "what was noted never took place");
}

#[test]
fn an_outcome_that_safeguarding_corrected_is_considered_by_whoever_has_the_file() {
    let mut case = Case::at(Escalated).then(&[Concluded("2026-06-12 10:00"), Note(""), Arrival, Return]);
    let told = case.state.outcomes[0].clone();
    let right = EscalationOutcome { steps: vec![], ..told };
    case.apply(Role::Suite, &Command::RecordEscalationOutcome(right.clone())).expect("as it stands now");
    assert_eq!((case.state.stage, &case.state.outcomes), (DecisionDue, &vec![right]));
    assert_eq!(case.task("outcome-corrected:1").expect("a task").owner, Role::CaseManager);
    assert!(case.refusal(&Decide(Outcome::Disallow)).1.contains("outcome-corrected:1"));
}

#[test]
fn a_correction_of_another_kind_or_with_a_date_ahead_is_not_valid() {
    let mut case = Case::at(DeterminationDue);
    let mut fields = |fact, right| match case.apply(Role::CesTeam, &correction(fact, Some(right))) {
        Err(Refusal::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let case = Case::at(DeterminationDue);
    assert_eq!(fields(1, held(&case, &[CES])), ["right"]);
    let Happening::Finding(right) = finding(&case, AssuranceItem::Other) else { unreachable!("a finding") };
    let ahead = Finding { occurred_at: case.now + chrono::TimeDelta::days(1), ..right };
    assert_eq!(fields(1, Happening::Finding(ahead)), ["finding.occurred_at"]);
}
