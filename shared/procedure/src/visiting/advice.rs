//! What a caller is told beside the outcome: what would be allowed, and what the guidance does not count.

use super::{
    fact::{Happening, Verdict},
    state::{Fact, Stage},
};
use crate::task::COMPLETE_TASK;

/// The commands allowed at a stage. What happened can always be recorded.
pub(super) fn allowed(stage: Stage) -> Vec<&'static str> {
    let mut allowed = vec!["RecordVisit", "RecordUnsafeArea", "RecordLetter", "RecordContact", "CorrectFact"];
    match stage {
        Stage::SecondVisitUndecided | Stage::SecondVisitDue => {
            allowed.extend(["DecideSecondVisit", "WithdrawReferral"]);
        }
        Stage::FirstVisitDue | Stage::AwaitingContact => allowed.push("WithdrawReferral"),
        Stage::HandoverDue | Stage::EndedVisitEffective | Stage::EndedNoSecondVisit | Stage::EndedWithdrawn => {}
    }
    allowed.push(COMPLETE_TASK);
    allowed
}

/// Why the guidance does not count a fact, or makes nothing of it.
pub(super) fn note(fact: &Fact) -> Option<&'static str> {
    let contact = matches!(fact.happening, Happening::Contact(_));
    match fact.verdict? {
        Verdict::TooEarly => Some(
            "Recorded. This visit does not count as the second ineffective visit: it was made before the window for \
             contact had ended, with no contact in time (R-TOO-EARLY).",
        ),
        Verdict::NotInTime => Some(
            "Recorded. The guidance prescribes nothing for contact outside the window; the visit stays due \
             (R-NOT-PRESCRIBED).",
        ),
        Verdict::NotTheCustomer => {
            Some("Recorded. Neither the customer nor a representative got in touch, so the window goes on.")
        }
        Verdict::Neither => Some(
            "Recorded. A visit broken off or postponed is neither effective nor ineffective; it stays due \
             (R-BROKEN-OFF).",
        ),
        Verdict::Afterwards if contact => Some(
            "Recorded. Contact at this point releases nothing; it is to be passed to whoever leads the case \
             (R-LATER-CONTACT).",
        ),
        Verdict::Afterwards => Some("Recorded. The visits were over already; this changes nothing."),
        Verdict::Effective
        | Verdict::FirstIneffective
        | Verdict::SecondIneffective
        | Verdict::CountsAsTwo
        | Verdict::InTime => None,
    }
}
