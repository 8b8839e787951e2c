"""The engine's ports made real: CRM over the client, mirror and runs over PostgreSQL, limits."""
