//! Those who watch the ledger miss nothing, whenever they come back.

use crate::{
    holder::{Holder, at, award, hold, released},
    support::fields,
};
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    common::v1 as common,
    safeguarding::v1::{self as pb, watch_holds_response::Told},
};
use std::time::Duration;
use tonic::{Code, Streaming};

/// The next message, within a time that nobody should need.
async fn next(stream: &mut Streaming<pb::WatchHoldsResponse>) -> (String, Told) {
    let message = tokio::time::timeout(Duration::from_secs(20), stream.message()).await.expect("a message in time");
    let message = message.expect("a stream that goes on").expect("a stream that has not ended");
    (message.resume_token, message.told.expect("something is told"))
}

/// What is told, in a few words.
fn words(told: &Told) -> String {
    match told {
        Told::Change(change) => {
            let hold = change.hold.as_ref().unwrap();
            format!("{} {}{}", hold.case_reference, hold.version, if hold.released == 0 { "" } else { " released" })
        }
        Told::Recall(recall) => format!("recall {}", recall.decision_id),
        Told::Checkpoint(_) => "checkpoint".to_owned(),
    }
}

async fn several(stream: &mut Streaming<pb::WatchHoldsResponse>, count: usize) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for _ in 0..count {
        let (token, one) = next(stream).await;
        told.push((token, words(&one)));
    }
    told
}

fn of(case: &str, hold: common::Hold) -> common::Hold {
    common::Hold { case_reference: case.to_owned(), ..hold }
}

#[tokio::test]
async fn a_watch_begins_with_what_stands_and_goes_on_with_what_changes() {
    let holder = Holder::new().await;
    holder.place(of("HF-1", at(1))).await.unwrap();
    holder.place(of("HF-2", at(1))).await.unwrap();
    holder.release(of("HF-1", released(2))).await.unwrap();
    let mut stream = holder.watch("", false).await.unwrap();
    let beginning = several(&mut stream, 2).await;
    assert_eq!(beginning[0], (String::new(), "HF-2 1".to_owned()), "no token leads into the beginning");
    assert_eq!(beginning[1].1, "checkpoint");
    holder.permit("d-1", "A-1", 3).await;
    holder.permit("d-2", "A-1", 3).await;
    holder.place(of("HF-3", at(1))).await.unwrap();
    holder.place(of("HF-3", at(2))).await.unwrap();
    let told = several(&mut stream, 4).await;
    let in_order: Vec<_> = told.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(in_order, ["HF-3 1", "recall d-1", "recall d-2", "HF-3 2"], "recalls follow the change that met them");
    // Whoever comes back after any of them gets the rest, and each once.
    for (place, (token, _)) in told.iter().enumerate() {
        let mut again = holder.watch(token, false).await.unwrap();
        let rest: Vec<_> = several(&mut again, in_order.len() - place).await.into_iter().map(|(_, one)| one).collect();
        assert_eq!(rest, [&in_order[place + 1..], &["checkpoint"]].concat());
    }
    holder.suite.stop().await;
}

