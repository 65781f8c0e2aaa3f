//! Holds, as contracts carry them. What a newer build says of a hold and this one has no name for prohibits everything.

use super::{award, workload, workload_from};
use crate::{names, reading};
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::common::v1 as pb;
use holdfast_procedure::{
    Rule, Workload,
    customer::MOST_FORMER_NAMES,
    protection::{
        Action, ActionGround, DatabaseIdentity, Hold, HoldGround, HoldKey, Prohibits, Revision, Standing, Version, Why,
    },
    rule::{self, general::GEN_2},
};
use uuid::Uuid;

/// How many rules a hold stands on.
const RULES: usize = 20;
/// How many actions a hold prohibits, and grounds on which: more than any build has names for.
const PROHIBITED: usize = 20;
/// The highest version: no hold changes that often, and sums of versions stay numbers.
const HIGHEST: u64 = u32::MAX as u64;
/// A ground that cannot be read, as one that no build has a name for.
const NO_GROUND: i32 = -1;

names! {
    /// What is done to an award.
    pub action, action_from: Action <=> pb::Action { Suspend, Stop, End, Disallow, Sanction, Reduce }
}
names! {
    /// Why a hold was released.
    pub why, why_from: Why <=> pb::ReleaseReason {
        InformedDecision, EffectiveVisit, ContactInTime, VerifiedDeath, Withdrawn, Replaced, VisitConsidered,
    }
}
names! {
    /// A ground that this build has a name for.
    named_ground, named_ground_from: HoldGround <=> pb::HoldGround {
        OpenReferral, ConcernOnRecord, TwoIneffectiveVisits, ConcernDetermined, Reconsideration, ConditionKnown,
        CoreVisitDue,
    }
}

/// A hold's ground, by its number.
#[must_use]
pub fn ground(ours: HoldGround) -> i32 {
    match ours {
        HoldGround::Other(number) => number,
        HoldGround::OpenReferral
        | HoldGround::ConcernOnRecord
        | HoldGround::TwoIneffectiveVisits
        | HoldGround::ConcernDetermined
        | HoldGround::Reconsideration
        | HoldGround::ConditionKnown
        | HoldGround::CoreVisitDue => named_ground(ours).into(),
    }
}

/// The ground with this number; `None` for the one that means it is not stated.
#[must_use]
pub fn ground_numbered(number: i32) -> Option<HoldGround> {
    pb::HoldGround::try_from(number).map_or(Some(HoldGround::Other(number)), named_ground_from)
}

/// Reads a ground, which has to be stated.
pub fn ground_from(fields: &mut Fields, field: &str, number: i32) -> Option<HoldGround> {
    fields.message(field, ground_numbered(number))
}

/// What the payer acts on.
#[must_use]
pub fn action_ground(ours: ActionGround) -> pb::ActionGround {
    match ours {
        ActionGround::NonAttendance => pb::ActionGround::NonAttendance,
        ActionGround::MissingEvidence => pb::ActionGround::MissingEvidence,
        ActionGround::Any => pb::ActionGround::Other,
    }
}

/// What the payer acts on, by its number: none, and one that is not known, is judged as any (R-GROUND-NAMED).
#[must_use]
pub fn action_ground_numbered(number: i32) -> ActionGround {
    match pb::ActionGround::try_from(number) {
        Ok(pb::ActionGround::NonAttendance) => ActionGround::NonAttendance,
        Ok(pb::ActionGround::MissingEvidence) => ActionGround::MissingEvidence,
        Ok(pb::ActionGround::Unspecified | pb::ActionGround::Other) | Err(_) => ActionGround::Any,
    }
}

