//! What every service offers alike.

mod customers;
mod delivery;
mod guidance;
mod proofs;
mod tasks;
mod watch;

pub use customers::Customers;
pub use delivery::Deliveries;
pub use guidance::Guidance;
pub(crate) use guidance::told_calendar;
pub use tasks::Tasks;

use crate::kind::Kinds;
use holdfast_chassis::serve::{LARGEST_REPLY, LARGEST_REQUEST, Services};
use holdfast_contracts::holdfast::{
    customers::v1::customer_service_server::CustomerServiceServer,
    delivery::v1::delivery_service_server::DeliveryServiceServer,
    guidance::v1::guidance_service_server::GuidanceServiceServer, tasks::v1::task_service_server::TaskServiceServer,
};

/// Adds to a server, once, what every service offers alike, over all the kinds of case that it serves.
pub fn offer(services: &mut Services, kinds: &Kinds) {
    let tasks = TaskServiceServer::new(Tasks::new(kinds.clone()));
    let guidance = GuidanceServiceServer::new(Guidance::new(kinds.clone()));
    let customers = CustomerServiceServer::new(Customers::new(kinds.clone()));
    let deliveries = DeliveryServiceServer::new(Deliveries::new(kinds.clone()));
    services
        .add(tasks.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY))
        .add(guidance.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY))
        .add(customers.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY))
        .add(deliveries.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY));
}
