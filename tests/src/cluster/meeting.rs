//! How test processes meet: the directory, its locks, and the search for a keeper.

use holdfast_chassis::Clock;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a cluster may take to be ready. Usually that is two seconds; but Postgres may have to be downloaded first.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// How many keepers to start before giving up. One of them ends early if a keeper that an ended process had started
/// is just coming up.
const ATTEMPTS: u32 = 3;

/// The files by which processes meet.
pub(super) struct Files {
    directory: PathBuf,
}

impl Files {
    pub(super) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    pub(super) fn holders(&self) -> PathBuf {
        self.directory.join("holders.lock")
    }

    pub(super) fn keeper(&self) -> PathBuf {
        self.directory.join("keeper.lock")
    }

    pub(super) fn ready(&self) -> PathBuf {
        self.directory.join("ready")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn start(&self) -> PathBuf {
        self.directory.join("start.lock")
    }

    fn log(&self) -> PathBuf {
        self.directory.join("keeper.log")
    }
}

/// The directory of this account's runs of this workspace with the Postgres that `PG_BIN` chooses: a run with another
/// one must not join the cluster of the run before.
pub(super) fn usual_directory() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_MANIFEST_DIR").hash(&mut hasher);
    std::env::var_os("PG_BIN").hash(&mut hasher);
    let run = hasher.finish() >> 32;
    let account = rustix::process::geteuid().as_raw();
    std::env::temp_dir().join(format!("holdfast-tests-{account}-{run:08x}"))
}

/// Joins the cluster and returns its URL and the lock that keeps it running.
pub(super) fn join(directory: &Path, keeper: &Path, linger: Duration) -> Result<(String, File), String> {
    create_directory(directory)?;
    let files = Files::new(directory);
    let start = open(&files.start())?;
    start.lock().map_err(|error| format!("cannot lock {}: {error}", files.start().display()))?;
    // Before a keeper is looked for: one that is about to end has the exclusive lock until it has ended, and one that
    // lives cannot end from here on.
    let holder = open(&files.holders())?;
    holder.lock_shared().map_err(|error| format!("cannot lock {}: {error}", files.holders().display()))?;
    // The time tells the keeper that there was a holder, however short its life.
    holder.set_modified(Clock::System.now().into()).map_err(|error| format!("cannot touch the lock: {error}"))?;

    let url = find_keeper(&files, keeper, linger)?;
    Ok((url, holder))
}

/// Waits for a living keeper's cluster, and starts a keeper when none lives. Only the holder of `start.lock` does.
fn find_keeper(files: &Files, program: &Path, linger: Duration) -> Result<String, String> {
    let until = Instant::now() + READY_WITHIN;
    let mut attempts = 0;
    let mut started: Option<Child> = None;
    while Instant::now() < until {
        let starting = started.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)));
        if none_lives(files)? {
            if !starting && attempts == ATTEMPTS {
                return Err(format!("the keeper of the test cluster ended; its log:\n{}", log(files)));
            }
            if !starting {
                attempts += 1;
                started = Some(spawn(files, program, linger)?);
            }
        } else if let Ok(url) = fs::read_to_string(files.ready()) {
            return Ok(url);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(format!("the test cluster was not ready after {READY_WITHIN:?}; its keeper's log:\n{}", log(files)))
}

/// Whether no keeper lives. A dead one's `ready` is removed on that occasion, under the keeper's own lock, so that it
/// is not taken for that of the next.
fn none_lives(files: &Files) -> Result<bool, String> {
    let Some(lock) = try_lock(&files.keeper())? else { return Ok(false) };
    let removed = remove(&files.ready());
    // Explicitly: a process that another thread forks at this moment has a copy of the open file.
    let unlocked = lock.unlock().map_err(|error| format!("cannot unlock {}: {error}", files.keeper().display()));
    removed.and(unlocked).map(|()| true)
}

/// Starts a keeper that outlives this process: in a process group of its own, which the terminal's Ctrl-C does not
/// reach, and without this process's output, for the end of which a test runner would wait.
fn spawn(files: &Files, program: &Path, linger: Duration) -> Result<Child, String> {
    let mut options = OpenOptions::new();
    let log = options.write(true).create(true).truncate(true).mode(0o600).open(files.log());
    let log = log.and_then(|log| Ok((log.try_clone()?, log)));
    let (out, err) = log.map_err(|error| format!("cannot open {}: {error}", files.log().display()))?;
    let mut command = Command::new(program);
    command.arg("keep").arg(&files.directory).arg(linger.as_millis().to_string());
    command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
    command.spawn().map_err(|error| format!("cannot run {}: {error}", program.display()))
}

/// What the keeper and Postgres have written.
fn log(files: &Files) -> String {
    let read = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    read(files.log()) + &read(files.data().with_extension("log"))
}

/// Opens (or creates) a lock file.
pub(super) fn open(path: &Path) -> Result<File, String> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(|error| format!("cannot open {}: {error}", path.display()))
}

/// Takes the exclusive lock of a file, unless another process holds it.
pub(super) fn try_lock(path: &Path) -> Result<Option<File>, String> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(format!("cannot lock {}: {error}", path.display())),
    }
}

/// Removes a file that may not be there.
pub(super) fn remove(path: &Path) -> Result<(), String> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("cannot remove {}: {error}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Makes the directory in which the processes meet, and refuses one that another account could have prepared: its
/// name in the directory of temporary files is no secret.
fn create_directory(path: &Path) -> Result<(), String> {
    let root = rustix::process::geteuid().is_root();
    // Postgres passes through it as another account when this process is root.
    let mode = if root { 0o711 } else { 0o700 };
    // Whether it was there already is seen below.
    let _ = DirBuilder::new().recursive(true).mode(mode).create(path);
    let describe = |error| format!("cannot use {}: {error}", path.display());
    let metadata = fs::symlink_metadata(path).map_err(describe)?;
    if !metadata.is_dir() || metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(format!("{} belongs to another account: set TMPDIR to another directory", path.display()));
    }
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(describe)
}
