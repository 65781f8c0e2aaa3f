//! What holds whatever is recorded before a referral and beside the visits, in whatever order.

use super::always::reach;
use super::benefits::{FIVE, atw_form, award, concern, considered, esa_form, open, place, refer};
use super::case::{Case, REFERRED, words};
use chrono::TimeDelta;
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::HoldGround;
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Role, Told};
use proptest::prelude::*;

/// Something done to a case that other benefits than PIP know: how many minutes after the step before, by whom, how long
/// ago it happened, and what.
#[derive(Debug, Clone)]
struct Step {
    after: i64,
    ago: i64,
    role: Role,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    /// Recorded on the open case, or opening one.
    Record(Box<Happening>),
    /// A fact is put right, or never happened.
    Correct(u32, Option<Box<Happening>>),
    Refer(bool),
    Decide(SecondVisit, Option<Understanding>),
    GoodCause,
    Withdraw,
    /// The task at this place of the list is done elsewhere.
    Complete(usize),
    TimePasses,
}

fn at(mut happening: Happening, case: &Case, ago: i64) -> Happening {
    let when = case.now - TimeDelta::minutes(ago);
    match &mut happening {
        Happening::Visit(told) => told.occurred_at = when,
        Happening::UnsafeArea(told) => told.occurred_at = when,
        Happening::Letter(told) => told.occurred_at = when,
        Happening::Contact(told) => told.occurred_at = when,
        Happening::Concern(told) => told.occurred_at = when,
        Happening::Consideration(told) => told.occurred_at = when,
        Happening::Triage(told) => told.occurred_at = when,
        Happening::AddressTrace(told) => told.occurred_at = when,
        Happening::FollowUp(told) => {
            told.occurred_at = when;
            told.review_on = told.review_on.map(|_| (when + TimeDelta::days(5)).date_naive());
        }
        Happening::Booking(told) => told.occurred_at = when,
    }
    happening
}

fn command(step: &Step, case: &Case, benefit: Benefit) -> Command {
    match &step.what {
        What::Record(happening) => {
            let (narrative, late_reason) = (Some(words("so")), Some(words("late")));
            let record = Record { happening: at((**happening).clone(), case, step.ago), narrative, late_reason };
            if step.ago % 2 == 0 {
                Command::Open(Opening { award: award(benefit), place: place("North"), record, of_death: vec![] })
            } else {
                Command::Record(record)
            }
        }
        What::Correct(fact, right) => {
            let right = right.as_ref().map(|right| at((**right).clone(), case, step.ago));
            Command::Correct(Correction { fact: *fact, right, narrative: None, reason: words("misread") })
        }
        What::Refer(care_of) => {
            let form = if benefit == Benefit::Esa { esa_form() } else { atw_form() };
            refer(benefit, case.now, VisitingForm { care_of: *care_of, ..form })
        }
        What::Decide(second_visit, understanding) => super::benefits::decide(*second_visit, *understanding),
        What::GoodCause => {
            let decision = GoodCauseDecision { good_cause: GoodCause::NotAccepted, deferral: None };
            Command::DecideGoodCause { decision, reason: words("so") }
        }
        What::Withdraw => Command::Withdraw { ground: WithdrawalGround::Abroad, reason: words("so") },
        What::Complete(place) => {
            let owed = case.owed();
            super::case::complete(owed.get(place % owed.len().max(1)).map_or("", String::as_str), case.now)
        }
        What::TimePasses => Command::LetTimePass,
    }
}

fn understanding() -> impl Strategy<Value = Option<Understanding>> {
    prop::sample::select(vec![None, None, Some(Understanding::Confident), Some(Understanding::Doubt)])
}

