-- Every time an address was asked for, so that the next run need not ask for what it knows, and so that
-- what changed at an address between two runs can be told.

CREATE TABLE visit (
    run_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    visited_at TIMESTAMP NOT NULL,
    how VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    status INTEGER,
    capture_id VARCHAR,
    detail VARCHAR,
    requests INTEGER NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    host VARCHAR,
    not_before TIMESTAMP,
    robots BOOLEAN NOT NULL
);
COMMENT ON TABLE visit IS 'Every time an address was wanted: whether it was asked for, and what came of it.';
COMMENT ON COLUMN visit.run_id IS 'The run; for the command fetch, the name of its archive.';
COMMENT ON COLUMN visit.url IS 'The address that was wanted.';
COMMENT ON COLUMN visit.visited_at IS 'When, UTC.';
COMMENT ON COLUMN visit.how IS 'fetched; not_modified: the server said that nothing changed; fresh: not asked for, the archived version is recent enough; not_asked: not asked for because of a rule, which outcome names.';
COMMENT ON COLUMN visit.outcome IS 'ok, blocked_by_robots, paywalled, unreachable, unsafe_address, too_large, unsupported_type, gone, error, over_budget (a budget is used up) or given_up (failed too often).';
COMMENT ON COLUMN visit.status IS 'HTTP status of the archived answer; NULL where nothing answered.';
COMMENT ON COLUMN visit.capture_id IS 'The archived answer; NULL where nothing was archived.';
COMMENT ON COLUMN visit.detail IS 'What else is known about the outcome.';
COMMENT ON COLUMN visit.requests IS 'Requests that were sent for it, repetitions and redirects included.';
COMMENT ON COLUMN visit.etag IS 'Name of the version, as the server gave it.';
COMMENT ON COLUMN visit.last_modified IS 'When the server says that the version was made, where that can be used to ask for a newer one.';
COMMENT ON COLUMN visit.host IS 'The host that asked to be left alone, where one did.';
COMMENT ON COLUMN visit.not_before IS 'Until when that host asked to be left alone, UTC.';
COMMENT ON COLUMN visit.robots IS 'Whether the address was asked for as a robots.txt and not as a page.';

INSERT INTO visit BY NAME
SELECT run_id, url, observed_at AS visited_at,
       CASE WHEN outcome IN ('blocked_by_robots', 'unsafe_address') THEN 'not_asked' ELSE 'fetched' END AS how,
       outcome, status, capture_id, detail,
       CASE WHEN outcome IN ('blocked_by_robots', 'unsafe_address') THEN 0 ELSE 1 END AS requests,
       false AS robots
FROM fetched;

CREATE VIEW page_changes AS
WITH looked AS (
    SELECT url, visited_at, run_id, outcome, status, detail, capture_id,
           CASE WHEN outcome IN ('ok', 'paywalled') AND capture_id IS NOT NULL THEN 'read'
                WHEN outcome = 'gone' THEN 'gone'
                ELSE 'out' END AS state
    FROM visit
    WHERE NOT robots AND how <> 'fresh' AND outcome NOT IN ('over_budget', 'given_up')
), compared AS (
    SELECT *,
           last_value(CASE WHEN state = 'read' THEN capture_id END IGNORE NULLS) OVER earlier AS before,
           last_value(CASE WHEN state <> 'out' THEN state END IGNORE NULLS) OVER earlier AS known,
           last_value(state) OVER earlier AS previous
    FROM looked
    WINDOW earlier AS (
        PARTITION BY url ORDER BY visited_at, run_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
), changed AS (
    SELECT *,
           CASE WHEN state = 'read' AND known = 'gone' THEN 'returned'
                WHEN state = 'read' AND capture_id <> before THEN 'edited'
                WHEN state = 'read' AND previous = 'out' THEN 'returned'
                WHEN state = 'gone' AND known = 'read' THEN 'vanished'
                WHEN state = 'out' AND known = 'read' AND previous <> 'out' THEN 'unreachable'
           END AS kind
    FROM compared
    WHERE before IS NOT NULL
)
SELECT url,
       visited_at AS changed_at,
       kind,
       before AS before_capture,
       CASE WHEN state = 'read' THEN capture_id END AS after_capture,
       state = 'read' AND capture_id <> before AND NOT EXISTS (
           SELECT 1
           FROM document AS was JOIN document AS is_now ON was.text = is_now.text
           WHERE was.capture_id = changed.before AND is_now.capture_id = changed.capture_id
       ) AS words_changed,
       outcome,
       status,
       detail,
       run_id
FROM changed
WHERE kind IS NOT NULL;
COMMENT ON VIEW page_changes IS 'What runs found changed at addresses that had been read before. Earlier versions stay archived.';
COMMENT ON COLUMN page_changes.url IS 'The address.';
COMMENT ON COLUMN page_changes.changed_at IS 'When the change was noticed, UTC.';
COMMENT ON COLUMN page_changes.kind IS 'edited: it gives another body; vanished: it says that the page is gone; unreachable: no page came, which says nothing about it; returned: the page is there again.';
COMMENT ON COLUMN page_changes.before_capture IS 'The version that was read last before.';
COMMENT ON COLUMN page_changes.after_capture IS 'The version that came now; NULL where none did.';
COMMENT ON COLUMN page_changes.words_changed IS 'Whether the page reads otherwise than before; false where only what surrounds the text changed.';
COMMENT ON COLUMN page_changes.outcome IS 'What came of the address now.';
COMMENT ON COLUMN page_changes.status IS 'HTTP status; NULL where nothing answered.';
COMMENT ON COLUMN page_changes.detail IS 'What else is known about the outcome.';
COMMENT ON COLUMN page_changes.run_id IS 'The run that noticed it.';

COMMENT ON COLUMN fetched.outcome IS 'ok, blocked_by_robots, paywalled, unreachable, unsafe_address, too_large, unsupported_type, gone, error, over_budget or given_up.';
COMMENT ON COLUMN unread.outcome IS 'blocked_by_robots, paywalled, unreachable, unsafe_address, too_large, unsupported_type, gone, error, over_budget or given_up.';
