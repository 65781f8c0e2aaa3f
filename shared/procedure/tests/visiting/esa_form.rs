//! ESA 112: what the referral carries, and what follows it.

use super::benefits::{day, esa, esa_form, follow_up, given, owed, refer, refused, task, unopened, visit, when};
use super::case::{Case, NO_ANSWER, REFERRED, cited, london, words};
use holdfast_procedure::Role::{Referrer, Suite, VisitingOfficer};
use holdfast_procedure::benefit::Benefit::Esa;
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Decider, Refusal};

fn without(change: impl Fn(&mut VisitingForm)) -> (Vec<&'static str>, String) {
    let mut form = esa_form();
    change(&mut form);
    refused(&mut unopened(), Referrer, &refer(Esa, london(REFERRED), form))
}

#[test]
fn a_referral_with_all_of_it_is_made() {
    let case = esa();
    assert_eq!(
        (case.state.stage, case.state.opened.as_ref().map(|opened| opened.how)),
        (Stage::FirstVisitDue, Some(OpenedBy::Referral))
    );
    assert_eq!(cited(case.last("referred")), ["ESA-112A", "ESA-107C", "R-CARE-OF", "ESA-112R", "ESA-112T"]);
    assert_eq!(case.state.referral.as_ref().map(|made| made.form.telephone.clone()), Some(esa_form().telephone));
}

#[test]
fn every_item_that_is_missing_is_named_with_its_rule_in_one_refusal() {
    let (rules, why) = without(|form| *form = VisitingForm::default());
    assert_eq!(rules, ["ESA-112R", "ESA-112T"]);
    for field in [
        "form.condition",
        "form.representative",
        "form.contact_attempts",
        "form.previous_visit",
        "form.good_cause_considered",
        "form.lone_parent_with_child_under_one",
        "form.telephone:",
        "form.telephone_staffed",
    ] {
        assert!(why.contains(field), "{field} is missing from {why}");
    }
    assert!(!why.contains("form.activity"), "{why}");
}

type Change = fn(&mut VisitingForm);

#[rustfmt::skip] // one item a row
const ITEMS: &[(&str, &str, Change)] = &[
    ("form.condition", "ESA-112R", |form| form.condition = None),
    ("form.representative", "ESA-112R", |form| form.representative = None),
    ("form.contact_attempts", "ESA-112R", |form| form.contact_attempts = None),
    ("form.previous_visit", "ESA-112R", |form| form.previous_visit = None),
    ("form.good_cause_considered", "ESA-112R", |form| form.good_cause_considered = None),
    ("form.lone_parent_with_child_under_one", "ESA-112R", |form| form.lone_parent_with_child_under_one = None),
    ("form.activity", "ESA-112R", |form| form.situations = vec![Situation::WorkRelatedActivityNotUndertaken]),
    ("form.telephone", "ESA-112T", |form| form.telephone = None),
    ("form.telephone_staffed", "ESA-112T", |form| form.telephone_staffed = false),
];

#[test]
fn no_item_can_be_left_out() {
    for (field, rule, change) in ITEMS {
        let (rules, why) = without(change);
        assert_eq!(rules, [*rule], "{field}");
        assert!(why.starts_with(field) && !why.contains("; "), "{why}");
    }
}

#[test]
fn what_is_not_known_is_said_so_and_an_activity_is_named_with_its_day() {
    let mut form = esa_form();
    (form.condition, form.contact_attempts) = (Some(FormText::NotKnown), Some(FormText::NotKnown));
    form.situations = vec![Situation::WorkRelatedActivityNotUndertaken];
    form.activity = Some(Activity { what: words("a course"), due_on: day("2026-05-20") });
    let case = given(vec![(REFERRED, Referrer, refer(Esa, london(REFERRED), form))]);
    assert_eq!(case.state.stage, Stage::FirstVisitDue);
}

/// The situation need not be named again in the form.
#[test]
fn an_activity_that_was_considered_before_is_named_too() {
    let told = Consideration {
        situations: vec![Situation::WorkRelatedActivityNotUndertaken],
        ..super::benefits::considered(REFERRED)
    };
    let mut case = given(vec![(REFERRED, Referrer, super::benefits::open(Esa, Happening::Consideration(told)))]);
    let (rules, why) = refused(&mut case, Referrer, &refer(Esa, london(REFERRED), esa_form()));
    assert!(rules == ["ESA-112R"] && why.starts_with("form.activity"), "{rules:?}: {why}");
    let activity = Some(Activity { what: words("a course"), due_on: day("2026-05-20") });
    when(&mut case, vec![(REFERRED, Referrer, refer(Esa, london(REFERRED), VisitingForm { activity, ..esa_form() }))]);
    assert_eq!(case.state.stage, Stage::FirstVisitDue);
}

/// Where it is not known, the officer is asked to check (112).
#[test]
fn the_officer_finds_out_about_a_lone_parent_where_that_is_not_known() {
    let unknown = || VisitingForm { lone_parent_with_child_under_one: Some(Answer::NotKnown), ..esa_form() };
    let mut case = given(vec![(REFERRED, Referrer, refer(Esa, london(REFERRED), unknown()))]);
    let asked = task(&case, "lone-parent").expect("a task");
    assert_eq!((asked.owner, asked.rule.id), (VisitingOfficer, "ESA-112R"));
    assert!(task(&esa(), "lone-parent").is_none());
    let seen = Seen { lone_parent_with_child_under_one: Some(Answer::Yes), ..Seen::default() };
    let at = "2026-06-01 10:00";
    when(&mut case, vec![(at, VisitingOfficer, super::esa_visits::seen(at, seen))]);
    assert!(task(&case, "lone-parent").is_none());
}

