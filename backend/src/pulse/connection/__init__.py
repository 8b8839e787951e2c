"""The connection to the CRM: sign-in, permissions, organisation, fields and the field map."""
