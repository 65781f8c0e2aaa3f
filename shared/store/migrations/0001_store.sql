-- What every service keeps alike. The schema is the service's own; the search path names it.

-- The source of truth and the audit trail: append-only, one row for each thing that happened or was judged.
CREATE TABLE journal (
    case_reference   text        NOT NULL,
    sequence         bigint      NOT NULL CHECK (sequence > 0),
    recorded_at      timestamptz NOT NULL,
    occurred_at      timestamptz NOT NULL,
    person           text        NOT NULL,
    role             text        NOT NULL,
    workload         text        NOT NULL,
    command          text        NOT NULL,
    request_id       text,
    -- Place among the events of one command, from 0.
    ordinal          smallint    NOT NULL CHECK (ordinal >= 0),
    event_name       text        NOT NULL,
    -- json, not jsonb: the hash covers the text as it was written.
    event            json        NOT NULL,
    rules            text[]      NOT NULL,
    guidance_version text        NOT NULL,
    trace_id         text        NOT NULL,
    hash             bytea       NOT NULL CHECK (octet_length(hash) = 32),
    -- The lock against other replicas.
    PRIMARY KEY (case_reference, sequence)
);
-- A request id stays unique for ever, whatever becomes of its receipt.
CREATE UNIQUE INDEX journal_request ON journal (workload, person, request_id)
    WHERE request_id IS NOT NULL AND ordinal = 0;

-- Words that people said or wrote, and nothing else: sealed, restricted, retained and erased by its own clock.
CREATE TABLE narrative (
    reference      text PRIMARY KEY,
    case_reference text        NOT NULL,
    recorded_at    timestamptz NOT NULL,
    person         text        NOT NULL,
    text           text        NOT NULL
);
CREATE INDEX narrative_case ON narrative (case_reference);

-- Who read which words, and why.
CREATE TABLE narrative_reads (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text        NOT NULL,
    read_at   timestamptz NOT NULL,
    person    text        NOT NULL,
    role      text        NOT NULL,
    workload  text        NOT NULL,
    purpose   text        NOT NULL,
    trace_id  text        NOT NULL
);

-- Replies to requests that had an effect, so that a repeat gets the same one.
CREATE TABLE receipts (
    workload       text        NOT NULL,
    person         text        NOT NULL,
    request_id     text        NOT NULL,
    fingerprint    bytea       NOT NULL,
    case_reference text        NOT NULL,
    recorded_at    timestamptz NOT NULL,
    reply          bytea       NOT NULL,
    PRIMARY KEY (workload, person, request_id)
);

-- Calls to other services: written with the facts they follow from, kept until they are acknowledged and after.
CREATE TABLE outbox (
    case_reference text        NOT NULL,
    -- The last entry of the journal that the causing command made, and the call's place among the command's calls.
    sequence       bigint      NOT NULL CHECK (sequence > 0),
    ordinal        smallint    NOT NULL CHECK (ordinal >= 0),
    destination    text        NOT NULL,
    method         text        NOT NULL,
    request        bytea       NOT NULL,
    request_id     text        NOT NULL UNIQUE,
    trace_id       text        NOT NULL,
    recorded_at    timestamptz NOT NULL,
    -- Waits for no earlier call of its case.
    urgent         boolean     NOT NULL,
    -- Attempts begun, and how many of them the destination refused, since it was recorded or replayed.
    attempts       integer     NOT NULL DEFAULT 0,
    refusals       integer     NOT NULL DEFAULT 0,
    -- When it was refused first since then, for whatever reason that may lie with the call.
    refused_at     timestamptz,
    attempt_at     timestamptz NOT NULL,
    -- Who is delivering it: nobody else may, until then; and nobody else may say how it went.
    locked_by      uuid,
    locked_until   timestamptz,
    -- A stable name, never what a destination said.
    last_failure   text,
    parked_at      timestamptz,
    delivered_at   timestamptz,
    PRIMARY KEY (case_reference, sequence, ordinal),
    CHECK ((locked_by IS NULL) = (locked_until IS NULL)),
    CHECK (delivered_at IS NULL OR parked_at IS NULL)
);
CREATE INDEX outbox_due ON outbox (destination, urgent DESC, attempt_at)
    WHERE delivered_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_undelivered ON outbox (case_reference, sequence, ordinal) WHERE delivered_at IS NULL;
-- What has not arrived of the holds that protect somebody: mostly nothing, so that to prove it costs nothing.
CREATE INDEX outbox_places ON outbox (case_reference, sequence, ordinal)
    WHERE delivered_at IS NULL AND method = '/holdfast.safeguarding.v1.ProtectionService/PlaceHold';

