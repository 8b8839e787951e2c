"""Commands for those who change the product; no part of it."""
