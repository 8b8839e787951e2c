"""The laptop stack: PostgreSQL, Valkey, worker, beat and API as children of one process."""
