"""Stored settings: what people change while the product runs, obeyed without a restart."""
