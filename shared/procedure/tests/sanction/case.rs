//! A failed requirement with its journal, as work coaches, site leaders and Decision Makers record it.

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::calendar::{Calendars, Nation};
use holdfast_procedure::conferencing::{Participant, Party};
use holdfast_procedure::customer::{Fact, PassedOn};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::{Hold, HoldGround, HoldKey};
use holdfast_procedure::sanction::*;
use holdfast_procedure::visiting::Channel;
use holdfast_procedure::{
    Actor, Award, Benefit, Context, Decider, Decision, NarrativeRef, Place, Recorded, Refusal, Role, Ruled, Task, Told,
    Workload, customer,
};

/// The work coach, the site leader and the Decision Maker.
pub(crate) const COACH: (&str, Role) = ("p-coach", Role::WorkCoach);
pub(crate) const LEADER: (&str, Role) = ("p-leader", Role::SiteLeader);
pub(crate) const DECIDER: (&str, Role) = ("p-decider", Role::DecisionMaker);

/// When every requirement is failed.
pub(crate) fn failed_at() -> DateTime<Utc> {
    "2026-06-01T08:00:00Z".parse().unwrap()
}

/// So many hours after the failure.
pub(crate) fn hour(number: i64) -> DateTime<Utc> {
    failed_at() + TimeDelta::hours(number)
}

pub(crate) fn actor((person, role): (&str, Role)) -> Actor {
    Actor { person: person.to_owned(), role, workload: Workload::Casework }
}

pub(crate) fn words(text: &str) -> NarrativeRef {
    NarrativeRef(text.to_owned())
}

/// A failure under an award of a benefit.
pub(crate) fn failure(benefit: Benefit) -> Failure {
    Failure {
        award: Award { customer: "C-1".to_owned(), benefit, award: "A-1".to_owned() },
        place: Place { nation: Nation::England, area: "North-West".to_owned() },
        requirement: Requirement::Interview,
        occurred_at: failed_at(),
        account: words("n-1"),
    }
}

pub(crate) fn fail(benefit: Benefit) -> Command {
    recorded(failure(benefit), &[])
}

/// A failure, while the award has these cases.
pub(crate) fn recorded(failure: Failure, others: &[Other]) -> Command {
    Command::RecordFailure { failure: Box::new(failure), late_reason: None, others: others.to_vec() }
}

/// A conference of these persons in these roles, as it was.
pub(crate) fn held(at: DateTime<Utc>, there: &[(&str, Role)], found: (GoodReason, Assurance)) -> Conference {
    let participant =
        |(person, role): &(&str, Role)| Participant { party: Party::Department(*role), person: (*person).to_owned() };
    Conference {
        occurred_at: at,
        participants: there.iter().map(participant).collect(),
        good_reason: found.0,
        requirement: found.1,
        account: words("n-2"),
    }
}

/// A conference of these persons in these roles.
pub(crate) fn conference(at: DateTime<Utc>, there: &[(&str, Role)], found: (GoodReason, Assurance)) -> Command {
    Command::HoldConference { conference: held(at, there, found), late_reason: None }
}

/// What a conference finds that opens the way to a referral.
pub(crate) const NO_GOOD_REASON: (GoodReason, Assurance) = (GoodReason::NotSeen, Assurance::Reasonable);

pub(crate) fn conferred(at: DateTime<Utc>) -> Command {
    conference(at, &[COACH, LEADER], NO_GOOD_REASON)
}

pub(crate) fn refer() -> Command {
    Command::Refer { reason: words("n-3") }
}

pub(crate) fn invite(at: DateTime<Utc>) -> Command {
    Command::Invite { invitation: Invitation { occurred_at: at, channel: Channel::Letter }, late_reason: None }
}

pub(crate) fn explain(at: DateTime<Utc>, answer: Answer) -> Command {
    let explanation = Explanation { occurred_at: at, answer, account: words("n-4") };
    Command::RecordExplanation { explanation, late_reason: None }
}

pub(crate) fn decided(outcome: Outcome, good_reason: Weighed) -> Command {
    let decided = Decided {
        outcome,
        weighed_circumstances: Weighed::TakenIntoAccount,
        weighed_health: Weighed::NothingKnown,
        weighed_good_reason: good_reason,
        weighed: words("n-5"),
    };
    Command::Decide { decided, holds: Vec::new(), check: Check::Permits }
}

/// A decision while a case holds the award on these grounds.
pub(crate) fn while_held(decision: Command, grounds: &[HoldGround]) -> Command {
    let Command::Decide { decided, .. } = decision else { panic!("a decision") };
    let hold = |ground: &HoldGround| {
        let key = HoldKey { case: "HF-1".to_owned(), ground: *ground };
        Hold::placed(key, failure(Benefit::UniversalCredit).award, Vec::new(), Workload::Conferencing)
    };
    Command::Decide { decided, holds: grounds.iter().map(hold).collect(), check: Check::Permits }
}

