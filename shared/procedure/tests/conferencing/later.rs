//! What is recorded, said or comes to light after somebody was satisfied, and what was looked at before the visits.

use super::case::{CHECKED, Case, NO_ANSWER, file_of};
use super::file_samples::{access_to_work, in_benefit, with_contact};
use super::step::Step::{self, *};
use super::step::{CEAST, CES, EVERYTHING, REFERRER, SPOC, TEAM_LEADER, There};
use super::together::PAGES;
use super::versions::{another_lead_from, given};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::conferencing::AssuranceItem::*;
use holdfast_procedure::conferencing::Deferral::NotAppropriate as DEFERRAL;
use holdfast_procedure::conferencing::FindingResult::Reviewed;
use holdfast_procedure::conferencing::Outcome::{Disallow, NotDisallow};
use holdfast_procedure::conferencing::PartnershipManager::NotInvolved as MANAGER;
use holdfast_procedure::conferencing::Party::Department;
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::conferencing::{Command, Conferencing, Event};
use holdfast_procedure::handover::{File, Happened};
use holdfast_procedure::{Actor, Context, Decider, Refusal, Role, Workload};

const HELD: Step = Conference("", &[CES, REFERRER]);
const FOUND: Step = Find(Other, Reviewed, "");
const RANG: Step = As(Role::Officer, &Contact(""));

fn with_concern() -> File {
    let mut file = file_of(&[
        (1, NO_ANSWER, "2026-06-01 10:00", true),
        (2, NO_ANSWER, "2026-06-09 10:00", true),
        (3, Happened::Concern, "2026-06-10 09:00", true),
    ]);
    file.entries[2].counts = false;
    file.since = file.entries[1].occurred_at;
    file
}

/// Whoever was satisfied had not heard of it: they are asked once more, and the note was of other steps.
#[test]
fn what_is_recorded_after_the_determination_has_it_made_again() {
    for stage in [ClosingNoteDue, ReturnDue] {
        for (step, owed) in [
            (HELD, None),
            (FOUND, None),
            (RANG, Some("contact:1")),
            (Receive(with_contact), Some("came-to-light:3")),
            (Receive(with_concern), Some("came-to-light:3")),
        ] {
            let mut case = Case::at(stage).then(&[step]);
            assert_eq!((case.state.stage, &case.state.closing_note), (DeterminationDue, &None), "{step:?}");
            assert!(case.refusal(&Return).0.contains(&"PIP-12"));
            if let Some(key) = owed {
                let (rules, why, _) = case.refusal(&Determine(true, false));
                assert_eq!(rules, ["PIP-12", "R-LATER-CONTACT"], "{step:?}");
                assert!(why.contains(key) && case.blocking().contains(&key.to_owned()), "{why}");
                case.when(&[Complete(key, "")]);
            }
            case.when(&[Determine(true, false), Note(""), Arrival, Return]);
        }
    }
    // A conference that does not count satisfies nobody, and unsettles nobody.
    assert_eq!(Case::at(ClosingNoteDue).then(&[Conference("", &[CES])]).state.stage, ClosingNoteDue);
}

#[test]
fn participants_are_asked_again_after_another_conference() {
    for page in PAGES {
        let case = page.ready().then(&[Gather("", EVERYTHING)]);
        for step in [page.held(), FOUND, RANG] {
            let case = case.clone().then(&[step]);
            assert_eq!((case.state.stage, &case.state.documentation), (DeterminationDue, &None), "{step:?}");
        }
    }
}

/// With whoever decides it is one more thing to weigh, and brings nothing back.
#[test]
fn an_enquiry_recorded_after_the_return_is_weighed_before_anything_is_taken() {
    for step in [As(Role::Referrer, &HELD), As(Role::CesTeam, &FOUND)] {
        let mut case = Case::at(DecisionDue).then(&[step]);
        assert_eq!(case.state.stage, DecisionDue);
        let number = case.state.facts.all().last().expect("a fact").0;
        let key: &'static str = Box::leak(format!("enquiry:{number}").into_boxed_str());
        let task = case.task(key).expect("it is to be considered");
        assert_eq!((task.owner, task.rule.id), (Role::CaseManager, "R-LATER-CONTACT"));
        let (rules, why, _) = case.refusal(&Decide(Disallow));
        assert_eq!(rules, ["PIP-18", "R-LATER-CONTACT"]);
        assert!(why.contains(key), "{why}");
        case.clone().when(&[Decide(NotDisallow)]);
        let done = Complete(key, "").command(case.now);
        case.apply(Role::CaseManager, &done).expect("whoever has the case considers it");
        case.when(&[Decide(Disallow)]);
    }
}

