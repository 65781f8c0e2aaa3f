//! PIP, paragraphs 1 to 5: every fork both ways.
//!
//! The first visit is on Monday 1 June 2026; five working days later is Monday 8 June.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, NO_LETTER, Row, Step, UNSAFE, cited, ineffective, london, run};
use holdfast_procedure::Role;
use holdfast_procedure::visiting::ContactBy::*;
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::Verdict::{self, *};
use holdfast_procedure::visiting::WithdrawalGround::Abroad;
use holdfast_procedure::visiting::{Event, Ground, Outcome};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const FIRST_ONLY: &[(u32, Verdict)] = &[(1, FirstIneffective)];
const BOTH: &[(u32, Verdict)] = &[(1, FirstIneffective), (2, SecondIneffective)];
const IN_TIME: &[(u32, Verdict)] = &[(1, FirstIneffective), (2, InTime)];
const NOT_IN_TIME: &[(u32, Verdict)] = &[(1, FirstIneffective), (2, NotInTime)];
const TWO_AT_ONCE: &[(u32, Verdict)] = &[(1, CountsAsTwo)];

#[rustfmt::skip] // one case a row
const GROUNDS_AND_LETTER: &[Row] = &[
    Row("nobody has called", &[], FirstVisitDue, &[]),
    Row("seen at the first visit", &[Visit("2026-06-01 10:00", Outcome::Effective)], EndedVisitEffective, &[(1, Effective)]),
    Row("nobody at home", &[Visit("2026-06-01 10:00", ineffective(Ground::NotAtHome))], AwaitingContact, FIRST_ONLY),
    Row("no answer", &[FIRST], AwaitingContact, FIRST_ONLY),
    Row("refused", &[Visit("2026-06-01 10:00", ineffective(Ground::RefusedToCooperate))], AwaitingContact, FIRST_ONLY),
    Row("letter not left", &[Visit("2026-06-01 10:00", NO_LETTER)], AwaitingContact, FIRST_ONLY),
    Row("letter posted after all", &[Visit("2026-06-01 10:00", NO_LETTER), Posted("2026-06-03 09:00")], AwaitingContact, FIRST_ONLY),
    Row("broken off", &[Visit("2026-06-01 10:00", Outcome::BrokenOff)], FirstVisitDue, &[(1, Neither)]),
    Row("broken off, then no answer", &[Visit("2026-06-01 09:00", Outcome::BrokenOff), Visit("2026-06-01 10:00", NO_ANSWER)],
        AwaitingContact, &[(1, Neither), (2, FirstIneffective)]),
    Row("broken off in the window", &[FIRST, Visit("2026-06-03 10:00", Outcome::BrokenOff)],
        AwaitingContact, &[(1, FirstIneffective), (2, Neither)]),
    Row("broken off when the second was due", &[FIRST, Visit("2026-06-09 10:00", Outcome::BrokenOff)],
        SecondVisitDue, &[(1, FirstIneffective), (2, Neither)]),
];

