//! A TCP proxy that cuts every connection at a chosen place: the process behind it is as good as killed there.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Where to cut, counted in chunks that go to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Before this chunk is passed on: it never arrives.
    Before(usize),
    /// Once the server has answered this chunk, before its answer is passed on: what came of it stays unknown.
    After(usize),
}

/// What all proxies of one process share: once it is blown, every connection through any of them is gone, and none
/// comes about.
#[derive(Clone)]
pub struct Fuse(watch::Sender<bool>);

impl Default for Fuse {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Fuse {
    /// Cuts everything.
    pub fn blow(&self) {
        self.0.send_replace(true);
    }

    /// Whether it is blown.
    #[must_use]
    pub fn is_blown(&self) -> bool {
        *self.0.borrow()
    }

    /// Completes when it is blown.
    pub async fn blown(&self) {
        // The sender is here, so that the wait ends in no other way.
        let _ = self.0.subscribe().wait_for(|blown| *blown).await;
    }
}

/// A proxy in front of one server.
pub struct FaultProxy {
    /// Where it listens.
    pub address: SocketAddr,
    watching: Arc<Watching>,
}

#[derive(Default)]
struct Watching {
    /// Chunks to the server since it was armed.
    chunks: AtomicUsize,
    armed: AtomicBool,
    cut: Mutex<Option<Cut>>,
}

impl Watching {
    /// Counts a chunk, and says whether it is the one to cut at.
    fn count(&self) -> Option<Cut> {
        if !self.armed.load(Ordering::SeqCst) {
            return None;
        }
        let chunk = self.chunks.fetch_add(1, Ordering::SeqCst) + 1;
        let cut = *self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        cut.filter(|cut| matches!(cut, Cut::Before(at) | Cut::After(at) if *at == chunk))
    }
}

impl FaultProxy {
    /// A proxy in front of the server at this address, which serves until the fuse is blown.
    ///
    /// # Panics
    /// When there is no port for it.
    pub async fn start(server: SocketAddr, fuse: &Fuse) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let watching = Arc::new(Watching::default());
        let (fuse, each) = (fuse.clone(), Arc::clone(&watching));
        tokio::spawn(async move {
            let accepting = async {
                while let Ok((client, _)) = listener.accept().await {
                    let (fuse, watching) = (fuse.clone(), Arc::clone(&each));
                    tokio::spawn(async move {
                        tokio::select! {
                            biased;
                            () = fuse.blown() => {}
                            () = connection(client, server, &watching, &fuse) => {}
                        }
                    });
                }
            };
            tokio::select! {
                biased;
                () = fuse.blown() => {}
                () = accepting => {}
            }
        });
        Self { address, watching }
    }

    /// Counts chunks from here on, and cuts where it is told to.
    pub fn arm(&self, cut: Option<Cut>) {
        *self.watching.cut.lock().unwrap_or_else(PoisonError::into_inner) = cut;
        self.watching.armed.store(true, Ordering::SeqCst);
    }

    /// How many chunks have gone to the server since it was armed.
    #[must_use]
    pub fn chunks(&self) -> usize {
        self.watching.chunks.load(Ordering::SeqCst)
    }
}

/// Passes chunks on in both directions until one side is done or everything is cut.
async fn connection(client: TcpStream, server: SocketAddr, watching: &Watching, fuse: &Fuse) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    // Nothing is held back to make larger chunks of it.
    let prompt = client.set_nodelay(true).and(server.set_nodelay(true));
    if prompt.is_err() {
        return;
    }
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    // The answer to the chosen chunk is the last thing that is seen here.
    let last = AtomicBool::new(false);
    let up = async {
        let mut chunk = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_client.read(&mut chunk).await {
            match watching.count() {
                Some(Cut::Before(_)) => return fuse.blow(),
                Some(Cut::After(_)) => last.store(true, Ordering::SeqCst),
                None => {}
            }
            if to_server.write_all(&chunk[..length]).await.is_err() {
                return;
            }
        }
        // The server may still answer what it has got.
        let _ = to_server.shutdown().await;
        std::future::pending::<()>().await;
    };
    let down = async {
        let mut chunk = vec![0; 64 * 1024];
        loop {
            let read = from_server.read(&mut chunk).await.unwrap_or(0);
            if last.load(Ordering::SeqCst) {
                return fuse.blow();
            }
            if read == 0 || to_client.write_all(&chunk[..read]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = up => {}
        () = down => {}
    }
}
