-- Claims that a night found to be like claims already known, so that nobody checks the same twice unseen.

CREATE TABLE claim_match (
    run_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    other_id VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    relation VARCHAR NOT NULL
);
COMMENT ON TABLE claim_match IS 'What nights found a new claim to be like among the claims of other articles; those that are the same were joined, the rest are suggestions.';
COMMENT ON COLUMN claim_match.run_id IS 'The night in which the claim was new.';
COMMENT ON COLUMN claim_match.claim_id IS 'The new claim.';
COMMENT ON COLUMN claim_match.other_id IS 'The claim that was known.';
COMMENT ON COLUMN claim_match.score IS 'How likely they are the same, 0 to 1.';
COMMENT ON COLUMN claim_match.relation IS 'same (joined, as the desk''s log has it) or related (only a person joins them).';

CREATE VIEW suggested_joins AS
SELECT claim_match.claim_id, claim_match.other_id, claim_match.score, claim_match.run_id,
       claim.text, other.text AS other_text
FROM claim_match
JOIN claim ON claim.claim_id = claim_match.claim_id
JOIN claim AS other ON other.claim_id = claim_match.other_id
WHERE claim_match.relation = 'related'
  AND NOT EXISTS (
      SELECT 1 FROM action
      WHERE action.kind = 'join'
        AND ((action.claim_id = claim_match.claim_id AND (action.payload ->> 'claim') = claim_match.other_id)
          OR (action.claim_id = claim_match.other_id AND (action.payload ->> 'claim') = claim_match.claim_id))
  );
COMMENT ON VIEW suggested_joins IS 'Claims of different articles that may be the same and that nobody has joined yet, whether they were parted again or not.';
COMMENT ON COLUMN suggested_joins.claim_id IS 'The claim that came later.';
COMMENT ON COLUMN suggested_joins.other_id IS 'The claim that was known.';
COMMENT ON COLUMN suggested_joins.score IS 'How likely they are the same, 0 to 1.';
COMMENT ON COLUMN suggested_joins.run_id IS 'The night that found it.';
COMMENT ON COLUMN suggested_joins.text IS 'Words of the claim that came later.';
COMMENT ON COLUMN suggested_joins.other_text IS 'Words of the claim that was known.';