#[rustfmt::skip]
const UNSAFE_AREAS: &[Row] = &[
    Row("visit finds the area unsafe", &[Visit("2026-06-01 10:00", UNSAFE)], HandedOver, TWO_AT_ONCE),
    Row("known to be unsafe before any visit", &[Unsafe("2026-06-01 10:00")], HandedOver, TWO_AT_ONCE),
    Row("unsafe while the window runs", &[FIRST, Unsafe("2026-06-03 10:00")],
        HandedOver, &[(1, FirstIneffective), (2, CountsAsTwo)]),
    Row("unsafe at a visit while the window runs", &[FIRST, Visit("2026-06-03 10:00", UNSAFE)],
        HandedOver, &[(1, FirstIneffective), (2, CountsAsTwo)]),
    Row("unsafe after the second visit fell due", &[FIRST, Unsafe("2026-06-09 10:00")],
        HandedOver, &[(1, FirstIneffective), (2, CountsAsTwo)]),
    Row("unsafe at the second visit", &[FIRST, Visit("2026-06-09 10:00", UNSAFE)],
        HandedOver, &[(1, FirstIneffective), (2, CountsAsTwo)]),
    Row("unsafe while the second visit is undecided", &[FIRST, Contact("2026-06-03 10:00"), Unsafe("2026-06-04 10:00")],
        HandedOver, &[(1, FirstIneffective), (2, InTime), (3, CountsAsTwo)]),
    Row("unsafe after two visits", &[FIRST, SECOND, Unsafe("2026-06-10 10:00")],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("unsafe after the customer was seen", &[Visit("2026-06-01 10:00", Outcome::Effective), Unsafe("2026-06-02 10:00")],
        EndedVisitEffective, &[(1, Effective), (2, Afterwards)]),
];

#[rustfmt::skip]
const CONTACT: &[Row] = &[
    Row("the day after", &[FIRST, Contact("2026-06-02 10:00")], SecondVisitUndecided, IN_TIME),
    Row("at the last instant", &[FIRST, Contact("2026-06-08 23:59:59.999999")], SecondVisitUndecided, IN_TIME),
    Row("one microsecond late", &[FIRST, Contact("2026-06-09 00:00")], SecondVisitDue, NOT_IN_TIME),
    Row("before any visit", &[Contact("2026-06-01 09:00"), FIRST], AwaitingContact, &[(1, NotInTime), (2, FirstIneffective)]),
    Row("before any visit, none since", &[Contact("2026-06-01 09:00")], FirstVisitDue, &[(1, NotInTime)]),
    Row("by a third party", &[FIRST, ContactBy("2026-06-03 10:00", ThirdParty, None)],
        AwaitingContact, &[(1, FirstIneffective), (2, NotTheCustomer)]),
    Row("by a third party, then time passed", &[FIRST, ContactBy("2026-06-03 10:00", ThirdParty, None), Now("2026-06-09 00:00")],
        SecondVisitDue, &[(1, FirstIneffective), (2, NotTheCustomer)]),
    Row("by a third party who says no visit is needed", &[FIRST, ContactBy("2026-06-03 10:00", ThirdParty, Some(NotNeeded))],
        AwaitingContact, &[(1, FirstIneffective), (2, NotTheCustomer)]),
    Row("by a representative", &[FIRST, ContactBy("2026-06-03 10:00", Representative, None)], SecondVisitUndecided, IN_TIME),
    Row("undecided for weeks", &[FIRST, Contact("2026-06-03 10:00"), Now("2026-07-03 10:00")], SecondVisitUndecided, IN_TIME),
    Row("needed at once", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed))], SecondVisitDue, IN_TIME),
    Row("not needed at once", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))], EndedNoSecondVisit, IN_TIME),
    Row("decided later: needed", &[FIRST, Contact("2026-06-03 10:00"), Now("2026-06-04 10:00"), Decide(Needed)], SecondVisitDue, IN_TIME),
    Row("decided later: not needed", &[FIRST, Contact("2026-06-03 10:00"), Now("2026-06-04 10:00"), Decide(NotNeeded)],
        EndedNoSecondVisit, IN_TIME),
    Row("decided at the instant of the contact", &[FIRST, Contact("2026-06-03 10:00"), Decide(NotNeeded)], EndedNoSecondVisit, IN_TIME),
    Row("changed from needed to not needed", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed)), Now("2026-06-04 10:00"),
        Decide(NotNeeded)], EndedNoSecondVisit, IN_TIME),
    Row("a second call leaves a decision as it is", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed)), Contact("2026-06-04 10:00")],
        SecondVisitDue, &[(1, FirstIneffective), (2, InTime), (3, InTime)]),
    Row("a second call changes the decision", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed)),
        ContactBy("2026-06-04 10:00", Customer, Some(NotNeeded))], EndedNoSecondVisit, &[(1, FirstIneffective), (2, InTime), (3, InTime)]),
    Row("late contact leaves a decision as it is", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed)),
        ContactBy("2026-06-09 10:00", Customer, Some(NotNeeded))], SecondVisitDue, &[(1, FirstIneffective), (2, InTime), (3, NotInTime)]),
    Row("late contact settles nothing", &[FIRST, ContactBy("2026-06-09 10:00", Customer, Some(NotNeeded))], SecondVisitDue, NOT_IN_TIME),
];

