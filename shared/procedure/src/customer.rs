//! What becomes known of the customer while a case runs, alike in every case: a death, a move, a second record of the
//! same person. It is told once, of one case, and reaches all others of that customer in every service (GEN-3).

mod names;
mod verified;
mod words;

pub use names::{MOST_FORMER_NAMES, Merge};

use crate::{
    Actor, NarrativeRef, Place, Refusal, Role, Task, Workload,
    draft::{About, Because, Draft, Procedure},
    rule::{
        general::GEN_3,
        rulings::{R_DEATH, R_DEATH_MISTAKEN, R_DEATH_REVIEW, R_DEATH_VERIFIED, R_RECORDED_ALWAYS},
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
    /// References under which the customer was known before, in the order in which it came out here that they were given
    /// up: each once, the present one never, and at most [`MOST_FORMER_NAMES`]. Those of their other records are among
    /// them.
    pub formerly: Vec<String>,
    /// By what it came out that they are one customer's, in the order in which it was told here.
    pub merges: Vec<Merge>,
    /// The last word that a report of their death was mistaken: an older report that comes late changes nothing.
    pub death_ruled_out: Option<Told>,
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
    /// Whoever keeps this case led it when the death was reported, and is asked to consider a review.
    pub prompts_review: bool,
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
    /// The reference that the customer went by where it was told, when it was told; empty: not known any more.
    pub known_as: String,
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
    /// The reference that the customer went by there then; empty: not known. It is that of a merge which was given up.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub known_as: String,
    /// It comes from this very case in another service: what was taken in there counts here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_in: bool,
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

impl Death {
    fn new(told: Told, at: DateTime<Utc>, prompts_review: bool) -> Self {
        Self { reported_at: at, reported_by: told.by.clone(), confirmed_at: None, told: vec![told], prompts_review }
    }

    /// When it was reported, as whoever was told says; `None` where only its verification was told.
    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        self.told.iter().find_map(|told| match told.fact {
            Fact::DeathReported { occurred_at, .. } => Some(occurred_at),
            Fact::DeathConfirmed { .. }
            | Fact::DeathReportMistaken { .. }
            | Fact::Moved { .. }
            | Fact::Merged { .. } => None,
        })
    }

    /// When something was last told of it.
    fn last_told_at(&self) -> Option<DateTime<Utc>> {
        self.told.iter().map(|told| told.at).max()
    }
}

impl Customer {
    /// Takes one more event in. `leads`: whether whoever keeps this case led it when that was told.
    pub(crate) fn evolve(
        &mut self,
        event: &Event,
        (at, by): (DateTime<Utc>, &Actor),
        known_as: &str,
        leads: impl Fn(DateTime<Utc>) -> bool,
    ) {
        let passed_on = event.passed_on.clone();
        let told_at = passed_on.as_ref().map_or(at, |from| from.at);
        let by = passed_on.as_ref().map_or(by, |from| &from.by).clone();
        let told_as = passed_on.as_ref().map_or(known_as, |from| &from.known_as).to_owned();
        let told = || Told { fact: event.fact.clone(), at: told_at, by, known_as: told_as, passed_on };
        let leads = leads(told_at);
        match &event.fact {
            Fact::DeathReported { .. } => self.death = Some(Death::new(told(), at, leads)),
            Fact::DeathConfirmed { .. } => match &mut self.death {
                Some(death) => {
                    death.confirmed_at.get_or_insert(at);
                    death.told.push(told());
                }
                none => *none = Some(Death { confirmed_at: Some(at), ..Death::new(told(), at, leads) }),
            },
            Fact::DeathReportMistaken { .. } => {
                self.mistaken_reports += usize::from(self.death.is_some());
                self.death = None;
                self.death_ruled_out = Some(told());
            }
            Fact::Moved { occurred_at, .. } => self.moved_at = Some(*occurred_at),
            Fact::Merged { into } => self.take_merge(known_as, into, &told()),
        }
    }

    /// Whether a report or a verification that was told at `at` is older than the last word that it was mistaken.
    fn was_ruled_out_since(&self, at: DateTime<Utc>) -> bool {
        self.death_ruled_out.as_ref().is_some_and(|ruled_out| at <= ruled_out.at)
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
        if death.prompts_review {
            let what = "Consider referring the case for an Internal Process Review";
            let arose_at = death.occurred_at();
            tasks.push(Task { arose_at, ..task("consider-review", what, COMPLETE_TASK, &R_DEATH_REVIEW) });
        }
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
        Fact::DeathConfirmed { .. } => verified::death_confirmed(draft, passed_on)?,
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

/// What was passed on is a fact elsewhere already, and is taken in whatever it makes of the references kept here. Where the
/// customer goes by that reference already, it tells of another that is theirs, too.
fn merged<P: Procedure>(draft: &Draft<'_, P>, into: &str, passed_on: Option<&PassedOn>) -> Result<New, Refusal> {
    let known_as = about(draft)?.award.customer.as_str();
    let customer = P::customer(&draft.state);
    if passed_on.is_none() {
        customer.may_be_renamed(known_as, into)?;
    }
    let new = known_as != into || passed_on.is_some_and(|from| customer.learns(into, &from.known_as));
    Ok(new.then(|| (vec![&R_RECORDED_ALWAYS], draft.context.now)))
}
