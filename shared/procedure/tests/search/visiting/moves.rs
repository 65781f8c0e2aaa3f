//! What is tried at DWP Visiting once a referral was made.

use super::asks::london;
use super::people::{assignment, died, mistaken, of, verified, words, words_by};
use super::subject::{Moment, Move, Subject};
use super::visiting::VisitingSubject;
use super::visiting_before::{self, form};
use super::visiting_seen::{afterwards, established, good_cause};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource, Fact, PassedOn};
use holdfast_procedure::desk;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::{HoldGround, Raise, Version};
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Award, Decider, Place, Role, Workload};

pub(crate) type Step = Move<Command>;

pub(crate) fn step(by: Role, command: Command) -> Step {
    Move { by: of(by), command }
}

pub(crate) fn award(benefit: Benefit) -> Award {
    Award { customer: "C-1".to_owned(), benefit, award: "A-1".to_owned() }
}

pub(crate) fn place(nation: Nation) -> Place {
    Place { nation, area: "North".to_owned() }
}

/// The referral, and the first call.
pub(crate) const REFERRED: &str = "2026-05-29 09:00";
pub(crate) const CALLED: &str = "2026-06-01 10:00";
pub(crate) const AFTER: &str = "2026-06-18 10:00";

/// A referral whose form carries everything that any benefit's form asks for.
pub(crate) fn refer(benefit: Benefit, at: DateTime<Utc>) -> Command {
    Command::Refer {
        form: Box::new(form()),
        award: award(benefit),
        place: place(Nation::England),
        occurred_at: at,
        circumstances: words(),
        late_reason: None,
        of_death: vec![],
    }
}

/// A death that was reported and verified of another case, under the reference that this one's customer goes by.
pub(crate) fn told_elsewhere(at: DateTime<Utc>) -> Vec<customer::Command> {
    let (service, case, by, known_as) =
        (Workload::Visiting, "HF-2".to_owned(), of(Role::CesTeam), award(Benefit::Pip).customer);
    let first = PassedOn { service, case, by, at, known_as, taken_in: false };
    let told = [died(at, DeathSource::Relative), verified(DeathEvidence::Register)];
    told.map(|fact| customer::Command { fact, passed_on: Some(first.clone()) }).to_vec()
}

pub(crate) fn record(happening: Happening) -> Command {
    Command::Record(Record { happening, narrative: None, late_reason: Some(words()) })
}

/// What is recorded, by turns with words that go with it.
fn noted(happening: Happening, turn: usize) -> Command {
    Command::Record(Record { happening, narrative: words_by(turn), late_reason: Some(words()) })
}

pub(crate) fn visit(at: DateTime<Utc>, outcome: Outcome) -> Happening {
    Happening::Visit(Visit { occurred_at: at, outcome, seen: None })
}

pub(crate) fn tell(fact: Fact) -> Command {
    Command::Customer(customer::Command { fact, passed_on: None })
}

const GROUNDS: [Ground; 3] = [Ground::NotAtHome, Ground::NoAnswer, Ground::RefusedToCooperate];
const CHANNELS: [Channel; 5] =
    [Channel::Telephone, Channel::Letter, Channel::Email, Channel::Journal, Channel::InPerson];
const WITHDRAWALS: [WithdrawalGround; 4] = [
    WithdrawalGround::EffectiveContact,
    WithdrawalGround::Abroad,
    WithdrawalGround::ClaimWithdrawn,
    WithdrawalGround::RecordedInError,
];
pub(crate) const SOURCES: [DeathSource; 5] = [
    DeathSource::Relative,
    DeathSource::Representative,
    DeathSource::Register,
    DeathSource::Organisation,
    DeathSource::Officer,
];
pub(crate) const EVIDENCE: [DeathEvidence; 3] =
    [DeathEvidence::Certificate, DeathEvidence::Register, DeathEvidence::OfficialNotice];

