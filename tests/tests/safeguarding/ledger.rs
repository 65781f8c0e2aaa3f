//! What the ledger takes in, what it refuses, and what it says of it on the wire.

use crate::{
    holder::{CASE, Holder, at, award, hold, released, taken_over},
    support::{fields, refusal},
};
use holdfast_contracts::holdfast::{
    access::v1::Workload::{self, Conferencing, Safeguarding, Visiting},
    common::v1 as common,
    safeguarding::v1 as pb,
};
use std::collections::HashMap;
use tonic::{Code, Status};
use tonic_types::StatusExt;

fn metadata(status: &Status) -> HashMap<String, String> {
    status.get_details_error_info().map(|info| info.metadata).unwrap_or_default()
}

#[tokio::test]
async fn a_place_is_known_once_and_at_any_higher_version() {
    let holder = Holder::new().await;
    let before = holder.described().await.revision;
    assert!(!holder.place(at(1)).await.unwrap().already_known);
    assert!(holder.place(at(1)).await.unwrap().already_known, "a duplicate");
    assert!(!holder.place(at(7)).await.unwrap().already_known, "whatever it skips");
    assert!(holder.place(at(4)).await.unwrap().already_known, "a late one");
    assert!(!holder.place(taken_over(at(8))).await.unwrap().already_known, "from whoever holds by then");
    assert!(holder.place(at(8)).await.unwrap().already_known, "the sender's own comes after its receiver's");
    assert_eq!(holder.known().await, [(8, true)]);
    let after = holder.described().await;
    assert_eq!((after.revision, after.standing), (before + 3, 1), "one revision for each change, and no other");
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_release_fits_its_place_exactly() {
    let holder = Holder::new().await;
    let gap = holder.release(released(2)).await.unwrap_err();
    assert_eq!(refusal(&gap), (Code::NotFound, "HOLD_NOT_PLACED".to_owned(), vec![]), "nothing is known");
    holder.place(at(1)).await.unwrap();
    let gap = holder.release(released(3)).await.unwrap_err();
    assert_eq!(refusal(&gap).1, "HOLD_NOT_PLACED", "two versions on");
    assert_eq!(holder.known().await, [(1, true)]);
    assert!(!holder.release(released(2)).await.unwrap().already_known);
    assert!(holder.release(released(2)).await.unwrap().already_known, "a duplicate");
    assert_eq!(holder.known().await, [(2, false)]);
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_place_behind_a_release_is_not_acknowledged_and_its_holder_is_asked_to_write_it_again() {
    let holder = Holder::new().await;
    holder.place(at(1)).await.unwrap();
    holder.release(released(2)).await.unwrap();
    for version in [1, 2] {
        let refused = holder.place(at(version)).await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::DataLoss, "HOLD_BEHIND_RELEASE".to_owned(), vec![]));
        assert_eq!(metadata(&refused)["known_version"], "2");
    }
    assert_eq!(holder.known().await, [(2, false)]);
    let asked = "SELECT count(*) FROM raises WHERE holder = 'visiting' AND known_version = 2 AND known_released";
    assert_eq!(holder.count(asked).await, 1, "once, however often it was refused");
    // A late copy from a sender that has handed the case over: the receiver has spoken, and nobody is asked.
    holder.place(taken_over(at(3))).await.unwrap();
    holder.release(taken_over(released(4))).await.unwrap();
    holder.sql("DELETE FROM raises").await;
    assert_eq!(refusal(&holder.place(at(1)).await.unwrap_err()).1, "HOLD_BEHIND_RELEASE");
    assert_eq!(holder.count("SELECT count(*) FROM raises").await, 0);
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_release_that_was_overtaken_is_acknowledged_and_ends_nothing() {
    let holder = Holder::new().await;
    holder.place(at(5)).await.unwrap();
    assert!(holder.release(released(2)).await.unwrap().already_known);
    assert_eq!(holder.known().await, [(5, true)]);
    let asked = "SELECT count(*) FROM raises WHERE holder = 'visiting' AND known_version = 5 AND NOT known_released";
    assert_eq!(holder.count(asked).await, 1, "it may be its holder that has lost something");
    holder.suite.stop().await;
}

#[tokio::test]
async fn only_the_holder_changes_a_hold() {
    let holder = Holder::new().await;
    holder.place(taken_over(at(2))).await.unwrap();
    let refused = holder.release(released(3)).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::FailedPrecondition, "NOT_HOLDER".to_owned(), vec![]));
    assert_eq!(metadata(&refused)["holder"], "CONFERENCING");
    // Nobody speaks for another.
    let request = holder.from(Conferencing, holder.place_request(at(9))).await;
    let refused = holder.suite.protection().place_hold(request).await.unwrap_err();
    assert_eq!((refusal(&refused).1, metadata(&refused)["holder"].as_str()), ("NOT_HOLDER".to_owned(), "VISITING"));
    assert_eq!(holder.known().await, [(2, true)]);
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_release_counts_only_from_the_database_that_was_compared() {
    let holder = Holder::unsettled().await;
    holder.place(at(1)).await.expect("a place is taken in whatever was compared");
    let refused = holder.release(released(2)).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::Unavailable, "NOT_RECONCILED".to_owned(), vec![]), "nothing was compared yet");
    holder.suite.settle().await;
    let request = holder.suite.request_through("service", None, Visiting, holder.release_request(released(2)));
    let unnamed = holder.suite.protection().release_hold(request).await.unwrap_err();
    assert_eq!(refusal(&unnamed).1, "NOT_RECONCILED", "which database it was sent from is not said");
    let mut request = holder.from(Visiting, holder.release_request(released(2))).await;
    request.metadata_mut().insert("holdfast-sent-from", "7/1".parse().unwrap());
    let another = holder.suite.protection().release_hold(request).await.unwrap_err();
    assert_eq!(refusal(&another).1, "NOT_RECONCILED", "it was sent from another");
    assert_eq!(holder.known().await, [(1, true)]);
    holder.release(released(2)).await.expect("a release");
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_follow_and_changes_nothing() {
    let holder = Holder::new().await;
    let before = holder.described().await.revision;
    let place = pb::PlaceHoldRequest { validate_only: true, ..holder.place_request(at(1)) };
    let place = holder.from(Visiting, place).await;
    let reply = holder.suite.protection().place_hold(place).await.unwrap().into_inner();
    assert!(reply.validated_only && !reply.already_known);
    let release = pb::ReleaseHoldRequest { validate_only: true, ..holder.release_request(released(2)) };
    let release = holder.from(Visiting, release).await;
    assert_eq!(refusal(&holder.suite.protection().release_hold(release).await.unwrap_err()).1, "HOLD_NOT_PLACED");
    assert_eq!((holder.described().await.revision, holder.known().await), (before, vec![]));
    holder.suite.stop().await;
}

