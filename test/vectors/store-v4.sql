-- What the tables 001 to 004 held of transactions: of a batch that is delivered, of one whose first nonce was used by
-- somebody else and whose second transaction was replaced, and of a call that was refused.
INSERT INTO batches (id, request_hash, repetition, state, epoch, created_at, size, terms, achievement, metadata,
  chain_id, account, number, root, anchoring, anchor)
VALUES
  ('done', '0x01', 0, 'delivered', 9, 1000, 1, '{"registry":"0xcc"}', '{}', '{}', 1, '0xaa', 1, '0x01', '{}',
   '{"transactionHash":"0xf1"}'),
  ('open', '0x02', 0, 'submitted', 9, 2000, 1, '{"registry":"0xcc"}', '{}', '{}', 1, '0xaa', 2, '0x02', '{}', NULL),
  ('new', '0x03', 0, 'signed', 3, 3000, 1, '{"registry":"0xcc"}', '{}', '{}', 1, '0xaa', NULL, NULL, NULL, NULL);

INSERT INTO nonces VALUES (1, '0xaa', 3, 'done'), (1, '0xaa', 4, 'open'), (1, '0xaa', 5, 'open');
INSERT INTO attempts (hash, batch, chain_id, account, nonce, raw, created_at)
VALUES
  ('0xf1', 'done', 1, '0xaa', 3, '0x01', 1000),
  ('0xf2', 'open', 1, '0xaa', 4, '0x02', 2000),
  ('0xf3', 'open', 1, '0xaa', 5, '0x03', 4000),
  ('0xf4', 'open', 1, '0xaa', 5, '0x04', 3000);

INSERT INTO intents VALUES (1, 1, '0xbb', '0xdd', '0x', 'directory', 'register', 'refused', '0xf5', 1000);
INSERT INTO calls VALUES ('0xf5', 1, 1, '0xbb', 0, '0x05', 1000);
