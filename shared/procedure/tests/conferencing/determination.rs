//! The assurance check, agreed actions, the determination, and what comes of a concern.

use super::case::{CHECKED, Case, concluded_later, ids};
use super::step::Step::{self, *};
use super::step::{CES, REFERRER};
use holdfast_procedure::conferencing::ActionResult::{self, *};
use holdfast_procedure::conferencing::AssuranceItem;
use holdfast_procedure::conferencing::FindingResult::Reviewed;
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::conferencing::{Conferencing, Event};
use holdfast_procedure::handover::File;
use holdfast_procedure::{Decider, Role, Told};

const RULED_OUT: Step = Determine(true, false);
const CONCERN: Step = Determine(true, true);
const EARLY: Step = Determine(false, true);

#[test]
fn each_item_of_the_assurance_check_is_owed_until_it_is_answered() {
    let mut case = Case::at(Assurance);
    let items = ["circumstances", "previous-interactions", "documents", "third-parties"];
    let owed = |case: &Case| -> Vec<String> {
        case.owed().into_iter().filter_map(|key| key.strip_prefix("assurance:").map(str::to_owned)).collect()
    };
    for (done, step) in CHECKED.iter().enumerate() {
        assert_eq!(owed(&case), items[done..]);
        let task = case.task(&format!("assurance:{}", items[done])).expect("it is owed");
        assert_eq!((task.owner, task.rule.id, task.blocking), (Role::CesTeam, "PIP-10", true));
        case.when(&[*step]);
        assert_eq!(case.cited("finding_recorded"), ["PIP-10", "R-ASSURANCE-ITEMS"]);
    }
    assert_eq!(owed(&case), Vec::<String>::new());
    // More may be looked at, and an item again.
    case.when(&[Find(AssuranceItem::Other, Reviewed, ""), CHECKED[0]]);
    assert_eq!(case.state.findings.len(), 6);
}

