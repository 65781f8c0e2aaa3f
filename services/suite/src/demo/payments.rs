//! Payments ask before they act, at each stage of the story.

use super::{Fault, patiently, story::Story};
use crate::{
    address::Running,
    check::{self, Asked},
};
use holdfast_contracts::holdfast::common::v1::Award;
use holdfast_protection_client::Action;

/// A payment system that has the customer's award before it.
pub(super) struct Payments<'a> {
    running: &'a Running,
    asked: Asked,
}

impl<'a> Payments<'a> {
    pub(super) fn of(running: &'a Running, award: Award) -> Self {
        let (action, benefit) = (Action::Stop, award.benefit());
        let Award { customer, award, .. } = award;
        Self {
            running,
            asked: Asked { customer, benefit, award, action, ground: None, condition_known: false, confirm: false },
        }
    }

    /// Asks whether the award may be stopped, and tells the answer once it names `rule`. What was recorded a moment ago
    /// reaches the check within milliseconds, and within five seconds whatever happens.
    pub(super) async fn ask(&self, story: &mut Story<'_>, rule: &str) -> Result<(), Fault> {
        self.tell(story, |_, told| told.contains(rule)).await
    }

    /// The same, once nothing protects the award any more.
    pub(super) async fn ask_at_the_end(&self, story: &mut Story<'_>) -> Result<(), Fault> {
        self.tell(story, |may_act, _| may_act).await
    }

    async fn tell(&self, story: &mut Story<'_>, expected: impl Fn(bool, &str) -> bool) -> Result<(), Fault> {
        let told = patiently(async || {
            let mut told = Vec::new();
            let may_act = check::tell(self.running, &self.asked, &mut told).await?;
            let told = String::from_utf8(told)?;
            Ok(expected(may_act, &told).then_some(told))
        });
        let told = told.await?;
        story.title("   Payments ask whether they may stop the award.")?;
        for line in told.lines() {
            writeln!(story.out(), "   {line}")?;
        }
        Ok(())
    }
}
