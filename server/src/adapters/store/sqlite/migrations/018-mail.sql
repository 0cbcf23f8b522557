-- Mails that are to be sent, stored in the transaction of what causes them, and what has become of each. What one says is
-- forgotten as soon as it is sent; to whom it went, once nothing can come back any more.
CREATE TABLE mails (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  organisation     TEXT NOT NULL DEFAULT 'home',
  template         TEXT NOT NULL,
  language         TEXT NOT NULL,
  -- The id of the credential that it is about.
  about            TEXT,
  recipient        TEXT,
  content          TEXT,
  state            TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'bounced', 'failed')),
  reason           TEXT,
  -- Raised by whoever takes it: an older epoch settles nothing.
  epoch            INTEGER NOT NULL DEFAULT 0,
  failures         INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  due              INTEGER NOT NULL,
  expires_at       INTEGER,
  sent_at          INTEGER,
  CHECK (state <> 'queued' OR (recipient IS NOT NULL AND content IS NOT NULL)),
  CHECK (state = 'queued' OR content IS NULL)
) STRICT;

CREATE INDEX mails_due ON mails (due, seq) WHERE state = 'queued';
CREATE INDEX mails_waiting ON mails (created_at) WHERE state = 'queued' AND failures = 0;
CREATE INDEX mails_queue ON mails (recipient, seq) WHERE state = 'queued';
CREATE INDEX mails_sent ON mails (recipient, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX mails_about ON mails (about, seq) WHERE about IS NOT NULL;
CREATE INDEX mails_age ON mails (created_at);

-- Addresses to which nothing is sent any more, or nothing but what somebody asks for.
CREATE TABLE mail_suppressions (
  organisation     TEXT NOT NULL DEFAULT 'home',
  address          TEXT NOT NULL,
  reason           TEXT NOT NULL CHECK (reason IN ('bounced', 'complained', 'unsubscribed')),
  at               INTEGER NOT NULL,
  PRIMARY KEY (organisation, address)
) STRICT, WITHOUT ROWID;

-- Batches whose learners are written to, and up to which row that is done: all of them once, and now and then those whom
-- the last mail has not reached.
CREATE TABLE mailings (
  number           INTEGER PRIMARY KEY AUTOINCREMENT,
  batch            INTEGER NOT NULL REFERENCES batches (seq),
  whom             TEXT NOT NULL CHECK (whom IN ('all', 'unreached')),
  reached          INTEGER NOT NULL DEFAULT 0,
  written          INTEGER NOT NULL DEFAULT 0,
  begun_at         INTEGER NOT NULL,
  ended_at         INTEGER
) STRICT;

CREATE UNIQUE INDEX mailings_all ON mailings (batch) WHERE whom = 'all';
CREATE UNIQUE INDEX mailings_open ON mailings (batch) WHERE ended_at IS NULL;
