//! Properties: whatever is done in whatever order by whomever, what has to hold always holds, and doing what is owed
//! leads to the end. A case checks itself after every command.

use super::case::{Case, concluded_later, words};
use super::file_samples;
use super::step::Step::{self, *};
use super::step::{CEAST, CES, EVERYTHING, HEO, REFERRER, SPOC, TEAM_LEADER, There, complete};
use chrono::TimeDelta;
use holdfast_procedure::Role;
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::conferencing::ActionResult::*;
use holdfast_procedure::conferencing::AssuranceItem::*;
use holdfast_procedure::conferencing::Deferral::{Appropriate, NotAppropriate};
use holdfast_procedure::conferencing::FindingResult::{NothingHeld, Reviewed};
use holdfast_procedure::conferencing::PartnershipManager::{Involved, NotInvolved};
use holdfast_procedure::conferencing::Party::{Department, HealthServices};
use holdfast_procedure::conferencing::{Command, Marker as OnCase, Outcome, Stage};
use holdfast_procedure::handover::File;
use holdfast_procedure::protection::HoldGround::TwoIneffectiveVisits as TwoVisits;
use holdfast_procedure::protection::HoldGround::{ConcernDetermined, Reconsideration};
use holdfast_procedure::task::COMPLETE_TASK;
use proptest::prelude::*;

/// The note that the file asks for as it commonly arrives.
const NOTE: &str = "prescribed-note:2026-06-01:2026-06-09";

/// When what is told twice of a case that is taken back was confirmed.
const TAKEN: &str = "2026-06-10 12:00";

/// What is done, the likelier the oftener it stands here.
#[rustfmt::skip]
const STEPS: &[Step] = &[
    Find(Circumstances, Reviewed, ""), Find(Circumstances, NothingHeld, ""), Find(PreviousInteractions, Reviewed, ""),
    Find(PreviousInteractions, Reviewed, ""), Find(Documents, Reviewed, ""), Find(Documents, Reviewed, ""),
    Find(ThirdParties, NothingHeld, ""), Find(ThirdParties, NothingHeld, ""), Find(Other, Reviewed, ""),
    Further(true), Further(false), Further(false), Convene(""), Support(OnCase::PutOn),
    Conference("", &[CES, REFERRER]), Conference("", &[CES, REFERRER]), Conference("", &[CES]),
    Conference("", &[CES, (Department(Role::Referrer), "c.morgan"), (HealthServices, "n.patel")]),
    Agree(Role::Referrer, None), Agree(Role::CesTeam, None),
    Report(1, Taken, ""), Report(2, Overtaken, ""), Report(1, NotTaken, ""), Report(3, Taken, ""),
    Contact(""), As(Role::CaseManager, &Contact("")), PassedOn(Role::SafeguardingLeader, ""),
    Determine(true, false), Determine(true, false), Determine(true, false), Determine(true, true), Determine(false, true),
    Determine(false, false), Concluded(""), Concluded(""), Concluded(""), Note(""), Note(""), Note(""),
    Support(OnCase::NotPutOn), Complete(NOTE, ""), Complete(NOTE, ""), Complete("contact:1", ""), Complete("contact:2", ""),
    Return, Return, Return, Return, Decide(Outcome::Disallow), Decide(Outcome::NotDisallow), Decide(Outcome::Disallow),
    Reopen, As(Role::CesTeam, &Reopen), Complete("ownership", ""), Assign("determination", "c.morgan"),
    Died(""), ConfirmDeath, DeathMistaken, DeathMistaken, Moved(Nation::Scotland), Moved(Nation::England), Merged("C-2"),
    RaiseHold(TwoVisits, 3, true), RaiseHold(TwoVisits, 4, false), RaiseHold(ConcernDetermined, 2, true),
    Receive(file_samples::placed_again), RaiseHold(Reconsideration, 3, false),
    TakeBack(TAKEN), TakeBack(TAKEN), TakeBack(""), Receive(file_samples::anew), Receive(file_samples::anew),
    TimePasses, Receive(file_samples::two_visits), Receive(file_samples::one_call), Receive(file_samples::with_contact),
];

