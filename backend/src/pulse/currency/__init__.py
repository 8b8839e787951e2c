"""Currencies: rates with their history, conversion, and how old what is known of them is."""
