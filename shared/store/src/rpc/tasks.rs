//! `holdfast.tasks.v1.TaskService`.

use crate::{
    Header, Narrative, Store,
    execute::{Case, Order},
    ledger::{Ledger, TaskDone},
    tasks::Filter,
    wire,
};
use holdfast_chassis::{Caller, Failure, Fields, page};
use holdfast_contracts::holdfast::tasks::v1::{
    CompleteTaskRequest, CompleteTaskResponse, ListTasksRequest, ListTasksResponse, task_service_server::TaskService,
};
use prost::Message;
use std::marker::PhantomData;
use tonic::{Request, Response, Status};

/// The tasks of one kind of case.
pub struct Tasks<L> {
    store: Store,
    of: PhantomData<L>,
}

impl<L> Tasks<L> {
    /// The tasks of this store's cases.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, of: PhantomData }
    }
}

#[tonic::async_trait]
impl<L: Ledger> TaskService for Tasks<L> {
    async fn list_tasks(&self, request: Request<ListTasksRequest>) -> Result<Response<ListTasksResponse>, Status> {
        let request = request.into_inner();
        let mut fields = Fields::default();
        let filter = filter(&mut fields, &request);
        let limit = fields.page_size("page_size", request.page_size, 50, 200);
        let after = filter.as_ref().and_then(|filter| page::after(&mut fields, filter, &request.page_token));
        let (filter, limit, after) = fields.finish(filter.zip(limit).zip(after).map(|((f, l), a)| (f, l, a)))?;
        let (tasks, next) = self.store.list_tasks(&filter, after, limit).await?;
        let next_page_token = next.map(|next| page::token(&filter, next)).unwrap_or_default();
        Ok(Response::new(ListTasksResponse { tasks, next_page_token }))
    }

    async fn complete_task(
        &self,
        request: Request<CompleteTaskRequest>,
    ) -> Result<Response<CompleteTaskResponse>, Status> {
        let caller = Caller::of(&request)?;
        let order = completion::<L>(&self.store, &caller, &request.into_inner())?;
        Ok(Response::new(self.store.answer(order).await?))
    }
}

fn filter(fields: &mut Fields, request: &ListTasksRequest) -> Option<Filter> {
    let owner = fields.optional_choice("owner", request.owner, wire::role_from);
    let benefit = fields.optional_choice("benefit", request.benefit, wire::benefit_from);
    let due_by = fields.optional_instant("due_by", request.due_by);
    let case = fields.optional_reference("case_reference", &request.case_reference);
    Some(Filter { owner: owner?, benefit: benefit?, due_by: due_by?, case: case?, overdue: request.overdue })
}

fn completion<L: Ledger>(store: &Store, caller: &Caller, request: &CompleteTaskRequest) -> Result<Order<L>, Failure> {
    let mut fields = Fields::default();
    let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
    let header = Header::read(store, &mut fields, caller, request, given);
    let name = request.task.split_once('/').filter(|(case, key)| !key.is_empty() && !case.is_empty());
    if name.is_none() {
        fields.fault("task", "has to be a task's name: the case's reference, a slash, and its key");
    }
    let case = name.and_then(|(case, _)| fields.reference("task", case));
    let key = name.and_then(|(_, key)| fields.reference("task", key));
    let occurred_at = fields.instant("occurred_at", request.occurred_at);
    let system = fields.reference("system", &request.system);
    let reference = fields.reference("reference", &request.reference);
    let late = fields.optional_text("late_reason", &request.late_reason, 2_000).map(|text| text.map(Narrative::new));
    let read = (|| {
        let late = late?;
        let late_reason = late.as_ref().map(Narrative::reference);
        let done =
            TaskDone { key: key?, occurred_at: occurred_at?, system: system?, reference: reference?, late_reason };
        Some((header?, case?, done, late))
    })();
    let (header, case, done, late) = fields.finish(read)?;
    let no_such_task = || Failure::PartNotFound("no such task is owed on this case".to_owned());
    let command = L::task_done(done).ok_or_else(no_such_task)?;
    let narratives = late.into_iter().collect();
    let render = |outcome: &_| {
        let effect = Some(wire::effect::<_>(outcome, L::award(&outcome.state)));
        CompleteTaskResponse { effect }.encode_to_vec()
    };
    Ok(Order { case: Case::Known(case), command, narratives, header, render })
}
