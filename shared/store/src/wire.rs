//! Words of the contracts and words of the procedure, one into the other.

pub mod holds;

use crate::{db::DbFault, execute::Outcome, journal::Entry};
use chrono::{DateTime, Utc};
use holdfast_contracts::holdfast::{access::v1 as access, common::v1 as pb};
use holdfast_procedure::{
    Actor, Award, Benefit, Cover, Deadline, Place, Role, Rule, Task, Told, Workload,
    calendar::Nation,
    facts::Superseded,
    rule::Strength,
    term::{Due, Term},
};
use serde::{Serialize, de::DeserializeOwned};

/// The form in which a name of the procedure is stored.
pub fn stored<T: Serialize>(name: &T) -> String {
    match serde_json::to_value(name) {
        Ok(serde_json::Value::String(name)) => name,
        // Only enumerations without data are stored in this way.
        _ => String::new(),
    }
}

/// The name of the procedure that was stored.
///
/// # Errors
/// [`DbFault::Unreadable`] where no such name is known.
pub fn restored<T: DeserializeOwned>(name: String) -> Result<T, DbFault> {
    serde_json::from_value(serde_json::Value::String(name)).map_err(|_| DbFault::Unreadable)
}

/// An instant, as contracts carry it.
#[must_use]
pub fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default();
    prost_types::Timestamp { seconds: at.timestamp(), nanos }
}

