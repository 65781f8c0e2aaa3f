//! The tool that measures the protection check keeps working: a short run of it, in which every answer is right.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

use holdfast::suite::prepare_all;
use holdfast_tests::cluster::cluster;
use std::{path::Path, process::Command};

/// Ways of asking, and sides that are asked.
const MEASURED: usize = 3 * 3;

#[tokio::test]
async fn a_short_run_measures_every_side_and_finds_every_answer_right() {
    let keeper = Path::new(env!("CARGO_BIN_EXE_cluster-keeper"));
    let cluster = tokio::task::spawn_blocking(move || cluster(keeper)).await.unwrap();
    cluster.template("suite", async |url: String| prepare_all(&url).await.unwrap()).await;
    let database = cluster.database_from_template("suite").await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_check-load"));
    command.args(["--smoke", "--program", env!("CARGO_BIN_EXE_replica")]);
    command.env("DATABASE_URL", cluster.admin_url(&database));
    let run = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    cluster.drop_database(&database).await;
    let (told, complained) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{told}\n{complained}");
    let lines = |begun: &str| told.lines().filter(|line| line.starts_with(begun)).count();
    assert_eq!(lines("sample "), MEASURED, "{told}");
    assert_eq!(lines("result every answer was right"), 1, "{told}");
}
