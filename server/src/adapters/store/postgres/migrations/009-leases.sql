-- Who works on which open batch, until when, and from when on its next turn comes. Other things are leased by their name.
DROP TABLE leases;

CREATE TABLE leases (
  name             text PRIMARY KEY,
  host             text,
  pid              integer,
  epoch            bigint NOT NULL,
  until            bigint NOT NULL,
  due              bigint NOT NULL
);

INSERT INTO leases SELECT id, NULL, NULL, 0, 0, created_at FROM batches WHERE state NOT IN ('delivered', 'cancelled');

CREATE TRIGGER leases_only_rise BEFORE UPDATE ON leases FOR EACH ROW WHEN (new.epoch < old.epoch)
EXECUTE FUNCTION laurel_refuse('a lease never goes back');

ALTER TABLE batches ADD COLUMN issuer text GENERATED ALWAYS AS (terms::jsonb #>> '{issuer,id}') STORED;
ALTER TABLE batches ADD COLUMN registry text GENERATED ALWAYS AS (terms::jsonb ->> 'registry') STORED;
