-- What held and what changed is worked out without the evidence, so that it costs one pass over the
-- decisions; evidence is joined to the few rows that are asked for.

DROP VIEW claim_history;
DROP VIEW claim_status;

CREATE VIEW rulings AS
WITH decision AS (
    SELECT run_verdict.claim_id, run_verdict.decided_at, 'engine' AS decided_by,
           run_verdict.run_id AS decision_id, run_verdict.verdict_id, verdict.verdict, verdict.said
    FROM run_verdict
    JOIN verdict USING (verdict_id)
    UNION ALL
    SELECT claim_id, decided_at, 'person', review_id, NULL, verdict, said
    FROM review
), standing AS (
    SELECT decision.decision_id, decision.claim_id,
           arg_max(
               struct_pack(verdict := review.verdict, said := review.said),
               row(review.decided_at, review.review_id)
           ) AS ruling
    FROM decision
    JOIN review
      ON review.claim_id = decision.claim_id
     AND review.verdict IS NOT NULL
     AND review.decided_at <= decision.decided_at
    WHERE NOT EXISTS (
        SELECT 1 FROM review AS undone
        WHERE undone.withdraws = review.review_id AND undone.decided_at <= decision.decided_at
    )
    GROUP BY decision.decision_id, decision.claim_id
), held AS (
    SELECT decision.*,
           coalesce(
               standing.ruling,
               last_value(
                   CASE WHEN decision.verdict_id IS NOT NULL
                        THEN struct_pack(verdict := decision.verdict, said := decision.said) END
                   IGNORE NULLS
               ) OVER in_order
           ) AS holds,
           lag(
               CASE WHEN decision.verdict_id IS NOT NULL
                    THEN struct_pack(verdict_id := decision.verdict_id, decision_id := decision.decision_id,
                                     decided_at := decision.decided_at) END
               IGNORE NULLS
           ) OVER in_order AS weighed_before
    FROM decision
    LEFT JOIN standing USING (decision_id, claim_id)
    WINDOW in_order AS (
        PARTITION BY decision.claim_id ORDER BY decision.decided_at, decision.decision_id
    )
)
SELECT claim_id,
       decided_at,
       decided_by,
       verdict,
       said,
       holds.verdict AS holds_verdict,
       holds.said AS holds_said,
       (lag(holds) OVER in_order).verdict AS before_verdict,
       (lag(holds) OVER in_order).said AS before_said,
       row_number() OVER in_order > 1 AND holds IS DISTINCT FROM lag(holds) OVER in_order AS changed,
       verdict_id,
       decision_id,
       weighed_before.verdict_id AS verdict_before_id,
       weighed_before.decision_id AS decision_before_id,
       weighed_before.decided_at AS decided_before_at
FROM held
WINDOW in_order AS (PARTITION BY claim_id ORDER BY decided_at, decision_id);
COMMENT ON VIEW rulings IS 'Every decision on every claim with what held before and after it; claim_history adds the evidence.';
COMMENT ON COLUMN rulings.claim_id IS 'The claim.';
COMMENT ON COLUMN rulings.decided_at IS 'When it was decided, UTC.';
COMMENT ON COLUMN rulings.decided_by IS 'engine or person.';
COMMENT ON COLUMN rulings.verdict IS 'The verdict of this decision; NULL where a person withdrew an earlier one.';
COMMENT ON COLUMN rulings.said IS 'Was it said, by this decision; NULL where nobody is quoted.';
COMMENT ON COLUMN rulings.holds_verdict IS 'The verdict that held once this was decided; a person''s stands above the engine''s.';
COMMENT ON COLUMN rulings.holds_said IS 'Was it said, as it held once this was decided.';
COMMENT ON COLUMN rulings.before_verdict IS 'The verdict that held before; NULL where this is the first decision.';
COMMENT ON COLUMN rulings.before_said IS 'Was it said, as it held before.';
COMMENT ON COLUMN rulings.changed IS 'Whether this decision changed what held before it.';
COMMENT ON COLUMN rulings.verdict_id IS 'The engine''s verdict; NULL where a person decided.';
COMMENT ON COLUMN rulings.decision_id IS 'The run, or the review, that decided.';
COMMENT ON COLUMN rulings.verdict_before_id IS 'The engine''s verdict before this decision.';
COMMENT ON COLUMN rulings.decision_before_id IS 'The run that reached the engine''s verdict before.';
COMMENT ON COLUMN rulings.decided_before_at IS 'When the engine reached its verdict before, UTC.';

