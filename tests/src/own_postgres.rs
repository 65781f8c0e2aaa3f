//! A Postgres of a test's own: stopped, copied, started from an older copy, and promoted.

use holdfast::postgres::{Binaries, Cluster, Durability, Options, discard};
use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Command,
};

/// A cluster, and where it is kept. It goes with this value.
pub struct OwnPostgres {
    cluster: Option<Cluster>,
    /// The directory of everything that is its own.
    home: PathBuf,
    binaries: Binaries,
    /// Which copy runs.
    present: String,
}

impl OwnPostgres {
    /// A new cluster. Takes a second or two: not for the thread of a runtime.
    ///
    /// # Panics
    /// When there is no Postgres, or it does not start.
    #[must_use]
    pub fn start(name: &str) -> Self {
        Self::start_with(name, Binaries::find(&mut |_| ()).expect("a Postgres"))
    }

    /// A new cluster of these binaries.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_with(name: &str, binaries: Binaries) -> Self {
        let home = std::env::temp_dir().join(format!("holdfast-{name}-{}", uuid::Uuid::new_v4().simple()));
        let mut own = Self { cluster: None, home, binaries, present: "first".to_owned() };
        own.resume();
        own
    }

    fn data(&self, copy: &str) -> PathBuf {
        self.home.join(copy)
    }

    /// Starts what was stopped.
    ///
    /// # Panics
    /// When it does not start.
    pub fn resume(&mut self) {
        let options = Options { data: self.data(&self.present), durability: Durability::Throwaway };
        self.cluster = Some(Cluster::start(&self.binaries, &options, &mut |_| ()).expect("a cluster"));
    }

    /// Stops it in order: nothing is lost.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(&mut self) {
        if let Some(mut cluster) = self.cluster.take() {
            cluster.stop().expect("the cluster stops");
        }
    }

    /// Copies it as it is now, while it stands still for a moment. It listens elsewhere afterwards.
    ///
    /// # Panics
    /// When there is no room.
    pub fn copy(&mut self, name: &str) {
        self.stop();
        duplicate(&self.data(&self.present), &self.data(name));
        self.resume();
    }

    /// Ends it, and goes on with a copy made before, as a standby that is promoted or a restore to a point in time: what
    /// came after the copy is lost, and a new timeline begins.
    ///
    /// # Panics
    /// When the copy does not start.
    pub fn promote(&mut self, copy: &str) {
        self.stop();
        let data = self.data(copy);
        let signal = data.join("recovery.signal");
        fs::write(&signal, "").expect("a file");
        let settings = data.join("postgresql.auto.conf");
        let before = fs::read_to_string(&settings).unwrap_or_default();
        // There is no more log to replay: recovery ends where the copy does.
        fs::write(&settings, format!("{before}restore_command = 'false'\nrecovery_target_action = 'promote'\n"))
            .expect("a file");
        same_owner(&data, &[&signal, &settings]);
        copy.clone_into(&mut self.present);
        self.resume();
    }

    /// Ends it, and goes on with a copy made before, as if nothing had been: a snapshot of the disk put back. What came
    /// after the copy is lost, and the database's identity does not tell.
    ///
    /// # Panics
    /// When the copy does not start.
    pub fn put_back(&mut self, copy: &str) {
        self.stop();
        copy.clone_into(&mut self.present);
        self.resume();
    }

    /// Where it listens.
    ///
    /// # Panics
    /// While it is stopped.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.cluster.as_ref().expect("it runs").port()).into()
    }

    /// The URL by which its administrator enters a database, over a link that leads to it.
    ///
    /// # Panics
    /// While it is stopped.
    #[must_use]
    pub fn admin_url(&self, database: &str, over: SocketAddr) -> String {
        let url = self.cluster.as_ref().expect("it runs").admin_url(database);
        url.replace(&self.address().to_string(), &over.to_string())
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        drop(self.cluster.take());
        for copy in fs::read_dir(&self.home).into_iter().flatten().flatten() {
            if copy.path().is_dir() {
                // What is left behind is in the directory of temporary files.
                let _ = discard(&copy.path());
            }
        }
        let _ = fs::remove_dir_all(&self.home);
    }
}

/// Copies a data directory with its owner, and the password beside it.
fn duplicate(from: &Path, to: &Path) {
    let password = |data: &Path| data.with_file_name(format!("{}.password", data.file_name().unwrap().display()));
    for (from, to) in [(from.to_owned(), to.to_owned()), (password(from), password(to))] {
        let copied = Command::new("cp").arg("-a").arg(&from).arg(&to).status().expect("cp runs");
        assert!(copied.success(), "{} cannot be copied", from.display());
    }
}

/// Gives files to whoever owns a directory.
fn same_owner(of: &Path, files: &[&Path]) {
    let given = Command::new("chown").arg(format!("--reference={}", of.display())).args(files).status();
    assert!(given.expect("chown runs").success());
}
