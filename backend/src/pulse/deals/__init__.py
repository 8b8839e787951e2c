"""Deals of the mirror: the list, one deal with all its fields, its history."""