#[tokio::test]
async fn what_is_malformed_is_named() {
    let holder = Holder::new().await;
    let no_award = common::Hold { award: None, ..hold() };
    let all = common::Hold { formerly: vec!["C-9".to_owned(); 101], ground: 0, version: 0, ..hold() };
    for (hold, expected) in [
        (no_award, vec!["hold.award"]),
        (all, vec!["hold.ground", "hold.version", "hold.formerly"]),
        (released(1), vec!["hold.released"]),
    ] {
        let refused = holder.place(hold).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(fields(&refused), expected);
    }
    let unreleased = holder.release(at(1)).await.unwrap_err();
    assert_eq!(fields(&unreleased), ["hold.released"]);
    let unknown = holder.release(common::Hold { released: 99, ..at(1) }).await.unwrap_err();
    assert_eq!(fields(&unknown), ["hold.released"], "no reason that this build knows");
    let other = holder.from(Safeguarding, holder.place_request(hold())).await;
    assert_eq!(holder.suite.protection().place_hold(other).await.unwrap_err().code(), Code::PermissionDenied);
    holder.suite.stop().await;
}

#[tokio::test]
async fn what_two_processes_are_told_at_once_is_known_once() {
    let holder = Holder::new().await;
    let before = holder.described().await.revision;
    let (one, other) = (holder.suite.protection(), holder.another_process().await);
    let mut placing = tokio::task::JoinSet::new();
    for number in 0..40 {
        let mut process = if number % 2 == 0 { one.clone() } else { other.clone() };
        let request = holder.from(Visiting, holder.place_request(at(1 + number / 4))).await;
        placing.spawn(async move { process.place_hold(request).await.unwrap().into_inner().already_known });
    }
    let applied = placing.join_all().await.into_iter().filter(|already_known| !already_known).count();
    assert_eq!(holder.known().await, [(10, true)]);
    assert_eq!(holder.described().await.revision, before + u64::try_from(applied).unwrap());
    let in_line = "SELECT count(*) FROM (SELECT version > lag(version, 1, 0) OVER (ORDER BY counter) AS rises
        FROM hold_changes) AS changes WHERE NOT rises";
    assert_eq!(holder.count(in_line).await, 0, "versions rise with revisions");
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_ground_or_an_action_without_a_name_here_is_kept_as_it_came() {
    let holder = Holder::new().await;
    let later = common::Hold { ground: 77, actions: vec![91], rules: vec!["PIP-999".to_owned()], ..hold() };
    holder.place(later.clone()).await.unwrap();
    let listed = holder.list(pb::ListHoldsRequest { ground: 77, ..Default::default() }).await.unwrap().holds;
    assert_eq!(listed.into_iter().map(|change| change.hold.unwrap()).collect::<Vec<_>>(), std::slice::from_ref(&later));
    // It protects from everything: a permit for whatever action meets it.
    holder.permit("d-1", "A-1", 3).await;
    assert_eq!(holder.place(common::Hold { version: 2, ..later }).await.unwrap().recalled, 1);
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_hold_recalls_the_permits_that_it_meets() {
    let holder = Holder::new().await;
    for (decision, award, expires_in) in
        [("d-now", "A-1", 3), ("d-just", "A-1", -59), ("d-before", "A-1", -61), ("d-other", "A-2", 3)]
    {
        holder.permit(decision, award, expires_in).await;
    }
    assert_eq!(holder.place(at(1)).await.unwrap().recalled, 2, "unexpired, or expired a moment ago");
    assert_eq!(holder.place(at(2)).await.unwrap().recalled, 0, "it is recalled already");
    let told = common::Hold { ground: common::HoldGround::OpenReferral.into(), actions: vec![], ..hold() };
    let told = common::Hold { award: Some(award("A-2")), ..told };
    assert_eq!(holder.place(told).await.unwrap().recalled, 0, "it prohibits nothing");
    let of = format!(
        "SELECT count(*) FROM recalls JOIN hold_changes USING (counter, ordinal) WHERE version = 1
        AND hold_changes.case_reference = '{CASE}' AND decision IN ('d-now', 'd-just')"
    );
    assert_eq!(holder.count(&of).await, 2);
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_declared_restore_closes_the_ledger_until_everything_was_compared_again() {
    let holder = Holder::new().await;
    let reconciled = async |source: Workload| holder.source(source).await.reconciled;
    assert!(reconciled(Visiting).await && reconciled(Conferencing).await);
    holder.place(at(1)).await.unwrap();
    let before = holder.described().await.revision;
    let declared = holder.declare_restore("restore-1").await.unwrap();
    assert_eq!(declared.sources, [i32::from(Visiting), i32::from(Conferencing)]);
    assert_eq!(holder.described().await.revision, before + 1);
    assert!(!reconciled(Visiting).await && !reconciled(Conferencing).await);
    assert_eq!(refusal(&holder.release(released(2)).await.unwrap_err()).1, "NOT_RECONCILED");
    holder.suite.settle().await;
    assert!(reconciled(Visiting).await && reconciled(Conferencing).await);
    holder.declare_restore("restore-1").await.expect("a repeat");
    assert!(reconciled(Visiting).await, "a repeat has no second effect");
    holder.release(released(2)).await.expect("a release");
    holder.suite.stop().await;
}
