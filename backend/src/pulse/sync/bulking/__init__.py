"""The parts of a bulk operation: what it needs, how it is planned, what becomes of a record."""
