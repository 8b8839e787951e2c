"""Opportunity-to-Revenue: dashboard, opportunities, and what people add to a deal on its way."""
