-- Every suspension and every end of one, in the order of the versions of their lists. The last of an entry counts.
CREATE TABLE suspensions (
  credential_id    BLOB NOT NULL REFERENCES drafts (credential_id),
  status_list      INTEGER NOT NULL REFERENCES status_lists (number),
  status_index     INTEGER NOT NULL,
  version          INTEGER NOT NULL,
  suspended        INTEGER NOT NULL CHECK (suspended IN (0, 1)),
  reason           TEXT,
  at               INTEGER NOT NULL,
  PRIMARY KEY (status_list, status_index, version),
  UNIQUE (credential_id, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER suspensions_stay BEFORE DELETE ON suspensions
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
CREATE TRIGGER suspensions_are_fixed BEFORE UPDATE ON suspensions
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;

-- Every list that was ever published, and where its bytes are among public content.
CREATE TABLE status_publications (
  seq              INTEGER PRIMARY KEY,
  list             INTEGER NOT NULL,
  purpose          TEXT NOT NULL,
  version          INTEGER NOT NULL,
  at               INTEGER NOT NULL,
  digest           TEXT NOT NULL,
  cid              TEXT NOT NULL,
  FOREIGN KEY (list, purpose) REFERENCES status_versions (list, purpose)
) STRICT;
CREATE INDEX status_publications_by_list ON status_publications (list, purpose, seq);

CREATE TRIGGER status_publications_stay BEFORE DELETE ON status_publications
BEGIN SELECT RAISE(ABORT, 'what was published stays'); END;
CREATE TRIGGER status_publications_are_fixed BEFORE UPDATE ON status_publications
BEGIN SELECT RAISE(ABORT, 'what was published stays'); END;

-- The digests that go to a chain, in the order in which they do: one of a list at a time. The time is that of the block,
-- in seconds, once it is final. Folded in this order they are the head that the registry has.
CREATE TABLE status_digests (
  seq              INTEGER PRIMARY KEY,
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  publication      INTEGER NOT NULL REFERENCES status_publications (seq),
  list             INTEGER NOT NULL,
  purpose          TEXT NOT NULL,
  planned_at       INTEGER NOT NULL,
  transaction_hash TEXT,
  time             INTEGER,
  UNIQUE (chain_id, account, publication),
  CHECK ((time IS NULL) = (transaction_hash IS NULL))
) STRICT;

CREATE INDEX status_digests_by_list ON status_digests (list, purpose, seq);
CREATE UNIQUE INDEX status_digests_one_at_a_time ON status_digests (chain_id, account, list, purpose) WHERE time IS NULL;

CREATE TRIGGER status_digests_stay BEFORE DELETE ON status_digests
BEGIN SELECT RAISE(ABORT, 'what stands on a chain stays'); END;
CREATE TRIGGER status_digests_are_fixed BEFORE UPDATE ON status_digests WHEN old.time IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what stands on a chain stays'); END;
