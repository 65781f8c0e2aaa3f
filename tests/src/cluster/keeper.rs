//! The keeper: it runs the cluster for as long as any test process holds on to it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use holdfast::postgres::{Binaries, Cluster, Durability, Options, discard};

use super::meeting::{Files, open, remove, try_lock};

/// How long to try for the keeper's lock, which the searching process takes for a moment now and then.
const LOCK_WITHIN: Duration = Duration::from_secs(2);

/// Runs a cluster in `directory` until nobody has held on to it for the time `linger`; returns at once when another
/// keeper does so already. `report` is told what happens.
///
/// # Errors
///
/// When the cluster does not start, or does not go away again.
pub fn keep(directory: &Path, linger: Duration, report: &mut dyn FnMut(&str)) -> Result<(), String> {
    let files = Files::new(directory);
    let Some(_keeper) = take_lock(&files)? else {
        report("another keeper is at work");
        return Ok(());
    };
    // Whatever a killed keeper has left behind is of no use to anyone.
    remove(&files.ready())?;
    discard(&files.data()).map_err(|error| error.to_string())?;

    let binaries = Binaries::find(report).map_err(|error| error.to_string())?;
    let options = Options { data: files.data(), durability: Durability::Throwaway };
    let mut cluster = Cluster::start(&binaries, &options, report).map_err(|error| error.to_string())?;
    announce(&files, &cluster.admin_url("postgres"))?;
    // It is held to the end: a process that comes from here on waits for it, and then starts the next keeper.
    let _holders = wait_for_the_last_holder(&files, linger)?;
    report("the last holder is gone");
    remove(&files.ready())?;
    let stopped = cluster.stop().map_err(|error| error.to_string());
    drop(cluster);
    discard(&files.data()).map_err(|error| error.to_string())?;
    stopped
}

/// Takes the lock that proves that the keeper lives, unless another keeper does.
fn take_lock(files: &Files) -> Result<Option<File>, String> {
    let until = Instant::now() + LOCK_WITHIN;
    loop {
        let lock = try_lock(&files.keeper())?;
        if lock.is_some() || Instant::now() > until {
            return Ok(lock);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Tells the cluster's URL, in one step, and to this account only: it holds the password.
fn announce(files: &Files, url: &str) -> Result<(), String> {
    let draft = files.ready().with_extension("draft");
    remove(&draft)?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft);
    let written = file.and_then(|mut file| file.write_all(url.as_bytes()));
    let announced = written.and_then(|()| fs::rename(&draft, files.ready()));
    announced.map_err(|error| format!("cannot write {}: {error}", files.ready().display()))
}

/// Returns with the exclusive lock when there is no holder any more and none came within the time `linger`.
fn wait_for_the_last_holder(files: &Files, linger: Duration) -> Result<File, String> {
    let describe = |error: std::io::Error| format!("cannot lock {}: {error}", files.holders().display());
    let holders = open(&files.holders())?;
    loop {
        holders.lock().map_err(describe)?;
        if linger.is_zero() {
            return Ok(holders);
        }
        // Free for newcomers while it lingers. Each sets the file's time, so that those that came and went are seen.
        let before = last_arrival(&holders);
        holders.unlock().map_err(describe)?;
        std::thread::sleep(linger);
        match holders.try_lock() {
            Ok(()) if last_arrival(&holders) == before => return Ok(holders),
            Ok(()) => holders.unlock().map_err(describe)?,
            Err(TryLockError::WouldBlock) => (),
            Err(TryLockError::Error(error)) => return Err(describe(error)),
        }
    }
}

/// When the latest holder came.
fn last_arrival(holders: &File) -> Option<SystemTime> {
    holders.metadata().and_then(|metadata| metadata.modified()).ok()
}
