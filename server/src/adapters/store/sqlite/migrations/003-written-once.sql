-- What a step makes of a recipient is a row of its own, written once and in the order of the roster: nothing grows in
-- place, and a batch of a million is stored at the speed of the disk. Ids are 16 bytes.
ALTER TABLE recipients RENAME TO recipients_002;
ALTER TABLE revocations RENAME TO revocations_002;

CREATE TABLE recipients (
  batch            INTEGER NOT NULL REFERENCES batches (seq),
  row              INTEGER NOT NULL CHECK (row > 0),
  fields           TEXT NOT NULL,
  PRIMARY KEY (batch, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE drafts (
  batch            INTEGER NOT NULL,
  row              INTEGER NOT NULL,
  credential_id    BLOB NOT NULL UNIQUE CHECK (length(credential_id) = 16),
  proof_id         BLOB NOT NULL CHECK (length(proof_id) = 16),
  secret           BLOB NOT NULL CHECK (length(secret) = 32),
  status_list      INTEGER REFERENCES status_lists (number),
  status_index     INTEGER,
  PRIMARY KEY (batch, row),
  FOREIGN KEY (batch, row) REFERENCES recipients (batch, row),
  UNIQUE (status_list, status_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE signatures (
  batch            INTEGER NOT NULL,
  row              INTEGER NOT NULL,
  created          TEXT NOT NULL,
  proof_value      TEXT NOT NULL,
  document_digest  BLOB NOT NULL CHECK (length(document_digest) = 32),
  leaf             BLOB NOT NULL CHECK (length(leaf) = 32),
  PRIMARY KEY (batch, row),
  FOREIGN KEY (batch, row) REFERENCES drafts (batch, row)
) STRICT, WITHOUT ROWID;

-- The leaves in the order of the tree, 256 to a block, and whose they are: four bytes a row, 32 a leaf.
CREATE TABLE blocks (
  batch            INTEGER NOT NULL REFERENCES batches (seq),
  place            INTEGER NOT NULL CHECK (place >= 0),
  first            BLOB NOT NULL CHECK (length(first) = 16),
  rows             BLOB NOT NULL CHECK (length(rows) BETWEEN 4 AND 4 * 256),
  leaves           BLOB NOT NULL CHECK (length(leaves) = 8 * length(rows)),
  PRIMARY KEY (batch, place),
  UNIQUE (batch, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE revocations (
  credential_id    BLOB PRIMARY KEY REFERENCES drafts (credential_id),
  status_list      INTEGER NOT NULL REFERENCES status_lists (number),
  status_index     INTEGER NOT NULL,
  version          INTEGER NOT NULL,
  reason           TEXT,
  at               INTEGER NOT NULL,
  UNIQUE (status_list, status_index)
) STRICT, WITHOUT ROWID;

ALTER TABLE batches ADD COLUMN status_list INTEGER GENERATED ALWAYS AS (json_extract(status_lists, '$.number')) VIRTUAL;
ALTER TABLE batches ADD COLUMN checked INTEGER NOT NULL DEFAULT 0;

INSERT INTO recipients
SELECT batches.seq, row, fields FROM recipients_002 JOIN batches ON batches.id = batch ORDER BY 1, 2;

INSERT INTO drafts
SELECT
  batches.seq, row,
  unhex(replace(substr(credential_id, 10), '-', '')),
  unhex(replace(substr(proof_id, 10), '-', '')),
  secret, recipients_002.status_list, status_index
FROM recipients_002 JOIN batches ON batches.id = batch WHERE credential_id IS NOT NULL ORDER BY 1, 2;

INSERT INTO signatures
SELECT batches.seq, row, created, proof_value, document_digest, leaf
FROM recipients_002 JOIN batches ON batches.id = batch WHERE leaf IS NOT NULL ORDER BY 1, 2;

INSERT INTO blocks
SELECT
  batches.seq, position / 256,
  unhex(replace(substr(min(credential_id), 10), '-', '')),
  unhex(group_concat(printf('%08x', row), '' ORDER BY position)),
  unhex(group_concat(hex(leaf), '' ORDER BY position))
FROM recipients_002 JOIN batches ON batches.id = batch WHERE position IS NOT NULL GROUP BY 1, 2;

INSERT INTO revocations
SELECT unhex(replace(substr(credential_id, 10), '-', '')), status_list, status_index, version, reason, at FROM revocations_002;

DROP TABLE revocations_002;
DROP TABLE recipients_002;

CREATE TRIGGER revocations_stay BEFORE DELETE ON revocations
BEGIN SELECT RAISE(ABORT, 'a revocation never un-happens'); END;

CREATE TRIGGER revocations_are_fixed BEFORE UPDATE ON revocations
BEGIN SELECT RAISE(ABORT, 'a revocation never un-happens'); END;

-- What a root commits to never changes, its leaves and their order included.
CREATE TRIGGER blocks_are_fixed BEFORE UPDATE ON blocks
BEGIN SELECT RAISE(ABORT, 'a root is fixed for ever'); END;
CREATE TRIGGER blocks_stay BEFORE DELETE ON blocks
BEGIN SELECT RAISE(ABORT, 'a root is fixed for ever'); END;