#[rustfmt::skip]
const SECOND_VISITS: &[Row] = &[
    Row("nothing by the last instant of the window", &[FIRST, Now("2026-06-08 23:59:59.999999")], AwaitingContact, FIRST_ONLY),
    Row("nothing by the next", &[FIRST, Now("2026-06-09 00:00")], SecondVisitDue, FIRST_ONLY),
    Row("on time", &[FIRST, SECOND], HandedOver, BOTH),
    Row("too early", &[FIRST, Visit("2026-06-05 10:00", NO_ANSWER)], AwaitingContact, &[(1, FirstIneffective), (2, TooEarly)]),
    Row("at the last instant of the window", &[FIRST, Visit("2026-06-08 23:59:59.999999", NO_ANSWER)],
        AwaitingContact, &[(1, FirstIneffective), (2, TooEarly)]),
    Row("one microsecond after the window", &[FIRST, Visit("2026-06-09 00:00", NO_ANSWER)], HandedOver, BOTH),
    Row("too early, then on time", &[FIRST, Visit("2026-06-05 10:00", NO_ANSWER), Visit("2026-06-09 10:00", NO_ANSWER)],
        HandedOver, &[(1, FirstIneffective), (2, TooEarly), (3, SecondIneffective)]),
    Row("in the window, after contact that asked for it", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed)),
        Visit("2026-06-04 10:00", NO_ANSWER)], HandedOver, &[(1, FirstIneffective), (2, InTime), (3, SecondIneffective)]),
    Row("in the window, after contact, while undecided", &[FIRST, Contact("2026-06-03 10:00"), Visit("2026-06-04 10:00", NO_ANSWER)],
        HandedOver, &[(1, FirstIneffective), (2, InTime), (3, SecondIneffective)]),
    Row("weeks after contact, while undecided", &[FIRST, Contact("2026-06-03 10:00"), Visit("2026-06-24 10:00", NO_ANSWER)],
        HandedOver, &[(1, FirstIneffective), (2, InTime), (3, SecondIneffective)]),
    Row("before contact in the same window it is too early", &[FIRST, Visit("2026-06-02 10:00", NO_ANSWER), Contact("2026-06-03 10:00")],
        SecondVisitUndecided, &[(1, FirstIneffective), (2, TooEarly), (3, InTime)]),
    Row("broken off while undecided", &[FIRST, Contact("2026-06-03 10:00"), Visit("2026-06-04 10:00", Outcome::BrokenOff)],
        SecondVisitUndecided, &[(1, FirstIneffective), (2, InTime), (3, Neither)]),
    Row("a third changes nothing", &[FIRST, SECOND, Visit("2026-06-10 10:00", NO_ANSWER)],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("seen in the window", &[FIRST, Visit("2026-06-03 10:00", Outcome::Effective)],
        EndedVisitEffective, &[(1, FirstIneffective), (2, Effective)]),
    Row("seen while undecided", &[FIRST, Contact("2026-06-03 10:00"), Visit("2026-06-04 10:00", Outcome::Effective)],
        EndedVisitEffective, &[(1, FirstIneffective), (2, InTime), (3, Effective)]),
    Row("seen at the second visit", &[FIRST, Visit("2026-06-09 10:00", Outcome::Effective)],
        EndedVisitEffective, &[(1, FirstIneffective), (2, Effective)]),
    Row("seen after two ineffective visits releases nothing", &[FIRST, SECOND, Visit("2026-06-10 10:00", Outcome::Effective)],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("contact after two ineffective visits releases nothing", &[FIRST, SECOND, Contact("2026-06-10 10:00")],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
];

const NO_SECOND: Step = ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded));

