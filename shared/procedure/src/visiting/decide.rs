//! What follows from a command.

mod before;
mod correction;
mod follow_up;
mod good_cause;
mod judged;
mod noted;
mod referral;
mod retraction;
mod understood;

use super::{
    Visiting, advice,
    command::{Command, Record},
    event::Event,
    fact::{Happening, SecondVisit, Understanding, WithdrawalGround},
    judge::Weight,
    state::{Stage, State},
};
use crate::{
    Context, Decision, NarrativeRef, Refusal, Role,
    benefit::AfterFirstVisit,
    case::Late,
    customer,
    draft::{Because, Draft, dated},
    rule::rulings::*,
};
use chrono::{DateTime, Utc};

pub(super) fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
    let mut draft = Draft::<Visiting>::of(state, context);
    draft.carry_out(command)?;
    Ok(draft.finish())
}

/// What is told instead of a stage where no case was opened.
const NOT_OPENED: &str = "NOT_OPENED";

/// A refusal of what would have opened a case: there is none, at no stage, and nothing else can be asked of it.
fn of_no_case(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::NotAllowed { rules, why, stage: _, allowed: _ } => {
            Refusal::NotAllowed { rules, why, stage: NOT_OPENED, allowed: vec![] }
        }
        Refusal::Invalid(_) | Refusal::NotInForce(_) | Refusal::NoSuchPart(_) => refusal,
    }
}

