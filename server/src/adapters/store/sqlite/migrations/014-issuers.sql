-- What an issuer says of itself in every credential: one without a version says what the environment says.
CREATE TABLE issuer_profiles (
  issuer           TEXT NOT NULL,
  version          INTEGER NOT NULL CHECK (version > 0),
  profile          TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  PRIMARY KEY (issuer, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER issuer_profiles_stand BEFORE UPDATE ON issuer_profiles
BEGIN SELECT RAISE(ABORT, 'what an issuer has said of itself it has said'); END;
