"""Jobs: their names and payloads, and the outbox that they leave through."""
