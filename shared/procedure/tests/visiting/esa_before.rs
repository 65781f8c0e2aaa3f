//! ESA 106 to 112: a Core Visit is considered before any sanction or disallowance.

use super::benefits::{
    FIVE, considered, esa_form, given, held, open, owed, place, record, refer, refused, task, trace, unopened, when,
};
use super::case::{Case, REFERRED, cited, london, words};
use holdfast_procedure::Role::{Officer, Referrer, VisitingOfficer};
use holdfast_procedure::benefit::Benefit::{Esa, Pip};
use holdfast_procedure::protection::HoldGround::{ConcernOnRecord, ConditionKnown, CoreVisitDue, OpenReferral};
use holdfast_procedure::protection::{Standing, Why};
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Role, Told};

const AT: &str = "2026-05-29 09:00";
const NEXT: &str = "2026-06-01 10:00";

/// A case that was opened by a consideration like this.
fn opened(change: impl Fn(&mut Consideration)) -> Case {
    let mut told = considered(AT);
    change(&mut told);
    given(vec![(AT, Referrer, open(Esa, Happening::Consideration(told)))])
}

/// What is considered next.
fn next(change: impl Fn(&mut Consideration)) -> Command {
    let mut told = Consideration { situations: vec![], indicator: None, ..considered(NEXT) };
    change(&mut told);
    record(Happening::Consideration(told))
}

fn then(case: &mut Case, change: impl Fn(&mut Consideration)) {
    when(case, vec![(NEXT, Referrer, next(change))]);
}

fn correct(fact: u32, right: Option<Happening>) -> Command {
    Command::Correct(Correction { fact, right, narrative: None, reason: words("misread") })
}

#[test]
fn a_consideration_opens_a_case_and_what_is_left_is_owed() {
    let case = opened(|_| {});
    assert_eq!((case.state.stage, open_award(&case.state).is_some()), (Stage::ConsiderationDue, true));
    assert_eq!(owed(&case), [("consideration".to_owned(), Referrer, "ESA-106", "ConsiderVisit")]);
    let what = task(&case, "consideration").expect("a task").what;
    for item in FIVE {
        assert!(what.contains(item.title()), "{what}");
    }
    assert_eq!(cited(case.last("visit_considered")), ["ESA-106", "ESA-106N", "ESA-107N", "ESA-107"]);
    assert_eq!((case.last("case_opened").version.as_str(), case.state.referral.is_some()), ("esa/1", false));
}

#[test]
fn what_goes_with_indicators_a_concern_and_a_representative_is_owed_until_it_is_considered() {
    let mut case = opened(|told| {
        told.indicator = None;
        (told.safeguarding_concern, told.has_representative) = (true, true);
    });
    let keys = |case: &Case| -> Vec<_> { owed(case).into_iter().map(|(key, _, rule, _)| (key, rule)).collect() };
    let row = |key: &str, rule| (key.to_owned(), rule);
    assert_eq!(
        keys(&case),
        [
            row("consideration", "ESA-106"),
            row("indicators", "ESA-107"),
            row("hardship-contacts", "ESA-106H"),
            row("representative-responsibilities", "ESA-110")
        ]
    );
    then(&mut case, |told| {
        told.indicator = Some(Indicator::NoneFound);
        told.considered = vec![ConsideredItem::HardshipContacts, ConsideredItem::RepresentativeResponsibilities];
    });
    assert_eq!(keys(&case), [row("consideration", "ESA-106")]);
    // A concern that is raised on the case asks for the same.
    let mut raised = opened(|_| {});
    when(&mut raised, vec![(NEXT, Officer, record(super::benefits::concern(NEXT)))]);
    assert!(keys(&raised).contains(&row("hardship-contacts", "ESA-106H")));
}