#[rustfmt::skip]
const AFTER_NOT_NEEDED: &[Row] = &[
    Row("taken back", &[FIRST, NO_SECOND, Now("2026-06-04 10:00"), Decide(Needed)], SecondVisitDue, IN_TIME),
    Row("taken back after the window", &[FIRST, NO_SECOND, Now("2026-06-20 10:00"), Decide(Needed)], SecondVisitDue, IN_TIME),
    Row("decided, then taken back", &[FIRST, Contact("2026-06-03 10:00"), Decide(NotNeeded), Now("2026-06-04 10:00"), Decide(Needed)],
        SecondVisitDue, IN_TIME),
    Row("taken back and decided again", &[FIRST, NO_SECOND, Now("2026-06-04 10:00"), Decide(Needed), Now("2026-06-05 10:00"), Decide(NotNeeded)],
        EndedNoSecondVisit, IN_TIME),
    Row("taken back, then nobody in", &[FIRST, NO_SECOND, Now("2026-06-04 10:00"), Decide(Needed), Visit("2026-06-05 10:00", NO_ANSWER)],
        HandedOver, &[(1, FirstIneffective), (2, InTime), (3, SecondIneffective)]),
    Row("confirmed", &[FIRST, NO_SECOND, Now("2026-06-04 10:00"), Decide(NotNeeded)], EndedNoSecondVisit, IN_TIME),
    Row("further contact asks for it", &[FIRST, NO_SECOND, ContactBy("2026-06-04 10:00", Customer, Some(Needed))],
        SecondVisitDue, &[(1, FirstIneffective), (2, InTime), (3, InTime)]),
    Row("further contact settles nothing", &[FIRST, NO_SECOND, Contact("2026-06-04 10:00")],
        EndedNoSecondVisit, &[(1, FirstIneffective), (2, InTime), (3, InTime)]),
    Row("further contact after the window", &[FIRST, NO_SECOND, ContactBy("2026-06-09 10:00", Customer, Some(Needed))],
        EndedNoSecondVisit, &[(1, FirstIneffective), (2, InTime), (3, Afterwards)]),
    Row("a third party asks for it", &[FIRST, NO_SECOND, ContactBy("2026-06-04 10:00", ThirdParty, Some(Needed))],
        EndedNoSecondVisit, &[(1, FirstIneffective), (2, InTime), (3, Afterwards)]),
    Row("nobody in", &[FIRST, NO_SECOND, Visit("2026-06-04 10:00", NO_ANSWER)],
        EndedNoSecondVisit, &[(1, FirstIneffective), (2, InTime), (3, Afterwards)]),
    Row("broken off", &[FIRST, NO_SECOND, Visit("2026-06-04 10:00", Outcome::BrokenOff)],
        EndedNoSecondVisit, &[(1, FirstIneffective), (2, InTime), (3, Afterwards)]),
    Row("the area is unsafe", &[FIRST, NO_SECOND, Unsafe("2026-06-04 10:00")],
        HandedOver, &[(1, FirstIneffective), (2, InTime), (3, CountsAsTwo)]),
    Row("a visit finds the area unsafe", &[FIRST, NO_SECOND, Visit("2026-06-04 10:00", UNSAFE)],
        HandedOver, &[(1, FirstIneffective), (2, InTime), (3, CountsAsTwo)]),
    Row("the customer is seen", &[FIRST, NO_SECOND, Visit("2026-06-04 10:00", Outcome::Effective)],
        EndedVisitEffective, &[(1, FirstIneffective), (2, InTime), (3, Effective)]),
    Row("contact that comes to light does not make the visit vanish", &[FIRST, Visit("2026-06-04 10:00", Outcome::Effective), NO_SECOND],
        EndedVisitEffective, &[(1, FirstIneffective), (2, Effective), (3, InTime)]),
    Row("once seen, nothing is unsafe any more", &[FIRST, NO_SECOND, Visit("2026-06-04 10:00", Outcome::Effective), Unsafe("2026-06-05 10:00")],
        EndedVisitEffective, &[(1, FirstIneffective), (2, InTime), (3, Effective), (4, Afterwards)]),
];

