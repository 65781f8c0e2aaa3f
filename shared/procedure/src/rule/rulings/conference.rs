//! Rulings on the conference, escalation and the decision.

use super::ruling;
use crate::benefit::Benefit;
use crate::rule::{Proof, Rule, Service, Standing};

/// The topic that these rulings stand under.
const TOPIC: &str = "Conference, escalation, decision";

/// Ruling on the conference, escalation and the decision: the items of the assurance check.
pub static R_ASSURANCE_ITEMS: Rule = ruling(
    ("R-ASSURANCE-ITEMS", TOPIC, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "Each item the guidance names for the assurance check is answered, as reviewed or as nothing held. Further items \
     may be added.",
);

/// Ruling on the conference, escalation and the decision: whether further information is needed.
pub static R_FURTHER_INFORMATION: Rule = ruling(
    ("R-FURTHER-INFORMATION", TOPIC, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "In PIP and Access to Work it is put on record, either way, whether further information is needed, before the \
     determination is made.",
);

/// Ruling on the conference, escalation and the decision: who has to be satisfied.
pub static R_SATISFIED: Rule = ruling(
    ("R-SATISFIED", TOPIC, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "Those who have to be satisfied are the CES Team in PIP, CEAST in Access to Work, and the participants in \
     Universal Credit and ESA.",
);

/// Ruling on the conference, escalation and the decision: an agreed action still open.
pub static R_OPEN_ACTION: Rule = ruling(
    ("R-OPEN-ACTION", TOPIC, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "Nobody can be satisfied while an agreed action is still open, and the reply names the action.",
);

/// Ruling on the conference, escalation and the decision: at least one attempt at contact.
pub static R_CONTACT_ATTEMPT: Rule = ruling(
    ("R-CONTACT-ATTEMPT", TOPIC, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "A concern in PIP or Access to Work needs at least one attempt at contact.",
);

/// Ruling on the conference, escalation and the decision: whether a leader is needed.
pub static R_LEADER_NEED: Rule = ruling(
    ("R-LEADER-NEED", TOPIC, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "For a concern in PIP or Access to Work it is decided, either way and with a reason, whether a Senior Safeguarding \
     Leader is needed.",
);

/// Ruling on the conference, escalation and the decision: a leader at any stage.
pub static R_LEADER_ANY_STAGE: Rule = ruling(
    ("R-LEADER-ANY-STAGE", TOPIC, Service::Safeguarding, Proof::Recorded, Standing::InForce),
    "A Senior Safeguarding Leader may be asked at any stage of a case.",
);

/// Ruling on the conference, escalation and the decision: a leader always.
pub static R_LEADER_ALWAYS: Rule = ruling(
    ("R-LEADER-ALWAYS", TOPIC, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "In Universal Credit and ESA the Senior Safeguarding Leader is always asked where a concern remains.",
);

/// Ruling on the conference, escalation and the decision: which leader.
pub static R_LEADER_OF_AREA: Rule = ruling(
    ("R-LEADER-OF-AREA", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "The leader is the one for the area of the visited address at the time the referral to a leader is made.",
);

/// Ruling on the conference, escalation and the decision: a customer who moves.
pub static R_LEADER_ON_MOVE: Rule = ruling(
    ("R-LEADER-ON-MOVE", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "When the customer moves, the leader of the new area is told, and the former one stays responsible until the case \
     is handed over.",
);

/// Ruling on the conference, escalation and the decision: an area without a leader.
pub static R_NO_LEADER: Rule = ruling(
    ("R-NO-LEADER", TOPIC, Service::Safeguarding, Proof::Recorded, Standing::InForce),
    "An area that has no leader, such as Northern Ireland, an address abroad or a gap in the directory, is shown \
     loudly and can be listed.",
);

/// Ruling on the conference, escalation and the decision: one office, two names.
pub static R_ONE_OFFICE: Rule = ruling(
    ("R-ONE-OFFICE", TOPIC, Service::Safeguarding, Proof::Derived, Standing::InForce),
    "Senior Safeguarding Leader and Advanced Customer Support Senior Leader are two names of one office.",
);

/// Ruling on the conference, escalation and the decision: parties kept apart.
pub static R_DIFFERENT_PERSONS: Rule = ruling(
    ("R-DIFFERENT-PERSONS", TOPIC, Service::All, Proof::RefusedStep, Standing::InForce),
    "Parties that a text keeps apart are different persons: referrer and team leader or HEO, officer and support \
     partner, and any two who have to confirm together.",
);

/// Ruling on the conference, escalation and the decision: what may be decided.
pub static R_DECISIONS: Rule = ruling(
    ("R-DECISIONS", TOPIC, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The decision is, in PIP, to disallow or not; in ESA, to disallow, to sanction or neither; in Universal Credit, to \
     take the decision in question or not; in Access to Work, to award the grant or not.",
);

/// Ruling on the conference, escalation and the decision: a decision says what was weighed.
pub static R_WEIGHED: Rule = ruling(
    ("R-WEIGHED", TOPIC, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "Every decision states what was weighed in making it.",
);

/// Ruling on the conference, escalation and the decision: a reconsideration.
pub static R_RECONSIDERATION: Rule = ruling(
    ("R-RECONSIDERATION", TOPIC, Service::Conferencing, Proof::Derived, Standing::InForce),
    "A reconsideration opens the case again and protects the award from that instant.",
);

/// Ruling on the conference, escalation and the decision: the conference before a sanction referral.
pub static R_SANCTION_CONFERENCE: Rule = Rule {
    benefit: Some(Benefit::UniversalCredit),
    ..ruling(
        ("R-SANCTION-CONFERENCE", TOPIC, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
        "The conference that precedes a sanction referral, known from an answer in the letter, is a kind of conference \
         of its own and applies to Universal Credit.",
    )
};
