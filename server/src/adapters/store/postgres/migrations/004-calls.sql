-- What is to happen on chains beside anchors, by accounts that anchor nothing.
CREATE TABLE intents (
  id               bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  "to"             text NOT NULL,
  data             text NOT NULL,
  purpose          text NOT NULL,
  subject          text NOT NULL,
  state            text NOT NULL CHECK (state IN ('open', 'done', 'refused')),
  transaction_hash text,
  created_at       bigint NOT NULL,
  CHECK ((state = 'open') <= (transaction_hash IS NULL))
);

-- What was refused may be tried once more; what is open or done is the only one of its kind.
CREATE UNIQUE INDEX intents_once ON intents (chain_id, account, "to", purpose, subject) WHERE state <> 'refused';

CREATE TABLE calls (
  hash             text PRIMARY KEY,
  intent           bigint NOT NULL REFERENCES intents (id),
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  nonce            bigint NOT NULL,
  raw              text NOT NULL,
  created_at       bigint NOT NULL,
  UNIQUE (chain_id, account, nonce)
);

CREATE INDEX calls_by_intent ON calls (intent);

CREATE TRIGGER intents_are_settled_once BEFORE UPDATE ON intents FOR EACH ROW WHEN (old.state <> 'open')
EXECUTE FUNCTION laurel_refuse('what has happened on a chain is settled');
