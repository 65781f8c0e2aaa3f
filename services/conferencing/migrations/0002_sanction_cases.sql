-- One row a failed requirement, for lists. Derived from the journal.
CREATE TABLE sanction_cases (
    case_reference text PRIMARY KEY,
    customer       text        NOT NULL,
    benefit        text        NOT NULL,
    award          text        NOT NULL,
    nation         text        NOT NULL,
    area           text        NOT NULL,
    stage          text        NOT NULL,
    requirement    text        NOT NULL,
    failed_at      timestamptz NOT NULL,
    opened_at      timestamptz NOT NULL,
    opened_by      text        NOT NULL
);
CREATE INDEX sanction_cases_oldest ON sanction_cases (opened_at, case_reference);
CREATE INDEX sanction_cases_customer ON sanction_cases (customer);
CREATE INDEX sanction_cases_award ON sanction_cases (award);
CREATE INDEX sanction_cases_opened_by ON sanction_cases (opened_by);
