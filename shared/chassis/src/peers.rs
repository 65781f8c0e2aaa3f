//! The other services, as one of them calls them: messages go over the wire as they were kept, under the calling
//! workload's own identity, never a person's.

use crate::{
    access::{workload_name, workload_named},
    clock::Clock,
    issuer::Issuer,
    telemetry,
};
use holdfast_contracts::holdfast::{access::v1::Workload, common::v1::ErrorReason};
use http::uri::PathAndQuery;
use prost::bytes::{Buf, BufMut};
use std::{
    collections::HashMap,
    error::Error,
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio_stream::{Stream, StreamExt};
use tonic::{
    Code, Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    metadata::{AsciiMetadataKey, AsciiMetadataValue, MetadataMap},
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt;
use tracing::{Instrument, Span};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a call may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// How long the next message of a stream may take: longer than a sender waits for its readers.
const IDLE: Duration = Duration::from_secs(40);
/// How often a connection is asked whether it is still there, and how long it may take to say so.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));
/// How long a token of our own is valid, and how long before its end it is replaced, in seconds.
const TOKEN: (i64, i64) = (300, 60);

/// The metadata by which a call that was kept says which database it is sent from.
pub const SENT_FROM: &str = "holdfast-sent-from";
/// The metadata by which it says what the ledger of holds had acknowledged last.
pub const LEDGER_SEEN: &str = "holdfast-ledger-seen";

/// The encoded messages of a stream. It is over with its first error.
pub type Streamed = Pin<Box<dyn Stream<Item = Result<Vec<u8>, Refused>> + Send>>;

/// Why another service did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Whether asking again may help.
    pub class: Class,
    /// The stable reason: a name that our contracts know, or a gRPC code's. Never what the service said.
    pub reason: &'static str,
    /// The hold that the ledger knows as released, where that is the reason.
    pub released: Option<ReleasedHold>,
}

/// How the ledger knows a hold that it was asked to place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleasedHold {
    /// At which version.
    pub version: u64,
    /// Who released it.
    pub holder: Workload,
}

/// Whether asking again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The service cannot answer now, or does not know us yet; it says nothing about the call.
    NotNow,
    /// What answers is not as it should be: another build, a proxy, a wrong address, a service that lost what it knew. It
    /// says something about the call only where it lasts.
    Amiss,
    /// The service refuses this call.
    ThisCall,
}

impl Refused {
    /// A service that cannot answer now.
    #[must_use]
    pub const fn not_now(reason: &'static str) -> Self {
        Self { class: Class::NotNow, reason, released: None }
    }

    /// Something that answers as the service should not.
    #[must_use]
    pub const fn amiss(reason: &'static str) -> Self {
        Self { class: Class::Amiss, reason, released: None }
    }

    /// A service that refuses this call.
    #[must_use]
    pub const fn this_call(reason: &'static str) -> Self {
        Self { class: Class::ThisCall, reason, released: None }
    }

    /// What a status says of the service and of the call.
    #[must_use]
    pub fn from_status(status: &Status) -> Self {
        let info = status.get_details_error_info();
        let released = info.as_ref().and_then(|info| {
            let told = |key: &str| info.metadata.get(key);
            let (version, holder) = (told("known_version")?.parse().ok()?, workload_named(told("holder")?)?);
            Some(ReleasedHold { version, holder })
        });
        let reason = info.and_then(|info| known(&info.reason));
        let reason = reason.unwrap_or_else(|| name(status.code()));
        // A status that has a source was made on this side: the call did not come through.
        let class = if status.source().is_some() { Class::NotNow } else { class(status.code()) };
        Self { class, reason, released }
    }
}

/// A reason as our contracts have it, where they do.
fn known(reason: &str) -> Option<&'static str> {
    let reason = ErrorReason::from_str_name(&format!("ERROR_REASON_{reason}"))?;
    Some(reason.as_str_name().trim_start_matches("ERROR_REASON_"))
}

