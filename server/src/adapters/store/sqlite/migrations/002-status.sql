CREATE TABLE status_lists (
  number           INTEGER PRIMARY KEY,
  issuer           TEXT NOT NULL,
  public_url       TEXT NOT NULL,
  size             INTEGER NOT NULL CHECK (size >= 131072)
) STRICT;

CREATE TABLE status_versions (
  list             INTEGER NOT NULL REFERENCES status_lists (number),
  purpose          TEXT NOT NULL CHECK (purpose IN ('revocation', 'suspension')),
  version          INTEGER NOT NULL CHECK (version > 0),
  published        INTEGER NOT NULL DEFAULT 0,
  published_at     INTEGER NOT NULL DEFAULT 0,
  text             TEXT,
  digest           TEXT,
  PRIMARY KEY (list, purpose),
  CHECK (published <= version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER status_versions_only_rise BEFORE UPDATE ON status_versions
WHEN new.version < old.version OR new.published < old.published
BEGIN SELECT RAISE(ABORT, 'a status list never goes back'); END;

CREATE TABLE revocations (
  credential_id    TEXT PRIMARY KEY REFERENCES recipients (credential_id),
  status_list      INTEGER NOT NULL REFERENCES status_lists (number),
  status_index     INTEGER NOT NULL,
  version          INTEGER NOT NULL,
  reason           TEXT,
  at               INTEGER NOT NULL,
  UNIQUE (status_list, status_index)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER revocations_stay BEFORE DELETE ON revocations
BEGIN SELECT RAISE(ABORT, 'a revocation never un-happens'); END;

CREATE TRIGGER revocations_are_fixed BEFORE UPDATE ON revocations
BEGIN SELECT RAISE(ABORT, 'a revocation never un-happens'); END;
