//! The file as it is handed over, and what comes to light in it afterwards; contact that others heard.

use super::case::{Case, NO_ANSWER, TODAY, file_of, london, two_visits};
use super::file_samples::with_contact;
use super::step::Step::{self, *};
use holdfast_procedure::conferencing::Stage::{self, *};
use holdfast_procedure::conferencing::{ContactHeard, Outcome, State};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::handover::{File, Happened, ReferralMade};
use holdfast_procedure::{Refusal, Role, Told};

fn with_more() -> File {
    let mut file = with_contact();
    let more = [
        (4, Happened::EffectiveVisit, "2026-06-09 15:00", true),
        (5, Happened::LetterPosted, "2026-06-09 16:00", true),
    ];
    file.entries.extend(file_of(&more).entries);
    file
}

/// The second visit is corrected: another fact stands in its place.
fn corrected() -> File {
    file_of(&[(1, NO_ANSWER, "2026-06-01 10:00", true), (3, NO_ANSWER, "2026-06-08 10:00", true)])
}

#[test]
fn the_journal_tells_what_came_to_light_and_what_was_put_right() {
    let told = |file| Case::at(Assurance).then(&[Receive(file)]).last("file_updated").event.summary();
    let came = "Something came to light at DWP Visiting and was added to the file: its fact 3, a contact on 10 June 2026 at \
                00:30.";
    assert_eq!(told(with_contact), came);
    let right = "DWP Visiting put right what it had told: instead of its fact 2 the file has its fact 3, a visit on 8 June \
                 2026 at 10:00.";
    assert_eq!(told(corrected), right);
}

#[test]
fn a_case_arrives_with_its_file_and_the_check_is_due() {
    let case = Case::at(Assurance);
    assert_eq!(
        case.journal.iter().map(|kept| kept.ruled.event.name()).collect::<Vec<_>>(),
        ["case_received", "award_protected", "stage_reached"]
    );
    assert_eq!(
        (case.cited("case_received"), case.cited("stage_reached")),
        (vec!["PIP-5", "PIP-7"], vec!["PIP-7", "PIP-10", "R-ASSURANCE-ITEMS"])
    );
    let event = &case.last("case_received").event;
    assert_eq!(event.summary(), "The case was handed over to the CES Team after two ineffective visits.");
    assert_eq!(event.occurred_at(), Some(london("2026-06-09 10:00")));
    let received = case.state.received.as_ref().expect("a case");
    assert_eq!((received.at, received.version.as_str()), (london(super::case::RECEIVED), "pip/1"));
}

#[test]
fn the_same_file_again_changes_nothing_at_any_stage() {
    for stage in super::case::STAGES.into_iter().filter(|stage| *stage != EndedTakenBack) {
        let case = Case::at(stage);
        assert_eq!(case.clone().then(&[Receive(two_visits)]).journal.len(), case.journal.len(), "{stage:?}");
    }
}

/// DWP Visiting may have been restored to before it took the case back: somebody has to lead it.
#[test]
fn a_file_that_comes_after_the_case_was_taken_back_hands_it_over_again() {
    let case = Case::at(EndedTakenBack).then(&[Receive(two_visits)]);
    assert_eq!((case.state.stage, &case.state.taken_back), (Assurance, &None));
    let again = case.clone().then(&[Receive(two_visits)]);
    assert_eq!(again.journal.len(), case.journal.len(), "once");
}

/// What is said or comes to light later has the determination made again, as long as the file is with the lead.
fn unsettled(stage: Stage) -> Stage {
    match stage {
        ClosingNoteDue | DocumentationDue | ReturnDue => DeterminationDue,
        Assurance | ConferenceDue | DeterminationDue | Escalated | DecisionDue | Decided => stage,
        EndedDeath | EndedTakenBack => stage,
    }
}

fn considered(case: &Case) -> Vec<(String, Role, String, &'static str)> {
    let keys = ["came-to-light", "contact:"];
    let tasks = case.tasks().into_iter().filter(|task| keys.iter().any(|key| task.key.starts_with(key)));
    tasks.map(|task| (task.key, task.owner, task.what, task.rule.id)).collect()
}

#[test]
fn what_comes_to_light_is_considered_by_whoever_has_the_case() {
    for stage in super::case::STAGES.into_iter().filter(|stage| *stage != EndedTakenBack) {
        let mut case = Case::at(stage).then(&[Receive(with_contact)]);
        assert_eq!(case.cited("file_updated"), ["R-LATER-CONTACT"]);
        assert_eq!(case.state.stage, unsettled(stage), "it releases nothing");
        let owner = match stage {
            EndedDeath | EndedTakenBack => {
                assert_eq!(considered(&case), []);
                continue;
            }
            DecisionDue | Decided => Role::CaseManager,
            DocumentationDue => panic!("a PIP case has no documentation"),
            Assurance | ConferenceDue | DeterminationDue | Escalated | ClosingNoteDue | ReturnDue => Role::CesTeam,
        };
        let what = "Consider the contact of 10 June 2026, which came to light after the handover".to_owned();
        assert_eq!(considered(&case), [("came-to-light:3".to_owned(), owner, what, "R-LATER-CONTACT")]);
        let done = Complete("came-to-light:3", "").command(case.now);
        case.apply(owner, &done).expect("it was considered");
        assert_eq!(considered(&case), []);
        case.when(&[Receive(with_more)]);
        let whats: Vec<_> = considered(&case).into_iter().map(|(_, _, what, _)| what).collect();
        assert!(whats[0].starts_with("Consider the visit of 9 June 2026") && whats[1].contains("the letter of"));
    }
}

