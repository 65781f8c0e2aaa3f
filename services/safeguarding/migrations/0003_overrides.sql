-- One row an exception to the protection that was ever asked for, for lists. Derived from the journal.
CREATE TABLE overrides (
    case_reference text PRIMARY KEY,
    customer       text        NOT NULL,
    benefit        text        NOT NULL,
    award          text        NOT NULL,
    action         text        NOT NULL,
    ground         text        NOT NULL,
    -- By what is on record. That its end has passed shows when it is read.
    stage          text        NOT NULL,
    until          timestamptz NOT NULL,
    requested_by   text        NOT NULL,
    requested_at   timestamptz NOT NULL,
    -- The second person; none where nobody approved it.
    approved_by    text
);
CREATE INDEX overrides_oldest ON overrides (requested_at, case_reference);
CREATE INDEX overrides_customer ON overrides (customer);
CREATE INDEX overrides_award ON overrides (award);
CREATE INDEX overrides_requested_by ON overrides (requested_by);
