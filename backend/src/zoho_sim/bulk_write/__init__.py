"""Bulk Write: a file of rows is uploaded, a job writes them, a file of results is kept."""