CREATE VIEW claim_status AS
WITH seen AS (
    SELECT run_claim.claim_id,
           min(run.started_at) AS first_seen,
           arg_max(run_claim.reading_id, row(run.started_at, run.run_id)) AS reading_id
    FROM run_claim JOIN run USING (run_id)
    GROUP BY run_claim.claim_id
), given AS (
    SELECT run_article.article_id,
           arg_max(run_article.published, row(run.started_at, run.run_id)) AS published
    FROM run_article JOIN run USING (run_id)
    GROUP BY run_article.article_id
), checked AS (
    SELECT claim_id,
           max(decided_at) AS last_checked,
           arg_max(verdict_id, row(decided_at, run_id)) AS verdict_id
    FROM run_verdict
    GROUP BY claim_id
), standing AS (
    SELECT claim_id, arg_max(review_id, row(decided_at, review_id)) AS review_id
    FROM review
    WHERE verdict IS NOT NULL
      AND review_id NOT IN (SELECT withdraws FROM review WHERE withdraws IS NOT NULL)
    GROUP BY claim_id
), altered AS (
    SELECT claim_id, max(decided_at) AS last_changed
    FROM rulings
    WHERE changed
    GROUP BY claim_id
)
SELECT claim.claim_id,
       claim.article_id,
       claim.text,
       claim_reading.standalone,
       claim_reading.kind,
       claim_reading.lang,
       claim_reading.speaker,
       claim_reading.worth,
       CASE WHEN review.review_id IS NULL THEN verdict.verdict ELSE review.verdict END AS verdict,
       CASE WHEN review.review_id IS NULL THEN verdict.said ELSE review.said END AS said,
       CASE WHEN review.review_id IS NULL THEN verdict.confidence END AS confidence,
       verdict.supports,
       verdict.refutes,
       CASE WHEN review.review_id IS NULL THEN verdict.decided_by ELSE 'person' END AS decided_by,
       CASE WHEN review.review_id IS NULL THEN checked.last_checked ELSE review.decided_at END AS decided_at,
       seen.first_seen,
       checked.last_checked,
       CASE
           WHEN review.review_id IS NOT NULL THEN NULL
           WHEN checked.last_checked IS NULL THEN CAST(seen.first_seen AS DATE)
           WHEN claim_reading.last_day >= CAST(checked.last_checked AS DATE)
               THEN least(claim_reading.last_day, DATE '9999-12-30') + 1
           WHEN CAST(checked.last_checked AS DATE)
               - coalesce(given.published, CAST(seen.first_seen AS DATE)) <= 7
               THEN CAST(checked.last_checked AS DATE) + 1
           WHEN CAST(checked.last_checked AS DATE)
               - coalesce(given.published, CAST(seen.first_seen AS DATE)) <= 30
               THEN CAST(checked.last_checked AS DATE) + 7
           WHEN CAST(checked.last_checked AS DATE)
               - coalesce(given.published, CAST(seen.first_seen AS DATE)) <= 365
               THEN CAST(checked.last_checked AS DATE) + 30
       END AS due,
       given.published,
       claim.span_start,
       claim.span_end,
       verdict.verdict_id,
       verdict.engine,
       review.reviewer,
       review.reason AS review_reason,
       altered.last_changed
