"""Custom fields made, changed and removed through the API (zoho-crm-v8.md sections 10.3, 10.4)."""
