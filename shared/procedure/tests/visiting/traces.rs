//! Where the customer lives, by what was traced and told, in whatever order that became known (ESA 107).

use super::benefits::{esa_form, given, held, open, place, record, refer, refused, trace, unopened, when};
use super::case::{Case, REFERRED, london, words};
use chrono::{DateTime, Utc};
use holdfast_procedure::Role::{Officer, Referrer, VisitingOfficer};
use holdfast_procedure::benefit::Benefit::Esa;
use holdfast_procedure::protection::HoldGround::CoreVisitDue;
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Role, customer};

const NEXT: &str = "2026-06-01 10:00";
const THEN: &str = "2026-06-02 10:00";

type Step = (&'static str, Role, Command);

fn correct(fact: u32, right: Option<Happening>) -> Command {
    Command::Correct(Correction { fact, right, narrative: None, reason: words("misread") })
}

fn traced(at: &str, found: Option<&str>) -> Happening {
    let Command::Record(Record { happening, .. }) = trace(at, found) else { unreachable!("a trace is recorded") };
    happening
}

fn moves(at: &str, to: &str) -> Command {
    let fact = customer::Fact::Moved { place: place(to), occurred_at: london(at) };
    Command::Customer(customer::Command { fact, passed_on: None })
}

/// Where the case has the customer live now.
fn lives(case: &Case) -> &str {
    case.state.opened.as_ref().map_or("", |opened| opened.place.area.as_str())
}

fn lived(case: &Case, at: DateTime<Utc>) -> &str {
    case.state.opened.as_ref().map_or("", |opened| opened.place_at(at).area.as_str())
}

/// A row: what was recorded after the referral, in that order; where the customer lives; where they lived before the
/// first of it, between the two days, and after the second.
struct Row(&'static str, Vec<Step>, &'static str, [&'static str; 3]);

#[test]
fn the_place_follows_the_traces_that_stand_and_the_moves_by_their_dates() {
    let late = "2026-06-02 11:00";
    let found = || (THEN, VisitingOfficer, trace(NEXT, Some("South")));
    let rows = [
        Row("found", vec![found()], "South", ["North", "South", "South"]),
        Row("it never happened", vec![found(), (late, VisitingOfficer, correct(1, None))], "North", ["North"; 3]),
        Row(
            "it was found elsewhere",
            vec![found(), (late, VisitingOfficer, correct(1, Some(traced(NEXT, Some("West")))))],
            "West",
            ["North", "West", "West"],
        ),
        Row(
            "a trace from before the move that was told first",
            vec![(THEN, Officer, moves(THEN, "East")), (late, VisitingOfficer, trace(NEXT, Some("South")))],
            "East",
            ["North", "South", "East"],
        ),
        Row(
            "a move from before the trace",
            vec![(THEN, VisitingOfficer, trace(THEN, Some("South"))), (late, Officer, moves(NEXT, "East"))],
            "South",
            ["North", "East", "South"],
        ),
        Row(
            "the trace is voided and the move stays",
            vec![found(), (THEN, Officer, moves(THEN, "East")), (late, VisitingOfficer, correct(1, None))],
            "East",
            ["North", "North", "East"],
        ),
    ];
    for Row(name, steps, now, before) in rows {
        let mut case = super::benefits::esa();
        when(&mut case, steps);
        let at = [REFERRED, "2026-06-01 12:00", "2026-06-02 12:00"].map(|at| lived(&case, london(at)));
        assert_eq!((lives(&case), at), (now, before), "{name}");
        assert_eq!(case.replayed(), case.state, "{name}");
    }
}

/// Corrected to "none was found", it no longer names an address, and counts as two visits.
#[test]
fn a_trace_that_turns_out_to_have_found_nothing_names_no_address() {
    let mut case = super::benefits::esa();
    when(&mut case, vec![(NEXT, VisitingOfficer, trace(NEXT, Some("South")))]);
    when(&mut case, vec![(THEN, VisitingOfficer, correct(1, Some(traced(NEXT, None))))]);
    assert_eq!((lives(&case), case.state.stage), ("North", Stage::HandedOver));
    assert_eq!(file(&case.state).map(|file| file.place), Some(place("North")));
}

fn considered_and_untraced() -> Case {
    let told = Consideration { conclusion: Conclusion::Refer, ..super::benefits::considered(REFERRED) };
    given(vec![(REFERRED, Referrer, open(Esa, Happening::Consideration(told))), (NEXT, Referrer, trace(NEXT, None))])
}

/// A referral with a confident address after all: that one is visited, and nothing counts as two visits.
#[test]
fn no_address_traced_before_the_referral_counts_only_against_a_care_of_address() {
    let south = |care_of| {
        let Command::Refer { award, occurred_at, circumstances, late_reason, form, .. } =
            refer(Esa, london(THEN), VisitingForm { care_of, ..esa_form() })
        else {
            unreachable!("a referral")
        };
        Command::Refer { award, place: place("South"), occurred_at, circumstances, late_reason, form, of_death: vec![] }
    };
    let mut confident = considered_and_untraced();
    when(&mut confident, vec![(THEN, Referrer, south(false))]);
    assert_eq!((confident.state.stage, lives(&confident)), (Stage::FirstVisitDue, "South"));
    assert_eq!(confident.verdicts(), [(2, Verdict::Neither)]);
    assert!(held(&confident).contains(&CoreVisitDue));
    assert!(confident.notes.iter().all(|note| !note.contains("another address")), "{:?}", confident.notes);
    assert_eq!(confident.replayed(), confident.state);
    // What the officer finds out on the way counts as before.
    let later = "2026-06-03 10:00";
    when(&mut confident, vec![(later, VisitingOfficer, trace(later, None))]);
    assert_eq!(confident.state.stage, Stage::HandedOver);

    let mut care_of = considered_and_untraced();
    when(&mut care_of, vec![(THEN, Referrer, south(true))]);
    assert_eq!((care_of.state.stage, care_of.verdicts()), (Stage::HandedOver, vec![(2, Verdict::CountsAsTwo)]));
}

/// Only on a case can a trace be recorded: whoever has none is told first how to open one.
#[test]
fn a_care_of_referral_is_told_what_to_do_first() {
    let care_of = || refer(Esa, london(THEN), VisitingForm { care_of: true, ..esa_form() });
    let mut fresh = unopened();
    fresh.now = london(THEN);
    let (rules, why) = refused(&mut fresh, Referrer, &care_of());
    assert_eq!(rules, ["ESA-107C", "R-CARE-OF"]);
    let first = why.find("ConsiderVisit").expect("how a case is opened");
    assert!(first < why.find("RecordAddressTrace").expect("how it is recorded"), "{why}");
    let told = super::benefits::considered(REFERRED);
    let mut case = given(vec![(REFERRED, Referrer, open(Esa, Happening::Consideration(told)))]);
    case.now = london(THEN);
    let (_, why) = refused(&mut case, Referrer, &care_of());
    assert!(!why.contains("ConsiderVisit") && why.contains("RecordAddressTrace"), "{why}");
    when(&mut case, vec![(THEN, Referrer, record(traced(THEN, Some("South")))), (THEN, Referrer, care_of())]);
    assert_eq!((case.state.stage, lives(&case)), (Stage::FirstVisitDue, "South"));
}
