"""The table over all deals: rows, what they add up to, values to filter by, quick search."""
