//! A case told from end to end, played over gRPC against a running suite. The visits carry past dates, so that no clock
//! has to be moved.

mod beginning;
mod cast;
mod client;
mod concern;
mod conclusion;
mod enquiries;
mod payments;
mod story;
mod visits;

use crate::address::Running;
use chrono::{DateTime, Utc};
use client::Client;
use holdfast_contracts::holdfast::common::v1::Benefit;
use payments::Payments;
use std::{error::Error, io::Write, time::Duration};
use story::Story;

/// Why the demonstration stopped.
type Fault = Box<dyn Error + Send + Sync>;

/// Facts that are older than ten working days say why they come late.
const LATE: &str = "Recorded for a demonstration.";

/// Plays a case of a benefit against a running suite, from its beginning to the informed decision, and tells it.
///
/// # Errors
/// What the suite says, or where the story cannot be written.
pub async fn tell(running: &Running, benefit: Benefit, out: &mut (dyn Write + Send)) -> Result<(), Fault> {
    let cast = cast::of(benefit).ok_or("there is a story for pip, esa, uc and atw")?;
    let mut client = Client::connect(running).await?;
    let mut story = Story::new(out);
    story.title(cast.title)?;
    let (case, award) = beginning::play(&mut client, &mut story, cast).await?;
    let payments = Payments::of(running, award);
    let [referred, visited, concerned] = cast.told;
    payments.ask(&mut story, referred).await?;
    visits::play(&mut client, &mut story, cast, &case).await?;
    let lead = cast.lead.name();
    story.title(&format!("The case is with the {lead} by itself, and payment goes on ({visited})."))?;
    payments.ask(&mut story, visited).await?;
    enquiries::play(&mut client, &mut story, cast, &case).await?;
    story.title(&format!("The concern is with safeguarding by itself, and payment goes on ({concerned})."))?;
    payments.ask(&mut story, concerned).await?;
    concern::play(&mut client, &mut story, cast, &case).await?;
    story.title(&format!("The outcome is back with the {lead} by itself."))?;
    conclusion::play(&mut client, &mut story, cast, &case).await?;
    payments.ask_at_the_end(&mut story).await?;
    crate::story::tell(running, &case, story.out()).await?;
    story.title(&format!("`holdfast story {case}` tells it again."))
}

fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: at.timestamp(), nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0) }
}

/// The present instant.
fn now() -> DateTime<Utc> {
    holdfast_chassis::Clock::System.now()
}

/// Asks until there is an answer. Handovers take milliseconds, but nobody promises when.
async fn patiently<T>(mut ask: impl AsyncFnMut() -> Result<Option<T>, Fault>) -> Result<T, Fault> {
    for _ in 0..100 {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the case did not arrive at the next service; the suite's log says why".into())
}
