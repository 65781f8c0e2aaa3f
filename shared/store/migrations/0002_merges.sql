-- Where it was told that a reference is given up, by whom and when; NULL: not known. Every service that keeps cases is told
-- of every merge, whether or not it has a case of the customer, so that one which is opened later knows all their
-- references. A row that no case here tells of is not derived, and no rebuilding takes it away.
ALTER TABLE customer_names ADD COLUMN told json;
