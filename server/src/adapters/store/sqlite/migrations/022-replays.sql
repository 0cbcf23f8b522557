-- How often an event was replayed to an endpoint: what is under way meanwhile is not the answer to it.
ALTER TABLE deliveries ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
