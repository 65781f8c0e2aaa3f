//! What is tried while a concern is looked into.

use super::asks::{day, london};
use super::escalation::EscalationSubject;
use super::people::{assignment, died, mistaken, of, passed_on, verified, words, words_by};
use super::subject::{Moment, Move};
use super::visiting_moves::{EVIDENCE, SOURCES, award, place};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::{self, Fact};
use holdfast_procedure::desk;
use holdfast_procedure::directory::{Leader, Leaders};
use holdfast_procedure::escalation::*;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::visiting::{Channel, ContactBy};
use holdfast_procedure::{Decider, Place, Role};

pub(crate) type Step = Move<Command>;

pub(crate) fn step(by: Role, command: Command) -> Step {
    Move { by: of(by), command }
}

pub(crate) const DETERMINED: &str = "2026-06-01 09:00";
pub(crate) const NEXT_DAY: &str = "2026-06-02 09:00";

const WHOM: [Whom; 6] =
    [Whom::Representative, Whom::NextOfKin, Whom::CommunityNurse, Whom::SocialServices, Whom::Police, Whom::Other];
const CHANNELS: [AttemptChannel; 5] = [
    AttemptChannel::Telephone,
    AttemptChannel::Letter,
    AttemptChannel::Email,
    AttemptChannel::Journal,
    AttemptChannel::InPerson,
];
const OUTCOMES: [AttemptOutcome; 5] = [
    AttemptOutcome::Reached,
    AttemptOutcome::NoReply,
    AttemptOutcome::MessageLeft,
    AttemptOutcome::Refused,
    AttemptOutcome::NotDelivered,
];
const AGENCIES: [Agency; 6] = [
    Agency::SocialServices,
    Agency::LocalAuthority,
    Agency::Police,
    Agency::HealthService,
    Agency::SupportNetwork,
    Agency::Other,
];

pub(crate) fn leader() -> Leader {
    let since = london(DETERMINED) - TimeDelta::days(30);
    Leader { person: "leader-1".to_owned(), office: "O-1".to_owned(), telephone: None, since }
}

/// A directory that knows the leader of every area, or of none.
pub(crate) fn directory(complete: bool) -> Leaders {
    let areas = ["North", "South"].map(|area| (area.to_owned(), leader()));
    areas.into_iter().filter(|_| complete).collect()
}

pub(crate) fn attempt(
    occurred_at: DateTime<Utc>,
    whom: Whom,
    channel: AttemptChannel,
    turn: usize,
    text_sent: bool,
) -> Command {
    let outcome = OUTCOMES[turn % OUTCOMES.len()];
    let attempt = Attempt { occurred_at, whom, channel, outcome, text_sent };
    Command::RecordContactAttempt { attempt, account: words(), late_reason: words_by(turn) }
}

pub(crate) fn review(occurred_at: DateTime<Utc>, next_date: Option<NaiveDate>) -> Command {
    let late_reason = next_date.is_none().then(words);
    Command::RecordReview { occurred_at, next_steps: words(), next_date, late_reason }
}

impl EscalationSubject {
    pub(crate) fn open(&self, occurred_at: DateTime<Utc>) -> Command {
        Command::Open(Box::new(Concern {
            award: award(self.asks.benefit),
            place: place(Nation::England),
            lead: self.asks.lead,
            account: self.asks.call_back.map(|_| words()),
            determined_by: of(self.asks.lead),
            occurred_at,
        }))
    }

    pub(crate) fn attempts(&self, at: &Moment<Self>, round: &Round) -> Vec<Step> {
        let (now, turn, lead) = (at.now, at.turn, self.asks.lead);
        let mut moves = Vec::new();
        let (other, channel) = (WHOM[turn % WHOM.len()], CHANNELS[turn % CHANNELS.len()]);
        if round.attempts.len() < self.scope.attempts {
            moves.push(step(lead, attempt(now, Whom::Customer, channel, turn, true)));
            moves.push(step(lead, attempt(now, Whom::Customer, channel, turn, false)));
            moves.push(step(lead, attempt(now, Whom::Customer, AttemptChannel::TextMessage, turn, false)));
            moves.push(step(lead, attempt(now, other, channel, turn, false)));
            moves.push(step(lead, attempt(london(DETERMINED) - TimeDelta::days(1), other, channel, turn, false)));
        }
        if self.scope.wrong {
            moves.push(step(lead, attempt(now, other, channel, turn, true)));
            moves.push(step(lead, attempt(now + TimeDelta::minutes(2), other, channel, turn, false)));
        }
        if round.contacts.is_empty() && self.scope.attempts > 1 {
            for by in [ContactBy::Customer, ContactBy::ThirdParty] {
                let contact = Contact { occurred_at: now, channel: Channel::Telephone, by };
                let command = Command::RecordContact { contact, account: words(), late_reason: words_by(turn) };
                moves.push(step(Role::Officer, command));
            }
        }
        moves
    }