-- Whoever proves something writes a row here, so that nobody does who cannot commit: not a standby, nor a primary that was
-- cut off from it. A row for each kind of proof: one never waits for the other.
CREATE TABLE proofs (
    what  text   PRIMARY KEY CHECK (what IN ('delivery', 'award')),
    given bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO proofs (what, given) VALUES ('delivery', 0), ('award', 0);

-- What the ledger of holds acknowledged last, kept in the transaction in which the call is marked as delivered: a ledger
-- that was never in this state has lost something.
CREATE TABLE ledger_seen (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    counter bigint NOT NULL,
    id      uuid   NOT NULL
);

-- What was sent again because somebody asked for it, and who did: one row for each statement's share of a replay.
CREATE TABLE replays (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked_at        timestamptz NOT NULL,
    person          text        NOT NULL,
    role            text        NOT NULL,
    workload        text        NOT NULL,
    request_id      text        NOT NULL,
    fingerprint     bytea       NOT NULL,
    trace_id        text        NOT NULL,
    -- One case, or one destination since an instant.
    case_reference  text,
    destination     text,
    recorded_since  timestamptz,
    -- What had arrived was sent again, too.
    with_delivered  boolean     NOT NULL,
    calls           bigint      NOT NULL CHECK (calls >= 0),
    -- Nothing was left to send again after it.
    last            boolean     NOT NULL,
    CHECK ((case_reference IS NULL) <> (destination IS NULL)),
    CHECK ((destination IS NULL) = (recorded_since IS NULL))
);
CREATE INDEX replays_request ON replays (workload, person, request_id);

-- Everything below is derived from the journal and can be rebuilt from it.

-- The head of each case's journal.
CREATE TABLE cases (
    case_reference    text   PRIMARY KEY,
    sequence          bigint NOT NULL,
    hash              bytea  NOT NULL,
    -- The calendars that its running terms were last derived with.
    calendar_revision bigint NOT NULL,
    -- What the references of cases of its kind begin with.
    kind              text   NOT NULL,
    -- The award it is about, where it is about one.
    customer          text,
    benefit           text,
    award             text,
    -- Another case of its kind about this award is not opened, but joins this one.
    open              boolean NOT NULL
);
CREATE UNIQUE INDEX cases_open ON cases (customer, benefit, award, kind) WHERE open;
CREATE INDEX cases_customer ON cases (customer);

-- Under which reference a customer is known now who was known under another before.
CREATE TABLE customer_names (
    former  text PRIMARY KEY,
    present text NOT NULL
);
CREATE INDEX customer_names_present ON customer_names (present);

-- The holds that cases have or had, as they are here now: what the ledger of holds is told when it asks.
CREATE TABLE protections (
    case_reference text        NOT NULL,
    -- By its number in the contract.
    ground         integer     NOT NULL,
    version        bigint      NOT NULL CHECK (version > 0),
    customer       text        NOT NULL,
    benefit        text        NOT NULL,
    award          text        NOT NULL,
    formerly       text[]      NOT NULL,
    -- Why it was released; NULL: it stands.
    released       text,
    -- The service that holds it since; NULL: it is held here.
    handed_to      text,
    since          timestamptz NOT NULL,
    PRIMARY KEY (case_reference, ground)
);
CREATE INDEX protections_award ON protections (award);
CREATE INDEX protections_customer ON protections (customer);
CREATE INDEX protections_formerly ON protections USING gin (formerly) WHERE formerly <> '{}';

-- What is owed. Lists of several services are merged, so their order must not depend on the database's collation.
CREATE TABLE tasks (
    case_reference text COLLATE "C" NOT NULL,
    key            text COLLATE "C" NOT NULL,
    customer       text        NOT NULL,
    benefit        text        NOT NULL,
    award          text        NOT NULL,
    what           text        NOT NULL,
    owner          text        NOT NULL,
    since          timestamptz NOT NULL,
    -- infinity where no date is prescribed, so that one order serves all.
    due_at         timestamptz NOT NULL,
    deadline       json,
    blocking       boolean     NOT NULL,
    discharged_by  text        NOT NULL,
    rule           text        NOT NULL,
    -- To whom it was given, and who stands in for them.
    team           text,
    person         text,
    cover_person   text,
    cover_until    timestamptz,
    PRIMARY KEY (case_reference, key),
    CHECK ((cover_person IS NULL) = (cover_until IS NULL))
);
CREATE INDEX tasks_owner_due ON tasks (owner, due_at, case_reference, key);
CREATE INDEX tasks_due ON tasks (due_at, case_reference, key);
CREATE INDEX tasks_team ON tasks (team, due_at, case_reference, key) WHERE team IS NOT NULL;
CREATE INDEX tasks_person ON tasks (person) WHERE person IS NOT NULL;
CREATE INDEX tasks_cover ON tasks (cover_person) WHERE cover_person IS NOT NULL;

-- In which transaction each task changed last, for those who watch: a task that is not owed any more stays here. The
-- order of (tx, id) is that of transactions' beginnings, not of their commits, so whoever reads it stays below the
-- oldest transaction that still runs.
CREATE TABLE task_changes (
    case_reference text COLLATE "C" NOT NULL,
    key            text COLLATE "C" NOT NULL,
    tx             xid8   NOT NULL DEFAULT pg_current_xact_id(),
    id             bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY,
    -- How it was before its latest changes, the oldest first: what a filter looks at, and the transaction that ended it.
    before         jsonb  NOT NULL DEFAULT '[]',
    -- The transaction that ended the last state that is not kept there any more.
    forgotten      xid8,
    PRIMARY KEY (case_reference, key)
);
CREATE INDEX task_changes_order ON task_changes (tx, id);

-- When time itself has consequences.
CREATE TABLE timers (
    case_reference text        NOT NULL,
    key            text        NOT NULL,
    fires_at       timestamptz NOT NULL,
    PRIMARY KEY (case_reference, key)
);
CREATE INDEX timers_due ON timers (fires_at);