impl VisitingSubject {
    /// What is recorded of an instant. Arguments that come to the same take turns.
    pub(crate) fn happenings(&self, at: DateTime<Utc>, turn: usize) -> Vec<Happening> {
        let ground = GROUNDS[turn % GROUNDS.len()];
        let unsafe_area = Outcome::Ineffective { ground: Ground::UnsafeArea, letter_left: turn.is_multiple_of(2) };
        let left = Outcome::Ineffective { ground, letter_left: true };
        let not_left = Outcome::Ineffective { ground, letter_left: false };
        let said = |by, second_visit, understanding| {
            let channel = CHANNELS[turn % CHANNELS.len()];
            Happening::Contact(Contact { occurred_at: at, channel, by, second_visit, understanding })
        };
        let contact = |by, second_visit| said(by, second_visit, None);
        let acts = [ContactBy::Customer, ContactBy::Representative][turn % 2];
        let settled = [SecondVisit::Needed, SecondVisit::NotNeeded];
        let mut all = vec![visit(at, Outcome::Effective), visit(at, left), contact(acts, None)];
        all.extend(settled.map(|settled| contact(acts, Some(settled))));
        if self.scope.deep {
            // Of what was said, one thing at a time.
            let said = all.split_off(2);
            all.extend(said.into_iter().nth(turn % 3));
            return all;
        }
        if self.scope.seen {
            let seen = established(at, turn).into_iter().map(|seen| (Outcome::Effective, Some(seen)));
            all.extend(seen.map(|(outcome, seen)| Happening::Visit(Visit { occurred_at: at, outcome, seen })));
            all.extend(afterwards(at, turn));
        }
        if self.rights_others() {
            all.truncate(2);
            all.extend(self.others(at, turn));
            return all;
        }
        if self.scope.rarities {
            all.extend([unsafe_area, not_left, Outcome::BrokenOff].map(|outcome| visit(at, outcome)));
            all.push(Happening::UnsafeArea(UnsafeArea { occurred_at: at }));
            all.push(Happening::Letter(Letter { occurred_at: at }));
            all.push(contact(ContactBy::ThirdParty, None));
        }
        if self.asks.between_visits.is_some_and(|between| between.confidence) {
            all.push(said(acts, None, Some(Understanding::Confident)));
            all.push(said(acts, None, Some(Understanding::Doubt)));
        }
        if self.asks.untraceable && self.scope.rarities {
            all.push(visiting_before::trace(at, false));
            all.push(Happening::FollowUp(FollowUp { occurred_at: at, review_on: None }));
        }
        if self.scope.concerns {
            all.push(Happening::Concern(Concern { occurred_at: at }));
        }
        all
    }

    /// What turns out to have been recorded wrongly is neither a visit nor contact.
    fn rights_others(&self) -> bool {
        self.scope.rarities && self.scope.corrections > 0
    }

    /// What is recorded beside visits and contact, after a referral as before it.
    fn others(&self, at: DateTime<Utc>, turn: usize) -> Vec<Happening> {
        let mut all = vec![
            Happening::Concern(Concern { occurred_at: at }),
            Happening::UnsafeArea(UnsafeArea { occurred_at: at }),
            Happening::Letter(Letter { occurred_at: at }),
        ];
        if self.asks.considered {
            let traces = [true, false].map(|found| visiting_before::trace(at, found));
            all.extend([visiting_before::any_consideration(at, turn)].into_iter().chain(traces));
            all.extend(afterwards(at, turn));
        }
        all
    }

    pub(crate) fn decides(&self) -> Role {
        self.asks.between_visits.and_then(|between| between.decided_by.first().copied()).unwrap_or(self.asks.lead)
    }

    /// Who reports a fact. Where rarities are tried, somebody is confident whom the guidance does not ask.
    fn reporter(&self, happening: &Happening) -> Role {
        let confident = happening.understanding() == Some(Understanding::Confident) && !self.scope.rarities;
        if happening.second_visit().is_some() || confident { self.decides() } else { Role::VisitingOfficer }
    }

