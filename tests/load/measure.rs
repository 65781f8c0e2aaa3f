//! One measurement: a side, asked in one way for a while.

use crate::{
    Fault,
    awards::Awards,
    cpu::{self, Process},
    drive::{Found, Mode, drive},
    rig::Rig,
};
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

/// How long callers ask before anything counts.
const WARM_UP: Duration = Duration::from_millis(500);

/// The check's place among [`SIDES`].
const CHECK: usize = 0;
/// The check, the echo behind the layers, and the bare echo.
pub(crate) const SIDES: [&str; 3] = ["A check", "B echo, layered", "C echo, bare"];

/// What one measurement found. Processor time is in microseconds a question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) mode: Mode,
    pub(crate) repetition: u64,
    /// Place among [`SIDES`].
    pub(crate) side: usize,
    /// Questions answered in a second.
    pub(crate) rate: f64,
    /// Processor time of the server.
    pub(crate) server: f64,
    /// Of Postgres; nothing but for the check.
    pub(crate) postgres: f64,
    /// What was used beside, while an echo was asked.
    pub(crate) beside: Beside,
    /// Of the callers.
    pub(crate) client: f64,
    /// Bytes of an answer.
    pub(crate) bytes: f64,
    /// What others used of this machine meanwhile, in percent of all of it.
    pub(crate) others: f64,
}

/// What the check's process and Postgres use while an echo is asked, in percent of one core: the price of placing holds,
/// of the sources' proofs and of Postgres' own upkeep.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Beside {
    pub(crate) server: f64,
    pub(crate) postgres: f64,
}

impl Beside {
    /// On the average of those that were taken while an echo was asked.
    pub(crate) fn of<'a>(samples: impl Iterator<Item = &'a Sample> + Clone) -> Self {
        let echoes = samples.filter(|sample| sample.side != CHECK).map(|sample| sample.beside);
        let many = precise(echoes.clone().count().max(1) as u64);
        let average = |what: fn(Self) -> f64| echoes.clone().map(what).sum::<f64>() / many;
        Self { server: average(|beside| beside.server), postgres: average(|beside| beside.postgres) }
    }

    /// In microseconds a question, where so many are answered in a second.
    fn each(self, rate: f64) -> f64 {
        (self.server + self.postgres) / 100.0 * 1e6 / rate
    }
}

impl Sample {
    /// All processor time of a question.
    pub(crate) fn cpu(&self) -> f64 {
        self.server + self.postgres + self.client
    }

    /// What of that is not the question's own, by what the echoes' samples of the same repetition tell.
    pub(crate) fn not_own(&self, samples: &[Self]) -> f64 {
        let same = |other: &&Self| (other.mode, other.repetition) == (self.mode, self.repetition);
        if self.side == CHECK { Beside::of(samples.iter().filter(same)).each(self.rate) } else { 0.0 }
    }

    /// The processor time of the question itself.
    pub(crate) fn own(&self, samples: &[Self]) -> f64 {
        self.cpu() - self.not_own(samples)
    }
}

/// What was used by an instant.
struct Used {
    at: Instant,
    answered: u64,
    bytes: u64,
    server: Duration,
    /// The check's process, whoever is asked.
    check: Duration,
    postgres: Duration,
    client: Duration,
    machine: Duration,
}

impl Used {
    fn by_now(rig: &Rig, side: usize, found: &Found) -> Result<Self, Fault> {
        Ok(Self {
            at: Instant::now(),
            answered: found.answered.load(Ordering::Relaxed),
            bytes: found.bytes.load(Ordering::Relaxed),
            server: rig.processes[side].used()?,
            check: rig.processes[CHECK].used()?,
            postgres: rig.postgres.used()?,
            client: Process::One(std::process::id()).used()?,
            machine: cpu::of_machine()?,
        })
    }
}

/// Measures one side in one way, for so long.
pub(crate) async fn measure(
    rig: &Rig,
    awards: &Arc<Awards>,
    found: &Arc<Found>,
    (mode, side): (Mode, usize),
    (repetition, seed, during): (u64, u64, Duration),
) -> Result<Sample, Fault> {
    let driving = tokio::spawn(drive(mode, rig.servers[side].clone(), Arc::clone(awards), Arc::clone(found), seed));
    tokio::time::sleep(WARM_UP).await;
    let before = Used::by_now(rig, side, found)?;
    tokio::time::sleep(during).await;
    let after = Used::by_now(rig, side, found)?;
    found.stop();
    driving.await??;
    let answered = precise(after.answered - before.answered).max(1.0);
    let took = after.at - before.at;
    let each = |spent: Duration| spent.as_secs_f64() * 1e6 / answered;
    let [server, check, postgres, client, machine] = [
        after.server - before.server,
        after.check - before.check,
        after.postgres - before.postgres,
        after.client - before.client,
        after.machine - before.machine,
    ];
    let share = |spent: Duration| 100.0 * spent.as_secs_f64() / took.as_secs_f64();
    let beside =
        if side == CHECK { Beside::default() } else { Beside { server: share(check), postgres: share(postgres) } };
    let others = machine.saturating_sub(server + postgres + client);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Sample {
        mode,
        repetition,
        side,
        rate: answered / took.as_secs_f64(),
        server: each(server),
        postgres: if side == CHECK { each(postgres) } else { 0.0 },
        beside,
        client: each(client),
        bytes: precise(after.bytes - before.bytes) / answered,
        others: share(others) / precise(cores as u64),
    })
}

/// A count as a number to divide by. None that is counted here is beyond what it can tell apart.
#[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
pub(crate) fn precise(count: u64) -> f64 {
    count as f64
}
