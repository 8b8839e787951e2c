"""Mass update: one set of values into many records."""
