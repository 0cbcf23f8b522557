-- What has happened, and whom it is still to be told. An event is stored in the transaction of the change that it tells of.
CREATE TABLE endpoints (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  url              TEXT NOT NULL,
  description      TEXT,
  -- With a blank on either side of each type; NULL: all of them.
  types            TEXT,
  created_at       INTEGER NOT NULL,
  ended_at         INTEGER,
  ended_reason     TEXT,
  failing_since    INTEGER,
  secret_key       TEXT NOT NULL,
  generation       INTEGER NOT NULL CHECK (generation > 0),
  previous_until   INTEGER,
  CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
) STRICT;

CREATE TABLE events (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  type             TEXT NOT NULL,
  subject          TEXT NOT NULL,
  sequence         INTEGER NOT NULL,
  at               INTEGER NOT NULL,
  data             TEXT NOT NULL,
  UNIQUE (subject, sequence, type)
) STRICT;

CREATE TRIGGER events_stand BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'what has happened has happened'); END;

CREATE INDEX events_at ON events (at);

-- The queue of each endpoint, and what has become of what was in it.
CREATE TABLE deliveries (
  endpoint         INTEGER NOT NULL REFERENCES endpoints (seq),
  event            INTEGER NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
  state            TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
  reason           TEXT,
  failures         INTEGER NOT NULL,
  due              INTEGER NOT NULL,
  PRIMARY KEY (endpoint, event)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (endpoint, due) WHERE state = 'waiting';
CREATE INDEX deliveries_event ON deliveries (event);

CREATE TABLE tries (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  endpoint         INTEGER NOT NULL,
  event            INTEGER NOT NULL,
  at               INTEGER NOT NULL,
  status           INTEGER,
  duration         INTEGER NOT NULL,
  code             TEXT NOT NULL,
  excerpt          TEXT NOT NULL,
  FOREIGN KEY (endpoint, event) REFERENCES deliveries (endpoint, event) ON DELETE CASCADE
) STRICT;

CREATE INDEX tries_delivery ON tries (endpoint, event, seq);
