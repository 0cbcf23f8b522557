-- All public content by the CIDs under which it was put. Nothing is ever removed from it.
CREATE TABLE contents (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  cid              text NOT NULL UNIQUE,
  added_at         bigint NOT NULL
);

CREATE TRIGGER contents_stay BEFORE DELETE ON contents FOR EACH ROW
EXECUTE FUNCTION laurel_refuse('public content is for good');
CREATE TRIGGER contents_stay_all BEFORE TRUNCATE ON contents
EXECUTE FUNCTION laurel_refuse('public content is for good');

-- What is known of it elsewhere. What has no row was never asked for at that place.
CREATE TABLE pins (
  cid              text NOT NULL REFERENCES contents (cid),
  place            text NOT NULL,
  state            text NOT NULL CHECK (state IN ('waiting', 'pinned', 'lost')),
  seen_at          bigint,
  failures         integer NOT NULL CHECK (failures >= 0),
  due_at           bigint NOT NULL,
  reason           text,
  PRIMARY KEY (cid, place),
  CHECK ((state = 'waiting') = (seen_at IS NULL))
);
