-- One row a case about which a concern was determined, for lists. Derived from the journal.
CREATE TABLE escalations (
    case_reference   text PRIMARY KEY,
    customer         text        NOT NULL,
    benefit          text        NOT NULL,
    award            text        NOT NULL,
    nation           text        NOT NULL,
    area             text        NOT NULL,
    stage            text        NOT NULL,
    stage_since      timestamptz NOT NULL,
    lead             text        NOT NULL,
    -- When the concern that was determined last was determined.
    opened_at        timestamptz NOT NULL,
    -- The leader responsible now.
    leader           text,
    -- The area whose leader the referral waits for, and since when.
    awaits_leader_of text,
    awaits_since     timestamptz,
    CHECK ((awaits_leader_of IS NULL) = (awaits_since IS NULL))
);
CREATE INDEX escalations_oldest ON escalations (opened_at, case_reference);
CREATE INDEX escalations_customer ON escalations (customer);
CREATE INDEX escalations_award ON escalations (award);
CREATE INDEX escalations_stage ON escalations (stage, opened_at, case_reference);
CREATE INDEX escalations_leader ON escalations (leader);
CREATE INDEX escalations_awaiting ON escalations (awaits_leader_of) WHERE awaits_leader_of IS NOT NULL;

-- One row an area that the directory ever named. Derived from the journal.
CREATE TABLE areas (
    area         text PRIMARY KEY,
    -- The leader; none where the area has none any more.
    person       text,
    office       text,
    telephone    text,
    leader_since timestamptz,
    -- Since when that is on record.
    recorded_at  timestamptz NOT NULL,
    CHECK ((person IS NULL) = (office IS NULL) AND (person IS NULL) = (leader_since IS NULL))
);
CREATE INDEX areas_person ON areas (person);
