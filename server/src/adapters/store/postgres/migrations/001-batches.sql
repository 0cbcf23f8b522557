CREATE FUNCTION laurel_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;

CREATE TABLE batches (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id               text NOT NULL UNIQUE,
  request_hash     text NOT NULL,
  repetition       integer NOT NULL,
  state            text NOT NULL CHECK (state IN (
    'accepted', 'drafted', 'signed', 'rooted', 'published', 'submitted', 'final', 'assembled', 'delivered',
    'waiting-fee', 'waiting-funds', 'reorged', 'blocked', 'cancelled')),
  interrupted      text,
  reason           text,
  epoch            bigint NOT NULL,
  created_at       bigint NOT NULL,
  size             integer NOT NULL CHECK (size > 0),
  terms            text NOT NULL,
  achievement      text NOT NULL,
  metadata         text NOT NULL,
  status_lists     text,
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  number           bigint,
  root             text,
  anchoring        text,
  anchor           text,
  UNIQUE (request_hash, repetition),
  UNIQUE (chain_id, account, number),
  UNIQUE (chain_id, account, root),
  CHECK ((interrupted IS NOT NULL) = (state IN ('waiting-fee', 'waiting-funds', 'reorged', 'blocked'))),
  CHECK ((anchoring IS NULL) = (root IS NULL) AND (anchoring IS NULL) = (number IS NULL))
);

-- What a root commits to never changes once the root may have been seen.
CREATE TRIGGER batches_root_is_fixed BEFORE UPDATE OF anchoring, root, number ON batches FOR EACH ROW
WHEN (old.root IS NOT NULL AND (new.root IS DISTINCT FROM old.root OR new.number IS DISTINCT FROM old.number
  OR new.anchoring IS DISTINCT FROM old.anchoring))
EXECUTE FUNCTION laurel_refuse('a root is fixed for ever');

CREATE TRIGGER batches_are_not_cancelled_late BEFORE UPDATE OF state ON batches FOR EACH ROW
WHEN (new.state = 'cancelled' AND old.root IS NOT NULL)
EXECUTE FUNCTION laurel_refuse('a rooted batch is never cancelled');

-- A nonce belongs to one batch for ever, however often its transaction is replaced.
CREATE TABLE nonces (
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  nonce            bigint NOT NULL,
  batch            text NOT NULL REFERENCES batches (id),
  PRIMARY KEY (chain_id, account, nonce),
  UNIQUE (chain_id, account, nonce, batch)
);

CREATE TABLE attempts (
  hash             text PRIMARY KEY,
  batch            text NOT NULL REFERENCES batches (id),
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  nonce            bigint NOT NULL,
  raw              text NOT NULL,
  created_at       bigint NOT NULL,
  FOREIGN KEY (chain_id, account, nonce, batch) REFERENCES nonces (chain_id, account, nonce, batch)
);

CREATE INDEX attempts_by_batch ON attempts (batch);

CREATE TABLE leases (
  name             text PRIMARY KEY,
  host             text NOT NULL,
  pid              integer NOT NULL,
  epoch            bigint NOT NULL,
  until            bigint NOT NULL
);
