-- Whose data there is. The organisation that every home has owns all that was there before there were others.
CREATE TABLE organisations (
  id               text PRIMARY KEY CHECK (id <> '*'),
  name             text NOT NULL,
  settings         text NOT NULL,
  quotas           text NOT NULL,
  created_at       bigint NOT NULL
);

INSERT INTO organisations VALUES ('home', 'Home', '{}', '{}', 0);

CREATE TABLE departments (
  id               text PRIMARY KEY,
  organisation     text NOT NULL DEFAULT 'home' REFERENCES organisations (id),
  name             text NOT NULL,
  created_at       bigint NOT NULL,
  UNIQUE (organisation, name)
);

-- What was accepted of an organisation in a day ('2026-11-26') and in a month ('2026-11').
CREATE TABLE usage (
  organisation     text NOT NULL DEFAULT 'home' REFERENCES organisations (id),
  period           text NOT NULL,
  recipients       bigint NOT NULL CHECK (recipients >= 0),
  bytes            bigint NOT NULL CHECK (bytes >= 0),
  PRIMARY KEY (organisation, period)
);

-- When a batch of an organisation was taken up last: whoever was served longest ago is served next.
CREATE TABLE turns (
  organisation     text PRIMARY KEY,
  at               bigint NOT NULL
);

ALTER TABLE api_keys ADD COLUMN organisation text NOT NULL DEFAULT 'home';
ALTER TABLE batches ADD COLUMN organisation text NOT NULL DEFAULT 'home';
ALTER TABLE status_lists ADD COLUMN organisation text NOT NULL DEFAULT 'home';
ALTER TABLE issuer_profiles ADD COLUMN organisation text NOT NULL DEFAULT 'home';
ALTER TABLE endpoints ADD COLUMN organisation text NOT NULL DEFAULT 'home';
ALTER TABLE events ADD COLUMN organisation text NOT NULL DEFAULT 'home';
ALTER TABLE achievements ADD COLUMN organisation text NOT NULL DEFAULT 'home';
ALTER TABLE orders ADD COLUMN organisation text NOT NULL DEFAULT 'home';
ALTER TABLE receipts ADD COLUMN organisation text NOT NULL DEFAULT 'home';
ALTER TABLE collections ADD COLUMN organisation text NOT NULL DEFAULT 'home';

CREATE INDEX api_keys_by_organisation ON api_keys (organisation, created_at);
CREATE INDEX batches_by_organisation ON batches (organisation, seq);
CREATE INDEX batches_by_organisation_and_state ON batches (organisation, held, state, seq);
CREATE INDEX endpoints_by_organisation ON endpoints (organisation, seq);
CREATE INDEX events_by_organisation ON events (organisation, seq);

-- The same name is another achievement in another organisation, and the same key another receipt.
ALTER TABLE orders DROP CONSTRAINT orders_achievement_version_fkey;
ALTER TABLE achievements DROP CONSTRAINT achievements_pkey, ADD PRIMARY KEY (organisation, name, version);
ALTER TABLE orders ADD FOREIGN KEY (organisation, achievement, version)
  REFERENCES achievements (organisation, name, version);
ALTER TABLE receipts DROP CONSTRAINT receipts_pkey, ADD PRIMARY KEY (organisation, principal, key);
-- One collection of badge tokens on each chain for each organisation.
ALTER TABLE collections DROP CONSTRAINT collections_pkey, ADD PRIMARY KEY (organisation, chain_id);

DROP INDEX orders_waiting;
CREATE INDEX orders_waiting ON orders (organisation, achievement, version, redeemable, seq) WHERE batch IS NULL;

-- Row-level security beneath all that the program does itself. A connection sees the rows of the organisation that its
-- setting `laurel.organisation` names, all of them where that is '*', and nothing where there is none.
CREATE FUNCTION laurel_owned(what regclass, owner text DEFAULT 'organisation') RETURNS void LANGUAGE plpgsql AS
$$ BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', what);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', what);
  EXECUTE format(
    'CREATE POLICY organisation ON %s USING ((SELECT current_setting(''laurel.organisation'', true)) IN (''*'', %I))',
    what, owner);
END $$;

-- The same for rows that belong to whoever owns the row of another table to which they refer.
CREATE FUNCTION laurel_owned_through(what regclass, reference text, parent regclass, key text) RETURNS void
LANGUAGE plpgsql AS
$$ BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', what);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', what);
  EXECUTE format(
    'CREATE POLICY organisation ON %1$s USING ((SELECT current_setting(''laurel.organisation'', true)) = ''*''
      OR EXISTS (SELECT 1 FROM %3$s AS owner WHERE owner.%4$I = %1$s.%2$I))',
    what, reference, parent, key);
END $$;

SELECT laurel_owned('organisations', 'id');
SELECT laurel_owned('departments');
SELECT laurel_owned('usage');
SELECT laurel_owned('api_keys');
SELECT laurel_owned('achievements');
SELECT laurel_owned('batches');
SELECT laurel_owned('orders');
SELECT laurel_owned('receipts');
SELECT laurel_owned('endpoints');
SELECT laurel_owned('events');
SELECT laurel_owned('issuer_profiles');
SELECT laurel_owned('status_lists');
SELECT laurel_owned('collections');
SELECT laurel_owned_through('recipients', 'batch', 'batches', 'seq');
SELECT laurel_owned_through('drafts', 'batch', 'batches', 'seq');
SELECT laurel_owned_through('signatures', 'batch', 'batches', 'seq');
SELECT laurel_owned_through('blocks', 'batch', 'batches', 'seq');
SELECT laurel_owned_through('tickets', 'batch', 'batches', 'seq');
SELECT laurel_owned_through('status_versions', 'list', 'status_lists', 'number');
SELECT laurel_owned_through('revocations', 'status_list', 'status_lists', 'number');
SELECT laurel_owned_through('suspensions', 'status_list', 'status_lists', 'number');
SELECT laurel_owned_through('status_publications', 'list', 'status_lists', 'number');
SELECT laurel_owned_through('status_digests', 'list', 'status_lists', 'number');
SELECT laurel_owned_through('deliveries', 'endpoint', 'endpoints', 'seq');
SELECT laurel_owned_through('tries', 'endpoint', 'endpoints', 'seq');
