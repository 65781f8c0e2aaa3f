//! How the command line finds a running suite: each leaves its address and its development key in its directory.

use holdfast_chassis::{Clock, issuer::Issuer};
use std::{
    fs, io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// The file that tells where a suite listens; there only while it runs.
const ADDRESS: &str = "address";
/// The file with the development issuer's key.
const KEY: &str = "development-issuer.pem";
/// The file with the key of requests' fingerprints.
const FINGERPRINT: &str = "fingerprint.key";

/// A suite that runs on this machine.
pub struct Running {
    /// Where it listens, as a URL.
    pub url: String,
    /// Makes tokens that it believes.
    pub issuer: Issuer,
}

/// Why no running suite could be used.
#[derive(Debug, thiserror::Error)]
pub enum NotFound {
    /// None runs under this account.
    #[error("no suite in development mode runs under this account; start one with `cargo run --release`")]
    NoneRuns,
    /// Its directory cannot be told.
    #[error(transparent)]
    Place(#[from] crate::postgres::Error),
}

/// The first suite that runs under this account.
///
/// # Errors
/// [`NotFound`].
pub fn find(data: Option<PathBuf>) -> Result<Running, NotFound> {
    for directory in crate::postgres::instances(data)? {
        let url = fs::read_to_string(directory.join(ADDRESS));
        let key = fs::read_to_string(directory.join(KEY));
        if let (Ok(url), Ok(key)) = (url, key)
            && let Ok(issuer) = Issuer::from_pem(&key, Clock::System)
        {
            return Ok(Running { url, issuer });
        }
    }
    Err(NotFound::NoneRuns)
}

/// An address left for others; taken away when the suite stops.
pub struct Left(PathBuf);

/// Leaves the address of a suite in its directory.
///
/// # Errors
/// What the file system says.
pub fn leave(directory: &Path, url: &str) -> io::Result<Left> {
    let path = directory.join(ADDRESS);
    secret_file(&path, url)?;
    Ok(Left(path))
}

impl Drop for Left {
    fn drop(&mut self) {
        // An address that stays behind only leads to a refused connection.
        let _ = fs::remove_file(&self.0);
    }
}

/// The development issuer of this directory, with the key it has always had.
///
/// # Errors
/// What the file system says, or that the key is damaged.
pub fn issuer(directory: &Path) -> io::Result<Issuer> {
    let path = directory.join(KEY);
    if path.exists() {
        return Issuer::from_pem(&fs::read_to_string(&path)?, Clock::System).map_err(io::Error::other);
    }
    let issuer = Issuer::generate(Clock::System);
    secret_file(&path, &issuer.to_pem().map_err(io::Error::other)?)?;
    Ok(issuer)
}

/// The key of this directory's fingerprints: it has to outlive a restart, as the receipts do.
///
/// # Errors
/// What the file system says.
pub fn fingerprint_key(directory: &Path) -> io::Result<String> {
    let path = directory.join(FINGERPRINT);
    if !path.exists() {
        let (one, two) = (uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        secret_file(&path, &format!("{one}{two}"))?;
    }
    fs::read_to_string(path)
}

/// Writes a file that only its owner reads, whole or not at all.
fn secret_file(path: &Path, content: &str) -> io::Result<()> {
    use io::Write;
    let draft = path.with_extension("draft");
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()?;
    fs::rename(draft, path)
}
