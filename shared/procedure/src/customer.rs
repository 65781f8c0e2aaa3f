//! What becomes known of the customer while a case runs, alike in every case: a death, a move, a second record of the
//! same person. It is told once, of one case, and reaches all others of that customer in every service (GEN-3).

use crate::{
    Actor, Fault, NarrativeRef, Place, Refusal, Role, Task,
    draft::{About, Because, Draft, Procedure},
    rule::{
        general::GEN_3,
        rulings::{
            R_DEATH, R_DEATH_MISTAKEN, R_DEATH_REVIEW, R_DEATH_VERIFIED, R_DIFFERENT_PERSONS, R_RECORDED_ALWAYS,
        },
    },
    task::COMPLETE_TASK,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is known of the customer, beside what the case is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Customer {
    /// The death, once somebody has reported it.
    pub death: Option<Death>,
    /// References under which the customer was known before, in the order they were given up.
    pub formerly: Vec<String>,
}

/// A death, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Death {
    /// Since when it is on record.
    pub reported_at: DateTime<Utc>,
    /// Who recorded the report.
    pub reported_by: Actor,
    /// Since when a second person has verified it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// What was told of it, in order: for whoever takes the case over.
    pub told: Vec<Fact>,
}

/// Something told about the customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// What.
    pub fact: Fact,
    /// Who told it of another case of the customer's, from which it was passed on; `None` where it is told here.
    pub passed_on_from: Option<Actor>,
}

/// What can be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// Somebody says that the customer has died.
    DeathReported {
        /// When the report was received.
        occurred_at: DateTime<Utc>,
        /// Who says so.
        source: DeathSource,
        /// What they said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<NarrativeRef>,
    },
    /// A second person has verified the death.
    DeathConfirmed {
        /// By what.
        evidence: DeathEvidence,
        /// The evidence's opaque reference.
        reference: String,
    },
    /// The report was mistaken.
    DeathReportMistaken {
        /// How that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<NarrativeRef>,
    },
    /// The customer has moved.
    Moved {
        /// To where.
        place: Place,
        /// When it became known.
        occurred_at: DateTime<Utc>,
    },
    /// The customer is the same person as another on record.
    Merged {
        /// The reference that both go by from now on.
        into: String,
    },
}

/// Who reported a death.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeathSource {
    /// A relative or friend.
    Relative,
    /// An appointee, attorney or executor.
    Representative,
    /// A register or a notification service of government.
    Register,
    /// Another organisation, such as a care home or the police.
    Organisation,
    /// An officer who found out on a visit.
    Officer,
}

/// What verifies a death.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeathEvidence {
    /// A death certificate was seen.
    Certificate,
    /// The register of deaths says so.
    Register,
    /// A coroner or the police said so in writing.
    OfficialNotice,
}

/// What the journal keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What was told.
    #[serde(flatten)]
    pub fact: Fact,
    /// Who told it of another case, from which it was passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on_from: Option<Actor>,
}

impl Event {
    /// The event's stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.fact {
            Fact::DeathReported { .. } => "death_reported",
            Fact::DeathConfirmed { .. } => "death_confirmed",
            Fact::DeathReportMistaken { .. } => "death_report_corrected",
            Fact::Moved { .. } => "customer_moved",
            Fact::Merged { .. } => "customer_merged",
        }
    }

    /// When it happened; `None` where that is when it was recorded.
    #[must_use]
    pub fn occurred_at(&self) -> Option<DateTime<Utc>> {
        match &self.fact {
            Fact::DeathReported { occurred_at, .. } | Fact::Moved { occurred_at, .. } => Some(*occurred_at),
            Fact::DeathConfirmed { .. } | Fact::DeathReportMistaken { .. } | Fact::Merged { .. } => None,
        }
    }

    /// One sentence for people.
    #[must_use]
    pub fn summary(&self) -> String {
        let told = match &self.fact {
            Fact::DeathReported { .. } => {
                "The customer is reported to have died; nobody contacts them any more.".into()
            }
            Fact::DeathConfirmed { .. } => "A second person has verified the customer's death.".into(),
            Fact::DeathReportMistaken { .. } => "The report of the customer's death was mistaken.".into(),
            Fact::Moved { place, .. } => format!("The customer has moved; the area is now {}.", place.area),
            Fact::Merged { into } => format!("The customer is recorded twice and goes by {into} from now on."),
        };
        let from = self.passed_on_from.as_ref().map(|_| " (told of another case)").unwrap_or_default();
        format!("{}{from}{}", told.trim_end_matches('.'), ".")
    }
}

