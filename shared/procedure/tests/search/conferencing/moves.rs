//! What is tried at conferencing.

use super::asks::{Asks, Closing, day, london};
use super::conferencing::{ConferencingSubject, Wrongly};
use super::people::{assignment, of, words};
use super::subject::{Moment, Move};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::conferencing::*;
use holdfast_procedure::desk;
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::visiting::{Channel, ContactBy};
use holdfast_procedure::{Actor, Role, Task};
use std::collections::BTreeSet;

pub(crate) type Step = Move<Command>;

pub(crate) fn step(by: Role, command: Command) -> Step {
    Move { by: of(by), command }
}

/// The case arrives, and the day after.
pub(crate) const RECEIVED: &str = "2026-06-09 12:00";
pub(crate) const NEXT_DAY: &str = "2026-06-10 12:00";
pub(crate) const LATE: &str = "2026-07-01 12:00";

impl ConferencingSubject {
    pub(crate) fn there(&self, party: usize, person: &str) -> Participant {
        Participant { party: Party::Department(self.asks.conference[party]), person: person.to_owned() }
    }

    /// Whoever referred, in the place of whoever leads.
    pub(crate) fn referrer_leads(&self) -> Participant {
        self.there(0, &of(self.asks.referred_by[0]).person)
    }

    /// The participants who are satisfied, where they are asked.
    pub(crate) fn assents(&self) -> Vec<Participant> {
        if self.asks.participants_satisfied { vec![self.there(0, "p-1"), self.there(1, "p-2")] } else { vec![] }
    }

    pub(crate) fn conference(&self, at: DateTime<Utc>, participants: Vec<Participant>, considers: bool) -> Command {
        let considered = PartnershipManagerConsidered { decided: PartnershipManager::NotInvolved, reason: words() };
        let conference = ConferenceHeld {
            occurred_at: at,
            participants,
            account: words(),
            partnership_manager: (considers && self.asks.partnership_manager).then_some(considered),
            deferral: None,
        };
        let late_reason = considers.then(words);
        Command::RecordConference { conference, late_reason }
    }

    pub(crate) fn find(item: AssuranceItem, at: DateTime<Utc>, turn: usize) -> Command {
        let result = [FindingResult::Reviewed, FindingResult::NothingHeld][turn % 2];
        let finding = Finding { item, result, occurred_at: at, account: words() };
        Command::RecordFinding { finding, late_reason: Some(words()) }
    }

    pub(crate) fn determine(satisfied: bool, concern: bool, assents: Vec<Participant>) -> Command {
        Command::Determine { satisfied, concern, assents, reasons: words() }
    }

    /// The record that closes the enquiries; incomplete documentation does not count.
    pub(crate) fn closing(&self, at: DateTime<Utc>, complete: bool) -> Command {
        let (system, reference, late_reason) = ("S".to_owned(), "1".to_owned(), complete.then(words));
        if !self.asks.closing.documentation {
            return Command::RecordClosingNote { occurred_at: at, system, reference, late_reason };
        }
        let said = if complete { Documented::Included } else { Documented::None };
        let documentation = Documentation {
            occurred_at: at,
            safeguarding_steps: said,
            referrals: said,
            conference_outcome: said,
            subsequent_actions: said,
            system,
            reference,
        };
        Command::AssembleDocumentation { documentation, late_reason }
    }

    fn contact(at: DateTime<Utc>, turn: usize) -> Command {
        let channel = [Channel::Telephone, Channel::Letter, Channel::Email, Channel::Journal][turn % 4];
        let by = [ContactBy::Customer, ContactBy::Representative, ContactBy::ThirdParty][turn % 3];
        let contact = ContactHeard { occurred_at: at, channel, by, account: words() };
        Command::RecordContact { contact, passed_on_from: None, late_reason: Some(words()) }
    }

