//! The protection check: "may this payment be stopped?", an answer that cannot fail open.
//!
//! Everything here is a function of what it is given. The ledger of holds and the model that is searched exhaustively
//! call the same code.
//!
//! ```text
//! source ── PlaceHold, ReleaseHold ──► Holds::apply ──► holds ─┐
//! source ◄── "what is undelivered?" ── t0 ──► Proof ──► proofs ─┼─► answer ──► prohibited │ permitted, valid for
//! source ── everything it holds ──► reconcile ──► reconciled ──┘
//! ```

mod answer;
mod confirm;
mod draft;
mod fresh;
mod grounds;
mod hold;
mod holds;
mod ledger;
mod matching;
mod own;
mod question;
mod reconcile;

use draft::{Drafted, Trusted};

pub use answer::{
    Answer, Arrival, Kept, LedgerRead, Permitted, Prohibited, Reason, Reload, Revision, Verification, Verified, answer,
};
pub use confirm::{
    Confirmation, Confirmed, PERMIT_SECONDS, Permit, RECALL_MARGIN_SECONDS, Recall, SourceSays, Unconfirmed, recalls,
};
pub use draft::Draft;
pub use fresh::{
    BOUND, DatabaseIdentity, Freshness, MOST_UNDELIVERED, NoProof, Proof, Proofs, Sources, Span, Statement, Ticks,
    freshness,
};
pub(crate) use grounds::paragraph;
pub use grounds::{Basis, basis};
pub use hold::{Hold, HoldGround, HoldKey, Prohibits, Standing, Version, Why};
pub use holds::Holds;
pub use ledger::{Applied, Change, Refused, Settle, settle};
use matching::stated_condition;
pub use matching::{Advisory, AdvisoryReason, Matched, Prohibition, match_holds, references};
pub(crate) use own::CallsFor;
pub use own::{Event, HeldAt, Own, OwnHold, Raise};
pub use question::{Action, ActionGround, Asked, Question, Subject, Unrecognised};
pub use reconcile::{
    Compared, Difference, OnRecord, Orphan, Reconciled, Reconciliation, Stream, StreamRefused, reconcile,
};