FROM claim
JOIN seen USING (claim_id)
JOIN claim_reading ON claim_reading.reading_id = seen.reading_id
LEFT JOIN given ON given.article_id = claim.article_id
LEFT JOIN checked ON checked.claim_id = claim.claim_id
LEFT JOIN verdict ON verdict.verdict_id = checked.verdict_id
LEFT JOIN standing ON standing.claim_id = claim.claim_id
LEFT JOIN review ON review.review_id = standing.review_id
LEFT JOIN altered ON altered.claim_id = claim.claim_id;
COMMENT ON VIEW claim_status IS 'One row a claim, with the verdict that holds now: the latest review of a person that was not withdrawn, else the engine''s latest verdict.';
COMMENT ON COLUMN claim_status.claim_id IS 'The claim.';
COMMENT ON COLUMN claim_status.article_id IS 'The article that makes it.';
COMMENT ON COLUMN claim_status.text IS 'Its exact words.';
COMMENT ON COLUMN claim_status.standalone IS 'The claim so that it can be read alone; NULL where it cannot be resolved.';
COMMENT ON COLUMN claim_status.kind IS 'event, state, quantity, statement, accusation, denial, pledge, plan or agreement.';
COMMENT ON COLUMN claim_status.lang IS 'Language, ISO 639-1.';
COMMENT ON COLUMN claim_status.speaker IS 'Whose words are quoted; NULL where the outlet itself asserts.';
COMMENT ON COLUMN claim_status.worth IS 'How far it is worth checking, 0 to 1.';
COMMENT ON COLUMN claim_status.verdict IS 'Is it so: supported, refuted, conflicting or not_enough_evidence; NULL where it was never decided.';
COMMENT ON COLUMN claim_status.said IS 'Was it said: the same four; NULL where nobody is quoted.';
COMMENT ON COLUMN claim_status.confidence IS 'How sure the engine is, 0 to 1; NULL where a person decided.';
COMMENT ON COLUMN claim_status.supports IS 'Independent, disinterested origins that support it, as the engine last counted.';
COMMENT ON COLUMN claim_status.refutes IS 'Independent, disinterested origins that refute it, as the engine last counted.';
COMMENT ON COLUMN claim_status.decided_by IS 'engine or person.';
COMMENT ON COLUMN claim_status.decided_at IS 'When the verdict that holds was reached, UTC.';
COMMENT ON COLUMN claim_status.first_seen IS 'When the first run that found the claim began, UTC.';
COMMENT ON COLUMN claim_status.last_checked IS 'When the engine last decided, UTC.';
COMMENT ON COLUMN claim_status.due IS 'Day on which to check again. The day after the last day that the claim names, while that day has not passed at the last check; else 1 day after the last check for a claim up to 7 days old, 7 days up to 30, 30 days up to 365, never for older ones (NULL). Age counts from publication to the last check. At once where it was never checked; never where a person decided.';
COMMENT ON COLUMN claim_status.published IS 'Day on which the article was published, where it is known.';
COMMENT ON COLUMN claim_status.span_start IS 'First code point in the article.';
COMMENT ON COLUMN claim_status.span_end IS 'First code point after it.';
COMMENT ON COLUMN claim_status.verdict_id IS 'The engine''s latest verdict.';
COMMENT ON COLUMN claim_status.engine IS 'Version and model that reached it.';
COMMENT ON COLUMN claim_status.reviewer IS 'Who decided, where a person did.';
COMMENT ON COLUMN claim_status.review_reason IS 'Why, where a person decided.';
COMMENT ON COLUMN claim_status.last_changed IS 'When a decision last changed what held before it, UTC; NULL where none did.';