/// What was looked at before there was anything to look into is kept, and the item is owed.
#[test]
fn a_finding_from_before_the_visits_does_not_count() {
    let rest = [CHECKED[1], CHECKED[2], CHECKED[3], Further(false)];
    for (at, counts) in [("2026-06-09 09:59", false), ("2026-06-09 10:00", true)] {
        let mut case = Case::given(&[Find(Circumstances, Reviewed, at)]);
        assert_eq!(case.state.findings.len(), 1, "it is kept");
        assert_eq!(case.cited("finding_recorded").contains(&"R-RECORDED-ALWAYS"), !counts);
        let told = case.notes.iter().any(|note| note.contains("does not count towards the assurance check"));
        assert_eq!((told, case.task("assurance:circumstances").is_none()), (!counts, counts), "{:?}", case.notes);
        case.when(&rest);
        assert_eq!(case.state.stage, if counts { DeterminationDue } else { Assurance });
        assert_eq!(case.attempt(&Determine(true, false)).is_ok(), counts);
    }
}

fn referred_by(person: &str, mut file: File) -> File {
    file.referral.by.person = person.to_owned();
    file
}

fn by_the_leader() -> File {
    referred_by(TEAM_LEADER.1, in_benefit(super::case::two_visits(), Benefit::UniversalCredit))
}

/// Nobody leads on what they asked for themselves.
#[test]
fn whoever_referred_does_not_stand_for_the_lead() {
    const OTHERS: &[There] = &[(Department(Role::TeamLeader), "another.leader"), REFERRER];
    const ALL: &[There] = &[TEAM_LEADER, (Department(Role::TeamLeader), "another.leader"), REFERRER];
    let page = &PAGES[0];
    let held = |there| Considered("", there, Some(MANAGER), Some(DEFERRAL));
    let mut case = Case::with(by_the_leader).then(&CHECKED).then(&[held(page.between)]);
    assert_eq!((case.state.stage, case.state.conferences[0].1), (ConferenceDue, false));
    assert!(case.cited("conference_recorded").contains(&"R-DIFFERENT-PERSONS"));
    assert!(case.notes[0].contains("whoever referred is not the team leader as well"), "{:?}", case.notes);
    case.when(&[held(ALL)]);
    let (rules, why, _) = case.refusal(&Assented(false, page.between));
    assert_eq!(rules, ["UC-6", "R-SATISFIED", "R-DIFFERENT-PERSONS"]);
    assert!(why.contains("but who referred"), "{why}");
    // Nor do they determine, whoever else assents; a concern they take up like anybody who leads.
    let referrer = Actor { person: TEAM_LEADER.1.to_owned(), role: Role::TeamLeader, workload: Workload::Casework };
    let ask = |step: Step| {
        let context = Context { now: case.now, actor: &referrer, calendars: &case.calendars, guidance: &case.guidance };
        Conferencing::decide(&case.state, &step.command(case.now), &context)
    };
    let Err(Refusal::NotAllowed { rules, why, .. }) = ask(Assented(false, OTHERS)) else { panic!("it is refused") };
    assert_eq!(super::case::ids(&rules), ["UC-6", "R-SATISFIED", "R-DIFFERENT-PERSONS"]);
    assert!(why.contains("another person"), "{why}");
    assert!(ask(Determine(false, true)).is_ok());
    case.when(&[Assented(false, OTHERS)]);
    assert_eq!(case.state.stage, DocumentationDue);
}

/// Finding in between that none is required gives no more time: only a conference ends the term.
#[test]
fn the_term_of_a_conference_outlasts_a_change_of_mind() {
    let due = |case: &Case| case.task("conference").expect("a conference").due.expect("a date").due.ends_at;
    let mut case = Case::with(access_to_work).then(&CHECKED).then(&[Further(true)]);
    let first = due(&case);
    case.when(&[Now("2026-06-12 09:00"), Further(false)]);
    assert_eq!((case.task("conference"), &case.state.conference_by), (None, &None));
    case.when(&[Now("2026-06-12 10:00"), Further(true)]);
    assert_eq!(due(&case), first);
    case.when(&[Conference("", &[CEAST, SPOC]), Further(false), Now("2026-06-15 09:00"), Further(true)]);
    assert!(due(&case) > first, "a conference was held, and this is another need");
}