/// What a hold on a ground prohibits, by the numbers of actions and of the payer's grounds; none of the latter: whatever
/// the payer acts on. Where one of the numbers has no name here, or none is given but by an open referral, it prohibits
/// everything.
#[must_use]
pub fn prohibits_numbered(ground: HoldGround, actions: &[i32], only_on: &[i32]) -> Prohibits {
    let named = |number: &i32| pb::Action::try_from(*number).ok().and_then(action_from);
    let actions: Option<Vec<_>> = actions.iter().map(named).collect();
    let named = |number: &i32| match action_ground_numbered(*number) {
        ActionGround::Any => None,
        ground @ (ActionGround::NonAttendance | ActionGround::MissingEvidence) => Some(ground),
    };
    let only_on: Option<Vec<_>> = only_on.iter().map(named).collect();
    let (Some(mut actions), Some(mut only_on)) = (actions, only_on) else { return Prohibits::everything() };
    actions.sort();
    only_on.sort();
    actions.dedup();
    only_on.dedup();
    if actions.is_empty() && ground != HoldGround::OpenReferral {
        return Prohibits::everything();
    }
    match ground {
        HoldGround::Other(_) => Prohibits::everything(),
        // Only an open referral is told and prohibits nothing.
        HoldGround::OpenReferral => Prohibits { actions, only_on: None },
        // Only a Core Visit that is due narrows what it prohibits.
        HoldGround::CoreVisitDue => Prohibits { actions, only_on: (!only_on.is_empty()).then_some(only_on) },
        HoldGround::ConcernOnRecord
        | HoldGround::TwoIneffectiveVisits
        | HoldGround::ConcernDetermined
        | HoldGround::Reconsideration
        | HoldGround::ConditionKnown => Prohibits { actions, only_on: None },
    }
}

/// The rules with these ids that this build knows, in their order; where it knows none, the hold is one of concern (GEN-2).
#[must_use]
pub fn rules_named(ids: &[String]) -> Vec<&'static Rule> {
    let known: Vec<_> = ids.iter().filter_map(|id| rule::find(id)).collect();
    if known.is_empty() { vec![&GEN_2] } else { known }
}

/// Reads a version: 1 or more.
pub fn version_from(fields: &mut Fields, field: &str, version: u64) -> Option<Version> {
    let read = (1..=HIGHEST).contains(&version).then_some(Version(version));
    if read.is_none() {
        fields.fault(field, format!("has to be 1 to {HIGHEST}"));
    }
    read
}

/// A hold, as of its latest change.
#[must_use]
pub fn hold(hold: &Hold) -> pb::Hold {
    let released = match hold.state {
        Standing::Standing => pb::ReleaseReason::Unspecified,
        Standing::Released { why: reason } => why(reason),
    };
    let only_on = hold.prohibits.only_on.iter().flatten();
    pb::Hold {
        case_reference: hold.key.case.clone(),
        ground: ground(hold.key.ground),
        version: hold.version.0,
        award: Some(award(&hold.award)),
        formerly: hold.formerly.clone(),
        holder: workload(hold.holder).into(),
        released: released.into(),
        rules: hold.rules.iter().map(|rule| rule.id.to_owned()).collect(),
        actions: hold.prohibits.actions.iter().map(|prohibited| action(*prohibited).into()).collect(),
        only_on: only_on.map(|ground| action_ground(*ground).into()).collect(),
    }
}

/// Reads a hold, which has to be there.
pub fn hold_from(fields: &mut Fields, field: &str, hold: Option<&pb::Hold>) -> Option<Hold> {
    let hold = fields.message(field, hold)?;
    let case = fields.reference(&format!("{field}.case_reference"), &hold.case_reference);
    let ground = ground_from(fields, &format!("{field}.ground"), hold.ground);
    let version = version_from(fields, &format!("{field}.version"), hold.version);
    let award = reading::award(fields, &format!("{field}.award"), hold.award.as_ref());
    let formerly = references(fields, &format!("{field}.formerly"), MOST_FORMER_NAMES, &hold.formerly);
    let holder = fields.choice(&format!("{field}.holder"), hold.holder, workload_from);
    // A reason without a name here may stand for anything but that the hold stands.
    let released = fields.optional_choice(&format!("{field}.released"), hold.released, why_from);
    let rules = references(fields, &format!("{field}.rules"), RULES, &hold.rules);
    let actions = at_most(fields, &format!("{field}.actions"), PROHIBITED, &hold.actions);
    let only_on = at_most(fields, &format!("{field}.only_on"), PROHIBITED, &hold.only_on);
    let (key, state) = (HoldKey { case: case?, ground: ground? }, released?);
    Some(Hold {
        prohibits: prohibits_numbered(key.ground, actions?, only_on?),
        key,
        version: version?,
        award: award?,
        formerly: formerly?,
        holder: holder?,
        state: state.map_or(Standing::Standing, |why| Standing::Released { why }),
        rules: rules_named(&rules?),
    })
}

