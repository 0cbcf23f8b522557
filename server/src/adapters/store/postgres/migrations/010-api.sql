-- What the HTTP interface keeps: who may ask, what is awarded, what was answered, and credentials asked for one by one.
CREATE TABLE api_keys (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  digest           bytea NOT NULL CHECK (length(digest) = 32),
  scopes           text NOT NULL,
  created_at       bigint NOT NULL,
  expires_at       bigint,
  revoked_at       bigint
);

CREATE TABLE achievements (
  name             text NOT NULL,
  version          integer NOT NULL CHECK (version > 0),
  digest           text NOT NULL,
  definition       text NOT NULL,
  metadata         text NOT NULL,
  created_at       bigint NOT NULL,
  PRIMARY KEY (name, version)
);

-- The answer to a request, beside what the request did, in the same transaction.
CREATE TABLE receipts (
  principal        text NOT NULL,
  key              text NOT NULL,
  fingerprint      text NOT NULL,
  status           integer,
  headers          text,
  body             text,
  created_at       bigint NOT NULL,
  PRIMARY KEY (principal, key)
);

CREATE TABLE orders (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id               text NOT NULL UNIQUE,
  achievement      text NOT NULL,
  version          integer NOT NULL,
  fields           text NOT NULL,
  accepted_at      bigint NOT NULL,
  batch            bigint REFERENCES batches (seq),
  row              integer,
  FOREIGN KEY (achievement, version) REFERENCES achievements (name, version),
  CHECK ((batch IS NULL) = (row IS NULL))
);

CREATE INDEX orders_waiting ON orders (achievement, version, seq) WHERE batch IS NULL;

-- A batch that its author has not submitted yet lies still.
ALTER TABLE batches ADD COLUMN held integer NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
ALTER TABLE batches ADD COLUMN title text;
