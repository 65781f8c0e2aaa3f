//! What holds of every state of conferencing, held against what was heard of it.

use super::asks::Asks;
use super::conferencing::ConferencingSubject;
use super::conferencing_laws::Heard;
use super::law::Law;
use super::subject::{Moment, Taken};
use holdfast_procedure::conferencing::Stage;
use holdfast_procedure::protection::{HoldGround, OwnHold, Standing, Why};
use holdfast_procedure::{Role, Task, Workload};

/// The laws that a state breaks.
pub(crate) fn broken_at(asks: &Asks, at: &Moment<ConferencingSubject>, tasks: &[Task]) -> Vec<Law> {
    let (state, heard) = (&at.state, &at.heard);
    if state.received.is_none() {
        return Vec::new();
    }
    let ended = matches!(state.stage, Stage::Decided | Stage::EndedDeath | Stage::EndedTakenBack);
    let somebody = ended || state.stage == Stage::Escalated || tasks.iter().any(|task| task.blocking);
    let laws = [
        (Law::StageRestsOnFacts, rests_on_facts(asks, at)),
        (Law::NeverUnprotected, is_protected(at)),
        (Law::NobodyContactsTheDead, heard.reported_by.is_none() || tasks.iter().all(|task| !task.contacts_customer)),
        (Law::OwedByWhomTheGuidanceNames, tasks.iter().all(|task| owed_rightly(asks, task))),
        (Law::SomebodyOwesTheNextStep, somebody),
        (Law::NoConcernForgotten, heard.died || concerns_are_owed(heard, tasks)),
    ];
    laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
}

fn rests_on_facts(asks: &Asks, at: &Moment<ConferencingSubject>) -> bool {
    let heard = &at.heard;
    let unmet = heard.unmet(asks);
    match at.state.stage {
        Stage::Assurance => !heard.escalated && !heard.returned && !heard.satisfied(),
        Stage::ConferenceDue => unmet.contains(&Law::ConferenceFirst) || unmet.contains(&Law::PartnershipManagerFirst),
        Stage::DeterminationDue => !heard.satisfied() && unmet.iter().all(|law| *law == Law::ActionsFirst),
        Stage::Escalated => heard.escalated,
        Stage::ClosingNoteDue | Stage::DocumentationDue => heard.satisfied() && heard.closing_is_owed(asks),
        Stage::ReturnDue => heard.satisfied() && !heard.closing_is_owed(asks) && !heard.escalated,
        Stage::DecisionDue => heard.returned && !heard.decided,
        Stage::Decided => heard.decided,
        Stage::EndedDeath => heard.died,
        Stage::EndedTakenBack => {
            let considered = heard.unconsidered_concerns().is_empty();
            heard.taken_back && !heard.ever_decided && !concern_is_open(heard) && considered
        }
    }
}

fn concerns_are_owed(heard: &Heard, tasks: &[Task]) -> bool {
    heard.unconsidered_concerns().iter().all(|key| tasks.iter().any(|task| task.key == *key))
}

impl Heard {
    /// The concerns that came to light and that nobody has considered, by the keys of the tasks. In this search nothing
    /// else comes to light.
    pub(crate) fn unconsidered_concerns(&self) -> Vec<String> {
        let keys = self.came_to_light.iter().map(|fact| format!("came-to-light:{fact}"));
        keys.filter(|key| !self.considered.contains(key)).collect()
    }
}

/// A concern was found, and nobody has found since that there is none.
fn concern_is_open(heard: &Heard) -> bool {
    heard.escalated || heard.determined.is_some_and(|(_, concern)| concern)
}

/// Until the informed decision the award is protected, and on the grounds that there are.
fn is_protected(at: &Moment<ConferencingSubject>) -> bool {
    let heard = &at.heard;
    let here = |ground| at.state.protection.get(ground).is_some_and(|hold| hold.stands_here());
    let concern = concern_is_open(heard);
    let over = heard.died || heard.decided;
    let back = |hold: &OwnHold| hold.state == Standing::Standing && hold.handed_to == Some(Workload::Visiting);
    let two = at.state.protection.get(HoldGround::TwoIneffectiveVisits);
    // What is taken back goes back as it stands, and only DWP Visiting releases it.
    let handed_back = heard.taken_back && two.is_some_and(back);
    let goes_back = heard.taken_back && !heard.ever_decided;
    let two_stand = if goes_back { handed_back } else { here(HoldGround::TwoIneffectiveVisits) };
    over || ((heard.ever_decided || two_stand)
        && (!concern || here(HoldGround::ConcernDetermined))
        && (!heard.reopened || here(HoldGround::Reconsideration)))
}

fn owed_rightly(asks: &Asks, task: &Task) -> bool {
    let name = task.key.split(':').next().unwrap_or_default();
    match name {
        "inform-referrer" => asks.referred_by.contains(&task.owner),
        "ownership"
        | "support-marker"
        | "assurance"
        | "further-information"
        | "conference"
        | "partnership-manager"
        | "determination" => task.owner == asks.lead,
        "prescribed-note" => asks.prescribed_note_by == Some(task.owner),
        "review-note" => asks.review_noted_by == Some(task.owner),
        "closing-note" | "documentation" => task.owner == asks.closing.by,
        "return" => task.owner == asks.returned_by,
        "decision" => task.owner == asks.decided_by,
        "corrected" => task.owner == asks.decided_by,
        "taken-back" => [asks.lead, asks.decided_by].contains(&task.owner),
        "contact" | "came-to-light" | "outcome-corrected" | "enquiry" => {
            [asks.lead, asks.decided_by].contains(&task.owner)
        }
        "action" => asks.conference.contains(&task.owner),
        "confirm-death" | "consider-review" => task.owner == Role::Officer,
        _ => false,
    }
}

/// R-HOLD-UNTIL, reason by reason.
pub(crate) fn may_release(taken: &Taken<'_, ConferencingSubject>, ground: HoldGround, why: Why) -> bool {
    let (heard, own) = (&taken.after.heard, &taken.after.state.protection);
    if taken.before.state.protection.get(ground).is_some_and(|hold| !hold.state.protects()) {
        return true;
    }
    match why {
        Why::InformedDecision => heard.decided,
        Why::VerifiedDeath => heard.died,
        // What went back to DWP Visiting stands there, as far as can be known here.
        Why::Replaced => own.iter().any(|(other, hold)| other != ground && hold.state == Standing::Standing),
        Why::EffectiveVisit | Why::ContactInTime | Why::Withdrawn | Why::VisitConsidered => false,
    }
}