/// What was considered adds up over as many records as it takes, in whatever order they come.
#[test]
fn no_visit_is_concluded_only_once_everything_was_considered_by_somebody_who_is_confident() {
    let no_visit = |told: &mut Consideration| told.conclusion = Conclusion::NoVisit;
    for (name, items, understanding, rules) in [
        ("nothing", &FIVE[..0], None, vec!["ESA-106", "ESA-111"]),
        ("four of the five", &FIVE[..4], Some(Understanding::Confident), vec!["ESA-106"]),
        ("nobody spoke with them", &FIVE[..], None, vec!["ESA-111"]),
        ("in doubt", &FIVE[..], Some(Understanding::Doubt), vec!["ESA-111"]),
    ] {
        let mut case = opened(|told| {
            told.considered = items.to_vec();
            told.understanding = understanding;
        });
        case.now = london(NEXT);
        let (refused, why) = refused(&mut case, Referrer, &next(no_visit));
        assert_eq!(refused, rules, "{name}: {why}");
    }
    let mut case = opened(|told| told.considered = FIVE[..2].to_vec());
    then(&mut case, |told| {
        (told.considered, told.understanding) = (FIVE[2..4].to_vec(), Some(Understanding::Confident))
    });
    then(&mut case, |told| (told.considered, told.conclusion) = (FIVE[4..].to_vec(), Conclusion::NoVisit));
    assert_eq!((case.state.stage, held(&case), open_award(&case.state)), (Stage::EndedVisitNotRequired, vec![], None));
    assert_eq!(owed(&case), [("no-visit:3".to_owned(), Referrer, "ESA-111", "CompleteTask")]);
    assert_eq!(cited(case.last("stage_reached")), ["ESA-111", "ESA-106N"]);
    let again = next(|_| {});
    let (_, why) = refused(&mut case, Referrer, &again);
    assert!(why.contains("begin anew"), "{why}");
}

/// With nothing found in the records there is nothing that confidence would have to outweigh.
#[test]
fn no_confidence_is_asked_for_where_the_records_show_nothing() {
    let case = opened(|told| {
        (told.considered, told.indicator) = (FIVE.to_vec(), Some(Indicator::NoneFound));
        told.conclusion = Conclusion::NoVisit;
    });
    assert_eq!(case.state.stage, Stage::EndedVisitNotRequired);
    let unchecked =
        Consideration { considered: FIVE.to_vec(), indicator: None, conclusion: Conclusion::NoVisit, ..considered(AT) };
    assert_eq!(
        refused(&mut unopened(), Referrer, &open(Esa, Happening::Consideration(unchecked))).0,
        ["ESA-107", "ESA-111"]
    );
}

#[test]
fn any_doubt_refers_and_so_does_whoever_concludes_it() {
    for change in [
        (|told: &mut Consideration| told.understanding = Some(Understanding::Doubt)) as fn(&mut Consideration),
        |told: &mut Consideration| told.conclusion = Conclusion::Refer,
    ] {
        let case = opened(change);
        assert_eq!((case.state.stage, held(&case)), (Stage::ReferralDue, vec![CoreVisitDue]));
        assert_eq!(owed(&case), [("referral".to_owned(), Referrer, "ESA-112A", "ReferForVisit")]);
        assert_eq!(cited(case.last("stage_reached")), ["ESA-112A", "ESA-111"]);
    }
    let mut calmed = opened(|told| told.understanding = Some(Understanding::Doubt));
    then(&mut calmed, |told| told.understanding = Some(Understanding::Confident));
    assert_eq!(calmed.state.stage, Stage::ConsiderationDue, "whoever spoke with them last knows best");
}

