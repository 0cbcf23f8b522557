-- What has happened, and whom it is still to be told. An event is stored in the transaction of the change that it tells of.
CREATE TABLE endpoints (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id               text NOT NULL UNIQUE,
  url              text NOT NULL,
  description      text,
  -- With a blank on either side of each type; NULL: all of them.
  types            text,
  created_at       bigint NOT NULL,
  ended_at         bigint,
  ended_reason     text,
  failing_since    bigint,
  secret_key       text NOT NULL,
  generation       integer NOT NULL CHECK (generation > 0),
  previous_until   bigint,
  CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
);

CREATE TABLE events (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id               text NOT NULL UNIQUE,
  type             text NOT NULL,
  subject          text NOT NULL,
  sequence         bigint NOT NULL,
  at               bigint NOT NULL,
  data             text NOT NULL,
  UNIQUE (subject, sequence, type)
);

CREATE TRIGGER events_stand BEFORE UPDATE ON events FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('what has happened has happened');

CREATE INDEX events_at ON events (at);

-- The queue of each endpoint, and what has become of what was in it.
CREATE TABLE deliveries (
  endpoint         bigint NOT NULL REFERENCES endpoints (seq),
  event            bigint NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
  state            text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
  reason           text,
  failures         integer NOT NULL,
  due              bigint NOT NULL,
  PRIMARY KEY (endpoint, event)
);

CREATE INDEX deliveries_due ON deliveries (endpoint, due) WHERE state = 'waiting';
CREATE INDEX deliveries_event ON deliveries (event);

CREATE TABLE tries (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  endpoint         bigint NOT NULL,
  event            bigint NOT NULL,
  at               bigint NOT NULL,
  status           integer,
  duration         integer NOT NULL,
  code             text NOT NULL,
  excerpt          text NOT NULL,
  FOREIGN KEY (endpoint, event) REFERENCES deliveries (endpoint, event) ON DELETE CASCADE
);

CREATE INDEX tries_delivery ON tries (endpoint, event, seq);
