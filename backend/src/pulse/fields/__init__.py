"""Fields of CRM records: which there are, and how their stored values are shown to people."""
