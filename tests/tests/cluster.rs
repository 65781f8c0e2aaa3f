//! The private Postgres and the cluster that test processes share, with real servers.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may panic")]

use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use holdfast::postgres::{Binaries, Cluster, Durability, Error, Options, Places};
use holdfast_tests::cluster::{TestCluster, cluster};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

/// The longest time to wait for the end of a process.
const PATIENCE: Duration = Duration::from_secs(30);

fn keeper() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_cluster-keeper"))
}

/// A directory of its own for a test, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("holdfast-scratch-{}", Uuid::new_v4().simple()));
        make_directory(&path);
        Self(path)
    }

    fn options(&self, name: &str) -> Options {
        Options { data: self.0.join(name).join("postgres"), durability: Durability::Durable }
    }
}

/// Makes a directory that Postgres can pass through, whatever the umask, when root runs the tests.
fn make_directory(path: &Path) {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o711)).unwrap();
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn binaries() -> Binaries {
    Binaries::find(&mut |_| ()).expect("Postgres is found")
}

fn start(options: &Options) -> Result<Cluster, Error> {
    Cluster::start(&binaries(), options, &mut |_| ())
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("the cluster takes connections")
}

async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < end, "still not so: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Another process that holds on to the cluster of a directory, with the URL it was told.
fn holder(directory: &Path) -> (Child, String) {
    let mut command = Command::new(keeper());
    command.arg("hold").arg(directory).arg("0").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    (child, url.trim().to_owned())
}

fn is_free(lock: &Path) -> bool {
    File::open(lock).unwrap().try_lock().is_ok()
}

/// The process id of the server in a data directory.
fn server(data: &Path) -> Pid {
    let content = fs::read_to_string(data.join("postmaster.pid")).unwrap();
    Pid::from_raw(content.lines().next().unwrap().parse().unwrap()).unwrap()
}

/// A template with one table and one row in it, that counts how often it was made.
async fn template(cluster: &TestCluster, name: &str, made: &AtomicU32) {
    let prepare = async |url: String| {
        made.fetch_add(1, Ordering::SeqCst);
        let mut connection = connect(&url).await;
        connection.execute("CREATE TABLE notes (body text)").await.unwrap();
        connection.execute("INSERT INTO notes VALUES ('from the template')").await.unwrap();
        // Not closed in order: the template must be usable nevertheless.
    };
    cluster.template(name, prepare).await;
}

