//! The services of the suite, put together over one database, each under its own role in its own schema. They call each
//! other over the suite's own port, as they would over a mesh.

use holdfast_chassis::{
    Clock, Failure, Peers,
    config::Config,
    identity::Verifier,
    issuer::Issuer,
    peers::OwnTokens,
    serve::{Limits, ServeError, Services},
};
use holdfast_contracts::holdfast::access::v1::Workload as Named;
use holdfast_procedure::{Workload, guidance::Guidance};
use holdfast_store::{
    Courier, Kinds, Schema, Store, prepare,
    process::{Background, Service, keep_on},
    rpc, wire,
};
use percent_encoding::percent_decode_str;
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, OnceLock},
};
use tokio::{net::TcpListener, task::JoinSet};

/// Every service.
const SERVICES: [&dyn Service; 3] =
    [&holdfast_visiting::Program, &holdfast_conferencing::Program, &holdfast_safeguarding::Program];

/// The services' facts.
#[derive(Clone)]
pub struct Suite {
    stores: Vec<(&'static dyn Service, Store)>,
    kinds: Kinds,
    /// What the services do by themselves, once they are served.
    background: Arc<OnceLock<Vec<Arc<dyn Background>>>>,
}

/// How the services prove to each other who they are.
pub enum Credentials<'a> {
    /// With tokens of the development issuer.
    Tokens(&'a Issuer, Clock),
    /// By the header that the mesh's proxy sets for callers from outside, as configured.
    Header(&'a Config),
}

/// The services as each of them calls the others, in the order of [`SERVICES`].
#[derive(Clone)]
pub struct Connected(Vec<Arc<Peers>>);

/// Makes every service's schema and role in a database that belongs to the suite, or brings them up to date. The roles
/// share the administrator's password: whoever runs the suite has it anyway, and what keeps services apart is their grants.
///
/// # Errors
/// What the database or a migration says.
pub async fn prepare_all(admin_url: &str) -> Result<(), sqlx::Error> {
    let password = percent_decode_str(&password_of(admin_url)).decode_utf8_lossy().into_owned();
    for service in SERVICES {
        prepare(admin_url, &service.schema(), &password).await?;
    }
    Ok(())
}

/// The address at which a service's role reaches the database that `admin_url` names.
#[must_use]
pub fn service_url(admin_url: &str, schema: &Schema) -> String {
    let (scheme, rest) = admin_url.split_once("://").unwrap_or(("postgres", admin_url));
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{}:{}@{place}", schema.name, password_of(admin_url))
}

/// The password within an address, as it is written there; empty where there is none.
fn password_of(url: &str) -> String {
    let credentials = url.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@')).map(|(left, _)| left);
    credentials.and_then(|left| left.split_once(':')).map(|(_, password)| password.to_owned()).unwrap_or_default()
}

impl Credentials<'_> {
    /// The services at one address, as the workload `from` calls them.
    fn peers(&self, from: Named, addresses: &HashMap<Named, String>) -> Result<Peers, String> {
        match self {
            Self::Tokens(issuer, clock) => {
                Peers::new(addresses, Some(OwnTokens::new((*issuer).clone(), from, clock.clone())))
            }
            Self::Header(config) => {
                let (header, identity) = config.mesh_identity(from).ok_or_else(|| {
                    let name = holdfast_chassis::access::workload_name(from);
                    format!("HOLDFAST_WORKLOADS has to name an identity for {name}: the suite calls itself under it")
                })?;
                Peers::new(addresses, None)?.named(header, identity)
            }
        }
    }
}

impl Suite {
    /// Opens every service's facts in the database that `admin_url` names.
    ///
    /// # Errors
    /// What the database says.
    pub async fn open(
        admin_url: &str,
        clock: Clock,
        guidance: Guidance,
        fingerprint_key: String,
    ) -> Result<Self, sqlx::Error> {
        let (mut stores, mut kinds) = (Vec::new(), Vec::new());
        for service in SERVICES {
            let schema = service.schema();
            let pool = schema.connect(&service_url(admin_url, &schema)).await?;
            let store = service.store(pool, clock.clone(), guidance.clone(), fingerprint_key.clone());
            kinds.extend(service.kinds(&store));
            stores.push((service, store));
        }
        Ok(Self { stores, kinds: Kinds::new(kinds), background: Arc::default() })
    }

