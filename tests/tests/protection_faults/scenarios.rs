//! What breaks, and what has to hold while it is broken.

use crate::{
    desk::{one_visit, second_visit, two_visits},
    payments::Payments,
    rig::Rig,
};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload as Named},
    delivery::v1::ReplayCaseRequest,
    safeguarding::v1::{Answer, Decision, DeclareRestoreRequest, ReasonKind},
};
use holdfast_procedure::Workload::{Conferencing, Safeguarding, Visiting};
use holdfast_tests::mesh::{HEADER, channels};
use prost::Message as _;
use std::time::{Duration, Instant};

/// A proof is younger than this while everything runs.
const A_POLL: Duration = Duration::from_secs(3);

fn why(answer: &Answer) -> Vec<(ReasonKind, Named)> {
    answer.reasons.iter().map(|reason| (reason.kind(), reason.source())).collect()
}

/// An award that the ledger has lost is prohibited because it knows that it has, or has it again.
async fn assert_not_forgotten(payments: &Payments, award: &str) {
    let answer = payments.until_answered(award).await;
    let closes = |(kind, source): &(ReasonKind, Named)| {
        [ReasonKind::SourceNotReconciled, ReasonKind::SourceMissing].contains(kind)
            || (*kind, *source) == (ReasonKind::Held, Named::Unspecified)
    };
    assert_eq!(answer.decision(), Decision::Prohibited, "{answer:?}");
    assert!(why(&answer).iter().any(closes), "{award} is prohibited for another reason: {answer:?}");
}

