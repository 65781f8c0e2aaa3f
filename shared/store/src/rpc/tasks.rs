//! `holdfast.tasks.v1.TaskService`.

use crate::{
    Header, Narrative,
    kind::{Kinds, OfAnyKind},
    rpc::watch::{self, Watchers},
    tasks::{Filter, merged},
    wire,
};
use holdfast_chassis::{Caller, Failure, Fields, page};
use holdfast_contracts::holdfast::tasks::v1::{self as pb, task_service_server::TaskService};
use holdfast_procedure::{
    Cover, Workload,
    desk::{Assignment, Command},
};
use std::collections::BTreeSet;
use tonic::{Request, Response, Status};

/// What is asked of tasks, alike in a list and in a watch.
macro_rules! given {
    ($request:expr) => {
        Given {
            owner: $request.owner,
            case: &$request.case_reference,
            benefit: $request.benefit,
            due_by: $request.due_by,
            overdue: $request.overdue,
            team: &$request.team,
            person: &$request.person,
            service: $request.service,
        }
    };
}

/// The tasks of these kinds of case.
pub struct Tasks {
    kinds: Kinds,
    watchers: Watchers,
}

impl Tasks {
    /// The tasks of these kinds of case.
    #[must_use]
    pub fn new(kinds: Kinds) -> Self {
        Self { kinds, watchers: Watchers::default() }
    }

    /// That a case is kept here: only then does an empty list say that nothing is owed on it.
    async fn is_kept(&self, case: &str) -> Result<(), Failure> {
        for store in self.kinds.stores() {
            if store.keeps(case).await? {
                return Ok(());
            }
        }
        Err(Failure::CaseNotFound(case.to_owned()))
    }

    /// Has a case's service record what was done or assigned.
    async fn desk(&self, command: OnTask) -> Result<holdfast_contracts::holdfast::common::v1::Effect, Failure> {
        let OnTask { service, case, command, narratives, header } = command;
        self.kinds.of(service, &case)?.desk(OfAnyKind { case, command, narratives, header }).await
    }
}

#[tonic::async_trait]
impl TaskService for Tasks {
    type WatchTasksStream = watch::Stream;

    async fn list_tasks(
        &self,
        request: Request<pb::ListTasksRequest>,
    ) -> Result<Response<pb::ListTasksResponse>, Status> {
        let request = request.into_inner();
        let mut fields = Fields::default();
        let filter = filter(&mut fields, &self.kinds, &given!(request));
        let limit = fields.page_size("page_size", request.page_size, 50, 200);
        let after = filter.as_ref().and_then(|filter| page::after(&mut fields, filter, &request.page_token));
        let (filter, limit, after) = fields.finish(filter.zip(limit).zip(after).map(|((f, l), a)| (f, l, a)))?;
        let mut found = Vec::new();
        for store in self.kinds.stores() {
            if filter.service.is_none_or(|service| service == store.workload()) {
                // One more than is asked for tells whether there is more.
                let listed = store.list_tasks(&filter, after.as_ref(), limit + 1).await;
                found.extend(listed.map_err(Failure::from)?);
            }
        }
        if let (Some(case), true) = (&filter.case, found.is_empty()) {
            self.is_kept(case).await?;
        }
        let (tasks, next) = merged(found, limit);
        let next_page_token = next.map(|next| page::token(&filter, next)).unwrap_or_default();
        Ok(Response::new(pb::ListTasksResponse { tasks, next_page_token }))
    }

    async fn watch_tasks(
        &self,
        request: Request<pb::WatchTasksRequest>,
    ) -> Result<Response<Self::WatchTasksStream>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let filter = filter(&mut fields, &self.kinds, &given!(request));
        let from =
            filter.as_ref().and_then(|filter| watch::from(&mut fields, &self.kinds, filter, &request.resume_token));
        let (filter, from) = fields.finish(filter.zip(from))?;
        Ok(Response::new(self.watchers.begin(&self.kinds, &caller.person, filter, from).await?))
    }

    async fn assign_task(
        &self,
        request: Request<pb::AssignTaskRequest>,
    ) -> Result<Response<pb::AssignTaskResponse>, Status> {
        let caller = Caller::of(&request)?;
        let command = assignment(&self.kinds, &caller, &request.into_inner())?;
        let effect = Some(self.desk(command).await?);
        Ok(Response::new(pb::AssignTaskResponse { effect }))
    }

    async fn complete_task(
        &self,
        request: Request<pb::CompleteTaskRequest>,
    ) -> Result<Response<pb::CompleteTaskResponse>, Status> {
        let caller = Caller::of(&request)?;
        let command = completion(&self.kinds, &caller, &request.into_inner())?;
        let effect = Some(self.desk(command).await?);
        Ok(Response::new(pb::CompleteTaskResponse { effect }))
    }
}

