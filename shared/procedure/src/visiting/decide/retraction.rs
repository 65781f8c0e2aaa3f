//! What counts as two ineffective visits was recorded in error: one person says so, another confirms it, and whoever was
//! handed the case is told. Until then nothing changes, and the award stays protected.

use crate::{
    NarrativeRef, Refusal,
    draft::Draft,
    protection::{HeldAt, HoldGround},
    rule::{
        general::GEN_3,
        rulings::{R_RECORDED_ALWAYS, R_SECOND_PERSON, R_WITHDRAWAL},
    },
    visiting::{
        Visiting,
        advice::{CONFIRM_RETRACTION, DECLINE_RETRACTION, WITHDRAW_REFERRAL},
        command::Retracting,
        event::Event,
        fact::WithdrawalGround,
        judge::Weight,
        state::{Retraction, Stage},
    },
};

impl Draft<'_, Visiting> {
    /// After two ineffective visits only a record made in error withdraws, and that takes a second person.
    pub(super) fn withdraw_after_two_visits(
        &mut self,
        ground: WithdrawalGround,
        reason: &NarrativeRef,
    ) -> Result<(), Refusal> {
        match ground {
            WithdrawalGround::RecordedInError => {
                self.ask_to_retract(WITHDRAW_REFERRAL, Retracting::Referral { reason: reason.clone() })
            }
            WithdrawalGround::EffectiveContact | WithdrawalGround::Abroad | WithdrawalGround::ClaimWithdrawn => {
                let why = "after two ineffective visits only verified death or a record made in error withdraws, and \
                           both need a second person; record contact with RecordContact: whoever leads the case is told";
                Err(self.refused(WITHDRAW_REFERRAL, vec![&R_WITHDRAWAL, &R_SECOND_PERSON], why))
            }
        }
    }

    pub(super) fn ask_to_retract(&mut self, verb: &str, retracting: Retracting) -> Result<(), Refusal> {
        if self.state.retraction.is_some() {
            let why = "somebody has asked for a retraction already: another person confirms it with ConfirmRetraction, or \
                       DeclineRetraction takes it back";
            return Err(self.refused(verb, vec![&R_SECOND_PERSON], why));
        }
        let rules = vec![&R_RECORDED_ALWAYS, &R_WITHDRAWAL, &R_SECOND_PERSON];
        self.add(Event::RetractionAsked { retracting }, rules, self.context.now);
        let until = match (self.state.stage, self.state.decided) {
            (Stage::EndedDeath, _) => {
                "The case has ended with the customer's verified death: it cannot be confirmed unless that turns out to have \
                 been reported by mistake (GEN-3)."
            }
            (_, Some(_)) => {
                "The decision maker has decided, so that the award is not protected by this case: once it is confirmed, they \
                 are told and consider whether the decision stands (R-RECONSIDERATION)."
            }
            (_, None) => "The award stays protected until then.",
        };
        self.notes.push(format!(
            "Recorded as asked for. It would undo two ineffective visits, so that nothing changes until another person \
             confirms it with ConfirmRetraction (R-SECOND-PERSON). {until}"
        ));
        Ok(())
    }

    pub(super) fn confirm_retraction(&mut self, reason: &NarrativeRef) -> Result<(), Refusal> {
        let Retraction { retracting, at: _, by } = self.asked_for(CONFIRM_RETRACTION)?;
        if by.person == self.context.actor.person {
            let why = "whoever asked for it does not confirm it: this takes another person";
            return Err(self.refused(CONFIRM_RETRACTION, vec![&R_SECOND_PERSON], why));
        }
        if self.state.stage == Stage::EndedDeath {
            let why =
                "the case has ended, as the customer's death is verified; DeclineRetraction settles what was asked";
            return Err(self.refused(CONFIRM_RETRACTION, vec![&GEN_3, &R_SECOND_PERSON], why));
        }
        let takes_back = match &retracting {
            // While it is asked for nothing else takes the case back, so that whoever leads it has it still.
            Retracting::Referral { .. } => true,
            Retracting::Fact(correction) => {
                self.would_undo_two_visits(correction).map_err(|why| self.overtaken(why))?
            }
        };
        let because = || vec![&R_WITHDRAWAL, &R_SECOND_PERSON];
        self.add(Event::RetractionConfirmed { reason: reason.clone(), takes_back }, because(), self.context.now);
        match retracting {
            Retracting::Referral { reason } => {
                let event = Event::Withdrawn { ground: WithdrawalGround::RecordedInError, reason, confirmed: true };
                self.add(event, because(), self.context.now);
                // What was decided on the case is for whoever led it to look at again.
                let stays = self.state.stage.has_ended();
                self.judge_again(if stays { Weight::NewFact } else { Weight::Correction });
            }
            Retracting::Fact(correction) => {
                self.put_right(&correction)?;
            }
        }
        if takes_back {
            let what = if self.state.stage.has_ended() && self.state.handover.is_some() {
                "The case stays ended, and what was decided stands. Whoever decided on it is told, and considers whether the \
                 decision stands (R-RECONSIDERATION)."
            } else {
                "The case is taken back from whoever led it, who is told. What they hold for it is released once it is back \
                 here, unless they go on: while a concern is followed up, or a decision is looked at again, the award stays \
                 protected until that is settled (R-HOLD-UNTIL)."
            };
            self.notes.push(what.to_owned());
        }
        Ok(())
    }

    /// What was asked for cannot be done any more, as the case has gone on since.
    fn overtaken(&self, why: Refusal) -> Refusal {
        match why {
            Refusal::Invalid(_) | Refusal::NoSuchPart(_) => {
                let why = "what was asked for does not fit the case any more; DeclineRetraction settles it";
                self.refused(CONFIRM_RETRACTION, vec![&R_SECOND_PERSON], why)
            }
            Refusal::NotAllowed { .. } | Refusal::NotInForce(_) => why,
        }
    }

    pub(super) fn decline_retraction(&mut self, reason: &NarrativeRef) -> Result<(), Refusal> {
        self.asked_for(DECLINE_RETRACTION)?;
        self.add(Event::RetractionDeclined { reason: reason.clone() }, vec![&R_SECOND_PERSON], self.context.now);
        Ok(())
    }

    fn asked_for(&self, verb: &str) -> Result<Retraction, Refusal> {
        let nobody = "nobody has said that what counts as two ineffective visits was recorded in error";
        self.state.retraction.clone().ok_or_else(|| self.refused(verb, vec![&R_SECOND_PERSON], nobody))
    }

    /// What was held elsewhere stands here from now on, for as long as the facts call for it.
    pub(super) fn receive_back(&mut self, holds: &[HeldAt]) -> Result<(), Refusal> {
        self.was_handed_over()?;
        holds.iter().for_each(|told| self.take_over(told));
        Ok(())
    }

    /// Refuses what is told of a case that never was with anybody else.
    pub(super) fn was_handed_over(&self) -> Result<(), Refusal> {
        let protected = self.state.protection.get(HoldGround::TwoIneffectiveVisits);
        protected.map(drop).ok_or_else(|| Refusal::NoSuchPart("the case was not handed over".to_owned()))
    }
}
