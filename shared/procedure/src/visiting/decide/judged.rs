//! What a change makes of a case: judged as a whole, and every difference kept.

use crate::{
    Deadline, Rule,
    calendar::Calendars,
    draft::Draft,
    rule::rulings::*,
    visiting::{
        Visiting, advice,
        event::Event,
        fact::{Happening, Verdict},
        judge::{Judgement, Weight, judge},
        state::{FollowUpDue, Opened, Stage, Window},
    },
};

impl Draft<'_, Visiting> {
    /// Judges the case as a whole and adds an event for every difference from the judgement before. Once two visits
    /// were judged ineffective, whoever leads can rely on what was made of them: only a correction judges anew.
    pub(super) fn judge_again(&mut self, weight: Weight) {
        if self.state.handover.is_some() && weight == Weight::NewFact {
            self.keep_two_ineffective_visits();
        } else if let Some(judgement) = judge(&self.state, weight, self.context) {
            self.apply(judgement);
        }
        self.end_after_handover();
        self.follow_up_again();
    }

    /// Whether two visits would still be judged ineffective if everything was judged anew.
    pub(super) fn judged_to_have_two(&self) -> bool {
        judge(&self.state, Weight::Correction, self.context).is_some_and(|judged| judged.stage == Stage::HandedOver)
    }

    /// A case that was handed over ends by what happens elsewhere, and goes on where that is taken back.
    fn end_after_handover(&mut self) {
        let Some(handover) = self.state.handover.clone() else { return };
        let confirmed_at = self.state.customer.death.as_ref().and_then(|death| death.confirmed_at);
        let reached: (_, _, &'static Rule) = match (confirmed_at, self.state.decided) {
            (Some(at), _) => (Stage::EndedDeath, at, &R_DEATH_VERIFIED),
            (None, Some(at)) => (Stage::EndedDecided, at, &R_HOLD_UNTIL),
            (None, None) if self.state.stage == Stage::EndedDeath => {
                (Stage::HandedOver, handover.since, &R_DEATH_MISTAKEN)
            }
            (None, None) => (Stage::HandedOver, handover.since, &R_RECONSIDERATION),
        };
        let (stage, since, rule) = reached;
        if self.state.stage == stage {
            return;
        }
        let goes_on = stage == Stage::HandedOver;
        let (facts, handover_to) = if goes_on { (handover.facts, handover.to) } else { (vec![], vec![]) };
        let event = Event::StageReached { stage, since, facts, handover_to, holds: Vec::new() };
        self.add(event, vec![rule], self.context.now);
    }

    /// A fact that came to light after two visits were judged ineffective is kept, and changes nothing.
    fn keep_two_ineffective_visits(&mut self) {
        let new: Vec<_> = self
            .state
            .standing_facts()
            .filter(|(_, fact)| fact.verdict.is_none() && is_judged(&fact.happening))
            .map(|(number, fact)| (number, fact.happening.occurred_at()))
            .collect();
        for (fact, at) in new {
            self.add(Event::FactJudged { fact, verdict: Verdict::Afterwards }, vec![&R_LATER_CONTACT], at);
        }
    }

    fn apply(&mut self, judgement: Judgement) {
        let had_two = self.state.handover.is_some() && judgement.stage == Stage::HandedOver;
        for (fact, (verdict, because)) in judgement.verdicts {
            // What came to light after two visits is still to be passed on, unless they now rest on it.
            let stays = |verdict| had_two && verdict == Some(Verdict::Afterwards) && !judgement.basis.contains(&fact);
            let known = self.state.facts.get(&fact).filter(|known| !stays(known.verdict));
            if let Some(known) = known.filter(|known| known.verdict != Some(verdict)) {
                let at = known.happening.occurred_at();
                self.add(Event::FactJudged { fact, verdict }, because, at);
            }
        }
        match (judgement.window, &self.state.window) {
            (Some((window, because)), None) => {
                let from = window.ends.from;
                self.add(Event::ContactWindowOpened { window }, because, from);
            }
            (Some((window, because)), Some(before)) if *before != window => {
                let from = window.ends.from;
                self.add(Event::ContactWindowDerivedAgain { window }, because, from);
            }
            (None, Some(_)) => self.add(Event::ContactWindowCancelled, vec![&R_RECORDED_ALWAYS], self.context.now),
            (Some(_), Some(_)) | (None, None) => {}
        }
        let moved = self.state.visits() != (judgement.stage, &judgement.basis)
            || (self.state.handover.is_none() && self.state.holds != judgement.holds);
        if moved || self.state.since.is_none() {
            let resumes = self.state.stage == Stage::EndedDeath && !self.state.customer.death_is_confirmed();
            let Judgement { stage, since, basis: facts, handover_to, holds, mut because, .. } = judgement;
            if resumes {
                because.rules.push(&R_DEATH_MISTAKEN);
            }
            self.add(Event::StageReached { stage, since, facts, handover_to, holds }, because, since);
        }
    }

    /// A newer calendar lengthens a window and a follow-up that are still running; it never shortens one.
    pub(super) fn derive_terms_again(&mut self) {
        self.derive_window_again();
        self.derive_follow_up_again();
    }

    fn derive_window_again(&mut self) {
        let (Some(window), Some(opened)) = (self.state.window.clone(), &self.state.opened) else { return };
        if self.state.stage != Stage::AwaitingContact {
            return;
        }
        if let Some(ends) = lengthened(&window.ends, opened, self.context.calendars) {
            let from = ends.from;
            let window = Window { ends, ..window };
            self.add(Event::ContactWindowDerivedAgain { window }, vec![&R_WORKING_DAYS], from);
        }
    }

    fn derive_follow_up_again(&mut self) {
        let (Some(set), Some(opened)) = (self.state.follow_up.clone(), &self.state.opened) else { return };
        if set.matured.is_some() || !self.state.nothing_is_back() {
            return;
        }
        if let Some(ends) = lengthened(&set.due.ends, opened, self.context.calendars) {
            let from = ends.from;
            let follow_up = FollowUpDue { ends, ..set.due };
            self.add(Event::FollowUpSet { follow_up }, vec![&R_WORKING_DAYS], from);
        }
    }

    /// Tells the caller where the guidance does not count what they recorded.
    pub(super) fn note(&mut self, fact: u32) {
        let triaged = self.version(self.context.now).is_some_and(|version| version.rules.triage.as_option().is_some());
        let advised = || advice::note(&self.state, self.state.facts.get(&fact)?, triaged);
        let note = self.noted(fact).or_else(advised);
        self.notes.extend(note);
    }
}

/// A term by a newer calendar, where that ends later.
fn lengthened(ends: &Deadline, opened: &Opened, calendars: &Calendars) -> Option<Deadline> {
    let Deadline { term, from, due } = ends;
    let again = term.due(*from, opened.place_at(*from).nation, calendars);
    (again.ends_at > due.ends_at).then_some(Deadline { term: *term, from: *from, due: again })
}

/// Whether facts of this kind are judged at all.
fn is_judged(happening: &Happening) -> bool {
    happening.is_about_visits() && !matches!(happening, Happening::Letter(_))
}