impl Draft<'_, Visiting> {
    fn carry_out(&mut self, command: &Command) -> Result<(), Refusal> {
        if self.state.opened.is_none() {
            self.open(command).map_err(of_no_case)?;
            return self.learn_of_death(command.of_death());
        }
        // Whatever time has brought about by now comes first, so that nothing hangs on when a timer runs.
        self.judge_again(Weight::NewFact);
        match command {
            Command::Refer { .. } => self.refer(command)?,
            Command::Open(opening) => self.record_on_open_case(opening)?,
            Command::Record(record) => self.record(record)?,
            Command::DecideSecondVisit { second_visit, understanding, reason } => {
                self.decide_second_visit(*second_visit, *understanding, reason)?;
            }
            Command::DecideGoodCause { decision, reason } => self.decide_good_cause(*decision, reason)?,
            Command::Withdraw { ground, reason } => self.withdraw(*ground, reason)?,
            Command::Correct(correction) => self.correct(correction)?,
            Command::ConfirmRetraction { reason } => self.confirm_retraction(reason)?,
            Command::DeclineRetraction { reason } => self.decline_retraction(reason)?,
            Command::ReceiveBack { holds } => self.receive_back(holds)?,
            Command::NoteDecision { decided, times_taken_back } => self.note_decision(*decided, *times_taken_back)?,
            Command::Customer(command) => {
                self.customer(command)?;
                self.judge_again(Weight::NewFact);
            }
            Command::Desk(command) => self.desk(command)?,
            Command::RaiseHold(raise) => self.raise(raise)?,
            Command::LetTimePass => {}
            Command::DeriveTermsAgain => self.derive_terms_again(),
        }
        self.learn_of_death(command.of_death())
    }

    /// A death that was told of another case is known of this one with what opens it: nobody is to contact the customer
    /// in the meantime (GEN-3).
    fn learn_of_death(&mut self, told: &[customer::Command]) -> Result<(), Refusal> {
        if told.is_empty() {
            return Ok(());
        }
        if self.state.customer.death.is_none() {
            told.iter().try_for_each(|told| self.customer(told))?;
            self.judge_again(Weight::NewFact);
        }
        self.notes.extend(advice::death_is_known(&self.state));
        Ok(())
    }

    /// Checks that a fact can have happened when it is said to have. Nobody calls, writes, books or chases before the
    /// referral; but an area may have been found unsafe, somebody been in touch, or a concern have arisen, before it.
    fn fact_happened(&self, fact: &Happening, late_reason: Option<&NarrativeRef>) -> Result<Because, Refusal> {
        let (field, at) = (fact.occurred_at_field(), fact.occurred_at());
        match fact {
            Happening::Visit(_) | Happening::Letter(_) | Happening::FollowUp(_) | Happening::Booking(_) => {
                let Some(since) = self.state.referred_first else {
                    let why = "no referral was made yet; ReferForVisit comes first";
                    return Err(self.refused("", vec![&R_RECORDED_ALWAYS], why));
                };
                let place = self.state.opened.as_ref().map(|opened| &opened.place);
                dated(self.context, field, at, since, Some("referral"), place, late_reason)
            }
            Happening::UnsafeArea(_)
            | Happening::Contact(_)
            | Happening::Concern(_)
            | Happening::Consideration(_)
            | Happening::Triage(_)
            | Happening::AddressTrace(_) => self.dated(field, at, DateTime::<Utc>::MIN_UTC, late_reason),
        }
    }

    fn record(&mut self, record: &Record) -> Result<(), Refusal> {
        let happening = &record.happening;
        let at = happening.occurred_at();
        let mut rules = self.fact_happened(happening, record.late_reason.as_ref())?;
        self.may_record(happening)?;
        if let Some(second_visit) = happening.second_visit() {
            self.may_decide_second_visit("; record the contact without it")?;
            let said = (second_visit, happening.understanding());
            self.may_settle(said, None, "; record the contact without it")?;
        }
        rules.extend(self.recorded_rules(happening, at));
        let fact = self.state.next_fact();
        let late = Late { late_reason: record.late_reason.clone() };
        let (happening, narrative) = (happening.clone(), record.narrative.clone());
        let concluded = happening.clone();
        self.add(Event::FactRecorded { fact, happening, narrative, late }, rules, at);
        self.may_conclude(&concluded)?;
        self.judge_again(Weight::NewFact);
        self.note(fact);
        Ok(())
    }

    /// Only the party that the letter names says whether a second visit is needed; others are told what to do instead.
    /// The rules that such a decision stands on.
    fn may_decide_second_visit(&self, instead: &str) -> Result<Because, Refusal> {
        let (in_force, opened_by) = self.after_first_visit();
        let Some(clause) = in_force.or(opened_by).map(|after| &after.contact_in_time) else {
            let why = "the guidance prescribes nothing between the first and the second visit";
            return Err(self.refused(advice::DECIDE_SECOND_VISIT, vec![&R_NOT_PRESCRIBED], why));
        };
        let named = |after: &AfterFirstVisit| after.contact_in_time.says.second_visit_decided_by;
        let mut by: Vec<_> = [in_force, opened_by].into_iter().flatten().flat_map(named).collect();
        if by.contains(&&self.context.actor.role) {
            return Ok(clause.rules.to_vec());
        }
        by.dedup();
        let why = format!("whether a second visit is needed is for {} to say{instead}", Role::any_of(by));
        Err(self.refused(advice::DECIDE_SECOND_VISIT, clause.rules.to_vec(), why))
    }

    fn decide_second_visit(
        &mut self,
        second_visit: SecondVisit,
        understanding: Option<Understanding>,
        reason: &NarrativeRef,
    ) -> Result<(), Refusal> {
        let rules = self.may_decide_second_visit("")?;
        self.may_settle((second_visit, understanding), None, "")?;
        if !self.state.contact_in_time() || !self.state.stage.second_visit_is_open() {
            let why = "this is decided after contact in time and before the visits are over";
            return Err(self.refused(advice::DECIDE_SECOND_VISIT, rules, why));
        }
        let event = Event::SecondVisitDecided { second_visit, understanding, reason: reason.clone() };
        self.add(event, rules, self.context.now);
        self.judge_again(Weight::NewFact);
        Ok(())
    }

    /// Those who may refer withdraw, a case that has no referral yet too.
    fn withdraw(&mut self, ground: WithdrawalGround, reason: &NarrativeRef) -> Result<(), Refusal> {
        let by = self.version(self.context.now).map(|version| &version.rules.referral);
        if let Some(by) = by.filter(|by| !by.says.contains(&self.context.actor.role)) {
            let why = format!("a referral is for {} to withdraw", Role::any_of(by.says));
            return Err(self.refused(advice::WITHDRAW_REFERRAL, vec![&R_WITHDRAWAL], why));
        }
        if self.state.stage == Stage::HandedOver {
            return self.withdraw_after_two_visits(ground, reason);
        }
        if self.state.stage.visits_are_over() {
            return Err(self.refused(advice::WITHDRAW_REFERRAL, vec![&R_WITHDRAWAL], "the case has ended"));
        }
        self.may_withdraw_on(ground)?;
        let event = Event::Withdrawn { ground, reason: reason.clone(), confirmed: false };
        self.add(event, vec![&R_WITHDRAWAL], self.context.now);
        self.judge_again(Weight::NewFact);
        Ok(())
    }

    /// Whoever leads the case since the handover tells when it is decided, and when it is opened again. What was decided
    /// while the case was being taken back ends nothing here: the visits go on. What arrives only after it was handed over
    /// anew is about visits that do not count any more.
    fn note_decision(&mut self, decided: bool, times_taken_back: u32) -> Result<(), Refusal> {
        self.was_handed_over()?;
        let since = self.state.handover.as_ref().map_or(0, |handover| handover.times_taken_back);
        if self.state.decided.is_some() != decided && times_taken_back >= since {
            let rule = if decided { &R_HOLD_UNTIL } else { &R_RECONSIDERATION };
            self.add(Event::DecisionNoted { decided }, vec![rule], self.context.now);
            self.judge_again(Weight::NewFact);
        }
        Ok(())
    }
}
