//! Requests about the directory into commands.

use super::optional_person;
use crate::{Areas, view::areas::Filter};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use holdfast_procedure::directory::{Command, Leader};
use holdfast_store::{Case, Given, Header, Ledger, Order, Outcome, State, Store, given, reading::telephone};
use prost::Message;

use super::reply;

/// The case that an area is.
pub(crate) fn case_of(area: &str) -> String {
    format!("{}{area}", Areas::CASES)
}

/// A failure in the words of whoever asked for an area.
pub(crate) fn named(failure: Failure, area: &str) -> Failure {
    if matches!(failure, Failure::CaseNotFound(_)) { Failure::AreaNotFound(area.to_owned()) } else { failure }
}

pub(crate) fn set(store: &Store, caller: &Caller, asked: &pb::SetLeaderRequest) -> Result<Order<Areas>, Failure> {
    order(store, caller, given!(asked), &asked.area, Case::New, reply::render_area::<pb::SetLeaderResponse>, |fields| {
        let leader = fields.message("leader", asked.leader.as_ref()).and_then(|leader| read_leader(fields, leader));
        Some(Command::SetLeader { area: asked.area.clone(), leader: leader? })
    })
}

pub(crate) fn remove(store: &Store, caller: &Caller, asked: &pb::RemoveLeaderRequest) -> Result<Order<Areas>, Failure> {
    let render = reply::render_area::<pb::RemoveLeaderResponse>;
    order(store, caller, given!(asked), &asked.area, Case::Known, render, |_| Some(Command::RemoveLeader))
}

/// Reads a request about an area, which is known by its code rather than by the reference of a case.
fn order<R: Message>(
    store: &Store,
    caller: &Caller,
    (request, given): (&R, Given<'_>),
    area: &str,
    case: fn(String) -> Case,
    render: fn(&Outcome<State<Areas>>) -> Vec<u8>,
    read: impl FnOnce(&mut Fields) -> Option<Command>,
) -> Result<Order<Areas>, Failure> {
    let mut fields = Fields::default();
    let header = Header::read(store, &mut fields, caller, request, given);
    let area = fields.reference("area", area);
    let command = read(&mut fields);
    let read = header.zip(area).zip(command).map(|((header, area), command)| (header, area, command));
    let (header, area, command) = fields.finish(read)?;
    Ok(Order { case: case(case_of(&area)), command, narratives: Vec::new(), notes: Vec::new(), header, render })
}

fn read_leader(fields: &mut Fields, leader: &pb::Leader) -> Option<Leader> {
    let person = fields.person("leader.person", &leader.person);
    let office = fields.reference("leader.office", &leader.office);
    let telephone = telephone(fields, "leader.telephone", &leader.telephone);
    let since = fields.instant("leader.since", leader.since);
    Some(Leader { person: person?, office: office?, telephone: telephone?, since: since? })
}

/// A filter and where to begin, from a request for a list.
pub(crate) fn list(fields: &mut Fields, request: &pb::ListLeadersRequest) -> Option<(Filter, Option<String>, u32)> {
    let person = optional_person(fields, "person", &request.person);
    let office = fields.optional_reference("office", &request.office);
    let limit = fields.page_size("page_size", request.page_size, 50, 200);
    let filter = Filter { person: person?, office: office? };
    let after = holdfast_chassis::page::after(fields, &filter, &request.page_token);
    Some((filter, after?, limit?))
}
