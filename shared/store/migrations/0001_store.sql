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

-- Everything below is derived from the journal and can be rebuilt from it.

-- The head of each case's journal.
CREATE TABLE cases (
    case_reference    text   PRIMARY KEY,
    sequence          bigint NOT NULL,
    hash              bytea  NOT NULL,
    -- The calendars that its running terms were last derived with.
    calendar_revision bigint NOT NULL
);

-- What is owed.
CREATE TABLE tasks (
    case_reference text        NOT NULL,
    key            text        NOT NULL,
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
    PRIMARY KEY (case_reference, key)
);
CREATE INDEX tasks_owner_due ON tasks (owner, due_at, case_reference, key);
CREATE INDEX tasks_due ON tasks (due_at, case_reference, key);

-- When time itself has consequences.
CREATE TABLE timers (
    case_reference text        NOT NULL,
    key            text        NOT NULL,
    fires_at       timestamptz NOT NULL,
    PRIMARY KEY (case_reference, key)
);
CREATE INDEX timers_due ON timers (fires_at);