async fn notes(cluster: &TestCluster, database: &str) -> i64 {
    let mut connection = connect(&cluster.admin_url(database)).await;
    sqlx::query_scalar("SELECT count(*) FROM notes").fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn databases_from_one_template_are_independent() {
    let cluster = cluster(keeper());
    let made = AtomicU32::new(0);
    let name = format!("template_{}", Uuid::new_v4().simple());
    let both = [template(cluster, &name, &made), template(cluster, &name, &made)];
    futures::future::join_all(both).await;
    assert_eq!(made.load(Ordering::SeqCst), 1);

    let copies = futures::future::join_all((0..4).map(|_| cluster.database_from_template(&name))).await;
    let mut connection = connect(&cluster.admin_url(&copies[0])).await;
    connection.execute("INSERT INTO notes VALUES ('only here')").await.unwrap();
    assert_eq!(notes(cluster, &copies[0]).await, 2);
    for copy in &copies[1..] {
        assert_eq!(notes(cluster, copy).await, 1);
    }
    // One of them is still connected to.
    for copy in &copies {
        cluster.drop_database(copy).await;
    }
}

#[tokio::test]
async fn a_template_that_failed_is_made_by_the_next() {
    let cluster = cluster(keeper());
    let name = format!("template_{}", Uuid::new_v4().simple());
    let failing = name.clone();
    let failed = tokio::spawn(async move { cluster.template(&failing, async |_| panic!("on purpose")).await }).await;
    assert!(failed.is_err());
    let made = AtomicU32::new(0);
    template(cluster, &name, &made).await;
    assert_eq!(made.load(Ordering::SeqCst), 1);
    let copy = cluster.database_from_template(&name).await;
    assert_eq!(notes(cluster, &copy).await, 1);
    cluster.drop_database(&copy).await;
}

#[tokio::test]
async fn processes_share_one_cluster_which_ends_with_the_last_of_them() {
    let scratch = Scratch::new();
    let directory = &scratch.0;
    let (mut first, url) = holder(directory);
    let (mut second, same) = holder(directory);
    let own = TestCluster::join(directory, keeper(), Duration::ZERO).unwrap();
    assert!(url.starts_with("postgres://"), "{url}");
    assert_eq!([&same, &own.admin_url("postgres")], [&url, &url]);

    // One is killed, one ends in order, and the cluster is still there for the third.
    first.kill().unwrap();
    first.wait().unwrap();
    drop(second.stdin.take());
    assert!(second.wait().unwrap().success());
    assert!(!is_free(&directory.join("keeper.lock")));
    connect(&url).await.close().await.unwrap();

    drop(own);
    until("the keeper ends", || is_free(&directory.join("keeper.lock"))).await;
    assert!(!directory.join("ready").exists());
    assert!(!directory.join("data").exists());
    assert!(PgConnection::connect(&url).await.is_err());

    // The next process gets a new one.
    let next = TestCluster::join(directory, keeper(), Duration::ZERO).unwrap();
    assert_ne!(next.admin_url("postgres"), url);
    connect(&next.admin_url("postgres")).await.close().await.unwrap();
    drop(next);
    until("the keeper ends", || is_free(&directory.join("keeper.lock"))).await;
}

#[tokio::test]
async fn processes_that_start_at_once_share_one_cluster() {
    let scratch = Scratch::new();
    let start = || {
        let directory = scratch.0.clone();
        tokio::task::spawn_blocking(move || holder(&directory))
    };
    let holders = futures::future::join_all((0..6).map(|_| start())).await;
    let mut holders: Vec<(Child, String)> = holders.into_iter().map(Result::unwrap).collect();
    let urls: Vec<&String> = holders.iter().map(|(_, url)| url).collect();
    assert!(urls[0].starts_with("postgres://"));
    assert!(urls.iter().all(|url| *url == urls[0]), "{urls:?}");
    for (child, _) in &mut holders {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    until("the keeper ends", || is_free(&scratch.0.join("keeper.lock"))).await;
}

#[tokio::test]
async fn what_a_killed_keeper_leaves_behind_is_replaced() {
    let scratch = Scratch::new();
    let directory = &scratch.0;
    let mut command = Command::new(keeper());
    // Held before it starts, as by a process that joins.
    let held = File::create(directory.join("holders.lock")).unwrap();
    held.lock_shared().unwrap();
    let mut doomed = command.arg("keep").arg(directory).arg("0").stderr(Stdio::null()).spawn().unwrap();
    until("the keeper is ready", || directory.join("ready").exists()).await;
    let url = fs::read_to_string(directory.join("ready")).unwrap();
    doomed.kill().unwrap();
    doomed.wait().unwrap();
    connect(&url).await.close().await.unwrap();

    let cluster = TestCluster::join(directory, keeper(), Duration::ZERO).unwrap();
    assert_ne!(cluster.admin_url("postgres"), url);
    connect(&cluster.admin_url("postgres")).await.close().await.unwrap();
    assert!(PgConnection::connect(&url).await.is_err());
    drop((held, cluster));
    until("the keeper ends", || is_free(&directory.join("keeper.lock"))).await;
}

#[tokio::test]
async fn a_durable_cluster_finds_its_data_after_a_stop_and_after_a_crash() {
    let scratch = Scratch::new();
    let options = scratch.options("durable");
    let mut cluster = start(&options).unwrap();
    let mut connection = connect(&cluster.admin_url("postgres")).await;
    connection.execute("CREATE TABLE kept (id int)").await.unwrap();
    connection.execute("INSERT INTO kept VALUES (1)").await.unwrap();
    assert!(matches!(start(&options), Err(Error::InUse { .. })));
    // A client that stays connected does not hold up the stop.
    cluster.stop().unwrap();
    assert!(!cluster.is_running());
    drop(cluster);

    let mut cluster = start(&options).unwrap();
    let mut connection = connect(&cluster.admin_url("postgres")).await;
    connection.execute("INSERT INTO kept VALUES (2)").await.unwrap();
    kill_process(server(&options.data), Signal::KILL).unwrap();
    until("the server ends", || !cluster.is_running()).await;
    drop(cluster);

    let cluster = start(&options).unwrap();
    let mut connection = connect(&cluster.admin_url("postgres")).await;
    let kept: i64 = sqlx::query_scalar("SELECT sum(id) FROM kept").fetch_one(&mut connection).await.unwrap();
    assert_eq!(kept, 3);
}

#[tokio::test]
async fn two_clusters_run_at_once_and_let_nobody_in_without_the_password() {
    let scratch = Scratch::new();
    let start = |name: &str| {
        let options = scratch.options(name);
        tokio::task::spawn_blocking(move || start(&options).unwrap())
    };
    let (one, two) = futures::future::join(start("one"), start("two")).await;
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_ne!(one.port(), two.port());
    for cluster in [&one, &two] {
        connect(&cluster.admin_url("postgres")).await.close().await.unwrap();
    }
    // The password of the one does not open the other.
    let url = one.admin_url("postgres").replace(&one.port().to_string(), &two.port().to_string());
    let error = PgConnection::connect(&url).await.unwrap_err();
    assert_eq!(error.as_database_error().and_then(|error| error.code()).as_deref(), Some("28P01"), "{error}");
}

#[tokio::test]
async fn the_log_has_nothing_of_what_clients_send() {
    let scratch = Scratch::new();
    let options = scratch.options("quiet");
    let cluster = start(&options).unwrap();
    let mut connection = connect(&cluster.admin_url("postgres")).await;
    connection.execute("CREATE TABLE people (name text PRIMARY KEY)").await.unwrap();
    let insert = "INSERT INTO people VALUES ('Marigold')";
    connection.execute(insert).await.unwrap();
    connection.execute(insert).await.unwrap_err();
    connection.execute("SELECT 'Marigold'::int").await.unwrap_err();
    let query = sqlx::query("SELECT $1::text::int").bind("Marigold");
    query.execute(&mut connection).await.unwrap_err();
    drop(cluster);
    let log = fs::read_to_string(options.data.with_extension("log")).unwrap();
    assert!(log.contains("database system is ready"), "{log}");
    assert!(!log.contains("Marigold"), "{log}");
}

#[tokio::test]
async fn a_directory_with_something_else_in_it_is_refused() {
    let scratch = Scratch::new();
    let options = scratch.options("other");
    make_directory(options.data.parent().unwrap());
    make_directory(&options.data);
    fs::write(options.data.join("letter.txt"), "dear all").unwrap();
    assert!(matches!(start(&options), Err(Error::NotACluster { .. })));

    fs::write(options.data.join("PG_VERSION"), "14\n").unwrap();
    let message = start(&options).unwrap_err().to_string();
    let found = binaries().major().to_string();
    assert!(message.contains("made by Postgres 14") && message.contains(&found), "{message}");
}

#[tokio::test]
#[ignore = "downloads 25 MB unless HOLDFAST_TEST_CACHE names a directory that has it"]
async fn without_an_installed_postgres_one_is_downloaded() {
    let scratch = Scratch::new();
    let cache = std::env::var_os("HOLDFAST_TEST_CACHE").map_or_else(|| scratch.0.join("cache"), PathBuf::from);
    let places = Places { chosen: None, path: Vec::new(), installed: scratch.0.join("none"), cache: Some(cache) };
    let find = || {
        let places = places.clone();
        tokio::task::spawn_blocking(move || Binaries::find_in(&places, &mut |_| ()).unwrap())
    };
    let (one, two) = futures::future::join(find(), find()).await;
    let binaries = one.unwrap();
    assert_eq!(binaries, two.unwrap());
    assert_eq!(binaries.major(), 18);

    let options = scratch.options("downloaded");
    for expected in [0, 1] {
        let cluster = Cluster::start(&binaries, &options, &mut |_| ()).unwrap();
        let mut connection = connect(&cluster.admin_url("postgres")).await;
        connection.execute("CREATE TABLE IF NOT EXISTS starts (id int)").await.unwrap();
        let starts: i64 = sqlx::query_scalar("SELECT count(*) FROM starts").fetch_one(&mut connection).await.unwrap();
        assert_eq!(starts, expected);
        connection.execute("INSERT INTO starts VALUES (1)").await.unwrap();
    }
}
