-- One row a case, for lists. Derived from the journal. A case may be opened before it is referred.
CREATE TABLE referrals (
    case_reference text PRIMARY KEY,
    customer       text        NOT NULL,
    benefit        text        NOT NULL,
    award          text        NOT NULL,
    nation         text        NOT NULL,
    area           text        NOT NULL,
    stage          text        NOT NULL,
    opened_at      timestamptz NOT NULL,
    referred_at    timestamptz,
    referred_by    text
);
CREATE INDEX referrals_oldest ON referrals (opened_at, case_reference);
CREATE INDEX referrals_customer ON referrals (customer);
CREATE INDEX referrals_award ON referrals (award);
CREATE INDEX referrals_stage ON referrals (stage, opened_at, case_reference);
