//! What is refused, by whom and by which rules, and what is missing when it is.

use super::case::Step::*;
use super::case::{Case, Step};
use holdfast_procedure::escalation::Stage;
use holdfast_procedure::{Refusal, Role};

const CALLED: Step = Call("2026-06-01 10:00");

#[test]
fn the_conclusion_waits_for_every_gate_and_the_refusal_names_them_all() {
    let rows: &[(&str, &[Step], &[&str])] = &[
        ("nothing done", &[], &["PIP-15", "R-CONTACT-ATTEMPT", "PIP-16", "R-LEADER-NEED"]),
        ("no contact", &[Consider(false)], &["PIP-15", "R-CONTACT-ATTEMPT"]),
        ("the attempt does not count", &[Call("2026-05-31 10:00"), Consider(false)], &["PIP-15", "R-CONTACT-ATTEMPT"]),
        ("a promised call", &[CallAndText("2026-06-01 10:00"), Consider(false)], &["PIP-15", "R-CALL-BACK"]),
        ("need undecided", &[CALLED], &["PIP-16", "R-LEADER-NEED"]),
        ("not asked", &[CALLED, Consider(true)], &["PIP-16", "R-LEADER-NEED"]),
        ("no leader", &[CALLED, Moved("Ulster"), Refer], &["R-NO-LEADER", "PIP-16R"]),
        ("no date", &[CALLED, Refer], &["PIP-16R"]),
        ("a review without a date", &[CALLED, Refer, Review("2026-06-15 10:00")], &["PIP-16R"]),
        ("not reviewed", &[CALLED, Refer, ReviewOn("2026-06-15")], &["PIP-16R"]),
        (
            "asked again after the review",
            &[CALLED, Refer, ReviewOn("2026-06-15"), Review("2026-06-15 10:00"), Refer],
            &["PIP-16R"],
        ),
        (
            "the next review stands",
            &[CALLED, Refer, ReviewOn("2026-06-15"), ReviewThen("2026-06-15 10:00", "2026-06-22")],
            &["PIP-16R"],
        ),
    ];
    for (name, steps, expected) in rows {
        let mut case = Case::given(steps);
        for step in [Conclude, As(Role::SafeguardingLeader, &Conclude)] {
            let (rules, why) = case.refused(&step);
            assert_eq!(rules, *expected, "{name}: {why}");
        }
        assert!(case.round().concluded.is_none());
    }
}

#[test]
fn a_refusal_says_what_is_missing_in_words_and_what_is_allowed() {
    let mut case = Case::opened();
    let Err(Refusal::NotAllowed { why, stage, allowed, .. }) = case.attempt(&Conclude) else { panic!("not refused") };
    assert_eq!(
        why,
        "contact was not attempted since the concern was determined; whether a leader is needed was not decided"
    );
    assert_eq!(stage, "CONTACT_DUE");
    assert!(allowed.contains(&"RecordContactAttempt") && !allowed.contains(&"ConcludeEscalation"), "{allowed:?}");
}

#[test]
fn the_lead_and_the_leader_conclude() {
    const READY: &[Step] = &[CALLED, Consider(false)];
    for role in [Role::CesTeam, Role::SafeguardingLeader] {
        let mut case = Case::given(READY);
        let conclude = super::case::words("the steps");
        let command = holdfast_procedure::escalation::Command::Conclude { steps: conclude };
        case.apply(role, &command).expect("it is theirs to conclude");
        assert_eq!(case.state.stage, Stage::Concluded);
    }
    let (rules, why) = Case::given(READY).refused(&As(Role::Referrer, &Conclude));
    assert_eq!(rules, ["PIP-7", "PIP-17"]);
    assert_eq!(why, "this is for the CES Team or the Senior Safeguarding Leader to do");
}

#[test]
fn only_the_lead_attempts_considers_and_refers() {
    const OTHERS: [[Step; 3]; 3] = [
        [As(Role::Ceast, &CALLED), As(Role::Ceast, &Consider(false)), As(Role::Ceast, &Refer)],
        [As(Role::Referrer, &CALLED), As(Role::Referrer, &Consider(false)), As(Role::Referrer, &Refer)],
        [
            As(Role::SafeguardingLeader, &CALLED),
            As(Role::SafeguardingLeader, &Consider(false)),
            As(Role::SafeguardingLeader, &Refer),
        ],
    ];
    for steps in OTHERS {
        for (step, rule) in steps.iter().zip(["PIP-15", "PIP-16", "PIP-16"]) {
            let (rules, why) = Case::opened().refused(step);
            assert!(rules.contains(&"PIP-7") && rules.contains(&rule), "{step:?}: {rules:?}");
            assert_eq!(why, "this is for the CES Team to do");
        }
    }
}

#[test]
fn a_review_is_for_the_lead_and_the_leader() {
    let mut case = Case::given(&[CALLED, Refer]);
    assert_eq!(case.refused(&As(Role::Ceast, &ReviewOn("2026-06-15"))).0, ["PIP-7", "PIP-16R"]);
    case.when(&[As(Role::SafeguardingLeader, &ReviewOn("2026-06-15"))]);
    assert_eq!(case.refused(&As(Role::Ceast, &Review("2026-06-15 10:00"))).0, ["PIP-7", "PIP-16R"]);
    case.when(&[As(Role::SafeguardingLeader, &Review("2026-06-15 10:00"))]);
    assert_eq!(case.state.stage, Stage::ConclusionDue);
}

#[test]
fn the_need_is_settled_once_a_leader_was_asked() {
    let mut case = Case::given(&[CALLED, Refer]);
    for needed in [true, false] {
        assert_eq!(case.refused(&Consider(needed)).0, ["R-LEADER-NEED"]);
    }
}

#[test]
fn after_the_conclusion_nothing_is_concluded_or_considered_again() {
    let mut case = Case::given(&[CALLED, Consider(false), Conclude]);
    for step in [Conclude, Consider(true)] {
        assert_eq!(case.refused(&step).1, "the concern is concluded; another determination opens it again");
    }
    // What happened is recorded all the same.
    case.when(&[CALLED, Liaise("2026-06-02 10:00", holdfast_procedure::escalation::Agency::Other)]);
    assert_eq!(case.state.stage, Stage::Concluded);
}

#[test]
fn a_case_without_a_concern_takes_nothing() {
    for step in [CALLED, Consider(true), Refer, Conclude, Died, ReviewOn("2026-06-15")] {
        let refused = Case::unopened().attempt(&step);
        assert!(matches!(refused, Err(Refusal::NoSuchPart(_))), "{step:?}: {refused:?}");
    }
}
