-- What an issuer says of itself in every credential: one without a version says what the environment says.
CREATE TABLE issuer_profiles (
  issuer           text NOT NULL,
  version          integer NOT NULL CHECK (version > 0),
  profile          text NOT NULL,
  created_at       bigint NOT NULL,
  PRIMARY KEY (issuer, version)
);

CREATE TRIGGER issuer_profiles_stand BEFORE UPDATE ON issuer_profiles FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what an issuer has said of itself it has said');
