//! What is tried between a failed requirement and the decision on a sanction.

use super::asks::{UNIVERSAL_CREDIT, london};
use super::people::{assignment, died, mistaken, of, passed_on, verified, words, words_by};
use super::sanction::SanctionSubject;
use super::subject::{Moment, Move, Subject};
use super::visiting_moves::{EVIDENCE, SOURCES, award, place};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::conferencing::{Participant, Party};
use holdfast_procedure::customer::{self, Fact};
use holdfast_procedure::desk;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::{Hold, HoldGround, HoldKey, Standing, Why};
use holdfast_procedure::sanction::*;
use holdfast_procedure::visiting::Channel;
use holdfast_procedure::{Actor, Decider, Role, Workload};

pub(crate) type Step = Move<Command>;

pub(crate) fn step(by: Role, command: Command) -> Step {
    Move { by: of(by), command }
}

/// When the failure is recorded; it is two days old.
pub(crate) const BEGINS: &str = "2026-06-10 09:00";

const REQUIREMENTS: [Requirement; 3] = [Requirement::Interview, Requirement::WorkRelated, Requirement::Other];
const CHANNELS: [Channel; 5] =
    [Channel::Telephone, Channel::Letter, Channel::Email, Channel::Journal, Channel::InPerson];
const PARTIES: [Party; 4] = [Party::HealthServices, Party::SocialServices, Party::Representative, Party::Other];
const GROUNDS: [WithdrawalGround; 3] =
    [WithdrawalGround::RecordedInError, WithdrawalGround::GoodReasonKnown, WithdrawalGround::ClaimClosed];

fn failed(benefit: Benefit, occurred_at: DateTime<Utc>, turn: usize) -> Failure {
    let (award, place) = (award(benefit), place(Nation::England));
    Failure { award, place, requirement: REQUIREMENTS[turn % REQUIREMENTS.len()], occurred_at, account: words() }
}

pub(crate) fn failure(benefit: Benefit, now: DateTime<Utc>, turn: usize) -> Command {
    let failure = Box::new(failed(benefit, now - TimeDelta::days(2), turn));
    Command::RecordFailure { failure, late_reason: words_by(turn), others: others(now, turn) }
}

/// The cases that the award has beside the one at hand: of other failures, and of this one.
fn others(failed_at: DateTime<Utc>, turn: usize) -> Vec<Other> {
    let other = |at, stage| Other { case: "SC-9".to_owned(), failed_at: at, stage };
    let all = [other(failed_at, Stage::NoReferral), other(failed_at - TimeDelta::days(1), Stage::Decided)];
    all[..turn % (all.len() + 1)].to_vec()
}

fn there(role: Role, person: &str) -> Participant {
    Participant { party: Party::Department(role), person: person.to_owned() }
}

/// A conference of the two parties, as two persons, that sees no good reason.
pub(crate) fn met(occurred_at: DateTime<Utc>) -> Conference {
    let participants = vec![there(Role::WorkCoach, "p-1"), there(Role::SiteLeader, "p-2")];
    let (good_reason, requirement) = (GoodReason::NotSeen, Assurance::Reasonable);
    Conference { occurred_at, participants, good_reason, requirement, account: words() }
}

pub(crate) fn conference(conference: Conference) -> Command {
    let late_reason = (conference.participants.len() > 1).then(words);
    Command::HoldConference { conference, late_reason }
}

pub(crate) fn invited(occurred_at: DateTime<Utc>, turn: usize) -> Command {
    let invitation = Invitation { occurred_at, channel: CHANNELS[turn % CHANNELS.len()] };
    Command::Invite { invitation, late_reason: words_by(turn) }
}

pub(crate) fn explained(occurred_at: DateTime<Utc>, answer: Answer) -> Command {
    let late_reason = (answer == Answer::NoAnswer).then(words);
    Command::RecordExplanation { explanation: Explanation { occurred_at, answer, account: words() }, late_reason }
}

pub(crate) fn decided(outcome: Outcome, good_reason: Weighed, turn: usize) -> Command {
    Command::Decide { decided: weighed(outcome, good_reason, turn), holds: Vec::new(), check: Check::Permits }
}

fn weighed(outcome: Outcome, weighed_good_reason: Weighed, turn: usize) -> Decided {
    let either = [Weighed::TakenIntoAccount, Weighed::NothingKnown];
    Decided {
        outcome,
        weighed_circumstances: either[turn % 2],
        weighed_health: either[turn / 2 % 2],
        weighed_good_reason,
        weighed: words(),
    }
}

