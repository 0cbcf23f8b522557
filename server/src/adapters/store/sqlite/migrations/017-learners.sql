-- To whom credentials were sent and what they said to that, and by what learners prove who they are. An e-mail address
-- stands in `addresses` and nowhere else here.
CREATE TABLE learners (
  id               TEXT PRIMARY KEY,
  created_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE addresses (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Two spellings that reach the same mailbox have one key.
  key              TEXT NOT NULL UNIQUE,
  email            TEXT NOT NULL,
  -- Who has proved to read what is sent there.
  learner          TEXT REFERENCES learners (id),
  verified_at      INTEGER,
  CHECK ((learner IS NULL) = (verified_at IS NULL))
) STRICT;

CREATE INDEX addresses_learner ON addresses (learner) WHERE learner IS NOT NULL;

-- How long links last, in days, whether they are sent as soon as a batch is delivered, and how long an address may object
-- to a move. An organisation without a row has the usual.
CREATE TABLE claim_settings (
  organisation     TEXT PRIMARY KEY DEFAULT 'home',
  on_delivery      INTEGER NOT NULL CHECK (on_delivery IN (0, 1)),
  days             INTEGER NOT NULL CHECK (days > 0),
  waiting_days     INTEGER NOT NULL CHECK (waiting_days >= 0)
) STRICT, WITHOUT ROWID;

-- Batches whose recipients are sent their links, and up to which row that is done.
CREATE TABLE claim_rounds (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  batch            INTEGER NOT NULL REFERENCES batches (seq),
  -- Whether those who have a link and have not answered get another one.
  renews           INTEGER NOT NULL CHECK (renews IN (0, 1)),
  reached          INTEGER NOT NULL DEFAULT 0,
  begun_at         INTEGER NOT NULL,
  ended_at         INTEGER
) STRICT;

CREATE UNIQUE INDEX claim_rounds_open ON claim_rounds (batch) WHERE ended_at IS NULL;

-- With which address a credential is, and what whoever reads that address has said to it. Of the link only a digest is kept.
CREATE TABLE claims (
  batch            INTEGER NOT NULL,
  row              INTEGER NOT NULL,
  address          INTEGER NOT NULL REFERENCES addresses (seq),
  state            TEXT NOT NULL CHECK (state IN ('offered', 'accepted', 'declined')),
  changes          INTEGER NOT NULL DEFAULT 0,
  decided_at       INTEGER,
  token            BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
  sent_at          INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,
  PRIMARY KEY (batch, row),
  FOREIGN KEY (batch, row) REFERENCES recipients (batch, row)
) STRICT, WITHOUT ROWID;

CREATE INDEX claims_address ON claims (address);

-- What an issuer has asked for whose learner has lost an address. The old one may object by its link.
CREATE TABLE claim_moves (
  id               TEXT PRIMARY KEY,
  batch            INTEGER NOT NULL,
  row              INTEGER NOT NULL,
  source           INTEGER NOT NULL REFERENCES addresses (seq),
  target           INTEGER NOT NULL REFERENCES addresses (seq),
  reason           TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'objected', 'dropped')),
  token            BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
  asked_at         INTEGER NOT NULL,
  due              INTEGER NOT NULL,
  ended_at         INTEGER,
  FOREIGN KEY (batch, row) REFERENCES claims (batch, row)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX claim_moves_waiting ON claim_moves (batch, row) WHERE state = 'waiting';
CREATE INDEX claim_moves_due ON claim_moves (due) WHERE state = 'waiting';

-- Learners who have signed in. Of what their browsers keep only a digest is kept.
CREATE TABLE learner_sessions (
  digest           BLOB PRIMARY KEY CHECK (length(digest) = 32),
  id               TEXT NOT NULL UNIQUE,
  learner          TEXT NOT NULL REFERENCES learners (id),
  way              TEXT NOT NULL CHECK (way IN ('address', 'did', 'wallet')),
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX learner_sessions_learner ON learner_sessions (learner);

-- What a learner has to answer, once: by a link or a code out of a mail, or by a signature.
CREATE TABLE challenges (
  -- Of what whoever was challenged shows with the answer.
  digest           BLOB PRIMARY KEY CHECK (length(digest) = 32),
  kind             TEXT NOT NULL CHECK (kind IN ('address', 'did', 'wallet')),
  -- The session in which it was set; only there it adds anything. Without one its answer signs in.
  session          BLOB,
  learner          TEXT REFERENCES learners (id),
  address          INTEGER REFERENCES addresses (seq),
  token            BLOB UNIQUE,
  code             BLOB,
  attempts         INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,
  used_at          INTEGER,
  CHECK ((kind = 'address') = (address IS NOT NULL)),
  CHECK ((session IS NULL) = (learner IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX challenges_address ON challenges (address, created_at) WHERE address IS NOT NULL;
CREATE INDEX challenges_learner ON challenges (learner, created_at) WHERE learner IS NOT NULL;
CREATE INDEX challenges_expires ON challenges (expires_at);

-- DIDs and wallets of which a learner has shown control. Each is one learner's.
CREATE TABLE learner_bindings (
  kind             TEXT NOT NULL CHECK (kind IN ('did', 'wallet')),
  value            TEXT NOT NULL,
  learner          TEXT NOT NULL REFERENCES learners (id),
  bound_at         INTEGER NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX learner_bindings_learner ON learner_bindings (learner);
