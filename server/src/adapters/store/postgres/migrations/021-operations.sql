-- When backups were made, and when this database was restored from one. Until what the chain knows has been looked at, a
-- restored database is only read.
CREATE TABLE backups (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  at               bigint NOT NULL
);

CREATE TABLE restorations (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  backup_at        bigint NOT NULL,
  restored_at      bigint NOT NULL,
  reconciled_at    bigint
);

-- Roots that an account of ours has anchored and that this database has no batch for: what was issued after the backup.
-- Each has used up a number of its account.
CREATE TABLE found_roots (
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  number           bigint NOT NULL CHECK (number > 0),
  root             text NOT NULL,
  block_number     bigint NOT NULL,
  transaction_hash text NOT NULL,
  PRIMARY KEY (chain_id, account, number),
  UNIQUE (chain_id, account, root)
);

CREATE TRIGGER found_roots_stay BEFORE DELETE ON found_roots FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what is anchored stays');
