//! What the texts leave open, settled: one idea to a ruling, each under the topic it completes.

use super::{Proof, Rule, Service, Source, Standing, Strength};
use crate::benefit::Benefit;

mod conference;
mod learning;
mod protection;
mod six_point_plan;
mod visits;

pub use conference::*;
pub use learning::*;
pub use protection::*;
pub use six_point_plan::*;
pub use visits::*;

/// What identifies and classes a ruling: its id, its topic, the service, the proof and the standing.
type Head = (&'static str, &'static str, Service, Proof, Standing);

/// One ruling, for every benefit.
const fn ruling((id, paragraph, service, proof, standing): Head, requires: &'static str) -> Rule {
    let (benefit, source, strength) = (None, Source::Ruling, Strength::Ruling);
    Rule { id, benefit, source, paragraph, strength, service, proof, standing, requires }
}

/// Ruling of principle: what happened is always recorded.
pub static R_RECORDED_ALWAYS: Rule = ruling(
    ("R-RECORDED-ALWAYS", "Principle", Service::All, Proof::Recorded, Standing::InForce),
    "What happened can always be recorded under its real date, be it out of order, late or against the guidance. Where \
     the guidance was not followed it does not count, and the reply names the rule and says what is still owed.",
);

/// Ruling of principle: what is asked for may be refused.
pub static R_ASKED_REFUSED: Rule = ruling(
    ("R-ASKED-REFUSED", "Principle", Service::All, Proof::RefusedStep, Standing::InForce),
    "A step that is asked for, such as a release, a return, a determination, a decision, a completion, a closure or a \
     publication, is refused until everything that has to come first is done.",
);

/// Ruling of principle: nothing is invented.
pub static R_NOT_PRESCRIBED: Rule = ruling(
    ("R-NOT-PRESCRIBED", "Principle", Service::All, Proof::Derived, Standing::InForce),
    "Where a text prescribes nothing, nothing is made up: the reply says 'not prescribed'.",
);

/// Ruling of principle: when it happened and when it was recorded.
pub static R_OCCURRED_AT: Rule = ruling(
    ("R-OCCURRED-AT", "Principle", Service::All, Proof::Recorded, Standing::InForce),
    "Every fact carries two instants: when it happened, which the caller states, and when it was recorded, which the \
     system states. Windows run from when it happened.",
);

/// Ruling of principle: which version judges.
pub static R_JUDGED_BY: Rule = ruling(
    ("R-JUDGED-BY", "Principle", Service::All, Proof::Derived, Standing::InForce),
    "A fact is judged by the version of the guidance in force when it happened, a decision or a release by the version \
     in force when it is recorded. A term that is running keeps the version that started it, and where versions give \
     different dates the one that protects longer holds.",
);

/// Ruling of principle: a late record says why.
pub static R_LATE_REASON: Rule = ruling(
    ("R-LATE-REASON", "Principle", Service::All, Proof::RefusedStep, Standing::InForce),
    "A fact recorded more than ten working days after it happened has to come with the reason why it is late.",
);

/// Ruling on time: working days.
pub static R_WORKING_DAYS: Rule = ruling(
    ("R-WORKING-DAYS", "Time", Service::All, Proof::Derived, Standing::InForce),
    "Working days are counted from the day after the event, by the calendar of the nation in which the visited address \
     lies. 'Within five working days' ends with the last instant, London time, of the fifth.",
);

/// Ruling on time: three days are calendar days.
pub static R_CALENDAR_DAYS: Rule = Rule {
    benefit: Some(Benefit::AccessToWork),
    ..ruling(
        ("R-CALENDAR-DAYS", "Time", Service::Conferencing, Proof::Derived, Standing::InForce),
        "'Within 3 days' means calendar days: the term ends with the last instant of the third day after the day on \
         which more information was found to be needed.",
    )
};