    /// The facts of a service; `None` where the suite does not hold it.
    #[must_use]
    pub fn store(&self, of: Workload) -> Option<&Store> {
        self.stores.iter().map(|(_, store)| store).find(|store| store.workload() == of)
    }

    /// The services as each calls the others, at the address that the suite listens on. Has to be called within a
    /// runtime.
    ///
    /// # Errors
    /// One sentence, where they cannot say who they are.
    pub fn connect(&self, mut listening: SocketAddr, credentials: &Credentials<'_>) -> Result<Connected, String> {
        if listening.ip().is_unspecified() {
            listening.set_ip(match listening {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        let workloads: Vec<_> = self.stores.iter().map(|(service, _)| wire::workload(service.workload())).collect();
        let addresses: HashMap<_, _> = workloads.iter().map(|of| (*of, format!("http://{listening}"))).collect();
        let peers = workloads.into_iter().map(|from| credentials.peers(from, &addresses).map(Arc::new));
        Ok(Connected(peers.collect::<Result<_, _>>()?))
    }

    /// Serves everything, lets time have its consequences and delivers calls, until `stop` completes; then lets what is
    /// in hand finish.
    ///
    /// # Errors
    /// [`ServeError`].
    pub async fn serve(
        &self,
        listener: TcpListener,
        verifier: Verifier,
        limits: Limits,
        connected: &Connected,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let (mut services, mut background) = (Services::default(), Vec::new());
        for ((service, store), peers) in self.stores.iter().zip(&connected.0) {
            background.extend(service.offer(&mut services, store, peers));
        }
        let background = self.background.get_or_init(|| background);
        rpc::offer(&mut services, &self.kinds);
        let watched = self.clone();
        let stop = async move {
            stop.await;
            watched.stores.iter().for_each(|(_, store)| store.end_watches());
        };
        let served = tokio::select! {
            served = services.serve(listener, verifier, limits, stop) => served,
            () = self.kinds.keep_time() => Ok(()),
            () = self.keep_relaying(connected) => Ok(()),
            () = keep_on(background) => Ok(()),
        };
        for (_, store) in &self.stores {
            store.close(limits.drain).await;
        }
        served
    }

    /// Delivers the calls of every service for as long as the future is polled.
    async fn keep_relaying(&self, connected: &Connected) {
        let mut relays = JoinSet::new();
        for ((_, store), courier) in self.stores.iter().zip(connected.couriers()) {
            let store = store.clone();
            relays.spawn(async move { store.keep_relaying(&courier).await });
        }
        // None of them ends by itself; they end with this set.
        while relays.join_next().await.is_some() {}
    }

    /// Lets everything that is due by now happen and delivers every call, until nothing is due or deliverable: for tests,
    /// which move the clock themselves.
    ///
    /// # Errors
    /// What the first service to fail says.
    pub async fn settle(&self, connected: &Connected) -> Result<(), Failure> {
        loop {
            let mut done = self.kinds.settle().await?;
            for ((_, store), courier) in self.stores.iter().zip(connected.couriers()) {
                done += store.relay_all(&courier).await?;
            }
            if done == 0 {
                for one in self.background.get().into_iter().flatten() {
                    one.once().await?;
                }
                return Ok(());
            }
        }
    }
}

impl Connected {
    fn couriers(&self) -> impl Iterator<Item = Arc<dyn Courier>> {
        self.0.iter().map(|peers| Arc::clone(peers) as Arc<dyn Courier>)
    }
}
