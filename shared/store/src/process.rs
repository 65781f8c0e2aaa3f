//! How a service runs as a process of its own, the same for every service.

use crate::{
    Courier, Schema, Store, customers,
    kind::{Cases, Kinds},
    of_another_build, rpc, wire,
};
use holdfast_chassis::{
    Clock, Failure, Peers,
    access::workload_name,
    config::{Config, EXIT_CONFIG, Mode},
    identity::Verifier,
    serve::{Services, stop_signal},
    telemetry::{Telemetry, hush_panics},
};
use holdfast_procedure::{Workload, guidance::Guidance};
use sqlx::PgPool;
use std::{
    error::Error,
    future::pending,
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinSet,
};

/// A service: what tells it from the others.
pub trait Service: Send + Sync {
    /// The name of its program, for example `holdfast-visiting`.
    fn name(&self) -> &'static str;

    /// The workload it is.
    fn workload(&self) -> Workload;

    /// Its schema, and the role that works in it.
    fn schema(&self) -> Schema;

    /// The kinds of case that it keeps.
    fn kinds(&self, store: &Store) -> Vec<Arc<dyn Cases>>;

    /// Adds to a server what only this service offers. `peers` are the services as this one calls them.
    /// What it does by itself comes back.
    fn offer(&self, services: &mut Services, store: &Store, peers: &Arc<Peers>) -> Vec<Arc<dyn Background>>;

    /// Its facts, over connections from its schema.
    fn store(&self, pool: PgPool, clock: Clock, guidance: Guidance, fingerprint_key: String) -> Store {
        Store::new(crate::Parts { pool, clock, guidance, workload: self.workload(), fingerprint_key })
    }
}

/// What a service does by itself, beside answering calls, letting time pass and delivering.
#[tonic::async_trait]
pub trait Background: Send + Sync {
    /// Goes on for as long as it is polled.
    async fn keep_on(&self);

    /// Does once what there is to do now: for tests, which move the clocks themselves.
    ///
    /// # Errors
    /// What could not be done.
    async fn once(&self) -> Result<(), Failure>;
}

/// Keeps all of them going for as long as the future is polled.
pub async fn keep_on(background: &[Arc<dyn Background>]) {
    let mut going = JoinSet::new();
    for one in background {
        let one = Arc::clone(one);
        going.spawn(async move { one.keep_on().await });
    }
    // None of them ends by itself; they end with this set.
    while going.join_next().await.is_some() {}
    pending::<()>().await;
}

type Done = Result<(), Box<dyn Error + Send + Sync>>;

/// How long what a look at the journal leaves in hand may take to finish.
const CLOSING: Duration = Duration::from_secs(10);

/// What a service runs on: one thread, for all that it does. Its work is short and waits for Postgres most of the time, so
/// that a second thread costs more in handing work to and fro than it does: for a check, half as much again. Who has more
/// processors to give starts more replicas. What takes longer, such as the comparison of a whole ledger with a source,
/// happens while the check is closed for it anyway.
///
/// # Errors
/// What the system says.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Runs a service as the command line asks: what its `main` is made of.
pub fn run(service: &dyn Service) -> ExitCode {
    let environment = |name: &str| std::env::var(name).ok();
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(fault) => return fail(service, &fault, ExitCode::FAILURE),
    };
    let word = std::env::args().nth(1).unwrap_or_else(|| "serve".to_owned());
    let done = match word.as_str() {
        "serve" => settings(environment).map(|settings| runtime.block_on(serve(service, settings))),
        "rebuild" => database(environment).map(|url| runtime.block_on(rebuild(service, &url))),
        "audit" => database(environment).map(|url| runtime.block_on(audit(service, &url))),
        "prepare" => {
            preparation(environment).map(|(url, password)| runtime.block_on(prepare(service, &url, &password)))
        }
        _ => {
            let usage = format!("usage: {} [serve | prepare | rebuild | audit]", service.name());
            return fail(service, &usage, ExitCode::from(64));
        }
    };
    match done {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(fault)) => fail(service, &fault, ExitCode::FAILURE),
        Err(faults) => {
            let fault = format!("the configuration is not valid:\n  {}", faults.join("\n  "));
            fail(service, &fault, ExitCode::from(EXIT_CONFIG))
        }
    }
}

/// What serving needs, valid as a whole.
struct Settings {
    config: Config,
    verifier: Verifier,
    database_url: String,
    fingerprint_key: String,
}

fn settings(environment: impl Fn(&str) -> Option<String>) -> Result<Settings, Vec<String>> {
    let config = Config::read(Mode::Production, environment)?;
    let verifier = config.verifier(None, Clock::System).map_err(|fault| vec![fault])?;
    let database_url = config.database_url.clone().ok_or_else(|| vec!["DATABASE_URL is required".to_owned()])?;
    let key = config.fingerprint_key.clone();
    let fingerprint_key = key.ok_or_else(|| vec!["HOLDFAST_FINGERPRINT_KEY is required".to_owned()])?;
    Ok(Settings { config, verifier, database_url, fingerprint_key })
}

