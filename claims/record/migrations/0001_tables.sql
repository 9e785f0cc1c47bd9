-- Rows are only ever added. Ids are hashes of content, so recording a thing twice leaves one row;
-- what a run did stands in tables of its own that name the run. Times are UTC, offsets are Unicode
-- code points, the end excluded. There are no foreign keys and no indexes but the keys of content:
-- claims.record.integrity names every broken link.

CREATE TABLE _migrations (
    number INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE _migrations IS 'The steps by which the tables of this file came to be, one row each.';
COMMENT ON COLUMN _migrations.number IS 'Number of the step; the highest tells how new the file is.';
COMMENT ON COLUMN _migrations.name IS 'File name of the step.';
COMMENT ON COLUMN _migrations.applied_at IS 'When the step was applied, UTC.';

CREATE TABLE run (
    run_id VARCHAR PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    engine VARCHAR NOT NULL,
    sources VARCHAR NOT NULL,
    sample BOOLEAN NOT NULL
);
COMMENT ON TABLE run IS 'Every call of verify.';
COMMENT ON COLUMN run.run_id IS 'Name of the run.';
COMMENT ON COLUMN run.started_at IS 'When it began, UTC.';
COMMENT ON COLUMN run.engine IS 'Version and model that read and weighed.';
COMMENT ON COLUMN run.sources IS 'Name of the sources file.';
COMMENT ON COLUMN run.sample IS 'Whether the evidence came from the packaged sample web and not from the real one.';

CREATE TABLE run_finished (
    run_id VARCHAR NOT NULL,
    finished_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE run_finished IS 'The runs that came to their end; a run without a row here was cut short or still goes on.';
COMMENT ON COLUMN run_finished.run_id IS 'The run.';
COMMENT ON COLUMN run_finished.finished_at IS 'When it ended, UTC.';

CREATE TABLE failure (
    run_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    line VARCHAR NOT NULL
);
COMMENT ON TABLE failure IS 'What a run had to skip.';
COMMENT ON COLUMN failure.run_id IS 'The run.';
COMMENT ON COLUMN failure.ordinal IS 'Place among the failures of the run, from 0.';
COMMENT ON COLUMN failure.line IS 'What was skipped and why, in one line.';

CREATE TABLE article (
    article_id VARCHAR PRIMARY KEY,
    sha256 VARCHAR NOT NULL,
    text VARCHAR NOT NULL
);
COMMENT ON TABLE article IS 'The texts that were checked, each once.';
COMMENT ON COLUMN article.article_id IS 'Hash of the text.';
COMMENT ON COLUMN article.sha256 IS 'SHA-256 of the text in UTF-8, as hex digits.';
COMMENT ON COLUMN article.text IS 'The text exactly as given; the offsets of claims refer to it.';

CREATE TABLE run_article (
    run_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    ref VARCHAR,
    published DATE,
    lang VARCHAR NOT NULL,
    url VARCHAR,
    outlet VARCHAR,
    title VARCHAR
);
COMMENT ON TABLE run_article IS 'The articles that a run was given, with what was said about each.';
COMMENT ON COLUMN run_article.run_id IS 'The run.';
COMMENT ON COLUMN run_article.ordinal IS 'Place among the articles of the run, from 0.';
COMMENT ON COLUMN run_article.article_id IS 'The article.';
COMMENT ON COLUMN run_article.ref IS 'The caller''s own id of the article, where one was given.';
COMMENT ON COLUMN run_article.published IS 'Day of publication, where it is known.';
COMMENT ON COLUMN run_article.lang IS 'Language of the article, ISO 639-1.';
COMMENT ON COLUMN run_article.url IS 'Address of the article, where it is known.';
COMMENT ON COLUMN run_article.outlet IS 'Who published the article, where it is known.';
COMMENT ON COLUMN run_article.title IS 'Title of the article, where it is known.';

CREATE TABLE excluded (
    run_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE excluded IS 'Stretches of an article in which a run found nothing to check.';
COMMENT ON COLUMN excluded.run_id IS 'The run.';
COMMENT ON COLUMN excluded.ordinal IS 'Place among those of the article, from 0.';
COMMENT ON COLUMN excluded.article_id IS 'The article.';
COMMENT ON COLUMN excluded.span_start IS 'First code point in the article.';
COMMENT ON COLUMN excluded.span_end IS 'First code point after it.';
COMMENT ON COLUMN excluded.reason IS 'Why nothing in it can be checked.';

CREATE TABLE claim (
    claim_id VARCHAR PRIMARY KEY,
    article_id VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL
);
COMMENT ON TABLE claim IS 'The spans of articles that hold something to check, each once.';
COMMENT ON COLUMN claim.claim_id IS 'Hash of the article''s text and the span.';
COMMENT ON COLUMN claim.article_id IS 'The article.';
COMMENT ON COLUMN claim.text IS 'The exact words of the span.';
COMMENT ON COLUMN claim.span_start IS 'First code point in the article.';
COMMENT ON COLUMN claim.span_end IS 'First code point after it.';

CREATE TABLE claim_reading (
    reading_id VARCHAR PRIMARY KEY,
    claim_id VARCHAR NOT NULL,
    engine VARCHAR NOT NULL,
    sentence INTEGER NOT NULL,
    lang VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    standalone VARCHAR,
    speaker VARCHAR,
    attribution JSON NOT NULL,
    polarity VARCHAR NOT NULL,
    dates JSON NOT NULL,
    places JSON NOT NULL,
    names JSON NOT NULL,
    numbers JSON NOT NULL,
    last_day DATE,
    about_claim_id VARCHAR,
    worth DOUBLE NOT NULL,
    reasons VARCHAR[] NOT NULL,
    content_start INTEGER,
    content_end INTEGER
);
COMMENT ON TABLE claim_reading IS 'What a version of the engine understood a claim to say; a newer version adds a reading.';
COMMENT ON COLUMN claim_reading.reading_id IS 'Hash of all that was read and of the engine.';
COMMENT ON COLUMN claim_reading.claim_id IS 'The claim.';
COMMENT ON COLUMN claim_reading.engine IS 'Version that read it.';
COMMENT ON COLUMN claim_reading.sentence IS 'Number of the sentence in the article, from 0.';
COMMENT ON COLUMN claim_reading.lang IS 'Language, ISO 639-1.';
COMMENT ON COLUMN claim_reading.kind IS 'event, state, quantity, statement, accusation, denial, pledge, plan or agreement.';
COMMENT ON COLUMN claim_reading.standalone IS 'The claim so that it can be read alone; NULL where it cannot be resolved.';
COMMENT ON COLUMN claim_reading.speaker IS 'Whose words are quoted: the innermost speaker who is named; NULL where the outlet itself asserts.';
COMMENT ON COLUMN claim_reading.attribution IS 'The chain of speakers from the outermost inward, each with cue, mode and the offsets of the cue.';
COMMENT ON COLUMN claim_reading.polarity IS 'affirmed or negated.';
COMMENT ON COLUMN claim_reading.dates IS 'Stretches of days that are named, each with first and last day, both included.';
COMMENT ON COLUMN claim_reading.places IS 'Places that are named, with English name and country.';
COMMENT ON COLUMN claim_reading.names IS 'People, organisations, countries and agencies that are named.';
COMMENT ON COLUMN claim_reading.numbers IS 'Numbers with their units.';
COMMENT ON COLUMN claim_reading.last_day IS 'The last of all days that are named.';
COMMENT ON COLUMN claim_reading.about_claim_id IS 'The claim that this one denies or accuses of.';
COMMENT ON COLUMN claim_reading.worth IS 'How far it is worth checking, 0 to 1.';
COMMENT ON COLUMN claim_reading.reasons IS 'Why it is worth that much.';
COMMENT ON COLUMN claim_reading.content_start IS 'First code point, in the article, of what is said to be so without who says it.';
COMMENT ON COLUMN claim_reading.content_end IS 'First code point after it.';

CREATE TABLE run_claim (
    run_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    claim_id VARCHAR NOT NULL,
    reading_id VARCHAR NOT NULL
);
COMMENT ON TABLE run_claim IS 'The claims that a run found, as it read them.';
COMMENT ON COLUMN run_claim.run_id IS 'The run.';
COMMENT ON COLUMN run_claim.ordinal IS 'Place among the claims of the article, from 0.';
COMMENT ON COLUMN run_claim.claim_id IS 'The claim.';
COMMENT ON COLUMN run_claim.reading_id IS 'How the run read it.';

CREATE TABLE capture (
    capture_id VARCHAR PRIMARY KEY,
    url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    status INTEGER,
    sha256 VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    content_type VARCHAR,
    warc VARCHAR NOT NULL,
    warc_offset BIGINT NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    detail VARCHAR
);
COMMENT ON TABLE capture IS 'Answers of the web that are in the archive, each where it was archived first.';
COMMENT ON COLUMN capture.capture_id IS 'Hash of address, status and body.';
COMMENT ON COLUMN capture.url IS 'Address that was asked.';
COMMENT ON COLUMN capture.final_url IS 'Address that answered, after redirects.';
COMMENT ON COLUMN capture.outcome IS 'ok, or why it could not be read.';
COMMENT ON COLUMN capture.status IS 'HTTP status.';
COMMENT ON COLUMN capture.sha256 IS 'SHA-256 of the body, as hex digits.';
COMMENT ON COLUMN capture.bytes IS 'Length of the body in bytes.';
COMMENT ON COLUMN capture.content_type IS 'Content type that the server named.';
COMMENT ON COLUMN capture.warc IS 'Archive file, relative to the workspace.';
COMMENT ON COLUMN capture.warc_offset IS 'Where the record begins in that file, in bytes.';
COMMENT ON COLUMN capture.fetched_at IS 'When it was archived, UTC.';
COMMENT ON COLUMN capture.detail IS 'What else is known about the outcome.';

CREATE TABLE fetched (
    run_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    status INTEGER,
    capture_id VARCHAR,
    detail VARCHAR,
    observed_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE fetched IS 'Every address that a run asked and what came of it, archived or not.';
COMMENT ON COLUMN fetched.run_id IS 'The run.';
COMMENT ON COLUMN fetched.url IS 'Address that was asked.';
COMMENT ON COLUMN fetched.final_url IS 'Address that answered, after redirects.';
COMMENT ON COLUMN fetched.outcome IS 'ok, blocked_by_robots, paywalled, unreachable, unsafe_address, too_large, unsupported_type, gone or error.';
COMMENT ON COLUMN fetched.status IS 'HTTP status; NULL where nothing answered.';
COMMENT ON COLUMN fetched.capture_id IS 'The archived answer; NULL where nothing was archived.';
COMMENT ON COLUMN fetched.detail IS 'What else is known about the outcome.';
COMMENT ON COLUMN fetched.observed_at IS 'When the run recorded it, UTC.';

CREATE TABLE document (
    document_id VARCHAR PRIMARY KEY,
    capture_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    text VARCHAR NOT NULL
);
COMMENT ON TABLE document IS 'The text of archived pages, each once.';
COMMENT ON COLUMN document.document_id IS 'Hash of the capture and the text.';
COMMENT ON COLUMN document.capture_id IS 'The capture that was read.';
COMMENT ON COLUMN document.url IS 'Address of the page.';
COMMENT ON COLUMN document.text IS 'The text as it was read; the offsets of evidence refer to it.';

CREATE TABLE document_reading (
    reading_id VARCHAR PRIMARY KEY,
    document_id VARCHAR NOT NULL,
    title VARCHAR,
    authors VARCHAR[] NOT NULL,
    outlet VARCHAR,
    published DATE,
    modified DATE,
    lang VARCHAR,
    canonical VARCHAR,
    links VARCHAR[] NOT NULL,
    claim_reviews JSON NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE document_reading IS 'What a page tells about itself; another way of reading adds a row, and the latest holds.';
COMMENT ON COLUMN document_reading.reading_id IS 'Hash of all that was read.';
COMMENT ON COLUMN document_reading.document_id IS 'The document.';
COMMENT ON COLUMN document_reading.title IS 'Title.';
COMMENT ON COLUMN document_reading.authors IS 'Authors, as they are named.';
COMMENT ON COLUMN document_reading.outlet IS 'Who published it.';
COMMENT ON COLUMN document_reading.published IS 'Day of publication.';
COMMENT ON COLUMN document_reading.modified IS 'Day of the last change that the page tells of.';
COMMENT ON COLUMN document_reading.lang IS 'Language, ISO 639-1.';
COMMENT ON COLUMN document_reading.canonical IS 'Address that the page gives for itself.';
COMMENT ON COLUMN document_reading.links IS 'Addresses that the text links to.';
COMMENT ON COLUMN document_reading.claim_reviews IS 'ClaimReview markup of the page, as it stands there.';
COMMENT ON COLUMN document_reading.recorded_at IS 'When this reading was first recorded, UTC.';

CREATE TABLE sought (
    run_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    query VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    found INTEGER NOT NULL,
    detail VARCHAR
);
COMMENT ON TABLE sought IS 'Every question that a run put to a source for a claim.';
COMMENT ON COLUMN sought.run_id IS 'The run.';
COMMENT ON COLUMN sought.claim_id IS 'The claim.';
COMMENT ON COLUMN sought.ordinal IS 'Place among the questions for the claim, from 0.';
COMMENT ON COLUMN sought.source IS 'Name of the source in the sources file.';
COMMENT ON COLUMN sought.query IS 'What was asked.';
COMMENT ON COLUMN sought.outcome IS 'ok, empty, unreachable, refused, rate_limited or misconfigured.';
COMMENT ON COLUMN sought.found IS 'Number of pages that the source named.';
COMMENT ON COLUMN sought.detail IS 'What else is known about the outcome.';

CREATE TABLE unread (
    run_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    url VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    detail VARCHAR
);
COMMENT ON TABLE unread IS 'Pages that a source named for a claim and that a run could not read.';
COMMENT ON COLUMN unread.run_id IS 'The run.';
COMMENT ON COLUMN unread.claim_id IS 'The claim.';
COMMENT ON COLUMN unread.ordinal IS 'Place among the unread pages for the claim, from 0.';
COMMENT ON COLUMN unread.url IS 'Address of the page.';
COMMENT ON COLUMN unread.outcome IS 'blocked_by_robots, paywalled, unreachable, unsafe_address, too_large, unsupported_type, gone or error.';
COMMENT ON COLUMN unread.detail IS 'What else is known about the outcome.';

CREATE TABLE evidence (
    evidence_id VARCHAR PRIMARY KEY,
    claim_id VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    quote VARCHAR NOT NULL
);
COMMENT ON TABLE evidence IS 'Spans of archived text that were cited for a claim, each once.';
COMMENT ON COLUMN evidence.evidence_id IS 'Hash of claim, question, document and span.';
COMMENT ON COLUMN evidence.claim_id IS 'The claim.';
COMMENT ON COLUMN evidence.question IS 'so (is it so?) or said (was it said?).';
COMMENT ON COLUMN evidence.document_id IS 'The document.';
COMMENT ON COLUMN evidence.span_start IS 'First code point in the document''s text.';
COMMENT ON COLUMN evidence.span_end IS 'First code point after it.';
COMMENT ON COLUMN evidence.quote IS 'The exact words of the span.';

CREATE TABLE verdict (
    verdict_id VARCHAR PRIMARY KEY,
    claim_id VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    said VARCHAR,
    confidence DOUBLE NOT NULL,
    supports INTEGER NOT NULL,
    refutes INTEGER NOT NULL,
    gaps VARCHAR[] NOT NULL,
    reasons VARCHAR[] NOT NULL,
    engine VARCHAR NOT NULL,
    decided_by VARCHAR NOT NULL
);
COMMENT ON TABLE verdict IS 'What follows from a body of evidence for a claim; the same evidence weighed alike is one row.';
COMMENT ON COLUMN verdict.verdict_id IS 'Hash of the verdict and of all evidence as it was weighed.';
COMMENT ON COLUMN verdict.claim_id IS 'The claim.';
COMMENT ON COLUMN verdict.verdict IS 'Is it so: supported, refuted, conflicting or not_enough_evidence.';
COMMENT ON COLUMN verdict.said IS 'Was it said: the same four; NULL where nobody is quoted.';
COMMENT ON COLUMN verdict.confidence IS 'How sure the engine is, 0 to 1.';
COMMENT ON COLUMN verdict.supports IS 'Independent, disinterested origins that support it.';
COMMENT ON COLUMN verdict.refutes IS 'Independent, disinterested origins that refute it.';
COMMENT ON COLUMN verdict.gaps IS 'What would settle it.';
COMMENT ON COLUMN verdict.reasons IS 'Why it is this verdict.';
COMMENT ON COLUMN verdict.engine IS 'Version and model that weighed.';
COMMENT ON COLUMN verdict.decided_by IS 'Who weighed; decisions of people stand in review.';

CREATE TABLE verdict_evidence (
    verdict_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    evidence_id VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    outlet VARCHAR,
    published DATE,
    lang VARCHAR,
    origin VARCHAR NOT NULL,
    origin_chain VARCHAR[] NOT NULL,
    stance VARCHAR NOT NULL,
    supports DOUBLE NOT NULL,
    refutes DOUBLE NOT NULL,
    interested BOOLEAN NOT NULL,
    speaker VARCHAR,
    why VARCHAR[] NOT NULL
);
COMMENT ON TABLE verdict_evidence IS 'The evidence of a verdict as it was weighed, in order.';
COMMENT ON COLUMN verdict_evidence.verdict_id IS 'The verdict.';
COMMENT ON COLUMN verdict_evidence.ordinal IS 'Place among the evidence of the verdict, from 0.';
COMMENT ON COLUMN verdict_evidence.evidence_id IS 'The cited span.';
COMMENT ON COLUMN verdict_evidence.capture_id IS 'The archived page that holds the span.';
COMMENT ON COLUMN verdict_evidence.url IS 'Address of the page.';
COMMENT ON COLUMN verdict_evidence.outlet IS 'Who published the page.';
COMMENT ON COLUMN verdict_evidence.published IS 'Day of publication.';
COMMENT ON COLUMN verdict_evidence.lang IS 'Language of the page, ISO 639-1.';
COMMENT ON COLUMN verdict_evidence.origin IS 'On whose word the page rests; pages with one origin count once.';
COMMENT ON COLUMN verdict_evidence.origin_chain IS 'Page, agency, speaker: as far as the page tells.';
COMMENT ON COLUMN verdict_evidence.stance IS 'supports, refutes or neutral.';
COMMENT ON COLUMN verdict_evidence.supports IS 'Probability that the span supports the claim, 0 to 1.';
COMMENT ON COLUMN verdict_evidence.refutes IS 'Probability that the span refutes the claim, 0 to 1.';
COMMENT ON COLUMN verdict_evidence.interested IS 'Whether the origin is a party to the matter.';
COMMENT ON COLUMN verdict_evidence.speaker IS 'Whose word it is where the page quotes somebody, NULL where it speaks itself.';
COMMENT ON COLUMN verdict_evidence.why IS 'Why it was weighed so.';

CREATE TABLE run_verdict (
    run_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    verdict_id VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE run_verdict IS 'The verdicts that a run came to: one for each claim that it decided.';
COMMENT ON COLUMN run_verdict.run_id IS 'The run.';
COMMENT ON COLUMN run_verdict.claim_id IS 'The claim.';
COMMENT ON COLUMN run_verdict.verdict_id IS 'The verdict.';
COMMENT ON COLUMN run_verdict.decided_at IS 'When the run decided, UTC.';

CREATE TABLE review (
    review_id VARCHAR PRIMARY KEY,
    claim_id VARCHAR NOT NULL,
    verdict VARCHAR,
    said VARCHAR,
    withdraws VARCHAR,
    reviewer VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    CHECK ((verdict IS NULL) <> (withdraws IS NULL))
);
COMMENT ON TABLE review IS 'Decisions of people on claims; undoing one adds a row that withdraws it.';
COMMENT ON COLUMN review.review_id IS 'Hash of the decision.';
COMMENT ON COLUMN review.claim_id IS 'The claim.';
COMMENT ON COLUMN review.verdict IS 'Is it so, as the person decided; NULL where the row withdraws another.';
COMMENT ON COLUMN review.said IS 'Was it said, as the person decided.';
COMMENT ON COLUMN review.withdraws IS 'The review that is undone by this row.';
COMMENT ON COLUMN review.reviewer IS 'Who decided.';
COMMENT ON COLUMN review.reason IS 'Why.';
COMMENT ON COLUMN review.decided_at IS 'When, UTC.';
