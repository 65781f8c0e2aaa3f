//! A server that outlived the suite which started it, because the suite was killed.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::Error;
use super::files::remove_if_present;

/// How long an orphan may take to stop by itself, and then to stop at once.
const PATIENCE: [(Signal, Duration); 2] =
    [(Signal::INT, Duration::from_secs(10)), (Signal::QUIT, Duration::from_secs(10))];

/// Stops the server that still runs in this data directory, if there is one. The caller holds the directory's lock,
/// so that it is nobody's server any more; stopping it is simpler than adopting it, and as safe: what is committed
/// stays.
pub(super) fn stop(data: &Path, progress: &mut dyn FnMut(&str)) -> Result<(), Error> {
    if let Some(pid) = running(data) {
        progress(&format!("Stopping the Postgres (process {pid}) that an earlier run left behind"));
        end(pid, data)?;
    }
    if cfg!(target_os = "linux") {
        // Postgres refuses to start when the number in a stale file now belongs to another process of its account,
        // which happens in containers, where numbers are small. Should a server run after all, Postgres notices that
        // by its shared memory.
        remove_if_present(&data.join("postmaster.pid"))?;
    }
    Ok(())
}

/// Signals the process until it is gone.
fn end(pid: i32, data: &Path) -> Result<(), Error> {
    for (signal, patience) in PATIENCE {
        if let Some(process) = Pid::from_raw(pid) {
            // It may have ended in the meantime, which the loop sees.
            let _ = kill_process(process, signal);
        }
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if running(data) != Some(pid) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    Err(Error::Orphan { pid, data: data.to_owned() })
}

/// The process id of the server in this data directory, if it is alive.
///
/// The number in `postmaster.pid` may by now belong to an unrelated process, which must not be signalled: a server is
/// recognised by its command line, which names the data directory, and by its account, which owns that directory. (Its
/// working directory would tell as well, but root in a container may not look at it.) Where there is no `/proc`, as on
/// macOS, none is found, and Postgres itself refuses to start a second server.
fn running(data: &Path) -> Option<i32> {
    let content = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let pid: i32 = content.lines().next()?.trim().parse().ok()?;
    let process = PathBuf::from(format!("/proc/{pid}"));
    let same_account = fs::metadata(&process).ok()?.uid() == fs::metadata(data).ok()?.uid();
    // A process that has ended and was not waited for has an empty command line.
    let line = fs::read(process.join("cmdline")).ok()?;
    let mut arguments = line.split(|byte| *byte == 0).skip_while(|argument| *argument != b"-D");
    let directory = Path::new(OsStr::from_bytes(arguments.nth(1)?)).canonicalize().ok()?;
    (same_account && directory == data.canonicalize().ok()?).then_some(pid)
}