#[tokio::test]
async fn who_asks_for_recalls_alone_hears_of_nothing_else() {
    let holder = Holder::new().await;
    holder.place(of("HF-1", at(1))).await.unwrap();
    let mut stream = holder.watch("", true).await.unwrap();
    let (token, first) = next(&mut stream).await;
    assert_eq!(words(&first), "checkpoint");
    holder.permit("d-1", "A-7", 3).await;
    holder.place(common::Hold { award: Some(award("A-7")), ..of("HF-2", hold()) }).await.unwrap();
    let Told::Recall(recall) = next(&mut stream).await.1 else { panic!("a recall") };
    let question = recall.question.unwrap();
    assert_eq!(question.action(), common::Action::Stop);
    assert_eq!(question.award.unwrap().award, "A-7");
    assert_eq!((recall.decision_id.as_str(), recall.hold.unwrap().case_reference.as_str()), ("d-1", "HF-2"));
    assert!(recall.citations.iter().any(|citation| citation.rule == "R-HOLD-FROM"));
    let refused = holder.watch(&token, false).await.unwrap_err();
    assert_eq!(fields(&refused), ["resume_token"], "a token is for the question that it was given for");
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_long_history_is_told_in_batches_and_none_is_missed() {
    const MANY: i64 = 450;
    let holder = Holder::new().await;
    let mut stream = holder.watch("", false).await.unwrap();
    let (token, _) = next(&mut stream).await;
    drop(stream);
    // One revision that changed many holds at once, as a comparison does.
    holder
        .sql(&format!(
            "WITH next AS (UPDATE ledger SET counter = counter + 1, id = gen_random_uuid() RETURNING counter, id),
             noted AS (INSERT INTO revisions SELECT counter, id, now() FROM next)
             INSERT INTO hold_changes SELECT counter, place, 'HF-' || place, 3, 1, '', 'visiting', NULL, now(), ''
             FROM next, generate_series(0, {MANY} - 1) AS place"
        ))
        .await;
    let mut stream = holder.watch(&token, false).await.unwrap();
    let told = several(&mut stream, usize::try_from(MANY).unwrap() + 1).await;
    assert_eq!(told.last().unwrap().1, "checkpoint");
    let tokens: std::collections::BTreeSet<_> = told.iter().map(|(token, _)| token).collect();
    assert_eq!(tokens.len(), told.len(), "each has a place of its own");
    // From the middle of it, too.
    let mut again = holder.watch(&told[200].0, false).await.unwrap();
    assert_eq!(several(&mut again, told.len() - 201).await.last().unwrap().1, "checkpoint");
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_token_of_another_history_is_refused() {
    let holder = Holder::new().await;
    let mut stream = holder.watch("", false).await.unwrap();
    let (token, _) = next(&mut stream).await;
    holder.place(at(1)).await.unwrap();
    let (later, _) = next(&mut stream).await;
    for (token, code) in [(token.as_str(), None), (later.as_str(), None), ("nonsense", Some(Code::InvalidArgument))] {
        assert_eq!(holder.watch(token, false).await.err().map(|refused| refused.code()), code);
    }
    // The ledger comes back as it was before the last change, and counts up to the same number again.
    let admin = sqlx::PgPool::connect(&holder.suite.admin_url()).await.unwrap();
    for statement in [
        "DELETE FROM safeguarding.hold_changes",
        "UPDATE safeguarding.revisions SET id = gen_random_uuid()
             WHERE counter = (SELECT counter FROM safeguarding.ledger)",
        "UPDATE safeguarding.ledger SET id = revisions.id FROM safeguarding.revisions
             WHERE revisions.counter = ledger.counter",
    ] {
        sqlx::query(statement).execute(&admin).await.unwrap();
    }
    admin.close().await;
    assert_eq!(fields(&holder.watch(&later, false).await.unwrap_err()), ["resume_token"]);
    assert!(holder.watch(&token, false).await.is_ok(), "what was before the restore is still known");
    let ended = loop {
        match tokio::time::timeout(Duration::from_secs(20), stream.message()).await.expect("an end in time") {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it says why it ends"),
            Err(ended) => break ended,
        }
    };
    assert_eq!(ended.code(), Code::Unavailable);
    holder.suite.stop().await;
}

#[tokio::test]
async fn there_is_room_for_so_many_and_a_server_that_stops_ends_them_all() {
    let holder = Holder::new().await;
    let mut streams = Vec::new();
    for _ in 0..64 {
        streams.push(holder.watch("", false).await.expect("room"));
    }
    assert_eq!(holder.watch("", false).await.unwrap_err().code(), Code::ResourceExhausted);
    drop(streams.pop());
    let mut tries = 0;
    while holder.watch("", false).await.is_err() {
        // Each look is a call to the server, so that this neither sleeps nor spins.
        tries += 1;
        assert!(tries < 5_000, "a place that was given back is there again");
    }
    holder.suite.stop().await;
}

#[tokio::test]
async fn half_of_the_room_is_kept_for_payments_whoever_else_watches() {
    let holder = Holder::new().await;
    let mut streams = Vec::new();
    for place in 0..32 {
        let workload = if place % 2 == 0 { Workload::Operations } else { Workload::Casework };
        streams.push(holder.watch_through(workload, "", false).await.expect("room"));
    }
    for workload in [Workload::Operations, Workload::Casework] {
        let refused = holder.watch_through(workload, "", false).await.expect_err("no room");
        assert_eq!(refused.code(), Code::ResourceExhausted, "{workload:?}");
    }
    for _ in 0..32 {
        streams.push(holder.watch("", true).await.expect("room that is kept"));
    }
    assert_eq!(holder.watch("", true).await.expect_err("no room").code(), Code::ResourceExhausted);
    holder.suite.stop().await;
}
