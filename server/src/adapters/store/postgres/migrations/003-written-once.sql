-- What a step makes of a recipient is a row of its own, written once and in the order of the roster. Ids are 16 bytes.
CREATE TABLE recipients (
  batch            bigint NOT NULL REFERENCES batches (seq),
  row              integer NOT NULL CHECK (row > 0),
  fields           text NOT NULL,
  PRIMARY KEY (batch, row)
);

CREATE TABLE drafts (
  batch            bigint NOT NULL,
  row              integer NOT NULL,
  credential_id    bytea NOT NULL UNIQUE CHECK (length(credential_id) = 16),
  proof_id         bytea NOT NULL CHECK (length(proof_id) = 16),
  secret           bytea NOT NULL CHECK (length(secret) = 32),
  status_list      integer REFERENCES status_lists (number),
  status_index     integer,
  PRIMARY KEY (batch, row),
  FOREIGN KEY (batch, row) REFERENCES recipients (batch, row),
  UNIQUE (status_list, status_index)
);

CREATE TABLE signatures (
  batch            bigint NOT NULL,
  row              integer NOT NULL,
  created          text NOT NULL,
  proof_value      text NOT NULL,
  document_digest  bytea NOT NULL CHECK (length(document_digest) = 32),
  leaf             bytea NOT NULL CHECK (length(leaf) = 32),
  PRIMARY KEY (batch, row),
  FOREIGN KEY (batch, row) REFERENCES drafts (batch, row)
);

-- The leaves in the order of the tree, 256 to a block, and whose they are: four bytes a row, 32 a leaf.
CREATE TABLE blocks (
  batch            bigint NOT NULL REFERENCES batches (seq),
  place            integer NOT NULL CHECK (place >= 0),
  first            bytea NOT NULL CHECK (length(first) = 16),
  rows             bytea NOT NULL CHECK (length(rows) BETWEEN 4 AND 4 * 256),
  leaves           bytea NOT NULL CHECK (length(leaves) = 8 * length(rows)),
  PRIMARY KEY (batch, place),
  UNIQUE (batch, first)
);

CREATE TABLE revocations (
  credential_id    bytea PRIMARY KEY REFERENCES drafts (credential_id),
  status_list      integer NOT NULL REFERENCES status_lists (number),
  status_index     integer NOT NULL,
  version          bigint NOT NULL,
  reason           text,
  at               bigint NOT NULL,
  UNIQUE (status_list, status_index)
);

ALTER TABLE batches ADD COLUMN status_list integer
  GENERATED ALWAYS AS ((status_lists::jsonb ->> 'number')::integer) STORED;
ALTER TABLE batches ADD COLUMN checked integer NOT NULL DEFAULT 0;

CREATE TRIGGER revocations_stay BEFORE DELETE OR UPDATE ON revocations FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('a revocation never un-happens');
CREATE TRIGGER revocations_stay_all BEFORE TRUNCATE ON revocations
EXECUTE FUNCTION laurel_refuse('a revocation never un-happens');

-- What a root commits to never changes, its leaves and their order included.
CREATE TRIGGER blocks_stay BEFORE DELETE OR UPDATE ON blocks FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('a root is fixed for ever');
CREATE TRIGGER blocks_stay_all BEFORE TRUNCATE ON blocks
EXECUTE FUNCTION laurel_refuse('a root is fixed for ever');
