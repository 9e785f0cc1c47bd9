-- On which grounds each verdict was reached, so that a night need not weigh again what has not changed.

CREATE TABLE weighed (
    run_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    inputs VARCHAR NOT NULL,
    used INTEGER NOT NULL
);
COMMENT ON TABLE weighed IS 'On what a run reached its verdict on a claim; the same grounds give the same verdict.';
COMMENT ON COLUMN weighed.run_id IS 'The run.';
COMMENT ON COLUMN weighed.claim_id IS 'The claim.';
COMMENT ON COLUMN weighed.inputs IS 'Hash of the engine, the claim as it was read, the settings, and every page as it answered.';
COMMENT ON COLUMN weighed.used IS 'How many of the pages that were named for the claim were fetched, the first of them.';

CREATE TABLE taken (
    run_id VARCHAR NOT NULL,
    key VARCHAR NOT NULL
);
COMMENT ON TABLE taken IS 'What nights took in from the places that are watched.';
COMMENT ON COLUMN taken.run_id IS 'The run of the night.';
COMMENT ON COLUMN taken.key IS 'The address of a page without what leads there, or the hash of a file''s place and bytes.';
