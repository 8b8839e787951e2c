"""Exports: deals and their figures as files that people take along."""
