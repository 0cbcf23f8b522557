-- Every suspension and every end of one, in the order of the versions of their lists. The last of an entry counts.
CREATE TABLE suspensions (
  credential_id    bytea NOT NULL REFERENCES drafts (credential_id),
  status_list      integer NOT NULL REFERENCES status_lists (number),
  status_index     integer NOT NULL,
  version          bigint NOT NULL,
  suspended        integer NOT NULL CHECK (suspended IN (0, 1)),
  reason           text,
  at               bigint NOT NULL,
  PRIMARY KEY (status_list, status_index, version),
  UNIQUE (credential_id, version)
);

CREATE TRIGGER suspensions_stay BEFORE DELETE OR UPDATE ON suspensions FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what was decided stays');
CREATE TRIGGER suspensions_stay_all BEFORE TRUNCATE ON suspensions
EXECUTE FUNCTION laurel_refuse('what was decided stays');

-- Every list that was ever published, and where its bytes are among public content.
CREATE TABLE status_publications (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  list             integer NOT NULL,
  purpose          text NOT NULL,
  version          bigint NOT NULL,
  at               bigint NOT NULL,
  digest           text NOT NULL,
  cid              text NOT NULL,
  FOREIGN KEY (list, purpose) REFERENCES status_versions (list, purpose)
);
CREATE INDEX status_publications_by_list ON status_publications (list, purpose, seq);

CREATE TRIGGER status_publications_stay BEFORE DELETE OR UPDATE ON status_publications FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what was published stays');
CREATE TRIGGER status_publications_stay_all BEFORE TRUNCATE ON status_publications
EXECUTE FUNCTION laurel_refuse('what was published stays');

-- The digests that go to a chain, in the order in which they do: one of a list at a time. The time is that of the block,
-- in seconds, once it is final. Folded in this order they are the head that the registry has.
CREATE TABLE status_digests (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  chain_id         bigint NOT NULL,
  account          text NOT NULL,
  publication      bigint NOT NULL REFERENCES status_publications (seq),
  list             integer NOT NULL,
  purpose          text NOT NULL,
  planned_at       bigint NOT NULL,
  transaction_hash text,
  time             bigint,
  UNIQUE (chain_id, account, publication),
  CHECK ((time IS NULL) = (transaction_hash IS NULL))
);

CREATE INDEX status_digests_by_list ON status_digests (list, purpose, seq);
CREATE UNIQUE INDEX status_digests_one_at_a_time ON status_digests (chain_id, account, list, purpose) WHERE time IS NULL;

CREATE TRIGGER status_digests_stay BEFORE DELETE ON status_digests FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what stands on a chain stays');
CREATE TRIGGER status_digests_stay_all BEFORE TRUNCATE ON status_digests
EXECUTE FUNCTION laurel_refuse('what stands on a chain stays');
CREATE TRIGGER status_digests_are_fixed BEFORE UPDATE ON status_digests FOR EACH ROW WHEN (old.time IS NOT NULL)
EXECUTE FUNCTION laurel_refuse('what stands on a chain stays');
