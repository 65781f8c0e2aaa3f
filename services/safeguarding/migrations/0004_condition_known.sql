-- Whether a permit's question stated a known condition (ESA 106); those before it could not.
ALTER TABLE permits ADD COLUMN condition_known boolean NOT NULL DEFAULT false;
