-- Row-level security (015) for the tables that have come since.
SELECT laurel_owned('claim_settings');
SELECT laurel_owned('mails');
SELECT laurel_owned('mail_suppressions');
SELECT laurel_owned('mail_texts');
SELECT laurel_owned('audit_entries');
SELECT laurel_owned('audit_heads');
SELECT laurel_owned('erasures');
SELECT laurel_owned('retentions');
SELECT laurel_owned_through('claim_rounds', 'batch', 'batches', 'seq');
SELECT laurel_owned_through('claims', 'batch', 'batches', 'seq');
SELECT laurel_owned_through('claim_moves', 'batch', 'batches', 'seq');
SELECT laurel_owned_through('mailings', 'batch', 'batches', 'seq');
SELECT laurel_owned_through('erased', 'batch', 'batches', 'seq');
