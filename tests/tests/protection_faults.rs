//! The protection check while things break: three services as processes of their own, each on a Postgres of its own, and
//! a network that a test cuts, silences and leads elsewhere. Payments ask all the while, about every award there is; what
//! they were told is compared at the end with when each award came to be protected.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "protection_faults/clock.rs"]
mod clock;
#[path = "protection_faults/desk.rs"]
mod desk;
#[path = "protection_faults/payments.rs"]
mod payments;
#[path = "protection_faults/rig.rs"]
mod rig;
#[path = "protection_faults/scenarios.rs"]
mod scenarios;

use std::{io::Write, time::Instant};

/// To standard error itself, which shows while the tests run.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_breaks_lets_a_protected_payment_be_stopped() {
    let begun = Instant::now();
    let mut rig = rig::Rig::start().await;
    let payments = payments::Payments::watching(&rig);
    payments.until_open("the services began").await;
    macro_rules! play {
        ($($scenario:ident),+ $(,)?) => {
            $({
                let begun = Instant::now();
                scenarios::$scenario(&mut rig, &payments).await;
                payments.until_open(stringify!($scenario)).await;
                payments.everything_protected_is_prohibited(stringify!($scenario)).await;
                tell(&format!("{}: {:.1} s", stringify!($scenario).replace('_', " "), begun.elapsed().as_secs_f32()));
            })+
        };
    }
    play!(
        visiting_stops_with_a_hold_undelivered,
        the_ledger_is_restarted,
        the_ledger_and_one_source_do_not_hear_each_other,
        one_parked_case_closes_only_itself,
        the_clock_of_a_source_is_set_back,
        a_standby_of_a_source_is_promoted,
        the_ledger_is_restored_to_an_hour_ago,
        a_snapshot_of_the_ledger_is_put_back_and_declared,
        a_snapshot_is_put_back_under_a_running_ledger,
        a_snapshot_of_the_ledger_is_put_back_and_nobody_says_so,
    );
    rig.until_everything_is_delivered().await;
    let told = payments.end().await;
    told.check();
    tell(&format!("{told}, in {:.0} s", begun.elapsed().as_secs_f32()));
}
