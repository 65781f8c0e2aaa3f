//! Attempts at contact, the call that a text promises, and contact by others.

use super::case::Step::*;
use super::case::{Case, Step, cited, london};
use holdfast_procedure::escalation::*;
use holdfast_procedure::term::Term;
use holdfast_procedure::visiting::ContactBy;

const TEXTED: Step = CallAndText("2026-06-01 10:00");

const fn through(whom: Whom) -> Step {
    Try("2026-06-01 10:20", whom, AttemptChannel::Telephone, AttemptOutcome::Reached, false)
}

#[test]
fn a_text_owes_a_call_half_an_hour_later() {
    let task = Case::given(&[TEXTED]).task("call-back:1");
    let due = task.due.expect("a date");
    assert_eq!((due.term, due.from), (Term::Minutes(30), london("2026-06-01 10:00")));
    assert_eq!(due.due.ends_at, london("2026-06-01 10:30"));
    assert_eq!((task.rule.id, task.discharged_by), ("R-CALL-BACK", "RecordContactAttempt"));
    assert!(task.blocking && task.contacts_customer);
}

#[test]
fn the_call_settles_the_promise_early_in_time_or_late_and_late_is_said() {
    for (at, late) in [
        ("2026-06-01 10:00:00.000001", false),
        ("2026-06-01 10:29", false),
        ("2026-06-01 10:30:00.000000", false),
        ("2026-06-01 10:30:00.000001", true),
        ("2026-06-02 09:00", true),
    ] {
        let mut case = Case::given(&[TEXTED]);
        case.attempt(&Call(at)).expect("a call is recorded");
        assert!(!case.owed().iter().any(|key| key.starts_with("call-back")), "{at}: {:?}", case.owed());
        assert_eq!(case.notes.iter().any(|note| note.contains("R-CALL-BACK")), late, "{at}: {:?}", case.notes);
    }
}

#[test]
fn only_a_call_to_the_customer_after_the_text_settles_the_promise() {
    const TEXT: Step =
        Try("2026-06-01 10:20", Whom::Customer, AttemptChannel::TextMessage, AttemptOutcome::MessageLeft, false);
    let rows: &[(&str, &[Step], &[&str])] = &[
        ("another party", &[TEXTED, through(Whom::NextOfKin)], &["call-back:1"]),
        ("another text", &[TEXTED, TEXT], &["call-back:1"]),
        ("a call before the text, recorded after it", &[TEXTED, Call("2026-06-01 09:59")], &["call-back:1"]),
        ("a call after the text, recorded before it", &[Call("2026-06-01 10:20"), TEXTED], &[]),
        ("recorded together", &[TEXTED, Call("2026-06-01 10:00")], &[]),
        ("in person", &[TEXTED, through(Whom::Customer)], &[]),
        ("the customer rings back", &[TEXTED, RangUp("2026-06-01 10:10")], &[]),
        ("somebody who acts for them does", &[TEXTED, Rang("2026-06-01 10:10", ContactBy::Representative)], &[]),
        ("a neighbour does", &[TEXTED, Rang("2026-06-01 10:10", ContactBy::ThirdParty)], &["call-back:1"]),
        ("the customer had rung before", &[TEXTED, RangUp("2026-06-01 09:59")], &["call-back:1"]),
        ("the customer had rung before, told first", &[RangUp("2026-06-01 09:59"), TEXTED], &["call-back:1"]),
        ("the customer rang back, told before the text", &[RangUp("2026-06-01 10:10"), TEXTED], &[]),
        ("a call with another text", &[TEXTED, CallAndText("2026-06-01 10:30")], &["call-back:2"]),
        ("two texts, one call", &[TEXTED, CallAndText("2026-06-01 10:05"), Call("2026-06-01 10:30")], &[]),
    ];
    for (name, steps, owed) in rows {
        let case = Case::given(steps);
        let call_backs: Vec<_> = case.owed().into_iter().filter(|key| key.starts_with("call-back")).collect();
        assert_eq!(call_backs, *owed, "{name}");
    }
}

#[test]
fn only_the_customer_is_promised_a_call() {
    let text = Try("2026-06-01 10:00", Whom::NextOfKin, AttemptChannel::TextMessage, AttemptOutcome::NoReply, true);
    assert_eq!(Case::opened().faults(&text), ["attempt.text_sent"]);
}

#[test]
fn an_attempt_before_the_concern_is_kept_and_does_not_count() {
    let mut case = Case::given(&[Call("2026-06-01 08:58:59.999999")]);
    assert_eq!(case.round().attempts.len(), 1);
    assert_eq!(case.state.stage, Stage::ContactDue);
    assert!(case.notes[0].contains("PIP-15"), "{:?}", case.notes);
    assert!(cited(case.last("contact_attempted")).contains(&"R-RECORDED-ALWAYS"));
    case.when(&[Call("2026-06-01 09:00")]);
    assert_eq!(case.state.stage, Stage::LeaderUndecided);
}

