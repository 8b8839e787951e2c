"""How a pipeline became another between two moments, to the cent and to the deal."""
