//! What was recorded wrongly is superseded, stays readable, and what is owed is worked out again.

use super::case::Step::*;
use super::case::{Case, cited, london, words};
use holdfast_procedure::escalation::*;
use holdfast_procedure::{Refusal, Role, Told};

fn correction(fact: u32, right: Option<Happening>) -> Command {
    let right = right.map(|right| (right, Some(words("what was right"))));
    Command::Correct(Correction { fact, right, reason: words("mistaken") })
}

fn correct(case: &mut Case, fact: u32, right: Option<Happening>) {
    case.apply(Role::CesTeam, &correction(fact, right)).unwrap_or_else(|refusal| panic!("fact {fact}: {refusal:?}"));
}

fn refused(case: &mut Case, by: Role, fact: u32) -> (Vec<&'static str>, String) {
    match case.apply(by, &correction(fact, None)) {
        Err(Refusal::NotAllowed { rules, why, .. }) => (rules.iter().map(|rule| rule.id).collect(), why),
        other => panic!("fact {fact}: {other:?}"),
    }
}

fn attempt(at: &str, text_sent: bool) -> Happening {
    Happening::ContactAttempt(Attempt {
        occurred_at: london(at),
        whom: Whom::Customer,
        channel: AttemptChannel::Telephone,
        outcome: AttemptOutcome::Reached,
        text_sent,
    })
}

/// A call is fact 1, dealings with the police fact 2, a review fact 3.
fn reviewed() -> Case {
    let agency = Agency::Police;
    Case::given(&[Call("2026-06-01 10:00"), Liaise("2026-06-01 11:00", agency), Consider(true), Refer])
        .then(&[ReviewOn("2026-06-08"), Review("2026-06-08 10:00")])
}

#[test]
fn a_wrong_attempt_stays_readable_and_the_right_one_keeps_its_number() {
    let mut case = Case::given(&[CallAndText("2026-06-01 10:00")]);
    assert_eq!(case.owed()[0], "call-back:1");
    correct(&mut case, 1, Some(attempt("2026-06-01 09:30", false)));
    let (wrong, right) = (case.state.facts.all().next().unwrap().1, case.state.facts.get(2).expect("fact 2"));
    assert_eq!(wrong.superseded.as_ref().and_then(|superseded| superseded.by_fact), Some(2));
    assert_eq!((right.corrects, case.round().attempts.len(), case.round().attempts[0].what.number), (Some(1), 1, 1));
    assert!(!case.owed().contains(&"call-back:1".to_owned()), "no text promised a call");
    assert_eq!(cited(case.last("fact_corrected")), ["R-RECORDED-ALWAYS"]);
    assert_eq!(case.state.next_attempt(), 2);
    // The journal says what was told, and what is right instead.
    let [made, put_right] = ["contact_attempted", "fact_corrected"].map(|name| case.last(name).event.summary());
    let attempt = "through the customer by telephone";
    assert!(made.starts_with(&format!("Fact 1: attempt 1 at contact, {attempt}: ")), "{made}");
    let [wrong, right] = [
        format!("Fact 1, an attempt at contact {attempt}: "),
        format!(
            ", on 1 June 2026 at 10:00, was wrong; fact 2 takes its place: an attempt at contact {attempt}: reached, on 1 \
                 June 2026 at 09:30."
        ),
    ];
    assert!(put_right.starts_with(&wrong) && put_right.ends_with(&right), "{put_right}");
    correct(&mut case, 2, None);
    let never = case.last("fact_corrected").event.summary();
    assert!(never.starts_with("Fact 2, an attempt") && never.ends_with(" at 09:30, never happened."), "{never}");
}

#[test]
fn an_attempt_that_never_happened_is_owed_again() {
    let mut case = Case::given(&[Call("2026-06-01 10:00")]);
    assert_eq!(case.state.stage, Stage::LeaderUndecided);
    correct(&mut case, 1, None);
    assert_eq!((case.state.stage, case.state.next_attempt()), (Stage::ContactDue, 2));
    // One that lies before the determination does not count.
    case.when(&[Call("2026-06-01 12:00")]);
    correct(&mut case, 2, Some(attempt("2026-05-30 10:00", false)));
    assert_eq!(case.state.stage, Stage::ContactDue);
    assert!(case.notes[0].contains("does not count"), "{:?}", case.notes);
}

#[test]
fn a_review_that_was_not_held_is_due_again_and_overdue_where_its_day_has_passed() {
    let mut case = reviewed();
    assert_eq!(case.state.stage, Stage::ConclusionDue);
    case.when(&[Now("2026-06-09 09:00")]);
    correct(&mut case, 3, None);
    assert_eq!((case.state.stage, case.round().overdue.is_some()), (Stage::ReviewDue, true));
    assert!(case.owed().contains(&"review-overdue:2026-06-08".to_owned()), "{:?}", case.owed());
}

