-- Every transaction goes one way, those that anchor too: an intent, a nonce that carries one or more of them, and what
-- was signed with that nonce.
ALTER TABLE attempts RENAME TO attempts_005;
ALTER TABLE nonces RENAME TO nonces_005;
DROP TRIGGER intents_are_settled_once ON intents;

INSERT INTO intents (chain_id, account, "to", data, purpose, subject, state, transaction_hash, created_at)
SELECT
  chain_id, account, coalesce(terms::json ->> 'registry', '0x'), root, 'anchor', root,
  CASE WHEN coalesce(interrupted, state) IN ('final', 'assembled', 'delivered') THEN 'done' ELSE 'open' END,
  CASE WHEN coalesce(interrupted, state) IN ('final', 'assembled', 'delivered') THEN anchor::json ->> 'transactionHash' END,
  created_at
FROM batches WHERE root IS NOT NULL ORDER BY number;

CREATE TABLE nonces (
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  nonce            bigint NOT NULL CHECK (nonce >= 0),
  state            text NOT NULL CHECK (state IN ('open', 'mined', 'lost')),
  block_number     bigint,
  block_hash       text,
  reorgs           bigint NOT NULL,
  cost             text NOT NULL,
  taken_at         bigint NOT NULL,
  PRIMARY KEY (chain_id, account, nonce),
  CHECK ((block_number IS NULL) = (block_hash IS NULL))
);

CREATE INDEX nonces_open ON nonces (chain_id, account, state);
CREATE INDEX nonces_by_block ON nonces (chain_id, account, block_number);
CREATE INDEX nonces_by_time ON nonces (chain_id, account, taken_at);

-- What a nonce carries. An intent that is carried for the n-th time is so by one nonce only.
CREATE TABLE carried (
  intent           bigint NOT NULL REFERENCES intents (id),
  try              bigint NOT NULL CHECK (try > 0),
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  nonce            bigint NOT NULL,
  PRIMARY KEY (intent, try),
  FOREIGN KEY (chain_id, account, nonce) REFERENCES nonces (chain_id, account, nonce)
);

CREATE INDEX carried_by_nonce ON carried (chain_id, account, nonce);

CREATE TABLE attempts (
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  nonce            bigint NOT NULL,
  version          bigint NOT NULL CHECK (version > 0),
  hash             text NOT NULL UNIQUE,
  raw              text NOT NULL,
  created_at       bigint NOT NULL,
  PRIMARY KEY (chain_id, account, nonce, version),
  FOREIGN KEY (chain_id, account, nonce) REFERENCES nonces (chain_id, account, nonce)
);

CREATE TABLE lanes (
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  floor            bigint NOT NULL,
  condition        text,
  facts            text NOT NULL,
  since            bigint NOT NULL,
  PRIMARY KEY (chain_id, account)
);

-- The hash of a chain's first block, as it was when the chain was used first.
CREATE TABLE chains (
  chain_id         bigint PRIMARY KEY,
  genesis          text NOT NULL
);

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
  chain_id, account, nonce, CASE WHEN bool_or(state <> 'open') THEN 'mined' ELSE 'open' END, NULL, NULL, 0, '0', min(created_at)
FROM signed GROUP BY chain_id, account, nonce;

INSERT INTO carried
SELECT intent, row_number() OVER (PARTITION BY intent ORDER BY nonce), chain_id, account, nonce
FROM (SELECT DISTINCT intent, chain_id, account, nonce FROM signed) AS each;

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

CREATE TRIGGER intents_are_fixed BEFORE UPDATE ON intents FOR EACH ROW
WHEN (old.state = 'refused' OR new.data <> old.data OR new.subject <> old.subject OR new."to" <> old."to")
EXECUTE FUNCTION laurel_refuse('what was intended is fixed');

CREATE TRIGGER attempts_are_fixed BEFORE DELETE OR UPDATE ON attempts FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what was signed is fixed');
CREATE TRIGGER attempts_stay_all BEFORE TRUNCATE ON attempts
EXECUTE FUNCTION laurel_refuse('what was signed is fixed');