fn consideration() -> impl Strategy<Value = Happening> {
    let indicator = prop::sample::select(vec![None, Some(Indicator::NoneFound), Some(Indicator::Found)]);
    let conclusion = prop::sample::select(vec![Conclusion::Open, Conclusion::Refer, Conclusion::NoVisit]);
    let said = (indicator, any::<[bool; 3]>(), 0..6_usize, understanding(), conclusion);
    said.prop_map(|(indicator, [no_response, concern, has_representative], items, understanding, conclusion)| {
        Happening::Consideration(Consideration {
            occurred_at: super::case::london(REFERRED),
            situations: vec![],
            indicator,
            no_response,
            safeguarding_concern: concern && has_representative,
            has_representative,
            considered: FIVE[..items.min(FIVE.len())].to_vec(),
            understanding,
            conclusion,
        })
    })
}

/// A visit, or contact after one.
fn about_visits() -> impl Strategy<Value = Happening> {
    let occurred_at = super::case::london(REFERRED);
    let outcomes = vec![Outcome::Effective, super::case::NO_ANSWER, super::case::NO_ANSWER, Outcome::BrokenOff];
    let outcome = prop::sample::select(outcomes);
    let visit = (outcome, any::<bool>()).prop_map(move |(outcome, deferral_appropriate)| {
        let seen = (outcome == Outcome::Effective).then(|| Seen { deferral_appropriate, ..Seen::default() });
        Happening::Visit(Visit { occurred_at, outcome, seen })
    });
    let contact = (understanding(), any::<bool>()).prop_map(move |(understanding, settled)| {
        let second_visit = settled.then_some(SecondVisit::NotNeeded);
        let (channel, by) = (Channel::Telephone, ContactBy::Customer);
        Happening::Contact(Contact { occurred_at, channel, by, second_visit, understanding })
    });
    prop_oneof![5 => visit, 3 => contact]
}

