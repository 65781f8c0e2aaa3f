//! `holdfast-visiting`: the visiting service by itself.

use holdfast_chassis::{
    Clock,
    config::{Config, EXIT_CONFIG, Mode, USUAL_ADDRESS},
    serve::{Services, stop_signal},
    telemetry::{Telemetry, hush_panics},
};
use holdfast_procedure::guidance::Guidance;
use holdfast_visiting::{Referrals, SCHEMA, offer, store};
use std::{error::Error, io::Write, process::ExitCode};
use tokio::net::TcpListener;

type Done = Result<(), Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let environment = |name: &str| std::env::var(name).ok();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(fault) => return fail(&fault, ExitCode::FAILURE),
    };
    let done = match std::env::args().nth(1).as_deref() {
        None | Some("serve") => match Config::read(Mode::Production, environment) {
            Ok(config) => runtime.block_on(serve(config)),
            Err(faults) => return fail(&faults.join("\n  "), ExitCode::from(EXIT_CONFIG)),
        },
        Some("prepare") => runtime.block_on(prepare(environment)),
        Some(_) => return fail(&"usage: holdfast-visiting [serve | prepare]", ExitCode::from(64)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fail(&fault, ExitCode::FAILURE),
    }
}

/// Phases: telemetry, database, services, serve, stop.
async fn serve(config: Config) -> Done {
    let telemetry = Telemetry::from_config("holdfast-visiting", &config);
    let telemetry = tokio::task::spawn_blocking(|| telemetry.start()).await??;
    hush_panics();
    let url = config.database_url.as_deref().ok_or("DATABASE_URL is required")?;
    let key = config.fingerprint_key.clone().ok_or("HOLDFAST_FINGERPRINT_KEY is required")?;
    let verifier = config.verifier(None, Clock::System)?;
    let store = store(SCHEMA.connect(url).await?, Clock::System, Guidance::published(), key);
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
    store.close().await;
    tokio::task::spawn_blocking(|| drop(telemetry)).await?;
    Ok(served?)
}

/// Makes the schema and the role, or brings them up to date: `DATABASE_URL` names a role that may, and
/// `HOLDFAST_ROLE_PASSWORD` is the password that the service's role gets.
async fn prepare(environment: impl Fn(&str) -> Option<String>) -> Done {
    let url = environment("DATABASE_URL").ok_or("DATABASE_URL is required, under a role that may create roles")?;
    let password = environment("HOLDFAST_ROLE_PASSWORD").ok_or("HOLDFAST_ROLE_PASSWORD is required")?;
    Ok(holdfast_store::prepare(&url, &SCHEMA, &password).await?)
}

fn fail(fault: &dyn std::fmt::Display, code: ExitCode) -> ExitCode {
    // Where standard error is gone, so is whoever would read it.
    let _ = writeln!(std::io::stderr(), "holdfast-visiting: {fault}");
    code
}
