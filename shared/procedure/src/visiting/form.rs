//! The visiting referral form: what a referrer tells DWP Visiting, and the items that a benefit's form cannot do without.

use super::fact::{Indicator, Situation};
use crate::{NarrativeRef, NoteIn};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The form as it was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitingForm {
    /// The customer's condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<FormText>,
    /// The customer's representative or another third party.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<FormText>,
    /// The action taken to contact the customer or the representative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_attempts: Option<FormText>,
    /// Whether a visit was made before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_visit: Option<Answer>,
    /// Whether good cause was considered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good_cause_considered: Option<Answer>,
    /// Whether the customer is a lone parent with a child under one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lone_parent_with_child_under_one: Option<Answer>,
    /// Whether the customer has an appointee or attorney, whom the visit includes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_representative: Option<Answer>,
    /// The work-related activity that was not undertaken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
    /// What went before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub situations: Vec<Situation>,
    /// The telephone number of the referring officer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
    /// That number is staffed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub telephone_staffed: bool,
    /// The only address known is a care-of address.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub care_of: bool,
    /// Why the customer is eligible.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub eligibility: Vec<Eligibility>,
    /// Legislation requires that the business is done face to face.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub face_to_face_required: bool,
    /// All other sources of support have been exhausted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub support_exhausted: bool,
    /// Where notes about this visit are made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note_in: Option<NoteIn>,
}

/// An item in the referrer's words, or that it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormText {
    /// What is known.
    Known(NarrativeRef),
    /// It is not known.
    NotKnown,
}

/// An answer to a question that staff may not be able to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It is not known.
    NotKnown,
}

/// The work-related activity that the customer was directed to undertake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// What it was.
    pub what: NarrativeRef,
    /// The day by which it was to be completed.
    pub due_on: NaiveDate,
}

/// Why a customer is eligible for a visit (Access to Work 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eligibility {
    /// The customer is vulnerable.
    Vulnerable,
    /// The customer has complex needs.
    ComplexNeeds,
    /// An Advanced Customer Support concern was identified.
    Concern,
}

/// An item that a benefit's form cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormItem {
    /// The condition, or that it is not known.
    Condition,
    /// A representative or third party, or that none is known.
    Representative,
    /// The action taken to contact the customer or the representative, or that it is not known.
    ContactAttempts,
    /// Whether a visit was made before, or that it is not known.
    PreviousVisit,
    /// Whether good cause was considered, or that it is not known.
    GoodCauseConsidered,
    /// Whether the customer is a lone parent with a child under one, or that the officer is asked to check.
    LoneParent,
    /// Where work-related activity was not undertaken: which, and by when it was due.
    Activity,
    /// The referring officer's telephone number.
    Telephone,
    /// That the number is staffed.
    TelephoneStaffed,
    /// An identified concern.
    Concern,
    /// That all other sources of support have been exhausted.
    SupportExhausted,
    /// Where notes about the visit are made.
    NoteIn,
}

impl FormItem {
    /// What is missing of the item, by its field in the request; `None` where nothing is. `before`: the situations that
    /// were considered before, which the form need not name again.
    #[must_use]
    pub fn missing(self, form: &VisitingForm, before: &BTreeSet<Situation>) -> Option<&'static str> {
        let not_undertaken = Situation::WorkRelatedActivityNotUndertaken;
        let activity_asked = form.situations.contains(&not_undertaken) || before.contains(&not_undertaken);
        let (given, missing) = match self {
            Self::Condition => (form.condition.is_some(), "form.condition: say what it is, or that it is not known"),
            Self::Representative => {
                (form.representative.is_some(), "form.representative: say who it is, or that none is known")
            }
            Self::ContactAttempts => {
                (form.contact_attempts.is_some(), "form.contact_attempts: say what was done, or that it is not known")
            }
            Self::PreviousVisit => (form.previous_visit.is_some(), "form.previous_visit: say YES, NO or NOT_KNOWN"),
            Self::GoodCauseConsidered => {
                (form.good_cause_considered.is_some(), "form.good_cause_considered: say YES, NO or NOT_KNOWN")
            }
            Self::LoneParent => (
                form.lone_parent_with_child_under_one.is_some(),
                "form.lone_parent_with_child_under_one: say YES, NO or NOT_KNOWN, which asks the officer to check",
            ),
            Self::Activity => (
                !activity_asked || form.activity.is_some(),
                "form.activity: name the activity and, in form.activity.due_on, the day by which it was due",
            ),
            Self::Telephone => (form.telephone.is_some(), "form.telephone: give the referring officer's number"),
            Self::TelephoneStaffed => {
                (form.telephone_staffed, "form.telephone_staffed: give a number that is staffed, and say that it is")
            }
            Self::Concern => (
                form.eligibility.contains(&Eligibility::Concern),
                "form.eligibility: the form needs a concern, for which nothing else stands in",
            ),
            Self::SupportExhausted => {
                (form.support_exhausted, "form.support_exhausted: exhaust all other sources of support first")
            }
            Self::NoteIn => (form.note_in.is_some(), "form.note_in: say where notes about the visit are made"),
        };
        (!given).then_some(missing)
    }
}

impl Indicator {
    /// Whether it is an indicator that there is something.
    #[must_use]
    pub fn is_found(self) -> bool {
        self != Self::NoneFound
    }
}
