"""The parts of a push: what is read before a write, what is in doubt, what is written."""
