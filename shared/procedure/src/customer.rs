//! What becomes known of the customer while a case runs, alike in every case: a death, a move, a second record of the
//! same person. It is told once, of one case, and reaches all others of that customer in every service (GEN-3).

mod names;

pub use names::MOST_FORMER_NAMES;

use crate::{
    Actor, NarrativeRef, Place, Refusal, Role, Task, Workload,
    draft::{About, Because, Draft, Procedure},
    rule::{
        general::GEN_3,
        rulings::{
            R_DEATH, R_DEATH_MISTAKEN, R_DEATH_REVIEW, R_DEATH_VERIFIED, R_DIFFERENT_PERSONS, R_RECORDED_ALWAYS,
        },
    },
    task::{COMPLETE_TASK, again},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is known of the customer, beside what the case is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Customer {
    /// The death, once somebody has reported it.
    pub death: Option<Death>,
    /// How many reports of a death turned out to be mistaken.
    pub mistaken_reports: usize,
    /// References under which the customer was known before, in the order they were given up: each once, the present
    /// one never, and at most [`MOST_FORMER_NAMES`].
    pub formerly: Vec<String>,
    /// When it was last told that a report of their death was mistaken: an older report that comes late changes nothing.
    pub death_ruled_out_at: Option<DateTime<Utc>>,
    /// As of when their address is known.
    pub moved_at: Option<DateTime<Utc>>,
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
    pub told: Vec<Told>,
}

/// Something told, by whom and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What.
    pub fact: Fact,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// Of which other case, from which it was passed on; `None` where it was told of this one.
    pub passed_on: Option<PassedOn>,
}

/// Where something was told that was passed on from there. The words that came with it stay there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOn {
    /// The service.
    pub service: Workload,
    /// The case.
    pub case: String,
    /// By whom.
    pub by: Actor,
    /// When. What was told of one customer is put in this order, whichever comes first.
    pub at: DateTime<Utc>,
}

/// Something told about the customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// What.
    pub fact: Fact,
    /// Where it was told, if that was of another case or in another service; `None` where it is told here.
    pub passed_on: Option<PassedOn>,
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
    /// Where it was told, if not of this case in this service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on: Option<PassedOn>,
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
        let from = self.passed_on.as_ref().map(|from| format!(" (told of {})", from.case)).unwrap_or_default();
        format!("{}{from}{}", told.trim_end_matches('.'), ".")
    }
}

impl Death {
    fn new(told: Told, at: DateTime<Utc>) -> Self {
        Self { reported_at: at, reported_by: told.by.clone(), confirmed_at: None, told: vec![told] }
    }

    /// When something was last told of it.
    fn last_told_at(&self) -> Option<DateTime<Utc>> {
        self.told.iter().map(|told| told.at).max()
    }
}

impl Customer {
    /// Takes one more event in.
    pub(crate) fn evolve(&mut self, event: &Event, at: DateTime<Utc>, by: &Actor, known_as: &str) {
        let passed_on = event.passed_on.clone();
        let told_at = passed_on.as_ref().map_or(at, |from| from.at);
        let by = passed_on.as_ref().map_or(by, |from| &from.by).clone();
        let told = || Told { fact: event.fact.clone(), at: told_at, by, passed_on };
        match &event.fact {
            Fact::DeathReported { .. } => self.death = Some(Death::new(told(), at)),
            Fact::DeathConfirmed { .. } => match &mut self.death {
                Some(death) => {
                    death.confirmed_at = Some(at);
                    death.told.push(told());
                }
                none => *none = Some(Death { confirmed_at: Some(at), ..Death::new(told(), at) }),
            },
            Fact::DeathReportMistaken { .. } => {
                self.mistaken_reports += usize::from(self.death.is_some());
                self.death = None;
                self.death_ruled_out_at = Some(told_at);
            }
            Fact::Moved { occurred_at, .. } => self.moved_at = Some(*occurred_at),
            Fact::Merged { into } => self.rename(known_as, into),
        }
    }

