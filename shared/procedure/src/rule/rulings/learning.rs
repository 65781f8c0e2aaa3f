//! Rulings on Internal Process Reviews and their publication.

use super::ruling;
use crate::rule::{Proof, Rule, Service, Standing};

/// The topic that these rulings stand under.
const TOPIC: &str = "Learning";

/// Ruling on learning: the first criterion.
pub static R_CRITERIA_A: Rule = ruling(
    ("R-CRITERIA-A", TOPIC, Service::Learning, Proof::Derived, Standing::NotYet),
    "The first criterion for a review needs the suggestion or allegation with each of its outcomes: serious harm, \
     death and suspected attempt.",
);

/// Ruling on learning: only one review is tied to a nation.
pub static R_SCR_NATION: Rule = ruling(
    ("R-SCR-NATION", TOPIC, Service::Learning, Proof::Derived, Standing::NotYet),
    "Of the reviews by other bodies, only the Significant Case Review is limited to one nation.",
);

/// Ruling on learning: who owns an activity.
pub static R_ACTIVITY_OWNERS: Rule = ruling(
    ("R-ACTIVITY-OWNERS", TOPIC, Service::Learning, Proof::Recorded, Standing::NotYet),
    "An activity is owned by whoever assures the group of it, and there may be several owners.",
);

/// Ruling on learning: the line an activity is counted under.
pub static R_COUNTING_LINE: Rule = ruling(
    ("R-COUNTING-LINE", TOPIC, Service::Learning, Proof::Derived, Standing::NotYet),
    "Each activity is counted under one service line, however many owners it has.",
);

/// Ruling on learning: the same wording in two cases.
pub static R_SAME_WORDING: Rule = ruling(
    ("R-SAME-WORDING", TOPIC, Service::Learning, Proof::Derived, Standing::NotYet),
    "Activities worded alike in two cases count as two.",
);

/// Ruling on learning: one outcome text.
pub static R_ONE_OUTCOME: Rule = ruling(
    ("R-ONE-OUTCOME", TOPIC, Service::Learning, Proof::Recorded, Standing::NotYet),
    "Each review has one text for its learning outcomes.",
);

/// Ruling on learning: a section of its own.
pub static R_OWN_SECTION: Rule = ruling(
    ("R-OWN-SECTION", TOPIC, Service::Learning, Proof::Derived, Standing::NotYet),
    "A service line has its own section when at least one review belongs to it alone; otherwise it appears in the \
     cross-benefit table.",
);

/// Ruling on learning: the year.
pub static R_REPORTING_YEAR: Rule = ruling(
    ("R-REPORTING-YEAR", TOPIC, Service::Learning, Proof::Derived, Standing::NotYet),
    "The year runs from 1 April to 31 March, and a review belongs to it by the day, in London, on which it was \
     completed.",
);

/// Ruling on learning: disclosure control.
pub static R_DISCLOSURE_CONTROL: Rule = ruling(
    ("R-DISCLOSURE-CONTROL", TOPIC, Service::Learning, Proof::Derived, Standing::NotYet),
    "Counts are published as they are unless chosen otherwise, as the 2022/23 edition prints counts of one. The other \
     choice suppresses counts under 10 and rounds the rest to the nearest 5, each total by itself.",
);

/// Ruling on learning: when an activity closes.
pub static R_ACTIVITY_CLOSES: Rule = ruling(
    ("R-ACTIVITY-CLOSES", TOPIC, Service::Learning, Proof::RefusedStep, Standing::NotYet),
    "An activity closes only with evidence, with the group's acceptance and with an outcome.",
);
