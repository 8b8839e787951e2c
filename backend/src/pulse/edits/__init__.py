"""Local edits: one place that stores, judges, resolves and shows them.

Everything here works in the caller's transaction; see `docs/architecture/local-changes.md`.
"""
