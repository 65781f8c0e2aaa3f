//! A clock that runs behind: Postgres and whatever it starts see the time that a file says, by way of a few lines of C
//! between them and the system.

use holdfast::postgres::{Binaries, Places};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

/// What stands between a program and the system's clock.
const SHIM: &str = include_str!("set_back.c");

/// A clock, and the Postgres that goes by it.
pub(crate) struct SetBack {
    home: PathBuf,
    real: PathBuf,
}

impl SetBack {
    pub(crate) fn new() -> Self {
        let home = std::env::temp_dir().join(format!("holdfast-clock-{}", uuid::Uuid::new_v4().simple()));
        fs::create_dir(&home).unwrap();
        let real = Binaries::find(&mut |_| ()).unwrap().directory().to_owned();
        let clock = Self { home, real };
        clock.shift(0);
        let source = clock.home.join("set_back.c");
        fs::write(&source, SHIM).unwrap();
        let (library, seconds) = (clock.home.join("set_back.so"), clock.home.join("seconds"));
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(&source);
        let compiled = compiler.arg(format!("-DSECONDS=\"{}\"", seconds.display())).status();
        assert!(compiled.expect("a C compiler, which Rust needs anyway").success());
        for program in ["initdb", "postgres"] {
            clock.wrap(program, &library);
        }
        open(&clock.home, 0o755);
        clock
    }

    /// Postgres by this clock.
    pub(crate) fn binaries(&self) -> Binaries {
        let places = Places { chosen: Some(self.home.clone()), ..Places::from_environment() };
        Binaries::find_in(&places, &mut |_| ()).unwrap()
    }

    /// From now on the clock runs this many seconds behind.
    pub(crate) fn shift(&self, seconds: i64) {
        let file = self.home.join("seconds");
        // In one step, so that nobody reads half of it.
        let draft = self.home.join("seconds.draft");
        fs::write(&draft, format!("{seconds}\n")).unwrap();
        open(&draft, 0o644);
        fs::rename(draft, file).unwrap();
    }

    fn wrap(&self, program: &str, library: &Path) {
        let file = self.home.join(program);
        let real = self.real.join(program);
        // initdb starts the real server for a moment, which does not matter.
        let script = format!("#!/bin/sh\nexec env LD_PRELOAD={} {} \"$@\"\n", library.display(), real.display());
        fs::write(&file, script).unwrap();
        open(&file, 0o755);
    }
}

fn open(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

impl Drop for SetBack {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.home);
    }
}
