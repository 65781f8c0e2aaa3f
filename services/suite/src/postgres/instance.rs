//! The suite's own directory: the first one that no running suite has taken.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::Error;
use super::files::{create_directory, is_root, try_lock};

/// How many suites may run at once on one machine.
const MOST: u32 = 99;

/// A directory which belongs to this process for as long as the value lives.
#[derive(Debug)]
pub struct Instance {
    number: u32,
    directory: PathBuf,
    /// Locked; the operating system lets go of it however the process ends.
    lock: File,
}

impl Drop for Instance {
    fn drop(&mut self) {
        // By name, as closing it is not enough while a program that is being started still shares it. Where that fails,
        // the end of the process lets go.
        let _ = self.lock.unlock();
    }
}

impl Instance {
    /// Which of the machine's suites this is, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Where the Postgres cluster of this instance belongs.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.directory.join("postgres")
    }
}

/// Takes the first free directory of `<base>/1`, `<base>/2` and so on, so that two suites can run at once and each
/// finds its data again when it starts the next time. The base is `root`, or the usual place for the account's data.
///
/// # Errors
///
/// When no base can be told, a directory cannot be made, or all are taken.
pub fn claim_instance(root: Option<PathBuf>) -> Result<Instance, Error> {
    let base = base(root)?;
    for number in 1..=MOST {
        let directory = base.join(number.to_string());
        create_directory(&directory)?;
        if let Some(lock) = try_lock(&directory.join("lock"))? {
            return Ok(Instance { number, directory, lock });
        }
    }
    Err(Error::NoInstance { count: MOST, base })
}

/// The directories of the machine's suites that there are, running or not, the first one first.
///
/// # Errors
///
/// When no base can be told.
pub fn instances(root: Option<PathBuf>) -> Result<Vec<PathBuf>, Error> {
    let base = base(root)?;
    Ok((1..=MOST).map(|number| base.join(number.to_string())).take_while(|directory| directory.is_dir()).collect())
}

/// The given base or the usual one; absolute, because Postgres runs with another working directory.
fn base(root: Option<PathBuf>) -> Result<PathBuf, Error> {
    match root {
        Some(root) => std::path::absolute(&root).map_err(Error::file("find", &root)),
        None => usual_base(),
    }
}

/// `/var/lib/holdfast` for root, whose home is closed to the account that Postgres runs as; else by the XDG rules.
fn usual_base() -> Result<PathBuf, Error> {
    if is_root() {
        return Ok(PathBuf::from("/var/lib/holdfast"));
    }
    user_directory("XDG_DATA_HOME", ".local/share")
}

/// The suite's directory below the one that `variable` names, or below `fallback` in the home directory.
pub(super) fn user_directory(variable: &'static str, fallback: &str) -> Result<PathBuf, Error> {
    // The XDG rules say that relative paths are to be ignored.
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute(variable).or_else(|| absolute("HOME").map(|home| home.join(fallback)));
    base.map(|base| base.join("holdfast")).ok_or(Error::NoHome { variable })
}
