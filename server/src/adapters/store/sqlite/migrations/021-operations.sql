-- When backups were made, and when this database was restored from one. Until what the chain knows has been looked at, a
-- restored database is only read.
CREATE TABLE backups (
  seq              INTEGER PRIMARY KEY,
  at               INTEGER NOT NULL
) STRICT;

CREATE TABLE restorations (
  seq              INTEGER PRIMARY KEY,
  backup_at        INTEGER NOT NULL,
  restored_at      INTEGER NOT NULL,
  reconciled_at    INTEGER
) STRICT;

-- Roots that an account of ours has anchored and that this database has no batch for: what was issued after the backup.
-- Each has used up a number of its account.
CREATE TABLE found_roots (
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  number           INTEGER NOT NULL CHECK (number > 0),
  root             TEXT NOT NULL,
  block_number     INTEGER NOT NULL,
  transaction_hash TEXT NOT NULL,
  PRIMARY KEY (chain_id, account, number),
  UNIQUE (chain_id, account, root)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER found_roots_stay BEFORE DELETE ON found_roots
BEGIN SELECT RAISE(ABORT, 'what is anchored stays'); END;