#[test]
fn a_known_condition_protects_until_a_visit_was_considered_and_then_the_visit_does() {
    let nothing = |told: &mut Consideration| told.indicator = Some(Indicator::NoneFound);
    assert_eq!(held(&opened(nothing)), []);
    assert_eq!(held(&opened(|told| told.indicator = None)), []);
    assert_eq!(held(&opened(|told| told.indicator = Some(Indicator::Found))), [ConditionKnown]);
    // Paragraph 111 applies: no response, from somebody of whom a condition is known.
    let mut case = opened(|told| told.no_response = true);
    assert_eq!(held(&case), [ConditionKnown, CoreVisitDue]);
    assert_eq!(cited(case.last("stage_reached")), ["ESA-106", "ESA-111", "ESA-112"]);
    // The referral is owed as soon as that is so, beside what is left to consider (112).
    let referral = ("referral".to_owned(), Referrer, "ESA-112A", "ReferForVisit");
    assert!(owed(&case).contains(&referral) && task(&case, "consideration").is_some(), "{:?}", owed(&case));
    let mut calmed = case.clone();
    then(&mut calmed, |told| told.understanding = Some(Understanding::Confident));
    assert_eq!((task(&calmed, "referral"), calmed.state.stage), (None, Stage::ConsiderationDue));
    let silent = opened(|told| (told.no_response, told.indicator) = (true, Some(Indicator::NoneFound)));
    assert!(task(&silent, "referral").is_none() && task(&opened(|_| {}), "referral").is_none());
    then(&mut case, |told| told.conclusion = Conclusion::Refer);
    assert_eq!(held(&case), [CoreVisitDue]);
    let known = case.state.protection.get(ConditionKnown).expect("a hold");
    assert_eq!(known.state, Standing::Released { why: Why::VisitConsidered });
    let at = case.now;
    case.apply(Referrer, &refer(Esa, at, esa_form())).expect("a referral");
    assert_eq!((case.state.stage, held(&case)), (Stage::FirstVisitDue, vec![OpenReferral, CoreVisitDue]));
    let concern = opened(|told| told.safeguarding_concern = true);
    assert_eq!(held(&concern), [ConcernOnRecord, ConditionKnown]);
}

#[test]
fn a_consideration_that_is_put_right_is_judged_anew() {
    let marker = considered(AT);
    let mut case = opened(|told| told.conclusion = Conclusion::Refer);
    case.apply(Referrer, &correct(1, Some(Happening::Consideration(marker)))).expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::ConsiderationDue, vec![ConditionKnown]));
    case.apply(Referrer, &correct(2, None)).expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::ConsiderationDue, vec![]));
    // What was concluded no longer counts once what it stood on turns out wrong.
    let all = |told: &mut Consideration| {
        (told.considered, told.understanding) = (FIVE.to_vec(), Some(Understanding::Confident));
    };
    let mut ended = opened(all);
    then(&mut ended, |told| told.conclusion = Conclusion::NoVisit);
    assert_eq!(ended.state.stage, Stage::EndedVisitNotRequired);
    ended.apply(Referrer, &correct(1, Some(Happening::Consideration(considered(AT))))).expect("a correction");
    assert_eq!((ended.state.stage, held(&ended)), (Stage::ConsiderationDue, vec![ConditionKnown]));
    let mut case = opened(|_| {});
    let no_visit = Consideration { conclusion: Conclusion::NoVisit, ..considered(AT) };
    let corrected = correct(1, Some(Happening::Consideration(no_visit)));
    assert_eq!(refused(&mut case, Referrer, &corrected).0, ["ESA-106", "ESA-111"], "nor by a correction");
    assert_eq!(refused(&mut case, VisitingOfficer, &correct(1, None)).0, ["ESA-106", "ESA-106N", "ESA-107N"]);
}

#[test]
fn a_visit_is_considered_by_the_referrer_and_only_where_the_guidance_says_so() {
    let consideration = || Happening::Consideration(considered(AT));
    assert_eq!(refused(&mut unopened(), Referrer, &open(Pip, consideration())).0, ["R-NOT-PRESCRIBED"]);
    assert_eq!(refused(&mut unopened(), Officer, &open(Esa, consideration())).0, ["ESA-106", "ESA-106N", "ESA-107N"]);
    let mut pip = Case::referred();
    assert_eq!(refused(&mut pip, Referrer, &record(consideration())).0, ["R-NOT-PRESCRIBED"]);
    assert_eq!(refused(&mut unopened(), Officer, &open(Esa, super::benefits::concern(AT))).0, ["R-NOT-PRESCRIBED"]);
}

