//! The gate that every call passes before a handler sees it: span, policy, identity, room, deadline. What tonic itself
//! refuses (a message too large or not decodable) leaves through it as one of our own failures.

use crate::{
    access::{Caller, Policies, Room, role_name, workload_name},
    identity::Verifier,
    status::{Failure, Violation},
    telemetry,
};
use holdfast_contracts::holdfast::access::v1::Role;
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
use tracing::{Instrument, Span, field};

/// Services that anyone may call: they tell what the server is, not what it keeps.
const OPEN: [&str; 3] =
    ["/grpc.health.v1.Health/", "/grpc.reflection.v1.ServerReflection/", "/grpc.reflection.v1alpha.ServerReflection/"];
/// Work that would have less time than this is not begun.
const TOO_LITTLE: Duration = Duration::from_millis(50);
/// A call whose caller sets no deadline has this long.
const LONGEST: Duration = Duration::from_secs(30);
/// How much earlier than the caller gives up we answer.
const MARGIN: Duration = Duration::from_millis(20);

/// What the gate needs to know.
pub struct Gate {
    /// Who may call what.
    pub policies: Policies,
    /// How callers are identified.
    pub verifier: Verifier,
    /// How many calls may be in hand at once.
    pub room: Arc<Semaphore>,
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
        let path = request.uri().path().to_owned();
        if OPEN.iter().any(|open| path.starts_with(open)) {
            return Box::pin(inner.call(request));
        }
        let span = tracing::info_span!(
            "rpc",
            otel.kind = "server",
            rpc.method = field::Empty,
            enduser.role = field::Empty,
            workload = field::Empty,
            rpc.grpc.status_code = field::Empty,
            reason = field::Empty,
        );
        telemetry::continue_trace(&span, request.headers());
        let gate = Arc::clone(&self.gate);
        let call = async move {
            let outcome = gate.pass(&path, &mut request);
            let reply = match outcome {
                Err(failure) => Err(failure),
                Ok(Pass { room: _room, limit }) => match tokio::time::timeout(limit, inner.call(request)).await {
                    Ok(reply) => Ok(reply?),
                    Err(_) => Err(Failure::DeadlineExceeded),
                },
            };
            Ok(conclude(&path, reply))
        };
        Box::pin(call.instrument(span))
    }
}

/// Leave to go on: room, held until the reply is there and the work is done, and the time it may take.
struct Pass {
    room: Option<Room>,
    limit: Duration,
}

impl Gate {
    /// Lets a request through, with the time it has, or says why not.
    fn pass(&self, path: &str, request: &mut Request<Body>) -> Result<Pass, Failure> {
        // A path outside the contracts goes on to tonic, which answers UNIMPLEMENTED.
        let Some(policy) = self.policies.get(path) else { return Ok(Pass { room: None, limit: LONGEST }) };
        // Only paths that the contracts know are named: anything else is a caller's own words.
        let span = Span::current();
        span.record("rpc.method", path);
        let identity = self.verifier.identify(request.headers())?;
        span.record("workload", workload_name(identity.workload));
        if let Some(role) = identity.role {
            span.record("enduser.role", role_name(role));
        }
        policy.admit(identity.role, identity.workload)?;
        let limit = match deadline(request.headers()) {
            None => LONGEST,
            Some(limit) if limit < TOO_LITTLE => return Err(Failure::DeadlineExceeded),
            Some(limit) => LONGEST.min(limit - MARGIN),
        };
        let room = Arc::clone(&self.room).try_acquire_owned().map_err(|_| Failure::Overloaded)?;
        let room = Some(Room(Arc::new(room)));
        let caller = Caller {
            person: identity.person,
            role: identity.role.unwrap_or(Role::Unspecified),
            workload: identity.workload,
            policy: Arc::clone(policy),
            room: room.clone(),
        };
        request.extensions_mut().insert(caller);
        Ok(Pass { room, limit })
    }
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

/// Records how the call ended; denials are logged, as they may be the beginning of something.
fn conclude(path: &str, reply: Result<Response<Body>, Failure>) -> Response<Body> {
    let failure = match reply {
        Err(failure) => Some(failure),
        Ok(response) => match tonics_own_refusal(&response) {
            Some(failure) => Some(failure),
            None => {
                let status = Status::from_header_map(response.headers());
                let code = status.map_or(Code::Ok, |status| status.code());
                Span::current().record("rpc.grpc.status_code", code as i32);
                return response;
            }
        },
    };
    let Some(failure) = failure else { return Response::default() };
    let reason = failure.reason().as_str_name();
    if matches!(failure, Failure::Unauthenticated(_) | Failure::NotPermitted { .. }) {
        tracing::warn!(method = path, reason, "call refused");
    }
    let status = Status::from(failure);
    Span::current().record("rpc.grpc.status_code", status.code() as i32).record("reason", reason);
    status.into_http()
}

/// A status without our details is tonic's own: a message it would not read.
fn tonics_own_refusal(response: &Response<Body>) -> Option<Failure> {
    let status = Status::from_header_map(response.headers())?;
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
        Some(Failure::DeadlineExceeded)
    } else {
        None
    }
}