    pub(crate) fn facts(&self, at: &Moment<Self>) -> Vec<Step> {
        let (facts, now) = (&at.state.facts, at.now);
        let mut moves = Vec::new();
        let explored = facts.len() < self.scope.facts && now >= london(CALLED) && !self.scope.traced;
        if explored {
            let all = self.happenings(now, at.turn);
            moves.extend(all.into_iter().map(|told| step(self.reporter(&told), noted(told, at.turn))));
        }
        if self.scope.earlier && explored {
            let earlier = self.instants().into_iter().filter(|earlier| *earlier < now && *earlier >= london(CALLED));
            for earlier in earlier {
                let all = self.happenings(earlier, at.turn);
                moves.extend(all.into_iter().map(|told| step(self.reporter(&told), record(told))));
            }
        }
        let corrected = facts.values().filter(|fact| fact.superseded).count();
        if corrected < self.scope.corrections {
            let other = |known: &Happening| !matches!(known, Happening::Visit(_) | Happening::Contact(_));
            for (fact, known) in facts.iter().filter(|(_, known)| !self.rights_others() || other(&known.happening)) {
                let occurred_at = known.happening.occurred_at();
                let reason = words();
                let rights = self.happenings(occurred_at, at.turn).into_iter().map(Some);
                for right in rights.filter(|right| right.as_ref() != Some(&known.happening)).chain([None]) {
                    let by = right.as_ref().map_or(Role::VisitingOfficer, |right| self.reporter(right));
                    let narrative = words_by(at.turn);
                    let correction = Correction { fact: *fact, right, narrative, reason: reason.clone() };
                    moves.push(step(by, Command::Correct(correction)));
                }
            }
        }
        moves
    }

    /// What cannot have happened, or is not for this party.
    pub(crate) fn refused(&self, at: &Moment<Self>) -> Vec<Step> {
        let now = at.now;
        let ahead = now + TimeDelta::seconds(61);
        let (no_visit, before) = (Outcome::BrokenOff, london(REFERRED) - TimeDelta::seconds(1));
        let settled = Contact {
            occurred_at: now,
            channel: Channel::Telephone,
            by: ContactBy::Customer,
            second_visit: Some(SecondVisit::NotNeeded),
            understanding: None,
        };
        let unexplained = Record { happening: visit(london(CALLED), no_visit), narrative: None, late_reason: None };
        let nobody = Correction { fact: 99, right: None, narrative: None, reason: words() };
        let late = (now >= london(AFTER)).then(|| step(Role::VisitingOfficer, Command::Record(unexplained)));
        let mut moves = vec![
            step(Role::VisitingOfficer, record(visit(ahead, no_visit))),
            step(Role::VisitingOfficer, record(visit(before, no_visit))),
            step(Role::VisitingOfficer, record(Happening::Contact(settled))),
            step(Role::VisitingOfficer, Command::Correct(nobody)),
            step(Role::Auditor, refer(self.asks.benefit, now)),
        ];
        moves.extend(late);
        moves
    }

    pub(crate) fn decisions(&self, at: &Moment<Self>) -> Vec<Step> {
        let mut moves = Vec::new();
        let confidence = self.asks.between_visits.is_some_and(|between| between.confidence);
        let said: &[_] = match confidence {
            true => &[None, Some(Understanding::Confident), Some(Understanding::Doubt)],
            false => &[None],
        };
        for second_visit in [SecondVisit::Needed, SecondVisit::NotNeeded] {
            let decide = |understanding| Command::DecideSecondVisit { second_visit, understanding, reason: words() };
            moves.push(step(Role::VisitingOfficer, decide(said[at.turn % said.len()])));
            if at.state.decisions.len() < self.scope.decisions {
                moves.extend(said.iter().map(|said| step(self.decides(), decide(*said))));
            }
        }
        if at.state.good_cause.is_none() && (self.scope.rarities || self.scope.seen) {
            let decision = good_cause(at.turn);
            for by in [Role::Referrer, Role::VisitingOfficer, Role::Auditor] {
                moves.push(step(by, Command::DecideGoodCause { decision, reason: words() }));
            }
        }
        moves
    }

