//! A client in another language, with nothing of ours: it finds the contracts through reflection, walks a case from the
//! referral to the decision and asks before each step whether the payment may be stopped.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests fail by panicking")]

use holdfast::suite::{Credentials, Suite, prepare_all};
use holdfast_chassis::{
    Clock,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    issuer::Issuer,
    serve::Limits,
};
use holdfast_contracts::holdfast::access::v1::{Role, Workload};
use holdfast_procedure::guidance::Guidance;
use holdfast_tests::{cluster::cluster, suite::FINGERPRINT_KEY};
use std::{
    fs,
    io::{self, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tokio::{net::TcpListener, sync::oneshot};

const KEEPER: &str = env!("CARGO_BIN_EXE_cluster-keeper");
/// How long the tokens are valid, in seconds.
const VALID: i64 = 3_600;
/// The parties of the walk.
const PARTIES: [(&str, Option<Role>, Workload); 8] = [
    ("referrer", Some(Role::Referrer), Workload::Casework),
    ("visiting-officer", Some(Role::VisitingOfficer), Workload::Casework),
    ("ces-team", Some(Role::CesTeam), Workload::Casework),
    ("safeguarding-leader", Some(Role::SafeguardingLeader), Workload::Casework),
    ("case-manager", Some(Role::CaseManager), Workload::Casework),
    ("operator", Some(Role::Operator), Workload::Operations),
    ("auditor", Some(Role::Auditor), Workload::Operations),
    ("payments", None, Workload::Payments),
];

/// The scripts, and what they stand on.
fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python")
}

fn run(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).output()
}

/// A Python with gRPC, in an environment of its own that is made once; `None` where this machine has no Python 3.
fn python() -> Option<PathBuf> {
    if let Err(fault) = run(Command::new("python3").arg("--version"))
        && fault.kind() == io::ErrorKind::NotFound
    {
        return None;
    }
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("python");
    fs::create_dir_all(&home).unwrap();
    // Whoever comes second waits here, and finds it made.
    let lock = fs::File::create(home.join("lock")).unwrap();
    lock.lock().unwrap();
    let (environment, made) = (home.join("environment"), home.join("made"));
    let needed = fs::read_to_string(scripts().join("requirements.txt")).unwrap();
    let python = environment.join("bin/python");
    if fs::read_to_string(&made).is_ok_and(|made| made == needed) {
        return Some(python);
    }
    // Until it is made again, it is not made: this may fail half-way.
    if made.exists() {
        fs::remove_file(&made).unwrap();
    }
    let venv = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment)).unwrap();
    succeeded(&venv, "python3 is here, but cannot make an environment: install its venv module (python3-venv)");
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
    pip.args(["--only-binary=:all:", "--requirement"]).arg(scripts().join("requirements.txt"));
    let what = "python3 is here, but the packages in tests/python/requirements.txt cannot be installed with pip: this \
                test needs a package index once, and Python 3.10 or newer";
    succeeded(&run(&mut pip).unwrap(), what);
    fs::write(&made, needed).unwrap();
    Some(python)
}

fn succeeded(output: &Output, what: &str) {
    assert!(output.status.success(), "{what}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// Runs the walk against the suite at this address.
fn walk(python: &Path, address: SocketAddr, issuer: &Issuer) -> Output {
    let token = |(name, role, workload): (&str, _, _)| {
        (name.to_owned(), serde_json::Value::String(issuer.token(name, role, workload, VALID).unwrap()))
    };
    let tokens = serde_json::Value::Object(PARTIES.into_iter().map(token).collect());
    let mut command = Command::new(python);
    command.arg(scripts().join("walk.py")).arg(address.to_string()).env("PYTHONDONTWRITEBYTECODE", "1");
    let mut walking = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    walking.stdin.take().unwrap().write_all(tokens.to_string().as_bytes()).unwrap();
    walking.wait_with_output().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_knows_only_reflection_walks_a_case_and_is_told_at_each_step_whether_to_pay() {
    let Some(python) = tokio::task::spawn_blocking(python).await.unwrap() else {
        // To standard error itself, which shows while the tests run.
        writeln!(io::stderr(), "SKIPPED: there is no python3 on this machine").unwrap();
        return;
    };
    let cluster = tokio::task::spawn_blocking(|| cluster(Path::new(KEEPER))).await.unwrap();
    cluster.template("suite", async |url: String| prepare_all(&url).await.unwrap()).await;
    let database = cluster.database_from_template("suite").await;
    // On the machine's own clock: the suite does by itself what it does in service, and proves by itself what has
    // arrived.
    let issuer = Issuer::generate(Clock::System);
    let url = cluster.admin_url(&database);
    let suite = Suite::open(&url, Clock::System, Guidance::published(), FINGERPRINT_KEY.to_owned()).await.unwrap();
    let verifier = Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, Clock::System).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connected = suite.connect(address, &Credentials::Tokens(&issuer, Clock::System)).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        suite.serve(listener, verifier, Limits::default(), &connected, stopped).await.unwrap();
    });
    let walked = tokio::task::spawn_blocking(move || walk(&python, address, &issuer)).await.unwrap();
    succeeded(&walked, &format!("the walk ended early:\n{}", String::from_utf8_lossy(&walked.stdout)));
    stop.send(()).unwrap();
    server.await.unwrap();
    cluster.drop_database(&database).await;
}
