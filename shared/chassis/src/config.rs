//! Configuration, from the environment only: every setting documented here, every fault named at once, and nothing
//! bound or started before all of it is valid.

use crate::{
    access::workload_named,
    clock::Clock,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    issuer::Issuer,
    serve::Limits,
};
use holdfast_contracts::holdfast::access::v1::Workload;
use std::{collections::HashMap, io, net::SocketAddr, time::Duration};
use tokio::net::TcpListener;

/// The exit code of a process whose configuration is not valid (`EX_CONFIG` of sysexits).
pub const EXIT_CONFIG: u8 = 78;

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// What holds where it is not set.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// Every setting of a Holdfast process.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "DATABASE_URL",
        default: "none",
        meaning: "Postgres: of a service, under the service's own role; of the suite and of `prepare`, under a role that may create roles. The suite starts a private one without it.",
    },
    Setting {
        name: "HOLDFAST_CONFERENCING_URL",
        default: "none",
        meaning: "Where the conferencing service is, as this process calls it: an http:// URL, which the mesh encrypts. Without it calls to that service wait.",
    },
    Setting {
        name: "HOLDFAST_DRAIN_SECONDS",
        default: "10",
        meaning: "How long calls in hand may take to finish when the process is asked to stop, 0 to 600.",
    },
    Setting {
        name: "HOLDFAST_FINGERPRINT_KEY",
        default: "none",
        meaning: "Secret, at least 32 characters: keys the fingerprints by which a repeated request is recognised. Required in production. Change it only while nothing is undelivered (ListUndelivered is empty in every service): a call that was sent under the former key, and not heard of, is refused as REQUEST_ID_REUSED when it is repeated, and parks its case.",
    },
    Setting {
        name: "HOLDFAST_LISTEN",
        default: "127.0.0.1:50051",
        meaning: "Address and port to serve on; the suite takes a free port where this one is taken and nothing was set.",
    },
    Setting {
        name: "HOLDFAST_LOG",
        default: "info",
        meaning: "Least severe events to log: error, warn, info or debug.",
    },
    Setting { name: "HOLDFAST_LOG_FORMAT", default: "text", meaning: "text for people, json for collectors." },
    Setting {
        name: "HOLDFAST_MAX_IN_FLIGHT",
        default: "256",
        meaning: "Calls in hand at once, 1 to 10000; more are refused as overload. The protection check, and what it rests on, has as much room again, of its own.",
    },
    Setting {
        name: "HOLDFAST_MODE",
        default: "production (suite: development)",
        meaning: "development starts the issuer of development tokens and believes the workload a token names. The suite asks for it to be stated where other settings show that this is no try-out.",
    },
    Setting {
        name: "HOLDFAST_SAFEGUARDING_URL",
        default: "none",
        meaning: "Where the safeguarding service is, as this process calls it: an http:// URL, which the mesh encrypts. Without it calls to that service wait.",
    },
    Setting { name: "HOLDFAST_TOKEN_AUDIENCE", default: "holdfast", meaning: "The audience that tokens have to name." },
    Setting {
        name: "HOLDFAST_TOKEN_ISSUER",
        default: "none",
        meaning: "The issuer that tokens have to name. Required in production.",
    },
    Setting {
        name: "HOLDFAST_TOKEN_KEYS",
        default: "none",
        meaning: "File with the issuer's JSON Web Key Set, ES256 only. Required in production.",
    },
    Setting {
        name: "HOLDFAST_VISITING_URL",
        default: "none",
        meaning: "Where the visiting service is, as this process calls it: an http:// URL, which the mesh encrypts. Without it calls to that service wait.",
    },
    Setting {
        name: "HOLDFAST_WORKLOADS",
        default: "none",
        meaning: "Which mesh identity is which workload: identity=workload, separated by commas. Required in production.",
    },
    Setting {
        name: "HOLDFAST_WORKLOAD_HEADER",
        default: "none",
        meaning: "The header in which the mesh's proxy passes the caller's identity, for example l5d-client-id. Required in production.",
    },
    Setting {
        name: "OTEL_EXPORTER_OTLP_ENDPOINT",
        default: "none",
        meaning: "OTLP collector, over gRPC, that traces are exported to.",
    },
    Setting {
        name: "PG_BIN",
        default: "none",
        meaning: "Directory of the Postgres binaries that the private Postgres is to use.",
    },
];

/// The settings that say where a service is.
const PEERS: [(&str, Workload); 3] = [
    ("HOLDFAST_CONFERENCING_URL", Workload::Conferencing),
    ("HOLDFAST_SAFEGUARDING_URL", Workload::Safeguarding),
    ("HOLDFAST_VISITING_URL", Workload::Visiting),
];

/// How trusting a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// For trying out: tokens from the development issuer, workloads as tokens name them.
    Development,
    /// For work: tokens from the department's issuer, workloads as the mesh vouches for them.
    Production,
}

