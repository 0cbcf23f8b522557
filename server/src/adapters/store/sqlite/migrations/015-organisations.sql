-- Whose data there is. The organisation that every home has owns all that was there before there were others.
CREATE TABLE organisations (
  id               TEXT PRIMARY KEY,
  name             TEXT NOT NULL,
  settings         TEXT NOT NULL,
  quotas           TEXT NOT NULL,
  created_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO organisations VALUES ('home', 'Home', '{}', '{}', 0);

CREATE TABLE departments (
  id               TEXT PRIMARY KEY,
  organisation     TEXT NOT NULL DEFAULT 'home' REFERENCES organisations (id),
  name             TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  UNIQUE (organisation, name)
) STRICT, WITHOUT ROWID;

-- What was accepted of an organisation in a day ('2026-11-26') and in a month ('2026-11').
CREATE TABLE usage (
  organisation     TEXT NOT NULL DEFAULT 'home' REFERENCES organisations (id),
  period           TEXT NOT NULL,
  recipients       INTEGER NOT NULL CHECK (recipients >= 0),
  bytes            INTEGER NOT NULL CHECK (bytes >= 0),
  PRIMARY KEY (organisation, period)
) STRICT, WITHOUT ROWID;

-- When a batch of an organisation was taken up last: whoever was served longest ago is served next.
CREATE TABLE turns (
  organisation     TEXT PRIMARY KEY,
  at               INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE api_keys ADD COLUMN organisation TEXT NOT NULL DEFAULT 'home';
ALTER TABLE batches ADD COLUMN organisation TEXT NOT NULL DEFAULT 'home';
ALTER TABLE status_lists ADD COLUMN organisation TEXT NOT NULL DEFAULT 'home';
ALTER TABLE issuer_profiles ADD COLUMN organisation TEXT NOT NULL DEFAULT 'home';
ALTER TABLE endpoints ADD COLUMN organisation TEXT NOT NULL DEFAULT 'home';
ALTER TABLE events ADD COLUMN organisation TEXT NOT NULL DEFAULT 'home';

CREATE INDEX api_keys_by_organisation ON api_keys (organisation, created_at);
CREATE INDEX batches_by_organisation ON batches (organisation, seq);
CREATE INDEX batches_by_organisation_and_state ON batches (organisation, held, state, seq);
CREATE INDEX endpoints_by_organisation ON endpoints (organisation, seq);
CREATE INDEX events_by_organisation ON events (organisation, seq);

-- The same name is another achievement in another organisation, and the same key another receipt.
CREATE TABLE achievements_015 (
  organisation     TEXT NOT NULL DEFAULT 'home',
  name             TEXT NOT NULL,
  version          INTEGER NOT NULL CHECK (version > 0),
  digest           TEXT NOT NULL,
  definition       TEXT NOT NULL,
  metadata         TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  PRIMARY KEY (organisation, name, version)
) STRICT, WITHOUT ROWID;

INSERT INTO achievements_015 (name, version, digest, definition, metadata, created_at)
SELECT name, version, digest, definition, metadata, created_at FROM achievements;

CREATE TABLE orders_015 (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  achievement      TEXT NOT NULL,
  version          INTEGER NOT NULL,
  fields           TEXT NOT NULL,
  accepted_at      INTEGER NOT NULL,
  batch            INTEGER REFERENCES batches (seq),
  row              INTEGER,
  redeemable       INTEGER NOT NULL DEFAULT 0 CHECK (redeemable IN (0, 1)),
  organisation     TEXT NOT NULL DEFAULT 'home',
  FOREIGN KEY (organisation, achievement, version) REFERENCES achievements_015 (organisation, name, version),
  CHECK ((batch IS NULL) = (row IS NULL))
) STRICT;

INSERT INTO orders_015 (seq, id, achievement, version, fields, accepted_at, batch, row, redeemable)
SELECT seq, id, achievement, version, fields, accepted_at, batch, row, redeemable FROM orders;

DROP TABLE orders;
DROP TABLE achievements;
ALTER TABLE achievements_015 RENAME TO achievements;
ALTER TABLE orders_015 RENAME TO orders;

CREATE INDEX orders_waiting ON orders (organisation, achievement, version, redeemable, seq) WHERE batch IS NULL;

CREATE TABLE receipts_015 (
  organisation     TEXT NOT NULL DEFAULT 'home',
  principal        TEXT NOT NULL,
  key              TEXT NOT NULL,
  fingerprint      TEXT NOT NULL,
  status           INTEGER,
  headers          TEXT,
  body             TEXT,
  created_at       INTEGER NOT NULL,
  PRIMARY KEY (organisation, principal, key)
) STRICT, WITHOUT ROWID;

INSERT INTO receipts_015 (principal, key, fingerprint, status, headers, body, created_at)
SELECT principal, key, fingerprint, status, headers, body, created_at FROM receipts;

DROP TABLE receipts;
ALTER TABLE receipts_015 RENAME TO receipts;

CREATE INDEX receipts_by_age ON receipts (created_at);

-- One collection of badge tokens on each chain for each organisation.
CREATE TABLE collections_015 (
  organisation     TEXT NOT NULL DEFAULT 'home',
  chain_id         INTEGER NOT NULL,
  issuer_id        TEXT NOT NULL,
  address          TEXT NOT NULL,
  metadata         TEXT NOT NULL,
  metadata_digest  TEXT NOT NULL,
  name             TEXT NOT NULL,
  symbol           TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  PRIMARY KEY (organisation, chain_id)
) STRICT, WITHOUT ROWID;

INSERT INTO collections_015 (chain_id, issuer_id, address, metadata, metadata_digest, name, symbol, created_at)
SELECT chain_id, issuer_id, address, metadata, metadata_digest, name, symbol, created_at FROM collections;

DROP TABLE collections;
ALTER TABLE collections_015 RENAME TO collections;

CREATE TRIGGER collections_are_fixed BEFORE UPDATE ON collections
BEGIN SELECT RAISE(ABORT, 'a collection is fixed for ever'); END;
CREATE TRIGGER collections_stay BEFORE DELETE ON collections
BEGIN SELECT RAISE(ABORT, 'a collection is fixed for ever'); END;
