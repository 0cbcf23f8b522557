-- Every transaction goes one way, those that anchor too: an intent, a nonce that carries one or more of them, and what
-- was signed with that nonce.
ALTER TABLE attempts RENAME TO attempts_005;
ALTER TABLE nonces RENAME TO nonces_005;
DROP TRIGGER intents_are_settled_once;

INSERT INTO intents (chain_id, account, "to", data, purpose, subject, state, transaction_hash, created_at)
SELECT
  chain_id, account, coalesce(json_extract(terms, '$.registry'), '0x'), root, 'anchor', root,
  iif(coalesce(interrupted, state) IN ('final', 'assembled', 'delivered'), 'done', 'open'),
  iif(coalesce(interrupted, state) IN ('final', 'assembled', 'delivered'), json_extract(anchor, '$.transactionHash'), NULL),
  created_at
FROM batches WHERE root IS NOT NULL ORDER BY number;

CREATE TABLE nonces (
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  nonce            INTEGER NOT NULL CHECK (nonce >= 0),
  state            TEXT NOT NULL CHECK (state IN ('open', 'mined', 'lost')),
  block_number     INTEGER,
  block_hash       TEXT,
  reorgs           INTEGER NOT NULL,
  cost             TEXT NOT NULL,
  taken_at         INTEGER NOT NULL,
  PRIMARY KEY (chain_id, account, nonce),
  CHECK ((block_number IS NULL) = (block_hash IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX nonces_open ON nonces (chain_id, account, state);
CREATE INDEX nonces_by_block ON nonces (chain_id, account, block_number);
CREATE INDEX nonces_by_time ON nonces (chain_id, account, taken_at);

-- What a nonce carries. An intent that is carried for the n-th time is so by one nonce only.
CREATE TABLE carried (
  intent           INTEGER NOT NULL REFERENCES intents (id),
  try              INTEGER NOT NULL CHECK (try > 0),
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  nonce            INTEGER NOT NULL,
  PRIMARY KEY (intent, try),
  FOREIGN KEY (chain_id, account, nonce) REFERENCES nonces (chain_id, account, nonce)
) STRICT, WITHOUT ROWID;

CREATE INDEX carried_by_nonce ON carried (chain_id, account, nonce);

CREATE TABLE attempts (
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  nonce            INTEGER NOT NULL,
  version          INTEGER NOT NULL CHECK (version > 0),
  hash             TEXT NOT NULL UNIQUE,
  raw              TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  PRIMARY KEY (chain_id, account, nonce, version),
  FOREIGN KEY (chain_id, account, nonce) REFERENCES nonces (chain_id, account, nonce)
) STRICT, WITHOUT ROWID;

CREATE TABLE lanes (
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  floor            INTEGER NOT NULL,
  condition        TEXT,
  facts            TEXT NOT NULL,
  since            INTEGER NOT NULL,
  PRIMARY KEY (chain_id, account)
) STRICT, WITHOUT ROWID;

-- The hash of a chain's first block, as it was when the chain was used first.
CREATE TABLE chains (
  chain_id         INTEGER PRIMARY KEY,
  genesis          TEXT NOT NULL
) STRICT;

CREATE TEMP TABLE signed AS
SELECT intents.id AS intent, intents.state, a.chain_id, a.account, a.nonce, a.hash, a.raw, a.created_at
FROM attempts_005 a JOIN batches ON batches.id = a.batch
JOIN intents ON intents.chain_id = batches.chain_id AND intents.account = batches.account AND intents.subject = batches.root
  AND intents.purpose = 'anchor'
UNION ALL
SELECT calls.intent, intents.state, calls.chain_id, calls.account, calls.nonce, calls.hash, calls.raw, calls.created_at
FROM calls JOIN intents ON intents.id = calls.intent;

INSERT INTO nonces
SELECT
  chain_id, account, nonce, iif(max(state <> 'open'), 'mined', 'open'), NULL, NULL, 0, '0', min(created_at)
FROM signed GROUP BY chain_id, account, nonce;

INSERT INTO carried
SELECT intent, row_number() OVER (PARTITION BY intent ORDER BY nonce), chain_id, account, nonce
FROM (SELECT DISTINCT intent, chain_id, account, nonce FROM signed);

INSERT INTO attempts
SELECT
  chain_id, account, nonce, row_number() OVER (PARTITION BY chain_id, account, nonce ORDER BY created_at, hash),
  hash, raw, created_at
FROM signed;

INSERT INTO lanes
SELECT chain_id, account, min(nonce), NULL, '{}', 0 FROM nonces GROUP BY chain_id, account;

DROP TABLE signed;
DROP TABLE calls;
DROP TABLE attempts_005;
DROP TABLE nonces_005;

CREATE TRIGGER intents_are_fixed BEFORE UPDATE ON intents
WHEN old.state = 'refused' OR new.data <> old.data OR new.subject <> old.subject OR new."to" <> old."to"
BEGIN SELECT RAISE(ABORT, 'what was intended is fixed'); END;

CREATE TRIGGER attempts_are_fixed BEFORE UPDATE ON attempts
BEGIN SELECT RAISE(ABORT, 'what was signed is fixed'); END;

CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts
BEGIN SELECT RAISE(ABORT, 'what was signed is fixed'); END;
