//! A connection between two parties that a test cuts, stalls or leads elsewhere: a network in small.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Network {
    /// What is sent arrives.
    Whole,
    /// What is sent disappears, and nobody says so.
    Silent,
}

/// A link to a server.
#[derive(Clone)]
pub struct Link {
    /// Where it listens.
    pub address: SocketAddr,
    to: Arc<Mutex<SocketAddr>>,
    network: watch::Sender<Network>,
    /// Connections of an older round are gone.
    round: watch::Sender<u64>,
}

impl Link {
    /// A link to the server at this address.
    ///
    /// # Panics
    /// When there is no port for it.
    pub async fn start(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (network, round) = (watch::Sender::new(Network::Whole), watch::Sender::new(0));
        let link = Self { address, to: Arc::new(Mutex::new(to)), network, round };
        let each = link.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let link = each.clone();
                tokio::spawn(async move { link.pass_on(client).await });
            }
        });
        link
    }

    /// From now on it leads there; every connection that there was is gone.
    pub fn lead_to(&self, to: SocketAddr) {
        *self.to.lock().unwrap_or_else(PoisonError::into_inner) = to;
        self.cut();
    }

    /// Every connection that there is breaks; new ones come about.
    pub fn cut(&self) {
        self.round.send_modify(|round| *round += 1);
    }

    /// From now on whatever is sent disappears, over connections old and new.
    pub fn silence(&self) {
        self.network.send_replace(Network::Silent);
    }

    /// It is whole again; connections that were silent have broken.
    pub fn mend(&self) {
        self.cut();
        self.network.send_replace(Network::Whole);
    }

    async fn pass_on(&self, mut client: TcpStream) {
        let (mut round, mut network) = (self.round.subscribe(), self.network.subscribe());
        round.mark_unchanged();
        let to = *self.to.lock().unwrap_or_else(PoisonError::into_inner);
        let passing = async {
            let Ok(mut server) = TcpStream::connect(to).await else { return };
            if client.set_nodelay(true).and(server.set_nodelay(true)).is_err() {
                return;
            }
            let silent = async {
                let _ = network.wait_for(|network| *network == Network::Silent).await;
            };
            tokio::select! {
                // How a connection ends is for its two ends to notice.
                _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                // Both ends stay open, and neither hears anything.
                () = silent => std::future::pending::<()>().await,
            }
        };
        tokio::select! {
            _ = round.changed() => {}
            () = passing => {}
        }
    }
}
