-- The collection of badge tokens of this home's issuer, one on each chain. Tickets and awards name it for ever.
CREATE TABLE collections (
  chain_id         INTEGER PRIMARY KEY,
  issuer_id        TEXT NOT NULL,
  address          TEXT NOT NULL,
  metadata         TEXT NOT NULL,
  metadata_digest  TEXT NOT NULL,
  name             TEXT NOT NULL,
  symbol           TEXT NOT NULL,
  created_at       INTEGER NOT NULL
) STRICT;

CREATE TRIGGER collections_are_fixed BEFORE UPDATE ON collections
BEGIN SELECT RAISE(ABORT, 'a collection is fixed for ever'); END;
CREATE TRIGGER collections_stay BEFORE DELETE ON collections
BEGIN SELECT RAISE(ABORT, 'a collection is fixed for ever'); END;

-- A batch's tickets in the order of their tree, 256 to a block, and whose they are: four bytes a row, 32 a ticket.
CREATE TABLE tickets (
  batch            INTEGER NOT NULL REFERENCES batches (seq),
  place            INTEGER NOT NULL CHECK (place >= 0),
  rows             BLOB NOT NULL CHECK (length(rows) BETWEEN 4 AND 4 * 256),
  leaves           BLOB NOT NULL CHECK (length(leaves) = 8 * length(rows)),
  PRIMARY KEY (batch, place)
) STRICT, WITHOUT ROWID;

-- What a root commits to never changes, its tickets and their order included.
CREATE TRIGGER tickets_are_fixed BEFORE UPDATE ON tickets
BEGIN SELECT RAISE(ABORT, 'a root is fixed for ever'); END;
CREATE TRIGGER tickets_stay BEFORE DELETE ON tickets
BEGIN SELECT RAISE(ABORT, 'a root is fixed for ever'); END;
