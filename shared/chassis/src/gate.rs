//! The gate that every call passes before a handler sees it: span, policy, identity, room, deadline. What tonic itself
//! refuses (a message too large or not decodable) leaves through it as one of our own failures.

use crate::{
    access::{Caller, Policies, Policy, Room, role_name, workload_name},
    identity::{Identity, Verifier},
    status::{Failure, Violation},
    telemetry,
};
use holdfast_contracts::holdfast::access::v1::{Effect, Role};
use http::{Request, Response};
use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::sync::Semaphore;
use tonic::{Code, Status, body::Body};
use tower::{Layer, Service};
use tracing::{Instrument, Span};

/// Services that anyone may call: they tell what the server is, not what it keeps.
const OPEN: [&str; 3] =
    ["/grpc.health.v1.Health/", "/grpc.reflection.v1.ServerReflection/", "/grpc.reflection.v1alpha.ServerReflection/"];
/// Methods that tell whether somebody is protected, and are answered at once.
const CHECKS: [&str; 3] = [
    "/holdfast.safeguarding.v1.ProtectionService/CheckAction",
    "/holdfast.safeguarding.v1.ProtectionService/BatchCheckActions",
    "/holdfast.safeguarding.v1.ProtectionService/ConfirmAction",
];
/// Those that go on for as long as the caller asks.
const CHECK_STREAMS: [&str; 1] = ["/holdfast.safeguarding.v1.ProtectionService/StreamCheckActions"];
/// Methods by which services protect somebody, and prove to the ledger what they protect: every check rests on them.
const BETWEEN_SERVICES: [&str; 6] = [
    "/holdfast.safeguarding.v1.ProtectionService/PlaceHold",
    "/holdfast.safeguarding.v1.ProtectionService/ReleaseHold",
    "/holdfast.delivery.v1.DeliveryService/ProveDelivery",
    "/holdfast.delivery.v1.DeliveryService/ProveAward",
    "/holdfast.delivery.v1.DeliveryService/ListOpenProtections",
    "/holdfast.delivery.v1.DeliveryService/RaiseHold",
];
/// Streams of checks at once. Each keeps its place for up to an hour, whether anything is asked on it or not.
const STREAMS: usize = 64;
/// Work that would have less time than this is not begun.
const TOO_LITTLE: Duration = Duration::from_millis(50);
/// A call whose caller sets no deadline has this long.
const LONGEST: Duration = Duration::from_secs(30);
/// What only reads has this long: after that its database does not answer.
const LONGEST_READ: Duration = Duration::from_secs(5);
/// How much earlier than the caller gives up we answer.
const MARGIN: Duration = Duration::from_millis(20);

/// What the gate needs to know.
pub struct Gate {
    /// Who may call what.
    pub policies: Policies,
    /// How callers are identified.
    pub verifier: Verifier,
    /// How many calls may be in hand at once.
    pub rooms: Rooms,
}

/// How many calls may be in hand at once, by what they are for. However much casework there is, or how many streams lie
/// open, the check is answered; and however often it is asked, an award is held and a source proves what it protects.
pub struct Rooms {
    /// Casework, and whatever has no room of its own.
    pub casework: Arc<Semaphore>,
    /// Checks and confirmations.
    pub checks: Arc<Semaphore>,
    /// Streams of checks.
    pub check_streams: Arc<Semaphore>,
    /// What services tell each other of whom they protect.
    pub between_services: Arc<Semaphore>,
}

impl Rooms {
    /// Room for so many calls of each kind; for streams of checks, which stay, as many as there are places for them.
    #[must_use]
    pub fn of(each: usize) -> Self {
        let room = |places| Arc::new(Semaphore::new(places));
        Self { casework: room(each), checks: room(each), check_streams: room(STREAMS), between_services: room(each) }
    }

    /// The methods that have room of their own, by their paths, and that room.
    #[must_use]
    pub fn apart(&self) -> [(&'static [&'static str], &Arc<Semaphore>); 3] {
        [(&CHECKS, &self.checks), (&CHECK_STREAMS, &self.check_streams), (&BETWEEN_SERVICES, &self.between_services)]
    }

    /// The room that calls of a method take.
    fn of_method(&self, path: &str) -> &Arc<Semaphore> {
        let own = self.apart().into_iter().find(|(paths, _)| paths.contains(&path));
        own.map_or(&self.casework, |(_, room)| room)
    }
}

/// Puts the gate before every service of a server.
#[derive(Clone)]
pub struct GateLayer(pub Arc<Gate>);

impl<S> Layer<S> for GateLayer {
    type Service = Gated<S>;
    fn layer(&self, inner: S) -> Gated<S> {
        Gated { gate: Arc::clone(&self.0), inner }
    }
}

/// A service behind the gate.
#[derive(Clone)]
pub struct Gated<S> {
    gate: Arc<Gate>,
    inner: S,
}

impl<S> Service<Request<Body>> for Gated<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        // The service that was polled ready is the one to call.
        let ready = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, ready);
        let path = request.uri().path();
        let policy = self.gate.policies.get(path).map(Arc::clone);
        if policy.is_none() && OPEN.iter().any(|open| path.starts_with(open)) {
            return Box::pin(inner.call(request));
        }
        let identity = policy.as_ref().map(|_| self.gate.verifier.identify(request.headers()));
        let span = begun(policy.as_deref(), identity.as_ref().and_then(|identity| identity.as_ref().ok()));
        telemetry::continue_trace(&span, request.headers());
        let pass = match (&policy, identity) {
            (Some(policy), Some(identity)) => {
                identity.and_then(|identity| self.gate.pass(policy, identity, &mut request))
            }
            (None, _) | (_, None) => Err(Failure::UnknownMethod),
        };
        let call = async move {
            let reply = match pass {
                Err(failure) => Err(failure),
                Ok(Pass { room: _room, limit, lapsed }) => {
                    match tokio::time::timeout(limit, inner.call(request)).await {
                        Ok(reply) => Ok(reply?),
                        Err(_) => Err(lapsed),
                    }
                }
            };
            Ok(conclude(policy.as_deref(), reply))
        };
        Box::pin(call.instrument(span))
    }
}

