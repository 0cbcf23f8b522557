-- Of which department a batch is: of whoever has handed it in, where they are limited to one.
ALTER TABLE batches ADD COLUMN department TEXT;
