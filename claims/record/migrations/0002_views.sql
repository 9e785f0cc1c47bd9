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
       review.reason AS review_reason
FROM claim
JOIN seen USING (claim_id)
JOIN claim_reading ON claim_reading.reading_id = seen.reading_id
LEFT JOIN given ON given.article_id = claim.article_id
LEFT JOIN checked ON checked.claim_id = claim.claim_id
LEFT JOIN verdict ON verdict.verdict_id = checked.verdict_id
LEFT JOIN standing ON standing.claim_id = claim.claim_id
LEFT JOIN review ON review.review_id = standing.review_id;
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

CREATE VIEW claim_history AS
WITH cited AS (
    SELECT verdict_id, list(evidence_id ORDER BY ordinal) AS evidence
    FROM verdict_evidence
    GROUP BY verdict_id
), decision AS (
    SELECT run_verdict.claim_id, run_verdict.decided_at, 'engine' AS decided_by,
           run_verdict.run_id AS decision_id, run_verdict.verdict_id, verdict.verdict, verdict.said,
           verdict.confidence, verdict.supports, verdict.refutes, verdict.reasons, verdict.engine,
           NULL AS reviewer, coalesce(cited.evidence, CAST([] AS VARCHAR[])) AS evidence
    FROM run_verdict
    JOIN verdict USING (verdict_id)
    LEFT JOIN cited USING (verdict_id)
    UNION ALL
    SELECT review.claim_id, review.decided_at, 'person', review.review_id, NULL, review.verdict,
           review.said, NULL, NULL, NULL, [review.reason], NULL, review.reviewer, NULL
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
               CASE WHEN decision.verdict_id IS NOT NULL THEN decision.evidence END IGNORE NULLS
           ) OVER in_order AS evidence_before
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
       confidence,
       supports,
       refutes,
       reasons,
       holds.verdict AS holds_verdict,
       holds.said AS holds_said,
       row_number() OVER in_order > 1 AND holds IS DISTINCT FROM lag(holds) OVER in_order AS changed,
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
FROM held
WINDOW in_order AS (PARTITION BY claim_id ORDER BY decided_at, decision_id);
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

CREATE VIEW evidence_quotes AS
WITH latest AS (
    SELECT arg_max(verdict_id, row(decided_at, run_id)) AS verdict_id
    FROM run_verdict
    GROUP BY claim_id
)
SELECT evidence.quote,
       verdict_evidence.url,
       verdict_evidence.outlet,
       capture.warc,
       capture.warc_offset,
       capture.sha256,
       evidence.claim_id,
       evidence.question,
       verdict_evidence.stance,
       verdict_evidence.origin,
       verdict_evidence.interested,
       verdict_evidence.published,
       verdict_evidence.lang,
       evidence.document_id,
       evidence.span_start,
       evidence.span_end,
       capture.fetched_at,
       latest.verdict_id IS NOT NULL AS is_current,
       verdict_evidence.verdict_id,
       evidence.evidence_id
FROM verdict_evidence
JOIN evidence USING (evidence_id)
JOIN capture USING (capture_id)
LEFT JOIN latest ON latest.verdict_id = verdict_evidence.verdict_id;
COMMENT ON VIEW evidence_quotes IS 'Every quotation that a verdict rests on, with the way to its archived bytes.';
COMMENT ON COLUMN evidence_quotes.quote IS 'The exact words.';
COMMENT ON COLUMN evidence_quotes.url IS 'Address of the page.';
COMMENT ON COLUMN evidence_quotes.outlet IS 'Who published the page.';
COMMENT ON COLUMN evidence_quotes.warc IS 'Archive file, relative to the workspace.';
COMMENT ON COLUMN evidence_quotes.warc_offset IS 'Where the record begins in that file, in bytes.';
COMMENT ON COLUMN evidence_quotes.sha256 IS 'SHA-256 of the archived body, as hex digits.';
COMMENT ON COLUMN evidence_quotes.claim_id IS 'The claim.';
COMMENT ON COLUMN evidence_quotes.question IS 'so (is it so?) or said (was it said?).';
COMMENT ON COLUMN evidence_quotes.stance IS 'supports, refutes or neutral.';
COMMENT ON COLUMN evidence_quotes.origin IS 'On whose word the page rests; pages with one origin count once.';
COMMENT ON COLUMN evidence_quotes.interested IS 'Whether the origin is a party to the matter.';
COMMENT ON COLUMN evidence_quotes.published IS 'Day on which the page was published.';
COMMENT ON COLUMN evidence_quotes.lang IS 'Language of the page, ISO 639-1.';
COMMENT ON COLUMN evidence_quotes.document_id IS 'The document.';
COMMENT ON COLUMN evidence_quotes.span_start IS 'First code point in the document''s text.';
COMMENT ON COLUMN evidence_quotes.span_end IS 'First code point after it.';
COMMENT ON COLUMN evidence_quotes.fetched_at IS 'When the page was archived, UTC.';
COMMENT ON COLUMN evidence_quotes.is_current IS 'Whether the engine''s latest verdict on the claim rests on it.';
COMMENT ON COLUMN evidence_quotes.verdict_id IS 'The verdict that rests on it.';
COMMENT ON COLUMN evidence_quotes.evidence_id IS 'The cited span.';

CREATE VIEW sources_health AS
SELECT sought.source,
       count(*) AS asked,
       count(*) FILTER (sought.outcome = 'ok') AS ok,
       count(*) FILTER (sought.outcome = 'empty') AS empty,
       count(*) FILTER (sought.outcome = 'unreachable') AS unreachable,
       count(*) FILTER (sought.outcome = 'refused') AS refused,
       count(*) FILTER (sought.outcome = 'rate_limited') AS rate_limited,
       count(*) FILTER (sought.outcome = 'misconfigured') AS misconfigured,
       CAST(sum(sought.found) AS BIGINT) AS found,
       max(run.started_at) AS last_asked,
       max(run.started_at) FILTER (sought.outcome IN ('ok', 'empty')) AS last_answered
FROM sought JOIN run USING (run_id)
GROUP BY sought.source;
COMMENT ON VIEW sources_health IS 'How each source answered, over all runs.';
COMMENT ON COLUMN sources_health.source IS 'Name of the source in the sources file.';
COMMENT ON COLUMN sources_health.asked IS 'Questions put to it.';
COMMENT ON COLUMN sources_health.ok IS 'Questions for which it named pages.';
COMMENT ON COLUMN sources_health.empty IS 'Questions for which it named none.';
COMMENT ON COLUMN sources_health.unreachable IS 'Questions that it did not answer.';
COMMENT ON COLUMN sources_health.refused IS 'Questions that it refused.';
COMMENT ON COLUMN sources_health.rate_limited IS 'Questions that came too fast for it.';
COMMENT ON COLUMN sources_health.misconfigured IS 'Questions that could not be put because it is set up wrongly.';
COMMENT ON COLUMN sources_health.found IS 'Pages that it named.';
COMMENT ON COLUMN sources_health.last_asked IS 'Begin of the last run that asked it, UTC.';
COMMENT ON COLUMN sources_health.last_answered IS 'Begin of the last run that it answered, UTC.';
