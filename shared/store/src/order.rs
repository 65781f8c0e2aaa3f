//! A request into an order: what every command is read for alike.

use crate::{
    Narrative, Store,
    execute::{Order, Outcome},
    header::Header,
    ledger::{Command, Ledger, State},
    request::new_reference,
};
use holdfast_chassis::{Caller, Failure, Fields};
use prost::Message;

/// Which case a command is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Case {
    /// One that the command opens, under this new reference.
    New(String),
    /// One that is there.
    Known(String),
}

impl Case {
    /// The case's reference.
    #[must_use]
    pub fn reference(&self) -> &str {
        match self {
            Self::New(reference) | Self::Known(reference) => reference,
        }
    }
}

/// What a request asks, and the words that came with it.
pub struct Asked<L: Ledger> {
    /// What is asked or reported.
    pub command: Command<L>,
    /// Words that came with it, kept apart.
    pub narratives: Vec<Narrative>,
}

/// Which case a request is for.
pub enum For<'a> {
    /// One that the command opens, under a new reference that begins like this.
    New(&'static str),
    /// One that the command opens, or goes on with, under the reference that it has elsewhere.
    Handed(&'a str),
    /// One that is there.
    Known(&'a str),
}

/// Request id, etag and dry run of a request: its first three fields.
pub type Given<'a> = (&'a str, &'a str, bool);

impl<L: Ledger> Order<L> {
    /// Reads a request: header, case, and what is asked, naming every fault.
    ///
    /// # Errors
    /// [`Failure::Invalid`].
    pub fn read<R: Message>(
        store: &Store,
        caller: &Caller,
        (request, given): (&R, Given<'_>),
        case: &For<'_>,
        render: fn(&Outcome<State<L>>) -> Vec<u8>,
        read: impl FnOnce(&mut Fields) -> Option<Asked<L>>,
    ) -> Result<Self, Failure> {
        let mut fields = Fields::default();
        let header = Header::read(store, &mut fields, caller, request, given);
        let case = match case {
            For::New(prefix) => Some(Case::New(new_reference(prefix))),
            For::Handed(case) => fields.reference("case_reference", case).map(Case::New),
            For::Known(case) => fields.reference("case_reference", case).map(Case::Known),
        };
        let asked = read(&mut fields);
        let (header, case, asked) = fields.finish(header.zip(case).zip(asked).map(|((h, c), a)| (h, c, a)))?;
        let Asked { command, narratives } = asked;
        Ok(Self { case, command, narratives, notes: Vec::new(), header, render })
    }
}

/// A request with its first three fields, as [`Order::read`] wants it.
#[macro_export]
macro_rules! given {
    ($request:expr) => {
        ($request, ($request.request_id.as_str(), $request.etag.as_str(), $request.validate_only))
    };
}

/// The answer to a command, in a method of a service that has a `store`: who calls, what they ask as `read` reads it, what
/// follows.
#[macro_export]
macro_rules! command {
    ($self:ident, $request:ident, $read:path) => {{
        let caller = ::holdfast_chassis::Caller::of(&$request)?;
        let order = $read(&$self.store, &caller, &$request.into_inner())?;
        Ok(::tonic::Response::new($self.store.answer(order).await?))
    }};
}
