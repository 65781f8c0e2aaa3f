//! Which facts become calls to other services: the file of a case goes to conferencing once two visits have been
//! ineffective, and again whenever it changes; what was recorded in error is taken back from there.

use crate::Referrals;
use holdfast_contracts::holdfast::conferencing::v1::{ReceiveCaseRequest, TakeBackCaseRequest};
use holdfast_procedure::{
    Workload,
    handover::TakenBack,
    visiting::{Event, file},
};
use holdfast_store::{
    Brought, Calls,
    customers::{introduce, share},
    handing::{self, case_file},
};

/// Where conferencing takes a case over.
const RECEIVE_CASE: &str = "/holdfast.conferencing.v1.ConferencingService/ReceiveCase";
/// Where conferencing gives a case back.
const TAKE_BACK_CASE: &str = "/holdfast.conferencing.v1.ConferencingService/TakeBackCase";

pub(crate) fn calls(brought: &Brought<'_, Referrals>, calls: &mut Calls) {
    if let (None, Some(opened)) = (&brought.before.opened, &brought.after.opened) {
        // What was told of another case of the customer's was not told of this one.
        share(Workload::Visiting, &opened.award.customer, calls);
    }
    if let Some(taken) = taken_back(brought) {
        calls.add(Workload::Conferencing, TAKE_BACK_CASE, |request_id| TakeBackCaseRequest {
            request_id,
            case_reference: brought.case.to_owned(),
            taken_back: Some(handing::taken_back(&taken)),
            ..TakeBackCaseRequest::default()
        });
    }
    let Some(now) = file(brought.after).filter(|now| file(brought.before).as_ref() != Some(now)) else { return };
    calls.add(Workload::Conferencing, RECEIVE_CASE, |request_id| ReceiveCaseRequest {
        request_id,
        case_reference: brought.case.to_owned(),
        file: Some(case_file(&now)),
        ..ReceiveCaseRequest::default()
    });
    if file(brought.before).is_none() {
        let customer = &now.award.customer;
        let line = (Workload::Visiting, Workload::Conferencing);
        introduce(brought.case, customer, &brought.after.customer, line, calls);
    }
}

/// What was recorded in error and took the case back from whoever led it, as whoever asked and whoever confirmed say.
fn taken_back(brought: &Brought<'_, Referrals>) -> Option<TakenBack> {
    let asked = brought.before.retraction.as_ref()?;
    let takes_back = |event: &Event| matches!(event, Event::RetractionConfirmed { takes_back: true, .. });
    brought.events.iter().any(|ruled| takes_back(&ruled.event)).then(|| TakenBack {
        asked_by: asked.by.clone(),
        confirmed_by: brought.actor.clone(),
        at: brought.at,
        narrative: asked.retracting.reason().clone(),
    })
}