/// Ruling on time: a day, a day or two.
pub static R_GOOD_PRACTICE_DAYS: Rule = ruling(
    ("R-GOOD-PRACTICE-DAYS", "Time", Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "In the Six Point Plan 'a day' runs to the end of the next calendar day and 'a day or two' to the end of the \
     second. Passing it leaves a task overdue and never refuses anything.",
);

/// Ruling on time: a promised call back.
pub static R_CALL_BACK: Rule = ruling(
    ("R-CALL-BACK", "Time", Service::Safeguarding, Proof::TaskOwed, Standing::InForce),
    "Where the customer was told that somebody will call back in half an hour, the call is owed as a task due 30 \
     minutes later.",
);

/// Every ruling, topic by topic.
pub static RULES: &[&Rule] = &[
    &R_RECORDED_ALWAYS,
    &R_ASKED_REFUSED,
    &R_NOT_PRESCRIBED,
    &R_OCCURRED_AT,
    &R_JUDGED_BY,
    &R_LATE_REASON,
    &R_WORKING_DAYS,
    &R_CALENDAR_DAYS,
    &R_GOOD_PRACTICE_DAYS,
    &R_CALL_BACK,
    &R_UNSAFE_AREA,
    &R_UNSAFE_AREA_NOTE,
    &R_UC_GROUNDS,
    &R_ESA_GROUNDS,
    &R_TOO_EARLY,
    &R_LETTER_BY_POST,
    &R_CARE_OF,
    &R_BROKEN_OFF,
    &R_CONTACT_IN_TIME,
    &R_CONTACT_TOLD_BY,
    &R_NO_VISIT,
    &R_FORM_NEEDS_CONCERN,
    &R_SUPPORT_EXHAUSTED,
    &R_ACTIONS,
    &R_SUSPENDED_IS_STOPPED,
    &R_GROUND_NAMED,
    &R_HOLD_FROM,
    &R_HOLD_FROM_CONDITION,
    &R_HOLD_FROM_CORE_VISIT,
    &R_HOLD_FROM_CONCERN,
    &R_OPEN_REFERRAL,
    &R_HOLD_ON,
    &R_OTHER_AWARDS,
    &R_HOLD_APPLICATION,
    &R_HOLD_UNTIL,
    &R_NO_LAPSE,
    &R_WITHDRAWAL,
    &R_SECOND_PERSON,
    &R_LATER_CONTACT,
    &R_DEATH,
    &R_DEATH_VERIFIED,
    &R_DEATH_MISTAKEN,
    &R_DEATH_REVIEW,
    &R_EXCEPTION,
    &R_ASSURANCE_ITEMS,
    &R_FURTHER_INFORMATION,
    &R_SATISFIED,
    &R_OPEN_ACTION,
    &R_CONTACT_ATTEMPT,
    &R_LEADER_NEED,
    &R_LEADER_ANY_STAGE,
    &R_LEADER_ALWAYS,
    &R_LEADER_OF_AREA,
    &R_LEADER_ON_MOVE,
    &R_NO_LEADER,
    &R_ONE_OFFICE,
    &R_DIFFERENT_PERSONS,
    &R_DECISIONS,
    &R_WEIGHED,
    &R_RECONSIDERATION,
    &R_SANCTION_CONFERENCE,
    &R_SPECIFIC,
    &R_UNSURE,
    &R_GENERAL_RECORDED,
    &R_NEVER_A_GATE,
    &R_PERMISSION,
    &R_NO_SCRIPT,
    &R_SIX_YEARS,
    &R_PIP_OFFICE,
    &R_CRITERIA_A,
    &R_SCR_NATION,
    &R_ACTIVITY_OWNERS,
    &R_COUNTING_LINE,
    &R_SAME_WORDING,
    &R_ONE_OUTCOME,
    &R_OWN_SECTION,
    &R_REPORTING_YEAR,
    &R_DISCLOSURE_CONTROL,
    &R_ACTIVITY_CLOSES,
];
