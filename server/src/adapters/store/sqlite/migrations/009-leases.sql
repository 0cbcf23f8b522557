-- Who works on which open batch, until when, and from when on its next turn comes. Other things are leased by their name.
DROP TABLE leases;

CREATE TABLE leases (
  name             TEXT PRIMARY KEY,
  host             TEXT,
  pid              INTEGER,
  epoch            INTEGER NOT NULL,
  until            INTEGER NOT NULL,
  due              INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO leases SELECT id, NULL, NULL, 0, 0, created_at FROM batches WHERE state NOT IN ('delivered', 'cancelled');

CREATE TRIGGER leases_only_rise BEFORE UPDATE ON leases WHEN new.epoch < old.epoch
BEGIN SELECT RAISE(ABORT, 'a lease never goes back'); END;

ALTER TABLE batches ADD COLUMN issuer TEXT GENERATED ALWAYS AS (json_extract(terms, '$.issuer.id')) VIRTUAL;
ALTER TABLE batches ADD COLUMN registry TEXT GENERATED ALWAYS AS (json_extract(terms, '$.registry')) VIRTUAL;
