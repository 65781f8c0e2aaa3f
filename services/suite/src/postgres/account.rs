//! The account that Postgres runs as. Postgres refuses root, so a root suite starts it as another account.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Error;
use super::files::is_root;

/// The accounts to run Postgres as when the suite runs as root, best first. `nobody` is shared with other programs,
/// but exists everywhere.
const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// An entry of `/etc/passwd`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    /// Its name.
    pub(super) name: String,
    /// Its user id.
    pub(super) uid: u32,
    /// Its primary group.
    pub(super) gid: u32,
}

impl Account {
    /// The account to switch to for this data directory: none unless this process runs as root. An existing cluster
    /// keeps its owner, so that a `postgres` account which appears later does not lock the suite out of its data.
    pub(super) fn for_data(data: &Path) -> Result<Option<Self>, Error> {
        if !is_root() {
            return Ok(None);
        }
        let passwd = fs::read_to_string("/etc/passwd").map_err(Error::file("read", Path::new("/etc/passwd")))?;
        let accounts = parse(&passwd);
        let owner = fs::metadata(data).ok().map(|metadata| metadata.uid()).filter(|uid| *uid != 0);
        let owned = owner.and_then(|uid| accounts.iter().find(|account| account.uid == uid));
        let candidate = || CANDIDATES.iter().find_map(|name| accounts.iter().find(|account| account.name == *name));
        owned.or_else(candidate).cloned().map(Some).ok_or(Error::NoAccount {
            advice: "add one (`useradd --system postgres`), or run the suite as an ordinary user",
        })
    }

    /// Whether this account may pass through a directory with this owner, group and mode.
    fn may_traverse(&self, metadata: &fs::Metadata) -> bool {
        let bit = if metadata.uid() == self.uid {
            0o100
        } else if metadata.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        metadata.mode() & bit != 0
    }
}

/// The accounts in the text of a passwd file; lines that make no sense are passed over.
pub(super) fn parse(passwd: &str) -> Vec<Account> {
    let account = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { name, uid, gid })
    };
    passwd.lines().filter_map(account).collect()
}

/// Refuses a place that the account cannot reach, before Postgres does so with a message that does not say why.
pub(super) fn check_reachable(path: &Path, account: Option<&Account>) -> Result<(), Error> {
    let Some(account) = account else { return Ok(()) };
    let real = path.canonicalize().map_err(Error::file("find", path))?;
    for directory in real.ancestors() {
        let metadata = fs::metadata(directory).map_err(Error::file("look at", directory))?;
        if !account.may_traverse(&metadata) {
            return Err(Error::Untraversable {
                directory: directory.to_owned(),
                path: path.to_owned(),
                account: account.name.clone(),
            });
        }
    }
    Ok(())
}

/// Gives a file or directory to the account, if there is one to switch to.
pub(super) fn give(path: &Path, account: Option<&Account>) -> Result<(), Error> {
    let Some(account) = account else { return Ok(()) };
    std::os::unix::fs::lchown(path, Some(account.uid), Some(account.gid))
        .map_err(Error::file("change the owner of", path))
}

/// A Postgres program to be run as the account.
///
/// It is in a process group of its own, because the terminal sends Ctrl-C to the whole foreground group, and the suite
/// must stop its parts in order. Its environment is empty but for what the loader needs: the suite's own may hold
/// secrets, and `PG*` variables would change what the program does.
pub(super) fn command(program: &Path, account: Option<&Account>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").current_dir("/").stdin(Stdio::null()).process_group(0);
    for name in ["PATH", "LD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}