impl SanctionSubject {
    /// What opens a case, and what does not.
    pub(crate) fn failures(at: &Moment<Self>) -> Vec<Step> {
        let (now, benefit) = (at.now, UNIVERSAL_CREDIT.benefit);
        let mut moves: Vec<_> =
            (0..REQUIREMENTS.len()).map(|turn| step(Role::WorkCoach, failure(benefit, now, turn))).collect();
        let roles = [Role::SiteLeader, Role::DecisionMaker, Role::Auditor];
        moves.extend(roles.map(|by| step(by, failure(benefit, now, at.turn))));
        let others = [Benefit::Pip, Benefit::Esa, Benefit::AccessToWork];
        moves.extend(others.map(|other| step(Role::WorkCoach, failure(other, now, at.turn))));
        for occurred_at in [now + TimeDelta::minutes(2), now - TimeDelta::days(40)] {
            let failure = Box::new(failed(benefit, occurred_at, at.turn));
            moves
                .push(step(Role::WorkCoach, Command::RecordFailure { failure, late_reason: None, others: Vec::new() }));
        }
        moves.push(step(Role::WorkCoach, Command::Refer { reason: words() }));
        moves
    }

    /// The failure is recorded again, by those who may and others; those who may, once.
    fn again(at: &Moment<Self>) -> Vec<Step> {
        let Some(known) = &at.state.failure else { return Vec::new() };
        let failure = Failure { requirement: REQUIREMENTS[at.turn % REQUIREMENTS.len()], ..known.what.clone() };
        let late_reason = Some(words());
        let command = Command::RecordFailure { failure: Box::new(failure), late_reason, others: Vec::new() };
        let may = at.state.recorded_again_by.is_empty().then_some(Role::SiteLeader);
        may.into_iter().chain([Role::DecisionMaker]).map(|by| step(by, command.clone())).collect()
    }

    /// What happened: conferences of whomever with whatever outcome, invitations, and what came of them.
    pub(crate) fn facts(&self, at: &Moment<Self>) -> Vec<Step> {
        let (now, turn) = (at.now, at.turn);
        if at.state.facts.all().count() > self.scope.facts {
            return Vec::new();
        }
        let mut told = Vec::new();
        let held = met(now);
        for good_reason in [GoodReason::Seen, GoodReason::NotSeen] {
            for requirement in [Assurance::Reasonable, Assurance::NotReasonable] {
                told.push(conference(Conference { good_reason, requirement, ..held.clone() }));
            }
        }
        let (coach, leader) = (there(Role::WorkCoach, "p-1"), there(Role::SiteLeader, "p-2"));
        let other = Participant { party: PARTIES[turn % PARTIES.len()], person: "p-9".to_owned() };
        // Whoever decides may have conferred, too.
        let decides = there(Role::SiteLeader, &of(Role::DecisionMaker).person);
        let same = there(Role::SiteLeader, "p-1");
        let sides = [vec![], vec![coach.clone()], vec![leader, other], vec![coach.clone(), same], vec![coach, decides]];
        let others = sides.map(|participants| Conference { participants, ..held.clone() });
        told.extend(others.map(conference));
        told.push(conference(Conference { good_reason: GoodReason::Seen, ..met(london(BEGINS)) }));
        told.push(invited(now, turn));
        told.push(invited(london(BEGINS) - TimeDelta::hours(1), turn));
        told.extend([Answer::Explained, Answer::NoAnswer].map(|answer| explained(now, answer)));
        told.push(explained(london(BEGINS), Answer::Explained));
        told.into_iter().map(|command| step(Role::WorkCoach, command)).collect()
    }

    /// The referral, the withdrawal and the reconsideration, by those whom the letter names and others.
    pub(crate) fn asked_for(&self, at: &Moment<Self>) -> Vec<Step> {
        let refer = || Command::Refer { reason: words() };
        let everybody = [Role::WorkCoach, Role::SiteLeader, Role::DecisionMaker, Role::Auditor];
        let mut moves: Vec<_> = everybody.map(|by| step(by, refer())).to_vec();
        // Whoever decides may have referred, in another role.
        let by = Actor { role: Role::WorkCoach, ..of(Role::DecisionMaker) };
        moves.push(Move { by, command: refer() });
        let withdraw = |ground| Command::Withdraw(Withdrawal { ground, reason: words() });
        moves.extend(GROUNDS.map(|ground| step(Role::WorkCoach, withdraw(ground))));
        moves.push(step(Role::DecisionMaker, withdraw(GROUNDS[at.turn % GROUNDS.len()])));
        let left = at.state.reconsiderations.len() < self.scope.reconsiderations;
        let asking = if left { &everybody[..] } else { &everybody[3..] };
        moves.extend(asking.iter().map(|by| step(*by, Command::Reconsider { reason: words() })));
        moves
    }

