//! What can go wrong with a private Postgres, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// A failure to find, make, start or stop a private Postgres. Every message says what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No usable binaries in any of the places looked at.
    #[error(
        "no Postgres 15 or newer was found. Install one (`apt-get install postgresql`), or set PG_BIN to the directory \
         that holds its `initdb` and `postgres`. Looked at:\n  {}",
        .looked_at.join("\n  ")
    )]
    NotFound {
        /// Each place, with the reason why it would not do.
        looked_at: Vec<String>,
    },

    /// `PG_BIN` is set but useless. An explicit choice is never silently replaced by another Postgres.
    #[error(
        "PG_BIN is {}, which {reason}. Set it to the directory that holds `initdb` and `postgres` of Postgres 15 or \
         newer, or unset it; to install Postgres: `apt-get install postgresql`",
        .directory.display()
    )]
    PgBin {
        /// The value of `PG_BIN`.
        directory: PathBuf,
        /// Why it would not do.
        reason: String,
    },

    /// There is no home directory to derive a data directory from.
    #[error("neither {variable} nor HOME is set, so there is no directory to keep data in: set one of them")]
    NoHome {
        /// The variable that would have named the directory.
        variable: &'static str,
    },

    /// Postgres refuses to run as root, and there is no other account to run it as.
    #[error("Postgres does not run as root, and /etc/passwd has no `postgres` and no `nobody` to run it as: {advice}")]
    NoAccount {
        /// What to do.
        advice: &'static str,
    },

    /// A directory on the way to a file is closed to the account that Postgres runs as.
    #[error(
        "Postgres runs as the account `{account}`, which may not pass through {} on the way to {}: choose a place \
         outside it, or `chmod a+x` it",
        .directory.display(), .path.display()
    )]
    Untraversable {
        /// The closed directory.
        directory: PathBuf,
        /// The place inside it.
        path: PathBuf,
        /// The account Postgres runs as.
        account: String,
    },

    /// A file operation failed.
    #[error("cannot {action} {}: {source}. Check the directory's permissions and the free space", .path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },

    /// A program could not be run at all.
    #[error("cannot run {}: {source}. Check that it is executable on this machine", .program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },

    /// `initdb` failed.
    #[error("initdb could not make a database cluster in {}; it said:\n{output}", .data.display())]
    Initdb {
        /// Where the cluster should have been made.
        data: PathBuf,
        /// What initdb printed.
        output: String,
    },

    /// The cluster belongs to another major version.
    #[error(
        "{} was made by Postgres {made_by}, and the Postgres found is {found}, which cannot read it. Set PG_BIN to the \
         binaries of Postgres {made_by}, or move that directory away to start with an empty one",
        .data.display()
    )]
    MajorVersion {
        /// The data directory.
        data: PathBuf,
        /// The major version in the data directory.
        made_by: String,
        /// The major version of the binaries.
        found: u32,
    },

    /// The data directory holds something else.
    #[error("{} is not empty and is not a Postgres cluster: choose another directory", .data.display())]
    NotACluster {
        /// The directory.
        data: PathBuf,
    },

    /// The cluster's password is lost.
    #[error(
        "the cluster {} has no password file {}: put it back, or move the cluster away to start with an empty one",
        .data.display(), .password.display()
    )]
    NoPassword {
        /// The data directory.
        data: PathBuf,
        /// The missing file.
        password: PathBuf,
    },

    /// Another process runs this cluster.
    #[error("another process is using the cluster {}: stop it, or choose another directory", .data.display())]
    InUse {
        /// The data directory.
        data: PathBuf,
    },

    /// A server left behind by a crashed run does not stop.
    #[error("an earlier Postgres (process {pid}) still runs in {} and does not stop: end it by hand", .data.display())]
    Orphan {
        /// Its process.
        pid: i32,
        /// The data directory.
        data: PathBuf,
    },

    /// The server ended while starting.
    #[error("Postgres ended while starting; the end of its log {}:\n{tail}", .log.display())]
    Exited {
        /// The log file.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },

    /// The server did not become ready.
    #[error("Postgres was not ready after {seconds} s; the end of its log {}:\n{tail}", .log.display())]
    NotReady {
        /// How long it was waited for.
        seconds: u64,
        /// The log file.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },

    /// The server did not stop in time and was stopped the hard way.
    #[error("Postgres did not stop in {seconds} s and was ended at once; it recovers by itself at the next start")]
    StoppedHard {
        /// How long it was waited for.
        seconds: u64,
    },

    /// All instance directories are taken.
    #[error("all {count} instance directories in {} are in use: stop some of the running suites", .base.display())]
    NoInstance {
        /// How many there may be.
        count: u32,
        /// The directory that holds them.
        base: PathBuf,
    },
}

impl Error {
    /// Turns an I/O error on `path` into a message that says what was tried.
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { action, path: path.to_owned(), source }
    }
}
