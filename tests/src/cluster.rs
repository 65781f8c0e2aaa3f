//! One private Postgres cluster for all test processes of a run.
//!
//! A test run has many processes: one for each test binary, and under cargo-nextest one for each test. They share one
//! cluster, which no single one of them could own, because it would end with it. So the first to need it starts a
//! keeper, a process of its own, which runs Postgres until the last holder is gone.
//!
//! They meet in a directory that belongs to the account and the workspace:
//!
//! - `start.lock` is held by the process which looks for a keeper and starts one, so that there is one at a time;
//! - `keeper.lock` is held by the keeper for its life, which proves that it lives;
//! - `holders.lock` is held by every test process as a shared lock for its life. The keeper asks for the exclusive
//!   lock, and gets it when the last holder has ended, however it did;
//! - `ready` has the cluster's URL while it takes connections; `keeper.log` tells why it does not.
//!
//! The operating system lets go of locks when a process ends, so that no crash leaves anything behind that would need
//! clearing up by hand.

mod databases;
mod keeper;
mod meeting;

use std::fs::File;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

pub use keeper::keep;

/// How long the keeper waits for another holder when the last one is gone: long enough for the next test binary to
/// start, so that a run does not make a cluster for each.
pub const LINGER: Duration = Duration::from_secs(5);

/// A cluster that this process holds on to.
#[derive(Debug)]
pub struct TestCluster {
    /// The URL up to the name of the database. It holds the password.
    server: String,
    /// The shared lock that keeps the cluster running.
    _holder: File,
}

/// The cluster of this test run, started by the first process that asks. `keeper` is the path of the program
/// `cluster-keeper`, which a test knows as `env!("CARGO_BIN_EXE_cluster-keeper")`.
///
/// # Panics
///
/// When there is no Postgres or it does not start.
pub fn cluster(keeper: &Path) -> &'static TestCluster {
    static CLUSTER: OnceLock<Result<TestCluster, String>> = OnceLock::new();
    let joined = CLUSTER.get_or_init(|| TestCluster::join(&meeting::usual_directory(), keeper, LINGER));
    match joined {
        Ok(cluster) => cluster,
        Err(reason) => panic!("there is no Postgres to test with: {reason}"),
    }
}

impl TestCluster {
    /// The cluster of the processes that meet in `directory`; `keeper` is started there if none runs, and ends when
    /// there was no holder for the time `linger`.
    ///
    /// # Errors
    ///
    /// When the cluster does not start, with the keeper's log.
    pub fn join(directory: &Path, keeper: &Path, linger: Duration) -> Result<Self, String> {
        let (url, holder) = meeting::join(directory, keeper, linger)?;
        let (server, _) = url.rsplit_once('/').ok_or("the keeper wrote no URL")?;
        Ok(Self { server: server.to_owned(), _holder: holder })
    }

    /// The URL by which the cluster's administrator enters a database.
    #[must_use]
    pub fn admin_url(&self, database: &str) -> String {
        format!("{}/{database}", self.server)
    }
}
