//! The model's state, as small as it can be: what the real types say is put back by `lift`.

/// At most this many holds, in one configuration.
pub(crate) const KEYS: usize = 2;
/// Visiting, conferencing, safeguarding.
pub(crate) const SOURCES: usize = 3;

/// One instant of the model's clock.
pub(crate) type Tick = u8;

/// A hold as the service has it that placed it or took it over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Own {
    pub(crate) version: u8,
    pub(crate) life: Life,
}

/// How a hold stands with a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Life {
    #[default]
    Never,
    Standing,
    Released,
    HandedOn(u8),
}

/// A call that was not acknowledged; one that was leaves the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) call: Call,
    pub(crate) key: u8,
    pub(crate) version: u8,
    pub(crate) sequence: u8,
    pub(crate) parked: bool,
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Call {
    Place,
    Release,
    HandOver(u8),
}

/// A source's database.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Database {
    pub(crate) timeline: u8,
    /// What the control file says of the timeline until the next checkpoint.
    pub(crate) control: u8,
    pub(crate) holds: [Own; KEYS],
    pub(crate) rows: Vec<Row>,
    pub(crate) changes: u8,
    /// The next call's sequence number, where transactions are slow.
    pub(crate) sequence: u8,
    /// The highest sequence number that was acknowledged: what a relay with a cursor would know.
    pub(crate) cursor: u8,
}

/// A source: its primary, what its standby has, and a transaction that is slow to commit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Source {
    pub(crate) primary: Database,
    pub(crate) standby: Option<Box<Database>>,
    /// The hold it places, and the sequence number it has drawn.
    pub(crate) slow: Option<(u8, u8)>,
    /// What it was asked for a reconciliation and answered.
    pub(crate) stream: Option<Streamed>,
}

/// Everything a source holds, on its way to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Streamed {
    pub(crate) timeline: u8,
    /// The ledger that asked: its timeline, and since when the comparison was owed.
    pub(crate) asked_by: (u8, u8),
    pub(crate) holds: [Own; KEYS],
}

/// A copy of a call that is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Late {
    pub(crate) from: u8,
    pub(crate) timeline: u8,
    pub(crate) row: Row,
}

/// What the ledger knows of a hold; version 0: nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Known {
    pub(crate) version: u8,
    pub(crate) holder: u8,
    pub(crate) stands: bool,
}

/// Whether a source is on record with the ledger, and with which databases it was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OnRecord {
    No,
    Owed { id: u8 },
    Reconciled { source: u8, ledger: u8 },
}

/// What a verified copy of the ledger holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Copied {
    pub(crate) counter: u8,
    pub(crate) id: u8,
    pub(crate) known: [Known; KEYS],
    pub(crate) on_record: [OnRecord; SOURCES],
}

/// The ledger's database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ledger {
    pub(crate) timeline: u8,
    pub(crate) kept: Copied,
    /// When the permit expires, and whether it was called back.
    pub(crate) permit: Option<(Tick, bool)>,
}

/// What a source proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Proved {
    pub(crate) asked_at: Tick,
    pub(crate) timeline: u8,
    /// One bit for each hold.
    pub(crate) undelivered: u8,
}

/// An answer on its way to a replica of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Reply {
    pub(crate) replica: u8,
    pub(crate) asked: u8,
    pub(crate) by: u8,
    pub(crate) proved: Proved,
}

/// A verification on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Verifying {
    pub(crate) sent: Tick,
    /// The copy that its answers were drafted from; the process may have another by now.
    pub(crate) drafted_from: Copied,
    pub(crate) proofs: [Option<Proved>; SOURCES],
    /// Whether the waiting request had arrived when it was sent.
    pub(crate) serves: bool,
    /// What it read: the revision, and the ledger's timeline.
    pub(crate) read: Option<(u8, u8, u8)>,
}

/// A process of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Replica {
    /// How many sources its build names.
    pub(crate) build: u8,
    pub(crate) proofs: [Option<Proved>; SOURCES],
    pub(crate) copy: Option<Copied>,
    /// When the request that waits was made.
    pub(crate) waiting: Option<Tick>,
    pub(crate) verifying: Option<Verifying>,
}

/// A confirmation under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Confirming {
    /// Each source's timeline and number of changes, in the order asked.
    pub(crate) said: Vec<(u8, u8)>,
    /// A hold-worthy fact has been on record ever since it began.
    pub(crate) open_all_along: bool,
}

/// What must never be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Wrong {
    /// Permitted, for a case open for longer than the bound.
    Overlooked,
    /// Confirmed, for a case open all along.
    ConfirmedWhileOpen,
    /// A version fell.
    VersionFell,
    /// A release that its holder never made.
    ReleasedUnmade,
}

/// What can go wrong a limited number of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Mishaps {
    pub(crate) lost_acks: u8,
    pub(crate) late: u8,
    pub(crate) crashes: u8,
    pub(crate) promotions: u8,
    pub(crate) restores: u8,
    pub(crate) parked: u8,
    pub(crate) misrouted: u8,
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) now: Tick,
    pub(crate) sources: Vec<Source>,
    pub(crate) late: Vec<Late>,
    pub(crate) replies: Vec<Reply>,
    pub(crate) ledger: Ledger,
    pub(crate) backup: Option<Ledger>,
    /// The last id drawn for a revision.
    pub(crate) drawn: u8,
    pub(crate) replicas: Vec<Replica>,
    pub(crate) confirming: Option<Confirming>,
    pub(crate) left: Mishaps,
    /// Since when each case has been open without a break.
    pub(crate) open_since: [Option<Tick>; KEYS],
    pub(crate) wrong: Option<Wrong>,
}

impl Database {
    /// Whether a call may go out: a place waits for nothing, all else for every earlier call of its case.
    pub(crate) fn may_go(&self, place: usize, same_case: impl Fn(u8, u8) -> bool, waits: bool) -> bool {
        let row = &self.rows[place];
        let earlier = || self.rows[..place].iter().any(|earlier| same_case(earlier.key, row.key));
        !row.parked && (row.call == Call::Place || !waits || !earlier())
    }
}

impl State {
    /// A source's primary.
    pub(crate) fn primary(&mut self, at: u8) -> &mut Database {
        &mut self.sources[usize::from(at)].primary
    }
}
