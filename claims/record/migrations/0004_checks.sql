CREATE TABLE published_check (
    run_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    url VARCHAR NOT NULL,
    publisher VARCHAR NOT NULL,
    claim VARCHAR NOT NULL,
    claimant VARCHAR,
    rating VARCHAR,
    published DATE,
    lang VARCHAR,
    source VARCHAR NOT NULL,
    capture VARCHAR,
    relation VARCHAR NOT NULL,
    score DOUBLE NOT NULL
);
COMMENT ON TABLE published_check IS 'Checks by others of claims like this one, as a run found them. They are listed and never counted.';
COMMENT ON COLUMN published_check.run_id IS 'The run.';
COMMENT ON COLUMN published_check.claim_id IS 'The claim of ours.';
COMMENT ON COLUMN published_check.ordinal IS 'Place among the checks listed for the claim, nearest first, from 0.';
COMMENT ON COLUMN published_check.url IS 'Address of the published check.';
COMMENT ON COLUMN published_check.publisher IS 'Who published it.';
COMMENT ON COLUMN published_check.claim IS 'The claim that was checked there, in the words of its publisher.';
COMMENT ON COLUMN published_check.claimant IS 'Who made that claim, as the publisher names them.';
COMMENT ON COLUMN published_check.rating IS 'The rating, in the words of its publisher.';
COMMENT ON COLUMN published_check.published IS 'Day of the check.';
COMMENT ON COLUMN published_check.lang IS 'Language of the check.';
COMMENT ON COLUMN published_check.source IS 'Name of the source that told of it, or ClaimReview where its page did.';
COMMENT ON COLUMN published_check.capture IS 'The capture of that page; NULL where a source told of it.';
COMMENT ON COLUMN published_check.relation IS 'same or related: how that claim stands to ours.';
COMMENT ON COLUMN published_check.score IS 'How near that claim is to ours, 0 to 1.';
