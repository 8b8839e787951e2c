"""Stages: how long deals stay in them, what becomes of them, where that is known from."""
