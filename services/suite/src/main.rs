//! `holdfast`: the suite, and the command line beside it.

use clap::{Parser, Subcommand};
use holdfast::{
    address, check, demo,
    postgres::{self, Binaries, Cluster, Durability},
    story,
    suite::{Credentials, Suite, prepare_all},
    welcome::welcome,
};
use holdfast_chassis::{
    Clock,
    access::{role_named, workload_named},
    config::{Config, EXIT_CONFIG, Mode, SETTINGS},
    serve::stop_signal,
    telemetry::{Telemetry, hush_panics},
};
use holdfast_procedure::guidance::Guidance;
use holdfast_protection_client::Benefit;
use holdfast_store::of_another_build;
use std::{
    error::Error,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};
use tokio::net::TcpListener;

/// Carries a benefit customer with whom contact was lost safely from a visiting referral to an informed decision.
#[derive(Parser)]
#[command(name = "holdfast", version)]
struct Arguments {
    /// Where the suites of this account keep their data.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Start all services on one port, on a private Postgres (what happens without a command).
    Serve,
    /// Print a token that a suite in development mode believes.
    Token {
        /// The role, for example visiting-officer or ces-team.
        #[arg(long)]
        role: Option<String>,
        /// The person's opaque subject.
        #[arg(long, default_value = "somebody")]
        person: String,
        /// The program through which they act.
        #[arg(long, default_value = "casework")]
        workload: String,
        /// How long it is valid, in minutes.
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(i64).range(1..=1440))]
        minutes: i64,
    },
    /// Play a case against the running suite, from its beginning to the decision, with the paragraph behind each step.
    Demo {
        /// pip, esa, uc or atw.
        #[arg(long, default_value = "pip", value_parser = check::benefit)]
        benefit: Benefit,
    },
    /// Tell a case as a whole, from the journals of all services, merged in order.
    Story {
        /// The case's reference.
        case: String,
    },
    /// Ask the running suite whether an action may be taken on an award, as a payment system does. Exits with 0 where it
    /// is permitted, with 1 where it is prohibited, and with 2 where nobody could be asked.
    Check(check::Asked),
    /// Print every setting, its default and its meaning.
    Settings,
}

/// The exit code of a check that could not be asked; the one of arguments that are not valid.
const NOBODY_ASKED: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(fault) => return fail(&fault),
    };
    let done = match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let config = match Config::read(Mode::Development, |name| std::env::var(name).ok()) {
                Ok(config) => config,
                Err(faults) => {
                    fail(&format!("the configuration is not valid:\n  {}", faults.join("\n  ")));
                    return ExitCode::from(EXIT_CONFIG);
                }
            };
            runtime.block_on(serve(config, arguments.data))
        }
        Command::Token { role, person, workload, minutes } => token(arguments.data, role, &person, &workload, minutes),
        Command::Demo { benefit } => runtime.block_on(async {
            let running = address::find(arguments.data)?;
            demo::tell(&running, benefit, &mut io::stdout()).await
        }),
        Command::Story { case } => runtime.block_on(async {
            let running = address::find(arguments.data)?;
            story::tell(&running, &case, &mut io::stdout()).await
        }),
        Command::Check(asked) => return runtime.block_on(may_act(arguments.data, &asked)),
        Command::Settings => say(&settings()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fail(&fault),
    }
}

/// Tells whether an action may be taken, and says it by the exit code, too.
async fn may_act(data: Option<PathBuf>, asked: &check::Asked) -> ExitCode {
    let told = match address::find(data) {
        Ok(running) => check::tell(&running, asked, &mut io::stdout()).await,
        Err(fault) => Err(fault.into()),
    };
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            fail(&fault);
            ExitCode::from(NOBODY_ASKED)
        }
    }
}

type Done = Result<(), Box<dyn Error + Send + Sync>>;