fn happening() -> impl Strategy<Value = Happening> {
    let occurred_at = super::case::london(REFERRED);
    let triage = prop::sample::select(vec![
        TriageResult::VisitAppropriate,
        TriageResult::VisitAppropriate,
        TriageResult::ConcernWithoutVisit,
        TriageResult::NoConcern,
    ]);
    let triage = triage.prop_map(move |result| Happening::Triage(Triage { occurred_at, result }));
    let trace = any::<bool>().prop_map(move |found| {
        Happening::AddressTrace(AddressTrace { occurred_at, found: found.then(|| place("South")) })
    });
    let follow_up = any::<bool>().prop_map(move |extended| {
        Happening::FollowUp(FollowUp { occurred_at, review_on: extended.then(|| occurred_at.date_naive()) })
    });
    let booking = any::<bool>().prop_map(move |confirmed| {
        let booking = Booking { what: Booked::Interview, agreed_for: occurred_at, confirmed };
        Happening::Booking(BookingMade { occurred_at, booking })
    });
    prop_oneof![
        4 => consideration(),
        3 => Just(Happening::Concern(Concern { occurred_at })),
        3 => triage,
        1 => trace,
        2 => follow_up,
        1 => booking,
        8 => about_visits(),
        1 => Just(Happening::UnsafeArea(UnsafeArea { occurred_at })),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let understanding = prop::sample::select(vec![None, Some(Understanding::Confident), Some(Understanding::Doubt)]);
    let what = prop_oneof![
        9 => happening().prop_map(|told| What::Record(Box::new(told))),
        2 => (1..8_u32, prop::option::weighted(0.7, happening()))
            .prop_map(|(fact, right)| What::Correct(fact, right.map(Box::new))),
        3 => prop::bool::weighted(0.2).prop_map(What::Refer),
        1 => (prop::sample::select(vec![SecondVisit::Needed, SecondVisit::NotNeeded]), understanding)
            .prop_map(|(second_visit, understanding)| What::Decide(second_visit, understanding)),
        1 => Just(What::GoodCause),
        1 => Just(What::Withdraw),
        2 => any::<usize>().prop_map(What::Complete),
        2 => Just(What::TimePasses),
    ];
    let roles = vec![Role::Referrer, Role::Referrer, Role::AtwSpoc, Role::AtwSpoc, Role::VisitingOfficer, Role::Ceast];
    let after = prop_oneof![Just(0), 0..600_i64, 0..9_000_i64];
    let ago = prop_oneof![2 => Just(0), 2 => 0..4_000_i64, 1 => Just(-1)];
    (after, ago, prop::sample::select(roles), what).prop_map(|(after, ago, role, what)| Step { after, ago, role, what })
}

/// Opens a case as its benefit does, and does every step, be it refused or not. A case checks itself after each.
fn walk(benefit: Benefit, steps: &[Step]) -> Case {
    let mut case = Case::unopened(REFERRED, Guidance::published());
    let (by, opens) = match benefit {
        Benefit::Esa if steps.len().is_multiple_of(4) => (Role::Referrer, refer(benefit, case.now, esa_form())),
        Benefit::Esa => (Role::Referrer, open(benefit, Happening::Consideration(considered(REFERRED)))),
        Benefit::Pip | Benefit::UniversalCredit | Benefit::AccessToWork => {
            (Role::AtwProcessor, open(benefit, concern(REFERRED)))
        }
    };
    case.apply(by, &opens).expect("a case is opened");
    for step in steps {
        case.now += TimeDelta::minutes(step.after);
        let (before, command) = (case.state.clone(), command(step, &case, benefit));
        if case.apply(step.role, &command).is_err() {
            assert_eq!(case.state, before, "nothing is kept of what is refused");
        } else {
            always_so(&before, &case);
        }
    }
    reach(&mut case, &[]);
    case
}

/// What holds of every case that may be considered or triaged.
fn always_so(before: &State, case: &Case) {
    let state = &case.state;
    assert_eq!(state.referral.is_none() && !state.stage.has_ended(), state.stage.is_before_referral());
    if let Some(made) = &before.referral {
        // A concern after its visit was effective takes the case to where another may be made; it is kept beside that.
        let kept = [&state.referral, &state.spent].into_iter().flatten().any(|kept| kept == made);
        assert!(kept, "a referral stays as it was made");
    }
    let stands = |ground| state.protection.get(ground).is_some_and(|hold| hold.stands_here());
    let esa = state.opened.as_ref().is_some_and(|opened| opened.award.benefit == Benefit::Esa);
    let visit_is_due =
        state.stage == Stage::ReferralDue || (state.referral.is_some() && !state.stage.visits_are_over());
    assert!(
        !(esa && visit_is_due) || stands(HoldGround::CoreVisitDue),
        "a visit that is due protects: {:?}",
        state.stage
    );
    assert!(esa || !stands(HoldGround::CoreVisitDue) && !stands(HoldGround::ConditionKnown));
    let is_made = state.referral.is_some() && before.referral.is_none() && state.referral != before.spent;
    if !esa && is_made {
        assert_eq!(before.stage, Stage::ReferralDue, "nothing is referred before it was triaged");
    }
    if state.stage == Stage::EndedVisitNotRequired {
        let doubt = state
            .standing_facts()
            .filter_map(|(_, fact)| Some((fact.happening.occurred_at(), fact.happening.understanding()?)));
        let last = doubt.max_by_key(|(at, _)| *at).map(|(_, understanding)| understanding);
        assert_ne!(last, Some(Understanding::Doubt), "in doubt a visit is due");
    }
    let matured = state.follow_up.as_ref().and_then(|set| set.matured);
    assert!(matured.is_none_or(|since| since < case.now), "nothing matures before its time");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nothing_recorded_in_esa_leads_astray(steps in prop::collection::vec(step(), 1..25)) {
        walk(Benefit::Esa, &steps);
    }

    #[test]
    fn nothing_recorded_in_access_to_work_leads_astray(steps in prop::collection::vec(step(), 1..25)) {
        walk(Benefit::AccessToWork, &steps);
    }

    /// That time has passed releases nothing (R-NO-LAPSE), before the referral either.
    #[test]
    fn time_alone_releases_nothing_in_any_benefit(
        steps in prop::collection::vec(step(), 1..15), days in 0..400_i64, esa in any::<bool>(),
    ) {
        let mut case = walk(if esa { Benefit::Esa } else { Benefit::AccessToWork }, &steps);
        case.now += TimeDelta::days(days);
        let released = case.time_alone().iter().any(|ruled| ruled.event.name() == "protection_released");
        prop_assert!(!released);
    }
}
