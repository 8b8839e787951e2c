"""The control plane under ``/__sim__``: what a test does to the CRM that a client must notice.

JSON over HTTP, without OAuth, outside of credits, limits and faults. Reference:
``docs/reference/simulator.md``.
"""