    pub(crate) fn about_customer(&self, at: &Moment<Self>) -> Vec<Step> {
        let (now, turn) = (at.now, at.turn);
        let (source, evidence) = (SOURCES[turn % SOURCES.len()], EVIDENCE[turn % EVIDENCE.len()]);
        let known = &at.state.customer;
        let mut moves = vec![
            step(Role::LineManager, tell(verified(evidence))),
            step(Role::Officer, tell(verified(evidence))),
            step(Role::Officer, tell(mistaken(turn))),
        ];
        if known.mistaken_reports == 0 {
            moves.push(step(Role::Officer, tell(died(now, source))));
            moves.push(step(Role::Officer, tell(died(now + TimeDelta::minutes(2), source))));
            for known_as in ["C-1", "C-2"] {
                let (service, case, by) = (Workload::Conferencing, "HF-2".to_owned(), of(Role::CesTeam));
                let (taken_in, fact) = (known_as == "C-1" && turn.is_multiple_of(2), verified(evidence));
                let known_as = known_as.to_owned();
                let passed_on = Some(PassedOn { service, case, by, at: now, known_as, taken_in });
                moves.push(step(Role::Suite, Command::Customer(customer::Command { fact, passed_on })));
            }
        }
        let lived = at.state.opened.as_ref().map_or(0, |opened| opened.lived.len());
        if lived == 0 {
            let moved = Fact::Moved { place: place(Nation::Wales), occurred_at: now };
            moves.push(step(Role::Officer, tell(moved)));
        }
        moves
    }

    /// The ledger turns out to be ahead.
    pub(crate) fn holds(&self, at: &Moment<Self>) -> Vec<Step> {
        let grounds = [HoldGround::OpenReferral, HoldGround::ConcernOnRecord, HoldGround::TwoIneffectiveVisits];
        let raise = |ground, known_released| {
            let known = at.state.protection.get(ground).map_or(Version(1), |hold| hold.version);
            let ahead = known.0 < 3;
            ahead.then(|| step(Role::Suite, Command::RaiseHold(Raise { ground, known, known_released })))
        };
        let raised = grounds.iter().flat_map(|ground| [raise(*ground, true), raise(*ground, false)]).flatten();
        let merged = step(Role::Officer, tell(Fact::Merged { into: "C-2".to_owned() }));
        raised.chain(at.state.customer.formerly.is_empty().then_some(merged)).collect()
    }

    pub(crate) fn withdrawals(&self, at: &Moment<Self>) -> Vec<Step> {
        let ground = WITHDRAWALS[at.turn % WITHDRAWALS.len()];
        let mut moves = vec![step(Role::Referrer, Command::Withdraw { ground, reason: words() })];
        if at.state.joined.is_empty() {
            moves.push(step(self.asks.referred_by[0], refer(self.asks.benefit, at.now)));
            let other = Award { award: "A-2".to_owned(), ..award(self.asks.benefit) };
            let Command::Refer { place, occurred_at, circumstances, late_reason, form, .. } =
                refer(self.asks.benefit, at.now)
            else {
                return moves;
            };
            let refer =
                Command::Refer { award: other, place, occurred_at, circumstances, late_reason, form, of_death: vec![] };
            moves.push(step(self.asks.referred_by[0], refer));
        }
        moves
    }

    /// What is done at the desk: what is owed elsewhere done, given to somebody, and what nobody owes.
    pub(crate) fn desk(&self, at: &Moment<Self>) -> Vec<Step> {
        let late_reason = words_by(at.turn);
        let complete = |key: &str, occurred_at| {
            let (key, system, reference, late_reason) =
                (key.to_owned(), "S".to_owned(), "1".to_owned(), late_reason.clone());
            Command::Desk(desk::Command::Complete { key, occurred_at, system, reference, late_reason })
        };
        let mut moves = vec![step(Role::VisitingOfficer, complete("no-such-task", at.now))];
        for task in Visiting::tasks(&at.state, &Guidance::published()) {
            if task.key.starts_with("return-outcome") || task.key.starts_with("booking") {
                moves.extend(self.discharge(&task, at));
            }
            if task.key.starts_with("return-outcome") || task.key.starts_with("first-visit") {
                moves.push(step(Role::Referrer, complete(&task.key, at.now)));
                moves.push(step(task.owner, complete(&task.key, task.since - TimeDelta::minutes(2))));
                let to = assignment(at.turn, at.now);
                let assign = Command::Desk(desk::Command::Assign { key: task.key, to });
                moves.extend([step(Role::CaseManager, assign.clone()), step(task.owner, assign)]);
            }
        }
        moves
    }
}
