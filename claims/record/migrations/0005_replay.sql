-- What a run was made with and what its sources named, so that it can be repeated without them.

CREATE TABLE run_terms (
    run_id VARCHAR PRIMARY KEY,
    settings JSON NOT NULL,
    sources VARCHAR[] NOT NULL
);
COMMENT ON TABLE run_terms IS 'With what a run was made.';
COMMENT ON COLUMN run_terms.run_id IS 'The run.';
COMMENT ON COLUMN run_terms.settings IS 'Every setting with its value, as ''tabayyun settings'' lists them.';
COMMENT ON COLUMN run_terms.sources IS 'Names of the sources that it asked, in order.';

CREATE TABLE named (
    named_id VARCHAR PRIMARY KEY,
    candidates JSON NOT NULL,
    checks JSON NOT NULL
);
COMMENT ON TABLE named IS 'What the sources named for a claim, taken together; where they name the same again, it is the same row.';
COMMENT ON COLUMN named.named_id IS 'Hash of all that was named.';
COMMENT ON COLUMN named.candidates IS 'Pages that may hold evidence, best placed first, with what the sources say of each.';
COMMENT ON COLUMN named.checks IS 'Published checks of claims like it.';

CREATE TABLE run_named (
    run_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    named_id VARCHAR NOT NULL
);
COMMENT ON TABLE run_named IS 'What the sources named in a run for each claim.';
COMMENT ON COLUMN run_named.run_id IS 'The run.';
COMMENT ON COLUMN run_named.claim_id IS 'The claim.';
COMMENT ON COLUMN run_named.named_id IS 'What was named.';
