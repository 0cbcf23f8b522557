-- The people of an organisation. Whoever was removed keeps the id, which others' doings name.
CREATE TABLE members (
  id               text PRIMARY KEY,
  organisation     text NOT NULL DEFAULT 'home',
  email            text CHECK (email IS NOT NULL OR removed_at IS NOT NULL),
  role             text NOT NULL CHECK (role IN ('owner', 'issuer', 'approver', 'auditor', 'viewer')),
  department       text,
  issuer           text,
  created_at       bigint NOT NULL,
  removed_at       bigint
);

CREATE UNIQUE INDEX members_by_email ON members (email, organisation) WHERE removed_at IS NULL;
CREATE INDEX members_by_organisation ON members (organisation, created_at);

-- Who is asked to join; the first owner of a home is asked without an address.
CREATE TABLE invitations (
  id               text PRIMARY KEY,
  organisation     text NOT NULL DEFAULT 'home',
  email            text,
  role             text NOT NULL CHECK (role IN ('owner', 'issuer', 'approver', 'auditor', 'viewer')),
  department       text,
  issuer           text,
  digest           bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
  invited_by       text,
  created_at       bigint NOT NULL,
  ends_at          bigint NOT NULL,
  outcome          text CHECK (outcome IN ('accepted', 'withdrawn')),
  settled_at       bigint,
  CHECK ((outcome IS NULL) = (settled_at IS NULL))
);

CREATE INDEX invitations_open ON invitations (organisation, email) WHERE outcome IS NULL;

-- Links that were mailed to sign in with. One without a member was asked for with an address that nobody has.
CREATE TABLE sign_ins (
  digest           bytea PRIMARY KEY CHECK (length(digest) = 32),
  member           text REFERENCES members (id),
  browser          bytea CHECK (length(browser) = 32),
  code             bytea CHECK (length(code) = 32),
  tries            integer NOT NULL DEFAULT 0,
  created_at       bigint NOT NULL,
  ends_at          bigint NOT NULL,
  used_at          bigint
);

CREATE INDEX sign_ins_by_browser ON sign_ins (browser, created_at);
CREATE INDEX sign_ins_by_age ON sign_ins (ends_at);

CREATE TABLE sessions (
  digest           bytea PRIMARY KEY CHECK (length(digest) = 32),
  id               text NOT NULL UNIQUE,
  member           text NOT NULL REFERENCES members (id),
  organisation     text NOT NULL DEFAULT 'home',
  method           text NOT NULL CHECK (method IN ('link', 'code', 'passkey', 'invitation')),
  agent            text NOT NULL,
  created_at       bigint NOT NULL,
  proven_at        bigint NOT NULL,
  seen_at          bigint NOT NULL,
  ends_at          bigint NOT NULL
);

CREATE INDEX sessions_by_member ON sessions (member, created_at);
CREATE INDEX sessions_by_age ON sessions (ends_at);

CREATE TABLE passkeys (
  id               text PRIMARY KEY,
  organisation     text NOT NULL DEFAULT 'home',
  member           text NOT NULL REFERENCES members (id),
  name             text NOT NULL,
  public_key       bytea NOT NULL,
  counter          bigint NOT NULL CHECK (counter >= 0),
  transports       text NOT NULL,
  created_at       bigint NOT NULL,
  used_at          bigint
);

CREATE INDEX passkeys_by_member ON passkeys (member, created_at);

-- What a passkey is to sign next in a browser, which is known by a cookie: one thing at a time for each purpose.
CREATE TABLE passkey_challenges (
  browser          bytea NOT NULL CHECK (length(browser) = 32),
  purpose          text NOT NULL CHECK (purpose IN ('add', 'sign-in')),
  challenge        text NOT NULL,
  ends_at          bigint NOT NULL,
  PRIMARY KEY (browser, purpose)
);

CREATE INDEX passkey_challenges_by_age ON passkey_challenges (ends_at);

-- Who has made a key: whoever makes one to propose with does not approve what it proposes.
ALTER TABLE api_keys ADD COLUMN made_by text;

-- For what an organisation wants a second person.
CREATE TABLE approval_rules (
  organisation     text PRIMARY KEY,
  rules            text NOT NULL,
  changed_at       bigint NOT NULL
);

CREATE TABLE approvals (
  seq              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id               text NOT NULL UNIQUE,
  organisation     text NOT NULL DEFAULT 'home',
  rule             text NOT NULL,
  operation        text NOT NULL,
  subject          text,
  asked            text NOT NULL,
  proposer_kind    text NOT NULL CHECK (proposer_kind IN ('key', 'member')),
  proposer         text NOT NULL,
  proposer_member  text,
  state            text NOT NULL CHECK (state IN ('pending', 'approved', 'done', 'failed', 'declined', 'withdrawn')),
  reason           text,
  created_at       bigint NOT NULL,
  ends_at          bigint NOT NULL,
  decided_by       text,
  decided_at       bigint,
  settled_at       bigint,
  CHECK ((decided_at IS NULL) = (state = 'pending')),
  CHECK ((decided_by IS NULL) = (state = 'pending'))
);

CREATE INDEX approvals_by_organisation ON approvals (organisation, seq);
CREATE INDEX approvals_approved ON approvals (decided_at) WHERE state = 'approved';

-- Which credentials were revoked lately without a second person, so that nobody revokes many one by one.
CREATE TABLE revocation_allowances (
  organisation     text NOT NULL DEFAULT 'home',
  credential       text NOT NULL,
  at               bigint NOT NULL,
  PRIMARY KEY (organisation, credential)
);
