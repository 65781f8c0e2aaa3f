//! What the contracts promise over the wire, held against a running suite: what is refused and how, who may call what,
//! what a repeat brings about, what is kept and what never gets out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "contract/merges.rs"]
mod merges;
#[path = "contract/support.rs"]
mod support;

#[path = "contract/access.rs"]
mod access;
#[path = "contract/bad_input.rs"]
mod bad_input;
#[path = "contract/calendar.rs"]
mod calendar;
#[path = "contract/cancel.rs"]
mod cancel;
#[path = "contract/cases.rs"]
mod cases;
#[path = "contract/contradictions.rs"]
mod contradictions;
#[path = "contract/customers.rs"]
mod customers;
#[path = "contract/deaths.rs"]
mod deaths;
#[path = "contract/edges.rs"]
mod edges;
#[path = "contract/guidance.rs"]
mod guidance;
#[path = "contract/identity.rs"]
mod identity;
#[path = "contract/isolation.rs"]
mod isolation;
#[path = "contract/joining.rs"]
mod joining;
#[path = "contract/journal.rs"]
mod journal;
#[path = "contract/kept.rs"]
mod kept;
#[path = "contract/lists.rs"]
mod lists;
#[path = "contract/made.rs"]
mod made;
#[path = "contract/malformed.rs"]
mod malformed;
#[path = "contract/narrative.rs"]
mod narrative;
#[path = "contract/one_effect.rs"]
mod one_effect;
#[path = "contract/pages.rs"]
mod pages;
#[path = "contract/process.rs"]
mod process;
#[path = "contract/rebuild.rs"]
mod rebuild;
#[path = "contract/refusals.rs"]
mod refusals;
#[path = "contract/refused_steps.rs"]
mod refused_steps;
#[path = "contract/requests.rs"]
mod requests;
#[path = "contract/retractions.rs"]
mod retractions;
#[path = "contract/sanctions.rs"]
mod sanctions;
#[path = "contract/second_referral.rs"]
mod second_referral;
#[path = "contract/tasks.rs"]
mod tasks;
#[path = "contract/two_clients.rs"]
mod two_clients;
#[path = "contract/unrecognised.rs"]
mod unrecognised;
#[path = "contract/watch.rs"]
mod watch;
#[path = "contract/watch_bounds.rs"]
mod watch_bounds;
#[path = "contract/who_corrects.rs"]
mod who_corrects;
#[path = "contract/words_apart.rs"]
mod words_apart;
