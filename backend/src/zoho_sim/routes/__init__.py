"""The CRM's HTTP interface: one file per API family, each with a ``routes`` table.

A handler gets a ``call.Call`` (simulator, request, parsed parameters) and returns a response, or
raises ``errors.ApiError``. ``routes.on("POST", API + "/coql", operation="coql.query",
scopes=needs(...), cost=..., is_complex=...)`` names the operation, the scopes it needs, what it
costs in credits, and whether it takes a sub-concurrency slot; the rest (tokens, limits, latency,
faults) happens before and after.
"""
