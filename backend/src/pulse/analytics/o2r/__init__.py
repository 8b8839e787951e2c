"""Opportunity-to-Revenue in SQL: the law of `pulse.core.o2r` over the deals of any moment."""
