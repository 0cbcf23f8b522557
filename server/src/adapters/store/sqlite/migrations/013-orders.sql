-- Whoever orders one credential may want a ticket with it: such orders are gathered into batches of their own.
ALTER TABLE orders ADD COLUMN redeemable INTEGER NOT NULL DEFAULT 0 CHECK (redeemable IN (0, 1));

DROP INDEX orders_waiting;
CREATE INDEX orders_waiting ON orders (achievement, version, redeemable, seq) WHERE batch IS NULL;
