-- What people did at the desk, in the order in which they did it. A decision among it stands in `review` too.

CREATE TABLE action (
    number BIGINT PRIMARY KEY,
    action_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    acted_at TIMESTAMP NOT NULL,
    reason VARCHAR NOT NULL,
    payload JSON NOT NULL,
    answers VARCHAR
);
COMMENT ON TABLE action IS 'What people did with claims at the desk; nothing is changed or removed, undoing adds a row.';
COMMENT ON COLUMN action.number IS 'Place in the log of the workspace, from 1 without a gap.';
COMMENT ON COLUMN action.action_id IS 'Hash of the action and of the form it came with, so that a form sent twice counts once.';
COMMENT ON COLUMN action.claim_id IS 'The claim.';
COMMENT ON COLUMN action.kind IS 'accept, change, comment, ask_second, second, reject, reopen, undo, interested, copy, add_source, join, split or publish.';
COMMENT ON COLUMN action.who IS 'The account that acted.';
COMMENT ON COLUMN action.acted_at IS 'When, UTC.';
COMMENT ON COLUMN action.reason IS 'Why, in the person''s words; empty where none were asked for.';
COMMENT ON COLUMN action.payload IS 'What belongs to the kind: the verdict, the review it made or took back, an address, another claim, the action undone.';
COMMENT ON COLUMN action.answers IS 'The last action on the claim that the person had seen; NULL where there was none.';