    /// The enquiries: what is looked at, decided on and held.
    pub(crate) fn enquiries(&self, at: &Moment<Self>) -> Vec<Step> {
        let (state, now, lead) = (&at.state, at.now, self.asks.lead);
        let mut moves = Vec::new();
        // In whatever order things are looked at: of what is left, the first or the last.
        let is_left = |item: &&AssuranceItem| state.findings.iter().all(|found| found.what.item != **item);
        let left: Vec<_> = self.asks.items.iter().filter(is_left).collect();
        let ends: BTreeSet<_> = left.first().into_iter().chain(left.last()).map(|item| item.name()).collect();
        let next = left.iter().filter(|item| ends.contains(item.name()));
        moves.extend(next.map(|item| step(lead, Self::find(**item, now, at.turn))));
        // What is looked at last was looked at before the visits.
        if let [last] = left[..] {
            moves.push(step(lead, Self::find(*last, now - TimeDelta::days(2), at.turn)));
        }
        if state.further_information.len() < self.scope.conferences {
            for required in [true, false] {
                let decide = Command::DecideFurtherInformation { required, reason: words() };
                moves.push(step(lead, decide));
            }
        }
        if state.conferences.len() < self.scope.conferences {
            let (one, other) = (self.there(0, "p-1"), self.there(1, "p-2"));
            let party =
                [Party::HealthServices, Party::SocialServices, Party::Representative, Party::Other][at.turn % 4];
            let health = Participant { party, person: "p-9".to_owned() };
            let both = vec![one.clone(), other, health];
            moves.push(step(lead, self.conference(now, both.clone(), true)));
            let early = london(RECEIVED);
            moves.push(step(lead, self.conference(early, both.clone(), true)));
            moves.push(step(lead, self.conference(early - TimeDelta::days(2), both.clone(), true)));
            moves.push(step(lead, self.conference(early, vec![one.clone()], true)));
            moves.push(step(lead, self.conference(early, vec![one, self.there(1, "p-1")], true)));
            moves.push(step(lead, self.conference(early, vec![self.referrer_leads(), self.there(1, "p-2")], true)));
            if self.asks.partnership_manager {
                moves.push(step(lead, self.conference(now, both.clone(), false)));
            }
            // What a conference comes to beside, by turns.
            if let Command::RecordConference { mut conference, late_reason } = self.conference(now, both, true) {
                conference.deferral = Some([Deferral::Appropriate, Deferral::NotAppropriate][at.turn % 2]);
                if let Some(manager) = conference.partnership_manager.as_mut() {
                    manager.decided = PartnershipManager::Involved;
                }
                moves.push(step(lead, Command::RecordConference { conference, late_reason }));
            }
        }
        if state.convened.is_empty() {
            let convene = |at| Command::ConveneConference { at, participants: vec![] };
            moves.push(step(lead, convene(now - TimeDelta::minutes(1))));
            if self.scope.wrong {
                moves.push(step(lead, convene(now + TimeDelta::hours(1))));
            }
        }
        moves
    }

    pub(crate) fn actions(&self, at: &Moment<Self>) -> Vec<Step> {
        let (state, now, lead) = (&at.state, at.now, self.asks.lead);
        let mut moves = Vec::new();
        if state.actions.len() < self.scope.actions {
            let agree = |by| Command::AgreeAction { what: words(), owner: self.asks.conference[1], by };
            moves.push(step(lead, agree(None)));
            moves.push(step(lead, agree(Some(day(now) - TimeDelta::days(1)))));
            moves.push(step(lead, agree(Some(day(now) + TimeDelta::days(70_000)))));
        }
        let report = |action, result, occurred_at| {
            let late_reason = Some(words());
            Command::ReportAction { action, result, occurred_at, account: words(), late_reason }
        };
        // Where a report is corrected, there is one of them.
        let reports = if self.scope.wrongly == Wrongly::Reported { 1 } else { 2 };
        for (number, action) in &state.actions {
            for result in [ActionResult::Taken, ActionResult::Overtaken, ActionResult::NotTaken] {
                if action.reports.len() < reports {
                    moves.push(step(self.asks.conference[1], report(*number, result, now)));
                }
            }
            moves.push(step(Role::Officer, report(*number, ActionResult::Taken, now)));
            moves.push(step(lead, report(*number, ActionResult::Taken, now + TimeDelta::minutes(2))));
        }
        moves.push(step(lead, report(99, ActionResult::Taken, now)));
        moves
    }

    /// From the determination to the decision, and back.
    pub(crate) fn conclusion(&self, at: &Moment<Self>) -> Vec<Step> {
        let (state, now, asks) = (&at.state, at.now, &self.asks);
        let mut moves = vec![step(asks.lead, Self::determine(false, false, vec![]))];
        moves.push(step(asks.lead, Self::determine(true, false, self.assents())));
        if state.outcomes.len() < self.scope.concerns {
            moves.push(step(asks.lead, Self::determine(true, true, self.assents())));
            moves.push(step(asks.lead, Self::determine(false, true, vec![])));
        }
        if asks.participants_satisfied {
            let (one, same) = (self.there(0, "p-1"), self.there(1, "p-1"));
            let own = vec![self.referrer_leads(), self.there(1, "p-2")];
            for assents in [vec![], vec![one.clone()], vec![one, same], own] {
                moves.push(step(asks.lead, Self::determine(true, false, assents)));
            }
            let by = Actor { role: asks.lead, ..of(asks.referred_by[0]) };
            moves.push(Move { by, command: Self::determine(true, false, self.assents()) });
        }
        // A record that comes too early or says too little is one like the other.
        let closing =
            |happening: &Happening| matches!(happening, Happening::ClosingNote(_) | Happening::Documentation(_));
        if state.facts.all().filter(|(_, kept)| closing(&kept.what.happening)).count() < 2 {
            moves.push(step(asks.closing.by, self.closing(now, true)));
            moves.push(step(asks.closing.by, self.closing(london(RECEIVED), true)));
            moves.push(step(asks.closing.by, self.closing(now, false)));
        }
        moves.push(step(asks.returned_by, Command::Return));
        // What may be decided here, and by turns what may not.
        let other = OUTCOMES[at.turn % OUTCOMES.len()];
        let outcomes =
            asks.outcomes.iter().copied().chain([other].into_iter().filter(|other| !asks.outcomes.contains(other)));
        for outcome in outcomes {
            moves.push(step(asks.decided_by, Command::Decide { outcome, weighed: words() }));
        }
        if state.reopened.len() < self.scope.reopenings {
            for by in [asks.lead, asks.decided_by, Role::Referrer] {
                moves.push(step(by, Command::Reopen { reason: words() }));
            }
        }
        moves
    }