    /// Whether a report or a verification that was told at `at` is older than the last word that it was mistaken.
    fn was_ruled_out_since(&self, at: DateTime<Utc>) -> bool {
        self.death_ruled_out_at.is_some_and(|ruled_out| at <= ruled_out)
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
        // What was done about a mistaken report is not done about this one.
        let task = |key: &str, what: &str, discharged_by, rule| Task {
            discharged_by,
            ..Task::new(&again(key, self.mistaken_reports), what, Role::Officer, death.reported_at, rule)
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
    let passed_on = command.passed_on.as_ref();
    let new = match &command.fact {
        Fact::DeathReported { occurred_at, .. } => death_reported(draft, *occurred_at, passed_on)?,
        Fact::DeathConfirmed { .. } => death_confirmed(draft, passed_on)?,
        Fact::DeathReportMistaken { .. } => death_mistaken(draft, passed_on)?,
        Fact::Moved { place, occurred_at } => moved(draft, place, *occurred_at, passed_on)?,
        Fact::Merged { into } => merged(draft, into, passed_on)?,
    };
    if let Some((rules, at)) = new {
        let event = Event { fact: command.fact.clone(), passed_on: command.passed_on.clone() };
        draft.add(P::customer_event(event), rules, at);
    }
    Ok(())
}

fn about<'a, P: Procedure>(draft: &'a Draft<'_, P>) -> Result<About<'a>, Refusal> {
    P::about(&draft.state).ok_or_else(|| Refusal::NoSuchPart("the case was never opened".to_owned()))
}

/// A report may be older than the case, and nobody is asked why it comes late. One that comes after the word that it was
/// mistaken changes nothing.
fn death_reported<P: Procedure>(
    draft: &mut Draft<'_, P>,
    occurred_at: DateTime<Utc>,
    passed_on: Option<&PassedOn>,
) -> Result<New, Refusal> {
    about(draft)?;
    if passed_on.is_none() {
        draft.not_ahead("occurred_at", occurred_at)?;
    }
    let customer = P::customer(&draft.state);
    if passed_on.is_some_and(|from| customer.was_ruled_out_since(from.at)) {
        return Ok(None);
    }
    if customer.death.is_some() {
        draft.notes.push("This death is on record already; nobody needs to report it again (GEN-3).".to_owned());
        return Ok(None);
    }
    Ok(Some((vec![&GEN_3, &R_DEATH], occurred_at)))
}

fn death_confirmed<P: Procedure>(draft: &Draft<'_, P>, passed_on: Option<&PassedOn>) -> Result<New, Refusal> {
    about(draft)?;
    let customer = P::customer(&draft.state);
    let new = match passed_on {
        None => {
            may_confirm(draft, customer.death.as_ref())?;
            !customer.death_is_confirmed()
        }
        Some(from) => !customer.death_is_confirmed() && !customer.was_ruled_out_since(from.at),
    };
    Ok(new.then(|| (vec![&R_DEATH_VERIFIED], draft.context.now)))
}

/// That a report was mistaken is kept even where the report has not come yet, so that it changes nothing once it does.
/// It does not undo what was told later.
fn death_mistaken<P: Procedure>(draft: &Draft<'_, P>, passed_on: Option<&PassedOn>) -> Result<New, Refusal> {
    about(draft)?;
    let customer = P::customer(&draft.state);
    let new = match (passed_on, &customer.death) {
        (None, Some(_)) => true,
        (None, None) => {
            let why = "no report of a death is on record";
            return Err(draft.refused("CorrectDeathReport", vec![&R_DEATH_MISTAKEN], why));
        }
        (Some(from), Some(death)) => death.last_told_at().is_none_or(|told| told <= from.at),
        (Some(from), None) => !customer.was_ruled_out_since(from.at),
    };
    Ok(new.then(|| (vec![&R_DEATH_MISTAKEN], draft.context.now)))
}

/// An address that was left before the present one became known changes nothing.
fn moved<P: Procedure>(
    draft: &mut Draft<'_, P>,
    place: &Place,
    occurred_at: DateTime<Utc>,
    passed_on: Option<&PassedOn>,
) -> Result<New, Refusal> {
    let elsewhere = about(draft)?.place != Some(place);
    if passed_on.is_none() {
        draft.not_ahead("occurred_at", occurred_at)?;
    }
    let overtaken = P::customer(&draft.state).moved_at.is_some_and(|known| occurred_at < known);
    if overtaken {
        draft.notes.push("A later address is known already; it stays.".to_owned());
    }
    let new = elsewhere && !overtaken;
    Ok(new.then(|| (vec![&R_RECORDED_ALWAYS], occurred_at)))
}

/// What was passed on is a fact elsewhere already, and is taken in whatever it makes of the references kept here.
fn merged<P: Procedure>(draft: &Draft<'_, P>, into: &str, passed_on: Option<&PassedOn>) -> Result<New, Refusal> {
    let known_as = about(draft)?.award.customer.as_str();
    if passed_on.is_none() {
        P::customer(&draft.state).may_be_renamed(known_as, into)?;
    }
    let new = known_as != into;
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
