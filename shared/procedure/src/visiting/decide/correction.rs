//! Something recorded wrongly is corrected by a superseding fact, and the case is judged anew.

use crate::{
    Refusal,
    draft::Draft,
    facts::{not_standing, of_the_same_kind},
    rule::rulings::R_RECORDED_ALWAYS,
    visiting::{
        Visiting,
        command::{Correction, Retracting},
        event::Event,
        fact::{Happening, SecondVisit, Verdict},
        judge::{Settled, Weight, judge},
        state::{Fact, Stage},
    },
};

impl Draft<'_, Visiting> {
    /// A correction that would undo two ineffective visits takes a second person; until then it is only asked for.
    pub(super) fn correct(&mut self, correction: &Correction) -> Result<(), Refusal> {
        if self.would_undo_two_visits(correction)? {
            return self.ask_to_retract(super::advice::CORRECT_FACT, Retracting::Fact(correction.clone()));
        }
        self.put_right(correction).map(drop)
    }

    /// Whether there would be no two ineffective visits any more, were this put right.
    pub(super) fn would_undo_two_visits(&self, correction: &Correction) -> Result<bool, Refusal> {
        Draft::<Visiting>::of(&self.state, self.context).put_right(correction)
    }

    /// Puts a fact right; `true`: there are no two ineffective visits any more. A case that has ended since its handover
    /// stays so: what was decided on it is for whoever led it to look at again.
    pub(super) fn put_right(&mut self, correction: &Correction) -> Result<bool, Refusal> {
        let wrong = self.may_put_right(correction)?;
        let number = correction.fact;
        let had_two = self.state.handover.is_some();
        // What came to light after the two visits changes nothing about them, nor does what is put right about it. It
        // may be all that speaks against them, and is kept from undoing them when something else is corrected.
        let kept = had_two
            && !self.state.visits().1.contains(&number)
            && (matches!(wrong.verdict, None | Some(Verdict::Afterwards)) || !self.judged_to_have_two());
        let right = correction.right.clone().map(|happening| (self.state.next_fact(), happening));
        let judged_at = right.as_ref().map_or(self.context.now, |(_, happening)| happening.occurred_at());
        let (narrative, reason) = (correction.narrative.clone(), correction.reason.clone());
        let settled = self.settled(had_two);
        let event = Event::FactCorrected { fact: number, right: right.clone(), narrative, reason };
        self.add(event, vec![&R_RECORDED_ALWAYS], judged_at);
        // Whoever called puts a visit right, whatever rested on it, but for what would have it that none is needed; what a
        // contact was is theirs who settled what follows.
        let (is_contact, corrected) = (matches!(wrong.happening, Happening::Contact(_)), self.settled(true));
        let ends_visits = corrected.second_visit == Some(SecondVisit::NotNeeded);
        if (is_contact || ends_visits) && !kept && settled.is_changed_to(corrected) {
            self.may_decide_second_visit(
                "; this correction would change whether what was settled of it counts, and is theirs to make",
            )?;
        }
        if let Some(right) = &correction.right {
            self.may_conclude(right)?;
        }
        let undone = had_two && !kept && !self.judged_to_have_two();
        let stays = kept || (undone && self.state.stage.has_ended());
        self.judge_again(if stays { Weight::NewFact } else { Weight::Correction });
        self.note_correction(&wrong, right.is_none());
        if let Some((fact, _)) = right {
            self.note(fact);
        }
        Ok(undone)
    }

    /// What was settled between the visits, as far as it counts; `anew`: whatever was judged before.
    fn settled(&self, anew: bool) -> Settled {
        let weight = if anew { Weight::Correction } else { Weight::NewFact };
        judge(&self.state, weight, self.context).map(|judged| judged.settled).unwrap_or_default()
    }

    /// The fact that was wrong, where what is right can take its place.
    fn may_put_right(&self, correction: &Correction) -> Result<Fact, Refusal> {
        let number = correction.fact;
        let found = self.state.standing_facts().find(|(standing, _)| *standing == number);
        let (_, wrong) = found.ok_or_else(|| not_standing(number))?;
        if let Some(right) = &correction.right {
            of_the_same_kind(number, right, &wrong.happening)?;
            // The reason for the correction is the reason for its lateness too.
            self.fact_happened(right, Some(&correction.reason))?;
        }
        self.may_correct(&wrong.happening, correction.right.as_ref())?;
        let settled = correction.right.as_ref().and_then(|right| Some((right.second_visit()?, right.understanding())));
        if wrong.happening.second_visit() != settled.map(|(second_visit, _)| second_visit) {
            self.may_decide_second_visit("; leave what was settled as it is")?;
        }
        if let Some(settled) = settled {
            self.may_settle(settled, Some(number), "; leave it out of the contact")?;
        }
        Ok(wrong.clone())
    }

    /// Tells what a correction means for a concern.
    fn note_correction(&mut self, wrong: &Fact, never_happened: bool) {
        if self.state.concern_protects_no_more() {
            let why = "No concern is on record any more, so that none protects the award from now on (R-HOLD-UNTIL).";
            self.notes.push(why.to_owned());
        }
        let concern = matches!(wrong.happening, Happening::Concern(_));
        if never_happened && concern && self.state.stage == Stage::TriageDue {
            let why = "Whether there is no concern is for whoever triages to say, with TriageConcern; the award stays \
                       protected until then (R-HOLD-UNTIL).";
            self.notes.push(why.to_owned());
        }
    }
}