/// The span of a call, with all that is known before it is answered: what is recorded later has every log line's fields
/// written again. It has no parent but the one that the caller names.
fn begun(policy: Option<&Policy>, caller: Option<&Identity>) -> Span {
    tracing::info_span!(
        parent: None,
        "rpc",
        otel.kind = "server",
        // Only paths that the contracts know are named: anything else is a caller's own words.
        rpc.method = policy.map(|policy| policy.path.as_str()),
        enduser.role = caller.and_then(|caller| caller.role).map(role_name),
        workload = caller.map(|caller| workload_name(caller.workload)),
    )
}

/// Leave to go on: room, held until the reply is there and the work is done, the time it may take, and what is said where
/// it takes longer.
struct Pass {
    room: Room,
    limit: Duration,
    lapsed: Failure,
}

impl Gate {
    /// Lets a request through, with the time it has, or says why not.
    fn pass(&self, policy: &Arc<Policy>, identity: Identity, request: &mut Request<Body>) -> Result<Pass, Failure> {
        policy.admit(identity.role, identity.workload)?;
        let lapsed = Failure::DeadlineExceeded { of_read: is_read(policy) };
        let callers = match deadline(request.headers()) {
            Some(limit) if limit < TOO_LITTLE => return Err(lapsed),
            given => given.map(|limit| limit - MARGIN),
        };
        // What services prove to each other is bounded by whoever asks.
        let is_bounded = is_read(policy) && !BETWEEN_SERVICES.contains(&policy.path.as_str());
        let (ours, lapses) = if is_bounded { (LONGEST_READ, Failure::Unavailable) } else { (LONGEST, lapsed.clone()) };
        let (limit, lapsed) = match callers {
            Some(callers) if callers < ours => (callers, lapsed),
            Some(_) | None => (ours, lapses),
        };
        let room =
            Arc::clone(self.rooms.of_method(&policy.path)).try_acquire_owned().map_err(|_| Failure::Overloaded)?;
        let room = Room(Arc::new(room));
        let caller = Caller {
            person: identity.person,
            role: identity.role.unwrap_or(Role::Unspecified),
            workload: identity.workload,
            policy: Arc::clone(policy),
            room: Some(room.clone()),
        };
        request.extensions_mut().insert(caller);
        Ok(Pass { room, limit, lapsed })
    }
}

fn is_read(policy: &Policy) -> bool {
    policy.effect == Effect::Read
}

/// The caller's `grpc-timeout`. One that does not parse is for tonic to refuse.
fn deadline(headers: &http::HeaderMap) -> Option<Duration> {
    let value = headers.get("grpc-timeout")?.to_str().ok()?;
    let (amount, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    let amount: u64 = amount.parse().ok()?;
    match unit {
        "H" => amount.checked_mul(3600).map(Duration::from_secs),
        "M" => amount.checked_mul(60).map(Duration::from_secs),
        "S" => Some(Duration::from_secs(amount)),
        "m" => Some(Duration::from_millis(amount)),
        "u" => Some(Duration::from_micros(amount)),
        "n" => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

/// Tells the trace how the call ended; denials are logged, as they may be the beginning of something.
fn conclude(policy: Option<&Policy>, reply: Result<Response<Body>, Failure>) -> Response<Body> {
    let span = Span::current();
    let failure = match reply {
        Err(failure) => failure,
        Ok(response) => {
            let Some(status) = Status::from_header_map(response.headers()) else {
                telemetry::attribute(&span, "rpc.grpc.status_code", Code::Ok as i64);
                return response;
            };
            let Some(failure) = tonics_own_refusal(&status, policy.is_some_and(is_read)) else {
                telemetry::attribute(&span, "rpc.grpc.status_code", status.code() as i64);
                return response;
            };
            failure
        }
    };
    let reason = failure.reason().as_str_name();
    if matches!(failure, Failure::Unauthenticated(_) | Failure::NotPermitted { .. }) {
        tracing::warn!(method = policy.map(|policy| policy.path.as_str()), reason, "call refused");
    }
    let status = Status::from(failure);
    telemetry::attribute(&span, "rpc.grpc.status_code", status.code() as i64);
    telemetry::attribute(&span, "reason", reason);
    status.into_http()
}

/// A status without our details is tonic's own: a message it would not read. In a stream of messages, only whoever reads
/// them sees it. `of_read` says that the method records nothing.
#[must_use]
pub fn tonics_own_refusal(status: &Status, of_read: bool) -> Option<Failure> {
    let invalid = |why: &str| {
        let violation = Violation { field: "request".to_owned(), why: why.to_owned() };
        Some(Failure::Invalid(vec![violation]))
    };
    let code = status.code();
    let unexplained = status.details().is_empty();
    if code == Code::OutOfRange {
        invalid("is larger than a request may be")
    } else if unexplained && (code == Code::Internal || code == Code::InvalidArgument) {
        invalid("does not decode as this method's message")
    } else if code == Code::Cancelled {
        Some(Failure::DeadlineExceeded { of_read })
    } else {
        None
    }
}