/// Reads a list that is no longer than this.
fn at_most<'a, T>(fields: &mut Fields, field: &str, most: usize, list: &'a [T]) -> Option<&'a [T]> {
    if list.len() > most {
        fields.fault(field, format!("holds more than {most}"));
        return None;
    }
    Some(list)
}

/// Reads opaque references, at most so many.
fn references(fields: &mut Fields, field: &str, most: usize, list: &[String]) -> Option<Vec<String>> {
    let read = at_most(fields, field, most, list)?.iter().enumerate();
    let read: Vec<_> =
        read.map(|(place, reference)| fields.reference(&format!("{field}[{place}]"), reference)).collect();
    read.into_iter().collect()
}

/// A hold as far as it can be read, where nobody is left to send it otherwise: what cannot be read of it is put so that
/// it protects the most. `source` is who tells of it. `None` where its award cannot be read, so that it could be anybody's.
#[must_use]
pub fn mended(hold: &pb::Hold, source: Workload) -> Option<pb::Hold> {
    let mut fields = Fields::default();
    let about = reading::award(&mut fields, "award", hold.award.as_ref())?;
    let mut mended = hold.clone();
    if fields.reference("case_reference", &hold.case_reference).is_none() {
        // One for each award: none of them takes another's place.
        mended.case_reference = about.award;
    }
    if ground_from(&mut fields, "ground", hold.ground).is_none() {
        mended.ground = NO_GROUND;
    }
    mended.formerly.retain(|name| fields.reference("formerly", name).is_some());
    mended.formerly.truncate(MOST_FORMER_NAMES);
    if fields.choice("holder", hold.holder, workload_from).is_none() {
        mended.holder = workload(source).into();
    }
    if fields.optional_choice("released", hold.released, why_from).is_none() {
        mended.released = pb::ReleaseReason::Unspecified.into();
    }
    mended.rules.retain(|rule| fields.reference("rules", rule).is_some());
    let version = version_from(&mut fields, "version", hold.version);
    let too_many = hold.rules.len() > RULES || hold.actions.len() > PROHIBITED || hold.only_on.len() > PROHIBITED;
    if version.is_none() || too_many {
        mended.version = hold.version.clamp(1, HIGHEST);
        mended.rules.truncate(RULES);
        mended.actions = Action::ALL.into_iter().map(|every| action(every).into()).collect();
        mended.only_on.clear();
    }
    Some(mended)
}

/// A state of the ledger.
#[must_use]
pub fn revision(revision: &Revision) -> pb::LedgerRevision {
    pb::LedgerRevision { counter: revision.counter, id: Uuid::from_u128(revision.id).to_string() }
}

/// The state of the ledger that is stated; `None` where it cannot be read.
#[must_use]
pub fn revision_from(stated: &pb::LedgerRevision) -> Option<Revision> {
    let pb::LedgerRevision { counter, id } = stated;
    let id = Uuid::try_parse(id).ok()?.as_u128();
    i64::try_from(*counter).is_ok().then_some(Revision { counter: *counter, id })
}

/// Which database somebody speaks from.
#[must_use]
pub fn database(identity: &DatabaseIdentity) -> pb::DatabaseIdentity {
    pb::DatabaseIdentity { system: identity.system, timeline: identity.timeline }
}

/// Reads which database somebody speaks from, which has to be stated as a whole.
pub fn database_from(
    fields: &mut Fields,
    field: &str,
    identity: Option<&pb::DatabaseIdentity>,
) -> Option<DatabaseIdentity> {
    let stated = identity.filter(|identity| identity.system != 0 && identity.timeline != 0);
    let pb::DatabaseIdentity { system, timeline } = *fields.message(field, stated)?;
    Some(DatabaseIdentity { system, timeline })
}
