//! Handovers one by one, as many commands as go, and a part of that.

use crate::rig::{Clients, Fault, Opened, Rig, pip};
use holdfast_tests::pip::Step;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// What became of many commands.
#[derive(Default)]
pub(crate) struct Commands {
    /// How long each took that was carried out, from when it was to begin.
    pub(crate) latencies: Vec<Duration>,
    pub(crate) refused: usize,
    took: Duration,
}

impl Commands {
    /// Carried out a second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX)) / self.took.as_secs_f64()
    }
}

/// Cases that wait for their first visit, and those that wait for their second.
#[derive(Default)]
pub(crate) struct Stock {
    referred: Vec<Opened>,
    visited: Vec<Opened>,
}

/// Hands cases over, each once the one before it has arrived.
pub(crate) async fn one_after_another(rig: &Rig, how_many: usize) -> Result<(), Fault> {
    let mut look = rig.look().await?;
    for number in 0..how_many {
        let Opened { pip, case } = rig.clients.open(pip(format!("idle-{number}"))).await?;
        for step in [Step::FirstVisit, Step::SecondVisit] {
            rig.clients.step(&pip, step, &case).await?;
        }
        let waiting = "SELECT EXISTS (SELECT FROM visiting.outbox WHERE case_reference = $1 AND delivered_at IS NULL)";
        while sqlx::query_scalar::<_, bool>(waiting).bind(&case).fetch_one(&mut look).await? {
            // Seldom enough not to be what is measured.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    Ok(())
}

/// Gives commands from this many clients, each as soon as the one before it was answered: a referral and its first visit,
/// again and again. Gives the cases that this leaves behind, too.
pub(crate) async fn saturate(rig: &Rig, clients: usize, during: Duration) -> Result<(Commands, Stock), Fault> {
    let begun = Instant::now();
    let mut working = JoinSet::new();
    for client in 0..clients {
        let rig = Arc::clone(&rig.clients);
        working.spawn(async move {
            let (mut latencies, mut visited) = (Vec::new(), Vec::new());
            while begun.elapsed() < during {
                let at = Instant::now();
                let opened = rig.open(pip(format!("load-{client}-{}", visited.len()))).await?;
                let between = Instant::now();
                rig.step(&opened.pip, Step::FirstVisit, &opened.case).await?;
                latencies.extend([between - at, between.elapsed()]);
                visited.push(opened);
            }
            Ok::<_, Fault>((latencies, visited))
        });
    }
    let (mut commands, mut stock) = (Commands::default(), Stock::default());
    while let Some(done) = working.join_next().await {
        let (latencies, visited) = done??;
        commands.latencies.extend(latencies);
        stock.visited.extend(visited);
    }
    commands.took = begun.elapsed();
    Ok((commands, stock))
}

/// Gives commands at a rate, whether or not those before were answered; every so manieth is a second visit, which is
/// handed over.
pub(crate) async fn drive(
    rig: &Rig,
    stock: Stock,
    rate: f64,
    during: Duration,
    handed_over: usize,
) -> Result<Commands, Fault> {
    let begun = Instant::now();
    let stock = Arc::new(Mutex::new(stock));
    let (mut working, mut commands) = (JoinSet::new(), Commands::default());
    for number in 0_usize.. {
        let due = Duration::from_secs_f64(f64::from(u32::try_from(number)?) / rate);
        if due >= during {
            break;
        }
        tokio::time::sleep_until((begun + due).into()).await;
        let (clients, stock) = (Arc::clone(&rig.clients), Arc::clone(&stock));
        let hand_over = number % handed_over == 0;
        working.spawn(async move {
            let done = one(&clients, &stock, number, hand_over).await;
            // From when it was to begin, so that falling behind shows.
            done.map(|()| (begun + due).elapsed())
        });
        while let Some(done) = working.try_join_next() {
            count(&mut commands, &done?);
        }
    }
    while let Some(done) = working.join_next().await {
        count(&mut commands, &done?);
    }
    commands.took = begun.elapsed();
    Ok(commands)
}

fn count(commands: &mut Commands, done: &Result<Duration, Fault>) {
    match done {
        Ok(latency) => commands.latencies.push(*latency),
        Err(_) => commands.refused += 1,
    }
}

/// One command: a second visit where a handover is asked for; otherwise the first visit of a case that waits for one, or
/// a referral.
async fn one(clients: &Clients, stock: &Mutex<Stock>, number: usize, hand_over: bool) -> Result<(), Fault> {
    let stocked = || stock.lock().unwrap_or_else(PoisonError::into_inner);
    if hand_over {
        let Opened { pip, case } = stocked().visited.pop().ok_or("no case is left to hand over")?;
        clients.step(&pip, Step::SecondVisit, &case).await?;
        return Ok(());
    }
    let waiting = stocked().referred.pop();
    match waiting {
        Some(opened) => {
            clients.step(&opened.pip, Step::FirstVisit, &opened.case).await?;
            stocked().visited.push(opened);
        }
        None => {
            let opened = clients.open(pip(format!("load-{number}"))).await?;
            stocked().referred.push(opened);
        }
    }
    Ok(())
}
