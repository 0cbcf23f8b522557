-- Whom was forgotten, without a word of who it was: what somebody asked for at one time, and each credential of it.
CREATE TABLE erasures (
  id               text PRIMARY KEY,
  organisation     text NOT NULL DEFAULT 'home',
  at               bigint NOT NULL,
  -- How many orders and rows of rosters were erased that never became credentials.
  others           integer NOT NULL CHECK (others >= 0),
  receipt          text,
  finished_at      bigint,
  CHECK ((receipt IS NULL) = (finished_at IS NULL))
);

CREATE INDEX erasures_unfinished ON erasures (at) WHERE finished_at IS NULL;

CREATE TABLE erased (
  credential_id    bytea PRIMARY KEY REFERENCES drafts (credential_id),
  erasure          text NOT NULL REFERENCES erasures (id),
  batch            bigint NOT NULL REFERENCES batches (seq),
  row              integer NOT NULL,
  at               bigint NOT NULL,
  UNIQUE (batch, row)
);

CREATE INDEX erased_by_erasure ON erased (erasure);
CREATE INDEX erased_by_time ON erased (at);

-- The order that a row of a roster came from.
CREATE INDEX orders_by_row ON orders (batch, row) WHERE batch IS NOT NULL;

CREATE TRIGGER erased_stays BEFORE DELETE OR UPDATE ON erased FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what was erased stays so');
CREATE TRIGGER erased_stays_all BEFORE TRUNCATE ON erased
EXECUTE FUNCTION laurel_refuse('what was erased stays so');

-- After how many days what is kept of people is erased by itself; without a number it is kept until somebody asks.
CREATE TABLE retentions (
  organisation     text PRIMARY KEY,
  rosters          integer CHECK (rosters > 0),
  reasons          integer CHECK (reasons > 0),
  changed_at       bigint NOT NULL
);

-- What was decided stays, but for why: that may be about a person.
DROP TRIGGER revocations_stay ON revocations;
CREATE TRIGGER revocations_stay BEFORE DELETE ON revocations FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('a revocation never un-happens');
CREATE TRIGGER revocations_are_fixed BEFORE UPDATE ON revocations FOR EACH ROW
WHEN (new.reason IS NOT NULL OR new.credential_id <> old.credential_id OR new.status_list <> old.status_list
  OR new.status_index <> old.status_index OR new.version <> old.version OR new.at <> old.at)
EXECUTE FUNCTION laurel_refuse('a revocation never un-happens');

DROP TRIGGER suspensions_stay ON suspensions;
CREATE TRIGGER suspensions_stay BEFORE DELETE ON suspensions FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what was decided stays');
CREATE TRIGGER suspensions_are_fixed BEFORE UPDATE ON suspensions FOR EACH ROW
WHEN (new.reason IS NOT NULL OR new.credential_id <> old.credential_id OR new.status_list <> old.status_list
  OR new.status_index <> old.status_index OR new.version <> old.version OR new.suspended <> old.suspended
  OR new.at <> old.at)
EXECUTE FUNCTION laurel_refuse('what was decided stays');
