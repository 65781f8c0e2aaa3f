//! Another process of the safeguarding service, over the same database.

use holdfast::suite::service_url;
use holdfast_chassis::{
    Clock, Peers,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    serve::{Limits, Services},
};
use holdfast_procedure::guidance::Guidance;
use holdfast_safeguarding::{Program, SCHEMA};
use holdfast_store::process::Service;
use holdfast_tests::suite::{FINGERPRINT_KEY, TestSuite};
use std::{collections::HashMap, future::pending, sync::Arc};
use tokio::net::TcpListener;
use tonic::transport::Channel;

/// Starts it, and gives a way to it. It ends with the test.
pub(crate) async fn process(suite: &TestSuite) -> Channel {
    let clock = Clock::Manual(suite.clock.clone());
    let pool = SCHEMA.connect(&service_url(&suite.admin_url(), &SCHEMA)).await.unwrap();
    let store = Program.store(pool, clock.clone(), Guidance::published(), FINGERPRINT_KEY.to_owned());
    let verifier = Verifier::new(&suite.issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, clock).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut services = Services::default();
    Program.offer(&mut services, &store, &Arc::new(Peers::new(&HashMap::new(), None).unwrap()));
    tokio::spawn(async move { services.serve(listener, verifier, Limits::default(), pending()).await });
    Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy()
}