/// What ended an alert, or settled a day, before a leader was asked again does not come back as what follows that referral.
#[test]
fn a_review_that_was_not_held_sets_no_day_again_that_a_later_referral_has_overtaken() {
    let mut case = reviewed();
    case.when(&[Refer]);
    correct(&mut case, 3, None);
    assert_eq!((case.state.stage, case.round().review_date.as_ref()), (Stage::ReviewDateDue, None));
}

#[test]
fn an_alert_that_a_review_ended_stands_again_where_that_was_not_held() {
    let mut case = Case::given(&[Call("2026-06-01 10:00"), Refer, ReviewOn("2026-06-08")]);
    case.when(&[Pass("2026-06-09 00:00"), ReviewOn("2026-06-22"), Review("2026-06-09 10:00")]);
    assert!(!case.owed().iter().any(|key| key.starts_with("review-overdue")), "{:?}", case.owed());
    correct(&mut case, 2, None);
    assert_eq!(case.owed(), ["review:2026-06-22", "review-overdue:2026-06-08"]);
}

#[test]
fn a_review_held_before_the_leader_was_asked_counts_where_that_was_a_mistake() {
    let mut case = Case::given(&[Call("2026-06-01 10:00"), Consider(true), Now("2026-06-02 10:00"), Refer]);
    case.when(&[ReviewOn("2026-06-08"), Review("2026-06-01 12:00")]);
    assert_eq!(case.state.stage, Stage::ReviewDue);
    case.when(&[Now("2026-06-08 12:00")]);
    correct(&mut case, 2, Some(Happening::Review { occurred_at: london("2026-06-08 10:00") }));
    assert_eq!((case.state.stage, case.round().review_date.as_ref()), (Stage::ConclusionDue, None));
    correct(&mut case, 3, None);
    assert_eq!(case.state.stage, Stage::ReviewDue);
}

#[test]
fn a_conclusion_is_not_pulled_from_under_those_who_rely_on_it() {
    for (fact, rules) in [(1, ["PIP-15", "R-CONTACT-ATTEMPT"].as_slice()), (3, &["PIP-16R"])] {
        let mut case = reviewed().then(&[Conclude, Now("2026-06-10 09:00")]);
        let (against, why) = refused(&mut case, Role::CesTeam, fact);
        assert_eq!(against, rules, "{why}");
        assert!(why.contains("RecordDetermination") && why.contains("ReopenCase"), "{why}");
        // A new round begins, in which everything is owed anew.
        case.when(&[Determine("2026-06-10 10:00")]);
        correct(&mut case, fact, None);
        assert_eq!(case.state.stage, Stage::ContactDue);
        assert!(case.notes.iter().any(|note| note.contains("goes to the CES Team again")), "{:?}", case.notes);
    }
}

#[test]
fn a_correction_after_the_conclusion_that_leaves_every_must_met_is_told_with_the_outcome() {
    let mut case = reviewed().then(&[Conclude, Now("2026-06-10 09:00")]);
    let before = summary(&case.state).expect("an outcome");
    correct(&mut case, 1, Some(attempt("2026-06-01 09:30", false)));
    let told = summary(&case.state).expect("an outcome");
    assert_eq!((told.concluded_at, told.steps.len()), (before.concluded_at, before.steps.len()));
    assert_eq!(told.steps[0].occurred_at, london("2026-06-01 09:30"), "what is right stands in its place");
    correct(&mut case, 2, None);
    assert_eq!(summary(&case.state).expect("an outcome").steps.len(), before.steps.len() - 1);
    assert_eq!(case.state.stage, Stage::Concluded);
}

#[test]
fn whoever_tells_a_fact_corrects_it() {
    let mut case = reviewed();
    assert_eq!(refused(&mut case, Role::SafeguardingLeader, 1).0, ["PIP-7", "PIP-15", "R-CONTACT-ATTEMPT"]);
    assert_eq!(refused(&mut case, Role::Officer, 3).0, ["PIP-7", "PIP-16R"]);
    case.apply(Role::SafeguardingLeader, &correction(3, None)).expect("a leader holds reviews");
    assert!(matches!(case.apply(Role::CesTeam, &correction(9, None)), Err(Refusal::NoSuchPart(_))));
    let other = correction(2, Some(Happening::Review { occurred_at: case.now }));
    assert!(matches!(case.apply(Role::CesTeam, &other), Err(Refusal::Invalid(_))));
}
