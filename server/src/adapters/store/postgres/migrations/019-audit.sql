-- Who asked for what, and what became of it: a chain of hashes for each organisation, in which nothing is ever changed.
CREATE TABLE audit_entries (
  organisation     text NOT NULL DEFAULT 'home',
  sequence         bigint NOT NULL CHECK (sequence > 0),
  at               bigint NOT NULL,
  principal        text NOT NULL,
  operation        text NOT NULL,
  -- Ids with a blank on either side of each.
  objects          text NOT NULL,
  request          text NOT NULL,
  outcome          text NOT NULL CHECK (outcome IN ('asked', 'done', 'refused', 'failed')),
  code             text,
  previous         bytea NOT NULL CHECK (length(previous) = 32),
  hash             bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (organisation, sequence)
);

CREATE TRIGGER audit_entries_stay BEFORE DELETE OR UPDATE ON audit_entries FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what was noted stays');
CREATE TRIGGER audit_entries_stay_all BEFORE TRUNCATE ON audit_entries
EXECUTE FUNCTION laurel_refuse('what was noted stays');
-- The trigger refuses everybody, whoever owns the table; and nobody is asked to have what nobody may use.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM PUBLIC, CURRENT_USER;

-- The last entry of each chain, so that one that is missing at the end is missed.
CREATE TABLE audit_heads (
  organisation     text PRIMARY KEY,
  sequence         bigint NOT NULL,
  hash             bytea NOT NULL CHECK (length(hash) = 32)
);

CREATE TRIGGER audit_heads_only_rise BEFORE UPDATE ON audit_heads FOR EACH ROW
WHEN (new.sequence <= old.sequence OR new.organisation <> old.organisation)
EXECUTE FUNCTION laurel_refuse('what was noted stays');
CREATE TRIGGER audit_heads_stay BEFORE DELETE ON audit_heads FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what was noted stays');
CREATE TRIGGER audit_heads_stay_all BEFORE TRUNCATE ON audit_heads
EXECUTE FUNCTION laurel_refuse('what was noted stays');

-- All heads as they were when their digest was to be anchored. The time is that of the block, in seconds, once it is final.
CREATE TABLE audit_anchors (
  number           bigint PRIMARY KEY CHECK (number > 0),
  at               bigint NOT NULL,
  heads            text NOT NULL,
  digest           text NOT NULL UNIQUE,
  chain_id         bigint NOT NULL,
  registry         text NOT NULL,
  account          text NOT NULL,
  transaction_hash text,
  time             bigint,
  CHECK ((time IS NULL) = (transaction_hash IS NULL))
);

CREATE UNIQUE INDEX audit_anchors_one_at_a_time ON audit_anchors (chain_id, account) WHERE time IS NULL;

CREATE TRIGGER audit_anchors_are_fixed BEFORE UPDATE ON audit_anchors FOR EACH ROW
WHEN (old.time IS NOT NULL OR new.number <> old.number OR new.at <> old.at OR new.heads <> old.heads
  OR new.digest <> old.digest OR new.chain_id <> old.chain_id OR new.registry <> old.registry OR new.account <> old.account)
EXECUTE FUNCTION laurel_refuse('what stands on a chain stays');
CREATE TRIGGER audit_anchors_stay BEFORE DELETE ON audit_anchors FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what stands on a chain stays');
CREATE TRIGGER audit_anchors_stay_all BEFORE TRUNCATE ON audit_anchors
EXECUTE FUNCTION laurel_refuse('what stands on a chain stays');
