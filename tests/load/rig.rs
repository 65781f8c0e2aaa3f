//! What is measured: a Postgres, the three programs as a mesh runs them, a ledger with many holds, and the echoes.

use crate::{
    Fault, Options,
    awards::{Known, Subject},
    cpu::{self, Process},
    drive::Server,
    echo::Patterns,
    placing::place,
};
use holdfast::{
    postgres::{Binaries, Cluster, Durability, discard},
    suite::{prepare_all, service_url},
};
use holdfast_chassis::{
    Clock,
    identity::{AUDIENCE, ISSUER},
    issuer::Issuer,
};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    safeguarding::v1::{
        BatchCheckActionsRequest, CheckActionRequest, CheckActionResponse,
        protection_service_client::ProtectionServiceClient,
    },
};
use holdfast_tests::{
    mesh::{Balancer, HEADER, channels, sidecar},
    program::{IDENTITIES, OTHERS, Program, SERVICES, Settings},
    suite::FINGERPRINT_KEY,
};
use sqlx::{Connection as _, PgConnection};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tonic::{metadata::AsciiMetadataValue, transport::Channel};

/// The service that answers the check, by its place among [`SERVICES`].
const CHECK: usize = 2;
/// Connections that callers share.
const CONNECTIONS: usize = 4;
/// Persons who ask.
const PERSONS: usize = 64;
/// How long the check may take to open.
const OPEN_WITHIN: Duration = Duration::from_secs(120);
/// The name of the data directory of a Postgres of our own.
const DATA: &str = "data";

/// More holds like the first one, as if they had been placed together.
const MULTIPLY: &str = "
    WITH next AS (UPDATE safeguarding.ledger SET counter = counter + 1, id = gen_random_uuid() RETURNING counter, id),
    noted AS (INSERT INTO safeguarding.revisions (counter, id, recorded_at)
        SELECT counter, id, clock_timestamp() FROM next)
    INSERT INTO safeguarding.holds (case_reference, ground, version, customer, benefit, award, formerly, holder,
        released, rules, actions, only_on, counter, recorded_at)
    SELECT replace(case_reference, '00000000', number), ground, version, replace(customer, '00000000', number), benefit,
        replace(award, '00000000', number), formerly, holder, released, rules, actions, only_on, next.counter,
        clock_timestamp()
    FROM safeguarding.holds, next, (SELECT lpad(n::text, 8, '0') AS number FROM generate_series(1, $1 - 1) AS n) AS all_of
    WHERE case_reference = $2";

/// Everything that runs. It ends with this value.
pub(crate) struct Rig {
    /// The program that answers the check.
    check: Program,
    /// The program that places holds, and the other source.
    sources: Vec<Program>,
    echoes: [Child; 2],
    /// The check, the echo behind the layers, and the bare one.
    pub(crate) servers: [Server; 3],
    /// Their processes.
    pub(crate) processes: [Process; 3],
    pub(crate) postgres: Process,
    keys: PathBuf,
    private: Option<(Cluster, PathBuf)>,
}