    /// Each outcome, with what is weighed and what the protection says, by whoever decides and others.
    pub(crate) fn decisions(at: &Moment<Self>) -> Vec<Step> {
        let turn = at.turn;
        let mut moves = Vec::new();
        for outcome in [Outcome::Sanction, Outcome::NoSanction] {
            for good_reason in [Weighed::TakenIntoAccount, Weighed::NothingKnown] {
                moves.push(step(Role::DecisionMaker, decided(outcome, good_reason, turn)));
            }
            let said = || decided(outcome, Weighed::TakenIntoAccount, turn);
            moves.push(step(Role::WorkCoach, said()));
            let sided = ["p-1".to_owned(), of(Role::WorkCoach).person];
            moves.extend(sided.map(|person| Move { by: Actor { person, ..of(Role::DecisionMaker) }, command: said() }));
        }
        let hold = |state| {
            let key = HoldKey { case: "HF-9".to_owned(), ground: HoldGround::OpenReferral };
            let ground = HoldGround::TwoIneffectiveVisits;
            let key = HoldKey { ground, ..key };
            Hold { state, ..Hold::placed(key, award(UNIVERSAL_CREDIT.benefit), vec![], Workload::Conferencing) }
        };
        let held = || Check::Held(vec![("HF-8".to_owned(), Vec::new())]);
        let released = Standing::Released { why: Why::InformedDecision };
        for (holds, check) in [
            (vec![hold(Standing::Standing)], Check::Permits),
            (vec![hold(released)], Check::Permits),
            (vec![], held()),
            (vec![hold(Standing::Standing)], held()),
            (vec![], Check::CannotSay),
            (vec![], Check::Held(vec![])),
        ] {
            let decided = weighed(Outcome::Sanction, Weighed::TakenIntoAccount, turn);
            moves.push(step(Role::DecisionMaker, Command::Decide { decided, holds, check }));
        }
        moves
    }

    /// Every fact turns out to have been otherwise, or never to have happened.
    pub(crate) fn corrections(&self, at: &Moment<Self>) -> Vec<Step> {
        let correct = |fact, right: Option<Happening>| {
            let moved = right.as_ref().map_or(at.now, |right| right.occurred_at().1);
            Command::Correct(Correction { fact, right, reason: words(), others: others(moved, at.turn) })
        };
        let mut moves = vec![step(Role::WorkCoach, correct(99, None))];
        // Whoever decided considers whether the decision stands.
        let tasks = Sanction::tasks(&at.state, &Guidance::published());
        let told = tasks.iter().filter(|task| task.key.starts_with("corrected:"));
        moves.extend(told.filter_map(|task| self.discharge(task, at)));
        let done = at.state.facts.all().filter(|(_, kept)| kept.superseded.is_some()).count();
        if done >= self.scope.corrections {
            return moves;
        }
        for (number, kept) in at.state.facts.all().filter(|(_, kept)| kept.superseded.is_none()) {
            let by = match &kept.what {
                Happening::Failure(_) | Happening::Conference(_) => Role::WorkCoach,
                Happening::Invitation(_) | Happening::Explanation(_) => Role::DecisionMaker,
            };
            let mut rights = otherwise(&kept.what, at);
            rights.retain(|right| *right != kept.what);
            moves.extend(rights.into_iter().map(Some).chain([None]).map(|right| step(by, correct(number, right))));
            moves.push(step(Role::Auditor, correct(number, None)));
            let another = match &kept.what {
                Happening::Invitation(_) => Happening::Conference(met(at.now)),
                Happening::Failure(_) | Happening::Conference(_) | Happening::Explanation(_) => {
                    Happening::Invitation(Invitation { occurred_at: at.now, channel: Channel::Letter })
                }
            };
            moves.push(step(by, correct(number, Some(another))));
        }
        moves
    }

