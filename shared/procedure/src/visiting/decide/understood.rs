//! What is not settled without confidence in the customer's understanding, where the guidance asks for it.

use crate::{
    Refusal,
    benefit::{AfterFirstVisit, Clause, Confidence, Rules},
    draft::Draft,
    rule::rulings::R_WITHDRAWAL,
    visiting::{
        Visiting, advice,
        fact::{SecondVisit, Understanding, WithdrawalGround},
        form::VisitingForm,
        gate::unmet,
        judge::{after_first_visit, understood},
        state::Stage,
    },
};

impl<'a> Draft<'a, Visiting> {
    /// What follows the first ineffective visit, as the version in force says and as the one does that opened the
    /// window: a window that opened keeps the party that its own letter names, beside the one named now.
    pub(super) fn after_first_visit(&self) -> (Option<&'a AfterFirstVisit>, Option<&'a AfterFirstVisit>) {
        let read = |window| {
            let benefit = self.state.opened.as_ref()?.award.benefit;
            after_first_visit(self.context.guidance, benefit, window, self.context.now)
        };
        (read(None), read(self.state.window.as_ref()))
    }

    /// Whose confidence is asked for after the first ineffective visit, where anybody's is.
    fn confidence(&self) -> Option<&'a Clause<Confidence>> {
        let (in_force, opened_by) = self.after_first_visit();
        let asks = |after: Option<&'a AfterFirstVisit>| after?.contact_in_time.says.confidence.as_option();
        asks(opened_by).or_else(|| asks(in_force))
    }

    /// In doubt nobody says that no second visit is needed, where the guidance asks for confidence. A doubt on record
    /// stands until somebody says that they are confident; saying nothing of it does not overrule it. `corrected`: the
    /// fact in whose place it is said.
    pub(super) fn may_settle(
        &self,
        (second_visit, said): (SecondVisit, Option<Understanding>),
        corrected: Option<u32>,
        instead: &str,
    ) -> Result<(), Refusal> {
        let asks = self.confidence().filter(|_| second_visit == SecondVisit::NotNeeded);
        let Some(clause) = asks else { return Ok(()) };
        let on_record = || understood(&self.state, clause.says.owner, corrected).map(|(_, said)| said);
        let why = match said {
            Some(Understanding::Confident) => return Ok(()),
            Some(Understanding::Doubt) => "in doubt of the claimant's understanding the second visit stays due",
            None if on_record() == Some(Understanding::Doubt) => {
                "a doubt of the claimant's understanding is on record, and the second visit stays due until whoever \
                 spoke with them says that they are CONFIDENT"
            }
            None => return Ok(()),
        };
        Err(self.refused(advice::DECIDE_SECOND_VISIT, clause.rules.to_vec(), format!("{why}{instead}")))
    }

    /// Whether effective contact may withdraw: before the referral with everything that ends a case without a visit,
    /// and not before a concern was triaged; afterwards with the confidence that the guidance asks for.
    pub(super) fn may_withdraw_on(&self, ground: WithdrawalGround) -> Result<(), Refusal> {
        let page = self.version(self.context.now).map(|version| &version.rules);
        let Some(page) = page.filter(|_| ground == WithdrawalGround::EffectiveContact) else { return Ok(()) };
        let Some(referral) = &self.state.referral else { return self.may_end_before_referral(page) };
        let Some(clause) = self.confidence() else { return Ok(()) };
        let said = understood(&self.state, clause.says.owner, None);
        if said.is_some_and(|(at, said)| said == Understanding::Confident && at >= referral.occurred_at) {
            return Ok(());
        }
        let rules = [&[&R_WITHDRAWAL][..], clause.rules].concat();
        let why = format!(
            "effective contact withdraws once the {} who spoke with the claimant since the referral is confident that \
             they understand and are able to comply: RecordContact with CONFIDENT comes first; in doubt the visit stays \
             due",
            clause.says.owner.title()
        );
        Err(self.refused(advice::WITHDRAW_REFERRAL, rules, why))
    }

    fn may_end_before_referral(&self, page: &Rules) -> Result<(), Refusal> {
        if let Some(triaging) = page.triage.as_option().filter(|_| self.state.stage == Stage::TriageDue) {
            let rules = [&[&R_WITHDRAWAL][..], triaging.by.rules].concat();
            let why = "the concern is to be triaged first, whoever was in touch: TriageConcern";
            return Err(self.refused(advice::WITHDRAW_REFERRAL, rules, why));
        }
        let Some(considering) = page.consideration.as_option() else { return Ok(()) };
        match unmet(considering.no_visit, &self.state, &VisitingForm::default()) {
            Some(unmet) => {
                let rules = [vec![&R_WITHDRAWAL], unmet.rules].concat();
                let why = format!("before effective contact ends the case without a visit: {}", unmet.what);
                Err(self.refused(advice::WITHDRAW_REFERRAL, rules, why))
            }
            None => Ok(()),
        }
    }
}
