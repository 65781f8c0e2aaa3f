-- The ledger of holds: what keeps an award from being acted on. It is filled by the services that hold the cases, never
-- derived from a journal of this service, and answered from by the protection check.

-- Which state the ledger is in: one more, and a fresh id, with each transaction that changes anything of it. Whoever
-- changes it locks this row first, so that changes have one order, and their numbers are in the order of their commits.
CREATE TABLE ledger (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    counter bigint NOT NULL,
    id      uuid   NOT NULL
);
INSERT INTO ledger (counter, id) VALUES (0, gen_random_uuid());

-- Every state it was ever in: a restored ledger counts up to the same numbers again, but never draws the same id.
CREATE TABLE revisions (
    counter     bigint PRIMARY KEY,
    id          uuid        NOT NULL,
    recorded_at timestamptz NOT NULL
);
INSERT INTO revisions (counter, id, recorded_at) SELECT counter, id, clock_timestamp() FROM ledger;

-- States that a source was told of and that this ledger was never in: it was restored, and what it lacked by then is owed
-- by every source since the transaction that found it out.
CREATE TABLE lost_revisions (
    counter     bigint      NOT NULL,
    id          uuid        NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (counter, id)
);

-- Each hold as it is now, released ones included. Grounds and actions by their numbers in the contract, so that what a
-- newer build sends is kept as it came.
CREATE TABLE holds (
    case_reference text COLLATE "C" NOT NULL,
    ground         integer     NOT NULL,
    version        bigint      NOT NULL CHECK (version > 0),
    customer       text        NOT NULL,
    benefit        text        NOT NULL,
    award          text        NOT NULL,
    formerly       text[]      NOT NULL,
    holder         text        NOT NULL,
    -- Why it was released, by its number; NULL: it stands.
    released       integer,
    rules          text[]      NOT NULL,
    actions        integer[]   NOT NULL,
    -- NULL: whatever the payer acts on.
    only_on        integer[],
    -- The ledger's count at its latest change, and when that was.
    counter        bigint      NOT NULL,
    recorded_at    timestamptz NOT NULL,
    PRIMARY KEY (case_reference, ground)
);
CREATE INDEX holds_counter ON holds (counter, case_reference, ground);
CREATE INDEX holds_customer ON holds (customer);
CREATE INDEX holds_award ON holds (award);
CREATE INDEX holds_formerly ON holds USING gin (formerly);

-- Every change of a hold, as it came in.
CREATE TABLE hold_changes (
    counter        bigint   NOT NULL REFERENCES revisions,
    -- Place among the changes of one transaction, from 0.
    ordinal        integer  NOT NULL CHECK (ordinal >= 0),
    case_reference text     NOT NULL,
    ground         integer  NOT NULL,
    version        bigint   NOT NULL,
    -- The encoded holdfast.common.v1.Hold.
    hold           bytea    NOT NULL,
    sender         text     NOT NULL,
    -- The request it came with; NULL where it was found by comparison.
    request_id     text,
    recorded_at    timestamptz NOT NULL,
    trace_id       text     NOT NULL,
    PRIMARY KEY (counter, ordinal)
);
CREATE INDEX hold_changes_case ON hold_changes (case_reference, ground, counter);

-- Each source, and what was compared with it. A comparison is owed under an id, or two databases were compared.
CREATE TABLE sources (
    source          text PRIMARY KEY,
    owed            uuid,
    source_system   text,
    source_timeline bigint,
    ledger_system   text,
    ledger_timeline bigint,
    compared_at     timestamptz,
    -- What differed when it was compared last: encoded holdfast.safeguarding.v1.Discrepancy, the first 100 of each.
    differences     bytea[]  NOT NULL DEFAULT '{}',
    orphans         bytea[]  NOT NULL DEFAULT '{}',
    orphan_count    integer  NOT NULL DEFAULT 0,
    CHECK ((owed IS NULL) = (source_system IS NOT NULL)),
    CHECK ((source_system IS NULL) = (source_timeline IS NULL)),
    CHECK ((source_system IS NULL) = (ledger_system IS NULL)),
    CHECK ((source_system IS NULL) = (ledger_timeline IS NULL))
);

-- Holders that have been asked to write a hold again above a version that the ledger knows; gone once they have answered.
CREATE TABLE raises (
    case_reference text        NOT NULL,
    ground         integer     NOT NULL,
    holder         text        NOT NULL,
    known_version  bigint      NOT NULL,
    known_released boolean     NOT NULL,
    -- Under which it is asked, each time.
    request_id     uuid        NOT NULL,
    recorded_at    timestamptz NOT NULL,
    PRIMARY KEY (case_reference, ground, holder)
);

-- Restores that somebody declared.
CREATE TABLE restores (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    declared_at timestamptz NOT NULL,
    person      text NOT NULL,
    workload    text NOT NULL,
    request_id  text NOT NULL,
    UNIQUE (workload, person, request_id)
);

-- Everything that was ever PERMITTED: one row for each batch of questions that was verified together.
CREATE TABLE answers (
    id         uuid        PRIMARY KEY,
    decided_at timestamptz NOT NULL,
    -- The state of the ledger that it was answered by.
    counter    bigint      NOT NULL,
    permitted  integer     NOT NULL CHECK (permitted > 0),
    -- Who asked what, encoded; a decision's id is this row's and the place in it.
    body       bytea       NOT NULL
);
-- Not compressed, and within the row where it fits: most are a few kilobytes.
ALTER TABLE answers ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE answers SET (toast_tuple_target = 8160);
CREATE INDEX answers_decided ON answers USING brin (decided_at);

-- Actions that were confirmed: a hold that meets one before it expires recalls it.
CREATE TABLE permits (
    decision    text PRIMARY KEY,
    customer    text        NOT NULL,
    benefit     text        NOT NULL,
    award       text        NOT NULL,
    action      integer     NOT NULL,
    ground      integer     NOT NULL,
    confirmed_at timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    person      text        NOT NULL,
    role        text        NOT NULL,
    workload    text        NOT NULL,
    request_id  text        NOT NULL,
    fingerprint bytea       NOT NULL,
    trace_id    text        NOT NULL,
    UNIQUE (workload, person, request_id)
);
CREATE INDEX permits_expires ON permits (expires_at);

-- Permits that met a hold: what was done on them has to be undone.
CREATE TABLE recalls (
    decision       text    NOT NULL REFERENCES permits,
    case_reference text    NOT NULL,
    ground         integer NOT NULL,
    -- The change of the hold that met it.
    counter        bigint  NOT NULL,
    ordinal        integer NOT NULL,
    recorded_at    timestamptz NOT NULL,
    PRIMARY KEY (decision, case_reference, ground),
    FOREIGN KEY (counter, ordinal) REFERENCES hold_changes
);
CREATE INDEX recalls_counter ON recalls (counter, ordinal);
