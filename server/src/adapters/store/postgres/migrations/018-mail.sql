-- Mails that are to be sent, stored in the transaction of what causes them, and what has become of each. What one says is
-- forgotten as soon as it is sent; to whom it went, once nothing can come back any more.
CREATE TABLE mails (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id               text NOT NULL UNIQUE,
  organisation     text NOT NULL DEFAULT 'home',
  template         text NOT NULL,
  language         text NOT NULL,
  -- The id of the credential that it is about.
  about            text,
  recipient        text,
  content          text,
  state            text NOT NULL CHECK (state IN ('queued', 'sent', 'bounced', 'failed')),
  reason           text,
  -- Raised by whoever takes it: an older epoch settles nothing.
  epoch            integer NOT NULL DEFAULT 0,
  failures         integer NOT NULL DEFAULT 0,
  created_at       bigint NOT NULL,
  due              bigint NOT NULL,
  expires_at       bigint,
  sent_at          bigint,
  CHECK (state <> 'queued' OR (recipient IS NOT NULL AND content IS NOT NULL)),
  CHECK (state = 'queued' OR content IS NULL)
);

CREATE INDEX mails_due ON mails (due, seq) WHERE state = 'queued';
CREATE INDEX mails_waiting ON mails (created_at) WHERE state = 'queued' AND failures = 0;
CREATE INDEX mails_queue ON mails (recipient, seq) WHERE state = 'queued';
CREATE INDEX mails_sent ON mails (recipient, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX mails_about ON mails (about, seq) WHERE about IS NOT NULL;
CREATE INDEX mails_age ON mails (created_at);

-- Addresses to which nothing is sent any more, or nothing but what somebody asks for.
CREATE TABLE mail_suppressions (
  organisation     text NOT NULL DEFAULT 'home',
  address          text NOT NULL,
  reason           text NOT NULL CHECK (reason IN ('bounced', 'complained', 'unsubscribed')),
  at               bigint NOT NULL,
  PRIMARY KEY (organisation, address)
);

-- Batches whose learners are written to, and up to which row that is done: all of them once, and now and then those whom
-- the last mail has not reached.
CREATE TABLE mailings (
  number           bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  batch            bigint NOT NULL REFERENCES batches (seq),
  whom             text NOT NULL CHECK (whom IN ('all', 'unreached')),
  reached          integer NOT NULL DEFAULT 0,
  written          integer NOT NULL DEFAULT 0,
  begun_at         bigint NOT NULL,
  ended_at         bigint
);

CREATE UNIQUE INDEX mailings_all ON mailings (batch) WHERE whom = 'all';
CREATE UNIQUE INDEX mailings_open ON mailings (batch) WHERE ended_at IS NULL;