#[test]
fn that_no_second_visit_is_needed_can_be_taken_back() {
    run(AFTER_NOT_NEEDED);
}

#[test]
fn grounds_and_the_letter() {
    run(GROUNDS_AND_LETTER);
}

#[test]
fn unsafe_areas_count_as_two_visits() {
    run(UNSAFE_AREAS);
}

#[test]
fn contact_after_the_first_visit() {
    run(CONTACT);
}

#[test]
fn second_visits() {
    run(SECOND_VISITS);
}

/// What happened, the event it leads to, and the rules that event cites.
type Citation = (&'static [Step], &'static str, &'static [&'static str]);

#[rustfmt::skip]
const CITATIONS: &[Citation] = &[
    (&[], "referred", &["R-NOT-PRESCRIBED"]),
    (&[FIRST], "fact_judged", &["PIP-1"]),
    (&[FIRST], "contact_window_opened", &["PIP-2", "R-WORKING-DAYS"]),
    (&[FIRST], "stage_reached", &["PIP-1", "PIP-2", "R-WORKING-DAYS"]),
    (&[Posted("2026-06-03 10:00")], "letter_recorded", &["PIP-2", "R-LETTER-BY-POST"]),
    (&[Unsafe("2026-06-03 10:00")], "unsafe_area_recorded", &["R-UNSAFE-AREA"]),
    (&[Unsafe("2026-06-03 10:00")], "stage_reached", &["PIP-1U", "PIP-5"]),
    (&[FIRST, Now("2026-06-09 00:00")], "stage_reached", &["PIP-4"]),
    (&[FIRST, SECOND], "stage_reached", &["PIP-5"]),
    (&[FIRST, Contact("2026-06-03 10:00")], "fact_judged", &["PIP-3"]),
    (&[FIRST, Contact("2026-06-03 10:00")], "stage_reached", &["PIP-3"]),
    (&[FIRST, Contact("2026-06-03 10:00"), Decide(Needed)], "second_visit_decided", &["PIP-3"]),
    (&[FIRST, Visit("2026-06-05 10:00", NO_ANSWER)], "fact_judged", &["R-TOO-EARLY"]),
    (&[Visit("2026-06-05 10:00", Outcome::BrokenOff)], "fact_judged", &["R-BROKEN-OFF"]),
    (&[FIRST, SECOND, Contact("2026-06-10 10:00")], "fact_judged", &["R-LATER-CONTACT"]),
    (&[FIRST, SECOND, Visit("2026-06-10 10:00", NO_ANSWER)], "fact_judged", &["R-LATER-CONTACT"]),
    (&[FIRST, NO_SECOND, Contact("2026-06-10 10:00")], "fact_judged", &["R-RECORDED-ALWAYS"]),
    (&[FIRST, NO_SECOND, Decide(Needed)], "stage_reached", &["PIP-3"]),
    (&[FIRST, Contact("2026-06-03 10:00"), As(Role::CesTeam, &Complete("communications-note:2"))], "task_completed", &["PIP-3"]),
];

#[test]
fn events_cite_the_rules_they_stand_on() {
    for (steps, event, rules) in CITATIONS {
        let case = Case::given(steps);
        assert_eq!(cited(case.last(event)), *rules, "{event} after {steps:?}");
    }
}

#[test]
fn a_stage_names_the_facts_it_rests_on_and_since_when_it_holds() {
    let reached = |steps| {
        let case = Case::given(steps);
        (case.state.basis.clone(), case.state.since.unwrap())
    };
    assert_eq!(reached(&[]), (vec![], london("2026-05-29 09:00")));
    assert_eq!(reached(&[FIRST]), (vec![1], london("2026-06-01 10:00")));
    assert_eq!(reached(&[FIRST, Now("2026-06-20 00:00")]), (vec![1], london("2026-06-08 23:59:59.999999")));
    assert_eq!(reached(&[FIRST, SECOND]), (vec![1, 2], london("2026-06-09 10:00")));
    assert_eq!(reached(&[FIRST, Unsafe("2026-06-03 10:00")]), (vec![1, 2], london("2026-06-03 10:00")));
    assert_eq!(reached(&[Unsafe("2026-06-03 10:00")]), (vec![1], london("2026-06-03 10:00")));
    assert_eq!(reached(&[FIRST, Contact("2026-06-03 10:00")]), (vec![2], london("2026-06-03 10:00")));
}

