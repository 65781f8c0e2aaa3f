-- One row a case, for lists: the work log. Derived from the journal.
CREATE TABLE work_log (
    case_reference text PRIMARY KEY,
    customer       text        NOT NULL,
    benefit        text        NOT NULL,
    award          text        NOT NULL,
    nation         text        NOT NULL,
    area           text        NOT NULL,
    stage          text        NOT NULL,
    stage_since    timestamptz NOT NULL,
    lead           text        NOT NULL,
    referred_by    text        NOT NULL,
    received_at    timestamptz NOT NULL
);
CREATE INDEX work_log_oldest ON work_log (received_at, case_reference);
CREATE INDEX work_log_customer ON work_log (customer);
CREATE INDEX work_log_award ON work_log (award);
CREATE INDEX work_log_stage ON work_log (stage, received_at, case_reference);
