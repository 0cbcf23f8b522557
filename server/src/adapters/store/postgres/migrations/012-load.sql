-- What is asked for again and again is found without going through all that there ever was.
ALTER TABLE status_lists ADD COLUMN taken bigint NOT NULL DEFAULT 0 CHECK (taken >= 0);
UPDATE status_lists SET taken = (SELECT coalesce(sum(size), 0) FROM batches WHERE status_list = status_lists.number);

CREATE INDEX batches_by_status_list ON batches (status_list, state);
CREATE INDEX batches_by_state ON batches (held, state, seq);
CREATE INDEX receipts_by_age ON receipts (created_at);
