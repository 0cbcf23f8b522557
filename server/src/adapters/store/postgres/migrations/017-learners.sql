-- To whom credentials were sent and what they said to that, and by what learners prove who they are. An e-mail address
-- stands in `addresses` and nowhere else here.
CREATE TABLE learners (
  id               text PRIMARY KEY,
  created_at       bigint NOT NULL
);

CREATE TABLE addresses (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  -- Two spellings that reach the same mailbox have one key.
  key              text NOT NULL UNIQUE,
  email            text NOT NULL,
  -- Who has proved to read what is sent there.
  learner          text REFERENCES learners (id),
  verified_at      bigint,
  CHECK ((learner IS NULL) = (verified_at IS NULL))
);

CREATE INDEX addresses_learner ON addresses (learner) WHERE learner IS NOT NULL;

-- How long links last, in days, whether they are sent as soon as a batch is delivered, and how long an address may object
-- to a move. An organisation without a row has the usual.
CREATE TABLE claim_settings (
  organisation     text PRIMARY KEY DEFAULT 'home',
  on_delivery      integer NOT NULL CHECK (on_delivery IN (0, 1)),
  days             integer NOT NULL CHECK (days > 0),
  waiting_days     integer NOT NULL CHECK (waiting_days >= 0)
);

-- Batches whose recipients are sent their links, and up to which row that is done.
CREATE TABLE claim_rounds (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  batch            bigint NOT NULL REFERENCES batches (seq),
  -- Whether those who have a link and have not answered get another one.
  renews           integer NOT NULL CHECK (renews IN (0, 1)),
  reached          integer NOT NULL DEFAULT 0,
  begun_at         bigint NOT NULL,
  ended_at         bigint
);

CREATE UNIQUE INDEX claim_rounds_open ON claim_rounds (batch) WHERE ended_at IS NULL;

-- With which address a credential is, and what whoever reads that address has said to it. Of the link only a digest is kept.
CREATE TABLE claims (
  batch            bigint NOT NULL,
  row              integer NOT NULL,
  address          bigint NOT NULL REFERENCES addresses (seq),
  state            text NOT NULL CHECK (state IN ('offered', 'accepted', 'declined')),
  changes          integer NOT NULL DEFAULT 0,
  decided_at       bigint,
  token            bytea NOT NULL UNIQUE CHECK (length(token) = 32),
  sent_at          bigint NOT NULL,
  expires_at       bigint NOT NULL,
  PRIMARY KEY (batch, row),
  FOREIGN KEY (batch, row) REFERENCES recipients (batch, row)
);

CREATE INDEX claims_address ON claims (address);

-- What an issuer has asked for whose learner has lost an address. The old one may object by its link.
CREATE TABLE claim_moves (
  id               text PRIMARY KEY,
  batch            bigint NOT NULL,
  row              integer NOT NULL,
  source           bigint NOT NULL REFERENCES addresses (seq),
  target           bigint NOT NULL REFERENCES addresses (seq),
  reason           text NOT NULL,
  state            text NOT NULL CHECK (state IN ('waiting', 'done', 'objected', 'dropped')),
  token            bytea NOT NULL UNIQUE CHECK (length(token) = 32),
  asked_at         bigint NOT NULL,
  due              bigint NOT NULL,
  ended_at         bigint,
  FOREIGN KEY (batch, row) REFERENCES claims (batch, row)
);

CREATE UNIQUE INDEX claim_moves_waiting ON claim_moves (batch, row) WHERE state = 'waiting';
CREATE INDEX claim_moves_due ON claim_moves (due) WHERE state = 'waiting';

-- Learners who have signed in. Of what their browsers keep only a digest is kept.
CREATE TABLE learner_sessions (
  digest           bytea PRIMARY KEY CHECK (length(digest) = 32),
  id               text NOT NULL UNIQUE,
  learner          text NOT NULL REFERENCES learners (id),
  way              text NOT NULL CHECK (way IN ('address', 'did', 'wallet')),
  created_at       bigint NOT NULL,
  expires_at       bigint NOT NULL
);

CREATE INDEX learner_sessions_learner ON learner_sessions (learner);

-- What a learner has to answer, once: by a link or a code out of a mail, or by a signature.
CREATE TABLE challenges (
  -- Of what whoever was challenged shows with the answer.
  digest           bytea PRIMARY KEY CHECK (length(digest) = 32),
  kind             text NOT NULL CHECK (kind IN ('address', 'did', 'wallet')),
  -- The session in which it was set; only there it adds anything. Without one its answer signs in.
  session          bytea,
  learner          text REFERENCES learners (id),
  address          bigint REFERENCES addresses (seq),
  token            bytea UNIQUE,
  code             bytea,
  attempts         integer NOT NULL DEFAULT 0,
  created_at       bigint NOT NULL,
  expires_at       bigint NOT NULL,
  used_at          bigint,
  CHECK ((kind = 'address') = (address IS NOT NULL)),
  CHECK ((session IS NULL) = (learner IS NULL))
);

CREATE INDEX challenges_address ON challenges (address, created_at) WHERE address IS NOT NULL;
CREATE INDEX challenges_learner ON challenges (learner, created_at) WHERE learner IS NOT NULL;
CREATE INDEX challenges_expires ON challenges (expires_at);

-- DIDs and wallets of which a learner has shown control. Each is one learner's.
CREATE TABLE learner_bindings (
  kind             text NOT NULL CHECK (kind IN ('did', 'wallet')),
  value            text NOT NULL,
  learner          text NOT NULL REFERENCES learners (id),
  bound_at         bigint NOT NULL,
  PRIMARY KEY (kind, value)
);

CREATE INDEX learner_bindings_learner ON learner_bindings (learner);
