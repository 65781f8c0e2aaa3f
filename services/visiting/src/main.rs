//! `holdfast-visiting`: the visiting service by itself.

use holdfast_chassis::{
    Clock,
    config::{Config, EXIT_CONFIG, Mode, USUAL_ADDRESS},
    identity::Verifier,
    serve::{Services, stop_signal},
    telemetry::{Telemetry, hush_panics},
};
use holdfast_procedure::guidance::Guidance;
use holdfast_store::Store;
use holdfast_visiting::{Referrals, SCHEMA, offer, store};
use std::{error::Error, io::Write, process::ExitCode, time::Duration};
use tokio::net::TcpListener;

type Done = Result<(), Box<dyn Error + Send + Sync>>;

/// What is done without a word, or with one.
const USAGE: &str = "usage: holdfast-visiting [serve | prepare | rebuild | audit]";

fn main() -> ExitCode {
    let environment = |name: &str| std::env::var(name).ok();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(fault) => return fail(&fault, ExitCode::FAILURE),
    };
    let word = std::env::args().nth(1).unwrap_or_else(|| "serve".to_owned());
    let settings = match word.as_str() {
        "serve" => settings(environment).map(|settings| runtime.block_on(serve(settings))),
        "rebuild" => database(environment).map(|url| runtime.block_on(rebuild(&url))),
        "audit" => database(environment).map(|url| runtime.block_on(audit(&url))),
        "prepare" => preparation(environment).map(|(url, password)| {
            runtime.block_on(async { Ok(holdfast_store::prepare(&url, &SCHEMA, &password).await?) })
        }),
        _ => return fail(&USAGE, ExitCode::from(64)),
    };
    match settings {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(fault)) => fail(&fault, ExitCode::FAILURE),
        Err(faults) => {
            fail(&format!("the configuration is not valid:\n  {}", faults.join("\n  ")), ExitCode::from(EXIT_CONFIG))
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

async fn open(url: &str, fingerprint_key: String) -> Result<Store, Box<dyn Error + Send + Sync>> {
    Ok(store(SCHEMA.connect(url).await?, Clock::System, Guidance::published(), fingerprint_key))
}

/// Phases: telemetry, database, services, serve, stop.
async fn serve(settings: Settings) -> Done {
    let Settings { config, verifier, database_url, fingerprint_key } = settings;
    let telemetry = Telemetry::from_config("holdfast-visiting", &config);
    let telemetry = tokio::task::spawn_blocking(|| telemetry.start()).await??;
    hush_panics();
    let store = open(&database_url, fingerprint_key).await?;
    let mut services = Services::default();
    offer(&mut services, &store);
    let listener = match config.listen {
        Some(address) => TcpListener::bind(address).await?,
        None => TcpListener::bind(USUAL_ADDRESS).await?,
    };
    tracing::info!(listening = %listener.local_addr()?, "listening");
    let served = tokio::select! {
        served = services.serve(listener, verifier, config.limits, stop_signal()) => served,
        () = store.keep_time::<Referrals>() => Ok(()),
    };
    store.close(config.limits.drain).await;
    tokio::task::spawn_blocking(|| drop(telemetry)).await?;
    Ok(served?)
}

/// Makes everything that follows from the journal anew, while the service goes on.
async fn rebuild(url: &str) -> Done {
    // No request is answered, so none is fingerprinted.
    let store = open(url, String::new()).await?;
    let cases = store.rebuild::<Referrals>().await.map_err(|failure| failure.reason().as_str_name())?;
    store.close(Duration::from_secs(10)).await;
    writeln!(std::io::stdout(), "{cases} cases were made anew from the journal")?;
    Ok(())
}

/// Checks every journal against its hashes; fails where one is not what was written.
async fn audit(url: &str) -> Done {
    // No request is answered, so none is fingerprinted.
    let store = open(url, String::new()).await?;
    let audit = store.audit::<Referrals>().await.map_err(|failure| failure.reason().as_str_name())?;
    store.close(Duration::from_secs(10)).await;
    if !audit.findings.is_empty() {
        return Err(audit.findings.join("\n  ").into());
    }
    writeln!(std::io::stdout(), "{} cases are what was written", audit.cases)?;
    Ok(())
}

fn fail(fault: &dyn std::fmt::Display, code: ExitCode) -> ExitCode {
    // Where standard error is gone, so is whoever would read it.
    let _ = writeln!(std::io::stderr(), "holdfast-visiting: {fault}");
    code
}
