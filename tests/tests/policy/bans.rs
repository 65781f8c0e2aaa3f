//! What must not come in at all, and from where everything else comes.

use crate::{
    faults::Faults,
    lock::{Locked, locked, numbers},
};

/// The only place that packages come from.
const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A package that must not come in. A name that ends in `*` stands for all that begin so.
struct Ban {
    name: &'static str,
    why: &'static str,
    /// Packages that may bring it all the same, since they cannot do without.
    except_under: &'static [&'static str],
}

const BANS: &[Ban] = &[
    Ban { name: "openssl*", why: "C, and a library of the machine's: cryptography is Rust here", except_under: &[] },
    Ban { name: "native-tls", why: "brings openssl: cryptography is Rust here", except_under: &[] },
    Ban { name: "async-std", why: "a second runtime beside tokio, and no longer kept", except_under: &[] },
    Ban { name: "protobuf-src", why: "builds protoc from C++: protox compiles the contracts", except_under: &[] },
    Ban { name: "prost-wkt*", why: "replaces the well-known types that prost-types has", except_under: &[] },
    Ban { name: "lazy_static", why: "std::sync::LazyLock does it", except_under: &["num-bigint-dig", "sharded-slab"] },
];

/// A package below a version that must not come in.
struct Floor {
    name: &'static str,
    least: &'static str,
    why: &'static str,
}

const FLOORS: &[Floor] = &[Floor {
    name: "h2",
    least: "0.4.19",
    why: "the guard against floods of small frames, 0.4.16 to 0.4.18, cut legitimate streams that share a connection; \
          before it there was none",
}];

fn means(ban: &Ban, name: &str) -> bool {
    ban.name.strip_suffix('*').map_or(name == ban.name, |start| name.starts_with(start))
}

/// Who depends on a package.
fn dependents<'a>(name: &'a str, all: &'a [Locked]) -> impl Iterator<Item = &'a str> {
    all.iter().filter(move |package| package.needs.iter().any(|need| need == name)).map(|package| package.name.as_str())
}

#[test]
fn nothing_banned_comes_in() {
    let mut faults =
        Faults::new("Find out with `cargo tree --invert` who brings it, and take a feature or a package away.");
    let all = locked();
    for ban in BANS {
        let present: Vec<_> = all.iter().filter(|package| means(ban, &package.name)).collect();
        for package in &present {
            let bringers = dependents(&package.name, &all).filter(|bringer| !ban.except_under.contains(bringer));
            let bringers: Vec<_> = bringers.collect();
            if ban.except_under.is_empty() || !bringers.is_empty() {
                let bringers = bringers.join(", ");
                faults.add(format!("{} {}, brought by {bringers}: {}", package.name, package.version, ban.why));
            }
        }
        let brings =
            |except: &&&str| present.iter().any(|package| dependents(&package.name, &all).any(|by| by == **except));
        for except in ban.except_under.iter().filter(|except| !brings(except)) {
            faults.add(format!("{except}: listed as an exception for {}, but does not bring it any more", ban.name));
        }
    }
    faults.none();
}

#[test]
fn nothing_comes_in_that_is_too_old() {
    let mut faults = Faults::new("Update it with `cargo update --package`.");
    let all = locked();
    for floor in FLOORS {
        let present: Vec<_> = all.iter().filter(|package| package.name == floor.name).collect();
        for package in present.iter().filter(|package| numbers(&package.version) < numbers(floor.least)) {
            faults.add(format!("{} {} is below {}: {}", package.name, package.version, floor.least, floor.why));
        }
        if present.is_empty() {
            faults.add(format!("{}: has a least version, but is not in the lock any more", floor.name));
        }
    }
    faults.none();
}

#[test]
fn everything_comes_from_one_place() {
    let mut faults = Faults::new("Only packages published to crates.io, with their checksums, and our own members.");
    for package in locked() {
        let ours = package.source.is_none() && (package.name == "holdfast" || package.name.starts_with("holdfast-"));
        let published = package.source.as_deref() == Some(SOURCE) && package.checked;
        if !ours && !published {
            let source = package.source.as_deref().unwrap_or("a path");
            faults.add(format!("{} {}: from {source}", package.name, package.version));
        }
    }
    faults.none();
}