fn class(code: Code) -> Class {
    match code {
        Code::Unavailable
        | Code::DeadlineExceeded
        | Code::ResourceExhausted
        | Code::Aborted
        | Code::Cancelled
        | Code::Unauthenticated
        | Code::PermissionDenied => Class::NotNow,
        // An older build, a proxy's error page, another server; and a case that a receiver lost may come back to it.
        Code::Ok | Code::Unknown | Code::NotFound | Code::Unimplemented | Code::Internal | Code::DataLoss => {
            Class::Amiss
        }
        Code::InvalidArgument | Code::AlreadyExists | Code::FailedPrecondition | Code::OutOfRange => Class::ThisCall,
    }
}

fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// Tokens of the development issuer for a workload that calls by itself. In production there are none: the mesh's proxy
/// vouches for the workload.
pub struct OwnTokens {
    issuer: Issuer,
    workload: Workload,
    clock: Clock,
    /// The present token, and when to replace it, in seconds since 1970.
    present: Mutex<Option<(AsciiMetadataValue, i64)>>,
}

impl OwnTokens {
    /// Tokens for `workload`, renewed by `clock`, which is the issuer's.
    #[must_use]
    pub fn new(issuer: Issuer, workload: Workload, clock: Clock) -> Self {
        Self { issuer, workload, clock, present: Mutex::new(None) }
    }

    /// A value for `authorization` that is valid for a while yet.
    fn bearer(&self) -> Option<AsciiMetadataValue> {
        let (valid, margin) = TOKEN;
        let now = self.clock.now().timestamp();
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((value, until)) = present.as_ref()
            && now < *until
        {
            return Some(value.clone());
        }
        let token = self.issuer.token(workload_name(self.workload), None, self.workload, valid).ok()?;
        let value = AsciiMetadataValue::try_from(format!("Bearer {token}")).ok()?;
        *present = Some((value.clone(), now + valid - margin));
        Some(value)
    }
}

/// Connections to the other services, made when they are first needed and again when they are lost.
pub struct Peers {
    channels: HashMap<Workload, Channel>,
    tokens: Option<OwnTokens>,
    header: Option<(AsciiMetadataKey, AsciiMetadataValue)>,
}

impl Peers {
    /// The services at these addresses. Has to be called within a runtime.
    ///
    /// # Errors
    /// One sentence, where an address is none.
    pub fn new(addresses: &HashMap<Workload, String>, tokens: Option<OwnTokens>) -> Result<Self, String> {
        let channels = addresses.iter().map(|(workload, address)| {
            let fault = |_| format!("the address of {} is not a URL", workload_name(*workload));
            Ok((*workload, endpoint(address).map_err(fault)?.connect_lazy()))
        });
        Ok(Self { channels: channels.collect::<Result<_, String>>()?, tokens, header: None })
    }

    /// The same, named to them as the mesh's proxy would name us: for services of one process that call each other over
    /// its own port, with no proxy between.
    ///
    /// # Errors
    /// One sentence, where that is no header.
    pub fn named(self, header: &str, identity: &str) -> Result<Self, String> {
        let name = AsciiMetadataKey::from_bytes(header.as_bytes()).map_err(|_| format!("{header} is no header"))?;
        let value = identity.parse().map_err(|_| format!("an identity cannot be sent as {header}"))?;
        Ok(Self { header: Some((name, value)), ..self })
    }

