//! What is told while the ledger's database does not answer.

use crate::check_support::{Payer, hold, kinds, question};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    safeguarding::v1::{DescribeLedgerRequest, DescribeLedgerResponse, ReasonKind},
};
use sqlx::Connection;

/// Nobody reads the ledger while the connection that did this is open.
const HANGS: &str = "BEGIN; LOCK TABLE safeguarding.ledger, safeguarding.permits IN ACCESS EXCLUSIVE MODE";

async fn described(payer: &Payer) -> DescribeLedgerResponse {
    let request = payer.suite.request("a.reader", Role::Auditor, DescribeLedgerRequest {});
    payer.protection().describe_ledger(request).await.expect("it is told").into_inner()
}

#[tokio::test]
async fn whoever_confirms_and_whoever_asks_why_are_told_that_the_database_does_not_answer() {
    let payer = Payer::new().await;
    payer.place(hold("HF-7K3M-9QXW-2D4F", "C-9", "A-9")).await;
    payer.check(&question("C-1", "A-1")).await;
    let before = described(&payer).await;
    assert_eq!((before.standing, before.fault.as_str(), before.sources.len()), (1, "", 2));
    let hanging = payer.behind(HANGS).await;

    let asked = question("C-1", "A-1");
    let (checked, confirmed, told) = tokio::join!(payer.check(&asked), payer.confirm("r-1", &asked), described(&payer));
    assert_eq!(kinds(&checked), [ReasonKind::NotVerified]);
    let answer = confirmed.expect("an answer, and no error").answer.expect("an answer");
    assert_eq!(kinds(&answer), [ReasonKind::NotVerified]);
    assert_eq!((told.fault.as_str(), told.database), ("UNAVAILABLE", None));
    assert_eq!((told.revision, told.standing), (before.revision, before.standing), "as it was last read");
    let visiting = told.sources.iter().find(|source| source.source() == Workload::Visiting).expect("a source");
    assert!(visiting.proof_age.is_some() && visiting.database.is_some() && !visiting.reconciled, "{visiting:?}");

    hanging.close().await.expect("it answers again");
    let again = described(&payer).await;
    assert_eq!((again.fault.as_str(), &again.database), ("", &before.database));
    let answer = payer.confirm("r-1", &asked).await.expect("an answer").answer.expect("an answer");
    assert!(answer.reasons.is_empty(), "{answer:?}");
    payer.end().await;
}
