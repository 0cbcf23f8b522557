-- All public content by the CIDs under which it was put. Nothing is ever removed from it.
CREATE TABLE contents (
  seq              INTEGER PRIMARY KEY,
  cid              TEXT NOT NULL UNIQUE,
  added_at         INTEGER NOT NULL
) STRICT;

CREATE TRIGGER contents_stay BEFORE DELETE ON contents
BEGIN SELECT RAISE(ABORT, 'public content is for good'); END;

-- What is known of it elsewhere. What has no row was never asked for at that place.
CREATE TABLE pins (
  cid              TEXT NOT NULL REFERENCES contents (cid),
  place            TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('waiting', 'pinned', 'lost')),
  seen_at          INTEGER,
  failures         INTEGER NOT NULL CHECK (failures >= 0),
  due_at           INTEGER NOT NULL,
  reason           TEXT,
  PRIMARY KEY (cid, place),
  CHECK ((state = 'waiting') = (seen_at IS NULL))
) STRICT, WITHOUT ROWID;