CREATE VIEW claim_history AS
WITH weighed AS (
    SELECT rulings.*, verdict.confidence, verdict.supports, verdict.refutes, verdict.engine,
           CASE WHEN rulings.decided_by = 'person' THEN [review.reason] ELSE verdict.reasons END AS reasons,
           review.reviewer,
           CASE WHEN rulings.decided_by = 'engine' THEN coalesce(
               (SELECT list(evidence_id ORDER BY ordinal) FROM verdict_evidence AS cited
                WHERE cited.verdict_id = rulings.verdict_id), CAST([] AS VARCHAR[])
           ) END AS evidence,
           CASE WHEN rulings.verdict_before_id IS NOT NULL THEN coalesce(
               (SELECT list(evidence_id ORDER BY ordinal) FROM verdict_evidence AS cited
                WHERE cited.verdict_id = rulings.verdict_before_id), CAST([] AS VARCHAR[])
           ) END AS evidence_before
    FROM rulings
    LEFT JOIN verdict ON verdict.verdict_id = rulings.verdict_id
    LEFT JOIN review ON rulings.decided_by = 'person' AND review.review_id = rulings.decision_id
)
SELECT claim_id,
       decided_at,
       decided_by,
       verdict,
       said,
       confidence,
       supports,
       refutes,
       reasons,
       holds_verdict,
       holds_said,
       changed,
       CASE WHEN evidence_before IS NOT NULL
            THEN list_filter(evidence, lambda item: NOT list_contains(evidence_before, item))
       END AS evidence_new,
       CASE WHEN evidence IS NOT NULL
            THEN list_filter(evidence_before, lambda item: NOT list_contains(evidence, item))
       END AS evidence_gone,
       verdict_id,
       engine,
       reviewer,
       decision_id
FROM weighed;
COMMENT ON VIEW claim_history IS 'Every decision on every claim, by the engine and by people, with what it changed.';
COMMENT ON COLUMN claim_history.claim_id IS 'The claim.';
COMMENT ON COLUMN claim_history.decided_at IS 'When it was decided, UTC.';
COMMENT ON COLUMN claim_history.decided_by IS 'engine or person.';
COMMENT ON COLUMN claim_history.verdict IS 'The verdict of this decision; NULL where a person withdrew an earlier one.';
COMMENT ON COLUMN claim_history.said IS 'Was it said, by this decision; NULL where nobody is quoted.';
COMMENT ON COLUMN claim_history.confidence IS 'How sure the engine was, 0 to 1.';
COMMENT ON COLUMN claim_history.supports IS 'Independent, disinterested origins that supported it.';
COMMENT ON COLUMN claim_history.refutes IS 'Independent, disinterested origins that refuted it.';
COMMENT ON COLUMN claim_history.reasons IS 'Why.';
COMMENT ON COLUMN claim_history.holds_verdict IS 'The verdict that held once this was decided; a person''s stands above the engine''s.';
COMMENT ON COLUMN claim_history.holds_said IS 'Was it said, as it held once this was decided.';
COMMENT ON COLUMN claim_history.changed IS 'Whether this decision changed what held before it.';
COMMENT ON COLUMN claim_history.evidence_new IS 'Evidence that the engine''s verdict before did not rest on; NULL where there was none before or a person decided.';
COMMENT ON COLUMN claim_history.evidence_gone IS 'Evidence of the engine''s verdict before that this one no longer rests on; NULL likewise.';
COMMENT ON COLUMN claim_history.verdict_id IS 'The engine''s verdict.';
COMMENT ON COLUMN claim_history.engine IS 'Version and model that weighed.';
COMMENT ON COLUMN claim_history.reviewer IS 'Who decided, where a person did.';
COMMENT ON COLUMN claim_history.decision_id IS 'The run, or the review, that decided.';

CREATE VIEW due AS
SELECT claim_id,
       due,
       CAST(now() AT TIME ZONE 'UTC' AS DATE) - due AS days_overdue,
       CASE WHEN last_checked IS NULL THEN 'never_checked'
            WHEN due = least(claim_reading.last_day, DATE '9999-12-30') + 1 THEN 'its_day_has_come'
            ELSE 'young'
       END AS why,
       verdict,
       last_checked,
       claim_status.worth,
       text,
       article_id