    pub(crate) fn contacts(&self, at: &Moment<Self>) -> Vec<Step> {
        let mut moves = Vec::new();
        if at.state.contacts.len() < self.scope.contacts {
            let by = [self.asks.decided_by, self.asks.lead, Role::Officer];
            // Where contact is corrected, too, whoever leads hears of it from safeguarding.
            let by = if self.scope.wrongly == Wrongly::Heard { &by[..1] } else { &by };
            for by in by.iter().copied() {
                moves.push(step(by, Self::contact(at.now, at.turn)));
            }
        }
        moves
    }

    /// What is done elsewhere.
    pub(crate) fn desk(&self, at: &Moment<Self>, tasks: &[Task]) -> Vec<Step> {
        let waits =
            ["prescribed-note", "review-note", "contact", "came-to-light", "outcome-corrected", "enquiry", "corrected"];
        let names = |task: &&Task| waits.contains(&task.key.split(':').next().unwrap_or_default());
        let owed = tasks.iter().filter(|task| task.discharged_by == COMPLETE_TASK).filter(names);
        let mut moves: Vec<_> = owed.clone().map(|task| step(task.owner, complete(&task.key, at.now))).collect();
        if self.scope.wrong {
            moves.extend(owed.map(|task| step(Role::Auditor, complete(&task.key, at.now))));
            moves.push(step(self.asks.lead, complete("no-such-task", at.now)));
            if let Some(task) = tasks.iter().find(|task| task.discharged_by != COMPLETE_TASK) {
                moves.push(step(task.owner, complete(&task.key, at.now)));
                let to = assignment(at.turn, at.now);
                let assign = Command::Desk(desk::Command::Assign { key: task.key.clone(), to });
                moves.extend([step(Role::Auditor, assign.clone()), step(task.owner, assign)]);
            }
        }
        moves
    }

    /// What is for another party to do.
    pub(crate) fn wrong(&self, at: &Moment<Self>) -> Vec<Step> {
        let now = at.now;
        let marker = Command::ConsiderSupportMarker { marker: Marker::NotPutOn, reason: words() };
        let further = Command::DecideFurtherInformation { required: true, reason: words() };
        let other = Self {
            asks: Asks {
                closing: Closing { documentation: !self.asks.closing.documentation, ..self.asks.closing },
                ..self.asks
            },
            ..*self
        };
        let commands = [
            marker,
            further,
            Command::ConveneConference { at: now, participants: vec![] },
            Self::determine(true, true, self.assents()),
            self.closing(now, true),
            Command::Return,
            Command::Decide { outcome: self.asks.outcomes[0], weighed: words() },
            Command::Reopen { reason: words() },
            Self::find(AssuranceItem::Other, now + TimeDelta::minutes(2), at.turn),
            self.conference(now + TimeDelta::minutes(2), vec![], false),
            Self::contact(now + TimeDelta::minutes(2), at.turn),
        ];
        let mut moves: Vec<_> = commands.into_iter().map(|command| step(Role::Auditor, command)).collect();
        moves.push(step(self.asks.closing.by, other.closing(now, true)));
        moves.push(step(self.asks.closing.by, self.closing(now + TimeDelta::minutes(2), true)));
        if now > london(NEXT_DAY) {
            let finding = Finding {
                item: AssuranceItem::Other,
                result: FindingResult::Reviewed,
                occurred_at: london(RECEIVED),
                account: words(),
            };
            moves.push(step(self.asks.lead, Command::RecordFinding { finding, late_reason: None }));
        }
        moves
    }

    pub(crate) fn marker(&self, at: &Moment<Self>) -> Vec<Step> {
        let marker = [Marker::PutOn, Marker::NotPutOn][at.turn % 2];
        let consider = step(self.asks.lead, Command::ConsiderSupportMarker { marker, reason: words() });
        let may = at.state.markers.is_empty() || matches!(at.state.stage, Stage::EndedDeath);
        may.then_some(consider).into_iter().collect()
    }
}

/// Every outcome there is, be it for this benefit or not.
const OUTCOMES: [Outcome; 8] = [
    Outcome::Disallow,
    Outcome::NotDisallow,
    Outcome::Sanction,
    Outcome::Neither,
    Outcome::TakeDecision,
    Outcome::NotTakeDecision,
    Outcome::AwardGrant,
    Outcome::NotAwardGrant,
];

pub(crate) fn complete(key: &str, occurred_at: DateTime<Utc>) -> Command {
    let (key, system, reference) = (key.to_owned(), "S".to_owned(), "1".to_owned());
    let late_reason = key.contains(':').then(words);
    Command::Desk(desk::Command::Complete { key, occurred_at, system, reference, late_reason })
}