/// Friday 29 May and ten working days: the follow-up matures when Friday 12 June is over.
#[test]
fn a_follow_up_of_ten_working_days_owes_a_chase_when_nothing_is_back() {
    let due = |case: &Case| task(case, "follow-up").is_some();
    let passes = |at| {
        let mut case = esa();
        when(&mut case, vec![(at, Suite, Command::LetTimePass)]);
        case
    };
    assert!(!due(&passes("2026-06-12 23:59")));
    let case = passes("2026-06-13 00:00");
    assert_eq!(owed(&case)[1], ("follow-up".to_owned(), Referrer, "ESA-112F", "RecordFollowUp"));
    assert_eq!(cited(case.last("follow_up_matured")), ["ESA-112F"]);
    let timer = |case: &Case| Visiting::timers(&case.state).into_iter().map(|timer| timer.key).collect::<Vec<_>>();
    assert_eq!((timer(&esa()), timer(&case)), (vec!["follow-up".to_owned()], vec![]));
}

#[test]
fn a_chase_is_owed_once_for_each_follow_up_that_matures() {
    let mut case = esa();
    when(&mut case, vec![("2026-06-15 10:00", Referrer, follow_up("2026-06-15 10:00", Some("2026-06-22")))]);
    assert_eq!(owed(&case).len(), 1, "the chase is done: {:?}", owed(&case));
    when(&mut case, vec![("2026-06-21 23:59", Suite, Command::LetTimePass)]);
    assert!(task(&case, "follow-up:1").is_none());
    when(&mut case, vec![("2026-06-22 00:00", Suite, Command::LetTimePass)]);
    assert!(task(&case, "follow-up:1").is_some(), "on the day that was set");
    when(&mut case, vec![("2026-06-22 10:00", Referrer, follow_up("2026-06-22 10:00", None))]);
    assert_eq!((owed(&case).len(), case.state.follow_up.clone()), (1, None), "the date is not extended");
    assert!(Visiting::timers(&case.state).is_empty());
}

#[test]
fn a_follow_up_before_its_day_that_sets_no_other_leaves_it_as_it_is() {
    let mut case = esa();
    let set = case.state.follow_up.clone();
    when(&mut case, vec![("2026-06-08 10:00", Referrer, follow_up("2026-06-08 10:00", None))]);
    assert_eq!(case.state.follow_up, set);
    let sets_today = follow_up("2026-06-08 10:00", Some("2026-06-08"));
    let Err(Refusal::Invalid(faults)) = case.apply(Referrer, &sets_today) else { panic!("not refused") };
    assert_eq!(faults[0].field, "follow_up.review_on");
}

/// Nothing is chased that is back: the outcome, or the case itself.
#[test]
fn no_chase_is_owed_once_something_is_back() {
    let later = || ("2026-06-20 10:00", Suite, Command::LetTimePass);
    let at = "2026-06-01 10:00";
    let mut seen = esa();
    when(&mut seen, vec![(at, VisitingOfficer, visit(at, Outcome::Effective)), later()]);
    assert!(task(&seen, "follow-up").is_some(), "an outcome that nobody has returned is not back");
    let mut back = esa();
    when(&mut back, vec![(at, VisitingOfficer, visit(at, Outcome::Effective))]);
    let done = super::case::complete("return-outcome:1", back.now);
    when(&mut back, vec![(at, VisitingOfficer, done), later()]);
    assert!(task(&back, "follow-up").is_none());
    let mut two = esa();
    let second = ("2026-06-09 10:00", VisitingOfficer, visit("2026-06-09 10:00", NO_ANSWER));
    when(&mut two, vec![(at, VisitingOfficer, visit(at, NO_ANSWER)), second, later()]);
    assert_eq!((two.state.stage, task(&two, "follow-up")), (Stage::HandedOver, None));
}

#[test]
fn nothing_is_chased_or_booked_before_the_referral() {
    let told = super::benefits::considered(REFERRED);
    let mut case = given(vec![(REFERRED, Referrer, super::benefits::open(Esa, Happening::Consideration(told)))]);
    let (_, why) = refused(&mut case, Referrer, &follow_up(REFERRED, None));
    assert!(why.contains("ReferForVisit"), "{why}");
    assert!(refused(&mut case, VisitingOfficer, &visit(REFERRED, NO_ANSWER)).1.contains("ReferForVisit"));
}

/// The officer may turn to whoever referred second too: their form is as complete as the first.
#[test]
fn no_item_can_be_left_out_of_a_referral_that_joins() {
    for (field, rule, change) in ITEMS {
        let (mut case, mut form) = (esa(), esa_form());
        change(&mut form);
        let (rules, why) = refused(&mut case, Referrer, &refer(Esa, london(REFERRED), form));
        assert!(rules == [*rule] && why.starts_with(field), "{field}: {why}");
    }
}

/// What a second referrer wrote is kept with their referral; the first form stands.
#[test]
fn the_form_of_a_referral_that_joins_is_kept_beside_the_first() {
    let mut case = esa();
    let second = VisitingForm { condition: Some(FormText::Known(words("anxiety"))), ..esa_form() };
    when(&mut case, vec![(REFERRED, Referrer, refer(Esa, london(REFERRED), second.clone()))]);
    assert_eq!(case.state.joined.iter().map(|joined| &joined.form).collect::<Vec<_>>(), [&second]);
    assert_eq!(case.replayed().joined, case.state.joined);
    assert_eq!(cited(case.last("referral_joined")), ["R-RECORDED-ALWAYS", "ESA-112R", "ESA-112T"]);
    assert_eq!(case.state.referral.as_ref().map(|first| first.form.clone()), Some(esa_form()));
    assert!(case.notes.iter().any(|note| note.contains("kept beside it")), "{:?}", case.notes);
}
