//! A service mesh in small: connections go to replicas that live, and calls are named after the service they come from.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};
use tokio::net::{TcpListener, TcpStream};
use tonic::{
    Status,
    body::Body,
    codegen::BoxFuture,
    service::Routes,
    transport::{Channel, Server, server::TcpIncoming},
};
use tower::{Layer, Service};

/// The header that tells a service who calls it.
pub const HEADER: &str = "l5d-client-id";
/// Connections from one service to another, so that its calls reach every replica.
const CONNECTIONS: usize = 4;

/// Passes connections on to the replicas of one service, to each in turn.
#[derive(Clone)]
pub struct Balancer {
    /// Where it listens.
    pub address: SocketAddr,
    replicas: Arc<Mutex<Vec<Option<SocketAddr>>>>,
    /// Connections passed on so far.
    passed_on: Arc<AtomicUsize>,
}

impl Balancer {
    /// A balancer for this many replicas, none of which lives yet.
    ///
    /// # Panics
    /// When there is no port for it.
    pub async fn start(replicas: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let replicas = Arc::new(Mutex::new(vec![None; replicas]));
        let balancer = Self { address, replicas, passed_on: Arc::default() };
        let each = balancer.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let balancer = each.clone();
                tokio::spawn(async move { balancer.pass_on(client).await });
            }
        });
        balancer
    }

    /// A replica lives at this address, or nowhere any more.
    pub fn set(&self, replica: usize, address: Option<SocketAddr>) {
        self.replicas.lock().unwrap_or_else(PoisonError::into_inner)[replica] = address;
    }

    async fn pass_on(&self, mut client: TcpStream) {
        let (first, live) = {
            let replicas = self.replicas.lock().unwrap_or_else(PoisonError::into_inner);
            (self.passed_on.fetch_add(1, Ordering::Relaxed), replicas.iter().flatten().copied().collect::<Vec<_>>())
        };
        for offset in 0..live.len() {
            // One that was killed a moment ago refuses; the next one serves.
            let Ok(mut server) = TcpStream::connect(live[(first + offset) % live.len()]).await else { continue };
            if client.set_nodelay(true).and(server.set_nodelay(true)).is_ok() {
                // How a connection ends is for its two ends to notice.
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            }
            return;
        }
    }
}

/// Starts a proxy that passes calls on to the service behind a balancer, under the identity of who calls through it, and
/// gives its address: what a mesh's proxy does beside each service.
///
/// # Panics
/// When there is no port for it.
pub async fn sidecar(identity: &'static str, to: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let forward = Forward { identity, next: Arc::default(), channels: channels(to, CONNECTIONS) };
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    tokio::spawn(Server::builder().layer(Beside(forward)).add_routes(Routes::default()).serve_with_incoming(incoming));
    address
}

/// Connections of their own to one address.
///
/// # Panics
/// Never: an address with a port is a URL's authority.
#[must_use]
pub fn channels(to: SocketAddr, how_many: usize) -> Vec<Channel> {
    let channel = |_| Channel::from_shared(format!("http://{to}")).expect("a URL").connect_lazy();
    (0..how_many).map(channel).collect()
}

/// Puts the proxy in the place of whatever is served.
#[derive(Clone)]
struct Beside(Forward);

impl<S> Layer<S> for Beside {
    type Service = Forward;

    fn layer(&self, _: S) -> Forward {
        self.0.clone()
    }
}

/// Passes calls on.
#[derive(Clone)]
struct Forward {
    identity: &'static str,
    next: Arc<AtomicUsize>,
    channels: Vec<Channel>,
}

impl Service<http::Request<Body>> for Forward {
    type Response = http::Response<Body>;
    type Error = std::convert::Infallible;
    type Future = BoxFuture<http::Response<Body>, std::convert::Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let mut channel = self.channels[next % self.channels.len()].clone();
        // Whatever the caller says of itself is not believed.
        request.headers_mut().insert(HEADER, http::HeaderValue::from_static(self.identity));
        Box::pin(async move {
            let ready = std::future::poll_fn(|context| channel.poll_ready(context)).await;
            let replied = match ready {
                Ok(()) => channel.call(request).await,
                Err(fault) => Err(fault),
            };
            Ok(replied.unwrap_or_else(|fault| Status::from_error(Box::new(fault)).into_http()))
        })
    }
}
