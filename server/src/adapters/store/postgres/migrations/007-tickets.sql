-- The collection of badge tokens of this home's issuer, one on each chain. Tickets and awards name it for ever.
CREATE TABLE collections (
  chain_id         bigint PRIMARY KEY,
  issuer_id        text NOT NULL,
  address          text NOT NULL,
  metadata         text NOT NULL,
  metadata_digest  text NOT NULL,
  name             text NOT NULL,
  symbol           text NOT NULL,
  created_at       bigint NOT NULL
);

CREATE TRIGGER collections_stay BEFORE DELETE OR UPDATE ON collections FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('a collection is fixed for ever');
CREATE TRIGGER collections_stay_all BEFORE TRUNCATE ON collections
EXECUTE FUNCTION laurel_refuse('a collection is fixed for ever');

-- A batch's tickets in the order of their tree, 256 to a block, and whose they are: four bytes a row, 32 a ticket.
CREATE TABLE tickets (
  batch            bigint NOT NULL REFERENCES batches (seq),
  place            integer NOT NULL CHECK (place >= 0),
  rows             bytea NOT NULL CHECK (length(rows) BETWEEN 4 AND 4 * 256),
  leaves           bytea NOT NULL CHECK (length(leaves) = 8 * length(rows)),
  PRIMARY KEY (batch, place)
);

-- What a root commits to never changes, its tickets and their order included.
CREATE TRIGGER tickets_stay BEFORE DELETE OR UPDATE ON tickets FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('a root is fixed for ever');
CREATE TRIGGER tickets_stay_all BEFORE TRUNCATE ON tickets
EXECUTE FUNCTION laurel_refuse('a root is fixed for ever');