FROM claim_status
JOIN (
    SELECT claim_id, arg_max(reading_id, row(started_at, run_id)) AS reading_id
    FROM run_claim JOIN run USING (run_id)
    GROUP BY claim_id
) USING (claim_id)
JOIN claim_reading USING (claim_id, reading_id)
WHERE due <= CAST(now() AT TIME ZONE 'UTC' AS DATE);
COMMENT ON VIEW due IS 'The claims that are to be checked today or were to be before.';
COMMENT ON COLUMN due.claim_id IS 'The claim.';
COMMENT ON COLUMN due.due IS 'Day on which it fell due.';
COMMENT ON COLUMN due.days_overdue IS 'Days since then, by the date in UTC.';
COMMENT ON COLUMN due.why IS 'never_checked, its_day_has_come (the last day that it names has passed) or young (young claims are checked more often).';
COMMENT ON COLUMN due.verdict IS 'The verdict that holds now.';
COMMENT ON COLUMN due.last_checked IS 'When the engine last decided, UTC.';
COMMENT ON COLUMN due.worth IS 'How far it is worth checking, 0 to 1.';
COMMENT ON COLUMN due.text IS 'Its exact words.';
COMMENT ON COLUMN due.article_id IS 'The article that makes it.';

CREATE VIEW origins AS
WITH latest AS (
    SELECT arg_max(verdict_id, row(decided_at, run_id)) AS verdict_id
    FROM run_verdict
    GROUP BY claim_id
)
SELECT evidence.claim_id,
       evidence.question,
       cited.origin,
       bool_or(cited.interested) AS interested,
       count(DISTINCT cited.url) AS pages,
       count(DISTINCT cited.url) FILTER (cited.stance = 'supports') AS supports,
       count(DISTINCT cited.url) FILTER (cited.stance = 'refutes') AS refutes,
       list_sort(list(DISTINCT cited.outlet) FILTER (cited.outlet IS NOT NULL)) AS outlets,
       arg_max(cited.origin_chain, row(len(cited.origin_chain), cited.evidence_id)) AS chain,
       min(cited.published) AS first_published,
       cited.verdict_id
FROM latest
JOIN verdict_evidence AS cited USING (verdict_id)
JOIN evidence USING (evidence_id)
GROUP BY evidence.claim_id, evidence.question, cited.origin, cited.verdict_id;
COMMENT ON VIEW origins IS 'On whose word the engine''s latest verdict on each claim rests: one row a claim, question and origin.';
COMMENT ON COLUMN origins.claim_id IS 'The claim.';
COMMENT ON COLUMN origins.question IS 'so (is it so?) or said (was it said?).';
COMMENT ON COLUMN origins.origin IS 'Who it rests on; pages with one origin count once.';
COMMENT ON COLUMN origins.interested IS 'Whether the origin is a party to the matter; then it never counts as support.';
COMMENT ON COLUMN origins.pages IS 'Pages that rest on it.';
COMMENT ON COLUMN origins.supports IS 'Pages of them that support the claim.';
COMMENT ON COLUMN origins.refutes IS 'Pages of them that refute it.';
COMMENT ON COLUMN origins.outlets IS 'Who published the pages, in alphabetical order.';
COMMENT ON COLUMN origins.chain IS 'The longest chain told by one of the pages: page, agency, speaker.';
COMMENT ON COLUMN origins.first_published IS 'First day on which one of the pages was published.';
COMMENT ON COLUMN origins.verdict_id IS 'The verdict.';

