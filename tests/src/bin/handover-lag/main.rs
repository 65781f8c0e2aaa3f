//! Measures how long a handover takes: from the second ineffective visit at DWP Visiting to the case at conferencing, as
//! both journals have it by the same database's clock, when nothing else happens and under load.
//!
//! `handover-lag` starts a suite on a private, durable Postgres as `holdfast serve` does; `handover-lag <url>` on an empty
//! database under a role that may create roles. Takes about a minute. Meaningful in a release build on a quiet machine.

mod load;
mod rig;
mod table;

use rig::{Fault, Rig};
use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

/// Handovers one after another.
const IDLE: usize = 200;
/// Closed-loop clients that saturate the suite, and for how long.
const CLIENTS: usize = 32;
const SATURATING: Duration = Duration::from_secs(10);
/// The share of the saturation rate to drive at, in percent, and for how long.
const SHARE: u32 = 70;
const DRIVING: Duration = Duration::from_secs(30);
/// One in this many commands under load is a second visit, which is handed over.
const HANDED_OVER: usize = 20;
/// All of it takes no longer than this.
const WITHIN: Duration = Duration::from_secs(240);

fn main() -> ExitCode {
    let measured = tokio::runtime::Runtime::new().map_err(Fault::from).and_then(|runtime| {
        let within =
            async { tokio::time::timeout(WITHIN, measure()).await.unwrap_or_else(|_| Err("it took too long".into())) };
        runtime.block_on(within)
    });
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            // Where standard error is gone, so is whoever would read it.
            let _ = writeln!(io::stderr(), "handover-lag: {fault}");
            ExitCode::FAILURE
        }
    }
}

async fn measure() -> Result<(), Fault> {
    let mut out = io::stdout();
    let rig = Rig::start(std::env::args().nth(1)).await?;
    if cfg!(debug_assertions) {
        writeln!(out, "This is no release build: the figures say little.")?;
    }
    writeln!(out, "{IDLE} handovers, one after another")?;
    load::one_after_another(&rig, IDLE).await?;
    writeln!(out, "{CLIENTS} clients as fast as they are answered, for {SATURATING:?}")?;
    let (saturated, stock) = load::saturate(&rig, CLIENTS, SATURATING).await?;
    let rate = saturated.rate() * f64::from(SHARE) / 100.0;
    writeln!(out, "{rate:.0} commands a second, every {HANDED_OVER}th of them handed over, for {DRIVING:?}")?;
    let driven = load::drive(&rig, stock, rate, DRIVING, HANDED_OVER).await?;
    rig.until_handed_over().await?;
    let under_load = format!("at {SHARE} % of saturation");
    let rows = [
        table::Row::of("handover, idle", rig.lags("idle").await?, None),
        table::Row::of(&format!("handover, {under_load}"), rig.lags("load").await?, None),
        table::Row::of("command, saturated", saturated.latencies.clone(), Some(saturated.rate())),
        table::Row::of(&format!("command, {under_load}"), driven.latencies.clone(), Some(driven.rate())),
    ];
    table::print(&mut out, &rows)?;
    if driven.refused > 0 {
        writeln!(out, "{} commands were refused under load", driven.refused)?;
    }
    rig.stop().await
}