/// Completes when an award is prohibited because a source has listed its hold as undelivered.
async fn until_listed(payments: &Payments, award: &str, source: Named) {
    let begun = Instant::now();
    loop {
        let answer = payments.answer(award).await;
        let listed = why(&answer).contains(&(ReasonKind::Held, source));
        if listed {
            return;
        }
        assert!(begun.elapsed() < A_POLL, "{award} is not listed: {answer:?}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Completes when the ledger holds an award and nothing about it is on its way any more: a ledger that is put back to
/// before then has lost it, and no source delivers it of its own accord.
async fn until_the_ledger_alone_holds(rig: &Rig, payments: &Payments, award: &str, case: &str) {
    rig.until_case_is_delivered(case).await;
    payments.until_held(award).await;
}

/// What an operator asks for.
async fn operate<M: prost::Message + Default>(
    rig: &Rig,
    at: holdfast_procedure::Workload,
    path: &str,
    message: Vec<u8>,
) -> M {
    let channel = channels(rig.entrance(at), 1).remove(0);
    let token = rig.issuer.token("o.admin", Some(Role::Operator), Named::Operations, 600).unwrap();
    let mut request = tonic::Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request.metadata_mut().insert(HEADER, "operations.mesh".parse().unwrap());
    let reply = holdfast_tests::raw::attempt(&channel, path, request).await.unwrap();
    M::decode(reply.as_slice()).unwrap()
}

/// Visiting cannot reach the ledger, says so when it is asked, and dies.
pub(crate) async fn visiting_stops_with_a_hold_undelivered(rig: &mut Rig, payments: &Payments) {
    let (pip, case) = one_visit(rig, payments, "A-undelivered").await;
    rig.link(Visiting, Safeguarding).silence();
    second_visit(rig, payments, &pip, &case).await;
    until_listed(payments, "A-undelivered", Named::Visiting).await;
    rig.kill_service(Visiting);
    payments.until_closed(ReasonKind::SourceStale, Named::Visiting).await;
    rig.start_service(Visiting).await;
    // It is back, and still cannot reach the ledger: only its own case is closed.
    payments.until_open("visiting came back").await;
    until_listed(payments, "A-undelivered", Named::Visiting).await;
    rig.link(Visiting, Safeguarding).mend();
}

/// A ledger that starts has no proof of anything.
pub(crate) async fn the_ledger_is_restarted(rig: &mut Rig, payments: &Payments) {
    two_visits(rig, payments, "A-before-restart").await;
    // Nobody can be asked until it is back, so that its first answers are its first.
    rig.kill_service(Safeguarding);
    let (pip, case) = one_visit(rig, payments, "A-during-restart").await;
    second_visit(rig, payments, &pip, &case).await;
    rig.link(Safeguarding, Conferencing).silence();
    rig.start_service(Safeguarding).await;
    payments.until_closed(ReasonKind::SourceMissing, Named::Conferencing).await;
    rig.link(Safeguarding, Conferencing).mend();
}

/// A partition between the ledger and one source closes the check and nothing else.
pub(crate) async fn the_ledger_and_one_source_do_not_hear_each_other(rig: &mut Rig, payments: &Payments) {
    rig.link(Safeguarding, Conferencing).silence();
    rig.link(Conferencing, Safeguarding).silence();
    payments.until_closed(ReasonKind::SourceStale, Named::Conferencing).await;
    // Recording never waits for the check.
    two_visits(rig, payments, "A-partitioned").await;
    rig.link(Safeguarding, Conferencing).mend();
    rig.link(Conferencing, Safeguarding).mend();
}

/// A call that keeps being refused parks its own case, whose person stays protected.
pub(crate) async fn one_parked_case_closes_only_itself(rig: &mut Rig, payments: &Payments) {
    let (pip, case) = one_visit(rig, payments, "A-parked").await;
    rig.link(Visiting, Safeguarding).silence();
    second_visit(rig, payments, &pip, &case).await;
    let parked = rig
        .statement(
            Visiting,
            &format!(
                "UPDATE visiting.outbox SET parked_at = clock_timestamp(), locked_by = NULL, locked_until = NULL
                 WHERE case_reference = '{case}' AND delivered_at IS NULL AND urgent"
            ),
        )
        .await;
    assert!(parked >= 1, "no hold waits");
    rig.link(Visiting, Safeguarding).mend();
    until_listed(payments, "A-parked", Named::Visiting).await;
    payments.until_open("a case was parked").await;
    // For longer than any proof lasts.
    let parked = Instant::now();
    while parked.elapsed() < A_POLL * 2 {
        until_listed(payments, "A-parked", Named::Visiting).await;
    }
    let replay = ReplayCaseRequest { request_id: "replay-1".to_owned(), case_reference: case, ..Default::default() };
    let path = "/holdfast.delivery.v1.DeliveryService/ReplayCase";
    operate::<holdfast_contracts::holdfast::delivery::v1::ReplayCaseResponse>(
        rig,
        Visiting,
        path,
        replay.encode_to_vec(),
    )
    .await;
}

/// No clock but the ledger's own counts, and that one cannot be set.
pub(crate) async fn the_clock_of_a_source_is_set_back(rig: &mut Rig, payments: &Payments) {
    let (pip, case) = one_visit(rig, payments, "A-clock").await;
    rig.clock.shift(3_600);
    second_visit(rig, payments, &pip, &case).await;
    payments.until_open("a clock was set back").await;
    two_visits(rig, payments, "A-by-the-old-clock").await;
    rig.clock.shift(0);
}

/// A standby that lacked the last minutes takes over: what was lost with them stays protected by the ledger. (What had
/// not even reached the ledger is lost with them, unless the standby is synchronous.)
pub(crate) async fn a_standby_of_a_source_is_promoted(rig: &mut Rig, payments: &Payments) {
    rig.with_database(Visiting, |postgres| postgres.copy("standby")).await;
    payments.until_open("a copy was made").await;
    let case = two_visits(rig, payments, "A-lost-tail").await;
    until_the_ledger_alone_holds(rig, payments, "A-lost-tail", &case).await;
    rig.with_database(Visiting, |postgres| postgres.promote("standby")).await;
    let compared = payments.until_compared(Named::Visiting, 2).await;
    crate::tell(&format!("  a promoted source was compared after {compared:.1?}"));
    two_visits(rig, payments, "A-after-promotion").await;
}

/// The ledger goes back to where it was: what it lacks comes back from the sources before anything is permitted.
pub(crate) async fn the_ledger_is_restored_to_an_hour_ago(rig: &mut Rig, payments: &Payments) {
    rig.with_database(Safeguarding, |postgres| postgres.copy("backup")).await;
    payments.until_open("a copy was made").await;
    let case = two_visits(rig, payments, "A-since-backup").await;
    payments.everything_protected_is_prohibited("a backup").await;
    until_the_ledger_alone_holds(rig, payments, "A-since-backup", &case).await;
    rig.with_database(Safeguarding, |postgres| postgres.promote("backup")).await;
    let compared = payments.until_compared(Named::Safeguarding, 2).await;
    crate::tell(&format!("  a restored ledger was compared after {compared:.1?}"));
}

/// A snapshot does not show in the database's identity, so somebody says so before the service starts again.
pub(crate) async fn a_snapshot_of_the_ledger_is_put_back_and_declared(rig: &mut Rig, payments: &Payments) {
    rig.with_database(Safeguarding, |postgres| postgres.copy("snapshot")).await;
    payments.until_open("a copy was made").await;
    let case = two_visits(rig, payments, "A-since-snapshot").await;
    payments.everything_protected_is_prohibited("a snapshot").await;
    until_the_ledger_alone_holds(rig, payments, "A-since-snapshot", &case).await;
    rig.link(Safeguarding, Visiting).silence();
    rig.kill_service(Safeguarding);
    rig.with_database(Safeguarding, |postgres| postgres.put_back("snapshot")).await;
    rig.start_service(Safeguarding).await;
    let declared = DeclareRestoreRequest { request_id: "restore-1".to_owned(), ..Default::default() };
    let path = "/holdfast.safeguarding.v1.ProtectionService/DeclareRestore";
    operate::<holdfast_contracts::holdfast::safeguarding::v1::DeclareRestoreResponse>(
        rig,
        Safeguarding,
        path,
        declared.encode_to_vec(),
    )
    .await;
    assert_not_forgotten(payments, "A-since-snapshot").await;
    rig.link(Safeguarding, Visiting).mend();
}

/// Nobody says so: the sources were told what it holds, and it does not.
pub(crate) async fn a_snapshot_of_the_ledger_is_put_back_and_nobody_says_so(rig: &mut Rig, payments: &Payments) {
    rig.with_database(Safeguarding, |postgres| postgres.copy("silent")).await;
    payments.until_open("a copy was made").await;
    let case = two_visits(rig, payments, "A-since-silent").await;
    until_the_ledger_alone_holds(rig, payments, "A-since-silent", &case).await;
    rig.kill_service(Safeguarding);
    rig.with_database(Safeguarding, |postgres| postgres.put_back("silent")).await;
    rig.start_service(Safeguarding).await;
    // What payments are told all the while is checked at the end; this is what the first answers say.
    assert_not_forgotten(payments, "A-since-silent").await;
    payments.until_open("it was found out").await;
    payments.until_held("A-since-silent").await;
    let lost = rig.statement(Safeguarding, "SELECT FROM safeguarding.lost_revisions").await;
    assert!(lost >= 1, "nobody found out");
}

/// A ledger that runs on notices that its database is one that it was before: what it remembers is not in it.
pub(crate) async fn a_snapshot_is_put_back_under_a_running_ledger(rig: &mut Rig, payments: &Payments) {
    rig.with_database(Safeguarding, |postgres| postgres.copy("another")).await;
    payments.until_open("a copy was made").await;
    let case = two_visits(rig, payments, "A-since-another").await;
    payments.everything_protected_is_prohibited("another snapshot").await;
    until_the_ledger_alone_holds(rig, payments, "A-since-another", &case).await;
    rig.with_database(Safeguarding, |postgres| postgres.put_back("another")).await;
    assert_not_forgotten(payments, "A-since-another").await;
}