/// A decision while the check of protection says this.
pub(crate) fn checked(decision: Command, check: Check) -> Command {
    let Command::Decide { decided, holds, .. } = decision else { panic!("a decision") };
    Command::Decide { decided, holds, check }
}

pub(crate) fn sanction() -> Command {
    decided(Outcome::Sanction, Weighed::TakenIntoAccount)
}

pub(crate) fn reconsider() -> Command {
    Command::Reconsider { reason: words("n-6") }
}

/// That a fact was otherwise, or never happened.
pub(crate) fn correct(fact: u32, right: Option<Happening>) -> Command {
    Command::Correct(Correction { fact, right, reason: words("n-8"), others: Vec::new() })
}

pub(crate) fn withdraw(ground: WithdrawalGround) -> Command {
    Command::Withdraw(Withdrawal { ground, reason: words("n-9") })
}

/// What is told of the customer here.
pub(crate) fn told(fact: Fact) -> Command {
    Command::Customer(customer::Command { fact, passed_on: None })
}

/// What another service has heard of them.
pub(crate) fn heard(fact: Fact, at: DateTime<Utc>) -> Command {
    let (case, by) = ("HF-2".to_owned(), actor(("p-9", Role::Officer)));
    Command::Customer(customer::Command {
        fact,
        passed_on: Some(PassedOn {
            service: Workload::Visiting,
            case,
            by,
            at,
            known_as: "C-1".to_owned(),
            taken_in: false,
        }),
    })
}

/// A case on its way. After every command its journal is played again and has to amount to the same.
#[derive(Default, Clone)]
pub(crate) struct Case {
    pub(crate) state: State,
    pub(crate) journal: Vec<(Ruled<Event>, Actor, DateTime<Utc>)>,
}

impl Case {
    /// A failure recorded in its first hour.
    pub(crate) fn failed() -> Self {
        Self::default().then(hour(0), COACH, &fail(Benefit::UniversalCredit))
    }

    /// After a conference in the first hour that saw no good reason.
    pub(crate) fn conferred() -> Self {
        Self::failed().then(hour(1), LEADER, &conferred(hour(1)))
    }

    /// Referred in the second hour.
    pub(crate) fn referred() -> Self {
        Self::conferred().then(hour(2), COACH, &refer())
    }

    /// Invited in the third hour.
    pub(crate) fn invited() -> Self {
        Self::referred().then(hour(3), DECIDER, &invite(hour(3)))
    }

    /// With an answer, or none, in the fourth.
    pub(crate) fn answered(answer: Answer) -> Self {
        Self::invited().then(hour(4), DECIDER, &explain(hour(4), answer))
    }

    /// With a sanction decided in the fifth.
    pub(crate) fn decided() -> Self {
        Self::answered(Answer::Explained).then(hour(5), DECIDER, &sanction())
    }

    /// After a command that goes through.
    pub(crate) fn then(mut self, now: DateTime<Utc>, by: (&str, Role), command: &Command) -> Self {
        let by = actor(by);
        let decision = self.decide(now, &by, command).expect("it goes through");
        self.journal.extend(decision.events.into_iter().map(|ruled| (ruled, by.clone(), now)));
        self.state = State::default();
        for (ruled, by, at) in &self.journal {
            let recorded = Recorded { event: &ruled.event, at: *at, by, version: &ruled.version };
            Sanction::evolve(&mut self.state, &recorded);
        }
        self
    }

    pub(crate) fn decide(&self, now: DateTime<Utc>, by: &Actor, command: &Command) -> Result<Decision<Event>, Refusal> {
        let (calendars, guidance) = (Calendars::embedded(), Guidance::published());
        let context = Context { now, actor: by, calendars: &calendars, guidance: &guidance };
        Sanction::decide(&self.state, command, &context)
    }

    pub(crate) fn tasks(&self) -> Vec<Task> {
        Sanction::tasks(&self.state, &Guidance::published())
    }

    /// What the case waits for, or what may follow.
    pub(crate) fn outlook(&self) -> String {
        Sanction::outlook(&self.state).join(" ")
    }

    /// What is owed, by key, owner and verb.
    pub(crate) fn owes(&self) -> String {
        let told = |task: &Task| format!("{} by {} through {}", task.key, task.owner.title(), task.discharged_by);
        self.tasks().iter().map(told).collect::<Vec<_>>().join("; ")
    }

    /// What became of a command: the events, or the stage of a refusal with its rules.
    pub(crate) fn came_of(&self, now: DateTime<Utc>, by: (&str, Role), command: &Command) -> String {
        match self.decide(now, &actor(by), command) {
            Ok(decision) => {
                let names: Vec<_> = decision.events.iter().map(|ruled| ruled.event.name()).collect();
                names.join(" ")
            }
            Err(Refusal::NotAllowed { rules, stage, .. }) => {
                let rules: Vec<_> = rules.iter().map(|rule| rule.id).collect();
                format!("{} at {stage}", rules.join(" "))
            }
            Err(other) => format!("{other:?}"),
        }
    }
}
