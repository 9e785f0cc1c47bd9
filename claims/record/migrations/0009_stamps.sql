-- What others attest: timestamps of archive files, and pages handed to a public archive.

CREATE TABLE stamp (
    token VARCHAR NOT NULL,
    warc VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 VARCHAR NOT NULL,
    authority VARCHAR NOT NULL,
    serial VARCHAR NOT NULL,
    stamped_at TIMESTAMP NOT NULL,
    root VARCHAR NOT NULL,
    PRIMARY KEY (token)
);
COMMENT ON TABLE stamp IS 'Timestamps (RFC 3161) of archive files: proof that the first bytes of a file existed at a time.';
COMMENT ON COLUMN stamp.token IS 'File of the authority''s answer, relative to the workspace.';
COMMENT ON COLUMN stamp.warc IS 'The archive file, relative to the workspace.';
COMMENT ON COLUMN stamp.bytes IS 'How many bytes of it, from its beginning, the timestamp covers; the file may have grown since.';
COMMENT ON COLUMN stamp.sha256 IS 'SHA-256 of these bytes, which the authority signed.';
COMMENT ON COLUMN stamp.authority IS 'Address of the authority.';
COMMENT ON COLUMN stamp.serial IS 'Serial number that the authority gave the timestamp.';
COMMENT ON COLUMN stamp.stamped_at IS 'The time to which the authority attests, UTC.';
COMMENT ON COLUMN stamp.root IS 'Root certificate (PEM) to which the signature led when it was made.';

CREATE TABLE submission (
    submission_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    run_id VARCHAR,
    service VARCHAR NOT NULL,
    submitted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (submission_id)
);
COMMENT ON TABLE submission IS 'Addresses handed to a public archive, to be saved there.';
COMMENT ON COLUMN submission.submission_id IS 'Begins with s_.';
COMMENT ON COLUMN submission.url IS 'The address.';
COMMENT ON COLUMN submission.run_id IS 'The run whose verdicts cite it; NULL where it was named by hand.';
COMMENT ON COLUMN submission.service IS 'Address of the public archive.';
COMMENT ON COLUMN submission.submitted_at IS 'When it was handed over, UTC.';

CREATE TABLE submission_answer (
    submission_id VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    job_id VARCHAR,
    archived_url VARCHAR,
    detail VARCHAR,
    answered_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE submission_answer IS 'What the public archive said of a submission, each time that it said something.';
COMMENT ON COLUMN submission_answer.submission_id IS 'The submission.';
COMMENT ON COLUMN submission_answer.outcome IS 'archived, pending (taken, not yet done), failed (tried, no copy was made) or refused (not taken).';
COMMENT ON COLUMN submission_answer.job_id IS 'The public archive''s name for the work; NULL where it took none.';
COMMENT ON COLUMN submission_answer.archived_url IS 'Address of the copy; NULL unless archived.';
COMMENT ON COLUMN submission_answer.detail IS 'Why, where it is not archived.';
COMMENT ON COLUMN submission_answer.answered_at IS 'When, UTC.';

CREATE VIEW submissions AS
SELECT submission_id, url, run_id, service, submitted_at, outcome, job_id, archived_url, detail, answered_at
FROM submission
JOIN submission_answer USING (submission_id)
QUALIFY row_number() OVER (
    PARTITION BY submission_id ORDER BY answered_at DESC, (outcome = 'pending'), outcome
) = 1;
COMMENT ON VIEW submissions IS 'Addresses handed to a public archive, each with the last that it said of it.';
COMMENT ON COLUMN submissions.submission_id IS 'Begins with s_.';
COMMENT ON COLUMN submissions.url IS 'The address.';
COMMENT ON COLUMN submissions.run_id IS 'The run whose verdicts cite it; NULL where it was named by hand.';
COMMENT ON COLUMN submissions.service IS 'Address of the public archive.';
COMMENT ON COLUMN submissions.submitted_at IS 'When it was handed over, UTC.';
COMMENT ON COLUMN submissions.outcome IS 'archived, pending (taken, not yet done), failed (tried, no copy was made) or refused (not taken).';
COMMENT ON COLUMN submissions.job_id IS 'The public archive''s name for the work; NULL where it took none.';
COMMENT ON COLUMN submissions.archived_url IS 'Address of the copy; NULL unless archived.';
COMMENT ON COLUMN submissions.detail IS 'Why, where it is not archived.';
COMMENT ON COLUMN submissions.answered_at IS 'When it said so, UTC.';
