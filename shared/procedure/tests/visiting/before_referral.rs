//! What happened before the referral was made, on Friday 29 May 2026 at nine, and is recorded under its real date.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, REFERRED, Row, Step, cited, london, run};
use holdfast_procedure::Role;
use holdfast_procedure::benefit::pip;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::guidance::{Guidance, Version};
use holdfast_procedure::rule::Source;
use holdfast_procedure::visiting::ContactBy::{Customer, ThirdParty};
use holdfast_procedure::visiting::SecondVisit::NotNeeded;
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::Verdict::*;

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const FOUND: Step = Unsafe("2026-05-27 10:00");
const CALLED: Step = Contact("2026-05-27 10:00");

#[rustfmt::skip] // one case a row
const BEFORE: &[Row] = &[
    Row("found unsafe", &[FOUND], HandedOver, &[(1, CountsAsTwo)]),
    Row("found unsafe, known only after the first visit", &[FIRST, FOUND], HandedOver, &[(1, Afterwards), (2, CountsAsTwo)]),
    Row("found unsafe, known only after the second", &[FIRST, SECOND, FOUND],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("found unsafe, by a correction", &[Unsafe("2026-05-30 10:00"), Correct(1, &FOUND)], HandedOver, &[(2, CountsAsTwo)]),
    Row("contact", &[CALLED], FirstVisitDue, &[(1, NotInTime)]),
    Row("contact that settles nothing", &[ContactBy("2026-05-27 10:00", Customer, Some(NotNeeded))], FirstVisitDue, &[(1, NotInTime)]),
    Row("contact by a third party", &[ContactBy("2026-05-27 10:00", ThirdParty, None)], FirstVisitDue, &[(1, NotTheCustomer)]),
    Row("contact, known only in the window", &[FIRST, CALLED], AwaitingContact, &[(1, FirstIneffective), (2, NotInTime)]),
    Row("contact, by a correction", &[FIRST, Contact("2026-06-03 10:00"), Correct(2, &CALLED)],
        AwaitingContact, &[(1, FirstIneffective), (3, NotInTime)]),
];

#[test]
fn what_happened_before_the_referral_is_judged_like_anything_else() {
    run(BEFORE);
}

/// It is dated as it happened, and takes effect with the referral.
#[test]
fn an_area_found_unsafe_before_the_referral_counts_as_two_from_the_referral_on() {
    for (found, since) in [
        ("2026-05-27 10:00", REFERRED),
        ("2026-05-29 08:59:59.999999", REFERRED),
        (REFERRED, REFERRED),
        ("2026-05-29 10:00", "2026-05-29 10:00"),
    ] {
        let mut case = Case::referred();
        case.now = london("2026-06-01 10:00");
        case.when(&[Unsafe(found)]);
        assert_eq!((case.state.stage, case.state.since), (HandedOver, Some(london(since))), "{found}");
        assert_eq!(case.state.facts[&1].happening.occurred_at(), london(found));
        assert_eq!(cited(case.last("stage_reached")), ["PIP-1U", "PIP-5"]);
        assert_eq!(case.state.handover.as_ref().map(|handover| handover.since), Some(london(since)));
    }
}

/// A referral that is recorded late leaves its reason to be given for what lies before it too.
#[test]
fn it_is_late_like_anything_else() {
    let mut case = Case::given(&[Now("2026-06-15 10:00")]);
    let refusal = format!("{:?}", case.attempt(&FOUND).unwrap_err());
    assert!(refusal.contains("late_reason") && !refusal.contains("before the referral"), "{refusal}");
    case.when(&[Late(&FOUND)]);
    assert_eq!(cited(case.last("unsafe_area_recorded")), ["R-LATE-REASON", "R-UNSAFE-AREA"]);
}

/// The finding is judged by the version in force when it was made, and the case goes on by that of the referral; where
/// none was in force yet, the referral's says it all.
#[test]
fn a_finding_before_the_referral_is_judged_by_a_version_that_was_in_force() {
    const ELSEWHERE: &[Role] = &[Role::Ceast];
    let mut rules = pip::RULES;
    rules.handover.says = ELSEWHERE;
    let version = |rules| Version {
        name: "pip/2".to_owned(),
        source: Source::PipGuidance,
        effective_from: Some(london("2026-05-28 00:00")),
        rules,
    };
    for (guidance, judged_by) in
        [(Guidance::published().with(version(rules)), "pip/1"), (Guidance::of(vec![version(rules)]), "pip/2")]
    {
        let mut case = Case::referred_on(REFERRED, Nation::England, guidance);
        case.when(&[CALLED, FOUND]);
        let to = case.state.handover.as_ref().map(|handover| &handover.to[..]);
        assert_eq!((case.state.stage, to), (HandedOver, Some(ELSEWHERE)));
        assert_eq!(case.last("fact_judged").version, judged_by);
        assert_eq!(cited(case.last("fact_judged"))[0], "PIP-1U");
        assert_eq!(case.last("stage_reached").version, "pip/2");
        assert_eq!(case.verdicts(), [(1, NotInTime), (2, CountsAsTwo)]);
    }
}
