//! Calls without generated code: messages as the bytes they are on the wire.

use prost::bytes::{Buf, BufMut};
use std::time::Duration;
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    transport::Channel,
};

/// Messages as they are on the wire.
#[derive(Debug, Clone, Copy, Default)]
struct Wire;

impl Codec for Wire {
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

impl Encoder for Wire {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, message: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&message);
        Ok(())
    }
}

impl Decoder for Wire {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining()).to_vec()))
    }
}

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
    client.unary(request, path, Wire).await.map(tonic::Response::into_inner)
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
    client.unary(request, path, Wire).await.map(tonic::Response::into_inner)
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
    let mut reply = client.server_streaming(request, path, Wire).await?.into_inner();
    let first = tokio::time::timeout(Duration::from_secs(10), reply.message()).await.expect("a beginning")?;
    // What is dropped before its end is reset, and a connection with many resets is taken for an attack.
    while let Ok(Ok(Some(_))) = tokio::time::timeout(Duration::from_millis(50), reply.message()).await {}
    Ok(first.unwrap_or_default())
}
