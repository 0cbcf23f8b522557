-- Badges of others that were brought here: what they were, to the byte, and what was found of them then. What was begun
-- and not finished is seen by nobody.
CREATE TABLE imports (
  id               text PRIMARY KEY,
  organisation     text NOT NULL DEFAULT 'home',
  kind             text NOT NULL,
  digest           text NOT NULL,
  total            integer NOT NULL,
  wrong            text NOT NULL,
  created_at       bigint NOT NULL,
  finished_at      bigint,
  UNIQUE (organisation, digest)
);

CREATE TABLE originals (
  import           text NOT NULL REFERENCES imports (id),
  "row"            integer NOT NULL,
  name             text NOT NULL,
  form             text NOT NULL,
  -- What the badge calls itself, to find it by.
  address          text,
  digest           text NOT NULL,
  said             text NOT NULL,
  judged           text NOT NULL,
  recipient        text NOT NULL,
  bytes            bytea NOT NULL,
  PRIMARY KEY (import, "row")
);

CREATE INDEX originals_address ON originals (address);

SELECT laurel_owned('imports');
SELECT laurel_owned_through('originals', 'import', 'imports', 'id');