impl Death {
    fn new(at: DateTime<Utc>, by: &Actor, fact: &Fact) -> Self {
        Self { reported_at: at, reported_by: by.clone(), confirmed_at: None, told: vec![fact.clone()] }
    }
}

impl Customer {
    /// Takes one more event in.
    pub(crate) fn evolve(&mut self, event: &Event, at: DateTime<Utc>, by: &Actor, known_as: &str) {
        let by = event.passed_on_from.as_ref().unwrap_or(by);
        match &event.fact {
            Fact::DeathReported { .. } => self.death = Some(Death::new(at, by, &event.fact)),
            Fact::DeathConfirmed { .. } => match &mut self.death {
                Some(death) => {
                    death.confirmed_at = Some(at);
                    death.told.push(event.fact.clone());
                }
                none => *none = Some(Death { confirmed_at: Some(at), ..Death::new(at, by, &event.fact) }),
            },
            Fact::DeathReportMistaken { .. } => self.death = None,
            Fact::Moved { .. } => {}
            Fact::Merged { .. } => self.formerly.push(known_as.to_owned()),
        }
    }

    /// Whether a second person has verified the customer's death.
    #[must_use]
    pub fn death_is_confirmed(&self) -> bool {
        self.death.as_ref().is_some_and(|death| death.confirmed_at.is_some())
    }

    /// What can be told of the customer now, by verb.
    pub(crate) fn allowed(&self) -> Vec<&'static str> {
        let about_death: &[_] = match &self.death {
            None => &["ReportDeath"],
            Some(death) if death.confirmed_at.is_none() => &["ConfirmDeath", "CorrectDeathReport"],
            Some(_) => &["CorrectDeathReport"],
        };
        [about_death, &["ChangeAddress", "MergeCustomer"]].concat()
    }

    /// What is still owed: nobody contacts a customer who is said to have died, and the report has to be verified.
    pub(crate) fn stop_contact(&self, mut tasks: Vec<Task>) -> Vec<Task> {
        let Some(death) = &self.death else { return tasks };
        tasks.retain(|task| !task.contacts_customer);
        let task = |key: &str, what: &str, discharged_by, rule| Task {
            discharged_by,
            ..Task::new(key, what, Role::Officer, death.reported_at, rule)
        };
        if death.confirmed_at.is_none() {
            let what = "Verify the reported death; this takes another person than the one who recorded it";
            tasks.push(task("confirm-death", what, "ConfirmDeath", &R_DEATH_VERIFIED));
        }
        let what = "Consider referring the case for an Internal Process Review";
        tasks.push(task("consider-review", what, COMPLETE_TASK, &R_DEATH_REVIEW));
        tasks
    }
}

/// The rules that something new stands on, and when it happened; `None` where it is known already.
type New = Option<(Because, DateTime<Utc>)>;

