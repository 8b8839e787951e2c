"""Single records: from the mirror, searched in the CRM, read again on request."""
