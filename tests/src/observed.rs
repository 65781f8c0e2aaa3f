//! Everything that a process lets out beside its replies: log lines and exported spans, collected where tests can search
//! them. The spans come through a real exporter to a real collector, over gRPC.

use holdfast_chassis::telemetry::{Guard, Telemetry};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
    trace_service_server::{TraceService, TraceServiceServer},
};
use prost::Message;
use std::{
    io,
    sync::{Arc, Mutex, OnceLock},
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

/// What was collected so far.
#[derive(Clone, Default)]
pub struct Observed {
    logs: Arc<Mutex<Vec<u8>>>,
    spans: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

/// The collector, and the telemetry that feeds it.
struct Collecting {
    observed: Observed,
    guard: Guard,
    _runtime: tokio::runtime::Runtime,
}

impl Observed {
    /// Starts telemetry for this test process, once; later calls get the same.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start() -> Self {
        collecting().observed.clone()
    }

    /// Sends every finished span, then gives everything collected: log text, and spans as their collector got them.
    #[must_use]
    pub fn everything(&self) -> (String, Vec<ExportTraceServiceRequest>) {
        collecting().guard.flush();
        let logs = String::from_utf8_lossy(&self.logs.lock().unwrap()).into_owned();
        (logs, self.spans.lock().unwrap().clone())
    }

    /// Where any of these words was let out.
    #[must_use]
    pub fn leaks(&self, words: &[String]) -> Vec<String> {
        let (logs, spans) = self.everything();
        let spans: Vec<u8> = spans.iter().flat_map(Message::encode_to_vec).collect();
        let spans = String::from_utf8_lossy(&spans);
        let mut leaks = Vec::new();
        for word in words {
            if logs.contains(word) {
                leaks.push(format!("{word} is in the logs"));
            }
            if spans.contains(word) {
                leaks.push(format!("{word} is in the spans"));
            }
        }
        leaks
    }
}

fn collecting() -> &'static Collecting {
    static COLLECTING: OnceLock<Collecting> = OnceLock::new();
    COLLECTING.get_or_init(|| {
        let observed = Observed::default();
        // A runtime of its own: each test's ends with the test.
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let collector = observed.clone();
        let guard = runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let serving = tonic::transport::Server::builder()
                .add_service(TraceServiceServer::new(collector.clone()))
                .serve_with_incoming(TcpListenerStream::new(listener));
            tokio::spawn(serving);
            let telemetry = Telemetry {
                collector: Some(format!("http://{address}")),
                ..Telemetry::to_stderr("holdfast-test", tracing::Level::DEBUG).writing_to(move || collector.clone())
            };
            telemetry.start().unwrap()
        });
        Collecting { observed, guard, _runtime: runtime }
    })
}

impl io::Write for Observed {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.logs.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tonic::async_trait]
impl TraceService for Observed {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.spans.lock().unwrap().push(request.into_inner());
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}
