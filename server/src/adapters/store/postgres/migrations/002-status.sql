CREATE TABLE status_lists (
  number           integer PRIMARY KEY,
  issuer           text NOT NULL,
  public_url       text NOT NULL,
  size             integer NOT NULL CHECK (size >= 131072)
);

CREATE TABLE status_versions (
  list             integer NOT NULL REFERENCES status_lists (number),
  purpose          text NOT NULL CHECK (purpose IN ('revocation', 'suspension')),
  version          bigint NOT NULL CHECK (version > 0),
  published        bigint NOT NULL DEFAULT 0,
  published_at     bigint NOT NULL DEFAULT 0,
  text             text,
  digest           text,
  PRIMARY KEY (list, purpose),
  CHECK (published <= version)
);

CREATE TRIGGER status_versions_only_rise BEFORE UPDATE ON status_versions FOR EACH ROW
WHEN (new.version < old.version OR new.published < old.published)
EXECUTE FUNCTION laurel_refuse('a status list never goes back');