/// Phases: telemetry, directory, address, database, services, serve, stop. A port that is taken is found out before there is
/// a database.
async fn serve(config: Config, data: Option<PathBuf>) -> Done {
    let telemetry = Telemetry::from_config("holdfast", &config);
    let telemetry = tokio::task::spawn_blocking(|| telemetry.start()).await??;
    hush_panics();
    let instance = postgres::claim_instance(data)?;
    let directory = instance.directory().to_owned();
    let listener = listen(&config).await?;
    let listening = listener.local_addr()?;
    let database = Database::start(&config, instance.data()).await?;
    let fingerprint_key = match &config.fingerprint_key {
        Some(key) => key.clone(),
        None => address::fingerprint_key(&directory)?,
    };
    prepare_all(&database.url).await.map_err(|fault| not_prepared(fault, &config))?;
    let suite = Suite::open(&database.url, Clock::System, Guidance::published(), fingerprint_key).await?;
    let issuer = match config.mode {
        Mode::Development => Some(address::issuer(&directory)?),
        Mode::Production => None,
    };
    let verifier = config.verifier(issuer.as_ref(), Clock::System)?;
    let credentials = match &issuer {
        Some(issuer) => Credentials::Tokens(issuer, Clock::System),
        None => Credentials::Header(&config),
    };
    let connected = suite.connect(listening, &credentials)?;
    let left = address::leave(&directory, &format!("http://{listening}"))?;
    match &issuer {
        Some(issuer) => say(&welcome(listening, &directory, issuer)?)?,
        None => tracing::info!(%listening, "listening"),
    }
    let served = suite.serve(listener, verifier, config.limits, &connected, stop_signal()).await;
    drop(left);
    database.stop().await?;
    tokio::task::spawn_blocking(|| drop(telemetry)).await?;
    Ok(served?)
}

/// What is told of a database that could not be prepared.
fn not_prepared(fault: sqlx::Error, config: &Config) -> Box<dyn Error + Send + Sync> {
    let instead = if config.database_url.is_some() { "with another database" } else { "with another --data directory" };
    match of_another_build(&fault) {
        Some(why) => format!("{why}: start {instead}").into(),
        None => fault.into(),
    }
}

/// The address that was set, or the usual one, or a free one where that is taken.
async fn listen(config: &Config) -> io::Result<TcpListener> {
    match config.bind().await {
        Err(fault) if config.listen.is_none() && fault.kind() == io::ErrorKind::AddrInUse => {
            TcpListener::bind("127.0.0.1:0").await
        }
        bound => bound,
    }
}

/// The database: one that was named, or a private one that runs as long as the suite does.
struct Database {
    url: String,
    private: Option<Cluster>,
}

impl Database {
    async fn start(config: &Config, data: PathBuf) -> Result<Self, Box<dyn Error + Send + Sync>> {
        if let Some(url) = &config.database_url {
            return Ok(Self { url: url.clone(), private: None });
        }
        let cluster = tokio::task::spawn_blocking(move || {
            let mut progress = |line: &str| tracing::info!("{line}");
            let binaries = Binaries::find(&mut progress)?;
            let options = postgres::Options { data, durability: Durability::Durable };
            Cluster::start(&binaries, &options, &mut progress)
        });
        let cluster = cluster.await??;
        Ok(Self { url: cluster.admin_url("postgres"), private: Some(cluster) })
    }

    async fn stop(self) -> Done {
        if let Some(mut cluster) = self.private {
            tokio::task::spawn_blocking(move || cluster.stop()).await??;
        }
        Ok(())
    }
}

fn token(data: Option<PathBuf>, role: Option<String>, person: &str, workload: &str, minutes: i64) -> Done {
    let running = address::find(data)?;
    let role = match role {
        None => None,
        Some(name) => Some(role_named(&name).ok_or_else(|| format!("there is no role {name}"))?),
    };
    let workload = workload_named(workload).ok_or_else(|| format!("there is no workload {workload}"))?;
    let token = running.issuer.token(person, role, workload, minutes * 60)?;
    say(&format!("{token}\n"))
}

fn settings() -> String {
    SETTINGS
        .iter()
        .map(|setting| format!("{}\n    {}\n    default: {}\n", setting.name, setting.meaning, setting.default))
        .collect()
}

fn say(text: &str) -> Done {
    Ok(io::stdout().write_all(text.as_bytes())?)
}

fn fail(fault: &dyn std::fmt::Display) -> ExitCode {
    // Where standard error is gone, so is whoever would read it.
    let _ = writeln!(io::stderr(), "holdfast: {fault}");
    ExitCode::FAILURE
}