#[test]
fn a_reply_says_what_is_not_counted() {
    let noted = |steps| Case::given(steps).notes.join(" ");
    assert!(noted(&[FIRST, Visit("2026-06-05 10:00", NO_ANSWER)]).contains("R-TOO-EARLY"));
    let late = noted(&[FIRST, Contact("2026-06-09 10:00")]);
    assert!(late.contains("changes nothing that is owed (R-NOT-PRESCRIBED)") && !late.contains("due"), "{late}");
    assert!(noted(&[FIRST, ContactBy("2026-06-03 10:00", ThirdParty, None)]).contains("window goes on"));
    assert!(noted(&[Visit("2026-06-05 10:00", Outcome::BrokenOff)]).contains("R-BROKEN-OFF"));
    assert_eq!(noted(&[FIRST, SECOND]), "");
    assert_eq!(noted(&[FIRST, Contact("2026-06-03 10:00")]), "");
}

/// What was settled with contact that does not count is recorded, and is said not to apply.
#[test]
fn a_reply_says_where_what_was_settled_does_not_apply() {
    let noted = |steps: &[Step]| {
        Case::given(steps).notes.join(" ").contains("What was said about a second visit does not apply.")
    };
    for settled in [Needed, NotNeeded] {
        assert!(noted(&[ContactBy("2026-06-01 09:00", Customer, Some(settled))]));
        assert!(noted(&[FIRST, ContactBy("2026-06-09 10:00", Customer, Some(settled))]));
        assert!(noted(&[FIRST, ContactBy("2026-06-03 10:00", ThirdParty, Some(settled))]));
        assert!(noted(&[FIRST, SECOND, ContactBy("2026-06-03 10:00", Customer, Some(settled))]));
        assert!(noted(&[FIRST, Withdraw(Abroad), ContactBy("2026-06-03 10:00", Customer, Some(settled))]));
        assert!(!noted(&[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(settled))]));
    }
    assert!(!noted(&[FIRST, Contact("2026-06-09 10:00")]));
}

static LATER: [Step; 3] =
    [Contact("2026-06-10 10:00"), Visit("2026-06-10 10:00", NO_ANSWER), Visit("2026-06-10 10:00", Outcome::BrokenOff)];

#[test]
fn only_what_is_passed_on_is_said_to_be() {
    for step in &LATER {
        let noted = |given: &[Step]| {
            let mut case = Case::given(given);
            case.when(&[As(Role::VisitingOfficer, step)]);
            case.notes.join(" ")
        };
        let handed_over = noted(&[FIRST, SECOND]);
        assert!(handed_over.contains("it is passed to whoever leads the case (R-LATER-CONTACT)"), "{handed_over}");
        let ended = noted(&[FIRST, NO_SECOND]);
        assert!(ended.contains("changes nothing") && !ended.contains("passed"), "{step:?}: {ended}");
    }
}

/// A timer that runs late leaves the same journal as one that runs on the dot: what time brings about is in it first.
#[test]
fn what_time_brings_about_does_not_hang_on_a_timer() {
    let case = Case::given(&[FIRST, SECOND]);
    let events = case.journal.iter().map(|entry| &entry.ruled.event);
    let stages: Vec<_> = events
        .filter_map(|event| if let Event::StageReached { stage, .. } = event { Some(*stage) } else { None })
        .collect();
    assert_eq!(stages, [FirstVisitDue, AwaitingContact, SecondVisitDue, HandedOver]);
}
