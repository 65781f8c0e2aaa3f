//! May this payment be stopped? The client that a payer embeds to ask Holdfast's protection check before it suspends,
//! stops, ends, disallows, sanctions or reduces, so that it cannot get the rules of the answer wrong.
//!
//! ```no_run
//! use holdfast_protection_client::{Action, ActionGround, Benefit, Client, Question, Verdict};
//! use tonic::{Request, transport::Channel};
//!
//! # async fn stop_payment() -> Result<(), Box<dyn std::error::Error>> {
//! let channel = Channel::from_static("https://safeguarding.internal").connect_lazy();
//! // Called for every attempt: put your workload's token in here, or leave it to the mesh.
//! let client = Client::new(channel, |request: Request<()>| Ok(request));
//! let question = Question {
//!     customer: "C-2001".to_owned(),
//!     benefit: Benefit::Pip,
//!     award: "A-2001".to_owned(),
//!     action: Action::Stop,
//!     ground: ActionGround::NonAttendance,
//!     condition_known: false,
//! };
//! match client.confirm("payments-run-7-A-2001", &question).await {
//!     Verdict::Permitted(permission) if permission.still_holds() => {
//!         println!("stopping, under {}", permission.decision_id());
//!     }
//!     Verdict::Permitted(_) => println!("too late: ask again"),
//!     Verdict::Prohibited(why) => println!("keep paying: {why}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # The rules it keeps
//!
//! There is no `Result` to unwrap: whatever goes wrong *is* [`Verdict::Prohibited`]. An answer permits only where the
//! call succeeded; the reply's seal matches it; the decision is exactly PERMITTED; it has a decision id and no reason
//! against it; it is valid for more than nothing and at most [`LONGEST`]; that time, counted from before the question
//! was sent, has not passed; the question in it is the one that was asked, in every part; and the reply holds one answer
//! for each question, in order. A batch in which one answer is out of place is believed in nothing.
//!
//! Time is counted on the machine's boot-time clock, which nobody sets and which goes on while the machine is
//! suspended. [`Permission::still_holds`] has to be asked once more right before acting. A virtual machine that is
//! frozen from outside cannot tell: that is what the recall of a permit is for, which `WatchHolds` tells.
//!
//! # Asking again
//!
//! Within its deadline (2 seconds, or [`Client::within`]) the client asks again where the service cannot answer just
//! now, after a random pause that doubles, and as long as repeats stay rare among its calls. A check counts from before
//! the attempt that was answered. [`Client::confirm`] repeats under the same request id and counts from before its
//! *first* attempt, as the permit may have been given then. Where a mesh repeats calls, too, switch that off for these.
//!
//! # What a damaged reply can do
//!
//! It can prohibit. Every reply carries a seal, the CRC-32 of its bytes, and is judged by its bytes: one whose seal is
//! missing or does not match is believed in nothing, citations included.
//!
//! - What is certain: damage within any four bytes in a row is seen, be it in what is sealed or in the seal.
//! - What is not: other damage (bytes put in or taken out, a cut, changes far apart) goes unseen with a chance of 1 in
//!   2^32 each time. In all the replies that the tests cut, or change in one place in every way there is, it is seen.
//! - What even unseen damage in one place cannot do is to turn a PROHIBITED answer into a permission: the decision, the
//!   decision id, the time and the absence of reasons are four witnesses, and the tests find no damage that makes them
//!   all. Nor can it permit what was not asked, as the question comes back with the answer.
//! - A seal is no signature. That the reply is the protection check's is for TLS to say.
//!
//! Whatever a later contract adds is sealed with the rest, and passed over. Something in between that reads replies and
//! writes them anew has to keep every field, and their order; else everything is prohibited.

mod boot;
mod client;
mod judge;
mod question;
mod seal;
mod verdict;
mod wire;

pub use boot::BootTime;
pub use client::{Client, MOST};
pub use judge::{LONGEST, judge, judge_all, judge_confirmed};
pub use question::Question;
pub use verdict::{Cause, Doubt, Permission, Verdict, Why};

pub use holdfast_contracts::holdfast::{
    common::v1::{Action, ActionGround, Benefit, Citation},
    safeguarding::v1::{Advisory, AdvisoryKind, Reason, ReasonKind},
};
