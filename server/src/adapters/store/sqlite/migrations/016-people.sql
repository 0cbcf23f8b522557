-- The people of an organisation. Whoever was removed keeps the id, which others' doings name.
CREATE TABLE members (
  id               TEXT PRIMARY KEY,
  organisation     TEXT NOT NULL DEFAULT 'home',
  email            TEXT CHECK (email IS NOT NULL OR removed_at IS NOT NULL),
  role             TEXT NOT NULL CHECK (role IN ('owner', 'issuer', 'approver', 'auditor', 'viewer')),
  department       TEXT,
  issuer           TEXT,
  created_at       INTEGER NOT NULL,
  removed_at       INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX members_by_email ON members (email, organisation) WHERE removed_at IS NULL;
CREATE INDEX members_by_organisation ON members (organisation, created_at);

-- Who is asked to join; the first owner of a home is asked without an address.
CREATE TABLE invitations (
  id               TEXT PRIMARY KEY,
  organisation     TEXT NOT NULL DEFAULT 'home',
  email            TEXT,
  role             TEXT NOT NULL CHECK (role IN ('owner', 'issuer', 'approver', 'auditor', 'viewer')),
  department       TEXT,
  issuer           TEXT,
  digest           BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  invited_by       TEXT,
  created_at       INTEGER NOT NULL,
  ends_at          INTEGER NOT NULL,
  outcome          TEXT CHECK (outcome IN ('accepted', 'withdrawn')),
  settled_at       INTEGER,
  CHECK ((outcome IS NULL) = (settled_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX invitations_open ON invitations (organisation, email) WHERE outcome IS NULL;

-- Links that were mailed to sign in with. One without a member was asked for with an address that nobody has.
CREATE TABLE sign_ins (
  digest           BLOB PRIMARY KEY CHECK (length(digest) = 32),
  member           TEXT REFERENCES members (id),
  browser          BLOB CHECK (length(browser) = 32),
  code             BLOB CHECK (length(code) = 32),
  tries            INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  ends_at          INTEGER NOT NULL,
  used_at          INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_ins_by_browser ON sign_ins (browser, created_at);
CREATE INDEX sign_ins_by_age ON sign_ins (ends_at);

CREATE TABLE sessions (
  digest           BLOB PRIMARY KEY CHECK (length(digest) = 32),
  id               TEXT NOT NULL UNIQUE,
  member           TEXT NOT NULL REFERENCES members (id),
  organisation     TEXT NOT NULL DEFAULT 'home',
  method           TEXT NOT NULL CHECK (method IN ('link', 'code', 'passkey', 'invitation')),
  agent            TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  proven_at        INTEGER NOT NULL,
  seen_at          INTEGER NOT NULL,
  ends_at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_member ON sessions (member, created_at);
CREATE INDEX sessions_by_age ON sessions (ends_at);

CREATE TABLE passkeys (
  id               TEXT PRIMARY KEY,
  organisation     TEXT NOT NULL DEFAULT 'home',
  member           TEXT NOT NULL REFERENCES members (id),
  name             TEXT NOT NULL,
  public_key       BLOB NOT NULL,
  counter          INTEGER NOT NULL CHECK (counter >= 0),
  transports       TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  used_at          INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passkeys_by_member ON passkeys (member, created_at);

-- What a passkey is to sign next in a browser, which is known by a cookie: one thing at a time for each purpose.
CREATE TABLE passkey_challenges (
  browser          BLOB NOT NULL CHECK (length(browser) = 32),
  purpose          TEXT NOT NULL CHECK (purpose IN ('add', 'sign-in')),
  challenge        TEXT NOT NULL,
  ends_at          INTEGER NOT NULL,
  PRIMARY KEY (browser, purpose)
) STRICT, WITHOUT ROWID;

CREATE INDEX passkey_challenges_by_age ON passkey_challenges (ends_at);

-- Who has made a key: whoever makes one to propose with does not approve what it proposes.
ALTER TABLE api_keys ADD COLUMN made_by TEXT;

-- For what an organisation wants a second person.
CREATE TABLE approval_rules (
  organisation     TEXT PRIMARY KEY,
  rules            TEXT NOT NULL,
  changed_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE approvals (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  organisation     TEXT NOT NULL DEFAULT 'home',
  rule             TEXT NOT NULL,
  operation        TEXT NOT NULL,
  subject          TEXT,
  asked            TEXT NOT NULL,
  proposer_kind    TEXT NOT NULL CHECK (proposer_kind IN ('key', 'member')),
  proposer         TEXT NOT NULL,
  proposer_member  TEXT,
  state            TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'done', 'failed', 'declined', 'withdrawn')),
  reason           TEXT,
  created_at       INTEGER NOT NULL,
  ends_at          INTEGER NOT NULL,
  decided_by       TEXT,
  decided_at       INTEGER,
  settled_at       INTEGER,
  CHECK ((decided_at IS NULL) = (state = 'pending')),
  CHECK ((decided_by IS NULL) = (state = 'pending'))
) STRICT;

CREATE INDEX approvals_by_organisation ON approvals (organisation, seq);
CREATE INDEX approvals_approved ON approvals (decided_at) WHERE state = 'approved';

-- Which credentials were revoked lately without a second person, so that nobody revokes many one by one.
CREATE TABLE revocation_allowances (
  organisation     TEXT NOT NULL DEFAULT 'home',
  credential       TEXT NOT NULL,
  at               INTEGER NOT NULL,
  PRIMARY KEY (organisation, credential)
) STRICT, WITHOUT ROWID;