#[test]
fn what_turned_out_not_to_have_happened_is_not_considered() {
    let case = Case::given(&[Receive(with_contact), Receive(two_visits)]);
    assert_eq!((considered(&case), case.state.came_to_light.len()), (vec![], 1));
    let case = Case::given(&[Receive(corrected)]);
    assert_eq!(considered(&case)[0].0, "came-to-light:3", "the visit as it was corrected");
}

/// Contact, who heard it, and who considers it.
#[rustfmt::skip] // one case a row
const HEARD: &[(Stage, Step, Option<Role>)] = &[
    (Assurance, Contact(""), None),
    (Assurance, As(Role::Referrer, &Contact("")), Some(Role::CesTeam)),
    (Assurance, As(Role::CaseManager, &Contact("")), Some(Role::CesTeam)),
    (Escalated, PassedOn(Role::SafeguardingLeader, ""), Some(Role::CesTeam)),
    (Escalated, PassedOn(Role::CesTeam, ""), None),
    (ReturnDue, As(Role::VisitingOfficer, &Contact("")), Some(Role::CesTeam)),
    (DecisionDue, Contact(""), Some(Role::CaseManager)),
    (DecisionDue, As(Role::CaseManager, &Contact("")), None),
    (Decided, Contact(""), Some(Role::CaseManager)),
    (EndedDeath, Contact(""), None),
];

#[test]
fn contact_is_considered_by_whoever_has_the_case_unless_they_heard_it() {
    for (stage, step, owner) in HEARD {
        let case = Case::at(*stage).then(&[*step]);
        assert_eq!((case.cited("contact_recorded"), case.state.stage), (vec!["R-LATER-CONTACT"], unsettled(*stage)));
        let what = "Consider what was said when somebody got in touch on 10 June 2026".to_owned();
        let expected = owner.map(|owner| ("contact:1".to_owned(), owner, what, "R-LATER-CONTACT"));
        assert_eq!(considered(&case), expected.into_iter().collect::<Vec<_>>(), "{step:?} at {stage:?}");
    }
}

/// Whoever gets the case next has not heard it.
#[test]
fn contact_is_considered_by_whoever_gets_the_case_next() {
    let mut case = Case::at(ReturnDue).then(&[Contact("")]);
    case.when(&[Determine(true, false), Note(""), Arrival, Return]);
    assert_eq!(considered(&case)[0].1, Role::CaseManager);
    case.when(&[As(Role::CaseManager, &Contact("")), Decide(Outcome::NotDisallow), Reopen]);
    let (key, owner, ..) = considered(&case)[0].clone();
    assert_eq!((key.as_str(), owner), ("contact:2", Role::CesTeam));
}

/// What was said before anybody referred is told as it was, and is no less to be considered.
#[test]
fn contact_before_the_referral_is_recorded_and_considered() {
    const RANG: Step = As(Role::Referrer, &Contact("2026-05-28 10:00"));
    let case = Case::at(Assurance).then(&[RANG]);
    assert_eq!(case.last("contact_recorded").event.occurred_at(), Some(london("2026-05-28 10:00")));
    assert_eq!(considered(&case)[0].0, "contact:1");
    assert!(considered(&case.then(&[Complete("contact:1", "")])).is_empty());
}

/// A file tells only the latest referrals that joined. Whoever was told of before is not forgotten.
#[test]
fn referrals_that_a_longer_file_leaves_out_stay_known() {
    fn joined_by(person: &str) -> ReferralMade {
        let mut made = two_visits().referral;
        person.clone_into(&mut made.by.person);
        made
    }
    fn first() -> File {
        File { joined: vec![joined_by("s.khan"), joined_by("t.jones")], ..two_visits() }
    }
    fn later() -> File {
        File { joined: vec![joined_by("t.jones"), joined_by("u.bell")], ..two_visits() }
    }
    let mut case = Case::with(first).then(&[Receive(later)]);
    let told = |case: &Case| case.owed().into_iter().filter(|key| key.starts_with("inform-referrer:")).count();
    assert_eq!((told(&case), case.task("inform-referrer:3").and_then(|task| task.person)), (3, Some("u.bell".into())));
    let journal = case.journal.len();
    case.when(&[Receive(later)]);
    assert_eq!(case.journal.len(), journal, "the same file again changes nothing");
}

#[test]
fn contact_passed_on_is_kept_as_whoever_heard_it_recorded_it() {
    let case = Case::at(Escalated).then(&[PassedOn(Role::SafeguardingLeader, "2026-06-10 11:00")]);
    let signed = case.state.contacts.last().expect("contact");
    let ContactHeard { occurred_at, .. } = signed.what;
    assert_eq!((signed.by.role, occurred_at), (Role::SafeguardingLeader, london("2026-06-10 11:00")));
    assert!(case.last("contact_recorded").event.summary().contains("passed it on"));
}

#[test]
fn a_case_of_a_benefit_without_guidance_is_refused() {
    let mut case = Case::unopened(TODAY);
    case.guidance = Guidance::of(vec![]);
    assert!(matches!(case.attempt(&Receive(two_visits)), Err(Refusal::NotInForce(_))));
    assert_eq!(case.state, State::default());
}