/// The filters that a list and a watch share, as they were asked.
struct Given<'a> {
    owner: i32,
    case: &'a str,
    benefit: i32,
    due_by: Option<prost_types::Timestamp>,
    overdue: bool,
    team: &'a str,
    person: &'a str,
    service: i32,
}

fn filter(fields: &mut Fields, kinds: &Kinds, given: &Given<'_>) -> Option<Filter> {
    let owner = fields.optional_choice("owner", given.owner, wire::role_from);
    let case = optional_case(fields, kinds, "case_reference", given.case);
    let benefit = fields.optional_choice("benefit", given.benefit, wire::benefit_from);
    let due_by = fields.optional_instant("due_by", given.due_by);
    let team = fields.optional_reference("team", given.team);
    let person = optional_person(fields, "person", given.person);
    let service = fields.optional_choice("service", given.service, wire::workload_from);
    Some(Filter {
        owner: owner?,
        case: case?,
        benefit: benefit?,
        due_by: due_by?,
        overdue: given.overdue,
        team: team?,
        person: person?,
        service: service?,
    })
}

/// The reference of a case that one of these kinds could be of; what nobody keeps cases under would read as nothing owed.
fn optional_case(fields: &mut Fields, kinds: &Kinds, field: &str, case: &str) -> Option<Option<String>> {
    let reference = fields.optional_reference(field, case)?;
    let prefixes: BTreeSet<_> = kinds.iter().map(|kind| kind.prefix()).collect();
    if reference.as_ref().is_some_and(|case| !prefixes.iter().any(|prefix| case.starts_with(prefix))) {
        let prefixes = Vec::from_iter(prefixes).join(" or ");
        fields.fault(field, format!("has to be the reference of a case, which begins with {prefixes}"));
        return None;
    }
    Some(reference)
}

fn optional_person(fields: &mut Fields, field: &str, person: &str) -> Option<Option<String>> {
    if person.is_empty() { Some(None) } else { fields.person(field, person).map(Some) }
}

/// A command on a task, and the case that it belongs to.
struct OnTask {
    service: Workload,
    case: String,
    command: Command,
    narratives: Vec<Narrative>,
    header: Header,
}

/// The service, the case and the key that a task's name is made of.
fn named(fields: &mut Fields, task: &str) -> Option<(Workload, String, String)> {
    let Some((service, case, key)) = wire::task_named(task) else {
        fields.fault(
            "task",
            "has to be a task's name: the service, the case's reference and its key, with slashes between",
        );
        return None;
    };
    Some((service, fields.reference("task", case)?, fields.reference("task", key)?))
}

fn assignment(kinds: &Kinds, caller: &Caller, request: &pb::AssignTaskRequest) -> Result<OnTask, Failure> {
    let mut fields = Fields::default();
    let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
    let header = Header::read(kinds.any_store()?, &mut fields, caller, request, given);
    let task = named(&mut fields, &request.task);
    let team = fields.optional_reference("team", &request.team);
    let person = optional_person(&mut fields, "person", &request.person);
    let cover = match &request.cover {
        None => Some(None),
        Some(cover) => {
            let person = fields.person("cover.person", &cover.person);
            person.zip(fields.instant("cover.until", cover.until)).map(|(person, until)| Some(Cover { person, until }))
        }
    };
    let read = (|| {
        let ((service, case, key), to) = (task?, Assignment { team: team?, person: person?, cover: cover? });
        let command = Command::Assign { key, to };
        Some(OnTask { service, case, command, narratives: vec![], header: header? })
    })();
    fields.finish(read)
}

fn completion(kinds: &Kinds, caller: &Caller, request: &pb::CompleteTaskRequest) -> Result<OnTask, Failure> {
    let mut fields = Fields::default();
    let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
    let header = Header::read(kinds.any_store()?, &mut fields, caller, request, given);
    let task = named(&mut fields, &request.task);
    let occurred_at = fields.instant("occurred_at", request.occurred_at);
    let system = fields.reference("system", &request.system);
    let reference = fields.reference("reference", &request.reference);
    let late = fields.optional_text("late_reason", &request.late_reason, 2_000).map(|text| text.map(Narrative::new));
    let read = (|| {
        let ((service, case, key), late) = (task?, late?);
        let late_reason = late.as_ref().map(Narrative::reference);
        let (occurred_at, system, reference) = (occurred_at?, system?, reference?);
        let command = Command::Complete { key, occurred_at, system, reference, late_reason };
        Some(OnTask { service, case, command, narratives: late.into_iter().collect(), header: header? })
    })();
    fields.finish(read)
}
