"""Bulk Read: jobs, their criteria, the work that they do and the file that they deliver."""
