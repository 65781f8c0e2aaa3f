//! A running private cluster.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Child;

use super::account::{Account, check_reachable};
use super::binaries::Binaries;
use super::files::{beside, create_directory, remove_if_present, remove_tree, try_lock};
use super::{ADMIN, Error, initialise, orphan, server};

/// What the data is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// What is committed stays, through crashes and power cuts.
    Durable,
    /// Fast, and lost with the machine's power: for tests.
    Throwaway,
}

/// Which cluster to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data directory. The cluster's password, log and lock are files beside it, with its name and `.password`,
    /// `.log` and `.lock`.
    pub data: PathBuf,
    /// What the data is worth.
    pub durability: Durability,
}

/// A Postgres server that this process has started. It is stopped when the value is dropped.
pub struct Cluster {
    child: Child,
    port: u16,
    password: String,
    /// Locked, so that no other process stops this server as one left behind. Postgres does not inherit it.
    _lock: File,
}

impl Cluster {
    /// Starts the cluster in a data directory, and makes it first if there is none. A server that a killed process has
    /// left behind in it is stopped.
    ///
    /// # Errors
    ///
    /// When the directory is in use, belongs to another version or cannot be reached, or Postgres does not start.
    pub fn start(binaries: &Binaries, options: &Options, progress: &mut dyn FnMut(&str)) -> Result<Self, Error> {
        let data = std::path::absolute(&options.data).map_err(Error::file("find", &options.data))?;
        let parent = data.parent().unwrap_or(Path::new("/"));
        create_directory(parent)?;
        let lock = lock(&data)?;
        let account = Account::for_data(&data)?;
        let account = account.as_ref();
        check_reachable(parent, account)?;
        binaries.check_reachable(account)?;
        orphan::stop(&data, progress)?;
        let password = initialise::ensure(binaries, &data, options.durability, account, progress)?;
        let (child, port) = server::start(binaries, &data, options.durability, account)?;
        progress(&format!("Postgres {} is ready on 127.0.0.1:{port}", binaries.major()));
        Ok(Self { child, port, password, _lock: lock })
    }

    /// The URL by which the cluster's administrator enters a database. It holds the password: it must not be logged.
    #[must_use]
    pub fn admin_url(&self, database: &str) -> String {
        format!("postgres://{ADMIN}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// The port on the loopback interface.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether the server still runs. It may have been ended from outside.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Stops the server and waits for its end. Stopping a stopped one does nothing.
    ///
    /// # Errors
    ///
    /// When it had to be stopped the hard way, because it took too long.
    pub fn stop(&mut self) -> Result<(), Error> {
        server::stop(&mut self.child)
    }
}

impl fmt::Debug for Cluster {
    /// Without the password, because debug output ends up in logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Cluster").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // There is nobody to tell, and the next start recovers.
        let _ = self.stop();
    }
}

/// Stops whatever server was left behind in a data directory, and deletes the cluster with all its data.
///
/// # Errors
///
/// When another process uses the cluster, or it cannot be deleted.
pub fn discard(data: &Path) -> Result<(), Error> {
    let data = std::path::absolute(data).map_err(Error::file("find", data))?;
    if !data.parent().is_some_and(Path::is_dir) {
        return Ok(());
    }
    let _lock = lock(&data)?;
    orphan::stop(&data, &mut |_| ())?;
    // In one step out of the way, so that an interrupted removal leaves nothing that looks like a cluster.
    let doomed = beside(&data, ".discarded");
    remove_tree(&doomed)?;
    if data.exists() {
        fs::rename(&data, &doomed).map_err(Error::file("move aside", &data))?;
    }
    remove_tree(&doomed)?;
    remove_if_present(&initialise::password_file(&data))?;
    remove_if_present(&beside(&data, ".log"))
}

/// Takes the lock of a data directory.
fn lock(data: &Path) -> Result<File, Error> {
    try_lock(&beside(data, ".lock"))?.ok_or_else(|| Error::InUse { data: data.to_owned() })
}
