//! Visiting, from the referral to the outcome of the visits: every fork of the guidance both ways, at its edges and
//! out of order, and what holds whatever is recorded.
//!
//! After every command a [`case::Case`] checks by itself what has to hold always: the journal replays to the same
//! state, judging again adds nothing, nothing recorded is lost and no case comes to a dead end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "visiting/case.rs"]
mod case;
#[path = "protection/told.rs"]
mod told;

#[path = "visiting/benefits.rs"]
mod benefits;

#[path = "visiting/access_to_work.rs"]
mod access_to_work;
#[path = "visiting/always.rs"]
mod always;
#[path = "visiting/always_before.rs"]
mod always_before;
#[path = "visiting/before_referral.rs"]
mod before_referral;
#[path = "visiting/calendar.rs"]
mod calendar;
#[path = "visiting/corrections.rs"]
mod corrections;
#[path = "visiting/customer.rs"]
mod customer;
#[path = "visiting/desk.rs"]
mod desk;
#[path = "visiting/esa_before.rs"]
mod esa_before;
#[path = "visiting/esa_doubt.rs"]
mod esa_doubt;
#[path = "visiting/esa_form.rs"]
mod esa_form;
#[path = "visiting/esa_no_visit.rs"]
mod esa_no_visit;
#[path = "visiting/esa_owed.rs"]
mod esa_owed;
#[path = "visiting/esa_versions.rs"]
mod esa_versions;
#[path = "visiting/esa_visits.rs"]
mod esa_visits;
#[path = "visiting/file.rs"]
mod file;
#[path = "visiting/joined.rs"]
mod joined;
#[path = "visiting/journal.rs"]
mod journal;
#[path = "visiting/late.rs"]
mod late;
#[path = "visiting/merged.rs"]
mod merged;
#[path = "visiting/passed_on.rs"]
mod passed_on;
#[path = "visiting/pip.rs"]
mod pip;
#[path = "visiting/protected.rs"]
mod protected;
#[path = "visiting/refused.rs"]
mod refused;
#[path = "visiting/retraction.rs"]
mod retraction;
#[path = "visiting/rows.rs"]
mod rows;
#[path = "visiting/said.rs"]
mod said;
#[path = "visiting/silent_page.rs"]
mod silent_page;
#[path = "visiting/since_visit.rs"]
mod since_visit;
#[path = "visiting/taken_back.rs"]
mod taken_back;
#[path = "visiting/tasks.rs"]
mod tasks;
#[path = "visiting/traces.rs"]
mod traces;
#[path = "visiting/universal_credit.rs"]
mod universal_credit;
#[path = "visiting/versions.rs"]
mod versions;
#[path = "visiting/withdrawal.rs"]
mod withdrawal;
