//! One service as a process of its own, for tests of several replicas: `replica serve visiting` is `holdfast-visiting
//! serve`. Ends with its standard input, so that it never outlives the test that started it, however that ends.

use holdfast_store::process::{self, Service};
use std::{
    io::{Read, Write},
    process::ExitCode,
};

const SERVICES: [&dyn Service; 3] =
    [&holdfast_visiting::Program, &holdfast_conferencing::Program, &holdfast_safeguarding::Program];

fn main() -> ExitCode {
    let named = std::env::args().nth(2);
    let Some(service) = SERVICES.into_iter().find(|service| Some(service.schema().name) == named.as_deref()) else {
        // When nobody reads it, nobody asked.
        let _ = writeln!(std::io::stderr(), "usage: replica serve visiting|conferencing|safeguarding");
        return ExitCode::from(64);
    };
    std::thread::spawn(|| {
        // Whatever ends it: the test is gone.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
    process::run(service)
}
