"""People who use the product: log-in, sessions, users, API tokens."""
