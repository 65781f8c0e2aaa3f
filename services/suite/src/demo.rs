//! A case told from end to end, played over gRPC against a running suite. The visits carry past dates, so that no clock
//! has to be moved.

mod client;
mod concern;
mod enquiries;
mod payments;
mod story;
mod visits;

use crate::address::Running;
use chrono::{DateTime, Utc};
use client::Client;
use payments::Payments;
use std::{error::Error, io::Write, time::Duration};
use story::Story;

/// Why the demonstration stopped.
type Fault = Box<dyn Error + Send + Sync>;

/// Facts that are older than ten working days say why they come late.
const LATE: &str = "Recorded for a demonstration.";

/// Plays a PIP case against a running suite, from the referral to the informed decision, and tells it.
///
/// # Errors
/// What the suite says, or where the story cannot be written.
pub async fn tell(running: &Running, out: &mut (dyn Write + Send)) -> Result<(), Fault> {
    let mut client = Client::connect(running).await?;
    let mut story = Story::new(out);
    story.title("A PIP customer has not answered two letters.")?;
    let referral = visits::refer(&mut client, &mut story).await?;
    let case = referral.case_reference.clone();
    let award = referral.award.ok_or("the reply names no award")?;
    let payments = Payments::of(running, award.customer, award.award);
    payments.ask(&mut story, "R-OPEN-REFERRAL").await?;
    visits::play(&mut client, &mut story, &case).await?;
    story.title("The case is with the CES Team by itself, and payment goes on (PIP, paragraph 6).")?;
    payments.ask(&mut story, "PIP-6").await?;
    enquiries::play(&mut client, &mut story, &case).await?;
    story.title("The concern is with safeguarding by itself, and payment goes on (PIP, paragraph 14).")?;
    payments.ask(&mut story, "PIP-14").await?;
    concern::play(&mut client, &mut story, &case).await?;
    story.title("The outcome is back with the CES Team by itself.")?;
    enquiries::conclude(&mut client, &mut story, &case).await?;
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
