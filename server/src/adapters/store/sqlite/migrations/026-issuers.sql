-- The issuers of organisations beside the home's own, which follows from its keys and its configuration. Their keys lie in
-- the home, or elsewhere; which of them is in use stands here.
CREATE TABLE issuers (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  organisation     TEXT NOT NULL DEFAULT 'home' REFERENCES organisations (id),
  name             TEXT NOT NULL,
  did              TEXT NOT NULL UNIQUE,
  created_at       INTEGER NOT NULL
) STRICT;

CREATE INDEX issuers_by_organisation ON issuers (organisation, seq);

CREATE TRIGGER issuers_are_fixed BEFORE UPDATE ON issuers
BEGIN SELECT RAISE(ABORT, 'an issuer is fixed for ever'); END;
CREATE TRIGGER issuers_stay BEFORE DELETE ON issuers
BEGIN SELECT RAISE(ABORT, 'an issuer is fixed for ever'); END;

-- Its credential keys: the newest signs. None is ever forgotten, because what it has signed stays.
CREATE TABLE issuer_keys (
  issuer           TEXT NOT NULL REFERENCES issuers (id),
  generation       INTEGER NOT NULL CHECK (generation > 0),
  organisation     TEXT NOT NULL DEFAULT 'home' REFERENCES organisations (id),
  public_key       TEXT NOT NULL UNIQUE,
  created_at       INTEGER NOT NULL,
  -- From which second on nothing counts that it has signed, and when that was said.
  reported_from    INTEGER,
  reported_at      INTEGER,
  PRIMARY KEY (issuer, generation),
  CHECK ((reported_from IS NULL) = (reported_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER issuer_keys_are_fixed BEFORE UPDATE ON issuer_keys
WHEN new.issuer <> old.issuer OR new.generation <> old.generation OR new.public_key <> old.public_key
  OR new.created_at <> old.created_at OR new.organisation <> old.organisation
BEGIN SELECT RAISE(ABORT, 'a key of an issuer is fixed for ever'); END;
-- What was reported may only be reported from earlier on.
CREATE TRIGGER issuer_keys_stay_reported BEFORE UPDATE ON issuer_keys
WHEN old.reported_from IS NOT NULL AND (new.reported_from IS NULL OR new.reported_from > old.reported_from)
BEGIN SELECT RAISE(ABORT, 'a report is never taken back'); END;
CREATE TRIGGER issuer_keys_stay BEFORE DELETE ON issuer_keys
BEGIN SELECT RAISE(ABORT, 'a key of an issuer is fixed for ever'); END;