/// What was done, and what a determination still lacks: its rules, and words for each.
type Lacks = (&'static [Step], &'static [&'static str], &'static [&'static str]);

const ITEMS: [&str; 4] = ["the circumstances", "previous interactions", "documents and notes", "third parties"];
const CHECK: [&str; 2] = ["PIP-10", "R-ASSURANCE-ITEMS"];
const INFORMATION: [&str; 2] = ["PIP-11", "R-FURTHER-INFORMATION"];
const SATISFIED: [&str; 3] = ["PIP-12", "R-SATISFIED", "R-OPEN-ACTION"];
const ACTION: Step = Agree(Role::Referrer, None);

#[rustfmt::skip] // one case a row
const LACKING: &[Lacks] = &[
    (&[], &[CHECK[0], CHECK[1], INFORMATION[0], INFORMATION[1]],
        &[ITEMS[0], ITEMS[1], ITEMS[2], ITEMS[3], "further information is required is not decided"]),
    (&[CHECKED[1], CHECKED[3], Further(false)], &CHECK, &[ITEMS[0], ITEMS[2]]),
    (&[CHECKED[0], CHECKED[1], CHECKED[2], CHECKED[3]], &INFORMATION, &["is not decided"]),
    (&[CHECKED[0], CHECKED[1], CHECKED[2], CHECKED[3], Further(true)], &INFORMATION, &["no case conference"]),
    (&[CHECKED[0], CHECKED[1], CHECKED[2], CHECKED[3], Further(false), ACTION, ACTION], &SATISFIED, &["open: 1, 2"]),
    (&[CHECKED[0], CHECKED[1], CHECKED[2], CHECKED[3], Further(false), ACTION, ACTION, Report(1, Taken, "")],
        &SATISFIED, &["open: 2"]),
    (&[Further(true), ACTION], &[CHECK[0], CHECK[1], INFORMATION[0], INFORMATION[1], SATISFIED[0], SATISFIED[1], SATISFIED[2]],
        &[ITEMS[0], ITEMS[3], "no case conference", "open: 1"]),
];

#[test]
fn a_refusal_names_everything_that_is_missing_with_its_rules() {
    for (steps, rules, words) in LACKING {
        for (step, begins) in
            [(RULED_OUT, "a determination is not"), (CONCERN, "a determination is not"), (Return, "the return is not")]
        {
            let mut case = Case::given(steps);
            let (cited, why, _) = case.refusal(&step);
            let also: &[&str] = match (matches!(step, Return), rules.contains(&"PIP-12")) {
                (true, true) => &["PIP-17"],
                (true, false) => &["PIP-12", "R-SATISFIED", "PIP-17"],
                (false, _) => &[],
            };
            let arrival: &[&str] = if matches!(step, Return) { &["PIP-8", "PIP-9"] } else { &[] };
            assert_eq!(cited, [arrival, rules, also].concat(), "{step:?} after {steps:?}");
            assert!(why.starts_with(begins), "{why}");
            assert!(words.iter().all(|word| why.contains(word)), "{why}");
        }
    }
}

#[test]
fn a_concern_is_ruled_out_only_by_whoever_is_satisfied() {
    for stage in [Assurance, ConferenceDue, DeterminationDue, ClosingNoteDue, ReturnDue] {
        let (rules, why, _) = Case::at(stage).refusal(&Determine(false, false));
        assert_eq!(rules, ["PIP-12", "R-SATISFIED"]);
        assert!(why.contains("CES Team has to be satisfied"), "{why}");
    }
}

/// The result, and whether the action is still open.
const RESULTS: &[(&[ActionResult], bool)] = &[
    (&[], true),
    (&[Taken], false),
    (&[Overtaken], false),
    (&[NotTaken], true),
    (&[NotTaken, Taken], false),
    (&[Taken, NotTaken], true),
];

#[test]
fn an_agreed_action_is_open_until_it_was_taken_or_overtaken() {
    for (results, open) in RESULTS {
        let mut case = Case::at(DeterminationDue).then(&[Agree(Role::Referrer, Some("2026-06-12"))]);
        for result in *results {
            case.apply(Role::Referrer, &Report(1, *result, "").command(case.now)).expect("a report");
            let kept = case.notes.iter().any(|note| note.contains("stays open (R-OPEN-ACTION)"));
            assert_eq!(kept, *result == NotTaken);
        }
        assert_eq!(case.owed().contains(&"action:1".to_owned()), *open, "{results:?}");
        assert_eq!(case.attempt(&RULED_OUT).is_err(), *open, "{results:?}");
    }
}

/// Whoever was satisfied was not satisfied of what is agreed or found missing afterwards.
#[test]
fn what_opens_after_the_determination_has_it_made_again() {
    let opens: [&[Step]; 3] =
        [&[ACTION], &[Now("2026-06-11 09:00"), Further(true)], &[Report(1, NotTaken, "2026-06-10 12:00")]];
    for steps in opens {
        for noted in [false, true] {
            let mut case = Case::at(DeterminationDue).then(&[ACTION, Report(1, Taken, ""), RULED_OUT]);
            if noted {
                case.when(&[Note("")]);
            }
            case.when(steps);
            assert!(matches!(case.state.stage, DeterminationDue | ConferenceDue), "{steps:?}: {:?}", case.state.stage);
            assert_eq!(case.state.closing_note, None, "it was of other steps");
            case.when(&[Note("")]);
            assert!(case.notes[0].contains("not all reasonable steps had been taken (PIP-17)"), "{:?}", case.notes);
            case.when(&[Conference("", &[CES, REFERRER])]);
            let open: Vec<_> = case.state.open_actions().map(|(number, _)| number).collect();
            for number in open {
                case.when(&[Report(number, Overtaken, "")]);
            }
            case.when(&[RULED_OUT]);
            assert_eq!(case.state.stage, ClosingNoteDue);
        }
    }
}

#[test]
fn no_concern_goes_straight_to_the_closing_note() {
    let case = Case::at(DeterminationDue).then(&[RULED_OUT]);
    assert_eq!(case.state.stage, ClosingNoteDue);
    assert_eq!(case.cited("determination_recorded"), ["PIP-12", "R-SATISFIED", "PIP-13"]);
    assert_eq!(case.cited("stage_reached"), ["PIP-13", "PIP-17"]);
    let told = case.last("determination_recorded").event.summary();
    assert_eq!(told, "All relevant information was considered; no safeguarding concern was identified.");
}

fn escalates(case: &Case) -> bool {
    matches!(case.last("determination_recorded").event, Event::Determined { escalates: true, .. })
}

#[test]
fn a_concern_goes_to_safeguarding_and_comes_back() {
    let mut case = Case::at(DeterminationDue).then(&[CONCERN]);
    assert_eq!((case.state.stage, escalates(&case), case.blocking()), (Escalated, true, vec![]));
    assert_eq!(case.cited("determination_recorded"), ["PIP-12", "R-SATISFIED", "PIP-14"]);
    assert_eq!(case.cited("stage_reached"), ["PIP-14"]);
    assert!(Conferencing::outlook(&case.state)[0].contains("with safeguarding"));
    let (rules, why, _) = case.refusal(&RULED_OUT);
    assert_eq!((rules, why.as_str()), (vec!["PIP-14"], "the concern is with safeguarding; its outcome comes first"));
    let (rules, why, _) = case.refusal(&Return);
    assert_eq!(rules, ["PIP-8", "PIP-9", "PIP-14", "PIP-17"]);
    assert!(why.contains("safeguarding, which has not concluded") && why.contains("closing note"), "{why}");
    case.when(&[CONCERN]);
    assert!(!escalates(&case), "it is there already");
    case.when(&[Concluded("2026-06-12 10:00")]);
    assert_eq!((case.state.stage, case.blocking()), (ClosingNoteDue, vec!["closing-note".to_owned()]));
    assert_eq!(case.cited("escalation_outcome_recorded"), ["PIP-14"]);
    assert_eq!(case.cited("stage_reached"), ["PIP-17"]);
    let journal = case.journal.len();
    case.when(&[Concluded("2026-06-12 10:00")]);
    assert_eq!(case.journal.len(), journal, "told twice, recorded once");
}

#[test]
fn a_concern_raised_early_goes_at_once_and_the_rest_stays_owed() {
    for stage in [Assurance, ConferenceDue, DeterminationDue] {
        let mut case = Case::at(stage);
        let before: Vec<_> = case.blocking().into_iter().filter(|key| key != "determination").collect();
        case.when(&[EARLY]);
        assert_eq!((case.state.stage, escalates(&case)), (Escalated, true), "{stage:?}");
        assert_eq!(case.cited("determination_recorded"), ["R-LEADER-ANY-STAGE", "PIP-14"]);
        assert!(case.notes[0].contains("still has to be satisfied") && case.notes[0].contains("PIP-12"));
        assert_eq!(case.blocking(), before, "{stage:?}");
        case.when(&[Concluded("2026-06-12 10:00")]);
        assert_eq!(case.state.stage, stage, "everything else is owed as before");
        let (rules, ..) = case.refusal(&Return);
        assert!(["PIP-12", "PIP-17"].iter().all(|rule| rules.contains(rule)), "{rules:?}");
    }
}

/// The concern that was looked into is determined once more, by whoever is satisfied now, and that is that.
#[test]
fn a_concern_that_came_back_is_determined_without_going_again() {
    for (concern, rules) in [(true, &["PIP-17"][..]), (false, &["PIP-13", "PIP-17"])] {
        let case = Case::at(DeterminationDue).then(&[EARLY, Concluded("2026-06-12 10:00"), Determine(true, concern)]);
        assert_eq!((case.state.stage, escalates(&case)), (ClosingNoteDue, false));
        assert_eq!(case.cited("stage_reached"), rules);
    }
    // An action agreed and taken meanwhile makes it no other concern.
    let steps = [CONCERN, ACTION, Report(1, Taken, ""), Concluded("2026-06-12 10:00"), CONCERN];
    let case = Case::at(DeterminationDue).then(&steps);
    assert_eq!((case.state.stage, escalates(&case)), (ClosingNoteDue, false));
    assert!(case.notes[0].contains("does not go there again (PIP-14)"), "{:?}", case.notes);
}

fn with_contact() -> File {
    super::file_samples::with_contact()
}

/// Whatever was recorded since the outcome came back, safeguarding has not looked into.
#[test]
fn a_concern_determined_on_anything_new_goes_to_safeguarding_anew() {
    let back = [EARLY, Concluded("2026-06-12 10:00")];
    let new: [Step; 6] = [
        Find(AssuranceItem::Other, Reviewed, ""),
        Contact(""),
        Receive(with_contact),
        Report(1, Overtaken, ""),
        Conference("", &[CES, REFERRER]),
        Further(false),
    ];
    for step in new {
        let mut case = Case::at(DeterminationDue).then(&[ACTION, Report(1, Taken, "")]).then(&back).then(&[step]);
        if matches!(step, Receive(_)) {
            case.when(&[Complete("came-to-light:3", "")]);
        }
        case.when(&[CONCERN]);
        assert_eq!((case.state.stage, escalates(&case)), (Escalated, true), "{step:?}");
        assert!(case.notes[0].contains("goes to safeguarding anew"), "{step:?}: {:?}", case.notes);
        // Once that has come back, it is settled unless something is new again.
        case.apply(Role::Suite, &concluded_later()).expect("another conclusion");
        assert_eq!(case.state.stage, ClosingNoteDue, "{step:?}");
    }
    let mut case = Case::at(DeterminationDue).then(&back).then(&[ACTION, Report(1, Taken, ""), CONCERN]);
    assert!(escalates(&case), "an action agreed and taken since is new, too");
    case.when(&[CONCERN]);
    assert_eq!(case.notes, Vec::<String>::new(), "it is there already");
}

/// Whatever was found before, what is found now was not looked into.
#[test]
fn another_concern_goes_to_safeguarding_again() {
    let back = [CONCERN, Concluded("2026-06-12 10:00")];
    let since: [&[Step]; 5] =
        [&[CONCERN], &[EARLY], &[RULED_OUT, CONCERN], &[Note(""), CONCERN], &[Note(""), Arrival, Return, CONCERN]];
    for steps in since {
        let mut case = Case::at(DeterminationDue).then(&back).then(steps);
        assert_eq!((case.state.stage, escalates(&case)), (Escalated, true), "{steps:?}");
        let outcome = concluded_later();
        case.apply(Role::Suite, &outcome).expect("another conclusion");
        assert_eq!((case.state.outcomes.len(), case.state.escalated), (2, false));
    }
    // Ruled out before anything was looked into, found after all.
    let case = Case::at(ReturnDue).then(&[CONCERN]);
    assert_eq!((case.state.stage, case.state.closing_note.clone()), (Escalated, None));
}

/// A concern is taken up with the file at whoever decides; the file comes back for it.
#[test]
fn a_concern_brings_the_file_back_from_whoever_decides() {
    for step in [CONCERN, EARLY] {
        let mut case = Case::at(DecisionDue).then(&[step]);
        assert_eq!((case.state.stage, case.state.returned_at), (Escalated, None));
        let (rules, ..) = case.refusal(&Decide(holdfast_procedure::conferencing::Outcome::Disallow));
        assert!(rules.contains(&"PIP-18"));
    }
    let (rules, why, _) = Case::at(DecisionDue).refusal(&RULED_OUT);
    assert_eq!((rules, why.as_str()), (vec!["PIP-13"], "the file is with whoever decides"));
}

#[test]
fn nothing_is_determined_on_a_case_that_has_ended() {
    for (stage, expected) in [(Decided, &["R-RECONSIDERATION"][..]), (EndedDeath, &["GEN-3", "R-DEATH-VERIFIED"])] {
        for step in [CONCERN, EARLY, RULED_OUT, Return] {
            let (rules, why, _) = Case::at(stage).refusal(&step);
            assert_eq!(rules, expected, "{step:?} at {stage:?}");
            assert_eq!(why.contains("reopens"), stage == Decided, "{why}");
        }
    }
    assert_eq!(ids(&Case::at(Decided).last("decision_recorded").rules)[0], "PIP-18");
}

/// An outcome that nobody waited for does not stand for one that somebody will.
#[test]
fn an_outcome_out_of_the_blue_settles_no_concern() {
    let case = Case::at(DeterminationDue).then(&[Concluded(""), CONCERN]);
    assert_eq!((case.state.stage, escalates(&case)), (Escalated, true));
}
