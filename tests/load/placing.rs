//! Holds that are placed while questions are asked, as the visiting service places them.

use crate::{
    Fault,
    awards::{Awards, Known, Subject},
};
use holdfast_contracts::holdfast::safeguarding::v1::{
    PlaceHoldRequest, protection_service_client::ProtectionServiceClient,
};
use holdfast_tests::mesh::HEADER;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use tonic::{Request, metadata::AsciiMetadataValue, transport::Channel};

/// Holds placed in a second.
pub(crate) const RATE: u32 = 50;
/// How long a hold may take to be placed.
const WITHIN: Duration = Duration::from_secs(10);

/// What became of the holds.
#[derive(Default)]
pub(crate) struct Placed {
    /// Calls that were refused; the holds were not asked about.
    pub(crate) refused: AtomicU64,
    /// All the time that those acknowledged took together, in microseconds.
    pub(crate) micros: AtomicU64,
}

/// Places the hold on an award.
pub(crate) async fn place(channel: &Channel, on: Subject) -> Result<(), Fault> {
    let hold = on.hold();
    let mut request = Request::new(PlaceHoldRequest {
        request_id: hold.case_reference.clone(),
        hold: Some(hold),
        ..Default::default()
    });
    request.metadata_mut().insert(HEADER, AsciiMetadataValue::from_static("visiting.mesh"));
    request.set_timeout(WITHIN);
    ProtectionServiceClient::new(channel.clone()).place_hold(request).await?;
    Ok(())
}

/// Places holds at their rate, whether or not those before were acknowledged, for as long as it is polled.
pub(crate) async fn keep_placing(channel: Channel, awards: Arc<Awards>, placed: Arc<Placed>) {
    let mut due = tokio::time::interval(Duration::from_secs(1) / RATE);
    let mut placing = JoinSet::new();
    for number in 0_u64.. {
        due.tick().await;
        while placing.try_join_next().is_some() {}
        let (channel, awards, placed) = (channel.clone(), Arc::clone(&awards), Arc::clone(&placed));
        placing.spawn(async move {
            let begun = Instant::now();
            match place(&channel, Subject(Known::Late, number)).await {
                Ok(()) => {
                    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
                    placed.micros.fetch_add(micros, Ordering::Relaxed);
                    awards.acknowledged(number);
                }
                Err(_) => {
                    placed.refused.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    }
}