/// GEN-1: its parties are those that were named when it took place.
#[test]
fn a_conference_recorded_late_is_judged_by_the_version_in_force_when_it_took_place() {
    let by_ceast: &'static [There] = &[(Department(Role::Ceast), "d.reed"), REFERRER];
    for (at, there, counts) in [
        ("2026-06-10 14:00", &[CES, REFERRER][..], true),
        ("2026-06-10 14:00", by_ceast, false),
        ("2026-06-11 09:30", &[CES, REFERRER], false),
        ("2026-06-11 09:30", by_ceast, true),
    ] {
        let mut case = given(another_lead_from(), &[Further(true), Now("2026-06-11 10:00")]);
        case.when(&[Conference(at, there)]);
        assert_eq!(case.state.conferences[0].1, counts, "{at} {there:?}");
        let version = case.last("conference_recorded").version.as_str();
        assert_eq!(version, if at < "2026-06-11" { "pip/1" } else { "pip/2" });
    }
}

fn escalates(case: &Case) -> bool {
    matches!(case.last("determination_recorded").event, Event::Determined { escalates: true, .. })
}

/// Safeguarding looked into what it could know of: what was recorded before it concluded.
#[test]
fn what_was_recorded_after_safeguarding_concluded_was_not_looked_into() {
    for (at, anew) in [("2026-06-11 10:00", true), ("2026-06-12 09:00", false), ("2026-06-12 10:00", false)] {
        let mut case = Case::at(DeterminationDue).then(&[Determine(false, true), Now("2026-06-12 09:00"), FOUND]);
        let command = Command::RecordEscalationOutcome(super::step::concluded(super::case::london(at)));
        case.apply(Role::Suite, &command).expect("safeguarding concludes");
        case.when(&[Determine(true, true)]);
        assert_eq!(escalates(&case), anew, "{at}");
    }
}

/// UC-9, ESA-125R: what a conference finds to be still a concern is referred, whatever came back before it.
#[test]
fn a_concern_that_a_conference_still_finds_goes_to_safeguarding_anew() {
    for page in PAGES {
        let early = Determine(false, true);
        let meanwhile = page.given(&CHECKED).then(&[early, page.held(), Now("2026-06-12 09:00"), Concluded("")]);
        let before = page.considered().then(&[early, Now("2026-06-12 09:00"), Concluded("")]);
        for (case, anew) in [(meanwhile, true), (before, false)] {
            let mut case = case.then(&[Assented(true, page.between)]);
            assert_eq!((escalates(&case), case.state.escalated), (anew, anew), "{}", page.conference);
            case.when(&[Now("2026-06-13 09:00"), Concluded(""), Complete("review-note", "")]);
            assert_eq!(case.state.stage, DocumentationDue, "once is enough");
        }
    }
}

/// UC-9, ESA-125R: what a conference still finds follows what is with safeguarding already, and does not go by with it.
#[test]
fn what_a_conference_still_finds_waits_for_what_is_with_safeguarding_and_then_goes_there() {
    for page in PAGES {
        let mut case = page.given(&CHECKED).then(&[Determine(false, true), page.held()]);
        let (rules, why, _) = case.refusal(&Assented(true, page.between));
        assert_eq!(rules[0], page.concern, "{why}");
        assert!(why.contains("its outcome comes first"), "{why}");
        case.when(&[Now("2026-06-12 09:00"), Concluded(""), Assented(true, page.between)]);
        assert_eq!((escalates(&case), case.state.escalated), (true, true), "{}", page.conference);
        // What the conference had found before is what is with safeguarding.
        let mut case = page.considered().then(&[Determine(false, true), Assented(true, page.between)]);
        assert!(!escalates(&case), "{}", page.conference);
        case.when(&[Now("2026-06-12 09:00"), Concluded(""), Complete("review-note", "")]);
        assert_eq!(case.state.stage, DocumentationDue, "{}", page.conference);
    }
}
