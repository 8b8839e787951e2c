"""The CRM protocol without I/O: calls become requests, answers become typed values or errors."""