/// A caller's clock runs two seconds behind, or its seconds are cut off.
#[test]
fn an_attempt_counts_as_far_as_clocks_agree() {
    for (determined, at) in [
        ("2026-06-01 09:00:00.700", "2026-06-01 09:00"),
        ("2026-06-01 09:00:02", "2026-06-01 09:00"),
        ("2026-06-01 09:00:59", "2026-06-01 09:00"),
        ("2026-06-01 09:01", "2026-06-01 09:00"),
    ] {
        let mut case = Case::unopened();
        case.when(&[Determine(determined), Call(at)]);
        assert_eq!((case.state.stage, case.notes.len()), (Stage::LeaderUndecided, 0), "{determined}, {at}");
    }
}

/// Who rings back is not called back, and nothing waits for it any more.
#[test]
fn the_customer_who_rings_back_settles_the_promise() {
    let mut case = Case::given(&[TEXTED, Consider(false)]);
    assert_eq!(case.refused(&Conclude).0, ["PIP-15", "R-CALL-BACK"]);
    case.when(&[RangUp("2026-06-01 10:10")]);
    assert!(case.notes[1].contains("owed no longer (R-CALL-BACK)"), "{:?}", case.notes);
    case.when(&[Conclude]);
}

/// Nobody calls a customer who is said to have died, so that nothing waits for the call.
#[test]
fn a_promised_call_holds_nothing_up_after_a_death_was_reported() {
    let mut case = Case::given(&[TEXTED, Consider(false), Died]);
    assert_eq!(case.state.stage, Stage::ConclusionDue);
    case.clone().when(&[Conclude]);
    case.when(&[DeathMistaken]);
    assert_eq!((case.state.stage, case.refused(&Conclude).0), (Stage::ContactDue, vec!["PIP-15", "R-CALL-BACK"]));
}

#[test]
fn a_late_record_says_why() {
    let mut case = Case::given(&[Now("2026-07-01 10:00")]);
    assert_eq!(case.faults(&Call("2026-06-01 10:00")), ["late_reason"]);
    case.when(&[Late(&Call("2026-06-01 10:00"))]);
    assert!(cited(case.last("contact_attempted")).contains(&"R-LATE-REASON"));
}

#[test]
fn nothing_is_recorded_of_the_future() {
    let ahead = |step: &Step| {
        let mut case = Case::opened();
        let before = case.now;
        let refused = case.attempt(step).is_err();
        (refused, before)
    };
    // The clock of a case under test follows its steps, so the future needs a step that does not move it.
    let (refused, now) = ahead(&As(holdfast_procedure::Role::CesTeam, &Refer));
    assert!(!refused);
    let mut case = Case::opened();
    for (seconds, fine) in [(60, true), (61, false)] {
        let attempt = Attempt {
            occurred_at: now + chrono::TimeDelta::seconds(seconds),
            whom: Whom::Customer,
            channel: AttemptChannel::Telephone,
            outcome: AttemptOutcome::NoReply,
            text_sent: false,
        };
        let account = super::case::words("said");
        let command = Command::RecordContactAttempt { attempt, account, late_reason: None };
        assert_eq!(case.apply(holdfast_procedure::Role::CesTeam, &command).is_ok(), fine, "{seconds} s ahead");
    }
}

#[test]
fn contact_by_the_customer_is_kept_and_passed_on_and_releases_nothing() {
    for steps in [&[][..], &[Call("2026-06-01 10:00"), Consider(false), Conclude], &[Died]] {
        let mut case = Case::given(steps);
        let (stage, owed) = (case.state.stage, case.owed());
        case.when(&[RangUp("2026-06-02 10:00")]);
        assert_eq!(case.round().contacts.len(), 1);
        assert_eq!((case.state.stage, case.owed()), (stage, owed));
        assert_eq!(cited(case.last("contact_recorded")), ["R-LATER-CONTACT"]);
        assert!(case.notes[0].contains("passed on to the CES Team"), "{:?}", case.notes);
    }
}

#[test]
fn a_disclosure_is_recorded_with_its_basis() {
    let case = Case::given(&[Disclose("2026-06-01 10:00", Agency::SocialServices, Basis::GoodFaithSafeguarding)]);
    let disclosed = &case.round().disclosures[0];
    assert_eq!((disclosed.what.to, disclosed.what.basis), (Agency::SocialServices, Basis::GoodFaithSafeguarding));
    let event = case.last("disclosure_recorded");
    assert_eq!(cited(event), ["PIP-10D"]);
    assert_eq!(
        holdfast_procedure::Told::summary(&event.event),
        "Fact 1: personal data was disclosed to social services, in good faith about a safeguarding concern."
    );
}

#[test]
fn a_disclosure_on_another_basis_does_not_cite_the_note_on_good_faith() {
    for basis in [Basis::Consent, Basis::LegalObligation] {
        let case = Case::given(&[Disclose("2026-06-01 10:00", Agency::Police, basis)]);
        assert_eq!(case.round().disclosures[0].what.basis, basis);
        assert_eq!(cited(case.last("disclosure_recorded")), ["R-RECORDED-ALWAYS"]);
    }
}
