//! Overrides: requests into commands, state into replies.

use super::optional_person;
use crate::{Overrides, view::overrides};
use chrono::{DateTime, Utc};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::{common::v1 as common, safeguarding::v1 as pb};
use holdfast_procedure::{
    NarrativeRef,
    escalation::Said,
    exception::{Command, Request, Stage, State},
    protection::{Action, ActionGround},
};
use holdfast_store::{
    Asked, For, Narrative, Order, Outcome, Store, given, names,
    reading::{account, award, reason},
    wire,
};
use prost::Message;

/// What the references of overrides begin with.
const PREFIX: &str = "EX";

names! {
    /// How far an override has come.
    pub(crate) stage, stage_from: Stage <=> pb::OverrideStage { Requested, Approved, Declined, Revoked, Expired }
}
names! {
    /// What is done to an award.
    pub(crate) action, action_from: Action <=> common::Action { Suspend, Stop, End, Disallow, Sanction, Reduce }
}

/// On what ground something is done to an award.
pub(crate) fn ground(ours: ActionGround) -> common::ActionGround {
    match ours {
        ActionGround::NonAttendance => common::ActionGround::NonAttendance,
        ActionGround::MissingEvidence => common::ActionGround::MissingEvidence,
        ActionGround::Any => common::ActionGround::Other,
    }
}

/// The ground that a request states: whoever decides on an exception has to know what it is for.
fn ground_from(theirs: common::ActionGround) -> Option<ActionGround> {
    match theirs {
        common::ActionGround::NonAttendance => Some(ActionGround::NonAttendance),
        common::ActionGround::MissingEvidence => Some(ActionGround::MissingEvidence),
        common::ActionGround::Other => Some(ActionGround::Any),
        common::ActionGround::Unspecified => None,
    }
}

pub(crate) fn request(
    store: &Store,
    caller: &Caller,
    asked: &pb::RequestOverrideRequest,
) -> Result<Order<Overrides>, Failure> {
    let render = render::<pb::RequestOverrideResponse>;
    Order::read(store, caller, given!(asked), &For::New(PREFIX), render, |fields| {
        let award = award(fields, "award", asked.award.as_ref());
        let action = fields.choice("action", asked.action, action_from);
        let ground = fields.choice("ground", asked.ground, ground_from);
        let until = fields.instant("until", asked.until);
        let why = account(fields, "reason", &asked.reason);
        let basis = reason(fields, "legal_basis", &asked.legal_basis);
        let (why, basis) = why.zip(basis)?;
        let (reason, legal_basis) = (why.reference(), basis.reference());
        let request = Request { award: award?, action: action?, ground: ground?, until: until?, legal_basis };
        Some(Asked { command: Command::Request { request, reason }, narratives: vec![why, basis] })
    })
}

/// What is decided about an override, and why.
fn decided(fields: &mut Fields, text: &str, command: impl FnOnce(NarrativeRef) -> Command) -> Option<Asked<Overrides>> {
    let why: Narrative = reason(fields, "reason", text)?;
    Some(Asked { command: command(why.reference()), narratives: vec![why] })
}

/// One function a decision: `name: Request => Reply, the command`.
macro_rules! decisions {
    ($($name:ident: $request:ident => $reply:ident, $command:ident;)+) => {
        $(pub(crate) fn $name(
            store: &Store,
            caller: &Caller,
            asked: &pb::$request,
        ) -> Result<Order<Overrides>, Failure> {
            let case = For::Known(&asked.case_reference);
            Order::read(store, caller, given!(asked), &case, render::<pb::$reply>, |fields| {
                decided(fields, &asked.reason, |reason| Command::$command { reason })
            })
        })+
    };
}

decisions! {
    approve: ApproveOverrideRequest => ApproveOverrideResponse, Approve;
    decline: DeclineOverrideRequest => DeclineOverrideResponse, Decline;
    revoke: RevokeOverrideRequest => RevokeOverrideResponse, Revoke;
}

/// A filter and where to begin, from a request for a list.
pub(crate) fn list(
    fields: &mut Fields,
    request: &pb::ListOverridesRequest,
) -> Option<(overrides::Filter, Option<overrides::After>, u32)> {
    let customer = fields.optional_reference("customer", &request.customer);
    let award = fields.optional_reference("award", &request.award);
    let benefit = fields.optional_choice("benefit", request.benefit, wire::benefit_from);
    let stage = fields.optional_choice("stage", request.stage, stage_from);
    let requested_by = optional_person(fields, "requested_by", &request.requested_by);
    let limit = fields.page_size("page_size", request.page_size, 50, 200);
    let filter = overrides::Filter {
        customer: customer?,
        award: award?,
        benefit: benefit?,
        stage: stage?,
        requested_by: requested_by?,
    };
    let after = holdfast_chassis::page::after(fields, &filter, &request.page_token);
    Some((filter, after?, limit?))
}

/// The reply of a command about an override.
pub(crate) trait Reply: Message {
    /// The reply with these parts.
    fn of(told: Option<pb::Override>, effect: Option<common::Effect>) -> Self;
}

macro_rules! replies {
    ($($reply:ident),+ $(,)?) => {
        $(impl Reply for pb::$reply {
            fn of(told: Option<pb::Override>, effect: Option<common::Effect>) -> Self {
                Self { r#override: told, effect }
            }
        })+
    };
}

replies! {
    RequestOverrideResponse, ApproveOverrideResponse, DeclineOverrideResponse, RevokeOverrideResponse,
    GetOverrideResponse,
}

/// The encoded reply of a command. What a command brought about is a matter of record, whatever the time.
fn render<R: Reply>(brought: &Outcome<State>) -> Vec<u8> {
    reply::<R>(brought, brought.state.recorded()).encode_to_vec()
}

/// An override as it is at `now`.
pub(crate) fn present(found: &Outcome<State>, now: DateTime<Utc>) -> pb::GetOverrideResponse {
    reply(found, found.state.stage(now))
}

fn reply<R: Reply>(brought: &Outcome<State>, stage: Stage) -> R {
    let about = brought.state.request.as_ref().map(|request| &request.what.award);
    R::of(told(&brought.case, &brought.state, stage), Some(wire::effect(brought, about)))
}

fn told(case: &str, state: &State, at: Stage) -> Option<pb::Override> {
    let request = state.request.as_ref()?;
    let Request { award, action: what, ground: on, until, legal_basis } = &request.what;
    Some(pb::Override {
        case_reference: case.to_owned(),
        stage: stage(at).into(),
        award: Some(wire::award(award)),
        action: action(*what).into(),
        ground: ground(*on).into(),
        until: Some(wire::timestamp(*until)),
        requested_by: Some(wire::actor(&request.by)),
        requested_at: Some(wire::timestamp(request.at)),
        reason: request.words.0.clone(),
        legal_basis: legal_basis.0.clone(),
        approval: state.approved.as_ref().map(decision),
        decline: state.declined.as_ref().map(decision),
        withdrawn: state.declined.as_ref().is_some_and(|declined| declined.what),
        revocation: state.revoked.as_ref().map(decision),
    })
}

fn decision<T>(said: &Said<T>) -> pb::OverrideDecision {
    pb::OverrideDecision {
        decided_by: Some(wire::actor(&said.by)),
        decided_at: Some(wire::timestamp(said.at)),
        narrative: said.words.0.clone(),
    }
}