/// What is done beside that in a benefit whose participants have to be satisfied, by either of its leads.
#[rustfmt::skip]
const TOGETHER: &[Step] = &[
    Considered("", TEAM, Some(Involved), Some(Appropriate)), Considered("", HIGHER, Some(NotInvolved), None),
    Considered("", TEAM, None, Some(NotAppropriate)), Considered("", HIGHER, Some(Involved), None),
    Conference("", TEAM), Conference("", HIGHER), Conference("", &[TEAM_LEADER]),
    Find(Deferral, Reviewed, ""), Find(Deferral, Reviewed, ""),
    Assented(false, TEAM), Assented(false, HIGHER), Assented(true, TEAM), Assented(true, HIGHER),
    Assented(false, &[TEAM_LEADER]), Assented(false, &[REFERRER]),
    Complete("review-note", ""), Complete("review-note", ""), Complete("review-note:again-1", ""),
    Gather("", EVERYTHING), Gather("", EVERYTHING), Gather("", [true, false, true, true]), Gather("", [false; 4]),
    Return, Return, Decide(Outcome::Sanction), Decide(Outcome::Neither), Decide(Outcome::TakeDecision),
    Decide(Outcome::NotTakeDecision),
];
const TEAM: &[There] = &[TEAM_LEADER, REFERRER];
const HIGHER: &[There] = &[HEO, REFERRER];

/// What is done beside that in Access to Work.
#[rustfmt::skip]
const BY_CEAST: &[Step] = &[
    Conference("", &[CEAST, SPOC]), Conference("", &[CEAST, SPOC]), Conference("", &[SPOC]),
    Decide(Outcome::AwardGrant), Decide(Outcome::NotAwardGrant), Gather("", EVERYTHING),
];

const ROLES: &[Role] = &[
    Role::CesTeam,
    Role::CaseManager,
    Role::Referrer,
    Role::Officer,
    Role::Suite,
    Role::Heo,
    Role::TeamLeader,
    Role::Ceast,
    Role::AtwSpoc,
    Role::DecisionMaker,
    Role::AtwAdviser,
];

/// Something done: how many minutes after the step before, by whom if not by the usual party, and what.
pub(crate) type Move = (i64, Option<Role>, Step);

/// What may be done to a case of this benefit.
pub(crate) fn moves(benefit: Benefit, upto: usize) -> impl Strategy<Value = Vec<Move>> {
    let own = match benefit {
        Benefit::Pip => &[][..],
        Benefit::Esa | Benefit::UniversalCredit => TOGETHER,
        Benefit::AccessToWork => BY_CEAST,
    };
    let steps = [STEPS, own].concat();
    let after = prop_oneof![2 => Just(0), 2 => 0..600_i64, 1 => 0..6_000_i64];
    let role = prop::option::weighted(0.1, prop::sample::select(ROLES));
    prop::collection::vec((after, role, prop::sample::select(steps)), 0..upto)
}

/// A file of any benefit, and what is done to its case.
pub(crate) fn any_case(upto: usize) -> impl Strategy<Value = (fn() -> File, Vec<Move>)> {
    let of = move |file: fn() -> File| (Just(file), moves(file().award.benefit, upto));
    prop::sample::select(&file_samples::EVERY_BENEFIT[..]).prop_flat_map(of)
}

/// The command that a step comes to in a case: a file is one of its own benefit.
fn command(case: &Case, step: &Step) -> Command {
    match (step, &case.state.received) {
        (Receive(file), Some(received)) => {
            let benefit = received.file.award.benefit;
            Command::Receive(Box::new(file_samples::in_benefit(file(), benefit)))
        }
        _ => step.command(case.now),
    }
}

/// Does what is asked for, be it refused or not.
pub(crate) fn reach(case: &mut Case, moves: &[Move]) {
    for (after, role, step) in moves {
        case.now += TimeDelta::minutes(*after);
        let before = case.state.clone();
        if case.apply(role.unwrap_or_else(|| case.usually(step)), &command(case, step)).is_err() {
            assert_eq!(case.state, before, "nothing is kept of what is refused");
        }
    }
}

/// Does whatever is owed, first things first, until the case has ended.
pub(crate) fn finish(case: &mut Case) {
    // What is owed follows from the version in force once anything is recorded under it, be it that time has passed.
    case.apply(Role::Suite, &TimePasses.command(case.now)).expect("time passes");
    for _ in 0..60 {
        case.now += TimeDelta::minutes(1);
        if matches!(case.state.stage, Stage::Decided | Stage::EndedDeath | Stage::EndedTakenBack) {
            return;
        }
        if case.state.stage == Stage::DecisionDue {
            consider(case);
        }
        let concern = case.state.findings.len().is_multiple_of(2);
        do_next(case, concern);
    }
    panic!("still {:?} after sixty steps", case.state.stage);
}

