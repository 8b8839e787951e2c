"""A simulator of the Zoho CRM v8 REST API: a separate program that speaks real HTTP."""