    pub(crate) fn leaders(&self, at: &Moment<Self>, round: &Round) -> Vec<Step> {
        let lead = self.asks.lead;
        let consider = |needed| Command::ConsiderLeader { needed, reason: words() };
        let mut moves = vec![step(lead, consider(true)), step(lead, consider(false))];
        if round.referrals.len() < self.scope.referrals {
            for complete in [true, false] {
                let refer = Command::ReferToLeader { asked: words(), leaders: directory(complete) };
                moves.push(step(lead, refer));
            }
        }
        for area in ["North", "West"] {
            let resolve = Command::ResolveLeader { area: area.to_owned(), leader: leader() };
            moves.push(step(Role::Suite, resolve));
        }
        if self.scope.wrong && round.liaisons.is_empty() {
            let agency = AGENCIES[at.turn % AGENCIES.len()];
            let liaison = Liaison { occurred_at: at.now, agency, received: at.turn.is_multiple_of(3) };
            let told = Command::RecordLiaison { liaison, account: words(), late_reason: words_by(at.turn) };
            moves.push(step(Role::SafeguardingLeader, told));
        }
        if self.scope.wrong && round.disclosures.len() < 2 {
            for basis in [Basis::GoodFaithSafeguarding, Basis::Consent, Basis::LegalObligation] {
                let to = AGENCIES[at.turn % AGENCIES.len()];
                let disclosure = Disclosure { occurred_at: at.now, to, basis, received: at.turn.is_multiple_of(3) };
                let told = Command::RecordDisclosure { disclosure, account: words(), late_reason: words_by(at.turn) };
                moves.push(step(lead, told));
            }
        }
        moves
    }

    pub(crate) fn reviews(&self, at: &Moment<Self>, round: &Round) -> Vec<Step> {
        let (now, lead, today) = (at.now, self.asks.lead, day(at.now));
        let set = |date| Command::SetReviewDate { date };
        let mut moves = vec![step(lead, set(today - Days::new(1))), step(lead, set(today + TimeDelta::days(70_000)))];
        if round.review_date.is_none() && round.reviews.is_empty() && self.scope.reviews > 0 {
            moves.push(step(lead, set(today)));
            if self.scope.corrections == 0 {
                moves.push(step(Role::SafeguardingLeader, set(today + Days::new(1))));
            }
        }
        if round.reviews.len() < self.scope.reviews {
            moves.push(step(lead, review(now, None)));
            moves.push(step(Role::SafeguardingLeader, review(london(DETERMINED), None)));
            moves.push(step(lead, review(now, Some(today + Days::new(1)))));
        }
        moves.push(step(lead, review(now + TimeDelta::minutes(2), None)));
        moves
    }

    pub(crate) fn about_customer(&self, at: &Moment<Self>) -> Vec<Step> {
        let tell = |fact| Command::Customer(customer::Command { fact, passed_on: None });
        let evidence = EVIDENCE[at.turn % EVIDENCE.len()];
        let mut moves = vec![
            step(Role::LineManager, tell(verified(evidence))),
            step(Role::Officer, tell(verified(evidence))),
            step(Role::Officer, tell(mistaken(at.turn))),
        ];
        if at.state.customer.mistaken_reports == 0 {
            let report = died(at.now, SOURCES[at.turn % SOURCES.len()]);
            moves.push(step(Role::Officer, tell(report.clone())));
            moves.push(step(Role::Suite, Command::Customer(passed_on(report, at.now, at.turn))));
        }
        moves
    }

    /// The customer moves to another area, or goes by another reference.
    pub(crate) fn moves_away(at: &Moment<Self>) -> Vec<Step> {
        let tell = |fact| Command::Customer(customer::Command { fact, passed_on: None });
        let mut moves = Vec::new();
        if at.state.moved_at.is_none() {
            let place = Place { nation: Nation::England, area: "South".to_owned() };
            moves.push(step(Role::Officer, tell(Fact::Moved { place, occurred_at: at.now })));
        }
        if at.state.customer.formerly.is_empty() {
            moves.push(step(Role::Officer, tell(Fact::Merged { into: "C-2".to_owned() })));
        }
        moves
    }

    pub(crate) fn wrong(&self, at: &Moment<Self>) -> Vec<Step> {
        let now = at.now;
        let refer = Command::ReferToLeader { asked: words(), leaders: directory(true) };
        let commands = [
            attempt(now, Whom::Police, AttemptChannel::Telephone, at.turn, false),
            Command::ConsiderLeader { needed: true, reason: words() },
            refer,
            Command::SetReviewDate { date: day(now) },
            review(now, None),
            Command::Conclude { steps: words() },
            complete("no-such-task", now),
        ];
        let mut moves: Vec<_> = commands.into_iter().map(|command| step(Role::Auditor, command)).collect();
        for task in Escalation::tasks(&at.state, &Guidance::published()).into_iter().take(1) {
            let to = assignment(at.turn, now);
            let assign = Command::Desk(desk::Command::Assign { key: task.key.clone(), to });
            moves.push(step(task.owner, complete(&task.key, now)));
            moves.extend([step(Role::Auditor, assign.clone()), step(task.owner, assign)]);
        }
        moves
    }
}

pub(crate) fn complete(key: &str, occurred_at: DateTime<Utc>) -> Command {
    let (key, system, reference) = (key.to_owned(), "S".to_owned(), "1".to_owned());
    let late_reason = key.contains(':').then(words);
    Command::Desk(desk::Command::Complete { key, occurred_at, system, reference, late_reason })
}
