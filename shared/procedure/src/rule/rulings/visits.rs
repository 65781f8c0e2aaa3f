//! Rulings on visits, letters and contact.

use super::ruling;
use crate::benefit::Benefit;
use crate::rule::{Proof, Rule, Service, Standing};

/// The topic that these rulings stand under.
const TOPIC: &str = "Visits";

/// Ruling on visits: how an unsafe area is established.
pub static R_UNSAFE_AREA: Rule = ruling(
    ("R-UNSAFE-AREA", TOPIC, Service::Visiting, Proof::Derived, Standing::InForce),
    "An area can be found unsafe on its own, whether or not anybody has called at the address. If that happens while \
     the first window is still running, it takes effect at once.",
);

/// Ruling on visits: the prescribed note after an unsafe area.
pub static R_UNSAFE_AREA_NOTE: Rule = ruling(
    ("R-UNSAFE-AREA-NOTE", TOPIC, Service::Conferencing, Proof::Derived, Standing::InForce),
    "Where an area was found unsafe before two visits were made, the prescribed note names only dates on which \
     somebody called, and says why the case is treated as if there had been two.",
);

/// Ruling on visits: grounds in Universal Credit.
pub static R_UC_GROUNDS: Rule = Rule {
    benefit: Some(Benefit::UniversalCredit),
    ..ruling(
        ("R-UC-GROUNDS", TOPIC, Service::Visiting, Proof::Derived, Standing::InForce),
        "Universal Credit does not say what an ineffective visit is, so the grounds of the PIP, ESA and Access to Work \
         texts apply, their step for unsafe areas included. The reply marks this as a ruling.",
    )
};

/// Ruling on visits: no answer in ESA.
pub static R_ESA_GROUNDS: Rule = Rule {
    benefit: Some(Benefit::Esa),
    ..ruling(
        ("R-ESA-GROUNDS", TOPIC, Service::Visiting, Proof::Derived, Standing::InForce),
        "ESA does not list a claimant who does not answer, so no answer at the door is treated as not being at home.",
    )
};

/// Ruling on visits: a second visit made too early.
pub static R_TOO_EARLY: Rule = ruling(
    ("R-TOO-EARLY", TOPIC, Service::Visiting, Proof::Derived, Standing::InForce),
    "A second visit made before the window for contact has ended, when nobody made contact in time, is recorded but \
     does not count as the second ineffective visit.",
);

/// Ruling on visits: a letter that could not be left.
pub static R_LETTER_BY_POST: Rule = ruling(
    ("R-LETTER-BY-POST", TOPIC, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "A letter that could not be left at the address is still owed and goes by post. The window runs from the visit all \
     the same.",
);

/// Ruling on visits: a care-of address.
pub static R_CARE_OF: Rule = Rule {
    benefit: Some(Benefit::Esa),
    ..ruling(
        ("R-CARE-OF", TOPIC, Service::Visiting, Proof::Derived, Standing::InForce),
        "With a 'care of' address, an attempt to trace another address is recorded first. An address that is found \
         corrects the referral and the visit is due there; if none is found, the case is treated as if two visits had \
         been ineffective.",
    )
};

/// Ruling on visits: a visit broken off or postponed.
pub static R_BROKEN_OFF: Rule = ruling(
    ("R-BROKEN-OFF", TOPIC, Service::Visiting, Proof::Recorded, Standing::InForce),
    "A visit that was broken off for the safety of staff, or postponed, is neither effective nor ineffective.",
);

/// Ruling on visits: contact in time in ESA.
pub static R_CONTACT_IN_TIME: Rule = Rule {
    benefit: Some(Benefit::Esa),
    ..ruling(
        ("R-CONTACT-IN-TIME", TOPIC, Service::Visiting, Proof::Derived, Standing::InForce),
        "In ESA, contact in time cancels the second visit unless somebody says otherwise. Where there is doubt about \
         the claimant's understanding or ability to comply, as in paragraph 111, the visit stays due.",
    )
};

/// Ruling on visits: who tells DWP Visiting in Access to Work.
pub static R_CONTACT_TOLD_BY: Rule = Rule {
    benefit: Some(Benefit::AccessToWork),
    ..ruling(
        ("R-CONTACT-TOLD-BY", TOPIC, Service::Visiting, Proof::Recorded, Standing::InForce),
        "In Access to Work either CEAST or the SPOC may tell DWP Visiting whether a second visit is needed, and which \
         of them did is recorded.",
    )
};

/// Ruling on visits: a concern without a visit.
pub static R_NO_VISIT: Rule = Rule {
    benefit: Some(Benefit::AccessToWork),
    ..ruling(
        ("R-NO-VISIT", TOPIC, Service::Visiting, Proof::Recorded, Standing::InForce),
        "An Advanced Customer Support concern for which no visit is appropriate is recorded with the reason, and the \
         case stays with the SPOC.",
    )
};

/// Ruling on visits: the referral form needs a concern.
pub static R_FORM_NEEDS_CONCERN: Rule = Rule {
    benefit: Some(Benefit::AccessToWork),
    ..ruling(
        ("R-FORM-NEEDS-CONCERN", TOPIC, Service::Visiting, Proof::RefusedStep, Standing::InForce),
        "The visiting referral form needs an Advanced Customer Support concern. Vulnerability and complex needs make a \
         customer eligible for a visit and do not stand in for the concern.",
    )
};

/// Ruling on visits: exhausted support.
pub static R_SUPPORT_EXHAUSTED: Rule = Rule {
    benefit: Some(Benefit::AccessToWork),
    ..ruling(
        ("R-SUPPORT-EXHAUSTED", TOPIC, Service::Visiting, Proof::RefusedStep, Standing::InForce),
        "That all other sources of support have been exhausted is a condition for each of the three: vulnerability, \
         complex needs and a concern.",
    )
};
