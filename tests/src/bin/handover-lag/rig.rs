//! The suite that is measured, and what its journals tell.

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use holdfast::{
    postgres::{Binaries, Cluster, Durability, Options, discard},
    suite::{Credentials, Suite, prepare_all},
};
use holdfast_chassis::{
    Clock,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    issuer::Issuer,
    serve::Limits,
};
use holdfast_procedure::guidance::Guidance;
use holdfast_tests::{
    mesh::channels,
    pip::{Pip, Step, opened},
    raw,
    suite::FINGERPRINT_KEY,
};
use sqlx::{Connection as _, PgConnection};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{metadata::AsciiMetadataValue, transport::Channel};

/// Why nothing was measured.
pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The name of the data directory of a Postgres of our own.
const DATA: &str = "data";
/// Connections that the clients share.
const CONNECTIONS: usize = 8;
/// How long after the last command every handover has to have arrived.
const ARRIVED_WITHIN: Duration = Duration::from_secs(60);

/// A suite that runs, and clients of it.
pub(crate) struct Rig {
    pub(crate) clients: Arc<Clients>,
    url: String,
    private: Option<(Cluster, PathBuf)>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), holdfast_chassis::serve::ServeError>>,
}

/// Who gives commands.
pub(crate) struct Clients {
    issuer: Issuer,
    /// Tokens are made once a person, so that making them is not what is measured.
    tokens: Mutex<HashMap<&'static str, AsciiMetadataValue>>,
    channels: Vec<Channel>,
    next: AtomicUsize,
}

/// A case on its way.
pub(crate) struct Opened {
    pub(crate) pip: Pip,
    pub(crate) case: String,
}

impl Clients {
    /// Takes a step of a case, and gives the reply.
    pub(crate) async fn step(&self, pip: &Pip, step: Step, case: &str) -> Result<Vec<u8>, Fault> {
        let call = pip.call(step, case, "", Clock::System.now());
        let token = {
            let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
            tokens.entry(call.person).or_insert_with(|| call.token(&self.issuer)).clone()
        };
        let channel = &self.channels[self.next.fetch_add(1, Ordering::Relaxed) % self.channels.len()];
        let reply = raw::attempt(channel, call.path, call.request_with(token)).await;
        Ok(reply.map_err(|status| format!("{step:?}: {:?} {}", status.code(), status.message()))?)
    }

    /// Opens a case.
    pub(crate) async fn open(&self, pip: Pip) -> Result<Opened, Fault> {
        let reply = self.step(&pip, Step::Referral, "").await?;
        Ok(Opened { pip, case: opened(&reply) })
    }
}

/// The case of an award. Its facts lie some weeks back, so that no clock has to be moved.
pub(crate) fn pip(award: String) -> Pip {
    let (referred, first, second) = (days_ago(42, 10), days_ago(38, 14), days_ago(14, 11));
    Pip { award, concern: false, referred, first, second }
}

fn days_ago(days: i64, hour: u32) -> DateTime<Utc> {
    let mut day = Clock::System.now().date_naive() - TimeDelta::days(days);
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day -= TimeDelta::days(1);
    }
    day.and_hms_opt(hour, 0, 0).unwrap_or_default().and_utc()
}

impl Rig {
    pub(crate) async fn start(url: Option<String>) -> Result<Self, Fault> {
        let (url, private) = match url {
            Some(url) => (url, None),
            None => {
                let (cluster, directory) = tokio::task::spawn_blocking(private).await??;
                (cluster.admin_url("postgres"), Some((cluster, directory)))
            }
        };
        prepare_all(&url).await?;
        let key = FINGERPRINT_KEY.to_owned();
        let suite = Suite::open(&url, Clock::System, Guidance::published(), key).await?;
        let issuer = Issuer::generate(Clock::System);
        let verifier = Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, Clock::System)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let connected = suite.connect(address, &Credentials::Tokens(&issuer, Clock::System))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            suite.serve(listener, verifier, Limits::default(), &connected, stopped).await
        });
        let channels = channels(address, CONNECTIONS);
        let clients = Arc::new(Clients { issuer, tokens: Mutex::default(), channels, next: AtomicUsize::new(0) });
        Ok(Self { clients, url, private, stop, serving })
    }

    /// A connection to the journals.
    pub(crate) async fn look(&self) -> Result<PgConnection, Fault> {
        Ok(PgConnection::connect(&self.url).await?)
    }

    /// Completes when every handover has arrived.
    pub(crate) async fn until_handed_over(&self) -> Result<(), Fault> {
        let (begun, mut look) = (Instant::now(), self.look().await?);
        loop {
            let waiting = "SELECT count(*) FROM visiting.outbox WHERE delivered_at IS NULL";
            let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&mut look).await?;
            if waiting == 0 {
                return Ok(look.close().await?);
            }
            if begun.elapsed() > ARRIVED_WITHIN {
                return Err(format!("{waiting} handovers never arrived").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// How long each handover took of the cases whose awards begin like this.
    pub(crate) async fn lags(&self, awards: &str) -> Result<Vec<Duration>, Fault> {
        let mut look = self.look().await?;
        let lags: Vec<f64> = sqlx::query_scalar(
            "SELECT extract(epoch FROM received.recorded_at - visited.recorded_at)::float8
             FROM visiting.journal AS visited
             JOIN conferencing.journal AS received USING (case_reference)
             WHERE visited.request_id LIKE $1 || '%.SecondVisit' AND visited.ordinal = 0
                 AND received.event_name = 'case_received'",
        )
        .bind(awards)
        .fetch_all(&mut look)
        .await?;
        look.close().await?;
        Ok(lags.into_iter().map(|seconds| Duration::from_secs_f64(seconds.max(0.0))).collect())
    }

    pub(crate) async fn stop(self) -> Result<(), Fault> {
        // It ends by itself only where it has failed, which is told next.
        let _ = self.stop.send(());
        drop(self.clients);
        self.serving.await??;
        if let Some((mut cluster, directory)) = self.private {
            let stopped = tokio::task::spawn_blocking(move || {
                cluster.stop()?;
                drop(cluster);
                discard(&directory.join(DATA))?;
                Ok::<_, Fault>(std::fs::remove_dir_all(&directory)?)
            });
            stopped.await??;
        }
        Ok(())
    }
}

/// A Postgres as the suite starts one for itself, in a directory of its own.
fn private() -> Result<(Cluster, PathBuf), holdfast::postgres::Error> {
    let mut hush = |_: &str| {};
    let directory = std::env::temp_dir().join(format!("holdfast-lag-{}", std::process::id()));
    let binaries = Binaries::find(&mut hush)?;
    let options = Options { data: directory.join(DATA), durability: Durability::Durable };
    Ok((Cluster::start(&binaries, &options, &mut hush)?, directory))
}
