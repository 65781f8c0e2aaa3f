//! The services of the suite, put together over one database, each under its own role in its own schema.

use holdfast_chassis::{
    Clock,
    identity::Verifier,
    serve::{Limits, ServeError, Services},
};
use holdfast_procedure::guidance::Guidance;
use holdfast_store::{Schema, Store, prepare};
use holdfast_visiting::Referrals;
use percent_encoding::percent_decode_str;
use tokio::net::TcpListener;

/// Every service's schema.
const SCHEMAS: [&Schema; 1] = [&holdfast_visiting::SCHEMA];

/// The services' facts.
#[derive(Clone)]
pub struct Suite {
    visiting: Store,
}

/// Makes every service's schema and role in a database that belongs to the suite, or brings them up to date. The roles
/// share the administrator's password: whoever runs the suite has it anyway, and what keeps services apart is their grants.
///
/// # Errors
/// What the database or a migration says.
pub async fn prepare_all(admin_url: &str) -> Result<(), sqlx::Error> {
    let password = percent_decode_str(&password_of(admin_url)).decode_utf8_lossy().into_owned();
    for schema in SCHEMAS {
        prepare(admin_url, schema, &password).await?;
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
        let pool = holdfast_visiting::SCHEMA.connect(&service_url(admin_url, &holdfast_visiting::SCHEMA)).await?;
        Ok(Self { visiting: holdfast_visiting::store(pool, clock, guidance, fingerprint_key) })
    }

    /// The visiting service's facts.
    #[must_use]
    pub fn visiting(&self) -> &Store {
        &self.visiting
    }

    /// Serves everything, and lets time have its consequences, until `stop` completes; then lets what is in hand finish.
    ///
    /// # Errors
    /// [`ServeError`].
    pub async fn serve(
        &self,
        listener: TcpListener,
        verifier: Verifier,
        limits: Limits,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let mut services = Services::default();
        holdfast_visiting::offer(&mut services, &self.visiting);
        let served = tokio::select! {
            served = services.serve(listener, verifier, limits, stop) => served,
            () = self.visiting.keep_time::<Referrals>() => Ok(()),
        };
        self.visiting.close(limits.drain).await;
        served
    }

    /// Lets everything that is due by now happen: for tests, which move the clock themselves.
    ///
    /// # Errors
    /// What the first service to fail says.
    pub async fn settle(&self) -> Result<(), holdfast_chassis::Failure> {
        self.visiting.settle::<Referrals>().await
    }
}
