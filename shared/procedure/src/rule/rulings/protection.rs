//! Rulings on what is protected, from when and until when.

use super::ruling;
use crate::benefit::Benefit;
use crate::rule::{Proof, Rule, Service, Standing};

/// The topic that these rulings stand under.
const TOPIC: &str = "Protection";

/// Ruling on protection: the actions guarded against.
pub static R_ACTIONS: Rule = ruling(
    ("R-ACTIONS", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "Protection covers these actions on an award: to suspend, to stop, to end (letting it lapse included), to \
     disallow, to sanction, both deciding and applying it, and to reduce.",
);

/// Ruling on protection: a suspended payment.
pub static R_SUSPENDED_IS_STOPPED: Rule = ruling(
    ("R-SUSPENDED-IS-STOPPED", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "A suspended payment is treated as a stopped one.",
);

/// Ruling on protection: the ground of the question.
pub static R_GROUND_NAMED: Rule = ruling(
    ("R-GROUND-NAMED", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "Whoever asks whether an action is permitted names the ground for it. Where none is given, or none that is \
     recognised, the question is answered as if it were any ground.",
);

/// Ruling on protection: from when an award is held.
pub static R_HOLD_FROM: Rule = ruling(
    ("R-HOLD-FROM", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "In every benefit the award is protected from the moment two visits have been ineffective or count as ineffective.",
);

/// Ruling on protection: from when an ESA sanction or disallowance is held.
pub static R_HOLD_FROM_CONDITION: Rule = Rule {
    benefit: Some(Benefit::Esa),
    ..ruling(
        ("R-HOLD-FROM-CONDITION", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
        "In ESA, sanction and disallowance are held from the moment a condition or an indicator is known, on record or \
         stated in the question, until a Core Visit has been considered.",
    )
};

/// Ruling on protection: from when action on non-attendance is held.
pub static R_HOLD_FROM_CORE_VISIT: Rule = Rule {
    benefit: Some(Benefit::Esa),
    ..ruling(
        ("R-HOLD-FROM-CORE-VISIT", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
        "In ESA, action over the missed interview or assessment or the missing evidence is held from the moment \
         paragraph 111 applies.",
    )
};

/// Ruling on protection: a concern during an open referral.
pub static R_HOLD_FROM_CONCERN: Rule = ruling(
    ("R-HOLD-FROM-CONCERN", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "In every benefit the award is protected while a concern is on record and a visiting referral is open.",
);

/// Ruling on protection: an open referral without a concern.
pub static R_OPEN_REFERRAL: Rule = ruling(
    ("R-OPEN-REFERRAL", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "While a visiting referral is open and no concern is on record, the action is permitted and the answer carries an \
     advisory.",
);

/// Ruling on protection: what is held.
pub static R_HOLD_ON: Rule = ruling(
    ("R-HOLD-ON", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "What is protected is the award the visit was about, identified by customer, benefit and award.",
);

/// Ruling on protection: the customer's other awards.
pub static R_OTHER_AWARDS: Rule = ruling(
    ("R-OTHER-AWARDS", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "Questions about the customer's other awards are answered with an advisory, and those awards are not held.",
);

/// Ruling on protection: before there is an award.
pub static R_HOLD_APPLICATION: Rule = Rule {
    benefit: Some(Benefit::AccessToWork),
    ..ruling(
        ("R-HOLD-APPLICATION", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
        "In Access to Work, where there is no award yet, the application is protected: it may not be refused or \
         closed.",
    )
};

/// Ruling on protection: until when an award is held.
pub static R_HOLD_UNTIL: Rule = ruling(
    ("R-HOLD-UNTIL", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "Protection ends when the decision maker's informed decision is recorded, the outcome of an effective visit is \
     back with the referrer, contact in time made the second visit unnecessary (in ESA only with the confidence that \
     paragraph 111 asks for), a death is verified, the referral is validly withdrawn, or what it stands on was recorded \
     in error.",
);

/// Ruling on protection: no end by lapse of time.
pub static R_NO_LAPSE: Rule = ruling(
    ("R-NO-LAPSE", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "Protection never ends merely because time has passed.",
);

/// Ruling on protection: when a referral may be withdrawn.
pub static R_WITHDRAWAL: Rule = ruling(
    ("R-WITHDRAWAL", TOPIC, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "Before two ineffective visits a referral may be withdrawn because of effective contact, because the customer is \
     abroad, because the customer withdrew the claim, or because it was recorded in error. After two, only a verified \
     death or a record made in error will do.",
);

/// Ruling on protection: a second person confirms.
pub static R_SECOND_PERSON: Rule = ruling(
    ("R-SECOND-PERSON", TOPIC, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "After two ineffective visits, a withdrawal for a verified death or for a record made in error needs a second \
     person to confirm it.",
);

/// Ruling on protection: contact after two ineffective visits.
pub static R_LATER_CONTACT: Rule = ruling(
    ("R-LATER-CONTACT", TOPIC, Service::Visiting, Proof::Derived, Standing::InForce),
    "Contact made after two ineffective visits releases nothing. It is recorded and passed to whoever leads the case, and \
so is anything else that comes to light by then.",
);

/// Ruling on protection: one report of a death.
pub static R_DEATH: Rule = ruling(
    ("R-DEATH", TOPIC, Service::All, Proof::Derived, Standing::InForce),
    "One report of a death, made to any service, at once stops every task anywhere that would contact the customer.",
);

/// Ruling on protection: a death has to be verified.
pub static R_DEATH_VERIFIED: Rule = ruling(
    ("R-DEATH-VERIFIED", TOPIC, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "A reported death leaves the protection in place until a second person has verified it, and only then is the award \
     released.",
);

/// Ruling on protection: a death reported by mistake.
pub static R_DEATH_MISTAKEN: Rule = ruling(
    ("R-DEATH-MISTAKEN", TOPIC, Service::All, Proof::Derived, Standing::InForce),
    "A mistaken report of a death is corrected, and everything that it stopped resumes.",
);

/// Ruling on protection: a death and an Internal Process Review.
pub static R_DEATH_REVIEW: Rule = ruling(
    ("R-DEATH-REVIEW", TOPIC, Service::Learning, Proof::TaskOwed, Standing::InForce),
    "A reported death prompts somebody to consider a referral for an Internal Process Review. It never makes the \
     referral by itself.",
);

/// Ruling on protection: an exception to the protection.
pub static R_EXCEPTION: Rule = ruling(
    ("R-EXCEPTION", TOPIC, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "An exception to the protection is a decision of its own: it takes two different persons, a reason and a role kept \
     for it, it is audited and listed, and it is over after 28 days at the latest.",
);
