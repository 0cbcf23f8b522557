-- The issuers of organisations beside the home's own, which follows from its keys and its configuration. Their keys lie in
-- the home, or elsewhere; which of them is in use stands here.
CREATE TABLE issuers (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id               text NOT NULL UNIQUE,
  organisation     text NOT NULL DEFAULT 'home' REFERENCES organisations (id),
  name             text NOT NULL,
  did              text NOT NULL UNIQUE,
  created_at       bigint NOT NULL
);

CREATE INDEX issuers_by_organisation ON issuers (organisation, seq);

CREATE TRIGGER issuers_stay BEFORE DELETE OR UPDATE ON issuers FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('an issuer is fixed for ever');
CREATE TRIGGER issuers_stay_all BEFORE TRUNCATE ON issuers
EXECUTE FUNCTION laurel_refuse('an issuer is fixed for ever');

-- Its credential keys: the newest signs. None is ever forgotten, because what it has signed stays.
CREATE TABLE issuer_keys (
  issuer           text NOT NULL REFERENCES issuers (id),
  generation       integer NOT NULL CHECK (generation > 0),
  organisation     text NOT NULL DEFAULT 'home' REFERENCES organisations (id),
  public_key       text NOT NULL UNIQUE,
  created_at       bigint NOT NULL,
  -- From which second on nothing counts that it has signed, and when that was said.
  reported_from    bigint,
  reported_at      bigint,
  PRIMARY KEY (issuer, generation),
  CHECK ((reported_from IS NULL) = (reported_at IS NULL))
);

CREATE TRIGGER issuer_keys_are_fixed BEFORE UPDATE ON issuer_keys FOR EACH ROW
WHEN (new.issuer <> old.issuer OR new.generation <> old.generation OR new.public_key <> old.public_key
  OR new.created_at <> old.created_at OR new.organisation <> old.organisation)
EXECUTE FUNCTION laurel_refuse('a key of an issuer is fixed for ever');
-- What was reported may only be reported from earlier on.
CREATE TRIGGER issuer_keys_stay_reported BEFORE UPDATE ON issuer_keys FOR EACH ROW
WHEN (old.reported_from IS NOT NULL AND (new.reported_from IS NULL OR new.reported_from > old.reported_from))
EXECUTE FUNCTION laurel_refuse('a report is never taken back');
CREATE TRIGGER issuer_keys_stay BEFORE DELETE ON issuer_keys FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('a key of an issuer is fixed for ever');
CREATE TRIGGER issuer_keys_stay_all BEFORE TRUNCATE ON issuer_keys
EXECUTE FUNCTION laurel_refuse('a key of an issuer is fixed for ever');

SELECT laurel_owned('issuers');
SELECT laurel_owned('issuer_keys');