/// What follows from something told about the customer. What is known already changes nothing.
pub(crate) fn decide<P: Procedure>(draft: &mut Draft<'_, P>, command: &Command) -> Result<(), Refusal> {
    let told_here = command.passed_on_from.is_none();
    let new = match &command.fact {
        Fact::DeathReported { occurred_at, .. } => death_reported(draft, *occurred_at, told_here)?,
        Fact::DeathConfirmed { .. } => death_confirmed(draft, told_here)?,
        Fact::DeathReportMistaken { .. } => death_mistaken(draft, told_here)?,
        Fact::Moved { place, occurred_at } => moved(draft, place, *occurred_at, told_here)?,
        Fact::Merged { into } => merged(draft, into, told_here)?,
    };
    if let Some((rules, at)) = new {
        let event = Event { fact: command.fact.clone(), passed_on_from: command.passed_on_from.clone() };
        draft.add(P::customer_event(event), rules, at);
    }
    Ok(())
}

fn about<'a, P: Procedure>(draft: &'a Draft<'_, P>) -> Result<About<'a>, Refusal> {
    P::about(&draft.state).ok_or_else(|| Refusal::NoSuchPart("the case was never opened".to_owned()))
}

/// A report may be older than the case, and nobody is asked why it comes late.
fn death_reported<P: Procedure>(
    draft: &mut Draft<'_, P>,
    occurred_at: DateTime<Utc>,
    told_here: bool,
) -> Result<New, Refusal> {
    about(draft)?;
    if told_here {
        draft.not_ahead("occurred_at", occurred_at)?;
    }
    if P::customer(&draft.state).death.is_some() {
        draft.notes.push("This death is on record already; nobody needs to report it again (GEN-3).".to_owned());
        return Ok(None);
    }
    Ok(Some((vec![&GEN_3, &R_DEATH], occurred_at)))
}

fn death_confirmed<P: Procedure>(draft: &Draft<'_, P>, told_here: bool) -> Result<New, Refusal> {
    about(draft)?;
    let customer = P::customer(&draft.state);
    if told_here {
        may_confirm(draft, customer.death.as_ref())?;
    }
    let new = !customer.death_is_confirmed();
    Ok(new.then(|| (vec![&R_DEATH_VERIFIED], draft.context.now)))
}

fn death_mistaken<P: Procedure>(draft: &Draft<'_, P>, told_here: bool) -> Result<New, Refusal> {
    about(draft)?;
    let on_record = P::customer(&draft.state).death.is_some();
    if !on_record && told_here {
        let why = "no report of a death is on record";
        return Err(draft.refused("CorrectDeathReport", vec![&R_DEATH_MISTAKEN], why));
    }
    Ok(on_record.then(|| (vec![&R_DEATH_MISTAKEN], draft.context.now)))
}

fn moved<P: Procedure>(
    draft: &Draft<'_, P>,
    place: &Place,
    occurred_at: DateTime<Utc>,
    told_here: bool,
) -> Result<New, Refusal> {
    let about = about(draft)?;
    if told_here {
        draft.not_ahead("occurred_at", occurred_at)?;
    }
    let new = about.place != place;
    Ok(new.then(|| (vec![&R_RECORDED_ALWAYS], occurred_at)))
}

fn merged<P: Procedure>(draft: &Draft<'_, P>, into: &str, told_here: bool) -> Result<New, Refusal> {
    let new = about(draft)?.award.customer != into;
    if !new && told_here {
        let why = "is the reference this customer goes by already";
        return Err(Refusal::Invalid(vec![Fault::new("customer", why)]));
    }
    Ok(new.then(|| (vec![&R_RECORDED_ALWAYS], draft.context.now)))
}

/// A death is verified by another person than the one who recorded the report.
fn may_confirm<P: Procedure>(draft: &Draft<'_, P>, death: Option<&Death>) -> Result<(), Refusal> {
    const VERB: &str = "ConfirmDeath";
    let Some(death) = death else {
        return Err(draft.refused(VERB, vec![&R_DEATH_VERIFIED], "no report of a death is on record"));
    };
    if death.reported_by.person == draft.context.actor.person {
        let why = "whoever recorded the report cannot verify it; this takes a second person";
        return Err(draft.refused(VERB, vec![&R_DEATH_VERIFIED, &R_DIFFERENT_PERSONS], why));
    }
    Ok(())
}
