//! Logs and traces. What a person said is in neither: spans name methods, roles and outcomes, and the libraries below us
//! are silenced, because their own events quote frames and statements.

mod lines;

use crate::config::Config;
use http::HeaderMap;
use lines::Lines;
use opentelemetry::{
    Context, Value,
    propagation::{Extractor, TextMapPropagator},
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider},
};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use std::{collections::HashMap, io};
use tracing::{Level, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{
    Layer,
    filter::Targets,
    fmt::{MakeWriter, format::FmtSpan, writer::BoxMakeWriter},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Where logs are written.
pub enum Writer {
    /// On standard error, by a thread of its own: where nobody reads it lines are lost, and counted in the log once somebody
    /// does, while everything else goes on.
    StandardError,
    /// Elsewhere, before whatever is logged goes on.
    Here(BoxMakeWriter),
}

/// Where telemetry goes.
pub struct Telemetry {
    /// The service's name in traces.
    pub service: &'static str,
    /// Which of the suite's own events are logged.
    pub level: Level,
    /// Logs as JSON, one object a line, instead of lines for people.
    pub json: bool,
    /// Where logs are written.
    pub writer: Writer,
    /// The OTLP collector that traces are exported to over gRPC, if any.
    pub collector: Option<String>,
}

impl Telemetry {
    /// Telemetry as configured, on standard error.
    #[must_use]
    pub fn from_config(service: &'static str, config: &Config) -> Self {
        let collector = config.collector.clone();
        Self { json: config.log_json, collector, ..Self::to_stderr(service, config.log_level) }
    }

    /// Logs for people, on standard error, no traces.
    #[must_use]
    pub fn to_stderr(service: &'static str, level: Level) -> Self {
        Self { service, level, json: false, writer: Writer::StandardError, collector: None }
    }

    /// Telemetry that writes its logs elsewhere.
    #[must_use]
    pub fn writing_to<W: for<'a> MakeWriter<'a> + Send + Sync + 'static>(self, writer: W) -> Self {
        Self { writer: Writer::Here(BoxMakeWriter::new(writer)), ..self }
    }

    /// Starts telemetry for the whole process. It goes on until the guard is stopped.
    ///
    /// # Errors
    /// One sentence, where the collector's address cannot be used, no thread can be had or telemetry was started before.
    pub fn start(self) -> Result<Guard, String> {
        // The crates of the suite, each of which is named after it.
        let ours = Targets::new().with_target("holdfast", self.level);
        let (writer, lines) = self.writer.start().map_err(|fault| format!("logs cannot be written: {fault}"))?;
        let logs = tracing_subscriber::fmt::layer().with_writer(writer).with_span_events(FmtSpan::NONE);
        let logs = if self.json {
            logs.json().with_current_span(true).with_span_list(false).boxed()
        } else {
            logs.with_ansi(false).with_target(false).boxed()
        };
        // Without a collector spans go nowhere, but the journal still learns to which trace an entry belongs.
        let provider = provider(self.service, self.collector.as_deref())?;
        let tracer = provider.tracer("holdfast");
        // Nobody reads how often a span was polled, nor asks OpenTelemetry for the present one: both cost at each poll.
        let traces = tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false);
        // Both layers see our own events only: the exporter must never trace itself. One filter before both, as a filter
        // of each layer's own forgets the next span whenever a driver asks whether its events are wanted.
        tracing_subscriber::registry()
            .with(logs)
            .with(traces)
            .with(ours)
            .try_init()
            .map_err(|_| "telemetry was started before".to_owned())?;
        Ok(Guard { provider, lines })
    }
}

impl Writer {
    /// What the log is written with, and the thread that does so, if any.
    fn start(self) -> io::Result<(BoxMakeWriter, Option<Lines>)> {
        match self {
            Self::StandardError => {
                let lines = Lines::start(io::stderr(), |lost| {
                    tracing::warn!(lost, "lines of the log were lost: nobody read it")
                })?;
                let each = lines.clone();
                Ok((BoxMakeWriter::new(move || each.clone()), Some(lines)))
            }
            Self::Here(writer) => Ok((writer, None)),
        }
    }
}

/// Has a panic say where it happened and nothing else: its message may quote what somebody said. For the main function of
/// a service; tests want the message.
pub fn hush_panics() {
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => tracing::error!(file = place.file(), line = place.line(), "panicked"),
        None => tracing::error!("panicked"),
    }));
}

fn provider(service: &'static str, collector: Option<&str>) -> Result<SdkTracerProvider, String> {
    let resource = Resource::builder().with_service_name(service).build();
    let provider = SdkTracerProvider::builder().with_resource(resource);
    let Some(endpoint) = collector else { return Ok(provider.build()) };
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .build()
        .map_err(|fault| format!("the OTLP collector's address cannot be used: {fault}"))?;
    Ok(provider.with_batch_exporter(exporter).build())
}

/// Keeps telemetry going; stopping it sends and writes what has not been yet.
pub struct Guard {
    provider: SdkTracerProvider,
    lines: Option<Lines>,
}

impl Guard {
    /// Sends every finished span now. Blocks: call it off the runtime's threads.
    pub fn flush(&self) {
        if let Err(fault) = self.provider.force_flush() {
            tracing::warn!(%fault, "spans could not be sent");
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Nothing is left to report a failure to.
        let _ = self.provider.shutdown();
        if let Some(lines) = &self.lines {
            lines.finish();
        }
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }
    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// Makes a span part of the trace that the caller's `traceparent` names, if any.
pub(crate) fn continue_trace(span: &Span, headers: &HeaderMap) {
    if !headers.contains_key("traceparent") {
        return;
    }
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers(headers));
    // Fails only where telemetry was not started.
    let _ = span.set_parent(parent);
}

/// Tells the trace, and it alone, something of a span: log lines that were written before do not need it.
pub(crate) fn attribute(span: &Span, name: &'static str, value: impl Into<Value>) {
    span.set_attribute(name, value);
}

/// Makes a span part of a trace of which only the id was kept, in the place of whichever span it followed from.
pub(crate) fn join_trace(span: &Span, trace_id: &str) {
    let Ok(trace) = TraceId::from_hex(trace_id) else { return };
    // A parent has to have some id: half of the trace's is as random as any.
    let half = SpanId::from_bytes(std::array::from_fn(|place| trace.to_bytes()[place]));
    let parent = SpanContext::new(trace, half, TraceFlags::SAMPLED, true, TraceState::default());
    // Fails only where telemetry was not started.
    let _ = span.set_parent(Context::new().with_remote_span_context(parent));
}

/// The `traceparent` by which a service that is called goes on with the present span's trace; none where telemetry was
/// not started.
pub(crate) fn traceparent() -> Option<String> {
    let mut headers = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut headers);
    headers.remove("traceparent")
}

/// The id of the trace that the present span belongs to; empty where telemetry was not started.
#[must_use]
pub fn trace_id() -> String {
    let context = Span::current().context();
    let span = context.span();
    let id = span.span_context().trace_id();
    if span.span_context().is_valid() { id.to_string() } else { String::new() }
}
