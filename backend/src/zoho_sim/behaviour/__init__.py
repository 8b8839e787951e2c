"""How the simulated CRM behaves in time and under stress: clock, limits, delays and faults.

Nothing here knows what a record is; the state builds on the clock, the routes on the rest.
"""
