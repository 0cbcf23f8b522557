-- What is to happen on chains beside anchors, by accounts that anchor nothing.
CREATE TABLE intents (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  "to"             TEXT NOT NULL,
  data             TEXT NOT NULL,
  purpose          TEXT NOT NULL,
  subject          TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused')),
  transaction_hash TEXT,
  created_at       INTEGER NOT NULL,
  CHECK ((state = 'open') <= (transaction_hash IS NULL))
) STRICT;

-- What was refused may be tried once more; what is open or done is the only one of its kind.
CREATE UNIQUE INDEX intents_once ON intents (chain_id, account, "to", purpose, subject) WHERE state <> 'refused';

CREATE TABLE calls (
  hash             TEXT PRIMARY KEY,
  intent           INTEGER NOT NULL REFERENCES intents (id),
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  nonce            INTEGER NOT NULL,
  raw              TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  UNIQUE (chain_id, account, nonce)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER intents_are_settled_once BEFORE UPDATE ON intents WHEN old.state <> 'open'
BEGIN SELECT RAISE(ABORT, 'what has happened on a chain is settled'); END;
