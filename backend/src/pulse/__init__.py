"""Pipeline Pulse: a live PostgreSQL mirror of Zoho CRM deals."""