/// A second consideration for the award is recorded on the case that is open, and after a referral too.
#[test]
fn considering_goes_on_with_the_open_case() {
    let mut case = opened(|_| {});
    case.apply(Referrer, &open(Esa, Happening::Consideration(considered(AT)))).expect("a consideration");
    assert_eq!((case.state.facts.len(), case.state.stage), (2, Stage::ConsiderationDue));
    case.apply(Referrer, &refer(Esa, london(AT), esa_form())).expect("a referral");
    then(&mut case, |told| told.has_representative = true);
    assert!(task(&case, "representative-responsibilities").is_some());
    let no_visit = next(|told| told.conclusion = Conclusion::NoVisit);
    assert!(refused(&mut case, Referrer, &no_visit).1.contains("WithdrawReferral"));
    assert_eq!(case.state.stage, Stage::FirstVisitDue);
}

/// A care-of address is not visited (107): a trace comes first.
#[test]
fn a_care_of_address_is_traced_before_the_referral() {
    let care_of = || VisitingForm { care_of: true, ..esa_form() };
    let early = refer(Esa, london(REFERRED), care_of());
    assert_eq!(refused(&mut unopened(), Referrer, &early).0, ["ESA-107C", "R-CARE-OF"]);
    let referral = || ("2026-06-02 10:00", Referrer, refer(Esa, london("2026-06-02 10:00"), care_of()));
    let traced = |found| (NEXT, Referrer, trace(NEXT, found));

    let mut found = opened(|told| told.conclusion = Conclusion::Refer);
    when(&mut found, vec![traced(Some("South")), referral()]);
    assert_eq!(found.state.stage, Stage::FirstVisitDue);
    assert_eq!(found.state.opened.as_ref().map(|opened| opened.place.clone()), Some(place("South")));

    let mut none = opened(|told| told.conclusion = Conclusion::Refer);
    when(&mut none, vec![traced(None)]);
    assert_eq!(none.state.stage, Stage::ReferralDue);
    when(&mut none, vec![referral()]);
    assert_eq!((none.state.stage, none.verdicts()), (Stage::HandedOver, vec![(2, Verdict::CountsAsTwo)]));
    assert_eq!(cited(none.last("stage_reached")), ["ESA-107U", "R-CARE-OF", "ESA-125"]);
    assert_eq!(none.state.since, Some(london("2026-06-02 10:00")), "it takes effect with the referral");
    let to = none.state.handover.as_ref().map(|handover| handover.to.clone());
    assert_eq!(to, Some(vec![Role::Heo]));

    let mut found_after_all = opened(|told| told.conclusion = Conclusion::Refer);
    let again = ("2026-06-01 15:00", Referrer, trace("2026-06-01 15:00", Some("South")));
    when(&mut found_after_all, vec![traced(None), again, referral()]);
    assert_eq!(found_after_all.state.stage, Stage::FirstVisitDue, "only the last trace counts");
}

/// The officer may find out only on the way.
#[test]
fn an_address_that_cannot_be_traced_after_the_referral_counts_as_two_visits() {
    let mut case = super::benefits::esa();
    when(&mut case, vec![(NEXT, VisitingOfficer, trace(NEXT, Some("South")))]);
    assert_eq!(case.state.stage, Stage::FirstVisitDue);
    assert_eq!(case.state.opened.as_ref().map(|opened| opened.place.area.clone()), Some("South".to_owned()));
    when(&mut case, vec![("2026-06-02 10:00", VisitingOfficer, trace("2026-06-02 10:00", None))]);
    assert_eq!((case.state.stage, held(&case)), (Stage::HandedOver, vec![]));
    assert_eq!(file(&case.state).map(|file| file.entries.len()), Some(2));
    assert!(case.last("address_trace_recorded").event.summary().contains("no address could be traced"));
}
