//! What a correction makes of a case: the lists hold what stands, everything else follows from them.

use super::{Signed, State};
use crate::{
    NarrativeRef, Recorded,
    facts::{Kept, Superseded},
    sanction::{
        event::Event,
        fact::{Happening, Outcome},
    },
};

impl State {
    /// How many facts of a kind stand no more.
    pub(in crate::sanction) fn corrected(&self, is_of_the_kind: fn(&Happening) -> bool) -> usize {
        let wrong = |kept: &Kept<Happening>| kept.superseded.is_some() && is_of_the_kind(&kept.what);
        self.facts.all().filter(|(_, kept)| wrong(kept)).count()
    }

    /// Takes in what was recorded.
    pub(super) fn keep(&mut self, happening: Happening, recorded: &Recorded<'_, Event>) {
        self.facts.record(happening, recorded.at, recorded.by.clone());
        self.list_what_stands();
        self.judge_referral(recorded);
    }

    /// What is right takes the place of what was wrong.
    pub(super) fn correct(
        &mut self,
        (fact, right, reason): (u32, Option<(u32, Happening)>, NarrativeRef),
        recorded: &Recorded<'_, Event>,
    ) {
        if self.decided() == Some(Outcome::Sanction) {
            self.corrected_since_decision.insert(fact);
        }
        let (by_fact, right) = right.unzip();
        if let Some(Happening::Failure(right)) = &right {
            let moved = self.customer.moved_at.is_some();
            if let Some(failure) = &mut self.failure {
                let lives = if moved { &failure.what.place } else { &right.place }.clone();
                failure.what = right.as_ref().clone();
                failure.what.place = lives;
            }
            recorded.version.clone_into(&mut self.version);
        }
        self.facts.supersede(fact, right, Superseded { by_fact, reason, at: recorded.at, by: recorded.by.clone() });
        self.list_what_stands();
        self.judge_referral(recorded);
    }

    fn list_what_stands(&mut self) {
        self.conferences.clear();
        self.invitations.clear();
        self.explanations.clear();
        for kept in self.facts.standing() {
            let (at, by) = (kept.at, kept.by.clone());
            match kept.what.clone() {
                Happening::Failure(_) => {}
                Happening::Conference(what) => self.conferences.push(Signed { what, at, by }),
                Happening::Invitation(what) => self.invitations.push(Signed { what, at, by }),
                Happening::Explanation(what) => self.explanations.push(Signed { what, at, by }),
            }
        }
    }

    /// Keeps since when no conference opens the way to the referral.
    fn judge_referral(&mut self, recorded: &Recorded<'_, Event>) {
        let unsupported = self.referral.is_some() && !self.referral_is_supported();
        self.unsupported_since = unsupported.then(|| self.unsupported_since.unwrap_or(recorded.at));
    }
}