/// The database alone: what looks at the journal needs nothing else.
fn database(environment: impl Fn(&str) -> Option<String>) -> Result<String, Vec<String>> {
    environment("DATABASE_URL").ok_or_else(|| vec!["DATABASE_URL is required, under the service's role".to_owned()])
}

/// The administrator's address and the password that the service's role gets.
fn preparation(environment: impl Fn(&str) -> Option<String>) -> Result<(String, String), Vec<String>> {
    match (environment("DATABASE_URL"), environment("HOLDFAST_ROLE_PASSWORD")) {
        (Some(url), Some(password)) => Ok((url, password)),
        _ => Err(vec![
            "DATABASE_URL, under a role that may create roles, and HOLDFAST_ROLE_PASSWORD are required".to_owned(),
        ]),
    }
}

/// Makes the schema and the role.
async fn prepare(service: &dyn Service, url: &str, password: &str) -> Done {
    match crate::prepare(url, &service.schema(), password).await {
        Err(fault) => match of_another_build(&fault) {
            Some(why) => Err(format!("{why}: name another database").into()),
            None => Err(fault.into()),
        },
        Ok(()) => Ok(()),
    }
}

async fn open(service: &dyn Service, url: &str, fingerprint_key: String) -> Result<Store, sqlx::Error> {
    let pool = service.schema().connect(url).await?;
    Ok(service.store(pool, Clock::System, Guidance::published(), fingerprint_key))
}

/// Phases: telemetry, database, services, serve, stop.
async fn serve(service: &dyn Service, settings: Settings) -> Done {
    let Settings { config, verifier, database_url, fingerprint_key } = settings;
    let telemetry = Telemetry::from_config(service.name(), &config);
    let telemetry = tokio::task::spawn_blocking(|| telemetry.start()).await??;
    hush_panics();
    let store = open(service, &database_url, fingerprint_key).await?;
    let kinds = Kinds::new(service.kinds(&store));
    // The mesh's proxy vouches for us: there are no tokens of our own.
    let peers = Arc::new(Peers::new(&config.peers, None)?);
    warn_of_missing(&config);
    let mut services = Services::default();
    let background = service.offer(&mut services, &store, &peers);
    rpc::offer(&mut services, &kinds);
    let listener = config.bind().await?;
    tracing::info!(listening = %listener.local_addr()?, "listening");
    let courier: Arc<dyn Courier> = peers;
    let watched = store.clone();
    let stop = async move {
        stop_signal().await;
        watched.end_watches();
    };
    let served = tokio::select! {
        served = services.serve(listener, verifier, config.limits, stop) => served,
        () = kinds.keep_time() => Ok(()),
        () = store.keep_relaying(&courier) => Ok(()),
        () = keep_on(&background) => Ok(()),
    };
    store.close(config.limits.drain).await;
    tokio::task::spawn_blocking(|| drop(telemetry)).await?;
    Ok(served?)
}

/// What is told of a customer goes to every service that keeps cases, the own one included.
fn warn_of_missing(config: &Config) {
    for keeper in customers::KEEPERS.map(wire::workload) {
        if !config.peers.contains_key(&keeper) {
            tracing::warn!(service = workload_name(keeper), "no address is set; what is meant for it waits");
        }
    }
}

/// Makes everything that follows from the journal anew, while the service goes on.
async fn rebuild(service: &dyn Service, url: &str) -> Done {
    // No request is answered, so none is fingerprinted.
    let store = open(service, url, String::new()).await?;
    let mut cases = 0;
    for kind in service.kinds(&store) {
        cases += kind.rebuild().await.map_err(|failure| name(&failure))?;
    }
    store.close(CLOSING).await;
    writeln!(std::io::stdout(), "{cases} cases were made anew from the journal")?;
    Ok(())
}

/// Checks every journal against its hashes; fails where one is not what was written.
async fn audit(service: &dyn Service, url: &str) -> Done {
    // No request is answered, so none is fingerprinted.
    let store = open(service, url, String::new()).await?;
    let (mut cases, mut findings) = (0, Vec::new());
    for kind in service.kinds(&store) {
        let audit = kind.audit().await.map_err(|failure| name(&failure))?;
        cases += audit.cases;
        findings.extend(audit.findings);
    }
    store.close(CLOSING).await;
    if !findings.is_empty() {
        return Err(findings.join("\n  ").into());
    }
    writeln!(std::io::stdout(), "{cases} cases are what was written")?;
    Ok(())
}

fn name(failure: &Failure) -> &'static str {
    failure.reason().as_str_name()
}

fn fail(service: &dyn Service, fault: &dyn std::fmt::Display, code: ExitCode) -> ExitCode {
    // Where standard error is gone, so is whoever would read it.
    let _ = writeln!(std::io::stderr(), "{}: {fault}", service.name());
    code
}
