-- The tables that grow with every night have no primary keys any more. Their ids are hashes, in no order, so that
-- every night read and wrote all of an index, and every turn the list of its parts: at a million claims a turn cost four
-- times what it does in an empty file. Who adds a row looks for it first (claims.record.keys).

CREATE TABLE _article (
    article_id VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    text VARCHAR NOT NULL
);
INSERT INTO _article FROM article;
DROP TABLE article;
ALTER TABLE _article RENAME TO article;
COMMENT ON TABLE article IS 'The texts that were checked, each once.';
COMMENT ON COLUMN article.article_id IS 'Hash of the text.';
COMMENT ON COLUMN article.sha256 IS 'SHA-256 of the text in UTF-8, as hex digits.';
COMMENT ON COLUMN article.text IS 'The text exactly as given; the offsets of claims refer to it.';

CREATE TABLE _claim (
    claim_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL
);
INSERT INTO _claim FROM claim;
DROP TABLE claim;
ALTER TABLE _claim RENAME TO claim;
COMMENT ON TABLE claim IS 'The spans of articles that hold something to check, each once.';
COMMENT ON COLUMN claim.claim_id IS 'Hash of the article''s text and the span.';
COMMENT ON COLUMN claim.article_id IS 'The article.';
COMMENT ON COLUMN claim.text IS 'The exact words of the span.';
COMMENT ON COLUMN claim.span_start IS 'First code point in the article.';
COMMENT ON COLUMN claim.span_end IS 'First code point after it.';

CREATE TABLE _claim_reading (
    reading_id VARCHAR NOT NULL,
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
INSERT INTO _claim_reading FROM claim_reading;
DROP TABLE claim_reading;
ALTER TABLE _claim_reading RENAME TO claim_reading;
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

CREATE TABLE _capture (
    capture_id VARCHAR NOT NULL,
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
INSERT INTO _capture FROM capture;
DROP TABLE capture;
ALTER TABLE _capture RENAME TO capture;
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

CREATE TABLE _document (
    document_id VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    text VARCHAR NOT NULL
);
INSERT INTO _document FROM document;
DROP TABLE document;
ALTER TABLE _document RENAME TO document;
COMMENT ON TABLE document IS 'The text of archived pages, each once.';
COMMENT ON COLUMN document.document_id IS 'Hash of the capture and the text.';
COMMENT ON COLUMN document.capture_id IS 'The capture that was read.';
COMMENT ON COLUMN document.url IS 'Address of the page.';
COMMENT ON COLUMN document.text IS 'The text as it was read; the offsets of evidence refer to it.';

CREATE TABLE _document_reading (
    reading_id VARCHAR NOT NULL,
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
INSERT INTO _document_reading FROM document_reading;
DROP TABLE document_reading;
ALTER TABLE _document_reading RENAME TO document_reading;
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

CREATE TABLE _evidence (
    evidence_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    quote VARCHAR NOT NULL
);
INSERT INTO _evidence FROM evidence;
DROP TABLE evidence;
ALTER TABLE _evidence RENAME TO evidence;
COMMENT ON TABLE evidence IS 'Spans of archived text that were cited for a claim, each once.';
COMMENT ON COLUMN evidence.evidence_id IS 'Hash of claim, question, document and span.';
COMMENT ON COLUMN evidence.claim_id IS 'The claim.';
COMMENT ON COLUMN evidence.question IS 'so (is it so?) or said (was it said?).';
COMMENT ON COLUMN evidence.document_id IS 'The document.';
COMMENT ON COLUMN evidence.span_start IS 'First code point in the document''s text.';
COMMENT ON COLUMN evidence.span_end IS 'First code point after it.';
COMMENT ON COLUMN evidence.quote IS 'The exact words of the span.';

CREATE TABLE _verdict (
    verdict_id VARCHAR NOT NULL,
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
INSERT INTO _verdict FROM verdict;
DROP TABLE verdict;
ALTER TABLE _verdict RENAME TO verdict;
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

CREATE TABLE _named (
    named_id VARCHAR NOT NULL,
    candidates JSON NOT NULL,
    checks JSON NOT NULL
);
INSERT INTO _named FROM named;
DROP TABLE named;
ALTER TABLE _named RENAME TO named;
COMMENT ON TABLE named IS 'What the sources named for a claim, taken together; where they name the same again, it is the same row.';
COMMENT ON COLUMN named.named_id IS 'Hash of all that was named.';
COMMENT ON COLUMN named.candidates IS 'Pages that may hold evidence, best placed first, with what the sources say of each.';
COMMENT ON COLUMN named.checks IS 'Published checks of claims like it.';