/// Two functions between an enumeration of the procedure and one of the contracts whose values have the same names. What
/// the wire has no name for becomes `Unspecified`.
#[macro_export]
macro_rules! names {
    ($(#[$doc:meta])* $visible:vis $to:ident, $from:ident: $ours:ident <=> $theirs:path { $($name:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[must_use]
        $visible fn $to(ours: $ours) -> $theirs {
            type Theirs = $theirs;
            match ours {
                $($ours::$name => Theirs::$name,)+
                #[allow(unreachable_patterns, clippy::wildcard_enum_match_arm)]
                _ => Theirs::Unspecified,
            }
        }

        $(#[$doc])*
        #[must_use]
        $visible fn $from(theirs: $theirs) -> Option<$ours> {
            type Theirs = $theirs;
            match theirs {
                $(Theirs::$name => Some($ours::$name),)+
                Theirs::Unspecified => None,
            }
        }
    };
}

names! {
    /// A role. What the suite does by itself has none on the wire.
    pub role, role_from: Role <=> access::Role {
        VisitingOfficer, Referrer, CesTeam, Ceast, AtwSpoc, AtwAdviser, AtwProcessor, Heo, TeamLeader, CaseManager,
        DecisionMaker, SafeguardingLeader, LineManager, Officer, Investigator, GroupMember, ServiceLineOwner,
        PanelMember, Publisher, PolicyOwner, WorkCoach, SiteLeader, Auditor, Operator,
    }
}
names! {
    /// A workload.
    pub workload, workload_from: Workload <=> access::Workload {
        Casework, Payments, Visiting, Conferencing, Safeguarding, Learning, Operations,
    }
}
names! {
    /// A benefit.
    pub benefit, benefit_from: Benefit <=> pb::Benefit { Pip, Esa, UniversalCredit, AccessToWork }
}
names! {
    /// A nation.
    pub nation, nation_from: Nation <=> pb::Nation { England, Wales, Scotland, NorthernIreland }
}
names! {
    /// How strongly a rule binds.
    pub strength, strength_from: Strength <=> pb::Strength { Must, MustNot, May, Definition, Ruling }
}

/// A benefit's stable name, for example `UNIVERSAL_CREDIT`.
#[must_use]
pub fn benefit_name(ours: Benefit) -> &'static str {
    benefit(ours).as_str_name().trim_start_matches("BENEFIT_")
}

/// An award.
#[must_use]
pub fn award(award: &Award) -> pb::Award {
    pb::Award { customer: award.customer.clone(), benefit: benefit(award.benefit).into(), award: award.award.clone() }
}

/// Who did something.
#[must_use]
pub fn actor(actor: &Actor) -> pb::Actor {
    pb::Actor { person: actor.person.clone(), role: role(actor.role).into(), workload: workload(actor.workload).into() }
}

/// Why a fact stands no more.
#[must_use]
pub fn superseded(superseded: &Superseded) -> pb::Superseded {
    pb::Superseded {
        by_fact: superseded.by_fact.unwrap_or_default(),
        narrative: superseded.reason.0.clone(),
        recorded_at: Some(timestamp(superseded.at)),
        recorded_by: Some(actor(&superseded.by)),
    }
}

/// A rule, as a reply cites it.
#[must_use]
pub fn citation(rule: &Rule) -> pb::Citation {
    pb::Citation {
        rule: rule.id.to_owned(),
        source: rule.source.title().to_owned(),
        paragraph: rule.paragraph.to_owned(),
        strength: strength(rule.strength).into(),
        requires: rule.requires.to_owned(),
    }
}

/// A term.
#[must_use]
pub fn term(term: Term) -> pb::Term {
    let length = match term {
        Term::WorkingDays(days) => pb::term::Length::WorkingDays(days.into()),
        Term::CalendarDays(days) => pb::term::Length::CalendarDays(days.into()),
        Term::Minutes(minutes) => pb::term::Length::Minutes(minutes.into()),
    };
    pb::Term { length: Some(length) }
}

/// A derived date, with what it was derived from.
#[must_use]
pub fn due(deadline: &Deadline) -> pb::Due {
    let Deadline { term: of, from, due: Due { ends_at, provisional, calendar, nation: of_nation } } = deadline;
    pb::Due {
        at: Some(timestamp(*ends_at)),
        term: Some(term(*of)),
        from: Some(timestamp(*from)),
        calendar_version: calendar.clone(),
        provisional: *provisional,
        nation: of_nation.map(|of| nation(of).into()).unwrap_or_default(),
    }
}

/// Where a customer lives, as far as the guidance needs it.
#[must_use]
pub fn place(place: &Place) -> pb::Place {
    pb::Place { nation: nation(place.nation).into(), area: place.area.clone() }
}

/// A task's name within the suite.
#[must_use]
pub fn task_name(service: Workload, case: &str, key: &str) -> String {
    format!("{}/{case}/{key}", stored(&service))
}

/// The service, the case and the key that a task's name is made of.
#[must_use]
pub fn task_named(name: &str) -> Option<(Workload, &str, &str)> {
    let (service, rest) = name.split_once('/')?;
    let (case, key) = rest.split_once('/').filter(|(case, key)| !case.is_empty() && !key.is_empty())?;
    Some((restored(service.to_owned()).ok()?, case, key))
}

/// Who stands in for somebody.
#[must_use]
pub fn cover(cover: &Cover) -> pb::Cover {
    pb::Cover { person: cover.person.clone(), until: Some(timestamp(cover.until)) }
}

/// A task of a case that a service keeps.
#[must_use]
pub fn task(service: Workload, case: &str, about: Option<&Award>, task: &Task) -> pb::Task {
    pb::Task {
        name: task_name(service, case, &task.key),
        case_reference: case.to_owned(),
        award: about.map(award),
        what: task.what.clone(),
        owner: role(task.owner).into(),
        owed_since: Some(timestamp(task.since)),
        due: task.due.as_ref().map(due),
        blocking: task.blocking,
        discharged_by: task.discharged_by.to_owned(),
        citation: Some(citation(task.rule)),
        team: task.team.clone().unwrap_or_default(),
        person: task.person.clone().unwrap_or_default(),
        cover: task.cover.as_ref().map(cover),
    }
}

/// What a command brought about, as every reply tells it.
#[must_use]
pub fn effect<S>(outcome: &Outcome<S>, about: Option<&Award>) -> pb::Effect {
    pb::Effect {
        etag: outcome.etag.clone(),
        tasks: outcome.tasks.iter().map(|owed| task(outcome.service, &outcome.case, about, owed)).collect(),
        citations: outcome.citations.iter().map(|rule| citation(rule)).collect(),
        notes: outcome.notes.clone(),
        replayed: outcome.replayed,
        validated_only: outcome.validated_only,
    }
}

/// One entry of a case's history, and the event that it keeps.
#[must_use]
pub fn timeline_entry(entry: &Entry, event: &impl Told) -> pb::TimelineEntry {
    pb::TimelineEntry {
        sequence: u64::try_from(entry.sequence).unwrap_or_default(),
        occurred_at: Some(timestamp(entry.occurred_at)),
        recorded_at: Some(timestamp(entry.recorded_at)),
        actor: Some(actor(&entry.actor)),
        event: entry.event_name.clone(),
        summary: event.summary(),
        rules: entry.rules.clone(),
        guidance_version: entry.guidance_version.clone(),
        request_id: entry.request_id.clone().unwrap_or_default(),
        hash: entry.hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        narratives: event.narratives().into_iter().map(|words| words.0.clone()).collect(),
    }
}