CREATE MACRO changes_since(since) AS TABLE
WITH change AS (
    SELECT * FROM rulings WHERE changed AND decided_at >= since
), asked AS (
    SELECT verdict_id FROM change UNION SELECT verdict_before_id FROM change
), cited AS (
    SELECT verdict_id, evidence_id, capture_id, url FROM verdict_evidence SEMI JOIN asked USING (verdict_id)
), runs AS (
    SELECT decision_id AS run_id FROM change UNION SELECT decision_before_id FROM change
), got AS (
    SELECT run_id, final_url AS url, bool_or(outcome = 'ok') AS readable,
           list(capture_id) FILTER (capture_id IS NOT NULL) AS captures
    FROM fetched SEMI JOIN runs USING (run_id)
    GROUP BY run_id, final_url
), added AS (
    SELECT change.claim_id, change.decision_id, cited.url,
           bool_or(old.url IS NOT NULL AND NOT list_contains(old.captures, cited.capture_id)) AS edited
    FROM change
    JOIN cited USING (verdict_id)
    LEFT JOIN got AS old ON old.run_id = change.decision_before_id AND old.url = cited.url
    WHERE change.verdict_before_id IS NOT NULL
      AND NOT EXISTS (
          SELECT 1 FROM cited AS before
          WHERE before.verdict_id = change.verdict_before_id AND before.evidence_id = cited.evidence_id
      )
    GROUP BY ALL
), lost AS (
    SELECT change.claim_id, change.decision_id, cited.url,
           CASE WHEN bool_or(fresh.url IS NULL) THEN 'source_not_named'
                WHEN bool_or(NOT fresh.readable) THEN 'source_gone'
                WHEN bool_or(NOT list_contains(fresh.captures, cited.capture_id)) THEN 'source_edited'
           END AS cause
    FROM change
    JOIN cited ON cited.verdict_id = change.verdict_before_id
    LEFT JOIN got AS fresh ON fresh.run_id = change.decision_id AND fresh.url = cited.url
    WHERE change.verdict_id IS NOT NULL
      AND NOT EXISTS (
          SELECT 1 FROM cited AS after
          WHERE after.verdict_id = change.verdict_id AND after.evidence_id = cited.evidence_id
      )
    GROUP BY ALL
), came AS (
    SELECT claim_id, decision_id, list_sort(list(DISTINCT url)) AS urls,
           list(DISTINCT if(edited, 'source_edited', 'source_new')) AS causes
    FROM added
    GROUP BY ALL
), went AS (
    SELECT claim_id, decision_id, list_sort(list(DISTINCT url)) AS urls,
           list(DISTINCT cause) FILTER (cause IS NOT NULL) AS causes
    FROM lost
    GROUP BY ALL
), days AS (
    SELECT claim_id, run_id AS decision_id, max(last_day) AS last_day
    FROM run_claim JOIN claim_reading USING (claim_id, reading_id)
    WHERE claim_id IN (SELECT claim_id FROM change) AND last_day IS NOT NULL
    GROUP BY ALL
), told AS (
    SELECT change.*, claim.text, came.urls AS new_urls, went.urls AS gone_urls, review.reviewer,
           review.reason,
           list_sort(list_distinct(list_concat(
               CASE WHEN change.decided_by = 'person' THEN ['person'] END,
               came.causes,
               went.causes,
               CASE WHEN days.last_day >= CAST(change.decided_before_at AS DATE)
                     AND days.last_day < CAST(change.decided_at AS DATE) THEN ['its_day_has_come'] END,
               CASE WHEN old.engine <> fresh.engine THEN ['engine'] END
           ))) AS causes
    FROM change
    JOIN claim USING (claim_id)
    LEFT JOIN came USING (claim_id, decision_id)
    LEFT JOIN went USING (claim_id, decision_id)
    LEFT JOIN days USING (claim_id, decision_id)
    LEFT JOIN review ON review.review_id = change.decision_id AND change.decided_by = 'person'
    LEFT JOIN verdict AS fresh ON fresh.verdict_id = change.verdict_id
    LEFT JOIN verdict AS old ON old.verdict_id = change.verdict_before_id
)
SELECT claim_id,
       text,
       decided_at,
       decided_by,
       before_verdict,
       holds_verdict AS verdict,
       before_said,
       holds_said AS said,
       if(len(causes) > 0, causes, ['reweighed']) AS causes,
       coalesce(new_urls, CAST([] AS VARCHAR[])) AS new_urls,
       coalesce(gone_urls, CAST([] AS VARCHAR[])) AS gone_urls,
       reviewer,
       reason,
       decision_id
FROM told
ORDER BY decided_at, claim_id;
COMMENT ON MACRO TABLE changes_since IS 'Every change of what holds, since a day or moment (UTC), with its causes: source_new, source_edited, source_gone (cannot be read any more), source_not_named (no source named it this time), its_day_has_come, engine (another version), person, reweighed (none of these).';
