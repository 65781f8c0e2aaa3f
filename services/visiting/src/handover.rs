//! Which facts become calls to other services: the file of a case goes to conferencing once two visits have been
//! ineffective, and again whenever it changes.

use crate::Referrals;
use holdfast_contracts::holdfast::conferencing::v1::ReceiveCaseRequest;
use holdfast_procedure::{Workload, visiting::file};
use holdfast_store::{
    Brought, Calls,
    customers::{introduce, share},
    handing::case_file,
};

/// Where conferencing takes a case over.
const RECEIVE_CASE: &str = "/holdfast.conferencing.v1.ConferencingService/ReceiveCase";

pub(crate) fn calls(brought: &Brought<'_, Referrals>, calls: &mut Calls) {
    if let (None, Some(opened)) = (&brought.before.opened, &brought.after.opened) {
        // What was told of another case of the customer's was not told of this one.
        share(Workload::Visiting, &opened.award.customer, calls);
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