/// Does the step that the case waits for: what is determined is whether there is this concern.
pub(crate) fn do_next(case: &mut Case, concern: bool) {
    let Some(task) = case.tasks().into_iter().find(|task| task.blocking) else {
        assert_eq!(case.state.stage, Stage::Escalated, "nobody owes the next step");
        case.apply(Role::Suite, &Concluded("").command(case.now)).expect("safeguarding concludes");
        return;
    };
    let item = |name: &str| {
        let all = [Circumstances, PreviousInteractions, Documents, ThirdParties, Deferral, Other];
        all.into_iter().find(|item| item.name() == name).expect("an item")
    };
    let command = match (task.discharged_by, task.key.split_once(':')) {
        ("RecordAssuranceFinding", Some((_, name))) => Find(item(name), Reviewed, "").command(case.now),
        ("ReportAction", Some((_, number))) => Report(number.parse().expect("a number"), Taken, "").command(case.now),
        ("RequireFurtherInformation", _) => Further(true).command(case.now),
        ("RecordConference", _) => {
            let [lead, other] = super::always::page(case).conferencing.conference.says.between;
            let there = [(Department(lead), "p-1"), (Department(other), "p-2")];
            Considered("", Box::leak(Box::new(there)), Some(Involved), None).command(case.now)
        }
        ("RecordDetermination", _) => {
            // Everybody who was there is satisfied.
            let there = case.state.counted_conferences().flat_map(|held| held.what.participants.clone());
            let (assents, reasons) = (there.collect(), words("secret: why"));
            Command::Determine { satisfied: true, concern, assents, reasons }
        }
        ("ConsiderSupportMarker", _) => Support(OnCase::NotPutOn).command(case.now),
        (COMPLETE_TASK, _) => Command::Desk(complete(&task.key, case.now)),
        ("RecordClosingNote", _) => Note("").command(case.now),
        ("AssembleDocumentation", _) => Gather("", EVERYTHING).command(case.now),
        ("ReturnToDecisionMaker", _) => Return.command(case.now),
        ("RecordDecision", _) => {
            // Nothing adverse is decided on a case that was taken back.
            let outcomes = super::always::page(case).conferencing.decision.says.outcomes;
            let mut may = outcomes.iter().filter(|may| case.state.taken_back.is_none() || !may.is_adverse());
            let outcome = *may.next().expect("an outcome");
            Command::Decide { outcome, weighed: words("secret: weighed") }
        }
        (other, _) => panic!("{other} does not lead on"),
    };
    case.apply(task.owner, &command).expect("whoever owes a step may take it");
}

/// Whoever decides listens to everybody first, and knows that the customer lives.
fn consider(case: &mut Case) {
    if case.state.customer.death.is_some() {
        case.apply(Role::Officer, &DeathMistaken.command(case.now)).expect("a report may be mistaken");
    }
    for task in case.tasks().into_iter().filter(|task| task.rule.id == "R-LATER-CONTACT") {
        let done = Command::Desk(complete(&task.key, case.now));
        case.apply(task.owner, &done).expect("whoever has the case considers it");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nothing_done_in_any_order_leads_astray((file, moves) in any_case(60)) {
        let mut case = Case::with(file);
        reach(&mut case, &moves);
    }

    #[test]
    fn doing_what_is_owed_always_leads_to_the_end((file, moves) in any_case(30)) {
        let mut case = Case::with(file);
        reach(&mut case, &moves);
        finish(&mut case);
        // And so does a reconsideration.
        if case.state.stage == Stage::Decided {
            case.apply(case.usually(&Reopen), &Reopen.command(case.now)).expect("a reconsideration");
            finish(&mut case);
        }
    }

    #[test]
    fn everything_owed_in_other_systems_can_be_done((file, moves) in any_case(30)) {
        let mut case = Case::with(file);
        reach(&mut case, &moves);
        case.now += TimeDelta::minutes(2);
        for task in case.tasks().into_iter().filter(|task| task.discharged_by == COMPLETE_TASK) {
            let done = Command::Desk(complete(&task.key, case.now));
            case.apply(task.owner, &done).expect("whoever owes it has done it");
            prop_assert_eq!(case.task(&task.key), None);
        }
    }

    #[test]
    fn a_case_never_handed_over_takes_nothing(moves in moves(Benefit::Esa, 6)) {
        let mut case = Case::unopened(super::case::TODAY);
        for (_, _, step) in moves.iter().filter(|(_, _, step)| !matches!(step, Receive(_))) {
            prop_assert!(case.apply(step.role(), &step.command(case.now)).is_err());
        }
        prop_assert!(case.apply(Role::Suite, &concluded_later()).is_err());
        prop_assert_eq!(case.journal.len(), 0);
    }
}
