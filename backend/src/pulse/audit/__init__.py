"""Read the audit log: who wrote what, when, from where. Writing is `pulse.web.audit`."""
