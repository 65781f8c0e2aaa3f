//! What the referrer makes of the customer's reasons, once the outcome of the visit is back with them.

use crate::{
    NarrativeRef, Refusal,
    draft::Draft,
    rule::rulings::R_NOT_PRESCRIBED,
    visiting::{Visiting, advice, command::GoodCauseDecision, event::Event, state::Stage},
};

impl Draft<'_, Visiting> {
    pub(super) fn decide_good_cause(
        &mut self,
        decision: GoodCauseDecision,
        reason: &NarrativeRef,
    ) -> Result<(), Refusal> {
        let now = self.context.now;
        let refused = |rules: &[_], why: &str| Err(self.refused(advice::DECIDE_GOOD_CAUSE, rules.to_vec(), why));
        let Some(core) = self.version(now).and_then(|version| version.rules.core_visit.as_option()) else {
            return refused(&[&R_NOT_PRESCRIBED], "the guidance prescribes no decision on good cause after a visit");
        };
        let role = self.context.actor.role;
        if role == core.decides_nothing.says {
            return refused(
                core.decides_nothing.rules,
                "the Visiting Officer does not decide on deferral or good cause",
            );
        }
        let by = &core.good_cause;
        if !by.says.contains(&role) {
            return refused(by.rules, "good cause is for the referrer to decide");
        }
        if self.state.stage != Stage::EndedVisitEffective || self.state.outcome_is_awaited() {
            return refused(by.rules, "good cause is decided once the outcome of an effective visit is back");
        }
        let (rules, visit) = (by.rules.to_vec(), self.state.effective_visit());
        self.add(Event::GoodCauseDecided { decision, visit, reason: reason.clone() }, rules, now);
        Ok(())
    }
}
