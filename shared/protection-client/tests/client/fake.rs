//! A protection check that answers as it is told to.

use http::{Request, Response};
use prost::bytes::{Buf, BufMut};
use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};
use tokio::net::TcpListener;
use tonic::{
    Code, Status,
    body::Body,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::BoxFuture,
    metadata::MetadataMap,
    server::NamedService,
    transport::{Channel, Server, server::TcpIncoming},
};
use tower::Service;

/// What it does with a call.
pub(crate) enum Does {
    /// Replies these bytes.
    Replies(Vec<u8>),
    /// Refuses.
    Refuses(Code),
    /// Never answers.
    Hangs,
    /// Sends what a proxy sends in its place.
    SendsPage(u16),
}

/// A call as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The method.
    pub(crate) path: String,
    /// The message, encoded.
    pub(crate) message: Vec<u8>,
    /// Its headers.
    pub(crate) metadata: MetadataMap,
}

type Script = dyn FnMut(&Call) -> Does + Send;

/// The server: asks its script about every call, and keeps them.
#[derive(Clone)]
pub(crate) struct Fake {
    script: Arc<Mutex<Script>>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Fake {
    /// One that is served, and a connection to it.
    pub(crate) async fn start(script: impl FnMut(&Call) -> Does + Send + 'static) -> (Self, Channel) {
        let fake = Self { script: Arc::new(Mutex::new(script)), calls: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::builder().add_service(fake.clone());
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
        (fake, Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy())
    }

    /// Every call so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

impl NamedService for Fake {
    const NAME: &'static str = "holdfast.safeguarding.v1.ProtectionService";
}

impl Service<Request<Body>> for Fake {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let (fake, path, instead) = (self.clone(), request.uri().path().to_owned(), Arc::new(Mutex::new(None)));
        let sent = Arc::clone(&instead);
        let answer = tower::service_fn(move |request: tonic::Request<Vec<u8>>| {
            let (fake, path, instead) = (fake.clone(), path.clone(), Arc::clone(&instead));
            async move {
                let (metadata, _, message) = request.into_parts();
                let call = Call { path, message, metadata };
                fake.calls.lock().unwrap().push(call.clone());
                let does = (fake.script.lock().unwrap())(&call);
                let response = match does {
                    Does::Replies(message) => return Ok(tonic::Response::new(message)),
                    Does::Hangs => std::future::pending().await,
                    Does::Refuses(code) => refusal(code),
                    Does::SendsPage(status) => page(status),
                };
                *instead.lock().unwrap() = Some(response);
                Ok(tonic::Response::new(Vec::new()))
            }
        });
        Box::pin(async move {
            let answered = tonic::server::Grpc::new(Raw).unary(answer, request).await;
            Ok(sent.lock().unwrap().take().unwrap_or(answered))
        })
    }
}

fn refusal(code: Code) -> Response<Body> {
    let response = Response::builder().header("content-type", "application/grpc");
    response.header("grpc-status", code as i32).body(Body::empty()).unwrap()
}

fn page(status: u16) -> Response<Body> {
    let response = Response::builder().status(status).header("content-type", "text/html");
    response.body(Body::new("<html>Sorry.</html>".to_owned())).unwrap()
}

/// Messages as they are on the wire.
#[derive(Debug, Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, message: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining()).to_vec()))
    }
}