    pub(crate) fn about_customer(at: &Moment<Self>) -> Vec<Step> {
        let (now, turn) = (at.now, at.turn);
        let tell = |fact| Command::Customer(customer::Command { fact, passed_on: None });
        let evidence = EVIDENCE[turn % EVIDENCE.len()];
        let mut moves = vec![
            step(Role::LineManager, tell(verified(evidence))),
            step(Role::Officer, tell(verified(evidence))),
            step(Role::Officer, tell(mistaken(turn))),
        ];
        let known = &at.state.customer;
        if known.mistaken_reports == 0 {
            let report = died(now, SOURCES[turn % SOURCES.len()]);
            moves.push(step(Role::Officer, tell(report.clone())));
            moves.push(step(Role::Suite, Command::Customer(passed_on(report, now, at.turn))));
            moves.push(step(Role::Officer, tell(died(now + TimeDelta::minutes(2), SOURCES[0]))));
        }
        if known.moved_at.is_none() {
            moves.push(step(Role::Officer, tell(Fact::Moved { place: place(Nation::Wales), occurred_at: now })));
        }
        if known.formerly.is_empty() {
            moves.push(step(Role::Officer, tell(Fact::Merged { into: "C-2".to_owned() })));
        }
        moves
    }

    /// What cannot have happened, and what is done at the desk.
    pub(crate) fn wrong(&self, at: &Moment<Self>) -> Vec<Step> {
        let (now, turn) = (at.now, at.turn);
        let (ahead, before) = (now + TimeDelta::minutes(2), london(BEGINS) - TimeDelta::days(3));
        let another = failure(UNIVERSAL_CREDIT.benefit, now - TimeDelta::hours(1), turn);
        let mut moves = vec![step(Role::WorkCoach, another)];
        moves.extend(Self::again(at));
        for when in [ahead, before] {
            let commands = [conference(met(when)), invited(when, turn), explained(when, Answer::Explained)];
            moves.extend(commands.map(|command| step(Role::WorkCoach, command)));
        }
        let complete = |key: &str| {
            let (key, system, reference, late_reason) =
                (key.to_owned(), "S".to_owned(), "1".to_owned(), words_by(turn));
            Command::Desk(desk::Command::Complete { key, occurred_at: now, system, reference, late_reason })
        };
        let assign =
            |key: &str| Command::Desk(desk::Command::Assign { key: key.to_owned(), to: assignment(turn, now) });
        moves.push(step(Role::WorkCoach, complete("no-such-task")));
        for task in Sanction::tasks(&at.state, &Guidance::published()).into_iter().take(1) {
            moves.push(step(task.owner, complete(&task.key)));
            moves.extend([Role::Auditor, task.owner].map(|by| step(by, assign(&task.key))));
        }
        moves
    }
}

/// What may be right in the place of a fact.
fn otherwise(wrong: &Happening, at: &Moment<SanctionSubject>) -> Vec<Happening> {
    let (now, turn) = (at.now, at.turn);
    match wrong {
        Happening::Failure(told) => {
            let failure = |failure| Happening::Failure(Box::new(failure));
            let other = Failure { requirement: REQUIREMENTS[turn % REQUIREMENTS.len()], ..told.as_ref().clone() };
            let another_award = Failure { award: award(Benefit::Pip), ..other.clone() };
            let later = Failure { occurred_at: london(BEGINS) + TimeDelta::hours(1), ..other.clone() };
            let ahead = Failure { occurred_at: now + TimeDelta::minutes(2), ..other.clone() };
            [other, another_award, later, ahead].map(failure).to_vec()
        }
        Happening::Conference(told) => {
            let seen = Conference { good_reason: GoodReason::Seen, ..told.clone() };
            let none =
                Conference { good_reason: GoodReason::NotSeen, requirement: Assurance::Reasonable, ..told.clone() };
            let alone =
                Conference { participants: told.participants.iter().take(1).cloned().collect(), ..told.clone() };
            let both = Conference { participants: met(now).participants, ..told.clone() };
            [seen, none, alone, both].map(Happening::Conference).to_vec()
        }
        Happening::Invitation(told) => {
            let sooner = told.occurred_at - TimeDelta::hours(2);
            [sooner, now].map(|occurred_at| Happening::Invitation(Invitation { occurred_at, ..told.clone() })).to_vec()
        }
        Happening::Explanation(told) => [Answer::Explained, Answer::NoAnswer]
            .map(|answer| Happening::Explanation(Explanation { answer, ..told.clone() }))
            .to_vec(),
    }
}