impl Rig {
    pub(crate) async fn start(options: &Options) -> Result<Self, Fault> {
        let (url, private) = match std::env::var("DATABASE_URL") {
            Ok(url) => (url, None),
            Err(_) => {
                let (cluster, directory) = tokio::task::spawn_blocking(private).await??;
                (cluster.admin_url("postgres"), Some((cluster, directory)))
            }
        };
        prepare_all(&url).await?;
        let mut admin = PgConnection::connect(&url).await?;
        let backend: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut admin).await?;
        let postgres = Process::Family(cpu::parent(u32::try_from(backend)?)?);
        let issuer = Issuer::generate(Clock::System);
        let keys = std::env::temp_dir().join(format!("holdfast-load-keys-{}", std::process::id()));
        std::fs::write(&keys, issuer.key_set())?;
        let fleet = Fleet::new(options, &url, &keys).await?;
        let mut sources = Vec::new();
        for place in (0..SERVICES.len()).filter(|place| *place != CHECK) {
            sources.push(fleet.start(place).await);
        }
        let tokens = tokens(&issuer)?;
        let server = |address| Server { channels: channels(address, CONNECTIONS), tokens: tokens.clone() };
        let first = fleet.start(CHECK).await;
        let patterns = until_open(&server(first.address)).await?;
        sqlx::query(MULTIPLY)
            .bind(i64::try_from(options.holds)?)
            .bind(Subject(Known::Held, 0).hold().case_reference)
            .execute(&mut admin)
            .await?;
        sqlx::query("ANALYZE safeguarding.holds").execute(&mut admin).await?;
        admin.close().await?;
        // Begun again, so that what it holds in memory is what a start with so many holds leaves behind.
        drop(first);
        let check = fleet.start(CHECK).await;
        until_open(&server(check.address)).await?;
        let (layered, layered_at) = echo("echo", &patterns, &keys)?;
        let (bare, bare_at) = echo("bare", &patterns, &keys)?;
        let servers = [server(check.address), server(layered_at), server(bare_at)];
        let processes = [check.id(), layered.id(), bare.id()].map(Process::One);
        Ok(Self { check, sources, echoes: [layered, bare], servers, processes, postgres, keys, private })
    }

    /// The way of those who place holds.
    pub(crate) fn ledger(&self) -> Result<Channel, Fault> {
        Ok(channels(self.check.address, 1).pop().ok_or("no channel")?)
    }

    /// What the check's process holds in memory, now and at most so far, in MiB.
    pub(crate) fn resident(&self) -> Result<(f64, f64), Fault> {
        cpu::resident(self.check.id())
    }

    pub(crate) async fn stop(self) -> Result<(), Fault> {
        let Self { check, sources, echoes, keys, private, .. } = self;
        drop((check, sources));
        for mut echo in echoes {
            // It ends with its input.
            drop(echo.stdin.take());
            echo.wait()?;
        }
        std::fs::remove_file(keys)?;
        if let Some((mut cluster, directory)) = private {
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

/// How programs are started.
struct Fleet<'a> {
    options: &'a Options,
    url: &'a str,
    keys: &'a Path,
    balancers: Vec<Balancer>,
}

impl<'a> Fleet<'a> {
    async fn new(options: &'a Options, url: &'a str, keys: &'a Path) -> Result<Self, Fault> {
        let mut balancers = Vec::new();
        for _ in SERVICES {
            balancers.push(Balancer::start(1).await);
        }
        Ok(Self { options, url, keys, balancers })
    }

    async fn start(&self, place: usize) -> Program {
        let service = SERVICES[place];
        let mut peers = [self.balancers[place].address; SERVICES.len()];
        for (other, balancer) in peers.iter_mut().zip(&self.balancers) {
            *other = sidecar(IDENTITIES[place], balancer.address).await;
        }
        let program = self.options.program(service.name());
        let database = service_url(self.url, &service.schema());
        let settings = Settings { program: &program, service, database, peers, keys: self.keys };
        let program = Program::start(service.name(), &settings).await;
        self.balancers[place].set(0, Some(program.address));
        program
    }
}

/// A token for each person who asks.
fn tokens(issuer: &Issuer) -> Result<Vec<AsciiMetadataValue>, Fault> {
    let day = 24 * 60 * 60;
    let token = |person| {
        let person = format!("payer-{person}");
        let token = issuer.token(&person, Some(Role::DecisionMaker), Workload::Payments, day)?;
        Ok(AsciiMetadataValue::try_from(format!("Bearer {token}"))?)
    };
    (0..PERSONS).map(token).collect()
}

/// Completes when the check permits what is free and prohibits what is held, and gives the answers.
async fn until_open(server: &Server) -> Result<Patterns, Fault> {
    let channel = server.channels.first().ok_or("no channel")?;
    let begun = Instant::now();
    let held = Subject(Known::Held, 0);
    loop {
        let opened = match place(channel, held).await {
            Ok(()) => patterns(server, held).await,
            Err(fault) => Err(fault),
        };
        match opened {
            Ok(patterns) => return Ok(patterns),
            Err(fault) if begun.elapsed() > OPEN_WITHIN => {
                return Err(format!("the check stays closed: {fault}").into());
            }
            // Seldom enough not to be in the way.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// What the check answers.
async fn patterns(server: &Server, held: Subject) -> Result<Patterns, Fault> {
    let channel = server.channels.first().ok_or("no channel")?;
    let mut client = ProtectionServiceClient::new(channel.clone());
    let free = Subject(Known::Free, 0);
    let mut replies = Vec::new();
    for subject in [free, held] {
        let request = server.request(0, CheckActionRequest { question: Some(subject.question()) });
        let reply: CheckActionResponse = client.check_action(request).await?.into_inner();
        if let Some(fault) = subject.fault_of(reply.answer.as_ref()) {
            return Err(fault.into());
        }
        replies.push(reply);
    }
    let questions = (0..1_000).map(|number| Subject(Known::Free, number).question()).collect();
    let many = client.batch_check_actions(server.request(0, BatchCheckActionsRequest { questions })).await?;
    let middle = many.into_inner().answers.into_iter().nth(500).ok_or("a batch was not answered")?;
    let citations = replies.get(1).map(|reply| reply.citations.clone()).unwrap_or_default();
    let mut answers = replies.into_iter().filter_map(|reply| reply.answer);
    let (free, held) = (answers.next().ok_or("no answer")?, answers.next().ok_or("no answer")?);
    Ok(Patterns { free, held, free_of_many: middle, citations })
}

/// Starts an echo as a process of its own, configured as a service is.
fn echo(which: &str, patterns: &Patterns, keys: &Path) -> Result<(Child, SocketAddr), Fault> {
    let named = IDENTITIES.iter().zip(SERVICES).map(|(identity, of)| format!("{identity}={}", of.schema().name));
    let others = OTHERS.iter().map(|(identity, workload)| format!("{identity}={workload}"));
    let mut child = Command::new(std::env::current_exe()?)
        .args([which, &patterns.to_argument()])
        .env_clear()
        .env("HOLDFAST_MODE", "production")
        .env("HOLDFAST_LOG_FORMAT", "json")
        .env("HOLDFAST_FINGERPRINT_KEY", FINGERPRINT_KEY)
        .env("HOLDFAST_TOKEN_ISSUER", ISSUER)
        .env("HOLDFAST_TOKEN_AUDIENCE", AUDIENCE)
        .env("HOLDFAST_TOKEN_KEYS", keys)
        .env("HOLDFAST_WORKLOADS", named.chain(others).collect::<Vec<_>>().join(","))
        .env("HOLDFAST_WORKLOAD_HEADER", HEADER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut address = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut address)?;
    Ok((child, address.trim().parse()?))
}

/// A Postgres as the suite starts one for itself, in a directory of its own.
fn private() -> Result<(Cluster, PathBuf), holdfast::postgres::Error> {
    let mut hush = |_: &str| {};
    let directory = std::env::temp_dir().join(format!("holdfast-load-{}", std::process::id()));
    let binaries = Binaries::find(&mut hush)?;
    let options = holdfast::postgres::Options { data: directory.join(DATA), durability: Durability::Durable };
    Ok((Cluster::start(&binaries, &options, &mut hush)?, directory))
}
