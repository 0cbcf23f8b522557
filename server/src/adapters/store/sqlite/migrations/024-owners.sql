-- PostgreSQL has row-level security for the tables that have come since 015; SQLite has none.
SELECT 1;
