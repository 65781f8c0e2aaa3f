//! Rulings on the Six Point Plan.

use super::ruling;
use crate::rule::{Proof, Rule, Service, Standing};

/// The topic that these rulings stand under.
const TOPIC: &str = "Six Point Plan";

/// Ruling on the Six Point Plan: specific or general.
pub static R_SPECIFIC: Rule = ruling(
    ("R-SPECIFIC", TOPIC, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "A declaration counts as specific unless the officer records why it is general.",
);

/// Ruling on the Six Point Plan: unsure whether specific.
pub static R_UNSURE: Rule = ruling(
    ("R-UNSURE", TOPIC, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "An officer who is unsure whether a declaration is specific leaves a task for the line manager.",
);

/// Ruling on the Six Point Plan: a general statement.
pub static R_GENERAL_RECORDED: Rule = ruling(
    ("R-GENERAL-RECORDED", TOPIC, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "A statement that is only general is still written up in a record.",
);

/// Ruling on the Six Point Plan: nothing delays an emergency call.
pub static R_NEVER_A_GATE: Rule = ruling(
    ("R-NEVER-A-GATE", TOPIC, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "Telling the line manager is owed but nothing waits for it: nothing delays a call to the emergency services.",
);

/// Ruling on the Six Point Plan: contact with permission.
pub static R_PERMISSION: Rule = ruling(
    ("R-PERMISSION", TOPIC, Service::Safeguarding, Proof::RefusedStep, Standing::NotYet),
    "Contacting somebody on the customer's behalf needs the customer's permission; calling the emergency services does \
     not.",
);

/// Ruling on the Six Point Plan: no script.
pub static R_NO_SCRIPT: Rule = ruling(
    ("R-NO-SCRIPT", TOPIC, Service::Safeguarding, Proof::Derived, Standing::NotYet),
    "No script for talking with the customer is supplied.",
);

/// Ruling on the Six Point Plan: how long six years are.
pub static R_SIX_YEARS: Rule = ruling(
    ("R-SIX-YEARS", TOPIC, Service::Safeguarding, Proof::Derived, Standing::NotYet),
    "The six years for which records are kept run from the later of the record and the review.",
);

/// Ruling on the Six Point Plan: what a PIP office is.
pub static R_PIP_OFFICE: Rule = ruling(
    ("R-PIP-OFFICE", TOPIC, Service::Safeguarding, Proof::Derived, Standing::NotYet),
    "Whether the steps for PIP offices apply depends on the officer's office and not on the customer's benefit.",
);
