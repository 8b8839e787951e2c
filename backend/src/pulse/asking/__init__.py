"""How people say which deals they mean and as of when: as query parameters, or as text."""
