//! What the protection check costs beside an echo of the same size: how many questions a second, how much processor time
//! each, in one run, sides in turn; and whether every answer was right.
//!
//! `check-load` starts a durable Postgres and the programs `holdfast-visiting`, `holdfast-conferencing` and
//! `holdfast-safeguarding` that lie beside it, in production mode: identities from the mesh's header, persons from
//! tokens. Tracing is on as a process has it that is told of no collector: each call has its span, which is recorded and
//! exported nowhere, and logs are lines of JSON on standard error. The ledger is filled with holds before anything is
//! asked, and more are placed all the while.
//!
//! - A is the check. Postgres is counted with it. What placing holds, proofs and Postgres' upkeep take is no question's own:
//!   as much as the check's process and Postgres use while the echoes are asked, in the same repetition. Both ratios are
//!   told, with it and without; the one without is held against the target.
//! - B is a server behind the same layers and on the same runtime, which answers the same questions at once, with as many
//!   bytes.
//! - C is the same without any layer.
//!
//! All callers are on one thread of one process, over as few connections as a mesh's proxy has to a service.
//!
//! `DATABASE_URL` names an empty database on this machine to be used instead, under a role that may create roles.
//!
//! Fails for a wrong answer, not for a poor figure. Meaningful in a release build on a quiet machine.

mod awards;
mod cpu;
mod drive;
mod echo;
mod measure;
mod placing;
mod rig;
mod table;

use awards::Awards;
use clap::Parser;
use drive::{Found, Mode};
use holdfast_store::process::runtime;
use measure::{Beside, SIDES, Sample, measure};
use placing::{Placed, RATE, keep_placing};
use rig::Rig;
use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// Why nothing was measured.
pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// What the check's process may hold in memory, in MiB.
const RESIDENT: f64 = 60.0;

/// What is measured, and for how long.
#[derive(Debug, Parser)]
pub(crate) struct Options {
    /// How long each measurement takes, in seconds.
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// How often each is repeated.
    #[arg(long, default_value_t = 5)]
    repetitions: u64,
    /// Holds in the ledger before anything is asked.
    #[arg(long, default_value_t = 200_000)]
    holds: u64,
    /// Ask in this way only.
    #[arg(long, value_enum)]
    only: Option<Mode>,
    /// A short run that only shows that everything works.
    #[arg(long)]
    smoke: bool,
    /// One program that is every service, as `replica` is; those beside this one without it.
    #[arg(long)]
    program: Option<PathBuf>,
}

impl Options {
    fn read() -> Self {
        let options = Self::parse();
        if options.smoke { Self { seconds: 0.3, repetitions: 1, holds: 300, ..options } } else { options }
    }

    /// The program of a service.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        let beside = || std::env::current_exe().unwrap_or_default().with_file_name(name);
        self.program.clone().unwrap_or_else(beside)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = runtime().map_err(Fault::from).and_then(|runtime| match arguments.as_slice() {
        [which, patterns] if which == "echo" || which == "bare" => {
            runtime.block_on(echo::serve(patterns, which == "echo")).map(|()| true)
        }
        _ => runtime.block_on(run(&Options::read())),
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            // Where standard error is gone, so is whoever would read it.
            let _ = writeln!(io::stderr(), "check-load: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Measures everything, and says whether every answer was right.
async fn run(options: &Options) -> Result<bool, Fault> {
    let mut out = io::stdout();
    if cfg!(debug_assertions) {
        writeln!(out, "This is no release build: the figures say little.")?;
    }
    let rig = Rig::start(options).await?;
    let (fresh, _) = rig.resident()?;
    let (awards, placed) = (Arc::new(Awards::with_held(options.holds)?), Arc::new(Placed::default()));
    let placing = tokio::spawn(keep_placing(rig.ledger()?, Arc::clone(&awards), Arc::clone(&placed)));
    let during = Duration::from_secs_f64(options.seconds);
    let mut right = true;
    let mut samples: Vec<Sample> = Vec::new();
    for repetition in 0..options.repetitions {
        for mode in Mode::ALL.into_iter().filter(|mode| options.only.is_none_or(|only| only == *mode)) {
            for turn in 0..SIDES.len() {
                // Forth and back, so that no side always comes first.
                let side = if repetition % 2 == 0 { turn } else { SIDES.len() - 1 - turn };
                let found = Arc::new(Found::default());
                let seed = repetition * 100 + samples.len() as u64;
                let sample = measure(&rig, &awards, &found, (mode, side), (repetition, seed, during)).await?;
                table::line(&mut out, &sample)?;
                right &= told(&mut out, &found, (mode, side))?;
                samples.push(sample);
            }
        }
    }
    placing.abort();
    table::print(&mut out, &samples)?;
    right &= told_of_ledger(&mut out, options, (&awards, &placed), Beside::of(samples.iter()))?;
    let (now, most) = rig.resident()?;
    let verdict = if now <= RESIDENT { "met" } else { "MISSED" };
    writeln!(
        out,
        "memory of the check's process: {fresh:.1} MiB once open, {now:.1} MiB now, {most:.1} MiB at most; target \
         {RESIDENT:.0}: {verdict}\nresult memory_mib={now:.1} most_mib={most:.1} {verdict}"
    )?;
    writeln!(out, "result {}", if right { "every answer was right" } else { "WRONG" })?;
    rig.stop().await?;
    Ok(right)
}

/// Tells of wrong answers, and whether there were none among some.
fn told(out: &mut impl Write, found: &Found, (mode, side): (Mode, usize)) -> Result<bool, Fault> {
    let (wrong, answered) = (found.wrong.load(Ordering::Relaxed), found.answered.load(Ordering::Relaxed));
    if wrong > 0 {
        writeln!(out, "WRONG: {wrong} of {answered} answers, {mode}, {}", SIDES[side])?;
        found.told().iter().try_for_each(|fault| writeln!(out, "  {fault}"))?;
    }
    Ok(wrong == 0 && answered >= mode.questions())
}

/// Tells of the holds that were placed meanwhile, and whether any were: without, the copy in memory was never renewed.
fn told_of_ledger(
    out: &mut impl Write,
    options: &Options,
    (awards, placed): (&Awards, &Placed),
    beside: Beside,
) -> Result<bool, Fault> {
    let (late, refused) = (awards.late() as u64, placed.refused.load(Ordering::Relaxed));
    let each = measure::precise(placed.micros.load(Ordering::Relaxed)) / measure::precise(late.max(1)) / 1e3;
    writeln!(
        out,
        "\n{} holds in the ledger before; {late} placed meanwhile, {RATE} a second were due, {each:.1} ms each, \
         {refused} refused. While the echoes were asked, that, proofs and upkeep took {:.1} % of a core in the \
         check's process and {:.1} % in Postgres.",
        options.holds, beside.server, beside.postgres
    )?;
    writeln!(
        out,
        "tracing on: spans recorded for every call, exported nowhere (no collector is configured by default); logs as \
         JSON. Sources: the real programs, which hold nothing themselves, over the same Postgres."
    )?;
    Ok(late > 0)
}