    /// Calls the method at `path` of a service with an encoded message, as part of the trace with this id, and gives the
    /// encoded reply.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn call(&self, to: Workload, path: &str, request: Vec<u8>, trace_id: &str) -> Result<Vec<u8>, Refused> {
        let span = span(to, path);
        telemetry::join_trace(&span, trace_id);
        // The deadline in the header begins once there is a connection to send it over.
        let called = self.send(to, path, Request::new(request), DEADLINE);
        bounded(CONNECT + DEADLINE, called).instrument(span).await
    }

    /// The same for a call that was kept, and says which database it is sent from, and what that has seen of the ledger.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn relay(
        &self,
        to: Workload,
        path: &str,
        request: Vec<u8>,
        trace_id: &str,
        sent_from: &str,
        ledger_seen: Option<&str>,
    ) -> Result<Vec<u8>, Refused> {
        let span = span(to, path);
        telemetry::join_trace(&span, trace_id);
        let mut request = Request::new(request);
        let sent_from = sent_from.parse().map_err(|_| Refused::this_call("NO_DATABASE"))?;
        request.metadata_mut().insert(SENT_FROM, sent_from);
        if let Some(seen) = ledger_seen {
            let seen = seen.parse().map_err(|_| Refused::this_call("NO_DATABASE"))?;
            request.metadata_mut().insert(LEDGER_SEEN, seen);
        }
        bounded(CONNECT + DEADLINE, self.send(to, path, request, DEADLINE)).instrument(span).await
    }

    /// Calls a method within a time of the caller's own choice, a connection that has to be made first included.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn call_within(
        &self,
        within: Duration,
        to: Workload,
        path: &str,
        request: Vec<u8>,
    ) -> Result<Vec<u8>, Refused> {
        let called = self.send(to, path, Request::new(request), within);
        bounded(within, called).instrument(span(to, path)).await
    }

    /// Calls a method that answers with a stream. It may take as long as it likes, as long as it goes on.
    ///
    /// # Errors
    /// [`Refused`], where it does not begin.
    pub async fn stream(&self, to: Workload, path: &str, request: Vec<u8>) -> Result<Streamed, Refused> {
        let begun = async {
            let (mut client, path) = self.reach(to, path).await?;
            let mut request = Request::new(request);
            self.introduce(request.metadata_mut())?;
            let begun = client.server_streaming(request, path, Raw).await;
            begun.map(tonic::Response::into_inner).map_err(|status| Refused::from_status(&status))
        };
        let messages = bounded(CONNECT + DEADLINE, begun).instrument(span(to, path)).await?;
        Ok(Box::pin(messages.timeout(IDLE).map(|message| match message {
            Ok(message) => message.map_err(|status| Refused::from_status(&status)),
            Err(_) => Err(Refused::not_now(name(Code::DeadlineExceeded))),
        })))
    }

    async fn send(
        &self,
        to: Workload,
        path: &str,
        mut request: Request<Vec<u8>>,
        within: Duration,
    ) -> Result<Vec<u8>, Refused> {
        let (mut client, path) = self.reach(to, path).await?;
        request.set_timeout(within);
        self.introduce(request.metadata_mut())?;
        let reply = client.unary(request, path, Raw).await;
        reply.map(tonic::Response::into_inner).map_err(|status| Refused::from_status(&status))
    }

    /// A connection to a service, and the way to its method.
    async fn reach(&self, to: Workload, path: &str) -> Result<(Grpc<Channel>, PathAndQuery), Refused> {
        let channel = self.channels.get(&to).ok_or(Refused::not_now("NO_ADDRESS"))?;
        let path = PathAndQuery::try_from(path).map_err(|_| Refused::this_call("NO_PATH"))?;
        let mut client = Grpc::new(channel.clone());
        client.ready().await.map_err(|_| Refused::not_now(name(Code::Unavailable)))?;
        Ok((client, path))
    }

    /// Says who calls, and within which trace.
    fn introduce(&self, metadata: &mut MetadataMap) -> Result<(), Refused> {
        if let Some(tokens) = &self.tokens {
            metadata.insert("authorization", tokens.bearer().ok_or(Refused::not_now("NO_TOKEN"))?);
        }
        if let Some((name, identity)) = &self.header {
            metadata.insert(name.clone(), identity.clone());
        }
        if let Some(parent) = telemetry::traceparent().and_then(|parent| parent.parse().ok()) {
            metadata.insert("traceparent", parent);
        }
        Ok(())
    }
}

fn span(to: Workload, path: &str) -> Span {
    tracing::info_span!("handover", otel.kind = "client", rpc.method = path, peer = workload_name(to))
}

async fn bounded<T>(within: Duration, called: impl Future<Output = Result<T, Refused>>) -> Result<T, Refused> {
    let called = tokio::time::timeout(within, called).await;
    called.unwrap_or(Err(Refused::not_now(name(Code::DeadlineExceeded))))
}

fn endpoint(address: &str) -> Result<Endpoint, tonic::transport::Error> {
    let (interval, within) = KEEPALIVE;
    Ok(Endpoint::from_shared(address.to_owned())?
        .connect_timeout(CONNECT)
        .tcp_keepalive(Some(interval))
        .http2_keep_alive_interval(interval)
        .keep_alive_timeout(within))
}

/// Messages as they are on the wire.
#[derive(Debug, Clone, Copy, Default)]
pub struct Raw;

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
