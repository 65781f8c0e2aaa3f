//! Mistakes seeded one at a time: each has to be found.

use crate::{
    config::{Config, Mutant},
    model::Protection,
    search::{confirming, deployment, drafts, holds, life, promotion, replicas, restored, slow},
    seen::Seen,
};
use stateright::{Checker, HasDiscoveries, Model};

/// The shortest way to what a mistake leads to.
fn caught(config: Config) {
    let (mutant, name) = (config.mutant, config.name);
    let model = Protection { config, seen: Seen::default() };
    let found = model.checker().threads(1).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let discoveries = found.discoveries();
    let ways = discoveries.into_iter().map(|(property, path)| (property, path.into_actions()));
    let shortest = ways.min_by_key(|(_, steps)| steps.len());
    let (property, steps) = shortest.unwrap_or_else(|| panic!("{mutant:?} was not found out in {name}"));
    let states = found.unique_state_count();
    println!("{mutant:?} in {name}: {} steps, {states} states, not so: {property}\n  {steps:?}", steps.len());
}

macro_rules! mutants {
    ($($name:ident: $mutant:ident in $config:ident;)*) => {
        $(#[test] fn $name() { caught($config(false).with(Mutant::$mutant)); })*
    };
}

mutants! {
    freshness_stamped_at_receipt: StampedAtReceipt in life;
    a_heartbeat_without_proof_of_delivery: Heartbeat in life;
    a_cursor_instead_of_a_flag: Cursor in slow;
    a_release_without_a_version: ReleaseWithoutVersion in life;
    missing_taken_for_fresh: MissingMeansFresh in life;
    a_release_before_the_next_hold: ReleaseBeforeNextHold in holds;
    a_proof_swapped_in_during_a_verification: ProofSwappedIn in replicas;
    a_draft_from_another_copy_than_was_verified: DraftOfAnotherCopy in drafts;
    a_revision_that_is_only_a_number: NumericRevision in replicas;
    an_identity_from_the_control_file: ControlFile in promotion;
    a_source_that_answers_for_another: AnswersForAnother in deployment;
    parked_calls_not_listed: ParkedNotListed in holds;
    a_source_deployed_before_the_ledger: SourceBeforeLedger in deployment;
    an_identity_that_nobody_looks_at: IdentityIgnored in promotion;
    a_release_from_a_database_that_is_gone: OldDatabaseReleases in promotion;
    a_stream_from_before_a_restore: StreamFromBeforeRestore in restored;
    a_stream_asked_for_before_releases_are_refused: AskedBeforeOwed in promotion;
    a_confirmation_that_asks_nobody: LedgerOnlyConfirms in confirming;
    a_permit_that_is_not_called_back: NoRecall in confirming;
    a_place_behind_a_release_acknowledged: PlaceBehindReleaseAcknowledged in promotion;
}
