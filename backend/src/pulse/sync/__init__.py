"""The engine: decides how a mirror follows a CRM module. It does no input or output itself.

`domain` holds pure rules, `ports` what the engine needs of the world, `planner` the choice of a
source, `pull` and `reconcile` the use cases. `docs/architecture/pull.md` walks through a run.
"""
