//! One server: services behind the gate, health and reflection beside them, limits set explicitly, a bounded drain.

use crate::{
    access::Policies,
    gate::{Gate, GateLayer, Rooms},
    identity::Verifier,
};
use holdfast_contracts::DESCRIPTORS;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tonic::{
    body::Body,
    server::NamedService,
    service::{Routes, RoutesBuilder},
    transport::{Server, server::TcpIncoming},
};
use tower::Service;

/// The largest request that is read, in bytes: the longest text a field allows, and room for the rest.
pub const LARGEST_REQUEST: usize = 256 * 1024;
/// The largest reply that is sent, in bytes.
pub const LARGEST_REPLY: usize = 4 * 1024 * 1024;

/// What bounds a server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Calls in hand at once, over all connections. Checks, and what services tell each other of whom they protect, each
    /// have as much room again; streams of checks have some of their own ([`Rooms`]).
    pub in_flight: usize,
    /// How long calls in hand may take to finish once the server is asked to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { in_flight: 256, drain: Duration::from_secs(10) }
    }
}

/// A server in the making.
#[derive(Default)]
pub struct Services {
    routes: RoutesBuilder,
    names: Vec<&'static str>,
}

/// Why a server did not start, or did not stop in time.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Methods do not state who may call them.
    #[error("the server does not start: {}", .0.join("; "))]
    Unannotated(Vec<String>),
    /// Reflection could not be built from the contracts.
    #[error("reflection could not be built: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The transport failed.
    #[error("the transport failed: {0}")]
    Transport(#[from] tonic::transport::Error),
}

impl Services {
    /// Adds a service.
    pub fn add<S>(&mut self, service: S) -> &mut Self
    where
        S: Service<http::Request<Body>, Error = Infallible> + NamedService + Clone + Send + Sync + 'static,
        S::Response: axum_core::response::IntoResponse,
        S::Future: Send + 'static,
    {
        self.names.push(S::NAME);
        self.routes.add_service(service);
        self
    }

    /// Serves until `stop` completes, then lets calls in hand finish, within the drain's bound.
    ///
    /// # Errors
    /// [`ServeError`]; [`ServeError::Unannotated`] before anything is served.
    pub async fn serve(
        self,
        listener: TcpListener,
        verifier: Verifier,
        limits: Limits,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let Self { mut routes, names } = self;
        let policies = Policies::of(&names).map_err(ServeError::Unannotated)?;
        let gate = Gate { policies, verifier, rooms: Rooms::of(limits.in_flight) };
        let health = add_companions(&mut routes, &names).await?;
        let (stopping, mut stopped) = tokio::sync::watch::channel(false);
        let signal = async move {
            stop.await;
            // Those who route to us are told first.
            for name in &names {
                health.set_service_status(name, tonic_health::ServingStatus::NotServing).await;
            }
            health.set_service_status("", tonic_health::ServingStatus::NotServing).await;
            let _ = stopping.send(true);
        };
        // A connection's options are the listener's to set; the server's own setting does not reach what it is given.
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let serving = transport(gate, routes.routes()).serve_with_incoming_shutdown(incoming, signal);
        let bound = async {
            // An error means that the signal is gone, which only happens once serving has ended.
            let _ = stopped.wait_for(|stopping| *stopping).await;
            tokio::time::sleep(limits.drain).await;
        };
        tokio::select! {
            served = serving => served?,
            () = bound => tracing::warn!(seconds = limits.drain.as_secs(), "calls in hand did not finish; stopping"),
        }
        Ok(())
    }
}

/// Completes when the process is asked to stop: Ctrl-C, or a termination signal.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        },
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}

/// Health and reflection, v1 and v1alpha, with the types that error details are made of.
async fn add_companions(
    routes: &mut RoutesBuilder,
    names: &[&'static str],
) -> Result<tonic_health::server::HealthReporter, ServeError> {
    let (health, health_service) = tonic_health::server::health_reporter();
    for name in names {
        health.set_service_status(name, tonic_health::ServingStatus::Serving).await;
    }
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    routes.add_service(health_service);
    routes.add_service(reflection().build_v1()?);
    routes.add_service(reflection().build_v1alpha()?);
    Ok(health)
}

/// The transport's limits. tonic leaves several of hyper's off unless they are set.
fn transport(
    gate: Gate,
    routes: Routes,
) -> tonic::transport::server::Router<tower::layer::util::Stack<GateLayer, tower::layer::util::Identity>> {
    Server::builder()
        .max_concurrent_streams(200)
        .http2_max_local_error_reset_streams(Some(256))
        .http2_max_pending_accept_reset_streams(Some(20))
        .http2_max_header_list_size(16 * 1024)
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
        .layer(GateLayer(Arc::new(gate)))
        .add_routes(routes)
}
