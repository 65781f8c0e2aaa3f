//! The check of protection, asked before a sanction is decided: it knows what every service holds. Whatever is not a
//! permission that still holds decides nothing.

use holdfast_chassis::Peers;
use holdfast_contracts::holdfast::{access::v1::Workload, safeguarding::v1 as pb};
use holdfast_procedure::{Award, Rule, rule, sanction::Check};
use holdfast_protection_client::{
    Action, ActionGround, BootTime, Cause, Question, Reason, ReasonKind, Verdict, Why, judge,
};
use holdfast_store::wire;
use prost::Message;
use std::time::Duration;

const CHECK: &str = "/holdfast.safeguarding.v1.ProtectionService/CheckAction";
/// How long whoever decides waits for the answer at most.
const DEADLINE: Duration = Duration::from_secs(2);

/// What the check says to a sanction on this award now. Whether a condition is known is not asked: it changes nothing in
/// the benefit that these cases are of.
pub(super) async fn ask(peers: &Peers, award: &Award) -> Check {
    let question = Question {
        customer: award.customer.clone(),
        benefit: wire::benefit(award.benefit),
        award: award.award.clone(),
        action: Action::Sanction,
        ground: ActionGround::Unspecified,
        condition_known: false,
    };
    let request = pb::CheckActionRequest { question: Some(question.to_wire()) }.encode_to_vec();
    let asked_at = BootTime::now();
    let Ok(reply) = peers.call_within(DEADLINE, Workload::Safeguarding, CHECK, request).await else {
        return Check::CannotSay;
    };
    match judge(&question, &reply, asked_at, BootTime::now()) {
        Verdict::Permitted(permission) if permission.still_holds() => Check::Permits,
        Verdict::Prohibited(Why { cause: Cause::Told(reasons), .. }) => told(&reasons),
        Verdict::Permitted(_) | Verdict::Prohibited(_) => Check::CannotSay,
    }
}

/// The cases that hold the award; where none does, the check could not say.
fn told(reasons: &[Reason]) -> Check {
    let holds = |reason: &&Reason| reason.kind() == ReasonKind::Held;
    let rules =
        |reason: &Reason| -> Vec<&'static Rule> { reason.rules.iter().filter_map(|id| rule::find(id)).collect() };
    let held: Vec<_> = reasons.iter().filter(holds).map(|held| (held.case_reference.clone(), rules(held))).collect();
    if held.is_empty() { Check::CannotSay } else { Check::Held(held) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::{Check, Peers, Reason, ReasonKind, ask, told};
    use holdfast_contracts::holdfast::access::v1::Workload;
    use holdfast_procedure::{Award, Benefit, rule::general::GEN_2};
    use std::collections::HashMap;

    /// Whoever cannot be reached permits nothing: without an address, and where nobody listens.
    #[tokio::test]
    async fn a_check_that_is_out_of_reach_cannot_say() {
        let award = Award { customer: "C-1".to_owned(), benefit: Benefit::UniversalCredit, award: "A-1".to_owned() };
        let nobody = HashMap::from([(Workload::Safeguarding, "http://127.0.0.1:9".to_owned())]);
        for addresses in [HashMap::new(), nobody] {
            let peers = Peers::new(&addresses, None).unwrap();
            assert_eq!(ask(&peers, &award).await, Check::CannotSay, "{addresses:?}");
        }
    }

    /// A hold is named with its case and its rules, whatever else there is; anything else is no word on the award.
    #[test]
    fn the_cases_that_hold_the_award_are_named() {
        let reason = |kind: ReasonKind, case: &str, rules: &[&str]| Reason {
            kind: kind.into(),
            case_reference: case.to_owned(),
            rules: rules.iter().map(|id| (*id).to_owned()).collect(),
            ..Reason::default()
        };
        let stale = reason(ReasonKind::SourceStale, "", &[]);
        let held = reason(ReasonKind::Held, "HF-1", &["GEN-2", "X-9"]);
        assert_eq!(told(&[stale.clone(), held]), Check::Held(vec![("HF-1".to_owned(), vec![&GEN_2])]));
        assert_eq!((told(&[stale]), told(&[])), (Check::CannotSay, Check::CannotSay));
    }
}