/// The configuration of a process, valid as a whole. It holds secrets, so it has no `Debug`.
#[derive(Clone)]
pub struct Config {
    /// How trusting the process is.
    pub mode: Mode,
    /// Where to serve; `None`: the usual port, or a free one.
    pub listen: Option<SocketAddr>,
    /// The database, where one was given.
    pub database_url: Option<String>,
    /// What bounds the server.
    pub limits: Limits,
    /// What is logged.
    pub log_level: tracing::Level,
    /// Logs as JSON.
    pub log_json: bool,
    /// The collector of traces.
    pub collector: Option<String>,
    /// Keys the fingerprints of requests.
    pub fingerprint_key: Option<String>,
    /// Where the other services are, as far as that was given.
    pub peers: HashMap<Workload, String>,
    tokens: Option<Tokens>,
}

#[derive(Clone)]
struct Tokens {
    keys: String,
    issuer: String,
    audience: String,
    workloads: WorkloadSource,
}

/// The address served on where none is set.
pub const USUAL_ADDRESS: &str = "127.0.0.1:50051";

impl Config {
    /// Reads the configuration from `get`, which stands for the environment.
    ///
    /// # Errors
    /// One sentence for every fault.
    pub fn read(default_mode: Mode, get: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut reader = Reader { get: &get, faults: Vec::new() };
        let listen = reader.parsed("HOLDFAST_LISTEN", "has to be an address and a port");
        let mode = reader.mode(default_mode, listen);
        let in_flight = reader.number("HOLDFAST_MAX_IN_FLIGHT", 256, 1..=10_000);
        let drain = Duration::from_secs(reader.number("HOLDFAST_DRAIN_SECONDS", 10, 0..=600));
        let in_flight = usize::try_from(in_flight).unwrap_or(256);
        let log_level = reader.parsed("HOLDFAST_LOG", "has to be error, warn, info or debug");
        let log_json = match reader.text("HOLDFAST_LOG_FORMAT").as_deref() {
            None | Some("text") => false,
            Some("json") => true,
            Some(_) => reader.fault("HOLDFAST_LOG_FORMAT has to be text or json", false),
        };
        let fingerprint_key = reader.text("HOLDFAST_FINGERPRINT_KEY");
        if fingerprint_key.as_ref().is_some_and(|key| key.len() < 32) {
            reader.faults.push("HOLDFAST_FINGERPRINT_KEY has to be at least 32 characters".to_owned());
        }
        if mode == Mode::Production && fingerprint_key.is_none() {
            reader.faults.push("HOLDFAST_FINGERPRINT_KEY is required in production".to_owned());
        }
        let tokens = if mode == Mode::Production { reader.tokens() } else { None };
        let collector = reader.text("OTEL_EXPORTER_OTLP_ENDPOINT");
        if collector.as_ref().is_some_and(|endpoint| tonic::transport::Endpoint::from_shared(endpoint.clone()).is_err())
        {
            reader.faults.push("OTEL_EXPORTER_OTLP_ENDPOINT has to be a URL".to_owned());
        }
        let config = Self {
            mode,
            listen,
            database_url: reader.text("DATABASE_URL"),
            limits: Limits { in_flight, drain },
            log_level: log_level.unwrap_or(tracing::Level::INFO),
            log_json,
            collector,
            fingerprint_key,
            peers: reader.peers(),
            tokens,
        };
        if reader.faults.is_empty() { Ok(config) } else { Err(reader.faults) }
    }

    /// Listens on the address that was set, or on the usual one.
    ///
    /// # Errors
    /// What is wrong with that address, and where another is set.
    pub async fn bind(&self) -> io::Result<TcpListener> {
        let address = self.listen.map_or_else(|| USUAL_ADDRESS.to_owned(), |address| address.to_string());
        TcpListener::bind(&address).await.map_err(|fault| {
            io::Error::new(fault.kind(), format!("cannot listen on {address}, which HOLDFAST_LISTEN sets: {fault}"))
        })
    }

    /// The header by which the mesh names a workload, and the identity that it names this one by; `None` where there is
    /// none.
    #[must_use]
    pub fn mesh_identity(&self, of: Workload) -> Option<(&str, &str)> {
        let WorkloadSource::Header { name, identities } = &self.tokens.as_ref()?.workloads else { return None };
        let (identity, _) = identities.iter().find(|(_, workload)| **workload == of)?;
        Some((name.as_str(), identity))
    }

    /// The verifier of callers: the configured one in production, the development issuer's otherwise.
    ///
    /// # Errors
    /// One sentence, where the keys cannot be used.
    pub fn verifier(&self, issuer: Option<&Issuer>, clock: Clock) -> Result<Verifier, String> {
        match (&self.tokens, issuer) {
            (Some(tokens), None) => {
                let Tokens { keys, issuer, audience, workloads } = tokens.clone();
                Verifier::new(&keys, &issuer, &audience, workloads, clock)
            }
            (None, Some(issuer)) if self.mode == Mode::Development => {
                Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, clock)
            }
            _ => Err("the development issuer starts in development mode only".to_owned()),
        }
    }
}

struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn fault<T>(&mut self, fault: &str, instead: T) -> T {
        self.faults.push(fault.to_owned());
        instead
    }

    /// The stated mode. Where none is stated the default holds, unless something else shows that this is no try-out: then
    /// development has to be declared.
    fn mode(&mut self, default: Mode, listen: Option<SocketAddr>) -> Mode {
        match self.text("HOLDFAST_MODE").as_deref() {
            Some("development") => return Mode::Development,
            Some("production") => return Mode::Production,
            Some(_) => return self.fault("HOLDFAST_MODE has to be development or production", default),
            None if default == Mode::Production => return default,
            None => {}
        }
        let serious = ["DATABASE_URL", "HOLDFAST_TOKEN_ISSUER", "HOLDFAST_TOKEN_KEYS", "HOLDFAST_WORKLOADS"]
            .into_iter()
            .chain(["HOLDFAST_WORKLOAD_HEADER"])
            .find(|name| self.text(name).is_some());
        let open = listen.is_some_and(|address| !address.ip().is_loopback()).then_some("HOLDFAST_LISTEN");
        match serious.or(open) {
            Some(name) => {
                let fault = format!("HOLDFAST_MODE has to be stated, development or production, where {name} is set");
                self.fault(&fault, default)
            }
            None => default,
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name).filter(|value| !value.trim().is_empty())
    }

    fn required(&mut self, name: &str) -> String {
        match self.text(name) {
            Some(value) => value,
            None => self.fault(&format!("{name} is required in production"), String::new()),
        }
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, why: &str) -> Option<T> {
        let value = self.text(name)?;
        let parsed = value.parse().ok();
        if parsed.is_none() {
            self.faults.push(format!("{name} {why}"));
        }
        parsed
    }

    fn number(&mut self, name: &str, default: u64, range: std::ops::RangeInclusive<u64>) -> u64 {
        match self.text(name) {
            None => default,
            Some(value) => match value.parse() {
                Ok(number) if range.contains(&number) => number,
                _ => {
                    let fault = format!("{name} has to be {} to {}", range.start(), range.end());
                    self.fault(&fault, default)
                }
            },
        }
    }

    fn peers(&mut self) -> HashMap<Workload, String> {
        let mut peers = HashMap::new();
        for (name, workload) in PEERS {
            let Some(url) = self.text(name) else { continue };
            // Without TLS of its own a process would take an https:// URL and never get through.
            let plain = url.parse::<http::Uri>().is_ok_and(|url| url.scheme_str() == Some("http"));
            if plain && tonic::transport::Endpoint::from_shared(url.clone()).is_ok() {
                peers.insert(workload, url);
            } else {
                self.faults.push(format!("{name} has to be an http:// URL"));
            }
        }
        peers
    }

    fn tokens(&mut self) -> Option<Tokens> {
        let issuer = self.required("HOLDFAST_TOKEN_ISSUER");
        let audience = self.text("HOLDFAST_TOKEN_AUDIENCE").unwrap_or_else(|| AUDIENCE.to_owned());
        let file = self.required("HOLDFAST_TOKEN_KEYS");
        let keys = std::fs::read_to_string(&file).unwrap_or_default();
        if !file.is_empty() && keys.is_empty() {
            self.faults.push("HOLDFAST_TOKEN_KEYS names a file that cannot be read".to_owned());
        }
        let header = self.required("HOLDFAST_WORKLOAD_HEADER");
        let name = http::HeaderName::try_from(header.as_str()).ok();
        if name.is_none() && !header.is_empty() {
            self.faults.push("HOLDFAST_WORKLOAD_HEADER is not a header's name".to_owned());
        }
        let mut identities = HashMap::new();
        for pair in self.required("HOLDFAST_WORKLOADS").split(',').filter(|pair| !pair.trim().is_empty()) {
            match pair.rsplit_once('=').map(|(id, workload)| (id.trim(), workload_named(workload.trim()))) {
                Some((identity, Some(workload))) => {
                    identities.insert(identity.to_owned(), workload);
                }
                _ => self.faults.push("HOLDFAST_WORKLOADS has an entry that is not identity=workload".to_owned()),
            }
        }
        if identities.is_empty() && self.text("HOLDFAST_WORKLOADS").is_some() {
            self.faults.push("HOLDFAST_WORKLOADS names no workload".to_owned());
        }
        let workloads = WorkloadSource::Header { name: name?, identities };
        if !keys.is_empty()
            && let Err(fault) = Verifier::new(&keys, &issuer, &audience, workloads.clone(), Clock::System)
        {
            self.faults.push(format!("HOLDFAST_TOKEN_KEYS: {fault}"));
        }
        Some(Tokens { keys, issuer, audience, workloads })
    }
}
