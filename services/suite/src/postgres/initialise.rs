//! Making a new database cluster, in such a way that an interrupted attempt is never taken for one.

use std::fs;
use std::path::Path;

use uuid::Uuid;

use super::account::{Account, command, give};
use super::binaries::Binaries;
use super::cluster::Durability;
use super::files::{beside, create_directory, remove_tree, sync_parent, write_private};
use super::{ADMIN, Error};

/// What the names of unfinished clusters have after the name of the data directory.
const UNFINISHED: &str = ".unfinished-";

/// The file beside the data directory that keeps the administrator's password.
pub(super) fn password_file(data: &Path) -> std::path::PathBuf {
    beside(data, ".password")
}

/// Makes the cluster if there is none, and returns the administrator's password.
pub(super) fn ensure(
    binaries: &Binaries,
    data: &Path,
    durability: Durability,
    account: Option<&Account>,
    progress: &mut dyn FnMut(&str),
) -> Result<String, Error> {
    let version = data.join("PG_VERSION");
    if !version.exists() {
        if fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Error::NotACluster { data: data.to_owned() });
        }
        progress(&format!("Creating a Postgres {} cluster in {}", binaries.major(), data.display()));
        return initialise(binaries, data, durability, account);
    }
    let made_by = fs::read_to_string(&version).map_err(Error::file("read", &version))?.trim().to_owned();
    if made_by != binaries.major().to_string() {
        return Err(Error::MajorVersion { data: data.to_owned(), made_by, found: binaries.major() });
    }
    let file = password_file(data);
    if !file.exists() {
        return Err(Error::NoPassword { data: data.to_owned(), password: file });
    }
    let password = fs::read_to_string(&file).map_err(Error::file("read", &file))?;
    Ok(password.trim().to_owned())
}

/// Makes the cluster beside its place and moves it there when it is complete.
fn initialise(
    binaries: &Binaries,
    data: &Path,
    durability: Durability,
    account: Option<&Account>,
) -> Result<String, Error> {
    clear_unfinished(data)?;
    let staging = beside(data, &format!("{UNFINISHED}{}", Uuid::new_v4().simple()));
    create_directory(&staging)?;
    // Twice 122 random bits from the operating system.
    let password = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    write_private(&password_file(data), &password)?;
    let copy = staging.join("password");
    write_private(&copy, &password)?;
    give(&copy, account)?;
    // Only now the directory itself: while root writes into it, no other account may.
    give(&staging, account)?;
    let fresh = staging.join("data");
    run_initdb(binaries, &fresh, &copy, durability, account)?;
    fs::rename(&fresh, data).map_err(Error::file("put the new cluster in place as", data))?;
    if durability == Durability::Durable {
        sync_parent(data)?;
    }
    remove_tree(&staging)?;
    Ok(password)
}

/// Runs `initdb`. The cluster is the same whatever the machine's locale, so that sorting does not depend on it.
fn run_initdb(
    binaries: &Binaries,
    fresh: &Path,
    password: &Path,
    durability: Durability,
    account: Option<&Account>,
) -> Result<(), Error> {
    let program = binaries.program("initdb");
    let mut initdb = command(&program, account);
    initdb.args(["--username", ADMIN, "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale"]);
    initdb.arg("--no-instructions").arg("--pgdata").arg(fresh).arg("--pwfile").arg(password);
    initdb.arg(match durability {
        Durability::Durable => "--data-checksums",
        Durability::Throwaway => "--no-sync",
    });
    let output = initdb.output().map_err(|source| Error::Run { program, source })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(Error::Initdb { data: fresh.to_owned(), output: String::from_utf8_lossy(&said).trim().to_owned() })
}

/// Removes what interrupted attempts have left behind.
fn clear_unfinished(data: &Path) -> Result<(), Error> {
    let prefix = beside(data, UNFINISHED);
    let (Some(parent), Some(prefix)) = (data.parent(), prefix.file_name()) else { return Ok(()) };
    let entries = fs::read_dir(parent).map_err(Error::file("list", parent))?;
    for entry in entries.flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(prefix.as_encoded_bytes()) {
            remove_tree(&entry.path())?;
        }
    }
    Ok(())
}
