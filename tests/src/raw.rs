//! Calls without generated code: messages as the bytes they are on the wire.

use holdfast_chassis::peers::Raw;
use std::time::Duration;
use tonic::{Request, Status, client::Grpc, transport::Channel};

/// Calls the method at `path` with encoded messages.
///
/// # Errors
/// What the server answers.
///
/// # Panics
/// When there is no connection.
pub async fn call(channel: &Channel, path: &str, request: Request<Vec<u8>>) -> Result<Vec<u8>, Status> {
    let mut client = Grpc::new(channel.clone());
    client.ready().await.expect("the suite is there");
    let path = http::uri::PathAndQuery::try_from(path).unwrap();
    client.unary(request, path, Raw).await.map(tonic::Response::into_inner)
}

/// The same, where there may be no connection.
///
/// # Errors
/// What the server answers, or what became of the connection.
///
/// # Panics
/// When the path is none.
pub async fn attempt(channel: &Channel, path: &str, request: Request<Vec<u8>>) -> Result<Vec<u8>, Status> {
    let mut client = Grpc::new(channel.clone());
    client.ready().await.map_err(|fault| Status::from_error(Box::new(fault)))?;
    let path = http::uri::PathAndQuery::try_from(path).unwrap();
    client.unary(request, path, Raw).await.map(tonic::Response::into_inner)
}

/// Calls the method at `path`, which answers with a stream, and gives its first message; none where it ends without one.
///
/// # Errors
/// What the server answers, be it instead of the first message.
///
/// # Panics
/// When there is no connection, or nothing comes.
pub async fn begin(channel: &Channel, path: &str, request: Request<Vec<u8>>) -> Result<Vec<u8>, Status> {
    let mut client = Grpc::new(channel.clone());
    client.ready().await.expect("the suite is there");
    let path = http::uri::PathAndQuery::try_from(path).unwrap();
    let mut reply = client.server_streaming(request, path, Raw).await?.into_inner();
    let first = tokio::time::timeout(Duration::from_secs(10), reply.message()).await.expect("a beginning")?;
    // What is dropped before its end is reset, and a connection with many resets is taken for an attack.
    while let Ok(Ok(Some(_))) = tokio::time::timeout(Duration::from_millis(50), reply.message()).await {}
    Ok(first.unwrap_or_default())
}
