-- What the tables 001 and 002 held of a delivered batch of 300 and of one just accepted. Ids and leaves follow from the row.
INSERT INTO status_lists VALUES (1, 'did:key:z6Mk', 'http://127.0.0.1:4400', 131072);
INSERT INTO status_versions (list, purpose, version) VALUES (1, 'revocation', 2), (1, 'suspension', 1);

INSERT INTO batches (id, request_hash, repetition, state, epoch, created_at, size, terms, achievement, metadata, status_lists,
  chain_id, account, number, root, anchoring, anchor)
VALUES
  ('old', '0x01', 0, 'delivered', 9, 1000, 300,
   '{"issuer":{"id":"did:key:z6Mk","name":"Issuer"},"publicUrl":"http://127.0.0.1:4400"}', '{}', '{}',
   '{"number":1,"revocation":"http://127.0.0.1:4400/status-lists/revocation-1","suspension":"http://127.0.0.1:4400/status-lists/suspension-1"}',
   31337, '0x02', 1, '0x03', '{}', '{}'),
  ('new', '0x04', 0, 'accepted', 1, 2000, 2,
   '{"issuer":{"id":"did:key:z6Mk","name":"Issuer"},"publicUrl":"http://127.0.0.1:4400"}', '{}', '{}',
   NULL, 31337, '0x02', NULL, NULL, NULL, NULL);

-- 7919 is prime: ids are in another order than rows, and all different.
INSERT INTO recipients
WITH RECURSIVE people (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM people WHERE n < 300)
SELECT
  'old', n, json_object('n', n),
  'urn:uuid:' || printf('%08x', (n * 7919) % 1000003) || '-0000-4000-8000-000000000000',
  'urn:uuid:' || printf('%08x', n) || '-0000-4000-8000-000000000001',
  unhex(printf('%064x', n)), 1, 999 + n,
  '2026-03-01T00:00:00Z', 'z' || n, unhex(printf('%064x', n + 1000)), unhex(printf('%064x', n + 2000)),
  row_number() OVER (ORDER BY (n * 7919) % 1000003) - 1
FROM people;

INSERT INTO recipients (batch, row, fields) VALUES ('new', 1, '{}'), ('new', 2, '{}');

INSERT INTO revocations
SELECT credential_id, 1, status_index, 2, 'mistake', 9 FROM recipients WHERE batch = 'old' AND row = 8;
