//! The server that the check is held against: it answers the same questions with as many bytes, and at once. Once behind
//! the layers that every Holdfast server has, once without any.

use crate::{
    Fault,
    awards::{case_of, is_free},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::{Stream, StreamExt, stream};
use holdfast_chassis::{
    Clock,
    config::{Config, Mode},
    serve::{LARGEST_REPLY, LARGEST_REQUEST, Limits, Services, stop_signal},
    status::Failure,
    telemetry::Telemetry,
};
use holdfast_contracts::holdfast::{common::v1::Citation, safeguarding::v1 as pb};
use prost::Message;
use std::{
    convert::Infallible,
    io::{Read, Write},
    sync::Arc,
    task::{Context, Poll},
};
use tokio::net::TcpListener;
use tonic::{
    Request, Response, Status, Streaming,
    body::Body,
    codegen::BoxFuture,
    server::{Grpc, NamedService},
    transport::{Server, server::TcpIncoming},
};
use tonic_prost::ProstCodec;

/// In the place of the seals of the check, which are as long: the echo computes nothing.
const SEAL: u32 = 1;

/// Answers of the check, that the echo repeats with other references in them.
#[derive(Clone, Default)]
pub(crate) struct Patterns {
    /// To one question about a free award.
    pub(crate) free: pb::Answer,
    /// About a held one.
    pub(crate) held: pb::Answer,
    /// To a question about a free award in the middle of a batch.
    pub(crate) free_of_many: pb::Answer,
    /// What is cited where an award is held.
    pub(crate) citations: Vec<Citation>,
}

impl Patterns {
    /// As one argument of a command line.
    pub(crate) fn to_argument(&self) -> String {
        let Self { free, held, free_of_many, citations } = self.clone();
        let kept = pb::BatchCheckActionsResponse { answers: vec![free, held, free_of_many], citations, seal: 0 };
        STANDARD.encode(kept.encode_to_vec())
    }

    fn from_argument(argument: &str) -> Result<Self, Fault> {
        let kept = pb::BatchCheckActionsResponse::decode(STANDARD.decode(argument)?.as_slice())?;
        let mut answers = kept.answers.into_iter().map(|answer| pb::Answer { question: None, ..answer });
        let mut next = || answers.next().ok_or("three answers are needed");
        Ok(Self { free: next()?, held: next()?, free_of_many: next()?, citations: kept.citations })
    }

    /// The answer to a question, and whether it is that the award is held.
    fn answer(&self, question: Option<pb::Question>, free: &pb::Answer) -> (pb::Answer, bool) {
        let award = question.as_ref().and_then(|question| question.award.as_ref());
        let held = award.filter(|award| !is_free(&award.award)).map(|award| case_of(&award.award));
        let is_held = held.is_some();
        let mut answer = if is_held { self.held.clone() } else { free.clone() };
        if let (Some(reason), Some(case)) = (answer.reasons.first_mut(), held) {
            reason.case_reference = case;
        }
        answer.question = question;
        (answer, is_held)
    }

    fn cited(&self, held: bool) -> Vec<Citation> {
        if held { self.citations.clone() } else { Vec::new() }
    }

    fn one(&self, asked: pb::CheckActionRequest) -> pb::CheckActionResponse {
        let (answer, held) = self.answer(asked.question, &self.free);
        pb::CheckActionResponse { answer: Some(answer), citations: self.cited(held), seal: SEAL }
    }

    fn many(&self, asked: pb::BatchCheckActionsRequest) -> pb::BatchCheckActionsResponse {
        let mut any = false;
        let answers = asked.questions.into_iter().map(|question| {
            let (answer, held) = self.answer(Some(question), &self.free_of_many);
            any |= held;
            answer
        });
        let answers = answers.collect();
        pb::BatchCheckActionsResponse { answers, citations: self.cited(any), seal: SEAL }
    }

    fn in_turn(
        self: Arc<Self>,
        asked: Streaming<pb::StreamCheckActionsRequest>,
    ) -> impl Stream<Item = Result<pb::StreamCheckActionsResponse, Status>> + Send + 'static {
        stream::unfold((self, asked, false), |(patterns, mut asked, cited)| async move {
            match asked.message().await {
                Ok(Some(asked_now)) => {
                    let (answer, held) = patterns.answer(asked_now.question, &patterns.free_of_many);
                    let citations = patterns.cited(held && !cited);
                    let told = pb::StreamCheckActionsResponse { answer: Some(answer), citations, seal: SEAL };
                    Some((Ok(told), (patterns, asked, cited || held)))
                }
                Ok(None) | Err(_) => None,
            }
        })
    }
}

/// The echo, in the place of the check.
#[derive(Clone)]
struct Echo(Arc<Patterns>);

impl NamedService for Echo {
    const NAME: &'static str = "holdfast.safeguarding.v1.ProtectionService";
}

impl tower::Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    /// What generated code does, for the methods that are measured.
    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let patterns = Arc::clone(&self.0);
        let method = request.uri().path().rsplit_once('/').map(|(_, method)| method.to_owned()).unwrap_or_default();
        Box::pin(async move {
            let reply = match method.as_str() {
                "CheckAction" => {
                    let answer = tower::service_fn(move |asked: Request<pb::CheckActionRequest>| {
                        std::future::ready(Ok(Response::new(patterns.one(asked.into_inner()))))
                    });
                    bounded(Grpc::new(ProstCodec::default())).unary(answer, request).await
                }
                "BatchCheckActions" => {
                    let answer = tower::service_fn(move |asked: Request<pb::BatchCheckActionsRequest>| {
                        std::future::ready(Ok(Response::new(patterns.many(asked.into_inner()))))
                    });
                    bounded(Grpc::new(ProstCodec::default())).unary(answer, request).await
                }
                "StreamCheckActions" => {
                    let answer = tower::service_fn(move |asked: Request<Streaming<pb::StreamCheckActionsRequest>>| {
                        let answers = Arc::clone(&patterns).in_turn(asked.into_inner());
                        std::future::ready(Ok(Response::new(answers.boxed())))
                    });
                    bounded(Grpc::new(ProstCodec::default())).streaming(answer, request).await
                }
                _ => Status::from(Failure::Unavailable).into_http(),
            };
            Ok(reply)
        })
    }
}

fn bounded<T>(grpc: Grpc<T>) -> Grpc<T>
where
    T: tonic::codec::Codec,
    T::Encode: Sync,
{
    grpc.apply_max_message_size_config(Some(LARGEST_REQUEST), Some(LARGEST_REPLY))
}

/// Is the echo, as a process of its own: with the layers and the configuration of a service, or bare. Tells on standard
/// output where it listens, and ends with its standard input.
pub(crate) async fn serve(patterns: &str, layered: bool) -> Result<(), Fault> {
    let echo = Echo(Arc::new(Patterns::from_argument(patterns)?));
    std::thread::spawn(|| {
        // Whatever ends it: whoever started this process is gone.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    std::io::stdout().flush()?;
    if !layered {
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        return Ok(Server::builder().add_service(echo).serve_with_incoming(incoming).await?);
    }
    let config = Config::read(Mode::Production, |name| std::env::var(name).ok()).map_err(|faults| faults.join("; "))?;
    let telemetry = Telemetry::from_config("check-load", &config);
    let _telemetry = tokio::task::spawn_blocking(|| telemetry.start()).await??;
    let mut services = Services::default();
    services.add(echo);
    Ok(services.serve(listener, config.verifier(None, Clock::System)?, Limits::default(), stop_signal()).await?)
}
